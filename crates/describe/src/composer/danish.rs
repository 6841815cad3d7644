//! Danish: decimal comma, a full stop between thousands, a blank before every unit and the per cent sign.
//!
//! As in Swedish a product's own name is never inflected and verbs agree with anything.

use super::rules::Form::{Clause, Definite, Having, Label, Nothing, Pair, Predicate, With};
use super::rules::{Noun, Property, Reader, Rules, Turns, bare, colour_as_noun, same, turn};
use crate::facts::{FactKind, Unit};

/// A measure: `en vægt på`, `vægten`, `vægt`.
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

/// The rules of Danish.
pub(super) static DANISH: Rules = Rules {
    tag: "da",
    decimal: ',',
    thousands: '.',
    percent: " %",
    about: "ca.",
    age: "fra {}",
    and: "og",
    comma: true,
    quotes: ('»', '«'),
    unit,
    noun,
    is: ["er", "er"],
    property,
    fitted: |kind, form, value| colour_as_noun(kind, form, value, "farvet"),
    object: bare,
    small_values: true,
    joins: &[
        " med ", " og ", " uden ", " inkl", " til ", " for ", " with ", " mit ", " och ", " and ", " und ",
    ],
    address: Reader::Familiar,
    dangling: &[
        "med",
        "og",
        "uden",
        "til",
        "for",
        "fra",
        "i",
        "på",
        "af",
        "inkl",
        "inklusive",
        "eller",
        "samt",
        "en",
        "et",
    ],
    abbreviations: &[
        ("m/", "med"),
        ("m.", "med"),
        ("u/", "uden"),
        ("ekskl.", "eksklusive"),
        ("inkl.", "inklusive"),
    ],
    turns: Turns {
        opening: &[
            turn(Nothing, "{name} kommer fra {brand}."),
            turn(Nothing, "Fra {brand} kommer {name}."),
            turn(Nothing, "{name} er et produkt fra {brand}."),
            turn(Nothing, "Her er {name} fra {brand}."),
            turn(Nothing, "Produktet {quoted} kommer fra {brand}."),
            turn(Nothing, "Dette er {name} fra {brand}."),
            turn(Nothing, "Her får du {name} fra {brand}.").familiar(),
            turn(Nothing, "Her får De {name} fra {brand}.").formal(),
            turn(With, "Fra {brand} kommer {name} med {list}."),
            turn(With, "{name} er et produkt fra {brand} med {list}."),
            turn(With, "{name} fra {brand} med {list}."),
            turn(With, "Dette er {name} fra {brand} med {list}."),
            turn(With, "Her får du {name} fra {brand} med {list}.").familiar(),
            turn(Having, "{name} fra {brand} har {list}."),
            turn(Having, "{name} er et produkt fra {brand} og har {list}."),
            turn(Having, "{name} kommer fra {brand} og har {list}."),
            turn(Label, "{name} fra {brand}: {list}."),
            turn(Label, "{name} ({list}) kommer fra {brand}."),
            turn(Label, "{name} ({list}) er et produkt fra {brand}."),
            turn(Nothing, "Dette er {name}."),
            turn(Nothing, "Produktet hedder {quoted}."),
            turn(Nothing, "Her får du {name}.").familiar(),
            turn(With, "Dette er {name} med {list}."),
            turn(With, "{name} med {list}."),
            turn(With, "Her får du {name} med {list}.").familiar(),
            turn(Having, "{name} har {list}."),
            turn(Having, "Produktet hedder {quoted} og har {list}."),
            turn(Label, "{name}: {list}."),
        ],
        measures: &[
            turn(Having, "Produktet har {list}."),
            turn(Having, "Varen har {list}."),
            turn(Having, "Dette produkt har {list}."),
            turn(Clause, "{list}."),
            turn(Definite, "Ifølge leverandøren er {list}."),
            turn(Pair, "{list}."),
            turn(Label, "Nøgletal: {list}."),
            turn(Having, "Ifølge leverandøren har produktet {list}."),
        ],
        properties: &[
            turn(Clause, "{list}."),
            turn(Predicate, "Produktet {list}."),
            turn(Predicate, "Varen {list}."),
            turn(Pair, "{list}."),
            turn(Definite, "Ifølge leverandøren er {list}."),
            turn(Predicate, "Dette produkt {list}."),
        ],
        others: &[
            turn(Clause, "Leverandøren oplyser også {list}."),
            turn(Clause, "Desuden oplyser leverandøren {list}."),
            turn(Clause, "Øvrige oplysninger fra leverandøren: {list}."),
            turn(Pair, "{list}."),
            turn(Clause, "Flere oplysninger fra leverandøren: {list}."),
        ],
        // "Varen" has the gender of the adjectives as they are listed.
        diet: &[
            turn(Clause, "Ifølge leverandøren er varen {list}."),
            turn(Clause, "Leverandøren oplyser, at varen er {list}."),
            turn(Label, "Oplyst af leverandøren: {list}."),
        ],
        certification: [
            &[
                turn(Clause, "Mærkning: {list}."),
                turn(Clause, "Leverandøren oplyser mærkningen {list}."),
                turn(Clause, "Mærkning ifølge leverandøren: {list}."),
            ],
            &[
                turn(Label, "Mærkninger: {list}."),
                turn(Clause, "Leverandøren oplyser mærkningerne {list}."),
                turn(Label, "Mærkninger ifølge leverandøren: {list}."),
            ],
        ],
        care: &[
            turn(Label, "Pleje: {list}."),
            turn(Label, "Plejeanvisning: {list}."),
            turn(Label, "Plejeanvisning fra leverandøren: {list}."),
        ],
        ingredients: &[
            turn(Nothing, "Ingredienser ifølge leverandøren: {text}."),
            turn(Nothing, "Leverandørens ingrediensliste: {text}."),
        ],
        allergens: &[
            turn(Nothing, "Allergener ifølge leverandøren: {text}."),
            turn(Nothing, "Leverandørens oplysning om allergener: {text}."),
        ],
        may_contain: &[turn(Nothing, "Kan ifølge leverandøren indeholde spor af: {text}.")],
        category: &[
            turn(Nothing, "Du finder produktet under {category}.").familiar(),
            turn(Nothing, "Led efter produktet under {category}.").familiar(),
            turn(Nothing, "De finder produktet under {category}.").formal(),
            turn(Nothing, "Produktet findes under {category}."),
            turn(Nothing, "Produktet ligger under {category} i sortimentet."),
            turn(Nothing, "Varen findes i kategorien {category}."),
            turn(Nothing, "Produktet hører til i kategorien {category}."),
            turn(Nothing, "I sortimentet findes produktet under {category}."),
            turn(Nothing, "Kategori: {category}."),
            turn(Nothing, "Varen er placeret i kategorien {category}."),
        ],
    },
};

