//! The words of dates in English, German, French, Spanish, Italian, Portuguese and Dutch, and the months of more languages
//! as they stand in a date: Polish, Czech, Slovak, Hungarian, Romanian, Russian, Ukrainian, Turkish, Indonesian, Finnish, Swedish, Danish, Norwegian, Greek, Arabic,
//! Hebrew, Hindi, Thai.

use chrono::Weekday;

use super::relative::Unit;

/// What a word can be in a date.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Word {
    /// A month, 1 to 12.
    Month(u32, Caution),
    Weekday(Weekday),
    Season,
    /// What follows a season: "Fall *semester* 2023".
    Term,
    /// A number of things that were "ago".
    Number(u32),
    /// "*vor* 3 Tagen", "*il* y a 2 heures", "*hace* una semana"
    Before,
    /// Days from today.
    Day(i64),
    Last,
    /// "last *night*"
    Night,
    Half,
    Unit(Unit),
    /// "3 days *ago*"; also August in Spanish, Italian and Portuguese.
    Ago,
    /// "5th *of* November".
    Of,
    /// "the" between month and day.
    The,
    /// "5 *to* 7 November".
    To,
    /// "5 *and* 6 November".
    And,
    /// "*a* day ago", "5 *a* 7 de noviembre", "5 *à* 7 novembre".
    A,
    /// What stands between a day and its time.
    At,
}

/// When the name of a month may be another word, and counts only with day and year.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Caution {
    /// It is clear.
    Clear,
    /// Written small: "may", "march".
    Small,
    /// Written large: "Mars".
    Large,
    /// Always: "set", "out".
    Always,
}

use Caution::{Always, Clear, Large, Small};
use Word::{A, Ago, And, At, Before, Day, Half, Last, Month, Night, Number, Of, Season, Term, The, To};

