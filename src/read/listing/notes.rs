//! News that a page tells itself: entries that no page of their own stands behind, each a heading or a day with the text below it.
//!
//! A run of entries is found by where they begin: by headings of one level, rows of one kind, bold lines or days that begin a line. It is
//! news if its entries have days, the latest first, and words of their own, and if nothing calls it something else. Nothing of it
//! is told as selectors: each visit finds the run anew, by its shape where that is still there, so that what a page is made of may change.

use std::collections::HashSet;

use scraper::Html;
use url::Url;

use super::super::Policy;
use super::super::date::Context;
use super::super::feed::Feed;
use super::heading::{self, Names};
use super::outline::number;
use super::period::Period;
use super::{Form, Habits, Listing, NoList, Way, address as addresses, essence, order, select};
use crate::draft::{Doubt, When, media_type_of_ending};
use crate::source::Select;

mod fragment;
mod lines;
mod markup;
mod runs;
#[cfg(test)]
mod tests;
mod told;

use runs::Run;
use told::Told;

/// Entries of a run.
const FEWEST: usize = 3;
/// Entries by which it is seen whether the others are worth a look.
const FIRST: usize = 12;
/// Share of the entries that have a date, percent.
const DATED: usize = 70;
/// Share of the neighbours of which the upper is as late as the lower, or later, percent.
const FALLING: usize = 75;
/// Share of the entries that may lead to pages of their own, or tell what is still to come, percent.
const EXCEPTIONS: usize = 30;
/// Share of the entries with a page from which on each has one, percent.
const PAGES: usize = 60;
/// From where on a list of links without dates is as likely one of news as not.
const LIKELY: f32 = 0.5;
/// Words of an entry, at the middle.
const WORDS: f32 = 4.0;
/// Words from which on an entry has enough.
const ENOUGH: f32 = 40.0;

/// What runs of days are called that are no news.
const OTHERS: [&str; 52] = [
    "talk", "talks", "seminar", "seminars", "schedule", "timetable", "stundenplan", "programme", "program", "agenda",
    "opening hours", "öffnungszeiten", "horarios", "horaires", "privacy", "datenschutz", "faq", "faqs", "questions",
    "history", "timeline", "geschichte", "chronik", "histoire", "historia", "storia", "team", "members", "mitglieder",
    "cv", "curriculum vitae", "lebenslauf", "education", "experience", "awards", "teaching", "lehre", "lectures",
    "deadlines", "important dates", "dates", "conferences", "workshops", "theses", "minutes", "protokolle",
    "references", "bibliography", "exhibitions", "concerts", "tour", "沿革",
];

/// A run of news, read.
pub(super) struct Notes {
    pub(super) listing: Listing,
    /// Where the links in each of its entries lead.
    links: Vec<HashSet<String>>,
}

impl Notes {
    /// Whether it is rather the news of its page than a list of links is: those are few of its entries, and stand in their texts; or
    /// elsewhere, with nothing that speaks for them.
    pub(super) fn is_better(&self, linked: &Listing) -> bool {
        let entries = &linked.feed.entries;
        let leads = entries.iter().filter_map(|entry| Url::parse(entry.facts.link.as_deref()?).ok());
        let (pages, files): (Vec<Url>, Vec<Url>) =
            leads.partition(|url| media_type_of_ending(url.path()).is_none_or(|kind| kind == "text/html"));
        let pages: HashSet<String> = pages.iter().map(essence).collect();
        let has_page = |links: &&HashSet<String>| !links.is_disjoint(&pages);
        // A page behind each is more than what is told here.
        if self.links.iter().filter(has_page).count() * 100 >= self.links.len() * PAGES {
            return false;
        }
        let of_files: HashSet<String> = files.iter().map(essence).collect();
        let is_inside = |link: &&String| self.links.iter().any(|links| links.contains(*link));
        let inside = pages.iter().chain(&of_files).filter(is_inside).count();
        if inside * 2 >= pages.len() + of_files.len() {
            return true;
        }
        let dated = entries.iter().filter(|entry| entry.facts.published.is_some()).count();
        dated * 2 < entries.len() && linked.confidence < LIKELY
    }
}

