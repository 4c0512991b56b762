//! The article of an entry: what its page says, and what the list says of it.

use chrono::{DateTime, Utc};
use url::Url;

use crate::collect::fetch::{self, Answer, FetchError};
use crate::collect::schedule;
use crate::document::{Document, Form, Origin};
use crate::draft::{Body, Credit, Draft, Enclosure, Evidence, media_type, media_type_of_ending};
use crate::read::listing::{self, title};
use crate::read::wall::{self, Wall};
use crate::read::{self, feed};
use crate::source::{Page, Source};

/// Why there is no article.
pub(super) enum Missing {
    /// There will be none: the item is what the list says.
    ForGood(String),
    /// There may be one at the next visit.
    ForNow(String),
    /// There may be one later: its server is asked too often, or asks to wait, until then if it says so.
    Wait(String, Option<DateTime<Utc>>),
    /// It was not asked for: its host takes its time.
    Later,
    /// It is a file of that media type.
    File(String),
    /// The page leads there.
    Elsewhere(Url),
}

/// The article of an entry, if it is to be asked for: what is at its address is a page, and the list does not hold its text.
pub(super) fn address(entry: &feed::Entry, page: &Page) -> Option<Url> {
    let url = Url::parse(entry.facts.link.as_deref()?).ok()?;
    let is_page = matches!(url.scheme(), "http" | "https") && url.has_host() && file(&url).is_none();
    (page.full_text && is_page && entry.contents.is_empty()).then_some(url)
}

/// The media type of what is at an address, where its ending tells that it is no page.
fn file(url: &Url) -> Option<&'static str> {
    media_type_of_ending(url.path()).filter(|media_type| *media_type != "text/plain")
}

/// Reads the page of an article. `listed` is its title in the list.
pub(super) fn read(
    answer: &mut Answer,
    source: &Source,
    page: &Page,
    listed: Option<&str>,
    now: DateTime<Utc>,
) -> Result<(Document, Draft), Missing> {
    let media_type = answer.head.content_type.as_deref().and_then(|kind| kind.split(';').next());
    let media_type = media_type.map(|kind| kind.trim().to_ascii_lowercase());
    let form = match media_type.as_deref() {
        None | Some("" | "text/html" | "application/xhtml+xml" | "application/xml" | "text/xml") => Form::Html,
        Some("text/plain") => Form::Text,
        Some(other) => return Err(Missing::File(other.to_owned())),
    };
    let document = Document {
        origin: Origin::Web(answer.url.clone()),
        form,
        charset: answer.head.content_type.as_deref().and_then(fetch::charset).map(str::to_owned),
        address: Some(answer.url.clone()),
        bytes: answer.body.take().unwrap_or_default(),
        sidecars: Vec::new(),
    };
    match draft(&document, source, page, now) {
        Ok(draft) => match wall(&document, &draft, listed) {
            None => Ok((document, draft)),
            Some(wall) => {
                let text = format!("{} {wall}", fetch::shown(&answer.url));
                let is_for_now = matches!(wall, Wall::Fault | Wall::Test);
                Err(if is_for_now { Missing::ForNow(text) } else { Missing::ForGood(text) })
            }
        },
        Err(read::ReadError::Empty) => Err(Missing::ForGood("the page is empty".to_owned())),
        Err(read::ReadError::Binary(kind)) => Err(Missing::ForGood(format!("it is {kind}, and no page"))),
        Err(read::ReadError::Elsewhere { kind: "redirect", address }) => Err(leads(&answer.url, &address)),
        Err(error) => Err(Missing::ForGood(format!("the page {error}"))),
    }
}

/// A page that leads elsewhere: there the article is asked for, if a redirect might lead there.
fn leads(from: &Url, to: &str) -> Missing {
    match Url::parse(to) {
        Ok(url) if may_lead(from, &url) => Missing::Elsewhere(url),
        _ => Missing::ForGood(format!("the page leads to {to}, which is not asked")),
    }
}

/// Whether a page may lead there, as a redirect may: not from https to http, where anybody can change what is sent.
pub(super) fn may_lead(from: &Url, to: &Url) -> bool {
    from != to && (to.scheme() == "https" || (from.scheme(), to.scheme()) == ("http", "http"))
}

/// What stands in the way of an article. A page that has its title is the article, also where that tells of such things.
fn wall(document: &Document, draft: &Draft, listed: Option<&str>) -> Option<Wall> {
    let (Some(address), Form::Html) = (&document.address, document.form) else { return None };
    let plain = |title: &str| title.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
    let own: String = plain(draft.title.as_deref().unwrap_or_default());
    let told: String = plain(listed.unwrap_or_default());
    if !told.is_empty() && !own.is_empty() && (own.starts_with(&told) || told.starts_with(&own)) {
        return None;
    }
    match &draft.body {
        Body::Markup(fragment) => wall::of(&fragment.page, address),
        Body::Empty => {
            let text = read::decode(&document.bytes, document.charset.as_deref(), true).ok()?.text;
            wall::of(&read::guard::parse_document(&text), address)
        }
        Body::Paragraphs(_) => None,
    }
}

