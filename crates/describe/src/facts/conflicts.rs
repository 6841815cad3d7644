//! Facts about the same thing from several fields: told once where they agree, not at all where they do not.

use super::names::{Announced, announced};
use super::{Conflict, Fact, FactKind, FactValue, Facts, LeftOut, Part, Quantity, Reason, Word};

/// Sorts the facts, keeps one of several that agree, and takes out those that contradict.
///
/// Net content and weight are compared with one another: a title's `500 g` is either. A weight given apart from a net
/// content that agrees with the title is the weight of the whole package, and no contradiction.
///
/// `denied` are words that an attribute says do not hold, with its field.
/// `used_up` is whether the title names nothing that lasts.
pub(super) fn settle(mut read: Facts, denied: &[(FactKind, Word, String)], used_up: bool) -> Facts {
    drop_title_words(&mut read);
    read.facts.sort_by(|a, b| a.kind.cmp(&b.kind).then_with(|| rank(a).cmp(&rank(b))));
    settle_amounts(&mut read);
    let mut settled = Vec::with_capacity(read.facts.len());
    let mut rest = std::mem::take(&mut read.facts).into_iter().peekable();
    while let Some(first) = rest.next() {
        let mut group = vec![first];
        while let Some(next) = rest.next_if(|next| next.kind == group[0].kind) {
            group.push(next);
        }
        if group[0].kind.is_set() {
            settle_set(&mut read, group, denied, &mut settled);
        } else if group.iter().all(|fact| agree(&fact.value, &group[0].value)) {
            settled.extend(merged(group));
        } else {
            contradict(&mut read, group);
        }
    }
    read.facts = settled;
    drop_sides_told_apart(&mut read);
    drop_cases(&mut read);
    if used_up {
        name_net_content(&mut read);
    }
    read
}

/// A bare amount in the title of what is used up is what the package holds, where no field calls it otherwise.
fn name_net_content(read: &mut Facts) {
    let bare = |fact: &Fact| {
        // An attribute called size says no more than the title does.
        let size = |field: &str| {
            let name = field.strip_prefix("attributes.").unwrap_or_default();
            announced(name).0 == Announced::SizeOrMeasure
        };
        let loose = fact.fields().all(|field| field == "title" || size(field));
        loose && matches!(fact.kind, FactKind::Weight | FactKind::Volume)
    };
    let told = read.facts.iter().any(|fact| fact.kind == FactKind::NetContent);
    let mut bare: Vec<&mut Fact> = read.facts.iter_mut().filter(|fact| bare(fact)).collect();
    if let ([fact], false) = (bare.as_mut_slice(), told) {
        fact.kind = FactKind::NetContent;
    }
    read.facts.sort_by(|a, b| a.kind.cmp(&b.kind));
}

/// A title's "black" beside an attribute's "Midnight", whose words are its own, is another way of saying it.
fn drop_title_words(read: &mut Facts) {
    let own: Vec<FactKind> = read
        .facts
        .iter()
        .filter(|fact| fact.source != "title" && matches!(fact.value, FactValue::Text(_)))
        .map(|fact| fact.kind.clone())
        .collect();
    read.facts.retain(|fact| {
        !(fact.source == "title" && matches!(fact.value, FactValue::Words(_)) && own.contains(&fact.kind))
    });
}

/// Attributes are firmer ground than titles, titles than descriptions.
fn rank(fact: &Fact) -> u8 {
    match fact.source.as_str() {
        "title" => 1,
        "description" => 2,
        _ => 0,
    }
}

