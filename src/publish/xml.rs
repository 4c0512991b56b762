//! What RSS and Atom share: the last touch to the XML, and reading it back with other eyes than the writer's.

use quick_xml::escape::resolve_xml_entity;
use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, XmlVersion};

use super::{Told, text};

/// The first line of every XML file.
pub(super) const DECLARATION: &str = "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n";

/// Writes `&`, `<` and `>` as hexadecimal references, which readers that take plain text for HTML leave alone (RSS Best
/// Practices Profile, character data), and quotes outside of tags as they are. `None`: the XML is broken.
pub(super) fn finish(xml: &str) -> Option<String> {
    let mut finished = String::with_capacity(xml.len() + xml.len() / 8);
    let mut rest = xml;
    while let Some((characters, markup)) = rest.split_once('<') {
        push_references(&mut finished, characters, true);
        finished.push('<');
        if let Some(cdata) = markup.strip_prefix("![CDATA[") {
            let (data, after) = cdata.split_once("]]>")?;
            finished.extend(["![CDATA[", data, "]]>"]);
            rest = after;
        } else {
            // The writers escape `>` in attributes, so the first one is the end of the tag.
            let (tag, after) = markup.split_once('>')?;
            push_references(&mut finished, tag, false);
            finished.push('>');
            rest = after;
        }
    }
    push_references(&mut finished, rest, true);
    finished.push('\n');
    Some(finished)
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

/// Reads a feed as a strict stranger would: well-formed, one root, only characters and references that XML has.
/// Returns what it tells of its items, in order; else what is wrong.
pub(super) fn read_back(bytes: &[u8], dialect: &Dialect) -> Result<Vec<Told>, String> {
    let document = str::from_utf8(bytes).map_err(|error| error.to_string())?;
    if !text::is_fit(document)
        && let Some(c) = document.chars().find(|c| !text::is_publishable(*c))
    {
        return Err(format!("U+{:04X} is in it", u32::from(c)));
    }
    let mut reader = Reader::from_str(document);
    reader.config_mut().check_comments = true;
    let mut open: Vec<String> = Vec::new();
    let mut roots = 0;
    let mut items = Vec::new();
    loop {
        match reader.read_event().map_err(|error| error.to_string())? {
            Event::Start(element) => {
                roots += usize::from(open.is_empty());
                begin(&element, &open, dialect, &mut items)?;
                open.push(element.name().as_ref().to_owned());
            }
            Event::Empty(element) => {
                roots += usize::from(open.is_empty());
                begin(&element, &open, dialect, &mut items)?;
            }
            Event::End(_) => {
                open.pop();
            }
            Event::Text(characters) => tell(&characters, &open, dialect, &mut items),
            Event::CData(characters) => tell(&characters, &open, dialect, &mut items),
            Event::GeneralRef(reference) => match reference.resolve_char_ref().map_err(|error| error.to_string())? {
                Some(c) if text::is_publishable(c) => {
                    tell(c.encode_utf8(&mut [0; 4]), &open, dialect, &mut items);
                }
                Some(c) => return Err(format!("a reference to U+{:04X} is in it", u32::from(c))),
                None => match resolve_xml_entity(&reference) {
                    Some(characters) => tell(characters, &open, dialect, &mut items),
                    None => return Err(format!("&{}; is no entity of XML", &*reference)),
                },
            },
            Event::Eof => break,
            Event::Decl(_) | Event::Comment(_) | Event::PI(_) => {}
            Event::DocType(_) => return Err("it has a document type".to_owned()),
        }
    }
    match (roots, open.pop()) {
        (1, None) => Ok(items),
        (_, Some(name)) => Err(format!("<{name}> is not closed")),
        (roots, None) => Err(format!("it has {roots} root elements")),
    }
}

fn begin(element: &BytesStart<'_>, open: &[String], dialect: &Dialect, items: &mut Vec<Told>) -> Result<(), String> {
    let name = element.name();
    let [root, _, ..] = dialect.item;
    let is_item = name.as_ref() == dialect.item[1] && open.last().is_some_and(|parent| parent == root);
    if is_item {
        items.push(Told::default());
    }
    let mut alternate = true;
    let mut href = None;
    for attribute in element.attributes() {
        let attribute = attribute.map_err(|error| error.to_string())?;
        let value = attribute.normalized_value(XmlVersion::Implicit1_0).map_err(|error| error.to_string())?;
        match attribute.key.as_ref() {
            "rel" => alternate = value == "alternate",
            "href" => href = Some(value.into_owned()),
            _ => {}
        }
    }
    if let (Some(told), Some(href), true) = (items.last_mut(), href, alternate)
        && name.as_ref() == "link"
        && of_item(open, dialect)
    {
        told.address = href;
    }
    Ok(())
}

fn of_item(open: &[String], dialect: &Dialect) -> bool {
    matches!(open, [.., parent, item] if parent == dialect.item[0] && item == dialect.item[1])
}

fn tell(characters: &str, open: &[String], dialect: &Dialect, items: &mut [Told]) {
    if let (Some((name, parents)), Some(told)) = (open.split_last(), items.last_mut())
        && of_item(parents, dialect)
    {
        match name.as_str() {
            "title" => told.title.push_str(characters),
            "link" => told.address.push_str(characters),
            name if name == dialect.id => told.id.push_str(characters),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RSS: Dialect = Dialect { item: ["channel", "item"], id: "guid" };

    fn read(items: &str) -> Result<Vec<Told>, String> {
        read_back(format!("{DECLARATION}<rss><channel>{items}</channel></rss>\n").as_bytes(), &RSS)
    }

    #[test]
    fn references_are_hexadecimal_and_sections_are_left_alone() {
        let xml = r#"<a b="&quot;1&lt;2&quot;">&quot;Q&amp;A&quot; &gt; &apos;<![CDATA[<i>&amp;</i>]]>&#x26;</a>"#;
        let finished = "<a b=\"&quot;1&#x3C;2&quot;\">\"Q&#x26;A\" &#x3E; '<![CDATA[<i>&amp;</i>]]>&#x26;</a>\n";
        assert_eq!(finish(xml).as_deref(), Some(finished));
        assert_eq!(finish("<a><![CDATA[x</a>"), None);
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
        assert!(read_back(b"<rss/><rss/>", &RSS).is_err());
        assert!(read_back(b"", &RSS).is_err());
    }
}
