//! Sources on the web, and how they are visited.

use super::*;

#[test]
fn sources_on_the_web_are_checked() {
    complains(
        r#"[refresh]
every = "30"
timeout = "1h"
concurrency = 0
allow_private = ["10.0.0.0/99"]
[[source]]
id = "both"
files = "news"
feed = "https://lakeside.example/rss"
[[source]]
id = "folder"
files = "news"
slowest = "1h"
[[source]]
id = "odd"
feed = "https://me:secret@lakeside.example/rss"
password_file = "x"
headers = { "Bad Name" = "x" }
proxy = "socks5://localhost"
[[source]]
feed = "lakeside.example/rss"
"#,
        r#"
feedgen.toml:2:9: "30" is not a length of time
    |
  2 | every = "30"
    |         ^^^^ write it like "30m", "1h 30m" or "2d"

feedgen.toml:3:11: 1h is out of range
    |
  3 | timeout = "1h"
    |           ^^^^ 1s to 10m are possible

feedgen.toml:4:15: 0 is out of range
    |
  4 | concurrency = 0
    |               ^ 1 to 256 are possible

feedgen.toml:5:18: "10.0.0.0/99" is neither a host nor a network
    |
  5 | allow_private = ["10.0.0.0/99"]
    |                  ^^^^^^^^^^^^^ write news.intranet, news.intranet:8080, 10.1.2.3 or 10.0.0.0/8

feedgen.toml:9:8: a source has one of `files`, `feed` and `page`, not several
    |
  9 | feed = "https://lakeside.example/rss"
    |        ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ make two sources of it

feedgen.toml:13:11: `slowest` is for sources on the web
     |
  13 | slowest = "1h"
     |           ^^^^ leave it out

feedgen.toml:16:8: an address with a user or password in it would be shown and logged
     |
  16 | feed = "https://me:secret@lakeside.example/rss"
     |        ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ give them as `user` and `password_file`

feedgen.toml:17:17: a password without its user
     |
  17 | password_file = "x"
     |                 ^^^ add user = "…"

feedgen.toml:18:26: "Bad Name" is no name of a header
     |
  18 | headers = { "Bad Name" = "x" }
     |                          ^^^ write it like Cookie or "X-Token"

feedgen.toml:19:9: "socks5://localhost" is no http proxy
     |
  19 | proxy = "socks5://localhost"
     |         ^^^^^^^^^^^^^^^^^^^^ write it like "http://proxy.example.edu:3128"

feedgen.toml:21:8: "lakeside.example/rss" does not start with https:// or http://
     |
  21 | feed = "lakeside.example/rss"
     |        ^^^^^^^^^^^^^^^^^^^^^^ did you mean "https://lakeside.example/rss"?

11 errors in the configuration"#,
    );
}

#[test]
fn a_secret_is_looked_up_among_the_credentials() {
    let text = "[[source]]\nfeed = 'https://far.example/'\nuser = 'x'\npassword_file = 'far'\nheaders_file = './far'\n";
    let credentials = environment(&[("CREDENTIALS_DIRECTORY", "/run/credentials/feedgen")]);
    let settings = Settings::from_text(text, "feedgen.toml", &credentials).unwrap();
    let web = settings.sources[0].web().unwrap();
    assert_eq!(web.access.password_file.as_deref(), Some(Path::new("/run/credentials/feedgen/far")));
    assert_eq!(web.access.headers_file.as_deref(), Some(Path::new("./far")));
    assert_eq!(settings.sources[0].id.as_str(), "far-example");
}

#[test]
fn what_is_set_for_the_shortest_interval_holds_for_the_longest() {
    let of = |text: &str| settings(text).sources[0].web().map(|web| (told(&web.every), web.slowest.as_secs())).unwrap();
    let told = |every: &str, slowest: u64| (every.to_owned(), slowest);
    let feed = "[[source]]\nid = 'x'\nfeed = 'https://far.example/'\n";
    assert_eq!(of(feed), told("30m", 6 * 3600));
    assert_eq!(of(&format!("[refresh]\nevery = '1d'\n{feed}")), told("1d", 86_400));
    assert_eq!(of(&format!("{feed}every = '12h'\n")), told("12h", 43_200));
    assert_eq!(of(&format!("{feed}every = '5m'\nslowest = '5m'\n")), told("5m", 300));
}

