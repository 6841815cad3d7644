use super::*;
use crate::facts::title_measures;

fn read_in(title: &str, language: &str) -> Vec<String> {
    let language = Language::parse(language).ok();
    let measures = title_measures::in_title(title, language.as_ref());
    let known = Known { facts: &[], left_out: &[], measures: &measures, brand: None };
    let found = read(title, language.as_ref(), &known);
    found
        .iter()
        .map(|(kind, value, (from, to))| format!("{}: {value} ({})", kind.as_str(), &title[*from..*to]))
        .collect()
}

#[test]
fn colours_materials_and_sizes_of_things_are_read_with_their_place() {
    for (title, language, expected) in [
        ("T-shirt röd bomull", "sv", &["colour: red (röd)", "material: cotton (bomull)"][..]),
        ("Edelstahl Topf 24 cm", "de", &["material: stainless steel (Edelstahl)"]),
        ("Skjorte sort/hvid str. 42", "da", &["size: 42 (42)", "colour: black, white (sort/hvid)"]),
        ("Genser marineblå stl M", "no", &["size: M (M)", "colour: navy blue (marineblå)"]),
        (
            "Herren Sneaker schwarz-weiß Größe 43",
            "de",
            &["size: 43 (43)", "colour: black, white (schwarz-weiß)"],
        ),
        ("Running Shoes, Navy Blue, EU 42", "en", &["size: EU 42 (EU 42)", "colour: navy blue (Navy Blue)"]),
        ("Vas glas 20 cm", "sv", &["material: glass (glas)"]),
        (
            "Badehåndklæde 100% bomuld, grå",
            "da",
            &["colour: grey (grå)", "material: 100 % cotton (100% bomuld)"],
        ),
        ("LED lampa E27 806lm", "sv", &["lamp base: E27 (E27)"]),
        ("Utomhuslampa IP44 svart", "sv", &["colour: black (svart)", "protection class: IP44 (IP44)"]),
        ("Ägg KRAV 12-pack", "sv", &["certification: KRAV (KRAV)"]),
        ("Bananer Fairtrade", "sv", &["certification: Fairtrade (Fairtrade)"]),
        ("Slangkoppling mässing", "sv", &["material: brass (mässing)"]),
        ("Glutenfri pasta vegansk", "sv", &[]),
        ("Te i FSC-kartong", "sv", &[]),
        ("Coffee, no Fairtrade", "en", &[]),
        ("Ullstrumpor 2-pack grå 37-39", "sv", &["size: 37-39 (37-39)", "colour: grey (grå)"]),
        ("T-shirt svart XL", "sv", &["size: XL (XL)", "colour: black (svart)"]),
    ] {
        assert_eq!(read_in(title, language), expected, "{title}");
    }
}

#[test]
fn flavours_names_and_other_things_give_nothing() {
    for (title, language) in [
        ("Röd curry", "sv"),
        ("Röd curry 400 g", "sv"),
        ("Black pepper 50 g", "en"),
        ("Grönt te lemon", "sv"),
        ("Rotwein trocken 0,75 l", "de"),
        ("Wood drill bit 8 mm", "en"),
        ("Leather cleaner 250 ml", "en"),
        ("Rengöring för rostfritt stål", "sv"),
        ("Kanna med svart lock", "sv"),
        ("Men Red Striped White Shirt", "en"),
        ("Black Decker toaster", "en"),
        ("Silver Pendant", "en"),
        ("Bamboo Moisturizer", "en"),
        ("Oriental Leather Aftershave", "en"),
        ("Kopieringspapper A4 80 g", "sv"),
        ("Shirt Dark Pink", "en"),
        ("Faux leather look jacket", "en"),
        ("Laptop ThinkPad E14 16 GB", "en"),
        ("Ställer krav på glas", "sv"),
        ("Ej KRAV ägg", "sv"),
        ("T-shirt storlek M, storlek L", "sv"),
    ] {
        assert_eq!(read_in(title, language), Vec::<String>::new(), "{title}");
    }
}
