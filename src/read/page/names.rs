//! What the names of an element say of it: that it holds the story, that it surrounds one, that it is set into one.

use scraper::node::Element;

use super::elements::{attribute, lower, names, words_of};

/// How surely an element holds the story, by its names. Best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Holder {
    /// The content element of a known content management system, or schema.org's `articleBody`.
    System,
    /// A name that is in wide use for the text of an article.
    Custom,
    /// `<article>`, or a name that may stand for more than the text.
    Article,
    /// A name that stands for the content of any page.
    Content,
}

impl Holder {
    /// How much of the page's story, in percent, an element has to hold to be believed.
    pub(super) fn least(self) -> usize {
        match self {
            Self::System => 30,
            Self::Custom => 35,
            Self::Article | Self::Content => 40,
        }
    }

    /// Whether the element holds the story and nothing beside.
    pub(super) fn is_exact(self) -> bool {
        self <= Self::Custom
    }
}

/// How surely an element holds the story. `None`: its names say nothing.
pub(super) fn holder(element: &Element) -> Option<Holder> {
    const NAMES: [(Holder, &[&str]); 4] = [
        (
            Holder::System,
            &[
                "v_news_content", "wp_articlecontent", "trs_editor", "trs_ueditor", "entry-content",
                "field--name-body", "field-name-body", "frame-type-text", "news-single-item",
            ],
        ),
        (
            Holder::Custom,
            &[
                "articlebody", "article-body", "article__body", "article-content", "articlecontent", "article_content",
                "post-content", "post_content", "story-body", "news-content", "news_content", "newscontent", "nr_con",
                "wznr",
            ],
        ),
        (
            Holder::Article,
            &["arti_content", "article", "detail-content", "content-body", "con_text", "text-content", "main-content"],
        ),
        (Holder::Content, &["content", "detail", "post", "story", "entry"]),
    ];
    if attribute(element, "itemprop").is_some_and(|name| name.eq_ignore_ascii_case("articleBody")) {
        return Some(Holder::System);
    }
    let by_name = names(element)
        .filter_map(|token| {
            // Boda VSB numbers them: vsb_content, vsb_content_2, vsb_content_500.
            if token.get(..11).is_some_and(|start| start.eq_ignore_ascii_case(b"vsb_content")) {
                return Some(Holder::Custom);
            }
            let known = |name: &&str| token.eq_ignore_ascii_case(name.as_bytes());
            NAMES.iter().find(|(_, names)| names.iter().any(known)).map(|(holder, _)| *holder)
        })
        .min();
    match element.name() {
        "article" => Some(by_name.unwrap_or(Holder::Article).min(Holder::Article)),
        "main" => Some(by_name.unwrap_or(Holder::Content)),
        _ => by_name,
    }
}

/// Elements whose text nobody sees, or that are there to be worked with.
pub(super) fn is_silent(name: &str) -> bool {
    matches!(
        name,
        "script"
            | "style"
            | "noscript"
            | "template"
            | "button"
            | "input"
            | "select"
            | "textarea"
            | "iframe"
            | "object"
            | "embed"
            | "svg"
            | "math"
            | "head"
            | "title"
            | "canvas"
    )
}

/// Elements that stand beside a story by what they are.
pub(super) fn is_beside(name: &str) -> bool {
    matches!(name, "nav" | "aside" | "footer" | "dialog" | "menu")
}

/// Up to which share of a page's running text, in percent, an element is taken for what surrounds the story. A wrapper
/// of the whole page may be named for one thing in it (`has-sidebar`, `share-container`), so names alone prove nothing.
/// 0: nothing tells that it is.
pub(super) fn surrounds(element: &Element) -> usize {
    if is_beside(element.name()) {
        return 70;
    }
    if element.attrs.is_empty() {
        return 0;
    }
    // A picture that is not read out may be seen: a formula, say, that is told elsewhere to those who hear. So may a paragraph.
    let is_told = || attribute(element, "alt").is_some_and(|told| !told.trim().is_empty());
    let is_seen = || element.name() == "p" || element.name() == "img" && is_told();
    if attribute(element, "hidden").is_some() || attribute(element, "aria-hidden") == Some("true") && !is_seen() {
        return 50;
    }
    if matches!(element.name(), "body" | "html" | "main" | "article") {
        return 0;
    }
    // MathJax names its formulas for the menu that they have.
    if element.name().starts_with("mjx-") {
        return 0;
    }
    // The names of a link tell how it opens, too.
    let opens = |word: &[u8]| element.name() == "a" && matches!(word, b"popup" | b"modal" | b"dialog");
    let (mut unseen, mut strong, mut weak, mut concealed) = (false, false, false, false);
    for name in names(element) {
        // Threads are often longer than what they are about.
        // What Webflow marks so is never shown.
        if name == b"w-condition-invisible" || lower(name, is_comments) {
            return 95;
        }
        unseen |= lower(name, is_unseen);
        weak |= lower(name, is_skipped);
        concealed |= matches!(name, b"hidden" | b"d-none");
        for word in words_of(name).flat_map(apart) {
            lower(word, |word| {
                strong |= is_surrounding_word(word) && !opens(word);
                weak |= is_tool_word(word);
                true
            });
        }
    }
    if unseen {
        return 30;
    }
    if strong || attribute(element, "style").is_some_and(|style| style.replace(' ', "").contains("display:none")) {
        return 50;
    }
    // Notes may be there for print alone.
    let is_note = |word: &[u8]| matches!(word, b"footnote" | b"footnotes" | b"endnotes");
    if weak && !words(element).any(|word| lower(word, is_note)) || counts_lines(element) {
        return 25;
    }
    // Systems of styles hide by these names, unless they say where it is shown. A script may bring the rest of a story, or a
    // picture.
    let tells_where = |name: &[u8]| name.contains(&b':') || name.starts_with(b"d-") && name != b"d-none";
    let is_hidden = concealed && !names(element).any(tells_where);
    if is_hidden && !is_picture(element) && element.name() != "img" { 10 } else { 0 }
}

