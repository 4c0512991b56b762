//! Reads XML into a flat tree with positions, and goes on after what is malformed. Nothing here recurses.

use std::collections::{HashMap, HashSet};

use quick_xml::errors::{Error, IllFormedError};
use quick_xml::events::{BytesStart, Event};
use quick_xml::reader::Reader;

use super::namespace::{self, Meaning};
use super::report::{Quoted, Report};
use super::rule;
use super::text::{Text, Written, is_space};

/// Elements below this depth are not looked at.
const MOST_DEPTH: usize = 256;

/// Elements beyond this number are not looked at.
const MOST_ELEMENTS: usize = 300_000;

/// Attributes of one element beyond this number are not looked at.
const MOST_ATTRIBUTES: usize = 200;

/// Reading starts anew after a stray `<` this often, then ends: each new start may read the rest once.
const MOST_RESTARTS: usize = 50;

/// The elements of a document in the order of their start tags; the first is the root.
pub(super) struct Tree<'t> {
    pub(super) elements: Vec<Element<'t>>,
}

/// One element.
pub(super) struct Element<'t> {
    /// Its name with the prefix that [`namespace`] gives it, whatever prefix the file uses: `atom:link`, `item`.
    pub(super) name: String,
    /// Its name as the file writes it.
    pub(super) written: &'t str,
    /// Where its `<` stands, in bytes.
    pub(super) offset: usize,
    /// The elements directly in it.
    pub(super) children: Vec<usize>,
    /// Its attributes, without namespace declarations.
    pub(super) attributes: Vec<Attribute>,
    /// The character data directly in it.
    pub(super) text: Text,
    /// Index of the first element after it that is not in it.
    pub(super) end: usize,
}

/// One attribute.
pub(super) struct Attribute {
    /// Its name, with prefix like that of an element.
    pub(super) name: String,
    /// Its value; may be empty.
    pub(super) text: Text,
    /// Where its name stands, in bytes.
    pub(super) offset: usize,
}

impl<'t> Tree<'t> {
    /// The children of an element that have a name.
    pub(super) fn named<'a>(&'a self, parent: &'a Element<'t>, name: &'a str) -> impl Iterator<Item = &'a Element<'t>> {
        self.children(parent).filter(move |child| child.name == name)
    }

    /// The children of an element.
    pub(super) fn children<'a>(&'a self, parent: &'a Element<'t>) -> impl Iterator<Item = &'a Element<'t>> {
        parent.children.iter().filter_map(|index| self.elements.get(*index))
    }

    /// The first child of that name.
    pub(super) fn child<'a>(&'a self, parent: &'a Element<'t>, name: &'a str) -> Option<&'a Element<'t>> {
        self.named(parent, name).next()
    }
}

impl Element<'_> {
    /// The value of an attribute.
    pub(super) fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|attribute| attribute.name == name).map(|attribute| attribute.text.value.as_str())
    }

    /// Its name without prefix.
    pub(super) fn local(&self) -> &str {
        self.written.rsplit(':').next().unwrap_or(self.written)
    }
}

/// Reads a document, and says where it is not well formed.
pub(super) fn read<'t>(text: &'t str, report: &mut Report<'_>) -> Tree<'t> {
    let mut builder = Builder::new(text);
    let mut start = 0;
    for _ in 0..MOST_RESTARTS {
        match builder.read_from(start, report) {
            Some(next) => start = next,
            None => return builder.finish(report),
        }
    }
    report.tell(&rule::XML_HOPELESS, start, &[]);
    builder.finish(report)
}

struct Builder<'t> {
    source: &'t str,
    tree: Tree<'t>,
    /// Indices of the elements that are open, and the prefixes that each declared.
    open: Vec<(usize, Vec<&'t str>)>,
    /// What each prefix means here and in the elements around.
    prefixes: HashMap<&'t str, Vec<&'static str>>,
    /// Elements open that are not in the tree, for depth or number.
    ignored: usize,
    told_depth: bool,
    told_root: bool,
    entities: Entities<'t>,
}

/// Which entities may be used beyond the five of XML.
enum Entities<'t> {
    /// Those with these names.
    Declared(HashSet<&'t str>),
    /// Any: what declares them need not be read (XML 1.0 §4.1, Entity Declared).
    Unknown,
}

