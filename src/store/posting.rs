//! Which texts are found under which key, on disk: sorted runs of postings, cut into chunks that are rows of one table.
//!
//! A row for each posting would be written at a random place of the table, eighteen for each item. Some thousand texts make
//! one run instead, and when there are eight of about one size, they become one: a posting is written again a few times in
//! its life, always in order (O'Neil et al., "The log-structured merge-tree", 1996). Until they are so many, texts are loose:
//! they are listed, and what they are found under is known by their marks.

use rusqlite::{Transaction, params};

use super::{execute, one};

/// A key and the number of a text that is found under it: the key in the upper half.
pub(super) type Posting = u64;

/// Postings of a chunk: four chunks fill a page of 16 KiB.
const CHUNK: usize = 504;
/// Bytes of a posting.
const BYTES: usize = size_of::<Posting>();
/// Most postings of one key. Of very many texts that begin alike, the newest are found; equal ones are copies anyway.
pub(super) const MOST: usize = 1_024;
/// Runs of about one size that become one.
const RUNS: usize = 8;
/// Fewest postings of a run that is not among the smallest.
const SMALLEST: u64 = 1 << 15;
/// Texts that are loose before they make a run.
pub(super) const LOOSE: usize = 1 << 12;
/// The row that lists those that are, four bytes for each, least first: the chunks of the first run come behind it.
const LOOSE_ROW: i64 = 0;
/// Bits of a key by which postings are put in order at once.
const DIGIT: u32 = 11;

/// The posting of a text under a key.
pub(super) fn posting(key: u32, text: u32) -> Posting {
    u64::from(key) << 32 | u64::from(text)
}

/// Key of a posting.
pub(super) fn key_of(posting: Posting) -> u32 {
    (posting >> 32) as u32
}

/// Number of the text of a posting.
#[expect(clippy::cast_possible_truncation, reason = "the lower half is what is meant")]
pub(super) fn text_of(posting: Posting) -> u32 {
    posting as u32
}

/// Postings in order, of those that are in the order of their texts.
pub(super) fn sorted(mut postings: Vec<Posting>) -> Vec<Posting> {
    debug_assert!(postings.is_sorted_by_key(|posting| text_of(*posting)), "texts are in order");
    // From the lowest digit to the highest: what has one digit stays in the order that it has.
    let mut sorted = vec![0; postings.len()];
    for shift in (0..u32::BITS).step_by(DIGIT as usize) {
        let digit = |posting: Posting| (key_of(posting) >> shift) as usize % (1 << DIGIT);
        let mut places = [0; 1 << DIGIT];
        for posting in &postings {
            places[digit(*posting)] += 1;
        }
        let mut before = 0;
        for place in &mut places {
            before += std::mem::replace(place, before);
        }
        for posting in &postings {
            let place = &mut places[digit(*posting)];
            sorted[*place] = *posting;
            *place += 1;
        }
        std::mem::swap(&mut postings, &mut sorted);
    }
    postings
}

/// Texts that are loose, in order.
pub(super) fn loose(transaction: &Transaction<'_>) -> rusqlite::Result<Vec<u32>> {
    let texts = one(transaction, "SELECT data FROM posting WHERE id = ?1", [LOOSE_ROW], |row| {
        let (texts, _) = row.get_ref(0)?.as_blob()?.as_chunks();
        Ok(texts.iter().map(|text| u32::from_le_bytes(*text)).collect())
    })?;
    Ok(texts.unwrap_or_default())
}

/// Tells which texts are loose.
pub(super) fn set_loose(transaction: &Transaction<'_>, texts: &[u32]) -> rusqlite::Result<()> {
    let texts: Vec<[u8; 4]> = texts.iter().map(|text| text.to_le_bytes()).collect();
    let sql = "INSERT OR REPLACE INTO posting (id, data) VALUES (?1, ?2)";
    execute(transaction, sql, params![LOOSE_ROW, texts.as_flattened()]).map(drop)
}

/// Adds postings, which have to be in order.
pub(super) fn add(transaction: &Transaction<'_>, postings: &[Posting]) -> rusqlite::Result<()> {
    debug_assert!(postings.is_sorted(), "postings are in order");
    if postings.is_empty() {
        return Ok(());
    }
    let mut run = Run::begin(transaction)?;
    postings.iter().try_for_each(|posting| run.push(*posting))?;
    run.finish()?;
    while merge(transaction)? {}
    Ok(())
}

