//! One connection: requests come in, answers go out, and neither may take for ever.

use std::convert::Infallible;
use std::io::{self, IoSlice};
use std::net::SocketAddr;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use hyper::Request;
use hyper::body::Incoming;
use hyper::header::{CONNECTION, HeaderValue};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::sync::{Notify, OwnedSemaphorePermit, watch};
use tokio::time::{sleep, timeout};

use super::{Door, Limits, answer, stopped};

/// How often it is asked whether a connection takes too long.
const ROUND: Duration = Duration::from_secs(2);

/// How long connections may wait for a request where few places are left, in seconds.
const IDLE_IN_NEED: u32 = 5;

/// How long whoever has just been let in may take to ask, once the end is asked for: nobody is turned away because the daemon
/// is started anew.
const LAST_WORDS: Duration = Duration::from_secs(1);

/// Largest head of a request, in bytes.
const HEAD: usize = 16 * 1024;

/// Answers what comes over a connection until it ends, or the end is asked for; then what is being answered is the last.
pub(super) async fn serve(
    stream: TcpStream,
    peer: SocketAddr,
    door: Arc<Door>,
    place: OwnedSemaphorePermit,
    mut stop: watch::Receiver<bool>,
) {
    // Answers are written whole; waiting to fill a packet only delays their end.
    stream.set_nodelay(true).unwrap_or_default();
    let _open = door.live.traffic.open();
    let course = Course::default();
    course.since.store(door.second(), Ordering::Relaxed);
    let observed = Observed { stream, course: &course, door: &door };
    let service = service_fn(|request: Request<Incoming>| async {
        course.is_answered_from(door.second());
        let mut response = answer::answer(&door, request, peer).await;
        if course.is_last.load(Ordering::Relaxed) {
            response.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
        }
        course.waits_from(door.second());
        Ok::<_, Infallible>(response)
    });
    let mut protocol = http1::Builder::new();
    protocol.header_read_timeout(None).max_buf_size(HEAD);
    {
        let mut connection = pin!(protocol.serve_connection(TokioIo::new(observed), service));
        let ending = async {
            stopped(&mut stop).await;
            timeout(LAST_WORDS, course.begins()).await.unwrap_or_default();
        };
        let (mut ending, mut is_ending) = (pin!(ending), false);
        let mut round = pin!(sleep(ROUND));
        loop {
            tokio::select! {
                biased;
                _ = connection.as_mut() => break,
                () = ending.as_mut(), if !is_ending => {
                    connection.as_mut().graceful_shutdown();
                    is_ending = true;
                }
                () = round.as_mut() => {
                    if course.is_late(door.second(), &door.limits_now()) {
                        break;
                    }
                    round.set(sleep(ROUND));
                }
            }
        }
    }
    drop(place);
}

/// How far a connection has come. Written by the connection alone.
#[derive(Debug, Default)]
struct Course {
    /// Whether a request has begun and its head has not ended.
    is_in_head: AtomicBool,
    /// Whether an answer is being made.
    is_answering: AtomicBool,
    /// Whether bytes are ready that nobody takes.
    is_blocked: AtomicBool,
    /// Second of the last step.
    since: AtomicU32,
    /// Second in which the last answer began.
    answered: AtomicU32,
    /// Whether anything has come.
    is_begun: AtomicBool,
    /// Told when it has.
    begun: Notify,
    /// Whether the next answer is the last.
    is_last: AtomicBool,
}

impl Course {
    fn has_read(&self, second: u32) {
        if !self.is_begun.swap(true, Ordering::Relaxed) {
            self.begun.notify_one();
        }
        if !self.is_answering.load(Ordering::Relaxed) && !self.is_in_head.swap(true, Ordering::Relaxed) {
            self.since.store(second, Ordering::Relaxed);
        }
    }

    fn has_written(&self, second: u32, is_blocked: bool) {
        if !is_blocked {
            self.since.store(second, Ordering::Relaxed);
        }
        self.is_blocked.store(is_blocked, Ordering::Relaxed);
    }

