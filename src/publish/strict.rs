//! What RSS, Atom and OPML files tell, read as a strict stranger would who knows the writers not at all.
//!
//! It takes less than XML allows: no comments, instructions or document types, for we write none.

use std::borrow::Cow;

use memchr::{memchr, memchr_iter, memchr3};

use super::{Told, text};
use crate::item::link::letters_digits_and;
use crate::item::text::split;

/// The names under which a dialect tells of an item.
#[derive(Debug)]
pub(super) struct Dialect {
    /// Names of the element that holds items, and of an item.
    pub(super) item: [&'static str; 2],
    /// Element of its id.
    pub(super) id: &'static str,
}

/// What an open element is to the items of a feed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    /// It holds items, if it holds any.
    Holder,
    Item,
    Id,
    Title,
    Address,
    Elsewhere,
}

impl Place {
    fn of(name: &str, parent: Option<Self>, dialect: &Dialect) -> Self {
        let [holder, item] = dialect.item;
        match (parent, name) {
            (Some(Self::Item), "title") => Self::Title,
            (Some(Self::Item), "link") => Self::Address,
            (Some(Self::Item), name) if name == dialect.id => Self::Id,
            (Some(Self::Holder), name) if name == item => Self::Item,
            (_, name) if name == holder => Self::Holder,
            _ => Self::Elsewhere,
        }
    }
}

/// Reads a file: well-formed (XML 1.0 §2.1), only characters and references that XML has. Returns what it tells of its
/// items, in order; else what is wrong.
pub(super) fn read<'a>(document: &'a str, dialect: &Dialect) -> Result<Vec<Told<'a>>, String> {
    if !text::is_fit(document)
        && let Some(c) = document.chars().find(|c| !text::is_publishable(*c))
    {
        return Err(format!("U+{:04X} is in it", u32::from(c)));
    }
    let mut rest = match document.strip_prefix("<?xml ") {
        Some(declaration) => declaration.split_once("?>").ok_or("its declaration does not end")?.1,
        None => document,
    };
    let mut open: Vec<(&str, Place)> = Vec::new();
    let mut roots = 0;
    let mut items: Vec<Told<'_>> = Vec::new();
    let mut attributes = Vec::new();
    while let Some(Text { characters, is_marked, markup }) = before_tag(rest) {
        let place = open.last().map(|(_, place)| *place);
        match place {
            Some(Place::Id | Place::Title | Place::Address) if is_marked => {
                tell(decoded(in_text(characters)?)?, place, &mut items);
            }
            Some(Place::Id | Place::Title | Place::Address) => tell(Cow::Borrowed(characters), place, &mut items),
            Some(_) if is_marked => check_references(in_text(characters)?)?,
            Some(_) => {}
            None if characters.trim_ascii().is_empty() => {}
            None => return Err("there is text outside of its root".to_owned()),
        }
        match markup.as_bytes().first() {
            Some(b'/') => {
                let opened = open.pop().map_or("", |(name, _)| name);
                let (name, end) = (1..=opened.len(), opened.len() + 1);
                let is_its =
                    markup.as_bytes().get(name) == Some(opened.as_bytes()) && markup.as_bytes().get(end) == Some(&b'>');
                let wrong = || format!("<{}> ends nothing", markup.split('>').next().unwrap_or_default());
                rest = markup.get(end + 1..).filter(|_| is_its && !opened.is_empty()).ok_or_else(wrong)?;
                continue;
            }
            Some(b'!') => {
                let section = markup.strip_prefix("![CDATA[").filter(|_| place.is_some());
                let parts = section.and_then(|section| section.split_at_checked(end_of_section(section)?));
                let (data, behind) = parts.ok_or("a section does not end")?;
                tell(Cow::Borrowed(data), place, &mut items);
                rest = behind.get(3..).unwrap_or_default();
                continue;
            }
            _ => {}
        }
        let tag = Tag::read(markup, &mut attributes)?;
        let begun = Place::of(tag.name, place, dialect);
        roots += usize::from(open.is_empty());
        if begun == Place::Item {
            items.push(Told::default());
        }
        if let (Place::Address, Some(told)) = (begun, items.last_mut())
            && let Some(href) = value(&attributes, "href")
            && value(&attributes, "rel").is_none_or(|rel| rel == "alternate")
        {
            told.address = decoded(href)?;
        }
        if !tag.is_empty {
            open.push((tag.name, begun));
        }
        rest = tag.behind;
    }
    match (open.last(), roots) {
        (None, 1) if rest.trim_ascii().is_empty() => Ok(items),
        (None, 1) => Err("there is text outside of its root".to_owned()),
        (None, roots) => Err(format!("it has {roots} root elements")),
        (Some((name, _)), _) => Err(format!("<{name}> is not closed")),
    }
}

