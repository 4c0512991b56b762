//! A sketch of a text: a few bytes by which texts that may tell the same story are found among very many.
//!
//! One-permutation `MinHash` (Li, Owen, Zhang, "One Permutation Hashing", 2012): the hashes of all shingles fall into 64
//! slots, and each slot keeps the least. The share of slots in which two texts agree estimates the Jaccard similarity of
//! their shingles. Empty slots borrow from others ("Optimal Densification", Shrivastava, 2017), so that short texts can be
//! compared, too. Texts are looked up by what they agree in as a whole: sixteen bands of four slots, the words of the title,
//! the start of the text. A copy that was cut to its first lines shares no band with the whole, but one of the last two.

use super::shingle::{shingles, shingles_of};
use super::story::Story;

/// Slots of a sketch.
const SLOTS: usize = 64;
/// Slots of one band.
const ROWS: usize = 4;
const BANDS: usize = SLOTS / ROWS;
/// Spans of five tokens, two shingles with one between, that the start of a text is known by: with single shingles a phrase of
/// four words that begins many texts would do.
const LEAD: usize = 16;
/// Shingles in front of the one that ends the first span.
const SPAN: usize = 2;
/// Fewest shingles that tell a text from another. Below, only its title is looked up.
const TELLING: usize = 12;
/// Keys of one sketch.
pub const KEYS: usize = BANDS + 2;
/// Bytes of a sketch.
pub const BYTES: usize = SLOTS + 12;
/// Raised whenever the same text may have another sketch than before.
pub const SKETCHES: u32 = 3;

/// What of a sketch tells at once of most texts that they are nothing like each other.
#[derive(Clone, Copy, Debug)]
pub struct Outline {
    /// Half of a byte of each slot.
    halves: [u8; SLOTS / 2],
    /// 0: it tells nothing.
    words: u32,
}

/// What a text is found by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sketch {
    /// The lowest byte of the least hash of each slot: enough to tell two apart, and less to keep.
    slots: [u8; SLOTS],
    /// Hash of the words of the title. 0: it has none.
    title: u32,
    /// Hash of the start of the text. 0: the text is too short to tell anything.
    lead: u32,
    /// Words of the text; where no spaces are written, characters.
    words: u32,
}

/// The sketch of a title and a text: equal for texts whose shingles and titles are. Where neither has a word, it is found
/// under no key.
pub fn sketch(title: &str, text: &str) -> Sketch {
    let mut draft = Draft::new();
    shingles(text, |hash| draft.hear(hash));
    shingles(title, |hash| draft.hear_title(hash));
    draft.sketch()
}

/// The sketch of a story, of the tokens that it has. `None`: it has not all of them.
pub(super) fn sketch_of(story: &Story<'_>) -> Option<Sketch> {
    let mut draft = Draft::new();
    shingles_of(story.body.hashes(), |hash| draft.hear(hash));
    shingles_of(story.title.hashes(), |hash| draft.hear_title(hash));
    (story.body.is_whole() && story.title.is_whole()).then(|| draft.sketch())
}

/// A sketch as it is made, shingle by shingle.
struct Draft {
    least: [u64; SLOTS],
    lead: [u64; 2],
    /// The last shingles of the start.
    last: [u64; SPAN],
    count: usize,
    title: u64,
}

impl Draft {
    fn new() -> Self {
        Self { least: [u64::MAX; SLOTS], lead: [u64::MAX; 2], last: [0; SPAN], count: 0, title: 0 }
    }

    fn hear(&mut self, hash: u64) {
        let slot = &mut self.least[slot_of(hash)];
        *slot = hash.min(*slot);
        if self.count < LEAD + SPAN {
            let [first, second] = self.last;
            if self.count >= SPAN {
                // The two least of the start: words in front of it do not always move them.
                let span = mix(first.rotate_left(32) ^ hash);
                self.lead = [self.lead[0].min(span), self.lead[1].min(self.lead[0].max(span))];
            }
            self.last = [second, hash];
        }
        self.count += 1;
    }

    fn hear_title(&mut self, hash: u64) {
        self.title = mix(self.title ^ hash);
    }

    fn sketch(mut self) -> Sketch {
        let telling = self.count >= TELLING;
        if telling {
            fill(&mut self.least);
        }
        Sketch {
            slots: if telling { self.least.map(|hash| hash.to_le_bytes()[0]) } else { [0; SLOTS] },
            title: upper(self.title),
            lead: if telling { upper(mix(self.lead[0] ^ self.lead[1].rotate_left(32))) } else { 0 },
            words: u32::try_from(self.count + 2).unwrap_or(u32::MAX),
        }
    }
}

