//! Who may depend on whom: the house rules of ARCHITECTURE.md, held over `cargo metadata`.

use cargo_metadata::{DependencyKind, Metadata, MetadataCommand, PackageId};
use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;
use std::sync::LazyLock;

/// For each crate of ours, without `berika-`: the crates of ours that its shipped code may use.
const HOUSE: [(&str, &[&str]); 17] = [
    ("catalog", &[]),
    ("kernels", &[]),
    ("embed", &["kernels"]),
    ("generate", &[]),
    ("models", &[]),
    ("net", &[]),
    ("sources", &["net"]),
    ("feeds", &["catalog", "net"]),
    ("classify", &["catalog"]),
    ("describe", &["catalog", "net"]),
    ("deliver", &["catalog", "net"]),
    ("store", &["catalog"]),
    ("evaluate", &["catalog"]),
    ("testkit", &["catalog"]),
    (
        "pipeline",
        &[
            "catalog", "feeds", "embed", "generate", "models", "classify", "describe", "deliver", "net",
            "sources", "store", "evaluate",
        ],
    ),
    (
        "cli",
        &[
            "catalog", "feeds", "kernels", "embed", "models", "classify", "describe", "deliver", "net",
            "sources", "store", "evaluate", "pipeline", "testkit",
        ],
    ),
    ("xtask", &["evaluate", "models"]),
];

/// What tests may use besides: peers on loopback, the real model, the real client, the metrics.
const TESTS_MAY_USE: [&str; 6] = ["catalog", "testkit", "embed", "models", "net", "evaluate"];

/// Crates that compute and nothing else, and what shows that one of them does more.
const PURE: [&str; 6] = ["catalog", "kernels", "embed", "generate", "classify", "evaluate"];
const IMPURE: [&str; 9] =
    ["tokio", "async-std", "sqlx", "sqlx-core", "libsqlite3-sys", "reqwest", "hyper", "ureq", "axum"];

/// Outside crates that one crate of ours has for itself.
const RESERVED: [(&str, &[&str]); 5] = [
    ("reqwest", &["net"]),
    ("sqlx", &["store"]),
    ("hf-hub", &["models"]),
    ("axum", &["testkit"]),
    ("ureq", &["models"]),
];

/// TLS and cryptography beside rustls with ring.
const ONE_PROVIDER: [&str; 6] =
    ["aws-lc-rs", "aws-lc-sys", "aws-lc-fips-sys", "openssl", "openssl-sys", "native-tls"];

/// Of the machine's own platform only: what this build needed is here, and nothing has to be fetched.
static METADATA: LazyLock<Metadata> = LazyLock::new(|| {
    let host = Command::new("rustc").args(["--print", "host-tuple"]).output().expect("rustc is there").stdout;
    let host = String::from_utf8(host).expect("a platform's name is ASCII");
    MetadataCommand::new()
        .manifest_path(concat!(env!("CARGO_MANIFEST_DIR"), "/../Cargo.toml"))
        .other_options(["--locked".to_owned(), format!("--filter-platform={}", host.trim())])
        .exec()
        .expect("cargo metadata reads this workspace")
});

fn short(name: &str) -> &str {
    name.strip_prefix("berika-").unwrap_or(name)
}

/// The direct dependencies of each crate of ours, by short name.
fn direct(kinds: &[DependencyKind]) -> BTreeMap<String, BTreeSet<String>> {
    let mut found = BTreeMap::new();
    for package in METADATA.workspace_packages() {
        let names: BTreeSet<String> = package
            .dependencies
            .iter()
            .filter(|dependency| kinds.contains(&dependency.kind))
            .map(|dependency| short(&dependency.name).to_owned())
            .collect();
        found.insert(short(&package.name).to_owned(), names);
    }
    found
}

/// Every package that the shipped code of `root` is built from, by name, with the way to it.
fn tree(root: &PackageId) -> BTreeMap<String, String> {
    let resolve = METADATA.resolve.as_ref().expect("cargo metadata resolves unless told not to");
    let nodes: BTreeMap<&PackageId, _> = resolve.nodes.iter().map(|node| (&node.id, node)).collect();
    let mut found = BTreeMap::new();
    let mut open = vec![(root, String::new())];
    let mut seen = BTreeSet::from([root]);
    while let Some((id, way)) = open.pop() {
        let name = METADATA[id].name.to_string();
        let way = if way.is_empty() { name.clone() } else { format!("{way} -> {name}") };
        found.insert(name, way.clone());
        for dependency in &nodes[id].deps {
            let shipped = dependency.dep_kinds.iter().any(|kind| kind.kind == DependencyKind::Normal);
            if shipped && seen.insert(&dependency.pkg) {
                open.push((&dependency.pkg, way.clone()));
            }
        }
    }
    found
}

fn assert_none(broken: &[String]) {
    assert!(broken.is_empty(), "\n{}\n", broken.join("\n"));
}

#[test]
fn every_crate_has_its_place_in_the_house() {
    let listed: BTreeSet<&str> = HOUSE.iter().map(|(name, _)| *name).collect();
    let members = direct(&[]);
    let present: BTreeSet<&str> = members.keys().map(String::as_str).collect();
    assert_eq!(present, listed, "a new crate is entered in HOUSE with what it may use");
}

