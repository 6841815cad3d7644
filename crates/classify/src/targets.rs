//! The categories that products may be put into, and the texts of theirs that are embedded.

use std::collections::BTreeSet;
use std::sync::Arc;

use berika_catalog::{CategoryId, Language, Taxonomy, text};

/// Which categories of a taxonomy products may be put into, and in which languages they are described.
#[derive(Debug, Clone)]
pub struct Targets {
    taxonomy: Arc<Taxonomy>,
    categories: Vec<usize>,
    languages: Vec<Language>,
}

impl Targets {
    /// All leaves, in all languages that the taxonomy has names in.
    pub fn leaves(taxonomy: Arc<Taxonomy>) -> Self {
        let categories = taxonomy.leaves().collect();
        let languages = taxonomy.languages();
        Self { taxonomy, categories, languages }
    }

    /// The categories at these positions of the taxonomy, leaves or not, in all languages of the taxonomy. Positions
    /// that are not there are left out; order and repetitions do not matter.
    pub fn at(taxonomy: Arc<Taxonomy>, positions: impl IntoIterator<Item = usize>) -> Self {
        let known = taxonomy.categories().len();
        let categories: BTreeSet<usize> = positions.into_iter().filter(|&at| at < known).collect();
        let languages = taxonomy.languages();
        Self { taxonomy, categories: categories.into_iter().collect(), languages }
    }

    /// Describes categories in these languages only, where the taxonomy has them; where it has none of them,
    /// nothing changes. Fewer languages are fewer texts to embed.
    #[must_use]
    pub fn in_languages(mut self, languages: &[Language]) -> Self {
        let kept: Vec<_> = self.languages.iter().filter(|l| languages.contains(l)).cloned().collect();
        if !kept.is_empty() {
            self.languages = kept;
        }
        self
    }

    /// The taxonomy.
    pub fn taxonomy(&self) -> &Arc<Taxonomy> {
        &self.taxonomy
    }

    /// Positions of the categories in the taxonomy, ascending.
    pub fn categories(&self) -> &[usize] {
        &self.categories
    }

    /// The languages, sorted.
    pub fn languages(&self) -> &[Language] {
        &self.languages
    }

    /// The texts to embed, each once, sorted: those of every category in every language.
    pub fn texts(&self) -> Vec<String> {
        let mut texts = BTreeSet::new();
        for language in &self.languages {
            for &category in &self.categories {
                texts.extend(self.texts_of(category, language));
            }
        }
        texts.into_iter().collect()
    }

    pub(crate) fn texts_of(&self, category: usize, language: &Language) -> Vec<String> {
        text::category_texts(&self.taxonomy, category, language)
    }

    pub(crate) fn id(&self, slot: usize) -> &CategoryId {
        &self.taxonomy.categories()[self.categories[slot]].id
    }
}
