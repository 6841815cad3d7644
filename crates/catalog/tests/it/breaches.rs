//! Every way of going wrong that a contract knows, at three sizes, and what is only a note.

use berika_catalog::DeliveryKind;
use berika_catalog::contract::{Judgement, Rule};

use crate::scene::{Scene, item};

/// A way of going wrong is held at every size, for this rule before all others and with these words.
#[track_caller]
fn is_held(rule: Rule, parts: &[&str], change: impl Fn(&mut Scene)) {
    for products in [30, 300, 3_000] {
        let (rules, sentence) = Scene::usual(products).broken_by(&change);
        assert_eq!(rules.first(), Some(&rule), "{products} products: {rules:?} {sentence}");
        for part in parts {
            assert!(sentence.contains(part), "{products} products: no {part:?} in {sentence:?}");
        }
    }
}

#[test]
fn another_encoding_that_breaks_texts_is_held() {
    let parts = ["the encoding is windows-1252, was UTF-8", "broken characters in their texts, 0 % had"];
    is_held(Rule::Encoding, &parts, |scene| {
        scene.reading.encoding = Some("windows-1252".to_owned());
        scene.each(|at, item| {
            if at % 6 == 0 {
                item.title = Some(format!("KÃ¶ksbord {at}"));
            }
        });
    });
}

#[test]
fn another_encoding_that_breaks_nothing_is_a_note() {
    let mut scene = Scene::usual(300);
    scene.week();
    scene.reading.encoding = Some("windows-1252".to_owned());
    let (_, judgement) = scene.deliver();
    assert_eq!(judgement.breaches, []);
    assert_eq!(judgement.notes, ["the encoding is windows-1252, was UTF-8"]);
}

#[test]
fn a_renamed_column_is_held_and_named() {
    let parts = ["column \"Pris\" is gone and \"Price\" is new", "price is filled in 0 %", "was in 9"];
    is_held(Rule::Fill, &parts, |scene| {
        scene.reading.columns[5] = "Price".to_owned();
        scene.each(|_, item| item.price = None);
    });
}

#[test]
fn lost_titles_are_held() {
    is_held(Rule::Fill, &["title is filled in", "of the products, was in 100 %"], |scene| {
        scene.each(|at, item| item.title = item.title.take().filter(|_| at % 30 == 0));
    });
}

#[test]
fn other_prices_are_held() {
    for (factor, words) in
        [(100.0, "öre or cents"), (0.01, "main unit"), (10.0, "decimal sign"), (2.0, "2.00 times")]
    {
        is_held(Rule::PriceLevel, &[words, "median of the last 6 deliveries", "SEK"], |scene| {
            scene.each(|_, item| item.price = item.price.map(|price| price * factor));
        });
    }
}

#[test]
fn prices_with_vat_are_held() {
    let parts = ["100 % of the known products cost 1.25 times what they did", "with VAT"];
    is_held(Rule::PriceLevel, &parts, |scene| {
        let known = scene.store.clone();
        scene.each(|_, item| {
            let before = known.get(&item.sku).and_then(|known| known.values.price.clone());
            item.price = before.map(|price| f64::try_from(price.amount).unwrap() * 1.25);
        });
    });
}

#[test]
fn prices_of_a_delta_are_held_too() {
    let mut scene = Scene::usual(300);
    scene.kind = DeliveryKind::Delta;
    let (rules, sentence) = scene.broken_by(|scene| {
        scene.items.truncate(40);
        scene.refused = 0;
        scene.each(|_, item| {
            item.price = item.price.map(|price| price * 100.0);
            item.title = None;
        });
    });
    assert_eq!(rules, [Rule::PriceLevel], "{sentence}");
}

#[test]
fn another_currency_is_held() {
    let parts = ["the prices are in EUR to 100 %, were to 0 %", "in SEK to 0 %"];
    is_held(Rule::Currency, &parts, |scene| scene.each(|_, item| item.currency = "EUR"));
}

#[test]
fn other_article_numbers_are_held() {
    let parts =
        ["100 % of the article numbers are unknown", "100 % of the known ones are gone: perhaps renumbered"];
    is_held(Rule::Keys, &parts, |scene| scene.each(|_, item| item.sku = format!("9-{}", item.sku)));
}

#[test]
fn shifted_rows_are_held() {
    is_held(Rule::Titles, &["of the known products have another title"], |scene| {
        let titles: Vec<_> = scene.items.iter().map(|item| item.title.clone()).collect();
        let shifted = titles.iter().cycle().skip(1);
        scene.items.iter_mut().zip(shifted).for_each(|(item, title)| item.title.clone_from(title));
    });
}

#[test]
fn other_categories_are_held() {
    is_held(Rule::Categories, &["the products are in category \"Home"], |scene| {
        scene.each(|_, item| item.category = format!("Home {}", item.category.len() % 2));
    });
}

#[test]
fn another_language_is_held() {
    let (rules, sentence) = Scene::usual(300).broken_by(|scene| {
        scene.each(|_, item| {
            item.description = Some("The kettle boils a litre of water in under three minutes".to_owned());
        });
    });
    assert_eq!(rules, [Rule::Languages], "{sentence}");
    assert!(sentence.contains("the texts are in language \"en\" to"), "{sentence}");
}

#[test]
fn many_refused_rows_are_held() {
    is_held(Rule::Refused, &["of the rows are refused", "most for \"ragged\""], |scene| {
        scene.refused = scene.items.len() as u64;
    });
}

#[test]
fn far_fewer_products_are_held() {
    is_held(Rule::Shrunk, &["fewer; up to 30 % is taken in"], |scene| {
        scene.items.truncate(scene.items.len() / 2);
        scene.refused = 0;
    });
}

#[test]
fn far_more_products_are_held() {
    is_held(Rule::Grown, &["times as many"], |scene| {
        for number in 0..scene.items.len() * 5 + 300 {
            let item = item(&mut scene.random, 500_000 + number);
            scene.items.push(item);
        }
    });
}

#[test]
fn new_columns_and_better_filled_fields_are_no_breach() {
    let mut scene = Scene::usual(300);
    scene.week();
    scene.reading.columns.push("Vikt".to_owned());
    scene.each(|_, item| item.brand = Some("Märke".to_owned()));
    let (_, judgement) = scene.deliver();
    assert_eq!(judgement.breaches, []);
    assert_eq!(judgement.notes, ["new columns: \"Vikt\""]);
}

#[test]
fn what_was_let_through_passes_and_worse_does_not() {
    let at_factor = |factor: f64| {
        let mut scene = Scene::usual(300);
        scene.each(|_, item| item.price = item.price.map(|price| price * factor));
        scene.deliver().1
    };
    let accepted = at_factor(100.0).breaches;
    assert_eq!(at_factor(100.0).held(&accepted), None);
    assert!(at_factor(1_000.0).held(&accepted).is_some());
    assert!(at_factor(0.01).held(&accepted).is_some());
}

#[test]
fn a_first_delivery_and_a_tiny_one_are_not_judged() {
    assert_eq!(Scene::new(1, 300).deliver().1, Judgement::default());

    let mut scene = Scene::new(1, 5);
    let profile = scene.deliver().0;
    scene.take_in(&profile);
    scene.each(|_, item| item.price = item.price.map(|price| price * 100.0));
    assert_eq!(scene.deliver().1.breaches, []);
}
