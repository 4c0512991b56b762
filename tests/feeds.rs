//! Feeds of others through the real binary: what comes back is whole, resolved, and inert.

#![expect(clippy::unwrap_used, reason = "a test that cannot prepare its house has failed")]

mod house;

use house::House;
use serde_json::{Value, json};

fn ask(house: &House, request: &Value) -> Value {
    let outcome = house.run_with(&["explain", "--jsonl"], &[], request.to_string().as_bytes());
    serde_json::from_str(outcome.expect_ok().stdout.trim()).unwrap()
}

#[test]
fn what_acts_is_left_out_and_the_words_stay() {
    let house = House::new();
    house.file(
        "in.xml",
        "<rss><channel><title>&lt;script&gt;x&lt;/script&gt;Harbour</title>
        <item><guid>1</guid><title>The &amp;lt;blink&amp;gt; tag</title><link>javascript:alert(1)</link>
        <description>&lt;p onclick=x&gt;The &lt;b&gt;tide&lt;/b&gt;&lt;script&gt;y&lt;/script&gt;&lt;/p&gt;</description>
        <author>ada@harbour.example (Ada &lt;img src=x onerror=y&gt;Quay)</author>
        <enclosure url='java&#10;script:x' length='many'/></item></channel></rss>",
    );
    let answer = ask(&house, &json!({ "path": "in.xml", "kind": "feed" }));
    let entry = &answer["entries"][0];
    assert_eq!(answer["feed"]["title"], "Harbour");
    assert_eq!((&entry["title"], &entry["link"]), (&json!("The <blink> tag"), &Value::Null));
    assert_eq!(entry["summary"], "<p>The <b>tide</b></p>");
    assert_eq!(entry["authors"][0]["name"], "Ada Quay");
    assert_eq!(entry["enclosures"], json!([]));
}

#[test]
fn headers_and_bases_resolve_what_is_relative() {
    let house = House::new();
    house.file(
        "in.xml",
        "<feed xmlns='http://www.w3.org/2005/Atom'><entry><id>urn:1</id><link href='1'/>
        <content type='html' xml:base='deep/'>&lt;a href='x'&gt;y&lt;/a&gt;</content></entry></feed>",
    );
    let mut request = json!({ "path": "in.xml", "url": "https://harbour.example/feed",
        "headers": { "content-location": "/news/all", "Content-Language": "fr" } });
    let answer = ask(&house, &request);
    assert_eq!((&answer["kind"], &answer["feed"]["language"]), (&json!("feed"), &json!("fr")));
    assert_eq!(answer["entries"][0]["link"], "https://harbour.example/news/1");
    assert_eq!(answer["entries"][0]["content"][0], "<a href=\"https://harbour.example/news/deep/x\">y</a>");
    request["headers"] = json!({ "Content-Location": "javascript:x" });
    assert_eq!(ask(&house, &request)["entries"][0]["link"], "https://harbour.example/1");
}

#[test]
fn a_cut_feed_says_so_and_a_page_is_refused() {
    let house = House::new();
    house.file("cut.xml", "<rss><channel><item><guid>1</guid></item><item><title>T</title><guid>2");
    let answer = ask(&house, &json!({ "path": "cut.xml", "kind": "feed" }));
    assert_eq!((answer["entries"].as_array().map(Vec::len), &answer["partial"]), (Some(1), &json!(true)));
    assert!(answer["notes"][0].as_str().unwrap().contains("ends before its end"));
    house.file("page.html", "<!doctype html><title>Harbour</title><p>No feed here.");
    let answer = ask(&house, &json!({ "path": "page.html", "kind": "feed" }));
    assert_eq!(answer["ok"], false);
    assert!(answer["error"].as_str().unwrap().contains("is no feed"));
}
