//! An item as a row: the stored form, apart from the published one and from the item itself.

use std::borrow::Cow;
use std::sync::Arc;

use rusqlite::{Row, Transaction, params};
use serde::{Deserialize, Serialize};
use url::Url;

use super::group::{Company, Group};
use super::ledger::Ledger;
use super::mark::Mark;
use super::packed::{pack, unpack};
use super::removal::{RETIRED, is_retired};
use super::{
    Evidence, Fingerprint, Item, Known, REMOVED, WITHDRAWN, execute, key, moment, number, one, rank, removal, revision,
    time,
};
use crate::dedup::{self, Leads, Sketch};
use crate::draft::{Credit, Enclosure, Sibling};
use crate::item::{CanonicalUrl, Category, Facts, Html, digest};
use crate::source::SourceId;

/// The columns of a record.
pub(super) const SELECT: &str =
    "SELECT id, item, source, place, title, link, content, published, updated, moment, evidence, fingerprint, twin,
    channels, hidden, change, guid, entry, family, story, rank FROM item";

/// Adds a record, unless there is one of the item.
pub(super) const ADD: &str =
    "INSERT OR IGNORE INTO item (item, source, place, title, link, content, published, updated, moment, evidence,
         fingerprint, twin, channels, change, guid, entry)
     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16)";

/// A row of the table of items: as it was read, or as it is made of an item, which it borrows from.
#[derive(Clone, PartialEq)]
pub(super) struct Record<'a> {
    item: i64,
    source: Cow<'a, str>,
    place: Cow<'a, [u8]>,
    title: Cow<'a, str>,
    link: Option<Cow<'a, str>>,
    wording: Wording,
    published: i64,
    updated: i64,
    moment: String,
    evidence: Cow<'a, str>,
    fingerprint: Fingerprint,
    twin: Option<Fingerprint>,
    channels: String,
    /// Those of the channels in which an earlier copy stands for it.
    hidden: String,
    guid: Option<Cow<'a, str>>,
    /// Whether it came from a feed of others.
    entry: bool,
    /// What it is the same as: [`story`](super::story).
    family: Option<i64>,
    story: Option<i64>,
    /// Its place among those of one time: [`rank`](super::rank). It keeps the one that it came with.
    rank: u32,
}

/// The details, a line feed, and the body: one text, for the summary is made of the same words.
#[derive(Clone, PartialEq)]
struct Wording {
    text: String,
    /// Where the line feed stands.
    end: usize,
}

impl Wording {
    fn of(details: &Details<'_>, content: &str) -> Self {
        // There is room for both at once.
        let mut json = Vec::with_capacity(1_024 + content.len());
        let written = serde_json::to_writer(&mut json, details);
        // JSON has no line feed of its own.
        let mut text = written.ok().and_then(|()| String::from_utf8(json).ok()).unwrap_or_default();
        let end = text.len();
        text.push('\n');
        text.push_str(content);
        Self { text, end }
    }

    fn from_row(row: &Row<'_>) -> rusqlite::Result<Self> {
        let wrong = |error: &dyn std::fmt::Display| {
            let key = row.get(1).map(key).unwrap_or_default();
            rusqlite::Error::InvalidColumnName(format!("item {key} is damaged: {error}"))
        };
        let text = unpack(row.get_ref(6)?).map_err(|error| wrong(&error))?;
        let end = memchr::memchr(b'\n', text.as_bytes()).ok_or_else(|| wrong(&"its text is cut off"))?;
        Ok(Self { text, end })
    }

    fn details(&self) -> &str {
        self.text.get(..self.end).unwrap_or_default()
    }

    fn content(&self) -> &str {
        self.text.get(self.end + 1..).unwrap_or_default()
    }

    fn into_content(mut self) -> Html {
        self.text.drain(..=self.end);
        Html::recall(self.text)
    }
}

/// What a save did.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Saved {
    /// Nothing: the row is there as it is, or the item is removed.
    Nothing,
    /// It wrote the row, which is new, and no other has its words.
    Alone,
    /// It wrote the row.
    Written,
}

