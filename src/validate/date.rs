//! The two ways feeds write dates: RFC 822 (RSS, OPML) and RFC 3339 (Atom, JSON Feed), and its coarser parent W3C-DTF.

use chrono::{DateTime, Datelike, FixedOffset, NaiveDate, NaiveTime, TimeDelta, Utc, Weekday};

/// A date that was understood.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Read {
    /// The point in time; the start of a coarser date.
    pub(super) instant: DateTime<Utc>,
    /// Why some readers may not understand it. `None`: they all will.
    pub(super) doubt: Option<&'static str>,
}

/// News is not older than this.
const OLDEST_YEAR: i32 = 1990;

/// Clocks may differ by this much.
const CLOCK_MINUTES: i64 = 10;

/// What makes a date implausible. `None`: nothing.
pub(super) fn implausible(instant: DateTime<Utc>, now: DateTime<Utc>) -> Option<&'static str> {
    if instant.year() < OLDEST_YEAR {
        Some("is older than any feed; leave the date out if it is not known")
    } else if now.checked_add_signed(TimeDelta::minutes(CLOCK_MINUTES)).is_some_and(|latest| instant > latest) {
        Some("is in the future; many readers hide the item until then, or forever")
    } else {
        None
    }
}

/// Reads a date of RSS (RFC 822 §5.1 with years of four digits). The error says what is wrong.
pub(super) fn rfc822(text: &str) -> Result<Read, &'static str> {
    const FORM: &str = "is no date like `Wed, 26 Mar 2025 16:00:00 GMT`";
    let plain = without_comments(text);
    let mut doubt = (plain != text).then_some("has a comment");
    let (weekday, rest) = match plain.split_once(',') {
        Some((name, rest)) => {
            let name = name.trim();
            let day: Weekday = name.parse().map_err(|_| "begins with a word that is no weekday")?;
            if name.len() != 3 {
                return Err("spells its weekday in full; write three letters");
            }
            if !is_capitalised(name) || !rest.starts_with(' ') {
                doubt = Some("is not written like `Wed, 26 Mar 2025 16:00:00 GMT`");
            }
            (Some(day), rest)
        }
        None => (None, plain.as_str()),
    };
    let parts: Vec<&str> = rest.split_whitespace().collect();
    if parts.join(" ") != rest.strip_prefix(' ').unwrap_or(rest) {
        doubt = Some("has white space where one space should stand");
    }
    let (day, month, year, time, zone) = match parts.as_slice() {
        [day, month, year, time, zone] => (*day, *month, *year, *time, Some(*zone)),
        [day, month, year, time] => (*day, *month, *year, *time, None),
        _ => return Err(FORM),
    };
    if !(1..=2).contains(&day.len()) {
        return Err(FORM);
    }
    let month = month_number(month).ok_or("names a month that is none of Jan to Dec")?;
    if !is_capitalised(parts.get(1).copied().unwrap_or_default()) {
        doubt = Some("does not capitalise its month");
    }
    let digits = number(year).ok_or(FORM)?;
    let year = match year.len() {
        4 => digits,
        2 => {
            doubt = Some("has a year of two digits; write four");
            if digits < 50 { digits + 2000 } else { digits + 1900 }
        }
        _ => return Err("has a year that is not four digits"),
    };
    let date = calendar(year, month, number(day).ok_or(FORM)?)?;
    let mut clock = time.split(':');
    let (hour, minute, second) = (clock.next(), clock.next(), clock.next());
    if clock.next().is_some() || [hour, minute].iter().any(|part| part.is_none_or(|part| part.len() != 2)) {
        return Err(FORM);
    }
    if second.is_some_and(|second| second.len() != 2) {
        return Err(FORM);
    }
    let time = time_of_day(hour.unwrap_or_default(), minute.unwrap_or_default(), second.unwrap_or("00"))?;
    let offset = if let Some(zone) = zone {
        let (minutes, strange) = zone_minutes(zone)?;
        doubt = strange.or(doubt);
        minutes
    } else {
        doubt = Some("has no time zone; write GMT");
        0
    };
    if weekday.is_some_and(|weekday| weekday != date.weekday()) {
        return Err("names the wrong weekday for that day");
    }
    Ok(Read { instant: instant(date, time, offset)?, doubt })
}

