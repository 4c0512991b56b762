//! A site is made anew: the stories of a feed or of a page that lists news stand at other addresses, with a time, a teaser or a line more.
//! And the reverse: one story after the other stands at one address.

use std::collections::{BTreeSet, HashMap, HashSet};

use chrono::NaiveDate;
use url::{Position, Url};

use super::dated::is_time;
use super::{Arrival, MOST_DIGITS, words};
use crate::dedup::{LATER as LATER_AGAIN, Story, compare};
use crate::draft::{Evidence, When};
use crate::item::link::bare;
use crate::item::{Item, ItemKey, Known, number, text};
use crate::read::feed;
use crate::read::listing::title::Plain;
use crate::source::Tz;
use crate::store::Heading;

/// Fewest stories that tell that a list has moved: a few have the title of another by chance.
const FEWEST: usize = 3;
/// Share of the stories that tell it, percent.
const MOST: usize = 60;
/// Letters and digits from which on a text tells whether it is that of another day.
const TELLING: usize = 400;
/// The part of a text that stands in another, percent, from which on they are versions of one where it is not sure that they are of one day.
const ALMOST_ALL: usize = 90;
/// The part of a text that stands in another, percent, from which on one may be an edit of the other.
const PART: usize = 50;
/// Letters and digits below which a text tells nothing of that.
const LITTLE: usize = 80;
/// Bytes of the words of a text below which it may be that of several notices of one day.
const FEW: usize = 20;
/// Words that tell something from which on the name of a page is made of a title.
const SENTENCE: usize = 3;
/// Letters of a word that tells something.
const WORD: usize = 4;
/// Places that are noted of one title: several tell as much as two.
const SEVERAL: usize = 2;
/// Titles that are held against all others, since they are cut short; a list of more has each as it stands there.
const MOST_CUT: usize = 500;
/// Days from which on what says the same may be the notice of the next week.
const WEEK: i64 = 7;
/// Days from which on a story is another's, where its title and its address allow it.
const LATER: i64 = 2;

/// A title, made ready to be held against others.
struct Title {
    words: Vec<u8>,
    plain: Plain,
}

impl Title {
    fn of(line: &str) -> Self {
        Self { words: words(line), plain: Plain::of(line) }
    }

    /// Whether another one is the same, or one of them is cut short: see [`Arrival::has_another_title`].
    fn is(&self, other: &Self) -> bool {
        self.words == other.words || self.plain.is(&other.plain)
    }
}

/// Titles, among which those that are one with another are found: each of a long list is held against as many.
struct Titles {
    all: Vec<Title>,
    by_words: HashMap<Vec<u8>, Vec<usize>>,
    by_text: HashMap<String, Vec<usize>>,
    /// Those that are cut short, which no table finds.
    cut: Vec<usize>,
}

impl Titles {
    fn of<'a>(lines: impl Iterator<Item = &'a str>) -> Self {
        let all: Vec<Title> = lines.map(Title::of).collect();
        let mut titles = Self { all: Vec::new(), by_words: HashMap::new(), by_text: HashMap::new(), cut: Vec::new() };
        for (at, title) in all.iter().enumerate() {
            let of_words = titles.by_words.entry(title.words.clone()).or_default();
            let of_text = titles.by_text.entry(title.plain.text().to_owned()).or_default();
            for places in [of_words, of_text] {
                places.extend((places.len() < SEVERAL).then_some(at));
            }
            titles.cut.extend((title.plain.is_cut() && titles.cut.len() < MOST_CUT).then_some(at));
        }
        Self { all, ..titles }
    }

    /// The places of those that are one with a title, in their order: of equal ones, several. `is_start` is whether it may be the start of
    /// another.
    fn alike(&self, title: &Title, is_start: bool) -> Vec<usize> {
        let is_alike = |at: &usize| self.all.get(*at).is_some_and(|other| other.is(title));
        if is_start {
            return (0..self.all.len()).filter(is_alike).take(MOST_CUT).collect();
        }
        let told = [self.by_words.get(&title.words), self.by_text.get(title.plain.text())];
        let told = told.into_iter().flatten().flatten();
        let alike: BTreeSet<usize> = told.chain(self.cut.iter().filter(|at| is_alike(at))).copied().collect();
        alike.into_iter().collect()
    }
}

