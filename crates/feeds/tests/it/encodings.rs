//! Encodings: found for each delivery, mixed in one, and text that was decoded wrongly before it came.

use encoding_rs::{Encoding, MACINTOSH, WINDOWS_1250, WINDOWS_1251, WINDOWS_1252};

use crate::support::*;

const PLAIN: &str = "format.type = 'csv'\nfields = { sku = 'sku', title = 'title' }";

fn encode(text: &str, encoding: &'static Encoding) -> Vec<u8> {
    let (bytes, _, unmappable) = encoding.encode(text);
    assert!(!unmappable, "{text}");
    bytes.into_owned()
}

fn table(titles: &[&str]) -> String {
    let rows: String = titles.iter().enumerate().map(|(n, title)| format!("{n};{title}\r\n")).collect();
    format!("sku;title\r\n{rows}")
}

fn titles(read: &Read) -> Vec<String> {
    read.products().iter().map(|p| p.values.title.clone().unwrap()).collect()
}

#[test]
fn single_byte_encodings_are_told_apart() {
    let nordic = ["Köttbullar på svenskt vis", "Rödbetor", "Smørrebrød", "Æblegrød", "Ängens mjölk ½ l"];
    let german = ["Weißer Käse", "Süße Brötchen für Gäste", "Öl, groß"];
    let polish = [
        "Żółty ser wędzony",
        "Łosoś świeży w całości",
        "Mąka pszenna źródłowa",
        "Śmietana kwaśna dziś",
        "Pierogi z mięsem, gęś",
    ];
    let russian = ["Молоко пастеризованное", "Хлеб ржаной бородинский", "Сыр твёрдый"];
    for (titles_in, encoding, name) in [
        (nordic.as_slice(), WINDOWS_1252, "windows-1252"),
        (&nordic[..4], MACINTOSH, "macintosh"),
        (&german, WINDOWS_1252, "windows-1252"),
        (&german, MACINTOSH, "macintosh"),
        (&["Kött"], MACINTOSH, "windows-1252"),
        (&["Skåne"], MACINTOSH, "macintosh"),
        (&polish, WINDOWS_1250, "windows-1250"),
        (&russian, WINDOWS_1251, "windows-1251"),
        (&["NESCAFÉ® mild"], WINDOWS_1252, "windows-1252"),
    ] {
        let read = read_bytes(&encode(&table(titles_in), encoding), &config(PLAIN));
        assert_eq!(read.delivery().encoding.as_deref(), Some(name), "{titles_in:?} in {}", encoding.name());
        if encoding.name() == name {
            assert_eq!(titles(&read), titles_in);
        }
    }
    let mac = read_bytes(&encode(&table(&["Skåne"]), MACINTOSH), &config(PLAIN));
    assert_eq!(mac.delivery().encoding_runner_up.as_deref(), Some("windows-1252"));
}

#[test]
fn utf16_needs_no_mark() {
    let text = table(&["Kött", "Blåbär"]);
    let little: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let big: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
    for bytes in
        [[b"\xff\xfe".as_slice(), &little].concat(), [b"\xfe\xff".as_slice(), &big].concat(), little, big]
    {
        assert_eq!(titles(&read_bytes(&bytes, &config(PLAIN))), ["Kött", "Blåbär"]);
    }
}

#[test]
fn a_file_half_in_another_encoding_is_read_line_by_line() {
    let first = table(&["Kött", "Blåbär och ”smör”", "Ägg"]);
    let second = "7;Öl\r\n8;Æble\r\n9;plain\r\n";
    for (first_in, second_in, main, other, rows) in [
        (None, Some(WINDOWS_1252), "UTF-8", "windows-1252", vec![5, 6]),
        (Some(WINDOWS_1252), None, "windows-1252", "UTF-8", vec![5, 6]),
    ] {
        let bytes = |text: &str, encoding: Option<&'static Encoding>| match encoding {
            Some(encoding) => encode(text, encoding),
            None => text.as_bytes().to_vec(),
        };
        let both = [bytes(&first, first_in), bytes(second, second_in)].concat();
        let read = read_bytes(&both, &config(PLAIN));
        assert_eq!(titles(&read), ["Kött", "Blåbär och ”smör”", "Ägg", "Öl", "Æble", "plain"]);
        assert_eq!(read.delivery().encoding.as_deref(), Some(main));
        let warned: Vec<u64> = read.warnings().iter().map(|w| w.row).collect();
        assert_eq!(warned, rows, "{:?}", read.warnings());
        assert!(read.warnings().iter().all(|w| w.problem.kind() == "other-encoding"));
        assert!(read.warnings()[0].to_string().ends_with(&format!("was read as {other}")));
    }
}

#[test]
fn one_bad_byte_in_a_marked_file_costs_nothing_else() {
    let bytes =
        [b"\xef\xbb\xbf".as_slice(), "sku;title\n1;Kött\n2;M".as_bytes(), b"\xf6", "s öl\n".as_bytes()]
            .concat();
    let read = read_bytes(&bytes, &config(PLAIN));
    assert_eq!(titles(&read), ["Kött", "Mös öl"]);
    assert_eq!(read.warnings().len(), 1);
}

#[test]
fn a_configured_encoding_is_kept_to() {
    let set =
        "format = { type = 'csv', encoding = 'windows-1250' }\nfields = { sku = 'sku', title = 'title' }";
    let read = read_bytes(&encode(&table(&["řízek"]), WINDOWS_1250), &config(set));
    assert_eq!(titles(&read), ["řízek"]);
}

#[test]
fn mojibake_is_repaired_in_its_field_and_recorded() {
    let text = "sku;title;text\n1;KÃ¶tt fläsk;Rökt\n2;KÃ¶tt;K√∂tt\n3;SÃO PAULO;NESCAFÉ®\n4;<b>Ã–l</b>;x\n";
    let mapped = "format.type = 'csv'\nfields = { sku = 'sku', title = 'title', description = 'text' }";
    let read = read_bytes(text.as_bytes(), &config(mapped));
    let (two, three) = (read.values("2"), read.values("3"));
    assert_eq!((two.title.as_deref(), two.description.as_deref()), (Some("Kött"), Some("Kött")));
    assert_eq!((three.title.as_deref(), three.description.as_deref()), (Some("SÃO PAULO"), Some("NESCAFÉ®")));
    // Half of it is right: nobody knows what the other half was.
    assert_eq!(read.values("1").title.as_deref(), Some("KÃ¶tt fläsk"));
    assert_eq!(read.product("2").provenance["title"].rule.as_deref(), Some("mojibake"));
    assert_eq!(read.product("4").provenance["title"].rule.as_deref(), Some("mojibake, html"));
    let warned: Vec<_> =
        read.warnings().iter().map(|w| (w.row, w.field.as_str(), w.problem.kind())).collect();
    assert_eq!(warned, [(3, "title", "mojibake"), (3, "description", "mojibake"), (5, "title", "mojibake")]);
}
