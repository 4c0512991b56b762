//! What is answered to whom.

use std::fs;
use std::os::unix::fs::symlink;
use std::thread::sleep;
use std::time::{Duration, Instant};

use feedgen::serve::Limits;

use crate::site::Site;

/// A feed that is worth compressing.
fn feed(what: &str) -> String {
    format!("<rss><channel>{}</channel></rss>", format!("<item><title>{what}</title></item>").repeat(200))
}

#[test]
fn files_are_shown_as_what_they_are() {
    let site = Site::with("[site]\nurl = 'https://news.example.edu/'", Limits::default());
    for (path, media) in [
        ("all.rss", "application/rss+xml; charset=utf-8"),
        ("all.atom", "application/atom+xml; charset=utf-8"),
        ("all.json", "application/feed+json"),
        ("feeds.opml", "text/x-opml; charset=utf-8"),
        ("all.html", "text/html; charset=utf-8"),
        ("style.css", "text/css; charset=utf-8"),
        ("favicon.png", "image/png"),
        ("sources/新.rss", "application/rss+xml; charset=utf-8"),
        ("raw.bin", "application/octet-stream"),
    ] {
        site.put(path, feed(path));
        let asked = format!("/{}", path.replace('新', "%E6%96%B0"));
        let answer = site.get(&asked, &[]).expect(200);
        assert_eq!(answer.header("content-type"), Some(media), "{path}");
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));
        assert_eq!(answer.body, feed(path).as_bytes());
        let is_text = !matches!(media, "image/png" | "application/octet-stream");
        assert_eq!(answer.header("vary"), is_text.then_some("Accept-Encoding"));
        let is_feed = path.starts_with("all.") && !path.ends_with("html");
        let own = format!("<https://news.example.edu/{path}>; rel=\"self\"");
        assert!(!is_feed || answer.all("link") == [own], "{answer:?}");
        let policy = answer.header("content-security-policy");
        assert_eq!(policy.is_some(), path.ends_with("html"));
        assert!(policy.is_none_or(|policy| policy.starts_with("default-src 'none'") && !policy.contains("script")));
        assert!(answer.header("cache-control").is_some_and(|value| value.starts_with("max-age=")));
        assert!(answer.header("date").is_some() && answer.header("last-modified").is_some());
    }
    site.put("index.html", "<!DOCTYPE html><title>News</title>");
    assert_eq!(site.get("/", &[]).expect(200).body, site.get("/index.html", &[]).expect(200).body);
    assert_eq!(site.get("/all.rss?utm_source=x", &[]).expect(200).body, feed("all.rss").as_bytes());
    let head = site.connect().ask("HEAD", "/all.rss", &[], b"").expect(200);
    assert_eq!(head.header("content-length"), Some(feed("all.rss").len().to_string().as_str()));
}

#[test]
fn each_coding_is_a_representation_of_its_own() {
    let site = Site::new();
    site.put("all.rss", feed("tide"));
    let plain = site.get("/all.rss", &[]).expect(200);
    let (gzip, brotli) = (site.packed("/all.rss", "gzip"), site.packed("/all.rss", "br"));
    let tags = [&plain, &gzip, &brotli].map(|answer| answer.header("etag").unwrap().to_owned());
    assert!(tags.iter().all(|tag| tag.starts_with('"')), "{tags:?}");
    assert!(tags[0] != tags[1] && tags[1] != tags[2] && tags[0] != tags[2]);
    for answer in [&gzip, &brotli] {
        assert_eq!(answer.plain(), feed("tide").as_bytes());
        assert!(answer.body.len() < plain.body.len() / 4);
        assert_eq!(answer.header("vary"), Some("Accept-Encoding"));
    }
    let coding =
        |accepted| site.get("/all.rss", &[("Accept-Encoding", accepted)]).header("content-encoding").map(str::to_owned);
    assert_eq!(coding("gzip, deflate, br").as_deref(), Some("br"));
    assert_eq!(coding("gzip, br;q=0.1").as_deref(), Some("gzip"));
    assert_eq!(coding("gzip;q=0"), None);
    assert_eq!(coding("deflate, zstd"), None);
}

