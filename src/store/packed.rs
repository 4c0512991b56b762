//! Long texts take less room: they are compressed on their way into a column, and short ones stay as they are.
//!
//! A text that is kept plain is a TEXT of `SQLite`, a compressed one a BLOB, so the two may stand in one column. A BLOB
//! begins with the number of the dictionary that it was made with, then comes a frame of Zstandard (RFC 8878) with its
//! size and a checksum.

use std::cell::RefCell;
use std::io::Cursor;

use rusqlite::types::{ToSqlOutput, ValueRef};
use zstd::bulk::{Compressor, Decompressor};
use zstd::zstd_safe::{CParameter, ParamSwitch, get_frame_content_size};

/// Bytes of a text below which there is nothing to be gained.
const SHORT: usize = 128;
/// Bytes of the longest text that is compressed. What claims to become longer is damaged.
const LONGEST: usize = 64 * 1024 * 1024;
/// The fastest level that shortens single letters, too: the next ones take twice the time for 1 %.
const LEVEL: i32 = 1;
/// Letters by which it goes on where nothing is found: a quarter of the time less, for 6 % more bytes than letter by letter.
const STRIDE: u32 = 3;

/// Number of [`DICTIONARY`].
const EDITION: u8 = 1;
/// What a text of a kilobyte is too short to learn: words and markup that it begins with as if they had been read already,
/// and how often letters are (RFC 8878 §5; made of the words in it by `ZDICT_finalizeDictionary`, with the examples as
/// samples). What is compressed cannot be read without it, so it never changes: a better one gets another number, and
/// this one stays beside it.
const DICTIONARY: &[u8] = include_bytes!("dictionary-1.zdict");

/// A text as it goes into a column.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Packed<'a> {
    /// As it is.
    Plain(&'a str),
    /// Compressed.
    Compressed(Vec<u8>),
}

impl rusqlite::ToSql for Packed<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(match self {
            Self::Plain(text) => ToSqlOutput::from(*text),
            Self::Compressed(bytes) => ToSqlOutput::from(bytes.as_slice()),
        })
    }
}

/// Why a column does not hold a text.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("its text cannot be unpacked: {0}")]
pub(super) struct Garbled(String);

thread_local! {
    // The tables of a packer are half a megabyte: making them takes longer than packing with them.
    static PACKER: RefCell<Option<Compressor<'static>>> = const { RefCell::new(None) };
    static UNPACKER: RefCell<Option<Decompressor<'static>>> = const { RefCell::new(None) };
}

/// Compresses a text, if that makes it shorter.
pub(super) fn pack(text: &str) -> Packed<'_> {
    if !(SHORT..=LONGEST).contains(&text.len()) {
        return Packed::Plain(text);
    }
    let compress = |packer: &mut Option<Compressor<'static>>| {
        if packer.is_none() {
            let mut fresh = Compressor::with_dictionary(LEVEL, DICTIONARY).ok()?;
            fresh.set_parameter(CParameter::ChecksumFlag(true)).ok()?;
            fresh.set_parameter(CParameter::TargetLength(STRIDE)).ok()?;
            // Which it would leave out with such a stride.
            fresh.set_parameter(CParameter::LiteralCompressionMode(ParamSwitch::Enable)).ok()?;
            *packer = Some(fresh);
        }
        let mut packed = Vec::with_capacity(1 + zstd::zstd_safe::compress_bound(text.len()));
        packed.push(EDITION);
        let mut packed = Cursor::new(packed);
        packed.set_position(1);
        packer.as_mut()?.compress_to_buffer(text.as_bytes(), &mut packed).ok()?;
        Some(packed.into_inner()).filter(|packed| packed.len() < text.len())
    };
    PACKER.with_borrow_mut(compress).map_or(Packed::Plain(text), Packed::Compressed)
}