impl Sketch {
    /// Hashes of what the text agrees in with those it may be the same as. They are well mixed.
    pub fn keys(&self) -> impl Iterator<Item = u32> + '_ {
        let (bands, _) = self.slots.as_chunks::<ROWS>();
        // Without a lead the slots say nothing.
        let bands = bands.iter().zip(0..).filter(|_| self.lead != 0).map(|(rows, band)| key_of(*rows, band));
        bands.chain([self.title, self.lead]).filter(|key| *key != 0)
    }

    /// In how many of its 64 slots it agrees with another: 64 × the Jaccard similarity of their shingles, give or take 4.
    pub fn likeness(&self, other: &Self) -> u32 {
        let same = self.slots.iter().zip(&other.slots).fold(0_u8, |same, (one, other)| same + u8::from(one == other));
        if self.lead == 0 || other.lead == 0 { 0 } else { same.into() }
    }

    /// How like a text is that may tell the same story, which is then to be decided by their words: they share a
    /// [key](Self::keys), and agree in as many slots as they would at the least if they were alike or one were an
    /// excerpt of the other. `None`: it may not.
    pub fn likeness_if_near(&self, other: &Self) -> Option<u32> {
        let agrees = |one: u32, other: u32| one == other && one != 0;
        let same_title = agrees(self.title, other.title);
        if self.lead == 0 || other.lead == 0 {
            return same_title.then_some(0);
        }
        let likeness = self.likeness(other);
        if likeness < least_likeness(self.words.min(other.words), self.words.max(other.words)) {
            return None;
        }
        let (bands, _) = self.slots.as_chunks::<ROWS>();
        let (others, _) = other.slots.as_chunks::<ROWS>();
        let near = same_title || self.lead == other.lead || bands.iter().zip(others).any(|(one, other)| one == other);
        near.then_some(likeness)
    }

    /// Words of the text; where no spaces are written, characters.
    pub fn words(&self) -> u32 {
        self.words
    }

    /// Less than half of it, to be kept at hand.
    pub fn outline(&self) -> Outline {
        let mut halves = [0; SLOTS / 2];
        let (first, second) = self.slots.split_at(SLOTS / 2);
        for ((half, first), second) in halves.iter_mut().zip(first).zip(second) {
            *half = first & 0xf0 | second & 0x0f;
        }
        Outline { halves, words: if self.lead == 0 { 0 } else { self.words } }
    }

    /// The sketch as it is kept.
    pub fn to_bytes(&self) -> [u8; BYTES] {
        let mut bytes = [0; BYTES];
        let (slots, numbers) = bytes.split_at_mut(SLOTS);
        slots.copy_from_slice(&self.slots);
        let (numbers, _) = numbers.as_chunks_mut::<4>();
        for (place, number) in numbers.iter_mut().zip([self.title, self.lead, self.words]) {
            *place = number.to_le_bytes();
        }
        bytes
    }

    /// A sketch that was kept.
    pub fn from_bytes(bytes: &[u8; BYTES]) -> Self {
        let (slots, numbers) = bytes.split_at(SLOTS);
        let (numbers, _) = numbers.as_chunks::<4>();
        let number = |at: usize| numbers.get(at).map_or(0, |bytes| u32::from_le_bytes(*bytes));
        let slots = slots.first_chunk().copied().unwrap_or([0; SLOTS]);
        Self { slots, title: number(0), lead: number(1), words: number(2) }
    }
}

impl Outline {
    /// That of a text of which nothing is known.
    pub const NOTHING: Self = Self { halves: [0; SLOTS / 2], words: 0 };

    /// Whether the texts may be [near](Sketch::likeness_if_near) each other, as far as this can tell: slots that agree do so in part.
    pub fn may_be_near(&self, other: &Self) -> bool {
        let agree = |one: u8, other: u8| u8::from(one >> 4 == other >> 4) + u8::from(one << 4 == other << 4);
        let same = self.halves.iter().zip(&other.halves).fold(0, |same, (one, other)| same + agree(*one, *other));
        let is_told = self.words != 0 && other.words != 0;
        !is_told || u32::from(same) >= least_likeness(self.words.min(other.words), self.words.max(other.words))
    }

    /// As [`Sketch::words`]. 0: it tells nothing.
    pub fn words(&self) -> u32 {
        self.words
    }
}

