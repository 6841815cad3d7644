use berika_catalog::{CategoryId, Language, Taxonomy};
use proptest::prelude::*;

use super::*;

const ALL: [Format; 5] = [Format::Jsonl, Format::Csv, Format::Yaml, Format::Google, Format::Paths];

fn language(tag: &str) -> Language {
    Language::parse(tag).unwrap()
}

fn read_as(format: Format, text: &str) -> Result<Taxonomy, TaxonomyFileError> {
    read("own.txt", format, &language("en"), "own", 1, text.as_bytes())
}

fn refused(format: Format, text: &str) -> String {
    read_as(format, text).unwrap_err().to_string()
}

fn paths(taxonomy: &Taxonomy, tag: &str) -> Vec<String> {
    taxonomy.leaves().map(|leaf| taxonomy.path_names(leaf, &language(tag)).join("/")).collect()
}

const JSONL: &str = r#"{"id": "milk", "parent": "food", "names": {"sv": "Mjölk", "en": "Milk"}, "synonyms": {"sv": ["mellanmjölk", " "]}, "descriptions": {"en": "Drinking milk"}, "excludes": {"en": " Cream "}, "external_ids": {"google": "418"}}

{"id": "food", "parent": null, "names": {"sv": " Mat ", "en": "Food"}}
"#;

#[test]
fn the_four_formats_say_the_same() {
    let jsonl = read_as(Format::Jsonl, JSONL).unwrap();
    let csv = read_as(
        Format::Csv,
        "\u{feff}id;parent;name.sv;name.en;description.en;excludes;synonyms.sv;external.google\n\
         milk;food;Mjölk;Milk;Drinking milk;Cream;mellanmjölk| ;418\n\
         ;;;;;;;\n\
         food;;Mat;Food;;;;\n",
    )
    .unwrap();
    let yaml = read_as(
        Format::Yaml,
        "- id: food\n  names: {sv: Mat, en: Food}\n  children:\n    - id: milk\n      names: {sv: Mjölk, en: Milk}\n      \
         descriptions: {en: Drinking milk}\n      excludes: {en: Cream}\n      synonyms: {sv: [mellanmjölk]}\n      external_ids: {google: \"418\"}\n",
    )
    .unwrap();
    assert_eq!(jsonl, csv);
    assert_eq!(jsonl, yaml);
    assert_eq!(paths(&jsonl, "sv"), ["Mat/Mjölk"]);
}

#[test]
fn google_files_of_several_languages_are_merged_by_id() {
    let english = "# Google_Product_Taxonomy_Version: 2021-09-21\n412 - Food\n418 - Food > Milk - fresh\n";
    let swedish =
        "# Google_Product_Taxonomy_Version: 2015-02-19\n412 - Mat\n418 - Mat > Mjölk\n9 - Mat > Te\n";
    let file = |language: &str, text: &'static str| GoogleFile {
        file: "google.txt",
        language: Language::parse(language).unwrap(),
        bytes: text.as_bytes(),
    };
    assert_eq!(Format::of("google.txt", english.as_bytes()), Some(Format::Google));
    let taxonomy = read_google("google", 1, &[file("en", english), file("sv", swedish)]).unwrap();
    assert_eq!(paths(&taxonomy, "sv"), ["Mat/Mjölk", "Mat/Te"]);
    assert_eq!(paths(&taxonomy, "en"), ["Food/Milk - fresh", "Food/Te"]);
    let milk = taxonomy.get(&CategoryId("418".to_owned())).unwrap();
    assert_eq!(milk.external_ids["google"], "418");
}

#[test]
fn two_ids_with_the_same_words_are_two_categories() {
    let danish = "412 - Have\n3798 - Have > Græstrimmere\n3821 - Have > Græstrimmere\n9 - Have >  Græstrimmere  > Tråd\n";
    let taxonomy = read_as(Format::Google, danish).unwrap();
    assert_eq!(taxonomy.categories().len(), 4);
    let thread = taxonomy.get(&CategoryId("9".to_owned())).unwrap();
    assert_eq!(thread.parent, Some(CategoryId("3798".to_owned())));
    let twice = refused(Format::Google, "412 - Have\n412 - Hus\n");
    assert!(twice.contains("line 2: id 412 is there twice"), "{twice}");
}

