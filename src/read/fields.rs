//! Fields that people write by hand: front matter (YAML between `---`, TOML between `+++`) and sidecar files.

use std::borrow::Cow;

use serde_json::{Map, Value};
use toml::de::{DeTable, DeValue};
use url::Url;

use super::charset::{decode, decode_beside};
use super::fence::{Fenced, dotted, head, is_blank};
use super::residue::{ends_like_prose, width};
use super::written::claim;
use super::{Policy, ReadError, letter, names, plain, unfinished, with_line_feeds, yaml};
use crate::document::Form;
use crate::draft::{self, Body, Draft, Enclosure, Evidence};

/// What is wrong, and in which line of the text, from 0.
pub(super) type Wrong = (usize, String);

/// Front matter, and the text behind it.
pub(super) struct FrontMatter<'a> {
    fields: Map<String, Value>,
    /// Why its lines were read one by one.
    note: Option<String>,
    /// The text behind it; all of it where there is none.
    pub(super) behind: &'a str,
}

impl<'a> FrontMatter<'a> {
    /// Splits front matter off a text. In a plain text it is only taken for such where its fields are known.
    ///
    /// # Errors
    /// [`ReadError::Unfinished`] when it says that the document is a draft, [`ReadError::Unclear`] when that cannot be told.
    pub(super) fn split(text: &'a str, form: Form) -> Result<Self, ReadError> {
        let none = Self { fields: Map::new(), note: None, behind: text };
        let is_markdown = form == Form::Markdown;
        let Some(Fenced { fence, opened, matter, behind }) = Fenced::find(text)? else {
            unfinished_above(text, form)?;
            if let Some((fields, behind)) = letter::split(text) {
                return Ok(Self { fields, note: None, behind });
            }
            let may_be = is_markdown || dotted(text).is_some();
            return if may_be { Ok(Self::unfenced(text)?.unwrap_or(none)) } else { Ok(none) };
        };
        let matter = with_plain_colons(matter);
        let has_fields = matter.lines().any(is_field);
        let Some(behind) = behind else {
            // A thematic break is written like the fence of YAML (CommonMark §4.1).
            let may_be =
                if is_markdown { has_fields || unfinished::is_mentioned(text) } else { unfinished::is_said(&matter) };
            if !may_be {
                return Ok(none);
            }
            return Err(ReadError::Unclear(format!(
                "line {opened} opens front matter and no line closes it: write {fence} below its last field, or *** in \
                 line {opened} if it opens none"
            )));
        };
        let place = |line| format!("line {}", opened + 1 + line);
        match if fence == "+++" { toml_fields(&matter) } else { yaml_fields(&matter) } {
            Ok(fields) => {
                unfinished::in_fields(&fields, &matter, place)?;
                if form == Form::Text && !fields.keys().any(|key| Name::of(key).is_some()) {
                    return Ok(none);
                }
                Ok(Self { fields, note: None, behind })
            }
            Err(_) if !has_fields || !is_markdown && !matter.lines().all(may_be_of_fields) => {
                if unfinished::is_said(&matter) {
                    unfinished::in_lines(&matter, place).map(|()| none)
                } else {
                    Ok(none)
                }
            }
            Err((line, wrong)) => {
                unfinished::in_lines(&matter, place)?;
                let line = place(line);
                let note = format!(
                    "has front matter that is not well-formed ({line}: {wrong}): its lines are read one by one"
                );
                let fields = if fence == "+++" { toml_lines(&matter) } else { line_fields(&matter) };
                Ok(Self { fields, note: Some(note), behind })
            }
        }
    }

