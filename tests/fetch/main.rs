//! The way out to the web, held against servers that lie, dawdle, flood and lead astray: each request ends within its
//! limits, says why, and dials nothing but what it may.

#![expect(clippy::unwrap_used, reason = "a test that cannot prepare its servers has failed")]
#![expect(clippy::print_stderr, reason = "what a test leaves out must be told")]

mod answers;
mod authority;
mod badweb;
mod cases;
mod confined;
mod crowd;
mod secure;

use std::sync::Arc;
use std::time::Duration;

use badweb::Server;
use feedgen::collect::address::Private;
use feedgen::collect::fetch::{Answer, FetchError, Fetcher, Policy, Request};
use url::Url;

/// As in the program itself: what memory an answer takes depends on it.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// What every request may take in these tests, however busy the machine is.
const PATIENCE: Duration = Duration::from_mins(2);

/// Nobody listens there: a port that was free a moment ago may be another test's by now, but none so low is given to any.
const NOBODY: &str = "127.0.0.1:2";

/// What a request may take that nobody answers in time.
const SHORT: Duration = Duration::from_millis(1500);

/// A fetcher that may ask what is listed, besides the open web.
fn fetcher(private: &[&str]) -> Fetcher {
    fetcher_within(PATIENCE, private)
}

/// One whose requests may take so long.
fn fetcher_within(timeout: Duration, private: &[&str]) -> Fetcher {
    let mut policy = Policy::new("feedgen/0 (+https://news.example.edu/)".to_owned());
    policy.timeout = timeout;
    policy.private = Private::new(private.iter().copied()).unwrap();
    Fetcher::new(policy)
}

/// A fetcher that may ask one server on loopback, and no other.
fn fetcher_for(server: &Server) -> Fetcher {
    fetcher(&[&server.address.to_string()])
}

fn request(url: Url) -> Request {
    Request { url, validators: None, accept: "*/*", manner: Arc::default(), is_strange: false }
}

fn wait_for<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(future)
}

fn fetch(fetcher: &Fetcher, request: &Request) -> Result<Box<Answer>, FetchError> {
    wait_for(fetcher.fetch(request))
}
