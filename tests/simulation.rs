//! Documents that come, are edited, renamed, copied, deleted and put back, at random and over many walks, through the real binary: each
//! story is shown once, with words that a document says, and no id ever changes, is doubled or lost.
//!
//! What must hold is worked out here from what was done to the folders, and from nothing that feedgen knows of copies.

#![expect(clippy::expect_used, reason = "what tells no story is none of these documents")]

mod house;

use std::collections::{BTreeMap, BTreeSet};

use house::{CONFIG, House, TestItem};

const SOURCES: [&str; 3] = ["news", "physics", "press"];
/// Walks of each house.
const WALKS: u32 = 22;

/// How each story begins, long enough that no version is an excerpt of another.
const STORIES: [&str; 4] = [
    "The footbridge between the library and the boathouse was opened by the mayor of Fjordby, who crossed it with the pupils of the \
     harbour school and a brass band that had come over on the morning ferry. It hangs from a single mast, and was drawn by students of \
     the school of civil engineering, who tested a model of it in the wave tank below the old rope factory. Until now whoever wanted to \
     row had to walk around the basin for a quarter of an hour, or ask the lock keeper for his boat, which he lent to professors more \
     readily than to students of the first year, and to nobody at all while he was asleep.",
    "Forty singers of the university choir have come home from a tour through the fishing villages of the north, where they sang in \
     churches, in net lofts and once from the deck of a lifeboat. The conductor says that the best listeners were the crews of two \
     trawlers who had missed the tide and stayed for all encores instead of mending their nets. A recording of the concert in the \
     lighthouse will be on sale in the bookshop, and what it earns goes to the people who keep the lamp, to the organist of the \
     smallest church, and to the owner of the lifeboat, who has to paint it anew.",
    "A seed bank for the grasses of the dunes has been dug into the hill behind the botanical garden, where the frost reaches deepest \
     and no cable runs. Volunteers will carry in what they gathered along the coast during the autumn, in jars that a potter of the \
     town made for it, each with a cork and a label of slate. Whoever wants to sow something again asks the gardener, who keeps a key, \
     a lantern and a book in which each grain is entered, and who hopes that nobody will ever come.",
    "The observatory on the island listens to whales again, since divers found the microphone that a storm had torn off its anchor, \
     covered with mussels but unharmed. Its cable comes ashore below the canteen, so that whoever has lunch there may hear what swims \
     past through a loudspeaker which the physicists hung beside the menu. A dictionary of calls is being written by two linguists, \
     who cannot agree on a single word of it, and by a child of one of them, who thinks that it is all about herring.",
];

/// What is told beside it in turn: the number of such sentences is the version.
const MORE: [&str; 8] = [
    "Those who asked were told so at the harbour.",
    "Nobody minded the rain, which is rare in that month.",
    "Coffee was served from a bucket, with a ladle.",
    "Gulls took most of the bread before anybody could speak.",
    "Some had brought their grandmothers, and one a goat.",
    "Afterwards the benches were carried back to the chapel.",
    "All of it was drawn by hand, since the camera had been lent.",
    "Whoever lost a glove may fetch it from the porter.",
];

const REDIRECT: &str = "<meta http-equiv=refresh content=\"0; url=https://a.example.edu/\">";

/// A small generator of numbers (`SplitMix64`), so that each run does the same.
struct Random(u64);

impl Random {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((mixed ^ (mixed >> 31)) % end as u64).unwrap_or(0)
    }

    fn of<'a, T>(&mut self, some: &'a [T]) -> Option<&'a T> {
        if some.is_empty() { None } else { some.get(self.below(some.len())) }
    }
}

/// A document as it lies in a folder.
#[derive(Clone, Debug, PartialEq)]
struct Lying {
    story: usize,
    version: usize,
    title: usize,
    day: u32,
}

impl Lying {
    fn text(&self, path: &str) -> String {
        let titles = ["is told", "as we heard it", "and what became of it", "in few words"];
        let subject = ["A bridge to the boathouse", "The choir of the north", "Grass for later", "What whales say"];
        let title = format!("{}, {}", subject[self.story], titles[self.title]);
        let told = format!("{} {}", STORIES[self.story], MORE[..self.version].join(" "));
        let date = format!("2026-{:02}-{:02}", 1 + self.day / 28, 1 + self.day % 28);
        if ending(path) == "html" {
            return format!(
                "<!DOCTYPE html><html><head><title>{title}</title><meta property=\"article:published_time\" content=\"{date}\"></head>\
                 <body><article><h1>{title}</h1><p>{told}</p></article></body></html>"
            );
        }
        let mark = if ending(path) == "md" { "# " } else { "" };
        format!("{mark}{title}\n\nPublished: {date}\n\n{told}\n")
    }
}

fn ending(path: &str) -> &str {
    path.rsplit('.').next().unwrap_or_default()
}

