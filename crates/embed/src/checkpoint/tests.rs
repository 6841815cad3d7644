use candle_core::DType;
use proptest::prelude::*;
use zip::CompressionMethod;

use super::sample::{Entry, archive, checkpoint, zip};
use super::{Checkpoint, Stored};

/// What `fixtures/golden/make_checkpoint.py` wrote.
const OF_TORCH: &[u8] = include_bytes!("../../../../fixtures/golden/checkpoint.bin");

fn refused(bytes: &[u8]) -> String {
    Checkpoint::new(bytes).map(|_| ()).unwrap_err()
}

/// A checkpoint with this pickle and one storage of 24 bytes.
fn of_pickle(pickle: &[u8]) -> Vec<u8> {
    archive(pickle, &[&[7; 24]], CompressionMethod::Stored)
}

/// A pickle of one tensor `t`, with what describes it: storage, offset, shape, strides.
fn of_tensor(described: &[u8]) -> Vec<u8> {
    let tensor = [b"ctorch._utils\n_rebuild_tensor_v2\n(".as_slice(), described, b"\x89NtR"].concat();
    of_pickle(&[b"\x80\x02}X\x01\x00\x00\x00t".as_slice(), &tensor, b"s."].concat())
}

const STORAGE: &[u8] =
    b"(X\x07\x00\x00\x00storagectorch\nFloatStorage\nX\x01\x00\x00\x000X\x03\x00\x00\x00cpuK\x06tQ";

fn wrong(described: &[u8]) -> String {
    Checkpoint::new(&of_tensor(described)).unwrap().get("t").unwrap().unwrap_err()
}

#[test]
fn what_torch_wrote_is_read() {
    let read = Checkpoint::new(OF_TORCH).unwrap();
    let get = |name: &str| read.get(name).unwrap().unwrap();
    let Stored { dtype, shape, data } = get("embeddings.weight");
    let numbers: Vec<u8> = (0..6_u8).flat_map(|i| (f32::from(i) - 2.5).to_le_bytes()).collect();
    assert_eq!((dtype, shape.as_slice(), data), (DType::F32, &[2, 3][..], numbers.as_slice()));
    // Two rows out of a larger storage.
    let half = get("half");
    let numbers: Vec<u8> = (3..9_u8).flat_map(|i| half::f16::from(i).to_le_bytes()).collect();
    assert_eq!((half.dtype, half.shape, half.data), (DType::F16, vec![2, 3], numbers.as_slice()));
    assert_eq!((get("bfloat").dtype, get("bfloat").data), (DType::BF16, &[0xc0, 0x3f, 0x00, 0xc0][..]));
    assert_eq!((get("ids").dtype, get("double").dtype), (DType::I64, DType::F64));
    assert_eq!(get("parameter").shape, [1, 2]);
    assert!(read.get("turned").unwrap().unwrap_err().contains("row by row"));
    assert!(read.get("embeddings").is_none());
}

#[test]
fn a_file_that_ends_early_or_is_altered_is_refused() {
    for end in 0..OF_TORCH.len() {
        refused(&OF_TORCH[..end]);
    }
    let at = OF_TORCH.windows(4).position(|four| four == (-2.5_f32).to_le_bytes()).unwrap();
    let mut altered = OF_TORCH.to_vec();
    altered[at] ^= 1;
    assert!(refused(&altered).contains("hecksum"), "{}", refused(&altered));
}

