//! Two months of a walk that goes on, in seconds: a clock that jumps to what is due next, that somebody sets forward and
//! back, and that summer time moves; sources that fail and recover; stops and starts. Nobody is visited twice or missed, and
//! nothing grows.

#![expect(clippy::panic, reason = "what a test does not find, it must tell")]
#![expect(clippy::unwrap_used, reason = "a test that cannot prepare its house has failed")]

#[path = "fetch/badweb.rs"]
#[expect(dead_code, reason = "the tests of the fetcher use more of it")]
mod badweb;
mod house;
#[path = "upstream/publisher.rs"]
#[expect(dead_code, reason = "the tests of feeds use more of it")]
mod publisher;

use std::collections::BTreeMap;
use std::io::Write;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use badweb::{Server, answer, send};
use chrono::{DateTime, MappedLocalTime, NaiveTime, TimeDelta, TimeZone as _, Utc};
use chrono_tz::Europe::Berlin;
use feedgen::config::{Environment, Settings};
use feedgen::refresh::ongoing::{Call, Clock, Told, go_on};
use feedgen::store::{Kind, Store};
use house::House;
use publisher::{CLOSE, Story, rss};
use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};

const MINUTE: u64 = 60;
const HOUR: u64 = 60 * MINUTE;
const DAY: u64 = 24 * HOUR;

/// That of the daemon: what others keep of freed memory says nothing of it.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// One test at a time: what they measure is that of the whole process.
static ALONE: Mutex<()> = Mutex::new(());

/// Something that happens at a certain second of a test.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Event {
    /// Somebody sets the clock forward by so many seconds, or back.
    Set(i64),
    /// The same, while a visit is under way: the next one.
    SetMeanwhile(i64),
    /// The daemon ends, and begins again after so many seconds.
    Stop(u64),
    /// What the process takes is measured.
    Measure,
    /// A server that nobody could reach is there at last.
    Open,
    /// The test is over.
    End,
}

/// A time by both clocks.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Moment {
    /// Seconds since the test began, which nobody sets.
    steady: u64,
    wall: DateTime<Utc>,
}

/// A clock that jumps to what is due next, where nothing is under way.
#[derive(Debug)]
struct Jumping(Mutex<State>);

#[derive(Debug)]
struct State {
    now: Moment,
    /// When the next source is due.
    next: Option<DateTime<Utc>>,
    /// What happens when, the next thing last.
    events: Vec<(u64, Event)>,
    /// The end that is under way.
    ending: Option<Event>,
    /// Between which moments nobody set the clock, and the daemon ran.
    stretches: Vec<(Moment, Moment)>,
    /// What the process took when it was measured: kilobytes of memory, and descriptors.
    measured: Vec<(u64, usize)>,
    end: Option<UnboundedSender<Call>>,
    /// Where a server opens at last.
    late: std::net::SocketAddr,
}

impl Jumping {
    fn at(&self) -> Moment {
        self.0.lock().unwrap().now
    }
}

impl State {
    fn pass(&mut self, seconds: u64) {
        self.now.steady += seconds;
        self.now.wall += TimeDelta::seconds(seconds.cast_signed());
    }

    /// Closes a stretch, and begins another one.
    fn cut(&mut self, change: impl FnOnce(&mut Self)) {
        let end = self.now;
        self.stretches.last_mut().unwrap().1 = end;
        change(self);
        self.stretches.push((self.now, self.now));
    }
}

impl Clock for Jumping {
    fn now(&self) -> DateTime<Utc> {
        self.at().wall
    }

    fn steady(&self) -> Duration {
        Duration::from_secs(self.at().steady)
    }

