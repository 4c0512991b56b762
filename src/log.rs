//! What a program that runs for years says of itself: a line for each thing, on standard error.
//!
//! Whoever reads it decides its form: journald gets a priority before each line (sd-daemon(3)), a collector of logs an
//! object of JSON a line, a person the time and the words.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::io::{self, Write as _};

use chrono::{DateTime, SecondsFormat, Utc};

/// How much a line matters, the gravest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// Something is broken until somebody mends it.
    Error,
    /// Something failed, and mends itself or costs little.
    Warning,
    /// What happens in the course of things.
    Info,
    /// What only who looks for a fault wants to read.
    Debug,
}

impl Level {
    const ALL: [Self; 4] = [Self::Error, Self::Warning, Self::Info, Self::Debug];

    /// Its name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Info => "info",
            Self::Debug => "debug",
        }
    }

    /// Its number in syslog (RFC 5424 §6.2.1).
    const fn severity(self) -> u8 {
        match self {
            Self::Error => 3,
            Self::Warning => 4,
            Self::Info => 6,
            Self::Debug => 7,
        }
    }
}

/// How a line is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// `2026-05-03T12:00:00Z warning: the words name=value`.
    Plain,
    /// `<4>the words name=value`: journald has the time, and takes the priority for its own.
    Journal,
    /// `{"time":"…","level":"warning","message":"the words","name":"value"}`.
    Json,
}

impl Form {
    const ALL: [(&'static str, Self); 3] = [("plain", Self::Plain), ("journal", Self::Journal), ("json", Self::Json)];
}

/// A value beside the words of a line.
#[derive(Clone, Debug, PartialEq)]
pub enum Field<'a> {
    /// A text.
    Text(Cow<'a, str>),
    /// A whole number.
    Number(u64),
    /// A length of time in seconds, told to the millisecond.
    Seconds(f64),
}

impl<'a> From<&'a str> for Field<'a> {
    fn from(text: &'a str) -> Self {
        Self::Text(text.into())
    }
}

impl From<String> for Field<'_> {
    fn from(text: String) -> Self {
        Self::Text(text.into())
    }
}

impl From<u64> for Field<'_> {
    fn from(number: u64) -> Self {
        Self::Number(number)
    }
}

impl From<std::time::Duration> for Field<'_> {
    fn from(time: std::time::Duration) -> Self {
        Self::Seconds(time.as_secs_f64())
    }
}

/// Names and values that belong to a line: `&[("source", id.into()), ("new", 3.into())]`. Names are of `a-z` and `_`.
pub type Fields<'a> = &'a [(&'static str, Field<'a>)];

/// Writes lines to standard error: those that matter enough, in the form that is wished for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Log {
    form: Form,
    least: Level,
}

/// Why there is no [`Log`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "\"{0}\" is nothing that a log could be: write plain, journal or json, and how much is told: error, warning, info or debug"
)]
pub struct InvalidLog(String);

impl Log {
    /// The log that is wished for: a form, a level, or both (`json`, `debug`, `json,warning`). Without a form it is that of
    /// the journal where standard error leads there (`journal_stream`: `$JOURNAL_STREAM`, systemd.exec(5)), else plain;
    /// without a level, all but [`Level::Debug`] is told.
    ///
    /// # Errors
    /// When a word is neither.
    pub fn wished(wish: &str, journal_stream: Option<&str>) -> Result<Self, InvalidLog> {
        let form = if journal_stream.is_some_and(leads_to_journal) { Form::Journal } else { Form::Plain };
        let mut log = Self { form, least: Level::Info };
        for word in wish.split([',', ' ']).map(str::trim).filter(|word| !word.is_empty()) {
            if let Some((_, form)) = Form::ALL.into_iter().find(|(name, _)| *name == word) {
                log.form = form;
            } else if let Some(level) = Level::ALL.into_iter().find(|level| level.name() == word) {
                log.least = level;
            } else {
                return Err(InvalidLog(word.to_owned()));
            }
        }
        Ok(log)
    }

    /// Whether lines of that level are told: what costs something to find out need not be, else.
    pub fn tells(self, level: Level) -> bool {
        level <= self.least
    }

    /// Tells what is broken.
    pub fn error(self, now: DateTime<Utc>, words: &str, fields: Fields<'_>) {
        self.tell(Level::Error, now, words, fields);
    }

    /// Tells what failed.
    pub fn warning(self, now: DateTime<Utc>, words: &str, fields: Fields<'_>) {
        self.tell(Level::Warning, now, words, fields);
    }

    /// Tells what happened.
    pub fn info(self, now: DateTime<Utc>, words: &str, fields: Fields<'_>) {
        self.tell(Level::Info, now, words, fields);
    }

    /// Tells what only who looks for a fault wants to read.
    pub fn debug(self, now: DateTime<Utc>, words: &str, fields: Fields<'_>) {
        self.tell(Level::Debug, now, words, fields);
    }

    /// Writes a line, in one piece. Where nobody can read it, nothing is lost but the line.
    pub fn tell(self, level: Level, now: DateTime<Utc>, words: &str, fields: Fields<'_>) {
        if self.tells(level) {
            let _unheard = io::stderr().lock().write_all(line(self.form, level, now, words, fields).as_bytes());
        }
    }
}

