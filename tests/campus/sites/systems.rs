//! Systems that are used all over the world.

use chrono::TimeDelta;
use serde_json::json;

use super::{Sketch, around_english};
use crate::story::{Story, Tongue};
use crate::town::{File, page, status, typed};

/// WordPress, whose interface tells the whole text. Times are of Greenwich: in the zone of the site it is the day after.
pub(super) const WORDPRESS: Sketch = Sketch {
    id: "wordpress",
    house: "Quay College",
    tongue: Tongue::English,
    page: "/news/",
    keys: "",
    count: 8,
    files: wordpress,
    is_article: |path| path.starts_with("/20"),
};

fn slug_place(story: &Story) -> String {
    format!("/{}/{}/", story.on("%Y/%m"), story.slug())
}

fn wordpress_cards(base: &str, stories: &[Story]) -> String {
    let card = |story: &Story| {
        let (place, title) = (slug_place(story), &story.title);
        format!(
            "<article id=\"post-{number}\" class=\"post-{number} post type-post status-publish format-standard hentry category-news\"><header class=\"entry-header\">\
             <h2 class=\"entry-title\"><a href=\"{base}{place}\" rel=\"bookmark\">{title}</a></h2><div class=\"entry-meta\"><time class=\"entry-date published\" datetime=\"{}\">{}</time>\
             <span class=\"byline\"> by <span class=\"author vcard\"><a class=\"url fn n\" href=\"{base}/author/{number}/\">{}</a></span></span></div></header>\
             <div class=\"entry-summary\"><p>{} &hellip; <a href=\"{base}{place}\" class=\"more-link\">Read more</a></p></div></article>",
            story.on("%Y-%m-%dT%H:%M:00+08:00"),
            story.on("%B %-d, %Y"),
            story.author,
            story.paragraphs[0].chars().take(60).collect::<String>(),
            number = story.number + 100
        )
    };
    stories.iter().map(card).collect()
}

fn wordpress_article(base: &str, head: &str, house: &str, story: &Story) -> File {
    let Story { title, author, .. } = story;
    let main = format!(
        "<article class=\"post hentry\"><header class=\"entry-header\"><h1 class=\"entry-title\">{title}</h1><div class=\"entry-meta\"><time class=\"entry-date published\" datetime=\"{}\">{}</time>\
         <span class=\"byline\"> by <a class=\"url fn n\" href=\"{base}/author/1/\">{author}</a></span></div></header><div class=\"entry-content\">{}<div class=\"sharedaddy\"><h3>Share this</h3><ul><li><a href=\"https://social.example/\">Social</a></li></ul></div></div>\
         </article><nav class=\"post-navigation\"><a href=\"{base}/a/\">Previous post</a></nav><section id=\"comments\"><h2>Leave a comment</h2><form><textarea></textarea></form></section>",
        story.on("%Y-%m-%dT%H:%M:00+08:00"),
        story.on("%B %-d, %Y"),
        story.body()
    );
    page(slug_place(story), &around_english(head, title, house, &main))
}

fn wordpress(base: &str, stories: &[Story]) -> Vec<File> {
    let head = format!(
        "<link rel=\"https://api.w.org/\" href=\"{base}/wp-json/\" /><link rel=\"stylesheet\" href=\"{base}/wp-content/themes/quay/style.css\">"
    );
    let mut files: Vec<File> =
        stories.iter().map(|story| wordpress_article(base, &head, "Quay College", story)).collect();
    files.push(page(
        "/news/",
        &around_english(&head, "News", "Quay College", &format!("<h1>News</h1>{}", wordpress_cards(base, stories))),
    ));
    let post = |story: &Story| {
        let night = story.time() - TimeDelta::hours(8);
        json!({
            "id": story.number + 100, "date": night.format("%Y-%m-%dT%H:%M:%S").to_string(), "date_gmt": (night - TimeDelta::hours(8)).format("%Y-%m-%dT%H:%M:%S").to_string(),
            "link": format!("{base}{}", slug_place(story)), "title": {"rendered": story.title},
            "content": {"rendered": story.body(), "protected": false}, "excerpt": {"rendered": format!("<p>{}</p>", story.paragraphs[0])},
            "_embedded": {"author": [{"name": story.author}]}
        })
    };
    let posts: Vec<_> = stories.iter().map(post).collect();
    files.push(typed("/wp-json/wp/v2/posts", "application/json; charset=UTF-8", json!(posts).to_string().as_bytes()));
    files
}

/// WordPress, whose interface and feed are shut, with more than one page.
pub(super) const WORDPRESS_SHUT: Sketch = Sketch {
    id: "wordpress-shut",
    house: "Lantern University",
    tongue: Tongue::English,
    page: "/news/",
    keys: "",
    count: 9,
    files: wordpress_shut,
    is_article: |path| path.starts_with("/20"),
};

