use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::sync::atomic::{AtomicU64, Ordering};

use super::*;
use crate::config::Environment;
use crate::store::{Kind, Told as AlertTold};

/// It moves on by itself wherever somebody would wait for it.
#[derive(Debug, Default)]
struct Hasty(AtomicU64);

impl Clock for Hasty {
    fn now(&self) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + TimeDelta::days(20_000) + TimeDelta::from_std(self.steady()).unwrap()
    }

    fn steady(&self) -> Duration {
        Duration::from_millis(self.0.load(Ordering::Relaxed))
    }

    fn wait(&self, time: Duration, is_busy: bool) -> Duration {
        if is_busy {
            return Duration::from_millis(10);
        }
        self.0.fetch_add(u64::try_from(time.as_millis()).unwrap() + 1, Ordering::Relaxed);
        Duration::ZERO
    }
}

/// A site with a feed, and without a robots.txt. Returns the address of its feed.
fn site() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}/feed.xml", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let (mut stream, mut head) = (stream.unwrap(), [0; 4096]);
            let length = stream.read(&mut head).unwrap();
            let is_feed = String::from_utf8_lossy(&head[..length]).starts_with("GET /feed.xml");
            let (status, body) =
                if is_feed { ("200 OK", "<rss><channel><title>T</title></channel></rss>") } else { ("404 None", "") };
            let length = body.len();
            write!(stream, "HTTP/1.1 {status}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{body}").unwrap();
        }
    });
    address
}

/// A configuration with that feed alone, which keeps everything in a folder.
fn one_source(folder: &std::path::Path) -> Settings {
    let text = format!(
        "[publish]\ndirectory = '{0}/feeds'\n[store]\npath = '{0}/feedgen.db'\n[refresh]\nallow_private = ['127.0.0.1']\n\
         [[source]]\nid = 'news'\nfeed = '{1}'\nevery = '6h'\n",
        folder.display(),
        site()
    );
    Settings::from_text(&text, "feedgen.toml", &Environment::new()).unwrap()
}

#[test]
fn the_way_out_is_closed_when_nobody_was_on_it_for_a_minute() {
    let folder = std::env::temp_dir().join(format!("feedgen-ongoing-{}", std::process::id()));
    let settings = one_source(&folder);
    let mut store = Store::open(&settings.store).unwrap();
    let clock: Arc<dyn Clock> = Arc::new(Hasty::default());
    let (caller, mut calls) = mpsc::unbounded_channel();
    // What is known of robots.txt is handed over when the way out is closed.
    let is_kept =
        || Store::open_to_read(&settings.store).unwrap().is_some_and(|store| !store.robots().unwrap().is_empty());
    let (mut walked, mut kept_after) = (None, None);
    let mut tell = |told: Told<'_>| match told {
        Told::Walked(line) => {
            assert_eq!(line.error, None);
            walked = Some(clock.steady());
        }
        Told::Waiting(..) if walked.is_some() && kept_after.is_none() => {
            let since = walked.map(|walked| clock.steady().saturating_sub(walked));
            if is_kept() {
                kept_after = since;
            }
            if kept_after.is_some() || since > Some(Duration::from_mins(10)) {
                caller.send(Call::End).unwrap();
            }
        }
        _ => {}
    };
    let unanswered = go_on(&settings, &mut store, &clock, None, &mut calls, &mut tell, &|| ()).unwrap();
    assert!(unanswered.is_empty());
    let kept_after = kept_after.unwrap();
    assert!((60..90).contains(&kept_after.as_secs()), "{kept_after:?}");
    std::fs::remove_dir_all(folder).unwrap();
}

#[test]
fn trouble_is_over_when_what_was_due_is_stored_and_published() {
    let folder = std::env::temp_dir().join(format!("feedgen-trouble-{}", std::process::id()));
    let settings = one_source(&folder);
    let mut store = Store::open(&settings.store).unwrap();
    let clock: Arc<dyn Clock> = Arc::new(Hasty::default());
    let (caller, mut calls) = mpsc::unbounded_channel();
    let trouble = Incident {
        number: 0,
        source: String::new(),
        kind: Kind::Writing,
        opened: 7,
        closed: None,
        text: "the disk is full".to_owned(),
        told: AlertTold::Opening,
    };
    let mut told_of = Vec::new();
    let mut tell = |told: Told<'_>| match told {
        // What was published before it came is not all.
        Told::Published(..) => told_of.push("published"),
        Told::Walked(_) => told_of.push("walked"),
        Told::Over => {
            told_of.push("over");
            caller.send(Call::End).unwrap();
        }
        _ => {}
    };
    go_on(&settings, &mut store, &clock, Some(&trouble), &mut calls, &mut tell, &|| ()).unwrap();
    assert_eq!(told_of, ["published", "walked", "over"]);
    let noted = store.incidents(0, 9).unwrap();
    let [one] = &noted[..] else { panic!("{noted:?}") };
    assert!(one.closed.is_some());
    assert_eq!((one.opened, one.text.as_str()), (7, "the disk is full"));
    std::fs::remove_dir_all(folder).unwrap();
}
