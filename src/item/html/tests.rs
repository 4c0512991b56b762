//! What is kept of markup, and that cleaning it again changes nothing.

use super::*;
use crate::draft::Fragment;
use crate::read::guard;

fn clean_with(markup: &str, base: Option<&Url>) -> Html {
    let page = guard::parse_fragment(markup);
    let parts = vec![page.root_element().id()];
    Html::clean(&Body::Markup(Fragment { page, parts, without: std::collections::HashSet::new() }), base).0
}

#[track_caller]
fn check(markup: &str, expected: &str) {
    let base = Url::parse("https://example.edu/news/1.htm").expect("an address");
    let clean = clean_with(markup, Some(&base));
    assert_eq!(clean.as_str(), expected);
    assert_eq!(clean_with(clean.as_str(), None), clean, "cleaning again changes it");
}

#[test]
fn known_elements_are_kept_and_renamed() {
    check("<h1>A</h1><p>b <b>c</b> <i>d</i></p>", "<h2>A</h2><p>b <strong>c</strong> <em>d</em></p>");
    check("<ol start=3><li>a</ol><ol start=1><li>b</ol>", "<ol start=\"3\"><li>a</li></ol><ol><li>b</li></ol>");
    check("<ul><li>a<li>b<ul><li>c</ul></ul>", "<ul><li>a</li><li>b<ul><li>c</li></ul></li></ul>");
    check(
        "<table><caption>t</caption><tr><th>a<td>1<tr><td>b<td></table>",
        "<table><caption>t</caption><tbody><tr><th>a</th><td>1</td></tr><tr><td>b</td><td></td></tr></tbody></table>",
    );
    check("<pre>\n\n x\n  y &lt;</pre>", "<pre>\n\n x\n  y &lt;</pre>");
    check("<pre> x\n y</pre><p>one\n  two</p>", "<pre> x\n y</pre><p>one two</p>");
    check(
        "<figure><img src=a.png><figcaption>c</figcaption></figure>",
        "<figure><img src=\"https://example.edu/news/a.png\" alt=\"\"><figcaption>c</figcaption></figure>",
    );
}

#[test]
fn cells_keep_the_columns_and_rows_that_they_take() {
    check(
        "<table><tr><td colspan=2 rowspan=' 12 '>a<td colspan=1 rowspan=100>b<th rowspan='2;x' style=y>c</table>",
        "<table><tbody><tr><td colspan=\"2\" rowspan=\"12\">a</td><td>b</td><th>c</th></tr></tbody></table>",
    );
    let table = "<table><tr><td rowspan=2>3 June<td>9:00<tr><td>10:00</table>";
    assert_eq!(clean_with(table, None).text(), "3 June 9:00\n10:00");
}

#[test]
fn a_figure_that_is_a_part_of_its_own_keeps_its_caption() {
    let page = guard::parse_fragment("<figure><img src=/a.jpg><figcaption>The wall</figcaption></figure><p>b</p>");
    let parts = page
        .root_element()
        .descendants()
        .filter(|node| node.value().as_element().is_some_and(|element| matches!(element.name(), "figure" | "p")));
    let fragment =
        Fragment { parts: parts.map(|part| part.id()).collect(), without: std::collections::HashSet::new(), page };
    let base = Url::parse("https://example.edu/").expect("an address");
    let clean = Html::clean(&Body::Markup(fragment), Some(&base)).0;
    let figure = "<figure><img src=\"https://example.edu/a.jpg\" alt=\"\"><figcaption>The wall</figcaption></figure>";
    assert_eq!(clean.as_str(), format!("{figure}<p>b</p>"));
    assert_eq!(clean.text(), "b");
}

#[test]
fn formulas_leave_their_words() {
    let note = "<annotation encoding=TeX>B \\to K</annotation>";
    check(
        &format!("<p>a <math><semantics><mrow><mi>B</mi><mo>&lt;</mo><mi>K</mi></mrow>{note}</semantics></math> b</p>"),
        "<p>a B&lt;K b</p>",
    );
    check("<p>a <math alttext='x^2 &lt;b>'><msup><mi>x</mi><mn>2</mn></msup></math>.</p>", "<p>a x^2 &lt;b&gt;.</p>");
    let half = "<mfrac><mn>1</mn><mn>2</mn></mfrac>";
    let tex = "<annotation encoding='application/x-tex'>\\frac{1}{2}</annotation>";
    check(&format!("<p>a <math><semantics>{half}{tex}</semantics></math></p>"), "<p>a \\frac{1}{2}</p>");
    check("<math><mi>x</mi></math><svg><text>y</text></svg>", "<p>x</p>");
}

