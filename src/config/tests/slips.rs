//! What is told of a text that is not TOML.

use super::*;

#[test]
fn single_brackets_are_told_once_and_where_they_stand() {
    let source = |id: usize| format!("[[source]]\nid = \"s{id}\"\nfeed = \"https://s{id}.example.edu/feed\"\n");
    for (count, wrong) in [(10, 0), (10, 5), (10, 9), (1_500, 700)] {
        let sources = (0..count)
            .map(|id| if id == wrong { source(id).replacen("[[source]]", "[source]", 1) } else { source(id) });
        let error = Settings::from_text(&sources.collect::<String>(), "feedgen.toml", &environment(&[])).unwrap_err();
        let line = wrong * 3 + 1;
        let gutter = " ".repeat(line.to_string().len());
        let expected = format!(
            "feedgen.toml:{line}:1: this is not TOML: there can be several of `source`\n  {gutter} |\n  {line} | [source]\n  \
             {gutter} | ^^^^^^^^ write [[source]]\n\n1 error in the configuration"
        );
        assert_eq!(error.to_string(), expected);
    }
}

#[test]
fn what_is_wrong_with_each_source_is_told_of_the_first() {
    let sources: String = ["a", "b", "c"].map(|id| format!("[source]\nid = \"{id}\"\nfiles = \"{id}/*\"\n")).concat();
    for from in ["", "[[source]]\nid = \"first\"\nfiles = \"first/*\"\n"] {
        let line = from.lines().count() + 1;
        complains(
            &format!("{from}{sources}"),
            &format!(
                r"
feedgen.toml:{line}:1: this is not TOML: there can be several of `source`
    |
  {line} | [source]
    | ^^^^^^^^ write [[source]]

1 error in the configuration"
            ),
        );
    }
}

#[test]
fn a_header_without_its_end_takes_no_table_along() {
    for (header, caret, what, end) in [("[publish", 9, "table", "]"), ("[[feed", 7, "array table", "]]")] {
        complains(
            &format!("{header}\n[[source]]\nid = \"a\"\nfiles = \"a/*\"\n[[source]]\nid = \"b\"\nfiles = \"b/*\"\n"),
            &format!(
                "\nfeedgen.toml:1:{caret}: this is not TOML: unclosed {what}, expected `{end}`\n    |\n  1 | {header}\n    | {}^ write {end} at its end\n\n1 error in the configuration",
                " ".repeat(caret - 1)
            ),
        );
    }
}

#[test]
fn a_list_without_its_end_is_told_where_it_begins() {
    for behind in ["[[source]]\nid = \"b\"\nfiles = \"b/*\"\n", "title = \"Choir\"\n", ""] {
        complains(
            &format!("[[source]]\nid = \"a\"\nfiles = \"a/*\"\ncategories = [\"sea\", \"tide\"\n{behind}"),
            r#"
feedgen.toml:4:14: this is not TOML: a list begins here that does not end
    |
  4 | categories = ["sea", "tide"
    |              ^ write ] at its end

1 error in the configuration"#,
        );
    }
    // This one ends, and what is missing is within.
    complains(
        "[[source]]\nid = \"a\"\nfiles = \"a/*\"\ncategories = [\"sea\" \"tide\"]\n",
        r#"
feedgen.toml:4:21: this is not TOML: missing comma between array elements, expected `,`
    |
  4 | categories = ["sea" "tide"]
    |                     ^

1 error in the configuration"#,
    );
}

