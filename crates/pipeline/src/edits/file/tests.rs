use serde_json::json;

use super::*;

fn read(content: &[u8]) -> EditsFile {
    EditsFile::read("edits", content).unwrap()
}

fn refusal(content: &[u8]) -> String {
    EditsFile::read("edits", content).unwrap_err().to_string()
}

fn wishes(file: &EditsFile) -> Vec<(u64, String, &str, Wish)> {
    let said = |(line, asked): &'_ (u64, Asked)| (*line, asked.product.to_string());
    file.asked
        .iter()
        .map(|asked| {
            let (line, product) = said(asked);
            (line, product, asked.1.field.as_str(), asked.1.wish.clone())
        })
        .collect()
}

#[test]
fn rows_of_a_table_name_a_product_and_a_field() {
    let by_halves =
        "\u{feff}Supplier;SKU;Field;Value;Note\na;1;title;\"Mjölk; 1 l\";felstavat\n\na;2/b;brand;;\n";
    let file = read(by_halves.as_bytes());
    assert_eq!(
        wishes(&file),
        [
            (2, "a/1".to_owned(), "title", Wish::Set(json!("Mjölk; 1 l"))),
            (4, "a/2/b".to_owned(), "brand", Wish::Set(json!(""))),
        ]
    );
    assert_eq!(file.asked[0].1.note.as_deref(), Some("felstavat"));
    assert_eq!(file.asked[0].1.origin.as_deref(), Some("edits line 2"));
    let by_key = read(b"product\tfield\tvalue\na/1\ttitle\tOst\n");
    assert_eq!(wishes(&by_key), [(2, "a/1".to_owned(), "title", Wish::Set(json!("Ost")))]);
}

#[test]
fn lines_of_json_set_and_drop_fields_of_a_product() {
    let file = read(
        b"{\"product\":\"a/1\",\"set\":{\"title\":\"Ost\",\"stock\":4,\"brand\":null},\"drop\":[\"mpn\"],\"note\":\"n\"}\n\
          {\"supplier\":\"a\",\"sku\":\"2\",\"drop\":[\"title\"]}",
    );
    assert_eq!(
        wishes(&file),
        [
            (1, "a/1".to_owned(), "title", Wish::Set(json!("Ost"))),
            (1, "a/1".to_owned(), "stock", Wish::Set(json!(4))),
            (1, "a/1".to_owned(), "brand", Wish::Set(json!(null))),
            (1, "a/1".to_owned(), "mpn", Wish::Drop),
            (2, "a/2".to_owned(), "title", Wish::Drop),
        ]
    );
}

#[test]
fn one_bad_row_costs_no_other() {
    let mut table = b"product,field,value\na/1,title,Ost\na/1,title\nnone,title,x\na/2,title,".to_vec();
    table.extend(b"\xff\xfe\n,title,x\na/3,title,Br\xc3\xb6d\n");
    let file = read(&table);
    assert_eq!(file.asked.iter().map(|(line, _)| *line).collect::<Vec<_>>(), [2, 7]);
    let lines: Vec<_> = file.errors.iter().map(|error| (error.line, error.problem.clone())).collect();
    for ((line, problem), (at, part)) in lines.iter().zip([
        (3, "2 cells, the header 3"),
        (4, "SUPPLIER/SKU"),
        (5, "value is not UTF-8"),
        (6, "names no product"),
    ]) {
        assert!(*line == at && problem.contains(part), "{line} {problem}");
    }
    assert_eq!(file.failed, 4);

    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    let lines = format!(
        "{{\"product\":\"a/1\",\"set\":{{\"title\":\"Ost\"}}}}\n{{\"product\":\"a/1\",\"set\":{{\"images\":{deep}}}}}\n{{\n\
         {{\"product\":\"a/1\",\"sets\":{{}}}}\n{{\"product\":\"a/1\"}}\n{{\"product\":\"a/1\",\"set\":[]}}\n\
         {{\"product\":\"a/1\",\"set\":{{\"x\":\"{}\"}}}}\n{{\"product\":\"a/2\",\"drop\":[\"title\"]}}\n",
        "x".repeat(2 << 20)
    );
    let file = read(lines.as_bytes());
    assert_eq!(file.asked.iter().map(|(line, _)| *line).collect::<Vec<_>>(), [1, 8]);
    assert_eq!(file.failed, 6);
}

