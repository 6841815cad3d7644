//! A page's title: the name, and a telling fact where there is room.

use super::rules::Form;
use super::sentences::Writer;
use super::title::shortened;
use super::told::Group;
use crate::facts::qualifying::denies;
use crate::facts::quantity::scan;
use crate::facts::{FactKind, FactValue};
use crate::{Author, Part, Sentence, Text};

/// A fact is added to a title that leaves this much room.
const ROOM_LEAST: usize = 12;

impl Writer<'_> {
    /// The title cut between words, its size kept; a short one gets a colour, a material or a measure.
    pub(super) fn seo_title(&self) -> Text {
        let part = Part::SeoTitle;
        let most = self.voice.limits.of(part);
        let names = self.names;
        let mut fields = names.title_fields.clone();
        let mut text = names.title.clone();
        let length = text.chars().count();
        if length > most {
            text = without_half_statements(&self.cut_title(most), &names.title);
        } else if most - length >= ROOM_LEAST
            && let Some((fact, added)) = self.telling(&text, most - length)
        {
            text.push_str(&added);
            fields.extend(self.told[fact].fact.fields().map(str::to_owned));
        }
        fields.sort_by_key(|field| (field != "title", field != "brand"));
        fields.dedup();
        let sentences = vec![Sentence { text: text.clone(), fields }];
        Text { text, sentences, by: Author::Composer }
    }

    /// Brand and name with the size at the end, the name cut as the room wants.
    fn cut_title(&self, most: usize) -> String {
        let names = self.names;
        let dangling = self.rules.dangling;
        let suffix = if names.suffix.is_empty() { names.size_at_end() } else { &names.suffix };
        let around = names.prefix.chars().count() + suffix.chars().count();
        // A name of fewer characters says nothing.
        if around + 20 > most {
            return shortened(&format!("{}{}", names.prefix, names.shown), most, dangling);
        }
        let shown = names.shown.strip_suffix(suffix).unwrap_or(&names.shown);
        format!("{}{}{suffix}", names.prefix, shortened(shown, most - around, dangling))
    }

    /// The first fact that the title does not say and that fits, with the sign before it.
    fn telling(&self, title: &str, room: usize) -> Option<(usize, String)> {
        let separator = [", ", " – "][self.pick(Part::SeoTitle, "separator", 2)];
        let lower = title.to_lowercase();
        let sizes = scan(title, Some(self.language));
        let in_title = |at: usize| match &self.told[at].fact.value {
            FactValue::Quantity(quantity) => sizes.iter().any(|found| quantity.agrees_with(&found.quantity)),
            _ => false,
        };
        let fits = |at: usize, added: String| {
            let told = self.told[at].fact.fields().any(|field| field == "title");
            let new = !told
                && !lower.contains(&added.to_lowercase())
                && self.told[at].value().is_some_and(|value| !lower.contains(&value.to_lowercase()));
            let added = format!("{separator}{added}");
            (new && added.chars().count() <= room).then_some((at, added))
        };
        let values = [FactKind::Colour, FactKind::Material].into_iter().filter_map(|kind| {
            let at = self.told.iter().position(|told| told.fact.kind == kind)?;
            fits(at, (self.rules.fitted)(&kind, Form::Label, self.told[at].value()?)?)
        });
        let size = self.told.iter().position(|told| told.fact.kind == FactKind::Size);
        let measures = self.of_group(Group::Measure).into_iter().filter(|at| !in_title(*at));
        let labelled = size.into_iter().chain(measures);
        let labels = labelled.filter_map(|at| fits(at, self.told[at].in_form(Form::Label, self.rules)?));
        let found: Vec<(usize, String)> = values.chain(labels).take(3).collect();
        let chosen = self.pick(Part::SeoTitle, "fact", found.len());
        found.into_iter().nth(chosen)
    }
}

/// A cut title without what the words that were cut may have denied or limited: `with batteries` of `with batteries, not
/// included`, `organic` of `organic cotton look`.
fn without_half_statements(cut: &str, whole: &str) -> String {
    let kept = cut.split_whitespace().collect::<Vec<_>>();
    let lost = whole.split_whitespace().filter(|word| !kept.contains(word)).collect::<Vec<_>>().join(" ");
    let begins_with = |word: &str| {
        ["med", "with", "mit", "och", "and", "und", "og", "inkl", "incl"]
            .contains(&word.trim_matches(['.', ',']).to_lowercase().as_str())
    };
    let is_half = |word: &str| denies(&lost) && begins_with(word);
    // A word that claims something counts near the cut, where what limits it may have stood.
    let near = kept.len().saturating_sub(3);
    let half = kept.iter().enumerate().position(|(at, word)| {
        if crate::guard::is_claim_word(word.trim_matches([',', '.', '('])) {
            at >= near
        } else {
            is_half(word)
        }
    });
    // Fewer words are no name.
    let end = half.filter(|at| *at >= 3).unwrap_or(kept.len());
    let text = kept[..end].join(" ");
    text.trim_end_matches([',', '-', '–', '(', ' ']).to_owned()
}
