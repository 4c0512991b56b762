//! Checks elements and attributes against tables: which may stand where, how often, and what their text must be.

use super::address::{self, Need};
use super::construct;
use super::date;
use super::html::{self, Relative};
use super::report::{Quoted, Report};
use super::rule;
use super::text::{Text, Written};
use super::value::{self, PersonFault};
use super::xml::{Element, Tree};

/// How often an element stands in its parent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Amount {
    /// Exactly once.
    One,
    /// Once or not at all.
    OneAtMost,
    /// Once or more.
    Some,
    /// As often as you like.
    Any,
}

/// What the text of an element or the value of an attribute must be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Check {
    /// Elements only.
    Elements,
    /// Nothing is looked at.
    Skip,
    /// Any text.
    Words,
    /// Any text but none.
    NotEmpty,
    /// A text without markup.
    Plain,
    /// The same, and not empty.
    PlainNotEmpty,
    /// HTML.
    Html,
    /// A text construct of Atom.
    Construct,
    /// `atom:content`.
    Content,
    /// An absolute URI.
    Absolute,
    /// A URI to be opened in a browser.
    Web,
    /// A URI or relative reference.
    Uri,
    /// An IRI or relative reference.
    Iri,
    /// A date of RSS.
    Rfc822,
    /// A date of Atom.
    Rfc3339,
    /// A date of Dublin Core.
    W3c,
    /// A language tag.
    Language,
    /// A media type.
    MediaType,
    /// `mail@host (Name)`.
    Person,
    /// A mail address alone.
    Mail,
    /// A whole number, from and to.
    Whole(u64, u64),
    /// A number with a fraction, from and to.
    Decimal(i32, i32),
    /// One of these, in any case of letters.
    OneOf(&'static [&'static str]),
}

/// A row of a table of elements: parent, name, how often, what text, where that is written.
pub(super) type ElementRow = (&'static str, &'static str, Amount, Check, &'static str);

/// A row of a table of attributes: element, name, whether it must be there, what value, where that is written.
pub(super) type AttributeRow = (&'static str, &'static str, bool, Check, &'static str);

/// In a table of attributes, the name of those that are not listed.
pub(super) const ANY_NAME: &str = "*";

/// The tables of a kind of feed. The parent `*` is any element.
pub(super) struct Tables {
    pub(super) elements: &'static [&'static [ElementRow]],
    pub(super) attributes: &'static [&'static [AttributeRow]],
    /// Prefixes of which all elements are in the tables.
    pub(super) complete: &'static [&'static str],
}

/// Checks all elements that the tables reach from the root.
pub(super) fn check(tree: &Tree<'_>, tables: &Tables, report: &mut Report<'_>) {
    let rows: Vec<&ElementRow> = tables.elements.iter().copied().flatten().collect();
    let mut counts = vec![0_u32; rows.len()];
    let mut reached = vec![false; tree.elements.len()];
    if let Some(root) = reached.first_mut() {
        *root = true;
    }
    for (index, element) in tree.elements.iter().enumerate() {
        if !reached.get(index).copied().unwrap_or_default() || report.is_full() {
            continue;
        }
        attributes(element, tables, report);
        counts.fill(0);
        for child_index in &element.children {
            let Some(child) = tree.elements.get(*child_index) else { continue };
            let row = rows
                .iter()
                .position(|row| row.0 == element.name && row.1 == child.name)
                .or_else(|| rows.iter().position(|row| row.0 == "*" && row.1 == child.name));
            let Some((row, count)) = row.and_then(|row| Some((rows.get(row)?, counts.get_mut(row)?))) else {
                unknown(element, child, tables, report);
                continue;
            };
            *count += 1;
            let (_, _, amount, check, reference) = row;
            if *count > 1 && matches!(amount, Amount::One | Amount::OneAtMost) {
                let (inner, outer) = (child.written, element.written);
                report.tell(&rule::ELEMENT_TWICE.by(reference), child.offset, &[&inner, &outer]);
            }
            if check == &Check::Elements {
                if let Some(reached) = reached.get_mut(*child_index) {
                    *reached = true;
                }
                no_text(child, reference, report);
            } else {
                attributes(child, tables, report);
                words(tree, child, *check, reference, report);
            }
        }
        for (row, count) in rows.iter().zip(&counts) {
            if row.0 == element.name && *count == 0 && matches!(row.2, Amount::One | Amount::Some) {
                let (outer, inner) = (element.written, row.1.strip_prefix("atom:").unwrap_or(row.1));
                report.tell(&rule::ELEMENT_MISSING.by(row.4), element.offset, &[&outer, &inner]);
            }
        }
    }
}

