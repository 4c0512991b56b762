//! The commands that go out to the web: what they find there, what they write down, and what they say of it.

use std::fs;
use std::io::{BufReader, Write};
use std::sync::Arc;

use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};
use serde_json::Value;

use crate::badweb::{Server, answer, path, send};
use crate::house::House;
use crate::publisher::{Publisher, Stand, Story, rss, rss_with};

/// A site: a page that names three feeds, the feeds, and what leads to them.
fn site() -> Server {
    Server::start(|head, out: &mut dyn Write| {
        let feed = |channel: &str| rss_with(channel, &[Story::new(1), Story::new(2)]);
        let page = "<!doctype html><title>The Quay</title>\
            <link rel=alternate type=application/rss+xml title='The Quay » Comments' href=/comments/feed>\
            <link rel=alternate type=application/atom+xml title='Gone' href=/gone>\
            <link rel=alternate type=application/rss+xml title='The Quay' href=/feed>";
        let typed = |media_type: &str, body: &str| {
            answer(&format!("content-type: {media_type}\r\netag: \"x\"\r\n"), body.as_bytes())
        };
        match path(head) {
            "/" => send(out, &typed("text/html", page)),
            "/feed" => send(out, &typed("application/rss+xml", &feed("<language>en-gb</language><ttl>90</ttl>"))),
            "/comments/feed" => send(out, &typed("application/rss+xml", &rss(&[]))),
            "/moved" => send(out, b"HTTP/1.1 301 Moved\r\nlocation: /feed\r\ncontent-length: 0\r\n\r\n"),
            "/plain" => send(out, &typed("text/html", "<!doctype html><p>Nothing to subscribe to.")),
            "/locked" if head.to_ascii_lowercase().contains("authorization: basic ymvlonbhc3m=") => {
                send(out, &typed("application/rss+xml", &feed("")));
            }
            "/locked" => send(out, b"HTTP/1.1 401 Who\r\ncontent-length: 0\r\n\r\n"),
            "/shut" => send(out, b"HTTP/1.1 503 Later\r\nretry-after: 7200\r\ncontent-length: 0\r\n\r\n"),
            "/robots.txt" => send(out, &answer("", b"User-agent: *\nDisallow: /private\n")),
            _ => send(out, b"HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n"),
        }
    })
}

/// What stands in the configuration before anything is added to it.
const BEFORE: &str = "# mine\r\n[site]\r\ntitle = 'Harbour news'   # ours\r\nurl = \"https://news.example.edu/feeds/\"\r\n\
    [refresh]\r\nallow_private = [\"127.0.0.0/8\"]\r\n[[source]]\r\nid = \"papers\"\r\nfiles = \"news\"";

fn house() -> House {
    let house = House::new();
    house.config(BEFORE);
    house
}

fn configuration(house: &House) -> String {
    fs::read_to_string(house.path("feedgen.toml")).unwrap()
}

fn url(server: &Server, path: &str) -> String {
    server.url(path).to_string()
}

#[test]
fn what_is_added_stands_behind_what_was_there() {
    let (house, server) = (house(), site());
    let feed = url(&server, "/feed");
    let added = house.run(&["add", &feed, "--category", "harbours"]);
    added.expect_ok().expect_said("Ship 1 came in").expect_said("2026-03-02").expect_said("added to");
    let after = configuration(&house);
    let block = after.strip_prefix(BEFORE).unwrap();
    assert_eq!(
        block,
        format!(
            "\r\n\r\n# From https://quay.example/, added on 2026-05-01.\r\n[[source]]\r\nid = \"the-quay\"\r\ntitle = \"The Quay\"\r\n\
             feed = \"{feed}\"\r\nlanguage = \"en-gb\"\r\ncategories = [\"harbours\"]\r\n"
        )
    );
    assert_eq!(added.stdout.trim(), block.replace("\r\n", "\n").trim(), "what is printed is what is written");
    house.refresh().expect_ok();
    assert_eq!(house.titles("sources/the-quay.json").len(), 2);
}

#[test]
fn what_is_there_already_is_not_added_again() {
    let (house, server) = (house(), site());
    house.run(&["add", &url(&server, "/feed")]).expect_ok();
    let before = configuration(&house);
    for other in ["/feed/", "/feed#top", "/moved", "/"] {
        house.run(&["add", &url(&server, other)]).expect_code(1).expect_said("is there already: source the-quay");
    }
    house.run(&["add", "news"]).expect_code(1).expect_said("is there already: source papers");
    assert_eq!(configuration(&house), before);
}

