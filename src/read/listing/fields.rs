//! Which keys of an object are its title, link, date, summary, picture and text: told by their names and by their values.

use url::Url;

use super::super::Policy;
use super::super::json::Value;
use super::super::residue::width;
use super::json;
use crate::source::Select;

/// Objects of a list that are looked at.
const LOOKED_AT: usize = 40;
/// Values of one object that are looked at.
const MOST_LEAVES: usize = 200;
/// How deep in an object its fields are sought.
const DEEPEST: usize = 5;
/// Length from which on a value is the text of an article and no summary, bytes.
const LONG: usize = 300;

/// Keys whose value is what the object around stands for.
pub(super) const TELLING: [&str; 13] =
    ["rendered", "value", "text", "html", "raw", "plain", "name", "title", "url", "href", "src", "source_url", "zh"];

/// Keys in which objects tell of something else than themselves.
const OTHERS: [&str; 24] = [
    "author", "authors", "creator", "user", "publisher", "category", "categories", "tag", "tags", "term", "section",
    "image", "images", "media", "picture", "thumbnail", "cover", "avatar", "logo", "icon", "seo", "meta", "source",
    "parent",
];

/// A field of an entry, and how its keys are called.
struct Field {
    /// Names without marks, in lower case, the best first.
    names: &'static [&'static str],
    /// Ends of further names.
    ends: &'static [&'static str],
    /// What no name may hold.
    never: &'static [&'static str],
    /// Whether it may stand in an object that tells of something else.
    elsewhere: bool,
}

const TITLE: Field = Field {
    names: &["title", "headline", "subject", "name", "heading", "caption", "biaoti", "bt"],
    ends: &["title"],
    never: &["sub", "site", "seo", "meta", "category", "column", "section", "short", "page", "og"],
    elsewhere: false,
};
const LINK: Field = Field {
    names: &["url", "link", "permalink", "href", "weburl", "htmlurl", "path", "uri", "fullpath"],
    ends: &["url", "link", "href"],
    never: &[
        "img", "image", "pic", "photo", "thumb", "cover", "icon", "avatar", "logo", "api", "self", "edit", "video",
        "audio", "file", "source", "feed", "comment", "banner", "media", "preview",
    ],
    elsewhere: false,
};
const PATH: Field = Field {
    names: &["slug", "pathname", "route", "alias", "urlpath"],
    ends: &["slug", "path", "route"],
    never: LINK.never,
    elsewhere: false,
};
const DATE: Field = Field {
    names: &[
        "dategmt", "datepublished", "publishedat", "publisheddate", "publishdate", "publishtime", "publishedtime",
        "published", "pubdate", "pubtime", "releasedate", "releasetime", "date", "postdate", "posttime", "postedat",
        "displaydate", "displaytime", "issuedate", "fbsj", "fbrq", "datetime", "time", "createdat", "createtime",
        "created", "createdate", "addtime", "inputtime", "timestamp", "pub", "posted", "issued", "ts", "rq", "sj",
        "updatedat", "updatetime",
    ],
    ends: &["date", "time", "publishedat"],
    never: &["end", "expire", "start", "modif", "dead", "event", "read", "begin", "birth"],
    elsewhere: false,
};
const SUMMARY: Field = Field {
    names: &[
        "summary", "excerpt", "abstract", "description", "intro", "introduction", "digest", "teaser", "lead", "brief",
        "desc", "snippet", "zhaiyao", "zy",
    ],
    ends: &["summary", "excerpt", "description", "abstract"],
    never: &["seo", "meta", "image", "og"],
    elsewhere: false,
};
const CONTENT: Field = Field {
    names: &["content", "contenthtml", "articlebody", "body", "html", "fulltext", "contenttext", "text", "detail"],
    ends: &["content", "body"],
    never: &["type", "id", "seo", "meta"],
    elsewhere: false,
};
const IMAGE: Field = Field {
    names: &[
        "image", "imageurl", "img", "imgurl", "coverimage", "cover", "coverurl", "thumbnail", "thumbnailurl", "thumb",
        "picture", "pictureurl", "pic", "picurl", "photo", "imgpath", "coverimgpath", "featuredimage", "heroimage",
        "featuredmedia", "wpfeaturedmedia",
    ],
    ends: &["image", "imageurl", "imgurl", "picurl", "imgpath"],
    never: &["alt", "caption", "title", "author", "avatar", "logo", "icon"],
    elsewhere: true,
};

