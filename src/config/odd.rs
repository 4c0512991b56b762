//! What is right in a configuration but probably not meant.

use std::collections::BTreeSet;

use super::file::Value;
use super::problem::{MOST_TOLD, nearest};
use super::{Problem, Settings, Written, value};

/// What is right but probably not meant: ids that would move with a title, categories that no item can be in.
/// `categories` are the slugs of the vocabulary; `leads` tells of the id of a feed and a category whether anything is known to be in that. Returns the first of very many, and how many more there are.
pub fn warnings(
    written: &Written,
    settings: &Settings,
    categories: &[&str],
    leads: impl Fn(&str, &str) -> bool,
) -> (Vec<Problem>, usize) {
    let (mut warnings, mut more) = (Vec::new(), 0);
    for (section, source) in written.every("source").zip(&settings.sources) {
        if section.written("id").is_none() {
            if warnings.len() == MOST_TOLD {
                more += 1;
                continue;
            }
            let message = format!("the source has no id, so \"{}\" was made for it", source.id);
            let hint = format!("write id = \"{}\", or it may change with the title", source.id);
            warnings.push(written.problem(&section.origin, message, Some(hint)));
        }
    }
    let given: Vec<String> = settings
        .sources
        .iter()
        .flat_map(|source| source.treatment.categories.iter().map(|label| value::slug(label)))
        .collect();
    let known: BTreeSet<&str> = categories.iter().copied().chain(given.iter().map(String::as_str)).collect();
    for (section, feed) in written.every("feed").zip(&settings.feeds) {
        let Some(Value::Texts(wanted)) = section.written("categories").and_then(|entry| entry.value.as_ref()) else {
            continue;
        };
        for (wanted, origin) in
            wanted.iter().filter(|(wanted, _)| !known.contains(wanted.as_str()) && !leads(&feed.id, wanted))
        {
            if warnings.len() == MOST_TOLD {
                more += 1;
                continue;
            }
            let message = format!("the category \"{wanted}\" is in no vocabulary and no source");
            let hint = nearest(wanted, known.iter().copied()).map(|meant| format!("did you mean \"{meant}\"?"));
            warnings.push(written.problem(origin, message, hint));
        }
    }
    (warnings, more)
}
