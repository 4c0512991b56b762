//! What only all entries of a list tell together: what was told once holds as long as the list is read in the same way, so that no
//! title changes when others come and go, and no date is read in another order than that of the day before.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::super::Policy;
use super::super::date::{Context, NumericOrder};
use super::super::order::of_text;
use super::entry::Rules;
use super::glued::Glue;
use super::order;

/// What is told of a list by all of its entries.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Habits {
    /// What its titles have glued to them.
    pub(super) glue: Glue,
    /// Texts that name no entry, for they stand in many.
    pub(super) repeated: BTreeSet<String>,
    /// The order of the figures of its dates, where one of them can be read in no other. What was only likely is found out anew.
    pub(super) numeric_order: Option<NumericOrder>,
    /// Whether its dates of three figures of two digits begin with the year. `None`: there were none.
    pub(super) year_first: Option<bool>,
}

impl Habits {
    /// Whether nothing is told.
    pub(super) fn are_none(&self) -> bool {
        *self == Self::default()
    }

    /// Those of its titles: they hold where the site is made anew, and its dates may be written in another way.
    pub(super) fn of_titles(&self) -> Self {
        Self { glue: self.glue, repeated: self.repeated.clone(), ..Self::default() }
    }

    /// They, and those by which its entries were read now. `raw`: its dates as they were written.
    pub(super) fn and(&self, rules: &Rules<'_>, raw: &[&str], context: &Context, policy: Policy) -> Self {
        let year_first = order::are_of_two_figures(raw).then_some(context.year_first);
        Self {
            glue: rules.glue,
            repeated: rules.repeated.clone(),
            numeric_order: of_text(&raw.join("\n"), policy).or(self.numeric_order),
            year_first: year_first.or(self.year_first),
        }
    }
}
