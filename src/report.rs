//! What one walk did, source by source, and the exit code that follows from it.

use serde::{Deserialize, Serialize};

/// What one walk did.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    /// One line a source, in the order of the configuration.
    pub sources: Vec<SourceReport>,
    /// Published files that changed, paths below the publish directory.
    pub changed: Vec<String>,
    /// What is worth a word and belongs to no source.
    pub notes: Vec<String>,
    /// What the store held and could not be saved from damage.
    pub losses: Vec<String>,
    /// What kept feeds from being published. The last good files stay.
    pub failures: Vec<String>,
    /// Nothing was written: this is what would have been done.
    pub dry_run: bool,
}

/// What a walk did with one source.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceReport {
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Documents found, or entries in the feed.
    pub documents: u64,
    /// Items that are new.
    pub new: u64,
    /// Items whose words changed.
    pub revised: u64,
    /// Documents that lay elsewhere before.
    pub moved: u64,
    /// Documents that are not there any more; their items stay published.
    pub gone: u64,
    /// Documents that could not be read.
    pub unreadable: u64,
    /// Requests made of its server.
    #[serde(default, skip_serializing_if = "is_nothing")]
    pub requests: u64,
    /// Bytes of what that answered, decompressed.
    #[serde(default, skip_serializing_if = "is_nothing")]
    pub bytes: u64,
    /// Files left alone and documents understood in part: path, and why.
    pub notes: Vec<Note>,
    /// Why the source could not be walked at all.
    pub error: Option<String>,
    /// Of a source on the web: what came of it in this walk.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub visited: Option<Visited>,
    /// Of a source on the web: when it is visited next, and why then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks with a reference")]
fn is_nothing(number: &u64) -> bool {
    *number == 0
}

/// What came of a source on the web in a walk.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Visited {
    /// It was read.
    Read,
    /// It is what it was.
    Unchanged,
    /// It was not its time, or its host asks to wait: it was not asked.
    NotDue,
}

/// A word about one file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Note {
    /// The file, as people would name it.
    pub path: String,
    /// What about it, and what to do.
    pub text: String,
}

impl Note {
    /// It as a line of its own.
    pub fn line(&self) -> String {
        format!("note: {} {}\n", self.path, self.text)
    }
}

impl Report {
    /// 0: all well. 1: done, but a source failed or items are lost. 3: something could not be published.
    pub fn exit_code(&self) -> u8 {
        let failed = !self.losses.is_empty() || self.sources.iter().any(|source| source.error.is_some());
        if self.failures.is_empty() { u8::from(failed) } else { 3 }
    }
}
