//! Lines that lead from one story to others: "Related news", "Das könnte Sie auch interessieren", "Next post: The choir".

/// The longest of them, in bytes.
const LONGEST: usize = 96;

/// Whether a line heads ways to other stories, and no part of the one that it stands below.
pub fn heads_others(line: &str) -> bool {
    let line = line.trim();
    if line.is_empty() || line.len() > LONGEST {
        return false;
    }
    let lower = line.to_lowercase();
    let bare = lower.trim_matches(|c: char| !c.is_alphanumeric());
    if WHOLE.contains(&bare) || FROM.iter().any(|start| bare.starts_with(start)) {
        return true;
    }
    // "Related stories", "Weitere Meldungen": words of two kinds, and the second ends the line.
    let told = bare.split_once(' ');
    told.is_some_and(|(which, what)| WHICH.contains(&which) && WHAT.contains(&what))
        // "Noticias relacionadas": the other way round.
        || told.is_some_and(|(what, which)| WHAT.contains(&what) && BEHIND.contains(&which))
}

/// The side to which a story lies that a line leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// The story before.
    Before,
    /// The story behind.
    Behind,
}

/// The side to which a line leads if it begins as one that leads to a neighbour, and whether a mark follows. `lower` is in
/// lower case. Behind a word that sentences begin with, too, stands a mark: "Next year the campus grows".
pub fn neighbour(lower: &str) -> Option<(Side, bool)> {
    let begins = |word: &str| {
        let is_marked =
            lower.strip_prefix(word)?.trim_start().starts_with([':', '：', '】', ']', '»', '«', '→', '←', '>', '|']);
        (is_marked || !word.is_ascii() || word.contains(' ')).then_some(is_marked)
    };
    let leads = |words: &[&str]| words.iter().find_map(|word| begins(word));
    let before = leads(PREVIOUS).map(|is_marked| (Side::Before, is_marked));
    before.or_else(|| leads(NEXT).map(|is_marked| (Side::Behind, is_marked)))
}

/// Beginnings of lines that lead to the story before.
const PREVIOUS: &[&str] = &[
    "previous article", "previous post", "previous news", "previous one", "previous", "prev article", "prev",
    "last article", "last", "older post", "上一篇", "上一条", "上一則", "上一页", "上一頁", "前一篇", "上篇", "上一则",
    "前の記事", "이전글",
];

/// Beginnings of lines that lead to the story behind.
const NEXT: &[&str] = &[
    "next article", "next post", "next news", "next one", "next", "newer post", "下一篇", "下一条", "下一則", "下一页",
    "下一頁", "后一篇", "下篇", "下一则", "次の記事", "다음글",
];

/// Which stories.
const WHICH: &[&str] = &[
    "related", "more", "latest", "recent", "other", "further", "similar", "recommended", "popular", "trending", "top",
    "weitere", "aktuelle", "ähnliche", "neueste", "neuste", "verwandte", "andere", "autres", "dernières", "derniers",
    "últimas", "otras", "más", "outras", "mais", "altre", "ultime", "gerelateerde", "meer", "laatste", "ander",
    "другие", "последние", "похожие", "powiązane", "podobne", "inne", "najnowsze", "関連", "관련", "다른", "최신",
    "인기", "추천",
];

/// What they are called.
const WHAT: &[&str] = &[
    "news", "stories", "articles", "article", "posts", "reading", "headlines", "updates", "announcements", "notices",
    "press releases", "news stories", "news articles", "blog posts", "news releases", "content", "meldungen",
    "nachrichten", "artikel", "beiträge", "pressemitteilungen", "neuigkeiten", "berichte", "themen", "actualités",
    "nouvelles", "noticias", "artículos", "entradas", "notícias", "artigos", "notizie", "articoli", "nieuws",
    "berichten", "artikelen", "новости", "статьи", "материалы", "artykuły", "aktualności", "wiadomości", "wpisy",
    "기사", "뉴스", "글",
];

/// Which, where that stands behind.
const BEHIND: &[&str] = &[
    "relacionadas", "relacionados", "correlate", "correlati", "liés", "liées", "similaires", "connexes", "récents",
    "récentes", "recientes", "recentes", "destacadas", "recenti",
];

/// What begins such a line, whatever follows.
const FROM: &[&str] = &["more from ", "more in ", "mehr aus ", "mehr von "];

/// Those that follow no rule.
const WHOLE: &[&str] = &[
    "related",
    "tags",
    "topics",
    "you may also like",
    "you might also like",
    "you may also be interested in",
    "you might also be interested in",
    "you may be interested in",
    "read also",
    "also read",
    "read more",
    "read next",
    "up next",
    "what to read next",
    "keep reading",
    "see also",
    "most read",
    "most popular",
    "recommended",
    "recommended for you",
    "in other news",
    "das könnte sie auch interessieren",
    "das könnte dich auch interessieren",
    "auch interessant",
    "lesen sie auch",
    "mehr zum thema",
    "à lire aussi",
    "lire aussi",
    "sur le même sujet",
    "te puede interesar",
    "también te puede interesar",
    "lea también",
    "leia também",
    "veja também",
    "leggi anche",
    "potrebbe interessarti anche",
    "ti potrebbe interessare",
    "lees ook",
    "czytaj także",
    "czytaj też",
    "zobacz także",
    "zobacz też",
    "читайте также",
    "смотрите также",
    "по теме",
    "相关新闻",
    "相关文章",
    "相关阅读",
    "相关报道",
    "相关推荐",
    "推荐阅读",
    "推荐新闻",
    "推荐文章",
    "延伸阅读",
    "热门新闻",
    "热门文章",
    "热门推荐",
    "热点新闻",
    "最新新闻",
    "最新文章",
    "更多新闻",
    "更多文章",
    "猜你喜欢",
    "相關新聞",
    "相關文章",
    "相關閱讀",
    "相關報導",
    "推薦閱讀",
    "延伸閱讀",
    "更多新聞",
    "熱門新聞",
    "最新新聞",
    "関連記事",
    "関連ニュース",
    "最新記事",
    "人気記事",
    "おすすめ記事",
    "新着記事",
    "他の記事",
    "관련기사",
    "최신기사",
    "인기기사",
    "추천기사",
    "많이 본 뉴스",
    "أخبار ذات صلة",
    "مقالات ذات صلة",
    "مواضيع ذات صلة",
    "اقرأ أيضا",
    "اقرأ أيضًا",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ways_to_neighbours_are_told_from_sentences() {
        assert_eq!(neighbour("previous: the choir"), Some((Side::Before, true)));
        assert_eq!(neighbour("next »"), Some((Side::Behind, true)));
        assert_eq!(neighbour("下一篇 图书馆闭馆"), Some((Side::Behind, false)));
        assert_eq!(neighbour("next year the campus grows"), None);
        assert_eq!(neighbour("last but not least: the choir"), None);
    }

    #[test]
    fn what_heads_other_stories_is_told_from_what_heads_a_part() {
        for other in [
            "Related stories",
            "LATEST NEWS",
            "More from the university",
            "Read also:",
            "Weitere Meldungen",
            "Noticias relacionadas",
            "【相关阅读】",
            "関連記事",
            "Читайте также",
        ] {
            assert!(heads_others(other), "{other}");
        }
        for own in [
            "",
            "Related work",
            "More information",
            "Latest news of the storm was brought by a fisherman",
            "The winners are:",
            "Read more about the tide in the study",
            "News",
            "相关链接",
        ] {
            assert!(!heads_others(own), "{own}");
        }
    }
}
