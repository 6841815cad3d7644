//! A file at an address: fetched only if it changed, and gone on with where a transfer broke off.

use berika_net::{FetchError, FetchRequest, Fetched, Partial, Url, redacted};

use crate::attempts::Attempts;
use crate::config::SourceConfig;
use crate::error::SourceError;
use crate::{Delivery, Got, Sources, Surroundings, Validators};

pub(crate) async fn fetch(
    sources: &Sources,
    config: &SourceConfig,
    known: &Validators,
    around: Surroundings<'_>,
) -> Result<Got, SourceError> {
    let url = config.url.as_deref().unwrap_or_default();
    let url = Url::parse(url).map_err(|source| SourceError::Url { key: "url", source })?;
    transfer(sources, config, &mut Attempts::new(sources, config, around)?, &url, known).await
}

/// The same for any address and whoever asks.
pub(crate) async fn transfer(
    sources: &Sources,
    config: &SourceConfig,
    attempts: &mut Attempts<'_>,
    url: &Url,
    known: &Validators,
) -> Result<Got, SourceError> {
    let mut request = FetchRequest::new(url.clone());
    request.deadline = config.timeout();
    request.max_bytes = config.max_bytes();
    request.if_none_match.clone_from(&known.etag);
    request.if_modified_since.clone_from(&known.last_modified);

    let (file, temporary) = tempfile::NamedTempFile::new().map_err(SourceError::Spool)?.into_parts();
    let mut file = tokio::fs::File::from_std(file);
    let mut partial = Partial::default();
    let fetched = attempts
        .make(url, async |headers| {
            request.headers = headers;
            sources.client.fetch_on(&request, &mut partial, &mut file).await
        })
        .await?;
    let Fetched::Body(body) = fetched else { return Ok(Got::Unchanged) };
    if let Some(encoding) = body.content_encoding.filter(|encoding| !is_readable(encoding)) {
        return Err(FetchError::Packed { url: redacted(url), encoding }.into());
    }
    Ok(Got::Delivery(Box::new(Delivery {
        path: temporary.to_path_buf(),
        shown: redacted(url),
        validators: Validators { etag: body.etag, last_modified: body.last_modified },
        incomplete: None,
        temporary: Some(temporary),
    })))
}

/// Whether what came in this `Content-Encoding` is read further on: gzip is known there by its first bytes, and nothing
/// else is undone. `aws-chunked` is what some storage keeps of an upload; the bytes are as they were before it.
fn is_readable(encoding: &str) -> bool {
    let codings = encoding.split(',').map(|coding| coding.trim().to_ascii_lowercase());
    let mut packed = codings.filter(|c| !matches!(c.as_str(), "" | "identity" | "aws-chunked"));
    packed.next().is_none_or(|coding| matches!(coding.as_str(), "gzip" | "x-gzip")) && packed.next().is_none()
}
