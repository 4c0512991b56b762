//! Every command through the real binary: what it prints, what it ends with, and what it says when something is wrong.

mod house;

use std::fs::{self, File};

use house::{Disk, FERRY, House, PAGE, TIDE};
use serde_json::json;

// The command line.

const COMMANDS: [&str; 19] = [
    "refresh", "serve", "init", "add", "preview", "import", "check", "doctor", "explain", "show", "remove", "apart",
    "status", "healthcheck", "validate", "export", "schema", "completions", "man",
];

#[test]
fn help_lists_every_command_and_every_command_has_help() {
    let house = House::new();
    let help = house.run(&["--help"]);
    for command in COMMANDS {
        assert!(
            help.expect_ok().stdout.lines().any(|line| line.trim_start().starts_with(&format!("{command} "))),
            "{command}\n{}",
            help.stdout
        );
        house.run(&[command, "--help"]).expect_ok().expect_said("Usage: feedgen");
    }
    let listed =
        help.stdout.lines().skip_while(|line| *line != "Commands:").skip(1).take_while(|line| !line.is_empty());
    let listed: Vec<&str> = listed
        .filter_map(|line| line.strip_prefix("  ").filter(|line| !line.starts_with(' '))?.split_whitespace().next())
        .filter(|name| *name != "help")
        .collect();
    assert_eq!(listed, COMMANDS, "a command that no test knows");
    help.expect_said("Exit codes: 0 all well");
    assert!(house.run(&["--version"]).expect_ok().stdout.starts_with("feedgen "));
}

#[test]
fn a_command_line_that_is_wrong_ends_with_2() {
    let house = House::new();
    house.run(&[]).expect_code(2).expect_said("Usage");
    house.run(&["refersh"]).expect_code(2).expect_said("refresh");
    house.run(&["refresh", "--froce"]).expect_code(2).expect_said("--force");
    house.run(&["refresh", "nwes"]).expect_code(2).expect_said("there is no source \"nwes\": did you mean \"news\"?");
    house.run(&["--config", "nowhere.toml", "refresh"]).expect_code(2).expect_said("nowhere.toml");
    for nothing in ["", " "] {
        house.run(&["add", nothing]).expect_code(2).expect_said("there is nothing to add: name the address of a feed");
    }
    assert!(!house.path("state").exists() && !house.path("feeds").exists());
}

#[test]
fn completions_and_manual_know_every_command() {
    let house = House::new();
    let manual = house.run(&["man"]);
    manual.expect_ok().expect_said(".TH feedgen 1").expect_said("Exit codes");
    for option in ["dry\\-run", "apply", "password\\-file", "undo", "revision", "online"] {
        manual.expect_said(&format!("\\-\\-{option}"));
    }
    assert!(!manual.stdout.contains("feedgen\\-refresh(1)"), "a page that is not there");
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let completions = house.run(&["completions", shell]);
        for command in COMMANDS {
            completions.expect_ok().expect_said(command);
            manual.expect_said(command);
        }
    }
    house.run(&["completions", "tcsh"]).expect_code(2).expect_said("bash");
}

// init and check.

#[test]
fn a_house_that_init_set_up_can_be_refreshed() {
    let house = House::new();
    house.remove("feedgen.toml").remove("news");
    house
        .run(&["init", "--url", "https://news.example.edu/"])
        .expect_ok()
        .expect_said("created: ")
        .expect_said("feedgen.toml")
        .expect_said("Next: ");
    house.refresh().expect_ok();
    house.file("news/a.txt", TIDE).refresh().expect_ok();
    assert_eq!(house.titles("all.json"), ["The tide rose by two metres"]);
    assert!(house.feed("all.json")[0].id.starts_with("tag:news.example.edu,2026:"));
    house.run(&["check"]).expect_ok();
    let before = house.tree_of("");
    house.run(&["init"]).expect_ok().expect_said("left as it is");
    let url = "https://other.example.edu/";
    house.run(&["init", "--url", url]).expect_ok().expect_said(&format!("set site.url in feedgen.toml to {url}"));
    assert_eq!(house.tree_of(""), before, "what is there is not touched");
    house.run(&["init", "--url", "news"]).expect_code(2);
}