/// Takes postings away, wherever they are.
pub(super) fn remove(transaction: &Transaction<'_>, mut postings: Vec<Posting>) -> rusqlite::Result<()> {
    postings.sort_unstable();
    let runs = if postings.is_empty() { Vec::new() } else { runs(transaction)? };
    let sql = "SELECT id, data FROM posting WHERE id BETWEEN ?1 AND ?2 ORDER BY id DESC LIMIT 1";
    for (run, _) in runs {
        let (mut rest, mut taken) = (postings.as_slice(), 0);
        while let Some(posting) = rest.first() {
            let mut key = key_of(*posting);
            let chunk = one(transaction, sql, [chunk_id(run, 0), chunk_id(run, key)], |row| {
                let chunk = Chunk(row.get_ref(1)?.as_blob()?);
                let kept = chunk.postings().filter(|posting| postings.binary_search(posting).is_err());
                let kept: Vec<[u8; BYTES]> = kept.map(Posting::to_le_bytes).collect();
                key = chunk.last().map_or(key, key_of).max(key);
                Ok((row.get::<_, i64>(0)?, kept.as_flattened().to_vec(), chunk.0.len()))
            })?;
            match chunk {
                Some((id, kept, length)) if kept.is_empty() => {
                    taken += length / BYTES;
                    execute(transaction, "DELETE FROM posting WHERE id = ?1", [id])?;
                }
                Some((id, kept, length)) if kept.len() < length => {
                    taken += (length - kept.len()) / BYTES;
                    execute(transaction, "UPDATE posting SET data = ?2 WHERE id = ?1", params![id, kept])?;
                }
                _ => {}
            }
            // No key stands in two chunks.
            rest = rest.get(rest.partition_point(|posting| key_of(*posting) <= key)..).unwrap_or_default();
        }
        execute(transaction, "UPDATE run SET size = max(size - ?2, 0) WHERE id = ?1", params![run, taken])?;
    }
    Ok(())
}

/// All postings of runs under some keys, which have to be in order.
pub(super) fn look_up(
    transaction: &Transaction<'_>,
    keys: &[u32],
    mut found: impl FnMut(Posting),
) -> rusqlite::Result<()> {
    // The last chunk that does not begin behind the key.
    let sql = "SELECT data FROM posting WHERE id BETWEEN ?1 AND ?2 ORDER BY id DESC LIMIT 1";
    let mut statement = transaction.prepare_cached(sql)?;
    for (run, _) in runs(transaction)? {
        let mut keys = keys.iter().peekable();
        while let Some(key) = keys.next() {
            let mut rows = statement.query([chunk_id(run, 0), chunk_id(run, *key)])?;
            let Some(row) = rows.next()? else { continue };
            let chunk = Chunk(row.get_ref(0)?.as_blob()?);
            let last = chunk.last().map_or(0, key_of);
            chunk.under(*key, &mut found);
            // No key stands in two chunks.
            while let Some(next) = keys.next_if(|next| **next <= last) {
                chunk.under(*next, &mut found);
            }
        }
    }
    Ok(())
}

/// All postings of runs.
pub(super) fn all(transaction: &Transaction<'_>, mut found: impl FnMut(Posting)) -> rusqlite::Result<()> {
    let mut statement = transaction.prepare_cached("SELECT data FROM posting WHERE id > ?1 ORDER BY id")?;
    let mut rows = statement.query([LOOSE_ROW])?;
    while let Some(row) = rows.next()? {
        Chunk(row.get_ref(0)?.as_blob()?).postings().for_each(&mut found);
    }
    Ok(())
}

/// How many postings runs say they have.
pub(super) fn told(transaction: &Transaction<'_>) -> rusqlite::Result<u64> {
    Ok(runs(transaction)?.into_iter().fold(0, |told, (_, size)| told.saturating_add(size)))
}

/// How many postings there are in runs: what these say may be damaged, and room has to be made for all.
pub(super) fn count(transaction: &Transaction<'_>) -> rusqlite::Result<usize> {
    let sql = "SELECT ifnull(sum(length(data)), 0) FROM posting WHERE id > ?1";
    Ok(one(transaction, sql, [LOOSE_ROW], |row| row.get::<_, usize>(0))?.unwrap_or(0) / BYTES)
}