#[test]
fn archives_of_other_forms_are_refused_with_the_reason() {
    assert!(refused(b"\x80\x02\x8a\x0a\x6c\xfc\x9c\x46").contains("before 1.6"));
    assert!(refused(&archive(b"}.", &[], CompressionMethod::Deflated)).contains("compressed"));
    assert!(refused(&of_pickle(b"].")).contains("not a dictionary"));
    assert!(refused(&of_pickle(&vec![b'N'; (4 << 20) + 1])).contains("pickle has more than 4194304 bytes"));
    let of = |members: &[(&str, &'static [u8])]| {
        let members: Vec<_> = members.iter().map(|(name, bytes)| ((*name).to_owned(), *bytes)).collect();
        zip(&members, CompressionMethod::Stored)
    };
    assert!(refused(&of(&[("data.pkl", b"}."), ("byteorder", b"big")])).contains("big-endian"));
    assert!(refused(&of(&[("data/0", b"}.")])).contains("no data.pkl"));
    assert!(Checkpoint::new(&of(&[("data.pkl", b"}.")])).unwrap().get("t").is_none());
}

#[test]
fn nothing_that_a_pickle_asks_for_is_done() {
    // `os.system("true")`, as an attack would have it, in the place of a tensor.
    let attack = of_pickle(b"\x80\x02}X\x01\x00\x00\x00tcos\nsystem\nX\x04\x00\x00\x00true\x85Rs.");
    assert_eq!(Checkpoint::new(&attack).unwrap().get("t").unwrap().unwrap_err(), "is no plain tensor");
    assert!(refused(&of_pickle(b"\x80\x04}.")).contains("protocol 4"));
    for (pickle, needle) in [
        (&b"i"[..], "instruction 0x69"),
        (b".", "takes more than it has"),
        (b"(.", "takes more than it has"),
        (b"t.", "no mark"),
        (b"Ns.", "takes more than it has"),
        (b"N(NNu.", "no dictionary"),
        (b"}(Nu.", "without a value"),
        (b"h\x05.", "nothing under 5"),
        (b"}", "ends early"),
        (b"X\xff\xff\xff\xffa", "ends early"),
        (b"X\x01\x00\x00\x00\xff}.", "not UTF-8"),
        (b"ctorch", "ends early"),
    ] {
        let error = refused(&of_pickle(pickle));
        assert!(error.contains(needle), "{needle} is not in {error}");
    }
}

#[test]
fn what_is_nested_deeply_or_doubles_itself_costs_no_more_than_its_bytes() {
    let deep = [b"}X\x01\x00\x00\x00tN".as_slice(), &vec![0x85; 1_000_000], b"s."].concat();
    assert!(Checkpoint::new(&of_pickle(&deep)).unwrap().get("t").unwrap().is_err());
    // Each step is a pair of the one before, twice: 2^100,000 values if they were copied.
    let doubling = [b"}X\x01\x00\x00\x00tN".as_slice(), &b"q\x00h\x00\x86".repeat(100_000), b"s."].concat();
    assert!(Checkpoint::new(&of_pickle(&doubling)).unwrap().get("t").unwrap().is_err());
    let itself = b"}q\x00X\x01\x00\x00\x00th\x00s.";
    assert!(Checkpoint::new(&of_pickle(itself)).unwrap().get("t").unwrap().is_err());
}

#[test]
fn tensors_that_do_not_fit_their_storage_are_refused() {
    let described = |rest: &[u8]| [STORAGE, rest].concat();
    let good = of_tensor(&described(b"K\x00K\x02K\x03\x86K\x03K\x01\x86"));
    assert_eq!(Checkpoint::new(&good).unwrap().get("t").unwrap().unwrap().data, [7; 24]);
    for (rest, needle) in [
        (&b"K\x01K\x02K\x03\x86K\x03K\x01\x86"[..], "larger than its storage"),
        (b"K\x00K\x03K\x03\x86K\x03K\x01\x86", "larger than its storage"),
        (b"J\xff\xff\xff\xffK\x06\x85K\x01\x85", "larger than its storage"),
        (b"K\x00\x8a\x08\xff\xff\xff\xff\xff\xff\xff\x7f\x85K\x01\x85", "larger than its storage"),
        (b"K\x00J\xff\xff\xff\x7fJ\xff\xff\xff\x7fJ\xff\xff\xff\x7f\x87K\x01K\x01K\x01\x87", "row by row"),
        (b"K\x00K\x02K\x03\x86K\x01K\x02\x86", "row by row"),
        (b"K\x00K\x02K\x03\x86K\x01\x85", "row by row"),
        (b"K\x00J\xff\xff\xff\xff\x85K\x01\x85", "no shape"),
        (b"K\x00\x8a\x09\x00\x00\x00\x00\x00\x00\x00\x00\x01\x85K\x01\x85", "no shape"),
        (b"K\x00N\x85N", "no shape"),
    ] {
        let error = wrong(&described(rest));
        assert!(error.contains(needle), "{needle} is not in {error}");
    }
    assert_eq!(wrong(b"NK\x00)"), "has no storage");
    assert_eq!(wrong(b""), "is no plain tensor");
    let other = |from: &str, to: &str| {
        let storage = String::from_utf8(STORAGE.to_vec()).unwrap().replacen(from, to, 1);
        wrong(&[storage.as_bytes(), b"K\x00))"].concat())
    };
    assert!(other("FloatStorage", "BoolStorage").contains("BoolStorage"));
    assert!(other("0X\u{3}", "9X\u{3}").contains("not there"));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_pickle_is_read_or_refused(
        changes in prop::collection::vec((0_usize..600, any::<u8>()), 0..8),
        cut in prop::option::of(0_usize..600),
        noise in prop::collection::vec(any::<u8>(), 0..40),
    ) {
        let names = ["a", "b", "t"];
        let entries: Vec<Entry> = names
            .iter()
            .map(|name| Entry { name: (*name).to_owned(), kind: "HalfStorage", shape: vec![2, 2], data: vec![0; 8] })
            .collect();
        let whole = checkpoint(&entries);
        prop_assert_eq!(Checkpoint::new(&whole).unwrap().get("b").unwrap().unwrap().shape, [2, 2]);
        let begin = whole.windows(2).position(|two| two == b"\x80\x02").unwrap();
        let end = whole.windows(2).position(|two| two == b"b.").unwrap() + 2;
        let mut pickle = whole[begin..end].to_vec();
        for (at, byte) in changes {
            if let Some(old) = pickle.get_mut(at) {
                *old = byte;
            }
        }
        pickle.truncate(cut.unwrap_or(usize::MAX));
        pickle.extend(noise);
        let file = archive(&pickle, &[&[0; 8], &[0; 8], &[0; 8]], CompressionMethod::Stored);
        if let Ok(read) = Checkpoint::new(&file) {
            for name in names {
                if let Some(Ok(tensor)) = read.get(name) {
                    let count: usize = tensor.shape.iter().product();
                    prop_assert_eq!(tensor.data.len(), count * tensor.dtype.size_in_bytes());
                }
            }
        }
    }

    #[test]
    fn any_archive_is_read_or_refused(changes in prop::collection::vec((0..OF_TORCH.len(), any::<u8>()), 1..6)) {
        let mut bytes = OF_TORCH.to_vec();
        for (at, byte) in changes {
            bytes[at] = byte;
        }
        if let Ok(read) = Checkpoint::new(&bytes) {
            for name in ["embeddings.weight", "half", "turned", "ids"] {
                read.get(name).map(|tensor| tensor.is_ok());
            }
        }
    }
}
