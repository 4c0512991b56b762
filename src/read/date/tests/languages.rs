//! Months, weekdays, times and what is told from now, in languages other than English.

use super::{check, check_in, context};

/// A day of each month in the words of a language, from January on.
#[track_caller]
fn months(days: [&str; 12]) {
    for (month, day) in (1..).zip(days) {
        check(&[(day, &format!("2024-{month:02}-05"))]);
    }
}

#[test]
fn months_as_they_stand_in_a_date_by_themselves_and_cut_short() {
    months([
        "5 януари 2024",
        "5 február 2024",
        "5. martxoa 2024",
        "5 KWIECIEŃ 2024",
        "5. mai 2024",
        "5 Mehefin 2024",
        "5 июль 2024",
        "5. ágúst 2024",
        "5 Meán Fómhair 2024",
        "5 октомври 2024",
        "5. novembar 2024",
        "5 Aralık 2024",
    ]);
    months([
        "5 de gener de 2024",
        "5. veljače 2024.",
        "5 ta’ Marzu 2024",
        "5 de abril de 2024",
        "5 mayıs 2024",
        "5 qershor 2024",
        "5 korrik 2024",
        "5 AĞUSTOS 2024",
        "5 WRZ 2024",
        "5 οκτ 2024",
        "5 листопада 2024",
        "5 дек. 2024",
    ]);
    months([
        "5 იანვარი, 2024",
        "5 փետրվարի, 2024",
        "5 মার্চ ২০২৪",
        "5 ஏப்ரல் 2024",
        "5 พ.ค. 2567",
        "5 حزيران 2024",
        "5 Julai 2024",
        "5 अगस्त 2024",
        "5 בספטמבר 2024",
        "5 تشرين الأول 2024",
        "5 tháng mười một 2024",
        "5 desember 2024",
    ]);
    months([
        "5 كانون الثاني 2024",
        "5 fevral 2024",
        "5. märts 2024",
        "5. aprīlis 2024",
        "5 gegužės 2024",
        "5. juuni 2024",
        "5. heinäkuuta 2024",
        "5 Ogos 2024",
        "5 Setyembre 2024",
        "5 DEIREADH FÓMHAIR 2024",
        "5 studenoga 2024",
        "5 ديسمبر 2024",
    ]);
}

#[test]
fn a_month_is_told_by_the_language_that_its_date_is_written_in() {
    check(&[
        // An ordinal number is Croatian, a bare one Polish.
        ("5. listopada 2024.", "2024-10-05"),
        ("5 listopada 2024", "2024-11-05"),
        // That is a Tuesday.
        ("Mar 10 Jan", "2025-01-10 inferred"),
        // Whoever leaves out marks, and capital letters that have none.
        ("5 aout 2024; 5 pazdziernika 2024; 5 ΜΑΡΤΙΟΥ 2024", "2024-08-05; 2024-10-05; 2024-03-05"),
        // Names and other words.
        ("25 leden; Yan 2019; Augusta 10; 15 ஆக உயர்வு; 25 नव नियुक्त; 6 tháng một lần; a hét 7 napja", "2019 bare"),
        ("9 tháng năm 2025", "2025 bare"),
        ("Klub\nleden 2024\n(říjen 2023)", "2024-01; 2023-10"),
        ("onze leden 2024; Leden 2024; Rijen 2024", "2024 bare; 2024-01; 2024 bare"),
        // What follows a day may be any word, or another day.
        ("on March 10 may be closed; on March 10 set a record", "2025-03-10 inferred; 2025-03-10 inferred"),
        ("March 10 April 5", "2025-03-10 inferred; 2025-04-05 inferred"),
        // The other name beside it says which word it is.
        ("5 آب/أغسطس 2024; آب/أغسطس 2024", "2024-08-05; 2024-08"),
        ("Maja 5; 5 marca; 5 lis; 5 noi; Ott 7; 5 OTT platforms", ""),
        ("5 maj; 12 déc.; 10 мая, 14:20", "2025-05-05 inferred; 2024-12-12 inferred; 2025-05-10T14:20:00 inferred"),
    ]);
}

#[test]
fn the_year_may_stand_first_under_its_name() {
    check(&[
        ("2024 m. kovo 5 d. 10:20", "2024-03-05T10:20:00"),
        ("2024. gada 5. marts", "2024-03-05"),
        ("2024ko martxoaren 5a", "2024-03-05"),
        ("2024 წლის 5 მარტი", "2024-03-05"),
        ("2024. március 5., 10:20", "2024-03-05T10:20:00"),
        ("2024 5 marts", "2024 bare; 2025-03-05 inferred"),
        ("05/03/2567; 05.03.2567", "2024-03-05; 2024-03-05"),
        ("5 มี.ค. 67; มี.ค. 2567; ก.พ. 60", "2024-03-05; 2024-03"),
    ]);
}

