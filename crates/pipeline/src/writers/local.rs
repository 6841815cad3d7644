//! The language model on this machine, on a thread of its own: several prompts that wait are answered side by side.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;

use berika_describe::prompt::Form;
use berika_describe::{BoxFuture, Completion, LanguageModel, ModelError, Prompt, Usage};
use berika_generate::{Finish, GenerateError, LoadError, Model, Options, Prefix};
use berika_models::{Kind, LocateError};
use tokio::sync::{mpsc, oneshot};

use crate::config::LocalConfig;
use crate::workers::Workers;

/// The most prompts that are answered side by side.
const SIDE_BY_SIDE: usize = 16;

/// A base model goes on with the text, and after its sentences with the next product.
const LINE_END: &str = "\n";

/// Why there is no model.
#[derive(Debug, thiserror::Error)]
pub enum LocalError {
    /// It is not on this machine.
    #[error("`berika model fetch` gets it")]
    Locate(#[from] LocateError),
    /// There is no folder to keep models in.
    #[error("no folder for models: set BERIKA_MODELS or HOME")]
    NoCache,
    /// Its file cannot be loaded.
    #[error(transparent)]
    Load(#[from] LoadError),
    /// There are no threads to compute on.
    #[error("cannot start the computing threads; set descriptions.local.threads to fewer")]
    Workers(#[from] rayon::ThreadPoolBuildError),
    /// Its thread does not start.
    #[error("cannot start the model's thread")]
    Thread(#[source] std::io::Error),
}

/// A language model that is loaded and waits for prompts.
pub struct LocalModel {
    name: String,
    recipe: String,
    form: Form,
    jobs: Option<mpsc::UnboundedSender<Job>>,
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

/// A prompt that waits for its answer.
struct Job {
    prompt: Prompt,
    answer: oneshot::Sender<Result<Completion, ModelError>>,
}

impl Job {
    fn answered(self, completion: Result<Completion, ModelError>) {
        if self.answer.send(completion).is_err() {
            tracing::debug!("nobody waits for the answer any more");
        }
    }
}

impl LocalModel {
    /// Loads the model and starts its thread. Blocks.
    ///
    /// # Errors
    /// [`LocalError`].
    pub fn start(config: &LocalConfig, folder: &Path) -> Result<Self, LocalError> {
        let workers = Workers::start(config.threads)?;
        let path = locate(&config.model, folder)?;
        let model = workers.compute(|| Model::load(&path))?;
        let form = if model.is_instructed() { Form::Json } else { Form::Lines };
        let recipe = match config.temperature {
            0.0 => model.id().to_owned(),
            warmth => format!("{} at {warmth} by {}", model.id(), config.seed),
        };
        let name = model.name().to_owned();
        let stop = Arc::new(AtomicBool::new(false));
        let (jobs, waiting) = mpsc::unbounded_channel();
        let worker =
            Worker { model, workers, config: config.clone(), form, stop: Arc::clone(&stop), prefix: None };
        let thread = std::thread::Builder::new()
            .name("berika-generate".to_owned())
            .spawn(move || worker.run(waiting))
            .map_err(LocalError::Thread)?;
        Ok(Self { name, recipe, form, jobs: Some(jobs), stop, thread: Some(thread) })
    }

    /// In which form it answers: a base model goes on with plain text.
    pub fn form(&self) -> Form {
        self.form
    }

    /// How many prompts it answers at once.
    pub fn side_by_side(&self) -> usize {
        SIDE_BY_SIDE
    }
}

impl LanguageModel for LocalModel {
    fn generator(&self) -> &'static str {
        "local"
    }

    fn name(&self) -> &str {
        &self.name
    }

    fn recipe(&self) -> String {
        self.recipe.clone()
    }

    fn complete<'a>(&'a self, prompt: &'a Prompt) -> BoxFuture<'a, Result<Completion, ModelError>> {
        Box::pin(async move {
            let stopped = || ModelError::Stopped { model: self.name.clone() };
            let (answer, answered) = oneshot::channel();
            let jobs = self.jobs.as_ref().ok_or_else(stopped)?;
            jobs.send(Job { prompt: prompt.clone(), answer }).map_err(|_| stopped())?;
            answered.await.map_err(|_| stopped())?
        })
    }
}

impl Drop for LocalModel {
    /// Waits for the thread, which ends with the token in hand.
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        self.jobs = None;
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            tracing::error!("the model's thread ended early; this is a bug in berika");
        }
    }
}

/// What the thread owns.
struct Worker {
    model: Model,
    workers: Workers,
    config: LocalConfig,
    form: Form,
    stop: Arc<AtomicBool>,
    /// What the latest prompts began with, computed.
    prefix: Option<(Shared, Prefix)>,
}

/// What prompts of one language and voice share.
#[derive(Debug, Clone, PartialEq)]
struct Shared {
    system: String,
    examples: String,
}

impl Worker {
    fn run(mut self, mut waiting: mpsc::UnboundedReceiver<Job>) {
        let mut next = None;
        while let Some(first) = next.take().or_else(|| waiting.blocking_recv()) {
            let shared = self.shared(&first.prompt);
            let most = first.prompt.answer_most;
            let mut jobs = vec![first];
            while jobs.len() < SIDE_BY_SIDE && next.is_none() {
                match waiting.try_recv() {
                    Ok(job) if self.shared(&job.prompt) == shared && job.prompt.answer_most == most => {
                        jobs.push(job);
                    }
                    Ok(job) => next = Some(job),
                    Err(_) => break,
                }
            }
            // Whoever asked may have gone: a stopped run waits for nothing.
            jobs.retain(|job| !job.answer.is_closed());
            self.answer(&shared, most, jobs);
        }
    }

    fn answer(&mut self, shared: &Shared, most: u32, jobs: Vec<Job>) {
        let prefix = match self.prefix(shared) {
            Ok(prefix) => prefix,
            Err(error) => {
                for job in jobs {
                    job.answered(Err(self.failed(error.to_string())));
                }
                return;
            }
        };
        let options = Options {
            max_tokens: most as usize,
            temperature: self.config.temperature as f32,
            seed: self.config.seed,
            stop: if self.form == Form::Lines { vec![LINE_END.to_owned()] } else { Vec::new() },
            ..Options::default()
        };
        let rests: Vec<_> = jobs.iter().map(|job| self.rest(shared, &job.prompt)).collect();
        let stop = || self.stop.load(Ordering::Relaxed);
        let generated = self.workers.compute(|| self.model.generate_all(&prefix, &rests, &options, &stop));
        for (job, generated) in jobs.into_iter().zip(generated) {
            let completion = match generated {
                Ok(generated) if generated.finish == Finish::Cancelled => {
                    Err(ModelError::Stopped { model: self.model.name().to_owned() })
                }
                Ok(generated) => Ok(Completion {
                    usage: Usage {
                        prompt_tokens: generated.prompt_tokens as u64,
                        output_tokens: generated.output_tokens as u64,
                    },
                    text: generated.text,
                }),
                Err(GenerateError::TooLong { prompt, asked, context }) => Err(ModelError::TooLong {
                    model: self.model.name().to_owned(),
                    tokens: prompt,
                    most: context.saturating_sub(asked),
                }),
                Err(error) => Err(self.failed(error.to_string())),
            };
            job.answered(completion);
        }
    }

    fn failed(&self, reason: String) -> ModelError {
        ModelError::Failed { model: self.model.name().to_owned(), reason, source: None }
    }

    /// The beginning, computed once for as long as prompts share it.
    fn prefix(&mut self, shared: &Shared) -> Result<Prefix, GenerateError> {
        if let Some((of, prefix)) = &self.prefix
            && of == shared
        {
            return Ok(prefix.clone());
        }
        let (beginning, _) = self.model.turn(&shared.system, &shared.examples, "");
        let prefix = self.workers.compute(|| self.model.prefix(&beginning))?;
        self.prefix = Some((shared.clone(), prefix.clone()));
        Ok(prefix)
    }

    fn shared(&self, prompt: &Prompt) -> Shared {
        let mut examples = String::new();
        for example in &prompt.examples {
            match self.form {
                Form::Lines => examples.push_str(&format!("{}\nText: {}\n\n", example.input, example.answer)),
                Form::Json => {
                    examples.push_str(&format!("Input:\n{}\nAnswer:\n{}\n\n", example.input, example.answer));
                }
            }
        }
        Shared { system: format!("{}\n\n", prompt.instructions), examples }
    }

    fn rest(&self, shared: &Shared, prompt: &Prompt) -> berika_generate::Prompt {
        let own = match self.form {
            Form::Lines => format!("{}\nText:", prompt.input),
            Form::Json => format!("Input:\n{}\nAnswer:\n", prompt.input),
        };
        self.model.turn(&shared.system, &shared.examples, &own).1
    }
}

/// A file or folder of the configuration, or a model of the manifest that is here.
fn locate(model: &str, folder: &Path) -> Result<PathBuf, LocalError> {
    let path = folder.join(model);
    if path.exists() {
        return Ok(path);
    }
    let cache = berika_models::default_cache_dir().ok_or(LocalError::NoCache)?;
    Ok(berika_models::find_here_for(Kind::Generation, model, &cache)?.folder)
}
