//! What a story must be, and the only way to become one: [`Item::settle`].

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use sha2::{Digest, Sha256};

use crate::draft::{Credit, Draft, Enclosure, Evidence, Precision, Sibling, When};
use crate::source::{SourceId, Tz};

pub mod category;
mod credit;
pub mod date;
pub mod guid;
pub mod html;
pub mod inert;
pub mod language;
pub mod link;
pub mod number;
mod phrase;
pub mod text;
pub mod title;
mod wording;

pub use category::{Category, Vocabulary};
pub use html::{Html, LeftOut};
pub use link::CanonicalUrl;
use wording::Difference;
pub use wording::is_same_but_for_counters;

/// A story that is fit to be stored and published. Made by [`Item::settle`], recalled by the store.
#[derive(Clone, Debug, PartialEq)]
pub struct Item(Facts);

impl std::ops::Deref for Item {
    type Target = Facts;

    fn deref(&self) -> &Facts {
        &self.0
    }
}

/// The fields of an [`Item`], to be read.
#[derive(Clone, Debug, PartialEq)]
pub struct Facts {
    /// The item's own key: 16 hexadecimal digits, minted once from where it was first found, then kept for ever.
    pub key: ItemKey,
    /// The source it came from.
    pub source: SourceId,
    /// The upstream's own id, in normal form, where it can stand in every format. `None`: the item goes by
    /// `tag:<authority>:<key>`.
    pub guid: Option<String>,
    /// Its own address on the web. `None`: it lives on its item page here.
    pub link: Option<CanonicalUrl>,
    /// The title: one line of plain text, never empty.
    pub title: String,
    /// The body.
    pub content: Html,
    /// The first sentences as one line of plain text; may be empty.
    pub summary: String,
    /// When it was published, whole seconds. Fixed once the item is out; see [`Item::settle`].
    pub published: DateTime<Utc>,
    /// The date as it was read, no finer than it was written.
    pub when: When,
    /// Where the date was found.
    pub evidence: Evidence,
    /// When its words last changed, whole seconds; equal to `published` until they do, unless a feed tells otherwise.
    pub updated: DateTime<Utc>,
    /// When what it tells of took place, if that is not the day of publication.
    pub event: Option<When>,
    /// Names of its authors.
    pub authors: Vec<String>,
    /// Categories it is filed under.
    pub categories: Vec<Category>,
    /// Labels that the publisher of the feed it came from gave it, and that are no category here.
    pub tags: Vec<String>,
    /// Labels the document puts itself under, as written and in order.
    pub sections: Vec<String>,
    /// BCP 47 tag of the language of its text.
    pub language: Option<String>,
    /// Who published it, where the document says so.
    pub publisher: Option<String>,
    /// The same story in other languages.
    pub siblings: Vec<Sibling>,
    /// Files that belong to it.
    pub enclosures: Vec<Enclosure>,
    /// Its main picture, absolute.
    pub image: Option<String>,
    /// The feed that it was taken from: with a title, and with an id or an address. `None`: a document of our own.
    pub credit: Option<Arc<Credit>>,
    /// Hash of the normalized words of title and body: moves only when the words do.
    pub fingerprint: Fingerprint,
    /// Hash that exact copies share: of the words of the body, with the title if the body says little. `None`: it says
    /// nothing, and cannot be told to be a copy.
    pub twin_print: Option<Fingerprint>,
}

/// Key of an item: 16 hexadecimal digits.
pub type ItemKey = String;

/// Hash of the normalized words of a text.
pub type Fingerprint = [u8; 16];

/// What settling an item has to know beside its draft.
#[derive(Clone, Copy, Debug)]
pub struct Policy<'a> {
    /// The time of the walk.
    pub now: DateTime<Utc>,
    /// The zone of dates that carry none.
    pub timezone: Tz,
    /// The categories there are.
    pub vocabulary: &'a Vocabulary,
    /// Categories that the source adds.
    pub categories: &'a [String],
    /// Author of items that name none.
    pub author: Option<&'a str>,
    /// Language of items whose text does not tell.
    pub language: Option<&'a str>,
}

/// Which item a draft is about.
#[derive(Clone, Debug)]
pub struct Identity {
    /// The source it came from.
    pub source: SourceId,
    /// Its key, minted by [`mint`] when it was first met.
    pub key: ItemKey,
    /// The title of last resort, such as the name of its file.
    pub name: String,
    /// What is already out of it. `None`: it is new.
    pub known: Option<Known>,
}

