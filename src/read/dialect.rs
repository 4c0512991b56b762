//! What programs add to Markdown (Hugo, Jekyll, Docusaurus, `MkDocs`, Obsidian, kramdown, Pandoc, MDX, Quarto, R) and `CommonMark` shows as it is
//! written: what says something is said in plain Markdown, what only tells those programs what to do goes.

use std::borrow::Cow;

use crate::draft::tags::is_name;

/// A text in plain Markdown. What stands in blocks and spans of code is left alone.
pub(super) fn plain(text: &str) -> Cow<'_, str> {
    const SIGNS: [&str; 15] =
        ["{{", "{%", "{#", "{:", "{/*", "={", "`{", ":::", "[[", "[!", "==", "%%", "]{", "){", "[/"];
    let is_other =
        |line: &str| is_admonition(line) || is_contents(line.trim()) || is_module(line) || is_components(line);
    if !SIGNS.iter().any(|sign| text.contains(sign)) && !text.lines().any(is_other) {
        return Cow::Borrowed(text);
    }
    let mut plain = String::with_capacity(text.len());
    let (mut fence, mut is_hidden): (Option<&str>, bool) = (None, false);
    // Whether the lines of an admonition follow, which are set in.
    let mut is_set_in = false;
    // Whether the line before is one of a paragraph, which none of code interrupts (CommonMark §4.4), and whether the last at the
    // margin is an item of a list, whose paragraphs are set in.
    let (mut goes_on, mut is_in_list) = (false, false);
    let mut rest = text;
    while !rest.is_empty() {
        let first = first_line(rest);
        let mark = fence_of(first);
        if fence.is_some() || mark.is_some() {
            let closes = |open: &&str| mark.is_some_and(|mark| mark.starts_with(open) && first.trim() == mark);
            is_hidden = if fence.is_some() { is_hidden } else { is_run_unseen(rest, mark) };
            fence = if fence.is_some() { fence.filter(|open| !closes(open)) } else { mark };
            goes_on = false;
            if !is_hidden {
                plain.push_str(first);
            }
            rest = rest.get(first.len()..).unwrap_or_default();
            continue;
        }
        let is_blank = first.trim().is_empty();
        is_set_in = is_admonition(first.trim_end()) || is_set_in && (is_blank || first.starts_with("    "));
        let is_code = !is_set_in && !goes_on && first.starts_with(if is_in_list { "        " } else { "    " });
        if is_code {
            plain.push_str(first);
            rest = rest.get(first.len()..).unwrap_or_default();
            continue;
        }
        goes_on = !is_blank && !is_whole(first);
        if !first.starts_with([' ', '\t', '\r', '\n']) {
            is_in_list = is_item(first);
        }
        let whole = rest.get(..end_of_tags(rest, first.len())).unwrap_or(first);
        rest = rest.get(whole.len()..).unwrap_or_default();
        let joined =
            if whole.len() > first.len() { Cow::Owned(whole.replace(['\r', '\n'], " ")) } else { whole.into() };
        let line = joined.trim_end_matches([' ', '\r', '\n']);
        // Two blanks at its end break a line.
        let line = if whole.len() > first.len() { line } else { whole.trim_end_matches(['\r', '\n']) };
        let line = if is_set_in { line.strip_prefix("    ").unwrap_or(line) } else { line };
        match said(line) {
            Some(said) => {
                let left = inline(&said);
                // An empty line would end the HTML that it stands in, and make code of what is set in behind it.
                if left.trim().is_empty() && !is_blank && line.starts_with([' ', '\t']) {
                    continue;
                }
                plain.push_str(&left);
            }
            // Nothing of it is left, nor of an item of a list above that only says "TOC".
            None if line.trim_start().starts_with("{:toc") => {
                let above = plain.strip_suffix('\n').and_then(|plain| plain.rfind('\n')).map_or(0, |at| at + 1);
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

/// The first line of a text, with what ends it.
fn first_line(text: &str) -> &str {
    text.split_inclusive('\n').next().unwrap_or(text)
}

/// The marks that open or close a block of code (`CommonMark` §4.5).
fn fence_of(line: &str) -> Option<&str> {
    let line = line.trim();
    let mark = line.chars().next().filter(|c| matches!(c, '`' | '~'))?;
    let behind = line.trim_start_matches(mark);
    let marks = line.strip_suffix(behind)?;
    (marks.len() >= 3 && !(mark == '`' && behind.contains('`'))).then_some(marks)
}

/// Whether a block of code is run where the text is made and is not shown in it: its head says `{r, include=FALSE}`, or a line
/// `#| echo: false` below.
fn is_run_unseen(block: &str, mark: Option<&str>) -> bool {
    let mut lines = block.lines();
    // One that never ends may be all of the text.
    if !lines.clone().skip(1).any(|line| mark == Some(line.trim())) {
        return false;
    }
    let Some((_, head)) = lines.next().and_then(|line| line.split_once("`{")) else { return false };
    std::iter::once(head).chain(lines.map_while(|line| line.strip_prefix("#|"))).any(|options| {
        let options = options.replace(' ', "").replace(':', "=").to_ascii_lowercase();
        ["include=false", "echo=false"].iter().any(|option| options.contains(option))
    })
}

/// Whether a line begins an item of a list.
fn is_item(line: &str) -> bool {
    let line = line.trim_start();
    let number = line.trim_start_matches(|c: char| c.is_ascii_digit());
    ["* ", "- ", "+ "].iter().any(|mark| line.starts_with(mark))
        || number.len() < line.len() && (number.starts_with(". ") || number.starts_with(") "))
}

/// Whether a line is a block by itself (`CommonMark` §4.1 to §4.3): a heading, or nothing but what underlines one or parts others.
fn is_whole(line: &str) -> bool {
    let line = line.trim();
    let behind = line.trim_start_matches('#');
    let is_rule = |mark: char| line.starts_with(mark) && line.chars().all(|c| c == mark || c.is_whitespace());
    (1..=6).contains(&(line.len() - behind.len())) && (behind.is_empty() || behind.starts_with([' ', '\t']))
        || ['-', '=', '*', '_'].into_iter().any(is_rule)
}

/// Where the line ends in which that is closed which the first, that ends at `end`, opens for programs, outside of spans of code.
/// An empty line closes nothing.
fn end_of_tags(text: &str, end: usize) -> usize {
    /// Lines that one of them goes on over.
    const MOST: usize = 40;
    let is_open = |line: &str| {
        let counts = |sign: char| line.matches(sign).count();
        let is_of_module = line.starts_with("import {") && !line.contains('}')
            || is_module(line) && (counts('{') > counts('}') || counts('(') > counts(')'));
        let is_of_tag = begins_component(line.trim_start()) && end_of_tag(line.trim_start()).is_none();
        is_of_module
            || is_of_tag
            || [("{%", "%}"), ("{{", "}}"), ("{/*", "*/}")].iter().any(|(open, close)| {
                line.rfind(open).is_some_and(|at| {
                    let (before, behind) = line.split_at(at);
                    !behind.contains(close) && before.matches('`').count() % 2 == 0
                })
            })
    };
    if !text.get(..end).is_some_and(is_open) {
        return end;
    }
    let mut last = end;
    for line in text.get(end..).unwrap_or_default().split_inclusive('\n').take(MOST) {
        last += line.len();
        if line.trim().is_empty() {
            return end;
        }
        // What closes nothing leaves it open.
        if ["%}", "}", ">", "`"].iter().any(|sign| line.contains(sign)) && !text.get(..last).is_some_and(is_open) {
            return last;
        }
    }
    end
}

/// What a line says in plain Markdown. `None`: nothing.
fn said(line: &str) -> Option<Cow<'_, str>> {
    let bare = line.trim();
    if is_module(line) || is_components(line) || is_contents(bare) || bare.starts_with("{:") && bare.ends_with('}') {
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

/// `import Tabs from '@theme/Tabs';`, `import 'a.css'`, `export const a = 1` (MDX)
fn is_module(line: &str) -> bool {
    if let Some((word, rest)) = line.strip_prefix("export ").and_then(|rest| rest.split_once(' ')) {
        // In a sentence that was broken off there, none of these signs follows: "export default settings".
        return match word {
            "const" | "let" => rest.contains('='),
            "function" => rest.contains('('),
            "default" => {
                let rest = rest.trim_end();
                rest.contains(['(', '{', '='])
                    || rest.ends_with(';')
                    || rest.starts_with(char::is_uppercase) && !rest.contains(' ')
            }
            _ => false,
        };
    }
    let from = line.strip_prefix("import ").map(|rest| rest.rsplit_once(" from ").map_or(rest, |(_, from)| from));
    let from = from.map_or("", |from| from.trim_end().trim_end_matches(';'));
    from.len() > 1 && !from.contains(' ') && from.starts_with(['\'', '"']) && from.ends_with(['\'', '"'])
}

/// Whether a line is nothing but tags of components (MDX): `<TabItem value="a">`. What they hold is Markdown, and they show what
/// only programs know.
fn is_components(line: &str) -> bool {
    let mut rest = line.trim();
    let is_one = begins_component(rest);
    while begins_component(rest)
        && let Some(end) = end_of_tag(rest)
    {
        rest = rest.get(end..).unwrap_or_default().trim_start();
    }
    is_one && rest.is_empty()
}

/// Whether a text begins with the tag of a component, whose name is written as no element's is: `<TabItem`, `</Card`.
fn begins_component(text: &str) -> bool {
    let Some(tag) = text.strip_prefix('<') else { return false };
    let tag = tag.strip_prefix('/').unwrap_or(tag);
    let name = tag.split(|c: char| !c.is_ascii_alphanumeric() && c != '.').next().unwrap_or_default();
    name.starts_with(|c: char| c.is_ascii_uppercase())
        && name.contains(|c: char| c.is_ascii_lowercase())
        && tag.get(name.len()..).is_some_and(is_behind_name)
        && !is_name(&name.to_ascii_lowercase())
}

/// Whether a text stands behind the name of a tag: its end, or attributes, of which the first has a value.
fn is_behind_name(text: &str) -> bool {
    let inner = text.split('>').next().unwrap_or_default().trim_end_matches('/');
    inner.trim().is_empty() || inner.starts_with(char::is_whitespace) && inner.contains(['=', '{'])
}

/// Where the tag ends that a text begins with; what stands in braces is of a program.
fn end_of_tag(text: &str) -> Option<usize> {
    /// Bytes of a tag that is looked for.
    const LONGEST: usize = 2_000;
    let mut depth = 0_usize;
    let end = text.bytes().take(LONGEST).position(|byte| {
        match byte {
            b'{' => depth += 1,
            b'}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        byte == b'>' && depth == 0
    })?;
    Some(end + 1)
}

/// A text without the tags that have programs in them, as no tag of HTML has: `<div style={{width: 5}}>`.
fn without_programs(text: &str) -> Cow<'_, str> {
    if !text.contains("={") {
        return Cow::Borrowed(text);
    }
    let mut plain = String::new();
    let mut rest = text;
    while let Some((before, _)) = rest.split_once('<') {
        plain += before;
        rest = rest.get(before.len()..).unwrap_or_default();
        let is_tag = |tag: &&str| {
            let name = tag.get(1..).and_then(|tag| tag.split(|c: char| !c.is_ascii_alphanumeric()).next());
            let name = name.filter(|name| name.starts_with(|c: char| c.is_ascii_alphabetic())).unwrap_or_default();
            tag.contains("={")
                && tag.get(1 + name.len()..).is_some_and(|behind| behind.starts_with(char::is_whitespace))
        };
        let tag = end_of_tag(rest).and_then(|end| rest.get(..end)).filter(is_tag);
        if tag.is_none() {
            plain.push('<');
        }
        rest = rest.get(tag.map_or(1, str::len)..).unwrap_or_default();
    }
    plain += rest;
    Cow::Owned(plain)
}

/// A line without what is said inside of it to programs; spans of code are left alone.
fn inline(line: &str) -> Cow<'_, str> {
    if !["{{", "{%", "{#", "{/*", "={", "[[", "==", "%%", "]{", "){", "[/"].iter().any(|sign| line.contains(sign)) {
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
        let mut piece = without_programs(piece);
        for (open, close) in [("{/*", "*/}"), ("{{<", ">}}"), ("{{%", "%}}"), ("{%", "%}"), ("<{{", "}}>")] {
            piece = replaced(piece, open, close, |_, _, _| Some(String::new()));
        }
        piece = replaced(piece, "{{", "}}", value);
        piece = replaced(piece, "{#", "#}", |_, inside, _| inside.starts_with(' ').then(String::new));
        piece = without_shortcodes(piece);
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

/// What a value says that Liquid, Jinja and their like put into a text: the words that it is written in; else nothing, for only
/// those programs know it. `None`: it is none, but a formula or a text about them.
fn value(before: &str, inside: &str, behind: &str) -> Option<String> {
    /// Characters of an address before what a program puts into it.
    const LONGEST: usize = 1_000;
    let inside = inside.trim_matches(|c: char| c == '-' || c.is_whitespace());
    let first = inside.split(['|', ' ']).next().unwrap_or_default();
    let is_name = first.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
    let is_path = is_name && first.contains('.') && !first.ends_with('.');
    // `[words]({{ … }}`, `[words](https://{{ … }}`, `<a href="{{ … }}`, `[1]: {{ … }}`
    let word: String = before.chars().rev().take(LONGEST).take_while(|c| !matches!(c, ')' | ' ')).collect();
    let is_in_link = word.contains("(]");
    let is_address = is_in_link || ["=\"", "='", "]: "].iter().any(|mark| before.ends_with(mark));
    let quoted = inside.strip_prefix(['"', '\'']).and_then(|rest| Some(rest.split_once(inside.get(..1)?)?.0));
    let said = match quoted {
        Some(words) => words,
        None if is_address || is_path || is_name && inside.contains('|') => "",
        None => return None,
    };
    if is_address {
        let said = if said.contains(' ') { "" } else { said };
        let is_all = before.ends_with(['(', ' ']) && (behind.is_empty() || behind.starts_with([' ', '\t']));
        return Some(if said.is_empty() && is_all { "<>".to_owned() } else { said.to_owned() });
    }
    let is_of_formula =
        before.ends_with(|c: char| c.is_alphanumeric() || matches!(c, '_' | '^' | '{' | '}' | '\\' | '$'));
    (!is_of_formula).then(|| said.to_owned())
}

/// A text without what shows pictures and films in `WordPress`, and is carried along out of it: `[caption width="300"]…[/caption]`
/// (Shortcode API).
fn without_shortcodes(mut text: Cow<'_, str>) -> Cow<'_, str> {
    for name in ["caption", "gallery", "embed", "audio", "video"] {
        let (open, close) = (format!("[{name}"), format!("[/{name}]"));
        if !text.contains(&close) {
            continue;
        }
        text = replaced(text, &open, "]", |_, inside, _| (inside.is_empty() || inside.contains('=')).then(String::new));
        text = Cow::Owned(text.replace(&close, ""));
    }
    text
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
            ("import {\n  Tab,\n  Tabs\n} from 'tabs';\nimport './a.css'\n\nText\n", "\n\n\nText\n"),
            ("export const meta = {\n  by: 'Ann'\n};\nexport default Layout\n\nText\n", "\n\n\nText\n"),
            ("<Tabs>\n<TabItem value=\"a\">\n**One** {/* two */} three\n</TabItem></Tabs>\n", "\n\n**One**  three\n\n"),
            ("<Photo\n  src={quay}\n  onLoad={() => a > b}\n/>\nThe quay\n", "\nThe quay\n"),
            ("The <b style={{width: 5}}>old</b> quay <Map at={1} />\n", "The old</b> quay \n"),
            ("```{r setup, include=FALSE}\nlibrary(a)\n```\nText\n```{r}\nb()\n```\n", "Text\n```{r}\nb()\n```\n"),
            ("```{r, include=FALSE}\nb()\n\nText\n", "```{r, include=FALSE}\nb()\n\nText\n"),
            ("```{r}\n#| label: a\n#| echo: false\nb()\n```\nText\n", "Text\n"),
            ("[Tides]({{ site.url }}/tides) of {{ release.version }}\n", "[Tides](/tides) of \n"),
            ("![Quay]({{ '/quay.png' | relative_url }}) [a]({{ x }} \"b\")\n", "![Quay](/quay.png) [a](<> \"b\")\n"),
            ("<a href=\"{{ address }}\"> <{{ file.url }}>\n[1]: {{ site.url }}/a\n", "<a href=\"\"> \n[1]: /a\n"),
            (
                "A {# remark #} [b](mailto:a@quay.example?subject={{ \"c d\" | e }})\n",
                "A  [b](mailto:a@quay.example?subject=)\n",
            ),
            ("One\n{{< figure\n  src=\"a.jpg\"\n>}}\nTwo\n", "One\n\nTwo\n"),
            ("<div>\n    {% include a.html b=\"c\" %}\n    </div>\n", "<div>\n    </div>\n"),
            ("- One\n\n    Two {% x %}\n", "- One\n\n    Two \n"),
            ("[caption width=\"9\"]![](a.png) The quay[/caption]\n", "![](a.png) The quay\n"),
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
            "# Notes\n    {{ a.b }}\n\nTides\n---\n    {{ c.d }}\n",
            "````\n```\n{% a %}\n```\n{% b %}\n````\n",
            "~~~\n```\n{{ a.b }}\n~~~\n",
            "The sum \\frac{{a.b}}{{c.d}}, {{ count }} and {{ .Title }}\n",
            "`{{` opens\n- and `}}` closes\n",
            "Text\n\n    {% code %}\n",
            "A [video] of the [caption] is {#one}\n",
            "Title\n=====\n\n!!! Wow\n\nAt 5 % and 10 %.\n",
            "import the data from a file\n",
            "She said\nimport \"what you need\"\nSee <https://quay.example/?q={x}>, and x <y={1} and z> 2\n",
            "<Enter the hall at nine>\n",
            "Ships that\nexport default settings\nexport let nobody know (us)\nexport of goods\n<Https://quay.example>\nPress <Enter> to go on, a <B or Vec<Tide>\n<Br>\n",
            "```\n<Tabs>\n```\nWrite `<Tabs a={b}>`\n",
        ] {
            assert_eq!(plain(text), text);
        }
    }
}
