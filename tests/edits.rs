//! The configuration as commands change it: at once, through links, and in forms that people write.

mod house;

use std::fs;
use std::os::unix::fs::symlink;
use std::process::Stdio;

use house::{House, TIDE};

fn configuration(house: &House) -> String {
    fs::read_to_string(house.path("feedgen.toml")).unwrap_or_default()
}

/// Whoever is told that a source was added finds it there, and whoever is not does not.
#[test]
fn of_edits_at_once_none_is_lost_and_none_told_wrongly() {
    let house = House::new();
    let names: Vec<String> = (0..6).map(|number| format!("urls-{number}")).collect();
    for (number, name) in names.iter().enumerate() {
        house.file(name, &format!("https://h{number}.example/rss\n"));
    }
    for round in 0..4 {
        house.config_with("[[source]]\nid = \"old\"\nfeed = \"https://old.example/rss\"\n");
        let begin = |name: &String| {
            let mut command = house.command(&["import", name]);
            command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
        };
        let begun: Vec<_> = names.iter().map(begin).collect();
        let ended: Vec<_> = begun.into_iter().map(|child| child.wait_with_output().unwrap()).collect();
        let written = configuration(&house);
        for (number, output) in ended.iter().enumerate() {
            let told = String::from_utf8_lossy(&output.stderr);
            assert!(output.status.success() && told.contains("added to "), "round {round}: {told}");
            assert!(written.contains(&format!("//h{number}.example/rss")), "round {round}: {told}\n{written}");
        }
        house.run(&["check"]).expect_ok();
        assert_eq!(written.matches("[[source]]").count(), 8, "round {round}: {written}");
        let left = fs::read_dir(house.path("")).unwrap().flatten();
        let left: Vec<_> = left.filter(|entry| entry.file_name().to_string_lossy().starts_with('.')).collect();
        assert!(left.is_empty(), "{left:?}");
    }
}

/// What a link leads to may be away for a moment: that is no reason to publish something else.
#[test]
fn a_link_that_leads_nowhere_is_no_lack_of_a_configuration() {
    let house = House::new();
    let settings = configuration(&house);
    house.file("news/a.txt", TIDE).file("real/c.toml", &settings).remove("feedgen.toml");
    symlink("real/c.toml", house.path("feedgen.toml")).unwrap();
    house.refresh().expect_ok();
    let before = house.published();
    house.rename("real", "away");
    for command in [&["refresh"][..], &["check"], &["status"], &["add", "news"]] {
        house
            .run(command)
            .expect_code(2)
            .expect_said("cannot read feedgen.toml: feedgen.toml is a link to real/c.toml, which is not there");
    }
    assert_eq!(house.published(), before);
    assert!(fs::symlink_metadata(house.path("feedgen.toml")).unwrap().is_symlink());
    // So may the folder that it lies in.
    house.remove("feedgen.toml");
    symlink("real", house.path("config")).unwrap();
    house.refresh().expect_code(2).expect_said("config is a link to real, which is not there");
    house.rename("away", "real").rename("real/c.toml", "real/feedgen.toml");
    house.refresh().expect_ok().expect_said("up to date");
}

#[test]
fn sources_in_one_value_are_left_as_they_are() {
    let house = House::new();
    house.file("urls", "https://quay.example/rss\n").file("news/a.txt", TIDE);
    for list in ["source = [{ id = \"n\", files = \"news\" }]\n", "source = []\n"] {
        house.config(list).run(&["check"]).expect_ok();
        for command in [["import", "urls"], ["add", "news"]] {
            house.run(&command).expect_code(2).expect_said("feedgen.toml has all sources in one value");
        }
        assert_eq!(configuration(&house), list);
    }
}

#[test]
fn a_name_that_is_none_is_told_with_the_next_step() {
    let house = House::new();
    house.file("urls", "https://quay.example/rss\n");
    house.run(&["-c", "new.toml", "import", "urls"]).expect_code(2).expect_said("make the file, which may be empty");
    house.file("new.toml", "").run(&["-c", "new.toml", "import", "urls"]).expect_ok().expect_said("added to");
}
