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
    use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
    use std::thread::sleep;
    use std::time::{Duration, Instant};

    use super::*;

    /// However busy the machine is.
    const LONG: Duration = Duration::from_mins(1);

    #[test]
    fn those_who_hang_up_make_no_room_for_more() {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let turns = Arc::new(Semaphore::new(2));
        let (running, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
        // Nobody is done before all the others have hung up.
        let is_over = Arc::new(AtomicBool::new(false));
        let work = || {
            let (running, most, is_over) = (Arc::clone(&running), Arc::clone(&most), Arc::clone(&is_over));
            move || {
                most.fetch_max(running.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                let begun = Instant::now();
                while !is_over.load(Ordering::SeqCst) && begun.elapsed() < LONG {
                    sleep(Duration::from_millis(1));
                }
                running.fetch_sub(1, Ordering::SeqCst);
            }
        };
        runtime.block_on(async {
            for _ in 0..20 {
                let patience = Duration::from_millis(10);
                assert!(tokio::time::timeout(patience, in_turn(&turns, work())).await.is_err(), "it ended too soon");
            }
            // However long the first two need to begin.
            let begun = Instant::now();
            while running.load(Ordering::SeqCst) < 2 && begun.elapsed() < LONG {
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
            is_over.store(true, Ordering::SeqCst);
            in_turn(&turns, work()).await.unwrap();
        });
        assert_eq!(most.load(Ordering::SeqCst), 2);
    }
}
