//! How addresses and errors are shown to people without giving secrets away.

use std::error::Error;
use url::Url;

/// The URL as it may be shown in errors, logs and tables: without user name, password and fragment, and with the
/// query (where many suppliers carry their token) replaced by `?…`.
pub fn redacted(url: &Url) -> String {
    let mut shown = url.clone();
    // Both fail only for URLs without a host, which carry no credentials either.
    let _no_host = shown.set_username("");
    let _no_host = shown.set_password(None);
    shown.set_query(None);
    shown.set_fragment(None);
    let mut text = shown.to_string();
    if url.query().is_some() {
        text.push_str("?…");
    }
    text
}

/// An error and its causes on one line, outermost first, joined by `: `. A cause that its parent's message already
/// ends with is not repeated.
pub fn error_chain(error: &(dyn Error + 'static)) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(current) = cause {
        let part = current.to_string();
        if !text.ends_with(&part) {
            text.push_str(": ");
            text.push_str(&part);
        }
        cause = current.source();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::redacted;
    use url::Url;

    #[test]
    fn credentials_and_query_are_not_shown() {
        let url = Url::parse("https://me:pass@feeds.example:8443/a/b.csv?token=abc#part").unwrap();
        assert_eq!(redacted(&url), "https://feeds.example:8443/a/b.csv?…");
        assert_eq!(redacted(&Url::parse("http://h/x").unwrap()), "http://h/x");
        assert_eq!(redacted(&Url::parse("mailto:a@b").unwrap()), "mailto:a@b");
    }
}
