//! What an address or path on the command line is: a feed, a page that names one, a folder, a file.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use chrono::{DateTime, Utc};
use clap::Args;
use url::Url;

use super::{Failure, add, say};
use crate::collect::address::{Private, Refusal};
use crate::collect::ending::ENDINGS;
use crate::collect::fetch::{self, Answer, FetchError, Request};
use crate::config::{ConfigError, Edit, Ids, NewSource, Settings};
use crate::read::feed::Feed;
use crate::read::listing::{Form, Listing, Way};
use crate::read::{self, Named};
use crate::refresh::{self, Around, Glance, Looked, Manners};
use crate::source::{Source, Web};
use crate::store::{Store, StoreError};

/// Feeds of one page that are tried.
const TRIED: usize = 5;

/// How a place on the web is asked.
#[derive(Clone, Debug, Default, Args)]
pub(super) struct Visiting {
    /// User that the site asks for (HTTP basic authentication)
    #[arg(long)]
    pub(super) user: Option<String>,
    /// File that holds the password
    #[arg(long, value_name = "FILE", requires = "user")]
    pub(super) password_file: Option<PathBuf>,
    /// HTTP header to send along, "Name: value"; may be repeated
    #[arg(long = "header", value_name = "HEADER", value_parser = header)]
    pub(super) headers: Vec<(String, String)>,
    /// Ask hosts inside this network, too
    #[arg(long)]
    pub(super) allow_private: bool,
}

fn header(text: &str) -> Result<(String, String), String> {
    let (name, value) = text.split_once(':').ok_or("write it as \"Name: value\"")?;
    Ok((name.trim().to_owned(), value.trim().to_owned()))
}

impl Visiting {
    /// The same as keys of a source.
    pub(super) fn keys(&self, source: NewSource) -> NewSource {
        let password_file = self.password_file.as_deref().map(Path::to_string_lossy);
        let mut source = source.with("user", self.user.as_deref()).with("password_file", password_file.as_deref());
        if !self.headers.is_empty() {
            let headers = self.headers.iter().map(|(name, value)| (name.clone(), value.as_str().into()));
            source.keys.push(("headers".to_owned(), toml::Value::Table(headers.collect())));
        }
        source
    }

    /// The same for a host that is told no secrets.
    fn without_secrets(&self) -> Self {
        Self { allow_private: self.allow_private, ..Self::default() }
    }
}

/// Whether a text is an address rather than a path.
pub(super) fn is_address(text: &str) -> bool {
    text.contains("://") || text.starts_with("feed:")
}

/// What was found at an address.
pub(super) enum Place {
    /// A feed, there or where the page there leads.
    Feed(Box<Found>),
    /// A page without a feed of its list.
    Page(Box<Paged>),
}

/// A feed that was found at an address, or by the page there.
pub(super) struct Found {
    /// Where it is from now on: the new address, where it has moved for good.
    pub(super) address: Url,
    /// The page that names it, if one was asked for.
    pub(super) page: Option<Url>,
    /// What the server said.
    pub(super) answer: Answer,
    pub(super) feed: Feed,
    /// How it is asked.
    pub(super) visiting: Visiting,
}

/// A page, as a walk would take it.
pub(super) struct Paged {
    /// Where it is from now on: the new address, where it has moved for good.
    pub(super) address: Url,
    /// The source that it would be, and the configuration with it.
    pub(super) source: Source,
    pub(super) settings: Settings,
    /// What the server said, with the page.
    pub(super) answer: Answer,
    pub(super) looked: Looked,
    /// How it is asked.
    pub(super) visiting: Visiting,
}

