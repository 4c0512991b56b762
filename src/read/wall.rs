//! Pages that stand in the way of news and are none, whatever their status: errors, logins, tests for browsers, shells for scripts.
//!
//! Told by what they are made of, and by their words in English, Chinese, German and French. An article about such pages is
//! long, and has more to read than its heading.

use ego_tree::iter::Edge;
use scraper::{ElementRef, Html, Node};
use url::Url;

use super::residue::width;

/// Characters of a title that is told.
const LONGEST_TITLE: usize = 120;

/// What stands in the way, and the next step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Wall {
    /// A form that asks who we are.
    #[error(
        "asks for a login: give headers = {{ Cookie = \"…\" }}, or user and password_file, of somebody who may read it"
    )]
    Login,
    /// A test whether we are a browser.
    #[error(
        "tests whether a person asks: ask its owner to let feedgen in, or give render = \"chromium --headless --dump-dom {{url}}\""
    )]
    Test,
    /// A page for those within a network only.
    #[error("is for readers inside its network only: run feedgen there, or give proxy = \"…\"")]
    Inside,
    /// A refusal.
    #[error("refuses us: look at it in a browser, its owner may shut programs out")]
    Refused,
    /// A page that is not there, told with a status that says otherwise.
    #[error("says that there is no such page: check the address")]
    Missing,
    /// A server that fails, or is being worked on.
    #[error("says that its server has a fault: it is asked again later")]
    Fault,
    /// A page that scripts are to fill.
    #[error("is made by JavaScript: give render = \"chromium --headless --dump-dom {{url}}\"")]
    Script,
}

impl Wall {
    /// The same, of what stands in the way of a feed: a browser is no help there.
    pub fn of_feed(self) -> String {
        match self {
            Self::Test | Self::Script => "tests whether a person asks: ask its owner to let feedgen in".to_owned(),
            other => other.to_string(),
        }
    }
}

/// Columns of running text from which on a page has something to read.
const LONG: usize = 1_200;
/// Columns of text below which a page is bare.
const BARE: usize = 400;
/// Links from which on a page is no bare form.
const MANY_LINKS: usize = 25;
/// Columns that a heading may have beside the words by which it is known.
const BESIDE: usize = 24;
/// Titles and headings that are looked at.
const MOST_HEADINGS: usize = 16;
/// Bytes of one text that are looked at.
const LONGEST: usize = 4 * 1024;

/// What a page is that stands in the way. `None`: it does not. `address` is where it is. Takes time linear in the page.
pub fn of(page: &Html, address: &Url) -> Option<Wall> {
    let seen = Seen::of(page);
    let headed = |words: &[&str]| seen.headings.iter().any(|heading| is_said(heading, words));
    let is_bare = seen.text < BARE && seen.links < MANY_LINKS;
    if seen.prose >= LONG {
        return None;
    }
    let said = |words: &[&str]| is_bare && words.iter().any(|word| seen.words.contains(word));
    if is_bare && seen.is_test || headed(TESTS) || said(TESTS) {
        return Some(Wall::Test);
    }
    if said(NETWORKS) {
        return Some(Wall::Inside);
    }
    let is_login_address = ["login", "signin", "sign-in", "sso", "cas", "authserver", "logon"]
        .iter()
        .any(|name| address.path().to_ascii_lowercase().split('/').any(|part| part.split('.').next() == Some(name)));
    let is_form = seen.has_password && seen.links < MANY_LINKS;
    if is_form && (seen.text < 2 * BARE || headed(LOGINS)) || headed(LOGINS) && (is_login_address || said(LOGINS)) {
        return Some(Wall::Login);
    }
    if headed(REFUSALS) || said(REFUSALS) {
        return Some(Wall::Refused);
    }
    if headed(MISSING) || seen.headings.iter().any(|heading| has_number(heading, &["404", "410"])) || said(MISSING) {
        return Some(Wall::Missing);
    }
    let fails = || seen.headings.iter().any(|heading| has_number(heading, &["500", "502", "503", "504"]));
    if headed(FAULTS) || fails() || said(FAULTS) {
        return Some(Wall::Fault);
    }
    let is_shell =
        seen.scripts > 0 && seen.text < BARE / 2 && seen.links < 3 && (seen.has_root || seen.asks_for_script);
    (is_shell || said(SCRIPTS)).then_some(Wall::Script)
}

/// What a page is called, as one line. `None`: it has no title.
pub fn title(page: &Html) -> Option<String> {
    let title = page.root_element().descendent_elements().find(|element| element.value().name() == "title")?;
    let title = title.text().flat_map(str::split_whitespace).take(20).collect::<Vec<_>>().join(" ");
    // A word has no end of itself.
    let title: String = title.chars().take(LONGEST_TITLE).collect();
    (!title.is_empty()).then_some(title)
}

