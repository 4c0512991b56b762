//! What one pass over a page finds: the element that holds the story, and all that may say something about it.

use std::collections::HashMap;

use ego_tree::iter::Edge;
use ego_tree::{NodeId, NodeRef};
use scraper::node::Element;
use scraper::{Html, Node};
use serde_json::Value;
use url::Url;

use super::byline::filed;
use super::dateline::head_line;
use super::elements::{attribute, heading_level, is_surrounding, named, names, skips, words};
use super::lines::{Block, apart, blocks, crumb_text, headline, squeezed};
use super::linked_data::{self, LinkedData};
use super::meaning::Meaning;
use super::names::{holds_comments, is_beside};
use crate::draft::Evidence;
use crate::read::Policy;
use crate::read::names::signed;
use crate::read::residue::{self, Line, width};
use crate::read::text::Lines;

/// Lines behind a story that may say what it is filed under.
const BEHIND: usize = 12;
/// Most steps from the front page of a site to a story.
const STEPS: usize = 10;
/// Dates, authors and categories of a page that are looked at, each.
const MOST: usize = 1_000;

/// What one pass over a page finds.
#[derive(Default)]
pub(super) struct Survey<'a> {
    pub(super) language: Option<String>,
    pub(super) base: Option<&'a str>,
    pub(super) canonical: Option<&'a str>,
    /// Languages and addresses of the same page (`hreflang`).
    pub(super) siblings: Vec<(&'a str, &'a str)>,
    pub(super) title: String,
    pub(super) metas: Vec<(String, &'a str)>,
    pub(super) json_ld: Vec<Value>,
    /// Headings and elements named like a title.
    pub(super) headings: Vec<Heading>,
    /// Elements that are marked or named as a date.
    pub(super) dates: Vec<DateMark<'a>>,
    /// Elements that are marked or named as the author.
    pub(super) bylines: Vec<Byline>,
    /// Links to the categories that the story is filed under.
    pub(super) labels: Vec<LabelLink>,
    /// Elements that are named for what the story is filed under: their places, and what they say.
    pub(super) filed: Vec<(usize, String)>,
    /// The items of a menu that are marked as what the story is filed under.
    pub(super) current: Vec<String>,
    /// What the names of elements around dates and labels say: each is read once for all that it holds.
    boxes: HashMap<NodeId, Named>,
    pub(super) crumbs: Vec<NodeId>,
    pub(super) body: Option<NodeId>,
    /// Elements named as surroundings, in order: each with the first place in it and the first behind it.
    pub(super) ranges: Vec<(NodeId, usize, usize)>,
    /// Elements passed so far.
    place: usize,
}

/// A heading, or an element named like a title.
pub(super) struct Heading {
    /// 1 to 6; 0 for those only named so.
    pub(super) level: u8,
    pub(super) text: String,
    pub(super) id: NodeId,
    /// How many elements stand before it.
    pub(super) place: usize,
    /// Whether it is a link to the front page.
    pub(super) leads_home: bool,
}

/// An element that is marked or named as a date.
pub(super) struct DateMark<'a> {
    /// What the marks are worth.
    pub(super) evidence: Evidence,
    /// Whether it is said to be that of the last change.
    pub(super) modified: bool,
    /// What is written in an attribute for machines.
    pub(super) written: Option<&'a str>,
    pub(super) text: String,
    pub(super) place: usize,
}

/// An element that is marked or named as the author.
pub(super) struct Byline {
    /// Whether a mark says that it is the name (`rel=author`, `itemprop=author`, a link to a page of an author), not only a class.
    pub(super) marked: bool,
    pub(super) text: String,
    pub(super) place: usize,
}

/// What an element is named for.
#[derive(Clone, Copy, Default)]
struct Named {
    /// The last change.
    is_modified: bool,
    /// One of all the categories of a site, as WordPress lists them.
    is_listed: bool,
}