/// The text that a column holds.
///
/// # Errors
/// When it holds none, or what is compressed was damaged.
pub(super) fn unpack(value: ValueRef<'_>) -> Result<String, Garbled> {
    let garbled = |why: &dyn std::fmt::Display| Garbled(why.to_string());
    let bytes = match value {
        ValueRef::Text(text) => return Ok(std::str::from_utf8(text).map_err(|error| garbled(&error))?.to_owned()),
        ValueRef::Blob(bytes) => bytes,
        other => return Err(garbled(&format_args!("it is {}", other.data_type()))),
    };
    let Some((&EDITION, frame)) = bytes.split_first() else {
        return Err(garbled(&"it was made with a dictionary that is not known here"));
    };
    let size = match get_frame_content_size(frame) {
        Ok(Some(size)) => usize::try_from(size).ok().filter(|size| *size <= LONGEST),
        _ => None,
    };
    let size = size.ok_or_else(|| garbled(&"it does not tell its size"))?;
    UNPACKER.with_borrow_mut(|unpacker| {
        if unpacker.is_none() {
            *unpacker = Some(Decompressor::with_dictionary(DICTIONARY).map_err(|error| garbled(&error))?);
        }
        let text = unpacker.as_mut().map_or_else(|| Ok(Vec::new()), |unpacker| unpacker.decompress(frame, size));
        let text = text.map_err(|error| garbled(&error))?;
        if text.len() != size {
            return Err(garbled(&"it is shorter than it says"));
        }
        String::from_utf8(text).map_err(|error| garbled(&error))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const STORY: &str = "<p>The ferry left the harbour at dawn, and the tide bore it out past the lighthouse of the old \
                         town.</p><p>校长在会议上介绍了学院的科研工作，并与来自各地的代表交流。</p>";

    fn compressed(text: &str) -> Vec<u8> {
        match pack(text) {
            Packed::Compressed(bytes) => bytes,
            Packed::Plain(_) => panic!("{} bytes were not compressed", text.len()),
        }
    }

    #[test]
    fn a_text_comes_back_as_it_was() {
        for text in [STORY, &STORY.repeat(40), &"x".repeat(1_000_000), &format!("{{}}\n{STORY}\0\u{fffd}")] {
            let bytes = compressed(text);
            assert!(bytes.len() < text.len());
            assert_eq!(unpack(ValueRef::Blob(&bytes)).as_deref(), Ok(text));
        }
    }

    #[test]
    fn what_would_not_be_shorter_stays_as_it_is() {
        let noise: String = (0..200_u32)
            .map(|at| char::from_u32(0x4e00 + at.wrapping_mul(2_654_435_761) % 20_000).unwrap_or('x'))
            .collect();
        let brief: String = STORY.chars().take(100).collect();
        for text in ["", "<p>The tide.</p>", &brief, &noise] {
            assert_eq!(pack(text), Packed::Plain(text));
            assert_eq!(unpack(ValueRef::Text(text.as_bytes())).as_deref(), Ok(text));
        }
    }

    #[test]
    fn damage_is_an_error_wherever_it_lies() {
        let bytes = compressed(STORY);
        for at in 0..bytes.len() {
            for bit in 0..8 {
                let mut damaged = bytes.clone();
                damaged[at] ^= 1 << bit;
                // A bit of the frame's header may be of no account.
                let told = unpack(ValueRef::Blob(&damaged));
                assert!(told.is_err() || told.as_deref() == Ok(STORY), "bit {bit} of byte {at}");
            }
            assert!(unpack(ValueRef::Blob(&bytes[..at])).is_err(), "cut off at {at}");
        }
        assert!(unpack(ValueRef::Null).is_err());
    }

    #[test]
    fn what_claims_to_be_huge_is_not_unpacked() {
        let huge = "0".repeat(LONGEST + 1);
        assert!(matches!(pack(&huge), Packed::Plain(_)));
        let mut bomb = vec![EDITION];
        bomb.extend(Compressor::with_dictionary(LEVEL, DICTIONARY).unwrap().compress(huge.as_bytes()).unwrap());
        assert!(bomb.len() < 10_000, "{} bytes", bomb.len());
        assert_eq!(
            unpack(ValueRef::Blob(&bomb)).unwrap_err().to_string(),
            "its text cannot be unpacked: it does not tell its size"
        );
    }
}
