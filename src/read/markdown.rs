//! Markdown: front matter, then `CommonMark` through a library, then the same parse and sanitizer as pages.

use pulldown_cmark::{Options, Parser, html};
use url::Url;

use super::{Policy, ReadError, fields, guard, page};
use crate::draft::Draft;

/// Reads a Markdown document.
///
/// # Errors
/// [`ReadError::Unfinished`] when its front matter says that it is a draft, [`ReadError::Unclear`] when that cannot be
/// told.
pub(super) fn read(text: &str, address: Option<&Url>, policy: Policy) -> Result<Draft, ReadError> {
    let mut draft = Draft::default();
    let body = fields::front_matter(text, &mut draft, policy)?;
    let options = Options::ENABLE_TABLES | Options::ENABLE_FOOTNOTES | Options::ENABLE_STRIKETHROUGH;
    let mut markup = String::with_capacity(body.len() * 5 / 4);
    html::push_html(&mut markup, Parser::new_ext(body, options));
    draft.base = address.cloned().or_else(|| draft.link.clone());
    page::read_fragment(guard::parse_fragment(&markup), &mut draft, policy);
    Ok(draft)
}