    /// Fields that other programs write without a fence: `Title: …` in lines of their own (Pelican, `MultiMarkdown`), JSON
    /// (Hugo), `% …` (Pandoc), `.. title: …` (Nikola). Only where they give a title, or stand above one, and nothing that is not known would be lost to
    /// the text.
    fn unfenced(text: &'a str) -> Result<Option<Self>, ReadError> {
        /// Fields that say nothing to a reader.
        const IDLE: [&str; 9] = ["slug", "status", "template", "layout", "type", "id", "uuid", "save_as", "weight"];
        let start = text.trim_start_matches(is_blank);
        let opened = text.strip_suffix(start).unwrap_or_default().matches('\n').count();
        let has_title = |fields: &Map<String, Value>| fields.keys().any(|key| Name::of(key) == Some(Name::Title));
        let head = head(start);
        let found = if start.starts_with('{') {
            let mut values = serde_json::Deserializer::from_str(start).into_iter::<Map<String, Value>>();
            let fields = values.next().and_then(Result::ok).filter(has_title);
            fields.zip(start.split_at_checked(values.byte_offset()))
        } else if let Some((fields, behind)) = dotted(start) {
            let fields = fields.into_iter().map(|(name, value)| (name.to_owned(), Value::from(value))).collect();
            Some(fields).filter(has_title).zip(start.strip_suffix(behind).map(|matter| (matter, behind)))
        } else if start.starts_with("% ") {
            let values: Option<Vec<&str>> = head.lines().map(|line| line.strip_prefix('%')).collect();
            let values = values.filter(|values| (2..=3).contains(&values.len()));
            let named = |values: Vec<&str>| {
                let said = ["title", "author", "date"].into_iter().zip(values);
                said.filter(|(_, value)| !value.trim().is_empty())
                    .map(|(name, value)| (name.to_owned(), Value::from(value.trim())))
                    .collect::<Map<_, _>>()
            };
            values.map(named).zip(start.split_at_checked(head.len()))
        } else {
            let plain = with_plain_colons(head);
            let fields = line_fields(&plain);
            let is_known = |key: &String| {
                Name::of(key).is_some() || IDLE.contains(&key.to_lowercase().as_str()) || unfinished::is_mark(key)
            };
            let are_all = plain.lines().count() == fields.len() && fields.keys().all(is_known);
            let known = fields.keys().filter(|key| Name::of(key).is_some()).count();
            let parts = start.split_at_checked(head.len());
            let is_headed = parts.is_some_and(|(_, behind)| behind.trim_start().starts_with("# "));
            let is_matter = |fields: &Map<String, Value>| {
                let is_titled = has_title(fields) && (known >= 2 || fields.len() == 1);
                are_all && !fields.is_empty() && (is_titled || is_headed && fields.iter().all(is_sure))
            };
            Some(fields).filter(is_matter).zip(parts)
        };
        let Some((fields, (matter, behind))) = found else { return Ok(None) };
        if !behind.is_empty() && !behind.starts_with(['\n', '\r']) {
            return Ok(None);
        }
        unfinished::in_fields(&fields, matter, |line| format!("line {}", opened + 1 + line))?;
        Ok(Some(Self { fields, note: None, behind }))
    }

    /// The title that it gives.
    pub(super) fn title(&self) -> Option<String> {
        let title = self.fields.iter().find(|(key, _)| Name::of(key) == Some(Name::Title))?;
        texts(title.1).into_iter().next().filter(|text| !text.is_empty())
    }

    /// Takes its fields into the draft, over what is there already.
    pub(super) fn claim(&self, draft: &mut Draft, policy: Policy) {
        let authors = std::mem::take(&mut draft.authors);
        draft.notes.extend(self.note.clone());
        take(&self.fields, draft, Evidence::FrontMatter, policy);
        if draft.authors.is_empty() {
            draft.authors = authors;
        }
    }
}

/// Holds back what says that it is a draft in lines at its very top that are all fields, whatever else these tell.
fn unfinished_above(text: &str, form: Form) -> Result<(), ReadError> {
    if form == Form::Html {
        return Ok(());
    }
    let start = text.trim_start_matches(is_blank);
    let opened = text.strip_suffix(start).unwrap_or_default().matches('\n').count();
    let matter = with_plain_colons(head(start));
    if matter.lines().all(|line| line.starts_with([' ', '\t']) || is_field(line)) && unfinished::is_said(&matter) {
        unfinished::in_lines(&matter, |line| format!("line {}", opened + 1 + line))?;
    }
    Ok(())
}

