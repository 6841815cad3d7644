//! Why a whole delivery cannot be read, or not to its end. What is wrong with one row is in `row`.

use std::fmt;
use std::io;

use berika_catalog::SupplierId;

/// A delivery that could not be read, or not to its end. Rows that were given out before stay good, but the delivery
/// is incomplete: nothing may be concluded from a product's absence.
#[derive(Debug)]
pub struct FeedError {
    /// The supplier.
    pub supplier: SupplierId,
    /// The file as it is shown.
    pub file: String,
    /// What is wrong.
    pub problem: FeedProblem,
}

impl fmt::Display for FeedError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "supplier {}, file {}: {}", self.supplier, self.file, self.problem)
    }
}

impl std::error::Error for FeedError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        std::error::Error::source(&self.problem)
    }
}

/// What is wrong with a delivery as a whole.
#[derive(Debug, thiserror::Error)]
pub enum FeedProblem {
    /// The file could not be opened or read.
    #[error("cannot {step}")]
    Io {
        /// What was being done.
        step: &'static str,
        /// Why it failed.
        #[source]
        source: io::Error,
    },
    /// Nothing in it.
    #[error("the file is empty; ask the supplier to send it again")]
    Empty,
    /// A header or an envelope without any product.
    #[error("the file holds no rows; an empty assortment is not believed")]
    NoRows,
    /// Something else than the declared format.
    #[error("expected {expected} but found {found}; {}", remedy(.found))]
    WrongContent {
        /// The declared format.
        expected: &'static str,
        /// What it looks like.
        found: String,
    },
    /// A mapped column that the header lacks.
    #[error("column {column:?}, mapped to {field}, is not in the header{}", renamed(.nearest))]
    ColumnMissing {
        /// The field that needs it.
        field: String,
        /// The column.
        column: String,
        /// The column whose name is most like it.
        nearest: Option<String>,
    },
    /// No rule says what a product's key is.
    #[error("fields.sku is not set: name the column that holds the article number")]
    NoSkuField,
    /// A rule that cannot be used.
    #[error("fields.{field}.{key}: {reason}")]
    Rule {
        /// The field.
        field: String,
        /// The rule's key.
        key: &'static str,
        /// What is wrong with it.
        reason: String,
    },
    /// A setting that is no possible value.
    #[error("format.{key}: {reason}")]
    Setting {
        /// The key.
        key: &'static str,
        /// What is wrong with it.
        reason: String,
    },
    /// A packed file that stops early or is damaged.
    #[error("the {packing} file is cut off or damaged; fetch it again")]
    Packed {
        /// How it is packed.
        packing: &'static str,
        /// What the unpacker stumbled on.
        #[source]
        source: io::Error,
    },
    /// A zip archive of which no member can be read, or not one alone.
    #[error("the zip archive is not read: {reason}")]
    Archive {
        /// What is wrong with it.
        reason: String,
    },
    /// A packed file within a packed file.
    #[error("a {inner} file lies within a {outer} file; have it packed once only")]
    Nested {
        /// How the delivery is packed.
        outer: &'static str,
        /// How that is packed that lies within.
        inner: &'static str,
    },
    /// More bytes than allowed.
    #[error("more than {limit} bytes when unpacked; if that is right, raise the limit for this supplier")]
    TooLarge {
        /// The cap.
        limit: u64,
    },
    /// More rows than allowed.
    #[error("more than {limit} rows; if that is right, raise the limit for this supplier")]
    TooManyRows {
        /// The cap.
        limit: u64,
    },
    /// More columns than allowed.
    #[error("{found} columns, more than {limit}; check the delimiter")]
    TooManyColumns {
        /// The header's columns.
        found: usize,
        /// The cap.
        limit: usize,
    },
    /// A row whose end does not come.
    #[error("row {row} is longer than {limit} bytes; look for a quote that is never closed")]
    RowTooLarge {
        /// The row.
        row: u64,
        /// The cap.
        limit: u64,
    },
    /// Rows of one product stand so far apart that they cannot be held until the last has come.
    #[error(
        "row {row}: more than {limit} bytes of rows wait for further rows of their product; sort the file by {column:?}"
    )]
    Scattered {
        /// The row that was one too many.
        row: u64,
        /// The column that says which product a row belongs to.
        column: String,
        /// The cap.
        limit: usize,
    },
    /// XML that is not well-formed.
    #[error("XML is not well-formed at line {line}: {reason}; later items are not read")]
    Xml {
        /// The line.
        line: u64,
        /// What the reader stumbled on.
        reason: String,
    },
    /// A document type with declarations: the way of entity attacks. Never expanded, never fetched.
    #[error("line {line}: the document declares entities or a DTD of its own, which are refused")]
    Doctype {
        /// The line.
        line: u64,
    },
    /// Elements nested too deep.
    #[error("line {line}: elements nest deeper than {limit}")]
    TooDeep {
        /// The line.
        line: u64,
        /// The cap.
        limit: usize,
    },
    /// JSON that cannot be read on.
    #[error("not valid JSON at line {line}, column {column}: {reason}; later items are not read")]
    Json {
        /// The line.
        line: usize,
        /// The column in bytes.
        column: usize,
        /// What the reader stumbled on.
        reason: String,
    },
    /// No array where `records` points.
    #[error("no array of products at {pointer:?}; set format.records to the JSON pointer of the array")]
    NoRecords {
        /// The pointer; empty for the document itself.
        pointer: String,
    },
    /// No element where `rows` points.
    #[error("no element at {path:?}{}", likely_path(.likely))]
    NoElements {
        /// The path.
        path: String,
        /// The path of the elements that look most like products.
        likely: Option<String>,
    },
    /// A field's source that is no path.
    #[error("fields: {text:?} is no path such as \"price/@currency\" or \"names/name[@lang='sv']\"")]
    NoPath {
        /// The source.
        text: String,
    },
    /// A damaged workbook.
    #[error("the workbook cannot be read: {reason}; open it in a spreadsheet program and save it again")]
    Workbook {
        /// What the reader stumbled on.
        reason: String,
    },
    /// No such sheet.
    #[error("no sheet {sheet:?}{}", renamed(.nearest))]
    SheetMissing {
        /// The sheet asked for.
        sheet: String,
        /// The sheet whose name is most like it.
        nearest: Option<String>,
    },
}