/// Which of the items that a list showed its entries may be, by their positions, where most of them stand there by their titles, and at
/// no address that was known. `is_met` tells those that are known; an item whose address is still listed, and one of several of one
/// title, is none of them.
pub(in crate::refresh) fn relisted(
    arrivals: &[Arrival],
    is_met: impl Fn(&Arrival) -> bool,
    shown: &[Heading],
) -> HashMap<usize, ItemKey> {
    // At most so many can be told to have moved.
    let all = arrivals.len().min(shown.len());
    if all < FEWEST {
        return HashMap::new();
    }
    let link = |item: &Heading| item.link.as_ref().and_then(|link| Url::parse(link).ok());
    let listed: HashSet<String> = arrivals.iter().filter_map(|arrival| bare(arrival.link.as_ref()?)).collect();
    let titles = Titles::of(shown.iter().map(|item| item.title.as_str()));
    let mut of_title: Vec<usize> = vec![0; shown.len()];
    let mut candidates: Vec<(&Arrival, usize)> = Vec::new();
    let mut cut = 0;
    for arrival in arrivals {
        let Some(title) = arrival.entry.facts.title.as_ref().map(|title| Title::of(&title.line())) else { continue };
        cut += usize::from(title.plain.is_cut());
        let alike = titles.alike(&title, title.plain.is_cut() && cut <= MOST_CUT);
        for at in &alike {
            of_title[*at] += 1;
        }
        if let [at] = alike[..]
            && !is_met(arrival)
            && link(&shown[at]).as_ref().and_then(bare).is_none_or(|address| !listed.contains(&address))
            && arrival.link.as_ref().map(shape) != link(&shown[at]).as_ref().map(shape)
        {
            candidates.push((arrival, at));
        }
    }
    candidates.retain(|(_, at)| of_title[*at] == 1);
    if candidates.len() < FEWEST || candidates.len() * 100 < all * MOST {
        return HashMap::new();
    }
    candidates.into_iter().map(|(arrival, at)| (arrival.position, shown[at].key.clone())).collect()
}

/// What an entry of a page that tells its news itself may be known by, when something of it was edited.
struct Sayings {
    day: NaiveDate,
    title: Vec<u8>,
    text: Vec<u8>,
}

/// Some of it: a day, words of the title, words of the text.
type Part<'s> = (Option<NaiveDate>, &'s [u8], &'s [u8]);

/// The entries and the items that have some of it in common, with their days.
type Alike<'s> = (Vec<(usize, NaiveDate)>, Vec<(&'s ItemKey, NaiveDate)>);

/// Which of it is the same, the best first. Its day alone is, if only one entry of that day is strange and one item is not told any more.
const EDITS: [fn(&Sayings) -> Part<'_>; 4] = [
    |says| (Some(says.day), &[], &says.text),
    |says| (None, &says.title, &says.text),
    |says| (Some(says.day), &says.title, &[]),
    |says| (Some(says.day), &[], &[]),
];

