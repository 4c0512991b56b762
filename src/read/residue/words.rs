//! The words that lines around a story are made of.

/// Whole lines (lower case, without punctuation around) that are no part of a story.
pub(super) const BUTTONS: &[&str] = &[
    "print",
    "print this page",
    "share",
    "share this",
    "share this page",
    "share to",
    "email",
    "close",
    "close window",
    "back",
    "back to top",
    "top",
    "back to list",
    "return",
    "return to list",
    "previous",
    "next",
    "prev",
    "more",
    "read more",
    "skip to main content",
    "skip to content",
    "menu",
    "search",
    "facebook",
    "twitter",
    "linkedin",
    "wechat",
    "weibo",
    "whatsapp",
    "copy link",
    "text size",
    "font size",
    "a a a",
    "a- a a+",
    "listen",
    "打印",
    "打印本页",
    "打印本文",
    "关闭",
    "关闭窗口",
    "返回",
    "返回顶部",
    "返回列表",
    "返回上一页",
    "收藏",
    "收藏本文",
    "分享",
    "分享到",
    "更多",
    "大 中 小",
    "大中小",
    "扫一扫",
    "微信扫一扫",
    "扫一扫分享到微信",
    "微信",
    "微博",
    "朋友圈",
    "qq空间",
    "下载",
    "推荐阅读",
    "相关新闻",
    "相关文章",
    "相关链接",
    "相关阅读",
    "友情链接",
    "附件下载",
    "首页",
    "网站首页",
    "home",
    "back to news",
    "all news",
    "for release",
    "for immediate release",
    "for immediate publication",
    "zur sofortigen veröffentlichung",
    "pour diffusion immédiate",
    "para difusión inmediata",
];

/// What a breadcrumb begins with.
pub(super) const POSITIONS: &[&str] = &[
    "current position", "current location", "your position", "your location", "your current position", "you are here",
    "you are now here", "location", "position", "当前位置", "当前的位置", "您的位置", "您现在的位置", "您当前的位置",
    "你的位置", "你现在的位置", "所在位置", "现在位置", "现在的位置", "当前所在位置", "您所在的位置", "您所在位置",
    "你所在的位置", "目前位置", "您目前的位置", "位置", "當前位置", "您的位置", "目前位置", "現在位置", "当前栏目",
];

/// First labels of a breadcrumb that say nothing.
pub(super) const HOMES: &[&str] = &[
    "home", "homepage", "home page", "index", "main", "首页", "首頁", "网站首页", "主页", "主頁", "本站首页", "英文版",
    "英文网", "英文站", "中文版", "english", "english version", "en", "start", "startseite", "accueil", "inicio",
];

/// Last labels of a breadcrumb that say nothing.
pub(super) const BODIES: &[&str] = &[
    "正文", "详情", "详细", "详细内容", "内容", "内容页", "文章内容", "文章正文", "文章详情", "新闻详情", "新闻正文",
    "信息内容", "content", "contents", "detail", "details", "text", "article", "main text", "body",
];

/// Columns that stand alone on a line above the title, in lower case.
pub(super) const COLUMNS: &[&str] = &[
    "news", "events", "notices", "notice", "focus", "headlines", "headline", "highlights", "announcements",
    "announcement", "press", "press releases", "press release", "news release", "media release", "pressemitteilung",
    "pressemeldung", "presseinformation", "medienmitteilung", "communiqué de presse", "comunicato stampa",
    "nota de prensa", "comunicado de prensa", "nota de imprensa", "persbericht", "pressmeddelande",
    "informacja prasowa", "пресс-релиз", "プレスリリース", "보도자료", "media", "research", "international", "campus",
    "campus news", "campus life", "recruitment", "admissions", "latest news", "top stories", "featured", "features",
    "stories", "people", "alumni", "global", "academics", "teaching", "information", "bulletin", "lectures",
    "seminars", "university news", "events & news", "news & events", "news and events", "news & notices",
    "news and notices", "events and news", "notices & news", "news & announcements", "research news", "news center",
    "news centre", "in the media", "student life", "jobs", "tenders", "新闻", "要闻", "焦点", "头条", "公告", "通知",
    "通知公告", "公告通知", "公示", "公示公告", "新闻动态", "新闻中心", "综合新闻", "学校要闻", "学院新闻", "学院动态",
    "校园新闻", "校园快讯", "新闻快讯", "新闻资讯", "新闻网", "热点", "热点新闻", "媒体聚焦", "媒体报道", "科研动态",
    "学术动态", "学术活动", "学术报告", "学术讲座", "讲座", "国际交流", "合作交流", "对外交流", "交流合作", "招生",
    "招生信息", "招聘", "人才招聘", "人才培养", "教学动态", "教务通知", "学生工作", "党建", "党群工作", "党建工作",
    "校友", "人物", "校园文化", "校园生活", "招标信息", "规章制度", "资料下载", "工作动态", "最新消息", "最新动态",
    "图片新闻", "專題報導", "活動訊息", "公佈欄", "最新公告",
];

/// Labels of a line that is the title.
pub(in crate::read) const TITLES: &[&str] = &[
    "title", "subject", "re", "betreff", "betr", "objet", "asunto", "oggetto", "assunto", "onderwerp", "ämne", "temat",
    "konu", "тема", "标题", "標題", "主题", "主題", "题目", "題目", "件名", "제목",
];

/// Labels of lines that tell whom to ask, where or when.
pub(in crate::read) const ASIDES: &[&str] = &[
    "contact", "contacts", "media contact", "press contact", "source", "from", "to", "cc", "tel", "telephone", "phone",
    "fax", "mobile", "e-mail", "email", "mail", "web", "website", "address", "place", "venue", "location", "room",
    "time", "when", "where", "speaker", "host", "modified", "category", "tags", "slug", "来源", "联系人", "联系电话",
    "联系方式", "电话", "传真", "邮箱", "电子邮箱", "地址", "地点", "时间", "主讲人", "报告人", "主持人", "收件人",
    "发件人", "抄送",
];
