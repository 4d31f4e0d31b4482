//! Who may know whom: the module map of docs/architecture.md against the `use` lines of the code,
//! the SDK named only at the edge, and no I/O in what is pure.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    repository::{File, assert_none, read},
    source,
};

/// Modules by name, each with the modules that it uses.
type Map = BTreeMap<String, BTreeSet<String>>;

/// The one place that may name an AWS SDK.
const SDK_PLACE: &str = "src/account/aws/";
const SDK: [&str; 4] = ["aws_sdk_", "aws_config::", "aws_smithy_", "aws_types::"];

/// What reaches outside of the program, or asks for the time.
const OUTSIDE: [&str; 10] = [
    "std::fs",
    "std::net",
    "std::env",
    "std::process",
    "tokio::fs",
    "tokio::net",
    "tokio::process",
    "Timestamp::now",
    "SystemTime::now",
    "Instant::now",
];

/// Who may reach outside, and why.
const REACHING: [(&str, &str); 6] = [
    ("src/account/", "accounts are outside"),
    (
        "src/command/",
        "reads arguments, writes results, asks the clock",
    ),
    ("src/cli.rs", "reads arguments"),
    ("src/exit.rs", "ends the process"),
    ("src/main.rs", "begins and ends the process"),
    ("src/spec/", "reads the files that it is pointed at"),
];

fn modules() -> BTreeSet<String> {
    declared(&read("src/lib.rs"))
}

fn declared(text: &str) -> BTreeSet<String> {
    let names = text
        .lines()
        .filter_map(|line| line.strip_prefix("pub mod ")?.strip_suffix(';'));
    names.map(str::to_owned).collect()
}

/// The rows `| `plan` | what it holds | `desired`, `model` |` below the heading "Module map".
fn documented(text: &str) -> Map {
    let section = text.split("\n## ").find(|s| s.starts_with("Module map"));
    let rows = section
        .unwrap_or_default()
        .lines()
        .filter(|line| line.starts_with("| `"));
    rows.filter_map(|row| {
        let cells: Vec<&str> = row.split('|').map(str::trim).collect();
        Some((ticked(cells.get(1)?).pop_first()?, ticked(cells.get(3)?)))
    })
    .collect()
}

/// The words between backticks.
fn ticked(text: &str) -> BTreeSet<String> {
    text.split('`')
        .skip(1)
        .step_by(2)
        .map(str::to_owned)
        .collect()
}

/// What each module uses of the others, from `crate::name` and `crate::{name, …}`.
fn used(files: &[File], modules: &BTreeSet<String>) -> Map {
    let mut map: Map = modules
        .iter()
        .map(|name| (name.clone(), BTreeSet::new()))
        .collect();
    for file in files {
        let inside = file
            .path
            .trim_start_matches("src/")
            .split(['/', '.'])
            .next();
        let Some(uses) = inside.and_then(|module| map.get_mut(module)) else {
            continue;
        };
        uses.extend(
            named(&file.text)
                .into_iter()
                .filter(|name| modules.contains(name)),
        );
    }
    map.iter_mut().for_each(|(module, uses)| {
        uses.remove(module);
    });
    map
}

/// The first segments after every `crate::`.
fn named(text: &str) -> BTreeSet<String> {
    text.split("crate::")
        .skip(1)
        .flat_map(first_segments)
        .collect()
}

fn first_segments(rest: &str) -> Vec<String> {
    let Some(group) = rest.strip_prefix('{') else {
        return vec![word(rest)];
    };
    let mut depth = 0_usize;
    let mut segments = vec![String::new()];
    for character in group.chars() {
        match character {
            '{' => depth += 1,
            '}' if depth == 0 => break,
            '}' => depth -= 1,
            ',' if depth == 0 => segments.push(String::new()),
            _ if depth == 0 => segments.last_mut().unwrap().push(character),
            _ => {}
        }
    }
    segments
        .iter()
        .map(|segment| word(segment.trim()))
        .collect()
}

