//! `feedgen check`: all that is wrong with the configuration and what it names, or what it resolves to.

use std::borrow::Cow;
use std::collections::HashSet;
use std::fs;
use std::path::Path;

use super::finding::{self, Finding, State};
use super::{absolute, counted};
use crate::collect::address;
use crate::collect::files::{self, Policy};
use crate::config::{self, ConfigError, Environment, Form, Settings, Site, Written};
use crate::daemon::control;
use crate::item::{Vocabulary, category};
use crate::refresh::{self, Manners};
use crate::source::{Page, Source, SourceKind, Web};
use crate::status::failure;
use crate::store::{self, Kind, Store, StoreError};

/// The outcome of a check.
#[derive(Debug)]
pub struct Checked {
    /// What was found, to be printed.
    pub text: String,
    /// Whether a refresh can work with it.
    pub sound: bool,
}

/// Checks the configuration that is to be used, then the vocabulary, the folders and the store that it names. `named`
/// is the file of `--config`. Nothing is written.
///
/// # Errors
/// With all errors of the configuration.
pub fn run(named: Option<&Path>, environment: &Environment) -> Result<Checked, ConfigError> {
    let written = Written::load(named, Path::new(""), environment)?;
    let settings = Settings::resolve(&written)?;
    let mut findings = vec![match &settings.path {
        Some(path) => Finding::good("configuration", format!("{} has no errors", absolute(path).display())),
        None => Finding::good(
            "configuration",
            "no file found, all values are defaults; `feedgen init` writes one".to_owned(),
        ),
    }];
    let vocabulary = refresh::vocabulary(&settings);
    if let Some(path) = &settings.vocabulary_path {
        findings.push(match &vocabulary {
            Ok(_) => Finding::good("categories", format!("{} replaces the built-in ones", absolute(path).display())),
            Err(error) => Finding::wrong("categories", error.to_string()),
        });
    }
    let vocabulary = vocabulary.unwrap_or(Cow::Borrowed(Vocabulary::built_in()));
    let given = settings.sources.iter().flat_map(|source| &source.treatment.categories);
    let given: HashSet<String> = given.map(|label| category::slug(label)).collect();
    // Without a store there is nothing in any feed.
    let asks = settings.feeds.iter().any(|feed| !feed.categories.is_empty());
    let store = if asks { Store::open_to_read(&settings.store).ok().flatten() } else { None };
    let channels = store.and_then(|store| store.channels().ok()).into_iter().flatten();
    let channels: HashSet<String> = channels.map(|channel| channel.path).collect();
    let leads = |feed: &str, wanted: &str| {
        let slug = category::slug(wanted);
        slug != wanted && vocabulary.knows(wanted)
            || channels.contains(&format!("categories/{slug}"))
            || channels.contains(&format!("feeds/{feed}"))
            || given.contains(&slug)
    };
    let slugs: Vec<&str> = vocabulary.slugs().collect();
    let (warnings, more) = config::warnings(&written, &settings, &slugs, leads);
    let sources = settings.sources.iter().map(|source| {
        let finding = of_source(source, settings.max_size);
        let refused = source.web().and_then(|web| address::check(&web.url, &settings.refresh.private).err());
        match refused.filter(|_| finding.state != State::Wrong) {
            // The others are walked all the same.
            Some(refusal) => Finding::odd(&finding.name, refusal.to_string()),
            None => finding,
        }
    });
    findings.extend(finding::first_of_each_state(sources));
    findings.push(of_feeds(&settings.publish.directory));
    findings.push(of_store(&settings.store));
    findings.extend(settings.serve.token_file.as_deref().map(of_token));
    findings.extend(of_ids(&settings));

    let sound = finding::is_sound(&findings);
    let is_emptied = settings.path.is_some() && !Form::of(&written).names_sources;
    let next = match control::is_there(&settings.store).then(|| complaint(&settings.store)) {
        Some(Some(text)) => {
            let mend = if sound { "" } else { "mend what is wrong, and check again; " };
            format!("{mend}the daemon says of what it read last: {text}")
        }
        // It may have named another store before, and the daemon is there.
        None if is_emptied => format!(
            "{}name a source; if none is meant, `systemctl reload feedgen` (SIGHUP): a daemon that runs keeps the configuration before until then",
            if sound { "" } else { "mend what is wrong, or " }
        ),
        _ if !sound => "mend what is wrong, and check again".to_owned(),
        Some(None) => "the daemon takes it on".to_owned(),
        None => "run `feedgen refresh`".to_owned(),
    };
    let told = warnings.iter().map(|warning| format!("warning: {warning}\n\n"));
    let more = (more > 0).then(|| format!("and {more} more warnings\n\n"));
    let warnings: String = told.chain(more).collect();
    Ok(Checked { text: format!("{warnings}{}\nNext: {next}.\n", finding::lay_out(&findings)), sound })
}

