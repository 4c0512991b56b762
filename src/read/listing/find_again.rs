//! Finds a list again after its site was made anew: by the titles and addresses that are known of it.

use std::collections::HashSet;

use scraper::Html;
use url::Url;

use super::super::Policy;
use super::super::feed::{Entry, Text};
use super::detect::Finder;
use super::outline::number;
use super::score::Group;
use super::title::{self, Plain};
use super::{Habits, Listing, address, essence};
use crate::source::Select;

/// Known entries that one group of links must hold to be looked at.
const LEAST: usize = 2;
/// Groups that are read.
const MOST: usize = 4;

/// Finds the list that most of the known entries, title and address, stand in, and the share of them that it tells with
/// the same title, 0 to 1. `habits`: those that the list had before, for what was glued to titles then is not in those that are known.
/// `None`: fewer than two of the known are on the page, or the only one is not.
pub(super) fn find_again(
    page: &Html,
    base: &Url,
    known: &[(String, Url)],
    habits: &Habits,
    policy: Policy,
) -> Option<(Listing, f32)> {
    let plainly = || sought(&Finder::of(page, base, policy), known);
    let habits = habits.of_titles();
    if habits.are_none() {
        return plainly();
    }
    let found = sought(&Finder::of(page, base, policy).knowing(habits), known);
    if found.as_ref().is_some_and(|(_, share)| *share >= 1.0) {
        return found;
    }
    found.into_iter().chain(plainly()).reduce(better)
}

/// The same by one way to read the titles.
fn sought(finder: &Finder<'_>, known: &[(String, Url)]) -> Option<(Listing, f32)> {
    let addresses: HashSet<String> = known.iter().map(|(_, url)| essence(url)).collect();
    let groups = finder.groups();
    let found = among(finder, &groups, known, &addresses);
    if found.as_ref().is_some_and(|(_, share)| *share >= 1.0) {
        return found;
    }
    // A link may hold a whole entry, and a title stand beside its link: then its words are not the title.
    let read = read_addresses(finder, &groups, known);
    if read.is_subset(&addresses) {
        return found;
    }
    let other = among(finder, &groups, known, &read.union(&addresses).cloned().collect());
    found.into_iter().chain(other).reduce(better)
}

/// Where entries lead that have the title of a known one when the likeliest groups of links are read as lists.
fn read_addresses(finder: &Finder<'_>, groups: &[Group], known: &[(String, Url)]) -> HashSet<String> {
    let titles: Vec<Plain> = known.iter().map(|(title, _)| Plain::of(title)).collect();
    let mut groups: Vec<&Group> = groups.iter().collect();
    groups.sort_by(|a, b| b.signs.sum().total_cmp(&a.signs.sum()));
    let lists = groups.into_iter().take(MOST);
    let lists = lists.filter_map(|group| finder.listing(std::slice::from_ref(group), &Select::default()).ok());
    let entries = lists.flat_map(|list| list.feed.entries);
    let is_known = |entry: &Entry| {
        let title = entry.facts.title.as_ref().map(|title| Plain::of(&title.line()));
        let title = title.filter(|title| !title.text.is_empty());
        title.is_some_and(|title| titles.iter().any(|known| known.text == title.text || known.begins(&title)))
    };
    let addresses = entries.filter(is_known).filter_map(|entry| Url::parse(&entry.facts.link?).ok());
    addresses.map(|url| essence(&url)).collect()
}

fn better(best: (Listing, f32), other: (Listing, f32)) -> (Listing, f32) {
    if other.1 > best.1 { other } else { best }
}

/// The same, of links that have the words of a known title or lead to one of some addresses.
fn among(
    finder: &Finder<'_>,
    groups: &[Group],
    known: &[(String, Url)],
    addresses: &HashSet<String>,
) -> Option<(Listing, f32)> {
    let titles: HashSet<String> =
        known.iter().map(|(title, _)| Plain::of(title).text).filter(|title| !title.is_empty()).collect();
    let is_known = |anchor: usize| {
        finder
            .told(anchor)
            .is_some_and(|(url, title)| titles.contains(&Plain::of(title).text) || addresses.contains(&essence(url)))
    };
    let hits = |group: &Group| group.entries.iter().filter(|(anchor, _)| is_known(*anchor)).count();
    // Another list may have the same shape: what lies with none of the known, and leads elsewhere, is of that.
    let own = |mut group: Group| {
        let known: Vec<(usize, usize)> =
            group.entries.iter().copied().filter(|(anchor, _)| is_known(*anchor)).collect();
        let leads = |anchor: usize| finder.told(anchor).map(|(url, _)| address::mask(url));
        let holders: HashSet<usize> = known.iter().map(|(_, record)| finder.holder(*record)).collect();
        let places: HashSet<Option<String>> = known.iter().map(|(anchor, _)| leads(*anchor)).collect();
        group
            .entries
            .retain(|(anchor, record)| holders.contains(&finder.holder(*record)) || places.contains(&leads(*anchor)));
        group
    };
    let groups = groups.iter().cloned().map(own);
    let mut groups: Vec<(usize, Group)> = groups.map(|group| (hits(&group), group)).collect();
    groups.retain(|(hits, _)| *hits >= LEAST.min(known.len()).max(1));
    // The most of the known; of equals what is most like a list of news.
    groups.sort_by(|(a, left), (b, right)| b.cmp(a).then(right.signs.sum().total_cmp(&left.signs.sum())));
    let read = groups.into_iter().take(MOST).filter_map(|(_, group)| {
        let listing = finder.listing(&[finder.completed(&group)], &Select::default()).ok()?;
        let share = share(&listing, known);
        Some((listing, share))
    });
    let (mut listing, share) = read.reduce(better)?;
    listing.confidence = share;
    Some((listing, share))
}

/// The share of known entries that a list tells with the same title; a title that is cut short, there or here, is the
/// same if it is the start of the other.
pub(super) fn share(listing: &Listing, known: &[(String, Url)]) -> f32 {
    let titles = listing.feed.entries.iter().filter_map(|entry| entry.facts.title.as_ref());
    let lines: Vec<String> = titles.map(Text::line).collect();
    let told: Vec<Plain> = lines.iter().map(|title| Plain::of(title)).collect();
    let plain: HashSet<&str> = told.iter().map(|title| title.text.as_str()).collect();
    let is_told = |title: &str| {
        let known = Plain::of(title);
        plain.contains(known.text.as_str())
            || told.iter().any(|other| other.begins(&known))
            || lines.iter().any(|line| title::is_bulleted(line, title) || title::is_glued(line, title))
    };
    number(known.iter().filter(|(title, _)| is_told(title)).count()) / number(known.len().max(1))
}
