//! Products with the texts that are wanted, per language. A test sees that each of them passes the guard.

use std::sync::LazyLock;

use berika_catalog::{Language, ProductValues};
use serde_json::json;

use super::{Form, input};
use crate::{Example, Facts, Outcome, Request, Voice, compose};

/// A product with the texts that are wanted of it.
pub(super) struct Wanted {
    pub(super) language: &'static str,
    brand: &'static str,
    title: &'static str,
    attributes: &'static [(&'static str, &'static str)],
    pub(super) category: &'static str,
    pub(super) short: &'static [&'static str],
    pub(super) long: &'static [&'static str],
    pub(super) seo_description: &'static [&'static str],
}

impl Wanted {
    pub(super) fn values(&self) -> ProductValues {
        ProductValues {
            title: Some(self.title.to_owned()),
            brand: Some(self.brand.to_owned()),
            attributes: self.attributes.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect(),
            language: Language::parse(self.language).ok(),
            ..ProductValues::default()
        }
    }

    fn example(&self, form: Form) -> Option<Example> {
        let (values, voice) = (self.values(), Voice::default());
        let (facts, language) = (Facts::of(&values), Language::parse(self.language).ok()?);
        let request = Request {
            values: &values,
            facts: &facts,
            category: Some(self.category),
            language: &language,
            voice: &voice,
        };
        let Outcome::Described(composed) = compose(&request) else { return None };
        let answer = match form {
            Form::Lines => self.short.join(" "),
            Form::Json => json!({
                "title": composed.title.text,
                "short": self.short,
                "long": self.long,
                "seo_title": composed.seo_title.text,
                "seo_description": self.seo_description,
            })
            .to_string(),
        };
        Some(Example { input: input(&request, &composed, form), answer })
    }
}