/// Whether standard error is the stream that `$JOURNAL_STREAM` names, as device and inode (systemd.exec(5)): a service
/// may have sent it elsewhere since.
fn leads_to_journal(stream: &str) -> bool {
    let Ok(about) = rustix::fs::fstat(io::stderr()) else { return false };
    stream == format!("{}:{}", about.st_dev, about.st_ino)
}

/// A line with its end.
fn line(form: Form, level: Level, now: DateTime<Utc>, words: &str, fields: Fields<'_>) -> String {
    let time = || now.to_rfc3339_opts(SecondsFormat::Secs, true);
    let mut line = match form {
        Form::Json => return json(level, &time(), words, fields),
        Form::Plain => format!("{} {}: ", time(), level.name()),
        Form::Journal => format!("<{}>", level.severity()),
    };
    push_plain(&mut line, words);
    for (name, value) in fields {
        line.extend([" ", name, "="]);
        match value {
            Field::Text(text) if text.is_empty() || text.contains([' ', '"', '=']) => {
                line.push('"');
                push_plain(&mut line, &text.replace('\\', "\\\\").replace('"', "\\\""));
                line.push('"');
            }
            Field::Text(text) => push_plain(&mut line, text),
            Field::Number(number) => line.push_str(&number.to_string()),
            Field::Seconds(seconds) => {
                let _infallible = write!(line, "{seconds:.3}");
            }
        }
    }
    line.push('\n');
    line
}

/// A text on one line: what a stranger sent must not begin a line of its own, or steer a terminal.
fn push_plain(line: &mut String, text: &str) {
    for c in text.chars() {
        if c.is_control() {
            line.extend(c.escape_default());
        } else {
            line.push(c);
        }
    }
}

fn json(level: Level, time: &str, words: &str, fields: Fields<'_>) -> String {
    let known = [("time", time.into()), ("level", level.name().into()), ("message", words.into())];
    let told: serde_json::Map<_, _> = known
        .into_iter()
        .chain(fields.iter().map(|(name, value)| {
            let value = match value {
                Field::Text(text) => text.as_ref().into(),
                Field::Number(number) => (*number).into(),
                Field::Seconds(seconds) => ((seconds * 1000.0).round() / 1000.0).into(),
            };
            (*name, value)
        }))
        .map(|(name, value): (_, serde_json::Value)| (name.to_owned(), value))
        .collect();
    format!("{}\n", serde_json::Value::Object(told))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use chrono::TimeZone as _;

    use super::*;

    fn written(form: Form) -> String {
        let now = Utc.with_ymd_and_hms(2026, 5, 3, 12, 0, 0).unwrap();
        let fields = [
            ("source", "harbour".into()),
            ("status", 503.into()),
            ("took", Duration::from_micros(1_234_567).into()),
            ("agent", "x \"y\"\n<0>forged".into()),
            ("referrer", "".into()),
        ];
        line(form, Level::Warning, now, "cannot be fetched\r\n<0>forged", &fields)
    }

    #[test]
    fn a_line_has_the_form_that_its_reader_knows() {
        let told = "source=harbour status=503 took=1.235 agent=\"x \\\"y\\\"\\n<0>forged\" referrer=\"\"\n";
        let words = "cannot be fetched\\r\\n<0>forged";
        assert_eq!(written(Form::Plain), format!("2026-05-03T12:00:00Z warning: {words} {told}"));
        assert_eq!(written(Form::Journal), format!("<4>{words} {told}"));
        assert_eq!(
            written(Form::Json),
            "{\"time\":\"2026-05-03T12:00:00Z\",\"level\":\"warning\",\"message\":\"cannot be fetched\\r\\n<0>forged\",\
             \"source\":\"harbour\",\"status\":503,\"took\":1.235,\"agent\":\"x \\\"y\\\"\\n<0>forged\",\"referrer\":\"\"}\n"
        );
    }

    const fn log(form: Form, least: Level) -> Log {
        Log { form, least }
    }

    #[test]
    fn a_log_is_what_is_wished_for() {
        let wished = |wish| Log::wished(wish, None);
        assert_eq!(wished(""), Ok(log(Form::Plain, Level::Info)));
        assert_eq!(wished("json"), Ok(log(Form::Json, Level::Info)));
        assert_eq!(wished("debug,journal"), Ok(log(Form::Journal, Level::Debug)));
        assert!(wished("jsn").unwrap_err().to_string().starts_with("\"jsn\" is nothing that a log could be"));
        let log = log(Form::Plain, Level::Warning);
        assert_eq!(Level::ALL.map(|level| log.tells(level)), [true, true, false, false]);
    }

    #[test]
    fn the_journal_is_told_only_where_it_listens() {
        let about = rustix::fs::fstat(io::stderr()).unwrap();
        let here = format!("{}:{}", about.st_dev, about.st_ino);
        assert_eq!(Log::wished("", Some(&here)), Ok(log(Form::Journal, Level::Info)));
        assert_eq!(Log::wished("", Some("1:1")), Ok(log(Form::Plain, Level::Info)));
        assert_eq!(Log::wished("json", Some(&here)), Ok(log(Form::Json, Level::Info)));
    }
}
