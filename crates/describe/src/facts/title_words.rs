//! Words of a title that say what the product is like: colour, material, size, codes and marks.
//!
//! A colour in a title is as often a flavour or a name ("Röd curry", "Black pepper"). It counts only where something
//! speaks for a thing that has a colour (a noun such as "jacket", a size, a voltage) and nothing for food, and where it is
//! the one colour of the title. Materials that tools and cleaners are made *for* (wood, glass, steel) count only behind the
//! noun: "Vas glas", not "wood drill". What stands behind "with" or "for" is another thing's.

mod goods;
mod marks;
mod sizes;
mod tokens;

use berika_catalog::Language;
use rust_decimal::Decimal;

use super::free_text::Spanned;
use super::words::{Vocabulary, Word, in_running_text};
use super::{Fact, FactKind, FactValue, LeftOut, Part, Reason, codes};
use tokens::{Token, tokens};

/// What else is known of the product.
pub(super) struct Known<'a> {
    /// The facts of its attributes.
    pub(super) facts: &'a [Fact],
    /// The attributes that give none.
    pub(super) left_out: &'a [LeftOut],
    /// The facts of the title's quantities.
    pub(super) measures: &'a [Spanned],
    /// The brand.
    pub(super) brand: Option<&'a str>,
}

/// The marks of a description's short sentences.
pub(super) fn marks_in_clauses(description: &str) -> Vec<Spanned> {
    marks::in_clauses(description)
}

/// Everything that the words of `title` say. `known` weighs food against things.
pub(super) fn read(title: &str, language: Option<&Language>, known: &Known<'_>) -> Vec<Spanned> {
    let tokens = tokens(title);
    let mut found = marks::read(title);
    let thing = goods::names_thing(&tokens, language);
    let edible = known.is_food() || (known.is_weighed() || goods::names_edible(&tokens)) && !thing;
    let solid = !edible
        && (thing
            || goods::names_wearer(&tokens)
            || known.is_technical()
            || sizes::read(&tokens, false).is_some());
    found.extend(sizes::read(&tokens, goods::names_clothing(&tokens, language)).filter(|_| !edible));
    if let Some(language) = language.filter(|_| !edible) {
        found.extend(colour(&tokens, language, known, solid));
        found.extend(material(&tokens, language, solid));
    }
    found.extend(lamp_base(&tokens, known));
    found.extend(protection_class(&tokens));
    found
}

/// Whether the title names nothing that lasts: then its amount is what the package holds.
pub(super) fn is_used_up(title: &str, language: Option<&Language>, known: &Known<'_>) -> bool {
    let tokens = tokens(title);
    let coloured = known.facts.iter().any(|fact| fact.kind == FactKind::Colour);
    known.is_food()
        || !coloured
            && !goods::names_thing(&tokens, language)
            && !goods::names_vessel(&tokens)
            && !known.is_technical()
}

impl Known<'_> {
    fn is_food(&self) -> bool {
        use FactKind::{AlcoholContent, Allergens, CocoaContent, Diet, FatContent, Ingredients, MayContain};
        let food = [Ingredients, Allergens, MayContain, FatContent, AlcoholContent, CocoaContent, Diet];
        self.facts.iter().any(|fact| food.contains(&fact.kind))
            || self.measures.iter().any(|(kind, ..)| food.contains(kind))
            || self.left_out.iter().any(|left| left.reason == Reason::FoodInformation)
    }

    /// Whether it is sold by mass or volume, as food is.
    fn is_weighed(&self) -> bool {
        let weighed =
            |kind: &FactKind| matches!(kind, FactKind::NetContent | FactKind::Weight | FactKind::Volume);
        self.facts.iter().any(|fact| fact.kind == FactKind::NetContent)
            || self.measures.iter().any(|(kind, ..)| weighed(kind))
    }

    fn is_technical(&self) -> bool {
        let technical = |kind: &FactKind| {
            use FactKind::*;
            matches!(
                kind,
                Power
                    | Voltage
                    | BatteryCapacity
                    | Torque
                    | RotationSpeed
                    | LuminousFlux
                    | ColourTemperature
                    | ScreenSize
                    | Storage
                    | Dimensions
                    | Length
                    | Width
                    | Height
                    | Depth
                    | Diameter
                    | Thickness
                    | CableLength
                    | MaximumLoad
                    | Material
                    | Size
                    | Care
                    | LampBase
                    | ProtectionClass
                    | EnergyClass
                    | RunTime
                    | NoiseLevel
                    | Pressure
                    | Current
                    | Frequency
            )
        };
        self.facts.iter().any(|fact| technical(&fact.kind))
            || self.measures.iter().any(|(kind, ..)| technical(kind))
    }
}

