//! Links of entries that say nothing themselves: without words, or gone to by a script.

use super::{TITLES, found, site, told, url};

/// Checks that a list is found whose entries are made of an address, a title and a day.
#[track_caller]
fn check(entry: &str) {
    let entries = TITLES.iter().enumerate().map(|(at, title)| {
        let entry = entry.replace("TO", &format!("/news/story-of-day-{at}")).replace("TITLE", title);
        entry.replace("DAY", &format!("{} May 2026", 18 - at))
    });
    let page = site(&format!("<div class=cards>{}</div>", entries.collect::<String>()));
    let listing = found(&page, &url("http://sea.example/news/"));
    let expected = TITLES.iter().enumerate().map(|(at, title)| {
        let link = format!("http://sea.example/news/story-of-day-{at}");
        ((*title).to_owned(), link, format!("2026-05-{:02}", 18 - at))
    });
    assert_eq!(told(&listing), expected.collect::<Vec<_>>(), "{entry}");
}

#[test]
fn the_title_of_a_link_without_words_stands_elsewhere() {
    for card in [
        "<a href=TO aria-label='TITLE'><img src=a.jpg></a><span>DAY</span>",
        "<a href=TO><img src=a.jpg alt='TITLE'></a><span>DAY</span>",
        "<a href=TO title='TITLE'><img src=a.jpg></a><span>DAY</span>",
        "<a class=over href=TO></a><h3>TITLE</h3><span>DAY</span>",
        "<h3>TITLE</h3><span>DAY</span><a href=TO aria-label='Read more about TITLE'></a>",
        "<h3>TITLE</h3><p>DAY</p><a href=TO>Read more about TITLE</a>",
        "<a href=TO><img src=a.jpg alt=''></a><h3>TITLE</h3><p>DAY</p>",
        "<h3>TITLE</h3><p>DAY</p><a href=TO><svg><path/></svg></a>",
    ] {
        check(&format!("<div class=card>{card}</div>"));
    }
}

#[test]
fn a_link_that_names_its_form_has_the_title_beside_it() {
    check("<table class=t><tr><td>DAY<td>TITLE<td><a href=TO>PDF</a><td><a href=TO.docx>Word</a></table>");
}

#[test]
fn the_name_of_a_list_is_no_title_of_what_leads_to_the_rest() {
    for head in ["<h2>NAME<a href=REST>更多</a></h2>", "<div class=tt><span>NAME</span><a href=REST>MORE+</a></div>"]
    {
        let section = |name: &str, from: usize| {
            let rows = (from..from + 4).map(|at| {
                let day = 28 - at;
                format!("<li><a href=/info/{from}/{at}.htm>海图学院第{at}艘研究船完成春季远海观测任务</a><span>2026-02-{day:02}</span></li>")
            });
            let head = head.replace("NAME", name).replace("REST", &format!("/{name}.htm"));
            format!("<div class=box>{head}<ul class=list>{}</ul></div>", rows.collect::<String>())
        };
        let page = site(&[section("学院新闻", 1), section("通知公告", 11)].concat());
        let listing = found(&page, &url("https://sea.example.edu/"));
        assert_eq!(told(&listing).len(), 8, "{head}: {:?}", told(&listing));
    }
}

#[test]
fn what_a_script_goes_to_is_a_link() {
    for card in [
        "<div class=card onclick=\"location.href='TO'\"><h3>TITLE</h3><span>DAY</span></div>",
        "<div class=card data-href='TO'><h3>TITLE</h3><span>DAY</span></div>",
        "<div class=card data-url='TO'><h3>TITLE</h3><span>DAY</span></div>",
        "<div class=card><b onclick=\"window.open('TO', '_blank')\">TITLE</b> <span>DAY</span></div>",
        "<div class=card><a href='javascript:void(0)' onclick=\"location.href='TO'\">TITLE</a> <span>DAY</span></div>",
        // Who is told that somebody reads is no story.
        "<div class=card data-url='https://counter.example/AT?of=TO' onclick=\"location.href='TO'\"><h3>TITLE</h3><span>DAY</span></div>",
        // What shares a story is no other.
        "<div class=card><a href=TO>TITLE</a> <span>DAY</span><button data-url='TO?share=1'>Share this with friends</button></div>",
    ] {
        check(card);
    }
}