#[test]
fn characters_that_are_left_out_leave_no_trace() {
    check("<p>a \u{fffd}</p><p>b \u{fffd} c</p>\u{fffd}", "<p>a</p><p>b c</p>");
    check("<pre>\u{fffd}\nx</pre>", "<pre>\n\nx</pre>");
}

#[test]
fn a_rule_in_a_table_that_is_too_deep_for_cells_is_left_out() {
    let (open, close) = ("<table><tr><td>", "</td></tr></table>");
    for around in ["", "<blockquote>", "<blockquote><blockquote>", "<ul><li><blockquote>"] {
        let once = clean_with(&format!("{around}{}a<hr>{}", open.repeat(40), close.repeat(40)), None);
        assert_eq!(clean_with(once.as_str(), None), once, "cleaning again changes it");
    }
}

#[test]
fn blocks_without_meaning_become_paragraphs() {
    check("<div>one<div>two</div>three</div>four", "<p>one</p><p>two</p><p>three</p><p>four</p>");
    check("one<br>two<br><br>three", "<p>one<br>two</p><p>three</p>");
    check("<div><span>a</span> <font>b</font></div>", "<p>a b</p>");
    check("<b><p>one</p><p>two</p></b>", "<p><strong>one<br>two</strong></p>");
    check("<ul><li><div>a</div><div>b</div></li></ul>", "<ul><li>a<br>b</li></ul>");
    check("<h2>a<br>b</h2>", "<h2>a b</h2>");
}

#[test]
fn what_is_empty_goes() {
    check("<p>&nbsp;</p><p> </p><p><b></b></p><p>　　a</p><br><br>", "<p>a</p>");
    check("<a href=x></a><ul></ul>", "");
}

#[test]
fn addresses_are_absolute_or_go() {
    check(
        "<a href='../x y?a=1&amp;b=2' onclick=x style=y>z</a>",
        "<p><a href=\"https://example.edu/x%20y?a=1&amp;b=2\">z</a></p>",
    );
    check("<a href='javascript:alert(1)'>z</a><a name=q>w</a>", "<p>zw</p>");
    check(
        "<img src='data:image/gif;base64,AAAA' data-src='a.jpg' alt='&quot;' width=10px height=0>",
        "<p><img src=\"https://example.edu/news/a.jpg\" alt=\"&quot;\" width=\"10\"></p>",
    );
    assert_eq!(clean_with("<a href=b>x</a><img src=c>", None).as_str(), "<p>x</p>");
    assert_eq!(
        clean_with("see<img src=c alt=' a map '>or<p><img src=d alt=y>", None).as_str(),
        "<p>see a map or</p><p>y</p>"
    );
}

#[test]
fn active_content_goes_and_media_become_links() {
    check(
        "a<script>b</script><style>c</style><svg><a href=x>d</a></svg><form><input value=e>f</form>",
        "<p>a</p><p>f</p>",
    );
    for frame in ["src='https://video.example/1'", "src='about:blank' data-cookieblock-src='https://video.example/1'"] {
        check(
            &format!("<iframe {frame}></iframe>"),
            "<p><a href=\"https://video.example/1\">https://video.example/1</a></p>",
        );
    }
    let told = "1".repeat(120);
    check(
        &format!("<iframe src='https://video.example/1#{told}'></iframe>"),
        &format!("<p><a href=\"https://video.example/1#{told}\">https://video.example/1</a></p>"),
    );
    check("<noscript><p>x</p></noscript><template>y</template>z", "<p>z</p>");
}

#[test]
fn blocks_inside_of_lines_end_the_line() {
    check("<p>a<ul><li>b</ul>c", "<p>a</p><ul><li>b</li></ul><p>c</p>");
    check("<a href='/x'><h3>t</h3><div>u</div></a>", "<h3>t</h3><p>u</p>");
    check("<blockquote>q<p>r</p></blockquote>", "<blockquote><p>q</p><p>r</p></blockquote>");
}

#[test]
fn text_comes_back() {
    let html = clean_with(
        "<h2>T</h2><p>a &amp; b<br>c</p><ul><li>d</li><li>e</li></ul><table><tr><td>1</td><td>2</td></tr></table>",
        None,
    );
    assert_eq!(html.text(), "T\n\na & b\nc\n\nd\ne\n\n1 2");
}