/// Which of the items that a page told itself its entries may be that it tells otherwise by now: those of which day, title or text was
/// edited. `is_met` tells the entries that are known, `shown` are items that none of these is.
pub(in crate::refresh) fn retitled(
    arrivals: &[Arrival],
    is_met: impl Fn(&Arrival) -> bool,
    shown: &[(ItemKey, Known)],
    zone: Tz,
) -> HashMap<usize, ItemKey> {
    let strange = arrivals.iter().filter(|arrival| !is_met(arrival)).filter_map(|arrival| {
        let facts = &arrival.entry.facts;
        let title = facts.title.as_ref().map(|title| words(&title.line())).unwrap_or_default();
        let text = words(&arrival.entry.contents.first()?.line());
        Some((arrival.position, Sayings { day: day(facts.published?, zone)?, title, text }))
    });
    let gone = shown.iter().filter(|(_, known)| known.evidence != Evidence::FirstSeen).filter_map(|(key, known)| {
        let (title, text) = (words(&known.title), words(&known.content.text()));
        Some((key, Sayings { day: day(known.when, zone)?, title, text }))
    });
    let latest = arrivals.iter().filter_map(|arrival| day(arrival.entry.facts.published?, zone)).max();
    // Without words, nothing but the day is left.
    let mut strange: Vec<(usize, Sayings)> = strange.filter(|(_, says)| !says.text.is_empty()).collect();
    let mut gone: Vec<(&ItemKey, Sayings)> = gone.filter(|(_, says)| !says.text.is_empty()).collect();
    let mut told = HashMap::new();
    for same in EDITS {
        // A short text may be that of several notices: of room 3, and of room 7.
        let is_sign = |says: &Sayings| {
            let (_, title, text) = same(says);
            text.is_empty() || text.len() >= FEW || !title.is_empty()
        };
        let mut of: HashMap<_, Alike<'_>> = HashMap::new();
        for (position, says) in strange.iter().filter(|(_, says)| is_sign(says)) {
            of.entry(same(says)).or_default().0.push((*position, says.day));
        }
        for (key, says) in gone.iter().filter(|(_, says)| is_sign(says)) {
            of.entry(same(says)).or_default().1.push((key, says.day));
        }
        // Of several with one text, each is that of one entry.
        let pairs = of
            .into_iter()
            .filter(|((_, _, text), (entries, items))| !text.is_empty() || entries.len() == 1 && items.len() == 1);
        let pairs = pairs.flat_map(|(_, (entries, items))| entries.into_iter().zip(items));
        // The latest of the page may say today what was said on another day.
        let pairs = pairs.filter(|((_, is), (_, was))| is <= was || Some(*is) < latest);
        let pairs: HashMap<usize, ItemKey> = pairs.map(|((position, _), (key, _))| (position, key.clone())).collect();
        strange.retain(|(position, _)| !pairs.contains_key(position));
        let given: HashSet<&ItemKey> = pairs.values().collect();
        gone.retain(|(key, _)| !given.contains(key));
        told.extend(pairs);
    }
    told
}

/// What an address is made of beside its figures: where nothing else is another, it may be that of the next edition under the same title.
fn shape(url: &Url) -> Vec<String> {
    let told = url[Position::BeforeHost..Position::AfterQuery].split(|c: char| c.is_ascii_digit());
    told.filter(|part| !part.is_empty()).map(str::to_owned).collect()
}

/// Whether the stories of a list that has moved have lost their days: they were of several, and all are of one that is later, such as
/// the day on which a program brought them over. `moved` are the dates that are told of them now, beside the items.
pub(super) fn is_redated<'a>(moved: impl Iterator<Item = (Option<When>, &'a Known)>, zone: Tz) -> bool {
    let told = |known: &Known| Some(known.when).filter(|_| known.evidence != Evidence::FirstSeen);
    let (now, before): (BTreeSet<_>, BTreeSet<_>) = moved
        .map(|(when, known)| (when.and_then(|when| day(when, zone)), told(known).and_then(|when| day(when, zone))))
        .unzip();
    let is_one = now.len() == 1 && now.first().is_some_and(Option::is_some);
    is_one && before.len() >= FEWEST && before.first().is_some_and(Option::is_some) && before.last() < now.first()
}

/// Whether what an entry of a list that has moved became is a version of the item that had its title: it is of the same day and tells
/// the same, or one of them has no text; where the day is not sure, it has nearly all of a text that tells something.
pub(in crate::refresh) fn is_version(known: &Known, item: &Item, zone: Tz) -> bool {
    let told = |when: When, evidence: Evidence| Some(when).filter(|_| evidence != Evidence::FirstSeen);
    let (was, is) = (told(known.when, known.evidence), told(item.when, item.evidence));
    let span = |when: When| day(when, zone).map(|day| (day, day)).or_else(|| when.first_day().zip(when.last_day()));
    let are_apart = was.and_then(span).zip(is.and_then(span)).is_some_and(|(was, is)| was.1 < is.0 || is.1 < was.0);
    let days = was.and_then(|when| day(when, zone)).zip(is.and_then(|when| day(when, zone)));
    let (before, now) = (known.content.text(), item.content.text());
    let are_telling = letters(&before) >= TELLING && letters(&now) >= TELLING;
    let verdict = || compare(&Story::of("", &before, None), &Story::of("", &now, None));
    let is_most = || are_telling && verdict().votes.contained >= ALMOST_ALL && verdict().same;
    match days.map(|(was, is)| (was - is).num_days().abs()) {
        Some(0) if is_time(known.when) && is_time(item.when) && known.when != item.when => false,
        // Editions of one day may have one title each time, and other figures. The same words may be too few to be compared.
        Some(0) => {
            let is_bare = before.trim().is_empty() || now.trim().is_empty();
            is_bare || known.says_the_same(item) || words(&before) == words(&now) || verdict().same
        }
        // Clocks and time zones make a day of it; whoever corrects a day, some.
        Some(1) if is_most() => true,
        Some(days) => days < WEEK && known.says_the_same(item) && words(&now).len() >= FEW,
        None => !are_apart && (is_most() || known.says_the_same(item) && item.is_telling()),
    }
}

