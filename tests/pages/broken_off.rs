//! A walk that is killed at any time loses and doubles nothing.

use std::time::Duration;

use crate::site::{Site, stories};

#[test]
fn a_walk_that_is_killed_loses_and_doubles_nothing() {
    let undisturbed = Site::new();
    let all = stories(1..=24);
    undisturbed.pages(&all, 8).visit().expect_ok();
    let titles = |site: &Site| site.items().into_iter().map(|item| (item.title, item.date)).collect::<Vec<_>>();
    let mut broken = 0;
    for wait in [20, 40, 60, 90, 130, 180, 240] {
        let site = Site::new();
        site.pages(&all, 8).tomorrow();
        let mut child = site
            .house
            .command(&["refresh"])
            .stdout(std::process::Stdio::null())
            .stderr(std::process::Stdio::null())
            .spawn()
            .unwrap();
        std::thread::sleep(Duration::from_millis(wait));
        child.kill().unwrap();
        broken += usize::from(!child.wait().unwrap().success());
        site.visit().expect_ok();
        assert_eq!(titles(&site), titles(&undisturbed), "killed after {wait} ms");
        let asked: Vec<String> = site.server.paths();
        assert!(asked.contains(&"/news/page2".to_owned()));
        assert_eq!(site.asks(), ["/news/"], "killed after {wait} ms");
    }
    assert!(broken > 0, "no walk was killed");
}
