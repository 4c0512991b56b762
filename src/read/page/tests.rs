//! What a page says about its story, rule by rule.

use super::*;
use crate::draft::{DateClaim, Evidence};

mod credits;
mod heads;

fn policy() -> Policy {
    Policy { now: "2026-06-15T02:00:00Z".parse().expect("a time"), timezone: "Asia/Shanghai".parse().unwrap() }
}

fn page(head: &str, body: &str) -> Draft {
    let text = "The wall along the old harbour was raised by two metres after the floods of the winter. ".repeat(3);
    let page =
        format!("<html lang=en><head>{head}</head><body>{body}<div class=entry-content><p>{text}</div></body></html>");
    read(&page, None, &Select::default(), policy()).expect("a story")
}

/// The claims, each once.
fn told(claims: &[DateClaim]) -> Vec<(Evidence, String)> {
    let mut told: Vec<_> = claims.iter().map(|claim| (claim.evidence, claim.when.to_string())).collect();
    told.dedup();
    told
}

#[track_caller]
fn check_dates(head: &str, body: &str, expected: &[(Evidence, &str)]) {
    let found = told(&page(head, body).dates);
    let expected: Vec<(Evidence, String)> =
        expected.iter().map(|(evidence, day)| (*evidence, (*day).to_owned())).collect();
    assert_eq!(found, expected, "{head} {body}");
}

#[track_caller]
fn check_authors(head: &str, body: &str, expected: &[&str]) {
    assert_eq!(page(head, body).authors, expected, "{head} {body}");
}

const TITLE: &str = "<title>Sea wall raised</title>";

#[test]
fn a_date_in_meta_is_what_its_name_says() {
    let meta = |name: &str| format!("<meta property='{name}' content='2026-02-03T10:00:00Z'>");
    let instant = "2026-02-03T10:00:00+00:00";
    for name in
        ["article:published_time", "datePublished", "PubDate", "dcterms.issued", "parsely-pub-date", "citation_date"]
    {
        check_dates(&meta(name), "", &[(Evidence::Meta, instant)]);
    }
    for name in ["date", "DC.date", "created"] {
        check_dates(&meta(name), "", &[(Evidence::DateElement, instant)]);
    }
    for name in ["expires", "event:start_date", "unpublish-date", "og:image:published"] {
        check_dates(&meta(name), "", &[]);
    }
    let modified = page(&meta("article:modified_time"), "");
    assert_eq!((told(&modified.dates).len(), told(&modified.updated)), (0, vec![(Evidence::Meta, instant.to_owned())]));
}

#[test]
fn the_line_at_the_title_tells_the_date_and_its_label_what_it_is_that_of() {
    let line = |line: &str| format!("<h1>Sea wall raised</h1><p>{line}</p>");
    check_dates(TITLE, &line("3 February 2026"), &[(Evidence::Dateline, "2026-02-03")]);
    check_dates("", "<p>3 February 2026</p>", &[(Evidence::Visible, "2026-02-03")]);
    check_dates(TITLE, &line("16 June 2026"), &[(Evidence::Dateline, "2026-06-16")]);
    check_dates(TITLE, &line("17 June 2026"), &[]);
    check_dates(TITLE, &line("Posted on 3 February 2026"), &[(Evidence::StrongLabel, "2026-02-03")]);
    check_dates(TITLE, &line("Published</p><p>3 February 2026"), &[(Evidence::StrongLabel, "2026-02-03")]);
    check_dates(TITLE, &line("Stand: 03.02.2026"), &[(Evidence::WeakLabel, "2026-02-03")]);
    assert_eq!(
        told(&page(TITLE, &line("Stand: 03.02.2026")).updated),
        [(Evidence::WeakLabel, "2026-02-03".to_owned())]
    );
    check_dates(TITLE, &line("今天是2026年2月3日 星期二"), &[]);
    check_dates(TITLE, &line("The school was founded on 3 February 2006"), &[]);
}

#[test]
fn a_label_below_a_long_text_is_read_where_nothing_else_tells_the_date() {
    let text = "<p>The tide rose and fell again, as it had done for as long as anybody could remember.".repeat(500);
    let below = |head: &str, line: &str| {
        let page = format!("<head>{TITLE}{head}</head><h1>Sea wall raised</h1>{text}<p>{line}</p>");
        told(&read(&page, None, &Select::default(), policy()).expect("a story").dates)
    };
    assert_eq!(below("", "Published on 3 February 2026"), [(Evidence::Visible, "2026-02-03".to_owned())]);
    assert_eq!(below("", "Next tide: 3 February 2026"), []);
    let meta = "<meta property=article:published_time content=2026-01-01>";
    assert_eq!(below(meta, "Published on 3 February 2026"), [(Evidence::Meta, "2026-01-01".to_owned())]);
}