/// A key in lower case, without the marks that people put between words.
pub(super) fn plain(key: &str) -> String {
    key.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// An address that a value tells, if it is one of the web.
pub(super) fn address(written: &str, base: &Url) -> Option<Url> {
    let written = written.trim();
    let url = base.join(written).ok().filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host())?;
    (!written.is_empty() && !written.contains(char::is_whitespace) && url.username().is_empty()).then_some(url)
}

/// Adds to `select` where the fields of these objects are, and tells how much they look like news: 0, not at all; from 5
/// on, they do.
pub(super) fn complete(records: &[Value<'_>], written: &Select, base: &Url, policy: Policy) -> (Select, f32) {
    let records: Vec<Vec<(String, String)>> = records.iter().take(LOOKED_AT).map(|record| leaves(*record)).collect();
    let is_address =
        |value: &str| address(value, base).is_some_and(|url| url.path().len() > 1 || url.query().is_some());
    let is_link = |value: &str| is_address(value) && value.contains(['/', '.', '?']) && !is_picture(value);
    let is_date =
        |value: &str| value.len() <= 60 && json::when(value, "", written.date_format.as_deref(), policy).is_some();
    let is_title = |value: &str| (4..=600).contains(&width(value)) && value.chars().any(char::is_alphabetic);
    let choose = |written: &Option<String>, field: &Field, fits: &dyn Fn(&str) -> bool, distinct: bool| {
        written.clone().or_else(|| best(&records, field, fits, distinct))
    };
    // Most slugs are names without a place, but some are the path.
    let is_path = |value: &str| value.starts_with('/') && is_link(value);
    let link = choose(&written.link, &LINK, &is_link, true).or_else(|| best(&records, &PATH, &is_path, true));
    let select = Select {
        title: choose(&written.title, &TITLE, &|value| is_title(value) && !value.contains("://"), true),
        link,
        date: choose(&written.date, &DATE, &is_date, false),
        summary: choose(&written.summary, &SUMMARY, &|value| width(value) >= 10, true),
        content: choose(&written.content, &CONTENT, &|value| value.len() >= LONG, true),
        image: choose(&written.image, &IMAGE, &|value| is_address(value) && value.contains('/'), false),
        ..written.clone()
    };
    let score = score(&records, &select);
    (select, score)
}

/// How much a list looks like news: it has titles as long as headlines, addresses and dates, and more than one entry.
#[expect(clippy::cast_precision_loss, reason = "at most 40 entries and 600 columns")]
fn score(records: &[Vec<(String, String)>], select: &Select) -> f32 {
    let Some(title) = select.title.as_deref() else { return 0.0 };
    let widths: Vec<usize> = records
        .iter()
        .filter_map(|leaves| {
            leaves.iter().find(|(pointer, _)| pointer == title || pointer.starts_with(&format!("{title}/")))
        })
        .map(|(_, value)| width(value))
        .collect();
    if widths.len() * 2 < records.len() || select.link.is_none() && select.date.is_none() {
        return 0.0;
    }
    let mean = widths.iter().sum::<usize>() as f32 / widths.len().max(1) as f32;
    let fields = [(&select.link, 3.0), (&select.date, 4.0), (&select.summary, 1.0), (&select.content, 1.0)];
    let told: f32 = fields.iter().filter(|(field, _)| field.is_some()).map(|(_, weight)| weight).sum();
    (1.0 + told) * (mean / 20.0).min(1.0) * (1.0 + records.len() as f32).log2().min(5.0) / 2.0
}

/// The pointer whose name fits a field best and whose values fit in half of the objects or more.
fn best(
    records: &[Vec<(String, String)>],
    field: &Field,
    fits: &dyn Fn(&str) -> bool,
    distinct: bool,
) -> Option<String> {
    let mut ranked: Vec<(usize, &str)> = Vec::new();
    for (pointer, _) in records.iter().take(3).flatten() {
        if let Some(rank) = rank(pointer, field)
            && !ranked.iter().any(|(_, known)| known == pointer)
        {
            ranked.push((rank, pointer));
        }
    }
    ranked.sort_by_key(|(rank, _)| *rank);
    let fitting = |pointer: &str| {
        let values = records.iter().filter_map(|leaves| leaves.iter().find(|(own, _)| own == pointer));
        let values: Vec<String> = values.map(|(_, value)| value.clone()).filter(|value| fits(value)).collect();
        // A field of few entries is one for all that, but for what makes an entry.
        let enough = if distinct { values.len() * 2 >= records.len() } else { !values.is_empty() };
        enough && (!distinct || json::differ(&values))
    };
    ranked.into_iter().find(|(_, pointer)| fitting(pointer)).map(|(_, pointer)| pointer.to_owned())
}

/// How well a pointer is called what a field is called; 0 is best. Near is better than deep.
fn rank(pointer: &str, field: &Field) -> Option<usize> {
    let mut parts: Vec<String> =
        pointer.split('/').skip(1).filter(|part| part.parse::<usize>().is_err()).map(plain).collect();
    // `title/rendered` is a title, `image/url` a picture.
    while parts.len() > 1
        && parts.last().is_some_and(|last| {
            let telling = TELLING.iter().any(|telling| plain(telling) == *last);
            telling && (!field.names.contains(&last.as_str()) || field.elsewhere)
        })
    {
        parts.pop();
    }
    // The first of several things in an entry is not the entry.
    let is_number = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let of_several = pointer.rsplit('/').skip(1).any(is_number);
    let (name, around) = parts.split_last()?;
    if of_several && !field.elsewhere {
        return None;
    }
    if !field.elsewhere && around.iter().any(|part| OTHERS.contains(&part.as_str())) {
        return None;
    }
    let called = field.names.iter().position(|known| known == name);
    let ends = || field.ends.iter().any(|end| name.ends_with(end)).then_some(field.names.len());
    if field.never.iter().any(|never| name.contains(never)) && called.is_none() {
        return None;
    }
    Some(called.or_else(ends)? + around.len() * 100)
}

/// The texts and numbers in an object, each with the pointer to it; of arrays, the first element.
fn leaves(record: Value<'_>) -> Vec<(String, String)> {
    let mut leaves = Vec::new();
    let mut level = vec![(String::new(), record)];
    for _ in 0..DEEPEST {
        let mut below = Vec::new();
        for (pointer, value) in level {
            let wanted = if value.text.starts_with('[') { 1 } else { MOST_LEAVES };
            for (key, inner) in json::children(value).take(wanted) {
                if inner.text.starts_with(['{', '[']) {
                    if below.len() < MOST_LEAVES {
                        below.push((json::below(&pointer, &key), inner));
                    }
                } else if leaves.len() < MOST_LEAVES
                    && let Some(words) = json::words(inner)
                {
                    leaves.push((json::below(&pointer, &key), words));
                }
            }
        }
        level = below;
    }
    leaves
}

/// Whether an address is that of a picture, by its ending.
pub(super) fn is_picture(address: &str) -> bool {
    let path = address.split(['?', '#']).next().unwrap_or_default().to_ascii_lowercase();
    [".jpg", ".jpeg", ".png", ".gif", ".webp", ".svg", ".avif"].iter().any(|ending| path.ends_with(ending))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pointers_of_one_object_stay_small() {
        let many = (0..300).map(|at| format!("\"a{at}\": {{\"b\": 1}}")).collect::<Vec<_>>().join(",");
        let pointers = |key: &str| {
            let record = format!("{{\"{key}\": {{{many}}}}}");
            leaves(Value::first(&record).expect("an object"))
                .into_iter()
                .map(|(pointer, _)| pointer)
                .collect::<Vec<_>>()
        };
        assert_eq!(pointers("k").len(), MOST_LEAVES);
        assert_eq!(pointers("k").first().map(String::as_str), Some("/k/a0/b"));
        assert!(pointers(&"k".repeat(100_000)).is_empty());
    }
}
