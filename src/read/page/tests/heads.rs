//! What the head of a story says where only the style of a page keeps its parts from each other, and what other lines tell.

use super::*;

#[test]
fn parts_of_a_line_that_only_style_keeps_apart_are_told_apart() {
    let heading = "<h1>Sea wall raised</h1>";
    for line in [
        "<div><span>By</span><a href=/staff/ada>Ada Strand</a></div>",
        "<div><span>By</span><span>by ADA STRAND</span></div>",
        "<div>By <a href=/staff/ada>Ada Strand</a><span>Staff Writer</span></div>",
        "<a class=author href=/staff/ada><span>By</span>Ada Strand</a>",
    ] {
        let found = page(TITLE, &format!("{heading}{line}")).authors;
        assert_eq!(found.iter().map(|name| name.to_lowercase()).collect::<Vec<_>>(), ["ada strand"], "{line}");
    }
    let line = "<div>Published Tue, Feb 3 2026<span>10:32 AM EST</span><span>Updated Tue, Feb 10 2026</span><span>6:29 PM EST</span></div>";
    check_dates(TITLE, &format!("{heading}{line}"), &[(Evidence::StrongLabel, "2026-02-03T10:32:00-05:00")]);
    assert_eq!(lines_of(line), ["Sea wall raised"; 0]);
    // The first letter of a text is often larger.
    assert_eq!(lines_of("<p><b>O</b>ld walls</p>"), ["Old walls"]);
}

#[test]
fn a_line_of_nothing_but_the_authors_is_none_of_the_story() {
    let author = "<a rel=author href=/ada>Ada Strand</a>";
    assert_eq!(lines_of(&format!("<p>by {author} and <a rel=author href=/li>Li Ming</a></p>")), ["Sea wall raised"; 0]);
    assert_eq!(lines_of(&format!("<p>{author} was there</p>")), ["Ada Strand was there"]);
}

#[test]
fn a_line_that_says_the_day_that_machines_are_told_is_a_dateline_however_far_from_the_title() {
    let ways = "<li><a href=/ports>Ports and harbours of the northern coast</a>".repeat(12);
    let text = "The keeper is content, and so are the ships of the harbour, which lie behind it in the winter.";
    let lines = |day: &str| {
        let head = "<meta property=article:published_time content='2026-02-03T10:00:00Z'>";
        let story = format!("<div class=entry-content><p>{day}</p><p>{text}</p><p>{text} Again.</p></div>");
        let body = format!("<h1>Sea wall raised</h1><ul>{ways}</ul>{story}");
        let page = format!("<html><head>{TITLE}{head}</head><body>{body}</body></html>");
        lines_in(read(&page, None, &Select::default(), policy()).expect("a story").body).len()
    };
    assert_eq!(lines("3 February 2026"), 2);
    assert_eq!(lines("9 February 2026"), 3);
}

#[test]
fn a_dateline_below_a_lead_is_none_of_the_story() {
    let lead = "The keeper is content with the new wall, and so are all of the ships of the harbour behind it.";
    let text = "The wall along the old harbour was raised by two metres after the floods of the winter.";
    let lines = |head: &str| {
        let meta = "<meta property=article:published_time content='2026-02-03T10:00:00Z'><meta name=author content='Ada Strand'>";
        let page = format!(
            "<html><head>{TITLE}{meta}</head><body><article><h1>Sea wall raised</h1>{head}<p>{text}</p><p>{text} Again.</p></article></body></html>"
        );
        let read = lines_in(read(&page, None, &Select::default(), policy()).expect("a story").body);
        read.iter().map(|line| line.split(' ').take(2).collect::<Vec<_>>().join(" ")).collect::<Vec<_>>().join("|")
    };
    for day in [
        "<p>3 February 2026</p>",
        "<p>Published Feb 3, 2026 • Last updated 2 hours ago • 3 minute read</p>",
        "<div>Published Feb 3, 2026</div><div>Last updated 15 hours ago</div><div>3 minute read</div>",
        "<p>03.02.2026 - 15:48 Uhr / Ada Strand Lesedauer: 4 Minuten</p>",
        "<p>Ada Strand</p><p>February 3, 2026 5:50 pm CET</p>",
    ] {
        assert_eq!(lines(&format!("<p>{lead}</p>{day}")), "The keeper|The wall|The wall", "{day}");
    }
    // Another day, what stands by itself, and a heading of the story.
    for told in ["<p>9 February 2026</p>", "<p>3 minute read</p>", "<h2>3 February 2026</h2>"] {
        assert_ne!(lines(&format!("<p>{lead}</p>{told}")), "The keeper|The wall|The wall", "{told}");
    }
}