#[test]
fn an_element_that_is_marked_or_named_tells_the_date() {
    let title = "<h1>Sea wall raised</h1>";
    let date = |element: &str| {
        let found = told(&page(TITLE, &format!("{title}<div>{element}</div>")).dates);
        found
            .into_iter()
            .filter(|(evidence, _)| *evidence < Evidence::StrongLabel || *evidence == Evidence::DateElement)
            .collect::<Vec<_>>()
    };
    let day = |evidence| vec![(evidence, "2026-02-03".to_owned())];
    assert_eq!(date("<time pubdate datetime=2026-02-03>Tuesday</time>"), day(Evidence::PublishedTime));
    assert_eq!(date("<span itemprop=datePublished content=2026-02-03>x</span>"), day(Evidence::PublishedTime));
    assert_eq!(date("<span class=post-date>3 Feb 2026</span>"), day(Evidence::DateElement));
    assert_eq!(date("<span class=arti_update>发布时间：2026-02-03</span>"), day(Evidence::CmsElement));
    // What stands in elements of its own is not one word.
    assert_eq!(
        date("<div class=creationDate><span>Erstellt am</span><span>03.02.2026</span></div>"),
        day(Evidence::DateElement)
    );
    assert_eq!(date("<span id=todays-date>3 Feb 2026</span>"), []);
    assert_eq!(date("<time itemprop=dateModified datetime=2026-02-03>x</time>"), []);
    assert_eq!(date("<div class=date>Updated: <b>3 Feb 2026</b></div>"), []);
}

#[test]
fn what_stands_beside_the_story_tells_nothing_of_it() {
    let other = "<li><a href=/a>Low tide</a> <time datetime=2026-02-03>3 February 2026</time></li>".repeat(60);
    check_dates(TITLE, &format!("<h1>Sea wall raised</h1><div class=sidebar>{other}</div>"), &[]);
    // The footer of the article is its own.
    let own = "<article><h1>Sea wall raised</h1><p>The wall stands.</p><footer><time datetime=2026-02-03>3.2.</time></footer></article>";
    check_dates(TITLE, own, &[(Evidence::DateElement, "2026-02-03")]);
}

#[test]
fn what_holds_most_of_the_page_is_the_story_whatever_its_name() {
    let page = format!(
        "<head>{TITLE}</head><div class=header-search><h3><a href=/a>Sea wall raised</a></h3><b><time>3 February 2026</time></b>{}</div>",
        "<p>The wall along the old harbour was raised by two metres after the floods.".repeat(20)
    );
    let draft = read(&page, None, &Select::default(), policy());
    assert!(draft.is_ok_and(|draft| told(&draft.dates).contains(&(Evidence::DateElement, "2026-02-03".to_owned()))));
}

#[test]
fn the_author_is_who_the_page_names_best() {
    let linked = r#"<script type="application/ld+json">{"@type": "Article", "author": {"@type": "Person", "name": "Ada Strand"}, "publisher": {"name": "Quay News"}}</script>"#;
    let meta = "<meta name=author content='Jan Deich'>";
    let link = "<h1>Sea wall raised</h1><a rel=author href=/li>Li Ming</a>";
    check_authors(&format!("{linked}{meta}"), link, &["Ada Strand"]);
    check_authors(meta, link, &["Li Ming"]);
    check_authors(meta, &format!("{link}<span class=byline>by Jan Deich</span>"), &["Jan Deich"]);
    check_authors(meta, "", &["Jan Deich"]);
    check_authors("", "<h1>Sea wall raised</h1><span class=byline>By Ada Strand</span>", &["Ada Strand"]);
    check_authors(
        TITLE,
        "<h1>Sea wall raised</h1><p>3 May 2026 by Ada Strand and Li Ming</p>",
        &["Ada Strand", "Li Ming"],
    );
    check_authors(TITLE, "<h1>Sea wall raised</h1><p>The wall was paid for by the city</p>", &[]);
}

