//! The REST interface of WordPress (developer.wordpress.org, "REST API Handbook", Posts), where a page shows that it is there.

use scraper::Html;
use url::Url;

use super::select;
use crate::source::Select;

/// Posts that are asked for at once.
const AT_ONCE: &str = "20";

/// Where the posts of a page are asked for, and where their parts are. Of the page of a category, a label or an author, those
/// are asked for that belong there. `None`: it is no page of WordPress, or one of a single post.
pub(super) fn posts(page: &Html, address: &Url) -> Option<(Url, Select)> {
    let mut url = root(page, address)?;
    let own = own_place(page).unwrap_or_default();
    let (kind, number) = own.split_once('/').unwrap_or(("pages", ""));
    if matches!(kind, "posts" | "media") {
        return None;
    }
    add_path(&mut url, "wp/v2/posts");
    let mut query = url.query_pairs_mut();
    if kind != "pages" {
        query.append_pair(if kind == "users" { "author" } else { kind }, number);
    }
    query.append_pair("per_page", AT_ONCE).append_pair("page", "1");
    query.append_pair("_embed", "author,wp:featuredmedia,wp:term");
    drop(query);
    let told = |pointer: &str| Some(pointer.to_owned());
    let select = Select {
        item: told("/"),
        title: told("/title/rendered"),
        link: told("/link"),
        date: told("/date_gmt"),
        summary: told("/excerpt/rendered"),
        content: told("/content/rendered"),
        image: told("/_embedded/wp:featuredmedia/0/source_url"),
        ..Select::default()
    };
    Some((url, select))
}

/// Where the interface begins: as the page says by `<link rel="https://api.w.org/">`, else beside `wp-content`.
fn root(page: &Html, address: &Url) -> Option<Url> {
    let base = select::base_of(page, address);
    let mut beside = None;
    for element in page.root_element().descendent_elements() {
        let (name, element) = (element.value().name(), element.value());
        if name == "link" && element.attr("rel") == Some("https://api.w.org/") {
            return base.join(element.attr("href")?).ok().filter(|url| url.host() == address.host());
        }
        if beside.is_none() {
            let place = element.attr("src").or(element.attr("href")).and_then(|place| base.join(place).ok());
            let place = place.filter(|url| url.host() == address.host());
            beside = place.and_then(|url| url.join(url.path().split_once("wp-content/")?.0).ok());
        }
    }
    let mut root = beside?;
    add_path(&mut root, "wp-json/");
    Some(root)
}

/// What of the interface shows the same as the page: `categories/5`, `pages/12`.
fn own_place(page: &Html) -> Option<String> {
    let mut links = page.root_element().descendent_elements().filter(|element| element.value().name() == "link");
    links.find_map(|link| {
        let is_json = link.attr("rel") == Some("alternate") && link.attr("type") == Some("application/json");
        let place = link.attr("href").filter(|_| is_json)?;
        let (_, behind) = place.split_once("wp/v2/").or_else(|| place.split_once("wp%2Fv2%2F"))?;
        let behind = behind.replace("%2F", "/");
        let (kind, number) = behind.split_once('/')?;
        let fits = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
        fits.then(|| format!("{kind}/{number}"))
    })
}

/// Goes down a path, which stands in a parameter where the site has no readable addresses.
fn add_path(root: &mut Url, path: &str) {
    let route = root.query_pairs().find(|(name, _)| name == "rest_route").map(|(_, route)| route.into_owned());
    if let Some(route) = route {
        root.set_query(None);
        root.query_pairs_mut().append_pair("rest_route", &format!("{}/{path}", route.trim_end_matches('/')));
    } else {
        let path = format!("{}/{path}", root.path().trim_end_matches('/'));
        root.set_path(&path);
    }
}
