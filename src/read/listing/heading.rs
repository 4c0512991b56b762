//! What a list stands under: the nearest heading above it, and whether that names news or something else.

use super::outline::Outline;

/// Headings before an entry that are looked at.
const MOST: usize = 40;
/// Bytes of the longest heading that names a list.
const LONGEST: usize = 60;

/// Words by which lists of something else than news are called.
const OTHERS: [&str; 95] = [
    "event", "events", "calendar", "diary", "popular", "most read", "most viewed", "trending", "vacancies", "vacancy",
    "jobs", "careers", "publications", "papers", "documents", "downloads", "policies", "courses", "programmes",
    "programs", "degrees", "follow us", "twitter", "social media", "instagram", "facebook", "related", "links",
    "people", "staff", "videos", "partners", "services", "veranstaltungen", "termine", "kalender", "meistgelesen",
    "stellenangebote", "stellen", "publikationen", "dokumente", "studiengänge", "événements", "agenda", "les plus lus",
    "offres d'emploi", "formations", "eventos", "más leídas", "cursos", "empleo", "documentos", "eventi", "友情链接",
    "热门文章", "点击排行", "热点排行", "相关链接", "下载中心", "comments", "kommentare", "commentaires",
    "comentarios", "commenti", "guestbook", "gästebuch", "网友评论", "最新评论", "evenementen", "evenemang",
    "arrangementer", "tapahtumat", "wydarzenia", "kalendarz", "akce", "kalendář", "podujatia", "kalendár", "događaji",
    "dogodki", "események", "evenimente", "etkinlikler", "takvim", "мероприятия", "события", "події", "заходи",
    "εκδηλώσεις", "sự kiện", "acara", "kegiatan", "กิจกรรม", "فعاليات", "행사",
];

/// Words by which lists of news are called.
#[rustfmt::skip]
const NEWS: [&str; 104] = [
    "news", "latest", "press", "announcements", "notices", "stories", "headlines", "updates", "blog",
    "aktuelles", "nachrichten", "neuigkeiten", "meldungen", "mitteilungen", "actualités", "nouvelles",
    "noticias", "notizie", "新闻", "通知", "公告", "动态", "要闻", "新聞", "ニュース", "новости", "anuncios", "avisos",
    "notícias", "novidades", "avvisi", "comunicati", "annonces", "communiqués", "nieuws", "mededelingen",
    "nyheter", "nyheder", "uutiset", "ajankohtaista", "tiedotteet", "aktualności", "ogłoszenia", "komunikaty",
    "aktuality", "novinky", "zprávy", "oznamy", "novosti", "vijesti", "obavijesti", "vesti", "novice",
    "obvestila", "hírek", "közlemények", "știri", "noutăți", "anunțuri", "haberler", "duyurular", "объявления",
    "новини", "оголошення", "новинки", "νέα", "ανακοινώσεις", "tin tức", "thông báo", "berita", "pengumuman",
    "ข่าว", "ประกาศ", "أخبار", "الأخبار", "إعلانات", "اخبار", "חדשות", "공지", "소식", "changelog", "change log",
    "release notes", "version history", "revision history", "what's new", "whats new", "neues", "nouveautés", "weblog",
    "pressemitteilungen", "pressemeldungen", "medienmitteilungen",
    "novedades", "novità", "wat is nieuw", "お知らせ", "新着情報", "更新履歴", "最新消息", "最新情報", "更新日志", "更新日誌", "變更紀錄",
];

/// Words by which pages are called that hold things rather than tell of days.
const THINGS: [&str; 43] = [
    "downloads", "documents", "policies", "courses", "programmes", "programs", "degrees", "links", "people", "staff",
    "team", "members", "partners", "services", "products", "gallery", "resources", "ressources", "télécharger",
    "dokumente", "studiengänge", "mitarbeiter", "mitglieder", "produkte", "galerie", "formations", "équipe",
    "produits", "cursos", "documentos", "descargas", "equipo", "productos", "galería", "corsi", "prodotti", "友情链接",
    "相关链接", "下载中心", "师资队伍", "产品中心", "сотрудники", "услуги",
];