#[test]
fn a_page_leads_to_the_feed_that_it_names_first() {
    let (house, server) = (house(), site());
    let added = house.run(&["add", &url(&server, "/")]);
    added.expect_ok().expect_said("The Quay » Comments").expect_said("/gone answers 404");
    let after = configuration(&house);
    assert!(after.contains(&format!("feed = \"{}\"", url(&server, "/feed"))), "{after}");
    assert!(after.contains(&format!("# From {}, added", url(&server, "/"))), "{after}");
    let none = house.run(&["add", &url(&server, "/plain")]);
    none.expect_code(1).expect_said("no list of news was found in it");
}

/// Titles tell of a list that people see; a feed is one without.
#[test]
fn a_page_leads_to_its_feed_whatever_the_titles_are_like() {
    let house = house();
    for titles in [&["Welcome"][..], &["1", "2", "3"], &["", "", ""]] {
        let item = |(number, title): (usize, &&str)| {
            format!(
                "<item><title>{title}</title><link>/{number}</link><description>Words {number}.</description></item>"
            )
        };
        let items = titles.iter().enumerate().map(item).collect::<Vec<_>>().concat();
        let server = Server::start(move |head, out: &mut dyn Write| match path(head) {
            "/" => {
                let page = "<!doctype html><title>Blog</title><link rel=alternate type=application/rss+xml href=/feed><p>Hello";
                send(out, &answer("content-type: text/html\r\n", page.as_bytes()));
            }
            "/feed" => {
                let feed = format!("<rss version='2.0'><channel><title>Tiny</title>{items}</channel></rss>");
                send(out, &answer("content-type: application/rss+xml\r\n", feed.as_bytes()));
            }
            _ => send(out, b"HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n"),
        });
        let added = house.run(&["add", &url(&server, "/")]);
        added.expect_ok().expect_said(&format!("feed = \"{}\"", url(&server, "/feed")));
        assert!(!added.stderr.contains("what stands where its titles were"), "{}", added.stderr);
    }
}

#[test]
fn what_has_moved_for_good_is_added_where_it_is() {
    let (house, server) = (house(), site());
    let dry = house.run(&["add", "--dry-run", &url(&server, "/moved")]);
    dry.expect_ok().expect_said("has moved for good to").expect_said("nothing was written");
    assert!(dry.stdout.contains(&format!("feed = \"{}\"", url(&server, "/feed"))));
    assert_eq!(configuration(&house), BEFORE);
}

#[test]
fn one_that_fails_does_not_keep_the_others_out() {
    let (house, server) = (house(), site());
    house.file("reports/a.txt", "A report\n\n2026-03-04\n\nThe tide rose over the harbour wall.\n");
    let added = house.run(&["add", &url(&server, "/none"), "reports", &url(&server, "/feed"), "nowhere"]);
    added.expect_code(1).expect_said("answers 404").expect_said("there is no file or folder nowhere");
    let check = house.run(&["check"]);
    check.expect_ok().expect_said("source reports").expect_said("1 document").expect_said("source the-quay");
    house.run(&["add", "--id", "x", "reports", "news"]).expect_code(2).expect_said("--id");
    house.run(&["add", "--id", "X Y", "reports"]).expect_code(2).expect_said("is not an id");
    house.run(&["add", "--id", "papers", &url(&server, "/comments/feed")]).expect_code(2).expect_said("papers already");
    let paper = house.file("reports/b.pdf", "%PDF-1.4").run(&["add", "reports/b.pdf"]);
    paper.expect_code(1).expect_said("reports/b.pdf is neither a folder nor a document that is read (.txt, ");
    house.run(&["preview", "reports/b.pdf"]).expect_code(1).expect_said("b.pdf is neither a folder nor a document");
    let twice = house.run(&["add", "reports/../reports"]);
    twice.expect_code(2).expect_said("`..` may stand only in front");
    assert!(!twice.stderr.contains("feedgen.toml"), "nothing is wrong in it: {}", twice.stderr);
    house.run(&["add", "ftp://quay.example/"]).expect_code(2).expect_said("https://");
    house.run(&["add"]).expect_code(2);
}

