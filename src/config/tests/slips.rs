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
