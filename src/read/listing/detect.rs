//! Finds the list of news in a page: the links of one shape that are most like one, told as selectors.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use ego_tree::NodeId;
use scraper::{Html, Selector};
use url::Url;

use super::super::Policy;
use super::super::date::Context;
use super::super::feed::Entry;
use super::entry::Found;
use super::heading::{self, Names};
use super::outline::{Outline, number};
use super::score::{About, Group, Signs, signs};
use super::{Habits, Listing, NoList, Rejected, address, beside, few, lead, next, pattern, rows, select, words};
use crate::source::Select;

/// What a group must reach to be a list at all.
const LEAST: f32 = 5.5;
/// Where it is as likely a list of news as not.
const EVEN: f32 = 7.0;
/// What a side column says against a group with dates, at most.
const SIDE: f32 = 0.6;
/// How sure it is that a few headlines are a list of news, 0 to 1.
const FEW: f32 = 0.75;
/// Groups that are weighed.
const MOST_GROUPS: usize = 2_000;
/// Entries of a section that stands beside others.
const MOST_IN_SECTION: usize = 6;
/// Lists that are told as not taken.
const MOST_REJECTED: usize = 3;

/// Finds the list of a page and reads it. What is written in `wish` holds; the rest is found. `base` is where the page is.
///
/// # Errors
/// [`NoList::Nothing`] when nothing is like a list of news; with `item` in the wish, those of [`select::read`].
pub fn find(page: &Html, base: &Url, wish: &Select, policy: Policy) -> Result<Listing, NoList> {
    if wish.item.is_some() {
        return select::read(page, base, wish, policy);
    }
    let finder = Finder::of(page, base, policy);
    let mut groups = finder.groups();
    groups.sort_by(|a, b| b.signs.sum().total_cmp(&a.signs.sum()));
    // One that no selector tells is no list, but the next may be.
    let mut likely = groups.iter().take_while(|group| group.signs.sum() >= LEAST).filter(|group| !is_box(group));
    let best = likely.find(|group| finder.item(group).is_some()).ok_or(NoList::Nothing)?;
    // A box of the latest news stands beside many a list, and is not it.
    let is_of_page = |group: &&Group| {
        is_dated(group)
            && group.signs.surroundings >= 0.0
            && group.signs.sum() >= EVEN
            && group.entries.len() > best.entries.len()
    };
    let best = if is_beside(best) { likely.find(is_of_page).unwrap_or(best) } else { best };
    let taken: Vec<Group> =
        if is_home(base) { finder.united(&groups) } else { finder.led(finder.with_sections(&groups, best)) };
    let mut listing = finder.listing(&taken, wish)?;
    listing.confidence = 1.0 / (1.0 + (EVEN - best.signs.sum()).exp());
    listing.rejected = finder.rejected(&groups, &taken);
    Ok(listing)
}

/// Finds the first entries of a list that is none by its shape, for they are too few. No selector tells what the next will be made of,
/// so it is found anew at each visit. `None`: there are none.
pub(super) fn find_few(page: &Html, address: &Url, wish: &Select, policy: Policy) -> Option<Listing> {
    let finder = Finder::of(page, address, policy);
    let entries = few::entries(&finder.outline, page, address, &finder.base);
    let group = Group { entries, signs: Signs::default() };
    let mut listing = finder.listing(std::slice::from_ref(&group), wish).ok()?;
    (listing.way.select, listing.confidence) = (wish.clone(), FEW);
    (listing.feed.entries.len() == group.entries.len()).then_some(listing)
}

/// Whether most of a group have dates.
fn is_dated(group: &Group) -> bool {
    group.signs.dates > 2.4
}

/// Whether a group with dates stands in a side column.
fn is_beside(group: &Group) -> bool {
    is_dated(group) && (-SIDE..0.0).contains(&group.signs.surroundings)
}

/// Whether a group is a box in what surrounds the content, and nothing but that its links lead to pages is like news.
fn is_box(group: &Group) -> bool {
    let signs = &group.signs;
    signs.surroundings < 0.0 && signs.dates < 1.6 && signs.heading <= 0.0 && signs.sum() < EVEN
}

/// Whether a page is the first of its site.
fn is_home(base: &Url) -> bool {
    let path = base.path().trim_matches('/').to_ascii_lowercase();
    let (name, ending) = path.split_once('.').unwrap_or((&path, ""));
    path.is_empty() || matches!(name, "index" | "default" | "home" | "main") && !ending.contains('/')
}

