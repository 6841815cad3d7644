//! Checkpoints as `torch.save` writes them, for tests.

use std::io::{Cursor, Write as _};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

/// One tensor with a storage of its own.
pub(crate) struct Entry {
    pub(crate) name: String,
    /// Such as `FloatStorage`.
    pub(crate) kind: &'static str,
    pub(crate) shape: Vec<usize>,
    /// Little-endian, row-major.
    pub(crate) data: Vec<u8>,
}

/// A whole checkpoint.
pub(crate) fn checkpoint(entries: &[Entry]) -> Vec<u8> {
    let storages: Vec<&[u8]> = entries.iter().map(|entry| entry.data.as_slice()).collect();
    archive(&pickle(entries), &storages, CompressionMethod::Stored)
}

/// The archive of a pickle and storages, whose keys are their numbers.
pub(crate) fn archive(pickle: &[u8], storages: &[&[u8]], compression: CompressionMethod) -> Vec<u8> {
    let mut members: Vec<(String, &[u8])> =
        vec![("data.pkl".to_owned(), pickle), ("byteorder".to_owned(), b"little")];
    members.extend(storages.iter().enumerate().map(|(at, storage)| (format!("data/{at}"), *storage)));
    members.push(("version".to_owned(), b"3\n"));
    zip(&members, compression)
}

/// An archive of these members in one folder.
pub(crate) fn zip(members: &[(String, &[u8])], compression: CompressionMethod) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(compression);
    for (name, bytes) in members {
        zip.start_file(format!("model/{name}"), options).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

/// The program that makes a dictionary of these tensors.
fn pickle(entries: &[Entry]) -> Vec<u8> {
    let mut out = b"\x80\x02ccollections\nOrderedDict\nq\x00)Rq\x01(".to_vec();
    for (at, entry) in entries.iter().enumerate() {
        text(&mut out, &entry.name);
        out.extend(b"ctorch._utils\n_rebuild_tensor_v2\n((");
        text(&mut out, "storage");
        out.extend(format!("ctorch\n{}\n", entry.kind).bytes());
        text(&mut out, &at.to_string());
        text(&mut out, "cpu");
        number(&mut out, entry.shape.iter().product());
        out.extend(b"tQ");
        number(&mut out, 0);
        sizes(&mut out, &entry.shape);
        let strides: Vec<usize> =
            (0..entry.shape.len()).map(|axis| entry.shape[axis + 1..].iter().product()).collect();
        sizes(&mut out, &strides);
        out.extend(b"\x89h\x00)RtR");
    }
    out.extend(b"u}X\x09\x00\x00\x00_metadataNsb.");
    out
}

fn text(out: &mut Vec<u8>, text: &str) {
    out.push(b'X');
    out.extend((text.len() as u32).to_le_bytes());
    out.extend(text.bytes());
}

fn number(out: &mut Vec<u8>, number: usize) {
    out.push(b'J');
    out.extend((number as i32).to_le_bytes());
}

fn sizes(out: &mut Vec<u8>, sizes: &[usize]) {
    out.push(b'(');
    sizes.iter().for_each(|&size| number(out, size));
    out.push(b't');
}