#[test]
fn a_quote_that_is_not_closed_swallows_no_rows() {
    let rows = "a/1,title,x\n".repeat(400);
    let never = refusal(format!("product,field,value\na/0,title,\"Ost\n{rows}").as_bytes());
    assert!(never.contains("the quote opened in line 2 is never closed"), "{never}");

    // Closed by a quote that opens another value, that closes one, and that is an inch.
    for (last, part) in
        [("\"Ost\"", "3 lines that look like rows"), ("\"Ost\n", "3 lines"), ("15\"", "3 lines")]
    {
        let table =
            format!("product,field,value\na/0,title,\"Ost\na/1,title,x\na/2,brand,y\na/3,title,{last}\n");
        let file = read(table.as_bytes());
        assert!(file.asked.is_empty() && file.errors[0].line == 2, "{last}: {file:?}");
        let said = &file.errors[0].problem;
        assert!(said.contains(part), "{last}: {said}");
    }
    let halves = read(b"supplier;sku;field;value\na;1;title;\"Ost\na;2;title;x\"\na;3;title;y\n");
    assert_eq!((halves.asked.len(), halves.failed), (1, 1));
    let stray = read(b"product,field,value\na/1,title,\"a\"\"b\"x\"c\"\na/2,title,5\" pipe\n");
    assert_eq!(wishes(&stray), [(3, "a/2".to_owned(), "title", Wish::Set(json!("5\" pipe")))]);
    assert!(stray.errors[0].problem.contains("behind its closing quote"), "{:?}", stray.errors);
    let prose = "Rad 1, fin\ntitle, brand, gtin\n- a/1, a/2, a/3";
    let long = read(format!("product,field,value\na/1,description,\"{prose}\"\n").as_bytes());
    assert_eq!(wishes(&long)[0].3, Wish::Set(json!(prose)));
}

#[test]
fn a_file_of_something_else_is_refused_as_a_whole() {
    assert!(refusal(b"").contains("holds no edits"));
    assert!(refusal(b"product,field,value\n").contains("holds no edits"));
    assert!(refusal(b"sku,field,value\n1,title,x\n").contains("no column names the product"));
    assert!(refusal(b"product,fields,value\na/1,title,x\n").contains("no column \"fields\""));
    assert!(refusal(b"product,field,value,value\na/1,title,x,y\n").contains("twice"));
    assert!(refusal(b"\x00\x01\x02PK").contains("is no text; a file of edits is UTF-8"));
    assert!(refusal(b"PK\x03\x04\x00\x00").contains("workbook"));
    assert!(refusal(b" [{\"product\":\"a/1\"}]").contains("a JSON object a line"));
    assert!(refusal(b"product|field|value\na/1|title|x\n").contains("by |, not by a comma"));
    let table = "product,field,value\na/1,title,x\n";
    let little: Vec<u8> = table.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let big: Vec<u8> =
        "\u{feff}".encode_utf16().chain(table.encode_utf16()).flat_map(u16::to_be_bytes).collect();
    assert!(refusal(&little).contains("is in UTF-16") && refusal(&big).contains("is in UTF-16"));
    let many = format!("product,field,value\n{}", "a/1,title,x\n".repeat(CHANGES_MOST + 1));
    assert!(refusal(many.as_bytes()).contains("split it"));
    assert!(refusal(&vec![b'\n'; (FILE_MOST + 1) as usize]).contains("64 MiB"));
}

#[test]
fn whatever_is_damaged_is_answered() {
    let table = "supplier;sku;field;value;note\na;1;title;\"Mjölk; 1 l\";x\nb;2;brand;;\n";
    let lines = "{\"product\":\"a/1\",\"set\":{\"title\":\"Öl\",\"images\":[\"x\"]},\"drop\":[\"mpn\"],\"note\":\"n\"}\n{\"sku\":\"1\"}";
    for whole in [table.as_bytes(), lines.as_bytes()] {
        for at in 0..whole.len() {
            if let Ok(file) = EditsFile::read("edits", &whole[..at]) {
                assert!(file.asked.len() as u64 + file.failed > 0, "{at}");
            }
            for byte in *b"\0\"\n\r;,{[\xff" {
                let mut damaged = whole.to_vec();
                damaged[at] = byte;
                if let Ok(file) = EditsFile::read("edits", damaged.as_slice()) {
                    assert!(file.asked.len() as u64 + file.failed > 0 && file.asked.len() <= 4);
                    let last = damaged.iter().filter(|byte| **byte == b'\n').count() as u64 + 1;
                    assert!(file.asked.iter().all(|(line, _)| (1..=last).contains(line)), "{at} {byte}");
                }
            }
        }
    }
}

#[test]
fn why_a_file_cannot_be_read_is_said_once() {
    struct Folder;
    impl Read for Folder {
        fn read(&mut self, _: &mut [u8]) -> std::io::Result<usize> {
            Err(std::io::ErrorKind::IsADirectory.into())
        }
    }
    let error = EditsFile::read("edits", Folder).unwrap_err();
    let source = std::error::Error::source(&error).unwrap().to_string();
    assert!(!error.to_string().contains(&source), "{error}: {source}");
}
