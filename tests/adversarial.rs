//! A thousand documents that mean harm, and any text at all: each becomes an item, and every feed stays a feed.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot prepare its house has failed")]

mod house;
#[path = "checks/inert.rs"]
mod inert;
mod strangers;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use feedgen::document::{Document, Form, Origin};
use feedgen::item::{Identity, Vocabulary, mint};
use feedgen::publish::{Channel, FORMATS, Shown, Site, channel_files};
use feedgen::refresh::settle;
use feedgen::source::{Every, Files, Source, SourceId, SourceKind};
use feedgen::validate::{Expectation, validate};
use house::{House, NOW};
use inert::{Place, expect_inert};
use proptest::prelude::*;
use strangers::{SITE, ending, expect_flawless};

/// Documents, over so many sources that every item is in a feed.
const DOCUMENTS: usize = 1000;
const SOURCES: usize = 20;

/// What stands in titles, names, labels and bodies.
const POISON: &[&str] = &[
    "\u{1}\u{8}\u{b}\u{c}\u{e}\u{1b}[31mred\u{1b}[0m\u{7f}",
    "\u{fffe}\u{ffff}\u{fdd0}\u{1fffe}",
    "a lone\rcarriage\r\rreturn",
    "👩\u{200d}🚀 🏳️\u{200d}🌈 🇳🇴🇨🇳 🚢\u{fe0f} 𝔘𝔫𝔦 𠮷野家 \u{10ffff}",
    "مرحبا \u{202e}gnp.exe\u{202c} \u{2066}שלום\u{2069} \u{200f}\u{200e}",
    "\u{202e}\u{202b}\u{2067}never closed",
    "]]> ]]&gt; <![CDATA[ x ]]>",
    "Q&A & R&D &amp; &amp;amp; &#38; &#x26; &bogus; &nbsp &copy2026 &8",
    "closing </b></i></p></title></item></channel></rss></feed>",
    "<script>alert(1)</script><SCRIPT/SRC=//evil.example/x.js></SCRIPT >",
    "<img src=x onerror=alert(1)><svg/onload=alert(1)><math><mi xlink:href=\"javascript:alert(1)\">",
    "[click](javascript:alert(1)) ![x](javascript:alert(1)) <javascript:alert(1)> [d](data:text/html,<script>1</script>)",
    "<a href=\"jAvA\tScRiPt:alert(1)\">a</a><a href=\"&#106;avascript:alert(1)\">b</a><a href=' javascript:alert(1)'>c</a>",
    "<a href=\"vbscript:x\">a</a><iframe src=\"javascript:1\"></iframe><form action=\"javascript:1\"><input><button>ok</button></form>",
    "<img src=\"data:image/png;base64,iVBORw0KGgo=\"><img src=\"data:image/svg+xml,<svg onload=alert(1)>\"><img src=\"DATA:text/html,x\">",
    "<a href=\"https://例子.example/新闻/第 1 页.html?标题=江湾&x=<y>\">中文</a> https://例子.example/新闻/一.html",
    "<a href=\"/relative path/a b.html\">r</a><a href=\"//host/x\">s</a><a href=\"?q=a b\">t</a><a href=\"#top\">u</a><a href=\"http://[::1\">v</a>",
    "<a href=\"https://user:pass@host.example:99999/\">p</a><a href=\"http://ex ample.org/\">q</a><a href=\"https://\u{202e}moc.elpmaxe/\">r</a>",
    "<b><p>mis<i>nested</b></i></p><table><tr><td><table><td>deep<table><tr><th>er</table>",
    "<ul><li>one<li>two<p>three</ul></ul></ul></div></div><dl><dd>x<dt>y<td>z</td>",
    "<style>body{display:none}</style><p style=\"background:url(javascript:1)\" class=x id=y>styled</p><link rel=stylesheet href=x><base href=//evil.example>",
    "<!-- <script> --> <!--> --!> <! bogus > <?php echo 1 ?> <![if IE]> <%= x %>",
    "\u{80}\u{85}\u{91}\u{92}\u{96}\u{9f}\u{a0}\u{ad}\u{feff}\u{2028}\u{2029}",
    "zero\u{200b}width\u{200c}join\u{200d}ers\u{2060}\u{feff}\u{34f}\u{180e}",
    "Z\u{300}\u{301}\u{302}\u{303}\u{304}\u{305}\u{306}\u{307}\u{308}algo",
    "&lt;script&gt;alert(1)&lt;/script&gt; &#60;b&#62; &#0; &#x1F; &#xD800; &#x110000; &#128; &#xFFFE;",
    "'; DROP TABLE item; -- \" ' ` \\ \\u0000 ${x} {{x}} %s %n %00",
    "{\"json\": [null, true]} \\ud800 \\x00",
    "<plaintext><xmp><listing><noscript><template><textarea><title>raw",
    "<img srcset=\"a.png 1x, javascript:1 2x\" src=a.png alt=\"a > b\"><video poster=javascript:1 src=x><object data=x><embed src=x>",
    "==========\n----------\n> > > > > quote\n\n```\n<script>\n",
    "| a | b |\n|---|---|\n| <td> | & |\n",
];

