//! What is written of a page that lists news: where its parts are, how it is rendered, what it must give.

use super::file::{Section, Value};
use super::keys::{MOST_PAGES, SELECT};
use super::value::{self, Fault};
use super::{Reader, Refresh, Reported, values, visiting};
use crate::collect::render::Renderer;
use crate::source::{Page, PageTest, Select};

/// Keys of `[source.select]` whose values are looked for in an entry or in the list.
const OF_THE_LIST: [&str; 7] = ["item", "title", "link", "date", "summary", "image", "next"];

impl Reader<'_> {
    /// A source that is a page.
    pub(super) fn page(&mut self, section: &Section, visits: Option<&Refresh>) -> Result<Page, Reported> {
        let web = self.web(section, "page", visits);
        let empty = Section::empty(&SELECT);
        let written = section.written("select").map(|entry| entry.value.as_ref());
        let select = match &written {
            None => Ok(&empty),
            Some(Some(Value::Tables(tables))) => tables.first().ok_or(Reported),
            Some(_) => Err(Reported),
        };
        let parts = select.and_then(|parts| {
            let select = self.select(parts);
            let pages = self.number(parts, "pages", pages);
            let full_text = self.switch(parts, "full_text");
            Ok((select?, pages?.unwrap_or(1), full_text?.unwrap_or(true)))
        });
        let render = self.optional(section, "render", render);
        let tests = self.tests(section);
        let (select, pages, full_text) = parts?;
        Ok(Page { web: web?, select, pages, full_text, render: render?, tests: tests? })
    }

    fn select(&mut self, section: &Section) -> Result<Select, Reported> {
        let [item, title, link, date, summary, image, next] =
            OF_THE_LIST.map(|name| self.optional(section, name, selector));
        let date_format = self.optional(section, "date_format", date_format);
        let content = self.optional(section, "content", css);
        let remove = self.each(section, "remove", css).map(values);
        let select = Select {
            item: item?,
            title: title?,
            link: link?,
            date: date?,
            date_format: date_format?,
            summary: summary?,
            image: image?,
            next: next?,
            content: content?,
            remove: remove?,
        };
        self.in_one_language(section)?;
        Ok(select)
    }

    /// Selectors and pointers do not mix: what is read is either a page or JSON.
    fn in_one_language(&mut self, section: &Section) -> Result<(), Reported> {
        let mut parts = OF_THE_LIST.iter().filter_map(|name| {
            let entry = section.written(name)?;
            match &entry.value {
                Some(Value::Text(text)) => Some((entry, is_pointer(text))),
                _ => None,
            }
        });
        let Some((first, is_json)) = parts.next() else { return Ok(()) };
        let Some((other, _)) = parts.find(|(_, other)| *other != is_json) else { return Ok(()) };
        let kind = |is_json| if is_json { "a JSON pointer" } else { "a CSS selector" };
        let message = format!("`{}` is {}, but `{}` {}", other.key.name, kind(!is_json), first.key.name, kind(is_json));
        let origin = other.origin.clone();
        Err(self.report(
            &origin,
            Fault::new(message, "write pointers where the list is JSON, selectors where it is a page"),
        ))
    }

    fn tests(&mut self, section: &Section) -> Result<Vec<PageTest>, Reported> {
        let tables = match section.written("test").map(|entry| &entry.value) {
            None => return Ok(Vec::new()),
            Some(Some(Value::Tables(tables))) => tables.clone(),
            Some(_) => return Err(Reported),
        };
        let tests: Vec<_> = tables
            .iter()
            .map(|test| {
                let url = self.text(test, "url", visiting::address);
                let contains = self.text(test, "contains", value::line);
                Ok(PageTest { url: url?, contains: contains? })
            })
            .collect();
        tests.into_iter().collect()
    }
}

fn is_pointer(text: &str) -> bool {
    text.trim_start().starts_with('/') || is_template(text)
}

/// Whether it is an address with a pointer in it: `https://www.example.edu/show?id={/id}`.
fn is_template(text: &str) -> bool {
    let text = text.trim_start();
    (text.starts_with("https://") || text.starts_with("http://")) && text.contains("{/")
}

/// A CSS selector, or a JSON pointer: that one begins with a slash, as no selector does.
fn selector(text: &str) -> Result<String, Fault> {
    if is_template(text) {
        value::line(text)
    } else if is_pointer(text) {
        pointer(text)
    } else {
        css(text)
    }
}

/// A JSON pointer (RFC 6901 §3).
fn pointer(text: &str) -> Result<String, Fault> {
    let text = text.trim();
    if text.starts_with("//") {
        let hint = "write it as a CSS selector, like \"div.news > a\"";
        return Err(Fault::new(format!("\"{text}\" is an XPath, which is not read"), hint));
    }
    if text.split('~').skip(1).all(|rest| rest.starts_with(['0', '1'])) {
        return Ok(text.to_owned());
    }
    let hint = "write it like \"/data/items\"; ~0 stands for ~ and ~1 for / in a name";
    Err(Fault::new(format!("\"{text}\" is no JSON pointer"), hint))
}

/// A CSS selector (Selectors Level 4).
fn css(text: &str) -> Result<String, Fault> {
    let text = value::line(text)?;
    if scraper::Selector::parse(&text).is_ok() {
        return Ok(text);
    }
    let hint = "write it like \"ul.news > li\"; try it in the console of a browser: document.querySelectorAll(\"…\")";
    Err(Fault::new(format!("\"{text}\" is no CSS selector"), hint))
}

/// A form of dates, as of `strftime(3)`, that tells a month at least.
fn date_format(text: &str) -> Result<String, Fault> {
    let text = value::line(text)?;
    let is_sound = chrono::format::StrftimeItems::new(&text).all(|item| item != chrono::format::Item::Error);
    if is_sound && text.contains('%') {
        return Ok(text);
    }
    Err(Fault::new(format!("\"{text}\" is no form of dates"), "write it like \"%d/%m/%Y\" or \"%Y-%m-%d %H:%M\""))
}

/// A command that is told the address.
fn render(text: &str) -> Result<String, Fault> {
    let text = value::command(text)?;
    match Renderer::new(&text) {
        Ok(_) => Ok(text),
        Err(error) => Err(Fault::new(error.to_string(), "a browser does it: \"chromium --headless --dump-dom {url}\"")),
    }
}

/// A number of pages.
fn pages(number: i64) -> Result<usize, Fault> {
    let pages = usize::try_from(number).ok().filter(|pages| (1..=MOST_PAGES).contains(pages));
    pages.ok_or_else(|| Fault::new(format!("{number} is out of range"), format!("1 to {MOST_PAGES} are possible")))
}
