//! Which time zone was meant by a text that names none: another city, another spelling, an abbreviation or an offset.

use super::problem::nearest;
use super::value::did_you_mean;
use crate::source::Tz;

/// What people write who live in a zone that is named after another city, or after no city; and what cities were called before, of
/// which the tz database has some as names of their own.
const FAMILIAR: [(&str, &str); 17] = [
    ("beijing", "Asia/Shanghai"),
    ("peking", "Asia/Shanghai"),
    ("canton", "Asia/Shanghai"),
    ("guangzhou", "Asia/Shanghai"),
    ("shenzhen", "Asia/Shanghai"),
    ("bombay", "Asia/Kolkata"),
    ("mumbai", "Asia/Kolkata"),
    ("delhi", "Asia/Kolkata"),
    ("new_delhi", "Asia/Kolkata"),
    ("leningrad", "Europe/Moscow"),
    ("batavia", "Asia/Jakarta"),
    ("constantinople", "Europe/Istanbul"),
    ("china", "Asia/Shanghai"),
    ("cst", "Asia/Shanghai"),
    ("utc+8", "Asia/Shanghai"),
    ("gmt+8", "Asia/Shanghai"),
    ("+08:00", "Asia/Shanghai"),
];

/// Abbreviations and a zone whose clocks go by them, where there are several the one with most people who write so.
const ABBREVIATIONS: [(&str, &str); 56] = [
    ("ACDT", "Australia/Adelaide"),
    ("ACST", "Australia/Adelaide"),
    ("ADT", "America/Halifax"),
    ("AEDT", "Australia/Sydney"),
    ("AEST", "Australia/Sydney"),
    ("AKDT", "America/Anchorage"),
    ("AKST", "America/Anchorage"),
    ("ART", "America/Argentina/Buenos_Aires"),
    ("AST", "America/Halifax"),
    ("AWST", "Australia/Perth"),
    ("BRT", "America/Sao_Paulo"),
    ("BST", "Europe/London"),
    ("CAT", "Africa/Maputo"),
    ("CDT", "America/Chicago"),
    ("CEST", "Europe/Berlin"),
    ("CLT", "America/Santiago"),
    ("COT", "America/Bogota"),
    ("CT", "America/Chicago"),
    ("EAT", "Africa/Nairobi"),
    ("EDT", "America/New_York"),
    ("EEST", "Europe/Helsinki"),
    ("ET", "America/New_York"),
    ("GST", "Asia/Dubai"),
    ("HKT", "Asia/Hong_Kong"),
    ("ICT", "Asia/Bangkok"),
    ("IDT", "Asia/Jerusalem"),
    ("IST", "Asia/Kolkata"),
    ("JST", "Asia/Tokyo"),
    ("KST", "Asia/Seoul"),
    ("MDT", "America/Denver"),
    ("MESZ", "Europe/Berlin"),
    ("MEZ", "Europe/Berlin"),
    ("MSK", "Europe/Moscow"),
    ("MT", "America/Denver"),
    ("MYT", "Asia/Kuala_Lumpur"),
    ("NDT", "America/St_Johns"),
    ("NPT", "Asia/Kathmandu"),
    ("NST", "America/St_Johns"),
    ("NZDT", "Pacific/Auckland"),
    ("NZST", "Pacific/Auckland"),
    ("PDT", "America/Los_Angeles"),
    ("PET", "America/Lima"),
    ("PHT", "Asia/Manila"),
    ("PKT", "Asia/Karachi"),
    ("PST", "America/Los_Angeles"),
    ("PT", "America/Los_Angeles"),
    ("SAST", "Africa/Johannesburg"),
    ("SGT", "Asia/Singapore"),
    ("TRT", "Europe/Istanbul"),
    ("UZT", "Asia/Tashkent"),
    ("WAT", "Africa/Lagos"),
    ("WEST", "Europe/Lisbon"),
    ("WIB", "Asia/Jakarta"),
    ("WIT", "Asia/Jayapura"),
    ("WITA", "Asia/Makassar"),
    ("Z", "UTC"),
];

/// What to write instead.
const RIGHT: &str = "write it like \"Asia/Shanghai\" or \"UTC\"";

