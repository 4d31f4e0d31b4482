//! Hostile and careless specifications: each is refused, located and without a panic.

use super::desk::{Desk, desk};

/// Runs `validate` on a file that must be refused.
fn refused(desk: &Desk, file: &str) -> String {
    let run = desk.run(&format!("validate {file}")).exits(3);
    assert_eq!(run.stdout(), "");
    run.commands_no_terminal().stderr()
}

fn bomb() -> String {
    let mut text = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n".to_owned();
    for level in 1..10 {
        let below = vec![format!("*a{}", level - 1); 9].join(", ");
        text += &format!("a{level}: &a{level} [{below}]\n");
    }
    text
}

#[test]
fn an_alias_bomb_is_defused() {
    let stderr = refused(&desk().with("bomb.yaml", bomb()), "bomb.yaml");
    assert!(stderr.contains("too-many-nodes") && stderr.contains("bomb.yaml:"));
}

#[test]
fn a_hundred_megabytes_are_not_read() {
    let desk = desk();
    let file = std::fs::File::create(desk.path("big.yaml")).unwrap();
    file.set_len(100_000_000).unwrap();
    assert!(refused(&desk, "big.yaml").contains("file-too-large"));
}

#[test]
fn what_is_not_utf8_is_located() {
    let desk = desk().with("latin.yaml", b"schema: strongroom/v1\nowner: M\xfcller\n");
    let stderr = refused(&desk, "latin.yaml");
    assert!(stderr.contains("not-utf8") && stderr.contains("on line 2"));
}

#[test]
fn a_folder_is_no_file() {
    let desk = desk();
    std::fs::create_dir_all(desk.path("bank/environment.yaml")).unwrap();
    assert!(refused(&desk, "bank").contains("not-a-file"));
    assert!(refused(&desk, "gone.yaml").contains("not-found"));
}

#[test]
fn deep_nesting_is_refused() {
    let desk = desk().with("deep.yaml", "[".repeat(100_000));
    assert!(refused(&desk, "deep.yaml").contains("nesting-too-deep"));
}

#[test]
fn escapes_in_names_are_shown_as_escapes() {
    let spec = "schema: strongroom/v1\nenvironment: \"a\\e[2Jb\"\n\"own\\e[31mer\": x\n";
    let desk = desk().with("escape.yaml", spec);
    refused(&desk, "escape.yaml");
    let desk = desk.with("raw.yaml", "schema: \"a\u{1b}[2J\"\n");
    refused(&desk, "raw.yaml");
}

#[test]
fn careless_mistakes_are_told_together() {
    desk()
        .respecified("careless.yaml", "\"111122223333\"", "111122223333")
        .respecified(
            "dup.yaml",
            "class: development",
            "class: development\nowner: b@bank.example",
        )
        .run("validate careless.yaml")
        .exits(3)
        .reads("invalid-account");
    desk()
        .respecified("typo.yaml", "region: eu-west-1", "regoin: eu-west-1")
        .respecified(
            "typo.yaml",
            "service: customers, port: 8443",
            "service: customrs, port: 1",
        )
        .run("validate typo.yaml")
        .exits(3);
}

#[test]
fn duplicate_keys_are_shown_in_both_places() {
    desk()
        .respecified(
            "dup.yaml",
            "class: development",
            "class: development\nowner: b@bank.example",
        )
        .run("validate dup.yaml")
        .exits(3)
        .reads("invalid-duplicate");
}

#[test]
fn every_verb_refuses_an_invalid_specification() {
    let desk = desk().with("bad.yaml", "nonsense: true\n");
    for verb in ["validate", "plan", "drift", "apply", "destroy", "snapshot"] {
        desk.run(&format!("{verb} bad.yaml")).exits(3);
    }
    for verb in ["report", "rehearse"] {
        desk.run(&format!("{verb} bad.yaml -o out")).exits(3);
        assert!(!desk.path("out").exists());
    }
    let problems = desk.run("validate bad.yaml --format json").exits(3).json();
    assert_eq!(problems["valid"], false);
}

#[test]
fn a_sandbox_that_is_broken_says_how_to_begin_anew() {
    let desk = desk().with("box.json", "{\"schema\": 1");
    desk.run("plan sandbox.yaml --sandbox box.json")
        .exits(1)
        .complains("delete it to begin anew");
    assert_eq!(desk.read("box.json"), "{\"schema\": 1");
}
