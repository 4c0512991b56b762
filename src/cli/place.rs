//! What an address or path on the command line is: a feed, a page that names one, a folder, a file.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use chrono::{DateTime, Utc};
use clap::Args;
use url::Url;

use super::{Failure, say};
use crate::collect::address::Private;
use crate::collect::fetch::{self, Answer, FetchError, Request};
use crate::config::{ConfigError, Edit, Ids, NewSource, Settings};
use crate::read::feed::Feed;
use crate::read::{self, Named};
use crate::refresh::{self, Manners};
use crate::source::{Source, Web};

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

/// Asks an address for a feed; where a page is, for the feeds that it names.
pub(super) fn find(edit: &Edit, address: &str, visiting: &Visiting, now: DateTime<Utc>) -> Result<Found, Failure> {
    let (settings, source) = trial(edit, |source| visiting.keys(source.with("feed", Some(address))))?;
    let Some(web) = source.web() else { return Err(Failure::Usage(format!("{address} is no address"))) };
    let asked = |address: Url, page, answer: Answer, feed, visiting: &Visiting| {
        let address = answer.moved.clone().unwrap_or(address);
        // What is secret is for the origin that it was given for.
        let visiting = if address.origin() == web.url.origin() { visiting.clone() } else { visiting.without_secrets() };
        Found { address, page, answer, feed, visiting }
    };
    let mut answer = fetch(&settings, web, visiting.allow_private, now)?;
    let body = answer.body.take().unwrap_or_default();
    let no_feed = match refresh::read_feed(&body, &answer) {
        Ok(feed) => return Ok(asked(web.url.clone(), None, answer, feed, visiting)),
        Err(error) => Failure::Undone(format!("{} {error}", web.url)),
    };
    let charset = answer.head.content_type.as_deref().and_then(fetch::charset);
    let Ok(page) = read::decode(&body, charset, true) else { return Err(no_feed) };
    let named = read::named_feeds(&page.text, &answer.url);
    if named.is_empty() {
        return Err(Failure::Undone(format!(
            "{} is no feed and names none: this version reads feeds and documents; pages come later",
            web.url
        )));
    }
    tell(&answer.url, &named);
    // The page's own choice comes first; comments are read for want of anything else.
    let (comments, news): (Vec<_>, Vec<_>) = named.into_iter().partition(|feed| feed.is_of_comments);
    for Named { url, .. } in news.into_iter().chain(comments).take(TRIED) {
        let visiting = if url.origin() == web.url.origin() { visiting.clone() } else { visiting.without_secrets() };
        let (settings, source) = trial(edit, |source| visiting.keys(source.with("feed", Some(url.as_str()))))?;
        let Some(candidate) = source.web() else { continue };
        let outcome = fetch(&settings, candidate, visiting.allow_private, now).and_then(|mut feed| {
            let body = feed.body.take().unwrap_or_default();
            let read = refresh::read_feed(&body, &feed).map_err(|error| Failure::Undone(format!("{url} {error}")))?;
            Ok((feed, read))
        });
        match outcome {
            Ok((feed, read)) => return Ok(asked(url, Some(answer.url), feed, read, &visiting)),
            Err(Failure::Undone(error)) => say(&format!("note: {error}")),
            Err(failure) => return Err(failure),
        }
    }
    Err(Failure::Undone(format!("none of the feeds that {} names can be read", web.url)))
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
    let id = Ids::of(&edit.settings()?).take(&[Some("new")]);
    let mut edit = edit.clone();
    edit.append(&[keys(NewSource::default().with("id", Some(&id)))]);
    // What is wrong is wrong on the command line, and stands in no file.
    let wrong = |error: ConfigError| match error {
        ConfigError::Invalid(problems) => {
            let told = problems.into_iter().map(|problem| match problem.hint {
                Some(hint) => format!("{}: {hint}", problem.message),
                None => problem.message,
            });
            Failure::Usage(told.collect::<Vec<_>>().join("\n"))
        }
        error => error.into(),
    };
    let settings = edit.settings().map_err(wrong)?;
    let source = settings.sources.iter().find(|source| source.id.as_str() == id).cloned();
    source.map(|source| (settings, source)).ok_or_else(|| Failure::Undone(format!("the source {id} is lost")))
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

/// Asks an address within the limits of a walk.
pub(super) fn fetch_with(
    settings: &Settings,
    request: Request,
    robots: bool,
    allow_private: bool,
    now: DateTime<Utc>,
) -> Result<Answer, Failure> {
    let mut policy = refresh::fetch_policy(settings);
    if allow_private {
        let listed = settings.refresh.allow_private.iter().map(String::as_str);
        let private = Private::new(listed.chain(request.url.host_str()));
        policy.private = private.map_err(|error| Failure::Undone(error.to_string()))?;
    }
    refresh::ask(policy, request, robots, now).map_err(|error| {
        Failure::Undone(match &error {
            FetchError::Refused { .. } => format!("{error}; --allow-private asks it nevertheless"),
            _ => error.to_string(),
        })
    })
}

/// A request for an address that belongs to no source.
pub(super) fn request(url: Url) -> Request {
    Request { url, validators: None, accept: refresh::ACCEPT, manner: Arc::default(), is_strange: false }
}
