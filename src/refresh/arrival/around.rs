//! What is known of a whole list beside its entries.

use std::collections::{HashMap, HashSet};

use url::Url;

use super::Arrival;
use crate::item::ItemKey;
use crate::item::link::bare;
use crate::read::feed;

/// What is known of a whole list beside its entries.
#[derive(Debug, Default)]
pub(in crate::refresh) struct Surroundings {
    /// The hosts that its entries lead to.
    pub(super) hosts: HashSet<String>,
    /// Where it is, and the page that it belongs to.
    homes: Vec<String>,
    /// Whether ids among its entries may count them.
    pub(super) counts: bool,
    /// The date that all entries had at the last visit, where they have another one now, and nothing but what they say tells them apart.
    pub(super) stamp_before: Option<String>,
    /// Whether it is a page that lists news, and no feed.
    pub(super) is_page: bool,
    /// The items that entries at some positions may be, where the whole list has moved: [`relisted`](super::relisted::relisted).
    pub(super) moved: HashMap<usize, ItemKey>,
}

impl Surroundings {
    /// Of the list at an address, which says this about itself.
    pub(in crate::refresh) fn of(arrivals: &[Arrival], address: &Url, about: Option<&feed::Facts>) -> Self {
        let page = about.and_then(|about| Url::parse(about.link.as_deref()?).ok());
        let homes = [Some(address), page.as_ref()].into_iter().flatten().filter_map(bare).collect();
        let hosts = arrivals.iter().filter_map(|arrival| arrival.host.clone()).collect();
        let counts = arrivals.iter().any(|arrival| matches!(arrival.entry.facts.id.as_deref(), Some("0" | "1")));
        Self { hosts, homes, counts, ..Self::default() }
    }

    /// The same of a feed, all entries of which had this date at the last visit, and have another now.
    pub(in crate::refresh) fn dated_anew(self, stamp_before: Option<String>) -> Self {
        Self { stamp_before, ..self }
    }

    /// The same of a page that lists news.
    pub(in crate::refresh) fn of_page(self) -> Self {
        Self { is_page: true, ..self }
    }

    /// The same of a list of which these entries may be items that stood elsewhere.
    pub(in crate::refresh) fn moved(self, moved: HashMap<usize, ItemKey>) -> Self {
        Self { moved, ..self }
    }

    /// Whether an address may be that of one entry alone: it is not that of the list, its page, or a whole site.
    pub(super) fn is_own(&self, url: &Url) -> bool {
        bare(url).is_none_or(|address| address.contains(['/', '?', '#']) && !self.homes.contains(&address))
    }
}
