//! Somebody is told when trouble begins and when it is over.

use crate::incidents::BROKEN;
use crate::publisher::{CONFIG, Stand, Story, rss};

const COMMAND: &str = r#"echo \"$FEEDGEN_ALERT $FEEDGEN_SOURCE $FEEDGEN_KIND: $FEEDGEN_TEXT\" >> alerts"#;

fn configure(stand: &Stand, command: Option<&str>) {
    let command = command.map(|command| format!("on_alert = \"{command}\"\n")).unwrap_or_default();
    stand.house.config(&format!("{CONFIG}{command}{}", stand.publisher.source("quay")));
}

/// What the command was told since this was last asked, a line each, up to the text.
fn alerts(stand: &Stand) -> Vec<String> {
    let path = stand.house.path("alerts");
    let told = std::fs::read_to_string(&path).unwrap_or_default();
    std::fs::write(path, "").unwrap();
    told.lines().map(|line| line.split(':').next().unwrap().to_owned()).collect()
}

fn breaks(stand: &Stand) {
    stand.publisher.answers(BROKEN);
    stand.visit().expect_code(1);
}

fn mends(stand: &Stand) {
    stand.publisher.says(&rss(&[Story::new(1)]));
    stand.visit().expect_ok();
}

#[test]
fn the_command_is_run_when_trouble_begins_and_when_it_is_over() {
    let stand = Stand::new();
    configure(&stand, Some(COMMAND));
    mends(&stand);
    breaks(&stand);
    assert_eq!(alerts(&stand), Vec::<String>::new());
    breaks(&stand);
    assert!(std::fs::read_to_string(stand.house.path("alerts")).unwrap().contains("answers 500"));
    assert_eq!(alerts(&stand), ["opened quay failing"]);
    breaks(&stand);
    assert_eq!(alerts(&stand), Vec::<String>::new());
    mends(&stand);
    assert_eq!(alerts(&stand), ["closed quay failing"]);
    mends(&stand);
    assert_eq!(alerts(&stand), Vec::<String>::new());
}

#[test]
fn a_command_that_fails_is_told_and_run_again() {
    let stand = Stand::new();
    configure(&stand, Some(&format!("test -e there && {COMMAND}")));
    mends(&stand);
    breaks(&stand);
    stand.visit().expect_code(1).expect_said("refresh.on_alert failed");
    mends(&stand);
    stand.house.file("there", "");
    // It begins and ends for whoever hears of it late, too.
    mends(&stand);
    assert_eq!(alerts(&stand), ["opened quay failing", "closed quay failing"]);
}

#[test]
fn what_was_opened_before_anybody_listened_is_told_and_what_was_over_is_not() {
    let stand = Stand::new();
    configure(&stand, None);
    mends(&stand);
    breaks(&stand);
    breaks(&stand);
    mends(&stand);
    breaks(&stand);
    breaks(&stand);
    // As after a walk that was killed between both.
    configure(&stand, Some(COMMAND));
    breaks(&stand);
    assert_eq!(alerts(&stand), ["opened quay failing"]);
}
