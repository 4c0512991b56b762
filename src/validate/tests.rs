//! Flawless feeds have no finding; each change to one breaks one rule, and every rule has such a change.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use proptest::prelude::*;

use super::*;

const RSS: &str = include_str!("flawless/rss.xml");
const ATOM: &str = include_str!("flawless/atom.xml");
const JSON: &str = include_str!("flawless/feed.json");
const OPML: &str = include_str!("flawless/list.opml");
const RDF: &str = include_str!("flawless/rss1.rdf");

fn now() -> DateTime<Utc> {
    "2025-04-01T12:00:00Z".parse().unwrap()
}

fn check(bytes: &[u8]) -> Verdict {
    validate(bytes, &Expectation { address: None, now: now() })
}

fn rules(bytes: &[u8]) -> BTreeSet<&'static str> {
    check(bytes).findings.iter().map(|finding| finding.rule).collect()
}

#[test]
fn the_oldest_year_and_clocks_that_differ_by_minutes_are_plausible() {
    let is_plausible = |time: &str| date::implausible(time.parse().unwrap(), now()).is_none();
    assert!(is_plausible("1990-01-01T00:00:00Z") && !is_plausible("1989-12-31T23:59:59Z"));
    assert!(is_plausible("2025-04-01T12:10:00Z") && !is_plausible("2025-04-01T12:10:01Z"));
}

