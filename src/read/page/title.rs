//! The title of a story: what most places of its page call it.

use std::collections::{HashMap, HashSet};

use ego_tree::NodeRef;
use scraper::{Html, Node};

use super::elements::{heading_level, named};
use super::lines::{apart, squeezed};
use super::linked_data::LinkedData;
use super::survey::{Heading, Survey, comparable, is_organisation};
use super::ways::Ways;
use crate::read::names;
use crate::read::residue::{self, is_of_column, width};
use crate::read::text;

/// Headings that are looked at.
const MOST: usize = 400;
/// Columns below which a text is more likely a label.
const SHORT: usize = 10;
/// Columns above which a text is no name of a site.
const LONG: usize = 50;
/// Columns of the longest name of a part of a site.
const COLUMN: usize = 24;

/// What it is worth that a place says a text, in tenths of the least. Headings are what people see; what is written for
/// machines was often changed to be found, and ends in the name of the site.
mod votes {
    /// It is a heading of the first level.
    pub(super) const FIRST_LEVEL: usize = 30;
    /// There is no other of the first level.
    pub(super) const ALONE: usize = 15;
    /// It is another heading, or an element that is named a title.
    pub(super) const HEADING: usize = 10;
    /// It is one of several elements in a heading: the others are what the story is about, or its date.
    pub(super) const PIECE: usize = 10;
    /// `og:title`, JSON-LD or `<title>` say it and no more.
    pub(super) const STATED: usize = 10;
    /// It is the longest part of `<title>`.
    pub(super) const LONGEST: usize = 10;
    /// It is the first part of `<title>`.
    pub(super) const FIRST: usize = 5;
    /// A heading says it, and so does `og:title` or JSON-LD.
    pub(super) const AGREED: usize = 20;
    /// `<title>` holds it.
    pub(super) const HELD: usize = 15;
    /// The same, for how much of `<title>` it is: as much as this for all.
    pub(super) const SHARE: usize = 10;
    /// What is taken from the name of an organisation.
    pub(super) const ORGANISATION: usize = 30;
    /// What is taken from the last part of `<title>` where a heading says the first, and the last is that of the site.
    pub(super) const LAST: usize = 25;
    /// What is taken from a `<title>` that names nothing but parts of the site.
    pub(super) const COLUMN: usize = 20;
    /// What is taken from a label.
    pub(super) const LABEL: usize = 15;
}

/// A text that may be the title.
struct Candidate<'s> {
    text: String,
    /// The text for comparing.
    key: String,
    /// The heading that it was seen in first, of those with the best level.
    heading: Option<&'s Heading>,
    /// The places that say it, each once.
    places: Vec<Place>,
    /// Whether it names a part of the site, and no story.
    names: Option<Names>,
}

/// How a text is known for the name of a part of the site.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Names {
    /// A link says it that leads to no story.
    Linked,
    /// It is a word for columns.
    Column,
}

/// Where a text was seen.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    FirstLevel,
    Heading,
    Piece,
    OpenGraph,
    LinkedData,
    Title,
    Longest,
    First,
    Last,
    /// A part of what is stated, which says nothing alone.
    Part,
}

/// The texts that may be the title, in the order in which they were seen.
#[derive(Default)]
struct Candidates<'s> {
    all: Vec<Candidate<'s>>,
    known: HashMap<String, usize>,
}

impl<'s> Candidates<'s> {
    fn see(&mut self, text: &str, place: Place, heading: Option<&'s Heading>) {
        let key = comparable(text);
        if key.is_empty() {
            return;
        }
        let at = *self.known.entry(key.clone()).or_insert(self.all.len());
        if at == self.all.len() {
            self.all.push(Candidate { text: text.trim().to_owned(), key, heading, places: Vec::new(), names: None });
        }
        let Some(candidate) = self.all.get_mut(at) else { return };
        if !candidate.places.contains(&place) {
            candidate.places.push(place);
        }
        let level = |heading: &Heading| if heading.level == 0 { u8::MAX } else { heading.level };
        if heading.map_or(u8::MAX, level) < candidate.heading.map_or(u8::MAX, level) {
            candidate.heading = heading;
        }
    }
}