/// Fewest slots in which two texts of so many words agree that may be the same: three standard deviations below what is
/// expected where half of all their shingles are the same, or 80 % of those of the shorter one stand in the longer.
fn least_likeness(short: u32, long: u32) -> u32 {
    let parts = u64::from(short) * PARTS as u64 / u64::from(long.max(1));
    usize::try_from(parts).ok().and_then(|parts| LEAST.get(parts)).copied().unwrap_or(LEAST[PARTS])
}

/// Steps from a length of nothing to an equal one.
const PARTS: usize = 256;

/// The same for a text whose length is so many parts of that of the other.
static LEAST: [u32; PARTS + 1] = {
    /// Of one, in which shares are counted.
    const WHOLE: u64 = 1 << 20;
    let (mut least, mut part) = ([0; PARTS + 1], 0);
    while part <= PARTS {
        // 0.8 of the shorter text is in both, and 0.2 of it beside the longer. At most half of all shingles count.
        let part_of_long = part as u64;
        let share = WHOLE * 4 * part_of_long / (5 * PARTS as u64 + part_of_long);
        let share = if share < WHOLE / 2 { share } else { WHOLE / 2 };
        let deviation = (SLOTS as u64 * share * (WHOLE - share)).isqrt();
        let expected = SLOTS as u64 * share;
        #[expect(clippy::cast_possible_truncation, reason = "between 0 and 64")]
        let slots = (expected.saturating_sub(3 * deviation) / WHOLE) as u32;
        least[part] = slots;
        part += 1;
    }
    least
};

fn slot_of(hash: u64) -> usize {
    (hash >> 58) as usize
}

/// Gives each empty slot what stands in another. Which one that is follows from its number alone, so that texts which
/// share what stands there agree in both.
fn fill(least: &mut [u64; SLOTS]) {
    let told = *least;
    for (slot, number) in least.iter_mut().zip(0_u64..) {
        let mut place = number;
        while *slot == u64::MAX {
            place = mix(place ^ 0x9e37_79b9_7f4a_7c15);
            *slot = told[slot_of(place)];
        }
    }
}

/// The key of a band: of all four bytes, so that no two bands of one number have the same by chance.
fn key_of(rows: [u8; ROWS], band: u32) -> u32 {
    // The end of MurmurHash3 (Appleby), which is one to one.
    let mut key = u32::from_le_bytes(rows) ^ band.wrapping_mul(0x9e37_79b9);
    key = (key ^ (key >> 16)).wrapping_mul(0x85eb_ca6b);
    key = (key ^ (key >> 13)).wrapping_mul(0xc2b2_ae35);
    (key ^ (key >> 16)).max(1)
}

