//! A supplier, what is remembered of it, and its deliveries so far.

use std::collections::BTreeMap;

use berika_catalog::contract::{
    DELIVERIES, Judgement, Known, KnownProduct, Profile, Profiler, Reading, Rule, Terms, judge,
};
use berika_catalog::{
    Currency, DeliveryKind, Money, Origin, ProductKey, ProductRecord, ProductState, ProductValues, SupplierId,
};
use rust_decimal::Decimal;

/// Numbers that look random and are the same in every run.
pub(crate) struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, limit: usize) -> usize {
        (self.next() % limit.max(1) as u64) as usize
    }

    pub(crate) fn unit(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1u64 << 53) as f64
    }

    pub(crate) fn chance(&mut self, share: f64) -> bool {
        self.unit() < share
    }

    /// From 5 to 5,000: three decades.
    fn price(&mut self) -> f64 {
        5.0 * 10f64.powf(3.0 * self.unit())
    }
}

const CATEGORIES: [&str; 6] = ["Hem", "Kök", "Trädgård", "Verktyg", "Belysning", "Textil"];
const NOUNS: [&str; 8] =
    ["Kanna", "Hammare", "Lampa", "Handduk", "Kruka", "Skruvmejsel", "Stekpanna", "Matta"];

#[derive(Debug, Clone)]
pub(crate) struct Item {
    pub(crate) sku: String,
    pub(crate) title: Option<String>,
    pub(crate) description: Option<String>,
    pub(crate) brand: Option<String>,
    pub(crate) category: String,
    pub(crate) price: Option<f64>,
    pub(crate) currency: &'static str,
    pub(crate) colour: Option<&'static str>,
}

pub(crate) fn item(random: &mut Random, number: usize) -> Item {
    let noun = NOUNS[random.below(NOUNS.len())];
    // A few categories hold most of the products.
    let category = random.below(CATEGORIES.len()).min(random.below(CATEGORIES.len()));
    Item {
        sku: format!("A{number:05}"),
        title: Some(format!("{noun} modell {number}")),
        description: random.chance(0.6).then(|| format!("En {noun} för hemmet, gjord i Sverige")),
        brand: random.chance(0.8).then(|| format!("Märke {}", random.below(9))),
        category: CATEGORIES[category].to_owned(),
        price: random.chance(0.97).then(|| random.price()),
        currency: "SEK",
        colour: random.chance(0.3).then_some("röd"),
    }
}

pub(crate) struct Scene {
    pub(crate) random: Random,
    pub(crate) items: Vec<Item>,
    pub(crate) refused: u64,
    pub(crate) reading: Reading,
    pub(crate) kind: DeliveryKind,
    pub(crate) store: BTreeMap<String, KnownProduct>,
    earlier: Vec<Profile>,
    next: usize,
}

impl Scene {
    pub(crate) fn new(seed: u64, products: usize) -> Self {
        let mut random = Random(seed);
        let items = (0..products).map(|number| item(&mut random, number)).collect();
        let columns = ["Artikelnr", "Titel", "Text", "Märke", "Grupp", "Pris", "Färg"].map(str::to_owned);
        let reading =
            Reading { encoding: Some("UTF-8".to_owned()), delimiter: Some(';'), columns: columns.to_vec() };
        Self {
            random,
            items,
            refused: 0,
            reading,
            kind: DeliveryKind::Full,
            store: BTreeMap::new(),
            earlier: Vec::new(),
            next: products,
        }
    }

    /// A scene with six ordinary deliveries behind it.
    pub(crate) fn usual(products: usize) -> Self {
        let mut scene = Self::new(7, products);
        for _ in 0..6 {
            scene.week();
            let (profile, judgement) = scene.deliver();
            assert_eq!(judgement.breaches, []);
            scene.take_in(&profile);
        }
        scene
    }

