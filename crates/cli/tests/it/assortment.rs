//! A small assortment to work with: eight categories and forty products that belong in them.

use std::fmt::Write as _;

/// Leaf id, names and descriptions in English and Swedish.
pub(crate) const LEAVES: [(&str, &str, &str, &str, &str); 8] = [
    (
        "food.tea",
        "Tea",
        "Te",
        "Black, green and herbal tea, loose or in bags.",
        "Svart, grönt och örtte, lösvikt eller påsar.",
    ),
    (
        "food.coffee",
        "Coffee",
        "Kaffe",
        "Ground coffee, whole beans and capsules.",
        "Bryggkaffe, hela bönor och kapslar.",
    ),
    (
        "tools.hammers",
        "Hammers",
        "Hammare",
        "Claw hammers, mallets and sledgehammers.",
        "Snickarhammare, klubbor och släggor.",
    ),
    (
        "tools.screwdrivers",
        "Screwdrivers",
        "Skruvmejslar",
        "Slotted, Phillips and Torx screwdrivers and sets.",
        "Spår-, kryss- och torxmejslar samt satser.",
    ),
    (
        "pets.dog-food",
        "Dog food",
        "Hundmat",
        "Dry and wet food for dogs and puppies.",
        "Torr- och våtfoder för hundar och valpar.",
    ),
    (
        "pets.cat-litter",
        "Cat litter",
        "Kattsand",
        "Clumping and silica litter for cat trays.",
        "Klumpbildande sand och silikasand för kattlådor.",
    ),
    (
        "cycling.lights",
        "Bicycle lights",
        "Cykelbelysning",
        "Front and rear lamps for bicycles.",
        "Fram- och baklampor för cyklar.",
    ),
    (
        "home.towels",
        "Towels",
        "Handdukar",
        "Bath towels, hand towels and beach towels.",
        "Badlakan, handdukar och strandhanddukar.",
    ),
];

/// The supplier's own word for each category, and five titles.
const TITLES: [(&str, [&str; 5]); 8] = [
    (
        "Hot drinks/Tea",
        [
            "Earl Grey Black Tea 50 Bags",
            "Green Tea Sencha Loose 100 g",
            "Peppermint Herbal Tea 20 Bags",
            "Rooibos Tea Vanilla 40 Bags",
            "Assam Breakfast Tea 250 g",
        ],
    ),
    (
        "Hot drinks/Coffee",
        [
            "Ground Coffee Medium Roast 500 g",
            "Espresso Coffee Beans 1 kg",
            "Coffee Capsules Lungo 10 pcs",
            "Decaf Filter Coffee 250 g",
            "Instant Coffee Gold 200 g",
        ],
    ),
    (
        "Hand tools/Striking",
        [
            "Claw Hammer 450 g Fibreglass Handle",
            "Rubber Mallet 680 g",
            "Sledgehammer 3 kg Hickory",
            "Ball Pein Hammer 300 g",
            "Dead Blow Hammer 35 mm",
        ],
    ),
    (
        "Hand tools/Driving",
        [
            "Phillips Screwdriver PH2 100 mm",
            "Slotted Screwdriver 5.5 mm",
            "Torx Screwdriver Set 6 pcs",
            "Insulated Electrician Screwdriver VDE",
            "Precision Screwdriver Set 12 pcs",
        ],
    ),
    (
        "Pets/Dogs",
        [
            "Dry Dog Food Chicken 12 kg",
            "Puppy Food Salmon 3 kg",
            "Wet Dog Food Beef Cans 6 x 400 g",
            "Grain Free Dog Food Duck 2 kg",
            "Senior Dog Food Lamb 10 kg",
        ],
    ),
    (
        "Pets/Cats",
        [
            "Clumping Cat Litter 10 l",
            "Silica Cat Litter Crystals 5 l",
            "Wood Pellet Cat Litter 7 kg",
            "Scented Cat Litter Lavender 10 l",
            "Cat Litter Bentonite Fine 20 kg",
        ],
    ),
    (
        "Cycling/Lighting",
        [
            "Bicycle Front Light 400 Lumen USB",
            "Bike Rear Light Red LED",
            "Bicycle Light Set Front and Rear",
            "Dynamo Bicycle Headlight 60 Lux",
            "Clip-on Bike Tail Light",
        ],
    ),
    (
        "Home/Textiles",
        [
            "Cotton Bath Towel 70 x 140 cm White",
            "Hand Towel Set 4 pcs Grey",
            "Beach Towel Striped 90 x 180 cm",
            "Bamboo Face Towel 30 x 30 cm",
            "Organic Cotton Towel 50 x 100 cm",
        ],
    ),
];

/// One row of a feed.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Row {
    pub(crate) sku: String,
    pub(crate) title: String,
    pub(crate) brand: String,
    pub(crate) category: String,
    pub(crate) price: String,
    pub(crate) stock: u32,
}

/// The forty products.
pub(crate) fn rows() -> Vec<Row> {
    let mut rows = Vec::new();
    for (at, (category, titles)) in TITLES.iter().enumerate() {
        for (number, title) in titles.iter().enumerate() {
            rows.push(Row {
                sku: format!("P{at}{number}"),
                title: (*title).to_owned(),
                brand: format!("Brand{at}"),
                category: (*category).to_owned(),
                price: format!("{}.50", 10 + at * 5 + number),
                stock: 7,
            });
        }
    }
    rows
}

/// The columns of [`csv`] as `[suppliers.fields]`.
pub(crate) const CSV_FIELDS: &str = r#"
sku = "sku"
title = "title"
brand = "brand"
supplier_category = { from = "category", split = "/" }
price = "price"
stock = "stock"
"#;

/// A CSV feed of these rows.
pub(crate) fn csv(rows: &[Row]) -> String {
    let mut text = "sku,title,brand,category,price,stock\n".to_owned();
    for Row { sku, title, brand, category, price, stock } in rows {
        writeln!(text, "{sku},{title},{brand},{category},{price},{stock}").unwrap();
    }
    text
}

/// A JSON feed of these rows, with the same field names as [`CSV_FIELDS`].
pub(crate) fn json(rows: &[Row]) -> String {
    let items: Vec<_> = rows
        .iter()
        .map(|row| {
            serde_json::json!({
                "sku": row.sku, "title": row.title, "brand": row.brand, "category": row.category,
                "price": row.price, "stock": row.stock,
            })
        })
        .collect();
    serde_json::to_string(&items).unwrap()
}

/// The taxonomy file: the eight leaves below their branches.
pub(crate) fn taxonomy() -> String {
    let mut lines = Vec::new();
    for branch in ["food", "tools", "pets", "cycling", "home"] {
        lines.push(serde_json::json!({"id": branch, "parent": null, "names": {"en": branch, "sv": branch}}));
    }
    for (id, en, sv, about, om) in LEAVES {
        let (branch, _) = id.split_once('.').unwrap();
        lines.push(serde_json::json!({
            "id": id, "parent": branch, "names": {"en": en, "sv": sv}, "descriptions": {"en": about, "sv": om},
        }));
    }
    lines.iter().map(|line| format!("{line}\n")).collect()
}