/// What was published of an item before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Known {
    /// Its title.
    pub title: String,
    /// Its body.
    pub content: Html,
    /// Its summary.
    pub summary: String,
    /// What it is made of is as it was when it was last read: if its words are others, it is by our reading, and nobody
    /// has changed them.
    pub is_unedited: bool,
    /// The date as it was read then.
    pub when: When,
    /// Where it was found.
    pub evidence: Evidence,
    /// When it was published.
    pub published: DateTime<Utc>,
    /// When its words last changed.
    pub updated: DateTime<Utc>,
    /// Hash of its words.
    pub fingerprint: Fingerprint,
    /// The upstream's id that it goes by.
    pub guid: Option<String>,
}

impl Known {
    /// Whether an item says the same, but for what moves by itself.
    pub fn says_the_same(&self, item: &Facts) -> bool {
        self.fingerprint == item.fingerprint
            || wording::is_same(&self.title, &item.title)
                && wording::difference(&self.content, &item.content) != Difference::Words
    }
}

/// Mints the key of an item from where it was first found: its source, and its place there (path, upstream id).
/// Never from title, content, date or host, so that none of these moves it; never random, so that a store that was
/// lost comes back with the same keys.
pub fn mint(source: &SourceId, place: &[u8]) -> ItemKey {
    let hash = Sha256::new().chain_update(source.as_str()).chain_update([0]).chain_update(place).finalize();
    key(hash.iter().take(8).fold(0, |number, byte| number << 8 | u64::from(*byte)))
}

/// The key that a number stands for.
pub fn key(number: u64) -> ItemKey {
    // Every unchanged document has one: formatting them is a tenth of a walk that finds nothing new.
    let digits: [u8; 16] = std::array::from_fn(|at| b"0123456789abcdef"[(number >> (60 - 4 * at) & 15) as usize]);
    String::from_utf8_lossy(&digits).into_owned()
}

impl Facts {
    /// Whether its body alone tells it from others: it is not short.
    pub fn is_telling(&self) -> bool {
        self.twin_print.is_some_and(|print| print != self.fingerprint)
    }

    /// When it was published, whole seconds. `None`: nobody told it, and `published` is when it was first seen.
    pub fn told_published(&self) -> Option<DateTime<Utc>> {
        (self.evidence != Evidence::FirstSeen).then_some(self.published)
    }

    /// Whether its address is at the host of the feed that it is from.
    pub fn is_at_home(&self) -> bool {
        let feed = self.credit.as_ref().and_then(|credit| credit.feed.as_ref()?.host_str());
        let link = self.link.as_ref().and_then(|link| url::Url::parse(link.as_str()).ok());
        feed.is_some() && feed == link.as_ref().and_then(url::Url::host_str)
    }

    /// How fine the date of publication is.
    pub fn precision(&self) -> Precision {
        self.when.precision()
    }
}

/// Fewest letters and digits of a body that tell copies apart without the title.
const TELLING: usize = 64;
/// The same for entries of feeds: many carry the same lines ("Read more on our pages …") for want of a summary.
const TELLING_OF_ENTRIES: usize = 400;
/// Longest summary, characters.
const SUMMARY: usize = 300;
/// Most files of one item.
const MOST_ENCLOSURES: usize = 50;
/// Most tags of one item.
const MOST_TAGS: usize = 20;
/// Longest tag, characters.
const LONGEST_TAG: usize = 100;
/// Most authors of one item.
const MOST_AUTHORS: usize = 20;

