//! `[suppliers.source.watch]`: a folder that files are put into.

use std::path::PathBuf;
use std::time::Duration;

use serde::Deserialize;

/// A folder that files are put into.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Watch {
    /// The folder.
    pub folder: PathBuf,
    /// Which files are deliveries; `*` stands for anything.
    pub pattern: String,
    /// When a file is complete.
    #[serde(default)]
    pub ready: Ready,
    /// After how many seconds a file is looked at again that must not change any more.
    #[serde(default = "five")]
    pub settle_seconds: u64,
    /// Where files go once they are taken in; they stay where they are where this is absent.
    pub archive: Option<PathBuf>,
}

/// When a file is complete.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Ready {
    /// When its size and time are the same at two looks.
    #[default]
    Stable,
    /// When a file of its name and `.done` lies beside it.
    DoneFile,
}

fn five() -> u64 {
    5
}

impl Watch {
    pub(crate) fn settle(&self) -> Duration {
        Duration::from_secs(self.settle_seconds)
    }

    pub(super) fn check(&self) -> Result<(), String> {
        check_pattern("watch", &self.pattern)?;
        if self.settle_seconds > 300 {
            return Err("source.watch.settle_seconds is at most 300".to_owned());
        }
        if self.archive.as_ref() == Some(&self.folder) {
            return Err("source.watch.archive must be another folder than source.watch.folder".to_owned());
        }
        Ok(())
    }
}

/// A pattern is the name of files of one folder.
pub(super) fn check_pattern(table: &str, pattern: &str) -> Result<(), String> {
    if pattern.is_empty() || pattern.contains(['/', '\\']) {
        return Err(format!("source.{table}.pattern is a file's name, in which * stands for anything"));
    }
    Ok(())
}