#[test]
fn a_name_is_also_told_by_previews_organisations_and_elements_beside_the_text() {
    let card = |label: &str| {
        format!("<meta name=twitter:label1 content='{label}'><meta name=twitter:data1 content='Ada Strand'>")
    };
    check_authors(&card("Written by"), "", &["Ada Strand"]);
    check_authors(&card("Reading time"), "", &[]);
    let linked = |kind: &str, name: &str| {
        format!(
            r#"<script type="application/ld+json">{{"@type": "Article", "author": {{"@type": "{kind}", "name": "{name}"}}}}</script>"#
        )
    };
    let office = linked("Organization", "Harbour Watch");
    check_authors(&office, "", &["Harbour Watch"]);
    check_authors(&office, "<h1>Sea wall raised</h1><aside class=post-author>Ada Strand</aside>", &["Ada Strand"]);
    let login = linked("Person", "ada.strand");
    check_authors(&login, "", &["ada.strand"]);
    check_authors(&login, "<h1>Sea wall raised</h1><p>By Ada Strand</p>", &["Ada Strand"]);
}

#[test]
fn several_authors_stand_together() {
    let link = |name: &str| format!("<a rel=author href=/{name}>{name}</a>");
    let far = "<i></i>".repeat(10);
    let body = format!("<h1>Sea wall raised</h1>{}, {}{far}{}", link("Ada Strand"), link("Li Ming"), link("Jan Deich"));
    check_authors("", &body, &["Ada Strand", "Li Ming"]);
}

#[test]
fn who_publishes_the_page_wrote_it_only_if_nobody_else_did() {
    let site = |name: &str| format!("<meta property=og:site_name content='{name}'><meta name=author content='{name}'>");
    check_authors(&site("Quay News"), "<h1>Sea wall raised</h1><p>Text: Ada Strand</p>", &["Ada Strand"]);
    check_authors(&site("Quay News"), "", &[]);
    check_authors(&site("Ada Strand"), "", &["Ada Strand"]);
}

#[test]
fn labels_are_those_of_the_story_and_not_of_the_menu() {
    let menu = "<ul><li><a href=/category/sports>Sports</a><li><a href=/category/tides>Tides</a></ul>";
    let sections = |head: &str, body: &str| page(head, body).sections;
    let marked = "<p><a rel='category tag' href=/category/walls>Walls</a>, <a rel='category tag' href=/category/port>Port</a></p>";
    assert_eq!(sections("", &format!("<nav>{menu}</nav><h1>Sea wall raised</h1>{marked}")), ["Walls", "Port"]);
    assert_eq!(sections("", "<h1>Sea wall raised</h1><p><a href=/category/walls>Walls</a></p>"), ["Walls"]);
    assert_eq!(sections("<meta property=article:section content='Walls, Port'>", ""), ["Walls", "Port"]);
    let crumbs = "<div class=breadcrumb><a href=/>Quay News</a> &gt; <a href=/w/>Walls</a> &gt; Sea wall raised</div>";
    let site = "<title>Sea wall raised</title><meta property=og:site_name content='Quay News'>";
    assert_eq!(sections(site, &format!("{crumbs}<h1>Sea wall raised</h1>")), ["Walls"]);
}

#[test]
fn a_page_is_filed_under_the_folders_that_it_lies_in() {
    let sections = |address: &str| {
        let head = format!("<link rel=canonical href='https://quay.example{address}'>");
        let menu = "<a href=/>Home</a><a href=/news/>News</a><a href=/news/ports/>Ports &amp; piers</a><a href=/news/ports/>All</a>
            <a href=/letters/>Sign up</a><a href=/letters/>Letters</a>
            <a href=/2026/>2026</a><a href=/sports/>Sports</a><a href='https://other.example/news/'>Other news</a>";
        page(&head, &format!("<base href=https://quay.example/>{menu}<h1>Sea wall raised</h1>")).sections
    };
    assert_eq!(sections("/news/ports/sea-wall.html"), ["News", "Ports & piers"]);
    assert_eq!(sections("/letters/sea-wall.html"), ["Letters"]);
    assert_eq!(sections("/newsletter/sea-wall.html"), [""; 0]);
    assert_eq!(sections("/2026/sea-wall.html"), [""; 0]);
}

#[test]
fn picture_summary_publisher_and_language_are_stated() {
    let draft = page(
        "<base href=https://quay.example/a/><meta property=og:image content=wall.jpg><meta name=description content='Two metres.'>
         <meta property=og:site_name content='Quay News'><meta name=keywords content='wall, harbour'>",
        "",
    );
    assert_eq!(draft.image.map(String::from).as_deref(), Some("https://quay.example/a/wall.jpg"));
    assert_eq!((draft.summary.as_deref(), draft.publisher.as_deref()), (Some("Two metres."), Some("Quay News")));
    assert_eq!(
        (draft.language.as_deref(), draft.keywords),
        (Some("en"), vec!["wall".to_owned(), "harbour".to_owned()])
    );
}