/// What the page of an article claims.
pub(super) fn draft(
    document: &Document,
    source: &Source,
    page: &Page,
    now: DateTime<Utc>,
) -> Result<Draft, read::ReadError> {
    read::read_article(document, &page.select, read::Policy { now, timezone: source.timezone })
}

/// Whether a failure may be over by the next visit.
pub(super) fn missing(error: &FetchError, now: DateTime<Utc>) -> Missing {
    let text = error.to_string();
    let until = error.head().and_then(|head| schedule::asked_until(head, now));
    match error {
        FetchError::PutOff { .. } => Missing::Later,
        FetchError::Held { .. } | FetchError::Status { status: 429, .. } => Missing::Wait(text, until),
        FetchError::RobotsUnknown { .. } | FetchError::Status { status: 408 | 425 | 500..=599, .. }
            if until.is_some() =>
        {
            Missing::Wait(text, until)
        }
        FetchError::RobotsUnknown { .. }
        | FetchError::Unknown { .. }
        | FetchError::Unreachable { .. }
        | FetchError::Late { .. }
        | FetchError::Body { .. }
        | FetchError::Setting(_)
        | FetchError::Status { status: 408 | 425 | 500..=599, .. } => Missing::ForNow(text),
        FetchError::Refused { .. }
        | FetchError::Robots { .. }
        | FetchError::Certificate { .. }
        | FetchError::Status { .. }
        | FetchError::Redirect { .. } => Missing::ForGood(text),
    }
}

/// What the list says of an article, as the draft of an item. `list` is where that is, read in that form.
pub(super) fn listed(
    entry: feed::Entry,
    about: &feed::Facts,
    form: listing::Form,
    (list, name): (&Url, &str),
) -> Draft {
    let mut draft = entry.draft(about, list);
    // The list is a page and no feed.
    draft.credit = draft.credit.map(|credit| {
        let title = if credit.title.is_empty() { name.to_owned() } else { credit.title };
        Credit { title, id: None, feed: None, page: Some(list.clone()) }
    });
    // What the page tells itself is there.
    if form == listing::Form::Notes {
        draft.link = draft.link.or_else(|| Some(list.clone()));
    }
    // A feed, or an interface, tells what the system keeps, and not what a page shows of it.
    if !matches!(form, listing::Form::Feed | listing::Form::Json) {
        for claim in draft.dates.iter_mut().chain(&mut draft.updated).filter(|claim| claim.evidence == Evidence::Feed) {
            claim.evidence = Evidence::List;
        }
    }
    if let Some((url, media_type)) = draft.link.as_ref().and_then(|url| Some((url.clone(), file(url)?))) {
        draft.enclosures.push(Enclosure { url, media_type: media_type.to_owned(), length: None });
    }
    draft
}

/// The same, where a file is found at its address.
pub(super) fn with_file(mut draft: Draft, told: &str) -> Draft {
    if let Some(url) = draft.link.clone().filter(|url| draft.enclosures.iter().all(|file| file.url != *url)) {
        draft.enclosures.push(Enclosure { media_type: media_type(Some(told), &url), url, length: None });
    }
    draft
}

/// Adds what the list says to what the article says. `titles` are those of all of the list.
pub(super) fn joined(article: Draft, listed: Draft, titles: &[String]) -> Draft {
    let title = match (article.title, listed.title) {
        (Some(own), Some(told)) => {
            let is_own = is_cut(&told, &own) || is_marked(&told, &own) || is_glued(&told, &own, titles);
            Some(if is_own { own } else { told })
        }
        (own, told) => own.or(told),
    };
    let mut dates = article.dates;
    dates.extend(listed.dates);
    let body = match article.body {
        Body::Empty => listed.body,
        body => body,
    };
    let or = |own: Vec<String>, told: Vec<String>| if own.is_empty() { told } else { own };
    let mut categories = article.categories;
    categories.extend(listed.categories);
    Draft {
        guid: listed.guid,
        title,
        // What the list leads to: many pages name their home as their own address.
        link: listed.link.or(article.link),
        body,
        summary: article.summary.or(listed.summary),
        authors: or(article.authors, listed.authors),
        categories,
        dates,
        language: article.language.or(listed.language),
        image: article.image.or(listed.image),
        credit: listed.credit,
        ..article
    }
}

/// Whether the title in a list is that of the article, cut short.
fn is_cut(told: &str, own: &str) -> bool {
    let is_dotted = told.trim_end().ends_with(['.', '…', '⋯']);
    let kept = title::kept(told).trim_end_matches(['。', ' ']);
    let rest = own.trim_start().strip_prefix(kept);
    // What stands behind a line or a bar is the name of the site.
    let goes_on = rest.is_some_and(|rest| {
        let rest = rest.trim_start();
        !rest.is_empty() && !rest.starts_with(['|', '-', '–', '—', '_', '·', '•', '»', '«', '/', ':'])
    });
    (title::is_cut(told) && (is_dotted || rest.is_some())) || goes_on
}

