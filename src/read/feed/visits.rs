//! When a feed wishes to be visited: RSS 2.0 `<ttl>`, `<skipHours>` and `<skipDays>`, RSS 1.0 module Syndication.

use chrono::Weekday;

use super::date::Dates;
use super::namespace::Space::{Core, Syndication};
use super::tree::{Element, Elements};
use crate::document::{Period, Update, Visits};
use crate::source::Tz;

/// Minutes that a feed may ask to be left alone, a year; a longer `<ttl>` is a mistake.
const LONGEST_TTL: u32 = 365 * 24 * 60;
/// Updates in one period; more are a mistake.
const MOST_UPDATES: u32 = 10_000;

/// The period of that name.
fn period_named(name: &str) -> Option<Period> {
    match name.to_ascii_lowercase().as_str() {
        "hourly" => Some(Period::Hourly),
        "daily" => Some(Period::Daily),
        "weekly" => Some(Period::Weekly),
        "monthly" => Some(Period::Monthly),
        "yearly" => Some(Period::Yearly),
        _ => None,
    }
}

/// What the elements of a channel say of its visits.
pub(super) fn visits(elements: &Elements) -> Visits {
    let mut visits = Visits::default();
    let (mut period, mut frequency, mut base) = (None, None, None);
    for (at, element) in elements.children(0) {
        let told = |name: &'static str| {
            elements.children(at).filter_map(move |(_, part)| part.text().filter(|_| part.name == name))
        };
        match (element.space, element.name.as_str()) {
            (Core, "ttl") => visits.ttl = number(element).filter(|minutes| (1..=LONGEST_TTL).contains(minutes)),
            (Core, "skiphours") => {
                let hours = told("hour").filter_map(|hour| hour.parse::<u8>().ok()).filter(|hour| *hour <= 24);
                // RSS 0.91 counts to 24, RSS 2.0 from 0.
                visits.skip_hours.extend(hours.map(|hour| hour % 24));
                visits.skip_hours.sort_unstable();
                visits.skip_hours.dedup();
            }
            (Core, "skipdays") => {
                for day in told("day").filter_map(|day| day.parse::<Weekday>().ok()) {
                    if !visits.skip_days.contains(&day) {
                        visits.skip_days.push(day);
                    }
                }
            }
            (Syndication, "updateperiod") => period = element.text(),
            (Syndication, "updatefrequency") => frequency = element.text().map(|_| number(element)),
            (Syndication, "updatebase") => base = element.text().and_then(|text| Dates::default().read(text)),
            _ => {}
        }
    }
    // The module takes a period that is not told for `daily` and a frequency for 1; what is told and wrong tells nothing.
    let period = period.map_or_else(|| frequency.map(|_| Period::Daily), period_named);
    let frequency = frequency.unwrap_or(Some(1)).filter(|times| (1..=MOST_UPDATES).contains(times));
    visits.update = period.zip(frequency).map(|(period, frequency)| {
        let base = base.and_then(|base| base.stamp(Tz::UTC));
        Update { period, frequency, base }
    });
    visits
}

fn number(element: &Element) -> Option<u32> {
    element.text()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::feed::{Around, read};

    #[track_caller]
    fn of(told: &str) -> Visits {
        let feed = format!(
            "<rss xmlns:sy='http://purl.org/rss/1.0/modules/syndication/'><channel>{told}<item><ttl>7</ttl></item></channel></rss>"
        );
        read(feed.as_bytes(), &Around::default()).expect("it is a feed").visits
    }

    #[test]
    fn wishes_are_read() {
        let visits = of("<ttl> 60 </ttl><skipHours><hour>24</hour><hour>3</hour><hour>03</hour><hour>25</hour><hour>-1</hour></skipHours>
            <skipDays><day>Sunday</day><day>saturday</day><day>Sunday</day><day>Someday</day></skipDays>");
        assert_eq!((visits.ttl, visits.update), (Some(60), None));
        assert_eq!(visits.skip_hours, [0, 3]);
        assert_eq!(visits.skip_days, [Weekday::Sun, Weekday::Sat]);
        let visits = of("<sy:updatePeriod> Hourly </sy:updatePeriod><sy:updateFrequency>2</sy:updateFrequency>
            <sy:updateBase>2000-01-01T12:30+00:00</sy:updateBase>");
        let update = visits.update.expect("an update");
        assert_eq!((update.period, update.frequency), (Period::Hourly, 2));
        assert_eq!(update.base.map(|base| base.to_rfc3339()).as_deref(), Some("2000-01-01T12:30:00+00:00"));
        let daily = Update { period: Period::Daily, frequency: 1, base: None };
        assert_eq!(of("<sy:updatePeriod>daily</sy:updatePeriod>").update, Some(daily));
        assert_eq!(
            of("<sy:updateFrequency>4</sy:updateFrequency>").update.map(|update| (update.period, update.frequency)),
            Some((Period::Daily, 4))
        );
    }

    #[test]
    fn atom_may_tell_its_period_too() {
        let feed = b"<feed xmlns='http://www.w3.org/2005/Atom'><sy:updatePeriod>weekly</sy:updatePeriod></feed>";
        let visits = read(feed, &Around::default()).expect("it is a feed").visits;
        assert_eq!(visits.update.map(|update| update.period), Some(Period::Weekly));
    }

    #[test]
    fn numbers_beyond_reason_are_left_out() {
        for told in [
            "",
            "<ttl>0</ttl><ttl>0</ttl>",
            "<ttl>99999999999</ttl>",
            "<ttl>-5</ttl>",
            "<ttl>soon</ttl>",
            "<ttl>525601</ttl>",
            "<sy:updatePeriod>always</sy:updatePeriod>",
            "<sy:updatePeriod>daily</sy:updatePeriod><sy:updateFrequency>0</sy:updateFrequency>",
            "<sy:updatePeriod>daily</sy:updatePeriod><sy:updateFrequency>1000000</sy:updateFrequency>",
            "<sy:updateBase>2000-01-01T12:30+00:00</sy:updateBase>",
        ] {
            assert_eq!(of(told), Visits::default(), "{told}");
        }
    }
}