/// Whether a text names things rather than news.
pub(super) fn names_things(text: &str) -> bool {
    !holds(text, &NEWS) && holds(text, &THINGS)
}

/// What a heading names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Names {
    /// News.
    News,
    /// Something else, known by its name.
    Other,
}

/// What a text names, if it is short and known. News count first: "News and events" are news.
pub(super) fn names(text: &str) -> Option<Names> {
    if holds(text, &NEWS) {
        return Some(Names::News);
    }
    holds(text, &OTHERS).then_some(Names::Other)
}

/// Whether a text is short and has one of some names in it.
pub(super) fn holds(text: &str, names: &[&str]) -> bool {
    if text.len() > LONGEST {
        return false;
    }
    let plain = format!(
        " {} ",
        text.to_lowercase()
            .split(|c: char| !c.is_alphanumeric() && c != '\'' && !matches!(c, '\u{e47}'..='\u{e4e}'))
            .filter(|word| !word.is_empty())
            .collect::<Vec<_>>()
            .join(" ")
    );
    // Chinese and Thai words stand without spaces.
    let is_apart = |c: char| c < '\u{2e80}' && !matches!(c, '\u{e00}'..='\u{e7f}');
    let holds = |word: &&str| {
        if word.contains(is_apart) { plain.contains(&format!(" {word} ")) } else { plain.contains(*word) }
    };
    names.iter().any(holds)
}

/// A heading of a page.
#[derive(Debug)]
pub(super) struct Heading {
    part: usize,
    /// The part behind its section.
    end: usize,
}

/// The heading that an element is; its section is the first that holds more than it. `outline` is complete.
pub(super) fn of(outline: &Outline<'_>, part: usize) -> Heading {
    let most = outline.words(part).len() + LONGEST;
    let section = outline.above(part).find(|above| outline.words(*above).len() > most);
    Heading { part, end: section.and_then(|section| outline.parts.get(section)).map_or(0, |section| section.end) }
}

impl Outline<'_> {
    /// The headings that may be those of a list: none of its titles. `entries` are its links in order, each with the part that
    /// holds it.
    pub(super) fn headings_of(&self, entries: &[(usize, usize)]) -> Vec<&Heading> {
        let is_title = |heading: &Heading| {
            let at = entries.partition_point(|(_, record)| *record <= heading.part);
            let record = at.checked_sub(1).and_then(|at| self.parts.get(entries.get(at)?.1));
            record.is_some_and(|record| heading.part < record.end)
        };
        self.headings.iter().filter(|heading| !is_title(heading)).collect()
    }

    /// What the heading of a part names: the nearest before it whose section holds it.
    pub(super) fn called(&self, part: usize, headings: &[&Heading]) -> Option<Names> {
        let before = headings.partition_point(|heading| heading.part < part);
        let mut nearest = headings.get(..before)?.iter().rev().take(MOST);
        nearest.find(|heading| part < heading.end).and_then(|heading| names(self.words(heading.part)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_name_what_stands_below() {
        for text in [
            "News",
            "Latest News & Events",
            "通知公告",
            "Press releases",
            "Aktuelles",
            "Haberler ve Duyurular",
            "Aktualności",
            "Tin tức - Sự kiện",
            "공지사항",
        ] {
            assert_eq!(names(text), Some(Names::News), "{text}");
        }
        for text in [
            "Events", "Upcoming events", "Most read", "Vacancies", "Our courses", "点击排行", "Offres d'emploi",
            "Sự kiện",
        ] {
            assert_eq!(names(text), Some(Names::Other), "{text}");
        }
        for text in [
            "2026",
            "Department of Physics",
            "学术讲座",
            "The jobs of the harbour are told of in a long line that is no heading of a list",
        ] {
            assert_eq!(names(text), None, "{text}");
        }
    }
}
