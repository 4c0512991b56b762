//! Items that may be copies of each other: which of them is the original.

use std::collections::{HashMap, HashSet};
use std::hash::Hash;

use rusqlite::{CachedStatement, Row, Transaction, params};

use super::ledger::Ledger;
use super::rank::AT_OF_ITEM;
use super::record::shown;
use super::{
    Copy, Duplicate, Fingerprint, ItemKey, Outcome, REMOVED, Store, WITHDRAWN, dedup, execute, is_published, key,
    number, one, time,
};
use crate::draft::Evidence;
use crate::item::text;

/// Items that may be copies of each other.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Group {
    /// Those that share a print.
    Twin(Fingerprint),
    /// Those that share an address.
    Link(String),
    /// Those that share the id that an upstream gave them.
    Guid(String),
    /// Those that tell one story by their words.
    Story(i64),
    /// An item alone: nothing is shared.
    One(i64),
}

/// What tells the members of each kind of group. An id that is the address, too, stands in the index of addresses only.
pub(super) const SHARED: [&str; 5] = [
    "twin = ?1",
    "link = ?1",
    "id IN (SELECT id FROM item WHERE guid = ?1 AND guid IS NOT link
         UNION ALL SELECT id FROM item WHERE link = ?1 AND guid IS link)",
    "story = ?1",
    "item = ?1",
];

/// When an item was published but for the seconds that it stands behind others of its day: these follow from what was listed beside it
/// when it came. Clocks are apart by quarters of an hour.
pub(super) const TOLD_AT: &str = "published - ifnull(((published - unixepoch(moment)) % 900 + 900) % 900, 0)";

/// What tells whether an item is a copy, and where it is shown then.
struct Kin {
    item: i64,
    at: i64,
    /// The same without its place in a list: [`TOLD_AT`].
    told_at: i64,
    title: String,
    twin: Option<Fingerprint>,
    link: Option<String>,
    guid: Option<String>,
    story: Option<i64>,
    channels: String,
    original: Option<i64>,
    hidden: String,
}

/// Words of a title.
pub(super) type Title = Vec<u8>;

/// What is known of a group.
#[derive(Default)]
pub(super) struct Firsts {
    /// The first of those members that are copies of each other, on each occasion: `None` whatever their titles, else those of one title.
    of: HashMap<(usize, Option<Title>), First>,
    /// When the occasions begin.
    occasions: Vec<i64>,
    /// Members that are set apart from one that comes before them: they are no copies here.
    apart: HashSet<i64>,
}

/// The first of some items: of all that any channel shows, and of those that each channel would show.
#[derive(Default)]
pub(super) struct First {
    of_all: Option<Copy>,
    of_channels: HashMap<String, Copy>,
}

/// Whom an item shares a group with: 2 for [`Company::Twins`], 1 for [`Company::Others`]. Of an id that is the address, others are
/// asked for by the address already.
pub(super) const COMPANY: &str = "SELECT coalesce((SELECT 2 FROM item WHERE twin = ?1 LIMIT 1 OFFSET 1),
         (SELECT 1 FROM item WHERE link = ?2 LIMIT 1 OFFSET 1),
         CASE WHEN ?3 IS ?2 THEN (SELECT 1 FROM item WHERE guid = ?3 AND guid IS NOT link LIMIT 1)
         ELSE (SELECT 1 FROM (SELECT 1 FROM item WHERE guid = ?3 AND guid IS NOT link
             UNION ALL SELECT 1 FROM item WHERE link = ?3 AND guid IS link) LIMIT 1 OFFSET 1) END, 0)";

/// Whom an item shares a group with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Company {
    /// Nobody.
    None,
    /// Others, but none of them has its print.
    Others,
    /// Those that have its print, and perhaps others.
    Twins,
}

impl Group {
    /// The groups of an item.
    pub(super) fn all(
        twin: Option<Fingerprint>,
        link: Option<String>,
        guid: Option<String>,
        story: Option<i64>,
    ) -> Vec<Self> {
        let exact = twin.map(Self::Twin).into_iter().chain(link.map(Self::Link)).chain(guid.map(Self::Guid));
        exact.chain(story.map(Self::Story)).collect()
    }

    /// Whether there are two members at least in any of the groups that a stored item is in, as [`COMPANY`] tells.
    pub(super) fn company(
        statement: &mut CachedStatement<'_>,
        twin: Option<Fingerprint>,
        link: Option<&str>,
        guid: Option<&str>,
    ) -> rusqlite::Result<Company> {
        Ok(match statement.query_row(params![twin, link, guid], |row| row.get(0))? {
            2 => Company::Twins,
            1 => Company::Others,
            _ => Company::None,
        })
    }

