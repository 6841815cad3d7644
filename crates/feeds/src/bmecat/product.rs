//! One BMEcat product as named texts.

use berika_catalog::Language;

use super::catalogue::{Catalogue, modernised};
use crate::pairs::Pairs;
use crate::xml::Element;

/// Kinds of price, the one that holds for us first.
const PRICE_TYPES: [&str; 4] = ["net_customer", "net_list", "gros_list", "nrp"];

/// Units of UN/ECE Recommendation 20 and of older lists, as people write them. Pieces have no unit.
const UNITS: &[(&str, &str)] = &[
    ("MMT", "mm"),
    ("CMT", "cm"),
    ("MTR", "m"),
    ("KMT", "km"),
    ("MTK", "m²"),
    ("MTQ", "m³"),
    ("CMK", "cm²"),
    ("MMK", "mm²"),
    ("MGM", "mg"),
    ("GRM", "g"),
    ("KGM", "kg"),
    ("TNE", "t"),
    ("MLT", "ml"),
    ("CLT", "cl"),
    ("LTR", "l"),
    ("VLT", "V"),
    ("KVT", "kV"),
    ("AMP", "A"),
    ("4K", "mA"),
    ("WTT", "W"),
    ("KWT", "kW"),
    ("KWH", "kWh"),
    ("WHR", "Wh"),
    ("HTZ", "Hz"),
    ("OHM", "Ω"),
    ("CEL", "°C"),
    ("NEW", "N"),
    ("NU", "Nm"),
    ("BAR", "bar"),
    ("PAL", "Pa"),
    ("LUM", "lm"),
    ("SEC", "s"),
    ("MIN", "min"),
    ("HUR", "h"),
    ("P1", "%"),
    ("DD", "°"),
    ("C62", ""),
    ("PCE", ""),
    ("H87", ""),
    ("EA", ""),
    ("NAR", ""),
];

pub(super) fn pairs(
    product: Element,
    number: u64,
    catalogue: &Catalogue,
    preferred: Option<&Language>,
) -> Pairs {
    let product = modernised(product);
    let mut pairs = Pairs { number, ..Pairs::default() };
    let reader = Reader { preferred, standard: catalogue.language.as_ref() };
    // Plain texts of the product and of its details, each under its own name.
    let sections = std::iter::once(&product)
        .chain(product.all("PRODUCT_DETAILS"))
        .chain(product.all("PRODUCT_ORDER_DETAILS"))
        .chain(product.all("PRODUCT_LOGISTIC_DETAILS"));
    for section in sections {
        reader.texts(section, &mut pairs);
    }
    let language = reader.language(product.child("PRODUCT_DETAILS"));
    pairs.values.extend(language.map(|language| ("LANGUAGE".into(), language.to_string())));
    groups(&product, catalogue, &mut pairs);
    price(&product, catalogue, &mut pairs);
    images(&product, catalogue, &mut pairs);
    for features in product.all("PRODUCT_FEATURES") {
        if let Some(name) = features.text_of("REFERENCE_FEATURE_GROUP_NAME") {
            pairs.push("REFERENCE_FEATURE_GROUP_NAME", name);
        }
        features.all("FEATURE").for_each(|feature| reader.feature(feature, &mut pairs));
    }
    pairs
}

/// Chooses among texts in several languages.
struct Reader<'l> {
    preferred: Option<&'l Language>,
    standard: Option<&'l Language>,
}