/// Dates as people, scripts and broken templates write them.
const DATES: &[&str] = &[
    "2026-03-12",
    "2026-03-12",
    "2026-03-12T10:30:00+08:00",
    "2026-13-45",
    "2026-02-30",
    "0000-00-00",
    "9999-12-31",
    "12026-01-01",
    "-1",
    "0",
    "1700000000",
    "99999999999999999999",
    "\"2026年3月12日\"",
    "[2026-03-12, 2026-03-13]",
    "{day: 12}",
    "~",
    "true",
    ".nan",
    "2026-03-12 25:61:61",
    "2999-01-01",
    "1066-10-14",
    "\"yesterday\"",
];

/// Titles of front matter that are no plain text.
const SCALARS: &[&str] = &[
    "2026",
    "0x1F",
    "1e400",
    "-.inf",
    ".nan",
    "true",
    "no",
    "null",
    "~",
    "\"\"",
    "\"   \"",
    "[one, [two, {three: 3}]]",
    "{a: b}",
    "!!binary aGVsbG8=",
    "!custom tag",
    "&anchor text",
    "*nowhere",
    "|\n  two\n  lines",
    ">-\n  folded\n  lines",
    "'it''s'",
    "\"\\u0000\\uFFFE\\x07\\ud83d\"",
    "one: two: three",
    "@at `tick` %percent",
    "2026-03-12",
    "# nothing but a comment",
    "\"unclosed",
    "{{ page.title }}",
    "--- x",
];

const LANGUAGES: &[&str] = &["en", "zh_CN!", "x", "de-", "\"\"", "[en]", "<b>", "zh-Hans-CN-x-private", "C.UTF-8"];
const LINKS: &[&str] = &[
    "javascript:alert(1)",
    "not a url",
    "https://www.example.edu/新闻 列表/?a=1&b=<2>",
    "http://[::1",
    "ftp://ftp.example.edu/x",
    "data:text/html,x",
    "//www.example.edu/x",
    "mailto:a@b.example",
];

/// JSON Feed has no second way to write a title that says `&amp;`, so what a document says is told from what a writer
/// escaped twice by nobody. Nor can anybody tell a document that speaks of `Â¡` from one that was garbled.
const TOLERATED: &[&str] = &["json-title-with-markup", "character-twice-encoded"];

/// A number that looks random and is the same at every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, most: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % most
    }

    fn of<'a>(&mut self, choices: &[&'a str]) -> &'a str {
        choices[self.below(choices.len())]
    }

    fn poisons(&mut self, count: usize) -> String {
        (0..count).map(|_| self.of(POISON)).collect::<Vec<_>>().join(" — ")
    }
}

