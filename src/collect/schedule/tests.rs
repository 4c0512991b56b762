use proptest::prelude::*;

use chrono::Weekday;

use super::*;

const POLICY: Policy =
    Policy { every: TimeDelta::minutes(30), least: TimeDelta::minutes(15), most: TimeDelta::hours(12) };

fn now() -> DateTime<Utc> {
    // A Friday.
    "2026-03-06T10:00:00Z".parse().expect("a time")
}

fn status(status: u16, retry_after: Option<&str>) -> FetchError {
    let head = Head { retry_after: retry_after.map(str::to_owned), ..Head::default() };
    FetchError::Status { url: "https://news.example.edu/".to_owned(), status, head: Box::new(head) }
}

fn late() -> FetchError {
    status(503, None)
}

fn answered(head: &Head, hints: &Visits, items: &[DateTime<Utc>]) -> Due {
    due("a", Outcome::Answered { head, hints, items }, POLICY, now())
}

fn failed(error: &FetchError, in_a_row: u32) -> Due {
    due("a", Outcome::Failed { error, in_a_row }, POLICY, now())
}

fn hours(due: &Due) -> f64 {
    f64::from(i32::try_from((due.at - now()).num_seconds()).expect("a wait")) / 3600.0
}

#[track_caller]
fn check(due: &Due, about_hours: f64, reason: &str) {
    let wait = hours(due);
    assert!((about_hours * 0.9..=about_hours * 1.1).contains(&wait), "{wait} h, not {about_hours}: {}", due.reason);
    assert_eq!(due.reason.to_string(), reason);
}

fn items_every(gap: TimeDelta, count: i32) -> Vec<DateTime<Utc>> {
    (1..=count).map(|n| now() - gap * n).collect()
}

#[test]
fn without_knowledge_the_configuration_decides() {
    check(&answered(&Head::default(), &Visits::default(), &[]), 0.5, "every 30 min, as configured");
    let every = TimeDelta::hours(2);
    let fixed = Policy { every, least: every, most: every };
    let head = Head { cache_control: Some("max-age=86400".to_owned()), ..Head::default() };
    let hints = Visits { ttl: Some(600), skip_hours: (0..24).collect(), ..Visits::default() };
    let outcome = Outcome::Answered { head: &head, hints: &hints, items: &items_every(DAY, 10) };
    let due = due("a", outcome, fixed, now());
    assert_eq!((due.at - now(), due.reason.to_string().as_str()), (TimeDelta::hours(2), "every 2 h, as configured"));
}

#[test]
fn a_source_is_asked_in_its_own_rhythm() {
    let rhythm = |items: &[DateTime<Utc>]| answered(&Head::default(), &Visits::default(), items);
    check(&rhythm(&items_every(DAY, 20)), 6.0, "its news comes about 1 d apart");
    check(&rhythm(&items_every(TimeDelta::minutes(2), 20)), 0.25, "its news comes about 2 min apart");
    check(&rhythm(&items_every(TimeDelta::days(300), 2)), 12.0, "its news comes about 300 d apart");
    check(&rhythm(&[now() + DAY]), 0.5, "every 30 min, as configured");
    let silent: Vec<_> =
        items_every(TimeDelta::minutes(2), 10).iter().map(|item| *item - TimeDelta::days(20)).collect();
    check(&rhythm(&silent), 12.0, "its news comes about 2 d apart");
}

