//! What reading gives out: rows, what was wrong with them, and the delivery's summary.

use std::fmt;

use berika_catalog::{Currency, DeliveryKind, GtinError, Language, ProductRecord, SupplierId};

/// What is known of a delivery apart from its bytes.
#[derive(Debug, Clone)]
pub struct DeliveryContext {
    /// Who sent it.
    pub supplier: SupplierId,
    /// The file or address as provenance and errors show it, without credentials.
    pub file: String,
    /// Whether it is the whole assortment. A row of a delta needs a key and nothing else.
    pub kind: DeliveryKind,
    /// The supplier's language, where a row does not give one.
    pub language: Option<Language>,
    /// The supplier's currency, where a price does not give one.
    pub currency: Option<Currency>,
}

/// One row, item or line: a product or the reason why it is none.
#[derive(Debug)]
pub struct Row {
    /// Counted from 1. A table's header is a row; items of JSON and XML and lines of JSONL are counted by themselves.
    pub number: u64,
    /// How many further rows belong to the same product, such as its variants and pictures: they are stored, or
    /// refused, with it.
    pub folded: u64,
    /// The product, or why the row is not stored.
    pub outcome: Result<ProductRecord, RowError>,
    /// Fields that were dropped or repaired. The product is good without them.
    pub warnings: Vec<RowWarning>,
}

impl Row {
    /// Notes what was repaired in the item as a whole.
    pub(crate) fn warn_of_item(&mut self, problem: FieldProblem) {
        let (field, column, value) = ("item".to_owned(), None, None);
        self.warnings.push(RowWarning { row: self.number, field, column, value, problem });
    }
}

/// Why a row is not stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowError {
    /// The row.
    pub row: u64,
    /// The article number, where it could be read: the product is listed, although this row cannot be used.
    pub sku: Option<String>,
    /// The column or path.
    pub column: Option<String>,
    /// The value, shortened.
    pub value: Option<String>,
    /// What is wrong and what to do.
    pub problem: RowProblem,
}

/// What makes a row unusable.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RowProblem {
    /// No article number.
    #[error("the article number is missing")]
    NoSku,
    /// An article number with a NUL byte or of absurd length.
    #[error("this is no article number: {0}")]
    BadSku(&'static str),
    /// An article number that a spreadsheet did not compute.
    #[error("the cell holds a spreadsheet error; repair the formula")]
    SkuError,
    /// An article number that a spreadsheet took for a date: what it was cannot be known.
    #[error(
        "the cell holds a date; where an article number such as 1-2 became one, format the column as text"
    )]
    SkuDate,
    /// Nothing that says what the product is.
    #[error("neither a title nor a GTIN: nothing says what the product is")]
    Nameless,
    /// Another number of cells than the header has.
    #[error("{found} cells where the header has {expected}; look for an unquoted delimiter or line break")]
    Ragged {
        /// The header's columns.
        expected: usize,
        /// This row's cells.
        found: usize,
    },
    /// A row over several lines with another number of cells than the header, or whose quote is never closed.
    #[error(
        "a quote that is opened here is not closed where it should be: what stands in lines {first_line} to \
         {last_line} is lost; double the quotes within cells"
    )]
    Unclosed {
        /// The row's first line.
        first_line: u64,
        /// The last line that is lost with it.
        last_line: u64,
    },
    /// A cell over the cap.
    #[error("the value has {bytes} bytes, more than {limit}")]
    TooLarge {
        /// Its size.
        bytes: u64,
        /// The cap.
        limit: u64,
    },
    /// An XML item that is not well-formed in a way that can mean several things.
    #[error(
        "not well-formed in lines {first_line} to {last_line}: {reason}; the item is lost, no other is; have the \
         supplier's export repaired"
    )]
    IllFormed {
        /// The item's first line.
        first_line: u64,
        /// The last line that is lost.
        last_line: u64,
        /// What the reader stumbled on first, and where.
        reason: String,
    },
    /// A product that an update of a catalogue takes out of it.
    #[error("the supplier withdraws the product: mode=\"delete\"")]
    Withdrawn,
    /// A product whose texts together are over the cap.
    #[error("the texts of the product have {bytes} bytes, more than {limit}; shorten its description")]
    ProductTooLarge {
        /// Their size.
        bytes: u64,
        /// The cap.
        limit: u64,
    },
    /// An XML item of tens of thousands of elements.
    #[error("the item has more parts than a product can have")]
    TooManyParts,
    /// A line that is no JSON.
    #[error("not valid JSON: {0}")]
    Json(String),
    /// JSON that is no object.
    #[error("a product must be a JSON object, not {0}")]
    NotAnObject(&'static str),
    /// The header once more, or a row of units or technical names below it.
    #[error("this is a header, not a product")]
    Header,
    /// A total, a count or an end mark below the table.
    #[error("this closes the table, it is no product")]
    Closing,
    /// A product that the shop itself does not sell.
    #[error("product {product:?} is not for sale")]
    NotForSale {
        /// Its article number.
        product: String,
    },
    /// Two rows that claim to be the same product, or the same variant of it, and differ.
    #[error("row {first} is the same variant of product {product:?} and says otherwise; the first is kept")]
    Repeated {
        /// The product's article number.
        product: String,
        /// The row that was kept.
        first: u64,
    },
    /// Cells only where the table has no header.
    #[error("the row has cells only in columns without a header")]
    OutsideTable,
}