/// What no query asks for, as JSON.
#[derive(Serialize, Deserialize)]
#[serde(default)]
#[derive(Default)]
struct Details<'a> {
    summary: Cow<'a, str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    event: Option<String>,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    authors: Cow<'a, [String]>,
    /// Slug and label.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    categories: Vec<(Cow<'a, str>, Cow<'a, str>)>,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    tags: Cow<'a, [String]>,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    sections: Cow<'a, [String]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    language: Option<Cow<'a, str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    publisher: Option<Cow<'a, str>>,
    #[serde(skip_serializing_if = "<[Sibling]>::is_empty")]
    siblings: Cow<'a, [Sibling]>,
    #[serde(skip_serializing_if = "<[Enclosure]>::is_empty")]
    enclosures: Cow<'a, [Enclosure]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    image: Option<Cow<'a, str>>,
    #[serde(borrow, skip_serializing_if = "Option::is_none")]
    credit: Option<KeptCredit<'a>>,
}

/// A [`Credit`] with its addresses as text.
#[derive(Serialize, Deserialize)]
struct KeptCredit<'a> {
    #[serde(borrow)]
    title: Lent<'a>,
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    id: Option<Lent<'a>>,
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    feed: Option<Lent<'a>>,
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    page: Option<Lent<'a>>,
}

/// A text that is lent where it is written as it is.
#[derive(Serialize, Deserialize)]
#[serde(transparent)]
struct Lent<'a>(#[serde(borrow)] Cow<'a, str>);

impl<'a> KeptCredit<'a> {
    fn of(credit: &'a Credit) -> Self {
        let lent = |text: &'a str| Lent(Cow::Borrowed(text));
        let address = |url: &'a Option<Url>| url.as_ref().map(|url| lent(url.as_str()));
        Self {
            title: lent(&credit.title),
            id: credit.id.as_deref().map(lent),
            feed: address(&credit.feed),
            page: address(&credit.page),
        }
    }

    fn is(&self, credit: &Credit) -> bool {
        let is = |kept: &Option<Lent<'_>>, told: Option<&str>| kept.as_ref().map(|kept| &*kept.0) == told;
        self.title.0 == credit.title
            && is(&self.id, credit.id.as_deref())
            && is(&self.feed, credit.feed.as_ref().map(Url::as_str))
            && is(&self.page, credit.page.as_ref().map(Url::as_str))
    }

    fn credit(self) -> Result<Credit, url::ParseError> {
        let address = |kept: Option<Lent<'_>>| kept.map(|kept| Url::parse(&kept.0)).transpose();
        Ok(Credit {
            feed: address(self.feed)?,
            page: address(self.page)?,
            title: self.title.0.into_owned(),
            id: self.id.map(|id| id.0.into_owned()),
        })
    }
}

/// What columns tell of an item.
struct Columns<'a> {
    item: i64,
    source: &'a str,
    title: String,
    link: Option<String>,
    published: i64,
    updated: i64,
    moment: &'a str,
    evidence: &'a str,
    fingerprint: Fingerprint,
    twin: Option<Fingerprint>,
    guid: Option<String>,
}

/// What a row tells of an item, but for its body. It shares one of the credits, if that is its own: its addresses need not be
/// understood again.
fn facts(details: &str, columns: Columns<'_>, credits: &[&Arc<Credit>]) -> rusqlite::Result<Facts> {
    let wrong = |error: &dyn std::fmt::Display| rusqlite::Error::InvalidColumnName(error.to_string());
    let details: Details<'_> = serde_json::from_str(details).map_err(|error| wrong(&error))?;
    let own = |kept: KeptCredit<'_>| match credits.iter().find(|credit| kept.is(credit)) {
        Some(credit) => Ok(Arc::clone(credit)),
        None => kept.credit().map(Arc::new),
    };
    let category =
        |(slug, label): (Cow<'_, str>, Cow<'_, str>)| Category { slug: slug.into_owned(), label: label.into_owned() };
    Ok(Facts {
        key: key(columns.item),
        source: SourceId::new(columns.source).map_err(|error| wrong(&error))?,
        guid: columns.guid,
        link: columns.link.map(CanonicalUrl::recall),
        title: columns.title,
        content: Html::default(),
        summary: details.summary.into_owned(),
        published: time(columns.published),
        when: moment(columns.moment)?,
        evidence: Evidence::named(columns.evidence).unwrap_or(Evidence::FirstSeen),
        updated: time(columns.updated),
        event: details.event.as_deref().map(moment).transpose()?,
        authors: details.authors.into_owned(),
        categories: details.categories.into_iter().map(category).collect(),
        tags: details.tags.into_owned(),
        sections: details.sections.into_owned(),
        language: details.language.map(Cow::into_owned),
        publisher: details.publisher.map(Cow::into_owned),
        siblings: details.siblings.into_owned(),
        enclosures: details.enclosures.into_owned(),
        image: details.image.map(Cow::into_owned),
        credit: details.credit.map(own).transpose().map_err(|error| wrong(&error))?,
        fingerprint: columns.fingerprint,
        twin_print: columns.twin,
    })
}