/// The day of a date that tells one.
fn day(when: When, zone: Tz) -> Option<NaiveDate> {
    match when {
        When::Instant(time) => Some(time.with_timezone(&zone).date_naive()),
        when => when.first_day().filter(|first| when.last_day() == Some(*first)),
    }
}

fn letters(text: &str) -> usize {
    text.chars().filter(|c| c.is_alphanumeric()).take(TELLING).count()
}

impl Arrival {
    /// Whether it is another story than that which stood at its address before: it is of a later day, has no word of its title, and
    /// nothing in the address is of that one. Publishers show one notice after the other at an address such as `news/current`.
    pub(super) fn follows(&self, known: &Known, title: Option<&str>, zone: Tz) -> bool {
        let facts = &self.entry.facts;
        let (Some(own), Some(before)) = (facts.title.as_ref().map(feed::Text::line), title) else { return false };
        let days = self.told(known).and_then(|when| day(when, zone)).zip(day(known.when, zone));
        let is_later = days.is_some_and(|(is, was)| (is - was).num_days() >= LATER);
        let Some(link) = self.link.as_ref().filter(|_| is_later && known.evidence != Evidence::FirstSeen) else {
            return false;
        };
        let names = || link.path_segments().into_iter().flatten();
        let last = names().rfind(|name| !name.is_empty()).unwrap_or_default();
        let is_counted = last.bytes().chain(link.query().unwrap_or_default().bytes()).any(|byte| byte.is_ascii_digit());
        let (own, before) = (telling(&own), telling(before));
        let address: HashSet<String> = names().flat_map(telling).collect();
        !is_counted && !own.is_empty() && !before.is_empty() && own.is_disjoint(&before) && address.is_disjoint(&before)
    }
}

impl Arrival {
    /// Whether what has another title and another date than the item at the address that is its id may be an edit of it: the
    /// address is made for that story, as it has a number of an article, a word of that title alone or many words; or much of its text is still
    /// there, and it is not of much later. Else one story after the other is shown there.
    pub(super) fn may_be_edited(&self, known: &Known, title: Option<&str>, zone: Tz) -> bool {
        let Some(link) = self.link.as_ref().filter(|_| self.goes_by_address) else { return false };
        // A short one behind a question mark may be a place in the list.
        let is_sure = |number: &str| number.len() > MOST_DIGITS || link.query().is_none();
        let has_number = bare(link).as_deref().and_then(number::number).is_some_and(is_sure);
        let Some(line) = self.entry.facts.title.as_ref().map(feed::Text::line) else { return true };
        let was = title.unwrap_or_default();
        // What is added to a title makes no other of it.
        if says_all_of(&line, was) || says_all_of(was, &line) {
            return true;
        }
        let (own, before) = (telling(&line), telling(was));
        let names: HashSet<String> = link.path_segments().into_iter().flatten().flat_map(telling).collect();
        let mut shared = names.iter().filter(|name| before.contains(*name)).peekable();
        let last = link.path_segments().into_iter().flatten().rfind(|name| !name.is_empty()).map(telling);
        // Made of a title, and not of what is shown there.
        let is_sentence = last.is_some_and(|words| words.iter().filter(|word| !is_number(word)).count() >= SENTENCE);
        let is_of_it = has_number || is_sentence && shared.peek().is_some() || shared.any(|name| !own.contains(name));
        is_of_it || self.keeps_text(known, zone)
    }