#[test]
fn dependencies_point_down_only() {
    let shipped = direct(&[DependencyKind::Normal, DependencyKind::Build]);
    let tests = direct(&[DependencyKind::Development]);
    let ours: BTreeSet<&str> = HOUSE.iter().map(|(name, _)| *name).collect();
    let mut broken = Vec::new();
    for (name, allowed) in HOUSE {
        for used in shipped[name].iter().filter(|used| ours.contains(used.as_str())) {
            if !allowed.contains(&used.as_str()) {
                broken.push(format!("{name} may not depend on {used}"));
            }
        }
        for used in tests[name].iter().filter(|used| ours.contains(used.as_str())) {
            if !allowed.contains(&used.as_str()) && !TESTS_MAY_USE.contains(&used.as_str()) && used != name {
                broken.push(format!("the tests of {name} may not depend on {used}"));
            }
        }
    }
    assert_none(&broken);
}

#[test]
fn crates_that_compute_know_no_tokio_sql_or_http() {
    let mut broken = Vec::new();
    for package in METADATA.workspace_packages() {
        if PURE.contains(&short(&package.name)) {
            let found = tree(&package.id);
            broken.extend(IMPURE.iter().filter_map(|name| found.get(*name).cloned()));
        }
    }
    assert_none(&broken);
}

#[test]
fn clients_sql_and_the_hub_have_one_owner_each() {
    let used = direct(&[DependencyKind::Normal, DependencyKind::Build, DependencyKind::Development]);
    let mut broken = Vec::new();
    for (outside, owners) in RESERVED {
        for (name, dependencies) in &used {
            if dependencies.contains(outside) && !owners.contains(&name.as_str()) {
                broken.push(format!("{name} may not use {outside}, only {owners:?} may"));
            }
        }
    }
    assert_none(&broken);
}

#[test]
fn there_is_one_tls_provider() {
    let resolve = METADATA.resolve.as_ref().expect("cargo metadata resolves unless told not to");
    let broken: Vec<String> = resolve
        .nodes
        .iter()
        .map(|node| METADATA[&node.id].name.to_string())
        .filter(|name| ONE_PROVIDER.contains(&name.as_str()))
        .map(|name| format!("{name} is in the tree, find by whom: cargo tree --target all --invert {name}"))
        .collect();
    assert_none(&broken);
}

#[test]
fn the_walk_over_the_tree_finds_what_is_deep_in_it() {
    // The checks above rest on it: `net` reaches hyper only through reqwest, and `store` SQLite through sqlx.
    for (name, deep) in [("berika-net", "hyper"), ("berika-store", "libsqlite3-sys"), ("berika-cli", "ring")]
    {
        let package = METADATA.workspace_packages().into_iter().find(|package| package.name.as_str() == name);
        let package = package.expect("the crate is in the workspace");
        assert!(tree(&package.id).contains_key(deep), "{name} is built from {deep}");
    }
}

#[test]
fn every_licence_in_the_tree_is_on_the_list_of_deny_toml() {
    let text = include_str!("../../deny.toml");
    let deny: toml::Table = text.parse().expect("deny.toml is TOML");
    let names = |value: &toml::Value| -> Vec<String> {
        value.as_array().into_iter().flatten().filter_map(|name| name.as_str().map(str::to_owned)).collect()
    };
    let allowed = names(&deny["licenses"]["allow"]);
    let mut excepted = BTreeMap::new();
    for exception in deny["licenses"]["exceptions"].as_array().into_iter().flatten() {
        excepted.insert(exception["crate"].as_str().unwrap_or_default(), names(&exception["allow"]));
    }
    let mut broken = Vec::new();
    for package in &METADATA.packages {
        let expression = package.license.as_deref().unwrap_or("no licence");
        let extra = excepted.get(package.name.as_str()).map_or(&[][..], Vec::as_slice);
        if !permits(expression, &|name| allowed.iter().chain(extra).any(|known| known == name)) {
            broken.push(format!("{} {} is under {expression}", package.name, package.version));
        }
    }
    assert_none(&broken);
}

/// Whether a licence expression can be met with allowed licences. `/` is the old way to write OR; one level of
/// brackets is what occurs.
fn permits(expression: &str, allowed: &dyn Fn(&str) -> bool) -> bool {
    if let Some((before, rest)) = expression.split_once('(') {
        let (inside, after) = rest.split_once(')').unwrap_or((rest, ""));
        let verdict = if permits(inside, allowed) { YES } else { NO };
        return permits(&format!("{before}{verdict}{after}"), &|name| {
            name == YES || name != NO && allowed(name)
        });
    }
    let alternatives = expression.replace('/', " OR ");
    alternatives.split(" OR ").any(|all| all.split(" AND ").all(|name| allowed(name.trim())))
}

/// Stand-ins for a bracket already judged; no licence is called so.
const YES: &str = "<permitted>";
const NO: &str = "<refused>";

#[test]
fn licence_expressions_are_read_with_their_and_or_and_brackets() {
    let allowed = |name: &str| ["MIT", "ISC", "Apache-2.0 WITH LLVM-exception"].contains(&name);
    for expression in
        ["MIT", "GPL-3.0/MIT", "MIT AND ISC", "Apache-2.0 WITH LLVM-exception OR X", "(X OR MIT) AND ISC"]
    {
        assert!(permits(expression, &allowed), "{expression}");
    }
    for expression in ["GPL-3.0", "MIT AND X", "Apache-2.0", "(X OR Y) AND ISC", "no licence", ""] {
        assert!(!permits(expression, &allowed), "{expression}");
    }
}
