//! Whole feeds, each in the shape of a real one.

use super::*;
use crate::draft::{Body, Credit};

mod odd;

fn read_text(text: &str) -> Feed {
    read(text.as_bytes(), &Around::default()).expect("it is a feed")
}

/// Where a feed is said to have been fetched.
fn address() -> Url {
    Url::parse("https://harbour.example/feed.xml").expect("an address")
}

/// What is checked of an entry, on one line.
fn told(entry: &Entry) -> String {
    let facts = &entry.facts;
    let text = |text: &Option<Text>| text.as_ref().map(Text::line).unwrap_or_default();
    let date = |date: Option<When>| date.map(|date| date.to_string()).unwrap_or_default();
    let own = |text: &Option<String>| text.clone().unwrap_or_default();
    [own(&facts.id), text(&facts.title), own(&facts.link), date(facts.published), text(&facts.summary)].join(" | ")
}

#[track_caller]
fn check(feed: &str, expected: &[&str]) {
    let feed = read_text(feed);
    assert_eq!(feed.entries.iter().map(told).collect::<Vec<_>>(), expected);
    assert!(!feed.partial, "{:?}", feed.notes);
}

const RSS: &str = r#"<?xml version="1.0"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel><title>Harbour News</title><link>https://harbour.example/</link><description>All of it</description>
<item><title>Tide &amp; moon</title><link>/tide</link><guid isPermaLink="false">t-1</guid>
<pubDate>Sun, 05 Nov 2023 10:20:30 GMT</pubDate><description>&lt;p&gt;It &lt;b&gt;rose&lt;/b&gt;.&lt;/p&gt;</description>
<content:encoded><![CDATA[<p>It rose <a href="moon">again</a>.</p>]]></content:encoded><dc:creator>Ada Quay</dc:creator>
<category domain="https://harbour.example/c">Sea</category><category>Sea</category><category>Sea</category>
<enclosure url="tide.pdf" length="1200" type="application/pdf"/></item>
<item><title>Lock</title><guid>https://harbour.example/lock</guid><pubDate>2023-11</pubDate></item>
</channel></rss>"#;

const ATOM: &str = r#"<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en" xml:base="https://harbour.example/news/">
<title>Harbour</title><id>urn:h</id><updated>2023-11-05T00:00:00Z</updated><author><name>Press office</name></author>
<entry><title type="html">A &lt;i&gt;tide&lt;/i&gt;</title><id>urn:1</id><link href="1.html"/><link rel="enclosure" href="1.pdf" length="7"/>
<updated>2023-11-06T00:00:00Z</updated><published>2023-11-05T10:20:30Z</published>
<content type="xhtml" xml:base="deep/"><h:div xmlns:h="http://www.w3.org/1999/xhtml"><h:p>So <h:a href="x">it</h:a> is<h:br/></h:p></h:div></content>
<category term="sea" label="The sea" scheme="urn:s"/><source><title>Elsewhere</title><id>urn:e</id></source></entry></feed>"#;

const JSON: &str = r#"{"version": "https://jsonfeed.org/version/1.1", "title": "Harbour", "home_page_url": "https://harbour.example/",
"items": [{"id": 7, "url": "/seven", "title": "Seven", "content_html": "<p>7</p>", "date_published": "2023-11-05T10:20:30Z",
"authors": [{"name": "Ada Quay", "avatar": "/ada.png"}], "tags": ["sea"], "attachments": [{"url": "a.pdf", "mime_type": "application/pdf", "size_in_bytes": 12}]},
{"id": "x", "external_url": "https://elsewhere.example/", "content_text": "1 < 2"}]}"#;

#[test]
fn rss_is_read() {
    check(
        RSS,
        &[
            "t-1 | Tide & moon | https://harbour.example/tide | 2023-11-05T10:20:30+00:00 | It rose.",
            "https://harbour.example/lock | Lock | https://harbour.example/lock | 2023-11 | ",
        ],
    );
    let feed = read_text(RSS);
    let entry = feed.entries.first().expect("an entry");
    assert_eq!(entry.contents.first().map(|content| content.markup), Some(Markup::Html));
    assert_eq!(entry.facts.categories.len(), 2);
    let file = Attachment {
        url: "https://harbour.example/tide.pdf".to_owned(),
        length: Some(1200),
        media_type: Some("application/pdf".to_owned()),
    };
    assert_eq!(entry.enclosures, [file]);
}