fn unit(unit: Unit, one: bool) -> &'static str {
    match unit {
        Unit::Piece => "stk.",
        Unit::Inch => "tommer",
        Unit::Foot => "fod",
        Unit::PerMinute => "omdr./min.",
        Unit::Hour if one => "time",
        Unit::Hour => "timer",
        Unit::Minute if one => "minut",
        Unit::Minute => "minutter",
        Unit::Month if one => "måned",
        Unit::Month => "måneder",
        Unit::Year => "år",
        other => other.symbol(),
    }
}

fn noun(kind: &FactKind) -> Option<Noun> {
    Some(match kind {
        FactKind::Dimensions => {
            Noun { with: "målene", having: "målene", the: "målene", label: "mål", several: true }
        }
        FactKind::MaximumLoad => Noun {
            with: "en maksimal belastning på",
            having: "en maksimal belastning på",
            the: "den maksimale belastning",
            label: "maksimal belastning",
            several: false,
        },
        FactKind::NetContent => noun!("et" "indhold", "indholdet"),
        FactKind::Weight => noun!("en" "vægt", "vægten"),
        FactKind::Volume => noun!("et" "rumfang", "rumfanget"),
        FactKind::Length => noun!("en" "længde", "længden"),
        FactKind::Width => noun!("en" "bredde", "bredden"),
        FactKind::Height => noun!("en" "højde", "højden"),
        FactKind::Depth => noun!("en" "dybde", "dybden"),
        FactKind::Diameter => noun!("en" "diameter", "diameteren"),
        FactKind::Thickness => noun!("en" "tykkelse", "tykkelsen"),
        FactKind::CableLength => noun!("en" "kabellængde", "kabellængden"),
        FactKind::ScreenSize => noun!("en" "skærmstørrelse", "skærmstørrelsen"),
        FactKind::Power => noun!("en" "effekt", "effekten"),
        FactKind::Voltage => noun!("en" "spænding", "spændingen"),
        FactKind::BatteryCapacity => noun!("en" "kapacitet", "kapaciteten"),
        FactKind::Current => noun!("en" "strømstyrke", "strømstyrken"),
        FactKind::Frequency => noun!("en" "frekvens", "frekvensen"),
        FactKind::LuminousFlux => noun!("en" "lysstrøm", "lysstrømmen"),
        FactKind::ColourTemperature => noun!("en" "farvetemperatur", "farvetemperaturen"),
        FactKind::Storage => noun!("en" "lagerkapacitet", "lagerkapaciteten"),
        FactKind::Torque => noun!("et" "drejningsmoment", "drejningsmomentet"),
        FactKind::RotationSpeed => noun!("et" "omdrejningstal", "omdrejningstallet"),
        FactKind::Pressure => noun!("et" "tryk", "trykket"),
        FactKind::NoiseLevel => noun!("et" "støjniveau", "støjniveauet"),
        FactKind::BurnTime => noun!("en" "brændetid", "brændetiden"),
        FactKind::RunTime => noun!("en" "driftstid", "driftstiden"),
        FactKind::FatContent => noun!("et" "fedtindhold", "fedtindholdet"),
        FactKind::AlcoholContent => noun!("et" "alkoholindhold", "alkoholindholdet"),
        FactKind::CocoaContent => noun!("et" "kakaoindhold", "kakaoindholdet"),
        _ => return None,
    })
}

