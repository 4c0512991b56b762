//! Lists of feeds (OPML 1.0 and 2.0, FOAF as planets write it) become subscriptions, well formed or not.

use super::entity::Entities;
use super::scan::{self, Scanner, Token};
use super::text::{self, Markup, Text};

/// A feed in a list. What is not told is `None` or empty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Subscription {
    /// Where the feed is (`xmlUrl`), as written.
    pub url: String,
    /// What it is called (`title`, else `text`).
    pub title: Option<String>,
    /// Its page (`htmlUrl`), as written.
    pub page: Option<String>,
    /// Its language, as written.
    pub language: Option<String>,
    /// The outlines around it, the outermost first, and its own `category`.
    pub categories: Vec<String>,
}

/// What a list says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct List {
    /// Its feeds, in order.
    pub subscriptions: Vec<Subscription>,
    /// What was left out or mended: lower case, no full stop.
    pub notes: Vec<String>,
}

/// Outlines inside of each other whose names become categories; deeper ones lose theirs.
const DEEPEST: usize = 8;

/// Categories of one outline's own that are read; more are not.
const MOST: usize = 50;

/// Reads a list. `None`: it is none, since it has neither an outline nor people with feeds.
pub fn read(text: &str) -> Option<List> {
    let mut list = List::default();
    let mut entities = Entities::default();
    let mut scanner = Scanner::new(text);
    // The outlines around, each with the name that it gives.
    let mut around: Vec<Option<String>> = Vec::new();
    let mut outlines = 0_usize;
    let mut has_ended = false;
    while let Some(token) = scanner.next("") {
        match token {
            Token::Doctype(doctype) => entities.declare(doctype),
            Token::Start { name, attributes, empty } if is(name, "outline") => {
                outlines += 1;
                let outline = Outline::read(attributes, &mut entities);
                if let Some(subscription) = outline.subscription(&around) {
                    list.subscriptions.push(subscription);
                } else if empty && outline.is_meant_as_feed() {
                    let name = outline.title.as_deref().unwrap_or_default();
                    list.notes.push(format!("the outline {name:?} has no xmlUrl and is left out"));
                }
                if !empty {
                    around.push(outline.title.filter(|_| outline.url.is_none()));
                }
            }
            Token::End(name) if is(name, "outline") => _ = around.pop(),
            Token::End(name) if is(name, "opml") => has_ended = true,
            _ => {}
        }
    }
    if outlines == 0 {
        return of_people(text);
    }
    if scanner.cut || !has_ended {
        list.notes.push("it ends before its end: what comes behind is not known".to_owned());
    }
    Some(list)
}

/// Reads people and the feeds of what they write (FOAF `foaf:weblog`, with `rss:channel` behind its page). `None`: there are none.
fn of_people(text: &str) -> Option<List> {
    let mut list = List::default();
    let mut entities = Entities::default();
    let mut scanner = Scanner::new(text);
    let (mut group, mut person, mut page) = (None, None, None);
    let (mut is_in_person, mut is_in_name) = (false, false);
    let mut line = |written: &str| {
        let mut value = String::new();
        entities.decode(written, &mut value);
        Some(Text::plain(&value).line()).filter(|line| !line.is_empty())
    };
    while let Some(token) = scanner.next("") {
        match token {
            Token::Start { name, attributes, .. } => {
                let about = scan::attributes(attributes).find(|(name, _)| is(name, "about"));
                let about = about.and_then(|(_, written)| line(written));
                is_in_name = is(name, "name");
                match about {
                    _ if is(name, "agent") || is(name, "person") => {
                        (is_in_person, person, page) = (true, None, None);
                    }
                    Some(address) if is_in_person && is(name, "document") => page = Some(address),
                    // A feed in RDF is a channel, too, but of nobody.
                    Some(url) if is_in_person && is(name, "channel") => list.subscriptions.push(Subscription {
                        url,
                        title: person.clone(),
                        page: page.clone(),
                        language: None,
                        categories: group.iter().cloned().collect(),
                    }),
                    _ => {}
                }
            }
            Token::Text(text) | Token::Verbatim(text) if is_in_name => {
                let named = if is_in_person { &mut person } else { &mut group };
                *named = line(text).or(named.take());
            }
            Token::End(name) => {
                is_in_name = false;
                is_in_person &= !(is(name, "agent") || is(name, "person"));
            }
            _ => {}
        }
    }
    (!list.subscriptions.is_empty()).then_some(list)
}

