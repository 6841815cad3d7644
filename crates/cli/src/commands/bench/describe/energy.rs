//! What the processor used, where the system tells.

use std::path::Path;

/// Linux's counter of the first processor package, in microjoules; it begins anew at its end.
const COUNTER: &str = "/sys/class/powercap/intel-rapl:0";

/// A reading at the beginning.
pub(super) struct EnergyMeter(Option<u64>);

impl EnergyMeter {
    pub(super) fn begin() -> Self {
        Self(read("energy_uj"))
    }

    /// What was used since the beginning, by everything on the machine, in watt-hours; `None` where the machine does not
    /// tell.
    pub(super) fn watt_hours(&self) -> Option<f64> {
        let (begin, end) = (self.0?, read("energy_uj")?);
        let spent = if end >= begin { end - begin } else { read("max_energy_range_uj")? - begin + end };
        Some(spent as f64 / 3.6e9)
    }
}

fn read(name: &str) -> Option<u64> {
    std::fs::read_to_string(Path::new(COUNTER).join(name)).ok()?.trim().parse().ok()
}