/// Whether a field that stands without a title above a heading is one for certain, and no line of the text.
fn is_sure((key, value): (&String, &Value)) -> bool {
    let value = value.as_str().unwrap_or_default();
    match Name::of(key) {
        Some(Name::Category | Name::Tags) => width(value) <= 60 && !ends_like_prose(value),
        Some(Name::Link | Name::Image | Name::Enclosure) => {
            value.starts_with("https://") || value.starts_with("http://")
        }
        _ => unfinished::is_mark(key),
    }
}

/// Takes the fields of the first sidecar file (TOML) into the draft, over what the document says. Others only say whether
/// it is a draft. `beside` is the charset of the document and its text, by which theirs is told where they are not UTF-8.
///
/// # Errors
/// [`ReadError::Unfinished`] when one says that the document is a draft, [`ReadError::Unclear`] when that cannot be told.
pub(super) fn sidecars(
    sidecars: &[Vec<u8>],
    beside: (&'static str, &str),
    draft: &mut Draft,
    policy: Policy,
) -> Result<(), ReadError> {
    let Some((first, others)) = sidecars.split_first() else { return Ok(()) };
    // What is marked as a draft in one is one, whatever is unclear in another.
    let others = others.iter().try_for_each(|bytes| sidecar(bytes, beside, &mut Draft::default(), policy));
    if others == Err(ReadError::Unfinished) {
        return others;
    }
    sidecar(first, beside, draft, policy)?;
    if sidecars.len() > 1 {
        draft.notes.push(
            "has two sidecars: the one named with its ending (name.txt.meta.toml) is read, the other (name.meta.toml) only \
             for its draft: make them one"
                .to_owned(),
        );
    }
    others
}

fn sidecar(
    bytes: &[u8],
    (charset, text): (&'static str, &str),
    draft: &mut Draft,
    policy: Policy,
) -> Result<(), ReadError> {
    let place = |line| format!("line {} of its sidecar", line + 1);
    let decoded = decode_beside(bytes, charset, text);
    let text = match &decoded {
        Ok(decoded) => {
            draft.notes.extend(decoded.note.as_ref().map(|note| format!("has a sidecar that {note}")));
            if decoded.note.is_some() {
                draft_in_chinese(bytes, place)?;
            }
            with_line_feeds(&decoded.text)
        }
        Err(ReadError::Empty) => return Ok(()),
        Err(error) => return Err(ReadError::Unclear(format!("its sidecar {error}"))),
    };
    match toml_fields(&text) {
        Ok(fields) => {
            unfinished::in_fields(&fields, &text, place)?;
            take(&fields, draft, Evidence::Sidecar, policy);
        }
        Err((line, wrong)) => {
            unfinished::in_lines(&text, place)?;
            // It may say what must not be published.
            return Err(ReadError::Unclear(format!(
                "{} cannot be read ({wrong}): correct the .meta.toml file",
                place(line)
            )));
        }
    }
    Ok(())
}

/// What marks a draft in a charset of Chinese holds it back, whatever charset was guessed.
fn draft_in_chinese(bytes: &[u8], place: impl Fn(usize) -> String + Copy) -> Result<(), ReadError> {
    for charset in ["gb18030", "big5"] {
        let Ok(decoded) = decode(bytes, Some(charset), false) else { continue };
        let text = with_line_feeds(&decoded.text);
        if let Ok(fields) = toml_fields(&text) {
            unfinished::in_fields(&fields, &text, place)?;
        }
    }
    Ok(())
}

/// Fields as they come from a Chinese keyboard (`title：…`), with the colon of YAML.
fn with_plain_colons(matter: &str) -> Cow<'_, str> {
    if !matter.contains('：') {
        return Cow::Borrowed(matter);
    }
    let plain = |line: &str| {
        let written = line.split_once([':', '：', '=']).map_or("", |(key, _)| key);
        let key = written.trim_matches(['"', '\'', ' ']);
        let is_name = !line.starts_with(' ')
            && (Name::of(key).is_some() || !key.is_empty() && key.is_ascii() && key.chars().all(is_key_character));
        match line.strip_prefix(written).and_then(|line| line.strip_prefix('：')).filter(|_| is_name) {
            Some(value) => format!("{written}: {}", value.trim_start_matches(' ')),
            None => line.to_owned(),
        }
    };
    Cow::Owned(matter.split_inclusive('\n').map(plain).collect())
}

/// Whether the lines of a block are those of front matter for certain: fields, of which a title or two others are known.
pub(super) fn are_known(matter: &str) -> bool {
    let plain = with_plain_colons(matter);
    let names = plain.lines().filter_map(|line| Name::of(line.split_once([':', '='])?.0));
    let (titles, others): (Vec<Name>, Vec<Name>) = names.partition(|name| *name == Name::Title);
    let is_part = |line: &str| line.starts_with([' ', '\t', '-']) || is_field(line);
    plain.lines().all(is_part) && (!titles.is_empty() || others.len() > 1)
}

/// Whether a line may stand in front matter that is not well-formed: a field, more of the one above, or a remark.
fn may_be_of_fields(line: &str) -> bool {
    line.trim().is_empty() || line.starts_with([' ', '\t', '-', '#', '[', ']', '}']) || is_field(line)
}

/// Whether a line is a name with a value, as front matter has them.
pub(super) fn is_field(line: &str) -> bool {
    let Some((key, value)) = line.split_once([':', '=']) else { return false };
    let key = key.trim_matches(|c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '{'));
    key.starts_with(char::is_alphabetic) && key.chars().all(is_key_character) && !value.starts_with("//")
}

