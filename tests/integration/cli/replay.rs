//! Snapshots as files: replayed they give the same bytes; edited by hand they give an error.

use serde_json::{Value, json};

use super::desk::{Desk, applied};

/// A desk with `seen.json`, the snapshot of a bank where somebody shortened a retention.
fn seen() -> Desk {
    let desk = applied().tampered(|account| {
        account["resources"]["log_group"]["login"]["retention_days"] = json!(7);
    });
    desk.run("snapshot sandbox.yaml -o seen.json").exits(0);
    desk
}

/// The role of the login service in a snapshot.
fn role(snapshot: &mut Value) -> &mut Value {
    &mut snapshot["resources"]["iam_role"]["login-v1"]
}

#[test]
fn ten_replays_give_the_same_bytes() {
    let desk = seen();
    for line in ["plan sandbox.yaml", "drift sandbox.yaml"] {
        for format in ["human", "json"] {
            let line = format!("{line} --snapshot seen.json --format {format}");
            let first = desk.run(&line).stdout();
            assert!(first.contains("retention_days"));
            for _ in 0..9 {
                assert_eq!(desk.run(&line).stdout(), first);
            }
        }
    }
}

#[test]
fn ten_reports_of_one_snapshot_are_the_same_bytes() {
    let desk = seen();
    let report = |out: &str| {
        let line = format!("report sandbox.yaml --snapshot seen.json -o {out}");
        desk.run(&line).exits(11);
        // The manifest says when it was sealed.
        let files = desk.tree(out).into_iter();
        let files = files.filter(|name| name != "manifest.json");
        let contents = files.map(|name| (desk.bytes(&format!("{out}/{name}")), name));
        contents.collect::<Vec<_>>()
    };
    let first = report("out-0");
    assert!(first.len() >= 3);
    for run in 1..10 {
        assert!(report(&format!("out-{run}")) == first, "run {run} differs");
    }
}

#[test]
fn a_replay_is_what_was_seen_and_not_what_is() {
    let desk = seen();
    desk.run("apply sandbox.yaml --yes").exits(0);
    desk.run("drift sandbox.yaml").exits(0);
    desk.run("drift sandbox.yaml --snapshot seen.json")
        .exits(10);
}

#[test]
fn a_snapshot_of_something_else_is_refused() {
    for (field, value) in [
        ("environment", "production"),
        ("account", "444455556666"),
        ("region", "us-east-1"),
        ("schema", "strongroom/snapshot/v9"),
    ] {
        seen()
            .edited("seen.json", |snapshot| snapshot[field] = json!(value))
            .run("plan sandbox.yaml --snapshot seen.json")
            .exits(1)
            .complains(value);
    }
}

#[test]
fn what_changes_an_account_takes_no_snapshot() {
    let desk = seen();
    for verb in ["apply", "destroy"] {
        desk.run(&format!("{verb} sandbox.yaml --snapshot seen.json"))
            .exits(2)
            .complains("leave --snapshot out");
    }
}

#[test]
fn a_snapshot_that_was_broken_by_hand_is_an_error() {
    let desk = seen();
    let text = desk.read("seen.json");
    let number = "\"retention_days\": 7";
    assert!(text.contains(number));
    let deep = format!(
        "{{\"ids\": {}{}}}",
        "[".repeat(100_000),
        "]".repeat(100_000)
    );
    let broken = [
        ("nothing", String::new()),
        ("cut", text[..text.len() / 2].to_owned()),
        (
            "not a number",
            text.replace(number, "\"retention_days\": NaN"),
        ),
        ("negative", text.replace(number, "\"retention_days\": -1")),
        (
            "too large",
            text.replace(number, "\"retention_days\": 1e400"),
        ),
        (
            "another type",
            text.replace(number, "\"retention_days\": {}"),
        ),
        ("unknown", text.replace(number, "\"retention\": 7")),
        ("deep", deep),
    ];
    let mut desk = desk;
    for (what, text) in broken {
        desk = desk.with("bad.json", text);
        for verb in ["plan", "drift"] {
            let run = desk.run(&format!("{verb} sandbox.yaml --snapshot bad.json"));
            let run = run.exits(1).complains("error: bad.json: ");
            assert_eq!(run.stdout(), "", "{what}");
        }
    }
}

#[test]
fn a_resource_without_id_was_never_shown_by_an_account() {
    seen()
        .edited("seen.json", |snapshot| snapshot["ids"] = json!({}))
        .run("plan sandbox.yaml --snapshot seen.json")
        .exits(1)
        .complains("vpc/sandbox, but not the id of it");
}

#[test]
fn foreign_text_commands_no_terminal() {
    let hostile = "\u{1b}[2J\u{7}a\rb\nc\u{202e}d";
    let desk = seen().edited("seen.json", |snapshot| {
        snapshot["caller"] = json!(hostile);
        let group = "login-v1\u{1b}[31m";
        snapshot["ids"][format!("security_group/{group}")] = json!({"id": hostile});
        snapshot["resources"]["security_group"][group] =
            snapshot["resources"]["security_group"]["login-v1"].clone();
        snapshot["conflicts"] =
            json!([{"address": "kms_key/a\u{1b}b", "ids": [hostile], "reason": hostile}]);
        let role = role(snapshot);
        role["tags"][hostile] = json!(hostile);
        role["description"] = json!(hostile);
    });
    for verb in ["plan", "drift"] {
        let line = format!("{verb} sandbox.yaml --snapshot seen.json");
        let run = desk.run(&line).commands_no_terminal();
        // Nor does it show letters in another order than they have.
        assert!(!run.stdout().contains('\u{202e}'));
        desk.run(&(line.clone() + " -v")).commands_no_terminal();
        desk.run(&(line + " --format json")).commands_no_terminal();
    }
    desk.edited("seen.json", |snapshot| snapshot["schema"] = json!(hostile))
        .run("plan sandbox.yaml --snapshot seen.json")
        .exits(1)
        .commands_no_terminal();
}

#[test]
fn counts_that_no_account_can_have_are_no_panic() {
    seen()
        .edited("seen.json", |snapshot| {
            snapshot["coverage"]["calls"] = json!({"a": u64::MAX, "b": u64::MAX});
        })
        .run("plan sandbox.yaml --snapshot seen.json")
        .exits(0);
}

#[test]
fn what_was_not_read_is_not_success() {
    seen()
        .edited("seen.json", |snapshot| {
            snapshot["resources"]["log_group"]["login"]["retention_days"] = json!({"$unread": {
                "call": "logs:DescribeLogGroups", "reason": "denied", "message": "no"
            }});
        })
        .run("drift sandbox.yaml --snapshot seen.json")
        .exits(12)
        .reads("drift-unread");
}
