//! What a single value may be: text in, checked value out, or a [`Fault`] that says what to write instead.

use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};

use chrono::NaiveDate;
use globset::GlobBuilder;
use regex::Regex;
use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;
use url::Url;

use super::file::Origin;
use super::keys::{LARGEST_DOCUMENT, LONGEST_ARCHIVE, MOST_ITEMS};
use super::problem::nearest;
use super::zone;
use crate::collect::ending::ENDINGS;
use crate::publish::FORMATS;
use crate::source::{SourceId, Tz};

/// Every readable document below a folder.
const EVERYTHING: &str = "**/*.{txt,text,eml,md,markdown,mkd,mdx,qmd,rmd,html,htm,xhtml,shtml}";

/// Ids whose pages would stand where a web server looks for the page of a folder, or that mean all sources.
pub(super) const RESERVED: [&str; 2] = ["all", "index"];

/// Why a value is wrong, and what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Fault {
    pub(super) message: String,
    pub(super) hint: Hint,
}

/// What to do about a fault. What has to be sought is sought when it is told: a fault may be made twenty thousand times.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Hint {
    /// This.
    Is(String),
    /// Write the zone that was meant by that.
    Zone(String),
    /// Name the source that was meant by that.
    Source(String),
    /// Give another id than the source or feed there.
    Taken(Origin),
}

impl Fault {
    pub(super) fn new(message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self { message: message.into(), hint: Hint::Is(hint.into()) }
    }

    /// A fault whose remedy is what was probably meant, else `otherwise`.
    pub(super) fn did_you_mean(message: impl Into<String>, meant: Option<&str>, otherwise: &str) -> Self {
        Self::new(message, did_you_mean(meant, otherwise))
    }

    /// What is wrong and what to do, in one line.
    pub(super) fn in_words(self) -> String {
        match self.hint {
            Hint::Is(hint) => format!("{}: {hint}", self.message),
            Hint::Zone(text) => format!("{}: {}", self.message, zone::meant(&text)),
            // What is given in a command names no source.
            Hint::Source(_) | Hint::Taken(_) => self.message,
        }
    }
}

/// Asks for what was probably meant, else says `otherwise`.
pub(super) fn did_you_mean(meant: Option<&str>, otherwise: &str) -> String {
    meant.map_or_else(|| otherwise.to_owned(), |meant| format!("did you mean \"{meant}\"?"))
}

/// One line of text that is not empty, without blanks around it.
pub(super) fn line(text: &str) -> Result<String, Fault> {
    let text = text.trim();
    if text.is_empty() {
        Err(Fault::new("the text is empty", "write something, or leave the key out"))
    } else if text.contains(char::is_control) {
        Err(Fault::new("line breaks and control characters are not allowed here", "write it on one line"))
    } else {
        Ok(text.to_owned())
    }
}

/// A command line for the shell.
pub(super) fn command(text: &str) -> Result<String, Fault> {
    if text.trim().is_empty() || text.contains('\0') {
        return Err(Fault::new("there is no command to run", "write one, or leave the key out"));
    }
    Ok(text.to_owned())
}

/// The id of a source or feed.
pub(super) fn id(text: &str) -> Result<SourceId, Fault> {
    let id = SourceId::new(text).map_err(|error| {
        let slug = slug(text);
        Fault::did_you_mean(
            error.to_string().split(':').next().unwrap_or_default(),
            (!slug.is_empty()).then_some(&slug),
            "use 1 to 64 of a-z, 0-9 and -, beginning with a letter or digit",
        )
    })?;
    if RESERVED.contains(&text) {
        return Err(Fault::new(format!("the id \"{text}\" is reserved"), "take another"));
    }
    Ok(id)
}

/// A text as a new id would write it; empty when it has no letter of ASCII and no digit.
pub(super) fn slug(text: &str) -> String {
    // A letter without its mark is nearer to what was meant than a gap.
    let text: String = text.nfkd().filter(|c| !is_combining_mark(*c)).collect();
    unwritten(&text)
}

/// The id of a source that is given none, made of its title or place. The keys of its items are made of it, so that it is never made
/// in another way.
pub(super) fn unwritten(text: &str) -> String {
    let words = text.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    let slug = words.map(str::to_ascii_lowercase).collect::<Vec<_>>().join("-");
    slug.chars().take(64).collect::<String>().trim_end_matches('-').to_owned()
}

