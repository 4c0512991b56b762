//! Names of people in Chinese: told from offices, and from the words that say what each of them did.

use crate::read::residue::is_page_label;

/// What people do who wrote a text, in words that stand before their names or behind.
const WRITERS: [&str; 24] = [
    "作者", "文", "文字", "撰文", "撰稿", "撰稿人", "供稿", "供稿人", "投稿", "通讯员", "通訊員", "记者", "記者",
    "文稿", "来稿", "采写", "信息员", "本报记者", "本报通讯员", "实习生", "本报实习生", "学生记者", "见习记者",
    "实习记者",
];
/// What others do.
const OTHERS: [&str; 22] = [
    "图", "图片", "拍摄", "摄", "摄影", "供图", "视频", "编辑", "责任编辑", "责编", "编审", "排版", "校对", "审核",
    "审稿", "初审", "复审", "终审", "一审", "二审", "三审", "监制",
];
/// Those who did both.
const BOTH: [&str; 4] = ["图文", "文图", "文并图", "文并摄"];
/// What names of offices end in.
const OFFICES: &str = "部处院系办室心委会社台网站所团组局馆司学校报科厅坊";
/// Offices whose names are as short as those of people.
const SHORT_OFFICES: [&str; 9] = ["单位", "党委", "团委", "工会", "校办", "院办", "本站", "本报", "本刊"];
/// The first characters of most family names.
const FAMILIES: &str = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤温常康施文牛樊葛邢安齐易乔伍庞颜倪庄聂章鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕单季裴霍涂成苗谷盛曲翁冉骆蓝路游辛靳管柴蒙鲍华喻祁蒲房滕屈饶解牟艾尤阳时穆农司卓古吉缪简车项连芦麦褚娄窦戚岑景党宫费卜冷晏席卫米柏宗瞿桂全佟应臧闵苟邬边卞姬师和仇栾隋商刁沙荣巫寇桑郎甄丛仲虞敖巩明佘池查麻苑迟邝封谈匡鞠惠荆乐冀郁胥南班储原栗燕楚鄢劳谌奚皮粟冼蔺楼盘满闻位厉伊仝区郜海阚花权强帅屠豆朴盖练廉禹井祖漆巴丰支卿国狄平计索宣晋相初门云容敬来扈晁芮都普阙浦戈伏鹿薄邸雍辜羊阿乌母裘亓修邰赫杭况那宿鲜印逯隆茹诺战慕危玉银亢嵇公哈湛宾戎勾茅利於呼居揭干但尉冶斯元束檀衣信展阴昝智幸奉植衡富尧闭由張劉陳楊黃趙吳孫馬鄭許韓馮鄧蕭葉蘇呂盧鍾譚陸賈韋鄒龍賀顧龔錢嚴湯溫龐顏莊聶魯歐關蘭寧";

/// What a word of a line is.
enum Word<'a> {
    Writes,
    DoesOther,
    DoesBoth,
    Name(&'a str),
    Office,
}

impl<'a> Word<'a> {
    fn of(text: &'a str) -> Option<Self> {
        // Whose reporter somebody is stands before the word: "晚报记者".
        let is_writer =
            WRITERS.contains(&text) || ["记者", "記者", "通讯员", "通訊員"].iter().any(|word| text.ends_with(word));
        let found = if is_writer {
            Self::Writes
        } else if BOTH.contains(&text) {
            Self::DoesBoth
        } else if OTHERS.contains(&text) || is_page_label(text) {
            Self::DoesOther
        } else if is_office(text) {
            Self::Office
        } else if is_person(text) {
            Self::Name(text)
        } else {
            return None;
        };
        Some(found)
    }
}

/// Whether a text is written in Chinese characters alone.
pub(super) fn is_chinese(text: &str) -> bool {
    let is_han = |c: char| matches!(c, '\u{3400}'..='\u{9fff}' | '\u{20000}'..='\u{3ffff}');
    text.contains(is_han) && text.chars().all(|c| is_han(c) || !c.is_alphanumeric())
}

/// Whether a text is the name of an office and of no person.
pub(super) fn is_office(text: &str) -> bool {
    let long = text.chars().count() > 2;
    SHORT_OFFICES.contains(&text) || is_chinese(text) && long && text.ends_with(|c| OFFICES.contains(c))
}

/// Whether a text has the form of a person's name: a family name, and one to three characters.
fn is_person(text: &str) -> bool {
    is_chinese(text)
        && (2..=4).contains(&text.chars().filter(|c| !matches!(c, '·' | '・')).count())
        && text.starts_with(|c| FAMILIES.contains(c))
        && text.chars().all(|c| c.is_alphabetic() || matches!(c, '·' | '・'))
}

/// The people in a value that names nobody else but offices: "张三 李四", "宣传部 张三". Names of two characters may be
/// padded to the width of three. `None`: there is more in it.
pub(super) fn people(value: &str) -> Option<Vec<String>> {
    let padded =
        |text: &str| text.split_whitespace().all(|part| part.chars().count() == 1) && text.contains([' ', '　']);
    if padded(value.trim()) {
        let joined: String = value.split_whitespace().collect();
        return is_person(&joined).then(|| vec![joined]);
    }
    let mut writes = true;
    let mut found = Vec::new();
    let is_gap = |c: char| c.is_whitespace() || matches!(c, ':' | '：');
    for word in value.split(is_gap).filter(|word| !word.is_empty()) {
        match Word::of(word)? {
            Word::Writes | Word::DoesBoth => writes = true,
            Word::DoesOther => writes = false,
            Word::Name(name) if writes => found.push(name.to_owned()),
            Word::Name(_) | Word::Office => {}
        }
    }
    Some(found)
}

/// The people who wrote a text, in a line that says nothing but who did what: "（通讯员 张三）", "文/张三 图/李四", "（张三 文 李四 图）",
/// or, in brackets, of which office they are: "（化学学院 张三）". `None`: it is no such line.
pub(super) fn signed(line: &str) -> Option<Vec<String>> {
    if line.len() > 240 || !is_chinese(line) {
        return None;
    }
    let is_mark = |c: char| c.is_whitespace() || "()（）[]【】:：/／|｜、,，;；。\u{3000}".contains(c);
    let words = line.split(is_mark).filter(|word| !word.is_empty()).map(Word::of).collect::<Option<Vec<Word<'_>>>>()?;
    let mut found: Vec<String> = Vec::new();
    let mut waiting: Vec<&str> = Vec::new();
    // Who stands behind an office in brackets, and nothing else does, wrote it for them.
    let is_bracketed = line.trim().starts_with(['(', '（']) && line.trim().ends_with([')', '）']);
    let is_for_office = is_bracketed
        && matches!(words.first(), Some(Word::Office))
        && words.iter().all(|word| matches!(word, Word::Office | Word::Name(_)));
    let (mut writes, mut said) = (is_for_office.then_some(true), is_for_office);
    // Where the names stand first, each word tells of those before it.
    let before = matches!(words.first(), Some(Word::Name(_)));
    for word in words {
        let does = match word {
            Word::Name(name) if before => {
                waiting.push(name);
                continue;
            }
            Word::Name(name) => {
                found.extend(writes.filter(|writes| *writes).map(|_| name.to_owned()));
                continue;
            }
            Word::Office => continue,
            Word::Writes | Word::DoesBoth => true,
            Word::DoesOther => false,
        };
        said = true;
        writes = Some(does);
        found.extend(waiting.drain(..).filter(|_| does).map(str::to_owned));
    }
    Some(found).filter(|found| said && !found.is_empty())
}