/// A feed, what is replaced in it (all places), by what, and the one rule that this breaks.
#[rustfmt::skip]
const CHANGES: &[(&str, &str, &str, &str)] = &[
    (OPML, "opml", "list", "not-a-feed"),
    (RSS, "<?xml", "\u{feff}<?xml", "byte-order-mark"),
    (RSS, "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n", "", "xml-no-declaration"),
    (RSS, " encoding=\"utf-8\"", "", "xml-no-encoding"),
    (RSS, "\"utf-8\"", "\"utf-9\"", "xml-encoding-unknown"),
    (RSS, "\"utf-8\"", "\"utf-16\"", "xml-encoding-wrong"),
    (RSS, "\"utf-8\"", "\"gb18030\"", "xml-not-utf-8"),
    (RSS, "New ferry", "New\u{1}ferry", "character-illegal"),
    (RSS, "New ferry", "New\u{92}ferry", "character-control"),
    (RSS, "New ferry", "New\u{fffd}ferry", "character-replacement"),
    (RSS, "New ferry", "New f\u{c3}\u{a9}rry", "character-twice-encoded"),
    (RSS, "New ferry", "1 < 2", "xml-stray-less-than"),
    (RSS, "<?xml", "\n<?xml", "xml-declaration-late"),
    (RSS, "<?xml version=\"1.0\"", "<?xml version=\"1.1\"", "xml-version"),
    (RSS, "<channel>", "<channel><!-- a -- b -->", "xml-comment"),
    (RSS, "</rss>", "</rss><!-- ", "xml-malformed"),
    (RSS, "image/jpeg\"", "image/jpeg\" x", "xml-attribute-malformed"),
    (RSS, " rel=\"self\"", " rel=\"self\" rel=\"self\"", "xml-attribute-twice"),
    (RSS, "<ttl>", "<ttl dc:9=\"\">", "xml-attribute-name"),
    (RSS, "length=\"2048\"", "dc:x=\"<\" length=\"2048\"", "xml-attribute-less-than"),
    (RSS, "xmlns:dc=", "xmlns:sy=\"http://www.w3.org/2000/svg\" xmlns:dc=", "namespace-prefix-reserved"),
    (RSS, "xmlns:dc=", "xmlns:media=\"http://search.yahoo.com/mrss\" xmlns:dc=", "namespace-misspelled"),
    (RSS, "xmlns:dc=", "xmlns:old=\"http://purl.org/atom/ns#\" xmlns:dc=", "atom-obsolete"),
    (RSS, "xmlns:dc=", "xmlns:own=\"https://own.example/ns\" xmlns:dc=", "namespace-unknown"),
    (RSS, "xmlns:dc=", "xmlns:own=\"not a uri\" xmlns:dc=", "namespace-with-space"),
    (RSS, "<ttl>", "<own:x/><ttl>", "namespace-undeclared"),
    (RSS, "New ferry", "New ]]> ferry", "xml-section-end"),
    (RSS, "</rss>", "</rss>more", "xml-outside-root"),
    (RSS, "New ferry", "New&#x92;ferry", "character-reference-control"),
    (RSS, "New ferry", "New&#1;ferry", "character-reference-illegal"),
    (RSS, "<dc:creator>Ada", "<dc:creator>&nbsp;Ada", "xml-entity-undefined"),
    (RSS, "<dc:creator>Ada", "<dc:creator>&foo;Ada", "xml-entity-undefined"),
    (RSS, "<rss ", "<!DOCTYPE rss [<!ENTITY a 'b'>]><rss ", "xml-entity-declared"),
    (RSS, "<rss ", "<!DOCTYPE rss><rss ", "xml-document-type"),
    (RSS, "</channel>", "</b></channel>", "xml-end-tag-stray"),
    (OPML, "</outline>\n", "", "xml-tag-mismatch"),
    (RSS, "</rss>", "", "xml-not-closed"),
    (RSS, "New ferry", "New & ferry", "xml-bare-ampersand"),
    (RSS, "<ttl>60</ttl>", "<ttl>60</ttl><ttl>60</ttl>", "element-twice"),
    (RSS, "<description>What happens on the shore</description>", "", "element-missing"),
    (RSS, "<skipHours><hour>1</hour></skipHours>", "<skipHours/>", "element-missing"),
    (RSS, "<ttl>", "<x:p xmlns:x=\"http://www.w3.org/1999/xhtml\"/><ttl>", "element-misplaced"),
    (RSS, "<ttl>", "<tlt/><ttl>", "element-unknown"),
    (RSS, "<channel>", "<channel>words", "text-unexpected"),
    (RSS, " length=", " size=\"1\" length=", "attribute-unknown"),
    (RSS, " length=\"2048\"", "", "attribute-missing"),
    (RSS, "New ferry", "New <dc:b/>ferry", "element-unexpected"),
    (ATOM, "2025-03-04T08:30:00Z", " 2025-03-04T08:30:00Z", "white-space"),
    (ATOM, "href=\"https://www.lakeside.example/bridge\"", "href=\" https://www.lakeside.example/bridge\"", "white-space"),
    (RSS, "New ferry", "", "element-empty"),
    (ATOM, "Press office", "", "element-empty"),
    (ATOM, "<summary>The ferry.</summary>", "<summary/>", "element-empty"),
    (RSS, "<language>en", "<language>english", "language-tag"),
    (ATOM, "xml:lang=\"en\"", "xml:lang=\"en_GB\"", "language-tag"),
    (RSS, "image/jpeg", "jpeg", "media-type"),
    (JSON, "application/pdf", "pdf", "media-type"),
    (ATOM, "press@lakeside.example", "press office", "mail-address"),
    (RSS, "moor@lakeside.example (Ada Moor)", "Ada Moor", "person-without-mail"),
    (RSS, "moor@lakeside.example (Ada Moor)", "moor@lakeside.example", "person-form"),
    (RSS, "<ttl>60", "<ttl>0", "number"),
    (RSS, "length=\"2048\"", "length=\"2 KB\"", "number"),
    (RSS, "<ttl>", "<geo:lat xmlns:geo=\"http://www.w3.org/2003/01/geo/wgs84_pos#\">91</geo:lat><ttl>", "number-decimal"),
    (OPML, "<outline type=\"link\"", "<outline isComment=\"maybe\" type=\"link\"", "value-unknown"),
    (RSS, "New ferry", "New &lt;ferry", "text-with-markup"),
    (RSS, "New ferry", "New &#x3C;b&#x3E;ferry&#x3C;/b&#x3E;", "text-with-markup"),
    (RSS, "New ferry", "New &amp;nbsp;ferry", "text-with-markup"),
    (RSS, "/ferry</link>", "/新船</link>", "address-invalid"),
    (RSS, "/ferry</link>", "/new ferry</link>", "address-invalid"),
    (RSS, "/ferry</link>", "/100%</link>", "address-invalid"),
    (RSS, "<link>https://www.lakeside.example/ferry", "<link>/ferry", "address-invalid"),
    (RSS, "<link>https://www.lakeside.example/ferry", "<link>https:///ferry", "address-invalid"),
    (ATOM, "<id>tag:lakeside.example,2025:bridge", "<id>tag:lakeside.example:bridge", "address-invalid"),
    (ATOM, "<id>tag:lakeside.example,2025:bridge", "<id>urn:uuid:1234", "address-invalid"),
    (RSS, "<link>https://www.lakeside.example/ferry", "<link>htps://www.lakeside.example/ferry", "address-scheme"),
    (RSS, "Wed, 05 Mar", "Mon, 05 Mar", "date-invalid"),
    (RSS, "Wed, 05 Mar", "31 Feb", "date-invalid"),
    (RSS, "05 Mar 2025 08:30:00 GMT", "05 Mar 2025 24:30:00 GMT", "date-invalid"),
    (ATOM, "<published>2025-03-05T", "<published>2025-02-29T", "date-invalid"),
    (ATOM, "<published>2025-03-05T08:30:00Z", "<published>2025-03-05", "date-invalid"),
    (RDF, "2025-03-05", "5 March", "date-invalid"),
    (RSS, "08:30:00 GMT", "08:30:00 +0545", "date-doubtful"),
    (RSS, "Mar 2025", "Mar 25", "date-doubtful"),
    (RSS, "05 Mar", "05 MAR", "date-doubtful"),
    (RSS, "Wed, 05 Mar 2025", "Thu, 05 Mar 2026", "date-implausible"),
    (RSS, "Wed, 05 Mar 2025", "Mon, 05 Mar 1906", "date-implausible"),
    (JSON, "2025-03-04", "2026-03-04", "date-implausible"),
    (RSS, "<p>The", "<!-- <p>The", "html-comment-open"),
    (RSS, "<p>The", "<!DOCTYPE html><p>The", "html-declaration"),
    (RSS, "<p>The", "<p>1 < 2", "html-stray-less-than"),
    (RSS, "<p>The", "<script>if (1 < 2) {}</script><p>The", "html-cut-out"),
    (JSON, "<p>The", "<iframe src='https://a.example/'></iframe><p>The", "html-cut-out"),
    (RSS, "<p>The", "<svg/><p>The", "html-element-unknown"),
    (RSS, "<p>The", "<br <p>The", "html-tag-open"),
    (RSS, "</a>.</p>", "</a>.</p><br class=\"", "html-value-open"),
    (RSS, "<p>The", "<p onclick=\"go()\">The", "html-event-handler"),
    (ATOM, "<p>Closed", "<p onclick=\"go()\">Closed", "html-event-handler"),
    (RSS, "<p>The", "<p style=\"background:url(x)\">The", "html-style-unsafe"),
    (RSS, "https://www.lakeside.example/map", "javascript:go()", "html-script-address"),
    (RSS, "https://www.lakeside.example/map", "https://www.lakeside.example/a map", "html-address-invalid"),
    (RSS, "<p>The", "</i><p>The", "html-end-tag-stray"),
    (RSS, "https://www.lakeside.example/map", "/map", "html-address-relative"),
    (ATOM, "https://www.lakeside.example/map", "/map", "html-address-relative-to-base"),
    (RSS, "</a>.</p>", "</p></a>.", "html-misnested"),
    (RSS, "<p>The", "<div><p>The", "html-unclosed"),
    (ATOM, "<content type=\"html\">", "<content type=\"html\" mode=\"escaped\">", "atom-mode"),
    (ATOM, "<content type=\"xhtml\"><div xmlns=\"http://www.w3.org/1999/xhtml\"><p>Closed.</p></div>", "<summary>b</summary><content src=\"https://a.example/\">", "atom-content-type-missing"),
    (ATOM, "<content type=\"html\">", "<content type=\"text/html\" src=\"https://a.example/\">", "atom-content-not-empty"),
    (ATOM, "<title>New", "<title type=\"markdown\">New", "atom-text-type"),
    (ATOM, "<content type=\"xhtml\">", "<content type=\"image/svg+xml\">a", "atom-content-mixed"),
    (ATOM, "<content type=\"html\">", "<content type=\"text/html\">", "atom-content-fragment"),
    (ATOM, "<content type=\"html\">", "<content type=\"image/png\">", "atom-content-base64"),
    (ATOM, "<title>New", "<title><b xmlns=\"http://www.w3.org/1999/xhtml\"/>New", "atom-text-with-elements"),
    (ATOM, "<title>New", "<title>&lt;b&gt;New&lt;/b&gt;", "atom-text-with-markup"),
    (ATOM, "<content type=\"xhtml\"><div xmlns=\"http://www.w3.org/1999/xhtml\"><p>Closed.</p></div>", "<content type=\"xhtml\"><p xmlns=\"http://www.w3.org/1999/xhtml\">Closed.</p>", "atom-xhtml-div"),
    (ATOM, "<content type=\"xhtml\">", "<content type=\"xhtml\">words", "atom-xhtml-text"),
    (ATOM, "<p>Closed.</p>", "<p xmlns=\"\">Closed.</p>", "atom-xhtml-namespace"),
    (RSS, "<rss ", "<rss xmlns=\"http://purl.org/rss/1.0/\" ", "rss-namespace"),
    (RSS, "<rss version=\"2.0\"", "<rss version=\"2.1\"", "rss-version"),
    (RSS, "<language>en</language>\n", "", "rss-channel-sparse"),
    (RSS, "<guid>https://www.lakeside.example/bridge</guid>", "<guid isPermaLink=\"false\">tag:lakeside.example,2025:ferry</guid>", "rss-guid-not-unique"),
    (RSS, "</channel>", "<rating>a</rating></channel>", "rss-channel-after-items"),
    (RSS, "</url><title>Lakeside University", "</url><title>Lake", "rss-image-differs"),
    (RSS, "logo.png", "logo.svg", "rss-image-format"),
    (RSS, "<ttl>", "<textInput><title>a</title><description>b</description><name>c</name><link>https://a.example/</link></textInput><ttl>", "rss-text-input"),
    (RSS, "<category>", "<dc:subject>b</dc:subject><category>", "rss-said-twice"),
    (RSS, "<hour>1</hour>", "<hour>24</hour>", "rss-hour-24"),
    (RSS, "<hour>1</hour>", "<hour>1</hour><hour>01</hour>", "rss-skip-twice"),
    (RSS, "<title>Old bridge</title>\n", "", "rss-item-sparse"),
    (RSS, "<guid>https://www.lakeside.example/bridge</guid>", "", "rss-item-without-guid"),
    (RSS, "<enclosure ", "<enclosure url=\"https://a.example/b\" length=\"0\" type=\"a/b\"/><enclosure ", "rss-enclosures"),
    (RSS, "<description>The ferry &amp;amp; the bridge.</description>", "", "rss-content-before-description"),
    (RSS, "<category>", "<atom:content>a</atom:content><category>", "rss-content-elsewhere"),
    (RSS, "isPermaLink=\"false\"", "isPermaLink=\"no\"", "rss-guid-permalink-value"),
    (RSS, " isPermaLink=\"false\"", "", "rss-guid-not-permalink"),
    (RSS, "tag:lakeside.example,2025:ferry", "17", "rss-guid-short"),
    (RSS, "tag:lakeside.example,2025:ferry", "a17", "rss-guid-not-uri"),
    (RDF, "http://purl.org/rss/1.0/", "http://my.netscape.com/rdf/simple/0.9/", "rdf-version"),
    (RDF, "<item rdf:about=\"https://www.lakeside.example/bridge\">", "<item rdf:about=\"https://www.lakeside.example/ferry\">", "rdf-about-not-unique"),
    (RDF, "<item rdf:about=\"https://www.lakeside.example/bridge\">", "<item>", "attribute-missing"),
    (ATOM, " xml:lang=\"en\"", "", "atom-no-language"),
    (ATOM, "</feed>", "<rights>a</rights></feed>", "atom-metadata-after-entries"),
    (ATOM, "tag:lakeside.example,2025:bridge", "https://www.lakeside.example/ferry", "atom-id-not-unique"),
    (ATOM, "2025-03-04T08:30:00Z", "2025-03-05T08:30:00Z", "atom-updated-not-unique"),
    (RSS, "rel=\"self\"", "rel=\"hub\"", "self-link-missing"),
    (ATOM, "href=\"https://www.lakeside.example/news.atom\"", "href=\"news.atom\"", "self-link-relative"),
    (ATOM, "application/atom+xml", "text/xml", "self-link-type"),
    (ATOM, "<published>", "<link rel=\"amphtml\" href=\"https://a.example/\"/><published>", "atom-link-relation"),
    (ATOM, "<published>", "<link rel=\"current\" href=\"https://a.example/\"/><published>", "atom-link-relation-in-entry"),
    (ATOM, "href=\"https://www.lakeside.example/bridge\"/>", "href=\"https://www.lakeside.example/bridge\">a</link>", "atom-link-not-empty"),
    (ATOM, "<published>", "<link type=\"text/html\" href=\"https://a.example/\"/><published>", "atom-alternates"),
    (ATOM, "Press office", "Press &lt;press@lakeside.example&gt;", "atom-name-with-mail"),
    (ATOM, "<id>https://www.lakeside.example/ferry", "<id>https://www.Lakeside.example/ferry", "atom-id-not-canonical"),
    (ATOM, "<id>https://www.lakeside.example/ferry", "<id>https://www.lakeside.example", "atom-id-not-canonical"),
    (ATOM, "<author><name>Press office</name><email>press@lakeside.example</email></author>\n", "", "atom-no-author"),
    (ATOM, "<content type=\"xhtml\"><div xmlns=\"http://www.w3.org/1999/xhtml\"><p>Closed.</p></div>", "<content type=\"image/png\" src=\"https://a.example/\">", "atom-no-summary"),
    (ATOM, "<content type=\"xhtml\"><div xmlns=\"http://www.w3.org/1999/xhtml\"><p>Closed.</p></div></content>", "", "atom-entry-empty"),
    (ATOM, "<source><id>tag:lakeside.example,2025:press</id>", "<source>", "atom-source-sparse"),
    (ATOM, "<entry>\n<id>tag", "<entry><link rel=\"via\" href=\"a\"/>\n<updated>2025-03-01T00:00:00Z</updated><title>a</title><id>tag:a.example,2025:a</id><summary>a</summary></entry><entry>\n<id>tag", "atom-no-alternate"),
    (ATOM, "<author>", "<fh:complete xmlns:fh=\"http://purl.org/syndication/history/1.0\"/><link rel=\"next\" href=\"https://a.example/\"/><author>", "history-complete"),
    (ATOM, "<author>", "<fh:archive xmlns:fh=\"http://purl.org/syndication/history/1.0\"/><link rel=\"current\" href=\"https://a.example/\"/><author>", "history-archive"),
    (ATOM, "<author>", "<fh:archive xmlns:fh=\"http://purl.org/syndication/history/1.0\"/><link rel=\"prev-archive\" href=\"https://a.example/\"/><author>", "history-current"),
    (RSS, "<language>", "<fh:archive xmlns:fh=\"http://purl.org/syndication/history/1.0\"/><atom:link rel=\"current\" href=\"https://a.example/\"/><language>", "history-archive"),
    (RSS, "<language>", "<fh:complete xmlns:fh=\"http://purl.org/syndication/history/1.0\"/><atom:link rel=\"prev-archive\" href=\"https://a.example/\"/><language>", "history-complete"),
    (OPML, " xmlUrl=\"https://www.lakeside.example/news.rss\"", "", "opml-no-xml-url"),
    (OPML, " title=\"Lakeside\"", "", "opml-no-title"),
    (OPML, "RSS2", "RSS9", "opml-feed-version"),
    (OPML, " url=\"https://www.lakeside.example/map\"", "", "opml-no-url"),
    (OPML, " type=\"rss\"", "", "opml-no-type"),
    (OPML, "<outline text=\"Universities\">", "<outline>", "attribute-missing"),
    (JSON, "\"Campus\"", "\"Campus\",", "json-malformed"),
    (JSON, "\\u2014", "\\ud800", "json-surrogate"),
    (JSON, "\\u2014", "\\ud83d--de00", "json-surrogate"),
    (JSON, "tag:lakeside.example,2025:bridge", "https://www.lakeside.example/ferry", "json-id-not-unique"),
    (JSON, "\"New ferry\"", "7", "json-type"),
    (JSON, "[{\"name\": \"Press office\"}]", "[\"Press office\"]", "json-type"),
    (JSON, "\"size_in_bytes\": 7", "\"size_in_bytes\": -7", "json-type"),
    (JSON, "\"tags\":", "\"language\": \"en\", \"language\": \"en\", \"tags\":", "json-member-twice"),
    (JSON, "\"New ferry\"", "null", "json-null"),
    (JSON, "\"tags\":", "\"labels\": [], \"tags\":", "json-member-unknown"),
    (JSON, " \"title\": \"Lakeside University\",\n", "", "json-member-missing"),
    (JSON, "{\"name\": \"Press office\"}", "{}", "json-author-empty"),
    (JSON, "\"New ferry\"", "\"\"", "json-empty"),
    (JSON, "[\"Campus\"]", "[\"\"]", "json-strings"),
    (JSON, "version/1.1", "version/1", "json-version-old"),
    (JSON, "version/1.1", "version/2", "json-version"),
    (JSON, " \"language\": \"en\",\n", "", "json-feed-sparse"),
    (JSON, "\"language\":", "\"next_url\": \"https://www.lakeside.example/news.json\", \"language\":", "json-next-is-self"),
    (JSON, "   \"content_text\": \"Closed.\",\n", "", "json-no-content"),
    (JSON, "   \"url\": \"https://www.lakeside.example/bridge\",\n", "", "json-item-sparse"),
    (JSON, "tag:lakeside.example,2025:bridge", "bridge", "json-id-not-uri"),
    (JSON, "\"New ferry\"", "\"New <b>ferry</b>\"", "json-title-with-markup"),
    (JSON, "\"New ferry\"", "\"New &amp; ferry\"", "json-title-with-markup"),
    (JSON, "\"tags\":", "\"author\": {\"name\": \"Ada\"}, \"tags\":", "json-author-deprecated"),
];

