//! How much a group of links is like a list of news: by its titles, dates, addresses and place.

use std::collections::{HashMap, HashSet};

use url::Url;

use super::heading::Names;
use super::outline::{self, Anchor, Outline, number};
use super::{address, words};
use crate::draft::{Precision, media_type_of_ending};

/// Links of one shape, each with the part that holds its entry.
#[derive(Clone, Debug)]
pub(super) struct Group {
    /// Indices of links and the parts of their entries, in order.
    pub(super) entries: Vec<(usize, usize)>,
    /// What speaks for it and against it.
    pub(super) signs: Signs,
}

/// What speaks for a group and against it; the sum decides.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Signs {
    pub(super) count: f32,
    pub(super) titles: f32,
    pub(super) dates: f32,
    pub(super) order: f32,
    pub(super) addresses: f32,
    pub(super) articles: f32,
    pub(super) lists: f32,
    pub(super) doubles: f32,
    pub(super) strangers: f32,
    pub(super) surroundings: f32,
    pub(super) place: f32,
    pub(super) folder: f32,
    pub(super) heading: f32,
    pub(super) files: f32,
    pub(super) sentences: f32,
}

impl Signs {
    pub(super) fn sum(&self) -> f32 {
        self.count
            + self.titles
            + self.dates
            + self.order
            + self.addresses
            + self.articles
            + self.lists
            + self.doubles
            + self.strangers
            + self.surroundings
            + self.place
            + self.folder
            + self.heading
            + self.files
            + self.sentences
    }

    /// The strongest word against it, lower case.
    pub(super) fn reason(&self) -> &'static str {
        let against = [
            (self.surroundings, "it is part of what surrounds the page's content"),
            (self.titles, "its titles are too short or too long"),
            (self.strangers, "its links lead to other sites"),
            (self.heading, "its heading names something else"),
            (self.lists, "its links lead to lists"),
            (self.doubles, "its links or titles repeat"),
            (self.sentences, "its links are words in a text"),
        ];
        let worst = against.into_iter().reduce(|worst, other| if other.0 < worst.0 { other } else { worst });
        match worst {
            Some((weight, reason)) if weight <= -1.0 => reason,
            _ if self.dates < 1.6 => "it has no dates",
            _ => "another list of the page is more like one of news",
        }
    }
}

/// What days to come are worth, of those that were.
const TO_COME: f32 = 0.3;

/// What is known of a page that is searched.
#[derive(Debug)]
pub(super) struct About<'u> {
    /// What its addresses resolve against.
    pub(super) base: &'u Url,
    /// The name of its place, which the addresses of its articles may have, too.
    pub(super) folder: Option<String>,
    /// Whether it is a page of something else than news by its own name, as one of events.
    pub(super) is_other: bool,
    /// Whether it is one of things, which have no days: people, courses, what may be downloaded.
    pub(super) is_of_things: bool,
}

/// Weighs a group of links.
pub(super) fn signs(outline: &Outline<'_>, entries: &[(usize, usize)], page: &About<'_>) -> Signs {
    let base = page.base;
    let links: Vec<&Anchor> = entries.iter().filter_map(|(anchor, _)| outline.anchors.get(*anchor)).collect();
    let Some(first) = links.first() else { return Signs::default() };
    let count = number(links.len());
    let share = |is: &dyn Fn(&Anchor) -> bool| number(links.iter().filter(|link| is(link)).count()) / count;
    let different = |keys: HashSet<&str>| number(keys.len()) / count;
    let mut signs = Signs { count: ((count + 1.0).log2() * 0.55).min(2.2), ..Signs::default() };

    let dates: Vec<_> = outline.dates(entries).into_iter().zip(links.iter().copied()).collect();
    let kind = |link: &Anchor| media_type_of_ending(link.link.path());
    let is_file = |link: &Anchor| kind(link).is_some_and(|kind| kind != "text/plain");
    // The month of the folder that a file was put in says nothing of what it is.
    let by_address = |link: &Anchor| {
        let told = super::super::prose::date_of_path(link.link.path());
        told.is_some_and(|(when, _)| when.precision() >= Precision::Day || !is_file(link))
    };
    let worth = |((worth, _), link): &((f32, _), &Anchor)| if *worth > 0.0 || !by_address(link) { *worth } else { 0.6 };
    let dated = dates.iter().map(worth).sum::<f32>() / count;
    // News are of days that were; a list of days to come is one of events.
    let (to_come, told) = dates.iter().filter_map(|((_, day), _)| *day).fold((0_u16, 0_u16), |(to_come, told), day| {
        (to_come.saturating_add(u16::from(day > outline.today.succ_opt().unwrap_or(day))), told.saturating_add(1))
    });
    let coming = to_come.saturating_mul(2) > told && !page.is_other;
    signs.dates = 4.0 * dated * if coming { TO_COME } else { 1.0 };
    // Neither menus nor what surrounds the content have a date beside each link.
    let called = entries.first().and_then(|(_, record)| outline.called(*record, &outline.headings_of(entries)));
    let is_other = called == Some(Names::Other) && !page.is_other;
    let against = if dated > 0.7 && !is_other { 0.35 } else { 1.0 };

    let mut lengths: Vec<f32> = links.iter().map(|link| words::units(&link.title)).collect();
    lengths.sort_unstable_by(f32::total_cmp);
    let (low, high) = (lengths.get((lengths.len() - 1) / 2), lengths.get(lengths.len() / 2));
    let median = low.zip(high).map_or(0.0, |(low, high)| f32::midpoint(*low, *high));
    signs.titles = match median {
        ..2.2 => -4.0 * against,
        ..3.2 => -1.5 * against,
        ..5.0 => 1.0,
        ..=45.0 => 2.5,
        _ => 0.0,
    };
    let days: Vec<_> = dates.iter().filter_map(|((_, day), _)| *day).collect();
    if days.len() >= 3 {
        let falling = days.windows(2).filter(|pair| matches!(pair, [a, b] if a >= b)).count();
        let falling = number(falling) / number(days.len() - 1);
        signs.order = if falling > 0.6 && !is_other { falling } else { 0.0 };
    }

    let mut masks: HashMap<String, u16> = HashMap::new();
    for link in &links {
        let times = masks.entry(address::mask(&link.link)).or_default();
        *times = times.saturating_add(1);
    }
    signs.addresses = f32::from(masks.into_values().max().unwrap_or(0)) / count;
    signs.articles = 2.2 * share(&|link| address::is_of_article(&link.link));
    signs.lists = -1.8 * share(&|link| address::is_of_list(&link.link) && !address::is_of_article(&link.link));
    let titles = different(links.iter().map(|link| link.title.as_str()).collect());
    let addresses = different(links.iter().map(|link| link.link.as_str()).collect());
    // A notice of one title may be given each day.
    signs.doubles = -3.0 * (1.0 - addresses) - 2.0 * against * (1.0 - titles);
    let strange = share(&|link| !address::is_near(&link.link, base));
    let is_of_first = |link: &Anchor| link.link.host_str() == first.link.host_str();
    // What others say of themselves elsewhere has no dates here; news that is kept elsewhere has.
    let is_elsewhere = strange >= 1.0 && share(&is_of_first) >= 1.0 && dated < 0.5;
    signs.strangers = if is_elsewhere { -4.0 } else { -4.0 * (strange - 0.5).max(0.0) };
    signs.folder =
        1.5 * share(&|link| page.folder.as_ref().is_some_and(|folder| address::is_below(&link.link, folder)));
    // What a text leads to is none of its entries, but where a date stands before each.
    let in_text = share(&|link| outline.is_in_text(link.part));
    signs.sentences = -4.0 * in_text * (1.0 - dated.min(1.0));
    signs.files = -share(&is_file) - 3.0 * share(&|link| kind(link).is_some_and(|kind| kind.starts_with("image/")));

    let Some((_, record)) = entries.first() else { return signs };
    signs.surroundings = -against * surroundings(outline, *record);
    signs.place = place(outline, first.part, *record);
    signs.heading = match called {
        Some(Names::News) => 0.7,
        Some(Names::Other) if is_other => -2.5,
        _ if page.is_of_things && dated < 0.4 => -8.0,
        _ => 0.0,
    };
    signs
}

