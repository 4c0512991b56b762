//! HTML pages: finds the story in them, and what the page says about it. One pass over one bounded parse.

use std::collections::HashSet;

use ego_tree::{NodeId, NodeRef};
use html5ever::local_name;
use scraper::node::Element;
use scraper::{Html, Node};
use url::Url;

use super::elsewhere::{self, Elsewhere};
use super::event::{self, Published};
use super::fields::FrontMatter;
use super::residue::{self, Field, Label, Line, ends_like_prose, is_of_column, width};
use super::text::Lines;
use super::{Policy, ReadError, guard, letter, names as names_of, prose};
use crate::document::Form;
use crate::draft::asides::heads_others;
use crate::draft::{self, Body, Draft, Enclosure, Fragment, Sibling};
use crate::source::Select;

mod aside;
mod byline;
mod caption;
mod container;
mod dateline;
mod elements;
mod late;
mod lines;
mod linked_data;
mod meaning;
mod measure;
mod names;
mod pieces;
mod selected;
mod stated;
mod surroundings;
mod survey;
#[cfg(test)]
mod tests;
mod title;
mod ways;

use caption::Caption;
use container::Counts;
use dateline::Head;
pub(super) use dateline::{HeadLine, Told, head_line, tells_another, told_before};
pub(super) use elements::is_address;
use elements::{attribute, heading_level, is_file, leads_away, named};
use lines::{Block, blocks, letters, spaced, squeezed};
use names::{Holder, holder, is_subtitle};
use pieces::Found;
use surroundings::Surroundings;
use survey::{Heading, Survey, comparable, is_organisation};
use ways::Ways;

/// Letters of a page below which it may be there only to lead to another.
const FEW: usize = 200;

/// Lines at the start of a story that may be none of it, and at its end.
const HEAD: usize = 6;
const TAIL: usize = 8;

/// Languages of one story.
const MOST_SIBLINGS: usize = 50;