/// The title, and the heading that says it, if one does; never the name of the site.
pub(super) fn title<'s>(
    page: &Html,
    survey: &'s Survey<'_>,
    facts: &LinkedData,
    host: Option<&str>,
    ways: &Ways,
) -> (Option<String>, Option<&'s Heading>) {
    let named = [survey.meta(&["og:site_name", "application-name"]), facts.publisher.as_deref(), host];
    // Some systems tell the title of the page for the name of the site.
    let is_title = |name: &&str| width(name) > LONG && comparable(name) == comparable(&survey.title);
    let mut sites: HashSet<String> =
        named.into_iter().flatten().filter(|name| !is_title(name)).map(comparable).collect();
    sites.extend(host.into_iter().flat_map(|host| host.split('.')).filter(|label| label.len() > 3).map(comparable));
    sites.extend(survey.headings.iter().filter(|heading| heading.leads_home).map(|heading| comparable(&heading.text)));
    // "江湾理工大学官网" is the site of the university, which a heading may name without more.
    let owner = |part: &str| ["官网", "官方网站", "网站"].iter().find_map(|end| part.strip_suffix(end)).map(comparable);
    sites.extend(parts(&survey.title).into_iter().filter_map(owner).filter(|owner| !owner.is_empty()));
    let is_site = |text: &str| sites.contains(&comparable(text));
    let mut seen = Candidates::default();
    let headings =
        || survey.headings.iter().take(MOST).filter(|heading| !heading.leads_home && !is_site(&heading.text));
    for heading in headings() {
        let place = if heading.level == 1 { Place::FirstLevel } else { Place::Heading };
        let pieces = page.tree.get(heading.id).map(|node| apart(&node, 2_000)).unwrap_or_default();
        // A bar that somebody wrote parts nothing.
        let told = without_labels(&pieces).filter(|told| !is_site(told) && !heading.text.contains(" | "));
        seen.see(told.unwrap_or(&heading.text), place, Some(heading));
        for piece in pieces
            .split(" | ")
            .filter(|piece| piece.len() < pieces.len() && piece.len() * 2 >= pieces.len() && !is_site(piece))
        {
            seen.see(piece, Place::Piece, Some(heading));
        }
    }
    let stated = survey.meta(&["og:title", "twitter:title", "dc.title", "articletitle"]);
    let stated = [
        (stated, Place::OpenGraph),
        (facts.headline.as_deref(), Place::LinkedData),
        (Some(survey.title.as_str()).filter(|title| !is_of_program(title)), Place::Title),
    ];
    for (text, place) in stated {
        let Some(text) = text else { continue };
        seen.see(text, place, None);
        let parts: Vec<&str> = parts(text).into_iter().filter(|part| !is_site(part)).collect();
        let longest = parts
            .iter()
            .max_by_key(|part| (!is_organisation(part), width(part)))
            .filter(|part| part.len() < text.len());
        if let Some(longest) = longest {
            seen.see(longest, if place == Place::Title { Place::Longest } else { Place::Part }, None);
        }
        if let [first, .., last] = parts.as_slice()
            && place == Place::Title
        {
            seen.see(first, Place::First, None);
            seen.see(last, Place::Last, None);
        } else if let [first] = parts.as_slice()
            && place == Place::Title
            && first.len() < text.len()
        {
            seen.see(first, Place::First, None);
        }
    }
    seen.name_columns(page, ways);
    let is_column = |part: &str| seen.find(part).is_some_and(|candidate| candidate.names.is_some());
    let of_site = parts(&survey.title).iter().all(|part| is_site(part) || is_organisation(part) || is_column(part));
    let whole = comparable(&survey.title);
    let top = seen.all.iter().filter(|candidate| candidate.places.contains(&Place::FirstLevel));
    let alone = top.count() == 1;
    // In Chinese the site stands last; in other languages it may stand first.
    let begun = survey.title.chars().any(text::is_cjk)
        && seen.all.iter().any(|candidate| candidate.heading.is_some() && candidate.places.contains(&Place::First));
    let votes = |candidate: &Candidate<'_>| {
        let named = of_site && candidate.key == whole && candidate.names.is_none();
        candidate.votes(&whole, alone, begun) - if named { votes::COLUMN } else { 0 }
    };
    let not_site = seen.all.iter().rev().filter(|candidate| !sites.contains(&candidate.key));
    // Of equals a heading that is said elsewhere, too; the last of equals is the maximum, so what was seen first is asked last.
    let said_twice = |candidate: &Candidate<'_>| candidate.heading.is_some() && candidate.places.len() > 1;
    let Some(best) = not_site.max_by_key(|candidate| (votes(candidate), said_twice(candidate))) else {
        return (None, None);
    };
    let first = || headings().find(|heading| heading.level == 1);
    (Some(best.text.clone()), best.heading.or_else(first))
}