impl RowProblem {
    /// A word for counting rows by what is wrong with them.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::NoSku => "no-sku",
            Self::BadSku(_) => "bad-sku",
            Self::SkuError => "sku-error-cell",
            Self::SkuDate => "sku-date",
            Self::Nameless => "nameless",
            Self::Ragged { .. } => "ragged",
            Self::Unclosed { .. } => "unclosed-quote",
            Self::IllFormed { .. } => "ill-formed",
            Self::Withdrawn => "withdrawn",
            Self::TooLarge { .. } | Self::ProductTooLarge { .. } => "too-large",
            Self::TooManyParts => "too-many-parts",
            Self::Json(_) => "not-json",
            Self::NotAnObject(_) => "not-an-object",
            Self::Header => "header",
            Self::Closing => "closing",
            Self::NotForSale { .. } => "not-for-sale",
            Self::Repeated { .. } => "repeated",
            Self::OutsideTable => "outside-table",
        }
    }
}

impl fmt::Display for RowError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        place(f, self.row, self.column.as_deref(), self.value.as_deref())?;
        write!(f, ": {}", self.problem)
    }
}

impl std::error::Error for RowError {}

/// A field of a stored row that was dropped or repaired.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowWarning {
    /// The row.
    pub row: u64,
    /// The field's name, as in [`berika_catalog::ProductValues::fields`].
    pub field: String,
    /// The column or path.
    pub column: Option<String>,
    /// The value, shortened.
    pub value: Option<String>,
    /// What is wrong and what to do.
    pub problem: FieldProblem,
}