/// Why the daemon that holds a store refuses the configuration, or a part of it, without the dot at the end. `None`: it does not.
fn complaint(store: &Path) -> Option<String> {
    let open = Store::open_to_read(store).ok()??.open_incidents().ok()?;
    let incident = open.into_iter().find(|incident| incident.kind == Kind::Configuration)?;
    Some(incident.text.trim_end().trim_end_matches('.').to_owned())
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

/// `max_size`: the size of the largest document that is read, in bytes.
pub(super) fn of_source(source: &Source, max_size: u64) -> Finding {
    let name = format!("source {}", source.id);
    let files = match &source.kind {
        SourceKind::Files(files) => files,
        SourceKind::Feed(web) => return of_web(&name, web),
        SourceKind::Page(page) => return of_page(&name, page),
    };
    let whole = absolute(&files.root);
    let root = whole.display();
    match fs::metadata(&files.root) {
        Err(_) if files::is_loop(&files.root) => {
            return Finding::wrong(&name, format!("{root} {}", files::LOOP));
        }
        Err(error) => {
            return Finding::wrong(&name, format!("cannot read {root}: {error}; create the folder or mend `files`"));
        }
        Ok(found) if !found.is_dir() => return Finding::wrong(&name, format!("{root} is no folder; mend `files`")),
        Ok(_) => {}
    }
    if let Err(error) = fs::read_dir(&files.root) {
        return Finding::wrong(&name, format!("cannot read {root}: {error}; grant feedgen the right to read it"));
    }
    match files::count(source, files, Policy { max_size }) {
        Err(error) => Finding::wrong(&name, error),
        Ok((0, Some(left))) => Finding::odd(&name, format!("no document in {root} is taken in: {left}")),
        Ok((0, None)) => Finding::odd(&name, format!("{} in {root} matches no document yet", files.pattern)),
        Ok((documents, _)) => Finding::good(&name, format!("{} in {root}", counted(documents, "document"))),
    }
}

/// How a source on the web is visited, and whether the files are there that this takes.
fn of_web(name: &str, web: &Web) -> Finding {
    if let Err(error) = Manners::default().of(web) {
        return Finding::wrong(name, format!("{error}; mend the path, or grant feedgen the right to read it"));
    }
    Finding::good(name, format!("{}, {}", web.url, crate::status::visits::manner(web)))
}

/// The same of a page. A program that renders it dials by itself.
fn of_page(name: &str, page: &Page) -> Finding {
    let Page { web, render, .. } = page;
    let finding = of_web(name, web);
    let Some(render) = render.as_ref().filter(|_| finding.is_sound()) else { return finding };
    let own = [
        ("user", web.access.user.is_some()),
        ("headers", !web.access.headers.is_empty()),
        ("headers_file", web.access.headers_file.is_some()),
        ("proxy", web.access.proxy.is_some()),
        ("tls_ca", web.access.tls_ca.is_some()),
    ];
    let own: Vec<&str> = own.into_iter().filter(|(_, is_set)| *is_set).map(|(key, _)| key).collect();
    let about = format!("{}, rendered by {render}", finding.about);
    if own.is_empty() {
        return Finding::good(name, about);
    }
    let own = own.join(", ");
    Finding::odd(
        name,
        format!("{about}, which dials by itself: {own} does not reach it; tell the command what it needs, in render"),
    )
}

pub(super) fn of_feeds(directory: &Path) -> Finding {
    let name = "publish.directory";
    let inside = ["sources", "categories", "feeds", "items"].map(|folder| directory.join(folder));
    match failure::closed(directory).or_else(|| inside.iter().find_map(|folder| failure::closed(folder))) {
        Some(why) => Finding::wrong(name, why),
        None if directory.exists() => Finding::good(name, format!("{} is writable", absolute(directory).display())),
        None => Finding::good(name, format!("{} will be created", absolute(directory).display())),
    }
}

/// What opens `/preview` to others.
fn of_token(path: &Path) -> Finding {
    match refresh::secret(path) {
        Ok(_) => Finding::good("serve.token_file", format!("{} holds a token", absolute(path).display())),
        Err(error) => Finding::wrong("serve.token_file", format!("{error}; until then nobody is let in by it")),
    }
}

/// Ids that were begun before it was known where the feeds will be.
fn of_ids(settings: &Settings) -> Option<Finding> {
    let Site { url, authority: None, .. } = &settings.site else { return None };
    let store = Store::open_to_read(&settings.store).ok()??;
    let begun = refresh::authority(&store).ok()?.filter(|begun| refresh::is_of_here(begun))?;
    let (host, year) = (url.host_str()?, begun.rsplit(',').next()?);
    let name = if refresh::is_of_here(&format!("{host},")) { "news.example.edu" } else { host };
    let about = format!(
        "ids begin with tag:{begun}, which no other machine knows you by: set it to \"{name},{year}\" before anybody subscribes"
    );
    Some(Finding::odd("site.authority", about))
}

pub(super) fn of_store(path: &Path) -> Finding {
    let (name, whole) = ("store.path", absolute(path));
    let shown = whole.display();
    if let Some(why) = whole.parent().and_then(failure::closed) {
        return Finding::wrong(name, why);
    }
    if let Some(full) = failure::full_disk(path) {
        return Finding::wrong(name, full);
    }
    match Store::open_to_read(path).and_then(|store| store.map(|store| store.check()).transpose()) {
        // The next refresh mends both.
        Err(error) if error.is_corruption() || matches!(error, StoreError::Older { .. }) => {
            Finding::odd(name, failure::of_store(&error))
        }
        Err(error) => Finding::wrong(name, failure::of_store(&error)),
        Ok(_) if !path.exists() => Finding::good(name, format!("{shown} will be created")),
        Ok(_) => match store::unwritable(path) {
            Some(error) => Finding::wrong(name, error.to_string()),
            None => Finding::good(name, format!("{shown} is sound")),
        },
    }
}
