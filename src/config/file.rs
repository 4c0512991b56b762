//! `feedgen.toml` as written, with the environment laid over it: every value of the right shape, and where it stands.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock};

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::ConfigError;
use super::keys::{self, Absent, Key, ONLY_SOURCE, SELECT, Shape, TABLES, TEST, Table};
use super::problem::{Place, Problem, Wrong, nearest};

mod bytes;
mod slip;

/// The environment variables of the process, handed in by `main`.
pub type Environment = BTreeMap<String, String>;

/// Variables of that prefix override keys: `FEEDGEN_SITE__URL`.
const PREFIX: &str = "FEEDGEN_";

/// Variables of that prefix which are no keys: the file to read, the form of the log, and what `publish.on_publish` is told.
const NO_KEYS: [&str; 4] = ["FEEDGEN_CONFIG", "FEEDGEN_LOG", "FEEDGEN_CHANGED", "FEEDGEN_CHANGED_FILE"];

/// A configuration as written. What could not be understood is among its problems.
#[derive(Debug)]
pub struct Written {
    /// The file it was read from. `None`: there is none, all is default or from the environment.
    pub path: Option<PathBuf>,
    pub(super) name: String,
    pub(super) text: Arc<String>,
    /// Where it is not TOML, one a line.
    pub(super) slips: Vec<Wrong>,
    /// A table could not be read, which may have been a source.
    pub(super) lacks_tables: bool,
    /// Unknown names and wrong types.
    pub(super) problems: Vec<Wrong>,
    /// `$STATE_DIRECTORY`: where systemd wants state to be kept, the first of them.
    pub(super) state_directory: Option<String>,
    /// `$CREDENTIALS_DIRECTORY`: where systemd puts secrets.
    pub(super) credentials: Option<String>,
    pub(super) sections: Vec<Section>,
}

/// A table as written.
#[derive(Clone, Debug)]
pub(super) struct Section {
    pub(super) table: &'static Table,
    pub(super) origin: Origin,
    entries: Vec<Entry>,
    /// What its keys are that are not written, where they have a default.
    defaults: &'static [Entry],
    /// Something in it could not be read, so that a missing key is no news.
    pub(super) incomplete: bool,
}

/// A key as written.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    pub(super) key: &'static Key,
    pub(super) origin: Origin,
    /// `None`: it has the wrong shape, which has been reported.
    pub(super) value: Option<Value>,
}

/// A value of the right shape.
#[derive(Clone, Debug)]
pub(super) enum Value {
    Text(String),
    Integer(i64),
    /// Each text and where it stands.
    Texts(Vec<(String, Origin)>),
    Switch(bool),
    /// Name, value, and where the value stands.
    Pairs(Vec<(String, String, Origin)>),
    /// Tables below the table.
    Tables(Vec<Section>),
}

/// Where a value comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Origin {
    Default,
    /// A range of bytes of the file.
    File(Range<usize>),
    /// The variable of that name.
    Environment(String),
}

/// Where a configuration may lie, in the order in which it is looked for (`--config` and `$FEEDGEN_CONFIG` come
/// before). `directory` is the working directory; empty stands for the current one.
pub fn places(directory: &Path, environment: &Environment) -> Vec<PathBuf> {
    let set = |name: &str| environment.get(name).map(Path::new).filter(|path| path.is_absolute());
    // XDG Base Directory Specification: a relative $XDG_CONFIG_HOME is to be ignored.
    let personal = set("XDG_CONFIG_HOME")
        .map(Path::to_path_buf)
        .or_else(|| set("HOME").map(|home| home.join(".config")))
        .map(|folder| folder.join("feedgen/feedgen.toml"));
    let near = [directory.join("feedgen.toml"), directory.join("config/feedgen.toml")];
    near.into_iter().chain(personal).chain([PathBuf::from("/etc/feedgen/feedgen.toml")]).collect()
}