#[test]
fn check_finds_all_that_is_wrong_at_once() {
    let house = House::new();
    house.file("news/a.txt", TIDE).run(&["check"]).expect_ok().expect_said("1 document").expect_said("feedgen refresh");
    assert!(!house.path("state").exists(), "nothing is written");
    house.config(
        "[site]\ntitel = \"x\"\nurl = \"nowhere\"\n[[source]]\nid = \"A b\"\nfiles = \"news/**\"\n[refresh]\nx = 1\n",
    );
    let outcome = house.run(&["check"]);
    for text in ["feedgen.toml:2:", "feedgen.toml:3:", "feedgen.toml:5:", "did you mean `title`", "^^^^^"] {
        outcome.expect_code(2).expect_said(text);
    }
    house
        .config_with("[[source]]\nid = \"port\"\nfiles = \"port/*.txt\"\n")
        .run(&["check"])
        .expect_code(2)
        .expect_said("source port");
}

/// What `check` calls wrong stops a refresh, and both name the cause.
#[test]
fn check_and_refresh_agree() {
    let wrong = |house: &House, code: i32, text: &str| {
        house.run(&["check"]).expect_code(2).expect_said(text).expect_said("wrong ");
        house.refresh().expect_code(code).expect_said(text);
    };
    let house = House::new();
    house.run(&["check"]).expect_ok().expect_said("matches no document yet");
    house.config_with("[[source]]\nid = \"port\"\nfiles = \"feedgen.toml\"\n");
    wrong(&house, 1, "feedgen.toml is no folder");
    house.config_with("[store]\npath = \"news\"\n").file("news/a.txt", TIDE);
    wrong(&house, 3, "news is a folder: set store.path to a file, such as news/feedgen.db");
    house.run(&["status"]).expect_code(3).expect_said("set store.path to a file");
    house.config(house::CONFIG).file("categories.toml", "[news]\nlable = { en = \"News\" }\n");
    wrong(&house, 2, "unknown key \"lable\"");
    house.remove("categories.toml").refresh().expect_ok();
    house.remove("feeds/sources").file("feeds/sources", "in the way");
    wrong(&house, 3, "feeds/sources");
    house.remove("feeds/sources").refresh().expect_ok();
    house.store().pragma_update(None, "user_version", 99).unwrap();
    wrong(&house, 3, "newer feedgen (schema 99");
    let house = House::stocked();
    File::options().write(true).open(house.path("state/feedgen.db")).unwrap().set_len(3 * PAGE).unwrap();
    let before = house.tree_of("state").remove("feedgen.db");
    house.run(&["check"]).expect_ok().expect_said("warning  store.path").expect_said("the next refresh moves it aside");
    assert_eq!(house.tree_of("state").remove("feedgen.db"), before);
    house.refresh().expect_code(1).expect_said("moved aside");
}

#[test]
fn check_finds_a_folder_that_cannot_be_written() {
    for (folder, key) in [("state", "store.path"), ("feeds", "publish.directory")] {
        let house = House::new();
        let Some(disk) = Disk::new(&house, folder, "128k") else { return };
        disk.remount("ro");
        house.file("news/a.txt", TIDE).refresh().expect_code(3);
        let whole = fs::canonicalize(house.path(folder)).unwrap();
        house
            .run(&["check"])
            .expect_code(2)
            .expect_said(&format!("wrong    {key}"))
            .expect_said(&format!("{} cannot be written", whole.display()));
        drop(disk);
    }
}

#[test]
fn what_init_cannot_write_whole_is_not_left_in_its_place() {
    let house = House::new();
    let Some(disk) = Disk::new(&house, "town", "16k") else { return };
    fs::write(house.path("town/full"), vec![1; 16 * 1024]).unwrap();
    house.run(&["init", "town"]).expect_code(3).expect_said("cannot create town/feedgen.toml");
    fs::remove_file(house.path("town/full")).unwrap();
    disk.remount("size=1m");
    house.run(&["init", "town"]).expect_ok().expect_said("created: town/feedgen.toml");
    drop(disk);
}

#[test]
fn a_file_in_the_place_of_the_folder_of_the_store_is_told() {
    let house = House::new();
    house.config_with("").file("news/a.txt", TIDE).file("state", "x");
    house.refresh().expect_code(3).expect_said("a file lies there where a folder belongs");
}

