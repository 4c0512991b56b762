//! The query for articles of WebPlus by Sudy, a system that many Chinese universities use, where a page shows that it is there.

use url::Url;

use crate::source::Select;

/// Where articles are asked for.
const QUERY: &str = "/_wp3services/generalQuery";

/// Whether the page itself asks for its list, by a script.
pub(super) fn asks(page: &str) -> bool {
    page.split(QUERY).skip(1).any(|behind| behind.starts_with("?queryObj=articles"))
}

/// Where the articles of a page are asked for, and where their parts are. `None`: it is no page of WebPlus, or does not tell
/// its site and column.
pub(super) fn articles(page: &str, address: &Url) -> Option<(Url, Select)> {
    let asked = page.split_once(QUERY).map(|(_, behind)| behind);
    // Every page counts its visits by the same two numbers.
    let counted = page.split_once("/_visitcount?").map(|(_, behind)| behind);
    let number = |name: &str| asked.and_then(|text| number_of(text, name)).or_else(|| number_of(counted?, name));
    let (site, column) = (number("siteId")?, number("columnId")?);
    let mut url = address.join(QUERY).ok()?;
    url.query_pairs_mut()
        .append_pair("queryObj", "articles")
        .append_pair("siteId", site)
        .append_pair("columnId", column)
        .append_pair("pageIndex", "1")
        .append_pair("rows", "30")
        .append_pair("orders", r#"[{"field":"publishTime","type":"desc"}]"#)
        .append_pair(
            "returnInfos",
            r#"[{"field":"title","name":"title"},{"field":"publishTime","pattern":[{"name":"d","value":"yyyy-MM-dd HH:mm:ss"}],"name":"publishTime"},{"field":"publisher","name":"publisher"},{"field":"summary","name":"summary"},{"field":"imgPath","name":"imgPath"},{"field":"link","name":"link"}]"#,
        );
    let told = |pointer: &str| Some(pointer.to_owned());
    let select = Select {
        item: told("/data"),
        title: told("/title"),
        link: told("/url"),
        date: told("/publishTime"),
        summary: told("/summary"),
        image: told("/imgPath"),
        ..Select::default()
    };
    Some((url, select))
}

/// The number that is given to a name: `siteId: 414`, `"siteId":"414"`, `siteId=414`.
fn number_of<'t>(text: &'t str, name: &str) -> Option<&'t str> {
    text.split(name).skip(1).find_map(|behind| {
        let value = behind.trim_start_matches(|c: char| c.is_whitespace() || matches!(c, '"' | '\'' | ':' | '='));
        let end = value.find(|c: char| !c.is_ascii_digit()).unwrap_or(value.len());
        value.get(..end).filter(|digits| !digits.is_empty() && digits.len() <= 12 && value.len() < behind.len())
    })
}
