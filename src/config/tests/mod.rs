//! Tests of the whole room: error texts letter by letter, the environment, the shipped file, damage of any kind.

use proptest::prelude::*;

use super::keys::TABLES;
use super::*;
use crate::source::{PageTest, Select};

mod long;
mod plain;
mod shipped;
mod slips;
mod web;

fn environment(pairs: &[(&str, &str)]) -> Environment {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

fn settings(text: &str) -> Settings {
    Settings::from_text(text, "feedgen.toml", &Environment::new()).unwrap_or_else(|error| panic!("{error}\n\n{text}"))
}

fn resolved(text: &str, environment: &Environment) -> String {
    let written = Written::read(text, "feedgen.toml", environment);
    effective(&written, &Settings::resolve(&written).unwrap())
}

fn without_comments(toml: &str) -> String {
    let code = toml.lines().map(|line| line.split("  # ").next().unwrap_or_default());
    code.filter(|line| !line.is_empty() && !line.starts_with('#')).collect::<Vec<_>>().join("\n")
}

#[track_caller]
fn complains(text: &str, expected: &str) {
    complains_with(text, &[], expected);
}

#[track_caller]
fn complains_with(text: &str, variables: &[(&str, &str)], expected: &str) {
    let error = Settings::from_text(text, "feedgen.toml", &environment(variables)).unwrap_err();
    assert_eq!(error.to_string(), expected.trim_start_matches('\n'), "\n{error}");
}

#[test]
fn an_empty_file_is_a_configuration() {
    let expected = r#"[site]
title = "Newsroom"  # default
url = "http://localhost:8077/"  # default
language = "en"  # default
timezone = "UTC"  # default
# authority: default: made from site.url at the first refresh, then kept in the store

[publish]
directory = "feeds"  # default
formats = ["rss", "atom", "json"]  # default
items = 50  # default
archive = 20000  # default
# keep_for: default: for ever
keep_items = 0  # default
hub = []  # default
# on_publish: default: nothing is run

[store]
path = "state/feedgen.db"  # default

[documents]
max_size = 8388608  # default

[refresh]
every = "30m"  # default
slowest = "6h"  # default
concurrency = 32  # default
timeout = "30s"  # default
# user_agent: default: feedgen, its version and site.url
robots = true  # default
allow_private = []  # default
# on_alert: default: nothing is run

[serve]
listen = "127.0.0.1:8077"  # default
access_log = false  # default
# token_file: default: /preview is there for this machine only, while site.url is

[[source]]
id = "news"  # default
title = "News"  # default
files = "news/**/*.{txt,text,eml,md,markdown,html,htm,xhtml,shtml}"  # default
categories = []  # default
timezone = "UTC"  # default
# language: default
# author: default
# keep_for: default
keep_items = 0  # default
prefer = false  # default
items = 50  # default
keep = []  # default
drop = []  # default
remove = []  # default
every = "30m"  # default
"#;
    assert_eq!(resolved("", &Environment::new()), expected);
}

const EVERYTHING_CHANGED: &str = include_str!("changed.toml");

#[test]
fn every_key_reaches_the_settings() {
    let Settings { site, publish, store, max_size, refresh, serve, sources, feeds, .. } = settings(EVERYTHING_CHANGED);
    assert_eq!((site.title.as_str(), site.url.as_str()), ("Lakeside news", "https://lakeside.example/news/"));
    assert_eq!((site.language.as_str(), site.timezone), ("zh-CN", "Asia/Shanghai".parse().unwrap()));
    assert_eq!(site.authority.as_deref(), Some("lakeside.example,2026-05"));
    assert_eq!((publish.directory, publish.items, publish.archive), (PathBuf::from("/srv/www"), 20, 700));
    let seconds = Duration::from_secs;
    assert_eq!((publish.keep_for, publish.keep_items), (Some(seconds(3 * 365 * 86_400)), 9_000));
    assert_eq!(publish.formats.iter().map(|format| format.extension()).collect::<Vec<_>>(), ["rss", "json"]);
    assert_eq!(publish.on_publish.as_deref(), Some("echo \"# done\""));
    assert_eq!(publish.hubs.iter().map(Url::as_str).collect::<Vec<_>>(), ["https://hub.example/push?x=1"]);
    assert_eq!(refresh.on_alert.as_deref(), Some("mail -s \"$FEEDGEN_SOURCE\""));
    assert_eq!((store, max_size), (PathBuf::from("/var/lib/store.db"), 1 << 20));

    assert_eq!((told(&refresh.every).as_str(), refresh.slowest), ("1h 30m", seconds(2 * 86_400)));
    assert_eq!((refresh.concurrency, refresh.timeout, refresh.robots), (4, seconds(90), false));
    assert_eq!(refresh.user_agent.as_deref(), Some("lakeside/1 (+mailto:web@lakeside.example)"));
    assert_eq!(refresh.allow_private, ["10.1.0.0/16", "news.intranet"]);
    assert!(refresh.private.lists(&Url::parse("http://news.intranet/rss").unwrap()));

    assert_eq!((serve.listen.to_string().as_str(), serve.access_log), ("[::]:80", true));
    assert_eq!(serve.token_file.as_deref(), Some(Path::new("secrets/token")));

    let [bees, plain, far, notices] = &sources[..] else { panic!("four sources") };
    let web = far.web().unwrap();
    assert_eq!(web.url.as_str(), "https://far.example/rss?x=1");
    assert_eq!((told(&web.every).as_str(), web.slowest, web.robots), ("10m", seconds(1200), true));
    let headers: Vec<_> = web.access.headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    assert_eq!(headers, [("Cookie", "a=\"b\""), ("X-Token", "t")]);
    assert_eq!(web.access.headers_file.as_deref(), Some(Path::new("secrets/headers")));
    assert_eq!(
        (web.access.user.as_deref(), web.access.password_file.as_deref()),
        (Some("reader"), Some(Path::new("far.password")))
    );
    assert_eq!(web.access.proxy.as_ref().map(Url::as_str), Some("http://proxy.example:3128/"));
    assert_eq!(web.access.tls_ca.as_deref(), Some(Path::new("campus.pem")));
    assert_eq!((bees.id.as_str(), bees.title.as_str()), ("faculty-of-bees", "Faculty of Bees"));
    let SourceKind::Files(files) = &bees.kind else { panic!("a folder") };
    assert_eq!(
        (files.root.as_path(), files.pattern.as_str()),
        (Path::new("bees"), "**/*.{txt,text,eml,md,markdown,html,htm,xhtml,shtml}")
    );
    assert_eq!(
        (&bees.treatment.categories[..], bees.timezone),
        (&["Research".to_owned()][..], "Europe/Berlin".parse().unwrap())
    );
    assert_eq!(
        (bees.treatment.language.as_deref(), bees.treatment.author.as_deref(), bees.items),
        (Some("de"), Some("The Hive"), 7)
    );
    assert_eq!(
        (bees.treatment.keep.len(), bees.treatment.keep[1].is_match("NECTAR"), bees.treatment.drop[0].as_str()),
        (2, true, "wasps?")
    );
    assert_eq!((plain.id.as_str(), plain.title.as_str()), ("plain", "plain"));
    assert_eq!((plain.timezone, plain.items), ("Asia/Shanghai".parse().unwrap(), 20));

    let page = notices.page().unwrap();
    assert_eq!((page.web.url.as_str(), page.pages, page.full_text), ("https://far.example/notices.htm", 9, false));
    assert_eq!((told(&page.web.every).as_str(), page.web.robots), ("1h 30m", false));
    assert_eq!(page.render.as_deref(), Some("chromium --headless --dump-dom {url}"));
    let [PageTest { url, contains }] = &page.tests[..] else { panic!("one test") };
    assert_eq!((url.as_str(), contains.as_str()), ("https://far.example/1.htm", "the bees"));
    let Select { item, title, link, date, date_format, summary, image, next, content, remove } = &page.select;
    let parts = [item, title, link, date, date_format, summary, image, next, content];
    let parts = parts.map(|part| part.as_deref().unwrap());
    assert_eq!(parts, ["ul.news > li", "a", "h3 a", ".date", "%d/%m/%Y", "p", "img", "a.next", "div.text"]);
    assert_eq!(remove, &[".share", "nav"]);

    let [honey] = &feeds[..] else { panic!("one feed") };
    assert_eq!((honey.id.as_str(), honey.title.as_str(), honey.items), ("honey", "All honey", 3));
    assert_eq!((honey.categories[0].as_ref(), honey.sources[0].as_str()), ("research", "faculty-of-bees"));
    assert_eq!(honey.language.as_deref(), Some("en"));
    assert_eq!((honey.keep[0].as_str(), honey.drop[0].as_str()), (".", "x"));
}

#[test]
fn what_is_effective_is_a_configuration_that_gives_the_same() {
    for text in ["", EVERYTHING_CHANGED, "[[source]]\nfiles = '*.md'\nid = 'here'\n"] {
        let first = resolved(text, &Environment::new());
        assert_eq!(without_comments(&resolved(&first, &Environment::new())), without_comments(&first));
    }
    // Every key is told, with its value or without one.
    let told = resolved(EVERYTHING_CHANGED, &Environment::new());
    for (table, key) in TABLES.iter().flat_map(|table| table.names().map(move |key| (table, key))) {
        let header = table.header();
        let mut sections = told.split(&header).skip(1);
        assert!(sections.any(|lines| lines.contains(&format!("\n{key} = "))), "{} {key}", table.header());
    }
}

#[test]
fn what_is_effective_says_where_it_comes_from() {
    let variables = environment(&[("FEEDGEN_PUBLISH__ITEMS", "9"), ("STATE_DIRECTORY", "/var/lib/feedgen:/x")]);
    let told = resolved("[site]\n\ntitle = 'Lakeside'\n", &variables);
    for line in [
        "title = \"Lakeside\"  # feedgen.toml:3\n",
        "items = 9  # FEEDGEN_PUBLISH__ITEMS\n",
        "path = \"/var/lib/feedgen/feedgen.db\"  # STATE_DIRECTORY\n",
        "directory = \"/var/lib/feedgen/feeds\"  # STATE_DIRECTORY\n",
        "language = \"en\"  # default\n",
    ] {
        assert!(told.contains(line), "{line} in\n{told}");
    }
}

#[test]
fn all_errors_are_told_at_once_and_in_place() {
    complains(
        r#"[site]
titel = "x"
url = 5
language = "zh_CN"
[sites]
[[source]]
id = "Big One"
categories = "news"
[publish]
formats = ["rss", "atm"]
items = 501
"#,
        r#"
feedgen.toml:2:1: unknown key `titel` in [site]
    |
  2 | titel = "x"
    | ^^^^^ did you mean `title`?

feedgen.toml:3:7: `url` is a text in quotes, not a whole number
    |
  3 | url = 5
    |       ^ write "5"

feedgen.toml:4:12: "zh_CN" is not a language tag (BCP 47)
    |
  4 | language = "zh_CN"
    |            ^^^^^^^ did you mean "zh-CN"?

feedgen.toml:5:2: unknown table `sites`
    |
  5 | [sites]
    |  ^^^^^ did you mean [site]?

feedgen.toml:6:1: [[source]] has neither `files` nor `feed` nor `page`
    |
  6 | [[source]]
    | ^^^^^^^^^^ add files = "…" for a folder of documents, or feed = "https://…", or page = "https://…"

feedgen.toml:7:6: "Big One" is not an id
    |
  7 | id = "Big One"
    |      ^^^^^^^^^ did you mean "big-one"?

feedgen.toml:8:14: `categories` is a list of texts, not a text
    |
  8 | categories = "news"
    |              ^^^^^^ write ["news"]

feedgen.toml:10:19: "atm" is not a format
     |
  10 | formats = ["rss", "atm"]
     |                   ^^^^^ did you mean "atom"?

feedgen.toml:11:9: 501 is out of range
     |
  11 | items = 501
     |         ^^^ 1 to 500 are possible

9 errors in the configuration"#,
    );
}

#[test]
fn marks_stand_right_behind_wide_letters_and_tabs() {
    complains(
        "site = { title = '大学新闻', '语言' = 'x' }\n\tpublish.item = 3",
        "
feedgen.toml:1:26: unknown key `语言` in [site]
    |
  1 | site = { title = '大学新闻', '语言' = 'x' }
    |                              ^^^^^^ there are title, url, language, timezone, authority

feedgen.toml:2:10: unknown key `item` in [publish]
    |
  2 | \tpublish.item = 3
    | \t        ^^^^ did you mean `items`?

2 errors in the configuration",
    );
}

#[test]
fn long_lines_are_cut_around_the_marks() {
    let text = format!("[site]\ntitle = \"{}\"; # {}\n", "新".repeat(90), "x".repeat(300));
    let error = Settings::from_text(&text, "feedgen.toml", &Environment::new()).unwrap_err().to_string();
    let lines: Vec<&str> = error.lines().collect();
    assert_eq!(lines[0].split(": ").next(), Some("feedgen.toml:2:101"));
    let before = lines[2].strip_prefix("  2 | …").unwrap();
    let column = 1 + before.split(';').next().unwrap().chars().map(|c| if c == '新' { 2 } else { 1 }).sum::<usize>();
    assert_eq!(lines[3].find('^'), Some("    | ".len() + column));
    assert!(lines[2].ends_with("x…") && lines[2].chars().count() < 100, "{}", lines[2]);
}

#[test]
fn what_is_not_toml_does_not_hide_what_else_is_wrong() {
    complains(
        r#"[site]
title = "x
[[source]]
files = news
id = one two
timezone = "Asia/Beijing"
"#,
        r#"
feedgen.toml:2:11: this is not TOML: invalid basic string, expected `"`
    |
  2 | title = "x
    |           ^ write " at its end

feedgen.toml:4:9: this is not TOML: a text needs quotes around it
    |
  4 | files = news
    |         ^^^^ write "news"

feedgen.toml:5:6: this is not TOML: a text needs quotes around it
    |
  5 | id = one two
    |      ^^^^^^^ write "one two"

feedgen.toml:6:12: "Asia/Beijing" is not a time zone of the tz database
    |
  6 | timezone = "Asia/Beijing"
    |            ^^^^^^^^^^^^^^ did you mean "Asia/Shanghai"?

4 errors in the configuration"#,
    );
}

#[test]
fn one_slip_is_one_error() {
    let one = |text: &str| {
        let error = Settings::from_text(text, "feedgen.toml", &Environment::new()).unwrap_err();
        let ConfigError::Invalid { problems, .. } = &error else { panic!("{error}") };
        assert_eq!(problems.len(), 1, "{error}");
    };
    one("[publish]\nformats = [\"rss\"\nitems = 7\n[site]\ntitle = 'x'\n[[source]]\nfiles = 'a'\n");
    one("[[source]\nfiles = 'news'\n");
    one(&format!("a = {}", "[".repeat(100_000)));
    one("title: News\n");
    // What a broken value stands for is not known, so nothing is said about what depends on it.
    one("[site]\ntimezone = 'x'\n[[source]]\nid = 'a'\nfiles = 'b'\n");
    one("[[source]]\nid = 'A'\nfiles = 'b'\n[[feed]]\nid = 'c'\nsources = ['a']\n");
    one("[[source]]\npage = 'https://lakeside.example/news.htm'\nselect = { item = 'li >' }\n");
}

#[test]
fn a_text_that_is_no_toml_at_all_is_told_shortly() {
    let text = "just a line of a log: 200 OK\n".repeat(20_000);
    let error = Settings::from_text(&text, "access.log", &Environment::new()).unwrap_err().to_string();
    assert!(error.lines().count() < 600, "{}", error.lines().count());
}

#[test]
fn tables_and_keys_in_the_wrong_place_are_shown_the_right_one() {
    complains(
        "titel = 'x'\n[source]\nfiles = 'a'\n[[site]]\n[store]\ndirectory = 'x'\n[publish]\noutput = 'x'\nurl = 'y'\n",
        "
feedgen.toml:1:1: `titel` stands outside of a table
    |
  1 | titel = 'x'
    | ^^^^^ did you mean `title` in [site]?

feedgen.toml:2:2: there can be several of `source`
    |
  2 | [source]
    |  ^^^^^^ write [[source]] in double brackets

feedgen.toml:4:3: `site` is a table
    |
  4 | [[site]]
    |   ^^^^ write [site]

feedgen.toml:6:1: unknown key `directory` in [store]
    |
  6 | directory = 'x'
    | ^^^^^^^^^ did you mean `directory` in [publish]?

feedgen.toml:8:1: unknown key `output` in [publish]
    |
  8 | output = 'x'
    | ^^^^^^ did you mean `directory`?

feedgen.toml:9:1: unknown key `url` in [publish]
    |
  9 | url = 'y'
    | ^^^ did you mean `url` in [site]?

6 errors in the configuration",
    );
}

#[test]
fn ids_are_there_once_and_sources_exist() {
    complains(
        "[[source]]\nid = 'bees'\nfiles = 'a'\n[[source]]\nfiles = 'x/bees'\n[[source]]\nfiles = '蜂/*.md'\n",
        "
feedgen.toml:4:1: the id \"bees\" is taken
    |
  4 | [[source]]
    | ^^^^^^^^^^ line 2 has it too, give this one another id

feedgen.toml:6:1: the source has no id, and neither its title nor its place makes one
    |
  6 | [[source]]
    | ^^^^^^^^^^ give it one, such as id = \"news\"

2 errors in the configuration",
    );
    complains(
        "[[source]]\nid = 'bees'\nfiles = 'a'\n[[feed]]\nid = 'honey'\nsources = ['bees', 'bess']\n[[feed]]\nid = 'honey'\n",
        "
feedgen.toml:6:20: there is no source \"bess\"
    |
  6 | sources = ['bees', 'bess']
    |                    ^^^^^^ did you mean \"bees\"?

feedgen.toml:8:6: the id \"honey\" is taken
    |
  8 | id = 'honey'
    |      ^^^^^^^ line 5 has it too, give this one another id

2 errors in the configuration",
    );
}

#[test]
fn folders_do_not_get_in_each_others_way() {
    complains(
        "[publish]\ndirectory = 'news/out'\n[store]\npath = 'news/out/x.db'\n[[source]]\nid='a'\nfiles = 'news'\n",
        "
feedgen.toml:4:8: store.path would be published with publish.directory, news/out
    |
  4 | path = 'news/out/x.db'
    |        ^^^^^^^^^^^^^^^ keep it outside of publish.directory

feedgen.toml:7:9: `files` of source a takes in what is published in publish.directory, news/out
    |
  7 | files = 'news'
    |         ^^^^^^ keep publish.directory outside of it, or name less

2 errors in the configuration",
    );
    let check = |directory: &str, files: &str, fits: bool| {
        let text = format!("[publish]\ndirectory = '{directory}'\n[[source]]\nid='a'\nfiles = '{files}'\n");
        let outcome = Settings::from_text(&text, "", &Environment::new());
        assert_eq!(outcome.is_ok(), fits, "{files} with feeds in {directory}: {:?}", outcome.err());
    };
    let here = std::path::absolute(".").unwrap();
    check("newsroom", "news", true);
    check("news/out", "news/*.md", true);
    check("news/out", "news/**/*.md", false);
    check("feeds", ".", false);
    check("feeds", "*.{txt,html}", true);
    check("feeds", "feeds/*.HTML", false);
    check("feeds", here.to_str().unwrap(), false);
    check(here.join("feeds").to_str().unwrap(), "**/*", false);
    check("src/../feeds", "../**/*.html", false);
}

#[test]
fn the_environment_overrides_the_file() {
    let variables = [
        ("FEEDGEN_SITE__URL", "https://lakeside.example"),
        ("FEEDGEN_PUBLISH__FORMATS", "atom, json"),
        ("FEEDGEN_PUBLISH__ITEMS", " 12 "),
        ("FEEDGEN_DOCUMENTS__MAX_SIZE", "4096"),
        ("FEEDGEN_CONFIG", "elsewhere.toml"),
        ("FEEDGEN_CHANGED", "all.rss"),
        ("FEEDGEN_PORT_8077_TCP", "tcp://10.0.0.1:8077"),
        ("PATH", "/bin"),
    ];
    let text = "[site]\nurl = 'not an address'\ntitle = 'Lakeside'\n";
    let settings = Settings::from_text(text, "", &environment(&variables)).unwrap();
    assert_eq!((settings.site.url.as_str(), settings.site.title.as_str()), ("https://lakeside.example/", "Lakeside"));
    assert_eq!((settings.publish.items, settings.max_size), (12, 4096));
    assert_eq!(settings.publish.formats.iter().map(|format| format.extension()).collect::<Vec<_>>(), ["atom", "json"]);
    assert_eq!(settings.store, Path::new("state/feedgen.db"));

    let systemd = environment(&[("STATE_DIRECTORY", "/var/lib/feedgen:/var/lib/other")]);
    let kept = |text| {
        let settings = Settings::from_text(text, "", &systemd).unwrap();
        (settings.store.display().to_string(), settings.publish.directory.display().to_string())
    };
    let told = |store: &str, feeds: &str| (store.to_owned(), feeds.to_owned());
    assert_eq!(kept(""), told("/var/lib/feedgen/feedgen.db", "/var/lib/feedgen/feeds"));
    let text = "[publish]\ndirectory = 'out'\n[store]\npath = 'mine.db'\n";
    assert_eq!(kept(text), told("mine.db", "out"));
}

#[test]
fn errors_of_the_environment_name_the_variable() {
    complains_with(
        "",
        &[
            ("FEEDGEN_SITE__ULR", "x"),
            ("FEEDGEN_SITE_TITLE", "x"),
            ("FEEDGEN_PUBLISH__ITEMS", "many"),
            ("FEEDGEN_PUBLISH__FORMATS", "rss,rdf"),
            ("FEEDGEN_SOURCE__ID", "x"),
            ("FEEDGEN_NOWHERE__AT_ALL", "x"),
        ],
        "
FEEDGEN_NOWHERE__AT_ALL: no key has this name: they are FEEDGEN_TABLE__KEY

FEEDGEN_PUBLISH__ITEMS: \"many\" is not a whole number

FEEDGEN_SITE_TITLE: no key has this name: did you mean FEEDGEN_SITE__TITLE?

FEEDGEN_SITE__ULR: no key has this name: did you mean FEEDGEN_SITE__URL?

FEEDGEN_SOURCE__ID: [[source]] is set in the file only

FEEDGEN_PUBLISH__FORMATS: \"rdf\" is not a format: there are \"rss\", \"atom\" and \"json\"

6 errors in the configuration",
    );
}

#[test]
fn what_is_right_but_odd_is_a_warning() {
    let text = "[[source]]\ntitle = 'Bees'\nfiles = 'a'\ncategories = ['Field trips']\n[[feed]]\nid = 'x'\n\
                categories = ['field-trips', 'reserch', 'research', '蜂蜜', 'Bees & us']\n";
    let written = Written::read(text, "feedgen.toml", &Environment::new());
    let settings = Settings::resolve(&written).unwrap();
    let (warnings, more) =
        warnings(&written, &settings, &["news", "research"], |feed, wanted| (feed, wanted) == ("x", "Bees & us"));
    assert_eq!(more, 0);
    let told: Vec<String> = warnings
        .iter()
        .map(|warning| format!("{} ({})", warning.message, warning.hint.as_deref().unwrap_or_default()))
        .collect();
    assert_eq!(
        told,
        [
            "the source has no id, so \"bees\" was made for it (write id = \"bees\", or it may change with the title)",
            "the category \"reserch\" is in no vocabulary and no source (did you mean \"research\"?)",
            "the category \"蜂蜜\" is in no vocabulary and no source ()",
        ]
    );
}

proptest! {
    #[test]
    fn no_text_panics(text in "\\PC*", variable in "\\PC*") {
        let variables = environment(&[("FEEDGEN_SITE__URL", &variable), ("FEEDGEN_SITE__TIMEZONE", &variable)]);
        if let Err(error) = Settings::from_text(&text, "feedgen.toml", &variables) {
            prop_assert!(!error.to_string().is_empty());
        }
    }

    #[test]
    fn no_damage_to_a_file_panics(at in 0..EVERYTHING_CHANGED.len(), cut in 0_usize..40, put in "[\\[\\]\"'=\n#新\u{0}\u{feff}\t{},.]{0,5}") {
        let mut text = EVERYTHING_CHANGED.to_owned();
        text.replace_range(at..(at + cut).min(EVERYTHING_CHANGED.len()), &put);
        match Settings::from_text(&text, "feedgen.toml", &Environment::new()) {
            Ok(settings) => prop_assert!(!settings.sources.is_empty()),
            Err(ConfigError::Invalid { problems, .. }) => prop_assert!(!problems.is_empty()),
            Err(error) => prop_assert!(false, "{error}"),
        }
    }

    #[test]
    fn no_value_panics(key in 0..TABLES[4].keys.len(), value in "\\PC*") {
        let text = format!("[[source]]\n{} = {}\n", TABLES[4].keys[key].name, file::quoted(&value));
        let listed = format!("[[source]]\n{} = [{}]\n", TABLES[4].keys[key].name, file::quoted(&value));
        for text in [text, listed] {
            if let Err(error) = Settings::from_text(&text, "feedgen.toml", &Environment::new()) {
                prop_assert!(!error.to_string().is_empty());
            }
        }
    }
}