#[test]
fn atom_is_read() {
    check(ATOM, &["urn:1 | A tide | https://harbour.example/news/1.html | 2023-11-05T10:20:30+00:00 | "]);
    let feed = read_text(ATOM);
    let entry = feed.entries.first().expect("an entry");
    let content = entry.contents.first().expect("a content");
    assert_eq!(content.value, "<p>So <a href=\"x\">it</a> is<br></p>");
    assert_eq!(content.base.as_ref().map(|base| base.as_str()), Some("https://harbour.example/news/deep/"));
    assert_eq!(content.language.as_deref(), Some("en"));
    assert_eq!(entry.source.as_ref().and_then(|source| source.id.as_deref()), Some("urn:e"));
    assert_eq!(entry.enclosures.first().and_then(|file| file.length), Some(7));
}

#[test]
fn old_formats_are_read() {
    check(
        r#"<feed version="0.3" xmlns="http://purl.org/atom/ns#"><entry><title mode="base64">VGlkZQ==</title><id>urn:1</id>
        <link rel="alternate" href="https://a.example/1"/><issued>2023-11-05T10:20Z</issued><summary type="text/html" mode="escaped">&lt;p&gt;x</summary></entry></feed>"#,
        &["urn:1 | Tide | https://a.example/1 | 2023-11-05T10:20:00+00:00 | x"],
    );
    check(
        r#"<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/">
        <channel rdf:about="urn:c"><title>c</title><items><rdf:Seq><rdf:li rdf:resource="urn:1"/></rdf:Seq></items></channel>
        <item rdf:about="urn:1"><title>Tide</title><link>https://a.example/1</link><dc:date>2023-11-05</dc:date></item></rdf:RDF>"#,
        &["urn:1 | Tide | https://a.example/1 | 2023-11-05 | "],
    );
    check(
        r#"<CHANNEL HREF="https://a.example/" BASE="https://a.example/b/"><TITLE>c</TITLE><ITEM HREF="1.htm" LASTMOD="2023-11-05T10:20Z"><TITLE>Tide</TITLE><ABSTRACT>x</ABSTRACT></ITEM></CHANNEL>"#,
        &[" | Tide | https://a.example/b/1.htm | 2023-11-05T10:20:00+00:00 | x"],
    );
}

#[test]
fn json_feed_is_read() {
    check(
        JSON,
        &[
            "7 | Seven | https://harbour.example/seven | 2023-11-05T10:20:30+00:00 | ",
            "x |  | https://elsewhere.example/ |  | ",
        ],
    );
    let feed = read_text(JSON);
    let author = feed.entries.first().and_then(|entry| entry.facts.authors.first());
    assert_eq!(author.and_then(|author| author.avatar.as_deref()), Some("https://harbour.example/ada.png"));
}

#[test]
fn what_is_not_told_is_taken_from_what_is() {
    check(
        "<feed xmlns='http://www.w3.org/2005/Atom'><entry><id>tag:a.example,2023:1</id><updated>2023-11-05</updated></entry>
        <entry><id>urn:2</id><link rel='alternate' href='https://a.example/2'/></entry><entry><id>x:3</id></entry></feed>",
        &[
            "tag:a.example,2023:1 |  | tag:a.example,2023:1 | 2023-11-05 | ",
            "urn:2 |  | https://a.example/2 |  | ",
            "x:3 |  |  |  | ",
        ],
    );
    let feed = read_text("<feed xmlns='http://www.w3.org/2005/Atom'><entry><id>urn:1</id></entry></feed>");
    let draft = feed.entries.into_iter().next().expect("an entry").draft(&feed.about, &address());
    assert_eq!((draft.link, draft.base), (None, None), "a name is no address");
    let dated = JSON.replace("\"id\": \"x\"", "\"id\": \"x\", \"date_modified\": \"2023-11-07T00:00:00+02:00\"");
    let about = read_text(&dated).about;
    let date = |date: Option<When>| date.map(|date| date.to_string()).unwrap_or_default();
    assert_eq!(date(about.published), "2023-11-05T10:20:30+00:00");
    assert_eq!(date(about.updated), "2023-11-07T00:00:00+02:00");
}

