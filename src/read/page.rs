//! HTML pages: finds the story in them, and what the page says about it. One pass over one bounded parse.

use std::collections::HashSet;

use ego_tree::iter::Edge;
use ego_tree::{NodeId, NodeRef};
use html5ever::ns;
use scraper::node::Element;
use scraper::{Html, Node};
use serde_json::Value;
use url::Url;

use super::residue::{self, Line, width};
use super::text::Lines;
use super::{Policy, date, fields, guard, prose};
use crate::draft::{Body, DateClaim, Draft, Enclosure, Evidence, Fragment, Precision};

/// Reads a page.
pub(super) fn read(text: &str, address: Option<&Url>, policy: Policy) -> Draft {
    let page = guard::parse_document(text);
    let survey = Survey::of(&page);
    let mut draft = Draft { language: survey.language.clone(), ..Draft::default() };
    let base = address.cloned().or_else(|| survey.own_address());
    draft.base = match (&base, survey.base) {
        (Some(base), Some(href)) => base.join(href).ok().or(Some(base.clone())),
        (None, Some(href)) => Url::parse(href).ok(),
        (base, None) => base.clone(),
    };
    draft.link = survey.own_address();
    let story = survey.container(&page);
    draft.title = survey.title();
    survey.claim_machine_readable(&mut draft);
    survey.claim_elements(&mut draft, policy);
    let mut lines = Lines::default();
    let above = survey.read_surroundings(&page, story, &mut lines, draft.title.as_deref());
    // A page whose <title> names nothing but its owner has its title in the line above the text.
    if survey.headings.is_empty() && draft.title.as_deref().is_none_or(is_organisation) && above.is_some() {
        draft.title = above;
    }
    let body = body(&page, vec![story], &mut draft, &mut lines);
    draft.sections = lines.sections(draft.title.as_deref());
    lines.claim(&mut draft, policy);
    prose::claim(&body.paragraphs, &mut draft, policy);
    draft.enclosures.extend(enclosures(&page, &body, draft.base.as_ref()));
    draft.body = if body.paragraphs.is_empty() && !body.pictures {
        Body::Empty
    } else {
        Body::Markup(Fragment { parts: body.parts, without: body.without, page })
    };
    draft
}

/// Reads a piece of a page (rendered Markdown) into a draft that may already have a title and dates.
pub(super) fn read_fragment(page: Html, draft: &mut Draft, policy: Policy) {
    let root = page.root_element().id();
    let mut lines = Lines::default();
    if draft.title.is_none() {
        let heading = page.tree.root().descendants().find_map(|node| {
            let element = node.value().as_element()?;
            heading_level(element.name()).filter(|level| *level <= 2)?;
            Some(squeezed(&node, usize::MAX)).filter(|text| !text.is_empty())
        });
        draft.title = heading;
    }
    let body = body(&page, vec![root], draft, &mut lines);
    draft.sections.extend(lines.sections(draft.title.as_deref()));
    lines.claim(draft, policy);
    prose::claim(&body.paragraphs, draft, policy);
    draft.enclosures.extend(enclosures(&page, &body, draft.base.as_ref()));
    draft.body = if body.paragraphs.is_empty() && !body.pictures {
        Body::Empty
    } else {
        Body::Markup(Fragment { parts: body.parts, without: body.without, page })
    };
}

/// The story's own part of a page.
struct Story {
    parts: Vec<NodeId>,
    without: HashSet<NodeId>,
    paragraphs: Vec<String>,
    pictures: bool,
}

/// Elements that are never part of a story.
fn is_foreign(name: &str) -> bool {
    matches!(
        name,
        "script"
            | "style"
            | "noscript"
            | "template"
            | "nav"
            | "aside"
            | "footer"
            | "button"
            | "input"
            | "select"
            | "textarea"
            | "iframe"
            | "object"
            | "embed"
            | "svg"
            | "math"
            | "dialog"
            | "menu"
            | "head"
            | "title"
            | "canvas"
    )
}

