#![no_main]

use std::io::Write;

use berika_generate::{Model, Options, Prompt};

// A file that is read at all answers, or says what is wrong: whatever its weights are.
libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let mut file = tempfile::NamedTempFile::with_suffix(".gguf").expect("a temporary file");
    file.write_all(bytes).expect("room for it");
    if let Ok(model) = Model::load(file.path()) {
        let options = Options { max_tokens: 3, ..Options::default() };
        if let Ok(prefix) = model.prefix(&Prompt::from("ka")) {
            drop(model.generate(&prefix, &Prompt::from("ff 3"), &options, &|| false));
        }
    }
});
