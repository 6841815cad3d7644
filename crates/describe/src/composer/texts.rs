//! The short and the long text: which sentences, in which order.

use super::rules::Form;
use super::sentences::{Line, Writer};
use super::told::Group;
use crate::Part;

/// How many measures a short text has beside those of its opening.
const SHORT_MEASURES_MOST: usize = 6;

/// How many properties under the supplier's own names a short text and a long one tell.
const SHORT_OTHERS_MOST: usize = 4;
const LONG_OTHERS_MOST: usize = 40;

/// How many of them one sentence holds.
const OTHERS_A_SENTENCE: usize = 5;

/// How many properties one sentence holds.
const PROPERTIES_A_SENTENCE: usize = 4;

/// The most sentences of a short text.
const SHORT_SENTENCES_MOST: usize = 6;

impl Writer<'_> {
    /// What it is, the most telling measures and properties, and where it stands.
    pub(super) fn short(&self) -> Vec<Line> {
        let part = Part::Short;
        let mut measures = self.of_group(Group::Measure);
        measures.truncate(SHORT_MEASURES_MOST);
        let opening = self.opening_of(part, &measures);
        let rest = self.rest(&measures, &opening);
        let mut middle = [self.measures(part, &rest), self.properties(part)];
        if self.pick(part, "order", 2) == 1 {
            middle.reverse();
        }
        let mut lines = vec![opening];
        lines.extend(middle.into_iter().flatten());
        lines.extend(self.items(part, Group::Certification));
        lines.extend(self.items(part, Group::Diet));
        lines.extend(self.others(part, SHORT_OTHERS_MOST));
        lines.truncate(SHORT_SENTENCES_MOST);
        if lines.len() < SHORT_SENTENCES_MOST
            && let Some(category) = self.category(part)
        {
            let at = if self.pick(part, "place", 3) == 0 { 1 } else { lines.len() };
            lines.insert(at, category);
        }
        self.within(part, vec![lines]).into_iter().flatten().collect()
    }

    /// All that can be said, in paragraphs.
    pub(super) fn long(&self) -> Vec<Vec<Line>> {
        let part = Part::Long;
        let measures = self.of_group(Group::Measure);
        let opening = self.opening_of(part, &measures);
        let rest = self.rest(&measures, &opening);
        let measures = self.measures(part, &rest);
        let properties = self.properties(part);
        let marks: Vec<Line> =
            self.items(part, Group::Certification).into_iter().chain(self.items(part, Group::Diet)).collect();
        let others = self.others(part, LONG_OTHERS_MOST);
        let care: Vec<Line> = self.items(part, Group::Care).into_iter().collect();
        let food = self.verbatim(part);
        let category: Vec<Line> = self.category(part).into_iter().collect();
        let opening = vec![opening];
        let laid_out = match self.pick(part, "layout", 5) {
            0 => [opening, measures, properties, marks, others, care, food, category],
            1 => [opening, properties, measures, marks, others, care, food, category],
            2 => [opening, category, measures, properties, marks, others, care, food],
            3 => [opening, category, properties, measures, marks, others, care, food],
            _ => [opening, measures, properties, category, marks, others, care, food],
        };
        // The first three kinds share two paragraphs; food information always stands by itself.
        let breaks: &[usize] = match self.pick(part, "breaks", 3) {
            0 => &[2, 4, 6],
            1 => &[1, 3, 6],
            _ => &[3, 6],
        };
        let mut paragraphs: Vec<Vec<Line>> = vec![Vec::new()];
        for (at, lines) in laid_out.into_iter().enumerate() {
            let food = lines.iter().any(|line| self.is_food(line));
            let after_food = paragraphs.last().and_then(|p| p.last()).is_some_and(|line| self.is_food(line));
            if breaks.contains(&at) || food || after_food {
                paragraphs.push(Vec::new());
            }
            if let Some(paragraph) = paragraphs.last_mut() {
                paragraph.extend(lines);
            }
        }
        paragraphs.retain(|paragraph| !paragraph.is_empty());
        self.within(part, paragraphs)
    }

    /// A page's description: the most telling facts first, only whole sentences.
    pub(super) fn seo_description(&self) -> Vec<Line> {
        let part = Part::SeoDescription;
        let most = self.voice.limits.of(part);
        let measures = self.of_group(Group::Measure);
        let properties = self.of_group(Group::Property);
        let mut lines = match self.pick(part, "kind", 2) {
            0 => self.labelled(part, &measures, &properties, most).into_iter().collect(),
            _ => Vec::new(),
        };
        if lines.is_empty() {
            let opening = self.opening_of(part, &measures);
            lines.push(if opening.length() <= most { opening } else { self.opening(part, &[], 0) });
        }
        if length(&lines) > most {
            return vec![self.bare_name(most)];
        }
        let told = |lines: &[Line], at: &usize| lines.iter().any(|line| line.told.contains(at));
        let rest: Vec<usize> = properties.iter().copied().filter(|at| !told(&lines, at)).collect();
        let more = self
            .sentences(part, "properties", self.rules.turns.properties, &rest, 2)
            .into_iter()
            .chain(self.sentences(
                part,
                "measures",
                self.rules.turns.measures,
                &self.rest(&measures, &lines[0]),
                2,
            ))
            .chain(self.items(part, Group::Certification))
            .chain(self.category(part));
        for line in more {
            if length(&lines) + 1 + line.length() <= most {
                lines.push(line);
            }
        }
        lines
    }

    /// `Pan from Asta: diameter 26 cm, colour red.` with as many facts as there is room for.
    fn labelled(&self, part: Part, measures: &[usize], properties: &[usize], most: usize) -> Option<Line> {
        // Measures and properties take turns, so that neither kind is cut off.
        let mut facts: Vec<usize> = Vec::new();
        for at in 0..measures.len().max(properties.len()) {
            facts.extend(measures.get(at));
            facts.extend(properties.get(at));
        }
        facts.retain(|&at| {
            self.told[at].in_form(Form::Label, self.rules).is_some_and(|label| !self.rules.is_list(&label))
        });
        facts.truncate(5);
        (1..=facts.len()).rev().find_map(|count| {
            let line = self.opening_in(part, &facts[..count], |turn| turn.form == Form::Label)?;
            (line.length() <= most).then_some(line)
        })
    }

    /// The opening with none, one or two measures.
    fn opening_of(&self, part: Part, measures: &[usize]) -> Line {
        self.opening(part, measures, self.pick(part, "measures of opening", 3))
    }

    fn measures(&self, part: Part, measures: &[usize]) -> Vec<Line> {
        let per = 2 + self.pick(part, "measures a sentence", 3);
        self.sentences(part, "measures", self.rules.turns.measures, measures, per)
    }

    fn properties(&self, part: Part) -> Vec<Line> {
        let properties = self.of_group(Group::Property);
        let turns = self.rules.turns.properties;
        self.sentences(part, "properties", turns, &properties, PROPERTIES_A_SENTENCE)
    }

    fn others(&self, part: Part, most: usize) -> Vec<Line> {
        let mut others = self.of_group(Group::Other);
        others.truncate(most);
        self.sentences(part, "others", self.rules.turns.others, &others, OTHERS_A_SENTENCE)
    }

    /// The facts that `line` does not tell.
    fn rest(&self, facts: &[usize], line: &Line) -> Vec<usize> {
        facts.iter().copied().filter(|at| !line.told.contains(at)).collect()
    }

    fn is_food(&self, line: &Line) -> bool {
        line.told.iter().any(|&at| self.told[at].text().is_some())
    }

    /// The paragraphs without the last sentences that the part has no room for.
    fn within(&self, part: Part, mut paragraphs: Vec<Vec<Line>>) -> Vec<Vec<Line>> {
        let most = self.voice.limits.of(part);
        loop {
            let blanks = 2 * paragraphs.len().saturating_sub(1);
            if paragraphs.iter().map(|lines| length(lines)).sum::<usize>() + blanks <= most {
                return paragraphs;
            }
            let single = paragraphs.len() == 1 && paragraphs[0].len() == 1;
            if single {
                let plain = self.opening(part, &[], 0);
                let opening = if plain.length() <= most { plain } else { self.bare_name(most) };
                return vec![vec![opening]];
            }
            if let Some(last) = paragraphs.last_mut() {
                last.pop();
            }
            paragraphs.retain(|paragraph| !paragraph.is_empty());
        }
    }
}

/// Characters of sentences with a blank between them.
fn length(lines: &[Line]) -> usize {
    lines.iter().map(|line| line.length() + 1).sum::<usize>().saturating_sub(1)
}
