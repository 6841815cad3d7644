//! Caps on everything that is read, so that no file takes the machine down.

/// What a delivery may cost. The defaults hold for any real feed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of the file after unpacking. Reaching it refuses the whole delivery.
    pub unpacked_bytes: u64,
    /// Bytes of a workbook's parts after unpacking: its shared strings are held in memory.
    pub workbook_bytes: u64,
    /// Rows. The row after the last one allowed ends the delivery with an error.
    pub rows: u64,
    /// Columns of a table.
    pub columns: usize,
    /// Bytes of one value. A longer one loses its row, no other.
    pub cell_bytes: usize,
    /// Bytes of one row or item as it stands in the file: what is held in memory at once. A larger one ends the
    /// delivery with an error, because where it ends cannot be known (a quote that is never closed).
    pub row_bytes: u64,
    /// Bytes of rows that wait for further rows of their product, where these stand apart. Reaching it refuses the
    /// whole delivery.
    pub gathered_bytes: usize,
    /// How deep XML elements may nest.
    pub depth: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            unpacked_bytes: 8 << 30,
            workbook_bytes: 512 << 20,
            rows: 20_000_000,
            columns: 20_000,
            cell_bytes: 1 << 20,
            row_bytes: 64 << 20,
            gathered_bytes: 128 << 20,
            depth: 100,
        }
    }
}
