use super::*;

fn source(text: &str) -> SourceConfig {
    toml::from_str(text).unwrap()
}

#[track_caller]
fn refused(text: &str, part: &str) {
    let message = source(text).check().unwrap_err();
    assert!(message.contains(part), "{message}");
}

#[test]
fn what_makes_sense_is_taken() {
    for text in [
        "path = \"a.csv\"",
        "url = \"https://feeds.example.com/a.csv\"",
        "url = \"https://a.example/\"\nauth = { type = \"basic\", user = \"me\", password = { env = \"P\" } }",
        "url = \"https://a.example/\"\nauth = { type = \"bearer\", token = { file = \"t\" } }\nrequests_per_second = 0.5",
        "url = \"https://a.example/\"\nheaders = { X-A = { env = \"A\" } }\n\
         auth = { type = \"header\", name = \"X-B\", value = { env = \"B\" } }",
        "url = \"https://a.example/\"\nauth = { type = \"oauth2\", token_url = \"https://a.example/token\", \
         client_id = \"me\", client_secret = { env = \"S\" }, scope = \"read\", audience = \"feeds\" }",
        "watch = { folder = \"in\", pattern = \"*.csv\", ready = \"done-file\", archive = \"in/old\" }",
        "url = \"https://a.example/\"\npaging = { type = \"page\" }",
        "url = \"https://a.example/\"\npaging = { type = \"link\", next = \"/next\" }",
        "url = \"https://a.example/\"\ngraphql = { query = \"q\", items = \"/data/products/edges\" }",
    ] {
        source(text).check().unwrap_or_else(|message| panic!("{text}: {message}"));
    }
}

#[test]
fn what_contradicts_itself_is_refused() {
    refused("", "exactly one of path, url, watch and s3");
    refused("path = \"a\"\nurl = \"https://a.example/\"", "exactly one of path, url, watch and s3");
    refused("path = \"a\"\nheaders = { X-A = { env = \"A\" } }", "source.headers needs url");
    refused("path = \"a\"\nauth = { type = \"bearer\", token = { env = \"T\" } }", "source.auth needs url");
    refused("path = \"a\"\nrequests_per_second = 1", "source.requests_per_second needs url");
    refused("url = \"feeds.example.com/a.csv\"", "source.url is no address");
    refused("url = \"ftp://a.example/a.csv\"", "must begin with https://");
    refused("url = \"https://a.example/\"\nrequests_per_second = 0", "from 0.001 to 1000");
    let s3 = "s3 = { bucket = \"b\", region = \"r\", key = \"k\", access_key_id = { env = \"A\" }, secret_access_key = { env = \"S\" } }";
    refused(&format!("requests_per_second = 0\n{s3}"), "from 0.001 to 1000");
    refused("url = \"https://a.example/\"\ntimeout_seconds = 86401", "at most 86400");
    refused(
        "url = \"https://a.example/\"\nheaders = { authorization = { env = \"A\" } }\n\
         auth = { type = \"bearer\", token = { env = \"T\" } }",
        "both set the header authorization",
    );
    refused(
        "url = \"https://me:pw@a.example/\"\nauth = { type = \"bearer\", token = { env = \"T\" } }",
        "holds a user name",
    );
    refused(
        "url = \"https://a.example/\"\nauth = { type = \"basic\", user = \"a:b\", password = { env = \"P\" } }",
        "may not hold a colon",
    );
}

#[test]
fn a_watched_folder_that_cannot_work_is_refused() {
    let watch = |keys: &str| format!("watch = {{ folder = \"in\", {keys} }}");
    refused(&watch("pattern = \"a/*.csv\""), "source.watch.pattern is a file's name");
    refused(&watch("pattern = \"\""), "source.watch.pattern is a file's name");
    refused(&watch("pattern = \"*\", settle_seconds = 301"), "at most 300");
    refused(&watch("pattern = \"*\", archive = \"in\""), "another folder");
    refused(&format!("path = \"a\"\n{}", watch("pattern = \"*\"")), "exactly one of");
    refused(&format!("requests_per_second = 1\n{}", watch("pattern = \"*\"")), "needs url");
}

#[test]
fn a_bucket_that_cannot_be_is_refused_and_addresses_are_made_as_amazon_makes_them() {
    let s3 = |keys: &str| {
        let keys =
            format!("{keys}\naccess_key_id = {{ env = \"A\" }}\nsecret_access_key = {{ env = \"B\" }}");
        format!("[s3]\nregion = \"eu-north-1\"\n{keys}")
    };
    let address = |keys: &str| {
        let source = source(&s3(keys));
        source.check().unwrap();
        source.s3.unwrap().bucket_url().unwrap().to_string()
    };
    assert_eq!(address("bucket = \"b\"\nkey = \"a.csv\""), "https://b.s3.eu-north-1.amazonaws.com/");
    assert_eq!(
        address("bucket = \"b\"\nprefix = \"in/\"\nendpoint = \"http://minio:9000\"\npath_style = true"),
        "http://minio:9000/b/"
    );
    refused(&s3("bucket = \"a/b\"\nkey = \"k\""), "source.s3.bucket");
    refused(&s3("bucket = \"b\""), "either key or prefix");
    refused(&s3("bucket = \"b\"\nkey = \"k\"\nprefix = \"p\""), "either key or prefix");
    refused(&s3("bucket = \"b\"\nkey = \"in/\""), "name of an object");
    refused(&s3("bucket = \"b\"\nkey = \"k\"\nendpoint = \"https://a.example/b\""), "without path");
    refused(&s3("bucket = \"b\"\nkey = \"k\"\nendpoint = \"http://127.0.0.1:1\""), "path_style = true");
    refused(
        &format!("url = \"https://a.example/\"\n{}", s3("bucket = \"b\"\nkey = \"k\"")),
        "exactly one of",
    );
}

#[test]
fn paging_that_cannot_work_is_refused() {
    let paging = |keys: &str| format!("url = \"https://a.example/\"\npaging = {{ {keys} }}");
    refused("path = \"a\"\npaging = { type = \"page\" }", "source.paging needs url");
    refused(&paging("type = \"cursor\""), "source.paging.next must say");
    refused(&paging("type = \"page\", next = \"/n\""), "source.paging.next is for type \"cursor\"");
    refused(&paging("type = \"offset\", first = 0"), "source.paging.first is for type \"page\"");
    refused(&paging("type = \"link\", parameter = \"p\""), "source.paging.parameter is for");
    refused(&paging("type = \"page\", page_size = 5"), "belong together");
    refused(&paging("type = \"page\", items = \"data\""), "begins with /");
    refused(&paging("type = \"page\", max_pages = 0"), "from 1 to 1000000");
    let graphql = |keys: &str| format!("url = \"https://a.example/\"\ngraphql = {{ query = \"q\", {keys} }}");
    refused(&graphql("items = \"/data/products\""), "must end with /nodes or /edges");
    refused(&graphql("items = \"/nodes\", cursor = \"a\", variables = { a = 1 }"), "which takes the cursor");
    let both =
        format!("{}\n{}", paging("type = \"page\""), "graphql = { query = \"q\", items = \"/nodes\" }");
    refused(&both, "either paging or graphql");
}

#[test]
fn a_secret_cannot_stand_in_the_configuration_and_is_not_repeated() {
    let text = "url = \"https://a.example/\"\nauth = { type = \"bearer\", token = \"s3cret\" }";
    let error = toml::from_str::<SourceConfig>(text).unwrap_err();
    assert!(!error.message().contains("s3cret") || error.message().contains("unknown variant"), "{error}");
}
