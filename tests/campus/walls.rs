//! What stands in the way of a list is no list: nothing of it is taken, and nothing that is out changes.

use crate::changes::before;
use crate::story::{Story, Tongue};
use crate::town::{File, Town, page, typed};

const PAGE: &str = "/xwdt/";

fn around(title: &str, main: &str) -> String {
    format!(
        "<!DOCTYPE html><html><head><meta charset=\"utf-8\"><title>{title}</title></head><body><div class=\"nav\"><ul><li><a href=\"/\">Home</a></li><li><a href=\"/study\">Study</a></li><li><a href=\"/research\">Research</a></li></ul></div>{main}\
         <div class=\"foot\"><a href=\"/imprint\">Imprint</a> <a href=\"/contact\">Contact</a></div></body></html>"
    )
}

/// Entries that are no news of the site, in the elements that the list was made of.
fn others(open: &str, row: &str, close: &str) -> String {
    let titles = [
        "Evening of shanties at the quay",
        "Workshop on knots for families",
        "Guided tour of the boat yard",
        "Film night at the lighthouse",
        "Summer regatta of the clubs",
        "Swimming course for beginners",
        "Market of the harbour street",
        "Concert in the old chapel",
    ];
    let rows: String = titles
        .iter()
        .enumerate()
        .map(|(at, title)| {
            row.replace("{url}", &format!("/events/{at}.htm"))
                .replace("{title}", title)
                .replace("{date}", &format!("2026-02-{:02}", 10 + at))
        })
        .collect();
    format!("{open}{rows}{close}")
}

/// What a site shows instead of its list.
fn walls() -> Vec<(&'static str, Vec<File>)> {
    let html = |text: &str| vec![page(PAGE, text)];
    let gallery: String = (1..9).map(|at| format!("<li class=\"item\"><a class=\"tit\" href=\"/g/{at}.htm\">{at}</a><span class=\"date\">2026-02-01</span></li>")).collect();
    vec![
        (
            "login",
            html(&around(
                "Sign in",
                "<h1>Sign in</h1><form action=\"/login\" method=\"post\"><input name=\"user\"><input name=\"password\" type=\"password\"><button>Sign in</button></form>",
            )),
        ),
        (
            "login-chinese",
            html(
                "<!DOCTYPE html><html><head><meta charset=\"utf-8\"><title>统一身份认证平台</title></head><body><h2>用户登录</h2><form id=\"casLoginForm\" method=\"post\"><input name=\"username\"><input type=\"password\" name=\"password\"><button>登录</button></form></body></html>",
            ),
        ),
        (
            "firewall",
            html(
                "<!DOCTYPE html><html><head><title>Just a moment...</title></head><body><div id=\"challenge\"><h1>Checking your browser before accessing the site</h1><noscript>Enable JavaScript and cookies to continue</noscript></div><script src=\"/cdn-cgi/challenge.js\"></script></body></html>",
            ),
        ),
        (
            "firewall-chinese",
            html(
                "<!DOCTYPE html><html><head><meta charset=\"utf-8\"><title>网站防火墙</title></head><body><h1>您的请求已被拦截</h1><p>您提交的内容包含危险的攻击请求，如有疑问请联系网站管理员。</p></body></html>",
            ),
        ),
        (
            "fault",
            html(
                "<html><head><title>500 Internal Server Error</title></head><body><h1>Internal Server Error</h1><p>The server encountered an internal error and was unable to complete your request.</p></body></html>",
            ),
        ),
        (
            "missing",
            html(&around(
                "Page not found",
                &format!(
                    "<h1>Page not found</h1><p>The page that you look for does not exist.</p><h2>You may like</h2>{}",
                    others("<ul class=\"pop\">", "<li><a href=\"{url}\">{title}</a></li>", "</ul>")
                ),
            )),
        ),
        (
            "missing-chinese",
            html(
                "<!DOCTYPE html><html><head><meta charset=\"utf-8\"><title>404 页面不存在</title></head><body><div class=\"err\"><h1>404</h1><p>抱歉，您访问的页面不存在或已被删除。</p><a href=\"/\">返回首页</a></div></body></html>",
            ),
        ),
        (
            "works",
            html(&around("Maintenance", "<h1>We will be back soon</h1><p>Our site is down for maintenance.</p>")),
        ),
        (
            "script",
            html(
                "<!DOCTYPE html><html><head><title>News</title><script src=\"/app.js\"></script></head><body><div id=\"app\"></div><noscript>You need to enable JavaScript to run this app.</noscript></body></html>",
            ),
        ),
        (
            "events",
            html(&around(
                "Events",
                &others(
                    "<div class=\"cal\">",
                    "<div class=\"ev\"><a href=\"{url}\">{title}</a><span>{date}</span></div>",
                    "</div>",
                ),
            )),
        ),
        (
            "parked",
            html(
                "<html><head><title>quay.example is for sale</title></head><body><h1>This domain may be for sale</h1><ul><li><a href=\"/s?q=1\">Cheap flights to the sea</a></li><li><a href=\"/s?q=2\">Hotels by the harbour</a></li><li><a href=\"/s?q=3\">Online degrees in marine science</a></li><li><a href=\"/s?q=4\">Boat insurance compared</a></li></ul></body></html>",
            ),
        ),
        ("gallery", html(&around("News", &format!("<ul class=\"news-list\">{gallery}</ul>")))),
        (
            "refusal",
            vec![typed(PAGE, "application/json", b"{\"code\": 403, \"message\": \"forbidden\", \"data\": null}")],
        ),
        ("nothing", html("<html><head></head><body></body></html>")),
    ]
}

