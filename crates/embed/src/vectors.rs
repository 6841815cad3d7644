//! Vectors of one dimension in one row-major block.

/// `len()` vectors of `dimension()` numbers each, one after another.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Vectors {
    dimension: usize,
    data: Vec<f32>,
}

impl Vectors {
    /// Takes a row-major block. `None` if its length is no multiple of the dimension.
    #[must_use]
    pub fn new(dimension: usize, data: Vec<f32>) -> Option<Self> {
        let whole = if dimension == 0 { data.is_empty() } else { data.len().is_multiple_of(dimension) };
        whole.then_some(Self { dimension, data })
    }

    /// Numbers in each vector.
    #[must_use]
    pub fn dimension(&self) -> usize {
        self.dimension
    }

    /// How many vectors there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.data.len().checked_div(self.dimension).unwrap_or(0)
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.data.is_empty()
    }

    /// The vector at `row`, from 0.
    ///
    /// # Panics
    /// If there is no such row.
    #[must_use]
    pub fn row(&self, row: usize) -> &[f32] {
        &self.data[row * self.dimension..(row + 1) * self.dimension]
    }

    /// The vectors in order.
    pub fn rows(&self) -> impl ExactSizeIterator<Item = &[f32]> {
        self.data.chunks_exact(self.dimension.max(1))
    }

    /// The whole block, row-major.
    #[must_use]
    pub fn as_slice(&self) -> &[f32] {
        &self.data
    }

    /// The whole block, row-major, without a copy.
    #[must_use]
    pub fn into_vec(self) -> Vec<f32> {
        self.data
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_come_back_in_order() {
        let vectors = Vectors::new(2, vec![1.0, 2.0, 3.0, 4.0]).unwrap();
        assert_eq!((vectors.len(), vectors.row(1)), (2, [3.0, 4.0].as_slice()));
        assert_eq!(vectors.rows().map(|r| r[0]).collect::<Vec<_>>(), [1.0, 3.0]);
    }

    #[test]
    fn a_ragged_block_is_refused() {
        assert!(Vectors::new(2, vec![1.0, 2.0, 3.0]).is_none());
        assert!(Vectors::new(0, vec![1.0]).is_none());
        assert!(Vectors::new(3, vec![]).unwrap().is_empty());
    }
}
