//! The pages in a browser: headless Chromium, by the script beside, on a running daemon. `scripts/test --install` brings what it needs.

#![expect(clippy::unwrap_used, reason = "a test that cannot prepare its house has failed")]

#[path = "../house/mod.rs"]
mod house;
#[path = "../daemon/running.rs"]
mod running;

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpListener;
use std::path::PathBuf;
use std::process::Command;

use house::{CHINESE, CHOIR, FERRY, House, TIDE};
use running::{Daemon, until};

/// A page that lists news, with a style of its own, a script and a picture that is elsewhere.
const LIST: &str = "<!DOCTYPE html><html lang=en><head><title>Port news</title><style>li { color: green }</style>\
    <script>document.title = 'acted'</script></head><body><h1>News of the port</h1><img src=http://elsewhere.example/a.png alt=''>\
    <ul class=news>\
    <li><a href=/1.html>The ferry is on time again after a long winter</a> <i class=d>2026-03-09</i></li>\
    <li><a href=/2.html>The tide table of the spring is out</a> <i class=d>2026-03-07</i></li>\
    <li><a href=/3.html>The choir of the harbour sings on the quay</a> <i class=d>2026-03-05</i></li>\
    <li><a href=/4.html>The harbour hall gets a new roof of slate</a> <i class=d>2026-03-03</i></li>\
    <li><a href=/5.html>Three fellows win the prize of the sea</a> <i class=d>2026-03-01</i></li></ul></body></html>";

/// Serves [`LIST`], and an article at each other path, as long as the test runs. Returns host and port.
fn site() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    std::thread::spawn(move || {
        for mut stream in listener.incoming().map_while(Result::ok) {
            let mut lines = BufReader::new(stream.try_clone().unwrap()).lines().map_while(Result::ok);
            let first = lines.next().unwrap_or_default();
            lines.take_while(|line| !line.is_empty()).for_each(drop);
            let article =
                "<h1>A story of the port</h1><p>The tide rose by two metres, and nobody was surprised by it.</p>";
            let (status, body) = match first.split(' ').nth(1) {
                Some("/list.html") => ("200 OK", LIST),
                Some("/robots.txt" | "/gone.rss") => ("404 Not Found", ""),
                _ => ("200 OK", article),
            };
            let length = body.len();
            let head = format!(
                "HTTP/1.1 {status}\r\ncontent-type: text/html\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n"
            );
            // Whoever asked may have gone.
            let _gone = stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(body.as_bytes()));
        }
    });
    address
}

#[test]
fn pages_fit_every_screen_and_everybody_can_use_them() {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), PathBuf::from);
    let modules = target.join("browser/node_modules");
    let has = |program: &str| Command::new(program).arg("--version").output().is_ok();
    if !modules.is_dir() || !has("node") || !has("chromium") {
        assert!(std::env::var_os("CI").is_none(), "node and chromium are to be installed where this is tested");
        eprintln!("LEFT OUT: there is no browser, or no script for it; scripts/test --install brings both");
        return;
    }
    let (house, site) = (House::new(), site());
    house.config(&format!(
        "[site]\ntitle = \"Harbour news\"\nurl = \"http://localhost/\"\nauthority = \"news.example.edu,2026\"\n\
         [serve]\nlisten = \"127.0.0.1:0\"\n[refresh]\nallow_private = [\"{site}\"]\n\
         [[source]]\nid = \"news\"\ntitle = \"Harbour College, with a title that is long enough to be broken into several lines on a phone\"\n\
         files = \"news/**/*\"\n\
         [[source]]\nid = \"port\"\ntitle = \"The port\"\nfiles = \"port/*.txt\"\n\
         [[source]]\nid = \"list\"\ntitle = \"江湾大学新闻\"\npage = \"http://{site}/list.html\"\n\
         [[source]]\nid = \"gone\"\ntitle = \"A feed that is gone\"\nfeed = \"http://{site}/gone.rss\"\n"
    ));
    for (at, text) in [TIDE, FERRY, CHOIR, CHINESE].into_iter().enumerate() {
        house.file(format!("news/{at}.txt"), text);
    }
    let daemon = Daemon::start(&house);
    until("the list is read", || {
        String::from_utf8_lossy(&daemon.get("/status/list").body).contains("5 new items").then_some(())
    });
    let pictures = target.join("screenshots");
    std::fs::create_dir_all(&pictures).unwrap();
    let preview = format!("preview:http://{site}/list.html");
    let item = house
        .feed("all.json")
        .into_iter()
        .find_map(|item| item.url.split_once("/items/").map(|(_, page)| page.to_owned()));
    let item = format!("/items/{}", item.unwrap());
    let pages = [
        "/", "/all.html", &item, "/status", "zh:/status", "/status/port", "/status/gone", "zh:/status/list",
        "/preview", &preview,
    ];
    let looked = Command::new("node")
        .arg(root.join("tests/browser/look.mjs"))
        .args([&modules, &PathBuf::from(format!("http://{}", daemon.address)), &pictures])
        .args(pages)
        .output()
        .unwrap();
    let told = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    assert!(looked.status.success(), "{}\n{}", told(&looked.stdout), told(&looked.stderr));
}
