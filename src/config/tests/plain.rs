//! What is written plainly says what the parser takes it for.

use super::*;
use crate::config::file::Section;
use crate::config::{keys, plain};

/// Where a source stands, and its entries with their places.
fn told(section: &Section) -> String {
    let entries: Vec<_> = section.table.names().filter_map(|name| section.written(name)).collect();
    format!("{:?} {entries:#?}", section.origin)
}

/// What the parser says of a text. `None`: something is wrong with it.
fn parsed(text: &str) -> Option<String> {
    let written = Written::read(text, "feedgen.toml", &Environment::new());
    let mut sources = written.every("source");
    let told = sources.next().map(told).filter(|_| written.slips.is_empty() && written.problems.is_empty());
    told.filter(|_| sources.next().is_none())
}

/// The same of one source alone, without it.
fn plain(text: &str) -> Option<String> {
    plain::source(text, 0, keys::table("source")?).as_ref().map(told)
}

#[test]
fn plain_sources_are_read_without_a_parser() {
    for lines in [
        "",
        "id = \"bees\"",
        "id = 'bees'\ntitle = 'it is \"x\"'\nkeep = ['a', \"b'\"]",
        "id = \"bees\"\nfeed = \"https://bees.example/a?b=c&d#e\"\nevery = \"2h\"\n",
        "\n  # Ours.\n\ttitle\t=\"Bees = \u{e4}, [x] # y\"  \n\n",
        "title = \"\"# nothing\nprefer = true\nrobots=false # \"\n",
        "categories = []\nkeep = [\"a\"]\ndrop = [ \"a\", \"b\u{2028}\" ] # c\n",
        "categories = [\"a\",\"b\",]",
        "items = 20\nkeep_items=0 # all",
    ] {
        let text = format!("[[source]]\n{lines}");
        assert!(plain(&text).is_some(), "{text}");
        assert_eq!(plain(&text), parsed(&text), "{text}");
    }
}

#[test]
fn all_else_is_left_to_the_parser() {
    for lines in [
        "id = '''bees'''",
        "id = 'bees\"",
        "id = \"\"\"bees\"\"\"",
        "title = \"the \\u0041\"",
        "title = \"\u{7f}\"",
        "id = \"bees\"\r\n",
        "items = 05",
        "items = -5",
        "items = 5_0",
        "items = 99999999999999999999",
        "prefer = truely",
        "prefer = \"true\"",
        "id = [\"bees\"]",
        "keep = [\"a\" \"b\"]",
        "keep = [,]",
        "keep = [\"a\",\n\"b\"]",
        "id = \"a\"\nid = \"b\"",
        "\"id\" = \"a\"",
        "colour = \"red\"",
        "select.item = \"li\"",
        "headers = { Cookie = \"a\" }",
        "id",
        "id = \"a\" title = \"b\"",
        "= \"a\"",
        "[source.select]\nitem = \"li\"",
        "[[feed]]\nid = \"a\"",
    ] {
        assert_eq!(plain(&format!("[[source]]\n{lines}")), None, "{lines}");
    }
    for text in ["", "[[source]", "[[source]] # ours\n", " [[source]]\n", "[[sources]]\n", "[[source]]x\n"] {
        assert_eq!(plain(text), None, "{text}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]
    #[test]
    fn a_plain_source_is_never_taken_for_another(
        lines in prop::collection::vec((
            "(id|title|feed|keep|prefer|items|colour|[a-z#\\.\"]{0,2})",
            "[ \t]{0,2}(=[ \t]?){0,2}",
            "(\"[ -~\u{e4}\u{85}]{0,3}\"|'[ -~]{0,3}'|\\[[\"'a, ]{0,6}\\]|\\[(\"a\", ?){0,3}\\]|true|false|[0-9_.]{1,3}|['\"a=#\\[\\]\\\\]{0,3})",
            "[ \t]?(#[ -~\u{7f}\r]{0,2})?",
        ), 0..4),
        blank in "[ \t\r#]?",
    ) {
        let lines: String = lines.into_iter().flat_map(|(key, sign, value, behind)| ["\n".to_owned(), key, sign, value, behind]).collect();
        let text = format!("[[source]]{blank}{lines}");
        if let Some(told) = plain(&text) {
            prop_assert_eq!(Some(told), parsed(&text), "{}", text);
        }
    }
}
