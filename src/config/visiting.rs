//! Values that say how the web is visited: lengths of time, addresses, headers.

use std::borrow::Cow;
use std::time::Duration;

use url::Url;

use super::keys::MOST_REQUESTS;
use super::value::{Fault, line, web_address};
use crate::collect::address::{InvalidNetwork, Private};
use crate::source::{Every, Times};

/// A number of requests in flight.
pub(super) fn requests(number: i64) -> Result<usize, Fault> {
    usize::try_from(number)
        .ok()
        .filter(|number| (1..=MOST_REQUESTS).contains(number))
        .ok_or_else(|| Fault::new(format!("{number} is out of range"), format!("1 to {MOST_REQUESTS} are possible")))
}

const MINUTE: u64 = 60;
const HOUR: u64 = 60 * MINUTE;
const DAY: u64 = 24 * HOUR;
const YEAR: u64 = 365 * DAY;

/// Units of time, each by the name that it is shown with and its others, and their seconds, the longest first.
const UNITS_OF_TIME: [(&[&str], u64); 6] = [
    (&["y", "year", "years"], YEAR),
    (&["w", "week", "weeks"], 7 * DAY),
    (&["d", "day", "days"], DAY),
    (&["h", "hour", "hours"], HOUR),
    (&["m", "min", "minute", "minutes"], MINUTE),
    (&["s", "sec", "second", "seconds"], 1),
];

/// A time between two visits: a minute to 30 days.
pub(super) fn interval(text: &str) -> Result<Duration, Fault> {
    duration(text.trim(), MINUTE..=30 * DAY)
}

/// A time between two visits, or the times of all, as a cron line.
pub(super) fn every(text: &str) -> Result<Every, Fault> {
    let is_meant_as_line = || text.contains(['*', '@']) || text.split_ascii_whitespace().count() > 2;
    match interval(text) {
        Err(_) if is_meant_as_line() => Times::new(text).map(|times| Every::At(Box::new(times))).map_err(|error| {
            let error = error.to_string();
            let (message, hint) = error.split_once(": ").unwrap_or((&error, ""));
            Fault::new(message, hint)
        }),
        length => length.map(Every::Interval),
    }
}

/// A time that items stay: a day to a thousand years of 365 days.
pub(super) fn keeping(text: &str) -> Result<Duration, Fault> {
    duration(text.trim(), DAY..=1_000 * YEAR)
}

/// A time to wait for an answer: a second to ten minutes.
pub(super) fn timeout(text: &str) -> Result<Duration, Fault> {
    duration(text.trim(), 1..=10 * MINUTE)
}

fn duration(text: &str, range: std::ops::RangeInclusive<u64>) -> Result<Duration, Fault> {
    let wrong =
        || Fault::new(format!("\"{text}\" is not a length of time"), "write it like \"30m\", \"1h 30m\" or \"2d\"");
    let mut seconds = 0_u64;
    let mut rest = text;
    while !rest.is_empty() {
        let digits = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        let (number, after) = rest.split_at(digits);
        let after = after.trim_start();
        let letters = after.len() - after.trim_start_matches(|c: char| c.is_ascii_alphabetic()).len();
        let (unit, after) = after.split_at(letters);
        let is_meant = |names: &[&str]| names.iter().any(|name| unit.eq_ignore_ascii_case(name));
        let factor = UNITS_OF_TIME.iter().find(|(names, _)| is_meant(names)).map(|(_, factor)| *factor);
        let part = number.parse::<u64>().ok().zip(factor).and_then(|(number, factor)| number.checked_mul(factor));
        seconds = part.and_then(|part| seconds.checked_add(part)).ok_or_else(wrong)?;
        rest = after.trim_start();
    }
    let length = Duration::from_secs(seconds);
    match (text.is_empty(), range.contains(&seconds)) {
        (true, _) => Err(wrong()),
        (false, true) => Ok(length),
        (false, false) => {
            let spelled = |seconds: &u64| spelled(Duration::from_secs(*seconds));
            let hint = format!("{} to {} are possible", spelled(range.start()), spelled(range.end()));
            Err(Fault::new(format!("{text} is out of range"), hint))
        }
    }
}