#[test]
fn freshness_is_waited_for() {
    let fresh = |cache: &str, expires: &str, date: &str, age: &str| {
        let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        let head = Head {
            cache_control: some(cache),
            expires: some(expires),
            date: some(date),
            age: some(age),
            ..Head::default()
        };
        freshness(&head, now()).map(|fresh| fresh.num_seconds())
    };
    assert_eq!(fresh("", "", "", ""), None);
    assert_eq!(fresh("public, Max-Age=7200", "", "", ""), Some(7200));
    assert_eq!(fresh("max-age=\"60\"", "", "", ""), Some(60));
    assert_eq!(fresh("max-age=7200", "", "", "7000"), Some(200));
    assert_eq!(fresh("max-age=7200", "", "", "8000"), None);
    assert_eq!(fresh("max-age=7200, no-cache", "", "", ""), None);
    assert_eq!(fresh("no-store", "Fri, 06 Mar 2026 12:00:00 GMT", "", ""), None);
    assert_eq!(fresh("max-age=soon", "Fri, 06 Mar 2026 12:00:00 GMT", "", ""), None, "no number is stale");
    assert_eq!(fresh("max-age=-1", "", "", ""), None);
    assert_eq!(fresh("max-age=60, max-age=7200", "", "", ""), Some(60), "the first counts");
    assert_eq!(fresh("max-age=99999999999999999999", "", "", ""), Some(i64::from(365 * 86_400)));
    assert_eq!(fresh("", "Fri, 06 Mar 2026 12:00:00 GMT", "", ""), Some(7200));
    assert_eq!(fresh("", "Fri, 06 Mar 2026 12:00:00 GMT", "Fri, 06 Mar 2026 11:59:00 GMT", ""), Some(60));
    assert_eq!(fresh("", "0", "", ""), None);
    assert_eq!(fresh("max-age=60", "Fri, 06 Mar 2026 12:00:00 GMT", "", ""), Some(60), "max-age over Expires");

    let head = Head { cache_control: Some("max-age=7200".to_owned()), ..Head::default() };
    let told = "its server says that the answer is fresh for 2 h";
    check(&answered(&head, &Visits::default(), &[]), 2.0, told);
    let head = Head { cache_control: Some("max-age=31536000".to_owned()), ..Head::default() };
    check(&answered(&head, &Visits::default(), &[]), 12.0, "its server says that the answer is fresh for 365 d");
}

#[test]
fn dates_of_http_are_read_in_three_ways() {
    let expected = "1994-11-06T08:49:37Z".parse().ok();
    for text in ["Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994"] {
        assert_eq!(http_date(text), expected, "{text}");
    }
    for text in ["", "0", "-1", "tomorrow", "Sun, 06 Nov 99999 08:49:37 GMT"] {
        assert_eq!(http_date(text), None, "{text}");
    }
}

#[test]
fn the_feed_says_how_often() {
    let feed = |hints: &Visits| answered(&Head::default(), hints, &[]);
    let told = "the feed asks for 1 h 30 min between visits (ttl)";
    check(&feed(&Visits { ttl: Some(90), ..Visits::default() }), 1.5, told);
    check(&feed(&Visits { ttl: Some(0), ..Visits::default() }), 0.5, "every 30 min, as configured");
    check(
        &feed(&Visits { ttl: Some(u32::MAX), ..Visits::default() }),
        12.0,
        &Reason::Ttl(TimeDelta::minutes(u32::MAX.into())).to_string(),
    );
    let update =
        |period, frequency, base| Visits { update: Some(Update { period, frequency, base }), ..Visits::default() };
    let told = "the feed says it is updated every 6 h (sy:updatePeriod)";
    check(&feed(&update(Period::Daily, 4, None)), 6.0, told);
    check(&feed(&update(Period::Daily, 0, None)), 12.0, "the feed says it is updated every 1 d (sy:updatePeriod)");
    // 04:00, 10:00, 16:00 …: the next one that is a quarter of an hour away.
    check(&feed(&update(Period::Daily, 4, "2020-01-01T04:00:00Z".parse().ok())), 6.0, told);
    check(&feed(&update(Period::Daily, 4, "2020-01-01T06:00:00Z".parse().ok())), 2.0, told);
    check(&feed(&update(Period::Daily, 4, "2030-01-01T06:00:00Z".parse().ok())), 2.0, told);
}

#[test]
fn hours_and_days_are_skipped() {
    let feed = |hints: &Visits| answered(&Head::default(), hints, &[]);
    let told = "the feed asks not to be visited before (skipHours, skipDays)";
    let hours = Visits { skip_hours: vec![10, 11, 12, 24], ..Visits::default() };
    check(&feed(&hours), 3.5, told);
    let all = Visits { skip_hours: (0..24).collect(), ..Visits::default() };
    check(&feed(&all), 0.5, "every 30 min, as configured");
    let today = Visits { skip_days: vec![Weekday::Fri], ..Visits::default() };
    check(&feed(&today), 0.5, "every 30 min, as configured");
    let longer = Policy { most: DAY, ..POLICY };
    let due = due("a", Outcome::Answered { head: &Head::default(), hints: &today, items: &[] }, longer, now());
    assert_eq!((due.at.weekday(), due.reason), (Weekday::Sat, Reason::Skipped));
}

#[test]
fn failures_are_waited_out() {
    check(&failed(&late(), 1), 0.5, "the last visit failed");
    check(&failed(&late(), 2), 1.0, "the last 2 visits failed");
    check(&failed(&late(), 5), 8.0, "the last 5 visits failed");
    check(&failed(&late(), u32::MAX), 24.0, "the last 4294967295 visits failed");
    check(&failed(&status(410, None), 1), 7.0 * 24.0, "it is gone (410), and asked once a week");
}