/// Reads the news that a page tells itself. `shape` is that of the run that was read before.
///
/// # Errors
/// [`NoList::Nothing`] where it tells none.
pub(super) fn read(page: &Html, address: &Url, shape: Option<&str>, policy: Policy) -> Result<Listing, NoList> {
    find(page, address, shape, policy).map(|notes| notes.listing).ok_or(NoList::Nothing)
}

/// The same, with what tells it from a list of links. `None`: it tells none.
pub(super) fn find(page: &Html, address: &Url, shape: Option<&str>, policy: Policy) -> Option<Notes> {
    let base = select::base_of(page, address);
    let language = select::language(page);
    let context = order::before(language, &Habits::default(), policy);
    let is_page_news = is_news(page, address);
    let (runs, headings) = runs::runs(page, &context);
    let has_periods = headings.iter().any(|heading| heading.tells_period(&context));
    // What nothing calls news may be comments of readers, terms of office or a timetable.
    let named = runs.into_iter().filter(|run| match called_above(run, &headings) {
        Some(names) => names == Names::News,
        None => is_page_news || shape == Some(run.shape.as_str()),
    });
    let weighed = named.filter_map(|run| {
        let periods = if has_periods { runs::periods(page, &run, &context) } else { Vec::new() };
        let entries = entries(&run, &periods, &base, language, context, policy);
        let weight = weight(&entries, &context)?;
        let is_kept = shape == Some(run.shape.as_str());
        Some((is_kept, weight, run, entries))
    });
    // Of equals the first, which is the outer.
    let best = weighed.reduce(|best, other| {
        let is_more = (other.0, other.1) > (best.0, best.1);
        if is_more { other } else { best }
    });
    let (_, _, run, entries) = best?;
    let entries: Vec<Told> = entries.into_iter().filter(Told::is_entry).collect();
    let links = entries.iter().map(|entry| entry.links.iter().map(essence).collect()).collect();
    let fragments = fragment::of(&entries, &context);
    let feed = Feed { about: select::about(page, &base), ..Feed::default() };
    let entries = entries.into_iter().zip(fragments);
    let entries = entries.map(|(entry, fragment)| entry.entry(address, fragment)).collect();
    let select = Select { item: Some(run.shape), ..Select::default() };
    let listing = Listing {
        feed: Feed { entries, ..feed },
        way: Way::new(Form::Notes, None, select),
        next: None,
        confidence: 0.9,
        rejected: Vec::new(),
        is_bare: true,
    };
    Some(Notes { listing, links })
}

/// The names in the title of a page: beside its own stands that of its site.
pub(super) fn names_in(title: &str) -> impl Iterator<Item = &str> {
    title.split(" - ").flat_map(|part| part.split(['|', '–', '—', '·', '»', '«'])).map(str::trim)
}

/// Whether a page calls itself one of news: its heading does, its title or its address.
pub(super) fn is_news(page: &Html, address: &Url) -> bool {
    let element = |name: &str| select::said_by(page, name).unwrap_or_default();
    let (title, heading) = (element("title"), element("h1"));
    let mut said = names_in(&title).chain([heading.as_str()]);
    said.any(|text| heading::names(text) == Some(Names::News))
        || addresses::folder(address).is_some_and(|name| heading::names(&name) == Some(Names::News))
}

/// What a run is called by the headings above it, the nearest that names something.
fn called_above(run: &Run<'_>, headings: &[runs::Heading]) -> Option<Names> {
    let mut lowest = u8::MAX;
    let above = headings.get(..run.headings_before).unwrap_or_default().iter().rev();
    let mut above = above.filter(|heading| {
        let is_above = heading.level < lowest && !run.begins_at.contains(&heading.id);
        lowest = if is_above { heading.level } else { lowest };
        is_above
    });
    above.find_map(|heading| called(&heading.text))
}