/// Which story something tells, and in which version.
fn read(content: &str) -> (usize, usize) {
    let begins = |story: &str| content.contains(story.split(',').next().unwrap_or_default());
    let story = STORIES.iter().position(|story| begins(story)).expect("one of the stories");
    (story, MORE.iter().filter(|more| content.contains(*more)).count())
}

/// An item as the feed of its source shows it.
#[derive(Clone)]
struct Shown {
    source: usize,
    story: usize,
    version: usize,
    item: TestItem,
}

/// A house, and what is known of it here.
struct World {
    house: House,
    random: Random,
    /// What lies where.
    documents: BTreeMap<String, Lying>,
    /// What was deleted, where it lay.
    deleted: BTreeMap<String, Lying>,
    names: u32,
    day: u32,
    /// How many items each source has of each story.
    items: BTreeMap<(usize, usize), usize>,
    /// What the sources showed last under each id.
    seen: BTreeMap<String, Shown>,
    done: Vec<String>,
}

impl World {
    fn new(seed: u64) -> Self {
        let house = House::new();
        let more = "[[source]]\nid = \"physics\"\nfiles = \"physics/**/*\"\n\
                    [[source]]\nid = \"press\"\nfiles = \"press/**/*\"\n";
        house.config(&format!("{CONFIG}{more}"));
        for source in SOURCES {
            house.folder(source);
        }
        let (documents, deleted, items) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
        let (seen, done) = (BTreeMap::new(), Vec::new());
        let mut world = Self { house, random: Random(seed), documents, deleted, names: 0, day: 0, items, seen, done };
        for story in 0..STORIES.len() {
            let source = world.random.below(SOURCES.len());
            let lying = world.told(story, 1);
            world.put(source, lying);
        }
        world
    }

    fn told(&mut self, story: usize, version: usize) -> Lying {
        self.day += 1;
        // Not in the order in which they come; what is told again after twenty days is another occasion.
        let day = 10 + self.day * 37 % 20;
        Lying { story, version, title: self.random.below(4), day }
    }

    /// A name that nothing ever had.
    fn name(&mut self, source: usize) -> String {
        self.names += 1;
        let folder = ["", "old/", "2026/03/"][self.random.below(3)];
        let ending = ["txt", "md", "html"][self.random.below(3)];
        format!("{}/{folder}{}.{ending}", SOURCES[source], self.names)
    }

    fn put(&mut self, source: usize, lying: Lying) {
        let path = self.name(source);
        self.write(&path, lying);
    }

    fn write(&mut self, path: &str, lying: Lying) {
        self.done.push(format!("write {path} {lying:?}"));
        self.house.file(path, &lying.text(path));
        self.documents.insert(path.to_owned(), lying);
    }

    fn delete(&mut self, path: &str) -> Option<Lying> {
        self.done.push(format!("delete {path}"));
        // A folder without documents is taken for one that is not mounted.
        let lying = self.documents.remove(path)?;
        self.house.remove(path);
        self.deleted.insert(path.to_owned(), lying.clone());
        Some(lying)
    }

    /// Does one thing to the folders.
    fn act(&mut self) {
        let paths: Vec<String> = self.documents.keys().cloned().collect();
        let Some(path) = self.random.of(&paths).cloned() else { return };
        let source = SOURCES.iter().position(|source| path.starts_with(source)).unwrap_or(0);
        let lying = self.documents[&path].clone();
        let edited = Lying { version: (lying.version + 1).min(MORE.len()), ..lying.clone() };
        match self.random.below(9) {
            0 | 1 => self.write(&path, edited),
            2 | 3 => {
                // Corrected under another name, in another file, perhaps with another title and another day.
                let mut new = edited;
                if self.random.below(2) == 0 {
                    new = self.told(new.story, new.version);
                }
                self.delete(&path);
                self.put(source, new);
            }
            4 => {
                // Moved as it is, then perhaps edited.
                let to = self.name(source);
                let to = format!("{}.{}", to.rsplit_once('.').map_or("", |(stem, _)| stem), ending(&path));
                self.done.push(format!("rename {path} {to}"));
                self.house.rename(&path, &to);
                self.documents.remove(&path);
                self.documents.insert(to.clone(), lying);
                if self.random.below(3) == 0 {
                    self.write(&to, edited);
                }
            }
            5 => {
                let of_source = paths.iter().filter(|other| other.starts_with(SOURCES[source])).count();
                if of_source > 1 {
                    self.delete(&path);
                }
            }
            6 => {
                let count = self.documents.values().filter(|other| other.story == lying.story).count();
                if count < 5 {
                    let to = self.random.below(SOURCES.len());
                    let copy = self.told(lying.story, lying.version);
                    self.put(to, copy);
                }
            }
            7 => {
                // Nothing is left in it, or a page that leads elsewhere.
                let stub = if ending(&path) == "html" { REDIRECT } else { "" };
                self.done.push(format!("empty {path}"));
                self.house.file(&path, stub);
                self.documents.remove(&path);
                self.deleted.insert(path, lying);
            }
            _ => {
                let deleted: Vec<String> = self.deleted.keys().cloned().collect();
                if let Some(path) = self.random.of(&deleted).cloned() {
                    let lying = self.deleted.remove(&path).unwrap_or(lying);
                    self.write(&path, lying);
                }
            }
        }
    }

