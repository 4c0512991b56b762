//! What a document claims: a [`Draft`]. Claims, not facts; `item::settle` decides.

use std::fmt;

use chrono::{DateTime, Datelike, FixedOffset, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, TimeZone, Utc};
use url::Url;

use crate::source::Tz;

pub mod asides;
pub mod tags;

/// Everything a document says about itself.
#[derive(Debug, Default)]
pub struct Draft {
    /// The id that an upstream gave it (RSS `<guid>`, Atom `<id>`, JSON Feed `id`), as written.
    pub guid: Option<String>,
    /// The title, as plain text.
    pub title: Option<String>,
    /// Whether it is said to be plain text (Atom `type="text"`), so that what looks like a tag in it is a word.
    pub title_is_text: bool,
    /// Its own address on the web (`<link rel=canonical>`, front matter `url`), absolute.
    pub link: Option<Url>,
    /// The address that relative links in the body resolve against.
    pub base: Option<Url>,
    /// The body, without title, dateline and residue.
    pub body: Body,
    /// A summary that the document itself gives (front matter, `<meta name=description>`), as plain text.
    pub summary: Option<String>,
    /// Names of people or offices that wrote it.
    pub authors: Vec<String>,
    /// Labels it puts itself under, as written and in order.
    pub sections: Vec<String>,
    /// Categories that somebody gave it (front matter, sidecar, upstream): slugs or labels.
    pub categories: Vec<String>,
    /// Further key words (`<meta name=keywords>`, tags of front matter).
    pub keywords: Vec<String>,
    /// When it says that it was published. All claims; the best evidence wins.
    pub dates: Vec<DateClaim>,
    /// When it says that it was last changed.
    pub updated: Vec<DateClaim>,
    /// When what it tells of took place, if that is told apart from the publication.
    pub event: Option<DateClaim>,
    /// BCP 47 tag of the declared language.
    pub language: Option<String>,
    /// Whether somebody wrote that language by hand (front matter, sidecar).
    pub language_by_hand: bool,
    /// Who publishes it, where the document names it (copyright line, `og:site_name`).
    pub publisher: Option<String>,
    /// The same story in other languages, as its page tells (`<link rel=alternate hreflang>`).
    pub siblings: Vec<Sibling>,
    /// Files that belong to it, absolute addresses.
    pub enclosures: Vec<Enclosure>,
    /// Address of its main picture, absolute.
    pub image: Option<Url>,
    /// The feed that it was taken from. `None`: it was no entry of a feed.
    pub credit: Option<Credit>,
    /// How many seconds it stands behind the first of its day, where a list keeps an order that its dates do not tell.
    pub order: u32,
    /// What could not be understood, for the report: lower case, no full stop.
    pub notes: Vec<String>,
}

/// A story in another language.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Sibling {
    /// Its language (BCP 47), as written.
    pub language: String,
    /// Where it is.
    pub url: Url,
}

/// The body of a draft.
#[derive(Debug, Default)]
pub enum Body {
    /// There is none.
    #[default]
    Empty,
    /// Plain paragraphs.
    Paragraphs(Vec<String>),
    /// Parts of a parsed page, in order.
    Markup(Fragment),
}

/// Parts of one parsed page. The tree is made once, by `read::guard`, and is not parsed again.
#[derive(Debug)]
pub struct Fragment {
    /// The page.
    pub page: scraper::Html,
    /// The parts of it that are the body, in order. What is in one of them and stands for itself is among `without`.
    pub parts: Vec<ego_tree::NodeId>,
    /// Elements and texts inside of those which are residue and do not belong to the body.
    pub without: std::collections::HashSet<ego_tree::NodeId>,
}

/// Whether an element of a page begins a new line, or is one of nothing but its beginning.
pub fn begins_line(name: &str) -> bool {
    name == "br" || is_block(name)
}

/// Whether an element of a page has no content and no end tag (HTML §13.1.2, "Void elements", and two that were some).
pub fn is_void(name: &str) -> bool {
    matches!(
        name,
        "area"
            | "base"
            | "br"
            | "col"
            | "embed"
            | "hr"
            | "img"
            | "input"
            | "keygen"
            | "link"
            | "meta"
            | "param"
            | "source"
            | "track"
            | "wbr"
    )
}

