//! German: decimal comma, a blank before every unit and the per cent sign, and one between thousands (DIN 5008).
//!
//! Articles, cases and verbs agree with the noun, and the gender and number of a product's name cannot be told. So a name
//! is never the subject, the object or in a case of its own: it stands alone (`Bohrer von Asta mit …`) or in quotes, which
//! make it the name of "das Produkt". Values whose form depends on a case are told only where they stand in the
//! nominative.

use super::notation::capitalised;
use super::rules::Form::{Clause, Definite, Having, Label, Nothing, Pair, Predicate, With};
use super::rules::{Form, Noun, Property, Reader, Rules, Turns, bare, same, turn};
use crate::facts::{FactKind, Unit};

/// A feminine measure: `einer Länge von`, `eine Länge von`, `die Länge`.
macro_rules! feminine {
    ($noun:literal) => {
        Noun {
            with: concat!("einer ", $noun, " von"),
            having: concat!("eine ", $noun, " von"),
            the: concat!("die ", $noun),
            label: $noun,
            several: false,
        }
    };
}

/// A masculine measure: `einem Durchmesser von`, `einen Durchmesser von`, `der Durchmesser`.
macro_rules! masculine {
    ($noun:literal) => {
        Noun {
            with: concat!("einem ", $noun, " von"),
            having: concat!("einen ", $noun, " von"),
            the: concat!("der ", $noun),
            label: $noun,
            several: false,
        }
    };
}

/// A neuter measure: `einem Gewicht von`, `ein Gewicht von`, `das Gewicht`.
macro_rules! neuter {
    ($noun:literal) => {
        Noun {
            with: concat!("einem ", $noun, " von"),
            having: concat!("ein ", $noun, " von"),
            the: concat!("das ", $noun),
            label: $noun,
            several: false,
        }
    };
}

