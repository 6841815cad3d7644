//! Random tables written in random dialects and encodings are read back equal.

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

#[derive(Debug, Clone, Copy)]
enum Encoding {
    Utf8,
    Utf8Marked,
    Utf16,
    Windows1252,
}

fn encoded(text: &str, encoding: Encoding) -> Vec<u8> {
    match encoding {
        Encoding::Utf8 => text.as_bytes().to_vec(),
        Encoding::Utf8Marked => [b"\xef\xbb\xbf", text.as_bytes()].concat(),
        Encoding::Utf16 => {
            [vec![0xff, 0xfe], text.encode_utf16().flat_map(u16::to_le_bytes).collect()].concat()
        }
        Encoding::Windows1252 => encoding_rs::WINDOWS_1252.encode(text).0.into_owned(),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn tables_of_text_survive(
        rows in table(),
        delimiter in prop::sample::select(vec![b';', b',', b'\t', b'|']),
        always in any::<bool>(),
        crlf in any::<bool>(),
        zipped in any::<bool>(),
        encoding in prop::sample::select(vec![Encoding::Utf8, Encoding::Utf8Marked, Encoding::Utf16, Encoding::Windows1252]),
    ) {
        let style = if always { csv::QuoteStyle::Always } else { csv::QuoteStyle::Necessary };
        let end = if crlf { csv::Terminator::CRLF } else { csv::Terminator::Any(b'\n') };
        let mut writer = csv::WriterBuilder::new().delimiter(delimiter).quote_style(style).terminator(end).from_writer(Vec::new());
        writer.write_record(["sku", "title", "färg"]).unwrap();
        for (number, (title, colour)) in rows.iter().enumerate() {
            writer.write_record([number.to_string().as_str(), title, colour]).unwrap();
        }
        let text = String::from_utf8(writer.into_inner().unwrap()).unwrap();
        let mut bytes = encoded(&text, encoding);
        if zipped {
            bytes = gzip(&bytes);
        }
        let config = config("format.type = 'csv'\nfields = { sku = 'sku', title = 'title', attributes = ['färg'] }");
        let read = read_bytes(&bytes, &config);
        prop_assert!(read.end.is_ok(), "{:?} {text:?}", read.end);
        let back: Vec<_> = read.products().iter().map(|p| (p.values.title.clone().unwrap(), p.values.attributes["färg"].clone())).collect();
        prop_assert_eq!(back, rows, "{:?}", text);
    }

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
