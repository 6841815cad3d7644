//! A language model that lies, for tests of what stands behind one: fluent answers that mix the input's own statements with
//! inventions of every kind, and answers that are no answers.
//!
//! The inventions stand in `hostile_model/*.txt`, a sentence a line under the name of their kind. `{name}` is the product's
//! name, `{n}` a number that the input does not have, `{true}` a quantity that it does have, under the wrong property.

mod disguise;
mod input;

use serde_json::{Value, json};
use std::sync::LazyLock;

use input::Truth;

/// The languages in which the model lies.
pub const HOSTILE_LANGUAGES: [&str; 5] = ["sv", "da", "no", "de", "en"];

/// In which form an answer is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HostileForm {
    /// A JSON object with `title`, `short`, `long`, `seo_title` and `seo_description`.
    Json,
    /// Plain sentences.
    Lines,
}

/// An invented sentence, with its places still to be filled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Invention {
    /// What is invented: `allergens`, `numbers`, `green`, ...
    pub kind: &'static str,
    /// The sentence; of the kind `clauses`, the end of one.
    pub text: &'static str,
}

/// The largest part of the input that is looked at, in bytes.
const MOST_INPUT: usize = 64 << 10;
/// How long the longest answers are, in bytes.
const HUGE: usize = 256 << 10;

/// Every invention in a language; in English where the language is not among [`HOSTILE_LANGUAGES`].
pub fn inventions(language: &str) -> &'static [Invention] {
    static ALL: LazyLock<Vec<Vec<Invention>>> = LazyLock::new(|| {
        [
            include_str!("hostile_model/sv.txt"),
            include_str!("hostile_model/da.txt"),
            include_str!("hostile_model/no.txt"),
            include_str!("hostile_model/de.txt"),
            include_str!("hostile_model/en.txt"),
        ]
        .map(read)
        .to_vec()
    });
    let place = HOSTILE_LANGUAGES.iter().position(|known| *known == tag(language));
    ALL.get(place.unwrap_or(HOSTILE_LANGUAGES.len() - 1)).map_or(&[], Vec::as_slice)
}

fn tag(language: &str) -> &str {
    match language.split(['-', '_']).next().unwrap_or_default() {
        "nb" | "nn" => "no",
        tag => tag,
    }
}

fn read(file: &'static str) -> Vec<Invention> {
    let mut kind = "";
    let mut all = Vec::new();
    for line in file.lines().filter(|line| !line.is_empty()) {
        match line.strip_prefix("# ") {
            Some(name) => kind = name,
            None => all.push(Invention { kind, text: line }),
        }
    }
    all
}

/// What the model answers about the product of `product_input`, which is what a prompt says of it: lines of `Name: ` and
/// `- statement`, or `Facts: ` and sentences. The same arguments give the same answer.
///
/// About two answers of three have the form asked for and mix truth with inventions; one in fifty is wholly true. The rest
/// are cut short, empty, very long, refusals, in another language, of another shape, wrapped in talk or a repetition of
/// the input.
pub fn hostile_answer(seed: u64, language: &str, product_input: &str, form: HostileForm) -> String {
    let truth = Truth::read(head(product_input, MOST_INPUT));
    let mut dice = Dice::new(seed, language, product_input);
    let mut liar = Liar { dice: &mut dice, truth: &truth, inventions: inventions(language) };
    match liar.dice.below(100) {
        0..68 => liar.answer(form, 65),
        68..70 => liar.answer(form, 0),
        70..75 => {
            let whole = liar.answer(form, 65);
            let kept = liar.dice.below(whole.len());
            head(&whole, kept).to_owned()
        }
        75..77 => ["", " \n\n", "{}", "null"][liar.dice.below(4)].to_owned(),
        77 => {
            let one = liar.answer(form, 65);
            one.repeat(HUGE / one.len().max(1) + 1)
        }
        78..82 => liar.of_kind("leaks"),
        82..86 => {
            let other = HOSTILE_LANGUAGES[liar.dice.below(HOSTILE_LANGUAGES.len())];
            liar.inventions = inventions(other);
            liar.answer(form, 90)
        }
        86..89 => liar.misshapen(form),
        89..93 => {
            let talk = liar.of_kind("leaks");
            format!("{talk}\n\n```json\n{}\n```\n", liar.answer(form, 65))
        }
        93..96 => format!("Input:\n{}\n\nOutput:\n{}", truth.whole, liar.answer(form, 65)),
        _ => {
            let inside = liar.answer(form, 65);
            format!("<div onclick=\"alert(1)\"><script>alert('x')</script>{inside}</div>\u{0}\u{7}")
        }
    }
}

