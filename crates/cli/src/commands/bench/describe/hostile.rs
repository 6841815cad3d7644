//! A model that invents on purpose, in place of a real one.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use anyhow::Context as _;
use berika_describe::endpoint::{Endpoint, MemoryLedger, PATIENCE, Settings, Surroundings, TokioTime};
use berika_describe::phrase::Phraser;
use berika_describe::prompt::Form;
use berika_describe::{BoxFuture, Completion, LanguageModel, ModelError, Prompt, Usage};
use berika_net::{AddressPolicy, Client};
use berika_pipeline::config::{DescriptionsConfig, GeneratorKind};
use berika_pipeline::writers::{Writers, jitter};
use berika_testkit::{HostileForm, LanguageModelServer, ModelOptions, hostile_answer};

/// How many prompts are answered at once.
const CONCURRENCY: usize = 8;

/// Writers whose models lie, with the server that must live as long.
pub(super) fn writers(
    descriptions: &DescriptionsConfig,
) -> anyhow::Result<(Writers, Option<LanguageModelServer>)> {
    match descriptions.generators.first() {
        Some(GeneratorKind::Endpoint) => behind_a_server(),
        Some(GeneratorKind::Local) => {
            let model = Liar { asked: AtomicU64::new(0) };
            let phraser = Phraser::new(vec![(Box::new(model), Form::Lines)]);
            Ok((Writers::models(phraser, CONCURRENCY), None))
        }
        _ => anyhow::bail!("--hostile takes a model's place: it needs --generator local or endpoint"),
    }
}

fn behind_a_server() -> anyhow::Result<(Writers, Option<LanguageModelServer>)> {
    let asked = AtomicU64::new(0);
    let server = LanguageModelServer::start(ModelOptions::default(), move |messages| {
        let seed = asked.fetch_add(1, Ordering::Relaxed);
        let said = |role: &str| messages.iter().rev().find(|message| message.role == role);
        let instructions = messages.first().map_or("", |message| &message.content);
        let input = said("user").map_or("", |message| &message.content);
        hostile_answer(seed, language_of(instructions), input, HostileForm::Json)
    })
    .context("cannot start a server on this machine")?;
    let around = Surroundings {
        client: Client::new(AddressPolicy::allowing(&["127.0.0.1".to_owned()])?)?,
        patience: PATIENCE,
        time: Arc::new(TokioTime::new(tokio::time::Instant::now(), jitter(1))),
        ledger: Arc::new(MemoryLedger::new(Default::default())),
    };
    let settings = Settings { concurrency: CONCURRENCY, ..Settings::new(server.base_url(), "hostile") };
    let endpoint = Endpoint::new(settings, std::path::Path::new(""), &|_| None, around)?;
    let phraser = Phraser::new(vec![(Box::new(endpoint), Form::Json)]);
    Ok((Writers::models(phraser, CONCURRENCY), Some(server)))
}

/// The language that instructions name.
fn language_of(instructions: &str) -> &'static str {
    let names = [("Swedish", "sv"), ("Danish", "da"), ("Norwegian", "no"), ("German", "de")];
    names.iter().find(|(name, _)| instructions.contains(name)).map_or("en", |(_, tag)| tag)
}

/// Lies in this process.
struct Liar {
    asked: AtomicU64,
}

impl LanguageModel for Liar {
    fn generator(&self) -> &'static str {
        "local"
    }

    fn name(&self) -> &str {
        "hostile"
    }

    fn recipe(&self) -> String {
        "hostile".to_owned()
    }

    fn complete<'a>(&'a self, prompt: &'a Prompt) -> BoxFuture<'a, Result<Completion, ModelError>> {
        let seed = self.asked.fetch_add(1, Ordering::Relaxed);
        let language = language_of(&prompt.instructions);
        let text = hostile_answer(seed, language, &prompt.input, HostileForm::Lines);
        Box::pin(std::future::ready(Ok(Completion { text, usage: Usage::default() })))
    }
}