/// A document: the ending of its name, and its bytes. Each has a sentence of its own, so that none is a copy.
fn document(number: usize) -> (&'static str, Vec<u8>) {
    let mut dice = Dice(number as u64 + 1);
    let own = format!("Story {number} stands at pier {}.", number * 7 + 1);
    let (title, body) = (dice.poisons(1), dice.poisons(4));
    let (ending, text) = match number % 4 {
        0 => ("txt", format!("{title}\n\n2026-03-12\n\n{own}\n\n{body}\n")),
        1 => ("md", format!("---\n{}---\n\n{own}\n\n{body}\n", front_matter(&mut dice, &title))),
        2 => ("html", page(&mut dice, &title, &own, &body)),
        _ => ("md", format!("# {title}\n\n{own}\n\n{body}\n\n{}\n", dice.poisons(2))),
    };
    // The rare and heavy ones.
    match number {
        100 => ("md", format!("---\ntitle: {}\n---\n\n{own}\n", "long ".repeat(200_000)).into_bytes()),
        101 => ("txt", format!("{}\n\n{own}\n", "标题".repeat(170_000)).into_bytes()),
        102 => ("html", format!("<title>{}</title><p>{own}", "&amp;<b>".repeat(125_000)).into_bytes()),
        103 => ("txt", format!("Heavy\n\n{own}\n\n{}\n", "many words & more ]]> ".repeat(50_000)).into_bytes()),
        104 => ("md", format!("# Heavy\n\n{own}\n\n{}\n", "*[x](y \"z\")* ".repeat(80_000)).into_bytes()),
        105 => ("html", format!("<h1>Heavy</h1><p>{own}{}", "<p>江湾 &lt;".repeat(70_000)).into_bytes()),
        106 => ("html", format!("<h1>Deep</h1><p>{own}</p>{}x", "<div><b><blockquote>".repeat(20_000)).into_bytes()),
        107 => ("html", format!("<h1>Wide</h1><p>{own}</p><p {}>x</p>", attributes(20_000)).into_bytes()),
        108 => ("md", format!("# Quotes\n\n{own}\n\n{} deep\n", "> ".repeat(200)).into_bytes()),
        109 => ("md", format!("---\na: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]\ntags: [*c,*c,*c,*c]\n---\n\n{own}\n").into_bytes()),
        110 => ("md", format!("---\ntitle: {}x\n---\n\n{own}\n", "[".repeat(5_000)).into_bytes()),
        111 => ("txt", format!("One line and {own} {}", "word".repeat(250_000)).into_bytes()),
        // A text may have a NUL; many of them make a binary file.
        _ if number % 50 == 23 => (ending, text.replacen("pier ", "pier \0", 1).into_bytes()),
        // Windows-1252 and bytes that are no text in any encoding.
        _ if number % 50 == 20 => (ending, [format!("{own}\n\n").as_bytes(), b"\x93Caf\xe9\x94 \x96 na\xefve \x80 5\x85\n"].concat()),
        _ if number % 50 == 21 => ("txt", [format!("{own}\n\n").as_bytes(), b"\xff\xfe\xc3\x28 \xed\xa0\x80 \xf4\x90\x80\x80 \xc0\xaf\n"].concat()),
        _ => (ending, text.into_bytes()),
    }
}

