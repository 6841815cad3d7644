//! From the vectors of a text's tokens to one unit vector.

/// How the tokens of a text become one vector.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Pooling {
    /// The mean over the text's own tokens.
    Mean,
    /// The first token.
    Cls,
    /// The largest value of each number over the text's own tokens.
    Max,
}

impl Pooling {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Mean => "mean",
            Self::Cls => "cls",
            Self::Max => "max",
        }
    }

    /// Pools `tokens` (row-major, one row of `out.len()` numbers a token, no padding, at least one row) into `out`.
    pub(crate) fn pool(self, tokens: &[f32], out: &mut [f32]) {
        let mut rows = tokens.chunks_exact(out.len());
        let Some(first) = rows.next() else { return };
        out.copy_from_slice(first);
        match self {
            Self::Cls => {}
            Self::Mean => {
                let count = (tokens.len() / out.len()) as f32;
                for row in rows {
                    out.iter_mut().zip(row).for_each(|(o, x)| *o += x);
                }
                out.iter_mut().for_each(|o| *o /= count);
            }
            Self::Max => {
                for row in rows {
                    out.iter_mut().zip(row).for_each(|(o, x)| *o = o.max(*x));
                }
            }
        }
    }
}

/// Scales to length one. `false` (and unchanged) if the vector has no direction.
pub(crate) fn normalise(vector: &mut [f32]) -> bool {
    let norm = vector.iter().map(|&x| f64::from(x) * f64::from(x)).sum::<f64>().sqrt();
    if !norm.is_finite() || norm < 1e-12 {
        return false;
    }
    vector.iter_mut().for_each(|x| *x = (f64::from(*x) / norm) as f32);
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pooled(pooling: Pooling) -> Vec<f32> {
        let mut out = vec![9.0; 2];
        pooling.pool(&[1.0, -1.0, 3.0, -5.0, 2.0, 0.0], &mut out);
        out
    }

    #[test]
    fn each_mode_pools_as_its_name_says() {
        assert_eq!(pooled(Pooling::Mean), [2.0, -2.0]);
        assert_eq!(pooled(Pooling::Cls), [1.0, -1.0]);
        assert_eq!(pooled(Pooling::Max), [3.0, 0.0]);
    }

    #[test]
    fn normalising_gives_length_one_or_says_no() {
        let mut vector = [3.0, 4.0];
        assert!(normalise(&mut vector));
        assert_eq!(vector, [0.6, 0.8]);
        assert!(!normalise(&mut [0.0, 0.0]));
        assert!(!normalise(&mut [f32::NAN, 1.0]));
    }
}
