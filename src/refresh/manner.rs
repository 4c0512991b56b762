//! How sources on the web are asked: the limits of all, and what is special about each.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::collect::fetch::{self, Manner, Way};
use crate::config::Settings;
use crate::source::{Access, Web};

/// The limits of all requests.
pub fn fetch_policy(settings: &Settings) -> fetch::Policy {
    let refresh = &settings.refresh;
    let name = concat!("feedgen/", env!("CARGO_PKG_VERSION"));
    let is_reachable = settings.site.url.host_str().is_some_and(|host| host != "localhost");
    let contact = if is_reachable { format!("{name} (+{})", settings.site.url) } else { name.to_owned() };
    fetch::Policy {
        timeout: refresh.timeout,
        max_size: usize::try_from(settings.max_size).unwrap_or(usize::MAX),
        private: refresh.private.clone(),
        ..fetch::Policy::new(refresh.user_agent.clone().unwrap_or(contact))
    }
}

/// How sources are asked; those that are asked alike share one, and each file is read once.
#[derive(Debug, Default)]
pub struct Manners {
    plain: Arc<Manner>,
    authorities: BTreeMap<PathBuf, Vec<u8>>,
}

impl Manners {
    /// How a source is asked.
    ///
    /// # Errors
    /// When one of its files cannot be read, in words.
    pub fn of(&mut self, web: &Web) -> Result<Arc<Manner>, String> {
        if *web.access == Access::default() {
            return Ok(self.plain.clone());
        }
        let Access { headers, headers_file, user, password_file, proxy, tls_ca } = &*web.access;
        let mut headers = headers.clone();
        if let Some(path) = headers_file {
            for line in text(path)?.lines().filter(|line| !line.trim().is_empty() && !line.starts_with('#')) {
                let (name, value) = line
                    .split_once(':')
                    .ok_or_else(|| format!("{}: a line without a colon: write Name: value", path.display()))?;
                headers.push((name.trim().to_owned(), value.trim().to_owned()));
            }
        }
        let password = password_file.as_deref().map(text).transpose()?.unwrap_or_default();
        let credentials = user.clone().map(|user| (user, password.trim_end_matches(['\r', '\n']).to_owned()));
        let mut authorities = Vec::new();
        if let Some(path) = tls_ca {
            if !self.authorities.contains_key(path) {
                let bytes = bytes(path)?;
                fetch::check_authorities(&bytes).map_err(|problem| {
                    format!("{} {problem}: tls_ca is the certificate of the issuer", path.display())
                })?;
                self.authorities.insert(path.clone(), bytes);
            }
            authorities.extend(self.authorities.get(path).cloned());
        }
        Ok(Arc::new(Manner { headers, credentials, way: Way { proxy: proxy.clone(), authorities } }))
    }
}

/// Bytes of a file with secrets or certificates, at most.
const LARGEST: u64 = 1024 * 1024;

fn text(path: &Path) -> Result<String, String> {
    let text = String::from_utf8(bytes(path)?);
    let text = text.map_err(|_| format!("{} is not UTF-8 text: save it as UTF-8", path.display()))?;
    // Some editors put a mark before all that they write.
    Ok(text.strip_prefix('\u{feff}').map_or(text.clone(), str::to_owned))
}

/// The secret that a file holds, without the white space around it.
///
/// # Errors
/// When it cannot be read, or there is none, in words.
pub fn secret(path: &Path) -> Result<Vec<u8>, String> {
    let bytes = bytes(path)?;
    let secret = bytes.trim_ascii();
    if secret.is_empty() {
        Err(format!("{} is empty: write the secret into it", path.display()))
    } else {
        Ok(secret.to_vec())
    }
}

/// What a file holds. A FIFO would be waited for, and a device has no end.
fn bytes(path: &Path) -> Result<Vec<u8>, String> {
    let about = std::fs::metadata(path).map_err(|error| cannot_read(path, &error))?;
    if !about.is_file() {
        return Err(format!("{} is no file: name one that holds the text", path.display()));
    }
    if about.len() > LARGEST {
        return Err(format!("{} is larger than 1 MiB, which no password, header or certificate is", path.display()));
    }
    std::fs::read(path).map_err(|error| cannot_read(path, &error))
}

fn cannot_read(path: &Path, error: &std::io::Error) -> String {
    format!("cannot read {}: {error}", path.display())
}
