//! In which order documents arrive, in how many walks and how often they are walked over shows in nothing that is published.

mod house;

use std::collections::BTreeMap;

use house::{CONFIG, House};
use proptest::prelude::*;
use serde_json::Value;

const SOURCES: [&str; 3] = ["news", "physics", "press"];

/// What the stories tell, a paragraph each, with places to be filled.
const STORIES: [(&str, [&str; 3]); 4] = [
    (
        "A bridge to the boathouse",
        [
            "The footbridge between the library and the boathouse was opened on Monday by {person}, the mayor of Fjordby, who crossed it with the pupils of the harbour school and a brass band that had come over on the morning ferry.",
            "It is forty metres long, hangs from a single mast, and was drawn by students of the school of civil engineering, who tested a model of it for two winters in the wave tank below the old rope factory.",
            "Until now whoever wanted to row had to walk around the basin for a quarter of an hour, or ask the lock keeper for his boat, which he lent to professors more readily than to first-year students.",
        ],
    ),
    (
        "Opening hours of the reading rooms",
        [
            "The reading rooms of the library on the hill are open from eight to {hour} on all days of the week, and the map room opens at noon, where {person} lends charts of the northern sound to whoever asks on the day before.",
            "Bags are left in the lockers of the entrance hall, coffee stays in the courtyard, and the keys of the small rooms are given out by the porter against a student card of any university of the country.",
            "The lift beside the customs house is mended for the third time this year, so that whoever comes by the ferry takes the stairs, or waits for the bus that leaves when it is full.",
        ],
    ),
    (
        "Forum on coastal engineering",
        [
            "On 14 March 2026 Linjiang University opened its COASTAL forum in hall 301. Among the 128 guests from 42 institutes was {person}, the president of the ICSE, who praised the patience of the builders of the tank.",
            "A wave tank for 3200 litres was shown, and whoever wanted to make a storm of his own could do so until {hour} in the evening, under the eyes of two engineers and a cat.",
            "The next forum is held in Lindhaven, where the dyke is older than the town and nobody remembers who built it, though everybody knows who should have mended it.",
        ],
    ),
    (
        "滨海论坛展示波浪水槽",
        [
            "2026年3月14日，临江大学在301报告厅举行滨海论坛（COASTAL），来自42个研究所的128位嘉宾出席了会议，国际学会ICSE主席到会并致辞，对建设者的耐心表示感谢。",
            "会上展示了3200升的波浪水槽，与会者可以亲手制造一场风暴，两位工程师和一只猫全程在场，直到晚上才结束。",
            "下一届论坛将在林港市举行，那里的海堤比城市还要古老，没有人记得是谁修建的，但人人都知道该由谁来修缮。",
        ],
    ),
];

/// A document: one of the stories, as somebody has it.
#[derive(Clone, Debug)]
struct Told {
    story: usize,
    source: usize,
    form: usize,
    day: u32,
}

impl Told {
    fn text(&self, edited: bool) -> String {
        let (title, paragraphs) = STORIES[self.story];
        let (mut title, mut text) = (title.to_owned(), paragraphs.join("\n\n"));
        let (person, hour) = if self.form == 5 { ("Ines Falk", "17") } else { ("Marit Solheim", "21") };
        text = text.replace("{person}", person).replace("{hour}", hour);
        match self.form {
            1 => title = format!("Once more: {title}"),
            2 => text = text.split("\n\n").next().unwrap_or_default().to_owned(),
            3 => text = text.replace("until", "till").replace("两位", "二位"),
            4 => text = format!("Home News Archive Print\n\n{text}\n\nShare this page with your friends"),
            _ => {}
        }
        if edited {
            text.push_str("\n\nThe porter, who was asked for his view, said that he had none since the fog came in.");
        }
        format!("{title}\n\nPublished: 2026-03-{:02}\n\n{text}\n", self.day)
    }
}

fn told() -> impl Strategy<Value = Told> {
    (0..STORIES.len(), 0..SOURCES.len(), 0..6_usize, 10..20_u32).prop_map(|(story, source, form, day)| Told {
        story,
        source,
        form,
        day,
    })
}

/// Documents, the order in which they come, and behind which of them somebody walks.
type Arrivals = (Vec<Told>, Vec<usize>, Vec<bool>);

