//! Addresses of items.

use std::fmt;

/// An absolute http(s) address in canonical form, ASCII only (RFC 3986).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct CanonicalUrl(String);

impl CanonicalUrl {
    /// The address.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// An address that is taken as it is, unchecked.
    #[cfg(test)]
    pub(crate) fn for_tests(address: &str) -> Self {
        Self(address.to_owned())
    }
}

impl fmt::Display for CanonicalUrl {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}