/// An http(s) address. `example` is how one is written there.
pub(super) fn web_address(text: &str, example: &str) -> Result<Url, Fault> {
    let wrong = |why: String, hint: Option<String>| {
        Err(Fault::new(why, hint.unwrap_or_else(|| format!("write it like \"{example}\""))))
    };
    match Url::parse(text) {
        Ok(url) if matches!(url.scheme(), "http" | "https") && url.has_host() => Ok(url),
        Err(error) if error != url::ParseError::RelativeUrlWithoutBase => {
            wrong(format!("\"{text}\" is not an address ({error})"), None)
        }
        // `localhost:8077` parses as scheme `localhost`.
        _ => {
            let host = text.split_once('/').map_or("", |(host, _)| host);
            let is_name = host.contains('.') && host.starts_with(char::is_alphanumeric);
            let is_host = is_name && Url::parse(&format!("https://{host}/")).is_ok();
            let meant = is_host.then(|| format!("did you mean \"https://{text}\"?"));
            wrong(format!("\"{text}\" does not start with https:// or http://"), meant)
        }
    }
}

/// An http(s) address that relative addresses can be joined to: ends in `/`, no query, no fragment, no password.
pub(super) fn url(text: &str) -> Result<Url, Fault> {
    let example = "https://news.example.edu/";
    let wrong = |why: &str| Fault::new(why, format!("write it like \"{example}\""));
    let mut url = web_address(text, example)?;
    if url.query().is_some() || url.fragment().is_some() {
        return Err(wrong("an address that others are joined to has no ? and no #"));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(wrong("a user name in this address would be published"));
    }
    if !url.path().ends_with('/') {
        let path = format!("{}/", url.path());
        url.set_path(&path);
    }
    Ok(url)
}

/// Whether a text is a language tag that can be written into the configuration (BCP 47).
pub fn is_language(text: &str) -> bool {
    language(text).is_ok()
}

/// A well-formed BCP 47 tag (RFC 5646 §2.1) in the letter case of §2.1.1. Private use (`x-…`) and grandfathered
/// tags (`i-…`) are not supported.
pub(super) fn language(text: &str) -> Result<String, Fault> {
    const FAMILIAR: [(&str, &str); 6] =
        [("english", "en"), ("chinese", "zh"), ("cn", "zh"), ("jp", "ja"), ("kr", "ko"), ("german", "de")];
    let wrong = |meant: Option<&str>| {
        Fault::did_you_mean(
            format!("\"{text}\" is not a language tag (BCP 47)"),
            meant,
            "write it like \"en\", \"zh-CN\" or \"pt-BR\"",
        )
    };
    if let Some((_, meant)) = FAMILIAR.iter().find(|(name, _)| text.eq_ignore_ascii_case(name)) {
        return Err(wrong(Some(meant)));
    }
    canonical_language(text).ok_or_else(|| wrong(canonical_language(&text.replace('_', "-")).as_deref()))
}

