//! The place of an entry in its page, as far as it is that of the entry for good.

use super::super::super::date::Context;
use super::super::words;
use super::Told;

/// Letters of a word that tells an entry.
const WORD: usize = 4;
/// Figures of a number that a system gives.
const NUMBER: usize = 4;

/// The fragment of each entry, where it has one that goes on being its own when others come: it has a word of the title, a day, or a number that
/// does not count the entries from the top.
pub(super) fn of(entries: &[Told<'_>], context: &Context) -> Vec<Option<String>> {
    let is_alone = |name: &str| entries.iter().filter(|entry| entry.fragment.as_deref() == Some(name)).count() == 1;
    let numbers: Vec<Option<u64>> = entries.iter().map(|entry| number(entry.fragment.as_deref()?)).collect();
    let counted = numbers.windows(2).filter(|pair| matches!(pair, [Some(a), Some(b)] if a < b)).count();
    let falling = numbers.windows(2).filter(|pair| matches!(pair, [Some(a), Some(b)] if a > b)).count();
    let fragment = |(entry, number): (&Told<'_>, &Option<u64>)| {
        let name = entry.fragment.as_deref().filter(|name| is_alone(name))?;
        let lower = name.to_lowercase();
        let says = |text: &str| {
            let mut words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| word.chars().count() >= WORD);
            words.any(|word| lower.contains(&word.to_lowercase()))
        };
        let is_dated = || words::is_date(name, context) && words::letters(name) >= 2 * NUMBER;
        // Numbers that fall from the top are given once; those that rise count what stands there.
        let is_given = || {
            let is_long = name.chars().filter(char::is_ascii_digit).count() >= NUMBER;
            number.is_some() && (counted == 0 && falling > 0 || is_long && counted * 2 <= entries.len())
        };
        (says(&entry.title) || is_dated() || is_given()).then(|| name.to_owned())
    };
    entries.iter().zip(&numbers).map(fragment).collect()
}

/// The last number in a name.
fn number(name: &str) -> Option<u64> {
    name.rsplit(|c: char| !c.is_ascii_digit()).find(|digits| !digits.is_empty())?.parse().ok()
}
