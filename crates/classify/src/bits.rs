//! Numbers in JSON by their bits, for what must be read back as it was written: serde_json reads decimal fractions to the last
//! bit but one.

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// For `serialize_with`.
pub(crate) fn serialize<S: Serializer, const N: usize>(
    numbers: &[f64; N],
    serializer: S,
) -> Result<S::Ok, S::Error> {
    numbers.map(f64::to_bits).as_slice().serialize(serializer)
}

/// For `deserialize_with`.
pub(crate) fn deserialize<'de, D: Deserializer<'de>, const N: usize>(
    deserializer: D,
) -> Result<[f64; N], D::Error> {
    let bits = Vec::<u64>::deserialize(deserializer)?;
    let found = bits.len();
    let bits: [u64; N] =
        bits.try_into().map_err(|_| D::Error::custom(format_args!("{found} numbers instead of {N}")))?;
    Ok(bits.map(f64::from_bits))
}

/// For lists of any length.
pub(crate) mod list {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    /// For `serialize_with`.
    pub(crate) fn serialize<S: Serializer>(numbers: &[f64], serializer: S) -> Result<S::Ok, S::Error> {
        numbers.iter().map(|x| x.to_bits()).collect::<Vec<u64>>().serialize(serializer)
    }

    /// For `deserialize_with`.
    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<f64>, D::Error> {
        Ok(Vec::<u64>::deserialize(deserializer)?.into_iter().map(f64::from_bits).collect())
    }
}
