#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    berika_fuzz::read("type = 'json'", bytes);
    berika_fuzz::read("type = 'json', records = '/products'", bytes);
    berika_fuzz::read("type = 'jsonl'", bytes);
});
