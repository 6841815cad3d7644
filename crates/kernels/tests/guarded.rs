//! Kernels read their rows and nothing beside them: rows lie against a page that cannot be read, first with their end, then with
//! their beginning. A sanitiser does not see what assembly reads, the processor does.
#![cfg(target_os = "linux")]
#![expect(unsafe_code, reason = "pages that cannot be read are got from the system")]

use berika_kernels::epilogue::Plain;
use berika_kernels::{Cpu, attention, bf16, f32, int8, rows};
use std::ffi::{c_int, c_long, c_void};

unsafe extern "C" {
    fn mmap(
        at: *mut c_void,
        length: usize,
        access: c_int,
        flags: c_int,
        file: c_int,
        offset: c_long,
    ) -> *mut c_void;
    fn mprotect(at: *mut c_void, length: usize, access: c_int) -> c_int;
    fn munmap(at: *mut c_void, length: usize) -> c_int;
}

/// Large enough for every system's page.
const PAGE: usize = 65536;

/// Memory between two pages that cannot be touched.
struct Guarded {
    pages: *mut c_void,
    whole: usize,
}

/// At which of the two pages numbers lie.
#[derive(Clone, Copy)]
enum Side {
    Begin,
    End,
}

impl Guarded {
    fn with_room(bytes: usize) -> Self {
        const READ_WRITE: c_int = 1 | 2;
        const PRIVATE_ANONYMOUS: c_int = 2 | 0x20;
        let whole = bytes.next_multiple_of(PAGE) + 2 * PAGE;
        // SAFETY: new memory anywhere; then its middle, which is whole pages, is opened.
        unsafe {
            let pages = mmap(std::ptr::null_mut(), whole, 0, PRIVATE_ANONYMOUS, -1, 0);
            assert_ne!(pages.addr(), usize::MAX, "memory is to be had");
            assert_eq!(mprotect(pages.byte_add(PAGE), whole - 2 * PAGE, READ_WRITE), 0);
            Self { pages, whole }
        }
    }

    /// A copy of `xs` against one of the pages.
    fn hold<T: Copy>(&mut self, xs: &[T], side: Side) -> &mut [T] {
        let room = self.whole - 2 * PAGE;
        assert!(size_of_val(xs) <= room);
        let from = match side {
            Side::Begin => PAGE,
            Side::End => PAGE + room - size_of_val(xs),
        };
        // SAFETY: the range is within the open pages, aligned because they and the size are, zeroed or written, and borrowed
        // from `self` as long as the slice lives.
        let held = unsafe { std::slice::from_raw_parts_mut(self.pages.byte_add(from).cast(), xs.len()) };
        held.copy_from_slice(xs);
        held
    }
}

impl Drop for Guarded {
    fn drop(&mut self) {
        // SAFETY: what was mapped, which nothing borrows any more.
        assert_eq!(unsafe { munmap(self.pages, self.whole) }, 0);
    }
}

fn processors() -> Vec<Cpu> {
    let all = Cpu::detected();
    let no_tiles = Cpu { amx_bf16: false, amx_int8: false, ..all };
    let avx2 = Cpu { avx2: all.avx2, ..Cpu::PORTABLE };
    let mut processors = vec![Cpu::PORTABLE, avx2, Cpu { avx_vnni: true, ..avx2 }, no_tiles, all];
    processors.dedup();
    processors
}

const ROWS: [usize; 8] = [0, 1, 8, 15, 16, 17, 32, 33];
const INPUTS: [usize; 7] = [1, 31, 32, 33, 63, 64, 65];

fn each(mut work: impl FnMut(Cpu, usize, usize, usize, Side)) {
    for cpu in processors() {
        for rows in ROWS {
            for inputs in INPUTS {
                for outputs in [1, 33] {
                    for side in [Side::Begin, Side::End] {
                        work(cpu, rows, inputs, outputs, side);
                    }
                }
            }
        }
    }
}

