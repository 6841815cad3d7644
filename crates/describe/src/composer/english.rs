//! English: decimal point, a blank before a unit but none before the per cent sign.
//!
//! Verbs never have the product's name as their subject: `Batteries` would want `have` and `Battery` `has`, and which
//! it is cannot be told from a supplier's title. In quotes behind "the product" any name is one thing.

use super::rules::Form::{Clause, Having, Label, Nothing, Pair, Predicate, With};
use super::rules::{Form, Noun, Property, Reader, Rules, Turns, same, turn};
use crate::facts::{FactKind, Unit};

/// A measure: `a weight of`, `the weight`, `weight`.
macro_rules! noun {
    ($article:literal $noun:literal) => {
        Noun {
            with: concat!($article, " ", $noun, " of"),
            having: concat!($article, " ", $noun, " of"),
            the: concat!("the ", $noun),
            label: $noun,
            several: false,
        }
    };
}

/// The rules of English.
pub(super) static ENGLISH: Rules = Rules {
    tag: "en",
    decimal: '.',
    thousands: ',',
    percent: "%",
    about: "approx.",
    age: "{} and up",
    and: "and",
    comma: false,
    quotes: ('“', '”'),
    unit,
    noun,
    is: ["is", "are"],
    property,
    fitted,
    object: with_article,
    small_values: true,
    joins: &[
        " with ",
        ", ",
        " and ",
        " without ",
        " incl",
        " for ",
        " to ",
        " med ",
        " och ",
        " og ",
        " mit ",
        " und ",
        " für ",
    ],
    address: Reader::Anybody,
    dangling: &[
        "with",
        "and",
        "without",
        "for",
        "to",
        "from",
        "of",
        "in",
        "on",
        "by",
        "incl",
        "including",
        "or",
        "the",
        "a",
        "an",
    ],
    abbreviations: &[("w/", "with"), ("w/o", "without"), ("incl.", "including"), ("excl.", "excluding")],
    turns: Turns {
        opening: &[
            turn(Nothing, "{brand} offers {the}."),
            turn(Nothing, "This is {quoted} from {brand}."),
            turn(Nothing, "This is the product {quoted} from {brand}."),
            turn(Nothing, "The product {quoted} is from {brand}."),
            turn(Nothing, "This product from {brand} is called {quoted}."),
            turn(Nothing, "From {brand} you get {the}.").anybody(),
            turn(Nothing, "With {the}, you get a product from {brand}.").anybody(),
            turn(With, "{brand} offers {the} with {list}."),
            turn(With, "{name} from {brand} with {list}."),
            turn(With, "From {brand} you get {the} with {list}.").anybody(),
            turn(With, "From {brand}: {name} with {list}."),
            turn(Having, "The product {quoted} from {brand} has {list}."),
            turn(Having, "This product from {brand} is called {quoted} and has {list}."),
            turn(Having, "{quoted} is a product from {brand} and has {list}."),
            turn(Label, "{name} from {brand}: {list}."),
            turn(Label, "{brand} offers {the} ({list})."),
            turn(Label, "From {brand}: {name} ({list})."),
            turn(Nothing, "The product is called {quoted}."),
            turn(Nothing, "Here you get {the}.").anybody(),
            turn(With, "{name} with {list}."),
            turn(With, "Here you get {the} with {list}.").anybody(),
            turn(Having, "The product {quoted} has {list}."),
            turn(Having, "The product is called {quoted} and has {list}."),
            turn(Label, "{name}: {list}."),
        ],
        measures: &[
            turn(Having, "The product has {list}."),
            turn(Having, "The item has {list}."),
            turn(Having, "This product has {list}."),
            turn(Clause, "{list}."),
            turn(Clause, "According to the supplier, {list}."),
            turn(Pair, "{list}."),
            turn(Label, "At a glance: {list}."),
            turn(Having, "According to the supplier, the product has {list}."),
        ],
        properties: &[
            turn(Clause, "{list}."),
            turn(Predicate, "The product {list}."),
            turn(Predicate, "The item {list}."),
            turn(Pair, "{list}."),
            turn(Clause, "According to the supplier, {list}."),
            turn(Predicate, "This product {list}."),
        ],
        others: &[
            turn(Clause, "The supplier also states {list}."),
            turn(Clause, "Also stated by the supplier: {list}."),
            turn(Clause, "Further details from the supplier: {list}."),
            turn(Pair, "{list}."),
            turn(Clause, "More from the supplier: {list}."),
        ],
        diet: &[
            turn(Clause, "According to the supplier, the product is {list}."),
            turn(Clause, "The supplier states that the product is {list}."),
            turn(Label, "Stated by the supplier: {list}."),
        ],
        certification: [
            &[
                turn(Clause, "Label: {list}."),
                turn(Clause, "The supplier states the label {list}."),
                turn(Clause, "Label according to the supplier: {list}."),
            ],
            &[
                turn(Label, "Labels: {list}."),
                turn(Clause, "The supplier states the labels {list}."),
                turn(Label, "Labels according to the supplier: {list}."),
            ],
        ],
        care: &[
            turn(Label, "Care: {list}."),
            turn(Label, "Care instructions: {list}."),
            turn(Label, "Care instructions from the supplier: {list}."),
        ],
        ingredients: &[
            turn(Nothing, "Ingredients according to the supplier: {text}."),
            turn(Nothing, "The supplier’s list of ingredients: {text}."),
        ],
        allergens: &[
            turn(Nothing, "Allergens according to the supplier: {text}."),
            turn(Nothing, "The supplier’s information on allergens: {text}."),
        ],
        may_contain: &[turn(Nothing, "According to the supplier, may contain traces of: {text}.")],
        category: &[
            turn(Nothing, "You will find the product under {category}.").anybody(),
            turn(Nothing, "Look for the product under {category}.").anybody(),
            turn(Nothing, "The product is listed under {category}."),
            turn(Nothing, "The product can be found under {category}."),
            turn(Nothing, "The item is in the category {category}."),
            turn(Nothing, "The product belongs to the category {category}."),
            turn(Nothing, "Find the product under {category}.").anybody(),
            turn(Nothing, "Category: {category}."),
            turn(Nothing, "The item is filed under {category}."),
        ],
    },
};