/// The item in a row of [`SELECT`], which may share one of the credits.
pub(super) fn item(row: &Row<'_>, credits: &[&Arc<Credit>]) -> rusqlite::Result<Item> {
    let wording = Wording::from_row(row)?;
    let columns = Columns {
        item: row.get(1)?,
        source: row.get_ref(2)?.as_str()?,
        title: row.get(4)?,
        link: row.get(5)?,
        published: row.get(7)?,
        updated: row.get(8)?,
        moment: row.get_ref(9)?.as_str()?,
        evidence: row.get_ref(10)?.as_str()?,
        fingerprint: row.get(11)?,
        twin: row.get(12)?,
        guid: row.get(16)?,
    };
    let facts = facts(wording.details(), columns, credits)?;
    Ok(Item::recall(Facts { content: wording.into_content(), ..facts }))
}

impl<'a> Record<'a> {
    pub(super) fn of(item: &'a Item, place: &'a [u8], channels: &[String]) -> Self {
        let lent = |text: &'a Option<String>| text.as_deref().map(Cow::Borrowed);
        let category = |category: &'a Category| (Cow::Borrowed(&*category.slug), Cow::Borrowed(&*category.label));
        let details = Details {
            summary: Cow::Borrowed(&item.summary),
            event: item.event.map(|event| event.to_string()),
            authors: Cow::Borrowed(&item.authors),
            categories: item.categories.iter().map(category).collect(),
            tags: Cow::Borrowed(&item.tags),
            sections: Cow::Borrowed(&item.sections),
            language: lent(&item.language),
            publisher: lent(&item.publisher),
            siblings: Cow::Borrowed(&item.siblings),
            enclosures: Cow::Borrowed(&item.enclosures),
            image: lent(&item.image),
            credit: item.credit.as_deref().map(KeptCredit::of),
        };
        Self {
            item: number(&item.key),
            source: Cow::Borrowed(item.source.as_str()),
            place: Cow::Borrowed(place),
            title: Cow::Borrowed(&item.title),
            link: item.link.as_ref().map(|link| Cow::Borrowed(link.as_str())),
            wording: Wording::of(&details, item.content.as_str()),
            published: item.published.timestamp(),
            updated: item.updated.timestamp(),
            moment: item.when.to_string(),
            evidence: Cow::Borrowed(item.evidence.name()),
            fingerprint: item.fingerprint,
            twin: item.twin_print,
            channels: channels.join("\n"),
            hidden: String::new(),
            guid: lent(&item.guid),
            entry: item.credit.is_some(),
            family: None,
            story: None,
            rank: 0,
        }
    }
}

