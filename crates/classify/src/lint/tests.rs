use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use berika_catalog::{Category, CategoryId, Language, Taxonomy};

use super::*;

fn english() -> Language {
    Language::parse("en").unwrap()
}

fn id(text: &str) -> CategoryId {
    CategoryId(text.to_owned())
}

/// Id, parent, name and description; empty: none.
fn targets(categories: &[[&str; 4]]) -> Targets {
    let categories = categories
        .iter()
        .map(|[own, parent, name, description]| Category {
            id: id(own),
            parent: (!parent.is_empty()).then(|| id(parent)),
            names: [(english(), (*name).to_owned())].into(),
            descriptions: (!description.is_empty())
                .then(|| (english(), (*description).to_owned()))
                .into_iter()
                .collect(),
            excludes: [].into(),
            synonyms: [].into(),
            external_ids: [].into(),
        })
        .collect();
    Targets::leaves(Arc::new(Taxonomy::new("own", 1, categories).unwrap()))
}

/// A vector that counts words: each has a dimension of its own.
struct Words(Vec<String>);

impl Words {
    fn of<'a>(texts: impl IntoIterator<Item = &'a str>) -> Self {
        let words: BTreeSet<String> = texts.into_iter().flat_map(Self::split).collect();
        Self(words.into_iter().collect())
    }

    fn split(text: &str) -> Vec<String> {
        text.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).map(str::to_lowercase).collect()
    }

    fn vector(&self, text: &str) -> Vec<f32> {
        let words = Self::split(text);
        self.0.iter().map(|word| words.iter().filter(|w| *w == word).count() as f32).collect()
    }
}

/// Products: key, title, confirmed category, candidates. An empty category: none.
type Rows<'a> = [(&'a str, &'a str, &'a str, &'a [&'a str])];

fn lint_of(targets: &Targets, rows: &Rows<'_>, with_model: bool) -> Lint {
    lint_in(targets, rows, with_model, &[english()])
}

fn lint_in(targets: &Targets, rows: &Rows<'_>, with_model: bool, compared: &[Language]) -> Lint {
    let texts = targets.texts();
    let words = Words::of(texts.iter().map(String::as_str).chain(rows.iter().map(|row| row.1)));
    let vectors: HashMap<String, Vec<f32>> =
        texts.iter().map(|text| (text.clone(), words.vector(text))).collect();
    let owned: Vec<(Vec<f32>, CategoryId, Vec<CategoryId>)> = rows
        .iter()
        .map(|(_, title, confirmed, candidates)| {
            (words.vector(title), id(confirmed), candidates.iter().map(|candidate| id(candidate)).collect())
        })
        .collect();
    let products: Vec<LintedProduct<'_>> = rows
        .iter()
        .zip(&owned)
        .map(|((key, title, confirmed, _), (vector, category, candidates))| LintedProduct {
            key,
            title: Some(title),
            language: None,
            vector: Some(vector),
            confirmed: (!confirmed.is_empty()).then_some(category),
            candidates,
            ..LintedProduct::default()
        })
        .collect();
    lint(&LintInput {
        targets,
        compared,
        language: &english(),
        vectors: with_model.then_some(&vectors),
        products: &products,
        opinions: None,
    })
}

/// Ids and sentence of each finding of a kind.
fn found(lint: &Lint, kind: Kind) -> Vec<(Vec<&str>, &str)> {
    let findings = lint.findings.iter().filter(|finding| finding.kind == kind);
    findings
        .map(|f| (f.categories.iter().map(|named| named.id.as_str()).collect(), f.finding.as_str()))
        .collect()
}