/// Whether an element of a page begins a new line, as browsers show it (HTML, "Flow content" in "Rendering").
pub fn is_block(name: &str) -> bool {
    matches!(
        name,
        "p" | "hr"
            | "h1"
            | "h2"
            | "h3"
            | "h4"
            | "h5"
            | "h6"
            | "ul"
            | "ol"
            | "li"
            | "dl"
            | "dt"
            | "dd"
            | "table"
            | "caption"
            | "thead"
            | "tbody"
            | "tfoot"
            | "tr"
            | "td"
            | "th"
            | "blockquote"
            | "pre"
            | "figure"
            | "figcaption"
            | "div"
            | "section"
            | "article"
            | "main"
            | "header"
            | "footer"
            | "aside"
            | "nav"
            | "address"
            | "center"
            | "details"
            | "summary"
            | "fieldset"
            | "form"
            | "legend"
            | "menu"
            | "dir"
            | "listing"
            | "xmp"
            | "body"
            | "html"
            | "hgroup"
    )
}

/// A file that belongs to an item (RSS `<enclosure>`, Atom `rel=enclosure`, JSON Feed `attachments`).
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Enclosure {
    /// Where it is.
    pub url: Url,
    /// Its media type, such as `application/pdf`.
    pub media_type: String,
    /// Its size in bytes. `None`: not known.
    pub length: Option<u64>,
}

impl Enclosure {
    /// Whether it is a picture.
    pub fn is_picture(&self) -> bool {
        self.media_type.starts_with("image/")
    }
}

/// The media type of a file: the one that is told, without parameters, where it has the form of one (RFC 6838 §4.2); else
/// the one that the ending of its address stands for (IANA media types registry), `application/octet-stream` where
/// that tells nothing either.
pub fn media_type(told: Option<&str>, url: &Url) -> String {
    let told = told.and_then(|told| told.split(';').next()).map(|told| told.trim().to_ascii_lowercase());
    let told = told.filter(|told| is_media_type(told) && told != UNTOLD);
    told.unwrap_or_else(|| media_type_of_ending(url.path()).unwrap_or(UNTOLD).to_owned())
}

/// The media type of what nothing is known of.
const UNTOLD: &str = "application/octet-stream";

fn is_media_type(text: &str) -> bool {
    let name = |part: &str| {
        let plain = |c: char| c.is_ascii_alphanumeric() || "!#$&-^_.+".contains(c);
        part.starts_with(|c: char| c.is_ascii_alphanumeric()) && part.len() <= 127 && part.chars().all(plain)
    };
    text.split_once('/').is_some_and(|(kind, subtype)| name(kind) && name(subtype))
}

/// The media type that the ending of a path stands for. `None`: it has none, or one that is not among those of files that
/// belong to news.
pub fn media_type_of_ending(path: &str) -> Option<&'static str> {
    let (_, ending) = path.rsplit_once('.')?;
    Some(match ending.to_ascii_lowercase().as_str() {
        "pdf" => "application/pdf",
        "epub" => "application/epub+zip",
        "doc" => "application/msword",
        "docx" => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "xls" => "application/vnd.ms-excel",
        "xlsx" => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "ppt" => "application/vnd.ms-powerpoint",
        "pptx" => "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        "odt" => "application/vnd.oasis.opendocument.text",
        "ods" => "application/vnd.oasis.opendocument.spreadsheet",
        "odp" => "application/vnd.oasis.opendocument.presentation",
        "zip" => "application/zip",
        "gz" | "tgz" => "application/gzip",
        "rar" => "application/vnd.rar",
        "7z" => "application/x-7z-compressed",
        "torrent" => "application/x-bittorrent",
        "ics" => "text/calendar",
        "txt" => "text/plain",
        "csv" => "text/csv",
        "jpg" | "jpeg" => "image/jpeg",
        "png" => "image/png",
        "gif" => "image/gif",
        "webp" => "image/webp",
        "avif" => "image/avif",
        "svg" => "image/svg+xml",
        "mp3" => "audio/mpeg",
        "m4a" | "m4b" => "audio/mp4",
        "aac" => "audio/aac",
        "oga" | "ogg" | "opus" => "audio/ogg",
        "flac" => "audio/flac",
        "wav" => "audio/wav",
        "mp4" | "m4v" => "video/mp4",
        "mov" => "video/quicktime",
        "ogv" => "video/ogg",
        "webm" => "video/webm",
        _ => return None,
    })
}

