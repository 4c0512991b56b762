//! Pages that hold no story of their own and lead to another: framesets, and redirects by `<meta>` or script.

use scraper::Html;
use scraper::node::Element;
use url::{ParseError, Url};

/// Longest delay of a redirect, seconds; pages that wait longer are meant to be read first.
const SOON: u32 = 10;
/// Longest address that is told, bytes.
const LONGEST: usize = 500;

/// What a page is that leads elsewhere, and the address as it is written there.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Elsewhere {
    /// "frameset" or "redirect".
    pub(super) kind: &'static str,
    pub(super) address: String,
}

/// Where a page leads that has little or no text. `bare` says that it has neither text nor pictures: only then the
/// scripts in it are looked at. `None`: nowhere.
pub(super) fn of(page: &Html, bare: bool) -> Option<Elsewhere> {
    let told = |kind, address: &str| {
        let address = address.trim();
        let on_the_web = Url::parse(address).map_or_else(
            |error| error == ParseError::RelativeUrlWithoutBase,
            |url| matches!(url.scheme(), "http" | "https"),
        );
        let fits = on_the_web && !address.is_empty() && address.len() <= LONGEST;
        fits.then(|| Elsewhere { kind, address: address.to_owned() })
    };
    let mut frames: Vec<&Element> = Vec::new();
    let mut redirect = None;
    for node in page.tree.root().descendants() {
        let Some(element) = node.value().as_element() else { continue };
        match element.name() {
            "frame" => frames.push(element),
            "meta" if element.attr("http-equiv").is_some_and(|name| name.trim().eq_ignore_ascii_case("refresh")) => {
                let target = element.attr("content").and_then(refresh_target);
                redirect = redirect.or(target.and_then(|address| told("redirect", address)));
            }
            "script" if bare && redirect.is_none() => {
                let text = node.children().filter_map(|child| child.value().as_text());
                redirect = text.filter_map(|text| script_target(text)).find_map(|address| told("redirect", address));
            }
            _ => {}
        }
    }
    let is_main = |frame: &&&Element| {
        let name = frame.attr("name").unwrap_or_default().to_ascii_lowercase();
        ["main", "content", "body", "text"].iter().any(|word| name.contains(word))
    };
    let frame = frames.iter().find(is_main).or(frames.last()).and_then(|frame| frame.attr("src"));
    frame.and_then(|address| told("frameset", address)).or(redirect)
}

/// The address in `0; url=news.htm` (HTML, shared declarative refresh steps).
fn refresh_target(content: &str) -> Option<&str> {
    let (delay, rest) = content.split_once([';', ','])?;
    let seconds: u32 = delay.split('.').next()?.trim().parse().ok()?;
    let rest = rest.trim();
    let target = rest
        .get(..3)
        .filter(|name| name.eq_ignore_ascii_case("url"))
        .and_then(|_| rest.get(3..)?.trim_start().strip_prefix('='))
        .unwrap_or(rest);
    (seconds <= SOON).then(|| target.trim().trim_matches(['"', '\'']))
}

/// The address in `location.href = "news.htm"`, `location.replace('news.htm')` and the like.
fn script_target(text: &str) -> Option<&str> {
    text.split("location").skip(1).find_map(|rest| {
        let call = [".href", ".replace", ".assign"].iter().find_map(|name| rest.strip_prefix(name)).unwrap_or(rest);
        let value = call.trim_start().strip_prefix(['=', '('])?.trim_start();
        let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''))?;
        value.strip_prefix(quote)?.split_once(quote).map(|(address, _)| address)
    })
}

#[cfg(test)]
mod tests {
    use super::super::guard;
    use super::*;

    #[track_caller]
    fn check(page: &str, expected: Option<(&'static str, &str)>) {
        let found = of(&guard::parse_document(page), true);
        assert_eq!(found.as_ref().map(|found| (found.kind, found.address.as_str())), expected, "{page}");
    }

    #[test]
    fn framesets_lead_to_their_main_frame() {
        let frames = "<frameset cols='20%,*'><frame src=menu.htm name=menu><frame src=tide.htm name=mainFrame><frame src=x.htm></frameset>";
        check(frames, Some(("frameset", "tide.htm")));
        check("<frameset><frame src=a.htm><frame src=b.htm></frameset>", Some(("frameset", "b.htm")));
    }

    #[test]
    fn redirects_are_told_from_pages_that_load_themselves_again() {
        let meta = |content: &str| format!("<meta http-equiv=Refresh content=\"{content}\"><p>Moved.");
        check(&meta("0; url=../tide.htm"), Some(("redirect", "../tide.htm")));
        check(&meta("3;URL='https://quay.example.edu/'"), Some(("redirect", "https://quay.example.edu/")));
        check(&meta("0,tide.htm"), Some(("redirect", "tide.htm")));
        check(&meta("300"), None);
        check(&meta("0;url=javascript:1"), None);
        check(&meta("300; url=tide.htm"), None);
        check("<script>window.location.href = 'tide.htm';</script>", Some(("redirect", "tide.htm")));
        check("<script>location.replace(\"tide.htm\")</script>", Some(("redirect", "tide.htm")));
        check("<script>if (location == 'x') location.reload();</script>", None);
    }
}
