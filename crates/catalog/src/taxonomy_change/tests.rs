use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;

use super::*;
use crate::Taxonomy;

fn id(text: &str) -> CategoryId {
    CategoryId(text.to_owned())
}

fn ids(list: &[&str]) -> Vec<CategoryId> {
    list.iter().map(|text| id(text)).collect()
}

fn names(name: &str) -> BTreeMap<Language, String> {
    [(Language::parse("en").unwrap(), name.to_owned())].into()
}

fn category(own: &str, parent: Option<&str>) -> Category {
    Category {
        id: id(own),
        parent: parent.map(id),
        names: names(&own.to_uppercase()),
        descriptions: BTreeMap::new(),
        excludes: BTreeMap::new(),
        synonyms: BTreeMap::new(),
        external_ids: BTreeMap::new(),
    }
}

fn with_ids(own: &str, parent: Option<&str>, ids: &[(&str, &str)]) -> Category {
    let external_ids = ids.iter().map(|(scheme, id)| ((*scheme).to_owned(), (*id).to_owned())).collect();
    Category { external_ids, ..category(own, parent) }
}

/// food: milk, tea, coffee; tools: hammers.
fn before() -> Taxonomy {
    let categories = vec![
        category("food", None),
        with_ids("milk", Some("food"), &[("google", "418"), ("shop", "m")]),
        with_ids("tea", Some("food"), &[("google", "2073")]),
        with_ids("coffee", Some("food"), &[("google", "1868"), ("shop", "c")]),
        category("tools", None),
        category("hammers", Some("tools")),
    ];
    Taxonomy::new("own", 3, categories).unwrap()
}

fn rename(category: &str, to: &str) -> Change {
    Change::Rename(Rename { category: id(category), id: Some(id(to)), names: BTreeMap::new() })
}

fn call(category: &str, name: &str) -> Change {
    Change::Rename(Rename { category: id(category), id: None, names: names(name) })
}

fn place(category: &str, below: Option<&str>) -> Change {
    Change::Move(Move { category: id(category), below: below.map(id) })
}

fn split(category: &str, into: Vec<Category>) -> Change {
    Change::Split(Split { category: id(category), into })
}

fn merge(categories: &[&str], into: &str, confirmed: Confirmed) -> Change {
    Change::Merge(Merge { categories: ids(categories), into: MergeTarget::Known(id(into)), confirmed })
}

fn delete(category: &str, redirect: Option<&str>, confirmed: Confirmed) -> Change {
    Change::Delete(Delete { category: id(category), redirect: redirect.map(id), confirmed })
}

#[track_caller]
fn made(changes: &[Change]) -> Changed {
    changed(&before(), changes).unwrap()
}

#[track_caller]
fn refused(changes: &[Change]) -> String {
    changed(&before(), changes).unwrap_err().to_string()
}

fn external(changed: &Changed, category: &str) -> Vec<(String, String)> {
    changed.taxonomy.get(&id(category)).unwrap().external_ids.clone().into_iter().collect()
}

fn redirect<'a>(changed: &'a Changed, from: &str) -> &'a Redirect {
    changed.redirects.iter().find(|redirect| redirect.from == id(from)).unwrap()
}

fn targets(changed: &Changed, from: &str) -> Vec<String> {
    redirect(changed, from).to.iter().map(|target| target.id.to_string()).collect()
}

#[test]
fn a_rename_keeps_all_but_the_name_and_everything_follows() {
    let changed = made(&[rename("milk", "food.milk"), call("food.milk", "Milk drinks")]);
    assert_eq!(changed.taxonomy.version, 4);
    assert_eq!(changed.follows, [(id("milk"), id("food.milk"))].into());
    assert!(changed.gone.is_empty() && changed.merged.is_empty());
    assert_eq!(changed.introduced, [id("food.milk")].into());
    assert_eq!(changed.republished, [id("food.milk")].into());
    assert_eq!(changed.renamed, [id("food.milk")].into());
    assert_eq!(external(&changed, "food.milk").len(), 2);
    let redirect = redirect(&changed, "milk");
    assert_eq!(redirect.kind, RedirectKind::Renamed);
    let english = Language::parse("en").unwrap();
    assert_eq!(redirect.from_path[&english], ["FOOD", "MILK"]);
    assert_eq!(redirect.to[0].path[&english], ["FOOD", "Milk drinks"]);
}

