#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| berika_fuzz::read("type = 'xml', rows = '//item'", bytes));
