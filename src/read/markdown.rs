//! Markdown: front matter, then `CommonMark` through a library, then the same parse and sanitizer as pages.

use pulldown_cmark::{Options, Parser, html};
use url::Url;

use super::fields::FrontMatter;
use super::{Policy, guard, page};
use crate::draft::Draft;

/// Reads a Markdown document.
pub(super) fn read(front: &FrontMatter<'_>, address: Option<&Url>, policy: Policy) -> Draft {
    let mut draft = Draft::default();
    front.claim(&mut draft, policy);
    let body = front.behind;
    let options = Options::ENABLE_TABLES | Options::ENABLE_FOOTNOTES | Options::ENABLE_STRIKETHROUGH;
    let mut markup = String::with_capacity(body.len() * 5 / 4);
    html::push_html(&mut markup, Parser::new_ext(body, options));
    draft.base = address.cloned().or_else(|| draft.link.clone());
    page::read_fragment(guard::parse_fragment(&markup), &mut draft, policy);
    draft
}