/// Weighs net content, weight and volume, which titles do not tell apart.
fn settle_amounts(read: &mut Facts) {
    let is_net = |fact: &Fact| fact.kind == FactKind::NetContent;
    let Some(net) = read.facts.iter().find(|fact| is_net(fact)).cloned() else { return };
    let loose = |fact: &Fact| {
        fact.source != net.source
            && matches!(fact.kind, FactKind::Weight | FactKind::Volume)
            && (fact.source == "title" || agree(&fact.value, &net.value))
            && same_measure(&fact.value, &net.value)
    };
    // The title's amount speaks of what the net content speaks of: compare it under that name.
    for fact in read.facts.iter_mut().filter(|fact| loose(fact)) {
        fact.kind = FactKind::NetContent;
    }
    read.facts.sort_by(|a, b| a.kind.cmp(&b.kind).then_with(|| rank(a).cmp(&rank(b))));
}

/// Whether `fact` is one piece of what `case` counts.
fn is_piece(fact: &Fact, case: &Fact) -> bool {
    match (&fact.value, &case.value) {
        (FactValue::Quantity(one), FactValue::Quantity(case)) => {
            one.agrees_with(&Quantity { count: None, ..case.clone() })
        }
        _ => false,
    }
}

/// `8 × 0.5 l` beside a weight or a number of pieces, which nothing confirms, may be how a case of the product is packed.
fn drop_cases(read: &mut Facts) {
    let other = read.facts.iter().any(|fact| matches!(fact.kind, FactKind::Weight | FactKind::PackSize));
    let is_case = |fact: &Fact| {
        other
            && fact.kind == FactKind::NetContent
            && fact.source != "title"
            && fact.confirmed_by.is_empty()
            && matches!(&fact.value, FactValue::Quantity(quantity) if quantity.count.is_some())
    };
    for fact in read.facts.extract_if(.., |fact| is_case(fact)) {
        read.left_out.push(LeftOut { field: fact.source, reason: Reason::Ambiguous });
    }
}

/// One fact for all: as the title writes it, where it does, so that title and text read alike.
fn merged(group: Vec<Fact>) -> Option<Fact> {
    let single = |fact: &Fact| !matches!(&fact.value, FactValue::Quantity(q) if q.count.is_some());
    let sides = |fact: &Fact| match &fact.value {
        FactValue::Quantity(quantity) => quantity.numbers.len(),
        _ => 1,
    };
    let most = group.iter().map(sides).max().unwrap_or(1);
    // Of words the field that says most, attributes before titles.
    let words = |fact: &Fact| match &fact.value {
        FactValue::Words(parts) => parts.len() + parts.iter().filter(|part| part.percent.is_some()).count(),
        _ => 0,
    };
    if let Some(fullest) =
        (0..group.len()).rev().max_by_key(|&at| words(&group[at])).filter(|&at| words(&group[at]) > 0)
    {
        return Some(told_by(group, fullest));
    }
    // `EU 43` says more than `43`.
    let text = |fact: &Fact| match &fact.value {
        FactValue::Text(text) => text.chars().count(),
        _ => 0,
    };
    if let Some(longest) =
        (0..group.len()).rev().max_by_key(|&at| text(&group[at])).filter(|&at| text(&group[at]) > 0)
    {
        return Some(told_by(group, longest));
    }
    let told = group.iter().position(|fact| fact.source == "title" && sides(fact) == most).or_else(|| {
        // `6 × 500 g` beside a weight of 500 g: a case of six of the product, which is one of them.
        if most > 1 {
            return group.iter().position(|fact| sides(fact) == most);
        }
        let piece = group.iter().position(single)?;
        let one = |fact: &Fact| single(fact) || is_piece(&group[piece], fact);
        group.iter().all(one).then_some(piece)
    });
    Some(told_by(group, told.unwrap_or(0)))
}

/// The fact at `told`, confirmed by the others.
fn told_by(mut group: Vec<Fact>, told: usize) -> Fact {
    let mut fact = group.remove(told);
    for field in group.iter().flat_map(Fact::fields) {
        if field != fact.source && fact.confirmed_by.iter().all(|known| known != field) {
            fact.confirmed_by.push(field.to_owned());
        }
    }
    fact
}

