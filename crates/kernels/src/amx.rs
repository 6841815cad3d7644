//! Tiles (Intel AMX): whether there are any, and setting them up. The kernels that use them are in `bf16` and `int8`.
//!
//! A tile is a register of up to 16 rows of 64 bytes. Linux hands them out on request only, once for the whole process.
//! Source: Intel's Architectures Software Developer's Manual, volume 1, chapter 18; Linux, Documentation/arch/x86/xstate.rst.

use std::arch::asm;
use std::arch::x86_64::{__cpuid, __cpuid_count, _xgetbv};
use std::marker::PhantomData;

/// Whether tile products of bfloat16, and of 8-bit integers, may be used.
pub(crate) fn extensions() -> (bool, bool) {
    let none = (false, false);
    if __cpuid(0).eax < 0x1d {
        return none;
    }
    let has = |bit: u32| __cpuid_count(7, 0).edx & (1 << bit) != 0;
    if !has(24) || !are_full_size() || !are_saved() || !granted() {
        return none;
    }
    (has(22), has(25))
}

/// Whether there are eight tiles of 16 rows of 64 bytes, as [`FULL_TILES`] asks for.
fn are_full_size() -> bool {
    let palette = __cpuid_count(0x1d, 1);
    let (row, tiles, rows) = (palette.ebx & 0xffff, palette.ebx >> 16, palette.ecx & 0xffff);
    __cpuid_count(0x1d, 0).eax >= 1 && (row, tiles, rows) == (64, 8, 16)
}

/// Whether the operating system saves tiles (bits 17 and 18 of XCR0) when it takes the processor from a thread.
fn are_saved() -> bool {
    const TILES: u64 = 0b11 << 17;
    let readable = __cpuid(1).ecx & (1 << 27) != 0;
    // SAFETY: bit 27 (OSXSAVE) says that the operating system allows the instruction; register 0 is always there.
    readable && unsafe { _xgetbv(0) } & TILES == TILES
}

/// Asks the kernel for the use of tiles, for this process and all its threads. False where it has none to give: before Linux
/// 5.16, where a filter of system calls answers for it, and where a thread's stack for signals is too small for the tiles.
#[cfg(target_os = "linux")]
fn granted() -> bool {
    const ARCH_PRCTL: i64 = 158;
    const REQUEST_COMPONENT: u64 = 0x1023;
    const TILE_DATA: u64 = 18;
    let answer: i64;
    // SAFETY: the call takes two numbers and no pointer; it allows a register state and changes no memory. A system call
    // overwrites rcx and r11, which are named.
    unsafe {
        asm!(
            "syscall",
            inlateout("rax") ARCH_PRCTL => answer,
            in("rdi") REQUEST_COMPONENT,
            in("rsi") TILE_DATA,
            lateout("rcx") _,
            lateout("r11") _,
            options(nostack),
        );
    }
    answer == 0
}

#[cfg(not(target_os = "linux"))]
fn granted() -> bool {
    false
}

/// Eight tiles of 16 rows of 64 bytes, in the form the processor loads (palette 1).
#[repr(C, align(64))]
struct Configuration {
    palette: u8,
    start_row: u8,
    reserved: [u8; 14],
    bytes_of_row: [u16; 16],
    rows: [u8; 16],
}

const FULL_TILES: Configuration = {
    let (mut bytes_of_row, mut rows) = ([0; 16], [0; 16]);
    let mut at = 0;
    while at < 8 {
        bytes_of_row[at] = 64;
        rows[at] = 16;
        at += 1;
    }
    Configuration { palette: 1, start_row: 0, reserved: [0; 14], bytes_of_row, rows }
};

/// This thread's tiles, set up for full 16 by 64 bytes until dropped, also by a panic. It stays on its thread.
pub(crate) struct Tiles(PhantomData<*mut ()>);

impl Tiles {
    /// Nothing else may use tiles on this thread until the value is dropped: a second one would end the first.
    ///
    /// # Safety
    /// [`extensions`] named one.
    pub(crate) unsafe fn configure() -> Self {
        static CONFIGURATION: Configuration = FULL_TILES;
        // SAFETY: the caller vouches for the processor and the operating system. The configuration is the 64 bytes that are
        // read, in the documented form; the tiles, which become zeros, are named.
        unsafe {
            asm!(
                "ldtilecfg [{}]",
                in(reg) &raw const CONFIGURATION,
                out("tmm0") _, out("tmm1") _, out("tmm2") _, out("tmm3") _,
                out("tmm4") _, out("tmm5") _, out("tmm6") _, out("tmm7") _,
                options(nostack, readonly, preserves_flags),
            );
        }
        Self(PhantomData)
    }
}

impl Drop for Tiles {
    fn drop(&mut self) {
        // SAFETY: tiles were configured on this thread, so the processor has them. Nobody waits for what is in them any more; no
        // memory is touched.
        unsafe {
            asm!(
                "tilerelease",
                out("tmm0") _, out("tmm1") _, out("tmm2") _, out("tmm3") _,
                out("tmm4") _, out("tmm5") _, out("tmm6") _, out("tmm7") _,
                options(nostack, nomem, preserves_flags),
            );
        }
    }
}
