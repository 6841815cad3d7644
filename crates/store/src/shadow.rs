//! Products looked at without touching them: what a plan is made from.

use std::collections::BTreeMap;

use berika_catalog::{Digest, Edits, Joined, ProductKey, ProductState, ProductValues};
use sqlx::Row;
use sqlx::sqlite::SqliteRow;

use crate::products::{parse_json, product_key, state, to_json};
use crate::vectors::from_bytes;
use crate::{ProductId, Store, StoreError, StoredText};

/// Which products of a supplier are looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ShadowPart {
    /// All.
    #[default]
    All,
    /// Those whose stored text has no vector, or is of another template.
    WithoutVector,
    /// Those that a person decided on.
    Decided,
}

/// A page of products to look at.
#[derive(Debug, Clone)]
pub struct ShadowPage<'a> {
    /// Of this supplier.
    pub supplier: &'a str,
    /// Behind this article number.
    pub after: Option<&'a str>,
    /// In these categories; in any or none for `None`.
    pub categories: Option<&'a [String]>,
    /// Which of these.
    pub part: ShadowPart,
    /// With vectors by this recipe.
    pub embedding: &'a str,
    /// The template of texts.
    pub template: &'a str,
    /// At most so many.
    pub limit: usize,
}

/// A product as it stands, with all that a judgement of it needs.
#[derive(Debug, Clone, PartialEq)]
pub struct ShadowProduct {
    /// The product's row.
    pub id: ProductId,
    /// The product.
    pub key: ProductKey,
    /// The values that hold.
    pub values: ProductValues,
    /// Whether its supplier lists it.
    pub state: ProductState,
    /// Whether a person locked it.
    pub locked: bool,
    /// Whether it is joined into another product.
    pub joined: bool,
    /// The row of the latest decision on it.
    pub decision: Option<i64>,
    /// Its text, where one was composed.
    pub text: Option<ShadowText>,
    /// Its category, where one was computed.
    pub standing: Option<ShadowStanding>,
    /// The last version published; 0 where none was.
    pub published: i64,
}

/// A product's text.
#[derive(Debug, Clone, PartialEq)]
pub struct ShadowText {
    /// The template it was composed by.
    pub recipe: String,
    /// The text with its hashes.
    pub stored: StoredText,
    /// Its vector by the recipe asked for, where there is one.
    pub vector: Option<Vec<f32>>,
    /// Whether it was composed of the values that hold.
    pub fresh: bool,
}

/// A product's category.
#[derive(Debug, Clone, PartialEq)]
pub struct ShadowStanding {
    /// `accept`, `review` or `reject`.
    pub verdict: String,
    /// The category.
    pub category: Option<String>,
    /// The probability that the first candidate is right.
    pub confidence: f64,
    /// How it was computed.
    pub recipe: String,
    /// Whether it was computed from the present evidence and decision.
    pub fresh: bool,
}

/// Products accepted in one category.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct AcceptedIn {
    /// How many.
    pub products: u64,
    /// Of these, products that are not locked: their descriptions follow the category's name.
    pub unlocked: u64,
    /// Of these, products that are published.
    pub published: u64,
}

impl Store {
    /// A page of products in the order of their article numbers.
    ///
    /// # Errors
    /// Any statement's failure, or values that cannot be read.
    pub async fn shadow_products(&self, page: &ShadowPage<'_>) -> Result<Vec<ShadowProduct>, StoreError> {
        let rows = sqlx::query(
            "SELECT p.id, p.supplier, p.sku, p.state, p.locked, p.joined_into IS NOT NULL AS joined_away,
                 p.supplier_values, p.edits, p.joined, p.decision,
                 t.recipe AS text_recipe, t.text, t.text_hash, t.evidence_hash, t.facts_hash,
                 t.input_hash = p.values_hash AS text_fresh,
                 c.verdict, c.category, c.confidence, c.recipe AS judged_by,
                 c.input_hash = t.evidence_hash AND c.decision IS p.decision AS standing_fresh,
                 v.vector, coalesce(o.version, 0) AS version
             FROM products p LEFT JOIN texts t ON t.product = p.id
                 LEFT JOIN categorisations c ON c.product = p.id
                 LEFT JOIN vectors v ON v.recipe = ?4 AND v.text_hash = t.text_hash
                 LEFT JOIN published o ON o.product = p.id
             WHERE p.supplier = ?1 AND p.sku > ?2
                 AND (?5 IS NULL OR c.category IN (SELECT value FROM json_each(?5)))
                 AND (?6 = 'all' OR (?6 = 'decided' AND p.decision IS NOT NULL)
                      OR (?6 = 'without vector' AND (t.recipe <> ?7 OR (t.text <> '' AND v.text_hash IS NULL))))
             ORDER BY p.sku LIMIT ?3",
        )
        .bind(page.supplier)
        .bind(page.after.unwrap_or_default())
        .bind(page.limit as i64)
        .bind(page.embedding)
        .bind(page.categories.map(|categories| to_json(&categories)))
        .bind(match page.part {
            ShadowPart::All => "all",
            ShadowPart::WithoutVector => "without vector",
            ShadowPart::Decided => "decided",
        })
        .bind(page.template)
        .fetch_all(self.readers())
        .await
        .map_err(StoreError::statement("looking at products"))?;
        rows.iter().map(shadow_product).collect()
    }

