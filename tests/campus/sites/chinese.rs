//! The systems that most Chinese universities use.

use serde_json::json;

use super::{Sketch, around_chinese};
use crate::story::{Story, Tongue};
use crate::town::{File, page, typed};

const HOUSE: &str = "临港理工学院";

/// VSB (Visual Site Builder): pages in GBK that say so in themselves only, pages of the list that count down, items without an end, titles
/// cut short.
pub(super) const SITE_BUILDER: Sketch = Sketch {
    id: "site-builder",
    house: HOUSE,
    tongue: Tongue::Chinese,
    page: "/xwdt.htm",
    keys: "",
    count: 12,
    files: site_builder,
    is_article: |path| path.starts_with("/info/"),
};

fn gbk(path: impl Into<String>, text: &str) -> File {
    let (bytes, _, lost) = encoding_rs::GBK.encode(text);
    assert!(!lost, "not in GBK: {text}");
    typed(path, "text/html", &bytes)
}

fn site_builder(_: &str, stories: &[Story]) -> Vec<File> {
    const HEAD: &str = "<meta http-equiv=\"Content-Type\" content=\"text/html; charset=gb2312\"><META Name=\"keywords\" Content=\"临港理工学院,新闻动态\" />\
        <link href=\"/_sitegray/_sitegray_d.css\" rel=\"stylesheet\" type=\"text/css\"><!--Announced by Visual SiteBuilder 9-->\
        <script language=\"javascript\" src=\"/system/resource/js/counter.js\"></script>";
    let pages: Vec<&[Story]> = stories.chunks(5).collect();
    // The second page has the highest number but one, the last is the first.
    let place = |at: usize| if at == 0 { "/xwdt.htm".to_owned() } else { format!("/xwdt/{}.htm", pages.len() - at) };
    let mut files = Vec::new();
    for (at, part) in pages.iter().enumerate() {
        let up = if at == 0 { "" } else { "../" };
        let row = |(line, story): (usize, &Story)| {
            let Story { number, title, .. } = story;
            let short: String = if title.chars().count() > 20 {
                title.chars().take(18).chain("...".chars()).collect()
            } else {
                title.clone()
            };
            format!(
                "<li id=\"line_u9_{line}\"><span id=\"section_u9_{line}\"></span><a href=\"{up}info/1021/{}.htm\" target=\"_blank\">{short}</a><span>{}</span>\n",
                3400 + number,
                story.on("%Y年%m月%d日")
            )
        };
        let rows: String = part.iter().enumerate().map(row).collect();
        let next = if at + 1 < pages.len() {
            format!(
                "<span class=\"p_next p_fun\"><a href=\"{}\">下页</a></span><span class=\"p_last p_fun\"><a href=\"/xwdt/1.htm\">尾页</a></span>",
                place(at + 1)
            )
        } else {
            "<span class=\"p_next_d p_fun_d\">下页</span><span class=\"p_last_d p_fun_d\">尾页</span>".to_owned()
        };
        let main = format!(
            "<div class=\"pos\">当前位置: <a href=\"/index.htm\">首页</a>&gt;&gt;<a href=\"/xwdt.htm\">新闻动态</a></div><div class=\"winstyle67\"><ul>{rows}</ul>\
             <div class=\"pb_sys_common pb_sys_normal pb_sys_style1\"><span class=\"p_pages\"><span class=\"p_t\">共{}条</span>{next}</span></div></div>",
            stories.len()
        );
        files.push(gbk(place(at), &around_chinese(HEAD, "新闻动态-临港理工学院", HOUSE, &main)));
    }
    for story in stories {
        let Story { number, title, author, .. } = story;
        let main = format!(
            "<div class=\"pos\">当前位置: <a href=\"/index.htm\">首页</a>&gt;&gt;<a href=\"/xwdt.htm\">新闻动态</a>&gt;&gt;正文</div>\
             <form name=\"_newscontent_fromname\"><h1 align=\"center\">{title}</h1><div class=\"info\">时间：{}　来源：宣传部　作者：{author}　点击：[<script>_showDynClicks(\"wbnews\", 1676231333, {number})</script>]</div>\
             <div id=\"vsb_content\"><div class=\"v_news_content\">{}</div></div><div id=\"div_vote_id\"></div>\
             <p class=\"pn\">上一条：<a href=\"{}.htm\">春季运动会开幕</a></p><p class=\"pn\">下一条：<a href=\"{}.htm\">食堂菜价公示</a></p><p align=\"right\">【<a href=\"javascript:window.opener=null;window.close();\">关闭窗口</a>】</p></form>",
            story.on("%Y年%m月%d日"),
            story.body(),
            3399 + number,
            3401 + number
        );
        files.push(gbk(
            format!("/info/1021/{}.htm", 3400 + number),
            &around_chinese(HEAD, &format!("{title}-临港理工学院"), HOUSE, &main),
        ));
    }
    files
}