impl Candidates<'_> {
    fn find(&self, text: &str) -> Option<&Candidate<'_>> {
        self.known.get(&comparable(text)).and_then(|at| self.all.get(*at))
    }

    /// Marks those that name a part of the site: words for columns, and what links say that lead to no story. A page that a
    /// menu leads to says in its first heading what the menu does, and that is its title.
    fn name_columns(&mut self, page: &Html, ways: &Ways) {
        let heads = |link: &NodeRef<'_, Node>| {
            let mut around = link.ancestors().filter_map(|node| node.value().as_element());
            around.any(|element| heading_level(element.name()).is_some())
        };
        for link in page.tree.root().descendants() {
            let Some(element) = named(&link, "a") else { continue };
            let text = squeezed(&link, 4 * COLUMN);
            if let Some(candidate) = self.known.get(&comparable(&text)).and_then(|at| self.all.get_mut(*at))
                && width(&text) <= COLUMN
                && ways.stays(element)
                && !ways.leads_to_story(element)
                && !candidate.places.contains(&Place::FirstLevel)
                && !heads(&link)
            {
                candidate.names = Some(Names::Linked);
            }
        }
        for candidate in self.all.iter_mut().filter(|candidate| is_of_column(&candidate.text)) {
            candidate.names = Some(Names::Column);
        }
    }
}

impl Candidate<'_> {
    /// The votes for it; `whole` is the `<title>` for comparing, `alone` whether the page has one heading of the first level,
    /// `begun` whether a heading says the first part of a `<title>` that ends in the name of the site.
    fn votes(&self, whole: &str, alone: bool, begun: bool) -> usize {
        // Where `<title>` names a column, it says nothing of the story; where a heading does, it is one of many.
        let is_column = self.names.is_some();
        let is_heading = self.names == Some(Names::Column) && width(&self.text) >= SHORT - 2;
        let said = self.places.iter().map(|place| match place {
            Place::FirstLevel if is_heading => votes::HEADING,
            Place::Title | Place::First if is_column => 0,
            Place::Longest if is_column && self.heading.is_some() => 0,
            Place::FirstLevel => votes::FIRST_LEVEL + if alone { votes::ALONE } else { 0 },
            Place::Heading => votes::HEADING,
            Place::Piece => votes::PIECE,
            Place::OpenGraph | Place::LinkedData | Place::Title => votes::STATED,
            Place::Longest => votes::LONGEST,
            Place::First => votes::FIRST,
            Place::Last | Place::Part => 0,
        });
        let mut sum = 100 + said.sum::<usize>();
        let is_part = self.key.len() < whole.len() || self.heading.is_some() && parts(&self.text).len() == 1;
        if self.key.len() >= 4 && is_part && !is_column && whole.contains(&self.key) {
            sum += votes::HELD + votes::SHARE * self.key.len() / whole.len();
        }
        let is_stated = |place: &Place| matches!(place, Place::OpenGraph | Place::LinkedData);
        sum += if self.heading.is_some() && self.places.iter().any(is_stated) { votes::AGREED } else { 0 };
        sum -= if begun && self.places.contains(&Place::Last) { votes::LAST } else { 0 };
        sum -= if is_organisation(&self.text) { votes::ORGANISATION } else { 0 };
        sum - if width(&self.key) < SHORT { votes::LABEL } else { 0 }
    }
}

/// What stands in a heading beside labels and dates alone, which are told of the story and not by its title: "Title | 发布时间：… | 点击：12".
fn without_labels(pieces: &str) -> Option<&str> {
    let is_told = |piece: &&str| {
        let is_text = || residue::line(piece) == residue::Line::Text;
        // A number alone, or a year, belongs to what stands beside it: "Call for papers" and "2026".
        let is_number = piece.len() <= 7
            && piece.bytes().all(|byte| byte.is_ascii_digit() || byte == b'/')
            && piece.matches('/').count() < 2;
        is_number || names::without_dates(piece).contains(char::is_alphabetic) && is_text()
    };
    let mut told = pieces.split(" | ").filter(is_told);
    told.next().filter(|first| first.len() < pieces.len() && told.next().is_none())
}

/// Whether a `<title>` is what a program writes where nobody gave one.
fn is_of_program(title: &str) -> bool {
    let lower = title.trim().to_lowercase();
    let name = lower.trim_end_matches(|c: char| c.is_ascii_digit()).trim_end();
    matches!(name, "document" | "dokument" | "文档" | "untitled document" | "无标题文档")
        || lower.starts_with("microsoft word - ")
}

