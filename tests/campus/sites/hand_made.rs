//! Sites that somebody made by hand, long ago.

use super::{Sketch, around_chinese, around_english};
use crate::story::{Story, Tongue};
use crate::town::{File, page};

/// A table whose days and months stand apart.
pub(super) const TABLE: Sketch = Sketch {
    id: "table",
    house: "沿海师范学校",
    tongue: Tongue::Chinese,
    page: "/news.asp",
    keys: "",
    count: 8,
    files: table,
    is_article: |path| path.starts_with("/show.asp"),
};

fn table(_: &str, stories: &[Story]) -> Vec<File> {
    const HEAD: &str = "<meta http-equiv=\"Content-Type\" content=\"text/html; charset=utf-8\">";
    let row = |story: &Story| {
        format!(
            "<tr><td width=\"60\" align=\"center\"><b>{}</b><br><font size=\"1\">{}</font></td><td><a href=\"show.asp?id={}\">{}</a></td></tr>",
            story.on("%d"),
            story.on("%Y-%m"),
            70 + story.number,
            story.title
        )
    };
    let rows: String = stories.iter().map(row).collect();
    let main = format!(
        "<table width=\"980\"><tr><td width=\"200\"><table><tr><td><a href=\"list.asp?id=1\">学校要闻</a></td></tr><tr><td><a href=\"list.asp?id=2\">通知公告</a></td></tr></table></td><td><table width=\"700\">{rows}</table></td></tr></table>"
    );
    let mut files = vec![page("/news.asp", &around_chinese(HEAD, "学校要闻", "沿海师范学校", &main))];
    for story in stories {
        let main = format!(
            "<table width=\"980\"><tr><td align=\"center\"><font size=\"5\"><b>{}</b></font></td></tr><tr><td align=\"center\">发布日期：{} 浏览次数：31</td></tr><tr><td><div id=\"zoom\">{}</div></td></tr><tr><td align=\"center\"><a href=\"javascript:window.close()\">关闭窗口</a></td></tr></table>",
            story.title,
            story.on("%Y-%-m-%-d"),
            story.body()
        );
        files.push(page(
            format!("/show.asp?id={}", 70 + story.number),
            &around_chinese(HEAD, &format!("{}-沿海师范学校", story.title), "沿海师范学校", &main),
        ));
    }
    files
}

/// Lines that breaks part, with days that have no year anywhere.
pub(super) const LINES: Sketch = Sketch {
    id: "lines",
    house: "海洋气象研究所",
    tongue: Tongue::Chinese,
    page: "/xw/list.php",
    keys: "",
    count: 8,
    files: lines,
    is_article: |path| path.starts_with("/xw/show.php"),
};

fn lines(_: &str, stories: &[Story]) -> Vec<File> {
    const HEAD: &str = "<meta charset=\"utf-8\">";
    let row = |story: &Story| {
        format!("[{}] <a href=\"show.php?id={}\">{}</a><br>\n", story.on("%m-%d"), 500 + story.number, story.title)
    };
    let rows: String = stories.iter().map(row).collect();
    let main = format!("<h2>所内新闻</h2><div style=\"line-height:28px\">{rows}</div>");
    let mut files = vec![page("/xw/list.php", &around_chinese(HEAD, "所内新闻", "海洋气象研究所", &main))];
    for story in stories {
        let main = format!(
            "<h2 align=\"center\">{}</h2><div class=\"text\">{}</div><p>上一篇：<a href=\"show.php?id=1\">台风观测网建成</a></p>",
            story.title,
            story.body()
        );
        files.push(page(
            format!("/xw/show.php?id={}", 500 + story.number),
            &around_chinese(HEAD, &story.title, "海洋气象研究所", &main),
        ));
    }
    files
}

/// A list of terms, with the day behind each.
pub(super) const DEFINITIONS: Sketch = Sketch {
    id: "definitions",
    house: "Tidewater Observatory",
    tongue: Tongue::English,
    page: "/whatsnew.html",
    keys: "",
    count: 8,
    files: definitions,
    is_article: |path| path.starts_with("/releases/"),
};

fn definitions(_: &str, stories: &[Story]) -> Vec<File> {
    let row = |story: &Story| {
        format!(
            "<dt><a href=\"releases/{}.html\">{}</a></dt><dd class=\"when\">{}</dd><dd>{}</dd>\n",
            story.number,
            story.title,
            story.on("%-d %b %Y"),
            story.paragraphs[0]
        )
    };
    let rows: String = stories.iter().map(row).collect();
    let main = format!("<h1>What is new</h1><dl>{rows}</dl>");
    let mut files = vec![page("/whatsnew.html", &around_english("", "What is new", "Tidewater Observatory", &main))];
    for story in stories {
        let main = format!(
            "<h1>{}</h1><p><i>{} - {}</i></p>{}<p><a href=\"/whatsnew.html\">Back</a></p>",
            story.title,
            story.author,
            story.on("%-d %B %Y"),
            story.body()
        );
        files.push(page(
            format!("/releases/{}.html", story.number),
            &around_english("", &story.title, "Tidewater Observatory", &main),
        ));
    }
    files
}
