use super::{AddressPolicy, special_v6};
use proptest::prelude::*;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use url::Url;

fn blocked_as(address: &str) -> &'static str {
    AddressPolicy::public_only().check(address.parse().unwrap()).expect_err(address).range
}

#[test]
fn every_special_range_is_blocked_at_both_ends() {
    for (first, last, range) in [
        ("0.0.0.0", "0.255.255.255", "unspecified"),
        ("10.0.0.0", "10.255.255.255", "private"),
        ("100.64.0.0", "100.127.255.255", "carrier-grade NAT"),
        ("127.0.0.0", "127.255.255.255", "loopback"),
        ("169.254.0.0", "169.254.255.255", "link-local"),
        ("172.16.0.0", "172.31.255.255", "private"),
        ("192.0.0.0", "192.0.0.255", "protocol assignments"),
        ("192.0.2.0", "192.0.2.255", "documentation"),
        ("192.88.99.0", "192.88.99.255", "6to4 relay"),
        ("192.168.0.0", "192.168.255.255", "private"),
        ("198.18.0.0", "198.19.255.255", "benchmarking"),
        ("198.51.100.0", "198.51.100.255", "documentation"),
        ("203.0.113.0", "203.0.113.255", "documentation"),
        ("224.0.0.0", "239.255.255.255", "multicast"),
        ("240.0.0.0", "255.255.255.255", "reserved"),
        ("64:ff9b::", "64:ff9b::ffff:ffff", "NAT64"),
        ("64:ff9b:1::", "64:ff9b:1:ffff:ffff:ffff:ffff:ffff", "NAT64"),
        ("100::", "100::ffff:ffff:ffff:ffff", "discard"),
        ("2001::", "2001:0:ffff:ffff:ffff:ffff:ffff:ffff", "Teredo"),
        ("2001:1::", "2001:1ff:ffff:ffff:ffff:ffff:ffff:ffff", "protocol assignments"),
        ("2001:db8::", "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff", "documentation"),
        ("2002::", "2002:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "6to4"),
        ("3fff::", "3fff:fff:ffff:ffff:ffff:ffff:ffff:ffff", "documentation"),
        ("5f00::", "5f00:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "segment routing"),
        ("fc00::", "fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "unique local"),
        ("fe80::", "febf:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "link-local"),
        ("fec0::", "feff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "site-local"),
        ("ff00::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "multicast"),
        ("::ffff:0.0.0.0", "::ffff:255.255.255.255", "IPv4-mapped"),
        ("::2", "::ffff:ffff", "IPv4-compatible"),
    ] {
        assert_eq!(blocked_as(first), range, "{first}");
        assert_eq!(blocked_as(last), range, "{last}");
    }
    assert_eq!(blocked_as("::"), "unspecified");
    assert_eq!(blocked_as("::1"), "loopback");
    assert_eq!(blocked_as("4000::1"), "not global unicast");
    for metadata in ["169.254.169.254", "100.100.100.200", "168.63.129.16"] {
        assert_eq!(blocked_as(metadata), "cloud metadata");
    }
    assert_eq!(blocked_as("fd00:ec2::254"), "unique local");
}

#[test]
fn neighbours_of_special_ranges_pass() {
    let policy = AddressPolicy::public_only();
    for address in [
        "1.0.0.0",
        "9.255.255.255",
        "11.0.0.0",
        "100.63.255.255",
        "100.128.0.0",
        "126.255.255.255",
        "128.0.0.0",
        "169.253.255.255",
        "169.255.0.0",
        "172.15.255.255",
        "172.32.0.0",
        "192.167.255.255",
        "192.169.0.0",
        "198.17.255.255",
        "198.20.0.0",
        "223.255.255.255",
        "8.8.8.8",
        "2001:200::",
        "2001:db7::1",
        "2001:db9::1",
        "2003::1",
        "2606:4700:4700::1111",
        "3fff:1000::1",
        "2a00:1450:4001::1",
    ] {
        assert_eq!(policy.check(address.parse().unwrap()), Ok(()), "{address}");
    }
}

#[test]
fn an_exception_opens_exactly_what_it_names() {
    let policy = AddressPolicy::allowing(["127.0.0.1", " 10.20.0.0/16 ", "::1"]).unwrap();
    for open in ["127.0.0.1", "10.20.255.1", "::1", "8.8.8.8"] {
        assert_eq!(policy.check(open.parse().unwrap()), Ok(()), "{open}");
    }
    for closed in ["127.0.0.2", "10.21.0.0", "::ffff:127.0.0.1", "::2"] {
        assert!(policy.check(closed.parse().unwrap()).is_err(), "{closed}");
    }
    for wrong in ["localhost", "10.0.0.0/33", "", "10.0.0"] {
        let error = AddressPolicy::allowing([wrong]).unwrap_err();
        assert_eq!(error.entry, wrong);
    }
}

#[test]
fn every_spelling_of_a_literal_host_is_recognised() {
    let policy = AddressPolicy::public_only();
    for url in [
        "http://127.0.0.1/",
        "http://127.1/",
        "http://2130706433/",
        "http://0x7f000001/",
        "http://0177.0.0.1/",
        "http://127.0.0.1./",
        "http://[::1]/",
        "http://[::ffff:127.0.0.1]/",
        "http://[::ffff:7f00:1]/",
        "http://user@127.0.0.1:80/",
        "http://0/",
        "http://①②⑦.0.0.1/",
        "http://169.254.169.254/latest/meta-data",
        "http://[64:ff9b::a9fe:a9fe]/",
    ] {
        assert!(policy.check_literal(&Url::parse(url).unwrap()).is_err(), "{url}");
    }
    assert!(Url::parse("http://[fe80::1%25eth0]/").is_err(), "zone ids are no URLs");
    assert_eq!(policy.check_literal(&Url::parse("http://8.8.8.8/").unwrap()), Ok(()));
}

proptest! {
    /// The v4 judgement agrees with the standard library's own (stable) classification.
    #[test]
    fn whatever_std_calls_special_is_blocked(bits: u32) {
        let address = Ipv4Addr::from(bits);
        let special = address.is_private() || address.is_loopback() || address.is_link_local()
            || address.is_multicast() || address.is_broadcast() || address.is_documentation() || address.is_unspecified();
        if special {
            prop_assert!(AddressPolicy::public_only().check(IpAddr::V4(address)).is_err());
        }
    }

    /// No IPv6 address outside 2000::/3 and no way to write an IPv4 address inside IPv6 gets through.
    #[test]
    fn only_global_unicast_v6_passes(bits: u128, v4: u32) {
        let address = Ipv6Addr::from(bits);
        if special_v6(address).is_none() {
            prop_assert_eq!(address.segments()[0] >> 13, 1);
        }
        let v4 = u128::from(v4);
        for embedded in [v4, 0xffff_0000_0000 | v4, (0x64_ff9b << 96) | v4, (0x2002 << 112) | (v4 << 80)] {
            prop_assert!(special_v6(Ipv6Addr::from(embedded)).is_some());
        }
    }
}