#[test]
fn what_every_page_has_is_never_removed() {
    let page = "<title>Sea wall raised</title><h1>Sea wall raised</h1><p class=a>The wall was raised by two metres.<p class=b>Tickets.";
    let of = |remove: &str, content: Option<&str>| {
        let select =
            Select { remove: vec![remove.to_owned()], content: content.map(str::to_owned), ..Select::default() };
        let draft = read(page, None, &select, policy()).expect("a story");
        let Body::Markup(fragment) = &draft.body else { return String::new() };
        let parts = fragment.parts.iter().filter_map(|part| fragment.page.tree.get(*part));
        parts.map(|part| squeezed(&part, 1_000)).collect::<String>()
    };
    for remove in ["html", ":root", "head", "body"] {
        assert!(of(remove, None).contains("two metres"), "{remove}");
    }
    assert_eq!(of("*", None), "");
    assert!(!of(".b", None).contains("Tickets"));
    // What is removed is no content.
    assert!(of(".b", Some(".b")).contains("two metres"));
}

#[test]
fn a_file_that_is_named_like_the_story_stays_with_its_label() {
    let text = "<html><head><title>The rules of the harbour</title></head><body><h1>The rules of the harbour</h1>
        <div class=entry-content><p>This page has no text of its own.</p><p>Attachment:</p>
        <p><a href='/download?id=7'>The rules of the harbour</a></p></div></body></html>";
    let draft = read(text, None, &Select::default(), policy()).expect("a story");
    let Body::Markup(Fragment { page, parts, without }) = draft.body else { panic!("a body") };
    let told = blocks(&page, &parts, &without, None);
    assert_eq!(told.last().map(|block| block.text.as_str()), Some("The rules of the harbour"));
}

/// The lines of a story that is an article of a page.
fn lines_of(article: &str) -> Vec<String> {
    let text = "The wall along the old harbour was raised by two metres after the floods of the winter. ".repeat(3);
    let page = format!(
        "<html lang=en><head>{TITLE}</head><body><article><h1>Sea wall raised</h1>{article}<p>{text}</article></body></html>"
    );
    let draft = read(&page, None, &Select::default(), policy()).expect("a story");
    let mut told = lines_in(draft.body);
    told.pop();
    told
}

fn lines_in(body: Body) -> Vec<String> {
    let Body::Markup(Fragment { page, parts, without }) = body else { panic!("a body") };
    blocks(&page, &parts, &without, None).into_iter().map(|block| block.text).collect()
}

#[test]
fn a_dateline_is_no_line_of_the_story() {
    for line in [
        "3 February 2026",
        "Published 3 February 2026",
        "2026-02-03 10:22",
        "Tue, 02/03/2026 - 10:22",
        "3 February 2026 · 4 min read",
        "By Ada Strand, 3 February 2026",
        "3 February 2026 | Press release",
        "Veröffentlicht am 3. Februar 2026",
    ] {
        assert_eq!(lines_of(&format!("<p>{line}</p>")), ["Sea wall raised"; 0], "{line}");
    }
    for line in ["5 December 2026", "3-5 February 2026", "Open since 3 February 2026", "Quay, 3 February 2026"] {
        assert_eq!(lines_of(&format!("<p>{line}</p>")), [line], "{line}");
    }
    // Of two days the one that is not that of publication is of the story, and so is one beside a venue.
    assert_eq!(lines_of("<p>Published: 3 February 2026</p><p>5 February 2026</p>"), ["5 February 2026"]);
    let event = ["3 February 2026", "Venue: Old Hall"];
    assert_eq!(lines_of(&event.map(|line| format!("<p>{line}</p>")).concat()), event);
}

#[test]
fn a_label_that_says_no_makes_a_day_none_of_publication() {
    let title = "<h1>Sea wall raised</h1>";
    for line in [
        "Deadline: ", "Closing date: ", "Apply by ", "When: ", "Bewerbungsfrist: ", "Termin: ", "讲座时间：",
        "截止日期：",
    ] {
        let found = page(TITLE, &format!("{title}<p>{line}3 February 2026</p>")).dates;
        assert!(found.iter().all(|claim| claim.evidence >= Evidence::Prose), "{line} {found:?}");
        let after = page(TITLE, &format!("{title}<p>{line}3 February 2026</p><p>Posted: 1 February 2026</p>")).dates;
        assert_eq!(told(&after)[0], (Evidence::StrongLabel, "2026-02-01".to_owned()), "{line}");
    }
    check_dates(TITLE, &format!("{title}<p>Deadline</p><p>3 February 2026</p>"), &[]);
}

