//! Random rows written as JSON are read back equal; tables are in `dialects`.

use proptest::prelude::*;

use crate::support::*;

/// Text as it stays after cleaning: no white space at the ends or doubled, nothing hidden, no markup.
fn cell() -> impl Strategy<Value = String> {
    "[A-Za-z0-9åäöÅÄÖéæøß,;|.:\"'%°/()+-]{1,8}( [A-Za-z0-9åäöÅÄÖéæøß,;|.:\"'%°/()+-]{1,8}){0,2}"
        .prop_filter("a formula", |text| !text.starts_with("=\""))
}

fn table() -> impl Strategy<Value = Vec<(String, String)>> {
    proptest::collection::vec((cell(), cell()), 1..12)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn json_survives_as_document_and_as_lines(rows in table()) {
        let objects: Vec<String> = rows.iter().enumerate()
            .map(|(number, (title, colour))| serde_json::json!({"id": number, "t": title, "a": {"färg": colour}}).to_string())
            .collect();
        for (kind, text) in [("json", format!("[{}]", objects.join(", "))), ("jsonl", objects.join("\n"))] {
            let config = config(&format!("format.type = '{kind}'\nfields = {{ sku = 'id', title = 't', attributes = 'a' }}"));
            let read = read_bytes(text.as_bytes(), &config);
            let back: Vec<_> = read.products().iter().map(|p| (p.values.title.clone().unwrap(), p.values.attributes["färg"].clone())).collect();
            prop_assert_eq!(&back, &rows);
        }
    }
}