/// A link to a category.
pub(super) struct LabelLink {
    /// Whether it is marked (`rel=category`), not only known by its address.
    pub(super) marked: bool,
    pub(super) text: String,
    /// The element that holds the links of one story: its parent, or that of the item of a list.
    pub(super) group: NodeId,
    pub(super) place: usize,
}

impl<'a> Survey<'a> {
    pub(super) fn of(page: &'a Html) -> Self {
        let mut survey = Self::default();
        // Whether each open element is inside of surroundings.
        let mut open: Vec<bool> = Vec::new();
        let mut unclosed: Vec<usize> = Vec::new();
        let mut articles = 0_u32;
        for edge in page.tree.root().traverse() {
            match edge {
                Edge::Open(node) => {
                    let Node::Element(element) = node.value() else { continue };
                    let own = is_surrounding(element) && !is_own_footer(element, articles);
                    articles += u32::from(is_article(element));
                    let outside = own || open.last() == Some(&true);
                    if own {
                        unclosed.push(survey.ranges.len());
                        survey.ranges.push((node.id(), survey.place, usize::MAX));
                    }
                    survey.note(&node, element, outside);
                    survey.place += 1;
                    open.push(outside);
                }
                Edge::Close(node) if node.value().is_element() => {
                    open.pop();
                    if let Some(range) = unclosed.last().and_then(|at| survey.ranges.get_mut(*at))
                        && range.0 == node.id()
                    {
                        range.2 = survey.place;
                        unclosed.pop();
                    }
                    articles -= u32::from(node.value().as_element().is_some_and(is_article));
                }
                Edge::Close(_) => {}
            }
        }
        survey
    }

    /// Notes what one element says.
    pub(super) fn note(&mut self, node: &NodeRef<'a, Node>, element: &'a Element, outside: bool) {
        match element.name() {
            "html" => self.language = attribute(element, "lang").or(attribute(element, "xml:lang")).map(str::to_owned),
            "body" => self.body = Some(node.id()),
            "base" => self.base = self.base.or(attribute(element, "href")),
            "title" if self.title.is_empty() => self.title = squeezed(node, 1_000),
            "link" if attribute(element, "rel").is_some_and(|rel| rel.eq_ignore_ascii_case("canonical")) => {
                self.canonical = attribute(element, "href");
            }
            "link" if attribute(element, "rel").is_some_and(|rel| rel.eq_ignore_ascii_case("alternate")) => {
                let sibling = attribute(element, "hreflang").zip(attribute(element, "href"));
                self.siblings.extend(sibling.filter(|_| self.siblings.len() < MOST));
            }
            "meta" => {
                let name =
                    ["property", "name", "itemprop", "http-equiv"].into_iter().find_map(|key| attribute(element, key));
                if let (Some(name), Some(content)) = (name, attribute(element, "content")) {
                    self.metas.push((name.trim().to_ascii_lowercase(), content.trim()));
                }
            }
            "script" if attribute(element, "type").is_some_and(|kind| kind.contains("ld+json")) => {
                let text: String =
                    node.children().filter_map(|child| child.value().as_text().map(|text| &**text)).collect();
                self.json_ld.extend(linked_data::parse(&text));
            }
            "a" => self.note_link(node, element),
            // WordPress marks the items of its menus so.
            "li" if names(element).any(|name| name == b"current-post-parent") && self.current.len() < MOST => {
                let link = node.children().find(|inner| named(inner, "a").is_some());
                self.current.extend(link.map(|link| squeezed(&link, 100)));
            }
            _ => {}
        }
        let level = heading_level(element.name()).filter(|level| *level <= 5);
        if level.is_some() || !element.attrs.is_empty() || element.name() == "time" {
            self.note_named(node, element, outside, level);
        }
    }