    fn is_answered_from(&self, second: u32) {
        self.is_in_head.store(false, Ordering::Relaxed);
        self.is_answering.store(true, Ordering::Relaxed);
        self.answered.store(second, Ordering::Relaxed);
    }

    /// Waits until something comes, if nothing has.
    async fn begins(&self) {
        self.is_last.store(true, Ordering::Relaxed);
        if !self.is_begun.load(Ordering::Relaxed) {
            self.begun.notified().await;
        }
    }

    fn waits_from(&self, second: u32) {
        self.is_answering.store(false, Ordering::Relaxed);
        self.since.store(second, Ordering::Relaxed);
    }

    /// Whether it has taken too long over what it does. How long making an answer takes is not its fault.
    fn is_late(&self, second: u32, limits: &Limits) -> bool {
        let gone = |since: &AtomicU32| second.saturating_sub(since.load(Ordering::Relaxed));
        if self.is_answering.load(Ordering::Relaxed) {
            return false;
        }
        if self.is_blocked.load(Ordering::Relaxed) {
            return gone(&self.since) > limits.stalled || gone(&self.answered) > limits.answer;
        }
        gone(&self.since) > if self.is_in_head.load(Ordering::Relaxed) { limits.head } else { limits.idle }
    }
}

/// A stream that tells how far it has come.
struct Observed<'c> {
    stream: TcpStream,
    course: &'c Course,
    door: &'c Door,
}

impl AsyncRead for Observed<'_> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        let read = Pin::new(&mut self.stream).poll_read(context, buffer);
        if buffer.filled().len() > before {
            self.course.has_read(self.door.second());
        }
        read
    }
}

impl AsyncWrite for Observed<'_> {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(context, bytes);
        self.course.has_written(self.door.second(), written.is_pending());
        written
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        // Most answers are one piece, and the system takes that more readily than a list of one.
        let stream = Pin::new(&mut self.stream);
        let written = match bytes {
            [piece] => stream.poll_write(context, piece),
            pieces => stream.poll_write_vectored(context, pieces),
        };
        self.course.has_written(self.door.second(), written.is_pending());
        written
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

impl Door {
    /// The limits as they are now: where few places are left, idle connections make room for others sooner.
    fn limits_now(&self) -> Limits {
        let is_scarce = self.places.available_permits() < self.limits.connections / 8;
        let idle = if is_scarce { self.limits.idle.min(IDLE_IN_NEED) } else { self.limits.idle };
        Limits { idle, ..self.limits }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_head_that_trickles_in_is_late_ten_seconds_after_its_first_byte() {
        let course = Course::default();
        course.has_read(100);
        course.has_read(109);
        assert!(!course.is_late(110, &Limits::default()));
        assert!(course.is_late(111, &Limits::default()));
    }

    #[test]
    fn making_an_answer_may_take_its_time_and_waiting_begins_behind_it() {
        let course = Course::default();
        course.has_read(1);
        course.is_answered_from(1);
        assert!(!course.is_late(1000, &Limits::default()));
        course.waits_from(1000);
        assert!(!course.is_late(1060, &Limits::default()));
        assert!(course.is_late(1061, &Limits::default()));
    }

    #[test]
    fn who_takes_nothing_is_cut_and_so_is_who_takes_a_byte_now_and_then() {
        let course = Course::default();
        course.is_answered_from(5);
        course.waits_from(5);
        course.has_written(5, true);
        assert!(!course.is_late(35, &Limits::default()));
        assert!(course.is_late(36, &Limits::default()));
        for second in 6..=905 {
            course.has_written(second, false);
            course.has_written(second, true);
            assert!(!course.is_late(second, &Limits::default()), "{second}");
        }
        course.has_written(906, false);
        course.has_written(906, true);
        assert!(course.is_late(906, &Limits::default()));
    }
}