#[test]
fn titles_without_spaces_are_as_long_as_their_words() {
    let titles = [
        "เปิดห้องปฏิบัติการทางทะเล",
        "นักศึกษาคว้าถ้วยรางวัล",
        "ห้องสมุดขยายเวลา",
        "ประกาศรับสมัครงาน",
        "ผลการสอบกลางภาค",
        "กำหนดการปฐมนิเทศ",
    ];
    let rows: String = titles
        .iter()
        .enumerate()
        .map(|(at, title)| format!("<li><a href=/news/90{at}.html>{title}</a></li>"))
        .collect();
    let listing =
        found(&site(&format!("<main><ul class=newslist>{rows}</ul></main>")), &url("http://sea.example/news/"));
    assert_eq!(told(&listing).into_iter().map(|(title, ..)| title).collect::<Vec<_>>(), titles);
}

#[test]
fn comments_are_no_news() {
    let stories: String = super::TITLES
        .iter()
        .enumerate()
        .map(|(at, title)| format!("<li><a href=/news/story-of-day-{at}>{title}</a></li>"))
        .collect();
    let rows = |row: &str| (0..6).map(|at| row.replace("AT", &at.to_string())).collect::<String>();
    for (comments, row) in [
        (
            "<h3>Recent comments</h3>",
            "<li><b>Visitor AT</b> on <a href=/news/story-of-day-AT#comment-7AT>What a fine story of the harbour AT</a> <i>2026-05-1AT</i></li>",
        ),
        (
            "<h2>Comments</h2>",
            "<li><b>Visitor AT</b> <i>2026-05-1AT</i> <a href=/news/?comment=7AT>Permalink to this comment here</a><p>Very good indeed.</p></li>",
        ),
    ] {
        let page = format!(
            "<main><h1>News</h1><ul>{stories}</ul></main><div>{comments}<ol class=all>{}</ol></div>",
            rows(row)
        );
        let titles: Vec<String> =
            told(&found(&site(&page), &url("http://sea.example/news/"))).into_iter().map(|(title, ..)| title).collect();
        assert_eq!(titles, super::TITLES, "{comments}");
    }
}

#[test]
fn what_asks_to_read_on_by_name_is_no_second_title() {
    let titles = ["Tides", "A new pier", "The choir sings"];
    for more in [
        "<span class=screen-reader-text>TITLE</span> Read More »",
        "Read more about <b>TITLE</b>",
        "Continue reading TITLE",
    ] {
        let story = |(at, title): (usize, &&str)| {
            format!(
                "<article><h2><a href=/2026/05/0{at}/x/>{title}</a></h2><p><a href=/2026/05/0{at}/x/#respond>Leave a comment</a></p>
                 <p>It was told of.</p><p class=more><a href=/2026/05/0{at}/x/>{}</a></p></article>",
                more.replace("TITLE", title)
            )
        };
        let stories: String = titles.iter().enumerate().map(|(at, title)| story((at + 1, title))).collect();
        let list = found(
            &site(&format!("<main><div class=row>{stories}</div></main>")),
            &url("http://sea.example/author/ann/"),
        );
        let told: Vec<_> = told(&list).into_iter().map(|(title, link, _)| (title, link)).collect();
        let expected = (1..).map(|at| format!("http://sea.example/2026/05/0{at}/x/"));
        assert_eq!(told, titles.map(str::to_owned).into_iter().zip(expected).collect::<Vec<_>>(), "{more}");
    }
}