#[test]
fn where_there_is_no_configuration_one_is_made() {
    let (house, server) = (House::new(), site());
    house.remove("feedgen.toml");
    let feed = url(&server, "/feed");
    house.run(&["add", &feed]).expect_code(1).expect_said("--allow-private");
    assert!(!house.path("feedgen.toml").exists());
    let added = house.run(&["add", "--allow-private", "--id", "quay", "--title", "Ships", &feed]);
    added.expect_ok().expect_said("created").expect_said("allow_private = [\"127.0.0.1:");
    // The folder that is read for want of sources is read on.
    let settings = configuration(&house);
    assert!(settings.contains("id = \"news\"") && settings.contains("title = \"Ships\""), "{settings}");
    let check = house.run(&["check"]);
    check
        .expect_ok()
        .expect_said("source news")
        .expect_said("warning  source quay")
        .expect_said("refresh.allow_private");
}

#[test]
fn a_password_is_for_the_host_that_it_was_given_for() {
    let (house, server) = (house(), site());
    house.file("password", "pass\n");
    house.run(&["add", &url(&server, "/locked")]).expect_code(1).expect_said("asks for a password");
    let locked = url(&server, "/locked");
    house.run(&["add", "--user", "bee", "--password-file", "password", "--header", "X-Token: 7", &locked]).expect_ok();
    assert!(
        configuration(&house)
            .contains("user = \"bee\"\r\npassword_file = \"password\"\r\nheaders = { X-Token = \"7\" }")
    );
    house.refresh().expect_ok();
    let other = Publisher::new();
    let page = format!("<!doctype html><link rel=alternate type=text/xml href={}>", other.server.url("/feed"));
    other.says(&rss(&[Story::new(3)]));
    let lure = Server::start(move |_, out: &mut dyn Write| send(out, &answer("", page.as_bytes())));
    let added = house.run(&["add", "--user", "bee", "--header", "Cookie: secret", &url(&lure, "/")]);
    added.expect_ok().expect_said("are not sent there");
    let heads = other.server.heads().concat();
    assert!(!heads.contains("secret") && !heads.contains("authorization"), "{heads}");
    assert!(lure.heads().concat().contains("cookie: secret"));
    assert!(!configuration(&house).contains("secret"));
}

#[test]
#[cfg(unix)]
fn a_link_stays_a_link_and_a_mode_a_mode() {
    use std::os::unix::fs::{PermissionsExt as _, symlink};
    let (house, server) = (house(), site());
    house.rename("feedgen.toml", "real/settings.toml");
    fs::set_permissions(house.path("real/settings.toml"), fs::Permissions::from_mode(0o640)).unwrap();
    symlink("real/settings.toml", house.path("feedgen.toml")).unwrap();
    house.run(&["add", &url(&server, "/feed")]).expect_ok();
    assert!(fs::symlink_metadata(house.path("feedgen.toml")).unwrap().is_symlink());
    let real = house.path("real/settings.toml");
    assert_eq!(fs::metadata(&real).unwrap().permissions().mode() & 0o777, 0o640);
    assert!(fs::read_to_string(real).unwrap().contains("the-quay"));
    assert_eq!(fs::read_dir(house.path("real")).unwrap().count(), 1, "nothing is left beside");
}

#[test]
fn a_configuration_that_cannot_take_it_is_left_as_it_is() {
    let (house, server) = (house(), site());
    let list = "source = [{ id = \"papers\", files = \"news\" }]\n[refresh]\nallow_private = [\"127.0.0.0/8\"]\n";
    house.config(list);
    house.run(&["add", &url(&server, "/feed")]).expect_code(2);
    assert_eq!(configuration(&house), list);
    house.config("[site\n").run(&["add", &url(&server, "/feed")]).expect_code(2).expect_said("feedgen.toml:1");
}