impl Reader<'_> {
    /// Those of the elements of one name that are in the language wanted: the preferred one, else the catalogue's,
    /// else the first's.
    fn chosen<'e>(&self, elements: &[&'e Element]) -> Vec<&'e Element> {
        let language_of = |e: &Element| e.attribute("lang").and_then(|tag| Language::parse(tag).ok());
        let of = |wanted: Option<&Language>| -> Vec<&'e Element> {
            let is = |e: &&&Element| language_of(e).as_ref().or(self.standard) == wanted;
            elements.iter().filter(is).copied().collect()
        };
        let mut chosen = of(self.preferred);
        if chosen.is_empty() {
            chosen = of(self.standard);
        }
        if chosen.is_empty() {
            chosen = elements.first().map(|first| language_of(first)).map_or_else(Vec::new, |language| {
                elements.iter().filter(|e| language_of(e) == language).copied().collect()
            });
        }
        chosen
    }

    fn text(&self, parent: &Element, name: &str) -> Option<String> {
        let elements: Vec<&Element> = parent.all(name).collect();
        self.chosen(&elements).first().map(|e| e.text.trim().to_owned()).filter(|text| !text.is_empty())
    }

    /// The language that the product's name was taken in.
    fn language(&self, details: Option<&Element>) -> Option<Language> {
        let titles: Vec<&Element> = details?.all("DESCRIPTION_SHORT").collect();
        let chosen = self.chosen(&titles);
        let tag = chosen.first()?.attribute("lang").and_then(|tag| Language::parse(tag).ok());
        tag.or_else(|| self.standard.cloned())
    }

    /// Every child that holds text alone.
    fn texts(&self, section: &Element, pairs: &mut Pairs) {
        let mut done: Vec<&str> = Vec::new();
        for child in section.children.iter().filter(|child| child.children.is_empty()) {
            if done.contains(&child.name.as_str()) {
                continue;
            }
            done.push(&child.name);
            let elements: Vec<&Element> = section.all(&child.name).collect();
            for element in self.chosen(&elements) {
                if !element.text.trim().is_empty() {
                    pairs.push(child.name.clone(), element.text.trim());
                }
            }
        }
    }

    /// A feature as a property: its values joined, with the unit.
    fn feature(&self, feature: &Element, pairs: &mut Pairs) {
        let template = feature.child("FTEMPLATE");
        let name = self.text(feature, "FNAME").or_else(|| self.text(template?, "FT_NAME"));
        let Some(name) = name else { return };
        let elements: Vec<&Element> = feature.all("FVALUE").collect();
        let mut values: Vec<String> =
            self.chosen(&elements).iter().map(|e| e.text.trim().to_owned()).collect();
        if values.is_empty() {
            values.extend(self.text(feature, "FVALUE_DETAILS"));
        }
        // "-" says that the feature does not apply; a value that repeats the name is a heading of a feature tree.
        values.retain(|value| !value.is_empty() && value != "-" && *value != name);
        if values.is_empty() {
            return;
        }
        let unit = self.text(feature, "FUNIT").unwrap_or_default();
        let unit = UNITS.iter().find(|(code, _)| *code == unit).map_or(unit.as_str(), |(_, sign)| sign);
        let value = values.join(", ");
        pairs.properties.push((name, if unit.is_empty() { value } else { format!("{value} {unit}") }));
    }
}

fn groups(product: &Element, catalogue: &Catalogue, pairs: &mut Pairs) {
    let mut path = product.text_of("SUPPLIER_PID").map(|id| catalogue.path_of(id)).unwrap_or_default();
    if path.is_empty() {
        let classes = product.all("PRODUCT_FEATURES").filter_map(|f| f.text_of("REFERENCE_FEATURE_GROUP_ID"));
        path = classes
            .map(|class| catalogue.class_path(class))
            .find(|path| !path.is_empty())
            .unwrap_or_default();
    }
    path.into_iter().for_each(|name| pairs.push("GROUP", name));
}

/// The price of the kind that holds for us, for the smallest quantity.
fn price(product: &Element, catalogue: &Catalogue, pairs: &mut Pairs) {
    let prices = product.all("PRODUCT_PRICE_DETAILS").flat_map(|details| details.all("PRODUCT_PRICE"));
    let rank = |price: &&Element| {
        let kind = price.attribute("price_type").unwrap_or_default();
        let kind = PRICE_TYPES.iter().position(|known| *known == kind).unwrap_or(PRICE_TYPES.len());
        let from: f64 = price.text_of("LOWER_BOUND").and_then(|bound| bound.parse().ok()).unwrap_or(0.0);
        (kind, from)
    };
    let compare = |a: &&Element, b: &&Element| {
        let (a, b) = (rank(a), rank(b));
        a.0.cmp(&b.0).then(a.1.total_cmp(&b.1))
    };
    let Some(price) = prices.min_by(compare) else { return };
    pairs
        .values
        .extend(price.text_of("PRICE_AMOUNT").map(|amount| ("PRICE_AMOUNT".into(), amount.to_owned())));
    let currency = price.text_of("PRICE_CURRENCY").or(catalogue.currency.as_deref());
    pairs.values.extend(currency.map(|currency| ("PRICE_CURRENCY".into(), currency.to_owned())));
}

/// Pictures of the product itself before pictures of its details; no documents, no logos.
fn images(product: &Element, catalogue: &Catalogue, pairs: &mut Pairs) {
    let rank = |mime: &&Element| match mime.text_of("MIME_PURPOSE").unwrap_or("normal") {
        "normal" => 0,
        "detail" => 1,
        "others" => 2,
        "thumbnail" => 3,
        _ => 9,
    };
    let is_image = |mime: &&Element| mime.text_of("MIME_TYPE").is_none_or(|kind| kind.starts_with("image"));
    let mimes = product.all("MIME_INFO").flat_map(|info| info.all("MIME"));
    let mut mimes: Vec<&Element> = mimes.filter(is_image).filter(|mime| rank(mime) < 9).collect();
    mimes.sort_by_key(rank);
    for source in mimes.into_iter().filter_map(|mime| mime.text_of("MIME_SOURCE")) {
        let address = match catalogue.mime_root.as_deref() {
            Some(root) if !source.contains("://") => {
                format!("{}/{}", root.trim_end_matches('/'), source.trim_start_matches('/'))
            }
            _ => source.to_owned(),
        };
        pairs.push("MIME_SOURCE", address);
    }
}
