//! Tags of HTML in a line that may be plain text: "Use `<div>` in HTML" is about a tag, `<b>Forum</b> on tides` has two.

/// Names of tags that people write into titles and texts.
const NAMES: &str = "a abbr address article b big blockquote br center cite code del div dl em embed figure font form h1 h2 h3 \
                     h4 h5 h6 hr i iframe img ins kbd li mark math mfrac mi mn mo mover mrow \
                     msqrt mstyle msub msubsup msup mtext munder nobr object ol p pre q s samp script small span strike strong \
                     style sub sup svg table td tr tt u ul var video wbr";
/// Of these, those that stand alone.
const ALONE: [&str; 3] = ["br", "hr", "img"];

/// What looks like a tag.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tag<'t> {
    /// Where its `<` stands, in bytes.
    pub start: usize,
    /// Where the text goes on behind its `>`.
    pub end: usize,
    /// Its name, in small letters.
    pub name: String,
    /// Whether it ends an element.
    pub is_closing: bool,
    /// What stands behind its name.
    about: &'t str,
}

/// The tags in a text. Takes time linear in it.
pub fn tags(text: &str) -> impl Iterator<Item = Tag<'_>> {
    let mut at = 0;
    text.split('<').enumerate().filter_map(move |(number, piece)| {
        let start = at;
        at += piece.len() + usize::from(number > 0);
        let (inside, _) = piece.split_once('>').filter(|_| number > 0)?;
        let (is_closing, inside) = inside.strip_prefix('/').map_or((false, inside), |name| (true, name));
        let (name, about) = inside.split_at(inside.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(inside.len()));
        let end = start + 2 + usize::from(is_closing) + inside.len();
        let is_name = name.starts_with(|c: char| c.is_ascii_alphabetic());
        let tag = Tag { start, end, name: name.to_ascii_lowercase(), is_closing, about };
        (is_name && (about.is_empty() || about.starts_with(|c: char| c.is_whitespace() || c == '/'))).then_some(tag)
    })
}

impl Tag<'_> {
    /// Whether it is one that people write, or has something in it that only a tag has.
    pub fn is_known(&self) -> bool {
        self.is_closing || self.has_attributes() || is_name(&self.name)
    }

    fn has_attributes(&self) -> bool {
        self.about.contains('=')
    }
}

/// Whether a name in small letters is that of a tag that people write.
pub fn is_name(name: &str) -> bool {
    NAMES.split(' ').any(|known| known == name)
}

/// Whether a text that is not said to be plain is evidently HTML: an element in it is begun and ended, or stands alone as `<br>`
/// does, a tag has attributes, or is left over where the others were cut off.
pub fn is_evident(text: &str) -> bool {
    let mut begun: Vec<String> = Vec::new();
    let bounds = (text.len() - text.trim_start().len(), text.trim_end().len());
    tags(text).any(|tag| {
        let is_known = tag.is_known();
        let is_evident = if tag.is_closing {
            begun.contains(&tag.name) || tag.end == bounds.1
        } else {
            tag.has_attributes() || ALONE.contains(&tag.name.as_str()) || tag.name == "p" && tag.start == bounds.0
        };
        if is_known && !tag.is_closing && !begun.contains(&tag.name) {
            begun.push(tag.name);
        }
        is_evident
    })
}

/// Whether a text does something where somebody takes it for HTML, though it is said to be plain: then its tags are no words.
pub fn acts(text: &str) -> bool {
    tags(text).any(|tag| tag.has_attributes() || tag.is_closing && tag.name == "script")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_found_where_they_stand() {
        let found: Vec<_> = tags("a < b <i>c</i> d<br/>e <3> Vec<T, U> <A href='x'>").collect();
        let names: Vec<_> = found.iter().map(|tag| (tag.name.as_str(), tag.is_closing)).collect();
        assert_eq!(names, [("i", false), ("i", true), ("br", false), ("a", false)]);
        assert_eq!((found[0].start, found[0].end, found[1].start, found[1].end), (6, 9, 10, 14));
    }

    #[test]
    fn html_is_told_from_text_that_is_about_it() {
        for html in [
            "<b>a</b> c",
            "a<br>b",
            "a<br/>",
            "<img src=x>",
            "<P>a",
            "a</b>",
            "a, </b> ",
            "<x onclick=a>b",
            "<T>a</T>",
            "Decays <math><mi>B</mi></math> seen",
            "<u>a</u> b",
            "<del>9</del> 10",
        ] {
            assert!(is_evident(html), "{html}");
        }
        for plain in
            ["Use <div> in HTML", "The end of </b> &", "Vec<T>", "<3 you", "a < b > c", "<section> or <div>", "<b", ""]
        {
            assert!(!is_evident(plain), "{plain}");
        }
        assert!(acts("<script>a</script>") && acts("<img src=x onerror=a>"));
        assert!(!acts("Use <b>bold</b> words and <script>"));
    }
}
