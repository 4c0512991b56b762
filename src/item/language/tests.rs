//! Which language a text is told to be in.

use super::latin::STOP_WORDS;
use super::*;

#[test]
fn a_short_word_is_what_its_letters_are_one_by_one() {
    let text = "The und-für “les” déjà 2nd [x]{y}`z@a Word, eightlet sevenle; 重a b重 é".repeat(3);
    for at in 0..text.len() - 8 {
        let letters: Vec<u8> =
            text.bytes().skip(at).take_while(u8::is_ascii_alphabetic).map(|byte| byte | 0x20).collect();
        let is_whole = text.as_bytes()[at + letters.len()].is_ascii() && (1..8).contains(&letters.len());
        let packed = letters.iter().fold(0, |bytes, byte| bytes << 8 | u64::from(*byte));
        let expected = is_whole.then(|| (packed, u32::try_from(letters.len()).expect("a number")));
        assert_eq!(short_word(text.as_bytes(), at), expected, "at {at}");
    }
}

#[track_caller]
fn check(declared: impl Into<Option<&'static str>>, text: &str, expected: impl Into<Option<&'static str>>) {
    let declared = declared.into();
    let told = of(declared.and_then(canonical), (None, text), None);
    assert_eq!(told.as_deref(), expected.into(), "{declared:?} {text:?}");
}

const ENGLISH: &str =
    "The new laboratory of the university opened on Monday, and it will be shared with two hospitals.";
const CHINESE: &str = "江湾理工大学新实验室周一正式启用，将与两家医院共享。";
const GERMAN: &str = "Das neue Labor der Universität wurde am Montag eröffnet und wird mit zwei Kliniken geteilt, \
                      die auch an der Planung beteiligt waren; es ist nicht das einzige in der Stadt.";

#[test]
fn a_declared_language_is_brought_to_canonical_case() {
    let declared = [
        ("en", "en"),
        ("EN-us", "en-US"),
        ("en_US.UTF-8", "en-US"),
        ("english", "en"),
        ("English", "en"),
        ("eng", "en"),
        ("en, fr", "en"),
        ("zh_CN", "zh-CN"),
        ("ZH-cn", "zh-CN"),
        ("zh-hans-cn", "zh-Hans-CN"),
        ("chinese", "zh"),
        ("cn", "zh"),
        ("繁體中文", "zh-Hant"),
        ("sr-latn-rs", "sr-Latn-RS"),
        ("iw", "he"),
        ("haw", "haw"),
        ("es-419", "es-419"),
        ("en-x-ab-latn", "en-x-ab-latn"),
    ];
    for (written, expected) in declared {
        check(written, "", expected);
    }
    for written in
        ["", "und", "utf-8", "gb2312", "text/html", "klingonese", "e", "en--us", "ab1", "rss_0.91", "xy", "en-x"]
    {
        check(written, "", None);
    }
}

#[test]
fn a_declared_language_holds_if_the_script_agrees() {
    check("en-GB", ENGLISH, "en-GB");
    check("zh-CN", CHINESE, "zh-CN");
    check("zh", CHINESE, "zh");
    check("eo", ENGLISH, "eo");
    check("sr-Latn", "Univerzitet u Novom Sadu otvorio je novu laboratoriju.", "sr-Latn");
}

#[test]
fn a_text_that_tells_otherwise_overrules_the_declared_language() {
    check("en", CHINESE, "zh-Hans");
    check("zh-CN", ENGLISH, "en");
    check("en-US", GERMAN, "de");
    check("sr-Cyrl", "Univerzitet u Novom Sadu otvorio je novu laboratoriju.", None);
    // A short text is not evidence enough to overrule within a script.
    check("en", "Tag der offenen Tür", "en");
}

#[test]
fn latin_languages_are_told_by_their_short_words() {
    check(None, ENGLISH, "en");
    check(None, GERMAN, "de");
    check(
        None,
        "Le nouveau laboratoire de l'université a ouvert ses portes et sera partagé avec les hôpitaux de la ville.",
        "fr",
    );
    check(
        None,
        "El nuevo laboratorio de la universidad abrió sus puertas el lunes y será compartido por los hospitales.",
        "es",
    );
    check(
        None,
        "Il nuovo laboratorio della università è stato aperto lunedì e sarà condiviso con gli ospedali che sono in città.",
        "it",
    );
    check(
        None,
        "O novo laboratório da universidade foi inaugurado na segunda-feira e não será partilhado com os hospitais.",
        "pt",
    );
    check(
        None,
        "Het nieuwe laboratorium van de universiteit is maandag geopend en wordt gedeeld met een ziekenhuis.",
        "nl",
    );
    check(
        None,
        "Nowe laboratorium uniwersytetu zostało otwarte w poniedziałek i jest wspólne dla szpitali, oraz nie tylko dla nich.",
        "pl",
    );
    check(None, "Universitetets nya laboratorium öppnades i måndags och är gemensamt för två sjukhus, inte ett.", "sv");
    check(
        None,
        "Phòng thí nghiệm mới của trường đại học được mở cho các bệnh viện và những người trong thành phố.",
        "vi",
    );
}

