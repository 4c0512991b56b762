//! The files of `config/` are what the table of keys makes of them.

use super::super::keys::{SELECT, Table};
use super::*;

const SHIPPED: &str = include_str!("../../../config/feedgen.toml");

/// The shipped file with every key switched on.
fn shipped_in_full() -> String {
    let is_key = |line: &str| {
        let name = line.split(" = ").next().unwrap_or_default();
        let known = |table: &Table| table.key(name).is_some();
        line.starts_with('[') || (line.contains(" = ") && (TABLES.iter().any(known) || known(&SELECT)))
    };
    let lines = SHIPPED.lines().map(|line| line.strip_prefix("# ").filter(|line| is_key(line)).unwrap_or(line));
    lines.collect::<Vec<_>>().join("\n")
}

#[test]
fn the_shipped_file_has_every_key() {
    let full = shipped_in_full();
    settings(&full);
    let written = Written::read(full.as_str(), "feedgen.toml", &Environment::new());
    for table in TABLES {
        for key in table.names() {
            let mut sections = written.every(table.name);
            assert!(sections.any(|section| section.written(key).is_some()), "{} lacks {key}", table.header());
        }
        assert!(full.contains(&format!("\n{}\n", table.header())));
    }
    let select = full.split("\n[source.select]\n").nth(1).and_then(|rest| rest.split("\n[[").next());
    for key in SELECT.names() {
        assert!(select.is_some_and(|select| select.contains(&format!("\n{key} = "))), "[source.select] lacks {key}");
    }
}

#[test]
fn the_shipped_values_are_the_defaults() {
    let before_sources =
        |text| without_comments(&resolved(text, &Environment::new())).split("[[source]]").next().unwrap().to_owned();
    assert_eq!(before_sources(SHIPPED), before_sources(""));
    let given = |text: &str| {
        let Source { treatment, items, .. } = settings(text).sources[0].clone();
        let Treatment { categories, language, author, keep, drop, .. } = treatment.as_ref().clone();
        (categories, language, author, items, keep.len(), drop.len())
    };
    assert_eq!(given(SHIPPED), given("[[source]]\nid = 'x'\nfiles = 'x'\n"));
}

#[test]
fn the_shipped_schema_is_the_one_that_is_printed() {
    assert!(SHIPPED.starts_with("#:schema ./feedgen.schema.json\n"));
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/config/feedgen.schema.json");
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(path, schema()).unwrap();
    }
    assert!(std::fs::read_to_string(path).unwrap() == schema(), "run `feedgen schema > config/feedgen.schema.json`");
}

#[test]
fn the_schema_tells_kinds_defaults_and_duties() {
    let schema: serde_json::Value = serde_json::from_str(&schema()).unwrap();
    assert_eq!(schema["properties"]["publish"]["properties"]["items"]["default"], 50);
    assert_eq!(
        schema["properties"]["publish"]["properties"]["formats"]["default"],
        serde_json::json!(["rss", "atom", "json"])
    );
    assert_eq!(
        schema["properties"]["source"]["items"]["oneOf"],
        serde_json::json!([{ "required": ["files"] }, { "required": ["feed"] }, { "required": ["page"] }])
    );
    assert_eq!(schema["properties"]["feed"]["items"]["required"], serde_json::json!(["id"]));
    assert_eq!(schema["properties"]["site"]["additionalProperties"], false);
}