/// All words, in small letters, sorted by their first letter.
const WORDS: &[(&str, Word)] = &[
    ("a", A),
    ("aan", To),
    ("abr", Month(4, Always)),
    ("abril", Month(4, Clear)),
    ("ago", Ago),
    ("agosto", Month(8, Clear)),
    ("agustus", Month(8, Clear)),
    ("al", To),
    ("alle", At),
    ("an", A),
    ("and", And),
    ("août", Month(8, Clear)),
    ("apr", Month(4, Clear)),
    ("april", Month(4, Clear)),
    ("aprile", Month(4, Clear)),
    ("aprilie", Month(4, Clear)),
    ("apríla", Month(4, Clear)),
    ("ara", Month(12, Always)),
    ("aralık", Month(12, Clear)),
    ("at", At),
    ("au", To),
    ("aug", Month(8, Clear)),
    ("august", Month(8, Clear)),
    ("augusti", Month(8, Clear)),
    ("augustus", Month(8, Large)),
    ("augusztus", Month(8, Clear)),
    ("automne", Season),
    ("autumn", Season),
    ("autunno", Season),
    ("avr", Month(4, Always)),
    ("avril", Month(4, Clear)),
    ("ağu", Month(8, Clear)),
    ("ağustos", Month(8, Clear)),
    ("bis", To),
    ("března", Month(3, Clear)),
    ("czerwca", Month(6, Clear)),
    ("d", Of),
    ("day", Word::Unit(Unit::Day)),
    ("days", Word::Unit(Unit::Day)),
    ("de", Of),
    ("dec", Month(12, Clear)),
    ("december", Month(12, Clear)),
    ("decembra", Month(12, Clear)),
    ("decembre", Month(12, Clear)),
    ("decembrie", Month(12, Clear)),
    ("del", Of),
    ("desember", Month(12, Clear)),
    ("dez", Month(12, Always)),
    ("dezember", Month(12, Clear)),
    ("dezembro", Month(12, Clear)),
    ("di", Of),
    ("dic", Month(12, Always)),
    ("dicembre", Month(12, Clear)),
    ("diciembre", Month(12, Clear)),
    ("do", Of),
    ("dubna", Month(4, Clear)),
    ("déc", Month(12, Always)),
    ("décembre", Month(12, Clear)),
    ("e", And),
    ("eight", Number(8)),
    ("eki", Month(10, Always)),
    ("ekim", Month(10, Clear)),
    ("eleven", Number(11)),
    ("elokuuta", Month(8, Clear)),
    ("en", And),
    ("ene", Month(1, Always)),
    ("enero", Month(1, Clear)),
    ("et", And),
    ("eyl", Month(9, Clear)),
    ("eylül", Month(9, Clear)),
    ("fall", Season),
    ("feb", Month(2, Clear)),
    ("febbraio", Month(2, Clear)),
    ("febrero", Month(2, Clear)),
    ("februar", Month(2, Clear)),
    ("februari", Month(2, Clear)),
    ("februarie", Month(2, Clear)),
    ("february", Month(2, Clear)),
    ("február", Month(2, Clear)),
    ("februára", Month(2, Clear)),
    ("fev", Month(2, Always)),
    ("fevereiro", Month(2, Clear)),
    ("fevrier", Month(2, Clear)),
    ("five", Number(5)),
    ("four", Number(4)),
    ("fri", Word::Weekday(Weekday::Fri)),
    ("friday", Word::Weekday(Weekday::Fri)),
    ("frühjahr", Season),
    ("frühling", Season),
    ("févr", Month(2, Always)),
    ("février", Month(2, Clear)),
    ("gen", Month(1, Always)),
    ("gennaio", Month(1, Clear)),
    ("giu", Month(6, Always)),
    ("giugno", Month(6, Clear)),
    ("grudnia", Month(12, Clear)),
    ("h", Word::Unit(Unit::Hour)),
    ("hace", Before),
    ("half", Half),
    ("haz", Month(6, Always)),
    ("haziran", Month(6, Clear)),
    ("heinäkuuta", Month(7, Clear)),
    ("helmikuuta", Month(2, Clear)),
    ("herbst", Season),
    ("hiver", Season),
    ("hour", Word::Unit(Unit::Hour)),
    ("hours", Word::Unit(Unit::Hour)),
    ("hr", Word::Unit(Unit::Hour)),
    ("hrs", Word::Unit(Unit::Hour)),
    ("huhtikuuta", Month(4, Clear)),
    ("ianuarie", Month(1, Clear)),
    ("il", Before),
    ("intake", Term),
    ("inverno", Season),
    ("invierno", Season),
    ("iulie", Month(7, Clear)),
    ("iunie", Month(6, Clear)),
    ("jan", Month(1, Clear)),
    ("janeiro", Month(1, Clear)),
    ("januar", Month(1, Clear)),
    ("januari", Month(1, Clear)),
    ("january", Month(1, Clear)),
    ("január", Month(1, Clear)),
    ("januára", Month(1, Clear)),
    ("janv", Month(1, Always)),
    ("janvier", Month(1, Clear)),
    ("joulukuuta", Month(12, Clear)),
    ("juil", Month(7, Always)),
    ("juillet", Month(7, Clear)),
    ("juin", Month(6, Clear)),
    ("jul", Month(7, Clear)),
    ("julho", Month(7, Clear)),
    ("juli", Month(7, Clear)),
    ("julio", Month(7, Clear)),
    ("july", Month(7, Clear)),
    ("jun", Month(6, Clear)),
    ("june", Month(6, Clear)),
    ("junho", Month(6, Clear)),
    ("juni", Month(6, Clear)),
    ("junio", Month(6, Clear)),
    ("júla", Month(7, Clear)),
    ("július", Month(7, Clear)),
    ("júna", Month(6, Clear)),
    ("június", Month(6, Clear)),
    ("kas", Month(11, Always)),
    ("kasım", Month(11, Clear)),
    ("kesäkuuta", Month(6, Clear)),
    ("května", Month(5, Clear)),
    ("kwietnia", Month(4, Clear)),
    ("last", Last),
    ("ledna", Month(1, Clear)),
    ("lipca", Month(7, Clear)),
    ("listopada", Month(11, Clear)),
    ("listopadu", Month(11, Clear)),
    ("lokakuuta", Month(10, Clear)),
    ("lug", Month(7, Always)),
    ("luglio", Month(7, Clear)),
    ("lutego", Month(2, Clear)),
    ("maaliskuuta", Month(3, Clear)),
    ("maart", Month(3, Clear)),
    ("mag", Month(5, Always)),
    ("maggio", Month(5, Clear)),
    ("mai", Month(5, Clear)),
    ("maio", Month(5, Clear)),
    ("maj", Month(5, Always)),
    ("maja", Month(5, Always)),
    ("mar", Month(3, Small)),
    ("marca", Month(3, Always)),
    ("march", Month(3, Small)),
    ("maret", Month(3, Clear)),
    ("marraskuuta", Month(11, Clear)),
    ("mars", Month(3, Large)),
    ("mart", Month(3, Always)),
    ("martie", Month(3, Clear)),
    ("marts", Month(3, Always)),
    ("marz", Month(3, Clear)),
    ("marzo", Month(3, Clear)),
    ("março", Month(3, Clear)),
    ("may", Month(5, Small)),
    ("mayo", Month(5, Large)),
    ("mayıs", Month(5, Clear)),
    ("mei", Month(5, Clear)),
    ("min", Word::Unit(Unit::Minute)),
    ("mins", Word::Unit(Unit::Minute)),
    ("minute", Word::Unit(Unit::Minute)),
    ("minutes", Word::Unit(Unit::Minute)),
    ("mon", Word::Weekday(Weekday::Mon)),
    ("monday", Word::Weekday(Weekday::Mon)),
    ("month", Word::Unit(Unit::Month)),
    ("months", Word::Unit(Unit::Month)),
    ("mrt", Month(3, Clear)),
    ("mája", Month(5, Clear)),
    ("május", Month(5, Clear)),
    ("március", Month(3, Clear)),
    ("märz", Month(3, Clear)),
    ("night", Night),
    ("nis", Month(4, Always)),
    ("noiembrie", Month(11, Clear)),
    ("novembra", Month(11, Clear)),
    ("năm", Of),
    ("nine", Number(9)),
    ("nisan", Month(4, Always)),
    ("nov", Month(11, Clear)),
    ("november", Month(11, Clear)),
    ("novembre", Month(11, Clear)),
    ("novembro", Month(11, Clear)),
    ("noviembre", Month(11, Clear)),
    ("oca", Month(1, Always)),
    ("ocak", Month(1, Clear)),
    ("oct", Month(10, Clear)),
    ("october", Month(10, Clear)),
    ("octobre", Month(10, Clear)),
    ("octombrie", Month(10, Clear)),
    ("octubre", Month(10, Clear)),
    ("of", Of),
    ("okt", Month(10, Clear)),
    ("oktober", Month(10, Clear)),
    ("október", Month(10, Clear)),
    ("októbra", Month(10, Clear)),
    ("om", At),
    ("on", At),
    ("one", Number(1)),
    ("otoño", Season),
    ("ott", Month(10, Always)),
    ("ottobre", Month(10, Clear)),
    ("out", Month(10, Always)),
    ("outono", Season),
    ("outubro", Month(10, Clear)),
    ("października", Month(10, Clear)),
    ("primavera", Season),
    ("printemps", Season),
    ("prosince", Month(12, Clear)),
    ("quarter", Term),
    ("sat", Word::Weekday(Weekday::Sat)),
    ("saturday", Word::Weekday(Weekday::Sat)),
    ("second", Word::Unit(Unit::Second)),
    ("seconds", Word::Unit(Unit::Second)),
    ("secs", Word::Unit(Unit::Second)),
    ("semester", Term),
    ("semestre", Term),
    ("sep", Month(9, Clear)),
    ("sept", Month(9, Clear)),
    ("september", Month(9, Clear)),
    ("septembra", Month(9, Clear)),
    ("septembre", Month(9, Clear)),
    ("septembrie", Month(9, Clear)),
    ("septiembre", Month(9, Clear)),
    ("session", Term),
    ("set", Month(9, Always)),
    ("setembro", Month(9, Clear)),
    ("setiembre", Month(9, Clear)),
    ("settembre", Month(9, Clear)),
    ("seven", Number(7)),
    ("sierpnia", Month(8, Clear)),
    ("six", Number(6)),
    ("sommer", Season),
    ("sommersemester", Season),
    ("spring", Season),
    ("srpna", Month(8, Clear)),
    ("stycznia", Month(1, Clear)),
    ("summer", Season),
    ("sun", Word::Weekday(Weekday::Sun)),
    ("sunday", Word::Weekday(Weekday::Sun)),
    ("syyskuuta", Month(9, Clear)),
    ("szeptember", Month(9, Clear)),
    ("tammikuuta", Month(1, Clear)),
    ("tem", Month(7, Always)),
    ("temmuz", Month(7, Clear)),
    ("ten", Number(10)),
    ("term", Term),
    ("the", The),
    ("three", Number(3)),
    ("through", To),
    ("thru", To),
    ("thu", Word::Weekday(Weekday::Thu)),
    ("thur", Word::Weekday(Weekday::Thu)),
    ("thurs", Word::Weekday(Weekday::Thu)),
    ("thursday", Word::Weekday(Weekday::Thu)),
    ("till", To),
    ("to", To),
    ("today", Day(0)),
    ("tomorrow", Day(1)),
    ("tot", To),
    ("toukokuuta", Month(5, Clear)),
    ("trimester", Term),
    ("tue", Word::Weekday(Weekday::Tue)),
    ("tues", Word::Weekday(Weekday::Tue)),
    ("tuesday", Word::Weekday(Weekday::Tue)),
    ("twelve", Number(12)),
    ("two", Number(2)),
    ("um", At),
    ("und", And),
    ("until", To),
    ("verano", Season),
    ("vor", Before),
    ("wed", Word::Weekday(Weekday::Wed)),
    ("wednesday", Word::Weekday(Weekday::Wed)),
    ("week", Word::Unit(Unit::Week)),
    ("weeks", Word::Unit(Unit::Week)),
    ("winter", Season),
    ("wintersemester", Season),
    ("września", Month(9, Clear)),
    ("y", And),
    ("year", Word::Unit(Unit::Year)),
    ("years", Word::Unit(Unit::Year)),
    ("yesterday", Day(-1)),
    ("září", Month(9, Clear)),
    ("à", A),
    ("às", At),
    ("április", Month(4, Clear)),
    ("été", Season),
    ("února", Month(2, Clear)),
    ("července", Month(7, Clear)),
    ("června", Month(6, Clear)),
    ("října", Month(10, Clear)),
    ("şub", Month(2, Clear)),
    ("şubat", Month(2, Clear)),
    ("απριλίου", Month(4, Clear)),
    ("αυγούστου", Month(8, Clear)),
    ("δεκεμβρίου", Month(12, Clear)),
    ("ιανουαρίου", Month(1, Clear)),
    ("ιουλίου", Month(7, Clear)),
    ("ιουνίου", Month(6, Clear)),
    ("μαΐου", Month(5, Clear)),
    ("μαρτίου", Month(3, Clear)),
    ("νοεμβρίου", Month(11, Clear)),
    ("οκτωβρίου", Month(10, Clear)),
    ("σεπτεμβρίου", Month(9, Clear)),
    ("φεβρουαρίου", Month(2, Clear)),
    ("августа", Month(8, Clear)),
    ("апреля", Month(4, Clear)),
    ("березня", Month(3, Clear)),
    ("вересня", Month(9, Clear)),
    ("грудня", Month(12, Clear)),
    ("декабря", Month(12, Clear)),
    ("жовтня", Month(10, Clear)),
    ("июля", Month(7, Clear)),
    ("июня", Month(6, Clear)),
    ("квітня", Month(4, Clear)),
    ("липня", Month(7, Clear)),
    ("листопада", Month(11, Clear)),
    ("лютого", Month(2, Clear)),
    ("марта", Month(3, Always)),
    ("мая", Month(5, Always)),
    ("ноября", Month(11, Clear)),
    ("октября", Month(10, Clear)),
    ("сентября", Month(9, Clear)),
    ("серпня", Month(8, Clear)),
    ("січня", Month(1, Clear)),
    ("травня", Month(5, Clear)),
    ("февраля", Month(2, Clear)),
    ("червня", Month(6, Clear)),
    ("января", Month(1, Clear)),
    ("يناير", Month(1, Clear)),
    ("فبراير", Month(2, Clear)),
    ("مارس", Month(3, Clear)),
    ("أبريل", Month(4, Clear)),
    ("ابريل", Month(4, Clear)),
    ("إبريل", Month(4, Clear)),
    ("مايو", Month(5, Clear)),
    ("يونيو", Month(6, Clear)),
    ("يوليو", Month(7, Clear)),
    ("أغسطس", Month(8, Clear)),
    ("اغسطس", Month(8, Clear)),
    ("سبتمبر", Month(9, Clear)),
    ("أكتوبر", Month(10, Clear)),
    ("اكتوبر", Month(10, Clear)),
    ("نوفمبر", Month(11, Clear)),
    ("ديسمبر", Month(12, Clear)),
    ("شباط", Month(2, Clear)),
    ("آذار", Month(3, Clear)),
    ("نيسان", Month(4, Clear)),
    ("أيار", Month(5, Clear)),
    ("حزيران", Month(6, Clear)),
    ("تموز", Month(7, Clear)),
    ("آب", Month(8, Clear)),
    ("أيلول", Month(9, Clear)),
    ("ינואר", Month(1, Clear)),
    ("בינואר", Month(1, Clear)),
    ("פברואר", Month(2, Clear)),
    ("בפברואר", Month(2, Clear)),
    ("מרץ", Month(3, Clear)),
    ("במרץ", Month(3, Clear)),
    ("מרס", Month(3, Clear)),
    ("במרס", Month(3, Clear)),
    ("אפריל", Month(4, Clear)),
    ("באפריל", Month(4, Clear)),
    ("מאי", Month(5, Clear)),
    ("במאי", Month(5, Clear)),
    ("יוני", Month(6, Clear)),
    ("ביוני", Month(6, Clear)),
    ("יולי", Month(7, Clear)),
    ("ביולי", Month(7, Clear)),
    ("אוגוסט", Month(8, Clear)),
    ("באוגוסט", Month(8, Clear)),
    ("ספטמבר", Month(9, Clear)),
    ("בספטמבר", Month(9, Clear)),
    ("אוקטובר", Month(10, Clear)),
    ("באוקטובר", Month(10, Clear)),
    ("נובמבר", Month(11, Clear)),
    ("בנובמבר", Month(11, Clear)),
    ("דצמבר", Month(12, Clear)),
    ("בדצמבר", Month(12, Clear)),
    ("जनवरी", Month(1, Clear)),
    ("फरवरी", Month(2, Clear)),
    ("फ़रवरी", Month(2, Clear)),
    ("मार्च", Month(3, Clear)),
    ("अप्रैल", Month(4, Clear)),
    ("मई", Month(5, Clear)),
    ("जून", Month(6, Clear)),
    ("जुलाई", Month(7, Clear)),
    ("अगस्त", Month(8, Clear)),
    ("सितंबर", Month(9, Clear)),
    ("सितम्बर", Month(9, Clear)),
    ("अक्टूबर", Month(10, Clear)),
    ("अक्तूबर", Month(10, Clear)),
    ("नवंबर", Month(11, Clear)),
    ("नवम्बर", Month(11, Clear)),
    ("दिसंबर", Month(12, Clear)),
    ("दिसम्बर", Month(12, Clear)),
    ("มกราคม", Month(1, Clear)),
    ("กุมภาพันธ์", Month(2, Clear)),
    ("มีนาคม", Month(3, Clear)),
    ("เมษายน", Month(4, Clear)),
    ("พฤษภาคม", Month(5, Clear)),
    ("มิถุนายน", Month(6, Clear)),
    ("กรกฎาคม", Month(7, Clear)),
    ("สิงหาคม", Month(8, Clear)),
    ("กันยายน", Month(9, Clear)),
    ("ตุลาคม", Month(10, Clear)),
    ("พฤศจิกายน", Month(11, Clear)),
    ("ธันวาคม", Month(12, Clear)),
];