    fn wait(&self, time: Duration, is_busy: bool) -> Duration {
        let mut state = self.0.lock().unwrap();
        if is_busy {
            let now = state.now.steady;
            let Some((_, Event::SetMeanwhile(seconds))) =
                state.events.pop_if(|(at, event)| matches!(event, Event::SetMeanwhile(_)) && *at <= now)
            else {
                return Duration::from_millis(50);
            };
            state.cut(|state| state.now.wall += TimeDelta::seconds(seconds));
            return Duration::from_secs(5);
        }
        let due = state.next.map_or(HOUR, |next| (next - state.now.wall).num_seconds().max(1).unsigned_abs());
        // Ten seconds is the longest that is asked for, since the clock may be set meanwhile: here it is known when.
        let wait = if time < Duration::from_secs(10) { time.as_secs().max(1) } else { due.min(HOUR) };
        let (at, event) = *state.events.last().unwrap();
        if state.now.steady + wait < at || matches!(event, Event::SetMeanwhile(_)) {
            state.pass(wait);
            return Duration::ZERO;
        }
        let left = at.saturating_sub(state.now.steady);
        state.pass(left);
        state.events.pop();
        match event {
            Event::Set(seconds) => state.cut(|state| state.now.wall += TimeDelta::seconds(seconds)),
            Event::Measure => state.measured.push(taken()),
            Event::Open => {
                let address = state.late.to_string();
                Server::start_at(&address, feed("late", state.now.wall - TimeDelta::days(5), Arc::default()));
            }
            Event::SetMeanwhile(_) => {}
            Event::Stop(_) | Event::End => {
                state.ending = Some(event);
                state.end.as_ref().unwrap().send(Call::End).unwrap();
            }
        }
        Duration::ZERO
    }
}

/// Kilobytes of memory of this process that are its own, and its open descriptors.
fn taken() -> (u64, usize) {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("RssAnon:")).unwrap();
    let memory = line.trim().trim_end_matches(" kB").parse().unwrap();
    (memory, std::fs::read_dir("/proc/self/fd").unwrap().count())
}

/// How a feed behaves, which the test decides: the story that is its newest, and what goes wrong.
#[derive(Debug, Default)]
struct Mood {
    newest: usize,
    trouble: Trouble,
}

#[derive(Clone, Copy, Debug, Default, PartialEq)]
enum Trouble {
    #[default]
    None,
    /// Answers 500.
    Broken,
    /// Asks for three hours of rest.
    Busy,
    /// Answers late, but in time.
    Slow,
    /// Closes the connection and says nothing.
    Mute,
}

/// A feed of the last twenty stories, one each ten hours from `first` on, which knows what its visitors have seen.
fn feed(
    name: &'static str,
    first: DateTime<Utc>,
    mood: Arc<Mutex<Mood>>,
) -> impl Fn(&str, &mut dyn Write) + Send + Sync + 'static {
    move |head, out| {
        let Mood { newest, trouble } = *mood.lock().unwrap();
        match trouble {
            Trouble::None => {}
            Trouble::Slow => std::thread::sleep(Duration::from_millis(100)),
            Trouble::Broken => return send(out, b"HTTP/1.1 500 Oh\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"),
            Trouble::Busy => {
                return send(
                    out,
                    b"HTTP/1.1 503 Later\r\nconnection: close\r\nretry-after: 10800\r\ncontent-length: 0\r\n\r\n",
                );
            }
            Trouble::Mute => return,
        }
        let tag = format!("\"{newest}\"");
        if head.contains(&tag) {
            return send(out, format!("HTTP/1.1 304 Not Modified\r\n{CLOSE}etag: {tag}\r\n\r\n").as_bytes());
        }
        let story = |number: usize| {
            let at = first + TimeDelta::hours(10 * i64::try_from(number).unwrap());
            let address = format!("https://{name}.example/news/{number}");
            Story::new(number)
                .guid(&address)
                .link(&address)
                .title(&format!("The {name} tells of ship {number}"))
                .date(&at.to_rfc3339())
        };
        let stories: Vec<Story> = (newest.saturating_sub(19)..=newest).rev().map(story).collect();
        send(out, &answer(&format!("{CLOSE}etag: {tag}\r\n"), rss(&stories).as_bytes()));
    }
}

/// A visit, and how it went.
#[derive(Clone, Debug)]
struct Visit {
    at: Moment,
    error: Option<String>,
}

/// What came of some simulated days.
struct Past {
    visits: BTreeMap<String, Vec<Visit>>,
    stretches: Vec<(Moment, Moment)>,
    measured: Vec<(u64, usize)>,
    house: House,
}

