//! A `feedgen.toml` that is added to: every byte that stands in it stays as it is.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::io;
use std::path::{Path, PathBuf};

use toml::Spanned;
use toml::de::{DeTable, DeValue};
use url::Url;

use super::file::{Environment, Origin, Written, quoted};
use super::keys::ONLY_SOURCE;
use super::{ConfigError, Settings, value};
use crate::source::{Select, SourceId};

mod save;
mod select;

pub use select::FOUND;

/// A `[[source]]` that is to be written.
#[derive(Clone, Debug, Default)]
pub struct NewSource {
    /// What stands above it, a line each.
    pub comments: Vec<String>,
    /// Its keys, in order. `select` gets a header of its own below.
    pub keys: Vec<(String, toml::Value)>,
    /// What stands below it, a line each, as a comment.
    pub below: Vec<String>,
}

impl NewSource {
    /// Adds a key with a text, or with none.
    #[must_use]
    pub fn with(mut self, key: &str, text: Option<&str>) -> Self {
        self.keys.extend(text.map(|text| (key.to_owned(), text.into())));
        self
    }

    /// Adds a key with a list of texts, unless it is empty.
    #[must_use]
    pub fn with_list(mut self, key: &str, texts: &[String]) -> Self {
        if !texts.is_empty() {
            self.keys.push((key.to_owned(), texts.to_vec().into()));
        }
        self
    }

    /// It as TOML, ends in a line break.
    fn text(&self) -> String {
        let mut text = String::new();
        let comment = |text: &mut String, line: &String| text.extend(["# ", &plain(line), "\n"]);
        self.comments.iter().for_each(|line| comment(&mut text, line));
        text.push_str("[[source]]\n");
        let mut tables = String::new();
        for (key, value) in &self.keys {
            // Writing into a string cannot fail.
            let _written = match value {
                toml::Value::Table(table) if key == "select" => {
                    let lines = table.iter().map(|(key, value)| format!("{key} = {value}\n"));
                    write!(tables, "[source.{key}]\n{}", lines.collect::<String>())
                }
                value => writeln!(text, "{key} = {value}"),
            };
        }
        text.push_str(&tables);
        self.below.iter().for_each(|line| comment(&mut text, line));
        text
    }
}

