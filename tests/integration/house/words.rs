//! The repository speaks of the project alone: no path of a machine, no private registry, and no
//! work that somebody meant to do later.

use super::repository::{File, assert_none, files};

/// Written in halves, so that this file is no finding.
const FORBIDDEN: [(&str, &str); 10] = [
    ("/wor", "k/"),
    ("/roo", "t/"),
    ("/hom", "e/"),
    ("/User", "s/"),
    ("index", "-url"),
    ("replace", "-with"),
    ("find", "-links"),
    ("TO", "DO"),
    ("FIX", "ME"),
    ("XX", "X"),
];

const TEXT: [&str; 14] = [
    ".rs",
    ".md",
    ".toml",
    ".yaml",
    ".yml",
    ".json",
    ".py",
    ".sh",
    ".csv",
    ".html",
    ".txt",
    "run",
    "NOTICE",
    ".gitignore",
];

fn findings(file: &File) -> Vec<String> {
    let words: Vec<String> = FORBIDDEN.iter().map(|(a, b)| [*a, *b].concat()).collect();
    let lines = file.text.lines().enumerate();
    lines
        .filter_map(|(index, line)| {
            let word = words.iter().find(|word| line.contains(word.as_str()))?;
            Some(format!("{}:{}: {word}", file.path, index + 1))
        })
        .collect()
}

#[test]
fn the_repository_speaks_of_the_project_alone() {
    assert_none(
        files("", &TEXT).iter().flat_map(findings).collect(),
        "Say it without the machine, the registry or the plan for later.",
    );
}

#[test]
fn the_rule_can_fail() {
    let machine = ["see /wor", "k/notes"].concat();
    assert_eq!(findings(&File::example("a.md", &machine)).len(), 1);
    assert!(findings(&File::example("a.md", "it works/fails")).is_empty());
}
