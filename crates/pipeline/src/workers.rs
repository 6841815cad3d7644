//! The threads that compute: one pool for the encoder and the classifier, and none beside it.
//!
//! They give way to the threads that fetch, store and deliver, so that nothing waits for a forward pass that could be
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

/// Lowers the calling thread's priority. A system that refuses is no reason not to compute.
#[cfg(target_os = "linux")]
fn give_way() {
    use thread_priority::{ThreadPriority, ThreadPriorityValue, set_current_thread_priority};
    // On a scale from 0 to 99, of which 50 is what every thread has: a nice value of about 5. Lower ones would starve beside
    // another busy program.
    const LOW: u8 = 35;
    let low = ThreadPriorityValue::try_from(LOW).map(ThreadPriority::Crossplatform);
    if let Err(error) = low.map(set_current_thread_priority) {
        tracing::debug!(error, "computing threads keep the priority of the others");
    }
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
}