/// Lets days pass from `begin` on. `troubles`: between which seconds the feed `frail` has which.
fn live(begin: &str, mut events: Vec<(u64, Event)>, troubles: &[(u64, u64, Trouble)]) -> Past {
    let (quay_mood, frail_mood): (Arc<Mutex<Mood>>, Arc<Mutex<Mood>>) = Default::default();
    let now = Moment { steady: 0, wall: begin.parse().unwrap() };
    // No clock goes back behind the date of a story.
    let first = now.wall - TimeDelta::days(5);
    let quay = Server::start(feed("quay", first, quay_mood.clone()));
    let frail = Server::start(feed("frail", first, frail_mood.clone()));
    let late = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let house = House::new();
    house.config(&format!(
        "{}[publish]\ndirectory = \"{root}/feeds\"\n[store]\npath = \"{root}/state/feedgen.db\"
[[source]]\nid = \"fixed\"\nfeed = \"{quay}\"\nevery = \"2h\"\nslowest = \"2h\"
[[source]]\nid = \"rhythm\"\nfeed = \"{quay}?rhythm\"\nevery = \"3h\"\nslowest = \"12h\"
[[source]]\nid = \"frail\"\nfeed = \"{frail}\"\nevery = \"2h\"\nslowest = \"4h\"
[[source]]\nid = \"late\"\nfeed = \"http://{late}/feed\"\nevery = \"3h\"\nslowest = \"3h\"
[[source]]\nid = \"times\"\nfeed = \"{quay}?times\"\nevery = \"30 2,19 * * *\"\ntimezone = \"Europe/Berlin\"
[[source]]\nid = \"folder\"\nfiles = \"{root}/news\"\nevery = \"6h\"\n",
        publisher::CONFIG,
        root = house.path("").display(),
        quay = quay.url("/feed"),
        frail = frail.url("/feed"),
    ));
    house.file("news/a.txt", house::TIDE);
    events.sort_by_key(|(at, _)| std::cmp::Reverse(*at));
    let clock = Arc::new(Jumping(Mutex::new(State {
        now,
        next: None,
        events,
        ending: None,
        stretches: vec![(now, now)],
        measured: Vec::new(),
        end: None,
        late,
    })));
    let settings = Settings::load(Some(&house.path("feedgen.toml")), &Environment::new()).unwrap();
    let mut visits: BTreeMap<String, Vec<Visit>> = BTreeMap::new();
    loop {
        let mut store = Store::open(&settings.store).unwrap();
        let (calls, mut called) = unbounded_channel();
        clock.0.lock().unwrap().end = Some(calls);
        let system: Arc<dyn Clock> = clock.clone();
        let mut tell = |told: Told<'_>| match told {
            Told::Waiting(next, _) => {
                for server in [&quay, &frail] {
                    server.requests.lock().unwrap().clear();
                }
                let mut state = clock.0.lock().unwrap();
                state.next = next;
                let second = state.now.steady;
                let newest = usize::try_from(second / (10 * HOUR)).unwrap();
                quay_mood.lock().unwrap().newest = newest;
                let trouble = troubles.iter().find(|(from, to, _)| (*from..*to).contains(&second));
                let trouble = trouble.map_or(Trouble::None, |(_, _, trouble)| *trouble);
                *frail_mood.lock().unwrap() = Mood { newest, trouble };
            }
            Told::Walked(line) => {
                visits.entry(line.id.clone()).or_default().push(Visit { at: clock.at(), error: line.error.clone() });
            }
            Told::Published(report, _) => assert!(report.failures.is_empty(), "{:?}", report.failures),
            Told::ClockSet(_) => {}
            Told::Untold(text) => unreachable!("{text}"),
            Told::Over => unreachable!("there was no trouble"),
        };
        let left = go_on(&settings, &mut store, &system, None, &mut called, &mut tell, &|| {}).unwrap();
        assert!(left.is_empty());
        let mut state = clock.0.lock().unwrap();
        match state.ending.take().unwrap() {
            Event::Stop(seconds) => state.cut(|state| state.pass(seconds)),
            _ => break,
        }
    }
    let mut state = clock.0.lock().unwrap();
    state.cut(|_| {});
    state.stretches.pop();
    Past { visits, stretches: state.stretches.clone(), measured: state.measured.clone(), house }
}

impl Past {
    /// Between `shortest` and `longest` seconds lie between two visits. Where the daemon did not run when one was due, it is made
    /// up for when it does.
    fn expect_gaps(&self, source: &str, shortest: u64, longest: u64) {
        for pair in self.visits[source].windows(2) {
            self.expect_gap(source, &pair[0], &pair[1], shortest, longest);
        }
    }

