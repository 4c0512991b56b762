//! What RSS and Atom share: the last touch to the XML, and reading it back with other eyes than the writer's.

use quick_xml::escape::resolve_xml_entity;
use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, XmlVersion};

use super::{Told, text};

/// The first line of every XML file.
pub(super) const DECLARATION: &str = "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n";

/// The contents of items, which are most of a feed. The writers leave their elements empty, and the last touch fills them,
/// so that each is looked at once.
pub(super) struct Bodies<'a> {
    /// The element that holds one.
    pub(super) element: &'static str,
    /// How one is written into it.
    pub(super) write: fn(&str, &mut String),
    /// One for each such element, in order.
    pub(super) contents: Vec<&'a str>,
}

impl Bodies<'_> {
    /// None to be filled in.
    pub(super) fn none() -> Self {
        Self { element: "", write: push_escaped, contents: Vec::new() }
    }
}

/// Writes `&`, `<` and `>` as hexadecimal references, which readers that take plain text for HTML leave alone (RSS Best
/// Practices Profile, character data), and quotes outside of tags as they are; fills in the contents. `None`: the XML is
/// broken, or there is not one element for each content.
pub(super) fn finish(xml: &str, bodies: Bodies<'_>) -> Option<String> {
    let Bodies { element, write, contents } = bodies;
    let whole: usize = contents.iter().map(|content| content.len()).sum();
    let mut contents = contents.into_iter();
    let mut finished = String::with_capacity(xml.len() + xml.len() / 8 + whole + whole / 8);
    let mut rest = xml;
    while let Some((characters, markup)) = rest.split_once('<') {
        push_references(&mut finished, characters, true);
        finished.push('<');
        if let Some(cdata) = markup.strip_prefix("![CDATA[") {
            let (data, after) = cdata.split_once("]]>")?;
            finished.extend(["![CDATA[", data, "]]>"]);
            rest = after;
            continue;
        }
        // The writers escape `>` in attributes, so the first one is the end of the tag.
        let (tag, after) = markup.split_once('>')?;
        push_references(&mut finished, tag, false);
        finished.push('>');
        rest = after;
        if !element.is_empty() && tag.split(' ').next() == Some(element) {
            write(contents.next()?, &mut finished);
            rest = after.strip_prefix("<![CDATA[]]>").unwrap_or(after);
        }
    }
    push_references(&mut finished, rest, true);
    finished.push('\n');
    contents.next().is_none().then_some(finished)
}

/// Writes a text as a section.
pub(super) fn push_section(text: &str, finished: &mut String) {
    finished.push_str("<![CDATA[");
    let mut parts = text.split("]]>");
    finished.push_str(parts.next().unwrap_or_default());
    parts.for_each(|part| finished.extend(["]]]]><![CDATA[>", part]));
    finished.push_str("]]>");
}

/// Writes a text with `&`, `<` and `>` as references.
pub(super) fn push_escaped(text: &str, finished: &mut String) {
    let mut written = 0;
    for at in memchr::memchr3_iter(b'&', b'<', b'>', text.as_bytes()) {
        finished.push_str(text.get(written..at).unwrap_or_default());
        finished.push_str(match text.as_bytes().get(at) {
            Some(b'&') => "&#x26;",
            Some(b'<') => "&#x3C;",
            _ => "&#x3E;",
        });
        written = at + 1;
    }
    finished.push_str(text.get(written..).unwrap_or_default());
}

fn push_references(finished: &mut String, characters: &str, quotes: bool) {
    let mut rest = characters;
    while let Some((plain, reference)) = rest.split_once('&') {
        let (name, after) = reference.split_once(';').unwrap_or((reference, ""));
        finished.push_str(plain);
        match name {
            "amp" => finished.push_str("&#x26;"),
            "lt" => finished.push_str("&#x3C;"),
            "gt" => finished.push_str("&#x3E;"),
            "quot" if quotes => finished.push('"'),
            "apos" if quotes => finished.push('\''),
            name => finished.extend(["&", name, ";"]),
        }
        rest = after;
    }
    finished.push_str(rest);
}