/// Where the words of each first letter begin in [`WORDS`]; the last is where those that begin with no plain letter do.
const LETTERS: [usize; 27] = {
    let mut starts = [WORDS.len(); 27];
    let mut index = WORDS.len();
    while index > 0 {
        index -= 1;
        let letter = letter(WORDS[index].0.as_bytes()[0]);
        assert!(index + 1 == WORDS.len() || letter <= self::letter(WORDS[index + 1].0.as_bytes()[0]));
        starts[letter] = index;
    }
    let mut letter = 26;
    while letter > 0 {
        letter -= 1;
        if starts[letter] > starts[letter + 1] {
            starts[letter] = starts[letter + 1];
        }
    }
    starts
};

/// One bit for each three letters that a date can begin with.
const BEGINNINGS: [u64; 26 * 26 * 26 / 64 + 1] = {
    let mut bits = [0; 26 * 26 * 26 / 64 + 1];
    let mut index = 0;
    while index < WORDS.len() {
        let (word, meaning) = WORDS[index];
        index += 1;
        if let (true, Some(place)) = (begins(meaning), beginning(word.as_bytes())) {
            bits[place / 64] |= 1 << (place % 64);
        }
    }
    bits
};

const fn begins(word: Word) -> bool {
    matches!(word, Month(..) | Word::Weekday(_) | Season | Number(_) | Before | Day(_) | Last | Half)
}

