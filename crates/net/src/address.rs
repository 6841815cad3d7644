//! Which addresses may be connected to.
//!
//! A feed URL or a webhook endpoint comes from configuration or from a customer, and DNS answers come from anyone.
//! Without a guard either could point Berika at the machine it runs on or at the network around it (server-side
//! request forgery). Only globally reachable unicast addresses pass; everything else needs an entry in the
//! allow-list. Ranges follow the IANA special-purpose address registries (RFC 6890 and its updates).

use ipnet::{IpNet, Ipv4Net, Ipv6Net};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::str::FromStr;
use url::{Host, Url};

/// Decides about single addresses. The default blocks everything that is not global unicast.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AddressPolicy {
    allowed: Vec<IpNet>,
}

impl AddressPolicy {
    /// Public addresses only.
    pub fn public_only() -> Self {
        Self::default()
    }

    /// Public addresses and the given exceptions, each an address (`127.0.0.1`, `::1`) or a range in CIDR notation
    /// (`10.20.0.0/16`). An IPv4 entry opens no IPv6 form of the same address.
    ///
    /// # Errors
    /// The first entry that is neither.
    pub fn allowing<I, S>(entries: I) -> Result<Self, InvalidAddressRange>
    where
        I: IntoIterator<Item = S>,
        S: AsRef<str>,
    {
        let allowed =
            entries.into_iter().map(|entry| parse_range(entry.as_ref())).collect::<Result<_, _>>()?;
        Ok(Self { allowed })
    }

    /// Whether this address may be connected to.
    ///
    /// # Errors
    /// [`BlockedAddress`], which says why and names the address.
    pub fn check(&self, address: IpAddr) -> Result<(), BlockedAddress> {
        if self.allowed.iter().any(|range| range.contains(&address)) {
            return Ok(());
        }
        match special_range(address) {
            Some(range) => Err(BlockedAddress { address, range }),
            None => Ok(()),
        }
    }

    /// Checks the host of a URL where it is a literal address. `url` has already normalised brackets, decimal, octal
    /// and hexadecimal forms (`http://2130706433/` is `127.0.0.1`). Names are checked when they are resolved.
    pub(crate) fn check_literal(&self, url: &Url) -> Result<(), BlockedAddress> {
        match url.host() {
            Some(Host::Ipv4(address)) => self.check(address.into()),
            Some(Host::Ipv6(address)) => self.check(address.into()),
            Some(Host::Domain(_)) | None => Ok(()),
        }
    }
}

/// An address that the policy does not permit.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("address {address} is blocked ({range}); if this is meant, add it to the allowed addresses")]
pub struct BlockedAddress {
    /// The address.
    pub address: IpAddr,
    /// What kind of address it is.
    pub range: &'static str,
}

/// An allow-list entry that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "allowed address {entry:?} is neither an IP address nor a range like 10.0.0.0/8 (names are not accepted)"
)]
pub struct InvalidAddressRange {
    /// The entry as given.
    pub entry: String,
}

fn parse_range(entry: &str) -> Result<IpNet, InvalidAddressRange> {
    let trimmed = entry.trim();
    IpAddr::from_str(trimmed)
        .map(IpNet::from)
        .or_else(|_| IpNet::from_str(trimmed))
        .map_err(|_| InvalidAddressRange { entry: entry.to_owned() })
}

fn special_range(address: IpAddr) -> Option<&'static str> {
    match address {
        IpAddr::V4(v4) => special_v4(v4),
        IpAddr::V6(v6) => special_v6(v6),
    }
}

fn special_v4(address: Ipv4Addr) -> Option<&'static str> {
    const fn net(a: u8, b: u8, c: u8, d: u8, length: u8) -> Ipv4Net {
        Ipv4Net::new_assert(Ipv4Addr::new(a, b, c, d), length)
    }
    // The first match names the reason, so single addresses stand before the ranges around them.
    const RANGES: [(Ipv4Net, &str); 18] = [
        (net(169, 254, 169, 254, 32), "cloud metadata"),
        (net(100, 100, 100, 200, 32), "cloud metadata"),
        (net(168, 63, 129, 16, 32), "cloud metadata"),
        (net(0, 0, 0, 0, 8), "unspecified"),
        (net(10, 0, 0, 0, 8), "private"),
        (net(100, 64, 0, 0, 10), "carrier-grade NAT"),
        (net(127, 0, 0, 0, 8), "loopback"),
        (net(169, 254, 0, 0, 16), "link-local"),
        (net(172, 16, 0, 0, 12), "private"),
        (net(192, 0, 0, 0, 24), "protocol assignments"),
        (net(192, 0, 2, 0, 24), "documentation"),
        (net(192, 88, 99, 0, 24), "6to4 relay"),
        (net(192, 168, 0, 0, 16), "private"),
        (net(198, 18, 0, 0, 15), "benchmarking"),
        (net(198, 51, 100, 0, 24), "documentation"),
        (net(203, 0, 113, 0, 24), "documentation"),
        (net(224, 0, 0, 0, 4), "multicast"),
        (net(240, 0, 0, 0, 4), "reserved"),
    ];
    RANGES.iter().find(|(range, _)| range.contains(&address)).map(|(_, name)| *name)
}

fn special_v6(address: Ipv6Addr) -> Option<&'static str> {
    const fn net(a: u16, b: u16, c: u16, length: u8) -> Ipv6Net {
        Ipv6Net::new_assert(Ipv6Addr::new(a, b, c, 0, 0, 0, 0, 0), length)
    }
    const RANGES: [(Ipv6Net, &str); 14] = [
        (net(0x64, 0xff9b, 0, 96), "NAT64"),
        (net(0x64, 0xff9b, 1, 48), "NAT64"),
        (net(0x100, 0, 0, 64), "discard"),
        (net(0x2001, 0, 0, 32), "Teredo"),
        (net(0x2001, 0, 0, 23), "protocol assignments"),
        (net(0x2001, 0xdb8, 0, 32), "documentation"),
        (net(0x2002, 0, 0, 16), "6to4"),
        (net(0x3fff, 0, 0, 20), "documentation"),
        (net(0x5f00, 0, 0, 16), "segment routing"),
        (net(0xfc00, 0, 0, 7), "unique local"),
        (net(0xfe80, 0, 0, 10), "link-local"),
        (net(0xfec0, 0, 0, 10), "site-local"),
        (net(0xff00, 0, 0, 8), "multicast"),
        (net(0, 0, 0, 96), "IPv4-compatible"),
    ];
    const GLOBAL_UNICAST: Ipv6Net = net(0x2000, 0, 0, 3);
    if address.is_unspecified() {
        return Some("unspecified");
    }
    if address.is_loopback() {
        return Some("loopback");
    }
    if address.to_ipv4_mapped().is_some() {
        return Some("IPv4-mapped");
    }
    let named = RANGES.iter().find(|(range, _)| range.contains(&address)).map(|(_, name)| *name);
    // Only 2000::/3 is handed out, so what is outside of it is not reachable even where no range above names it.
    named.or_else(|| (!GLOBAL_UNICAST.contains(&address)).then_some("not global unicast"))
}

#[cfg(test)]
mod tests;
