//! Norwegian (bokmål): decimal comma, a blank between thousands and before every unit and the per cent sign.
//!
//! As in Swedish a product's own name is never inflected and verbs agree with anything.

use super::rules::Form::{Clause, Definite, Having, Label, Nothing, Pair, Predicate, With};
use super::rules::{Noun, Property, Reader, Rules, Turns, bare, colour_as_noun, same, turn};
use crate::facts::{FactKind, Unit};

/// A measure: `en vekt på`, `vekten`, `vekt`.
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

/// The rules of Norwegian.
pub(super) static NORWEGIAN: Rules = Rules {
    tag: "no",
    decimal: ',',
    thousands: '\u{a0}',
    percent: " %",
    about: "ca.",
    age: "fra {}",
    and: "og",
    comma: true,
    quotes: ('«', '»'),
    unit,
    noun,
    is: ["er", "er"],
    property,
    fitted: |kind, form, value| colour_as_noun(kind, form, value, "farget"),
    object: bare,
    small_values: true,
    joins: &[
        " med ", " og ", " uten ", " inkl", " til ", " for ", " with ", " mit ", " och ", " and ", " und ",
    ],
    address: Reader::Familiar,
    dangling: &[
        "med",
        "og",
        "uten",
        "til",
        "for",
        "fra",
        "i",
        "på",
        "av",
        "inkl",
        "inklusive",
        "eller",
        "samt",
        "en",
        "et",
        "ei",
    ],
    abbreviations: &[
        ("m/", "med"),
        ("m.", "med"),
        ("u/", "uten"),
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
            turn(Nothing, "Produktet heter {quoted}."),
            turn(Nothing, "Her får du {name}.").familiar(),
            turn(With, "Dette er {name} med {list}."),
            turn(With, "{name} med {list}."),
            turn(With, "Her får du {name} med {list}.").familiar(),
            turn(Having, "{name} har {list}."),
            turn(Having, "Produktet heter {quoted} og har {list}."),
            turn(Label, "{name}: {list}."),
        ],
        measures: &[
            turn(Having, "Produktet har {list}."),
            turn(Having, "Varen har {list}."),
            turn(Having, "Dette produktet har {list}."),
            turn(Clause, "{list}."),
            turn(Definite, "Ifølge leverandøren er {list}."),
            turn(Pair, "{list}."),
            turn(Label, "Nøkkeltall: {list}."),
            turn(Having, "Ifølge leverandøren har produktet {list}."),
        ],
        properties: &[
            turn(Clause, "{list}."),
            turn(Predicate, "Produktet {list}."),
            turn(Predicate, "Varen {list}."),
            turn(Pair, "{list}."),
            turn(Definite, "Ifølge leverandøren er {list}."),
            turn(Predicate, "Dette produktet {list}."),
        ],
        others: &[
            turn(Clause, "Leverandøren oppgir også {list}."),
            turn(Clause, "Dessuten oppgir leverandøren {list}."),
            turn(Clause, "Øvrige opplysninger fra leverandøren: {list}."),
            turn(Pair, "{list}."),
            turn(Clause, "Flere opplysninger fra leverandøren: {list}."),
        ],
        // "Varen" has the gender of the adjectives as they are listed.
        diet: &[
            turn(Clause, "Ifølge leverandøren er varen {list}."),
            turn(Clause, "Leverandøren oppgir at varen er {list}."),
            turn(Label, "Oppgitt av leverandøren: {list}."),
        ],
        certification: [
            &[
                turn(Clause, "Merking: {list}."),
                turn(Clause, "Leverandøren oppgir merkingen {list}."),
                turn(Clause, "Merking ifølge leverandøren: {list}."),
            ],
            &[
                turn(Label, "Merker: {list}."),
                turn(Clause, "Leverandøren oppgir merkene {list}."),
                turn(Label, "Merker ifølge leverandøren: {list}."),
            ],
        ],
        care: &[
            turn(Label, "Stell: {list}."),
            turn(Label, "Vedlikehold: {list}."),
            turn(Label, "Vedlikeholdsråd fra leverandøren: {list}."),
        ],
        ingredients: &[
            turn(Nothing, "Ingredienser ifølge leverandøren: {text}."),
            turn(Nothing, "Leverandørens ingrediensliste: {text}."),
        ],
        allergens: &[
            turn(Nothing, "Allergener ifølge leverandøren: {text}."),
            turn(Nothing, "Leverandørens opplysning om allergener: {text}."),
        ],
        may_contain: &[turn(Nothing, "Kan ifølge leverandøren inneholde spor av: {text}.")],
        category: &[
            turn(Nothing, "Du finner produktet under {category}.").familiar(),
            turn(Nothing, "Se etter produktet under {category}.").familiar(),
            turn(Nothing, "De finner produktet under {category}.").formal(),
            turn(Nothing, "Produktet finnes under {category}."),
            turn(Nothing, "Produktet ligger under {category} i sortimentet."),
            turn(Nothing, "Varen finnes i kategorien {category}."),
            turn(Nothing, "Produktet hører til i kategorien {category}."),
            turn(Nothing, "I sortimentet finnes produktet under {category}."),
            turn(Nothing, "Kategori: {category}."),
            turn(Nothing, "Varen er plassert i kategorien {category}."),
        ],
    },
};

