//! Packs the time zones, and tells the linker to pack the places that the loader puts addresses into: 1.5 MB less, where the C
//! library knows that form.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;
use std::{env, error, fs};

use chrono::{DateTime, Offset as _, TimeZone as _};
use chrono_tz::{TZ_VARIANTS, Tz};

fn main() -> Result<(), Box<dyn error::Error>> {
    println!("cargo::rerun-if-changed=build.rs");
    pack_zones(Path::new(&env::var("OUT_DIR")?))?;
    let set = |name: &str| env::var(name).unwrap_or_default();
    // Who builds for another machine says nothing of its C library.
    if set("HOST") != set("TARGET") || set("CARGO_CFG_TARGET_ENV") != "gnu" {
        return Ok(());
    }
    let told = Command::new("getconf").arg("GNU_LIBC_VERSION").output().map(|output| output.stdout).unwrap_or_default();
    if is_new_enough(&String::from_utf8_lossy(&told)) {
        println!("cargo::rustc-link-arg-bins=-Wl,-z,pack-relative-relocs");
    }
    Ok(())
}

/// Whether a C library reads packed addresses (`DT_RELR`): `glibc 2.36` and later do.
fn is_new_enough(told: &str) -> bool {
    let version = told.trim().strip_prefix("glibc ").and_then(|version| version.split_once('.'));
    version.is_some_and(|(major, minor)| (major.parse().unwrap_or(0), minor.parse().unwrap_or(0)) >= (2, 36))
}

/// Writes what `src/source/zone.rs` takes in: the names of all zones with a row for each, and its spans. Zones that always had
/// the same time share these.
fn pack_zones(folder: &Path) -> Result<(), Box<dyn error::Error>> {
    let mut zones: Vec<Tz> = TZ_VARIANTS.to_vec();
    zones.sort_by_key(|zone| zone.name());
    let (mut names, mut rows, mut packed, mut known) =
        (String::new(), String::new(), Vec::<i64>::new(), HashMap::new());
    for zone in &zones {
        let spans = spans(*zone);
        let (first, length) = (packed.len(), spans.len());
        let first = *known.entry(spans.clone()).or_insert_with(|| {
            packed.extend(spans);
            first
        });
        writeln!(rows, "    ({}, {}, {first}, {length}),", names.len(), zone.name().len())?;
        names.push_str(zone.name());
    }
    let utc = zones.iter().position(|zone| *zone == Tz::UTC).unwrap_or_default();
    let count = zones.len();
    fs::write(folder.join("zones"), packed.iter().flat_map(|span| span.to_le_bytes()).collect::<Vec<u8>>())?;
    fs::write(
        folder.join("zones.rs"),
        format!(
            "/// The names of all zones, one behind the other.\nconst NAMES: &str = \"{names}\";\n\
             /// Of each zone: where its name begins and how long it is, and the same of its spans.\n\
             static ROWS: [(u16, u8, u16, u16); {count}] = [\n{rows}];\nconst UTC_ROW: u16 = {utc};\n"
        ),
    )?;
    Ok(())
}

/// When a zone began to be how far from UTC, as `SPANS` has it. No clock was changed and put back within a day.
fn spans(zone: Tz) -> Vec<i64> {
    const DAY: i64 = 86_400;
    let east = |seconds: i64| {
        let time = DateTime::from_timestamp(seconds, 0).unwrap_or_default();
        i64::from(zone.offset_from_utc_datetime(&time.naive_utc()).fix().local_minus_utc())
    };
    let pack = |seconds: i64, east: i64| (seconds << 18) | (east + 0x2_0000);
    // From 1825 to 2105.
    let (mut time, end) = (-4_575_744_000, 4_260_000_000);
    let mut was = east(time);
    let mut spans = vec![pack(-(1 << 45), was)];
    while time < end {
        let (mut before, mut behind) = (time, time + DAY);
        let is = east(behind);
        while was != is && behind - before > 1 {
            let middle = before.midpoint(behind);
            if east(middle) == was { before = middle } else { behind = middle }
        }
        time = behind;
        if was != is {
            was = east(behind);
            spans.push(pack(behind, was));
        }
    }
    spans
}
