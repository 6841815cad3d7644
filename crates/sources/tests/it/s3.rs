//! Storage that speaks S3, played by a server that works the signature out by itself.

use crate::support::{NOW, SECRET, Supplier, delivery, text};
use berika_sources::{Got, SourceConfig};
use berika_testkit::{Answer, SeenRequest};
use hmac_sha256::{HMAC, Hash};

fn hex(bytes: impl AsRef<[u8]>) -> String {
    bytes.as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Whether a request is signed with the key, for its own path, query and host. Written apart from the code it tests,
/// after the same specification.
fn is_signed(request: &SeenRequest) -> bool {
    let Some(authorization) = request.headers.get("authorization") else { return false };
    let part = |name: &str| {
        let (_, rest) = authorization.split_once(&format!("{name}=")).unwrap();
        rest.split(',').next().unwrap().to_owned()
    };
    let names = part("SignedHeaders");
    let headers: String =
        names.split(';').map(|name| format!("{name}:{}\n", request.headers[name].trim())).collect();
    let mut query: Vec<&str> = request.query.as_deref().unwrap_or_default().split('&').collect();
    query.sort_unstable();
    let canonical = format!(
        "{}\n{}\n{}\n{headers}\n{names}\n{}",
        request.method,
        request.path,
        query.join("&"),
        request.headers["x-amz-content-sha256"]
    );
    let scope = part("Credential").split_once('/').unwrap().1.to_owned();
    let to_sign = format!(
        "AWS4-HMAC-SHA256\n{}\n{scope}\n{}",
        request.headers["x-amz-date"],
        hex(Hash::hash(canonical.as_bytes()))
    );
    let mut key = format!("AWS4{SECRET}").into_bytes();
    for step in scope.split('/') {
        key = HMAC::mac(step.as_bytes(), &key).to_vec();
    }
    hex(HMAC::mac(to_sign.as_bytes(), &key)) == part("Signature")
        && names.contains("host;x-amz-content-sha256;x-amz-date")
        && request.headers["x-amz-date"] == NOW.replace(['-', ':'], "")
}

fn bucket() -> Supplier {
    let supplier = Supplier::new();
    supplier.server.on("/feeds/*", |request| {
        if !is_signed(request) {
            return Answer::status(403);
        }
        match (request.path.as_str(), request.query.as_deref()) {
            ("/feeds/in/a%20b%2Bc.csv", None) if request.headers.contains_key("if-none-match") => {
                Answer::status(304)
            }
            ("/feeds/in/a%20b%2Bc.csv", None) => Answer::ok("sku\n1\n").with("etag", "\"one\""),
            ("/feeds/in/new.csv", None) => Answer::ok("sku\n2\n"),
            ("/feeds/", Some("list-type=2&prefix=in%2F")) => Answer::ok(
                "<ListBucketResult><IsTruncated>true</IsTruncated><NextContinuationToken>a+b=</NextContinuationToken>\
                 <Contents><Key>in/new.csv</Key><LastModified>2026-11-21T10:00:01.000Z</LastModified><Size>6</Size>\
                 </Contents></ListBucketResult>",
            ),
            ("/feeds/", Some("continuation-token=a%2Bb%3D&list-type=2&prefix=in%2F")) => Answer::ok(
                "<ListBucketResult><IsTruncated>false</IsTruncated>\
                 <Contents><Key>in/old.csv</Key><LastModified>2026-11-21T10:00:00.000Z</LastModified><Size>6</Size></Contents>\
                 <Contents><Key>in/z/</Key><LastModified>2026-11-22T10:00:00.000Z</LastModified><Size>0</Size></Contents>\
                 </ListBucketResult>",
            ),
            ("/feeds/", Some("list-type=2&prefix=none")) => {
                Answer::ok("<ListBucketResult><IsTruncated>false</IsTruncated></ListBucketResult>")
            }
            ("/feeds/", Some("list-type=2&prefix=html")) => Answer::ok("<html>log in</html>"),
            other => panic!("{other:?}"),
        }
    });
    supplier
}

fn source(supplier: &Supplier, more: &str) -> SourceConfig {
    crate::support::config(&format!(
        "[s3]\nendpoint = \"{}\"\npath_style = true\nbucket = \"feeds\"\nregion = \"eu-north-1\"\n\
         access_key_id = {{ env = \"ACCESS\" }}\nsecret_access_key = {{ env = \"SECRET\" }}\n{more}",
        supplier.server.base_url()
    ))
}

#[tokio::test]
async fn an_object_comes_signed_for_and_only_once() {
    let supplier = bucket();
    let source = source(&supplier, "key = \"in/a b+c.csv\"");
    let first = delivery(supplier.get(&source).await);
    assert_eq!(text(&first), "sku\n1\n");
    assert!(first.shown.ends_with("/feeds/in/a%20b%2Bc.csv"), "{}", first.shown);
    assert!(matches!(supplier.get_known(&source, &first.validators).await.unwrap(), Got::Unchanged));
}

#[tokio::test]
async fn a_session_token_is_sent_and_signed() {
    let supplier = bucket();
    let source = source(&supplier, "key = \"in/new.csv\"\nsession_token = { env = \"SECRET\" }");
    assert_eq!(supplier.text(&source).await, "sku\n2\n");
    let seen = supplier.server.requests().remove(0);
    assert_eq!(seen.headers["x-amz-security-token"], SECRET);
    assert!(seen.headers["authorization"].contains("x-amz-date;x-amz-security-token"));
}

#[tokio::test]
async fn the_newest_object_under_a_prefix_is_taken() {
    let supplier = bucket();
    let got = delivery(supplier.get(&source(&supplier, "prefix = \"in/\"")).await);
    assert_eq!(text(&got), "sku\n2\n");
    assert_eq!(supplier.server.requests().len(), 3);
}

#[tokio::test]
async fn what_cannot_be_had_is_named() {
    let supplier = bucket();
    let error = supplier.error(&source(&supplier, "prefix = \"none\"")).await;
    assert!(error.ends_with("there is no object whose name begins with \"none\""), "{error}");
    let error = supplier.error(&source(&supplier, "prefix = \"html\"")).await;
    assert!(error.ends_with("the list of objects cannot be read"), "{error}");
    let wrong = source(&supplier, "key = \"in/new.csv\"");
    let wrong = SourceConfig {
        s3: wrong.s3.map(|s3| berika_sources::S3 {
            secret_access_key: berika_net::SecretSource::Env("ACCESS".to_owned()),
            ..s3
        }),
        ..wrong
    };
    assert!(supplier.error(&wrong).await.ends_with("the server answered 403"));
}