    /// Notes a link to an author or to a category.
    fn note_link(&mut self, node: &NodeRef<'a, Node>, element: &'a Element) {
        let rel = attribute(element, "rel").unwrap_or("");
        let href = attribute(element, "href").unwrap_or("");
        let has = |word: &str| rel.split_ascii_whitespace().any(|known| known.eq_ignore_ascii_case(word));
        let leads_to = |names: &[&str]| {
            let mut segments = href.split(['/', '?']).rev().filter(|segment| !segment.is_empty()).skip(1).take(2);
            segments.any(|segment| names.iter().any(|name| segment.eq_ignore_ascii_case(name)))
        };
        let author = has("author");
        let text = apart(node, 120);
        // "several hundred commits" lead to those who made them.
        let may_be_name =
            || text.split_whitespace().count() < 3 || text.contains(char::is_uppercase) || !text.is_ascii();
        if author
            || leads_to(&[
                "author", "authors", "autor", "autoren", "auteur", "autore", "writers", "contributor", "contributors",
            ]) && may_be_name()
        {
            self.bylines.push(Byline { marked: true, text, place: self.place });
        }
        let category = has("category");
        let among = ["category", "categories", "kategorie", "kategorien", "categoria", "categorie", "rubrik"];
        if (category || leads_to(&among)) && !self.around(node).is_listed {
            let text = squeezed(node, 100);
            let parent = node.parent();
            let group = parent.filter(|item| named(item, "li").is_some()).and_then(|item| item.parent()).or(parent);
            // In a sentence it leads to more of what that says: "lawmakers on the Harbour Committee".
            let is_phrase = || text.starts_with(char::is_lowercase) && text.split_whitespace().count() > 2;
            if let Some(group) = group.filter(|_| !text.is_empty() && width(&text) <= 60 && (category || !is_phrase()))
            {
                self.labels.push(LabelLink { marked: category, text, group: group.id(), place: self.place });
            }
        }
    }

    fn note_named(&mut self, node: &NodeRef<'a, Node>, element: &'a Element, outside: bool, level: Option<u8>) {
        let meaning = Meaning::of(element);
        if meaning.crumb {
            self.crumbs.push(node.id());
        }
        let place = self.place;
        let is_skipped = || node.ancestors().filter_map(|around| around.value().as_element()).any(skips);
        if (level.is_some() || meaning.title) && (!outside || level == Some(1) && !is_skipped()) {
            let text = headline(node, 2_000);
            if !text.is_empty() && width(&text) <= 600 {
                let leads_home = leads_home(node);
                self.headings.push(Heading { level: level.unwrap_or(0), text, id: node.id(), place, leads_home });
            }
        }
        if let Some(evidence) = meaning.date.filter(|_| self.dates.len() < MOST) {
            let written = ["datetime", "content", "title"].into_iter().find_map(|name| attribute(element, name));
            let text = apart(node, 500);
            if (written.is_some() || !text.is_empty()) && width(&text) <= 160 {
                // A `<time>` in a box for the last change is the date of that.
                let modified = meaning.modified || evidence == Evidence::DateElement && self.around(node).is_modified;
                self.dates.push(DateMark { evidence, modified, written, text, place });
            }
        }
        let is_listed = || names(element).any(|name| name == b"cat-item");
        if meaning.category && !outside && self.filed.len() < MOST && !is_listed() {
            let text = apart(node, 120);
            if !text.is_empty() && width(&text) <= 60 {
                self.filed.push((place, text));
            }
        }
        if let Some(marked) = meaning.author.filter(|_| self.bylines.len() < MOST) {
            let text = apart(node, 500);
            if !text.is_empty() && width(&text) <= 160 {
                self.bylines.push(Byline { marked, text, place });
            }
        }
    }

    /// What the names of the element around another say.
    fn around(&mut self, node: &NodeRef<'a, Node>) -> Named {
        let Some(parent) = node.parent() else { return Named::default() };
        let Some(element) = parent.value().as_element() else { return Named::default() };
        *self.boxes.entry(parent.id()).or_insert_with(|| Named {
            is_modified: Meaning::of(element).modified,
            is_listed: names(element).any(|name| name == b"cat-item"),
        })
    }

