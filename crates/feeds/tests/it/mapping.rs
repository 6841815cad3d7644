//! Rules: from columns to fields.

use crate::support::*;

fn read(fields: &str, table: &str) -> Read {
    let config = config(&format!("[format]\ntype = 'csv'\ndelimiter = ';'\n[fields]\nsku = 'sku'\n{fields}"));
    read_bytes(table.as_bytes(), &config)
}

fn kinds(read: &Read) -> Vec<(String, &'static str)> {
    read.warnings().iter().map(|w| (w.field.clone(), w.problem.kind())).collect()
}

#[test]
fn columns_are_joined() {
    let read = read(
        "title = { from = ['brand', 'name'], join = ' ' }",
        "sku;brand;name\n1;Bosch;GSR 12\n2;;Kanna\n3;#N/A;Vas\n",
    );
    assert_eq!(read.values("1").title.as_deref(), Some("Bosch GSR 12"));
    let origin = &read.product("1").provenance["title"];
    assert_eq!((origin.column.as_deref(), origin.rule.as_deref()), (Some("brand + name"), Some("join")));
    assert_eq!(read.values("2").title.as_deref(), Some("Kanna"));
    assert_eq!(read.values("3").title.as_deref(), Some("Vas"));
    assert_eq!(kinds(&read), [("title".to_owned(), "error-cell")]);
}

#[test]
fn a_map_gives_our_words_and_says_what_it_does_not_know() {
    let fields = "title = 't'\nattributes = { Laktosfri = { from = 'l', map = { J = 'ja', N = '', '' = 'okänt' }, \
                  unmapped = 'drop' } }";
    let read = read(fields, "sku;t;l\n1;a;J\n2;a;N\n3;a;\n4;a;?\n");
    assert_eq!(read.values("1").attributes["Laktosfri"], "ja");
    let origin = &read.product("1").provenance["attributes.Laktosfri"];
    assert_eq!((origin.rule.as_deref(), origin.original.as_deref()), (Some("map"), Some("J")));
    assert!(read.values("2").attributes.is_empty());
    assert_eq!(read.values("3").attributes["Laktosfri"], "okänt");
    assert!(read.values("4").attributes.is_empty());
    assert_eq!(kinds(&read), [("attributes.Laktosfri".to_owned(), "unmapped")]);
}

#[test]
fn a_pattern_takes_a_part_and_what_it_does_not_match_counts_as_blank() {
    let fields = "title = 't'\nmpn = { from = ['t', 'u'], pattern = 'nr (\\w+)' }\n\
                  attributes = { Vikt = { from = 't', pattern = '(\\d+) ?g\\b', default = '' } }";
    let read = read(fields, "sku;t;u\n1;Kaffe 450 g nr A7;\n2;Te;nr B8\n3;Te;\n4;Te;C\n");
    assert_eq!(read.values("1").mpn.as_deref(), Some("A7"));
    let origin = &read.product("1").provenance["mpn"];
    assert_eq!(
        (origin.rule.as_deref(), origin.original.as_deref()),
        (Some("pattern"), Some("Kaffe 450 g nr A7"))
    );
    assert_eq!(read.values("1").attributes["Vikt"], "450");
    assert_eq!(read.product("2").provenance["mpn"].column.as_deref(), Some("u"));
    assert_eq!(read.values("3").mpn, None);
    // Two of them have nothing of the kind, and no default says that this is no fault.
    assert_eq!(kinds(&read), [("mpn".to_owned(), "unmatched"), ("mpn".to_owned(), "unmatched")]);
}

#[test]
fn amounts_are_converted_and_the_supplier_s_text_is_remembered() {
    let fields = "title = 't'\nattributes = { Vikt = { from = 'v', unit = 'g' } }";
    let read = read(fields, "sku;t;v\n1;a;7,5 kg\n2;a;450\n3;a;cirka ett kilo\n");
    assert_eq!(read.values("1").attributes["Vikt"], "7500 g");
    let origin = &read.product("1").provenance["attributes.Vikt"];
    assert_eq!((origin.rule.as_deref(), origin.original.as_deref()), (Some("unit"), Some("7,5 kg")));
    assert_eq!(read.values("2").attributes["Vikt"], "450 g");
    assert_eq!(read.values("3").attributes["Vikt"], "cirka ett kilo");
    assert_eq!(kinds(&read), [("attributes.Vikt".to_owned(), "unit")]);
}

#[test]
fn languages_and_markets_stand_side_by_side() {
    let fields = "title = 't'\nlocalized.da = { title = 'da', description = 'dad' }\n\
                  markets.DK = { price = 'dkk', currency = { constant = 'DKK' } }\nmarkets.FI.price = 'fi'";
    let table = "sku;t;da;dad;dkk;fi\n1;Kanna;Kande;<p>Af stål</p>;99,50;12 EUR\n2;Vas;;;;12,50\n";
    let read = read(fields, table);
    let values = read.values("1");
    let danish = &values.localized[&"da".to_owned().try_into().unwrap()];
    assert_eq!((danish.title.as_deref(), danish.description.as_deref()), (Some("Kande"), Some("Af stål")));
    let prices: Vec<String> = values.market_prices.iter().map(|(c, m)| format!("{c} {m}")).collect();
    assert_eq!(prices, ["DK 99.50 DKK", "FI 12 EUR"]);
    let provenance = &read.product("1").provenance;
    assert_eq!(provenance["localized.da.title"].column.as_deref(), Some("da"));
    assert_eq!(provenance["market_prices.DK"].column.as_deref(), Some("dkk"));
    let fields: Vec<String> = values.fields().into_keys().collect();
    assert!(fields.contains(&"localized.da.description".to_owned()), "{fields:?}");
    // The supplier's crowns are not taken for what is paid in Finland.
    assert!(read.values("2").localized.is_empty() && read.values("2").market_prices.is_empty());
    assert_eq!(kinds(&read), [("market_prices.FI".to_owned(), "no-currency")]);
}

#[test]
fn a_rule_that_cannot_be_used_refuses_the_delivery() {
    let said = read("title = { from = 't', pattern = '[' }", "sku;t\n1;a\n").problem();
    assert_eq!(said, "fields.title.pattern: unclosed character class at character 1 of \"[\"");
}