fn is_key_character(c: char) -> bool {
    c.is_alphanumeric() || c == '_' || c == '-'
}

fn yaml_fields(text: &str) -> Result<Map<String, Value>, Wrong> {
    plain::fields(text).map_or_else(|| yaml::fields(text), Ok)
}

fn toml_fields(text: &str) -> Result<Map<String, Value>, Wrong> {
    let table = DeTable::parse(text).map_err(|error| {
        let line = error.span().map_or(0, |span| text.get(..span.start).unwrap_or("").matches('\n').count());
        let message = error.message();
        let key = unquoted(text, line).filter(|_| message.starts_with("invalid unquoted key"));
        (line, key.unwrap_or_else(|| first_line(message)))
    })?;
    Ok(object(table.get_ref()))
}

/// What to write where a line of TOML begins with a name that is not ASCII, which takes quotes there.
fn unquoted(text: &str, line: usize) -> Option<String> {
    let (key, _) = text.lines().nth(line)?.split_once('=')?;
    let key = key.trim();
    (!key.is_ascii() && key.chars().all(is_key_character))
        .then(|| format!("this name needs quotes: write \"{key}\" = …"))
}

fn object(table: &DeTable<'_>) -> Map<String, Value> {
    table.iter().map(|(key, value)| (key.get_ref().to_string(), json(value.get_ref()))).collect()
}

fn json(value: &DeValue<'_>) -> Value {
    match value {
        DeValue::String(text) => Value::from(text.as_ref()),
        // A number that no type holds is told by its digits: it is no reason to lose what stands beside it.
        DeValue::Integer(number) => match i64::from_str_radix(number.as_str(), number.radix()) {
            Ok(number) => Value::from(number),
            Err(_) => Value::from(number.to_string()),
        },
        DeValue::Float(number) => number.as_str().parse::<f64>().map_or(Value::Null, Value::from),
        DeValue::Boolean(truth) => Value::Bool(*truth),
        DeValue::Datetime(date) => Value::String(date.to_string()),
        DeValue::Array(values) => values.iter().map(|value| json(value.get_ref())).collect(),
        DeValue::Table(table) => Value::Object(object(table)),
    }
}