/// The parts of a `<title>`.
fn parts(text: &str) -> Vec<&str> {
    let separators = [" | ", " - ", " – ", " — ", " · ", " » ", " « ", " › ", " ‹ ", " • ", " :: ", "_", "|", "｜"];
    let mut parts = vec![text];
    for separator in separators {
        parts = parts.into_iter().flat_map(|part| part.split(separator)).collect();
    }
    // Chinese systems join without spaces: "标题-学院新闻-江湾理工大学".
    if parts.len() == 1 && text.chars().filter(|c| text::is_cjk(*c)).count() >= 4 {
        parts = text.split('-').collect();
    }
    parts.into_iter().map(str::trim).filter(|part| !part.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::guard;

    #[track_caller]
    fn check(page: &str, expected: &str) {
        let page = guard::parse_document(page);
        let survey = Survey::of(&page);
        let ways = Ways::of(None, None);
        assert_eq!(title(&page, &survey, &survey.linked_data(), None, &ways).0.as_deref(), Some(expected));
    }

    #[test]
    fn the_title_is_the_heading_that_the_page_names() {
        check(
            "<title>Sea wall opened - News - Harbour College</title><h1>Harbour College</h1><h2>Sea wall opened</h2>",
            "Sea wall opened",
        );
        check("<title>Sea wall opened | Harbour College</title><p>x", "Sea wall opened");
        check("<title>The sea wall was opened | Harbour College</title><p>x", "The sea wall was opened");
    }

    #[test]
    fn a_heading_that_leads_home_is_no_title() {
        check(
            "<title>Low tide | Tales of the harbour</title><h1><a href='/'>Tales of the harbour</a></h1><h2>Low tide</h2>",
            "Low tide",
        );
        check(
            "<title>Low tide | Tales</title><h1><a href='https://archive.example/2008/http://tales.example/'>Tales</a></h1><h2>Low tide</h2>",
            "Low tide",
        );
    }

    #[test]
    fn a_heading_counts_more_than_what_was_written_to_be_found() {
        check(
            "<title>Cheap boats for rent in the harbour | Boats</title><h1>Rent a rowing boat</h1><h2>Prices</h2>",
            "Rent a rowing boat",
        );
        let column = "<h1>Health of the harbour</h1>";
        check(
            &format!("<title>Sea walls rise after floods</title>{column}<h2>Sea walls rise after floods</h2>"),
            "Sea walls rise after floods",
        );
        // Where several places say the other, they have more votes.
        check(
            "<title>Boats for rent in the harbour | Boats</title><meta property=og:title content='Boats for rent in the harbour'>
             <h1>Rent</h1><h1>Boats for rent</h1><h2>Boats for rent in the harbour</h2>",
            "Boats for rent in the harbour",
        );
    }

    #[test]
    fn a_piece_of_a_heading_is_the_title_if_others_say_so() {
        let heading = "<h1><span>Old town</span><span>Fire in the cannery</span></h1>";
        let linked =
            r#"<script type="application/ld+json">{"@type": "Article", "headline": "Fire in the cannery"}</script>"#;
        check(&format!("<title>Fire in the cannery | Gazette</title>{linked}{heading}"), "Fire in the cannery");
        check("<title>Gazette</title><h1><span>3 May</span> <span>Old town</span></h1>", "3 May Old town");
    }

    #[test]
    fn the_name_of_the_site_is_no_title() {
        let page = "<title>Low tide - The Wharf</title>";
        check(
            &format!("{page}<meta property=og:site_name content='The Wharf'><h1>The Wharf</h1><h2>Low tide</h2>"),
            "Low tide",
        );
        check(&format!("{page}<h1>Harbour College</h1><h2>Low tide</h2>"), "Low tide");
        check(
            "<title>关于举办运动会的通知-江湾招生信息</title><h1>江湾招生信息</h1><h3>关于举办运动会的通知</h3>",
            "关于举办运动会的通知",
        );
        let page = guard::parse_document("<title>Low tide - Wharf</title><h1>Wharf</h1><p>x");
        let survey = Survey::of(&page);
        let told = title(&page, &survey, &survey.linked_data(), Some("wharf.example"), &Ways::of(None, None)).0;
        assert_eq!(told.as_deref(), Some("Low tide"));
    }

    #[test]
    fn a_long_name_of_a_site_that_is_the_whole_title_is_the_title() {
        let title = "Student halls of the harbour are too full to be safe, experts warn";
        let named = format!("<title>{title}</title><meta name=application-name content='{title}'>");
        check(&format!("{named}<h1>{title}</h1><h2>Another story of the harbour</h2>"), title);
    }

    #[test]
    fn the_heading_of_a_tool_that_translates_is_no_title() {
        let tool = "<div id=goog-gt-tt class=skiptranslate><div><h1 class=title>Original text</h1></div></div>";
        check(&format!("<title>Low tide at the old quay</title><p>x</p>{tool}"), "Low tide at the old quay");
    }

    #[test]
    fn what_a_heading_says_and_the_page_tells_machines_is_the_title() {
        let said = "<meta property=og:site_name content=Wharf><meta property=og:title content='The longest quay'>";
        let page = "<title>Wharf - What sailors and their friends tell of the harbour</title>";
        check(
            &format!("{page}{said}<h1>When, if not now</h1><h2>The longest quay</h2><h1>Tips</h1>"),
            "The longest quay",
        );
    }

    #[test]
    fn what_a_word_processor_calls_a_page_is_no_title() {
        let hours = "<p class=MsoTitle>New opening hours</p><p class=MsoNormal>x";
        check(&format!("<title>Document1</title>{hours}"), "New opening hours");
        check(&format!("<title>Microsoft Word - hours_v2.doc</title>{hours}"), "New opening hours");
        check("<title>文档1</title><h2>图书馆开放时间</h2>", "图书馆开放时间");
        check("<title>Document delivery</title><p>x", "Document delivery");
        check("<title>Documents of the harbour</title><p>x", "Documents of the harbour");
    }

    #[test]
    fn the_name_of_a_column_is_no_title() {
        let story = "关于期末考试安排的通知";
        for page in [
            "<title>通知公告-江湾理工大学</title><h3>STORY</h3>",
            "<title>新闻详情</title><h5>STORY</h5>",
            "<title>通知公告-江湾理工大学</title><h1>通知公告</h1><div class=title>STORY</div>",
            "<title>江湾理工大学教务处 | 考试安排</title><a href=/ksap.htm>考试安排</a><div class=bt>STORY</div>",
            "<title>Study | Harbour College</title><a href=/study/>Study</a><h3>STORY</h3>",
        ] {
            check(&page.replace("STORY", story), story);
        }
        check(&format!("<title>新闻动态--江湾地理学会官网</title><h1>江湾地理学会</h1><h5>{story}</h5>"), story);
        // What is no more than a column may be a title where nothing else is.
        check("<title>公示-江湾理工大学</title><h1>公示</h1><h3>一、公示期</h3>", "公示");
        check("<title>通知公告-江湾理工大学</title><p>x", "通知公告");
        for info in ["<p>发布时间：2026-11-03 点击：12</p>", "<p>2026-11-03</p>", "<i>作者：张伟</i><i>2026-11-03</i>"]
        {
            check(&format!("<title>通知公告</title><div class=article_title><h3>{story}</h3>{info}</div>"), story);
            check(&format!("<title>江湾理工大学</title><div class=article_title><p>{story}</p>{info}</div>"), story);
        }
        check(
            "<title>Talks</title><h1>01.04 | Deep networks for the harbour</h1>",
            "01.04 | Deep networks for the harbour",
        );
        // A page that a menu leads to is called what its menu calls it.
        let menu = "<ul><li><a href=/study/>Boat building</a></ul>";
        check(&format!("<title>Boat building | Harbour College</title>{menu}<h1>Boat building</h1>"), "Boat building");
        // A link to the story itself names no column.
        let own = "<a href=/2026/05/03/low-tide.html>Low tide</a>";
        check(&format!("<title>Low tide | Wharf</title>{own}<h3>What else is new on the wharf</h3>"), "Low tide");
    }

    #[test]
    fn headings_are_counted_whatever_they_say() {
        let after = |others: usize| {
            let head = "<title>Wharf</title><meta property=og:site_name content=Wharf>";
            let page = guard::parse_document(&format!("{head}{}<h1>Low tide</h1>", "<h2>Wharf</h2>".repeat(others)));
            let survey = Survey::of(&page);
            title(&page, &survey, &survey.linked_data(), None, &Ways::of(None, None)).0
        };
        assert_eq!((after(MOST - 1).as_deref(), after(MOST)), (Some("Low tide"), None));
    }
}
