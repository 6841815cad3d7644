//! A vector of numbers that begins on a cache line.

use std::marker::PhantomData;
use std::ops::{Deref, DerefMut};

#[derive(Clone, Copy)]
#[repr(C, align(64))]
struct Line([u8; 64]);

mod sealed {
    pub trait Sealed {}
    impl Sealed for u16 {}
    impl Sealed for i8 {}
    impl Sealed for f32 {}
}

/// Plain numbers: any bytes are one, and zeros are 0. They cannot be added to, since [`Aligned`] rests on that.
///
/// ```compile_fail
/// impl berika_kernels::aligned::Number for bool {}
/// ```
pub trait Number: Copy + sealed::Sealed {}
impl Number for u16 {}
impl Number for i8 {}
impl Number for f32 {}

/// Zeroed at first, 64-byte aligned.
pub struct Aligned<T> {
    lines: Vec<Line>,
    /// Never more than the lines have room for.
    length: usize,
    of: PhantomData<T>,
}

impl<T: Number> Aligned<T> {
    /// `length` zeros.
    ///
    /// # Panics
    /// If so many bytes are more than there can be: "capacity overflow", as [`Vec`] says.
    #[must_use]
    pub fn zeroed(length: usize) -> Self {
        let Some(bytes) = length.checked_mul(size_of::<T>()) else { panic!("capacity overflow") };
        Self { lines: vec![Line([0; 64]); bytes.div_ceil(64)], length, of: PhantomData }
    }

    /// Makes it `length` numbers: those that are there, or any that were, or zeros.
    pub(crate) fn resize(&mut self, length: usize) {
        if length > self.lines.len() * 64 / size_of::<T>() {
            *self = Self::zeroed(length);
        }
        self.length = length;
    }
}

impl<T> Default for Aligned<T> {
    fn default() -> Self {
        Self { lines: Vec::new(), length: 0, of: PhantomData }
    }
}

impl<T: Number> Deref for Aligned<T> {
    type Target = [T];
    fn deref(&self) -> &[T] {
        // SAFETY: the lines are initialised, hold at least `length` numbers and are aligned for any of them; any bytes are
        // one. No lines are a pointer that is aligned and not null, which is all that no numbers need.
        unsafe { std::slice::from_raw_parts(self.lines.as_ptr().cast(), self.length) }
    }
}

impl<T: Number> DerefMut for Aligned<T> {
    fn deref_mut(&mut self) -> &mut [T] {
        // SAFETY: as in `deref`; the borrow of the lines is exclusive, and whatever numbers are written leave bytes.
        unsafe { std::slice::from_raw_parts_mut(self.lines.as_mut_ptr().cast(), self.length) }
    }
}
