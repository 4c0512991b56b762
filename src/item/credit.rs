//! What is told of the feed that an item was taken from.

use super::{guid, link, text};
use crate::draft::Credit;

/// A credit that is fit to be published: one line of title, web addresses without passwords, none with a key. `None`: it
/// names no feed.
pub(super) fn fit(Credit { title, id, feed, page }: Credit) -> Option<Credit> {
    let id = id.as_deref().and_then(guid::id);
    let address = |url: Option<url::Url>| url.filter(|url| !link::carries_a_key(url)).as_ref().and_then(link::web);
    let (feed, page) = (address(feed), address(page));
    let host = || feed.iter().chain(&page).find_map(|url| url.host_str().map(str::to_owned));
    let title = Some(text::cut(&text::one_line(&title), 200)).filter(|title| !title.is_empty());
    let title = title.or_else(host).or_else(|| id.clone())?;
    (id.is_some() || feed.is_some() || page.is_some()).then_some(Credit { title, id, feed, page })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_credit_has_a_title_and_tells_no_password() {
        let url = |text: &str| Some(url::Url::parse(text).unwrap());
        let nothing = Credit { title: " The\n\u{202e}Quay ".to_owned(), id: None, feed: None, page: None };
        assert_eq!(fit(nothing.clone()), None);
        let told =
            fit(Credit { feed: url("https://u:p@quay.example/rss"), page: url("ftp://quay.example/"), ..nothing });
        assert_eq!(
            told,
            Some(Credit { title: "The Quay".to_owned(), id: None, feed: url("https://quay.example/rss"), page: None })
        );
        let kept_to_oneself = Credit {
            title: String::new(),
            id: None,
            feed: url("https://quay.example/rss?token=x"),
            page: url("https://quay.example/"),
        };
        assert_eq!(fit(kept_to_oneself).and_then(|credit| credit.feed), None);
        let untitled = Credit { title: " ".to_owned(), ..told.unwrap() };
        assert_eq!(fit(untitled).map(|credit| credit.title).as_deref(), Some("quay.example"));
    }
}
