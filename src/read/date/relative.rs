//! Dates told from now: "yesterday", "3 days ago", "vor 3 Tagen", "3天前", "上周五".

use std::sync::LazyLock;

use chrono::{Datelike, Months, NaiveDate, TimeDelta};

use super::cursor::Cursor;
use super::vocabulary::Word;
use super::{Context, Manner, Reading, chinese, clock, in_years, names, numeric, weekday, worded};
use crate::draft::When;

/// A unit of time that is counted back from now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unit {
    Second,
    Minute,
    Hour,
    Day,
    Week,
    Month,
    Year,
}

/// The largest count of units that is believed.
const MOST_UNITS: u32 = 999;

/// How languages tell that so many units of time ago something was: what stands before the number, what stands behind the
/// unit, and the units from seconds to years. Of several words, any; words that belong together are joined by `_`. Where
/// nothing stands around, the unit tells it.
const AGO: &str = "
en: | ago | second seconds sec secs | minute minutes min mins m | hour hours hr hrs h | day days d | week weeks w | month months | year years
de: vor | | sekunde sekunden | minute minuten min | stunde stunden std | tag tagen | woche wochen | monat monaten | jahr jahren
nl: | geleden | seconde seconden | minuut minuten min | uur uren | dag dagen | week weken | maand maanden | jaar jaren
fr: il_y_a | | seconde secondes | minute minutes min | heure heures h | jour jours | semaine semaines | mois | an ans
es: hace | | segundo segundos | minuto minutos min | hora horas h | día días | semana semanas | mes meses | año años
pt: há | | segundo segundos | minuto minutos min | hora horas h | dia dias | semana semanas | mês meses | ano anos
pt: | atrás | segundo segundos | minuto minutos min | hora horas h | dia dias | semana semanas | mês meses | ano anos
it: | fa | secondo secondi | minuto minuti min | ora ore | giorno giorni | settimana settimane | mese mesi | anno anni
ro: acum | | secundă secunde | minut minute | oră ore | zi zile | săptămână săptămâni | lună luni | an ani
sv: | sedan | sekund sekunder | minut minuter min | timme timmar tim | dag dagar | vecka veckor | månad månader | år
da: | siden | sekund sekunder | minut minutter minutt min | time timer | dag dage dager | uge uger uke uker | måned måneder | år
fi: | sitten | sekunti sekuntia | minuutti minuuttia min | tunti tuntia | päivä päivää | viikko viikkoa | kuukausi kuukautta | vuosi vuotta
et: | tagasi | sekund sekundit | minut minutit | tund tundi | päev päeva | nädal nädalat | kuu kuud | aasta aastat
lv: pirms | | sekundes sekundēm | minūtes minūtēm | stundas stundām | dienas dienām | nedēļas nedēļām | mēneša mēnešiem | gada gadiem
lt: prieš | | sekundę sekundes | minutę minutes min | valandą valandas val | dieną dienas dienų | savaitę savaites | mėnesį mėnesius | metus
pl: | temu | sekundę sekundy sekund | minutę minuty minut min | godzinę godziny godzin godz | dzień dni | tydzień tygodnie tygodni | miesiąc miesiące miesięcy | rok lata lat
cs: před | | sekundou sekundami | minutou minutami | hodinou hodinami | dnem dny | týdnem týdny | měsícem měsíci | rokem lety
sk: pred | | sekundou sekundami | minútou minútami | hodinou hodinami | dňom dňami | týždňom týždňami | mesiacom mesiacmi | rokom rokmi
sl: pred | | sekundo sekundami | minuto minutami | uro urami | dnevom dnevi | tednom tedni | mesecem meseci | letom leti
hr: prije pre | | sekundu sekunde sekundi | minutu minute minuta | sat sata sati | dan dana | tjedan tjedna tjedana nedelju nedelje nedelja | mjesec mjeseca mjeseci mesec meseca meseci | godinu godine godina
bg: преди | | секунда секунди | минута минути | час часа | ден дни | седмица седмици | месец месеца | година години
ru: | назад | секунду секунды секунд | минуту минуты минут мин | час часа часов | день дня дней | неделю недели недель | месяц месяца месяцев | год года лет
uk: | тому | секунду секунди секунд | хвилину хвилини хвилин хв | годину години годин | день дні днів | тиждень тижні тижнів | місяць місяці місяців | рік роки років
el: πριν πριν_από | | δευτερόλεπτο δευτερόλεπτα | λεπτό λεπτά | ώρα ώρες | ημέρα ημέρες μέρα μέρες | εβδομάδα εβδομάδες | μήνα μήνες | χρόνο χρόνια
hu: | | másodperce | perce | órája | napja | hete | hónapja | éve
tr: | önce | saniye | dakika dk | saat | gün | hafta | ay | yıl
az: | əvvəl | saniyə | dəqiqə | saat | gün | həftə | ay | il
id: | lalu yang_lalu | detik | menit minit | jam | hari | minggu | bulan | tahun
vi: | trước | giây | phút | giờ | ngày | tuần | tháng | năm
ar: منذ قبل | | ثانية ثوان | دقيقة دقائق | ساعة ساعات | يوم أيام يوما | أسبوع أسابيع | شهر أشهر شهور | سنة سنوات
he: לפני | | שנייה שניות | דקה דקות | שעה שעות | יום ימים | שבוע שבועות | חודש חודשים | שנה שנים
fa: | پیش قبل | ثانیه | دقیقه | ساعت | روز | هفته | ماه | سال
hi: | पहले | सेकंड सेकेंड | मिनट | घंटा घंटे | दिन | सप्ताह हफ्ते | महीना महीने | साल वर्ष
th: | | วินาทีที่แล้ว วินาทีที่ผ่านมา | นาทีที่แล้ว นาทีที่ผ่านมา | ชั่วโมงที่แล้ว ชั่วโมงที่ผ่านมา | วันที่แล้ว วันที่ผ่านมา | สัปดาห์ที่แล้ว สัปดาห์ที่ผ่านมา | เดือนที่แล้ว เดือนที่ผ่านมา | ปีที่แล้ว ปีที่ผ่านมา
";

