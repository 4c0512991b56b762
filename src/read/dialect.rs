//! What programs add to Markdown (Hugo, Jekyll, Docusaurus, `MkDocs`, Obsidian, kramdown, Pandoc) and `CommonMark` shows as it is
//! written: what says something is said in plain Markdown, what only tells those programs what to do goes.

use std::borrow::Cow;

/// A text in plain Markdown. What stands in blocks and spans of code is left alone.
pub(super) fn plain(text: &str) -> Cow<'_, str> {
    const SIGNS: [&str; 11] = ["{{<", "{{%", "{%", "{:", ":::", "[[", "[!", "==", "%%", "]{", "){"];
    let is_other = |line: &str| is_admonition(line) || is_contents(line.trim()) || is_import(line);
    if !SIGNS.iter().any(|sign| text.contains(sign)) && !text.lines().any(is_other) {
        return Cow::Borrowed(text);
    }
    let mut plain = String::with_capacity(text.len());
    let mut fence: Option<&str> = None;
    // Whether the lines of an admonition follow, which are set in.
    let mut is_set_in = false;
    for whole in text.split_inclusive('\n') {
        let line = whole.trim_end_matches(['\r', '\n']);
        let mark = line.trim_start().get(..3).filter(|mark| matches!(*mark, "```" | "~~~"));
        if fence.is_some() || mark.is_some() {
            fence = if fence.is_some() { fence.filter(|open| mark != Some(*open)) } else { mark };
            plain.push_str(whole);
            continue;
        }
        is_set_in = is_admonition(line) || is_set_in && (line.trim().is_empty() || line.starts_with("    "));
        let line = if is_set_in { line.strip_prefix("    ").unwrap_or(line) } else { line };
        if !is_set_in && line.starts_with("    ") {
            plain.push_str(whole);
            continue;
        }
        match said(line) {
            Some(said) => plain.push_str(&inline(&said)),
            // Nothing of it is left, nor of an item of a list above that only says "TOC".
            None if line.trim_start().starts_with("{:toc") => {
                let above = plain.strip_suffix('\n').and_then(|plain| plain.rfind('\n')).map_or(0, |at| at + 1);
                let is_item =
                    |above: &str| ["* ", "- ", "+ ", "1. "].iter().any(|mark| above.trim_start().starts_with(mark));
                if plain.get(above..).is_some_and(is_item) {
                    plain.truncate(above);
                }
            }
            None => {}
        }
        plain.push('\n');
    }
    Cow::Owned(plain)
}

/// What a line says in plain Markdown. `None`: nothing.
fn said(line: &str) -> Option<Cow<'_, str>> {
    let bare = line.trim();
    if is_import(line) || is_contents(bare) || bare.starts_with("{:") && bare.ends_with('}') {
        return None;
    }
    if is_admonition(line) {
        return line.split_once('"').map(|(_, title)| bold(title.trim_end().trim_end_matches('"')));
    }
    if let Some(rest) = bare.strip_prefix(":::") {
        // `:::note[Title]`, `:::note Title`, `::: {.note}`
        let rest = rest.trim_start_matches([':', ' ']);
        let kind = rest.find(|c: char| !c.is_alphanumeric() && c != '-').unwrap_or(rest.len());
        let title = rest.get(kind..).unwrap_or_default().trim();
        let title = title.strip_prefix('[').and_then(|title| title.strip_suffix(']')).unwrap_or(title);
        return Some(bold(title)).filter(|_| !title.is_empty() && !title.starts_with('{'));
    }
    // `> [!note]- Title`
    if let Some((quote, call)) = line.split_once("[!")
        && !quote.is_empty()
        && quote.chars().all(|c| matches!(c, '>' | ' '))
        && let Some((kind, title)) = call.split_once(']')
        && kind.chars().all(|c| c.is_alphanumeric() || c == '-')
    {
        let title = title.trim_start_matches(['+', '-']).trim();
        return Some(Cow::Owned(if title.is_empty() { quote.to_owned() } else { format!("{quote}**{title}**\\") }));
    }
    Some(Cow::Borrowed(line))
}