#[test]
fn a_year_of_two_figures_stands_before_a_time() {
    check(&[
        ("5 Nov 24, 10:20", "2024-11-05T10:20:00"),
        ("5 febbraio 24 10:20", "2024-02-05T10:20:00"),
        ("Opened\n 5 Nov 24 \nby Ann", "2025-11-05 inferred"),
        ("on 5 Nov 24", "2025-11-05 inferred"),
        ("5 Nov 14\n5 April 24", "2025-11-05 inferred; 2025-04-05 inferred"),
        ("5 Nov 24 comments", "2025-11-05 inferred"),
        ("5 Nov 10:20", "2025-11-05T10:20:00 inferred"),
        ("5 out 10", ""),
    ]);
}

#[test]
fn times_behind_the_words_of_many_languages() {
    check(&[
        ("5 марта 2024 г., в 10:20", "2024-03-05T10:20:00"),
        ("5 marca 2024 r., godz. 10:20", "2024-03-05T10:20:00"),
        ("5. ožujka 2024. u 10:20", "2024-03-05T10:20:00"),
        ("2024. 3. 5. 오후 3:20", "2024-03-05T15:20:00"),
        ("2024년 3월 5일 (화) 15시 20분", "2024-03-05T15:20:00"),
        ("2024年3月5日（火）午後3時20分", "2024-03-05T15:20:00"),
        ("2024/03/05(火曜日) 10:20", "2024-03-05T10:20:00"),
        ("5 Mart 2024 Salı 10:20", "2024-03-05T10:20:00"),
        ("5. März 2024, 14.30 Uhr", "2024-03-05T14:30:00"),
        ("5. März 2024 um 17 Uhr", "2024-03-05T17:00:00"),
        ("5 mars 2024 kl. 10.20", "2024-03-05T10:20:00"),
        ("5.3.2024 klo 9.37", "2024-03-05T09:37:00"),
        ("5 mars 2024 à 14h", "2024-03-05T14:00:00"),
        ("5 de marzo de 2024 a las 10:20", "2024-03-05T10:20:00"),
        ("5 marzo 2024 alle ore 10.20", "2024-03-05T10:20:00"),
        ("۲۶ شهريور ۱۳۹۴ ساعت ۹:۳۲", "2015-09-17T09:32:00"),
        ("5 March 2024 at 3.30pm", "2024-03-05T15:30:00"),
        ("9:00 AM to 5:00 PM, 5 March 2024", "2024-03-05T09:00:00"),
        ("5 March 2024. 14.30 litres, 17 h of work", "2024-03-05"),
        ("с 10 по 22 августа 2024", "2024-08-10..2024-08-22"),
    ]);
}

#[test]
fn what_is_told_from_now_in_many_languages() {
    for text in [
        "3 дня назад",
        "3 dni temu",
        "před 3 dny",
        "prije 3 dana",
        "acum 3 zile",
        "pirms 3 dienām",
        "3 päivää sitten",
        "3 dage siden",
        "för 3 dagar sedan",
        "3 dagen geleden",
        "3 giorni fa",
        "3 dias atrás",
        "há 3 dias",
        "il y a trois jours",
        "πριν από 3 ημέρες",
        "3 gün önce",
        "3 napja",
        "3 hari yang lalu",
        "3 ngày trước",
        "منذ 3 أيام",
        "לפני 3 ימים",
        "3 วันที่แล้ว",
        "3일 전",
        "3日前",
        "3d ago",
    ] {
        check(&[(text, "2025-11-18 relative")]);
    }
    for text in [
        "Gestern, 14:30 Uhr", "Hier à 14h30", "Ayer 14:30", "Вчера в 14:30", "wczoraj, 14:30", "I går kl. 14.30",
        "dün 14:30", "Hôm qua 14:30", "Eilen klo 14.30",
    ] {
        check(&[(text, "2025-11-20T14:30:00 relative")]);
    }
    check(&[
        ("Aujourd'hui", "2025-11-21 relative"),
        ("the day before yesterday", "2025-11-19 relative"),
        // Here, prose, another day, and before the 25th.
        ("Hier", ""),
        ("Die Frist war gestern, und heute ist es kalt", ""),
        ("avant-hier 14:30; two weeks before yesterday", ""),
        ("请于25日前提交", ""),
    ]);
}

#[test]
fn a_weekday_decides_what_figures_leave_open() {
    check(&[
        ("lunes 8/2/2016", "2016-02-08"),
        ("Tuesday, 8/2/2016", "2016-08-02"),
        // Neither order, and both.
        ("Sunday 8/2/2016; Wed 3/2/2016", "2016-08-02 either order; 2016-03-02 either order"),
        ("Friday 1/8/2010", "2010-01-08"),
        // The year in which it falls on that day.
        ("Wednesday, 5 November", "2025-11-05 inferred"),
        ("Dienstag, 5. November 10:20", "2024-11-05T10:20:00 inferred"),
        ("Sat, 22 November", "2025-11-22 inferred"),
        ("Monday 5 November 2025", "2025-11-05"),
    ]);
    let told = super::Context { year: Some(2025), ..context() };
    check_in(&told, &[("Tuesday, 5 November", "2025-11-05 inferred")]);
}
