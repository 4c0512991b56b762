//! One story once: items that are the same by their words become a family, and what is shown once of it a story.
//!
//! A family is a connected component: all items that hang together by pairs which [`dedup::compare`] says are the same. So
//! the order in which they arrive does not show. What is shown of a family is one story, but where some of its pairs say that they are two: an
//! excerpt is the same as either of two notices that it is the beginning of.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use rusqlite::{Row, Transaction, params};

use self::classes::{Said, classes, is_again, nearest};
use super::group::{Group, TOLD_AT, any_apart};
use super::ledger::Ledger;
use super::mark::Mark;
use super::near::{Found, Near};
use super::record::{self, Record};
use super::reused;
use super::tie::{Telltale, Tie, Words, tie, told};
use super::{Fingerprint, Outcome, Store, execute, is_published, one, set_meta};
use crate::dedup;
use crate::draft::Evidence;

mod classes;

/// Most texts of a family whose pairs are compared one by one.
const MOST_PAIRS: usize = 32;
/// Stories of a larger family that each of its texts is compared with: those that began last.
const MOST_STORIES: usize = 8;
/// Most texts of a family that are looked up anew when one has changed: what hangs together is worth that. A larger one stays
/// a family without that text, and is divided anew.
const MOST_LOOKED_UP: usize = 256;
/// Fewest words that are the same story wherever they stand under one title: below, the day has to be the same, too.
const TELLING: u32 = 24;

/// What is to be done for stories at the end of a batch. Numbers are those of rows.
#[derive(Debug, Default)]
pub(super) struct Telling {
    /// New texts, and those whose words changed; without a mark, those to be looked up once more.
    texts: HashMap<i64, Option<Mark>>,
    /// Families to be looked at.
    pub(super) families: BTreeSet<i64>,
    /// Items that may have left their family.
    strays: BTreeSet<i64>,
    /// Those of them whose own words are as they were.
    loosened: Vec<Loosened>,
}

/// An item of a family in which other words have changed.
#[derive(Debug)]
struct Loosened {
    id: i64,
    family: i64,
    twin: Option<Fingerprint>,
    title: String,
    published: i64,
}

impl Telling {
    /// Notes an item whose words are new.
    pub(super) fn note(&mut self, id: i64, mark: Mark) {
        self.texts.insert(id, Some(mark));
    }

    /// Notes that words which held a family together have changed: what hangs together is found out anew.
    pub(super) fn loosen(&mut self, transaction: &Transaction<'_>, family: i64) -> rusqlite::Result<()> {
        let sql = "SELECT id, twin, title, published FROM item WHERE family = ?1";
        let mut statement = transaction.prepare_cached(sql)?;
        let loosened = statement.query_map([family], |row| {
            Ok(Loosened { id: row.get(0)?, family, twin: row.get(1)?, title: row.get(2)?, published: row.get(3)? })
        })?;
        for item in loosened {
            let item = item?;
            self.strays.insert(item.id);
            self.loosened.push(item);
        }
        self.families.remove(&family);
        execute(transaction, "UPDATE item SET family = NULL WHERE family = ?1", [family]).map(drop)
    }

    /// Whether none of what was noted was there before.
    pub(super) fn is_new(&self) -> bool {
        self.strays.is_empty()
    }

    /// Finds the families of all that was noted.
    pub(super) fn unite_all(&mut self, transaction: &Transaction<'_>, near: &mut Near) -> rusqlite::Result<()> {
        let equal = self.look_up_loosened(transaction, near)?;
        let mut texts: Vec<(u32, Option<Mark>)> =
            self.texts.drain().filter_map(|(id, mark)| Some((u32::try_from(id).ok()?, mark))).collect();
        texts.sort_unstable_by_key(|text| text.0);
        let found = near.enter(transaction, &texts)?;
        self.unite(transaction, &found)?;
        for (one, other) in equal {
            self.join(transaction, one, other)?;
        }
        Ok(())
    }

