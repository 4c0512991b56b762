//! Titles in lists, which are often cut short: whether two of them are one.

/// Letters that the start of a title must have to stand for it.
const SHORTEST: usize = 8;

/// Words by which a list leads on from a title that it cuts short.
const MORE: [&str; 9] =
    ["read more", "more", "weiterlesen", "mehr", "lire la suite", "leer más", "leggi tutto", "查看更多", "更多"];

/// Whether a title says that it is cut short: it ends in dots, or in what leads on from there.
pub fn is_cut(title: &str) -> bool {
    let title = title.trim_end();
    title.ends_with(['…', '⋯']) || title.ends_with("..") || led_on(title).is_some()
}

/// What is there of a title that may be cut short: without the dots, or what leads on from there.
pub fn kept(title: &str) -> &str {
    led_on(title).unwrap_or(title).trim().trim_end_matches(['.', '…', '⋯'])
}

/// What stands before "[...]", "(…)", "[mehr]" or "more »" at the end of a title. A word alone, or dots in quotes, may be its own.
fn led_on(title: &str) -> Option<&str> {
    let title = title.trim_end();
    if let Some(inside) = title.strip_suffix([']', ')', '】', '）']) {
        let (before, inside) =
            inside.rsplit_once(['[', '(', '【', '（']).filter(|(_, inside)| !inside.trim().is_empty())?;
        let inside = inside.trim().trim_end_matches(['.', '…', '⋯', ' ', '»', '›', '>']);
        return (inside.is_empty() || without_more(inside).is_some_and(str::is_empty)).then(|| before.trim_end());
    }
    let before = title.trim_end_matches(['»', '›', '→', ' ']);
    without_more(before).filter(|_| before.len() < title.len())
}

/// What stands before a word that leads on, at the end of a text.
fn without_more(text: &str) -> Option<&str> {
    MORE.iter().find_map(|word| {
        let (before, end) = text.split_at_checked(text.len().checked_sub(word.len())?)?;
        (end.to_lowercase() == *word).then(|| before.trim_end())
    })
}

/// Letters from which on a title is one that no other holds by chance.
const TELLING: usize = 8;
/// Words by which lists call attention to an entry.
const LABELS: [&str; 18] = [
    "new", "neu", "news", "hot", "top", "aktuell", "nouveau", "nuevo", "nuovo", "novo", "update", "updated", "pinned",
    "置顶", "置頂", "热", "공지", "새글",
];
/// What stands between a title and what a list puts beside it.
pub(super) const BETWEEN: &str = "·•‧・∙●○■□▪▫◆◇★☆►▶▸»›>-–—*|:：,，.!！()（）[]［］【】〔〕";

/// What a list may put before a title.
const BULLETS: &str = "·•‧・∙●○■□▪▫◆◇★☆►▶▸»›>";

/// A line with one space between its words.
pub fn plain(line: &str) -> String {
    line.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Whether a line is a title behind a bullet.
pub fn is_bulleted(line: &str, title: &str) -> bool {
    let (line, title) = (plain(line), plain(title));
    let bullets = line.strip_suffix(title.as_str()).filter(|bullets| !bullets.is_empty() && !title.is_empty());
    bullets.is_some_and(|bullets| bullets.chars().all(|c| c.is_whitespace() || BULLETS.contains(c)))
}

/// Whether a line is a title with the day or a word like "new" beside it.
pub fn is_glued(line: &str, title: &str) -> bool {
    let (line, title) = (plain(line), plain(title));
    let Some((before, behind)) = line.split_once(title.as_str()) else { return false };
    let between = |c: char| c.is_whitespace() || BETWEEN.contains(c);
    let is_beside = |text: &str| {
        let mut words = text.split_whitespace().map(|word| word.trim_matches(between));
        is_day(text.trim_matches(between)) || words.all(|word| word.is_empty() || is_day(word) || is_label(word))
    };
    title.chars().count() >= TELLING
        && [before, behind].iter().any(|text| text.contains(char::is_alphanumeric))
        && is_beside(before)
        && is_beside(behind)
}

/// Whether a word calls attention to what it stands beside.
pub(super) fn is_label(word: &str) -> bool {
    LABELS.contains(&word.to_lowercase().as_str())
}

/// Whether a text is a day in figures, with its year: "2026-02-04", "04.02.2026", "2026年2月4日".
fn is_day(text: &str) -> bool {
    let figures = |c: char| c.is_ascii_digit();
    let parts: Vec<&str> = text.split(|c| !figures(c)).filter(|part| !part.is_empty()).collect();
    let is_plain = text.chars().all(|c| figures(c) || c.is_whitespace() || ".-/年月日".contains(c));
    let is_year = |part: &&&str| part.len() == 4 && (part.starts_with("19") || part.starts_with("20"));
    let [first, middle, last] = parts.as_slice() else { return false };
    is_plain
        && middle.len() <= 2
        && [first, last].iter().filter(|part| is_year(part)).count() == 1
        && first.len() + last.len() <= 6
}

/// Whether two titles are one: equal but for white space and case, or one of them cut short and the start of the other.
pub fn is_same(one: &str, other: &str) -> bool {
    Plain::of(one).is(&Plain::of(other))
}

/// A title without what may differ from one layout to the next: white space, case, dots where it is cut short.
#[derive(Debug)]
pub struct Plain {
    pub(super) text: String,
    is_cut: bool,
}

impl Plain {
    /// That of a title.
    pub fn of(title: &str) -> Self {
        let text = kept(title).chars().filter(|c| !c.is_whitespace()).flat_map(char::to_lowercase).collect();
        Self { text, is_cut: is_cut(title) }
    }

    /// What is equal where neither of two titles that are one is [cut short](Self::is_cut).
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether it says that it is cut short.
    pub fn is_cut(&self) -> bool {
        self.is_cut
    }

    /// Whether two titles are one: see [`is_same`].
    pub fn is(&self, other: &Self) -> bool {
        self.text == other.text || self.begins(other)
    }

    /// Whether one of two titles is cut short, and the start of the other.
    pub(super) fn begins(&self, other: &Self) -> bool {
        let is_start = |start: &Self, whole: &Self| {
            start.is_cut && start.text.chars().nth(SHORTEST - 1).is_some() && whole.text.starts_with(&start.text)
        };
        is_start(self, other) || is_start(other, self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_are_one_though_cut_short_or_set_otherwise() {
        assert!(is_same("The harbour opens its gates", "The Harbour  opens its gates"));
        assert!(is_same("The harbour opens…", "The harbour opens its gates"));
        assert!(is_same("关于举办第三届海浪观测学术会议的通知", "关于举办第三届海浪观测学..."));
        assert!(!is_same("The harbour opens", "The harbour opens its gates"), "nothing says that it is cut");
        assert!(!is_same("The…", "The harbour opens its gates"), "too short to stand for it");
        assert!(!is_same("The harbour opens its gates…", "The harbour opens"), "the whole is no start of its start");
        for end in [" [...]", " (…)", " [mehr]", "more »", " Read more ›", "（更多）", " [more…]"] {
            assert!(is_same(&format!("The harbour opens{end}"), "The harbour opens its gates"), "{end}");
        }
        for whole in ["Music and more", "Music (and more)", "« On veut… »", "Sports (2026)", "Tides »", "()", "»"]
        {
            assert_eq!((is_cut(whole), kept(whole)), (false, whole));
        }
    }
}
