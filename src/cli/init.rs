//! `feedgen init`: a commented configuration and its folders, and nothing that exists is touched.

use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use chrono::{DateTime, Datelike as _, Utc};

use crate::config::{self, Template};

/// Why nothing could be set up.
#[derive(Debug, thiserror::Error)]
pub enum InitError {
    /// The address is none that feeds can be published at.
    #[error("--url: {0}")]
    Url(String),
    /// A file or folder cannot be made.
    #[error("cannot create {}: {source}", path.display())]
    Create {
        /// The file or folder.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
}

/// Sets up `directory`: `feedgen.toml`, the schema that its first line points to, and the folder `news`. `url` is where
/// feeds will be reachable; with it the authority of ids is fixed, to its host and the year of `now`. Returns what was
/// made, what was left alone and what to do next, to be printed.
///
/// # Errors
/// When the address is none, or a file or folder cannot be made.
pub fn run(directory: &Path, url: Option<&str>, now: DateTime<Utc>) -> Result<String, InitError> {
    let template = Template::new(url, now.year()).map_err(InitError::Url)?;
    let mut report = String::new();
    create_folder(&directory.join("news"), &mut report)?;
    let file = directory.join("feedgen.toml");
    let created = create_file(&file, &template.text(), &mut report)?;
    create_file(&directory.join("feedgen.schema.json"), &config::schema(), &mut report)?;
    report.push('\n');
    if created && template.url.is_none() {
        report.push_str("Next: set site.url in feedgen.toml, put documents into news, and run `feedgen refresh`");
    } else {
        report.push_str("Next: put documents into news, and run `feedgen refresh`");
    }
    // Relative paths start at the working directory.
    if !matches!(directory.to_str(), Some("" | ".")) {
        report.push_str(&format!(" in {}", directory.display()));
    }
    report.push_str(".\n");
    Ok(report)
}

fn create_folder(path: &Path, report: &mut String) -> Result<(), InitError> {
    let exists = path.is_dir();
    fs::create_dir_all(path).map_err(|source| InitError::Create { path: path.to_path_buf(), source })?;
    told(report, path, !exists);
    Ok(())
}

/// True when the file was made, false when there was one already.
fn create_file(path: &Path, text: &str, report: &mut String) -> Result<bool, InitError> {
    let made = match OpenOptions::new().write(true).create_new(true).open(path) {
        Ok(mut file) => file.write_all(text.as_bytes()).map(|()| true),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(false),
        Err(error) => Err(error),
    };
    let made = made.map_err(|source| InitError::Create { path: path.to_path_buf(), source })?;
    told(report, path, made);
    Ok(made)
}

fn told(report: &mut String, path: &Path, made: bool) {
    let word = if made { "created" } else { "left as it is" };
    report.push_str(&format!("{word}: {}\n", path.display()));
}