fn arrivals() -> impl Strategy<Value = Arrivals> {
    prop::collection::vec(told(), 2..9).prop_flat_map(|documents| {
        let count = documents.len();
        let order = Just((0..count).collect::<Vec<_>>()).prop_shuffle();
        (Just(documents), order, prop::collection::vec(any::<bool>(), count))
    })
}

fn house() -> House {
    let house = House::new();
    let more = "[[source]]\nid = \"physics\"\nfiles = \"physics/*\"\n[[source]]\nid = \"press\"\nfiles = \"press/*\"\n";
    house.config(&format!("{CONFIG}{more}"));
    for source in SOURCES {
        house.folder(source);
    }
    house
}

fn write(house: &House, number: usize, told: &Told, edited: bool) {
    house.file(format!("{}/{number}.txt", SOURCES[told.source]), &told.text(edited));
}

fn differing(one: &BTreeMap<String, String>, other: &BTreeMap<String, String>) -> Vec<String> {
    let paths = one.keys().chain(other.keys());
    let mut paths: Vec<String> = paths.filter(|path| one.get(*path) != other.get(*path)).cloned().collect();
    paths.dedup();
    paths
}

/// What a feed tells of its items, but for when they were edited.
fn told_of(house: &House) -> BTreeMap<String, (String, String, String, Value, Value)> {
    let items = house.feed("all.json").into_iter();
    let told = items.map(|item| {
        let (duplicates, versions) = (item.feedgen["duplicates"].clone(), item.feedgen["translations"].clone());
        (item.id, (item.title, item.date, item.content, duplicates, versions))
    });
    told.collect()
}

/// Documents as they come, and of each whether it is edited before and behind the first round.
fn edited() -> impl Strategy<Value = (Arrivals, Vec<(bool, bool)>)> {
    arrivals().prop_flat_map(|arrivals| {
        let count = arrivals.0.len();
        (Just(arrivals), prop::collection::vec(any::<(bool, bool)>(), count))
    })
}

proptest! {
    #![proptest_config(ProptestConfig { max_shrink_iters: 64, failure_persistence: None, ..ProptestConfig::with_cases(16) })]

    #[test]
    fn any_order_any_batches_and_any_number_of_walks_give_the_same_bytes((documents, order, walks) in arrivals()) {
        let whole = house();
        for (number, told) in documents.iter().enumerate() {
            write(&whole, number, told, false);
        }
        whole.refresh().expect_ok();
        let house = house();
        for (number, walk) in order.iter().zip(&walks) {
            write(&house, *number, &documents[*number], false);
            if *walk {
                house.refresh().expect_ok();
            }
        }
        house.refresh().expect_ok();
        prop_assert_eq!(differing(&house.published(), &whole.published()), Vec::<String>::new());
        house.run(&["refresh", "--force"]).expect_ok();
        prop_assert_eq!(differing(&house.published(), &whole.published()), Vec::<String>::new());
        // Nothing is missing from the feed of its source.
        for (source, name) in SOURCES.iter().enumerate() {
            let all = documents.iter().filter(|told| told.source == source).count();
            let path = format!("sources/{name}.json");
            let shown = if house.has(&path) { house.feed(&path).len() } else { 0 };
            prop_assert_eq!(shown, all, "{}", name);
        }
    }

    #[test]
    fn whatever_was_edited_on_the_way_the_last_words_count(((documents, order, walks), edits) in edited()) {
        let whole = house();
        for (number, (told, (_, last))) in documents.iter().zip(&edits).enumerate() {
            write(&whole, number, told, *last);
        }
        whole.refresh().expect_ok();
        let house = house();
        for (number, walk) in order.iter().zip(&walks) {
            write(&house, *number, &documents[*number], edits[*number].0);
            if *walk {
                house.refresh().expect_ok();
            }
        }
        for number in order.iter().rev() {
            let (first, last) = edits[*number];
            if first != last {
                write(&house, *number, &documents[*number], last);
            }
            if walks[*number] {
                house.refresh().expect_ok();
            }
        }
        house.refresh().expect_ok();
        prop_assert_eq!(told_of(&house), told_of(&whole));
    }
}
