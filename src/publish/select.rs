//! Which channels show an item.

use regex::Regex;

use crate::item::{Category, Item, Vocabulary, category};

/// A feed of one's own choosing: `[[feed]]`. An item is in it when all that is given agrees.
#[derive(Clone, Debug)]
pub struct Selection {
    /// Its name in addresses: `feeds/<id>`. Checked like a source's id.
    pub id: String,
    /// What people read.
    pub title: String,
    /// Slugs, or names as people see them; an item must be in one of them, or have a tag of that name. Empty: any.
    pub categories: Vec<Wanted>,
    /// Ids of sources; an item must come from one of them. Empty: any.
    pub sources: Vec<String>,
    /// BCP 47 tag; an item's language must be it or start with it and `-`. `None`: any.
    pub language: Option<String>,
    /// One of these must match title or text. Empty: none need to.
    pub keep: Vec<Regex>,
    /// None of these may match title or text.
    pub drop: Vec<Regex>,
    /// Newest items in it.
    pub items: usize,
}

/// A category that is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// As written.
    name: String,
    /// The same, if it is a slug, or that of the name.
    slug: String,
}

impl Wanted {
    /// What is asked for by a slug, or by a name as people see it.
    pub fn new(name: String) -> Self {
        let is_slug = name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
        Self { slug: if is_slug { name.clone() } else { category::slug(&name) }, name }
    }

    /// Whether it is a name, of which the vocabulary may know others; and no slug.
    pub fn is_name(&self) -> bool {
        self.slug != self.name
    }

    /// Whether an item is filed under it, or has a tag of its name.
    fn has(&self, item: &Item, vocabulary: &Vocabulary) -> bool {
        let meant = if self.is_name() { vocabulary.slug_of(&self.name) } else { None };
        let is_named = |category: &Category| {
            category.slug == self.slug
                || Some(category.slug.as_str()) == meant
                || self.is_name() && category.label == self.name
        };
        item.categories.iter().any(is_named) || item.tags.iter().any(|tag| category::slug(tag) == self.slug)
    }
}

impl AsRef<str> for Wanted {
    /// As written.
    fn as_ref(&self) -> &str {
        &self.name
    }
}

/// What an item's title or text must match to be shown.
#[derive(Clone, Copy, Debug)]
pub struct Filter<'a> {
    /// One of these. Empty: nothing is asked for.
    pub keep: &'a [Regex],
    /// None of these.
    pub drop: &'a [Regex],
}

impl Filter<'_> {
    fn lets_through(self, words: &mut Words<'_>) -> bool {
        (self.keep.is_empty() || self.keep.iter().any(|regex| words.match_one(regex)))
            && !self.drop.iter().any(|regex| words.match_one(regex))
    }
}

/// Title and text of an item; the text is taken out of the markup only if somebody asks.
struct Words<'a> {
    item: &'a Item,
    text: Option<String>,
}

impl Words<'_> {
    fn match_one(&mut self, regex: &Regex) -> bool {
        regex.is_match(&self.item.title) || regex.is_match(self.text.get_or_insert_with(|| self.item.content.text()))
    }
}

/// Whether one of some expressions matches the title or text of an item.
pub fn is_met(item: &Item, expressions: &[Regex]) -> bool {
    let mut words = Words { item, text: None };
    expressions.iter().any(|regex| words.match_one(regex))
}

/// Paths of the channels that show an item: everything, its source, its categories, and the selections it fits.
/// `source` is the filter of its source; the vocabulary tells which category the name of one means.
pub fn channels(item: &Item, source: Filter<'_>, selections: &[Selection], vocabulary: &Vocabulary) -> Vec<String> {
    let mut words = Words { item, text: None };
    if !source.lets_through(&mut words) {
        return Vec::new();
    }
    let mut channels = vec!["all".to_owned(), format!("sources/{}", item.source)];
    channels.extend(item.categories.iter().map(|category| format!("categories/{}", category.slug)));
    let fitting = selections.iter().filter(|selection| selection.fits(item, &mut words, vocabulary));
    channels.extend(fitting.map(|selection| format!("feeds/{}", selection.id)));
    channels
}

impl Selection {
    fn fits(&self, item: &Item, words: &mut Words<'_>, vocabulary: &Vocabulary) -> bool {
        (self.sources.is_empty() || self.sources.iter().any(|source| source == item.source.as_str()))
            && (self.categories.is_empty() || self.categories.iter().any(|wanted| wanted.has(item, vocabulary)))
            && self.language.as_deref().is_none_or(|wanted| speaks(item.language.as_deref(), wanted))
            && Filter { keep: &self.keep, drop: &self.drop }.lets_through(words)
    }
}

/// Whether a language is the wanted one or a form of it (RFC 4647 §3.3.1, basic filtering). Chinese of a place is the same as in
/// the script that is written there: items tell one or the other.
fn speaks(language: Option<&str>, wanted: &str) -> bool {
    let (Some(language), wanted) = (language.map(written_in), written_in(wanted)) else { return false };
    language.strip_prefix(&wanted).is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
}