    fn expect_gap(&self, source: &str, first: &Visit, second: &Visit, shortest: u64, longest: u64) {
        let gap = second.at.steady - first.at.steady;
        let is_start = self.starts().any(|start| start == second.at.steady);
        // A clock that is set by less than five seconds is not told from one that goes wrong.
        let is_late = gap > longest + 5;
        assert!(gap + 5 >= shortest && (!is_late || is_start), "{source}: {gap} s between {first:?} and {second:?}");
    }

    /// Seconds at which the daemon began to run again.
    fn starts(&self) -> impl Iterator<Item = u64> + '_ {
        self.stretches.windows(2).filter(|pair| pair[1].0.steady > pair[0].1.steady).map(|pair| pair[1].0.steady)
    }

    /// A source that is visited at half past two and half past seven in the evening, Berlin time, was visited once at each of
    /// them that a clock showed, and once behind those that were passed over.
    fn expect_times(&self, source: &str) {
        let mut expected = vec![self.stretches[0].0.wall];
        let mut before = self.stretches[0].0.wall;
        for (start, end) in &self.stretches {
            if shown(before, start.wall).next().is_some() {
                expected.push(start.wall);
            }
            expected.extend(shown(start.wall, end.wall));
            before = end.wall;
        }
        let visited: Vec<_> = self.visits[source].iter().map(|visit| visit.at.wall).collect();
        let differs = expected
            .iter()
            .zip(&visited)
            .position(|(expected, visited)| (*expected - *visited).abs() > TimeDelta::seconds(11));
        assert_eq!((differs, visited.len()), (None, expected.len()), "{expected:#?} {visited:#?}");
    }

    /// No item is lost or doubled, in what is published of a source.
    fn expect_items(&self, source: &str, count: usize) {
        let titles = self.house.titles(&format!("sources/{source}.json"));
        let once: std::collections::BTreeSet<_> = titles.iter().collect();
        assert_eq!((titles.len(), once.len()), (count, count), "{source}: {titles:#?}");
    }
}

/// All times at which a clock in Berlin shows 2:30 or 19:30, behind `from` and up to `to`. Where it jumps over one, the moment at
/// which it does; where it shows one twice, the first.
fn shown(from: DateTime<Utc>, to: DateTime<Utc>) -> impl Iterator<Item = DateTime<Utc>> {
    let days = from.date_naive().pred_opt().unwrap().iter_days().take_while(move |day| *day <= to.date_naive());
    let times = days.flat_map(|day| {
        [(2, 30), (19, 30)].map(|(hour, minute)| day.and_time(NaiveTime::from_hms_opt(hour, minute, 0).unwrap()))
    });
    let at = |time: chrono::NaiveDateTime| match Berlin.from_local_datetime(&time) {
        MappedLocalTime::Single(at) | MappedLocalTime::Ambiguous(at, _) => at.to_utc(),
        // Half past two is half an hour behind the jump.
        MappedLocalTime::None => Berlin.from_local_datetime(&(time + TimeDelta::minutes(30))).unwrap().to_utc(),
    };
    times.map(at).filter(move |at| *at > from && *at <= to)
}