impl<'t> Builder<'t> {
    fn new(source: &'t str) -> Self {
        Self {
            source,
            tree: Tree { elements: Vec::new() },
            open: Vec::new(),
            prefixes: HashMap::from([("xml", vec!["xml"]), ("", vec![namespace::NONE])]),
            ignored: 0,
            told_depth: false,
            told_root: false,
            entities: Entities::Declared(HashSet::new()),
        }
    }

    /// Reads to the end (`None`), or to a `<` that is no tag: then, where to go on.
    fn read_from(&mut self, start: usize, report: &mut Report<'_>) -> Option<usize> {
        let mut reader = Reader::from_str(self.source.get(start..)?);
        let config = reader.config_mut();
        config.allow_dangling_amp = true;
        config.allow_unmatched_ends = true;
        config.check_end_names = false;
        config.check_comments = true;
        loop {
            let before = reader.buffer_position();
            let at = start + usize::try_from(before).ok()?;
            match reader.read_event() {
                Ok(Event::Start(tag) | Event::Empty(tag)) if !is_name(tag.name().as_ref()) => {
                    let shown = self.source.get(at..).unwrap_or_default().lines().next().unwrap_or_default();
                    report.tell(&rule::XML_STRAY_LESS_THAN, at, &[&Quoted(shown)]);
                    self.characters("<", at, Written::Literal, report);
                    return Some(at + 1);
                }
                Ok(Event::Start(tag)) => self.start(&tag, at, report),
                Ok(Event::Empty(tag)) => {
                    self.start(&tag, at, report);
                    self.leave();
                }
                Ok(Event::End(tag)) => self.end_tag(tag.name().as_ref().trim_end_matches(is_space), at, report),
                Ok(Event::Text(words)) => self.literal(&words.into_inner(), at, report),
                Ok(Event::CData(words)) => {
                    self.characters(&words.into_inner(), at + "<![CDATA[".len(), Written::Section, report);
                }
                Ok(Event::GeneralRef(name)) => {
                    let name = name.into_inner();
                    let (words, written) = self.reference(&name, at, report);
                    self.characters(&words, at, written, report);
                }
                Ok(Event::DocType(words)) => self.document_type(&words.into_inner(), at, report),
                Ok(Event::Decl(_)) if at > 0 => {
                    report.tell(&rule::XML_DECLARATION_LATE, at, &[]);
                }
                Ok(Event::Decl(declaration)) => {
                    if declaration.version().is_ok_and(|version| version.trim() != "1.0") {
                        report.tell(&rule::XML_VERSION, at, &[]);
                    }
                }
                Ok(Event::PI(_) | Event::Comment(_)) => {}
                Ok(Event::Eof) => return None,
                Err(Error::IllFormed(IllFormedError::DoubleHyphenInComment)) if reader.buffer_position() > before => {
                    report.tell(&rule::XML_COMMENT, at, &[]);
                }
                Err(fault) => {
                    let at = start + usize::try_from(reader.error_position()).ok()?;
                    report.tell(&rule::XML_MALFORMED, at, &[&fault]);
                    return None;
                }
            }
        }
    }

    fn start(&mut self, tag: &BytesStart<'t>, at: usize, report: &mut Report<'_>) {
        if self.ignored > 0 || self.open.len() >= MOST_DEPTH || self.tree.elements.len() >= MOST_ELEMENTS {
            self.ignored += 1;
            if !std::mem::replace(&mut self.told_depth, true) {
                report.tell(&rule::XML_TOO_DEEP, at, &[&MOST_DEPTH, &MOST_ELEMENTS]);
            }
            return;
        }
        if self.open.is_empty() && !self.tree.elements.is_empty() {
            self.outside_root(at, report);
        }
        let mut declared = Vec::new();
        let attributes = self.attributes(tag, at, &mut declared, report);
        let written = self.source.get(at + 1..at + 1 + tag.name().as_ref().len()).unwrap_or_default();
        let name = self.qualified(written, at, report).unwrap_or_else(|| written.to_owned());
        let index = self.tree.elements.len();
        let parent = self.open.last().map(|(parent, _)| *parent);
        if let Some(around) = parent.and_then(|parent| self.tree.elements.get_mut(parent)) {
            around.children.push(index);
        }
        self.tree.elements.push(Element {
            name,
            written,
            offset: at,
            children: Vec::new(),
            attributes,
            text: Text::default(),
            end: index + 1,
        });
        self.open.push((index, declared));
    }

