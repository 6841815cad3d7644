//! Shopify's product CSV, under its old column names (`Handle`, `Variant SKU`, `Image Src`) and its new ones
//! (`URL handle`, `SKU`, `Product image URL`).
//!
//! A product's first row holds its texts and its first variant; the rows below with the same handle hold further
//! variants, further pictures, or one of each. The handle is the product's article number: every product has one,
//! and it stays when variants come and go, which the number of a variant does not.

mod properties;

use crate::FeedProblem;
use crate::config::{FieldRule, Fields};
use crate::csv::KeptRow;
use crate::row::shorten;
use crate::{FieldProblem, RowError, RowProblem, RowWarning};
use properties::Properties;

use super::Layout;
use super::columns::Columns;
use super::fold::{Folded, Part};
use super::gather::Product;
use super::made::Made;

/// Where things stand in one file.
pub(super) struct Shopify {
    columns: Columns,
    handle: usize,
    title: Option<usize>,
    body: Option<usize>,
    vendor: Option<usize>,
    category: Option<usize>,
    google_category: Option<usize>,
    kind: Option<usize>,
    mpn: Option<usize>,
    status: Option<usize>,
    published: Option<usize>,
    /// Name and value of each option.
    options: Vec<(Option<usize>, usize)>,
    sku: Option<usize>,
    barcode: Option<usize>,
    price: Option<usize>,
    tracker: Option<usize>,
    quantity: Option<usize>,
    image: Option<usize>,
    image_position: Option<usize>,
    variant_image: Option<usize>,
    properties: Properties,
}

impl Shopify {
    /// # Errors
    /// [`FeedProblem::ColumnMissing`] where there are no handles.
    pub(super) fn new(names: &[String]) -> Result<Self, FeedProblem> {
        let columns = Columns::new(names);
        let find = |names: &[&str]| columns.find(names);
        let option = |n: u8| {
            let value = find(&[&format!("Option{n} Value")])?;
            Some((find(&[&format!("Option{n} Name")]), value))
        };
        Ok(Self {
            handle: columns.need("sku", &["Handle", "URL handle"])?,
            title: find(&["Title"]),
            body: find(&["Body (HTML)", "Description", "Body HTML"]),
            vendor: find(&["Vendor"]),
            category: find(&["Product Category", "Standardized Product Type", "Standard Product Type"]),
            google_category: find(&["Google Shopping / Google Product Category"]),
            kind: find(&["Type", "Custom Product Type"]),
            mpn: find(&["Google Shopping / MPN", "Google Shopping / Manufacturer part number (MPN)"]),
            status: find(&["Status"]),
            published: find(&["Published", "Published on online store"]),
            options: (1..=3).filter_map(option).collect(),
            sku: find(&["Variant SKU", "SKU"]),
            barcode: find(&["Variant Barcode", "Barcode"]),
            price: find(&["Variant Price", "Price"]),
            tracker: find(&["Variant Inventory Tracker", "Inventory tracker"]),
            quantity: find(&["Variant Inventory Qty", "Inventory quantity"]),
            image: find(&["Image Src", "Product image URL"]),
            image_position: find(&["Image Position"]),
            variant_image: find(&["Variant Image", "Variant image URL"]),
            properties: Properties::new(&columns),
            columns,
        })
    }

    /// Every row of a variant says one of these; rows of pictures say none.
    fn is_variant(&self, row: &KeptRow) -> bool {
        let values = self.options.iter().map(|(_, value)| Some(*value));
        let mut said = values.chain([self.sku, self.barcode, self.price, self.quantity]);
        said.any(|column| !row.text(column).trim().is_empty())
    }

    /// The product's status where it is not for sale. Where the export has no status, being published is what counts.
    fn unsold(&self, key: &str, row: &KeptRow) -> Option<RowError> {
        let status = row.text(self.status).trim();
        let (column, value) = match status.to_lowercase().as_str() {
            "draft" | "archived" => (self.status, status),
            "" if row.text(self.published).trim().eq_ignore_ascii_case("false") => (self.published, "false"),
            _ => return None,
        };
        Some(RowError {
            row: row.row,
            // Not told as the product's number: a product that is not sold any more is not listed any more.
            sku: None,
            column: self.columns.name(column),
            value: Some(value.to_owned()),
            problem: RowProblem::NotForSale { product: key.to_owned() },
        })
    }

