//! An endpoint and the server behind it, in a time that passes only where somebody waits for it.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use berika_describe::endpoint::{Endpoint, Ledger, MemoryLedger, PATIENCE, Settings, Surroundings, Time};
use berika_describe::{BoxFuture, Completion, LanguageModel, ModelError, Prompt};
use berika_net::{AddressPolicy, Client, error_chain};
use berika_testkit::{ChatMessage, LanguageModelServer, ModelOptions};
use serde_json::json;

/// What every secret of these tests is: nothing that is shown may hold it.
pub(crate) const SECRET: &str = "s3cret-of-the-test";

/// What a good model says.
pub(crate) const SAID: &str = "{\"title\":\"Havredryck 1 l\"}";

/// A time that jumps to wherever anybody waits for.
#[derive(Debug, Default)]
pub(crate) struct Jumping(AtomicU64);

impl Time for Jumping {
    fn now(&self) -> Duration {
        Duration::from_nanos(self.0.load(Ordering::SeqCst))
    }

    fn sleep_until(&self, at: Duration) -> BoxFuture<'_, ()> {
        self.0.fetch_max(u64::try_from(at.as_nanos()).unwrap(), Ordering::SeqCst);
        Box::pin(tokio::task::yield_now())
    }

    fn random(&self) -> f64 {
        0.5
    }
}

pub(crate) struct Bench {
    pub(crate) server: LanguageModelServer,
    pub(crate) settings: Settings,
    pub(crate) time: Arc<Jumping>,
}

impl Bench {
    /// A server that says [`SAID`].
    pub(crate) fn new(options: ModelOptions) -> Self {
        Self::saying(options, |_| SAID)
    }

    pub(crate) fn saying<S: Into<berika_testkit::Said>>(
        options: ModelOptions,
        answer: impl Fn(&[ChatMessage]) -> S + Send + Sync + 'static,
    ) -> Self {
        let time = Arc::new(Jumping::default());
        let clock = Arc::clone(&time);
        let options = ModelOptions { now: Arc::new(move || clock.now()), ..options };
        let server = LanguageModelServer::start(options, answer).unwrap();
        let settings = Settings::new(server.base_url(), "m");
        Self { server, settings, time }
    }

    pub(crate) fn endpoint(&self) -> Endpoint {
        self.endpoint_with(Arc::new(MemoryLedger::new(self.settings.budget.clone())))
    }

    pub(crate) fn endpoint_with(&self, ledger: Arc<dyn Ledger>) -> Endpoint {
        let client = Client::new(AddressPolicy::allowing(["127.0.0.1"]).unwrap()).unwrap();
        let time = Arc::clone(&self.time) as Arc<dyn Time>;
        let around = Surroundings { client, patience: PATIENCE, time, ledger };
        let environment = |name: &str| (name == "KEY").then(|| SECRET.to_owned());
        Endpoint::new(self.settings.clone(), Path::new("."), &environment, around).unwrap()
    }
}

pub(crate) fn prompt(number: usize) -> Prompt {
    Prompt {
        instructions: "Answer as JSON.".to_owned(),
        examples: Vec::new(),
        input: format!("title: Havredryck {number}"),
        schema: json!({ "type": "object" }),
        answer_most: 100,
    }
}

pub(crate) async fn ask(endpoint: &Endpoint) -> Result<Completion, ModelError> {
    endpoint.complete(&prompt(1)).await
}

/// What an error says with its causes.
pub(crate) async fn error(endpoint: &Endpoint) -> (&'static str, String) {
    let error = ask(endpoint).await.unwrap_err();
    (error.as_str(), error_chain(&error))
}

/// Asks for so many prompts side by side.
pub(crate) async fn ask_all(endpoint: &Arc<Endpoint>, count: usize) -> Vec<Result<Completion, ModelError>> {
    let ask = |number| {
        let endpoint = Arc::clone(endpoint);
        tokio::spawn(async move { endpoint.complete(&prompt(number)).await })
    };
    let asking: Vec<_> = (0..count).map(ask).collect();
    let mut answers = Vec::new();
    for answer in asking {
        answers.push(answer.await.unwrap());
    }
    answers
}