#[test]
fn csv_paths_bring_their_ancestors() {
    let taxonomy = read_as(
        Format::Csv,
        "path.sv,path.en,description.en\nMat > Mejeri > Mjölk,Food > Dairy > Milk,For drinking\n\
         Mat > Mejeri,Food > Dairy,From cows\nMat > Te,Food > Tea,\n",
    )
    .unwrap();
    assert_eq!(paths(&taxonomy, "sv"), ["Mat/Mejeri/Mjölk", "Mat/Te"]);
    assert_eq!(paths(&taxonomy, "en"), ["Food/Dairy/Milk", "Food/Tea"]);
    let dairy = taxonomy.get(&CategoryId("Food > Dairy".to_owned())).unwrap();
    assert_eq!(dairy.descriptions[&language("en")], "From cows");
}

/// In the form of Shopify's file, with a parent that has no line, a child before its parent and a stray blank.
const SHOPIFY: &str = r#"{"id": "zz-1-2", "path": ["Boats", "Rowing boats", "Oars"], "path_i18n": {"sv": ["Båtar", "Roddbåtar", "Åror"]}}
{"id": "zz-1", "path": ["Boats", "Rowing  boats"], "path_i18n": {"sv": ["Båtar", "Roddbåtar"]}}
{"id": "zz-2", "path": ["Boats", "Anchors"], "path_i18n": {"sv": ["Båtar", "Ankare"]}}
"#;

#[test]
fn shopifys_file_gives_names_in_all_its_languages_and_parents_by_path() {
    assert_eq!(Format::of("shopify.jsonl", SHOPIFY.as_bytes()), Some(Format::Paths));
    assert_eq!(Format::of("download", SHOPIFY.as_bytes()), Some(Format::Paths));
    assert_eq!(Format::of("own.jsonl", JSONL.as_bytes()), Some(Format::Jsonl));
    let taxonomy = read_as(Format::Paths, SHOPIFY).unwrap();
    assert_eq!(paths(&taxonomy, "en"), ["Boats/Anchors", "Boats/Rowing boats/Oars"]);
    assert_eq!(paths(&taxonomy, "sv"), ["Båtar/Ankare", "Båtar/Roddbåtar/Åror"]);
    let oars = taxonomy.get(&CategoryId("zz-1-2".to_owned())).unwrap();
    assert_eq!(oars.parent, Some(CategoryId("zz-1".to_owned())));
    assert_eq!(oars.external_ids, [("shopify".to_owned(), "zz-1-2".to_owned())].into());
    let made = taxonomy.get(&CategoryId("Boats".to_owned())).unwrap();
    assert_eq!((&made.parent, made.external_ids.len()), (&None, 0));
}

#[test]
fn gs1s_definitions_describe_and_what_they_exclude_is_kept_apart() {
    let brick = |id: &str, name: &str, definition: &str| {
        format!(
            "{{\"id\": \"{id}\", \"path\": [\"Boats\", \"Oars/Paddles\", \"Oars/Paddles\", \"{name}\"], \"description\": \"{definition}\"}}\n"
        )
    };
    let file = brick(
        "99000001",
        "Oars",
        "Includes any products that can be described/observed as a lever to row with. Includes products such as Sculls. \
         Specifically excludes: Paddles. Excludes products such as Rudders, e.g. Spade Rudders.",
    ) + &brick("99000002", "Paddles", "Excludes Oars.");
    let taxonomy = read_as(Format::Paths, &file).unwrap();
    assert_eq!(
        paths(&taxonomy, "en"),
        ["Boats/Oars/Paddles/Oars/Paddles/Oars", "Boats/Oars/Paddles/Oars/Paddles/Paddles"]
    );
    let oars = taxonomy.get(&CategoryId("99000001".to_owned())).unwrap();
    let english = language("en");
    assert_eq!(oars.descriptions[&english], "A lever to row with. Includes products such as Sculls.");
    assert_eq!(
        oars.excludes[&english],
        "Specifically excludes: Paddles. Excludes products such as Rudders, e.g. Spade Rudders."
    );
    assert_eq!(oars.external_ids["gpc"], "99000001");
    assert_eq!(oars.parent, Some(CategoryId("Boats > Oars/Paddles > Oars/Paddles".to_owned())));
    let paddles = taxonomy.get(&CategoryId("99000002".to_owned())).unwrap();
    assert!(paddles.descriptions.is_empty());
    assert_eq!(paddles.excludes[&english], "Excludes Oars.");
}

