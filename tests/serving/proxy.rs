//! Through a real nginx and a real Caddy, configured as the page for administrators says.

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

/// A web server in front of the site, ended when it is dropped.
struct Front {
    folder: PathBuf,
    process: Child,
    address: SocketAddr,
}

impl Front {
    /// An nginx with these changes to a block. `None`: there is none.
    fn nginx(block: &str, site: &Site, name: &str, changes: &[(&str, &str)]) -> Option<Self> {
        let program = installed(&["nginx", "/usr/sbin/nginx"], "-v", "nginx-light")?;
        let (address, folder) = (free_address(), folder(&format!("nginx-{name}")));
        let servers = changed(block, changes)
            .replace("listen 80;", &format!("listen {address};"))
            .replace("server 127.0.0.1:8077;", &format!("server {};", site.address));
        let here = folder.display();
        let paths = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
            .map(|kind| format!("{kind}_temp_path {here}/{kind};"))
            .concat();
        let text = format!(
            "daemon off; master_process off; pid {here}/pid; error_log {here}/error.log;\n\
             events {{ worker_connections 512; }}\nhttp {{ access_log off; {paths}\n{servers}\n}}\n"
        );
        fs::write(folder.join("nginx.conf"), text).unwrap();
        let mut command = Command::new(program);
        command.args(["-e", "stderr", "-c"]).arg(folder.join("nginx.conf"));
        Some(Self::start(command, folder, address))
    }

    /// A Caddy with these changes to a block, without certificates. `None`: there is none.
    fn caddy(block: &str, site: &Site, name: &str, changes: &[(&str, &str)]) -> Option<Self> {
        let program = installed(&["caddy"], "version", "caddy")?;
        let (address, folder) = (free_address(), folder(&format!("caddy-{name}")));
        let servers = changed(block, changes)
            .replace("news.example.edu {", &format!("http://:{} {{\n    bind 127.0.0.1", address.port()))
            .replace("127.0.0.1:8077", &site.address.to_string());
        fs::write(folder.join("Caddyfile"), format!("{{\n\tadmin off\n}}\n{servers}")).unwrap();
        let mut command = Command::new(program);
        command.args(["run", "--adapter", "caddyfile", "--config"]).arg(folder.join("Caddyfile"));
        command.env("HOME", &folder).env_remove("XDG_DATA_HOME").env_remove("XDG_CONFIG_HOME").stderr(Stdio::null());
        Some(Self::start(command, folder, address))
    }

    fn start(mut command: Command, folder: PathBuf, address: SocketAddr) -> Self {
        let mut front = Self { folder, process: command.spawn().unwrap(), address };
        for _ in 0..2400 {
            // Somebody else may have taken the port meanwhile.
            assert_eq!(front.process.try_wait().unwrap(), None, "{command:?} has ended");
            if TcpStream::connect(address).is_ok() {
                return front;
            }
            sleep(Duration::from_millis(25));
        }
        panic!("{command:?} does not listen");
    }
}

impl Drop for Front {
    fn drop(&mut self) {
        self.process.kill().unwrap_or_default();
        self.process.wait().map(drop).unwrap_or_default();
        fs::remove_dir_all(&self.folder).unwrap_or_default();
    }
}

