//! Categories: the vocabulary that files labels, addresses and words under slugs.

use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::sync::LazyLock;

use serde::Deserialize;
use toml::Spanned;
use unicode_normalization::UnicodeNormalization;

use super::phrase::{Found, Phrases};

mod slug;

pub use slug::slug;

/// A category an item is filed under (RSS `<category>`, Atom `<category term label>`, JSON Feed `tags`).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Category {
    /// The name in addresses: `a-z`, `0-9`, `-`.
    pub slug: String,
    /// The name people read.
    pub label: String,
}

/// The known categories, and what leads to each of them. Written by people as `config/categories.toml`.
#[derive(Clone, Debug)]
pub struct Vocabulary {
    /// In the order of the file.
    entries: Vec<Entry>,
    /// Slugs and labels, folded, and the entries they lead to.
    labels: HashMap<String, usize>,
    /// Parts of addresses, folded, and the entries they lead to.
    urls: HashMap<String, usize>,
    /// The words that lead to topics, and those that keep them from it.
    phrases: Phrases,
    /// What each phrase says, by its number.
    meanings: Vec<Meaning>,
    /// Hash of the file.
    print: super::Fingerprint,
}

/// What an item says about what it is about.
#[derive(Clone, Copy, Debug, Default)]
pub struct Clues<'a> {
    /// Labels that the document puts itself under (breadcrumb, headings), outermost first.
    pub sections: &'a [String],
    /// Categories that somebody gave it: front matter, configuration, upstream. Slugs or labels.
    pub given: &'a [String],
    /// Its key words.
    pub keywords: &'a [String],
    /// Path of its address.
    pub address_path: Option<&'a str>,
    /// Its title, as plain text.
    pub title: &'a str,
    /// Its text, as plain text.
    pub text: &'a str,
    /// BCP 47 tag of the language that labels are wanted in. `None`: English.
    pub language: Option<&'a str>,
}

/// Most categories that one item is filed under.
const MOST_CATEGORIES: usize = 8;

/// How much of a text is searched for words, in characters.
const SEARCHED_CHARACTERS: usize = 1_000;

/// Mentions in the text that make a topic; in the title, one does.
const MENTIONS_IN_TEXT: usize = 2;

/// Where an item goes that nothing else files: news is what sources bring.
const DEFAULT_SLUG: &str = "news";

