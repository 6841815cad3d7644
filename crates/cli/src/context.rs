//! From arguments to an engine.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Context as _;
use berika_catalog::{ProductKey, SystemClock};
use berika_pipeline::{Config, Engine, Environment};
use berika_store::{Access, Store};
use rand::SeedableRng;
use rand::rngs::StdRng;
use tokio_util::sync::CancellationToken;

use crate::arguments::Global;
use crate::output::Bars;

/// The configuration that the arguments name.
pub(crate) fn config(global: &Global) -> anyhow::Result<Config> {
    let variables: Vec<(String, String)> = std::env::vars().collect();
    Ok(Config::read(&global.config, &variables)?)
}

/// An engine on the configuration, ready to work: the store is locked until it is dropped.
pub(crate) async fn engine(global: &Global, config: Config) -> anyhow::Result<Engine> {
    let clock = Arc::new(SystemClock);
    let random = Box::new(StdRng::from_os_rng());
    Ok(Engine::start(config, clock, random, environment(), Bars::progress(global)).await?)
}

/// An engine on the configuration that looks and writes nothing, beside whoever works.
pub(crate) async fn engine_to_look(global: &Global, config: Config) -> anyhow::Result<Engine> {
    let clock = Arc::new(SystemClock);
    let random = Box::new(StdRng::from_os_rng());
    Ok(Engine::look(config, clock, random, environment(), Bars::progress(global)).await?)
}

/// The store of the configuration, to look at.
pub(crate) async fn store_to_read(config: &Config) -> anyhow::Result<Store> {
    Ok(Store::open(&config.resolve(&config.store.path), Access::Read).await?)
}

/// The store of the configuration, to change.
pub(crate) async fn store_to_work(config: &Config) -> anyhow::Result<Store> {
    Ok(Store::open(&config.resolve(&config.store.path), Access::Work).await?)
}

/// Variables of the process.
pub(crate) fn environment() -> Environment {
    Arc::new(|name| std::env::var(name).ok())
}

/// Where models are kept.
pub(crate) fn model_cache() -> anyhow::Result<PathBuf> {
    berika_models::default_cache_dir().context("no folder for models: set BERIKA_MODELS or HOME")
}

/// Asks the engine to end after the batch in hand when the user presses Ctrl-C or the service manager says so; a second
/// time ends the process.
pub(crate) fn stop_on_signal(engine: &Engine) {
    let progress = engine.progress.clone();
    cancel_on_signal(engine.stop.clone(), move |note| progress.note(note));
}

/// A token that is set when the user presses Ctrl-C or the service manager says so; a second time ends the process.
pub(crate) fn stop_token() -> CancellationToken {
    let stop = CancellationToken::new();
    cancel_on_signal(stop.clone(), |note| tracing::warn!("{note}"));
    stop
}

fn cancel_on_signal(stop: CancellationToken, say: impl Fn(&str) + Send + 'static) {
    tokio::spawn(async move {
        interrupted().await;
        say("stopping after the batch in hand; once more stops at once");
        stop.cancel();
        interrupted().await;
        std::process::exit(130);
    });
}

#[cfg(unix)]
async fn interrupted() {
    use tokio::signal::unix::{SignalKind, signal};
    let Ok(mut terminate) = signal(SignalKind::terminate()) else {
        return std::future::pending().await;
    };
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        _ = terminate.recv() => {}
    }
}

#[cfg(not(unix))]
async fn interrupted() {
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending().await
    }
}

/// The product that the user means: `SUPPLIER/SKU`, or a SKU that only one supplier has.
pub(crate) async fn product_key(store: &Store, text: &str) -> anyhow::Result<ProductKey> {
    if let Ok(key) = ProductKey::parse(text)
        && store.product(&key).await?.is_some()
    {
        return Ok(key);
    }
    match store.products_with_sku(text).await?.as_slice() {
        [key] => Ok(key.clone()),
        [] => anyhow::bail!("there is no product {text:?} in the store; write it SUPPLIER/SKU"),
        several => {
            let keys: Vec<String> = several.iter().map(ToString::to_string).collect();
            anyhow::bail!("several suppliers have {text:?}; which of {}?", keys.join(", "))
        }
    }
}

/// Who works: the name of the account, for the log of runs and decisions.
pub(crate) fn user() -> String {
    const LONGEST: usize = 100;
    let one_line = |name: String| -> String {
        name.chars().map(|c| if c.is_control() { ' ' } else { c }).take(LONGEST).collect()
    };
    ["BERIKA_USER", "USER", "LOGNAME"]
        .into_iter()
        .find_map(|name| std::env::var(name).ok().filter(|name| !name.trim().is_empty()))
        .map_or_else(|| "unknown".to_owned(), one_line)
}

/// Refuses files to write that are the store, the configuration, or a supplier's feed, or that are named twice.
pub(crate) fn may_write(global: &Global, config: &Config, files: &[&Path]) -> anyhow::Result<()> {
    let store = config.resolve(&config.store.path);
    let beside = |ending: &str| {
        let mut path = store.clone().into_os_string();
        path.push(ending);
        PathBuf::from(path)
    };
    let mut kept = vec![global.config.clone(), store.clone()];
    kept.extend(["-wal", "-shm", ".lock", ".taxonomy-plan"].map(beside));
    kept.extend(
        config.suppliers.iter().filter_map(|s| s.source.path.as_ref()).map(|path| config.resolve(path)),
    );
    let same = |one: &Path, other: &Path| {
        let real = |path: &Path| path.canonicalize().or_else(|_| std::path::absolute(path)).ok();
        one == other || real(one) == real(other)
    };
    for (place, file) in files.iter().enumerate() {
        if kept.iter().any(|kept| same(kept, file)) {
            anyhow::bail!("{} is the store, the configuration or a feed: write to another file", shown(file));
        }
        if files[..place].iter().any(|other| same(other, file)) {
            anyhow::bail!("{} is named twice: give each output a file of its own", shown(file));
        }
    }
    Ok(())
}

/// A path as a person reads it: relative to the working folder where it lies below it.
pub(crate) fn shown(path: &Path) -> String {
    let here = std::env::current_dir().unwrap_or_default();
    path.strip_prefix(&here).unwrap_or(path).display().to_string()
}