#[test]
fn check_tells_what_the_configuration_resolves_to() {
    let house = House::new();
    let outcome = house.run_with(&["check", "--effective"], &[("FEEDGEN_SITE__TITLE", "From outside")], b"");
    let effective: toml::Table = outcome.expect_ok().stdout.parse().unwrap();
    assert_eq!(effective["site"]["title"].as_str(), Some("From outside"));
    assert_eq!(
        (effective["publish"]["items"].as_integer(), effective["source"][0]["id"].as_str()),
        (Some(50), Some("news"))
    );
    outcome.expect_said("FEEDGEN_SITE__TITLE").expect_said("feedgen.toml");
}

#[test]
fn a_wrong_key_stops_a_refresh_before_anything_is_touched() {
    let house = House::two();
    let before = house.tree_of("state");
    house
        .config_with("drpo = [\"x\"]")
        .refresh()
        .expect_code(2)
        .expect_said("^^^^")
        .expect_said("did you mean `drop`?")
        .expect_said("feedgen.toml:");
    assert_eq!(house.tree_of("state"), before);
}

// refresh.

#[test]
fn a_dry_run_writes_nothing_at_all() {
    let house = House::new();
    house.file("news/a.txt", TIDE);
    let before = house.tree_of("");
    house.run(&["refresh", "--dry-run"]).expect_ok().expect_said("nothing was written");
    assert_eq!(house.tree_of(""), before, "where there was no store");
    house.refresh().expect_ok();
    house.file("news/b.txt", FERRY).file("news/a.txt", &TIDE.replace("two", "three"));
    let before = house.tree_of("");
    let report = house.run(&["refresh", "--dry-run", "--json"]).expect_ok().json();
    assert_eq!(
        (&report["sources"][0]["new"], &report["sources"][0]["revised"], &report["dry_run"]),
        (&json!(1), &json!(1), &json!(true))
    );
    assert_eq!(house.tree_of(""), before);
}

#[test]
fn a_refresh_tells_what_it_did() {
    let house = House::new();
    house.file("news/a.txt", TIDE).file("news/b.txt", FERRY).file("news/empty.txt", "");
    let outcome = house.refresh();
    outcome.expect_ok().expect_said("files written to feeds");
    let row = outcome.stdout.lines().find(|line| line.starts_with("news ")).unwrap();
    assert_eq!(row.split_whitespace().collect::<Vec<_>>(), ["news", "3", "2", "-", "-", "-", "1", "ok"]);
    assert!(outcome.stderr.contains("note: news/empty.txt is empty") && !outcome.stdout.contains("note:"));
    assert!(!outcome.stdout.contains('\u{1b}') && !outcome.stderr.contains('\u{1b}'), "no colours where nobody looks");
    house.rename("news/a.txt", "news/c.txt").remove("news/b.txt");
    let report = house.run(&["refresh", "--json"]).expect_ok().json();
    let source = &report["sources"][0];
    assert_eq!(
        (&source["moved"], &source["gone"], &source["new"], &report["changed"]),
        (&json!(1), &json!(1), &json!(0), &json!([]))
    );
    let quiet = house.run(&["refresh", "--quiet", "--force"]);
    assert_eq!((quiet.expect_ok().stdout.as_str(), quiet.stderr.as_str()), ("", ""));
}

#[test]
fn a_refresh_of_one_source_leaves_the_others() {
    let house = House::new();
    house
        .config_with("[[source]]\nid = \"port\"\nfiles = \"port/*.txt\"\n")
        .file("news/a.txt", TIDE)
        .file("port/b.txt", FERRY);
    house.run(&["refresh", "port"]).expect_ok();
    assert_eq!(house.titles("all.json"), ["A ferry without an engine"]);
    house.run(&["refresh", "port", "news"]).expect_ok();
    assert_eq!(house.feed("all.json").len(), 2);
}

#[test]
fn a_command_may_follow_what_was_published() {
    let house = House::new();
    house
        .config_with("[publish]\non_publish = \"printf '%s' \\\"$FEEDGEN_CHANGED\\\" > changed\"\n")
        .file("news/a.txt", TIDE)
        .refresh()
        .expect_ok();
    let changed = fs::read_to_string(house.path("changed")).unwrap();
    assert_eq!(changed.lines().collect::<Vec<_>>(), house.tree().into_keys().collect::<Vec<_>>());
    house.remove("changed").refresh().expect_ok();
    assert!(!house.path("changed").exists(), "nothing changed");
    house
        .config_with("[publish]\non_publish = \"exit 7\"\n")
        .file("news/b.txt", FERRY)
        .refresh()
        .expect_code(3)
        .expect_said("on_publish");
    assert_eq!(house.feed("all.json").len(), 2);
}