/// Whether a word in class or id names what surrounds a story on its page.
fn is_foreign_word(word: &str) -> bool {
    lower(word, |word| {
        matches!(
            word,
            b"share"
                | b"sharing"
                | b"social"
                | b"breadcrumb"
                | b"breadcrumbs"
                | b"crumb"
                | b"crumbs"
                | b"related"
                | b"recommend"
                | b"pager"
                | b"pagination"
                | b"prev"
                | b"next"
                | b"prevnext"
                | b"comment"
                | b"comments"
                | b"sidebar"
                | b"footer"
                | b"nav"
                | b"navbar"
                | b"navigation"
                | b"menu"
                | b"toolbar"
                | b"tools"
                | b"bdsharebuttonbox"
                | b"printer"
                | b"print"
                | b"newsletter"
                | b"subscribe"
                | b"advert"
                | b"ads"
                | b"cookie"
                | b"skip"
                | b"hidden"
                | b"qrcode"
                | b"ewm"
                | b"fenxiang"
                | b"wzpage"
                | b"position"
                | b"weizhi"
                | b"dqwz"
                | b"copyright"
                | b"search"
                | b"login"
                | b"popup"
                | b"tags"
        )
    })
}

/// Asks about a short word in lower case, without making a new one.
fn lower(word: &str, ask: impl FnOnce(&[u8]) -> bool) -> bool {
    let mut buffer = [0_u8; 24];
    let Some(room) = buffer.get_mut(..word.len()) else { return false };
    room.copy_from_slice(word.as_bytes());
    room.make_ascii_lowercase();
    ask(room)
}

/// The value of an attribute. Elements have few: looking at each costs less than making the name an atom.
fn attribute<'a>(element: &'a Element, name: &str) -> Option<&'a str> {
    let own = element.attrs.iter().find(|(known, _)| known.ns == ns!() && *known.local == *name);
    own.map(|(_, value)| &**value)
}

/// The words of class and id.
fn words(element: &Element) -> impl Iterator<Item = &str> {
    [attribute(element, "class"), attribute(element, "id")]
        .into_iter()
        .flatten()
        .flat_map(|value| value.split(|c: char| c.is_whitespace() || c == '-' || c == '_'))
        .filter(|word| !word.is_empty())
}

fn is_surrounding(element: &Element) -> bool {
    if is_foreign(element.name()) {
        return true;
    }
    if element.attrs.is_empty() {
        return false;
    }
    if attribute(element, "hidden").is_some() || attribute(element, "aria-hidden") == Some("true") {
        return true;
    }
    let is_named = attribute(element, "class").is_some() || attribute(element, "id").is_some();
    if is_named && matches!(element.name(), "body" | "html" | "main" | "article") {
        return false;
    }
    words(element).any(is_foreign_word)
        || attribute(element, "style").is_some_and(|style| style.replace(' ', "").contains("display:none"))
}

/// Elements that begin a new line.
fn is_block(name: &str) -> bool {
    matches!(
        name,
        "p" | "div"
            | "section"
            | "article"
            | "main"
            | "header"
            | "ul"
            | "ol"
            | "li"
            | "dl"
            | "dt"
            | "dd"
            | "table"
            | "thead"
            | "tbody"
            | "tfoot"
            | "tr"
            | "td"
            | "th"
            | "caption"
            | "h1"
            | "h2"
            | "h3"
            | "h4"
            | "h5"
            | "h6"
            | "blockquote"
            | "pre"
            | "figure"
            | "figcaption"
            | "hr"
            | "address"
            | "details"
            | "summary"
            | "body"
            | "html"
            | "nav"
            | "aside"
            | "footer"
            | "form"
            | "fieldset"
            | "center"
            | "br"
    )
}

fn heading_level(name: &str) -> Option<u8> {
    match name.as_bytes() {
        [b'h', level @ b'1'..=b'6'] => Some(level - b'0'),
        _ => None,
    }
}

/// How surely an element named so holds the story, best first. `None`: it says nothing.
fn container_rank(element: &Element) -> Option<u8> {
    // The content element of a known content management system, then names that are widely used.
    const NAMES: [&[&str]; 4] = [
        &[
            "v_news_content",
            "wp_articlecontent",
            "trs_editor",
            "trs_ueditor",
            "entry-content",
            "field--name-body",
            "field-name-body",
            "frame-type-text",
            "news-single-item",
        ],
        &[
            "vsb_content",
            "articlebody",
            "article-body",
            "article__body",
            "article-content",
            "articlecontent",
            "article_content",
            "post-content",
            "post_content",
            "story-body",
            "news-content",
            "news_content",
            "newscontent",
            "nr_con",
            "wznr",
        ],
        &["arti_content", "article", "detail-content", "content-body", "con_text", "text-content", "main-content"],
        &["content", "detail", "post", "story", "entry"],
    ];
    if attribute(element, "itemprop") == Some("articleBody") {
        return Some(0);
    }
    let named =
        [attribute(element, "class"), attribute(element, "id")].into_iter().flatten().flat_map(str::split_whitespace);
    let rank = |name: &str| {
        let starts = |known: &&str| {
            name.len() >= known.len()
                && name.get(..known.len()).is_some_and(|start| start.eq_ignore_ascii_case(known))
                && (name.len() == known.len() || *known == "vsb_content")
        };
        NAMES.iter().position(|names| names.iter().any(starts))
    };
    let by_name = named.filter_map(rank).min().and_then(|rank| u8::try_from(rank).ok());
    match element.name() {
        "article" => Some(by_name.unwrap_or(2).min(2)),
        "main" => Some(by_name.unwrap_or(4).min(4)),
        _ => by_name,
    }
}

