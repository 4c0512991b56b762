//! What every page has around what it says: head, the way home, foot. One style sheet, no script.

use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::words::Words;
use crate::item::language::is_right_to_left;

/// What a page says, and where it stands.
#[derive(Debug)]
pub struct Frame<'a> {
    /// BCP 47 tag of the language of the page.
    pub language: &'a str,
    /// The name of the whole.
    pub site: &'a str,
    /// What the page is called.
    pub title: &'a str,
    /// The way from the page to the publish directory: empty, or `../` for each folder.
    pub root: &'a str,
    /// Whether it is the feed browser.
    pub is_home: bool,
    /// What the page may load, said in the page itself. `None`: it is said beside it.
    pub policy: Option<&'a str>,
    /// What stands in its head beside what all have.
    pub head: Markup,
    /// Further places that its header leads to: address, name, and whether the page is there.
    pub places: Vec<(String, &'a str, bool)>,
    /// What it says.
    pub main: Markup,
}

/// A page as it is sent and written.
pub fn framed(frame: Frame<'_>) -> String {
    let Frame { language, site, title, root, is_home, policy, head, places, main } = frame;
    let words = Words::of(language);
    let (lang, dir) = language_of(Some(language));
    html! {
        (DOCTYPE)
        html lang=[lang] dir=(dir) {
            head {
                meta charset="utf-8";
                @if let Some(policy) = policy { meta http-equiv="Content-Security-Policy" content=(policy); }
                meta name="viewport" content="width=device-width, initial-scale=1";
                // `no-referrer` would make the origin of a form `null`; a page with one says so beside itself.
                @if policy.is_some() { meta name="referrer" content="no-referrer"; }
                meta name="color-scheme" content="light dark";
                title { @if site == title { (title) } @else { (title) " – " (site) } }
                link rel="icon" href={ (root) "favicon.png" } type="image/png";
                link rel="stylesheet" href={ (root) "style.css" };
                (head)
            }
            body {
                a.skip href="#main" { (words.skip) }
                header.site {
                    nav aria-label=(words.navigation) {
                        a.home href={ (root) "index.html" } aria-current=[is_home.then_some("page")] {
                            img src={ (root) "favicon.png" } alt="" width="24" height="24";
                            span dir="auto" { (site) }
                        }
                        @for (address, name, is_here) in &places {
                            a href=(address) aria-current=[is_here.then_some("page")] { (name) }
                        }
                    }
                }
                main #main tabindex="-1" { (main) }
                footer.site { p { (words.made_by) } }
            }
        }
    }
    .into_string()
        + "\n"
}

/// `lang` and `dir` of an element, from a BCP 47 tag. Without one, the words tell the direction.
pub fn language_of(language: Option<&str>) -> (Option<&str>, &'static str) {
    let Some(tag) = language else { return (None, "auto") };
    (language, if is_right_to_left(tag) { "rtl" } else { "ltr" })
}

/// What separates the facts of a line.
pub fn dot() -> PreEscaped<&'static str> {
    PreEscaped(r#" <span class="dot" aria-hidden="true">·</span> "#)
}