    /// Looks at all members again: which is the original, and which are its copies. `firsts` keeps what was found out for
    /// other groups, and `seen` are members that were looked at for these: that is for all groups that they are in.
    pub(super) fn link(
        &self,
        transaction: &Transaction<'_>,
        ledger: &mut Ledger,
        firsts: &mut HashMap<Self, Firsts>,
        seen: &mut HashSet<i64>,
    ) -> rusqlite::Result<()> {
        let members = self.members(transaction)?;
        for member in members {
            if !seen.insert(member.item) {
                continue;
            }
            // It may have copies of its words and others of its address.
            let groups = Self::all(member.twin, member.link.clone(), member.guid.clone(), member.story);
            for group in &groups {
                if !firsts.contains_key(group) {
                    firsts.insert(group.clone(), group.firsts(transaction)?);
                }
            }
            let among = |group: &Self| {
                let firsts = firsts.get(group).filter(|firsts| !firsts.apart.contains(&member.item))?;
                firsts.of.get(&(occasion(&firsts.occasions, member.told_at), group.alike(&member.title)))
            };
            let known: Vec<&First> = groups.iter().filter_map(among).collect();
            let key = key(member.item);
            let copies: Vec<Copy> = known.iter().filter_map(|firsts| firsts.of_all.clone()).collect();
            // What was removed is no copy of anything: nothing tells of it.
            let is_removed = member.channels == REMOVED;
            let original = dedup::original(&key, &copies).map(|key| number(key)).filter(|_| !is_removed);
            let stands_back = |channel: &&str| {
                let firsts = known.iter().filter_map(|firsts| firsts.of_channels.get(*channel).cloned());
                dedup::original(&key, &firsts.collect::<Vec<_>>()).is_some()
            };
            let hidden =
                member.channels.lines().filter(|_| !is_removed).filter(stands_back).collect::<Vec<_>>().join("\n");
            if original != member.original || hidden != member.hidden {
                ledger.retold.insert(member.item);
                ledger.left.extend(member.original.map(|original| (original, member.item)));
                ledger.contested.extend(member.guid);
                let (before, now) = (shown(&member.channels, &member.hidden), shown(&member.channels, &hidden));
                ledger.show(transaction, (member.at, member.item), &before, &now)?;
                let sql = "UPDATE item SET original = ?2, hidden = ?3 WHERE item = ?1";
                execute(transaction, sql, params![member.item, original, hidden])?;
            }
        }
        Ok(())
    }

    /// What tells the members, and the value that they share.
    fn shared(&self) -> (&'static str, &dyn rusqlite::ToSql) {
        let [by_twin, by_link, by_guid, by_story, by_item] = SHARED;
        match self {
            Self::Twin(print) => (by_twin, print),
            Self::Link(link) => (by_link, link),
            Self::Guid(guid) => (by_guid, guid),
            Self::Story(story) => (by_story, story),
            Self::One(item) => (by_item, item),
        }
    }

    /// What the copies of a member have in common beside the group. Anybody may write the address or the id of another's
    /// story into a feed and date it back, and a template gives one address to many documents, so the titles have to agree, too.
    fn alike(&self, title: &str) -> Option<Title> {
        if matches!(self, Self::Twin(_) | Self::Story(_)) {
            return None;
        }
        let mut words = Vec::with_capacity(title.len());
        text::words(title, &mut words);
        Some(words)
    }

    /// How many feeds have an entry in it, but for an item. `None`: one of them has two, and what two entries of one feed
    /// share tells no copies apart: their publisher says that they are two.
    pub(super) fn feeds(&self, transaction: &Transaction<'_>, but: Option<i64>) -> rusqlite::Result<Option<usize>> {
        if matches!(self, Self::Story(_)) {
            // What a family shares has been looked at.
            return Ok(Some(0));
        }
        let (shared, value) = self.shared();
        // There may be very many entries, but the second one of a feed is soon met.
        let sql = format!("SELECT source FROM item WHERE {shared} AND entry AND item IS NOT ?2");
        let mut statement = transaction.prepare_cached(&sql)?;
        let mut rows = statement.query(params![value, but])?;
        let mut feeds: HashSet<String> = HashSet::new();
        while let Some(row) = rows.next()? {
            if !feeds.insert(row.get(0)?) {
                return Ok(None);
            }
        }
        Ok(Some(feeds.len()))
    }

