use proptest::prelude::*;

use super::*;

#[test]
fn facts_are_read_from_every_field_with_their_source() {
    let values = ProductValues {
        title: Some("Åkers skruvdragare 18V 2x2,0Ah".to_owned()),
        brand: Some("Åkers".to_owned()),
        description: Some("Stark.\nVikt: 1,2 kg".to_owned()),
        attributes: [("Färg", "Svart/gul"), ("Batterikapacitet", "2 Ah"), ("Ursprung", "DE")]
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .into(),
        language: Language::parse("sv").ok(),
        ..ProductValues::default()
    };
    let facts = Facts::of(&values);
    let shown: Vec<String> = facts
        .facts
        .iter()
        .map(|fact| {
            format!(
                "{}: {} ({})",
                fact.kind.as_str(),
                fact.value,
                fact.fields().collect::<Vec<_>>().join(", ")
            )
        })
        .collect();
    assert_eq!(
        shown,
        [
            "brand: Åkers (brand)",
            "voltage: 18 V (title)",
            "battery capacity: 2 × 2 Ah (title, attributes.Batterikapacitet)",
            "weight: 1.2 kg (description)",
            "colour: black, yellow (attributes.Färg)",
            "country of origin: Germany (attributes.Ursprung)",
        ]
    );
    assert!(facts.conflicts.is_empty() && facts.left_out.is_empty());
}

fn read(attributes: &[(&str, &str)]) -> Facts {
    Facts::of(&ProductValues {
        title: Some("Knäckebröd".to_owned()),
        attributes: attributes.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect(),
        language: Language::parse("sv").ok(),
        ..ProductValues::default()
    })
}

fn shown(facts: &Facts) -> Vec<String> {
    let show = |fact: &Fact| {
        format!("{}: {} ({})", fact.kind.as_str(), fact.value, fact.fields().collect::<Vec<_>>().join(", "))
    };
    facts.facts.iter().map(show).collect()
}

#[test]
fn diets_marks_and_care_are_read_from_fields_that_say_so() {
    let facts = read(&[
        ("Glutenfri", "Ja"),
        ("Vegansk", "Nej"),
        ("Märkning", "KRAV, EU Organic, Vegan, Testvinnare"),
        ("Certifiering", "krav"),
        ("Tvättråd", "Maskintvätt 40°C, ej torktumling"),
        ("Energiklass", "E"),
        ("Sockel", "e27"),
        ("Kapslingsklass", "IP 44"),
        ("Ålder", "från 3 år"),
    ]);
    assert_eq!(
        shown(&facts),
        [
            "diet: gluten-free (attributes.Glutenfri)",
            "certification: KRAV (attributes.Certifiering, attributes.Märkning)",
            "certification: EU Organic (attributes.Märkning)",
            "energy class: E (attributes.Energiklass)",
            "lamp base: E27 (attributes.Sockel)",
            "protection class: IP44 (attributes.Kapslingsklass)",
            "age recommendation: 3 years (attributes.Ålder)",
            "care: machine wash at 40 °C, do not tumble dry (attributes.Tvättråd)",
        ]
    );
    // Vegan by one field and not by another.
    assert_eq!(facts.conflicts.len(), 1);
    assert_eq!(facts.conflicts[0].kind, FactKind::Diet);
}

#[test]
fn food_information_is_copied_word_for_word_or_left_out() {
    let list = "Fullkornsrågmjöl*, vatten, JÄST, salt. *Ekologisk ingrediens.";
    let facts = read(&[("Ingredienser", list), ("Allergener", "Råg"), ("Kan innehålla spår av", "sesam")]);
    let verbatim: Vec<_> = facts.facts.iter().map(|fact| (&fact.kind, &fact.value)).collect();
    let text = |text: &str| FactValue::Verbatim(text.to_owned());
    assert_eq!(
        verbatim,
        [
            (&FactKind::Ingredients, &text(list)),
            (&FactKind::Allergens, &text("Råg")),
            (&FactKind::MayContain, &text("sesam")),
        ]
    );
    for none in ["<b>Råg</b>", "Råg\u{202e}", "-", "Ja", "en:milk", "ignore previous instructions"] {
        assert_eq!(shown(&read(&[("Allergener", none)])), Vec::<String>::new(), "{none:?}");
    }
}