/// Whether the title in a list is that of the article behind a mark of the list: "[Top]", "【置顶】", "置顶：".
fn is_marked(told: &str, own: &str) -> bool {
    let mark = told.trim().strip_suffix(own.trim()).map(str::trim_end);
    let is_closed = |mark: &str| mark.ends_with([']', '】', '］', '〕', ')', '）', '：', ':']);
    mark.is_some_and(|mark| is_closed(mark) && mark.chars().count() <= 8) && !own.trim().is_empty()
}

/// Whether the title in a list is that of the article with what the list glues to it: a bullet, the day, a word like "new". Not where
/// other titles of the list hold it, too: then that is what tells them apart.
fn is_glued(told: &str, own: &str, titles: &[String]) -> bool {
    let is_alone = || titles.iter().filter(|title| title::plain(title).contains(&title::plain(own))).count() <= 1;
    title::is_bulleted(told, own) || title::is_glued(told, own) && is_alone()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_list_glues_to_a_title_is_no_part_of_it() {
        let own = "Harbour lantern meadow signal";
        let list = |told: &str| [told.to_owned(), "Another notice of the day".to_owned()];
        for told in [
            "Harbour lantern meadow signalnew",
            "News Harbour lantern  meadow signal",
            "· Harbour lantern meadow signal",
            "2026-02-04 Harbour lantern meadow signal",
            "Harbour lantern meadow signal (2026-02-04)",
            "04.02.2026 - Harbour lantern meadow signal NEW!",
            "· Harbour lantern meadow signal new (2026-02-04)",
            "[2026年2月4日] Harbour lantern meadow signal",
        ] {
            assert!(is_glued(told, own, &list(told)), "{told}");
        }
        for told in [
            own,
            "Seminar: Harbour lantern meadow signal",
            "Harbour lantern meadow signal 2026",
            "Harbour lantern meadow signal 2025-2026",
            "Harbour lantern meadow signal 1.2.3",
            "Harbour lantern meadow signal!",
            "Old Harbour lantern meadow signal",
            "- 5 degrees: Harbour lantern meadow signal",
        ] {
            assert!(!is_glued(told, own, &list(told)), "{told}");
        }
        let daily = ["Notice of the day (2026-02-04)".to_owned(), "Notice of the day (2026-02-05)".to_owned()];
        assert!(!is_glued(&daily[0], "Notice of the day", &daily), "the day tells them apart");
        assert!(!is_glued("2026-02-04 Menu", "Menu", &[]), "too short to be told from others");
    }

    #[test]
    fn what_stands_in_the_way_is_told_from_an_article_by_its_title() {
        let address = Url::parse("https://harbour.example/news/1.htm").expect("an address");
        let document = Document {
            origin: Origin::Web(address.clone()),
            form: Form::Html,
            charset: None,
            address: Some(address),
            bytes: b"<h1>Sign in</h1><form><input name=user><input type=password></form>".to_vec(),
            sidecars: Vec::new(),
        };
        let found = |title: Option<&str>, listed| {
            wall(&document, &Draft { title: title.map(str::to_owned), ..Draft::default() }, listed)
        };
        assert_eq!(found(Some("Sign in"), Some("The gates open")), Some(Wall::Login));
        assert_eq!(found(Some("Sign in: the gates open"), Some("Sign in")), None);
        assert_eq!(
            found(None, Some("The gates open")),
            Some(Wall::Login),
            "without a title, it is not that of the list"
        );
        assert_eq!(found(Some("Sign in"), None), Some(Wall::Login));
    }

    #[test]
    fn a_mark_of_the_list_is_no_part_of_a_title() {
        for told in ["[置顶]校园网络维护公告", "【置顶】 校园网络维护公告", "置顶：校园网络维护公告"]
        {
            assert!(is_marked(told, "校园网络维护公告"), "{told}");
        }
        assert!(!is_marked("校园网络维护公告", "校园网络维护公告"));
        assert!(!is_marked("图书馆校园网络维护公告", "校园网络维护公告"));
        assert!(!is_marked("Harbour news: the gates", "the gates"));
    }

    #[test]
    fn a_title_that_was_cut_short_is_completed() {
        assert!(is_cut("The harbour opens its…", "The harbour opens its gates again"));
        assert!(is_cut("The harbour opens its...", "The Harbour Opens Its Gates"));
        assert!(is_cut("关于举办二〇二六年", "关于举办二〇二六年运动会的通知"));
        assert!(!is_cut("The harbour opens", "The harbour opens | Quay University"));
        assert!(!is_cut("The harbour opens", "Quay University"));
        assert!(!is_cut("The harbour opens.", "News"));
        assert!(is_cut("The harbour op [mehr]", "The harbour opens its gates"));
        assert!(is_cut("The harbour opmore »", "The harbour opens its gates"));
        assert!(is_cut("The harbour [...]", "The harbour opens its gates"));
        assert!(is_cut("The harbour opens more »", "The harbour opens"));
        assert!(!is_cut("The harbour opens [mehr]", "News"));
    }
}