const TESTS: &[&str] = &[
    "just a moment",
    "checking your browser",
    "verify you are human",
    "verifying you are human",
    "are you a robot",
    "not a robot",
    "not a bot",
    "unusual traffic",
    "security check",
    "security verification",
    "attention required! | cloudflare",
    "incapsula incident",
    "安全验证",
    "人机验证",
    "滑动验证",
    "访问验证",
    "请完成验证",
    "网站防火墙",
    "请求已被拦截",
    "访问被拦截",
    "可能对网站造成安全威胁",
    "正在检查您的浏览器",
    "浏览器安全检查",
    "sicherheitsüberprüfung",
    "sicherheitsprüfung",
    "einen moment",
    "kein roboter",
    "vérification de sécurité",
    "pas un robot",
    "un instant…",
    "un instant...",
];
const NETWORKS: &[&str] = &[
    "仅限校内",
    "校内访问",
    "校园网内",
    "校外用户",
    "请使用vpn",
    "请通过vpn",
    "webvpn",
    "内网访问",
    "仅限内网",
    "ip地址不在",
    "campus network only",
    "only available on campus",
    "only accessible from",
    "outside the campus network",
    "nur aus dem netz",
    "nur im netz der",
    "accessible uniquement depuis",
];
const LOGINS: &[&str] = &[
    "log in",
    "login",
    "sign in",
    "signin",
    "single sign-on",
    "authentication required",
    "登录",
    "登錄",
    "登入",
    "身份认证",
    "统一认证",
    "请先登录",
    "anmelden",
    "anmeldung",
    "einloggen",
    "connexion",
    "se connecter",
    "s'identifier",
    "s’identifier",
    "authentification",
];
const REFUSALS: &[&str] = &[
    "access denied",
    "access to this page has been denied",
    "forbidden",
    "you don't have permission",
    "permission denied",
    "not authorized",
    "request rejected",
    "you have been blocked",
    "拒绝访问",
    "禁止访问",
    "访问被拒绝",
    "访问受限",
    "无权访问",
    "没有权限",
    "zugriff verweigert",
    "zugriff nicht gestattet",
    "keine berechtigung",
    "accès refusé",
    "accès interdit",
    "accès non autorisé",
];
const MISSING: &[&str] = &[
    "not found",
    "page can't be found",
    "page can’t be found",
    "page cannot be found",
    "page could not be found",
    "page doesn't exist",
    "page does not exist",
    "page doesn’t exist",
    "no longer available",
    "页面不存在",
    "页面找不到",
    "找不到页面",
    "找不到该页",
    "网页不存在",
    "页面未找到",
    "您访问的页面",
    "您要查看的页面",
    "文章不存在",
    "信息不存在",
    "内容不存在",
    "该页无法显示",
    "已被删除",
    "頁面不存在",
    "找不到網頁",
    "nicht gefunden",
    "existiert nicht",
    "introuvable",
    "n'existe pas",
    "n’existe pas",
    "non trouvée",
];
const FAULTS: &[&str] = &[
    "internal server error",
    "bad gateway",
    "service unavailable",
    "temporarily unavailable",
    "gateway time-out",
    "gateway timeout",
    "database error",
    "error establishing a database connection",
    "under maintenance",
    "scheduled maintenance",
    "down for maintenance",
    "be back soon",
    "be back shortly",
    "unexpected error",
    "http status 500",
    "server error in",
    "runtime error",
    "系统错误",
    "系统出错",
    "服务器错误",
    "服务器繁忙",
    "系统维护",
    "网站维护",
    "站点维护",
    "网站升级",
    "访问出错",
    "系统繁忙",
    "网站已关闭",
    "站点已关闭",
    "wartungsarbeiten",
    "wartungsmodus",
    "interner serverfehler",
    "en maintenance",
    "erreur interne",
    "service indisponible",
];
const SCRIPTS: &[&str] = &[
    "enable javascript",
    "javascript is required",
    "requires javascript",
    "javascript is disabled",
    "javascript to run this app",
    "turn on javascript",
    "启用javascript",
    "启用 javascript",
    "开启javascript",
    "开启 javascript",
    "不支持javascript",
    "javascript aktivieren",
    "aktivieren sie javascript",
    "javascript muss",
    "activer javascript",
    "activez javascript",
];

