//! `berika.example.toml` loads, holds every key there is, and shows the defaults where it says so.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use toml::{Table, Value};

use super::Config;

const EXAMPLE: &str = include_str!("../../../../berika.example.toml");

/// Keys that are shown with the value that holds without them.
const DEFAULTS: [&str; 37] = [
    "descriptions.budget_hours",
    "descriptions.endpoint.concurrency",
    "descriptions.endpoint.format",
    "descriptions.endpoint.timeout_seconds",
    "descriptions.generators",
    "descriptions.local.model",
    "descriptions.local.seed",
    "descriptions.local.temperature",
    "descriptions.local.threads",
    "descriptions.structured",
    "endpoints.concurrency",
    "endpoints.timeout_seconds",
    "include",
    "model.id",
    "model.precision",
    "model.threads",
    "network.allow",
    "policy.audit_share_least",
    "policy.audit_share_most",
    "policy.promise",
    "policy.without_evidence",
    "retention.attempt_days",
    "retention.payload_days",
    "store.path",
    "suppliers.mode",
    "suppliers.retire_after",
    "suppliers.shrink_limit",
    "suppliers.source.graphql.cursor",
    "suppliers.source.graphql.max_pages",
    "suppliers.source.max_megabytes",
    "suppliers.source.max_unpacked_megabytes",
    "suppliers.source.paging.max_pages",
    "suppliers.source.s3.path_style",
    "suppliers.source.timeout_seconds",
    "suppliers.source.watch.ready",
    "suppliers.source.watch.settle_seconds",
    "taxonomy.id",
];

/// The same in sections of formats, whose readers know what holds without them.
const DEFAULTS_OF_FORMATS: [&str; 2] =
    ["suppliers.format(bmecat).decimal_comma", "suppliers.format(google).decimal_comma"];

fn example() -> Table {
    EXAMPLE.parse().unwrap()
}

fn load(table: &Table) -> Result<Config, String> {
    table.clone().try_into().map_err(|error: toml::de::Error| error.message().to_owned())
}

/// A way to a table: names and, in lists, indices.
type Way = Vec<String>;

fn tables(value: &Value, way: &Way, found: &mut Vec<Way>) {
    let inner: Vec<(String, &Value)> = match value {
        Value::Table(table) => {
            found.push(way.clone());
            table.iter().map(|(name, inner)| (name.clone(), inner)).collect()
        }
        Value::Array(list) => list.iter().enumerate().map(|(at, inner)| (at.to_string(), inner)).collect(),
        _ => Vec::new(),
    };
    for (name, inner) in inner {
        tables(inner, &[way.as_slice(), &[name]].concat(), found);
    }
}

fn at<'t>(table: &'t mut Table, way: &Way) -> &'t mut Table {
    let mut parts = way.iter();
    let mut table = table;
    while let Some(part) = parts.next() {
        let mut value = table.get_mut(part).unwrap();
        if value.is_array() {
            let index: usize = parts.next().unwrap().parse().unwrap();
            value = value.get_mut(index).unwrap();
        }
        table = value.as_table_mut().unwrap();
    }
    table
}

/// The name of a kind of table: without indices, formats apart, rules of fields together.
fn kind(way: &Way, table: &Table) -> String {
    let names: Vec<&str> =
        way.iter().map(String::as_str).filter(|part| part.parse::<u32>().is_err()).collect();
    match names[..] {
        ["suppliers", "format"] => format!("suppliers.format({})", table["type"].as_str().unwrap()),
        ["suppliers", "fields", "attributes"] => "suppliers.fields.attributes".to_owned(),
        ["suppliers", "fields", "localized" | "markets"] => names.join("."),
        ["suppliers", "fields", kind @ ("localized" | "markets"), _] => format!("suppliers.fields.{kind}.X"),
        // The entries of a rule's map are the user's own.
        ["suppliers", "fields", .., "map"] => "map".to_owned(),
        ["suppliers", "fields", _, ..] => "rule".to_owned(),
        ["suppliers", "source", "headers" | "auth" | "s3", _]
        | ["endpoints", "headers", _]
        | ["descriptions", "endpoint", "key"] => "secret".to_owned(),
        ["suppliers", "source", "auth"] => {
            format!("suppliers.source.auth({})", table["type"].as_str().unwrap())
        }
        _ => names.join("."),
    }
}