/// Files that are broken by bytes or by sheer size.
fn large_or_binary() -> Vec<(Vec<u8>, &'static str)> {
    let text = |from: &str, to: &str| RSS.replace(from, to).into_bytes();
    let latin: Vec<u8> = RSS.replace("New", "N\u{e9}w").chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect();
    let section = |inside: &str| text("<p>The", &format!("{inside}<p>The"));
    let items = (0..1_200).map(|_| "<item><b/></item>").collect::<String>();
    vec![
        (text("<ttl>", &format!("{}<ttl>", " ".repeat(HEAVY_BYTES))), "file-heavy"),
        (latin.clone(), "encoding-invalid"),
        (text("\"utf-8\"", "\"shift_jis\"").into_iter().chain([0xff]).collect(), "encoding-mismatch"),
        (text("<channel>", &format!("<channel>{}", " < ".repeat(60))), "xml-hopeless"),
        (text("<ttl>", &format!("<x>{}{}</x><ttl>", "<x>".repeat(300), "</x>".repeat(300))), "xml-too-deep"),
        (
            text("<ttl>", &format!("<ttl {}>", (0..300).map(|n| format!("dc:a{n}=''")).collect::<Vec<_>>().join(" "))),
            "xml-attributes-too-many",
        ),
        (b"<?xml version=\"1.0\" encoding=\"utf-8\"?>".to_vec(), "xml-no-root"),
        (section(&"<b>".repeat(300)), "html-too-deep"),
        (
            JSON.replace("\"anything\": null", &format!("\"a\": {}{}", "[".repeat(300), "]".repeat(300))).into(),
            "json-too-large",
        ),
        (text("<item>\n<title>New", &format!("{items}<item>\n<title>New")), "too-many-findings"),
        (text("<title>Old bridge</title>\n", "").into_iter().chain(vec![b' '; MOST_BYTES]).collect(), "file-too-long"),
        (text("<item>\n<title>New ferry", "<item/><item>\n<title>New ferry"), "rss-item-empty"),
        (OPML.replace("\"2.0\"", "\"1.0\"").replace("\"link\"", "\"song\"").into_bytes(), "opml-outline-type"),
    ]
}