impl Item {
    /// Makes a draft an item. This is the only way to become one; it always succeeds: what a draft lacks is filled with
    /// what is known, and what it claims wrongly is left out. Beside the item stand the notes of the draft, and those on
    /// what was left out.
    ///
    /// `published` and its evidence are decided once: an item that is out keeps them, but for a document that told no date
    /// and is edited to tell one of before it was first seen. `updated` moves to `now` when somebody
    /// has changed the words of title or body since, and always onward. Where all that differs moves by itself (a counter of
    /// readers, the day of the visit, links to the neighbours), the body stays as it is out.
    pub fn settle(draft: Draft, identity: Identity, policy: &Policy<'_>) -> (Self, Vec<String>) {
        let Identity { source, key, name, known } = identity;
        let mut notes = draft.notes;
        let told = || date::choose(&draft.dates, policy.now, policy.timezone).in_order(draft.order, policy.now);
        let dated = match &known {
            Some(known) => {
                let before = date::Dated { when: known.when, evidence: known.evidence, published: known.published };
                // Of a document of our own somebody has mended it; what feeds say of old entries is another matter.
                let is_edited = !known.is_unedited && draft.credit.is_none();
                if is_edited { before.or_corrected(told) } else { before }
            }
            None => told(),
        };
        notes.extend(date::notes(&draft.dates, &dated, policy.now, policy.timezone));
        let declared = draft.language.as_deref().and_then(language::canonical);
        if let (Some(declared), None) = (&draft.language, &declared)
            && !declared.trim().is_empty()
        {
            notes.push(format!("has the language {declared:?}, which is no BCP 47 tag: write it as en, zh or zh-Hant"));
        }
        let (mut content, left_out) = Html::clean(&draft.body, draft.base.as_ref());
        notes.extend(note_left_out(left_out));
        let difference = known.as_ref().map(|known| wording::difference(&known.content, &content));
        if let Some(known) = known.as_ref().filter(|_| difference == Some(Difference::Nothing)) {
            content.clone_from(&known.content);
        }
        let text = content.text();
        let title = draft
            .title
            .as_deref()
            .and_then(|title| title::clean(title, draft.title_is_text))
            .or_else(|| title_of_text(&text));
        let name = title::clean(&name, false);
        // What is out under the name alone stays so while nothing else of it changes.
        let stays = difference == Some(Difference::Nothing)
            && known.as_ref().is_some_and(|known| Some(&known.title) == name.as_ref());
        let shown = || title::of_what_it_shows(&content, &draft.enclosures, draft.link.as_ref());
        let title = title.or_else(|| shown().filter(|_| draft.credit.is_some() && !stays));
        let title = title.or(name).unwrap_or_else(|| key.clone());
        let telling = if draft.credit.is_some() { TELLING_OF_ENTRIES } else { TELLING };
        let (fingerprint, twin_print) = prints(&title, &text, telling);
        let updated = match &known {
            Some(known) => {
                let is_edited = difference == Some(Difference::Words) || !wording::is_same(&known.title, &title);
                if known.fingerprint == fingerprint || known.is_unedited || !is_edited {
                    known.updated
                } else {
                    // Also where the clock was set back: no change is to be missed.
                    whole_second(policy.now).max(known.updated + TimeDelta::seconds(1))
                }
            }
            None => date::updated(&draft.updated, &dated, policy.now, policy.timezone),
        };
        let link = draft.link.as_ref().and_then(CanonicalUrl::new);
        let language = language::of(declared.clone(), (draft.title.as_deref(), &text), policy.language);
        if let Some(declared) =
            declared.filter(|declared| draft.language_by_hand && language.as_ref() != Some(declared))
        {
            let counts = language.as_ref().map_or_else(
                || "is not written in it".to_owned(),
                |language| format!("is written in {language:?}, which counts"),
            );
            notes.push(format!("has the language {declared:?}, but its text {counts}: correct one of them"));
        }
        let language = language.or_else(|| policy.language.map(str::to_owned));
        let sections: Vec<String> =
            draft.sections.iter().map(|label| text::one_line(label)).filter(|label| !label.is_empty()).collect();
        // Who publishes a feed may tag each entry in its own way; a category of every word would be one of nobody's choosing.
        let is_own = |label: &String| {
            policy.vocabulary.knows(label)
                || policy.categories.iter().any(|own| category::slug(own) == category::slug(label))
        };
        let (given, labels): (Vec<String>, Vec<String>) =
            draft.categories.into_iter().partition(|label| draft.credit.is_none() || is_own(label));
        let given: Vec<String> = given.into_iter().chain(policy.categories.iter().cloned()).collect();
        let tags = tags(&labels);
        let categories = policy.vocabulary.file_under(category::Clues {
            sections: &sections,
            given: &given,
            keywords: &draft.keywords,
            address_path: draft.link.as_ref().map(url::Url::path),
            title: &title,
            text: &text,
            language: language.as_deref(),
        });
        let mut authors: Vec<String> = Vec::new();
        let fallback = policy.author.filter(|_| draft.authors.is_empty()).map(str::to_owned);
        for author in draft.authors.iter().chain(&fallback).map(|author| text::cut(&text::one_line(author), 100)) {
            if !author.is_empty() && !authors.contains(&author) && authors.len() < MOST_AUTHORS {
                authors.push(author);
            }
        }
        let event = draft.event.map(|claim| claim.when).filter(|event| event.first_day() != dated.when.first_day());
        let mut summary = summary(draft.summary.as_deref(), &text);
        if let Some(known) = known.as_ref().filter(|known| wording::is_same_but_for_counters(&known.summary, &summary))
        {
            summary.clone_from(&known.summary);
        }
        let mut enclosures: Vec<Enclosure> = Vec::new();
        for enclosure in draft.enclosures {
            let Some(url) = link::web(&enclosure.url) else { continue };
            if enclosures.iter().all(|known| known.url != url) && enclosures.len() < MOST_ENCLOSURES {
                enclosures.push(Enclosure { url, ..enclosure });
            }
        }
        let image = draft.image.as_ref().and_then(link::web).map(String::from);
        let picture = || enclosures.iter().find(|file| file.is_picture()).map(|file| file.url.to_string());
        let image = image.or_else(|| content.first_picture()).or_else(picture);
        let item = Self(Facts {
            key,
            source,
            // An id is for ever, also if the upstream gives another.
            guid: known.map_or_else(|| draft.guid.as_deref().and_then(guid::id), |known| known.guid),
            link,
            title,
            content,
            summary,
            published: dated.published,
            when: dated.when,
            evidence: dated.evidence,
            updated,
            event,
            authors,
            categories,
            tags,
            sections,
            language,
            publisher: draft
                .publisher
                .map(|name| text::cut(&text::one_line(&name), 200))
                .filter(|name| !name.is_empty()),
            siblings: siblings(draft.siblings),
            enclosures,
            image,
            credit: draft.credit.and_then(credit::fit).map(Arc::new),
            fingerprint,
            twin_print,
        });
        (item, notes)
    }

