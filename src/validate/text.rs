//! Character data that remembers where in the file, and how, each part of it was written.

/// How a part of a text was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Written {
    /// As itself.
    Literal,
    /// As itself, in a CDATA section.
    Section,
    /// By name or decimal number: `&lt;`, `&#60;`; in JSON, by an escape.
    Reference,
    /// By hexadecimal number: `&#x3C;`.
    Hexadecimal,
}

/// Decoded character data.
#[derive(Debug, Default)]
pub(super) struct Text {
    /// The characters.
    pub(super) value: String,
    pieces: Vec<Piece>,
}

/// A run of characters written in one way. `u32` suffices: no file is read beyond 16 MiB.
#[derive(Debug)]
struct Piece {
    start: u32,
    offset: u32,
    written: Written,
}

impl Text {
    /// Appends characters that stand at `offset` of the file.
    pub(super) fn push(&mut self, words: &str, offset: usize, written: Written) {
        if !words.is_empty() {
            let narrow = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
            self.pieces.push(Piece { start: narrow(self.value.len()), offset: narrow(offset), written });
            self.value.push_str(words);
        }
    }

    /// The text without white space around it.
    pub(super) fn trimmed(&self) -> &str {
        self.value.trim_matches(is_space)
    }

    /// Where in the file the byte at `position` stands. `None`: the text is empty.
    pub(super) fn offset(&self, position: usize) -> Option<usize> {
        let piece = self.piece(position)?;
        Some(match piece.written {
            Written::Literal | Written::Section => piece.offset as usize + (position - piece.start as usize),
            Written::Reference | Written::Hexadecimal => piece.offset as usize,
        })
    }

    /// How the byte at `position` was written. `None`: the text is empty.
    pub(super) fn written(&self, position: usize) -> Option<Written> {
        self.piece(position).map(|piece| piece.written)
    }

    fn piece(&self, position: usize) -> Option<&Piece> {
        let after = self.pieces.partition_point(|piece| piece.start as usize <= position);
        self.pieces.get(after.checked_sub(1)?)
    }
}

/// White space of XML and JSON.
pub(super) fn is_space(character: char) -> bool {
    matches!(character, ' ' | '\t' | '\n' | '\r')
}