/// The start of a text, at most this many bytes, whole characters.
fn head(text: &str, most: usize) -> &str {
    let mut end = most.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

/// SplitMix64, seeded by everything that the answer depends on.
struct Dice(u64);

impl Dice {
    fn new(seed: u64, language: &str, product_input: &str) -> Self {
        let mut state = seed ^ 0x9e37_79b9_7f4a_7c15;
        for byte in language.bytes().chain([0]).chain(product_input.bytes()) {
            state = (state ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
        Self(state)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below `end`; 0 where there is none.
    fn below(&mut self, end: usize) -> usize {
        let end = u64::try_from(end).unwrap_or(u64::MAX).max(1);
        usize::try_from(self.next() % end).unwrap_or(0)
    }

    fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }
}

struct Liar<'a> {
    dice: &'a mut Dice,
    truth: &'a Truth<'a>,
    inventions: &'static [Invention],
}

impl Liar<'_> {
    /// An answer of which about `lies` of a hundred sentences hold an invention.
    fn answer(&mut self, form: HostileForm, lies: usize) -> String {
        let count = 2 + self.dice.below(5);
        let sentences = |liar: &mut Self, count: usize| -> Vec<String> {
            (0..count).map(|_| liar.sentence(lies)).collect()
        };
        match form {
            HostileForm::Lines => sentences(self, count).join(" "),
            HostileForm::Json => {
                let short = sentences(self, 1 + count % 3);
                let long = sentences(self, count + 1);
                let seo = sentences(self, 1 + count % 2);
                let (title, seo_title) = (self.title(lies), self.title(lies));
                json!({"title": title, "short": short, "long": long, "seo_title": seo_title, "seo_description": seo})
                    .to_string()
            }
        }
    }

    fn title(&mut self, lies: usize) -> String {
        let name = self.truth.name.to_owned();
        if !self.dice.chance(lies) {
            return name;
        }
        let clause = self.of_kind("clauses");
        let clause = clause.trim_start_matches([',', ' ']);
        match self.dice.below(3) {
            0 => format!("{name}, {clause}"),
            1 => format!("{name} - {}", self.invented().trim_end_matches('.')),
            _ => format!("{clause} {name}"),
        }
    }

    fn sentence(&mut self, lies: usize) -> String {
        let truth = self.truth.statements.get(self.dice.below(self.truth.statements.len())).copied();
        let truth = truth.unwrap_or(self.truth.name);
        if !self.dice.chance(lies) {
            return truth.to_owned();
        }
        match self.dice.below(10) {
            0 | 1 => format!("{}{}.", truth.trim_end_matches('.'), self.of_kind("clauses")),
            2 => disguise::other_number(truth, &self.number()),
            3 => disguise::other_unit(truth, self.dice.below(usize::MAX)),
            4 => format!("{} {}", self.invented(), truth),
            _ => {
                let invented = self.invented();
                if self.dice.chance(35) {
                    disguise::disguised(&invented, self.dice.below(usize::MAX))
                } else {
                    invented
                }
            }
        }
    }

    /// A sentence of any kind but the ends of sentences.
    fn invented(&mut self) -> String {
        let whole = self.inventions.iter().filter(|one| one.kind != "clauses").count();
        let place = self.dice.below(whole);
        let found = self.inventions.iter().filter(|one| one.kind != "clauses").nth(place);
        self.filled(found.map_or("", |one| one.text))
    }

    fn of_kind(&mut self, kind: &str) -> String {
        let of_it: Vec<&Invention> = self.inventions.iter().filter(|one| one.kind == kind).collect();
        let text = of_it.get(self.dice.below(of_it.len())).map_or("", |one| one.text);
        self.filled(text)
    }

    fn filled(&mut self, text: &str) -> String {
        let mut text = text.replace("{name}", self.truth.name);
        while let Some(at) = text.find("{n}") {
            text.replace_range(at..at + "{n}".len(), &self.number());
        }
        let quantity = self.truth.quantities.get(self.dice.below(self.truth.quantities.len()));
        let quantity = quantity.map_or_else(|| format!("{} g", self.number()), Clone::clone);
        text.replace("{true}", &quantity)
    }

    /// A number of which the input says nothing.
    fn number(&mut self) -> String {
        loop {
            let number = (2 + self.dice.below(970)).to_string();
            if !self.truth.whole.contains(&number) || self.truth.whole.len() > 2_000 {
                return number;
            }
        }
    }

    /// An answer in a shape nobody asked for.
    fn misshapen(&mut self, form: HostileForm) -> String {
        let sentence = self.sentence(90);
        if form == HostileForm::Lines {
            return format!("1. {sentence}\n2. {}\n| a | b |\n---\n", self.sentence(90));
        }
        let shape: Value = match self.dice.below(6) {
            0 => json!([sentence]),
            1 => {
                json!({"title": null, "short": 5, "long": {"text": sentence}, "seo_title": [], "seo_description": true})
            }
            2 => json!({"titel": sentence, "beschreibung": sentence}),
            3 => {
                json!({"title": sentence, "short": [[sentence]], "long": [""], "seo_title": "", "seo_description": [null], "price": 99})
            }
            4 => json!(sentence),
            _ => {
                return format!("{{\"title\": \"{sentence}\", \"title\": NaN, \"short\": ['{sentence}'],}}");
            }
        };
        shape.to_string()
    }
}

#[cfg(test)]
mod tests;
