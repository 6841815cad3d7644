//! Stable hashes: they are part of stored classifiers and orders, so neither may change.

/// FNV-1a of the bytes.
pub(crate) fn fnv1a(bytes: impl IntoIterator<Item = u8>) -> u64 {
    let start = 0xcbf2_9ce4_8422_2325_u64;
    bytes.into_iter().fold(start, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3))
}

/// The bits of a number spread over all of them, as SplitMix64 does.
pub(crate) fn mixed(number: u64) -> u64 {
    let mut x = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
    x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    x ^ (x >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_values_stay() {
        // The offset basis, and FNV's own test vector for "foobar".
        assert_eq!((fnv1a([]), fnv1a(*b"foobar")), (0xcbf2_9ce4_8422_2325, 0x8594_4171_f739_67e8));
        // The first output of SplitMix64 seeded with 0.
        assert_eq!(mixed(0), 0xe220_a839_7b1d_cdaf);
    }
}
