//! No bytes make a reader panic, and its sums hold whatever they are.

use proptest::prelude::*;

use crate::support::*;

const FORMATS: [&str; 10] =
    ["csv", "json", "jsonl", "xlsx", "google", "bmecat", "xml", "shopify", "magento", "woocommerce"];

fn check(format: &str, bytes: &[u8]) {
    let is_export = matches!(format, "shopify" | "magento" | "woocommerce");
    let config = if is_export {
        config(&format!("format.type = '{format}'"))
    } else {
        config(&format!(
            "format.type = '{format}'{}\nfields = {{ sku = {{ from = ['sku', 'g:id', 'SUPPLIER_PID'], default = 'x' }}, title = {{ from = 'title', default = 'y' }}, attributes = '*' }}",
            if format == "xml" { "\nformat.rows = '//item'" } else { "" }
        ))
    };
    let read = read_bytes(bytes, &config);
    if read.end.is_ok() {
        read.delivery();
        for product in read.products().into_iter().filter(|_| is_export) {
            let fields: Vec<_> = product.values.fields().into_keys().collect();
            assert_eq!(fields, product.provenance.keys().map(ToString::to_string).collect::<Vec<_>>());
        }
    }
}

/// Where one small change may turn sense into nonsense: files that are right but for it.
fn sound(format: &str) -> Vec<u8> {
    let name = match format {
        "shopify" => return [crate::shopify::OLD, crate::shopify::ROWS].concat().into_bytes(),
        "magento" => return [crate::magento::HEADER, crate::magento::ROWS].concat().into_bytes(),
        "woocommerce" => return crate::woocommerce::FILE.as_bytes().to_vec(),
        "csv" => "nordmat.csv",
        "json" => "brightfield.json",
        "xlsx" => "verktygslagret.xlsx",
        "google" | "xml" => "fjordfritid.xml",
        "bmecat" => "werkgut.xml",
        _ => return br#"{"sku": "1", "title": "x", "a": {"b": [1, 2.5, null, true]}}"#.repeat(3),
    };
    std::fs::read(fixture(name)).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn arbitrary_bytes(bytes in proptest::collection::vec(any::<u8>(), 0..600)) {
        for format in FORMATS {
            check(format, &bytes);
        }
    }

    #[test]
    fn arbitrary_text(text in "(<[a-z:/!?&;=\"' A-Z]{0,12}>|[{}\\[\\]\",:;\\n\\t0-9a-z]{0,12}|\\PC{0,6}){0,40}") {
        for format in FORMATS {
            check(format, text.as_bytes());
        }
    }

    #[test]
    fn damaged_files(at in 0.0f64..1.0, change in proptest::collection::vec(any::<u8>(), 0..6), cut in 0usize..40) {
        for format in FORMATS {
            let mut bytes = sound(format);
            let at = (at * bytes.len() as f64) as usize;
            let end = (at + cut).min(bytes.len());
            bytes.splice(at..end, change.clone());
            check(format, &bytes);
        }
    }
}
