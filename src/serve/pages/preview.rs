//! `/preview`: what an address would give, by the steps of a walk. The only page that asks the web, and only where somebody who may
//! sends its form.

use std::sync::Arc;

use hyper::header::{self, HeaderValue};
use hyper::{Method, StatusCode};
use maud::{Markup, html};
use url::{Url, form_urlencoded};

use super::access::{self, Refusal};
use super::{Answer, POLICY, View, not_allowed, value};
use crate::collect::fetch::{Answer as Fetched, Request};
use crate::config::{Environment, Settings};
use crate::publish::html::frame::dot;
use crate::publish::text::line;
use crate::read;
use crate::read::listing::Form;
use crate::refresh::{self, Around, Glance, Looked, Manners, Previewed};
use crate::source::{Source, SourceKind};
use crate::status::failure;
use crate::status::list::Told;

/// Items that are shown, and whose articles are asked for.
const ITEMS: usize = 8;
/// Characters of an address.
const LONGEST: usize = 2000;

/// What an address would give.
struct Seen {
    items: Vec<Previewed>,
    notes: Vec<String>,
    /// How a list is read.
    way: Option<Told>,
    /// The page with its list marked, and where it is.
    marked: Option<(Url, String)>,
}

pub(super) fn answer(view: &View<'_>) -> Answer {
    if !matches!(*view.asked.method, Method::GET | Method::HEAD | Method::POST) {
        return not_allowed("GET, HEAD, POST");
    }
    if let Err(refusal) = access::admit(view) {
        return refused(view, refusal);
    }
    if *view.asked.method != Method::POST {
        return page(view, StatusCode::OK, "", &html! {}, POLICY);
    }
    let field = |wanted: &str| {
        let found = form_urlencoded::parse(view.asked.body).find(|(name, _)| name == wanted);
        found.map(|(_, value)| value.trim().to_owned()).unwrap_or_default()
    };
    let address = field("address");
    let notice = |text: &str| html! { p.notice.bad role="alert" { (text) } };
    if !access::is_ours(view, &field("mark")) {
        return page(view, StatusCode::FORBIDDEN, &address, &notice(view.words.form_is_old), POLICY);
    }
    match look(view, &address) {
        Ok(seen) => {
            // A frame without an address of its own has the policy of the page around it: what the page loads comes from its own site.
            let of_frame = seen.marked.as_ref().map(|(url, _)| url.origin().ascii_serialization()).map(|origin| {
                format!(
                    "default-src 'none'; style-src 'self' 'unsafe-inline' {origin}; img-src 'self' data: {origin}; font-src {origin}; \
                     form-action 'self'; base-uri {origin}; frame-ancestors 'none'"
                )
            });
            page(view, StatusCode::OK, &address, &shown(view, &seen), of_frame.as_deref().unwrap_or(POLICY))
        }
        Err(error) => page(view, StatusCode::UNPROCESSABLE_ENTITY, &address, &notice(&error), POLICY),
    }
}

fn refused(view: &View<'_>, refusal: Refusal) -> Answer {
    let words = view.words;
    let status = match refusal {
        Refusal::Token => StatusCode::UNAUTHORIZED,
        Refusal::Place => StatusCode::FORBIDDEN,
    };
    let main = html! { h1 { (words.only_here) } p.lead { (words.only_here_about) } };
    let mut answer = view.page(status, "", words.only_here, html! {}, main);
    if refusal == Refusal::Token {
        let asks = HeaderValue::from_static("Basic realm=\"feedgen\", charset=\"UTF-8\"");
        answer.headers.push((header::WWW_AUTHENTICATE, asks));
    }
    answer
}

fn page(view: &View<'_>, status: StatusCode, address: &str, below: &Markup, policy: &str) -> Answer {
    let words = view.words;
    let main = html! {
        h1 { (words.preview) }
        p.lead { (words.preview_about) }
        form.preview method="post" action="preview" {
            label for="address" { (words.address) }
            input #address name="address" type="url" inputmode="url" required maxlength=(LONGEST) value=(address)
                placeholder="https://www.example.edu/news/" autocomplete="url" aria-describedby="hint";
            input name="mark" type="hidden" value=(access::mark(view));
            button { (words.look) }
            p.about #hint { (words.address_hint) }
        }
        (below)
    };
    let places = vec![("status".to_owned(), words.status, false), ("preview".to_owned(), words.preview, true)];
    let mut answer = view.page_with(status, "", words.preview, html! {}, main, places, policy);
    for (name, set) in &mut answer.headers {
        if *name == header::CACHE_CONTROL {
            *set = value("no-store");
        }
    }
    answer
}

fn shown(view: &View<'_>, seen: &Seen) -> Markup {
    let words = view.words;
    html! {
        section aria-labelledby="items" {
            h2 #items { (words.would_give) " " small { (words.items(seen.items.len() as u64)) } }
            @if let Some(way) = &seen.way {
                p.about lang="en" { (line(&way.in_words())) }
                @if !way.select.is_empty() { pre tabindex="0" { code { (way.lines().join("\n")) } } }
            }
            @if seen.items.is_empty() { p.empty { (words.no_items) } }
            ol.items { @for item in &seen.items { (item_of(view, item)) } }
            @if !seen.notes.is_empty() {
                ul.notes lang="en" { @for note in &seen.notes { li { (line(note)) } } }
            }
        }
        @if let Some((url, text)) = &seen.marked {
            section aria-labelledby="marked" {
                h2 #marked { (words.marked_page) }
                p.about { (words.marked_about) }
                iframe.marked sandbox srcdoc=(text) title={ (words.marked_page) ": " (url) } referrerpolicy="no-referrer" {}
            }
        }
    }
}