/// The examples in a language; none where there are no rules for it.
pub(super) fn of(language: &Language, form: Form) -> Vec<Example> {
    type Made = Vec<(&'static str, Example)>;
    static JSON: LazyLock<Made> = LazyLock::new(|| made(Form::Json));
    static LINES: LazyLock<Made> = LazyLock::new(|| made(Form::Lines));
    fn made(form: Form) -> Made {
        WANTED.iter().filter_map(|wanted| Some((wanted.language, wanted.example(form)?))).collect()
    }
    let made = match form {
        Form::Json => &JSON,
        Form::Lines => &LINES,
    };
    made.iter().filter(|(tag, _)| *tag == language.as_str()).map(|(_, example)| example.clone()).collect()
}

/// Two a language: a thing with measures, and a food.
pub(super) static WANTED: &[Wanted] = &[
    Wanted {
        language: "sv",
        brand: "Hallbo",
        title: "Vattenkokare Glimma 1,7 l 2200 W",
        attributes: &[("Material", "Rostfritt stål"), ("Färg", "Svart"), ("Kabellängd", "75 cm")],
        category: "Köksmaskiner",
        short: &[
            "Vattenkokare Glimma från Hallbo har en volym på 1,7 l och en effekt på 2200 W.",
            "Den är av rostfritt stål och färgen är svart.",
        ],
        long: &[
            "Vattenkokare Glimma från Hallbo har en volym på 1,7 l och en effekt på 2200 W.",
            "Materialet är rostfritt stål och färgen är svart.",
            "Kabellängden är 75 cm.",
            "Du hittar den under Köksmaskiner.",
        ],
        seo_description: &["Vattenkokare Glimma från Hallbo: 1,7 l, 2200 W och rostfritt stål."],
    },
    Wanted {
        language: "sv",
        brand: "Norrmalt",
        title: "Havregryn 750 g",
        attributes: &[("Ursprung", "Sverige")],
        category: "Gryn och flingor",
        short: &["Havregryn från Norrmalt kommer i en förpackning på 750 g.", "Ursprungslandet är Sverige."],
        long: &[
            "Havregryn från Norrmalt kommer i en förpackning på 750 g.",
            "Ursprungslandet är Sverige.",
            "Produkten finns under Gryn och flingor.",
        ],
        seo_description: &["Havregryn från Norrmalt i en förpackning på 750 g. Ursprungslandet är Sverige."],
    },
    Wanted {
        language: "da",
        brand: "Hallbo",
        title: "Elkedel Glimma 1,7 l 2200 W",
        attributes: &[("Materiale", "Rustfrit stål"), ("Farve", "Sort"), ("Kabellængde", "75 cm")],
        category: "Køkkenmaskiner",
        short: &[
            "Elkedel Glimma fra Hallbo har et volumen på 1,7 l og en effekt på 2200 W.",
            "Materialet er rustfrit stål, og farven er sort.",
        ],
        long: &[
            "Elkedel Glimma fra Hallbo har et volumen på 1,7 l og en effekt på 2200 W.",
            "Materialet er rustfrit stål, og farven er sort.",
            "Kabellængden er 75 cm.",
            "Du finder den under Køkkenmaskiner.",
        ],
        seo_description: &["Elkedel Glimma fra Hallbo: 1,7 l, 2200 W og rustfrit stål."],
    },
    Wanted {
        language: "no",
        brand: "Hallbo",
        title: "Vannkoker Glimma 1,7 l 2200 W",
        attributes: &[("Materiale", "Rustfritt stål"), ("Farge", "Svart"), ("Kabellengde", "75 cm")],
        category: "Kjøkkenmaskiner",
        short: &[
            "Vannkoker Glimma fra Hallbo har et volum på 1,7 l og en effekt på 2200 W.",
            "Materialet er rustfritt stål, og fargen er svart.",
        ],
        long: &[
            "Vannkoker Glimma fra Hallbo har et volum på 1,7 l og en effekt på 2200 W.",
            "Materialet er rustfritt stål, og fargen er svart.",
            "Kabellengden er 75 cm.",
            "Du finner den under Kjøkkenmaskiner.",
        ],
        seo_description: &["Vannkoker Glimma fra Hallbo: 1,7 l, 2200 W og rustfritt stål."],
    },
    Wanted {
        language: "de",
        brand: "Hallbo",
        title: "Wasserkocher Glimma 1,7 l 2200 W",
        attributes: &[("Material", "Edelstahl"), ("Farbe", "Schwarz"), ("Kabellänge", "75 cm")],
        category: "Küchengeräte",
        short: &[
            "Der Wasserkocher Glimma von Hallbo hat ein Volumen von 1,7 l und eine Leistung von 2200 W.",
            "Das Material ist Edelstahl, die Farbe ist Schwarz.",
        ],
        long: &[
            "Der Wasserkocher Glimma von Hallbo hat ein Volumen von 1,7 l und eine Leistung von 2200 W.",
            "Das Material ist Edelstahl, die Farbe ist Schwarz.",
            "Die Kabellänge beträgt 75 cm.",
            "Sie finden ihn unter Küchengeräte.",
        ],
        seo_description: &["Wasserkocher Glimma von Hallbo: 1,7 l, 2200 W, Edelstahl."],
    },
    Wanted {
        language: "en",
        brand: "Hallbo",
        title: "Kettle Glimma 1.7 l 2200 W",
        attributes: &[("Material", "Stainless steel"), ("Colour", "Black"), ("Cable length", "75 cm")],
        category: "Kitchen appliances",
        short: &[
            "The Kettle Glimma from Hallbo has a volume of 1.7 l and a power of 2200 W.",
            "The material is stainless steel and the colour is black.",
        ],
        long: &[
            "The Kettle Glimma from Hallbo has a volume of 1.7 l and a power of 2200 W.",
            "The material is stainless steel and the colour is black.",
            "The cable length is 75 cm.",
            "You will find it under Kitchen appliances.",
        ],
        seo_description: &[
            "Kettle Glimma from Hallbo with a volume of 1.7 l, a power of 2200 W and stainless steel.",
        ],
    },
    Wanted {
        language: "en",
        brand: "Granary Lane",
        title: "Rolled Oats 750 g",
        attributes: &[("Country of origin", "Canada")],
        category: "Breakfast cereals",
        short: &[
            "Rolled Oats from Granary Lane come in a pack of 750 g.",
            "The country of origin is Canada.",
        ],
        long: &[
            "Rolled Oats from Granary Lane come in a pack of 750 g.",
            "The country of origin is Canada.",
            "The product is listed under Breakfast cereals.",
        ],
        seo_description: &[
            "Rolled Oats from Granary Lane in a pack of 750 g. The country of origin is Canada.",
        ],
    },
];
