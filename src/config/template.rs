//! The shipped `feedgen.toml`, turned into one to begin with.

use url::{Host, Url};

use super::file::quoted;
use super::value::{self, Fault};

/// The shipped file: every key at its default, explained.
const SHIPPED: &str = include_str!("../../config/feedgen.toml");

/// A configuration to begin with: the shipped file with a source that reads the folder `news`.
#[derive(Debug)]
pub struct Template {
    /// Where feeds will be reachable. `None`: not known yet, the default stands.
    pub url: Option<Url>,
    authority: Option<String>,
}

impl Template {
    /// A template for feeds at `url`; the authority of their ids is its host and `year`.
    ///
    /// # Errors
    /// With what is wrong with the address, and what to write instead.
    pub fn new(url: Option<&str>, year: i32) -> Result<Self, String> {
        let url = url.map(value::url).transpose().map_err(Fault::in_words)?;
        // An address in numbers is nobody's for long, so it does not make an authority.
        let host = url.as_ref().and_then(|url| match url.host() {
            Some(Host::Domain(host)) => Some(host),
            _ => None,
        });
        let authority = host.and_then(|host| value::authority(&format!("{host},{year:04}")).ok());
        Ok(Self { url, authority })
    }

    /// The text of the file.
    pub fn text(&self) -> String {
        let mut text = SHIPPED.to_owned();
        if let Some(url) = &self.url {
            text = with(&text, "[site]", "url", Some(url.as_str()));
        }
        if let Some(authority) = &self.authority {
            text = with(&text, "[site]", "authority", Some(authority));
        }
        for (key, value) in [("id", Some("news")), ("title", Some("News")), ("files", Some("news")), ("timezone", None)]
        {
            text = with(&text, "[[source]]", key, value);
        }
        text
    }
}

/// The text with another value for a key of the first table of that name, be the key commented out or not; `None`
/// comments it out.
fn with(text: &str, header: &str, key: &str, value: Option<&str>) -> String {
    let (mut inside, mut met) = (false, false);
    let lines = text.lines().map(|line| {
        let bare = line.trim_start_matches(['#', ' ']);
        if bare.starts_with('[') {
            inside = bare == header && !met;
            met |= inside;
        }
        let is_key = inside && bare.strip_prefix(key).is_some_and(|rest| rest.trim_start().starts_with('='));
        match value {
            _ if !is_key => line.to_owned(),
            Some(value) => format!("{key} = {}", quoted(value)),
            None => format!("# {bare}"),
        }
    });
    lines.collect::<Vec<_>>().join("\n") + "\n"
}