#[test]
fn a_preview_is_what_a_walk_then_gives() {
    let stand = Stand::new();
    stand.publisher.says(&rss_with("<ttl>90</ttl>", &[Story::new(1), Story::new(2).without_guid().without_link()]));
    stand.tomorrow();
    let preview = stand.house.run(&["preview", "quay", "--json"]).expect_ok().json();
    assert!(!stand.house.path("state").exists(), "nothing is written");
    stand.house.refresh().expect_ok();
    let items = preview["items"].as_array().unwrap();
    assert_eq!(items.len(), 2);
    for item in items {
        let walked = stand.item(item["title"].as_str().unwrap());
        assert_eq!(item["published"], walked.date.replace("+00:00", "Z"));
        assert_eq!(item["html"], walked.content);
        assert_eq!(item["categories"][0], walked.tags[0].to_lowercase());
    }
    let known: Vec<&Value> = items.iter().map(|item| &item["known_by"]).collect();
    assert_eq!(known, ["its id in the feed", "its title and date"]);
    assert_eq!((&preview["about"]["ttl"], &items[0]["is_out"]), (&90.into(), &false.into()));
    let again = stand.house.run(&["preview", "quay"]);
    again.expect_ok().expect_said("as it was first published").expect_said("(known by its id in the feed)");
}

#[test]
fn a_preview_takes_addresses_pages_folders_and_feeds_in_files() {
    let (house, server) = (house(), site());
    let page = house.run(&["preview", &url(&server, "/"), "--items", "1"]);
    page.expect_ok().expect_said("names:").expect_said("Ship 1 came in").expect_said("1 item more");
    house.run(&["preview", &url(&server, "/plain")]).expect_code(1).expect_said("no list of news was found in it");
    house.file("news/a.txt", crate::house::TIDE).file("news/b.bin.txt", "");
    let folder = house.run(&["preview", "papers"]);
    folder.expect_ok().expect_said("The tide rose by two metres").expect_said("2026-03-04").expect_said("is empty");
    house.run(&["preview", "news/a.txt"]).expect_ok().expect_said("The tide rose");
    house.file("in.xml", "<rss><channel><item><title>A</title><link>a</link></item></channel></rss>");
    let file =
        house.run(&["preview", "in.xml", "--address", "https://quay.example/f/rss", "--json"]).expect_ok().json();
    assert_eq!(file["items"][0]["link"], "https://quay.example/f/a");
    house.run(&["preview", "nothing"]).expect_code(1).expect_said("there is no source, file or folder \"nothing\"");
}

#[test]
fn a_host_that_may_not_be_asked_is_told_as_such() {
    let (house, server) = (house(), site());
    house.config("[[source]]\nid = \"papers\"\nfiles = \"news\"\n");
    let preview = house.run(&["preview", &url(&server, "/feed")]);
    preview.expect_code(1).expect_said("list it in refresh.allow_private").expect_said("--allow-private");
    assert!(!preview.stderr.contains("robots.txt"), "{}", preview.stderr);
    assert_eq!(server.paths(), Vec::<String>::new());
    house.run(&["preview", "--allow-private", &url(&server, "/private")]).expect_code(1).expect_said("robots.txt");
}

#[test]
fn a_doctor_finds_what_is_wrong_and_mends_what_has_moved() {
    let (house, server) = (house(), site());
    let sources = [("moved", "/moved"), ("page", "/"), ("shut", "/shut"), ("robots", "/private")];
    let more: String = sources
        .map(|(id, path)| format!("[[source]]\r\nid = '{id}' # mine\r\nfeed='{}'# here\r\n", url(&server, path)))
        .concat();
    let before = format!("{BEFORE}\r\n{more}");
    house.config(&before);
    house.refresh().expect_code(1);
    let told = house.run(&["doctor", "--json"]);
    let findings = told.expect_code(1).json();
    let state = |name: &str| {
        let found = findings.as_array().unwrap().iter().find(|finding| finding["name"] == name).cloned();
        found.map(|finding| format!("{} {}", finding["state"].as_str().unwrap(), finding["about"].as_str().unwrap()))
    };
    let expect = |name: &str, expected: &str| {
        let told = state(name).unwrap_or_default();
        assert!(told.starts_with(expected), "{name}: {told}\n{findings:#}");
    };
    expect("store.path", "ok");
    expect("store.path disk", "ok");
    expect("source papers", "warning");
    expect("moved host", "ok 127.0.0.1");
    expect("moved robots.txt", "ok lets feedgen in");
    expect("moved validators", "ok ETag");
    expect("moved news", "warning 2 items, the newest of 2026-03-03, though they came 1 d apart");
    expect("moved address", "warning has moved for good to");
    expect("moved next visit", "ok 2026-05");
    expect("page feed", "wrong");
    assert!(state("page feed").unwrap().contains("/gone"), "the page names feeds");
    expect("shut next visit", "warning 2026-05-01T02:00:00Z: its server asks to wait");
    assert_eq!(state("shut answer"), None, "its server asks to wait");
    expect("robots robots.txt", "wrong");
    assert_eq!(fs::read_to_string(house.path("feedgen.toml")).unwrap(), before);

    house.run(&["doctor", "moved"]).expect_ok().expect_said("--apply");
    house.run(&["doctor", "moved", "--apply"]).expect_ok().expect_said("wrote the new address of 1 source");
    let (old, new) = (format!("'{}'", url(&server, "/moved")), format!("\"{}\"", url(&server, "/feed")));
    assert_eq!(configuration(&house), before.replacen(&old, &new, 1));
    let quay = format!("[[source]]\r\nid = 'quay'\r\nfeed = '{}'\r\n", url(&server, "/feed"));
    house.config(&format!("{before}{quay}"));
    house.run(&["doctor", "moved", "--apply"]).expect_ok().expect_said("where source quay is already");
    assert_eq!(configuration(&house), format!("{before}{quay}"));
    house.run(&["doctor", "nobody"]).expect_code(2).expect_said("there is no source \"nobody\"");
}

