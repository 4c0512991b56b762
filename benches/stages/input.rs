//! What the stages are measured with: stories of made-up universities, in every form that is read, the same at each run.

use std::fmt::Write as _;

use feedgen::document::Form;

/// Words of the stories.
const WORDS: &str = "harbour tide ferry lighthouse delegation laboratory lecture scholarship telescope archive students professor \
    conference agreement research marine station library concert exhibition engineers physicians orchard bridge museum \
    workshop semester faculty grant vaccine satellite village river dialect poetry robot enzyme glacier compiler";

/// Numbers that look like chance and are the same at each run.
struct Numbers(u64);

impl Numbers {
    /// A number below a limit.
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap_or(0) % limit
    }

    fn words(&mut self, count: usize) -> String {
        let words: Vec<&str> = WORDS.split_whitespace().collect();
        (0..count).filter_map(|_| words.get(self.below(words.len())).copied()).collect::<Vec<_>>().join(" ")
    }

    fn sentence(&mut self) -> String {
        let words = 8 + self.below(12);
        format!("The {} of {} {} in {}.", self.words(2), 1950 + self.below(70), self.words(words), self.words(1))
    }
}

/// A story: what all forms are made of.
pub(crate) struct Story {
    title: String,
    /// `2026-03-04`.
    date: String,
    paragraphs: Vec<String>,
}

/// Stories of two kilobytes each.
pub(crate) fn stories(count: usize) -> Vec<Story> {
    let mut numbers = Numbers(7);
    let mut story = |at: usize| Story {
        title: format!("Report {at} on the {}", numbers.words(5)),
        date: format!("2026-{:02}-{:02}", 1 + numbers.below(4), 1 + numbers.below(28)),
        paragraphs: (0..5).map(|_| (0..4).map(|_| numbers.sentence()).collect::<Vec<_>>().join(" ")).collect(),
    };
    (0..count).map(&mut story).collect()
}

impl Story {
    /// In one of the forms that are read.
    pub(crate) fn told(&self, form: Form) -> String {
        match form {
            Form::Text => self.text(),
            Form::Markdown => self.markdown(),
            Form::Html => self.page(),
        }
    }

    /// As plain text.
    pub(crate) fn text(&self) -> String {
        format!("{}\n\nPublished on {}\n\n{}\n", self.title, self.date, self.paragraphs.join("\n\n"))
    }

    /// As Markdown with front matter.
    pub(crate) fn markdown(&self) -> String {
        format!("---\ntitle: {}\ndate: {}\n---\n\n{}\n", self.title, self.date, self.paragraphs.join("\n\n"))
    }

    /// As a page with all that stands around a story.
    fn page(&self) -> String {
        let links = |name: &str| {
            (0..12).fold(String::new(), |mut list, at| {
                let _written = write!(list, "<li><a href=\"/{name}/{at}.htm\">{name} {at}</a></li>");
                list
            })
        };
        format!(
            "<!doctype html><html lang=en><head><title>{title} - Lakeside University</title><meta charset=utf-8></head><body>\
             <header><ul class=menu>{menu}</ul></header><main><h1>{title}</h1><p class=date>{date}</p><div class=content>{body}</div>\
             </main><aside><h2>Related</h2><ul>{related}</ul></aside><footer>Lakeside University, 1 Quay Street</footer></body></html>",
            title = self.title,
            date = self.date,
            body = self.body(),
            menu = links("menu"),
            related = links("related"),
        )
    }

    fn body(&self) -> String {
        self.paragraphs.iter().fold(String::new(), |body, paragraph| body + "<p>" + paragraph + "</p>")
    }
}

/// A feed in one of the forms that are read: `rss`, `atom`, `rdf` or `json`.
pub(crate) fn feed(form: &str, stories: &[Story]) -> String {
    let escape = |text: &str| text.replace('&', "&amp;").replace('<', "&lt;");
    let mut feed = String::new();
    for (at, story) in stories.iter().enumerate() {
        let (title, date, address) = (&story.title, &story.date, format!("https://www.lakeside.example/{at}.htm"));
        let body = escape(&story.body());
        let _written = match form {
            "rss" => write!(
                feed,
                "<item><title>{title}</title><link>{address}</link><guid>{address}</guid><pubDate>Wed, 04 Mar 2026 08:00:00 GMT</pubDate><description>{body}</description></item>"
            ),
            "atom" => write!(
                feed,
                "<entry><title>{title}</title><id>{address}</id><link href=\"{address}\"/><updated>{date}T08:00:00Z</updated><content type=\"html\">{body}</content></entry>"
            ),
            "rdf" => write!(
                feed,
                "<item rdf:about=\"{address}\"><title>{title}</title><link>{address}</link><dc:date>{date}</dc:date><description>{body}</description></item>"
            ),
            _ => write!(
                feed,
                "{}{{\"id\":\"{address}\",\"url\":\"{address}\",\"title\":\"{title}\",\"date_published\":\"{date}T08:00:00Z\",\"content_html\":\"{}\"}}",
                if at > 0 { "," } else { "" },
                story.body()
            ),
        };
    }
    match form {
        "rss" => format!(
            "<?xml version=\"1.0\"?><rss version=\"2.0\"><channel><title>Lakeside</title><link>https://www.lakeside.example/</link>{feed}</channel></rss>"
        ),
        "atom" => format!(
            "<?xml version=\"1.0\"?><feed xmlns=\"http://www.w3.org/2005/Atom\"><title>Lakeside</title><id>https://www.lakeside.example/</id>{feed}</feed>"
        ),
        "rdf" => format!(
            "<?xml version=\"1.0\"?><rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\" xmlns=\"http://purl.org/rss/1.0/\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\"><channel><title>Lakeside</title></channel>{feed}</rdf:RDF>"
        ),
        _ => format!("{{\"version\":\"https://jsonfeed.org/version/1.1\",\"title\":\"Lakeside\",\"items\":[{feed}]}}"),
    }
}

/// A page that lists stories.
pub(crate) fn list(stories: &[Story]) -> String {
    let entries = stories.iter().enumerate().fold(String::new(), |mut list, (at, story)| {
        let Story { title, date, .. } = story;
        let _written = write!(list, "<li><a href=\"/info/1042/{at}.htm\">{title}</a><span>{date}</span></li>");
        list
    });
    format!(
        "<!doctype html><html><head><title>News</title></head><body><h1>News</h1><ul class=news>{entries}</ul></body></html>"
    )
}

/// Phrases with dates, as they stand beside stories.
pub(crate) fn phrases(count: usize) -> Vec<String> {
    let mut numbers = Numbers(11);
    let mut phrase = |at: usize| {
        let (day, month) = (1 + numbers.below(28), 1 + numbers.below(12));
        match at % 6 {
            0 => format!("Published on 2026-{month:02}-{day:02} 08:30 by the press office"),
            1 => format!("发布时间：2026年{month}月{day}日　浏览次数：{at}"),
            2 => format!("{day}/{month}/2026"),
            3 => format!("Wednesday, March {day}, 2026 at 3 p.m."),
            4 => numbers.sentence(),
            _ => format!("3 days ago, in hall {day}"),
        }
    };
    (0..count).map(&mut phrase).collect()
}