const fn letter(byte: u8) -> usize {
    let small = byte.to_ascii_lowercase();
    if small.is_ascii_lowercase() { (small - b'a') as usize } else { 26 }
}

/// The place in [`BEGINNINGS`] of a word's first three letters. `None`: they are not all plain letters.
const fn beginning(word: &[u8]) -> Option<usize> {
    match word {
        [first, second, third, ..] => {
            let (first, second, third) = (letter(*first), letter(*second), letter(*third));
            if first < 26 && second < 26 && third < 26 { Some((first * 26 + second) * 26 + third) } else { None }
        }
        _ => None,
    }
}

/// Whether a date may begin with the word that these bytes begin with. Quick, and never wrongly `false`.
pub(super) fn may_begin(bytes: &[u8]) -> bool {
    match (bytes, beginning(bytes)) {
        (_, Some(place)) => BEGINNINGS[place / 64] & (1 << (place % 64)) != 0,
        // "a day", "an hour", "il y a", and no other word of so few letters.
        ([b'a' | b'A', b' ', unit, ..] | [b'a' | b'A', b'n', b' ', unit, ..], None) => b"dhmswy".contains(unit),
        ([b'i' | b'I', b'l', b' ', b'y', b' ', b'a', ..], None) => true,
        ([first, second, third, ..], None) => !(first.is_ascii() && second.is_ascii() && third.is_ascii()),
        _ => false,
    }
}

/// What a word means, in letters of any case.
pub(super) fn meaning(word: &str) -> Option<Word> {
    let first = letter(*word.as_bytes().first()?);
    let end = LETTERS.get(first + 1).copied().unwrap_or(WORDS.len());
    let same = |known: &str| {
        known.len() == word.len()
            && (known.eq_ignore_ascii_case(word)
                || !word.is_ascii() && known.chars().eq(word.chars().flat_map(char::to_lowercase)))
    };
    WORDS.get(LETTERS[first]..end)?.iter().find(|(known, _)| same(known)).map(|(_, meaning)| *meaning)
}

/// The month that a word names, 1 to 12, and whether it may be another word and counts only with day and year.
pub(super) fn month(word: &str) -> Option<(u32, bool)> {
    let (month, caution) = match meaning(word)? {
        Month(month, caution) => (month, caution),
        Ago => (8, Always),
        _ => return None,
    };
    let small = word.starts_with(char::is_lowercase);
    let doubtful = match caution {
        Clear => false,
        Small => small,
        Large => !small,
        Always => true,
    };
    Some((month, doubtful))
}
