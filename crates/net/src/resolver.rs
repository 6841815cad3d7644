//! Name resolution that passes on permitted addresses only.
//!
//! The check sits between DNS and the socket: whatever address is connected to has been judged, so a name that
//! changes its answer between a check and its use (DNS rebinding) gains nothing.

use crate::address::{AddressPolicy, BlockedAddress};
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

/// Why a host name led to no address that may be connected to.
#[derive(Debug, thiserror::Error)]
pub enum ResolveError {
    /// The name could not be looked up.
    #[error("host name {host:?} cannot be resolved")]
    Lookup {
        /// The name.
        host: String,
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// The name has no address.
    #[error("host name {host:?} has no address")]
    NoAddress {
        /// The name.
        host: String,
    },
    /// Every address of the name is blocked; the first one is reported.
    #[error("host name {host:?} leads to no permitted address")]
    Blocked {
        /// The name.
        host: String,
        /// The first blocked address.
        #[source]
        source: BlockedAddress,
    },
}

#[derive(Debug)]
pub(crate) struct GuardedResolver {
    policy: Arc<AddressPolicy>,
}

impl GuardedResolver {
    pub(crate) fn new(policy: Arc<AddressPolicy>) -> Self {
        Self { policy }
    }
}

impl Resolve for GuardedResolver {
    fn resolve(&self, name: Name) -> Resolving {
        let policy = Arc::clone(&self.policy);
        Box::pin(async move {
            let host = name.as_str().to_owned();
            // Port 0 is replaced by the URL's own port.
            let found = tokio::net::lookup_host((host.as_str(), 0))
                .await
                .map_err(|source| ResolveError::Lookup { host: host.clone(), source })?;
            let permitted = permitted(&policy, &host, found)?;
            let addresses: Addrs = Box::new(permitted.into_iter());
            Ok(addresses)
        })
    }
}

fn permitted(
    policy: &AddressPolicy,
    host: &str,
    found: impl Iterator<Item = SocketAddr>,
) -> Result<Vec<SocketAddr>, ResolveError> {
    let mut permitted = Vec::new();
    let mut blocked = None;
    for address in found {
        match policy.check(address.ip()) {
            Ok(()) => permitted.push(address),
            Err(error) => blocked = blocked.or(Some(error)),
        }
    }
    match (permitted.is_empty(), blocked) {
        (false, _) => Ok(permitted),
        (true, Some(source)) => Err(ResolveError::Blocked { host: host.to_owned(), source }),
        (true, None) => Err(ResolveError::NoAddress { host: host.to_owned() }),
    }
}

#[cfg(test)]
mod tests {
    use super::{ResolveError, permitted};
    use crate::address::AddressPolicy;
    use std::net::SocketAddr;

    fn addresses(texts: &[&str]) -> Vec<SocketAddr> {
        texts.iter().map(|text| text.parse().unwrap()).collect()
    }

    #[test]
    fn only_permitted_addresses_of_a_name_are_passed_on() {
        let policy = AddressPolicy::public_only();
        let mixed = addresses(&["127.0.0.1:0", "8.8.8.8:0", "[::1]:0"]);
        assert_eq!(permitted(&policy, "h", mixed.into_iter()).unwrap(), addresses(&["8.8.8.8:0"]));
        let inside = addresses(&["10.0.0.1:0", "[::1]:0"]);
        let error = permitted(&policy, "h", inside.into_iter()).unwrap_err();
        assert!(
            matches!(&error, ResolveError::Blocked { source, .. } if source.range == "private"),
            "{error:?}"
        );
        let error = permitted(&policy, "h", std::iter::empty()).unwrap_err();
        assert!(matches!(error, ResolveError::NoAddress { .. }));
    }
}