/// One to one, and each bit moves about half of the others (`SplitMix64`, Steele, Lea, Flood, 2014).
pub(super) fn mix(number: u64) -> u64 {
    let number = (number ^ (number >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let number = (number ^ (number >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    number ^ (number >> 31)
}

fn upper(hash: u64) -> u32 {
    u32::try_from(hash >> 32).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_give_the_sketch_of_their_text() {
        let text = "On 14 May the Éclair measured 重庆 tides; 27th “law” of ｆｕｌｌ width. ".repeat(7);
        for (at, _) in text.char_indices() {
            let (title, body) = text.split_at(at);
            assert_eq!(sketch_of(&Story::of(title, body, None)), Some(sketch(title, body)), "{title:?}");
        }
        assert_eq!(sketch_of(&Story::of("", &"重".repeat(1 << 16), None)), None, "there may be more than were kept");
    }

    /// Words that no other number has.
    fn text(first: usize, count: usize) -> String {
        (first..first + count).map(|number| format!("word{number}")).collect::<Vec<_>>().join(" ")
    }

    fn share_a_key(one: &Sketch, other: &Sketch) -> bool {
        one.keys().any(|key| other.keys().any(|other| other == key))
    }

    #[test]
    fn likeness_is_that_of_the_shingles() {
        for (words, moved) in [(130, 13), (130, 40), (40, 8), (1_000, 300), (20_000, 5_000)] {
            let trials = 60;
            let (mut found, mut share) = (0, 0.0);
            for trial in 0..trials {
                let start = trial * 100_000;
                let (one, other) = (sketch("a", &text(start, words)), sketch("b", &text(start + moved, words)));
                found += one.likeness(&other);
                let common = words - moved - 2;
                share = f64::from(u32::try_from(common).unwrap_or(0))
                    / f64::from(u32::try_from(2 * (words - 2) - common).unwrap_or(1));
            }
            let estimate = f64::from(found) / 64.0 / f64::from(u32::try_from(trials).unwrap_or(1));
            assert!((estimate - share).abs() < 0.05, "{words} words, {moved} moved: {estimate} for {share}");
        }
    }

    #[test]
    fn near_copies_share_a_key_and_others_none() {
        let whole = text(0, 150);
        let full = sketch("The bridge is open", &whole);
        for (what, title, copy) in [
            ("retitled", "Traffic flows", whole.clone()),
            ("led by a line", "Traffic flows", format!("Current position Home News Text\n{whole}")),
            ("cut by a fifth", "Traffic flows", text(0, 120)),
            ("its start", "Traffic flows", text(0, 25)),
            ("its end, under its title", "The bridge is open!", text(110, 40)),
            ("a line, under its title", "the bridge is OPEN", text(70, 5)),
        ] {
            let copy = sketch(title, &copy);
            assert!(
                share_a_key(&full, &copy)
                    && full.likeness_if_near(&copy).is_some()
                    && copy.likeness_if_near(&full).is_some(),
                "{what}"
            );
        }
        for number in 1..400 {
            let other = sketch(&format!("Another title {number}"), &text(number * 1_000, 150));
            assert!(full.likeness_if_near(&other).is_none() && !share_a_key(&full, &other), "{number}");
        }
    }

    #[test]
    fn a_phrase_that_begins_two_texts_makes_them_not_alike() {
        // Whether its shingles are among the least hangs upon the phrase.
        for number in 1..2_000 {
            // With "word" of what follows, four tokens.
            let phrase = format!("opening {number} of");
            let [one, other] = [number * 1_000, number * 1_000 + 500]
                .map(|first| sketch(&format!("Title {first}"), &format!("{phrase} {}", text(first, 40))));
            assert_ne!(one.lead, other.lead, "{phrase}");
        }
    }

    #[test]
    fn short_texts_are_known_by_their_titles_alone() {
        let (one, other) = (sketch("One", "read more on our pages"), sketch("Two", "read more on our pages"));
        assert!(one.likeness_if_near(&other).is_none() && !share_a_key(&one, &other));
        assert_eq!((one.likeness(&one), one.words()), (0, 5));
        assert_eq!(one.likeness_if_near(&sketch("ONE", "something else")), Some(0));
        assert_eq!(sketch("", " … ").keys().count(), 0);
    }

    proptest::proptest! {
        #[test]
        fn an_outline_passes_over_none_that_is_near(
            one: [u8; SLOTS], other: [u8; SLOTS], agreeing in 0..=SLOTS, of_two: [u32; 3], of_other: [u32; 3], is_long: bool,
        ) {
            // Slots agree in front, and numbers are those of short texts and of none, too.
            let number = |number: u32| if is_long { number } else { number % 3 };
            let made = |slots: [u8; SLOTS], [title, lead, words]: [u32; 3]| {
                Sketch { slots, title: number(title), lead: number(lead), words: number(words) }
            };
            let mut copy = other;
            copy[..agreeing].copy_from_slice(&one[..agreeing]);
            for (one, other) in [(made(one, of_two), made(copy, of_two)), (made(one, of_two), made(copy, of_other))] {
                let is_near = one.likeness_if_near(&other).is_some();
                proptest::prop_assert!(!is_near || one.outline().may_be_near(&other.outline()), "{one:?} {other:?}");
            }
        }
    }

    #[test]
    fn an_outline_tells_most_others_apart() {
        let full = sketch("The bridge is open", &text(0, 150)).outline();
        let other = |number: usize| sketch(&format!("Another title {number}"), &text(number * 1_000, 150)).outline();
        let taken = (1..400).filter(|number| full.may_be_near(&other(*number))).count();
        assert!(taken < 20, "{taken}");
    }

    #[test]
    fn what_is_kept_comes_back() {
        let kept = sketch("The bridge is open", &text(0, 150));
        assert_eq!(Sketch::from_bytes(&kept.to_bytes()), kept);
        assert_eq!(kept.keys().count(), KEYS);
    }

    #[test]
    fn keys_are_spread_evenly() {
        let mut buckets = [0_u32; 64];
        for number in 0..1_000 {
            let kept = sketch(&format!("Title {number}"), &text(number * 1_000, 150));
            kept.keys().for_each(|key| buckets[(key >> 26) as usize] += 1);
        }
        let expected = 1_000 * u32::try_from(KEYS).unwrap_or(0) / 64;
        assert!(buckets.iter().all(|count| count.abs_diff(expected) < expected / 3), "{buckets:?}");
    }
}