    /// The versions of a story that lie in the folder of a source.
    fn versions(&self, source: usize, story: usize) -> Vec<usize> {
        let folder = format!("{}/", SOURCES[source]);
        let of = self.documents.iter().filter(|(path, lying)| lying.story == story && path.starts_with(&folder));
        of.map(|(_, lying)| lying.version).collect()
    }

    fn walk(&mut self, number: u32) {
        self.done.push(format!("walk {number}"));
        let time = chrono::DateTime::from_timestamp(1_777_593_600 + i64::from(number) * 3_600, 0).unwrap_or_default();
        self.house.at(&time.to_rfc3339());
        // A folder that is empty from the start is complained of.
        self.house.refresh();
        let context = self.done.join("\n");
        let now = self.sources(&time.format("%Y-%m-%dT%H:%M:%SZ").to_string(), &context);
        self.check_items(&now, &context);
        let mut stories = BTreeSet::new();
        for item in &self.house.feed("all.json") {
            let Shown { source, story, version, .. } = now[&item.id];
            assert_eq!(read(&item.content), (story, version), "{context}");
            assert!(stories.insert(story), "{story} is shown twice\n{context}");
            let copies = now.values().filter(|shown| shown.story == story);
            let first = copies.min_by_key(|shown| (&shown.item.date, &shown.item.id)).map(|shown| &shown.item.id);
            assert_eq!(Some(&item.id), first, "which copy of {story}\n{context}");
            let versions = self.versions(source, story);
            if versions.is_empty() {
                let is_as_before = self.seen.get(&item.id).is_none_or(|before| before.version == version);
                assert!(is_as_before, "nobody edited {story}\n{context}");
            } else {
                assert!(versions.contains(&version), "{version} of {story} is stale\n{context}");
            }
        }
        assert_eq!(stories.len(), STORIES.len(), "a story is lost\n{context}");
        self.seen = now;
    }

    /// What the sources show, each under the id, with the date and the last edit that it must have.
    fn sources(&self, time: &str, context: &str) -> BTreeMap<String, Shown> {
        let mut now = BTreeMap::new();
        for (source, name) in SOURCES.iter().enumerate() {
            let path = format!("sources/{name}.json");
            let items = if self.house.has(&path) { self.house.feed(&path) } else { Vec::new() };
            for item in items {
                let (story, version) = read(&item.content);
                if let Some(before) = self.seen.get(&item.id) {
                    let known = (before.source, before.story, &before.item.date);
                    assert_eq!(known, (source, story, &item.date), "an id moved\n{context}");
                    let is_edited = (before.version, &before.item.title) != (version, &item.title);
                    let updated = if is_edited { time } else { &before.item.updated };
                    assert_eq!(item.updated, updated, "edits of {}\n{context}", item.id);
                }
                let is_new = now.insert(item.id.clone(), Shown { source, story, version, item }).is_none();
                assert!(is_new, "an id is doubled\n{context}");
            }
        }
        let lost: Vec<&String> = self.seen.keys().filter(|id| !now.contains_key(*id)).collect();
        assert!(lost.is_empty(), "{lost:?} are lost\n{context}");
        now
    }

    /// Checks that each source has as many items of a story as it ever had documents at once, and that each document is one.
    fn check_items(&mut self, now: &BTreeMap<String, Shown>, context: &str) {
        for (source, story) in
            (0..SOURCES.len()).flat_map(|source| (0..STORIES.len()).map(move |story| (source, story)))
        {
            let versions = self.versions(source, story);
            let most = self.items.entry((source, story)).or_default();
            *most = versions.len().max(*most);
            let of = now.values().filter(|shown| (shown.source, shown.story) == (source, story));
            let mut told: Vec<usize> = of.map(|shown| shown.version).collect();
            assert_eq!(told.len(), *most, "items of {story} in {source}\n{context}");
            for version in versions {
                let at = told.iter().position(|told| *told == version);
                assert!(at.map(|at| told.remove(at)).is_some(), "{version} of {story} in {source} is lost\n{context}");
            }
        }
    }
}

#[test]
fn whatever_becomes_of_documents_each_story_is_shown_once_as_it_is_told_now() {
    for seed in 0..6 {
        let mut world = World::new(seed);
        world.done.push(format!("seed {seed}"));
        for number in 0..WALKS {
            world.walk(number);
            for _ in 0..=world.random.below(4) {
                world.act();
            }
        }
        world.walk(WALKS);
        // To read all of it anew changes nothing.
        let before = world.house.published();
        world.house.run(&["refresh", "--force"]);
        assert!(world.house.published() == before, "seed {seed}\n{}", world.done.join("\n"));
    }
}
