//! One story once: items that are the same by their words become a family, and what is shown once of it a story.
//!
//! A family is a connected component: all items that hang together by pairs which [`dedup::compare`] says are the same. So
//! the order in which they arrive does not show. What is shown of a family is one story, but where some of its pairs say that they are two: an
//! excerpt is the same as either of two notices that it is the beginning of.

use std::collections::hash_map::Entry;
use std::collections::{BTreeSet, HashMap, HashSet};
use std::rc::Rc;

use rusqlite::{Row, Transaction, params};

use super::group::{Group, any_apart};
use super::near::{Found, Mark, Near};
use super::record::{self, Ledger, Record};
use super::{Outcome, Store, execute, is_published, one, set_meta};
use crate::dedup::{self, Reason};
use crate::item::Item;
use crate::source::SourceId;

/// Stories that are kept for the next comparison.
const KEPT: usize = 64;
/// Most items of a family whose pairs are compared one by one.
const MOST_PAIRS: usize = 32;

/// What is to be done for stories at the end of a batch. Numbers are those of rows.
#[derive(Debug, Default)]
pub(super) struct Telling {
    /// New texts, and those whose words changed; without a mark, those to be looked up once more.
    texts: HashMap<i64, Option<Mark>>,
    /// Families to be looked at.
    pub(super) families: BTreeSet<i64>,
    /// Items that may have left their family.
    strays: BTreeSet<i64>,
}

impl Telling {
    /// Notes an item whose words are new.
    pub(super) fn note(&mut self, id: i64, mark: Mark) {
        self.texts.insert(id, Some(mark));
    }

    /// Notes that the words which held a family together have changed: all of its items are looked up once more.
    pub(super) fn loosen(&mut self, transaction: &Transaction<'_>, family: i64) -> rusqlite::Result<()> {
        for id in ids(transaction, "SELECT id FROM item WHERE family = ?1", family)? {
            self.texts.entry(id).or_insert(None);
            self.strays.insert(id);
        }
        self.families.remove(&family);
        execute(transaction, "UPDATE item SET family = NULL WHERE family = ?1", [family]).map(drop)
    }

    /// Finds the families of all that was noted, and what of them is shown once; the ledger gets the groups whose copies
    /// have to be looked at.
    pub(super) fn tell(
        mut self,
        transaction: &Transaction<'_>,
        near: &mut Near,
        ledger: &mut Ledger,
    ) -> rusqlite::Result<()> {
        let mut texts: Vec<(u32, Option<Mark>)> =
            self.texts.drain().filter_map(|(id, mark)| Some((u32::try_from(id).ok()?, mark))).collect();
        texts.sort_unstable_by_key(|text| text.0);
        let found = near.enter(transaction, &texts)?;
        self.unite(transaction, &found)?;
        let apart = any_apart(transaction)?;
        for family in std::mem::take(&mut self.families) {
            let members = members(transaction, "family", family)?;
            cut(transaction, near, ledger, &members, apart)?;
        }
        for id in self.strays {
            let members = members(transaction, "family IS NULL AND id", id)?;
            cut(transaction, near, ledger, &members, apart)?;
        }
        Ok(())
    }

    /// Makes families of what is the same.
    fn unite(&mut self, transaction: &Transaction<'_>, found: &[Found]) -> rusqlite::Result<()> {
        let mut words = Words::default();
        for (text, alike) in found {
            let id = i64::from(*text);
            let Some(told) = words.of(transaction, id)? else { continue };
            let telltale = told.telltale();
            for other in alike {
                let other = i64::from(*other);
                let [Some(own), Some(others)] = [family_of(transaction, id)?, family_of(transaction, other)?] else {
                    continue;
                };
                if own != ALONE && own == others {
                    continue;
                }
                let Some(theirs) = words.of(transaction, other)? else { continue };
                if tie(&telltale, &theirs.telltale()) != Tie::Same {
                    continue;
                }
                let family = match (own, others) {
                    (ALONE, ALONE) => {
                        // Of two that stand alone, neither number is that of a family.
                        set_family(transaction, id, id)?;
                        set_family(transaction, other, id)?;
                        id
                    }
                    (family, ALONE) => {
                        set_family(transaction, other, family)?;
                        family
                    }
                    (ALONE, family) => {
                        set_family(transaction, id, family)?;
                        family
                    }
                    (one, other) => self.merge(transaction, one, other)?,
                };
                self.families.insert(family);
            }
        }
        Ok(())
    }

