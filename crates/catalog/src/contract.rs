//! What is usual of a supplier's deliveries, and what of a new one is not.
//!
//! A [`Profile`] says in a few hundred numbers what a delivery is like. [`judge`] compares a new one with those of the
//! deliveries taken in before: what a person must look at first is a [`Breach`], what is merely new is a note. Profiles
//! are gathered while a delivery is read anyway, by [`Profiler`], in memory that does not grow with it.
//!
//! What is not here: reading deliveries, remembering profiles, and holding what breaks its contract.

mod broken;
mod known;
mod mix;
mod prices;
mod profile;
mod rules;
mod sample;
mod share;

use serde::{Deserialize, Serialize};

pub use known::{Known, KnownProduct, PriceRatio};
pub use profile::{Field, Prices, Profile, Profiler, Reading};
pub use rules::judge;
pub use sample::Sample;

/// How many earlier deliveries a new one is compared with.
pub const DELIVERIES: usize = 8;

/// What a delivery is judged by.
#[derive(Debug, Clone, Copy)]
pub struct Terms<'a> {
    /// Whether it is the whole assortment.
    pub kind: crate::DeliveryKind,
    /// The share by which a full delivery may shrink.
    pub shrink_limit: f64,
    /// The deliveries taken in before by the same mapping, the latest first.
    pub earlier: &'a [Profile],
}

/// What judging a delivery came to.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Judgement {
    /// How many earlier deliveries it was compared with.
    pub learnt_from: usize,
    /// What a person must look at before it is taken in, the most telling first.
    pub breaches: Vec<Breach>,
    /// What is new and does no harm.
    pub notes: Vec<String>,
}

/// One way in which a delivery is not what its supplier's usually are.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Breach {
    /// Which rule it breaks.
    pub rule: Rule,
    /// What it breaks it in: a field, a currency; empty where the rule has one subject only.
    pub subject: String,
    /// How much, for comparing with what a person let through: a share, or the decimal logarithm of a factor.
    pub severity: f64,
    /// Why a person should look, in numbers.
    pub reason: String,
}

/// The rules of a contract.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Rule {
    /// Texts with broken characters.
    Encoding,
    /// A field that is filled in far fewer rows.
    Fill,
    /// Other article numbers.
    Keys,
    /// Another price level.
    PriceLevel,
    /// Other currencies.
    Currency,
    /// Other titles on the same article numbers.
    Titles,
    /// Another mix of the supplier's categories.
    Categories,
    /// Other languages.
    Languages,
    /// More refused rows.
    Refused,
    /// Fewer products.
    Shrunk,
    /// Many more products.
    Grown,
}

impl Judgement {
    /// One sentence on why the delivery is held; `None` where it is not, or where a person let all of this through.
    pub fn held(&self, accepted: &[Breach]) -> Option<String> {
        /// Sentences that a person reads at once.
        const MOST: usize = 3;
        let open: Vec<&Breach> = self.breaches.iter().filter(|breach| !breach.is_within(accepted)).collect();
        let reasons: Vec<&str> = open.iter().take(MOST).map(|breach| breach.reason.as_str()).collect();
        let more = open.len().saturating_sub(MOST);
        match (open.is_empty(), more) {
            (true, _) => None,
            (false, 0) => Some(reasons.join("; ")),
            (false, _) => Some(format!("{}; and {more} more", reasons.join("; "))),
        }
    }
}

impl Breach {
    /// Whether a person let as much of it through: a feed that carries the time of its making is never the same twice.
    fn is_within(&self, accepted: &[Breach]) -> bool {
        const SLACK: f64 = 0.02;
        accepted.iter().any(|known| {
            (known.rule, &known.subject) == (self.rule, &self.subject)
                && self.severity <= known.severity + SLACK
        })
    }
}
