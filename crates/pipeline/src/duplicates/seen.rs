//! The catalogue as far as proposals need it: some hundred bytes a product.

use std::collections::HashMap;

use berika_catalog::{Digest, Gtin, ProductKey};
use berika_store::{DuplicateCandidate, ProductId, Store, StoreError};

use super::size::sizes;

/// The products read at a time.
const PAGE: usize = 2000;

/// A product, or several that are one already: the unit that is joined.
pub(super) struct Article {
    pub(super) id: ProductId,
    /// Its products, by their places in [`Catalogue::products`]; its leader first.
    pub(super) products: Vec<usize>,
}

/// A product as far as it tells whether it is another one, too.
pub(super) struct Seen {
    pub(super) key: ProductKey,
    pub(super) title: Option<String>,
    /// As it is written.
    pub(super) brand: Option<String>,
    /// As it is compared; empty where it has none.
    pub(super) folded_brand: String,
    /// Where it is one that identifies anything.
    pub(super) gtin: Option<Gtin>,
    pub(super) sizes: Vec<String>,
    pub(super) text_hash: Option<Digest>,
    pub(super) locked: bool,
    /// Whether people decided on it, edited or locked it.
    pub(super) by_person: bool,
    /// Its article, by its place in [`Catalogue::articles`].
    pub(super) article: usize,
}

/// All products that are listed, and what is one already.
#[derive(Default)]
pub(super) struct Catalogue {
    pub(super) products: Vec<Seen>,
    pub(super) articles: Vec<Article>,
}

impl Catalogue {
    /// Reads it, without the products that `leave_out` names. `near`: with what near vectors need.
    pub(super) async fn read(
        store: &Store,
        leave_out: impl Fn(ProductId) -> bool,
        near: bool,
    ) -> Result<Self, StoreError> {
        let mut catalogue = Self::default();
        let mut articles: HashMap<ProductId, usize> = HashMap::new();
        let mut others = Vec::new();
        let mut after = None;
        loop {
            let page = store.duplicate_candidates(after, PAGE).await?;
            let Some(last) = page.last() else { break };
            after = Some(last.id);
            for candidate in page.into_iter().filter(|candidate| !leave_out(candidate.id)) {
                match candidate.joined_into {
                    Some(leader) => others.push((leader, seen(candidate, near, 0))),
                    None => {
                        let (at, article) = (catalogue.products.len(), catalogue.articles.len());
                        articles.insert(candidate.id, article);
                        catalogue.articles.push(Article { id: candidate.id, products: vec![at] });
                        catalogue.products.push(seen(candidate, near, article));
                    }
                }
            }
        }
        // One whose leader is retired or left out waits for the next run.
        for (leader, other) in others {
            let Some(&article) = articles.get(&leader) else { continue };
            catalogue.articles[article].products.push(catalogue.products.len());
            catalogue.products.push(Seen { article, ..other });
        }
        Ok(catalogue)
    }

    /// The products of an article, its leader first.
    pub(super) fn products_of(&self, article: usize) -> impl Iterator<Item = &Seen> {
        self.articles[article].products.iter().map(|&at| &self.products[at])
    }
}

fn seen(candidate: DuplicateCandidate, near: bool, article: usize) -> Seen {
    let sizes = if near { sizes(&candidate.values) } else { Vec::new() };
    let values = candidate.values;
    Seen {
        key: candidate.key,
        folded_brand: values.brand.as_deref().map(folded).unwrap_or_default(),
        title: values.title,
        brand: values.brand,
        gtin: values.gtin.filter(Gtin::is_global),
        sizes,
        text_hash: candidate.text_hash,
        locked: candidate.locked,
        by_person: candidate.by_person,
        article,
    }
}

/// A brand without case, blanks and signs: `Häxan & Co` is `häxanco`.
pub(super) fn folded(brand: &str) -> String {
    brand.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::folded;

    #[test]
    fn brands_are_compared_without_case_blanks_and_signs() {
        assert_eq!(folded("Häxan & Co."), folded("HÄXAN&CO"));
        assert_ne!(folded("Asta"), folded("Asta Pro"));
        assert_eq!(folded("®"), "");
    }
}