/// What can be saved of front matter that is not well-formed, such as `title: Forum: the second day`.
fn line_fields(text: &str) -> Map<String, Value> {
    let mut at_margin = false;
    let mut field = |line: &str| {
        let (key, value) = line.split_once([':', '='])?;
        // What is further in belongs to the field above it, if there is one.
        let is_further_in = key.starts_with([' ', '\t']);
        at_margin |= !is_further_in;
        let key = key.trim_matches(is_blank);
        let plain = !key.is_empty() && key.chars().all(is_key_character) && !(is_further_in && at_margin);
        let value = value.trim().trim_matches(['"', '\'']);
        (plain && !value.is_empty()).then(|| (key.to_owned(), Value::String(value.to_owned())))
    };
    text.lines().filter_map(|line| field(line.trim_end())).collect()
}

/// The same of TOML: those before its first table, as they are meant where a line is well-formed by itself.
fn toml_lines(text: &str) -> Map<String, Value> {
    let lines = text.lines().take_while(|line| !line.trim_start().starts_with('['));
    lines.flat_map(|line| toml_fields(line).unwrap_or_else(|_| line_fields(line))).collect()
}

fn first_line(text: &str) -> String {
    text.lines().next().unwrap_or_default().trim().to_owned()
}

/// What the fields are called, in their order in `docs/manual.md`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Name {
    Title,
    Date,
    /// Of the document, and of what it tells where nothing else says that.
    Created,
    Updated,
    Event,
    Author,
    Category,
    Tags,
    Language,
    Link,
    Summary,
    Publisher,
    Image,
    Enclosure,
    Body,
    Draft,
    /// Lists of which each is one of those (Zola).
    Taxonomies,
}

impl Name {
    fn of(key: &str) -> Option<Self> {
        Some(match key.trim().to_lowercase().replace('-', "_").as_str() {
            "title" | "标题" => Self::Title,
            "date" | "published" | "publish_date" | "publishdate" | "pubdate" | "date_published" | "日期"
            | "发布时间" | "发布日期" => Self::Date,
            "created" | "created_at" | "date_created" | "创建时间" => Self::Created,
            "updated" | "lastmod" | "modified" | "last_modified" | "date_modified" | "更新时间" => Self::Updated,
            "event" | "event_date" | "eventdate" => Self::Event,
            "author" | "authors" | "by" | "作者" => Self::Author,
            "category" | "categories" | "section" | "sections" | "栏目" | "分类" => Self::Category,
            "tags" | "keywords" | "标签" => Self::Tags,
            "language" | "lang" => Self::Language,
            "link" | "url" | "canonical" | "canonical_url" | "permalink" | "链接" => Self::Link,
            "summary" | "description" | "excerpt" | "摘要" => Self::Summary,
            "publisher" | "source" | "来源" => Self::Publisher,
            "image" | "cover" | "图片" => Self::Image,
            "enclosure" | "enclosures" | "attachments" | "附件" => Self::Enclosure,
            "body" | "content" => Self::Body,
            "draft" | "草稿" => Self::Draft,
            "taxonomies" => Self::Taxonomies,
            _ => return None,
        })
    }
}

