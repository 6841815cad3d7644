//! The members of a gzip file, one behind the other, and the zeros that fill up the last block of some.

use std::io::{self, BufRead, Read};

use flate2::bufread::GzDecoder;

pub(super) struct Members<R> {
    /// Nothing behind the last.
    member: Option<GzDecoder<R>>,
}

impl<R: BufRead> Members<R> {
    pub(super) fn new(source: R) -> Self {
        Self { member: Some(GzDecoder::new(source)) }
    }
}

impl<R: BufRead> Read for Members<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while let Some(member) = &mut self.member {
            let read = member.read(buffer)?;
            if read > 0 || buffer.is_empty() {
                return Ok(read);
            }
            let Some(mut source) = self.member.take().map(GzDecoder::into_inner) else { break };
            if goes_on(&mut source)? {
                self.member = Some(GzDecoder::new(source));
            }
        }
        Ok(0)
    }
}

/// Whether a further member follows. Zeros may stand behind the last, but nothing behind the zeros.
fn goes_on(source: &mut impl BufRead) -> io::Result<bool> {
    let mut padded = false;
    loop {
        let rest = source.fill_buf()?;
        if rest.is_empty() {
            return Ok(false);
        }
        let zeros = rest.iter().take_while(|byte| **byte == 0).count();
        let is_data = zeros < rest.len();
        padded |= zeros > 0;
        match (is_data, padded) {
            (true, false) => return Ok(true),
            (true, true) => return Err(io::Error::other("data stands behind the zeros at the end")),
            (false, _) => source.consume(zeros),
        }
    }
}