    /// How many elements the page has.
    pub(super) fn places(&self) -> usize {
        self.place
    }

    /// What its JSON-LD says.
    pub(super) fn linked_data(&self) -> LinkedData {
        LinkedData::of(&self.json_ld)
    }

    pub(super) fn meta(&self, names: &[&str]) -> Option<&'a str> {
        names
            .iter()
            .find_map(|name| self.metas.iter().find(|(key, value)| key == name && !value.is_empty()))
            .map(|(_, value)| *value)
    }

    /// All that `<meta>` of one name say.
    pub(super) fn all(&self, name: &str) -> Vec<&'a str> {
        self.metas.iter().filter(|(key, value)| key == name && !value.is_empty()).map(|(_, value)| *value).collect()
    }

    /// The address that the page says is its own.
    pub(super) fn own_address(&self) -> Option<Url> {
        let address = self.canonical.or_else(|| self.meta(&["og:url"]))?;
        Url::parse(address.trim()).ok().filter(|url| matches!(url.scheme(), "http" | "https") && url.path() != "/")
    }

    /// Reads the lines around the story: where it stands in the site, and the line of labels under the title.
    pub(super) fn read_surroundings(
        &self,
        page: &Html,
        story: NodeId,
        lines: &mut Lines,
        title: Option<&str>,
        trail: &[String],
        policy: Policy,
    ) -> Around {
        let mut around = Around::default();
        for id in &self.crumbs {
            let Some(node) = page.tree.get(*id) else { continue };
            if !lines.columns.is_empty() {
                break;
            }
            let text = crumb_text(&node);
            let found = residue::breadcrumb(&text, &text.to_lowercase()).or_else(|| {
                let marked = format!("You are here: {text}");
                let labels = residue::breadcrumb(&marked, &marked.to_lowercase())?;
                Some(
                    labels
                        .into_iter()
                        .filter_map(|label| text.find(label).and_then(|at| text.get(at..at + label.len())))
                        .collect(),
                )
            });
            // In many languages the first label is a word that only its link tells to be the front page.
            // Those behind it may lead to the folder of the page, by "./" and "../".
            let first = node.descendants().find_map(|inner| named(&inner, "a").zip(Some(inner)));
            let home = first.filter(|(link, _)| attribute(link, "href").is_some_and(is_home));
            let home = home.map(|(_, link)| squeezed(&link, 100));
            // What has more steps is a menu.
            let found = found.unwrap_or_default();
            let labels = found
                .iter()
                .filter(|_| found.len() <= STEPS)
                .filter(|label| Some(**label) != title && width(label) <= 60 && home.as_deref() != Some(**label));
            lines.columns.extend(labels.map(|label| (0, (*label).to_owned())));
        }
        let mut before = true;
        let mut behind = 0;
        let is_beside = |node: &NodeRef<'_, Node>| {
            node.value().as_element().is_some_and(|element| is_beside(element.name()) || holds_comments(element))
        };
        let beside = page.tree.nodes().filter(is_beside).map(|node| node.id()).collect();
        for Block { holder, text, linked, .. } in blocks(page, &[page.root_element().id()], &beside, Some(story)) {
            behind += usize::from(!before);
            before &= holder != story;
            // Above it stand lists of all the categories, to choose from; `near` has those below the title.
            if around.filed.is_empty() && !before && behind < BEHIND {
                around.filed = filed(&text).unwrap_or_default();
            }
            if behind == 1 {
                around.signed = signed(&text).unwrap_or_default();
            }
            if linked * 2 > text.len() && !text.contains('>') && !text.contains('»') || text.len() > 300 {
                continue;
            }
            match residue::line(&text) {
                Line::Text if before && (8..=160).contains(&width(&text)) && linked * 2 < text.len() => {
                    // Where the page has no heading, it may be the title; a day or a byline is none.
                    if self.headings.is_empty() && head_line(&text, policy).is_none() {
                        around.above = Some(text);
                    }
                }
                Line::Text | Line::Column | Line::Residue => {}
                Line::Breadcrumb(_) if !lines.columns.is_empty() => {}
                Line::Breadcrumb(labels) => {
                    let labels = labels.into_iter().filter(|label| Some(*label) != title && width(label) <= 60);
                    lines.columns.extend(labels.map(|label| (0, label.to_owned())));
                }
                found => lines.take(found, 0),
            }
        }
        if lines.columns.is_empty() {
            let labels = trail.iter().filter(|label| Some(label.as_str()) != title);
            lines.columns.extend(labels.map(|label| (0, label.clone())));
        }
        around
    }
}