/// The text before a tag.
struct Text<'a> {
    characters: &'a str,
    /// Whether there is a `&` or `>` in it.
    is_marked: bool,
    /// What is behind the `<`.
    markup: &'a str,
}

/// The text before the next tag.
fn before_tag(text: &str) -> Option<Text<'_>> {
    let bytes = text.as_bytes();
    // Between most tags there is but the end of a line, and in most others no mark.
    let blank = bytes.iter().position(|byte| !byte.is_ascii_whitespace())?;
    let mark = if bytes.get(blank) == Some(&b'<') { blank } else { memchr3(b'<', b'&', b'>', bytes)? };
    let is_marked = bytes.get(mark) != Some(&b'<');
    let end = if is_marked { memchr(b'<', bytes)? } else { mark };
    Some(Text { characters: text.get(..end)?, is_marked, markup: text.get(end + 1..)? })
}

/// A start tag (XML 1.0 §3.1).
struct Tag<'a> {
    name: &'a str,
    /// It has no content (`<br/>`).
    is_empty: bool,
    behind: &'a str,
}

impl<'a> Tag<'a> {
    /// Reads a tag behind its `<`, and its attributes: names and values, as written.
    fn read(markup: &'a str, attributes: &mut Vec<(&'a str, &'a str)>) -> Result<Self, String> {
        let unnamed = || "there is a tag or an attribute without a name".to_owned();
        let (name, mut rest) = named(markup).ok_or_else(unnamed)?;
        attributes.clear();
        loop {
            let behind = rest.trim_ascii_start();
            match behind.as_bytes() {
                [b'>', ..] => return Ok(Self { name, is_empty: false, behind: behind.split_at(1).1 }),
                [b'/', b'>', ..] => return Ok(Self { name, is_empty: true, behind: behind.split_at(2).1 }),
                _ => {}
            }
            if behind.len() == rest.len() {
                return Err(format!("<{name}> does not end"));
            }
            let (attribute, value) = named(behind).ok_or_else(unnamed)?;
            let broken = || format!("{attribute} of <{name}> has no value");
            let (b'=', quoted) = begun(value).ok_or_else(broken)? else { return Err(broken()) };
            let (quote @ (b'"' | b'\''), value) = begun(quoted).ok_or_else(broken)? else { return Err(broken()) };
            // Hardly any has a mark.
            let mut end = memchr3(quote, b'<', b'&', value.as_bytes()).ok_or_else(broken)?;
            let is_marked = value.as_bytes().get(end) != Some(&quote);
            if is_marked {
                end = memchr(quote, value.as_bytes()).ok_or_else(broken)?;
            }
            let (value, behind) = (value.split_at(end).0, value.split_at(end + 1).1);
            if is_marked && value.contains('<') || attributes.iter().any(|(other, _)| *other == attribute) {
                return Err(format!("{attribute} of <{name}> is wrong"));
            }
            if is_marked {
                check_references(value)?;
            }
            attributes.push((attribute, value));
            rest = behind;
        }
    }
}