/// Makes one run of all those of about one size, if there are enough. Returns whether there were.
fn merge(transaction: &Transaction<'_>) -> rusqlite::Result<bool> {
    let runs = runs(transaction)?;
    let level = |size: u64| (size / SMALLEST).checked_ilog(RUNS as u64).map_or(0, |level| level + 1);
    let of_level = |wanted: u32| runs.iter().filter(move |(_, size)| level(*size) == wanted).map(|(run, _)| *run);
    let Some(full) = (0..=u64::BITS).find(|wanted| of_level(*wanted).count() >= RUNS) else { return Ok(false) };
    let old: Vec<i64> = of_level(full).collect();
    let mut readers = Vec::with_capacity(old.len());
    for run in &old {
        readers.push(Reader::open(transaction, *run)?);
    }
    let mut new = Run::begin(transaction)?;
    let mut next: Vec<Posting> = Vec::new();
    // Up to where the first of their chunks ends, no run has others.
    while let Some(end) = readers.iter().filter_map(|reader| reader.chunk.last().copied()).min() {
        for reader in &mut readers {
            next.extend(reader.up_to(transaction, end)?);
        }
        #[expect(clippy::stable_sort_primitive, reason = "it merges what is in order piece by piece")]
        next.sort();
        next.dedup();
        next.drain(..).try_for_each(|posting| new.push(posting))?;
    }
    new.finish()?;
    for run in old {
        execute(
            transaction,
            "DELETE FROM posting WHERE id BETWEEN ?1 AND ?2",
            [chunk_id(run, 0), chunk_id(run, u32::MAX)],
        )?;
        execute(transaction, "DELETE FROM run WHERE id = ?1", [run])?;
    }
    Ok(true)
}

/// Numbers of the runs, and how many postings each has.
fn runs(transaction: &Transaction<'_>) -> rusqlite::Result<Vec<(i64, u64)>> {
    let mut statement = transaction.prepare_cached("SELECT id, size FROM run ORDER BY id")?;
    statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?.collect()
}

/// The chunk of a run that begins with a key.
fn chunk_id(run: i64, key: u32) -> i64 {
    run << 32 | i64::from(key)
}

/// The postings of one row, in order, each of eight bytes with the least first.
struct Chunk<'a>(&'a [u8]);

impl Chunk<'_> {
    fn postings(&self) -> impl Iterator<Item = Posting> + '_ {
        self.0.as_chunks::<BYTES>().0.iter().map(|bytes| Posting::from_le_bytes(*bytes))
    }

    fn last(&self) -> Option<Posting> {
        self.0.last_chunk().map(|bytes| Posting::from_le_bytes(*bytes))
    }

    fn under(&self, key: u32, found: &mut impl FnMut(Posting)) {
        let (postings, _) = self.0.as_chunks::<BYTES>();
        let before = postings.partition_point(|bytes| key_of(Posting::from_le_bytes(*bytes)) < key);
        let behind = postings.get(before..).unwrap_or_default().iter().map(|bytes| Posting::from_le_bytes(*bytes));
        behind.take_while(|posting| key_of(*posting) == key).for_each(found);
    }
}

/// What keys begin with, a bit for each.
pub(super) struct Begins(Vec<u64>);

impl Begins {
    pub(super) fn of(keys: &[u32]) -> Self {
        // A megabyte tells many keys apart, which a few need not wait for.
        let bits = if keys.len() < 1 << 12 { 15 } else { 23 };
        let mut begins = Self(vec![0; 1 << (bits - 6)]);
        for key in keys {
            let (at, bit) = begins.place(*key);
            begins.0[at] |= bit;
        }
        begins
    }

    /// Whether one of them begins as a key does.
    pub(super) fn has(&self, key: u32) -> bool {
        let (at, bit) = self.place(key);
        self.0[at] & bit != 0
    }

    fn place(&self, key: u32) -> (usize, u64) {
        let begin = key >> (u32::BITS - 6 - self.0.len().ilog2());
        ((begin >> 6) as usize, 1 << (begin % 64))
    }
}

/// A run that is being written.
struct Run<'a> {
    transaction: &'a Transaction<'a>,
    id: i64,
    size: u64,
    /// The chunk that is being filled.
    chunk: Vec<u8>,
    /// Its first key, and where the postings of its last key begin.
    first: u32,
    last: (u32, usize),
}

