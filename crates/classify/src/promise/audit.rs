//! Audits: a random share of what would be accepted goes to a person instead, and a running test watches what they say.

use berika_catalog::Digest;

use super::Promise;
use super::binomial::lower_bound;

/// The share of automatic products that are audited: between the most, while nothing is proved, and the least.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct AuditShare {
    /// While the audits alone do not prove the promise.
    pub most: f64,
    /// However much is proved.
    pub least: f64,
}

impl Default for AuditShare {
    fn default() -> Self {
        Self { most: 0.10, least: 0.01 }
    }
}

/// Error rates, as multiples of what the promise allows, that the test bets on. It notices others too, only later.
const BETS: [f64; 5] = [1.5, 2.0, 3.0, 5.0, 8.0];

/// The audits since automatic accepting last began, in the order in which they were decided.
///
/// The test is one of betting: against "each audit is wrong with a chance of at most 0.05, whatever came before" a
/// fortune of 1 is staked, divided over error rates ([`BETS`]) and over when the trouble began (a share of `1/(s(s+1))`
/// waits for audit `s`, so that a long good time does not hide a later bad one). While the promise holds the fortune is a
/// supermartingale, and by Ville's inequality it ever reaches `1/risk` with a chance of at most the risk: it may be looked
/// at after every audit, for ever.
#[derive(Debug, Clone, PartialEq)]
pub struct Audits {
    promise: Promise,
    count: u64,
    wrong: u64,
    /// What each bet has come to.
    staked: [f64; BETS.len()],
    highest: f64,
}

impl Audits {
    /// None so far.
    pub fn new(promise: Promise) -> Self {
        Self { promise, count: 0, wrong: 0, staked: [0.0; BETS.len()], highest: 1.0 }
    }

    /// One more.
    pub fn add(&mut self, right: bool) {
        self.count += 1;
        self.wrong += u64::from(!right);
        let allowed = self.promise.wrong();
        let count = self.count as f64;
        let joins = 1.0 / (count * (count + 1.0)) / BETS.len() as f64;
        for (staked, bet) in self.staked.iter_mut().zip(BETS) {
            let rate = (allowed * bet).min(f64::midpoint(allowed, 1.0));
            let odds = if right { (1.0 - rate) / (1.0 - allowed) } else { rate / allowed };
            *staked = (*staked + joins) * odds;
        }
        self.highest = self.highest.max(self.fortune());
    }

    /// How many.
    pub fn count(&self) -> u64 {
        self.count
    }

    /// Of these, wrong.
    pub fn wrong(&self) -> u64 {
        self.wrong
    }

    /// What the stake of 1 has come to.
    pub fn fortune(&self) -> f64 {
        self.staked.iter().sum::<f64>() + 1.0 / (self.count as f64 + 1.0)
    }

    /// Whether the audits have broken the promise, now or at any time before: an alarm stays.
    pub fn broken(&self) -> bool {
        self.highest >= 1.0 / self.promise.risk()
    }

    /// The share to audit. The most, until the audits alone prove the promise (45 flawless ones at 0.95); from there it
    /// falls as they become more, a tenth at ten times as many, so that each further audit costs more products to come
    /// by; and the most again whenever mistakes take the proof away.
    pub fn share(&self, share: AuditShare) -> f64 {
        let right = self.count - self.wrong;
        if self.count == 0 || lower_bound(right, self.count, self.promise.risk()) < self.promise.share() {
            return share.most;
        }
        let proved = self.promise.least_trials() as f64 / self.count as f64;
        (share.most * proved).clamp(share.least.min(share.most), share.most)
    }
}

/// Whether a product is drawn for audit at this share. It follows from the product and the seed alone: a product that is
/// drawn stays drawn until it is decided, however often it is judged, and one drawn at a share is drawn at every larger.
pub fn drawn(key: &str, seed: &str, share: f64) -> bool {
    let digest = Digest::of_parts(["audit", seed, key]);
    // 52 bits: exact in an f64, and always below 1.
    let place = u64::from_str_radix(&digest.as_str()[..13], 16).unwrap_or_default() as f64 / 2_f64.powi(52);
    place < share
}
