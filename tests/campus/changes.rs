//! A site is made anew in forty ways, and its list is found again by what is known of it.

use std::collections::BTreeSet;

use crate::story::{Story, Tongue};
use crate::town::{File, Town, page};

/// How the page of a list is made. In `row`, `{name}` stands for what is told of a story.
#[derive(Clone, Copy)]
struct Layout {
    /// Around all that is not head and foot.
    frame: (&'static str, &'static str),
    above: &'static str,
    list: (&'static str, &'static str),
    row: &'static str,
    /// Of the newest, if it is another.
    first: Option<&'static str>,
    /// Between rows: behind each of these many.
    parted: Option<(usize, &'static str)>,
    below: &'static str,
    menu: usize,
    /// Where articles are.
    place: &'static str,
}

const NAMED: &str = "<ul class=\"news-list\">";
const ROW: &str =
    "<li class=\"item\"><a class=\"tit\" href=\"{url}\">{title}</a><span class=\"date\">{date}</span></li>\n";
const NAMED_CHINESE: &str = "<div class=\"winstyle67\"><ul>";
const ROW_CHINESE: &str =
    "<li id=\"line_u7_{n}\"><a href=\"{url}\" target=\"_blank\">{title}</a><span>{date}</span></li>\n";

/// What the site is before.
const BEFORE: Layout = Layout {
    frame: ("<div class=\"wrap\"><div class=\"content\">", "</div></div>"),
    above: "<h1>News</h1>",
    list: (NAMED, "</ul>"),
    row: ROW,
    first: None,
    parted: None,
    below: "",
    menu: 6,
    place: "/info/1021/{}.htm",
};

/// The same of a Chinese site.
const BEFORE_CHINESE: Layout = Layout {
    above: "<div class=\"pos\">当前位置：<a href=\"/\">首页</a> &gt; 新闻动态</div>",
    list: (NAMED_CHINESE, "</ul></div>"),
    row: ROW_CHINESE,
    ..BEFORE
};

const EVENTS: &str = "<div class=\"box events\"><h2>Events</h2><ul class=\"ev\"><li><a href=\"/events/31\">Open day at the boat house</a><span>2026-02-20</span></li>\
    <li><a href=\"/events/32\">Concert in the old chapel</a><span>2026-02-21</span></li><li><a href=\"/events/33\">Night of the museums</a><span>2026-02-27</span></li>\
    <li><a href=\"/events/34\">Winter swimming for beginners</a><span>2026-03-01</span></li></ul></div>";
const NOTICES: &str = "<aside><h3>通知公告</h3><ul class=\"side\"><li><a href=\"/tzgg/901.htm\">关于开展安全隐患排查的紧急通知</a><span>2026-02-01</span></li><li><a href=\"/tzgg/902.htm\">关于组织学生体质测试的通知</a><span>2026-01-30</span></li>\
    <li><a href=\"/tzgg/903.htm\">二级学院用印管理办法公示</a><span>2026-01-29</span></li><li><a href=\"/tzgg/904.htm\">实验室危化品清运安排</a><span>2026-01-28</span></li><li><a href=\"/tzgg/905.htm\">校车时刻调整公告</a><span>2026-01-27</span></li>\
    <li><a href=\"/tzgg/906.htm\">期末考试考场安排</a><span>2026-01-26</span></li><li><a href=\"/tzgg/907.htm\">寒假图书借阅须知</a><span>2026-01-25</span></li><li><a href=\"/tzgg/908.htm\">宿舍热水供应时间公告</a><span>2026-01-24</span></li></ul></aside>";
/// Other lists, named as those of the sites were.
const IMPOSTORS: &str = "<ul class=\"news-list\"><li class=\"item\"><a class=\"tit\" href=\"/events/41\">Evening of shanties at the quay</a><span class=\"date\">2026-02-20</span></li>\
    <li class=\"item\"><a class=\"tit\" href=\"/events/42\">Workshop on knots for families</a><span class=\"date\">2026-02-22</span></li><li class=\"item\"><a class=\"tit\" href=\"/events/43\">Guided tour of the boat yard</a><span class=\"date\">2026-02-25</span></li>\
    <li class=\"item\"><a class=\"tit\" href=\"/events/44\">Film night at the lighthouse</a><span class=\"date\">2026-03-01</span></li></ul>\
    <div class=\"winstyle67\"><ul><li id=\"line_u7_0\"><a href=\"/jzxx/41.htm\" target=\"_blank\">讲座预告：海洋微塑料的去向</a><span>2026-02-20</span></li><li id=\"line_u7_1\"><a href=\"/jzxx/42.htm\" target=\"_blank\">讲座预告：古船修复的故事</a><span>2026-02-22</span></li>\
    <li id=\"line_u7_2\"><a href=\"/jzxx/43.htm\" target=\"_blank\">讲座预告：台风路径的预测</a><span>2026-02-25</span></li><li id=\"line_u7_3\"><a href=\"/jzxx/44.htm\" target=\"_blank\">讲座预告：港口里的机器人</a><span>2026-03-01</span></li></ul></div>";
const HOT: &str = "<div class=\"hot\"><h3>Most read</h3><ol><li><a href=\"/blog/1\">How we built our own sextant in a week</a></li><li><a href=\"/blog/2\">Ten questions for the new rector</a></li><li><a href=\"/blog/3\">Where to eat near the harbour</a></li></ol></div>";

/// In how many ways a site is made anew.
const ANEW: [(&str, Layout); 40] = [
    (
        "classes renamed",
        Layout {
            list: ("<ul class=\"post-stream\" id=\"stream\">", "</ul>"),
            row: "<li class=\"entry\"><a class=\"name\" href=\"{url}\">{title}</a><span class=\"when\">{date}</span></li>",
            ..BEFORE
        },
    ),
    (
        "its names given to another list",
        Layout {
            above: IMPOSTORS,
            list: ("<ul class=\"articles\">", "</ul>"),
            row: "<li><h3><a href=\"{url}\">{title}</a></h3><span>{date}</span></li>",
            ..BEFORE
        },
    ),
    (
        "no names at all",
        Layout { list: ("<ul>", "</ul>"), row: "<li><a href=\"{url}\">{title}</a><span>{date}</span></li>", ..BEFORE },
    ),
    (
        "names of a machine",
        Layout {
            list: ("<ul class=\"css-1x9k2p\">", "</ul>"),
            row: "<li class=\"css-77ab3d\"><a class=\"css-0o4\" href=\"{url}\">{title}</a><span class=\"css-9z1\">{date}</span></li>",
            ..BEFORE
        },
    ),
    (
        "other addresses",
        Layout {
            list: ("<section class=\"latest\"><ul class=\"latest-items\">", "</ul></section>"),
            place: "/articles/{}/",
            ..BEFORE
        },
    ),
    (
        "wrappers",
        Layout { list: ("<div class=\"panel\"><div class=\"panel-body\"><ul>", "</ul></div></div>"), ..BEFORE },
    ),
    (
        "a wrapper in each row",
        Layout {
            list: ("<ul class=\"nl\">", "</ul>"),
            row: "<li class=\"nl-i\"><div class=\"in\"><p class=\"t\"><a href=\"{url}\">{title}</a></p><p class=\"d\">{date}</p></div></li>",
            ..BEFORE
        },
    ),
    ("the frame gone", Layout { frame: ("", ""), list: ("<ul class=\"n\">", "</ul>"), ..BEFORE }),
    ("an ordered list", Layout { list: ("<ol class=\"stories\">", "</ol>"), ..BEFORE }),
    (
        "divisions",
        Layout {
            list: ("<div class=\"stories\">", "</div>"),
            row: "<div class=\"story\"><a href=\"{url}\">{title}</a><span class=\"date\">{date}</span></div>",
            ..BEFORE
        },
    ),
    (
        "a table",
        Layout {
            list: ("<table class=\"tab\"><tbody>", "</tbody></table>"),
            row: "<tr><td><a href=\"{url}\">{title}</a></td><td class=\"date\">{date}</td></tr>",
            ..BEFORE
        },
    ),
    (
        "terms",
        Layout { list: ("<dl>", "</dl>"), row: "<dt><a href=\"{url}\">{title}</a></dt><dd>{date}</dd>", ..BEFORE },
    ),
    (
        "sections",
        Layout {
            list: ("<div class=\"grid\">", "</div>"),
            row: "<section class=\"teaser\"><h3><a href=\"{url}\">{title}</a></h3><p class=\"meta\">{date}</p></section>",
            ..BEFORE
        },
    ),
    (
        "paragraphs",
        Layout {
            list: ("<div class=\"text\">", "</div>"),
            row: "<p><a href=\"{url}\">{title}</a> ({date})</p>",
            ..BEFORE
        },
    ),
    (
        "below another list",
        Layout {
            above: EVENTS,
            list: ("<ul class=\"nn\">", "</ul>"),
            row: "<li><a href=\"{url}\">{title}</a><span>{date}</span></li>",
            ..BEFORE
        },
    ),
    (
        "in a column at the side",
        Layout {
            frame: (
                "<div class=\"cols\"><div class=\"left\"><h1>Welcome</h1><p>We are a small place with a large window on the sea.</p></div><div class=\"right\">",
                "</div></div>",
            ),
            list: ("<ul class=\"r\">", "</ul>"),
            ..BEFORE
        },
    ),
    (
        "at the top",
        Layout {
            frame: ("", ""),
            above: "",
            list: ("<ul class=\"top-news\">", "</ul>"),
            below: "<h1>News</h1><p>All about us.</p>",
            ..BEFORE
        },
    ),
    (
        "dates before",
        Layout {
            list: ("<ul class=\"dl\">", "</ul>"),
            row: "<li><span class=\"date\">{date}</span><a href=\"{url}\">{title}</a></li>",
            ..BEFORE
        },
    ),
    (
        "dates in the link",
        Layout {
            list: ("<ul class=\"il\">", "</ul>"),
            row: "<li><a href=\"{url}\"><span class=\"tt\">{title}</span><em>{date}</em></a></li>",
            ..BEFORE
        },
    ),
    (
        "dates as text",
        Layout {
            list: ("<ul class=\"xl\">", "</ul>"),
            row: "<li>[{date}] <a href=\"{url}\">{title}</a></li>",
            ..BEFORE
        },
    ),
    (
        "dates split",
        Layout {
            list: ("<ul class=\"sl\">", "</ul>"),
            row: "<li><div class=\"cal\"><b>{day}</b><i>{month}</i></div><a href=\"{url}\">{title}</a></li>",
            ..BEFORE
        },
    ),
    (
        "dates in words",
        Layout {
            list: ("<ul class=\"wl\">", "</ul>"),
            row: "<li><a href=\"{url}\">{title}</a><small>{words}</small></li>",
            ..BEFORE
        },
    ),
    (
        "dates gone",
        Layout {
            list: ("<ul class=\"ol\">", "</ul>"),
            row: "<li class=\"o\"><a href=\"{url}\">{title}</a></li>",
            ..BEFORE
        },
    ),
    (
        "noise",
        Layout {
            list: ("<ul data-v-71=\"\" style=\"margin:0\" role=\"list\">", "</ul>"),
            row: "<li data-id=\"{n}\" data-track=\"row\" id=\"x{n}\" style=\"--i:{n}\"><a data-v-71 onclick=\"t({n})\" rel=\"noopener\" href=\"{url}\">{title}</a><span data-v-71>{date}</span></li>",
            ..BEFORE
        },
    ),
    ("a box of notices", Layout { list: ("<ul class=\"nw\">", "</ul>"), below: NOTICES, ..BEFORE }),
    (
        "a box of what is read most",
        Layout { above: HOT, list: ("<ul class=\"nh\">", "</ul>"), below: EVENTS, ..BEFORE },
    ),
    ("its names shared by other lists", Layout { below: IMPOSTORS, menu: 60, ..BEFORE }),
    (
        "pictures",
        Layout {
            list: ("<div class=\"pics\">", "</div>"),
            row: "<div class=\"pic\"><a href=\"{url}\"><img src=\"/i/{n}.jpg\" alt=\"\"></a><h4><a href=\"{url}\">{title}</a></h4><span>{date}</span></div>",
            ..BEFORE
        },
    ),
    (
        "summaries",
        Layout {
            list: ("<ul class=\"sums\">", "</ul>"),
            row: "<li><h3><a href=\"{url}\">{title}</a></h3><span>{date}</span><p>{text}</p></li>",
            ..BEFORE
        },
    ),
    (
        "links to more",
        Layout {
            list: ("<div class=\"mores\">", "</div>"),
            row: "<div class=\"m\"><h3><a href=\"{url}\">{title}</a></h3><p>{text}</p><p>{date} <a class=\"more\" href=\"{url}\">More</a></p></div>",
            ..BEFORE
        },
    ),
    (
        "cards that are links",
        Layout {
            list: ("<div class=\"cards\">", "</div>"),
            row: "<a class=\"card\" href=\"{url}\"><h3>{title}</h3><p>{text}</p><time>{date}</time></a>",
            ..BEFORE
        },
    ),
    (
        "titles cut, whole in an attribute",
        Layout {
            list: ("<ul class=\"cu\">", "</ul>"),
            row: "<li><a href=\"{url}\" title=\"{title}\">{short}…</a><span>{date}</span></li>",
            ..BEFORE
        },
    ),
    (
        "titles cut",
        Layout {
            list: ("<ul class=\"cv\">", "</ul>"),
            row: "<li><a href=\"{url}\">{short}...</a><span>{date}</span></li>",
            ..BEFORE
        },
    ),
    (
        "a list for each month",
        Layout {
            list: ("<h3>2026</h3><ul class=\"mo\">", "</ul>"),
            parted: Some((4, "</ul><h3>2025</h3><ul class=\"mo\">")),
            ..BEFORE
        },
    ),
    (
        "two columns",
        Layout {
            list: ("<div class=\"half\"><ul>", "</ul></div>"),
            parted: Some((4, "</ul></div><div class=\"half\"><ul>")),
            ..BEFORE
        },
    ),
    (
        "the newest is large",
        Layout {
            list: ("<div class=\"box\">", "</ul></div>"),
            first: Some(
                "<div class=\"lead\"><h2><a href=\"{url}\">{title}</a></h2><p>{text}</p><span>{date}</span></div><ul class=\"rest\">",
            ),
            row: "<li><a href=\"{url}\">{title}</a><span>{date}</span></li>",
            ..BEFORE
        },
    ),
    (
        "elements of time",
        Layout {
            list: ("<ul class=\"tm\">", "</ul>"),
            row: "<li><time datetime=\"{date}\">{words}</time><h3><a href=\"{url}\">{title}</a></h3></li>",
            ..BEFORE
        },
    ),
    (
        "labels",
        Layout {
            list: ("<ul class=\"lb\">", "</ul>"),
            row: "<li><a class=\"label\" href=\"/tag/{tag}\">Campus</a> <a href=\"{url}\">{title}</a><span>{date}</span></li>",
            ..BEFORE
        },
    ),
    (
        "names, wrapper, dates and boxes",
        Layout {
            frame: ("<div class=\"page\"><div class=\"inner\"><div class=\"main-col\">", "</div></div></div>"),
            above: EVENTS,
            list: ("<div class=\"feed\"><div class=\"feed-in\">", "</div></div>"),
            row: "<div class=\"feed-row\"><span class=\"stamp\">{date}</span><h4><a href=\"{url}\">{title}</a></h4></div>",
            below: NOTICES,
            ..BEFORE
        },
    ),
    (
        "a table, split dates, menu and noise",
        Layout {
            list: ("<table cellpadding=\"0\"><tbody>", "</tbody></table>"),
            row: "<tr data-r=\"{n}\"><td width=\"40\"><b>{day}</b><br>{month}</td><td><a onclick=\"c()\" href=\"{url}\">{title}</a></td></tr>",
            menu: 60,
            below: HOT,
            ..BEFORE
        },
    ),
];

/// A site that is made anew.
struct Site {
    house: &'static str,
    tongue: Tongue,
    before: Layout,
}

const SITES: [Site; 2] = [
    Site { house: "Quay College", tongue: Tongue::English, before: BEFORE },
    Site { house: "临港学院", tongue: Tongue::Chinese, before: BEFORE_CHINESE },
];

/// Stories that a list shows.
const SHOWN: usize = 8;

fn place(layout: &Layout, story: &Story) -> String {
    layout.place.replace("{}", &(2000 + story.number).to_string())
}

/// The page of a list.
fn list(layout: &Layout, stories: &[Story]) -> String {
    let mut rows = String::new();
    for (at, story) in stories.iter().enumerate() {
        if let Some((_, between)) = layout.parted.filter(|(each, _)| at > 0 && at % each == 0) {
            rows.push_str(between);
        }
        let row = layout.first.filter(|_| at == 0).unwrap_or(layout.row);
        let short: String = story.title.chars().take(story.title.chars().count() * 2 / 3).collect();
        let told = [
            ("{url}", place(layout, story)),
            ("{title}", story.title.clone()),
            ("{short}", short),
            ("{date}", story.on("%Y-%m-%d")),
            ("{day}", story.on("%d")),
            ("{month}", story.on("%Y-%m")),
            ("{words}", story.on("%-d %B %Y")),
            ("{text}", story.paragraphs[0].clone()),
            ("{n}", at.to_string()),
            ("{tag}", (story.number % 2).to_string()),
        ];
        rows.push_str(&told.iter().fold(row.to_owned(), |row, (name, value)| row.replace(name, value)));
    }
    let menu: String =
        (0..layout.menu).map(|at| format!("<li><a href=\"/menu/{at}.htm\">Department {at}</a></li>")).collect();
    format!(
        "<!DOCTYPE html><html><head><meta charset=\"utf-8\"><title>News</title></head><body><div class=\"nav\"><ul>{menu}</ul></div>{}{}{}{rows}{}{}{}<div class=\"foot\"><a href=\"/imprint\">Imprint</a> <a href=\"/contact\">Contact</a></div></body></html>",
        layout.frame.0, layout.above, layout.list.0, layout.list.1, layout.below, layout.frame.1
    )
}

/// A site with a list of these stories.
fn site(layout: &Layout, shown: &[Story], stories: &[Story]) -> Vec<File> {
    let article = |story: &Story| {
        let text = format!(
            "<!DOCTYPE html><html><head><meta charset=\"utf-8\"><title>{title}</title></head><body><div class=\"nav\"><ul><li><a href=\"/\">Home</a></li></ul></div><h1>{title}</h1><p class=\"info\">{}</p><div class=\"text\">{}</div></body></html>",
            story.on("%Y-%m-%d"),
            story.body(),
            title = story.title
        );
        page(place(layout, story), &text)
    };
    let others = ["/events/31", "/events/41", "/jzxx/41.htm", "/tzgg/901.htm", "/blog/1"]
        .map(|place| page(place, "<h1>Something else</h1><p>This is no news of the list.</p>"));
    let articles = stories.iter().map(article);
    std::iter::once(page("/xwdt/", &list(layout, shown))).chain(articles).chain(others).collect()
}

/// A site before it was made anew.
pub(crate) fn before(tongue: Tongue, stories: &[Story]) -> Vec<File> {
    site(if tongue == Tongue::Chinese { &BEFORE_CHINESE } else { &BEFORE }, stories, stories)
}

#[test]
fn a_list_that_was_made_anew_is_found_again() {
    let mut town = Town::new();
    let sites: Vec<(String, &Site, &str, &Layout)> = SITES
        .iter()
        .zip(["a", "b"])
        .flat_map(|(site, name)| {
            ANEW.iter().enumerate().map(move |(at, (how, layout))| (format!("{name}{at}"), site, *how, layout))
        })
        .collect();
    for (id, site, ..) in &sites {
        town.add(id, "/xwdt/", "robots = false");
        let stories = Story::first(site.tongue, site.house, SHOWN);
        town.shows(id, self::site(&site.before, &stories, &stories));
    }
    town.visit("2026-02-10T01:00:00Z").0.expect_ok();
    let known: Vec<_> = sites.iter().map(|(id, ..)| (town.items(id), town.published(id))).collect();
    for (id, site, _, layout) in &sites {
        let stories = Story::first(site.tongue, site.house, SHOWN + 2);
        // What keeps the names that the list had keeps those of this site.
        let layout = match layout.list {
            (NAMED, _) => Layout { list: site.before.list, row: site.before.row, ..**layout },
            _ => **layout,
        };
        town.shows(id, self::site(&layout, &stories[..SHOWN], &stories));
    }
    let (second, _) = town.visit("2026-02-11T01:00:00Z");
    let mut not_mended = Vec::new();
    for ((id, site, how, _), (items, published)) in sites.iter().zip(known) {
        let wanted: BTreeSet<String> =
            Story::first(site.tongue, site.house, SHOWN + 2).into_iter().map(|story| story.title).collect();
        let now = town.items(id);
        let titles: BTreeSet<String> = now.iter().map(|item| item.title.clone()).collect();
        assert!(
            titles.is_subset(&wanted),
            "{id}, {how}: what is no news of the list was taken: {:?}",
            titles.difference(&wanted)
        );
        assert_eq!(titles.len(), now.len(), "{id}, {how}: a story stands twice");
        for item in &items {
            assert!(
                now.iter().any(|other| (&other.id, &other.title, &other.date) == (&item.id, &item.title, &item.date)),
                "{id}, {how}: {item:?}"
            );
        }
        if titles != wanted {
            not_mended.push(format!("{id}, {how}: {} items", titles.len()));
            if titles.len() == SHOWN {
                assert_eq!(town.published(id), published, "{id}, {how}: what is set aside has changed");
            }
        }
    }
    for (name, site) in ["a", "b"].iter().zip(&SITES) {
        let left: Vec<&String> = not_mended.iter().filter(|told| told.starts_with(name)).collect();
        assert!(
            left.len() * 10 <= ANEW.len(),
            "{}: of {}, these were not found again: {left:#?}\n{}",
            site.house,
            ANEW.len(),
            second.stderr
        );
    }
}