#[test]
fn what_stands_in_the_way_is_not_taken_for_news() {
    let mut town = Town::new();
    let stories = Story::first(Tongue::English, "Quay College", 9);
    for (id, _) in walls() {
        town.add(id, PAGE, "robots = false");
        town.shows(id, before(Tongue::English, &stories[1..]));
    }
    town.visit("2026-02-10T01:00:00Z").0.expect_ok();
    let out = town.house.tree();
    for (id, files) in walls() {
        town.shows(id, files);
    }
    for day in 11..13 {
        let (walk, asked) = town.visit(&format!("2026-02-{day}T01:00:00Z"));
        walk.expect_code(1);
        assert_eq!(town.house.tree(), out, "{}", walk.stderr);
        for (id, _) in walls() {
            let place = format!("http://{}{PAGE}: ", town.host(id));
            let told = walk.stderr.lines().find(|line| line.contains(&place));
            assert!(told.is_some_and(|line| line.contains("it is set aside")), "{id}: {told:?}");
            assert_eq!(asked.get(id).map(Vec::len), Some(1), "{id}: {asked:?}");
        }
    }
    for (id, _) in walls() {
        town.shows(id, before(Tongue::English, &stories[..8]));
    }
    town.visit("2026-02-13T01:00:00Z").0.expect_ok();
    for (id, _) in walls() {
        assert_eq!(town.items(id).len(), 9, "{id} is back");
    }
}

#[test]
fn an_article_behind_a_wall_is_what_the_list_says() {
    let mut town = Town::new();
    let stories = Story::first(Tongue::English, "Quay College", 4);
    for (id, _) in walls() {
        town.add(id, PAGE, "robots = false");
    }
    let places: Vec<String> = before(Tongue::English, &stories)
        .into_iter()
        .map(|(path, _)| path)
        .filter(|path| path.starts_with("/info/"))
        .collect();
    for (id, wall) in walls() {
        let mut files = before(Tongue::English, &stories);
        let answer = wall.first().map(|(_, answer)| answer.clone()).unwrap_or_default();
        files.retain(|(path, _)| *path != places[0]);
        files.push((places[0].clone(), answer));
        town.shows(id, files);
    }
    // What may be over soon is asked for again.
    for day in 10..13 {
        town.visit(&format!("2026-02-{day}T01:00:00Z")).0.expect_ok();
    }
    for (id, _) in walls() {
        let items = town.items(id);
        let titles: Vec<&str> = items.iter().map(|item| item.title.as_str()).collect();
        assert_eq!(titles, stories.iter().map(|story| story.title.as_str()).collect::<Vec<_>>(), "{id}");
        let text = items[0].content.to_lowercase();
        // These are no walls by themselves: what is at the address is the article.
        if !matches!(id, "events" | "parked" | "gallery" | "refusal") {
            for words in [
                "sign in", "登录", "moment", "browser", "拦截", "error", "not found", "exist", "不存在", "back soon",
                "javascript",
            ] {
                assert!(!text.contains(words), "{id}: {text}");
            }
        }
    }
}
