//! Language: the BCP 47 tag of a text, from what it declares and from what it is written in.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::text::{HIGH, ONES, within};

mod codes;
mod latin;

use latin::{GREAT, LATIN_LANGUAGES, VOTERS};

/// The language of a text as a BCP 47 tag in canonical case (RFC 5646 §2.1.1), such as `en`, `zh-CN`, `zh-Hant`.
///
/// `declared` is a tag in [canonical] case. It holds if the text is in a script that the language is written in; templates of
/// universities declare `en` over Chinese pages, and those of blogs over German ones, so a text that clearly tells otherwise
/// overrules it.
/// Only the first 1,000 bytes are looked at. Where they tell no script or no language, the title is looked at, too; `usual` is the language that
/// holds otherwise. `None`: nothing usable is declared, and both are too short, or in the script of the usual one.
pub(super) fn of(declared: Option<String>, (title, text): (Option<&str>, &str), usual: Option<&str>) -> Option<String> {
    let sample = Sample::of(text);
    let Some(script) = sample.script() else {
        return match title {
            Some(title) => of_title(declared, &format!("{title}\n{text}"), usual),
            None => declared,
        };
    };
    // Films and plays are called as they are elsewhere: a title tells nothing that the text speaks against.
    let may_be = |told: &&str| sample.votes_for(told) != Some(0) || sample.votes.iter().all(|votes| *votes == 0);
    let titled = || Sample::of(&format!("{}\n{text}", title?)).language(script).filter(may_be);
    let told = sample.language(script).or_else(titled);
    match (declared, told) {
        (Some(declared), _) if !script.writes(&declared) => told.map(str::to_owned),
        (Some(declared), Some(told)) if sample.contradicts(&declared, told) => Some(told.to_owned()),
        (Some(declared), _) => Some(declared),
        (None, told) => told.map(str::to_owned),
    }
}

/// The language of what is hardly more than a title. Many titles are nothing but names, or have no sign of their own language, so
/// that what is declared, else usual, stays where it can.
fn of_title(declared: Option<String>, title: &str, usual: Option<&str>) -> Option<String> {
    let sample = Sample::of(title);
    let told = sample.script().and_then(|script| Some((script, sample.language(script)?)));
    match (declared, told) {
        (Some(declared), Some((script, told))) if script.writes(&declared) && !sample.contradicts(&declared, told) => {
            Some(declared)
        }
        (None, Some((script, _))) if script != Script::Latin && usual.is_some_and(|usual| script.writes(usual)) => None,
        (_, Some((_, told))) => Some(told.to_owned()),
        (declared, None) => declared,
    }
}

/// Whether a language is written from right to left: by the script of its tag, else by its usual one.
pub fn is_right_to_left(tag: &str) -> bool {
    let mut parts = tag.split(['-', '_']);
    let primary = parts.next().unwrap_or_default().to_ascii_lowercase();
    match parts.find(|part| part.len() == 4 && part.bytes().all(|byte| byte.is_ascii_alphabetic())) {
        Some(script) => {
            ["arab", "hebr", "thaa", "syrc", "nkoo", "adlm"].iter().any(|rtl| script.eq_ignore_ascii_case(rtl))
        }
        None => matches!(
            primary.as_str(),
            "ar" | "arc" | "he" | "iw" | "fa" | "ur" | "ps" | "sd" | "ug" | "yi" | "dv" | "ckb" | "syr"
        ),
    }
}

/// Whether what declares a language can be one: a tag of BCP 47, or a name that is known.
pub fn is_known(declared: &str) -> bool {
    canonical(declared).is_some()
}