#[test]
fn a_line_that_names_the_author_counts_before_what_only_machines_are_told() {
    let login = "<meta name=author content=jdeich2>";
    let person = "<meta name=author content='Jan Deich'>";
    let line = |line: &str| format!("<h1>Sea wall raised</h1>{line}");
    for head in [login, person] {
        check_authors(head, &line("<p>By Ada Strand, Head of Media and Events</p>"), &["Ada Strand"]);
        check_authors(head, &line("<div>Written by</div><div>Ada Strand</div>"), &["Ada Strand"]);
    }
    check_authors(person, &line("<div>Photo by</div><div>Ada Strand</div>"), &["Jan Deich"]);
    check_authors(login, &line("<p>By the end of May</p>"), &["jdeich2"]);
    // In small letters it is no name, unless more says so.
    for other in ["<p>By bus</p>", "<p>The quay by night</p>", "<p>3 May 2026</p><p>The quay by night</p>"] {
        check_authors("", &line(other), &[]);
    }
    for named in ["<p>Posted by ada</p>", "<p>By ada on 3 May 2026</p>", "<p>3 May 2026</p><p>by ada</p>"] {
        check_authors("", &line(named), &["ada"]);
    }
}

#[test]
fn what_an_author_is_names_nobody() {
    let author = "<span class=author-name>Ada Strand</span> <span class=author-title>Gardener &amp; Astrologer</span>";
    check_authors("", &format!("<h1>Sea wall raised</h1><div>{author}</div>"), &["Ada Strand"]);
    check_authors("", "<h1>Sea wall raised</h1><h4 class=post-author-heading>Insights from</h4>", &[]);
}

#[test]
fn the_line_behind_a_story_may_name_its_author() {
    let text = "The wall along the old harbour was raised by two metres after the floods of the winter. ".repeat(8);
    let authors = |inside: &str, behind: &str| {
        let page = format!(
            "<head>{TITLE}</head><h1>Sea wall raised</h1><div class=entry-content><p>{text}{inside}</div>{behind}"
        );
        read(&page, None, &Select::default(), policy()).expect("a story").authors
    };
    assert_eq!(authors("<p>Text: Ada Strand / Photo: Jan Deich", ""), ["Ada Strand"]);
    assert_eq!(authors("<p>（通讯员 张三 李四）", ""), ["张三", "李四"]);
    assert_eq!(authors("<p>供稿：张三<p>审核：王五", ""), ["张三"]);
    assert_eq!(authors("<p>供稿：人事处", ""), [""; 0]);
    assert_eq!(authors("", "<p>By Ada Strand</p>"), ["Ada Strand"]);
    assert_eq!(authors("", "<h3>Other news</h3><p>By Ada Strand</p>"), [""; 0]);
    assert_eq!(authors("", "<div id=comments><p>Posted by: Ada Strand</p></div>"), [""; 0]);
}

#[test]
fn all_that_a_page_tells_machines_of_its_authors_counts_and_no_office() {
    let each = |name: &str| format!("<meta name={name} content='Ada Strand'><meta name={name} content='Jan Deich'>");
    for name in ["citation_author", "DC.creator", "article:author"] {
        check_authors(&each(name), "", &["Ada Strand", "Jan Deich"]);
    }
    let card = "<meta name=twitter:label1 content='Lesezeit'><meta name=twitter:data1 content='3 Minuten'>
        <meta name=twitter:label2 content='Verfasst von'><meta name=twitter:data2 content='Ada Strand'>";
    check_authors(card, "", &["Ada Strand"]);
    for office in ["Universität Hafenstadt", "Pressestelle der Stadt", "江湾理工大学", "undefined"] {
        check_authors(&format!("<meta name=author content='{office}'>"), "", &[]);
    }
}

