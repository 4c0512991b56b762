//! Files that are so long that they are read in pieces: they say what the same file says when it is read as a whole.

use std::fmt::Write as _;

use super::*;
use crate::config::pieces::cuts;

/// A configuration of two hundred kilobytes.
fn long() -> String {
    let mut text = String::from("[site]\ntitle = 'Bees'\nurl = 'https://bees.example/'\n");
    for number in 0..2000 {
        write!(text, "\n[[source]]\nid = 's{number}'\nfeed = 'https://bees.example/{number}.xml'\nevery = '2h'\n")
            .unwrap();
        if number % 500 == 7 {
            write!(text, "[[feed]]\nid = 'f{number}'\nsources = ['s{number}']\n").unwrap();
        }
    }
    text
}

/// What comes of a text: settings with all places of values, or what is wrong and in which line.
fn outcome(text: &str) -> Result<(Settings, String), String> {
    let settings = Settings::from_text(text, "feedgen.toml", &Environment::new()).map_err(|error| error.to_string())?;
    Ok((settings, resolved(text, &Environment::new())))
}

/// The same text in a form that is not cut: in front of its sources stands a space.
fn as_a_whole(text: &str) -> String {
    text.replace("\n[[source]]", "\n [[source]]")
}

#[test]
fn a_long_file_is_cut_where_sources_begin() {
    let text = long();
    let (before, sources) = text.split_once("\n[[source]]").unwrap();
    let behind_its_sources = format!("[[source]]{sources}\n{before}");
    for text in [&text, &behind_its_sources] {
        assert!(cuts(text).len() > 10, "{:?}", cuts(text));
        assert!(Written::read("", "feedgen.toml", &Environment::new()).in_pieces(text));
    }
    let whole = as_a_whole(&text);
    assert_eq!(cuts(&whole), [0, whole.len()]);
}

#[test]
fn a_long_file_says_what_it_says_as_a_whole() {
    let text = long();
    let ((settings, told), (whole, told_as_a_whole)) = (outcome(&text).unwrap(), outcome(&as_a_whole(&text)).unwrap());
    assert_eq!(told, told_as_a_whole);
    assert_eq!(format!("{:?}", settings.sources), format!("{:?}", whole.sources));
    assert_eq!((settings.sources.len(), settings.feeds.len()), (2000, 4));
    assert_eq!(settings.sources[1999].id.as_str(), "s1999");
}

#[test]
fn what_is_wrong_in_a_long_file_is_told_in_its_line() {
    let source = "\n[[source]]\nid = 'last'\nfeed = 'https://bees.example/last.xml'\n";
    for wrong in [
        "[site]\nlanguage = 'en'\n",
        "[site.more]\n",
        "[publish]\nitems = 5\n[publish]\narchive = 0\n",
        "[feed]\nid = 'x'\n",
        "\n[[source]]\nid = 's3'\nfeed = 'https://bees.example/'\n",
        "evry = '1h'\n",
        "every = 5\n",
        "every = 'often'\n",
        "title = 'Bees\n",
        "]]\n",
        "[[sources]]\n",
    ] {
        let mut text = format!("{}{source}{wrong}", long());
        text.push_str("\n[[source]]\nid = 'behind'\nfeed = 'https://bees.example/behind.xml'\n");
        let told = outcome(&text).unwrap_err();
        assert_eq!(told, outcome(&as_a_whole(&text)).unwrap_err(), "{wrong}");
    }
    // A list in another form takes no tables.
    let text = long().replacen("[site]", "feed = [{ id = 'x' }]\n[site]", 1);
    assert_eq!(outcome(&text).unwrap_err(), outcome(&as_a_whole(&text)).unwrap_err());
}

#[test]
fn words_that_look_like_a_source_are_none() {
    let text = long();
    let text = format!(
        "{text}keep = ['''bee\n[[source]]\nwax''']\n\n[[source]]\nid = 'last'\nfeed = 'https://bees.example/'\n"
    );
    let (settings, _) = outcome(&text).unwrap();
    assert_eq!(settings.sources.len(), 2001);
    assert_eq!(settings.sources[1999].treatment.keep[0].as_str(), "bee\n[[source]]\nwax");
}
