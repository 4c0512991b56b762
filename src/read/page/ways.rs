//! Where the links of a page lead, seen from the story on it: on to others, or to what it speaks of.

use scraper::node::Element;
use url::Url;

use super::elements::{attribute, leads_away};
use crate::read::listing::address::{is_near, is_of_article, is_of_list, mask};

/// Tells which links lead on.
pub(super) struct Ways {
    /// What relative addresses resolve against: where nobody knows the page, any address that no site has.
    base: Option<Url>,
    /// The address of the story. `None`: nobody knows where the page stands.
    own: Option<Url>,
    /// The same without what differs from story to story.
    mask: Option<String>,
    /// Whether somebody wrote it all as one text, and no page is around it.
    is_text: bool,
}

impl Ways {
    /// `own` is the address of the story, as far as it is known.
    pub(super) fn of(own: Option<&Url>, base: Option<&Url>) -> Self {
        let base = base.or(own).cloned().or_else(|| Url::parse("https://localhost/").ok());
        Self { base, own: own.cloned(), mask: own.map(mask), is_text: false }
    }

    /// The ways of a text that somebody wrote: what has a whole address leads to others.
    pub(super) fn of_text(own: Option<&Url>) -> Self {
        let nowhere = Url::parse("https://localhost/").ok();
        let own = own.or(nowhere.as_ref());
        Self { is_text: true, ..Self::of(own, own) }
    }

    /// Whether somebody wrote it all as one text.
    pub(super) fn are_of_text(&self) -> bool {
        self.is_text
    }

    /// Whether a link leads to another page, and not to a part of its own.
    pub(super) fn leads_out(link: &Element) -> bool {
        leads_away(link) && attribute(link, "href").is_some_and(|href| !href.trim_start().starts_with('#'))
    }

    /// Whether a link leads to another page of the site that the story stands on.
    pub(super) fn stays(&self, link: &Element) -> bool {
        let target = || attribute(link, "href").and_then(|href| self.target(href));
        leads_away(link) && target().is_some_and(|target| self.is_own(&target))
    }

    /// Whether a link leads to a story, as far as its address tells.
    pub(super) fn leads_to_story(&self, link: &Element) -> bool {
        let inside = |href: &&str| href.trim_start().starts_with('#');
        let target = || attribute(link, "href").filter(|href| !inside(href)).and_then(|href| self.target(href));
        let is_story = |target: Url| {
            let near = self.mask.is_none() || self.is_own(&target);
            near && (is_of_article(&target) || self.mask.as_ref() == Some(&mask(&target)))
        };
        leads_away(link) && target().is_some_and(is_story)
    }

    /// Whether a link leads on: to another story or a list of the own site, to a tool, or nowhere. All
    /// others lead to what the story speaks of: people, forms, papers.
    pub(super) fn leads_on(&self, link: &Element) -> bool {
        if !leads_away(link) {
            return false;
        }
        let Some(href) = attribute(link, "href").map(str::trim) else {
            return attribute(link, "name").or_else(|| attribute(link, "id")).is_none();
        };
        // Tables of contents say what the text says.
        if href.starts_with('#') {
            return true;
        }
        let Some(target) = self.target(href) else {
            let scheme = href.split_once(':').map(|(scheme, rest)| (scheme.to_ascii_lowercase(), rest));
            return scheme.is_none_or(|(scheme, rest)| scheme == "javascript" || rest.starts_with('?'));
        };
        let is_said =
            |what: &str| attribute(link, "rel").is_some_and(|rel| rel.split_whitespace().any(|rel| rel == what));
        let is_of_site = |own: &String| {
            let folder = target.path().trim_end_matches('/');
            let below = self.own.as_ref().and_then(|own| own.path().strip_prefix(folder));
            let is_above = below.is_some_and(|below| below.starts_with('/'));
            is_of_article(&target) || is_of_list(&target) || is_above || mask(&target) == *own || is_said("nofollow")
        };
        match &self.mask {
            Some(own) if !is_tool(&target) && !is_said("sponsored") => self.is_own(&target) && is_of_site(own),
            // What is on the site of a page from anywhere, nothing tells.
            _ => true,
        }
    }

    fn is_own(&self, target: &Url) -> bool {
        self.base.iter().chain(&self.own).any(|own| is_near(target, own))
    }

    fn target(&self, href: &str) -> Option<Url> {
        self.base.as_ref()?.join(href.trim()).ok().filter(|target| matches!(target.scheme(), "http" | "https"))
    }
}

/// Whether an address is that of a tool which stands on every page: by which people pass on, print or order what they read.
fn is_tool(target: &Url) -> bool {
    const TOOLS: &[&str] = &["newsletter", "newsletters", "subscribe", "login", "signin", "print"];
    const SHARING: &[&str] = &["share", "sharer", "sharing", "intent", "sharearticle", "submit", "button", "send"];
    let is_one = |part: &str, words: &[&str]| words.iter().any(|word| part.eq_ignore_ascii_case(word));
    let has = |words: &[&str]| target.path().split(['/', '.', '-', '_']).any(|part| is_one(part, words));
    // A laboratory may print, too.
    let is_named = |words: &[&str]| {
        let mut last = target.path().rsplit('/').filter(|name| !name.is_empty());
        last.next().is_some_and(|name| is_one(name.split('.').next().unwrap_or(name), words))
    };
    // The address of what is passed on stands in it.
    let passes = || target.query().is_some_and(|query| query.contains("http") || query.contains("url="));
    is_named(TOOLS) || has(SHARING) && passes()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::guard;

    #[test]
    fn links_to_stories_are_told_from_those_to_what_a_story_speaks_of() {
        let own = Url::parse("https://www.harbour.example/news/2026/sea-wall-is-open.html").ok();
        let ways = Ways::of(own.as_ref(), own.as_ref());
        let leads_on = |href: &str| {
            let page = guard::parse_fragment(&format!("<a href='{href}'>x</a>"));
            let mut elements = page.root_element().descendants().filter_map(|node| node.value().as_element());
            elements.find(|element| element.name() == "a").is_some_and(|link| ways.leads_on(link))
        };
        for on in [
            "the-storm-of-last-year.html",
            "/news/2026/tide.html",
            "https://harbour.example/info/1041/1122.htm",
            "/",
            "/tag/sea",
            "/news",
            "#programme",
            "javascript:print()",
            "mailto:?subject=Sea",
            "https://letters.example/subscribe",
            "/rates' rel='nofollow",
            "https://shop.example/boats' rel='noopener sponsored",
            "https://social.example/sharer.php?u=https://www.harbour.example/news/",
        ] {
            assert!(leads_on(on), "{on}");
        }
        for own in [
            "/people/ann",
            "/talks/1",
            "/rules.pdf",
            "mailto:ann@harbour.example",
            "tel:+1",
            "https://doi.example/10.1000/123456",
            "https://forms.example/2026/guests-of-the-sea-wall",
        ] {
            assert!(!leads_on(own), "{own}");
        }
    }
}