#[test]
fn a_command_that_failed_is_told_again_and_says_nothing_among_our_results() {
    let house = House::new();
    let command = |more: &str| {
        house.config_with(&format!("[publish]\non_publish = \"echo hello; cp $FEEDGEN_CHANGED_FILE list{more}\"\n"));
    };
    command("; exit 7");
    house.file("news/a.txt", TIDE).run(&["refresh", "--json"]).expect_code(3).expect_said("run again").json();
    let first = fs::read_to_string(house.path("list")).unwrap();
    assert_eq!(first.lines().collect::<Vec<_>>(), house.tree().into_keys().collect::<Vec<_>>());
    house.remove("list");
    command("");
    let second = house.run(&["refresh", "--json"]);
    second.expect_ok().json();
    assert!(second.stderr.contains("hello"), "{second:?}");
    assert_eq!(fs::read_to_string(house.path("list")).unwrap(), first);
    house.remove("list").refresh().expect_ok();
    assert!(!house.path("list").exists(), "it is told what it knows");
}

#[test]
fn a_command_is_told_of_more_files_than_a_variable_holds() {
    let house = House::new();
    house.config_with(
        "[publish]\non_publish = \"cp $FEEDGEN_CHANGED_FILE list; echo \\\"$FEEDGEN_CHANGED\\\" > cut\"\n",
    );
    for number in 0..5_000 {
        house.file(
            format!("news/{number}.txt"),
            &format!("Ship {number} came in\n\n2026-03-04\n\nIt is ship {number}.\n"),
        );
    }
    house.refresh().expect_ok().expect_said("FEEDGEN_CHANGED_FILE");
    let lines =
        |path: &str| fs::read_to_string(house.path(path)).unwrap().lines().map(str::to_owned).collect::<Vec<_>>();
    let (all, cut) = (lines("list"), lines("cut"));
    assert_eq!(all, house.tree().into_keys().collect::<Vec<_>>());
    assert!(all.len() > 5_000 && cut.len() > 2_000 && all.starts_with(&cut) && cut.len() < all.len());
}

#[test]
fn settings_come_from_the_environment_too() {
    let house = House::new();
    house.file("news/a.txt", TIDE).run_with(&["refresh"], &[("FEEDGEN_SITE__TITLE", "From outside")], b"").expect_ok();
    assert_eq!(house.json("all.json")["title"], "From outside");
}

#[test]
fn a_time_that_is_none_is_not_passed_over() {
    let house = House::new();
    house.file("news/a.txt", TIDE);
    for junk in ["yesterday", "1e9", "99999999999999999"] {
        house
            .run_with(&["refresh"], &[("SOURCE_DATE_EPOCH", junk)], b"")
            .expect_code(2)
            .expect_said("SOURCE_DATE_EPOCH is ")
            .expect_said("seconds since 1970");
    }
    assert!(!house.path("state").exists());
}

#[test]
fn a_configuration_that_is_no_utf_8_says_so() {
    let house = House::new();
    let utf_16 = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
    for text in ["\u{feff}[site]\n", "[site]\n"] {
        house.bytes("feedgen.toml", &utf_16(text));
        house.run(&["check"]).expect_code(2).expect_said("feedgen.toml:1: this is not UTF-8 text: save it as UTF-8");
    }
    house.bytes("feedgen.toml", b"[site]\ntitle = \"Harbour\"\n# caf\xe9\n[publish]\n");
    house.run(&["check"]).expect_code(2).expect_said("feedgen.toml:3: this is not UTF-8 text: save it as UTF-8");
    house.file("feedgen.toml", "\u{feff}[site]\ntitle = \"Harbour\"\n").run(&["check"]).expect_ok();
}

#[test]
fn a_vocabulary_without_a_category_is_refused() {
    let house = House::new();
    for text in ["", "# none yet\n"] {
        house.file("news/a.txt", TIDE).file("categories.toml", text);
        house.refresh().expect_code(2).expect_said("categories.toml: there is no category in it");
        house.run(&["check"]).expect_code(2).expect_said("remove the file to use the built-in ones");
    }
}