/// Numbers in words behind what tells them from now.
const COUNTS: [(u32, &str); 5] = [
    (1, "ein einem einer eine un une una uno um uma unu o en ett et jedan jednu bir"),
    (2, "zwei deux dos due dois duas două"),
    (3, "drei trois tres tre três trei"),
    (4, "vier quatre cuatro quattro quatro patru"),
    (5, "fünf cinq cinco cinque cinci"),
];

const UNITS: [Unit; 7] = [Unit::Second, Unit::Minute, Unit::Hour, Unit::Day, Unit::Week, Unit::Month, Unit::Year];

/// A row of [`AGO`], folded.
struct Ago {
    /// Phrases, in words.
    before: Vec<Vec<String>>,
    behind: Vec<Vec<String>>,
    units: Vec<(String, Unit)>,
}

static LANGUAGES: LazyLock<Vec<Ago>> = LazyLock::new(|| {
    let phrases = |column: &str| -> Vec<Vec<String>> {
        let words = |phrase: &str| phrase.split('_').map(names::fold).collect();
        column.split_whitespace().map(words).collect()
    };
    let row = |row: &str| {
        let mut columns = row.split_once(':')?.1.split('|');
        let (before, behind) = (phrases(columns.next()?), phrases(columns.next()?));
        let units = columns.zip(UNITS);
        let units = units.flat_map(|(names, unit)| names.split_whitespace().map(move |name| (names::fold(name), unit)));
        Some(Ago { before, behind, units: units.collect() })
    };
    AGO.lines().filter_map(row).collect()
});

/// The words that stand before what was so long ago, of phrases the first.
pub(super) fn words_before() -> impl Iterator<Item = &'static str> {
    let rows = AGO.lines().filter_map(|row| row.split_once(": ")?.1.split('|').next());
    rows.flat_map(str::split_whitespace).filter_map(|phrase| phrase.split('_').next())
}