#[test]
fn what_stands_beside_the_title_in_its_heading_is_none_of_it() {
    let text = "The wall along the old harbour was raised by two metres after the floods of the winter. ".repeat(3);
    let title = |heading: &str| {
        let article = format!("<article><h1>{heading}</h1><p>{text}</p><p>{text}</p></article>");
        let draft = read(&article, None, &Select::default(), policy()).expect("a story");
        (draft.title, lines_in(draft.body).len())
    };
    let expected = (Some("Sea wall raised".to_owned()), 2);
    for heading in [
        "<span class=kicker>Harbour</span> Sea wall raised",
        "<span class=article__roofline>Harbour</span><span> : </span>Sea wall raised",
        "<span class=visually-hidden>Headline:</span> Sea wall raised",
        "<span class=category>Harbour</span> Sea wall raised",
        "<time datetime=2026-05-03>3 May</time> Sea wall raised",
        "Sea wall raised <a class=anchor href=#wall>#</a>",
    ] {
        assert_eq!(title(heading), expected, "{heading}");
    }
    assert_eq!(title("<span class=label>Sea wall raised</span>"), expected);
}

#[test]
fn a_line_below_the_title_in_its_heading_is_the_first_of_the_text() {
    let text = "The wall along the old harbour was raised by two metres after the floods of the winter.";
    let heading = "<h1>Sea wall raised <span class=subtitle>Two metres more</span></h1>";
    for page in [
        format!("<article>{heading}<p>{text}</p><p>{text}</p></article>"),
        format!("<div>{heading}</div><div class=entry-content><p>{text}</p><p>{text}</p></div>"),
    ] {
        let draft = read(&page, None, &Select::default(), policy()).expect("a story");
        assert_eq!(draft.title.as_deref(), Some("Sea wall raised"));
        assert_eq!(lines_in(draft.body), ["Two metres more", text, text]);
    }
    // What the title says is not said again.
    let page = format!("<article><h1><span class=subtitle>Sea wall raised</span></h1><p>{text}</p></article>");
    assert_eq!(lines_in(read(&page, None, &Select::default(), policy()).expect("a story").body), [text]);
}

#[test]
fn a_text_that_is_given_again_for_another_screen_is_read_once() {
    let lines = ["The wall along the old harbour was", "The tide of the winter was", "Two hundred guests were"]
        .map(|line| format!("{line} higher than anybody could remember, as the keeper of the harbour said on Monday."));
    let text = lines.each_ref().map(|line| format!("<p>{line}</p>")).concat();
    let read = |body: &str| {
        let page = format!("{TITLE}<main><h1>Sea wall raised</h1>{body}</main>");
        lines_in(read(&page, None, &Select::default(), policy()).expect("a story").body)
    };
    assert_eq!(read(&format!("<div class=desktop>{text}</div><div class=phone>{text}</div>")), lines);
    // What is said of several days in the same words is said of each.
    let hours = |day: &str| format!("<h2>{day}</h2><p>{}</p>", lines[0]);
    let days: String = ["Monday", "Tuesday", "Wednesday"].map(hours).concat();
    assert_eq!(read(&format!("{text}{days}")).len(), lines.len() + 6);
    // So are the same terms of several posts.
    let post = |name: &str| format!("<section><h2>{name}</h2>{text}</section>");
    assert_eq!(read(&["Diver", "Mason"].map(post).concat()).len(), 2 * (lines.len() + 1));
}

#[test]
fn a_notice_is_read_though_the_footer_has_more_text() {
    let footer = "<footer><p>Harbour University, 1 Quay Road, Harbour Town</p><p>© 2026 Harbour University. All rights reserved.</p></footer>";
    let read = |body: &str| {
        let page = format!("{TITLE}<header>Harbour University</header>{body}{footer}");
        lines_in(read(&page, None, &Select::default(), policy()).expect("a story").body)
    };
    assert_eq!(read("<main><h1>Sea wall raised</h1><p>It is closed today.</p></main>"), ["It is closed today."]);
    assert_eq!(
        read("<main><h1>Sea wall raised</h1><ul><li><a href=/a.pdf>The rules of the wall</a></ul></main>"),
        ["The rules of the wall"]
    );
}

#[test]
fn a_lead_of_a_short_story_is_text() {
    let line = "The wall along the old harbour was raised by two metres after the floods of the winter.";
    let page = format!(
        "<h1>Sea wall raised</h1><p>The keeper is content, and so are the ships.</p><div class=entry-content><p>{line}</div>"
    );
    let draft = read(&page, None, &Select::default(), policy()).expect("a story");
    assert_eq!(lines_in(draft.body), ["The keeper is content, and so are the ships.", line]);
}

