//! How a market speaks: tone, form of address, words, lengths, markup.

use crate::description::{LONG_MOST, SEO_DESCRIPTION_MOST, SEO_TITLE_MOST, SHORT_MOST, TITLE_MOST};

/// A market's voice.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Voice {
    /// How long texts may be.
    pub limits: Limits,
}

/// The most characters of each text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "see the fields of `Description`")]
pub struct Limits {
    pub title: usize,
    pub short: usize,
    pub long: usize,
    pub seo_title: usize,
    pub seo_description: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            title: TITLE_MOST,
            short: SHORT_MOST,
            long: LONG_MOST,
            seo_title: SEO_TITLE_MOST,
            seo_description: SEO_DESCRIPTION_MOST,
        }
    }
}