impl Ago {
    fn unit(&self, word: &str) -> Option<Unit> {
        self.units.iter().find(|(name, _)| name == word).map(|(_, unit)| *unit)
    }
}

/// Steps over one of these phrases, apart from what is before it; none of none.
fn phrase(cursor: &mut Cursor, phrases: &[Vec<String>]) -> Option<()> {
    let steps = |cursor: &mut Cursor, phrase: &Vec<String>| {
        phrase.iter().all(|word| cursor.spaces() && cursor.word().is_some_and(|found| names::fold(found) == *word))
    };
    let found = phrases.iter().any(|phrase| cursor.attempt(|cursor| steps(cursor, phrase).then_some(())).is_some());
    (found || phrases.is_empty()).then_some(())
}

/// "3 days ago", "an hour ago", "half an hour ago", "3 дня назад"
pub(super) fn ago(cursor: &mut Cursor, context: &Context) -> Option<Reading> {
    let start = *cursor;
    let (count, halves) = match cursor.attempt(Cursor::number) {
        Some(number) => (number.small()?, false),
        None => match names::meaning(cursor.word()?)? {
            Word::Number(number) => (number, false),
            Word::A => (1, false),
            Word::Half => {
                cursor.spaces();
                matches!(names::meaning(cursor.word()?)?, Word::A).then_some(())?;
                (30, true)
            }
            _ => return None,
        },
    };
    cursor.spaces();
    let word = names::fold(cursor.word()?);
    cursor.eat(|c| c == '.');
    // "a hét 7 napja": where nothing but the unit tells it, behind a word it may be what something has.
    let is_joined = matches!(start.behind(), (Some(' '), Some(c)) if c.is_lowercase());
    let unit = LANGUAGES.iter().filter(|row| row.before.is_empty()).find_map(|row| {
        let unit = row.unit(&word)?;
        cursor.attempt(|cursor| phrase(cursor, &row.behind))?;
        (!is_joined || !row.behind.is_empty()).then_some(unit)
    })?;
    match unit {
        Unit::Hour if halves => back(cursor, context, count, Unit::Minute),
        _ if halves => None,
        unit => back(cursor, context, count, unit),
    }
}

/// "vor 3 Tagen", "il y a 2 heures", "hace una semana"
pub(super) fn before(cursor: &mut Cursor, context: &Context) -> Option<Reading> {
    // A hyphen joins it to another word.
    if cursor.behind().0 == Some('-') {
        return None;
    }
    let word = names::fold(cursor.word()?);
    let rows = LANGUAGES.iter().flat_map(|row| row.before.iter().map(move |phrase| (row, phrase)));
    let (count, unit) = rows.filter(|(_, phrase)| phrase.first() == Some(&word)).find_map(|(row, phrase)| {
        cursor.attempt(|cursor| {
            for word in phrase.iter().skip(1) {
                (cursor.spaces() && names::fold(cursor.word()?) == *word).then_some(())?;
            }
            cursor.spaces().then_some(())?;
            let count = cursor.attempt(count)?;
            cursor.spaces().then_some(())?;
            // "acum 25 de minute"
            cursor.attempt(|cursor| {
                matches!(names::meaning(cursor.word()?)?, Word::Of).then_some(())?;
                cursor.spaces().then_some(())
            });
            Some((count, row.unit(&names::fold(cursor.word()?))?))
        })
    })?;
    back(cursor, context, count, unit)
}

/// A number, or the word for a small one.
fn count(cursor: &mut Cursor) -> Option<u32> {
    if let Some(number) = cursor.attempt(Cursor::number) {
        return number.small();
    }
    let word = cursor.word()?.to_lowercase();
    COUNTS.iter().find(|(_, names)| names.split(' ').any(|name| name == word)).map(|(number, _)| *number)
}