    /// Finds what is shown once of the families that are to be looked at; the ledger gets the groups whose copies have to be.
    pub(super) fn tell(
        self,
        transaction: &Transaction<'_>,
        near: &mut Near,
        ledger: &mut Ledger,
    ) -> rusqlite::Result<()> {
        let apart = any_apart(transaction)?;
        for family in self.families {
            let members = members(transaction, "family", family)?;
            cut(transaction, near, ledger, &members, apart)?;
        }
        for id in self.strays {
            let members = members(transaction, "family IS NULL AND id", id)?;
            cut(transaction, near, ledger, &members, apart)?;
        }
        Ok(())
    }

    /// Has those looked up whose family has changed: of several with the same words, title and date, one. Returns the pairs
    /// that are the same for their words and titles alone, a chain for all that are.
    fn look_up_loosened(
        &mut self,
        transaction: &Transaction<'_>,
        near: &mut Near,
    ) -> rusqlite::Result<Vec<(i64, i64)>> {
        let mut families: BTreeMap<i64, Vec<Loosened>> = BTreeMap::new();
        for item in std::mem::take(&mut self.loosened) {
            // Whose words have changed, too, is looked up for these.
            if !matches!(self.texts.get(&item.id), Some(Some(_))) {
                families.entry(item.family).or_default().push(item);
            }
        }
        let mut equal = Vec::new();
        for members in families.into_values() {
            let mut dates: HashSet<(Fingerprint, &str, i64)> = HashSet::new();
            let mut last: HashMap<(Fingerprint, &str), i64> = HashMap::new();
            let (mut texts, mut chain) = (Vec::new(), Vec::new());
            for Loosened { id, twin, title, published, .. } in &members {
                if let Some(twin) = *twin
                    && words_of(transaction, near, *id)? >= TELLING
                {
                    chain.extend(last.insert((twin, title), *id).map(|before| (before, *id)));
                    if !dates.insert((twin, title, *published)) {
                        continue;
                    }
                }
                texts.push(*id);
            }
            if texts.len() > MOST_LOOKED_UP {
                self.keep(transaction, &members)?;
            } else {
                self.texts.extend(texts.into_iter().map(|id| (id, None)));
                equal.extend(chain);
            }
        }
        Ok(equal)
    }

    /// Makes a family of those that were one before, under the number of one of them.
    fn keep(&mut self, transaction: &Transaction<'_>, members: &[Loosened]) -> rusqlite::Result<()> {
        let Some(first) = members.first() else { return Ok(()) };
        for member in members {
            set_family(transaction, member.id, first.id)?;
            self.strays.remove(&member.id);
        }
        self.families.insert(first.id);
        Ok(())
    }

    /// Makes families of what is the same.
    fn unite(&mut self, transaction: &Transaction<'_>, found: &[Found]) -> rusqlite::Result<()> {
        let mut words = Words::default();
        for (text, alike) in found {
            let id = i64::from(*text);
            let Some(own_words) = words.of(transaction, id)? else { continue };
            for other in alike {
                let other = i64::from(*other);
                let [Some(own), Some(others)] = [family_of(transaction, id)?, family_of(transaction, other)?] else {
                    continue;
                };
                if own != ALONE && own == others {
                    continue;
                }
                let Some(theirs) = words.of(transaction, other)? else { continue };
                if tie(&own_words, &theirs).is_same() {
                    self.join(transaction, id, other)?;
                }
            }
        }
        Ok(())
    }

