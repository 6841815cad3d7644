//! Swedish: decimal comma, a blank before every unit and the per cent sign.
//!
//! A product's own name is never inflected and takes no article. Verbs agree with anything in Swedish, so the name may be
//! singular or plural.

use super::rules::Form::{Clause, Definite, Having, Label, Nothing, Pair, Predicate, With};
use super::rules::{Noun, Property, Reader, Rules, Turns, bare, colour_as_noun, same, turn};
use crate::facts::{FactKind, Unit};

/// A measure: `en vikt på`, `vikten`, `vikt`.
macro_rules! noun {
    ($article:literal $noun:literal, $definite:literal) => {
        Noun {
            with: concat!($article, " ", $noun, " på"),
            having: concat!($article, " ", $noun, " på"),
            the: $definite,
            label: $noun,
            several: false,
        }
    };
}

/// The rules of Swedish.
pub(super) static SWEDISH: Rules = Rules {
    tag: "sv",
    decimal: ',',
    thousands: '\u{a0}',
    percent: " %",
    about: "ca",
    age: "från {}",
    and: "och",
    comma: false,
    quotes: ('”', '”'),
    unit,
    noun,
    is: ["är", "är"],
    property,
    fitted: |kind, form, value| colour_as_noun(kind, form, value, "färgad"),
    object: bare,
    small_values: true,
    joins: &[" med ", " och ", " utan ", " inkl", " till ", " för ", " with ", " mit ", " and "],
    address: Reader::Familiar,
    dangling: &[
        "med",
        "och",
        "utan",
        "till",
        "för",
        "från",
        "i",
        "på",
        "av",
        "inkl",
        "inklusive",
        "eller",
        "samt",
        "en",
        "ett",
    ],
    abbreviations: &[
        ("m/", "med"),
        ("m.", "med"),
        ("m", "med"),
        ("u/", "utan"),
        ("exkl.", "exklusive"),
        ("inkl.", "inklusive"),
    ],
    turns: Turns {
        opening: &[
            turn(Nothing, "{name} kommer från {brand}."),
            turn(Nothing, "Från {brand} kommer {name}."),
            turn(Nothing, "{name} är en produkt från {brand}."),
            turn(Nothing, "Här är {name} från {brand}."),
            turn(Nothing, "Produkten {quoted} kommer från {brand}."),
            turn(Nothing, "Det här är {name} från {brand}."),
            turn(Nothing, "Här får du {name} från {brand}.").familiar(),
            turn(Nothing, "Här får Ni {name} från {brand}.").formal(),
            turn(With, "Från {brand} kommer {name} med {list}."),
            turn(With, "{name} är en produkt från {brand} med {list}."),
            turn(With, "{name} från {brand} med {list}."),
            turn(With, "Det här är {name} från {brand} med {list}."),
            turn(With, "Här får du {name} från {brand} med {list}.").familiar(),
            turn(Having, "{name} från {brand} har {list}."),
            turn(Having, "{name} är en produkt från {brand} och har {list}."),
            turn(Having, "{name} kommer från {brand} och har {list}."),
            turn(Label, "{name} från {brand}: {list}."),
            turn(Label, "{name} ({list}) kommer från {brand}."),
            turn(Label, "{name} ({list}) är en produkt från {brand}."),
            turn(Nothing, "Det här är {name}."),
            turn(Nothing, "Produkten heter {quoted}."),
            turn(Nothing, "Här får du {name}.").familiar(),
            turn(With, "Det här är {name} med {list}."),
            turn(With, "{name} med {list}."),
            turn(With, "Här får du {name} med {list}.").familiar(),
            turn(Having, "{name} har {list}."),
            turn(Having, "Produkten heter {quoted} och har {list}."),
            turn(Label, "{name}: {list}."),
        ],
        measures: &[
            turn(Having, "Produkten har {list}."),
            turn(Having, "Varan har {list}."),
            turn(Having, "Den här produkten har {list}."),
            turn(Clause, "{list}."),
            turn(Definite, "Enligt leverantören är {list}."),
            turn(Pair, "{list}."),
            turn(Label, "Fakta i korthet: {list}."),
            turn(Having, "Enligt leverantören har produkten {list}."),
        ],
        properties: &[
            turn(Clause, "{list}."),
            turn(Predicate, "Produkten {list}."),
            turn(Predicate, "Varan {list}."),
            turn(Pair, "{list}."),
            turn(Definite, "Enligt leverantören är {list}."),
            turn(Predicate, "Den här produkten {list}."),
        ],
        others: &[
            turn(Clause, "Leverantören anger även {list}."),
            turn(Clause, "Dessutom anger leverantören {list}."),
            turn(Clause, "Övriga uppgifter från leverantören: {list}."),
            turn(Pair, "{list}."),
            turn(Clause, "Fler uppgifter från leverantören: {list}."),
        ],
        diet: &[
            turn(Clause, "Enligt leverantören är produkten {list}."),
            turn(Clause, "Leverantören anger att produkten är {list}."),
            turn(Label, "Uppgift från leverantören: {list}."),
        ],
        certification: [
            &[
                turn(Clause, "Märkning: {list}."),
                turn(Clause, "Leverantören anger märkningen {list}."),
                turn(Clause, "Märkning enligt leverantören: {list}."),
            ],
            &[
                turn(Label, "Märkningar: {list}."),
                turn(Clause, "Leverantören anger märkningarna {list}."),
                turn(Label, "Märkningar enligt leverantören: {list}."),
            ],
        ],
        care: &[
            turn(Label, "Skötselråd: {list}."),
            turn(Label, "Skötsel: {list}."),
            turn(Label, "Skötselråd från leverantören: {list}."),
        ],
        ingredients: &[
            turn(Nothing, "Ingredienser enligt leverantören: {text}."),
            turn(Nothing, "Leverantörens ingrediensförteckning: {text}."),
        ],
        allergens: &[
            turn(Nothing, "Allergener enligt leverantören: {text}."),
            turn(Nothing, "Leverantörens uppgift om allergener: {text}."),
        ],
        may_contain: &[turn(Nothing, "Kan enligt leverantören innehålla spår av: {text}.")],
        category: &[
            turn(Nothing, "Du hittar produkten under {category}.").familiar(),
            turn(Nothing, "Leta efter produkten under {category}.").familiar(),
            turn(Nothing, "Ni hittar produkten under {category}.").formal(),
            turn(Nothing, "Produkten finns under {category}."),
            turn(Nothing, "Produkten ligger under {category} i sortimentet."),
            turn(Nothing, "Varan finns i kategorin {category}."),
            turn(Nothing, "Produkten hör till kategorin {category}."),
            turn(Nothing, "I sortimentet finns produkten under {category}."),
            turn(Nothing, "Kategori: {category}."),
            turn(Nothing, "Varan är placerad i kategorin {category}."),
        ],
    },
};