/// The first byte of a text that is no white space, if it is ASCII, and what is behind it.
fn begun(text: &str) -> Option<(u8, &str)> {
    let text = text.trim_ascii_start();
    Some((*text.as_bytes().first()?, text.get(1..)?))
}

/// The value of an attribute.
fn value<'a>(attributes: &[(&str, &'a str)], name: &str) -> Option<&'a str> {
    attributes.iter().find(|(attribute, _)| *attribute == name).map(|(_, value)| *value)
}

/// What a name is made of, by byte.
static NAME: [bool; 256] = letters_digits_and(b":_-.");

/// A name, and what is behind it.
fn named(text: &str) -> Option<(&str, &str)> {
    let is_name = text.as_bytes().first().is_some_and(|first| first.is_ascii_alphabetic() || *first == b'_');
    let end = text.bytes().position(|byte| !NAME[usize::from(byte)]).unwrap_or(text.len());
    is_name.then(|| text.split_at(end))
}

/// Where a section ends that begins with the text.
fn end_of_section(text: &str) -> Option<usize> {
    // Hardly any text has such a bracket.
    memchr_iter(b']', text.as_bytes()).find(|at| text.as_bytes().get(at + 1..at + 3) == Some(b"]>"))
}

/// Text between tags, which holds no end of a section (XML 1.0 §2.4).
fn in_text(characters: &str) -> Result<&str, String> {
    // Hardly any text has a mark that could be the end of one.
    let is_end = |at: usize| characters.as_bytes().get(..at).is_some_and(|before| before.ends_with(b"]]"));
    if memchr_iter(b'>', characters.as_bytes()).any(is_end) {
        return Err("the end of a section stands in a text".to_owned());
    }
    Ok(characters)
}

/// A text with its references as what they stand for (XML 1.0 §4.1, §4.6).
fn decoded(text: &str) -> Result<Cow<'_, str>, String> {
    let Some((mut plain, mut behind)) = split(text, b'&') else { return Ok(Cow::Borrowed(text)) };
    let mut out = String::with_capacity(text.len());
    loop {
        out.push_str(plain);
        let (c, rest) = referred(behind)?;
        out.push(c);
        let Some(next) = split(rest, b'&') else {
            out.push_str(rest);
            return Ok(Cow::Owned(out));
        };
        (plain, behind) = next;
    }
}

/// Looks at the references of a text that nobody asks for.
fn check_references(text: &str) -> Result<(), String> {
    let mut rest = text;
    while let Some((_, reference)) = split(rest, b'&') {
        (_, rest) = referred(reference)?;
    }
    Ok(())
}

/// What a reference stands for, of which the `&` has been read, and what is behind it.
fn referred(reference: &str) -> Result<(char, &str), String> {
    // Those that are written most.
    let often = match reference.as_bytes().first_chunk() {
        Some(b"#x3C;") => Some('<'),
        Some(b"#x3E;") => Some('>'),
        Some(b"#x26;") => Some('&'),
        _ => None,
    };
    if let Some((c, behind)) = often.zip(reference.get(5..)) {
        return Ok((c, behind));
    }
    let (name, behind) = reference.split_once(';').ok_or("a reference does not end")?;
    let number = name.strip_prefix('#').map(|number| match number.strip_prefix('x') {
        Some(digits) => (digits, 16),
        None => (number, 10),
    });
    let c = match (number, name) {
        (Some((digits, radix)), _) if digits.bytes().all(|byte| byte.is_ascii_hexdigit()) => {
            u32::from_str_radix(digits, radix).ok().and_then(char::from_u32).filter(|c| text::is_publishable(*c))
        }
        (_, "amp") => Some('&'),
        (_, "lt") => Some('<'),
        (_, "gt") => Some('>'),
        (_, "quot") => Some('"'),
        (_, "apos") => Some('\''),
        _ => None,
    };
    Ok((c.ok_or_else(|| format!("&{name}; stands for nothing that may be in it"))?, behind))
}