/// The rules of German.
pub(super) static GERMAN: Rules = Rules {
    tag: "de",
    decimal: ',',
    thousands: '\u{a0}',
    percent: " %",
    about: "ca.",
    age: "ab {}",
    and: "und",
    comma: false,
    quotes: ('„', '“'),
    unit,
    noun,
    is: ["beträgt", "betragen"],
    property,
    fitted,
    object: bare,
    small_values: false,
    joins: &[
        " mit ", " und ", " ohne ", " inkl", " für ", " zum ", " zur ", " with ", " med ", " och ", " og ",
        " and ",
    ],
    address: Reader::Formal,
    dangling: &[
        "mit",
        "und",
        "ohne",
        "für",
        "von",
        "vom",
        "zu",
        "zum",
        "zur",
        "in",
        "im",
        "auf",
        "aus",
        "inkl",
        "inklusive",
        "oder",
        "sowie",
        "der",
        "die",
        "das",
        "ein",
        "eine",
    ],
    abbreviations: &[("m.", "mit"), ("inkl.", "inklusive"), ("exkl.", "exklusive")],
    turns: Turns {
        opening: &[
            turn(Nothing, "Das Produkt {quoted} stammt von {brand}."),
            turn(Nothing, "Dieses Produkt von {brand} heißt {quoted}."),
            turn(Nothing, "{quoted} ist ein Produkt von {brand}."),
            turn(Nothing, "Produkt: {name} von {brand}."),
            turn(Nothing, "{brand} führt dieses Produkt unter dem Namen {quoted}."),
            turn(Nothing, "Der Artikel {quoted} kommt von {brand}."),
            turn(Nothing, "Mit {quoted} erhalten Sie ein Produkt von {brand}.").formal(),
            turn(Nothing, "Mit {quoted} bekommst du ein Produkt von {brand}.").familiar(),
            turn(With, "{name} von {brand} mit {list}."),
            turn(With, "{quoted} ist ein Produkt von {brand} mit {list}."),
            turn(With, "Von {brand}: {name} mit {list}."),
            turn(With, "Der Artikel {quoted} ist ein Produkt von {brand} mit {list}."),
            turn(Having, "Das Produkt {quoted} von {brand} hat {list}."),
            turn(Having, "Dieses Produkt von {brand} heißt {quoted} und hat {list}."),
            turn(Having, "Der Artikel {quoted} von {brand} hat {list}."),
            turn(Having, "{quoted} von {brand} hat {list}."),
            turn(Label, "{name} von {brand}: {list}."),
            turn(Label, "{name} von {brand} ({list})."),
            turn(Label, "Von {brand}: {name} ({list})."),
            turn(Nothing, "Das Produkt heißt {quoted}."),
            turn(Nothing, "Der Artikel trägt den Namen {quoted}."),
            turn(With, "{name} mit {list}."),
            turn(Having, "Das Produkt {quoted} hat {list}."),
            turn(Having, "Das Produkt heißt {quoted} und hat {list}."),
            turn(Having, "Der Artikel {quoted} hat {list}."),
            turn(Label, "{name}: {list}."),
        ],
        measures: &[
            turn(Having, "Das Produkt hat {list}."),
            turn(Having, "Der Artikel hat {list}."),
            turn(Having, "Dieses Produkt hat {list}."),
            turn(Clause, "{list}."),
            turn(Definite, "Laut Lieferant beträgt {list}."),
            turn(Pair, "{list}."),
            turn(Label, "Auf einen Blick: {list}."),
            turn(Having, "Laut Lieferant hat das Produkt {list}."),
        ],
        properties: &[
            turn(Clause, "{list}."),
            turn(Predicate, "Das Produkt {list}."),
            turn(Predicate, "Der Artikel {list}."),
            turn(Pair, "{list}."),
            turn(Predicate, "Dieses Produkt {list}."),
        ],
        others: &[
            turn(Clause, "Der Lieferant gibt außerdem an: {list}."),
            turn(Clause, "Weitere Angaben des Lieferanten: {list}."),
            turn(Clause, "Ergänzende Angaben des Lieferanten: {list}."),
            turn(Clause, "Zusätzlich nennt der Lieferant: {list}."),
            turn(Pair, "{list}."),
        ],
        diet: &[
            turn(Clause, "Laut Lieferant ist das Produkt {list}."),
            turn(Clause, "Der Lieferant gibt an, dass das Produkt {list} ist."),
            turn(Label, "Angabe des Lieferanten: {list}."),
        ],
        certification: [
            &[
                turn(Clause, "Kennzeichnung: {list}."),
                turn(Clause, "Der Lieferant gibt die Kennzeichnung {list} an."),
                turn(Clause, "Kennzeichnung laut Lieferant: {list}."),
            ],
            &[
                turn(Label, "Kennzeichnungen: {list}."),
                turn(Clause, "Der Lieferant gibt die Kennzeichnungen {list} an."),
                turn(Label, "Kennzeichnungen laut Lieferant: {list}."),
            ],
        ],
        care: &[
            turn(Label, "Pflege: {list}."),
            turn(Label, "Pflegehinweise: {list}."),
            turn(Label, "Pflegehinweise des Lieferanten: {list}."),
        ],
        ingredients: &[
            turn(Nothing, "Zutaten laut Lieferant: {text}."),
            turn(Nothing, "Zutatenliste des Lieferanten: {text}."),
        ],
        allergens: &[
            turn(Nothing, "Allergene laut Lieferant: {text}."),
            turn(Nothing, "Angaben des Lieferanten zu Allergenen: {text}."),
        ],
        may_contain: &[turn(Nothing, "Kann laut Lieferant Spuren enthalten von: {text}.")],
        category: &[
            turn(Nothing, "Sie finden das Produkt unter „{category}“.").formal(),
            turn(Nothing, "Du findest das Produkt unter „{category}“.").familiar(),
            turn(Nothing, "Das Produkt ist unter „{category}“ zu finden."),
            turn(Nothing, "Kategorie: {category}."),
            turn(Nothing, "Der Artikel gehört zur Kategorie {category}."),
            turn(Nothing, "Das Produkt steht im Sortiment unter „{category}“."),
            turn(Nothing, "Im Sortiment steht das Produkt unter „{category}“."),
            turn(Nothing, "Der Artikel ist in der Kategorie {category} zu finden."),
            turn(Nothing, "Das Produkt ist der Kategorie {category} zugeordnet."),
        ],
    },
};