#[test]
fn one_is_no_plural() {
    let house = House::new();
    house.file("news/a.txt", TIDE).refresh().expect_ok();
    house.run(&["validate", "feeds/all.rss"]).expect_ok().expect_said("RSS, 1 item: 0 errors");
    house.remove("feeds/all.atom").refresh().expect_ok().expect_said("1 file written to feeds");
    house.config("").refresh().expect_ok();
    assert_eq!(house.json("categories/news.json")["title"], "Newsroom · News");
    assert!(
        house.text("index.html").contains("1 item <span class=\"dot\" aria-hidden=\"true\">·</span> updated <time")
    );
}

// Subscriptions of other programs.

fn sources(house: &House) -> Vec<String> {
    house.run(&["check"]).expect_ok();
    let text = fs::read_to_string(house.path("feedgen.toml")).unwrap_or_default();
    let file: toml::Table = text.parse().unwrap_or_default();
    let told = |source: &toml::Value| {
        let value = |key: &str| source.get(key).and_then(toml::Value::as_str);
        let place = ["feed", "page", "path"].into_iter().find_map(value).unwrap_or_default();
        format!("{} {place}", value("id").unwrap_or_default()).trim_end().to_owned()
    };
    file.get("source").and_then(toml::Value::as_array).into_iter().flatten().map(told).collect()
}

#[test]
fn subscriptions_become_sources_once() {
    let house = House::new();
    house.config_with("[[source]]\nid = \"tide\"\nfeed = \"https://www.tide.example/rss/\"\n").file("news/a.txt", TIDE);
    let before = fs::read_to_string(house.path("feedgen.toml")).unwrap();
    house.file(
        "feeds.opml",
        "<?xml version='1.0'?><opml version='2.0'><body><outline text='Harbours &amp; ships'>
         <outline type='rss' text='Tide' xmlUrl='http://tide.example/rss'/>
         <outline type='rss' text='The Quay' xmlUrl='https://quay.example/rss' htmlUrl='https://quay.example/' language='fr'/>
         <outline type='rss' text='The Quay' xmlUrl='https://quay.example/atom'/></outline>
         <outline type='rss' text='None'/><outline text='Odd' xmlUrl='gopher://quay.example/'/>
         <outline text='Secret' xmlUrl='https://bee:honey@quay.example/'/></body></opml>",
    );
    let dry = house.run(&["import", "feeds.opml", "--dry-run"]);
    dry.expect_ok().expect_said("nothing was written").expect_said("feed = \"https://quay.example/rss\"");
    assert_eq!(fs::read_to_string(house.path("feedgen.toml")).unwrap(), before);
    let told = house.run(&["import", "feeds.opml"]);
    told.expect_ok()
        .expect_said("http://tide.example/rss is there already: source tide")
        .expect_said("\"None\" has no xmlUrl")
        .expect_said("gopher://quay.example/ is left out")
        .expect_said("give them as `user` and `password_file`")
        .expect_said("2 new sources, 4 notes");
    assert!(!told.stderr.contains("honey"), "{}", told.stderr);
    let after = fs::read_to_string(house.path("feedgen.toml")).unwrap();
    let added = after.strip_prefix(&before).unwrap();
    assert!(added.contains("categories = [\"Harbours & ships\"]") && added.contains("language = \"fr\""), "{added}");
    assert!(added.contains("# Imported from feeds.opml on 2026-05-01.\n# From https://quay.example/\n"), "{added}");
    assert_eq!(
        sources(&house),
        [
            "news",
            "tide https://www.tide.example/rss/",
            "the-quay https://quay.example/rss",
            "the-quay-2 https://quay.example/atom"
        ]
    );
    house.run(&["import", "feeds.opml"]).expect_ok().expect_said("0 new sources");
    assert_eq!(fs::read_to_string(house.path("feedgen.toml")).unwrap(), after);
}