    /// Makes one family of two, and returns its number: the smaller one goes over.
    fn merge(&mut self, transaction: &Transaction<'_>, one: i64, other: i64) -> rusqlite::Result<i64> {
        let size = |family: i64| ids(transaction, "SELECT count(*) FROM item WHERE family = ?1", family);
        let (from, to) = if size(one)? < size(other)? { (one, other) } else { (other, one) };
        execute(transaction, "UPDATE item SET family = ?2 WHERE family = ?1", [from, to])?;
        self.families.remove(&from);
        Ok(to)
    }
}

/// Raised whenever the same texts may make other families than before.
const STORIES: u32 = 2;
/// Name of what tells by which rules the families were made, and up to which row.
const TOLD: &str = "stories";
/// Items that are looked at in one transaction.
const BATCH: i64 = 1_024;

impl Store {
    /// Finds the stories of items that were stored before there were stories, or by other rules.
    ///
    /// # Errors
    /// When the database fails.
    pub fn tell_stories(&mut self) -> Outcome<()> {
        let rules = format!("{STORIES}.{}", dedup::SKETCHES);
        loop {
            let told = self.meta(TOLD)?.unwrap_or_default();
            let up_to = match told.split_once(' ') {
                Some((known, up_to)) if known == rules => up_to.parse().ok(),
                None if told == rules => return Ok(()),
                _ => None,
            };
            let Some(up_to) = up_to else {
                self.near = Near::default();
                self.transact(|transaction| {
                    transaction.execute_batch(
                        "DELETE FROM posting; DELETE FROM run; DELETE FROM sketch;
                         UPDATE item SET family = NULL WHERE family IS NOT NULL",
                    )?;
                    set_meta(transaction, TOLD, &format!("{rules} 0"))
                })?;
                continue;
            };
            self.write(|transaction, ledger| {
                let sql = format!("{} WHERE id > ?1 ORDER BY id LIMIT ?2", record::SELECT);
                let mut statement = transaction.prepare_cached(&sql)?;
                let mut rows = statement.query([up_to, BATCH])?;
                let mut last = None;
                while let Some(row) = rows.next()? {
                    let id = row.get(0)?;
                    ledger.telling.note(id, Record::from_row(row)?.mark(None));
                    ledger.telling.strays.insert(id);
                    last = Some(id);
                }
                set_meta(transaction, TOLD, &last.map_or_else(|| rules.clone(), |last: i64| format!("{rules} {last}")))
            })?;
        }
    }
}

/// The family of an item that has none.
const ALONE: i64 = 0;

/// The family of an item. `None`: there is no such item.
fn family_of(transaction: &Transaction<'_>, id: i64) -> rusqlite::Result<Option<i64>> {
    one(transaction, "SELECT ifnull(family, 0) FROM item WHERE id = ?1", [id], |row| row.get(0))
}

fn set_family(transaction: &Transaction<'_>, id: i64, family: i64) -> rusqlite::Result<()> {
    execute(transaction, "UPDATE item SET family = ?2 WHERE id = ?1", [id, family]).map(drop)
}

fn ids(transaction: &Transaction<'_>, sql: &str, value: i64) -> rusqlite::Result<Vec<i64>> {
    transaction.prepare_cached(sql)?.query_map([value], |row| row.get(0))?.collect()
}

/// What decides whether an item is the same as another.
struct Told {
    item: Item,
    text: String,
}

/// The same, taken apart for comparing.
struct Telltale<'a> {
    told: &'a Told,
    story: dedup::Story<'a>,
}

/// What two items are to each other.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Tie {
    Same,
    /// They contradict each other, so that no third makes them one.
    Apart,
    /// Neither.
    Loose,
}

/// The words of items that were compared last.
#[derive(Default)]
struct Words(HashMap<i64, Option<Rc<Told>>>);

impl Words {
    /// The words of an item. `None`: there is no such item.
    fn of(&mut self, transaction: &Transaction<'_>, id: i64) -> rusqlite::Result<Option<Rc<Told>>> {
        if self.0.len() > KEPT {
            self.0.clear();
        }
        Ok(match self.0.entry(id) {
            Entry::Occupied(known) => known.get().clone(),
            Entry::Vacant(place) => place.insert(told(transaction, id)?.map(Rc::new)).clone(),
        })
    }
}

impl Told {
    fn telltale(&self) -> Telltale<'_> {
        Telltale { told: self, story: dedup::Story::of_item(&self.item, &self.text) }
    }

    /// The feed that has it as an entry.
    fn feed(&self) -> Option<&SourceId> {
        self.item.credit.is_some().then_some(&self.item.source)
    }
}

