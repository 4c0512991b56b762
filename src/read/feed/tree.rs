//! Reads XML, well formed or not, into the elements of the channel and of each entry. Nothing here recurses.

use std::borrow::Cow;
use std::sync::Arc;

use url::Url;

use super::entity::{Entities, push_capped, push_escaped, without_pictures};
use super::namespace::{Scope, Space};
use super::scan::{self, Scanner, Token};
use super::text::looks_like_html;
use super::{Around, FIELD};

/// Elements open at once; the tags of deeper ones are passed over.
const DEEPEST: usize = 256;
/// Elements of one entry, or of the channel, that are kept.
const MOST_ELEMENTS: usize = 4096;
/// Entries of one feed.
pub(super) const MOST_ENTRIES: usize = 10_000;
/// Bytes of the longest address that others are resolved against.
const LONGEST_BASE: usize = 2048;
/// Bytes of the longest language tag (RFC 5646 §4.4.1 asks for 35).
const LONGEST_LANGUAGE: usize = 40;

/// An element of a feed, with what it inherits.
#[derive(Debug)]
pub(super) struct Element {
    /// The vocabulary of its name; in a feed whose root is `<feed>`, [`Space::Atom`] for what is in none.
    pub(super) space: Space,
    /// Its name without prefix, in small letters.
    pub(super) name: String,
    /// Its attributes by name in small letters, decoded.
    attributes: Vec<(String, String)>,
    /// Its text, decoded; its content as HTML if `markup`.
    pub(super) value: String,
    /// Whether there were elements in it that are part of its text.
    pub(super) markup: bool,
    /// What relative addresses in it resolve against (`xml:base`). `None`: the feed tells none.
    pub(super) base: Option<Arc<Url>>,
    /// Its language (`xml:lang`).
    pub(super) language: Option<Arc<str>>,
    /// Index of the element that it stands in; that of the entry or channel is 0 and stands in itself.
    parent: usize,
}

impl Element {
    /// The value of an attribute, trimmed. `None`: absent or blank.
    pub(super) fn attribute(&self, name: &str) -> Option<&str> {
        let found = self.attributes.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.trim()).filter(|value| !value.is_empty())
    }

    /// The trimmed text. `None`: blank.
    pub(super) fn text(&self) -> Option<&str> {
        Some(self.value.trim()).filter(|text| !text.is_empty())
    }

    /// Whether it says nothing of how its text is to be read.
    pub(super) fn is_as_written(&self) -> bool {
        self.attributes.iter().all(|(name, _)| !matches!(name.as_str(), "type" | "mode"))
    }

    /// Whether it is one of the names in one of the vocabularies.
    pub(super) fn is(&self, spaces: &[Space], names: &[&str]) -> bool {
        spaces.contains(&self.space) && names.contains(&self.name.as_str())
    }
}

/// The elements of an entry or of the channel in document order; the first is that itself.
#[derive(Debug, Default)]
pub(super) struct Elements(Vec<Element>);

impl Elements {
    /// The entry or channel itself.
    pub(super) fn root(&self) -> Option<&Element> {
        self.0.first()
    }

    /// All elements anywhere inside of the one at an index, with their own indices.
    pub(super) fn inside(&self, at: usize) -> impl Iterator<Item = (usize, &Element)> {
        // Elements stand in document order: what is inside of one follows it at once.
        self.0.iter().enumerate().skip(at + 1).take_while(move |(_, element)| element.parent >= at)
    }

    /// The elements directly inside of the one at an index, with their own indices.
    pub(super) fn children(&self, at: usize) -> impl Iterator<Item = (usize, &Element)> {
        self.inside(at).filter(move |(_, element)| element.parent == at)
    }
}

/// What a document held.
#[derive(Debug, Default)]
pub(super) struct Outline {
    /// Whether anything in it belongs to a feed at all.
    pub(super) is_feed: bool,
    /// Elements of the channel.
    pub(super) channel: Elements,
    /// The end is missing.
    pub(super) partial: bool,
    /// The end of the last entry is missing.
    pub(super) half: bool,
    /// What was left out.
    pub(super) notes: Vec<String>,
}

/// What an open element is to us.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Role {
    /// `<rss>`, `<channel>`, `<feed>`: what is in it belongs to the channel.
    Frame,
    /// `<item>`, `<entry>`
    Entry,
    /// An element whose children are elements of ours.
    Holder(usize),
    /// An element whose content is its value.
    Leaf(usize),
    /// Part of the value of the leaf around.
    Markup,
    /// Nothing.
    Ignored,
}