    /// An item as it was settled before: for the store, which keeps its facts.
    pub(crate) fn recall(facts: Facts) -> Self {
        Self(facts)
    }

    /// What is known of it, to be shown otherwise: what is made of that is no item any more.
    pub fn into_facts(self) -> Facts {
        self.0
    }
}

fn whole_second(time: DateTime<Utc>) -> DateTime<Utc> {
    DateTime::from_timestamp(time.timestamp(), 0).unwrap_or(time)
}

/// Labels that are fit to be published: one line each, none twice, the first of very many.
fn tags(labels: &[String]) -> Vec<String> {
    let mut tags: Vec<String> = Vec::new();
    for label in labels.iter().map(|label| text::cut(&text::one_line(label), LONGEST_TAG)) {
        if tags.len() < MOST_TAGS && !label.is_empty() && !tags.contains(&label) {
            tags.push(label);
        }
    }
    tags
}

/// Siblings that are fit to be published: with a language that is one, at a web address without a password or key.
fn siblings(told: Vec<Sibling>) -> Vec<Sibling> {
    let fit =
        told.into_iter().filter(|sibling| language::is_known(&sibling.language) && !link::carries_a_key(&sibling.url));
    fit.filter_map(|sibling| Some(Sibling { url: link::web(&sibling.url)?, ..sibling })).collect()
}

/// What is said of relative addresses that were left out. `None`: there were none.
fn note_left_out(LeftOut { links, pictures }: LeftOut) -> Option<String> {
    let counted = |number: u32, name: &str| match number {
        0 => None,
        1 => Some(format!("1 relative {name}")),
        number => Some(format!("{number} relative {name}s")),
    };
    let parts: Vec<String> = [counted(links, "link"), counted(pictures, "picture")].into_iter().flatten().collect();
    let what = parts.join(" and ");
    (!what.is_empty()).then(|| {
        format!("loses {what}, for it has no address of its own: give `link` in its front matter or a sidecar")
    })
}

/// The first words of a text that has no title.
pub fn title_of_text(text: &str) -> Option<String> {
    let first = text.lines().find(|line| !line.trim().is_empty())?;
    let sentence =
        first.find(['。', '！', '？']).or_else(|| first.find(". ")).and_then(|at| first.get(..at)).unwrap_or(first);
    title::clean(&text::cut(sentence, 80), true)
}

