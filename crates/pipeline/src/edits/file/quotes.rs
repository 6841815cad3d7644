//! Where the quotes of delimited text go wrong: a reader reads on, and takes rows for a part of a value.

/// The quotes that are not as they should be.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Faults {
    /// The line of the quote that is never closed.
    pub(super) unclosed: Option<u64>,
    /// Where cells go on behind their closing quotes: the first such byte of each row, ascending.
    pub(super) stray: Vec<u64>,
}

enum Cell {
    Begins,
    Plain,
    Quoted,
    /// Behind a quote that closes the cell, unless another stands behind it.
    Closed,
}

impl Faults {
    /// Goes through a file. A quote within a cell that does not begin with one is a character as any other: 5" is an
    /// inch.
    pub(super) fn of(content: &[u8], delimiter: u8) -> Self {
        let mut faults = Self::default();
        let (mut cell, mut line, mut opened, mut told) = (Cell::Begins, 1, 0, false);
        for (at, byte) in content.iter().enumerate() {
            let ends = *byte == delimiter || matches!(byte, b'\r' | b'\n');
            cell = match (cell, byte) {
                (Cell::Begins, b'"') => {
                    opened = line;
                    Cell::Quoted
                }
                (Cell::Quoted, b'"') => Cell::Closed,
                (Cell::Closed, b'"') | (Cell::Quoted, _) => Cell::Quoted,
                (Cell::Begins | Cell::Plain | Cell::Closed, _) if ends => {
                    told &= *byte == delimiter;
                    Cell::Begins
                }
                (Cell::Closed, _) => {
                    if !told {
                        faults.stray.push(at as u64);
                    }
                    told = true;
                    Cell::Plain
                }
                (Cell::Begins | Cell::Plain, _) => Cell::Plain,
            };
            line += u64::from(*byte == b'\n');
        }
        faults.unclosed = matches!(cell, Cell::Quoted).then_some(opened);
        faults
    }

    /// Whether a cell goes on behind its closing quote between these bytes.
    pub(super) fn within(&self, from: u64, to: u64) -> bool {
        let first = self.stray.partition_point(|at| *at < from);
        self.stray.get(first).is_some_and(|at| *at < to)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quote_is_closed_and_nothing_stands_behind_it() {
        let of = |text: &str| Faults::of(text.as_bytes(), b',');
        for fine in
            ["", "a,\"b\"", "a,\"b \"\"c\"\"\"\r\nd,\"\"\n", "5\" rör,a \"b\" c,x\"", "a,\"b\nc\",\"d\""]
        {
            assert_eq!(of(fine), Faults::default(), "{fine}");
        }
        assert_eq!(of("a\n\nb,\"c\nd,\"\"e\n").unclosed, Some(3));
        assert_eq!(of("a,\"").unclosed, Some(1));
        let stray = of("\"a\"\"b\"x\"c,\"d\"e\n\"f\" ,g\n");
        assert_eq!((stray.unclosed, stray.stray.as_slice()), (None, [6, 18].as_slice()));
        assert!(stray.within(0, 15) && stray.within(15, 22) && !stray.within(7, 18) && !stray.within(19, 99));
    }
}
