//! The weekday that stands beside a date, which is read over and not believed.

use super::cursor::Cursor;
use super::vocabulary::{self, Word};

/// A weekday beside a day: "(Sunday)", " 星期日", "（周日）", and "Sun" before a time.
pub(super) fn aside(cursor: &mut Cursor) -> Option<()> {
    cursor.spaces();
    let bracket = cursor.eat(|c| matches!(c, '(' | '（' | '[' | '【' | ',' | '，'));
    cursor.spaces();
    cursor.attempt(chinese).or_else(|| match vocabulary::meaning(cursor.word()?)? {
        Word::Weekday(_) => cursor.eat(|c| c == '.').map(|_| ()).or(Some(())),
        _ => None,
    })?;
    if matches!(bracket, Some('(' | '（' | '[' | '【')) {
        cursor.spaces();
        cursor.eat(|c| matches!(c, ')' | '）' | ']' | '】'))?;
    }
    Some(())
}

/// 星期日, 周日, 礼拜天; alone in brackets also 日.
fn chinese(cursor: &mut Cursor) -> Option<()> {
    let bracketed = matches!(cursor.behind().0, Some('(' | '（'));
    let named = week(cursor).is_some();
    day_of_week(cursor)?;
    (named || bracketed).then_some(())
}

/// The word for a week before its day: 星期, 周, 礼拜.
pub(super) fn week(cursor: &mut Cursor) -> Option<()> {
    cursor.eat_any(&["星期", "周", "週", "礼拜", "禮拜"])
}

/// The day of a Chinese week, in days from Monday.
pub(super) fn day_of_week(cursor: &mut Cursor) -> Option<i64> {
    match cursor.eat(|_| true)? {
        '一' => Some(0),
        '二' => Some(1),
        '三' => Some(2),
        '四' => Some(3),
        '五' => Some(4),
        '六' => Some(5),
        '日' | '天' => Some(6),
        _ => None,
    }
}
