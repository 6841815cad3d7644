//! AWS Signature Version 4 for GET requests without a body.

use berika_net::{Secret, Url};
use hmac_sha256::{HMAC, Hash};
use jiff::Timestamp;

/// The hash of no body.
const EMPTY: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

/// Who signs, and where the signature holds.
#[derive(Debug)]
pub(crate) struct Signer {
    pub(crate) access_key_id: Secret,
    pub(crate) secret_access_key: Secret,
    pub(crate) session_token: Option<Secret>,
    pub(crate) region: String,
}

impl Signer {
    /// The headers that a GET of `url` at `now` needs. Path and query of `url` are encoded as [`encoded`] does it, and
    /// the query's parameters are in the order of their names.
    pub(crate) fn headers(&self, url: &Url, now: Timestamp) -> Vec<(String, Secret)> {
        self.signed(url, now, &[])
    }

    /// The same with further headers that are signed as well; their names are in lower case.
    fn signed(&self, url: &Url, now: Timestamp, more: &[(&str, &str)]) -> Vec<(String, Secret)> {
        let time = now.strftime("%Y%m%dT%H%M%SZ").to_string();
        let day = &time[..8];
        let host = match (url.host_str().unwrap_or_default(), url.port()) {
            (host, Some(port)) => format!("{host}:{port}"),
            (host, None) => host.to_owned(),
        };
        let mut headers: Vec<(&str, &str)> =
            vec![("host", &host), ("x-amz-content-sha256", EMPTY), ("x-amz-date", &time)];
        headers.extend(self.session_token.as_ref().map(|token| ("x-amz-security-token", token.expose())));
        headers.extend(more);
        headers.sort_unstable();
        let names: Vec<&str> = headers.iter().map(|(name, _)| *name).collect();
        let names = names.join(";");
        let lines: String = headers.iter().map(|(name, value)| format!("{name}:{value}\n")).collect();
        let request =
            format!("GET\n{}\n{}\n{lines}\n{names}\n{EMPTY}", url.path(), url.query().unwrap_or_default());

        let scope = format!("{day}/{}/s3/aws4_request", self.region);
        let text = format!("AWS4-HMAC-SHA256\n{time}\n{scope}\n{}", hex(&Hash::hash(request.as_bytes())));
        let first = format!("AWS4{}", self.secret_access_key.expose());
        let key = [day, &self.region, "s3", "aws4_request"]
            .iter()
            .fold(first.into_bytes(), |key, part| HMAC::mac(part, key).to_vec());
        let authorization = format!(
            "AWS4-HMAC-SHA256 Credential={}/{scope},SignedHeaders={names},Signature={}",
            self.access_key_id.expose(),
            hex(&HMAC::mac(text, key))
        );
        let sent = headers.iter().filter(|(name, _)| name.starts_with("x-amz-"));
        let mut sent: Vec<(String, Secret)> =
            sent.map(|(name, value)| ((*name).to_owned(), Secret::from(*value))).collect();
        sent.push(("authorization".to_owned(), Secret::new(authorization)));
        sent
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Everything but unreserved characters as `%XX`; slashes stay in paths.
pub(super) fn encoded(text: &str, path: bool) -> String {
    let plain =
        |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.' | b'_' | b'~') || path && b == b'/';
    let encode = |b: u8| if plain(b) { char::from(b).to_string() } else { format!("%{b:02X}") };
    text.bytes().map(encode).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The examples of "Signature Calculations for the Authorization Header" in Amazon's S3 API Reference.
    #[test]
    fn amazons_own_examples_come_out() {
        let signer = Signer {
            access_key_id: Secret::from("AKIAIOSFODNN7EXAMPLE"),
            secret_access_key: Secret::from("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"),
            session_token: None,
            region: "us-east-1".to_owned(),
        };
        let now: Timestamp = "2013-05-24T00:00:00Z".parse().unwrap();
        for (path, more, names, signature) in [
            (
                "test.txt",
                &[("range", "bytes=0-9")][..],
                "host;range;x-amz-content-sha256;x-amz-date",
                "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41",
            ),
            (
                "?lifecycle=",
                &[],
                "host;x-amz-content-sha256;x-amz-date",
                "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543",
            ),
            (
                "?max-keys=2&prefix=J",
                &[],
                "host;x-amz-content-sha256;x-amz-date",
                "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7",
            ),
        ] {
            let url = Url::parse(&format!("https://examplebucket.s3.amazonaws.com/{path}")).unwrap();
            let headers = signer.signed(&url, now, more);
            let (name, value) = headers.last().unwrap();
            assert_eq!(name, "authorization");
            assert_eq!(
                value.expose(),
                format!(
                    "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,\
                     SignedHeaders={names},Signature={signature}"
                ),
                "{path}"
            );
        }
    }

    #[test]
    fn names_are_encoded_byte_by_byte() {
        assert_eq!(encoded("a/b c+å~.csv", true), "a/b%20c%2B%C3%A5~.csv");
        assert_eq!(encoded("a/b=", false), "a%2Fb%3D");
        // What the address holds is what is signed.
        let mut url = Url::parse("https://a.example/").unwrap();
        url.set_path(&encoded("/a/b c+å~(1)'!*.csv", true));
        assert_eq!(url.path(), "/a/b%20c%2B%C3%A5~%281%29%27%21%2A.csv");
    }
}