fn property(kind: &FactKind) -> Option<Property> {
    Some(match kind {
        FactKind::PackSize => same("pakken indeholder {}", "sælges i en pakke med {}", "", "antal i pakken"),
        FactKind::Colour => Property {
            clause: ["farven er {}", "farverne er {}"],
            predicate: ["har farven {}", "har farverne {}"],
            definite: ["farven {}", "farverne {}"],
            label: ["farve", "farver"],
        },
        FactKind::Material => Property {
            clause: ["materialet er {}", "materialerne er {}"],
            predicate: ["er lavet af {}"; 2],
            definite: ["materialet {}", "materialerne {}"],
            label: ["materiale", "materialer"],
        },
        FactKind::Size => same("størrelsen er {}", "har størrelse {}", "størrelsen {}", "størrelse"),
        FactKind::Origin => same(
            "oprindelseslandet er {}",
            "har {} som oprindelsesland",
            "oprindelseslandet {}",
            "oprindelsesland",
        ),
        FactKind::EnergyClass => {
            same("energiklassen er {}", "har energiklasse {}", "energiklassen {}", "energiklasse")
        }
        FactKind::LampBase => same("soklen er {}", "har sokkel {}", "soklen {}", "sokkel"),
        FactKind::ProtectionClass => {
            same("kapslingsklassen er {}", "har kapslingsklasse {}", "kapslingsklassen {}", "kapslingsklasse")
        }
        FactKind::AgeRecommendation => {
            same("den anbefalede alder er {}", "anbefales {}", "", "anbefalet alder")
        }
        _ => return None,
    })
}
