//! How many labels the cells of a learning curve have.

use std::str::FromStr;

use anyhow::bail;

/// A number of labels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Labels {
    All,
    Some(usize),
}

impl FromStr for Labels {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        match text.trim() {
            "all" => Ok(Self::All),
            number => number.parse().map(Self::Some).map_err(|_| "give a number, or `all`".to_owned()),
        }
    }
}

/// The numbers of labels to measure with, ascending, each once; and a note where some of those asked for are left out,
/// being more than there are `rows` to learn from. A single number is cut to the rows instead.
///
/// # Errors
/// If none is left.
pub(super) fn counts(asked: &[Labels], rows: usize) -> anyhow::Result<(Vec<usize>, Option<String>)> {
    if let [one] = asked {
        let count = match one {
            Labels::All => rows,
            Labels::Some(count) => (*count).min(rows),
        };
        return Ok((vec![count], None));
    }
    let (mut counts, mut more) = (Vec::new(), Vec::new());
    for labels in asked {
        match labels {
            Labels::All => counts.push(rows),
            Labels::Some(count) if *count <= rows => counts.push(*count),
            Labels::Some(count) => more.push(count.to_string()),
        }
    }
    counts.sort_unstable();
    counts.dedup();
    if counts.is_empty() {
        bail!(
            "there are {rows} rows to learn from, fewer than each number of --labels; add `all`, or a smaller number"
        );
    }
    let note = format!("{} labels left out: there are {rows} rows to learn from", more.join(", "));
    Ok((counts, (!more.is_empty()).then_some(note)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_a_number_or_all() {
        assert_eq!("all".parse(), Ok(Labels::All));
        assert_eq!("300".parse(), Ok(Labels::Some(300)));
        assert!("-1".parse::<Labels>().is_err() && "".parse::<Labels>().is_err());
    }

    #[test]
    fn one_number_is_cut_to_the_rows_and_of_several_the_larger_ones_are_left_out() {
        assert_eq!(counts(&[Labels::Some(9)], 5).unwrap(), (vec![5], None));
        assert_eq!(counts(&[Labels::All], 5).unwrap(), (vec![5], None));
        let several = [9, 5, 0, 7].map(Labels::Some);
        let (kept, note) = counts(&several, 5).unwrap();
        assert_eq!(kept, [0, 5]);
        assert_eq!(note.unwrap(), "9, 7 labels left out: there are 5 rows to learn from");
        let whole = [Labels::All, Labels::Some(5), Labels::Some(0)];
        assert_eq!(counts(&whole, 5).unwrap(), (vec![0, 5], None));
        assert!(counts(&[8, 9].map(Labels::Some), 5).unwrap_err().to_string().contains("add `all`"));
    }
}