/// "yesterday", "today at 10:20", "the day before yesterday"; "Gestern, 10:20"
pub(super) fn named_day(cursor: &mut Cursor, context: &Context) -> Option<Reading> {
    let start = *cursor;
    let large = start.peek().is_some_and(char::is_uppercase);
    let (days, is_lone) = match worded::name(cursor)? {
        Word::Day(days) => (days, false),
        Word::LoneDay(days) => (days, true),
        _ => return None,
    };
    cursor.eat_any(&["'hui", "’hui"]);
    // "USA Today" is a name, "today's" speaks of no day, "avant-hier" is another.
    let is_joined = |c: char| matches!(c, '\'' | '’' | '-') || c.is_alphanumeric();
    if large && !is_lone && !starts_sentence(start)
        || cursor.peek().is_some_and(is_joined)
        || is_lone && start.behind().0.is_some_and(is_joined)
    {
        return None;
    }
    let past = start.past().trim_end();
    let ends_in = |word: &&str| past.strip_suffix(word).is_some_and(|rest| !rest.ends_with(char::is_alphabetic));
    let days = if days < 0 && past.ends_with("the day before") {
        days - 1
    } else if !is_lone && ["before", "after"].iter().any(ends_in) {
        // "a week before yesterday"
        return None;
    } else {
        days
    };
    let end = *cursor;
    let reading = on_day(cursor, context, days)?;
    let is_timed = !matches!(reading.when, When::Day(_));
    // In German, "hier" is here.
    let stands_alone = || {
        numeric::encloses(start, end) && !start.rest().get(..4).is_some_and(|word| word.eq_ignore_ascii_case("hier"))
    };
    (!is_lone || is_timed || stands_alone()).then_some(reading)
}

fn starts_sentence(cursor: Cursor) -> bool {
    cursor.past().trim_end().chars().next_back().is_none_or(|c| !(c.is_alphanumeric() || matches!(c, ',' | '&' | '\'')))
}

/// "last Friday", "last night", "last month"; "last week" names no day and no month, so it is none.
pub(super) fn last(cursor: &mut Cursor, context: &Context) -> Option<Reading> {
    matches!(names::meaning(cursor.word()?)?, Word::Last).then_some(())?;
    cursor.spaces();
    let word = cursor.word()?;
    match (names::meaning(word), names::fold(word).as_str()) {
        (Some(Word::Weekday(weekday)), _) => {
            let today = i64::from(context.now.weekday().num_days_from_monday());
            let wanted = i64::from(weekday.num_days_from_monday());
            on_day(cursor, context, -((today - wanted - 1).rem_euclid(7) + 1))
        }
        (Some(Word::Night), _) => on_day(cursor, context, -1),
        (_, "month") => back(cursor, context, 1, Unit::Month),
        (_, "year") => back(cursor, context, 1, Unit::Year),
        _ => None,
    }
}

/// 3天前, 5小时前, 半小时前, 两个月前, 3日前, 3일 전
pub(super) fn chinese_ago(cursor: &mut Cursor, context: &Context) -> Option<Reading> {
    let start = *cursor;
    let half = cursor.eat(|c| c == '半').is_some();
    let count = if half { 30 } else { chinese::numeral(cursor)?.small()? };
    cursor.spaces();
    // 15日前提交: in Chinese, before the fifteenth.
    let is_day = cursor.rest().starts_with('日');
    let unit = chinese_unit(cursor)?;
    if half && unit != Unit::Hour {
        return None;
    }
    cursor.spaces();
    cursor.eat_any(&["以前", "之前", "前", "전"])?;
    if is_day && !numeric::encloses(start, *cursor) {
        return None;
    }
    // 提前3天前往: that 前 belongs to the next word.
    if cursor.peek().is_some_and(|c| "往来來后後方进進期景提夕任".contains(c)) {
        return None;
    }
    back(cursor, context, count, if half { Unit::Minute } else { unit })
}

