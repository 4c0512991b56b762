//! Entries of a list that lead to one page: several stories, or one that is shown twice.

use super::{found, policy, site, told, url};
use crate::read::guard;
use crate::read::listing::select;
use crate::source::Select;

#[test]
fn stories_at_one_address_are_several() {
    let base = url("http://sea.example/tzgg.htm");
    let row = |href: &str, title: &str, date: &str| format!("<li><a href='{href}'>{title}</a><span>{date}</span></li>");
    let rows = [
        row("/form.htm", "关于申请潮汐实验室名额的通知", "2025-03-05"),
        row("/info/1192.htm", "关于举办第三届海浪观测学术会议的通知", "2025-03-04"),
        row("/form.htm", "关于申请海港奖学金的通知", "2025-03-04"),
        row("/form.htm", "关于申请码头宿舍的通知", "2025-03-04"),
        row("/info/1183.htm", "潮汐实验室研制的设备通过验收", "2025-02-27"),
        // The same again: pinned, cut short.
        row("/form.htm", "关于申请潮汐实验室名额…", "2025-03-05"),
        row("/form.htm", "更多", "2025-03-01"),
    ];
    let listing = found(&site(&format!("<ul class=list>{}</ul>", rows.concat())), &base);
    let dates: Vec<String> = told(&listing).into_iter().map(|(.., date)| date).collect();
    assert_eq!(dates, ["2025-03-05", "2025-03-04", "2025-03-04", "2025-03-04", "2025-02-27"]);
}

#[test]
fn what_leads_to_one_story_is_one_entry() {
    let base = url("http://sea.example/tzgg.htm");
    let titles = |rows: &str, item: &str| {
        let select = Select { item: Some(item.to_owned()), ..Select::default() };
        let listing = select::read(&guard::parse_document(rows), &base, &select, policy()).expect("a list");
        told(&listing).into_iter().map(|(title, ..)| title).collect::<Vec<_>>()
    };
    let story = "The tide laboratory of the harbour opens";
    // A picture and a teaser lead there, too; only one of the three is dated.
    let card = format!(
        "<div><a href=1><img alt='A view of the quay'></a><a href=1>{story}</a><a href=1>It opens on Monday, and the choir sings.</a> 2025-03-02</div>"
    );
    assert_eq!(titles(&card, "a"), ["A view of the quay"]);
    // A box above the list shows its first story with a shorter title.
    let boxed = format!(
        "<div><p class=n><a href=1>Tide laboratory opens</a> 2025-03-02</p></div><div><p class=n><a href=1>{story}</a> 2025-03-02</p><p class=n><a href=2>Sea walls for the next century</a> 2025-03-01</p></div>"
    );
    assert_eq!(titles(&boxed, "p.n"), ["Tide laboratory opens", "Sea walls for the next century"]);
    // One box for wide screens, one for narrow ones.
    let twice = format!(
        "<div><p><a href=1>{story}</a> 2025-03-02</p><p><a href=1>The tide laboratory</a> 2025-03-02</p></div>"
    );
    assert_eq!(titles(&twice, "p"), [story]);
}
