//! The product CSV that WooCommerce exports, with English column names.
//!
//! A variable product has a row, and each of its variations one that names it as `Parent`, by article number or as
//! `id:44`. Products without an article number go by that id.

use crate::FeedProblem;
use crate::config::Fields;
use crate::csv::{KeptRow, Record};
use crate::{RowError, RowProblem};

use super::Layout;
use super::columns::Columns;
use super::fold::{Folded, Part, repeated};
use super::gather::Product;
use super::lists::{longest, split_escaped};
use super::made::Made;

/// Where things stand in one file.
pub(super) struct WooCommerce {
    columns: Columns,
    id: usize,
    kind: usize,
    sku: usize,
    name: Option<usize>,
    published: Option<usize>,
    description: Option<usize>,
    short_description: Option<usize>,
    price: Option<usize>,
    stock: Option<usize>,
    categories: Option<usize>,
    tags: Option<usize>,
    images: Option<usize>,
    parent: usize,
    brand: Option<usize>,
    gtin: Option<usize>,
    /// Name and values of each attribute.
    attributes: Vec<(usize, usize)>,
    /// Weight, length, width and height: column, name and unit.
    measures: Vec<(usize, String, String)>,
}

impl WooCommerce {
    /// # Errors
    /// [`FeedProblem::ColumnMissing`] where nothing says which row is whose variation.
    pub(super) fn new(names: &[String]) -> Result<Self, FeedProblem> {
        let columns = Columns::new(names);
        let find = |name: &str| columns.find(&[name]);
        let attribute = |n: usize| {
            Some((find(&format!("Attribute {n} name"))?, find(&format!("Attribute {n} value(s)"))?))
        };
        let measure = |(place, name): (usize, &str)| {
            let (what, unit) = name.strip_suffix(')')?.split_once(" (")?;
            let known = ["Weight", "Length", "Width", "Height"].contains(&what);
            known.then(|| (place, what.to_owned(), unit.to_owned()))
        };
        Ok(Self {
            id: columns.need("sku", &["ID"])?,
            kind: columns.need("variants", &["Type"])?,
            sku: columns.need("sku", &["SKU"])?,
            parent: columns.need("variants", &["Parent"])?,
            name: find("Name"),
            published: find("Published"),
            description: find("Description"),
            short_description: find("Short description"),
            price: find("Regular price"),
            stock: find("Stock"),
            categories: find("Categories"),
            tags: find("Tags"),
            images: find("Images"),
            brand: find("Brands"),
            gtin: find("GTIN, UPC, EAN, or ISBN"),
            attributes: (1..).map_while(attribute).collect(),
            measures: columns.iter().filter_map(measure).collect(),
            columns,
        })
    }

    fn unsold(&self, row: &KeptRow, key: &str) -> Option<RowError> {
        let published = row.text(self.published).trim();
        matches!(published, "0" | "-1").then(|| RowError {
            row: row.row,
            // As with Shopify: what is not sold any more is not listed any more.
            sku: None,
            column: self.columns.name(self.published),
            value: Some(published.to_owned()),
            problem: RowProblem::NotForSale { product: key.to_owned() },
        })
    }

    fn made(&self, row: &KeptRow) -> Made {
        let mut made = Made::default();
        made.set(self.images, split_escaped(row.text(self.images), ','));
        for (name, values) in &self.attributes {
            let values = split_escaped(row.text(Some(*values)), ',').join(", ");
            made.property(row.text(Some(*name)).trim(), values);
        }
        made
    }
}

fn is_variation(kind: &str) -> bool {
    kind.split(',').any(|kind| kind.trim().eq_ignore_ascii_case("variation"))
}

impl Layout for WooCommerce {
    fn fields(&self) -> Fields {
        let of = |places: &[Option<usize>]| self.columns.rule(places);
        Fields {
            sku: of(&[Some(self.sku)]),
            title: of(&[self.name]),
            brand: of(&[self.brand]),
            gtin: of(&[self.gtin]),
            description: of(&[self.description, self.short_description]),
            supplier_category: of(&[self.categories])
                .map(|rule| crate::config::FieldRule { all: true, ..rule }),
            price: of(&[self.price]),
            images: of(&[self.images]),
            stock: of(&[self.stock]),
            ..Fields::default()
        }
    }

    fn variant_fields(&self) -> Fields {
        let Fields { gtin, price, stock, images, .. } = self.fields();
        Fields { gtin, price, stock, images, ..Fields::default() }
    }

    fn key_column(&self) -> usize {
        self.id
    }

    fn key(&self, row: &Record<'_>) -> String {
        let text = |place| row.text(Some(place)).trim();
        match (text(self.parent), text(self.sku), text(self.id)) {
            (parent, ..) if !parent.is_empty() && is_variation(text(self.kind)) => parent.to_owned(),
            (_, "", "") => String::new(),
            (_, "", id) => format!("id:{id}"),
            (_, sku, _) => sku.to_owned(),
        }
    }

    /// Variations may name their product by its id, although it has an article number.
    fn members(&self, row: &Record<'_>, found: &mut dyn FnMut(&str)) {
        let id = row.text(Some(self.id)).trim();
        if !id.is_empty() && row.text(Some(self.kind)).contains("variable") {
            found(&format!("id:{id}"));
        }
    }

    fn fold(&self, product: Product) -> Folded {
        let Product { key, rows } = product;
        let main = rows.iter().position(|row| !is_variation(row.text(Some(self.kind)))).unwrap_or(0);
        let mut made = self.made(&rows[main]);
        made.set(Some(self.sku), vec![key.clone()]);
        let paths = split_escaped(rows[main].text(self.categories), ',');
        let levels = |path: &String| path.split('>').map(|level| level.trim().to_owned()).collect::<Vec<_>>();
        made.set(self.categories, longest(paths.iter().map(levels)));
        made.property("Tags", split_escaped(rows[main].text(self.tags), ',').join(", "));
        for (column, name, unit) in &self.measures {
            let value = rows[main].text(Some(*column)).trim();
            if !value.is_empty() {
                made.property(name, format!("{value} {unit}"));
            }
        }
        let (mut variants, mut refused_rows) = (Vec::new(), Vec::new());
        for (place, row) in rows.iter().enumerate() {
            let sku = row.text(Some(self.sku)).trim();
            if !is_variation(row.text(Some(self.kind))) {
                if place != main && !row.says_the_same(&rows[main]) {
                    refused_rows.push(repeated(row, &rows[main], &key));
                }
                continue;
            }
            match self.unsold(row, if sku.is_empty() { &key } else { sku }) {
                Some(error) if place != main => refused_rows.push(error),
                Some(_) => {}
                None => variants.push(Part {
                    row: place,
                    sku: sku.to_owned(),
                    column: self.columns.name(Some(self.sku)),
                    made: self.made(row),
                }),
            }
        }
        let refused = self.unsold(&rows[main], &key);
        Folded { key, main, product: made, variants, refused_rows, refused, warnings: Vec::new(), rows }
    }
}
