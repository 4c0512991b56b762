//! `[[source]]` as written becomes a [`Source`]: a folder of documents, a feed of others, or a page that lists news.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::file::{Origin, Section, Value};
use super::problem::nearest;
use super::value::{self, Fault, Hint};
use super::visiting;
use super::{Publish, Reader, Refresh, Reported, Settings, TakenIds, not_below, values};
use crate::source::{Access, Files, Source, SourceId, SourceKind, Treatment, Tz, Web};

/// Keys that say how a source on the web is visited.
pub(super) const OF_THE_WEB: [&str; 8] =
    ["slowest", "robots", "headers", "headers_file", "user", "password_file", "proxy", "tls_ca"];

/// Keys that say how a page is read.
pub(super) const OF_PAGES: [&str; 3] = ["select", "render", "test"];

/// Ids that are told to whoever asks for one that is none.
const TOLD: usize = 10;

impl Settings {
    /// What may be meant by an id that no source has, in words.
    pub fn sources_instead_of(&self, asked: &str) -> String {
        let ids = || self.sources.iter().map(|source| source.id.as_str());
        if self.sources.is_empty() {
            return "the configuration has none".to_owned();
        }
        if let Some(meant) = nearest(asked, ids()) {
            return value::did_you_mean(Some(meant), "");
        }
        let told = ids().take(TOLD).collect::<Vec<_>>().join(", ");
        let more = self.sources.len().saturating_sub(TOLD);
        let more = if more == 0 { String::new() } else { format!(" and {more} more, which `feedgen status` lists") };
        format!("the configuration has {told}{more}")
    }
}