impl Vocabulary {
    /// The vocabulary that comes with the program: `config/categories.toml`.
    pub fn built_in() -> &'static Self {
        #[expect(clippy::expect_used, reason = "the text is part of the program, and a test parses it")]
        static BUILT_IN: LazyLock<Vocabulary> = LazyLock::new(|| {
            Vocabulary::parse(include_str!("../../../config/categories.toml"))
                .expect("the built-in vocabulary is right")
        });
        &BUILT_IN
    }

    /// Reads a vocabulary: TOML, one table per slug, as `config/categories.toml` explains.
    ///
    /// # Errors
    /// When the text is no TOML, has a key that is not known, a slug that is none, or a label or address part that
    /// leads to two categories. All name line and column.
    pub fn parse(text: &str) -> Result<Self, VocabularyError> {
        let tables: BTreeMap<Spanned<String>, Table> =
            toml::from_str(text).map_err(|error| VocabularyError::from_toml(text, &error))?;
        if tables.is_empty() {
            return Err(VocabularyError::Empty);
        }
        let mut tables: Vec<_> = tables.into_iter().collect();
        tables.sort_unstable_by_key(|(slug, _)| slug.span().start);

        let mut vocabulary = Self {
            entries: Vec::new(),
            labels: HashMap::new(),
            urls: HashMap::new(),
            phrases: Phrases::new([]),
            meanings: Vec::new(),
            print: super::digest(&[text.as_bytes()]),
        };
        let mut phrases = Vec::new();
        for (index, (slug, table)) in tables.into_iter().enumerate() {
            let at = || Position::of(text, slug.span().start);
            let name = slug.get_ref().clone();
            if self::slug(&name) != name {
                return Err(VocabularyError::Slug { at: at(), slug: name });
            }
            if !table.label.contains_key("en") {
                return Err(VocabularyError::NoLabel { at: at(), slug: name });
            }
            vocabulary.entries.push(Entry {
                slug: name.clone(),
                labels: table.label.iter().map(|(tag, label)| (tag.to_ascii_lowercase(), label.clone())).collect(),
                mark: table.mark,
            });
            let own_names = table.label.into_values().chain([name]).map(|name| Spanned::new(slug.span(), name));
            for label in own_names.chain(table.labels) {
                vocabulary.lead(text, Signpost::Label, &label, index)?;
            }
            for part in table.urls {
                vocabulary.lead(text, Signpost::Url, &part, index)?;
            }
            if table.topic {
                let sayings = table.words.iter().map(|word| (word, true));
                for (phrase, counts) in sayings.chain(table.unless.iter().map(|phrase| (phrase, false))) {
                    let words = phrase.get_ref().to_lowercase();
                    if words.chars().filter(|c| c.is_alphanumeric()).count() < 2 {
                        let at = Position::of(text, phrase.span().start);
                        return Err(VocabularyError::ShortWord { at, word: phrase.get_ref().clone() });
                    }
                    phrases.push(words);
                    vocabulary.meanings.push(Meaning { entry: index, counts });
                }
            }
        }
        vocabulary.phrases = Phrases::new(phrases);
        Ok(vocabulary)
    }

    /// Lets a label or a part of an address lead to an entry.
    fn lead(
        &mut self,
        text: &str,
        kind: Signpost,
        name: &Spanned<String>,
        index: usize,
    ) -> Result<(), VocabularyError> {
        let map = match kind {
            Signpost::Label => &mut self.labels,
            Signpost::Url => &mut self.urls,
        };
        match map.insert(fold(name.get_ref()), index) {
            Some(other) if other != index => Err(VocabularyError::TwoWays {
                at: Position::of(text, name.span().start),
                name: name.get_ref().clone(),
                first: self.entries.get(other).map(|entry| entry.slug.clone()).unwrap_or_default(),
                second: self.entries.get(index).map(|entry| entry.slug.clone()).unwrap_or_default(),
            }),
            _ => Ok(()),
        }
    }

    /// The categories of an item, at most 8, none twice: those it is filed under, in the order of the clues, then its
    /// topics in the order of the vocabulary.
    ///
    /// - Sections that the vocabulary knows, and everything that was given. A given label that is not known becomes
    ///   a category of its own; an unknown section does not, it may be anything.
    /// - Where these name nothing that the vocabulary knows: key words; then the last known part of the address. A mark
    ///   such as `featured` says how prominent an item is, so it does not end the search.
    /// - Where all of that names nothing: `news`, so that no item is missing from every category.
    /// - Topics: what the title mentions once, or the first 1,000 characters of the text twice.
    pub fn file_under(&self, clues: Clues<'_>) -> Vec<Category> {
        let mut filing = Filing { vocabulary: self, language: clues.language, chosen: Vec::new(), filed: false };
        for section in clues.sections {
            filing.add_known(self.labels.get(&fold(section)));
        }
        for given in clues.given {
            match self.known(given) {
                Some(index) => filing.add(index),
                None => filing.add_own(given),
            }
        }
        if !filing.filed {
            for keyword in clues.keywords {
                filing.add_known(self.labels.get(&fold(keyword)));
            }
        }
        if !filing.filed {
            let parts = clues.address_path.unwrap_or_default().split('/').rev();
            let mut known = parts.filter_map(|part| self.urls.get(&fold(part.split('.').next().unwrap_or_default())));
            filing.add_known(known.next());
        }
        if !filing.filed {
            filing.add_known(self.labels.get(DEFAULT_SLUG));
        }
        for topic in self.topics(clues.title, clues.text) {
            filing.add(topic);
        }
        filing.chosen
    }

    /// Hash of the file that it was read from.
    pub fn print(&self) -> super::Fingerprint {
        self.print
    }

    /// The slugs, in the order of the file.
    pub fn slugs(&self) -> impl Iterator<Item = &str> {
        self.entries.iter().map(|entry| entry.slug.as_str())
    }

    /// The label of a category in a language (BCP 47), or else in English. `None`: the slug is not known.
    pub fn label(&self, slug: &str, language: &str) -> Option<&str> {
        self.entry(slug).map(|entry| entry.label(Some(language)))
    }

    fn entry(&self, slug: &str) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.slug == slug)
    }

    /// Whether a slug or label leads to a category.
    pub fn knows(&self, name: &str) -> bool {
        self.known(name).is_some()
    }

    /// The slug of the category that a slug or label leads to. `None`: it is not known.
    pub fn slug_of(&self, name: &str) -> Option<&str> {
        self.known(name).and_then(|entry| self.entries.get(entry)).map(|entry| entry.slug.as_str())
    }

    /// The entry that a slug or label leads to.
    fn known(&self, name: &str) -> Option<usize> {
        self.labels.get(&fold(name)).copied()
    }

    /// The entries that title and text are about, in the order of the vocabulary.
    fn topics(&self, title: &str, text: &str) -> impl Iterator<Item = usize> {
        let in_title = self.mentions(beginning(title, SEARCHED_CHARACTERS));
        let in_text = self.mentions(beginning(text, SEARCHED_CHARACTERS));
        let about = move |&index: &usize| in_title[index] > 0 || in_text[index] >= MENTIONS_IN_TEXT;
        (0..self.entries.len()).filter(about)
    }

    /// How often a text mentions each entry. Words that overlap are one mention, and a word that touches a phrase of
    /// `unless` is none.
    fn mentions(&self, text: &str) -> Vec<usize> {
        let mut counts = vec![0; self.entries.len()];
        let mut words = Vec::new();
        let mut exceptions = Vec::new();
        // All at every place are wanted: "international conference" is a conference too.
        for Found { phrase, start, end } in self.phrases.find(text) {
            if let Some(meaning) = self.meanings.get(phrase)
                && stands_alone(text, start, end)
            {
                let list = if meaning.counts { &mut words } else { &mut exceptions };
                list.push((meaning.entry, start, end));
            }
        }
        let mut counted_to = vec![0; self.entries.len()];
        for (entry, start, end) in words {
            let touches = |&(other, from, to): &(usize, usize, usize)| other == entry && from < end && start < to;
            if start >= counted_to[entry] && !exceptions.iter().any(touches) {
                counts[entry] += 1;
                counted_to[entry] = end;
            }
        }
        counts
    }
}

