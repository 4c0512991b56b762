//! `feedgen check`: all that is wrong with the configuration and its folders, or what it resolves to.

use std::fs;
use std::path::Path;

use rustix::fs::{Access, access};

use crate::config::{self, ConfigError, Environment, Settings, Written};
use crate::source::{Source, SourceKind};

/// The outcome of a check.
#[derive(Debug)]
pub struct Checked {
    /// What was found, to be printed.
    pub text: String,
    /// Whether a refresh can work with it.
    pub sound: bool,
}

/// Checks the configuration that is to be used, then the folders it names. `named` is the file of `--config`;
/// `categories` are the slugs of the vocabulary; `count` says how many documents a source has, or why it has none.
/// Nothing is written.
///
/// # Errors
/// With all errors of the configuration.
pub fn run(
    named: Option<&Path>,
    environment: &Environment,
    categories: &[&str],
    count: impl Fn(&Source) -> Result<usize, String>,
) -> Result<Checked, ConfigError> {
    let written = Written::load(named, Path::new(""), environment)?;
    let settings = Settings::resolve(&written)?;
    let warnings = config::warnings(&written, &settings, categories);
    let mut findings = vec![match &settings.path {
        Some(path) => Finding::good("configuration", format!("{} has no errors", path.display())),
        None => Finding::good("configuration", "no file found, all values are defaults".to_owned()),
    }];
    if let Some(path) = &settings.vocabulary_path {
        findings.push(Finding::good("categories", format!("{} replaces the built-in ones", path.display())));
    }
    findings.extend(settings.sources.iter().map(|source| of_source(source, &count)));
    findings.push(of_output("publish.directory", &settings.publish.directory, &settings.publish.directory));
    let beside = settings.store.parent().unwrap_or(Path::new(""));
    findings.push(of_output("store.path", &settings.store, beside));

    let width = findings.iter().map(|finding| finding.name.len()).max().unwrap_or_default();
    let wrong = findings.iter().filter(|finding| finding.state == State::Wrong).count();
    let next = match wrong {
        0 => "run `feedgen refresh`",
        _ => "mend what is wrong, and check again",
    };
    let mut lines: Vec<String> = warnings.iter().map(|warning| format!("warning: {warning}\n")).collect();
    lines.extend(
        findings.iter().map(|Finding { state, name, about }| format!("{:<7}  {name:<width$}  {about}", state.word())),
    );
    lines.push(format!("\nNext: {next}.\n"));
    Ok(Checked { text: lines.join("\n"), sound: wrong == 0 })
}

/// What the configuration that is to be used resolves to, as TOML, to be printed: every key, and where its value comes
/// from.
///
/// # Errors
/// With all errors of the configuration.
pub fn effective(named: Option<&Path>, environment: &Environment) -> Result<String, ConfigError> {
    let written = Written::load(named, Path::new(""), environment)?;
    Ok(config::effective(&written, &Settings::resolve(&written)?))
}

/// One thing that was looked at.
struct Finding {
    state: State,
    name: String,
    about: String,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Good,
    /// It works, but is probably not meant.
    Odd,
    Wrong,
}

impl State {
    fn word(self) -> &'static str {
        match self {
            Self::Good => "ok",
            Self::Odd => "warning",
            Self::Wrong => "wrong",
        }
    }
}

impl Finding {
    fn good(name: &str, about: String) -> Self {
        Self { state: State::Good, name: name.to_owned(), about }
    }
}

fn of_source(source: &Source, count: impl Fn(&Source) -> Result<usize, String>) -> Finding {
    let SourceKind::Files(files) = &source.kind;
    let root = files.root.display();
    let (state, about) = match fs::metadata(&files.root) {
        Err(error) => (State::Wrong, format!("cannot read {root}: {error}; create the folder or mend `files`")),
        Ok(found) if !found.is_dir() => (State::Wrong, format!("{root} is no folder; mend `files`")),
        Ok(_) => match (fs::read_dir(&files.root), count(source)) {
            (Err(error), _) => {
                (State::Wrong, format!("cannot read {root}: {error}; grant feedgen the right to read it"))
            }
            (_, Err(error)) => (State::Wrong, error),
            (_, Ok(0)) => (State::Odd, format!("{} in {root} matches no document yet", files.pattern)),
            (_, Ok(1)) => (State::Good, format!("1 document in {root}")),
            (_, Ok(documents)) => (State::Good, format!("{documents} documents in {root}")),
        },
    };
    Finding { state, name: format!("source {}", source.id), about }
}

/// Whether something can be written into `folder`, which may have to be made first.
fn of_output(name: &str, path: &Path, folder: &Path) -> Finding {
    let existing = folder.ancestors().find(|folder| folder.exists() || folder.as_os_str().is_empty());
    let existing = existing.filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let (shown, at) = (path.display(), existing.display());
    let (state, about) = if !existing.is_dir() {
        (State::Wrong, format!("{shown} cannot be created: {at} is no folder"))
    } else if let Err(error) = access(existing, Access::WRITE_OK | Access::EXEC_OK) {
        (State::Wrong, format!("{shown} cannot be written: {at}: {error}; grant feedgen the right to write there"))
    } else if path.exists() {
        (State::Good, format!("{shown} is writable"))
    } else {
        (State::Good, format!("{shown} will be created"))
    };
    Finding { state, name: name.to_owned(), about }
}