impl Record<'_> {
    pub(super) fn from_row(row: &Row<'_>) -> rusqlite::Result<Self> {
        let text = |column: usize| row.get(column).map(Cow::Owned);
        let perhaps = |column: usize| row.get::<_, Option<String>>(column).map(|text| text.map(Cow::Owned));
        Ok(Self {
            item: row.get(1)?,
            source: text(2)?,
            place: Cow::Owned(row.get(3)?),
            title: text(4)?,
            link: perhaps(5)?,
            wording: Wording::from_row(row)?,
            published: row.get(7)?,
            updated: row.get(8)?,
            moment: row.get(9)?,
            evidence: text(10)?,
            fingerprint: row.get(11)?,
            twin: row.get(12)?,
            channels: row.get(13)?,
            hidden: row.get(14)?,
            guid: perhaps(16)?,
            entry: row.get(17)?,
            family: row.get(18)?,
            story: row.get(19)?,
            rank: row.get(20)?,
        })
    }

    /// What the row tells of the item that is out.
    pub(super) fn known(self) -> rusqlite::Result<Known> {
        // Without details there is only no summary to be kept.
        let details: Details<'_> = serde_json::from_str(self.wording.details()).unwrap_or_default();
        let summary = details.summary.into_owned();
        Ok(Known {
            title: self.title.into_owned(),
            content: self.wording.into_content(),
            summary,
            is_unedited: false,
            when: moment(&self.moment)?,
            evidence: Evidence::named(&self.evidence).unwrap_or(Evidence::FirstSeen),
            published: time(self.published),
            updated: time(self.updated),
            fingerprint: self.fingerprint,
            guid: self.guid.map(Cow::into_owned),
        })
    }

    /// The item that the row holds.
    pub(super) fn item(self) -> rusqlite::Result<Item> {
        let columns = Columns {
            item: self.item,
            source: &self.source,
            title: self.title.into_owned(),
            link: self.link.map(Cow::into_owned),
            published: self.published,
            updated: self.updated,
            moment: &self.moment,
            evidence: &self.evidence,
            fingerprint: self.fingerprint,
            twin: self.twin,
            guid: self.guid.map(Cow::into_owned),
        };
        let facts = facts(self.wording.details(), columns, &[])?;
        Ok(Item::recall(Facts { content: self.wording.into_content(), ..facts }))
    }

    /// Writes the row, unless it is there as it is. The ledger gets the groups whose copies have to be looked at. `leads` are what
    /// it is found by, if they were made already; `rank` counts where there is none yet.
    pub(super) fn save(
        &self,
        transaction: &Transaction<'_>,
        ledger: &mut Ledger,
        leads: Option<&Leads>,
        rank: u32,
    ) -> rusqlite::Result<Saved> {
        if ledger.has_removed && removal::is_removed(transaction, self.item)? {
            // It rests as it was, but is known where it lies now.
            let sql = "SELECT source, place FROM item WHERE item = ?1 AND source <> ?2";
            let place = |row: &Row<'_>| Ok((row.get::<_, String>(0)?, row.get::<_, Vec<u8>>(1)?));
            if let Some((source, place)) = one(transaction, sql, params![self.item, self.source], place)? {
                self.leave(transaction, &source, &place)?;
            }
            let sql = "UPDATE item SET source = ?2, place = ?3 WHERE item = ?1";
            if execute(transaction, sql, params![self.item, self.source, self.place])? == 0 {
                // All that was left of it is that it was removed.
                Self { channels: REMOVED.to_owned(), ..self.clone() }.write(transaction, ledger, leads, rank)?;
            }
            return Ok(Saved::Nothing);
        }
        if self.channels == REMOVED {
            removal::keep(transaction, ledger, self.item, None)?;
        }
        self.write(transaction, ledger, leads, rank)
    }

    /// Forgets the document that the item had in the folder of another source: it was moved out of it.
    fn leave(&self, transaction: &Transaction<'_>, source: &str, place: &[u8]) -> rusqlite::Result<()> {
        for table in ["document", "vanished"] {
            let sql = format!("DELETE FROM {table} WHERE source = ?1 AND path = ?2 AND item = ?3");
            execute(transaction, &sql, params![source, place, self.item])?;
        }
        Ok(())
    }

    fn write(
        &self,
        transaction: &Transaction<'_>,
        ledger: &mut Ledger,
        leads: Option<&Leads>,
        rank: u32,
    ) -> rusqlite::Result<Saved> {
        let change = ledger.change + 1;
        let packed = pack(&self.wording.text);
        let values = params![
            self.item, self.source, self.place, self.title, self.link, packed, self.published, self.updated,
            self.moment, self.evidence, self.fingerprint, self.twin, self.channels, change, self.guid, self.entry
        ];
        // Most items of a long walk are new: they cost one statement.
        if ledger.add.execute(values)? > 0 {
            ledger.change = change;
            ledger.items += 1;
            let id = transaction.last_insert_rowid();
            let rank = rank::kept(rank);
            if rank > 0 {
                execute(transaction, "UPDATE item SET rank = ?2 WHERE id = ?1", params![id, rank])?;
            }
            ledger.telling.note(id, self.mark(leads.map(|leads| leads.sketch)));
            match leads {
                Some(leads) => ledger.hints.give(id, &leads.hints),
                None => ledger.hints.give(id, &self.hints()?),
            }
            let has_others_words = self.note_groups(transaction, ledger)?;
            let at = rank::at(self.published, rank);
            ledger.show(transaction, (at, self.item), &[], &shown(&self.channels, ""))?;
            return Ok(if has_others_words { Saved::Written } else { Saved::Alone });
        }
        let sql = format!("{SELECT} WHERE item = ?1");
        let Some(mut before) = one(transaction, &sql, [self.item], Self::from_row)? else {
            return Ok(Saved::Nothing);
        };
        // What is hidden, and what it is the same as, is found out when its copies are looked at.
        let hidden = std::mem::take(&mut before.hidden);
        let (family, story) = (before.family.take(), before.story.take());
        let rank = std::mem::take(&mut before.rank);
        if before == *self {
            return Ok(Saved::Nothing);
        }
        ledger.change = change;
        if self.source != before.source {
            self.leave(transaction, &before.source, &before.place)?;
        }
        if self.updated > before.updated {
            revision::keep(transaction, self.item, before.updated, &before.title, before.wording.content())?;
        }
        let id = one(transaction, "SELECT id FROM item WHERE item = ?1", [self.item], |row| row.get(0))?;
        let id = id.unwrap_or_default();
        let hints = if let Some(leads) = leads { leads.hints.clone() } else { self.hints()? };
        ledger.hints.change(transaction, id, &before.hints()?, &hints)?;
        ledger.told.insert(id);
        if before.fingerprint != self.fingerprint || before.published != self.published {
            if let Some(family) = family {
                ledger.telling.loosen(transaction, family)?;
            }
            ledger.telling.note(id, self.mark(leads.map(|leads| leads.sketch)));
        } else if let Some(family) = family {
            ledger.telling.families.insert(family);
        }
        if before.link != self.link || before.channels != self.channels {
            ledger.retold.insert(self.item);
        }
        let groups = before.groups().into_iter().chain(self.groups()).chain(story.map(Group::Story));
        self.note_those(groups, transaction, ledger)?;
        // Where it has left the last of its copies, no group tells of it.
        ledger.groups.insert(Group::One(self.item));
        // The id is for ever: another may have been decided to bear it while this was on its way.
        let sql = "UPDATE item SET source = ?2, place = ?3, title = ?4, link = ?5, content = ?6, published = ?7, updated = ?8,
                       moment = ?9, evidence = ?10, fingerprint = ?11, twin = ?12, channels = ?13, change = ?14,
                       guid = CASE WHEN guid IS NULL THEN NULL ELSE ?15 END, entry = ?16 WHERE item = ?1";
        execute(transaction, sql, values)?;
        let (mut shown_before, now) = (shown(&before.channels, &hidden), shown(&self.channels, &hidden));
        if before.published != self.published {
            // Channels are in the order of time: it leaves its place and comes to another.
            ledger.show(transaction, (rank::at(before.published, rank), self.item), &shown_before, &[])?;
            shown_before.clear();
        }
        ledger.show(transaction, (rank::at(self.published, rank), self.item), &shown_before, &now)?;
        Ok(Saved::Written)
    }

    fn groups(&self) -> Vec<Group> {
        let owned = |text: &Option<Cow<'_, str>>| text.as_deref().map(str::to_owned);
        Group::all(self.twin, owned(&self.link), owned(&self.guid), self.story)
    }

    /// What near copies of it are found by.
    pub(super) fn mark(&self, sketch: Option<Sketch>) -> Mark {
        let made = || dedup::sketch(&self.title, &Html::recall(self.wording.content().to_owned()).text());
        let is_told = self.evidence != Evidence::FirstSeen.name();
        let day = is_told.then(|| i32::try_from(self.published.div_euclid(86_400)).ok()).flatten();
        Mark::new(sketch.unwrap_or_else(made), self.words(), day)
    }

    /// Hash that items with the same words and title share. 0: none is known.
    fn words(&self) -> u32 {
        let words = |print: Fingerprint| digest(&[&print, self.title.as_bytes()]);
        let hash = self.twin.map(words).and_then(|hash| hash.first_chunk().copied());
        hash.map_or(0, u32::from_le_bytes)
    }

    /// The family that it is of. `None`: it has none.
    pub(super) fn family(&self) -> Option<i64> {
        self.family
    }

    /// Notes the groups that an item is in, if it is not alone in all of them: then there are no copies to look at. Returns whether
    /// others have its words.
    pub(super) fn note_groups(&self, transaction: &Transaction<'_>, ledger: &mut Ledger) -> rusqlite::Result<bool> {
        let company = Group::company(&mut ledger.company, self.twin, self.link.as_deref(), self.guid.as_deref())?;
        if company != Company::None {
            ledger.contested.extend(self.guid.as_deref().map(str::to_owned));
            self.note_those(self.groups(), transaction, ledger)?;
        }
        Ok(company == Company::Twins)
    }

    /// Notes groups that the item is or was in, but for those that have no copies with or without it: a feed all of whose
    /// entries share an address may have very many.
    fn note_those(
        &self,
        groups: impl IntoIterator<Item = Group>,
        transaction: &Transaction<'_>,
        ledger: &mut Ledger,
    ) -> rusqlite::Result<()> {
        for group in groups {
            if !ledger.groups.contains(&group) && group.feeds(transaction, Some(self.item))?.is_some() {
                ledger.groups.insert(group);
            }
        }
        Ok(())
    }

    /// Whether its document was made a draft again, or it was removed.
    pub(super) fn is_kept_back(&self) -> bool {
        [WITHDRAWN, REMOVED].contains(&&*self.channels)
    }

    /// Takes a stored item out of its channels.
    pub(super) fn retire(&self, transaction: &Transaction<'_>, ledger: &mut Ledger) -> rusqlite::Result<()> {
        let channels: Vec<String> = [RETIRED].into_iter().chain(self.channels.lines()).map(str::to_owned).collect();
        self.reassign(transaction, &channels, ledger)
    }

    /// Gives a stored item other channels.
    pub(super) fn reassign(
        &self,
        transaction: &Transaction<'_>,
        channels: &[String],
        ledger: &mut Ledger,
    ) -> rusqlite::Result<()> {
        let channels = channels.join("\n");
        if channels == self.channels {
            return Ok(());
        }
        if channels == REMOVED {
            removal::keep(transaction, ledger, self.item, None)?;
        }
        ledger.change += 1;
        self.note_groups(transaction, ledger)?;
        ledger.retold.insert(self.item);
        let id: Option<i64> = one(transaction, "SELECT id FROM item WHERE item = ?1", [self.item], |row| row.get(0))?;
        ledger.told.extend(id);
        ledger.telling.families.extend(self.family);
        ledger.groups.extend(self.story.map(Group::Story));
        let (before, now) = (shown(&self.channels, &self.hidden), shown(&channels, &self.hidden));
        ledger.show(transaction, (rank::at(self.published, self.rank), self.item), &before, &now)?;
        let sql = "UPDATE item SET channels = ?2, change = ?3 WHERE item = ?1";
        execute(transaction, sql, params![self.item, channels, ledger.change]).map(drop)
    }
}

/// The channels that show an item, of those that would.
pub(super) fn shown<'a>(channels: &'a str, hidden: &str) -> Vec<&'a str> {
    let channels = if is_retired(channels) { "" } else { channels };
    channels.lines().filter(|channel| !hidden.lines().any(|hidden| hidden == *channel)).collect()
}
