//! `--fail-under`: figures that must not be lower.

use std::fmt;
use std::str::FromStr;

use berika_evaluate::Figure;
use serde::Serialize;

use super::figures::CurvePoint;

/// The least that a figure must reach.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Least {
    figure: Figure,
    least: f64,
}

/// A figure held against the least it must reach.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Held {
    /// The figure.
    pub(super) figure: Figure,
    /// The least it must reach.
    pub(super) least: f64,
    /// What it is: with the most labels, the mean over seeds. `null` where nothing was there to take a share of.
    pub(super) found: Option<f64>,
    /// Whether it reaches that. What could not be measured does not.
    pub(super) reached: bool,
}

impl FromStr for Least {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        let (name, least) = text.split_once('=').ok_or("give a figure and a number, as in top1=0.6")?;
        let name = name.trim();
        // Of the others less is better, so that they have no least.
        let figure =
            Figure::named(name).filter(|figure| figure.more_is_better()).ok_or_else(|| unknown(name))?;
        let least = least.trim().parse().ok().filter(|least| (0.0..=1.0).contains(least));
        let least = least.ok_or_else(|| format!("{name} needs a number from 0 to 1, as in {name}=0.6"))?;
        Ok(Self { figure, least })
    }
}

fn unknown(name: &str) -> String {
    let known: Vec<&str> = Figure::ALL
        .into_iter()
        .filter(|figure| figure.more_is_better())
        .map(berika_evaluate::Figure::name)
        .collect();
    format!("there is no figure {name:?}; known are {}", known.join(", "))
}

/// Holds the figures of a cell against what they must reach.
pub(super) fn hold(least: &[Least], cell: &CurvePoint) -> Vec<Held> {
    let hold = |&Least { figure, least }: &Least| {
        let found = cell.figures.get(&figure).map(|spread| spread.mean);
        Held { figure, least, found, reached: found.is_some_and(|found| found >= least) }
    };
    least.iter().map(hold).collect()
}

impl fmt::Display for Held {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (name, least) = (self.figure.name(), self.least);
        match self.found {
            Some(found) if self.reached => write!(f, "{name} is {found:.4}, at least {least} as asked for"),
            Some(found) => write!(f, "{name} is {found:.4}, below {least}"),
            None => write!(f, "{name} was not measured, {least} is asked for: nothing was accepted"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use berika_evaluate::spread;

    #[test]
    fn a_figure_and_a_number_are_read_and_all_else_is_refused() {
        let read = |text: &str| text.parse::<Least>();
        assert_eq!(read("top1=0.6"), Ok(Least { figure: Figure::Top1, least: 0.6 }));
        assert_eq!(read(" coverage_at_95 = 1 "), Ok(Least { figure: Figure::CoverageAt95, least: 1.0 }));
        for text in ["accuracy=0.5", "ece=0.05"] {
            let refused = read(text).unwrap_err();
            assert!(refused.contains("known are top1, top3, top5") && !refused.contains("aurc"), "{refused}");
        }
        assert!(read("top1").unwrap_err().contains("top1=0.6"));
        for number in ["", "x", "-0.1", "1.5", "NaN", "60%"] {
            assert!(read(&format!("top1={number}")).unwrap_err().contains("from 0 to 1"), "{number}");
        }
    }

    #[test]
    fn a_figure_just_reached_is_enough_and_one_not_measured_is_not() {
        let figures = [(Figure::Top1, spread(&[0.5, 0.7]).unwrap())].into();
        let cell = CurvePoint { labels: 0, figures, runs: Vec::new() };
        let least = ["top1=0.6", "top1=0.61", "accepted_precision=0"].map(|text| text.parse().unwrap());
        let held = hold(&least, &cell);
        assert_eq!(held.iter().map(|held| held.reached).collect::<Vec<_>>(), [true, false, false]);
        assert_eq!(held[1].to_string(), "top1 is 0.6000, below 0.61");
        assert!(held[2].to_string().contains("nothing was accepted"));
    }
}
