//! Reading `berika.toml`: the file, the files it includes, environment variables over both, and the checks that types
//! alone cannot make.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use berika_feeds::Format;
use serde::de::DeserializeOwned;
use toml::{Table, Value};

use super::descriptions::MOST_THREADS;
use super::keys::with_nearest;
use super::{Config, SupplierConfig};

/// Why a configuration cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// A file cannot be read.
    #[error("cannot read the configuration {}; `berika.example.toml` shows how one looks", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// A file is no TOML, or says what means nothing.
    #[error("{}: {message}", path.display())]
    Invalid {
        /// The file.
        path: PathBuf,
        /// What is wrong, where.
        message: String,
    },
    /// An environment variable that overrides a key does not fit.
    #[error("environment variable {name}: {message}")]
    Override {
        /// The variable.
        name: String,
        /// What is wrong.
        message: String,
    },
}

/// Variables that begin with this override keys: `BERIKA__MODEL__ID`, `BERIKA__SUPPLIERS__NORDMAT__SOURCE__URL`.
const PREFIX: &str = "BERIKA__";

impl Config {
    /// Reads the configuration at `path`, what it includes, and the overriding variables of `environment`.
    ///
    /// # Errors
    /// [`ConfigError`], naming file, line and key, or the variable.
    pub fn read(path: &Path, environment: &[(String, String)]) -> Result<Self, ConfigError> {
        let text = read_file(path)?;
        // Once for itself, so that mistakes are shown with their line.
        let mut config: Config = parse(path, &text)?;
        let overrides: Vec<_> = environment.iter().filter(|(name, _)| name.starts_with(PREFIX)).collect();
        let folder = path.parent().map(Path::to_owned).unwrap_or_default();
        let mut suppliers = Vec::new();
        for pattern in &config.include {
            for file in matching(&folder, pattern, path)? {
                let text = read_file(&file)?;
                parse::<SupplierConfig>(&file, &text)?;
                suppliers.push(Value::Table(parse::<Table>(&file, &text)?));
            }
        }
        if !suppliers.is_empty() || !overrides.is_empty() {
            let mut table: Table = parse(path, &text)?;
            let all = table.entry("suppliers").or_insert_with(|| Value::Array(Vec::new()));
            if let Some(all) = all.as_array_mut() {
                all.extend(suppliers);
            }
            for (name, value) in &overrides {
                set(&mut table, name, value)?;
            }
            // The variable that serde's message speaks of, as far as that can be told.
            let guilty = |message: &str| {
                let key = |name: &str| name.rsplit("__").next().unwrap_or_default().to_ascii_lowercase();
                let named = overrides.iter().find(|(name, _)| message.contains(&format!("`{}`", key(name))));
                named.or(overrides.first()).copied()
            };
            config = table.try_into().map_err(|error: toml::de::Error| match guilty(error.message()) {
                Some((name, _)) => {
                    ConfigError::Override { name: name.clone(), message: with_nearest(error.message()) }
                }
                None => invalid(path, with_nearest(error.message())),
            })?;
        }
        config.folder = folder;
        config.check(path)?;
        Ok(config)
    }

    /// What types cannot say.
    fn check(&self, path: &Path) -> Result<(), ConfigError> {
        let refuse = |message: String| Err(invalid(path, message));
        if self.markets.is_empty() {
            return refuse(
                "at least one of [[markets]] is needed: its language is what products are described in"
                    .to_owned(),
            );
        }
        const MOST_DAYS: u32 = 36_500;
        const MOST_SECONDS: u64 = 86_400;
        if self.model.threads > MOST_THREADS {
            return refuse(format!("model: threads is at most {MOST_THREADS}"));
        }
        if self.retention.payload_days > MOST_DAYS || self.retention.attempt_days > MOST_DAYS {
            return refuse(format!("retention: at most {MOST_DAYS} days"));
        }
        if let Err(problem) = self.policy.check() {
            return refuse(format!("policy: {problem}"));
        }
        if let Err(problem) = self.descriptions.check() {
            return refuse(format!("descriptions: {problem}"));
        }
        for market in &self.markets {
            let other = self.markets.iter().find(|other| other.language == market.language);
            if other.is_some_and(|other| other.voice != market.voice) {
                return refuse(format!(
                    "markets: products are described once in {}, so all its markets name the same voice",
                    market.language
                ));
            }
        }
        let mut ids = HashSet::new();
        for supplier in &self.suppliers {
            if !ids.insert(supplier.id.as_str()) {
                return refuse(format!("supplier {} is configured twice", supplier.id));
            }
            if let Err(problem) = supplier.fields.check() {
                return refuse(format!("supplier {}: {problem}", supplier.id));
            }
            if let Err(message) = supplier.source.check() {
                return refuse(format!("supplier {}: {message}", supplier.id));
            }
            if supplier.source.is_paged() && !matches!(supplier.format, Format::Jsonl(_)) {
                return refuse(format!(
                    "supplier {}: the pages of an API are put together with one product a line: format.type must be \"jsonl\"",
                    supplier.id
                ));
            }
            if !(0.0..=1.0).contains(&supplier.shrink_limit) {
                return refuse(format!("supplier {}: shrink_limit is a share between 0 and 1", supplier.id));
            }
        }
        if let Err(problem) = self.duplicates.check(&ids) {
            return refuse(format!("duplicates: {problem}"));
        }
        let mut ids = HashSet::new();
        for endpoint in &self.endpoints {
            if !ids.insert(&endpoint.id) {
                return refuse(format!("endpoint {} is configured twice", endpoint.id));
            }
            if endpoint.timeout_seconds > MOST_SECONDS {
                return refuse(format!(
                    "endpoint {}: timeout_seconds is at most {MOST_SECONDS}",
                    endpoint.id
                ));
            }
            if endpoint.concurrency == 0 {
                return refuse(format!("endpoint {}: concurrency must be at least 1", endpoint.id));
            }
        }
        Ok(())
    }
}