fn front_matter(dice: &mut Dice, title: &str) -> String {
    let title = if dice.below(3) == 0 { serde_json::to_string(title).unwrap() } else { dice.of(SCALARS).to_owned() };
    let author = serde_json::to_string(&dice.poisons(1)).unwrap();
    // A few labels only: each makes feeds of its own.
    let label = serde_json::to_string(POISON[dice.below(6)]).unwrap();
    format!(
        "title: {title}\ndate: {}\nauthor: {author}\ncategories: [{label}]\ntags: {}\nlanguage: {}\nlink: {:?}\nsummary: {}\n\
         image: {:?}\nenclosures: [{{url: {:?}, type: {:?}, length: -5}}]\ntitle: twice\n\tindented: by a tab\n",
        dice.of(DATES),
        dice.of(SCALARS),
        dice.of(LANGUAGES),
        dice.of(LINKS),
        serde_json::to_string(&dice.poisons(1)).unwrap(),
        dice.of(LINKS),
        dice.of(LINKS),
        dice.of(&["application/pdf", "IMAGE/JPEG", "text/html; charset=\"x\""]),
    )
    // YAML has no word for the indented line, so half of the documents go without it.
    .replace("title: twice\n\tindented: by a tab\n", if dice.below(2) == 0 { "" } else { "\tindented: by a tab\n" })
}

fn page(dice: &mut Dice, title: &str, own: &str, body: &str) -> String {
    let head = match dice.below(3) {
        0 => format!("<title>{title}</title><base href=\"{}\">", dice.of(LINKS)),
        1 => format!(
            "<meta property=\"og:title\" content='{}'><link rel=canonical href='{}'>",
            title.replace('\'', ""),
            dice.of(LINKS)
        ),
        _ => format!("<meta http-equiv=refresh content='0;url=javascript:1'><title>{title}</title>"),
    };
    format!(
        "<!DOCTYPE html><html lang=\"{}\"><head>{head}</head><body onload=alert(1)><h1>{title}</h1><p>{own}</p>{body}",
        dice.of(LANGUAGES)
    )
}

fn attributes(count: usize) -> String {
    (0..count).fold(String::new(), |all, number| all + &format!("a{number}=\"{number}\" onclick=x "))
}

fn house() -> House {
    let house = House::new();
    let mut config = format!(
        "[site]\ntitle = \"Harbour & 'co' ]]> 🚢\"\nurl = \"{SITE}\"\nauthority = \"news.example.edu,2026\"\n\n[publish]\nitems = 100\n"
    );
    for source in 0..SOURCES {
        let text = format!(
            "\n[[source]]\nid = \"s{source}\"\ntitle = \"Pier {source} & 'co' 码头\"\nfiles = \"news/s{source}/*\"\n"
        );
        config.push_str(&text);
    }
    house.config(&config);
    for number in 0..DOCUMENTS {
        let (ending, bytes) = document(number);
        house.bytes(format!("news/s{}/{number}.{ending}", number % SOURCES), &bytes);
    }
    house
}

#[test]
fn a_thousand_hostile_documents_become_flawless_feeds() {
    let house = house();
    house.refresh().expect_ok();
    let status = house.run(&["status", "--json"]).expect_ok().json();
    for source in status["sources"].as_array().unwrap() {
        assert_eq!(source["items"].as_u64(), Some((DOCUMENTS / SOURCES) as u64), "{source}");
    }
    expect_flawless(&house, TOLERATED);
    let mut ids = BTreeMap::new();
    for source in 0..SOURCES {
        for item in house.feed(&format!("sources/s{source}.json")) {
            let content = item.whole["content_html"].as_str().unwrap_or_default();
            expect_inert(content, Place::Story).unwrap_or_else(|fault| panic!("{}: {fault}\n{content}", item.title));
            ids.entry(item.id).or_insert_with(Vec::new).push(item.title);
        }
    }
    assert_eq!(ids.len(), DOCUMENTS, "{:?}", ids.iter().filter(|(_, titles)| titles.len() > 1).collect::<Vec<_>>());
    for path in house.tree().into_keys().filter(|path| ending(path) == "html") {
        expect_inert(&house.text(&path), Place::Page).unwrap_or_else(|fault| panic!("{path}: {fault}"));
    }
    let before = house.tree();
    house.refresh().expect_ok();
    assert_eq!(house.tree(), before, "the second walk changes what is published");
}

