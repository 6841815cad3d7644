//! The threads that compute: one pool for the encoder and the classifier, and none beside it.
//!
//! On Linux they give way to the threads that fetch, store and deliver, so that nothing waits for a forward pass that could be
//! done meanwhile.

use std::num::NonZero;
use std::sync::Arc;
use std::thread::available_parallelism;

use rayon::{ThreadPool, ThreadPoolBuildError, ThreadPoolBuilder};

/// The pool. Clones are the same pool.
#[derive(Debug, Clone)]
pub(crate) struct Workers(Arc<ThreadPool>);

impl Workers {
    /// Starts `threads` threads; for 0 as many as the process may use, within the CPU quota of its container and the
    /// processors it is bound to.
    pub(crate) fn start(threads: usize) -> Result<Self, ThreadPoolBuildError> {
        let threads = match threads {
            0 => available_parallelism().map_or(1, NonZero::get),
            threads => threads,
        };
        let pool = ThreadPoolBuilder::new()
            .num_threads(threads)
            .thread_name(|at| format!("berika-embed-{at}"))
            .start_handler(|_| give_way())
            .build()?;
        Ok(Self(Arc::new(pool)))
    }

    /// How many there are.
    pub(crate) fn count(&self) -> usize {
        self.0.current_num_threads()
    }

    /// Computes on the pool and blocks until it is done.
    pub(crate) fn compute<T: Send>(&self, work: impl FnOnce() -> T + Send) -> T {
        self.0.install(work)
    }
}

/// By how much priority is lowered, on the scale of `nice`, and where that ends.
#[cfg(target_os = "linux")]
const LOWER: i32 = 5;
#[cfg(target_os = "linux")]
const LOWEST: i32 = 19;

/// Lowers the calling thread's priority. A system that refuses is no reason not to compute.
#[cfg(target_os = "linux")]
fn give_way() {
    use thread_priority::{
        ThreadPriority, ThreadPriorityValue, ThreadSchedulePolicy, set_current_thread_priority,
        thread_schedule_policy,
    };
    // What a person set to run in real time is on another scale.
    let (Some(nice), Ok(ThreadSchedulePolicy::Normal(_))) = (own_nice(), thread_schedule_policy()) else {
        return;
    };
    let lower = (nice + LOWER).min(LOWEST);
    // The crate's scale has 100 steps, from the lowest priority to the highest, for the 40 of nice: the middle one of those
    // that come to this one.
    let step = ((99 * (37 - 2 * lower) + 39) / 78).clamp(0, 99);
    let priority = ThreadPriorityValue::try_from(step as u8).map(ThreadPriority::Crossplatform);
    match priority.map(set_current_thread_priority) {
        Ok(Ok(())) => {}
        Ok(Err(error)) => tracing::debug!(%error, "computing threads keep the priority of the others"),
        Err(error) => tracing::debug!(error, "computing threads keep the priority of the others"),
    }
}

/// The calling thread's nice value, where the system says: the 19th field of proc_pid_stat(5).
#[cfg(target_os = "linux")]
fn own_nice() -> Option<i32> {
    let stat = std::fs::read_to_string("/proc/thread-self/stat").ok()?;
    stat.rsplit_once(") ")?.1.split(' ').nth(16)?.parse().ok()
}

#[cfg(not(target_os = "linux"))]
fn give_way() {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_are_as_many_threads_as_asked_for_or_as_the_process_may_use() {
        assert_eq!(Workers::start(3).unwrap().count(), 3);
        assert_eq!(Workers::start(0).unwrap().count(), available_parallelism().unwrap().get());
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn priority_is_lowered_from_where_it_is_and_never_raised() {
        let seen = std::thread::spawn(|| {
            let lowered = || {
                give_way();
                own_nice().unwrap()
            };
            (own_nice().unwrap(), [lowered(), lowered(), lowered(), lowered(), lowered()])
        });
        let (usual, seen) = seen.join().unwrap();
        assert_eq!(seen, [5, 10, 15, 20, 25].map(|by| (usual + by).min(LOWEST)));
    }
}