#[test]
fn who_has_it_already_is_told_so() {
    let site = Site::new();
    site.put("all.rss", feed("tide"));
    let gzip = site.packed("/all.rss", "gzip");
    let plain = site.get("/all.rss", &[]).expect(200);
    let (tag, packed_tag) = (plain.header("etag").unwrap(), gzip.header("etag").unwrap());
    let modified = plain.header("last-modified").unwrap();
    let status = |name, value: &str| site.get("/all.rss", &[("Accept-Encoding", "gzip"), (name, value)]).status;
    for known in [tag, packed_tag, &format!("W/{packed_tag}"), &format!("\"other\", {packed_tag}"), "*"] {
        let answer = site.get("/all.rss", &[("Accept-Encoding", "gzip"), ("If-None-Match", known)]).expect(304);
        assert!(answer.header("content-type").is_none() && answer.header("content-encoding").is_none());
        assert!(answer.header("etag").is_some() && answer.header("cache-control").is_some());
        assert_eq!(answer.header("vary"), Some("Accept-Encoding"));
    }
    assert_eq!(status("If-None-Match", "\"other\""), 200);
    assert_eq!(status("If-None-Match", packed_tag.trim_matches('"')), 200);
    assert_eq!(status("If-Modified-Since", modified), 304);
    assert_eq!(status("If-Modified-Since", "Sat, 01 Jan 2000 00:00:00 GMT"), 200);
    assert_eq!(status("If-Modified-Since", "the day before yesterday"), 200);
    let both = [("If-None-Match", "\"other\""), ("If-Modified-Since", modified)];
    assert_eq!(site.get("/all.rss", &both).status, 200, "the tag comes first");
    site.put("all.rss", feed("ebb"));
    site.door.changed(&["all.rss".to_owned()]);
    assert_eq!(status("If-None-Match", packed_tag), 200);
    // Both versions may be of one second: then the time tells nothing.
    assert_eq!(status("If-Modified-Since", modified), 200);
}

#[test]
fn a_version_with_an_earlier_time_is_another_version() {
    let site = Site::new();
    let put = |text: &str, time: u64| {
        site.put("all.rss", text);
        let file = fs::File::options().write(true).open(site.public().join("all.rss")).unwrap();
        file.set_modified(std::time::UNIX_EPOCH + Duration::from_secs(time)).unwrap();
        site.door.changed(&["all.rss".to_owned()]);
    };
    put("<rss>by a clock that was ahead</rss>", 1_800_000_000);
    let modified = site.get("/all.rss", &[]).header("last-modified").unwrap().to_owned();
    let since = [("If-Modified-Since", modified.as_str())];
    site.get("/all.rss", &since).expect(304);
    put("<rss>by a clock that was put right</rss>", 1_799_990_000);
    assert_eq!(site.get("/all.rss", &since).expect(200).body, b"<rss>by a clock that was put right</rss>");
}

#[test]
fn pages_that_are_made_come_compressed_and_only_to_those_who_need_them() {
    let sources: Vec<String> =
        (0..50).map(|number| format!("[[source]]\nid = 's{number}'\nfiles = 's{number}'\n")).collect();
    let site = Site::with(&sources.concat(), Limits::default());
    let plain = site.get("/status", &[]).expect(200);
    let packed = site.get("/status", &[("Accept-Encoding", "gzip, br")]).expect(200);
    assert_eq!(packed.header("content-encoding"), Some("gzip"));
    assert!(packed.plain() == plain.body && packed.body.len() < plain.body.len() / 2);
    assert_eq!(packed.all("vary"), ["Accept-Language", "Accept-Encoding"]);
    let (tag, packed_tag) = (plain.header("etag").unwrap(), packed.header("etag").unwrap());
    assert_ne!(tag, packed_tag);
    for known in [tag, packed_tag] {
        let answer = site.get("/status", &[("If-None-Match", known)]).expect(304);
        assert!(answer.body.is_empty() && answer.header("etag") == Some(known));
    }
    site.get("/status", &[("If-None-Match", "\"other\"")]).expect(200);
    let feed = site.get("/status.atom", &[]).expect(200);
    site.get("/status.atom", &[("If-None-Match", feed.header("etag").unwrap())]).expect(304);
}

