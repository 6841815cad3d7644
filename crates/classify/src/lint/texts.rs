//! What the texts alone show: categories that say the same, and categories that say little.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, HashMap};

use berika_catalog::text::{CategoryParts, category_parts};

use super::{Kind, Lint, LintInput};

/// Words beyond the name from which on a description is not called thin: a short list of what belongs there.
const ENOUGH_WORDS: usize = 4;

/// The shortest word that counts; shorter ones ("of", "och") say nothing.
const SHORTEST_WORD: usize = 3;

pub(super) fn check(input: &LintInput<'_>, lint: &mut Lint) {
    let mut same = Same::default();
    for language in input.targets.languages() {
        let parts: Vec<(usize, CategoryParts)> = input
            .targets
            .categories()
            .iter()
            .map(|&leaf| (leaf, category_parts(input.taxonomy(), leaf, language)))
            .collect();
        same.look(input, &parts);
    }
    same.tell(input, lint);
    siblings(input, &same.texts, lint);
    thin(input, lint);
}

/// Groups of leaves that say the same in some language. A group found in several languages is listed once.
#[derive(Default)]
struct Same {
    texts: BTreeSet<Vec<usize>>,
    names: BTreeSet<Vec<usize>>,
    descriptions: BTreeSet<Vec<usize>>,
}

impl Same {
    fn look(&mut self, input: &LintInput<'_>, parts: &[(usize, CategoryParts)]) {
        let part = |text: &Option<String>| text.as_deref().map(plain).unwrap_or_default();
        self.texts.extend(groups(parts, |parts| {
            Some([plain(&parts.name), part(&parts.description), part(&parts.synonyms)].join("\u{1f}"))
        }));
        self.descriptions.extend(groups(parts, |parts| parts.description.as_deref().map(plain)));
        // Those of one parent are told by `siblings`, with branches among them.
        let apart = |group: &Vec<usize>| {
            group.iter().any(|&leaf| input.taxonomy().parent(leaf) != input.taxonomy().parent(group[0]))
        };
        self.names.extend(groups(parts, |parts| Some(plain(&parts.name))).filter(apart));
    }

    fn tell(&self, input: &LintInput<'_>, lint: &mut Lint) {
        let parent = |leaf: usize| input.taxonomy().parent(leaf);
        let together = |group: &[usize]| group.iter().all(|&leaf| parent(leaf) == parent(group[0]));
        let mut texts: Vec<&Vec<usize>> = self.texts.iter().collect();
        texts.sort_by_key(|group| (!together(group), Reverse(group.len())));
        for group in texts {
            let what =
                if together(group) { "nothing tells them apart" } else { "only the path tells them apart" };
            let finding =
                format!("{} categories have the same name, description and synonyms: {what}", group.len());
            let advice = "describe what belongs in each and not in the others, or make them one";
            lint.findings.push(input.finding(Kind::SameText, group, finding, advice, Vec::new()));
        }
        for group in self.names.difference(&self.texts) {
            let finding = format!("{} categories in different places have the same name", group.len());
            let advice = "name each as it would be called without its path: \"Dog beds\", not \"Beds\"";
            lint.findings.push(input.finding(Kind::SameName, group, finding, advice, Vec::new()));
        }
        for group in self.descriptions.difference(&self.texts) {
            let finding = format!("{} categories have the same description", group.len());
            let advice = "describe what belongs in each and not in the others";
            lint.findings.push(input.finding(Kind::SameDescription, group, finding, advice, Vec::new()));
        }
    }
}

/// Leaves with an equal key, at least two of each.
fn groups(
    parts: &[(usize, CategoryParts)],
    key: impl Fn(&CategoryParts) -> Option<String>,
) -> impl Iterator<Item = Vec<usize>> {
    let mut groups: HashMap<String, Vec<usize>> = HashMap::new();
    for (leaf, parts) in parts {
        if let Some(key) = key(parts).filter(|key| !key.is_empty()) {
            groups.entry(key).or_default().push(*leaf);
        }
    }
    // Into sorted sets: the order does not matter.
    groups.into_values().filter(|group| group.len() > 1)
}

