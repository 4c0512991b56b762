//! Tells hubs of feeds that have changed (WebSub §7), several at once and each within its time.

use std::collections::BTreeMap;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout_at};
use url::{Url, form_urlencoded};

use super::fetch::{FetchError, Fetcher, Request, Stage};
use super::politeness::runtime;

/// Requests that one hub gets at once.
const AT_ONCE: usize = 4;

/// Whether a hub took what it was told. `None`: it was not asked, for want of time.
pub type Outcome = Option<Result<(), FetchError>>;

/// Tells hubs of feeds: pairs of both addresses. Each feed is a request of its own (`hub.mode=publish&hub.url=…`, as all hubs understand it): of
/// several feeds in one, some hubs see the last one alone and accept all the same. Blocks until all are told, `limit` at most.
/// The outcomes stand in the order of the pairs.
///
/// # Errors
/// When the system has no means for a network, such as file descriptors.
pub fn tell(fetcher: &Fetcher, changes: &[(Url, String)], limit: Duration) -> io::Result<Vec<Outcome>> {
    let runtime = runtime()?;
    let outcomes = runtime.block_on(async {
        let until = sleep(limit).deadline();
        let (mut lanes, mut requests): (BTreeMap<&Url, Arc<Semaphore>>, _) = (BTreeMap::new(), JoinSet::new());
        for (at, (hub, topic)) in changes.iter().enumerate() {
            let lane = lanes.entry(hub).or_insert_with(|| Arc::new(Semaphore::new(AT_ONCE))).clone();
            let form: String = form_urlencoded::Serializer::new(String::new())
                .append_pair("hub.mode", "publish")
                .append_pair("hub.url", topic)
                .finish();
            let request = Request {
                url: hub.clone(),
                validators: None,
                accept: "*/*",
                manner: Arc::default(),
                is_strange: false,
            };
            let fetcher = fetcher.clone();
            requests.spawn(async move {
                let Ok(Ok(permit)) = timeout_at(until, lane.acquire_owned()).await else { return (at, None) };
                let late = FetchError::Late {
                    host: request.url.host_str().unwrap_or_default().to_owned(),
                    stage: Stage::End,
                    limit,
                };
                let outcome = timeout_at(until, fetcher.post(&request, &form)).await;
                let outcome = outcome.unwrap_or_else(|_| {
                    // The time is over for those who wait for their turn, too.
                    permit.forget();
                    Err(late)
                });
                (at, Some(outcome))
            });
        }
        let mut outcomes: Vec<Outcome> = changes.iter().map(|_| None).collect();
        while let Some(ended) = requests.join_next().await {
            if let Ok((at, outcome)) = ended
                && let Some(place) = outcomes.get_mut(at)
            {
                *place = outcome;
            }
        }
        outcomes
    });
    // A look-up that hangs is not waited for.
    runtime.shutdown_background();
    Ok(outcomes)
}