fn wordpress_shut(base: &str, stories: &[Story]) -> Vec<File> {
    let head = format!(
        "<link rel=\"https://api.w.org/\" href=\"{base}/wp-json/\" /><link rel=\"alternate\" type=\"application/rss+xml\" title=\"Feed\" href=\"{base}/feed/\" />"
    );
    let mut files: Vec<File> =
        stories.iter().map(|story| wordpress_article(base, &head, "Lantern University", story)).collect();
    files.push(status("/wp-json/wp/v2/posts", "401 Unauthorized"));
    files.push(status("/feed/", "403 Forbidden"));
    let pages: Vec<&[Story]> = stories.chunks(5).collect();
    for (at, part) in pages.iter().enumerate() {
        let next = if at + 1 < pages.len() {
            format!(
                "<nav class=\"navigation pagination\"><span class=\"page-numbers current\">{}</span><a class=\"next page-numbers\" href=\"{base}/news/page/{}/\">Older posts</a></nav>",
                at + 1,
                at + 2
            )
        } else {
            String::new()
        };
        let place = if at == 0 { "/news/".to_owned() } else { format!("/news/page/{}/", at + 1) };
        let main = format!("<h1>News</h1>{}{next}", wordpress_cards(base, part));
        files.push(page(place, &around_english(&head, "News", "Lantern University", &main)));
    }
    files
}

/// A page with a feed of its own, and one of comments.
pub(super) const OWN_FEED: Sketch = Sketch {
    id: "own-feed",
    house: "Beacon Institute",
    tongue: Tongue::English,
    page: "/news",
    keys: "",
    count: 6,
    files: own_feed,
    is_article: |path| path.starts_with("/20"),
};

fn own_feed(base: &str, stories: &[Story]) -> Vec<File> {
    let head = "<link rel=\"alternate\" type=\"application/rss+xml\" title=\"Comments\" href=\"/comments/feed\"><link rel=\"alternate\" type=\"application/rss+xml\" title=\"News\" href=\"/news.rss\">";
    let mut files: Vec<File> =
        stories.iter().map(|story| wordpress_article(base, head, "Beacon Institute", story)).collect();
    let row = |story: &Story| {
        format!("<li><a href=\"{}\">{}</a> {}</li>", slug_place(story), story.title, story.on("%d/%m/%Y"))
    };
    let rows: String = stories.iter().map(row).collect();
    files.push(page(
        "/news",
        &around_english(head, "News", "Beacon Institute", &format!("<h1>News</h1><ul class=\"news\">{rows}</ul>")),
    ));
    let entry = |story: &Story| {
        format!(
            "<item><title>{}</title><link>{base}{}</link><guid>{base}/?p={}</guid><pubDate>{} +0800</pubDate><description>{}</description></item>",
            story.title,
            slug_place(story),
            story.number,
            story.on("%a, %d %b %Y %H:%M:00"),
            story.paragraphs[0]
        )
    };
    let entries: String = stories.iter().map(entry).collect();
    let feed = format!(
        "<?xml version=\"1.0\"?><rss version=\"2.0\"><channel><title>Beacon Institute</title><link>{base}/</link><description>News</description>{entries}</channel></rss>"
    );
    files.push(typed("/news.rss", "application/rss+xml", feed.as_bytes()));
    let comments = format!(
        "<?xml version=\"1.0\"?><rss version=\"2.0\"><channel><title>Comments</title><link>{base}/</link><item><title>By Tom on tides</title><link>{base}/c/1</link></item></channel></rss>"
    );
    files.push(typed("/comments/feed", "application/rss+xml", comments.as_bytes()));
    files
}

/// Views of Drupal, with pages.
pub(super) const DRUPAL: Sketch = Sketch {
    id: "drupal",
    house: "School of Navigation",
    tongue: Tongue::English,
    page: "/news",
    keys: "",
    count: 9,
    files: drupal,
    is_article: |path| path.starts_with("/news/"),
};

