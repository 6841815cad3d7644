//! Reading a fixture or some bytes into memory, for tests.

use std::io::Write;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use berika_catalog::{DeliveryKind, ProductRecord, ProductValues};
use berika_feeds::{Delivery, DeliveryContext, FeedConfig, FeedProblem, Limits, Row, RowError, RowWarning};

/// All that a delivery gave.
#[derive(Debug)]
pub(crate) struct Read {
    pub(crate) rows: Vec<Row>,
    pub(crate) end: Result<Delivery, FeedProblem>,
}

impl Read {
    pub(crate) fn products(&self) -> Vec<&ProductRecord> {
        self.rows.iter().filter_map(|row| row.outcome.as_ref().ok()).collect()
    }

    pub(crate) fn values(&self, sku: &str) -> &ProductValues {
        &self.product(sku).values
    }

    pub(crate) fn product(&self, sku: &str) -> &ProductRecord {
        self.products()
            .into_iter()
            .find(|p| p.key.sku == sku)
            .unwrap_or_else(|| panic!("no {sku} in {self:?}"))
    }

    pub(crate) fn errors(&self) -> Vec<&RowError> {
        self.rows.iter().filter_map(|row| row.outcome.as_ref().err()).collect()
    }

    pub(crate) fn warnings(&self) -> Vec<&RowWarning> {
        self.rows.iter().flat_map(|row| &row.warnings).collect()
    }

    /// The summary of a delivery that was read to its end, with its sums checked.
    pub(crate) fn delivery(&self) -> &Delivery {
        let delivery = self.end.as_ref().unwrap_or_else(|problem| panic!("{problem}"));
        assert_eq!(delivery.rows, self.rows.iter().map(|row| 1 + row.folded).sum::<u64>());
        assert_eq!(delivery.products, self.products().len() as u64);
        assert_eq!(delivery.rows, delivery.products + delivery.folded + delivery.rejected);
        delivery
    }

    pub(crate) fn problem(&self) -> String {
        self.end.as_ref().expect_err("the delivery should be refused").to_string()
    }
}

pub(crate) fn context() -> DeliveryContext {
    DeliveryContext {
        supplier: "test".to_owned().try_into().unwrap(),
        file: "feed".to_owned(),
        kind: DeliveryKind::Full,
        language: None,
        currency: Some("SEK".to_owned().try_into().unwrap()),
    }
}

pub(crate) fn config(text: &str) -> FeedConfig {
    toml::from_str(text).unwrap()
}

pub(crate) fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/feeds").join(name)
}

/// The format and fields of a supplier of the demo.
pub(crate) fn demo_config(supplier: &str) -> FeedConfig {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/demo/berika.toml");
    let demo: toml::Table = toml::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let suppliers = demo["suppliers"].as_array().unwrap();
    let found = suppliers.iter().find(|s| s["id"].as_str() == Some(supplier)).unwrap();
    let mut sections = toml::Table::new();
    for name in ["format", "fields"] {
        if let Some(section) = found.get(name) {
            sections.insert(name.to_owned(), section.clone());
        }
    }
    sections.try_into().unwrap()
}

pub(crate) fn read_file(path: &Path, config: &FeedConfig) -> Read {
    read_with(path, config, &context(), &Limits::default())
}

pub(crate) fn read_with(
    path: &Path,
    config: &FeedConfig,
    context: &DeliveryContext,
    limits: &Limits,
) -> Read {
    let mut rows = Vec::new();
    let end = berika_feeds::read(path, config, context, limits, &mut |row| {
        rows.push(row);
        ControlFlow::Continue(())
    });
    Read { rows, end: end.map_err(|error| error.problem) }
}

pub(crate) fn file_of(bytes: &[u8]) -> tempfile::NamedTempFile {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(bytes).unwrap();
    file
}

pub(crate) fn read_bytes(bytes: &[u8], config: &FeedConfig) -> Read {
    read_file(file_of(bytes).path(), config)
}

pub(crate) fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}
