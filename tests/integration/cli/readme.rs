//! The README's tour is taken: its commands run in order, and what it shows is what they say.

use std::process::Command;

use super::desk::{Desk, desk, shipped};

/// A command of the README and the lines that it shows.
struct Step<'a> {
    command: &'a str,
    shown: Vec<&'a str>,
}

/// The steps of all `console` fences.
fn steps(readme: &str) -> Vec<Step<'_>> {
    let mut steps: Vec<Step<'_>> = Vec::new();
    let mut inside = false;
    for line in readme.lines() {
        if line.starts_with("```") {
            inside = line == "```console";
        } else if let (true, Some(command)) = (inside, line.strip_prefix("$ ")) {
            let shown = Vec::new();
            steps.push(Step { command, shown });
        } else if let (true, Some(step)) = (inside, steps.last_mut()) {
            step.shown.push(line);
        }
    }
    steps
}

/// Runs a step; what is not ours is the shell's.
fn output(desk: &Desk, command: &str) -> String {
    if let Some(line) = command.strip_prefix("strongroom ") {
        return desk.run(line).text();
    }
    let mut shell = Command::new("sh");
    let shell = shell.args(["-c", command]).current_dir(desk.path("."));
    assert!(shell.status().unwrap().success(), "{command}");
    String::new()
}

/// The lines that a step shows and its output lacks, in this order.
fn untrue<'a>(step: &Step<'a>, output: &str) -> Vec<&'a str> {
    let mut real = output.lines();
    let shown = step.shown.iter().filter(|line| !["…", ""].contains(*line));
    shown
        .filter(|line| !real.any(|real| real == **line))
        .copied()
        .collect()
}

#[cfg(unix)]
#[test]
fn the_tour_of_the_readme_is_true() {
    let readme = include_str!("../../../README.md");
    let desk = desk();
    std::os::unix::fs::symlink(shipped(""), desk.path("environments")).unwrap();
    let steps = steps(readme);
    assert!(steps.len() > 5);
    for step in &steps {
        let output = output(&desk, step.command);
        let untrue = untrue(step, &output);
        assert!(untrue.is_empty(), "{}\n{untrue:#?}\n{output}", step.command);
    }
}

#[test]
fn an_untrue_line_is_found() {
    let readme = "```console\n$ strongroom x\na\n…\nc\n```\n```sh\n$ ignored\n```\n";
    let steps = steps(readme);
    assert_eq!(steps.len(), 1);
    assert!(untrue(&steps[0], "a\nb\nc\n").is_empty());
    assert_eq!(untrue(&steps[0], "c\na\n"), ["c"]);
}
