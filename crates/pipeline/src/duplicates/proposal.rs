//! One group of products that may be one, and what speaks for and against it.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::fmt;

use berika_catalog::{FieldOrder, Gtin, ProductKey, SupplierId};
use berika_store::{NewGroup, ProductId};
use serde::Serialize;

use super::seen::{Catalogue, Seen};

/// Why products may be one.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case", tag = "rule")]
pub enum Because {
    /// All that have it name the same article.
    SameGtin {
        /// The GTIN.
        gtin: Gtin,
    },
    /// Texts that are nearly equal, brand and size that are.
    NearTexts {
        /// The two products.
        products: (ProductKey, ProductKey),
        /// The cosine of their texts' vectors.
        cosine: f32,
        /// The brand.
        brand: String,
        /// The size.
        size: String,
    },
}

impl fmt::Display for Because {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::SameGtin { gtin } => write!(f, "same GTIN {gtin}"),
            Self::NearTexts { products: (one, other), cosine, brand, size } => {
                write!(f, "{one} and {other}: texts alike ({cosine:.3}), brand {brand}, {size}")
            }
        }
    }
}

/// A product of a proposal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ProposedProduct {
    /// The product.
    pub product: ProductKey,
    /// Its title.
    pub title: Option<String>,
    /// Its brand.
    pub brand: Option<String>,
    /// Its GTIN, where that identifies anything.
    pub gtin: Option<Gtin>,
    /// Products that are part of it already.
    pub joined: Vec<ProductKey>,
}

/// Products that may be one.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Proposal {
    /// The product that would lead: the one of which people said something, else the one that leads others already, else
    /// the first by the order of suppliers, else the oldest.
    pub leader: ProposedProduct,
    /// The others, oldest first.
    pub others: Vec<ProposedProduct>,
    /// What speaks for it.
    pub because: Vec<Because>,
    /// What speaks against it, as sentences. No rule joins what has any.
    pub doubts: Vec<String>,
}

impl Proposal {
    pub(super) fn of(
        catalogue: &Catalogue,
        articles: &[usize],
        because: Vec<Because>,
        order: &FieldOrder,
        parted: &HashSet<ProductId>,
    ) -> Self {
        let place = |&article: &usize| {
            let leads = catalogue.articles[article].products.len() > 1;
            let leader = catalogue.products_of(article).next();
            // What people said holds for the article only where it is said of the product that leads.
            (
                !leader.is_some_and(|leader| leader.by_person),
                !leads,
                leader.map_or(usize::MAX, |leader| order.place(&leader.key.supplier)),
                article,
            )
        };
        let leader = articles.iter().copied().min_by_key(place).unwrap_or_default();
        let others = articles.iter().copied().filter(|&article| article != leader);
        Self {
            others: others.map(|article| proposed(catalogue, article)).collect(),
            leader: proposed(catalogue, leader),
            because,
            doubts: doubts(catalogue, articles, parted),
        }
    }

    /// It joined, for the reasons that speak for it.
    pub fn group(self) -> NewGroup {
        let reason = self.reason();
        let others = self.others.into_iter().map(|other| other.product).collect();
        NewGroup { leader: self.leader.product, others, reason }
    }

    /// What speaks for it in one line.
    pub fn reason(&self) -> String {
        self.because.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
    }
}

fn proposed(catalogue: &Catalogue, article: usize) -> ProposedProduct {
    let mut products = catalogue.products_of(article);
    let Some(leader) = products.next() else { unreachable!("an article has a product") };
    ProposedProduct {
        product: leader.key.clone(),
        title: leader.title.clone(),
        brand: leader.brand.clone(),
        gtin: leader.gtin.clone(),
        joined: products.map(|other| other.key.clone()).collect(),
    }
}

fn doubts(catalogue: &Catalogue, articles: &[usize], parted: &HashSet<ProductId>) -> Vec<String> {
    let products =
        || articles.iter().flat_map(|&article| catalogue.products_of(article)).collect::<Vec<&Seen>>();
    let mut doubts = Vec::new();
    let mut brands: BTreeMap<&str, &str> = BTreeMap::new();
    for product in products() {
        if let Some(brand) = product.brand.as_deref().filter(|_| !product.folded_brand.is_empty()) {
            brands.entry(&product.folded_brand).or_insert(brand);
        }
    }
    if brands.len() > 1 {
        doubts.push(format!("brands differ: {}", brands.into_values().collect::<Vec<_>>().join(", ")));
    }
    let mut gtins: Vec<&str> =
        products().iter().filter_map(|product| Some(product.gtin.as_ref()?.as_str())).collect();
    gtins.sort_unstable();
    gtins.dedup();
    if gtins.len() > 1 {
        doubts.push(format!("GTINs differ: {}", gtins.join(", ")));
    }
    for (supplier, count) in counts(&products()) {
        if count > 1 {
            doubts.push(format!("{count} of them are {supplier}'s own"));
        }
    }
    let leading = articles.iter().filter_map(|&article| catalogue.products_of(article).next());
    let by_person: Vec<String> =
        leading.filter(|product| product.by_person).map(|product| product.key.to_string()).collect();
    if by_person.len() > 1 {
        doubts.push(format!(
            "people decided on, edited or locked {}, and it would hold for one of them only",
            by_person.join(", ")
        ));
    }
    for product in products().iter().filter(|product| product.locked) {
        doubts.push(format!("{} is locked", product.key));
    }
    for &article in articles {
        let own = &catalogue.articles[article];
        if parted.contains(&own.id) {
            let key = &catalogue.products[own.products[0]].key;
            doubts.push(format!("a person parted {key} from others"));
        }
    }
    doubts
}

fn counts<'c>(products: &[&'c Seen]) -> BTreeMap<&'c SupplierId, usize> {
    let mut counts = BTreeMap::new();
    for product in products {
        *counts.entry(&product.key.supplier).or_insert(0) += 1;
    }
    counts
}

/// Products of which so many hang together that they cannot be one.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Suspicious {
    /// How many.
    pub products: usize,
    /// How many of each supplier.
    pub suppliers: BTreeMap<SupplierId, usize>,
    /// What they have in common: the first few.
    pub because: Vec<Because>,
    /// A few of them.
    pub examples: Vec<ProductKey>,
}

impl Suspicious {
    pub(super) fn of(catalogue: &Catalogue, articles: &[usize], mut because: Vec<Because>) -> Self {
        const SHOWN: usize = 5;
        let products: Vec<&Seen> =
            articles.iter().flat_map(|&article| catalogue.products_of(article)).collect();
        because.truncate(SHOWN);
        let distinct: BTreeSet<&ProductKey> = products.iter().map(|product| &product.key).collect();
        Self {
            products: products.len(),
            suppliers: counts(&products).into_iter().map(|(id, count)| (id.clone(), count)).collect(),
            because,
            examples: distinct.into_iter().take(SHOWN).cloned().collect(),
        }
    }
}
