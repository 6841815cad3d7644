use super::*;
use berika_catalog::Digest;
use proptest::prelude::*;
use serde_json::json;

fn at() -> Timestamp {
    "2026-10-02T08:00:00.1234Z".parse().unwrap()
}

fn body(data: Value) -> Result<Vec<u8>, EventError> {
    let Value::Object(data) = data else { panic!("data is an object") };
    event_body("product.enriched", at(), data)
}

fn short(data: Value) -> Value {
    let bytes = body(data).unwrap();
    assert!(bytes.len() <= MAX_BODY_BYTES, "{}", bytes.len());
    let parsed: Value = serde_json::from_slice(&bytes).unwrap();
    assert_eq!(parsed["data"]["truncated"], true);
    parsed["data"].clone()
}

#[test]
fn the_envelope_is_the_specifications() {
    let bytes = body(json!({"product": {"version": 3}})).unwrap();
    assert_eq!(
        String::from_utf8(bytes).unwrap(),
        r#"{"type":"product.enriched","timestamp":"2026-10-02T08:00:00.123Z","data":{"product":{"version":3}}}"#
    );
}

#[test]
fn types_are_words_separated_by_dots() {
    for good in ["a", "product.enriched", "A_1.b.c"] {
        assert!(event_body(good, at(), Map::new()).is_ok(), "{good}");
    }
    for bad in ["", ".", "a.", ".a", "a..b", "a b", "a-b", "å", "a\n"] {
        assert!(matches!(event_body(bad, at(), Map::new()), Err(EventError::Type { .. })), "{bad}");
    }
}

#[test]
fn the_limit_is_exact() {
    let with = |length: usize| body(json!({"text": "x".repeat(length)})).unwrap();
    let overhead = with(0).len();
    let longest = with(MAX_BODY_BYTES - overhead);
    assert_eq!(longest.len(), MAX_BODY_BYTES);
    assert!(!String::from_utf8(longest).unwrap().contains("truncated"));
    assert!(String::from_utf8(with(MAX_BODY_BYTES - overhead + 1)).unwrap().contains(r#""truncated":true"#));
}

#[test]
fn the_longest_texts_go_first_and_no_more_than_needed() {
    let long = "ö".repeat(9_500);
    let data = short(json!({
        "product": {"key": "nordic:1", "version": 7},
        "changed": ["texts.sv.short"],
        "document": {"texts": {"sv": {"short": long, "title": "t".repeat(1_500)}}},
    }));
    assert_eq!(data["shortened"], json!(["/document/texts/sv/short"]));
    assert_eq!(
        data["document"]["texts"]["sv"]["short"],
        json!({"blake3": Digest::of_bytes(long.as_bytes()).as_str(), "length": 19_000})
    );
    let untouched = data["document"]["texts"]["sv"]["title"].as_str().unwrap();
    assert_eq!(untouched.len(), 1_500);
    assert_eq!((&data["product"]["version"], &data["changed"][0]), (&json!(7), &json!("texts.sv.short")));
}

#[test]
fn many_small_values_go_as_a_whole_and_the_rest_stays() {
    let attributes: Map<String, Value> = (0..5_000).map(|at| (format!("a/{at}"), json!("short"))).collect();
    let data = short(json!({
        "product": {"key": "nordic:1", "version": 7},
        "document": {"fields": {"attributes": attributes, "price": "1.00", "gtin": "04006381333931"}},
    }));
    assert_eq!(data["shortened"], json!(["/document/fields/attributes"]));
    assert_eq!(
        data["document"]["fields"]["attributes"]["blake3"],
        json!(Digest::of_json(&attributes).as_str())
    );
    assert_eq!(data["document"]["fields"]["price"], "1.00");
    assert_eq!(data["product"], json!({"key": "nordic:1", "version": 7}));
}

#[test]
fn a_text_within_a_replaced_part_is_not_listed_apart() {
    let fields: Map<String, Value> = (0..400).map(|at| (format!("f{at}"), json!("x".repeat(120)))).collect();
    let data = short(json!({"a": {"b": fields, "c": "y".repeat(30_000)}}));
    let listed = data["shortened"].as_array().unwrap();
    for pointer in listed {
        let shown = data.pointer(pointer.as_str().unwrap()).expect("every listed part is there");
        assert!(shown["blake3"].is_string(), "{shown}");
    }
}

#[test]
fn what_cannot_be_shortened_is_an_error_that_says_so() {
    let numbers: Map<String, Value> = (0..5_000).map(|at| (format!("n{at}"), json!(at))).collect();
    let error = event_body("product.enriched", at(), numbers).unwrap_err();
    assert!(matches!(error, EventError::TooLarge { bytes, .. } if bytes > MAX_BODY_BYTES), "{error}");
}

fn json_value() -> impl Strategy<Value = Value> {
    let text = prop_oneof![
        "\\PC{0,20}",
        "[a-zå\n\"\\\\\u{0}]{0,40}",
        ("[a-zö]", 1_usize..4_000).prop_map(|(c, n)| c.repeat(n))
    ];
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        text.prop_map(Value::from)
    ];
    leaf.prop_recursive(4, 200, 30, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..30).prop_map(Value::from),
            prop::collection::btree_map("[a-z/~.]{0,12}", inner, 0..30)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

proptest! {
    /// Whatever the data: the body is under the limit, it is the same each time, whole data is untouched, and every
    /// listed part is a stand-in whose hash is that of the original.
    #[test]
    fn any_data_fits_and_says_what_is_missing(parts in prop::collection::btree_map("[a-z]{1,8}", json_value(), 0..8)) {
        let data: Map<String, Value> = parts.into_iter().collect();
        let bytes = event_body("a.b", at(), data.clone()).unwrap();
        prop_assert!(bytes.len() <= MAX_BODY_BYTES);
        prop_assert_eq!(&bytes, &event_body("a.b", at(), data.clone()).unwrap());
        let sent: Value = serde_json::from_slice(&bytes).unwrap();
        let original = Value::Object(data);
        match sent["data"].get("shortened") {
            None => prop_assert_eq!(&sent["data"], &original),
            Some(list) => {
                for pointer in list.as_array().unwrap() {
                    let pointer = pointer.as_str().unwrap();
                    let hash = match original.pointer(pointer).unwrap() {
                        Value::String(text) => Digest::of_bytes(text.as_bytes()),
                        other => Digest::of_json(other),
                    };
                    prop_assert_eq!(&sent["data"].pointer(pointer).unwrap()["blake3"], hash.as_str());
                }
            }
        }
    }
}