/// The summary: what the document gives, unless it is empty or only the title, else the first sentences of the text.
fn summary(given: Option<&str>, text: &str) -> String {
    let given = given.map(text::one_line).filter(|given| !given.is_empty());
    let start = || {
        let near = text.char_indices().nth(SUMMARY * 2).map_or(text, |(at, _)| text.get(..at).unwrap_or(text));
        text::one_line(near)
    };
    text::cut(&given.unwrap_or_else(start), SUMMARY)
}

/// The hashes of title and text: of all words, and what copies share. A body of fewer than `telling` letters and digits
/// tells no copies without its title.
fn prints(title: &str, text: &str, telling: usize) -> (Fingerprint, Option<Fingerprint>) {
    let mut words = Vec::with_capacity(text.len());
    text::words(text, &mut words);
    let body = words.len();
    let mut hasher = Sha256::new_with_prefix(&words);
    let of_body = print(hasher.clone());
    words.clear();
    text::words(title, &mut words);
    hasher.update("\n");
    hasher.update(&words);
    let whole = print(hasher);
    let twin = if body >= telling { Some(of_body) } else { (body > 0).then_some(whole) };
    (whole, twin)
}

/// Hash of several parts, none of which can be taken for a piece of another.
pub fn digest(parts: &[&[u8]]) -> Fingerprint {
    let mut hasher = Sha256::new();
    for part in parts {
        hasher.update((part.len() as u64).to_le_bytes());
        hasher.update(part);
    }
    print(hasher)
}