fn unit(unit: Unit, one: bool) -> &'static str {
    match unit {
        Unit::Piece => "st",
        Unit::Inch => "tum",
        Unit::Foot => "fot",
        Unit::PerMinute => "varv/min",
        Unit::Hour if one => "timme",
        Unit::Hour => "timmar",
        Unit::Minute if one => "minut",
        Unit::Minute => "minuter",
        Unit::Month if one => "månad",
        Unit::Month => "månader",
        Unit::Year => "år",
        other => other.symbol(),
    }
}

fn noun(kind: &FactKind) -> Option<Noun> {
    Some(match kind {
        FactKind::Dimensions => {
            Noun { with: "måtten", having: "måtten", the: "måtten", label: "mått", several: true }
        }
        FactKind::MaximumLoad => Noun {
            with: "en maximal belastning på",
            having: "en maximal belastning på",
            the: "den maximala belastningen",
            label: "maximal belastning",
            several: false,
        },
        FactKind::NetContent => noun!("en" "förpackningsstorlek", "förpackningsstorleken"),
        FactKind::Weight => noun!("en" "vikt", "vikten"),
        FactKind::Volume => noun!("en" "volym", "volymen"),
        FactKind::Length => noun!("en" "längd", "längden"),
        FactKind::Width => noun!("en" "bredd", "bredden"),
        FactKind::Height => noun!("en" "höjd", "höjden"),
        FactKind::Depth => noun!("ett" "djup", "djupet"),
        FactKind::Diameter => noun!("en" "diameter", "diametern"),
        FactKind::Thickness => noun!("en" "tjocklek", "tjockleken"),
        FactKind::CableLength => noun!("en" "kabellängd", "kabellängden"),
        FactKind::ScreenSize => noun!("en" "skärmstorlek", "skärmstorleken"),
        FactKind::Power => noun!("en" "effekt", "effekten"),
        FactKind::Voltage => noun!("en" "spänning", "spänningen"),
        FactKind::BatteryCapacity => noun!("en" "kapacitet", "kapaciteten"),
        FactKind::Current => noun!("en" "strömstyrka", "strömstyrkan"),
        FactKind::Frequency => noun!("en" "frekvens", "frekvensen"),
        FactKind::LuminousFlux => noun!("ett" "ljusflöde", "ljusflödet"),
        FactKind::ColourTemperature => noun!("en" "färgtemperatur", "färgtemperaturen"),
        FactKind::Storage => noun!("ett" "lagringsutrymme", "lagringsutrymmet"),
        FactKind::Torque => noun!("ett" "vridmoment", "vridmomentet"),
        FactKind::RotationSpeed => noun!("ett" "varvtal", "varvtalet"),
        FactKind::Pressure => noun!("ett" "tryck", "trycket"),
        FactKind::NoiseLevel => noun!("en" "ljudnivå", "ljudnivån"),
        FactKind::BurnTime => noun!("en" "brinntid", "brinntiden"),
        FactKind::RunTime => noun!("en" "drifttid", "drifttiden"),
        FactKind::FatContent => noun!("en" "fetthalt", "fetthalten"),
        FactKind::AlcoholContent => noun!("en" "alkoholhalt", "alkoholhalten"),
        FactKind::CocoaContent => noun!("en" "kakaohalt", "kakaohalten"),
        _ => return None,
    })
}

