//! The command itself against moto: what CI and people see of it, exit codes included.

use std::{
    path::{Path, PathBuf},
    process::{Command, Output},
};

use tempfile::TempDir;

use super::estate::{SHIPPED_ACCOUNT, written};
use crate::moto::Moto;

const SPEC: &str = "sandbox.yaml";
const LOG: &str = "/strongroom/sandbox/login";

/// A shell in an account, with a folder of its own.
struct Shell {
    moto: Moto,
    folder: TempDir,
    spec: PathBuf,
    environment: Vec<(&'static str, String)>,
}

/// What a command answered.
struct Answer {
    code: i32,
    out: String,
    err: String,
}

impl Shell {
    async fn open() -> Option<Self> {
        let moto = Moto::start().await?;
        let folder = tempfile::tempdir().expect("a folder");
        Some(Self {
            spec: written(SPEC, &moto, &folder),
            environment: moto.environment().await,
            moto,
            folder,
        })
    }

    fn file(&self, name: &str) -> String {
        self.folder.path().join(name).display().to_string()
    }

    /// Runs a verb on the specification.
    fn run(&self, verb: &str, arguments: &[&str]) -> Answer {
        self.on(&self.spec, verb, arguments)
    }

    fn on(&self, spec: &Path, verb: &str, arguments: &[&str]) -> Answer {
        let mut command = self.command(verb, arguments);
        command.arg(spec);
        command.envs(self.environment.clone());
        Answer::of(command.output())
    }

    /// Runs a verb where nobody could reach an account.
    fn offline(&self, verb: &str, arguments: &[&str]) -> Answer {
        Answer::of(self.command(verb, arguments).arg(&self.spec).output())
    }

    /// Nothing of the machine's own configuration is seen.
    fn command(&self, verb: &str, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_strongroom"));
        command.env_clear().current_dir(self.folder.path());
        command.env("HOME", self.folder.path());
        command.arg(verb).args(arguments);
        command
    }

    async fn retain(&self, days: i32) {
        let logs = aws_sdk_cloudwatchlogs::Client::new(&self.moto.config());
        let put = logs.put_retention_policy().log_group_name(LOG);
        put.retention_in_days(days).send().await.expect("put");
    }
}

impl Answer {
    fn of(output: std::io::Result<Output>) -> Self {
        let output = output.expect("it runs");
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
        Self {
            code: output.status.code().expect("an exit code"),
            out: text(output.stdout),
            err: text(output.stderr),
        }
    }

    /// It ends so, and says all of these somewhere.
    fn ends(self, code: i32, says: &[&str]) -> Self {
        let Self { out, err, .. } = &self;
        assert_eq!(self.code, code, "{out}\n{err}");
        for words in says {
            let said = out.contains(words) || err.contains(words);
            assert!(said, "{words:?} is not said:\n{out}\n{err}");
        }
        self
    }
}

#[tokio::test]
#[ignore = "written for fewer kinds: to be held against all of them"]
async fn from_plan_to_destroy() {
    let Some(shell) = Shell::open().await else {
        return;
    };
    shell.run("plan", &[]).ends(0, &["kms_key/login"]);
    shell.run("plan", &["--detailed-exitcode"]).ends(10, &[]);
    shell.run("apply", &[]).ends(2, &["nobody is there to ask"]);
    shell.run("apply", &["--yes"]).ends(0, &["Done:"]);
    // What moto does not show is not the whole truth.
    let gap = "not read, so this is not the whole truth";
    shell.run("drift", &[]).ends(12, &["No drift", gap]);
    shell.run("plan", &["--detailed-exitcode"]).ends(12, &[]);
    shell.run("apply", &["--yes"]).ends(12, &[]);

    shell.retain(1).await;
    let drift = shell.run("drift", &[]);
    drift.ends(
        10,
        &["log_group/login", "retention_days", "logging weakened"],
    );
    shell
        .run("apply", &["--yes"])
        .ends(12, &["Done: 1 changed"]);
    shell.run("drift", &[]).ends(12, &["No drift"]);

    let retained = [
        "kms_key/login: retained until",
        "kms_key/customers: retained until",
    ];
    let confirm = ["--confirm", "sandbox"];
    shell
        .run("destroy", &["--confirm", "other"])
        .ends(2, &["nothing was done"]);
    shell.run("destroy", &confirm).ends(0, &retained);
    shell.run("plan", &[]).ends(0, &["kms_key/login"]);
}

#[tokio::test]
async fn the_account_of_somebody_else_is_left_alone() {
    let Some(shell) = Shell::open().await else {
        return;
    };
    let shipped = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("environments")
        .join(SPEC);
    let own = shell.moto.account.to_string();
    for (verb, arguments) in [
        ("plan", vec![]),
        ("drift", vec![]),
        ("apply", vec!["--yes"]),
    ] {
        let answer = shell.on(&shipped, verb, &arguments);
        let answer = answer.ends(1, &[SHIPPED_ACCOUNT, &own, "nothing was read"]);
        assert_eq!(answer.out, "", "{verb}");
    }
}

#[tokio::test]
#[ignore = "written for fewer kinds: to be held against all of them"]
async fn a_saved_plan_is_refused_when_the_account_has_moved() {
    let Some(shell) = Shell::open().await else {
        return;
    };
    shell.run("apply", &["--yes"]).ends(0, &[]);
    shell.retain(1).await;
    let saved = shell.file("saved.json");
    shell.run("plan", &["-o", &saved]).ends(0, &["Saved."]);
    shell.retain(3).await;
    let apply = ["--yes", "--plan", &saved];
    let moved = "log_group/login retention_days was 1, and is 3 now";
    shell
        .run("apply", &apply)
        .ends(1, &[moved, "nothing was done"]);
    shell.retain(1).await;
    shell.run("apply", &apply).ends(0, &["Done: 1 changed"]);
    shell.run("drift", &[]).ends(12, &["No drift"]);
}

#[tokio::test]
#[ignore = "written for fewer kinds: to be held against all of them"]
async fn a_snapshot_gives_the_same_bytes_twice_and_needs_no_account() {
    let Some(shell) = Shell::open().await else {
        return;
    };
    shell.run("apply", &["--yes"]).ends(0, &[]);
    shell.retain(1).await;
    let seen = shell.file("seen.json");
    shell.run("snapshot", &["-o", &seen]).ends(0, &["Wrote"]);
    for (verb, code) in [("plan", 0), ("drift", 10)] {
        for format in ["human", "json"] {
            let arguments = ["--snapshot", &seen, "--format", format];
            let [one, other] = [(); 2].map(|()| {
                shell
                    .offline(verb, &arguments)
                    .ends(code, &["retention_days"])
            });
            assert_eq!(one.out, other.out, "{verb} {format}");
            let live = shell.run(verb, &["--format", format]).ends(code, &[]);
            assert!(!live.out.is_empty());
        }
    }
}