    fn attributes(
        &mut self,
        tag: &BytesStart<'t>,
        at: usize,
        declared: &mut Vec<&'t str>,
        report: &mut Report<'_>,
    ) -> Vec<Attribute> {
        let mut found = Vec::new();
        for (number, attribute) in tag.attributes().with_checks(false).enumerate() {
            if number == MOST_ATTRIBUTES {
                report.tell(&rule::XML_ATTRIBUTES_TOO_MANY, at, &[&number]);
                break;
            }
            match attribute {
                Ok(attribute) => {
                    let key = self.position(attribute.key.as_ref(), at);
                    let value = self.position(&attribute.value, at);
                    found.push((key..key + attribute.key.as_ref().len(), value..value + attribute.value.len()));
                }
                Err(fault) => {
                    report.tell(&rule::XML_ATTRIBUTE_MALFORMED, at, &[&fault]);
                    break;
                }
            }
        }
        let source = self.source;
        let slice = |range: &std::ops::Range<usize>| source.get(range.clone()).unwrap_or_default();
        for (key, value) in &found {
            let prefix = match slice(key) {
                "xmlns" => "",
                other => match other.strip_prefix("xmlns:") {
                    Some(prefix) => prefix,
                    None => continue,
                },
            };
            let meaning = namespace_meaning(prefix, slice(value), key.start, report);
            self.prefixes.entry(prefix).or_default().push(meaning);
            declared.push(prefix);
        }
        let mut seen = HashSet::new();
        let mut attributes = Vec::new();
        for (key, value) in found {
            let (offset, key) = (key.start, slice(&key));
            if !seen.insert(key) {
                report.tell(&rule::XML_ATTRIBUTE_TWICE, offset, &[&key]);
            } else if key != "xmlns" && !key.starts_with("xmlns:") {
                if !is_name(key) {
                    report.tell(&rule::XML_ATTRIBUTE_NAME, offset, &[&Quoted(key)]);
                }
                let name = if key.contains(':') { self.qualified(key, offset, report) } else { None };
                let text = self.attribute_value(slice(&value), value.start, report);
                attributes.push(Attribute { name: name.unwrap_or_else(|| key.to_owned()), text, offset });
            }
        }
        attributes
    }

    fn attribute_value(&mut self, raw: &str, at: usize, report: &mut Report<'_>) -> Text {
        let mut text = Text::default();
        if let Some(stray) = raw.find('<') {
            report.tell(&rule::XML_ATTRIBUTE_LESS_THAN, at + stray, &[]);
        }
        let mut position = 0;
        for (number, part) in raw.split('&').enumerate() {
            let offset = at + position;
            position += part.len() + 1;
            if number == 0 {
                text.push(part, offset, Written::Literal);
                continue;
            }
            if let Some((name, rest)) = part.split_once(';').filter(|(name, _)| is_reference(name)) {
                let (words, written) = self.reference(name, offset - 1, report);
                text.push(&words, offset - 1, written);
                text.push(rest, offset + name.len() + 1, Written::Literal);
            } else {
                bare_ampersand(offset - 1, report);
                text.push("&", offset - 1, Written::Literal);
                text.push(part, offset, Written::Literal);
            }
        }
        text
    }

    /// Where a part of the source stands in it, in bytes; `otherwise`, if it is none.
    fn position(&self, part: &str, otherwise: usize) -> usize {
        let position = part.as_ptr().addr().wrapping_sub(self.source.as_ptr().addr());
        if position <= self.source.len() { position } else { otherwise }
    }

