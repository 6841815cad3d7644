//! An object in storage that speaks S3: listed where only its prefix is known, signed for, and fetched like any file.
//!
//! `object_store` is not used: it reads the clock by itself and brings retries and transfers of its own beside those of
//! this crate, for two requests that need a signature and nothing else.

mod list;
mod sign;

use berika_net::{CallRequest, Url, redacted};

use crate::attempts::Attempts;
use crate::config::{S3, SourceConfig};
use crate::error::{ObjectError, SourceError};
use crate::{Got, Sources, Surroundings, Validators, file};
use list::Listing;
pub(crate) use sign::Signer;

/// The most pages of a listing, of a thousand objects each.
const MAX_LISTINGS: u32 = 100;
/// The largest page of a listing.
const MAX_LISTING_BYTES: usize = 4 << 20;

pub(crate) async fn fetch(
    sources: &Sources,
    config: &SourceConfig,
    s3: &S3,
    known: &Validators,
    around: Surroundings<'_>,
) -> Result<Got, SourceError> {
    let bucket = s3.bucket_url().map_err(|problem| ObjectError::Bucket { problem })?;
    let mut attempts = Attempts::new(sources, config, around)?;
    let key = match (&s3.key, &s3.prefix) {
        (Some(key), _) => key.clone(),
        (None, prefix) => newest(&mut attempts, &bucket, prefix.as_deref().unwrap_or_default()).await?,
    };
    let mut url = bucket.clone();
    url.set_path(&format!("{}{}", bucket.path(), sign::encoded(&key, true)));
    file::transfer(sources, config, &mut attempts, &url, known).await
}

/// The newest object whose name begins with `prefix`; of the same time the last by name. Folders' own entries and empty
/// objects are none.
async fn newest(attempts: &mut Attempts<'_>, bucket: &Url, prefix: &str) -> Result<String, SourceError> {
    let mut newest: Option<(String, String)> = None;
    let mut token: Option<String> = None;
    for _ in 0..MAX_LISTINGS {
        let mut url = bucket.clone();
        // In the order and the encoding in which they are signed.
        let mut query = String::new();
        if let Some(token) = &token {
            query = format!("continuation-token={}&", sign::encoded(token, false));
        }
        url.set_query(Some(&format!("{query}list-type=2&prefix={}", sign::encoded(prefix, false))));
        let answer = attempts
            .call(&url, |headers, deadline| CallRequest {
                url: url.clone(),
                headers,
                body: None,
                deadline,
                max_bytes: MAX_LISTING_BYTES,
            })
            .await?;
        let unreadable = || ObjectError::Listing { url: redacted(&url) };
        let listing = Listing::read(&answer.body).ok_or_else(unreadable)?;
        let found =
            listing.objects.into_iter().filter(|object| object.size > 0 && !object.key.ends_with('/'));
        newest = newest.into_iter().chain(found.map(|object| (object.modified, object.key))).max();
        match listing.next {
            None => {
                let nothing = ObjectError::Nothing { bucket: redacted(bucket), prefix: prefix.to_owned() };
                return newest.map(|(_, key)| key).ok_or(nothing.into());
            }
            next if next == token => return Err(unreadable().into()),
            next => token = next,
        }
    }
    Err(ObjectError::TooMany { bucket: redacted(bucket), prefix: prefix.to_owned(), pages: MAX_LISTINGS }
        .into())
}