/// Base and language, as elements hand them on to those inside of them.
type Inherited = (Option<Arc<Url>>, Option<Arc<str>>);

struct Open<'t> {
    name: &'t str,
    role: Role,
    inherited: Inherited,
    /// How many namespaces were declared around it.
    scope: usize,
}

/// Reads a document. `entry` is given each entry's elements, and those of the channel so far.
pub(super) fn read<'t>(text: &'t str, around: &Around<'t>, mut entry: impl FnMut(&Elements, &Elements)) -> Outline {
    let mut builder = Builder {
        open: Vec::new(),
        scope: Scope::default(),
        entities: Entities::default(),
        atom: false,
        address: around.base,
        around: (None, around.language.map(Arc::from)),
        in_entry: false,
        elements: Vec::new(),
        leaf: None,
        outline: Outline::default(),
        entries: 0,
        emit: &mut entry,
    };
    let mut scanner = Scanner::new(text);
    while let Some(token) = scanner.next(builder.open.last().map_or("", |open| open.name)) {
        match token {
            Token::Start { name, attributes, empty } => builder.start(name, attributes, empty),
            Token::End(name) => builder.end(name),
            Token::Text(text) => builder.text(text, true),
            Token::Verbatim(text) => builder.text(text, false),
            Token::Doctype(text) => builder.entities.declare(text),
        }
        if builder.entries > MOST_ENTRIES {
            builder.outline.partial = true;
            builder.outline.notes.push(format!("has more than {MOST_ENTRIES} items: the rest is left out"));
            builder.open.clear();
            break;
        }
    }
    builder.finish(scanner.cut)
}

struct Builder<'t, 'e> {
    /// Where the document is.
    address: Option<&'t Url>,
    open: Vec<Open<'t>>,
    scope: Scope<'t>,
    entities: Entities,
    /// The root is `<feed>`.
    atom: bool,
    /// What the root inherits.
    around: Inherited,
    /// An entry is open.
    in_entry: bool,
    /// Elements of the entry that is open.
    elements: Vec<Element>,
    /// Index of the leaf that is open.
    leaf: Option<usize>,
    outline: Outline,
    entries: usize,
    emit: &'e mut dyn FnMut(&Elements, &Elements),
}

