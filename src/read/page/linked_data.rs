//! What JSON-LD (schema.org) in a page says about its story.

use serde_json::Value;

use crate::read::residue::width;

/// What JSON-LD (schema.org) says about a story.
#[derive(Default)]
pub(super) struct LinkedData {
    pub(super) published: Option<String>,
    pub(super) modified: Option<String>,
    pub(super) authors: Vec<String>,
    pub(super) publisher: Option<String>,
    pub(super) sections: Vec<String>,
}

impl LinkedData {
    pub(super) fn collect(&mut self, value: &Value, depth: usize) {
        match value {
            Value::Array(values) if depth < 4 => values.iter().for_each(|value| self.collect(value, depth + 1)),
            Value::Object(object) => {
                if let Some(graph) = object.get("@graph").filter(|_| depth < 4) {
                    self.collect(graph, depth + 1);
                }
                let kinds = object.get("@type").map(strings).unwrap_or_default();
                let story = kinds.iter().any(|kind| {
                    kind.ends_with("Article") || kind.ends_with("Posting") || kind == "Report" || kind == "WebPage"
                });
                if !story {
                    return;
                }
                let text = |key: &str| object.get(key).and_then(|value| strings(value).into_iter().next());
                self.published = self.published.take().or_else(|| text("datePublished"));
                self.modified = self.modified.take().or_else(|| text("dateModified"));
                if self.authors.is_empty() {
                    self.authors = object.get("author").map(strings).unwrap_or_default();
                    self.authors.retain(|name| !name.contains("://") && !name.is_empty());
                }
                self.publisher = self.publisher.take().or_else(|| text("publisher"));
                self.sections.extend(object.get("articleSection").map(strings).unwrap_or_default());
            }
            _ => {}
        }
    }
}

/// The labels of a `BreadcrumbList` (schema.org), without the first, which is the site.
pub(super) fn trail(value: &Value, depth: usize, labels: &mut Vec<String>) {
    match value {
        Value::Array(values) if depth < 4 => values.iter().for_each(|value| trail(value, depth + 1, labels)),
        Value::Object(object) => {
            object.get("@graph").filter(|_| depth < 4).into_iter().for_each(|graph| trail(graph, depth + 1, labels));
            let listed =
                object.get("@type").is_some_and(|kind| strings(kind).iter().any(|kind| kind == "BreadcrumbList"));
            let parts = object.get("itemListElement").and_then(Value::as_array).filter(|_| listed && labels.is_empty());
            let name = |part: &Value| {
                let item = part.get("item").filter(|item| item.is_object());
                part.get("name").or_else(|| item?.get("name"))?.as_str().map(|name| name.trim().to_owned())
            };
            labels.extend(
                parts
                    .into_iter()
                    .flatten()
                    .skip(1)
                    .filter_map(name)
                    .filter(|name| !name.is_empty() && width(name) <= 60),
            );
        }
        _ => {}
    }
}

/// The strings in a JSON-LD value: itself, those of a list, or the names of objects.
pub(super) fn strings(value: &Value) -> Vec<String> {
    match value {
        Value::String(text) => vec![text.trim().to_owned()],
        Value::Array(values) => values
            .iter()
            .take(16)
            .flat_map(|value| match value {
                Value::Array(_) => Vec::new(),
                value => strings(value),
            })
            .collect(),
        Value::Object(object) => {
            object.get("name").and_then(Value::as_str).map(|name| vec![name.trim().to_owned()]).unwrap_or_default()
        }
        _ => Vec::new(),
    }
}