#[test]
fn faults_in_paths_name_line_and_category() {
    let refused =
        |line: &str| refused(Format::Paths, &format!("{{\"id\": \"b\", \"path\": [\"B\"]}}\n{line}\n"));
    let line = |rest: &str| refused(&format!("{{\"id\": \"a\", {rest}}}"));
    assert_eq!(
        line(r#""path": []"#),
        "own.txt, line 2: the path of category a is empty; give it the names from the root down"
    );
    assert!(
        line(r#""path": ["A", " "]"#).contains("line 2: the path of category a has a level without a name")
    );
    let uneven = line(r#""path": ["A"], "path_i18n": {"sv": ["A", "B"]}"#);
    assert!(uneven.contains("line 2: the path of category a has 1 levels and 2 in sv"), "{uneven}");
    let deep = line(&format!("\"path\": [{}\"A\"]", "\"A\",".repeat(MOST_LEVELS)));
    assert!(deep.contains("category a has more than 32 levels"), "{deep}");
    let long = line(&format!("\"path\": [\"{}\"]", "x".repeat(MOST_TEXT + 1)));
    assert!(long.contains("category a is longer than"), "{long}");
    let made = line(&format!("\"path\": [\"{}\", \"A\"]", "x".repeat(600)));
    assert!(made.contains("has no line of its own") && made.contains("line 2"), "{made}");
    let unnamed = refused(r#"{"id": " ", "path": ["B", "C"]}"#);
    assert!(unnamed.contains("line 2: the category \"B > C\" has no id"), "{unnamed}");
    let twice = refused(r#"{"id": "b", "path": ["C"]}"#);
    assert_eq!(twice, "own.txt, line 2: category id b is already on line 1; ids must be unique");
    let unknown = line(r#""path": ["A"], "colour": "red""#);
    assert!(unknown.contains("line 2: unknown field `colour`"), "{unknown}");
    // Two ids with the same words are two categories; what stands below belongs to the first.
    let same = "{\"id\": \"a\", \"path\": [\"A\"]}\n{\"id\": \"b\", \"path\": [\"A\"]}\n{\"id\": \"c\", \"path\": [\"A\", \"C\"]}\n";
    let taxonomy = read_as(Format::Paths, same).unwrap();
    assert_eq!(taxonomy.get(&CategoryId("c".to_owned())).unwrap().parent, Some(CategoryId("a".to_owned())));
    assert_eq!(taxonomy.leaves().count(), 2);
}

#[test]
fn faults_name_file_line_and_what_to_do() {
    let duplicate = refused(Format::Jsonl, &format!("{JSONL}{JSONL}"));
    assert_eq!(duplicate, "own.txt, line 4: category id milk is already on line 1; ids must be unique");
    let orphan = refused(Format::Jsonl, JSONL.lines().next().unwrap());
    assert!(orphan.starts_with("own.txt, line 1: category milk names parent food"), "{orphan}");
    let broken = refused(Format::Jsonl, "\n{\"id\": \"a\", \"names\": {\"en\": }}\n");
    assert!(broken.starts_with("own.txt, line 2: expected value (column"), "{broken}");
    let unknown = refused(Format::Jsonl, "{\"id\": \"a\", \"name\": \"A\"}");
    assert!(unknown.contains("line 1") && unknown.contains("unknown field `name`"), "{unknown}");
    let nameless = refused(Format::Jsonl, "{\"id\": \"a\", \"names\": {\"en\": \" \"}}");
    assert!(nameless.contains("category a has no name"), "{nameless}");
    let circle = refused(Format::Csv, "id,parent,name\na,b,A\nb,a,B\n");
    assert_eq!(
        circle,
        "own.txt, line 2: category a is its own ancestor (a below b below a); give one of them another parent"
    );
    let below = refused(Format::Csv, "id,parent,name\nc,b,C\nb,b,B\n");
    assert!(below.starts_with("own.txt, line 3: category b is its own ancestor (b below b)"), "{below}");
    let ragged = refused(Format::Csv, "id,parent,name\na,,A\nb,a\n");
    assert!(ragged.starts_with("own.txt, line 3: 2 cells instead of the header's 3"), "{ragged}");
    let column = refused(Format::Csv, "id,parent,name,colour\na,,A,red\n");
    assert!(column.contains("unknown column \"colour\"") && column.contains("description.LANG"), "{column}");
    let yaml = refused(Format::Yaml, "- id: a\n  names: {en: A}\n- id: a\n  names: {en: B}\n");
    assert_eq!(yaml, "own.txt, line 3: category id a is already on line 1; ids must be unique");
    let yaml = refused(Format::Yaml, "- id: a\n  names: {en: A}\n  nmaes: {}\n");
    assert!(yaml.starts_with("own.txt, line 3: ") && yaml.contains("nmaes"), "{yaml}");
    let google = refused(Format::Google, "# x\nFood\nFood > Milk\n");
    assert!(google.starts_with("own.txt, line 2: ") && google.contains("with ids"), "{google}");
    let google = refused(Format::Google, "418 - Food > Milk\n");
    assert!(google.contains("\"Food\", is not on an earlier line"), "{google}");
    let windows =
        read("own.txt", Format::Csv, &language("en"), "own", 1, b"id,name\na,Mj\xf6lk\n").unwrap_err();
    assert_eq!(windows.to_string(), "own.txt, line 2: not UTF-8; save the file as UTF-8");
    for format in ALL {
        assert_eq!(refused(format, "\n"), "own.txt: the taxonomy has no categories");
    }
}

#[test]
fn depth_size_and_repeated_aliases_are_capped() {
    let chain: String = (0..40)
        .map(|level| {
            let parent = if level == 0 { String::new() } else { format!("c{}", level - 1) };
            format!("c{level},{parent},C\n")
        })
        .collect();
    let deep = refused(Format::Csv, &format!("id,parent,name\n{chain}"));
    assert!(deep.contains("line 34: more than 32 levels"), "{deep}");
    let long = format!("id,name\na,{}\n", "x".repeat(MOST_TEXT + 1));
    assert!(refused(Format::Csv, &long).contains("shorten it"));
    let deep = format!("path\n{}\n", vec!["x".repeat(100); 6].join(">"));
    assert!(refused(Format::Csv, &deep).contains("line 2: the id of"));
    let id =
        refused(Format::Jsonl, &format!("{{\"id\": \"{}\", \"names\": {{\"en\": \"A\"}}}}", "i".repeat(501)));
    assert!(id.contains("line 1: the id \"iiii") && id.contains("longer than 500 bytes"), "{id}");
    let unnamed = refused(Format::Csv, "id,name\n,Milk\n");
    assert!(unnamed.contains("line 2"), "{unnamed}");
    let blank = refused(Format::Jsonl, "{\"id\": \" \", \"names\": {\"en\": \"Milk\"}}");
    assert!(blank.contains("line 1: the category \"Milk\" has no id"), "{blank}");
    let big = vec![b'a'; MOST_BYTES + 1];
    let refusal = read("big.csv", Format::Csv, &language("en"), "own", 1, &big).unwrap_err();
    assert!(matches!(refusal, TaxonomyFileError::TooLarge { .. }));
    let mut laughs = "- &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol]\n".to_owned();
    for level in 1..12 {
        laughs.push_str(&format!("- &a{level} [{}]\n", vec![format!("*a{}", level - 1); 9].join(",")));
    }
    assert!(refused(Format::Yaml, &laughs).starts_with("own.txt, line "));
}

proptest! {
    #[test]
    fn no_bytes_make_a_reader_panic(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        for format in ALL {
            drop(read("own.txt", format, &language("en"), "own", 1, &bytes));
        }
    }

    #[test]
    fn no_paths_make_the_reader_panic(
        lines in prop::collection::vec(("[a-c]{0,2}", prop::collection::vec("[A-C ]{0,2}", 0..4), "(Includes |Excludes |[a-c.;(:]){0,8}"), 0..6),
    ) {
        let lines: String = lines.into_iter()
            .map(|(id, path, text)| format!("{{\"id\": {id:?}, \"path\": {path:?}, \"description\": {text:?}}}\n"))
            .collect();
        drop(read_as(Format::Paths, &lines));
    }

    #[test]
    fn no_table_makes_the_reader_panic(
        header in prop::sample::select(vec!["id,parent,name", "path,name.sv", "id,path.sv,path.en", "id;name"]),
        body in "[a-c>,; \"\n]{0,80}",
    ) {
        drop(read_as(Format::Csv, &format!("{header}\n{body}")));
    }
}