fn tell<'a>(characters: Cow<'a, str>, place: Option<Place>, items: &mut [Told<'a>]) {
    let Some(told) = items.last_mut() else { return };
    match place {
        Some(Place::Title) => told.title += characters,
        Some(Place::Address) => told.address += characters,
        Some(Place::Id) => told.id += characters,
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::xml::DECLARATION;
    use super::*;

    const RSS: Dialect = Dialect { item: ["channel", "item"], id: "guid" };

    fn of(items: &str) -> Result<Vec<Told<'static>>, String> {
        let document = format!("{DECLARATION}<rss><channel>{items}</channel></rss>\n");
        let owned = |text: Cow<'_, str>| Cow::Owned(text.into_owned());
        let told = |told: Told<'_>| Told { id: owned(told.id), address: owned(told.address), title: owned(told.title) };
        Ok(read(&document, &RSS)?.into_iter().map(told).collect())
    }

    #[test]
    fn items_are_told_in_order_and_nothing_else_is_taken_for_them() {
        let told = of(
            "<title>no</title><item><title>Q&#x26;<![CDATA[A]]></title><link>l</link><guid>1</guid><source><title>x</title></source>\
             </item><item><guid>2</guid></item>",
        );
        let first = Told { id: "1".into(), address: "l".into(), title: "Q&A".into() };
        let second = Told { id: "2".into(), ..Told::default() };
        assert_eq!(told, Ok(vec![first, second]));
        let links = "<item><link rel='self' href='s'/><link href = 'a&amp;b' rel = \"alternate\" /></item>";
        assert_eq!(of(links).map(|told| told[0].address.clone()).as_deref(), Ok("a&b"));
    }

    #[test]
    fn what_is_no_xml_is_found() {
        for wrong in [
            "<item>",
            "</item>",
            "<a></b>",
            "<a></ a>",
            "\u{1b}",
            "\u{fffe}",
            "&nbsp;",
            "<item><title>&nbsp;</title></item>",
            "<item><title>]]></title></item>",
            "&#x1b;",
            "&#xFFFF;",
            "&#+65;",
            "&#;",
            "&",
            "& ;",
            "]]>",
            "<![CDATA[x",
            "<![cdata[x]]>",
            "<a b='1' b='2'/>",
            "<a b='1'c='2'/>",
            "<a b='&x;'/>",
            "<a b='<'/>",
            "<a b=1/>",
            "<a b/>",
            "<a b='1/>",
            "<1/>",
            "< a/>",
            "<a / >",
            "<!-- x -->",
            "<!DOCTYPE a>",
            "<?x y?>",
        ] {
            assert!(of(wrong).is_err(), "{wrong:?} was taken for XML");
        }
        for wrong in
            ["", "x", "<rss/><rss/>", "x<rss/>", "<rss/>x", "<rss/>&#32;", "<![CDATA[]]><rss/>", "<?xml <rss/>"]
        {
            assert!(read(wrong, &RSS).is_err(), "{wrong:?} was taken for XML");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2_000))]

        #[test]
        fn what_another_reader_refuses_is_refused(
            pieces in prop::collection::vec(
                prop::sample::select(vec![
                    "<", ">", "/", "</", "/>", "a", "<a>", "</a>", "<b", " c='", "'", "\"", "=", " ", "&", ";", "&lt;", "&#x41;",
                    "&#0;", "]]>", "<![CDATA[", "]]", "<!--", "-->", "<?", "?>", "é", "\n", "x:y", "1", "-",
                ]),
                0..12,
            ),
        ) {
            let document = format!("<a>{}</a>", pieces.concat());
            let taken = read(&document, &RSS);
            // It wants prefixes to be declared, which is not asked for here.
            if taken.is_ok() && !document.contains(':') {
                let stranger = roxmltree::Document::parse(&document);
                prop_assert!(stranger.is_ok(), "{document}: {stranger:?}");
            }
        }
    }
}
