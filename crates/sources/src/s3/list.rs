//! The answer of ListObjectsV2.

use quick_xml::Reader;
use quick_xml::events::Event;

/// One page of a listing.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Listing {
    pub(super) objects: Vec<Object>,
    /// What names the next page.
    pub(super) next: Option<String>,
}

/// One object.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Object {
    pub(super) key: String,
    /// `2026-11-21T10:00:00.000Z`: as texts these are in the order of time.
    pub(super) modified: String,
    pub(super) size: u64,
}

impl Listing {
    /// Reads a page; `None` where it is none, or not whole.
    pub(super) fn read(xml: &[u8]) -> Option<Self> {
        let mut reader = Reader::from_str(std::str::from_utf8(xml).ok()?);
        let (mut listing, mut object) = (Self::default(), Object::default());
        let mut path: Vec<String> = Vec::new();
        let mut text = String::new();
        let mut truncated = false;
        loop {
            match reader.read_event().ok()? {
                Event::Start(start) => {
                    path.push(start.local_name().as_ref().to_owned());
                    text.clear();
                }
                Event::Text(part) => text.push_str(&part.into_inner()),
                Event::GeneralRef(name) => match name.resolve_char_ref().ok()? {
                    Some(character) => text.push(character),
                    None => {
                        text.push_str(quick_xml::escape::resolve_predefined_entity(&name)?);
                    }
                },
                Event::End(_) => {
                    let names: Vec<&str> = path.iter().map(String::as_str).collect();
                    let value = std::mem::take(&mut text);
                    match names[..] {
                        ["ListBucketResult", "IsTruncated"] => truncated = value.trim() == "true",
                        ["ListBucketResult", "NextContinuationToken"] => listing.next = Some(value),
                        ["ListBucketResult", "Contents"] => listing.objects.push(std::mem::take(&mut object)),
                        ["ListBucketResult", "Contents", "Key"] => object.key = value,
                        ["ListBucketResult", "Contents", "LastModified"] => object.modified = value,
                        ["ListBucketResult", "Contents", "Size"] => {
                            object.size = value.trim().parse().ok()?;
                        }
                        ["ListBucketResult"] => {
                            // A page that says that there are more must say how to get them.
                            listing.next = listing.next.filter(|_| truncated);
                            return (truncated == listing.next.is_some()).then_some(listing);
                        }
                        _ => {}
                    }
                    path.pop();
                }
                Event::Eof => return None,
                _ => {}
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_read_whole_or_not_at_all() {
        let page = "<?xml version=\"1.0\"?><ListBucketResult xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">\
            <Name>b</Name><IsTruncated>true</IsTruncated><NextContinuationToken>a+/=</NextContinuationToken>\
            <Contents><Key>in/a &amp; b&#x21;.csv</Key><LastModified>2026-11-21T10:00:00.000Z</LastModified>\
            <Size>7</Size><Owner><ID>x</ID></Owner></Contents><Contents><Key>in/</Key><Size>0</Size></Contents>\
            </ListBucketResult>";
        let read = Listing::read(page.as_bytes()).unwrap();
        let object =
            |key: &str, modified: &str, size| Object { key: key.into(), modified: modified.into(), size };
        assert_eq!(
            read.objects,
            [object("in/a & b!.csv", "2026-11-21T10:00:00.000Z", 7), object("in/", "", 0)]
        );
        assert_eq!(read.next.as_deref(), Some("a+/="));

        let last = page.replace(">true<", ">false<");
        assert_eq!(Listing::read(last.as_bytes()).unwrap().next, None);
        let cut = &page[..page.len() - 10];
        let endless = page.replace("NextContinuationToken", "Other");
        for bad in
            [cut, &endless, "<html>", "", "{}", "<ListBucketResult><Contents><Size>x</Size></Contents>"]
        {
            assert_eq!(Listing::read(bad.as_bytes()), None, "{bad}");
        }
    }
}