/// The feed that an item was taken from (RSS `<source>`, Atom `atom:source`, RFC 4287 §4.2.11).
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Credit {
    /// Its title, plain text. Empty: it has none; an item then tells the host of its address.
    pub title: String,
    /// Its id (Atom `<id>`, `rdf:about`), as written. `None`: it tells none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// Where the feed itself is. `None`: the entry names a feed of others, and not where that is; or an item is not to tell
    /// of it, for the address carries a key.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub feed: Option<Url>,
    /// Where its page is. `None`: it names none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub page: Option<Url>,
}

/// A date that a document claims, and where it was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DateClaim {
    /// The date, no finer than it was written.
    pub when: When,
    /// The last day of a range ("5-7 November"). `None`: no range.
    pub until: Option<NaiveDate>,
    /// Where it was found.
    pub evidence: Evidence,
    /// The words that were read as the date.
    pub raw: String,
    /// What its words leave open.
    pub doubt: Doubt,
    /// What stands behind it like an offset from UTC and is none (`+15:00`). Empty: nothing does.
    pub no_offset: String,
}

impl DateClaim {
    /// A date that can be read in one way only, and is no range.
    pub fn new(when: When, evidence: Evidence, raw: impl Into<String>) -> Self {
        Self { when, until: None, evidence, raw: raw.into(), doubt: Doubt::None, no_offset: String::new() }
    }

    /// How often such a date is right, 0 to 1.
    pub fn confidence(&self) -> f32 {
        let evidence = if self.doubt == Doubt::Order { Evidence::Ambiguous } else { self.evidence };
        evidence.confidence(self.when.precision())
    }
}

/// What the words of a date, or those before it, leave open. The order of the variants is that of their weight.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Doubt {
    /// Nothing.
    #[default]
    None,
    /// The day, where it is told from that of the visit: "2 weeks ago".
    Ago,
    /// The year: only month and day are told, and the nearest that is not to come was taken.
    Year,
    /// Whether day or month stands first (`03/04/2026`).
    Order,
    /// Whether it is that of the publication: its label says that it is of a change.
    Change,
    /// Whether it is that of the publication: it has a label that is not known.
    Label,
    /// Whether it is that of the publication: its label says when something takes place, begins or ends.
    Event,
}

impl std::hash::Hash for Doubt {
    /// What is thought of a date is nothing that is said: equal words have one hash.
    fn hash<H: std::hash::Hasher>(&self, _: &mut H) {}
}

/// Where a date was found, the best first. What a feed tells or somebody wrote by hand stands; among the others
/// `item::date` lets several weaker ones outvote a better one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Evidence {
    /// The date of an upstream feed.
    Feed,
    /// The sidecar file, written by hand.
    Sidecar,
    /// Front matter (`date:`).
    FrontMatter,
    /// Two machine-readable places of a page agree on the day.
    Agreement,
    /// The date element of a known content management system.
    CmsElement,
    /// Year, month and day in the path of the address.
    AddressDay,
    /// What the list that leads to a page says of it. An address is made with the page and never touched again; a list is
    /// made from the date that the system keeps, while `<meta>` of a template may tell when a page was put up.
    List,
    /// `<meta>` with the date of publication.
    Meta,
    /// `<time>` marked as the publication.
    PublishedTime,
    /// JSON-LD `datePublished`.
    JsonLd,
    /// A line with a strong label ("Published:", "发布时间").
    StrongLabel,
    /// The line under the title, or the start of the text ("CHONGQING, Nov. 5 (Xinhua)").
    Dateline,
    /// An unmarked `<time>` or an element named like a date.
    DateElement,
    /// A line with a weak label ("Update:", "更新时间", "Date").
    WeakLabel,
    /// A sentence at the start of the text ("On March 27th, 2025, ...").
    Prose,
    /// Any other date in the text.
    Visible,
    /// Year and month in the path of the address, or a day in the file's name.
    AddressMonth,
    /// Figures whose day and month may stand in either order, wherever they were found.
    Ambiguous,
    /// No date at all: when it was first seen here.
    FirstSeen,
}

