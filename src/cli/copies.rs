//! The copies of an item, with why they are copies; `feedgen apart`: pairs that are none, whatever their words say.

use std::ffi::OsStr;

use chrono::{DateTime, Utc};

use super::export::open;
use super::show::find;
use super::{Done, Failure, print, say, working};
use crate::config::Settings;
use crate::dedup::{self, Story, Version};
use crate::item::Item;
use crate::refresh::task::Task;
use crate::store::Store;

/// Copies that are told of with reasons: to find one, both texts are compared.
const MOST: usize = 20;

pub(super) fn set_apart(settings: &Settings, one: &OsStr, other: &OsStr, undo: bool, now: DateTime<Utc>) -> Done {
    let store = open(settings)?;
    let (one, other) = (find(&store, settings, one)?, find(&store, settings, other)?);
    if one.key == other.key {
        return Err(Failure::Usage(format!("{} is one item: name two", named(&one))));
    }
    let pair = format!("{} and {}", named(&one), named(&other));
    if store.is_apart(&one.key, &other.key)? != undo {
        return print(&if undo {
            format!("{pair} were not set apart\n")
        } else {
            format!("{pair} were set apart before\n")
        });
    }
    drop(store);
    let report =
        working::perform(settings, &Task::SetApart(one.key.clone(), other.key.clone(), !undo), now, &mut |_| {})?;
    report.losses.iter().chain(&report.failures).for_each(|error| say(&format!("error: {error}")));
    print(&if undo {
        format!("no longer set apart: {pair}\nfeeds show them as their words say\n")
    } else {
        format!("set apart for good: {pair}\nfeeds show both; `feedgen apart --undo` takes it back\n")
    })?;
    Ok(report.exit_code())
}

fn named(item: &Item) -> String {
    format!("{} “{}”", item.key, item.title)
}

/// The first copies of an item, each with the reason why it is one.
pub(super) fn with_reasons(store: &Store, item: &Item) -> Result<Vec<(Item, String)>, Failure> {
    let keys = store.copies(&item.key)?;
    let keys: Vec<&str> = keys.iter().take(MOST).map(String::as_str).collect();
    let copies = store.items(&keys)?.into_iter().map(|copy| {
        let reason = reason(item, &copy);
        (copy, reason)
    });
    Ok(copies.collect())
}

/// The versions of an item in other languages, each with the reason why it is one.
pub(super) fn versions_with_reasons(store: &Store, item: &Item) -> Result<Vec<(Item, String)>, Failure> {
    let versions = store.versions(&item.key)?.into_iter().map(|version| {
        let texts = [item, &version].map(|item| item.content.text());
        let (one, other) = (Story::of_item(item, &texts[0]), Story::of_item(&version, &texts[1]));
        let reason = dedup::translation(&Version::of(item, &one), &Version::of(&version, &other));
        let reason = reason.map(|reason| reason.to_string()).unwrap_or_default();
        (version, reason)
    });
    Ok(versions.collect())
}

fn reason(one: &Item, other: &Item) -> String {
    let texts = [one, other].map(|item| item.content.text());
    let verdict = dedup::compare(&Story::of_item(one, &texts[0]), &Story::of_item(other, &texts[1]));
    if verdict.same {
        verdict.reason.to_string()
    } else if one.link.is_some() && one.link == other.link {
        "they have the same address".to_owned()
    } else if one.guid.is_some() && one.guid == other.guid {
        "their publishers gave them the same id".to_owned()
    } else if one.twin_print.is_some() && one.twin_print == other.twin_print {
        "their texts are the same".to_owned()
    } else {
        "both are the same as a third".to_owned()
    }
}