/// A declared language as a BCP 47 tag in canonical case: of a tag in any spelling (`zh_CN`, `EN-us`, `en_US.UTF-8`), or of the
/// name of a language (`english`, `中文`). `None`: it names no language.
pub fn canonical(declared: &str) -> Option<String> {
    // The first of a list ("en, fr"), without the charset of a POSIX locale ("en_US.UTF-8").
    let first = declared.split([',', ';', '.', '@']).next().unwrap_or_default().trim().to_lowercase();
    if let Some(tag) = named(&first) {
        return Some(tag.to_owned());
    }
    let mut tag = String::with_capacity(first.len());
    // A singleton ("x", "u") begins extensions, whose parts stay in lower case.
    let mut extension = false;
    for (index, part) in first.split(['-', '_', ' ']).enumerate() {
        if part.is_empty() || part.len() > 8 || !part.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            return None;
        }
        if index == 0 {
            tag.push_str(named(part).or_else(|| codes::is_language(part).then_some(part))?);
            continue;
        }
        tag.push('-');
        extension |= part.len() == 1;
        match part.len() {
            2 if !extension => tag.push_str(&part.to_uppercase()),
            4 if !extension && !part.starts_with(|c: char| c.is_ascii_digit()) => {
                let (first, rest) = part.split_at(1);
                tag.push_str(&first.to_uppercase());
                tag.push_str(rest);
            }
            _ => tag.push_str(part),
        }
    }
    // A singleton says nothing without what follows it (RFC 5646 §2.1).
    let is_whole = tag.rsplit('-').next().is_some_and(|last| last.len() > 1);
    is_whole.then_some(tag)
}

/// The tag of the language that goes by a name.
fn named(name: &str) -> Option<&'static str> {
    static TAGS: LazyLock<HashMap<&str, &str>> = LazyLock::new(|| {
        NAMES.iter().flat_map(|(tag, names)| names.split(' ').map(move |name| (name, *tag))).collect()
    });
    TAGS.get(name).copied()
}

/// Names and codes that stand for a language, in lower case; codes of ISO 639-2 and countries that are taken for
/// languages among them.
const NAMES: &[(&str, &str)] = &[
    ("en", "english eng 英文 英语 英語 anglais englisch"),
    ("zh", "chinese zho chi cn 中文 汉语 漢語 chinois chinesisch"),
    ("zh-Hans", "chs zh-chs zh_chs 简体中文 简体 简中"),
    ("zh-Hant", "cht zh-cht zh_cht 繁體中文 繁体中文 正體中文 繁體 繁中"),
    ("de", "german deutsch deu ger"),
    ("fr", "french français francais fra fre"),
    ("es", "spanish español espanol castellano spa"),
    ("it", "italian italiano ita"),
    ("pt", "portuguese português portugues por"),
    ("nl", "dutch nederlands nld dut"),
    ("pl", "polish polski pol"),
    ("sv", "swedish svenska swe"),
    ("da", "danish dansk dan"),
    ("no", "norwegian norsk nor"),
    ("fi", "finnish suomi fin"),
    ("cs", "czech čeština ces cze cz"),
    ("ro", "romanian română ron rum"),
    ("tr", "turkish türkçe tur"),
    ("vi", "vietnamese vie"),
    ("id", "indonesian ind in"),
    ("ja", "japanese 日本語 日语 日文 jpn jp"),
    ("ko", "korean 한국어 韩语 韓文 kor kr"),
    ("ru", "russian русский rus"),
    ("uk", "ukrainian українська ukr"),
    ("ar", "arabic العربية ara"),
    ("he", "hebrew heb iw"),
    ("fa", "persian farsi فارسی fas per"),
    ("th", "thai tha"),
    ("hi", "hindi hin"),
    ("el", "greek ell gre"),
];

/// The scripts that are told apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Script {
    Latin,
    Cyrillic,
    Greek,
    Arabic,
    Hebrew,
    Devanagari,
    Bengali,
    Tamil,
    Thai,
    Gujarati,
    Gurmukhi,
    Telugu,
    Kannada,
    Malayalam,
    Sinhala,
    Lao,
    Burmese,
    Khmer,
    Ethiopic,
    Georgian,
    Armenian,
    Hangul,
    Kana,
    Han,
}

impl Script {
    /// Where it stands in the counts of a sample.
    const COUNT: usize = 24;