#[test]
fn escaped_and_plain_markup_may_stand_side_by_side() {
    let html = |description: &str| {
        let feed = format!("<rss><channel><item><description>{description}</description></item></channel></rss>");
        read_text(&feed).entries.first().and_then(|entry| entry.facts.summary.clone()).map(|text| text.value)
    };
    let expected = "<p>1</p><br>2 &lt; 3 <i>4</i>";
    assert_eq!(
        html("&lt;p&gt;1&lt;/p&gt;<br/>2 &lt; 3 &lt;i&gt;4&lt;/i&gt;").as_deref(),
        Some("<p>1</p><br>2 < 3 <i>4</i>")
    );
    assert_eq!(html("<p>1</p><br/>2 &lt; 3 <i>4</i>").as_deref(), Some(expected));
}

#[test]
fn of_several_links_the_last_is_the_page() {
    check(
        "<rss><channel><item><guid>1</guid><link>https://a.example/1</link><link>https://a.example/2</link><link/></item></channel></rss>",
        &["1 |  | https://a.example/2 |  | "],
    );
}

#[test]
fn drawings_keep_their_links() {
    let feed = read_text(
        "<feed xmlns='http://www.w3.org/2005/Atom' xmlns:s='http://www.w3.org/2000/svg' xmlns:l='http://www.w3.org/1999/xlink'>
        <entry><id>1</id><content type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'><s:svg viewBox='0 0 1 1'>
        <s:a l:href='https://a.example/'><s:path d=''/></s:a></s:svg></div></content></entry></feed>",
    );
    let content = feed.entries.first().and_then(|entry| entry.contents.first()).expect("a content");
    assert!(
        content.value.contains("<a xlink:href=\"https://a.example/\"><path d=\"\"></path></a></svg>"),
        "{}",
        content.value
    );
}

#[test]
fn namespaces_may_be_missing_wrong_or_shouted() {
    check(
        "<RSS VERSION='2.0'><CHANNEL><ITEM><TITLE>Tide</TITLE><GUID>1</GUID><dc:date>2023-11-05</dc:date><x:title>no</x:title></ITEM></CHANNEL></RSS>",
        &["1 | Tide |  | 2023-11-05 | "],
    );
    check(
        "<feed xmlns='http://example.org/wrong'><a:entry xmlns:a='http://www.w3.org/2005/Atom'><a:title>Tide</a:title><a:id>urn:1</a:id></a:entry></feed>",
        &["urn:1 | Tide | urn:1 |  | "],
    );
}

#[test]
fn what_is_broken_costs_only_itself() {
    let with = |broken: &str| {
        format!(
            "junk <?xml version='1.0'?><rss><channel>{broken}<item><title>Next</title><guid>2</guid></item></channel></rss>more"
        )
    };
    let next = "2 | Next |  |  | ";
    check(
        &with("<item><title>A&B &nbsp; &eacute; &zzz;</title><guid>1</guid></item>"),
        &["1 | A&B é &zzz; |  |  | ", next],
    );
    check(&with("<item><title>No end<link>x</link><guid>1</guid></item>"), &["1 | No end | x |  | ", next]);
    check(
        "<feed xmlns='http://www.w3.org/2005/Atom'><entry><title>No end<id>1</id><content type='xhtml'><div><p>a</div></content></entry></feed>",
        &["1 | No end |  |  | "],
    );
    let declared =
        "<item><guid>1</guid><item xmlns:n='http://purl.org/dc/elements/1.1/'><n:identifier>3</n:identifier></item>";
    check(&with(declared), &["1 |  |  |  | ", "3 |  |  |  | ", next]);
    check(&with("<item><title>No end<guid>1</guid></item>"), &["1 | No end |  |  | ", next]);
    check(&with("<item><title>Wrong end</titel><guid>1</guid></item>"), &["1 | Wrong end |  |  | ", next]);
    check(&with("<item><title>No end</title><guid>1</guid>"), &["1 | No end |  |  | ", next]);
    check(&with("<item><guid>1</guid><description><p>a<b>c</p></description></item>"), &["1 |  |  |  | ac", next]);
    check(&with("<item><guid>1</guid><description><![CDATA[a</description></item>"), &["1 |  |  |  | a", next]);
    check(&with("<image><url>x</url><item><guid>1</guid></item>"), &["1 |  |  |  | ", next]);
    check(&with("<item><guid>1</guid></item></item></p><x y='>"), &["1 |  |  |  | ", next]);
    let deep = "<b>".repeat(2000);
    check(&with(&format!("<item><guid>1</guid><description>{deep}x</description></item>")), &["1 |  |  |  | x", next]);
}