fn unknown(parent: &Element<'_>, child: &Element<'_>, tables: &Tables, report: &mut Report<'_>) {
    let (outer, inner) = (parent.written, child.written);
    let prefix = child.name.split_once(':').map_or("", |(prefix, _)| prefix);
    if prefix == "xhtml" {
        report.tell(&rule::ELEMENT_MISPLACED, child.offset, &[&inner, &outer]);
    } else if tables.complete.contains(&prefix) {
        report.tell(&rule::ELEMENT_UNKNOWN, child.offset, &[&inner, &outer]);
    }
}

fn no_text(element: &Element<'_>, reference: &'static str, report: &mut Report<'_>) {
    if !element.text.trimmed().is_empty() {
        let (written, text) = (element.written, Quoted(&element.text.value));
        let at = element.text.offset(0).unwrap_or(element.offset);
        report.tell(&rule::TEXT_UNEXPECTED.by(reference), at, &[&written, &text]);
    }
}

fn attributes(element: &Element<'_>, tables: &Tables, report: &mut Report<'_>) {
    let written = element.written;
    let rows = || tables.attributes.iter().copied().flatten().filter(|row| row.0 == element.name);
    for attribute in &element.attributes {
        let name = attribute.name.as_str();
        match name {
            "xml:lang" if attribute.text.value.is_empty() => continue,
            "xml:lang" => value(&attribute.text, attribute.offset, name, Check::Language, "XML 1.0 §2.12", report),
            "xml:base" => {
                white_space(&attribute.text, attribute.offset, name, Check::Iri, report);
                value(&attribute.text, attribute.offset, name, Check::Iri, "XML Base §3.1", report);
            }
            _ => {}
        }
        match rows().find(|row| row.1 == name).or_else(|| rows().find(|row| row.1 == ANY_NAME)) {
            Some(row) => {
                white_space(&attribute.text, attribute.offset, name, row.3, report);
                value(&attribute.text, attribute.offset, name, row.3, row.4, report);
            }
            None if name.contains(':') => {}
            // Of extensions, not all attributes are in the tables.
            None if element.name.contains(':') && !element.name.starts_with("atom:") => {}
            None => {
                report.tell(&rule::ATTRIBUTE_UNKNOWN, attribute.offset, &[&written, &name]);
            }
        }
    }
    for row in rows().filter(|row| row.2 && element.attribute(row.1).is_none()) {
        let name = row.1;
        report.tell(&rule::ATTRIBUTE_MISSING.by(row.4), element.offset, &[&written, &name]);
    }
}

fn words(tree: &Tree<'_>, element: &Element<'_>, check: Check, reference: &'static str, report: &mut Report<'_>) {
    match check {
        Check::Skip => return,
        Check::Construct => return construct::check(tree, element, false, report),
        Check::Content => return construct::check(tree, element, true, report),
        _ => {}
    }
    let written = element.written;
    // In RDF, any property may hold a description.
    if let Some(child) = tree.children(element).find(|child| !child.name.starts_with("rdf:")) {
        let inner = child.written;
        report.tell(&rule::ELEMENT_UNEXPECTED.by(reference), child.offset, &[&inner, &written]);
    }
    let text = &element.text;
    if element.name.starts_with("atom:") {
        white_space(text, element.offset, written, check, report);
    }
    value(text, text.offset(0).unwrap_or(element.offset), written, check, reference, report);
}

/// Addresses and dates of Atom have no white space around them.
fn white_space(text: &Text, at: usize, name: &str, check: Check, report: &mut Report<'_>) {
    let bare = matches!(check, Check::Absolute | Check::Iri | Check::Uri | Check::Rfc3339);
    if bare && text.trimmed().len() < text.value.len() {
        report.tell(&rule::WHITE_SPACE, at, &[&name]);
    }
}

