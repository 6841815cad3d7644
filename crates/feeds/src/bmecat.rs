//! BMEcat 2005 and, under the names of 2005, BMEcat 1.2: catalogues and their updates.
//!
//! `T_UPDATE_PRODUCTS` and `T_UPDATE_PRICES` list changes only: they are read as deltas, whatever the supplier's
//! deliveries are otherwise.
//!
//! Which product is in which group may stand behind the products, so the file is read twice: first the header, the
//! group tree and the map, then the products. Tree and map are held in memory, some hundred bytes a product; products
//! are not.

mod catalogue;
mod feature;
mod names;
mod price;
mod product;
mod units;
mod variants;

use berika_catalog::DeliveryKind;

use crate::config::{FieldRule, Fields};
use crate::mapper::{Mapper, Plan};
use crate::output::Output;
use crate::source::Source;
use crate::xml::{self, Rows, Xml};
use crate::{FeedProblem, Limits, RowProblem, encoding};
use catalogue::Catalogue;
use product::Reader;

const UPDATES: [&str; 2] = ["T_UPDATE_PRODUCTS", "T_UPDATE_PRICES"];

pub(crate) fn read(source: &Source, fields: &Fields, output: &mut Output<'_>) -> Result<(), FeedProblem> {
    source.expect_text("BMEcat")?;
    let found = encoding::find_in_xml(source)?;
    output.delivery.encoding = Some(found.encoding.name().to_owned());
    let plan = Plan::for_paths(fields, &built_in())?;

    let catalogue = Catalogue::read(Xml::open(source, found, output.limits, catalogue::ROWS)?)?;
    let kind = if catalogue.is_update { DeliveryKind::Delta } else { output.context.kind };
    output.delivery.kind = Some(kind);
    let mapper = Mapper::new(plan, output)?.of_kind(kind);
    let preferred = output.context.language.clone().or_else(|| catalogue.language.clone());
    let mut xml = Xml::open(source, found, output.limits, Rows::Named(&["PRODUCT", "ARTICLE"]))?;
    let reader = Reader::new(preferred.as_ref(), &catalogue);
    while let Some(item) = xml.next()? {
        let pairs = product::pairs(item.root, item.number, &catalogue, &reader);
        let is_whole = item.fault.is_none() && !item.cut;
        let mode = item.root.attribute("mode").unwrap_or_default().trim();
        // Without an article number nothing is withdrawn: as a product it is refused for that.
        let row = if is_whole && mode.eq_ignore_ascii_case("delete") && mapper.sku(&pairs).is_some() {
            xml::refused(&item, &pairs, &mapper, RowProblem::Withdrawn)
        } else {
            let mut row = xml::row(&item, &pairs, &mapper);
            if let Ok(record) = &mut row.outcome {
                variants::add(item.root, &reader, record);
            }
            row
        };
        if output.give(row)?.is_break() {
            break;
        }
    }
    output.delivery.notes = xml.notes();
    output.delivery.unseen = mapper.unseen();
    Ok(())
}

/// Whether the file lists changes only, as far as its beginning says.
pub(crate) fn is_update(source: &Source, limits: &Limits) -> Result<bool, FeedProblem> {
    source.expect_text("BMEcat")?;
    let found = encoding::find_in_xml(source)?;
    let rows = Rows::Named(&["PRODUCT", "ARTICLE", "CATALOG_STRUCTURE", "CLASSIFICATION_GROUP"]);
    let mut xml = Xml::open(source, found, limits, rows)?;
    // What cannot be read says so when it is read for its products.
    let _first = xml.next().is_ok();
    Ok(UPDATES.iter().any(|update| xml.saw(update)))
}

/// The mapping that the standard gives. `GROUP` holds the names of the product's groups, root first.
fn built_in() -> Fields {
    let of = |names: &[&str]| Some(FieldRule::columns(names));
    Fields {
        sku: of(&["SUPPLIER_PID"]),
        title: of(&["DESCRIPTION_SHORT"]),
        brand: of(&["MANUFACTURER_NAME"]),
        gtin: of(&["INTERNATIONAL_PID"]),
        mpn: of(&["MANUFACTURER_PID"]),
        description: of(&["DESCRIPTION_LONG"]),
        supplier_category: of(&["GROUP", "REFERENCE_FEATURE_GROUP_NAME"]),
        price: of(&["PRICE_AMOUNT"]),
        currency: of(&["PRICE_CURRENCY"]),
        images: of(&["MIME_SOURCE"]),
        language: of(&["LANGUAGE"]),
        stock: of(&["STOCK"]),
        group_id: of(&["BASE_PRODUCT"]),
        ..Fields::default()
    }
}
