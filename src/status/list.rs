//! What is known of the list of a page that lists news.

use serde::{Serialize, Serializer};
use serde_json::Value;

use super::rfc3339 as time;
use crate::read::listing::{Form, Way};
use crate::refresh::{Learnt, Quarantine};
use crate::source::{Page, Select};
use crate::store::Upstream;

/// What is known of the list of a page.
#[derive(Debug, Serialize)]
pub struct List {
    /// How it is read. `None`: no list was found yet.
    pub way: Option<Told>,
    /// How sure it is that this is the list of news, 0 to 1. `None`: that was not weighed.
    pub confidence: Option<f32>,
    /// Since when the source is set aside, RFC 3339. `None`: it is not.
    pub quarantined: Option<String>,
    /// Why it is.
    pub cause: Option<String>,
    /// Since when the list is there and holds nothing, RFC 3339.
    pub empty: Option<String>,
    /// When news may have been missed last, RFC 3339.
    pub gap: Option<String>,
    /// Whether it was not taken in whole: the rest comes at the next visits.
    pub unfinished: bool,
    /// Articles that are asked for again at the next visit.
    pub waiting: usize,
    /// Another way in, which is not certain enough to be taken by itself.
    pub proposal: Option<Proposed>,
}

/// A way into a list.
#[derive(Debug, Serialize)]
pub struct Told {
    /// Its short name: `feed`, `markup`, `json`, `state`, `page` or `sitemap`.
    pub form: &'static str,
    /// The same in words.
    pub about: &'static str,
    /// What is asked instead of the page. `None`: the page itself.
    pub url: Option<String>,
    /// Where the parts of the list are, as keys of `[source.select]`.
    #[serde(serialize_with = "as_map")]
    pub select: Vec<(&'static str, Value)>,
}

/// A way that may be meant.
#[derive(Debug, Serialize)]
pub struct Proposed {
    /// It.
    pub way: Told,
    /// Share of the newest items that it finds again with equal titles, 0 to 1.
    pub share: f32,
}

impl Told {
    /// A way, as it is told.
    pub fn of(way: &Way) -> Self {
        let (form, about) = match way.form {
            Form::Feed => ("feed", "a feed of the same entries"),
            Form::Markup => ("markup", "what the page says for machines"),
            Form::Json => ("json", "JSON that its site gives"),
            Form::State => ("state", "JSON in a script of the page"),
            Form::Page => ("page", "the list in the page"),
            Form::Notes => ("notes", "the news that the page tells itself"),
            Form::Sitemap => ("sitemap", "a site map"),
        };
        // The shape of what the page tells itself is nothing that somebody could write.
        let select = if way.form == Form::Notes { Vec::new() } else { parts(&way.select) };
        Self { form, about, url: way.url.as_ref().map(ToString::to_string), select }
    }

    /// It in one line.
    pub fn in_words(&self) -> String {
        self.url.as_ref().map_or_else(|| self.about.to_owned(), |url| format!("{}: {url}", self.about))
    }

    /// Where the parts of the list are, as lines of TOML.
    pub fn lines(&self) -> Vec<String> {
        self.select.iter().map(|(name, part)| format!("{name} = {part}")).collect()
    }
}

fn as_map<S: Serializer>(parts: &[(&'static str, Value)], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_map(parts.iter().map(|(name, part)| (name, part)))
}

/// The parts of a selection that are told, by their keys in the configuration, in its order.
pub fn parts(select: &Select) -> Vec<(&'static str, Value)> {
    let mut parts: Vec<(&'static str, Value)> =
        select.texts().into_iter().filter_map(|(name, text)| Some((name, text?.into()))).collect();
    if !select.remove.is_empty() {
        parts.push(("remove", select.remove.clone().into()));
    }
    parts
}

impl List {
    /// What was learnt of a page up to its last visit.
    pub fn of(page: &Page, known: Option<&Upstream>) -> Self {
        let learnt = Learnt::of(page, known);
        let Learnt { way, confidence, quarantine, empty, gap, unfinished, waiting, later, proposal, .. } = learnt;
        let (quarantined, cause) = match quarantine {
            Some(Quarantine { since, cause }) => (time(since), Some(cause)),
            None => (None, None),
        };
        Self {
            way: way.as_deref().map(Told::of),
            confidence,
            quarantined,
            cause,
            empty: empty.and_then(time),
            gap: gap.and_then(time),
            unfinished,
            waiting: waiting.len() + later,
            proposal: proposal.map(|proposal| Proposed { way: Told::of(&proposal.way), share: proposal.share }),
        }
    }

    /// A line for each thing that is known: its name, and what.
    pub fn lines(&self) -> Vec<(&'static str, String)> {
        let or_nothing = |text: Option<String>| text.unwrap_or_default();
        let mut lines =
            vec![("list", self.way.as_ref().map_or_else(|| "none was found yet".to_owned(), Told::in_words))];
        lines.extend(self.way.iter().flat_map(Told::lines).map(|line| ("", line)));
        let confidence = self.confidence.map(|sure| format!("{sure:.2} that this is the list of news"));
        let cause = self.cause.clone().unwrap_or_default();
        let quarantine = self.quarantined.as_ref().map(|since| format!("since {since}: {cause}"));
        let empty = self.empty.as_ref().map(|since| format!("since {since}: the list is there and holds nothing"));
        let gap = self.gap.as_ref().map(|gap| format!("{gap}: news of before may be missing"));
        let waiting = match self.waiting {
            0 => String::new(),
            1 => "1 article asked for at the next visit".to_owned(),
            some => format!("{some} articles asked for at the next visit"),
        };
        let rest = if self.unfinished { "not taken in whole: the rest comes at the next visits" } else { "" };
        let proposal = self.proposal.as_ref().map(|Proposed { way, share }| {
            let share = share * 100.0;
            format!("{} ({share:.0} % of the newest items): {}", way.in_words(), way.lines().join(", "))
        });
        lines.extend([
            ("confidence", or_nothing(confidence)),
            ("quarantined", or_nothing(quarantine)),
            ("empty", or_nothing(empty)),
            ("last gap", or_nothing(gap)),
            ("unfinished", rest.to_owned()),
            ("waiting", waiting),
            ("proposal", or_nothing(proposal)),
        ]);
        lines
    }
}