#[test]
fn who_asks_to_wait_is_waited_for() {
    let told = "its server asks to wait until then (Retry-After)";
    check(&failed(&status(503, Some("7200")), 1), 2.0, told);
    check(&failed(&status(429, Some("Fri, 06 Mar 2026 13:00:00 GMT")), 1), 3.0, told);
    check(&failed(&status(503, Some("60")), 1), 0.5, "the last visit failed");
    check(&failed(&status(503, Some("soon")), 1), 0.5, "the last visit failed");
    check(&failed(&status(503, Some("99999999999")), 1), 7.0 * 24.0, told);
    let head = Head { retry_after: Some("86400".to_owned()), ..Head::default() };
    check(&answered(&head, &Visits::default(), &[]), 24.0, told);
    let skewed = Head {
        retry_after: Some("Fri, 06 Mar 2020 13:00:00 GMT".to_owned()),
        date: Some("Fri, 06 Mar 2020 12:00:00 GMT".to_owned()),
        ..Head::default()
    };
    check(&answered(&skewed, &Visits::default(), &[]), 1.0, told);
}

#[test]
fn what_was_not_asked_is_asked_as_soon_as_its_host_allows_it() {
    let held = |seconds: &str| {
        let head = Head { retry_after: Some(seconds.to_owned()), ..Head::default() };
        FetchError::Held { host: "news.example.edu".to_owned(), head: Box::new(head) }
    };
    let told = "its server asks to wait until then (Retry-After)";
    for (seconds, minutes) in [("7200", 120.0), ("300", 5.0), ("2", 1.0)] {
        check(&failed(&held(seconds), 9), minutes / 60.0, told);
        let times = Times::new("0 7 * * *").expect("a line");
        let outcome = Outcome::Failed { error: &held(seconds), in_a_row: 1 };
        check(&due("a", outcome, Pace::At(&times, Tz::UTC), now()), minutes / 60.0, told);
    }
}

#[test]
fn sources_that_are_alike_are_not_due_together() {
    let (head, hints) = (Head::default(), Visits::default());
    let times: std::collections::BTreeSet<_> = (0..1000)
        .map(|n| due(&format!("s{n}"), Outcome::Answered { head: &head, hints: &hints, items: &[] }, POLICY, now()).at)
        .collect();
    assert!(times.len() > 150, "of the 180 seconds of the spread {} are taken", times.len());
}

fn at_times(line: &str, outcome: Outcome<'_>) -> (String, Reason) {
    let times = Times::new(line).expect("a line");
    let due = due("a", outcome, Pace::At(&times, "Asia/Shanghai".parse().unwrap()), now());
    (due.at.format("%d %H:%M:%S").to_string(), due.reason)
}

/// It is 18:00 in Shanghai.
#[test]
fn times_of_the_configuration_are_kept() {
    let told = |line: &str| Reason::Times(line.to_owned());
    let head = Head { cache_control: Some("max-age=86400".to_owned()), ..Head::default() };
    let hints = Visits { ttl: Some(600), skip_hours: (0..24).collect(), ..Visits::default() };
    let answered = || Outcome::Answered { head: &head, hints: &hints, items: &[] };
    assert_eq!(at_times("30 7-22 * * *", answered()), ("06 10:30:00".to_owned(), told("30 7-22 * * *")));
    assert_eq!(at_times("0 18 * * *", answered()), ("07 10:00:00".to_owned(), told("0 18 * * *")));
    assert_eq!(told("0 18 * * *").to_string(), "at the times \"0 18 * * *\", as configured");
}

#[test]
fn what_fails_is_asked_again_before_its_next_time() {
    let failed = |line: &str, error: &FetchError, in_a_row| at_times(line, Outcome::Failed { error, in_a_row });
    let (soon, reason) = failed("0 7 * * *", &late(), 1);
    assert!(("06 10:13:00".."06 10:15:01").contains(&soon.as_str()) && reason == Reason::Failed(1), "{soon}");
    let (later, _) = failed("0 7 * * *", &late(), 4);
    assert!(("06 11:40:00".."06 12:01:00").contains(&later.as_str()), "{later}");
    assert_eq!(failed("0 7 * * *", &late(), 40).0, "06 23:00:00");
    assert_eq!(failed("*/5 * * * *", &late(), 40).0, "06 10:05:00");
    // Who asks to wait is met at the first time that is not before that.
    assert_eq!(failed("*/5 * * * *", &status(503, Some("301")), 1), ("06 10:10:00".to_owned(), Reason::RetryAfter));
    assert_eq!(failed("*/5 * * * *", &status(503, Some("300")), 1).0, "06 10:05:00");
    assert_eq!(failed("0 * * * *", &status(503, Some("3600")), 1).0, "06 11:00:00");
    assert_eq!(failed("0 7 * * *", &status(410, None), 1), ("13 23:00:00".to_owned(), Reason::Gone));
}

