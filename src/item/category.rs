//! Categories: the vocabulary that files labels under slugs.

/// A category an item is filed under (RSS `<category>`, Atom `<category term label>`, JSON Feed `tags`).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Category {
    /// The name in addresses: `a-z`, `0-9`, `-`.
    pub slug: String,
    /// The name people read.
    pub label: String,
}
