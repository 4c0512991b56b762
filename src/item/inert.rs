//! Markup made inert without being rewritten: for showing what somebody wrote, as they wrote it.
//!
//! Stories go out as [`Html`](super::Html), in our own form. Here the elements stay, as far as they are plain ones;
//! all others, and every attribute that could act, are left out.

use ego_tree::NodeRef;
use scraper::Node;
use url::Url;

use super::html::escape_into;
use super::text;
use crate::draft::Fragment;

mod foreign;

/// Elements that are written as they are.
const KEPT: &str = "a abbr acronym address article aside b bdi bdo big blockquote br caption center cite code col \
                    colgroup dd del details dfn dir div dl dt em figcaption figure font footer h1 h2 h3 h4 h5 h6 \
                    header hr i img ins kbd li mark ol p pre q rp rt ruby s samp section small span strike strong sub \
                    summary sup table tbody td tfoot th thead time tr tt u ul var";
/// Attributes that are written as they are.
const ATTRIBUTES: &str = "abbr align alt colspan datetime dir height lang rel reversed rowspan start title width";
/// Elements whose content goes with them.
const DROPPED: [&str; 4] = ["script", "style", "template", "applet"];
/// Elements that do more than mark text.
const ACTIVE: &str = "animate applet base bgsound button dialog embed form frame frameset iframe ilayer input isindex \
                      keygen layer link marquee meta noembed noframes noscript object option param plaintext portal \
                      script select set slot style template textarea title use xmp";
/// Schemes of addresses that do nothing by themselves.
const SCHEMES: [&str; 6] = ["http", "https", "mailto", "tel", "ftp", "xmpp"];

/// The parts of a page as inert markup; relative addresses are resolved where there is a base.
pub fn inert(fragment: &Fragment, base: Option<&Url>) -> String {
    let mut out = String::new();
    for part in &fragment.parts {
        if let Some(root) = fragment.page.tree.get(*part) {
            write(root, base, &mut out);
        }
    }
    out
}

/// A text as inert markup.
pub fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    escape(text, &mut out);
    out
}

/// Whether an address does nothing by itself, read by however careless a reader: http, mail and their like, or relative.
pub fn is_harmless(address: &str) -> bool {
    let ignored = |c: &char| {
        c.is_whitespace()
            || c.is_control()
            || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}' | '\u{2029}' | '\u{feff}')
            // It is not written, and what stands around it moves together.
            || text::fit(*c).is_none()
    };
    let mut scheme = String::new();
    for c in address.chars().filter(|c| !ignored(c)) {
        match c {
            ':' => return SCHEMES.contains(&scheme.to_ascii_lowercase().as_str()),
            'a'..='z' | 'A'..='Z' | '0'..='9' | '+' | '.' | '-' => scheme.push(c),
            // What is no scheme is a path.
            _ => return true,
        }
    }
    true
}

/// Whether a page holds an element that would do more than mark text: one that loads, runs or asks for something, that
/// changes how the text behind it is read, or that has attributes.
pub fn acts(page: &scraper::Html) -> bool {
    page.root_element().descendants().skip(1).filter_map(|node| node.value().as_element()).any(|element| {
        element.name.ns != html5ever::ns!(html)
            || element.attrs().next().is_some()
            || ACTIVE.split(' ').any(|active| active == element.name())
    })
}