/// Reads a page; what `select` says of articles counts before what is found.
///
/// # Errors
/// [`ReadError::Elsewhere`] when it is a frameset or a redirect.
pub(super) fn read(text: &str, address: Option<&Url>, select: &Select, policy: Policy) -> Result<Draft, ReadError> {
    let mut page = guard::parse_document(text);
    late::show(&mut page);
    selected::remove(&mut page, &select.remove);
    let survey = Survey::of(&page);
    let mut draft = Draft { language: survey.language.clone(), ..Draft::default() };
    let base = address.cloned().or_else(|| survey.own_address());
    draft.base = match (&base, survey.base) {
        (Some(base), Some(href)) => base.join(href).ok().or(Some(base.clone())),
        (None, Some(href)) => Url::parse(href).ok(),
        (base, None) => base.clone(),
    };
    draft.link = survey.own_address();
    draft.siblings = siblings(&survey, &draft);
    let written = select.content.as_deref().and_then(|content| selected::content(&page, content, &mut draft));
    let facts = survey.linked_data();
    let link = draft.link.clone().or(base.clone());
    let host = link.as_ref().and_then(Url::host_str).map(|host| host.trim_start_matches("www."));
    let ways = Ways::of(link.as_ref(), draft.base.as_ref());
    let (title, heading) = title::title(&page, &survey, &facts, host, &ways);
    draft.title = title;
    // A heading that only stands first may be that of anything.
    let told = heading.filter(|heading| {
        let (heading, title) = (comparable(&heading.text), draft.title.as_deref().map(comparable).unwrap_or_default());
        !title.is_empty() && (heading.contains(&title) || !heading.is_empty() && title.contains(&heading))
    });
    let parts = measure::measure(whole(&page, survey.body), told.map(|heading| (heading.id, &ways)));
    let holding = container::container(&parts);
    let found = parts.get(holding.place).map_or_else(|| page.root_element().id(), |part| part.node);
    let story = written.unwrap_or(found);
    stated::claim(&survey, &facts, &mut draft, policy);
    let beside = Surroundings::of(&page, &survey, heading, story);
    stated::claim_elements(&survey, &beside, &mut draft, policy);
    let head = Head::of(&page, &survey, heading, &beside, draft.title.as_deref());
    let datelines = dateline::claim(&head, &mut draft, policy);
    stated::without_changes(&mut draft);
    draft.authors = byline::authors(&survey, &facts, &beside, head.near());
    let mut lines = Lines::default();
    let around = survey.read_surroundings(&page, story, &mut lines, draft.title.as_deref(), &facts.trail, policy);
    // A page whose <title> names nothing but its owner or a column has its title in the line above the text.
    let names_no_story = |title: &str| is_organisation(title) || is_of_column(title);
    if survey.headings.is_empty() && draft.title.as_deref().is_none_or(names_no_story) {
        let of_story = around.above.filter(|above| draft.title.is_none() || !names_no_story(above));
        draft.title = of_story.or(draft.title);
    }
    // Who says where the body is, says with `remove` what is none of it.
    let places: Vec<Found> = if written.is_some() {
        Vec::new()
    } else {
        let lead = heading.map(|heading| container::lead(&parts, &holding, heading.id));
        lead.into_iter().flatten().map(|place| Found::whole(&parts, place)).chain([holding]).collect()
    };
    let mut without: HashSet<NodeId> =
        places.iter().flat_map(|found| container::residue(&parts, found, &ways)).collect();
    // What stands beside the title in its heading is no line of the story either.
    let is_more = |heading: &&Heading| {
        let whole = page.tree.get(heading.id).map(|node| squeezed(&node, 2_000));
        heading.level > 0 && whole.is_some_and(|whole| whole != heading.text)
    };
    without.extend(told.filter(is_more).map(|heading| heading.id));
    let more = told.filter(is_more).filter(|_| written.is_none());
    let subtitle = more.and_then(|heading| subtitle(&page, heading, policy));
    let captions: Vec<Caption> = places.iter().flat_map(|found| caption::captions(&parts, found.place)).collect();
    let lead = places.iter().take(places.len().saturating_sub(1)).filter_map(|found| parts.get(found.place));
    let story = subtitle.into_iter().chain(lead.map(|part| part.node)).chain([story]).collect();
    let body = body(&page, story, without, &captions, &ways, Some(&datelines), &mut draft, &mut lines, policy);
    let length: usize = body.paragraphs.iter().map(|paragraph| letters(paragraph)).sum();
    if (survey.body.is_none() || length < FEW)
        && let Some(Elsewhere { kind, address }) = elsewhere::of(&page, length == 0 && !body.pictures)
    {
        let address = resolve(draft.base.as_ref(), &address).map_or(address, String::from);
        return Err(ReadError::Elsewhere { kind, address });
    }
    if draft.authors.is_empty() {
        let last = body.paragraphs.iter().rev().take(TAIL / 2);
        draft.authors = last.map(String::as_str).find_map(names_of::signed).unwrap_or(around.signed);
    }
    let own = base.as_ref().or(draft.link.as_ref());
    let ways = [
        byline::sections(&survey, &facts, &beside, head.near()),
        around.filed,
        lines.sections(draft.title.as_deref()),
        byline::named_sections(&survey, &beside, heading.map(|heading| heading.place)),
        survey.current.clone(),
        own.map(|own| byline::folders(&page, own, draft.base.as_ref())).unwrap_or_default(),
    ];
    let sites = [host, survey.meta(&["og:site_name"]), facts.publisher.as_deref(), draft.title.as_deref()];
    let others = sites.into_iter().flatten().chain(draft.authors.iter().map(String::as_str));
    let sections = byline::labels(ways, [2, 5], others);
    draft.sections = sections;
    lines.claim(&mut draft, policy);
    prose::claim(&body.paragraphs, &mut draft, policy);
    let attached = places.last().map(|found| container::attachments(&parts, found)).unwrap_or_default();
    draft.enclosures.extend(enclosures(&page, body.parts.iter().chain(&attached), draft.base.as_ref()));
    caption::mark(&mut page, &captions);
    if let Some(line) = subtitle {
        caption::rename(&mut page, line, local_name!("p"));
    }
    draft.body = if body.paragraphs.is_empty() && !body.pictures {
        Body::Empty
    } else {
        Body::Markup(Fragment { parts: body.parts, without: body.without, page })
    };
    Ok(draft)
}