/// The names under which a dialect tells of an item.
#[derive(Debug)]
pub(super) struct Dialect {
    /// Path of the element of an item from the root.
    pub(super) item: [&'static str; 2],
    /// Element of its id.
    pub(super) id: &'static str,
}

/// What an open element is to the items of a feed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    /// It holds items, if it holds any.
    Root,
    Item,
    Id,
    Title,
    Address,
    Elsewhere,
}

impl Place {
    fn of(name: &str, parent: Option<Self>, dialect: &Dialect) -> Self {
        let [root, item] = dialect.item;
        match (parent, name) {
            (Some(Self::Root), name) if name == item => Self::Item,
            (_, name) if name == root => Self::Root,
            (Some(Self::Item), "title") => Self::Title,
            (Some(Self::Item), "link") => Self::Address,
            (Some(Self::Item), name) if name == dialect.id => Self::Id,
            _ => Self::Elsewhere,
        }
    }
}

/// Reads a feed as a strict stranger would: well-formed, one root, only characters and references that XML has.
/// Returns what it tells of its items, in order; else what is wrong.
pub(super) fn read_back(document: &str, dialect: &Dialect) -> Result<Vec<Told>, String> {
    if !text::is_fit(document)
        && let Some(c) = document.chars().find(|c| !text::is_publishable(*c))
    {
        return Err(format!("U+{:04X} is in it", u32::from(c)));
    }
    let mut reader = Reader::from_str(document);
    reader.config_mut().check_comments = true;
    let mut open: Vec<Place> = Vec::new();
    let mut roots = 0;
    let mut items = Vec::new();
    loop {
        match reader.read_event().map_err(|error| error.to_string())? {
            Event::Start(element) => {
                roots += usize::from(open.is_empty());
                open.push(begin(&element, open.last().copied(), dialect, &mut items)?);
            }
            Event::Empty(element) => {
                roots += usize::from(open.is_empty());
                begin(&element, open.last().copied(), dialect, &mut items)?;
            }
            Event::End(_) => {
                open.pop();
            }
            Event::Text(characters) => tell(&characters, open.last(), &mut items),
            Event::CData(characters) => tell(&characters, open.last(), &mut items),
            Event::GeneralRef(reference) => match reference.resolve_char_ref().map_err(|error| error.to_string())? {
                Some(c) if text::is_publishable(c) => tell(c.encode_utf8(&mut [0; 4]), open.last(), &mut items),
                Some(c) => return Err(format!("a reference to U+{:04X} is in it", u32::from(c))),
                None => match resolve_xml_entity(&reference) {
                    Some(characters) => tell(characters, open.last(), &mut items),
                    None => return Err(format!("&{}; is no entity of XML", &*reference)),
                },
            },
            Event::Eof => break,
            Event::Decl(_) | Event::Comment(_) | Event::PI(_) => {}
            Event::DocType(_) => return Err("it has a document type".to_owned()),
        }
    }
    match (roots, open.len()) {
        (1, 0) => Ok(items),
        (_, 1..) => Err(format!("{} elements are not closed", open.len())),
        (roots, 0) => Err(format!("it has {roots} root elements")),
    }
}

/// What an element is that begins, with what its attributes tell.
fn begin(
    element: &BytesStart<'_>,
    parent: Option<Place>,
    dialect: &Dialect,
    items: &mut Vec<Told>,
) -> Result<Place, String> {
    let place = Place::of(element.name().as_ref(), parent, dialect);
    if place == Place::Item {
        items.push(Told::default());
    }
    let mut alternate = true;
    let mut href = None;
    for attribute in element.attributes() {
        let attribute = attribute.map_err(|error| error.to_string())?;
        let value = attribute.normalized_value(XmlVersion::Implicit1_0).map_err(|error| error.to_string())?;
        match attribute.key.as_ref() {
            "rel" => alternate = value == "alternate",
            "href" => href = Some(value),
            _ => {}
        }
    }
    if let (Place::Address, Some(told), Some(href), true) = (place, items.last_mut(), href, alternate) {
        told.address = href.into_owned();
    }
    Ok(place)
}

