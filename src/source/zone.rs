//! Time zones of the tz database. `build.rs` packs what the crate `chrono-tz` says of them: a third of its room in the program,
//! and nothing that the loader has to put addresses into.

use std::fmt::{self, Debug, Display, Formatter};
use std::str::FromStr;

use chrono::{FixedOffset, MappedLocalTime, NaiveDate, NaiveDateTime, NaiveTime, Offset, TimeZone, Utc};

include!(concat!(env!("OUT_DIR"), "/zones.rs"));

/// When each zone began to be so far from UTC, zone after zone: in the upper 46 bits seconds since 1970, in the lower 18 seconds
/// east of UTC, from −131,072 on. The first of each zone has no beginning.
static SPANS: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/zones"));

/// No zone is further than these seconds from UTC.
const FURTHEST: i64 = 86_400;

/// A zone of the tz database; the number of its row.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Tz(u16);

impl Tz {
    /// `UTC`.
    pub const UTC: Self = Self(UTC_ROW);

    /// All zones, in the order of their names.
    pub fn all() -> impl Iterator<Item = Self> {
        (0_u16..).take(ROWS.len()).map(Self)
    }

    /// As the tz database calls it, like "Asia/Shanghai".
    pub fn name(self) -> &'static str {
        let (start, length, ..) = self.row();
        NAMES.get(start..start + length).unwrap_or_default()
    }

    /// Where its name begins in `NAMES` and how long it is, and the same of its spans.
    fn row(self) -> (usize, usize, usize, usize) {
        let (name, length, first, spans) = ROWS.get(usize::from(self.0)).copied().unwrap_or_default();
        (name.into(), length.into(), first.into(), spans.into())
    }

    fn spans(self) -> &'static [[u8; 8]] {
        let (.., first, spans) = self.row();
        SPANS.as_chunks().0.get(first..first + spans).unwrap_or_default()
    }

    fn offset(self, seconds: i32) -> ZoneOffset {
        ZoneOffset { zone: self, fixed: FixedOffset::east_opt(seconds).unwrap_or(Utc.fix()) }
    }
}

/// When a span began, in seconds since 1970, and how many seconds it is east of UTC.
fn unpacked(span: [u8; 8]) -> (i64, i32) {
    let packed = i64::from_le_bytes(span);
    (packed >> 18, i32::try_from((packed & 0x3_FFFF) - 0x2_0000).unwrap_or_default())
}

impl Display for Tz {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        formatter.pad(self.name())
    }
}

impl Debug for Tz {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        formatter.pad(self.name())
    }
}

/// No zone has that name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a time zone of the tz database")]
pub struct UnknownZone;

impl FromStr for Tz {
    type Err = UnknownZone;

    fn from_str(name: &str) -> Result<Self, UnknownZone> {
        let row = ROWS
            .binary_search_by(|&(start, length, ..)| {
                let start = usize::from(start);
                NAMES.get(start..start + usize::from(length)).unwrap_or_default().cmp(name)
            })
            .map_err(|_| UnknownZone)?;
        u16::try_from(row).map(Self).map_err(|_| UnknownZone)
    }
}

/// How far a zone is from UTC at some time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ZoneOffset {
    zone: Tz,
    fixed: FixedOffset,
}

impl Offset for ZoneOffset {
    fn fix(&self) -> FixedOffset {
        self.fixed
    }
}

impl Display for ZoneOffset {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        Display::fmt(&self.fixed, formatter)
    }
}

impl TimeZone for Tz {
    type Offset = ZoneOffset;

    fn from_offset(offset: &ZoneOffset) -> Self {
        offset.zone
    }

    fn offset_from_local_date(&self, local: &NaiveDate) -> MappedLocalTime<ZoneOffset> {
        let start = self.offset_from_local_datetime(&local.and_time(NaiveTime::MIN));
        let end =
            || self.offset_from_local_datetime(&(local.and_time(NaiveTime::MIN) + chrono::TimeDelta::seconds(86_399)));
        start.earliest().or_else(|| end().earliest()).map_or(MappedLocalTime::None, MappedLocalTime::Single)
    }