/// The first of these programs that is there.
fn installed(names: &[&'static str], version: &str, package: &str) -> Option<&'static str> {
    let answers = |program: &&str| {
        let asked = Command::new(program).arg(version).stdout(Stdio::null()).stderr(Stdio::null()).status();
        asked.is_ok_and(|status| status.success())
    };
    let found = names.iter().copied().find(answers);
    if found.is_none() {
        assert!(std::env::var_os("CI").is_none(), "{package} is to be installed where this is tested");
        eprintln!("LEFT OUT: there is no {package} (apt-get install {package})");
    }
    found
}

fn free_address() -> SocketAddr {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap()
}

fn folder(name: &str) -> PathBuf {
    let folder = std::env::temp_dir().join(format!("feedgen-{name}-{}", std::process::id()));
    fs::create_dir_all(&folder).unwrap();
    folder
}

fn changed(block: &str, changes: &[(&str, &str)]) -> String {
    changes.iter().fold(block.to_owned(), |text, (from, to)| {
        assert!(text.contains(from), "{from}");
        text.replace(from, to)
    })
}

#[test]
fn feeds_come_through_as_they_are() {
    let site = Site::new();
    let text = format!("<rss>{}</rss>", "<item/>".repeat(500));
    site.put("all.rss", &text);
    site.packed("/all.rss", "br");
    let nginx = Front::nginx(block("nginx"), &site, "host", &[]);
    let caddy = Front::caddy(block("caddy"), &site, "host", &[]);
    for front in nginx.iter().chain(&caddy) {
        let mut client = Client::new(front.address);
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
    }
    // A new version is there at once: nothing on the way keeps the old one.
    site.put("all.rss", "<rss>new</rss>");
    site.door.changed(&["all.rss".to_owned()]);
    for front in nginx.iter().chain(&caddy) {
        let answer = Client::new(front.address).ask("GET", "/all.rss", &[], b"").expect(200);
        assert_eq!(answer.body, b"<rss>new</rss>");
    }
}

#[test]
fn a_site_in_a_folder_comes_through_with_it_and_without() {
    let site = Site::with("[site]\nurl = 'https://www.example.edu/news/'", Limits::default());
    site.put("all.rss", "<rss/>");
    site.put("index.html", "<title>News</title>");
    site.put("all.html", "<title>All</title>");
    let html = [("Accept", "text/html")];
    let nginx =
        [("handed", "proxy_pass http://feedgen;"), ("taken", "proxy_pass http://feedgen/;")].map(|(name, pass)| {
            let changes = [("location / {", "location /news/ {"), ("proxy_pass http://feedgen;", pass)];
            Front::nginx(block("nginx"), &site, name, &changes)
        });
    let caddy = [("handed", "handle"), ("taken", "handle_path")].map(|(name, directive)| {
        let line = "reverse_proxy 127.0.0.1:8077";
        let within = format!("{directive} /news/* {{\n{line}\n}}");
        Front::caddy(block("caddy"), &site, name, &[(line, &within)])
    });
    for front in nginx.iter().chain(&caddy).flatten() {
        let mut client = Client::new(front.address);
        assert_eq!(client.ask("GET", "/news/all.rss", &[], b"").expect(200).body, b"<rss/>");
        assert_eq!(client.ask("GET", "/news/", &[], b"").expect(200).body, b"<title>News</title>");
        let led = client.ask("GET", "/news/all", &html, b"").expect(302);
        assert_eq!(led.header("location"), Some("./all.html"));
    }
    for front in nginx.iter().flatten() {
        Client::new(front.address).ask("GET", "/all.rss", &[], b"").expect(404);
    }
    // Caddy answers with nothing what it was told nothing of.
    for front in caddy.iter().flatten() {
        assert_eq!(Client::new(front.address).ask("GET", "/all.rss", &[], b"").body, b"");
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
        let Some(nginx) = Front::nginx(SHORTEST, &site, name, &[change]) else { return };
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
    // One that lets those in who ask from here, and one that does not.
    let nginx = |name, block: &str| {
        let both = [block, "    location = /preview {"].concat();
        Front::nginx(self::block("nginx"), &site, name, &[("    location = /preview {", &both)])
    };
    let caddy = |name, block: &str| {
        let both = [block, "    reverse_proxy"].concat();
        Front::caddy(self::block("caddy"), &site, name, &[("    reverse_proxy", &both)])
    };
    let (for_nginx, for_caddy) = (blocks("nginx")[1], blocks("caddy")[1]);
    let fronts = [
        (nginx("inside", for_nginx), 200),
        (nginx("outside", &changed(for_nginx, &[("allow 127.0.0.0/8;", "")])), 403),
        (caddy("inside", for_caddy), 200),
        (caddy("outside", &changed(for_caddy, &[("127.0.0.0/8 ", "")])), 403),
    ];
    for (front, expected) in fronts {
        let Some(front) = front else { continue };
        let mut client = Client::new(front.address);
        for path in ["/status", "/status/news", "/status.json", "/status.atom", "/metrics"] {
            assert_eq!(client.ask("GET", path, &[], b"").status, expected, "{path}");
        }
        client.ask("GET", "/all.rss", &[], b"").expect(200);
        client.ask("GET", "/preview", &[], b"").expect(404);
    }
}
