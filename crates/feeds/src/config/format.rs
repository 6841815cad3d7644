//! The formats: `[suppliers.format]`.

use serde::{Deserialize, Serialize};

/// The kind of file and what cannot be told from the file itself.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(tag = "type", rename_all = "lowercase", deny_unknown_fields)]
pub enum Format {
    /// Delimited text.
    Csv(CsvFormat),
    /// One JSON document that holds an array of products.
    Json(JsonFormat),
    /// One JSON object a line.
    Jsonl(JsonLinesFormat),
    /// An Excel workbook. Its shared strings are held in memory.
    Xlsx(XlsxFormat),
    /// Google Merchant Center: RSS 2.0, Atom or delimited text.
    Google(XmlFormat),
    /// BMEcat 2005 or 1.2.
    Bmecat(XmlFormat),
    /// XML of any other kind, by the path of its rows.
    Xml(XmlRowsFormat),
    /// Shopify's product CSV: rows of variants and pictures are folded into their product.
    Shopify(CsvFormat),
    /// The product CSV of Magento 2 and Adobe Commerce.
    Magento(CsvFormat),
    /// WooCommerce's product CSV.
    Woocommerce(CsvFormat),
}

impl Format {
    /// The word that stands for it in the configuration.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Csv(_) => "csv",
            Self::Json(_) => "json",
            Self::Jsonl(_) => "jsonl",
            Self::Xlsx(_) => "xlsx",
            Self::Google(_) => "google",
            Self::Bmecat(_) => "bmecat",
            Self::Xml(_) => "xml",
            Self::Shopify(_) => "shopify",
            Self::Magento(_) => "magento",
            Self::Woocommerce(_) => "woocommerce",
        }
    }

    /// Whether numbers written as text have a decimal comma; `None` where only what is unambiguous may be read.
    pub(crate) fn decimal_comma(&self) -> Option<bool> {
        match self {
            Self::Csv(f) => f.decimal_comma,
            Self::Json(f) => f.decimal_comma,
            Self::Jsonl(f) => f.decimal_comma,
            Self::Xlsx(f) => f.decimal_comma,
            Self::Xml(f) => f.decimal_comma,
            // Both standards write a decimal point.
            Self::Google(f) | Self::Bmecat(f) => Some(f.decimal_comma.unwrap_or(false)),
            // And so do shop systems when they export.
            Self::Shopify(f) | Self::Magento(f) | Self::Woocommerce(f) => {
                Some(f.decimal_comma.unwrap_or(false))
            }
        }
    }
}

/// Delimited text.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct CsvFormat {
    /// One ASCII character; detected for each delivery where absent.
    pub delimiter: Option<char>,
    /// A WHATWG label such as `windows-1252`; detected for each delivery where absent.
    pub encoding: Option<String>,
    /// Whether `1,234` is a fraction (true) or a thousand (false); where absent, the delivery's other numbers tell.
    pub decimal_comma: Option<bool>,
    /// The header's row, counted from 1 and without blank lines; found for each delivery where absent.
    pub header_row: Option<u32>,
}

/// One JSON document.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct JsonFormat {
    /// JSON pointer (RFC 6901) to the array of products or the object whose members are products, such as
    /// `/data/products`; `*` stands for every member or element. Absent: the document is the array.
    pub records: Option<String>,
    /// Whether `"1,234"` is a fraction. JSON numbers need no such word.
    pub decimal_comma: Option<bool>,
}

/// One JSON object a line.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct JsonLinesFormat {
    /// Whether `"1,234"` is a fraction. JSON numbers need no such word.
    pub decimal_comma: Option<bool>,
}

/// An Excel workbook.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct XlsxFormat {
    /// The sheet's name; the first visible sheet where absent.
    pub sheet: Option<String>,
    /// The header's row as the spreadsheet numbers it; found for each delivery where absent.
    pub header_row: Option<u32>,
    /// Whether a text `1,234` is a fraction. Number cells need no such word.
    pub decimal_comma: Option<bool>,
}

/// An XML format with a mapping of its own, which `fields` can override.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct XmlFormat {
    /// Whether `1,234` is a fraction; false where absent, as the standards have it.
    pub decimal_comma: Option<bool>,
}

/// XML with rows at a path of their own.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct XmlRowsFormat {
    /// The path of the element that is a row: `catalog/products/product` from the root on, or `//product` anywhere.
    pub rows: String,
    /// Whether `1,234` is a fraction.
    #[serde(default)]
    pub decimal_comma: Option<bool>,
}