/// What is wrong with a field.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FieldProblem {
    /// No usable GTIN; the product is kept without.
    #[error("dropped: {0}")]
    Gtin(#[from] GtinError),
    /// Digits of the GTIN are missing, and no check digit can tell which.
    #[error("dropped, digits are missing: {0}")]
    GtinDamaged(GtinError),
    /// The GTIN was damaged and is whole again.
    #[error("repaired: {0}; export the column as text")]
    GtinRestored(&'static str),
    /// More than one GTIN.
    #[error("the first of several GTINs was taken; send one")]
    GtinSeveral,
    /// A number that a shop or region hands out itself.
    #[error("kept, but this number is internal to a shop: it identifies nothing outside it")]
    GtinInternal,
    /// No number, or one that can be read in two ways.
    #[error("dropped: {0}")]
    Number(#[from] crate::number::NumberError),
    /// A price of nothing.
    #[error("dropped: a price of 0 stands for no price")]
    ZeroPrice,
    /// A price from which others rise.
    #[error("the lowest price of a range was taken")]
    PriceRange,
    /// A price without currency.
    #[error("dropped: no currency is known; set the currency beside the price's rule, or the supplier's")]
    NoCurrency,
    /// A text that is no currency.
    #[error("ignored: this is no currency code such as \"SEK\"")]
    Currency,
    /// No date, or one that can be read in two ways.
    #[error("dropped: this is no date that can be read in one way only; write it as 2026-11-30")]
    Date,
    /// A text that is no language.
    #[error("ignored: this is no language tag such as \"sv\"")]
    Language,
    /// A value that a rule's map does not list.
    #[error("dropped: the rule's map does not list this value; add it, or set unmapped = \"keep\"")]
    Unmapped,
    /// A value that the rule's pattern does not match.
    #[error("dropped: the rule's pattern does not match; a default of \"\" says that this is no fault")]
    Unmatched,
    /// No amount that can be converted.
    #[error("kept as it is: this is no amount that can be converted to {0}")]
    Unit(&'static str),
    /// A picture's address that no browser may be sent to.
    #[error("dropped: a picture's address must be a file name or begin with http:// or https://")]
    Image,
    /// A spreadsheet's error cell.
    #[error("dropped: the cell holds a spreadsheet error")]
    ErrorCell,
    /// NUL bytes, which were taken out.
    #[error("repaired: NUL bytes were taken out")]
    Nul,
    /// Bytes that the encoding has no character for.
    #[error("kept, with U+FFFD for bytes that are not in the file's encoding")]
    Undecodable,
    /// A row in another encoding than the delivery.
    #[error("repaired: the row is not in the file's encoding and was read as {encoding}")]
    OtherEncoding {
        /// What it was read as.
        encoding: &'static str,
    },
    /// Text that was decoded wrongly before it came here.
    #[error("repaired: the text had been read in a wrong encoding, as in `KÃ¶tt` for `Kött`")]
    Mojibake,
    /// HTML that could not be made into text.
    #[error("kept as it is: its HTML nests too deep or is too large to be read")]
    Html,
    /// An article number such as `1 Feb`.
    #[error(
        "kept, but a spreadsheet seems to have made a date of it; format the column as text and export again"
    )]
    DateSku,
    /// An article number such as `1,23E+12`.
    #[error(
        "kept, but a spreadsheet seems to have rounded it, so that several articles may share it; format the column \
         as text and export again"
    )]
    RoundedSku,
    /// Two cells of a sheet with one address.
    #[error("ignored: another cell of the sheet has the same address and is kept; save the workbook again")]
    CellTwice,
    /// A row without its last cells.
    #[error("padded: the last {missing} cells are missing and were taken for blank")]
    Padded {
        /// How many.
        missing: usize,
    },
    /// Quotes within a quoted cell that were not doubled, or text behind it.
    #[error("repaired: quotes stand where none should; double those within quoted cells")]
    Quotes,
    /// A variant's article number that is not its own.
    #[error("replaced by the product's and what tells the variant apart: {0}")]
    VariantSku(&'static str),
    /// Texts in the language of another store view.
    #[error("ignored: texts of a store view that is not in the supplier's language")]
    StoreView,
    /// A further row of a product that says otherwise than the first.
    #[error("ignored: row {first} of the same product says otherwise and is kept")]
    Contradicted {
        /// The row that was kept.
        first: u64,
    },
    /// A fault in the item's JSON that leaves no doubt about what is meant.
    #[error("repaired: {0}")]
    Json(&'static str),
    /// An ampersand that XML does not allow there.
    #[error("repaired: an ampersand that begins no known entity was taken as it stands; write it as &amp;")]
    Ampersand,
    /// Something else that XML does not allow and that can only be meant in one way.
    #[error("repaired: {0}")]
    Markup(&'static str),
}

impl FieldProblem {
    /// A word for counting warnings.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Gtin(_) => "gtin",
            Self::GtinDamaged(_) => "gtin-damaged",
            Self::GtinRestored(_) => "gtin-restored",
            Self::GtinSeveral => "gtin-several",
            Self::GtinInternal => "gtin-internal",
            Self::Number(_) => "number",
            Self::ZeroPrice => "zero-price",
            Self::PriceRange => "price-range",
            Self::NoCurrency => "no-currency",
            Self::Currency => "currency",
            Self::Date => "date",
            Self::Language => "language",
            Self::Unmapped => "unmapped",
            Self::Unmatched => "unmatched",
            Self::Unit(_) => "unit",
            Self::Image => "image",
            Self::ErrorCell => "error-cell",
            Self::Nul => "nul",
            Self::Undecodable => "undecodable",
            Self::OtherEncoding { .. } => "other-encoding",
            Self::Mojibake => "mojibake",
            Self::Html => "html",
            Self::DateSku => "date-sku",
            Self::CellTwice => "cell-twice",
            Self::RoundedSku => "rounded-sku",
            Self::Padded { .. } => "padded",
            Self::Quotes => "quotes",
            Self::VariantSku(_) => "variant-sku",
            Self::StoreView => "store-view",
            Self::Contradicted { .. } => "contradicted",
            Self::Json(_) => "json",
            Self::Ampersand => "ampersand",
            Self::Markup(_) => "markup",
        }
    }
}