/// Characters of a text that are no white space.
fn letters(text: &str) -> usize {
    if text.is_ascii() {
        text.len() - text.bytes().filter(|byte| matches!(byte, b' ' | b'\t'..=b'\r')).count()
    } else {
        text.chars().filter(|c| !c.is_whitespace()).count()
    }
}

/// What one pass over a page finds.
#[derive(Default)]
struct Survey<'a> {
    language: Option<String>,
    base: Option<&'a str>,
    canonical: Option<&'a str>,
    title: String,
    metas: Vec<(String, &'a str)>,
    json_ld: Vec<Value>,
    /// Labels of a breadcrumb that JSON-LD tells, without the first.
    trail: Vec<String>,
    /// Headings and elements named like a title: level (0 for those only named so), text.
    headings: Vec<(u8, String, NodeId)>,
    times: Vec<(&'a Element, String)>,
    /// Elements named like a date: whether a known system wrote them, and their text.
    dates: Vec<(bool, String)>,
    authors: Vec<String>,
    crumbs: Vec<NodeId>,
    /// Elements that may hold the story: rank, characters of text outside of links.
    containers: Vec<(u8, usize, NodeId)>,
    /// The element whose paragraphs hold the most text, where nothing is named.
    densest: Option<NodeId>,
    body: Option<NodeId>,
}

impl<'a> Survey<'a> {
    fn of(page: &'a Html) -> Self {
        let mut survey = Self::default();
        // Open elements: node, characters of text, of those in links, whether inside of surroundings, score by paragraphs.
        let mut open: Vec<(NodeId, usize, usize, bool, usize)> = Vec::new();
        let mut links = 0_u32;
        let mut best = 0;
        for edge in page.tree.root().traverse() {
            match edge {
                Edge::Open(node) => match node.value() {
                    Node::Element(element) => {
                        let outside = open.last().is_some_and(|above| above.3) || is_surrounding(element);
                        links += u32::from(element.name() == "a");
                        survey.note(&node, element, outside);
                        open.push((node.id(), 0, 0, outside, 0));
                    }
                    Node::Text(text) => {
                        let length = letters(text);
                        if let Some(above) = open.last_mut() {
                            above.1 += length;
                            above.2 += if links > 0 { length } else { 0 };
                        }
                    }
                    _ => {}
                },
                Edge::Close(node) => {
                    let Node::Element(element) = node.value() else { continue };
                    let Some((id, text, linked, outside, score)) = open.pop() else { continue };
                    links = links.saturating_sub(u32::from(element.name() == "a"));
                    if outside {
                        continue;
                    }
                    let own = text.saturating_sub(linked);
                    if own >= 25
                        && let Some(rank) = container_rank(element)
                    {
                        survey.containers.push((rank, own, id));
                    }
                    if score > best && !matches!(element.name(), "html" | "p") {
                        (best, survey.densest) = (score, Some(id));
                    }
                    let paragraph = matches!(element.name(), "p" | "pre" | "blockquote" | "td" | "br") && own >= 20;
                    let above = open.len();
                    if let Some(parent) = open.last_mut() {
                        parent.1 += text;
                        parent.2 += linked;
                        parent.4 += if paragraph { own * 2 } else { 0 };
                    }
                    if paragraph && let Some(grandparent) = above.checked_sub(2).and_then(|at| open.get_mut(at)) {
                        grandparent.4 += own;
                    }
                }
            }
        }
        survey
    }

    /// Notes what one element says.
    fn note(&mut self, node: &NodeRef<'a, Node>, element: &'a Element, outside: bool) {
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

    fn note_named(&mut self, node: &NodeRef<'a, Node>, element: &'a Element, outside: bool, level: Option<u8>) {
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

    fn meta(&self, names: &[&str]) -> Option<&'a str> {
        names
            .iter()
            .find_map(|name| self.metas.iter().find(|(key, value)| key == name && !value.is_empty()))
            .map(|(_, value)| *value)
    }

    /// The address that the page says is its own.
    fn own_address(&self) -> Option<Url> {
        let address = self.canonical.or_else(|| self.meta(&["og:url"]))?;
        Url::parse(address.trim()).ok().filter(|url| matches!(url.scheme(), "http" | "https") && url.path() != "/")
    }

    /// The element that holds the story.
    fn container(&self, page: &Html) -> NodeId {
        let whole = self.body.unwrap_or_else(|| page.root_element().id());
        let longest = self.containers.iter().map(|(_, length, _)| *length).max().unwrap_or(0);
        // Of the best rank the longest; a name that is often met but holds little gives way.
        let named = self
            .containers
            .iter()
            .filter(|(rank, length, _)| *rank == 0 || length * 4 >= longest)
            .min_by_key(|(rank, length, _)| (*rank, usize::MAX - length));
        match named {
            Some((0..=2, _, id)) => *id,
            Some((_, _, id)) => self.densest.filter(|dense| is_within(page, *dense, *id)).unwrap_or(*id),
            None => self.densest.unwrap_or(whole),
        }
    }

    /// The title: a heading that the page's `<title>` holds too, else one that overlaps it, else parts of `og:title` or
    /// `<title>`; never the name of the site.
    fn title(&self) -> Option<String> {
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
    fn claim_machine_readable(&self, draft: &mut Draft) {
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
    fn claim_elements(&self, draft: &mut Draft, policy: Policy) {
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
    fn read_surroundings(&self, page: &Html, story: NodeId, lines: &mut Lines, title: Option<&str>) -> Option<String> {
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
        for (id, text, linked) in blocks(page, &[page.root_element().id()], &HashSet::new(), Some(story)) {
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
fn is_organisation(text: &str) -> bool {
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

/// What JSON-LD (schema.org) says about a story.
#[derive(Default)]
struct LinkedData {
    published: Option<String>,
    modified: Option<String>,
    authors: Vec<String>,
    publisher: Option<String>,
    sections: Vec<String>,
}

impl LinkedData {
    fn collect(&mut self, value: &Value, depth: usize) {
        match value {
            Value::Array(values) if depth < 4 => values.iter().for_each(|value| self.collect(value, depth + 1)),
            Value::Object(object) => {
                if let Some(graph) = object.get("@graph").filter(|_| depth < 4) {
                    self.collect(graph, depth + 1);
                }
                let kinds = object.get("@type").map(strings).unwrap_or_default();
                let story = kinds.iter().any(|kind| {
                    kind.ends_with("Article") || kind.ends_with("Posting") || kind == "Report" || kind == "WebPage"
                });
                if !story {
                    return;
                }
                let text = |key: &str| object.get(key).and_then(|value| strings(value).into_iter().next());
                self.published = self.published.take().or_else(|| text("datePublished"));
                self.modified = self.modified.take().or_else(|| text("dateModified"));
                if self.authors.is_empty() {
                    self.authors = object.get("author").map(strings).unwrap_or_default();
                    self.authors.retain(|name| !name.contains("://") && !name.is_empty());
                }
                self.publisher = self.publisher.take().or_else(|| text("publisher"));
                self.sections.extend(object.get("articleSection").map(strings).unwrap_or_default());
            }
            _ => {}
        }
    }
}

/// The labels of a `BreadcrumbList` (schema.org), without the first, which is the site.
fn trail(value: &Value, depth: usize, labels: &mut Vec<String>) {
    match value {
        Value::Array(values) if depth < 4 => values.iter().for_each(|value| trail(value, depth + 1, labels)),
        Value::Object(object) => {
            object.get("@graph").filter(|_| depth < 4).into_iter().for_each(|graph| trail(graph, depth + 1, labels));
            let listed =
                object.get("@type").is_some_and(|kind| strings(kind).iter().any(|kind| kind == "BreadcrumbList"));
            let parts = object.get("itemListElement").and_then(Value::as_array).filter(|_| listed && labels.is_empty());
            let name = |part: &Value| {
                let item = part.get("item").filter(|item| item.is_object());
                part.get("name").or_else(|| item?.get("name"))?.as_str().map(|name| name.trim().to_owned())
            };
            labels.extend(
                parts
                    .into_iter()
                    .flatten()
                    .skip(1)
                    .filter_map(name)
                    .filter(|name| !name.is_empty() && width(name) <= 60),
            );
        }
        _ => {}
    }
}

/// The strings in a JSON-LD value: itself, those of a list, or the names of objects.
fn strings(value: &Value) -> Vec<String> {
    match value {
        Value::String(text) => vec![text.trim().to_owned()],
        Value::Array(values) => values
            .iter()
            .take(16)
            .flat_map(|value| match value {
                Value::Array(_) => Vec::new(),
                value => strings(value),
            })
            .collect(),
        Value::Object(object) => {
            object.get("name").and_then(Value::as_str).map(|name| vec![name.trim().to_owned()]).unwrap_or_default()
        }
        _ => Vec::new(),
    }
}

fn machine_claim(text: &str, evidence: Evidence) -> Option<DateClaim> {
    let when = date::machine(text.trim()).filter(|when| when.precision() >= Precision::Day)?;
    Some(DateClaim { when, until: None, evidence, raw: text.trim().to_owned() })
}

fn visible_claim(text: &str, evidence: Evidence, policy: Policy) -> Option<DateClaim> {
    let mention = date::first(text, &date::Context::at(policy.local()))?;
    let written = mention.when.precision() >= Precision::Day && mention.manner != date::Manner::BareYear;
    let raw = text.get(mention.range)?.to_owned();
    written.then_some(DateClaim { when: mention.when, until: mention.until, evidence, raw })
}

/// Takes the story's part of a page apart: its paragraphs, and what in it is residue.
fn body(page: &Html, parts: Vec<NodeId>, draft: &mut Draft, lines: &mut Lines) -> Story {
    let mut without = HashSet::new();
    let mut pictures = false;
    for part in &parts {
        let Some(root) = page.tree.get(*part) else { continue };
        for node in root.descendants() {
            let Some(element) = node.value().as_element() else { continue };
            pictures |= element.name() == "img";
            if node.id() != *part && is_surrounding(element) {
                without.insert(node.id());
            }
        }
    }
    let mut found = blocks(page, &parts, &without, None);
    found.retain(|(_, text, _)| !text.is_empty());
    let title = draft.title.as_deref().map(comparable).unwrap_or_default();
    let mut kept = vec![true; found.len()];
    let judge = |text: &str, lines: &mut Lines, head: bool| -> bool {
        if !title.is_empty() && head && text.len() <= 2 * title.len() + 16 && comparable(text) == title {
            return false;
        }
        match residue::line(text) {
            Line::Text => true,
            Line::Column => !head,
            // "Time: Friday, 7 pm" in the middle of a notice is text: only at the ends of a page it is a label.
            found => {
                lines.take(found, 0);
                false
            }
        }
    };
    for (keep, (_, text, _)) in kept.iter_mut().zip(&found).take(6) {
        *keep = judge(text, lines, true);
        if *keep && width(text) >= 80 {
            break;
        }
    }
    for (keep, (_, text, linked)) in kept.iter_mut().zip(&found).rev().take(8) {
        if !*keep {
            break;
        }
        // A short line of nothing but links leads away from the story.
        let leads_away = linked * 10 >= text.len() * 7 && text.len() <= 120;
        *keep = !leads_away && judge(text, lines, false);
        if *keep {
            break;
        }
    }
    let mut paragraphs = Vec::with_capacity(found.len());
    for (keep, (id, text, _)) in kept.into_iter().zip(found) {
        if keep {
            paragraphs.push(text);
        } else if !parts.contains(&id) {
            without.insert(id);
        }
    }
    Story { parts, without, paragraphs, pictures }
}

/// The lines of text below some nodes, each with the element that holds it and how many bytes of it are links.
/// `except` is a node that is passed over.
fn blocks(
    page: &Html,
    parts: &[NodeId],
    without: &HashSet<NodeId>,
    except: Option<NodeId>,
) -> Vec<(NodeId, String, usize)> {
    let mut found: Vec<(NodeId, String, usize)> = Vec::new();
    for part in parts {
        let Some(root) = page.tree.get(*part) else { continue };
        let (mut holder, mut text, mut linked) = (*part, String::new(), 0);
        let mut holders = vec![*part];
        let (mut links, mut skipped) = (0_u32, 0_u32);
        let mut flush = |holder: NodeId, text: &mut String, linked: &mut usize| {
            let trimmed = text.trim();
            if !trimmed.is_empty() {
                found.push((holder, trimmed.to_owned(), *linked));
            }
            text.clear();
            *linked = 0;
        };
        for edge in root.traverse() {
            match edge {
                Edge::Open(node) => match node.value() {
                    Node::Element(element) => {
                        let out =
                            without.contains(&node.id()) || Some(node.id()) == except || is_foreign(element.name());
                        if out && node.id() != *part {
                            skipped += 1;
                        }
                        links += u32::from(element.name() == "a");
                        if Some(node.id()) == except {
                            flush(holder, &mut text, &mut linked);
                            // Marks its place with a line that nobody sees.
                            flush(node.id(), &mut "\u{200b}".to_owned(), &mut 0);
                        }
                        if is_block(element.name()) {
                            flush(holder, &mut text, &mut linked);
                            holders.push(node.id());
                            holder = node.id();
                        }
                    }
                    Node::Text(piece) if skipped == 0 => {
                        let before = text.len();
                        squeeze_into(&mut text, piece);
                        linked += if links > 0 { text.len() - before } else { 0 };
                    }
                    _ => {}
                },
                Edge::Close(node) => {
                    let Node::Element(element) = node.value() else { continue };
                    let out = without.contains(&node.id()) || Some(node.id()) == except || is_foreign(element.name());
                    if out && node.id() != *part {
                        skipped = skipped.saturating_sub(1);
                    }
                    links = links.saturating_sub(u32::from(element.name() == "a"));
                    if is_block(element.name()) {
                        flush(holder, &mut text, &mut linked);
                        holders.pop();
                        holder = holders.last().copied().unwrap_or(*part);
                    }
                }
            }
        }
        flush(holder, &mut text, &mut linked);
    }
    found
}

/// Adds a text with runs of white space made one space.
fn squeeze_into(text: &mut String, piece: &str) {
    let is_gap = |c: char| c.is_whitespace() || c == '\u{feff}' || c == '\u{200b}';
    let mut rest = piece;
    while !rest.is_empty() {
        let word = rest.trim_start_matches(is_gap);
        if word.len() < rest.len() && !text.is_empty() && !text.ends_with(' ') {
            text.push(' ');
        }
        // Words of ASCII with single spaces between are taken at once.
        let run = plain_run(word.as_bytes());
        let first = word.chars().next().map_or(0, char::len_utf8);
        let other = |word: &str| word.find(|c: char| is_gap(c) || c.is_ascii()).unwrap_or(word.len());
        // A control character is neither a gap nor plain, and is taken alone.
        let end = if run > 0 { run } else { other(word).max(first) };
        let (now, after) = word.split_at(end);
        text.push_str(now);
        rest = after;
    }
}

/// How many bytes at the start are words of ASCII with single spaces between.
fn plain_run(bytes: &[u8]) -> usize {
    let plain = |(byte, next): (&u8, &u8)| byte.is_ascii_graphic() | ((*byte == b' ') & next.is_ascii_graphic());
    let behind = bytes.get(1..).unwrap_or_default();
    // Many at a time, without early exit, for the vector units.
    let all =
        |(part, behind): &(&[u8; 16], &[u8; 16])| part.iter().zip(*behind).fold(true, |all, pair| all & plain(pair));
    let (parts, next) = (bytes.as_chunks().0.iter(), behind.as_chunks().0.iter());
    let passed = 16 * parts.zip(next).take_while(all).count();
    let rest = bytes.get(passed..).unwrap_or_default();
    let next = behind.get(passed..).unwrap_or_default();
    passed + rest.iter().zip(next.iter().chain([&0])).take_while(|pair| plain(*pair)).count()
}

/// The text of a node with white space made single, up to a number of bytes; scripts left out.
fn squeezed(node: &NodeRef<'_, Node>, most: usize) -> String {
    let mut text = String::new();
    let mut skipped = 0_u32;
    for edge in node.traverse() {
        match edge {
            Edge::Open(node) => match node.value() {
                Node::Element(element) => {
                    skipped += u32::from(matches!(element.name(), "script" | "style" | "noscript"));
                    if is_block(element.name()) {
                        squeeze_into(&mut text, " ");
                    }
                }
                Node::Text(piece) if skipped == 0 && text.len() < most => squeeze_into(&mut text, piece),
                _ => {}
            },
            Edge::Close(node) => {
                if let Some(element) = node.value().as_element() {
                    skipped -= u32::from(matches!(element.name(), "script" | "style" | "noscript")).min(skipped);
                }
            }
        }
    }
    text.truncate(text.trim_end().len());
    text
}

/// The labels of a breadcrumb element, with a separator between its links where the page draws it by style.
fn crumb_text(node: &NodeRef<'_, Node>) -> String {
    let text = squeezed(node, 400);
    if text.contains(['>', '»', '›', '/', '→', '|']) {
        return text;
    }
    let items = node
        .descendants()
        .filter(|node| node.value().as_element().is_some_and(|element| matches!(element.name(), "li" | "a")));
    let mut labels: Vec<String> = Vec::new();
    for item in items {
        let text = squeezed(&item, 100);
        if !text.is_empty() && labels.last() != Some(&text) {
            labels.push(text);
        }
    }
    if labels.is_empty() { text } else { labels.join(" > ") }
}

/// Files that the story links to.
fn enclosures(page: &Html, story: &Story, base: Option<&Url>) -> Vec<Enclosure> {
    const FILES: [&str; 12] = ["pdf", "doc", "docx", "xls", "xlsx", "ppt", "pptx", "zip", "rar", "7z", "mp3", "mp4"];
    let mut found: Vec<Enclosure> = Vec::new();
    let roots = story.parts.iter().filter_map(|part| page.tree.get(*part));
    for node in roots.flat_map(|root| root.descendants()) {
        let href = node
            .value()
            .as_element()
            .filter(|element| element.name() == "a")
            .and_then(|element| attribute(element, "href"));
        let Some(url) = href.and_then(|href| resolve(base, href)) else { continue };
        let ending = url.path().rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase()).unwrap_or_default();
        if FILES.contains(&ending.as_str()) && found.iter().all(|known| known.url != url) {
            found.push(Enclosure { media_type: fields::media_type(url.path()), length: None, url });
        }
    }
    found
}

fn resolve(base: Option<&Url>, address: &str) -> Option<Url> {
    let address = address.trim();
    let url = match base {
        Some(base) => base.join(address).ok()?,
        None => Url::parse(address).ok()?,
    };
    matches!(url.scheme(), "http" | "https").then_some(url)
}

fn is_within(page: &Html, node: NodeId, above: NodeId) -> bool {
    node == above || page.tree.get(node).is_some_and(|node| node.ancestors().any(|ancestor| ancestor.id() == above))
}

/// A text for comparing: lower case letters and digits only.
fn comparable(text: &str) -> String {
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
            if word.chars().any(super::text::is_cjk) {
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
    if parts.len() == 1 && text.chars().filter(|c| super::text::is_cjk(*c)).count() >= 4 {
        parts = text.split('-').collect();
    }
    let parts = parts.into_iter().map(str::trim).filter(|part| !part.to_lowercase().eq(site));
    let longest = parts.max_by_key(|part| (!is_organisation(part), width(part)));
    longest.unwrap_or(text.trim()).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_end_where_a_plain_reader_says() {
        let plainly = |bytes: &[u8]| {
            let fits = |at: &usize| match bytes.get(*at) {
                Some(b' ') => bytes.get(at + 1).is_some_and(u8::is_ascii_graphic),
                Some(byte) => byte.is_ascii_graphic(),
                None => false,
            };
            (0..=bytes.len()).take_while(fits).count()
        };
        let text = "a word and 1 more, then a good deal of them: ".repeat(2);
        for stop in ["", " ", "  ", "\t", "é", "\u{1}", " é", " \u{7f}"] {
            for at in 0..=text.len() {
                let (before, behind) = text.split_at(at);
                let whole = format!("{before}{stop}{behind}");
                assert_eq!(plain_run(whole.as_bytes()), plainly(whole.as_bytes()), "{whole:?}");
            }
        }
    }

    #[test]
    fn white_space_is_made_single_and_nothing_is_left_over() {
        let mut text = String::new();
        for piece in ["  one\n two", "\u{1}\u{7f} 三\u{3000}四 ", " five\u{200b}", ""] {
            squeeze_into(&mut text, piece);
        }
        assert_eq!(text, "one two\u{1}\u{7f} 三 四 five ");
    }

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
