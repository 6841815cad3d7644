//! `modules.json` and `1_Pooling/config.json`: the parts of a model, and how tokens become one vector.

use std::collections::BTreeMap;
use std::path::{Component, Path, PathBuf};

use serde::Deserialize;

use super::files::required;
use crate::error::LoadError;
use crate::pooling::Pooling;

#[derive(Deserialize)]
struct ModuleEntry {
    #[serde(default)]
    path: String,
    #[serde(rename = "type")]
    kind: String,
}

/// Both the flags of the older layout and the name of the newer one.
#[derive(Deserialize)]
struct PoolingConfig {
    word_embedding_dimension: Option<usize>,
    embedding_dimension: Option<usize>,
    pooling_mode: Option<Names>,
    #[serde(default)]
    include_prompt: Option<bool>,
    #[serde(flatten)]
    rest: BTreeMap<String, serde_json::Value>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Names {
    One(String),
    Many(Vec<String>),
}

/// Reads `modules.json`; returns the transformer's and the pooling's folder.
pub(super) fn modules(root: &Path, hasher: &mut blake3::Hasher) -> Result<(PathBuf, PathBuf), LoadError> {
    let needed_for =
        "it names the parts of a sentence-transformers model; give such a folder or fetch the model again";
    let (file, entries): (_, Vec<ModuleEntry>) = required(root, "modules.json", needed_for, hasher)?;
    let inconsistent = |what: &str| LoadError::Inconsistent { file: file.clone(), what: what.to_owned() };
    let (mut transformer, mut pooling) = (None, None);
    for entry in entries {
        let path = Path::new(&entry.path);
        if path.components().any(|part| !matches!(part, Component::Normal(_) | Component::CurDir)) {
            return Err(inconsistent(&format!("the path `{}` leaves the folder", entry.path)));
        }
        let slot = match entry.kind.rsplit('.').next().unwrap_or_default() {
            "Transformer" => &mut transformer,
            "Pooling" => &mut pooling,
            // Vectors are always brought to length one.
            "Normalize" => continue,
            _ => {
                return Err(LoadError::Unsupported {
                    file,
                    what: format!("the module `{}`", entry.kind),
                    instead: "use a model of Transformer, Pooling and Normalize alone",
                });
            }
        };
        if slot.replace(root.join(path)).is_some() {
            return Err(inconsistent(&format!("the module `{}` is named twice", entry.kind)));
        }
    }
    match (transformer, pooling) {
        (Some(transformer), Some(pooling)) => Ok((transformer, pooling)),
        (None, _) => Err(inconsistent("no Transformer module is named")),
        (_, None) => Err(inconsistent("no Pooling module is named")),
    }
}

/// Reads the pooling's `config.json`.
pub(super) fn pooling(
    folder: &Path,
    hidden: usize,
    hasher: &mut blake3::Hasher,
) -> Result<Pooling, LoadError> {
    let needed_for = "it says how tokens become one vector; fetch the model again";
    let (file, config): (_, PoolingConfig) = required(folder, "config.json", needed_for, hasher)?;
    let unsupported = |what: String| {
        let instead = "use a model with mean, cls or max pooling";
        Err(LoadError::Unsupported { file: file.clone(), what, instead })
    };
    if let Some(stated) = config.word_embedding_dimension.or(config.embedding_dimension)
        && stated != hidden
    {
        let what = format!("pooling expects dimension {stated}, but the encoder has {hidden}");
        return Err(LoadError::Inconsistent { file, what });
    }
    let names: Vec<String> = match config.pooling_mode {
        Some(Names::One(name)) => vec![name],
        Some(Names::Many(names)) => names,
        None => {
            let on = |(key, value): (String, serde_json::Value)| {
                (value == true).then(|| key.strip_prefix("pooling_mode_").map(str::to_owned)).flatten()
            };
            config.rest.into_iter().filter_map(on).collect()
        }
    };
    if config.include_prompt == Some(false) {
        return unsupported("pooling without the prompt's tokens".to_owned());
    }
    match names.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["mean" | "mean_tokens"] => Ok(Pooling::Mean),
        ["cls" | "cls_token"] => Ok(Pooling::Cls),
        ["max" | "max_tokens"] => Ok(Pooling::Max),
        [] => Err(LoadError::Inconsistent { file, what: "no pooling mode is switched on".to_owned() }),
        _ => unsupported(format!("the pooling {}", names.join(" with "))),
    }
}