impl<'t> Builder<'t, '_> {
    fn start(&mut self, name: &'t str, attributes: &'t str, empty: bool) {
        let (mut mark, (mut space, local)) = self.hear(name, attributes);
        if self.make_room(space, &local) {
            // What was declared on the elements just closed is forgotten, and this with it.
            (mark, (space, _)) = self.hear(name, attributes);
        }
        if self.open.len() >= DEEPEST {
            self.scope.leave(mark);
            return;
        }
        let role = match self.open.last().map(|open| open.role) {
            None | Some(Role::Frame) => self.role_in_frame(space, &local),
            // Browsers write feeds into pages of theirs. What tells of licences in a page is no feed, so that RDF is none there.
            Some(Role::Ignored) if self.outline.channel.0.is_empty() && space != Space::Rdf => {
                self.role_in_frame(space, &local)
            }
            Some(Role::Entry | Role::Holder(_)) => self.role_in_entry(space, &local),
            Some(Role::Leaf(_) | Role::Markup) => Role::Markup,
            // Some wrap their entries into an element of their own.
            Some(Role::Ignored) if is_entry(space, &local) && !self.in_entry => Role::Entry,
            Some(Role::Ignored) => Role::Ignored,
        };
        let inherited = self.inherited(attributes);
        let role = match role {
            Role::Frame => {
                self.outline.is_feed = true;
                self.atom |= local == "feed";
                let attributes = self.attributes(attributes);
                match self.outline.channel.0.first_mut() {
                    Some(channel) => {
                        channel.attributes.extend(attributes);
                        (channel.base, channel.language) = inherited.clone();
                    }
                    None => self.push(true, space, &local, attributes, &inherited, 0),
                }
                role
            }
            Role::Entry => {
                self.outline.is_feed = true;
                self.elements.clear();
                let attributes = self.attributes(attributes);
                self.push(false, space, &local, attributes, &inherited, 0);
                role
            }
            Role::Holder(parent) | Role::Leaf(parent) => {
                let list = if self.in_entry { &self.elements } else { &self.outline.channel.0 };
                let at = list.len();
                if at >= MOST_ELEMENTS {
                    Role::Ignored
                } else {
                    let attributes = self.attributes(attributes);
                    self.push(!self.in_entry, space, &local, attributes, &inherited, parent);
                    if matches!(role, Role::Holder(_)) { Role::Holder(at) } else { Role::Leaf(at) }
                }
            }
            Role::Markup => {
                self.markup_tag(&local, attributes, inherited.0.as_deref());
                if is_void(&local) {
                    self.scope.leave(mark);
                    return;
                }
                role
            }
            Role::Ignored => role,
        };
        self.open.push(Open { name, role, inherited, scope: mark });
        match role {
            Role::Entry => self.in_entry = true,
            Role::Leaf(at) => self.leaf = Some(at),
            _ => {}
        }
        if empty {
            self.close();
        }
    }

    fn push(
        &mut self,
        channel: bool,
        space: Space,
        name: &str,
        attributes: Vec<(String, String)>,
        (base, language): &Inherited,
        parent: usize,
    ) {
        let list = if channel { &mut self.outline.channel.0 } else { &mut self.elements };
        list.push(Element {
            space,
            name: name.to_owned(),
            attributes,
            value: String::new(),
            markup: false,
            base: base.clone(),
            language: language.clone(),
            parent,
        });
    }

    /// Hears what a tag declares, and reads its name with it. Also gives what to go back to when it ends.
    fn hear(&mut self, name: &'t str, attributes: &'t str) -> (usize, (Space, Cow<'t, str>)) {
        let mark = self.scope.mark();
        for (attribute, value) in scan::attributes(attributes).filter(|(name, _)| name.starts_with("xmlns")) {
            self.scope.hear(attribute, value);
        }
        let (space, local) = self.scope.element(name);
        let space = if space == Space::Core && self.atom { Space::Atom } else { space };
        let has_capitals = local.bytes().any(|byte| byte.is_ascii_uppercase());
        let local = if has_capitals { Cow::Owned(local.to_ascii_lowercase()) } else { Cow::Borrowed(local) };
        (mark, (space, local))
    }

    /// Base and language of a new element.
    fn inherited(&self, attributes: &str) -> Inherited {
        let (mut base, mut language) = self.open.last().map_or(&self.around, |open| &open.inherited).clone();
        let inherits = |name: &str| name.contains(':') || name.eq_ignore_ascii_case("base");
        for (attribute, value) in scan::attributes(attributes).filter(|(name, _)| inherits(name)) {
            match self.scope.attribute(attribute).as_deref() {
                // CDF writes it without a prefix.
                Some("xml:base" | "base") => {
                    base = rebased(base.as_deref().or(self.address), value).map(Arc::new).or(base);
                }
                Some("xml:lang") => language = Some(Arc::from(language_tag(value))),
                _ => {}
            }
        }
        (base, language)
    }

    /// Closes what a new tag cannot stand in, where an end tag is missing. Tells whether there was anything.
    fn make_room(&mut self, space: Space, local: &str) -> bool {
        let around = if is_entry(space, local) {
            self.open.iter().position(|open| matches!(open.role, Role::Entry | Role::Holder(_) | Role::Leaf(_)))
        } else if self.leaf.is_some() && self.leaf().is_some_and(|leaf| ends_field(leaf, space, local)) {
            self.open.iter().position(|open| matches!(open.role, Role::Leaf(_)))
        } else {
            None
        };
        around.is_some_and(|around| {
            self.close_to(around);
            true
        })
    }

    fn role_in_frame(&self, space: Space, local: &str) -> Role {
        match local {
            _ if is_entry(space, local) => Role::Entry,
            "rss" | "feed" | "channel" | "rdf" if matches!(space, Space::Core | Space::Atom | Space::Rdf) => {
                Role::Frame
            }
            // Anything may stand around a feed, but nothing that is not one has fields.
            _ if self.outline.channel.0.is_empty() => Role::Ignored,
            _ => self.role_in_entry(space, local),
        }
    }

    /// What an element is in an entry, the channel or a holder.
    fn role_in_entry(&self, space: Space, local: &str) -> Role {
        let parent = match self.open.last().map(|open| open.role) {
            Some(Role::Holder(at)) => at,
            _ => 0,
        };
        let holds = match space {
            Space::Core | Space::Atom => matches!(
                local,
                "author"
                    | "contributor"
                    | "image"
                    | "textinput"
                    | "source"
                    | "cloud"
                    | "usage"
                    | "skiphours"
                    | "skipdays"
            ),
            Space::Media => matches!(local, "group" | "content"),
            Space::Itunes => matches!(local, "owner" | "category"),
            _ => false,
        };
        match space {
            Space::Other | Space::Xml | Space::Xlink | Space::Rdf => Role::Ignored,
            Space::Core if local == "items" => Role::Ignored,
            _ if holds => Role::Holder(parent),
            _ => Role::Leaf(parent),
        }
    }

    fn attributes(&mut self, text: &str) -> Vec<(String, String)> {
        let mut found = Vec::new();
        for (name, written) in scan::attributes(text) {
            if name.starts_with("xmlns") {
                continue;
            }
            if let Some(name) = self.scope.attribute(name) {
                let mut value = String::new();
                self.entities.decode(written, &mut value);
                found.push((name, value));
            }
        }
        found
    }

    /// The element whose value is being read.
    fn leaf(&mut self) -> Option<&mut Element> {
        let at = match self.open.last()?.role {
            Role::Holder(at) => at,
            _ => self.leaf?,
        };
        if self.in_entry { self.elements.get_mut(at) } else { self.outline.channel.0.get_mut(at) }
    }

    /// Writes a start tag into the value of the leaf.
    fn markup_tag(&mut self, local: &str, attributes: &str, base: Option<&Url>) {
        let leaf_base = self.leaf().and_then(|leaf| leaf.base.clone());
        let mut tag = format!("<{local}");
        for (name, written) in scan::attributes(attributes) {
            if name.starts_with("xmlns") {
                continue;
            }
            let known = self.scope.attribute(name).filter(|name| is_plain_name(name) || name == "xlink:href");
            let Some(name) = known else { continue };
            let mut value = String::new();
            self.entities.decode(written, &mut value);
            if base != leaf_base.as_deref()
                && matches!(name.as_str(), "href" | "src" | "cite" | "xlink:href")
                && let Some(absolute) = base.and_then(|base| base.join(value.trim()).ok())
            {
                value = absolute.into();
            }
            tag.push(' ');
            tag.push_str(&name);
            tag.push_str("=\"");
            push_escaped(&value, &mut tag);
            tag.push('"');
        }
        tag.push('>');
        let Some(leaf) = self.leaf().filter(|_| is_plain_name(local)) else { return };
        if !leaf.markup {
            leaf.markup = true;
            let plain = std::mem::take(&mut leaf.value);
            push_among_markup(leaf, &plain);
        }
        if leaf.value.len() + tag.len() <= FIELD {
            leaf.value.push_str(&tag);
        }
    }

    fn text(&mut self, text: &str, references: bool) {
        let captured =
            matches!(self.open.last().map(|open| open.role), Some(Role::Leaf(_) | Role::Holder(_) | Role::Markup));
        if !captured {
            return;
        }
        let mut entities = std::mem::take(&mut self.entities);
        if let Some(leaf) = self.leaf().filter(|leaf| leaf.value.len() < FIELD) {
            let mut decoded = String::new();
            let into = if leaf.markup { &mut decoded } else { &mut leaf.value };
            let text = without_pictures(text);
            if references {
                entities.decode(&text, into);
            } else {
                push_capped(&text, into);
            }
            push_among_markup(leaf, &decoded);
        }
        self.entities = entities;
    }

    fn end(&mut self, name: &str) {
        if let Some(at) = self.open.iter().rposition(|open| open.name.eq_ignore_ascii_case(name)) {
            self.close_to(at);
        }
    }

    /// Closes elements until so many are open.
    fn close_to(&mut self, count: usize) {
        while self.open.len() > count {
            self.close();
        }
    }

    fn close(&mut self) {
        let Some((name, role)) = self.open.last().map(|open| (open.name, open.role)) else { return };
        match role {
            Role::Entry => {
                let elements = Elements(std::mem::take(&mut self.elements));
                self.entries += 1;
                if self.entries <= MOST_ENTRIES {
                    (self.emit)(&elements, &self.outline.channel);
                }
                self.elements = elements.0;
                self.elements.clear();
                self.in_entry = false;
            }
            Role::Markup => {
                let local = self.scope.element(name).1.to_ascii_lowercase();
                let end = format!("</{local}>");
                if let Some(leaf) = self.leaf().filter(|leaf| is_plain_name(&local) && leaf.value.len() < FIELD) {
                    push_capped(&end, &mut leaf.value);
                }
            }
            Role::Leaf(_) | Role::Holder(_) => {
                if self.leaf().is_some_and(|leaf| leaf.value.len() + 8 >= FIELD) && self.outline.notes.len() < 10 {
                    self.outline.notes.push(format!("<{name}> is longer than a field may be: it was cut"));
                }
            }
            Role::Frame | Role::Ignored => {}
        }
        if matches!(role, Role::Leaf(_)) {
            self.leaf = None;
        }
        if let Some(open) = self.open.pop() {
            self.scope.leave(open.scope);
        }
    }

    /// Ends the reading. What is still open has lost its end: a field is dropped, an entry stays if it has its id.
    fn finish(mut self, cut: bool) -> Outline {
        let cut = cut || self.open.iter().any(|open| matches!(open.role, Role::Frame | Role::Entry));
        if let Some(at) = self.open.iter().position(|open| matches!(open.role, Role::Leaf(_) | Role::Holder(_))) {
            let lost = match self.open.get(at).map(|open| open.role) {
                Some(Role::Leaf(lost) | Role::Holder(lost)) => lost,
                _ => 0,
            };
            if self.in_entry {
                self.elements.truncate(lost);
            } else {
                self.outline.channel.0.truncate(lost);
            }
            self.open.truncate(at);
        }
        let identified = |element: &Element| {
            element.is(&[Space::Core, Space::Atom], &["guid", "id"]) && element.text().is_some()
                || element.attribute("rdf:about").is_some()
        };
        self.outline.half = self.in_entry && self.elements.iter().any(identified);
        if self.in_entry && !self.outline.half {
            self.open.retain(|open| open.role != Role::Entry);
        }
        self.close_to(0);
        if cut && self.outline.is_feed {
            self.outline.partial = true;
            self.outline.notes.push("ends before its end: what was whole is read".to_owned());
        }
        self.outline
    }
}

