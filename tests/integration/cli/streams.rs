//! Streams and files: results on one stream, words on the other, files whole or not there.

use std::{fs, io::Read, process::Stdio, thread, time::Duration};

use serde_json::Value;

use super::desk::{applied, desk};

#[test]
fn machines_read_only_their_own() {
    let desk = applied();
    for line in ["plan", "drift", "snapshot", "validate"] {
        let run = desk
            .run(&format!("{line} sandbox.yaml --format json"))
            .exits(0);
        assert!(
            run.json()["schema"]
                .as_str()
                .unwrap()
                .starts_with("strongroom/")
        );
        assert_eq!(run.stderr(), "");
    }
    let run = desk.run("apply sandbox.yaml --yes --format json").exits(0);
    assert!(run.json().is_object());
}

#[test]
fn a_reader_who_has_had_enough_is_no_error() {
    let desk = desk();
    for line in [
        "plan sandbox.yaml -v",
        "help apply",
        "schema",
        "completions bash",
    ] {
        let mut command = desk.command(line);
        let mut child = command
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        drop(child.stdout.take());
        let mut words = String::new();
        child
            .stderr
            .take()
            .unwrap()
            .read_to_string(&mut words)
            .unwrap();
        assert!(child.wait().unwrap().success(), "{line}: {words}");
        assert_eq!(words, "", "{line}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_an_error_and_a_device_stays_a_device() {
    let desk = desk();
    let full = fs::OpenOptions::new()
        .write(true)
        .open("/dev/full")
        .unwrap();
    let output = desk
        .command("plan sandbox.yaml")
        .stdout(full)
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1));
    let words = String::from_utf8(output.stderr).unwrap();
    assert!(words.contains("cannot write to standard output"), "{words}");
    desk.run("snapshot sandbox.yaml -o /dev/full")
        .exits(1)
        .complains("cannot write /dev/full");
    assert!(!fs::metadata("/dev/full").unwrap().is_file());
}

#[test]
fn what_cannot_be_written_leaves_nothing_behind() {
    let desk = desk().with("file", "");
    fs::create_dir(desk.path("folder")).unwrap();
    for target in ["folder", "file/below.json"] {
        for line in ["snapshot sandbox.yaml -o", "plan sandbox.yaml -o"] {
            desk.run(&format!("{line} {target}"))
                .exits(1)
                .complains(&format!("cannot write {target}"));
        }
    }
    assert_eq!(desk.names("."), ["file", "folder", "sandbox.yaml"]);
    assert!(desk.names("folder").is_empty());
    desk.run("report sandbox.yaml -o file").exits(1);
    assert_eq!(desk.read("file"), "");
}

/// Killed at any moment, a run leaves the file as it was or whole.
#[test]
fn a_killed_run_leaves_no_half_file() {
    let desk = applied();
    for wait in 0..20 {
        let mut run = desk.command("snapshot sandbox.yaml -o seen.json");
        let mut child = run
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        thread::sleep(Duration::from_millis(wait * 5));
        // It may have ended by itself.
        let _ = child.kill();
        child.wait().unwrap();
        if desk.path("seen.json").exists() {
            let text = desk.read("seen.json");
            assert!(serde_json::from_str::<Value>(&text).is_ok(), "{text}");
        }
    }
}

#[test]
fn exit_codes_are_those_that_are_documented() {
    let desk = applied().with("bad.yaml", "x: 1\n");
    desk.run("drift sandbox.yaml").exits(0);
    desk.run("drift sandbox.yaml --snapshot gone.json").exits(1);
    desk.run("drift sandbox.yaml --nonsense").exits(2);
    desk.run("drift bad.yaml").exits(3);
    desk.run("destroy sandbox.yaml --confirm sandbox").exits(0);
    desk.run("drift sandbox.yaml").exits(10);
    desk.run("report sandbox.yaml -o out").exits(11);
}