fn chinese_unit(cursor: &mut Cursor) -> Option<Unit> {
    cursor.eat(|c| matches!(c, '个' | '個'));
    let units: [(&[&str], Unit); 7] = [
        (&["秒钟", "秒鐘", "秒", "초"], Unit::Second),
        (&["分钟", "分鐘", "分", "분"], Unit::Minute),
        (&["小时", "小時", "钟头", "鐘頭", "時間", "시간"], Unit::Hour),
        (&["天", "日", "일"], Unit::Day),
        (&["周", "週間", "週", "星期", "礼拜", "禮拜", "주일", "주"], Unit::Week),
        (&["月", "개월", "달"], Unit::Month),
        (&["年", "년"], Unit::Year),
    ];
    units.into_iter().find_map(|(names, unit)| cursor.eat_any(names).map(|()| unit))
}

/// 昨天, 前天, 今晚8点, 昨日 10:20
pub(super) fn chinese_day(cursor: &mut Cursor, context: &Context) -> Option<Reading> {
    let behind = cursor.behind().0;
    let days = if cursor.eat_any(&["大前天"]).is_some() {
        -3
    } else {
        let days = match cursor.eat(|_| true)? {
            // 目前天气, 提前天数: that 前 belongs to the word before.
            '前' if behind.is_some_and(|c| "目当當以从從提之空眼跟先年生".contains(c)) => return None,
            '前' => -2,
            '昨' => -1,
            '今' => 0,
            '明' => 1,
            _ => return None,
        };
        match cursor.peek()? {
            '天' | '日' => cursor.eat(|_| true)?,
            // The part of the day is read again with its hour.
            '晚' | '夜' | '早' | '晨' if days == -1 || days == 0 => '天',
            _ => return None,
        };
        days
    };
    // 今日头条 is a name, 前天气 two words.
    if cursor.peek().is_some_and(|c| "头頭气氣数數生".contains(c)) {
        return None;
    }
    let reading = on_day(cursor, context, days)?;
    cursor.eat(|c| matches!(c, '晚' | '夜' | '早' | '晨'));
    Some(reading)
}

/// 上周五, 本周三
pub(super) fn chinese_weekday(cursor: &mut Cursor, context: &Context) -> Option<Reading> {
    let weeks = match cursor.eat(|_| true)? {
        '上' => -1,
        '本' | '这' | '這' => 0,
        _ => return None,
    };
    cursor.eat(|c| matches!(c, '个' | '個'));
    weekday::week(cursor)?;
    let wanted = weekday::day_of_week(cursor)?;
    let today = i64::from(context.now.weekday().num_days_from_monday());
    on_day(cursor, context, weeks * 7 + wanted - today)
}

/// The day so many days from today, with its time.
fn on_day(cursor: &mut Cursor, context: &Context, days: i64) -> Option<Reading> {
    let day = in_years(context.now.date().checked_add_signed(TimeDelta::try_days(days)?)?)?;
    Some(Reading { when: clock::after(cursor, day, false), until: None, manner: Manner::Relative })
}

/// So many units before now, no finer than the unit; a day of weeks ago is taken at its word. A year is as good as a
/// lone year.
fn back(cursor: &mut Cursor, context: &Context, count: u32, unit: Unit) -> Option<Reading> {
    if count > MOST_UNITS {
        return None;
    }
    let now = context.now;
    let seconds = match unit {
        Unit::Second => 1,
        Unit::Minute => 60,
        Unit::Hour => 3600,
        Unit::Day => return on_day(cursor, context, -i64::from(count)),
        Unit::Week => return on_day(cursor, context, -7 * i64::from(count)),
        Unit::Month => {
            let day = in_years(now.date().checked_sub_months(Months::new(count))?)?;
            return Some(Reading { when: month_of(day), until: None, manner: Manner::Relative });
        }
        Unit::Year => {
            let day = in_years(now.date().checked_sub_months(Months::new(count * 12))?)?;
            return Some(Reading { when: When::Year(day.year()), until: None, manner: Manner::BareYear });
        }
    };
    let then = now.checked_sub_signed(TimeDelta::try_seconds(seconds * i64::from(count))?)?;
    Some(Reading { when: When::Local(then), until: None, manner: Manner::Relative })
}

fn month_of(day: NaiveDate) -> When {
    When::Month(day.year(), day.month())
}