    fn members(&self, transaction: &Transaction<'_>) -> rusqlite::Result<Vec<Kin>> {
        let (shared, value) = self.shared();
        let sql = format!(
            "SELECT item, {AT_OF_ITEM}, twin, link, channels, original, hidden, guid, title, story, {TOLD_AT}
             FROM item WHERE {shared}"
        );
        let kin = |row: &Row<'_>| {
            let (twin, link, channels, original) = (row.get(2)?, row.get(3)?, row.get(4)?, row.get(5)?);
            let (item, at, hidden, guid) = (row.get(0)?, row.get(1)?, row.get(6)?, row.get(7)?);
            let (title, story, told_at) = (row.get(8)?, row.get(9)?, row.get(10)?);
            Ok(Kin { item, at, told_at, title, twin, link, guid, story, channels, original, hidden })
        };
        transaction.prepare_cached(&sql)?.query_map([value], kin)?.collect()
    }

    /// When the occasions begin on which the same words were told.
    fn occasions(&self, transaction: &Transaction<'_>) -> rusqlite::Result<Vec<i64>> {
        let Self::Twin(print) = self else { return Ok(Vec::new()) };
        let sql = format!(
            "SELECT source, {TOLD_AT} AS told_at FROM item
             WHERE twin = ?1 AND NOT entry AND evidence <> ?2 AND channels NOT IN ('', '{WITHDRAWN}', '{REMOVED}')
             ORDER BY told_at"
        );
        let mut statement = transaction.prepare_cached(&sql)?;
        let told = statement
            .query_map(params![print, Evidence::FirstSeen.name()], |row| Ok((row.get::<_, String>(0)?, row.get(1)?)))?;
        let told = told.collect::<rusqlite::Result<Vec<_>>>()?;
        Ok(occasions(told.into_iter().map(|(source, published)| (source, published, LATER + 1))))
    }

    /// The first members: what no channel shows (its source is gone, or drops it, or it is withdrawn) cannot stand for what
    /// is shown, and in the channel of a source all of its items stand for themselves. Keys are in the order of their
    /// digits, which is that of numbers without a sign.
    fn firsts(&self, transaction: &Transaction<'_>) -> rusqlite::Result<Firsts> {
        let mut firsts = Firsts::default();
        if self.feeds(transaction, None)?.is_none() {
            return Ok(firsts);
        }
        firsts.occasions = self.occasions(transaction)?;
        let (shared, value) = self.shared();
        let sql = format!(
            "SELECT item, {TOLD_AT} AS told_at, channels, title, excerpt, source NOT IN preferred AS ordinary FROM item
             WHERE {shared} AND channels NOT IN ('', '{WITHDRAWN}', '{REMOVED}')
             ORDER BY excerpt, ordinary, told_at, item < 0, item"
        );
        // A story is divided where some are set apart.
        let any_apart = !matches!(self, Self::Story(_) | Self::One(_)) && any_apart(transaction)?;
        let mut statement = transaction.prepare_cached(&sql)?;
        let mut rows = statement.query([value])?;
        let mut before: HashSet<i64> = HashSet::new();
        while let Some(row) = rows.next()? {
            let item: i64 = row.get(0)?;
            if any_apart {
                if is_apart(transaction, item, &before)? {
                    firsts.apart.insert(item);
                    continue;
                }
                before.insert(item);
            }
            let (excerpt, ordinary) = (row.get(4)?, row.get(5)?);
            let told_at: i64 = row.get(1)?;
            let copy = Copy { excerpt, ordinary, key: key(item), published: time(told_at) };
            let alike = (occasion(&firsts.occasions, told_at), self.alike(row.get_ref(3)?.as_str()?));
            let first = firsts.of.entry(alike).or_default();
            for channel in row.get_ref(2)?.as_str()?.lines().filter(|channel| !channel.starts_with("sources/")) {
                if !first.of_channels.contains_key(channel) {
                    first.of_channels.insert(channel.to_owned(), copy.clone());
                }
            }
            first.of_all.get_or_insert_with(|| copy.clone());
        }
        Ok(firsts)
    }
}

/// Seconds after which a source that says the same again means another occasion: [twenty days](dedup::LATER).
pub(super) const LATER: u64 = dedup::LATER * 86_400;

