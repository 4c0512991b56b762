//! RSS that lies on another host than the site it tells of, as services that publish feeds have it: what is relative in it
//! was written for the site.

use std::sync::Arc;

use url::Url;

use super::date::Dates;
use super::tree::Elements;
use super::{Entry, facts, site};

/// The site that relative addresses of the entries of a channel are those of, where it is not where the feed is. Atom and JSON
/// Feed are read by their own rules (RFC 4287 §2).
pub(super) fn site_of(channel: &Elements, address: Option<&Arc<Url>>, dates: &Dates) -> Option<Arc<Url>> {
    let site = facts::facts(channel, 0, address, dates).link.and_then(|link| site(&link))?;
    let Some(address) = address else { return Some(site) };
    let is_rss = channel.root().is_some_and(|root| matches!(root.name.as_str(), "rss" | "rdf"));
    // A name that only means something to the one who wrote it is no site.
    let is_known = site.domain().is_some_and(|name| name.trim_end_matches('.').contains('.'));
    (is_rss && is_known && !is_at_one_host(&site, address)).then_some(site)
}

/// The same as [`facts::entry`] for a feed of a site elsewhere: what is relative in a text belongs to the page of its entry, if that
/// is on the site, and where the page is at the host of the feed, so is the rest.
pub(super) fn entry(elements: &Elements, site: &Arc<Url>, address: &Arc<Url>, dates: &Dates) -> Entry {
    let mut entry = facts::entry(elements, Some(site), dates);
    match entry.facts.link.as_deref().and_then(|link| Url::parse(link).ok()) {
        Some(page) if is_at_one_host(&page, address) => facts::entry(elements, Some(address), dates),
        Some(page) if is_at_one_host(&page, site) => {
            let page = Arc::new(page);
            let facts = &mut entry.facts;
            let bases =
                facts.title.iter_mut().chain(&mut facts.summary).chain(&mut entry.contents).map(|text| &mut text.base);
            for base in bases.flatten().filter(|base| Arc::ptr_eq(base, site)) {
                *base = Arc::clone(&page);
            }
            entry
        }
        _ => entry,
    }
}

fn is_at_one_host(one: &Url, other: &Url) -> bool {
    fn bare(url: &Url) -> Option<&str> {
        url.host_str().map(|host| host.strip_prefix("www.").unwrap_or(host))
    }
    bare(one) == bare(other)
}

#[cfg(test)]
mod tests {
    use url::Url;

    use super::super::{Around, read};

    #[test]
    fn rss_of_a_site_elsewhere_is_relative_to_the_site() {
        let feed = Url::parse("https://feeds.example/quay").expect("an address");
        let around = Around { base: Some(&feed), ..Around::default() };
        let told = |root: &str, channel: &str, link: &str| {
            let text = format!(
                "<{root}><channel><title>Quay</title><link>{channel}</link></channel><item><title>a</title><link>{link}</link>
                 <description>&lt;img src=a.png></description><enclosure url='/a.mp3'/></item></{name}>",
                name = root.split(' ').next().unwrap_or_default(),
            );
            let entry = read(text.as_bytes(), &around).expect("a feed").entries.remove(0);
            let base = entry.facts.summary.and_then(|summary| summary.base).map(|base| base.to_string());
            let file = entry.enclosures.into_iter().next().map(|file| file.url);
            [entry.facts.link, base, file].map(Option::unwrap_or_default)
        };
        let site = "https://www.quay.example/news/";
        let own = ["https://feeds.example/1", "https://feeds.example/quay", "https://feeds.example/a.mp3"];
        for (root, channel, link, expected) in [
            (
                "rss",
                site,
                "1.html",
                [
                    "https://www.quay.example/news/1.html",
                    "https://www.quay.example/news/1.html",
                    "https://www.quay.example/a.mp3",
                ],
            ),
            (
                "rss",
                site,
                "https://quay.example/1",
                ["https://quay.example/1", "https://quay.example/1", "https://www.quay.example/a.mp3"],
            ),
            ("rss", site, "https://pier.example/1", ["https://pier.example/1", site, "https://www.quay.example/a.mp3"]),
            // Its pages are where it is.
            ("rss", site, "https://feeds.example/1", own),
            // No other site is named, or none that anybody else knows; or there are other rules.
            ("rss", "https://www.feeds.example/news/", "1", own),
            ("rss", "http://localhost/news/", "1", own),
            ("rss", "/news/", "1", own),
            (
                "rss xml:base='https://pier.example/a/'",
                site,
                "1",
                ["https://pier.example/a/1", "https://pier.example/a/", "https://pier.example/a.mp3"],
            ),
        ] {
            assert_eq!(told(root, channel, link), expected.map(str::to_owned), "{root} {channel} {link}");
        }
        let atom = "<feed xmlns='http://www.w3.org/2005/Atom'><link href='https://www.quay.example/news/'/><entry><id>1</id><link href='1'/></entry></feed>";
        let entry = read(atom.as_bytes(), &around).expect("a feed").entries.remove(0);
        assert_eq!(entry.facts.link.as_deref(), Some("https://feeds.example/1"));
    }
}