/// Takes what fields say into a draft.
fn take(fields: &Map<String, Value>, draft: &mut Draft, evidence: Evidence, policy: Policy) {
    let over = evidence == Evidence::Sidecar;
    for (key, value) in fields {
        let texts = || texts(value);
        let text = || texts().into_iter().next().filter(|text| !text.is_empty());
        match Name::of(key) {
            Some(Name::Title) => draft.title = text().or(draft.title.take()),
            Some(Name::Date) => match value {
                Value::Bool(_) => {}
                Value::Object(dates) => take(dates, draft, evidence, policy),
                _ if text().is_some_and(|text| unfinished::truth(&text).is_some()) => {}
                _ => claim(text(), key, evidence, policy, &mut draft.notes, &mut draft.dates),
            },
            Some(Name::Created) => {
                let is_told = |(key, value): (&String, &Value)| Name::of(key) == Some(Name::Date) && says_when(value);
                if !fields.iter().any(is_told) {
                    claim(text(), key, evidence, policy, &mut draft.notes, &mut draft.dates);
                }
            }
            Some(Name::Updated) => claim(text(), key, evidence, policy, &mut draft.notes, &mut draft.updated),
            Some(Name::Event) => {
                let mut claims = Vec::new();
                claim(text(), key, evidence, policy, &mut draft.notes, &mut claims);
                draft.event = claims.pop().or(draft.event.take());
            }
            Some(Name::Author) => replace(&mut draft.authors, texts().into_iter().flat_map(people).collect(), over),
            Some(Name::Category) => replace(&mut draft.categories, texts(), over),
            Some(Name::Tags) => draft.keywords.extend(texts()),
            Some(Name::Language) => {
                if let Some(language) = text() {
                    (draft.language, draft.language_by_hand) = (Some(language), true);
                }
            }
            Some(Name::Link) => {
                draft.link = text().and_then(|text| web_address(&text, key, &mut draft.notes)).or(draft.link.take());
            }
            Some(Name::Summary) => draft.summary = text().or(draft.summary.take()),
            Some(Name::Publisher) => draft.publisher = text().or(draft.publisher.take()),
            Some(Name::Image) => {
                draft.image = text().and_then(|text| web_address(&text, key, &mut draft.notes)).or(draft.image.take());
            }
            Some(Name::Enclosure) => draft.enclosures.extend(enclosures(value, key, &mut draft.notes)),
            Some(Name::Body) if over => {
                draft.body = text().map_or(Body::Empty, |text| Body::Paragraphs(vec![text]));
            }
            Some(Name::Taxonomies) => {
                if let Value::Object(lists) = value {
                    take(lists, draft, evidence, policy);
                }
            }
            None if over => {
                draft
                    .notes
                    .push(format!("has a sidecar with an unknown field {key:?}: see docs/manual.md for the fields"));
            }
            Some(Name::Body | Name::Draft) | None => {}
        }
    }
}

fn replace(field: &mut Vec<String>, texts: Vec<String>, over: bool) {
    if over {
        field.clear();
    }
    field.extend(texts.into_iter().filter(|text| !text.is_empty()));
}

/// Whether the value of a date is more than whether there is one.
fn says_when(value: &Value) -> bool {
    !value.is_boolean() && !value.is_null() && value.as_str().is_none_or(|text| !text.trim().is_empty())
}

/// The people whom a text names: "Ann Lee, Tom Ash". What names no several stays as it is written.
fn people(text: String) -> Vec<String> {
    let text = without_links(text);
    let names = names::names(&text);
    let letters = |text: &str| text.chars().filter(|c| c.is_alphanumeric()).count();
    let said: usize = names.iter().map(|name| letters(name)).sum();
    // Between them stand at most "and" and its like.
    // "Communications and Marketing" is one office.
    let is_person = |name: &String| names::is_full(name) || !name.is_ascii() && !name.contains(' ');
    let are_people = names.len() > 1 && names.iter().all(is_person) && said + 3 * names.len() >= letters(&text);
    if are_people { names } else { vec![text] }
}

/// A text with the words of its links alone: `[Ann Lee](https://…)`.
fn without_links(text: String) -> String {
    let (mut said, mut rest) = (String::new(), text.as_str());
    while let Some((before, link)) = rest.split_once("](")
        && let Some((before, words)) = before.rsplit_once('[')
        && let Some((_, behind)) = link.split_once(')')
    {
        said.extend([before, words]);
        rest = behind;
    }
    if said.is_empty() { text } else { said + rest }
}

/// The texts in a value: one, or those of a list; `a, b` is one text unless it stands for a list of names.
fn texts(value: &Value) -> Vec<String> {
    match value {
        Value::String(text) => vec![text.trim().to_owned()],
        Value::Number(number) => vec![number.to_string()],
        Value::Array(values) => values.iter().flat_map(texts).collect(),
        Value::Object(map) => map.get("name").or_else(|| map.get("url")).map(texts).unwrap_or_default(),
        Value::Null | Value::Bool(_) => Vec::new(),
    }
}

