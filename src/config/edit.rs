//! A `feedgen.toml` that is added to: every byte that stands in it stays as it is.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::{MetadataExt as _, OpenOptionsExt as _, fchown};
use std::path::{Path, PathBuf};

use url::Url;

use super::file::{Environment, Origin, Written, quoted};
use super::keys::ONLY_SOURCE;
use super::{ConfigError, Settings, value};
use crate::source::SourceId;

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
    /// Somebody else writes to it.
    #[error("{} was changed meanwhile and is left as it is: try again", path.display())]
    Changed {
        /// The file.
        path: PathBuf,
    },
    /// It cannot be written.
    #[error("cannot write {}: {source}; nothing was changed", path.display())]
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
    environment: Environment,
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
        Ok(Self { path, text: before.clone().unwrap_or_default(), before, environment: environment.clone() })
    }

    #[cfg(test)]
    fn of(path: &str, text: &str, environment: &Environment) -> Self {
        let before = Some(text.to_owned());
        Self { path: path.into(), before, text: text.to_owned(), environment: environment.clone() }
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
        true
    }

    /// Puts the new text in the place of the old one, which is there whole until then. Mode and owner stay; where the
    /// file is a link, what it leads to is changed.
    ///
    /// # Errors
    /// When the text would be wrong, or cannot be written. Then nothing has changed.
    pub fn save(&self) -> Result<(), EditError> {
        let path = self.path.clone();
        if let Err(error) = self.settings() {
            return Err(EditError::Wrong { path, error });
        }
        let now = fs::read_to_string(&self.path).ok();
        if now != self.before {
            return Err(EditError::Changed { path });
        }
        put(&self.path, &self.text).map_err(|source| EditError::Unwritable { path, source })
    }
}

fn put(path: &Path, text: &str) -> io::Result<()> {
    let target = match fs::canonicalize(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => path.to_owned(),
        found => found?,
    };
    let name = target.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let beside = target.with_file_name(format!(".{name}.new"));
    let written = write(&beside, text, &target).and_then(|()| fs::rename(&beside, &target));
    if written.is_err() {
        // What is left of it is in nobody's way.
        let _gone = fs::remove_file(&beside);
    }
    written
}

fn write(beside: &Path, text: &str, target: &Path) -> io::Result<()> {
    match fs::remove_file(beside) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let former = fs::metadata(target).ok();
    // There may be secrets in it, and nobody is to read it who may not read what it replaces.
    let mode = if former.is_some() { 0o600 } else { 0o666 };
    let mut file = OpenOptions::new().write(true).create_new(true).mode(mode).open(beside)?;
    if let Some(former) = former {
        let made = file.metadata()?;
        if (made.uid(), made.gid()) != (former.uid(), former.gid()) {
            fchown(&file, Some(former.uid()), Some(former.gid()))?;
        }
        file.set_permissions(former.permissions())?;
    }
    file.write_all(text.as_bytes())?;
    file.sync_all()
}

#[cfg(test)]
mod tests {
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
        edit.append(&[source("a")]);
        fs::write(&path, "# two\n").expect("a file");
        assert!(matches!(edit.save(), Err(EditError::Changed { .. })));
        assert_eq!(there(), "# two\n");
        fs::write(&path, "# one\n").expect("a file");
        edit.save().expect("it is as it was");
        assert!(there().starts_with("# one\n") && there().contains("id = \"a\""));
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