#[test]
fn a_cut_feed_keeps_what_was_closed_before_the_cut() {
    for (feed, end) in [(RSS, "</item>"), (ATOM, "</entry>")] {
        let whole = read_text(feed).entries.iter().map(told).collect::<Vec<_>>();
        for (cut, _) in feed.char_indices() {
            let start = feed.get(..cut).expect("a boundary");
            let Ok(read) = read(start.as_bytes(), &Around::default()) else { continue };
            let closed = start.matches(end).count();
            let found: Vec<String> = read.entries.iter().map(told).collect();
            assert!(found.len() >= closed, "{closed} closed, {} found at {cut}", found.len());
            assert_eq!(found.get(..closed), whole.get(..closed), "at {cut}");
            assert!(read.partial, "the cut at {cut} is not told");
        }
    }
    let whole = read_text(JSON).entries.iter().map(told).collect::<Vec<_>>();
    let first_end = JSON.find("},\n{").expect("two items");
    for (cut, _) in JSON.char_indices() {
        let Ok(read) = read(JSON.get(..cut).expect("a boundary").as_bytes(), &Around::default()) else { continue };
        let found: Vec<String> = read.entries.iter().map(told).collect();
        let closed = usize::from(cut > first_end) + usize::from(cut + 2 >= JSON.len());
        assert_eq!(found.as_slice(), whole.get(..closed).unwrap_or_default(), "at {cut}");
        assert!(read.partial);
    }
}

#[test]
fn an_entry_that_is_cut_off_stays_only_with_its_id_and_whole_fields() {
    let cut = |text: &str| read_text(&format!("<rss><channel>{text}")).entries.iter().map(told).collect::<Vec<_>>();
    assert_eq!(cut("<item><guid>1</guid><title>Tide</title><description>It ro"), ["1 | Tide |  |  | "]);
    assert_eq!(cut("<item rdf:about='1'><title>Tide</title><link>x"), ["1 | Tide |  |  | "]);
    assert!(cut("<item><title>Tide</title><guid>https://harbour.exam").is_empty());
}

#[test]
fn mutations_never_panic() {
    // A linear congruence, so that the run is the same everywhere.
    let mut state = 7_u32;
    let mut random = |most: usize| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 8) as usize % most
    };
    for feed in [RSS, ATOM, JSON] {
        for _ in 0..300 {
            let mut bytes = feed.as_bytes().to_vec();
            for _ in 0..=random(6) {
                let at = random(bytes.len().max(1));
                match random(4) {
                    _ if bytes.is_empty() => bytes.push(b'<'),
                    0 => drop(bytes.remove(at)),
                    1 => bytes.insert(at, b"<>&;\"'/]![\0\xff"[random(12)]),
                    2 => bytes.truncate(at.max(1)),
                    _ => bytes.extend_from_within(at..(at + 40).min(bytes.len())),
                }
            }
            if let Ok(feed) = read(&bytes, &Around::default()) {
                for entry in feed.entries {
                    let _draft = entry.draft(&feed.about, &address());
                }
            }
        }
    }
}

