//! The judge of markup: whether it does nothing when it is shown, by rules that owe nothing to the sanitizer's own.

#![allow(dead_code, reason = "each test file judges markup of other places")]

use scraper::Html;
use url::Url;

/// Elements that mark text, pictures and sounds.
const TEXT: &str = " html head body p br hr h1 h2 h3 h4 h5 h6 ul ol li dl dt dd table caption thead tbody tfoot tr td th blockquote pre \
                    figure figcaption em strong code kbd samp var sub sup del ins mark small cite q abbr dfn ruby rt rp a img time \
                    span div bdi bdo address details summary section article wbr picture source audio video col colgroup ";
/// Those that a page of ours has besides.
const OURS: &str = " title meta link header main nav footer aside svg path time ";
/// Those that others write besides.
const OLD: &str = " acronym aside b big center dir font footer header i s strike tt u ";
const ADDRESSES: [&str; 8] = ["href", "src", "srcset", "poster", "action", "formaction", "data", "cite"];
/// What an address may lead to: pages, mail, calls.
const SCHEMES: [&str; 6] = ["http", "https", "mailto", "tel", "ftp", "xmpp"];

/// Where markup is to stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// The content of an item: nothing is relative, and drawings are left out.
    Story,
    /// A page of ours, with its head.
    Page,
    /// Shown as somebody wrote it: relative addresses may stay, and drawings and formulas.
    AsWritten,
}

/// Judges markup: elements by a list of those that are text, attributes by name, addresses by scheme.
///
/// # Errors
/// The first tag that would do something.
pub(crate) fn expect_inert(markup: &str, place: Place) -> Result<(), String> {
    let document = Html::parse_document(markup);
    for element in document.tree.nodes().filter_map(|node| node.value().as_element()) {
        let name = element.name();
        let listed = |list: &str| list.contains(&format!(" {name} "));
        let is_foreign = &*element.name.ns != "http://www.w3.org/1999/xhtml";
        let known = match place {
            Place::Story => listed(TEXT),
            Place::Page => listed(TEXT) || listed(OURS),
            Place::AsWritten if is_foreign => !["script", "style", "use", "image", "foreignObject"].contains(&name),
            Place::AsWritten => listed(TEXT) || listed(OLD),
        };
        if !known {
            return Err(format!("has <{name}>"));
        }
        for (attribute, value) in element.attrs() {
            let is_address = ADDRESSES.contains(&attribute);
            let leads_astray = is_address && !is_led_well(name, value, place);
            let acts = attribute.starts_with("on") || ["style", "xlink:href", "srcdoc", "is"].contains(&attribute);
            let acts = acts || (attribute == "http-equiv" && value != "Content-Security-Policy");
            if acts || leads_astray {
                return Err(format!("has <{name} {attribute}={value:?}>"));
            }
        }
    }
    Ok(())
}

/// Whether an address may stand in a place, as browsers read it.
fn is_led_well(name: &str, value: &str, place: Place) -> bool {
    let address: String = value.chars().filter(|c| !c.is_whitespace() && !c.is_control()).take(40).collect();
    let starts = |schemes: &[&str]| schemes.iter().any(|scheme| address.to_lowercase().starts_with(scheme));
    let leads_out = starts(&["http://", "https://", "mailto:", "tel:"]);
    let is_picture =
        name == "img" && starts(&["data:image/png", "data:image/gif", "data:image/jpeg", "data:image/webp"]);
    match place {
        Place::Story => leads_out || is_picture,
        Place::Page => leads_out || is_picture || !address.contains(':'),
        Place::AsWritten => {
            let here = Url::parse("https://here.invalid/").and_then(|here| here.join(value));
            here.is_ok_and(|url| SCHEMES.contains(&url.scheme()))
                || Url::parse(value).is_err() && !value.contains("script:")
        }
    }
}
