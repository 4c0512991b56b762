//! Who wrote a story and what it is filed under, where names and labels stand among other things.

use super::*;

fn sections(head: &str, body: &str) -> Vec<String> {
    page(head, body).sections
}

#[test]
fn an_element_named_for_its_place_on_the_screen_is_no_breadcrumb() {
    let menu = "<a href=/t/>Tides</a><a href=/p/>Ports</a>";
    for name in ["position-relative", "menu-position", "popover--position-top"] {
        let body = format!("<div class={name}>{menu}</div><h1>Sea wall raised</h1>");
        assert_eq!(sections(TITLE, &body), [""; 0], "{name}");
    }
    for name in ["position", "current-location"] {
        let body = format!("<div class={name}><a href=/>Home</a> &gt; {menu}</div><h1>Sea wall raised</h1>");
        assert!(!sections(TITLE, &body).is_empty(), "{name}");
    }
}

#[test]
fn a_breadcrumb_is_parted_where_its_links_end() {
    let crumbs = |labels: &[&str]| {
        let items =
            labels.iter().map(|label| format!("<li><a href=/{label}>{label}</a></li>")).collect::<Vec<_>>().concat();
        format!("<nav class=breadcrumb><ol><li><a href=/>Start</a></li>{items}</ol></nav><h1>Sea wall raised</h1>")
    };
    assert_eq!(sections(TITLE, &crumbs(&["Issue 42/2026", "Walls"])), ["Issue 42/2026", "Walls"]);
    assert_eq!(sections(TITLE, &crumbs(&["Quay|24", "Walls"])), ["Quay|24", "Walls"]);
    let for_machines = "<script type='application/ld+json'>{\"item\": \"https://quay.example/walls/\"}</script></nav>";
    let told = crumbs(&["Quay-Side", "Walls"]).replace("</nav>", for_machines);
    assert_eq!(sections(TITLE, &told), ["Quay-Side", "Walls"]);
    // Nothing lies as deep as a menu has entries.
    let many: Vec<String> = (0..12).map(|at| format!("Topic {at}")).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    assert_eq!(sections(TITLE, &crumbs(&many)), [""; 0]);
}

#[test]
fn a_link_in_a_sentence_files_nothing() {
    let link = "<a href=/category/walls>whoever cares for the Walls</a>";
    assert_eq!(sections(TITLE, &format!("<h1>Sea wall raised</h1><p>It was told to {link} of the town.</p>")), [""; 0]);
    let link = link.replace("whoever cares for the", "old");
    assert_eq!(sections(TITLE, &format!("<h1>Sea wall raised</h1><p>Posted in {link}</p>")), ["old Walls"]);
}

#[test]
fn the_title_and_what_any_story_is_are_no_labels() {
    let title = "<title>Sea wall raised by two metres after the floods</title>";
    let section = |label: &str| format!("{title}<meta property=article:section content='{label}'>");
    let heading = "<h1>Sea wall raised by two metres after the floods</h1>";
    assert_eq!(sections(&section("Harbour: Sea wall raised by two metres after the floods"), heading), [""; 0]);
    assert_eq!(sections(&section("Articles"), heading), [""; 0]);
    assert_eq!(sections(&section("Sea wall"), heading), ["Sea wall"]);
}

#[test]
fn systems_tell_the_author_under_names_of_their_own() {
    for name in ["gazette:author", "gazette_authors", "cms.byline"] {
        check_authors(&format!("{TITLE}<meta name={name} content='Ada Strand'>"), "", &["Ada Strand"]);
    }
    let own = "<meta name=gazette:author content='Jan Deich'>";
    check_authors(&format!("{own}<meta name=author content='Ada Strand'>"), "", &["Ada Strand"]);
    check_authors(&format!("{TITLE}<meta name=author_url content='Ada Strand'>"), "", &[]);
}

#[test]
fn a_card_of_somebody_in_a_story_names_no_author() {
    let card = "<table class='infobox vcard'><tr><td>Jan Deich</table>";
    check_authors(TITLE, &format!("<h1>Sea wall raised</h1>{card}"), &[]);
    check_authors(TITLE, "<h1>Sea wall raised</h1><span class='author vcard'>Ada Strand</span>", &["Ada Strand"]);
}

#[test]
fn the_last_change_is_no_date_of_publication_whatever_it_is_called() {
    let meta = |name: &str, time: &str| format!("<meta name='{name}' content='2026-02-03T{time}:00+01:00'>");
    let first = meta("dc.date.issued", "20:56");
    let others = [meta("article:modified_time", "20:56"), meta("article:published_time", "10:30")].concat();
    check_dates(&format!("{first}{others}"), "", &[(Evidence::Meta, "2026-02-03T10:30:00+01:00")]);
    // Another day, or a time by nobody's clocks, says nothing of it.
    let day = others.replace("02-03T10", "01-09T10");
    check_dates(&format!("{first}{day}"), "", &[(Evidence::Meta, "2026-02-03T20:56:00+01:00")]);
    let local = others.replace("10:30:00+01:00", "10:30:00");
    check_dates(&format!("{first}{local}"), "", &[(Evidence::Meta, "2026-02-03T20:56:00+01:00")]);
    let same = [meta("article:modified_time", "20:56"), meta("article:published_time", "20:56")].concat();
    check_dates(&same, "", &[(Evidence::Meta, "2026-02-03T20:56:00+01:00")]);
}