#[test]
fn a_picture_in_a_text_does_not_cut_off_the_words_behind_it() {
    let picture = "A+/9".repeat(FIELD / 4);
    let html = format!("&lt;img src='data:image/png;base64,{picture}=='&gt;The tide rose.");
    for described in [html.clone(), format!("<![CDATA[{}]]>", html.replace("&lt;", "<").replace("&gt;", ">"))] {
        let feed = read_text(&format!("<rss><item><description>{described}</description></item></rss>"));
        assert_eq!(feed.entries.iter().map(told).collect::<Vec<_>>(), [" |  |  |  | The tide rose."]);
        assert_eq!(feed.notes, Vec::<String>::new());
    }
}

#[test]
fn long_fields_are_cut_and_told() {
    let feed =
        read_text(&format!("<rss><item><guid>1</guid><description>{}</description></item></rss>", "é".repeat(FIELD)));
    let summary = feed.entries.first().and_then(|entry| entry.facts.summary.as_ref()).expect("a summary");
    assert_eq!(summary.value.len(), FIELD);
    assert_eq!(feed.notes.len(), 1, "{:?}", feed.notes);
}

#[test]
fn there_are_at_most_so_many_entries() {
    let feed = read_text(&format!("<rss><channel>{}</channel></rss>", "<item><guid>1</guid></item>".repeat(10_001)));
    assert_eq!((feed.entries.len(), feed.partial), (10_000, true));
    assert!(matches!(feed.notes.as_slice(), [note] if note.contains("more than 10000 items")), "{:?}", feed.notes);
}

#[test]
fn an_address_or_a_header_serves_where_the_feed_tells_nothing() {
    let base = Url::parse("https://harbour.example/feeds/all.xml").expect("an address");
    let around = Around { base: Some(&base), language: Some("en_GB"), charset: None, now: None };
    let feed = read(b"<rss><item><link>../1</link><title>a</title></item></rss>", &around).expect("a feed");
    let entry = feed.entries.first().expect("an entry");
    assert_eq!(entry.facts.link.as_deref(), Some("https://harbour.example/1"));
    assert_eq!(entry.facts.language.as_deref(), Some("en-GB"));
}

#[test]
fn an_entry_becomes_a_draft() {
    let feed = read_text(ATOM);
    let draft = feed.entries.first().cloned().expect("an entry").draft(&feed.about, &address());
    assert_eq!((draft.guid.as_deref(), draft.title.as_deref()), (Some("urn:1"), Some("A tide")));
    assert_eq!(draft.authors, ["Press office"]);
    assert_eq!(draft.categories, ["The sea"]);
    assert_eq!(draft.dates.first().map(|claim| claim.when.to_string()).as_deref(), Some("2023-11-05T10:20:30+00:00"));
    assert_eq!(draft.base.as_ref().map(Url::as_str), Some("https://harbour.example/news/deep/"));
    assert!(matches!(draft.body, Body::Markup(_)));
    assert_eq!(draft.enclosures.len(), 1);
}

#[test]
fn an_entry_names_the_feed_it_was_taken_from() {
    let credit = |feed: &str| {
        let feed = read_text(feed);
        let draft = feed.entries.first().cloned().expect("an entry").draft(&feed.about, &address());
        let Credit { title, id, feed, page } = draft.credit.expect("a credit");
        let text = |url: Option<Url>| url.map(String::from).unwrap_or_default();
        [title, id.unwrap_or_default(), text(feed), text(page)].join(" | ")
    };
    let rss = |source: &str| RSS.replace("<item><title>Tide", &format!("<item>{source}<title>Tide"));
    assert_eq!(credit(RSS), "Harbour News |  | https://harbour.example/feed.xml | https://harbour.example/");
    assert_eq!(
        credit(&rss("<source url='http://quay.example/rss'>The <![CDATA[Quay]]></source>")),
        "The Quay |  | http://quay.example/rss | "
    );
    assert_eq!(credit(&rss("<source>The Quay</source>")), credit(RSS), "no feed is named");
    let atom = |links: &str| ATOM.replace("<id>urn:e</id>", &format!("<id>urn:e</id>{links}"));
    assert_eq!(credit(ATOM), "Elsewhere | urn:e |  | ");
    assert_eq!(
        credit(&atom("<link rel='self' href='/f.atom'/><link href='http://quay.example/'/>")),
        "Elsewhere | urn:e | https://harbour.example/f.atom | http://quay.example/"
    );
}

