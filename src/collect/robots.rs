//! Whether the owner of a site welcomes programs: robots.txt (RFC 9309).

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use robotxt::Robots;
use serde::{Deserialize, Serialize};
use url::Url;

use super::fetch::{FetchError, Fetcher, Head, Request};
use super::schedule::retry_after;

/// Our product token: the name that a robots.txt calls us by (RFC 9309 §2.2.1).
pub const PRODUCT: &str = "feedgen";

/// How long rules are kept (RFC 9309 §2.4).
const KEPT: TimeDelta = TimeDelta::hours(24);
/// How long it counts that they could not be read.
const UNKNOWN: TimeDelta = TimeDelta::hours(1);
/// How long they are stored, after nobody has asked for them.
const STORED: TimeDelta = TimeDelta::days(30);
/// The longest wait that a server can ask for.
const LONGEST_WAIT: TimeDelta = TimeDelta::weeks(1);
/// The longest pause between requests that a site can ask for.
const LONGEST_DELAY: Duration = Duration::from_mins(1);

/// What the robots.txt of one origin says to us. Plain data, which can be kept from one walk to the next.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rules {
    verdict: Verdict,
    seen: DateTime<Utc>,
    /// Until when its server asks to wait (`Retry-After`, RFC 9110 §10.2.3).
    #[serde(default)]
    wait: Option<DateTime<Utc>>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
enum Verdict {
    /// There are rules.
    Rules(Robots),
    /// There is no such file: everything may be asked (RFC 9309 §2.3.1.3).
    None,
    /// It cannot be told at the moment, for that reason: nothing may be asked (RFC 9309 §2.3.1.4).
    Unknown(String),
}

/// The address of the robots.txt for an address (RFC 9309 §2.3). `None`: there is no host that could have one.
pub fn address(url: &Url) -> Option<Url> {
    robotxt::robots_url(url).ok()
}

impl Rules {
    /// Reads a robots.txt, its first 500 KiB (RFC 9309 §2.5).
    pub fn read(bytes: &[u8], now: DateTime<Utc>) -> Self {
        Self { verdict: Verdict::Rules(Robots::parse(bytes, PRODUCT)), seen: now, wait: None }
    }

    /// What follows from the outcome of asking for a robots.txt.
    pub fn of(outcome: &Result<Option<Vec<u8>>, FetchError>, now: DateTime<Utc>) -> Self {
        let verdict = match outcome {
            Ok(Some(bytes)) => return Self::read(bytes, now),
            Ok(None) | Err(FetchError::Redirect { .. }) => Verdict::None,
            // "Too many requests" does not say that there is no file.
            Err(FetchError::Status { status, .. }) if *status < 500 && *status != 429 => Verdict::None,
            // What may not be asked is refused when it is asked itself; it counts as soon as it may.
            Err(FetchError::Refused { .. }) => return Self { verdict: Verdict::None, seen: now - KEPT, wait: None },
            Err(error) => {
                let wait =
                    error.head().and_then(|head| retry_after(head, now)).map(|wait| now + wait.min(LONGEST_WAIT));
                // Where nobody answered, nothing was told that would count for later, or for who goes another way. Nor would anybody answer
                // who is asked for something else.
                let (seen, problem) = if is_unanswered(error) {
                    (now - UNKNOWN, error.to_string())
                } else {
                    let advice = "set robots = false for this source if its owner agrees";
                    (now, format!("its robots.txt cannot be read ({error}); {advice}"))
                };
                return Self { verdict: Verdict::Unknown(problem), seen, wait };
            }
        };
        Self { verdict, seen: now, wait: None }
    }

    /// Whether these rules still count.
    pub fn is_fresh(&self, now: DateTime<Utc>) -> bool {
        let kept = if matches!(self.verdict, Verdict::Unknown(_)) { UNKNOWN } else { KEPT };
        // What was seen in the future was seen by a clock that was wrong.
        self.seen <= now && (now - self.seen < kept || self.wait.is_some_and(|wait| now < wait))
    }

    /// Whether they were seen so long ago that they need not be stored any more, not even as the last words of an origin.
    pub fn is_forgotten(&self, now: DateTime<Utc>) -> bool {
        now - self.seen > STORED
    }