#[test]
fn a_list_of_addresses_is_imported_from_anywhere() {
    let house = House::new();
    house.remove("feedgen.toml").file("news/a.txt", TIDE);
    let list =
        b"# mine\nhttps://quay.example/rss harbours \"~The Quay\"\nhttps://tide.example/rss\n\"query:Unread:unread\"\n";
    let told = house.run_with(&["import", "-"], &[], list);
    told.expect_ok().expect_said("created").expect_said("2 new sources, 1 note");
    assert_eq!(sources(&house).len(), 3, "the folder that was read is read on");
    house
        .run(&["import", "none.opml"])
        .expect_code(1)
        .expect_said("No such file or directory (os error 2): correct the name");
    house.run(&["import", "news"]).expect_code(1).expect_said(": name a file in it");
    house.run(&["validate", "news"]).expect_code(1).expect_said(": name a file in it");
    house.run_with(&["import", "-"], &[], b"hello\n").expect_code(1).expect_said("holds no subscription");
    house.run_with(&["import", "-"], &[], b"<html><p>x").expect_code(1).expect_said("holds no subscription");
    house.run_with(&["import", "-"], &[], b"").expect_code(1).expect_said("- is empty: give OPML, ");
    let none = b"name,address\nTide,https://tide.example/rss\n";
    house.run_with(&["import", "-"], &[], none).expect_code(1).expect_said("holds no subscription");
    let inside = house.run_with(&["import", "-"], &[], b"http://10.1.2.3/rss\nhttps://pier.example.edu/rss\n");
    inside.expect_ok().expect_said("allow_private = [\"10.1.2.3\"]");
}

#[test]
fn pages_of_rsspls_are_read_by_their_selectors() {
    let house = House::new();
    house.file("news/a.txt", TIDE).file(
        "feeds.toml",
        "[rsspls]\noutput = 'out'\n[[feed]]\ntitle = 'Harbour'\nfilename = 'harbour.rss'\n[feed.config]\n\
         url = 'https://harbour.example/news'\nitem = 'ul li'\nheading = 'a'\ndate = { selector = 'time', format = '[year]' }\n\
         [[feed]]\ntitle = 'Pier'\nfilename = 'pier.rss'\n[feed.config]\nurl = 'https://pier.example/'\nitem = 'li['\nheading = 'a'\n",
    );
    let told = house.run(&["import", "feeds.toml"]);
    told.expect_ok()
        .expect_said("https://pier.example/ is left out")
        .expect_said("output = \"out\" is left out")
        .expect_said("1 new source, 2 notes");
    let after = fs::read_to_string(house.path("feedgen.toml")).unwrap();
    let written =
        "[[source]]\nid = \"harbour\"\ntitle = \"Harbour\"\npage = \"https://harbour.example/news\"\n[source.select]\n";
    assert!(after.contains(written), "{after}");
    for line in ["item = \"ul li\"", "title = \"a\"", "link = \"a\"", "date = \"time\"", "date_format = \"%Y\""] {
        assert!(after.lines().any(|there| there == line), "{line} is not in\n{after}");
    }
    assert_eq!(sources(&house), ["news", "harbour https://harbour.example/news"]);
    house.run(&["import", "feeds.toml"]).expect_ok().expect_said("0 new sources");
    assert_eq!(fs::read_to_string(house.path("feedgen.toml")).unwrap(), after, "once is enough");
    // One page may show several lists.
    let list = |item: &str| {
        format!("[[feed]]\n[feed.config]\nurl = 'https://town.example/'\nitem = '{item}'\nheading = 'a'\n")
    };
    house.file("town.toml", &[list(".news li"), list(".events li"), list(".news li")].concat());
    house.run(&["import", "town.toml"]).expect_ok().expect_said("2 new sources, 1 note");
    house.run(&["import", "town.toml"]).expect_ok().expect_said("0 new sources, 3 notes");
}

#[test]
fn very_many_errors_are_told_in_part() {
    let house = House::new();
    let source =
        |number: usize| format!("[[source]]\nid = \"s{number}\"\nfiles = \"news\"\ntimezone = \"BST\"\nlimit = 3\n");
    house.config(&(0..10_000).map(source).collect::<String>());
    let check = house.run(&["check"]);
    check.expect_code(2).expect_said("feedgen.toml:4:12: \"BST\" is not a time zone of the tz database");
    check.expect_said("write \"Europe/London\"").expect_said("unknown key `limit`");
    check.expect_said("\n\nand 19950 more\n\n20000 errors in the configuration");
    assert!(
        check.stderr.len() < 20_000 && check.stderr.matches("feedgen.toml:").count() == 50,
        "{}",
        check.stderr.len()
    );

    // A feed that names none of many sources does not list them all.
    let feed = "[[feed]]\nid = \"x\"\nsources = [\"elsewhere\"]\n";
    let source = |number: usize| format!("[[source]]\nid = \"s{number}\"\nfiles = \"news\"\n");
    house.config(&(0..1000).map(source).chain([feed.to_owned()]).collect::<String>());
    house.run(&["check"]).expect_code(2).expect_said("there are s0, s1, s10, ").expect_said("and 980 more");
}

