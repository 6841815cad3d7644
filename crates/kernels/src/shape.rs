//! Sizes that are checked before a kernel relies on them. Sums and products that do not fit a `usize` are never met by a slice.

/// How long a matrix of `outputs` by `inputs` is once packed, in whole panels of `columns` and rows of `width`.
///
/// # Panics
/// If the matrix has no number, or not `numbers` of them.
pub(crate) fn packed(
    numbers: usize,
    (outputs, inputs): (usize, usize),
    (columns, width): (usize, usize),
) -> usize {
    assert!(
        numbers > 0 && outputs.checked_mul(inputs) == Some(numbers),
        "a matrix of {outputs} by {inputs}, at least 1 by 1, has another size than {numbers}"
    );
    outputs.div_ceil(columns).saturating_mul(columns).saturating_mul(inputs.div_ceil(width) * width)
}

/// Whether `length` numbers are `rows` of `width`, in whole blocks.
pub(crate) fn holds_blocks(length: usize, rows: usize, block: usize, width: usize) -> bool {
    length >= rows.div_ceil(block).saturating_mul(block).saturating_mul(width)
}

/// Whether `length` numbers are `rows` of `width`.
pub(crate) fn holds(length: usize, rows: usize, width: usize) -> bool {
    holds_blocks(length, rows, 1, width)
}

/// How many rows of `inputs` numbers `xs` holds, for which there is room in `room` numbers, each `width` behind the last.
///
/// # Panics
/// If there is not, or if `xs` are not whole rows.
pub(crate) fn rows_for(xs: usize, (inputs, width): (usize, usize), room: usize) -> usize {
    let fits = inputs > 0 && xs.is_multiple_of(inputs) && width >= inputs && holds(room, xs / inputs, width);
    assert!(
        fits,
        "whole rows and room for each: {xs} numbers in rows of {inputs}, room for {room} in rows of {width}"
    );
    xs / inputs
}
