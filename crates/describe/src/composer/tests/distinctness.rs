//! How alike texts are: with names and values masked, few of many products' texts may be the same.

use std::collections::HashMap;

use super::*;

const PRODUCTS: usize = 3_000;

/// Nouns and brands are letters only, so that masking one never cuts another text.
fn products() -> impl Iterator<Item = ProductValues> {
    const NOUNS: &[&str] = &["Qvarnkaffe", "Zinkhink", "Wokpanna", "Xylofon", "Quinoa", "Zoolampa"];
    const BRANDS: &[&str] = &["Zqasta", "Wqinge", "Xqolmo"];
    const COLOURS: &[&str] = &["röd", "svart", "blå", "vit", "grön"];
    const MATERIALS: &[&str] = &["bomull", "glas", "trä", "stål"];
    (0..PRODUCTS).map(|i| {
        // What a product has differs, with most of them thin: a brand and a size.
        let has = |every: usize, offset: usize| (i / 7 + i * 3 + offset).is_multiple_of(every);
        let mut attributes = Vec::new();
        let number = (i % 900 + 11).to_string();
        let grams = format!("{number} g");
        let width = format!("{} cm", i % 70 + 3);
        let height = format!("{} cm", i % 55 + 4);
        attributes.push(("Nettovikt", grams.as_str()));
        if has(3, 0) {
            attributes.push(("Färg", COLOURS[i % COLOURS.len()]));
        }
        if has(4, 1) {
            attributes.push(("Material", MATERIALS[i % MATERIALS.len()]));
        }
        if has(5, 2) {
            attributes.push(("Bredd", width.as_str()));
        }
        if has(5, 3) {
            attributes.push(("Höjd", height.as_str()));
        }
        let title = format!("{} {}", NOUNS[i % NOUNS.len()], serial(i));
        product("sv", BRANDS[i % BRANDS.len()], &title, &attributes)
    })
}

/// A model name without digits.
fn serial(mut i: usize) -> String {
    let mut name = String::from("Q");
    for _ in 0..4 {
        name.push(char::from(b'a' + u8::try_from(i % 26).unwrap()));
        i /= 26;
    }
    name
}

/// A text with every name, number, unit, colour and material as the same sign.
fn skeleton(text: &str, values: &ProductValues, masked: &[String]) -> String {
    let title = values.title.as_deref().unwrap();
    let brand = values.brand.as_deref().unwrap();
    let mut skeleton = text.replace(title, "_").replace(brand, "_");
    for value in masked {
        skeleton = skeleton.replace(value.as_str(), "_");
    }
    skeleton.chars().filter(|c| !c.is_ascii_digit()).collect()
}

#[test]
fn fewer_than_one_in_a_hundred_texts_share_a_skeleton() {
    let products: Vec<(ProductValues, Facts)> = products().map(|v| (v.clone(), Facts::of(&v))).collect();
    let voice = Voice::default();
    for tag in LANGUAGES {
        let language = &language(tag);
        let rules = rules_of(language).unwrap();
        let mut groups: HashMap<(Part, String), usize> = HashMap::new();
        for (values, facts) in &products {
            let request = Request { values, facts, category: Some("Zkategori"), language, voice: &voice };
            let description = compose_request(&request).into_result().unwrap();
            let masked: Vec<String> =
                facts.facts.iter().filter_map(|fact| Some(rules.value(&fact.value, language)?.0)).collect();
            for part in [Part::Short, Part::Long] {
                let skeleton = skeleton(&description.text(part).text, values, &masked);
                *groups.entry((part, skeleton)).or_default() += 1;
            }
        }
        let ((part, skeleton), most) = groups.into_iter().max_by_key(|(_, count)| *count).unwrap();
        assert!(most * 100 < PRODUCTS, "{tag} {part:?}: {most} texts like {skeleton:?}");
    }
}
