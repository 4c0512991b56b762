//! Sites that tell their news to machines.

use chrono::TimeDelta;
use serde_json::json;

use super::{Sketch, around_english};
use crate::story::{Story, Tongue};
use crate::town::{File, page, typed};

fn place(story: &Story) -> String {
    format!("/news/{}", story.slug())
}

fn article(house: &str, head: &str, story: &Story) -> File {
    let main = format!(
        "<article><h1>{}</h1><p class=\"meta\">{} · {}</p><div class=\"prose\">{}</div></article><aside><h2>Related news</h2><ul><li><a href=\"/news/x\">A bell for the buoy</a></li><li><a href=\"/news/y\">The pier in winter</a></li></ul></aside>",
        story.title,
        story.author,
        story.on("%-d %B %Y"),
        story.body()
    );
    page(place(story), &around_english(head, &story.title, house, &main))
}

fn articles(house: &str, stories: &[Story]) -> Vec<File> {
    stories.iter().map(|story| article(house, "", story)).collect()
}

/// JSON as the page, of which nothing is told.
pub(super) const INTERFACE: Sketch = Sketch {
    id: "interface",
    house: "Marine Faculty",
    tongue: Tongue::English,
    page: "/api/news?page=1",
    keys: "",
    count: 7,
    files: interface,
    is_article: |path| path.starts_with("/news/"),
};

/// The same, with pointers to what cannot be guessed.
pub(super) const INTERFACE_TOLD: Sketch = Sketch {
    id: "interface-told",
    house: "Faculty of Rope",
    tongue: Tongue::English,
    page: "/api/news?page=1",
    keys: "[source.select]\nitem = \"/data/items\"\ntitle = \"/h\"\nlink = \"/u\"\ndate = \"/d\"\n",
    count: 7,
    files: interface_told,
    is_article: |path| path.starts_with("/news/"),
};

fn interface(_: &str, stories: &[Story]) -> Vec<File> {
    let mut files = articles("Marine Faculty", stories);
    let row = |story: &Story| {
        let time = (story.time() + TimeDelta::hours(5)).and_utc().timestamp_millis();
        json!({"id": story.number, "title": story.title, "url": place(story), "publishedAt": time, "category": {"id": 4, "name": "News"}, "views": 7 * story.number})
    };
    let rows: Vec<_> = stories.iter().map(row).collect();
    let told = json!({"code": 0, "message": "ok", "data": {"total": rows.len(), "items": rows, "menu": [{"title": "Study", "url": "/study"}, {"title": "About", "url": "/about"}]}});
    files.push(typed("/api/news", "application/json", told.to_string().as_bytes()));
    files
}

fn interface_told(_: &str, stories: &[Story]) -> Vec<File> {
    let mut files = articles("Faculty of Rope", stories);
    let row = |story: &Story| json!({"h": story.title, "u": place(story), "d": story.on("%Y%m%d")});
    let rows: Vec<_> = stories.iter().map(row).collect();
    files.push(typed("/api/news", "application/json", json!({"data": {"items": rows}}).to_string().as_bytes()));
    files
}

/// A page that scripts fill with what it brings along.
pub(super) const STATE: Sketch = Sketch {
    id: "state",
    house: "Institute of Currents",
    tongue: Tongue::English,
    page: "/newsroom",
    keys: "",
    count: 7,
    files: state,
    is_article: |path| path.starts_with("/news/"),
};

fn state(_: &str, stories: &[Story]) -> Vec<File> {
    let mut files = articles("Institute of Currents", stories);
    let row = |story: &Story| json!({"id": format!("n{}", story.number), "title": story.title, "url": place(story), "publishedAt": story.on("%Y-%m-%dT%H:%M:00+08:00"), "teaser": story.paragraphs[0]});
    let rows: Vec<_> = stories.iter().map(row).collect();
    let told = json!({"props": {"pageProps": {"locale": "en", "menu": [{"label": "Study", "href": "/study"}], "articles": rows}}, "page": "/newsroom", "buildId": "k3x"});
    let shell = format!(
        "<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>Newsroom</title><script src=\"/_next/static/chunks/main.js\" defer></script></head><body><div id=\"__next\"></div><script id=\"__NEXT_DATA__\" type=\"application/json\">{told}</script></body></html>"
    );
    files.push(page("/newsroom", &shell));
    files
}

