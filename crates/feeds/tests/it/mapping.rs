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

#[test]
fn what_is_ambiguous_is_settled_by_the_delivery_s_own_prices() {
    let table = "sku;t;price;stock\n1;a;1.234;2.500\n2;b;149,00;1\n3;c;1.234,56;0\n";
    let read = read("title = 't'\nprice = 'price'\nstock = 'stock'", table);
    assert_eq!(read.values("1").price.as_ref().unwrap().to_string(), "1234 SEK");
    assert_eq!(read.values("1").stock.unwrap().to_string(), "2500");
    let origin = &read.product("1").provenance["price"];
    assert_eq!(
        (origin.rule.as_deref(), origin.original.as_deref()),
        (Some("separator as in other rows"), Some("1.234"))
    );
    assert!(read.warnings().is_empty(), "{:?}", read.warnings());
}

#[test]
fn prices_that_contradict_one_another_settle_nothing() {
    let table = "sku;t;price\n1;a;1.234,56\n2;b;1,234.56\n3;c;1,234\n4;d;-5\n5;e;12.50 EUR\n";
    let read = read("title = 't'\nprice = 'price'", table);
    for sku in ["1", "2"] {
        assert_eq!(read.values(sku).price.as_ref().unwrap().to_string(), "1234.56 SEK");
    }
    assert_eq!((read.values("3").price.as_ref(), read.values("4").price.as_ref()), (None, None));
    assert_eq!(read.values("5").price.as_ref().unwrap().to_string(), "12.50 EUR");
    assert_eq!(kinds(&read), [("price".to_owned(), "number"), ("price".to_owned(), "number")]);
}

#[test]
fn a_sale_price_goes_first_unless_there_is_none() {
    let table =
        "sku;t;sale;price\n1;a;99,00;149,00\n2;b;;149,00\n3;c;0,00;149,00\n4;d;0;0\n5;e;;från 99 kr/st\n";
    let read = read("title = 't'\nprice = ['sale', 'price']", table);
    let price = |sku: &str| read.values(sku).price.as_ref().map(ToString::to_string);
    assert_eq!(price("1").as_deref(), Some("99.00 SEK"));
    assert_eq!((price("2").as_deref(), price("3").as_deref()), (Some("149.00 SEK"), Some("149.00 SEK")));
    assert_eq!((price("4"), price("5").as_deref()), (None, Some("99 SEK")));
    assert_eq!(read.product("5").provenance["price"].original.as_deref(), Some("från 99 kr/st"));
    let told = [("price".to_owned(), "zero-price"), ("price".to_owned(), "price-range")];
    assert_eq!(kinds(&read), told);
}

#[test]
fn each_row_says_whether_its_gtin_was_restored_or_lost() {
    let table = "sku;t;ean\n1;a;4,006381333931E+12\n2;b;4,00638E+12\n3;c;36000291452\n4;d;4006381333932\n\
                 5;e;4006381333931\n";
    let read = read("title = 't'\ngtin = 'ean'", table);
    let gtin = |sku: &str| read.values(sku).gtin.as_ref().map(ToString::to_string);
    assert_eq!(gtin("1").as_deref(), Some("04006381333931"));
    let origin = &read.product("1").provenance["gtin"];
    assert_eq!(
        (origin.rule.as_deref(), origin.original.as_deref()),
        (Some("scientific notation undone"), Some("4,006381333931E+12"))
    );
    assert_eq!((gtin("2"), gtin("3").as_deref()), (None, Some("00036000291452")));
    let rows: Vec<_> = read.warnings().iter().map(|w| (w.row, w.problem.kind())).collect();
    assert_eq!(rows, [(2, "gtin-restored"), (3, "gtin-damaged"), (4, "gtin-restored"), (5, "gtin")]);
}

#[test]
fn descriptions_keep_their_lists_and_tables() {
    let table = "sku;t;d\n1;<b>Kanna</b> 1 l;\"<p>Av stål.</p><ul><li><b>Vikt:</b> 2 kg</li><li>Rostfri</li></ul>\n\
                 <table><tr><td>Färg</td><td>Röd</td></tr></table>\"\n";
    let read = read("title = 't'\ndescription = 'd'\nattributes = { Om = 'd' }", table);
    let values = read.values("1");
    assert_eq!(values.title.as_deref(), Some("Kanna 1 l"));
    let text = "Av stål.\n\n- Vikt: 2 kg\n- Rostfri\n\nFärg: Röd";
    assert_eq!(values.description.as_deref(), Some(text));
    assert_eq!(values.attributes["Om"], "Av stål. Vikt: 2 kg, Rostfri Färg: Röd");
}