    fn variant(&self, place: usize, row: &KeptRow, main: &KeptRow) -> Part {
        let mut made = Made::default();
        for (number, (name, value)) in self.options.iter().enumerate() {
            let (name, value) = (main.text(*name).trim(), row.text(Some(*value)).trim());
            // What Shopify writes for a product without options.
            if !(name == "Title" && value == "Default Title") {
                let name = if name.is_empty() { format!("Option{}", number + 1) } else { name.to_owned() };
                made.property(name, value);
            }
        }
        if self.tracker.is_some() && row.text(self.tracker).trim().is_empty() {
            // Nobody counts the stock: what stands there means nothing.
            made.set(self.quantity, Vec::new());
        }
        let sku = row.text(self.sku).to_owned();
        Part { row: place, sku, column: self.columns.name(self.sku), made }
    }

    /// The pictures of all rows in the order that the shop shows them.
    fn images(&self, rows: &[KeptRow]) -> Vec<String> {
        let position = |row: &KeptRow| row.text(self.image_position).trim().parse().unwrap_or(u32::MAX);
        let mut images: Vec<(u32, &str)> =
            rows.iter().map(|row| (position(row), row.text(self.image))).collect();
        images.sort_by_key(|(position, _)| *position);
        images.into_iter().map(|(_, image)| image.to_owned()).collect()
    }

    /// Further rows that call the product otherwise: perhaps they belong to another one.
    fn contradictions(&self, rows: &[KeptRow], main: &KeptRow) -> Vec<RowWarning> {
        let title = main.text(self.title).trim();
        let other = |row: &&KeptRow| ![title, ""].contains(&row.text(self.title).trim());
        let warning = |row: &KeptRow| RowWarning {
            row: row.row,
            field: "title".to_owned(),
            column: self.columns.name(self.title),
            value: Some(shorten(row.text(self.title))),
            problem: FieldProblem::Contradicted { first: main.row },
        };
        rows.iter().filter(other).map(warning).collect()
    }
}

impl Layout for Shopify {
    fn fields(&self) -> Fields {
        let of = |places: &[Option<usize>]| self.columns.rule(places);
        let category = of(&[self.category, self.google_category, self.kind]);
        Fields {
            sku: of(&[Some(self.handle)]),
            title: of(&[self.title]),
            brand: of(&[self.vendor]),
            mpn: of(&[self.mpn]),
            description: of(&[self.body]),
            supplier_category: category.map(|rule| FieldRule { split: Some(">".to_owned()), ..rule }),
            images: of(&[self.image]),
            ..Fields::default()
        }
    }

    fn variant_fields(&self) -> Fields {
        let of = |place: Option<usize>| self.columns.rule(&[place]);
        Fields {
            gtin: of(self.barcode),
            price: of(self.price),
            stock: of(self.quantity),
            images: of(self.variant_image),
            ..Fields::default()
        }
    }

    fn key_column(&self) -> usize {
        self.handle
    }

    fn fold(&self, product: Product) -> Folded {
        let Product { key, rows } = product;
        let main = rows.iter().position(|row| !row.text(self.title).trim().is_empty()).unwrap_or(0);
        let row = &rows[main];
        let mut made = Made::default();
        made.set(self.image, self.images(&rows));
        self.properties.add_to(&mut made, row, &rows);
        let google = row.text(self.google_category).trim();
        if !google.is_empty() && google.bytes().all(|b| b.is_ascii_digit()) {
            made.set(self.google_category, Vec::new());
            made.property("google_product_category", google);
        }
        let path = [self.category, self.google_category];
        if path.iter().any(|column| row.text(*column).contains(|c: char| c.is_alphabetic())) {
            made.property("Type", row.text(self.kind));
        }
        let is_variant = |place: &usize| *place == main || self.is_variant(&rows[*place]);
        let variants: Vec<Part> =
            (0..rows.len()).filter(is_variant).map(|p| self.variant(p, &rows[p], row)).collect();
        let refused = self.unsold(&key, row);
        let warnings = self.contradictions(&rows, row);
        Folded { key, main, product: made, variants, refused_rows: Vec::new(), refused, warnings, rows }
    }
}
