//! Where a document stands in the history of its channel: archived feeds (RFC 5005 §4).
//!
//! What a channel does not show in its feed is numbered from 1 on, as it comes. A page bears the number of its last item:
//! page 50 holds the items 1 to 50, page 57 those from 51 to 57. The feed leads to the page of the last number, and that to
//! the full page before; so whoever follows `prev-archive` meets each item once, also while others arrive.

/// Items of a full page.
pub const PAGE: usize = 50;

/// Name space of the elements that tell an archive or a complete feed (RFC 5005).
pub(super) const NAMESPACE: &str = "http://purl.org/syndication/history/1.0";

/// What a document is in the history of its channel.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Place {
    /// Its channel has no archive.
    #[default]
    Alone,
    /// The feed that is subscribed to, and the newest page. `None`: it has all there is (RFC 5005 §2).
    Feed(Option<Page>),
    /// A page of the archive.
    Page(Page),
}

/// A page of an archive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Page {
    /// Number of its last item, from 1 on.
    pub last: usize,
    /// Number of the last item that is not published any more: a multiple of [`PAGE`].
    pub beyond: usize,
}

impl Page {
    /// Number of its first item.
    pub fn first(self) -> usize {
        self.last.saturating_sub(1) / PAGE * PAGE + 1
    }

    /// The page before. `None`: it is the first one.
    pub fn before(self) -> Option<Self> {
        let last = self.first() - 1;
        (last > self.beyond).then_some(Self { last, ..self })
    }

    /// The full page that its last item is followed on: known before it is there, so that a page need never change.
    #[must_use]
    pub fn after(self) -> Self {
        Self { last: (self.last / PAGE + 1) * PAGE, ..self }
    }

    /// Path of its files in a channel, without ending.
    pub fn path(self, channel: &str) -> String {
        format!("{}/{}", folder(channel), self.last)
    }
}

/// What the paths of all pages begin with.
pub const FOLDER: &str = "archive/";

/// Path of the folder that the pages of a channel lie in.
pub fn folder(channel: &str) -> String {
    [FOLDER, channel].concat()
}

impl Place {
    /// Path of the files of a document of a channel, without ending.
    pub fn path(self, channel: &str) -> String {
        match self {
            Self::Page(page) => page.path(channel),
            Self::Alone | Self::Feed(_) => channel.to_owned(),
        }
    }

    /// The page that goes on with what is older. `None`: there is none.
    pub fn older(self) -> Option<Page> {
        match self {
            Self::Alone => None,
            Self::Feed(newest) => newest,
            Self::Page(page) => page.before(),
        }
    }

    /// Relation and path, without ending, of the documents that it leads to.
    pub(super) fn links(self, channel: &str) -> Vec<(&'static str, String)> {
        let mut links = Vec::new();
        links.extend(self.older().map(|page| ("prev-archive", page.path(channel))));
        if let Self::Page(page) = self {
            links.push(("next-archive", page.after().path(channel)));
            links.push(("current", channel.to_owned()));
        }
        links
    }

    /// The element that says what it is, without prefix. `None`: there is nothing to say.
    pub(super) fn element(self) -> Option<&'static str> {
        match self {
            Self::Page(_) => Some("archive"),
            Self::Feed(None) => Some("complete"),
            Self::Alone | Self::Feed(Some(_)) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(last: usize, beyond: usize, first: usize, before: Option<usize>, after: usize) {
        let page = Page { last, beyond };
        let told = (page.first(), page.before().map(|page| page.last), page.after().last);
        assert_eq!(told, (first, before, after), "{page:?}");
    }

    #[test]
    fn pages_follow_each_other() {
        check(1, 0, 1, None, 50);
        check(50, 0, 1, None, 100);
        check(51, 0, 51, Some(50), 100);
        check(57, 0, 51, Some(50), 100);
        check(100, 0, 51, Some(50), 150);
        check(150, 100, 101, None, 200);
        check(151, 100, 151, Some(150), 200);
    }

    #[test]
    fn the_chain_from_the_newest_page_has_each_number_once() {
        for last in [1, 49, 50, 51, 1_234] {
            let pages = std::iter::successors(Some(Page { last, beyond: 0 }), |page| page.before());
            let mut numbers: Vec<usize> = pages.flat_map(|page| page.first()..=page.last).collect();
            numbers.sort_unstable();
            assert_eq!(numbers, (1..=last).collect::<Vec<_>>());
        }
    }
}
