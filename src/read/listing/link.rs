//! Where an element of a page leads: by its address, or by a script that goes there when it is pressed.

use scraper::ElementRef;
use url::Url;

use super::{address, words};

/// Attributes from which scripts take the address of what is pressed.
const NAMES: [&str; 3] = ["data-href", "data-url", "data-link"];
/// What scripts go to an address by.
const GOES: [&str; 2] = ["location", "window.open"];

/// Where an element leads.
pub(super) fn target(element: ElementRef<'_>, base: &Url) -> Option<Url> {
    let href = element.attr("href").and_then(|href| address::target(base, href));
    href.or_else(|| by_script(element, base))
}

/// Whether a script may go somewhere when an element is pressed.
pub(super) fn is_scripted(element: ElementRef<'_>) -> bool {
    NAMES.into_iter().chain(["onclick"]).any(|name| element.attr(name).is_some())
}

/// Where a script goes when an element is pressed.
pub(super) fn by_script(element: ElementRef<'_>, base: &Url) -> Option<Url> {
    // What these name is shown in them.
    if matches!(element.value().name(), "img" | "video" | "audio" | "source" | "iframe" | "embed" | "object" | "form") {
        return None;
    }
    // Scripts keep numbers and names there, too, and whom to tell that somebody reads.
    let is_place = |written: &&str| written.contains(['/', '.', '?']);
    let named = NAMES.into_iter().filter_map(|name| element.attr(name).filter(is_place));
    let named: Vec<Url> = named.filter_map(|written| address::target(base, written)).collect();
    let goes = || assigned(element.attr("onclick")?).filter(is_place).and_then(|to| address::target(base, to));
    let near = named.iter().find(|url| address::is_near(url, base)).cloned();
    // Stories stand on other sites, too.
    near.or_else(goes).or_else(|| named.into_iter().next())
}

/// The address in `location.href = '…'`, `location.assign('…')`, `window.open('…')`.
fn assigned(script: &str) -> Option<&str> {
    let (first, behind) = GOES.into_iter().find_map(|goes| script.split_once(goes))?;
    // Nothing is asked, sent or reckoned before: "if (confirm('Delete?')) location.href = …".
    let mut names = first.trim_start().trim_start_matches("javascript:").split(['.', ' ', ';']);
    if !names.all(|name| matches!(name, "" | "window" | "document" | "self" | "top" | "parent" | "return")) {
        return None;
    }
    let (before, quoted) = behind.split_once(['\'', '"'])?;
    let mark = behind.get(before.len()..)?.chars().next()?;
    let goes = before.trim().trim_end_matches(['=', '(', ' ']);
    matches!(goes, "" | ".href" | ".assign" | ".replace").then(|| quoted.split_once(mark)).flatten().map(|(url, _)| url)
}

/// What a link without words says for those who hear the page: its label, without what asks to read on.
pub(super) fn label(element: ElementRef<'_>) -> Option<String> {
    let said = words::squeezed(element.attr("aria-label")?);
    Some(without_asking(&said).to_owned()).filter(|said| !said.is_empty())
}

/// What a link says that only asks to read on.
const MORE: [&str; 72] = [
    "more",
    "read more",
    "learn more",
    "see more",
    "view more",
    "read full story",
    "full story",
    "details",
    "continue reading",
    "read article",
    "read on",
    "click here",
    "here",
    "view",
    "link",
    "mehr",
    "weiterlesen",
    "mehr erfahren",
    "lire la suite",
    "en savoir plus",
    "leer más",
    "更多",
    "详情",
    "詳情",
    "详细",
    "查看",
    "查看详情",
    "查看更多",
    "阅读全文",
    "阅读更多",
    "了解更多",
    "点击查看",
    "查看全文",
    "查看详细",
    "もっと見る",
    "続きを読む",
    "詳細",
    "더보기",
    "자세히 보기",
    "voir plus",
    "leggi tutto",
    "leggi di più",
    "ler mais",
    "saiba mais",
    "ver más",
    "lees meer",
    "läs mer",
    "les mer",
    "læs mere",
    "lue lisää",
    "czytaj więcej",
    "czytaj dalej",
    "więcej",
    "číst dál",
    "opširnije",
    "tovább",
    "citește mai mult",
    "devamı",
    "devamını oku",
    "подробнее",
    "читать далее",
    "детальніше",
    "περισσότερα",
    "xem thêm",
    "đọc thêm",
    "xem chi tiết",
    "selengkapnya",
    "baca selengkapnya",
    "อ่านต่อ",
    "المزيد",
    "اقرأ المزيد",
    "ادامه مطلب",
];

/// Whether a text only asks to read on.
pub(super) fn is_more(text: &str) -> bool {
    // Thai writes its tones above the letters.
    let is_word = |c: &char| c.is_alphanumeric() || *c == ' ' || matches!(c, '\u{e47}'..='\u{e4e}');
    let plain: String = text.chars().filter(is_word).collect();
    MORE.contains(&plain.trim().to_lowercase().as_str())
}

/// What a link leads to, of which it asks to read on.
pub(super) fn without_asking(text: &str) -> &str {
    const ASKS: [&str; 7] = [
        "read more about ", "read more: ", "read more on ", "learn more about ", "more about ", "continue reading ",
        "weiterlesen: ",
    ];
    let lower = text.to_ascii_lowercase();
    let asks = ASKS.into_iter().find(|asks| lower.starts_with(asks)).map_or(0, str::len);
    let rest = text.get(asks..).unwrap_or(text).trim();
    if asks == 0 { rest } else { rest.trim_matches(['"', '“', '”', '\'', ':', ' ']) }
}

/// What the picture in a link stands for.
pub(super) fn pictured(element: ElementRef<'_>) -> Option<String> {
    let told = element.descendent_elements().find_map(|inside| inside.attr("alt"))?;
    Some(words::squeezed(told)).filter(|told| !told.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scripts_tell_where_they_go() {
        for script in [
            "location.href='/n/1'",
            "window.location = \"/n/1\";",
            "javascript:document.location.href = '/n/1'; return false",
            "window.open('/n/1', '_blank')",
            "location.assign('/n/1')",
            "self.location='/n/1'",
        ] {
            assert_eq!(assigned(script), Some("/n/1"), "{script}");
        }
        for script in [
            "if (confirm('?')) location.href = '/n/1'",
            "show('/n/1')",
            "location.reload()",
            "location.href = base + '/n/1'",
            "window.open(url)",
            "",
        ] {
            assert_eq!(assigned(script), None, "{script}");
        }
    }
}