#[test]
fn cron_lines_tell_times() {
    let text = "[refresh]\nevery = '0  7-22 * * *'\n[[source]]\nid = 'x'\nfeed = 'https://far.example/'\n\
                [[source]]\nid = 'y'\npage = 'https://far.example/'\nevery = '2h'\n[[source]]\nid = 'z'\nfiles = 'z'\nevery = '@daily'\n";
    let times: Vec<_> = settings(text).sources.iter().map(|source| told(source.every())).collect();
    assert_eq!(times, ["0 7-22 * * *", "2h", "@daily"]);
    let again = resolved(text, &Environment::new());
    assert_eq!(without_comments(&resolved(&again, &Environment::new())), without_comments(&again));
    complains(
        "[refresh]\nevery = '0 25 * * *'\n",
        r#"
feedgen.toml:2:9: the hour of a cron line cannot be "25"
    |
  2 | every = '0 25 * * *'
    |         ^^^^^^^^^^^^ 0 to 23 are possible, lists (1,3), ranges (1-3) and steps (*/5)

1 error in the configuration"#,
    );
    complains(
        "[[source]]\nid = 'x'\nfeed = 'https://far.example/'\nevery = '0 7 * *'\n\
         [[source]]\nid = 'y'\nfeed = 'https://far.example/2'\nevery = '@hourly'\nslowest = '1h'\n",
        r#"
feedgen.toml:4:9: a cron line has five fields, and this one has 4
    |
  4 | every = '0 7 * *'
    |         ^^^^^^^^^ write minute, hour, day, month and day of the week: "0 7-22 * * *"

feedgen.toml:9:11: `slowest` means nothing beside the times of `every`, "@hourly"
    |
  9 | slowest = '1h'
    |           ^^^^ leave it out

2 errors in the configuration"#,
    );
}

#[test]
fn a_hub_is_one_address_or_several() {
    let of = |hub: &str| settings(&format!("[publish]\nhub = {hub}\n")).publish.hubs;
    assert!(of("[]").is_empty() && settings("").publish.hubs.is_empty());
    assert_eq!(of("'https://hub.example/'"), of("['https://hub.example/']"));
    assert_eq!(of("['https://b.example/', 'https://a.example/']")[1].as_str(), "https://a.example/");
    complains(
        "[publish]\nhub = ['https://hub.example/', 'x', 'https://ada:x@hub.example/']\n",
        "
feedgen.toml:2:32: \"x\" is no address of a hub that feeds could name
    |
  2 | hub = ['https://hub.example/', 'x', 'https://ada:x@hub.example/']
    |                                ^^^ write it like \"https://hub.example.org/\", without user, password and #

feedgen.toml:2:37: \"https://ada:x@hub.example/\" is no address of a hub that feeds could name
    |
  2 | hub = ['https://hub.example/', 'x', 'https://ada:x@hub.example/']
    |                                     ^^^^^^^^^^^^^^^^^^^^^^^^^^^^ write it like \"https://hub.example.org/\", without user, password and #

2 errors in the configuration",
    );
    complains(
        "[publish]\nhub = ['https://hub.example/', 'https://HUB.example']\n",
        "
feedgen.toml:2:32: \"https://hub.example/\" is named twice
    |
  2 | hub = ['https://hub.example/', 'https://HUB.example']
    |                                ^^^^^^^^^^^^^^^^^^^^^ take one out

1 error in the configuration",
    );
}

#[test]
fn where_requests_come_in_is_an_address_with_a_port() {
    let of = |listen: &str| settings(&format!("[serve]\nlisten = '{listen}'\n")).serve.listen.to_string();
    assert_eq!(settings("").serve.listen.to_string(), "127.0.0.1:8077");
    assert!(!settings("").serve.access_log);
    assert_eq!(of("localhost:80"), "127.0.0.1:80");
    assert_eq!(of("[::]:8077"), "[::]:8077");
    complains(
        "[serve]\nlisten = ':8077'\naccess_log = 'yes'\n",
        "
feedgen.toml:2:10: \":8077\" is not an address with a port
    |
  2 | listen = ':8077'
    |          ^^^^^^^ did you mean \"127.0.0.1:8077\"?

feedgen.toml:3:14: `access_log` is true or false, not a text
    |
  3 | access_log = 'yes'
    |              ^^^^^

2 errors in the configuration",
    );
}