#[test]
fn the_judge_of_markup_sees_harm() {
    for harm in [
        "<script>1</script>",
        "<p onclick=x>",
        "<a href=javascript:x>",
        "<a href=' java\tscript:x'>",
        "<p style=x>",
        "<svg>",
        "<a href=/relative>",
        "<img src=data:image/svg+xml,x>",
        "<iframe>",
        "<base href=x>",
    ] {
        assert!(expect_inert(harm, Place::Story).is_err(), "{harm} passes");
    }
    let harmless = "<p><a href=\"https://a.example/\">x</a><img src=\"data:image/png;base64,x\" alt=\"onclick=x\"></p>";
    expect_inert(harmless, Place::Story).unwrap();
}

/// Makes an item of one document and publishes a channel of it. `None`: it could not be read.
fn publish(form: Form, bytes: Vec<u8>, now: DateTime<Utc>) -> Option<Vec<feedgen::publish::Rendered>> {
    let id = SourceId::new("pier").unwrap();
    let source = Source {
        id: id.clone(),
        kind: SourceKind::Files(Box::new(Files {
            root: "news".into(),
            pattern: "*".to_owned(),
            every: Every::Interval(Duration::ZERO),
        })),
        title: "Pier".to_owned(),
        treatment: Arc::default(),
        timezone: "Asia/Shanghai".parse().unwrap(),
        keep_for: None,
        keep_items: 0,
        prefer: false,
        items: 50,
    };
    let document = Document {
        origin: Origin::File(b"a.md".to_vec()),
        form,
        charset: None,
        address: None,
        bytes,
        sidecars: Vec::new(),
    };
    let identity = Identity { key: mint(&id, b"a.md"), source: id, name: "a".to_owned(), known: None };
    let (item, _notes) = settle(&document, &source, "en", Vocabulary::built_in(), identity, now).ok()?;
    expect_inert(item.content.as_str(), Place::Story)
        .unwrap_or_else(|fault| panic!("{fault} in {}", item.content.as_str()));
    let site = Site {
        hubs: Vec::new(),
        title: "Harbour".to_owned(),
        url: SITE.parse().unwrap(),
        language: "en".to_owned(),
        authority: "news.example.edu,2026".to_owned(),
    };
    let channel = Channel {
        path: "all".to_owned(),
        title: "All".to_owned(),
        description: "Everything".to_owned(),
        language: "en".to_owned(),
        place: feedgen::publish::Place::Feed(None),
        items: vec![Arc::new(Shown::new(&site, item, "Pier", None, Vec::new(), Vec::new()))],
    };
    Some(channel_files(&site, &channel, FORMATS).unwrap_or_else(|error| panic!("{error}")).0)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(512) })]

    #[test]
    fn whatever_a_document_says_its_feed_is_flawless(title in any::<String>(), body in any::<String>(), form in 0..3_usize) {
        let now = DateTime::parse_from_rfc3339(NOW).unwrap().with_timezone(&Utc);
        let (form, text) = match form {
            0 => (Form::Text, format!("{title}\n\nShips come in.\n\n{body}\n")),
            1 => (Form::Markdown, format!("---\ntitle: {}\n---\n\nShips come in.\n\n{body}\n", serde_json::to_string(&title).unwrap())),
            _ => (Form::Html, format!("<title>{title}</title><h1>{title}</h1><p>Ships come in.</p><p>{body}</p>")),
        };
        let Some(files) = publish(form, text.into_bytes(), now) else {
            prop_assert!(title.contains('\0') || body.contains('\0'), "it was not read");
            return Ok(());
        };
        let mut ids = BTreeSet::new();
        for file in files {
            let text = String::from_utf8(file.bytes).unwrap();
            if ending(&file.path) == "html" {
                prop_assert_eq!(expect_inert(&text, Place::Page), Ok(()));
                continue;
            }
            if ending(&file.path) != "json" {
                prop_assert!(roxmltree::Document::parse(&text).is_ok(), "{}", text);
            }
            let address = format!("{SITE}{}", file.path);
            let mut verdict = validate(text.as_bytes(), &Expectation { address: Some(&address), now: now + TimeDelta::hours(1) });
            verdict.findings.retain(|finding| !TOLERATED.contains(&finding.rule));
            prop_assert_eq!(verdict.items, 1);
            prop_assert!(verdict.findings.is_empty(), "{:?} in {}", verdict.findings, text);
            ids.insert(file.path);
        }
        prop_assert_eq!(ids.len(), FORMATS.len());
    }
}

