//! The headers that a supplier's requests carry.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use berika_net::{Secret, Url};

use crate::Surroundings;
use crate::config::{Auth, SourceConfig};
use crate::error::SourceError;
use crate::s3::Signer;
use crate::token::Grant;

/// What a supplier's requests carry: headers that stay, and a token that may have to be renewed.
#[derive(Debug)]
pub(crate) struct Credentials {
    /// Headers that stay.
    pub(crate) headers: Vec<(String, Secret)>,
    /// What a token is got for.
    pub(crate) grant: Option<Grant>,
    /// Who signs each request anew.
    pub(crate) signer: Option<Signer>,
    /// Secrets that stand in none of the headers as they are, and that a server may repeat nevertheless.
    pub(crate) hidden: Vec<Secret>,
}

impl Credentials {
    /// Reads the secrets that a source names.
    pub(crate) fn read(config: &SourceConfig, around: Surroundings<'_>) -> Result<Self, SourceError> {
        let secret = |what: String, source: &berika_net::SecretSource| {
            source
                .read(around.folder, &|name| (around.environment)(name))
                .map_err(|source| SourceError::Secret { what, source })
        };
        let mut headers = Vec::new();
        for (name, source) in &config.headers {
            headers.push((name.clone(), secret(format!("header {name}"), source)?));
        }
        let (mut grant, mut hidden) = (None, Vec::new());
        match &config.auth {
            None => {}
            Some(Auth::Basic { user, password }) => {
                let password = secret("source.auth.password".to_owned(), password)?;
                headers.push(("authorization".to_owned(), basic(user, &password)));
                hidden.push(password);
            }
            Some(Auth::Bearer { token }) => {
                headers.push(bearer(&secret("source.auth.token".to_owned(), token)?));
            }
            Some(Auth::Header { name, value }) => {
                headers.push((name.clone(), secret("source.auth.value".to_owned(), value)?));
            }
            Some(Auth::Oauth2 { token_url, client_id, client_secret, scope, audience }) => {
                let client_secret = secret("source.auth.client_secret".to_owned(), client_secret)?;
                hidden.push(client_secret.clone());
                grant = Some(Grant {
                    url: Url::parse(token_url)
                        .map_err(|source| SourceError::Url { key: "auth.token_url", source })?,
                    client_id: client_id.clone(),
                    client_secret,
                    scope: scope.clone(),
                    audience: audience.clone(),
                });
            }
        }
        let mut signer = None;
        if let Some(s3) = &config.s3 {
            let token = s3.session_token.as_ref();
            signer = Some(Signer {
                access_key_id: secret("source.s3.access_key_id".to_owned(), &s3.access_key_id)?,
                secret_access_key: secret("source.s3.secret_access_key".to_owned(), &s3.secret_access_key)?,
                session_token: token
                    .map(|token| secret("source.s3.session_token".to_owned(), token))
                    .transpose()?,
                region: s3.region.clone(),
            });
        }
        Ok(Self { headers, grant, signer, hidden })
    }
}

/// `Basic` and the base64 of name and password.
pub(crate) fn basic(user: &str, password: &Secret) -> Secret {
    Secret::new(format!("Basic {}", STANDARD.encode(format!("{user}:{}", password.expose()))))
}

/// The header of a bearer token.
pub(crate) fn bearer(token: &Secret) -> (String, Secret) {
    ("authorization".to_owned(), Secret::new(format!("Bearer {}", token.expose())))
}