fn unit(unit: Unit, one: bool) -> &'static str {
    match unit {
        Unit::Piece => "Stück",
        Unit::Inch => "Zoll",
        Unit::Foot => "Fuß",
        Unit::PerMinute => "U/min",
        Unit::Hour if one => "Stunde",
        Unit::Hour => "Stunden",
        Unit::Minute if one => "Minute",
        Unit::Minute => "Minuten",
        Unit::Month if one => "Monat",
        Unit::Month => "Monate",
        Unit::Year if one => "Jahr",
        Unit::Year => "Jahre",
        other => other.symbol(),
    }
}

fn noun(kind: &FactKind) -> Option<Noun> {
    Some(match kind {
        FactKind::Dimensions => {
            Noun { with: "den Maßen", having: "die Maße", the: "die Maße", label: "Maße", several: true }
        }
        FactKind::MaximumLoad => Noun {
            with: "einer maximalen Belastbarkeit von",
            having: "eine maximale Belastbarkeit von",
            the: "die maximale Belastbarkeit",
            label: "maximale Belastbarkeit",
            several: false,
        },
        FactKind::NetContent => masculine!("Inhalt"),
        FactKind::Weight => neuter!("Gewicht"),
        FactKind::Volume => neuter!("Volumen"),
        FactKind::Length => feminine!("Länge"),
        FactKind::Width => feminine!("Breite"),
        FactKind::Height => feminine!("Höhe"),
        FactKind::Depth => feminine!("Tiefe"),
        FactKind::Diameter => masculine!("Durchmesser"),
        FactKind::Thickness => feminine!("Dicke"),
        FactKind::CableLength => feminine!("Kabellänge"),
        FactKind::ScreenSize => feminine!("Bildschirmgröße"),
        FactKind::Power => feminine!("Leistung"),
        FactKind::Voltage => feminine!("Spannung"),
        FactKind::BatteryCapacity => feminine!("Kapazität"),
        FactKind::Current => feminine!("Stromstärke"),
        FactKind::Frequency => feminine!("Frequenz"),
        FactKind::LuminousFlux => masculine!("Lichtstrom"),
        FactKind::ColourTemperature => feminine!("Farbtemperatur"),
        FactKind::Storage => feminine!("Speicherkapazität"),
        FactKind::Torque => neuter!("Drehmoment"),
        FactKind::RotationSpeed => feminine!("Drehzahl"),
        FactKind::Pressure => masculine!("Druck"),
        FactKind::NoiseLevel => masculine!("Geräuschpegel"),
        FactKind::BurnTime => feminine!("Brenndauer"),
        FactKind::RunTime => feminine!("Laufzeit"),
        FactKind::FatContent => masculine!("Fettgehalt"),
        FactKind::AlcoholContent => masculine!("Alkoholgehalt"),
        FactKind::CocoaContent => masculine!("Kakaogehalt"),
        _ => return None,
    })
}

