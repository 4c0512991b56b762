//! Through a real nginx, configured as the page for administrators says.

use std::fs;
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::Duration;

use feedgen::serve::Limits;

use crate::site::{Client, Site};

const PAGE: &str = include_str!("../../docs/proxy.md");

/// The first block of the page that is written in this language.
fn block(language: &str) -> &'static str {
    blocks(language)[0]
}

/// The blocks of the page that are written in this language.
fn blocks(language: &str) -> Vec<&'static str> {
    let begin = format!("```{language}\n");
    PAGE.split(&begin).skip(1).map(|rest| rest.split("```").next().unwrap()).collect()
}

/// An nginx, ended when it is dropped.
struct Nginx {
    folder: PathBuf,
    process: Child,
    address: SocketAddr,
}

impl Nginx {
    /// One with these changes to the block of the page. `None`: there is no nginx.
    fn new(site: &Site, name: &str, changes: &[(&str, &str)]) -> Option<Self> {
        Self::with(block("nginx"), site, name, changes)
    }

    /// One with these changes to a block.
    fn with(block: &str, site: &Site, name: &str, changes: &[(&str, &str)]) -> Option<Self> {
        let found = ["nginx", "/usr/sbin/nginx"].into_iter().find(|program| {
            Command::new(program).arg("-v").stderr(Stdio::null()).status().is_ok_and(|status| status.success())
        });
        let Some(program) = found else {
            assert!(std::env::var_os("CI").is_none(), "nginx is to be installed where this is tested");
            eprintln!("LEFT OUT: there is no nginx (apt-get install nginx-light)");
            return None;
        };
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let mut servers = block.to_owned();
        let (listen, upstream) = (format!("listen {port};"), format!("server {};", site.address));
        for (from, to) in [("listen 80;", listen.as_str()), ("server 127.0.0.1:8077;", &upstream)].iter().chain(changes)
        {
            assert!(servers.contains(from), "{from}");
            servers = servers.replace(from, to);
        }
        let folder = std::env::temp_dir().join(format!("feedgen-nginx-{}-{name}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        let here = folder.display();
        let paths = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
            .map(|kind| format!("{kind}_temp_path {here}/{kind};"))
            .concat();
        let text = format!(
            "daemon off; master_process off; pid {here}/pid; error_log {here}/error.log;\n\
             events {{ worker_connections 512; }}\nhttp {{ access_log off; {paths}\n{servers}\n}}\n"
        );
        fs::write(folder.join("nginx.conf"), text).unwrap();
        let process = Command::new(program)
            .args(["-e", "stderr", "-c"])
            .arg(folder.join("nginx.conf"))
            .stderr(Stdio::inherit())
            .spawn()
            .unwrap();
        let mut nginx = Self { folder, process, address: port };
        for _ in 0..200 {
            // Somebody else may have taken the port meanwhile.
            assert_eq!(nginx.process.try_wait().unwrap(), None, "nginx has ended");
            if TcpStream::connect(port).is_ok() {
                return Some(nginx);
            }
            sleep(Duration::from_millis(25));
        }
        panic!("nginx does not listen");
    }
}

impl Drop for Nginx {
    fn drop(&mut self) {
        self.process.kill().unwrap_or_default();
        self.process.wait().map(drop).unwrap_or_default();
        fs::remove_dir_all(&self.folder).unwrap_or_default();
    }
}

#[test]
fn feeds_come_through_nginx_as_they_are() {
    let site = Site::new();
    let text = format!("<rss>{}</rss>", "<item/>".repeat(500));
    site.put("all.rss", &text);
    site.packed("/all.rss", "br");
    let Some(nginx) = Nginx::new(&site, "host", &[]) else { return };
    let mut client = Client::new(nginx.address);
    for coding in ["identity", "gzip", "br"] {
        let direct = site.get("/all.rss", &[("Accept-Encoding", coding)]);
        let answer = client.ask("GET", "/all.rss", &[("Accept-Encoding", coding)], b"").expect(200);
        assert_eq!(answer.plain(), text.as_bytes());
        for name in ["etag", "last-modified", "content-type", "content-encoding", "vary", "cache-control", "link"] {
            assert_eq!(answer.header(name), direct.header(name), "{name}");
        }
        let tag = answer.header("etag").unwrap().to_owned();
        let again = [("Accept-Encoding", coding), ("If-None-Match", tag.as_str())];
        client.ask("GET", "/all.rss", &again, b"").expect(304);
    }
    assert_eq!(client.ask("HEAD", "/all.rss", &[], b"").expect(200).body, b"");
    client.ask("GET", "/none.rss", &[], b"").expect(404);
    client.ask("GET", "/preview", &[], b"").expect(404);
    // A new version is there at once: nothing on the way keeps the old one.
    site.put("all.rss", "<rss>new</rss>");
    site.door.changed(&["all.rss".to_owned()]);
    assert_eq!(client.ask("GET", "/all.rss", &[], b"").expect(200).body, b"<rss>new</rss>");
}

#[test]
fn a_site_in_a_folder_comes_through_nginx_with_it_and_without() {
    let site = Site::with("[site]\nurl = 'https://www.example.edu/news/'", Limits::default());
    site.put("all.rss", "<rss/>");
    site.put("index.html", "<title>News</title>");
    site.put("all.html", "<title>All</title>");
    let html = [("Accept", "text/html")];
    for (name, pass) in [("handed", "proxy_pass http://feedgen;"), ("taken", "proxy_pass http://feedgen/;")] {
        let changes = [("location / {", "location /news/ {"), ("proxy_pass http://feedgen;", pass)];
        let Some(nginx) = Nginx::new(&site, name, &changes) else { return };
        let mut client = Client::new(nginx.address);
        assert_eq!(client.ask("GET", "/news/all.rss", &[], b"").expect(200).body, b"<rss/>", "{name}");
        assert_eq!(client.ask("GET", "/news/", &[], b"").expect(200).body, b"<title>News</title>", "{name}");
        let led = client.ask("GET", "/news/all", &html, b"").expect(302);
        assert_eq!(led.header("location"), Some("./all.html"));
        client.ask("GET", "/all.rss", &[], b"").expect(404);
    }
}

/// What somebody may write who has read nothing.
const SHORTEST: &str =
    "server { listen 80; location / { proxy_pass http://feedgen; } }\nupstream feedgen { server 127.0.0.1:8077; }";

#[test]
fn nobody_comes_to_the_preview_through_an_nginx_that_tells_nothing() {
    let site = Site::with("[site]\nurl = 'https://news.example.edu/'", Limits::default());
    let upstream = format!("proxy_pass http://{};", site.address);
    let silent = ("proxy_pass http://feedgen;", upstream.as_str());
    let handing_on = ("proxy_pass http://feedgen;", "proxy_pass http://feedgen; proxy_set_header Host $http_host;");
    for (name, change) in [("silent", silent), ("handing-on", handing_on)] {
        let Some(nginx) = Nginx::with(SHORTEST, &site, name, &[change]) else { return };
        let mut client = Client::new(nginx.address);
        client.send(b"GET /preview HTTP/1.1\r\nHost: localhost\r\n\r\n");
        let answer = client.answer("GET").unwrap().expect(403);
        assert!(!String::from_utf8_lossy(&answer.body).contains("name=\"mark\""), "{name}");
    }
}

#[test]
fn how_it_is_stays_inside_where_the_page_says_so() {
    let site = Site::with("[site]\nurl = 'https://news.example.edu/'", Limits::default());
    site.put("all.rss", "<rss/>");
    let inside = blocks("nginx")[1];
    let outside = inside.replace("allow 127.0.0.0/8;", "");
    for (name, block, expected) in [("inside", inside, 200), ("outside", outside.as_str(), 403)] {
        let both = [block, "    location = /preview {"].concat();
        let Some(nginx) = Nginx::new(&site, name, &[("    location = /preview {", &both)]) else { return };
        let mut client = Client::new(nginx.address);
        for path in ["/status", "/status/news", "/status.json", "/status.atom", "/metrics"] {
            assert_eq!(client.ask("GET", path, &[], b"").status, expected, "{path}");
        }
        client.ask("GET", "/all.rss", &[], b"").expect(200);
        client.ask("GET", "/preview", &[], b"").expect(404);
    }
}

#[test]
fn the_block_for_caddy_names_what_the_one_for_nginx_names() {
    for named in ["127.0.0.1:8077", "news.example.edu", "/preview"] {
        assert!(block("caddy").contains(named) && block("nginx").contains(named), "{named}");
    }
}
