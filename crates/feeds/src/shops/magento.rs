//! The product CSV of Magento 2 and Adobe Commerce.
//!
//! Every product has a row. A configurable product names its variants, which are simple products with rows of their
//! own, before or behind it; a row with a store view holds another language's texts. The configurable product's
//! article number is the product's.

use crate::FeedProblem;
use crate::config::{FieldRule, Fields};
use crate::csv::{KeptRow, Record};
use crate::{FieldProblem, RowError, RowProblem, RowWarning};
use berika_catalog::Language;

use super::Layout;
use super::columns::Columns;
use super::fold::{Folded, Part, repeated};
use super::gather::Product;
use super::lists::{longest, pairs};
use super::made::Made;

/// Additional attributes that steer the shop and say nothing of the product.
const NO_PROPERTIES: &[&str] = &[
    "cost",
    "custom_design",
    "custom_layout",
    "gift_message_available",
    "gift_wrapping_available",
    "has_options",
    "options_container",
    "price_view",
    "quantity_and_stock_status",
    "required_options",
    "shipment_type",
    "special_price",
    "status",
    "tax_class_id",
    "url_key",
    "visibility",
];

const BRAND: &[&str] = &["brand", "manufacturer"];
const GTIN: &[&str] = &["gtin", "ean", "ean13", "gtin13", "barcode", "upc"];
const MPN: &[&str] = &["mpn", "manufacturer_part_number"];

/// Before the name of an additional attribute, where a rule names one as if it had a column.
const ADDITIONAL: &str = "additional_attributes.";

/// Where things stand in one file.
pub(super) struct Magento {
    columns: Columns,
    sku: usize,
    store_view: Option<usize>,
    kind: Option<usize>,
    name: Option<usize>,
    description: Option<usize>,
    short_description: Option<usize>,
    categories: Option<usize>,
    price: Option<usize>,
    quantity: Option<usize>,
    online: Option<usize>,
    visibility: Option<usize>,
    base_image: Option<usize>,
    images: Option<usize>,
    weight: Option<usize>,
    country: Option<usize>,
    additional: Option<usize>,
    variations: Option<usize>,
    labels: Option<usize>,
    /// Additional attributes that rules may name; their columns are thought of as behind the file's.
    named: Vec<String>,
    /// How many columns the file has.
    width: usize,
    language: Option<Language>,
}

impl Magento {
    /// # Errors
    /// [`FeedProblem::ColumnMissing`] where there are no article numbers.
    pub(super) fn new(
        names: &[String],
        fields: &Fields,
        language: Option<&Language>,
    ) -> Result<Self, FeedProblem> {
        let columns = Columns::new(names);
        let find = |name: &str| columns.find(&[name]);
        let rules = fields.rules().into_iter().filter_map(|(_, rule)| rule);
        let configured = rules.flat_map(|rule| &rule.from).filter_map(|name| name.strip_prefix(ADDITIONAL));
        let mut named: Vec<String> = [BRAND, GTIN, MPN].concat().into_iter().map(str::to_owned).collect();
        named.extend(configured.map(str::to_owned));
        named.sort_unstable();
        named.dedup();
        Ok(Self {
            sku: columns.need("sku", &["sku"])?,
            store_view: find("store_view_code"),
            kind: find("product_type"),
            name: find("name"),
            description: find("description"),
            short_description: find("short_description"),
            categories: find("categories"),
            price: find("price"),
            quantity: find("qty"),
            online: find("product_online"),
            visibility: find("visibility"),
            base_image: find("base_image"),
            images: find("additional_images"),
            weight: find("weight"),
            country: find("country_of_manufacture"),
            additional: find("additional_attributes"),
            variations: find("configurable_variations"),
            labels: find("configurable_variation_labels"),
            named,
            width: names.len(),
            language: language.cloned(),
            columns,
        })
    }

    /// Why the shop does not sell what a row tells of.
    fn unsold(&self, row: &KeptRow, by_itself: bool) -> Option<RowError> {
        let (online, visibility) = (row.text(self.online).trim(), row.text(self.visibility).trim());
        let (column, value) = match online {
            "0" | "2" => (self.online, online),
            _ if by_itself && visibility.eq_ignore_ascii_case("Not Visible Individually") => {
                (self.visibility, visibility)
            }
            _ => return None,
        };
        let product = row.text(Some(self.sku)).trim().to_owned();
        Some(RowError {
            row: row.row,
            // As with Shopify: what is not sold any more is not listed any more.
            sku: None,
            column: self.columns.name(column),
            value: Some(value.to_owned()),
            problem: RowProblem::NotForSale { product },
        })
    }

    fn is_of_store_view(&self, row: &KeptRow) -> bool {
        !row.text(self.store_view).trim().is_empty()
    }

