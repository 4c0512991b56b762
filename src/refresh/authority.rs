//! The authority of our ids (RFC 4151 §2.1): fixed at the first walk, and found again when the store is lost.

use std::collections::BTreeMap;
use std::path::Path;

use chrono::Datelike as _;

use super::Walk;
use crate::store::{Store, StoreError};

/// Names of values in the store.
const AUTHORITY: &str = "authority";
const RESCUED: &str = "authority:rescued";

/// The start of the ids that are out (RFC 4151). `None`: nothing was published yet.
///
/// # Errors
/// When the store fails.
pub fn authority(store: &Store) -> Result<Option<String>, StoreError> {
    store.meta(AUTHORITY)
}

/// Whether an authority is that of whoever runs this, wherever that is.
pub fn is_of_here(authority: &str) -> bool {
    ["localhost,", "127.0.0.1,", "--1,"].iter().any(|host| authority.starts_with(host))
}

impl Walk<'_> {
    /// The start of our ids: as configured, else as it was minted once, else minted now.
    pub(super) fn authority(&mut self, store: &mut Store) -> Result<String, StoreError> {
        let site = &self.settings.site;
        let known = store.meta(AUTHORITY)?;
        let rescued = store.meta(RESCUED)?;
        let published = if known.is_none() { published_authority(&self.settings.publish.directory) } else { None };
        if published.is_some() && rescued.is_none() && self.report.losses.is_empty() {
            self.report.notes.push(format!(
                "the store {} is new, but {} holds feeds: undated items are first seen now, and documents that were renamed \
                 get the ids of their new names; if there is an older store, set store.path to it",
                self.settings.store.display(),
                self.settings.publish.directory.display()
            ));
        }
        let authority = site.authority.clone().or_else(|| known.clone()).or(published).or(rescued);
        let host = site.url.host_str().unwrap_or("localhost").trim_matches(['[', ']']).replace(':', "-");
        let authority = authority.unwrap_or_else(|| format!("{host},{}", self.now.year()));
        if known.as_ref() != Some(&authority) {
            if let Some(known) = known {
                self.report.notes.push(format!(
                    "site.authority is now {authority}, it was {known}: the ids of all items change with it, and readers show them again"
                ));
            }
            if is_of_here(&authority) && site.authority.is_none() {
                self.report.notes.push(format!(
                    "the ids of all items begin with tag:{authority}, which no other machine knows you by, and stay so: before anybody \
                     subscribes, set site.authority to a name of yours and a year, such as news.example.edu,{}",
                    self.now.year()
                ));
            }
            store.set_meta(AUTHORITY, &authority)?;
        }
        Ok(authority)
    }
}

/// The authority that published feeds were made with, where the store that knew it is lost.
fn published_authority(directory: &Path) -> Option<String> {
    let read = |name: &str| std::fs::read(directory.join(name)).ok();
    let of_json = |bytes: Vec<u8>| {
        let feed: serde_json::Value = serde_json::from_slice(&bytes).ok()?;
        feed.get("_feedgen")?.get("authority")?.as_str().map(str::to_owned)
    };
    read("all.json")
        .and_then(of_json)
        .or_else(|| authority_of_ids(&read("all.atom")?))
        .or_else(|| authority_of_ids(&read("all.rss")?))
}

/// The authority of most ids of an RSS or Atom feed that are like ours: some may be of others.
fn authority_of_ids(feed: &[u8]) -> Option<String> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    let feed = std::str::from_utf8(feed).ok()?;
    for id in feed.split("<id>").chain(feed.split("<guid isPermaLink=\"false\">")).skip(1) {
        let ours = id.split_once('<').and_then(|(id, _)| id.strip_prefix("tag:")?.rsplit_once(':'));
        if let Some((authority, key)) = ours
            && (key == "all" || key.len() == 16 && key.bytes().all(|byte| byte.is_ascii_hexdigit()))
        {
            *counts.entry(authority).or_default() += 1;
        }
    }
    counts.into_iter().max_by_key(|(_, count)| *count).map(|(authority, _)| authority.to_owned())
}
