//! What a product takes from others that are the same article.

mod order;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::product::with_fields;
use crate::{Language, ProductKey, ProductValues};
pub use order::FieldOrder;

/// One field that is taken from a joined product.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct JoinedField {
    /// The value.
    pub value: Value,
    /// Whose it is.
    pub from: ProductKey,
    /// Why it is taken: the rule that says so, in one sentence.
    pub reason: String,
}

/// The fields that a product takes from those joined into it, by name as in [`ProductValues::fields`]. Fields that it
/// keeps of its own are not listed.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Joined(pub BTreeMap<String, JoinedField>);

/// A product of a group, with what it says.
#[derive(Debug, Clone, Copy)]
pub struct Member<'a> {
    /// The product.
    pub key: &'a ProductKey,
    /// The supplier's values; of one that does not lead, with people's edits over them.
    pub values: &'a ProductValues,
}

/// Fields that mean something only beside their own supplier: its categories, its groups of variants.
const OWN: [&str; 2] = ["supplier_category", "group_id"];

impl Joined {
    /// What `leader` takes from `others`: each field from the first supplier of `order` that gives it. Where the order
    /// says nothing, the leader comes first, then the others as they stand. Texts and attributes are taken only from
    /// products in the same language: in another they would stand under a wrong one.
    pub fn of(leader: Member<'_>, others: &[Member<'_>], order: &FieldOrder) -> Self {
        let all: Vec<Member<'_>> = std::iter::once(leader).chain(others.iter().copied()).collect();
        let fields: Vec<BTreeMap<String, Value>> = all.iter().map(|member| member.values.fields()).collect();
        // The leader stands first, and the first of equals is taken.
        let first = |field: &str, giving: &mut dyn Iterator<Item = usize>| {
            giving.min_by_key(|&at| (order.rank(field, &all[at].key.supplier), at))
        };
        let said = leader.values.language.as_ref().or_else(|| {
            let mut giving = (0..all.len()).filter(|&at| all[at].values.language.is_some());
            all[first("language", &mut giving)?].values.language.as_ref()
        });
        let speaks = |member: &Member<'_>| same_language(member.values.language.as_ref(), said);
        let mut names: Vec<&String> = fields.iter().flat_map(BTreeMap::keys).collect();
        names.sort_unstable();
        names.dedup();
        let mut taken = BTreeMap::new();
        for name in names.into_iter().filter(|name| !OWN.contains(&name.as_str())) {
            let mut giving = (0..all.len()).filter(|&at| {
                fields[at].contains_key(name) && (at == 0 || !is_worded(name) || speaks(&all[at]))
            });
            let Some(at) = first(name, &mut giving) else { continue };
            let value = &fields[at][name];
            if at == 0 || fields[0].get(name) == Some(value) {
                continue;
            }
            let reason = if fields[0].contains_key(name) {
                let (taken, own) = (&all[at].key.supplier, &leader.key.supplier);
                format!("the order of suppliers puts {taken} before {own}")
            } else {
                format!("{} does not give it", leader.key)
            };
            let from = all[at].key.clone();
            taken.insert(name.clone(), JoinedField { value: value.clone(), from, reason });
        }
        Self(taken)
    }

    /// The supplier's values with these over them. A value that does not fit its field is passed over.
    pub fn over(&self, supplier: &ProductValues) -> ProductValues {
        let fields: Vec<_> = self.0.iter().map(|(field, joined)| (field.as_str(), &joined.value)).collect();
        with_fields(supplier, &fields)
    }
}

/// Whether a field holds words, or says in which language they are.
fn is_worded(field: &str) -> bool {
    matches!(field, "title" | "description" | "language") || field.starts_with("attributes.")
}

/// Whether texts in these two may stand side by side; of one that is not known nothing speaks against it.
fn same_language(one: Option<&Language>, other: Option<&Language>) -> bool {
    one.is_none() || other.is_none() || one == other
}

#[cfg(test)]
mod tests;
