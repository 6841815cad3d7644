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
        let mut lines = vec![self.opening_of(part, &measures)];
        let rest = self.rest(&measures, &lines[0]);
        let early = self.pick(part, "place", 3) == 0;
        if early {
            lines.extend(self.category(part, lines.last()));
        }
        if self.pick(part, "order", 2) == 0 {
            self.tell_measures(part, &rest, &mut lines);
            self.tell_properties(part, &mut lines);
        } else {
            self.tell_properties(part, &mut lines);
            self.tell_measures(part, &rest, &mut lines);
        }
        lines.extend(self.items(part, Group::Certification, lines.last()));
        lines.extend(self.items(part, Group::Diet, lines.last()));
        self.tell_others(part, SHORT_OTHERS_MOST, &mut lines);
        lines.truncate(SHORT_SENTENCES_MOST);
        if !early && lines.len() < SHORT_SENTENCES_MOST {
            lines.extend(self.category(part, lines.last()));
        }
        self.within(part, vec![lines]).into_iter().flatten().collect()
    }

    /// All that can be said, in paragraphs.
    pub(super) fn long(&self) -> Vec<Vec<Line>> {
        let part = Part::Long;
        let measures = self.of_group(Group::Measure);
        let opening = self.opening_of(part, &measures);
        let rest = self.rest(&measures, &opening);
        let mut paragraphs = vec![vec![opening]];
        // The sentences of one kind, and whether a paragraph begins with them.
        let mut add = |breaks: bool, tell: &dyn Fn(&mut Vec<Line>)| {
            let last = paragraphs.last().and_then(|lines: &Vec<Line>| lines.last());
            // The sentence before is there only to be looked at.
            let mut lines: Vec<Line> = last.cloned().into_iter().collect();
            let before = lines.len();
            tell(&mut lines);
            lines.drain(..before);
            match paragraphs.last_mut() {
                Some(paragraph) if !breaks => paragraph.append(&mut lines),
                _ if !lines.is_empty() => paragraphs.push(lines),
                _ => {}
            }
        };
        let layout = self.pick(part, "layout", 5);
        let breaks = self.pick(part, "breaks", 3);
        let tell_measures = |lines: &mut Vec<Line>| self.tell_measures(part, &rest, lines);
        let tell_properties = |lines: &mut Vec<Line>| self.tell_properties(part, lines);
        let tell_category = |lines: &mut Vec<Line>| lines.extend(self.category(part, lines.last()));
        if matches!(layout, 2 | 3) {
            add(false, &tell_category);
        }
        if matches!(layout, 0 | 2 | 4) {
            add(breaks == 1, &tell_measures);
            add(breaks == 0, &tell_properties);
        } else {
            add(breaks == 1, &tell_properties);
            add(breaks == 0, &tell_measures);
        }
        if layout == 4 {
            add(false, &tell_category);
        }
        add(true, &|lines| lines.extend(self.items(part, Group::Certification, lines.last())));
        add(false, &|lines| lines.extend(self.items(part, Group::Diet, lines.last())));
        add(breaks != 2, &|lines| self.tell_others(part, LONG_OTHERS_MOST, lines));
        add(true, &|lines| lines.extend(self.items(part, Group::Care, lines.last())));
        // Food information stands by itself.
        add(true, &|lines| lines.extend(self.verbatim(part)));
        if matches!(layout, 0 | 1) {
            add(true, &tell_category);
        }
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
        let turns = &self.rules.turns;
        let mut more = lines.clone();
        self.tell(part, "properties", turns.properties, &rest, 2, &mut more);
        self.tell(part, "measures", turns.measures, &self.rest(&measures, &lines[0]), 2, &mut more);
        more.extend(self.items(part, Group::Certification, more.last()));
        more.extend(self.category(part, more.last()));
        for line in more.drain(1..) {
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

    fn tell_measures(&self, part: Part, measures: &[usize], lines: &mut Vec<Line>) {
        let per = 2 + self.pick(part, "measures a sentence", 3);
        self.tell(part, "measures", self.rules.turns.measures, measures, per, lines);
    }

    fn tell_properties(&self, part: Part, lines: &mut Vec<Line>) {
        let properties = self.of_group(Group::Property);
        let turns = self.rules.turns.properties;
        self.tell(part, "properties", turns, &properties, PROPERTIES_A_SENTENCE, lines);
    }

    fn tell_others(&self, part: Part, most: usize, lines: &mut Vec<Line>) {
        let mut others = self.of_group(Group::Other);
        others.truncate(most);
        self.tell(part, "others", self.rules.turns.others, &others, OTHERS_A_SENTENCE, lines);
    }

    /// The facts that `line` does not tell.
    fn rest(&self, facts: &[usize], line: &Line) -> Vec<usize> {
        facts.iter().copied().filter(|at| !line.told.contains(at)).collect()
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