impl fmt::Display for RowWarning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        place(f, self.row, self.column.as_deref(), self.value.as_deref())?;
        write!(f, ": {} {}", self.field, self.problem)
    }
}

/// What was read, known once the last row is out.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Delivery {
    /// Rows read: products, folded and rejected ones.
    pub rows: u64,
    /// Rows that are products.
    pub products: u64,
    /// Rows that are part of the product of another row: its variants and pictures.
    pub folded: u64,
    /// Rows that are not, each with its [`RowError`].
    pub rejected: u64,
    /// Warnings on rows that are products.
    pub warnings: u64,
    /// What its silence means, where the file itself says so: an update of a BMEcat catalogue is a delta.
    pub kind: Option<DeliveryKind>,
    /// The encoding it was read in.
    pub encoding: Option<String>,
    /// The encoding that was second best, where it was a guess.
    pub encoding_runner_up: Option<String>,
    /// The delimiter it was read with.
    pub delimiter: Option<char>,
    /// The delimiter that was second best, where it was a guess.
    pub delimiter_runner_up: Option<char>,
    /// What speaks for the delimiter, in words.
    pub delimiter_evidence: Option<String>,
    /// How cells are quoted, in words.
    pub quotes: Option<&'static str>,
    /// The header's row, counted from 1.
    pub header_row: Option<u64>,
    /// The sheet it was read from.
    pub sheet: Option<String>,
    /// Rows of a sheet that the spreadsheet does not show, because they are hidden or filtered out. They are read.
    pub hidden_rows: u64,
    /// A table's columns; repeated names are numbered: `Bild`, `Bild (2)`.
    pub columns: Vec<String>,
    /// Paths that `fields` names and no item had: perhaps the supplier renamed them. Only for JSON and XML; in a
    /// table a missing column refuses the delivery.
    pub unseen: Vec<String>,
    /// What is wrong with an XML document around its items, each with its line; 20 at most. No item was lost by it.
    pub notes: Vec<String>,
    /// Whether the receiver of the rows stopped before the end.
    pub stopped: bool,
}

/// At most 60 characters of a value, for messages.
pub(crate) fn shorten(text: &str) -> String {
    shorten_to(text, 60)
}

/// At most so many characters.
pub(crate) fn shorten_to(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

fn place(f: &mut fmt::Formatter<'_>, row: u64, column: Option<&str>, value: Option<&str>) -> fmt::Result {
    write!(f, "row {row}")?;
    if let Some(column) = column {
        write!(f, ", column {column:?}")?;
    }
    if let Some(value) = value {
        write!(f, ", value {value:?}")?;
    }
    Ok(())
}
