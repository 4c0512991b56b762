//! Cuts markup into tokens, whatever is wrong with it. Takes time linear in the text.

use memchr::{memchr, memmem};

/// Attributes of one tag that are read; more are passed over.
const MOST_ATTRIBUTES: usize = 64;
/// How far a quoted value that holds a `<` is followed to its end, bytes.
const FARTHEST_QUOTE: usize = 256;

/// What ends a comment, a CDATA section, and the declarations in a DOCTYPE.
const ENDS: [&str; 3] = ["-->", "]]>", "]>"];
const COMMENT: usize = 0;
const SECTION: usize = 1;
const SUBSET: usize = 2;

/// A piece of markup. Text and values are as written, with references in them.
#[derive(Debug, PartialEq)]
pub(in crate::read) enum Token<'t> {
    /// `<name attributes>`, or `<name attributes/>` if `empty`.
    Start { name: &'t str, attributes: &'t str, empty: bool },
    /// `</name>`
    End(&'t str),
    /// Character data.
    Text(&'t str),
    /// The content of a CDATA section.
    Verbatim(&'t str),
    /// What stands in `<!DOCTYPE …>`.
    Doctype(&'t str),
}

/// A place in a text that moves from token to token.
#[derive(Debug)]
pub(in crate::read) struct Scanner<'t> {
    rest: &'t str,
    /// Whether the text ended inside of a tag, a comment or a section.
    pub(in crate::read) cut: bool,
    /// Ends that do not come any more, so that they need not be sought again.
    missing: [bool; ENDS.len()],
}

impl<'t> Scanner<'t> {
    pub(in crate::read) fn new(text: &'t str) -> Self {
        Self { rest: text, cut: false, missing: [false; ENDS.len()] }
    }

    /// The next token. `within` is the name of the element around: an endless CDATA section ends with it.
    pub(in crate::read) fn next(&mut self, within: &str) -> Option<Token<'t>> {
        loop {
            if self.rest.is_empty() {
                return None;
            }
            if !self.rest.starts_with('<') {
                let end = memchr(b'<', self.rest.as_bytes()).unwrap_or(self.rest.len());
                return Some(Token::Text(self.take(end)));
            }
            let second = self.rest.chars().nth(1);
            match second {
                None => {
                    self.cut = true;
                    self.rest = "";
                }
                Some('!') => {
                    if let Some(token) = self.declaration(within) {
                        return Some(token);
                    }
                }
                Some('?') => self.skip_behind('>'),
                Some('/') => {
                    let (tag, closed) = self.tag_text();
                    self.cut |= !closed && self.rest.is_empty();
                    let name = tag.trim_start_matches(['<', '/']).split(is_space).next().unwrap_or_default();
                    return Some(Token::End(name));
                }
                Some(c) if c.is_alphabetic() || matches!(c, '_' | ':') => {
                    let (tag, closed) = self.tag_text();
                    if !closed && self.rest.is_empty() {
                        self.cut = true;
                        return None;
                    }
                    return Some(start(tag));
                }
                Some(_) => return Some(Token::Text(self.take(1))),
            }
        }
    }

    /// `<!-- … -->`, `<![CDATA[ … ]]>`, `<!DOCTYPE … [ … ]>` and what looks like them.
    fn declaration(&mut self, within: &str) -> Option<Token<'t>> {
        if let Some(body) = self.rest.strip_prefix("<!--") {
            self.rest = body;
            match self.ahead(COMMENT) {
                Some(end) => _ = self.take(end + 3),
                None => self.skip_behind('>'),
            }
            return None;
        }
        if self.rest.get(..9).is_some_and(|start| start.eq_ignore_ascii_case("<![CDATA[")) {
            self.take(9);
            if let Some(end) = self.ahead(SECTION) {
                let content = self.take(end);
                self.take(3);
                return Some(Token::Verbatim(content));
            }
            let end = if within.is_empty() { None } else { self.rest.find(&format!("</{within}")) };
            self.cut |= end.is_none();
            return Some(Token::Verbatim(self.take(end.unwrap_or(self.rest.len()))));
        }
        if self.rest.get(..9).is_some_and(|start| start.eq_ignore_ascii_case("<!DOCTYPE")) {
            let head = self.rest.find(['>', '[']).and_then(|at| self.rest.as_bytes().get(at));
            if head == Some(&b'[')
                && let Some(subset) = self.ahead(SUBSET)
            {
                let content = self.take(subset);
                self.skip_behind('>');
                return Some(Token::Doctype(content));
            }
        }
        self.skip_behind('>');
        None
    }

    /// The text of a tag without its `>`, and whether it had one: a tag ends before the next at the latest.
    fn tag_text(&mut self) -> (&'t str, bool) {
        let bytes = self.rest.as_bytes();
        let (mut at, mut quote, mut first_end) = (1, None, None);
        let is_mark = |byte: &u8| matches!(byte, b'<' | b'>' | b'"' | b'\'');
        while let Some(next) = bytes.get(at..).and_then(|rest| rest.iter().position(is_mark)) {
            at += next;
            let Some(byte) = bytes.get(at) else { break };
            match (byte, quote) {
                (b'>', None) => return (self.take_behind(at), true),
                (b'<', None) => return (self.take(at), false),
                (b'>', Some(_)) => first_end = first_end.or(Some(at)),
                (b'<', Some(mark)) => {
                    // Either the value holds markup and ends soon, or its closing quote is missing.
                    if let Some(end) = first_end {
                        return (self.take_behind(end), true);
                    }
                    let near = bytes.get(at..bytes.len().min(at + FARTHEST_QUOTE)).unwrap_or_default();
                    match near.iter().position(|byte| *byte == mark) {
                        Some(length) => (at, quote) = (at + length, None),
                        None => return (self.take(at), false),
                    }
                }
                (b'"' | b'\'', None) if opens_value(bytes, at) => quote = Some(*byte),
                (mark, Some(open)) if *mark == open => quote = None,
                _ => {}
            }
            at += 1;
        }
        match first_end {
            Some(end) => (self.take_behind(end), true),
            None => (self.take(bytes.len()), false),
        }
    }

    /// Where the next of [`ENDS`] is.
    fn ahead(&mut self, end: usize) -> Option<usize> {
        let (missing, mark) = self.missing.get_mut(end).zip(ENDS.get(end))?;
        let found = if *missing { None } else { memmem::find(self.rest.as_bytes(), mark.as_bytes()) };
        *missing = found.is_none();
        found
    }

    /// Takes so many bytes, and leaves out the byte behind them.
    fn take_behind(&mut self, length: usize) -> &'t str {
        let taken = self.take(length);
        self.take(1);
        taken
    }

    fn take(&mut self, length: usize) -> &'t str {
        let (taken, rest) = self.rest.split_at_checked(length).unwrap_or((self.rest, ""));
        self.rest = rest;
        taken
    }

    fn skip_behind(&mut self, mark: char) {
        let behind = self.rest.split_once(mark).map(|(_, behind)| behind);
        self.cut |= behind.is_none();
        self.rest = behind.unwrap_or_default();
    }
}

