#![no_main]

use berika_catalog::taxonomy_change::changed;
use berika_catalog::{Category, CategoryId, Language, Taxonomy};
use berika_classify::taxonomy_file::{looks_like_changes, read_changes};

/// a: b, c; d: e. Short ids, so that what is tried names them.
fn before() -> Taxonomy {
    let category = |id: &str, parent: Option<&str>| Category {
        id: CategoryId(id.to_owned()),
        parent: parent.map(|parent| CategoryId(parent.to_owned())),
        names: [(Language::parse("en").expect("a language"), id.to_owned())].into(),
        descriptions: Default::default(),
        excludes: Default::default(),
        synonyms: Default::default(),
        external_ids: Default::default(),
    };
    let categories = vec![
        category("a", None),
        category("b", Some("a")),
        category("c", Some("a")),
        category("d", None),
        category("e", Some("d")),
    ];
    Taxonomy::new("fuzz", 1, categories).expect("a taxonomy")
}

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    looks_like_changes("c.yaml", bytes);
    let Ok(file) = read_changes("c.yaml", bytes) else { return };
    let before = before();
    let Ok(changed) = changed(&before, &file.changes) else { return };
    assert_eq!(changed.taxonomy.version, 2);
    for old in before.leaves() {
        let id = &before.categories()[old].id;
        let there = changed.taxonomy.get(id).is_some() && !changed.introduced.contains(id);
        assert!(there || changed.follows.contains_key(id) || changed.gone.contains_key(id));
    }
});
