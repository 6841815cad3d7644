//! A language model on a server that speaks OpenAI's protocol: OpenAI, Ollama, vLLM, llama.cpp's server and others.
//!
//! Every exchange goes through `berika-net` with its address guard, one deadline and a cap on the answer. Nothing is sent
//! before the [`Ledger`] holds the most that it may cost, so a budget holds across calls side by side, tries, and the
//! death of the process. Time and chance are arguments.
//!
//! Not here: what is asked and what becomes of the answer. A server decides which prompts it cuts to its context and
//! whether it says so: Ollama does not, and wants a `num_ctx` that the longest prompt fits.

mod answer;
mod budget;
mod circuit;
mod dialect;
mod exchange;
mod ledger;
mod pace;
mod refusal;
mod settings;
mod spending;
mod time;
mod tokens;

use std::fmt;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use berika_net::{Client, FetchError, RetryPolicy, error_chain, redacted};
use tokio::sync::Semaphore;

use crate::generator::BoxFuture;
use crate::model::{Completion, LanguageModel, ModelError, Prompt, Usage};
use answer::{Answer, Fault};
use circuit::{Admission, Circuit};
use dialect::{Dialect, Manner};
use exchange::{Came, Line, is_misconfigured};
use pace::Pace;
use refusal::{Meaning, Refusal};
use spending::{Reservation, Spending};

pub use budget::{Budget, BudgetError, Cost, Estimate, Prices};
pub use dialect::Format;
pub use ledger::{FileLedger, Ledger, LedgerError, MemoryLedger, Ticket};
pub use settings::{Settings, SettingsError};
pub use time::{Time, TokioTime};

/// Four tries, after about 1, 2 and 4 s, or when the server says so, if that is within a minute and a half.
pub const PATIENCE: RetryPolicy =
    RetryPolicy { tries: 4, first_pause: Duration::from_secs(1), longest_pause: Duration::from_secs(90) };

/// What an endpoint works with besides its settings.
pub struct Surroundings {
    /// Connects where its address policy permits: servers on this machine must be permitted by configuration.
    pub client: Client,
    /// How patiently each prompt is tried: [`PATIENCE`] but for tests.
    pub patience: RetryPolicy,
    /// Time and chance.
    pub time: Arc<dyn Time>,
    /// The books of [`Settings::budget`].
    pub ledger: Arc<dyn Ledger>,
}

/// A model on a server.
pub struct Endpoint {
    settings: Settings,
    line: Line,
    patience: RetryPolicy,
    time: Arc<dyn Time>,
    slots: Semaphore,
    dialect: Dialect,
    pace: Pace,
    circuit: Circuit,
    spending: Spending,
    /// Why nothing will be answered any more.
    unusable: OnceLock<String>,
    tally: Counters,
}

/// What an endpoint did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    /// Requests sent.
    pub tries: u64,
    /// Prompts answered.
    pub answers: u64,
    /// Of these, those whose usage the server did not tell: [`Completion::usage`] is an estimate, a token for three
    /// characters, and the budget holds the most that it can have been.
    pub estimated: u64,
    /// Costs that could not be entered into the ledger, where the most that they can have been stands instead.
    pub unsettled: u64,
}

#[derive(Debug, Default)]
struct Counters {
    tries: AtomicU64,
    answers: AtomicU64,
    estimated: AtomicU64,
    unsettled: AtomicU64,
}

impl Endpoint {
    /// A model on a server. Nothing is sent yet. `folder` is where relative files of secrets are; `environment` looks a
    /// variable up.
    ///
    /// # Errors
    /// [`SettingsError`] where settings cannot be followed or the key is not where they say.
    pub fn new(
        settings: Settings,
        folder: &Path,
        environment: &dyn Fn(&str) -> Option<String>,
        around: Surroundings,
    ) -> Result<Self, SettingsError> {
        settings.check()?;
        let Surroundings { client, patience, time, ledger } = around;
        let line = Line {
            client,
            url: settings.address()?,
            key: settings.key.as_ref().map(|source| source.read(folder, environment)).transpose()?,
            deadline: settings.deadline(),
        };
        Ok(Self {
            line,
            patience,
            time,
            slots: Semaphore::new(settings.concurrency),
            dialect: Dialect::new(settings.format),
            pace: Pace::new(settings.requests_per_minute, settings.tokens_per_minute),
            circuit: Circuit::default(),
            spending: Spending::new(ledger),
            unusable: OnceLock::new(),
            tally: Counters::default(),
            settings,
        })
    }