    /// A name with the prefix of our rules. `None`: it has no namespace.
    fn qualified(&self, written: &str, at: usize, report: &mut Report<'_>) -> Option<String> {
        let (prefix, local) = written.split_once(':').unwrap_or(("", written));
        let meaning = if let Some(meaning) = self.prefixes.get(prefix).and_then(|meanings| meanings.last()) {
            meaning
        } else {
            report.tell(&rule::NAMESPACE_UNDECLARED, at, &[&prefix, &prefix]);
            namespace::usual(prefix).unwrap_or(namespace::UNKNOWN)
        };
        (!meaning.is_empty()).then(|| format!("{meaning}:{local}"))
    }

    fn literal(&mut self, words: &str, at: usize, report: &mut Report<'_>) {
        for (position, _) in words.match_indices('&') {
            bare_ampersand(at + position, report);
        }
        if let Some(position) = words.find("]]>") {
            report.tell(&rule::XML_SECTION_END, at + position, &[]);
        }
        self.characters(words, at, Written::Literal, report);
    }

    fn characters(&mut self, words: &str, at: usize, written: Written, report: &mut Report<'_>) {
        if self.ignored > 0 {
            return;
        }
        match self.open.last().and_then(|(index, _)| self.tree.elements.get_mut(*index)) {
            Some(element) => element.text.push(words, at, written),
            None if words.trim_matches(['\u{feff}', ' ', '\t', '\r', '\n']).is_empty() => {}
            None => self.outside_root(at, report),
        }
    }

    fn outside_root(&mut self, at: usize, report: &mut Report<'_>) {
        if !std::mem::replace(&mut self.told_root, true) {
            report.tell(&rule::XML_OUTSIDE_ROOT, at, &[]);
        }
    }

    /// The characters that a reference stands for.
    fn reference(&self, name: &str, at: usize, report: &mut Report<'_>) -> (String, Written) {
        let predefined = match name {
            "amp" => Some('&'),
            "lt" => Some('<'),
            "gt" => Some('>'),
            "quot" => Some('"'),
            "apos" => Some('\''),
            _ => None,
        };
        if let Some(character) = predefined {
            return (character.to_string(), Written::Reference);
        }
        if let Some(number) = name.strip_prefix('#') {
            let (code, written) = match number.strip_prefix('x') {
                Some(digits) => (u32::from_str_radix(digits, 16), Written::Hexadecimal),
                None => (number.parse(), Written::Reference),
            };
            return if let Some(character) =
                code.ok().and_then(char::from_u32).filter(|character| is_allowed(*character))
            {
                if matches!(character, '\u{80}'..='\u{9f}' | '\u{fffd}') {
                    report.tell(&rule::CHARACTER_REFERENCE_CONTROL, at, &[&name]);
                }
                (character.to_string(), written)
            } else {
                report.tell(&rule::CHARACTER_REFERENCE_ILLEGAL, at, &[&name]);
                (String::new(), written)
            };
        }
        if let Entities::Declared(names) = &self.entities
            && !names.contains(name)
        {
            report.tell(&rule::XML_ENTITY_UNDEFINED, at, &[&name]);
        }
        (format!("&{name};"), Written::Reference)
    }

    fn document_type(&mut self, words: &str, at: usize, report: &mut Report<'_>) {
        let start = self.position(words, at);
        self.entities = declared(self.source.get(start..start + words.len()).unwrap_or_default());
        if words.contains("<!ENTITY") {
            report.tell(&rule::XML_ENTITY_DECLARED, at, &[]);
        } else if !words.contains("RSS 0.91") {
            report.tell(&rule::XML_DOCUMENT_TYPE, at, &[]);
        }
    }

    fn end_tag(&mut self, written: &str, at: usize, report: &mut Report<'_>) {
        if self.ignored > 0 {
            self.ignored -= 1;
            return;
        }
        let name = |index: &usize| self.tree.elements.get(*index).map(|element| element.written).unwrap_or_default();
        let Some(depth) = self.open.iter().rposition(|(index, _)| name(index) == written) else {
            report.tell(&rule::XML_END_TAG_STRAY, at, &[&written]);
            return;
        };
        if let Some((inner, _)) = self.open.get(depth + 1..).and_then(<[_]>::last) {
            report.tell(&rule::XML_TAG_MISMATCH, at, &[&written, &name(inner)]);
        }
        while self.open.len() > depth {
            self.leave();
        }
    }

