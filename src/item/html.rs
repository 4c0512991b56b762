//! Text that is safe to put in a page.

/// Sanitized HTML: only inert elements, absolute addresses, well nested. Made by the sanitizer alone.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Html(String);

impl Html {
    /// The markup.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}