/// An address without its fragment, but one that a script of the page understands.
fn whole(url: &Url) -> &str {
    match url.as_str().split_once('#') {
        Some((page, fragment)) if !fragment.starts_with(['/', '!']) => page,
        _ => url.as_str(),
    }
}

/// A page that is searched.
pub(super) struct Finder<'p> {
    page: &'p Html,
    address: Url,
    base: Url,
    outline: Outline<'p>,
    policy: Policy,
    habits: Habits,
}

impl<'p> Finder<'p> {
    pub(super) fn of(page: &'p Html, address: &Url, policy: Policy) -> Self {
        let base = select::base_of(page, address);
        let outline = Outline::of(page, &base, &Context::at(policy.local()));
        Self { page, address: address.clone(), base, outline, policy, habits: Habits::default() }
    }

    /// One that knows what the titles of its list have glued to them.
    pub(super) fn knowing(self, habits: Habits) -> Self {
        Self { habits, ..self }
    }

    /// The link of an entry, and its title.
    pub(super) fn told(&self, anchor: usize) -> Option<(&Url, &str)> {
        self.outline.anchors.get(anchor).map(|anchor| (&anchor.link, anchor.title.as_str()))
    }

    /// The part that an entry lies in.
    pub(super) fn holder(&self, record: usize) -> usize {
        self.outline.parts.get(record).map_or(0, |part| part.parent)
    }

    /// The links of the page in groups of one shape, weighed.
    pub(super) fn groups(&self) -> Vec<Group> {
        let mut shapes: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
        for (anchor, path) in self.outline.paths().into_iter().enumerate() {
            shapes.entry(path).or_default().push(anchor);
        }
        let mut groups: Vec<Vec<usize>> = shapes.into_values().filter(|anchors| anchors.len() >= 2).collect();
        groups.sort_by_key(|anchors| std::cmp::Reverse(anchors.len()));
        groups.truncate(MOST_GROUPS);
        let mut groups: Vec<Vec<usize>> =
            groups.into_iter().map(|anchors| self.once(self.without_beside(anchors))).collect();
        groups.sort_by_key(|anchors| std::cmp::Reverse(anchors.len()));
        groups.retain(|anchors| anchors.len() >= 2);
        let page = self.about();
        let named = |entries| if page.is_other { vec![entries] } else { self.named(entries) };
        groups.retain(|anchors| !self.are_labels(anchors));
        let entries = groups.iter().flat_map(|anchors| named(self.without_days(self.records(anchors))));
        let entries = entries.map(|entries| self.dated(entries));
        let weighed = entries.filter(|entries| entries.len() >= 2).map(|entries| {
            let signs = signs(&self.outline, &entries, &page);
            Group { entries, signs }
        });
        weighed.collect()
    }

    /// Whether links lead to all that has a label, and hardly any to an article.
    fn are_labels(&self, anchors: &[usize]) -> bool {
        let links = anchors.iter().filter_map(|anchor| self.told(*anchor));
        links.filter(|(url, _)| address::is_of_label(url)).count() * 10 >= anchors.len() * 9
    }