fn is(name: &str, local: &str) -> bool {
    name.rsplit(':').next().is_some_and(|name| name.eq_ignore_ascii_case(local))
}

/// What an outline says.
#[derive(Default)]
struct Outline {
    url: Option<String>,
    title: Option<String>,
    page: Option<String>,
    language: Option<String>,
    kind: Option<String>,
    categories: Vec<String>,
}

impl Outline {
    fn read(attributes: &str, entities: &mut Entities) -> Self {
        let mut outline = Self::default();
        let mut text = None;
        let mut other_url = None;
        for (name, written) in scan::attributes(attributes) {
            let mut value = String::new();
            entities.decode(written, &mut value);
            let name = name.to_ascii_lowercase();
            // Some programs escape names twice.
            let is_name = matches!(name.as_str(), "title" | "text" | "category");
            let line = if is_name && text::is_evidently_html(&value) {
                Text { markup: Markup::Html, ..Text::plain(&text::html(&value)) }
            } else {
                Text::plain(&value)
            };
            let value = line.line();
            if value.is_empty() {
                continue;
            }
            match name.as_str() {
                "xmlurl" => outline.url = Some(value),
                "url" => other_url = Some(value),
                "title" => outline.title = Some(value),
                "text" => text = Some(value),
                "htmlurl" => outline.page = Some(value),
                "language" => outline.language = Some(value),
                "type" => outline.kind = Some(value.to_ascii_lowercase()),
                // OPML 2.0: slash-delimited, several separated by commas.
                "category" => {
                    let paths =
                        value.split(',').filter_map(|path| path.rsplit('/').find(|part| !part.trim().is_empty()));
                    outline.categories.extend(paths.take(MOST).map(|part| part.trim().to_owned()));
                }
                _ => {}
            }
        }
        outline.title = outline.title.or(text);
        if outline.is_meant_as_feed() {
            outline.url = outline.url.or(other_url);
        }
        outline
    }

    fn is_meant_as_feed(&self) -> bool {
        matches!(self.kind.as_deref(), Some("rss" | "rss1" | "atom" | "feed" | "pie"))
    }