fn word(text: &str) -> String {
    let end = text.find(|c: char| !c.is_ascii_alphanumeric() && c != '_');
    text[..end.unwrap_or(text.len())].to_owned()
}

fn differences(documented: &Map, used: &Map) -> Vec<String> {
    let rows = used
        .iter()
        .filter(|(module, uses)| documented.get(*module) != Some(uses));
    let wanted = rows.map(|(module, uses)| {
        let uses: Vec<String> = uses.iter().map(|name| format!("`{name}`")).collect();
        format!(
            "the row of `{module}` should end in | {} |",
            uses.join(", ")
        )
    });
    let gone = documented
        .keys()
        .filter(|module| !used.contains_key(*module));
    wanted
        .chain(gone.map(|module| format!("there is no module `{module}`")))
        .collect()
}

fn outside_its_place(file: &File, words: &[&str], places: &[&str]) -> Vec<String> {
    if places.iter().any(|place| file.path.starts_with(place)) {
        return Vec::new();
    }
    let lines = file.text.lines().enumerate();
    lines
        .filter(|(_, line)| words.iter().any(|word| line.contains(word)))
        .map(|(index, line)| format!("{}:{}: {}", file.path, index + 1, line.trim()))
        .collect()
}

#[test]
fn the_module_map_is_true() {
    let map = documented(&read("docs/architecture.md"));
    assert_none(
        differences(&map, &used(&source::shipped(), &modules())),
        "Correct the module map in docs/architecture.md, or do without the new dependency.",
    );
}

#[test]
fn lib_names_every_module_and_only_modules() {
    let text = read("src/lib.rs");
    let opening: String = text
        .lines()
        .filter(|line| line.starts_with("//!"))
        .collect();
    let (told, there) = (ticked(&opening), modules());
    let differ = told.symmetric_difference(&there);
    assert_none(
        differ.map(|name| format!("src/lib.rs: `{name}`")).collect(),
        "The opening of src/lib.rs names each module once, in backticks, and nothing else.",
    );
}

#[test]
fn only_the_edge_names_the_sdk() {
    let shipped = source::shipped();
    let found = shipped
        .iter()
        .flat_map(|file| outside_its_place(file, &SDK, &[SDK_PLACE]));
    assert_none(
        found.collect(),
        "Only src/account/aws may name an SDK: give it a call as a value, take back a value.",
    );
}

#[test]
fn what_is_pure_reaches_nothing() {
    let places = REACHING.map(|(place, _)| place);
    let shipped = source::shipped();
    let found = shipped
        .iter()
        .flat_map(|file| outside_its_place(file, &OUTSIDE, &places));
    assert_none(
        found.collect(),
        "Take the clock, the text or the bytes as an argument.",
    );
}

#[test]
fn the_rules_can_fail() {
    let modules = declared("pub mod plan;\npub mod model;\n#[cfg(test)]\nmod tests;\n");
    let file = File::example(
        "src/plan/a.rs",
        "use crate::{\n    model::{Address, Tags},\n    spec,\n};\nfn a() { crate::plan::b() }\n",
    );
    let used = used(&[file], &modules);
    assert_eq!(used["plan"], BTreeSet::from(["model".to_owned()]));
    let map = documented("# A\n\n## Module map\n\n| `plan` | what | |\n| `gone` | what | |\n");
    assert_eq!(
        differences(&map, &used),
        [
            "the row of `model` should end in |  |",
            "the row of `plan` should end in | `model` |",
            "there is no module `gone`",
        ]
    );
    let sdk = File::example("src/plan/a.rs", "use aws_sdk_kms::Client;\n");
    assert_eq!(outside_its_place(&sdk, &SDK, &[SDK_PLACE]).len(), 1);
    assert!(outside_its_place(&sdk, &SDK, &["src/plan/"]).is_empty());
    assert!(REACHING.iter().all(|(_, why)| !why.is_empty()));
}