/// The keys that a table may hold, from serde's own words on one that it may not.
fn known_keys(way: &Way) -> Option<BTreeSet<String>> {
    const STRANGE: &str = "no such key";
    let mut strange = example();
    at(&mut strange, way).insert(STRANGE.to_owned(), Value::Boolean(true));
    let message = load(&strange).err()?;
    let known = message.strip_prefix(&format!("unknown field `{STRANGE}`, expected "))?;
    Some(known.split('`').skip(1).step_by(2).map(str::to_owned).collect())
}

#[test]
fn the_example_loads() {
    let config = Config::read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../berika.example.toml"), &[]);
    let config = config.unwrap();
    assert_eq!((config.suppliers.len(), config.endpoints.len()), (12, 2));
}

#[test]
fn the_example_holds_every_key() {
    let mut ways = Vec::new();
    tables(&Value::Table(example()), &Vec::new(), &mut ways);
    let mut known: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut shown: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for way in &ways {
        let mut table = example();
        let table = at(&mut table, way);
        let kind = kind(way, table);
        shown.entry(kind.clone()).or_default().extend(table.keys().cloned());
        if let Some(keys) = known_keys(way) {
            known.insert(kind, keys);
        }
    }
    for (kind, keys) in &known {
        let mut keys = keys.clone();
        // serde does not count the tag that tells kinds apart among a kind's keys.
        keys.extend(kind.ends_with(')').then(|| "type".to_owned()));
        assert_eq!(keys, shown[kind], "berika.example.toml, [{kind}]");
    }
    // Tables whose keys are the user's own, or that hold one of several keys.
    let free: Vec<&str> =
        shown.keys().map(String::as_str).filter(|kind| !known.contains_key(*kind)).collect();
    assert_eq!(
        free,
        [
            "duplicates.fields",
            "endpoints.headers",
            "map",
            "secret",
            "suppliers.fields.attributes",
            "suppliers.fields.localized",
            "suppliers.fields.markets",
            "suppliers.source.graphql.variables",
            "suppliers.source.headers"
        ]
    );
    assert_eq!(shown["secret"], ["env", "file"].map(str::to_owned).into());
    let formats = known.keys().filter(|kind| kind.starts_with("suppliers.format")).count();
    assert_eq!(formats, 7, "{:?}", known.keys());
    let auths = known.keys().filter(|kind| kind.starts_with("suppliers.source.auth")).count();
    assert_eq!(auths, 4, "{:?}", known.keys());
}

#[test]
fn what_the_example_calls_a_default_is_one() {
    let whole = format!("{:?}", load(&example()).unwrap());
    let mut ways = Vec::new();
    tables(&Value::Table(example()), &Vec::new(), &mut ways);
    let mut defaults = BTreeSet::new();
    for way in &ways {
        let mut table = example();
        let table = at(&mut table, way);
        for (key, _) in table.iter().filter(|(_, value)| !value.is_table()) {
            let mut without = example();
            at(&mut without, way).remove(key);
            if load(&without).is_ok_and(|config| format!("{config:?}") == whole) {
                defaults.insert(format!("{}.{key}", kind(way, table)).trim_start_matches('.').to_owned());
            }
        }
    }
    assert_eq!(defaults, DEFAULTS.map(str::to_owned).into());

    // The comment before a key ends with the word, wherever that is so and nowhere else.
    let lines: Vec<&str> = EXAMPLE.lines().collect();
    let mut called: Vec<&str> = lines
        .windows(2)
        .filter(|pair| pair[0].starts_with('#') && pair[0].ends_with(" Default."))
        .map(|pair| pair[1].split(' ').next().unwrap_or_default())
        .collect();
    let last_part = |key: &'static str| key.rsplit('.').next().unwrap_or_default();
    let mut are: Vec<&str> = DEFAULTS.into_iter().chain(DEFAULTS_OF_FORMATS).map(last_part).collect();
    called.sort_unstable();
    are.sort_unstable();
    assert_eq!(called, are);
}
