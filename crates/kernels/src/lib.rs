//! The numbers' work of the encoder, as fast as the processor allows: matrix products in f32, bfloat16 and 8-bit integers, and
//! what stands between them. Knows no model.
//!
//! Everything takes a [`Cpu`], what of the processor may be used, and is there twice: in the processor's own instructions and as a
//! portable twin, the reference that tests compare with (`tests/twins.rs`).

#![expect(
    unsafe_code,
    reason = "instructions that only some processors have; nowhere else in Berika is there any"
)]

mod activation;
pub mod aligned;
#[cfg(target_arch = "x86_64")]
mod amx;
pub mod attention;
pub mod bf16;
mod cpu;
mod dispatch;
pub mod epilogue;
pub mod f32;
pub mod int8;
mod lanes;
mod math;
pub mod rows;
mod shape;

pub use activation::Activation;
pub use cpu::Cpu;