/// Of a kind that may have several words, each is told by the first field that has it; the others confirm. A word that
/// another field denies is not told.
fn settle_set(
    read: &mut Facts,
    group: Vec<Fact>,
    denied: &[(FactKind, Word, String)],
    settled: &mut Vec<Fact>,
) {
    let from = settled.len();
    for mut fact in group {
        let FactValue::Words(parts) = &mut fact.value else { continue };
        let refuted = parts.extract_if(.., |part| {
            denied.iter().any(|(kind, word, _)| *kind == fact.kind && *word == part.word)
        });
        let refuted: Vec<Part> = refuted.collect();
        for earlier in &mut settled[from..] {
            let FactValue::Words(told) = &earlier.value else { continue };
            let before = parts.len();
            parts.retain(|part| !told.contains(part));
            if parts.len() < before
                && earlier.source != fact.source
                && !earlier.confirmed_by.contains(&fact.source)
            {
                earlier.confirmed_by.push(fact.source.clone());
            }
        }
        let told = !parts.is_empty();
        if !refuted.is_empty() {
            let fields = denied.iter().filter(|(kind, word, _)| {
                *kind == fact.kind && refuted.iter().any(|part| part.word == *word)
            });
            read.left_out.extend(
                fields.map(|(.., field)| LeftOut { field: field.clone(), reason: Reason::Contradicted }),
            );
            read.left_out.push(LeftOut { field: fact.source.clone(), reason: Reason::Contradicted });
            let contradicted = Fact { value: FactValue::Words(refuted), ..fact.clone() };
            read.conflicts.push(Conflict { kind: fact.kind.clone(), facts: vec![contradicted] });
        }
        if told {
            settled.push(fact);
        }
    }
}

fn contradict(read: &mut Facts, group: Vec<Fact>) {
    for fact in &group {
        read.left_out.push(LeftOut { field: fact.source.clone(), reason: Reason::Contradicted });
    }
    read.conflicts.push(Conflict { kind: group[0].kind.clone(), facts: group });
}

/// Sides told one by one are clearer than `40 × 60 cm`.
fn drop_sides_told_apart(read: &mut Facts) {
    let apart = read.facts.iter().any(|fact| {
        fact.source != "title"
            && matches!(fact.kind, FactKind::Length | FactKind::Width | FactKind::Height | FactKind::Depth)
    });
    read.facts.retain(|fact| !(apart && fact.kind == FactKind::Dimensions && fact.source == "title"));
}

fn agree(a: &FactValue, b: &FactValue) -> bool {
    match (a, b) {
        (FactValue::Quantity(a), FactValue::Quantity(b)) => a.agrees_with(b),
        (FactValue::Text(a), FactValue::Text(b)) => size_code(a) == size_code(b),
        (FactValue::Words(a), FactValue::Words(b)) => {
            let all_in = |few: &[Part], many: &[Part]| {
                few.iter().all(|one| many.iter().any(|other| alike(one, other)))
            };
            all_in(a, b) || all_in(b, a)
        }
        (a, b) => a == b,
    }
}

/// `Black` and `black`, `EU 42` and `42`.
fn size_code(text: &str) -> String {
    let lower = text.to_lowercase();
    lower.strip_prefix("eu ").map(str::to_owned).unwrap_or(lower)
}

/// One word, or one with more to it: "blue" and "navy blue", "steel" and "stainless steel". Shares may be told once.
fn alike(a: &Part, b: &Part) -> bool {
    let (mine, theirs) = (a.word.english(), b.word.english());
    let within = |long: &str, short: &str| long.strip_suffix(short).is_some_and(|rest| rest.ends_with(' '));
    let words = a.word == b.word || within(mine, theirs) || within(theirs, mine);
    words && (a.percent == b.percent || a.percent.is_none() || b.percent.is_none())
}

fn same_measure(a: &FactValue, b: &FactValue) -> bool {
    match (a, b) {
        (FactValue::Quantity(a), FactValue::Quantity(b)) => a.unit.measure() == b.unit.measure(),
        _ => false,
    }
}
