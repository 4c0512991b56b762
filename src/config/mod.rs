//! The configuration: [`Settings`], complete and checked, from `feedgen.toml` and the environment.
//!
//! [`Written`] is the file as written, [`Settings`] what it means. Every error is found in one go and shown where it
//! stands. The table in `keys` is the one list of what can be set.

use std::collections::{BTreeSet, HashMap};
use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use url::Url;

use crate::collect::address::Private;
use crate::publish::select::Wanted;
use crate::publish::{FORMATS, Format, Selection};
use crate::source::{Access, Every, Source, SourceId, SourceKind, Treatment, Tz};

mod edit;
mod effective;
mod entry;
mod file;
mod form;
mod keys;
mod listen;
mod odd;
mod page;
mod pieces;
mod plain;
mod problem;
mod schema;
mod sources;
mod template;
mod value;
mod visiting;
mod zone;

pub use edit::{Edit, EditError, FOUND, Ids, NewSource};
pub use effective::effective;
pub use file::{Environment, Written, candidates, places};
pub use form::Form;
pub use listen::listen;
pub use odd::warnings;
pub use problem::{Excerpt, Place, Problem};
pub use schema::schema;
pub use template::Template;
pub use value::{below, is_language};
pub use visiting::{feed_address, spelled, told};

use entry::values;
use file::{Origin, Section};
use problem::{MOST_TOLD, Wrong, nearest};
use value::{Fault, Hint};

/// Everything that can be set, complete and checked.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The file it comes from. `None`: there is none, all is default or from the environment.
    pub path: Option<PathBuf>,
    /// Who publishes.
    pub site: Site,
    /// What is written, and where.
    pub publish: Publish,
    /// The database file.
    pub store: PathBuf,
    /// Size of the largest document or answer that is read, in bytes.
    pub max_size: u64,
    /// How sources on the web are visited.
    pub refresh: Refresh,
    /// How requests are answered.
    pub serve: Serve,
    /// Where news comes from, in the order of the file; never empty.
    pub sources: Vec<Source>,
    /// The feeds of one's own choosing, in the order of the file.
    pub feeds: Vec<Selection>,
    /// The vocabulary of categories that replaces the built-in one: `categories.toml` beside the file.
    pub vocabulary_path: Option<PathBuf>,
}

/// The file beside the configuration that replaces the built-in vocabulary of categories.
pub const VOCABULARY: &str = "categories.toml";

/// Who publishes: `[site]`.
#[derive(Clone, Debug)]
pub struct Site {
    /// The name of the whole.
    pub title: String,
    /// Where the publish directory is reachable: http(s), ends in `/`.
    pub url: Url,
    /// BCP 47 tag of the language of the pages.
    pub language: String,
    /// Time zone of dates that carry none.
    pub timezone: Tz,
    /// Start of the `tag:` ids (RFC 4151): `news.example.edu,2026`. `None`: to be made from `url`, once.
    pub authority: Option<String>,
}

/// What is written, and where: `[publish]`.
#[derive(Clone, Debug)]
pub struct Publish {
    /// The folder that feeds and pages are written to.
    pub directory: PathBuf,
    /// Formats of every feed, in the order of [`FORMATS`]; never empty, none twice.
    pub formats: Vec<&'static dyn Format>,
    /// Newest items in each feed, 1 to 500.
    pub items: usize,
    /// Items that the archive of each feed reaches back. 0: there are no archives.
    pub archive: usize,
    /// How long items stay after their publication. `None`: for ever.
    pub keep_for: Option<Duration>,
    /// Newest items of each source that stay. 0: all.
    pub keep_items: usize,
    /// WebSub hubs that are told of each change; none twice.
    pub hubs: Vec<Url>,
    /// A shell command to run after feeds changed.
    pub on_publish: Option<String>,
}

