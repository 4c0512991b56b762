//! What one pass over a page finds: the element that holds the story, its title, and all that is said about it.

use ego_tree::iter::Edge;
use ego_tree::{NodeId, NodeRef};
use scraper::node::Element;
use scraper::{Html, Node};
use serde_json::Value;
use url::Url;

use super::elements::{attribute, heading_level, is_surrounding, lower, words};
use super::lines::{blocks, crumb_text, squeezed};
use super::linked_data::{LinkedData, trail};
use super::names::is_beside;
use super::resolve;
use crate::draft::{DateClaim, Draft, Evidence, Precision};
use crate::read::residue::{self, Line, width};
use crate::read::text::{self, Lines};
use crate::read::{Policy, date, prose};

/// What one pass over a page finds.
#[derive(Default)]
pub(super) struct Survey<'a> {
    pub(super) language: Option<String>,
    pub(super) base: Option<&'a str>,
    pub(super) canonical: Option<&'a str>,
    pub(super) title: String,
    pub(super) metas: Vec<(String, &'a str)>,
    pub(super) json_ld: Vec<Value>,
    /// Labels of a breadcrumb that JSON-LD tells, without the first.
    pub(super) trail: Vec<String>,
    /// Headings and elements named like a title: level (0 for those only named so), text.
    pub(super) headings: Vec<(u8, String, NodeId)>,
    pub(super) times: Vec<(&'a Element, String)>,
    /// Elements named like a date: whether a known system wrote them, and their text.
    pub(super) dates: Vec<(bool, String)>,
    pub(super) authors: Vec<String>,
    pub(super) crumbs: Vec<NodeId>,
    pub(super) body: Option<NodeId>,
}

impl<'a> Survey<'a> {
    pub(super) fn of(page: &'a Html) -> Self {
        let mut survey = Self::default();
        // Whether each open element is inside of surroundings.
        let mut open: Vec<bool> = Vec::new();
        for edge in page.tree.root().traverse() {
            match edge {
                Edge::Open(node) => {
                    let Node::Element(element) = node.value() else { continue };
                    let outside = open.last() == Some(&true) || is_surrounding(element);
                    survey.note(&node, element, outside);
                    open.push(outside);
                }
                Edge::Close(node) if node.value().is_element() => drop(open.pop()),
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
                // Control characters inside of strings are common, and no JSON.
                let text = text.replace(|c: char| c.is_control(), " ");
                if let Ok(value) = serde_json::from_str::<Value>(&text) {
                    trail(&value, 0, &mut self.trail);
                    self.json_ld.push(value);
                }
            }
            "time" if !outside => self.times.push((element, squeezed(node, 120))),
            name => {
                let level = heading_level(name).filter(|level| *level <= 4);
                let named = attribute(element, "class").is_some()
                    || attribute(element, "id").is_some()
                    || attribute(element, "itemprop").is_some();
                if level.is_none() && !named {
                    return;
                }
                self.note_named(node, element, outside, level);
            }
        }
    }

    pub(super) fn note_named(
        &mut self,
        node: &NodeRef<'a, Node>,
        element: &'a Element,
        outside: bool,
        level: Option<u8>,
    ) {
        let mut word = Words::default();
        for name in words(element).chain(attribute(element, "itemprop")) {
            word.see(name);
        }
        if word.crumb {
            self.crumbs.push(node.id());
        }
        if outside && level != Some(1) {
            return;
        }
        if level.is_some() || word.title {
            let text = squeezed(node, 500);
            if !text.is_empty() && width(&text) <= 600 {
                self.headings.push((level.unwrap_or(0), text, node.id()));
            }
        }
        if word.date && !word.modified {
            let text = attribute(element, "content").map_or_else(|| squeezed(node, 160), str::to_owned);
            if !text.is_empty() && width(&text) <= 160 {
                // The date elements of the content management systems of most Chinese universities.
                let class = element.attr("class").unwrap_or("");
                self.dates.push((class.contains("arti_update") || class.contains("Article_PublishDate"), text));
            }
        }
        if word.author && self.authors.len() < 8 {
            let text = squeezed(node, 120);
            if !text.is_empty() && width(&text) <= 80 && !text.contains([':', '：']) {
                self.authors.extend(prose::names(&text));
            }
        }
    }

    pub(super) fn meta(&self, names: &[&str]) -> Option<&'a str> {
        names
            .iter()
            .find_map(|name| self.metas.iter().find(|(key, value)| key == name && !value.is_empty()))
            .map(|(_, value)| *value)
    }

    /// The address that the page says is its own.
    pub(super) fn own_address(&self) -> Option<Url> {
        let address = self.canonical.or_else(|| self.meta(&["og:url"]))?;
        Url::parse(address.trim()).ok().filter(|url| matches!(url.scheme(), "http" | "https") && url.path() != "/")
    }

    /// The title: a heading that the page's `<title>` holds too, else one that overlaps it, else parts of `og:title` or
    /// `<title>`; never the name of the site.
    pub(super) fn title(&self) -> Option<String> {
        let site = self.meta(&["og:site_name", "application-name"]).unwrap_or("").to_lowercase();
        let whole = comparable(&self.title);
        let not_site = |text: &str| !text.eq_ignore_ascii_case(&site) && comparable(text) != comparable(&site);
        let headings = || self.headings.iter().filter(|(_, text, _)| not_site(text));
        let contained = headings()
            .filter(|(_, text, _)| {
                let text = comparable(text);
                !whole.is_empty() && text.chars().count() >= 4 && whole.contains(&text) && text.len() * 4 >= whole.len()
            })
            .max_by_key(|(level, text, _)| (!is_organisation(text), width(text), u8::MAX - level));
        if let Some((_, text, _)) = contained {
            return Some(text.clone());
        }
        let first =
            headings().filter(|(level, ..)| *level == 1).max_by_key(|(_, text, _)| per_mille_shared(text, &self.title));
        if let Some((_, text, _)) = first
            && (self.title.is_empty() || per_mille_shared(text, &self.title) >= 500)
        {
            return Some(text.clone());
        }
        let og = self.meta(&["og:title", "twitter:title", "dc.title", "articletitle"]).map(str::to_owned);
        let parts = |text: &str| longest_part(text, &site);
        let titled = og.as_deref().map(parts).or_else(|| (!self.title.is_empty()).then(|| parts(&self.title)));
        titled
            .filter(|text| !text.is_empty())
            .or_else(|| first.map(|(_, text, _)| text.clone()))
            .or_else(|| headings().next().map(|(_, text, _)| text.clone()))
    }

    /// Claims what `<meta>`, JSON-LD and attributes say.
    pub(super) fn claim_machine_readable(&self, draft: &mut Draft) {
        let published = [
            "article:published_time",
            "article:published",
            "og:published_time",
            "og:article:published_time",
            "datepublished",
            "date_published",
            "publishdate",
            "publish_date",
            "publish-date",
            "publication_date",
            "pubdate",
            "pub_date",
            "parsely-pub-date",
            "sailthru.date",
            "dc.date.issued",
            "dcterms.issued",
            "dcterms.created",
            "dc.date.created",
            "citation_publication_date",
            "citation_online_date",
            "og:pubdate",
            "og:release_date",
            "firstpublishtime",
            "weibo:article:create_at",
            "apub:time",
            "rnews:datepublished",
            "article_date_original",
            "displaydate",
        ];
        let modified = [
            "article:modified_time",
            "og:updated_time",
            "datemodified",
            "last-modified",
            "dcterms.modified",
            "lastmod",
        ];
        let unspecific = ["date", "dc.date", "dcterms.date", "created", "dc.created", "datecreated", "timestamp"];
        let mut found: [Option<DateClaim>; 2] = [None, None];
        found[0] = self.meta(&published).and_then(|text| machine_claim(text, Evidence::Meta));
        let mut facts = LinkedData::default();
        self.json_ld.iter().for_each(|value| facts.collect(value, 0));
        found[1] = facts.published.as_deref().and_then(|text| machine_claim(text, Evidence::JsonLd));
        if let [Some(meta), Some(json)] = &found
            && meta.when.first_day() == json.when.first_day()
        {
            draft.dates.push(DateClaim { evidence: Evidence::Agreement, ..meta.clone() });
        }
        draft.dates.extend(found.into_iter().flatten());
        draft.dates.extend(self.meta(&unspecific).and_then(|text| machine_claim(text, Evidence::DateElement)));
        let changed = self.meta(&modified).or(facts.modified.as_deref());
        draft.updated.extend(changed.and_then(|text| machine_claim(text, Evidence::Meta)));
        let author = self.meta(&[
            "author",
            "article:author",
            "dc.creator",
            "parsely-author",
            "sailthru.author",
            "citation_author",
        ]);
        draft.authors = if facts.authors.is_empty() {
            author.filter(|text| !text.contains("://") && !text.starts_with('@')).map(prose::names).unwrap_or_default()
        } else {
            facts.authors
        };
        draft.publisher = facts.publisher.or_else(|| self.meta(&["og:site_name"]).map(str::to_owned));
        draft.summary = self.meta(&["og:description", "description", "twitter:description"]).map(str::to_owned);
        draft.image = self.meta(&["og:image", "twitter:image"]).and_then(|text| resolve(draft.base.as_ref(), text));
        let keywords = self.meta(&["keywords", "news_keywords", "article:tag"]).unwrap_or("");
        draft.keywords = keywords
            .split([',', '，', ';', '、'])
            .map(str::trim)
            .filter(|word| !word.is_empty())
            .map(str::to_owned)
            .collect();
        draft.keywords.extend(facts.sections);
        draft.keywords.extend(self.meta(&["article:section"]).map(str::to_owned));
    }

    /// Claims the dates and names of elements that are marked as such.
    pub(super) fn claim_elements(&self, draft: &mut Draft, policy: Policy) {
        for (element, text) in &self.times {
            let modified = words(element)
                .any(|word| word.eq_ignore_ascii_case("updated") || word.eq_ignore_ascii_case("modified"))
                || attribute(element, "itemprop") == Some("dateModified");
            let published = attribute(element, "pubdate").is_some()
                || attribute(element, "itemprop") == Some("datePublished")
                || words(element).any(|word| word.eq_ignore_ascii_case("published"))
                || attribute(element, "class").is_some_and(|class| class.contains("entry-date"));
            let evidence = if published { Evidence::PublishedTime } else { Evidence::DateElement };
            let written = attribute(element, "datetime").and_then(|text| machine_claim(text, evidence));
            let claim = written.or_else(|| visible_claim(text, evidence, policy));
            match claim {
                Some(claim) if modified && !published => draft.updated.push(claim),
                Some(claim) => draft.dates.push(claim),
                None => {}
            }
        }
        for (known, text) in &self.dates {
            let evidence = if *known { Evidence::CmsElement } else { Evidence::DateElement };
            draft.dates.extend(visible_claim(text, evidence, policy));
        }
        if draft.authors.is_empty() {
            draft.authors.clone_from(&self.authors);
        }
    }

    /// Reads the lines around the story: where it stands in the site, and the line of labels under the title.
    /// Returns the last line above the story that is none of these, and may be its title.
    pub(super) fn read_surroundings(
        &self,
        page: &Html,
        story: NodeId,
        lines: &mut Lines,
        title: Option<&str>,
    ) -> Option<String> {
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
            let labels =
                found.unwrap_or_default().into_iter().filter(|label| Some(*label) != title && width(label) <= 60);
            lines.columns.extend(labels.map(|label| (0, label.to_owned())));
        }
        let mut above = None;
        let mut before = true;
        let is_beside =
            |node: &NodeRef<'_, Node>| node.value().as_element().is_some_and(|element| is_beside(element.name()));
        let beside = page.tree.nodes().filter(is_beside).map(|node| node.id()).collect();
        for (id, text, linked) in blocks(page, &[page.root_element().id()], &beside, Some(story)) {
            before &= id != story;
            if linked * 2 > text.len() && !text.contains('>') && !text.contains('»') || text.len() > 300 {
                continue;
            }
            match residue::line(&text) {
                Line::Text if before && (8..=160).contains(&width(&text)) && linked * 2 < text.len() => {
                    above = Some(text);
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
            let labels = self.trail.iter().filter(|label| Some(label.as_str()) != title);
            lines.columns.extend(labels.map(|label| (0, label.clone())));
        }
        above
    }
}

/// Whether a text is the name of an organisation and no title of a story.
pub(super) fn is_organisation(text: &str) -> bool {
    const KINDS: [&str; 9] = [
        "university",
        "college",
        "institute",
        "school of",
        "department of",
        "faculty of",
        "academy",
        "home",
        "homepage",
    ];
    let lower = text.trim().to_lowercase();
    let latin = lower.split_whitespace().count() <= 7 && KINDS.iter().any(|kind| lower.contains(kind));
    latin || width(&lower) <= 40 && lower.ends_with(['学', '院', '系', '处', '部', '所', '校', '网', '站'])
}

/// What the words in an element's names say.
#[expect(clippy::struct_excessive_bools, reason = "each says one thing, and any may be true")]
#[derive(Default)]
struct Words {
    title: bool,
    date: bool,
    modified: bool,
    author: bool,
    crumb: bool,
}

impl Words {
    fn see(&mut self, word: &str) {
        lower(word, |word| {
            match word {
                b"title" | b"headline" | b"bt" | b"biaoti" | b"tit" => self.title = true,
                b"date" | b"time" | b"datetime" | b"pubdate" | b"pubtime" | b"riqi" | b"shijian" | b"datum"
                | b"dateline" | b"fbsj" | b"update" | b"publish" | b"published" | b"posted" | b"datepublished"
                | b"dtpublished" => self.date = true,
                b"modified" | b"updated" | b"datemodified" => self.modified = true,
                b"author" | b"byline" | b"vcard" | b"zuozhe" => self.author = true,
                b"breadcrumb" | b"breadcrumbs" | b"crumb" | b"crumbs" | b"position" | b"location" | b"weizhi"
                | b"dqwz" | b"path" | b"mbx" => self.crumb = true,
                _ => {}
            }
            true
        });
    }
}

fn machine_claim(text: &str, evidence: Evidence) -> Option<DateClaim> {
    let when = date::machine(text.trim()).filter(|when| when.precision() >= Precision::Day)?;
    Some(DateClaim::new(when, evidence, text.trim()))
}

fn visible_claim(text: &str, evidence: Evidence, policy: Policy) -> Option<DateClaim> {
    let mention = date::first(text, &date::Context::at(policy.local()))?;
    let written = mention.when.precision() >= Precision::Day && mention.manner != date::Manner::BareYear;
    written.then(|| mention.claim(text, evidence))
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

/// How much two texts share, in thousandths: F1 over their words (CJK: characters).
fn per_mille_shared(a: &str, b: &str) -> usize {
    let tokens = |text: &str| -> Vec<String> {
        let mut tokens: Vec<String> = Vec::new();
        for word in text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()) {
            if word.chars().any(text::is_cjk) {
                tokens.extend(word.chars().map(String::from));
            } else {
                tokens.push(word.to_lowercase());
            }
        }
        tokens
    };
    let (a, mut b) = (tokens(a), tokens(b));
    let both = a.len() + b.len();
    let shared = a
        .iter()
        .filter(|token| b.iter().position(|other| other == *token).map(|at| b.swap_remove(at)).is_some())
        .count();
    (shared * 2_000).checked_div(both).unwrap_or(0)
}

/// The longest part of a `<title>`, without the name of the site.
fn longest_part(text: &str, site: &str) -> String {
    let separators = [" | ", " - ", " – ", " — ", " · ", " » ", " :: ", "_", "|", "｜"];
    let mut parts = vec![text];
    for separator in separators {
        parts = parts.into_iter().flat_map(|part| part.split(separator)).collect();
    }
    // Chinese systems join without spaces: "标题-学院新闻-江湾理工大学".
    if parts.len() == 1 && text.chars().filter(|c| text::is_cjk(*c)).count() >= 4 {
        parts = text.split('-').collect();
    }
    let parts = parts.into_iter().map(str::trim).filter(|part| !part.to_lowercase().eq(site));
    let longest = parts.max_by_key(|part| (!is_organisation(part), width(part)));
    longest.unwrap_or(text.trim()).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::guard;

    #[test]
    fn the_title_is_the_heading_that_the_page_names() {
        let title = |page: &str| Survey::of(&guard::parse_document(page)).title();
        let page =
            "<title>Sea wall opened - News - Harbour College</title><h1>Harbour College</h1><h2>Sea wall opened</h2>";
        assert_eq!(title(page).as_deref(), Some("Sea wall opened"));
        assert_eq!(title("<title>Sea wall opened | Harbour College</title><p>x").as_deref(), Some("Sea wall opened"));
        assert_eq!(
            title("<title>The sea wall was opened | Harbour College</title><p>x").as_deref(),
            Some("The sea wall was opened")
        );
    }
}