#[test]
fn a_time_that_nobody_could_have_set_does_not_hold() {
    let times = Times::new("0 7 * * *").expect("a line");
    let (daily, zone) = (Pace::At(&times, Tz::UTC), Tz::UTC);
    let in_hours = |hours| now() + TimeDelta::hours(hours);
    let next = times.next(now(), zone);
    assert_eq!(holds(in_hours(3), false, daily, now()), in_hours(3));
    assert_eq!(holds(in_hours(300), false, daily, now()), now());
    assert_eq!(holds(in_hours(100), true, daily, now()), in_hours(100));
    assert!(!is_due(next, false, daily, next - TimeDelta::seconds(1)) && is_due(next, false, daily, next));
    assert_eq!(holds(in_hours(3), false, POLICY, now()), in_hours(3));
    assert_eq!(holds(in_hours(300), false, POLICY, now()), now());
    let minutes = TimeDelta::minutes;
    assert!(is_due(now() + minutes(7), false, POLICY, now()) && !is_due(now() + minutes(8), false, POLICY, now()));
    assert!(!is_due(now() + minutes(7), true, POLICY, now()));
}

fn some_policy() -> impl Strategy<Value = Policy> {
    (1..200_000_i64, 0..200_000_i64, 0..200_000_i64).prop_map(|(least, more, most)| Policy {
        least: TimeDelta::seconds(least),
        every: TimeDelta::seconds(least + more),
        most: TimeDelta::seconds(least + most),
    })
}

fn some_hints() -> impl Strategy<Value = Visits> {
    let period =
        prop::sample::select(vec![Period::Hourly, Period::Daily, Period::Weekly, Period::Monthly, Period::Yearly]);
    let base = prop::option::of(-4_000_000_000_i64..4_000_000_000)
        .prop_map(|base| base.and_then(|seconds| DateTime::from_timestamp(seconds, 0)));
    let update = (period, any::<u32>(), base).prop_map(|(period, frequency, base)| Update { period, frequency, base });
    let days = prop::collection::vec(prop::sample::select(vec![Weekday::Mon, Weekday::Fri, Weekday::Sat]), 0..4);
    (prop::option::of(any::<u32>()), prop::option::of(update), prop::collection::vec(any::<u8>(), 0..30), days)
        .prop_map(|(ttl, update, skip_hours, skip_days)| Visits { ttl, update, skip_hours, skip_days, language: None })
}

proptest! {
    #[test]
    fn bounds_are_kept(
        policy in some_policy(),
        hints in some_hints(),
        max_age in any::<u64>(),
        ages in prop::collection::vec(-10_000_000..10_000_000_i64, 0..20),
        source in "[a-z]{1,8}",
    ) {
        let head = Head { cache_control: Some(format!("max-age={max_age}")), ..Head::default() };
        let items: Vec<_> = ages.into_iter().map(|age| now() - TimeDelta::seconds(age)).collect();
        let due = due(&source, Outcome::Answered { head: &head, hints: &hints, items: &items }, policy, now());
        let wait = due.at - now();
        prop_assert!(policy.least <= wait && wait <= policy.most + TimeDelta::seconds(1), "{wait} {policy:?}");
        prop_assert!(wait <= longest(policy));
    }

    #[test]
    fn nobody_comes_before_the_time_asked_for(wait in 0_u32..1_000_000, in_a_row in any::<u32>(), policy in some_policy()) {
        let error = status(503, Some(&wait.to_string()));
        let due = due("a", Outcome::Failed { error: &error, in_a_row }, policy, now());
        prop_assert!(due.at - now() >= TimeDelta::seconds(wait.into()).min(WEEK));
        prop_assert!(due.at - now() <= longest(policy));
    }

    #[test]
    fn more_failures_never_mean_a_shorter_wait(policy in some_policy(), source in "[a-z]{1,8}") {
        let at = |in_a_row| due(&source, Outcome::Failed { error: &late(), in_a_row }, policy, now()).at;
        for in_a_row in 1..40 {
            prop_assert!(at(in_a_row) <= at(in_a_row + 1));
            prop_assert!(at(in_a_row) - now() <= DAY.max(policy.clamp(policy.every)));
        }
    }
}