    fn of(character: char) -> Option<Self> {
        Some(match character {
            '\u{3400}'..='\u{9fff}' | '\u{20000}'..='\u{3ffff}' => Self::Han,
            'a'..='z' | 'A'..='Z' | '\u{c0}'..='\u{24f}' | 'ə' | '\u{1e00}'..='\u{1eff}' => Self::Latin,
            '\u{400}'..='\u{52f}' => Self::Cyrillic,
            '\u{370}'..='\u{3ff}' | '\u{1f00}'..='\u{1fff}' => Self::Greek,
            '\u{600}'..='\u{6ff}' | '\u{750}'..='\u{77f}' | '\u{fb50}'..='\u{fdff}' | '\u{fe70}'..='\u{fefc}' => {
                Self::Arabic
            }
            '\u{590}'..='\u{5ff}' => Self::Hebrew,
            '\u{900}'..='\u{97f}' => Self::Devanagari,
            '\u{980}'..='\u{9ff}' => Self::Bengali,
            '\u{b80}'..='\u{bff}' => Self::Tamil,
            '\u{e00}'..='\u{e7f}' => Self::Thai,
            '\u{a80}'..='\u{aff}' => Self::Gujarati,
            '\u{a00}'..='\u{a7f}' => Self::Gurmukhi,
            '\u{c00}'..='\u{c7f}' => Self::Telugu,
            '\u{c80}'..='\u{cff}' => Self::Kannada,
            '\u{d00}'..='\u{d7f}' => Self::Malayalam,
            '\u{d80}'..='\u{dff}' => Self::Sinhala,
            '\u{e80}'..='\u{eff}' => Self::Lao,
            '\u{1000}'..='\u{109f}' => Self::Burmese,
            '\u{1780}'..='\u{17ff}' => Self::Khmer,
            '\u{1200}'..='\u{137f}' => Self::Ethiopic,
            '\u{10a0}'..='\u{10ff}' => Self::Georgian,
            '\u{530}'..='\u{58f}' => Self::Armenian,
            '\u{ac00}'..='\u{d7a3}' | '\u{1100}'..='\u{11ff}' => Self::Hangul,
            '\u{3041}'..='\u{30ff}' => Self::Kana,
            _ => return None,
        })
    }

    const ALL: [Self; Self::COUNT] = [
        Self::Latin,
        Self::Cyrillic,
        Self::Greek,
        Self::Arabic,
        Self::Hebrew,
        Self::Devanagari,
        Self::Bengali,
        Self::Tamil,
        Self::Thai,
        Self::Gujarati,
        Self::Gurmukhi,
        Self::Telugu,
        Self::Kannada,
        Self::Malayalam,
        Self::Sinhala,
        Self::Lao,
        Self::Burmese,
        Self::Khmer,
        Self::Ethiopic,
        Self::Georgian,
        Self::Armenian,
        Self::Hangul,
        Self::Kana,
        Self::Han,
    ];

    /// How much a letter says: one Chinese character is about a word, one Latin letter a fifth of it.
    fn weight(self) -> u32 {
        match self {
            Self::Han => 3,
            Self::Kana | Self::Hangul => 2,
            _ => 1,
        }
    }

    /// Whether a language, given by its tag, is written in this script.
    fn writes(self, tag: &str) -> bool {
        let mut parts = tag.split('-');
        let primary = parts.next().unwrap_or_default();
        let named = parts.next().filter(|part| part.len() == 4);
        if let Some(named) = named {
            return match named {
                "Latn" => self == Self::Latin,
                "Cyrl" => self == Self::Cyrillic,
                "Arab" => self == Self::Arabic,
                "Hans" | "Hant" | "Hani" => self == Self::Han,
                _ => true,
            };
        }
        match primary {
            "zh" | "yue" | "wuu" | "nan" | "hak" | "lzh" => self == Self::Han,
            "ja" => matches!(self, Self::Kana | Self::Han),
            "ko" => matches!(self, Self::Hangul | Self::Han),
            "ru" | "uk" | "be" | "bg" | "mk" | "tg" | "ky" => self == Self::Cyrillic,
            "sr" | "kk" | "mn" | "uz" | "tt" | "az" => matches!(self, Self::Cyrillic | Self::Latin | Self::Arabic),
            "el" => self == Self::Greek,
            "ar" | "fa" | "ur" | "ps" | "sd" | "ug" | "ckb" => self == Self::Arabic,
            "he" | "yi" => self == Self::Hebrew,
            "hi" | "mr" | "ne" | "sa" => self == Self::Devanagari,
            "bn" | "as" => self == Self::Bengali,
            "ta" => self == Self::Tamil,
            "th" => self == Self::Thai,
            "gu" => self == Self::Gujarati,
            "pa" => self == Self::Gurmukhi,
            "te" => self == Self::Telugu,
            "kn" => self == Self::Kannada,
            "ml" => self == Self::Malayalam,
            "si" => self == Self::Sinhala,
            "lo" => self == Self::Lao,
            "my" => self == Self::Burmese,
            "km" => self == Self::Khmer,
            "am" => self == Self::Ethiopic,
            "ka" => self == Self::Georgian,
            "hy" => self == Self::Armenian,
            _ if LATIN_LANGUAGES.contains(&primary) => self == Self::Latin,
            // A language that is not known here: believed.
            _ => true,
        }
    }
}

