//! Feeds written by hand with what must be suggested for them: one TOML file each.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use berika_feeds::FeedConfig;
use serde::Deserialize;

use crate::xlsx::workbook;

/// A feed and what is right for it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Case {
    #[serde(skip)]
    pub(crate) name: String,
    /// The file's name as the supplier sends it.
    file: String,
    /// A WHATWG label; UTF-8 otherwise.
    encoding: Option<String>,
    /// `{g:731000010001}` stands for these digits with their check digit. For a workbook: tabs and lines.
    content: String,
    pub(crate) products: usize,
    format: String,
    language: String,
    currency: Option<String>,
    delivery: Option<String>,
    records: Option<String>,
    rows: Option<String>,
    header_row: Option<i64>,
    decimal_comma: Option<bool>,
    split: Option<String>,
    /// Field to column or columns; a field that is not here must not be suggested.
    fields: toml::Table,
    /// Columns that must be properties.
    #[serde(default)]
    attributes: Vec<String>,
    /// Columns that must not be properties.
    #[serde(default)]
    no_attributes: Vec<String>,
}

/// A case's file.
pub(crate) struct Written {
    _folder: tempfile::TempDir,
    pub(crate) path: PathBuf,
}

impl Case {
    pub(crate) fn read(path: &Path) -> Self {
        let text = std::fs::read_to_string(path).unwrap();
        let mut case: Self =
            toml::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        case.name = path.file_stem().unwrap().to_string_lossy().into_owned();
        case
    }

    pub(crate) fn write(&self) -> Written {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(&self.file);
        let content = with_check_digits(&self.content);
        let bytes = match self.encoding.as_deref() {
            _ if self.file.ends_with(".xlsx") => workbook_of(&content),
            None => content.into_bytes(),
            Some("utf-16le") => {
                let mark = b"\xff\xfe".iter().copied();
                mark.chain(content.encode_utf16().flat_map(u16::to_le_bytes)).collect()
            }
            Some(label) => {
                encoding_rs::Encoding::for_label(label.as_bytes()).unwrap().encode(&content).0.into_owned()
            }
        };
        std::fs::write(&path, &bytes).unwrap();
        Written { _folder: folder, path }
    }

    /// How many things are compared.
    pub(crate) fn expectations(&self) -> usize {
        let given = [
            self.currency.is_some(),
            self.delivery.is_some(),
            self.records.is_some(),
            self.rows.is_some(),
            self.header_row.is_some(),
            self.decimal_comma.is_some(),
            self.split.is_some(),
        ];
        2 + given.into_iter().filter(|given| *given).count()
            + 14
            + self.attributes.len()
            + self.no_attributes.len()
    }

    /// What is not as it should be.
    pub(crate) fn misses(
        &self,
        config: &FeedConfig,
        section: &toml::Table,
        columns: &[(&'static str, Vec<String>)],
        attributes: &[String],
    ) -> Vec<String> {
        let format = toml::Table::try_from(config.clone()).unwrap()["format"].as_table().unwrap().clone();
        let mut misses = Vec::new();
        let mut same = |what: &str, found: Option<String>, wanted: Option<String>| {
            if found != wanted {
                misses.push(format!("{what} is {found:?}, not {wanted:?}"));
            }
        };
        let text = |table: &toml::Table, key: &str| {
            table.get(key).map(|value| value.as_str().map_or_else(|| value.to_string(), str::to_owned))
        };
        same("format", text(&format, "type"), Some(self.format.clone()));
        same("language", text(section, "language"), Some(self.language.clone()));
        if self.currency.is_some() {
            same("currency", text(section, "currency"), self.currency.clone());
        }
        if self.delivery.is_some() {
            same("delivery", text(section, "delivery"), self.delivery.clone());
        }
        for (key, wanted) in [
            ("records", self.records.clone()),
            ("rows", self.rows.clone()),
            ("header_row", self.header_row.map(|row| row.to_string())),
            ("decimal_comma", self.decimal_comma.map(|comma| comma.to_string())),
        ] {
            if wanted.is_some() {
                same(key, text(&format, key), wanted);
            }
        }
        let split = config.fields.supplier_category.as_ref().and_then(|rule| rule.split.clone());
        if self.split.is_some() {
            same("split", split, self.split.clone());
        }
        for (field, found) in columns {
            let wanted: Vec<String> = match self.fields.get(*field) {
                None => Vec::new(),
                Some(toml::Value::Array(list)) => {
                    list.iter().map(|v| v.as_str().unwrap().to_owned()).collect()
                }
                Some(value) => vec![value.as_str().unwrap().to_owned()],
            };
            same(field, Some(found.join(" + ")), Some(wanted.join(" + ")));
        }
        for name in &self.attributes {
            if !attributes.contains(name) {
                misses.push(format!("{name:?} is no attribute: {attributes:?}"));
            }
        }
        for name in &self.no_attributes {
            if attributes.contains(name) {
                misses.push(format!("{name:?} is an attribute"));
            }
        }
        misses
    }
}

fn with_check_digits(content: &str) -> String {
    let mut parts = content.split("{g:");
    let mut whole = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (digits, rest) = part.split_once('}').unwrap();
        let weighed = digits
            .bytes()
            .rev()
            .enumerate()
            .map(|(i, b)| u32::from(b - b'0') * if i % 2 == 0 { 3 } else { 1 });
        let sum: u32 = weighed.sum();
        write!(whole, "{digits}{}{rest}", (10 - sum % 10) % 10).unwrap();
    }
    whole
}

/// Cells by tabs and lines; what is written as a number is one.
fn workbook_of(content: &str) -> Vec<u8> {
    let mut rows = String::new();
    for (row, line) in content.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        write!(rows, "<row r=\"{}\">", row + 1).unwrap();
        for (column, cell) in line.split('\t').enumerate().filter(|(_, cell)| !cell.is_empty()) {
            let at = format!("{}{}", char::from(b'A' + column as u8), row + 1);
            let escaped = cell.replace('&', "&amp;").replace('<', "&lt;");
            match cell.parse::<f64>() {
                Ok(number) => write!(rows, "<c r=\"{at}\"><v>{number}</v></c>").unwrap(),
                Err(_) => {
                    write!(rows, "<c r=\"{at}\" t=\"inlineStr\"><is><t>{escaped}</t></is></c>").unwrap();
                }
            }
        }
        rows.push_str("</row>");
    }
    workbook(&rows, false)
}