/// The file that is to be read, whether it is there or not; several, if the first of them that is there is.
pub fn candidates(named: Option<&Path>, directory: &Path, environment: &Environment) -> Vec<PathBuf> {
    let variable = environment.get("FEEDGEN_CONFIG").filter(|path| !path.is_empty()).map(|path| directory.join(path));
    match named.map(Path::to_path_buf).or(variable) {
        Some(path) => vec![path],
        None => places(directory, environment),
    }
}

/// Why a file cannot be read. One that is there by its name is a configuration, if what it leads to is away for a moment, too.
fn unreadable(path: PathBuf, source: io::Error) -> ConfigError {
    let link = path.ancestors().find_map(|above| Some((above.to_owned(), fs::read_link(above).ok()?)));
    match link.filter(|(link, _)| fs::metadata(link).is_err_and(|error| error.kind() == io::ErrorKind::NotFound)) {
        Some((link, target)) => ConfigError::Astray { path, link, target },
        None => ConfigError::Unreadable { path, source },
    }
}

impl Written {
    /// Reads the configuration: the file that is `named` (`--config`), else the one of `$FEEDGEN_CONFIG`, else the
    /// first that exists of [`places`], else none.
    ///
    /// # Errors
    /// When a file is named and cannot be read, or exists and cannot be read, or is no UTF-8.
    pub fn load(named: Option<&Path>, directory: &Path, environment: &Environment) -> Result<Self, ConfigError> {
        let candidates = candidates(named, directory, environment);
        if let [only] = candidates.as_slice() {
            return Self::read_file(only.clone(), environment);
        }
        for path in candidates {
            match Self::read_file(path, environment) {
                Err(ConfigError::Unreadable { source, .. })
                    if matches!(source.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => {}
                outcome => return outcome,
            }
        }
        Ok(Self::read("", "", environment))
    }

    fn read_file(path: PathBuf, environment: &Environment) -> Result<Self, ConfigError> {
        let bytes = match bytes::of(&path) {
            Ok(bytes) => bytes,
            Err(source) => return Err(unreadable(path, source)),
        };
        let line_of = |at, bytes: &[u8]| memchr::memchr_iter(b'\n', bytes.split_at(at).0).count() + 1;
        let text = match String::from_utf8(bytes) {
            Ok(text) => text,
            Err(error) => {
                let line = line_of(error.utf8_error().valid_up_to(), error.as_bytes());
                return Err(ConfigError::Encoding { path, line });
            }
        };
        // UTF-16 of Latin letters is UTF-8 full of NUL, where it has no mark.
        if let Some(at) = text.find('\0') {
            return Err(ConfigError::Encoding { line: line_of(at, text.as_bytes()), path });
        }
        let written = Self::read(text, &path.to_string_lossy(), environment);
        Ok(Self { path: Some(path), ..written })
    }

    /// Reads a text; `name` is what problems call it.
    pub fn read(text: impl Into<String>, name: &str, environment: &Environment) -> Self {
        let text = Arc::new(text.into());
        let mut written = Self {
            path: None,
            name: name.to_owned(),
            text: text.clone(),
            slips: Vec::new(),
            lacks_tables: false,
            problems: Vec::new(),
            state_directory: environment
                .get("STATE_DIRECTORY")
                .and_then(|folders| folders.split(':').next())
                .filter(|folder| !folder.is_empty())
                .map(str::to_owned),
            credentials: environment.get("CREDENTIALS_DIRECTORY").filter(|folder| !folder.is_empty()).cloned(),
            sections: Vec::new(),
        };
        let sound = written.in_pieces(&text) || written.whole(&text);
        written.lacks_tables |= !sound;
        for table in TABLES.iter().filter(|table| !table.repeated) {
            if written.only(table.name).is_none() {
                written.sections.push(Section::empty(table));
            }
        }
        // What is missing may stand on a line that is not TOML.
        written.sections.iter_mut().for_each(|section| section.incomplete |= !sound);
        written.overlay(environment);
        written.sections.sort_by_key(|section| match &section.origin {
            Origin::File(span) => span.start,
            _ => usize::MAX,
        });
        written
    }

    /// Takes in all tables. `false`: not all of it is TOML.
    fn whole(&mut self, text: &str) -> bool {
        let (mut document, errors) = DeTable::parse_recoverable(text);
        if let Some(at) = self.slips(&errors) {
            // What stands behind it says nothing.
            let line = self.line(&Origin::File(at..at)).start;
            document = DeTable::parse_recoverable(text.get(..line).unwrap_or_default()).0;
        }
        for (name, value) in document.get_ref() {
            self.top_level(name, value, 0);
        }
        errors.is_empty()
    }

    /// The table that stands at most once; when it is absent, it has no entries. `None`: no table has this name.
    pub(super) fn only(&self, name: &str) -> Option<&Section> {
        self.sections.iter().find(|section| section.table.name == name)
    }

    /// The tables of a repeated name, in the order of the file.
    pub(super) fn every(&self, name: &str) -> impl Iterator<Item = &Section> {
        self.sections.iter().filter(move |section| section.table.name == name)
    }

    /// A problem at that origin.
    pub(super) fn problem(&self, origin: &Origin, message: String, hint: Option<String>) -> Problem {
        let place = match origin {
            Origin::Default => Place::Default,
            Origin::File(span) => Place::in_file(&self.name, &self.text, span),
            Origin::Environment(variable) => Place::Environment(variable.clone()),
        };
        Problem { place, message, hint }
    }

    /// What stands in the file at an origin. `None`: it stands in no file.
    pub(super) fn text_at(&self, origin: &Origin) -> Option<&str> {
        let Origin::File(span) = origin else { return None };
        self.text.get(span.clone())
    }

    /// The bytes of the line of the file where something stands. Empty: it stands in no file.
    pub(super) fn line(&self, origin: &Origin) -> Range<usize> {
        let Origin::File(span) = origin else { return 0..0 };
        let (before, behind) = self.text.split_at_checked(span.start).unwrap_or((&self.text, ""));
        let end = behind.find('\n').map_or(self.text.len() + 1, |end| span.start + end + 1);
        before.rfind('\n').map_or(0, |newline| newline + 1)..end
    }

    fn report(&mut self, origin: &Origin, message: String, hint: Option<String>) {
        self.problems.push(Wrong::new(origin, message, hint));
    }

    /// `from`: where in the file the piece begins that this was read from.
    pub(super) fn top_level(&mut self, name: &Spanned<Cow<'_, str>>, value: &Spanned<DeValue<'_>>, from: usize) {
        let origin = in_file(name.span(), from);
        let name = name.get_ref().as_ref();
        let Some(table) = keys::table(name) else {
            return self.unknown_table(name, &origin, value.get_ref());
        };
        match value.get_ref() {
            DeValue::Table(entries) if !table.repeated => {
                let section = self.section(table, origin, entries, from);
                self.sections.push(section);
            }
            DeValue::Array(elements) if table.repeated => {
                for element in elements {
                    let origin = in_file(element.span(), from);
                    match element.get_ref() {
                        DeValue::Table(entries) => {
                            let section = self.section(table, origin, entries, from);
                            self.sections.push(section);
                        }
                        _ => self.report(&origin, format!("`{name}` is a list of tables"), Some(write_it(table))),
                    }
                }
            }
            found => {
                self.lacks_tables = true;
                let several = slip::several(name);
                // The parser may have missed it already, at the first of them.
                if self.slips.iter().any(|slip| slip.message.ends_with(&several)) {
                    return;
                }
                let (message, hint) = match found {
                    DeValue::Table(_) => (several, format!("{} in double brackets", write_it(table))),
                    _ => (format!("`{name}` is a table"), write_it(table)),
                };
                self.report(&origin, message, Some(hint));
            }
        }
    }

    fn unknown_table(&mut self, name: &str, origin: &Origin, value: &DeValue<'_>) {
        let is_table = match value {
            DeValue::Table(_) => true,
            DeValue::Array(elements) => elements.iter().any(|element| element.get_ref().is_table()),
            _ => false,
        };
        self.lacks_tables |= is_table;
        // Behind a header that is broken, keys look as if they stood outside of a table.
        if !self.slips.is_empty() {
            return;
        }
        let (message, meant) = if is_table {
            let meant = nearest(name, TABLES.iter().map(|table| table.name)).and_then(keys::table).map(Table::header);
            (format!("unknown table `{name}`"), meant)
        } else {
            let home = |table: &Table| nearest(name, table.names()).map(|meant| in_table(meant, table));
            (format!("`{name}` stands outside of a table"), TABLES.iter().find_map(home))
        };
        let hint = meant_or(meant, TABLES.iter().map(Table::header));
        self.report(origin, message, Some(hint));
    }

    fn section(&mut self, table: &'static Table, origin: Origin, entries: &DeTable<'_>, from: usize) -> Section {
        let mut section = Section { origin, ..Section::empty(table) };
        let mut misspelt = Vec::new();
        for (name, value) in entries {
            let at = in_file(name.span(), from);
            let Some(key) = table.key(name.get_ref()) else {
                misspelt.extend(self.unknown_key(table, name.get_ref(), &at).map(|key| (key, at)));
                continue;
            };
            let origin = in_file(value.span(), from);
            let shaped = match (key.kind.shape(), value.get_ref()) {
                (Shape::Table(table), DeValue::Table(entries)) => {
                    Ok(Value::Tables(vec![self.section(table, origin.clone(), entries, from)]))
                }
                (Shape::Tables(table), DeValue::Array(elements))
                    if elements.iter().all(|element| element.get_ref().is_table()) =>
                {
                    let tables = elements.iter().filter_map(|element| {
                        let entries = element.get_ref().as_table()?;
                        Some(self.section(table, in_file(element.span(), from), entries, from))
                    });
                    Ok(Value::Tables(tables.collect()))
                }
                (expected, _) => shape(expected, value, from),
            };
            let value = match shaped {
                Ok(value) => Some(value),
                Err(found) => {
                    let expected = key.kind.shape().describe();
                    let hint = found.instead.map(|instead| format!("write {}", key.kind.completed(&instead)));
                    self.report(&found.origin, format!("`{}` is {expected}, not {}", key.name, found.name), hint);
                    None
                }
            };
            section.entries.push(Entry { key, origin, value });
        }
        // That what was meant is missing is no news.
        for (key, origin) in misspelt {
            section.add(Entry { key, origin, value: None });
        }
        section
    }

    /// Reports a key that is not in the table. Returns which of its keys was meant. `None`: none comes near.
    fn unknown_key(&mut self, table: &'static Table, name: &str, origin: &Origin) -> Option<&'static Key> {
        let header = table.header();
        let elsewhere = || table.keys.iter().find(|key| key.elsewhere.contains(&name));
        let key = nearest(name, table.names()).and_then(|meant| table.key(meant)).or_else(elsewhere);
        let meant = key
            .map(|meant| format!("`{}`", meant.name))
            .or_else(|| TABLES.iter().find(|other| other.key(name).is_some()).map(|other| in_table(name, other)));
        let hint = meant_or(meant, table.names().map(str::to_owned));
        self.report(origin, format!("unknown key `{name}` in {header}"), Some(hint));
        key
    }

    /// Lays the environment over the file.
    fn overlay(&mut self, environment: &Environment) {
        for (variable, text) in environment {
            let Some(name) = variable.strip_prefix(PREFIX) else { continue };
            if NO_KEYS.contains(&variable.as_str()) {
                continue;
            }
            let origin = Origin::Environment(variable.clone());
            let Some((table, key)) = overridable().find(|(table, key)| override_name(table, key) == *variable) else {
                self.unknown_variable(variable, name, &origin);
                continue;
            };
            let value = match key.kind.shape() {
                Shape::Text | Shape::TextOrInteger => Some(Value::Text(text.clone())),
                Shape::Integer => text.trim().parse().ok().map(Value::Integer),
                Shape::Texts | Shape::TextOrTexts => Some(Value::Texts(
                    text.split(',')
                        .map(str::trim)
                        .filter(|part| !part.is_empty())
                        .map(|part| (part.to_owned(), origin.clone()))
                        .collect(),
                )),
                Shape::Switch => text.trim().parse().ok().map(Value::Switch),
                // Only sources have such keys, and the environment sets none of theirs.
                Shape::Pairs | Shape::Table(_) | Shape::Tables(_) => None,
            };
            if value.is_none() {
                self.report(&origin, format!("\"{text}\" is not {}", key.kind.shape().describe()), None);
            }
            let entry = Entry { key, origin, value };
            if let Some(section) = self.sections.iter_mut().find(|section| section.table.name == table.name) {
                section.entries.retain(|old| old.key.name != key.name);
                section.entries.push(entry);
            }
        }
    }

    fn unknown_variable(&mut self, variable: &str, name: &str, origin: &Origin) {
        let names: Vec<String> = overridable().map(|(table, key)| override_name(table, key)).collect();
        let repeated = TABLES.iter().filter(|table| table.repeated);
        let of_list = repeated
            .map(|table| table.name.to_ascii_uppercase())
            .find(|table| name.split_once("__").is_some_and(|(first, _)| first == *table));
        if let Some(table) = of_list {
            let message = format!("[[{}]] is set in the file only", table.to_ascii_lowercase());
            return self.report(origin, message, None);
        }
        let meant = nearest(variable, names.iter().map(String::as_str));
        // Without `__` it is no override by its form, and container platforms make FEEDGEN_PORT and the like of a
        // service's name; but one that comes near to an override was meant as one.
        if meant.is_some() || name.contains("__") {
            let hint = meant
                .map_or_else(|| "they are FEEDGEN_TABLE__KEY".to_owned(), |meant| format!("did you mean {meant}?"));
            self.report(origin, "no key has this name".to_owned(), Some(hint));
        }
    }
}

impl Section {
    /// A table without entries.
    pub(super) fn empty(table: &'static Table) -> Self {
        let defaults = DEFAULTS.iter().find(|(name, _)| *name == table.name).map_or(&[][..], |(_, entries)| entries);
        Self { table, origin: Origin::Default, entries: Vec::new(), defaults, incomplete: false }
    }

    /// The source of a configuration that has none.
    pub(super) fn only_source() -> Option<Self> {
        let table = keys::table("source")?;
        let entries =
            ONLY_SOURCE.iter().filter_map(|(name, text)| table.key(name).map(|key| default(key, text))).collect();
        Some(Self { entries, ..Self::empty(table) })
    }

    /// Takes in an entry. `None`: it has one of that key.
    pub(super) fn add(&mut self, entry: Entry) -> Option<()> {
        if self.written(entry.key.name).is_some() {
            return None;
        }
        self.entries.push(entry);
        Some(())
    }

    /// The entry as written, else its default. `None`: it is not written and has no default.
    pub(super) fn entry(&self, name: &str) -> Option<&Entry> {
        self.written(name).or_else(|| self.defaults.iter().find(|entry| entry.key.name == name))
    }

    /// The entry as written. `None`: the key is not written here.
    pub(super) fn written(&self, name: &str) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.key.name == name)
    }
}

