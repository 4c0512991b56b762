//! `feedgen explain A B`: whether two items are the same story, and how each vote went.

use std::ffi::OsStr;

use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::{Value, json};

use super::{Done, Failure, counted, explain, export, print, print_json, table};
use crate::config::Settings;
use crate::dedup::{self, Conflict, ConflictKind, Conflicts, Story, Titles, Verdict, Version};
use crate::item::{Item, text};

/// Longest title in the table, characters.
const TITLE: usize = 40;

/// One of the two.
struct Side {
    item: Item,
    /// Whether it is in the store, and goes by its key.
    is_stored: bool,
    text: String,
}

pub(super) fn run(settings: &Settings, one: &OsStr, other: &OsStr, json: bool, now: DateTime<Utc>) -> Done {
    let side = |what| {
        let (item, is_stored) = explain::item(settings, what, now)?;
        Ok::<_, Failure>(Side { text: item.content.text(), item, is_stored })
    };
    let sides = [side(one)?, side(other)?];
    let [one, other] = [0, 1].map(|at| sides[at].story());
    let verdict = dedup::compare(&one, &other);
    let translation = dedup::translation(&Version::of(&sides[0].item, &one), &Version::of(&sides[1].item, &other));
    let stored = stored(settings, &sides, verdict.same)?;
    if json {
        let mut told = as_json(&sides, &verdict);
        if let Some(told) = told.as_object_mut() {
            told.extend(translation.map(|reason| ("translation".to_owned(), json!(reason.to_string()))));
            told.extend(stored.map(|(name, _)| ("stored".to_owned(), json!(name))));
        }
        return print_json(&told);
    }
    let stored = stored.map(|(_, told)| format!("{told}\n")).unwrap_or_default();
    let same = if verdict.same { "the same story" } else { "not the same story" };
    let translation = translation.map(|reason| format!("one may be a translation: {reason}\n")).unwrap_or_default();
    let tables = format!("{}\n{}", beside(&sides), votes(&verdict));
    print(&format!("{stored}{same}: {}\n{translation}\n{tables}", verdict.reason))
}

/// What the store makes of two that are in it, as a name and in words: what their words say is not all that counts there.
/// `None`: nothing.
fn stored(settings: &Settings, sides: &[Side; 2], is_same: bool) -> Result<Option<(&'static str, String)>, Failure> {
    let [Some(one), Some(other)] = [sides[0].key(), sides[1].key()] else { return Ok(None) };
    let store = export::open(settings)?;
    if store.is_apart(one, other)? {
        return Ok(Some(("apart", "set apart by you: `feedgen apart --undo` takes it back".to_owned())));
    }
    if store.versions(one)?.iter().any(|version| version.key == other) {
        return Ok(Some(("translation", "one story in two languages here".to_owned())));
    }
    let originals = [store.original(one)?, store.original(other)?];
    let [Some(original), Some(others)] = originals else { return Ok(None) };
    if one == other || original != others {
        // What their words say is told without it.
        return Ok((is_same && one != other).then(|| ("two stories", "two stories here".to_owned())));
    }
    let through = if original == one || original == other { String::new() } else { format!(", through {original}") };
    Ok(Some(("one story", format!("one story here{through}"))))
}

impl Side {
    fn story(&self) -> Story<'_> {
        Story::of_item(&self.item, &self.text)
    }

    fn time(&self) -> Option<String> {
        self.item.told_published().map(|time| time.to_rfc3339_opts(SecondsFormat::Secs, true))
    }

    fn key(&self) -> Option<&str> {
        self.is_stored.then_some(self.item.key.as_str())
    }
}

/// The two beside each other.
fn beside(sides: &[Side; 2]) -> String {
    let row = |name: &str, cell: &dyn Fn(&Side) -> String| vec![name.to_owned(), cell(&sides[0]), cell(&sides[1])];
    let rows = [
        vec![String::new(), "A".to_owned(), "B".to_owned()],
        row("key", &|side| side.key().unwrap_or("not stored").to_owned()),
        row("source", &|side| side.item.source.to_string()),
        row("title", &|side| text::cut(&side.item.title, TITLE)),
        row("published", &|side| side.time().unwrap_or_else(|| "not told".to_owned())),
        row("text", &|side| counted(side.text.chars().count(), "character")),
    ];
    table::lay_out(&rows, &[])
}

/// Each vote, and what it found.
fn votes(verdict: &Verdict) -> String {
    let votes = &verdict.votes;
    let titles = match votes.titles {
        Titles::Same => "the same words",
        Titles::Cut => "one is the beginning of the other",
        Titles::Alike => "most of their words are the same",
        Titles::Unlike => "unlike",
    };
    let days = votes
        .days_apart
        .map_or_else(|| "not known".to_owned(), |days| counted(usize::try_from(days).unwrap_or(usize::MAX), "day"));
    let other = |kind: ConflictKind| {
        let told = |place: &str, conflicts: &Conflicts| {
            let of_kind = conflicts.all.iter().filter(move |conflict| conflict.kind == kind);
            of_kind.map(|Conflict { one, other, .. }| format!("{place}“{one}” and “{other}”")).collect::<Vec<_>>()
        };
        let all = [told("in the titles ", &votes.title_conflicts), told("", &votes.conflicts)].concat();
        let more = all.len().checked_sub(3).filter(|more| *more > 0).map(|more| format!("{more} more"));
        let shown: Vec<String> = all.into_iter().take(3).chain(more).collect();
        if shown.is_empty() { "none".to_owned() } else { shown.join("; ") }
    };
    let rows = [
        ("vote", "found".to_owned()),
        ("shared words", format!("{} % of both", votes.shared)),
        ("contained", format!("{} % of the shorter text", votes.contained)),
        ("titles", titles.to_owned()),
        ("published", format!("{days} apart")),
        ("other dates", other(ConflictKind::Date)),
        ("other numbers", other(ConflictKind::Number)),
        ("other names", other(ConflictKind::Name)),
        ("denied", other(ConflictKind::Denial)),
        ("other wording", format!("in {}", counted(votes.conflicts.reworded, "place"))),
    ];
    table::lay_out(&rows.map(|(name, found)| vec![name.to_owned(), found]), &[])
}

fn as_json(sides: &[Side; 2], verdict: &Verdict) -> Value {
    let side = |side: &Side| {
        let Side { item, .. } = side;
        json!({ "key": side.key(), "source": item.source.as_str(), "title": item.title, "published": side.time() })
    };
    let kind = |kind| match kind {
        ConflictKind::Date => "date",
        ConflictKind::Number => "number",
        ConflictKind::Name => "name",
        ConflictKind::Denial => "denial",
        ConflictKind::Words => "words",
    };
    let conflicts = |conflicts: &Conflicts| {
        let one = |Conflict { kind: of, one, other, .. }: &Conflict| json!({ "kind": kind(*of), "a": one, "b": other });
        conflicts.all.iter().map(one).collect::<Vec<_>>()
    };
    let votes = &verdict.votes;
    let titles = match votes.titles {
        Titles::Same => "same",
        Titles::Cut => "cut",
        Titles::Alike => "alike",
        Titles::Unlike => "unlike",
    };
    json!({
        "same": verdict.same, "reason": verdict.reason.to_string(), "a": side(&sides[0]), "b": side(&sides[1]),
        "votes": {
            "shared_percent": votes.shared, "contained_percent": votes.contained, "titles": titles,
            "days_apart": votes.days_apart, "in_titles": conflicts(&votes.title_conflicts),
            "in_texts": conflicts(&votes.conflicts), "reworded": votes.conflicts.reworded,
        },
    })
}
