//! Google Merchant Center's product data as RSS 2.0 or Atom.
//!
//! Attributes are named `g:price` by their namespace or, where that is not declared, by the prefix. What Google
//! defines for advertising, shipping and availability is no property of the product and is left out; every other
//! attribute becomes one.

use std::ops::ControlFlow;

use crate::config::{FieldRule, Fields};
use crate::mapper::{Mapper, Plan};
use crate::output::Output;
use crate::pairs::Pairs;
use crate::source::Source;
use crate::xml::{Element, Step, Subtree, Xml};
use crate::{FeedProblem, RowError, RowProblem, encoding};

/// Attributes that say how a product is sold, not what it is.
const NO_PROPERTIES: &[&str] = &[
    "availability",
    "availability_date",
    "canonical_link",
    "cloud_export_additional_properties",
    "cost_of_goods_sold",
    "excluded_destination",
    "expiration_date",
    "identifier_exists",
    "included_destination",
    "installment",
    "link",
    "link_template",
    "lifestyle_image_link",
    "loyalty_points",
    "maximum_retail_price",
    "max_handling_time",
    "min_handling_time",
    "mobile_link",
    "mobile_link_template",
    "pause",
    "pickup_method",
    "pickup_sla",
    "product_fee",
    "promotion_id",
    "quantity",
    "sale_price",
    "sale_price_effective_date",
    "sell_on_google_quantity",
    "shopping_ads_excluded_country",
    "subscription_cost",
    "tax",
    "tax_category",
    "transit_time_label",
    "virtual_model_link",
];

/// Beginnings of further names of this kind.
const NO_PROPERTY_FAMILIES: &[&str] =
    &["ads_", "adwords_", "auto_pricing", "custom_label_", "shipping", "ships_from"];

pub(crate) fn read(source: &Source, fields: &Fields, output: &mut Output<'_>) -> Result<(), FeedProblem> {
    source.expect_text("Google Merchant XML")?;
    let found = encoding::find_in_xml(source)?;
    output.delivery.encoding = Some(found.encoding.name().to_owned());
    let plan = Plan::for_paths(fields, &built_in())?;
    let mapper = Mapper::new(plan, output)?;
    let fields = built_in();
    let fields: Vec<&str> = fields
        .rules()
        .into_iter()
        .filter_map(|(_, rule)| rule)
        .flat_map(|rule| &rule.from)
        .map(|s| &**s)
        .collect();
    let mut xml = Xml::open(source, found, output.limits)?;
    loop {
        match xml.step()? {
            Step::End => break,
            Step::Open(element) if matches!(element.name.trim_start_matches("g:"), "item" | "entry") => {
                let subtree = xml.subtree(element)?;
                xml.items += 1;
                if give(&subtree, xml.items, &fields, &mapper, output)? == ControlFlow::Break(()) {
                    break;
                }
            }
            Step::Open(_) | Step::Close => {}
        }
    }
    output.delivery.unseen = mapper.unseen();
    Ok(())
}

/// The mapping that Google's specification gives.
fn built_in() -> Fields {
    let of = |names: &[&str]| Some(FieldRule::columns(names));
    Fields {
        sku: of(&["g:id", "id", "guid"]),
        title: of(&["g:title", "title", "g:structured_title.g:content"]),
        brand: of(&["g:brand"]),
        gtin: of(&["g:gtin", "g:ean", "g:upc", "g:isbn"]),
        mpn: of(&["g:mpn"]),
        description: of(&[
            "g:description",
            "description",
            "g:structured_description.g:content",
            "content",
            "summary",
        ]),
        supplier_category: Some(FieldRule {
            split: Some(">".to_owned()),
            ..FieldRule::columns(&["g:product_type", "g:google_product_category"])
        }),
        price: of(&["g:price"]),
        images: of(&["g:image_link", "g:additional_image_link"]),
        stock: of(&["g:quantity", "g:sell_on_google_quantity"]),
        group_id: of(&["g:item_group_id"]),
        ..Fields::default()
    }
}

fn give(
    item: &Subtree,
    number: u64,
    fields: &[&str],
    mapper: &Mapper<'_>,
    output: &mut Output<'_>,
) -> Result<ControlFlow<()>, FeedProblem> {
    if item.cut {
        return output.reject(RowError {
            row: number,
            sku: None,
            column: None,
            value: None,
            problem: RowProblem::TooManyParts,
        });
    }
    let mut row = mapper.row(&pairs(&item.element, number, fields));
    if item.loose_ampersand {
        row.warn_of_ampersand();
    }
    output.give(row)
}

/// An item's texts and properties. What is one of `fields` is no property.
fn pairs(item: &Element, number: u64, fields: &[&str]) -> Pairs {
    let mut pairs = Pairs { number, ..Pairs::default() };
    for child in &item.children {
        flatten(child, "", &mut pairs);
        let Some(name) = child.name.strip_prefix("g:") else { continue };
        let is_property = !fields.contains(&child.name.as_str())
            && !NO_PROPERTIES.contains(&name)
            && !NO_PROPERTY_FAMILIES.iter().any(|family| name.starts_with(family));
        match name {
            "product_detail" => {
                if let (Some(name), Some(value)) =
                    (child.text_of("g:attribute_name"), child.text_of("g:attribute_value"))
                {
                    pairs.properties.push((name.to_owned(), value.to_owned()));
                }
            }
            // Nearly every product is new; only what is not tells anything.
            "condition" if child.text.trim().eq_ignore_ascii_case("new") => {}
            // Where there is no product type it is the category itself.
            "google_product_category" if item.text_of("g:product_type").is_some() => {
                pairs.properties.push((name.to_owned(), child.text.clone()));
            }
            name if is_property && child.children.is_empty() => {
                pairs.properties.push((name.to_owned(), child.text.clone()));
            }
            _ => {}
        }
    }
    pairs
}

/// The texts in an element by their dotted names; an Atom link is the address in its attribute.
fn flatten(element: &Element, prefix: &str, pairs: &mut Pairs) {
    let name = if prefix.is_empty() { element.name.clone() } else { format!("{prefix}.{}", element.name) };
    for child in &element.children {
        flatten(child, &name, pairs);
    }
    match element.attribute("href") {
        Some(address) if element.text.trim().is_empty() => pairs.push(name, address),
        _ if element.text.trim().is_empty() => {}
        _ => pairs.push(name, element.text.clone()),
    }
}