/// The entries of the keys of each table that have a value though they are not written: made once, for there may be very many
/// sources.
static DEFAULTS: LazyLock<Vec<(&'static str, Vec<Entry>)>> = LazyLock::new(|| {
    let defaults = |table: &'static Table| {
        let is = |key: &'static Key| match key.absent {
            Absent::Is(text) => Some(default(key, text)),
            Absent::Means(_) | Absent::Never => None,
        };
        (table.name, table.keys.iter().filter_map(is).collect())
    };
    TABLES.iter().chain([&SELECT, &TEST]).map(defaults).collect()
});

fn default(key: &'static Key, text: &str) -> Entry {
    let value = DeValue::parse(text).ok().and_then(|value| shape(key.kind.shape(), &value, 0).ok());
    let value = value.map(|value| match value {
        Value::Texts(texts) => Value::Texts(texts.into_iter().map(|(text, _)| (text, Origin::Default)).collect()),
        other => other,
    });
    Entry { key, origin: Origin::Default, value }
}

/// A range of bytes of a piece that begins at `from`.
fn in_file(span: Range<usize>, from: usize) -> Origin {
    Origin::File(span.start + from..span.end + from)
}

/// A value of another shape than expected.
struct Found {
    origin: Origin,
    name: &'static str,
    /// The same value in the expected shape, where that is plain to see.
    instead: Option<String>,
}