/// What to write instead of a text that names no zone.
pub(super) fn meant(text: &str) -> String {
    let lower = text.to_lowercase().replace(' ', "_");
    let zones = || Tz::all().map(Tz::name);
    let city_of = |name: &str| name.rsplit('/').next().unwrap_or_default().to_lowercase();
    let written = city_of(&lower);
    let familiar = FAMILIAR.iter().find(|(name, _)| *name == lower || *name == written).map(|(_, meant)| *meant);
    if let Some(meant) = familiar.or_else(|| zones().find(|name| name.to_lowercase() == lower)) {
        return did_you_mean(Some(meant), RIGHT);
    }
    if let Some(hours) = hours(&lower) {
        return offset(hours);
    }
    if let Some((short, meant)) = ABBREVIATIONS.iter().find(|(short, _)| short.eq_ignore_ascii_case(text)) {
        return format!("for {short} as in {meant}, write \"{meant}\"");
    }
    // The city may stand in another part of the world, or alone; the database knows old names of many.
    let meant = zones().find(|name| city_of(name) == written);
    // Any three letters come near to some abbreviation, and a longer one to some country.
    let is_abbreviation = text.len() <= 3
        || text.chars().all(|c| c.is_ascii_uppercase())
        || ["utc", "gmt"].iter().any(|name| lower.starts_with(name));
    // Who mistypes a city seldom does so in its first letter, and "Peking" is not "Kuching".
    let begins = |name: &&str| city_of(name).chars().next() == written.chars().next();
    let near = || nearest(text, zones().filter(begins));
    did_you_mean(meant.or_else(|| if is_abbreviation { None } else { near() }), RIGHT)
}

/// The hours that an offset is east of UTC: `utc+1`, `gmt_-5`, `+1:00`, `+01:00`, `+0100`. `None`: it is none of whole hours.
fn hours(text: &str) -> Option<i32> {
    let offset = ["utc", "gmt"].into_iter().find_map(|name| text.strip_prefix(name)).unwrap_or(text);
    let offset = offset.trim_start_matches('_');
    let four_digits = || offset.split_at_checked(3).filter(|_| offset.len() == 5);
    let (number, minutes) = offset.split_once(':').or_else(four_digits).unwrap_or((offset, "00"));
    let is_signed = number.starts_with(['+', '-']) && minutes == "00";
    number.parse().ok().filter(|hours| is_signed && (-12..=14).contains(hours))
}

/// Names of offsets have the sign of POSIX: west is positive.
fn offset(hours: i32) -> String {
    let zone = if hours == 0 { "UTC".to_owned() } else { format!("Etc/GMT{:+}", -hours) };
    format!(
        "write the zone of a place, like \"Asia/Shanghai\", whose clocks may change; or \"{zone}\", always {hours:+} h"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_zone_that_is_proposed_is_one() {
        for (name, zone) in FAMILIAR.iter().chain(&ABBREVIATIONS) {
            assert!(zone.parse::<Tz>().is_ok(), "{zone}");
            // Whoever writes the name of a zone gets it.
            assert!(name.parse::<Tz>().is_err(), "{name}");
        }
        for hours in -12..=14 {
            let told = offset(hours);
            let zone = told.rsplit('"').nth(1).unwrap();
            assert!(zone.parse::<Tz>().is_ok(), "{told}");
        }
    }

    #[test]
    fn abbreviations_and_offsets_are_proposed_by_what_they_mean() {
        let cases = [
            ("BST", "for BST as in Europe/London, write \"Europe/London\""),
            ("pdt", "for PDT as in America/Los_Angeles, write \"America/Los_Angeles\""),
            ("CST", "did you mean \"Asia/Shanghai\"?"),
            ("XST", RIGHT),
            ("QQQ", RIGHT),
            ("est", "did you mean \"EST\"?"),
            ("Lima", "did you mean \"America/Lima\"?"),
            ("Europe/Lodnon", "did you mean \"Europe/London\"?"),
            (
                "GMT+1",
                "write the zone of a place, like \"Asia/Shanghai\", whose clocks may change; or \"Etc/GMT-1\", always +1 h",
            ),
            (
                "-05:00",
                "write the zone of a place, like \"Asia/Shanghai\", whose clocks may change; or \"Etc/GMT+5\", always -5 h",
            ),
            ("-5:00", &offset(-5)),
            ("UTC -0500", &offset(-5)),
            ("+05:30", RIGHT),
            ("+0530", RIGHT),
            ("UTC8", RIGHT),
            ("Asia/Peking", "did you mean \"Asia/Shanghai\"?"),
            ("PEKING", "did you mean \"Asia/Shanghai\"?"),
            ("Asia/Mumbai", "did you mean \"Asia/Kolkata\"?"),
            ("India/Calcutta", "did you mean \"Asia/Calcutta\"?"),
            ("Asia/New Delhi", "did you mean \"Asia/Kolkata\"?"),
            ("Chongqing", "did you mean \"Asia/Chongqing\"?"),
            ("Asia/Bishkok", "did you mean \"Asia/Bishkek\"?"),
            ("Asia/Zhengzhou", RIGHT),
            ("Japn", "did you mean \"Japan\"?"),
        ];
        for (text, told) in cases {
            assert_eq!(meant(text), told, "{text}");
        }
    }
}
