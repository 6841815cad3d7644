//! Rotary positions: each pair of numbers of a head turned by an angle that grows with the token's position.

use crate::settings::Pairs;

/// How the heads of a layer are turned.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Rotation {
    pairs: Pairs,
    /// The angle of each pair for one position.
    steps: Vec<f64>,
}

impl Rotation {
    /// `factors` divide the angle of each pair, where the model has them.
    pub(crate) fn new(width: usize, pairs: Pairs, base: f32, scale: f32, factors: Option<&[f32]>) -> Self {
        let step = |pair: usize| {
            let factor = factors.map_or(1.0, |factors| f64::from(factors[pair]));
            f64::from(base).powf(-2.0 * pair as f64 / width as f64) / f64::from(scale) / factor
        };
        Self { pairs, steps: (0..width / 2).map(step).collect() }
    }

    /// Cosine and sine for each pair at a position.
    pub(crate) fn angles(&self, position: usize) -> impl Iterator<Item = f32> + '_ {
        self.steps.iter().flat_map(move |step| {
            let (sine, cosine) = (step * position as f64).sin_cos();
            [cosine as f32, sine as f32]
        })
    }

    /// Turns a head by what [`Self::angles`] gave.
    pub(crate) fn turn(&self, head: &mut [f32], angles: &[f32]) {
        let half = head.len() / 2;
        for (pair, angle) in angles.as_chunks::<2>().0.iter().enumerate() {
            let [cosine, sine] = *angle;
            let (a, b) = match self.pairs {
                Pairs::Adjacent => (pair * 2, pair * 2 + 1),
                Pairs::Halves => (pair, pair + half),
            };
            let (x, y) = (head[a], head[b]);
            head[a] = x * cosine - y * sine;
            head[b] = x * sine + y * cosine;
        }
    }
}
