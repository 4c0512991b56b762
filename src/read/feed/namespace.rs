//! What the names of elements mean: by the address of their namespace, else by the prefix that everybody uses for it.

/// A vocabulary of feeds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Space {
    /// RSS 0.9 to 2.0, CDF, and what is in no namespace.
    Core,
    /// Atom 0.3 and 1.0.
    Atom,
    /// RDF itself.
    Rdf,
    /// Dublin Core, elements and terms.
    Dublin,
    /// RSS content module.
    Content,
    /// Media RSS.
    Media,
    /// Podcasts: those of Apple, and of Google, which have the same names for what they tell.
    Itunes,
    /// RSS 1.0 module Syndication.
    Syndication,
    /// Comment API (wfw).
    Comments,
    /// XHTML.
    Xhtml,
    /// Publishing requirements (PRISM).
    Prism,
    /// Links in drawings (`XLink`).
    Xlink,
    /// XML's own attributes.
    Xml,
    /// Any other.
    Other,
}

/// Namespaces: a part of the address that no other has, and the usual prefixes.
const KNOWN: [(Space, &str, &[&str]); 22] = [
    (Space::Rdf, "www.w3.org/1999/02/22-rdf-syntax-ns", &["rdf"]),
    (Space::Atom, "www.w3.org/2005/atom", &["atom", "atom10", "a10"]),
    (Space::Atom, "purl.org/atom/ns", &["atom03"]),
    (Space::Atom, "purl.org/atom-blog/ns", &[]),
    (Space::Core, "purl.org/rss/1.0/modules/rss091", &["rss091"]),
    (Space::Content, "purl.org/rss/1.0/modules/content", &["content"]),
    (Space::Syndication, "purl.org/rss/1.0/modules/syndication", &["sy", "syn"]),
    (Space::Other, "purl.org/rss/1.0/modules", &[]),
    (Space::Core, "purl.org/rss", &["rss"]),
    (Space::Core, "purl.org/net/rss", &[]),
    (Space::Core, "backend.userland.com/rss", &[]),
    (Space::Core, "blogs.law.harvard.edu/tech/rss", &[]),
    (Space::Core, "my.netscape.com/rdf/simple/0.9", &[]),
    (Space::Dublin, "purl.org/dc/", &["dc", "dcterms", "dct"]),
    (Space::Media, "search.yahoo.com/mrss", &["media"]),
    (Space::Media, "video.search.yahoo.com/mrss", &[]),
    (Space::Itunes, "www.itunes.com/", &["itunes", "itms"]),
    (Space::Itunes, "www.google.com/schemas/play-podcasts", &["googleplay"]),
    (Space::Comments, "wellformedweb.org/commentapi", &["wfw"]),
    (Space::Xhtml, "www.w3.org/1999/xhtml", &["xhtml", "html"]),
    (Space::Xlink, "www.w3.org/1999/xlink", &["xlink"]),
    (Space::Prism, "prismstandard.org/namespaces", &["prism"]),
];

impl Space {
    /// The vocabulary at an address. `None`: it is not known.
    pub(super) fn of_address(address: &str) -> Option<Self> {
        // Nobody's address is longer; what is, need not be made small.
        let address = address.trim().get(..address.trim().len().min(80))?.to_ascii_lowercase();
        let bare = address.split_once("://").map_or(address.as_str(), |(_, bare)| bare);
        KNOWN.iter().find(|(_, part, _)| bare.starts_with(part)).map(|(space, _, _)| *space)
    }

    /// The vocabulary that a prefix usually stands for.
    pub(super) fn of_prefix(prefix: &str) -> Option<Self> {
        let is = |known: &&str| known.eq_ignore_ascii_case(prefix);
        if prefix.eq_ignore_ascii_case("xml") {
            return Some(Self::Xml);
        }
        KNOWN.iter().find(|(_, _, prefixes)| prefixes.iter().any(is)).map(|(space, _, _)| *space)
    }
}

/// Declarations in force at once; beyond them new ones are not heard.
const MOST_DECLARED: usize = 128;

/// The declarations in force at one place of a document.
#[derive(Debug, Default)]
pub(super) struct Scope<'t> {
    declared: Vec<(&'t str, Option<Space>)>,
}

impl<'t> Scope<'t> {
    /// How many declarations are in force: what [`leave`](Self::leave) goes back to.
    pub(super) fn mark(&self) -> usize {
        self.declared.len()
    }

    /// Hears an attribute of a tag, if it declares a namespace.
    pub(super) fn hear(&mut self, attribute: &'t str, value: &str) {
        let prefix = if attribute == "xmlns" { Some("") } else { attribute.strip_prefix("xmlns:") };
        if let Some(prefix) = prefix.filter(|_| self.declared.len() < MOST_DECLARED) {
            let space = Space::of_address(value);
            // What the root declares as everybody's namespace is that of the feed, whatever address it has.
            let empty =
                prefix.is_empty() && (value.trim().is_empty() || self.declared.iter().all(|(p, _)| !p.is_empty()));
            self.declared.push((prefix, space.or(empty.then_some(Space::Core))));
        }
    }

    /// Forgets what was declared since the mark.
    pub(super) fn leave(&mut self, mark: usize) {
        self.declared.truncate(mark);
    }

    /// The vocabulary and the bare name of an element.
    pub(super) fn element<'n>(&self, name: &'n str) -> (Space, &'n str) {
        let (prefix, local) = name.split_once(':').unwrap_or(("", name));
        let declared = self.declared.iter().rev().find(|(declared, _)| *declared == prefix);
        let space = match declared {
            Some((_, Some(space))) => *space,
            Some((_, None)) if prefix.is_empty() => Space::Other,
            None if prefix.is_empty() => Space::Core,
            _ => Space::of_prefix(prefix).unwrap_or(Space::Other),
        };
        (space, local)
    }

    /// The name of an attribute in small letters: bare, or with the prefix `xml:`, `rdf:` or `xlink:`.
    pub(super) fn attribute(&self, name: &str) -> Option<String> {
        let lower = |local: &str| local.to_ascii_lowercase();
        if !name.contains(':') {
            return Some(lower(name));
        }
        match self.element(name) {
            (Space::Xml, local) => Some(format!("xml:{}", lower(local))),
            (Space::Rdf, local) => Some(format!("rdf:{}", lower(local))),
            (Space::Xlink, local) => Some(format!("xlink:{}", lower(local))),
            (Space::Other, _) => None,
            (_, local) => Some(lower(local)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_by_address_then_by_prefix() {
        let mut scope = Scope::default();
        scope.hear("xmlns", "http://news.example/own-format");
        scope.hear("xmlns:d", "HTTP://PURL.org/DC/elements/1.1/");
        scope.hear("xmlns:media", "http://example.org/no/such");
        scope.hear("xmlns:x", "http://example.org/other");
        assert_eq!(scope.element("title"), (Space::Core, "title"));
        assert_eq!(scope.element("d:date"), (Space::Dublin, "date"));
        assert_eq!(scope.element("media:group"), (Space::Media, "group"));
        assert_eq!(scope.element("itunes:author"), (Space::Itunes, "author"));
        assert_eq!(scope.element("x:title"), (Space::Other, "title"));
        let mark = scope.mark();
        scope.hear("xmlns", "http://www.w3.org/2000/svg");
        assert_eq!(scope.element("title"), (Space::Other, "title"));
        scope.leave(mark);
        assert_eq!(scope.element("title"), (Space::Core, "title"));
        assert_eq!(scope.attribute("XML:Base").as_deref(), Some("xml:base"));
        assert_eq!(scope.attribute("x:base"), None);
    }
}
