#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    berika_fuzz::read("type = 'shopify'", bytes);
    berika_fuzz::read("type = 'magento'", bytes);
    berika_fuzz::read("type = 'woocommerce'", bytes);
});