#[test]
fn f32_products_read_their_rows_only() {
    let [mut xs, mut out] = [1 << 17, 1 << 17].map(Guarded::with_room);
    each(|cpu, rows, inputs, outputs, side| {
        let weights = f32::Weights::pack(&vec![1.0; outputs * inputs], outputs, inputs);
        let xs = xs.hold(&vec![1.0; rows.next_multiple_of(f32::ROWS) * inputs], side);
        let out = out.hold(&vec![0.0; rows * outputs], side);
        f32::product(cpu, xs, rows, &weights, &mut Plain { bias: &vec![0.0; outputs], out });
        assert!(out.iter().all(|y| *y == inputs as std::primitive::f32));
    });
}

#[test]
fn bf16_products_read_their_rows_only() {
    let [mut ones, mut xs, mut out] = [1 << 17, 1 << 17, 1 << 17].map(Guarded::with_room);
    each(|cpu, rows, inputs, outputs, side| {
        let weights = bf16::Weights::pack(&vec![1.0; outputs * inputs], outputs, inputs);
        let ones = ones.hold(&vec![1.0; rows * inputs], side);
        let xs = xs.hold(&vec![0u16; rows.next_multiple_of(bf16::ROWS) * weights.width()], side);
        let out = out.hold(&vec![0.0; rows * outputs], side);
        rows::round_to_bf16(cpu, ones, inputs, weights.width(), xs);
        bf16::product(cpu, xs, rows, &weights, &mut Plain { bias: &vec![0.0; outputs], out });
        assert!(out.iter().all(|y| *y == inputs as std::primitive::f32));
    });
}

#[test]
fn int8_products_read_their_rows_only() {
    let [mut ones, mut xs, mut scales, mut zeros, mut out] = [1 << 17; 5].map(Guarded::with_room);
    each(|cpu, rows, inputs, outputs, side| {
        let weights = int8::Weights::pack(&vec![127.0; outputs * inputs], outputs, inputs);
        let ones = ones.hold(&vec![255.0; rows * inputs], side);
        let numbers = xs.hold(&vec![0i8; rows.next_multiple_of(int8::ROWS) * weights.width()], side);
        let (scales, out) = (scales.hold(&vec![0.0; rows], side), out.hold(&vec![0.0; rows * outputs], side));
        let zeros = zeros.hold(&vec![0; rows], side);
        int8::round_rows(cpu, ones, (inputs, weights.width()), numbers, scales, zeros);
        let xs = int8::Rows { numbers, scales, zeros };
        int8::product(cpu, xs, rows, &weights, &mut Plain { bias: &vec![0.0; outputs], out });
        assert!(out.iter().all(|y| *y == (255 * 127 * inputs) as std::primitive::f32));
    });
}

#[test]
fn what_stands_between_products_reads_its_rows_only() {
    let [mut qkv, mut out] = [1 << 17, 1 << 17].map(Guarded::with_room);
    let mut scratch = attention::Scratch::default();
    for (cpu, side) in processors().into_iter().flat_map(|cpu| [(cpu, Side::Begin), (cpu, Side::End)]) {
        for (length, size, bf16) in
            [(1, 1, false), (5, 16, false), (7, 31, true), (33, 32, true), (17, 33, false), (117, 33, true)]
        {
            let qkv = qkv.hold(&vec![1.0; length * 3 * 2 * size], side);
            let out = out.hold(&vec![0.0; length * 2 * size], side);
            attention::attend(
                cpu,
                qkv,
                &[length],
                attention::Heads { count: 2, size, bf16 },
                0..length,
                &mut scratch,
                out,
            );
            assert!(
                out.iter().all(|y: &std::primitive::f32| (y - 1.0).abs() < if bf16 { 2e-4 } else { 1e-5 })
            );
            let (weight, shift) = (vec![1.0; size], vec![0.5; size]);
            let norm = rows::Norm { weight: &weight, shift: &shift, epsilon: 1e-6 };
            rows::add_and_normalise(cpu, out, &qkv[..length * 2 * size], norm);
            assert!(out.iter().all(|y| (y - 0.5).abs() < 0.1));
        }
    }
}