#[test]
fn a_new_name_of_a_branch_publishes_its_leaves_anew_and_leaves_their_descriptions() {
    let changed = made(&[call("food", "Groceries")]);
    assert_eq!(changed.republished, ids(&["milk", "tea", "coffee"]).into_iter().collect());
    assert!(changed.renamed.is_empty() && changed.follows.is_empty());
    let kinds: Vec<_> = changed.redirects.iter().map(|r| (r.from.as_str(), r.kind.as_str())).collect();
    assert_eq!(kinds, [("food", "renamed"), ("milk", "moved"), ("tea", "moved"), ("coffee", "moved")]);
}

#[test]
fn two_categories_may_change_their_ids_with_one_another() {
    let changed = made(&[rename("milk", "x"), rename("tea", "milk"), rename("x", "tea")]);
    assert_eq!(changed.follows, [(id("milk"), id("tea")), (id("tea"), id("milk"))].into());
    assert_eq!(changed.introduced, ids(&["milk", "tea"]).into_iter().collect());
}

#[test]
fn parts_of_a_split_stand_where_the_leaf_stood_and_share_its_ids_elsewhere() {
    let parts = vec![with_ids("milk.cow", None, &[("shop", "m1")]), category("milk.oat", None)];
    let changed = made(&[split("milk", parts)]);
    let gone = &changed.gone[&id("milk")];
    assert_eq!(gone.why, "category milk was split into milk.cow and milk.oat");
    assert_eq!(gone.into, ids(&["milk.cow", "milk.oat"]));
    assert_eq!(changed.taxonomy.get(&id("milk.oat")).unwrap().parent, Some(id("food")));
    let pair = |scheme: &str, id: &str| (scheme.to_owned(), id.to_owned());
    assert_eq!(external(&changed, "milk.cow"), [pair("google", "418"), pair("shop", "m1")]);
    assert_eq!(external(&changed, "milk.oat"), [pair("google", "418")]);
    let redirect = redirect(&changed, "milk");
    assert_eq!((redirect.kind, redirect.to.len()), (RedirectKind::Split, 2));
    assert_eq!(redirect.external_ids, [pair("shop", "m")].into());
}

#[test]
fn a_leaf_stays_above_parts_that_name_it_as_their_parent() {
    let parts = vec![category("milk.cow", Some("milk")), category("milk.oat", Some("milk"))];
    let changed = made(&[split("milk", parts)]);
    let milk = changed.taxonomy.index_of(&id("milk")).unwrap();
    assert!(!changed.taxonomy.is_leaf(milk));
    assert!(changed.gone.contains_key(&id("milk")) && !changed.introduced.contains(&id("milk")));
}

#[test]
fn a_part_may_take_the_id_over_and_is_another_category() {
    let changed = made(&[split("milk", vec![category("milk", None), category("oat", None)])]);
    assert!(changed.gone.contains_key(&id("milk")));
    assert!(changed.introduced.contains(&id("milk")));
}

#[test]
fn a_merge_takes_ids_elsewhere_that_do_not_differ_and_names_those_that_do() {
    let changed = made(&[merge(&["milk", "tea"], "hammers", Confirmed::Review)]);
    assert_eq!(changed.gone.len(), 2);
    assert_eq!(changed.gone[&id("milk")].why, "category milk became part of hammers");
    assert_eq!(external(&changed, "hammers"), [("shop".to_owned(), "m".to_owned())]);
    assert_eq!(changed.notes.len(), 1);
    assert!(
        changed.notes[0].contains("google") && changed.notes[0].contains("2073, 418"),
        "{:?}",
        changed.notes
    );
    let changed = made(&[merge(&["milk"], "coffee", Confirmed::Review)]);
    assert!(changed.notes[0].contains("coffee keeps google 1868"), "{:?}", changed.notes);
}

#[test]
fn products_follow_into_a_category_that_others_became_part_of() {
    let changed = made(&[merge(&["milk"], "tea", Confirmed::Follow), rename("tea", "drinks")]);
    assert_eq!(changed.follows, [(id("milk"), id("drinks")), (id("tea"), id("drinks"))].into());
    assert_eq!(changed.merged, [id("milk")].into());
    assert!(changed.gone.is_empty());
    assert_eq!(
        (redirect(&changed, "milk").kind, targets(&changed, "milk")),
        (RedirectKind::Merged, vec!["drinks".to_owned()])
    );
    let mut new = category("drinks", None);
    new.names = names("Drinks");
    let into = MergeTarget::New(Box::new(new));
    let both = Merge { categories: ids(&["milk", "tea"]), into, confirmed: Confirmed::Follow };
    let changed = made(&[Change::Merge(both)]);
    assert_eq!(changed.taxonomy.get(&id("drinks")).unwrap().parent, Some(id("food")));
    assert_eq!(changed.merged, ids(&["milk", "tea"]).into_iter().collect());
}