/// A vocabulary that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum VocabularyError {
    /// It is no TOML, or a value is of the wrong kind.
    #[error("{at}: {message}")]
    Syntax {
        /// Where.
        at: Position,
        /// What the TOML reader says.
        message: String,
    },
    /// There is no category in it, so nothing would be filed.
    #[error("there is no category in it: add one, or remove the file to use the built-in ones")]
    Empty,
    /// A key that has no meaning.
    #[error("{at}: unknown key {key:?}: {advice}")]
    UnknownKey {
        /// Where.
        at: Position,
        /// The key, as written.
        key: String,
        /// The key that was meant, or all that exist.
        advice: String,
    },
    /// A table whose name cannot stand in an address.
    #[error("{at}: {slug:?} is not a slug: use a-z, 0-9 and -, such as {:?}", self::slug(.slug))]
    Slug {
        /// Where.
        at: Position,
        /// The name, as written.
        slug: String,
    },
    /// A category without a name.
    #[error("{at}: {slug:?} has no English label: add label.en")]
    NoLabel {
        /// Where.
        at: Position,
        /// The category.
        slug: String,
    },
    /// A label or address part under two categories.
    #[error("{at}: {name:?} leads to {first:?} and to {second:?}: keep it under one of them")]
    TwoWays {
        /// Where the second one is.
        at: Position,
        /// The label or address part.
        name: String,
        /// The category that has it first.
        first: String,
        /// The category that has it again.
        second: String,
    },
    /// A word that would be found everywhere.
    #[error("{at}: the word {word:?} is too short: use at least two letters")]
    ShortWord {
        /// Where.
        at: Position,
        /// The word.
        word: String,
    },
}