/// Whether a tag of a feed begins its next field, though the one before has no end.
fn ends_field(field: &Element, space: Space, local: &str) -> bool {
    const FIELDS: &str = "author category comments content copyright description enclosure generator guid id issued \
                          lastbuilddate managingeditor modified pubdate published updated";
    // Those have no markup in them at all; in others a link or title may be one of HTML.
    let is_short = matches!(field.name.as_str(), "title" | "link" | "guid" | "id" | "pubdate");
    field.space == space
        && matches!(space, Space::Core | Space::Atom)
        && field.name != "content"
        && (FIELDS.split(' ').any(|known| known == local) || is_short && matches!(local, "link" | "title"))
}

/// Appends text to a value that has markup in it. In RSS what is escaped there is meant as markup too, as it is where
/// there is no other.
fn push_among_markup(leaf: &mut Element, text: &str) {
    if matches!(leaf.space, Space::Core | Space::Content) && looks_like_html(text) {
        push_capped(text, &mut leaf.value);
    } else {
        push_escaped(text, &mut leaf.value);
    }
}

fn is_entry(space: Space, local: &str) -> bool {
    matches!(local, "item" | "entry") && matches!(space, Space::Core | Space::Atom)
}

/// Elements of HTML that have no content and so need no end (HTML §13.1.2).
fn is_void(local: &str) -> bool {
    matches!(local, "br" | "hr" | "img" | "input" | "wbr" | "area" | "col" | "embed" | "track" | "param")
}

/// Whether a name may be written into markup as it is.
fn is_plain_name(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

/// The address that `xml:base` gives. `None`: it is none that anything can be resolved against.
fn rebased(base: Option<&Url>, written: &str) -> Option<Url> {
    let written = written.trim().replace("&amp;", "&");
    let url = match base {
        Some(base) => base.join(&written).ok()?,
        None => Url::parse(&written).ok()?,
    };
    (matches!(url.scheme(), "http" | "https") && url.as_str().len() <= LONGEST_BASE).then_some(url)
}

/// A language tag with hyphens (RFC 5646), as programs write `en_US` too.
pub(super) fn language_tag(written: &str) -> String {
    written.trim().chars().take(LONGEST_LANGUAGE).map(|c| if c == '_' { '-' } else { c }).collect()
}
