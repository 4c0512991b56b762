//! Bodies of answers: decompressed as they come in, within a limit.

use std::io::{self, Write};

use brotli_decompressor::{BrotliDecoderParameter, DecompressorWriter};
use flate2::write::MultiGzDecoder;

/// The content codings that are understood (RFC 9110 §8.4.1), as `Accept-Encoding` has them. Not zstd: it lets the sender
/// choose how much memory the reader takes.
pub(super) const CODINGS: &str = "gzip, br";
/// Decompressed bytes that any body may have, whatever its size on the wire.
const FREE: usize = 1024 * 1024;
/// Decompressed bytes for each byte on the wire beyond that: feeds shrink to a tenth, bombs to a thousandth.
const RATIO: usize = 100;

/// What is wrong with a body.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum Problem {
    #[error("the answer is larger than {} MiB", limit / 1024 / 1024)]
    TooLarge { limit: usize },
    #[error("the answer grows to more than {RATIO} times its size when it is decompressed")]
    Bomb,
    #[error("the answer comes in the content coding {0:?}, which was not asked for")]
    Coding(String),
    #[error("the answer is not what its content coding {coding} says: {error}")]
    Garbled { coding: &'static str, error: String },
    #[error("the answer wants more memory for its content coding br than 4 MiB")]
    Window,
    #[error("the answer breaks off in the middle of its content coding {0}")]
    Cut(&'static str),
}

/// Takes a body in pieces.
pub(super) struct Decoder {
    coding: Coding,
    /// Bytes that came in.
    wire: usize,
}

enum Coding {
    Identity(Sink),
    Gzip(Gzip),
    Zlib(flate2::write::ZlibDecoder<Sink>),
    Brotli(Box<DecompressorWriter<Sink>>),
}

/// Members of a gzip file (RFC 1952 §2.2). What comes behind a whole one and begins none is passed over, as browsers do.
struct Gzip {
    members: MultiGzDecoder<Sink>,
    /// The first member has begun.
    begun: bool,
    /// The last member has ended.
    over: bool,
}

impl Gzip {
    fn is_between_members(&self) -> bool {
        self.begun && self.members.header().is_none()
    }

    fn try_finish(&mut self) -> io::Result<()> {
        if self.is_between_members() { Ok(()) } else { self.members.try_finish() }
    }
}

impl Write for Gzip {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.over {
            return Ok(bytes.len());
        }
        let written = self.members.write(bytes);
        self.begun |= self.members.header().is_some();
        self.over = written.is_err() && self.is_between_members();
        if self.over { Ok(bytes.len()) } else { written }
    }

    fn flush(&mut self) -> io::Result<()> {
        self.members.flush()
    }
}

/// What came out, and how much more may.
struct Sink {
    bytes: Vec<u8>,
    limit: usize,
    /// What the ratio allows at the moment.
    allowed: usize,
    /// The limit that was met.
    met: Option<Problem>,
}

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let size = self.bytes.len() + bytes.len();
        if size > self.limit {
            self.met = Some(Problem::TooLarge { limit: self.limit });
        } else if size > self.allowed {
            self.met = Some(Problem::Bomb);
        }
        if self.met.is_some() {
            return Err(io::Error::from(io::ErrorKind::StorageFull));
        }
        // Growing by copies would take twice the limit for a moment; memory that is not written to is not taken.
        if size > self.bytes.capacity().max(FREE) {
            self.bytes.reserve_exact(self.limit - self.bytes.len());
        }
        self.bytes.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Whether the first byte of a brotli stream asks for a window of 8 or 16 MiB (RFC 7932 §9.1). Writers choose one as large
/// as what they have to say, and feeds are smaller.
fn has_wide_window(first: u8) -> bool {
    matches!(first & 0b1111, 0b1101 | 0b1111)
}

fn brotli(sink: Sink) -> DecompressorWriter<Sink> {
    let mut decoder = DecompressorWriter::new(sink, 4096);
    // RFC 7932 knows windows of 16 MiB at most; those of an extension take up to a gigabyte.
    decoder.set_parameter(BrotliDecoderParameter::BROTLI_DECODER_PARAM_LARGE_WINDOW, 0);
    // A window that grows is there twice for a moment.
    decoder.set_parameter(BrotliDecoderParameter::BROTLI_DECODER_PARAM_DISABLE_RING_BUFFER_REALLOCATION, 1);
    decoder
}