#[test]
fn very_many_warnings_are_told_in_part() {
    let house = House::new();
    let source = |number: usize| format!("[[source]]\ntitle = \"S{number}\"\nfiles = \"news\"\n");
    house.config(&(0..60).map(source).collect::<Vec<_>>().concat());
    let check = house.run(&["check"]);
    check.expect_ok().expect_said("and 10 more warnings");
    assert_eq!(check.stdout.matches("warning: ").count(), 50);
    let unknown = house.run(&["refresh", "nobody"]);
    unknown.expect_code(2).expect_said(" more, which `feedgen status` lists");
    assert!(unknown.stderr.len() < 500, "{}", unknown.stderr);
}

#[test]
fn check_counts_the_documents_that_refresh_does() {
    let house = House::new();
    house.config_with("[documents]\nmax_size = \"2 KiB\"\n");
    house.file("news/a.txt", TIDE).file("news/b.txt", FERRY);
    house.file("news/c.txt", &TIDE.repeat(100)).file("news/d.txt", &FERRY.repeat(100)).file("news/e.txt", "");
    house.run(&["check"]).expect_ok().expect_said("3 documents in ");
    house.run(&["doctor"]).expect_said("3 documents in ");
    let report = house.run(&["refresh", "--json"]).expect_ok().json();
    assert_eq!(report["sources"][0]["documents"], 3, "{report}");
    for name in ["a", "b", "e"] {
        fs::remove_file(house.path(format!("news/{name}.txt"))).unwrap();
    }
    house.run(&["check"]).expect_ok().expect_said("no document in ").expect_said("is taken in: c.txt has ");
}

#[test]
fn the_kinds_of_requests_stand_in_help_and_manual() {
    let house = House::new();
    let (help, manual) = (house.run(&["explain", "--help"]), house.run(&["man"]));
    // All that the program itself knows are told.
    let unknown = house.run_with(&["explain", "--jsonl"], &[], b"{\"kind\": \"rhyme\"}\n");
    let unknown: serde_json::Value = serde_json::from_str(&unknown.expect_ok().stdout).unwrap();
    let known = unknown["error"].as_str().unwrap().split_once("ask for one of ").unwrap().1;
    let kinds = ["article", "feed", "list", "date", "pair", "address"];
    assert_eq!(known.split(", ").collect::<Vec<_>>(), kinds);
    for kind in kinds {
        help.expect_ok().expect_said(&format!("{kind}: "));
        manual.expect_ok().expect_said(&format!("{kind}: "));
        // What it names is answered.
        let request = format!("{{\"kind\": \"{kind}\"}}\n");
        let answer = house.run_with(&["explain", "--jsonl"], &[], request.as_bytes());
        assert!(!answer.expect_ok().stdout.contains("are not answered"), "{}", answer.stdout);
    }
}

#[test]
fn what_is_about_markup_is_published_and_validated_without_a_finding() {
    let house = House::new();
    for (name, title) in [
        ("a", "What &amp; stands for"),
        ("b", "The end of </b> & &nbsp;"),
        ("c", "A <b>bold</b> tag"),
        ("d", "&#8217; or '"),
    ] {
        let title = serde_json::to_string(title).unwrap();
        let author = serde_json::to_string("R &amp; D <b>").unwrap();
        house.file(format!("news/{name}.txt"), &format!("The {name} ferry has a new route. Day by day it leaves."));
        house.file(
            format!("news/{name}.meta.toml"),
            &format!("title = {title}\nauthor = {author}\ndate = 2026-03-04\n"),
        );
    }
    house.refresh().expect_ok();
    let mut titles = house.titles("all.json");
    titles.sort();
    assert_eq!(titles, ["&#8217; or '", "A bold tag", "The end of <\u{2060}/b> & &nbsp;", "What &amp; stands for"]);
    for feed in ["all.rss", "all.atom", "all.json", "sources/news.json", "feeds.opml"] {
        let told = house.run(&["validate", &format!("feeds/{feed}")]);
        assert!(told.expect_ok().stdout.contains("0 errors, 0 warnings"), "{feed}: {}", told.stdout);
    }
}
