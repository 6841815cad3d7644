//! Shares of deliveries, and whether a difference between two is more than chance.

/// How many standard deviations are no chance. Real feeds vary more than coins do, so it is a lot.
pub(super) const SURE: f64 = 5.0;

/// So many of so many.
#[derive(Debug, Clone, Copy)]
pub(super) struct Share {
    pub(super) count: u64,
    pub(super) of: u64,
}

impl Share {
    pub(super) fn new(count: u64, of: u64) -> Self {
        Self { count: count.min(of), of }
    }

    pub(super) fn value(self) -> f64 {
        if self.of == 0 { 0.0 } else { self.count as f64 / self.of as f64 }
    }

    /// Never quite 0 or 1: a small delivery in which none has a fault says little of the next.
    fn cautious(self) -> f64 {
        (self.count as f64 + 1.0) / (self.of as f64 + 2.0)
    }
}

/// What a share usually is.
#[derive(Debug, Clone, Copy)]
pub(super) struct Usual {
    pub(super) median: f64,
    cautious: f64,
    spread: f64,
    of: f64,
}

impl Usual {
    /// `None` where nothing is known.
    pub(super) fn of(shares: impl IntoIterator<Item = Share>) -> Option<Self> {
        let shares: Vec<Share> = shares.into_iter().filter(|share| share.of > 0).collect();
        let values: Vec<f64> = shares.iter().map(|share| share.value()).collect();
        let centre = median(&values)?;
        let distances: Vec<f64> = values.iter().map(|value| (value - centre).abs()).collect();
        let sizes: Vec<f64> = shares.iter().map(|share| share.of as f64).collect();
        let cautious: Vec<f64> = shares.iter().map(|share| share.cautious()).collect();
        /// The standard deviation of normal values over their median distance from the median.
        const NORMAL: f64 = 1.4826;
        Some(Self {
            median: centre,
            cautious: median(&cautious)?,
            spread: NORMAL * median(&distances)?,
            of: median(&sizes)?,
        })
    }

    /// Whether `now` lies further from it than `deviations` of what chance and this supplier's habit explain.
    pub(super) fn is_left_by(&self, now: Share, deviations: f64) -> bool {
        if now.of == 0 {
            return false;
        }
        let (of, p) = (now.of as f64, self.cautious);
        let chance = (p * (1.0 - p) * (1.0 / of + 1.0 / self.of)).sqrt();
        (now.value() - self.median).abs() > deviations * chance.max(self.spread)
    }
}

/// The middle value, or the mean of the two in the middle.
pub(super) fn median(values: &[f64]) -> Option<f64> {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let middle = sorted.len() / 2;
    match sorted.len() {
        0 => None,
        n if n % 2 == 1 => Some(sorted[middle]),
        _ => Some(f64::midpoint(sorted[middle - 1], sorted[middle])),
    }
}

/// `12 %`, `0.4 %`: a person's percentage.
pub(super) fn percent(share: f64) -> String {
    let percent = share * 100.0;
    if percent > 0.0 && percent < 0.95 {
        format!("{percent:.1} %")
    } else if percent > 99.0 && percent < 100.0 {
        "99 %".to_owned()
    } else {
        format!("{percent:.0} %")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_small_delivery_needs_more_to_be_unusual() {
        let usual = Usual::of([Share::new(10, 10)]).unwrap();
        assert!(!usual.is_left_by(Share::new(6, 10), SURE));
        assert!(usual.is_left_by(Share::new(0, 10), SURE));
        let usual = Usual::of([Share::new(1_000, 1_000)]).unwrap();
        assert!(usual.is_left_by(Share::new(960, 1_000), SURE));
    }

    #[test]
    fn a_supplier_that_varies_may() {
        let usual = Usual::of([20, 80, 35, 65, 50].map(|count| Share::new(count * 10, 1_000))).unwrap();
        assert!(!usual.is_left_by(Share::new(100, 1_000), SURE));
    }

    #[test]
    fn percentages_are_never_rounded_to_none_or_all() {
        for (share, text) in [(0.0, "0 %"), (0.004, "0.4 %"), (0.12, "12 %"), (0.999, "99 %"), (1.0, "100 %")]
        {
            assert_eq!(percent(share), text);
        }
    }
}