fn item_of(view: &View<'_>, previewed: &Previewed) -> Markup {
    let item = &previewed.item;
    html! {
        li {
            article {
                h3 dir="auto" lang=[item.language.as_deref()] {
                    @if let Some(link) = &item.link { a href=(link.as_str()) rel="noreferrer" { (line(&item.title)) } } @else { (line(&item.title)) }
                }
                p.about {
                    (view.words.published_by) " " time datetime=(item.when) { (item.when) }
                    " " span lang="en" { "(" (item.evidence.name()) ")" }
                    @for author in &item.authors { (dot()) span dir="auto" { (line(author)) } }
                }
                @if !item.summary.is_empty() { p dir="auto" { (line(&item.summary)) } }
                @if !item.categories.is_empty() {
                    ul.tags { @for category in &item.categories { li { span dir="auto" { (line(&category.label)) } } } }
                }
            }
        }
    }
}

/// Looks at an address: a feed, a page that lists news, else one article. Errors are told in words.
fn look(view: &View<'_>, address: &str) -> Result<Seen, String> {
    if address.len() > LONGEST {
        return Err(format!("the address is longer than {LONGEST} characters"));
    }
    let url = Url::parse(address).map_err(|error| format!("{address:?} is no address: {error}"))?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err(format!("{url} is not on the web: an address starts with https://"));
    }
    let settings = &*view.settings;
    let vocabulary = &refresh::vocabulary(settings).map_err(|error| error.to_string())?;
    let store = view.store().map_err(|error| failure::of_store(&error))?;
    let policy = refresh::fetch_policy(settings);
    let source = source_at(view, &url)?;
    let web = source.web().ok_or("it is no source on the web")?;
    let manner = Manners::default().of(web)?;
    let request =
        Request { url: web.url.clone(), validators: None, accept: refresh::ACCEPT, manner, is_strange: false };
    let mut answer = refresh::ask(policy.clone(), request, web.robots, view.now).map_err(|error| error.to_string())?;
    let body = answer.body.take().unwrap_or_default();
    if let Ok(feed) = refresh::read_feed(&body, &answer, view.now) {
        let feed_url = answer.url.clone();
        let made = refresh::preview_feed(feed, &feed_url, &source, settings, vocabulary, store.as_ref(), view.now);
        let mut made = made.map_err(|error| error.to_string())?;
        made.items.truncate(ITEMS);
        return Ok(Seen { items: made.items, notes: told(made.notes), way: None, marked: None });
    }
    answer.body = Some(body);
    let around = Around { settings, vocabulary, store: store.as_ref(), policy: Some(&policy), now: view.now };
    of_page(view, &source, answer, around)
}

fn of_page(view: &View<'_>, source: &Source, answer: Fetched, around: Around<'_>) -> Result<Seen, String> {
    let glance = Glance { source, answer: Some(answer.clone()), items: ITEMS };
    let (looked, _) = refresh::look(vec![glance], around).map_err(|error| error.to_string())?;
    let mut looked = looked.into_iter().next().ok_or("it is no page")?;
    let Some(list) = &looked.list else {
        let article = refresh::look_at_article(answer, source, Around { store: None, ..around });
        let problem = looked.problem.take().unwrap_or_else(|| "no list of news was found in it".to_owned());
        return match article {
            Ok(article) => Ok(Seen { items: vec![article], notes: vec![problem], way: None, marked: None }),
            Err(_) => Err(problem),
        };
    };
    let way = Some(Told::of(&list.way));
    let marked = marked(view, source, &looked);
    let preview = std::mem::take(&mut looked.preview);
    Ok(Seen { items: preview.items, notes: told(preview.notes), way, marked })
}

/// The page with its list marked.
fn marked(view: &View<'_>, source: &Source, looked: &Looked) -> Option<(Url, String)> {
    let (address, text) = looked.page.as_ref()?;
    let mut lists = looked.list.iter().chain(&looked.own);
    let list = lists.find(|list| list.way.form == Form::Page && list.way.url.is_none())?;
    let policy = read::Policy { now: view.now, timezone: source.timezone };
    Some((address.clone(), refresh::marked(text, address, &list.way.select, policy)?))
}

fn told(notes: Vec<crate::report::Note>) -> Vec<String> {
    notes.into_iter().map(|note| format!("{} {}", note.path, note.text)).collect()
}

/// The source at an address: the one that is configured, else the one that a page there would be.
fn source_at(view: &View<'_>, url: &Url) -> Result<Source, String> {
    let settings = &view.settings;
    let is_there = |source: &&Source| source.web().is_some_and(|web| web.url == *url);
    if let Some(source) =
        settings.sources.iter().find(is_there).filter(|source| matches!(source.kind, SourceKind::Page(_)))
    {
        return Ok(source.clone());
    }
    let settings = trial(settings, url)?;
    settings.sources.first().cloned().ok_or_else(|| "it is no source".to_owned())
}

/// A configuration of nothing but a page at an address, with what holds for all sources as it is configured.
fn trial(settings: &Arc<Settings>, url: &Url) -> Result<Settings, String> {
    let site = &settings.site;
    let text = |text: &str| toml::Value::String(text.to_owned());
    let table = |entries: Vec<(&str, toml::Value)>| {
        toml::Value::Table(entries.into_iter().map(|(key, value)| (key.to_owned(), value)).collect())
    };
    let written = table(vec![
        ("site", table(vec![("language", text(&site.language)), ("timezone", text(site.timezone.name()))])),
        ("refresh", table(vec![("robots", settings.refresh.robots.into())])),
        ("source", toml::Value::Array(vec![table(vec![("id", text("preview")), ("page", text(url.as_str()))])])),
    ]);
    Settings::from_text(&written.to_string(), "preview", &Environment::new()).map_err(|error| error.to_string())
}