#[test]
fn a_doctor_sends_no_secrets_to_where_a_feed_has_moved() {
    let (house, site) = (house(), site());
    let target = url(&site, "/feed");
    let lure = Server::start(move |_, out: &mut dyn Write| {
        send(out, format!("HTTP/1.1 301 Moved\r\nlocation: {target}\r\ncontent-length: 0\r\n\r\n").as_bytes());
    });
    house.file("secret", "pass\n").file("headers", "Cookie: secret\n");
    for keys in
        ["user = \"bee\"\npassword_file = \"secret\"", "headers = { X-Key = \"1\" }", "headers_file = \"headers\""]
    {
        let feed = url(&lure, "/feed");
        let before = format!("{BEFORE}\n[[source]]\nid = \"quay\"\nrobots = false\nfeed = \"{feed}\"\n{keys}\n");
        house.config(&before);
        let told = house.run(&["doctor", "quay", "--apply"]);
        told.expect_ok().expect_said("has moved for good to").expect_said("would be sent there");
        assert_eq!(configuration(&house), before);
        // Where everybody is sent the same, it is mended.
        house.config(&before.replace(keys, ""));
        house.run(&["doctor", "quay", "--apply"]).expect_ok().expect_said("wrote the new address of 1 source");
    }
}

#[test]
fn a_doctor_hears_what_a_feed_and_its_server_say_wrongly() {
    let stand = Stand::new();
    stand.publisher.says_with(
        "content-type: text/html; charset=gbk\r\ndate: Fri, 01 May 2026 08:00:00 GMT\r\nconnection: close\r\n",
        "<rss><channel><title>Käse</title><item><title>A</title><pubDate>Fri, 01 May 2026 07:00:00 GMT</pubDate></item>",
    );
    stand.tomorrow();
    let told = stand.house.run(&["doctor", "quay"]);
    told.expect_ok()
        .expect_said("its Content-Type says gbk, but it is read as UTF-8")
        .expect_said("some readers refuse that")
        .expect_said("1 h apart from ours")
        .expect_said("ends before its end")
        .expect_said("not asked for, as configured")
        .expect_said("it is sent in full at each visit")
        .expect_said("at the next refresh: it was never visited");
}

#[test]
fn a_doctor_says_who_can_mend_a_certificate() {
    let key = rcgen::generate_simple_self_signed(["127.0.0.1".to_owned()]).unwrap();
    let secret = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.signing_key.serialize_der()));
    let config = ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![key.cert.der().clone()], secret)
        .unwrap();
    let config = Arc::new(config);
    let feed = |_: &str, out: &mut dyn Write| send(out, &answer("", rss(&[Story::new(1)]).as_bytes()));
    let server = Server::start_with("127.0.0.1:0", feed, move |stream, serve| {
        let connection = ServerConnection::new(config.clone()).unwrap();
        serve(&mut BufReader::new(StreamOwned::new(connection, stream)));
    });
    let house = house();
    house.bytes("own.pem", key.cert.pem().as_bytes());
    let source = format!(
        "{BEFORE}\r\n[[source]]\r\nid = \"safe\"\r\nfeed = \"https://{}/\"\r\nrobots = false\r\n",
        server.address
    );
    house
        .config(&source)
        .run(&["doctor", "safe"])
        .expect_code(1)
        .expect_said("safe tls")
        .expect_said("give the issuer's");
    house.config(&format!("{source}tls_ca = \"own.pem\"\r\n"));
    house.run(&["doctor", "safe"]).expect_ok().expect_said("1 item, the newest of 2026-03-02");
}

