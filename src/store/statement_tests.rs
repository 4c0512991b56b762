//! Every statement of the store, held against the plan that `SQLite` makes of it.

use super::tests::Folder;
use super::*;

/// The string literals of a source file, as they are written, without those of comments.
fn literals(text: &str) -> Vec<String> {
    let text = text.split("#[cfg(test)]").next().unwrap();
    let code: Vec<&str> = text.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
    let mut literals = Vec::new();
    // What is escaped ends no literal.
    let code = code.join("\n").replace("'\"'", "").replace("\\\\", "\u{1}");
    let mut parts = code.replace("\\\"", "\u{0}").split('"').map(str::to_owned).collect::<Vec<_>>().into_iter();
    while let (Some(_), Some(literal)) = (parts.next(), parts.next()) {
        literals.push(literal.replace('\u{0}', "\"").replace('\u{1}', "\\"));
    }
    literals
}

/// What somebody asks for by hand or sets, and what is made anew once, in a store that was not made by this version.
const ALLOWED: [&str; 8] = [
    "printf('%016x', item) LIKE",
    "SELECT count(*) FROM item",
    "DELETE FROM posting;",
    "FROM posting WHERE id > ?1",
    "SELECT one FROM version)",
    "GROUP BY guid HAVING count(*) > 1",
    "SELECT removed.item FROM removed JOIN item",
    "EXISTS (SELECT 1 FROM item WHERE original = own.item)",
];

#[test]
fn no_statement_looks_through_a_table_that_grows() {
    // Of these there is a row for a source, a channel, a name, or what the owner wrote; incidents are forgotten.
    let small = [
        "apart", "channel", "incident", "meta", "ping", "preferred", "published", "robots", "run", "upstream", "visit",
    ];
    let ends_in_table = |text: &str| {
        ["upstream", "incident", "ping", "visit"].iter().any(|table| text.ends_with(&format!(" FROM {table}")))
    };
    let folder = Folder::new();
    let store = folder.open();
    let sources = std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/src/store")).unwrap();
    let (mut looked_at, mut scanned, mut met) = (0, Vec::new(), [0; ALLOWED.len()]);
    for path in sources.map(|entry| entry.unwrap().path()) {
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        // These work on whole stores.
        let is_source = path.extension().is_some_and(|ending| ending == "rs") && !name.ends_with("tests.rs");
        if !is_source || ["schema.rs", "rescue.rs", "open.rs"].contains(&&*name) {
            continue;
        }
        let literals = literals(&std::fs::read_to_string(&path).unwrap());
        // What statements of the file begin with, where that is no whole statement.
        let own = literals.iter().find(|text| text.starts_with("SELECT ") && ends_in_table(text));
        let select = own.cloned().unwrap_or_else(|| record::SELECT.to_owned());
        for literal in literals {
            let text = literal
                .replacen("{}", &select, usize::from(literal.starts_with("{} WHERE")))
                .replace("{SELECT}", &select);
            let is_statement = ["SELECT ", "INSERT ", "UPDATE ", "DELETE ", "WITH "]
                .iter()
                .any(|verb| text.trim_start().starts_with(verb));
            if !is_statement || literal == record::SELECT {
                continue;
            }
            if let Some(exception) = ALLOWED.iter().position(|part| text.contains(part)) {
                met[exception] += 1;
                continue;
            }
            let columns: &[&str] = match &*name {
                "group.rs" if text.contains("{shared}") => &["twin", "link", "guid", "story", "item"],
                _ if !text.contains("{column}") => &[""],
                "vanished.rs" => &["path", "inode", "content", "headline"],
                "story.rs" => &["family"],
                _ => &["item", "id"],
            };
            for (at, column) in columns.iter().enumerate() {
                let order = if *column == "inode" { "modified DESC" } else { "path" };
                let of_source = if *column == "path" { "source" } else { "+source" };
                let sql = text
                    .replace("{of_source}", of_source)
                    .replace("{column}", column)
                    .replace("{shared}", group::SHARED[at])
                    .replace("{order}", order)
                    .replace("{TOLD_AT}", group::TOLD_AT)
                    .replace("{AT}", rank::AT)
                    .replace("{AT_OF_ITEM}", rank::AT_OF_ITEM)
                    .replace("{MOST}", "9");
                let plan: Vec<String> = store
                    .run(|connection| {
                        let mut statement = connection.prepare(&format!("EXPLAIN QUERY PLAN {sql}"))?;
                        let mut rows = statement.raw_query();
                        let mut plan = Vec::new();
                        while let Some(row) = rows.next()? {
                            plan.push(row.get(3)?);
                        }
                        Ok(plan)
                    })
                    .unwrap_or_else(|error| vec![format!("SCAN, for {error}")]);
                let scans = |step: &&String| {
                    // All rows behind one are nearly all.
                    let is_open = step.ends_with("(rowid>?)") && !text.contains(" LIMIT ");
                    let all = step.strip_prefix("SCAN ").or_else(|| step.strip_prefix("SEARCH ").filter(|_| is_open));
                    let table = all.and_then(|rest| rest.split(' ').next());
                    // What is in brackets was made of few rows, and where any row will do, the first one does.
                    let is_part =
                        |table: &str| table == "CONSTANT" || table.starts_with('(') || text.ends_with("LIMIT 1");
                    table.is_some_and(|table| !small.contains(&table) && !is_part(table))
                };
                // A part of the table is no better, if it is chosen for its order.
                let by_column = plan.iter().any(|step| step.contains(&format!("{column}=?")));
                assert!(column.is_empty() || by_column, "{name}: {sql}: {plan:?}");
                scanned.extend(plan.iter().find(scans).map(|step| format!("{name}: {sql}: {step}")));
                looked_at += 1;
            }
        }
    }
    assert_eq!(scanned, Vec::<String>::new());
    let unmet = ALLOWED.iter().zip(met).filter(|(_, met)| *met == 0).map(|(part, _)| *part);
    assert_eq!(unmet.collect::<Vec<_>>(), [""; 0], "exceptions that match nothing");
    assert!(looked_at > 40, "{looked_at} statements were found");
}
