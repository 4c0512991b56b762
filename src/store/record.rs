//! An item as a row: the stored form, apart from the published one and from the item itself.

use std::collections::BTreeSet;

use rusqlite::{Row, Transaction, params};
use serde::{Deserialize, Serialize};

use super::{Copy, Evidence, Fingerprint, Item, dedup, execute, hash, key, moment, number, one, time};
use crate::draft::Enclosure;
use crate::item::{CanonicalUrl, Category, Facts, Html};
use crate::source::SourceId;

/// The columns of a record.
pub(super) const SELECT: &str = "SELECT id, item, source, place, title, link, content, details, published, updated, moment, evidence,
    fingerprint, twin, channels, original, change FROM item";

/// A row of the table of items.
#[derive(Clone)]
pub(super) struct Record {
    item: i64,
    source: String,
    place: Vec<u8>,
    title: String,
    link: Option<String>,
    content: String,
    details: String,
    published: i64,
    updated: i64,
    moment: String,
    evidence: String,
    fingerprint: Fingerprint,
    twin: Option<Fingerprint>,
    channels: String,
    original: Option<i64>,
}

/// What no query asks for, as JSON.
#[derive(Serialize, Deserialize)]
#[serde(default)]
#[derive(Default)]
struct Details {
    #[serde(skip_serializing_if = "Option::is_none")]
    guid: Option<String>,
    summary: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    event: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    authors: Vec<String>,
    /// Slug and label.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    categories: Vec<(String, String)>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    sections: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    language: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    publisher: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    enclosures: Vec<Enclosure>,
    #[serde(skip_serializing_if = "Option::is_none")]
    image: Option<String>,
}

/// Items that may be copies of each other.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Group {
    /// Those that share a print.
    Twin(Fingerprint),
    /// Those that share an address.
    Link(String),
}

impl Record {
    pub(super) fn of(item: &Item, place: &[u8], channels: &[String]) -> Self {
        let details = Details {
            guid: item.guid.clone(),
            summary: item.summary.clone(),
            event: item.event.map(|event| event.to_string()),
            authors: item.authors.clone(),
            categories: item.categories.iter().map(|category| (category.slug.clone(), category.label.clone())).collect(),
            sections: item.sections.clone(),
            language: item.language.clone(),
            publisher: item.publisher.clone(),
            enclosures: item.enclosures.clone(),
            image: item.image.clone(),
        };
        Self {
            item: number(&item.key),
            source: item.source.to_string(),
            place: place.to_vec(),
            title: item.title.clone(),
            link: item.link.as_ref().map(ToString::to_string),
            content: item.content.as_str().to_owned(),
            details: serde_json::to_string(&details).unwrap_or_default(),
            published: item.published.timestamp(),
            updated: item.updated.timestamp(),
            moment: item.when.to_string(),
            evidence: item.evidence.name().to_owned(),
            fingerprint: item.fingerprint,
            twin: item.twin_print,
            channels: channels.join("\n"),
            original: None,
        }
    }