/// Asks an address for a feed; where a page is, for the list in it and the feeds that it names, and for the articles of the
/// first `items` of the list.
pub(super) fn find(
    edit: &Edit,
    address: &str,
    visiting: &Visiting,
    items: usize,
    now: DateTime<Utc>,
) -> Result<Place, Failure> {
    let (settings, source) = trial(edit, |source| visiting.keys(source.with("feed", Some(address))))?;
    let Some(web) = source.web() else { return Err(Failure::Usage(format!("{address} is no address"))) };
    // What is secret is for the origin that it was given for.
    let told = |to: &Url| if to.origin() == web.url.origin() { visiting.clone() } else { visiting.without_secrets() };
    let found = |address: Url, page, answer: Answer, feed| {
        let address = answer.moved.clone().unwrap_or(address);
        Place::Feed(Box::new(Found { visiting: told(&address), address, page, answer, feed }))
    };
    let mut answer = fetch(&settings, web, visiting.allow_private, now)?;
    let body = answer.body.take().unwrap_or_default();
    if let Ok(feed) = refresh::read_feed(&body, &answer, now) {
        return Ok(found(web.url.clone(), None, answer, feed));
    }
    let charset = answer.head.content_type.as_deref().and_then(fetch::charset);
    let named = match read::decode(&body, charset, true) {
        Ok(page) => read::named_feeds(&page.text, &answer.url),
        Err(read::ReadError::Binary(kind)) => {
            let url = fetch::shown(&answer.url);
            return Err(Failure::Undone(format!(
                "{url} is {kind}, and neither a feed nor a page that lists news: give the address of the page that leads to it"
            )));
        }
        Err(_) => Vec::new(),
    };
    answer.body = Some(body);
    let (settings, source) = trial(edit, |source| visiting.keys(source.with("page", Some(web.url.as_str()))))?;
    let policy = policy(&settings, &web.url, visiting.allow_private)?;
    let looked = look(&settings, &source, Some(answer.clone()), items, Some(&policy), now)?;
    if !named.is_empty() {
        tell(&answer.url, &named);
    }
    let feeds: Vec<Url> = match &looked.list {
        Some(Listing { way: Way { form: Form::Feed, url, .. }, .. }) => url.iter().cloned().collect(),
        Some(_) => Vec::new(),
        // A feed is one whatever its titles are like; comments are read for want of anything else.
        None => {
            let (comments, own): (Vec<Named>, Vec<Named>) = named.into_iter().partition(|feed| feed.is_of_comments);
            own.into_iter().chain(comments).map(|feed| feed.url).take(TRIED).collect()
        }
    };
    let is_tried = |way: &Way| way.url.as_ref().is_some_and(|url| feeds.contains(url));
    for (_, reason) in looked.passed_over.iter().filter(|(way, _)| !is_tried(way)) {
        say(&format!("note: {reason}"));
    }
    for url in feeds {
        let (settings, source) = trial(edit, |source| told(&url).keys(source.with("feed", Some(url.as_str()))))?;
        let Some(candidate) = source.web() else { continue };
        let outcome = fetch(&settings, candidate, visiting.allow_private, now).and_then(|mut feed| {
            let body = feed.body.take().unwrap_or_default();
            let read =
                refresh::read_feed(&body, &feed, now).map_err(|error| Failure::Undone(format!("{url} {error}")))?;
            Ok((feed, read))
        });
        match outcome {
            Ok((feed, read)) => return Ok(found(url, Some(answer.url), feed, read)),
            Err(Failure::Undone(error)) => say(&format!("note: {error}")),
            Err(failure) => return Err(failure),
        }
    }
    let address = answer.moved.clone().unwrap_or_else(|| web.url.clone());
    Ok(Place::Page(Box::new(Paged { visiting: told(&address), address, source, settings, answer, looked })))
}

/// The store, for who can do without what it knows. One that an older version wrote is none until somebody brings it up to date.
pub(super) fn store_of_today(path: &Path) -> Result<Option<Store>, StoreError> {
    match Store::open_to_read(path) {
        Err(StoreError::Older { .. }) => Ok(None),
        opened => opened,
    }
}

/// Looks at a page by the steps of a walk. `answer` is what it said already; without a `policy` nothing is asked.
pub(super) fn look(
    settings: &Settings,
    source: &Source,
    answer: Option<Answer>,
    items: usize,
    policy: Option<&fetch::Policy>,
    now: DateTime<Utc>,
) -> Result<Looked, Failure> {
    let vocabulary = &refresh::vocabulary(settings)?;
    let store = store_of_today(&settings.store)?;
    let around = Around { settings, vocabulary, store: store.as_ref(), policy, now };
    let (looked, _) = refresh::look(vec![Glance { source, answer, items }], around)?;
    looked.into_iter().next().ok_or_else(|| Failure::Undone(format!("{} is no page", source.id)))
}