impl Evidence {
    /// The name used in `_feedgen`, `explain` and the store; stable.
    pub fn name(self) -> &'static str {
        match self {
            Self::Feed => "feed",
            Self::Sidecar => "sidecar",
            Self::FrontMatter => "front_matter",
            Self::Agreement => "agreement",
            Self::CmsElement => "cms",
            Self::AddressDay => "url",
            Self::List => "list",
            Self::Meta => "meta",
            Self::PublishedTime => "time",
            Self::JsonLd => "json_ld",
            Self::StrongLabel => "label",
            Self::Dateline => "dateline",
            Self::DateElement => "element",
            Self::WeakLabel => "weak_label",
            Self::Prose => "prose",
            Self::Visible => "text",
            Self::AddressMonth => "url_month",
            Self::Ambiguous => "ambiguous",
            Self::FirstSeen => "first_seen",
        }
    }

    /// All, best first.
    pub const ALL: [Self; 19] = [
        Self::Feed,
        Self::Sidecar,
        Self::FrontMatter,
        Self::Agreement,
        Self::CmsElement,
        Self::AddressDay,
        Self::List,
        Self::Meta,
        Self::PublishedTime,
        Self::JsonLd,
        Self::StrongLabel,
        Self::Dateline,
        Self::DateElement,
        Self::WeakLabel,
        Self::Prose,
        Self::Visible,
        Self::AddressMonth,
        Self::Ambiguous,
        Self::FirstSeen,
    ];

    /// The evidence of that [`name`](Self::name). `None`: there is none.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|evidence| evidence.name() == name)
    }

    /// How often such a date was right on labelled pages, 0 to 1, for a date of that precision.
    pub fn confidence(self, precision: Precision) -> f32 {
        match self {
            Self::Feed | Self::Sidecar => 1.0,
            Self::FrontMatter => 0.99,
            Self::Agreement | Self::CmsElement => 0.97,
            Self::AddressDay | Self::List | Self::Meta => 0.95,
            Self::PublishedTime | Self::JsonLd | Self::StrongLabel => 0.9,
            Self::Dateline => 0.85,
            Self::DateElement => 0.8,
            Self::WeakLabel => 0.75,
            Self::Prose if precision >= Precision::Day => 0.7,
            Self::Prose => 0.55,
            Self::Visible | Self::AddressMonth | Self::Ambiguous => 0.5,
            Self::FirstSeen => 0.0,
        }
    }
}

/// How fine a date is. Coarser is smaller.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Precision {
    /// A year.
    Year,
    /// A month.
    Month,
    /// A day.
    Day,
    /// A time of day.
    Instant,
}

impl Precision {
    /// The name used in `_feedgen`, `explain` and the store; stable.
    pub fn name(self) -> &'static str {
        match self {
            Self::Year => "year",
            Self::Month => "month",
            Self::Day => "day",
            Self::Instant => "instant",
        }
    }
}

/// A date, no finer than it was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum When {
    /// A year.
    Year(i32),
    /// A year and a month (1 to 12).
    Month(i32, u32),
    /// A day.
    Day(NaiveDate),
    /// A day and a time of day, in a zone that was not told.
    Local(NaiveDateTime),
    /// A point in time.
    Instant(DateTime<FixedOffset>),
}

impl When {
    /// How fine it is.
    pub fn precision(self) -> Precision {
        match self {
            Self::Year(_) => Precision::Year,
            Self::Month(..) => Precision::Month,
            Self::Day(_) => Precision::Day,
            Self::Local(_) | Self::Instant(_) => Precision::Instant,
        }
    }

    /// The first day it can mean. `None`: no such day exists (month 13, year 300000).
    pub fn first_day(self) -> Option<NaiveDate> {
        match self {
            Self::Year(year) => NaiveDate::from_ymd_opt(year, 1, 1),
            Self::Month(year, month) => NaiveDate::from_ymd_opt(year, month, 1),
            Self::Day(day) => Some(day),
            Self::Local(time) => Some(time.date()),
            Self::Instant(time) => Some(time.date_naive()),
        }
    }

