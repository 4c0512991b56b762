//! Entries that stand in two rows each: one names the story, the other tells its day, and what else is said of it.

/// Rows from which on it is no chance that each second has a date.
const LEAST: usize = 6;

/// Which of some rows name stories, by their places: all, unless each second has a date and the others have none, and the links in
/// those with dates are far shorter (who wrote it, what it is filed under, how many comments it has). `words` tells how many words
/// the link of a row has.
pub(super) fn that_name<R>(rows: Vec<R>, is_dated: impl Fn(&R) -> bool, words: impl Fn(&R) -> f32) -> Vec<R> {
    let Some(first) = rows.first().filter(|_| rows.len() >= LEAST).map(&is_dated) else { return rows };
    let tells = |at: usize| at.is_multiple_of(2) == first;
    if rows.iter().enumerate().any(|(at, row)| is_dated(row) != tells(at)) {
        return rows;
    }
    let said = |telling: bool| -> f32 {
        rows.iter().enumerate().filter(|(at, _)| tells(*at) == telling).map(|(_, row)| words(row)).sum()
    };
    if said(false) < 2.0 * said(true) {
        return rows;
    }
    rows.into_iter().enumerate().filter(|(at, _)| !tells(*at)).map(|(_, row)| row).collect()
}
