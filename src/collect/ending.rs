//! What the name of a document says of its form.

use crate::document::Form;

/// The endings of documents that are read, with the dot, and what they are taken for.
pub const ENDINGS: [(&str, Form); 13] = [
    (".txt", Form::Text),
    (".text", Form::Text),
    (".eml", Form::Text),
    (".md", Form::Markdown),
    (".markdown", Form::Markdown),
    (".mkd", Form::Markdown),
    (".mdx", Form::Markdown),
    (".qmd", Form::Markdown),
    (".rmd", Form::Markdown),
    (".html", Form::Html),
    (".htm", Form::Html),
    (".xhtml", Form::Html),
    (".shtml", Form::Html),
];

/// The form that a file's name declares; a name without an ending is taken as text.
pub(super) fn form(name: &[u8]) -> Result<Form, &[u8]> {
    let Some(dot) = name.iter().rposition(|byte| *byte == b'.').filter(|dot| *dot > 0) else {
        return Ok(Form::Text);
    };
    let (_, ending) = name.split_at(dot);
    let found = ENDINGS.iter().find(|(known, _)| ending.eq_ignore_ascii_case(known.as_bytes()));
    found.map(|(_, form)| *form).ok_or_else(|| ending.split_at(1).1)
}
