//! Who writes descriptions, as configured: the composer alone, or language models before it; and in whose voice.

mod load;
mod local;
mod spending;
mod voices;

use berika_describe::endpoint::Estimate;
use berika_describe::phrase::Phraser;
use berika_describe::{Generator, NotDescribed, Outcome, Request, compose, composer};
use futures_util::stream::{FuturesOrdered, StreamExt};
use rayon::prelude::*;
use tokio_util::sync::CancellationToken;

use crate::workers::Workers;

pub use load::{WriterSetup, WritersError, jitter};
pub use local::{LocalError, LocalModel};
pub use spending::StoreLedger;
pub use voices::{VoiceFileError, Voices};

/// The writers of descriptions.
pub struct Writers(Writer);

enum Writer {
    Composer(Workers),
    Models { phraser: Phraser, concurrency: usize },
}

impl Writers {
    /// The composer alone, on so many threads (0: as many as the process may use).
    ///
    /// # Errors
    /// Where threads cannot be started.
    pub fn composer(threads: usize) -> Result<Self, rayon::ThreadPoolBuildError> {
        Ok(Self(Writer::Composer(Workers::start(threads)?)))
    }

    /// Models before the composer, of which `concurrency` products are asked at once.
    pub fn models(phraser: Phraser, concurrency: usize) -> Self {
        Self(Writer::Models { phraser, concurrency: concurrency.max(1) })
    }

    /// How texts are written.
    pub fn recipe(&self) -> String {
        match &self.0 {
            Writer::Composer(_) => composer::RECIPE.to_owned(),
            Writer::Models { phraser, .. } => phraser.recipe(),
        }
    }

    /// How many products are handed over at once: few where each takes long, so that little is lost when the program is
    /// killed.
    pub fn batch(&self) -> usize {
        match &self.0 {
            Writer::Composer(_) => crate::stages::PAGE,
            Writer::Models { concurrency, .. } => 4 * concurrency,
        }
    }

    /// What describing these products will cost, where a model that costs anything is among the writers.
    pub fn estimate(&self, requests: &[Request<'_>]) -> Option<Estimate> {
        match &self.0 {
            Writer::Composer(_) => None,
            Writer::Models { phraser, .. } => phraser.estimate(requests),
        }
    }

    /// Models that are no longer asked, with the reason.
    pub fn out_of_use(&self) -> Vec<(String, String)> {
        match &self.0 {
            Writer::Composer(_) => Vec::new(),
            Writer::Models { phraser, .. } => phraser.out_of_use(),
        }
    }

    /// Describes these products, in their order. Once `stop` is set, those that models have not answered yet come back as
    /// [`NotDescribed::Stopped`].
    pub async fn describe(&self, requests: &[Request<'_>], stop: &CancellationToken) -> Vec<Outcome> {
        match &self.0 {
            Writer::Composer(workers) => {
                tokio::task::block_in_place(|| workers.compute(|| requests.par_iter().map(compose).collect()))
            }
            Writer::Models { phraser, concurrency } => {
                let mut outcomes = Vec::with_capacity(requests.len());
                let mut asked = FuturesOrdered::new();
                let mut waiting = requests.iter();
                loop {
                    while asked.len() < *concurrency
                        && let Some(request) = waiting.next()
                    {
                        asked.push_back(unless_stopped(phraser, request, stop));
                    }
                    let Some(outcome) = asked.next().await else { return outcomes };
                    outcomes.push(outcome);
                }
            }
        }
    }
}

async fn unless_stopped(phraser: &Phraser, request: &Request<'_>, stop: &CancellationToken) -> Outcome {
    tokio::select! {
        biased;
        () = stop.cancelled() => Outcome::NotDescribed(NotDescribed::Stopped),
        outcome = phraser.describe(request) => outcome,
    }
}
