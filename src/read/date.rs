//! stub
use chrono::{NaiveDate, NaiveDateTime};
use std::ops::Range;
use crate::draft::When;
pub struct Context { pub now: NaiveDateTime, pub numeric_order: NumericOrder, pub year: Option<i32> }
impl Context { pub fn at(now: NaiveDateTime) -> Self { Self { now, numeric_order: NumericOrder::MonthFirst, year: None } } }
pub enum NumericOrder { MonthFirst, DayFirst }
pub struct Mention { pub range: Range<usize>, pub when: When, pub until: Option<NaiveDate>, pub manner: Manner }
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Manner { Written, YearInferred, Relative, Season, BareYear, Lunar }
pub fn mentions(_t: &str, _c: &Context) -> Vec<Mention> { Vec::new() }
pub fn first(_t: &str, _c: &Context) -> Option<Mention> { None }
pub fn machine(_t: &str) -> Option<When> { None }
