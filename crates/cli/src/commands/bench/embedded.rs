//! A model, and the vectors it makes of rows and categories: computed once, whatever is measured with them.

use std::collections::HashMap;

use anyhow::Context;
use berika_catalog::text::product_words;
use berika_classify::look_alikes::{Look, LookAlikes};
use berika_classify::{ProductMeans, WordFrequencies};
use berika_models::Approximation;
use berika_pipeline::{Encoder, PrecisionSetting};

use super::categories::Categories;
use super::labelled_file::LabelledRow;
use super::stages::Stages;
use super::vectors;

/// Everything embedded by one model in one precision.
#[derive(Debug)]
pub(super) struct Embedded {
    /// The model, and the threads that compute.
    pub(super) encoder: Encoder,
    /// The model as it was asked for.
    pub(super) model: String,
    /// Set where another model stands in for it.
    pub(super) approximate: Option<Approximation>,
    /// Vectors of the categories' texts, by text.
    pub(super) categories: HashMap<String, Vec<f32>>,
    /// Vectors of the rows to learn from; `None` where a row has no text.
    pub(super) train: Vec<Option<Vec<f32>>>,
    /// The same of the rows to measure on.
    pub(super) test: Vec<Option<Vec<f32>>>,
    /// The words of the rows to learn from, and of those to measure on.
    pub(super) train_words: Vec<String>,
    pub(super) test_words: Vec<String>,
    /// The means of the rows to learn from.
    pub(super) means: ProductMeans,
    /// How rare words are among them.
    pub(super) frequencies: WordFrequencies,
    /// Which of the rows to learn from look alike.
    pub(super) alike: LookAlikes,
}

impl Embedded {
    /// Loads the model, which is fetched where it is missing, and embeds.
    ///
    /// # Errors
    /// If the model cannot be had or its files are damaged.
    pub(super) fn of(
        categories: &Categories,
        train: &[LabelledRow],
        test: &[LabelledRow],
        model: &str,
        precision: PrecisionSetting,
        stages: &mut Stages,
    ) -> anyhow::Result<Self> {
        let folder = vectors::folder(model)?;
        let encoder = vectors::encoder(&folder, model, precision)?;
        stages.done("load_model");
        let texts = categories.targets.texts();
        let borrowed: Vec<&str> = texts.iter().map(String::as_str).collect();
        let embedded = encoder.embed_here(&borrowed).context("failed to embed the categories")?;
        let categories = texts.into_iter().zip(embedded.rows().map(<[f32]>::to_vec)).collect();
        stages.done("embed_categories");
        let train_vectors =
            embed_rows(&encoder, &texts_of(&encoder, train)).context("failed to embed the training rows")?;
        let (train_words, test_words) = (words_of(train), words_of(test));
        let (mut means, mut frequencies) = (ProductMeans::new(), WordFrequencies::new());
        for ((row, vector), text) in train.iter().zip(&train_vectors).zip(&train_words) {
            if let Some(vector) = vector {
                means.add(row.values.language.as_ref(), vector);
                frequencies.add(text);
            }
        }
        let looks: Vec<Look<'_>> =
            train.iter().zip(&train_vectors).map(|(row, vector)| look(row, vector.as_deref())).collect();
        let alike = encoder.compute(|| LookAlikes::of(&looks));
        stages.done("embed_train");
        let test_vectors =
            embed_rows(&encoder, &texts_of(&encoder, test)).context("failed to embed the test rows")?;
        stages.done("embed_test");
        let approximate = berika_models::approximation(&folder);
        let model = model.to_owned();
        Ok(Self {
            encoder,
            model,
            approximate,
            categories,
            train: train_vectors,
            test: test_vectors,
            train_words,
            test_words,
            means,
            frequencies,
            alike,
        })
    }

    /// The model, what it is if it stands in for another, and what decides its vectors.
    pub(super) fn shown(&self) -> String {
        format!("{} ({})", vectors::shown(&self.model, self.approximate.as_ref()), self.encoder.recipe())
    }
}

fn look<'a>(row: &'a LabelledRow, vector: Option<&'a [f32]>) -> Look<'a> {
    Look {
        key: &row.id,
        brand: row.values.brand.as_deref(),
        title: row.values.title.as_deref(),
        language: row.values.language.as_ref(),
        vector,
    }
}

fn texts_of(encoder: &Encoder, rows: &[LabelledRow]) -> Vec<String> {
    rows.iter().map(|row| encoder.product_text(&row.values)).collect()
}

fn words_of(rows: &[LabelledRow]) -> Vec<String> {
    rows.iter().map(|row| product_words(&row.values)).collect()
}

/// The vectors of texts; `None` where there is no text.
fn embed_rows(encoder: &Encoder, texts: &[String]) -> anyhow::Result<Vec<Option<Vec<f32>>>> {
    let spoken: Vec<&str> = texts.iter().map(String::as_str).filter(|text| !text.trim().is_empty()).collect();
    let vectors = encoder.embed_here(&spoken)?;
    let mut vectors = vectors.rows();
    let of = |text: &String| if text.trim().is_empty() { None } else { vectors.next().map(<[f32]>::to_vec) };
    Ok(texts.iter().map(of).collect())
}