fn drupal(_: &str, stories: &[Story]) -> Vec<File> {
    const HEAD: &str = "<meta name=\"Generator\" content=\"Drupal 10 (https://www.drupal.org)\" />";
    let pages: Vec<&[Story]> = stories.chunks(5).collect();
    let mut files = Vec::new();
    for (at, part) in pages.iter().enumerate() {
        let row = |story: &Story| {
            format!(
                "<div class=\"views-row\"><div class=\"views-field views-field-field-image\"><div class=\"field-content\"><a href=\"/news/{slug}\"><img src=\"/sites/default/files/{}.jpg\" alt=\"\" width=\"220\" height=\"140\"></a></div></div>\
                 <div class=\"views-field views-field-title\"><span class=\"field-content\"><a href=\"/news/{slug}\" hreflang=\"en\">{}</a></span></div>\
                 <div class=\"views-field views-field-created\"><span class=\"field-content\"><time datetime=\"{}\" class=\"datetime\">{}</time></span></div>\
                 <div class=\"views-field views-field-body\"><div class=\"field-content\">{}</div></div></div>",
                story.number,
                story.title,
                (story.time() - TimeDelta::hours(8)).format("%Y-%m-%dT%H:%M:00Z"),
                story.on("%-d %B %Y"),
                story.paragraphs[0],
                slug = story.slug()
            )
        };
        let rows: String = part.iter().map(row).collect();
        let next = if at + 1 < pages.len() {
            format!(
                "<nav class=\"pager\" role=\"navigation\"><ul class=\"pager__items js-pager__items\"><li class=\"pager__item pager__item--next\"><a href=\"?page={}\" title=\"Go to next page\" rel=\"next\"><span>Next ›</span></a></li></ul></nav>",
                at + 1
            )
        } else {
            String::new()
        };
        let main = format!(
            "<h1 class=\"page-title\">News</h1><div class=\"views-element-container\"><div class=\"view view-news view-id-news view-display-id-page_1\"><div class=\"view-content\">{rows}</div>{next}</div></div>"
        );
        let place = if at == 0 { "/news".to_owned() } else { format!("/news?page={at}") };
        files.push(page(place, &around_english(HEAD, "News", "School of Navigation", &main)));
    }
    for story in stories {
        let main = format!(
            "<article class=\"node node--type-news node--view-mode-full\"><h1 class=\"page-title\"><span>{}</span></h1><div class=\"node__submitted\">By {} on {}</div><div class=\"node__content\"><div class=\"field field--name-body field--type-text-with-summary\">{}</div></div></article>\
             <aside><h2>Related news</h2><div class=\"view view-related\"><div class=\"views-row\"><a href=\"/news/a\">The tide gauge of the year</a></div><div class=\"views-row\"><a href=\"/news/b\">A map for every island</a></div></div></aside>",
            story.title,
            story.author,
            story.on("%-d %B %Y"),
            story.body()
        );
        files.push(page(
            format!("/news/{}", story.slug()),
            &around_english(HEAD, &story.title, "School of Navigation", &main),
        ));
    }
    files
}

/// The news of TYPO3.
pub(super) const TYPO3: Sketch = Sketch {
    id: "typo3",
    house: "Hafen Hochschule",
    tongue: Tongue::English,
    page: "/aktuelles",
    keys: "",
    count: 7,
    files: typo3,
    is_article: |path| path.starts_with("/aktuelles/detail/"),
};

fn typo3(_: &str, stories: &[Story]) -> Vec<File> {
    const HEAD: &str = "<meta name=\"generator\" content=\"TYPO3 CMS\">";
    let row = |story: &Story| {
        format!(
            "<div class=\"article articletype-0\" itemscope=\"itemscope\" itemtype=\"http://schema.org/Article\"><div class=\"header\"><h3><a title=\"{title}\" href=\"/aktuelles/detail/{slug}\"><span itemprop=\"headline\">{title}</span></a></h3></div>\
             <div class=\"teaser-text\"><div itemprop=\"description\"><p>{}</p></div><a class=\"more\" title=\"{title}\" href=\"/aktuelles/detail/{slug}\">Read more</a></div>\
             <div class=\"footer\"><p><span class=\"news-list-date\"><time itemprop=\"datePublished\" datetime=\"{}\">{}</time></span></p></div></div>",
            story.paragraphs[0],
            story.on("%Y-%m-%d"),
            story.on("%d.%m.%Y"),
            title = story.title,
            slug = story.slug()
        )
    };
    let rows: String = stories.iter().map(row).collect();
    let main = format!(
        "<h1>News</h1><div class=\"news\"><div class=\"news-list-view\" id=\"news-container-12\">{rows}</div></div>"
    );
    let mut files = vec![page("/aktuelles", &around_english(HEAD, "News", "Hafen Hochschule", &main))];
    for story in stories {
        let main = format!(
            "<div class=\"news news-single\"><div class=\"article\" itemscope=\"itemscope\" itemtype=\"http://schema.org/Article\"><div class=\"header\"><h1 itemprop=\"headline\">{}</h1></div>\
             <div class=\"footer\"><p><span class=\"news-list-date\"><time itemprop=\"datePublished\" datetime=\"{}\">{}</time></span></p></div><div class=\"teaser-text\" itemprop=\"description\"></div>\
             <div class=\"news-text-wrap\" itemprop=\"articleBody\">{}</div><div class=\"news-backlink-wrap\"><a href=\"/aktuelles\">Back</a></div></div></div>",
            story.title,
            story.on("%Y-%m-%d"),
            story.on("%d.%m.%Y"),
            story.body()
        );
        files.push(page(
            format!("/aktuelles/detail/{}", story.slug()),
            &around_english(HEAD, &story.title, "Hafen Hochschule", &main),
        ));
    }
    files
}