#[test]
fn the_date_of_a_change_is_none_of_publication() {
    let head = |modified: &str| {
        format!(
            "<meta property=article:published_time content='2026-02-03T10:00:00Z'><meta property=article:modified_time content='{modified}'>"
        )
    };
    let published = (Evidence::Meta, "2026-02-03T10:00:00+00:00");
    let shown =
        "<h1>Sea wall raised</h1><time class='entry-date published updated' datetime=2026-05-09>9 May 2026</time>";
    check_dates(&head("2026-05-09T08:00:00Z"), shown, &[published]);
    let (seen, line) = ((Evidence::PublishedTime, "2026-05-09"), (Evidence::Dateline, "2026-05-09"));
    check_dates(&head("2026-05-20T08:00:00Z"), shown, &[published, seen, line]);
    let drupal =
        "<h1>Sea wall raised</h1><div class='field field--name-changed'><time datetime=2026-05-09></time></div>";
    check_dates("", drupal, &[]);
    let made = r#"<script type="application/ld+json">{"@type": "Article", "datePublished": "2026-02-03", "dateCreated": "2026-01-01"}</script>"#;
    check_dates(made, "", &[(Evidence::JsonLd, "2026-02-03")]);
    check_dates(
        &made.replace('"', "&quot;").replace("&quot;application/ld+json&quot;", "application/ld+json"),
        "",
        &[(Evidence::JsonLd, "2026-02-03")],
    );
    check_dates(TITLE, "<h1>Sea wall raised</h1><p class=todays-date-custom>Saturday, 9 May 2026</p>", &[]);
    check_dates(
        TITLE,
        "<h1>Sea wall raised</h1><p>Erschienen am 9. Mai 2026</p>",
        &[(Evidence::StrongLabel, "2026-05-09")],
    );
}

#[test]
fn a_page_says_in_words_what_it_is_filed_under() {
    let heading = "<title>Sea wall raised</title>";
    let sections = |body: &str| page(heading, &format!("<h1>Sea wall raised</h1>{body}")).sections;
    assert_eq!(sections("<p>Filed under: <a href=/w/>Walls</a>, <a href=/p/>Ports</a></p>"), ["Walls", "Ports"]);
    assert_eq!(sections("<p>3 May 2026, Kategorie: Ports</p>"), ["Ports"]);
    assert_eq!(sections("<p>Posted in <a href=/w/>Walls</a></p>"), ["Walls"]);
    assert_eq!(sections("<span class=news-category>Walls</span>"), ["Walls"]);
    let unfiled = "<p><a rel='category tag' href=/category/uncategorized/>Uncategorized</a></p>";
    assert_eq!(sections(unfiled), [""; 0]);
    // What stands next to it is of others, where the page stands in its site is not.
    assert_eq!(sections(&format!("{unfiled}<span class=news-category>Walls</span>")), [""; 0]);
    let crumbs = "<div class=breadcrumb><a href=/>Home</a> &gt; <a href=/w/>Walls</a> &gt; Sea wall raised</div>";
    assert_eq!(sections(&format!("{crumbs}{unfiled}")), ["Walls"]);
    let foreign = "<ul class=breadcrumb><li><a href=/>Inicialo</a><li><a href=/w/>Walls</a><li>Sea wall raised</ul>";
    assert_eq!(sections(foreign), ["Walls"]);
    let near = "<ul class=breadcrumb><li><a href=../../>Home</a><li><a href=../>News</a><li><a href=./>Walls</a><li>Sea wall raised</ul>";
    assert_eq!(sections(near), ["News", "Walls"]);
    assert_eq!(sections("<h2 class=post_cat>Walls</h2>"), ["Walls"]);
    let listed = [1, 2, 3, 4, 5, 6, 7, 8, 9].map(|at| format!("<li><a href=/category/c{at}>Topic {at}</a>")).concat();
    assert_eq!(sections(&format!("<ul>{listed}</ul>")), [""; 0]);
    let item = |class: &str, name: &str| format!("<li class='menu-item {class}'><a href=/{name}/>{name}</a>");
    let menu = [item("current-menu-parent current-post-parent", "Walls"), item("", "Ports")].concat();
    assert_eq!(sections(&format!("<ul>{menu}</ul>")), ["Walls"]);
    let news = |kind: &str| {
        format!("<div itemtype='http://schema.org/{kind}'><div class=footer><p class=news-category>Walls</div></div>")
    };
    assert_eq!((sections(&news("Article")), sections(&news("Event"))), (vec!["Walls".to_owned()], Vec::new()));
    assert_eq!(sections("<ul><li class='cat-item cat-item-1'><a href=/category/walls>Walls</a></ul>"), [""; 0]);
    let crumb = "<nav class=breadcrumb><ol><li><a href=/>Home</a><svg><title>Next</title></svg><li><a href=/w/>Walls</a><svg><title>Next</title></svg><li>Sea wall raised</ol></nav>";
    assert_eq!(sections(crumb), ["Walls"]);
}