impl<'a> Run<'a> {
    fn begin(transaction: &'a Transaction<'a>) -> rusqlite::Result<Self> {
        let sql = "SELECT ifnull(max(id), 0) + 1 FROM run";
        let id = one(transaction, sql, [], |row| row.get(0))?.unwrap_or(1);
        // Its number is taken at once, and its size told at its end.
        execute(transaction, "INSERT INTO run (id, size) VALUES (?1, 0)", [id])?;
        let chunk = Vec::with_capacity(CHUNK * BYTES);
        Ok(Self { transaction, id, size: 0, chunk, first: 0, last: (0, 0) })
    }

    /// Adds a posting that is not before those that are there.
    fn push(&mut self, posting: Posting) -> rusqlite::Result<()> {
        let key = key_of(posting);
        if self.chunk.is_empty() {
            (self.first, self.last) = (key, (key, 0));
        } else if key != self.last.0 {
            if self.chunk.len() >= CHUNK * BYTES {
                self.write()?;
                self.first = key;
            }
            self.last = (key, self.chunk.len());
        } else if self.chunk.len() - self.last.1 >= MOST * BYTES {
            // The newest have the highest numbers.
            self.chunk.drain(self.last.1..self.last.1 + BYTES);
            self.size -= 1;
        } else if self.chunk.len() >= CHUNK * BYTES && self.last.1 > 0 {
            // All postings of a key stand in one chunk.
            let behind = self.chunk.split_off(self.last.1);
            self.write()?;
            self.chunk = behind;
            (self.first, self.last) = (key, (key, 0));
        }
        self.chunk.extend_from_slice(&posting.to_le_bytes());
        self.size += 1;
        Ok(())
    }

    fn write(&mut self) -> rusqlite::Result<()> {
        let sql = "INSERT INTO posting (id, data) VALUES (?1, ?2)";
        execute(self.transaction, sql, params![chunk_id(self.id, self.first), self.chunk])?;
        self.chunk.clear();
        Ok(())
    }

    fn finish(mut self) -> rusqlite::Result<()> {
        if !self.chunk.is_empty() {
            self.write()?;
        }
        execute(self.transaction, "UPDATE run SET size = ?2 WHERE id = ?1", params![self.id, self.size]).map(drop)
    }
}

/// A run that is being read, chunk by chunk.
struct Reader {
    /// The postings of the chunk that were not read yet. Empty behind the last.
    chunk: Vec<Posting>,
    /// Where the chunks that were not read yet are.
    next: i64,
    end: i64,
}

impl Reader {
    fn open(transaction: &Transaction<'_>, run: i64) -> rusqlite::Result<Self> {
        let mut reader = Self { chunk: Vec::new(), next: chunk_id(run, 0), end: chunk_id(run, u32::MAX) };
        reader.advance(transaction)?;
        Ok(reader)
    }

    /// The postings of the chunk up to one that no chunk ends before.
    fn up_to(&mut self, transaction: &Transaction<'_>, end: Posting) -> rusqlite::Result<Vec<Posting>> {
        let behind = self.chunk.split_off(self.chunk.partition_point(|posting| *posting <= end));
        let postings = std::mem::replace(&mut self.chunk, behind);
        if self.chunk.is_empty() {
            self.advance(transaction)?;
        }
        Ok(postings)
    }

    fn advance(&mut self, transaction: &Transaction<'_>) -> rusqlite::Result<()> {
        let sql = "SELECT id, data FROM posting WHERE id BETWEEN ?1 AND ?2 ORDER BY id LIMIT 1";
        let id = one(transaction, sql, [self.next, self.end], |row| {
            self.chunk.extend(Chunk(row.get_ref(1)?.as_blob()?).postings());
            row.get::<_, i64>(0)
        })?;
        self.next = id.map_or(self.end, |id| id.saturating_add(1));
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn postings_are_in_order() {
        let key = |text: u32| text.wrapping_mul(0x9e37_79b9) >> (text % 30);
        let given: Vec<Posting> =
            (1..5_000).flat_map(|text| [posting(key(text), text), posting(!key(text), text)]).collect();
        let mut expected = given.clone();
        expected.sort_unstable();
        assert_eq!(sorted(given), expected);
    }
}