#[test]
fn what_is_selected_is_checked() {
    complains(
        r#"[[source]]
page = "https://lakeside.example/news"
render = "chromium --dump-dom"
test = [{ url = "lakeside.example/1" }]
[source.select]
item = "ul >"
titel = "a"
date_format = "day"
date = "/published"
title = "a"
pages = 0
remove = ["nav", "]"]
[[source]]
id = "json"
page = "https://lakeside.example/api"
[source.select]
item = "/data/~2"
[[source]]
id = "both"
page = "https://lakeside.example/both"
[source.select]
item = "/data/items"
title = "h3"
"#,
        r#"
feedgen.toml:3:10: the command does not say where the address goes: write {url} in it
    |
  3 | render = "chromium --dump-dom"
    |          ^^^^^^^^^^^^^^^^^^^^^ a browser does it: "chromium --headless --dump-dom {url}"

feedgen.toml:4:9: test has no `contains`
    |
  4 | test = [{ url = "lakeside.example/1" }]
    |         ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ add contains = "…"

feedgen.toml:4:17: "lakeside.example/1" does not start with https:// or http://
    |
  4 | test = [{ url = "lakeside.example/1" }]
    |                 ^^^^^^^^^^^^^^^^^^^^ did you mean "https://lakeside.example/1"?

feedgen.toml:6:8: "ul >" is no CSS selector
    |
  6 | item = "ul >"
    |        ^^^^^^ write it like "ul.news > li"; try it in the console of a browser: document.querySelectorAll("…")

feedgen.toml:7:1: unknown key `titel` in [source.select]
    |
  7 | titel = "a"
    | ^^^^^ did you mean `title`?

feedgen.toml:8:15: "day" is no form of dates
    |
  8 | date_format = "day"
    |               ^^^^^ write it like "%d/%m/%Y" or "%Y-%m-%d %H:%M"

feedgen.toml:11:9: 0 is out of range
     |
  11 | pages = 0
     |         ^ 1 to 100 are possible

feedgen.toml:12:18: "]" is no CSS selector
     |
  12 | remove = ["nav", "]"]
     |                  ^^^ write it like "ul.news > li"; try it in the console of a browser: document.querySelectorAll("…")

feedgen.toml:17:8: "/data/~2" is no JSON pointer
     |
  17 | item = "/data/~2"
     |        ^^^^^^^^^^ write it like "/data/items"; ~0 stands for ~ and ~1 for / in a name

feedgen.toml:23:9: `title` is a CSS selector, but `item` a JSON pointer
     |
  23 | title = "h3"
     |         ^^^^ write pointers where the list is JSON, selectors where it is a page

10 errors in the configuration"#,
    );
}

#[test]
fn what_very_many_sources_have_in_common_is_held_once() {
    let source = |host: &str, more: &str| format!("[[source]]\nfeed = 'https://{host}.example/'\n{more}\n");
    let text = [("a", ""), ("b", ""), ("c", "user = 'x'"), ("d", "user = 'x'"), ("e", "user = 'y'")]
        .map(|(host, more)| source(host, more))
        .concat();
    let settings = Settings::from_text(&text, "feedgen.toml", &environment(&[])).unwrap();
    let access = |at: usize| &settings.sources[at].web().unwrap().access;
    let is_shared = |one, other| std::sync::Arc::ptr_eq(access(one), access(other));
    assert_eq!([(0, 1), (1, 2), (2, 3), (3, 4)].map(|(one, other)| is_shared(one, other)), [true, false, true, false]);
    // Any of ten thousand.
    assert!(size_of::<crate::source::Web>() <= 144, "{}", size_of::<crate::source::Web>());
}

#[test]
fn what_hands_feeds_over_to_readers_is_no_part_of_their_addresses() {
    for (written, expected) in [
        ("feed:https://far.example/rss", "https://far.example/rss"),
        ("Feed://far.example/rss", "http://far.example/rss"),
        ("itpc://far.example/rss", "http://far.example/rss"),
        ("itms://far.example/rss", "http://far.example/rss"),
        ("pcast:http://far.example/rss", "http://far.example/rss"),
    ] {
        let read = crate::config::feed_address(written);
        assert_eq!(read.as_ref().map(url::Url::as_str), Ok(expected), "{written}");
    }
    // Only what is plainly a host is offered as one.
    for (written, offered) in
        [("www.far.example/rss", true), ("../rss.xml", false), ("news/rss.xml", false), ("file:///srv/rss.xml", false)]
    {
        let told = crate::config::feed_address(written).unwrap_err();
        assert_eq!(told.contains("did you mean"), offered, "{told}");
    }
}
