use proptest::prelude::*;

use super::*;
use crate::SupplierId;

fn key(supplier: &str) -> ProductKey {
    ProductKey { supplier: SupplierId::new(supplier).unwrap(), sku: "1".to_owned() }
}

fn values(json: Value) -> ProductValues {
    serde_json::from_value(json).unwrap()
}

fn order(suppliers: &[&str], fields: &[(&str, &[&str])]) -> FieldOrder {
    let ids = |names: &[&str]| names.iter().map(|name| SupplierId::new(name).unwrap()).collect();
    FieldOrder {
        suppliers: ids(suppliers),
        fields: fields.iter().map(|(field, names)| ((*field).to_owned(), ids(names))).collect(),
    }
}

fn joined(leader: (&str, Value), others: &[(&str, Value)], order: &FieldOrder) -> (ProductValues, Joined) {
    let (leader_key, leader) = (key(leader.0), values(leader.1));
    let others: Vec<_> =
        others.iter().map(|(supplier, json)| (key(supplier), values(json.clone()))).collect();
    let members: Vec<_> = others.iter().map(|(key, values)| Member { key, values }).collect();
    let joined = Joined::of(Member { key: &leader_key, values: &leader }, &members, order);
    (joined.over(&leader), joined)
}

#[test]
fn each_field_comes_from_the_first_supplier_of_the_order_that_gives_it() {
    let a = serde_json::json!({"title": "A", "price": {"amount": "9", "currency": "EUR"},
        "attributes": {"Weight": "1 kg"}, "supplier_category": ["x"]});
    let b = serde_json::json!({"title": "B", "brand": "Asta", "price": {"amount": "8", "currency": "EUR"},
        "attributes": {"Weight": "1 kg", "Colour": "red"}, "group_id": "g"});
    let c = serde_json::json!({"brand": "Other", "mpn": "m"});
    let order = order(&["a", "b"], &[("price", &["b"])]);
    let (held, joined) = joined(("a", a), &[("c", c), ("b", b)], &order);
    assert_eq!((held.title.as_deref(), held.brand.as_deref()), (Some("A"), Some("Asta")));
    assert_eq!(held.price.unwrap().amount.to_string(), "8");
    assert_eq!(held.mpn.as_deref(), Some("m"), "a supplier that the order does not name comes last");
    assert_eq!((held.attributes["Colour"].as_str(), held.attributes.len()), ("red", 2));
    assert_eq!((held.supplier_category.len(), held.group_id), (1, None));
    let names: Vec<&str> = joined.0.keys().map(String::as_str).collect();
    assert_eq!(names, ["attributes.Colour", "brand", "mpn", "price"], "what is the same is its own");
    assert_eq!(joined.0["brand"].reason, "a/1 does not give it");
    assert_eq!(joined.0["price"].reason, "the order of suppliers puts b before a");
    assert_eq!(joined.0["price"].from, key("b"));
}

#[test]
fn texts_in_another_language_are_not_taken() {
    let a = serde_json::json!({"title": "Kanna", "language": "sv"});
    let b = serde_json::json!({"title": "Kande", "description": "Af stål", "language": "da", "stock": "3",
        "attributes": {"Farve": "rød"}, "localized": {"no": {"title": "Mugge"}}});
    let (held, _) = joined(("a", a), &[("b", b)], &order(&["b", "a"], &[]));
    assert_eq!((held.title.as_deref(), held.description, held.attributes.len()), (Some("Kanna"), None, 0));
    assert_eq!(held.stock.unwrap().to_string(), "3");
    assert_eq!(held.localized.len(), 1, "texts that name their language are");
}

proptest! {
    /// Against the rule as it is told: whoever is first of those that give the field.
    #[test]
    fn the_order_decides_field_by_field(
        given in proptest::collection::vec(proptest::collection::vec(any::<bool>(), 3), 1..5),
        named in proptest::sample::subsequence(vec!["s0", "s1", "s2", "s3"], 0..4).prop_shuffle(),
        first in proptest::option::of(0..4usize),
    ) {
        const FIELDS: [&str; 3] = ["title", "brand", "mpn"];
        let product = |at: usize| {
            let said = FIELDS.iter().zip(&given[at]).filter(|(_, given)| **given);
            Value::Object(said.map(|(field, _)| ((*field).to_owned(), format!("{field} {at}").into())).collect())
        };
        let supplier = |at: usize| format!("s{at}");
        let first = first.map(supplier);
        let own: Vec<&str> = first.iter().map(String::as_str).collect();
        let order = order(&named, &[("brand", &own)]);
        let others: Vec<_> = (1..given.len()).map(|at| (supplier(at), product(at))).collect();
        let others: Vec<_> = others.iter().map(|(name, json)| (name.as_str(), json.clone())).collect();
        let (held, joined) = joined((&supplier(0), product(0)), &others, &order);
        for (index, field) in FIELDS.iter().enumerate() {
            let mut asked: Vec<String> = if *field == "brand" { first.iter().cloned().collect() } else { vec![] };
            asked.extend(named.iter().map(|name| (*name).to_owned()));
            asked.extend((0..given.len()).map(supplier));
            let expected = asked.iter().find_map(|name| {
                (0..given.len()).find(|&at| supplier(at) == *name && given[at][index])
            });
            let held = held.fields().get(*field).and_then(Value::as_str).map(str::to_owned);
            prop_assert_eq!(held, expected.map(|at| format!("{field} {at}")));
            prop_assert_eq!(joined.0.contains_key(*field), expected.is_some_and(|at| at > 0));
        }
    }
}
