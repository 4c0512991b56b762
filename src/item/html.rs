//! Text that is safe to put in a page.

/// Sanitized HTML: only inert elements, absolute addresses, well nested. Made by the sanitizer alone.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Html(String);

impl Html {
    /// The markup.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Markup that is taken as it is, unchecked.
    #[cfg(test)]
    pub(crate) fn for_tests(markup: &str) -> Self {
        Self(markup.to_owned())
    }
}