/// The words of a list that stand together: `svart/vit`, `80 % cotton, 20 % polyester`.
struct Group {
    parts: Vec<Part>,
    first: usize,
    last: usize,
}

/// The most tokens of one word: `light navy blue`.
const WORDS_MOST: usize = 3;

/// The words of `list` in the title, neighbours in one group.
fn groups(tokens: &[Token], list: Vocabulary, languages: &[&Language]) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        let Some((words, length)) = (1..=WORDS_MOST.min(tokens.len() - at)).rev().find_map(|length| {
            let slice = &tokens[at..at + length];
            let one_segment = slice.iter().all(|token| token.segment == slice[0].segment);
            let text = slice.iter().map(|token| token.lower.as_str()).collect::<Vec<_>>().join(" ");
            let words = languages.iter().find_map(|language| compound(&text, list, language))?;
            one_segment.then_some((words, length))
        }) else {
            at += 1;
            continue;
        };
        let percent = at
            .checked_sub(1)
            .filter(|_| list == Vocabulary::Materials)
            .and_then(|before| tokens[before].percent);
        let parts = words.into_iter().map(|word| Part { percent, word });
        let first = if percent.is_some() { at - 1 } else { at };
        match groups.last_mut() {
            Some(group) if tokens[first].joins(&tokens[group.last], first - group.last) => {
                group.parts.extend(parts);
                group.last = at + length - 1;
            }
            _ => groups.push(Group { parts: parts.collect(), first, last: at + length - 1 }),
        }
        at += length;
    }
    groups
}

/// A word, or two with a hyphen between: `schwarz-weiß`.
fn compound(text: &str, list: Vocabulary, language: &Language) -> Option<Vec<Word>> {
    if let Some(word) = in_running_text(text, list, language) {
        return Some(vec![word]);
    }
    let (one, other) = text.split_once('-')?;
    let one = in_running_text(one, list, language)?;
    if let Some(other) = in_running_text(other, list, language) {
        return Some(vec![one, other]);
    }
    // `Edelstahl-Kochtopf`
    let of_material = list == Vocabulary::Materials && goods::is_plain_material(one.english());
    (of_material && goods::is_thing(other, language)).then(|| vec![one])
}

/// The one colour, or colours side by side.
fn colour(tokens: &[Token], language: &Language, known: &Known<'_>, solid: bool) -> Option<Spanned> {
    let english = Language::parse("en").ok()?;
    let groups = groups(tokens, Vocabulary::Colours, &[language, &english]);
    let brand: Vec<String> = known
        .brand
        .map(str::to_lowercase)
        .iter()
        .flat_map(|b| b.split_whitespace())
        .map(str::to_owned)
        .collect();
    let [group] = groups.as_slice() else { return None };
    let before = group.first.checked_sub(1).map(|at| &tokens[at]);
    let after = tokens.get(group.last + 1);
    let named = tokens[group.first..=group.last].iter().any(|token| brand.contains(&token.lower));
    let shaded = before
        .is_some_and(|token| token.segment == tokens[group.first].segment && goods::is_shade(&token.lower));
    let metal = group.parts.iter().any(|part| goods::is_metal_or_fruit(part.word.english()));
    // "Silver pendant" is of silver, "pendant, silver" may be of its colour.
    let alone = tokens.iter().filter(|token| token.segment == tokens[group.first].segment).count()
        == group.last - group.first + 1;
    let distinct =
        group.parts.iter().enumerate().all(|(i, a)| group.parts[..i].iter().all(|b| a.word != b.word));
    // "Ball pen, black", "(White)", "swimsuit, red, 38"
    let last =
        tokens[group.last + 1..].iter().all(|token| token.is_number() || goods::is_size_word(&token.lower));
    let part = tokens[group.last + 1..]
        .iter()
        .take(2)
        .any(|token| token.segment == tokens[group.last].segment && goods::is_part(&token.lower));
    // A white lamp, or white light?
    let light = group.parts.iter().any(|part| part.word.english().ends_with("white"))
        && tokens.iter().any(|token| goods::is_lamp(&token.lower));
    let sound = !named
        && !part
        && (solid
            || before.is_some_and(|token| goods::announces_colour(&token.lower))
            || alone && group.first > 0 && !metal && last)
        && !light
        && !shaded
        && distinct
        && !(metal && !(alone && group.first > 0 || after.is_none() && known.is_technical()))
        && !tokens[group.first].joiner
        && !after.is_some_and(|token| token.joiner)
        && !after.is_some_and(|token| goods::follows_name(&token.lower))
        && !is_of_another(tokens, group.first);
    sound.then(|| {
        let parts = group.parts.iter().map(|part| Part { percent: None, word: part.word }).collect();
        (FactKind::Colour, FactValue::Words(parts), (tokens[group.first].start, tokens[group.last].end))
    })
}