/// A length of time as it is written: whole seconds in the longest units, `1h 30m`.
pub fn spelled(time: Duration) -> String {
    let mut rest = time.as_secs();
    let mut parts = Vec::new();
    for (names, seconds) in UNITS_OF_TIME {
        if rest >= seconds {
            parts.push(format!("{}{}", rest / seconds, names[0]));
            rest %= seconds;
        }
    }
    parts.join(" ")
}

/// How often a source is looked at, as it is written.
pub fn told(every: &Every) -> String {
    match every {
        Every::Interval(time) => spelled(*time),
        Every::At(times) => times.to_string(),
    }
}

/// The address of a feed, as the configuration takes it.
///
/// # Errors
/// What is wrong with it, and what to write instead.
pub fn feed_address(text: &str) -> Result<Url, String> {
    address(text).map_err(Fault::in_words)
}

/// Schemes that say that a feed is at an address of the web.
const FEED_SCHEMES: [&str; 4] = ["feed", "itpc", "itms", "pcast"];

/// An http(s) address of a document: without user, password and fragment.
pub(super) fn address(text: &str) -> Result<Url, Fault> {
    let text = text.trim();
    // What browsers and shops of podcasts hand over to feed readers: `feed:https://…`, `itpc://…`.
    let told =
        text.split_once(':').filter(|(scheme, _)| FEED_SCHEMES.iter().any(|feed| feed.eq_ignore_ascii_case(scheme)));
    let text = match told {
        Some((_, rest)) if rest.starts_with("//") => Cow::Owned(format!("http:{rest}")),
        Some((_, rest)) if rest.starts_with("http") => Cow::Borrowed(rest),
        _ => Cow::Borrowed(text),
    };
    let mut url = web_address(&text, "https://www.example.edu/rss.xml")?;
    if !url.username().is_empty() || url.password().is_some() {
        let hint = "give them as `user` and `password_file`";
        return Err(Fault::new("an address with a user or password in it would be shown and logged", hint));
    }
    url.set_fragment(None);
    Ok(url)
}

/// The http(s) address of a hub; feeds name it, so that it has no user and no password.
pub(super) fn hub(text: &str) -> Result<Url, Fault> {
    let url = Url::parse(text.trim()).ok().filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host());
    let is_public = |url: &Url| url.username().is_empty() && url.password().is_none() && url.fragment().is_none();
    url.filter(is_public).ok_or_else(|| {
        let message = format!("\"{text}\" is no address of a hub that feeds could name");
        Fault::new(message, "write it like \"https://hub.example.org/\", without user, password and #")
    })
}

/// The http(s) address of a proxy; a user and password may stand in it.
pub(super) fn proxy(text: &str) -> Result<Url, Fault> {
    let url = Url::parse(text.trim()).ok().filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host());
    url.ok_or_else(|| {
        Fault::new(format!("\"{text}\" is no http proxy"), "write it like \"http://proxy.example.edu:3128\"")
    })
}

/// What we call ourselves: characters that a header may carry (RFC 9110 §5.5).
pub(super) fn user_agent(text: &str) -> Result<String, Fault> {
    let text = line(text)?;
    header("User-Agent", &text).map(|()| text)
}

/// A host or network that may be asked though it is not on the open web.
pub(super) fn network(text: &str) -> Result<String, Fault> {
    let wrong = |error: InvalidNetwork| {
        let text = error.to_string();
        let (message, hint) = text.split_once(": ").unwrap_or((&text, ""));
        Fault::new(message, hint)
    };
    Private::new([text]).map(|_| text.to_owned()).map_err(wrong)
}

/// The name and value of a header (RFC 9110 §5.1, §5.5).
pub(super) fn header(name: &str, value: &str) -> Result<(), Fault> {
    let is_token = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c);
    if name.is_empty() || !name.chars().all(is_token) {
        return Err(Fault::new(format!("\"{name}\" is no name of a header"), "write it like Cookie or \"X-Token\""));
    }
    if value.chars().any(|c| c.is_control() && c != '\t') {
        return Err(Fault::new(format!("the value of {name} has control characters"), "write it on one line"));
    }
    let ours = [
        "host", "connection", "content-length", "transfer-encoding", "accept-encoding", "if-none-match",
        "if-modified-since",
    ];
    if ours.contains(&name.to_ascii_lowercase().as_str()) {
        return Err(Fault::new(format!("{name} is set by feedgen itself"), "leave it out"));
    }
    Ok(())
}