/// The beginning of a text, counted.
struct Sample<'a> {
    text: &'a str,
    /// Letters of each script.
    letters: [u32; Script::COUNT],
    /// Votes for each of [`LATIN_LANGUAGES`].
    votes: [u32; LATIN_LANGUAGES.len()],
    simplified: u32,
    traditional: u32,
}

impl<'a> Sample<'a> {
    /// How much is looked at: about 160 English words or 330 Chinese characters.
    const BYTES: usize = 1_000;

    /// Least weight of letters that tells a script: two words.
    const LEAST: u32 = 8;

    /// Least votes that tell a language.
    const LEAST_VOTES: u32 = 3;

    fn of(text: &'a str) -> Self {
        let text = text.get(..text.floor_char_boundary(Self::BYTES)).unwrap_or(text);
        let mut sample = Self { text, letters: [0; _], votes: [0; _], simplified: 0, traditional: 0 };
        let mut word = Word::default();
        let (mut at, mut plain) = (0, 0);
        while let Some(byte) = text.as_bytes().get(at) {
            // Most words of most texts are short and of ASCII: those are taken at once.
            if word.length == 0
                && byte.is_ascii_alphabetic()
                && let Some((bytes, length)) = short_word(text.as_bytes(), at)
            {
                plain += length;
                // What ends it is of ASCII, and no letter.
                at += length as usize + 1;
                word = Word { bytes, length };
                word.vote(&mut sample.votes);
                continue;
            }
            // Most letters of other texts, too: taken by bytes, they need no looking up.
            if byte.is_ascii() {
                at += 1;
                if byte.is_ascii_alphabetic() {
                    plain += 1;
                    word.push_byte(byte | 0x20);
                } else {
                    word.vote(&mut sample.votes);
                }
                continue;
            }
            let Some(character) = text.get(at..).and_then(|rest| rest.chars().next()) else { break };
            at += character.len_utf8();
            match Script::of(character) {
                Some(Script::Latin) => {
                    sample.letters[Script::Latin as usize] += 1;
                    word.push(character);
                    continue;
                }
                Some(Script::Han) => {
                    sample.letters[Script::Han as usize] += 1;
                    sample.simplified += u32::from(SIMPLIFIED.has(character));
                    sample.traditional += u32::from(TRADITIONAL.has(character));
                }
                Some(script) => sample.letters[script as usize] += 1,
                None => {}
            }
            word.vote(&mut sample.votes);
        }
        word.vote(&mut sample.votes);
        sample.letters[Script::Latin as usize] += plain;
        sample
    }

    /// The script that most of it is written in. `None`: too few letters.
    fn script(&self) -> Option<Script> {
        let weight = |script: &Script| self.letters[*script as usize] * script.weight();
        let kana = weight(&Script::Kana);
        let best = Script::ALL.into_iter().max_by_key(weight)?;
        // Japanese is Han between kana; Chinese has none.
        let best =
            if best == Script::Han && kana > 0 && kana * 8 >= weight(&Script::Han) { Script::Kana } else { best };
        (weight(&best) >= Self::LEAST || best == Script::Kana).then_some(best)
    }