    /// Whether an address of this origin may be asked.
    ///
    /// # Errors
    /// [`FetchError::Robots`] when it may not, [`FetchError::RobotsUnknown`] when that cannot be told.
    pub fn check(&self, url: &Url) -> Result<(), FetchError> {
        match &self.verdict {
            Verdict::Rules(robots) if !robots.is_url_allowed(url) => {
                Err(FetchError::Robots { url: super::fetch::shown(url) })
            }
            Verdict::Rules(_) | Verdict::None => Ok(()),
            Verdict::Unknown(problem) => {
                let retry_after = self.wait.map(|wait| wait.format("%a, %d %b %Y %H:%M:%S GMT").to_string());
                let head = Box::new(Head { retry_after, ..Head::default() });
                Err(FetchError::RobotsUnknown { url: super::fetch::shown(url), problem: problem.clone(), head })
            }
        }
    }

    /// The pause between two requests that the site asks for (`Crawl-delay`, which RFC 9309 does not know but sites use).
    pub fn delay(&self) -> Option<Duration> {
        match &self.verdict {
            Verdict::Rules(robots) => robots.crawl_delay().map(|delay| delay.min(LONGEST_DELAY)),
            _ => None,
        }
    }
}

/// Whether it failed before there was an answer: that may be the fault of a proxy, of a certificate that is trusted, of a name
/// service.
fn is_unanswered(error: &FetchError) -> bool {
    use FetchError::{Certificate, Late, Setting, Unknown, Unreachable};
    matches!(error, Unknown { .. } | Unreachable { .. } | Late { .. } | Certificate { .. } | Setting(_))
}

