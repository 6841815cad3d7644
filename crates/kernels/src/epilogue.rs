//! What becomes of a product's sums while they are still in the first cache.

use crate::activation::Activation;
use crate::lanes::{LANES, Lanes};
use crate::shape;

/// Columns of a block of sums.
pub const COLUMNS: usize = 32;

mod sealed {
    pub trait Sealed {}
    impl Sealed for super::Bare<'_> {}
    impl Sealed for super::Plain<'_> {}
    impl Sealed for super::Activated<'_> {}
    impl Sealed for super::ActivatedBf16<'_> {}
}

/// Takes finished sums, a few rows of 32 columns at a time.
///
/// There are no others than those of this module: they run within kernels, between two uses of the tiles, where code from
/// elsewhere could use tiles itself.
pub trait Epilogue: sealed::Sealed {
    /// Called first, with the size of what comes.
    ///
    /// # Panics
    /// If there is not one bias a column, or no room.
    #[doc(hidden)]
    fn expect(&self, rows: usize, columns: usize);

    /// Takes `sums`, which are columns `column..column + 32` of the rows from `row` on. Columns beyond the matrix's are zeros.
    /// Implementations are `#[inline(always)]`: they are compiled into each kernel.
    #[doc(hidden)]
    fn take<L: Lanes>(&mut self, row: usize, column: usize, sums: &[[f32; COLUMNS]]);
}

/// Keeps the sums as they are: `[rows, width]`, in whole panels of 32 columns.
pub(crate) struct Bare<'a> {
    pub(crate) width: usize,
    pub(crate) out: &'a mut [f32],
}

/// Adds the bias and keeps f32: `[rows, bias.len()]`.
#[derive(Debug)]
pub struct Plain<'a> {
    /// One a column.
    pub bias: &'a [f32],
    /// Where the rows go.
    pub out: &'a mut [f32],
}

/// Adds the bias, applies the activation and keeps f32: `[rows, bias.len()]`.
#[derive(Debug)]
pub struct Activated<'a> {
    /// One a column.
    pub bias: &'a [f32],
    /// What is applied.
    pub activation: Activation,
    /// Where the rows go.
    pub out: &'a mut [f32],
}

/// Adds the bias, applies the activation and rounds to bfloat16: `[rows, width]`.
#[derive(Debug)]
pub struct ActivatedBf16<'a> {
    /// One a column.
    pub bias: &'a [f32],
    /// What is applied.
    pub activation: Activation,
    /// Numbers from one row of `out` to the next; at least one a column. Up to the end of the last panel of 32 columns they are
    /// written as zeros, so that rows of a width for [`bf16::product`](crate::bf16::product) are all written.
    pub width: usize,
    /// Where the rows go.
    pub out: &'a mut [u16],
}

fn expect(bias: &[f32], out: usize, rows: usize, columns: usize, width: usize) {
    assert!(bias.len() == columns, "a bias for each of {columns} outputs, not {}", bias.len());
    assert!(width >= columns, "rows of at least {columns} numbers, not {width}");
    assert!(shape::holds(out, rows, width), "room for {rows} rows of {width} numbers, not {out}");
}

/// The bias of a panel's columns, zero beyond the matrix, and how many there are.
#[inline(always)]
fn of_panel(bias: &[f32], column: usize) -> ([f32; COLUMNS], usize) {
    let bias = &bias[column..];
    match bias.first_chunk::<COLUMNS>() {
        Some(bias) => (*bias, COLUMNS),
        None => {
            let mut padded = [0.0; COLUMNS];
            padded[..bias.len()].copy_from_slice(bias);
            (padded, bias.len())
        }
    }
}

/// A row of a panel with its bias, in two registers.
#[inline(always)]
fn biased<L: Lanes>(sums: &[f32; COLUMNS], bias: &[f32; COLUMNS]) -> [L; 2] {
    let (sums, bias) = (sums.as_chunks::<LANES>().0, bias.as_chunks::<LANES>().0);
    [L::load(&sums[0]).plus(L::load(&bias[0])), L::load(&sums[1]).plus(L::load(&bias[1]))]
}