#[test]
fn what_takes_a_place_is_followed_through_later_changes() {
    let parts = vec![category("cow", None), category("oat", None)];
    let changed = made(&[
        split("milk", parts),
        rename("cow", "milk.cow"),
        delete("oat", Some("tea"), Confirmed::Review),
        merge(&["tea"], "coffee", Confirmed::Review),
    ]);
    assert_eq!(changed.gone[&id("milk")].into, ids(&["milk.cow", "coffee"]));
    assert_eq!(targets(&changed, "milk"), ["milk.cow", "coffee"]);
    assert_eq!(targets(&changed, "tea"), ["coffee"]);
}

#[test]
fn a_category_that_gets_children_can_hold_no_products() {
    let changed = made(&[Change::Add(category("tea.green", Some("tea"))), place("hammers", Some("coffee"))]);
    assert_eq!(changed.gone[&id("tea")].why, "category tea has categories below it now: tea.green");
    assert_eq!(changed.gone[&id("coffee")].into, ids(&["hammers"]));
    assert!(changed.taxonomy.is_leaf(changed.taxonomy.index_of(&id("tools")).unwrap()));
}

#[test]
fn what_may_only_go_while_nothing_is_confirmed_is_said_with_its_change() {
    let changed = made(&[
        merge(&["milk"], "tea", Confirmed::Follow),
        delete("tea", None, Confirmed::Refuse),
        delete("coffee", None, Confirmed::Review),
    ]);
    assert_eq!(changed.only_unconfirmed, [(id("milk"), 2), (id("tea"), 2)].into());
    assert_eq!(changed.gone[&id("milk")].why, "category milk was deleted");
}

#[test]
fn texts_and_ids_elsewhere_are_put_and_taken_out() {
    let english = Language::parse("en").unwrap();
    let describe = |text: &str, google: &str| {
        Change::Describe(Describe {
            category: id("milk"),
            descriptions: [(english.clone(), text.to_owned())].into(),
            excludes: BTreeMap::new(),
            synonyms: BTreeMap::new(),
            external_ids: [("google".to_owned(), google.to_owned())].into(),
        })
    };
    let changed = made(&[describe("Drinking milk.", "1")]);
    assert_eq!(changed.taxonomy.get(&id("milk")).unwrap().descriptions[&english], "Drinking milk.");
    assert!(changed.republished.is_empty());
    let redirect = redirect(&changed, "milk");
    assert_eq!(redirect.kind, RedirectKind::ExternalIds);
    assert_eq!(
        (&redirect.external_ids["google"], &redirect.to[0].external_ids["google"]),
        (&"418".to_owned(), &"1".to_owned())
    );
    let changed = made(&[describe("Drinking milk.", "1"), describe("", "")]);
    assert!(changed.taxonomy.get(&id("milk")).unwrap().descriptions.is_empty());
    assert_eq!(external(&changed, "milk").len(), 1);
    assert!(refused(&[describe("", "418")]).contains("stays as it is"));
}

#[test]
fn faults_are_named_with_their_change() {
    let there = delete("tea", None, Confirmed::Review);
    let after = |change: Change| refused(&[there.clone(), change]);
    assert_eq!(refused(&[]), "there are no changes; write at least one below `changes`");
    let said = after(rename("tea", "chai"));
    assert!(said.starts_with("change 2 (rename): there is no category tea"), "{said}");
    assert!(after(rename("milk", "food")).contains("id food is taken"));
    assert!(after(rename("milk", "milk")).contains("stays as it is"));
    assert!(after(call("milk", " ")).contains("empty id or name"));
    assert!(after(place("milk", Some("food"))).contains("stays as it is"));
    assert!(after(delete("tools", None, Confirmed::Review)).contains("below it (hammers)"));
    assert!(after(merge(&["tools"], "milk", Confirmed::Review)).contains("below it (hammers)"));
    assert!(after(merge(&["milk"], "tools", Confirmed::Review)).contains("below it (hammers)"));
    assert!(after(split("tools", vec![])).contains("below it (hammers)"));
    assert!(after(place("food", Some("milk"))).contains("food cannot stand below milk"));
    assert!(after(place("food", Some("food"))).contains("food cannot stand below food"));
    assert!(
        after(merge(&["milk", "coffee"], "milk", Confirmed::Review)).contains("takes the place of itself")
    );
    assert!(after(merge(&["milk", "milk"], "coffee", Confirmed::Review)).contains("named twice"));
    assert!(after(merge(&[], "coffee", Confirmed::Review)).contains("names no categories"));
    assert!(after(split("milk", vec![category("cow", None)])).contains("fewer than two"));
    assert!(
        after(split("milk", vec![category("cow", None), category("cow", None)])).contains("cow is taken")
    );
    assert!(
        after(split("milk", vec![category("cow", None), category("coffee", None)]))
            .contains("coffee is taken")
    );
    assert!(after(Change::Add(category("x", Some("y")))).contains("no category y"));
    assert!(after(Change::Add(category("food", None))).contains("food is taken"));
    assert!(after(delete("milk", Some("milk"), Confirmed::Review)).contains("takes the place of itself"));
    assert!(after(delete("milk", None, Confirmed::Follow)).contains("say `redirect`"));
    assert!(after(delete("milk", Some("tools"), Confirmed::Follow)).contains("name a leaf"));
    let all = ["milk", "tea", "coffee", "food", "hammers", "tools"];
    let all: Vec<Change> = all.iter().map(|id| delete(id, None, Confirmed::Review)).collect();
    assert!(matches!(changed(&before(), &all), Err(ChangeError::Taxonomy(_))));
}