/// Whether an element holds numbers of lines beside code: by its name, or since nobody can copy them.
fn counts_lines(element: &Element) -> bool {
    let is_gutter = |word: &[u8]| matches!(word, b"gutter" | b"linenos" | b"lineno" | b"linenumber" | b"linenumbers");
    let is_copied = || {
        let style = attribute(element, "style").filter(|style| style.contains("user-select"));
        style.is_none_or(|style| !style.replace(' ', "").contains("user-select:none"))
    };
    match element.name() {
        "td" | "pre" => words(element).any(|word| lower(word, is_gutter)),
        "span" => words(element).any(|word| lower(word, is_gutter)) || !is_copied(),
        _ => false,
    }
}

/// Whether an element is named like a box that is set into a story: the author's portrait, an appeal, an advertisement.
pub(super) fn is_box(element: &Element) -> bool {
    words(element).any(|word| lower(word, is_box_word))
}

/// Whether an element is named for other stories than the one on its page.
pub(super) fn is_for_others(element: &Element) -> bool {
    words(element)
        .any(|word| lower(word, |word| matches!(word, b"related" | b"recommend" | b"recommended" | b"teasers")))
}

/// Whether an element is there for a picture or what is said of it.
pub(super) fn is_picture(element: &Element) -> bool {
    let is_word = |word: &[u8]| {
        matches!(
            word,
            b"figure" | b"gallery" | b"image" | b"photo" | b"picture" | b"thumbnail" | b"video" | b"audio" | b"media"
        )
    };
    element.name() == "figure" || is_caption(element) || words(element).any(|word| lower(word, is_word))
}

/// Whether an element is named for what is said of a picture.
pub(super) fn is_caption(element: &Element) -> bool {
    let is_word = |word: &[u8]| matches!(word, b"caption" | b"captions" | b"credit" | b"credits" | b"legend");
    element.name() == "figcaption" || words(element).any(|word| lower(word, is_word))
}

/// The words of class and id, those of `relatedArticles` apart, too.
fn words(element: &Element) -> impl Iterator<Item = &[u8]> {
    super::elements::words(element).flat_map(apart)
}

/// The words that are written in one. What a program made up is none: "n1AuAdJlVL".
fn apart(word: &[u8]) -> impl Iterator<Item = &[u8]> {
    let begins =
        |pair: &[u8]| matches!(pair, [before, after] if before.is_ascii_lowercase() && after.is_ascii_uppercase());
    let count = || word.windows(2).filter(|pair| begins(pair)).count() + 1;
    // Figures at its end count: `relatedArticles2`.
    let letters = || word.iter().rposition(|byte| !byte.is_ascii_digit()).and_then(|last| word.get(..last));
    let is_made_up = || {
        letters().is_some_and(|letters| letters.iter().any(u8::is_ascii_digit))
            || (3..).contains(&count()) && word.len() < 3 * count()
    };
    // Most are one word.
    let is_whole = !word.iter().any(u8::is_ascii_uppercase) || is_made_up();
    let mut rest = word;
    std::iter::from_fn(move || {
        let found = if is_whole { None } else { rest.windows(2).position(begins) };
        let end = found.map_or(rest.len(), |at| at + 1);
        let (first, behind) = rest.split_at(end);
        rest = behind;
        Some(first).filter(|first| !first.is_empty())
    })
}

