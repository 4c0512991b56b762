//! The back door over HTTP: what is published, and pages that tell how everything is.

use std::convert::Infallible;
use std::fmt;
use std::io;
use std::net::{SocketAddr, TcpListener};
use std::path::{Component, Path};
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use hyper::body::{Body, Bytes, Frame, Incoming, SizeHint};
use hyper::service::service_fn;
use hyper::{Request, Response, StatusCode, header};
use hyper_util::rt::TokioIo;
use tokio::sync::watch;
use tokio::task::JoinSet;

pub mod live;
pub mod pages;

use live::Live;
use pages::Asked;

/// Tells what time it is.
pub type Clock = Arc<dyn Fn() -> DateTime<Utc> + Send + Sync>;

/// How long connections may go on after the end was asked for.
const DRAIN: Duration = Duration::from_secs(4);

/// Everything a request needs.
pub struct Door {
    live: Arc<Live>,
    clock: Clock,
}

impl Door {
    /// A door to what `live.settings()` publish.
    pub fn new(live: Arc<Live>, clock: Clock) -> Arc<Self> {
        Arc::new(Self { live, clock })
    }

    /// These files of the publish directory were written or removed: what is held of them is made anew, in the
    /// background. Returns at once, and may be called from any thread.
    pub fn changed(&self, paths: &[String]) {
        let _ = (self, paths);
    }
}

impl fmt::Debug for Door {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Door").field("live", &self.live).finish_non_exhaustive()
    }
}

/// Opens the addresses of `[serve] listen`.
///
/// # Errors
/// With the first address that cannot be had, and what to do.
pub fn bind(listen: &[String]) -> io::Result<Vec<TcpListener>> {
    let open = |address: &String| {
        TcpListener::bind(address.as_str())
            .map_err(|error| io::Error::new(error.kind(), format!("cannot listen on {address}: {error}")))
    };
    listen.iter().map(open).collect()
}

/// Answers requests until `stop` says true, or whoever could say so is gone. Then connections are drained, for
/// 4 seconds at most.
///
/// # Errors
/// When a listener cannot be used at all.
pub async fn serve(listeners: Vec<TcpListener>, door: Arc<Door>, mut stop: watch::Receiver<bool>) -> io::Result<()> {
    let mut accepting = JoinSet::new();
    for listener in listeners {
        listener.set_nonblocking(true)?;
        let listener = tokio::net::TcpListener::from_std(listener)?;
        let (door, stop) = (Arc::clone(&door), stop.clone());
        accepting.spawn(async move {
            let mut connections = JoinSet::new();
            let mut stopping = stop.clone();
            loop {
                tokio::select! {
                    () = stopped(&mut stopping) => break,
                    accepted = listener.accept() => if let Ok((stream, peer)) = accepted {
                        connections.spawn(connection(stream, peer, Arc::clone(&door), stop.clone()));
                    },
                    Some(_) = connections.join_next() => {}
                }
            }
            while connections.join_next().await.is_some() {}
        });
    }
    stopped(&mut stop).await;
    let drained = async { while accepting.join_next().await.is_some() {} };
    tokio::time::timeout(DRAIN, drained).await.unwrap_or_default();
    Ok(())
}

async fn stopped(stop: &mut watch::Receiver<bool>) {
    // An error means that the other side is gone, which is the end, too.
    stop.wait_for(|stop| *stop).await.map(drop).unwrap_or_default();
}

async fn connection(stream: tokio::net::TcpStream, peer: SocketAddr, door: Arc<Door>, mut stop: watch::Receiver<bool>) {
    let service = service_fn(|request: Request<Incoming>| {
        let door = Arc::clone(&door);
        async move { Ok::<_, Infallible>(answered(&door, &request, peer).await) }
    });
    let mut connection =
        pin!(hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(stream), service));
    tokio::select! {
        _ = connection.as_mut() => {},
        () = stopped(&mut stop) => {
            connection.as_mut().graceful_shutdown();
            connection.await.unwrap_or_default();
        }
    }
}

async fn answered(door: &Arc<Door>, request: &Request<Incoming>, peer: SocketAddr) -> Response<Whole> {
    let (method, uri, headers) = (request.method().clone(), request.uri().clone(), request.headers().clone());
    let door = Arc::clone(door);
    let work = tokio::task::spawn_blocking(move || {
        let path = uri.path();
        let name = if path == "/" { "index.html" } else { path.trim_start_matches('/') };
        let plain = Path::new(name).components().all(|part| matches!(part, Component::Normal(_)));
        let file = plain.then(|| std::fs::read(door.live.settings().publish.directory.join(name)).ok()).flatten();
        let mut response = Response::new(Whole(None));
        if let Some(bytes) = file {
            *response.body_mut() = Whole(Some(bytes.into()));
        } else {
            let asked =
                Asked { method: &method, path, query: uri.query(), headers: &headers, peer: Some(peer), body: &[] };
            if let Some(answer) = pages::answer(&asked, &door.live, (door.clock)()) {
                *response.status_mut() = answer.status;
                response.headers_mut().extend(answer.headers);
                response
                    .headers_mut()
                    .insert(header::CONTENT_TYPE, header::HeaderValue::from_static(answer.media_type));
                *response.body_mut() = Whole(Some(answer.body.into()));
            } else {
                *response.status_mut() = StatusCode::NOT_FOUND;
            }
        }
        response
    });
    work.await.unwrap_or_else(|_| {
        let mut response = Response::new(Whole(None));
        *response.status_mut() = StatusCode::INTERNAL_SERVER_ERROR;
        response
    })
}

struct Whole(Option<Bytes>);

impl Body for Whole {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: std::pin::Pin<&mut Self>,
        _: &mut std::task::Context<'_>,
    ) -> std::task::Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        std::task::Poll::Ready(self.0.take().map(|bytes| Ok(Frame::data(bytes))))
    }

    fn is_end_stream(&self) -> bool {
        self.0.is_none()
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.0.as_ref().map_or(0, |bytes| u64::try_from(bytes.len()).unwrap_or(u64::MAX)))
    }
}