fn bold(title: &str) -> Cow<'_, str> {
    Cow::Owned(format!("**{}**", title.trim()))
}

/// `!!! note "Title"`, `??? warning`, `???+ tip`
fn is_admonition(line: &str) -> bool {
    let kind = ["!!! ", "??? ", "???+ "].into_iter().find_map(|mark| line.strip_prefix(mark));
    let kind = kind.and_then(|kind| kind.split(['"', ' ']).next());
    kind.is_some_and(|kind| !kind.is_empty() && kind.chars().all(|c| c.is_ascii_lowercase() || c == '-'))
}

/// What stands for a table of contents.
fn is_contents(line: &str) -> bool {
    ["[toc]", "[[toc]]", "[[_toc_]]", "${toc}", "{{toc}}"].iter().any(|mark| line.eq_ignore_ascii_case(mark))
}

/// `import Tabs from '@theme/Tabs';`
fn is_import(line: &str) -> bool {
    line.starts_with("import ")
        && line.contains(" from ")
        && line.trim_end().trim_end_matches(';').ends_with(['\'', '"'])
}

/// A line without what is said inside of it to programs; spans of code are left alone.
fn inline(line: &str) -> Cow<'_, str> {
    if !["{{<", "{{%", "{%", "[[", "==", "%%", "]{", "){"].iter().any(|sign| line.contains(sign)) {
        return Cow::Borrowed(line);
    }
    let mut plain = String::with_capacity(line.len());
    for (at, piece) in line.split('`').enumerate() {
        if at > 0 {
            plain.push('`');
        }
        if at % 2 == 1 {
            plain.push_str(piece);
            continue;
        }
        let mut piece = Cow::Borrowed(piece);
        for (open, close) in [("{{<", ">}}"), ("{{%", "%}}"), ("{%", "%}")] {
            piece = replaced(piece, open, close, |_, _, _| Some(String::new()));
        }
        // "x==1 and y==2" and "5%% or 7%%" mark nothing.
        let is_apart = |before: &str, behind: &str| {
            !before.ends_with(char::is_alphanumeric) && !behind.starts_with(char::is_alphanumeric)
        };
        piece = replaced(piece, "%%", "%%", |before, _, behind| is_apart(before, behind).then(String::new));
        // `[words]{.class}`, `![](picture.png){width=50%}`
        piece = replaced(piece, "){", "}", |_, inside, _| are_attributes(inside).then(|| ")".to_owned()));
        // `\sqrt[3]{x=1}` is a formula.
        piece = replaced(piece, "[", "}", |before, inside, _| {
            let (words, attributes) = inside.split_once("]{")?;
            (!before.ends_with(char::is_alphanumeric) && are_attributes(attributes)).then(|| words.to_owned())
        });
        piece = replaced(piece, "![[", "]]", |_, _, _| Some(String::new()));
        piece = replaced(piece, "[[", "]]", linked);
        piece = replaced(piece, "==", "==", |before, inside, behind| {
            let is_marked = inside.trim() == inside && !inside.is_empty() && !inside.starts_with('=');
            let is_marked = is_marked && is_apart(before, behind);
            is_marked.then(|| inside.to_owned())
        });
        plain.push_str(&piece);
    }
    Cow::Owned(plain)
}

/// Whether attributes stand between braces: `.class`, `#id`, `key=value`.
fn are_attributes(inside: &str) -> bool {
    let mut words = inside.split_whitespace().peekable();
    words.peek().is_some() && words.all(|word| word.starts_with(['.', '#']) || word.split_once('=').is_some())
}