#[test]
fn a_taxonomy_taken_over_as_a_whole_is_known_by_its_ids() {
    let mut after = before().categories().to_vec();
    after.retain(|category| category.id != id("tea"));
    after.push(category("hammers.claw", Some("hammers")));
    after[0].names = names("Groceries");
    let changed = replaced(&before(), Taxonomy::new("own", 1, after).unwrap());
    assert_eq!(changed.taxonomy.version, 4);
    assert_eq!(changed.gone[&id("tea")].why, "category tea is not in the taxonomy any more");
    assert_eq!(changed.gone[&id("hammers")].into, ids(&["hammers.claw"]));
    assert_eq!(changed.republished, ids(&["milk", "coffee"]).into_iter().collect());
    assert!(changed.follows.is_empty() && changed.introduced.is_empty());
    assert_eq!(redirect(&changed, "tea").kind, RedirectKind::Deleted);
}

/// A random taxonomy: each category stands below one before it, or is a root.
fn any_taxonomy() -> impl Strategy<Value = Taxonomy> {
    prop::collection::vec(any::<prop::sample::Index>(), 1..14).prop_map(|parents| {
        let at = |place: usize| format!("c{place}");
        let categories = parents.iter().enumerate().map(|(place, parent)| {
            let parent = parent.index(place + 1).checked_sub(1).map(at);
            with_ids(&at(place), parent.as_deref(), &[("google", &format!("{}", place % 3))])
        });
        Taxonomy::new("own", 1, categories.collect()).unwrap()
    })
}

/// A random change among these ids, many of which cannot be made.
fn any_change() -> impl Strategy<Value = Change> {
    let some = || (0usize..18).prop_map(|place| format!("c{place}"));
    let confirmed = prop::sample::select(vec![Confirmed::Refuse, Confirmed::Review, Confirmed::Follow]);
    prop_oneof![
        (some(), prop::option::of(some()))
            .prop_map(|(own, parent)| Change::Add(category(&own, parent.as_deref()))),
        (some(), some()).prop_map(|(from, to)| rename(&from, &to)),
        (some(), some()).prop_map(|(from, to)| call(&from, &to)),
        (some(), prop::option::of(some())).prop_map(|(own, below)| place(&own, below.as_deref())),
        (some(), prop::collection::vec((some(), prop::option::of(some())), 2..4)).prop_map(|(own, parts)| {
            split(&own, parts.iter().map(|(part, parent)| category(part, parent.as_deref())).collect())
        }),
        (prop::collection::vec(some(), 1..3), some(), any::<bool>(), confirmed.clone()).prop_map(
            |(going, into, known, confirmed)| {
                let into = if known {
                    MergeTarget::Known(id(&into))
                } else {
                    MergeTarget::New(Box::new(category(&into, None)))
                };
                Change::Merge(Merge {
                    categories: going.iter().map(|own| id(own)).collect(),
                    into,
                    confirmed,
                })
            }
        ),
        (some(), prop::option::of(some()), confirmed).prop_map(|(own, redirect, confirmed)| delete(
            &own,
            redirect.as_deref(),
            confirmed
        )),
    ]
}

/// Those of `changes` that can be made one after the other.
fn possible(before: &Taxonomy, changes: Vec<Change>) -> Vec<Change> {
    let mut made: Vec<Change> = Vec::new();
    for change in changes {
        made.push(change);
        if changed(before, &made).is_err() {
            made.pop();
        }
    }
    made
}