fn print(hasher: Sha256) -> Fingerprint {
    let mut print = [0; 16];
    print.iter_mut().zip(hasher.finalize()).for_each(|(to, from)| *to = from);
    print
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::draft::{Body, DateClaim};

    fn time(text: &str) -> DateTime<Utc> {
        text.parse().expect("a time")
    }

    fn policy(now: &str) -> Policy<'static> {
        Policy {
            now: time(now),
            timezone: "Asia/Shanghai".parse().unwrap(),
            vocabulary: Vocabulary::built_in(),
            categories: &[],
            author: None,
            language: Some("en"),
        }
    }

    fn draft(title: &str, body: &[&str]) -> Draft {
        Draft {
            title: Some(title.to_owned()),
            body: Body::Paragraphs(body.iter().map(|text| (*text).to_owned()).collect()),
            ..Draft::default()
        }
    }

    fn settle(draft: Draft, identity: Identity, policy: &Policy<'_>) -> Item {
        Item::settle(draft, identity, policy).0
    }

    fn identity(known: Option<&Item>) -> Identity {
        let source = SourceId::new("harbour").expect("an id");
        let known = known.cloned().map(|Item(facts)| {
            let Facts { title, content, summary, when, evidence, published, updated, fingerprint, guid, .. } = facts;
            Known { title, content, summary, when, evidence, published, updated, fingerprint, guid, is_unedited: false }
        });
        Identity { key: mint(&source, b"a.txt"), source, name: "a".to_owned(), known }
    }

    #[test]
    fn keys_come_from_the_place_alone() {
        let source = SourceId::new("harbour").expect("an id");
        let other = SourceId::new("library").expect("an id");
        assert_eq!(mint(&source, b"a.txt"), mint(&source, b"a.txt"));
        assert_ne!(mint(&source, b"a.txt"), mint(&source, b"b.txt"));
        assert_ne!(mint(&source, b"a.txt"), mint(&other, b"a.txt"));
        assert!(mint(&source, b"a.txt").len() == 16 && mint(&source, b"").bytes().all(|byte| byte.is_ascii_hexdigit()));
    }

    #[test]
    fn published_is_fixed_and_updated_follows_the_words() {
        let first = settle(draft("Tide", &["The tide rose."]), identity(None), &policy("2026-05-01T00:00:00Z"));
        assert_eq!((first.published, first.evidence), (time("2026-05-01T00:00:00Z"), Evidence::FirstSeen));
        let again = |credit: Option<Credit>| {
            let day = When::Day("2024-01-01".parse().expect("a day"));
            let dates = vec![DateClaim::new(day, Evidence::FrontMatter, "")];
            Draft { dates, credit, ..draft("TIDE ", &["The  tide — rose!"]) }
        };
        let credit = Credit { title: "Quay".to_owned(), id: None, feed: None, page: None };
        let entry = settle(again(Some(credit)), identity(Some(&first)), &policy("2026-06-01T00:00:00Z"));
        assert_eq!(entry.published, first.published, "an entry of a feed");
        let mut reread = identity(Some(&first));
        reread.known.as_mut().expect("it is known").is_unedited = true;
        let reread = settle(again(None), reread, &policy("2026-06-01T00:00:00Z"));
        assert_eq!(reread.published, first.published, "a document that nobody edited");
        let told = settle(again(None), identity(Some(&first)), &policy("2026-06-01T00:00:00Z"));
        assert_eq!((told.when.to_string().as_str(), told.updated), ("2024-01-01", first.updated), "one that was");
        let again = entry;
        let changed =
            settle(draft("Tide", &["The tide fell."]), identity(Some(&again)), &policy("2026-07-01T00:00:00Z"));
        assert_eq!((changed.published, changed.updated), (first.published, time("2026-07-01T00:00:00Z")));
        let mended =
            settle(draft("Tides", &["The tide fell."]), identity(Some(&changed)), &policy("2026-07-01T00:00:00Z"));
        assert_eq!(mended.updated, time("2026-07-01T00:00:01Z"), "two edits within a second are two");
        let mut reread = identity(Some(&mended));
        reread.known.as_mut().expect("it is known").is_unedited = true;
        let reread = settle(draft("Tides", &["The tide."]), reread, &policy("2026-08-01T00:00:00Z"));
        assert_eq!((reread.updated, reread.content.text()), (mended.updated, "The tide.".to_owned()));
    }

    #[test]
    fn what_moves_by_itself_changes_nothing_that_is_out() {
        let of = |views: u32, words: &str| {
            let mut draft = draft("Tide", &[words, &format!("Views: {views}")]);
            draft.summary = Some(format!("{words} ({views} views)"));
            draft
        };
        let first = settle(of(1, "The tide rose."), identity(None), &policy("2026-05-01T00:00:00Z"));
        let moved = settle(of(22, "The tide rose."), identity(Some(&first)), &policy("2026-06-01T00:00:00Z"));
        assert_eq!(moved, first);
        let mended = settle(of(23, "The tide rises."), identity(Some(&moved)), &policy("2026-06-01T00:00:00Z"));
        assert_eq!((mended.updated, &*mended.summary), (time("2026-06-01T00:00:00Z"), "The tide rises. (23 views)"));
    }

    #[test]
    fn an_item_always_has_a_title() {
        let title = |draft| settle(draft, identity(None), &policy("2026-05-01T00:00:00Z")).title.clone();
        assert_eq!(title(Draft::default()), "a");
        let untitled = Draft { title: None, ..draft("", &["The tide rose. It fell."]) };
        assert_eq!(title(untitled), "The tide rose");
    }

    #[test]
    fn the_picture_of_an_item_is_one_that_is_to_be_seen() {
        let url = |text: &str| url::Url::parse(text).expect("an address");
        let image = |draft| settle(draft, identity(None), &policy("2026-05-01T00:00:00Z")).image.clone();
        let picture = Enclosure { url: url("https://a.example/e"), media_type: "image/png".to_owned(), length: None };
        let attached = || Draft { enclosures: vec![picture.clone()], ..Draft::default() };
        assert_eq!(image(attached()).as_deref(), Some("https://a.example/e"));
        let pixel = Html::recall("<img src=\"https://a.example/p\" alt=\"\" width=\"1\" height=\"1\">".to_owned());
        assert_eq!(pixel.first_picture(), None);
        let second = Html::recall(format!("{}<img src=\"https://a.example/?a=1&amp;b=2\" alt=\"x\">", pixel.as_str()));
        assert_eq!(second.first_picture().as_deref(), Some("https://a.example/?a=1&b=2"));
        let known = Draft { image: Some(url("https://a.example/i")), ..attached() };
        assert_eq!(image(known).as_deref(), Some("https://a.example/i"));
    }

    #[test]
    fn copies_share_a_print_whatever_their_title_and_markup() {
        let long = "The harbour college has measured the tide every day since the spring, and found it to be on time.";
        let of =
            |title: &str, body: &[&str]| settle(draft(title, body), identity(None), &policy("2026-05-01T00:00:00Z"));
        assert_eq!(of("A", &[long]).twin_print, of("B", &[long.to_uppercase().as_str()]).twin_print);
        assert_ne!(of("A", &[long]).fingerprint, of("B", &[long]).fingerprint);
        assert_ne!(of("A", &["Short."]).twin_print, of("B", &["Short."]).twin_print);
        assert_eq!(of("A", &[]).twin_print, None);
    }
}
