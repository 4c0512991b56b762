//! What an answer says of its own time: how long it is fresh (RFC 9111 §4.2), and when to come back (RFC 9110 §10.2.3).

use chrono::{DateTime, NaiveDateTime, TimeDelta, Utc};

use crate::collect::fetch::Head;

/// The longest time that a header may speak of: what is beyond is a slip, and would not fit a date.
const LONGEST: u32 = 365 * 86_400;

/// How long an answer stays fresh from now on. `None`: it does not say, or is stale already.
pub fn freshness(head: &Head, now: DateTime<Utc>) -> Option<TimeDelta> {
    let directives = head.cache_control.as_deref().unwrap_or_default();
    let mut max_age = None;
    for directive in directives.split(',') {
        let (name, value) = directive.split_once('=').unwrap_or((directive, ""));
        match name.trim().to_ascii_lowercase().as_str() {
            "no-cache" | "no-store" => return None,
            // The first counts, and one that is no number is stale (RFC 9111 §4.2.1).
            "max-age" if max_age.is_none() => {
                max_age = Some(seconds(value.trim().trim_matches('"')).unwrap_or_default());
            }
            _ => {}
        }
    }
    let date = head.date.as_deref().and_then(http_date).unwrap_or(now);
    // An `Expires` that is no date is in the past (RFC 9111 §5.3).
    let expires = || head.expires.as_deref().map(|text| http_date(text).map_or(TimeDelta::zero(), |time| time - date));
    let lifetime = max_age.or_else(expires)?;
    let age = head.age.as_deref().and_then(seconds).unwrap_or_default();
    Some(lifetime - age).filter(|left| *left > TimeDelta::zero())
}

/// How long the server asks to wait. A date is compared with the server's own clock, where the answer tells it.
pub fn retry_after(head: &Head, now: DateTime<Utc>) -> Option<TimeDelta> {
    let text = head.retry_after.as_deref()?.trim();
    let clock = head.date.as_deref().and_then(http_date).unwrap_or(now);
    seconds(text).or_else(|| Some(http_date(text)? - clock)).filter(|wait| *wait > TimeDelta::zero())
}

/// A number of seconds (RFC 9111 §1.2.2): digits only. Numbers too large to count are the largest.
fn seconds(text: &str) -> Option<TimeDelta> {
    let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| TimeDelta::seconds(text.parse().unwrap_or(LONGEST).min(LONGEST).into()))
}

/// A date as HTTP writes it, in each of the three ways of RFC 9110 §5.6.7.
pub fn http_date(text: &str) -> Option<DateTime<Utc>> {
    let text = text.trim();
    let fixed = || DateTime::parse_from_rfc2822(text).ok().map(|time| time.to_utc());
    let local = |format| NaiveDateTime::parse_from_str(text, format).ok().map(|time| time.and_utc());
    fixed().or_else(|| local("%A, %d-%b-%y %H:%M:%S GMT")).or_else(|| local("%a %b %e %H:%M:%S %Y"))
}
