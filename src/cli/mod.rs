//! The command line: arguments become one command, and what it found becomes text. A file per verb.

use std::ffi::OsString;
use std::io::{self, IsTerminal as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context as _;
use chrono::{DateTime, Datelike as _, Utc};
use clap::{Parser, Subcommand};
use rustix::process::{Resource, Signal, getrlimit};
use std::borrow::Cow;
use tokio::signal::unix::{SignalKind, signal};

use crate::config::{ConfigError, Environment, Settings};
use crate::refresh::{self, RefreshError};
use crate::status::failure;

mod add;
pub mod check;
mod compare;
mod copies;
mod difference;
mod doctor;
mod explain;
mod export;
mod finding;
mod given;
mod healthcheck;
mod import;
pub mod init;
mod jsonl;
mod manual;
mod mend;
mod online;
mod page;
mod place;
mod preview;
mod refreshing;
mod remove;
pub mod schema;
mod serving;
mod show;
mod status;
mod table;
mod troubles;
mod validate;
mod working;

/// Turns news documents, pages that list news and feeds of others into RSS, Atom and JSON feeds.
#[derive(Debug, Parser)]
#[command(version, max_term_width = 100, arg_required_else_help = true, subcommand_required = true)]
#[command(after_help = "Exit codes: 0 all well, 1 done but something failed, 2 command line or configuration wrong,\n\
                        3 the store or the publish directory failed, 130 interrupted.")]
pub struct Arguments {
    /// Configuration file [default: ./feedgen.toml, ./config/feedgen.toml, then those of user and system]
    #[arg(long, short, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

impl Arguments {
    /// Whether the command goes on until somebody ends it.
    pub fn is_of_a_daemon(&self) -> bool {
        matches!(self.command, Command::Serve)
    }
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Walk all sources once: read what changed, store it, publish the feeds it changes
    Refresh {
        /// Ids of the sources to walk [default: all]
        sources: Vec<String>,
        /// Read every document and render every file again; those that differ are written
        #[arg(long)]
        force: bool,
        /// Say what would be done, and write nothing
        #[arg(long)]
        dry_run: bool,
        /// Print the report as JSON
        #[arg(long)]
        json: bool,
        /// Print errors only
        #[arg(long, short)]
        quiet: bool,
    },
    /// Run for years: walk sources when they are due, serve feeds and pages
    Serve,
    /// Write a commented feedgen.toml and its folders; overwrite nothing
    Init {
        /// The folder to set up
        #[arg(default_value = ".")]
        directory: PathBuf,
        /// Where the feeds will be reachable
        #[arg(long)]
        url: Option<String>,
    },
    /// Find out what an address or folder is, and write it into the configuration
    Add(add::Asked),
    /// Show what a source would give, and the evidence for each field; nothing is written
    Preview(preview::Asked),
    /// Write the subscriptions of another program into the configuration
    Import(import::Asked),
    /// Find all errors of the configuration and its folders at once
    Check {
        /// Print what the configuration resolves to, and where each value comes from
        #[arg(long)]
        effective: bool,
        /// Ask the pages that list news, too: whether their lists are found, and their articles have what `test` says
        #[arg(long, conflicts_with = "effective")]
        online: bool,
    },
    /// Find out what is wrong with sources on the web, with the disk and the store
    Doctor(doctor::Asked),
    /// Tell what becomes of a document or item, and why; all that is known of a source; or whether two items are one story
    Explain {
        /// Id of a source; a file, from here or inside its source; or the key, title or address of an item
        #[arg(required_unless_present = "jsonl", value_parser = show::name())]
        what: Option<OsString>,
        /// Another file or item: tells whether both are the same story
        #[arg(value_parser = show::name())]
        other: Option<OsString>,
        /// The address that the file was published at, for relative links
        #[arg(long, conflicts_with = "other")]
        url: Option<url::Url>,
        /// Print whether two are the same story as JSON
        #[arg(long, requires = "other")]
        json: bool,
        /// Answer JSON requests, one a line, from standard input
        #[arg(long, conflicts_with = "what", long_help = jsonl::help())]
        jsonl: bool,
    },
    /// Print an item, where it comes from, its copies and its revisions
    Show(show::Asked),
    /// Take items out for good: they leave every feed and never come back
    Remove(remove::Asked),
    /// Set two items apart that are no copies of each other, for good
    Apart {
        /// Key, title, path or address of one
        #[arg(value_parser = show::name())]
        one: OsString,
        /// Of the other
        #[arg(value_parser = show::name())]
        other: OsString,
        /// Take it back: their words decide again
        #[arg(long)]
        undo: bool,
    },
    /// Print how each source is, since when, and whether publishing failed
    Status {
        /// Id of one source: tells the notes on its files, too
        source: Option<String>,
        /// Print it as JSON
        #[arg(long)]
        json: bool,
    },
    /// Ask the daemon of this machine how it is; ends with 1 when it does not answer well
    Healthcheck,
    /// Check a feed (RSS, Atom, JSON Feed, OPML) against its specification and practice
    Validate {
        /// Files or addresses; - is standard input
        #[arg(required = true)]
        files: Vec<PathBuf>,
        /// The address that the file is published at: makes its self link testable
        #[arg(long, value_parser = web_address)]
        url: Option<String>,
        /// Ask addresses inside this network, too
        #[arg(long)]
        allow_private: bool,
        /// Print the findings as JSON
        #[arg(long)]
        json: bool,
    },
    /// Print lists for other programs
    Export {
        #[command(subcommand)]
        what: Export,
    },
    /// Print the JSON Schema of feedgen.toml
    Schema,
    /// Print completions for a shell
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
    /// Print the manual page
    Man,
}

#[derive(Debug, Subcommand)]
enum Export {
    /// The feeds published here, as OPML 2.0
    Opml,
}

/// What a command needs of the world.
#[derive(Debug)]
pub struct World {
    /// What the clock says.
    pub clock: DateTime<Utc>,
    /// The environment.
    pub environment: Environment,
}

impl World {
    /// Whether results may have colours: somebody looks at them, and has not said otherwise (no-color.org).
    fn colours(&self) -> bool {
        io::stdout().is_terminal() && self.environment.get("NO_COLOR").is_none_or(String::is_empty)
    }

    /// The time: `SOURCE_DATE_EPOCH` where it is set (reproducible-builds.org), else the clock's.
    ///
    /// A time at which nobody runs this is an error: what is first seen keeps its date for ever.
    fn now(&self) -> Result<DateTime<Utc>, Failure> {
        let Some(text) = self.environment.get("SOURCE_DATE_EPOCH").filter(|text| !text.is_empty()) else {
            let told = self.clock.format("%Y-%m-%d");
            return Some(self.clock).filter(|now| (2020..2200).contains(&now.year())).ok_or_else(|| {
                Failure::Usage(format!("the clock of this machine says {told}: set it, then try again"))
            });
        };
        let fixed = text.trim().parse().ok().and_then(|seconds| DateTime::from_timestamp(seconds, 0));
        fixed.filter(|now| (2000..2200).contains(&now.year())).ok_or_else(|| {
            let right = "set it to seconds since 1970, of a day between 2000 and 2199, or unset it";
            Failure::Usage(format!("SOURCE_DATE_EPOCH is {text:?}: {right}"))
        })
    }
}

/// What a command ends with when something failed that it could not go on without.
enum Failure {
    /// The command line or the configuration is wrong.
    Usage(String),
    /// The store or the publish directory failed.
    Broken(String),
    /// The one thing that was asked for could not be done.
    Undone(String),
}

impl From<ConfigError> for Failure {
    fn from(error: ConfigError) -> Self {
        Self::Usage(error.to_string())
    }
}

impl From<crate::store::StoreError> for Failure {
    fn from(error: crate::store::StoreError) -> Self {
        Self::Broken(failure::of_store(&error))
    }
}

impl From<RefreshError> for Failure {
    fn from(error: RefreshError) -> Self {
        match error {
            RefreshError::Store(error) => error.into(),
            error => Self::Usage(error.to_string()),
        }
    }
}

impl From<anyhow::Error> for Failure {
    fn from(error: anyhow::Error) -> Self {
        Self::Undone(format!("{error:#}"))
    }
}

type Done = Result<u8, Failure>;

/// Runs one command. Results go to standard output, progress and messages to standard error.
pub fn run(arguments: Arguments, world: &World) -> ExitCode {
    let outcome = outlive_the_largest_file().map_err(Failure::from).and_then(|()| dispatch(arguments, world));
    let code = match outcome {
        Ok(code) => code,
        Err(failure) => {
            let (code, text) = match failure {
                Failure::Usage(text) => (2, text),
                Failure::Broken(text) => (3, text),
                Failure::Undone(text) => (1, text),
            };
            say(&format!("error: {text}"));
            code
        }
    };
    ExitCode::from(code)
}

/// Where files may be of a certain size only (`ulimit -f`), one that would grow beyond it cannot be written, as on a full disk: by itself, the
/// system ends who tries (`SIGXFSZ`, setrlimit(2)).
fn outlive_the_largest_file() -> anyhow::Result<()> {
    if getrlimit(Resource::Fsize).current.is_none() {
        return Ok(());
    }
    let runtime = tokio::runtime::Builder::new_current_thread().enable_io().build();
    let runtime = runtime.context("cannot listen to signals")?;
    let _inside = runtime.enter();
    // A signal that was listened to once ends nobody any more.
    let _listening = signal(SignalKind::from_raw(Signal::XFSZ.as_raw())).context("cannot listen to signals")?;
    Ok(())
}

fn dispatch(arguments: Arguments, world: &World) -> Done {
    let Arguments { config, command } = arguments;
    let config = config.as_deref();
    // Not all need the time: whoever restarts what is not well asks for no more than that.
    let now = world.now();
    match command {
        Command::Refresh { sources, force, dry_run, json, quiet } => {
            let options = refresh::Options { only: sources, force, dry_run };
            refreshing::run(&settings(config, world)?, &options, json, quiet, now?)
        }
        Command::Serve => now.and_then(|_| serving::run(config, world)),
        Command::Init { directory, url } => {
            let told = init::run(&directory, url.as_deref(), now?).map_err(|error| match error {
                init::InitError::Url(_) => Failure::Usage(error.to_string()),
                init::InitError::Create { .. } => Failure::Broken(error.to_string()),
            })?;
            print(&told)
        }
        Command::Add(asked) => add::run(config, &world.environment, &asked, now?),
        Command::Doctor(asked) => doctor::run(config, &world.environment, &asked, now?),
        Command::Import(asked) => import::run(config, &world.environment, &asked, now?),
        Command::Preview(asked) => preview::run(config, &world.environment, &asked, now?),
        Command::Check { effective: true, .. } => print(&check::effective(config, &world.environment)?),
        Command::Check { effective: false, online } => {
            let checked = check::run(config, &world.environment)?;
            print(&checked.text)?;
            if !checked.sound || !online {
                return Ok(if checked.sound { 0 } else { 2 });
            }
            let findings = online::findings(&settings(config, world)?, now?)?;
            print(&format!("\n{}", finding::lay_out(&findings)))?;
            Ok(u8::from(!finding::is_sound(&findings)))
        }
        Command::Explain { jsonl: true, .. } => jsonl::run(now?),
        Command::Explain { what, other: Some(other), json, .. } => {
            compare::run(&settings(config, world)?, &what.unwrap_or_default(), &other, json, now?)
        }
        Command::Explain { what, url, .. } => {
            explain::run(&settings(config, world)?, &what.unwrap_or_default(), url, now?)
        }
        Command::Show(asked) => show::run(&settings(config, world)?, &asked, world.colours()),
        Command::Remove(asked) => remove::run(&settings(config, world)?, &asked, now?),
        Command::Apart { one, other, undo } => copies::set_apart(&settings(config, world)?, &one, &other, undo, now?),
        Command::Status { source, json } => status::run(&settings(config, world)?, source.as_deref(), json),
        Command::Healthcheck => healthcheck::run(config, &world.environment),
        Command::Validate { files, url, allow_private, json } => {
            let settings = || settings(config, world);
            validate::run(&files, url.as_deref(), allow_private, json, &settings, now?)
        }
        Command::Export { what: Export::Opml } => export::opml(&settings(config, world)?),
        Command::Schema => print(&schema::run()),
        Command::Completions { shell } => {
            let mut text = Vec::new();
            clap_complete::generate(shell, &mut <Arguments as clap::CommandFactory>::command(), "feedgen", &mut text);
            write_out(&text)
        }
        Command::Man => {
            let page = manual::page().context("cannot render the manual page")?;
            write_out(&page)
        }
    }
}

fn settings(named: Option<&Path>, world: &World) -> Result<Settings, Failure> {
    Ok(Settings::load(named, &world.environment)?)
}

/// A path from the root, for people: a relative one leaves open where it starts.
fn absolute(path: &Path) -> PathBuf {
    std::path::absolute(path).unwrap_or_else(|_| path.to_owned())
}

/// A number of things, in words: `1 document`, `2 documents`. `thing` takes an `s` where there are several.
fn counted(number: usize, thing: &str) -> String {
    if number == 1 { format!("1 {thing}") } else { format!("{number} {thing}s") }
}

/// An address of the web, as it was written.
fn web_address(text: &str) -> Result<String, String> {
    match url::Url::parse(text) {
        Ok(url) if matches!(url.scheme(), "http" | "https") => Ok(text.to_owned()),
        _ => Err("write it whole, such as https://news.example.edu/all.rss".to_owned()),
    }
}

/// Prints a result.
fn print(text: &str) -> Done {
    write_out(plain(text).as_bytes())
}

/// A text without what would steer a terminal: names of files and words of documents are shown, not obeyed.
fn plain(text: &str) -> Cow<'_, str> {
    let steers = |c: char| c.is_control() && !matches!(c, '\n' | '\t');
    if !text.contains(steers) {
        return text.into();
    }
    text.chars().map(|c| if steers(c) { c.escape_default().to_string() } else { c.to_string() }).collect()
}

fn print_json(value: &impl serde::Serialize) -> Done {
    let text = serde_json::to_string_pretty(value).context("cannot write JSON")?;
    print(&(text + "\n"))
}

fn write_out(bytes: &[u8]) -> Done {
    match io::stdout().lock().write_all(bytes).and_then(|()| io::stdout().flush()) {
        // The reader has seen enough: `feedgen status | head -1`.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(0),
        Err(error) => Err(Failure::Undone(format!("cannot print: {error}"))),
        Ok(()) => Ok(0),
    }
}

/// Says something to the person: on standard error. Where nobody listens, nothing is lost.
fn say(text: &str) {
    let _unheard = writeln!(io::stderr(), "{}", plain(text));
}

fn is_terminal() -> bool {
    io::stderr().is_terminal()
}
