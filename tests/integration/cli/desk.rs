//! A person's desk: a folder of its own, an environment without surprises, and the built program.
//! Commands are written as people type them; what comes back is compared with what they should read.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
};

use serde_json::Value;

/// The file of the embedded sandbox for `environments/sandbox.yaml`.
const SANDBOX: &str = ".strongroom/sandbox.json";

/// A working folder with `sandbox.yaml` in it.
pub struct Desk {
    folder: tempfile::TempDir,
}

/// A desk with a specification and an account that holds nothing.
pub fn desk() -> Desk {
    let folder = tempfile::tempdir().unwrap();
    let spec = shipped("sandbox.yaml");
    fs::copy(spec, folder.path().join("sandbox.yaml")).unwrap();
    Desk { folder }
}

/// A desk whose specification was applied.
pub fn applied() -> Desk {
    let desk = desk();
    desk.run("apply sandbox.yaml --yes").exits(0);
    desk
}

/// A specification that ships.
pub fn shipped(name: &str) -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    root.join("environments").join(name)
}

/// The paths of all files below a folder, with `/` between the parts.
pub fn tree(folder: &Path) -> Vec<String> {
    let mut paths = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        let name = entry.file_name().into_string().unwrap();
        match entry.path().is_dir() {
            true => paths.extend(
                tree(&entry.path())
                    .iter()
                    .map(|below| format!("{name}/{below}")),
            ),
            false => paths.push(name),
        }
    }
    paths.sort();
    paths
}

impl Desk {
    /// A path on the desk.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Puts a file on the desk.
    pub fn with(self, name: &str, bytes: impl AsRef<[u8]>) -> Self {
        fs::write(self.path(name), bytes).unwrap();
        self
    }

    /// The text of a file on the desk.
    pub fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap()
    }

    /// The bytes of a file on the desk.
    pub fn bytes(&self, name: &str) -> Vec<u8> {
        fs::read(self.path(name)).unwrap()
    }

    /// The names of what lies in a folder of the desk.
    pub fn names(&self, folder: &str) -> Vec<String> {
        let entries = fs::read_dir(self.path(folder)).unwrap();
        let mut names: Vec<String> = entries
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }

    /// The paths of all files below a folder of the desk.
    pub fn tree(&self, folder: &str) -> Vec<String> {
        tree(&self.path(folder))
    }

    /// Writes `to`, which is the specification with a piece of text exchanged.
    pub fn respecified(self, to: &str, text: &str, by: &str) -> Self {
        let spec = self.read("sandbox.yaml");
        assert!(spec.contains(text), "sandbox.yaml has no {text}");
        let spec = spec.replace(text, by);
        self.with(to, spec)
    }

    /// Edits the sandbox's file by hand, as somebody at a console changes an account.
    pub fn tampered(self, change: impl FnOnce(&mut Value)) -> Self {
        self.edited(SANDBOX, change)
    }

    /// Edits a JSON file by hand.
    pub fn edited(self, name: &str, change: impl FnOnce(&mut Value)) -> Self {
        let mut value: Value = serde_json::from_str(&self.read(name)).unwrap();
        change(&mut value);
        let text = serde_json::to_string(&value).unwrap();
        self.with(name, text)
    }

    /// The program, about to run in this folder with nothing of the caller's environment.
    pub fn command(&self, line: &str) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_strongroom"));
        command
            .args(line.split_whitespace())
            .current_dir(self.folder.path())
            .env_clear()
            .env("HOME", self.folder.path())
            .stdin(Stdio::null());
        let choosable = !line.starts_with("help") && !line.starts_with("--");
        if choosable && !line.contains("--cloud") {
            command.args(["--cloud", "sandbox"]);
        }
        command
    }

    /// Runs a line as it would be typed after `strongroom`.
    pub fn run(&self, line: &str) -> Run {
        let output = self.command(line).output().unwrap();
        Run {
            line: line.to_owned(),
            output,
        }
    }
}

/// What came back.
pub struct Run {
    line: String,
    output: Output,
}

impl Run {
    /// Standard output.
    pub fn stdout(&self) -> String {
        String::from_utf8(self.output.stdout.clone()).unwrap()
    }

    /// Standard error.
    pub fn stderr(&self) -> String {
        String::from_utf8(self.output.stderr.clone()).unwrap()
    }

    /// The exit code.
    #[track_caller]
    pub fn exits(self, code: i32) -> Self {
        let shown = self.text();
        assert_eq!(self.output.status.code(), Some(code), "{shown}");
        assert!(!shown.contains("panicked"), "{shown}");
        self
    }

    /// Standard error holds this.
    #[track_caller]
    pub fn complains(self, words: &str) -> Self {
        assert!(self.stderr().contains(words), "{words}\n{}", self.text());
        self
    }

    /// Standard output holds this.
    #[track_caller]
    pub fn says(self, words: &str) -> Self {
        assert!(self.stdout().contains(words), "{words}\n{}", self.text());
        self
    }

    /// Nothing that a terminal would obey came out, on either stream.
    #[track_caller]
    pub fn commands_no_terminal(self) -> Self {
        let text = self.stdout() + &self.stderr();
        let obeyed = |c: char| c.is_control() && c != '\n';
        assert!(!text.contains(obeyed), "{}", text.escape_debug());
        self
    }

    /// Standard output is JSON, and is this.
    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.stdout()).unwrap_or_else(|e| panic!("{e}\n{}", self.text()))
    }

    /// Everything that people read, as one text.
    pub fn text(&self) -> String {
        let code = self.output.status.code();
        let code = code.map_or("by a signal".to_owned(), |code| code.to_string());
        format!(
            "$ strongroom {}\n{}--- standard error\n{}--- exit {code}\n",
            self.line,
            self.stdout(),
            self.stderr()
        )
    }

    /// Compares with the snapshot of this name.
    #[track_caller]
    pub fn reads(self, name: &str) -> Self {
        let mut settings = insta::Settings::clone_current();
        settings.set_prepend_module_to_snapshot(false);
        settings.set_omit_expression(true);
        // The day on which a key goes is thirty days after the test.
        settings.add_filter(r"until \d{4}-\d{2}-\d{2}", "until [date]");
        // Without the AWS feature the sandbox is the default.
        settings.add_filter(r"\[default: (aws|sandbox)\]", "[default: aws]");
        settings.bind(|| insta::assert_snapshot!(name, self.text()));
        self
    }
}