/// WebPlus, with its list in the page.
pub(super) const WEB_PLUS: Sketch = Sketch {
    id: "web-plus",
    house: "望海大学",
    tongue: Tongue::Chinese,
    page: "/2403/list.htm",
    keys: "",
    count: 8,
    files: web_plus,
    is_article: |path| path.ends_with("/page.htm"),
};

/// WebPlus, with a list that a script asks for.
pub(super) const WEB_PLUS_QUERY: Sketch = Sketch {
    id: "web-plus-query",
    house: "望海大学教务处",
    tongue: Tongue::Chinese,
    page: "/2403/list.htm",
    keys: "",
    count: 8,
    files: web_plus_query,
    is_article: |path| path.ends_with("/page.htm"),
};

const WEB_PLUS_HEAD: &str = "<meta charset=\"utf-8\"><link type=\"text/css\" href=\"/_css/_system/system.css\" rel=\"stylesheet\"/>\
    <link rel=\"stylesheet\" href=\"/_upload/tpl/01/10/272/template272/style.css\"/><script type=\"text/javascript\" src=\"/_js/jquery.min.js\" sudy-wp-context=\"\" sudy-wp-siteId=\"100\"></script>";

fn web_plus_place(story: &Story) -> String {
    format!("/{}/c2403a{}/page.htm", story.on("%Y/%m%d"), 31_200 + story.number)
}

fn web_plus(_: &str, stories: &[Story]) -> Vec<File> {
    let pages: Vec<&[Story]> = stories.chunks(6).collect();
    let place = |at: usize| if at == 0 { "/2403/list.htm".to_owned() } else { format!("/2403/list{}.htm", at + 1) };
    let mut files: Vec<File> = stories.iter().map(web_plus_article).collect();
    for (at, part) in pages.iter().enumerate() {
        let row = |(line, story): (usize, &Story)| {
            format!(
                "<li class=\"news n{} clearfix\"><span class=\"news_title\"><a href='{}' target='_blank' title='{}'>{}</a></span><span class=\"news_meta\">{}</span></li>",
                line + 1,
                web_plus_place(story),
                story.title,
                story.title,
                story.on("%Y-%m-%d")
            )
        };
        let rows: String = part.iter().enumerate().map(row).collect();
        let next = if at + 1 < pages.len() { place(at + 1) } else { "javascript:void(0);".to_owned() };
        let main = format!(
            "<div class=\"col_menu\"><ul class=\"wp_listcolumn\"><li class=\"wp_column column-1\"><a href=\"/2403/list.htm\">新闻动态</a></li><li class=\"wp_column column-2\"><a href=\"/2404/list.htm\">通知公告</a></li></ul></div>\
             <div class=\"col_news\" frag=\"窗口6\" portletmode=\"simpleList\"><div id=\"wp_news_w6\"><ul class=\"news_list list2\">{rows}</ul></div>\
             <div id=\"wp_paging_w6\"><ul class=\"wp_paging clearfix\"><li class=\"pages_count\"><span class=\"per_page\">每页&nbsp;<em class=\"per_count\">6</em>&nbsp;记录&nbsp;</span></li><li class=\"page_nav\">\
             <a class=\"first\" href=\"javascript:void(0);\" target=\"_self\"><span>第一页</span></a><a class=\"next\" href=\"{next}\" target=\"_self\"><span>下一页&gt;&gt;</span></a></li></ul></div></div>"
        );
        files.push(page(place(at), &around_chinese(WEB_PLUS_HEAD, "新闻动态", "望海大学", &main)));
    }
    files
}

fn web_plus_article(story: &Story) -> File {
    let Story { number, title, author, .. } = story;
    let main = format!(
        "<div class=\"infobox\"><div class=\"article\" frag=\"窗口3\" portletmode=\"simpleArticleAttri\"><h1 class=\"arti_title\">{title}</h1>\
         <p class=\"arti_metas\"><span class=\"arti_publisher\">发布者：{author}</span><span class=\"arti_update\">发布时间：{}</span><span class=\"arti_views\">浏览次数：<span class=\"WP_VisitCount\" url=\"/_visitcountdisplay?siteId=100&type=3&articleId={number}\">10</span></span></p>\
         <div class=\"entry\"><div class=\"read\"><div class='wp_articlecontent'>{}</div></div></div></div></div>",
        story.on("%Y-%m-%d"),
        story.body()
    );
    page(web_plus_place(story), &around_chinese(WEB_PLUS_HEAD, title, "望海大学", &main))
}

