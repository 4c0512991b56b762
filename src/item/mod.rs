//! What a story must be, and the only way to become one: [`Item::settle`].

use chrono::{DateTime, Utc};

use crate::draft::{Enclosure, Evidence, Precision, When};
use crate::source::SourceId;

pub mod category;
pub mod date;
pub mod html;
pub mod language;
pub mod link;
pub mod title;

pub use category::Category;
pub use html::Html;
pub use link::CanonicalUrl;

/// A story that is fit to be stored and published. Made by [`Item::settle`], recalled by the store.
#[derive(Clone, Debug, PartialEq)]
pub struct Item(Facts);

impl std::ops::Deref for Item {
    type Target = Facts;

    fn deref(&self) -> &Facts {
        &self.0
    }
}

/// The fields of an [`Item`], to be read.
#[derive(Clone, Debug, PartialEq)]
pub struct Facts {
    /// The item's own key: 16 hexadecimal digits, minted once from where it was first found, then kept for ever.
    pub key: ItemKey,
    /// The source it came from.
    pub source: SourceId,
    /// The upstream's own id where it is one. `None`: the item goes by `tag:<authority>:<key>`.
    pub guid: Option<String>,
    /// Its own address on the web. `None`: it lives on its item page here.
    pub link: Option<CanonicalUrl>,
    /// The title: one line of plain text, never empty.
    pub title: String,
    /// The body.
    pub content: Html,
    /// The first sentences as one line of plain text; may be empty.
    pub summary: String,
    /// When it was published, whole seconds. Fixed for ever once the item is out.
    pub published: DateTime<Utc>,
    /// The date as it was read, no finer than it was written.
    pub when: When,
    /// Where the date was found.
    pub evidence: Evidence,
    /// When its words last changed, whole seconds; equal to `published` until they do.
    pub updated: DateTime<Utc>,
    /// When what it tells of took place, if that is not the day of publication.
    pub event: Option<When>,
    /// Names of its authors.
    pub authors: Vec<String>,
    /// Categories it is filed under.
    pub categories: Vec<Category>,
    /// Labels the document puts itself under, as written and in order.
    pub sections: Vec<String>,
    /// BCP 47 tag of the language of its text.
    pub language: Option<String>,
    /// Who published it, where the document says so.
    pub publisher: Option<String>,
    /// Files that belong to it.
    pub enclosures: Vec<Enclosure>,
    /// Its main picture, absolute.
    pub image: Option<String>,
    /// Hash of the normalized words of title and body: moves only when the words do.
    pub fingerprint: Fingerprint,
}

impl Facts {
    /// How fine the date of publication is.
    pub fn precision(&self) -> Precision {
        self.when.precision()
    }
}

/// Key of an item: 16 hexadecimal digits.
pub type ItemKey = String;

/// Hash of the normalized words of a text.
pub type Fingerprint = [u8; 16];

/// An item of these facts, unchecked.
#[cfg(test)]
pub(crate) fn item_for_tests(facts: Facts) -> Item {
    Item(facts)
}