/// What two items are to each other. What one feed has as two entries is two, unless they bear one title, too.
fn tie(one: &Telltale<'_>, other: &Telltale<'_>) -> Tie {
    let is_of_one_feed = one.told.feed().is_some_and(|feed| other.told.feed() == Some(feed));
    if is_of_one_feed && !dedup::is_one_title(&one.told.item.title, &other.told.item.title) {
        return Tie::Apart;
    }
    let verdict = dedup::compare(&one.story, &other.story);
    match verdict.reason {
        _ if verdict.same => Tie::Same,
        Reason::OtherTitle(_) | Reason::OtherYear(..) | Reason::OtherFacts(_) | Reason::OtherContent => Tie::Apart,
        _ => Tie::Loose,
    }
}

fn told(transaction: &Transaction<'_>, id: i64) -> rusqlite::Result<Option<Told>> {
    let sql = format!("{} WHERE id = ?1", record::SELECT);
    let item = one(transaction, &sql, [id], |row| Record::from_row(row)?.item())?;
    Ok(item.map(|item| Told { text: item.content.text(), item }))
}

/// An item of a family.
struct Member {
    id: i64,
    item: i64,
    source: String,
    entry: bool,
    title: String,
    is_shown: bool,
    story: Option<i64>,
    excerpt: bool,
    groups: Vec<Group>,
}

/// The items of a family, the one published first in front.
fn members(transaction: &Transaction<'_>, column: &str, value: i64) -> rusqlite::Result<Vec<Member>> {
    let sql = format!(
        "SELECT id, item, source, entry, title, channels, story, excerpt, twin, link, guid FROM item
         WHERE {column} = ?1 ORDER BY published, item < 0, item"
    );
    let member = |row: &Row<'_>| {
        Ok(Member {
            id: row.get(0)?,
            item: row.get(1)?,
            source: row.get(2)?,
            entry: row.get(3)?,
            title: row.get(4)?,
            is_shown: is_published(row.get_ref(5)?.as_str()?),
            story: row.get(6)?,
            excerpt: row.get(7)?,
            groups: Group::all(row.get(8)?, row.get(9)?, row.get(10)?, None),
        })
    };
    transaction.prepare_cached(&sql)?.query_map([value], member)?.collect()
}

/// Decides what of a family is one story, and which items are excerpts of others.
fn cut(
    transaction: &Transaction<'_>,
    near: &mut Near,
    ledger: &mut Ledger,
    members: &[Member],
    any_apart: bool,
) -> rusqlite::Result<()> {
    // What is not shown (it was removed, say) brings nothing together and keeps nothing apart.
    let shown: Vec<&Member> = members.iter().filter(|member| member.is_shown).collect();
    let of_shown: HashMap<i64, i64> = divided(transaction, &shown, any_apart)?;
    let stories: Vec<Option<i64>> = members.iter().map(|member| of_shown.get(&member.id).copied()).collect();
    let mut fullest: HashMap<i64, u32> = HashMap::new();
    let mut words = Vec::with_capacity(members.len());
    for (member, story) in members.iter().zip(&stories) {
        let mark = u32::try_from(member.id).ok().map(|text| near.mark(transaction, text)).transpose()?.flatten();
        let count = mark.map_or(0, |mark| mark.words());
        if let Some(story) = *story {
            fullest.entry(story).and_modify(|most| *most = count.max(*most)).or_insert(count);
        }
        words.push(count);
    }
    for ((member, story), words) in members.iter().zip(stories).zip(words) {
        let fullest = story.and_then(|story| fullest.get(&story));
        let excerpt = fullest.is_some_and(|fullest| words.saturating_mul(2) < *fullest);
        if let Some(story) = story {
            // Where its channels, or those of another, are others now, another copy may stand for it.
            ledger.groups.insert(Group::Story(story));
        }
        if (story, excerpt) != (member.story, member.excerpt) {
            let sql = "UPDATE item SET story = ?2, excerpt = ?3 WHERE id = ?1";
            execute(transaction, sql, params![member.id, story, excerpt])?;
            ledger.groups.extend(member.story.map(Group::Story));
            ledger.groups.insert(Group::One(member.item));
            if excerpt != member.excerpt {
                ledger.groups.extend(member.groups.iter().cloned());
            }
        }
    }
    Ok(())
}