fn canonical_language(text: &str) -> Option<String> {
    /// The kinds of subtag, in the order in which they stand.
    #[derive(Clone, Copy, PartialEq, PartialOrd)]
    enum Part {
        Language,
        Extended,
        Script,
        Region,
        Variant,
        Extension,
    }
    let mut subtags = text.split('-');
    let first = subtags.next()?;
    let mut tag = first.to_ascii_lowercase();
    if !(2..=3).contains(&first.len()) || !first.chars().all(|c| c.is_ascii_alphabetic()) {
        return None;
    }
    let (mut part, mut singleton) = (Part::Language, false);
    for subtag in subtags {
        let letters = subtag.chars().all(|c| c.is_ascii_alphabetic());
        if !(1..=8).contains(&subtag.len()) || !subtag.chars().all(|c| c.is_ascii_alphanumeric()) {
            return None;
        }
        let digit_first = subtag.starts_with(|c: char| c.is_ascii_digit());
        let digits = subtag.chars().all(|c| c.is_ascii_digit());
        let next = match subtag.len() {
            // After a singleton all is extension: at least one subtag of two characters or more.
            1 if singleton => return None,
            1 => Part::Extension,
            _ if part == Part::Extension => Part::Extension,
            3 if letters => Part::Extended,
            4 if letters => Part::Script,
            2 if letters => Part::Region,
            3 if digits => Part::Region,
            4 if digit_first => Part::Variant,
            5..=8 => Part::Variant,
            _ => return None,
        };
        let repeatable = matches!(next, Part::Extended | Part::Variant | Part::Extension);
        if next < part || (next == part && !repeatable) {
            return None;
        }
        singleton = subtag.len() == 1;
        part = next;
        tag.push('-');
        match next {
            Part::Region => tag.push_str(&subtag.to_ascii_uppercase()),
            Part::Script => {
                tag.extend(
                    subtag
                        .chars()
                        .enumerate()
                        .map(|(at, c)| if at == 0 { c.to_ascii_uppercase() } else { c.to_ascii_lowercase() }),
                );
            }
            _ => tag.push_str(&subtag.to_ascii_lowercase()),
        }
    }
    (!singleton).then_some(tag)
}

/// A zone of the tz database, by its name.
pub(super) fn zone(text: &str) -> Result<Tz, Fault> {
    text.parse().map_err(|_| Fault {
        message: format!("\"{text}\" is not a time zone of the tz database"),
        hint: Hint::Zone(text.to_owned()),
    })
}

/// The naming authority of a `tag:` id, RFC 4151 §2.1: `host,date` or `mail address,date`.
pub(super) fn authority(text: &str) -> Result<String, Fault> {
    let wrong = |why: &str| {
        Fault::new(format!("\"{text}\" {why}"), "write a host you own and a year, \"news.example.edu,2026\" (RFC 4151)")
    };
    let (name, date) = text.split_once(',').ok_or_else(|| wrong("has no date"))?;
    let (person, host) = name.split_once('@').map_or((None, name), |(person, host)| (Some(person), host));
    let person_right = person.is_none_or(|person| {
        !person.is_empty() && person.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_'))
    });
    let host_right = host.split('.').all(|label| {
        let end = |c: char| c.is_ascii_alphanumeric();
        label.starts_with(end) && label.ends_with(end) && label.chars().all(|c| end(c) || c == '-')
    });
    if !person_right || !host_right {
        return Err(wrong("does not start with a host name or a mail address"));
    }
    let numbers: Option<Vec<u32>> = date
        .split('-')
        .enumerate()
        .map(|(at, digits)| {
            let length = if at == 0 { 4 } else { 2 };
            let right = digits.len() == length && digits.chars().all(|c| c.is_ascii_digit());
            right.then(|| digits.parse().ok()).flatten()
        })
        .collect();
    let day = match numbers.as_deref() {
        Some([year]) => Some((*year, 1, 1)),
        Some([year, month]) => Some((*year, *month, 1)),
        Some([year, month, day]) => Some((*year, *month, *day)),
        _ => None,
    };
    day.and_then(|(year, month, day)| NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, month, day))
        .map(|_| text.to_owned())
        .ok_or_else(|| wrong("has a date that is not YYYY, YYYY-MM or YYYY-MM-DD"))
}

/// An address of this machine and a port. Names are not looked up, but for `localhost`.
pub(super) fn listen(text: &str) -> Result<SocketAddr, Fault> {
    let text = text.trim();
    let numbered = |text: &str| text.parse::<SocketAddr>().ok();
    let local = text.strip_prefix("localhost:").map(|port| format!("127.0.0.1:{port}"));
    if let Some(address) = numbered(local.as_deref().unwrap_or(text)) {
        return Ok(address);
    }
    let port = text.trim_start_matches(['*', ':']).parse::<u16>();
    let meant = match (port, text.parse::<IpAddr>()) {
        (Ok(port), _) => Some(format!("127.0.0.1:{port}")),
        (_, Ok(host)) => Some(SocketAddr::new(host, 8077).to_string()),
        _ => None,
    };
    Err(Fault::did_you_mean(
        format!("\"{text}\" is not an address with a port"),
        meant.as_deref(),
        "write it like \"127.0.0.1:8077\" or \"[::1]:8077\"",
    ))
}