#[test]
fn files_of_an_entry_have_a_media_type_and_pictures_of_media_rss_are_none() {
    let feed = read_text(
        "<rss xmlns:media='http://search.yahoo.com/mrss/'><link>https://a.example/</link><item><guid>1</guid><enclosure url='/a.MP3?x=1' type='mp3'/>
        <enclosure url='/b' type='Audio/MPEG; q=1' length='7'/><enclosure url='/c'/></item><item><guid>2</guid>
        <media:content url='/d.jpg'/><media:content url='/e.jpg' type='image/jpeg'/><media:content url='/f.mp4'/></item>
        <item><guid>3</guid><media:content url='/g' medium='image'/></item></rss>",
    );
    let drafts: Vec<_> = feed.entries.into_iter().map(|entry| entry.draft(&feed.about, &address())).collect();
    let types: Vec<Vec<&str>> =
        drafts.iter().map(|draft| draft.enclosures.iter().map(|file| file.media_type.as_str()).collect()).collect();
    assert_eq!(types, [vec!["audio/mpeg", "audio/mpeg", "application/octet-stream"], vec!["video/mp4"], vec![]]);
    let pictures: Vec<_> = drafts.iter().map(|draft| draft.image.as_ref().map(Url::path)).collect();
    assert_eq!(pictures, [None, Some("/d.jpg"), Some("/g")]);
}

#[test]
fn depth_is_bounded_and_costs_no_words() {
    let deep = format!(
        "<item><guid>1</guid><description>{}tide{}</description></item>",
        "<b>".repeat(900),
        "</b>".repeat(900)
    );
    let feed = read_text(&format!("<rss><channel>{deep}</channel></rss>"));
    let summary = feed.entries.first().and_then(|entry| entry.facts.summary.as_ref()).expect("a summary");
    let (opened, closed) = (summary.value.matches("<b>").count(), summary.value.matches("</b>").count());
    assert!(opened == closed && opened < 256 && summary.value.contains("tide"), "{opened} {closed}");
}

#[test]
fn a_base_inside_of_a_text_counts_there() {
    let feed = read_text(
        "<feed xmlns='http://www.w3.org/2005/Atom' xml:base='https://a.example/'><entry><id>1</id><content type='xhtml'>
        <div><p xml:base='/deep/'><a href='x'>y</a></p><a href='x'>z</a></div></content></entry></feed>",
    );
    let content = feed.entries.first().and_then(|entry| entry.contents.first()).expect("a content");
    assert_eq!(content.value, "<p><a href=\"https://a.example/deep/x\">y</a></p><a href=\"x\">z</a>");
}

#[test]
fn an_entry_that_tells_only_its_change_is_dated_by_it() {
    let feed = read_text(
        "<feed xmlns='http://www.w3.org/2005/Atom'><entry><id>tag:a</id><updated>2023-11-05T10:20:30Z</updated></entry></feed>",
    );
    let draft = feed.entries.first().cloned().expect("an entry").draft(&feed.about, &address());
    assert_eq!((draft.dates.len(), draft.dates == draft.updated), (1, true));
}

#[test]
fn paragraphs_of_plain_descriptions_are_seen() {
    let feed = read_text("<rss><item><description>One of the tide.\n\nTwo of it.</description></item></rss>");
    let draft = feed.entries.first().cloned().expect("an entry").draft(&feed.about, &address());
    assert!(matches!(draft.body, Body::Paragraphs(ref list) if list.len() == 2), "{:?}", draft.body);
}