fn web_plus_query(_: &str, stories: &[Story]) -> Vec<File> {
    let mut files: Vec<File> = stories.iter().map(web_plus_article).collect();
    let main = "<div class=\"col_news\"><h2>教务新闻</h2><ul class=\"news_list\" id=\"list\"></ul><div id=\"pager\"></div></div><script>$.ajax({url: '/_wp3services/generalQuery?queryObj=articles', type: 'POST',\
                data: {siteId: 100, columnId: '2403', pageIndex: 1, rows: 14}, success: function (result) { show(result.data); }});</script>";
    files.push(page("/2403/list.htm", &around_chinese(WEB_PLUS_HEAD, "教务新闻", "望海大学", main)));
    let row = |story: &Story| json!({"id": story.number, "title": story.title, "publishTime": story.on("%Y-%m-%d %H:%M:00"), "url": web_plus_place(story), "publisher": story.author, "summary": "", "imgPath": ""});
    let rows: Vec<_> = stories.iter().map(row).collect();
    let told = json!({"result": true, "total": rows.len(), "pageIndex": 1, "data": rows}).to_string();
    files.push(typed("/_wp3services/generalQuery", "application/json;charset=utf-8", told.as_bytes()));
    files
}

/// TRS: days without a year, pages that only a script leads to.
pub(super) const TRS: Sketch = Sketch {
    id: "trs",
    house: "远洋科学院",
    tongue: Tongue::Chinese,
    page: "/xwzx/zhxw/",
    keys: "",
    count: 7,
    files: trs,
    is_article: |path| path.contains("/t20"),
};

fn trs(_: &str, stories: &[Story]) -> Vec<File> {
    let place =
        |story: &Story| format!("{}/t{}_{}.html", story.on("%Y%m"), story.on("%Y%m%d"), 8_228_200 + story.number);
    let row = |story: &Story| {
        let short: String = story.title.chars().take(14).collect();
        format!(
            "<li><span>{}</span><a href=\"./{}\" title=\"{}\">{short}…</a></li>",
            story.on("%m-%d"),
            place(story),
            story.title
        )
    };
    let rows: String = stories.iter().map(row).collect();
    let head = "<meta charset=\"utf-8\"><meta name=\"ColumnName\" content=\"综合新闻\">";
    let main = format!(
        "<div class=\"path\">当前位置：<a href=\"../../\">首页</a> &gt; <a href=\"../\">新闻中心</a></div><ul class=\"gl_list1\">{rows}</ul><div class=\"page\"><script>createPageHTML(3, 0, \"index\", \"html\");</script></div>"
    );
    let mut files = vec![page("/xwzx/zhxw/", &around_chinese(head, "综合新闻--远洋科学院", "远洋科学院", &main))];
    for story in stories {
        let Story { title, author, .. } = story;
        let head = format!(
            "<meta charset=\"utf-8\"><meta name=\"ArticleTitle\" content=\"{title}\"><meta name=\"PubDate\" content=\"{}\"><meta name=\"ContentSource\" content=\"办公室\">",
            story.on("%Y-%m-%d %H:%M")
        );
        let main = format!(
            "<div class=\"path\">当前位置：<a href=\"../../../\">首页</a> &gt; 正文</div><h2 class=\"xl_title\">{title}</h2><div class=\"xl_info\">来源：办公室　作者：{author}　日期：{}　【字号：<a href=\"#\">大</a> <a href=\"#\">中</a> <a href=\"#\">小</a>】</div>\
             <div class=\"xl_content\"><div class=\"TRS_Editor\"><style type=\"text/css\">.TRS_Editor P{{line-height:2}}</style>{}</div></div><div class=\"hot\"><h3>热点新闻</h3><ul><li><a href=\"./t20260101_1.html\">海图数据库上线</a></li><li><a href=\"./t20260102_2.html\">科考船返航</a></li></ul></div>",
            story.on("%Y-%m-%d"),
            story.body()
        );
        files.push(page(
            format!("/xwzx/zhxw/{}", place(story)),
            &around_chinese(&head, &format!("{title}--远洋科学院"), "远洋科学院", &main),
        ));
    }
    files
}