/// What the tests of several vendors leave in a page: names of their scripts, cookies and elements.
const MARKS: [&str; 17] = [
    "_cf_chl_opt",
    "/cdn-cgi/challenge-platform/h/",
    "captcha-delivery.com",
    "_Incapsula_Resource",
    "px-captcha",
    "awswaf.com",
    "sucuri_cloudproxy",
    "acw_sc__v2",
    "__jsl_clearance",
    "$_ts",
    "yunsuo_session",
    "anubis_challenge",
    "ddos-guard",
    "/_guard/",
    "slg-box",
    "geetest",
    "TencentCaptcha",
];

/// Whether a heading says little else than one of these words.
fn is_said(heading: &str, words: &[&str]) -> bool {
    words.iter().any(|word| heading.contains(word) && width(heading) <= width(word) + BESIDE)
}

/// Whether a short heading tells a status.
fn has_number(heading: &str, numbers: &[&str]) -> bool {
    let mut words = heading.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let is_alone = width(heading) <= 5
        || ["error", "http", "错误", "fehler", "erreur", "oops"].iter().any(|word| heading.contains(word));
    width(heading) <= BESIDE && is_alone && words.any(|word| numbers.contains(&word.trim_end_matches("错误")))
}

/// What there is on a page.
#[derive(Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a sign of its own")]
struct Seen {
    /// Title and headings, part by part, in lower case.
    headings: Vec<String>,
    /// The first words of the page outside of links, in lower case: what a page leads to is not what it says.
    words: String,
    /// Columns of all text, and of that outside of links.
    text: usize,
    prose: usize,
    links: usize,
    scripts: usize,
    has_password: bool,
    /// Whether there is an empty element for a script to fill.
    has_root: bool,
    /// Whether a `<noscript>` says that nothing goes without.
    asks_for_script: bool,
    /// Whether it bears the marks of a test.
    is_test: bool,
}

impl Seen {
    fn of(page: &Html) -> Self {
        let mut seen = Self::default();
        // How many of the open elements hide their text, and how many are links.
        let (mut hidden, mut linked) = (0_usize, 0_usize);
        for edge in page.tree.root().traverse() {
            match edge {
                Edge::Open(node) => match node.value() {
                    Node::Text(text) if hidden == 0 => seen.hear(text, linked > 0),
                    Node::Element(element) => {
                        hidden += usize::from(is_hidden(element.name()));
                        linked += usize::from(element.name() == "a");
                        if let Some(element) = ElementRef::wrap(node) {
                            seen.look(element, linked > 0);
                        }
                    }
                    _ => {}
                },
                Edge::Close(node) => {
                    let Node::Element(element) = node.value() else { continue };
                    hidden -= usize::from(is_hidden(element.name()));
                    linked -= usize::from(element.name() == "a");
                }
            }
        }
        seen
    }

    fn hear(&mut self, text: &str, is_linked: bool) {
        let columns = text.split_whitespace().map(width).sum::<usize>();
        self.text += columns;
        self.prose += if is_linked { 0 } else { columns };
        if columns > 0 && !is_linked && self.words.len() < LONGEST {
            self.words.push(' ');
            self.words.push_str(&line(std::iter::once(text)).to_lowercase());
        }
    }

    fn look(&mut self, element: ElementRef<'_>, is_linked: bool) {
        let is = |name: &str, value: &str| element.attr(name).is_some_and(|own| own.eq_ignore_ascii_case(value));
        let script = || [element.attr("src").unwrap_or_default(), &line(element.text())].concat();
        match element.value().name() {
            // The title of an entry leads to its article.
            "h1" | "h2" if is_linked || element.descendent_elements().any(|inner| inner.value().name() == "a") => {}
            "title" | "h1" | "h2" if self.headings.len() < MOST_HEADINGS => {
                let heading = line(element.text()).to_lowercase();
                self.headings.extend(
                    heading
                        .split(" - ")
                        .flat_map(|part| part.split(['|', '–', '—', '_']))
                        .map(str::trim)
                        .map(str::to_owned),
                );
                self.headings.push(heading);
            }
            "a" => self.links += usize::from(element.attr("href").is_some()),
            "input" => self.has_password |= is("type", "password"),
            "script" => {
                self.scripts += 1;
                let script = script();
                self.is_test |= MARKS.iter().any(|mark| script.contains(mark));
            }
            "noscript" => {
                let words = line(element.text()).to_lowercase();
                self.asks_for_script |= SCRIPTS.iter().any(|word| words.contains(word));
            }
            name => {
                let id = element.attr("id").unwrap_or_default();
                self.is_test |= MARKS.contains(&id);
                let is_root =
                    name == "app-root" || matches!(id, "app" | "root" | "__next" | "__nuxt" | "q-app" | "main-app");
                self.has_root |= is_root;
            }
        }
    }
}