/// What is still to be written.
enum Step<'t> {
    Visit(NodeRef<'t, Node>),
    /// A node inside of a drawing or formula that may stand.
    Inside(NodeRef<'t, Node>),
    Close(&'t str),
}

/// Writes what is in a node. Without recursion: depth costs no stack.
fn write(root: NodeRef<'_, Node>, base: Option<&Url>, out: &mut String) {
    let mut steps: Vec<Step<'_>> = root.children().rev().map(Step::Visit).collect();
    while let Some(step) = steps.pop() {
        let (node, inside) = match step {
            Step::Visit(node) => (node, false),
            Step::Inside(node) => (node, true),
            Step::Close(name) => {
                out.push_str("</");
                out.push_str(name);
                out.push('>');
                continue;
            }
        };
        match node.value() {
            Node::Text(text) => escape(text, out),
            Node::Element(element) if element.name.ns == html5ever::ns!(html) => {
                let name = element.name();
                if DROPPED.contains(&name) {
                    continue;
                }
                if KEPT.split(' ').any(|kept| kept == name) {
                    open(element, base, out);
                    if !matches!(name, "br" | "hr" | "img" | "col") {
                        steps.push(Step::Close(name));
                    }
                }
                steps.extend(node.children().rev().map(Step::Visit));
            }
            Node::Element(element) if inside || foreign::may_stand(node) => {
                foreign::open(element, base, out);
                steps.push(Step::Close(element.name()));
                steps.extend(node.children().rev().map(Step::Inside));
            }
            _ => {}
        }
    }
}

fn open(element: &scraper::node::Element, base: Option<&Url>, out: &mut String) {
    out.push('<');
    out.push_str(element.name());
    for (name, value) in element.attrs() {
        let value = match (element.name(), name) {
            ("a", "href") | ("img", "src") | ("blockquote" | "q", "cite") => address(value, base),
            _ => Some(value.to_owned()).filter(|_| ATTRIBUTES.split(' ').any(|kept| kept == name)),
        };
        let Some(value) = value else { continue };
        out.push(' ');
        out.push_str(name);
        out.push_str("=\"");
        escape(&value, out);
        out.push('"');
    }
    out.push('>');
}

/// An address as it may be written: harmless, and resolved if there is a base. `None`: it acts.
fn address(value: &str, base: Option<&Url>) -> Option<String> {
    let resolved = || base.filter(|_| Url::parse(value).is_err())?.join(value.trim()).ok();
    let written = resolved().map_or_else(|| value.trim().to_owned(), |url| iri(&url));
    // The base was written by somebody, too.
    (is_harmless(value) && is_harmless(&written)).then_some(written)
}

/// An address with its letters as they are read (RFC 3987), not as they are sent.
fn iri(url: &Url) -> String {
    let decoded = percent_encoding::percent_decode_str(url.path()).decode_utf8();
    match decoded {
        Ok(path) if !path.is_ascii() && path.chars().all(|c| !c.is_ascii() || c.is_ascii_graphic()) => {
            url.as_str().replacen(url.path(), &path, 1)
        }
        _ => url.as_str().to_owned(),
    }
}

fn escape(text: &str, out: &mut String) {
    text.chars().filter_map(text::fit).for_each(|c| escape_into(c, out));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::guard;

    #[track_caller]
    fn check(markup: &str, expected: &str) {
        let clean = |markup: &str, base: Option<&Url>| {
            let page = guard::parse_fragment(markup);
            let parts = vec![page.root_element().id()];
            inert(&Fragment { page, parts, without: std::collections::HashSet::new() }, base)
        };
        let base = Url::parse("https://harbour.example/news/").expect("an address");
        let once = clean(markup, Some(&base));
        assert_eq!(once, expected);
        assert_eq!(clean(&once, None), once, "making it inert again changes it");
    }

    #[test]
    fn plain_markup_stays_as_it_is() {
        check(
            "<div>a <b>b</b> <a href=\"x/y\">c</a><br>d &amp; e</div>",
            "<div>a <b>b</b> <a href=\"https://harbour.example/news/x/y\">c</a><br>d &amp; e</div>",
        );
        check("<a href='HTTP://Harbour.example/%7ea'>x</a>", "<a href=\"HTTP://Harbour.example/%7ea\">x</a>");
        check("<a href='/é'>x</a>", "<a href=\"https://harbour.example/é\">x</a>");
    }

    #[test]
    fn a_base_makes_no_address_act() {
        let page = guard::parse_fragment("<a href='%0aalert(1)'>a</a>");
        let fragment =
            Fragment { parts: vec![page.root_element().id()], page, without: std::collections::HashSet::new() };
        let base = Url::parse("javascript://harbour.example/").expect("an address");
        assert_eq!(inert(&fragment, Some(&base)), "<a>a</a>");
    }

    #[test]
    fn what_acts_goes_and_words_stay() {
        check("a<script>b</script><form action=x><input>c</form><iframe>d</iframe>", "acd");
        check("<p onclick=x style=y id=z class=w>a</p><svg><a href=x>b</a></svg>", "<p>a</p>");
        for address in [
            "javascript:x", "java&#9;script:x", " &#1;JavaScript:x", "ja\u{fffd}vascript:x", "vbscript:x",
            "data:text/html,x",
        ] {
            check(&format!("<a href=\"{address}\">a</a><img src=\"{address}\">"), "<a>a</a><img>");
        }
    }

    #[test]
    fn a_drawing_or_formula_that_only_draws_stays_whole() {
        check("<svg viewbox='0 0 9 9' class=x><title>Tide</title><g><path d='M0 0' onx/></g></svg>a", "a");
        check(
            "<svg viewbox='0 0 9 9' id=x><title>Tide</title><a xlink:href=/x><path d='M0 0'/></a></svg>",
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 9 9\"><title>Tide</title>\
             <a xmlns:xlink=\"http://www.w3.org/1999/xlink\" xlink:href=\"https://harbour.example/x\">\
             <path d=\"M0 0\"></path></a></svg>",
        );
        check(
            "<math display=block><mi>a</mi><mo>&lt;</mo><mn>1</mn></math>",
            "<math xmlns=\"http://www.w3.org/1998/Math/MathML\" display=\"block\"><mi>a</mi><mo>&lt;</mo><mn>1</mn></math>",
        );
    }

    #[test]
    fn a_drawing_or_formula_in_which_anything_acts_goes() {
        let inside = [
            "<script>x</script>",
            "<animate attributeName=href values=x>",
            "<a xlink:href='java&#9;script:x'><path d=''/></a>",
            "<path d='' fill='url(#x)'/>",
            "<path d='' fill='u\\72l(x)'/>",
            "<path d='' fill='u\u{fffd}rl(x)'/>",
            "<path d='' style='x'/>",
            "<use href='#x'/>",
            "<image href='https://harbour.example/x.png'/>",
            "<foreignObject><p>x</p></foreignObject>",
            "<title><b>x</b></title>",
            "<desc><style>x</style></desc>",
            "<math><mi>x</mi></math>",
        ];
        for inside in inside {
            check(&format!("a<svg>{inside}<path d=''/></svg>b"), "ab");
        }
        for inside in [
            "<mtext><b>x</b></mtext>",
            "<mtext><mglyph><style>x</style></mglyph></mtext>",
            "<mi href=x>y</mi>",
            "<menclose></menclose>",
        ] {
            check(&format!("a<math>{inside}<mi>x</mi></math>b"), "ab");
        }
        check("<svg></svg><svg><text>x</text></svg><math></math><svg><g/></svg>", "");
    }

    #[test]
    fn text_about_markup_is_told_from_markup_that_acts() {
        let acting = |text: &str| acts(&guard::parse_fragment(text));
        assert!(["<script>a", "<xmp>a", "<p>a<b on=x>", "<svg>"].into_iter().all(acting));
        assert!(!["The <blink> tag", "Vec<T>", "1 < 2 &amp; </b>"].into_iter().any(acting));
    }

    #[test]
    fn harmless_is_what_every_reader_takes_for_it() {
        assert!(["https://a/", "a/b:c", "?a=b:c", "mailto:a@b", "HTTP://a"].into_iter().all(is_harmless));
        assert!(!["java\u{200b}script:x", "\u{1}javascript:x", "jar:x", "x-y.z+1:a"].into_iter().any(is_harmless));
        assert!(!is_harmless(&format!("{}script:x", "java".repeat(20))), "a scheme may have any length");
    }
}