#[test]
fn the_next_visit_is_told_and_why() {
    let (house, server) = (house(), site());
    let more = |id: &str, path: &str| format!("\r\n[[source]]\r\nid = \"{id}\"\r\nfeed = \"{}\"", url(&server, path));
    house.config(&format!("{BEFORE}{}{}", more("quay", "/moved"), more("shut", "/shut")));
    house.refresh().expect_code(1);
    let status = house.run(&["status"]);
    status.expect_code(1).expect_said("next visit").expect_said("its server asks to wait until then (Retry-After)");
    let json = house.run(&["status", "quay", "--json"]).expect_ok().json();
    let visits = &json["sources"][0]["visits"];
    assert_eq!((&visits["etag"], &visits["whole"]), (&"\"x\"".into(), &true.into()));
    assert!(visits["next"].as_str().unwrap().starts_with("2026-05-01T") && visits["reason"].is_string());
    assert_eq!(house.run(&["status", "papers", "--json"]).json()["sources"][0].get("visits"), None);
    let told = house.run(&["explain", "quay"]);
    told.expect_ok()
        .expect_said("ETag \"x\", given by")
        .expect_said("to be kept for 90 min (ttl)")
        .expect_said("lets us in")
        .expect_said(&format!("moved        {}", url(&server, "/feed")))
        .expect_said("last answer  2026-05-01T00:00:00Z");
    let shut = house.run(&["explain", "shut"]);
    shut.expect_ok().expect_said("answers 503").expect_said("1 in a row").expect_said("demands to wait");
    house.run(&["explain", "papers"]).expect_ok().expect_said("news/**");
}

#[test]
fn a_check_names_the_file_that_cannot_be_read() {
    let (house, server) = (house(), site());
    let feed = url(&server, "/feed");
    let source = format!(
        "\r\n[[source]]\r\nid = \"quay\"\r\nfeed = \"{feed}\"\r\nuser = \"bee\"\r\npassword_file = \"secret\"\r\nrobots = false\r\n"
    );
    house.config(&format!("{BEFORE}{source}"));
    house.run(&["check"]).expect_code(2).expect_said("cannot read secret");
    house.file("secret", "pass\n");
    house.run(&["check"]).expect_ok().expect_said("every 30m to 6h, whatever its robots.txt says, as user bee");
    let check = |keys: &str| {
        house.config(&format!("{BEFORE}{}", source.replace("user = \"bee\"\r\npassword_file = \"secret\"", keys)));
        house.run(&["check"])
    };
    // It holds no certificate, which would be met when the first host is asked.
    check("tls_ca = \"secret\"").expect_code(2).expect_said("secret holds no certificate in PEM");
    house.refresh().expect_code(1).expect_said("secret holds no certificate in PEM");
    assert_eq!(server.paths(), Vec::<String>::new(), "nothing is asked");
}

#[test]
fn a_check_tells_what_no_walk_will_ask_and_no_token_opens() {
    let (house, server) = (house(), site());
    let source = format!("[[source]]\nid = \"quay\"\nfeed = \"{}\"\n", url(&server, "/feed"));
    house.config(&source);
    let check = house.run(&["check"]);
    check.expect_ok().expect_said("warning  source quay").expect_said("list it in refresh.allow_private");
    house.refresh().expect_code(1).expect_said("list it in refresh.allow_private");
    house.config(&format!("[refresh]\nallow_private = [\"127.0.0.1\"]\n[serve]\ntoken_file = \"token\"\n{source}"));
    house.run(&["check"]).expect_code(2).expect_said("wrong    serve.token_file").expect_said("cannot read token");
    house.file("token", "\n").run(&["check"]).expect_code(2).expect_said("token is empty");
    house.file("token", "open\n").run(&["check"]).expect_ok().expect_said("token holds a token");
}
