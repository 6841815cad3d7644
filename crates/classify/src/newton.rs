//! The minimum of a smooth convex function of a few numbers, by Newton's method.

/// Value, gradient and Hessian (row by row) at a point.
pub(crate) struct Bend<const N: usize> {
    pub(crate) value: f64,
    pub(crate) gradient: [f64; N],
    pub(crate) hessian: [[f64; N]; N],
}

impl<const N: usize> Bend<N> {
    /// The pull of `weight · |x - at|²`, to which the rest is added.
    pub(crate) fn towards(at: &[f64; N], x: &[f64; N], weight: &[f64; N]) -> Self {
        let mut bend = Self { value: 0.0, gradient: [0.0; N], hessian: [[0.0; N]; N] };
        for k in 0..N {
            let off = x[k] - at[k];
            bend.value += weight[k] * off * off;
            bend.gradient[k] = 2.0 * weight[k] * off;
            bend.hessian[k][k] = 2.0 * weight[k];
        }
        bend
    }
}

/// Minimises `function` from `start`; halves a step that does not lead down.
pub(crate) fn minimise<const N: usize>(start: [f64; N], function: impl Fn(&[f64; N]) -> Bend<N>) -> [f64; N] {
    const STEPS: usize = 50;
    const HALVINGS: usize = 30;
    let mut x = start;
    let mut here = function(&x);
    for _ in 0..STEPS {
        let Some(step) = solve(here.hessian, here.gradient) else { break };
        let mut share = 1.0;
        let mut better = None;
        for _ in 0..HALVINGS {
            let next: [f64; N] = std::array::from_fn(|k| x[k] - share * step[k]);
            let there = function(&next);
            if there.value < here.value {
                better = Some((next, there));
                break;
            }
            share /= 2.0;
        }
        let Some((next, there)) = better else { break };
        let gain = here.value - there.value;
        (x, here) = (next, there);
        if gain < 1e-9 * (1.0 + here.value.abs()) {
            break;
        }
    }
    x
}

/// Solves `matrix · x = right` for a positive definite matrix; `None` where it is not.
fn solve<const N: usize>(mut matrix: [[f64; N]; N], mut right: [f64; N]) -> Option<[f64; N]> {
    for k in 0..N {
        let pivot = matrix[k][k];
        if !pivot.is_finite() || pivot <= 1e-300 {
            return None;
        }
        for row in k + 1..N {
            let factor = matrix[row][k] / pivot;
            let above = matrix[k];
            for (x, y) in matrix[row][k..].iter_mut().zip(&above[k..]) {
                *x -= factor * y;
            }
            right[row] -= factor * right[k];
        }
    }
    for k in (0..N).rev() {
        let known: f64 = (k + 1..N).map(|column| matrix[k][column] * right[column]).sum();
        right[k] = (right[k] - known) / matrix[k][k];
    }
    Some(right)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_bottom_of_a_bowl() {
        // (x - 3)^2 + (y + 1)^4 + xy / 10, whose gradient must vanish.
        let function = |p: &[f64; 2]| {
            let (x, y) = (p[0], p[1]);
            Bend {
                value: (x - 3.0).powi(2) + (y + 1.0).powi(4) + x * y / 10.0 + y * y / 10.0,
                gradient: [2.0 * (x - 3.0) + y / 10.0, 4.0 * (y + 1.0).powi(3) + x / 10.0 + y / 5.0],
                hessian: [[2.0, 0.1], [0.1, 12.0 * (y + 1.0).powi(2) + 0.2]],
            }
        };
        let at = minimise([10.0, 10.0], function);
        assert!(function(&at).gradient.iter().all(|g| g.abs() < 1e-3), "{at:?}");
    }
}