    /// What a job of these prompts will take.
    pub fn estimate<'a>(&self, prompts: impl IntoIterator<Item = &'a Prompt>) -> Estimate {
        self.settings.budget.estimate(prompts, self.patience.tries.max(1))
    }

    /// What it did so far.
    pub fn tally(&self) -> Tally {
        let read = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        Tally {
            tries: read(&self.tally.tries),
            answers: read(&self.tally.answers),
            estimated: read(&self.tally.estimated),
            unsettled: read(&self.tally.unsettled),
        }
    }

    async fn answer(&self, prompt: &Prompt) -> Result<Completion, ModelError> {
        let _slot = self.slots.acquire().await.map_err(|_| ModelError::Stopped { model: self.model() })?;
        self.still_usable()?;
        let admitted = self.admission().await?;
        let mut tries = 0;
        loop {
            let manner = self.dialect.manner();
            let trouble = match self.exchange(prompt, manner).await? {
                Came::Answer(answer) => {
                    self.circuit.answered();
                    return self.completion(prompt, answer);
                }
                Came::Refusal(refusal) => match refusal.meaning() {
                    Meaning::Unusable(why) => {
                        return Err(self.give_up(&format!("{why} ({})", self.words_of(&refusal))));
                    }
                    Meaning::Unwanted(part) if self.dialect.learn(manner, part) => continue,
                    Meaning::TooLong(Some((tokens, most))) => {
                        self.circuit.answered();
                        return Err(ModelError::TooLong { model: self.model(), tokens, most });
                    }
                    Meaning::Unwanted(_) | Meaning::TooLong(None) | Meaning::Never
                        if refusal.status < 500 =>
                    {
                        // The server is well; it does not like this prompt.
                        self.circuit.answered();
                        return Err(self.failed(Trouble::Refusal(refusal), tries + 1));
                    }
                    _ => Trouble::Refusal(refusal),
                },
                Came::Nonsense(bytes) => Trouble::Nonsense(bytes),
                Came::Nothing(error) if is_misconfigured(&error) => {
                    return Err(self.give_up(&error_chain(&error)));
                }
                Came::Nothing(error) => Trouble::Nothing(error),
            };
            tries += 1;
            let Some(pause) = self.pause(&trouble, tries) else {
                self.circuit.failed(admitted, self.time.now());
                return Err(self.failed(trouble, tries));
            };
            self.time.sleep_until(self.time.now().saturating_add(pause)).await;
        }
    }

    /// Waits until the server's rest is over, if it has one; returns what [`Circuit::failed`] wants to know.
    async fn admission(&self) -> Result<u32, ModelError> {
        loop {
            match self.circuit.admit(self.time.now()) {
                Admission::Go(number) => return Ok(number),
                Admission::Wait(until) => self.time.sleep_until(until).await,
                Admission::Refuse => {
                    return Err(ModelError::Failed {
                        model: self.model(),
                        reason: "the server has not answered for a long time and is left alone".to_owned(),
                        source: None,
                    });
                }
            }
        }
    }

    /// Sends one request: at the server's pace, once the most that it may cost is reserved.
    async fn exchange(&self, prompt: &Prompt, manner: Manner) -> Result<Came, ModelError> {
        let expected = tokens::prompt_about(prompt).saturating_add(prompt.answer_most.into());
        self.pace.wait(&*self.time, expected).await;
        let most = self.settings.budget.most(prompt);
        let reserved = self.spending.reserve(most).await.map_err(|error| self.no_books(error))?;
        let Some(reserved) = reserved else { return Err(self.spent(most).await) };
        // While it waited a neighbour may have learnt that there is no use.
        if let Err(error) = self.still_usable() {
            self.settle(reserved, Cost::default()).await;
            return Err(error);
        }
        self.tally.tries.fetch_add(1, Ordering::Relaxed);
        let body = dialect::body(prompt, &self.settings.model, self.settings.seed, manner);
        let came = self.line.send(body).await;
        if let Some(taken) = came.taken() {
            self.pace.correct(expected, taken.total());
            self.settle(reserved, self.settings.budget.cost(taken)).await;
        }
        Ok(came)
    }

    /// Where the ledger cannot take it the reservation stands, which is more.
    async fn settle(&self, reserved: Reservation<'_>, cost: Cost) {
        if reserved.settle(cost).await.is_err() {
            self.tally.unsettled.fetch_add(1, Ordering::Relaxed);
        }
    }

    fn completion(&self, prompt: &Prompt, answer: Answer) -> Result<Completion, ModelError> {
        let reason = match answer.fault {
            None => {
                self.tally.answers.fetch_add(1, Ordering::Relaxed);
                let usage = answer.usage.unwrap_or_else(|| {
                    self.tally.estimated.fetch_add(1, Ordering::Relaxed);
                    Usage {
                        prompt_tokens: tokens::prompt_about(prompt),
                        output_tokens: tokens::about(&answer.text),
                    }
                });
                return Ok(Completion { text: answer.text, usage });
            }
            Some(Fault::Cut) => format!("its answer is longer than {} tokens", prompt.answer_most),
            Some(Fault::Filtered) => "the server's filter took the answer away".to_owned(),
            Some(Fault::Refused(words)) => format!("it refuses: {}", self.line.without_secrets(&words)),
            Some(Fault::Empty) => "its answer is empty".to_owned(),
        };
        Err(ModelError::Failed { model: self.model(), reason, source: None })
    }

    /// How long to wait before the next try, if there is one. A server that is overloaded is spared by all calls.
    fn pause(&self, trouble: &Trouble, tries: u32) -> Option<Duration> {
        let random = self.time.random();
        match trouble {
            Trouble::Nothing(error) => self.patience.pause(tries, error, random),
            Trouble::Nonsense(bytes) => {
                let (url, received) = (self.line.shown(), *bytes as u64);
                let broken = FetchError::Truncated { url, received, expected: None, source: None };
                self.patience.pause(tries, &broken, random)
            }
            Trouble::Refusal(Refusal { status, retry_after, .. }) => {
                let (status, retry_after) = (*status, *retry_after);
                let answered = FetchError::Status { url: self.line.shown(), status, retry_after };
                let pause = self.patience.pause(tries, &answered, random);
                if matches!(status, 429 | 503) {
                    let asked = retry_after.unwrap_or_default().min(self.patience.longest_pause);
                    self.pace.hold(self.time.now().saturating_add(pause.unwrap_or(asked)));
                }
                pause
            }
        }
    }

    fn failed(&self, trouble: Trouble, tries: u32) -> ModelError {
        let times = if tries == 1 { "1 try".to_owned() } else { format!("{tries} tries") };
        let (what, source) = match trouble {
            Trouble::Refusal(refusal) => (self.words_of(&refusal), None),
            Trouble::Nonsense(bytes) => {
                (format!("{} answered {bytes} bytes that are no chat completion", self.line.shown()), None)
            }
            Trouble::Nothing(error) => ("no complete answer".to_owned(), Some(error.into())),
        };
        ModelError::Failed { model: self.model(), reason: format!("{what} ({times})"), source }
    }

    /// Remembers that there is no use in asking.
    fn give_up(&self, why: &str) -> ModelError {
        let why = self.unusable.get_or_init(|| format!("{}: {why}", self.line.shown()));
        ModelError::Unusable { model: self.model(), reason: why.clone(), source: None }
    }

    fn still_usable(&self) -> Result<(), ModelError> {
        match self.unusable.get() {
            None => Ok(()),
            Some(why) => Err(ModelError::Unusable { model: self.model(), reason: why.clone(), source: None }),
        }
    }

    async fn spent(&self, most: Cost) -> ModelError {
        let budget = &self.settings.budget;
        match self.spending.spent().await {
            Ok(spent) => ModelError::BudgetSpent {
                model: self.model(),
                reason: format!(
                    "{} are spent, another call may take {}",
                    budget.shown(spent),
                    budget.shown(most)
                ),
            },
            Err(error) => self.no_books(error),
        }
    }

    fn no_books(&self, error: LedgerError) -> ModelError {
        let reason = "what it costs cannot be written down, so nothing was sent".to_owned();
        ModelError::Failed { model: self.model(), reason, source: Some(error.into()) }
    }

    fn words_of(&self, refusal: &Refusal) -> String {
        format!(
            "{} answered {}: {}",
            self.line.shown(),
            refusal.status,
            self.line.without_secrets(&refusal.said)
        )
    }

    fn model(&self) -> String {
        self.settings.model.clone()
    }
}