/// Why a page gives no list, and what may be done about it.
pub(super) fn no_list(page: &Url, source: &Source, looked: &Looked) -> Failure {
    let problem = looked.problem.clone().unwrap_or_else(|| format!("{page}: no list of news was found in it"));
    if looked.page.is_none() {
        return Failure::Undone(problem);
    }
    if looked.is_set_aside {
        let next = format!("`feedgen doctor {}` tells what was found", source.id);
        return Failure::Undone(format!(
            "{problem}; `refresh` sets it aside, and what is published stays as it is; {next}"
        ));
    }
    Failure::Undone(format!(
        "{problem}; where it has one, write the source by hand, with the selector of an entry as `item` in [source.select]; where \
         scripts write it, with render = \"chromium --headless --dump-dom {{url}}\""
    ))
}

fn tell(page: &Url, named: &[Named]) {
    say(&format!("{page} names:"));
    for Named { url, title, .. } in named {
        let title = title.as_ref().map(|title| format!(" ({title})")).unwrap_or_default();
        say(&format!("  {url}{title}"));
    }
}

/// What the configuration would be with one more source, and that source.
pub(super) fn trial(edit: &Edit, keys: impl FnOnce(NewSource) -> NewSource) -> Result<(Settings, Source), Failure> {
    add::can_add(edit)?;
    let id = Ids::of(&edit.settings()?).take(&[Some("new")]);
    made(edit, &keys(NewSource::default().with("id", Some(&id))))
}

/// The same with a source that has an id.
pub(super) fn made(edit: &Edit, source: &NewSource) -> Result<(Settings, Source), Failure> {
    let mut edit = edit.clone();
    edit.append(std::slice::from_ref(source));
    // What is wrong is wrong on the command line, and stands in no file.
    let wrong = |error: ConfigError| match error {
        ConfigError::Invalid { problems, .. } => {
            let told = problems.into_iter().map(|problem| match problem.hint {
                Some(hint) => format!("{}: {hint}", problem.message),
                None => problem.message,
            });
            Failure::Usage(told.collect::<Vec<_>>().join("\n"))
        }
        error => error.into(),
    };
    let settings = edit.settings().map_err(wrong)?;
    let made = settings.sources.last().cloned().ok_or_else(|| Failure::Undone("the source is lost".to_owned()))?;
    if let Some(files) = made.folder().filter(|files| files.root.exists() && !files.root.is_dir()) {
        let endings = ENDINGS.map(|(ending, _)| ending).join(", ");
        let place = files.root.display();
        return Err(Failure::Undone(format!("{place} is neither a folder nor a document that is read ({endings})")));
    }
    Ok((settings, made))
}

/// Asks a source on the web, as a walk would. Its host may be one of this network, if that is allowed.
pub(super) fn fetch(
    settings: &Settings,
    web: &Web,
    allow_private: bool,
    now: DateTime<Utc>,
) -> Result<Answer, Failure> {
    let manner = Manners::default().of(web).map_err(Failure::Undone)?;
    let request =
        Request { url: web.url.clone(), validators: None, accept: refresh::ACCEPT, manner, is_strange: false };
    fetch_with(settings, request, web.robots, allow_private, now)
}

/// The limits of a walk; the host of an address may be one of this network, if that is allowed.
pub(super) fn policy(settings: &Settings, url: &Url, allow_private: bool) -> Result<fetch::Policy, Failure> {
    let mut policy = refresh::fetch_policy(settings);
    if allow_private {
        let listed = settings.refresh.allow_private.iter().map(String::as_str);
        let private = Private::new(listed.chain(url.host_str()));
        policy.private = private.map_err(|error| Failure::Undone(error.to_string()))?;
    }
    Ok(policy)
}

/// Asks an address within the limits of a walk.
pub(super) fn fetch_with(
    settings: &Settings,
    request: Request,
    robots: bool,
    allow_private: bool,
    now: DateTime<Utc>,
) -> Result<Answer, Failure> {
    let policy = policy(settings, &request.url, allow_private)?;
    refresh::ask(policy, request, robots, now).map_err(|error| {
        Failure::Undone(match &error {
            FetchError::Refused { refusal: Refusal::Name(_) | Refusal::Inside(_), .. } => {
                format!("{error}; --allow-private asks it nevertheless")
            }
            // Whoever asks once is not asked for again.
            _ => error.to_string().replace("it is asked again later", "try again later"),
        })
    })
}

/// A request for an address that belongs to no source.
pub(super) fn request(url: Url) -> Request {
    Request { url, validators: None, accept: refresh::ACCEPT, manner: Arc::default(), is_strange: false }
}