/// Reads a piece of a page (rendered Markdown) into a draft that may already have a title and dates.
pub(super) fn read_fragment(page: Html, draft: &mut Draft, policy: Policy) {
    let root = page.root_element().id();
    let mut lines = Lines::default();
    if draft.title.is_none() {
        let heading = page.tree.root().descendants().find_map(|node| {
            let element = node.value().as_element()?;
            heading_level(element.name()).filter(|level| *level <= 2)?;
            Some(squeezed(&node, usize::MAX)).filter(|text| !text.is_empty())
        });
        let heading = heading.or_else(|| first_line_as_heading(&page));
        draft.title = heading;
    }
    let ways = Ways::of_text(draft.link.as_ref().or(draft.base.as_ref()));
    let parts = measure::measure(whole(&page, None), None);
    let residue = container::residue(&parts, &Found::whole(&parts, 0), &ways);
    let body = body(&page, vec![root], residue, &[], &ways, None, draft, &mut lines, policy);
    draft.sections.extend(lines.sections(draft.title.as_deref()));
    lines.claim(draft, policy);
    prose::claim(&body.paragraphs, draft, policy);
    prose::claim_further(&body.paragraphs, draft, policy);
    draft.enclosures.extend(enclosures(&page, body.parts.iter(), draft.base.as_ref()));
    draft.body = if body.paragraphs.is_empty() && !body.pictures {
        Body::Empty
    } else {
        Body::Markup(Fragment { parts: body.parts, without: body.without, page })
    };
}

/// The first line of a text where it is a lower heading, or a line in bold letters.
fn first_line_as_heading(page: &Html) -> Option<String> {
    let first = page.root_element().children().find(|child| child.value().is_element())?;
    let text = squeezed(&first, usize::MAX);
    let bold = first.children().find(|child| named(child, "strong").or(named(child, "b")).is_some());
    let is_bold = || bold.is_some_and(|bold| squeezed(&bold, usize::MAX) == text);
    let is_heading = first.value().as_element().is_some_and(|element| heading_level(element.name()).is_some())
        || named(&first, "p").is_some() && width(&text) <= 120 && !ends_like_prose(&text) && is_bold();
    (is_heading && !text.is_empty()).then_some(text)
}

/// The story's own part of a page.
struct Story {
    parts: Vec<NodeId>,
    without: HashSet<NodeId>,
    paragraphs: Vec<String>,
    pictures: bool,
}

/// The line below the title in its heading. `None`: there is none, the title says it, or it tells of the author, the date and the like.
fn subtitle(page: &Html, heading: &Heading, policy: Policy) -> Option<NodeId> {
    let said = comparable(&heading.text);
    let is_one = |node: &NodeRef<'_, Node>| {
        // What is small above the title is its kicker.
        let stands_above = || !node.prev_siblings().any(|before| !squeezed(&before, 2).is_empty());
        let is_named = |element: &Element| is_subtitle(element) && (element.name() != "small" || !stands_above());
        node.value().as_element().is_some_and(is_named) && {
            let line = squeezed(node, 2_000);
            let text = comparable(&line);
            let is_text = || residue::line(&line) == Line::Text && head_line(&line, policy).is_none();
            !text.is_empty() && !said.contains(&text) && is_text()
        }
    };
    page.tree.get(heading.id)?.descendants().skip(1).find(is_one).map(|node| node.id())
}

/// What a story is looked for in.
fn whole(page: &Html, body: Option<NodeId>) -> NodeRef<'_, Node> {
    body.and_then(|body| page.tree.get(body)).unwrap_or_else(|| *page.root_element())
}

