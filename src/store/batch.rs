//! A batch of documents that were read, as it is saved: items first, then the rows that are alike, many by one statement.

use rusqlite::types::{Null, ToSqlOutput};
use rusqlite::{CachedStatement, Connection, Transaction, params};

use super::ledger::Ledger;
use super::record::{Record, Saved};
use super::vanished::any_vanished;
use super::{Entry, Seen, SourceId, execute, number, reused};

/// Saves entries of some sources, with their stamps and the names that their items are known by. Returns how many items
/// were written.
pub(super) fn save_entries<'a>(
    transaction: &Transaction<'_>,
    ledger: &mut Ledger,
    sources: impl IntoIterator<Item = (&'a SourceId, &'a [Entry])>,
) -> rusqlite::Result<usize> {
    let mut written = 0;
    let mut documents: Vec<(&SourceId, &Seen)> = Vec::new();
    let mut aliases: Vec<(i64, Option<i64>)> = Vec::new();
    for (source, entries) in sources {
        let any_vanished = !entries.is_empty() && any_vanished(transaction, source)?;
        for Entry { seen, moved_from, item, names, leads, listed, is_new, rank } in entries {
            if let Some(from) = moved_from {
                // Unless another document has already taken that place.
                let sql = "DELETE FROM document WHERE source = ?1 AND path = ?2 AND item = ?3";
                let key = seen.item.as_deref().map(number);
                execute(transaction, sql, params![source.as_str(), from, key])?;
                if item.is_none() {
                    execute(transaction, "UPDATE item SET place = ?2 WHERE item = ?1", params![key, seen.path])?;
                }
            }
            if any_vanished {
                let sql = "DELETE FROM vanished WHERE source = ?1 AND path IN (?2, ?3)";
                execute(transaction, sql, params![source.as_str(), seen.path, moved_from])?;
            }
            if let Some((item, channels)) = item {
                let record = Record::of(item, &seen.path, channels);
                let saved = record.save(transaction, ledger, leads.as_ref(), *rank)?;
                written += usize::from(saved != Saved::Nothing);
                // What nobody else says is not said again.
                if let Some(listed) = listed.as_ref().filter(|_| saved != Saved::Alone) {
                    reused::note(transaction, ledger, item, listed, *is_new)?;
                }
            }
            documents.push((source, seen));
            let item = seen.item.as_deref().map(number);
            aliases.extend(names.iter().map(|name| (*name, item)));
        }
    }
    let into = "document (source, path, size, modified, inode, sidecar, content, item, note, born)";
    replace(transaction, into, &documents, |(source, seen)| {
        let Seen { path, stamp, born, content, item, note } = seen;
        [
            source.as_str().into(),
            path.as_slice().into(),
            stamp.size.cast_signed().into(),
            stamp.modified.into(),
            stamp.inode.cast_signed().into(),
            stamp.sidecar.into(),
            content.as_slice().into(),
            perhaps(item.as_deref().map(number)),
            perhaps(note.as_deref()),
            perhaps(*born),
        ]
    })?;
    // In the order of the table; of equal names the last one counts.
    aliases.sort_by_key(|(name, _)| *name);
    replace(transaction, "alias (name, item)", &aliases, |(name, item)| [(*name).into(), perhaps(*item)])?;
    Ok(written)
}

/// A value that may be missing.
pub(super) fn perhaps<'a>(value: Option<impl Into<ToSqlOutput<'a>>>) -> ToSqlOutput<'a> {
    value.map_or_else(|| Null.into(), Into::into)
}

/// How many rows one statement writes: those that are left go to the next smaller one. Where the key is the number of the row, a
/// statement of several copies each page that it changes, and the more of them, the fewer pages are copied again.
const TOGETHER: [usize; 4] = [256, 32, 8, 1];

/// Writes rows in place of those that have the same keys; of equal rows the last one counts. Most are new, and go in by a statement
/// that puts nothing in the place of anything: one that does, and may fail halfway, first copies each page that it changes.
fn replace<'a, R, const N: usize>(
    connection: &Connection,
    into: &str,
    rows: &'a [R],
    values: impl Fn(&'a R) -> [ToSqlOutput<'a>; N],
) -> rusqlite::Result<()> {
    let (add, replace) = (format!("INSERT OR IGNORE INTO {into}"), format!("INSERT OR REPLACE INTO {into}"));
    write_or(connection, (&add, Some(&replace)), "", rows, values).map(drop)
}

/// Writes rows, of which `values` tells what is in each. `head` and `tail` are what stands before and behind the values in
/// a statement. Most of what a row of a few numbers costs is the statement around it, so that one takes many. Returns how
/// many were written.
pub(super) fn write<'a, R, const N: usize>(
    connection: &Connection,
    head: &str,
    tail: &str,
    rows: &'a [R],
    values: impl Fn(&'a R) -> [ToSqlOutput<'a>; N],
) -> rusqlite::Result<usize> {
    write_or(connection, (head, None), tail, rows, values)
}