    fn subscription(&self, around: &[Option<String>]) -> Option<Subscription> {
        let mut categories: Vec<String> = Vec::new();
        let names = around.iter().take(DEEPEST).flatten().chain(&self.categories);
        for name in names {
            if !categories.contains(name) {
                categories.push(name.clone());
            }
        }
        Some(Subscription {
            url: self.url.clone()?,
            title: self.title.clone(),
            page: self.page.clone(),
            language: self.language.clone(),
            categories,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn subscriptions(text: &str) -> Vec<(String, String, String)> {
        let list = read(text).expect("a list");
        let told = |feed: Subscription| (feed.url, feed.title.unwrap_or_default(), feed.categories.join("/"));
        list.subscriptions.into_iter().map(told).collect()
    }

    fn feed(url: &str, title: &str, categories: &str) -> (String, String, String) {
        (url.to_owned(), title.to_owned(), categories.to_owned())
    }

    #[test]
    fn outlines_around_become_categories() {
        let text = "<?xml version='1.0'?><opml version='2.0'><head><title>Mine</title></head><body>
            <outline text='Harbours'><outline text='North'>
              <outline type='rss' text='Tide' title='The &quot;Tide&quot; &amp; more' xmlUrl='https://t.example/rss?a=1&amp;b=2' htmlUrl='https://t.example/' language='en-gb'/>
            </outline>
            <outline type='rss' text='Quay' XMLURL='https://q.example/' category='/Ships/Ferries,Harbours'></outline></outline>
            <outline text='Last' xmlurl='https://l.example/'/></body></opml>";
        let list = read(text).expect("a list");
        assert_eq!(list.notes, Vec::<String>::new());
        assert_eq!(list.subscriptions[0].page.as_deref(), Some("https://t.example/"));
        assert_eq!(list.subscriptions[0].language.as_deref(), Some("en-gb"));
        assert_eq!(
            subscriptions(text),
            [
                feed("https://t.example/rss?a=1&b=2", "The \"Tide\" & more", "Harbours/North"),
                feed("https://q.example/", "Quay", "Harbours/Ferries"),
                feed("https://l.example/", "Last", ""),
            ]
        );
    }

    #[test]
    fn names_that_were_escaped_twice_are_opened() {
        let text = "<opml><body><outline text='R&amp;amp;D'><outline text='Tide &amp;amp; quay' xmlUrl='https://t.example/?a=1&amp;amp;b=2'/>
            <outline text='Q&amp;A: a &amp;lt; b' category='S&amp;amp;T' xmlUrl='https://q.example/'/>
            <outline text='List&amp;lt;String&amp;gt; if a&lt;b then' xmlUrl='https://l.example/'/></outline></body></opml>";
        assert_eq!(
            subscriptions(text),
            [
                feed("https://t.example/?a=1&amp;b=2", "Tide & quay", "R&D"),
                feed("https://q.example/", "Q&A: a < b", "R&D/S&T"),
                feed("https://l.example/", "List<String> if a<b then", "R&D"),
            ]
        );
    }

    #[test]
    fn people_of_a_planet_have_feeds() {
        let agent = |name: &str, feeds: &str| {
            format!(
                "<foaf:member><foaf:Agent>{name}<foaf:weblog><foaf:Document rdf:about='https://a.example/'><rdfs:seeAlso>{feeds}</rdfs:seeAlso></foaf:Document></foaf:weblog></foaf:Agent></foaf:member>"
            )
        };
        let text = format!(
            "<?xml version='1.0'?><rdf:RDF xmlns:rss='http://purl.org/rss/1.0/'><foaf:Group><foaf:name>Planet Quay</foaf:name>{}{}</foaf:Group></rdf:RDF>",
            agent(
                "<foaf:name>Ada &amp; co</foaf:name>",
                "<rss:channel rdf:about='https://a.example/rss?a=1&amp;b=2'/>"
            ),
            agent("", "<rss:channel rdf:about='https://b.example/rss'></rss:channel>"),
        );
        assert_eq!(
            subscriptions(&text),
            [
                feed("https://a.example/rss?a=1&b=2", "Ada & co", "Planet Quay"),
                feed("https://b.example/rss", "", "Planet Quay")
            ]
        );
        assert_eq!(read(&text).expect("a list").subscriptions[0].page.as_deref(), Some("https://a.example/"));
        assert_eq!(read("<rdf:RDF><channel rdf:about='https://a.example/rss'/><foaf:Agent/></rdf:RDF>"), None);
    }

    #[test]
    fn what_can_be_read_of_a_broken_list_is_read() {
        let text = "<opml><body><outline text='A & B'>\n<outline text=x xmlUrl=https://x.example/ /><outline type=rss text='no address'/>
            <outline type='rss' url='https://old.example/rss'/><outline type=link url='https://page.example/'/>
            </outline></outline></outline><outline xmlUrl='https://y.example/'/><outline xmlUrl='https://cut";
        let list = read(text).expect("a list");
        assert_eq!(
            subscriptions(text),
            [
                feed("https://x.example/", "x", "A & B"),
                feed("https://old.example/rss", "", "A & B"),
                feed("https://y.example/", "", "")
            ]
        );
        assert_eq!(list.notes.len(), 2);
        assert!(
            list.notes[0].contains("\"no address\" has no xmlUrl") && list.notes[1].contains("ends before its end"),
            "{list:?}"
        );
        assert_eq!(read("https://a.example/\n<b>"), None);
    }
}
