//! Vectors as NumPy's `.npy`, format version 1.0 (numpy.lib.format).

use std::io::{self, Write};

use crate::Vectors;

/// Writes the vectors as little-endian float32 of shape `[len, dimension]`, C order.
///
/// # Errors
/// When the writer fails.
pub fn write_npy(mut out: impl Write, vectors: &Vectors) -> io::Result<()> {
    let mut header = format!(
        "{{'descr': '<f4', 'fortran_order': False, 'shape': ({}, {}), }}",
        vectors.len(),
        vectors.dimension()
    );
    // The data begins at a multiple of 64: magic (6), version (2), header length (2), header, newline.
    let unpadded = 10 + header.len() + 1;
    header.extend(std::iter::repeat_n(' ', unpadded.next_multiple_of(64) - unpadded));
    header.push('\n');
    let length = u16::try_from(header.len()).map_err(io::Error::other)?;
    out.write_all(b"\x93NUMPY\x01\x00")?;
    out.write_all(&length.to_le_bytes())?;
    out.write_all(header.as_bytes())?;
    let mut bytes = Vec::with_capacity(vectors.dimension() * 4);
    for row in vectors.rows() {
        bytes.clear();
        bytes.extend(row.iter().flat_map(|x| x.to_le_bytes()));
        out.write_all(&bytes)?;
    }
    out.flush()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writes_the_bytes_that_numpy_writes() {
        let vectors = Vectors::new(3, vec![1.0, -2.5, 0.0, 4.0, 5.0, 6.0]).unwrap();
        let mut out = Vec::new();
        write_npy(&mut out, &vectors).unwrap();
        assert_eq!(&out[..10], b"\x93NUMPY\x01\x00\x76\x00");
        let header = std::str::from_utf8(&out[10..128]).unwrap();
        assert_eq!(header.trim_end(), "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }");
        assert!(header.ends_with('\n'));
        assert_eq!(&out[128..136], [0, 0, 0x80, 0x3f, 0, 0, 0x20, 0xc0]);
        assert_eq!(out.len(), 128 + 6 * 4);
    }

    #[test]
    fn no_vectors_are_a_valid_file() {
        let mut out = Vec::new();
        write_npy(&mut out, &Vectors::new(384, Vec::new()).unwrap()).unwrap();
        assert_eq!(out.len(), 128);
        assert!(String::from_utf8_lossy(&out).contains("'shape': (0, 384)"));
    }
}
