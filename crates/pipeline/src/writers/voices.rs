//! The voice of each market, from its file.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use berika_catalog::Language;
use berika_describe::Voice;
use berika_describe::voice::VoiceError;

use crate::Config;

/// Voices by language.
#[derive(Debug, Clone, Default)]
pub struct Voices {
    voices: BTreeMap<Language, Voice>,
    plain: Voice,
}

/// A voice file that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum VoiceFileError {
    /// It cannot be read.
    #[error("cannot read the voice {}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// What it says cannot be used.
    #[error(transparent)]
    Voice(#[from] VoiceError),
}

impl Voices {
    /// The voices that the markets name.
    ///
    /// # Errors
    /// [`VoiceFileError`], naming the file.
    pub fn load(config: &Config) -> Result<Self, VoiceFileError> {
        let mut voices = Self::default();
        for market in &config.markets {
            if let Some(path) = &market.voice {
                voices.add(market.language.clone(), &config.resolve(path))?;
            }
        }
        Ok(voices)
    }

    /// Reads the voice of a language.
    ///
    /// # Errors
    /// [`VoiceFileError`], naming the file.
    pub fn add(&mut self, language: Language, path: &Path) -> Result<(), VoiceFileError> {
        let text = std::fs::read_to_string(path)
            .map_err(|source| VoiceFileError::Unreadable { path: path.to_owned(), source })?;
        self.voices.insert(language, Voice::parse(&text, path)?);
        Ok(())
    }

    /// The voice of a language: the plain one where its markets name none.
    pub fn of(&self, language: &Language) -> &Voice {
        self.voices.get(language).unwrap_or(&self.plain)
    }
}
