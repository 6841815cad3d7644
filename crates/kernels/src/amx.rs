//! Tiles (Intel AMX): asking for them and setting them up. The kernels that use them are in `bf16` and `int8`.
//!
//! A tile is a register of up to 16 rows of 64 bytes. Linux hands them out on request only, once for the whole process.

use std::arch::asm;
use std::arch::x86_64::{__cpuid, __cpuid_count};

/// Whether the processor has tile products of bfloat16 and of 8-bit integers.
pub(crate) fn extensions() -> (bool, bool) {
    if __cpuid(0).eax < 7 {
        return (false, false);
    }
    let edx = __cpuid_count(7, 0).edx;
    let tiles = edx & (1 << 24) != 0;
    (tiles && edx & (1 << 22) != 0, tiles && edx & (1 << 25) != 0)
}

/// Asks the kernel for the use of tiles, for this process and all its threads. False where it has none to give.
#[cfg(target_os = "linux")]
pub(crate) fn granted() -> bool {
    const ARCH_PRCTL: i64 = 158;
    const REQUEST_COMPONENT: u64 = 0x1023;
    const TILE_DATA: u64 = 18;
    if extensions() == (false, false) {
        return false;
    }
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
pub(crate) fn granted() -> bool {
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

/// This thread's tiles, set up for full 16 by 64 bytes until dropped.
pub(crate) struct Tiles(());

impl Tiles {
    /// # Safety
    /// [`granted`] must have said yes.
    pub(crate) unsafe fn configure() -> Self {
        static CONFIGURATION: Configuration = FULL_TILES;
        // SAFETY: the caller vouches for the processor; the configuration is 64 bytes in the documented form.
        unsafe {
            asm!("ldtilecfg [{}]", in(reg) &raw const CONFIGURATION, options(nostack, readonly, preserves_flags));
        }
        Self(())
    }
}

impl Drop for Tiles {
    fn drop(&mut self) {
        // SAFETY: tiles were configured, so the processor has them. Nothing holds a value in them between two calls.
        unsafe { asm!("tilerelease", options(nostack, nomem, preserves_flags)) };
    }
}