#[test]
fn categories_that_say_the_same_are_found_once_each() {
    let targets = targets(&[
        ["dog", "", "Dogs", ""],
        ["cat", "", "Cats", ""],
        ["dog.bed", "dog", "Beds", ""],
        ["cat.bed", "cat", "beds!", ""],
        ["dog.toy", "dog", "Toys", "Balls and ropes to throw"],
        ["cat.toy", "cat", "Toys", "Mice and feathers to hunt"],
        ["dog.lead", "dog", "Leads", "Everything for walking outside"],
        ["dog.coat", "dog", "Coats", "Everything for walking outside."],
        ["cat.food", "cat", "Food", "Dry and wet meals"],
        ["cat.food2", "cat", "Food", "Dry and wet meals"],
        ["cat.door", "cat", "Doors", "Flaps for walls and glass"],
        ["cat.door2", "cat", "Doors", "Doors with chip readers inside"],
    ]);
    let lint = lint_of(&targets, &[], false);
    let same = found(&lint, Kind::SameText);
    assert_eq!(
        same.iter().map(|(ids, _)| ids.clone()).collect::<Vec<_>>(),
        [vec!["cat.food", "cat.food2"], vec!["dog.bed", "cat.bed"]]
    );
    assert!(same[1].1.ends_with("only the path tells them apart"), "{}", same[1].1);
    assert!(same[0].1.ends_with("nothing tells them apart"), "{}", same[0].1);
    let names = found(&lint, Kind::SameName);
    assert_eq!(
        names,
        [
            (vec!["dog.toy", "cat.toy"], "2 categories in different places have the same name"),
            (vec!["cat.door", "cat.door2"], "2 categories below Cats have the same name"),
        ]
    );
    assert_eq!(
        found(&lint, Kind::SameDescription),
        [(vec!["dog.lead", "dog.coat"], "2 categories have the same description")]
    );
}

#[test]
fn descriptions_that_say_little_are_found() {
    let targets = targets(&[
        ["tool", "", "Tools", ""],
        ["tool.saw", "tool", "Saws", ""],
        ["tool.axe", "tool", "Axes", "Excludes hammers, chisels, planes and files."],
        ["tool.vice", "tool", "Vices", "Vices of all sizes"],
        ["wine", "", "Wine", ""],
        ["wine.red", "wine", "Red", "Fine wines from many countries, in bottles"],
        ["wine.white", "wine", "White", "Fine wines in bottles from many countries: Riesling"],
    ]);
    let lint = lint_of(&targets, &[], false);
    let thin = found(&lint, Kind::Thin);
    assert_eq!(
        thin,
        [
            (vec!["tool.saw", "tool.axe"], "2 of 3 leaves below Tools say nothing beyond their name"),
            (vec!["tool.vice"], "the description and synonyms have 2 words that are not in the name"),
            (vec!["wine.red"], "every word of the description and synonyms is in those of all its siblings"),
        ]
    );
}

#[test]
fn a_category_whose_text_says_another_one_is_found_with_the_products_between_them() {
    let targets = targets(&[
        ["saw", "", "Saws", "Hand saws and saws with a motor for wood"],
        ["blade", "", "Blades", "Saws need them: saws, hand saws, saws with a motor"],
        ["milk", "", "Milk", "Drinking milk from the cow"],
        ["bread", "", "Bread", "Loaves of bread and rolls"],
    ]);
    let rows: &Rows<'_> = &[
        ("a/1", "Saw blade", "", &["blade", "saw"]),
        ("a/2", "Milk", "", &["milk", "bread"]),
        ("a/3", "Saw", "saw", &["saw", "blade"]),
    ];
    let lint = lint_of(&targets, rows, true);
    let near = found(&lint, Kind::Confusable);
    assert_eq!(near.len(), 1, "{near:?}");
    assert_eq!(near[0].0, ["blade", "saw"]);
    assert!(near[0].1.starts_with("the description of blade (en) is nearer to saw than"), "{}", near[0].1);
    let finding = lint.findings.iter().find(|f| f.kind == Kind::Confusable).unwrap();
    assert_eq!(finding.products.iter().map(|p| p.key.as_str()).collect::<Vec<_>>(), ["a/1"]);
}

