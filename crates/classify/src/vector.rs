//! The few vector operations that building and ranking share. Sums run in one fixed order.

/// Makes `vector` one long. A vector that is zero, tiny or holds a value that is no number becomes zero, and `false`
/// is returned: it points nowhere.
pub(crate) fn normalise(vector: &mut [f32]) -> bool {
    // Far below what differs between two texts, far above the rounding of a difference of unit vectors.
    const SHORTEST: f64 = 1e-6;
    let length = vector.iter().map(|&x| f64::from(x) * f64::from(x)).sum::<f64>().sqrt();
    if !length.is_finite() || length < SHORTEST {
        vector.fill(0.0);
        return false;
    }
    for x in vector {
        *x = (f64::from(*x) / length) as f32;
    }
    true
}

/// Whether the vector can be used at all: finite, and not zero.
pub(crate) fn usable(vector: &[f32]) -> bool {
    vector.iter().all(|x| x.is_finite()) && vector.iter().any(|&x| x != 0.0)
}

/// `vector - centre`, one long; zero where that points nowhere.
pub(crate) fn centred(vector: &[f32], centre: &[f32]) -> Vec<f32> {
    let mut difference: Vec<f32> = vector.iter().zip(centre).map(|(x, c)| x - c).collect();
    normalise(&mut difference);
    difference
}

/// How far `vector`, made one long, is from `centre`, in units of the root of `spread`.
pub(crate) fn apart(vector: &[f32], centre: &[f32], spread: f64) -> Option<f32> {
    let mut unit = vector.to_vec();
    if !normalise(&mut unit) {
        return None;
    }
    let squared: f64 = unit.iter().zip(centre).map(|(x, c)| f64::from(x - c) * f64::from(x - c)).sum();
    Some((squared / spread).sqrt() as f32)
}

/// The scalar product.
pub(crate) fn dot(left: &[f32], right: &[f32]) -> f32 {
    left.iter().zip(right).map(|(a, b)| a * b).sum()
}

/// The scalar product summed in lanes, which is several times quicker and differs from [`dot`] in the last bits. The
/// order of sums is fixed all the same.
pub(crate) fn quick_dot(left: &[f32], right: &[f32]) -> f32 {
    const LANES: usize = 16;
    let (left, left_rest) = left.as_chunks::<LANES>();
    let (right, right_rest) = right.as_chunks::<LANES>();
    let mut sums = [0.0_f32; LANES];
    for (left, right) in left.iter().zip(right) {
        for ((sum, a), b) in sums.iter_mut().zip(left).zip(right) {
            *sum += a * b;
        }
    }
    sums.iter().sum::<f32>() + dot(left_rest, right_rest)
}

/// Adds up vectors in double precision.
#[derive(Debug, Clone)]
pub(crate) struct Sum(Vec<f64>);

impl Sum {
    pub(crate) fn new(dimensions: usize) -> Self {
        Self(vec![0.0; dimensions])
    }

    pub(crate) fn add(&mut self, vector: &[f32], weight: f64) {
        for (sum, &x) in self.0.iter_mut().zip(vector) {
            *sum += weight * f64::from(x);
        }
    }

    pub(crate) fn scaled(&self, factor: f64) -> Vec<f32> {
        self.0.iter().map(|&x| (x * factor) as f32).collect()
    }

    pub(crate) fn normalised(&self) -> Vec<f32> {
        let mut vector = self.scaled(1.0);
        normalise(&mut vector);
        vector
    }
}
