//! Where a text is not TOML: what is told of it, once and where it was meant.

use toml::de::Error;

use super::{Origin, Written, Wrong, keys, quoted};

impl Written {
    /// Takes in what a parser says of a text, one slip a line.
    pub(super) fn slips(&mut self, errors: &[Error]) {
        // A list without its end swallows what follows, and each line of that is an error of its own.
        let endless = errors.iter().any(|error| error.message().starts_with("unclosed array,"));
        // Names of tables whose header in single brackets was sought, and whether it was found.
        let mut sought: Vec<(&str, bool)> = Vec::new();
        for error in errors {
            let span = error.span().unwrap_or(self.text.len()..self.text.len());
            let word = self.text.get(span.clone()).unwrap_or_default();
            let begins_word = word.starts_with(char::is_alphabetic);
            let list = keys::table(word).filter(|table| table.repeated && error.message() == "duplicate key");
            let opened = list.is_none().then(|| self.opened(span.start, error.message())).flatten();
            let (span, message, hint) = if let Some(at) = opened {
                (at..at + 1, "a list begins here that does not end".to_owned(), Some("write ] at its end".to_owned()))
            } else if let Some(table) = list {
                // Wherever its header stands, each of the others is a duplicate: it is sought and told once.
                let span = match sought.iter().find(|(name, _)| *name == table.name) {
                    Some((_, true)) => continue,
                    Some((_, false)) => span,
                    None => {
                        let header = format!("[{word}]");
                        let at = lines(&self.text).find(|(_, line)| line.trim().starts_with(&header));
                        sought.push((table.name, at.is_some()));
                        at.map_or(span, |(at, line)| {
                            let from = at + (line.len() - line.trim_start().len());
                            from..from + header.len()
                        })
                    }
                };
                let message = format!("there can be several of `{word}`");
                (span, message, Some(format!("write {}", table.header())))
            } else if begins_word && !error.message().contains("key") {
                (span, "a text needs quotes around it".to_owned(), Some(format!("write {}", quoted(word))))
            } else {
                (span, error.message().to_owned(), None)
            };
            let is_new = self.slips.last().is_none_or(|last| !self.line(&last.origin).contains(&span.start));
            if is_new {
                self.slips.push(Wrong::new(&Origin::File(span), format!("this is not TOML: {message}"), hint));
            }
            self.endless = self.endless.or(opened);
            if opened.is_some() || endless && error.message().contains("array") {
                break;
            }
        }
    }

    /// Where the list begins whose end is missing at a place. `None`: it is something else that is missing.
    fn opened(&self, at: usize, message: &str) -> Option<usize> {
        let before = self.text.get(..at)?;
        let line = before.rfind('\n').map_or(0, |newline| newline + 1);
        let is_swallowed = message.contains("array elements") && before.get(line..)?.trim().is_empty();
        if !is_swallowed && !message.starts_with("unclosed array,") {
            return None;
        }
        let list = lines(before).filter_map(|(at, line)| {
            let (key, value) = line.split_once('=')?;
            let is_key = key.trim().chars().all(|c| c.is_alphanumeric() || "_-.\"'".contains(c));
            let from = line.len() - value.trim_start().len();
            (is_key && value.trim_start().starts_with('[')).then_some(at + from)
        });
        list.last()
    }
}

/// The lines of a text, and where each begins.
fn lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.split_inclusive('\n').scan(0, |at, line| {
        let from = *at;
        *at += line.len();
        Some((from, line))
    })
}