#[test]
fn sources_behind_what_could_not_be_read_are_not_told_as_missing() {
    let source = |header: &str, id: &str| format!("{header}\nid = \"{id}\"\nfiles = \"{id}/*\"\n");
    let feed = "[[feed]]\nid = \"x\"\nsources = [\"a\", \"b\"]\n";
    for header in ["[source]", "[[sources]]", "[[source]"] {
        for text in [
            [source("[[source]]", "b"), source(header, "a"), feed.to_owned()].concat(),
            [source(header, "a"), source("[[source]]", "b"), feed.to_owned()].concat(),
            [source(header, "a"), feed.to_owned()].concat(),
        ] {
            let error = Settings::from_text(&text, "feedgen.toml", &environment(&[])).unwrap_err().to_string();
            assert!(!error.contains("there is no source"), "{text}\n{error}");
            assert!(
                error.contains("write [[source]]") || error.contains("expected `]`") || error.contains("did you mean"),
                "{error}"
            );
        }
    }
    // Where all was read, they are, whatever else is wrong.
    for (text, wrong) in [
        ([source("[[source]]", "b"), "colour = 3\n".to_owned(), feed.to_owned()].concat(), "unknown key `colour`"),
        (
            ["colour = 3\n".to_owned(), source("[[source]]", "b"), feed.to_owned()].concat(),
            "`colour` stands outside of a table",
        ),
    ] {
        let error = Settings::from_text(&text, "feedgen.toml", &environment(&[])).unwrap_err().to_string();
        assert!(error.contains("there is no source \"a\"") && error.contains(wrong), "{error}");
    }
}

#[test]
fn a_table_without_its_end_is_told_where_it_begins() {
    for behind in
        ["user = \"x\"\n\n[[source]]\nid = \"b\"\nfiles = \"b/*\"\n", "[[source]]\nid = \"b\"\nfiles = \"b/*\"\n", ""]
    {
        for comma in [",\n", "\n", ""] {
            if !comma.ends_with('\n') && !behind.is_empty() {
                continue;
            }
            complains(
                &format!(
                    "[[source]]\nid = \"a\"\nfeed = \"https://a.example.edu/\"\nheaders = {{ A = \"b\"{comma}{behind}"
                ),
                &format!(
                    r#"
feedgen.toml:4:11: this is not TOML: a table begins here that does not end
    |
  4 | headers = {{ A = "b"{}
    |           ^ write }} at its end

1 error in the configuration"#,
                    comma.trim_end()
                ),
            );
        }
    }
    // This one ends, and so does that list: a comma is missing.
    for (value, missing) in [
        ("headers = {\n A = \"b\"\n C = \"d\"\n}", "key-value pairs"),
        ("categories = [\n \"b\"\n \"d\"\n]", "array elements"),
    ] {
        let text = format!("[[source]]\nid = \"a\"\nfeed = \"https://a.example.edu/\"\n{value}\n");
        let error = Settings::from_text(&text, "feedgen.toml", &environment(&[])).unwrap_err().to_string();
        assert!(
            error.contains(&format!("feedgen.toml:6:2: this is not TOML: missing comma between {missing}")),
            "{error}"
        );
    }
}

#[test]
fn a_text_of_several_lines_without_its_end_is_told_where_it_begins() {
    for quotes in ["\"\"\"", "'''"] {
        complains(
            &format!(
                "[[source]]\nid = \"a\"\nfiles = \"a/*\"\ntitle = {quotes}Tide\n\n[[source]]\nid = \"b\"\nfiles = \"b/*\"\n[[feed]]\nid = \"x\"\nsources = [\"b\"]\n"
            ),
            &format!(
                "
feedgen.toml:4:9: this is not TOML: a text begins here that does not end
    |
  4 | title = {quotes}Tide
    |         ^^^ write {quotes} at its end

1 error in the configuration"
            ),
        );
    }
}

#[test]
fn what_stands_twice_is_told_with_the_line_of_the_first() {
    let source = "[[source]]\nid = \"c\"\nfiles = \"c/*\"\n";
    let fed = "[[source]]\nid = \"a\"\nfeed = \"https://a.example.edu/\"\n";
    for (first, again, column, word, line) in [
        (format!("{source}{fed}"), "id = \"b\"", 1, "id", 5),
        (format!("[site]\ntitle = \"a\"\n{source}"), "[site]", 2, "site", 1),
        // A table is called so, too.
        (fed.to_owned(), "feed = \"https://b.example.edu/\"", 1, "feed", 3),
    ] {
        let at = first.lines().count() + 1;
        let caret = format!("{}{}", " ".repeat(column - 1), "^".repeat(word.len()));
        complains(
            &format!("{first}{again}\n"),
            &format!(
                "\nfeedgen.toml:{at}:{column}: this is not TOML: duplicate key\n    |\n  {at} | {again}\n    | {caret} line {line} has it too, take one \
                 out\n\n1 error in the configuration"
            ),
        );
    }
}