#[test]
fn what_has_changed_is_shown_at_once_and_what_others_changed_soon() {
    let site = Site::new();
    site.put("all.rss", feed("tide"));
    assert_eq!(site.get("/all.rss", &[]).body, feed("tide").as_bytes());
    for round in 0..50 {
        let text = feed(&format!("tide {round}"));
        site.put("all.rss", &text);
        site.door.changed(&["all.rss".to_owned(), "sources/unknown.rss".to_owned()]);
        assert_eq!(site.get("/all.rss", &[]).plain(), text.as_bytes());
    }
    let soon = |is_so: &dyn Fn() -> bool| {
        let end = Instant::now() + Duration::from_mins(1);
        while Instant::now() < end && !is_so() {
            sleep(Duration::from_millis(50));
        }
        assert!(is_so());
    };
    site.put("all.rss", feed("behind our back"));
    soon(&|| site.get("/all.rss", &[]).body == feed("behind our back").as_bytes());
    fs::remove_file(site.public().join("all.rss")).unwrap();
    soon(&|| site.get("/all.rss", &[]).status == 404);
    site.put("all.rss", feed("there again"));
    assert_eq!(site.get("/all.rss", &[]).body, feed("there again").as_bytes());
}

#[test]
fn another_configuration_counts_for_what_is_held() {
    let site = Site::with("[site]\nurl = 'https://old.example/'", Limits::default());
    site.put("all.rss", feed("tide"));
    assert_eq!(site.get("/all.rss", &[]).all("link"), ["<https://old.example/all.rss>; rel=\"self\""]);
    // Whatever else is in the file, `[publish]` begins it.
    site.configure("hub = ['https://hub.example/']\n[site]\nurl = 'https://new.example/news/'");
    let links = ["<https://new.example/news/all.rss>; rel=\"self\"", "<https://hub.example/>; rel=\"hub\""];
    assert_eq!(site.get("/all.rss", &[]).all("link"), links);
}

#[test]
fn nothing_leads_out_of_what_is_published() {
    let site = Site::new();
    let public = site.public();
    site.put("all.rss", feed("tide"));
    site.put(".staging/1", "secret");
    fs::write(public.with_file_name("secret.rss"), "secret").unwrap();
    symlink("../secret.rss", public.join("link.rss")).unwrap();
    symlink(public.parent().unwrap(), public.join("up")).unwrap();
    for path in [
        "/../secret.rss",
        "/%2e%2e/secret.rss",
        "/..%2fsecret.rss",
        "/.%2e/secret.rss",
        "/..%5csecret.rss",
        "/%252e%252e/secret.rss",
        "/sources/../../secret.rss",
        "//secret.rss",
        "/./all.rss",
        "/all.rss/",
        "/all.rss%00",
        "/link.rss",
        "/up/secret.rss",
        "/.staging/1",
        "/%2estaging/1",
        "/",
        "/sources",
        "/all.rss/x",
        "/%ff",
        "*",
        "http://news.example.edu/../secret.rss",
    ] {
        let answer = site.get(path, &[]);
        assert_eq!(answer.status, 404, "{path}");
        assert!(!String::from_utf8_lossy(&answer.body).contains("secret"), "{path}");
    }
    assert_eq!(site.get("http://news.example.edu/all.rss", &[]).status, 200);
    assert!(rustix::fs::mkfifoat(rustix::fs::CWD, public.join("pipe.rss"), rustix::fs::Mode::RUSR).is_ok());
    assert_eq!(site.get("/pipe.rss", &[]).status, 404, "whoever opens a pipe waits for the other end");
}