/// What the lines around a story say that is told nowhere else.
#[derive(Default)]
pub(super) struct Around {
    /// The last line above it that is no label, and may be its title.
    pub(super) above: Option<String>,
    /// The names of the authors in the line behind it.
    pub(super) signed: Vec<String>,
    /// The categories in a line that says that it is filed under them.
    pub(super) filed: Vec<String>,
}

/// Whether a text is the name of an organisation and no title of a story.
pub(super) fn is_organisation(text: &str) -> bool {
    const KINDS: [&str; 9] = [
        "university", "college", "institute", "school of", "department of", "faculty of", "academy", "home", "homepage",
    ];
    let lower = text.trim().to_lowercase();
    let latin = lower.split_whitespace().count() <= 7 && KINDS.iter().any(|kind| lower.contains(kind));
    latin || width(&lower) <= 40 && lower.ends_with(['学', '院', '系', '处', '部', '所', '校', '网', '站'])
}

/// A text for comparing: lower case letters and digits only.
pub(super) fn comparable(text: &str) -> String {
    if text.is_ascii() {
        return text
            .bytes()
            .filter(u8::is_ascii_alphanumeric)
            .map(|byte| char::from(byte.to_ascii_lowercase()))
            .collect();
    }
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// Whether an element is the footer of an article and not of the page (HTML, "The footer element").
fn is_own_footer(element: &Element, articles: u32) -> bool {
    const OWNERS: [&str; 6] = ["post", "entry", "article", "asset", "node", "story"];
    let named = words(element).any(|word| word.eq_ignore_ascii_case(b"footer"));
    // `card-footer` is that of another.
    let bare = || names(element).any(|name| name.eq_ignore_ascii_case(b"footer"));
    let of_story = words(element).any(|word| OWNERS.iter().any(|owner| word.eq_ignore_ascii_case(owner.as_bytes())));
    named && of_story || articles > 0 && (element.name() == "footer" || bare())
}

/// Whether an element is an article by its name, or by what microdata says of it.
fn is_article(element: &Element) -> bool {
    let is_marked = |kind: &str| kind.ends_with("Article") || kind.ends_with("BlogPosting");
    // Whole pages are marked so, too, and their footers are those of the site.
    let is_page = matches!(element.name(), "html" | "body");
    element.name() == "article" || !is_page && attribute(element, "itemtype").is_some_and(is_marked)
}

/// Whether a heading is a link to the front page, or stands in one.
fn leads_home(node: &NodeRef<'_, Node>) -> bool {
    let mut inside =
        node.children().filter(|child| !child.value().as_text().is_some_and(|text| text.trim().is_empty()));
    let only = inside.next().filter(|_| inside.next().is_none());
    let link = node.ancestors().take(2).chain(only).find_map(|node| named(&node, "a"));
    link.and_then(|link| attribute(link, "href")).is_some_and(is_home)
}

/// Whether an address is that of the front page of a site, also in an archive of the web.
fn is_home(href: &str) -> bool {
    let behind = href.rsplit_once("://").map_or(href, |(_, rest)| rest.split_once('/').map_or("", |(_, path)| path));
    // An empty address is that of the page itself.
    matches!(behind.trim_start_matches('.'), "" | "/" | "/index.html" | "index.html" | "index.php" | "/index.htm")
        && !href.is_empty()
}