/// When the occasions begin on which the same was said, given the sources and dates of those that tell their day, in the order of
/// these, and the seconds from which on each source means another one by what it said last.
pub(super) fn occasions<S: Eq + Hash>(told: impl IntoIterator<Item = (S, i64, u64)>) -> Vec<i64> {
    let mut occasions = Vec::new();
    // The last time, and not the first of the occasion: so an older document moves none that begins later.
    let mut last: HashMap<S, i64> = HashMap::new();
    for (source, published, gap) in told {
        if last.get(&source).is_some_and(|last| last.abs_diff(published) >= gap) {
            occasions.push(published);
            last.clear();
        }
        last.insert(source, published);
    }
    occasions
}

/// On which of some occasions something was published.
pub(super) fn occasion(occasions: &[i64], published: i64) -> usize {
    occasions.partition_point(|begins| *begins <= published)
}

/// Whether so many days lie between two times that what is said again is said of something else.
pub(super) fn is_later(one: i64, other: i64) -> bool {
    one.abs_diff(other) > LATER
}

impl Store {
    /// Keys of the copies of an item: those of [`duplicates`](Self::duplicates).
    ///
    /// # Errors
    /// When the database fails.
    pub fn copies(&self, item: &str) -> Outcome<Vec<ItemKey>> {
        Ok(self.duplicates(item)?.into_iter().map(|copy| copy.key).collect())
    }

    /// The copies of an item, or the original and its other copies if it is a copy itself; the original, and the first
    /// hundred by key.
    ///
    /// # Errors
    /// When the database fails.
    pub fn duplicates(&self, item: &str) -> Outcome<Vec<Duplicate>> {
        self.run(|connection| {
            let sql = "SELECT ifnull(original, item) FROM item WHERE item = ?1";
            let Some(original) = one(connection, sql, [number(item)], |row| row.get::<_, i64>(0))? else {
                return Ok(Vec::new());
            };
            let sql = "SELECT item, source, link, channels FROM item WHERE item = ?1
                       UNION ALL SELECT * FROM
                           (SELECT item, source, link, channels FROM item WHERE original = ?1 ORDER BY item LIMIT ?2)
                       ORDER BY item";
            let copy = |row: &Row<'_>| {
                let is_shown = is_published(row.get_ref(3)?.as_str()?);
                Ok(Duplicate { key: key(row.get(0)?), source: row.get(1)?, link: row.get(2)?, is_shown })
            };
            let mut statement = connection.prepare_cached(sql)?;
            let copies: Vec<Duplicate> =
                statement.query_map(params![original, TOLD], copy)?.collect::<Result<_, _>>()?;
            Ok(copies.into_iter().filter(|copy| copy.key != item).collect())
        })
    }

    /// The original of an item: itself, where it is no copy. `None`: there is no such item.
    ///
    /// # Errors
    /// When the database fails.
    pub fn original(&self, item: &str) -> Outcome<Option<ItemKey>> {
        let sql = "SELECT ifnull(original, item) FROM item WHERE item = ?1";
        self.run(|connection| one(connection, sql, [number(item)], |row| row.get(0).map(key)))
    }

    /// Whether any item is a copy of another.
    ///
    /// # Errors
    /// When the database fails.
    pub fn has_copies(&self) -> Outcome<bool> {
        let sql = "SELECT 1 FROM item WHERE original IS NOT NULL LIMIT 1";
        self.run(|connection| Ok(one(connection, sql, [], |row| row.get::<_, i64>(0))?.is_some()))
    }
}

/// Copies of an original that each of them tells of, but for itself.
const TOLD: i64 = 101;

/// Whether an item is, or would be, one of those copies of another that they tell of.
pub(super) fn is_told(transaction: &Transaction<'_>, original: i64, item: i64) -> rusqlite::Result<bool> {
    let sql = "SELECT 1 FROM item WHERE original = ?1 AND item < ?2 ORDER BY item LIMIT 1 OFFSET ?3";
    Ok(!transaction.prepare_cached(sql)?.exists(params![original, item, TOLD - 1])?)
}

/// Whether any items are set apart.
pub(super) fn any_apart(transaction: &Transaction<'_>) -> rusqlite::Result<bool> {
    Ok(one(transaction, "SELECT 1 FROM apart LIMIT 1", [], |_| Ok(()))?.is_some())
}

/// Whether an item is set apart from any of some others.
fn is_apart(transaction: &Transaction<'_>, item: i64, others: &HashSet<i64>) -> rusqlite::Result<bool> {
    let mut statement = transaction.prepare_cached("SELECT other FROM apart WHERE one = ?1")?;
    let mut rows = statement.query([item])?;
    while let Some(row) = rows.next()? {
        if others.contains(&row.get(0)?) {
            return Ok(true);
        }
    }
    Ok(false)
}