/// Reads a date of Atom or JSON Feed (RFC 3339 §5.6; capital T and Z, as RFC 4287 §3.3 wants).
pub(super) fn rfc3339(text: &str) -> Result<Read, &'static str> {
    const FORM: &str = "is no date like `2025-03-26T16:00:00Z`";
    let (date, time) = text.split_once('T').ok_or(FORM)?;
    let zone_at = time.find(['Z', '+', '-']).ok_or("has no time zone; end in Z or +08:00")?;
    let (clock, zone) = time.split_at(zone_at);
    if clock.len() < 8 {
        return Err(FORM);
    }
    let day = w3c_day(date)?;
    if date.len() != 10 {
        return Err(FORM);
    }
    Ok(Read { instant: instant(day, w3c_time(clock)?, w3c_zone(zone)?)?, doubt: None })
}

/// Reads a date of Dublin Core (W3C-DTF): like RFC 3339, and coarser: `2025`, `2025-03`, `2025-03-26`.
pub(super) fn w3c(text: &str) -> Result<Read, &'static str> {
    let Some((date, time)) = text.split_once('T') else {
        return Ok(Read { instant: instant(w3c_day(text)?, NaiveTime::MIN, 0)?, doubt: None });
    };
    let zone_at = time.find(['Z', '+', '-']).ok_or("has no time zone; end in Z or +08:00")?;
    let (clock, zone) = time.split_at(zone_at);
    Ok(Read { instant: instant(w3c_day(date)?, w3c_time(clock)?, w3c_zone(zone)?)?, doubt: None })
}

fn w3c_day(text: &str) -> Result<NaiveDate, &'static str> {
    const FORM: &str = "is no date like `2025-03-26`";
    let parts: Vec<&str> = text.splitn(4, '-').collect();
    let lengths: Vec<usize> = parts.iter().map(|part| part.len()).collect();
    if !matches!(lengths.as_slice(), [4] | [4, 2] | [4, 2, 2]) {
        return Err(FORM);
    }
    let part = |index: usize| parts.get(index).map_or(Some(1), |part| number(part)).ok_or(FORM);
    let month = u32::try_from(part(1)?).map_err(|_| FORM)?;
    calendar(part(0)?, month, part(2)?)
}

fn w3c_time(text: &str) -> Result<NaiveTime, &'static str> {
    const FORM: &str = "has no time like `16:00:00`";
    let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
    let parts: Vec<&str> = whole.splitn(4, ':').collect();
    if fraction.is_empty()
        || fraction.bytes().any(|digit| !digit.is_ascii_digit())
        || parts.iter().any(|part| part.len() != 2)
    {
        return Err(FORM);
    }
    match parts.as_slice() {
        [hour, minute] => time_of_day(hour, minute, "00"),
        [hour, minute, second] => time_of_day(hour, minute, second),
        _ => Err(FORM),
    }
}

fn w3c_zone(text: &str) -> Result<i32, &'static str> {
    const FORM: &str = "has no time zone like Z or +08:00";
    if text == "Z" {
        return Ok(0);
    }
    let (hours, minutes) = text.get(1..).and_then(|zone| zone.split_once(':')).ok_or(FORM)?;
    if hours.len() != 2 || minutes.len() != 2 {
        return Err(FORM);
    }
    let minutes = offset(hours, minutes).ok_or(FORM)?;
    Ok(if text.starts_with('-') { -minutes } else { minutes })
}