/// The feeds that have two entries in a family which do not bear one title: their text alone tells no stories apart (a
/// notice that all entries carry, say).
fn feeds_of_many_titles<'a>(members: &[&'a Member]) -> HashSet<&'a str> {
    // Titles that are all cut from the longest are cut from each other, in whatever order they are met.
    let mut longest: HashMap<&str, (usize, &str)> = HashMap::new();
    let entries = || members.iter().filter(|member| member.entry);
    for member in entries() {
        let title = (member.title.len(), member.title.as_str());
        longest.entry(&member.source).and_modify(|longest| *longest = title.max(*longest)).or_insert(title);
    }
    let is_other = |member: &&&Member| {
        let longest = longest.get(member.source.as_str());
        longest.is_some_and(|(_, title)| *title != member.title && !dedup::is_one_title(title, &member.title))
    };
    entries().filter(is_other).map(|member| member.source.as_str()).collect()
}

/// The pairs of a family that its owner has set apart, each from both sides.
fn set_apart(transaction: &Transaction<'_>, members: &[&Member]) -> rusqlite::Result<HashSet<(usize, usize)>> {
    let number_of: HashMap<i64, usize> = members.iter().map(|member| member.item).zip(0..).collect();
    let mut apart = HashSet::new();
    for (number, member) in members.iter().enumerate() {
        let others = ids(transaction, "SELECT other FROM apart WHERE one = ?1", member.item)?;
        apart.extend(others.iter().filter_map(|other| Some((number, *number_of.get(other)?))));
    }
    Ok(apart)
}

/// The stories of a family, by the rows of what is in one: its pairs are joined one by one, those of the items published
/// first in front, unless that would bring two together that are apart. In a very large family those that may be apart
/// stand alone, and the others are one.
fn divided(transaction: &Transaction<'_>, members: &[&Member], any_apart: bool) -> rusqlite::Result<HashMap<i64, i64>> {
    let mut apart = if any_apart { set_apart(transaction, members)? } else { HashSet::new() };
    let feeds = feeds_of_many_titles(members);
    // Of such a feed, no entry is a copy of anything by its text alone: the title has to agree.
    let by_title = |member: &Member| member.entry && feeds.contains(member.source.as_str());
    let mut stories: Vec<usize> = (0..members.len()).collect();
    if members.len() > MOST_PAIRS {
        let mut alone: HashSet<usize> = apart.iter().map(|(one, _)| *one).collect();
        alone.extend((0..).zip(members).filter(|(_, member)| by_title(member)).map(|(number, _)| number));
        let together = (0..members.len()).find(|number| !alone.contains(number)).unwrap_or(0);
        stories.iter_mut().filter(|story| !alone.contains(story)).for_each(|story| *story = together);
    } else {
        let mut same = Vec::new();
        let told = members.iter().map(|member| told(transaction, member.id)).collect::<rusqlite::Result<Vec<_>>>()?;
        let telltales: Vec<Option<Telltale<'_>>> = told.iter().map(|told| Some(told.as_ref()?.telltale())).collect();
        for (number, (later, own)) in members.iter().zip(&telltales).enumerate() {
            for (before, (earlier, other)) in members.iter().zip(&telltales).enumerate().take(number) {
                let needs_title = by_title(earlier) || by_title(later);
                let Some((own, other)) = own.as_ref().zip(other.as_ref()) else { continue };
                match tie(other, own) {
                    Tie::Same if !needs_title || dedup::is_one_title(&earlier.title, &later.title) => {
                        same.push((before, number));
                    }
                    Tie::Apart => drop(apart.insert((before, number))),
                    Tie::Same | Tie::Loose => (),
                }
            }
        }
        for (earlier, later) in same {
            let (to, from) = (stories[earlier], stories[later]);
            let joins = |apart: &(usize, usize)| {
                let ends = (stories[apart.0], stories[apart.1]);
                ends == (to, from) || ends == (from, to)
            };
            if to != from && !apart.iter().any(joins) {
                stories.iter_mut().filter(|story| **story == from).for_each(|story| *story = to);
            }
        }
    }
    let mut sizes: HashMap<usize, (usize, i64)> = HashMap::new();
    for (story, member) in stories.iter().zip(members) {
        let (size, least) = sizes.entry(*story).or_insert((0, member.id));
        *size += 1;
        *least = member.id.min(*least);
    }
    let several = |story| sizes.get(story).filter(|(size, _)| *size > 1).map(|(_, least)| *least);
    Ok(stories.iter().zip(members).filter_map(|(story, member)| Some((member.id, several(story)?))).collect())
}
