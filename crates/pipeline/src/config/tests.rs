use super::*;

const LEAST: &str = r#"
[taxonomy]
path = "taxonomy.jsonl"
[[markets]]
language = "sv"
country = "SE"
currency = "SEK"
[[suppliers]]
id = "nord-mat"
delivery = "full"
source = { url = "https://feeds.example.com/a.csv" }
format = { type = "csv" }
"#;

fn read(files: &[(&str, &str)], environment: &[(&str, &str)]) -> Result<Config, ConfigError> {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    let environment: Vec<_> =
        environment.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    Config::read(&folder.path().join("berika.toml"), &environment)
}

fn refusal(text: &str) -> String {
    read(&[("berika.toml", text)], &[]).unwrap_err().to_string()
}

#[test]
fn little_needs_to_be_said() {
    let config = read(&[("berika.toml", LEAST)], &[]).unwrap();
    assert_eq!(config.model.id, "sentence-transformers/all-MiniLM-L6-v2");
    assert_eq!((config.suppliers[0].retire_after, config.retention.payload_days), (3, 30));
    assert_eq!(config.languages().len(), 1);
}

#[test]
fn unknown_keys_are_refused_with_line_and_nearest_known_key() {
    let message = refusal(&format!("{LEAST}\nretire_aftr = 2\n"));
    assert!(message.contains("line 14") && message.contains("did you mean `retire_after`?"), "{message}");
    let message = refusal(&LEAST.replace("type = \"csv\"", "type = \"csv\", delimeter = \";\""));
    assert!(message.contains("did you mean `delimiter`?"), "{message}");
    let message = refusal(&LEAST.replace("type = \"csv\"", "type = \"cvs\""));
    assert!(message.contains("did you mean `csv`?"), "{message}");
}

#[test]
fn a_policy_promises_what_can_be_kept_and_accepts_without_a_promise_only_where_that_is_said() {
    let policy = |said: &str| read(&[("berika.toml", &format!("policy = {{ {said} }}\n{LEAST}"))], &[]);
    let config = policy("promise = 0.98").unwrap().policy;
    assert_eq!((config.promise, config.without_evidence), (0.98, WithoutEvidence::Review));
    let config = policy("without_evidence = { accept_above = 0.9 }").unwrap().policy;
    assert_eq!(config.without_evidence, WithoutEvidence::AcceptAbove(0.9));
    for (said, part) in [
        ("promise = 1.0", "policy: a promise of 1 cannot be kept"),
        ("promise = 95", "give a share such as 0.95"),
        ("without_evidence = { accept_above = 1.5 }", "accept_above is a confidence between 0 and 1"),
        ("without_evidence = \"accept\"", "accept_above"),
        ("audit_share_most = 2.0", "shares between 0 and 1"),
        ("audit_share_least = 0.5", "audit_share_least is more than audit_share_most"),
    ] {
        let message = policy(said).unwrap_err().to_string();
        assert!(message.contains(part), "{said}: {message}");
    }
}

#[test]
fn a_wrong_precision_or_too_many_threads_are_refused() {
    let message = refusal(&format!("model = {{ precision = \"fp16\" }}\n{LEAST}"));
    assert!(
        message.contains("line 1") && message.contains("f32, bf16, int8") && message.contains("or auto"),
        "{message}"
    );
    let message = refusal(&format!("model = {{ threads = 5000 }}\n{LEAST}"));
    assert!(message.contains("model: threads is at most 1024"), "{message}");
}

#[test]
fn a_pattern_that_is_none_is_named_with_supplier_field_and_place() {
    let fields = "[suppliers.fields]\nsku = 'a'\ntitle = { from = 'b', pattern = '(x' }\n";
    let message = refusal(&format!("{LEAST}{fields}"));
    assert!(
        message.contains("supplier nord-mat: fields.title.pattern: unclosed group at character 1"),
        "{message}"
    );
}