    /// Whether a store view's code names the supplier's language: `sv`, `b2b_sv`, `sv_SE`.
    fn is_ours(&self, row: &KeptRow) -> bool {
        let code = row.text(self.store_view).to_lowercase();
        let ours = self.language.as_ref().map(|language| language.to_string().to_lowercase());
        let ours = ours.as_deref().and_then(|ours| ours.split('-').next());
        code.split(|c: char| !c.is_ascii_alphanumeric()).any(|part| Some(part) == ours)
    }

    /// A product's or a variant's own row: lists cut, additional attributes read.
    fn made(&self, row: &KeptRow) -> Made {
        let mut made = Made::default();
        made.set(self.categories, category(row.text(self.categories)));
        let images = |text: &str| -> Vec<String> {
            text.split(',')
                .map(str::trim)
                .filter(|image| *image != "no_selection")
                .map(str::to_owned)
                .collect()
        };
        made.set(self.base_image, images(row.text(self.base_image)));
        made.set(self.images, images(row.text(self.images)));
        for (name, value) in pairs(row.text(self.additional)) {
            // Several choices of one attribute.
            let value = value.split('|').map(str::trim).collect::<Vec<_>>().join(", ");
            match self.named.binary_search(&name) {
                Ok(place) => made.set(Some(self.width + place), vec![value]),
                Err(_) if NO_PROPERTIES.contains(&name.as_str()) || name.starts_with("use_config") => {}
                Err(_) => made.property(name, value),
            }
        }
        let weight = row.text(self.weight).trim();
        if weight.bytes().any(|b| (b'1'..=b'9').contains(&b)) {
            let shown = if weight.contains('.') {
                weight.trim_end_matches('0').trim_end_matches('.')
            } else {
                weight
            };
            made.property("weight", shown);
        }
        made.property("country_of_manufacture", row.text(self.country));
        made
    }

    /// The texts of the supplier's language go before those for all store views.
    fn translate(&self, made: &mut Made, rows: &[KeptRow], key: &str, warnings: &mut Vec<RowWarning>) {
        for row in rows.iter().filter(|row| self.is_of_store_view(row)) {
            if row.text(Some(self.sku)).trim() != key {
                continue;
            }
            if self.is_ours(row) {
                for column in [self.name, self.description, self.short_description] {
                    let text = row.text(column);
                    if !text.trim().is_empty() {
                        made.set(column, vec![text.to_owned()]);
                    }
                }
                continue;
            }
            let says =
                [self.name, self.description, self.short_description].map(|column| row.text(column).trim());
            if says.iter().any(|text| !text.is_empty()) {
                warnings.push(RowWarning {
                    row: row.row,
                    field: "title".to_owned(),
                    column: self.columns.name(self.store_view),
                    value: Some(row.text(self.store_view).to_owned()),
                    problem: FieldProblem::StoreView,
                });
            }
        }
    }

    /// What tells the variants apart, by their article numbers, under the names that the shop shows.
    fn variations(&self, row: &KeptRow) -> Vec<(String, Vec<(String, String)>)> {
        let labels = pairs(row.text(self.labels));
        let shown = |name: String| {
            labels.iter().find(|(code, _)| *code == name).map_or(name.clone(), |l| l.1.clone())
        };
        let of = |text: &str| {
            let (skus, options): (Vec<_>, Vec<_>) =
                pairs(text).into_iter().partition(|(name, _)| name == "sku");
            let sku = skus.into_iter().next()?.1.trim().to_owned();
            Some((sku, options.into_iter().map(|(name, value)| (shown(name), value)).collect()))
        };
        row.text(self.variations).split('|').filter_map(of).collect()
    }

    fn is_configurable(&self, row: &KeptRow) -> bool {
        row.text(self.kind).trim().eq_ignore_ascii_case("configurable")
    }

    fn part(&self, place: usize, sku: &str, mut made: Made, options: &[(String, String)]) -> Part {
        made.replace_properties(options);
        Part { row: place, sku: sku.to_owned(), column: self.columns.name(Some(self.sku)), made }
    }

    /// A rule over these columns and additional attributes.
    fn rule(&self, column: Option<usize>, attributes: &[&str]) -> Option<FieldRule> {
        let mut from: Vec<String> = self.columns.name(column).into_iter().collect();
        for name in attributes {
            from.extend(self.columns.name(self.columns.find(&[name])));
            from.push(format!("{ADDITIONAL}{name}"));
        }
        (!from.is_empty()).then(|| FieldRule { from, ..FieldRule::default() })
    }
}