/// The one material or blend.
fn material(tokens: &[Token], language: &Language, solid: bool) -> Option<Spanned> {
    if tokens.iter().any(|token| goods::works_on_material(&token.lower)) {
        return None;
    }
    let groups = groups(tokens, Vocabulary::Materials, &[language]);
    let [group] = groups.as_slice() else { return None };
    let after = tokens.get(group.last + 1);
    let same_segment = after.filter(|token| token.segment == tokens[group.last].segment);
    let before = group.first.checked_sub(1).map(|at| &tokens[at]);
    let part = tokens[group.last + 1..]
        .iter()
        .take(2)
        .any(|token| token.segment == tokens[group.last].segment && goods::is_part(&token.lower));
    let false_friend = before.is_some_and(|token| goods::is_imitation(&token.lower));
    // Behind the noun: nothing of the segment follows but numbers and colours.
    let behind = group.first > 0
        && same_segment.is_none_or(|token| {
            token.is_number() || in_running_text(&token.lower, Vocabulary::Colours, language).is_some()
        });
    // "Glass vase"
    let before_noun = same_segment.is_some_and(|token| goods::is_thing(&token.lower, language));
    let shares: Vec<Decimal> = group.parts.iter().filter_map(|part| part.percent).collect();
    let whole = shares.is_empty()
        || shares.len() == group.parts.len() && shares.iter().sum::<Decimal>() <= Decimal::ONE_HUNDRED;
    let distinct =
        group.parts.iter().enumerate().all(|(i, a)| group.parts[..i].iter().all(|b| a.word != b.word));
    let firm = group.parts.iter().all(|part| goods::is_firm_material(part.word.english()));
    let plain = group.parts.iter().all(|part| goods::is_plain_material(part.word.english()));
    // "Chloe and Cotton", "ceramic and tourmaline"
    let listed = tokens[group.first].joiner || same_segment.is_some_and(|token| token.joiner);
    let elsewhere = group.parts.iter().any(|part| goods::is_other_thing(part.word.english()));
    // "lint remover for clothes, wool, cashmere"
    let for_another = tokens[..group.first].iter().any(|token| goods::is_with(&token.lower));
    let alone = same_segment.is_none()
        && before.is_some_and(|token| token.segment != tokens[group.first].segment)
        && !tokens[group.first].after_comma;
    // "Organic cotton" is another material in law.
    let organic =
        before.is_some_and(|token| in_running_text(&token.lower, Vocabulary::Diets, language).is_some());
    let sound = whole
        && (solid || firm)
        && !organic
        && distinct
        && !part
        && !false_friend
        && !listed
        && !elsewhere
        && (plain || behind || before_noun || !shares.is_empty())
        && (!for_another || alone);
    sound.then(|| {
        (
            FactKind::Material,
            FactValue::Words(group.parts.clone()),
            (tokens[group.first].start, tokens[group.last].end),
        )
    })
}

/// Whether a word for "with" or "for" stands before, in the same segment.
fn is_of_another(tokens: &[Token], at: usize) -> bool {
    let before = tokens[..at].iter().rev().take_while(|token| token.segment == tokens[at].segment);
    before.into_iter().any(|token| goods::is_with(&token.lower))
}

fn lamp_base(tokens: &[Token], known: &Known<'_>) -> Option<Spanned> {
    let light = |kind: &FactKind| matches!(kind, FactKind::LuminousFlux | FactKind::ColourTemperature);
    let lamp = tokens.iter().any(|token| goods::is_lamp(&token.lower))
        || known.facts.iter().any(|fact| light(&fact.kind))
        || known.measures.iter().any(|(kind, ..)| light(kind));
    let mut bases = tokens.iter().filter_map(|token| Some((codes::lamp_base(&token.text)?, token)));
    let (code, token) = bases.next().filter(|_| lamp)?;
    let one = bases.all(|(other, _)| other == code);
    one.then(|| (FactKind::LampBase, FactValue::Text(code.to_owned()), (token.start, token.end)))
}

fn protection_class(tokens: &[Token]) -> Option<Spanned> {
    let mut classes = tokens.iter().filter_map(|token| Some((codes::protection_class(&token.text)?, token)));
    let (code, token) = classes.next()?;
    let one = classes.next().is_none();
    one.then_some((FactKind::ProtectionClass, FactValue::Text(code), (token.start, token.end)))
}

#[cfg(test)]
mod tests;