/// Two sound categories of ten products each, and rows that are added to them.
fn kitchen<'a>(
    more: &[(&'a str, &'a str, &'a str, &'a [&'a str])],
) -> Vec<(&'a str, &'a str, &'a str, &'a [&'a str])> {
    let pans = ["steel", "iron", "copper", "large", "small", "deep", "flat", "round", "oval", "square"];
    let mut rows: Vec<(&str, &str, &str, &[&str])> = Vec::new();
    for word in pans {
        rows.push((word, Box::leak(format!("frying pan {word}").into_boxed_str()), "pan", &["pan"]));
        rows.push((word, Box::leak(format!("tea cup {word}").into_boxed_str()), "cup", &["cup"]));
    }
    rows.extend(more);
    rows
}

fn kitchenware() -> Targets {
    targets(&[
        ["pan", "", "Pans", "For frying on a stove"],
        ["cup", "", "Cups", "For drinking tea from"],
        ["gone", "", "Branch", ""],
        ["gone.leaf", "gone", "Unsold", "Nothing is of this kind"],
    ])
}

#[test]
fn a_wrong_decision_among_sound_ones_is_found_and_sound_ones_are_not() {
    let lint = lint_of(&kitchenware(), &kitchen(&[]), true);
    for kind in [Kind::Confused, Kind::LikelyError, Kind::LookAlikes, Kind::Gone] {
        assert_eq!(found(&lint, kind), [], "{kind:?}");
    }
    let lint = lint_of(&kitchenware(), &kitchen(&[("wrong", "frying pan enamel", "cup", &["cup"])]), true);
    let errors = found(&lint, Kind::LikelyError);
    assert_eq!(errors, [(vec!["cup", "pan"], "1 products confirmed in cup are more likely pan")]);
    let shown = &lint.findings.iter().find(|f| f.kind == Kind::LikelyError).unwrap().products;
    assert_eq!(shown.len(), 1);
    assert_eq!((shown[0].key.as_str(), shown[0].title.as_deref()), ("wrong", Some("frying pan enamel")));
    assert!(shown[0].note.starts_with("confirmed in cup (") && shown[0].note.contains("ranked in pan ("));
    assert_eq!(found(&lint, Kind::Confused), [], "one product may be a slip");
}

#[test]
fn many_products_ranked_first_in_the_other_category_are_a_confusion() {
    let lint = lint_of(
        &kitchenware(),
        &kitchen(&[
            ("w1", "frying pan enamel", "cup", &[]),
            ("w2", "frying pan glass", "cup", &[]),
            ("w3", "tea cup glass", "pan", &[]),
        ]),
        true,
    );
    let confused = found(&lint, Kind::Confused);
    assert_eq!(
        confused,
        [(
            vec!["pan", "cup"],
            "3 of the 23 products confirmed in pan or cup are ranked first in the other one"
        )]
    );
}

#[test]
fn look_alikes_confirmed_apart_are_found() {
    let more: &Rows<'_> = &[("twin", "tea cup steel", "pan", &["pan"])];
    let lint = lint_of(&kitchenware(), &kitchen(more), true);
    let alike = found(&lint, Kind::LookAlikes);
    assert_eq!(
        alike,
        [(vec!["pan", "cup"], "1 pairs of products look alike, one confirmed in pan, the other in cup")]
    );
    let finding = lint.findings.iter().find(|f| f.kind == Kind::LookAlikes).unwrap();
    assert_eq!((finding.products.len(), finding.products[0].key.as_str()), (1, "steel"));
    assert_eq!(finding.products[0].note, "confirmed in cup; twin (tea cup steel) in pan");
}

#[test]
fn leaves_without_products_and_decisions_without_a_leaf_are_found() {
    let more: &Rows<'_> = &[
        ("old1", "tea towel", "towel", &["cup"]),
        ("old2", "tea sieve", "towel", &["cup"]),
        ("old3", "thing", "gone", &["cup"]),
    ];
    let lint = lint_of(&kitchenware(), &kitchen(more), true);
    assert_eq!(
        found(&lint, Kind::Gone),
        [
            (vec!["towel"], "2 products are confirmed in towel, which is not in the taxonomy"),
            (
                vec!["gone"],
                "1 products are confirmed in gone, which has categories below it and takes no products"
            ),
        ]
    );
    assert_eq!(
        found(&lint, Kind::Unused),
        [(
            vec!["gone.leaf"],
            "1 of 1 leaves below Branch are the first candidate of no product, and nothing is confirmed in them"
        )]
    );
}

#[test]
fn opinions_handed_in_take_the_place_of_the_nearest_mean() {
    let targets = kitchenware();
    let (pan, cup) =
        (targets.taxonomy().index_of(&id("pan")).unwrap(), targets.taxonomy().index_of(&id("cup")).unwrap());
    let (sure, wrong) = ([(pan, 0.9), (cup, 0.1)], [(pan, 0.95), (cup, 0.05)]);
    let opinions = [
        Opinion { key: "a", given: pan, probabilities: &sure },
        Opinion { key: "b", given: cup, probabilities: &wrong },
    ];
    let input = LintInput {
        targets: &targets,
        compared: &[],
        language: &english(),
        vectors: None,
        products: &[],
        opinions: Some(&opinions),
    };
    let lint = lint(&input);
    assert_eq!(found(&lint, Kind::LikelyError).len(), 1);
}

#[test]
fn a_taxonomy_alone_is_looked_at_and_what_is_left_out_is_said() {
    let lint = lint_of(&kitchenware(), &[], false);
    let left_out = lint.left_out.join("\n");
    for reason in ["run first", "berika model fetch", "nothing is confirmed yet"] {
        assert!(left_out.contains(reason), "{left_out}");
    }
    let unread = lint_in(&kitchenware(), &[], true, &[]);
    assert!(unread.left_out[1].contains("in en: the model does not read it"), "{:?}", unread.left_out);
    // One leaf, all vectors equal, vectors of nothing: sane results, no panic.
    let one = targets(&[["a", "", "A", ""]]);
    assert_eq!(lint_of(&one, &[("p", "A", "a", &["a"])], true).findings.len(), 1);
    let empty = targets(&[["a", "", "!", ""], ["b", "", "?", ""]]);
    assert!(found(&lint_of(&empty, &[("p", "", "a", &[])], true), Kind::Confusable).is_empty());
}

#[test]
fn findings_are_the_same_on_any_number_of_threads() {
    let rows = kitchen(&[("w1", "frying pan enamel", "cup", &[]), ("w2", "tea cup steel", "pan", &[])]);
    let on = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| lint_of(&kitchenware(), &rows, true))
    };
    assert_eq!(on(1), on(3));
}