    /// The language, told from the text alone.
    fn language(&self, script: Script) -> Option<&'static str> {
        match script {
            Script::Latin => self.most_votes(),
            Script::Cyrillic => Some(self.by_letters(CYRILLIC, "ru")),
            Script::Arabic => Some(self.by_letters(ARABIC, "ar")),
            Script::Greek => Some("el"),
            Script::Hebrew => Some("he"),
            Script::Devanagari => Some(self.by_letters(DEVANAGARI, "hi")),
            Script::Bengali => Some("bn"),
            Script::Tamil => Some("ta"),
            Script::Thai => Some("th"),
            Script::Gujarati => Some("gu"),
            Script::Gurmukhi => Some("pa"),
            Script::Telugu => Some("te"),
            Script::Kannada => Some("kn"),
            Script::Malayalam => Some("ml"),
            Script::Sinhala => Some("si"),
            Script::Lao => Some("lo"),
            Script::Burmese => Some("my"),
            Script::Khmer => Some("km"),
            Script::Ethiopic => Some("am"),
            Script::Georgian => Some("ka"),
            Script::Armenian => Some("hy"),
            Script::Hangul => Some("ko"),
            Script::Kana => Some("ja"),
            Script::Han if self.traditional > self.simplified => Some("zh-Hant"),
            Script::Han if self.simplified > self.traditional => Some("zh-Hans"),
            Script::Han => Some("zh"),
        }
    }

    /// Whether the text clearly is in another language than the declared one, though in a script it is written in.
    fn contradicts(&self, declared: &str, told: &str) -> bool {
        let declared = declared.split('-').next().unwrap_or_default();
        let votes = self.votes_for(declared).zip(self.votes_for(told));
        votes.is_some_and(|(declared, told)| told >= 8 && declared * 3 < told)
    }

    /// How much speaks for a language. `None`: it is none of those that are voted for.
    fn votes_for(&self, tag: &str) -> Option<u32> {
        LATIN_LANGUAGES.iter().position(|known| *known == tag).map(|index| self.votes[index])
    }

    /// The winner of the vote. `None`: too few votes, or two of as many speakers are level.
    fn most_votes(&self) -> Option<&'static str> {
        let most = *self.votes.iter().max()?;
        let (great, others) = self.votes.split_at(GREAT);
        let group = if great.contains(&most) { great } else { others };
        let mut level = group.iter().filter(|votes| **votes == most);
        if most < Self::LEAST_VOTES || level.nth(1).is_some() {
            return None;
        }
        LATIN_LANGUAGES.get(self.votes.iter().position(|votes| *votes == most)?).copied()
    }

    /// The first language of which a letter of its own is there.
    fn by_letters(&self, languages: &[(&'static str, &str)], default: &'static str) -> &'static str {
        languages
            .iter()
            .find(|(_, letters)| self.text.contains(|c| letters.contains(c)))
            .map_or(default, |(tag, _)| tag)
    }
}

/// Letters that, among the language and those after it, only it has.
const CYRILLIC: &[(&str, &str)] = &[
    ("be", "ўЎ"),
    ("kk", "әғқңұһӘҒҚҢҰҺ"),
    ("uk", "їєґіЇЄҐІ"),
    ("sr", "ђћЂЋ"),
    ("mk", "ѓќѕЃЌЅ"),
    ("sr", "јљњџЈЉЊЏ"),
    ("mn", "өүӨҮ"),
    ("ru", "ыэёЫЭЁ"),
    ("bg", "ъЪ"),
];

/// Those of Persian include the two that it shares with all but Arabic.
const ARABIC: &[(&str, &str)] = &[("ur", "ٹڈڑے"), ("ps", "ښځډړ"), ("fa", "پچژگکی")];

const DEVANAGARI: &[(&str, &str)] = &[("mr", "ळ")];

/// The word of one to seven letters of ASCII that stands at a place, as a [`Word`] has it, and how many they are. `None`: there
/// is none, or the text ends soon.
fn short_word(text: &[u8], at: usize) -> Option<(u64, u32)> {
    let eight = u64::from_be_bytes(*text.get(at..)?.first_chunk()?);
    let lower = eight | (0x20 * ONES);
    let length = (!within(lower, b'a', b'z') & HIGH).leading_zeros() / 8;
    // What is not of ASCII may be a letter, too.
    let ends = (1..8).contains(&length) && eight << (8 * length) & (0x80 << 56) == 0;
    ends.then(|| (lower >> (64 - 8 * length), length))
}

/// A word of Latin letters, as it is read: its first eight bytes in lower case.
#[derive(Default)]
struct Word {
    bytes: u64,
    length: u32,
}

impl Word {
    fn push(&mut self, letter: char) {
        let lower = match letter {
            '\u{c0}'..='\u{de}' => char::from_u32(letter as u32 + 32).unwrap_or(letter),
            _ => letter,
        };
        let mut buffer = [0; 4];
        for byte in lower.encode_utf8(&mut buffer).bytes() {
            self.push_byte(byte);
        }
    }

    fn push_byte(&mut self, byte: u8) {
        self.bytes = self.bytes << 8 | u64::from(byte);
        self.length += 1;
    }

    /// Ends the word, and gives its votes.
    fn vote(&mut self, votes: &mut [u32; LATIN_LANGUAGES.len()]) {
        if self.length == 0 {
            return;
        }
        if self.length <= 8 {
            let mut languages = VOTERS.find(self.bytes);
            while languages != 0 {
                votes[languages.trailing_zeros() as usize] += 1;
                languages &= languages - 1;
            }
        }
        *self = Self::default();
    }
}