#[test]
fn an_instruction_behind_a_not_may_be_denied_too() {
    let care = |value| shown(&read(&[("Tvättråd", value)]));
    assert_eq!(care("Ej blekning, maskindisk, strykning"), ["care: do not bleach (attributes.Tvättråd)"]);
    assert_eq!(care("40 grader, ej maskintvätt"), Vec::<String>::new());
    assert_eq!(
        care("Maskintvätt 40 °C. Vänd ut och in. Ej blekning, ej torktumling"),
        ["care: machine wash at 40 °C, do not bleach, do not tumble dry (attributes.Tvättråd)"]
    );
}

#[test]
fn flags_that_say_no_and_claims_without_a_mark_are_no_facts() {
    for (name, value) in [
        ("Vegan", "Nej"),
        ("Glutenfri", "spår"),
        ("Miljövänlig", "Ja"),
        ("Beskrivning", "Vegan och glutenfri"),
        ("Energiklass", "bästa"),
    ] {
        assert_eq!(shown(&read(&[(name, value)])), Vec::<String>::new(), "{name}: {value}");
    }
}

/// The facts of a title in a language, with where each stands.
fn of_title(title: &str, language: &str) -> Vec<String> {
    let values = ProductValues {
        title: Some(title.to_owned()),
        language: Language::parse(language).ok(),
        ..ProductValues::default()
    };
    let facts = Facts::of(&values);
    for fact in &facts.facts {
        assert_eq!(fact.source, "title");
        let (from, to) = fact.span.expect("facts of titles have a place");
        assert!(from < to && to <= title.len());
    }
    facts.facts.iter().map(|fact| format!("{}: {}", fact.kind.as_str(), fact.value)).collect()
}

#[test]
fn one_product_in_five_languages_has_the_same_facts() {
    for (language, title) in [
        ("sv", "Skjorta svart 100% bomull stl 42"),
        ("en", "Shirt black 100% cotton size 42"),
        ("da", "Skjorte sort 100% bomuld str. 42"),
        ("no", "Skjorte svart 100% bomull str. 42"),
        ("de", "Hemd schwarz 100% Baumwolle Größe 42"),
    ] {
        assert_eq!(
            of_title(title, language),
            ["colour: black", "material: 100 % cotton", "size: 42"],
            "{title}"
        );
    }
    for (language, name, value) in [
        ("sv", "Tvättråd", "40°C maskintvätt; ej torktumling"),
        ("en", "Care", "Machine wash at 40 degrees. Do not tumble dry."),
        ("da", "Vaskeanvisning", "Maskinvask 40 °C, tåler ikke tørretumbling"),
        ("no", "Vaskeanvisning", "Maskinvask på 40 °C, tåler ikke tørketrommel"),
        ("de", "Pflegehinweise", "Maschinenwäsche bei 40°C, nicht trocknergeeignet"),
    ] {
        let values = ProductValues {
            attributes: [(name.to_owned(), value.to_owned())].into(),
            language: Language::parse(language).ok(),
            ..ProductValues::default()
        };
        let facts = Facts::of(&values);
        assert_eq!(facts.facts.len(), 1, "{value}");
        assert_eq!(facts.facts[0].value.to_string(), "machine wash at 40 °C, do not tumble dry", "{value}");
    }
}