#[test]
fn values_of_extensions_are_what_they_must_be() {
    const SPACES: &str = "xmlns:media=\"http://search.yahoo.com/mrss/\" xmlns:itunes=\"http://www.itunes.com/dtds/podcast-1.0.dtd\" xmlns:thr=\"http://purl.org/syndication/thread/1.0\" xmlns=";
    let found = |inside: &str| {
        let feed = ATOM.replacen("xmlns=", SPACES, 1).replacen("</entry>", &format!("{inside}</entry>"), 1);
        rules(feed.as_bytes()).into_iter().collect::<Vec<_>>()
    };
    for right in [
        "<media:content url=\"https://www.lakeside.example/1.mp4\" channels=\"2\" bitrate=\"127.5\" framerate=\"25\" samplingrate=\"44.1\" duration=\"7\"/>",
        "<media:title type=\"html\">a</media:title><media:hash algo=\"md5\">a</media:hash>",
        "<media:credit scheme=\"urn:ebu\">a</media:credit><media:rating scheme=\"urn:simple\">adult</media:rating>",
        "<media:player url=\"https://www.lakeside.example/p\" height=\"9\" width=\"16\"/>",
        "<itunes:category text=\"Science\"/>",
        "<thr:in-reply-to ref=\"tag:lakeside.example,2025:1\" type=\"text/html\" href=\"https://www.lakeside.example/1\"/>",
        "<link rel=\"replies\" href=\"https://www.lakeside.example/c\" thr:count=\"0\" thr:updated=\"2025-03-04T08:30:00Z\"/>",
    ] {
        assert_eq!(found(right), Vec::<&str>::new(), "{right}");
    }
    for (wrong, rule) in [
        ("<media:content channels=\"two\"/>", "number"),
        ("<media:content duration=\"0:07\"/>", "number-decimal"),
        ("<media:content bitrate=\"-1\"/>", "number-decimal"),
        ("<media:title type=\"xhtml\">a</media:title>", "value-unknown"),
        ("<media:hash algo=\"sha\">a</media:hash>", "value-unknown"),
        ("<media:restriction relationship=\"allow\" type=\"place\">at</media:restriction>", "value-unknown"),
        ("<media:category scheme=\"colours\">red</media:category>", "address-invalid"),
        ("<media:player url=\"https://www.lakeside.example/p\" width=\"all\"/>", "number"),
        ("<itunes:category>Science</itunes:category>", "attribute-missing"),
        ("<thr:in-reply-to href=\"https://www.lakeside.example/1\"/>", "attribute-missing"),
        ("<thr:in-reply-to ref=\"tag:lakeside.example,2025:1\" type=\"html\"/>", "media-type"),
        ("<link rel=\"replies\" href=\"https://www.lakeside.example/c\" thr:count=\"-1\"/>", "number"),
        ("<link rel=\"replies\" href=\"https://www.lakeside.example/c\" thr:updated=\"4 March\"/>", "date-invalid"),
    ] {
        assert_eq!(found(wrong), [rule], "{wrong}");
    }
}