/// The registers' first `out.len()` numbers to memory.
#[inline(always)]
fn write<L: Lanes>(out: &mut [f32], ys: [L; 2]) {
    match out.as_chunks_mut::<LANES>() {
        ([low, high], _) => {
            ys[0].store(low);
            ys[1].store(high);
        }
        ([low], rest) => {
            ys[0].store(low);
            ys[1].store_some(rest);
        }
        (_, rest) => ys[0].store_some(rest),
    }
}

impl Epilogue for Bare<'_> {
    fn expect(&self, rows: usize, columns: usize) {
        assert!(self.width >= columns.next_multiple_of(COLUMNS), "rows of whole panels");
        assert!(shape::holds(self.out.len(), rows, self.width), "room for {rows} rows");
    }

    #[inline(always)]
    fn take<L: Lanes>(&mut self, row: usize, column: usize, sums: &[[f32; COLUMNS]]) {
        for (at, sums) in sums.iter().enumerate() {
            let from = (row + at) * self.width + column;
            let sums = sums.as_chunks::<LANES>().0;
            write(&mut self.out[from..from + COLUMNS], [L::load(&sums[0]), L::load(&sums[1])]);
        }
    }
}

impl Epilogue for Plain<'_> {
    fn expect(&self, rows: usize, columns: usize) {
        expect(self.bias, self.out.len(), rows, columns, columns);
    }

    #[inline(always)]
    fn take<L: Lanes>(&mut self, row: usize, column: usize, sums: &[[f32; COLUMNS]]) {
        let (bias, columns) = of_panel(self.bias, column);
        for (at, sums) in sums.iter().enumerate() {
            let from = (row + at) * self.bias.len() + column;
            write(&mut self.out[from..from + columns], biased::<L>(sums, &bias));
        }
    }
}

impl Epilogue for Activated<'_> {
    fn expect(&self, rows: usize, columns: usize) {
        expect(self.bias, self.out.len(), rows, columns, columns);
    }

    #[inline(always)]
    fn take<L: Lanes>(&mut self, row: usize, column: usize, sums: &[[f32; COLUMNS]]) {
        let (bias, columns) = of_panel(self.bias, column);
        for (at, sums) in sums.iter().enumerate() {
            let [low, high] = biased::<L>(sums, &bias);
            let from = (row + at) * self.bias.len() + column;
            let ys = [self.activation.of(low), self.activation.of(high)];
            write(&mut self.out[from..from + columns], ys);
        }
    }
}

impl Epilogue for ActivatedBf16<'_> {
    fn expect(&self, rows: usize, columns: usize) {
        expect(self.bias, self.out.len(), rows, columns, self.width);
    }

    #[inline(always)]
    fn take<L: Lanes>(&mut self, row: usize, column: usize, sums: &[[f32; COLUMNS]]) {
        let (bias, _) = of_panel(self.bias, column);
        // Zeros beyond the matrix stay zeros through every activation.
        let columns = COLUMNS.min(self.width - column);
        for (at, sums) in sums.iter().enumerate() {
            let [low, high] = biased::<L>(sums, &bias);
            let [low, high] = [self.activation.coarsely_of(low), self.activation.coarsely_of(high)];
            let from = (row + at) * self.width + column;
            match self.out[from..from + columns].as_chunks_mut::<LANES>() {
                ([to_low, to_high], _) => {
                    low.store_bf16(to_low);
                    high.store_bf16(to_high);
                }
                (chunks, rest) => {
                    let mut ys = [[0; LANES]; 2];
                    low.store_bf16(&mut ys[0]);
                    high.store_bf16(&mut ys[1]);
                    let whole = chunks.len();
                    chunks.copy_from_slice(&ys[..whole]);
                    rest.copy_from_slice(&ys[whole.min(1)][..rest.len()]);
                }
            }
        }
    }
}
