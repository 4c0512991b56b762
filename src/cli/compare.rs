//! `feedgen explain A B`: whether two items are the same story, and how each vote went.

use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::{Value, json};

use super::{Done, counted, explain, print, print_json, table};
use crate::config::Settings;
use crate::dedup::{self, Conflict, ConflictKind, Conflicts, Story, Titles, Verdict};
use crate::draft::Evidence;
use crate::item::{Item, text};

/// Longest title in the table, characters.
const TITLE: usize = 40;

pub(super) fn run(settings: &Settings, one: &str, other: &str, json: bool, now: DateTime<Utc>) -> Done {
    let items = [explain::item(settings, one, now)?, explain::item(settings, other, now)?];
    let texts = [items[0].content.text(), items[1].content.text()];
    let [one, other] = [0, 1].map(|side| Story::of(&items[side].title, &texts[side], published(&items[side])));
    let verdict = dedup::compare(&one, &other);
    if json {
        return print_json(&as_json(&items, &verdict));
    }
    let same = if verdict.same { "the same story" } else { "not the same story" };
    print(&format!("{same}: {}\n\n{}\n{}", verdict.reason, sides(&items, &texts), votes(&verdict)))
}

/// When an item was published, if that was told.
fn published(item: &Item) -> Option<DateTime<Utc>> {
    (item.evidence != Evidence::FirstSeen).then_some(item.published)
}

fn time(item: &Item) -> Option<String> {
    published(item).map(|time| time.to_rfc3339_opts(SecondsFormat::Secs, true))
}

/// The two items beside each other.
fn sides(items: &[Item; 2], texts: &[String; 2]) -> String {
    let row = |name: &str, cell: &dyn Fn(usize) -> String| vec![name.to_owned(), cell(0), cell(1)];
    let rows = [
        row("", &|side| ["A", "B"][side].to_owned()),
        row("key", &|side| items[side].key.clone()),
        row("source", &|side| items[side].source.to_string()),
        row("title", &|side| text::cut(&items[side].title, TITLE)),
        row("published", &|side| time(&items[side]).unwrap_or_else(|| "not told".to_owned())),
        row("text", &|side| counted(texts[side].chars().count(), "character")),
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
        ("other wording", format!("in {}", counted(votes.conflicts.reworded, "place"))),
    ];
    table::lay_out(&rows.map(|(name, found)| vec![name.to_owned(), found]), &[])
}

fn as_json(items: &[Item; 2], verdict: &Verdict) -> Value {
    let side = |item: &Item| json!({ "key": item.key, "source": item.source.as_str(), "title": item.title, "published": time(item) });
    let kind = |kind| match kind {
        ConflictKind::Date => "date",
        ConflictKind::Number => "number",
        ConflictKind::Name => "name",
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
        "same": verdict.same, "reason": verdict.reason.to_string(), "a": side(&items[0]), "b": side(&items[1]),
        "votes": {
            "shared_percent": votes.shared, "contained_percent": votes.contained, "titles": titles,
            "days_apart": votes.days_apart, "in_titles": conflicts(&votes.title_conflicts),
            "in_texts": conflicts(&votes.conflicts), "reworded": votes.conflicts.reworded,
        },
    })
}
