//! In which precision vectors are computed: the one place that decides.
//!
//! Vectors of two precisions are never compared, and `auto` would be another one on another machine. So what `auto` comes
//! to is written into the store before the first vector, and holds from then on wherever the store is worked on.

use std::fmt;
use std::str::FromStr;

use berika_embed::{Cpu, Precision, UnknownPrecision};
use serde::Deserialize;

/// `model.precision`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub enum PrecisionSetting {
    /// What the store has; where it has none yet, what is fastest on this machine.
    Auto,
    /// This one.
    Fixed(Precision),
}

impl FromStr for PrecisionSetting {
    type Err = UnknownSetting;

    fn from_str(word: &str) -> Result<Self, UnknownSetting> {
        match word {
            "auto" => Ok(Self::Auto),
            word => Ok(Self::Fixed(word.parse()?)),
        }
    }
}

impl TryFrom<String> for PrecisionSetting {
    type Error = UnknownSetting;

    fn try_from(word: String) -> Result<Self, UnknownSetting> {
        word.parse()
    }
}

/// A word that names no setting of the precision.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}; or auto")]
pub struct UnknownSetting(#[from] UnknownPrecision);

/// The precision that holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ChosenPrecision {
    /// What is computed in.
    pub precision: Precision,
    /// Where it comes from.
    pub origin: PrecisionOrigin,
}

/// Where a precision comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PrecisionOrigin {
    /// The configuration names it.
    Configured,
    /// The store's vectors are in it.
    Recorded,
    /// It is the fastest on this machine, and the store has none yet.
    Machine,
}

impl ChosenPrecision {
    /// What holds where `setting` is configured and `recorded` is what the store has.
    ///
    /// # Errors
    /// If the recorded word is none that this program knows.
    pub fn of(setting: PrecisionSetting, recorded: Option<&str>, cpu: Cpu) -> Result<Self, UnknownPrecision> {
        let (precision, origin) = match (setting, recorded) {
            (PrecisionSetting::Fixed(precision), _) => (precision, PrecisionOrigin::Configured),
            (PrecisionSetting::Auto, Some(word)) => (word.parse()?, PrecisionOrigin::Recorded),
            (PrecisionSetting::Auto, None) => (Precision::fastest(cpu), PrecisionOrigin::Machine),
        };
        Ok(Self { precision, origin })
    }

    /// What to say where it takes the place of another one that the store has.
    pub fn replacement(&self, recorded: Option<&str>) -> Option<String> {
        let recorded = recorded.filter(|recorded| *recorded != self.precision.as_str())?;
        Some(format!(
            "model.precision = \"{}\" takes the place of {recorded}, which the store's vectors are computed in: texts of \
             categories and of products that are still open are embedded anew",
            self.precision
        ))
    }

    /// What to say where `cpu` has no instructions for it: that it is slow, and what to set.
    pub fn warning(&self, cpu: Cpu) -> Option<String> {
        if self.precision.has_instructions(cpu) {
            return None;
        }
        let Self { precision, origin } = self;
        let fastest = Precision::fastest(cpu);
        Some(format!(
            "this processor has no instructions for {precision} ({origin}), which is slow here: run on a machine that has \
             them, or set model.precision = \"{fastest}\", which embeds anew what is still worked on"
        ))
    }
}

impl fmt::Display for PrecisionOrigin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Configured => "as configured",
            Self::Recorded => "as recorded in the store",
            Self::Machine => "the fastest here, not recorded yet",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TILES: Cpu = Cpu { amx_bf16: true, avx512_bf16: true, avx512: true, avx2: true, ..Cpu::PORTABLE };

    fn chosen(setting: &str, recorded: Option<&str>, cpu: Cpu) -> (Precision, PrecisionOrigin) {
        let ChosenPrecision { precision, origin } =
            ChosenPrecision::of(setting.parse().unwrap(), recorded, cpu).unwrap();
        (precision, origin)
    }

    #[test]
    fn auto_is_the_machines_once_and_the_stores_ever_after() {
        use PrecisionOrigin::{Configured, Machine, Recorded};
        assert_eq!(chosen("auto", None, TILES), (Precision::Bf16, Machine));
        assert_eq!(chosen("auto", None, Cpu::PORTABLE), (Precision::F32, Machine));
        assert_eq!(chosen("auto", Some("bf16"), Cpu::PORTABLE), (Precision::Bf16, Recorded));
        assert_eq!(chosen("int8", Some("bf16"), TILES), (Precision::Int8, Configured));
        assert!(ChosenPrecision::of(PrecisionSetting::Auto, Some("f8"), TILES).is_err());
    }

    #[test]
    fn only_a_machine_without_the_instructions_is_warned_of() {
        let recorded = ChosenPrecision { precision: Precision::Bf16, origin: PrecisionOrigin::Recorded };
        assert_eq!(recorded.warning(TILES), None);
        let warning = recorded.warning(Cpu { avx2: true, ..Cpu::PORTABLE }).unwrap();
        for part in ["bf16", "as recorded in the store", "slow here", "model.precision = \"f32\""] {
            assert!(warning.contains(part), "{part}: {warning}");
        }
    }

    #[test]
    fn another_precision_than_the_recorded_one_is_named_with_it() {
        let named = ChosenPrecision { precision: Precision::F32, origin: PrecisionOrigin::Configured };
        assert_eq!((named.replacement(None), named.replacement(Some("f32"))), (None, None));
        let warning = named.replacement(Some("bf16")).unwrap();
        for part in ["model.precision = \"f32\"", "bf16", "embedded anew"] {
            assert!(warning.contains(part), "{part}: {warning}");
        }
    }

    #[test]
    fn a_wrong_word_is_answered_with_the_right_ones() {
        let message = "fp16".parse::<PrecisionSetting>().unwrap_err().to_string();
        assert_eq!(message, r#""fp16" is no precision of this build: f32, bf16, int8; or auto"#);
    }
}