/// Categories with one name below one parent, leaves or not.
fn siblings(input: &LintInput<'_>, told: &BTreeSet<Vec<usize>>, lint: &mut Lint) {
    let mut found: BTreeSet<Vec<usize>> = BTreeSet::new();
    for language in input.targets.languages() {
        let mut groups: HashMap<(Option<usize>, String), Vec<usize>> = HashMap::new();
        for (index, category) in input.taxonomy().categories().iter().enumerate() {
            let key = (input.taxonomy().parent(index), plain(category.name(language)));
            groups.entry(key).or_default().push(index);
        }
        found.extend(groups.into_values().filter(|group| group.len() > 1));
    }
    for group in found.difference(told) {
        let place = input.below(input.taxonomy().parent(group[0]));
        let finding = format!("{} categories {place} have the same name", group.len());
        let advice = "make them one, or give each a name of its own";
        lint.findings.push(input.finding(Kind::SameName, group, finding, advice, Vec::new()));
    }
}

fn thin(input: &LintInput<'_>, lint: &mut Lint) {
    let leaves = input.targets.categories();
    let said: HashMap<usize, Vec<BTreeSet<String>>> =
        leaves.iter().map(|&leaf| (leaf, words_beyond_the_name(input, leaf))).collect();
    let (mut bare, mut poor) = (Vec::new(), Vec::new());
    for (parent, leaves) in input.by_parent(leaves.iter().copied()) {
        let (nameless, described): (Vec<usize>, Vec<usize>) =
            leaves.iter().partition(|leaf| said[leaf].iter().all(BTreeSet::is_empty));
        if !nameless.is_empty() {
            let (count, place) = (nameless.len(), input.below(parent));
            let finding = format!("{count} of {} leaves {place} say nothing beyond their name", leaves.len());
            let advice =
                "write a sentence or two on what belongs there, and the words that suppliers use for it";
            bare.push((count, input.finding(Kind::Thin, &nameless, finding, advice, Vec::new())));
        }
        let shared = shared_by_all(&described, &said);
        for leaf in described {
            let most = said[&leaf].iter().map(BTreeSet::len).max().unwrap_or(0);
            let own = said[&leaf].iter().zip(&shared).map(|(words, shared)| words.difference(shared).count());
            let finding = if most < ENOUGH_WORDS {
                format!("the description and synonyms have {most} words that are not in the name")
            } else if own.max() == Some(0) {
                "every word of the description and synonyms is in those of all its siblings".to_owned()
            } else {
                continue;
            };
            let advice = "name what belongs there and not beside it: kinds of products, materials, uses";
            poor.push(input.finding(Kind::Thin, &[leaf], finding, advice, Vec::new()));
        }
    }
    bare.sort_by_key(|(count, _)| Reverse(*count));
    lint.findings.extend(bare.into_iter().map(|(_, finding)| finding));
    lint.findings.extend(poor);
}

/// Per language, the words of a leaf's description and synonyms that are not in its name.
fn words_beyond_the_name(input: &LintInput<'_>, leaf: usize) -> Vec<BTreeSet<String>> {
    let languages = input.targets.languages().iter();
    languages
        .map(|language| {
            let parts = category_parts(input.taxonomy(), leaf, language);
            let name = words(&parts.name);
            let said = [parts.description, parts.synonyms].into_iter().flatten();
            said.flat_map(|text| words(&text)).filter(|word| !name.contains(word)).collect()
        })
        .collect()
}

/// Per language, the words that all of several described siblings say.
fn shared_by_all(leaves: &[usize], said: &HashMap<usize, Vec<BTreeSet<String>>>) -> Vec<BTreeSet<String>> {
    let Some((first, others)) = leaves.split_first() else { return Vec::new() };
    let languages = said[first].len();
    if others.is_empty() {
        return vec![BTreeSet::new(); languages];
    }
    let mut counts: Vec<BTreeMap<&String, usize>> = vec![BTreeMap::new(); languages];
    for leaf in leaves {
        for (counts, words) in counts.iter_mut().zip(&said[leaf]) {
            for word in words {
                *counts.entry(word).or_default() += 1;
            }
        }
    }
    let by_all = |counts: BTreeMap<&String, usize>| {
        counts.into_iter().filter(|(_, n)| *n == leaves.len()).map(|(word, _)| word.clone()).collect()
    };
    counts.into_iter().map(by_all).collect()
}

fn words(text: &str) -> BTreeSet<String> {
    let words =
        text.split(|c: char| !c.is_alphanumeric()).filter(|word| word.chars().count() >= SHORTEST_WORD);
    words.map(str::to_lowercase).collect()
}

/// A text by its words alone, so that case, blanks and punctuation make no difference.
fn plain(text: &str) -> String {
    let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.map(str::to_lowercase).collect::<Vec<_>>().join(" ")
}
