//! The same product data as delimited text: TSV, CSV or TXT, by the attributes' names in the header.
//!
//! Names are taken without regard to case, with blanks or underscores, and in German as Google's own templates have
//! them.

use std::borrow::Cow;

use super::{built_in, is_sold_so};
use crate::FeedProblem;
use crate::RowError;
use crate::config::{CsvFormat, FieldRule, Fields};
use crate::csv::{Dialect, Record, Table, TableRow};
use crate::error::nearest_name;
use crate::item::{Cell, Item, Source as Column};
use crate::mapper::{Mapper, Plan};
use crate::output::Output;
use crate::row::RowWarning;
use crate::source::Source;

/// German names of attributes that fields are read from.
const GERMAN: &[(&str, &str)] = &[
    ("titel", "title"),
    ("beschreibung", "description"),
    ("marke", "brand"),
    ("preis", "price"),
    ("bildlink", "image_link"),
    ("zusätzlicher_bildlink", "additional_image_link"),
    ("produkttyp", "product_type"),
    ("google_produktkategorie", "google_product_category"),
    ("artikelgruppe", "item_group_id"),
    ("zustand", "condition"),
    ("verfügbarkeit", "availability"),
    ("versand", "shipping"),
    ("sonderangebotspreis", "sale_price"),
];

pub(super) fn read(source: &Source, fields: &Fields, output: &mut Output<'_>) -> Result<(), FeedProblem> {
    let hints = Fields { title: Some(FieldRule::column("title")), ..fields.clone() };
    let dialect = Dialect::find(source, &CsvFormat::default(), &hints, output)?;
    let mut table = Table::open(source, &dialect, output.limits)?;
    let names: Vec<String> = table.columns.iter().map(|column| attribute(column)).collect();
    let built_in = in_columns(&built_in(), &names, &table.columns);
    if fields.sku.is_none() && built_in.sku.is_none() {
        return Err(FeedProblem::ColumnMissing {
            field: "sku".to_owned(),
            column: "id".to_owned(),
            nearest: nearest_name("id", table.columns.iter().map(String::as_str)),
        });
    }
    let plan = Plan::for_known_table(fields, &built_in, &table.columns)?;
    table.set_keys(plan.key_columns())?;
    output.delivery.columns.clone_from(&table.columns);
    let properties = properties(&names, &built_in, &table.columns);
    let product_type = names.iter().position(|name| name == "product_type");
    let mapper = Mapper::new(plan, output)?;
    while let Some(row) = table.next()? {
        let given = match row {
            TableRow::Whole(record) => {
                output.give(mapper.row(&Product { record, names: &properties, product_type }))?
            }
            TableRow::Faulty(record, error) => {
                output.reject(RowError { sku: mapper.sku(&record), ..error })?
            }
            TableRow::Aside(error) => output.reject(error)?,
        };
        if given.is_break() {
            break;
        }
    }
    Ok(())
}

/// The attribute that a column holds: `Additional image link` is `additional_image_link`.
fn attribute(column: &str) -> String {
    // Structured ones name their parts: `product_detail(section_name:attribute_name:attribute_value)`. The second
    // column of a name is numbered: `product_detail (2)`.
    let name = column.split('(').next().unwrap_or(column).trim().to_lowercase();
    let name = name.strip_prefix("g:").unwrap_or(&name).replace([' ', '-'], "_");
    let known = GERMAN.iter().find(|(german, _)| *german == name);
    known.map_or(name, |(_, english)| (*english).to_owned())
}

/// The rules of the XML over the columns of a table.
fn in_columns(rules: &Fields, names: &[String], columns: &[String]) -> Fields {
    let column = |wanted: &String| {
        let wanted = wanted.strip_prefix("g:").unwrap_or(wanted);
        let found = names.iter().enumerate().filter(move |(_, name)| *name == wanted);
        found.map(|(place, _)| columns[place].clone()).collect::<Vec<_>>()
    };
    let of = |rule: &Option<FieldRule>| {
        let rule = rule.as_ref()?;
        let mut from: Vec<String> = rule.from.iter().flat_map(column).collect();
        from.dedup();
        (!from.is_empty()).then(|| FieldRule { from, ..rule.clone() })
    };
    Fields {
        sku: of(&rules.sku),
        title: of(&rules.title),
        brand: of(&rules.brand),
        gtin: of(&rules.gtin),
        mpn: of(&rules.mpn),
        description: of(&rules.description),
        supplier_category: of(&rules.supplier_category),
        price: of(&rules.price),
        images: of(&rules.images),
        stock: of(&rules.stock),
        group_id: of(&rules.group_id),
        ..Fields::default()
    }
}