/// How surely an entry is part of what surrounds the content: menus, foot lines, side columns. What holds most of the page
/// tells nothing by its name.
pub(super) fn surroundings(outline: &Outline<'_>, record: usize) -> f32 {
    let mut found: f32 = 0.0;
    for (steps, above) in outline.above(record).enumerate().take(12) {
        let Some(element) = outline.parts.get(above).map(|part| part.element.value()) else { break };
        if matches!(element.name(), "body" | "html") || outline.share(above) > 0.6 {
            break;
        }
        found = found.max(match element.name() {
            "nav" | "footer" => 4.0,
            "header" if steps > 0 => 2.5,
            "aside" => 1.5,
            _ => 0.0,
        });
        let named = [element.attr("class"), element.attr("id")];
        for word in named.into_iter().flatten().flat_map(|names| names.split(|c: char| !c.is_alphanumeric())) {
            let word = word.trim_end_matches(|c: char| c.is_ascii_digit()).to_ascii_lowercase();
            found = found.max(match word.as_str() {
                "nav" | "navbar" | "navigation" | "menu" | "submenu" | "foot" | "footer" | "header" | "top"
                | "bread" | "breadcrumb" | "breadcrumbs" | "crumb" | "crumbs" | "pager" | "page" | "pagination"
                | "fanye" | "friend" | "link" | "links" | "yqlj" | "yqlink" | "lang" | "share" | "social"
                | "search" | "login" | "tool" | "toolbar" | "dropdown" | "sitemap" | "copy" | "copyright" | "quick"
                | "mega" | "cookie" | "skip" | "tags" => {
                    if steps > 0 {
                        2.5
                    } else {
                        1.0
                    }
                }
                "aside" | "side" | "sidebar" | "widget" | "popular" | "hot" | "related" | "recommend" | "trending"
                | "leftnav" | "rank" => 1.2,
                _ => 0.0,
            });
        }
    }
    found
}

/// What its place says for it: below a heading, in the main part, in something named for news.
fn place(outline: &Outline<'_>, anchor: usize, record: usize) -> f32 {
    let element = |at: usize| outline.parts.get(at).map(|part| part.element.value());
    let is_heading = |at: usize| element(at).is_some_and(|element| outline::is_heading(element.name()));
    let is_main = |at: usize| element(at).is_some_and(|element| matches!(element.name(), "main" | "article"));
    let listed = [
        "news", "list", "article", "post", "entry", "item", "story", "notice", "tzgg", "xw", "card", "blog", "archive",
        "teaser", "result",
    ];
    let is_listed = |at: usize| {
        let names = element(at).into_iter().flat_map(|element| [element.attr("class"), element.attr("id")]);
        names.flatten().any(|name| {
            let name = name.to_ascii_lowercase();
            listed.iter().any(|word| name.contains(word))
        })
    };
    let bonus = |has: bool, worth: f32| if has { worth } else { 0.0 };
    let inside = || (anchor + 1..outline.parts.get(anchor).map_or(0, |part| part.end)).take(12);
    bonus(outline.above(anchor).take(4).any(is_heading) || inside().any(is_heading), 1.0)
        + bonus(outline.above(record).any(is_main), 0.5)
        + bonus(outline.above(record).take(4).any(is_listed), 0.5)
}