/// What a heading names, of lists without links, too.
fn called(text: &str) -> Option<Names> {
    heading::names(text).or_else(|| heading::holds(text, &OTHERS).then_some(Names::Other))
}

/// The entries of a run; those that tell no date, or nothing, among them. None at all where the first of them say that it is none.
fn entries<'p>(
    run: &Run<'p>,
    periods: &[Option<Period>],
    base: &Url,
    language: Option<&str>,
    context: Context,
    policy: Policy,
) -> Vec<Told<'p>> {
    let read = |context: &Context, most: usize| -> Vec<Told<'p>> {
        let periods = periods.iter().copied().chain(std::iter::repeat(None));
        let entries = run.entries.iter().zip(periods).take(most);
        entries.map(|(nodes, period)| Told::of(nodes, base, context, period)).collect()
    };
    let first = read(&context, FIRST);
    if first.iter().filter(|entry| entry.is_entry()).count() * 2 < first.len() {
        return Vec::new();
    }
    let found = if run.entries.len() > FIRST { read(&context, usize::MAX) } else { first };
    // Figures of which nothing tells which is the month.
    let raw: Vec<&str> = found.iter().filter_map(|entry| entry.raw.as_deref()).collect();
    let told = order::of(&raw, language, &context, policy);
    if told.numeric_order == context.numeric_order && told.year_first == context.year_first {
        return found;
    }
    read(&told, usize::MAX)
}

/// How much some entries are like news. `None`: they are none.
fn weight(entries: &[Told<'_>], context: &Context) -> Option<f32> {
    let told: Vec<&Told<'_>> = entries.iter().filter(|entry| entry.is_entry()).collect();
    let share = |part: usize, of: usize| (part * 100).checked_div(of).unwrap_or(100);
    if told.len() < FEWEST || share(told.len(), entries.len()) < DATED {
        return None;
    }
    // What stands below all but the last is above the next.
    if entries.last().is_some_and(|last| last.when.is_none()) && told.iter().all(|entry| entry.is_below) {
        return None;
    }
    let day = |entry: &&Told<'_>| entry.when.and_then(When::first_day);
    let days: Vec<_> = told.iter().filter_map(day).collect();
    let falling = days.windows(2).filter(|pair| pair.first() >= pair.last()).count();
    let guessed = told.iter().filter(|entry| entry.doubt == Doubt::Year).count();
    // A guessed year may break the order once in each.
    let is_falling = share(falling, days.len().saturating_sub(1)) >= FALLING || guessed * 2 > told.len();
    let to_come = days.iter().filter(|day| **day > context.now.date()).count();
    let of_event = told.iter().filter(|entry| entry.doubt == Doubt::Event).count();
    let linked = told.iter().filter(|entry| entry.is_linked).count();
    let is_rare = |some: usize| share(some, told.len()) <= EXCEPTIONS;
    // Days of one week, or one day of all, are a roster.
    let different: HashSet<_> = days.iter().collect();
    if !is_falling || !is_rare(to_come) || !is_rare(linked) || !is_rare(of_event) || different.len() < 2 {
        return None;
    }
    let mut units: Vec<f32> = told.iter().map(|entry| entry.units).collect();
    units.sort_by(f32::total_cmp);
    let middle = units.get(units.len() / 2).copied().unwrap_or(0.0);
    if middle < WORDS {
        return None;
    }
    let titles: HashSet<&str> = told.iter().map(|entry| entry.title.as_str()).collect();
    // One title for all is none.
    if titles.len() < 2 {
        return None;
    }
    let headed = told.iter().filter(|entry| entry.is_headed).count();
    let form = 1.0 + 0.3 * number(headed) / number(told.len());
    Some(number(told.len()) * (1.0 + middle.min(ENOUGH)).ln() * form)
}