fn property(kind: &FactKind) -> Option<Property> {
    Some(match kind {
        FactKind::PackSize => {
            same("förpackningen innehåller {}", "säljs i en förpackning med {}", "", "antal i förpackningen")
        }
        FactKind::Colour => Property {
            clause: ["färgen är {}", "färgerna är {}"],
            predicate: ["har färgen {}", "har färgerna {}"],
            definite: ["färgen {}", "färgerna {}"],
            label: ["färg", "färger"],
        },
        FactKind::Material => Property {
            clause: ["materialet är {}", "materialen är {}"],
            predicate: ["är gjord av {}"; 2],
            definite: ["materialet {}", "materialen {}"],
            label: ["material"; 2],
        },
        FactKind::Size => same("storleken är {}", "har storlek {}", "storleken {}", "storlek"),
        FactKind::Origin => {
            same("ursprungslandet är {}", "har {} som ursprungsland", "ursprungslandet {}", "ursprungsland")
        }
        FactKind::EnergyClass => {
            same("energiklassen är {}", "har energiklass {}", "energiklassen {}", "energiklass")
        }
        FactKind::LampBase => same("sockeln är {}", "har sockel {}", "sockeln {}", "sockel"),
        FactKind::ProtectionClass => {
            same("kapslingsklassen är {}", "har kapslingsklass {}", "kapslingsklassen {}", "kapslingsklass")
        }
        FactKind::AgeRecommendation => {
            same("den rekommenderade åldern är {}", "rekommenderas {}", "", "rekommenderad ålder")
        }
        _ => return None,
    })
}
