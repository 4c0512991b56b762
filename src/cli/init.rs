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
    let news = create_folder(directory.join("news"))?;
    let configuration = create_file(directory.join("feedgen.toml"), &template.text())?;
    let schema = create_file(directory.join("feedgen.schema.json"), &config::schema())?;

    let address = match &template.url {
        Some(url) if !configuration.made => format!("set site.url in feedgen.toml to {url}, unless it says so, "),
        None if configuration.made => "set site.url in feedgen.toml, ".to_owned(),
        _ => String::new(),
    };
    let hidden = directory.join("config/feedgen.toml");
    let hides = if configuration.made && hidden.exists() {
        format!("{} is read no more, for {} comes before it\n", hidden.display(), configuration.path.display())
    } else {
        String::new()
    };
    // Relative paths start at the working directory.
    let place = match directory.to_str() {
        Some("" | ".") => String::new(),
        _ => format!(" in {}", directory.display()),
    };
    let next = format!("\nNext: {address}put documents into news, and run `feedgen refresh`{place}.\n");
    Ok([news.told(), configuration.told(), schema.told(), hides, next].concat())
}

/// A file or folder that there is now.
struct Place {
    path: PathBuf,
    /// False: it was there before.
    made: bool,
}

impl Place {
    fn told(&self) -> String {
        let word = if self.made { "created" } else { "left as it is" };
        format!("{word}: {}\n", self.path.display())
    }
}

fn create_folder(path: PathBuf) -> Result<Place, InitError> {
    let made = !path.is_dir();
    match fs::create_dir_all(&path) {
        Ok(()) => Ok(Place { path, made }),
        Err(source) => Err(InitError::Create { path, source }),
    }
}

fn create_file(path: PathBuf, text: &str) -> Result<Place, InitError> {
    let made = match OpenOptions::new().write(true).create_new(true).open(&path) {
        // Half a file would be left as it is the next time.
        Ok(mut file) => file.write_all(text.as_bytes()).map(|()| true).inspect_err(|_| {
            let _kept = fs::remove_file(&path);
        }),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(false),
        Err(error) => Err(error),
    };
    match made {
        Ok(made) => Ok(Place { path, made }),
        Err(source) => Err(InitError::Create { path, source }),
    }
}