/// A path of the file system.
pub(super) fn path(text: &str) -> Result<PathBuf, Fault> {
    if text.trim().is_empty() {
        return Err(Fault::new("the path is empty", "name a file or folder"));
    }
    if text.contains('\0') {
        return Err(Fault::new("a path has no NUL character", "take it out"));
    }
    if text == "~" || text.starts_with("~/") {
        return Err(Fault::new("~ is not expanded here", "write the whole path"));
    }
    Ok(PathBuf::from(text))
}

/// A folder, a file or a glob, split into the folder that is walked and the glob in it. Decided by the text alone:
/// a path without glob characters is a file when it ends like a readable document, else a folder.
pub(super) fn files(text: &str) -> Result<(PathBuf, String), Fault> {
    path(text)?;
    let absolute = text.starts_with('/');
    let parts: Vec<&str> = text.split('/').filter(|part| !part.is_empty() && *part != ".").collect();
    let climbing = if absolute { 0 } else { parts.iter().take_while(|part| **part == "..").count() };
    if parts.iter().skip(climbing).any(|part| *part == "..") {
        return Err(Fault::new("`..` may stand only in front", "write the path without it"));
    }
    let special = |part: &str| part.contains(['*', '?', '[', '{', '\\']);
    let literal = parts.iter().take_while(|part| !special(part)).count();
    let is_file = literal == parts.len() && !text.ends_with('/') && parts.last().is_some_and(|name| is_readable(name));
    let (folders, glob) = parts.split_at(if is_file { literal - 1 } else { literal });
    let root = match (absolute, folders.join("/")) {
        (true, folders) if folders.is_empty() => {
            return Err(Fault::new("this is the whole file system", "name a folder"));
        }
        (true, folders) => PathBuf::from(format!("/{folders}")),
        (false, folders) if folders.is_empty() => PathBuf::from("."),
        (false, folders) => PathBuf::from(folders),
    };
    if glob.is_empty() {
        return Ok((root, EVERYTHING.to_owned()));
    }
    let pattern = glob.join("/");
    GlobBuilder::new(&pattern)
        .literal_separator(true)
        .build()
        .map_err(|error| Fault::new(format!("this is not a glob: {}", error.kind()), "for example \"news/**/*.md\""))?;
    if text.ends_with('/') || !can_match(glob.last().unwrap_or(&"")) {
        return Err(Fault::new(
            "this glob matches no document that can be read",
            "let it end in .txt, .md, .html, .htm or *",
        ));
    }
    Ok((root, pattern))
}

fn is_readable(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    ENDINGS.iter().any(|(ending, _)| name.ends_with(ending))
}

/// Whether a name of a readable document can match the last part of a glob: what stands behind its last wildcard
/// must agree with a readable ending, in one of the alternatives at least.
fn can_match(glob: &str) -> bool {
    alternatives(glob).iter().any(|alternative| {
        let tail = alternative.rsplit(['*', '?', ']']).next().unwrap_or_default().to_ascii_lowercase();
        let wild = tail.len() < alternative.len();
        ENDINGS.iter().any(|(ending, _)| tail.ends_with(ending) || (wild && ending.ends_with(&tail)))
    })
}

/// What a glob is for each choice in its braces. Too many choices to look at count as one that matches anything.
fn alternatives(glob: &str) -> Vec<String> {
    const MOST: usize = 256;
    let mut open = vec![glob.to_owned()];
    let mut done = Vec::new();
    while let Some(glob) = open.pop() {
        // The innermost braces first, so that nested ones need no thought.
        let inner = glob.find('}').and_then(|end| {
            let (head, tail) = glob.split_at(end);
            let (prefix, choices) = head.rsplit_once('{')?;
            Some((prefix, choices, tail.strip_prefix('}')?))
        });
        match inner {
            Some((prefix, choices, tail)) => {
                open.extend(choices.split(',').map(|choice| format!("{prefix}{choice}{tail}")));
            }
            None => done.push(glob),
        }
        if open.len() + done.len() > MOST {
            return vec!["*".to_owned()];
        }
    }
    done
}