impl LanguageModel for Endpoint {
    fn generator(&self) -> &'static str {
        "endpoint"
    }

    fn name(&self) -> &str {
        &self.settings.model
    }

    /// The form of answers is the one asked for first: what a server does not take is the same in every run.
    fn recipe(&self) -> String {
        let Settings { model, format, seed, .. } = &self.settings;
        let mut url = self.line.url.clone();
        url.set_query(None);
        let seed = seed.map(|seed| format!(" seed={seed}")).unwrap_or_default();
        format!("endpoint {} model={model} format={} temperature=0{seed}", redacted(&url), format.as_str())
    }

    fn estimate(&self, prompts: &[Prompt]) -> Option<Estimate> {
        Some(Self::estimate(self, prompts))
    }

    fn complete<'a>(&'a self, prompt: &'a Prompt) -> BoxFuture<'a, Result<Completion, ModelError>> {
        Box::pin(self.answer(prompt))
    }
}

/// The URL is shown [`redacted`].
impl fmt::Debug for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Endpoint")
            .field("settings", &self.settings)
            .field("unusable", &self.unusable.get())
            .field("tally", &self.tally())
            .finish_non_exhaustive()
    }
}

/// What is wrong with what it brought, where trying again may help.
enum Trouble {
    Refusal(Refusal),
    Nonsense(usize),
    Nothing(FetchError),
}