fn shape(expected: Shape, value: &Spanned<DeValue<'_>>, from: usize) -> Result<Value, Found> {
    let found = |instead: Option<String>| Found {
        origin: in_file(value.span(), from),
        name: describe(value.get_ref()),
        instead,
    };
    match (expected, value.get_ref()) {
        (Shape::Text | Shape::TextOrInteger, DeValue::String(text)) => Ok(Value::Text(text.to_string())),
        (Shape::TextOrInteger, DeValue::Integer(number)) => Ok(Value::Text(number.to_string())),
        (Shape::Integer, DeValue::Integer(number)) => {
            // One that is too large for the type is out of every range.
            Ok(Value::Integer(i64::from_str_radix(number.as_str(), number.radix()).unwrap_or(i64::MAX)))
        }
        (Shape::TextOrTexts, DeValue::String(text)) => {
            Ok(Value::Texts(vec![(text.to_string(), in_file(value.span(), from))]))
        }
        (Shape::Texts | Shape::TextOrTexts, DeValue::Array(elements)) => elements
            .iter()
            .map(|element| match shape(Shape::Text, element, from)? {
                Value::Text(text) => Ok((text, in_file(element.span(), from))),
                _ => Err(found(None)),
            })
            .collect::<Result<_, _>>()
            .map(Value::Texts),
        (Shape::Switch, DeValue::Boolean(switch)) => Ok(Value::Switch(*switch)),
        (Shape::Switch, DeValue::String(text)) => {
            Err(found(text.parse::<bool>().ok().map(|switch| switch.to_string())))
        }
        (Shape::Pairs, DeValue::Table(pairs)) => pairs
            .iter()
            .map(|(name, value)| match shape(Shape::Text, value, from)? {
                Value::Text(text) => Ok((name.get_ref().to_string(), text, in_file(value.span(), from))),
                _ => Err(found(None)),
            })
            .collect::<Result<_, _>>()
            .map(Value::Pairs),
        (Shape::Texts, DeValue::String(text)) => Err(found(Some(format!("[{}]", quoted(text))))),
        (Shape::Integer, DeValue::String(text)) => {
            Err(found(text.parse::<i64>().ok().map(|number| number.to_string())))
        }
        (Shape::Text, DeValue::Integer(number)) => Err(found(Some(quoted(&number.to_string())))),
        _ => Err(found(None)),
    }
}