#[test]
fn a_path_that_is_used_for_something_else_is_found_with_the_products_that_show_it() {
    let targets =
        targets(&[["kite", "", "Kites", ""], ["drone", "", "Drones", ""], ["ball", "", "Balls", ""]]);
    let ids = [id("kite"), id("drone"), id("ball")];
    let (air, balls) = (["Toys".to_owned(), "Air".to_owned()], ["Balls".to_owned()]);
    let lint_of = |meant: &dyn Fn(usize) -> usize| {
        let keys: Vec<String> = (0..30).map(|at| format!("nord/{at:02}")).collect();
        let product = |at: usize, confirmed: usize, path| LintedProduct {
            key: &keys[at],
            confirmed: Some(&ids[confirmed]),
            decided_at: at as i64,
            supplier: "nord",
            supplier_category: path,
            ..LintedProduct::default()
        };
        let mut products: Vec<_> = (0..28).map(|at| product(at, meant(at), &air[..])).collect();
        // Kites are still decided on, elsewhere.
        products.extend([product(28, 2, &balls), product(29, 0, &balls)]);
        let (language, vectors) = (english(), None);
        lint(&LintInput {
            targets: &targets,
            compared: &[],
            language: &language,
            vectors,
            products: &products,
            opinions: None,
        })
    };
    let changed = lint_of(&|at| usize::from(at >= 20));
    let expected = "supplier nord has come to use \"Toys > Air\" for something else: 20 of the 20 products decided before \
                    are confirmed in kite, 8 of the 8 since then in drone";
    assert_eq!(found(&changed, Kind::PathReused), [(vec!["kite", "drone"], expected)]);
    let finding = changed.findings.iter().find(|finding| finding.kind == Kind::PathReused).unwrap();
    let shown: Vec<&str> = finding.products.iter().map(|product| product.key.as_str()).collect();
    assert_eq!(shown, ["nord/19", "nord/20", "nord/21", "nord/22", "nord/23"]);
    let mixed = lint_of(&|at| at * 7 % 5 % 2);
    assert_eq!(found(&mixed, Kind::PathReused), []);
}