/// How sources on the web are visited: `[refresh]`.
#[derive(Clone, Debug)]
pub struct Refresh {
    /// The shortest time between two visits to a source, or the times of all.
    pub every: Every,
    /// The longest time between two visits to a source that answers; it means nothing where `every` tells times.
    pub slowest: Duration,
    /// Requests in flight, 1 to 256.
    pub concurrency: usize,
    /// From the first byte asked to the last byte answered.
    pub timeout: Duration,
    /// What we call ourselves. `None`: feedgen, its version and the address of the site.
    pub user_agent: Option<String>,
    /// Whether robots.txt is heeded.
    pub robots: bool,
    /// Hosts and networks that are asked though they are not on the open web, as written.
    pub allow_private: Vec<String>,
    /// The same, understood.
    pub private: Private,
    /// A shell command to run when trouble begins and when it is over.
    pub on_alert: Option<String>,
}

/// How requests are answered: `[serve]`.
#[derive(Clone, Debug)]
pub struct Serve {
    /// Where they come in.
    pub listen: SocketAddr,
    /// Whether each is told on standard error.
    pub access_log: bool,
    /// A file with a token that opens `/preview`. `None`: only this machine may look.
    pub token_file: Option<PathBuf>,
}

/// Why there are no settings.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file cannot be read.
    #[error("cannot read {}: {source}{}", path.display(), way_out(source))]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The file, or a folder on the way to it, is a link that leads nowhere.
    #[error("cannot read {}: {} is a link to {}, which is not there: bring that back, or take the link away", path.display(), link.display(), target.display())]
    Astray {
        /// The file.
        path: PathBuf,
        /// The link.
        link: PathBuf,
        /// Where it leads.
        target: PathBuf,
    },
    /// The file is in another encoding.
    #[error("{}:{line}: this is not UTF-8 text: save it as UTF-8 (some editors write UTF-16 unless told)", path.display())]
    Encoding {
        /// The file.
        path: PathBuf,
        /// The first line that shows it, counted from 1.
        line: usize,
    },
    /// Something in it is wrong.
    #[error("{}", Listing { problems, more: *more })]
    Invalid {
        /// What; never empty, in the order of the file.
        problems: Vec<Problem>,
        /// Problems behind these that are not told of.
        more: usize,
    },
}

/// The next step where a file cannot be read.
fn way_out(error: &io::Error) -> &'static str {
    match error.kind() {
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => {
            ": correct the name, or make the file, which may be empty"
        }
        io::ErrorKind::IsADirectory => ": name the file in it, such as feedgen.toml",
        io::ErrorKind::PermissionDenied => ": grant the user that runs this the right to read it",
        _ => "",
    }
}

/// Problems one below the other, and how many they are.
struct Listing<'a> {
    problems: &'a [Problem],
    more: usize,
}

impl fmt::Display for Listing<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for problem in self.problems {
            writeln!(formatter, "{problem}\n")?;
        }
        if self.more > 0 {
            writeln!(formatter, "and {} more\n", self.more)?;
        }
        match self.problems.len() + self.more {
            1 => write!(formatter, "1 error in the configuration"),
            count => write!(formatter, "{count} errors in the configuration"),
        }
    }
}

impl Settings {
    /// Reads and checks the configuration that is to be used; see [`Written::load`] for where it is looked for.
    ///
    /// # Errors
    /// When the file cannot be read, or with everything that is wrong in it.
    pub fn load(named: Option<&Path>, environment: &Environment) -> Result<Self, ConfigError> {
        Self::resolve(&Written::load(named, Path::new(""), environment)?)
    }

    /// Reads and checks a text; `name` is what problems call it.
    ///
    /// # Errors
    /// With everything that is wrong in it.
    pub fn from_text(text: &str, name: &str, environment: &Environment) -> Result<Self, ConfigError> {
        Self::resolve(&Written::read(text, name, environment))
    }