/// Takes the story's part of a page apart: its paragraphs, and what in it is residue beside the elements that are known to be.
/// `datelines`: those of the page, by the first of their texts; where it has no head they are looked for here.
#[expect(clippy::too_many_arguments, reason = "what the page around the story has told by now")]
fn body(
    page: &Html,
    parts: Vec<NodeId>,
    mut without: HashSet<NodeId>,
    captions: &[Caption],
    ways: &Ways,
    datelines: Option<&HashSet<NodeId>>,
    draft: &mut Draft,
    lines: &mut Lines,
    policy: Policy,
) -> Story {
    let roots = || parts.iter().filter_map(|part| page.tree.get(*part));
    let pictures = roots().flat_map(|root| root.descendants()).any(|node| named(&node, "img").is_some());
    // A caption is no line of the story; it stays with its picture, and goes without one.
    let set_in: HashSet<NodeId> =
        captions.iter().map(|caption| caption.node).filter(|node| without.insert(*node)).collect();
    let mut found = blocks(page, &parts, &without, None);
    // What somebody wrote twice stays; a page is given again for another width of the screen.
    if datelines.is_some() {
        let copies = lines::copies(page, &found);
        let mut at = 0..found.len();
        let copied = found.extract_if(.., |_| at.next().is_some_and(|at| copies.contains(&at)));
        without.extend(copied.flat_map(|copy| copy.pieces));
        let short =
            found.iter_mut().take(HEAD).filter(|block| block.pieces.len() > 1 && width(&block.text) <= dateline::SHORT);
        short.for_each(|block| block.text = spaced(page, block));
    }
    for caption in captions.iter().filter(|caption| caption.figure.is_some() && set_in.contains(&caption.node)) {
        without.remove(&caption.node);
    }
    let letter = head_of_letter(&found, draft, policy);
    let title = draft.title.as_deref().map(comparable).unwrap_or_default();
    let mut kept = vec![true; found.len()];
    kept.iter_mut().take(letter).for_each(|keep| *keep = false);
    let container = roots().next_back().and_then(|root| root.value().as_element());
    let exact = container.and_then(holder).is_some_and(Holder::is_exact);
    let title_goes_on = draft.title.as_deref().is_some_and(ends_like_prose);
    let ends = || found.iter().take(HEAD).chain(found.iter().rev().take(TAIL)).map(|block| block.text.as_str());
    let published = Published::of(draft, ends(), policy);
    let beside = |at: usize| {
        let text = |at: usize| found.get(at).map(|block| block.text.as_str());
        [at.checked_sub(1).and_then(text), text(at + 1)].map(|text| text.filter(|text| comparable(text) != title))
    };
    let authors = std::mem::take(&mut draft.authors);
    let stated = [dateline::stated(&draft.dates), dateline::stated(&draft.updated)].concat();
    let heads = |block: &Block| {
        let holder = page.tree.get(block.holder).into_iter();
        let mut around = holder.flat_map(|holder| std::iter::once(holder).chain(holder.ancestors().take(2)));
        around.any(|node| node.value().as_element().is_some_and(|around| heading_level(around.name()).is_some()))
    };
    // Where a lead stands above it, a dateline is known by more than its place, and is no heading.
    let is_dateline = |at: usize, block: &Block, begun: bool| {
        let is_known = |known: &HashSet<NodeId>| {
            !begun && block.pieces.first().is_some_and(|piece| known.contains(piece))
                || dateline::tells(&block.text, &stated, policy)
        };
        let is_day = |known: &HashSet<NodeId>| {
            is_known(known)
                && dateline::is_alone(&block.text, &authors, policy)
                && !published.is_of_event(&block.text, beside(at))
        };
        let is_one = |known| dateline::names_authors(&block.text, &authors) || is_day(known);
        datelines.is_some_and(is_one) && !(begun && heads(block))
    };
    // How long it takes to read stands in a line of its own on some pages.
    let is_beside = |day: Option<usize>, at: usize, block: &Block| {
        day.is_some_and(|day| day + 1 == at)
            && block.text.contains(|c: char| c.is_ascii_digit())
            && dateline::is_beside(&block.text, &authors)
    };
    let judge = |at: usize, lines: &mut Lines, head: bool| -> bool {
        let text = found.get(at).map_or("", |block| block.text.as_str());
        // A sentence that the title repeats is text.
        let goes_on = || ends_like_prose(text) && !title_goes_on;
        let may_be_title = head && !title.is_empty() && text.len() <= 2 * title.len() + 16 && !goes_on();
        if may_be_title && comparable(text) == title {
            return false;
        }
        match residue::line(text) {
            Line::Text => true,
            Line::Column => !head,
            // Credits below a story are part of it where the end of the story is sure.
            Line::Fields(fields) if !head && exact && fields.iter().any(is_credit) => {
                lines.take(Line::Fields(fields), 0);
                true
            }
            Line::Fields(fields) if published.are_of_event(&fields, text, beside(at)) => true,
            // "Views: 12" in the middle of a story is text: only at the ends of a page it is a label.
            found => {
                lines.take(found, 0);
                false
            }
        }
    };
    // "Attachment:" is told of the file in the next line, which may be named like the story.
    let is_announced = |before: Option<&Block>, block: &Block| {
        let label = before.is_some_and(|before| before.text.ends_with([':', '：']) && width(&before.text) <= 20);
        label && links_to_file(page, block.holder)
    };
    let mut before = None;
    let mut begun = false;
    let (mut over, mut day) = (false, None);
    for (at, (keep, block)) in kept.iter_mut().zip(&found).enumerate().skip(letter).take(HEAD) {
        if is_dateline(at, block, begun) || is_beside(day, at, block) {
            *keep = false;
            day = Some(at);
            continue;
        }
        if over {
            continue;
        }
        if datelines.is_some() && heads(block) && says_again(&block.text, draft.title.as_deref()) {
            *keep = false;
            continue;
        }
        if !begun
            && datelines.is_none()
            && let Some(said) = head_line(&block.text, policy)
            && lines.take_head(said, &authors, || published.is_of_event(&block.text, beside(at)), draft)
        {
            *keep = false;
            continue;
        }
        *keep = is_announced(before, block) || judge(at, lines, true);
        begun |= *keep;
        before = Some(block);
        over = *keep && width(&block.text) >= 80;
    }
    let announced = announced(&found);
    for (at, ((keep, block), announced)) in kept.iter_mut().zip(&found).zip(announced).enumerate().rev().take(TAIL) {
        if !*keep {
            break;
        }
        // A short line of nothing but links leads away from the story, unless it is told of in it, or leads to one place elsewhere.
        let leads_on = is_of_links(block) && block.text.len() <= 120 && {
            let links = links(page, block, ways);
            let is_told = announced && links.stories * 2 < links.all;
            !is_told && (links.all > 1 || links.on + links.own > 0)
        };
        *keep = !leads_on && judge(at, lines, false);
        if *keep {
            break;
        }
    }
    draft.authors = authors;
    let told = kept.iter().zip(&found).filter(|(keep, _)| **keep).map(|(_, block)| block.text.as_str());
    event::claim(told, &published, draft);
    // A title that is all there is stands for the text, too.
    if !pictures && !kept.contains(&true) {
        found
            .iter()
            .zip(&mut kept)
            .filter(|(block, _)| comparable(&block.text) == title)
            .for_each(|(_, keep)| *keep = true);
    }
    // What holds a line of the story stays, whatever else it holds.
    let mut holding = HashSet::new();
    for block in kept.iter().zip(&found).filter_map(|(keep, block)| keep.then_some(block)) {
        let holder = page.tree.get(block.holder);
        let above = holder.into_iter().flat_map(|holder| std::iter::once(holder).chain(holder.ancestors()));
        above.map(|node| node.id()).take_while(|node| holding.insert(*node)).for_each(drop);
    }
    let mut paragraphs = Vec::with_capacity(found.len());
    for (keep, block) in kept.into_iter().zip(found) {
        if keep {
            paragraphs.push(block.text);
        } else if parts.contains(&block.holder) || holding.contains(&block.holder) {
            without.extend(block.pieces);
        } else {
            without.insert(block.holder);
        }
    }
    Story { parts, without, paragraphs, pictures }
}