/// The columns that are properties, with the names they go by.
fn properties(names: &[String], fields: &Fields, columns: &[String]) -> Vec<(usize, String)> {
    let rules = fields.rules().into_iter().filter_map(|(_, rule)| rule);
    let used: Vec<&String> = rules.flat_map(|rule| &rule.from).collect();
    let is_property = |place: usize, name: &str| {
        let structured = matches!(name, "structured_title" | "structured_description");
        name == "google_product_category"
            || !(name.is_empty() || structured || is_sold_so(name) || used.contains(&&columns[place]))
    };
    let all = names.iter().enumerate().filter(|(place, name)| is_property(*place, name));
    all.map(|(place, name)| (place, name.clone())).collect()
}

/// A row with its properties.
struct Product<'t> {
    record: Record<'t>,
    names: &'t [(usize, String)],
    product_type: Option<usize>,
}

impl Item for Product<'_> {
    fn number(&self) -> u64 {
        self.record.number()
    }

    fn values<'s>(&'s self, column: &Column, found: &mut dyn FnMut(Cell<'s>)) {
        self.record.values(column, found);
    }

    fn members<'s>(&'s self, column: &Column, found: &mut dyn FnMut(Cow<'s, str>, Cell<'s>)) {
        self.record.members(column, found);
    }

    fn everything<'s>(&'s self, found: &mut dyn FnMut(Cow<'s, str>, Cell<'s>)) {
        self.record.everything(found);
    }

    fn properties<'s>(&'s self, found: &mut dyn FnMut(Cow<'s, str>, Cell<'s>)) {
        for (place, name) in self.names {
            let text = self.record.text(Some(*place));
            match name.as_str() {
                "condition" if text.trim().eq_ignore_ascii_case("new") || text.trim() == "neu" => {}
                // Where there is no product type it is the category itself.
                "google_product_category" if self.record.text(self.product_type).trim().is_empty() => {}
                "product_detail" => {
                    details(text).for_each(|(name, value)| found(Cow::Owned(name), Cell::text(value)));
                }
                name => found(Cow::Borrowed(name), Cell::text(text)),
            }
        }
    }

    fn repairs(&self) -> &[RowWarning] {
        self.record.repairs()
    }
}

/// `Section:Name:Value,Section:Name:Value` as names and values. A part without two colons belongs to the value before
/// it.
fn details(text: &str) -> impl Iterator<Item = (String, String)> {
    let mut details: Vec<(String, String)> = Vec::new();
    for part in text.split(',') {
        let mut parts = part.splitn(3, ':').map(|part| part.trim().trim_matches('"'));
        match (parts.next(), parts.next(), parts.next()) {
            (Some(_), Some(name), Some(value)) if !name.is_empty() => {
                details.push((name.to_owned(), value.to_owned()));
            }
            _ => {
                if let Some((_, value)) = details.last_mut() {
                    value.push(',');
                    value.push_str(part.trim_end_matches('"'));
                }
            }
        }
    }
    details.into_iter()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attributes_are_known_however_they_are_written() {
        for name in ["Additional image link", "g:additional_image_link", "additional_image_link (2)"] {
            assert_eq!(attribute(name), "additional_image_link");
        }
        assert_eq!(attribute("Preis"), "price");
        assert_eq!(attribute("shipping(country:price)"), "shipping");
    }

    #[test]
    fn details_keep_the_commas_of_their_values() {
        let read = |text| details(text).map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>();
        assert_eq!(read("General:Type:Player,:Memory:Flash, 8 GB"), ["Type=Player", "Memory=Flash, 8 GB"]);
        assert_eq!(read("Size:Ratio:16:9"), ["Ratio=16:9"]);
        assert_eq!(read("nothing"), Vec::<String>::new());
    }
}