fn invalid(path: &Path, message: String) -> ConfigError {
    ConfigError::Invalid { path: path.to_owned(), message }
}

fn read_file(path: &Path) -> Result<String, ConfigError> {
    std::fs::read_to_string(path).map_err(|source| ConfigError::Unreadable { path: path.to_owned(), source })
}

fn parse<T: DeserializeOwned>(path: &Path, text: &str) -> Result<T, ConfigError> {
    toml::from_str(text).map_err(|error| {
        let line = error.span().map(|span| 1 + text[..span.start.min(text.len())].matches('\n').count());
        let place = line.map(|line| format!("line {line}: ")).unwrap_or_default();
        invalid(path, format!("{place}{}", with_nearest(error.message())))
    })
}

/// Files that match `pattern`, in the order of their names. Only the last part may hold a `*`.
fn matching(folder: &Path, pattern: &str, config: &Path) -> Result<Vec<PathBuf>, ConfigError> {
    let (subfolder, name) = pattern.rsplit_once('/').unwrap_or(("", pattern));
    let folder = folder.join(subfolder);
    let Some((before, after)) = name.split_once('*') else { return Ok(vec![folder.join(name)]) };
    let entries = std::fs::read_dir(&folder).map_err(|source| {
        invalid(config, format!("include {pattern:?}: cannot list {}: {source}", folder.display()))
    })?;
    let mut files: Vec<PathBuf> = entries
        .filter_map(Result::ok)
        .map(|entry| entry.path())
        .filter(|path| {
            let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
            name.len() >= before.len() + after.len() && name.starts_with(before) && name.ends_with(after)
        })
        .collect();
    files.sort();
    Ok(files)
}

/// Sets the key that a variable names. In a list of tables the part after the list's name is an element's id.
fn set(table: &mut Table, name: &str, value: &str) -> Result<(), ConfigError> {
    let wrong = |message: String| ConfigError::Override { name: name.to_owned(), message };
    let parts: Vec<String> = name[PREFIX.len()..].split("__").map(str::to_ascii_lowercase).collect();
    let (last, way) = parts.split_last().ok_or_else(|| wrong("it names no key".to_owned()))?;
    let mut table = table;
    let mut way = way.iter();
    while let Some(part) = way.next() {
        let inner = table.entry(part).or_insert_with(|| Value::Table(Table::new()));
        table = match inner {
            Value::Table(inner) => inner,
            Value::Array(list) => {
                let id = way.next().ok_or_else(|| wrong(format!("{part} is a list: name an id after it")))?;
                let known = |element: &Value| {
                    element
                        .get("id")
                        .and_then(Value::as_str)
                        .is_some_and(|known| known.replace('-', "_") == *id)
                };
                let element = list.iter_mut().find(|element| known(element));
                let element = element.ok_or_else(|| wrong(format!("there is no {id} in {part}")))?;
                element.as_table_mut().ok_or_else(|| wrong(format!("{part} is no list of tables")))?
            }
            _ => return Err(wrong(format!("{part} is no table"))),
        };
    }
    // Numbers, booleans and lists are written as in TOML; what is none of these is a text.
    let written =
        format!("value = {value}").parse::<Table>().ok().and_then(|mut table| table.remove("value"));
    table.insert(last.clone(), written.unwrap_or_else(|| Value::String(value.to_owned())));
    Ok(())
}