/// Characters that only simplified Chinese has.
static SIMPLIFIED: Characters = Characters::new(
    "个们国学说时这来对发会为后经过还进动开关长门问间闻见现实业东车书电话语让认识议论设讲课题许记计订该请谢读谁调\
     谈证评词译试诗诚诞详责费资质贺购贵贸贡财败货贤赛赞达运远连迟选递适邮邻释里铁银钟镇闭阅队阶际陆陈险随难韩页顶\
     项顺须顾颁频颜额风飞饭馆马驻验鱼鸟鸡麦黄齐龙龄产亲仅从众优传伤伟体余兰兴养军农冲决况净凉减几击划则刚创办务劳\
     势区医华协单卖卢卫厅历压县参双变号叶听员启围图团园圣场块坚坛处备复够头夺奋奖妇妈孙宁宝宾导将尔尘尝层属岁岛岭\
     币师帐带帮广庄庆库应庙废张弹归录彻忆态总恳恶惊惯愿战戏护报担拟拥择据损换摄敌数断无旧显晓术机杀杂权条极构标树\
     样档桥检楼欢欧残毕气汇汉汤沟没泽洁浅济浓涛润温湾满滨灭灯灵炼点热爱状独狮献环疗盐监盖盘码础确礼祸离种积称稳穷\
     竞笔筑签简类粮紧红约级纪纯纲纳纸练组细织终绍结给络绝统继绩续维综绿编缘缩网罗职联肃胜脑艺节苏荐药获营",
);
/// Characters that only traditional Chinese has, in the order of [`SIMPLIFIED`].
static TRADITIONAL: Characters = Characters::new(
    "個們國學說時這來對發會為後經過還進動開關長門問間聞見現實業東車書電話語讓認識議論設講課題許記計訂該請謝讀誰調\
     談證評詞譯試詩誠誕詳責費資質賀購貴貿貢財敗貨賢賽贊達運遠連遲選遞適郵鄰釋裡鐵銀鐘鎮閉閱隊階際陸陳險隨難韓頁頂\
     項順須顧頒頻顏額風飛飯館馬駐驗魚鳥雞麥黃齊龍齡產親僅從眾優傳傷偉體餘蘭興養軍農衝決況淨涼減幾擊劃則剛創辦務勞\
     勢區醫華協單賣盧衛廳歷壓縣參雙變號葉聽員啟圍圖團園聖場塊堅壇處備複夠頭奪奮獎婦媽孫寧寶賓導將爾塵嘗層屬歲島嶺\
     幣師帳帶幫廣莊慶庫應廟廢張彈歸錄徹憶態總懇惡驚慣願戰戲護報擔擬擁擇據損換攝敵數斷無舊顯曉術機殺雜權條極構標樹\
     樣檔橋檢樓歡歐殘畢氣匯漢湯溝沒澤潔淺濟濃濤潤溫灣滿濱滅燈靈煉點熱愛狀獨獅獻環療鹽監蓋盤碼礎確禮禍離種積稱穩窮\
     競筆築簽簡類糧緊紅約級紀純綱納紙練組細織終紹結給絡絕統繼績續維綜綠編緣縮網羅職聯肅勝腦藝節蘇薦藥獲營",
);

/// A set of characters from U+4E00 to U+9FFF.
struct Characters([u64; 328]);

impl Characters {
    const FIRST: u32 = 0x4e00;

    /// The characters of a text; others than those of the range are passed over.
    const fn new(text: &str) -> Self {
        let bytes = text.as_bytes();
        let mut set = [0; 328];
        let mut at = 0;
        while at + 2 < bytes.len() {
            if bytes[at] < 0xe0 {
                at += 1;
                continue;
            }
            // All characters of the range have three bytes in UTF-8.
            let code =
                (bytes[at] as u32 & 0x0f) << 12 | (bytes[at + 1] as u32 & 0x3f) << 6 | bytes[at + 2] as u32 & 0x3f;
            let index = code - Self::FIRST;
            set[(index / 64) as usize] |= 1 << (index % 64);
            at += 3;
        }
        Self(set)
    }

    fn has(&self, character: char) -> bool {
        let index = (character as u32).wrapping_sub(Self::FIRST);
        self.0.get((index / 64) as usize).is_some_and(|bits| bits >> (index % 64) & 1 == 1)
    }
}

#[cfg(test)]
mod tests;
