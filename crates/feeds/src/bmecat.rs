//! BMEcat 2005 and, under the names of 2005, BMEcat 1.2: the transaction `T_NEW_CATALOG`.
//!
//! Which product is in which group may stand behind the products, so the file is read twice: first the header, the
//! group tree and the map, then the products. Tree and map are held in memory, some hundred bytes a product; products
//! are not.

mod catalogue;
mod product;

use std::ops::ControlFlow;

use crate::config::{FieldRule, Fields};
use crate::mapper::{Mapper, Plan};
use crate::output::Output;
use crate::source::Source;
use crate::xml::{Step, Xml};
use crate::{FeedProblem, RowError, RowProblem, encoding};
use catalogue::Catalogue;

const TRANSACTIONS: [&str; 2] = ["T_UPDATE_PRODUCTS", "T_UPDATE_PRICES"];

pub(crate) fn read(source: &Source, fields: &Fields, output: &mut Output<'_>) -> Result<(), FeedProblem> {
    source.expect_text("BMEcat")?;
    let found = encoding::find_in_xml(source)?;
    output.delivery.encoding = Some(found.encoding.name().to_owned());
    let plan = Plan::for_paths(fields, &built_in())?;
    let mapper = Mapper::new(plan, output)?;

    let catalogue = Catalogue::read(Xml::open(source, found, output.limits)?)?;
    let preferred = output.context.language.clone().or_else(|| catalogue.language.clone());
    let mut xml = Xml::open(source, found, output.limits)?;
    loop {
        match xml.step()? {
            Step::End => break,
            Step::Open(element) if is_product(&element.name) => {
                let subtree = xml.subtree(element)?;
                xml.items += 1;
                let number = xml.items;
                let given = if subtree.cut {
                    let problem = RowProblem::TooManyParts;
                    output.reject(RowError { row: number, sku: None, column: None, value: None, problem })?
                } else {
                    let pairs = product::pairs(subtree.element, number, &catalogue, preferred.as_ref());
                    let mut row = mapper.row(&pairs);
                    if subtree.loose_ampersand {
                        row.warn_of_ampersand();
                    }
                    output.give(row)?
                };
                if given == ControlFlow::Break(()) {
                    break;
                }
            }
            Step::Open(_) | Step::Close => {}
        }
    }
    output.delivery.unseen = mapper.unseen();
    Ok(())
}

fn is_product(name: &str) -> bool {
    matches!(local(name), "PRODUCT" | "ARTICLE")
}

/// A name without its prefix.
fn local(name: &str) -> &str {
    name.rsplit(':').next().unwrap_or(name)
}

/// The name that BMEcat 2005 has for what 1.2 calls `ARTICLE` and `AID`.
fn modern(name: &str) -> String {
    let name = local(name);
    let name =
        if name.starts_with("ARTICLE") { name.replacen("ARTICLE", "PRODUCT", 1) } else { name.to_owned() };
    match name.as_str() {
        "EAN" => "INTERNATIONAL_PID".to_owned(),
        "ART_ID" => "PROD_ID".to_owned(),
        name if name.ends_with("_AID") => format!("{}_PID", &name[..name.len() - 4]),
        _ => name,
    }
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
        ..Fields::default()
    }
}
