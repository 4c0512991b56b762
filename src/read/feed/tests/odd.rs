//! Feeds in odd wrappings, and what is told in odd places.

use super::*;

#[test]
fn a_feed_may_be_shown_on_a_page() {
    let shown = |text: &str| text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    let titles = |text: &str| -> Vec<String> {
        let entries = read_text(text).entries;
        entries.iter().filter_map(|entry| Some(entry.facts.title.as_ref()?.line())).collect()
    };
    let page = |inside: &str| format!("<html><head><meta name=\"a\"></head><body>{inside}</body></html>");
    for text in [
        page(&format!("<pre style=\"white-space: pre-wrap\">{}</pre>", shown(RSS))),
        shown(RSS),
        page(&format!(
            "<div hidden>{}</div><p>No style is given.</p>",
            RSS.trim_start_matches("<?xml version=\"1.0\"?>")
        )),
    ] {
        assert_eq!(titles(&text), ["Tide & moon", "Lock"], "{text}");
        assert_eq!(read_text(&text).about.title.map(|title| title.line()).as_deref(), Some("Harbour News"), "{text}");
    }
    assert_eq!(titles(&page(&format!("<pre>{}</pre>", shown(JSON)))), ["Seven"]);
    // A page about feeds is none, and none is what tells of licences.
    for text in [
        page(&format!("<p>Write:</p><pre>{}</pre>", shown(RSS))),
        page("<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'><License/></rdf:RDF>"),
        page("<pre>&lt;p&gt;</pre>"),
    ] {
        assert!(read(text.as_bytes(), &Around::default()).is_err(), "{text}");
    }
}

#[test]
fn marks_and_warnings_may_stand_before_a_feed() {
    for text in [RSS, JSON] {
        let marked = format!("\u{feff}\u{feff}\n{text}");
        assert_eq!(read_text(&marked).entries.len(), 2, "{marked}");
    }
    let warned = format!("<br />\n<b>Warning</b>:  Undefined variable in <b>/a.php</b> on line <b>1</b><br />\n{RSS}");
    assert!(looks_like_feed(warned.as_bytes()));
    assert!(!looks_like_feed(b"<br><p><rss>"));
}

#[test]
fn what_is_told_in_an_odd_place_is_told() {
    let entry = |inside: &str| {
        let text = format!(
            "<rss xmlns:a='http://www.w3.org/2005/Atom'><channel><item><title>Tide</title>{inside}</item></channel></rss>"
        );
        read_text(&text).entries.remove(0)
    };
    let categories = entry("<a:category label='The sea'/><a:category term='sea' label='The sea'/>").facts.categories;
    assert_eq!(categories.iter().map(|category| category.term.as_str()).collect::<Vec<_>>(), ["The sea", "sea"]);
    let author = entry("<author>by <a href='/ada'>Ada Quay</a></author>").facts.authors;
    assert_eq!(author.first().and_then(|person| person.name.as_deref()), Some("Ada Quay"));
    let rights = entry("<a:rights type='application/pdf'>All rights reserved</a:rights>").facts.rights;
    assert_eq!(rights.map(|rights| rights.line()).as_deref(), Some("All rights reserved"));
    let play = entry(
        "<googleplay:author>Ada Quay</googleplay:author><googleplay:description>It rose.</googleplay:description>",
    );
    assert_eq!(play.facts.summary.map(|summary| summary.line()).as_deref(), Some("It rose."));
    assert_eq!(play.facts.authors.first().and_then(|person| person.name.as_deref()), Some("Ada Quay"));
    let owner =
        "<itunes:owner><itunes:name>Ada Quay</itunes:name><itunes:email>ada@example.org</itunes:email></itunes:owner>";
    let told = entry(&format!("<googleplay:author>Ada Quay</googleplay:author>{owner}")).facts.authors;
    let told: Vec<_> = told.iter().map(|person| (person.name.as_deref(), person.email.as_deref())).collect();
    assert_eq!(told, [(Some("Ada Quay"), Some("ada@example.org"))]);
}
