//! Which elements are kept, renamed and dropped.

use crate::draft::is_block;

/// Elements that are written as they are, with what they need above them. `""`: they may stand anywhere.
pub(super) fn kept(name: &str) -> Option<(&'static str, &'static [&'static str])> {
    const ANYWHERE: &[&str] = &[];
    Some(match name {
        "p" => ("p", ANYWHERE),
        "br" => ("br", ANYWHERE),
        "hr" => ("hr", ANYWHERE),
        "h1" | "h2" => ("h2", ANYWHERE),
        "h3" => ("h3", ANYWHERE),
        "h4" => ("h4", ANYWHERE),
        "h5" => ("h5", ANYWHERE),
        "h6" => ("h6", ANYWHERE),
        "ul" | "menu" | "dir" => ("ul", ANYWHERE),
        "ol" => ("ol", ANYWHERE),
        "li" => ("li", &["ul", "ol"]),
        "dl" => ("dl", ANYWHERE),
        "dt" => ("dt", &["dl"]),
        "dd" => ("dd", &["dl"]),
        "table" => ("table", ANYWHERE),
        "caption" => ("caption", &["table"]),
        "thead" => ("thead", &["table"]),
        "tbody" => ("tbody", &["table"]),
        "tfoot" => ("tfoot", &["table"]),
        "tr" => ("tr", &["thead", "tbody", "tfoot"]),
        "td" => ("td", &["tr"]),
        "th" => ("th", &["tr"]),
        "blockquote" => ("blockquote", ANYWHERE),
        "pre" | "listing" | "xmp" => ("pre", ANYWHERE),
        "figure" => ("figure", ANYWHERE),
        "figcaption" => ("figcaption", &["figure"]),
        "em" | "i" => ("em", ANYWHERE),
        "strong" | "b" => ("strong", ANYWHERE),
        "code" | "tt" => ("code", ANYWHERE),
        "kbd" => ("kbd", ANYWHERE),
        "samp" => ("samp", ANYWHERE),
        "var" => ("var", ANYWHERE),
        "sub" => ("sub", ANYWHERE),
        "sup" => ("sup", ANYWHERE),
        "del" | "s" | "strike" => ("del", ANYWHERE),
        "ins" | "u" => ("ins", ANYWHERE),
        "mark" => ("mark", ANYWHERE),
        "small" => ("small", ANYWHERE),
        "cite" => ("cite", ANYWHERE),
        "q" => ("q", ANYWHERE),
        "abbr" | "acronym" => ("abbr", ANYWHERE),
        "dfn" => ("dfn", ANYWHERE),
        "ruby" => ("ruby", ANYWHERE),
        "rt" => ("rt", &["ruby"]),
        "rp" => ("rp", &["ruby"]),
        "a" => ("a", ANYWHERE),
        "img" => ("img", ANYWHERE),
        _ => return None,
    })
}

/// Elements whose content goes with them.
pub(super) fn is_dropped(name: &str) -> bool {
    matches!(
        name,
        "script"
            | "style"
            | "noscript"
            | "template"
            | "head"
            | "title"
            | "textarea"
            | "select"
            | "option"
            | "button"
            | "object"
            | "embed"
            | "applet"
            | "canvas"
            | "svg"
            | "math"
            | "noembed"
            | "noframes"
            | "frameset"
            | "plaintext"
            | "datalist"
            | "dialog"
            | "audio"
            | "video"
            | "iframe"
            | "map"
            | "progress"
            | "meter"
    )
}

/// Elements that only mark a stretch of a line.
pub(super) fn is_inline(name: &str) -> bool {
    !is_block(name) && !matches!(name, "br" | "img" | "hr")
}

pub(super) fn is_heading(name: &str) -> bool {
    matches!(name, "h2" | "h3" | "h4" | "h5" | "h6")
}