/// Checks one value; `name` is that of the element or attribute that holds it.
pub(super) fn value(
    text: &Text,
    at: usize,
    name: &str,
    check: Check,
    reference: &'static str,
    report: &mut Report<'_>,
) {
    let words = text.trimmed();
    let shown = Quoted(words);
    match check {
        Check::NotEmpty | Check::PlainNotEmpty if words.is_empty() => {
            report.tell(&rule::ELEMENT_EMPTY.by(reference), at, &[&name]);
        }
        Check::Plain | Check::PlainNotEmpty => plain(text, at, name, reference, report),
        Check::Html => html::check(text, Relative::Wrong, report),
        Check::Absolute | Check::Web => link(words, at, name, Need::Absolute, reference, report),
        Check::Uri => link(words, at, name, Need::Uri, reference, report),
        Check::Iri => link(words, at, name, Need::Iri, reference, report),
        Check::Rfc822 => when(date::rfc822(words), words, at, name, reference, report),
        Check::Rfc3339 => when(date::rfc3339(words), words, at, name, reference, report),
        Check::W3c => when(date::w3c(words), words, at, name, reference, report),
        Check::Language if !value::is_language(words) => {
            report.tell(&rule::LANGUAGE_TAG, at, &[&shown]);
        }
        Check::MediaType if !value::is_media_type(words) => {
            report.tell(&rule::MEDIA_TYPE, at, &[&shown]);
        }
        Check::Mail if !value::is_mail_address(words) => {
            report.tell(&rule::MAIL_ADDRESS.by(reference), at, &[&shown]);
        }
        Check::Person => match value::person_fault(words) {
            Some(PersonFault::NoMail) => {
                report.tell(&rule::PERSON_WITHOUT_MAIL.by(reference), at, &[&shown]);
            }
            Some(PersonFault::Form) => {
                report.tell(&rule::PERSON_FORM.by(reference), at, &[&shown]);
            }
            None => plain(text, at, name, reference, report),
        },
        Check::Whole(from, to) if value::whole(words).is_none_or(|number| !(from..=to).contains(&number)) => {
            let limit = if to == u64::MAX { "up".to_owned() } else { format!("to {to}") };
            report.tell(&rule::NUMBER.by(reference), at, &[&name, &shown, &from, &limit]);
        }
        Check::Decimal(from, to) => {
            let number: Option<f64> = words.parse().ok();
            if number.is_none_or(|number| !(f64::from(from)..=f64::from(to)).contains(&number)) {
                report.tell(&rule::NUMBER_DECIMAL.by(reference), at, &[&name, &shown, &from, &to]);
            }
        }
        Check::OneOf(words_known) if !words_known.iter().any(|known| known.eq_ignore_ascii_case(words)) => {
            let list = words_known.join(", ");
            report.tell(&rule::VALUE_UNKNOWN.by(reference), at, &[&name, &shown, &list]);
        }
        _ => {}
    }
}

/// A text that readers may show as it is, or as HTML: it should look the same in both (RSS Advisory Board profile).
fn plain(text: &Text, at: usize, name: &str, reference: &'static str, report: &mut Report<'_>) {
    let found = html::markup_in_plain_text(text).or_else(|| {
        let value = text.value.as_str();
        let tag = |after: Option<char>| after.is_some_and(|c| c.is_ascii_alphabetic() || c == '/');
        let (position, _) = value.match_indices('<').find(|(position, _)| {
            tag(value.get(position + 1..).and_then(|rest| rest.chars().next()))
                && text.written(*position) != Some(Written::Hexadecimal)
        })?;
        Some((position, "<".to_owned()))
    });
    if let Some((position, markup)) = found {
        let at = text.offset(position).unwrap_or(at);
        report.tell(&rule::TEXT_WITH_MARKUP.by(reference), at, &[&markup, &name]);
    }
}

fn link(words: &str, at: usize, name: &str, need: Need, reference: &'static str, report: &mut Report<'_>) {
    if let Some(fault) = address::fault(words, need) {
        report.tell(&rule::ADDRESS_INVALID.by(reference), at, &[&name, &Quoted(words), &fault]);
    } else if address::has_usual_scheme(words) == Some(false) {
        report.tell(&rule::ADDRESS_SCHEME.by(reference), at, &[&name, &Quoted(words)]);
    }
}

fn when(
    read: Result<date::Read, &'static str>,
    words: &str,
    at: usize,
    name: &str,
    reference: &'static str,
    report: &mut Report<'_>,
) {
    let shown = Quoted(words);
    match read {
        Err(fault) => report.tell(&rule::DATE_INVALID.by(reference), at, &[&name, &shown, &fault]),
        Ok(read) => {
            if let Some(doubt) = read.doubt {
                report.tell(&rule::DATE_DOUBTFUL.by(reference), at, &[&name, &shown, &doubt]);
            }
            if let Some(fault) = date::implausible(read.instant, report.expectation.now) {
                report.tell(&rule::DATE_IMPLAUSIBLE.by(reference), at, &[&name, &shown, &fault]);
            }
        }
    }
}