#[test]
fn the_environment_lies_over_the_file() {
    let config = read(
        &[("berika.toml", LEAST)],
        &[
            ("BERIKA__MODEL__ID", "/models/e5"),
            ("BERIKA__MODEL__PRECISION", "bf16"),
            ("BERIKA__MODEL__THREADS", "3"),
            ("BERIKA__SUPPLIERS__NORD_MAT__RETIRE_AFTER", "7"),
            ("BERIKA__NETWORK__ALLOW", "[\"10.0.0.0/8\"]"),
            ("BERIKA_LOG", "debug"),
        ],
    )
    .unwrap();
    assert_eq!(config.model.id, "/models/e5");
    assert_eq!(config.model.precision, "bf16".parse().unwrap());
    assert_eq!(config.model.threads, 3);
    assert_eq!(config.suppliers[0].retire_after, 7);
    assert_eq!(config.network.allow, ["10.0.0.0/8"]);

    let error = read(&[("berika.toml", LEAST)], &[("BERIKA__SUPPLIERS__NOBODY__RETIRE_AFTER", "7")]);
    assert!(error.unwrap_err().to_string().contains("there is no nobody in suppliers"));
    let error = read(&[("berika.toml", LEAST)], &[("BERIKA__MODEL__IDD", "x")]);
    assert!(error.unwrap_err().to_string().contains("did you mean `id`?"));
}

#[test]
fn suppliers_may_stand_in_files_of_their_own() {
    let own =
        "id = \"b\"\ndelivery = \"delta\"\nsource = { path = \"b.jsonl\" }\nformat = { type = \"jsonl\" }\n";
    let main = format!("include = [\"suppliers/*.toml\"]\n{LEAST}");
    let files = [("berika.toml", main.as_str()), ("suppliers/b.toml", own), ("suppliers/readme.md", "no")];
    let config = read(&files, &[]).unwrap();
    let ids: Vec<_> = config.suppliers.iter().map(|s| s.id.as_str()).collect();
    assert_eq!(ids, ["nord-mat", "b"]);

    let twice = own.replace("\"b\"", "\"nord-mat\"");
    let error = read(&[("berika.toml", main.as_str()), ("suppliers/b.toml", &twice)], &[]);
    assert!(error.unwrap_err().to_string().contains("nord-mat is configured twice"));
    let error = read(&[("berika.toml", main.as_str()), ("suppliers/b.toml", "idd = 1")], &[]);
    assert!(error.unwrap_err().to_string().contains("b.toml: line 1"));
}

#[test]
fn secrets_come_from_elsewhere_and_are_never_shown() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("secret"), " whsec_abc \n").unwrap();
    let from_file = SecretSource::File("secret".into()).read(folder.path(), &|_| None).unwrap();
    assert_eq!(from_file.expose(), "whsec_abc");
    assert!(!format!("{from_file:?}").contains("abc"));
    let missing = SecretSource::Env("SHOP".to_owned()).read(folder.path(), &|_| None).unwrap_err();
    assert!(missing.to_string().contains("SHOP"));

    let message = refusal(&format!(
        "{LEAST}\n[[endpoints]]\nid = \"a\"\nurl = \"https://a\"\nsecret = \"whsec_abc\"\n"
    ));
    assert!(message.contains("unknown field `secret`"), "{message}");
    assert!(!message.contains("whsec_abc"), "{message}");
}

#[test]
fn pages_are_lines_of_json_and_refusals_name_the_supplier() {
    let paged = LEAST.replace("a.csv\"", "a\", paging = { type = \"page\" }");
    let message = refusal(&paged);
    assert!(message.contains("supplier nord-mat: the pages") && message.contains("\"jsonl\""), "{message}");
    let paged = paged.replace("type = \"csv\"", "type = \"jsonl\"");
    assert!(read(&[("berika.toml", &paged)], &[]).is_ok());
    let message = refusal(&paged.replace("url = \"https://feeds.example.com/a\"", "path = \"a\""));
    assert!(message.contains("supplier nord-mat: source.paging needs url"), "{message}");
}

#[test]
fn a_source_is_a_file_or_an_address() {
    let message = refusal(&LEAST.replace("url = \"https", "path = \"a.csv\", url = \"https"));
    assert!(message.contains("exactly one of path, url"), "{message}");
}