fn unit(unit: Unit, one: bool) -> &'static str {
    match unit {
        Unit::Piece if one => "piece",
        Unit::Piece => "pieces",
        Unit::Inch if one => "inch",
        Unit::Inch => "inches",
        Unit::Hour if one => "hour",
        Unit::Hour => "hours",
        Unit::Minute if one => "minute",
        Unit::Minute => "minutes",
        Unit::Month if one => "month",
        Unit::Month => "months",
        Unit::Year if one => "year",
        Unit::Year => "years",
        other => other.symbol(),
    }
}

fn noun(kind: &FactKind) -> Option<Noun> {
    Some(match kind {
        FactKind::Dimensions => Noun {
            with: "dimensions of",
            having: "dimensions of",
            the: "the dimensions",
            label: "dimensions",
            several: true,
        },
        FactKind::NetContent => noun!("a" "pack size"),
        FactKind::Weight => noun!("a" "weight"),
        FactKind::Volume => noun!("a" "volume"),
        FactKind::Length => noun!("a" "length"),
        FactKind::Width => noun!("a" "width"),
        FactKind::Height => noun!("a" "height"),
        FactKind::Depth => noun!("a" "depth"),
        FactKind::Diameter => noun!("a" "diameter"),
        FactKind::Thickness => noun!("a" "thickness"),
        FactKind::CableLength => noun!("a" "cable length"),
        FactKind::ScreenSize => noun!("a" "screen size"),
        FactKind::Power => noun!("a" "power"),
        FactKind::Voltage => noun!("a" "voltage"),
        FactKind::BatteryCapacity => noun!("a" "capacity"),
        FactKind::Current => noun!("a" "current"),
        FactKind::Frequency => noun!("a" "frequency"),
        FactKind::LuminousFlux => noun!("a" "luminous flux"),
        FactKind::ColourTemperature => noun!("a" "colour temperature"),
        FactKind::Storage => noun!("a" "storage capacity"),
        FactKind::Torque => noun!("a" "torque"),
        FactKind::RotationSpeed => noun!("a" "speed"),
        FactKind::Pressure => noun!("a" "pressure"),
        FactKind::NoiseLevel => noun!("a" "noise level"),
        FactKind::MaximumLoad => noun!("a" "maximum load"),
        FactKind::BurnTime => noun!("a" "burn time"),
        FactKind::RunTime => noun!("a" "run time"),
        FactKind::FatContent => noun!("a" "fat content"),
        FactKind::AlcoholContent => noun!("an" "alcohol content"),
        FactKind::CocoaContent => noun!("a" "cocoa content"),
        _ => return None,
    })
}

fn property(kind: &FactKind) -> Option<Property> {
    Some(match kind {
        FactKind::PackSize => same("the pack contains {}", "is sold in a pack of {}", "", "pack contents"),
        FactKind::Colour => Property {
            clause: ["the colour is {}", "the colours are {}"],
            predicate: ["comes in {}"; 2],
            definite: [""; 2],
            label: ["colour", "colours"],
        },
        FactKind::Material => Property {
            clause: ["the material is {}", "the materials are {}"],
            predicate: ["is made of {}"; 2],
            definite: [""; 2],
            label: ["material", "materials"],
        },
        FactKind::Size => same("the size is {}", "comes in size {}", "", "size"),
        FactKind::Origin => {
            same("the country of origin is {}", "has {} as its country of origin", "", "country of origin")
        }
        FactKind::EnergyClass => same(
            "the energy efficiency class is {}",
            "has energy efficiency class {}",
            "",
            "energy efficiency class",
        ),
        FactKind::LampBase => same("the lamp base is {}", "has lamp base {}", "", "lamp base"),
        FactKind::ProtectionClass => {
            same("the protection rating is {}", "has protection rating {}", "", "protection rating")
        }
        FactKind::AgeRecommendation => {
            same("the recommended age is {}", "is recommended for ages {}", "", "recommended age")
        }
        _ => return None,
    })
}

/// A colour as a verb or a label wants it: `comes in transparent` is said by nobody.
fn fitted(kind: &FactKind, form: Form, value: &str) -> Option<String> {
    const ADJECTIVES: &[&str] = &["transparent", "multicoloured", "clear"];
    let adjective = || value.split([' ', ',']).any(|word| ADJECTIVES.contains(&word));
    let refused = *kind == FactKind::Colour && form == Predicate && adjective();
    // "Navy" is a colour of its own, and no kind of blue to who compares words.
    (!refused).then(|| {
        if *kind == FactKind::Colour { value.replace("navy blue", "navy") } else { value.to_owned() }
    })
}

/// `the Claw Hammer`, `the AA Batteries`: right for one, several and stuff. A name with a determiner has its own.
fn with_article(name: &str) -> String {
    const DETERMINERS: &[&str] = &["the", "a", "an", "my", "your", "our", "this", "that"];
    let first = name.split(' ').next().unwrap_or_default().to_lowercase();
    if DETERMINERS.contains(&first.as_str()) { name.to_owned() } else { format!("the {name}") }
}
