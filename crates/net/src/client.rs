//! Building the one kind of HTTP client there is.

use crate::address::AddressPolicy;
use crate::resolver::GuardedResolver;
use rustls::crypto::{CryptoProvider, ring};
use rustls_platform_verifier::BuilderVerifierExt;
use std::sync::Arc;
use std::time::Duration;

/// A name with several addresses gets a chance to try the next one before the deadline of the exchange.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// Servers close idle connections after 5 s to 75 s; a request on a connection that is being closed fails.
const POOL_IDLE_TIMEOUT: Duration = Duration::from_secs(4);

/// An HTTP client that obeys an [`AddressPolicy`]. Clones share the policy and the connection pool and cost nothing.
#[derive(Debug, Clone)]
pub struct Client {
    pub(crate) http: reqwest::Client,
    pub(crate) policy: Arc<AddressPolicy>,
}

/// Why a client could not be built.
#[derive(Debug, thiserror::Error)]
pub enum ClientError {
    /// The TLS library refused its own defaults.
    #[error("TLS cannot be set up")]
    Tls(#[source] rustls::Error),
    /// The HTTP library refused the configuration.
    #[error("HTTP client cannot be built")]
    Http(#[source] reqwest::Error),
}

impl Client {
    /// A client that connects only where `policy` permits. Certificates are verified as the platform does it; on a
    /// machine without any trusted root certificate every https request fails (http goes on working).
    ///
    /// # Errors
    /// [`ClientError`], which no configuration of Berika's should lead to.
    pub fn new(policy: AddressPolicy) -> Result<Self, ClientError> {
        let policy = Arc::new(policy);
        #[expect(clippy::disallowed_methods, reason = "this is the one place that builds clients")]
        let http = reqwest::Client::builder()
            .user_agent(concat!("berika/", env!("CARGO_PKG_VERSION")))
            .tls_backend_preconfigured(tls_config()?)
            .http1_only()
            .no_proxy()
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never())
            .referer(false)
            .dns_resolver(GuardedResolver::new(Arc::clone(&policy)))
            .connect_timeout(CONNECT_TIMEOUT)
            .pool_idle_timeout(POOL_IDLE_TIMEOUT)
            .build()
            .map_err(ClientError::Http)?;
        Ok(Self { http, policy })
    }
}

/// The provider is passed explicitly, so nothing global is installed and no second provider can slip in.
fn tls_config() -> Result<rustls::ClientConfig, ClientError> {
    let provider: Arc<CryptoProvider> = Arc::new(ring::default_provider());
    let builder = || {
        rustls::ClientConfig::builder_with_provider(Arc::clone(&provider))
            .with_safe_default_protocol_versions()
            .map_err(ClientError::Tls)
    };
    let mut config = match builder()?.with_platform_verifier() {
        Ok(verified) => verified.with_no_client_auth(),
        Err(error) => {
            tracing::warn!(%error, "no trusted root certificates found: https will fail; install ca-certificates");
            builder()?.with_root_certificates(rustls::RootCertStore::empty()).with_no_client_auth()
        }
    };
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(config)
}