/// How many lines at the start of a text are the head of the mail that it was. What they say is claimed. A story may tell of
/// a mail: one that was kept has no other title than it.
fn head_of_letter(found: &[Block], draft: &mut Draft, policy: Policy) -> usize {
    /// Lines of such a head.
    const MOST: usize = 12;
    let lines = found.iter().map(|block| block.text.as_str()).take(MOST);
    let head: Vec<&str> = lines.take_while(|line| letter::is_of_head(line)).collect();
    let title = draft.title.as_deref().unwrap_or_default();
    if !head.iter().any(|line| line.ends_with(title)) {
        return 0;
    }
    match FrontMatter::split(&format!("{}\n\n", head.join("\n")), Form::Text) {
        Ok(fields) if fields.title().is_some() => {
            fields.claim(draft, policy);
            head.len()
        }
        _ => 0,
    }
}

/// Whether a heading says the title in other words, and no sentence: half of its own are words of it, and three. A page may have a
/// title for those who search and another for those who read.
fn says_again(heading: &str, title: Option<&str>) -> bool {
    /// Words of more than two letters that any two texts have in common.
    const COMMON: [&str; 30] = [
        "the", "and", "for", "with", "from", "are", "was", "its", "der", "die", "das", "und", "den", "dem", "des",
        "ein", "eine", "für", "mit", "von", "les", "une", "pour", "los", "las", "del", "para", "con", "che", "van",
    ];
    let words = |text: &str| -> HashSet<String> {
        let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| word.chars().count() > 2);
        words.map(str::to_lowercase).filter(|word| !COMMON.contains(&word.as_str())).collect()
    };
    let (said, title) = (words(heading), words(title.unwrap_or_default()));
    let again = said.intersection(&title).count();
    again >= 3 && again * 2 >= said.len() && !heading.ends_with(['.', '。'])
}

