//! What a batch changes beyond its own rows: counted while it is written, and written at its end.

use std::collections::{BTreeSet, HashMap, HashSet};

use rusqlite::{CachedStatement, Row, Transaction, params};

use super::archive::Position;
use super::group::{self, Group};
use super::near::Near;
use super::postponed::Postponed;
use super::rank::seconds;
use super::record::{self, shown};
use super::story::Telling;
use super::translation::{self, Hints};
use super::{CHANGE, ITEMS, archive, batch, bearer, count, execute, next_change, one, removal, set_meta};

/// Groups of which it is kept what was found out.
const MOST_KNOWN: usize = 512;

/// What is counted while a batch is written, and written at its end.
pub(super) struct Ledger<'a> {
    /// [`record::ADD`] and [`group::COMPANY`], which every new item asks for: to find a statement again takes a tenth of its time.
    pub(super) add: CachedStatement<'a>,
    pub(super) company: CachedStatement<'a>,
    /// Number of the last change.
    pub(super) change: i64,
    /// How many items there are.
    pub(super) items: i64,
    /// What it was when the batch began.
    began: i64,
    /// Groups whose copies have to be looked at.
    pub(super) groups: BTreeSet<Group>,
    /// Whether any item was removed: most stores have none.
    pub(super) has_removed: bool,
    /// What is to be done for stories.
    pub(super) telling: Telling,
    /// What is to be done for translations.
    pub(super) hints: Hints,
    /// Rows of items that say something else than before: their other versions tell of them.
    pub(super) told: BTreeSet<i64>,
    /// Items that have other copies now, or of which their copies tell something else.
    pub(super) retold: BTreeSet<i64>,
    /// Items that are no copies of others any more, behind those that they were copies of.
    pub(super) left: BTreeSet<(i64, i64)>,
    /// Ids of upstreams that may be those of several items, of which it is to be decided who bears them.
    pub(super) contested: BTreeSet<String>,
    /// Ids of channels by path.
    channels: HashMap<String, i64>,
    /// How many items each channel gained that is stale now, for an item of it is not what it was.
    gained: HashMap<i64, i64>,
    /// Channel, place and item of members that wait to be written in the order of the table.
    joining: Vec<(i64, i64, i64)>,
}

impl<'a> Ledger<'a> {
    /// An empty one, for a batch that begins now.
    pub(super) fn open(transaction: &'a Transaction<'_>) -> rusqlite::Result<Self> {
        let change = next_change(transaction)?;
        Ok(Self {
            add: transaction.prepare_cached(record::ADD)?,
            company: transaction.prepare_cached(group::COMPANY)?,
            change,
            items: count(transaction)?,
            began: change,
            groups: BTreeSet::new(),
            has_removed: removal::is_any(transaction)?,
            telling: Telling::default(),
            hints: Hints::default(),
            told: BTreeSet::new(),
            retold: BTreeSet::new(),
            left: BTreeSet::new(),
            contested: BTreeSet::new(),
            channels: HashMap::new(),
            gained: HashMap::new(),
            joining: Vec::new(),
        })
    }

    /// The id of a channel, which is made if there is none.
    fn channel(&mut self, transaction: &Transaction<'_>, path: &str) -> rusqlite::Result<i64> {
        if let Some(id) = self.channels.get(path) {
            return Ok(*id);
        }
        let found = one(transaction, "SELECT id FROM channel WHERE path = ?1", [path], |row| row.get(0))?;
        let id = if let Some(id) = found {
            id
        } else {
            execute(transaction, "INSERT INTO channel (path, items) VALUES (?1, 0)", [path])?;
            transaction.last_insert_rowid()
        };
        self.channels.insert(path.to_owned(), id);
        Ok(id)
    }

    /// Moves an item, which has its [place](super::rank) in each, from the channels that showed it to those that show it now.
    pub(super) fn show(
        &mut self,
        transaction: &Transaction<'_>,
        (at, item): Position,
        before: &[&str],
        now: &[&str],
    ) -> rusqlite::Result<()> {
        for channel in before {
            let id = self.channel(transaction, channel)?;
            self.gained.entry(id).or_default();
        }
        for channel in before.iter().filter(|channel| !now.contains(channel)) {
            // It may be among those that wait.
            self.join(transaction)?;
            let id = self.channel(transaction, channel)?;
            let sql =
                "DELETE FROM member WHERE channel = ?1 AND published = ?2 AND item = ?3 RETURNING ifnull(number, 0)";
            let values = params![id, seconds(at), item];
            if let Some(number) = one(transaction, sql, values, |row| row.get::<_, usize>(0))? {
                *self.gained.entry(id).or_default() -= 1;
                if number > 0 {
                    archive::leave(transaction, id, number)?;
                }
            }
        }
        for channel in now.iter().filter(|channel| !before.contains(channel)) {
            let id = self.channel(transaction, channel)?;
            self.joining.push((id, at, item));
        }
        Ok(())
    }

