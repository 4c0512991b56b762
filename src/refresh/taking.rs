//! What visits brought is read, heard and settled: some answers at a time, for what was read takes more room than what is settled of it.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};

use super::course::Course;
use super::in_parallel;
use super::web::{Came, Visiting, size};
use crate::config::Settings;
use crate::item::Vocabulary;
use crate::store::{Store, StoreError};

/// Answers with something to be read that are read at once.
const TOGETHER: usize = 32;

impl Visiting<'_> {
    /// Takes in what came. Returns the places of the sources that it came from.
    pub(super) fn settle(
        &mut self,
        came: Vec<Came>,
        store: Option<&Store>,
        (settings, vocabulary): (&Settings, &Vocabulary),
        now: DateTime<Utc>,
    ) -> Result<BTreeSet<usize>, StoreError> {
        let mut all = BTreeSet::new();
        let mut came = came.into_iter();
        while let Some(part) = part(&mut came) {
            let courses = &self.courses;
            let open = |(at, errand, pending, outcome)| {
                let course: Option<&Box<Course<'_>>> = courses.get(&at);
                (at, errand, course.map(|course| course.open(errand, outcome, pending, settings, vocabulary, now)))
            };
            // To begin a thread takes longer than to find that there is nothing to read.
            let heard: Vec<_> = if part.iter().any(|(.., outcome)| size(outcome) > 0) {
                in_parallel(part, open)
            } else {
                part.into_iter().map(open).collect()
            };
            let mut touched = BTreeSet::new();
            for (at, errand, news) in heard {
                if let (Some(course), Some(news)) = (self.courses.get_mut(&at), news) {
                    course.hear(errand, news, store, now)?;
                    touched.insert(at);
                }
            }
            if let (Some(first), Some(last)) = (touched.first(), touched.last()) {
                let near = self.courses.range_mut(first..=last);
                let ready = near.map(|(_, course)| &mut **course).filter(|course| !course.ready.is_empty()).collect();
                in_parallel(ready, |course: &mut Course<'_>| course.settle(settings, vocabulary, now));
            }
            all.append(&mut touched);
        }
        Ok(all)
    }
}

/// The next answers that are read at once. `None`: that was all.
fn part(came: &mut impl Iterator<Item = Came>) -> Option<Vec<Came>> {
    let (mut part, mut bodies) = (Vec::new(), 0);
    while bodies < TOGETHER
        && let Some(one) = came.next()
    {
        bodies += usize::from(size(&one.3) > 0);
        part.push(one);
    }
    Some(part).filter(|part| !part.is_empty())
}
