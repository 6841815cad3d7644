//! The numbers' work of the encoder, as fast as the processor allows: matrix products in f32, bfloat16 and 8-bit integers, and
//! what stands between them. Knows no model.
//!
//! Everything takes a [`Cpu`], what of the processor may be used, and is there twice: in the processor's own instructions and as a
//! portable twin, the reference that tests compare with (`tests/twins.rs`). Results are the same on any number of threads, since
//! nothing here starts one.
//!
//! | | x86-64 | aarch64 | everywhere |
//! |---|---|---|---|
//! | [`mod@f32`] | AVX-512, AVX2 | | portable |
//! | [`bf16`] | AMX, AVX-512 BF16 | | portable |
//! | [`int8`] | AMX, AVX-512 VNNI, AVX-VNNI, AVX2 | NEON dot products | portable |
//! | between them | AVX-512, AVX2 | | portable |
//!
//! On aarch64 f32, bfloat16 and what stands between are the portable twins, as the compiler makes vectors of them. Nothing was
//! timed there.
//!
//! # Safety
//! Every public function is safe: it is sound for all arguments, and panics as its documentation says. What the unsafe code
//! within rests on:
//!
//! **Instructions that a processor may lack.** A [`Cpu`] is a wish. Kernels are chosen in four places, `product` of each precision
//! and `dispatch`, all by `Cpu::here`, which keeps of the wish only what the processor names and the operating system saves on a
//! switch of threads. A kernel is a function with `#[target_feature]`, so calling it is unsafe anywhere else. The types of
//! `lanes`, whose methods are instructions of one processor, cannot be named outside, and here only `dispatch` and the kernels do.
//!
//! **Pointers over rows and panels.** Sizes are compared first, in `shape`, with products that do not wrap round. A kernel takes
//! each block of rows and each panel as a slice of exactly the size that its loop walks over; a wrong shape panics there. What is
//! written goes through slices. Aligned loads are of packed weights only, which begin on a cache line and whose panels are
//! multiples of one.
//!
//! **Bytes as numbers.** [`aligned::Aligned`] sees cache lines as numbers that any bytes are valid for; nobody can add a type.
//!
//! **Tiles (AMX).** Compilers know none, so they are used in assembly that names all it changes, tiles and memory included.
//! - They belong to a thread. A guard that cannot leave its thread sets them up before a product and releases them after it, also
//!   when it panics. Between, only this crate's code runs, as nobody can add an [`epilogue`]: of that none but the product itself
//!   uses tiles, and compilers use none of their own, so sums may stay in tiles from one piece of assembly to the next. Products
//!   on other threads, in a signal's handler or after a fork are no concern: the kernel saves tiles on a switch, sets them aside
//!   for a handler and gives a child that forks none.
//! - They are used only if the processor names them in the size that we set up, XCR0 says that the operating system saves them,
//!   and Linux grants them. It is asked once, by `arch_prctl(ARCH_REQ_XCOMP_PERM)`, at the first [`Cpu::detected`] and only where
//!   the processor has tiles. The grant is for the whole process, its later threads and the children that it forks, and cannot be
//!   given back: from then on a stack for signals must have room for 8 KiB more. Where a sandbox answers with an error there are
//!   no tiles and the next kernel serves; one that ends the process on that call ends it.
//! - The first use on a thread makes Linux find room for them. Where there is none left it ends the process.
//!
//! AddressSanitizer sees all but the assembly; for that, tests lay rows against pages that cannot be read
//! (`tests/guarded.rs`).

#![expect(
    unsafe_code,
    reason = "instructions that only some processors have; nowhere else in Berika is there any"
)]

#[cfg(all(target_arch = "x86_64", not(target_pointer_width = "64")))]
compile_error!("the assembly for x86-64 takes pointers of 64 bits");

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