    /// Writes the members that wait.
    fn join(&mut self, transaction: &Transaction<'_>) -> rusqlite::Result<()> {
        let mut joining = std::mem::take(&mut self.joining);
        joining.sort_unstable();
        for members in joining.chunk_by(|(one, ..), (other, ..)| one == other) {
            let Some((channel, ..)) = members.first() else { continue };
            let number = archive::first_number(transaction, *channel)?;
            let head = "INSERT OR IGNORE INTO member (channel, published, item, number)";
            let joined = batch::write(transaction, head, "", members, |(channel, at, item)| {
                [(*channel).into(), seconds(*at).into(), (*item).into(), batch::perhaps(number)]
            })?;
            *self.gained.entry(*channel).or_default() += i64::try_from(joined).unwrap_or(0);
        }
        Ok(())
    }

    /// Each copy tells of the first others, so that they change together; one that none of them tells of changes alone.
    fn retell(&mut self, transaction: &Transaction<'_>) -> rusqlite::Result<()> {
        let (mut originals, mut alone): (BTreeSet<i64>, BTreeSet<i64>) = (BTreeSet::new(), BTreeSet::new());
        for (original, item) in std::mem::take(&mut self.left) {
            if group::is_told(transaction, original, item)? {
                originals.insert(original);
            }
        }
        for item in std::mem::take(&mut self.retold) {
            let sql = "SELECT original FROM item WHERE item = ?1";
            match one(transaction, sql, [item], |row| row.get::<_, Option<i64>>(0))? {
                Some(Some(original)) if group::is_told(transaction, original, item)? => originals.insert(original),
                Some(Some(_)) => alone.insert(item),
                Some(None) => originals.insert(item),
                None => false,
            };
        }
        let mut statement = transaction.prepare_cached("SELECT item FROM item WHERE original = ?1")?;
        for original in originals {
            let copies = statement.query_map([original], |row| row.get(0))?;
            alone.extend(copies.collect::<Result<Vec<i64>, _>>()?);
            alone.insert(original);
        }
        for item in alone {
            self.retold_by("item", transaction, item)?;
        }
        Ok(())
    }

    /// An item, by the value of a column, tells something else of others: it has changed, and so have the channels that
    /// show it.
    fn retold_by(&mut self, column: &str, transaction: &Transaction<'_>, value: i64) -> rusqlite::Result<()> {
        self.change += 1;
        // By two statements: one that gives rows back keeps what the pages said that it changes, and goes over to a file for that.
        let sql = format!("SELECT channels, hidden, id FROM item WHERE {column} = ?1");
        let row = |row: &Row<'_>| Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?, row.get(2)?));
        if let Some((channels, hidden, id)) = one(transaction, &sql, [value], row)? {
            execute(transaction, "UPDATE item SET change = ?2 WHERE id = ?1", [id, self.change])?;
            for channel in shown(&channels, &hidden) {
                let id = self.channel(transaction, channel)?;
                self.gained.entry(id).or_default();
            }
            self.told.insert(id);
        }
        Ok(())
    }

    /// Versions of a story in other languages tell of each other, so that they change together.
    fn retell_versions(&mut self, transaction: &Transaction<'_>) -> rusqlite::Result<()> {
        let mut changed = std::mem::take(&mut self.hints).link(transaction)?;
        if !self.told.is_empty() && translation::is_any(transaction)? {
            changed.extend(translation::versions_of(transaction, &self.told)?);
        }
        for id in changed {
            self.retold_by("id", transaction, id)?;
        }
        Ok(())
    }

    /// Looks at the copies, unless all is new and that may be put off, and writes what was counted.
    pub(super) fn close(
        mut self,
        transaction: &Transaction<'_>,
        near: &mut Near,
        postponed: Option<&mut Postponed>,
    ) -> rusqlite::Result<()> {
        let mut telling = std::mem::take(&mut self.telling);
        telling.unite_all(transaction, near)?;
        let is_new = telling.is_new() && self.told.is_empty() && self.retold.is_empty() && self.left.is_empty();
        if let Some(postponed) = postponed.filter(|_| is_new) {
            postponed.put_off(transaction, self.began, &mut telling.families, &mut self.groups)?;
        }
        telling.tell(transaction, near, &mut self)?;
        let (mut firsts, mut seen) = (HashMap::new(), HashSet::new());
        for group in std::mem::take(&mut self.groups) {
            group.link(transaction, &mut self, &mut firsts, &mut seen)?;
            // What is known of many groups is found out anew rather than kept.
            if firsts.len() > MOST_KNOWN {
                firsts.clear();
            }
        }
        bearer::note(transaction, &std::mem::take(&mut self.contested))?;
        self.retell(transaction)?;
        self.retell_versions(transaction)?;
        self.join(transaction)?;
        for (id, gained) in &self.gained {
            let sql = "UPDATE channel SET items = items + ?2, stale = 1 WHERE id = ?1 AND (?2 <> 0 OR NOT stale)";
            execute(transaction, sql, [id, gained])?;
        }
        if self.change == self.began {
            return Ok(());
        }
        if self.began == 0 {
            bearer::begin(transaction)?;
        }
        set_meta(transaction, ITEMS, &self.items.to_string())?;
        set_meta(transaction, CHANGE, &self.change.to_string())
    }
}
