//! A vector of numbers that begins on a cache line.

use std::ops::{Deref, DerefMut};

#[derive(Clone, Copy)]
#[repr(C, align(64))]
struct Line([u8; 64]);

/// Plain numbers that any bytes are valid for.
pub trait Number: Copy {}
impl Number for u16 {}
impl Number for i8 {}
impl Number for f32 {}

/// Zeroed at first, 64-byte aligned.
pub struct Aligned<T> {
    lines: Vec<Line>,
    length: usize,
    of: std::marker::PhantomData<T>,
}

impl<T: Number> Aligned<T> {
    /// `length` zeros.
    #[must_use]
    pub fn zeroed(length: usize) -> Self {
        let lines = (length * size_of::<T>()).div_ceil(64);
        Self { lines: vec![Line([0; 64]); lines], length, of: std::marker::PhantomData }
    }
}

impl<T: Number> Deref for Aligned<T> {
    type Target = [T];
    fn deref(&self) -> &[T] {
        // SAFETY: the lines hold at least `length` numbers, are aligned for any of them, and any bytes are one.
        unsafe { std::slice::from_raw_parts(self.lines.as_ptr().cast(), self.length) }
    }
}

impl<T: Number> DerefMut for Aligned<T> {
    fn deref_mut(&mut self) -> &mut [T] {
        // SAFETY: as above, and the borrow is exclusive.
        unsafe { std::slice::from_raw_parts_mut(self.lines.as_mut_ptr().cast(), self.length) }
    }
}