/// The words of `[[page#part|words]]`. `None`: it is a link of plain Markdown, whose words stand in brackets.
fn linked(_: &str, inside: &str, behind: &str) -> Option<String> {
    let (page, words) = inside.split_once('|').unwrap_or((inside, inside));
    let words = if words == page { page.split('#').find(|part| !part.is_empty()).unwrap_or(page) } else { words };
    let words = words.rsplit('/').next().unwrap_or(words).trim();
    (!inside.contains(['[', ']']) && !behind.starts_with(['(', '['])).then(|| words.to_owned())
}

/// A text with what stands between two marks, and these, replaced. `with` is given what stands before, between and behind; `None`:
/// it stays.
fn replaced<'t>(
    text: Cow<'t, str>,
    open: &str,
    close: &str,
    with: impl Fn(&str, &str, &str) -> Option<String>,
) -> Cow<'t, str> {
    if !text.contains(open) {
        return text;
    }
    let mut plain = String::with_capacity(text.len());
    let mut rest = text.as_ref();
    while let Some((before, behind)) = rest.split_once(open) {
        let Some((inside, after)) = behind.split_once(close) else { break };
        if let Some(last) = inside.rfind(open) {
            // What is opened again before it is closed begins there.
            let at = before.len() + open.len() + last;
            plain.push_str(rest.get(..at).unwrap_or_default());
            rest = rest.get(at..).unwrap_or_default();
            continue;
        }
        plain.push_str(before);
        if let Some(words) = with(&plain, inside, after) {
            plain.push_str(&words);
            rest = after;
        } else {
            plain.push_str(open);
            rest = behind;
        }
    }
    plain.push_str(rest);
    Cow::Owned(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_programs_add_is_said_plainly() {
        for (written, said) in [
            ("A\n\n{{< figure src=\"a.jpg\" >}}\n\nB {% raw %}C{% endraw %}\n", "A\n\n\n\nB C\n"),
            (":::note[Towels]\n\nBring one.\n\n:::\n", "**Towels**\n\nBring one.\n\n\n"),
            ("::: {.callout}\nText\n:::\n", "\nText\n\n"),
            ("!!! note \"Towels\"\n\n    Bring one.\n\nGo on.\n", "**Towels**\n\nBring one.\n\nGo on.\n"),
            ("??? warning\n    No dogs.\n", "\nNo dogs.\n"),
            ("> [!note]- Towels\n> Bring one.\n", "> **Towels**\\\n> Bring one.\n"),
            ("> [!tip]\n> Bring one.\n", "> \n> Bring one.\n"),
            ("See [[people/Ann Lee]], [[a#b|the race]] and ![[a.jpg]].\n", "See Ann Lee, the race and .\n"),
            ("An ==important== %%hidden%% word\n", "An important  word\n"),
            ("A [big]{.underline .x} word ![](a.png){width=50%} [b](c){#d}\n", "A big word ![](a.png) [b](c)\n"),
            ("[TOC]\n\n* TOC\n{:toc}\n\nText\n{: .lead}\n", "\n\n\n\nText\n\n"),
            ("import Tabs from '@theme/Tabs';\n\nText\n", "\n\nText\n"),
        ] {
            assert_eq!(plain(written), said, "{written}");
        }
    }

    #[test]
    fn what_is_plain_markdown_stays() {
        for text in [
            "```\n{{< figure >}}\n:::note\n[[ a ]]\n```\n",
            "Write `{{< figure >}}`, `[[page]]` or `==word==`.\n",
            "Proof[[1]](https://quay.example.edu/1) and [[2]][two]\n",
            "If a == b then c == d.\n",
            "The root \\sqrt[3]{x=1} of [a]\n",
            "f[x]{y}, (a){b c} and [a](b) {c}\n",
            "    :::note\n",
            "Title\n=====\n\n!!! Wow\n\nAt 5 % and 10 %.\n",
            "import the data from a file\n",
        ] {
            assert_eq!(plain(text), text);
        }
    }
}