/// An address on the web, whole.
fn web_address(text: &str, key: &str, notes: &mut Vec<String>) -> Option<Url> {
    let url = Url::parse(text).ok().filter(|url| matches!(url.scheme(), "http" | "https"));
    if url.is_none() {
        notes.push(format!("has {key} = {text:?}, which is no whole address: write it as https://www.example.org/a"));
    }
    url
}

fn enclosures(value: &Value, key: &str, notes: &mut Vec<String>) -> Vec<Enclosure> {
    let mut one = |value: &Value| {
        let field = |name: &str| value.get(name).and_then(Value::as_str);
        let url = web_address(value.as_str().or_else(|| field("url"))?, key, notes)?;
        let media_type = draft::media_type(field("type").or_else(|| field("media_type")), &url);
        Some(Enclosure { media_type, length: value.get("length").and_then(Value::as_u64), url })
    };
    match value {
        Value::Array(values) => values.iter().filter_map(one).collect(),
        value => one(value).into_iter().collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Tz;

    fn claimed(text: &str) -> Draft {
        let policy = Policy { now: chrono::DateTime::from_timestamp(1_790_000_000, 0).unwrap(), timezone: Tz::UTC };
        let mut draft = Draft::default();
        FrontMatter::split(text, Form::Markdown).expect("no draft").claim(&mut draft, policy);
        draft
    }

    #[test]
    fn authors_in_one_line_are_several() {
        for (line, authors) in [
            ("authors: Ann Lee, Tom Ash", &["Ann Lee", "Tom Ash"][..]),
            ("author: Ann Lee; Tom Ash", &["Ann Lee", "Tom Ash"]),
            ("author: Ann Lee and Tom Ash", &["Ann Lee", "Tom Ash"]),
            ("作者: 张三、李四", &["张三", "李四"]),
            ("author: Lee, Ann", &["Lee, Ann"]),
            ("author: ann", &["ann"]),
            ("author: \"[Ann Lee](https://quay.example/ann), [Tom Ash](/tom)\"", &["Ann Lee", "Tom Ash"]),
            ("author: \"[Ann Lee], [Tom](/tom)\"", &["[Ann Lee], Tom"]),
            ("taxonomies:\n  authors: [Ann Lee]\n  tags: [tides]", &["Ann Lee"]),
            ("author: 学校办公室", &["学校办公室"]),
            ("author: Office of the Registrar, Harbour College", &["Office of the Registrar, Harbour College"]),
        ] {
            assert_eq!(claimed(&format!("---\ntitle: Tide\n{line}\n---\n")).authors, authors, "{line}");
        }
    }

    #[test]
    fn lists_of_lists_are_read() {
        let zola = claimed("+++\ntitle = \"Tide\"\n[taxonomies]\ntags = [\"sea\"]\ncategories = [\"News\"]\n+++\n");
        assert_eq!((zola.keywords, zola.categories), (vec!["sea".to_owned()], vec!["News".to_owned()]));
    }

    #[test]
    fn the_day_of_a_file_counts_where_no_other_is_told() {
        for (lines, day) in [
            ("created: 2026-03-05\nmodified: 2026-03-06", "2026-03-05"),
            ("created: 2026-03-01\ndate: 2026-03-05", "2026-03-05"),
            ("date:\n  created: 2026-03-05\n  updated: 2026-03-06", "2026-03-05"),
        ] {
            let draft = claimed(&format!("---\ntitle: Tide\n{lines}\n---\n"));
            let days: Vec<String> = draft.dates.iter().map(|claim| claim.when.to_string()).collect();
            assert_eq!((days, draft.notes), (vec![day.to_owned()], Vec::new()), "{lines}");
            assert_eq!(draft.updated.is_empty(), lines.contains("date: "), "{lines}");
        }
    }
}