#[test]
fn two_months_with_all_that_happens_to_daemons() {
    let _alone = ALONE.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    let set = |at, seconds| (at, Event::Set(seconds));
    // By the thirtieth day the feeds are full.
    let measured = (30..60).map(|day| (day * DAY + HOUR, Event::Measure));
    let events = [
        set(2 * DAY, 3),
        set(2 * DAY + 5 * HOUR, -3),
        set(3 * DAY + 77, 40),
        set(3 * DAY + 7 * HOUR, -40),
        set(5 * DAY + HOUR, 5 * 3600),
        set(6 * DAY, -5 * 3600 - 1800),
        (7 * DAY + 100, Event::Stop(1)),
        (8 * DAY + 40 * MINUTE, Event::Stop(5)),
        set(9 * DAY, 20 * 86_400),
        set(9 * DAY + 6 * HOUR, -20 * 86_400),
        (10 * DAY, Event::Open),
        (11 * DAY, Event::Stop(7 * HOUR)),
        set(18 * DAY, -3 * 86_400),
        (18 * DAY + 9 * HOUR, Event::Stop(60)),
        set(19 * DAY, 3 * 86_400 + 1800),
        (24 * DAY, Event::SetMeanwhile(26 * 3600)),
        set(25 * DAY + 100, -26 * 3600),
        (60 * DAY, Event::End),
    ];
    let past = live(
        "2026-03-14T11:02:03Z",
        events.into_iter().chain(measured).collect(),
        &[
            (4 * DAY, 6 * DAY, Trouble::Broken),
            (12 * DAY, 13 * DAY, Trouble::Busy),
            (14 * DAY, 15 * DAY, Trouble::Slow),
            (20 * DAY, 23 * DAY, Trouble::Mute),
        ],
    );
    past.expect_gaps("fixed", 2 * HOUR, 2 * HOUR);
    past.expect_gaps("rhythm", 3 * HOUR, 12 * HOUR);
    past.expect_times("times");
    // A folder is looked at whenever the daemon begins, too.
    for pair in past.visits["folder"].windows(2) {
        if !past.starts().any(|start| start == pair[1].at.steady) {
            past.expect_gap("folder", &pair[0], &pair[1], 6 * HOUR, 6 * HOUR);
        }
    }
    // The wait doubles after each failure, up to a day, a tenth less at most.
    for (source, least, most) in [("frail", 2 * HOUR, 4 * HOUR), ("late", 3 * HOUR, 3 * HOUR)] {
        let (mut failures, visits) = (0, &past.visits[source]);
        for pair in visits.windows(2) {
            failures = if pair[0].error.is_some() { failures + 1 } else { 0 };
            let is_busy = pair[0].error.as_ref().is_some_and(|error| error.contains("503"));
            let wait = (least << (failures.max(1) - 1)).min(DAY);
            let shortest = (wait - wait / 10).max(least).max(if is_busy { 3 * HOUR } else { 0 });
            let longest = wait.max(shortest);
            let (shortest, longest) = if failures == 0 { (least, most) } else { (shortest, longest) };
            past.expect_gap(source, &pair[0], &pair[1], shortest, longest);
        }
        assert!(visits.iter().any(|visit| visit.error.is_some()) && visits.last().unwrap().error.is_none());
    }
    for source in ["fixed", "rhythm", "frail", "times"] {
        past.expect_items(source, 50);
    }
    past.expect_items("late", 1);
    past.expect_items("folder", 1);
    // Each trouble was told of once, and nobody fell silent for a clock that was set.
    let store = Store::open_to_read(&past.house.path("state/feedgen.db")).unwrap().unwrap();
    let mut incidents: Vec<_> = store.incidents(0, 100).unwrap();
    incidents.reverse();
    let told: Vec<_> = incidents.iter().map(|told| (told.source.as_str(), told.kind, told.closed.is_some())).collect();
    let over = |source| (source, Kind::Failing, true);
    assert_eq!(told, [over("late"), over("frail"), over("frail"), over("frail")], "{incidents:#?}");
    // Nothing grows. Of what the allocator holds back a tenth comes and goes from day to day: middles of ten days are compared.
    let (early, later) = (&past.measured[..10], &past.measured[20..]);
    let middle = |days: &[(u64, usize)]| {
        let mut memory: Vec<_> = days.iter().map(|(memory, _)| *memory).collect();
        *memory.select_nth_unstable(days.len() / 2).1
    };
    let (before, behind) = (middle(early), middle(later));
    assert_eq!(early[0].1, later[9].1, "descriptors");
    assert!(behind < before + before / 8, "{before} kB, then {behind} kB: {:?}", past.measured);
}

#[test]
fn a_week_in_which_summer_time_ends() {
    let _alone = ALONE.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    // Half past two is shown twice in the night to 25 October; then somebody sets the clock, and it is shown once more.
    let events = vec![
        (DAY, Event::Stop(1)),
        (2 * DAY + 13 * HOUR + 15 * MINUTE, Event::Set(-2 * 3600)),
        (4 * DAY, Event::Set(2 * 3600)),
        (5 * DAY, Event::End),
    ];
    let past = live("2026-10-22T12:00:00Z", events, &[]);
    past.expect_gaps("fixed", 2 * HOUR, 2 * HOUR);
    past.expect_gaps("rhythm", 3 * HOUR, 12 * HOUR);
    past.expect_times("times");
}
