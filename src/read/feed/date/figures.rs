//! Days in figures that might change places, `03/02/2026`: what each can be, and what the dates of a feed tell of the others.

use chrono::{Datelike, NaiveDate, Weekday};

use crate::read::date::{NumericOrder, YEARS, weekday};
use crate::read::order::of_language;

/// The first year of two figures that is one of the last century: nothing of before is told in a feed so briefly.
const FIRST_SHORT: i32 = 1970;

/// The order of the figures of a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Order {
    /// `03/02/2026` is 2 March.
    MonthDayYear,
    /// `03/02/2026` is 3 February.
    DayMonthYear,
    /// `26/03/02` is 2 March.
    YearMonthDay,
}

impl Order {
    const ALL: [Self; 3] = [Self::MonthDayYear, Self::DayMonthYear, Self::YearMonthDay];
}

/// A day in figures between slashes, hyphens or spaces.
pub(super) struct Figures<'t> {
    /// As it is written.
    pub(super) text: &'t str,
    /// What it may be.
    readings: Vec<(Order, NaiveDate)>,
}

impl<'t> Figures<'t> {
    /// The day in a text; a year of two figures is at most that year. A weekday beside it that agrees with some of what
    /// it may be leaves out the rest. `None`: there is none whose figures might change places.
    pub(super) fn of(text: &'t str, latest: i32) -> Option<Self> {
        let pieces = text.split(|c: char| !c.is_ascii_digit() && !matches!(c, '/' | '-'));
        let spaced = text.split(|c: char| !c.is_ascii_digit() && c != ' ').map(|piece| {
            let piece = piece.trim();
            // Behind the day the hours stand.
            let end = piece.match_indices(' ').nth(2).map_or(piece.len(), |(at, _)| at);
            piece.get(..end).unwrap_or_default()
        });
        let mut found: Self = pieces.chain(spaced).find_map(|piece| Self::in_piece(piece, latest))?;
        let named: Option<Weekday> = text.split(|c: char| !c.is_alphabetic()).find_map(weekday);
        let agrees = |(_, day): &(Order, NaiveDate)| named == Some(day.weekday());
        if found.readings.iter().any(agrees) {
            found.readings.retain(agrees);
        }
        Some(found)
    }

    fn in_piece(text: &'t str, latest: i32) -> Option<Self> {
        let mark = text.chars().find(|c| matches!(c, '/' | '-' | ' '))?;
        let mut figures = text.split(mark).map(|figure| Some((figure.len(), figure.parse::<u32>().ok()?)));
        let ((1 | 2, first), (1 | 2, second), (length, third)) = (figures.next()??, figures.next()??, figures.next()??)
        else {
            return None;
        };
        let is_short = match length {
            4 => false,
            2 => mark == '/',
            _ => return None,
        };
        if figures.next().is_some() {
            return None;
        }
        let reading = |order| {
            let (year, month, day) = match order {
                Order::MonthDayYear => (third, first, second),
                Order::DayMonthYear => (third, second, first),
                Order::YearMonthDay => (first, second, third),
            };
            let year = i32::try_from(year).ok()?;
            let year = match order {
                _ if is_short && 2000 + year <= latest => 2000 + year,
                _ if is_short => Some(1900 + year).filter(|year| *year >= FIRST_SHORT)?,
                Order::YearMonthDay => return None,
                _ => year,
            };
            let day = NaiveDate::from_ymd_opt(year, month, day)?;
            YEARS.contains(&year).then_some((order, day))
        };
        Some(Self { text, readings: Order::ALL.into_iter().filter_map(reading).collect() })
    }

    /// The day in an order. `None`: there is none.
    pub(super) fn day(&self, order: Order) -> Option<NaiveDate> {
        self.readings.iter().find(|(other, _)| *other == order).map(|(_, day)| *day)
    }
}

/// What speaks for an order.
#[derive(Clone, Copy, Debug, Default)]
enum Proof {
    #[default]
    None,
    Of(Order),
    /// There are proofs of several.
    Contrary,
}

impl Proof {
    fn and(self, order: Order) -> Self {
        match self {
            Self::None => Self::Of(order),
            Self::Of(other) if other == order => self,
            Self::Of(_) | Self::Contrary => Self::Contrary,
        }
    }
}

/// What the dates of a feed have told of the order of their figures.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Told {
    /// By dates that can be read in one order only.
    sure: Proof,
    /// By dates that lie ahead in any other: they were told because they had come.
    likely: Proof,
    /// Whether there is a date that can be read in several.
    is_open: bool,
}

impl Told {
    /// The same and what a day tells, with the only order that it can be read in.
    pub(super) fn and(mut self, figures: &Figures<'_>, today: Option<NaiveDate>) -> (Self, Option<Order>) {
        let Some((order, day)) = figures.readings.first().copied() else { return (self, None) };
        if figures.readings.len() == 1 {
            self.sure = self.sure.and(order);
            return (self, Some(order));
        }
        self.is_open |= figures.readings.iter().any(|(_, other)| *other != day);
        let tomorrow = today.and_then(|today| today.succ_opt());
        let mut come = figures.readings.iter().filter(|(_, day)| tomorrow.is_some_and(|tomorrow| *day <= tomorrow));
        if let (Some((order, _)), None) = (come.next(), come.next()) {
            self.likely = self.likely.and(*order);
        }
        (self, None)
    }

    /// The order of the dates that can be read in several, as others tell it, else the language of the feed. `None`: there
    /// are none, or nothing tells it, or the others contradict each other.
    pub(super) fn order(self, language: Option<&str>) -> Option<Order> {
        if !self.is_open {
            return None;
        }
        let of_language = |language| match of_language(language)? {
            NumericOrder::MonthFirst => Some(Order::MonthDayYear),
            NumericOrder::DayFirst => Some(Order::DayMonthYear),
        };
        // English alone is written in either. What is announced lies ahead, so that the language of a country says more.
        let is_of_country = |language: &&str| !language.eq_ignore_ascii_case("en");
        match (self.sure, self.likely) {
            (Proof::Of(order), _) => Some(order),
            (Proof::Contrary, _) => None,
            (Proof::None, Proof::Of(order)) => language.filter(is_of_country).and_then(of_language).or(Some(order)),
            (Proof::None, Proof::None | Proof::Contrary) => of_language(language?),
        }
    }
}
