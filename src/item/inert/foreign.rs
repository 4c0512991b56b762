//! Drawings (SVG) and formulas (`MathML`) in a page. One in which nothing acts or loads is shown whole, any other not at
//! all, for a drawing with parts missing is another drawing.

use ego_tree::NodeRef;
use scraper::Node;
use scraper::node::Element;
use url::Url;

use super::{address, escape, is_harmless, text};

/// What a vocabulary has that only draws or writes.
struct Vocabulary {
    /// The address of its namespace.
    address: &'static str,
    /// Its outermost element.
    root: &'static str,
    /// Elements that put something on the page; without any of them there is nothing to show.
    marks: &'static str,
    /// Elements that hold, group or name the others.
    groups: &'static str,
    /// Attributes that are written as they are, unless their value points anywhere.
    attributes: &'static str,
}

/// Left out are animation, links within the drawing and what needs them, styles, and all that may hold HTML.
const SVG: Vocabulary = Vocabulary {
    address: "http://www.w3.org/2000/svg",
    root: "svg",
    marks: "circle ellipse line path polygon polyline rect",
    groups: "a desc g svg text title tspan",
    attributes: "baseProfile cx cy d dx dy fill fill-opacity fill-rule font-family font-size font-style font-variant \
                 font-weight height opacity pathLength points preserveAspectRatio r rotate rx ry stroke \
                 stroke-dasharray stroke-dashoffset stroke-linecap stroke-linejoin stroke-miterlimit stroke-opacity \
                 stroke-width text-anchor textLength transform version viewBox visibility width x x1 x2 y y1 y2",
};
/// The elements of `MathML` Core, which are all that browsers know.
const MATHML: Vocabulary = Vocabulary {
    address: "http://www.w3.org/1998/Math/MathML",
    root: "math",
    marks: "mi mn mo ms mtext",
    groups: "annotation math merror mfrac mmultiscripts mover mpadded mphantom mprescripts mroot mrow mspace msqrt \
             mstyle msub msubsup msup mtable mtd mtr munder munderover semantics",
    attributes: "accent accentunder columnalign columnspan depth dir display displaystyle encoding fence form height \
                 largeop linethickness lspace mathbackground mathcolor mathsize mathvariant maxsize minsize \
                 movablelimits rowalign rowspan rspace scriptlevel separator stretchy symmetric voffset width",
};

/// Attributes that only name an element for styles and readers, and can be missed.
fn is_spare(name: &str) -> bool {
    matches!(name, "class" | "id" | "role" | "focusable") || name.starts_with("aria-")
}

fn vocabulary(element: &Element) -> Option<&'static Vocabulary> {
    [&SVG, &MATHML].into_iter().find(|vocabulary| &*element.name.ns == vocabulary.address)
}

/// Whether an element is a drawing or a formula that may stand, with all that is in it.
pub(super) fn may_stand(root: NodeRef<'_, Node>) -> bool {
    let Some(vocabulary) = root.value().as_element().and_then(vocabulary) else { return false };
    let is = |names: &str, element: &Element| names.split(' ').any(|name| name == element.name());
    let harmless = root.descendants().all(|node| match node.value() {
        Node::Text(_) => true,
        Node::Element(element) => {
            &*element.name.ns == vocabulary.address
                && (is(vocabulary.marks, element) || is(vocabulary.groups, element))
                && element.attrs.iter().all(|(name, value)| {
                    is_namespace(&name.ns) || is_spare(&name.local) || {
                        is_address(element, &name.local) && is_harmless(value)
                            || vocabulary.attributes.split(' ').any(|known| *known == *name.local) && is_still(value)
                    }
                })
        }
        _ => false,
    });
    let shows = || root.descendants().filter_map(|node| node.value().as_element()).any(|e| is(vocabulary.marks, e));
    root.value().as_element().is_some_and(|element| element.name() == vocabulary.root) && harmless && shows()
}

/// Writes the start tag of an element of one that may stand, so that parsers of XML understand it, too.
pub(super) fn open(element: &Element, base: Option<&Url>, out: &mut String) {
    let vocabulary = vocabulary(element);
    out.push('<');
    out.push_str(element.name());
    let mut write = |name: &str, value: &str| {
        out.push(' ');
        out.push_str(name);
        out.push_str("=\"");
        escape(value, out);
        out.push('"');
    };
    if let Some(vocabulary) = vocabulary.filter(|vocabulary| vocabulary.root == element.name()) {
        write("xmlns", vocabulary.address);
    }
    for (name, value) in &element.attrs {
        if is_address(element, &name.local) {
            let Some(address) = address(value, base) else { continue };
            if name.ns == html5ever::ns!(xlink) {
                write("xmlns:xlink", &name.ns);
                write("xlink:href", &address);
            } else {
                write("href", &address);
            }
        } else if !is_namespace(&name.ns) && !is_spare(&name.local) {
            write(&name.local, value);
        }
    }
    out.push('>');
}

fn is_namespace(namespace: &str) -> bool {
    namespace == &*html5ever::ns!(xmlns)
}

fn is_address(element: &Element, attribute: &str) -> bool {
    element.name() == "a" && attribute == "href"
}

/// Whether a value points nowhere: it holds no address, and no `url(…)` in any spelling.
fn is_still(value: &str) -> bool {
    let written: String = value.chars().filter_map(text::fit).collect();
    !written.contains([':', '\\', '&', '<']) && !written.to_ascii_lowercase().contains("url")
}
