//! The JSON Schema of `feedgen.toml`, for editors.

use serde_json::{Map, Value, json};

use super::keys::{
    Absent, Key, Kind, LONGEST_ARCHIVE, MOST_ITEMS, MOST_PAGES, MOST_REQUESTS, SELECT, TABLES, TEST, Table,
};
use crate::publish::FORMATS;

/// The schema (JSON Schema, draft 2020-12), ends in a line break.
pub fn schema() -> String {
    let tables: Map<String, Value> = TABLES.iter().map(|table| (table.name.to_owned(), of_table(table))).collect();
    let schema = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "feedgen.toml",
        "description": "Configuration of feedgen. Every key may be left out, except those that are marked as required.",
        "type": "object",
        "additionalProperties": false,
        "properties": tables,
    });
    format!("{schema:#}\n")
}

fn of_table(table: &Table) -> Value {
    let keys: Map<String, Value> = table.keys.iter().map(|key| (key.name.to_owned(), of_key(key))).collect();
    let mut object = json!({
        "type": "object",
        "description": table.about,
        "additionalProperties": false,
        "properties": keys,
    });
    let required: Vec<&str> =
        table.keys.iter().filter(|key| matches!(key.absent, Absent::Never)).map(|key| key.name).collect();
    if !required.is_empty() {
        object["required"] = json!(required);
    }
    if table.name == "source" {
        object["oneOf"] = json!([{ "required": ["files"] }, { "required": ["feed"] }, { "required": ["page"] }]);
    }
    if table.repeated { json!({ "type": "array", "description": table.about, "items": object }) } else { object }
}

fn of_key(key: &Key) -> Value {
    let mut schema = of_kind(key.kind);
    match key.absent {
        Absent::Is(text) => {
            schema["description"] = json!(key.about);
            schema["default"] = default(text);
        }
        Absent::Means(what) => schema["description"] = json!(format!("{} Without it: {what}.", key.about)),
        Absent::Never => schema["description"] = json!(key.about),
    }
    schema
}

fn of_kind(kind: Kind) -> Value {
    let id = "^[a-z0-9][a-z0-9-]{0,63}$";
    let line = "^[^\\r\\n]*\\S[^\\r\\n]*$";
    match kind {
        Kind::Line | Kind::Selector | Kind::DateFormat => json!({ "type": "string", "pattern": line }),
        Kind::Command | Kind::Path | Kind::Files | Kind::Zone => json!({ "type": "string", "minLength": 1 }),
        Kind::Id => json!({ "type": "string", "pattern": id, "not": { "enum": super::value::RESERVED } }),
        Kind::Url => json!({ "type": "string", "format": "uri", "pattern": "^[Hh][Tt][Tt][Pp][Ss]?://[^?#]+$" }),
        Kind::Language => json!({ "type": "string", "pattern": "^[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*$" }),
        Kind::Authority => {
            json!({ "type": "string", "pattern": "^[A-Za-z0-9._@-]+,[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?$" })
        }
        Kind::Size => json!({
            "anyOf": [
                { "type": "string", "pattern": "^\\s*[0-9]+\\s*([KkMmGg]?[Ii]?[Bb])?\\s*$" },
                { "type": "integer", "minimum": 1, "maximum": super::keys::LARGEST_DOCUMENT },
            ]
        }),
        Kind::Count => json!({ "type": "integer", "minimum": 1, "maximum": MOST_ITEMS }),
        Kind::Formats => json!({
            "type": "array",
            "items": { "enum": FORMATS.iter().map(|format| format.extension()).collect::<Vec<_>>() },
            "minItems": 1,
            "uniqueItems": true,
        }),
        Kind::Lines | Kind::Selectors => json!({ "type": "array", "items": { "type": "string", "pattern": line } }),
        Kind::Ids => json!({ "type": "array", "items": { "type": "string", "pattern": id } }),
        Kind::Address | Kind::Proxy => json!({ "type": "string", "format": "uri" }),
        Kind::Hubs => json!({
            "anyOf": [
                { "type": "string", "format": "uri" },
                { "type": "array", "items": { "type": "string", "format": "uri" }, "uniqueItems": true },
            ]
        }),
        Kind::Interval | Kind::Timeout | Kind::Keeping => {
            json!({ "type": "string", "pattern": "^\\s*([0-9]+\\s*[A-Za-z]+\\s*)+$" })
        }
        // Fields of a cron line have no spaces in them, and a length of time no star.
        Kind::Every => json!({
            "type": "string",
            "pattern": "^\\s*(([0-9]+\\s*[A-Za-z]+\\s*)+|@[A-Za-z]+|[0-9*,/-]+\\s+[0-9*,/-]+\\s+[0-9*,/-]+\\s+\\S+\\s+\\S+)\\s*$",
        }),
        Kind::Archive => json!({ "type": "integer", "minimum": 0, "maximum": LONGEST_ARCHIVE }),
        Kind::Requests => json!({ "type": "integer", "minimum": 1, "maximum": MOST_REQUESTS }),
        Kind::Pages => json!({ "type": "integer", "minimum": 1, "maximum": MOST_PAGES }),
        Kind::Select => of_table(&SELECT),
        Kind::Tests => of_table(&TEST),
        Kind::Listen => {
            json!({ "type": "string", "pattern": "^\\s*(localhost|[0-9.]+|\\[[0-9A-Fa-f:.]+\\]):[0-9]{1,5}\\s*$" })
        }
        Kind::Switch => json!({ "type": "boolean" }),
        Kind::Headers => json!({ "type": "object", "additionalProperties": { "type": "string" } }),
        // Not "format": "regex": that would be the dialect of ECMAScript, which has no `(?i)`.
        Kind::Patterns | Kind::Networks => json!({ "type": "array", "items": { "type": "string", "minLength": 1 } }),
    }
}

/// A default in TOML as JSON.
fn default(text: &str) -> Value {
    toml::from_str::<Map<String, Value>>(&format!("value = {text}"))
        .ok()
        .and_then(|mut table| table.remove("value"))
        .unwrap_or_default()
}
