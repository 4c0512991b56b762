//! The sites of the campus, each in the shape of one system, with all that surrounds its news.

use crate::story::{Story, Tongue};
use crate::town::File;

mod chinese;
mod hand_made;
mod machines;
mod systems;

/// A site.
pub(crate) struct Sketch {
    /// The id of its source.
    pub(crate) id: &'static str,
    /// Its name.
    pub(crate) house: &'static str,
    pub(crate) tongue: Tongue,
    /// The path of its page.
    pub(crate) page: &'static str,
    /// What is written of it besides.
    pub(crate) keys: &'static str,
    /// Its stories at first.
    pub(crate) count: usize,
    /// All it has, at an origin; the newest story comes first.
    pub(crate) files: fn(&str, &[Story]) -> Vec<File>,
    /// Whether an article is at a path.
    pub(crate) is_article: fn(&str) -> bool,
}

/// All sites, but those that need a browser.
pub(crate) const SITES: &[Sketch] = &[
    chinese::SITE_BUILDER,
    chinese::WEB_PLUS,
    chinese::WEB_PLUS_QUERY,
    chinese::TRS,
    systems::WORDPRESS,
    systems::WORDPRESS_SHUT,
    systems::OWN_FEED,
    systems::DRUPAL,
    systems::TYPO3,
    hand_made::TABLE,
    hand_made::LINES,
    hand_made::DEFINITIONS,
    machines::INTERFACE,
    machines::INTERFACE_TOLD,
    machines::STATE,
    machines::MICROFORMATS,
    machines::LINKED_DATA,
    machines::MAP,
];

/// What stands around articles and belongs to none.
pub(crate) const CHROME: &[&str] = &[
    "首页", "当前位置", "上一条", "下一条", "上一篇", "下一篇", "关闭窗口", "浏览次数", "点击", "版权所有", "热点新闻",
    "Skip to content", "Harbour Street", "Related news", "Share this", "Cookie", "Leave a comment", "Read more",
    "Previous post", "Quick links",
];

/// The head and the foot of a Chinese site.
fn around_chinese(head: &str, title: &str, house: &str, main: &str) -> String {
    format!(
        "<!DOCTYPE html>\n<html lang=\"zh-CN\"><head>{head}<title>{title}</title></head><body>\
         <div class=\"top\"><img src=\"/images/logo.png\" alt=\"{house}\"><ul class=\"nav\"><li><a href=\"/index.htm\">首页</a></li><li><a href=\"/xxgk.htm\">学校概况</a></li>\
         <li><a href=\"/jgsz.htm\">机构设置</a></li><li><a href=\"/rcpy.htm\">人才培养</a></li><li><a href=\"/kxyj.htm\">科学研究</a></li><li><a href=\"/hzjl.htm\">合作交流</a></li></ul></div>\
         <div class=\"main\">{main}</div>\
         <div class=\"foot\"><p>版权所有 {house} 地址：临港大道1号 邮编：000001</p><p><a href=\"/lxwm.htm\">联系我们</a> <a href=\"/wzdt.htm\">网站地图</a></p></div></body></html>"
    )
}

/// The head and the foot of an English site.
fn around_english(head: &str, title: &str, house: &str, main: &str) -> String {
    format!(
        "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">{head}<title>{title} | {house}</title></head><body>\
         <a class=\"skip\" href=\"#main\">Skip to content</a><header><a href=\"/\">{house}</a><nav><ul><li><a href=\"/study\">Study</a></li><li><a href=\"/research\">Research</a></li>\
         <li><a href=\"/about\">About us</a></li><li><a href=\"/people\">People</a></li><li><a href=\"/contact\">Contact</a></li></ul></nav></header>\
         <main id=\"main\">{main}</main>\
         <footer><h2>Quick links</h2><ul><li><a href=\"/library\">Library</a></li><li><a href=\"/jobs\">Jobs</a></li><li><a href=\"/press\">Press office</a></li></ul>\
         <p>{house}, Harbour Street 1. Cookie settings</p></footer></body></html>"
    )
}
