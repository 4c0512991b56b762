//! Work that waits for the disk, the store or the web takes its turn, so that only so much of it runs at once.

use std::io;
use std::sync::Arc;

use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;

/// Does `work` on a thread that may wait, when one of `turns` is free. The turn is over when the work is, whether or not
/// somebody still waits for what comes of it: whoever hangs up makes no room for more.
///
/// # Errors
/// When the work ended in a panic.
pub(super) async fn in_turn<T: Send + 'static>(
    turns: &Arc<Semaphore>,
    work: impl FnOnce() -> T + Send + 'static,
) -> io::Result<T> {
    let turn = Arc::clone(turns).acquire_owned().await.map_err(io::Error::other)?;
    let done = spawn_blocking(move || {
        let _turn = turn;
        work()
    });
    done.await.map_err(io::Error::other)
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::thread::sleep;
    use std::time::Duration;

    use super::*;

    #[test]
    fn those_who_hang_up_make_no_room_for_more() {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let turns = Arc::new(Semaphore::new(2));
        let (running, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
        let work = || {
            let (running, most) = (Arc::clone(&running), Arc::clone(&most));
            move || {
                most.fetch_max(running.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                sleep(Duration::from_millis(300));
                running.fetch_sub(1, Ordering::SeqCst);
            }
        };
        runtime.block_on(async {
            for _ in 0..20 {
                let patience = Duration::from_millis(10);
                assert!(tokio::time::timeout(patience, in_turn(&turns, work())).await.is_err(), "it ended too soon");
            }
            in_turn(&turns, work()).await.unwrap();
        });
        assert_eq!(most.load(Ordering::SeqCst), 2);
    }
}
