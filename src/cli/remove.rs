//! `feedgen remove`: takes items out for good, or back again.

use std::ffi::OsString;
use std::fmt::Write as _;

use chrono::{DateTime, SecondsFormat, Utc};
use clap::Args;
use serde_json::json;

use super::export::open;
use super::{Done, Failure, counted, print, print_json, say, show, table, working};
use crate::config::Settings;
use crate::item::Item;
use crate::refresh::task::{Task, is_removed_by_rule};
use crate::store::{Removal, Store};

#[derive(Debug, Args)]
#[expect(clippy::struct_excessive_bools, reason = "the switches of a command line")]
pub(super) struct Asked {
    /// Keys, ids, titles, paths or addresses of the items
    #[arg(required_unless_present = "list", value_parser = show::name())]
    items: Vec<OsString>,
    /// Take back that they were removed: they come back with their ids and dates
    #[arg(long)]
    undo: bool,
    /// Say what would be done, and write nothing
    #[arg(long)]
    dry_run: bool,
    /// List what was removed
    #[arg(long, conflicts_with_all = ["items", "undo", "dry_run"])]
    list: bool,
    /// Print the list as JSON
    #[arg(long, requires = "list")]
    json: bool,
}

pub(super) fn run(settings: &Settings, asked: &Asked, now: DateTime<Utc>) -> Done {
    let store = open(settings)?;
    if asked.list {
        return list(&store, asked.json);
    }
    // All of them, before anything is done.
    let mut items: Vec<Item> = Vec::with_capacity(asked.items.len());
    for name in &asked.items {
        let item = show::find(&store, settings, name)?;
        let removal = store.removal(&item.key)?;
        if asked.undo && removal.is_none() {
            return Err(Failure::Undone(format!("{} ({}) is not removed", item.key, item.title)));
        }
        if asked.undo && is_removed_by_rule(settings, &item) {
            return Err(Failure::Undone(format!(
                "{} ({}) is removed by `remove` of its source {}: change that first",
                item.key, item.title, item.source
            )));
        }
        if !asked.undo && removal.is_some() {
            say(&format!("note: {} ({}) is removed already", item.key, item.title));
        } else if items.iter().all(|known| known.key != item.key) {
            items.push(item);
        }
    }
    let copies = if asked.undo { Vec::new() } else { copies(&store, &items)? };
    drop(store);
    let mut told = String::new();
    let verb = match (asked.undo, asked.dry_run) {
        (false, false) => "removed",
        (false, true) => "would remove",
        (true, false) => "brought back",
        (true, true) => "would bring back",
    };
    for item in &items {
        // Writing into a string cannot fail.
        let _written = writeln!(told, "{verb} {} {}", item.key, item.title);
    }
    for copy in copies {
        say(&format!(
            "note: {} ({}, source {}) tells the same and stays: remove it, too, if the story is to go",
            copy.key, copy.title, copy.source
        ));
    }
    if asked.dry_run || items.is_empty() {
        return print(&told);
    }
    let keys: Vec<_> = items.iter().map(|item| item.key.clone()).collect();
    let task = if asked.undo { Task::Restore(keys) } else { Task::Remove(keys) };
    let report = working::perform(settings, &task, now, &mut |_| {})?;
    report.notes.iter().for_each(|note| say(&format!("note: {note}")));
    report.losses.iter().chain(&report.failures).for_each(|error| say(&format!("error: {error}")));
    let (files, directory) = (counted(report.changed.len(), "file"), settings.publish.directory.display());
    print(&format!("{told}{files} changed in {directory}\n"))?;
    Ok(report.exit_code())
}

/// Items that tell the same as some that are removed, and are not among them.
fn copies(store: &Store, items: &[Item]) -> Result<Vec<Item>, Failure> {
    let mut copies: Vec<Item> = Vec::new();
    for item in items {
        for key in store.copies(&item.key)? {
            if items.iter().chain(&copies).all(|known| known.key != key) {
                copies.extend(store.item(&key)?);
            }
        }
    }
    Ok(copies)
}

fn list(store: &Store, json: bool) -> Done {
    let removals = store.removals()?;
    let since = |removal: &Removal| removal.since.map(|since| since.to_rfc3339_opts(SecondsFormat::Secs, true));
    if json {
        let told = |removal: &Removal| {
            let Removal { item, .. } = removal;
            json!({ "key": item.key, "source": item.source.as_str(), "title": item.title, "removed": since(removal) })
        };
        return print_json(&removals.iter().map(told).collect::<Vec<_>>());
    }
    let heading = ["key", "source", "removed", "title"].map(str::to_owned).to_vec();
    let rows = removals.iter().map(|removal| {
        let Removal { item, .. } = removal;
        let since = since(removal).unwrap_or_else(|| "by a rule".to_owned());
        vec![item.key.clone(), item.source.to_string(), since, item.title.clone()]
    });
    print(&table::lay_out(&[heading].into_iter().chain(rows).collect::<Vec<_>>(), &[]))
}