impl Decoder {
    /// Makes ready for a body of a coding, as the header says it, that may become `limit` bytes large.
    pub(super) fn new(coding: Option<&str>, limit: usize) -> Result<Self, Problem> {
        let sink = Sink { bytes: Vec::new(), limit, allowed: FREE, met: None };
        let named = coding.unwrap_or("").to_ascii_lowercase();
        // What some servers write where there is no coding.
        let is_coding = |name: &&str| !matches!(*name, "" | "identity" | "none" | "utf-8");
        let names: Vec<&str> = named.split(',').map(str::trim).filter(is_coding).collect();
        let coding = match names.as_slice() {
            [] => Coding::Identity(sink),
            ["gzip" | "x-gzip"] => Coding::Gzip(Gzip { members: MultiGzDecoder::new(sink), begun: false, over: false }),
            ["deflate"] => Coding::Zlib(flate2::write::ZlibDecoder::new(sink)),
            ["br"] => Coding::Brotli(Box::new(brotli(sink))),
            names => return Err(Problem::Coding(names.join(", "))),
        };
        Ok(Self { coding, wire: 0 })
    }

    /// Takes the next piece.
    pub(super) fn push(&mut self, piece: &[u8]) -> Result<(), Problem> {
        if let (Coding::Brotli(_), 0, Some(first)) = (&self.coding, self.wire, piece.first())
            && has_wide_window(*first)
        {
            return Err(Problem::Window);
        }
        self.wire += piece.len();
        let limit = self.sink_mut().limit;
        if self.wire > limit {
            return Err(Problem::TooLarge { limit });
        }
        self.sink_mut().allowed = FREE.saturating_add(self.wire.saturating_mul(RATIO));
        let written = match &mut self.coding {
            Coding::Identity(sink) => sink.write_all(piece),
            Coding::Gzip(decoder) => decoder.write_all(piece),
            Coding::Zlib(decoder) => decoder.write_all(piece),
            Coding::Brotli(decoder) => decoder.write_all(piece),
        };
        written.map_err(|error| {
            let garbled = Problem::Garbled { coding: self.name(), error: error.to_string() };
            self.sink_mut().met.take().unwrap_or(garbled)
        })
    }

    /// The whole body.
    pub(super) fn finish(mut self) -> Result<Vec<u8>, Problem> {
        // Nothing at all is an empty body, in whatever coding.
        if self.wire == 0 {
            return Ok(Vec::new());
        }
        let whole = match &mut self.coding {
            Coding::Identity(_) => Ok(()),
            Coding::Gzip(decoder) => decoder.try_finish(),
            Coding::Zlib(decoder) => decoder.try_finish(),
            Coding::Brotli(decoder) => decoder.close(),
        };
        let cut = Problem::Cut(self.name());
        let sink = self.sink_mut();
        match whole {
            Ok(()) => Ok(std::mem::take(&mut sink.bytes)),
            Err(_) => Err(sink.met.take().unwrap_or(cut)),
        }
    }

    /// Bytes that came out so far.
    pub(super) fn len(&self) -> usize {
        match &self.coding {
            Coding::Identity(sink) => sink,
            Coding::Gzip(decoder) => decoder.members.get_ref(),
            Coding::Zlib(decoder) => decoder.get_ref(),
            Coding::Brotli(decoder) => decoder.get_ref(),
        }
        .bytes
        .len()
    }

    fn sink_mut(&mut self) -> &mut Sink {
        match &mut self.coding {
            Coding::Identity(sink) => sink,
            Coding::Gzip(decoder) => decoder.members.get_mut(),
            Coding::Zlib(decoder) => decoder.get_mut(),
            Coding::Brotli(decoder) => decoder.get_mut(),
        }
    }

    fn name(&self) -> &'static str {
        match self.coding {
            Coding::Identity(_) => "identity",
            Coding::Gzip(_) => "gzip",
            Coding::Zlib(_) => "deflate",
            Coding::Brotli(_) => "br",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_window_is_wide_from_8_mib_on() {
        // RFC 7932 §9.1: 16, 17, 18, 22, 23 and 24 bits.
        let wide = [0b0, 0b000_0001, 0b0011, 0b1011, 0b1101, 0b1111].map(has_wide_window);
        assert_eq!(wide, [false, false, false, false, true, true]);
    }
}