/// A tag in lower case, with the script that is written in a place where Chinese is spoken (CLDR, likely subtags).
fn written_in(tag: &str) -> String {
    let tag = tag.to_ascii_lowercase();
    match tag.as_str() {
        "zh-cn" | "zh-sg" | "zh-my" => "zh-hans".to_owned(),
        "zh-tw" | "zh-hk" | "zh-mo" => "zh-hant".to_owned(),
        _ => tag,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::publish::tests::item;

    fn selection() -> Selection {
        Selection {
            id: "own".to_owned(),
            title: "Own".to_owned(),
            categories: Vec::new(),
            sources: Vec::new(),
            language: None,
            keep: Vec::new(),
            drop: Vec::new(),
            items: 50,
        }
    }

    fn regex(text: &str) -> Vec<Regex> {
        vec![Regex::new(text).expect("a regex")]
    }

    const ALL: Filter<'static> = Filter { keep: &[], drop: &[] };

    #[track_caller]
    fn check(selection: Selection, fits: bool) {
        let mut facts = item(1, "Visit of the dean");
        facts.language = Some("zh-Hans".to_owned());
        let shown = channels(&Item::recall(facts), ALL, &[selection], Vocabulary::built_in());
        assert_eq!(shown.contains(&"feeds/own".to_owned()), fits, "{shown:?}");
    }

    #[test]
    fn every_item_is_in_everything_its_source_and_its_categories() {
        let facts = item(1, "Visit");
        let mut expected = vec!["all".to_owned(), format!("sources/{}", facts.source)];
        expected.extend(facts.categories.iter().map(|category| format!("categories/{}", category.slug)));
        assert_eq!(channels(&Item::recall(facts), ALL, &[], Vocabulary::built_in()), expected);
    }

    #[test]
    fn selections_ask_for_all_that_they_name() {
        check(selection(), true);
        check(Selection { sources: vec!["elsewhere".to_owned()], ..selection() }, false);
        check(Selection { categories: vec![Wanted::new("no-such".to_owned())], ..selection() }, false);
        check(Selection { language: Some("zh".to_owned()), ..selection() }, true);
        check(Selection { language: Some("z".to_owned()), ..selection() }, false);
        check(Selection { language: Some("zh-hans".to_owned()), ..selection() }, true);
        check(Selection { language: Some("zh-CN".to_owned()), ..selection() }, true);
        check(Selection { language: Some("zh-TW".to_owned()), ..selection() }, false);
        check(Selection { keep: regex("(?i)DEAN"), ..selection() }, true);
        check(Selection { keep: regex("rector"), ..selection() }, false);
        check(Selection { drop: regex("dean"), ..selection() }, false);
    }

    #[test]
    fn a_category_is_named_by_its_slug_or_as_people_see_it() {
        let mut facts = item(1, "Visit");
        let category = |slug: &str, label: &str| Category { slug: slug.to_owned(), label: label.to_owned() };
        let lectures = category::slug("Öffentliche Vorträge");
        facts.categories =
            vec![category(&lectures, "Öffentliche Vorträge"), category("event", "活动"), category("own", "Our own")];
        facts.tags = vec!["Sport & Health".to_owned()];
        let facts = Item::recall(facts);
        let is_shown = |wanted: &str, vocabulary: &Vocabulary| {
            let asked = Selection { categories: vec![Wanted::new(wanted.to_owned())], ..selection() };
            channels(&facts, ALL, &[asked], vocabulary).contains(&"feeds/own".to_owned())
        };
        for wanted in [
            "Öffentliche Vorträge", "offentliche-vortrage", "Events", "event", "Our own", "Sport & Health",
            "sport-health",
        ] {
            assert!(is_shown(wanted, Vocabulary::built_in()), "{wanted}");
        }
        // What is written as a slug is no other name of one.
        for wanted in ["events", "vortrage", "Sport", "our own thing"] {
            assert!(!is_shown(wanted, Vocabulary::built_in()), "{wanted}");
        }
        // The vocabulary of this site has other names.
        let own = "[own]\nlabel.en = \"Our own\"\nlabel.de = \"Unser Eigenes\"\n";
        let own = Vocabulary::parse(own).expect("a vocabulary");
        for (wanted, is) in [("Unser Eigenes", true), ("Events", false), ("event", true)] {
            assert_eq!(is_shown(wanted, &own), is, "{wanted}");
        }
    }

    #[test]
    fn a_source_filters_before_all_channels() {
        let (visit, vocabulary) = (Item::recall(item(1, "Visit")), Vocabulary::built_in());
        assert!(channels(&visit, Filter { keep: &[], drop: &regex("Visit") }, &[selection()], vocabulary).is_empty());
        assert!(!channels(&visit, Filter { keep: &regex("Visit"), drop: &[] }, &[selection()], vocabulary).is_empty());
    }
}