#[test]
fn short_texts_tell_their_language_with_their_title() {
    for (title, text, language) in [
        ("Neue Bibliothek eröffnet", "Die Bibliothek der Hochschule wurde eröffnet. Sie hat 400 Plätze.", "de"),
        (
            "Apre la nuova biblioteca",
            "Porto, 5 marzo 2026 - La biblioteca dell'università è stata aperta lunedì.",
            "it",
        ),
        (
            "Une nouvelle bibliothèque pour les étudiants",
            "La bibliothèque de l'université a été ouverte lundi. Elle compte quatre cents places.",
            "fr",
        ),
        (
            "Kütüphane cuma günü kapalı",
            "Üniversite kütüphanesi cuma günü bakım nedeniyle kapalı olacaktır. Anlayışınız için teşekkür ederiz.",
            "tr",
        ),
        ("The library is closed", "Library staff will be back soon", "en"),
    ] {
        assert_eq!(of(None, (Some(title), text), None).as_deref(), Some(language), "{title}");
    }
    let film = (Some("Noche de cine: El laberinto del fauno"), "Film screening in room 3.");
    assert_eq!(of(None, film, Some("en")), None);
}

#[test]
fn scripts_tell_languages() {
    check(None, CHINESE, "zh-Hans");
    check(None, "江灣理工大學新實驗室週一正式啟用，將與兩家醫院共享。", "zh-Hant");
    check(None, "大学の新しい研究室が月曜日に開設されました。", "ja");
    check(None, "대학의 새로운 연구실이 월요일에 문을 열었다.", "ko");
    check(None, "Новая лаборатория университета открылась в понедельник, её делят две больницы.", "ru");
    check(None, "Нова лабораторія університету відкрилася в понеділок.", "uk");
    check(None, "افتتح مختبر الجامعة الجديد يوم الاثنين.", "ar");
    check(None, "آزمایشگاه جدید دانشگاه روز دوشنبه گشایش یافت و پذیرش چندین گروه را آغاز کرد.", "fa");
    check(None, "ห้องปฏิบัติการใหม่ของมหาวิทยาลัยเปิดแล้ว", "th");
    check(None, "Το νέο εργαστήριο του πανεπιστημίου άνοιξε.", "el");
}

#[test]
fn foreign_names_do_not_change_the_language() {
    check(
        None,
        "The delegation of the university (江湾理工大学) was led by Lin Yaohui (林耀辉) and stayed for two days at the lake.",
        "en",
    );
    check(
        None,
        "研究成果发表在 Journal of Lake Ecology 上，课题组与 Lakeside Medical University 的团队合作完成，历时三年。",
        "zh-Hans",
    );
}

#[test]
fn too_little_is_no_evidence() {
    check(None, "", None);
    check(None, "2026-03-12 10:30", None);
    check(None, "OK", None);
    check(None, "Xylem Quartz Fjord Phlox", None);
    check("en", "2026", "en");
}

#[test]
fn a_title_tells_the_language_where_the_text_does_not() {
    let check = |declared: Option<&str>, title: &str, usual: &str, expected: Option<&str>| {
        let told = of(declared.and_then(canonical), (Some(title), "2026"), Some(usual));
        assert_eq!(told.as_deref(), expected, "{declared:?} {title:?} {usual}");
    };
    check(None, "学校召开春季工作会议部署重点任务", "en", Some("zh-Hans"));
    check(None, "إعلان عن مواعيد الامتحانات النهائية", "en", Some("ar"));
    check(Some("zh-CN"), "봄 학기 수강 신청 안내", "zh", Some("ko"));
    check(Some("zh-CN"), "The tide and the moon are on the quay", "zh", Some("en"));
    // What can be of the expected language is.
    check(None, "春季入学式挙行", "ja", None);
    check(Some("ja"), "春季入学式挙行", "en", Some("ja"));
    check(Some("en"), "Tag der offenen Tür", "en", Some("en"));
    // Names are of no language.
    check(Some("zh-CN"), "IEEE ICASSP 2026", "zh", Some("zh-CN"));
    check(None, "IEEE ICASSP 2026", "zh", None);
    // A text that tells a script counts alone.
    let told = of(None, (Some("学校召开春季工作会议"), ENGLISH), Some("zh"));
    assert_eq!(told.as_deref(), Some("en"));
}

#[test]
fn only_the_beginning_is_looked_at() {
    let text = format!("{}{}", "量".repeat(Sample::BYTES / 3), ENGLISH.repeat(100));
    check(None, &text, "zh");
}

