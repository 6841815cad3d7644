//! kernels
#![allow(unsafe_code)]
mod activation;
pub mod aligned;
#[cfg(target_arch = "x86_64")]
mod amx;
pub mod bf16;
mod cpu;
mod dispatch;
pub mod epilogue;
pub mod f32;
pub mod int8;
pub mod lanes;
mod math;
pub mod attention;
pub mod rows;
pub use activation::Activation;
pub use cpu::Cpu;