#[test]
fn what_is_no_feed_is_refused() {
    for text in ["<html><title>Not here</title></html>", "plain words", "{\"a\": 1}"] {
        assert_eq!(read(text.as_bytes(), &Around::default()).err(), Some(ReadError::NoFeed), "{text}");
    }
    assert!(looks_like_feed(RSS.as_bytes()) && looks_like_feed(ATOM.as_bytes()) && looks_like_feed(JSON.as_bytes()));
    assert!(!looks_like_feed(b"<!doctype html><html><rss>") && !looks_like_feed(b"{\"a\": 1}"));
}

#[test]
fn the_feed_tells_where_it_is_and_whose_it_is() {
    let rss = "<rss xmlns:a='http://www.w3.org/2005/Atom'><channel><title>Harbour</title><link>https://a.example/</link>
        <a:link rel='self' href='https://a.example/feed'/><a:link rel='hub' href='https://hub.example/'/></channel></rss>";
    let atom = "<feed xmlns='http://www.w3.org/2005/Atom'><title>Harbour</title><id>urn:h</id><link href='https://a.example/'/>
        <link rel='self' href='https://a.example/feed'/></feed>";
    let json = r#"{"version": "https://jsonfeed.org/version/1.1", "title": "Harbour", "home_page_url": "https://a.example/",
        "feed_url": "https://a.example/feed", "items": []}"#;
    for (text, id) in [(rss, None), (atom, Some("urn:h")), (json, Some("https://a.example/feed"))] {
        let feed = read_text(text);
        assert_eq!(feed.address(), Some("https://a.example/feed"), "{text}");
        assert_eq!((feed.about.id.as_deref(), feed.about.link.as_deref()), (id, Some("https://a.example/")), "{text}");
        assert_eq!(feed.about.title.map(|title| title.line()).as_deref(), Some("Harbour"));
    }
    assert_eq!(read_text(RSS).address(), None);
}

#[test]
fn an_entry_has_another_digest_as_soon_as_it_says_something_else() {
    let entry = |text: &str| read_text(text).entries.into_iter().next().expect("an entry");
    for text in [RSS, ATOM, JSON] {
        assert_eq!(entry(text).digest(), entry(text).digest());
        assert_eq!(entry(text), entry(text));
    }
    let mut seen = std::collections::HashSet::from([entry(RSS).digest()]);
    for (old, new) in [
        ("Tide &amp; moon", "Tide &amp; Moon"),
        ("/tide</link>", "/tides</link>"),
        ("t-1", "t-2"),
        ("10:20:30", "10:20:31"),
        ("rose", "fell"),
        ("<a href=\"moon\">", "<a href=\"sun\">"),
        ("Ada", "Ida"),
        ("<category>Sea<", "<category>Lake<"),
        ("harbour.example/c\"", "harbour.example/d\""),
        ("1200", "1201"),
        ("application/pdf", "text/plain"),
        ("<enclosure", "<comments>c</comments><enclosure"),
        ("<item>", "<item xml:base='https://other.example/'>"),
    ] {
        assert!(RSS.contains(old), "{old}");
        assert!(seen.insert(entry(&RSS.replacen(old, new, 1)).digest()), "{new}");
    }
}

#[test]
fn nothing_is_resolved_against_an_address_that_acts() {
    for link in ["javascript://a.example/", "thttps://a.example/", "data:text/html,x"] {
        let rss = format!("<rss><channel><link>{link}</link><item><link>%0aalert(1)</link></item></channel></rss>");
        let json = format!(
            r#"{{"version": "https://jsonfeed.org/version/1.1", "home_page_url": "{link}",
            "items": [{{"id": 1, "url": "%0aalert(1)"}}]}}"#
        );
        for text in [rss, json] {
            let feed = read_text(&text);
            let entry = feed.entries.first().expect("an entry");
            assert_eq!(entry.facts.link.as_deref(), Some("%0aalert(1)"), "{text}");
        }
    }
}