#[test]
fn a_site_in_a_folder_is_found_with_it_and_without() {
    let site = Site::with("[site]\nurl = 'https://www.example.edu/feeds/'", Limits::default());
    site.put("all.rss", feed("all"));
    site.put("index.html", "<title>News</title>");
    site.put("feeds/talent.rss", feed("talent"));
    for (path, text) in [
        ("/all.rss", feed("all")),
        ("/feeds/all.rss", feed("all")),
        ("/feeds/talent.rss", feed("talent")),
        ("/feeds/feeds/talent.rss", feed("talent")),
        ("/feeds/", "<title>News</title>".to_owned()),
        ("/", "<title>News</title>".to_owned()),
    ] {
        assert_eq!(site.get(path, &[]).expect(200).body, text.as_bytes(), "{path}");
    }
    // Relative links of its page would lead out of the folder.
    assert_eq!(site.get("/feeds?lang=zh", &[]).expect(302).header("location"), Some("./feeds/?lang=zh"));
    assert_eq!(site.get("/feed", &[]).status, 404);
}

#[test]
fn what_cannot_be_is_refused_in_the_form_that_is_wanted() {
    let site = Site::new();
    site.put("all.html", "<title>All</title>");
    site.put("sources/harbour college.html", "<title>Harbour</title>");
    for method in ["POST", "PUT", "DELETE", "OPTIONS", "BREW"] {
        let answer = site.connect().ask(method, "/all.html", &[], b"").expect(405);
        assert_eq!(answer.header("allow"), Some("GET, HEAD"), "{method}");
    }
    let preview = site.connect().ask("PUT", "/preview", &[], b"").expect(405);
    assert_eq!(preview.header("allow"), Some("GET, HEAD, POST"));
    let html = ("Accept", "text/html,application/xhtml+xml,*/*;q=0.8");
    let page = site.get("/none.rss", &[html]).expect(404);
    assert_eq!(page.header("content-type"), Some("text/html; charset=utf-8"));
    assert!(page.body.starts_with(b"<!DOCTYPE html>"));
    let text = site.get("/none.rss", &[("Accept", "*/*")]).expect(404);
    assert_eq!(text.header("content-type"), Some("text/plain; charset=utf-8"));
    assert_eq!(text.header("vary"), Some("Accept, Accept-Language"));
    let chinese = site.get("/none", &[html, ("Accept-Language", "zh-CN,en;q=0.5")]).expect(404);
    let chinese = String::from_utf8(chinese.body.clone()).unwrap();
    assert!(chinese.contains("<html lang=\"zh\">") && chinese.contains("未找到"), "{chinese}");

    assert_eq!(site.get("/all", &[html]).expect(302).header("location"), Some("./all.html"));
    let named = site.get("/sources/harbour%20college", &[html]).expect(302);
    assert_eq!(named.header("location"), Some("./harbour%20college.html"));
    site.get("/all", &[]).expect(404);
    site.get("/nothing", &[html]).expect(404);

    let long = "x".repeat(20 * 1024);
    assert_eq!(site.get("/all.html", &[("X-Long", &long)]).status, 431);
    assert!(matches!(site.get(&format!("/{long}"), &[]).status, 414 | 431));
    let much = vec![b'x'; 70_000];
    site.connect().ask("POST", "/preview", &[], &much).expect(413);
    let mut client = site.connect();
    client.send(b"nonsense\r\n\r\n");
    assert_eq!(client.answer("GET").unwrap().status, 400);
}

#[test]
fn a_large_file_is_sent_from_the_disk() {
    let site = Site::with("", Limits { file: 100_000, ..Limits::default() });
    let text: String = (0..200_000).flat_map(|number| [number.to_string(), "\n".to_owned()]).collect();
    site.put("all.rss", &text);
    let answer = site.get("/all.rss", &[("Accept-Encoding", "gzip")]).expect(200);
    assert!(answer.body == text.as_bytes() && answer.header("content-encoding").is_none());
    let tag = answer.header("etag").unwrap();
    site.get("/all.rss", &[("If-None-Match", tag)]).expect(304);
    let mut client = site.connect();
    let head = client.ask("HEAD", "/all.rss", &[], b"").expect(200);
    assert_eq!(head.header("content-length"), Some(text.len().to_string().as_str()));
    client.ask("GET", "/none", &[], b"").expect(404);
    site.put("all.rss", text.replace('1', "2"));
    assert_ne!(site.get("/all.rss", &[]).header("etag"), Some(tag));
}
