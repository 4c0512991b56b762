//! Pictures: where they are, how large, and which are for nobody to see.

use scraper::node::Element;

/// Attributes of pages that load pictures late: they hold the address, and `src` a placeholder.
const LATE: [&str; 8] =
    ["data-src", "data-original", "data-lazy-src", "data-lazyload", "data-lazy", "data-actualsrc", "data-echo", "vurl"];
/// Pixels below which a picture is a sign in the text, and none of its story.
const SIGN: u32 = 50;
/// Words in the name of a file that is a sign, or stands for a picture that comes later.
const SIGNS: [&str; 8] = ["icon", "icons", "emoji", "spacer", "blank", "pixel", "placeholder", "loading"];

/// A picture as it is written in a page.
pub(super) struct Picture<'a> {
    element: &'a Element,
    /// What is said of how it looks, without white space.
    style: String,
}

impl<'a> Picture<'a> {
    pub(super) fn of(element: &'a Element) -> Self {
        let style = element.attr("style").unwrap_or_default();
        let style = style.chars().filter(|c| !c.is_whitespace()).collect::<String>().to_ascii_lowercase();
        Self { element, style }
    }

    /// Where it may be, the best first: as they are written.
    pub(super) fn addresses(&self) -> impl Iterator<Item = &'a str> {
        let element = self.element;
        let late = LATE.iter().find_map(|name| element.attr(name).filter(|address| !address.trim().is_empty()));
        let late = late.or_else(|| element.attr("data-srcset").and_then(largest)).or_else(|| self.told_elsewhere());
        // What is no picture of its own, such as a `data:` address, leaves the choice to `srcset`.
        let own = element.attr("src").filter(|address| !address.trim().is_empty());
        late.into_iter().chain(own).chain(element.attr("srcset").and_then(largest))
    }

    /// The address of a picture in any attribute that a script may know, where `src` has none but a placeholder's.
    fn told_elsewhere(&self) -> Option<&'a str> {
        const KNOWN: [&str; 7] = ["src", "srcset", "alt", "title", "style", "class", "id"];
        let is_free = self.element.attr("srcset").is_none_or(|set| set.trim().is_empty() || set.contains("data:"));
        let own = self.element.attr("src").unwrap_or_default().trim();
        if !is_free || !(own.is_empty() || own.starts_with("data:") || stands_in(own)) {
            return None;
        }
        let others = self.element.attrs().filter(|(name, _)| !KNOWN.contains(name));
        others.map(|(_, told)| told.trim()).find(|told| is_address_of_picture(told) && !stands_in(told))
    }

    /// Its width or height in pixels, as it is declared. `None`: it is not.
    pub(super) fn pixels(&self, side: &str) -> Option<u32> {
        let told = self.element.attr(side).map(|told| told.trim().trim_end_matches("px"));
        let number = |told: &str| {
            let digits = told.split('.').next().unwrap_or_default();
            let is_number = (1..=5).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
            is_number.then(|| digits.parse().ok()).flatten()
        };
        told.and_then(number).or_else(|| {
            let told = self.style.split(';').find_map(|rule| rule.strip_prefix(side)?.strip_prefix(':'))?;
            number(told.strip_suffix("px").or_else(|| Some(told).filter(|told| *told == "0"))?)
        })
    }

    /// Whether it is for nobody to see: it counts readers.
    pub(super) fn is_hidden(&self) -> bool {
        // What is loaded late is shown by the script that loads it.
        let is_late = LATE.iter().chain(&["data-srcset"]).any(|name| self.element.attr(name).is_some());
        let is_said =
            |rule: &str| !is_late && self.style.split(';').any(|said| said.trim_end_matches("!important") == rule);
        let mut sides = ["width", "height"].into_iter().filter_map(|side| self.pixels(side)).peekable();
        sides.peek().is_some() && sides.all(|pixels| pixels <= 1)
            || is_said("display:none")
            || is_said("visibility:hidden")
            || self.element.attr("hidden").is_some()
    }

    /// The character that it is a picture of. `None`: it is a picture of something else.
    pub(super) fn character(&self) -> Option<&'a str> {
        let told = self.element.attr("alt")?.trim();
        let is_sign = |c: char| c >= '\u{2190}' && !c.is_alphanumeric() || c == '\u{200d}';
        let is_named =
            |name| self.element.attr(name).is_some_and(|text| text.contains("emoji") || text.contains("smiley"));
        let is_small = || self.pixels("height").is_some_and(|pixels| pixels < SIGN);
        let is_character = !told.is_empty() && told.len() <= 64 && told.chars().all(is_sign);
        (is_character && (is_named("class") || is_named("src") || is_small())).then_some(told)
    }
}