/// Whether a name is that of a thread of comments, and not of a page that has one.
fn is_comments(name: &[u8]) -> bool {
    let behind = |mark: &[u8]| {
        let rest = name.strip_prefix(mark)?;
        matches!(rest.first(), Some(b'-' | b'_')).then_some(rest)
    };
    let before = |mark: &[u8]| {
        let rest = name.strip_suffix(mark)?;
        matches!(rest.last(), Some(b'-' | b'_')).then_some(rest)
    };
    let state = |rest: &[u8]| [&b"open"[..], b"closed", b"on", b"off"].iter().any(|end| rest.ends_with(end));
    let has = |rest: &[u8]| [&b"no"[..], b"has", b"with"].iter().any(|start| rest.starts_with(start));
    matches!(
        name,
        b"comment" | b"comments" | b"kommentare" | b"commentlist" | b"respond" | b"disqus_thread" | b"pinglun" | b"pl"
    ) || behind(b"comment").or(behind(b"comments")).is_some_and(|rest| !state(rest))
        || before(b"comment").or(before(b"comments")).is_some_and(|rest| !has(rest))
}

/// Whether an element is named for a thread of comments, or a part of one.
pub(super) fn holds_comments(element: &Element) -> bool {
    names(element).any(|name| lower(name, is_comments))
}

/// Whether an element in a heading is named for what stands above or below the title or beside it.
pub(super) fn is_beside_title(element: &Element) -> bool {
    let is_word = |word: &[u8]| {
        matches!(
            word,
            b"kicker"
                | b"overline"
                | b"roofline"
                | b"dachzeile"
                | b"topline"
                | b"eyebrow"
                | b"spitzmarke"
                | b"pretitle"
                | b"supertitle"
                | b"category"
                | b"kategorie"
                | b"rubrik"
                | b"label"
                | b"badge"
                | b"anchor"
                | b"headerlink"
        )
    };
    // What is small in a heading is said of it in passing (HTML, "side comments").
    matches!(element.name(), "time" | "small")
        || is_subtitle(element)
        || names(element).any(|name| lower(name, is_unseen))
        || words(element).any(|word| lower(word, is_word))
}

/// Whether an element in a heading is named for a line below the title, which says more of the story.
pub(super) fn is_subtitle(element: &Element) -> bool {
    let is_word = |word: &[u8]| {
        matches!(
            word,
            b"subtitle"
                | b"subheadline"
                | b"subheading"
                | b"subheader"
                | b"subline"
                | b"strapline"
                | b"standfirst"
                | b"dek"
                | b"excerpt"
                | b"unterzeile"
                | b"untertitel"
        )
    };
    element.name() == "small" || words(element).any(|word| lower(word, is_word))
}

/// Names of what is read out to the blind and not shown.
fn is_unseen(name: &[u8]) -> bool {
    matches!(name, b"visually-hidden" | b"visuallyhidden" | b"sr-only" | b"screen-reader-text")
}

/// Names of what leads past something, and of what `ReadSpeaker` does not read out.
pub(super) fn is_skipped(name: &[u8]) -> bool {
    let starts = [&b"skip-link"[..], b"skip-nav", b"skip-to", b"skip_", b"skiplink"];
    // The last is what Google Translate calls that which it sets into a page, with a heading of the first level.
    matches!(name, b"skip" | b"rs_skip" | b"skiptranslate") || starts.iter().any(|start| name.starts_with(start))
}

pub(super) fn is_surrounding_word(word: &[u8]) -> bool {
    matches!(
        word,
        b"sidebar"
            | b"foot"
            | b"footer"
            | b"related"
            | b"recommend"
            | b"recommended"
            | b"breadcrumb"
            | b"breadcrumbs"
            | b"crumb"
            | b"crumbs"
            | b"pager"
            | b"pagination"
            | b"newsletter"
            | b"subscribe"
            | b"advert"
            | b"ads"
            | b"cookie"
            | b"copyright"
            | b"popup"
            | b"modal"
            | b"dialog"
            | b"consent"
            | b"bdsharebuttonbox"
            | b"qrcode"
            | b"ewm"
            | b"fenxiang"
            | b"navbar"
            | b"menu"
            | b"sharing"
            | b"social"
    )
}

pub(super) fn is_tool_word(word: &[u8]) -> bool {
    matches!(
        word,
        b"share"
            | b"prev"
            | b"next"
            | b"prevnext"
            | b"nav"
            | b"navigation"
            | b"toolbar"
            | b"tools"
            | b"printer"
            | b"print"
            | b"wzpage"
            | b"position"
            | b"weizhi"
            | b"dqwz"
            | b"search"
            | b"login"
            | b"tags"
    )
}