    /// Checks a configuration as written, and fills in what is absent.
    ///
    /// # Errors
    /// With everything that is wrong in it, be it of form or of meaning.
    pub fn resolve(written: &Written) -> Result<Self, ConfigError> {
        let mut reader = Reader {
            written,
            problems: written.problems.clone(),
            ids: TakenIds::new(),
            access: Arc::default(),
            treatment: Arc::default(),
        };
        let settings = reader.settings();
        // What the parser makes of a line that is not TOML is not what was meant.
        let slips: BTreeSet<_> = written.slips.iter().map(|slip| written.line(&slip.origin).start).collect();
        let is_slip = |wrong: &Wrong| slips.contains(&written.line(&wrong.origin).start);
        reader.problems.retain(|wrong| !matches!(wrong.origin, Origin::File(_)) || slips.is_empty() || !is_slip(wrong));
        reader.problems.extend(written.slips.iter().cloned());
        reader.problems.sort_by_key(Wrong::position);
        match settings {
            Ok(settings) if reader.problems.is_empty() => Ok(settings),
            _ => {
                let problems: Vec<_> = reader.problems.iter().take(MOST_TOLD).map(|wrong| reader.told(wrong)).collect();
                Err(ConfigError::Invalid { more: reader.problems.len() - problems.len(), problems })
            }
        }
    }
}

/// The problem with a value has been reported; there is nothing to go on with.
#[derive(Clone, Copy, Debug)]
struct Reported;

/// Ids that are named where none is near to what was written.
const MOST_NAMED: usize = 20;

/// The longest interval where only the shortest is set: who sets that wants no shorter one.
fn not_below(every: &Every, slowest: Duration) -> Duration {
    match every {
        Every::Interval(every) => slowest.max(*every),
        Every::At(_) => slowest,
    }
}

/// Ids that are given already, and where.
type TakenIds = HashMap<SourceId, Origin>;

/// Reads what is written, and gathers what is wrong with it.
struct Reader<'w> {
    written: &'w Written,
    problems: Vec<Wrong>,
    /// The ids of all sources, where all are known.
    ids: TakenIds,
    /// Those of the source before: there may be very many sources, and hardly any of them wants another.
    access: Arc<Access>,
    treatment: Arc<Treatment>,
}