#[test]
fn a_text_without_its_end_within_a_table_or_a_list_is_what_is_told() {
    for (quote, kind) in [('"', "basic"), ('\'', "literal")] {
        for (key, open, close) in [("headers", "{ A = ", " }"), ("categories", "[", "]")] {
            for behind in ["", "[[source]]\nid = \"b\"\nfiles = \"b/*\"\n", "user = \"x\"\n[site]\ntitle = \"Choir\"\n"]
            {
                let line = format!("{key} = {open}{quote}b{close}");
                let text = format!("[[source]]\nid = \"a\"\nfeed = \"https://a.example.edu/\"\n{line}\n{behind}");
                let error = Settings::from_text(&text, "feedgen.toml", &environment(&[])).unwrap_err().to_string();
                let told = format!("feedgen.toml:4:{}: this is not TOML: invalid {kind} string", line.len() + 1);
                assert!(
                    error.starts_with(&told) && error.ends_with("\n1 error in the configuration"),
                    "{text}\n{error}"
                );
            }
        }
    }
}

#[test]
fn line_ends_of_old_are_told_as_such() {
    for (text, line) in
        [("[site]\rtitle = \"a\"\rcolour = 3\r", 1), ("[site]\n# a\n[publish]\ritems = 4\rcolour = 3\n", 3)]
    {
        let error = Settings::from_text(text, "feedgen.toml", &environment(&[])).unwrap_err();
        let written = text.lines().nth(line - 1).and_then(|line| line.split('\r').next()).unwrap();
        let expected = format!(
            "feedgen.toml:{line}:{}: this is not TOML: this line ends in a carriage return alone
    |
  {line} | {written}
    | {}^ save the file with the line ends of Unix (LF)

1 error in the configuration",
            written.len() + 1,
            " ".repeat(written.len())
        );
        assert_eq!(error.to_string(), expected);
    }
}

#[test]
fn a_number_is_told_as_it_is_written() {
    complains(
        "[publish]\nitems = 99999999999999999999\n",
        "
feedgen.toml:2:9: 99999999999999999999 is out of range
    |
  2 | items = 99999999999999999999
    |         ^^^^^^^^^^^^^^^^^^^^ 1 to 500 are possible

1 error in the configuration",
    );
}

#[test]
fn a_header_without_its_end_is_told_where_it_is_and_no_list_before_it() {
    for (header, end) in [("[[source", "]]"), ("[[source]", "]")] {
        let text = format!("[[source]]\nid = \"a\"\nfiles = \"a/*\"\ncategories = [\"sea\"]\n\n{header}\n");
        let error = Settings::from_text(&text, "feedgen.toml", &environment(&[])).unwrap_err().to_string();
        assert!(error.contains("feedgen.toml:6:") && error.contains(&format!("write {end} at its end")), "{error}");
    }
}

#[test]
fn a_list_without_its_end_that_a_key_follows_is_told_where_it_begins() {
    for (first, behind) in [
        ("", "drop = [\"b\"]\n"),
        (",", "drop = [\"b\"]\n"),
        ("", "\n# which are left out\ndrop = [\n \"b\"\n]\n"),
        (",", "\"items\" = 3\n[[source]]\nid = \"b\"\nfils = \"b/*\"\n"),
        ("", "title = \"Choir\"\n[site]\ntitle = \"x\"\n"),
    ] {
        complains(
            &format!("[[source]]\nid = \"a\"\nfiles = \"a/*\"\nkeep = [\"a\"{first}\n{behind}"),
            &format!(
                r#"
feedgen.toml:4:8: this is not TOML: a list begins here that does not end
    |
  4 | keep = ["a"{first}
    |        ^ write ] at its end

1 error in the configuration"#
            ),
        );
    }
    // An equals sign in a text begins no key.
    for (list, place) in [("[\n \"x=1\"\n \"y=1\"\n]", "6:2"), ("[\n \"x=1\" \"y=1\"\n]", "5:8")] {
        let text = format!("[[source]]\nid = \"a\"\nfiles = \"a/*\"\nkeep = {list}\n");
        let error = Settings::from_text(&text, "feedgen.toml", &environment(&[])).unwrap_err().to_string();
        let told = format!("feedgen.toml:{place}: this is not TOML: missing comma between array elements");
        assert!(error.starts_with(&told), "{error}");
    }
}