    /// What the page says of itself.
    fn about(&self) -> About<'_> {
        let folder = address::folder(&self.address);
        let (title, heading) = (select::said_by(self.page, "title"), select::said_by(self.page, "h1"));
        // The title may be that of the site.
        let own = heading.clone().or_else(|| title.clone());
        let is_of_things = own.iter().chain(&folder).any(|text| heading::names_things(text));
        let said = [title, heading, folder.clone()];
        let said: Vec<Names> = said.into_iter().flatten().filter_map(|text| heading::names(&text)).collect();
        let is_other = !said.is_empty() && said.iter().all(|names| *names == Names::Other);
        // A category of news may be called "People".
        let may_be_news = is_home(&self.base) || address::is_of_label(&self.base) || said.contains(&Names::News);
        let is_of_things = is_of_things && !may_be_news;
        About { base: &self.base, folder, is_other, is_of_things }
    }

    /// Links of one shape may stand under several headings: what stands under one that names something else than news is no
    /// part of what stands under others.
    fn named(&self, entries: Vec<(usize, usize)>) -> Vec<Vec<(usize, usize)>> {
        let headings = self.outline.headings_of(&entries);
        let is_other = |(_, record): &(usize, usize)| self.outline.called(*record, &headings) == Some(Names::Other);
        let (others, rest): (Vec<_>, Vec<_>) = entries.into_iter().partition(is_other);
        [rest, others].into_iter().filter(|entries| !entries.is_empty()).collect()
    }

    /// The links that are those of entries, and not what stands beside them in each.
    fn without_beside(&self, mut anchors: Vec<usize>) -> Vec<usize> {
        if !beside::may_be(&self.outline, &anchors) {
            return anchors;
        }
        let beside = beside::links(&self.outline, &self.records(&anchors));
        anchors.retain(|anchor| !beside.contains(anchor));
        anchors
    }

    /// Without the links beside days that those of the entries before or behind them have.
    fn without_days(&self, entries: Vec<(usize, usize)>) -> Vec<(usize, usize)> {
        let is_dated = |(_, record): &(usize, usize)| self.outline.date(*record).0 >= 0.5;
        let words = |(anchor, _): &(usize, usize)| self.told(*anchor).map_or(0.0, |(_, title)| words::units(title));
        rows::that_name(entries, is_dated, words)
    }

    /// Each address once.
    fn once(&self, mut anchors: Vec<usize>) -> Vec<usize> {
        let mut known = HashSet::new();
        anchors
            .retain(|anchor| self.outline.anchors.get(*anchor).is_some_and(|anchor| known.insert(whole(&anchor.link))));
        anchors
    }

    /// Each link with the part that holds its entry: the largest that holds none of the others.
    fn records(&self, anchors: &[usize]) -> Vec<(usize, usize)> {
        let parts: Vec<usize> =
            anchors.iter().filter_map(|anchor| self.outline.anchors.get(*anchor)).map(|anchor| anchor.part).collect();
        let shared: Vec<usize> = parts
            .windows(2)
            .map(|pair| match pair {
                [a, b] => self.outline.common(*a, *b),
                _ => 0,
            })
            .collect();
        let steps: Vec<usize> = parts
            .iter()
            .enumerate()
            .map(|(at, part)| {
                let before = at.checked_sub(1).and_then(|at| shared.get(at));
                // The inner of the two is the one that begins later.
                let stop = before.into_iter().chain(shared.get(at)).max().copied().unwrap_or(0);
                self.outline.above(*part).take_while(|above| *above != stop).count().saturating_sub(1)
            })
            .collect();
        // Entries of one list are equally deep, also where one of them stands alone in its row.
        let mut times: BTreeMap<usize, usize> = BTreeMap::new();
        for steps in &steps {
            *times.entry(*steps).or_default() += 1;
        }
        let usual = times.iter().max_by_key(|(steps, times)| (**times, **steps)).map_or(0, |(steps, _)| *steps);
        let climb = |part: usize, steps: usize| self.outline.above(part).nth(steps).unwrap_or(part);
        let entries = anchors.iter().zip(&parts).zip(&steps);
        entries.map(|((anchor, part), steps)| (*anchor, climb(*part, usual.min(*steps)))).collect()
    }

    /// One shape of path may be that of a menu and of a list: where some containers are dated and others not, only the
    /// dated ones count.
    fn dated(&self, entries: Vec<(usize, usize)>) -> Vec<(usize, usize)> {
        let mut worth: HashMap<usize, (f32, usize)> = HashMap::new();
        for (_, part) in &entries {
            let (sum, count) = worth.entry(self.holder(*part)).or_default();
            *sum += self.outline.date(*part).0;
            *count += 1;
        }
        let share = |part: usize| worth.get(&self.holder(part)).map_or(0.0, |(sum, count)| sum / number(*count));
        let most = entries.iter().map(|(_, part)| share(*part)).fold(0.0, f32::max);
        if worth.len() < 2 || most < 0.5 {
            return entries;
        }
        entries.into_iter().filter(|(_, part)| share(*part) >= 0.5 * most).collect()
    }

    /// A group with the entries beside its own that look otherwise: pinned, red or bold ones.
    pub(super) fn completed(&self, best: &Group) -> Group {
        let part = |at: usize| self.outline.parts.get(at);
        let holders: HashSet<usize> =
            best.entries.iter().filter_map(|(_, record)| part(*record)).map(|part| part.parent).collect();
        let tags: HashSet<&str> = best
            .entries
            .iter()
            .filter_map(|(_, record)| part(*record))
            .map(|part| part.element.value().name())
            .collect();
        let mut links: HashSet<&str> =
            best.entries.iter().filter_map(|(anchor, _)| self.told(*anchor)).map(|(url, _)| url.as_str()).collect();
        let mut records: HashSet<usize> = best.entries.iter().map(|(_, record)| *record).collect();
        let mut completed = best.clone();
        for (index, anchor) in self.outline.anchors.iter().enumerate() {
            let record = self
                .outline
                .above(anchor.part)
                .take(40)
                .find(|above| part(*above).is_some_and(|part| holders.contains(&part.parent)));
            let Some(record) = record.filter(|record| !records.contains(record) && !holders.contains(record)) else {
                continue;
            };
            let is_like = part(record).is_some_and(|part| tags.contains(part.element.value().name()));
            let dated = best.signs.dates <= 2.4 || self.outline.date(record).0 >= 0.5;
            if is_like && dated && words::units(&anchor.title) >= 3.0 && links.insert(anchor.link.as_str()) {
                records.insert(record);
                completed.entries.push((index, record));
            }
        }
        completed.entries.sort_unstable();
        completed
    }

    /// The groups of a home page that are news: several boxes, each with its own.
    fn united(&self, groups: &[Group]) -> Vec<Group> {
        let Some(best) = groups.first() else { return Vec::new() };
        let mut taken: Vec<Group> = Vec::new();
        let mut records: BTreeSet<usize> = BTreeSet::new();
        for group in groups {
            let told = group.signs.dates >= 1.6 || group.signs.articles >= 1.2;
            // A box with its "more" is no entry, but holds some.
            let end = |record: usize| self.outline.parts.get(record).map_or(0, |part| part.end);
            let is_box = |(_, record): &(usize, usize)| {
                records.range(record + 1..).next().is_some_and(|known| *known < end(*record))
            };
            if group.signs.sum() < 0.55 * best.signs.sum()
                || group.signs.surroundings < -2.0
                || !told
                || group.entries.iter().any(is_box)
            {
                continue;
            }
            let group = Group {
                entries: group.entries.iter().copied().filter(|(_, record)| records.insert(*record)).collect(),
                ..*group
            };
            if !group.entries.is_empty() {
                taken.push(group);
            }
        }
        if taken.is_empty() { vec![best.clone()] } else { taken }
    }

    /// The best group and, where it is one of several sections of one page, each with a heading and a few entries of its own,
    /// those of the others, in the order of the page.
    fn with_sections(&self, groups: &[Group], best: &Group) -> Vec<Group> {
        let mut taken = vec![self.completed(best)];
        let first = |group: &Group| group.entries.first().map(|(_, record)| *record);
        if best.entries.len() > MOST_IN_SECTION {
            return taken;
        }
        for group in groups.iter().skip(1) {
            let is_like = group.signs.sum() >= 0.75 * best.signs.sum()
                && (group.signs.dates > 2.4) == (best.signs.dates > 2.4)
                && group.signs.surroundings > -0.5
                // What stands beside "News" and is called otherwise is something else.
                && (group.signs.heading > 0.0) == (best.signs.heading > 0.0)
                && group.entries.len() <= MOST_IN_SECTION;
            let is_beside = |known: &Group| {
                first(known).zip(first(group)).is_some_and(|(known, other)| self.outline.are_sections(known, other))
            };
            let is_new = |known: &Group| {
                let links: Vec<_> = known.entries.iter().filter_map(|(anchor, _)| self.told(*anchor)).collect();
                !group
                    .entries
                    .iter()
                    .filter_map(|(anchor, _)| self.told(*anchor))
                    .any(|told| links.iter().any(|(url, title)| *url == told.0 || *title == told.1))
            };
            if is_like && taken.iter().all(|known| is_beside(known) && is_new(known)) {
                taken.push(self.completed(group));
            }
        }
        taken.sort_by_key(first);
        taken
    }

    /// Groups, and before the first of them the stories that lead it, each where something names the place that it stands in.
    fn led(&self, lists: Vec<Group>) -> Vec<Group> {
        let Some(list) = lists.first() else { return lists };
        let is_exact = |group: &Group| {
            let selector = self.item(group).filter(|item| item.contains(['.', '#']));
            let parsed = selector.and_then(|selector| Selector::parse(&selector).ok());
            parsed.is_some_and(|selector| self.page.select(&selector).count() == group.entries.len())
        };
        // What leads to the page itself is the page, or a place in it.
        let is_other = |holders: &Vec<(usize, usize)>| {
            let told = holders.first().and_then(|(anchor, _)| self.told(*anchor));
            told.is_some_and(|(url, _)| whole(url) != whole(&self.address))
        };
        let mut leads = lead::of(&self.outline, list);
        leads.retain(is_other);
        let group = |entries: Vec<(usize, usize)>| Group { entries, ..*list };
        let together = group(leads.iter().filter_map(|holders| holders.last().copied()).collect());
        let led: Vec<Group> = if leads.len() > 1 && is_exact(&together) {
            vec![together]
        } else {
            let each = leads.into_iter().map(|holders| holders.into_iter().rev().map(|holder| group(vec![holder])));
            each.filter_map(|mut groups| groups.find(is_exact)).collect()
        };
        led.into_iter().chain(lists).collect()
    }

    /// The list that groups of links make, told as selectors and read by them.
    pub(super) fn listing(&self, groups: &[Group], wish: &Select) -> Result<Listing, NoList> {
        let mut select = wish.clone();
        let (mut items, mut links): (Vec<String>, Vec<String>) = (Vec::new(), Vec::new());
        for group in groups {
            let Some(item) = self.item(group).filter(|item| !items.contains(item)) else { continue };
            let link = self.link(group);
            links.extend(link.map(|link| if groups.len() > 1 { format!("{item} {link}") } else { link }));
            items.push(item);
        }
        select.item = Some(items.join(", ")).filter(|item| !item.is_empty());
        select.link = select.link.or_else(|| Some(links.join(", ")).filter(|link| !link.is_empty()));
        let (found, _) = select::entries(self.page, &self.base, &select, &self.habits, self.policy)?;
        let anchors = found.iter().filter_map(|found| found.link).collect();
        select.next = select.next.or_else(|| next::selector(self.page, &self.base, &anchors));
        let place = |part: &dyn Fn(&Found<'p>) -> Option<NodeId>| {
            let targets: Vec<_> = found.iter().map(|found| (found.item, part(found))).collect();
            pattern::in_items(&targets)
        };
        let title = select.title.clone().or_else(|| place(&|found| found.title));
        let date =
            select.date.clone().or_else(|| place(&|found| found.stamped.or_else(|| found.dated.as_ref()?.holder)));
        // Where titles and dates are is told only if that says the same as is found without.
        let known: Vec<&Entry> = found.iter().map(|found| &found.entry).collect();
        let same = |listing: &Listing| listing.feed.entries.iter().eq(known.iter().copied());
        let read = |select: &Select| select::read_again(self.page, &self.address, select, &self.habits, self.policy);
        for (title, date) in [(&title, &date), (&title, &select.date), (&select.title, &date)] {
            let told = Select { title: title.clone(), date: date.clone(), ..select.clone() };
            if let Some(listing) = read(&told).ok().filter(same) {
                return Ok(listing);
            }
        }
        read(&select)
    }

    fn item(&self, group: &Group) -> Option<String> {
        let records: Vec<usize> = group.entries.iter().map(|(_, record)| *record).collect();
        pattern::of_items(&self.outline, &records)
    }

    fn link(&self, group: &Group) -> Option<String> {
        let element = |part: usize| self.outline.parts.get(part).map(|part| part.element);
        let target = |(anchor, record): &(usize, usize)| {
            let anchor = element(self.outline.anchors.get(*anchor)?.part)?;
            Some((element(*record)?, Some(anchor.id())))
        };
        pattern::in_items(&group.entries.iter().filter_map(target).collect::<Vec<_>>())
    }

    /// The best of the groups that have no entry in a list.
    fn rejected(&self, groups: &[Group], taken: &[Group]) -> Vec<Rejected> {
        let mut links: HashSet<&str> = taken
            .iter()
            .flat_map(|group| &group.entries)
            .filter_map(|(anchor, _)| self.told(*anchor))
            .map(|(url, _)| url.as_str())
            .collect();
        let mut rejected = Vec::new();
        for group in groups.iter().take(50) {
            let own: Vec<(&Url, &str)> = group.entries.iter().filter_map(|(anchor, _)| self.told(*anchor)).collect();
            let known = own.iter().filter(|(url, _)| links.contains(url.as_str())).count();
            if known * 2 >= own.len() || rejected.len() >= MOST_REJECTED {
                continue;
            }
            links.extend(own.iter().map(|(url, _)| url.as_str()));
            rejected.push(Rejected {
                select: Select { item: self.item(group), link: self.link(group), ..Select::default() },
                entries: own.len(),
                titles: own.iter().take(3).map(|(_, title)| (*title).to_owned()).collect(),
                reason: group.signs.reason().to_owned(),
            });
        }
        rejected
    }
}