#[test]
fn a_title_is_no_label_of_the_date_below_it() {
    for title in ["学校工作会议召开", "春季校运会开幕", "章程修改", "The fair begins"] {
        let body = format!("<h1>{title}</h1><p>2026-02-03</p>");
        check_dates("", &body, &[(Evidence::Dateline, "2026-02-03")]);
    }
}

#[test]
fn of_the_dates_in_a_line_that_of_publication_counts() {
    let line = "<h1>Sea wall raised</h1><p>成文日期：2026-02-01　发布日期：2026-02-03</p>";
    let told = page(TITLE, line).dates;
    assert_eq!(
        told.first().map(|claim| (claim.evidence, claim.when.to_string())),
        Some((Evidence::StrongLabel, "2026-02-03".to_owned()))
    );
}

#[test]
fn labels_in_elements_of_their_own_stand_apart() {
    let spans =
        "<h1>Sea wall raised</h1><div><span>来源：宣传部</span><span>作者：张伟</span><span>浏览：12</span></div>";
    check_authors(TITLE, spans, &["张伟"]);
    // Within one word nothing is told apart.
    check_authors(TITLE, "<h1>Sea wall raised</h1><div>图片来源：宣传部<b>的作者</b></div>", &[]);
}

#[test]
fn the_line_above_the_text_is_the_title_of_a_page_that_names_only_its_column() {
    let told =
        |title: &str| page(&format!("<title>{title}</title>"), "<p align=center>关于期末考试安排的通知</p>").title;
    for title in ["通知公告-江湾理工大学", "江湾理工大学", "新闻详情"] {
        assert_eq!(told(title).as_deref(), Some("关于期末考试安排的通知"), "{title}");
    }
}

#[test]
fn a_notice_of_labels_is_read_though_the_footer_is_longer() {
    let footer =
        "<div class=foot>版权所有 © 江湾理工大学　地址：江湾市江湾区江湾路1号　邮编：200000　电话：021-55550000</div>";
    let notice = "<p>主讲人：张伟</p><p>地点：图书馆报告厅</p>";
    let text = format!("<title>学术报告预告</title><h1>学术报告预告</h1><p>2026-02-03</p><div>{notice}</div>{footer}");
    let draft = read(&text, None, &Select::default(), policy()).expect("a story");
    let Body::Markup(fragment) = draft.body else { panic!("no text") };
    let shown: String =
        fragment.parts.iter().map(|part| squeezed(&fragment.page.tree.get(*part).expect("a part"), 2_000)).collect();
    assert!(shown.contains("地点：图书馆报告厅"), "{shown}");
}

#[test]
fn a_mail_that_was_kept_as_a_page_begins_behind_its_head() {
    let page = |head: &str, body: &str| {
        read(&format!("<html><head>{head}</head><body>{body}</body></html>"), None, &Select::default(), policy())
            .expect("a story")
    };
    let text = "<p>The library is closed on Friday, since its lift is mended, and nobody can go up to it.";
    for (head, from) in [("<title>Library closed</title>", "From"), ("", "Von")] {
        let (sent, to, about) = if from == "From" { ("Sent", "To", "Subject") } else { ("Gesendet", "An", "Betreff") };
        let lines = format!(
            "<b>{from}:</b> Ann Hallam &lt;ann@quay.example&gt;<br><b>{sent}:</b> 3 February 2026 10:22<br><b>{to}:</b> All<br><b>{about}:</b> Library closed"
        );
        let draft = page(head, &format!("<div class=WordSection1><p class=MsoNormal>{lines}</p>{text}</div>"));
        assert_eq!(
            (draft.title.as_deref(), draft.authors.clone()),
            (Some("Library closed"), vec!["Ann Hallam".to_owned()])
        );
        assert!(draft.dates.iter().any(|claim| claim.when.to_string().starts_with("2026-02-03")));
        assert_eq!(lines_in(draft.body).len(), 1, "{head}");
    }
    // A story that quotes a mail has a title of its own.
    let lines = "From: Ann Hallam<br>Subject: Library closed";
    let quoted =
        page("<title>A mail of the library</title>", &format!("<h1>A mail of the library</h1><p>{lines}</p>{text}"));
    assert_eq!(quoted.title.as_deref(), Some("A mail of the library"));
    assert!(lines_in(quoted.body).contains(&"Subject: Library closed".to_owned()));
}