impl FeedProblem {
    pub(crate) fn io(step: &'static str) -> impl FnOnce(io::Error) -> Self {
        move |source| Self::Io { step, source }
    }
}

/// What to do about another kind of file.
fn remedy(found: &str) -> &'static str {
    if found.contains("(.xls)") {
        "open it in a spreadsheet program and save it as .xlsx, or ask the supplier to"
    } else {
        "check the supplier's address and login, or the format's type"
    }
}

fn renamed(name: &Option<String>) -> String {
    name.as_ref().map(|name| format!("; did the supplier rename it to {name:?}?")).unwrap_or_default()
}

fn likely_path(path: &Option<String>) -> String {
    let path = path.as_ref();
    path.map(|path| format!("; set format.rows to {path:?}, if that is a product")).unwrap_or_default()
}

/// The name among `names` that is most like `wanted`, if any is like it at all.
pub(crate) fn nearest_name<'a>(wanted: &str, names: impl IntoIterator<Item = &'a str>) -> Option<String> {
    const LIKE: f64 = 0.7;
    let folded = wanted.to_lowercase();
    names
        .into_iter()
        .filter(|name| !name.is_empty() && name.len() < 200)
        .map(|name| (strsim::jaro_winkler(&folded, &name.to_lowercase()), name))
        .filter(|(likeness, _)| *likeness >= LIKE)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, name)| name.to_owned())
}