/// Asks for the robots.txt of the origin of a request, in the manner of that request, and follows up to five redirects.
/// Where it cannot be read, older rules go on for another hour (RFC 9309 §2.3.1.4).
pub async fn ask(fetcher: &Fetcher, request: &Request, former: Option<Rules>, now: DateTime<Utc>) -> Rules {
    let Some(url) = address(&request.url) else { return Rules::of(&Ok(None), now) };
    let asked = Request { url, validators: None, accept: "text/plain, */*;q=0.5", ..request.clone() };
    let outcome = fetcher.fetch(&asked).await.map(|answer| answer.body);
    let rules = Rules::of(&outcome, now);
    match (&rules.verdict, former) {
        (Verdict::Unknown(_), Some(Rules { verdict: former @ (Verdict::Rules(_) | Verdict::None), .. })) => {
            Rules { verdict: former, seen: now - KEPT + UNKNOWN, wait: rules.wait }
        }
        _ => rules,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now() -> DateTime<Utc> {
        "2026-03-06T10:00:00Z".parse().expect("a time")
    }

    fn url(path: &str) -> Url {
        Url::parse("https://news.example.edu/").and_then(|url| url.join(path)).expect("a URL")
    }

    fn status(status: u16) -> Result<Option<Vec<u8>>, FetchError> {
        Err(FetchError::Status { url: String::new(), status, head: Box::default() })
    }

    #[test]
    fn our_own_group_counts_and_the_longest_rule_wins() {
        let text = b"User-agent: *\nDisallow: /\n\nuser-agent: FeedGen\nDisallow: /private/\nAllow: /private/news*.xml$\nCrawl-delay: 2\n";
        let rules = Rules::read(text, now());
        assert!(rules.check(&url("/feed.xml")).is_ok());
        assert!(rules.check(&url("/private/news-1.xml")).is_ok());
        assert!(rules.check(&url("/private/news-1.xml?page=2")).is_err());
        let refused = rules.check(&url("/private/a")).expect_err("a refusal").to_string();
        assert!(
            refused.contains("https://news.example.edu/private/a") && refused.contains("robots = false"),
            "{refused}"
        );
        assert_eq!(rules.delay(), Some(Duration::from_secs(2)));
        let others = Rules::read(b"User-agent: other\nDisallow: /\n", now());
        assert!(others.check(&url("/")).is_ok());
        let slow = Rules::read(b"User-agent: *\nCrawl-delay: 3600", now());
        assert_eq!(slow.delay(), Some(LONGEST_DELAY));
    }

    #[test]
    fn a_missing_file_welcomes_and_a_broken_server_does_not() {
        for code in [400, 401, 403, 404, 410, 451] {
            assert!(Rules::of(&status(code), now()).check(&url("/")).is_ok(), "{code}");
        }
        for code in [429, 500, 503] {
            let refused = Rules::of(&status(code), now()).check(&url("/")).expect_err("a refusal");
            assert!(matches!(refused, FetchError::RobotsUnknown { .. }), "{code}");
        }
        let endless = FetchError::Redirect { url: String::new(), problem: "" };
        assert!(Rules::of(&Err(endless), now()).check(&url("/")).is_ok());
    }

    #[test]
    fn what_may_not_be_asked_is_not_taken_for_a_broken_server() {
        let refused = FetchError::Refused { url: String::new(), refusal: crate::collect::address::Refusal::Hostless };
        let rules = Rules::of(&Err(refused), now());
        assert!(rules.check(&url("/")).is_ok() && !rules.is_fresh(now()));
    }

    #[test]
    fn what_failed_before_there_was_an_answer_does_not_count_for_later() {
        let host = || "news.example.edu".to_owned();
        let late = |stage| FetchError::Late { host: host(), stage, limit: Duration::from_secs(20) };
        let fault = crate::collect::fetch::CertificateFault::UnknownIssuer;
        let unanswered = [
            FetchError::Unknown { host: host(), problem: String::new() },
            FetchError::Unreachable { host: host(), problem: String::new() },
            FetchError::Certificate { host: host(), fault },
            FetchError::Setting(String::new()),
            late(crate::collect::fetch::Stage::Connect),
        ];
        for error in unanswered {
            let rules = Rules::of(&Err(error), now());
            assert!(rules.check(&url("/")).is_err() && !rules.is_fresh(now()), "{rules:?}");
        }
        let broken = FetchError::Body { url: String::new(), problem: String::new() };
        for answered in [status(429), status(503), Err(broken)] {
            assert!(Rules::of(&answered, now()).is_fresh(now() + TimeDelta::minutes(59)), "{answered:?}");
        }
    }

    #[test]
    fn what_was_seen_a_month_ago_is_forgotten() {
        let rules = Rules::read(b"", now());
        assert!(!rules.is_forgotten(now() + TimeDelta::days(30)) && rules.is_forgotten(now() + TimeDelta::days(31)));
    }

    #[test]
    fn rules_are_kept_for_a_day() {
        let rules = Rules::read(b"", now());
        assert!(rules.is_fresh(now()) && rules.is_fresh(now() + TimeDelta::hours(23)));
        assert!(!rules.is_fresh(now() + TimeDelta::hours(24)) && !rules.is_fresh(now() - TimeDelta::hours(1)));
        assert!(!Rules::of(&status(500), now()).is_fresh(now() + TimeDelta::hours(1)));
    }

    #[test]
    fn who_asks_to_wait_is_waited_for() {
        let unread = |retry_after: &str| {
            let head = Head { retry_after: Some(retry_after.to_owned()), ..Head::default() };
            Rules::of(&Err(FetchError::Status { url: String::new(), status: 503, head: Box::new(head) }), now())
        };
        for told in ["10800", "Fri, 06 Mar 2026 13:00:00 GMT"] {
            let rules = unread(told);
            assert!(rules.is_fresh(now() + TimeDelta::minutes(179)) && !rules.is_fresh(now() + TimeDelta::hours(3)));
            let refused = rules.check(&url("/")).expect_err("a refusal");
            let wait = refused.head().and_then(|head| retry_after(head, now() + TimeDelta::hours(1)));
            assert_eq!(wait, Some(TimeDelta::hours(2)));
            assert!(refused.to_string().contains("set robots = false"), "{refused}");
        }
        assert!(!unread("31536000").is_fresh(now() + TimeDelta::weeks(1)));
    }

    #[test]
    fn rules_survive_a_restart() {
        let rules = Rules::read(b"User-agent: *\nDisallow: /a\nAllow: /a/b\n", now());
        let kept: Rules = serde_json::to_string(&rules).and_then(|text| serde_json::from_str(&text)).expect("rules");
        assert_eq!(kept, rules);
        assert!(kept.check(&url("/a")).is_err() && kept.check(&url("/a/b")).is_ok());
    }

    #[test]
    fn a_robots_txt_belongs_to_its_origin() {
        let found = address(&Url::parse("http://me:pw@news.example.edu:8080/a/b?c#d").expect("a URL"));
        assert_eq!(found.map(|url| url.to_string()).as_deref(), Some("http://news.example.edu:8080/robots.txt"));
    }
}