/// The same. Those that are written together, and not all by the first head, are written by the other.
fn write_or<'a, R, const N: usize>(
    connection: &Connection,
    (head, other): (&str, Option<&str>),
    tail: &str,
    rows: &'a [R],
    values: impl Fn(&'a R) -> [ToSqlOutput<'a>; N],
) -> rusqlite::Result<usize> {
    let row = format!("({})", ["?"; N].join(", "));
    let (mut rest, mut written) = (rows, 0);
    for size in TOGETHER {
        if rest.len() < size {
            continue;
        }
        let rows_of_values = vec![row.as_str(); size].join(", ");
        let prepare = |head| connection.prepare_cached(&format!("{head} VALUES {rows_of_values} {tail}"));
        let execute = |statement: &mut CachedStatement<'_>, rows: &'a [R]| {
            for (value, place) in rows.iter().flat_map(&values).zip(1_usize..) {
                statement.raw_bind_parameter(place, value)?;
            }
            statement.raw_execute()
        };
        let mut statement = prepare(head)?;
        while let Some((rows, behind)) = rest.split_at_checked(size) {
            let count = execute(&mut statement, rows)?;
            written += match other.filter(|_| count < size) {
                Some(other) => execute(&mut prepare(other)?, rows)?,
                None => count,
            };
            rest = behind;
        }
    }
    Ok(written)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_written_in_their_order_however_many_there_are() {
        let connection = Connection::open_in_memory().unwrap();
        connection.execute_batch("CREATE TABLE pier (number INTEGER PRIMARY KEY, name TEXT, depth INTEGER)").unwrap();
        let head = "INSERT OR IGNORE INTO pier (number, name, depth)";
        for count in [0_i64, 1, 7, 8, 31, 32, 41, 200, 256, 600] {
            connection.execute("DELETE FROM pier", []).unwrap();
            // The last row is the first once more, which is passed over.
            let mut rows: Vec<(i64, Option<String>)> =
                (0..count).map(|number| (number, (number % 3 > 0).then(|| format!("pier {number}")))).collect();
            rows.extend(rows.first().cloned());
            let written = write(&connection, head, "", &rows, |(number, name)| {
                [(*number).into(), perhaps(name.as_deref()), (number * 2).into()]
            });
            assert_eq!(written, Ok(rows.len().saturating_sub(1)), "{count} rows");
            let mut statement = connection.prepare("SELECT number, name, depth FROM pier ORDER BY number").unwrap();
            let found: Vec<(i64, Option<String>)> = statement
                .query_map([], |row| {
                    assert_eq!(row.get::<_, i64>(2)?, row.get::<_, i64>(0)? * 2);
                    Ok((row.get(0)?, row.get(1)?))
                })
                .unwrap()
                .collect::<Result<_, _>>()
                .unwrap();
            rows.truncate(rows.len().saturating_sub(1));
            assert_eq!(found, rows);
        }
    }

    #[test]
    fn of_equal_rows_the_last_one_counts() {
        let connection = Connection::open_in_memory().unwrap();
        connection.execute_batch("CREATE TABLE alias (name INTEGER PRIMARY KEY, item INTEGER NOT NULL)").unwrap();
        let rows: Vec<(i64, i64)> = (0..100).map(|at| (at % 10, at)).collect();
        let into = "alias (name, item)";
        assert_eq!(replace(&connection, into, &rows, |(name, item)| [(*name).into(), (*item).into()]), Ok(()));
        let last: i64 = connection.query_row("SELECT sum(item) FROM alias", [], |row| row.get(0)).unwrap();
        assert_eq!(last, (90..100).sum::<i64>());
        // What is none fails, and nothing is left bound of it.
        let wrong: [(i64, Option<i64>); 2] = [(1, None), (2, Some(2))];
        assert!(replace(&connection, into, &wrong, |(name, item)| [(*name).into(), perhaps(*item)]).is_err());
        let one = [(3_i64, 7_i64)];
        assert_eq!(replace(&connection, into, &one, |(name, item)| [(*name).into(), (*item).into()]), Ok(()));
    }

    #[test]
    fn a_statement_stands_as_it_was_given_around_the_values() {
        let connection = Connection::open_in_memory().unwrap();
        connection.execute_batch("CREATE TABLE \"VALUES (\" (height INTEGER)").unwrap();
        let written = write(&connection, "INSERT INTO \"VALUES (\"\n", "", &[1_i64, 2, 3], |height| [(*height).into()]);
        assert_eq!(written, Ok(3));
        let sum: i64 = connection.query_row("SELECT sum(height) FROM \"VALUES (\"", [], |row| row.get(0)).unwrap();
        assert_eq!(sum, 6);
        // What would be a statement without it is none.
        let wrong = write(&connection, "INSERT INTO nowhere", "", &[1_i64], |height| [(*height).into()]);
        assert!(wrong.is_err());
    }

    #[test]
    fn what_stands_behind_the_values_holds_for_each_row() {
        let connection = Connection::open_in_memory().unwrap();
        connection.execute_batch("CREATE TABLE tide (pier INTEGER PRIMARY KEY, height INTEGER NOT NULL)").unwrap();
        let head = "INSERT INTO tide (pier, height)";
        let tail = "ON CONFLICT (pier) DO UPDATE SET height = max(height, excluded.height)";
        let rows: Vec<(i64, i64)> = (0..100).map(|at| (at % 10, 99 - at)).collect();
        assert_eq!(write(&connection, head, tail, &rows, |(pier, height)| [(*pier).into(), (*height).into()]), Ok(100));
        let highest: i64 = connection.query_row("SELECT sum(height) FROM tide", [], |row| row.get(0)).unwrap();
        assert_eq!(highest, (90..100).sum::<i64>());
    }
}