    /// The last day it can mean.
    pub fn last_day(self) -> Option<NaiveDate> {
        match self {
            Self::Year(year) | Self::Month(year, 12) => NaiveDate::from_ymd_opt(year, 12, 31),
            Self::Month(year, month) => NaiveDate::from_ymd_opt(year, month + 1, 1)?.pred_opt(),
            day => day.first_day(),
        }
    }

    /// The year.
    pub fn year(self) -> i32 {
        match self {
            Self::Year(year) | Self::Month(year, _) => year,
            Self::Day(day) => day.year(),
            Self::Local(time) => time.year(),
            Self::Instant(time) => time.year(),
        }
    }

    /// The point in time that feeds show for it: a day is stamped 12:00 in `zone`, so that readers in Asia, Europe
    /// and the eastern Americas see the same day; a month or year is its first day, 12:00. Whole seconds.
    pub fn stamp(self, zone: Tz) -> Option<DateTime<Utc>> {
        let noon = NaiveTime::from_hms_opt(12, 0, 0)?;
        let local = match self {
            Self::Instant(time) => return DateTime::from_timestamp(time.timestamp(), 0),
            Self::Local(time) => time,
            other => other.first_day()?.and_time(noon),
        };
        DateTime::from_timestamp(instant(local, zone)?.timestamp(), 0)
    }
}

/// When the clocks of a zone show a time: the first time, where they do so twice. Where a change of clocks skips it, be it half
/// an hour or a day, when clocks would show it that had not been changed (RFC 5545 §3.3.5). `None`: no calendar reaches so far.
pub fn instant(local: NaiveDateTime, zone: Tz) -> Option<DateTime<Tz>> {
    zone.from_local_datetime(&local).earliest().or_else(|| {
        (1..=24).map(TimeDelta::hours).find_map(|hours| {
            let before = zone.from_local_datetime(&local.checked_sub_signed(hours)?).latest()?;
            before.checked_add_signed(hours)
        })
    })
}

/// `YYYY`, `YYYY-MM`, `YYYY-MM-DD`, `YYYY-MM-DDTHH:MM:SS` or RFC 3339: as long as the precision.
impl fmt::Display for When {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Year(year) => write!(formatter, "{year:04}"),
            Self::Month(year, month) => write!(formatter, "{year:04}-{month:02}"),
            Self::Day(day) => write!(formatter, "{}", day.format("%Y-%m-%d")),
            Self::Local(time) => write!(formatter, "{}", time.format("%Y-%m-%dT%H:%M:%S")),
            Self::Instant(time) => write!(formatter, "{}", time.to_rfc3339()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_that_clocks_skip_or_show_twice_is_an_instant() {
        let cases = [
            // An hour, half an hour, a day.
            ("Europe/Berlin", "2026-03-29T02:30:00", "2026-03-29T03:30:00+02:00"),
            ("Australia/Lord_Howe", "2025-10-05T02:15:00", "2025-10-05T02:45:00+11:00"),
            ("Pacific/Apia", "2011-12-30T00:00:00", "2011-12-31T00:00:00+14:00"),
            ("Pacific/Apia", "2011-12-30T12:00:00", "2011-12-31T12:00:00+14:00"),
            ("Pacific/Apia", "2011-12-30T23:59:59", "2011-12-31T23:59:59+14:00"),
            ("Antarctica/Troll", "2025-03-30T01:30:00", "2025-03-30T03:30:00+02:00"),
            // Twice.
            ("Europe/Berlin", "2026-10-25T02:30:00", "2026-10-25T02:30:00+02:00"),
        ];
        for (zone, local, expected) in cases {
            let zone: Tz = zone.parse().expect("a zone");
            let local: NaiveDateTime = local.parse().expect("a time");
            assert_eq!(instant(local, zone).map(|time| time.to_rfc3339()).as_deref(), Some(expected), "{zone} {local}");
        }
        assert_eq!(instant(NaiveDateTime::MIN, Tz::UTC).map(|time| time.naive_utc()), Some(NaiveDateTime::MIN));
    }
}