impl VocabularyError {
    fn from_toml(text: &str, error: &toml::de::Error) -> Self {
        let span = error.span().unwrap_or_default();
        let at = Position::of(text, span.start);
        if !error.message().starts_with("unknown field") {
            let message = error.message().lines().collect::<Vec<_>>().join(": ");
            return Self::Syntax { at, message };
        }
        let key = text.get(span).unwrap_or_default().trim_matches(['"', '\'']).to_owned();
        let nearest = Table::KEYS
            .iter()
            .map(|known| (strsim::jaro_winkler(&key, known), known))
            .filter(|(likeness, _)| *likeness > 0.7)
            .max_by(|one, other| one.0.total_cmp(&other.0));
        let advice = match nearest {
            Some((_, known)) => format!("did you mean {known:?}"),
            None => format!("use one of {}", Table::KEYS.join(", ")),
        };
        Self::UnknownKey { at, key, advice }
    }
}

/// A place in a text: both numbers begin at 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Position {
    /// The line.
    pub line: usize,
    /// The character in the line.
    pub column: usize,
}

impl Position {
    /// The place of a byte.
    fn of(text: &str, byte: usize) -> Self {
        let before = text.get(..byte).unwrap_or(text);
        let line_start = before.rfind('\n').map_or(0, |end| end + 1);
        Self {
            line: before.matches('\n').count() + 1,
            column: before.get(line_start..).unwrap_or_default().chars().count() + 1,
        }
    }
}

impl fmt::Display for Position {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "line {}, column {}", self.line, self.column)
    }
}

/// A table of the file, as written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    label: BTreeMap<String, String>,
    #[serde(default)]
    labels: Vec<Spanned<String>>,
    #[serde(default)]
    urls: Vec<Spanned<String>>,
    #[serde(default)]
    words: Vec<Spanned<String>>,
    #[serde(default)]
    unless: Vec<Spanned<String>>,
    #[serde(default = "yes")]
    topic: bool,
    #[serde(default)]
    mark: bool,
    /// Of vocabularies for earlier versions: nothing ever asked for it.
    #[serde(rename = "schema")]
    _schema: Option<serde::de::IgnoredAny>,
}

impl Table {
    const KEYS: [&str; 7] = ["label", "labels", "urls", "words", "unless", "topic", "mark"];
}

fn yes() -> bool {
    true
}

/// A category of the vocabulary, as used.
#[derive(Clone, Debug)]
struct Entry {
    slug: String,
    /// By language tag in lower case; `en` is there.
    labels: BTreeMap<String, String>,
    mark: bool,
}

impl Entry {
    /// The label in the language that fits best (RFC 4647 §3.4, lookup), else in English.
    fn label(&self, language: Option<&str>) -> &str {
        let wanted = language.unwrap_or("en").to_ascii_lowercase();
        // Places of traditional characters, whose tags need not name the script.
        let wanted = match wanted.as_str() {
            "zh-tw" | "zh-hk" | "zh-mo" => "zh-hant",
            other => other,
        };
        let ranges = std::iter::successors(Some(wanted), |tag| tag.rfind('-').and_then(|end| tag.get(..end)));
        ranges.chain(["en"]).find_map(|tag| self.labels.get(tag)).map_or(&self.slug, |label| label)
    }
}