fn property(kind: &FactKind) -> Option<Property> {
    Some(match kind {
        FactKind::PackSize => {
            same("die Packung enthält {}", "wird in einer Packung mit {} verkauft", "", "Packungsinhalt")
        }
        FactKind::Colour => Property {
            clause: ["die Farbe ist {}", "die Farben sind {}"],
            predicate: ["hat die Farbe {}", "hat die Farben {}"],
            definite: [""; 2],
            label: ["Farbe", "Farben"],
        },
        FactKind::Material => Property {
            clause: ["das Material ist {}", "die Materialien sind {}"],
            predicate: ["besteht aus {}"; 2],
            definite: [""; 2],
            label: ["Material", "Materialien"],
        },
        FactKind::Size => same("die Größe ist {}", "hat die Größe {}", "", "Größe"),
        FactKind::Origin => same("das Ursprungsland ist {}", "stammt aus {}", "", "Ursprungsland"),
        FactKind::EnergyClass => same(
            "die Energieeffizienzklasse ist {}",
            "hat die Energieeffizienzklasse {}",
            "",
            "Energieeffizienzklasse",
        ),
        FactKind::LampBase => same("der Lampensockel ist {}", "hat den Lampensockel {}", "", "Lampensockel"),
        FactKind::ProtectionClass => same("die Schutzart ist {}", "hat die Schutzart {}", "", "Schutzart"),
        FactKind::AgeRecommendation => {
            same("die Altersempfehlung lautet {}", "wird {} empfohlen", "", "Altersempfehlung")
        }
        _ => return None,
    })
}

/// Countries with an article: in the nominative, and behind "aus". The plural ones have no nominative here: it would want
/// another verb.
const WITH_ARTICLE: &[(&str, &str, &str)] = &[
    ("Schweiz", "die Schweiz", "der Schweiz"),
    ("Slowakei", "die Slowakei", "der Slowakei"),
    ("Türkei", "die Türkei", "der Türkei"),
    ("Ukraine", "die Ukraine", "der Ukraine"),
    ("Niederlande", "", "den Niederlanden"),
    ("Philippinen", "", "den Philippinen"),
    ("Dominikanische Republik", "die Dominikanische Republik", "der Dominikanischen Republik"),
    ("Elfenbeinküste", "die Elfenbeinküste", "der Elfenbeinküste"),
    ("Vereinigte Arabische Emirate", "", "den Vereinigten Arabischen Emiraten"),
    ("Färöer", "", "den Färöern"),
    ("Vereinigte Staaten", "", "den Vereinigten Staaten"),
    ("USA", "", "den USA"),
];

fn fitted(kind: &FactKind, form: Form, value: &str) -> Option<String> {
    match kind {
        // Behind "ab" the dative.
        FactKind::AgeRecommendation => Some(value.replace("Jahre", "Jahren").replace("Monate", "Monaten")),
        FactKind::Origin => {
            let found = WITH_ARTICLE.iter().find(|(name, ..)| *name == value);
            match (found, form) {
                (Some((_, "", _)), Clause) => None,
                (Some((_, nominative, _)), Clause) => Some((*nominative).to_owned()),
                (Some((_, _, dative)), Predicate) => Some((*dative).to_owned()),
                _ => Some(value.to_owned()),
            }
        }
        // `Farbe: silberfarben`, but `die Farbe ist Silber`: a noun has a capital.
        FactKind::Colour if !matches!(form, Label | Pair) => {
            const ADJECTIVES: &[&str] = &["transparent", "mehrfarbig", "bunt", "farblos", "klar"];
            let word = |word: &str| match word.trim_end_matches(',') {
                "und" => Some(word.to_owned()),
                plain if ADJECTIVES.contains(&plain) => None,
                _ => Some(capitalised(&word.replace("farben", ""))),
            };
            value.split(' ').map(word).collect::<Option<Vec<_>>>().map(|words| words.join(" "))
        }
        // `das Material ist 80 % Wolle` is said by nobody.
        FactKind::Material if form == Clause && value.contains('%') => None,
        // Behind "aus" an adjective has another ending: `aus gehärtetem Glas`.
        FactKind::Material if form == Predicate => value
            .split(' ')
            .all(|word| word == "und" || word == "%" || is_noun(word))
            .then(|| value.to_owned()),
        _ => Some(value.to_owned()),
    }
}

fn is_noun(word: &str) -> bool {
    !word.starts_with(char::is_lowercase)
}