    /// What happens to an assortment from one delivery to the next; now and then more of it than usual.
    pub(crate) fn week(&mut self) {
        let random = &mut self.random;
        let season = random.chance(0.04);
        let (gone, new) = if season { (0.2, 0.25) } else { (0.04 * random.unit(), 0.05 * random.unit()) };
        self.items.retain(|_| !random.chance(gone));
        let many = (self.items.len() as f64 * new).round() as usize;
        for _ in 0..many {
            self.items.push(item(random, self.next));
            self.next += 1;
        }
        // Every price a little higher, a campaign, a day of better texts.
        let rise = if random.chance(0.05) { 1.03 + 0.07 * random.unit() } else { 1.0 };
        let campaign = if random.chance(0.08) { 0.3 * random.unit() } else { 0.0 };
        let texts = if random.chance(0.05) { 0.3 } else { 0.02 };
        for item in &mut self.items {
            let single = if random.chance(0.1) { 0.85 + 0.3 * random.unit() } else { 1.0 };
            let cut = if random.chance(campaign) { 0.7 } else { 1.0 };
            item.price = item.price.map(|price| (price * rise * single * cut).max(0.5));
            if random.chance(0.005) {
                item.price = None;
            } else if item.price.is_none() && random.chance(0.3) {
                item.price = Some(random.price());
            }
            if random.chance(texts) {
                item.title = item.title.as_ref().map(|title| format!("{title}!"));
            }
            if random.chance(0.02) {
                let text = || "En ny text om varan i butiken".to_owned();
                item.description = item.description.is_none().then(text);
            }
            if random.chance(0.02) {
                item.colour = item.colour.is_none().then_some("blå");
            }
            if random.chance(0.01) {
                item.category = CATEGORIES[random.below(CATEGORIES.len())].to_owned();
            }
        }
        let faulty = random.unit() * 0.03 * self.items.len() as f64;
        self.refused = if random.chance(0.5) { faulty.round() as u64 } else { 0 };
    }

    /// The delivery's profile, and what judging it comes to.
    pub(crate) fn deliver(&self) -> (Profile, Judgement) {
        let mut profiler = Profiler::default();
        for (at, item) in self.items.iter().enumerate() {
            profiler.product(&record(at as u64 + 2, item));
        }
        (0..self.refused).for_each(|_| profiler.refused("ragged"));
        let (mut profile, sample) = profiler.finish(self.reading.clone());
        let active = self.store.values().filter(|known| known.state == ProductState::Active).count();
        if active > 0 {
            let skus = sample.skus();
            let known: Vec<KnownProduct> =
                skus.iter().filter_map(|sku| self.store.get(sku)).cloned().collect();
            profile.known = Some(Known::compare(&sample, active as u64, &known));
        }
        let terms = Terms { kind: self.kind, shrink_limit: 0.3, earlier: &self.earlier };
        let judgement = judge(&profile, &terms);
        (profile, judgement)
    }

    pub(crate) fn take_in(&mut self, profile: &Profile) {
        if self.kind == DeliveryKind::Full {
            self.store.values_mut().for_each(|known| known.state = ProductState::Missing);
        }
        for item in &self.items {
            let values = record(0, item).values;
            let known = KnownProduct { sku: item.sku.clone(), state: ProductState::Active, values };
            self.store.insert(item.sku.clone(), known);
        }
        let json = serde_json::to_string(profile).unwrap();
        self.earlier.insert(0, Profile::from_stored(&json).unwrap());
        self.earlier.truncate(DELIVERIES);
    }

    /// Changes every product.
    pub(crate) fn each(&mut self, change: impl Fn(usize, &mut Item)) {
        self.items.iter_mut().enumerate().for_each(|(at, item)| change(at, item));
    }

    /// The rules that a changed delivery breaks a week later, and the sentence it is held with.
    pub(crate) fn broken_by(mut self, change: impl FnOnce(&mut Self)) -> (Vec<Rule>, String) {
        self.week();
        change(&mut self);
        let (_, judgement) = self.deliver();
        let rules = judgement.breaches.iter().map(|breach| breach.rule).collect();
        (rules, judgement.held(&[]).unwrap_or_default())
    }
}

fn record(row: u64, item: &Item) -> ProductRecord {
    let mut values = ProductValues {
        title: item.title.clone(),
        description: item.description.clone(),
        brand: item.brand.clone(),
        supplier_category: vec![item.category.clone()],
        price: item.price.map(|price| Money {
            amount: Decimal::from_f64_retain(price).unwrap().round_dp(2),
            currency: Currency::parse(item.currency).unwrap(),
        }),
        ..ProductValues::default()
    };
    values.attributes.extend(item.colour.map(|colour| ("Färg".to_owned(), colour.to_owned())));
    let columns = [
        ("title", "Titel"),
        ("description", "Text"),
        ("brand", "Märke"),
        ("supplier_category", "Grupp"),
        ("price", "Pris"),
        ("attributes.Färg", "Färg"),
    ];
    let fields = values.fields();
    let origin = |(field, column): &(&str, &str)| {
        let column = Some((*column).into());
        let origin = Origin { file: "f.csv".into(), row, column, rule: None, original: None };
        fields.contains_key(*field).then(|| ((*field).to_owned().into(), origin))
    };
    let provenance = columns.iter().filter_map(origin).collect();
    let key = ProductKey { supplier: SupplierId::new("alfa").unwrap(), sku: item.sku.clone() };
    ProductRecord { key, values, provenance }
}
