//! A published file in memory: its bytes in each coding, and what is told of them.

use std::fs::File;
use std::io::{self, Write as _};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

use chrono::{DateTime, Utc};
use flate2::Compression;
use flate2::write::GzEncoder;
use hyper::HeaderMap;
use hyper::body::Bytes;
use hyper::header::{
    CACHE_CONTROL, CONTENT_ENCODING, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG, HeaderValue, LAST_MODIFIED, LINK,
    REFERRER_POLICY, VARY, X_CONTENT_TYPE_OPTIONS,
};
use sha2::{Digest as _, Sha256};

use super::freshness;
use super::media::{self, Media};
use super::wanted::{Coding, Welcome};
use crate::config::Settings;
use crate::publish::html::POLICY;

/// Files below so many bytes are sent as they are: a packet is a packet.
const SMALL: usize = 512;

/// Memory that a file takes besides its bytes: paths, headers, its place on the shelf.
const OVERHEAD: usize = 4096;

/// How hard brotli tries, of 11: above, the time doubles for each percent.
const BROTLI_EFFORT: i32 = 6;

/// By which a file is known to be the one that was read: another number, size or time is another file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Stamp {
    inode: u64,
    size: u64,
    /// Time of last modification: seconds since 1970, and nanoseconds.
    modified: (i64, u64),
}

impl Stamp {
    /// That of an open file. `None`: it is no plain file.
    pub(super) fn of(file: &File) -> io::Result<Option<Self>> {
        let about = rustix::fs::fstat(file)?;
        let is_plain = rustix::fs::FileType::from_raw_mode(about.st_mode).is_file();
        let stamp = Self {
            inode: about.st_ino,
            size: u64::try_from(about.st_size).unwrap_or_default(),
            modified: (about.st_mtime, about.st_mtime_nsec),
        };
        Ok(is_plain.then_some(stamp))
    }

    /// Its size, in bytes.
    pub(super) fn size(self) -> u64 {
        self.size
    }

    fn modified(self) -> DateTime<Utc> {
        DateTime::from_timestamp(self.modified.0, 0).unwrap_or_default()
    }

    /// What tells its version where its bytes are not read: enough to be strong, for files are replaced and never
    /// written into.
    fn version(self) -> String {
        format!("{:x}-{:x}-{:x}.{:x}", self.inode, self.size, self.modified.0, self.modified.1)
    }
}

/// What is told of a file, whatever its coding.
#[derive(Debug)]
pub(super) struct About {
    /// Path below the publish directory.
    pub(super) path: Box<str>,
    pub(super) stamp: Stamp,
    /// Number of the settings that the headers were made with.
    pub(super) settings: u64,
    /// Whether another version of it has the same time of modification, to the second.
    pub(super) is_ambiguous: bool,
    media: Media,
    version: String,
    /// The strong validators of its bytes, one for each coding (RFC 9110 §8.8.3).
    tags: [HeaderValue; 3],
    headers: HeaderMap,
}

impl About {
    /// `bytes`: what is in it; `None`: it is too large to be held. `number`: that of the settings.
    pub(super) fn new(path: &str, stamp: Stamp, bytes: Option<&[u8]>, settings: &Settings, number: u64) -> Self {
        let media = media::of(path);
        let version = bytes.map_or_else(|| stamp.version(), version);
        let mut headers = HeaderMap::with_capacity(12);
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(media.name));
        headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
        headers.insert(CACHE_CONTROL, freshness::cache_control(path, settings));
        let modified = stamp.modified().format("%a, %d %b %Y %H:%M:%S GMT").to_string();
        headers.extend(HeaderValue::try_from(modified).ok().map(|value| (LAST_MODIFIED, value)));
        if media.is_text {
            headers.insert(VARY, HeaderValue::from_static("Accept-Encoding"));
        }
        if media.is_page {
            // Who may frame a page can only be said here (Content Security Policy Level 3, §3.3).
            let policy = [POLICY, "; frame-ancestors 'none'"].concat();
            headers.extend(HeaderValue::try_from(policy).ok().map(|value| (CONTENT_SECURITY_POLICY, value)));
            headers.insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
        }
        if media.is_feed {
            for link in links(path, settings) {
                headers.append(LINK, link);
            }
        }
        let tag = |coding: Coding| {
            let tag = ["\"", &version, coding.ending(), "\""].concat();
            HeaderValue::try_from(tag).unwrap_or(HeaderValue::from_static("\"\""))
        };
        let tags = Coding::ALL.map(tag);
        Self { path: path.into(), stamp, settings: number, is_ambiguous: false, media, version, tags, headers }
    }

    /// What is told along with its bytes.
    pub(super) fn full(&self, coding: Coding) -> HeaderMap {
        let mut headers = self.headers.clone();
        headers.insert(ETAG, self.tag(coding));
        if let Some(name) = coding.name() {
            headers.insert(CONTENT_ENCODING, HeaderValue::from_static(name));
        }
        headers
    }

    /// What is told where whoever asks has its bytes already (RFC 9110 §15.4.5).
    pub(super) fn unchanged(&self, coding: Coding) -> HeaderMap {
        let mut headers = HeaderMap::with_capacity(6);
        headers.insert(ETAG, self.tag(coding));
        for name in [CACHE_CONTROL, VARY, LAST_MODIFIED] {
            if let Some(value) = self.headers.get(&name) {
                headers.insert(name, value.clone());
            }
        }
        headers
    }

    fn tag(&self, coding: Coding) -> HeaderValue {
        let [plain, gzip, brotli] = &self.tags;
        match coding {
            Coding::Plain => plain.clone(),
            Coding::Gzip => gzip.clone(),
            Coding::Brotli => brotli.clone(),
        }
    }

    /// In which coding a tag, without its quotes, names this version. `None`: it names another one.
    pub(super) fn coding_of(&self, tag: &[u8]) -> Option<Coding> {
        let ending = tag.strip_prefix(self.version.as_bytes())?;
        Coding::ALL.into_iter().find(|coding| coding.ending().as_bytes() == ending)
    }

    /// Whether it is the version that was modified at this time. An earlier time is that of another version, too: where a
    /// clock was put right or a copy put back, what is newer has the time that is older.
    pub(super) fn is_of(&self, time: DateTime<Utc>) -> bool {
        self.stamp.modified() == time && !self.is_ambiguous
    }

    /// Whether another version was modified in the same second as this one.
    pub(super) fn is_shortly_after(&self, other: &Self) -> bool {
        self.stamp.modified() == other.stamp.modified() && (other.is_ambiguous || self.version != other.version)
    }
}

