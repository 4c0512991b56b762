//! The namespaces that feeds use, each with the prefix by which our rules call it.

/// RSS 2.0 has no namespace of its own; these are sometimes given as one, wrongly but harmlessly.
pub(super) const NONE: &str = "";

/// The prefix of a namespace that we do not know.
pub(super) const UNKNOWN: &str = "?";

/// Address and prefix.
const KNOWN: &[(&str, &str)] = &[
    ("http://www.w3.org/XML/1998/namespace", "xml"),
    ("http://www.w3.org/2005/Atom", "atom"),
    ("http://purl.org/rss/1.0/modules/content/", "content"),
    ("http://purl.org/dc/elements/1.1/", "dc"),
    ("http://purl.org/dc/terms/", "dcterms"),
    ("http://search.yahoo.com/mrss/", "media"),
    ("http://www.itunes.com/dtds/podcast-1.0.dtd", "itunes"),
    ("http://purl.org/rss/1.0/modules/syndication/", "sy"),
    ("http://purl.org/rss/1.0/modules/slash/", "slash"),
    ("http://purl.org/syndication/history/1.0", "fh"),
    ("http://purl.org/syndication/thread/1.0", "thr"),
    ("http://www.georss.org/georss", "georss"),
    ("http://www.opengis.net/gml", "gml"),
    ("http://www.w3.org/2003/01/geo/wgs84_pos#", "geo"),
    ("http://wellformedweb.org/CommentAPI/", "wfw"),
    ("http://www.w3.org/1999/xhtml", "xhtml"),
    ("http://www.w3.org/2000/svg", "svg"),
    ("http://www.w3.org/1998/Math/MathML", "mathml"),
    ("http://www.w3.org/1999/xlink", "xlink"),
    ("http://www.w3.org/1999/02/22-rdf-syntax-ns#", "rdf"),
    ("http://www.w3.org/2000/01/rdf-schema#", "rdfs"),
    ("http://purl.org/rss/1.0/", "rss1"),
    ("http://purl.org/net/rss1.1#", "rss11"),
    ("http://my.netscape.com/rdf/simple/0.9/", "rss090"),
    ("http://purl.org/rss/1.0/modules/rss091#", "rss091"),
    ("http://webns.net/mvcb/", "admin"),
    ("http://purl.org/rss/1.0/modules/aggregation/", "ag"),
    ("http://purl.org/rss/1.0/modules/annotate/", "annotate"),
    ("http://www.w3.org/2007/app", "app"),
    ("http://media.tangent.org/rss/1.0/", "audio"),
    ("http://backend.userland.com/blogChannelModule", "blogChannel"),
    ("http://www.bloglines.com/about/specs/fac-1.0", "access"),
    ("http://web.resource.org/cc/", "cc"),
    ("http://creativecommons.org/ns#", "cc"),
    ("http://www.microsoft.com/schemas/rss/core/2005", "cf"),
    ("http://backend.userland.com/creativeCommonsRssModule", "creativeCommons"),
    ("http://purl.org/rss/1.0/modules/company", "company"),
    ("http://my.theinfo.org/changed/1.0/rss/", "cp"),
    ("http://purl.org/rss/1.0/modules/email/", "email"),
    ("http://purl.org/rss/1.0/modules/event/", "ev"),
    ("http://rssnamespace.org/feedburner/ext/1.0", "feedburner"),
    ("http://xmlns.com/foaf/0.1/", "foaf"),
    ("http://base.google.com/ns/1.0", "g"),
    ("http://geourl.org/rss/module/", "geourl"),
    ("http://postneo.com/icbm", "icbm"),
    ("http://purl.org/rss/1.0/modules/image/", "image"),
    ("urn:atom-extension:indexing", "indexing"),
    ("http://purl.org/rss/1.0/modules/link/", "l"),
    ("http://openid.net/xmlns/1.0", "openid"),
    ("http://a9.com/-/spec/opensearch/1.1/", "opensearch"),
    ("http://a9.com/-/spec/opensearchrss/1.0/", "opensearch10"),
    ("http://www.opml.org/spec2", "opml"),
    ("https://podcastindex.org/namespace/1.0", "podcast"),
    ("https://github.com/Podcastindex-org/podcast-namespace/blob/main/docs/1.0.md", "podcast"),
    ("http://purl.org/rss/1.0/modules/reference/", "ref"),
    ("http://purl.org/rss/1.0/modules/richequiv/", "reqv"),
    ("http://purl.org/rss/1.0/modules/search/", "search"),
    ("http://schemas.google.com/g/2005", "gd"),
    ("http://purl.org/rss/1.0/modules/servicestatus/", "ss"),
    ("http://hacks.benhammersley.com/rss/streaming/", "str"),
    ("http://purl.org/rss/1.0/modules/subscription/", "sub"),
    ("http://feedsync.org/2007/feedsync", "sx"),
    ("http://purl.org/rss/1.0/modules/taxonomy/", "taxo"),
    ("http://purl.org/rss/1.0/modules/threading/", "thr10"),
    ("http://madskills.com/public/xml/rss/module/trackback/", "trackback"),
    ("http://purl.org/rss/1.0/modules/wiki/", "wiki"),
    ("http://backend.userland.com/rss2", NONE),
    ("http://backend.userland.com/RSS2", NONE),
    ("http://blogs.law.harvard.edu/tech/rss", NONE),
    ("http://www.rssboard.org/rss-specification", NONE),
];

/// What a namespace address means.
pub(super) enum Meaning {
    /// A known namespace, by its prefix.
    Known(&'static str),
    /// Not quite the address of a known one: its prefix and its address.
    Nearly(&'static str, &'static str),
    /// We know nothing of it.
    Unknown,
}

/// Looks an address up.
pub(super) fn meaning(address: &str) -> Meaning {
    if address.is_empty() {
        return Meaning::Known(NONE);
    }
    if let Some((_, prefix)) = KNOWN.iter().find(|(known, _)| *known == address) {
        return Meaning::Known(prefix);
    }
    let wanted = bare(address);
    match KNOWN.iter().find(|(known, _)| bare(known).eq_ignore_ascii_case(wanted)) {
        Some((known, prefix)) => Meaning::Nearly(prefix, known),
        None => Meaning::Unknown,
    }
}

/// The namespace that people mean by a prefix. `None`: it is not in common use.
pub(super) fn usual(prefix: &str) -> Option<&'static str> {
    KNOWN.iter().find(|(_, known)| *known == prefix && !prefix.is_empty()).map(|(_, known)| *known)
}

/// An address without scheme and trailing punctuation, by which near misses are recognised.
fn bare(address: &str) -> &str {
    let rest = address.split_once("://").map_or(address, |(_, rest)| rest);
    rest.trim_end_matches(|last: char| !last.is_alphanumeric())
}
