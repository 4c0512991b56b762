//! A list that is somewhere else in its page by now: what would be written in `[source.select]` to read it there.

use std::fmt::Write as _;

use chrono::{DateTime, Utc};
use scraper::{Html, Selector};
use serde_json::Value;

use crate::item::text;
use crate::read::feed::Text;
use crate::read::listing::{self, Form};
use crate::read::{self, guard};
use crate::refresh::Looked;
use crate::source::{Select, Source, SourceId};
use crate::status::list::parts;

/// Titles that are shown.
const TITLES: usize = 5;
/// Longest title, characters.
const TITLE: usize = 60;

/// What would be written for one source.
pub(super) struct Mend {
    pub(super) id: SourceId,
    /// What is written.
    old: Select,
    /// What would be.
    pub(super) new: Select,
    /// Share of the newest items that are found again with equal titles, 0 to 1.
    pub(super) share: f32,
    /// The first titles that are found.
    titles: Vec<String>,
}

impl Mend {
    /// What a walk proposes for a page whose list it does not find. `None`: nothing.
    pub(super) fn of(source: &Source, looked: &Looked, now: DateTime<Utc>) -> Option<Self> {
        let old = source.page()?.select.clone();
        let proposal = looked.learnt.proposal.as_ref()?;
        let (address, page) = looked.page.as_ref()?;
        let is_in_page = proposal.way.form == Form::Page && proposal.way.url.is_none();
        let way = Some(&proposal.way).filter(|_| is_in_page)?;
        let policy = read::Policy { now, timezone: source.timezone };
        let page = guard::Page::of(page);
        let list = listing::read(way, &page, address, policy).ok()?;
        let titles = list.feed.entries.iter().filter_map(|entry| entry.facts.title.as_ref()).map(Text::line);
        let titles = titles.take(TITLES).map(|title| text::cut(&title, TITLE)).collect();
        let new = completed(&way.select, &old, page.tree());
        Some(Self { id: source.id.clone(), old, new, share: proposal.share, titles })
    }

    /// The change, as a diff.
    pub(super) fn told(&self) -> String {
        let (old, new) = (parts(&self.old), parts(&self.new));
        let mut told = format!("\n{}: [source.select]\n", self.id);
        // Writing into a string cannot fail.
        let mut line = |sign: char, (name, value): &(&str, Value)| {
            let _written = writeln!(told, "{sign} {name} = {value}");
        };
        for part in &old {
            line(if new.contains(part) { ' ' } else { '-' }, part);
        }
        new.iter().filter(|part| !old.contains(part)).for_each(|part| line('+', part));
        let _written = writeln!(told, "which finds {:.0} % of the newest items, and:", self.share * 100.0);
        for title in &self.titles {
            let _written = writeln!(told, "  {title}");
        }
        told
    }
}

/// Selectors that were found, with those that somebody wrote and that still match: what is of the article stays, for the
/// list tells nothing of it.
fn completed(found: &Select, old: &Select, page: &Html) -> Select {
    let holds = |selector: &Option<String>| {
        let text = selector.as_deref()?;
        let matches = Selector::parse(text).is_ok_and(|selector| page.select(&selector).next().is_some());
        matches.then(|| text.to_owned())
    };
    Select {
        date_format: old.date_format.clone().filter(|_| found.date.is_some()),
        summary: found.summary.clone().or_else(|| holds(&old.summary)),
        image: found.image.clone().or_else(|| holds(&old.image)),
        // There may be no next page at the moment.
        next: found.next.clone().or_else(|| old.next.clone()),
        content: old.content.clone(),
        remove: old.remove.clone(),
        ..found.clone()
    }
}