/// A comment ends with its line, and TOML allows no control characters in it.
fn plain(comment: &str) -> String {
    comment.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

/// Ids that are given away, each with the number that the next one alike gets.
#[derive(Clone, Debug, Default)]
pub struct Ids(HashMap<String, usize>);

impl Ids {
    /// The ids of the sources there are.
    pub fn of(settings: &Settings) -> Self {
        Self(settings.sources.iter().map(|source| (source.id.to_string(), 2)).collect())
    }

    /// An id that nobody has, made from the first of the names that makes one.
    pub fn take(&mut self, names: &[Option<&str>]) -> String {
        let slugs = names.iter().flatten().map(|name| value::slug(name));
        let id = slugs.filter_map(|slug| value::id(&slug).ok()).map(|id| id.to_string()).next();
        let id = id.unwrap_or_else(|| "source".to_owned());
        let mut free = id.clone();
        while self.0.contains_key(&free) {
            let number = self.0.entry(id.clone()).or_insert(2);
            let end = format!("-{number}");
            *number += 1;
            let head: String = id.chars().take(64 - end.len()).collect();
            free = format!("{}{end}", head.trim_end_matches('-'));
        }
        self.0.insert(free.clone(), 2);
        free
    }
}

/// Why a configuration was not changed.
#[derive(Debug, thiserror::Error)]
pub enum EditError {
    /// What it would be is no configuration.
    #[error("{} is left as it is, since it would be wrong with this:\n{error}", path.display())]
    Wrong {
        /// The file.
        path: PathBuf,
        /// What would be wrong.
        error: ConfigError,
    },
    /// Its sources stand in one value.
    #[error("{} has all sources in one value, `source = [\u{2026}]`, behind which no other can stand, and is left as it is: write each of them below a line [[source]]", path.display())]
    Closed {
        /// The file.
        path: PathBuf,
    },
    /// Somebody else writes to it.
    #[error("{} was changed meanwhile and is left as it is: try again", path.display())]
    Changed {
        /// The file.
        path: PathBuf,
    },
    /// It cannot be written.
    #[error("cannot write {}: {source}; nothing was changed{}", path.display(), save::way_out(source))]
    Unwritable {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
}

/// A configuration that is about to be changed.
#[derive(Clone, Debug)]
pub struct Edit {
    /// The file: the one in use, else the one that is to be made.
    pub path: PathBuf,
    /// What stands in it. `None`: it is not there yet.
    before: Option<String>,
    text: String,
    /// What was changed, in its order.
    steps: Vec<Step>,
    environment: Environment,
}

/// What is changed in a configuration, whatever else stands in it.
#[derive(Clone, Debug)]
enum Step {
    Append(Vec<NewSource>),
    Address(SourceId, Url),
    Select(SourceId, Select),
}

impl Edit {
    /// Begins with the configuration that is to be used; see [`Written::load`] for where it is looked for. Where there
    /// is none, it will be `feedgen.toml`.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn open(named: Option<&Path>, environment: &Environment) -> Result<Self, ConfigError> {
        let written = Written::load(named, Path::new(""), environment)?;
        let (path, before) = match written.path {
            Some(path) => (path, Some(written.text.to_string())),
            None => (PathBuf::from("feedgen.toml"), None),
        };
        let (text, steps) = (before.clone().unwrap_or_default(), Vec::new());
        Ok(Self { path, before, text, steps, environment: environment.clone() })
    }

    #[cfg(test)]
    fn of(path: &str, text: &str, environment: &Environment) -> Self {
        let before = Some(text.to_owned());
        Self { path: path.into(), before, text: text.to_owned(), steps: Vec::new(), environment: environment.clone() }
    }

    /// Whether there is no file yet.
    pub fn is_new(&self) -> bool {
        self.before.is_none()
    }

    /// What would be wrong if a source were added. `None`: nothing.
    pub fn objection(&self, source: &NewSource) -> Option<ConfigError> {
        let mut edit = Self { text: String::new(), ..self.clone() };
        edit.append(std::slice::from_ref(source));
        edit.settings().err()
    }

    /// What the configuration means now.
    ///
    /// # Errors
    /// With everything that is wrong in it.
    pub fn settings(&self) -> Result<Settings, ConfigError> {
        Settings::resolve(&self.written())
    }

    fn written(&self) -> Written {
        let mut written = Written::read(self.text.as_str(), &self.path.to_string_lossy(), &self.environment);
        written.path = Some(self.path.clone());
        written
    }

    /// Whether a source can be added at the end of the file.
    ///
    /// # Errors
    /// When its sources are written in a form that has to end before.
    pub fn is_open(&self) -> Result<(), EditError> {
        let document = DeTable::parse(&self.text).ok();
        let list = document.as_ref().and_then(|document| document.get_ref().get("source")?.get_ref().as_array());
        let is_inline =
            |first: &Spanned<DeValue<'_>>| self.text.get(first.span()).is_some_and(|text| text.starts_with('{'));
        let is_closed = list.is_some_and(|list| list.iter().next().is_none_or(is_inline));
        if is_closed { Err(EditError::Closed { path: self.path.clone() }) } else { Ok(()) }
    }

    /// Adds sources at the end. Where none is written yet, the folder that is read for want of any is written first, if it
    /// is there: it would be read no more.
    ///
    /// Returns what is added, to be printed.
    pub fn append(&mut self, sources: &[NewSource]) -> String {
        let mut added = String::new();
        let mut add = |text: &str| {
            if !self.text.is_empty() || !added.is_empty() {
                added.push('\n');
            }
            added.push_str(text);
        };
        if self.is_new() {
            add("# Settings of feedgen. `feedgen init` writes a file with every key, explained.\n");
        }
        if let Some(first) = self.silent_source().filter(|_| !sources.is_empty()) {
            add(&first.text());
        }
        for source in sources {
            add(&source.text());
        }
        let end = if self.text.contains("\r\n") { "\r\n" } else { "\n" };
        if !self.text.is_empty() && !self.text.ends_with('\n') {
            self.text.push_str(end);
        }
        self.text.push_str(&added.replace('\n', end));
        self.steps.push(Step::Append(sources.to_vec()));
        added
    }

    /// The source that there is without any being written.
    fn silent_source(&self) -> Option<NewSource> {
        let written = self.written();
        let settings = Settings::resolve(&written).ok().filter(|_| written.every("source").next().is_none())?;
        let is_there = settings.sources.first()?.folder().is_some_and(|files| files.root.exists());
        let keys = ONLY_SOURCE.iter().map(|(key, text)| ((*key).to_owned(), text.trim_matches('"').into()));
        let comments = vec!["The folder that was read while no source was written here.".to_owned()];
        is_there.then(|| NewSource { comments, keys: keys.collect(), ..NewSource::default() })
    }

    /// Gives a source on the web another address, and changes nothing but this value. Returns whether there is such a source.
    pub fn set_address(&mut self, id: &SourceId, address: &Url) -> bool {
        let written = self.written();
        let Ok(settings) = Settings::resolve(&written) else { return false };
        let mut sections = written.every("source").zip(&settings.sources);
        let section = sections.find(|(_, source)| source.id == *id).map(|(section, _)| section);
        let Some(Origin::File(span)) = section
            .and_then(|section| section.written("feed").or_else(|| section.written("page")))
            .map(|entry| &entry.origin)
        else {
            return false;
        };
        self.text.replace_range(span.clone(), &quoted(address.as_str()));
        self.steps.push(Step::Address(id.clone(), address.clone()));
        true
    }

    /// Puts the new text in the place of the old one, which is there whole until then. Mode and owner stay; where the
    /// file is a link, what it leads to is changed. What others have changed in it meanwhile stays changed.
    ///
    /// # Errors
    /// When the text would be wrong, or cannot be written, or what others wrote does not go together with it. Then
    /// nothing has changed.
    pub fn save(&mut self) -> Result<(), EditError> {
        if let Err(error) = self.settings() {
            return Err(EditError::Wrong { path: self.path.clone(), error });
        }
        save::put(self)
    }

    /// The same changes in what stands in the file now. `None`: they cannot be made in that.
    fn again(&self, there: &str) -> Option<Self> {
        let mut edit =
            Self { before: Some(there.to_owned()), text: there.to_owned(), steps: Vec::new(), ..self.clone() };
        // What is wrong by another hand is not told as ours.
        edit.settings().ok()?;
        let is_done = self.steps.iter().all(|step| match step {
            Step::Append(sources) => !edit.append(sources).is_empty(),
            Step::Address(id, address) => edit.set_address(id, address),
            Step::Select(id, select) => edit.set_select(id, select),
        });
        (is_done && edit.settings().is_ok()).then_some(edit)
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn edit(text: &str) -> Edit {
        Edit::of("feedgen.toml", text, &Environment::new())
    }

    fn source(id: &str) -> NewSource {
        NewSource::default().with("id", Some(id)).with("feed", Some("https://harbour.example/rss.xml"))
    }

    #[test]
    fn what_stands_there_stays() {
        for text in ["", "# mine\n[site]\ntitle='Harbour' # ours", "\u{feff}[site]\r\ntitle = \"Harbour\"\r\n", "\n\n"]
        {
            let mut edit = edit(text);
            let added = edit.append(&[source("a"), source("b")]);
            let behind = edit.text.strip_prefix(text).expect("what stood there");
            let has_carriage_returns = text.contains("\r\n");
            assert_eq!(behind.trim_start().replace("\r\n", "\n"), added.trim_start());
            let ends = behind.matches(if has_carriage_returns { "\r\n" } else { "\n" }).count();
            assert_eq!((ends, behind.contains('\r')), (behind.lines().count(), has_carriage_returns), "{text:?}");
            let settings = edit.settings().expect("a configuration");
            let ids: Vec<_> = settings.sources.iter().map(|source| source.id.as_str()).collect();
            assert_eq!(ids, ["a", "b"], "{text:?}");
        }
    }

    #[test]
    fn texts_of_others_stay_texts() {
        let mut edit = edit("");
        let title = "\"Harbour\" \\ 'news'\u{7f} ]] # ='''";
        let comments = vec!["a\n[[source]]\u{0}".to_owned()];
        edit.append(&[NewSource { comments, ..source("a") }.with("author", Some(&title.replace('\u{7f}', "")))]);
        let settings = edit.settings().expect("a configuration");
        assert_eq!(settings.sources.len(), 1);
        assert_eq!(settings.sources[0].treatment.author.as_deref(), Some(title.replace('\u{7f}', "").as_str()));
    }

    #[test]
    fn a_source_is_tried_before_it_is_added() {
        let with = |item: &str| {
            let select = toml::Table::from_iter([("item".to_owned(), item.into())]);
            let mut page = NewSource::default().with("page", Some("https://harbour.example/"));
            page.keys.push(("select".to_owned(), select.into()));
            page
        };
        let mut edit = edit("[[source]]\nfeed = 'https://harbour.example/a'\n");
        let before = edit.text.clone();
        assert!(edit.objection(&with("li[")).is_some() && edit.objection(&with("ul li")).is_none());
        assert_eq!(edit.text, before);
        edit.append(&[with("ul li")]);
        assert!(
            edit.text
                .ends_with("\n[[source]]\npage = \"https://harbour.example/\"\n[source.select]\nitem = \"ul li\"\n")
        );
    }

    #[test]
    fn an_address_changes_alone() {
        let text = "[[source]]\nid = 'a' # first\nfeed   =  'http://harbour.example/a'  # here\n\n\
                    [[source]]\nid = \"b\"\nfeed = \"http://harbour.example/a\"\n";
        let mut edit = edit(text);
        let id = |id: &str| SourceId::new(id).expect("an id");
        let to = Url::parse("https://harbour.example/b").expect("a URL");
        assert!(edit.set_address(&id("a"), &to) && !edit.set_address(&id("c"), &to));
        assert_eq!(edit.text, text.replacen("'http://harbour.example/a'", "\"https://harbour.example/b\"", 1));
    }

    #[test]
    fn what_somebody_else_writes_meanwhile_is_not_lost() {
        let folder = std::env::temp_dir().join(format!("feedgen-edit-{}", std::process::id()));
        fs::create_dir_all(&folder).expect("a folder");
        let path = folder.join("feedgen.toml");
        let there = || fs::read_to_string(&path).expect("a file");
        fs::write(&path, "# one\n").expect("a file");
        let mut edit = Edit::open(Some(&path), &Environment::new()).expect("a configuration");
        let mut late = edit.clone();
        edit.append(&[source("a")]);
        // What goes together is there in the end; what does not is left as it is.
        fs::write(&path, "# two\n").expect("a file");
        edit.save().expect("it is there still");
        assert!(there().starts_with("# two\n") && there().contains("id = \"a\""));
        late.append(&[source("a")]);
        for other in [there(), "[[source]]\n".to_owned()] {
            fs::write(&path, &other).expect("a file");
            assert!(matches!(late.save(), Err(EditError::Changed { .. })), "{other}");
            assert_eq!(there(), other);
        }
        fs::remove_file(&path).expect("a file");
        assert!(matches!(edit.save(), Err(EditError::Changed { .. })) && !path.exists());
        fs::remove_dir_all(&folder).expect("it is there");
    }

    #[test]
    fn of_those_who_make_a_configuration_at_once_none_is_lost() {
        let folder = std::env::temp_dir().join(format!("feedgen-edits-{}", std::process::id()));
        fs::create_dir_all(&folder).expect("a folder");
        let path = folder.join("feedgen.toml");
        let id = |number: usize| format!("h{number}");
        std::thread::scope(|scope| {
            for number in 0..8 {
                let mut edit = edit("");
                (edit.path, edit.before) = (path.clone(), None);
                scope.spawn(move || {
                    edit.append(&[source(&id(number))]);
                    edit.save().expect("all go together");
                });
            }
        });
        let written = fs::read_to_string(&path).expect("a file");
        let settings = Edit::of("feedgen.toml", &written, &Environment::new()).settings().expect("a configuration");
        assert_eq!(settings.sources.len(), 8, "{written}");
        assert_eq!(fs::read_dir(&folder).expect("a folder").count(), 1, "nothing is left beside it");
        fs::remove_dir_all(&folder).expect("it is there");
    }

    #[test]
    fn ids_are_given_once() {
        let mut ids = Ids::default();
        let mut take = |names: &[Option<&str>]| ids.take(names);
        assert_eq!(take(&[Some("Harbour News!"), None]), "harbour-news");
        assert_eq!(take(&[Some("Harbour News!"), None]), "harbour-news-2");
        assert_eq!(take(&[Some("Harbour News 2")]), "harbour-news-2-2");
        assert_eq!(take(&[Some("新闻"), None, Some("news.harbour.example")]), "news-harbour-example");
        assert_eq!(take(&[Some("all"), Some("新闻")]), "source");
        let long = "a".repeat(64);
        assert_eq!((take(&[Some(&long)]).len(), take(&[Some(&long)]).len()), (64, 64));
        assert_eq!(take(&[Some(&long)]), format!("{}-3", "a".repeat(62)));
    }
}