/// The address of the largest of the pictures in a `srcset` (HTML §4.8.4.2.1), as it is written. `None`: there is none.
pub(super) fn largest(srcset: &str) -> Option<&str> {
    let mut best: Option<(f64, &str)> = None;
    let mut rest = srcset;
    loop {
        rest = rest.trim_start_matches(|c: char| c.is_ascii_whitespace() || c == ',');
        let end = rest.find(|c: char| c.is_ascii_whitespace()).unwrap_or(rest.len());
        let (address, behind) = rest.split_at(end);
        if address.is_empty() {
            return best.map(|(_, address)| address);
        }
        let size = if address.ends_with(',') {
            rest = behind;
            1.0
        } else {
            let (told, behind) = behind.split_once(',').unwrap_or((behind, ""));
            rest = behind;
            told.trim().trim_end_matches(['w', 'x', 'h']).parse().unwrap_or(1.0)
        };
        let address = address.trim_end_matches(',');
        if !address.is_empty() && best.is_none_or(|(most, _)| size > most) {
            best = Some((size, address));
        }
    }
}

/// Whether an address is that of a picture which stands where another comes later.
fn stands_in(address: &str) -> bool {
    let path = address.split(['?', '#']).next().unwrap_or_default();
    let name = path.rsplit('/').next().unwrap_or_default().to_ascii_lowercase();
    let is_word =
        |word| matches!(word, "spacer" | "blank" | "pixel" | "placeholder" | "loading" | "lazy" | "transparent");
    name.split(|c: char| !c.is_ascii_alphabetic()).any(is_word)
}

/// Whether a text is the address of a picture, as its ending tells.
pub(super) fn is_address_of_picture(text: &str) -> bool {
    let path = text.split(['?', '#']).next().unwrap_or_default();
    let ending = path.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase());
    let is_picture = |ending: String| matches!(ending.as_str(), "jpg" | "jpeg" | "png" | "webp" | "gif" | "avif");
    text.contains('/') && !text.contains(char::is_whitespace) && ending.is_some_and(is_picture)
}

/// Whether a picture of such an address, and of such sides where they are known, may stand for a story.
pub(super) fn is_telling(address: &str, sides: impl IntoIterator<Item = u32>) -> bool {
    let path = address.split(['?', '#']).next().unwrap_or_default();
    let name = path.rsplit('/').next().unwrap_or_default().to_ascii_lowercase();
    let is_sign = |word: &str| SIGNS.contains(&word);
    // Photographs are in another format, whatever they are called.
    let is_photograph = name.rsplit('.').next().is_some_and(|ending| matches!(ending, "jpg" | "jpeg"));
    sides.into_iter().all(|side| side >= SIGN)
        && (is_photograph || !name.split(|c: char| !c.is_ascii_alphabetic()).any(is_sign))
        && !path.contains("/emoji/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_largest_of_a_set_is_taken() {
        for (set, expected) in [
            ("/s.jpg 300w, /l.jpg 1200w, /m.jpg 600w", Some("/l.jpg")),
            ("/a.jpg, /b.jpg 2x", Some("/b.jpg")),
            ("/a,b.jpg 1x,/c.jpg 1.5x", Some("/c.jpg")),
            ("/only.jpg", Some("/only.jpg")),
            (" , ", None),
            ("", None),
        ] {
            assert_eq!(largest(set), expected, "{set}");
        }
    }

    #[test]
    fn a_picture_that_comes_late_is_where_any_attribute_says() {
        let first = |attributes: &str| {
            let page = scraper::Html::parse_fragment(&format!("<img {attributes}>"));
            let mut elements = page.root_element().descendants().filter_map(|node| node.value().as_element());
            let element = elements.find(|element| element.name() == "img").expect("a picture");
            Picture::of(element).addresses().next().map(str::to_owned)
        };
        for late in [
            "data-hires='/wall.jpg'",
            "src='data:image/gif;base64,R0' data-full-src='/wall.jpg'",
            "src='/img/blank.gif' file='/wall.jpg'",
            "src='/img/blank.gif' data-original='/wall.jpg'",
        ] {
            assert_eq!(first(late).as_deref(), Some("/wall.jpg"), "{late}");
        }
        assert_eq!(first("src='/small.jpg' data-zoom='/wall.jpg'").as_deref(), Some("/small.jpg"));
        assert_eq!(first("src='data:,' data-name='wall.jpg' alt='/wall.jpg'").as_deref(), Some("data:,"));
    }

    #[test]
    fn a_sign_stands_for_no_story() {
        assert!(
            is_telling("https://a.example/harbour.jpg", [800, 600]) && is_telling("https://a.example/iconic.jpg", [])
        );
        assert!(!is_telling("https://a.example/harbour.jpg", [16]));
        for sign in ["icon_doc.gif", "img/spacer.gif?x=1", "core/emoji/14/72x72/1f600.png", "loading-2.gif"] {
            assert!(!is_telling(&format!("https://a.example/{sign}"), []), "{sign}");
        }
    }
}
