use std::fs;
use std::path::PathBuf;

use proptest::prelude::*;

use super::keys::{Kind, Shape, TABLES};
use super::*;

fn nothing() -> Environment {
    Environment::new()
}

fn environment(pairs: &[(&str, &str)]) -> Environment {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

fn settings(text: &str) -> Settings {
    Settings::from_text(text, "feedgen.toml", &nothing()).unwrap_or_else(|error| panic!("{error}\n\nin\n\n{text}"))
}

fn complaint(text: &str, environment: &Environment) -> String {
    Settings::from_text(text, "feedgen.toml", environment).unwrap_err().to_string()
}

#[test]
fn dbg_spans() {
    for text in [
        "[sites]\ntitel = 'x'\n[site]\ntitel = \"x\"\nurl = 5\n\n[[source]]\nfiles = 'news'\n[[source]]\nid = 'Big One'\n",
        "[site]\ntitle = \"x\nurl = 5\nurl = 6\n[publish\nformats = [\"a\", 4]\n",
        "[source]\nfiles = 'news'\n",
        "title = 'x'\n[[site]]\ntitle='y'\n[[feed]]\nsources=['nwes']\n[[source]]\npage='x'\nitems=5000\nkeep=['a(']\n",
        "site = { title = '大学新闻', languages = 'x', timezone = 'Asia/Beijing' }\n[publish]\nformats='rss'\nitems='5'\n",
        "a = [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[",
    ] {
        println!("-----\n{text}-----\n{}\n", complaint(text, &nothing()));
    }
    println!("{}", effective(&Written::read("", "", &nothing()), &settings("")));
}