/// The maps that names lead through.
#[derive(Clone, Copy)]
enum Signpost {
    Label,
    Url,
}

/// What a phrase says: a word of an entry that counts, or one that keeps words from counting.
#[derive(Clone, Debug)]
struct Meaning {
    entry: usize,
    counts: bool,
}

/// The categories of one item, while they are chosen.
struct Filing<'a> {
    vocabulary: &'a Vocabulary,
    language: Option<&'a str>,
    chosen: Vec<Category>,
    /// Whether one of them says what the item is.
    filed: bool,
}

impl Filing<'_> {
    fn add_known(&mut self, index: Option<&usize>) {
        if let Some(&index) = index {
            self.add(index);
        }
    }

    fn add(&mut self, index: usize) {
        if let Some(entry) = self.vocabulary.entries.get(index) {
            self.filed |= !entry.mark;
            self.push(Category { slug: entry.slug.clone(), label: entry.label(self.language).to_owned() });
        }
    }

    fn add_own(&mut self, label: &str) {
        let label = label.split_whitespace().collect::<Vec<_>>().join(" ");
        if !label.is_empty() {
            self.push(Category { slug: slug(&label), label });
        }
    }

    fn push(&mut self, category: Category) {
        if self.chosen.len() < MOST_CATEGORIES && self.chosen.iter().all(|chosen| chosen.slug != category.slug) {
            self.chosen.push(category);
        }
    }
}

/// The form in which labels are compared: letters and digits in lower case, full width made half, "&" made "and",
/// spaces and punctuation left off.
fn fold(label: &str) -> String {
    let mut folded = String::with_capacity(label.len());
    // Neither ASCII nor the unified ideographs have another form to be brought to.
    if label.chars().all(|letter| matches!(letter, '\0'..='\x7f' | '\u{4e00}'..='\u{9fff}')) {
        fold_into(&mut folded, label.chars());
    } else {
        fold_into(&mut folded, label.nfkc());
    }
    folded
}

fn fold_into(folded: &mut String, characters: impl Iterator<Item = char>) {
    for character in characters {
        match character {
            '&' => folded.push_str("and"),
            // Most of what is folded, and quickly told: ASCII, and the unified ideographs, which are letters without case.
            '\0'..='\x7f' if !character.is_ascii_alphanumeric() => {}
            '\0'..='\x7f' => folded.push(character.to_ascii_lowercase()),
            '\u{4e00}'..='\u{9fff}' => folded.push(character),
            _ if character.is_alphanumeric() => folded.extend(character.to_lowercase()),
            _ => {}
        }
    }
}

/// The first `characters` of a text.
fn beginning(text: &str, characters: usize) -> &str {
    let mut rest = text.chars();
    match rest.nth(characters) {
        // One character past the end was taken, to know that there is an end.
        Some(past) => text.get(..text.len() - rest.as_str().len() - past.len_utf8()).unwrap_or(text),
        None => text,
    }
}

/// Whether a match is whole words. Scripts that write without spaces have no ends of words to look for. A hyphen joins;
/// a plural "s" after the match belongs to it.
fn stands_alone(text: &str, start: usize, end: usize) -> bool {
    let joins = |c: char| (c.is_alphanumeric() && !is_unspaced(c)) || matches!(c, '-' | '\u{2010}' | '\u{2011}');
    let (Some(before), Some(matched), Some(after)) = (text.get(..start), text.get(start..end), text.get(end..)) else {
        return false;
    };
    let starts_word = matched.starts_with(|c: char| !is_unspaced(c));
    if starts_word && before.ends_with(joins) {
        return false;
    }
    let ends_word = matched.ends_with(|c: char| !is_unspaced(c));
    !ends_word || !after.strip_prefix(['s', 'S']).unwrap_or(after).starts_with(joins)
}

/// Whether a script writes this character without spaces between words (Han, kana).
fn is_unspaced(character: char) -> bool {
    matches!(character, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

#[cfg(test)]
mod tests;