impl Layout for Magento {
    fn fields(&self) -> Fields {
        let all = |rule: Option<FieldRule>| rule.map(|rule| FieldRule { all: true, ..rule });
        Fields {
            sku: self.rule(Some(self.sku), &[]),
            title: self.rule(self.name, &[]),
            brand: self.rule(None, BRAND),
            gtin: self.rule(None, GTIN),
            mpn: self.rule(None, MPN),
            description: self.columns.rule(&[self.description, self.short_description]),
            supplier_category: all(self.rule(self.categories, &[])),
            price: self.rule(self.price, &[]),
            images: self.columns.rule(&[self.base_image, self.images]),
            stock: self.rule(self.quantity, &[]),
            ..Fields::default()
        }
    }

    fn variant_fields(&self) -> Fields {
        let Fields { gtin, price, stock, images, .. } = self.fields();
        Fields { gtin, price, stock, images, ..Fields::default() }
    }

    fn further_columns(&self) -> Vec<String> {
        self.named.iter().map(|name| format!("{ADDITIONAL}{name}")).collect()
    }

    fn key_column(&self) -> usize {
        self.sku
    }

    fn members(&self, record: &Record<'_>, found: &mut dyn FnMut(&str)) {
        let variations = record.text(self.variations);
        if !variations.trim().is_empty() {
            self.variations(&record.kept()).iter().for_each(|(sku, _)| found(sku));
        }
    }

    fn fold(&self, product: Product) -> Folded {
        let Product { key, rows } = product;
        let sku = |row: &KeptRow| row.text(Some(self.sku)).trim().to_owned();
        let own = rows.iter().position(|row| sku(row) == key && !self.is_of_store_view(row));
        let other = || rows.iter().position(|row| !self.is_of_store_view(row));
        let main = own.or_else(other).unwrap_or(0);
        let row = &rows[main];
        let (mut warnings, mut refused_rows) = (Vec::new(), Vec::new());
        let mut made = self.made(row);
        self.translate(&mut made, &rows, &key, &mut warnings);
        let mut variants = Vec::new();
        let mut variations = Vec::new();
        if self.is_configurable(row) {
            // The product itself is never sold: its variants are.
            made.set(self.price, Vec::new());
            made.set(self.quantity, Vec::new());
            variations = self.variations(row);
        }
        for (place, row) in rows.iter().enumerate() {
            let number = sku(row);
            if place == main || self.is_of_store_view(row) {
                continue;
            }
            let known = variants.iter().find(|part: &&Part| part.sku == number).map(|part| part.row);
            if let Some(first) = known.or((number == key).then_some(main)) {
                if !row.says_the_same(&rows[first]) {
                    refused_rows.push(repeated(row, &rows[first], &key));
                }
                continue;
            }
            if let Some(error) = self.unsold(row, false) {
                variations.retain(|(sku, _)| *sku != number);
                refused_rows.push(error);
                continue;
            }
            let listed = variations.iter().position(|(sku, _)| *sku == number);
            let options = listed.map(|at| variations.remove(at).1).unwrap_or_default();
            variants.push(self.part(place, &number, self.made(row), &options));
        }
        // Variants that the file has no row of.
        for (number, options) in variations {
            let mut blank = Made::default();
            self.variant_fields().rules().into_iter().filter_map(|(_, rule)| rule).for_each(|rule| {
                rule.from.iter().for_each(|name| blank.set(self.columns.find(&[name]), Vec::new()));
            });
            variants.push(self.part(main, &number, blank, &options));
        }
        let refused = self.unsold(&rows[main], true);
        Folded { key, main, product: made, variants, refused_rows, refused, warnings, rows }
    }
}

/// The levels of the longest path in `Default Category/Gear/Bags,Default Category/Sale`, without the root that all
/// paths share. A comma that the root does not follow belongs to a name; `\/` is a slash.
fn category(text: &str) -> Vec<String> {
    let root = text.split(['/', ',']).next().unwrap_or_default();
    let mut paths: Vec<String> = Vec::new();
    for part in text.split(',') {
        match paths.last_mut() {
            Some(last) if part.trim().split('/').next() != Some(root.trim()) => {
                last.push(',');
                last.push_str(part);
            }
            _ => paths.push(part.trim().to_owned()),
        }
    }
    let levels = paths.iter().map(|path| super::lists::split_escaped(path, '/'));
    let mut path = longest(levels);
    if path.len() > 1 && path[0] == "Default Category" {
        path.remove(0);
    }
    path
}

#[cfg(test)]
mod tests {
    use super::category;

    #[test]
    fn the_longest_category_counts_without_the_shared_root() {
        let text = "Default Category/Gear,Default Category/Gear/Bags, Cases,Default Category/New\\/Old";
        assert_eq!(category(text), ["Gear", "Bags, Cases"]);
        assert_eq!(category("Default Category/New\\/Old"), ["New/Old"]);
        assert_eq!(category("Default Category"), ["Default Category"]);
        assert_eq!(category(""), Vec::<String>::new());
        assert_eq!(category("Shop/A"), ["Shop", "A"]);
    }
}