    /// Suppliers that have products, in their order.
    ///
    /// # Errors
    /// Any statement's failure.
    pub async fn suppliers_with_products(&self) -> Result<Vec<String>, StoreError> {
        let rows = sqlx::query("SELECT DISTINCT supplier FROM products ORDER BY supplier")
            .fetch_all(self.readers())
            .await
            .map_err(StoreError::statement("listing suppliers"))?;
        Ok(rows.iter().map(|row| row.get("supplier")).collect())
    }

    /// The last row of the decision log; 0 where it is empty.
    ///
    /// # Errors
    /// Any statement's failure.
    pub async fn last_decision(&self) -> Result<i64, StoreError> {
        let row = sqlx::query("SELECT coalesce(max(id), 0) AS last FROM decisions")
            .fetch_one(self.readers())
            .await
            .map_err(StoreError::statement("reading the end of the decision log"))?;
        Ok(row.get("last"))
    }

    /// How many products are accepted in each category, without those that are retired or joined into others.
    ///
    /// # Errors
    /// Any statement's failure.
    pub async fn accepted_by_category(&self) -> Result<BTreeMap<String, AcceptedIn>, StoreError> {
        let rows = sqlx::query(
            "SELECT c.category, count(*) AS products, count(*) FILTER (WHERE p.locked = 0) AS unlocked,
                 count(*) FILTER (WHERE o.version > 0) AS published
             FROM categorisations c JOIN products p ON p.id = c.product LEFT JOIN published o ON o.product = p.id
             WHERE c.verdict = 'accept' AND c.category IS NOT NULL AND p.state <> 'retired' AND p.joined_into IS NULL
             GROUP BY c.category",
        )
        .fetch_all(self.readers())
        .await
        .map_err(StoreError::statement("counting products by category"))?;
        let count = |row: &SqliteRow, column| row.get::<i64, _>(column).unsigned_abs();
        let accepted = |row: &SqliteRow| AcceptedIn {
            products: count(row, "products"),
            unlocked: count(row, "unlocked"),
            published: count(row, "published"),
        };
        Ok(rows.iter().map(|row| (row.get("category"), accepted(row))).collect())
    }
}

fn shadow_product(row: &SqliteRow) -> Result<ShadowProduct, StoreError> {
    let supplier = crate::imports::values_from(row.get("supplier_values"))?;
    let joined: Joined = parse_json("what a product takes from those joined with it", row.get("joined"))?;
    let edits: Edits = parse_json("a product's edits", row.get("edits"))?;
    let digest = |column| Digest::from_stored(row.get::<String, _>(column));
    let text = row.get::<Option<String>, _>("text_recipe").map(|recipe| {
        let stored = StoredText {
            text: row.get("text"),
            text_hash: digest("text_hash"),
            evidence_hash: digest("evidence_hash"),
            facts_hash: digest("facts_hash"),
        };
        let vector = row.get::<Option<&[u8]>, _>("vector").map(from_bytes).transpose()?;
        Ok(ShadowText { recipe, stored, vector, fresh: row.get("text_fresh") })
    });
    let standing = row.get::<Option<String>, _>("verdict").map(|verdict| ShadowStanding {
        verdict,
        category: row.get("category"),
        confidence: row.get("confidence"),
        recipe: row.get("judged_by"),
        // NULL where there is no text.
        fresh: row.get::<Option<bool>, _>("standing_fresh").unwrap_or(false),
    });
    Ok(ShadowProduct {
        id: ProductId(row.get("id")),
        key: product_key(row)?,
        values: edits.over(&joined.over(&supplier)),
        state: state(row.get("state")),
        locked: row.get("locked"),
        joined: row.get("joined_away"),
        decision: row.get("decision"),
        text: text.transpose()?,
        standing,
        published: row.get("version"),
    })
}
