//! Which parts of a page belong to the story whose title is known, and which stand beside it.

use std::collections::HashSet;

use ego_tree::NodeId;
use scraper::Html;

use super::survey::{Heading, Survey};

/// Elements before the title that may still belong to it.
const BEFORE: usize = 40;
/// Elements behind the title where what is small belongs to it.
const BEHIND: usize = 40;
/// Elements of what is small.
const SMALL: usize = 40;

/// What stands beside a story. What holds the title or the text does not, however it is named; nor does what is small and next to the
/// title, such as a line with the date and buttons for sharing.
#[derive(Debug, Default)]
pub(super) struct Surroundings {
    /// The elements.
    pub(super) nodes: HashSet<NodeId>,
    /// The places that they take, in order and apart: the first, and the first behind.
    taken: Vec<(usize, usize)>,
    /// The first place that may belong to the title.
    pub(super) from: usize,
}

impl Surroundings {
    /// `story` is the element that holds the text.
    pub(super) fn of(page: &Html, survey: &Survey<'_>, heading: Option<&Heading>, story: NodeId) -> Self {
        let around: HashSet<NodeId> = page
            .tree
            .get(story)
            .into_iter()
            .flat_map(|story| story.ancestors().chain([story]))
            .map(|node| node.id())
            .collect();
        let mut beside =
            Self { from: heading.map_or(0, |heading| heading.place.saturating_sub(BEFORE)), ..Self::default() };
        let whole = survey.places();
        for (id, start, end) in &survey.ranges {
            let holds_story = around.contains(id)
                // Without a heading there is no telling but by size.
                || heading.is_none() && end.saturating_sub(*start) * 2 > whole
                || heading.is_some_and(|heading| {
                    let near = *start >= beside.from
                        && *start <= heading.place + BEHIND
                        && end.saturating_sub(*start) <= SMALL;
                    near || (*start..*end).contains(&heading.place)
                });
            if holds_story {
                continue;
            }
            beside.nodes.insert(*id);
            match beside.taken.last_mut() {
                Some(last) if last.1 >= *start => last.1 = last.1.max(*end),
                _ => beside.taken.push((*start, *end)),
            }
        }
        beside
    }

    /// Whether the element at a place stands beside the story.
    pub(super) fn hold(&self, place: usize) -> bool {
        let behind = self.taken.partition_point(|(start, _)| *start <= place);
        behind.checked_sub(1).and_then(|at| self.taken.get(at)).is_some_and(|(_, end)| place < *end)
    }
}