    pub(super) fn from_row(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            item: row.get("item")?,
            source: row.get("source")?,
            place: row.get("place")?,
            title: row.get("title")?,
            link: row.get("link")?,
            content: row.get("content")?,
            details: row.get("details")?,
            published: row.get("published")?,
            updated: row.get("updated")?,
            moment: row.get("moment")?,
            evidence: row.get("evidence")?,
            fingerprint: row.get("fingerprint")?,
            twin: row.get("twin")?,
            channels: row.get("channels")?,
            original: row.get("original")?,
        })
    }

    /// The item that the row holds.
    pub(super) fn item(self) -> rusqlite::Result<Item> {
        let wrong = |error: &dyn std::fmt::Display| rusqlite::Error::InvalidColumnName(error.to_string());
        let details: Details = serde_json::from_str(&self.details).map_err(|error| wrong(&error))?;
        Ok(Item::recall(Facts {
            key: key(self.item),
            source: SourceId::new(&self.source).map_err(|error| wrong(&error))?,
            guid: details.guid,
            link: self.link.map(CanonicalUrl::recall),
            title: self.title,
            content: Html::recall(self.content),
            summary: details.summary,
            published: time(self.published),
            when: moment(&self.moment)?,
            evidence: Evidence::named(&self.evidence).unwrap_or(Evidence::FirstSeen),
            updated: time(self.updated),
            event: details.event.as_deref().map(moment).transpose()?,
            authors: details.authors,
            categories: details.categories.into_iter().map(|(slug, label)| Category { slug, label }).collect(),
            sections: details.sections,
            language: details.language,
            publisher: details.publisher,
            enclosures: details.enclosures,
            image: details.image,
            fingerprint: self.fingerprint,
            twin_print: self.twin,
        }))
    }

    /// Writes the row, unless it is there as it is. Returns whether it was written; `groups` gets those whose copies
    /// have to be looked at.
    pub(super) fn save(&self, transaction: &Transaction<'_>, change: &mut i64, groups: &mut BTreeSet<Group>) -> rusqlite::Result<bool> {
        let print = self.print();
        let sql = "SELECT print, channels, original, twin, link FROM item WHERE item = ?1";
        let before = one(transaction, sql, [self.item], |row| {
            let twin: Option<Fingerprint> = row.get(3)?;
            let link: Option<String> = row.get(4)?;
            Ok((row.get::<_, Fingerprint>(0)?, row.get::<_, String>(1)?, row.get::<_, Option<i64>>(2)?, twin, link))
        })?;
        let (original, shown_before) = match before {
            Some((same, ..)) if same == print => return Ok(false),
            Some((_, channels, original, twin, link)) => {
                groups.extend(twin.map(Group::Twin));
                groups.extend(link.map(Group::Link));
                (original, channels)
            }
            None => (None, String::new()),
        };
        groups.extend(self.twin.map(Group::Twin));
        groups.extend(self.link.clone().map(Group::Link));
        *change += 1;
        let sql = "INSERT INTO item (item, source, place, title, link, content, details, published, updated, moment, evidence, fingerprint,
                       twin, channels, original, change, print)
                   VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17)
                   ON CONFLICT (item) DO UPDATE SET source = excluded.source, place = excluded.place, title = excluded.title,
                       link = excluded.link, content = excluded.content, details = excluded.details, published = excluded.published,
                       updated = excluded.updated, moment = excluded.moment, evidence = excluded.evidence,
                       fingerprint = excluded.fingerprint, twin = excluded.twin, channels = excluded.channels,
                       change = excluded.change, print = excluded.print";
        execute(
            transaction,
            sql,
            params![
                self.item,
                self.source,
                self.place,
                self.title,
                self.link,
                self.content,
                self.details,
                self.published,
                self.updated,
                self.moment,
                self.evidence,
                self.fingerprint,
                self.twin,
                self.channels,
                original,
                *change,
                print
            ],
        )?;
        let copy = original.is_some();
        self.show(transaction, &shown(&shown_before, copy), &shown(&self.channels, copy))?;
        Ok(true)
    }

    /// Gives a stored item other channels.
    pub(super) fn reassign(&self, transaction: &Transaction<'_>, channels: &[String], change: &mut i64) -> rusqlite::Result<()> {
        let channels = channels.join("\n");
        if channels == self.channels {
            return Ok(());
        }
        *change += 1;
        let copy = self.original.is_some();
        self.show(transaction, &shown(&self.channels, copy), &shown(&channels, copy))?;
        let print = self.print_with(&channels);
        let sql = "UPDATE item SET channels = ?2, change = ?3, print = ?4 WHERE item = ?1";
        execute(transaction, sql, params![self.item, channels, *change, print]).map(drop)
    }

    /// Makes an item a copy of another, or an original, and shows it where that belongs.
    fn set_original(&self, transaction: &Transaction<'_>, original: Option<i64>, change: &mut i64) -> rusqlite::Result<()> {
        *change += 1;
        let (before, now) = (shown(&self.channels, self.original.is_some()), shown(&self.channels, original.is_some()));
        self.show(transaction, &before, &now)?;
        let sql = "UPDATE item SET original = ?2, change = ?3 WHERE item = ?1";
        execute(transaction, sql, params![self.item, original, *change]).map(drop)
    }

    /// Moves an item from the channels that showed it to those that show it now.
    fn show(&self, transaction: &Transaction<'_>, before: &[&str], now: &[&str]) -> rusqlite::Result<()> {
        for channel in before.iter().filter(|channel| !now.contains(channel)) {
            let id = channel_id(transaction, channel)?;
            let sql = "DELETE FROM member WHERE channel = ?1 AND published = ?2 AND item = ?3";
            let taken = execute(transaction, sql, params![id, self.published, self.item])?;
            execute(transaction, "UPDATE channel SET items = items - ?2 WHERE id = ?1", params![id, taken])?;
        }
        for channel in now.iter().filter(|channel| !before.contains(channel)) {
            let id = channel_id(transaction, channel)?;
            let sql = "INSERT OR IGNORE INTO member (channel, published, item) VALUES (?1, ?2, ?3)";
            let added = execute(transaction, sql, params![id, self.published, self.item])?;
            execute(transaction, "UPDATE channel SET items = items + ?2 WHERE id = ?1", params![id, added])?;
        }
        Ok(())
    }

    /// Hash of all that the row holds.
    fn print(&self) -> Fingerprint {
        self.print_with(&self.channels)
    }

    fn print_with(&self, channels: &str) -> Fingerprint {
        hash(&[
            self.source.as_bytes(),
            &self.place,
            self.title.as_bytes(),
            self.link.as_deref().unwrap_or("").as_bytes(),
            self.content.as_bytes(),
            self.details.as_bytes(),
            &self.published.to_le_bytes(),
            &self.updated.to_le_bytes(),
            self.moment.as_bytes(),
            self.evidence.as_bytes(),
            &self.fingerprint,
            channels.as_bytes(),
        ])
    }
}