fn tell(characters: &str, place: Option<&Place>, items: &mut [Told]) {
    let Some(told) = items.last_mut() else { return };
    match place {
        Some(Place::Title) => told.title.push_str(characters),
        Some(Place::Address) => told.address.push_str(characters),
        Some(Place::Id) => told.id.push_str(characters),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RSS: Dialect = Dialect { item: ["channel", "item"], id: "guid" };

    fn read(items: &str) -> Result<Vec<Told>, String> {
        read_back(&format!("{DECLARATION}<rss><channel>{items}</channel></rss>\n"), &RSS)
    }

    #[test]
    fn references_are_hexadecimal_and_sections_are_left_alone() {
        let xml = r#"<a b="&quot;1&lt;2&quot;">&quot;Q&amp;A&quot; &gt; &apos;<![CDATA[<i>&amp;</i>]]>&#x26;</a>"#;
        let finished = "<a b=\"&quot;1&#x3C;2&quot;\">\"Q&#x26;A\" &#x3E; '<![CDATA[<i>&amp;</i>]]>&#x26;</a>\n";
        assert_eq!(finish(xml, Bodies::none()).as_deref(), Some(finished));
        assert_eq!(finish("<a><![CDATA[x</a>", Bodies::none()), None);
    }

    #[test]
    fn each_empty_element_gets_its_content() {
        let fill = |xml: &str, write, contents: &[&str]| {
            finish(xml, Bodies { element: "body", write, contents: contents.to_vec() })
        };
        let written = "<a><body type=\"html\"></body><body-like></body-like><body><![CDATA[]]></body></a>";
        let [one, two] = ["<p>Q&amp;A \"x\"</p>", "a]]>b]]>"];
        assert_eq!(
            fill(written, push_escaped, &[one, "&"]).as_deref(),
            Some(
                "<a><body type=\"html\">&#x3C;p&#x3E;Q&#x26;amp;A \"x\"&#x3C;/p&#x3E;</body><body-like></body-like>\
                 <body>&#x26;</body></a>\n"
            )
        );
        assert_eq!(
            fill(written, push_section, &[one, two]).as_deref(),
            Some(
                "<a><body type=\"html\"><![CDATA[<p>Q&amp;A \"x\"</p>]]></body><body-like></body-like>\
                 <body><![CDATA[a]]]]><![CDATA[>b]]]]><![CDATA[>]]></body></a>\n"
            )
        );
        assert_eq!(fill(written, push_escaped, &[one]), None);
        assert_eq!(fill(written, push_escaped, &[one, one, one]), None);
    }

    #[test]
    fn items_are_told_in_order_and_nothing_else_is_taken_for_them() {
        let told = read(
            "<title>no</title><item><title>Q&#x26;<![CDATA[A]]></title><link>l</link><guid>1</guid><source><title>x</title></source>\
             </item><item><guid>2</guid></item>",
        );
        let first = Told { id: "1".to_owned(), address: "l".to_owned(), title: "Q&A".to_owned() };
        let second = Told { id: "2".to_owned(), ..Told::default() };
        assert_eq!(told, Ok(vec![first, second]));
    }

    #[test]
    fn what_is_no_xml_is_found() {
        for wrong in [
            "<item>",
            "</item>",
            "<a></b>",
            "\u{1b}",
            "\u{fffe}",
            "&nbsp;",
            "&#x1b;",
            "&#xFFFF;",
            "&",
            "<a b='1' b='2'/>",
            "<a b='&x;'/>",
            "<a b=1/>",
            "<!DOCTYPE a>",
        ] {
            assert!(read(wrong).is_err(), "{wrong:?} was taken for XML");
        }
        assert!(read_back("<rss/><rss/>", &RSS).is_err());
        assert!(read_back("", &RSS).is_err());
    }
}
