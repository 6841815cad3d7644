//! What training came to as bytes, and back: a line with the hash of the rest, a line of JSON, then the machine's weights as
//! little-endian half precision and the shapes of what belongs as single precision.

use berika_catalog::Digest;
use serde::{Deserialize, Serialize};

use super::Trained;
use crate::belonging::{Belonging, Known};
use crate::calibration::Calibration;
use crate::evidence::CrossFitted;
use crate::lexical::LEXICAL_DIMENSIONS;
use crate::machine::Machine;
use crate::stack::Weights;

/// Raised when older bytes can no longer be read.
const FORM: u32 = 2;

/// Why bytes are no training of this classifier's: it is trained anew.
#[derive(Debug, thiserror::Error)]
pub enum TrainedBytesError {
    /// Not what was written, or cut off.
    #[error("a stored training of {bytes} bytes is not what was written")]
    Damaged {
        /// How many there are.
        bytes: usize,
    },
    /// The line of JSON.
    #[error("the head of a stored training cannot be read")]
    Head(#[from] serde_json::Error),
    /// Too few or too many bytes, or of another form.
    #[error(
        "a stored training is of form {form} and has {bytes} bytes of weights, which is not what its head says"
    )]
    Shape {
        /// Its form.
        form: u32,
        /// Bytes after the head.
        bytes: usize,
    },
}

/// The line of JSON.
#[derive(Serialize, Deserialize)]
struct Head {
    form: u32,
    /// Slots and dimensions of the machine; `None` where there is none.
    machine: Option<(usize, usize)>,
    weights: Weights,
    calibration: Calibration,
    cross_fitted: Vec<CrossFitted>,
    /// One per shape.
    belonging: Vec<Known>,
}

impl Trained {
    /// The bytes that [`Self::from_bytes`] reads. Weights are kept in sixteen bits, which they were rounded to.
    ///
    /// # Errors
    /// If a number is none: no training comes to that.
    pub fn to_bytes(&self) -> Result<Vec<u8>, TrainedBytesError> {
        let head = Head {
            form: FORM,
            machine: self.machine.as_ref().map(|m| (m.stride(), m.dense.first().map_or(0, Vec::len))),
            weights: self.weights,
            calibration: self.calibration,
            cross_fitted: self.cross_fitted.clone(),
            belonging: self.belonging.iter().map(|belonging| belonging.known.clone()).collect(),
        };
        let mut rest = serde_json::to_vec(&head)?;
        rest.push(b'\n');
        if let Some(machine) = &self.machine {
            let weights = machine.dense.iter().flatten().chain(&machine.lexical).chain(&machine.constant);
            rest.extend(weights.flat_map(|&x| half::f16::from_f32(x).to_le_bytes()));
        }
        let shapes = self.belonging.iter().flat_map(|belonging| &belonging.shape);
        rest.extend(shapes.flat_map(|x| x.to_le_bytes()));
        Ok([Digest::of_bytes(&rest).as_str().as_bytes(), b"\n", &rest].concat())
    }

    /// Reads what [`Self::to_bytes`] wrote, for a classifier of so many categories and dimensions.
    ///
    /// # Errors
    /// [`TrainedBytesError`]: train anew.
    pub fn from_bytes(bytes: &[u8], categories: usize, dimensions: usize) -> Result<Self, TrainedBytesError> {
        let (hash, bytes) = line(bytes);
        if hash != Digest::of_bytes(bytes).as_str().as_bytes() {
            return Err(TrainedBytesError::Damaged { bytes: bytes.len() });
        }
        let (head, rest) = line(bytes);
        let head: Head = serde_json::from_slice(head)?;
        let wrong = || TrainedBytesError::Shape { form: head.form, bytes: rest.len() };
        if head.form != FORM {
            return Err(wrong());
        }
        let shape = Belonging::shape_len(dimensions);
        let shapes = head.belonging.len().checked_mul(4 * shape);
        let weights = shapes.and_then(|shapes| rest.len().checked_sub(shapes)).ok_or_else(wrong)?;
        let (rest, shapes) = rest.split_at(weights);
        let machine = match head.machine {
            None if rest.is_empty() => None,
            None => return Err(wrong()),
            Some((slots, width)) => {
                // One slot more where decisions say "none of ours".
                let fits = (slots == categories || slots == categories + 1) && width == dimensions;
                if !fits || rest.len() != 2 * slots * (width + LEXICAL_DIMENSIONS + 1) {
                    return Err(wrong());
                }
                let mut weights =
                    rest.as_chunks::<2>().0.iter().map(|&pair| half::f16::from_le_bytes(pair).to_f32());
                let dense = (0..slots).map(|_| weights.by_ref().take(width).collect()).collect();
                let lexical = weights.by_ref().take(slots * LEXICAL_DIMENSIONS).collect();
                Some(Machine { dense, lexical, constant: weights.collect() })
            }
        };
        let Head { weights, calibration, cross_fitted, belonging, .. } = head;
        let mut numbers = shapes.as_chunks::<4>().0.iter().map(|&four| f32::from_le_bytes(four));
        let belonging = belonging
            .into_iter()
            .map(|known| Belonging { known, shape: numbers.by_ref().take(shape).collect() })
            .collect();
        Ok(Self { machine, weights, calibration, cross_fitted, belonging })
    }
}

/// The first line, and what follows it.
fn line(bytes: &[u8]) -> (&[u8], &[u8]) {
    let end = bytes.iter().position(|&byte| byte == b'\n').unwrap_or(bytes.len());
    (&bytes[..end], bytes.get(end + 1..).unwrap_or_default())
}
