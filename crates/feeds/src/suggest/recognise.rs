//! What kind of file it is, by its content: the name is not asked.

use super::records;
use crate::config::{CsvFormat, Format, JsonFormat, JsonLinesFormat, XlsxFormat, XmlFormat, XmlRowsFormat};
use crate::row::shorten;
use crate::source::Source;
use crate::{FeedProblem, Limits, bmecat, encoding, xml};

/// A format as it was recognised.
#[derive(Debug)]
pub(super) struct Recognised {
    pub(super) format: Format,
    /// Its own mapping says what is what: nothing is to be found out.
    pub(super) built_in: bool,
    /// Whether it says itself to list changes only, where it says either.
    pub(super) is_update: Option<bool>,
    pub(super) doubts: Vec<String>,
}

impl Recognised {
    fn new(format: Format, built_in: bool) -> Self {
        Self { format, built_in, is_update: None, doubts: Vec::new() }
    }
}

/// Recognises the format of a delivery.
///
/// # Errors
/// [`FeedProblem::WrongContent`] for what no reader reads, such as a web page.
pub(super) fn recognise(source: &Source, limits: &Limits) -> Result<Recognised, FeedProblem> {
    if source.head().starts_with(b"PK\x03\x04") {
        return Ok(Recognised::new(Format::Xlsx(XlsxFormat::default()), false));
    }
    source.expect_text("a product feed")?;
    match first_character(source)? {
        Some('<') => xml(source, limits),
        Some('{' | '[') => json(source),
        _ => Ok(Recognised::new(Format::Csv(CsvFormat::default()), false)),
    }
}

/// The shop system whose export a table of these columns is.
pub(super) fn shop(format: &Format, columns: &[String]) -> Option<Format> {
    let Format::Csv(table) = format else { return None };
    let has = |name: &str| columns.iter().any(|column| column.eq_ignore_ascii_case(name));
    let handle = has("Handle") || has("URL handle");
    let is_shopify = handle && (has("Option1 Name") || has("Variant Price") || has("Option1 name"));
    is_shopify.then(|| Format::Shopify(table.clone()))
}

fn first_character(source: &Source) -> Result<Option<char>, FeedProblem> {
    use std::io::Read as _;
    let found = encoding::find(source, None)?;
    let mut text = Vec::new();
    let reader = encoding::decode(source, found)?;
    reader.take(4096).read_to_end(&mut text).map_err(FeedProblem::io("read the file"))?;
    Ok(String::from_utf8_lossy(&text).chars().find(|c| !c.is_whitespace() && *c != '\u{feff}'))
}

fn json(source: &Source) -> Result<Recognised, FeedProblem> {
    let found = records::find(source)?;
    let mut recognised = match found.shape {
        records::Shape::Lines => Recognised::new(Format::Jsonl(JsonLinesFormat::default()), false),
        records::Shape::Document(pointer) => {
            let records = Some(pointer).filter(|pointer| !pointer.is_empty());
            Recognised::new(Format::Json(JsonFormat { records, ..JsonFormat::default() }), false)
        }
    };
    recognised.doubts.extend(found.doubt);
    Ok(recognised)
}

fn xml(source: &Source, limits: &Limits) -> Result<Recognised, FeedProblem> {
    let found = encoding::find_in_xml(source)?;
    match xml::root(source, found, limits)?.as_deref() {
        Some("rss" | "feed" | "RDF") => Ok(Recognised::new(Format::Google(XmlFormat::default()), true)),
        Some("BMECAT") => {
            let is_update = Some(bmecat::is_update(source, limits)?);
            Ok(Recognised { is_update, ..Recognised::new(Format::Bmecat(XmlFormat::default()), true) })
        }
        root => {
            let Some(rows) = xml::likely_rows(source, found, limits)? else {
                let found = format!("XML with the root element {:?}", shorten(root.unwrap_or_default()));
                return Err(FeedProblem::WrongContent { expected: "a product feed", found });
            };
            Ok(Recognised::new(Format::Xml(XmlRowsFormat { rows, decimal_comma: None }), false))
        }
    }
}
