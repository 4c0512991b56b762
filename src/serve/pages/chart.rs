//! Items by day as a small drawing.

use std::fmt::Write as _;

use maud::{Markup, html};

use super::words::Words;

/// Width of a day and of the gap behind it, and height of the whole, in units of the drawing.
const DAY: usize = 3;
const GAP: usize = 1;
const HEIGHT: u64 = 24;

/// A bar for each day, the last on the right; a day without items is a thin line. Its words tell it to those who do not see it.
pub(super) fn chart(words: &Words, days: &[u64]) -> Markup {
    let most = days.iter().copied().max().unwrap_or(0);
    let mut bars = String::new();
    for (at, items) in days.iter().enumerate() {
        let height = if *items == 0 { 1 } else { (items * HEIGHT).div_ceil(most).max(3) };
        // Writing into a string cannot fail.
        let _written = write!(bars, "M{} {HEIGHT}v-{height}h{DAY}v{height}z", at * (DAY + GAP));
    }
    let width = days.len() * (DAY + GAP);
    html! {
        svg.chart role="img" viewBox={ "0 0 " (width) " " (HEIGHT) }
            aria-label=(words.chart(days.len(), days.iter().sum(), most)) preserveAspectRatio="none" {
            path d=(bars) {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::words::ENGLISH;
    use super::*;

    #[test]
    fn a_day_is_a_bar_as_high_as_it_has_items() {
        let drawn = chart(&ENGLISH, &[0, 1, 4]).into_string();
        assert!(drawn.contains("d=\"M0 24v-1h3v1zM4 24v-6h3v6zM8 24v-24h3v24z\""), "{drawn}");
        assert!(drawn.contains("aria-label=\"5 items in 3 days, 4 at most on one day\""), "{drawn}");
    }
}