/// Nothing but microformats.
pub(super) const MICROFORMATS: Sketch = Sketch {
    id: "microformats",
    house: "Rope and Sail Society",
    tongue: Tongue::English,
    page: "/notes/",
    keys: "",
    count: 6,
    files: microformats,
    is_article: |path| path.starts_with("/news/"),
};

fn microformats(_: &str, stories: &[Story]) -> Vec<File> {
    let mut files = articles("Rope and Sail Society", stories);
    let row = |story: &Story| {
        format!(
            "<div class=\"h-entry\"><a class=\"u-url p-name\" href=\"{}\">{}</a> <span class=\"p-author h-card\">{}</span> <time class=\"dt-published\" datetime=\"{}\">{}</time></div>",
            place(story),
            story.title,
            story.author,
            story.on("%Y-%m-%dT%H:%M:00+08:00"),
            story.on("%-d %B")
        )
    };
    let rows: String = stories.iter().map(row).collect();
    files.push(page(
        "/notes/",
        &around_english("", "Notes", "Rope and Sail Society", &format!("<div class=\"h-feed\">{rows}</div>")),
    ));
    files
}

/// A list in JSON-LD, beside cards that tell no date.
pub(super) const LINKED_DATA: Sketch = Sketch {
    id: "linked-data",
    house: "Gull Research Centre",
    tongue: Tongue::English,
    page: "/news",
    keys: "",
    count: 7,
    files: linked_data,
    is_article: |path| path.starts_with("/news/"),
};

fn linked_data(base: &str, stories: &[Story]) -> Vec<File> {
    let mut files = articles("Gull Research Centre", stories);
    let row = |(at, story): (usize, &Story)| {
        json!({"@type": "ListItem", "position": at + 1, "item": {"@type": "NewsArticle", "headline": story.title, "url": format!("{base}{}", place(story)),
            "datePublished": story.on("%Y-%m-%dT%H:%M:00+08:00"), "author": {"@type": "Person", "name": story.author}}})
    };
    let rows: Vec<_> = stories.iter().enumerate().map(row).collect();
    let told = json!({"@context": "https://schema.org", "@graph": [{"@type": "WebSite", "name": "Gull Research Centre"}, {"@type": "ItemList", "itemListElement": rows}]});
    let head = format!("<script type=\"application/ld+json\">{told}</script>");
    let card =
        |story: &Story| format!("<div class=\"card\"><a href=\"{}\"><h3>{}</h3></a></div>", place(story), story.title);
    let cards: String = stories.iter().map(card).collect();
    files.push(page(
        "/news",
        &around_english(&head, "News", "Gull Research Centre", &format!("<div class=\"cards\">{cards}</div>")),
    ));
    files
}

/// A page without a list, and a map of the site.
pub(super) const MAP: Sketch = Sketch {
    id: "map",
    house: "Shoal Academy",
    tongue: Tongue::English,
    page: "/news/",
    keys: "",
    count: 6,
    files: map,
    is_article: |path| path.starts_with("/news/") && path.len() > 6,
};

fn map(base: &str, stories: &[Story]) -> Vec<File> {
    let mut files = articles("Shoal Academy", stories);
    let main = "<h1>News</h1><p>Choose a year and a subject, and the newsroom shows what has been written about it.</p><form><select name=\"year\"><option>2026</option></select></form><div id=\"results\"></div>";
    files.push(page("/news/", &around_english("", "News", "Shoal Academy", main)));
    let row = |story: &Story| {
        format!("<url><loc>{base}{}</loc><lastmod>{}</lastmod></url>", place(story), story.on("%Y-%m-%d"))
    };
    let rows: String = stories.iter().map(row).collect();
    let index = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><sitemapindex xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\"><sitemap><loc>{base}/pages.xml</loc></sitemap><sitemap><loc>{base}/news.xml</loc></sitemap></sitemapindex>"
    );
    let map = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\"><url><loc>{base}/</loc></url><url><loc>{base}/about</loc></url>{rows}</urlset>"
    );
    files.push(typed("/sitemap.xml", "application/xml", index.as_bytes()));
    files.push(typed("/news.xml", "application/xml", map.as_bytes()));
    files
}
