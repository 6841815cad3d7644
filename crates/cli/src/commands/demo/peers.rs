//! Points the demo's configuration at the peers that it started.

use std::path::Path;

use anyhow::Context as _;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use berika_pipeline::Config;
use rand::TryRngCore as _;

/// The demo's signing secret: made once, kept beside the store, so that a later demo can still be verified.
pub(super) fn secret(path: &Path) -> anyhow::Result<String> {
    if let Ok(secret) = std::fs::read_to_string(path) {
        return Ok(secret.trim().to_owned());
    }
    let mut bytes = [0u8; 32];
    rand::rngs::OsRng.try_fill_bytes(&mut bytes).context("the system gives no random numbers")?;
    let secret = format!("whsec_{}", STANDARD.encode(bytes));
    write_private(path, &secret).with_context(|| format!("cannot write {}", path.display()))?;
    Ok(secret)
}

/// Puts the store into the data folder, and the peers' real ports where the configuration says port 0.
pub(super) fn connect(config: &mut Config, data: &Path, suppliers: &str, shop: &str) -> anyhow::Result<()> {
    const ANY_PORT: &str = "http://127.0.0.1:0";
    config.store.path = data.join(&config.store.path);
    for supplier in &mut config.suppliers {
        let url =
            supplier.source.url.as_mut().with_context(|| format!("supplier {} has no url", supplier.id))?;
        *url = url.replacen(ANY_PORT, suppliers, 1);
    }
    for endpoint in &mut config.endpoints {
        shop.clone_into(&mut endpoint.url);
        endpoint.secret_file = Some(data.join("webhook-secret"));
    }
    Ok(())
}

#[cfg(unix)]
fn write_private(path: &Path, text: &str) -> std::io::Result<()> {
    use std::io::Write as _;
    use std::os::unix::fs::OpenOptionsExt as _;
    let mut file = std::fs::File::options().write(true).create_new(true).mode(0o600).open(path)?;
    file.write_all(text.as_bytes())
}

#[cfg(not(unix))]
fn write_private(path: &Path, text: &str) -> std::io::Result<()> {
    std::fs::write(path, text)
}
