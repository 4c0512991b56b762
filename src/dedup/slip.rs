//! Slips of the hand: letters and digits that changed places, were left out, or stand for others.

/// Longest word whose spelling is compared, bytes.
pub(super) const LONGEST_WORD: usize = 48;
/// Most slips of the hand in one word.
const SLIP: usize = 2;
/// From this length on a letter that is another is hardly ever another word: "organize", "organise". Letters.
const LONG_WORD: usize = 8;

/// What two words are to each other that are spelt nearly the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Spelling {
    /// One is the other with a slip of the hand, or spelt as elsewhere.
    Slip,
    /// A letter is another, which may make another word of a short one: "Meier" and "Maier".
    Letter,
    /// Each is a word.
    Other,
}

/// What two words in lower case are to each other, if there is nothing else to tell it by.
pub(super) fn spelling(one: &str, other: &str) -> Spelling {
    if !is_slip(one, other) {
        return Spelling::Other;
    }
    let [length, of_other] = [one, other].map(|word| word.chars().count());
    if is_permuted(one, other) {
        return Spelling::Slip;
    }
    // Nobody slips at the first letter of a long word, but many words are others by their beginning: "available",
    // "unavailable"; "maternity", "paternity".
    if one.chars().next() != other.chars().next() && length.max(of_other) >= LONG_WORD {
        return Spelling::Other;
    }
    if length != of_other && (is_within(one, other) || is_within(other, one)) {
        return Spelling::Slip;
    }
    match strsim::osa_distance(one, other) {
        1 if length >= LONG_WORD => Spelling::Slip,
        1 => Spelling::Letter,
        // "Internal" and "external".
        _ => Spelling::Other,
    }
}

/// Whether all letters of a word stand in another, in their order.
fn is_within(short: &str, long: &str) -> bool {
    let mut letters = long.chars();
    short.chars().all(|letter| letters.any(|other| other == letter))
}

/// Whether letters have changed places, or one of many is another.
pub(super) fn is_slip(one: &str, other: &str) -> bool {
    // Nearly always it is another word.
    if least_distance(one, other) > SLIP {
        return false;
    }
    let longest = one.chars().count().max(other.chars().count());
    let most = if is_permuted(one, other) { longest / 2 } else { longest / 4 };
    strsim::osa_distance(one, other) <= most.min(SLIP)
}

/// What the letters alone tell of how far two words are apart: each that only one of them has takes a step at least.
fn least_distance(one: &str, other: &str) -> usize {
    let mut more = [0_i32; 64];
    let kind = |letter: char| letter as usize % 64;
    one.chars().for_each(|letter| more[kind(letter)] += 1);
    other.chars().for_each(|letter| more[kind(letter)] -= 1);
    let (gone, come) = more.iter().fold((0, 0), |(gone, come), more| (gone + more.max(&0), come - more.min(&0)));
    usize::try_from(gone.max(come)).unwrap_or(0)
}

/// Whether digits beside each other have changed places, or one has gone or come.
pub(super) fn is_slip_of_digits(one: &str, other: &str) -> bool {
    let longest = one.len().max(other.len());
    let most = if is_permuted(one, other) { 1 + longest / 8 } else { usize::from(one.len() != other.len()) };
    longest <= LONGEST_WORD && (1..=most).contains(&strsim::osa_distance(one, other))
}

/// Whether both have the same letters.
pub(super) fn is_permuted(one: &str, other: &str) -> bool {
    let sorted = |text: &str| {
        let mut letters: Vec<char> = text.chars().collect();
        letters.sort_unstable();
        letters
    };
    one.len() == other.len() && sorted(one) == sorted(other)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_rule_out_no_slip() {
        let words =
            ["", "a", "conference", "conferecne", "Conference", "committee", "comitee", "études", "学院", "学校"];
        let mut slips = 0;
        for [one, other] in words.iter().flat_map(|one| words.map(|other| [*one, other])) {
            let steps = strsim::osa_distance(one, other);
            assert!(least_distance(one, other) <= steps, "{one} {other}");
            let longest = one.chars().count().max(other.chars().count());
            let most = if is_permuted(one, other) { longest / 2 } else { longest / 4 };
            assert_eq!(is_slip(one, other), steps <= most.min(2), "{one} {other}");
            slips += usize::from(one != other && is_slip(one, other));
        }
        assert_eq!(slips, 8);
    }

    #[test]
    fn a_letter_may_make_another_word() {
        for (one, other, expected) in [
            ("conference", "conferecne", Spelling::Slip),
            ("committee", "comitee", Spelling::Slip),
            ("organize", "organise", Spelling::Slip),
            ("student", "students", Spelling::Slip),
            ("meier", "maier", Spelling::Letter),
            ("raum", "baum", Spelling::Letter),
            ("internal", "external", Spelling::Other),
            ("increase", "decrease", Spelling::Other),
            ("open", "closed", Spelling::Other),
            ("available", "unavailable", Spelling::Other),
            ("gültig", "ungültig", Spelling::Other),
            ("maternity", "paternity", Spelling::Other),
            ("东", "西", Spelling::Other),
        ] {
            assert_eq!((spelling(one, other), spelling(other, one)), (expected, expected), "{one} {other}");
        }
    }
}
