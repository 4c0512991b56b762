//! Near-duplicates among very many texts: how many are found, and what that costs.
//!
//! `cargo bench --bench near_duplicates -- FILE…`, each a file of JSON lines with `id`, `title` and `text`, and beside it
//! `FILE.truth` with the planted pairs, `one<TAB>other<TAB>kind`. Texts are in memory before the watch starts; sketches,
//! look-ups, a real store on disk and the comparison of words are measured.

#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a bench that cannot read its input has failed, and it tells on the screen"
)]

use std::collections::{BTreeMap, HashMap};
use std::fs;
use std::time::{Duration, Instant};

use feedgen::dedup::{self, Sketch, Story};
use feedgen::store::Store;

/// As the binary has it.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Texts of one transaction, as in a walk.
const BATCH: usize = 1_024;

#[derive(serde::Deserialize)]
struct Line {
    title: String,
    text: String,
}

fn main() {
    let files: Vec<String> = std::env::args().skip(1).filter(|argument| !argument.starts_with("--")).collect();
    for file in &files {
        measure(file);
    }
    if files.is_empty() {
        println!("name files of JSON lines: cargo bench --bench near_duplicates -- FILE…");
    }
}

/// CPU time of this thread, nanoseconds.
fn cpu() -> u64 {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
    u64::try_from(time.tv_sec * 1_000_000_000 + time.tv_nsec).unwrap()
}

fn measure(file: &str) {
    let lines: Vec<Line> =
        fs::read_to_string(file).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let folder = std::env::temp_dir().join(format!("feedgen-bench-{}", std::process::id()));
    let path = folder.join("feedgen.db");
    let mut store = Store::open(&path).unwrap();
    // Number 0 is none.
    let mut families = Families((0..=u32::try_from(lines.len()).unwrap()).collect());
    let (mut compared, mut sketching, mut entering) = (0, 0, 0);
    let (watch, start) = (Instant::now(), cpu());
    for (batch, number) in lines.chunks(BATCH).zip(0_usize..) {
        let before = cpu();
        let sketches: Vec<(u32, Sketch)> = batch
            .iter()
            .zip(number * BATCH + 1..)
            .map(|(line, id)| (u32::try_from(id).unwrap(), dedup::sketch(&line.title, &line.text)))
            .collect();
        let made = cpu();
        let found = store.enter_sketches(&sketches).unwrap();
        let entered = cpu();
        for (text, alike) in found {
            for other in alike {
                if families.of(text) != families.of(other) {
                    compared += 1;
                    if dedup::compare(&story(&lines, text), &story(&lines, other)).same {
                        families.unite(text, other);
                    }
                }
            }
        }
        sketching += made - before;
        entering += entered - made;
    }
    let (spent, elapsed) = (cpu() - start, watch.elapsed());
    drop(store);
    let index = size_of_index(&rusqlite::Connection::open(&path).unwrap());
    fs::remove_dir_all(folder).unwrap();
    let per_item =
        |total: u64| Duration::from_nanos(total).as_secs_f64() * 1e9 / f64::from(u32::try_from(lines.len()).unwrap());
    let (recall, of_kind, wrong) = judge(file, &mut families, lines.len());
    println!(
        "{:>9} texts: {:.2} µs CPU an item ({:.2} sketch, {:.2} index, {:.2} comparing {compared} pairs), {:.1} s, {:.0} bytes an item; \
         recall {recall:.4} ({of_kind}), false pairs {wrong}",
        lines.len(),
        per_item(spent) / 1e3,
        per_item(sketching) / 1e3,
        per_item(entering) / 1e3,
        per_item(spent - sketching - entering) / 1e3,
        elapsed.as_secs_f64(),
        per_item(index),
    );
}

/// Bytes of the pages on which near copies are found: those that become free without it.
fn size_of_index(store: &rusqlite::Connection) -> u64 {
    let number = |name: &str| store.query_row(&format!("PRAGMA {name}"), [], |row| row.get::<_, u64>(0)).unwrap();
    let free = number("freelist_count");
    store.execute_batch("BEGIN; DROP TABLE posting; DROP TABLE run; DROP TABLE sketch").unwrap();
    (number("freelist_count") - free) * number("page_size")
}

fn story(lines: &[Line], number: u32) -> Story<'_> {
    let line = &lines[number as usize - 1];
    Story::of(&line.title, &line.text, None)
}

/// Recall over all planted pairs and by kind, and how many items were joined with one that is no copy of the same.
fn judge(file: &str, families: &mut Families, count: usize) -> (f64, String, usize) {
    let truth = fs::read_to_string(format!("{file}.truth")).unwrap();
    let mut original: HashMap<u32, u32> = HashMap::new();
    let mut kinds: BTreeMap<&str, (u32, u32)> = BTreeMap::new();
    for line in truth.lines() {
        let mut fields = line.split('\t');
        let mut number = || fields.next().unwrap().parse::<u32>().unwrap() + 1;
        let (base, copy) = (number(), number());
        let (found, all) = kinds.entry(fields.next().unwrap()).or_default();
        *found += u32::from(families.of(base) == families.of(copy));
        *all += 1;
        original.insert(copy, base);
    }
    let (found, all) = kinds.values().fold((0, 0), |sum, (found, all)| (sum.0 + found, sum.1 + all));
    let by_kind = kinds.iter().map(|(kind, (found, all))| format!("{kind} {:.3}", f64::from(*found) / f64::from(*all)));
    let by_kind = by_kind.collect::<Vec<_>>().join(", ");
    let mut told: HashMap<u32, u32> = HashMap::new();
    let mut wrong = 0;
    for number in 1..=u32::try_from(count).unwrap() {
        let base = *original.get(&number).unwrap_or(&number);
        wrong += usize::from(*told.entry(families.of(number)).or_insert(base) != base);
    }
    (f64::from(found) / f64::from(all), by_kind, wrong)
}

/// Disjoint sets.
struct Families(Vec<u32>);

impl Families {
    fn of(&mut self, mut number: u32) -> u32 {
        while self.0[number as usize] != number {
            let above = self.0[self.0[number as usize] as usize];
            self.0[number as usize] = above;
            number = above;
        }
        number
    }

    fn unite(&mut self, one: u32, other: u32) {
        let (one, other) = (self.of(one), self.of(other));
        self.0[one.max(other) as usize] = one.min(other);
    }
}
