//! Google Merchant Center's product data as RSS 2.0 or Atom and, in `table`, as delimited text.
//!
//! Attributes are named `g:price` by their namespace or, where that is not declared, by the prefix. What Google
//! defines for advertising, shipping and availability is no property of the product and is left out; every other
//! attribute becomes one.

mod table;

use std::borrow::Cow;
use std::io::Read;

use crate::config::{FieldRule, Fields};
use crate::mapper::{Mapper, Plan};
use crate::output::Output;
use crate::pairs::Pairs;
use crate::source::Source;
use crate::xml::{self, Node, Rows, Xml};
use crate::{FeedProblem, encoding};

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

const GOOGLE: &str = "base.google.com/ns/1.0";

pub(crate) fn read(source: &Source, fields: &Fields, output: &mut Output<'_>) -> Result<(), FeedProblem> {
    source.expect_text("Google Merchant XML")?;
    let found = encoding::find_in_xml(source)?;
    if !is_xml(source, found)? {
        return table::read(source, fields, output);
    }
    output.delivery.encoding = Some(found.encoding.name().to_owned());
    let plan = Plan::for_paths(fields, &built_in())?;
    let mapper = Mapper::new(plan, output)?;
    let built_in = built_in();
    let rules = built_in.rules().into_iter().filter_map(|(_, rule)| rule);
    let fields: Vec<&str> = rules.flat_map(|rule| &rule.from).map(String::as_str).collect();
    let mut xml = Xml::open(source, found, output.limits, Rows::Named(&["item", "entry"]))?;
    while let Some(item) = xml.next()? {
        if xml::give(&item, &pairs(&item, &fields), &mapper, output)?.is_break() {
            break;
        }
    }
    output.delivery.notes = xml.notes();
    output.delivery.unseen = mapper.unseen();
    Ok(())
}

/// Whether the text begins with a tag, or with one of the feed's behind something that should not be there.
fn is_xml(source: &Source, found: encoding::Found) -> Result<bool, FeedProblem> {
    const ENOUGH: u64 = 4 << 10;
    let mut text = Vec::new();
    encoding::decode(source, found)?
        .take(ENOUGH)
        .read_to_end(&mut text)
        .map_err(FeedProblem::io("read the file"))?;
    let text = String::from_utf8_lossy(&text);
    let start = text.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
    Ok(start.starts_with('<') || ["<?xml", "<rss", "<feed", "<channel"].iter().any(|tag| text.contains(tag)))
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

/// An item's texts and properties. What is one of `fields` is no property.
fn pairs<'t>(item: &xml::Item<'t>, fields: &[&str]) -> Pairs<'t> {
    let mut pairs = Pairs { number: item.number, ..Pairs::default() };
    let mut around = Namespaces::default();
    item.ancestors.iter().for_each(|open| around.declare(open.attributes.iter().map(|(n, v)| (&**n, &**v))));
    around.declare(item.root.attributes());
    let product_type =
        item.root.children().any(|child| child.local() == "product_type" && !child.text().trim().is_empty());
    for child in item.root.children() {
        let namespaces = around.within(child);
        let name = namespaces.name(child);
        if let Some(google) = name.strip_prefix("g:") {
            property(child, google, &name, product_type, fields, &mut pairs);
        }
        flatten(child, name, &namespaces, &mut pairs);
    }
    pairs
}

/// Adds what an attribute says of the product, if it says anything.
fn property<'t>(
    child: Node<'t>,
    name: &str,
    full_name: &str,
    has_product_type: bool,
    fields: &[&str],
    pairs: &mut Pairs<'t>,
) {
    let part = |name: &str| {
        let mut parts = child.children().filter(|part| part.local() == name);
        parts.find_map(|part| Some(part.text().trim()).filter(|text| !text.is_empty()))
    };
    match name {
        "product_detail" => {
            if let (Some(name), Some(value)) = (part("attribute_name"), part("attribute_value")) {
                pairs.property(name, value);
            }
        }
        // Nearly every product is new; only what is not tells anything.
        "condition" if child.text().trim().eq_ignore_ascii_case("new") => {}
        // Where there is no product type it is the category itself.
        "google_product_category" if has_product_type => pairs.property(name.to_owned(), child.text()),
        _ if fields.contains(&full_name) || is_sold_so(name) => {}
        _ if child.is_leaf() => pairs.property(name.to_owned(), child.text()),
        // A structured attribute, such as a certification: its parts side by side.
        _ => {
            let parts: Vec<&str> = child.children().map(|part| part.text().trim()).collect();
            let parts: Vec<&str> = parts.into_iter().filter(|text| !text.is_empty()).collect();
            if name != "structured_title" && name != "structured_description" && !parts.is_empty() {
                pairs.property(name.to_owned(), parts.join(" "));
            }
        }
    }
}

fn is_sold_so(name: &str) -> bool {
    NO_PROPERTIES.contains(&name) || NO_PROPERTY_FAMILIES.iter().any(|family| name.starts_with(family))
}

/// The texts in an element by their dotted names; an Atom link is the address in its attribute.
fn flatten<'t>(node: Node<'t>, name: Cow<'t, str>, around: &Namespaces<'_>, pairs: &mut Pairs<'t>) {
    let text = node.value();
    if !text.trim().is_empty() {
        return pairs.push(name, text);
    }
    if let Some(address) = node.attribute("href") {
        return pairs.push(name, address);
    }
    // A description in elements of HTML, as Atom allows.
    if matches!(&*name, "g:description" | "description" | "content" | "summary") && !node.is_leaf() {
        return pairs.push(name, node.inner());
    }
    for child in node.children() {
        let namespaces = around.within(child);
        let name = format!("{name}.{}", namespaces.name(child));
        flatten(child, Cow::Owned(name), &namespaces, pairs);
    }
}

/// Which prefixes stand for Google's namespace; the empty one for names without.
#[derive(Debug, Default, Clone)]
struct Namespaces<'t> {
    known: Cow<'t, [(String, bool)]>,
}

impl<'t> Namespaces<'t> {
    fn declare<'a>(&mut self, attributes: impl Iterator<Item = (&'a str, &'a str)>) {
        for (name, address) in attributes {
            let prefix = match name.strip_prefix("xmlns") {
                Some("") => "",
                Some(rest) if rest.starts_with(':') => &rest[1..],
                _ => continue,
            };
            let is_google = address.trim().trim_end_matches('/').ends_with(GOOGLE);
            self.known.to_mut().push((prefix.to_owned(), is_google));
        }
    }

    /// These, with what an element declares itself.
    fn within<'s>(&'s self, node: Node<'_>) -> Namespaces<'s> {
        let mut namespaces = Namespaces { known: Cow::Borrowed(&self.known) };
        namespaces.declare(node.attributes());
        namespaces
    }

    /// An element's name: `g:price` whatever the prefix; where the prefix is not declared, as it stands.
    fn name<'n>(&self, node: Node<'n>) -> Cow<'n, str> {
        let (prefix, local) = node.name().split_once(':').unwrap_or(("", node.name()));
        let declared = self.known.iter().rev().find(|(known, _)| known == prefix);
        match declared {
            Some((_, true)) if prefix != "g" => Cow::Owned(format!("g:{local}")),
            _ => Cow::Borrowed(node.name()),
        }
    }
}
