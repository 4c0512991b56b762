//! Checks any feed — RSS, Atom, JSON Feed, OPML — against its specification and good practice, and names the place.

use chrono::{DateTime, Utc};

mod address;
mod atom;
mod construct;
mod date;
mod encoding;
mod extension;
mod html;
mod json;
mod json_feed;
mod namespace;
mod opml;
mod rdf;
mod report;
mod rss;
mod rule;
mod structure;
#[cfg(test)]
mod tests;
mod text;
mod value;
mod xml;

use report::Report;

/// Files longer than this are looked at up to here, in bytes.
const MOST_BYTES: usize = 16 * 1024 * 1024;

/// Files longer than this are a burden for those who poll them, in bytes.
const HEAVY_BYTES: usize = 512 * 1024;

/// One thing that is wrong or could be better, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// How bad it is.
    pub level: Level,
    /// Stable kebab-case name of the rule: `rss-guid-not-unique`.
    pub rule: &'static str,
    /// Line of the place, 1 for the first.
    pub line: u32,
    /// Column of the place in characters, 1 for the first.
    pub column: u32,
    /// What is wrong, with the value, and what to do.
    pub message: String,
    /// Where the rule is written: `RFC 4287 §4.1.2`.
    pub reference: &'static str,
}

/// How bad a [`Finding`] is. Worse is smaller.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// The specification forbids it.
    Error,
    /// Some readers will show it wrongly, or not at all.
    Warning,
    /// It works, and could be better.
    Advice,
}

/// The kinds of document that can be checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// RSS 0.91 to 2.0.
    Rss,
    /// RSS 0.90, 1.0 and 1.1, which are RDF.
    Rdf,
    /// Atom 1.0 (RFC 4287).
    Atom,
    /// JSON Feed 1.0 and 1.1.
    JsonFeed,
    /// A list of subscriptions, OPML 1.0 to 2.0.
    Opml,
    /// None of these.
    Unknown,
}

impl Kind {
    /// What people call it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Rss => "RSS",
            Self::Rdf => "RSS 1.0",
            Self::Atom => "Atom",
            Self::JsonFeed => "JSON Feed",
            Self::Opml => "OPML",
            Self::Unknown => "no known feed",
        }
    }
}

/// What was found in one file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// What the file is.
    pub kind: Kind,
    /// Items, entries or outlines in it.
    pub items: usize,
    /// What is wrong with it, in order of position.
    pub findings: Vec<Finding>,
}

/// What is known about a file from outside of it.
#[derive(Clone, Copy, Debug)]
pub struct Expectation<'a> {
    /// The address it is published at; makes the self link testable. `None`: not known.
    pub address: Option<&'a str>,
    /// The present, for dates that are not yet.
    pub now: DateTime<Utc>,
}

/// Checks a file. Takes time and memory in proportion to its length, whatever is in it.
pub fn validate(bytes: &[u8], expectation: &Expectation<'_>) -> Verdict {
    let mut report = Report::new(expectation);
    if bytes.len() > HEAVY_BYTES {
        report.tell(&rule::FILE_HEAVY, 0, &[&(bytes.len() / 1024)]);
    }
    let (seen, cut) = bytes.split_at(bytes.len().min(MOST_BYTES));
    if !cut.is_empty() {
        report.tell(&rule::FILE_TOO_LONG, 0, &[&(MOST_BYTES / 1024 / 1024)]);
    }
    let text = encoding::decode(seen, &mut report);
    encoding::characters(&text, &mut report);
    let (kind, items) = if text.trim_start_matches('\u{feff}').trim_start().starts_with(['{', '[']) {
        json_feed::check(&text, &mut report)
    } else {
        let tree = xml::read(&text, &mut report);
        match tree.elements.first().map(|root| (root.name.as_str(), root.local())) {
            Some(("rss", _) | (_, "rss")) => (Kind::Rss, rss::check(&tree, &mut report)),
            Some(("rdf:RDF", _)) => (Kind::Rdf, rdf::check(&tree, &mut report)),
            Some(("atom:feed" | "atom:entry", _)) => (Kind::Atom, atom::check(&tree, &mut report)),
            Some(("opml", _)) => (Kind::Opml, opml::check(&tree, &mut report)),
            _ => (Kind::Unknown, 0),
        }
    };
    if kind == Kind::Unknown {
        report.tell(&rule::NOT_A_FEED, 0, &[]);
    }
    Verdict { kind, items, findings: report.into_findings(&text) }
}
