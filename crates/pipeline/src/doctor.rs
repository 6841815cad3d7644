//! Checks everything a run depends on and says what to do about what is wrong.

use std::path::Path;

use berika_embed::Cpu;
use berika_models::{Located, verify};
use berika_store::{Access, Store, StoreError};
use serde::Serialize;

use crate::engine::client;
use crate::precision::{ChosenPrecision, PrecisionSetting};
use crate::stages::{deliver, import};
use crate::{Config, Encoder, Engine, acceptance, languages, taxonomy};

/// One thing that was looked at.
#[derive(Debug, Clone, Serialize)]
pub struct Check {
    /// What was looked at.
    pub what: String,
    /// Whether it is as it should be.
    pub ok: bool,
    /// What was found, and what to do where it is not.
    pub finding: String,
}

/// Checks what needs no store: network settings, taxonomy.
pub fn check_files(config: &Config) -> Vec<Check> {
    let mut checks = Vec::new();
    checks.push(match client(config) {
        Ok(_) => good("network", "settings are sound"),
        Err(error) => bad("network", &error),
    });
    checks.push(match taxonomy::read_configured(config) {
        Ok(taxonomy) => good(
            "taxonomy",
            &format!(
                "{} categories, {} of them leaves",
                taxonomy.categories().len(),
                taxonomy.leaves().count()
            ),
        ),
        Err(error) => bad("taxonomy", &error),
    });
    // Advice and no fault: what is accepted at all is decided by score.
    checks.extend(languages::advice(config).map(|advice| good("languages", &advice)));
    checks
}

/// Opens the store for work, which shows that it is writable and that nobody else works on it.
pub async fn check_store(config: &Config) -> Check {
    let path = config.resolve(&config.store.path);
    match Store::open(&path, Access::Work).await {
        Ok(store) => {
            store.close().await;
            good("store", &format!("{} is writable", path.display()))
        }
        Err(error) => bad("store", &error),
    }
}

/// Says what is accepted without a look, from what the store remembers.
pub async fn check_acceptance(engine: &Engine) -> Check {
    let what = "accepted without a look";
    match acceptance::look(&engine.store, &engine.config).await {
        Ok(Some(acceptance)) => match acceptance.problem() {
            Some(problem) => Check { what: what.to_owned(), ok: false, finding: problem },
            None => good(what, &acceptance.to_string()),
        },
        Ok(None) => good(what, acceptance::NOTHING_YET),
        Err(error) => bad(what, &error),
    }
}

/// Fetches and reads each supplier's delivery without taking it in, and checks that each endpoint can be signed for.
pub async fn check_peers(engine: &Engine) -> Vec<Check> {
    let mut checks = Vec::new();
    for supplier in &engine.config.suppliers {
        let what = format!("supplier {}", supplier.id);
        checks.push(match import::probe(engine, supplier).await {
            Ok(products) => good(&what, &format!("reachable, {products} products can be read")),
            Err(error) => bad(&what, &error),
        });
    }
    for endpoint in &engine.config.endpoints {
        let what = format!("endpoint {}", endpoint.id);
        checks.push(match deliver::ready(engine, endpoint) {
            Ok(_) => good(&what, "events can be signed"),
            Err(error) => bad(&what, &error),
        });
    }
    checks
}

/// Says what the processor can do, and loads the model as the store's vectors are computed; as for a new store where
/// there is none, or one from before precisions.
pub async fn check_model(config: &Config) -> Vec<Check> {
    let cpu = Cpu::detected();
    let extensions = extensions(cpu);
    let extensions =
        if extensions.is_empty() { "no extension that is used".into() } else { extensions.join(", ") };
    let recorded = match Store::open(&config.resolve(&config.store.path), Access::Read).await {
        Ok(store) => {
            let recorded = store.precision().await;
            store.close().await;
            recorded
        }
        Err(StoreError::Absent(_) | StoreError::TooOld { .. }) => Ok(None),
        Err(error) => Err(error),
    };
    let what = format!("model {}", config.model.id);
    let setting = config.model.precision;
    let chosen = match (recorded, setting) {
        (Err(error), PrecisionSetting::Auto) => {
            let why = berika_net::error_chain(&error);
            let finding = format!("which precision the store's vectors are in is not known: {why}");
            return vec![good("processor", &extensions), Check { what, ok: false, finding }];
        }
        (recorded, _) => ChosenPrecision::of(setting, recorded.ok().flatten().as_deref(), cpu),
    };
    let model = match chosen {
        Ok(chosen) => {
            let config = config.clone();
            let load = move || load_model(&config, chosen);
            tokio::task::spawn_blocking(load).await.unwrap_or_else(|error| bad(&what, &error))
        }
        Err(error) => bad(&what, &error),
    };
    vec![good("processor", &extensions), model]
}

/// The extensions that something is computed with, by the names that processors list them by.
pub fn extensions(cpu: Cpu) -> Vec<&'static str> {
    let all = [
        (cpu.avx2, "avx2"),
        (cpu.avx_vnni, "avx_vnni"),
        (cpu.avx512, "avx512"),
        (cpu.avx512_vnni, "avx512_vnni"),
        (cpu.avx512_bf16, "avx512_bf16"),
        (cpu.amx_int8, "amx_int8"),
        (cpu.amx_bf16, "amx_bf16"),
        (cpu.dotprod, "dotprod"),
    ];
    all.into_iter().filter(|(there, _)| *there).map(|(_, name)| name).collect()
}

fn load_model(config: &Config, chosen: ChosenPrecision) -> Check {
    let what = format!("model {}", config.model.id);
    let Located { folder, entry, approximate } = match Encoder::locate(config) {
        Ok(located) => located,
        Err(error) => return bad(&what, &error),
    };
    if let Some(entry) = entry {
        let problems = verify(&folder, entry);
        if !problems.is_empty() {
            let problems: Vec<String> = problems.iter().map(ToString::to_string).collect();
            let finding = format!(
                "{}; `berika model fetch {}` replaces what is damaged",
                problems.join("; "),
                entry.id
            );
            return Check { what, ok: false, finding };
        }
    }
    let ChosenPrecision { precision, origin } = chosen;
    match Encoder::load_folder(&folder, &config.model.id, precision, config.model.threads) {
        Ok(encoder) => {
            let slow = chosen.warning(Cpu::detected()).map(|why| format!("; {why}")).unwrap_or_default();
            let near = approximate.map(|approximate| format!("; {approximate}")).unwrap_or_default();
            let (folder, tokens, threads) = (shown(&folder), encoder.text_tokens(), encoder.threads());
            let how = format!("in {precision} ({origin}) on {threads} threads{slow}{near}");
            good(&what, &format!("{folder} loads, texts of up to {tokens} tokens, {how}"))
        }
        Err(error) => bad(&what, &error),
    }
}

fn shown(folder: &Path) -> String {
    folder.display().to_string()
}

fn good(what: &str, finding: &str) -> Check {
    Check { what: what.to_owned(), ok: true, finding: finding.to_owned() }
}

fn bad(what: &str, error: &(dyn std::error::Error + 'static)) -> Check {
    Check { what: what.to_owned(), ok: false, finding: berika_net::error_chain(error) }
}
