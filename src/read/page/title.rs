//! The title of a story: what its heading and the page's `<title>` agree on.

use super::survey::{Heading, Survey, comparable, is_organisation};
use crate::read::residue::width;
use crate::read::text;

/// The title, and the heading that it was taken from, if it was.
///
/// A heading that the page's `<title>` holds too, else one that overlaps it, else parts of `og:title` or `<title>`; never
/// the name of the site.
pub(super) fn title<'s>(survey: &'s Survey<'_>) -> (Option<String>, Option<&'s Heading>) {
    let site = survey.meta(&["og:site_name", "application-name"]).unwrap_or("").to_lowercase();
    let whole = comparable(&survey.title);
    let site_key = comparable(&site);
    let not_site = |text: &str| !text.eq_ignore_ascii_case(&site) && comparable(text) != site_key;
    let headings = || survey.headings.iter().filter(|heading| not_site(&heading.text) && !heading.leads_home);
    let contained = headings()
        .filter(|heading| {
            let text = comparable(&heading.text);
            !whole.is_empty() && text.chars().count() >= 4 && whole.contains(&text) && text.len() * 4 >= whole.len()
        })
        .max_by_key(|heading| (!is_organisation(&heading.text), width(&heading.text), u8::MAX - heading.level));
    if let Some(heading) = contained {
        return (Some(heading.text.clone()), Some(heading));
    }
    let first = headings()
        .filter(|heading| heading.level == 1)
        .max_by_key(|heading| per_mille_shared(&heading.text, &survey.title));
    if let Some(heading) = first
        && (survey.title.is_empty() || per_mille_shared(&heading.text, &survey.title) >= 500)
    {
        return (Some(heading.text.clone()), Some(heading));
    }
    let og = survey.meta(&["og:title", "twitter:title", "dc.title", "articletitle"]).map(str::to_owned);
    let parts = |text: &str| longest_part(text, &site);
    let titled = og.as_deref().map(parts).or_else(|| (!survey.title.is_empty()).then(|| parts(&survey.title)));
    if let Some(title) = titled.filter(|text| !text.is_empty()) {
        let key = comparable(&title);
        let same = survey.headings.iter().find(|heading| comparable(&heading.text) == key);
        return (Some(title), same.or(first));
    }
    let heading = first.or_else(|| headings().next());
    (heading.map(|heading| heading.text.clone()), heading)
}

/// How much two texts share, in thousandths: F1 over their words (CJK: characters).
fn per_mille_shared(a: &str, b: &str) -> usize {
    let tokens = |text: &str| -> Vec<String> {
        let mut tokens: Vec<String> = Vec::new();
        for word in text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()) {
            if word.chars().any(text::is_cjk) {
                tokens.extend(word.chars().map(String::from));
            } else {
                tokens.push(word.to_lowercase());
            }
        }
        tokens
    };
    let (a, mut b) = (tokens(a), tokens(b));
    let both = a.len() + b.len();
    let shared = a
        .iter()
        .filter(|token| b.iter().position(|other| other == *token).map(|at| b.swap_remove(at)).is_some())
        .count();
    (shared * 2_000).checked_div(both).unwrap_or(0)
}

/// The longest part of a `<title>`, without the name of the site.
fn longest_part(text: &str, site: &str) -> String {
    let separators = [" | ", " - ", " – ", " — ", " · ", " » ", " « ", " › ", " ‹ ", " • ", " :: ", "_", "|", "｜"];
    let mut parts = vec![text];
    for separator in separators {
        parts = parts.into_iter().flat_map(|part| part.split(separator)).collect();
    }
    // Chinese systems join without spaces: "标题-学院新闻-江湾理工大学".
    if parts.len() == 1 && text.chars().filter(|c| text::is_cjk(*c)).count() >= 4 {
        parts = text.split('-').collect();
    }
    let parts = parts.into_iter().map(str::trim).filter(|part| !part.to_lowercase().eq(site));
    let longest = parts.max_by_key(|part| (!is_organisation(part), width(part)));
    longest.unwrap_or(text.trim()).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::guard;

    #[track_caller]
    fn check(page: &str, expected: &str) {
        let page = guard::parse_document(page);
        assert_eq!(title(&Survey::of(&page)).0.as_deref(), Some(expected));
    }

    #[test]
    fn the_title_is_the_heading_that_the_page_names() {
        check(
            "<title>Sea wall opened - News - Harbour College</title><h1>Harbour College</h1><h2>Sea wall opened</h2>",
            "Sea wall opened",
        );
        check("<title>Sea wall opened | Harbour College</title><p>x", "Sea wall opened");
        check("<title>The sea wall was opened | Harbour College</title><p>x", "The sea wall was opened");
    }

    #[test]
    fn a_heading_that_leads_home_is_no_title() {
        check(
            "<title>Low tide | Tales of the harbour</title><h1><a href='/'>Tales of the harbour</a></h1><h2>Low tide</h2>",
            "Low tide",
        );
    }
}