/// What becomes of the dates of a feed that was read on 3 March 2026, with that at its head.
#[track_caller]
fn check_dates(head: &str, dates: &[(&str, &str)]) {
    let item =
        |(at, (date, _)): (usize, &(&str, &str))| format!("<item><guid>{at}</guid><pubDate>{date}</pubDate></item>");
    let items: String = dates.iter().enumerate().map(item).collect();
    let around = Around { now: "2026-03-03T12:00:00Z".parse().ok(), ..Around::default() };
    let feed = format!("<rss><channel>{head}{items}</channel></rss>");
    let feed = read(feed.as_bytes(), &around).expect("it is a feed");
    let read = |entry: &Entry| entry.facts.published.map(|when| when.to_string()).unwrap_or_default();
    assert_eq!(
        feed.entries.iter().map(read).collect::<Vec<_>>(),
        dates.iter().map(|(_, expected)| expected.to_owned()).collect::<Vec<_>>(),
        "{head}"
    );
}

#[test]
fn other_dates_of_a_feed_tell_the_order_of_day_and_month() {
    check_dates(
        "<language>en-us</language>",
        &[
            ("02/03/2026 10:00", "2026-03-02T10:00:00"),
            ("01/03/2026 09:00", "2026-03-01T09:00:00"),
            ("28/02/2026 12:00", "2026-02-28T12:00:00"),
            ("12/02/2026 12:00", "2026-02-12T12:00:00"),
            ("02-01-2026", "2026-01-02"),
            ("03/03/2026", "2026-03-03"),
        ],
    );
    check_dates("<language>de</language>", &[("02/03/2026", "2026-02-03"), ("02/28/2026", "2026-02-28")]);
    // The day of the week agrees with one of them only; 12 December had not come.
    check_dates("", &[("Tue 03/02/2026 10:00", "2026-02-03T10:00:00"), ("02/03/2026", "2026-03-02")]);
    check_dates("", &[("12/02/2026", "2026-02-12"), ("02/03/2026", "2026-03-02")]);
    check_dates(
        "",
        &[("Mon, 02/03/2026", "2026-03-02"), ("Wed, 04/03/2026", "2026-03-04"), ("03/02/26", "2026-02-03")],
    );
    // Years that stand first.
    check_dates("", &[("26/02/28", "2026-02-28"), ("26/02/25", "2026-02-25"), ("02/03/2026", "2026-02-03")]);
}

#[test]
fn the_language_of_a_feed_tells_the_order_of_day_and_month() {
    for language in ["en-GB", "pt-br", "de"] {
        let dates = [("02/03/2026 10:00", "2026-03-02T10:00:00"), ("01-03-2026", "2026-03-01")];
        check_dates(&format!("<language>{language}</language>"), &dates);
    }
    for head in ["", "<language>en</language>", "<language>en-US</language>"] {
        check_dates(head, &[("02/03/2026 10:00", "2026-02-03T10:00:00")]);
    }
    check_dates("", &[("02-03-2026", "2026-03-02")]);
}

#[test]
fn dates_of_a_feed_that_contradict_each_other_stand_each_by_itself() {
    let dates = [
        ("28/02/2026", "2026-02-28"),
        ("02/27/2026", "2026-02-27"),
        ("02/03/2026", "2026-02-03"),
        ("02-03-2026", "2026-03-02"),
        ("Tue 03/02/2026", "2026-02-03"),
    ];
    check_dates("<language>en-GB</language>", &dates);
}

#[test]
fn numbers_are_dates_in_a_json_feed() {
    let dates = "1772355600,\n1772355600123, 1772355600.5, \"1772355600\", 0, 7, null";
    let items =
        dates.split(',').map(|date| format!(r#"{{"id": "1", "date_published": {date}, "date_modified": {date}}}"#));
    let feed = format!(r#"{{"items": [{}]}}"#, items.collect::<Vec<_>>().join(","));
    let feed = read_text(&feed);
    let told = |date: Option<When>| date.map(|date| date.to_string()).unwrap_or_default();
    for (at, entry) in feed.entries.iter().enumerate() {
        let expected = if at < 4 { "2026-03-01T09:00:00+00:00" } else { "" };
        assert_eq!((&*told(entry.facts.published), &*told(entry.facts.updated)), (expected, expected), "{at}");
    }
    assert_eq!(feed.entries.len(), 7);
}