#[test]
fn stop_words_are_all_found() {
    for (index, words) in STOP_WORDS.iter().enumerate() {
        for text in words.split(' ') {
            let mut word = Word::default();
            text.chars().for_each(|letter| word.push(letter));
            assert!(VOTERS.find(word.bytes) >> index & 1 == 1, "{text}");
        }
    }
}

#[test]
fn no_character_is_both_simplified_and_traditional() {
    for (simplified, traditional) in SIMPLIFIED.0.iter().zip(TRADITIONAL.0) {
        assert_eq!(simplified & traditional, 0);
    }
}

#[test]
fn direction_follows_the_script() {
    for tag in ["ar", "he-IL", "fa", "UR-pk", "ku-Arab", "az-Arab-IR"] {
        assert!(is_right_to_left(tag), "{tag}");
    }
    for tag in ["en", "zh-Hant", "ar-Latn", "ku", ""] {
        assert!(!is_right_to_left(tag), "{tag}");
    }
}

#[test]
fn languages_of_few_speakers_are_not_taken_for_those_beside_them() {
    for (language, text) in [
        (
            "no",
            "Det nye laboratoriet ved universitetet ble åpnet mandag, og det skal deles av to sykehus etter jul. Nå søker vi mer støtte.",
        ),
        (
            "da",
            "Det nye laboratorium på universitetet blev åbnet mandag, og det skal deles af to hospitaler, som ikke selv har et.",
        ),
        (
            "sk",
            "Nové laboratórium univerzity bolo otvorené v pondelok a budú ho využívať aj dve nemocnice, ktoré sú pri meste.",
        ),
        (
            "cs",
            "Nová laboratoř univerzity byla otevřena v pondělí a bude ji využívat také nemocnice, který je ve městě, kde jsou i jiné.",
        ),
        (
            "sl",
            "Novi laboratorij univerze je odprt od ponedeljka in ga bodo uporabljali tudi v dveh bolnišnicah, ki so v mestu.",
        ),
        (
            "hr",
            "Novi laboratorij sveučilišta otvoren je u ponedjeljak, a koristit će ga i dvije bolnice koje su u gradu, kao što je bilo prema planu.",
        ),
        (
            "hu",
            "Az egyetem új laboratóriumát hétfőn nyitották meg, és azt két kórház is használja majd, hogy ne kelljen egy másik.",
        ),
        (
            "et",
            "Ülikooli uus labor avati esmaspäeval ja seda kasutavad ka kaks haiglat, mis ei ole veel oma laborit saanud või kes seda vajavad.",
        ),
        (
            "lv",
            "Universitātes jaunā laboratorija tika atklāta pirmdien, un to izmantos arī divas slimnīcas, kas ir pilsētā, bet vairāk nav.",
        ),
        (
            "lt",
            "Nauja universiteto laboratorija buvo atidaryta pirmadienį ir ja naudosis dvi ligoninės, kad tai būtų taip pat ir su kitais.",
        ),
        (
            "ca",
            "El nou laboratori de la universitat es va obrir dilluns amb dos hospitals de la ciutat i també serà dels instituts que ho han demanat, però més tard.",
        ),
        (
            "gl",
            "O novo laboratorio da universidade abriu o luns e será usado tamén por dous hospitais da cidade que non teñen un e unha empresa.",
        ),
        (
            "eu",
            "Unibertsitateko laborategi berria astelehenean ireki zen eta bi ospitalek erabiliko dute, hau baina ez da oso handia izan.",
        ),
        (
            "is",
            "Ný rannsóknarstofa háskólans var opnuð á mánudag og hún verður einnig notuð af tveimur sjúkrahúsum sem eru í bænum, en ekki fyrir aðra.",
        ),
        (
            "sq",
            "Laboratori i ri i universitetit u hap të hënën dhe do të përdoret nga dy spitale që janë në qytet, por nuk është i vetmi.",
        ),
        (
            "ga",
            "Osclaíodh saotharlann nua na hollscoile Dé Luain agus beidh sí ag dhá ospidéal atá sa chathair, ach níl sé sin ar fad le do linn.",
        ),
        (
            "cy",
            "Agorwyd labordy newydd y brifysgol ddydd Llun ac mae dau ysbyty yn y ddinas wedi cytuno i rannu, ond nid yw hyn yn newydd.",
        ),
        (
            "az",
            "Universitetin yeni laboratoriyası bazar ertəsi açıldı və iki xəstəxana ilə birgə istifadə üçün nəzərdə tutulub, bu isə daha çox imkan verir.",
        ),
        ("te", "విశ్వవిద్యాలయ కొత్త ప్రయోగశాల సోమవారం ప్రారంభమైంది"),
        ("km", "មន្ទីរពិសោធន៍ថ្មីនៃសាកលវិទ្យាល័យ"),
        ("sr", "Нова лабораторија универзитета отворена је у понедељак"),
        ("fa", "آزمایشگاه تازه دانشگاه دوشنبه آغاز به کار کرد"),
    ] {
        check(None, text, language);
    }
}