fn describe(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "a text",
        DeValue::Integer(_) => "a whole number",
        DeValue::Float(_) => "a number with a fraction",
        DeValue::Boolean(_) => "true or false",
        DeValue::Datetime(_) => "a date or time",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    }
}

/// A text as TOML.
pub(super) fn quoted(text: &str) -> String {
    toml::Value::from(text).to_string()
}

fn write_it(table: &Table) -> String {
    format!("write {}", table.header())
}

/// Asks for what was meant, else tells what there is.
fn meant_or(meant: Option<String>, there_are: impl Iterator<Item = String>) -> String {
    match meant {
        Some(meant) => format!("did you mean {meant}?"),
        None => format!("there are {}", there_are.collect::<Vec<_>>().join(", ")),
    }
}

fn in_table(name: &str, table: &Table) -> String {
    format!("`{name}` in {}", table.header())
}

/// The keys that the environment can override.
fn overridable() -> impl Iterator<Item = (&'static Table, &'static Key)> {
    TABLES.iter().filter(|table| !table.repeated).flat_map(|table| table.keys.iter().map(move |key| (table, key)))
}

fn override_name(table: &Table, key: &Key) -> String {
    format!("{PREFIX}{}__{}", table.name.to_ascii_uppercase(), key.name.to_ascii_uppercase())
}
