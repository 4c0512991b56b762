//! The numbers of counters, in a line of text: "Views: 123", "浏览次数：45", "4 March | 12 views".

use std::collections::HashMap;
use std::ops::Range;
use std::sync::LazyLock;

/// A line without the numbers that counters show.
///
/// A number counts readers where a label says so ("Views: 123"), or where it stands apart with words of counters alone
/// ("12 views | by Mei Lin"). In a sentence it is a number like others.
pub(super) fn without(line: &str) -> String {
    if line.len() > LONGEST {
        return line.to_owned();
    }
    let tokens = tokens(line);
    let mut kept = String::with_capacity(line.len());
    let mut end = 0;
    for number in numbers(line, &tokens) {
        kept.push_str(line.get(end..number.start).unwrap_or_default());
        end = number.end;
    }
    kept.push_str(line.get(end..).unwrap_or_default());
    kept
}

/// Bytes of the longest line that is looked at word by word.
const LONGEST: usize = 64 * 1024;

/// A word, a CJK character or a number.
struct Token {
    range: Range<usize>,
    kind: Kind,
    /// What stands between it and the one before.
    gap: Gap,
}

impl Token {
    fn is_counted(&self) -> bool {
        matches!(self.kind, Kind::Counted | Kind::Doubtful)
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Number,
    /// Says what is counted.
    Counted,
    /// May say so, or what a story counts: it takes one that does on the same line.
    Doubtful,
    /// May stand beside.
    Beside,
    Other,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Gap {
    /// Nothing, white space or punctuation of a sentence.
    Weak,
    /// A colon.
    Colon,
    /// A bracket: words of one counter stand on both sides of it, or those of a counter apart from others.
    Bracket,
    /// What sets parts of a line apart: a bar, a bullet, a wide space.
    Strong,
}

/// Most bytes between a label and its number.
const NEAR: usize = 12;

/// The places of the numbers of counters, in order.
fn numbers(line: &str, tokens: &[Token]) -> Vec<Range<usize>> {
    // A line without a word of a counter has none: this is how most end.
    if !tokens.iter().any(|token| token.kind == Kind::Counted) {
        return Vec::new();
    }
    let is_prose = line.trim_end().ends_with(['.', '!', '?', '。', '！', '？', '…', ';', '；']);
    let mut moving = vec![false; tokens.len()];
    let mut start = 0;
    for at in 0..=tokens.len() {
        let gap = tokens.get(at).map_or(Gap::Strong, |token| token.gap);
        let is_other = tokens.get(at).is_some_and(|token| token.kind == Kind::Other);
        if gap == Gap::Strong || is_other {
            // The words from `start` to here are of one counter, if nothing else stands beside them.
            let run = tokens.get(start..at).unwrap_or_default();
            let is_edge = |gap| matches!(gap, Gap::Strong | Gap::Bracket);
            let is_apart = is_edge(gap) && run.first().is_none_or(|first| is_edge(first.gap));
            let is_whole = run.len() == tokens.len();
            if is_apart && (is_whole || !is_prose) && run.iter().any(Token::is_counted) {
                moving.iter_mut().take(at).skip(start).for_each(|moving| *moving = true);
            }
            start = at + usize::from(is_other);
        }
    }
    for (at, pair) in tokens.windows(2).enumerate() {
        let [label, number] = pair else { continue };
        let labelled = number.gap == Gap::Colon
            && number.kind == Kind::Number
            && label.kind != Kind::Other
            && is_label(line, tokens.get(..=at).unwrap_or_default())
            && number.range.start - label.range.end <= NEAR;
        if labelled && ends_there(line, tokens.get(at + 2..).unwrap_or_default()) {
            moving.iter_mut().skip(at + 1).take(1).for_each(|moving| *moving = true);
        }
    }
    let moving = tokens.iter().zip(moving).filter(|(token, moving)| *moving && token.kind == Kind::Number);
    moving.map(|(token, _)| token.range.clone()).collect()
}

/// Whether some words end with the label of a counter: "浏览次数", "Number of views". One that other words run into is a
/// part of what they say: "Students who read".
fn is_label(line: &str, words: &[Token]) -> bool {
    let is_of_label = |word: &&Token| matches!(word.kind, Kind::Counted | Kind::Doubtful | Kind::Beside);
    let label = words.iter().rev().take_while(is_of_label).count();
    let (before, label) = words.split_at(words.len() - label);
    let is_apart = match (before.last(), label.first()) {
        (Some(last), Some(first)) if last.kind != Kind::Number => {
            let gap = line.get(last.range.end..first.range.start).unwrap_or_default();
            let ends_in_ideograph = line.get(last.range.clone()).is_some_and(|word| word.ends_with(is_ideograph));
            // Between characters there is no space inside a sentence.
            first.gap != Gap::Weak || gap.contains(ENDS) || ends_in_ideograph && !gap.is_empty()
        }
        _ => true,
    };
    is_apart && label.iter().rev().take(NEAREST).any(Token::is_counted)
}

/// Words before a number among which one says what is counted.
const NEAREST: usize = 6;
/// What ends a sentence or a part of it.
const ENDS: [char; 10] = ['.', '!', '?', ';', '。', '！', '？', '；', '，', '…'];

/// Whether what follows a number is no sentence that it is part of: "Read: 12 things to know".
fn ends_there(line: &str, behind: &[Token]) -> bool {
    let word = |token: &Token| line.get(token.range.clone()).unwrap_or_default();
    let mut behind = behind.iter().skip_while(|token| matches!(word(token), "times" | "people" | "次" | "人"));
    behind.next().is_none_or(|next| next.gap != Gap::Weak || !word(next).starts_with(char::is_lowercase))
}

fn tokens(line: &str) -> Vec<Token> {
    let mut tokens: Vec<Token> = Vec::new();
    let mut characters = line.char_indices().peekable();
    let (mut gap, mut spaces) = (Gap::Strong, 0);
    while let Some((start, first)) = characters.next() {
        if !first.is_alphanumeric() {
            spaces = if first.is_whitespace() { spaces + 1 } else { 0 };
            gap = match first {
                _ if gap == Gap::Strong => gap,
                '|' | '｜' | '·' | '•' | '/' | '／' | '\t' | '\n' | '\u{3000}' => Gap::Strong,
                _ if spaces > 1 => Gap::Strong,
                '(' | ')' | '（' | '）' | '[' | ']' | '【' | '】' if gap != Gap::Colon => Gap::Bracket,
                ':' | '：' => Gap::Colon,
                _ => gap,
            };
            continue;
        }
        spaces = 0;
        let mut end = start + first.len_utf8();
        let is_number = is_digit(first);
        while let Some((at, c)) = characters.peek().copied() {
            let goes_on = if is_number {
                let next = line.get(at + c.len_utf8()..).and_then(|rest| rest.chars().next());
                is_digit(c)
                    || matches!(c, '.' | ',' | '\'') && next.is_some_and(is_digit)
                    || matches!(c, 'k' | 'K' | 'm' | 'M' | 'w' | 'W' | '万' | '萬')
                        && next.is_none_or(|next| !next.is_ascii_alphanumeric())
            } else {
                !is_ideograph(first) && c.is_alphanumeric() && !is_digit(c) && !is_ideograph(c)
            };
            if !goes_on {
                break;
            }
            end = at + c.len_utf8();
            characters.next();
        }
        let word = line.get(start..end).unwrap_or_default();
        let is_name = |last: &Token| last.range.end == start && last.kind != Kind::Number && ends_in_letter(line, last);
        let kind = if is_number && tokens.last().is_some_and(is_name) {
            // "read2": a name.
            Kind::Other
        } else if is_number {
            // Not a price, or a share.
            let behind = line.get(end..).unwrap_or_default().trim_start();
            let is_alone = !behind.starts_with(['€', '$', '£', '¥', '元', '%']);
            if is_alone && is_count(word) { Kind::Number } else { Kind::Other }
        } else if is_ideograph(first) {
            if BESIDE_CHARACTERS.contains(first) { Kind::Beside } else { Kind::Other }
        } else {
            kind(&word.to_lowercase())
        };
        // "浏览": two characters that say what is counted.
        let pair = tokens.last().filter(|last| last.range.end == start).map_or(start, |last| last.range.start);
        let said = is_ideograph(first) && line.get(pair..end).is_some_and(|pair| COUNTED_CHARACTERS.contains(&pair));
        if said && let Some(last) = tokens.last_mut() {
            last.kind = Kind::Counted;
        }
        let kind = if said { Kind::Counted } else { kind };
        tokens.push(Token { range: start..end, kind, gap: std::mem::replace(&mut gap, Gap::Weak) });
    }
    tokens
}

fn ends_in_letter(line: &str, token: &Token) -> bool {
    line.get(token.range.clone()).is_some_and(|word| word.ends_with(|c| !is_ideograph(c)))
}

fn kind(word: &str) -> Kind {
    static KINDS: LazyLock<HashMap<&str, Kind>> = LazyLock::new(|| {
        let lists = [(COUNTED, Kind::Counted), (DOUBTFUL, Kind::Doubtful), (BESIDE, Kind::Beside)];
        lists.into_iter().flat_map(|(words, kind)| words.split(' ').map(move |word| (word, kind))).collect()
    });
    KINDS.get(word).copied().unwrap_or(Kind::Other)
}

/// Digits of the west, and those that Arabic and Persian are written with.
fn is_digit(c: char) -> bool {
    matches!(c, '0'..='9' | '\u{660}'..='\u{669}' | '\u{6f0}'..='\u{6f9}')
}

/// Whether a number counts: "1,234", "1,23,456" as in India, and "1.2k"; and not "12.03.2026".
fn is_count(number: &str) -> bool {
    let lengths: Vec<usize> = number.split(['.', ',', '\'']).skip(1).map(|group| group.chars().count()).collect();
    let are_groups =
        lengths.split_last().is_none_or(|(last, rest)| *last == 3 && rest.iter().all(|one| [2, 3].contains(one)));
    number.ends_with(|c| !is_digit(c)) || are_groups
}

fn is_ideograph(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

/// Words that say what is counted, and those that count the days since: both move by themselves.
const COUNTED: &str = "view views viewed pageviews read reads hit hits click clicks clicked visit visits visited download downloads \
     downloaded comment comments reply replies like likes shared retweets ago \
     aufrufe seitenaufrufe zugriffe klicks gelesen kommentare vor weergaven bekeken gelezen reacties geleden \
     visningar visninger kommentarer katselukertaa \
     vues lectures commentaires consultations téléchargements visitas vistas lecturas visualizaciones comentarios \
     descargas hace visualizações acessos leituras comentários visite visualizzazioni letture commenti \
     vizualizări afișări accesări comentarii \
     odsłony odsłon wyświetleń wyświetlenia odwiedzin odwiedziny komentarze komentarzy pobrań temu zobrazení \
     přečteno komentářů komentáře просмотр просмотра просмотров просмотры прочтений посещений скачиваний \
     комментариев комментария комментарии назад переглядів перегляди коментарів коментарі \
     görüntülenme görüntüleme okunma okundu yorum megtekintés hozzászólás προβολές σχόλια dilihat dibaca lượt \
     المشاهدات مشاهدات مشاهدة الزيارات زيارات القراءات التعليقات تعليقات التحميلات بازدید نظرات צפיות תגובות \
     조회수 조회 댓글 댓글수 다운로드 アクセス コメント ビュー いいね";

/// Words that say so beside one of those: festivals count visitors, and companies shares.
const DOUBTFUL: &str = "visitors share shares";

/// Words that may stand beside.
const BESIDE: &str = "this the post article page story news item has have been was times time total of number count counter people \
     readers users so far already by no mal posted published updated about minute minutes mins hour hours day \
     days week weeks month months year years anzahl der gesamt veröffentlicht minuten stunde stunden tag tagen \
     woche wochen monat monaten aantal keer uur dag dagen weken antal nombre de fois número veces vezes publicado \
     minutos hora horas día días semana semanas mes meses numero di volte totale liczba razy godzin dni počet \
     количество число раз всего опубликовано минут минуты час часа часов день дня дней кількість sayısı kez kali \
     xem عدد مرات مرة تعداد 회 명 개 건 번";

/// Pairs of characters that say what is counted.
const COUNTED_CHARACTERS: &[&str] = &[
    "浏览", "瀏覽", "流览", "阅读", "閱讀", "阅览", "点击", "點擊", "點閱", "访问", "訪問", "查看", "人气", "人氣",
    "热度", "下载", "下載", "评论", "評論", "点赞", "點讚", "转发", "轉發", "收藏", "回复", "閲覧", "再生", "天前",
    "时前", "時前", "钟前", "鐘前",
];

/// Characters that may stand beside.
const BESIDE_CHARACTERS: &str = "浏览瀏覽流阅读閱讀点击點擊閱访问訪問查看人气氣热度下载載评论評論赞讚转发轉發收藏回复\
                                 已被有本文章页頁面次数數量率总總共计計累第位者网友约約于於目前条條个個的閲覧回再生発天小时時分钟鐘前布更新";

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(line: &str, expected: &str) {
        assert_eq!(without(line), expected, "{line}");
    }

    #[test]
    fn numbers_of_counters_go() {
        check("Views: 123", "Views: ");
        check("Page views (1,234)", "Page views ()");
        check("Number of views: 12 Date: 2026-03-04", "Number of views:  Date: 2026-03-04");
        check("浏览次数：45", "浏览次数：");
        check("浏览 (45)", "浏览 ()");
        check("已有123人浏览", "已有人浏览");
        check("阅读量 1.2万", "阅读量 ");
        check("发布时间：2026-03-04 浏览次数：[45]", "发布时间：2026-03-04 浏览次数：[]");
        check("作者：李明  点击：88次  来源：宣传部", "作者：李明  点击：次  来源：宣传部");
        check("12 comments · 3 likes", " comments ·  likes");
        check(
            "Tuesday, March 14, 2006 Views: 9 Shared by : Mei Lin",
            "Tuesday, March 14, 2006 Views:  Shared by : Mei Lin",
        );
        check("submitted by mei_lin [link] [165 comments]", "submitted by mei_lin [link] [ comments]");
        check("来源：宣传部 本文章页面被浏览次数：45", "来源：宣传部 本文章页面被浏览次数：");
        check("12 views | 3 shares", " views |  shares");
        check("Views: 12 Shares: 3", "Views:  Shares: ");
        check("The masons went home. Views: 12", "The masons went home. Views: ");
        check("Views: 123 The tide rose over the quay.", "Views:  The tide rose over the quay.");
        check("Downloads: 12", "Downloads: ");
        check("Views: 1,23,456", "Views: ");
    }

    #[test]
    fn counters_of_other_languages_are_known() {
        for line in [
            "조회수 : #",
            "조회 #회",
            "閲覧数：#",
            "Kommentare: #",
            "Anzahl der Aufrufe: #",
            "Numero di visite: #",
            "Nombre de vues : #",
            "Odsłony: #",
            "Liczba wyświetleń: #",
            "Görüntülenme: #",
            "# görüntüleme",
            "Просмотров: #",
            "عدد المشاهدات: #",
            "Lượt xem: #",
            "Aantal keer bekeken: #",
        ] {
            check(&line.replace('#', "1,234"), &line.replace('#', ""));
        }
        check("عدد المشاهدات: ١٢٣", "عدد المشاهدات: ");
    }

    #[test]
    fn the_days_since_are_a_counter() {
        check("Posted 3 days ago", "Posted  days ago");
        check("vor 3 Tagen | Ada Quay", "vor  Tagen | Ada Quay");
        check("hace 3 días", "hace  días");
        check("发布于3天前", "发布于天前");
        check("3小时前", "小时前");
    }

    #[test]
    fn numbers_of_a_story_stay() {
        for line in [
            "The clip had 500 views on Friday.",
            "500 views of the harbour are shown.",
            "Read: 12 things to know",
            "The library lent 300 books, and 12 visitors slept there.",
            "会议室访问时间为3月4日",
            "图书馆2026年阅读活动吸引了500人",
            "Date: 2026-03-04",
            "12 April | the choir",
            "The harbour sold 502,925 shares of the company",
            "comment1",
            "Visitors: 1,200",
            "Shares: 12 | Visitors: 3",
            "Visits: 12.03.2026",
            "Visite : 12 €",
            "The bridge fell 3 days ago.",
            "Termin: 3 Tage",
            "Students who read: 40",
            "Books the readers like: 40",
            "喜欢阅读：40",
        ] {
            check(line, line);
        }
    }
}