#[test]
fn captions_go_with_their_pictures() {
    let figure =
        "<figure><img src=https://a.example/b.png alt=wall><figcaption>The <b>new</b> wall</figcaption></figure>";
    assert_eq!(clean_with(&format!("<p>a</p>{figure}<p>b</p>"), None).text(), "a\n\nb");
    assert_eq!(clean_with(figure, None).text(), "The new wall");
}

proptest::proptest! {
    #[test]
    fn cleaning_is_a_fixpoint(markup in "(<(/?(p|div|b|a href=/x|i|ul|li|table|tr|td|h2|pre|blockquote|br|img src=y alt=z|span|dl|dt|dd|figure|figcaption|caption|script|svg|ruby|rt|select|form|math|mi|td colspan=2|th rowspan=3))>|[a-z &\u{a0}\n]){0,40}") {
        let base = Url::parse("https://example.edu/").expect("an address");
        for base in [Some(&base), None] {
            let once = clean_with(&markup, base);
            proptest::prop_assert_eq!(clean_with(once.as_str(), None), once);
        }
    }
}

#[test]
fn pictures_are_what_people_see() {
    let real = "<p>x <img src=\"https://example.edu/real.jpg\" alt=\"\"> y</p>";
    for late in [
        "<img src=/real.jpg>",
        "<img src=/blank.gif data-lazyload=/real.jpg>",
        "<img srcset='/small.jpg 300w, /real.jpg 1200w'>",
        "<img src=/blank.gif data-src=/real.jpg style='visibility:hidden'>",
        "<img src='data:image/gif;base64,R0lGOD' srcset='/real.jpg 2x'>",
        "<img class=lazyload data-srcset='/real.jpg 1x' src=/1x1.gif>",
        "<picture><source srcset='/real.jpg 1x'></picture>",
        "<picture><source srcset='/real.webp'><img src=/real.jpg></picture>",
        "<picture><source srcset='/real.jpg 2x'><img src='data:image/gif;base64,R0lGOD'></picture>",
        "<img src='data:image/gif;base64,R0lGOD' data-hi-res='/real.jpg'>",
        "<img src=/count width=0 height=0><img src=/real.jpg>",
        "<img src=/count style='width: 1px; height:1px'><img src=/real.jpg>",
        "<img src=/count height=1><img src=/real.jpg>",
        "<img src=/count style='display: none !important;'><img src=/real.jpg>",
    ] {
        check(&format!("<p>x {late} y</p>"), real);
    }
    check(
        "<p>Hi <img class=wp-smiley alt='\u{1f600}' src=/72x72/1f600.png style='height: 1em'></p>",
        "<p>Hi \u{1f600}</p>",
    );
    check(
        "<p><img src=/a.jpg alt='\u{1f389}' style='width:640px'></p>",
        "<p><img src=\"https://example.edu/a.jpg\" alt=\"\u{1f389}\" width=\"640\"></p>",
    );
}

#[test]
fn the_first_picture_is_none_of_the_signs() {
    let first = |markup: &str| clean_with(markup, Url::parse("https://a.example/").ok().as_ref()).first_picture();
    let real = Some("https://a.example/real.jpg?a=1&b=2".to_owned());
    let of_story = "<img src='/real.jpg?a=1&amp;b=2' width=800>";
    for sign in
        ["<img src=/icon_doc.gif>", "<img src=/fb.png width=16 height=16>", "<img src=/s.png style='width:32px'>"]
    {
        assert_eq!(first(&format!("<p>{sign} a.doc</p><p>{of_story}</p>")), real, "{sign}");
        assert_eq!(first(sign), None, "{sign}");
    }
}

#[test]
fn mail_that_a_proxy_hid_is_told() {
    // t@a.example
    let digits = "00744061 2e6578616d706c65".replace(' ', "");
    check(
        &format!(
            "<p>Ask <a href='/cdn-cgi/l/email-protection' class=__cf_email__ data-cfemail={digits}>[email&#160;protected]</a>.</p>"
        ),
        "<p>Ask t@a.example.</p>",
    );
    check(
        &format!("<p><a href='/cdn-cgi/l/email-protection#{digits}'>Ask us</a></p>"),
        "<p><a href=\"mailto:t@a.example\">Ask us</a></p>",
    );
}