/// Whether a line is links and little else.
fn is_of_links(block: &Block) -> bool {
    block.linked * 10 >= block.text.len() * 7
}

/// Which lines of links a line before says to be its own: "The winners are:".
fn announced(blocks: &[Block]) -> Vec<bool> {
    let mut announced = false;
    let mut after = |block: &Block| {
        let said = announced && is_of_links(block);
        announced = said || block.text.ends_with([':', '：']) && !heads_others(&block.text);
        said
    };
    blocks.iter().map(&mut after).collect()
}

/// The links of a line.
fn links(page: &Html, block: &Block, ways: &Ways) -> Counts {
    let mut counts = Counts::default();
    for text in block.pieces.iter().filter_map(|piece| page.tree.get(*piece)) {
        let mut above = text.ancestors().filter_map(|node| node.value().as_element());
        above.find(|element| leads_away(element)).into_iter().for_each(|link| counts.add(link, ways));
    }
    counts
}

/// Whether a label of a line tells who made the story, and is no date or counter.
fn is_credit(field: &Field<'_>) -> bool {
    let named = || field.value.chars().filter(|c| c.is_alphabetic()).count() > 1;
    matches!(field.label, Label::Author | Label::Publisher) || field.label == Label::Credit && named()
}

/// Whether an element is, or holds, a link to a file.
fn links_to_file(page: &Html, holder: NodeId) -> bool {
    let nodes = page.tree.get(holder).into_iter().flat_map(|holder| holder.descendants());
    let mut elements = nodes.filter_map(|node| node.value().as_element());
    elements.any(|element| element.name() == "a" && !leads_away(element))
}

/// The same page in other languages (HTML, `<link rel=alternate hreflang>`): none is the page itself, and none twice.
fn siblings(survey: &Survey<'_>, draft: &Draft) -> Vec<Sibling> {
    let mut found: Vec<Sibling> = Vec::new();
    let own = draft.link.as_ref().or(draft.base.as_ref());
    for (language, href) in &survey.siblings {
        let Some(url) = resolve(draft.base.as_ref(), href) else { continue };
        let is_own =
            own == Some(&url) || draft.language.as_deref().is_some_and(|own| own.eq_ignore_ascii_case(language));
        let is_other = !language.trim().is_empty() && !language.trim().eq_ignore_ascii_case("x-default");
        if is_other && !is_own && found.len() < MOST_SIBLINGS && found.iter().all(|known| known.url != url) {
            found.push(Sibling { language: language.trim().to_owned(), url });
        }
    }
    found
}

/// Files that are linked to below some nodes: by the ending of their addresses, or of their names.
fn enclosures<'n>(page: &Html, below: impl Iterator<Item = &'n NodeId>, base: Option<&Url>) -> Vec<Enclosure> {
    /// Files of one story that are looked at.
    const MOST: usize = 50;
    let mut found: Vec<Enclosure> = Vec::new();
    for node in below.filter_map(|node| page.tree.get(*node)).flat_map(|root| root.descendants()) {
        let Some(url) = named(&node, "a").and_then(|link| attribute(link, "href")).and_then(|href| resolve(base, href))
        else {
            continue;
        };
        if found.len() == MOST {
            break;
        }
        let name = squeezed(&node, 300);
        if (is_file(url.path()) || is_file(&name)) && found.iter().all(|known| known.url != url) {
            let told = draft::media_type_of_ending(url.path()).or_else(|| draft::media_type_of_ending(&name));
            found.push(Enclosure { media_type: draft::media_type(told, &url), length: None, url });
        }
    }
    found
}

fn resolve(base: Option<&Url>, address: &str) -> Option<Url> {
    let address = address.trim();
    let url = match base {
        Some(base) => base.join(address).ok()?,
        None => Url::parse(address).ok()?,
    };
    matches!(url.scheme(), "http" | "https").then_some(url)
}