fn unit(unit: Unit, one: bool) -> &'static str {
    match unit {
        Unit::Piece => "stk.",
        Unit::Inch if one => "tomme",
        Unit::Inch => "tommer",
        Unit::Foot => "fot",
        Unit::PerMinute => "o/min",
        Unit::Hour if one => "time",
        Unit::Hour => "timer",
        Unit::Minute if one => "minutt",
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
            the: "den maksimale belastningen",
            label: "maksimal belastning",
            several: false,
        },
        FactKind::NetContent => noun!("et" "innhold", "innholdet"),
        FactKind::Weight => noun!("en" "vekt", "vekten"),
        FactKind::Volume => noun!("et" "volum", "volumet"),
        FactKind::Length => noun!("en" "lengde", "lengden"),
        FactKind::Width => noun!("en" "bredde", "bredden"),
        FactKind::Height => noun!("en" "høyde", "høyden"),
        FactKind::Depth => noun!("en" "dybde", "dybden"),
        FactKind::Diameter => noun!("en" "diameter", "diameteren"),
        FactKind::Thickness => noun!("en" "tykkelse", "tykkelsen"),
        FactKind::CableLength => noun!("en" "kabellengde", "kabellengden"),
        FactKind::ScreenSize => noun!("en" "skjermstørrelse", "skjermstørrelsen"),
        FactKind::Power => noun!("en" "effekt", "effekten"),
        FactKind::Voltage => noun!("en" "spenning", "spenningen"),
        FactKind::BatteryCapacity => noun!("en" "kapasitet", "kapasiteten"),
        FactKind::Current => noun!("en" "strømstyrke", "strømstyrken"),
        FactKind::Frequency => noun!("en" "frekvens", "frekvensen"),
        FactKind::LuminousFlux => noun!("en" "lysstrøm", "lysstrømmen"),
        FactKind::ColourTemperature => noun!("en" "fargetemperatur", "fargetemperaturen"),
        FactKind::Storage => noun!("en" "lagringskapasitet", "lagringskapasiteten"),
        FactKind::Torque => noun!("et" "dreiemoment", "dreiemomentet"),
        FactKind::RotationSpeed => noun!("et" "turtall", "turtallet"),
        FactKind::Pressure => noun!("et" "trykk", "trykket"),
        FactKind::NoiseLevel => noun!("et" "støynivå", "støynivået"),
        FactKind::BurnTime => noun!("en" "brennetid", "brennetiden"),
        FactKind::RunTime => noun!("en" "driftstid", "driftstiden"),
        FactKind::FatContent => noun!("et" "fettinnhold", "fettinnholdet"),
        FactKind::AlcoholContent => noun!("et" "alkoholinnhold", "alkoholinnholdet"),
        FactKind::CocoaContent => noun!("et" "kakaoinnhold", "kakaoinnholdet"),
        _ => return None,
    })
}

fn property(kind: &FactKind) -> Option<Property> {
    Some(match kind {
        FactKind::PackSize => same("pakken inneholder {}", "selges i en pakke med {}", "", "antall i pakken"),
        FactKind::Colour => Property {
            clause: ["fargen er {}", "fargene er {}"],
            predicate: ["har fargen {}", "har fargene {}"],
            definite: ["fargen {}", "fargene {}"],
            label: ["farge", "farger"],
        },
        FactKind::Material => Property {
            clause: ["materialet er {}", "materialene er {}"],
            predicate: ["er laget av {}"; 2],
            definite: ["materialet {}", "materialene {}"],
            label: ["materiale", "materialer"],
        },
        FactKind::Size => same("størrelsen er {}", "har størrelse {}", "størrelsen {}", "størrelse"),
        FactKind::Origin => same(
            "opprinnelseslandet er {}",
            "har {} som opprinnelsesland",
            "opprinnelseslandet {}",
            "opprinnelsesland",
        ),
        FactKind::EnergyClass => {
            same("energiklassen er {}", "har energiklasse {}", "energiklassen {}", "energiklasse")
        }
        FactKind::LampBase => same("sokkelen er {}", "har sokkel {}", "sokkelen {}", "sokkel"),
        FactKind::ProtectionClass => {
            same("kapslingsgraden er {}", "har kapslingsgrad {}", "kapslingsgraden {}", "kapslingsgrad")
        }
        FactKind::AgeRecommendation => {
            same("den anbefalte alderen er {}", "anbefales {}", "", "anbefalt alder")
        }
        _ => return None,
    })
}
