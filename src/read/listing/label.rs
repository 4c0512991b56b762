//! What the words before a date in a list say of it: that something was published, was changed, or takes place on that day.

use ego_tree::NodeId;
use scraper::ElementRef;

use super::super::page::{Told, tells_another, told_before};
use super::super::residue;
use super::words;
use crate::draft::Doubt;

/// What a label says of the date behind it. The order of the variants is that in which dates are taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Label {
    /// It is that of the publication.
    Published,
    /// Nothing, or that it is a date.
    None,
    /// It is that of a change.
    Changed,
    /// Something that is not known.
    Unknown,
    /// Something takes place, begins or ends.
    Event,
}

impl Label {
    /// What it leaves open of its date.
    pub(super) fn doubt(self) -> Doubt {
        match self {
            Self::Published | Self::None => Doubt::None,
            Self::Changed => Doubt::Change,
            Self::Unknown => Doubt::Label,
            Self::Event => Doubt::Event,
        }
    }

    /// What the end of a text says of a date that follows.
    pub(super) fn before(text: &str) -> Self {
        let text = text.trim_end();
        let label = text.trim_end_matches([':', '：', ' ']);
        let is_closed = label.len() < text.len();
        let start = label.rfind(PARTING).map_or(0, |at| at + label.get(at..).map_or(0, first_length));
        let label = label.get(start..).unwrap_or_default().trim();
        if label.is_empty() || !label.chars().any(char::is_alphabetic) {
            return Self::None;
        }
        let told = told_before(label);
        if told.is_none() && tells_another(label, is_closed) {
            return Self::Event;
        }
        match told.or_else(|| told_before(text).filter(|_| !is_closed)) {
            Some(Told::Modified) => return Self::Changed,
            Some(Told::Published) => return Self::Published,
            _ => {}
        }
        let lower = label.to_lowercase();
        let is_known = || DATES.iter().any(|word| lower.contains(word)) || residue::is_label(label);
        if is_closed && is_short(label) && !is_known() { Self::Unknown } else { Self::None }
    }

    /// What the header of a column says of the dates in it.
    fn of_column(text: &str) -> Self {
        match Self::before(&format!("{text}:")) {
            // Headers that are not known may be "date" in any language.
            Self::Unknown => Self::None,
            label => label,
        }
    }

    /// What the attributes of an element for machines say of its date.
    pub(super) fn of_element(element: ElementRef<'_>) -> Self {
        let name = element.attr("itemprop").unwrap_or_default();
        let classes = element.value().classes().flat_map(|class| class.split(['-', '_']));
        match name {
            "datePublished" | "dateCreated" => Self::Published,
            "dateModified" => Self::Changed,
            "startDate" | "endDate" | "doorTime" | "validThrough" => Self::Event,
            _ if element.attr("pubdate").is_some() => Self::Published,
            _ => {
                let has = |name: &str| classes.clone().any(|word| word == name);
                match (has("published"), has("updated") || has("modified")) {
                    (true, _) => Self::Published,
                    (false, true) => Self::Changed,
                    (false, false) => Self::None,
                }
            }
        }
    }
}

/// What parts a label from what stands before it.
const PARTING: [char; 14] = [':', '：', '|', '｜', ';', '；', '。', '，', ',', '(', '（', '·', '•', '['];

fn first_length(text: &str) -> usize {
    text.chars().next().map_or(0, char::len_utf8)
}

/// Whether a text may be a label: a few words without figures.
fn is_short(text: &str) -> bool {
    words::units(text) <= 6.0 && !text.chars().any(|c| c.is_ascii_digit())
}

/// Whether an element is there to hold labels.
pub(super) fn is_holder(name: &str) -> bool {
    matches!(name, "dt" | "th")
}

/// Columns of a table that are looked at, and elements before its first row.
const MOST_COLUMNS: usize = 40;
const MOST_BEFORE: usize = 200;

/// What the header of the column says in which an element stands.
pub(super) fn of_column(holder: NodeId, item: ElementRef<'_>) -> Label {
    let Some(element) = item.tree().get(holder).and_then(ElementRef::wrap) else { return Label::None };
    let around = || std::iter::once(element).chain(element.ancestors().filter_map(ElementRef::wrap));
    let named = |name: &str| around().find(|part| part.value().name() == name);
    let (Some(cell), Some(table)) = (named("td"), named("table")) else { return Label::None };
    let place = cell.prev_siblings().filter_map(ElementRef::wrap).take(MOST_COLUMNS).count();
    let mut parts = table.descendent_elements().take(MOST_BEFORE);
    let Some(row) = parts.find(|part| part.value().name() == "tr") else { return Label::None };
    let is_header = row.child_elements().take(MOST_COLUMNS).all(|cell| cell.value().name() == "th");
    let header = row.child_elements().nth(place).filter(|_| is_header).map(words::line);
    header.map_or(Label::None, |text| Label::of_column(&text))
}

/// Words for a date, and for its being put up, in languages in which articles are not asked for them.
const DATES: &[&str] = &[
    "date", "datum", "fecha", "data", "dato", "dátum", "tarih", "дата", "日期", "日付", "날짜", "작성", "등록", "게시",
    "掲載", "公開", "登録", "投稿", "作成", "ngày đăng", "päivä", "dzień", "publicac", "publicat", "pubblicazione",
    "parution", "mise en ligne", "online", "gepost", "diterbitkan", "วันที่", "تاريخ", "תאריך",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_say_what_a_date_is_that_of() {
        for (text, expected) in [
            ("", Label::None),
            ("Published:", Label::Published),
            ("Posted on ", Label::Published),
            ("发布部门：教务处 发布时间：", Label::Published),
            ("Date:", Label::None),
            ("日期：", Label::None),
            ("时间：", Label::None),
            ("Fecha de publicación:", Label::None),
            ("작성일 :", Label::None),
            ("By Li Ming on", Label::None),
            ("The harbour reopens, as the council said on", Label::None),
            ("Last updated:", Label::Changed),
            ("更新时间：", Label::Changed),
            ("Deadline:", Label::Event),
            ("Apply by", Label::Event),
            ("Closing date:", Label::Event),
            ("Event date: ", Label::Event),
            ("When:", Label::Event),
            ("报告时间：", Label::Event),
            ("教务处 截止日期：", Label::Event),
            ("Bewerbungsfrist: ", Label::Event),
            ("Termin:", Label::Event),
            ("Sailing:", Label::Unknown),
        ] {
            assert_eq!(Label::before(text), expected, "{text:?}");
        }
    }
}
