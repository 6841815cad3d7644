//! Who writes, in whose voice and for how much: what the command line says over what the configuration says.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context as _, bail};
use berika_catalog::Language;
use berika_describe::endpoint::{Budget, FileLedger, Ledger, MemoryLedger, Settings, TokioTime};
use berika_net::{AddressPolicy, Client, SecretSource};
use berika_pipeline::config::{DescriptionsConfig, GeneratorKind};
use berika_pipeline::writers::{Voices, WriterSetup, Writers, jitter};

use crate::arguments::Global;
use crate::context;

/// Who writes, over what the configuration says.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct Writing {
    /// Who writes: several with commas between in the order in which they are asked. Default: as configured, else the
    /// composer.
    #[arg(long, value_name = "NAME,...", value_delimiter = ',')]
    generator: Vec<Named>,
    /// The model: for `local` an id of the manifest, a GGUF file or a folder with one; for `endpoint` its name there.
    #[arg(long, value_name = "MODEL")]
    model: Option<String>,
    /// The base address of the endpoint.
    #[arg(long, value_name = "URL")]
    url: Option<String>,
    /// The environment variable that holds the endpoint's key.
    #[arg(long, value_name = "NAME")]
    key_env: Option<String>,
    /// The most tokens that the endpoint may take for this job.
    #[arg(long, value_name = "TOKENS")]
    budget_tokens: Option<u64>,
    /// How many calls of the endpoint may be under way at once.
    #[arg(long, value_name = "COUNT")]
    concurrency: Option<usize>,
    /// An address or range that is reached although it is not public, such as 127.0.0.1. Several are allowed.
    #[arg(long, value_name = "ADDRESS")]
    allow: Vec<String>,
    /// A voice file for a language: `sv=voices/sv.toml`. Several are allowed. Default: as configured.
    #[arg(long, value_name = "TAG=FILE", value_parser = voice_argument)]
    voice: Vec<(Language, PathBuf)>,
}

/// A generator's name on the command line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Named {
    Composer,
    Local,
    Endpoint,
}

fn voice_argument(text: &str) -> Result<(Language, PathBuf), String> {
    let (tag, path) =
        text.split_once('=').ok_or("expected a language and a file, as in sv=voices/sv.toml")?;
    Ok((Language::parse(tag).map_err(|error| error.to_string())?, PathBuf::from(path)))
}

/// What a job writes with.
pub(crate) struct Setup {
    pub(crate) descriptions: DescriptionsConfig,
    pub(crate) voices: Voices,
    folder: PathBuf,
    threads: usize,
    client: Client,
}

impl Writing {
    /// The configuration, if there is one, with these arguments over it.
    pub(crate) fn setup(&self, global: &Global) -> anyhow::Result<Setup> {
        let config = global.config.exists().then(|| context::config(global)).transpose()?;
        let (mut descriptions, mut voices, mut allow, threads, folder) = match &config {
            Some(config) => (
                config.descriptions.clone(),
                Voices::load(config)?,
                config.network.allow.clone(),
                config.model.threads,
                config.folder.clone(),
            ),
            None => <(DescriptionsConfig, Voices, Vec<String>, usize, PathBuf)>::default(),
        };
        allow.extend(self.allow.iter().cloned());
        for (language, path) in &self.voice {
            voices.add(language.clone(), path)?;
        }
        if !self.generator.is_empty() {
            descriptions.generators = self.generator.iter().map(|named| named.kind()).collect();
        }
        let asked = |kind| descriptions.generators.contains(&kind);
        let (local, endpoint) = (asked(GeneratorKind::Local), asked(GeneratorKind::Endpoint));
        if let (Some(model), true) = (&self.model, local) {
            // An argument is relative to the working folder, the configuration's to its own.
            let here = std::path::absolute(model).ok().filter(|path| path.exists());
            descriptions.local.model = here.map_or_else(|| model.clone(), |path| path.display().to_string());
        }
        if endpoint {
            descriptions.endpoint = Some(self.endpoint(descriptions.endpoint.take(), local)?);
        }
        let policy =
            AddressPolicy::allowing(&allow).context("--allow, or the configuration's network.allow")?;
        Ok(Setup { descriptions, voices, folder, threads, client: Client::new(policy)? })
    }

    fn endpoint(&self, configured: Option<Settings>, with_local: bool) -> anyhow::Result<Settings> {
        let mut settings = match (configured, &self.url, &self.model) {
            (Some(settings), ..) => settings,
            (None, Some(url), Some(model)) => Settings::new(url, model),
            _ => {
                bail!("the endpoint needs --url and --model, or [descriptions.endpoint] in the configuration")
            }
        };
        if let Some(url) = &self.url {
            settings.url.clone_from(url);
        }
        if let (Some(model), false) = (&self.model, with_local) {
            settings.model.clone_from(model);
        }
        if let Some(name) = &self.key_env {
            settings.key = Some(SecretSource::Env(name.clone()));
        }
        if self.budget_tokens.is_some() {
            settings.budget.tokens = self.budget_tokens;
        }
        settings.concurrency = self.concurrency.unwrap_or(settings.concurrency);
        settings.check()?;
        Ok(settings)
    }
}

impl Named {
    fn kind(self) -> GeneratorKind {
        match self {
            Self::Composer => GeneratorKind::Composer,
            Self::Local => GeneratorKind::Local,
            Self::Endpoint => GeneratorKind::Endpoint,
        }
    }
}

impl Setup {
    /// What the endpoint may cost.
    pub(crate) fn budget(&self) -> Budget {
        self.descriptions.endpoint.as_ref().map(|settings| settings.budget.clone()).unwrap_or_default()
    }

    /// The writers of a job whose spending is counted in a file beside its output, so that it goes on counting when the job
    /// goes on.
    pub(crate) async fn writers(&self, output: &Path) -> anyhow::Result<Writers> {
        let ledger: Arc<dyn Ledger> = match &self.descriptions.endpoint {
            Some(settings) if self.descriptions.generators.contains(&GeneratorKind::Endpoint) => {
                let mut path = output.as_os_str().to_owned();
                path.push(".spent");
                Arc::new(FileLedger::open(Path::new(&path), &settings.model, settings.budget.clone())?)
            }
            _ => Arc::new(MemoryLedger::new(Default::default())),
        };
        let seed = rand::random();
        let setup = WriterSetup {
            descriptions: &self.descriptions,
            folder: &self.folder,
            threads: self.threads,
            client: self.client.clone(),
            environment: &|name| std::env::var(name).ok(),
            time: Arc::new(TokioTime::new(tokio::time::Instant::now(), jitter(seed))),
            ledger,
        };
        Ok(tokio::task::block_in_place(|| Writers::load(&setup))?)
    }
}