    /// Puts two items into one family.
    fn join(&mut self, transaction: &Transaction<'_>, id: i64, other: i64) -> rusqlite::Result<()> {
        let [Some(own), Some(others)] = [family_of(transaction, id)?, family_of(transaction, other)?] else {
            return Ok(());
        };
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
            (one, other) if one == other => one,
            (one, other) => self.merge(transaction, one, other)?,
        };
        self.families.insert(family);
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
const STORIES: u32 = 7;
/// Name of what tells by which rules the families were made, and up to which row.
const TOLD: &str = "stories";
/// Items that are looked at in one transaction.
const BATCH: i64 = 1_024;

impl Store {
    /// Finds the stories of items that were stored before there were stories, or by other rules. `alive` is called at every step.
    ///
    /// # Errors
    /// When the database fails.
    pub fn tell_stories(&mut self, mut alive: impl FnMut()) -> Outcome<()> {
        let rules = format!("{STORIES}.{}", dedup::SKETCHES);
        loop {
            alive();
            let told = self.meta(TOLD)?.unwrap_or_default();
            let up_to = match told.split_once(' ') {
                Some((known, up_to)) if known == rules => up_to.parse().ok(),
                None if told == rules => return Ok(()),
                _ => None,
            };
            let Some(up_to) = up_to else {
                self.near.take();
                self.transact(|transaction| {
                    transaction.execute_batch(
                        "DELETE FROM posting; DELETE FROM run; DELETE FROM sketch; DELETE FROM hint; DELETE FROM version;
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
                    let record = Record::from_row(row)?;
                    let leads = dedup::leads(&record.clone().item()?);
                    ledger.telling.note(id, record.mark(Some(leads.sketch)));
                    ledger.hints.give(id, &leads.hints);
                    ledger.telling.strays.insert(id);
                    record.note_groups(transaction, ledger)?;
                    last = Some(id);
                }
                set_meta(transaction, TOLD, &last.map_or_else(|| rules.clone(), |last: i64| format!("{rules} {last}")))
            })?;
        }
    }
}

/// Words of the text of an item; 0 where it was not entered.
fn words_of(transaction: &Transaction<'_>, near: &mut Near, id: i64) -> rusqlite::Result<u32> {
    let mark = u32::try_from(id).ok().map(|text| near.mark(transaction, text)).transpose()?.flatten();
    Ok(mark.map_or(0, |mark| mark.words()))
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

/// An item of a family.
struct Member {
    id: i64,
    item: i64,
    source: String,
    entry: bool,
    title: String,
    is_shown: bool,
    /// Without its place in a list: [`TOLD_AT`].
    published: i64,
    /// The same, if anybody told it.
    told: Option<i64>,
    twin: Option<Fingerprint>,
    story: Option<i64>,
    excerpt: bool,
    groups: Vec<Group>,
}

/// The items of a family, the one published first in front.
fn members(transaction: &Transaction<'_>, column: &str, value: i64) -> rusqlite::Result<Vec<Member>> {
    let sql = format!(
        "SELECT id, item, source, entry, title, channels, story, excerpt, twin, link, guid, {TOLD_AT} AS told_at, evidence
         FROM item WHERE {column} = ?1 ORDER BY told_at, item < 0, item"
    );
    let member = |row: &Row<'_>| {
        let evidence: String = row.get(12)?;
        Ok(Member {
            id: row.get(0)?,
            item: row.get(1)?,
            source: row.get(2)?,
            entry: row.get(3)?,
            title: row.get(4)?,
            is_shown: is_published(row.get_ref(5)?.as_str()?),
            published: row.get(11)?,
            told: Some(row.get(11)?).filter(|_| evidence != Evidence::FirstSeen.name()),
            twin: row.get(8)?,
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
    let words = members.iter().map(|member| words_of(transaction, near, member.id));
    let words = words.collect::<rusqlite::Result<Vec<_>>>()?;
    let says_much = |(member, words): (&Member, &u32)| (*words >= TELLING).then_some(member.id);
    let telling: HashSet<i64> = members.iter().zip(&words).filter_map(says_much).collect();
    let of_shown: HashMap<i64, i64> = divided(transaction, &shown, &telling, any_apart)?;
    let stories: Vec<Option<i64>> = members.iter().map(|member| of_shown.get(&member.id).copied()).collect();
    let mut fullest: HashMap<i64, u32> = HashMap::new();
    for (count, story) in words.iter().zip(&stories) {
        if let Some(story) = *story {
            fullest.entry(story).and_modify(|most| *most = (*count).max(*most)).or_insert(*count);
        }
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

/// The stories of a family, by the rows of what is in one.
///
/// Its texts are joined pair by pair, those published first in front, unless that would bring two together that are
/// apart. Where there are very many, each joins the first of the stories before it that it is the same as.
fn divided(
    transaction: &Transaction<'_>,
    members: &[&Member],
    telling: &HashSet<i64>,
    any_apart: bool,
) -> rusqlite::Result<HashMap<i64, i64>> {
    let by_owner = if any_apart { set_apart(transaction, members)? } else { HashSet::new() };
    let said = members.iter().filter(|member| member.entry);
    let gaps = reused::gaps(transaction, said.filter_map(|member| Some((&*member.source, member.twin?))))?;
    let (classes, said) = classes(members, telling, &by_owner, &gaps);
    let feeds = feeds_of_many_titles(members);
    // Of such a feed, no entry is a copy of anything by its text alone: the title has to agree.
    let by_title = |member: &Member| member.entry && feeds.contains(member.source.as_str());
    let agrees = |tie: Tie, one: &Member, other: &Member| match tie {
        tie if tie.is_same()
            && (by_title(one) || by_title(other))
            && !dedup::is_one_title(&one.title, &other.title) =>
        {
            Tie::Loose
        }
        tie => tie,
    };
    let mut class_of: Vec<usize> = vec![0; members.len()];
    for (class, numbers) in classes.iter().enumerate() {
        for number in numbers {
            class_of[*number] = class;
        }
    }
    let mut apart: HashSet<(usize, usize)> =
        by_owner.iter().map(|(one, other)| (class_of[*one], class_of[*other])).collect();
    let mut words = Words::default();
    let stories = if classes.len() > MOST_PAIRS {
        let mut stories: Vec<usize> = Vec::with_capacity(classes.len());
        // With each, the fullest that has joined it (what began it may be an excerpt), and on what its texts are said.
        let mut begun: Vec<(usize, usize, Vec<Said>)> = Vec::new();
        let first = |class: usize| classes.get(class).and_then(|class| members.get(*class.first()?));
        let mut tied = |one: usize, other: usize| -> rusqlite::Result<Option<(Tie, bool)>> {
            let Some((one, other)) = first(one).zip(first(other)) else { return Ok(None) };
            let told = (words.of(transaction, one.id)?, words.of(transaction, other.id)?);
            let (Some(left), Some(right)) = told else { return Ok(None) };
            let is_fuller = left.story.length() > right.story.length();
            Ok(Some((agrees(tie(&right, &left), one, other), is_fuller)))
        };
        for (class, own) in said.iter().enumerate() {
            let mut found = None;
            for (story, fullest, on) in begun.iter_mut().rev().take(MOST_STORIES) {
                if apart.contains(&(class, *story)) || on.iter().any(|on| is_again(*on, *own)) {
                    continue;
                }
                let with_first = tied(class, *story)?.filter(|(tie, _)| tie.is_same());
                let with_fullest = if story == fullest { with_first } else { tied(class, *fullest)? };
                match with_first.and(with_fullest) {
                    None | Some((Tie::Apart, _)) => continue,
                    // What says little brings no two together.
                    Some((Tie::Loose, _)) if with_first.is_some_and(|(tie, _)| tie == Tie::Titled) => continue,
                    Some((_, true)) => *fullest = class,
                    Some(_) => (),
                }
                found = Some(*story);
                on.extend(own.is_some().then_some(*own));
                break;
            }
            begun.extend(found.is_none().then(|| (class, class, vec![*own])));
            stories.push(found.unwrap_or(class));
        }
        stories
    } else {
        let mut pairs = Vec::new();
        for (later, class) in classes.iter().enumerate() {
            let again = (0..later).filter(|earlier| is_again(said[*earlier], said[later]));
            apart.extend(again.map(|earlier| (earlier, later)));
            let earlier = classes.iter().enumerate().take(later);
            pairs
                .extend(earlier.filter_map(|(earlier, other)| Some((earlier, later, nearest(members, other, class)?))));
        }
        let wanted: BTreeSet<usize> = pairs.iter().flat_map(|(_, _, (one, other))| [*one, *other]).collect();
        let told = wanted.iter().map(|number| Ok((*number, told(transaction, members[*number].id)?)));
        let told = told.collect::<rusqlite::Result<Vec<_>>>()?;
        let telltales: HashMap<usize, Telltale> =
            told.into_iter().filter_map(|(number, told)| Some((number, Telltale::of(told?)))).collect();
        let (mut equal, mut same, mut titled) = (Vec::new(), Vec::new(), Vec::new());
        for (earlier, later, (one, other)) in pairs {
            let Some((left, right)) = telltales.get(&one).zip(telltales.get(&other)) else { continue };
            match agrees(tie(left, right), members[one], members[other]) {
                Tie::Equal => equal.push((earlier, later)),
                Tie::Same => same.push((earlier, later)),
                Tie::Titled => titled.push((earlier, later)),
                Tie::Apart => drop(apart.insert((earlier, later))),
                Tie::Loose => (),
            }
        }
        // What has the very same words comes together first.
        equal.extend(same);
        joined(classes.len(), &equal, &titled, &apart)
    };
    let mut sizes: HashMap<usize, (usize, i64)> = HashMap::new();
    for (class, member) in class_of.iter().zip(members) {
        let (size, least) = sizes.entry(stories[*class]).or_insert((0, member.id));
        *size += 1;
        *least = member.id.min(*least);
    }
    let several = |story| sizes.get(&story).filter(|(size, _)| *size > 1).map(|(_, least)| *least);
    Ok(class_of
        .iter()
        .zip(members)
        .filter_map(|(class, member)| Some((member.id, several(stories[*class])?)))
        .collect())
}

/// The stories of some texts: joined by pairs that are the same, unless that would bring two together that are apart. What
/// is the same for its title and day alone joins a story only if it is the same as all of it: else an entry without words would make one of all
/// that bear its title.
fn joined(
    count: usize,
    same: &[(usize, usize)],
    titled: &[(usize, usize)],
    apart: &HashSet<(usize, usize)>,
) -> Vec<usize> {
    let mut stories: Vec<usize> = (0..count).collect();
    let join =
        |stories: &mut [usize], (earlier, later): (usize, usize), may_join: &dyn Fn(&[usize], usize, usize) -> bool| {
            let (to, from) = (stories[earlier], stories[later]);
            if to != from && may_join(stories, to, from) {
                stories.iter_mut().filter(|story| **story == from).for_each(|story| *story = to);
            }
        };
    let none_is_apart = |stories: &[usize], to: usize, from: usize| {
        let joins = |apart: &(usize, usize)| {
            let ends = (stories[apart.0], stories[apart.1]);
            ends == (to, from) || ends == (from, to)
        };
        !apart.iter().any(joins)
    };
    for pair in same {
        join(&mut stories, *pair, &none_is_apart);
    }
    // By their words these are one: what is the same as one of them is the same as all.
    let told = stories.clone();
    let ends = |(one, other): (usize, usize)| (told[one].min(told[other]), told[one].max(told[other]));
    let known: HashSet<(usize, usize)> = titled.iter().copied().map(ends).collect();
    let all_are_same = |stories: &[usize], to: usize, from: usize| {
        let of = |wanted: usize| (0..count).filter(move |class| stories[*class] == wanted);
        none_is_apart(stories, to, from) && of(to).all(|one| of(from).all(|other| known.contains(&ends((one, other)))))
    };
    for pair in titled {
        join(&mut stories, *pair, &all_are_same);
    }
    stories
}
