//! The bytes of an answer: held in memory, or read from the disk as they are taken.

use std::fs::File;
use std::io::{self, Read as _};
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use hyper::body::{Body, Bytes, Frame, SizeHint};
use tokio::task::{JoinHandle, spawn_blocking};

/// How much is read at a time, in bytes.
const CHUNK: usize = 64 * 1024;

/// What is sent.
#[derive(Debug)]
pub(super) enum Content {
    /// These bytes.
    Whole(Bytes),
    /// So many bytes of a file; the next of them are being read.
    Streamed(JoinHandle<io::Result<(File, Vec<u8>)>>, u64),
}

impl Content {
    /// The first `size` bytes of a file that is not written into while it is open.
    pub(super) fn stream(file: File, size: u64) -> Self {
        Self::Streamed(next(file, size), size)
    }

    /// Bytes that are still to be sent.
    pub(super) fn len(&self) -> u64 {
        match self {
            Self::Whole(bytes) => u64::try_from(bytes.len()).unwrap_or(u64::MAX),
            Self::Streamed(_, left) => *left,
        }
    }
}

/// Reads on, on a thread that may wait for the disk; whoever takes long to take what was read holds up none.
fn next(mut file: File, left: u64) -> JoinHandle<io::Result<(File, Vec<u8>)>> {
    spawn_blocking(move || {
        let mut bytes = vec![0; usize::try_from(left).unwrap_or(CHUNK).min(CHUNK)];
        file.read_exact(&mut bytes)?;
        Ok((file, bytes))
    })
}

impl Body for Content {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        match &mut *self {
            Self::Whole(bytes) if bytes.is_empty() => Poll::Ready(None),
            Self::Whole(bytes) => Poll::Ready(Some(Ok(Frame::data(std::mem::take(bytes))))),
            Self::Streamed(_, 0) => Poll::Ready(None),
            Self::Streamed(reading, left) => {
                let read = ready!(Pin::new(&mut *reading).poll(context)).map_err(io::Error::other).flatten();
                Poll::Ready(Some(read.map(|(file, bytes)| {
                    *left = left.saturating_sub(u64::try_from(bytes.len()).unwrap_or(u64::MAX));
                    if *left > 0 {
                        *reading = next(file, *left);
                    }
                    Frame::data(bytes.into())
                })))
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        self.len() == 0
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.len())
    }
}
