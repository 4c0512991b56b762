//! What is kept of a page that lists news from one visit to the next: the way into its list, and how that is. Of a feed, the one
//! date of its entries.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use crate::item::digest;
use crate::read::listing::Way;
use crate::source::Page;
use crate::store::Upstream;

/// Hours after which what could not be had is asked for again, each time: for a week or so, and not for ever.
const PAUSES: [i64; 7] = [1, 3, 8, 12, 24, 48, 72];

/// What is known of the list of a page.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Learnt {
    /// Hash of what was written of the page when it was learnt.
    pub(super) written: String,
    /// The way in. `None`: none was found yet.
    pub way: Option<Box<Way>>,
    /// How sure it was that this is the list of news when it was found, 0 to 1. `None`: that was not weighed.
    pub confidence: Option<f32>,
    /// Why it is set aside. `None`: it is not.
    pub quarantine: Option<Quarantine>,
    /// Since when the list is there but holds nothing, seconds since 1970.
    pub empty: Option<i64>,
    /// When the page was looked at last, or something new came, where its list is at another address, seconds since 1970.
    pub(super) looked: Option<i64>,
    /// When entries may have been missed last, seconds since 1970.
    pub gap: Option<i64>,
    /// The list was not taken in whole: at the next visit, an entry that is known does not end it.
    pub unfinished: bool,
    /// Whether the page is on the open web, so that what it names may not be inside.
    pub(super) open: bool,
    /// How many entries its first page had. `None`: it was not read yet.
    pub(super) shown: Option<usize>,
    /// What visits in a row count at which a further page of the list could not be had.
    pub(super) stumbles: u8,
    /// What visits count at which an article could not be had, by what its entry goes by, as hexadecimal digits.
    pub waiting: BTreeMap<String, u8>,
    /// Articles whose items were made without them, in the same way, and when they are asked for again.
    pub(super) lacking: BTreeMap<String, Lack>,
    /// The same for a further page of the list. Once it was asked for often enough, it is not until one can be had.
    pub(super) further: Option<Lack>,
    /// Articles that were not asked for yet.
    pub later: usize,
    /// Another way in, which is not certain enough to be taken by itself.
    pub proposal: Option<Box<Proposal>>,
    /// Of a feed, the one date of all its entries that nothing but what they say tells apart.
    pub(super) stamp: Option<String>,
}

/// What could not be had, and is asked for again.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Lack {
    /// How often that was planned.
    planned: usize,
    /// When that is, seconds since 1970. `None`: it was asked for often enough.
    next: Option<i64>,
}

impl Lack {
    /// It, where it was asked for in vain once more.
    pub(super) fn again(&self, now: DateTime<Utc>) -> Self {
        let next = PAUSES.get(self.planned).map(|hours| (now + TimeDelta::hours(*hours)).timestamp());
        Self { planned: self.planned + 1, next }
    }

    /// Whether it is to be asked for now.
    pub(super) fn is_due(&self, now: DateTime<Utc>) -> bool {
        self.next.is_some_and(|next| next <= now.timestamp())
    }

    /// Whether it was asked for often enough.
    pub(super) fn is_over(&self) -> bool {
        self.next.is_none()
    }
}

/// A source that is set aside: what is out of it stays as it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quarantine {
    /// Since when, seconds since 1970.
    pub since: i64,
    /// Why, in words.
    pub cause: String,
}

/// A way that may be meant.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Proposal {
    /// It, complete.
    pub way: Way,
    /// Share of the newest items that it finds again with equal titles, 0 to 1.
    pub share: f32,
}

impl Learnt {
    /// What is kept of a page; nothing, where something else is written about it now.
    pub fn of(page: &Page, known: Option<&Upstream>) -> Self {
        let select = &page.select;
        let print = digest(&[page.web.url.as_str().as_bytes(), format!("{select:?}").as_bytes()]);
        let written = super::hexadecimal(&print);
        let kept: Option<Self> = known.and_then(|known| serde_json::from_str(&known.list).ok());
        match kept {
            Some(kept) if kept.written == written => kept,
            _ => Self { written, ..Self::default() },
        }
    }

    /// What is kept of a feed.
    pub(super) fn of_feed(known: Option<&Upstream>) -> Self {
        let kept = known.filter(|known| !known.list.is_empty());
        let kept: Option<Self> = kept.and_then(|known| serde_json::from_str(&known.list).ok());
        Self { stamp: kept.and_then(|kept| kept.stamp), ..Self::default() }
    }

    /// That as text; of most feeds, nothing.
    pub(super) fn told_of_feed(&self) -> String {
        self.stamp.as_ref().map(|_| Self { stamp: self.stamp.clone(), ..Self::default() }.told()).unwrap_or_default()
    }

    /// It as text, to be kept.
    pub(super) fn told(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }
}