#[test]
fn what_is_left_of_a_split_leaf_is_another_category_for_products() {
    let parts = vec![category("milk.cow", Some("milk")), category("oat", None)];
    let changed = made(&[split("milk", parts), place("milk.cow", Some("food"))]);
    assert!(changed.gone.contains_key(&id("milk")) && changed.introduced.contains(&id("milk")));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn every_old_leaf_is_still_there_or_followed_or_gone(
        before in any_taxonomy(), changes in prop::collection::vec(any_change(), 1..12)
    ) {
        let changes = possible(&before, changes);
        prop_assume!(!changes.is_empty());
        let changed = changed(&before, &changes).unwrap();
        let after = &changed.taxonomy;
        prop_assert_eq!(after.version, before.version + 1);
        let again = Taxonomy::new("own", 2, after.categories().to_vec()).unwrap();
        prop_assert_eq!(&again, after);
        let leaf = |id: &CategoryId| after.index_of(id).is_some_and(|index| after.is_leaf(index));
        for old in before.leaves() {
            let id = &before.categories()[old].id;
            let there = leaf(id) && !changed.introduced.contains(id);
            let fates = [there, changed.follows.contains_key(id), changed.gone.contains_key(id)];
            prop_assert_eq!(fates.iter().filter(|fate| **fate).count(), 1, "{}: {:?}", id, fates);
            if let Some(now) = changed.follows.get(id) {
                prop_assert!(leaf(now), "{} follows to {}", id, now);
            }
        }
        for (old, now) in &changed.follows {
            prop_assert!(before.get(old).is_some() && after.get(now).is_some() && old != now);
        }
        for (old, gone) in &changed.gone {
            prop_assert!(before.index_of(old).is_some_and(|index| before.is_leaf(index)));
            prop_assert!(gone.into.iter().all(|id| after.get(id).is_some()), "{:?}", gone);
        }
        prop_assert!(changed.republished.iter().chain(&changed.renamed).all(leaf));
        prop_assert!(changed.only_unconfirmed.keys().all(|id| changed.gone.contains_key(id)));
        for redirect in &changed.redirects {
            prop_assert!(before.get(&redirect.from).is_some());
            prop_assert!(redirect.to.iter().all(|target| after.get(&target.id).is_some()));
        }
        // What was told of a category still there is told again only where nothing about it changed.
        for index in before.leaves() {
            let category = &before.categories()[index];
            if let Some(new) = after.index_of(&category.id).filter(|_| leaf(&category.id)) {
                let same = super::redirect::same_path(&before, index, after, new);
                let said = changed.republished.contains(&category.id);
                prop_assert!(same || said || changed.introduced.contains(&category.id));
            }
        }
    }

    #[test]
    fn renames_taken_back_restore_the_taxonomy(
        before in any_taxonomy(), targets in prop::collection::vec((0usize..18, 0usize..18), 1..8)
    ) {
        let at = |place: usize| format!("c{place}");
        let renames = targets.iter().map(|(from, to)| rename(&at(*from), &at(*to))).collect();
        let renames = possible(&before, renames);
        prop_assume!(!renames.is_empty());
        let there = changed(&before, &renames).unwrap();
        // By way of ids that nobody has, since two may have changed theirs with one another.
        let aside = |id: &CategoryId| format!("{id}-aside");
        let mut back: Vec<Change> = there.follows.values().map(|now| rename(now.as_str(), &aside(now))).collect();
        back.extend(there.follows.iter().map(|(old, now)| rename(&aside(now), old.as_str())));
        prop_assume!(!back.is_empty());
        let restored = changed(&there.taxonomy, &back).unwrap();
        let taken = taken_back(&there.taxonomy, before.clone(), &there.follows);
        prop_assert_eq!(&taken.taxonomy, &Taxonomy::new("own", 3, before.categories().to_vec()).unwrap());
        prop_assert_eq!(&taken.follows, &restored.follows);
        prop_assert!(taken.gone.is_empty());
        let sorted = |taxonomy: &Taxonomy| -> BTreeMap<CategoryId, Category> {
            taxonomy.categories().iter().map(|category| (category.id.clone(), category.clone())).collect()
        };
        prop_assert_eq!(sorted(&restored.taxonomy), sorted(&before));
        let inverse: BTreeSet<_> = restored.follows.iter().map(|(now, old)| (old.clone(), now.clone())).collect();
        prop_assert_eq!(inverse, there.follows.into_iter().collect::<BTreeSet<_>>());
    }
}