    fn leave(&mut self) {
        if self.ignored > 0 {
            self.ignored -= 1;
            return;
        }
        if let Some((index, declared)) = self.open.pop() {
            let end = self.tree.elements.len();
            if let Some(element) = self.tree.elements.get_mut(index) {
                element.end = end;
            }
            for prefix in declared {
                if let Some(meanings) = self.prefixes.get_mut(prefix) {
                    meanings.pop();
                }
                if self.prefixes.get(prefix).is_some_and(Vec::is_empty) {
                    self.prefixes.remove(prefix);
                }
            }
        }
    }

    fn finish(mut self, report: &mut Report<'_>) -> Tree<'t> {
        if let Some(element) = self.open.last().and_then(|(index, _)| self.tree.elements.get(*index)) {
            let written = element.written;
            report.tell(&rule::XML_NOT_CLOSED, self.source.len(), &[&written]);
        } else if self.tree.elements.is_empty() {
            report.tell(&rule::XML_NO_ROOT, 0, &[]);
        }
        self.ignored = 0;
        while !self.open.is_empty() {
            self.leave();
        }
        self.tree
    }
}

/// The entities that a document type declares, from its name on.
fn declared(document_type: &str) -> Entities<'_> {
    let (outside, inside) = document_type.split_once('[').unwrap_or((document_type, ""));
    let mut words = outside.split(is_space).filter(|word| !word.is_empty()).skip(1);
    let is_reference = |part: &str| part.split_once(';').is_some_and(|(name, _)| is_name(name));
    if words.next().is_some() || inside.split('%').skip(1).any(is_reference) {
        return Entities::Unknown;
    }
    let names = inside.split("<!ENTITY").skip(1).filter_map(|rest| rest.split(is_space).find(|word| !word.is_empty()));
    Entities::Declared(names.collect())
}

/// What a namespace declaration means.
fn namespace_meaning(prefix: &str, address: &str, at: usize, report: &mut Report<'_>) -> &'static str {
    match namespace::meaning(address.trim_matches(is_space)) {
        Meaning::Known(known) => {
            if known != namespace::NONE && known != prefix && namespace::usual(prefix).is_some() && !prefix.is_empty() {
                report.tell(&rule::NAMESPACE_PREFIX_RESERVED, at, &[&prefix, &address]);
            }
            known
        }
        Meaning::Nearly(known, right) => {
            report.tell(&rule::NAMESPACE_MISSPELLED, at, &[&Quoted(address), &right]);
            known
        }
        Meaning::Unknown => {
            if address.contains(is_space) {
                report.tell(&rule::NAMESPACE_WITH_SPACE, at, &[&Quoted(address)]);
            } else if address == "http://purl.org/atom/ns#" {
                report.tell(&rule::ATOM_OBSOLETE, at, &[]);
            } else {
                report.tell(&rule::NAMESPACE_UNKNOWN, at, &[&Quoted(address)]);
            }
            namespace::UNKNOWN
        }
    }
}

fn bare_ampersand(at: usize, report: &mut Report<'_>) {
    report.tell(&rule::XML_BARE_AMPERSAND, at, &[]);
}

/// Whether a text is a name with at most one prefix.
fn is_name(text: &str) -> bool {
    let part = |part: &str| {
        part.starts_with(|first: char| first.is_alphabetic() || first == '_' || !first.is_ascii())
            && part.chars().all(|c| c.is_alphanumeric() || matches!(c, '.' | '-' | '_') || !c.is_ascii())
    };
    match text.split_once(':') {
        Some((prefix, local)) => part(prefix) && part(local),
        None => part(text),
    }
}

/// Whether what stands between `&` and `;` is a reference at all.
fn is_reference(name: &str) -> bool {
    let digits = name.strip_prefix('#').unwrap_or(name);
    !digits.is_empty()
        && digits.len() <= 64
        && digits.chars().all(|c| c.is_alphanumeric() || matches!(c, '.' | '-' | '_' | ':'))
}

/// Whether XML 1.0 §2.2 allows a character.
fn is_allowed(character: char) -> bool {
    !matches!(character, '\u{0}'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}')
}