#[test]
fn a_heading_that_says_the_title_again_is_no_line_of_the_story() {
    let title = "Harbour: new sea wall raised after floods";
    let text = "The wall along the old harbour was raised by two metres after the floods of the winter.";
    let first = |heading: &str| {
        let page = format!(
            "<html><head><title>{title}</title></head><body><h1>{title}</h1><div class=entry-content>{heading}<p>{text}</p><p>{text} Again.</p></div></body></html>"
        );
        let body = read(&page, None, &Select::default(), policy()).expect("a story").body;
        lines_in(body).into_iter().next().unwrap_or_default()
    };
    assert!(first("<h2><span>Winter:</span> Sea wall raised</h2>").starts_with("The wall"));
    assert_eq!(first("<h2>Two metres more for the old port</h2>"), "Two metres more for the old port");
    let title = Some("The mayor and the council agree on plans for the new harbour");
    assert!(!says_again("Plans and costs for the summer", title), "small words are in any title");
    assert_eq!(first("<h2>The sea wall was raised.</h2>"), "The sea wall was raised.");
    assert_eq!(first("<p>Sea wall raised, in pictures</p>"), "Sea wall raised, in pictures");
}

#[test]
fn what_is_small_in_a_heading_stands_beside_the_title() {
    let small = |small: &str| {
        page("<title>Sea wall raised | Harbour</title>", &format!("<h1>Sea wall raised <small>{small}</small></h1>"))
    };
    let draft = small("by Ada Strand");
    assert_eq!(
        (draft.title.as_deref(), draft.authors.as_slice()),
        (Some("Sea wall raised"), &["Ada Strand".to_owned()][..])
    );
    assert!(!lines_in(draft.body).contains(&"by Ada Strand".to_owned()));
    assert_eq!(lines_in(small("Two metres more").body).first().map(String::as_str), Some("Two metres more"));
}

#[test]
fn what_a_box_has_is_not_what_it_is() {
    let tools = "<li><a href=#>Send</a>".repeat(40);
    let byline = format!("<div class='meta has-social-tools'><p>By Ada Strand</p><ul>{tools}</ul></div>");
    check_authors(TITLE, &format!("<h1>Sea wall raised</h1>{byline}"), &["Ada Strand"]);
    check_authors(TITLE, &format!("<h1>Sea wall raised</h1>{}", byline.replace("has-social", "social")), &[]);
}

#[test]
fn what_is_named_for_publication_tells_it_before_the_names_of_systems() {
    let sent = "<meta name=sailthru.date content='2026-02-05T10:00:00Z'>";
    let published = "<meta property=article:published_time content='2026-02-03T10:00:00Z'>";
    check_dates(&format!("{sent}{published}"), "", &[(Evidence::Meta, "2026-02-03T10:00:00+00:00")]);
    check_dates(sent, "", &[(Evidence::Meta, "2026-02-05T10:00:00+00:00")]);
}

#[test]
fn json_ld_may_tell_the_seconds_since_1970() {
    for figures in ["1770112800", "1770112800000"] {
        let linked = format!(
            r#"<script type="application/ld+json">{{"@type": "Article", "datePublished": {figures}}}</script>"#
        );
        check_dates(&linked, "", &[(Evidence::JsonLd, "2026-02-03T10:00:00+00:00")]);
    }
}

#[test]
fn authors_pictures_and_headings_of_labels_are_no_sections() {
    let sections = |body: &str| page(TITLE, &format!("<h1>Sea wall raised</h1>{body}")).sections;
    let byline = "<p>By Ada Strand</p>";
    assert_eq!(sections(&format!("{byline}<span class=category>Ada Strand</span>")), [""; 0]);
    assert_eq!(sections("<span class=category>Tags</span>"), [""; 0]);
    assert_eq!(sections("<div class=cat-photo>Whiskers</div>"), [""; 0]);
    assert_eq!(sections("<div class=cat-name>Walls</div>"), ["Walls"]);
}

#[test]
fn programs_write_days_behind_a_sign() {
    let table = "<h1>Sea wall raised</h1><table><tr><th>Date<td><time>@February 3, 2026</time></table>";
    let found = told(&page(TITLE, table).dates);
    assert!(found.contains(&(Evidence::DateElement, "2026-02-03".to_owned())), "{found:?}");
}
