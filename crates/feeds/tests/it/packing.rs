//! Packed deliveries, sound and hostile.

use std::io::{Cursor, Write};

use berika_feeds::{FeedProblem, Limits};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use crate::support::*;

const TABLE: &[u8] = b"sku;title\n1;Kanna\n2;Fat\n";

fn table() -> berika_feeds::FeedConfig {
    config("format.type = 'csv'\nfields = { sku = 'sku', title = 'title' }")
}

fn member(name: &str) -> berika_feeds::FeedConfig {
    berika_feeds::FeedConfig { member: Some(name.to_owned()), ..table() }
}

fn zip(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in members {
        archive.start_file(*name, SimpleFileOptions::default()).unwrap();
        archive.write_all(bytes).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

fn bzip2(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = bzip2::write::BzEncoder::new(Vec::new(), bzip2::Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn zstd(bytes: &[u8]) -> Vec<u8> {
    ruzstd::encoding::compress_to_vec(bytes, ruzstd::encoding::CompressionLevel::Fastest)
}

fn in_every_packing(bytes: &[u8]) -> [(&'static str, Vec<u8>); 4] {
    [
        ("gzip", gzip(bytes)),
        ("bzip2", bzip2(bytes)),
        ("zstd", zstd(bytes)),
        ("zip", zip(&[("feed.csv", bytes)])),
    ]
}

#[test]
fn a_delivery_is_unpacked_whatever_its_name() {
    for (packing, packed) in in_every_packing(TABLE) {
        assert_eq!(read_bytes(&packed, &table()).delivery().products, 2, "{packing}");
    }
}

#[test]
fn pieces_one_behind_the_other_are_one_file() {
    let (head, tail) = TABLE.split_at(15);
    let skipped = b"\x50\x2a\x4d\x18\x03\0\0\0abc".to_vec();
    for (packing, packed) in [
        ("gzip", [gzip(head), gzip(tail)].concat()),
        ("bzip2", [bzip2(head), bzip2(tail)].concat()),
        ("zstd", [zstd(head), skipped, zstd(tail)].concat()),
    ] {
        assert_eq!(read_bytes(&packed, &table()).delivery().products, 2, "{packing}");
    }
}

/// Tapes and some servers fill up the last block.
#[test]
fn zeros_behind_a_gzip_file_are_no_part_of_it() {
    let (head, tail) = TABLE.split_at(15);
    for zeros in [1, 3, 512, 200_000] {
        let packed = [gzip(head), gzip(tail), vec![0; zeros]].concat();
        assert_eq!(read_bytes(&packed, &table()).delivery().products, 2, "{zeros}");
        let read = read_bytes(&[packed, gzip(TABLE)].concat(), &table());
        assert!(matches!(read.end, Err(FeedProblem::Packed { .. })), "{:?}", read.end);
    }
    let read = read_bytes(&[gzip(TABLE), b"x".to_vec()].concat(), &table());
    assert!(matches!(read.end, Err(FeedProblem::Packed { .. })), "{:?}", read.end);
}

#[test]
fn a_file_cut_off_gives_no_row() {
    let rows: String = (0..20_000).map(|row| format!("{row};Kanna {}\n", row * 7919 % 10_007)).collect();
    for (packing, packed) in in_every_packing(format!("sku;title\n{rows}").as_bytes()) {
        for cut in [packed.len() / 2, packed.len() - 3] {
            let read = read_bytes(&packed[..cut], &table());
            assert!(read.rows.is_empty());
            let named =
                matches!(&read.end, Err(FeedProblem::Packed { packing: named, .. }) if *named == packing);
            assert!(named, "{packing} {cut} {:?}", read.end);
        }
    }
    let cut = read_file(&fixture("broken/truncated.csv.gz"), &table());
    assert_eq!(cut.problem(), "the gzip file is cut off or damaged; fetch it again");
}

#[test]
fn a_changed_byte_is_noticed() {
    let mut zip = zip(&[("feed.csv", TABLE)]);
    let sum = zip.windows(4).position(|bytes| bytes == b"PK\x01\x02").unwrap() + 16;
    zip[sum] ^= 1;
    let mut zstd = zstd(TABLE);
    let last = zstd.len() - 1;
    zstd[last] ^= 1;
    for packed in [zip, zstd] {
        let read = read_bytes(&packed, &table());
        assert!(matches!(read.end, Err(FeedProblem::Packed { .. })), "{:?}", read.end);
    }
}

#[test]
fn what_swells_over_the_cap_is_refused() {
    let limits = Limits { unpacked_bytes: 1 << 20, ..Limits::default() };
    for (packing, packed) in in_every_packing(&vec![b'x'; 8 << 20]) {
        assert!(packed.len() < 1 << 20);
        let read = read_with(file_of(&packed).path(), &table(), &context(), &limits);
        assert!(matches!(read.end, Err(FeedProblem::TooLarge { .. })), "{packing} {:?}", read.end);
    }
}

/// The sizes that an archive declares are set to almost nothing.
#[test]
fn an_archive_that_lies_about_its_size_is_counted() {
    let mut bomb = zip(&[("feed.csv", &vec![b'x'; 8 << 20])]);
    for (signature, at) in [(b"PK\x01\x02", 24), (b"PK\x03\x04", 22)] {
        let record = bomb.windows(4).position(|bytes| bytes == signature).unwrap();
        bomb[record + at..record + at + 4].copy_from_slice(&7u32.to_le_bytes());
    }
    let limits = Limits { unpacked_bytes: 1 << 20, ..Limits::default() };
    let read = read_with(file_of(&bomb).path(), &table(), &context(), &limits);
    assert!(read.end.is_err() && read.rows.is_empty(), "{:?}", read.end);
}

#[test]
fn an_archive_of_ten_thousand_members_is_refused() {
    for count in [10_000, 70_000] {
        let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
        for number in 0..count {
            archive.start_file(format!("{number}.csv"), SimpleFileOptions::default()).unwrap();
        }
        let archive = archive.finish().unwrap().into_inner();
        let problem = read_bytes(&archive, &table()).problem();
        assert!(problem.contains(&format!("it has {count} members, more than 1000")), "{problem}");
    }
}

#[test]
fn one_member_is_data_or_the_one_that_is_named() {
    let beside = zip(&[("__MACOSX/._a.csv", b"?"), ("Läs mig.pdf", b"%PDF"), ("ut/a.csv", TABLE)]);
    assert_eq!(read_bytes(&beside, &table()).delivery().products, 2);

    let several = zip(&[("stock.csv", b"x"), ("products_20261130.csv", TABLE)]);
    let problem = read_bytes(&several, &table()).problem();
    assert!(problem.contains("\"stock.csv\", \"products_20261130.csv\"; name the one"), "{problem}");
    assert_eq!(read_bytes(&several, &member("products_*.csv")).delivery().products, 2);
    let problem = read_bytes(&several, &member("prices.csv")).problem();
    assert!(problem.contains("no member is named \"prices.csv\""), "{problem}");
    let problem = read_bytes(&several, &member("*")).problem();
    assert!(problem.contains("several members are named"), "{problem}");
    let problem = read_bytes(&zip(&[("a.pdf", b"%PDF")]), &table()).problem();
    assert!(problem.contains("none of its members is data"), "{problem}");
    let problem = read_bytes(&zip(&[]), &table()).problem();
    assert!(problem.contains("it has no files"), "{problem}");
}

/// The reader keeps one of both without a word.
#[test]
fn two_members_of_one_name_are_refused() {
    let mut archive = zip(&[("a.csv", TABLE), ("b.csv", b"sku;title\n3;Kopp\n")]);
    while let Some(at) = archive.windows(5).position(|bytes| bytes == b"b.csv") {
        archive[at] = b'a';
    }
    for config in [table(), member("a.csv")] {
        let problem = read_bytes(&archive, &config).problem();
        assert!(problem.contains("it lists 2 members, of which 1 can be told apart"), "{problem}");
    }
}

#[test]
fn packed_twice_is_named() {
    for (packing, packed) in in_every_packing(&gzip(TABLE)) {
        let problem = read_bytes(&packed, &table()).problem();
        assert!(problem.contains(&format!("a gzip file lies within a {packing} file")), "{problem}");
    }
    let nested = zip(&[("inner.zip", &zip(&[("a.csv", TABLE)]))]);
    assert!(read_bytes(&nested, &table()).problem().contains("a zip file lies within a zip file"));
}

#[test]
fn names_that_lead_out_and_links_are_refused() {
    for name in ["../../etc/cron.csv", "/etc/a.csv", "C:\\a.csv", "a\\..\\..\\b.csv"] {
        let problem = read_bytes(&zip(&[(name, TABLE)]), &table()).problem();
        assert!(problem.contains("leads out of it"), "{name}: {problem}");
    }
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    archive.add_symlink("a.csv", "/etc/passwd", SimpleFileOptions::default()).unwrap();
    let problem = read_bytes(&archive.finish().unwrap().into_inner(), &table()).problem();
    assert!(problem.contains("is a link"), "{problem}");
}

#[test]
fn what_cannot_be_unpacked_is_named() {
    let stored = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    archive.start_file("a.csv", stored).unwrap();
    archive.write_all(TABLE).unwrap();
    let archive = archive.finish().unwrap().into_inner();
    assert_eq!(read_bytes(&archive, &table()).delivery().products, 2);
    for (local, central, value, named) in
        [(6, 8, 1, "is encrypted"), (8, 10, 14, "compressed in an unusual way")]
    {
        let mut changed = archive.clone();
        changed[local] = value;
        let record = changed.windows(4).position(|bytes| bytes == b"PK\x01\x02").unwrap();
        changed[record + central] = value;
        let problem = read_bytes(&changed, &table()).problem();
        assert!(problem.contains(named), "{named}: {problem}");
    }
}

#[test]
fn a_workbook_is_no_archive_of_files_even_within_one() {
    let workbook = std::fs::read(fixture("verktygslagret.xlsx")).unwrap();
    let demo = demo_config("verktygslagret");
    for packed in [gzip(&workbook), zip(&[("artiklar.xlsx", &workbook)])] {
        assert_eq!(read_bytes(&packed, &demo).delivery().products, 60);
    }
    let problem = read_bytes(&workbook, &table()).problem();
    assert!(problem.contains("expected CSV but found a workbook"), "{problem}");
}