#[test]
fn flawless_feeds_have_no_finding() {
    for (feed, kind, items, address) in [
        (RSS, Kind::Rss, 2, "https://www.lakeside.example/news.rss"),
        (ATOM, Kind::Atom, 2, "https://www.lakeside.example/news.atom"),
        (JSON, Kind::JsonFeed, 2, "https://www.lakeside.example/news.json"),
        (OPML, Kind::Opml, 3, ""),
        (RDF, Kind::Rdf, 2, ""),
    ] {
        let verdict = validate(feed.as_bytes(), &Expectation { address: Some(address), now: now() });
        assert_eq!(verdict, Verdict { kind, items, findings: Vec::new() });
    }
    assert_eq!(rules(JSON.replace("\\u2014", "\\ud83d\\ude00").as_bytes()), BTreeSet::new());
}

#[test]
fn each_change_breaks_its_rule_and_no_other() {
    let mut wrong = Vec::new();
    for (feed, from, to, rule) in CHANGES {
        let found = rules(feed.replace(from, to).as_bytes());
        if found != BTreeSet::from([*rule]) {
            wrong.push(format!("{from:?} → {to:?} should break {rule}, but breaks {found:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn large_and_binary_files_break_their_rule() {
    for (bytes, rule) in large_or_binary() {
        assert!(rules(&bytes).contains(rule), "{rule}: {:?}", rules(&bytes));
    }
}

#[test]
fn a_self_link_to_another_place_is_found() {
    let expectation = Expectation { address: Some("https://mirror.example/news"), now: now() };
    for feed in [RSS, ATOM, JSON] {
        let rules: Vec<_> = validate(feed.as_bytes(), &expectation).findings.iter().map(|found| found.rule).collect();
        assert_eq!(rules, ["self-link-elsewhere"]);
    }
}

#[test]
fn every_rule_has_a_change_that_breaks_it() {
    let mut broken: BTreeSet<&str> = CHANGES.iter().map(|change| change.3).collect();
    broken.extend(large_or_binary().iter().map(|(_, rule)| *rule));
    broken.insert("self-link-elsewhere");
    let known: BTreeSet<&str> = rule::ALL.iter().map(|rule| rule.name).collect();
    assert_eq!(broken, known);
    assert_eq!(known.len(), rule::ALL.len(), "two rules have the same name");
}

#[test]
fn places_are_lines_and_characters() {
    let place = |feed: &str, from: &str, to: &str| {
        let findings = check(feed.replace(from, to).as_bytes()).findings;
        findings.first().map(|found| (found.line, found.column))
    };
    assert_eq!(place(RSS, "New ferry", "新船 & 旧桥"), Some((14, 11)), "columns count characters");
    assert_eq!(place(RSS, "<p>The", "<p>é <script></script>The"), Some((21, 32)), "inside of CDATA");
    assert_eq!(place(ATOM, "&gt;ferry", "&gt;&lt;blink&gt;ferry"), Some((17, 84)), "inside of escaped HTML");
    assert_eq!(place(JSON, "<p>The", "\\n<blink></blink><p>The"), Some((13, 23)), "after an escape of JSON");
    assert_eq!(place(JSON, "\"Campus\"", "\"Campus\" \"b\""), Some((15, 22)), "malformed JSON");
}

#[test]
fn messages_name_the_value_and_are_one_line() {
    let findings = check(RSS.replace("<ttl>60", "<ttl>6\n0").as_bytes()).findings;
    assert_eq!(findings.first().unwrap().message, "ttl is \"6\\n0\"; write a whole number from 1 up");
    for rule in rule::ALL {
        let name = ["U+", "Atom", "OPML", "XHTML"].iter().any(|name| rule.message.starts_with(name));
        assert!(name || !rule.message.starts_with(char::is_uppercase), "{}", rule.message);
        assert!(!rule.message.ends_with('.') && !rule.message.contains('\n'), "{}", rule.message);
    }
}

#[test]
fn other_encodings_are_decoded() {
    let units: Vec<u8> = std::iter::once('\u{feff}')
        .chain(RSS.chars())
        .flat_map(|c| u16::try_from(u32::from(c)).unwrap().to_le_bytes())
        .collect();
    assert_eq!(check(&units).items, 2);
    let (bytes, ..) = encoding_rs::GB18030
        .encode("<?xml version='1.0' encoding='gb18030'?><rss><channel><title>新&x;</title></channel></rss>");
    let found = check(&bytes).findings.into_iter().find(|found| found.rule == "xml-entity-undefined").unwrap();
    assert_eq!((found.line, found.column), (1, 63));
}

proptest! {
    #[test]
    fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        check(&bytes);
    }

    #[test]
    fn no_mangled_feed_makes_it_panic(which in 0..5_usize, cuts in prop::collection::vec((any::<prop::sample::Index>(), any::<prop::sample::Index>(), "[<>&;\"'/{}\\[\\]:,!a-c\\\\\u{0}\u{e9}\u{4e00} -]{0,6}"), 1..6)) {
        let mut bytes = [RSS, ATOM, JSON, OPML, RDF][which].as_bytes().to_vec();
        for (from, length, words) in cuts {
            let from = from.index(bytes.len() + 1);
            let to = (from + length.index(40)).min(bytes.len());
            bytes.splice(from..to, words.into_bytes());
        }
        let verdict = check(&bytes);
        let places: Vec<_> = verdict.findings.iter().map(|found| (found.line, found.column)).collect();
        prop_assert!(places.is_sorted() && verdict.findings.len() <= 1_001);
    }
}

#[test]
fn a_title_about_markup_is_as_it_should_be() {
    let titled = JSON.replace("New ferry", "What &amp; is");
    let codes = |feed: &str| -> Vec<_> { check(feed.as_bytes()).findings.iter().map(|finding| finding.rule).collect() };
    assert_eq!(codes(&titled), ["json-title-with-markup"]);
    assert_eq!(codes(&titled.replace("The ferry", "Write &amp;amp; for it, says the ferry")), [""; 0]);
    assert_eq!(codes(&titled.replace("_ours", "_feedgen")), [""; 0]);
}

/// XML 1.0 §4.1, Entity Declared: only what stands outside of the document could declare what it does not.
#[test]
fn a_document_type_declares_what_it_declares() {
    let undefined = |document_type: &str, entity: &str| {
        let feed =
            RSS.replace("<rss ", &format!("{document_type}<rss ")).replace("New ferry", &format!("New&{entity};ferry"));
        rules(feed.as_bytes()).contains("xml-entity-undefined")
    };
    for (document_type, entity, is_undefined) in [
        ("<!DOCTYPE rss>", "nbsp", true),
        ("<!DOCTYPE rss [<!ENTITY a \"b\">]>", "foo", true),
        ("<!DOCTYPE rss[<!ENTITY a 'b'><!ENTITY\n foo \"50%\">]>", "foo", false),
        ("<!DOCTYPE rss [<!ENTITY % more SYSTEM \"more.ent\"> %more;]>", "foo", false),
        (
            "<!DOCTYPE rss PUBLIC \"-//Netscape Communications//DTD RSS 0.91//EN\" \"http://a.example/rss.dtd\">",
            "nbsp",
            false,
        ),
        ("<!DOCTYPE rss SYSTEM \"rss.dtd\" [<!ENTITY a \"b\">]>", "nbsp", false),
        ("<!DOCTYPE rss>", "amp", false),
    ] {
        assert_eq!(undefined(document_type, entity), is_undefined, "{document_type} &{entity};");
    }
}
