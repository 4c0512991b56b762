//! Pages over a real store.

use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};

use base64::Engine as _;

use super::*;
use crate::config::Environment;
use crate::serve::live::Problem;
use crate::store::{Finding, Kind, Past, Visit};
use crate::validate::{Expectation, Level, validate};

const HOSTILE: &str = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>";

/// A folder with a store in it, gone when dropped, and a daemon over it.
struct House {
    root: PathBuf,
    live: Live,
}

fn now() -> DateTime<Utc> {
    "2026-05-01T12:00:00Z".parse().unwrap()
}

impl House {
    /// `sources` are tables of the configuration.
    fn new(more: &str) -> Self {
        static COUNT: AtomicUsize = AtomicUsize::new(0);
        let name = format!("feedgen-pages-{}-{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        let root = std::env::temp_dir().join(name);
        std::fs::create_dir_all(&root).unwrap();
        let text = format!(
            "[site]\ntitle = 'Harbour news'\nurl = 'https://news.example.edu/'\nauthority = 'news.example.edu,2026'\n\
             [store]\npath = '{0}/feedgen.db'\n[publish]\ndirectory = '{0}/feeds'\n{more}",
            root.display()
        );
        let settings = Settings::from_text(&text, "feedgen.toml", &Environment::new()).unwrap();
        let live = Live::new(now() - chrono::TimeDelta::hours(3), Arc::new(settings));
        Self { root, live }
    }

    /// A source in each of three states: failing under a hostile error, well, and never visited.
    fn three() -> Self {
        let house = Self::new(&format!(
            "[[source]]\nid = 'port'\ntitle = '''{HOSTILE}'''\nfeed = 'https://port.example/rss'\n\
             [[source]]\nid = 'tide'\ntitle = '潮汐学院'\nfiles = 'tide/*.txt'\n\
             [[source]]\nid = 'quay'\nfeed = 'https://quay.example/rss'\n"
        ));
        house.visit("port", 3600 * 5, None, 2);
        house.visit("port", 3600 * 4, Some(HOSTILE), 0);
        house.visit("port", 3600 * 3, Some(HOSTILE), 0);
        house.visit("tide", 60, None, 1);
        house
    }

    /// The site is to be found on this machine alone.
    fn at_home(self) -> Self {
        let mut settings = (*self.live.settings()).clone();
        settings.site.url = "http://localhost:8077/".parse().unwrap();
        self.live.set_settings(Arc::new(settings));
        self
    }

    fn visit(&self, source: &str, ago: i64, error: Option<&str>, new: u64) {
        let at = now().timestamp() - ago;
        let error = error.map(str::to_owned);
        let visit = Visit {
            source: source.to_owned(),
            walked: at,
            succeeded: error.is_none().then_some(at),
            documents: 7,
            since: error.is_some().then_some(at),
            error: error.clone(),
            expected: None,
        };
        let finding = Finding { source: source.to_owned(), kind: Kind::Failing, text: error.clone() };
        let past = Past { since: at, until: at, visits: 1, new, requests: 1, bytes: 2048, error, ..Past::default() };
        Store::open(&self.live.settings().store).unwrap().note_visits(&[(visit, past)], &[finding], at).unwrap();
    }

    fn get(&self, address: &str) -> (StatusCode, String) {
        self.ask(&Method::GET, address, &[("accept-language", "en")], b"")
    }

    fn ask(&self, method: &Method, address: &str, headers: &[(&str, &str)], body: &[u8]) -> (StatusCode, String) {
        self.ask_from("127.0.0.1:5000", method, address, headers, body)
    }

    fn ask_from(
        &self,
        peer: &str,
        method: &Method,
        address: &str,
        headers: &[(&str, &str)],
        body: &[u8],
    ) -> (StatusCode, String) {
        let mut map = HeaderMap::new();
        map.insert("host", "localhost:8077".parse().unwrap());
        for (name, value) in headers {
            map.insert(HeaderName::from_bytes(name.as_bytes()).unwrap(), value.parse().unwrap());
        }
        let (path, query) = address.split_once('?').map_or((address, None), |(path, query)| (path, Some(query)));
        let asked = Asked { method, path, query, headers: &map, peer: Some(peer.parse().unwrap()), body };
        let answer = answer(&asked, &self.live, now()).unwrap();
        (answer.status, String::from_utf8(answer.body).unwrap())
    }
}

impl Drop for House {
    fn drop(&mut self) {
        std::fs::remove_dir_all(&self.root).unwrap();
    }
}

#[test]
fn what_is_wrong_stands_first_in_words() {
    let house = House::three();
    let (status, page) = house.get("/status");
    assert_eq!(status, StatusCode::OK);
    assert!(page.contains("1 of 3 sources needs a look."), "{page}");
    let places =
        ["class=\"state failing\">failing</span> since <time", "class=\"state new\"", "class=\"state ok\">fine</span>"];
    let (_, rows) = page.split_once("<section class=\"sources\"").unwrap();
    let found: Vec<usize> = places.iter().map(|place| rows.find(place).unwrap()).collect();
    assert!(found.is_sorted(), "{found:?} in {page}");
    assert!(
        page.contains("<time datetime=\"2026-05-01T07:00:00Z\" title=\"2026-05-01 07:00\">5 hours ago</time>"),
        "{page}"
    );
    assert!(page.contains("aria-label=\"0 items in 30 days, 0 at most on one day\""), "{page}");

    let (_, page) = house.get("/status?state=ok");
    assert!(page.contains("潮汐学院") && !page.contains("status/port"), "{page}");
    let (_, page) = house.get("/status?state=empty");
    assert!(page.contains("No source is like that."), "{page}");
}

#[test]
fn the_pages_speak_chinese() {
    let house = House::three();
    let chinese = [("accept-language", "zh-CN,zh;q=0.9,en;q=0.5")];
    let (_, page) = house.ask(&Method::GET, "/status", &chinese, b"");
    for words in ["<html lang=\"zh\"", "3 个来源中有 1 个需要处理。", ">失败</span>", "5 小时前", "跳到正文"]
    {
        assert!(page.contains(words), "{words} is not in {page}");
    }
    let (_, page) = house.ask(&Method::GET, "/status/port", &chinese, b"");
    for words in ["最近的访问", "连续 2 次", "<dt>访问设置</dt>", "怎么"] {
        assert_eq!(page.contains(words), words != "怎么", "{words} in {page}");
    }
}

#[test]
fn no_text_becomes_markup() {
    let house = House::three().at_home();
    house.live.set_problem(Some(Problem::new(HOSTILE.to_owned(), now())));
    house.live.set_activity(HOSTILE);
    for address in ["/status", "/status/port", "/status.atom", "/status.json", "/status.json?source=port"] {
        let (status, page) = house.get(address);
        assert_eq!(status, StatusCode::OK, "{address}");
        let inert =
            if address.ends_with("json") || address.contains('?') { page.replace('<', "") } else { page.clone() };
        assert!(!inert.contains("<script") && !inert.contains("<img src=x"), "{address}: {page}");
        assert!(page.contains("alert(1)"), "{address}: {page}");
    }
}

#[test]
fn strangers_see_no_keys_and_no_lines_of_the_configuration() {
    let house = House::three();
    let text = "s3cret line 7".to_owned();
    house.live.set_problem(Some(Problem::new(text.clone(), now())));
    // It is an incident, too.
    let refused = Finding { source: String::new(), kind: Kind::Configuration, text: Some(text) };
    Store::open(&house.live.settings().store).unwrap().note_visits(&[], &[refused], now().timestamp()).unwrap();
    for ago in [120, 60] {
        house.visit("quay", ago, Some("cannot fetch https://quay.example/rss?key=s3cret: 403"), 0);
    }
    let pages = ["/status", "/status/quay", "/status.atom", "/status.json", "/metrics"];
    for page in pages {
        let (status, page) = house.get(page);
        assert!(status == StatusCode::OK && !page.contains("s3cret"), "{page}");
    }
    assert!(
        house.get("/status").1.contains("refused; the old one stays in use")
            && house.get("/status").1.contains("feedgen check")
    );
    let house = house.at_home();
    for page in ["/status", "/status/quay", "/status.atom", "/status.json"] {
        assert!(house.get(page).1.contains("key=s3cret"), "{page}");
    }
    assert!(house.get("/status").1.contains("s3cret line 7"));
    assert_eq!(house.get("/status.json").1.matches("s3cret line 7").count(), 2);
}

#[test]
fn a_source_tells_its_visits_and_what_to_do() {
    let house = House::three();
    let (_, page) = house.get("/status/port");
    for words in
        ["2 visits in a row", "2 new items", "2 requests", "4 kB", "<code>feedgen doctor port</code>", "robots"]
    {
        assert!(page.contains(words) || words == "robots", "{words} is not in {page}");
    }
    let headers = HeaderMap::new();
    let asked = |path| Asked { method: &Method::GET, path, query: None, headers: &headers, peer: None, body: b"" };
    for path in ["/status/nobody", "/status/", "/nothing", "/"] {
        assert!(answer(&asked(path), &house.live, now()).is_none(), "{path}");
    }
    let one: serde_json::Value = serde_json::from_str(&house.get("/status.json?source=port").1).unwrap();
    assert_eq!((&one["sources"][0]["past"][0]["visits"], &one["sources"][0]["days"][29]), (&2.into(), &0.into()));
    assert_eq!(one["sources"].as_array().unwrap().len(), 1);
}

fn flawless(text: &str) {
    let expectation = Expectation { address: Some("https://news.example.edu/status.atom"), now: now() };
    let verdict = validate(text.as_bytes(), &expectation);
    let wrong: Vec<_> = verdict.findings.iter().filter(|finding| finding.level != Level::Advice).collect();
    assert!(wrong.is_empty(), "{wrong:?} in {text}");
}

#[test]
fn the_feed_of_incidents_is_valid_and_tells_when_one_is_over() {
    let house = House::three();
    let (_, open) = house.get("/status.atom");
    flawless(&open);
    assert_eq!(open.matches("<entry>").count(), 1, "{open}");
    assert!(open.contains("<id>tag:news.example.edu,2026:incident:1777622400-1</id>"), "{open}");
    house.visit("port", 60, None, 0);
    let (_, over) = house.get("/status.atom");
    flawless(&over);
    assert!(over.contains("<id>tag:news.example.edu,2026:incident:1777622400-1</id>"), "{over}");
    assert!(over.contains("(over)</title>"), "{over}");
    flawless(&House::new("").get("/status.atom").1);
}

#[test]
fn incidents_of_a_chinese_site_are_told_in_chinese() {
    let house = House::new("[[source]]\nid = 'port'\ntitle = '港口'\nfeed = 'https://port.example/rss'\n");
    let mut settings = (*house.live.settings()).clone();
    settings.site.language = "zh-CN".to_owned();
    house.live.set_settings(Arc::new(settings));
    house.visit("port", 3600 * 5, None, 2);
    house.visit("port", 3600 * 4, Some("broken"), 0);
    house.visit("port", 3600 * 3, Some("broken"), 0);
    let open = house.get("/status.atom").1;
    assert!(
        open.contains("<title xml:lang=\"zh\">港口：访问失败</title>") && open.contains("feedgen doctor port"),
        "{open}"
    );
    assert!(!open.contains("What is published"), "{open}");
    // What was met is told in English.
    assert!(open.contains("<summary xml:lang=\"mul\">broken – 已发布的内容保持不变。"), "{open}");
    flawless(&open);
    house.visit("port", 60, None, 0);
    let over = house.get("/status.atom").1;
    assert!(over.contains("<title xml:lang=\"zh\">港口：访问失败（已结束）</title>"), "{over}");
    assert!(over.contains("<summary xml:lang=\"en\">broken</summary>") && !over.contains("feedgen doctor"), "{over}");
    flawless(&over);
}

#[test]
fn machines_are_told_whether_all_is_well() {
    let house = House::three();
    assert_eq!(house.get("/healthz").0, StatusCode::SERVICE_UNAVAILABLE);
    house.live.beat(now());
    assert_eq!(house.get("/healthz"), (StatusCode::OK, "ok\n".to_owned()));
    let says_ready = |is_ready: bool| {
        let expected = if is_ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
        assert_eq!(house.get("/readyz").0, expected);
        assert!(house.get("/status.json").1.contains(&format!("\"ready\": {is_ready},")));
        assert!(house.get("/metrics").1.contains(&format!("\nfeedgen_ready {}\n", u8::from(is_ready))));
    };
    says_ready(false);
    house.live.set_ready();
    says_ready(true);
    house.live.set_unwritable(true);
    says_ready(false);
    house.live.set_unwritable(false);
    let (_, text) = house.get("/metrics");
    for line in [
        "feedgen_sources{state=\"failing\"} 1\n",
        "feedgen_source_healthy{source=\"port\"} 0\n",
        "feedgen_source_last_success_time_seconds{source=\"tide\"} 1777636740\n",
        "# TYPE feedgen_walks counter\n",
        "feedgen_walks_total 0\n",
        "process_resident_memory_bytes ",
    ] {
        assert!(text.contains(line), "{line} is not in {text}");
    }
    assert!(text.ends_with("# EOF\n"));
    assert_eq!(house.ask(&Method::POST, "/status", &[], b"").0, StatusCode::METHOD_NOT_ALLOWED);
    std::fs::write(&house.live.settings().store, "no database, though it is long enough to look like one".repeat(99))
        .unwrap();
    for address in ["/status", "/status/port", "/status.json", "/status.atom", "/readyz"] {
        assert_eq!(house.get(address).0, StatusCode::SERVICE_UNAVAILABLE, "{address}");
    }
    assert!(house.get("/metrics").1.contains("feedgen_store_readable 0\n"));
}

#[test]
fn many_sources_are_told_page_by_page() {
    let sources: Vec<String> = (0..450).map(|at| format!("[[source]]\nid = 's{at}'\nfiles = 's{at}/*'\n")).collect();
    let house = House::new(&sources.concat());
    house.visit("s449", 10, Some("gone"), 0);
    let shown = |page: &str| page.matches("href=\"status/s").count();
    let (_, first) = house.get("/status");
    assert_eq!(shown(&first), 200);
    assert!(first.find("status/s449\"").unwrap() < first.find("status/s0\"").unwrap());
    assert!(first.contains("page 1 of 3") && first.contains("href=\"status?page=2\""));
    let (_, last) = house.get("/status?page=99&state=new");
    assert_eq!(shown(&last), 49);
    assert!(last.contains("href=\"status?state=new&amp;page=2\" rel=\"prev\""), "{last}");
}

/// The mark of the form.
fn mark(page: &str) -> String {
    let (_, rest) = page.split_once("name=\"mark\" type=\"hidden\" value=\"").unwrap();
    rest.split_once('"').unwrap().0.to_owned()
}

#[test]
fn a_preview_is_for_whoever_sits_here_or_has_the_token() {
    let house = House::new("").at_home();
    let asked = |peer: &str, headers: &[(&str, &str)]| house.ask_from(peer, &Method::GET, "/preview", headers, b"").0;
    assert_eq!(asked("127.0.0.1:1", &[]), StatusCode::OK);
    assert_eq!(asked("[::1]:1", &[("host", "[::1]:8077")]), StatusCode::OK);
    assert_eq!(asked("[::ffff:127.0.0.1]:1", &[]), StatusCode::OK);
    assert_eq!(asked("192.0.2.7:1", &[]), StatusCode::FORBIDDEN);
    for header in ["x-forwarded-for", "forwarded", "x-real-ip", "via"] {
        assert_eq!(asked("127.0.0.1:1", &[(header, "192.0.2.7")]), StatusCode::FORBIDDEN, "{header}");
    }
    for host in ["evil.example:8077", "localhost.evil.example", "127.0.0.1.evil.example", ""] {
        assert_eq!(asked("127.0.0.1:1", &[("host", host)]), StatusCode::FORBIDDEN, "{host}");
    }

    // A web server before a site that is known elsewhere need not tell that it is one.
    assert_eq!(House::new("").get("/preview").0, StatusCode::FORBIDDEN);

    let house = House::new("[serve]\ntoken_file = 'TOKEN'\n");
    let mut settings = (*house.live.settings()).clone();
    settings.serve.token_file = Some(house.root.join("token"));
    house.live.set_settings(Arc::new(settings));
    let basic = |pair: &str| format!("Basic {}", base64::prelude::BASE64_STANDARD.encode(pair));
    let asked = |given: &str| {
        let (status, page) = house.ask_from("192.0.2.7:1", &Method::GET, "/preview", &[("authorization", given)], b"");
        (status, page.contains("name=\"mark\""))
    };
    // A file that is not there, or is empty, lets nobody in.
    assert_eq!(asked("Bearer "), (StatusCode::FORBIDDEN, false));
    std::fs::write(house.root.join("token"), "\n").unwrap();
    assert_eq!(asked(&basic("admin:")), (StatusCode::FORBIDDEN, false));
    std::fs::write(house.root.join("token"), "tide:table\n").unwrap();
    for given in ["", "Bearer", "Bearer tide", "Basic dGlkZQ==", "Basic !", &basic("admin:tide"), &basic("tide:table")]
    {
        assert_eq!(asked(given), (StatusCode::UNAUTHORIZED, false), "{given}");
    }
    for given in ["Bearer tide:table", &basic("admin:tide:table"), &basic(":tide:table")] {
        assert_eq!(asked(given), (StatusCode::OK, true), "{given}");
    }
}

#[test]
fn a_preview_is_asked_for_by_our_form_alone_and_reaches_nothing_inside() {
    let house = House::new("").at_home();
    let (_, page) = house.get("/preview");
    let mark = mark(&page);
    let form = |mark: &str, address: &str| {
        form_urlencoded::Serializer::new(String::new())
            .append_pair("mark", mark)
            .append_pair("address", address)
            .finish()
    };
    let post = |headers: &[(&str, &str)], body: &str| house.ask(&Method::POST, "/preview", headers, body.as_bytes());
    let inside = "http://127.0.0.1:9/";
    for (headers, body) in [
        (&[][..], form("", inside)),
        (&[][..], form(&mark.chars().rev().collect::<String>(), inside)),
        (&[("origin", "https://evil.example")][..], form(&mark, inside)),
        (&[("origin", "null")][..], form(&mark, inside)),
        (&[("origin", "http://localhost:8078")][..], form(&mark, inside)),
        (&[("sec-fetch-site", "cross-site")][..], form(&mark, inside)),
        (&[("sec-fetch-site", "same-site"), ("origin", "http://localhost:8077")][..], form(&mark, inside)),
    ] {
        let (status, page) = post(headers, &body);
        assert_eq!(status, StatusCode::FORBIDDEN, "{headers:?} {body}");
        assert!(page.contains("Send it again.") && page.contains("value=\"http://127.0.0.1:9/\""), "{page}");
    }
    let ours = [("origin", "http://localhost:8077"), ("sec-fetch-site", "same-origin")];
    for (address, told) in [
        (inside, "127.0.0.1"),
        ("http://[::1]/", "::1"),
        ("http://169.254.169.254/latest/meta-data/", "169.254.169.254"),
        ("file:///etc/passwd", "is not on the web"),
        (HOSTILE, "is no address"),
    ] {
        let (status, page) = post(&ours, &form(&mark, address));
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{address}: {page}");
        assert!(page.contains(told) && !page.contains("<script"), "{address}: {page}");
    }
}