    fn offset_from_local_datetime(&self, local: &NaiveDateTime) -> MappedLocalTime<ZoneOffset> {
        let (spans, local) = (self.spans(), local.and_utc().timestamp());
        // Only spans that begin within a day of it, and the one before, may hold it.
        let bound = |end: i64| spans.partition_point(|span| unpacked(*span).0 <= end);
        let (from, to) = (bound(local - FURTHEST).saturating_sub(1), bound(local + FURTHEST));
        let mut found = (from..to).filter_map(|at| {
            let (begin, east) = unpacked(*spans.get(at)?);
            let end = spans.get(at + 1).map_or(i64::MAX, |next| unpacked(*next).0);
            let utc = local - i64::from(east);
            (begin <= utc && utc < end).then(|| self.offset(east))
        });
        match (found.next(), found.next()) {
            (None, _) => MappedLocalTime::None,
            (Some(one), None) => MappedLocalTime::Single(one),
            (Some(one), Some(other)) => MappedLocalTime::Ambiguous(one, other),
        }
    }

    fn offset_from_utc_date(&self, utc: &NaiveDate) -> ZoneOffset {
        self.offset_from_utc_datetime(&utc.and_time(NaiveTime::MIN))
    }

    fn offset_from_utc_datetime(&self, utc: &NaiveDateTime) -> ZoneOffset {
        let (spans, utc) = (self.spans(), utc.and_utc().timestamp());
        let behind = spans.partition_point(|span| unpacked(*span).0 <= utc);
        let span = spans.get(behind.saturating_sub(1)).copied().unwrap_or_default();
        self.offset(unpacked(span).1)
    }
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, TimeDelta};
    use chrono_tz::TZ_VARIANTS;

    use super::*;

    #[test]
    fn all_zones_are_what_the_crate_says() {
        let names: Vec<_> = Tz::all().map(Tz::name).collect();
        let mut expected: Vec<_> = TZ_VARIANTS.iter().map(|zone| zone.name()).collect();
        expected.sort_unstable();
        assert_eq!(names, expected);
        for theirs in TZ_VARIANTS {
            let ours: Tz = theirs.name().parse().unwrap();
            let seconds = |offset: FixedOffset| offset.local_minus_utc();
            let agree = |time: NaiveDateTime| {
                let utc = seconds(theirs.offset_from_utc_datetime(&time).fix());
                assert_eq!(seconds(ours.offset_from_utc_datetime(&time).fix()), utc, "{theirs} at {time} UTC");
                let local = theirs.offset_from_local_datetime(&time).map(|offset| seconds(offset.fix()));
                assert_eq!(
                    ours.offset_from_local_datetime(&time).map(|o| seconds(o.fix())),
                    local,
                    "{theirs} at {time}"
                );
                utc
            };
            let mut time = NaiveDate::from_ymd_opt(1800, 1, 1).unwrap().and_time(NaiveTime::MIN);
            while time < NaiveDate::from_ymd_opt(2200, 1, 1).unwrap().and_time(NaiveTime::MIN) {
                agree(time);
                time += TimeDelta::hours(61 * 24 + 5);
            }
            // Where it changes, all around it.
            for span in ours.spans().iter().skip(1) {
                let change = DateTime::from_timestamp(unpacked(*span).0, 0).unwrap().naive_utc();
                let before = agree(change - TimeDelta::seconds(1));
                let behind = agree(change);
                assert_ne!(before, behind, "{theirs} at {change}");
                for local in [before, behind] {
                    for second in -1..=1 {
                        agree(change + TimeDelta::seconds(i64::from(local) + second));
                    }
                }
            }
        }
    }

    #[test]
    fn a_name_is_that_of_a_zone_or_of_none() {
        assert_eq!("Asia/Shanghai".parse::<Tz>().unwrap().to_string(), "Asia/Shanghai");
        assert_eq!("UTC".parse(), Ok(Tz::UTC));
        for none in ["", "Asia", "asia/shanghai", "Zzz"] {
            assert_eq!(none.parse::<Tz>(), Err(UnknownZone), "{none}");
        }
    }

    #[test]
    fn a_day_begins_where_the_clock_does() {
        let zone: Tz = "America/Sao_Paulo".parse().unwrap();
        let day = NaiveDate::from_ymd_opt(2018, 11, 4).unwrap();
        assert_eq!(
            zone.offset_from_local_date(&day).single().map(|offset| offset.to_string()).as_deref(),
            Some("-02:00")
        );
    }
}