impl Reader<'_> {
    fn report(&mut self, origin: &Origin, fault: Fault) -> Reported {
        self.problems.push(Wrong { origin: origin.clone(), message: fault.message, hint: Some(fault.hint) });
        Reported
    }

    /// What is wrong, as it is told: with its place and what to do.
    fn told(&self, wrong: &Wrong) -> Problem {
        let hint = wrong.hint.as_ref().map(|hint| match hint {
            Hint::Is(hint) => hint.clone(),
            Hint::Zone(text) => zone::meant(text),
            Hint::Source(text) => self.source_meant(text),
            Hint::Taken(first) => {
                let line = self.written.problem(first, String::new(), None).place.line();
                let before = line.map(|line| format!("line {line} has it too, ")).unwrap_or_default();
                format!("{before}give this one another id")
            }
        });
        self.written.problem(&wrong.origin, wrong.message.clone(), hint)
    }

    /// The id that was meant by a text, else those that there are.
    fn source_meant(&self, text: &str) -> String {
        let mut ids: Vec<&str> = self.ids.keys().map(SourceId::as_str).collect();
        ids.sort_unstable();
        let (named, more) = ids.split_at(ids.len().min(MOST_NAMED));
        let more = if more.is_empty() { String::new() } else { format!(" and {} more", more.len()) };
        value::did_you_mean(nearest(text, ids.iter().copied()), &format!("there are {}{more}", named.join(", ")))
    }

    // Everything is read before the first `?`, so that one error does not hide the next.
    fn settings(&mut self) -> Result<Settings, Reported> {
        let written = self.written;
        let only = |name| written.only(name).ok_or(Reported);
        let (site, publish, store, documents) = (only("site")?, only("publish")?, only("store")?, only("documents")?);
        let refresh = self.refresh(only("refresh")?);
        let serve = self.serve(only("serve")?);
        let site = self.site(site);
        let publish = self.publish(publish);
        let store = self.kept(store, "path", "feedgen.db");
        let max_size = self.text(documents, "max_size", value::size);

        let default = if written.every("source").next().is_none() { Section::only_source() } else { None };
        let sections: Vec<&Section> = written.every("source").chain(&default).collect();
        let zone = site.as_ref().map_or(Tz::UTC, |site| site.timezone);
        let items = publish.as_ref().map_or(1, |publish| publish.items);
        let (mut ids, mut sources) = (TakenIds::with_capacity(sections.len()), Vec::with_capacity(sections.len()));
        let visits = refresh.as_ref().ok();
        for section in &sections {
            sources.extend(self.source(section, zone, publish.as_ref().ok(), visits, &mut ids));
        }
        let known = (!written.lacks_tables && ids.len() == sections.len()).then_some(&ids);
        let mut feed_ids = TakenIds::new();
        let feeds: Vec<_> =
            written.every("feed").map(|section| self.feed(section, items, known, &mut feed_ids)).collect();

        if known.is_some() {
            self.ids = ids;
        }
        let settings = Settings {
            path: written.path.clone(),
            site: site?,
            publish: publish?,
            store: store?,
            max_size: max_size?,
            refresh: refresh?,
            serve: serve?,
            sources: if sources.len() == sections.len() { sources } else { return Err(Reported) },
            feeds: feeds.into_iter().collect::<Result<_, _>>()?,
            vocabulary_path: written
                .path
                .as_ref()
                .map(|path| path.with_file_name(VOCABULARY))
                .filter(|path| path.is_file()),
        };
        self.entanglements(&settings, &sections);
        Ok(settings)
    }

    fn site(&mut self, section: &Section) -> Result<Site, Reported> {
        let title = self.text(section, "title", value::line);
        let url = self.text(section, "url", value::url);
        let language = self.text(section, "language", value::language);
        let timezone = self.text(section, "timezone", value::zone);
        let authority = self.optional(section, "authority", value::authority);
        Ok(Site { title: title?, url: url?, language: language?, timezone: timezone?, authority: authority? })
    }

    fn publish(&mut self, section: &Section) -> Result<Publish, Reported> {
        let directory = self.kept(section, "directory", "feeds");
        let formats = self.formats(section);
        let items = self.count(section, "items");
        let archive = self.number(section, "archive", value::archive);
        let keep_for = self.optional(section, "keep_for", visiting::keeping);
        let keep_items = self.number(section, "keep_items", value::archive);
        let hubs = self.each_once(section, "hub", visiting::hub);
        let on_publish = self.optional(section, "on_publish", value::command);
        Ok(Publish {
            directory: directory?,
            formats: formats?,
            items: items?.unwrap_or(1),
            archive: archive?.unwrap_or(0),
            keep_for: keep_for?,
            keep_items: keep_items?.unwrap_or(0),
            hubs: hubs?,
            on_publish: on_publish?,
        })
    }

    fn refresh(&mut self, section: &Section) -> Result<Refresh, Reported> {
        let every = self.text(section, "every", visiting::every);
        let slowest = self.text(section, "slowest", visiting::interval);
        let concurrency = self.number(section, "concurrency", visiting::requests);
        let timeout = self.text(section, "timeout", visiting::timeout);
        let user_agent = self.optional(section, "user_agent", visiting::user_agent);
        let robots = self.switch(section, "robots");
        let allow_private = self.each(section, "allow_private", visiting::network).map(values);
        let on_alert = self.optional(section, "on_alert", value::command);
        let allow_private = allow_private?;
        // Each entry has been checked by itself.
        let private = Private::new(allow_private.iter().map(String::as_str)).map_err(|_| Reported)?;
        let every = every?;
        let slowest = slowest.and_then(|slowest| match section.written("slowest") {
            Some(_) => self.in_order(section, &every, slowest),
            None => Ok(not_below(&every, slowest)),
        });
        Ok(Refresh {
            every,
            slowest: slowest?,
            concurrency: concurrency?.unwrap_or(1),
            timeout: timeout?,
            user_agent: user_agent?,
            robots: robots?.unwrap_or(true),
            allow_private,
            private,
            on_alert: on_alert?,
        })
    }

    fn serve(&mut self, section: &Section) -> Result<Serve, Reported> {
        let listen = self.text(section, "listen", value::listen);
        let access_log = self.switch(section, "access_log");
        let token_file = self.secret(section, "token_file");
        Ok(Serve { listen: listen?, access_log: access_log?.unwrap_or(false), token_file: token_file? })
    }

    /// Two intervals that do not contradict each other.
    fn in_order(&mut self, section: &Section, every: &Every, slowest: Duration) -> Result<Duration, Reported> {
        let fault = match every {
            Every::Interval(every) if *every <= slowest => return Ok(slowest),
            Every::Interval(every) => {
                let message = format!("`slowest` is shorter than `every`, {}", visiting::spelled(*every));
                Fault::new(message, "make it as long at least")
            }
            Every::At(times) => {
                Fault::new(format!("`slowest` means nothing beside the times of `every`, \"{times}\""), "leave it out")
            }
        };
        let origin = section.written("slowest").map_or(&section.origin, |entry| &entry.origin).clone();
        Err(self.report(&origin, fault))
    }

    fn formats(&mut self, section: &Section) -> Result<Vec<&'static dyn Format>, Reported> {
        let named = self.each_once(section, "formats", value::format)?;
        if named.is_empty() {
            let origin = section.written("formats").map_or(Origin::Default, |entry| entry.origin.clone());
            return Err(self.report(&origin, Fault::new("there is no format to publish in", "name one at least")));
        }
        Ok(FORMATS.iter().copied().filter(|format| named.contains(&format.extension())).collect())
    }

    /// A path of what is kept: under systemd, that `name` in the folder for it, unless another one is written.
    fn kept(&mut self, section: &Section, key: &str, name: &str) -> Result<PathBuf, Reported> {
        match &self.written.state_directory {
            Some(directory) if section.written(key).is_none() => Ok(Path::new(directory).join(name)),
            _ => self.text(section, key, value::path),
        }
    }

    /// `sources`: the ids there are; `None`: not all are known. `ids`: those of the feeds before it, to which its own is added.
    fn feed(
        &mut self,
        section: &Section,
        published: usize,
        sources: Option<&TakenIds>,
        ids: &mut TakenIds,
    ) -> Result<Selection, Reported> {
        let id = self.text(section, "id", value::id);
        let origin = section.written("id").map_or_else(|| section.origin.clone(), |entry| entry.origin.clone());
        let id = id.and_then(|id| self.only_one(id, origin, ids));
        let title = self.optional(section, "title", value::line);
        let categories = self.each(section, "categories", value::line);
        let from = self.each(section, "sources", |text| {
            let is_known = |sources: &TakenIds| SourceId::new(text).is_ok_and(|id| sources.contains_key(&id));
            if sources.is_none_or(is_known) {
                return Ok(text.to_owned());
            }
            Err(Fault { message: format!("there is no source \"{text}\""), hint: Hint::Source(text.to_owned()) })
        });
        let language = self.optional(section, "language", value::language);
        let keep = self.each(section, "keep", value::pattern);
        let drop = self.each(section, "drop", value::pattern);
        let items = self.count(section, "items");
        let id = id?;
        Ok(Selection {
            title: title?.unwrap_or_else(|| id.to_string()),
            id: id.to_string(),
            categories: values(categories?).into_iter().map(Wanted::new).collect(),
            sources: values(from?),
            language: language?,
            keep: values(keep?),
            drop: values(drop?),
            items: items?.unwrap_or(published),
        })
    }

    /// Folders that get in each other's way: published files that would be read as news, a store that would be
    /// published.
    fn entanglements(&mut self, settings: &Settings, sections: &[&Section]) {
        let directory = &settings.publish.directory;
        for (section, source) in sections.iter().zip(&settings.sources) {
            let SourceKind::Files(files) = &source.kind else { continue };
            if value::below(directory, &files.root).is_some_and(|inside| value::reaches_into(&files.pattern, &inside)) {
                let origin = section.written("files").map_or(Origin::Default, |entry| entry.origin.clone());
                let message = format!(
                    "`files` of source {} takes in what is published in publish.directory, {}",
                    source.id,
                    directory.display()
                );
                self.report(&origin, Fault::new(message, "keep publish.directory outside of it, or name less"));
            }
        }
        if value::below(&settings.store, directory).is_some() {
            let origin = self.written.only("store").and_then(|section| section.written("path"));
            let origin = origin.map_or(Origin::Default, |entry| entry.origin.clone());
            let message = format!("store.path would be published with publish.directory, {}", directory.display());
            self.report(&origin, Fault::new(message, "keep it outside of publish.directory"));
        }
    }
}

#[cfg(test)]
mod tests;
