//! What the name of an element says that its text is: title, date, author, breadcrumb.

use scraper::node::Element;

use super::elements::{attribute, lower, names, words, words_of};
use super::names::is_picture;
use crate::draft::Evidence;

/// What the words in an element's names say.
#[derive(Default)]
#[expect(clippy::struct_excessive_bools, reason = "an element may be named for several of them")]
pub(super) struct Meaning {
    pub(super) title: bool,
    /// The evidence of a date in it. `None`: it is not marked as one.
    pub(super) date: Option<Evidence>,
    /// Whether the date is said to be that of the last change.
    pub(super) modified: bool,
    /// Whether it names the author, and whether that is a mark (`itemprop=author`) and not only a class.
    pub(super) author: Option<bool>,
    pub(super) crumb: bool,
    /// Whether it names what the story is filed under.
    pub(super) category: bool,
}

impl Meaning {
    /// Reads the classes, the id, and the marks of microdata (`itemprop`) and `RDFa` (`property`).
    pub(super) fn of(element: &Element) -> Self {
        let mut meaning = Self::default();
        let mut published = attribute(element, "pubdate").is_some();
        for name in names(element).filter(|name| !is_beside_author(name)) {
            let mut placed = false;
            for word in words_of(name) {
                lower(word, |word| {
                    published |= is_publication(word);
                    placed |= is_place(word);
                    meaning.see(word);
                    true
                });
            }
            meaning.crumb |= placed && is_of_reader(name);
        }
        // `cat-photo`
        meaning.category = meaning.category && !is_picture(element);
        for mark in ["itemprop", "property"].into_iter().filter_map(|name| attribute(element, name)) {
            let mark = mark.rsplit([':', ' ']).next().unwrap_or(mark);
            lower(mark.as_bytes(), |mark| {
                match mark {
                    b"datepublished" | b"issued" => published = true,
                    b"datemodified" | b"modified" => meaning.modified = true,
                    b"author" | b"creator" => meaning.author = Some(true),
                    b"headline" => meaning.title = true,
                    b"datecreated" | b"date" | b"created" => meaning.date = Some(Evidence::DateElement),
                    _ => {}
                }
                true
            });
        }
        let class = attribute(element, "class").unwrap_or("");
        published |= element.name() == "time" && (class.contains("published") || class.contains("entry-date"));
        let marked = matches!(element.name(), "time" | "abbr") || published || meaning.modified;
        if !marked && meaning.date.is_none() {
            return meaning;
        }
        meaning.date = Some(if published { Evidence::PublishedTime } else { Evidence::DateElement });
        meaning.modified &= !published;
        if shows_today(element) {
            meaning.date = None;
        }
        // The date elements of the content management systems of most Chinese universities.
        if class.contains("arti_update") || class.contains("Article_PublishDate") {
            (meaning.date, meaning.modified) = (Some(Evidence::CmsElement), false);
        }
        meaning
    }

    /// Reads one word of class or id, in small letters.
    fn see(&mut self, word: &[u8]) {
        let ends = |end: &[u8]| word.ends_with(end);
        match word {
            // The last is what Word calls it.
            b"title" | b"headline" | b"bt" | b"biaoti" | b"tit" | b"msotitle" => self.title = true,
            b"modified" | b"updated" | b"changed" | b"lastmod" | b"datemodified" | b"lastmodified" => {
                self.modified = true;
            }
            b"byline" | b"zuozhe" | b"writer" | b"verfasser" | b"auteur" => {
                self.author = self.author.or(Some(false));
            }
            b"breadcrumb" | b"breadcrumbs" | b"crumb" | b"crumbs" | b"weizhi" | b"dqwz" | b"mbx" => self.crumb = true,
            b"category" | b"categories" | b"cat" | b"kategorie" | b"kategorien" | b"rubrik" => self.category = true,
            b"publish" | b"published" | b"posted" | b"riqi" | b"shijian" | b"datum" | b"dateline" | b"fbsj"
            | b"update" | b"fecha" => self.date = Some(Evidence::DateElement),
            _ if ends(b"author") || ends(b"autor") || word == b"authorname" => {
                self.author = self.author.or(Some(false));
            }
            _ if ends(b"candidate") => {}
            _ if ends(b"date") || ends(b"time") => self.date = Some(Evidence::DateElement),
            _ => {}
        }
    }
}

/// Whether a name is that of something which stands beside the name of an author: `author-title`, `author__job`.
fn is_beside_author(name: &[u8]) -> bool {
    let is_word = |word: &[u8]| {
        let beside: &[&[u8]] = &[b"title", b"role", b"job", b"position", b"heading"];
        lower(word, |word| beside.contains(&word))
    };
    words_of(name).any(|word| lower(word, |word| word == b"author")) && words_of(name).any(is_word)
}

fn is_place(word: &[u8]) -> bool {
    matches!(word, b"position" | b"location" | b"path")
}

/// Whether a name that tells a place tells where a reader is in the site; `menu-position` and `position-relative` tell where
/// something stands on the screen.
fn is_of_reader(name: &[u8]) -> bool {
    let yours = |word: &[u8]| matches!(word, b"current" | b"cur" | b"curr" | b"now" | b"your" | b"you" | b"my");
    // `col_path` is what systems of most Chinese universities call it.
    let of_page = |word: &[u8]| {
        matches!(
            word,
            b"col" | b"column" | b"site" | b"page" | b"web" | b"news" | b"wz" | b"v" | b"m" | b"box" | b"nav" | b"con"
        )
    };
    words_of(name).all(|word| lower(word, |word| is_place(word) || yours(word) || of_page(word)))
}

/// Whether an element is named for the day of the visit.
pub(super) fn shows_today(element: &Element) -> bool {
    words(element).any(|word| lower(word, is_clock))
}

/// Words that name the day of the visit.
fn is_clock(word: &[u8]) -> bool {
    matches!(word, b"today" | b"todays" | b"clock" | b"currentdate" | b"currenttime")
}

/// Words that name the date of publication and no other.
fn is_publication(word: &[u8]) -> bool {
    matches!(
        word,
        b"pubdate"
            | b"pubtime"
            | b"datepublished"
            | b"dtpublished"
            | b"publishdate"
            | b"publishtime"
            | b"publishedtime"
    )
}
