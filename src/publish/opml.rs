//! The list of all channels for feed readers to import: OPML 2.0 (<https://opml.org/spec2.opml>).

use std::borrow::Cow;

use super::date::rfc_822;
use super::strict::{self, Dialect};
use super::text::{escape, line};
use super::xml;
use super::{Format, Overview, PublishError, Rendered, Site};

/// `feeds.opml`: an outline for each channel, with its address in the first XML format that is published.
///
/// # Errors
/// When the list, read back, is broken.
pub fn list(site: &Site, channels: &[Overview], formats: &[&'static dyn Format]) -> Result<Rendered, PublishError> {
    let path = "feeds.opml".to_owned();
    let format = formats.iter().find(|format| format.media_type().ends_with("+xml")).or(formats.first());
    let outlines: String = format
        .map(|format| channels.iter().map(|channel| outline(site, channel, *format)).collect())
        .unwrap_or_default();
    let modified = channels.iter().filter_map(|channel| channel.updated).max();
    let modified =
        modified.map(|time| format!(" <dateModified>{}</dateModified>\n", &*rfc_822(time))).unwrap_or_default();
    let text = format!(
        "{}<opml version=\"2.0\">\n<head>\n <title>{}</title>\n{modified}</head>\n<body>\n{outlines}</body>\n</opml>",
        xml::DECLARATION,
        escape(&html(&line(&site.title))),
    );
    let broken = |reason: String| PublishError::Broken { path: path.clone(), reason };
    let text = xml::finish(&text).ok_or_else(|| broken("a tag does not end".to_owned()))?;
    strict::read(&text, &Dialect { item: ["body", "outline"], id: "" }).map_err(broken)?;
    Ok(Rendered { path, bytes: text.into_bytes() })
}

fn outline(site: &Site, channel: &Overview, format: &dyn Format) -> String {
    let (title, description) = (line(&channel.title), line(&channel.description));
    format!(
        " <outline type=\"rss\" text=\"{title}\" title=\"{title}\" description=\"{}\" language=\"{}\" xmlUrl=\"{}\" htmlUrl=\"{}\"/>\n",
        escape(&html(&description)),
        escape(&channel.language),
        escape(&site.address(&format!("{}.{}", channel.path, format.extension()))),
        escape(&site.address(&format!("{}.html", channel.path))),
        title = escape(&html(&title)),
    )
}

/// The texts of an outline may hold HTML, so a text with `<` in it must say that it means `<`. Others are left alone, as
/// most readers show them as they are; but `&` stands alone, so that it begins no reference.
fn html(text: &str) -> Cow<'_, str> {
    match text {
        text if text.contains('<') => escape(text),
        text if text.contains('&') => Cow::Owned(line(&text.replace('&', " & "))),
        text => Cow::Borrowed(text),
    }
}