/// Whether a page asks for a password.
pub fn asks_for_password(page: &Html) -> bool {
    Seen::of(page).has_password
}

/// Whether the text in an element is not shown.
fn is_hidden(name: &str) -> bool {
    matches!(name, "head" | "script" | "style" | "noscript" | "template" | "select" | "textarea")
}

/// The words of several texts, as one line of at most 4 KiB.
fn line<'t>(texts: impl Iterator<Item = &'t str>) -> String {
    let mut line = String::new();
    for word in texts.flat_map(str::split_whitespace) {
        if line.len() > LONGEST {
            break;
        }
        line.push_str(if line.is_empty() { "" } else { " " });
        line.push_str(word);
    }
    line
}

#[cfg(test)]
mod tests {
    #![expect(clippy::format_collect, reason = "pages of a test are small")]

    use super::super::guard;
    use super::*;

    fn wall(page: &str) -> Option<Wall> {
        let address = Url::parse("https://www.harbour.example/news/").expect("an address");
        of(&guard::parse_document(page), &address)
    }

    fn menu(links: usize) -> String {
        (0..links).map(|at| format!("<li><a href=/menu/{at}>Department number {at}</a>")).collect()
    }

    #[track_caller]
    fn check(page: &str, expected: Wall) {
        assert_eq!(wall(page), Some(expected), "{page}");
    }

    #[test]
    fn errors_are_told_whatever_stands_around_them() {
        check("<title>404 Not Found</title><center><h1>404 Not Found</h1><hr>nginx", Wall::Missing);
        check(
            &format!("<title>Harbour University</title><ul>{}</ul><h1>Page not found</h1><p>Try the search.", menu(60)),
            Wall::Missing,
        );
        check("<title>提示信息</title><div>您访问的页面不存在或已被删除！<a href=/>返回首页</a></div>", Wall::Missing);
        check("<title>Seite nicht gefunden – Hafenuniversität</title><p>Leider.", Wall::Missing);
        check("<title>Erreur 404 | Université du Port</title><h1>Oups</h1>", Wall::Missing);
        check("<h1>Error establishing a database connection</h1>", Wall::Fault);
        check("<title>503 Service Temporarily Unavailable</title><h1>503</h1>", Wall::Fault);
        check("<title>网站维护中</title><p>网站正在升级维护，请稍后访问。", Wall::Fault);
        check(
            "<title>Access Denied</title><h1>Access Denied</h1>You don't have permission. Reference #18.2d",
            Wall::Refused,
        );
    }

    #[test]
    fn logins_tests_and_inner_networks_are_told() {
        let form = "<form><input name=user><input type=password name=password><button>Go</button></form>";
        check(&format!("<title>统一身份认证平台</title>{form}<p>扫码登录 忘记密码"), Wall::Login);
        check(&format!("<title>Harbour</title><h1>Sign in</h1>{form}"), Wall::Login);
        check(
            "<title>Just a moment...</title><script>window._cf_chl_opt={}</script><p>Checking your browser",
            Wall::Test,
        );
        check("<html><head><script>var arg1='A0'; setCookie('acw_sc__v2', x)</script></head><body></body>", Wall::Test);
        check("<title>访问受限</title><p>本栏目仅限校内访问，校外用户请使用VPN。", Wall::Inside);
    }

    #[test]
    fn shells_for_scripts_are_told() {
        check("<title>Harbour</title><div id=app></div><script src=/js/app.1f3.js></script>", Wall::Script);
        check(
            "<noscript>You need to enable JavaScript to run this app.</noscript><div id=root></div><script src=/m.js></script>",
            Wall::Script,
        );
        check("<p>请启用JavaScript后继续访问</p><script>go()</script>", Wall::Script);
    }

    #[test]
    fn news_is_no_wall() {
        let list: String = (0..12)
            .map(|at| {
                format!("<li><a href=/n/{at}.htm>The harbour opens its gate number {at}</a> 2026-01-{:02}", at + 1)
            })
            .collect();
        let login = "<form>Login <input type=password></form>";
        assert_eq!(wall(&format!("<title>News - Harbour</title>{login}<ul>{}</ul><ul>{list}</ul>", menu(30))), None);
        assert_eq!(
            wall(&format!("<title>News</title><div id=app><ul>{list}</ul></div><script src=a.js></script>")),
            None
        );
        let story = "The sea wall was opened on Monday. ".repeat(60);
        assert_eq!(
            wall(&format!("<title>Access denied: who owns the sea?</title><h1>Access denied</h1><p>{story}")),
            None
        );
        assert_eq!(wall("<title>Class of 404 meets again in the harbour hall</title><p>They met on Monday."), None);
        assert_eq!(wall(""), None);
    }
}