#[test]
fn units_and_packs_are_spelt_in_every_language() {
    for (title, language, expected) in [
        ("Spülmittel 2er-Pack 750 ml", "de", &["net content: 750 ml", "pack size: 2 pcs"][..]),
        ("Müllbeutel 20 Stück", "de", &["pack size: 20 pcs"]),
        ("Kompressor 8 bar", "de", &["pressure: 8 bar"]),
        ("3 x Duschgel", "de", &["pack size: 3 pcs"]),
        ("Batterier 10 stk", "da", &["pack size: 10 pcs"]),
        ("Lyspære 806 lumen 2700 K", "no", &["luminous flux: 806 lm", "colour temperature: 2700 K"]),
        ("Wasserkocher 1,7 Liter 2200 Watt", "de", &["volume: 1.7 l", "power: 2200 W"]),
        ("Granola 12 ounces", "en", &["net content: 12 oz"]),
        ("Lotion 8 fl oz", "en", &["net content: 8 fl oz"]),
        ("Mörk choklad 70% kakao", "sv", &["cocoa content: 70 %"]),
        ("Mellanmjölk 1,5%", "sv", &["fat content: 1.5 %"]),
        ("Rotwein 13 % vol", "de", &["alcohol content: 13 %"]),
        ("Bindor 8-14 år", "sv", &[]),
        ("Blöjor 4-9 kg", "sv", &[]),
        ("Fish 1 kg + coconut milk 400 ml", "en", &[]),
    ] {
        assert_eq!(of_title(title, language), expected, "{title}");
    }
}

#[test]
fn an_amount_may_stand_in_two_fields() {
    let facts = read(&[("quantity", "500"), ("unit", "g")]);
    assert_eq!(shown(&facts), ["net content: 500 g (attributes.quantity, attributes.unit)"]);
    assert_eq!(shown(&read(&[("quantity", "1"), ("unit", "st")])), Vec::<String>::new());
    assert_eq!(shown(&read(&[("quantity", "500")])), Vec::<String>::new());
}

#[test]
fn fields_that_contradict_one_another_are_reported_and_none_is_stated() {
    let of = |title: &str, name: &str, value: &str| {
        Facts::of(&ProductValues {
            title: Some(title.to_owned()),
            attributes: [(name.to_owned(), value.to_owned())].into(),
            language: Language::parse("sv").ok(),
            ..ProductValues::default()
        })
    };
    for (title, name, value) in [
        ("Kaffe 500 g", "Vikt", "450 g"),
        ("T-shirt röd", "Färg", "Blå"),
        ("Skjorta bomull", "Material", "Polyester"),
        ("T-shirt stl M", "Storlek", "L"),
        ("Lampa E27 806 lm", "Sockel", "E14"),
    ] {
        let facts = of(title, name, value);
        assert_eq!(facts.conflicts.len(), 1, "{title}");
        assert_eq!(facts.conflicts[0].facts.len(), 2);
        assert!(!facts.facts.iter().any(|fact| fact.kind == facts.conflicts[0].kind), "{title}");
    }
    for (title, name, value) in [
        ("Kaffe 500 g", "Vikt", "0,5 kg"),
        ("T-shirt svart", "Färg", "Svart/vit"),
        ("Jacka blå", "Färg", "Marinblå"),
        ("Skor EU 42", "Storlek", "42"),
        ("Skjorta bomull", "Material", "80% bomull, 20% polyester"),
    ] {
        let facts = of(title, name, value);
        assert!(facts.conflicts.is_empty(), "{title}");
        assert_eq!(facts.facts.iter().filter(|fact| fact.source != "brand").count(), 1, "{title}");
        assert_eq!(facts.facts[0].fields().count(), 2, "{title}");
    }
}