fn start(tag: &str) -> Token<'_> {
    let tag = tag.trim_start_matches('<');
    let (tag, empty) = tag.strip_suffix('/').map_or((tag, false), |tag| (tag, true));
    let end = tag.find(|c: char| is_space(c) || c == '/').unwrap_or(tag.len());
    let (name, attributes) = tag.split_at_checked(end).unwrap_or((tag, ""));
    Token::Start { name, attributes, empty }
}

/// Whether a quote stands where a value begins: behind `=`.
fn opens_value(bytes: &[u8], at: usize) -> bool {
    bytes.get(..at).is_some_and(|before| before.trim_ascii_end().ends_with(b"="))
}

fn is_space(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\n' | '\r' | '\u{c}')
}

/// The attributes of a tag in order, as written: quoted or not, with or without a value.
pub(super) fn attributes(text: &str) -> impl Iterator<Item = (&str, &str)> {
    let mut rest = text;
    let next = move || {
        rest = rest.trim_start_matches(|c| is_space(c) || matches!(c, '/' | '"' | '\'' | '=' | ','));
        let end = rest.find(|c: char| is_space(c) || matches!(c, '=' | '"' | '\'')).unwrap_or(rest.len());
        let (name, behind) = rest.split_at_checked(end).filter(|(name, _)| !name.is_empty())?;
        let Some(value) = behind.trim_start_matches(is_space).strip_prefix('=') else {
            rest = behind;
            return Some((name, ""));
        };
        let value = value.trim_start_matches(is_space);
        let quoted = ['"', '\''].iter().find_map(|quote| value.strip_prefix(*quote)?.split_once(*quote));
        let (value, behind) = quoted.unwrap_or_else(|| {
            let value = value.trim_start_matches(['"', '\'']);
            value.split_at_checked(value.find(is_space).unwrap_or(value.len())).unwrap_or((value, ""))
        });
        rest = behind;
        Some((name, value))
    };
    std::iter::from_fn(next).take(MOST_ATTRIBUTES)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        let mut scanner = Scanner::new(text);
        let mut found = Vec::new();
        while let Some(token) = scanner.next("d") {
            found.push(match token {
                Token::Start { name, attributes, empty } => {
                    let list: Vec<String> = super::attributes(attributes).map(|(n, v)| format!(" {n}={v}")).collect();
                    format!("<{name}{}{}>", list.concat(), if empty { "/" } else { "" })
                }
                Token::End(name) => format!("</{name}>"),
                Token::Text(text) => text.to_owned(),
                Token::Verbatim(text) => format!("[{text}]"),
                Token::Doctype(text) => format!("({text})"),
            });
        }
        assert_eq!(found.join("|"), expected);
    }

    #[test]
    fn well_formed_markup_is_cut_at_its_marks() {
        check("<?xml version='1.0'?><!-- <a> --><a b='1' c=\"x>y\">t<d/></a>", "<a b=1 c=x>y>|t|<d/>|</a>");
        check("<d><![CDATA[<p>1</p>]]></d>", "<d>|[<p>1</p>]|</d>");
        check("<!DOCTYPE rss [ <!ENTITY a \"b\"> ]><rss>", "(<!DOCTYPE rss [ <!ENTITY a \"b\"> )|<rss>");
        check("<!DOCTYPE rss PUBLIC 'x' 'y'><rss>", "<rss>");
    }

    #[test]
    fn what_is_wrong_costs_no_more_than_itself() {
        check("1 < 2 <3", "1 |<| 2 |<|3");
        check("<a<b>x</b", "<a>|<b>|x|</b>");
        check("<e u=\"x l=\"1\" t=\"y\"/><g>", "<e u=x l= 1= t=y/>|<g>");
        check("<e u='<b>'>x", "<e u=<b>>|x");
        check("<e u=x checked v>y", "<e u=x checked= v=>|y");
        check("<a>x<!-- y <b>z", "<a>|x|z");
        check("<d>x<![CDATA[ y </d><e>", "<d>|x|[ y ]|</d>|<e>");
        check("<a>x<b c", "<a>|x");
    }

    #[test]
    fn ends_that_are_missing_are_sought_once() {
        for text in ["<!-- ", "<![CDATA[ </d", "<!DOCTYPE [ >", "<!x ", "<?", "<a b=\"<", "<", "</", "<a "] {
            let many = text.repeat(400_000);
            let mut scanner = Scanner::new(&many);
            let mut tokens = 0;
            while scanner.next("d").is_some() {
                tokens += 1;
            }
            assert!(tokens <= 800_000, "{text}");
        }
    }

    #[test]
    fn the_end_inside_of_markup_is_told() {
        for text in ["<a", "<a b='", "<!-- x", "<", "<![CDATA[x"] {
            let mut scanner = Scanner::new(text);
            while scanner.next("").is_some() {}
            assert!(scanner.cut, "{text}");
        }
    }
}
