//! The project's own client, allowed to reach loopback.

use berika_net::{AddressPolicy, Client, FetchError, FetchRequest, Fetched, FetchedBody, Url};
use std::io::{Read, Seek};
use std::time::Duration;

pub(crate) fn client() -> Client {
    Client::new(AddressPolicy::allowing(["127.0.0.1"]).unwrap()).unwrap()
}

pub(crate) fn request(url: &str) -> FetchRequest {
    FetchRequest { deadline: Duration::from_secs(20), ..FetchRequest::new(Url::parse(url).unwrap()) }
}

pub(crate) async fn fetch(request: &FetchRequest) -> Result<(Fetched, Vec<u8>), FetchError> {
    let file = tempfile::tempfile().unwrap();
    let mut reader = file.try_clone().unwrap();
    let fetched = client().fetch(request, &mut tokio::fs::File::from_std(file)).await?;
    let mut bytes = Vec::new();
    reader.rewind().unwrap();
    reader.read_to_end(&mut bytes).unwrap();
    Ok((fetched, bytes))
}

pub(crate) fn body(fetched: Fetched) -> FetchedBody {
    match fetched {
        Fetched::Body(body) => body,
        Fetched::NotModified => panic!("not modified"),
    }
}