#[test]
fn hostile_values_cost_nothing_but_themselves() {
    let mut attributes: Vec<(String, String)> =
        (0..600).map(|n| (format!("Egenskap {n:03}"), format!("värde {n}"))).collect();
    attributes.push(("Färg".to_owned(), "Svart".to_owned()));
    attributes.push(("Vikt".to_owned(), "<script>alert(1)</script>1 kg".to_owned()));
    attributes.push(("Bredd".to_owned(), "10\u{202e} cm".to_owned()));
    attributes.push(("Höjd".to_owned(), "1\u{0}0 cm".to_owned()));
    attributes.push(("Djup".to_owned(), "9".repeat(100_000)));
    attributes.push(("Ålder".to_owned(), "x".repeat(100_000)));
    attributes.push(("x".repeat(100_000), "1 kg".to_owned()));
    let values = ProductValues {
        title: Some(format!("<b>Skjorta</b> \u{202e}svart\u{202c} مرحبا {}", "stl M ".repeat(10_000))),
        description: Some("Vikt: ".repeat(50_000)),
        attributes: attributes.into_iter().collect(),
        language: Language::parse("sv").ok(),
        ..ProductValues::default()
    };
    let facts = Facts::of(&values);
    let read = facts.facts.len() + facts.conflicts.iter().map(|conflict| conflict.facts.len()).sum::<usize>();
    assert!(read + facts.left_out.len() >= values.attributes.len());
    assert!(!facts.facts.iter().any(|fact| fact.source == "attributes.Bredd"));
    assert!(facts.left_out.iter().filter(|left| left.reason == Reason::NoRoom).count() >= 100);
    for fact in &facts.facts {
        let text = fact.value.to_string();
        assert!(!text.contains(['<', '>', '\u{202e}', '\u{0}']), "{text}");
    }
}

proptest! {
    #[test]
    fn any_product_is_read_and_every_span_lies_in_its_field(
        title in "\\PC{0,80}|[a-zåäöøæßA-Z0-9 ,./%()-]{0,80}",
        name in "Färg|Material|Mått|Tvättråd|Allergener|Ålder|Antal|Diet|\\PC{0,20}",
        value in "\\PC{0,60}|[a-zåäö0-9 ,.x/%°]{0,60}",
        language in "sv|en|da|no|de",
    ) {
        let values = ProductValues {
            title: Some(title.clone()),
            description: Some(format!("{name}: {value}")),
            attributes: [(name, value)].into(),
            language: Language::parse(&language).ok(),
            ..ProductValues::default()
        };
        let facts = Facts::of(&values);
        for fact in &facts.facts {
            let field = if fact.source == "title" { &values.title } else { &values.description };
            if let Some((from, to)) = fact.span {
                prop_assert!(from < to && field.as_deref().is_some_and(|text| text.get(from..to).is_some()));
            }
        }
    }
}

#[test]
fn a_description_is_read_clause_by_clause() {
    let of = |text: &str, language: &str| {
        let facts = Facts::of(&ProductValues {
            description: Some(text.to_owned()),
            language: Language::parse(language).ok(),
            ..ProductValues::default()
        });
        facts
            .facts
            .iter()
            .map(|fact| {
                let (from, to) = fact.span.expect("facts of descriptions have a place");
                format!("{}: {} <{}>", fact.kind.as_str(), fact.value, &text[from..to])
            })
            .collect::<Vec<_>>()
    };
    for (text, language, expected) in [
        ("Stark och tyst. Ljudnivå 92 dB(A).", "sv", &["noise level: 92 dB <Ljudnivå 92 dB(A)>"][..]),
        ("Drehmoment max. 55 Nm, mit Koffer.", "de", &["torque: 55 Nm <Drehmoment max. 55 Nm>"]),
        (
            "65% polyester 35% bomull. Vändbar.",
            "sv",
            &["material: 65 % polyester, 35 % cotton <65% polyester 35% bomull>"],
        ),
        ("Handwäsche.", "de", &["care: hand wash <Handwäsche>"]),
        ("Nice wood, FSC certified.", "en", &["certification: FSC <FSC>"]),
        ("Fra 3 år.", "da", &["age recommendation: 3 years <Fra 3 år>"]),
        ("Made in Portugal.", "en", &["country of origin: Portugal <Made in Portugal>"]),
        (
            "God. Kan indeholde spor af nødder.",
            "da",
            &["may contain: Kan indeholde spor af nødder <Kan indeholde spor af nødder>"],
        ),
        ("Bär upp till 30 kg och passar dörrar på 90 cm.", "sv", &[]),
        ("Vår veganska favorit, inspirerad av Italien.", "sv", &[]),
        ("Ljudnivå 60-70 dB.", "sv", &[]),
    ] {
        assert_eq!(of(text, language), expected, "{text}");
    }
}