/// Minutes east of Greenwich, and why that zone is doubtful.
fn zone_minutes(zone: &str) -> Result<(i32, Option<&'static str>), &'static str> {
    if let Some(digits) = zone.strip_prefix(['+', '-']) {
        let (hours, minutes) =
            digits.split_at_checked(2).filter(|_| digits.len() == 4).ok_or("has a zone that is not like +0800")?;
        let east = offset(hours, minutes).ok_or("has a zone that does not exist")?;
        let strange = (!matches!(minutes, "00" | "30")).then_some("has an odd time zone; write it in GMT");
        return Ok((if zone.starts_with('-') { -east } else { east }, strange));
    }
    let hours = match zone.to_ascii_uppercase().as_str() {
        "GMT" | "UT" | "Z" => 0,
        "EDT" => -4,
        "EST" | "CDT" => -5,
        "CST" | "MDT" => -6,
        "MST" | "PDT" => -7,
        "PST" => -8,
        letter if letter.len() == 1 && letter != "J" && letter.bytes().all(|byte| byte.is_ascii_uppercase()) => {
            return Ok((0, Some("has a military time zone, which means nothing; write GMT")));
        }
        _ => return Err("has a time zone that RFC 822 does not know; write GMT"),
    };
    let capital = zone.bytes().all(|byte| byte.is_ascii_uppercase());
    Ok((hours * 60, (!capital).then_some("does not write its time zone in capitals")))
}

fn offset(hours: &str, minutes: &str) -> Option<i32> {
    let (hours, minutes) = (number(hours)?, number(minutes)?);
    (hours < 24 && minutes < 60).then_some(hours * 60 + minutes)
}

fn calendar(year: i32, month: u32, day: i32) -> Result<NaiveDate, &'static str> {
    let day = u32::try_from(day).unwrap_or_default();
    NaiveDate::from_ymd_opt(year, month, day).ok_or("is a day that the calendar does not have")
}

fn time_of_day(hour: &str, minute: &str, second: &str) -> Result<NaiveTime, &'static str> {
    const FORM: &str = "has a time that the clock does not show";
    let part = |text: &str| number(text).and_then(|number| u32::try_from(number).ok()).ok_or(FORM);
    // A leap second is legal (RFC 3339 §5.6); for us it is the second before.
    NaiveTime::from_hms_opt(part(hour)?, part(minute)?, part(second)?.min(if second == "60" { 59 } else { 99 }))
        .ok_or(FORM)
}

fn instant(date: NaiveDate, time: NaiveTime, minutes_east: i32) -> Result<DateTime<Utc>, &'static str> {
    let zone = FixedOffset::east_opt(minutes_east * 60).ok_or("has a zone that does not exist")?;
    let local = date.and_time(time).and_local_timezone(zone).single();
    local.map(|local| local.to_utc()).ok_or("is beyond what can be counted")
}

/// A short number of digits only.
fn number(text: &str) -> Option<i32> {
    (!text.is_empty() && text.len() <= 4 && text.bytes().all(|byte| byte.is_ascii_digit()))
        .then(|| text.parse().ok())?
}

fn month_number(name: &str) -> Option<u32> {
    const MONTHS: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    let index = MONTHS.iter().position(|month| month.eq_ignore_ascii_case(name))?;
    u32::try_from(index + 1).ok()
}

fn is_capitalised(word: &str) -> bool {
    word.starts_with(|c: char| c.is_ascii_uppercase()) && word.bytes().skip(1).all(|byte| byte.is_ascii_lowercase())
}

/// Removes `(comments)`, which RFC 822 allows anywhere, even in each other.
fn without_comments(text: &str) -> String {
    let mut depth = 0_usize;
    let mut plain = String::new();
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        match character {
            '\\' => _ = characters.next(),
            '(' => depth += 1,
            ')' if depth > 0 => {
                depth -= 1;
                plain.push(' ');
            }
            _ if depth == 0 => plain.push(character),
            _ => {}
        }
    }
    plain.trim().to_owned()
}