#[test]
fn quotes_and_backslashes_that_say_something_else_are_told_with_what_to_write() {
    let (escapes, simple) = (
        "missing escaped value, expected `b`, `e`, `f`, `n`, `r`, `\\`, `\"`, `x`, `u`, `U`",
        "write each \\ as \\\\, or single quotes around the text",
    );
    let (quotes, straight) = ("a text needs straight quotes around it", "write straight quotes, \" or '");
    let basic = "invalid basic string, expected `\"`";
    for (line, column, message, hint) in [
        ("title = “abc”", 9, quotes, straight),
        ("title = „a, b“", 9, quotes, straight),
        ("title = ‘abc", 9, quotes, straight),
        ("title = “abc\"", 9, quotes, straight),
        ("“title” = \"abc\"", 1, quotes, straight),
        ("keep = [“a”, \"b\"]", 9, quotes, straight),
        ("title = \"abc”", 14, basic, straight),
        ("title = \"abc", 13, basic, "write \" at its end"),
        ("title = 'abc", 13, "invalid literal string, expected `'`", "write ' at its end"),
        (r#"title = "C:\docs""#, 13, escapes, simple),
        (r#"title = "C:\""#, 13, escapes, simple),
        (r#"title = "C:\Users""#, 14, "too few unicode value digits, expected unicode hexadecimal value", simple),
        (r#"keep = ["a\"]"#, 14, basic, simple),
    ] {
        complains(
            &format!("[[source]]\nid = \"a\"\nfiles = \"a/*\"\n{line}\nauthor = \"Choir\"\n"),
            &format!(
                "feedgen.toml:4:{column}: this is not TOML: {message}\n    |\n  4 | {line}\n    | {}^ {hint}\n\n1 error in the configuration",
                " ".repeat(column - 1)
            ),
        );
    }
}

#[test]
fn a_misspelt_key_is_not_told_as_missing_too() {
    for (table, key, meant) in [
        ("[[source]]\nid = \"a\"\n", "fils", "files"),
        ("[[source]]\n", "fed", "feed"),
        ("[[source]]\nid = \"a\"\n", "folder", "files"),
        ("[[source]]\nfiles = \"a/*\"\n", "pages", "page"),
        ("[[source]]\nfiles = \"a/*\"\n[[feed]]\n", "idd", "id"),
    ] {
        let line = table.lines().count() + 1;
        let header = table.lines().rfind(|line| line.starts_with('[')).unwrap();
        complains(
            &format!("{table}{key} = \"a/*\"\n"),
            &format!(
                "feedgen.toml:{line}:1: unknown key `{key}` in {header}\n    |\n  {line} | {key} = \"a/*\"\n    | {} did you mean \
                 `{meant}`?\n\n1 error in the configuration",
                "^".repeat(key.len())
            ),
        );
    }
    // Another one is missing all the same.
    let error = Settings::from_text("[[source]]\ntitel = \"a\"\n", "feedgen.toml", &environment(&[])).unwrap_err();
    assert!(error.to_string().contains("has neither `files`"), "{error}");
}

#[test]
fn signs_of_yaml_and_json_are_told_once_a_line() {
    complains(
        "[site]\ntitle: \"Port\"\nlanguage: \"en\"\n",
        r#"
feedgen.toml:2:6: this is not TOML: a colon stands between a key and its value
    |
  2 | title: "Port"
    |      ^ write =

feedgen.toml:3:9: this is not TOML: a colon stands between a key and its value
    |
  3 | language: "en"
    |         ^ write =

2 errors in the configuration"#,
    );
    for (text, hint) in [
        ("[site]\ntitle = \"Port\",\n", "leave out the comma"),
        ("{\"site\": {\"title\": \"Port\"}}\n", "this is JSON"),
    ] {
        let error = Settings::from_text(text, "feedgen.toml", &environment(&[])).unwrap_err().to_string();
        assert!(error.contains(hint) && error.contains("1 error in"), "{error}");
    }
}