#[test]
fn a_json_title_may_have_an_ampersand_before_a_digit() {
    let house = House::new();
    house
        .file("news/a.md", "---\ntitle: Terminal 7&8 open\ndate: 2026-03-12\n---\n\nShips come in.\n")
        .refresh()
        .expect_ok();
    let told = house.run(&["validate", "--json", "feeds/all.json"]).expect_ok().json();
    assert_eq!(told[0]["findings"], serde_json::json!([]));
}

#[test]
fn an_enclosure_has_a_media_type_whatever_its_document_says() {
    let house = House::new();
    house.file("news/a.md", "---\ntitle: One\nenclosures: [{url: 'https://www.example.edu/a.pdf', type: 'a b <c>'}]\n---\n\nShips come in.\n");
    house.refresh().expect_ok();
    expect_flawless(&house, &[]);
}

#[test]
fn published_markup_is_no_deeper_than_a_validator_looks() {
    let house = House::new();
    house.file("news/a.html", &format!("<h1>Deep</h1><p>Ships come in.</p>{}x", "<div><b><table><tr><td>".repeat(400)));
    house.file("news/b.md", &format!("# Quotes\n\nShips come in.\n\n{} deep\n", "> ".repeat(400)));
    house.refresh().expect_ok();
    expect_flawless(&house, &[]);
}

#[test]
fn no_password_is_published() {
    let house = House::new();
    let address = "https://user:secret@www.example.edu/a.pdf";
    house.file(
        "news/a.md",
        &format!("---\ntitle: One\nimage: {address}\nenclosures: ['{address}']\nlink: {address}\n---\n\nShips [come]({address}) in.\n"),
    );
    house.refresh().expect_ok();
    let told: Vec<_> =
        house.tree().into_keys().filter(|path| ending(path) != "png" && house.text(path).contains("secret")).collect();
    assert_eq!(told, [""; 0]);
}

/// However much markup or however many lines there are in a few megabytes.
#[cfg(target_os = "linux")]
#[test]
fn no_document_takes_much_memory() {
    use std::io::{BufRead as _, BufReader, Write as _};
    use std::process::Stdio;

    // More than a document of one line takes, KiB.
    const MOST: usize = 80 * 1024;
    let house = House::new();
    let item = "<item><title>Tide</title><guid>g</guid></item>";
    let documents = [
        ("calm.txt", "The tide rose".to_owned()),
        ("lines.txt", "a\n".repeat(1_000_000)),
        ("page.html", "<p>x</p>".repeat(200_000)),
        ("feed.xml", format!("<rss><channel>{}</channel></rss>", item.repeat(20_000))),
    ];
    let sizes = documents.map(|(path, text)| {
        house.file(path, &text);
        let mut program =
            house.command(&["explain", "--jsonl"]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let mut input = program.stdin.take().unwrap();
        writeln!(input, "{{\"path\": \"{path}\"}}").unwrap();
        let mut answer = String::new();
        BufReader::new(program.stdout.take().unwrap()).read_line(&mut answer).unwrap();
        let status = std::fs::read_to_string(format!("/proc/{}/status", program.id())).unwrap();
        drop(input);
        assert!(program.wait().unwrap().success() && answer.contains("\"ok\":true"), "{path}");
        let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
        peak.trim().trim_end_matches(" kB").parse::<usize>().unwrap()
    });
    let grown = sizes.map(|size| size.saturating_sub(sizes[0]));
    assert!(grown.iter().all(|size| *size < MOST), "{grown:?} KiB more");
}