    /// Whether much of the text of an item is still there, not much later.
    fn keeps_text(&self, known: &Known, zone: Tz) -> bool {
        let days = self.entry.facts.published.and_then(|when| day(when, zone)).zip(day(known.when, zone));
        if days.is_some_and(|(is, was)| (is - was).num_days().unsigned_abs() > LATER_AGAIN) {
            return false;
        }
        let text = self.entry.contents.first().or(self.entry.facts.summary.as_ref());
        let (before, now) = (known.content.text(), text.map(feed::Text::line).unwrap_or_default());
        let are_telling = letters(&before) >= LITTLE && letters(&now) >= LITTLE;
        are_telling && compare(&Story::of("", &before, None), &Story::of("", &now, None)).votes.contained >= PART
    }
}

/// Whether all words of one title, figures among them, stand in another.
fn says_all_of(title: &str, other: &str) -> bool {
    let (title, other) = (words_from(title, 1), words_from(other, 1));
    !other.is_empty() && other.is_subset(&title)
}

fn is_number(word: &str) -> bool {
    word.bytes().all(|byte| byte.is_ascii_digit())
}

/// The words of a line that tell something; where there is no space between words, each two characters.
fn telling(line: &str) -> HashSet<String> {
    words_from(line, WORD)
}

/// Those of at least so many letters.
fn words_from(line: &str, least: usize) -> HashSet<String> {
    let mut found = HashSet::new();
    for word in line.to_lowercase().split(|c: char| !c.is_alphanumeric()) {
        let letters: Vec<char> = word.chars().collect();
        if letters.iter().any(|letter| *letter >= '\u{2e80}') {
            found.extend(letters.windows(2).map(|two| two.iter().collect::<String>()));
        } else if letters.len() >= least {
            found.insert(text::normal(word).into_owned());
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::feed::Entry;
    use crate::source::SourceId;

    /// How many entries of a list with these titles are told to be items that had those, all at other addresses than before.
    fn count(titles: &[String], before: &[String]) -> usize {
        let entry = |(at, title): (usize, &String)| {
            let mut entry = Entry::default();
            entry.facts.title = Some(feed::Text::plain(title));
            entry.facts.link = Some(format!("https://new.example/story-{at}"));
            entry
        };
        let arrivals =
            super::super::arrivals(&SourceId::new("quay").unwrap(), titles.iter().enumerate().map(entry).collect());
        let heading = |(at, title): (usize, &String)| Heading {
            key: format!("{at:016x}"),
            title: title.clone(),
            link: Some(format!("https://old.example/?id={at}")),
        };
        let shown: Vec<Heading> = before.iter().enumerate().map(heading).collect();
        relisted(&arrivals, |_| false, &shown).len()
    }

    #[test]
    fn a_long_list_is_told_by_its_titles_and_titles_that_are_all_alike_cost_no_more() {
        let numbered =
            |more: &str| (0..4_000).map(|at| format!("Ship {at} came in with the tide{more}")).collect::<Vec<_>>();
        assert_eq!(count(&numbered(""), &numbered("")), 4_000);
        // Some are cut short on one side.
        let some = |whole: Vec<String>| {
            let cut = |(at, title): (usize, String)| if at % 100 == 0 { title.replace("tide", "ti…") } else { title };
            whole.into_iter().enumerate().map(cut).collect::<Vec<_>>()
        };
        assert_eq!(count(&some(numbered("")), &numbered("")), 4_000);
        assert_eq!(count(&numbered(""), &some(numbered(""))), 4_000);
        let same = vec!["The harbour opens its gates".to_owned(); 4_000];
        let cut = vec!["The harbour opens…".to_owned(); 4_000];
        for (titles, before) in [(&same, &same), (&cut, &cut), (&cut, &same), (&same, &cut)] {
            assert_eq!(count(titles, before), 0);
        }
        let titles = Titles::of(same.iter().chain(&cut).map(String::as_str));
        let alike = |line: &str| titles.alike(&Title::of(line), false).len();
        assert_eq!(
            (titles.cut.len(), alike("Another"), alike("THE HARBOUR  opens its gates")),
            (MOST_CUT, 0, SEVERAL + MOST_CUT)
        );
    }
}