/// A size in bytes: `8 MiB`, `500 kB`, `1048576`.
pub(super) fn size(text: &str) -> Result<u64, Fault> {
    const UNITS: [(&str, u64); 8] = [
        ("", 1),
        ("b", 1),
        ("kb", 1000),
        ("kib", 1 << 10),
        ("mb", 1_000_000),
        ("mib", 1 << 20),
        ("gb", 1_000_000_000),
        ("gib", 1 << 30),
    ];
    let digits = text.trim().chars().take_while(char::is_ascii_digit).count();
    let (number, unit) = text.trim().split_at(digits);
    let unit = unit.trim().to_ascii_lowercase();
    let factor = UNITS.iter().find(|(name, _)| *name == unit).map(|(_, factor)| *factor);
    match (number.parse::<u64>(), factor) {
        (Ok(number), Some(factor)) => number
            .checked_mul(factor)
            .filter(|bytes| (1..=LARGEST_DOCUMENT).contains(bytes))
            .ok_or_else(|| Fault::new(format!("{} is out of range", text.trim()), "1 B to 1 GiB are possible")),
        _ => Err(Fault::new(format!("\"{text}\" is not a size"), "write it like \"8 MiB\" or \"500 kB\"")),
    }
}

/// A number of items.
pub(super) fn count(number: i64) -> Result<usize, Fault> {
    usize::try_from(number)
        .ok()
        .filter(|number| (1..=MOST_ITEMS).contains(number))
        .ok_or_else(|| Fault::new(format!("{number} is out of range"), format!("1 to {MOST_ITEMS} are possible")))
}

/// A number of items that an archive reaches back.
pub(super) fn archive(number: i64) -> Result<usize, Fault> {
    usize::try_from(number)
        .ok()
        .filter(|number| *number <= LONGEST_ARCHIVE)
        .ok_or_else(|| Fault::new(format!("{number} is out of range"), format!("0 to {LONGEST_ARCHIVE} are possible")))
}

/// The name of a format that feeds are written in.
pub(super) fn format(text: &str) -> Result<&'static str, Fault> {
    let names = || FORMATS.iter().map(|format| format.extension());
    names().find(|name| *name == text).ok_or_else(|| {
        let lower = text.to_lowercase();
        Fault::did_you_mean(
            format!("\"{text}\" is not a format"),
            names().find(|name| lower.contains(name)).or_else(|| nearest(text, names())),
            "there are \"rss\", \"atom\" and \"json\"",
        )
    })
}

/// A regular expression.
pub(super) fn pattern(text: &str) -> Result<Regex, Fault> {
    if text.is_empty() {
        return Err(Fault::new("an empty expression matches everything", "take it out"));
    }
    Regex::new(text).map_err(|error| {
        // The last line names the reason, the ones before draw it below the expression again.
        let message = error.to_string();
        let reason = message.lines().last().unwrap_or_default().trim().trim_start_matches("error: ");
        Fault::new(format!("this is not a regular expression: {reason}"), "see https://docs.rs/regex for the syntax")
    })
}

/// The way from a folder to what lies in it: empty when it is the folder itself. `None`: it lies elsewhere.
pub fn below(path: &Path, folder: &Path) -> Option<PathBuf> {
    whole(path).strip_prefix(whole(folder)).ok().map(Path::to_path_buf)
}

/// A path from the root and without links, as far as it exists.
fn whole(path: &Path) -> PathBuf {
    let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let there = |above: &Path| Some(above.canonicalize().ok()?.join(path.strip_prefix(above).ok()?));
    path.ancestors().find_map(there).unwrap_or(path.clone())
}

/// Whether a glob takes in documents of a folder into which feeds are published.
pub(super) fn reaches_into(glob: &str, folder: &Path) -> bool {
    let Ok(glob) = GlobBuilder::new(glob).literal_separator(true).case_insensitive(true).build() else { return false };
    let matcher = glob.compile_matcher();
    let published = ["index", "all", "sources/page", "categories/page", "feeds/page", "items/page"];
    let documents = published.iter().flat_map(|name| ENDINGS.iter().map(move |(ending, _)| format!("{name}{ending}")));
    documents.into_iter().any(|document| matcher.is_match(folder.join(document)))
}

#[cfg(test)]
mod tests;