/// Where a feed is found, and where changes to it are told: `Link` (RFC 8288; `WebSub` §4).
fn links(path: &str, settings: &Settings) -> Vec<HeaderValue> {
    let own = settings.site.url.join(path).ok().map(|url| format!("<{url}>; rel=\"self\""));
    let hubs = settings.publish.hubs.iter().map(|hub| format!("<{hub}>; rel=\"hub\""));
    own.into_iter().chain(hubs).filter_map(|link| HeaderValue::try_from(link).ok()).collect()
}

/// A published file in memory.
#[derive(Debug)]
pub(super) struct Held {
    pub(super) about: About,
    /// Second in which it was last looked at on the disk. 0: it is to be looked at before it is shown again.
    pub(super) looked_at: AtomicU32,
    /// Second in which it was last asked for.
    pub(super) asked: AtomicU32,
    plain: Bytes,
    gzip: OnceLock<Option<Bytes>>,
    brotli: OnceLock<Option<Bytes>>,
}

impl Held {
    /// One that was just read and is still to be looked at.
    pub(super) fn new(about: About, bytes: Vec<u8>, second: u32) -> Self {
        Self {
            about,
            looked_at: AtomicU32::new(0),
            asked: AtomicU32::new(second),
            plain: bytes.into(),
            gzip: OnceLock::new(),
            brotli: OnceLock::new(),
        }
    }

    /// The bytes to be sent to somebody to whom codings are so welcome: the smallest of those that are most welcome.
    pub(super) fn bytes(&self, welcome: Welcome) -> (Coding, Bytes) {
        let packed = |cell: &OnceLock<Option<Bytes>>, weight: u16| {
            (weight > 0).then(|| cell.get().and_then(Clone::clone)).flatten()
        };
        let brotli = if welcome.brotli >= welcome.gzip { packed(&self.brotli, welcome.brotli) } else { None };
        if let Some(bytes) = brotli {
            return (Coding::Brotli, bytes);
        }
        if let Some(bytes) = packed(&self.gzip, welcome.gzip) {
            return (Coding::Gzip, bytes);
        }
        packed(&self.brotli, welcome.brotli)
            .map_or_else(|| (Coding::Plain, self.plain.clone()), |b| (Coding::Brotli, b))
    }

    /// Compresses it; takes milliseconds. Returns how many bytes of memory that has taken.
    pub(super) fn pack(&self) -> usize {
        let worth_it = |packed: &Vec<u8>| packed.len() < self.plain.len() / 10 * 9;
        let is_fit = self.about.media.is_text && self.plain.len() >= SMALL;
        let pack = |make: fn(&[u8]) -> io::Result<Vec<u8>>| {
            if is_fit { make(&self.plain).ok().filter(worth_it).map(Bytes::from) } else { None }
        };
        let gzip =
            self.gzip.get_or_init(|| pack(|bytes| gzipped(bytes, Compression::best()))).as_ref().map_or(0, Bytes::len);
        let brotli = self.brotli.get_or_init(|| pack(brotlied)).as_ref().map_or(0, Bytes::len);
        gzip + brotli
    }

    /// Memory that it takes, in bytes.
    pub(super) fn size(&self) -> usize {
        let packed = [&self.gzip, &self.brotli].into_iter().filter_map(|cell| cell.get()?.as_ref());
        OVERHEAD + self.plain.len() + packed.map(Bytes::len).sum::<usize>()
    }

    /// Somebody asks for it. Written only where it tells something new, so that readers do not disturb each other.
    pub(super) fn is_asked_for(&self, second: u32) {
        if self.asked.load(Ordering::Relaxed) != second {
            self.asked.store(second, Ordering::Relaxed);
        }
    }
}

/// What tells a version of some content from all others (RFC 9110 §8.8.3): half of its SHA-256, hexadecimal.
pub(super) fn version(bytes: &[u8]) -> String {
    let start = Sha256::digest(bytes).first_chunk().copied().unwrap_or_default();
    format!("{:032x}", u128::from_be_bytes(start))
}

/// Bytes compressed (RFC 1952), with so much effort.
pub(super) fn gzipped(bytes: &[u8], effort: Compression) -> io::Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::with_capacity(bytes.len() / 4), effort);
    encoder.write_all(bytes)?;
    let mut packed = encoder.finish()?;
    packed.shrink_to_fit();
    Ok(packed)
}

fn brotlied(bytes: &[u8]) -> io::Result<Vec<u8>> {
    let parameters = brotli::enc::BrotliEncoderParams {
        quality: BROTLI_EFFORT,
        lgwin: 20,
        size_hint: bytes.len(),
        ..Default::default()
    };
    let mut packed = Vec::with_capacity(bytes.len() / 4);
    brotli::BrotliCompress(&mut &*bytes, &mut packed, &parameters)?;
    packed.shrink_to_fit();
    Ok(packed)
}