impl Group {
    /// Looks at all members again: which is the original, and which are its copies.
    pub(super) fn link(&self, transaction: &Transaction<'_>, change: &mut i64) -> rusqlite::Result<()> {
        let members = match self {
            Self::Twin(print) => records(transaction, &format!("{SELECT} WHERE twin = ?1"), params![print])?,
            Self::Link(link) => records(transaction, &format!("{SELECT} WHERE link = ?1"), params![link])?,
        };
        if members.len() < 2 && members.iter().all(|member| member.original.is_none()) {
            return Ok(());
        }
        let mut originals = BTreeSet::new();
        for member in members {
            let sql = "SELECT item, published FROM item WHERE twin = ?1 OR link = ?2";
            let mut statement = transaction.prepare_cached(sql)?;
            let copy = |row: &Row<'_>| Ok(Copy { key: key(row.get(0)?), published: time(row.get(1)?) });
            let copies: Vec<Copy> = statement.query_map(params![member.twin, member.link], copy)?.collect::<Result<_, _>>()?;
            let original = dedup::original(&key(member.item), &copies).map(|key| number(key));
            if original != member.original {
                originals.extend(original);
                originals.extend(member.original);
                member.set_original(transaction, original, change)?;
            }
        }
        // An original tells of its copies, so it changes with them.
        for original in originals {
            *change += 1;
            execute(transaction, "UPDATE item SET change = ?2 WHERE item = ?1", params![original, *change])?;
        }
        Ok(())
    }
}

fn records(transaction: &Transaction<'_>, sql: &str, values: impl rusqlite::Params) -> rusqlite::Result<Vec<Record>> {
    transaction.prepare_cached(sql)?.query_map(values, Record::from_row)?.collect()
}

/// The channels that show an item: a copy is shown by its own source alone.
fn shown(channels: &str, copy: bool) -> Vec<&str> {
    channels.lines().filter(|channel| !copy || channel.starts_with("sources/")).collect()
}

fn channel_id(transaction: &Transaction<'_>, path: &str) -> rusqlite::Result<i64> {
    let find = || one(transaction, "SELECT id FROM channel WHERE path = ?1", [path], |row| row.get(0));
    if let Some(id) = find()? {
        return Ok(id);
    }
    execute(transaction, "INSERT INTO channel (path, items) VALUES (?1, 0)", [path])?;
    Ok(transaction.last_insert_rowid())
}