fn is_box_word(word: &[u8]) -> bool {
    matches!(
        word,
        b"author"
            | b"authors"
            | b"authorbox"
            | b"bio"
            | b"byline"
            | b"promo"
            | b"promos"
            | b"promotion"
            | b"signup"
            | b"cta"
            | b"banner"
            | b"ad"
            | b"advertisement"
            | b"advertisements"
            | b"sponsor"
            | b"sponsored"
            | b"outbrain"
            | b"taboola"
            | b"disclaimer"
            | b"disclosure"
            | b"disclosures"
            | b"affiliate"
            | b"metadata"
            | b"postmeta"
            | b"likes"
            | b"rating"
            | b"teasers"
            | b"trending"
            | b"readmore"
            | b"mostread"
            | b"recirc"
            | b"slider"
            | b"slideshow"
            | b"overlay"
            | b"poll"
            | b"quiz"
            | b"follow"
            | b"tags"
            | b"categories"
            | b"donate"
            | b"donation"
            | b"sharedaddy"
            | b"addtoany"
            | b"dianzan"
            | b"xiangguan"
            | b"tuijian"
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::guard;

    fn ask<T>(tag: &str, ask: impl FnOnce(&Element) -> T) -> T {
        let page = guard::parse_fragment(tag);
        let found = page
            .root_element()
            .descendants()
            .filter_map(|node| node.value().as_element())
            .find(|element| element.name() != "html");
        ask(found.expect("an element"))
    }

    #[test]
    fn the_best_name_of_an_element_counts() {
        assert_eq!(ask("<div class='entry v_news_content'>", holder), Some(Holder::System));
        assert_eq!(ask("<div id=vsb_content_500>", holder), Some(Holder::Custom));
        assert_eq!(ask("<article class='post'>", holder), Some(Holder::Article));
        assert_eq!(ask("<article itemprop=articlebody>", holder), Some(Holder::System));
        assert_eq!(ask("<div class=contented>", holder), None);
    }

    #[test]
    fn a_page_with_comments_is_no_thread() {
        for tag in ["<div id=comments>", "<ol class=comment-list>", "<section class=wp-block-comments>"] {
            assert_eq!(ask(tag, surrounds), 95, "{tag}");
        }
        for tag in ["<div class=comments-open>", "<div class='no-comments x'>", "<div class=commentary>"] {
            assert_eq!(ask(tag, surrounds), 0, "{tag}");
        }
    }

    #[test]
    fn words_that_are_written_in_one_are_told_apart() {
        assert_eq!(ask("<div class=ce_relatedArticles>", surrounds), 50);
        assert_eq!(ask("<div class=correlatedArticles>", surrounds), 0);
        assert_eq!(ask("<div class=relatedArticles2>", surrounds), 50);
        assert!(ask("<div class=sideAd>", is_box) && ask("<div class='ad top'>", is_box));
        assert!(!ask("<p id=line-p1AuAdQkRt>", is_box) && !ask("<p class=kQvAdJo>", is_box));
        assert_eq!(ask("<mjx-container class='MathJax CtxtMenu_Attached_0'>", surrounds), 0);
    }

    #[test]
    fn hidden_labels_do_not_hide_what_they_label() {
        assert_eq!(ask("<div class='field--label-hidden clearfix'>", surrounds), 0);
        assert_eq!(ask("<span class=sr-only>", surrounds), 30);
        assert_eq!(ask("<a class=skip-link>", surrounds), 25);
        assert_eq!(ask("<div class=skip-item>", surrounds), 0);
        assert_eq!((ask("<pre class=gutter>", surrounds), ask("<div class='row gutter'>", surrounds)), (25, 0));
        assert_eq!(ask("<span style='color: grey; -webkit-user-select: none; user-select: none'>", surrounds), 25);
        assert_eq!(ask("<span style='user-select: all'>", surrounds), 0);
        assert_eq!((ask("<ol class='notes print'>", surrounds), ask("<ol class=footnotes-print>", surrounds)), (25, 0));
        // Hidden by a system of styles, everywhere or on small screens.
        assert_eq!((ask("<div class='offer hidden'>", surrounds), ask("<div class='d-none'>", surrounds)), (10, 10));
        assert_eq!(ask("<div class='text w-condition-invisible'>", surrounds), 95);
        for seen in ["<div class='hidden md:block'>", "<div class='d-none d-md-flex'>", "<img class=hidden>"] {
            assert_eq!(ask(seen, surrounds), 0, "{seen}");
        }
        // What is not read out may be seen.
        assert_eq!((ask("<p aria-hidden=true>", surrounds), ask("<div aria-hidden=true>", surrounds)), (0, 50));
        // A link is named for how it opens; a picture with words is seen, though not read out.
        assert_eq!((ask("<a class=popup>", surrounds), ask("<div class=popup>", surrounds)), (0, 50));
        assert_eq!(ask("<img aria-hidden=true alt='x > 0'>", surrounds), 0);
        assert_eq!(ask("<img aria-hidden=true alt=''>", surrounds), 50);
    }
}
