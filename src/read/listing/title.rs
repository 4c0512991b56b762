//! Titles in lists, which are often cut short: whether two of them are one.

/// Letters that the start of a title must have to stand for it.
const SHORTEST: usize = 8;

/// Whether a title says that it is cut short: it ends in dots.
pub fn is_cut(title: &str) -> bool {
    let title = title.trim_end();
    title.ends_with(['…', '⋯']) || title.ends_with("..")
}

/// Whether two titles are one: equal but for white space and case, or one of them cut short and the start of the other.
pub fn is_same(one: &str, other: &str) -> bool {
    let (one, other) = (Plain::of(one), Plain::of(other));
    one.text == other.text || one.begins(&other)
}

/// A title without what may differ from one layout to the next: white space, case, dots where it is cut short.
pub(super) struct Plain {
    pub(super) text: String,
    is_cut: bool,
}

impl Plain {
    pub(super) fn of(title: &str) -> Self {
        let bare = title.trim().trim_end_matches(['.', '…', '⋯']);
        let text = bare.chars().filter(|c| !c.is_whitespace()).flat_map(char::to_lowercase).collect();
        Self { text, is_cut: is_cut(title) }
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
    }
}