impl Reader<'_> {
    /// `visits`: what holds for all sources on the web; `None`: that is broken itself. `ids`: those of the sources before
    /// it, to which its own is added.
    pub(super) fn source(
        &mut self,
        section: &Section,
        site_zone: Tz,
        published: Option<&Publish>,
        visits: Option<&Refresh>,
        ids: &mut TakenIds,
    ) -> Result<Source, Reported> {
        let title = self.optional(section, "title", value::line);
        let kind = self.kind(section, visits);
        let id = self.source_id(section, title.as_ref().ok().and_then(Option::as_deref), kind.as_ref().ok());
        let id = id.and_then(|(id, origin)| self.only_one(id, origin, ids));
        let categories = self.each(section, "categories", value::line);
        let timezone = self.optional(section, "timezone", value::zone);
        let language = self.optional(section, "language", value::language);
        let author = self.optional(section, "author", value::line);
        let prefer = self.switch(section, "prefer");
        let items = self.count(section, "items");
        let keep = self.each(section, "keep", value::pattern);
        let drop = self.each(section, "drop", value::pattern);
        let remove = self.each(section, "remove", value::pattern);
        let keep_for = self.optional(section, "keep_for", visiting::keeping);
        let keep_items = self.number(section, "keep_items", value::archive);
        let id = id?;
        let published = published.ok_or(Reported)?;
        let treatment = Treatment {
            language: language?,
            categories: values(categories?),
            author: author?,
            keep: values(keep?),
            drop: values(drop?),
            remove: values(remove?),
        };
        if *self.treatment != treatment {
            self.treatment = Arc::new(treatment);
        }
        Ok(Source {
            title: title?.unwrap_or_else(|| id.to_string()),
            id,
            kind: kind?,
            treatment: self.treatment.clone(),
            timezone: timezone?.unwrap_or(site_zone),
            items: items?.unwrap_or(published.items),
            keep_for: keep_for?.or(published.keep_for),
            keep_items: keep_items?.unwrap_or(published.keep_items),
            prefer: prefer?.unwrap_or(false),
        })
    }

    /// What the source is: exactly one of `files`, `feed` and `page` is written.
    fn kind(&mut self, section: &Section, visits: Option<&Refresh>) -> Result<SourceKind, Reported> {
        let places = ["files", "feed", "page"].map(|name| section.written(name));
        if let [first, second, ..] = places.iter().flatten().collect::<Vec<_>>()[..] {
            // What is told already may have been meant otherwise.
            if first.value.is_none() || second.value.is_none() {
                return Err(Reported);
            }
            let message = "a source has one of `files`, `feed` and `page`, not several";
            return Err(self.report(&second.origin, Fault::new(message, "make two sources of it")));
        }
        match places {
            [Some(_), ..] => {
                let files = self.text(section, "files", value::files);
                let every = self.optional(section, "every", visiting::every);
                self.out_of_place(section, &OF_THE_WEB, "sources on the web");
                self.out_of_place(section, &OF_PAGES, "pages");
                let (root, pattern) = files?;
                let every = every?.unwrap_or(visits.ok_or(Reported)?.every.clone());
                Ok(SourceKind::Files(Box::new(Files { root, pattern, every })))
            }
            [_, Some(_), _] => {
                let web = self.web(section, "feed", visits);
                self.out_of_place(section, &OF_PAGES, "pages");
                web.map(|web| SourceKind::Feed(Box::new(web)))
            }
            [.., Some(_)] => self.page(section, visits).map(|page| SourceKind::Page(Box::new(page))),
            _ if section.incomplete => Err(Reported),
            _ => {
                let message = "[[source]] has neither `files` nor `feed` nor `page`";
                let hint =
                    "add files = \"…\" for a folder of documents, or feed = \"https://…\", or page = \"https://…\"";
                Err(self.report(&section.origin, Fault::new(message, hint)))
            }
        }
    }

    /// Complains of keys that mean nothing for this kind of source.
    fn out_of_place(&mut self, section: &Section, keys: &[&str], whose: &str) {
        for entry in keys.iter().filter_map(|name| section.written(name)) {
            let message = format!("`{}` is for {whose}", entry.key.name);
            self.report(&entry.origin, Fault::new(message, "leave it out"));
        }
    }

    pub(super) fn web(&mut self, section: &Section, place: &str, visits: Option<&Refresh>) -> Result<Web, Reported> {
        let url = self.text(section, place, visiting::address);
        let every = self.optional(section, "every", visiting::every);
        let slowest = self.optional(section, "slowest", visiting::interval);
        let robots = self.switch(section, "robots");
        let headers = self.headers(section);
        let headers_file = self.secret(section, "headers_file");
        let user = self.optional(section, "user", value::line);
        let password_file = self.secret(section, "password_file");
        if let (Some(entry), None) = (section.written("password_file"), section.written("user")) {
            let message = "a password without its user";
            self.report(&entry.origin, Fault::new(message, "add user = \"…\""));
        }
        let proxy = self.optional(section, "proxy", visiting::proxy);
        let tls_ca = self.optional(section, "tls_ca", value::path);
        let visits = visits.ok_or(Reported)?;
        let every = every?.unwrap_or_else(|| visits.every.clone());
        let slowest = match slowest? {
            Some(slowest) => self.in_order(section, &every, slowest)?,
            // An interval of one's own is not stretched beyond what holds for all.
            None => not_below(&every, visits.slowest),
        };
        let access = Access {
            headers: headers?,
            headers_file: headers_file?,
            user: user?,
            password_file: password_file?,
            proxy: proxy?,
            tls_ca: tls_ca?,
        };
        if *self.access != access {
            self.access = Arc::new(access);
        }
        let access = self.access.clone();
        Ok(Web { url: url?, every, slowest, robots: robots?.unwrap_or(visits.robots), access })
    }

    fn headers(&mut self, section: &Section) -> Result<Vec<(String, String)>, Reported> {
        let Some(entry) = section.entry("headers") else { return Err(Reported) };
        let Some(Value::Pairs(pairs)) = &entry.value else { return Err(Reported) };
        let (mut checked, mut outcome) = (Vec::new(), Ok(()));
        for (name, text, origin) in pairs {
            match visiting::header(name, text) {
                Ok(()) => checked.push((name.clone(), text.clone())),
                Err(fault) => outcome = Err(self.report(origin, fault)),
            }
        }
        outcome.map(|()| checked)
    }

    /// A file with a secret: a bare name is that of a credential where systemd hands in some.
    pub(super) fn secret(&mut self, section: &Section, name: &str) -> Result<Option<PathBuf>, Reported> {
        let path = self.optional(section, name, value::path)?;
        Ok(path.map(|path| match &self.written.credentials {
            Some(folder) if path.components().count() == 1 => Path::new(folder).join(path),
            _ => path,
        }))
    }

    /// The id that is written, else one made from the title, else from the folder or the host.
    fn source_id(
        &mut self,
        section: &Section,
        title: Option<&str>,
        kind: Option<&SourceKind>,
    ) -> Result<(SourceId, Origin), Reported> {
        if let Some(entry) = section.written("id") {
            let origin = entry.origin.clone();
            return self.text(section, "id", value::id).map(|id| (id, origin));
        }
        let place = match kind {
            Some(SourceKind::Files(files)) => files.root.file_name().and_then(|name| name.to_str()),
            Some(SourceKind::Feed(web)) => web.url.host_str(),
            Some(SourceKind::Page(page)) => page.web.url.host_str(),
            None => None,
        };
        let mut candidates = [title, place].into_iter().flatten().map(value::unwritten);
        match candidates.find_map(|slug| value::id(&slug).ok()) {
            Some(id) => Ok((id, section.origin.clone())),
            // What it would be made from is broken itself: that has been reported.
            None if kind.is_none() => Err(Reported),
            None => {
                let message = "the source has no id, and neither its title nor its place makes one";
                Err(self.report(&section.origin, Fault::new(message, "give it one, such as id = \"news\"")))
            }
        }
    }

    pub(super) fn only_one(&mut self, id: SourceId, origin: Origin, ids: &mut TakenIds) -> Result<SourceId, Reported> {
        if let Some(first) = ids.get(&id) {
            let fault = Fault { message: format!("the id \"{id}\" is taken"), hint: Hint::Taken(first.clone()) };
            return Err(self.report(&origin, fault));
        }
        ids.insert(id.clone(), origin);
        Ok(id)
    }
}
