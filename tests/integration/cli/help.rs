//! Help: every verb says what it does, what it takes and how it ends.

use super::desk::desk;

/// The verbs, as `strongroom help` lists them.
fn verbs() -> Vec<String> {
    let help = desk().run("help").exits(0).stdout();
    let commands = help.lines().skip_while(|line| *line != "Commands:").skip(1);
    commands
        .take_while(|line| !line.is_empty())
        .filter_map(|line| line.split_whitespace().next())
        .filter(|verb| *verb != "help")
        .map(str::to_owned)
        .collect()
}

#[test]
fn the_program_explains_itself() {
    desk().run("--help").exits(0).reads("help");
}

#[test]
fn every_verb_explains_itself() {
    let verbs = verbs();
    assert!(verbs.len() >= 10, "{verbs:?}");
    for verb in verbs {
        let name = format!("help-{verb}");
        desk().run(&format!("help {verb}")).exits(0).reads(&name);
    }
}

#[test]
fn a_typo_is_a_wrong_command_line_and_never_drift() {
    let desk = desk();
    desk.run("dirft sandbox.yaml").exits(2).complains("drift");
    desk.run("drift").exits(2).complains("<SPEC>");
    desk.run("drift sandbox.yaml --formt json")
        .exits(2)
        .complains("--format");
    desk.run("apply sandbox.yaml --allow-widen=login")
        .exits(2)
        .complains("kms_key/login");
}
