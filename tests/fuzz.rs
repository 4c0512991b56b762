//! The checks of the fuzzers over inputs that are the same at every run: seeds, cut, doubled, spliced and sprinkled.

#![expect(
    clippy::unwrap_used,
    clippy::print_stderr,
    reason = "a test that cannot prepare its inputs has failed, and tells the input"
)]

mod checks;

use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::path::{Path, PathBuf};

use rustix::time::{ClockId, clock_gettime};

/// Bytes of one input.
const LONGEST: usize = 64 * 1024;

/// Numbers that look random and are the same everywhere (Knuth's linear congruence).
struct Numbers(u64);

impl Numbers {
    /// The next number below `most`, which is not 0.
    fn below(&mut self, most: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % most
    }

    fn one_of<'a>(&mut self, all: &'a [Vec<u8>]) -> &'a [u8] {
        &all[self.below(all.len())]
    }

    /// A stretch of the input of at most so many bytes.
    fn stretch(&mut self, bytes: &[u8], most: usize) -> std::ops::Range<usize> {
        let start = self.below(bytes.len() + 1);
        start..(start + self.below(most)).min(bytes.len())
    }
}

fn seeds(kind: &str) -> Vec<Vec<u8>> {
    let mut paths: Vec<PathBuf> = fs::read_dir(folder().join(kind)).unwrap().map(|file| file.unwrap().path()).collect();
    paths.sort();
    paths.into_iter().map(|path| fs::read(path).unwrap()).collect()
}

/// The words of a dictionary in the form of libFuzzer, one in quotes a line.
fn words(kind: &str) -> Vec<Vec<u8>> {
    let text = fs::read_to_string(folder().join(format!("{kind}.dict"))).unwrap();
    let word = |line: &str| line.strip_prefix('"')?.strip_suffix('"').map(unescaped);
    text.lines().filter_map(word).collect()
}

/// A word with each `\xNN` as its byte; a dictionary is ASCII.
fn unescaped(word: &str) -> Vec<u8> {
    assert!(word.is_ascii(), "{word} is not read by libFuzzer");
    let mut parts = word.split("\\x");
    let mut bytes = parts.next().unwrap().as_bytes().to_vec();
    for part in parts {
        let (byte, behind) = part.split_at(2);
        bytes.push(u8::from_str_radix(byte, 16).unwrap());
        bytes.extend_from_slice(behind.as_bytes());
    }
    bytes
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/seeds")
}

/// Changes an input a little.
fn mutate(input: &mut Vec<u8>, seeds: &[Vec<u8>], words: &[Vec<u8>], numbers: &mut Numbers) {
    let at = numbers.below(input.len() + 1);
    match numbers.below(8) {
        0 => drop(input.drain(numbers.stretch(input, 200))),
        1 => input.truncate(at),
        2 => {
            let stretch = numbers.stretch(input, 200);
            input.extend_from_within(stretch);
        }
        3 => {
            let other = numbers.one_of(seeds);
            let stretch = numbers.stretch(other, 400);
            input.splice(at..at, other[stretch].iter().copied());
        }
        4 if at < input.len() => input[at] ^= 1 << numbers.below(8),
        5 => {
            let many = numbers.one_of(words).repeat(1 << numbers.below(11));
            input.splice(at..at, many);
        }
        6 => input.push(u8::try_from(numbers.below(256)).unwrap()),
        _ => {
            let word = numbers.one_of(words);
            input.splice(at..at, word.iter().copied());
        }
    }
    input.truncate(LONGEST);
}

/// Hands every seed to a check, then so many inputs made of them. One that does not pass is told.
fn run(kind: &str, count: usize, check: fn(&[u8])) {
    let (seeds, words) = (seeds(kind), words(kind));
    assert!(!seeds.is_empty() && !words.is_empty(), "nothing to make inputs of");
    let mut numbers = Numbers(7);
    let made = (0..count).map(|_| {
        let mut input = numbers.one_of(&seeds).to_vec();
        for _ in 0..=numbers.below(8) {
            mutate(&mut input, &seeds, &words, &mut numbers);
        }
        input
    });
    for input in seeds.iter().cloned().chain(made) {
        if let Err(fault) = catch_unwind(AssertUnwindSafe(|| check(&input))) {
            eprintln!("the input: {}", input.escape_ascii());
            resume_unwind(fault);
        }
    }
}

#[test]
fn feeds_of_whatever_kind_do_nothing() {
    run("feed", 3_000, checks::feed);
}

#[test]
fn pages_of_whatever_kind_do_nothing() {
    run("page", 2_000, checks::page);
}

#[test]
fn dates_stand_where_they_are_told_to_stand() {
    run("date", 5_000, checks::date);
}

/// A scan of quadratic cost would take minutes. What others take of the machine meanwhile does not count.
#[test]
fn dates_take_linear_time() {
    let worked = || clock_gettime(ClockId::ThreadCPUTime).tv_sec;
    let before = worked();
    run("date", 50, checks::long_date);
    let took = worked() - before;
    assert!(took < 60, "{took} s");
}
