//! Documents that stay true: links lead somewhere, decisions are numbered and listed, the changelog
//! knows the version, and the README's commands are the ones that `.ci/run` runs.

use std::collections::BTreeSet;

use serde_json::Value;
use strongroom::{exit::Exit, iam::catalogue::Catalogue};

use super::repository::{File, assert_none, exists, files, read};

/// The lines of a document that are not inside a fence.
fn prose(text: &str) -> impl Iterator<Item = &str> {
    let mut fenced = false;
    text.lines().filter(move |line| {
        let fence = line.trim_start().starts_with("```");
        fenced ^= fence;
        !fence && !fenced
    })
}

/// The commands inside the fences of a document, without comments.
fn commands(text: &str) -> Vec<&str> {
    let mut fenced = false;
    let inside = text.lines().filter(move |line| {
        let fence = line.starts_with("```");
        fenced ^= fence;
        fenced && !fence
    });
    inside
        .map(|line| line.split(" #").next().unwrap_or(line).trim())
        .filter(|line| !line.is_empty())
        .collect()
}

/// The targets of `[text](target)` that are in the repository.
fn links(text: &str) -> Vec<&str> {
    prose(text)
        .flat_map(|line| line.split("](").skip(1))
        .filter_map(|rest| rest.split_once(')'))
        .map(|(target, _)| target)
        .filter(|target| !target.contains("://") && !target.starts_with("mailto:"))
        .collect()
}

/// `docs/a.md` and `../b.md` give `b.md`.
fn resolve(from: &str, target: &str) -> String {
    let mut parts: Vec<&str> = from.split('/').collect();
    parts.pop();
    for part in target.split('/') {
        match part {
            ".." => drop(parts.pop()),
            "." | "" => {}
            _ => parts.push(part),
        }
    }
    parts.join("/")
}

/// The anchors of a document's headings, as code hosts make them.
fn anchors(text: &str) -> BTreeSet<String> {
    let headings = prose(text).filter(|line| line.starts_with('#'));
    headings
        .map(|line| {
            let title = line.trim_start_matches('#').trim().to_lowercase();
            let kept = title
                .chars()
                .filter(|c| c.is_alphanumeric() || " -_".contains(*c));
            kept.map(|c| if c == ' ' { '-' } else { c }).collect()
        })
        .collect()
}

fn broken(file: &File, there: impl Fn(&str) -> bool, text: impl Fn(&str) -> String) -> Vec<String> {
    let is_broken = |target: &&str| {
        let (path, anchor) = target.split_once('#').unwrap_or((target, ""));
        let path = match path {
            "" => file.path.clone(),
            _ => resolve(&file.path, path),
        };
        !there(&path) || !anchor.is_empty() && !anchors(&text(&path)).contains(anchor)
    };
    let targets = links(&file.text).into_iter().filter(is_broken);
    targets
        .map(|target| format!("{}: {target}", file.path))
        .collect()
}

#[test]
fn links_lead_somewhere() {
    let documents = files("", &[".md"]);
    assert_none(
        documents
            .iter()
            .flat_map(|file| broken(file, exists, read))
            .collect(),
        "Correct the link, or write what it promises.",
    );
}

/// `docs/adr/0001-no-state-file.md` is decision 1, its title is `# 1. …`, and the index lists it.
fn misnumbered(decisions: &[File], index: &str) -> Vec<String> {
    let listed = links(index);
    let mut found = Vec::new();
    for (position, file) in decisions.iter().enumerate() {
        let number = position + 1;
        let name = file.path.rsplit('/').next().unwrap_or_default();
        if !name.starts_with(&format!("{number:04}-")) {
            found.push(format!("{}: should be number {number}", file.path));
        }
        if !file.text.starts_with(&format!("# {number}. ")) {
            found.push(format!("{}: should begin with `# {number}. `", file.path));
        }
        if !listed.contains(&name) {
            found.push(format!(
                "{}: docs/adr/README.md does not list it",
                file.path
            ));
        }
        for section in ["## Because", "## So"] {
            if !file.text.contains(section) {
                found.push(format!("{}: has no section `{section}`", file.path));
            }
        }
    }
    found
}

#[test]
fn decisions_are_numbered_and_listed() {
    let mut decisions = files("docs/adr", &[".md"]);
    decisions.retain(|file| file.path != "docs/adr/README.md");
    assert_none(
        misnumbered(&decisions, &read("docs/adr/README.md")),
        "docs/adr/README.md says how a decision is written.",
    );
}

#[test]
fn the_changelog_knows_the_version() {
    let heading = format!("## [{}]", env!("CARGO_PKG_VERSION"));
    assert!(
        read("CHANGELOG.md").contains(&heading),
        "CHANGELOG.md has no section {heading}"
    );
}

/// The value of `name='…'` in the script.
fn constant<'a>(script: &'a str, name: &str) -> Option<&'a str> {
    let start = format!("{name}='");
    let line = script.lines().find_map(|line| line.strip_prefix(&start))?;
    line.strip_suffix('\'')
}

fn untested(readme: &str, script: &str) -> Vec<String> {
    let first: Vec<&str> = commands(readme).into_iter().take(2).collect();
    ["first_run", "tests"]
        .into_iter()
        .filter_map(|name| match constant(script, name) {
            None => Some(format!(".ci/run has no line {name}='…'")),
            Some(command) if !first.contains(&command) => Some(format!(
                "`{command}` is not among the README's first two commands"
            )),
            Some(_) => None,
        })
        .collect()
}

#[test]
fn the_first_commands_of_the_readme_are_run() {
    // Until there is a README, the script alone says what they are.
    if exists("README.md") {
        assert_none(
            untested(&read("README.md"), &read(".ci/run")),
            "The README begins with the commands that .ci/run proves in a clean clone.",
        );
    }
}

/// The AWS calls that a source file names, as `"kms:DescribeKey"`.
fn calls(text: &str) -> BTreeSet<&str> {
    let quoted = text.split('"').skip(1).step_by(2);
    let is_call = |text: &&str| {
        text.split_once(':').is_some_and(|(service, call)| {
            service.starts_with(|c: char| c.is_ascii_lowercase())
                && call.starts_with(|c: char| c.is_ascii_uppercase())
                && call.chars().all(char::is_alphanumeric)
                && !["Describe", "Name"].contains(&call)
        })
    };
    quoted.filter(is_call).collect()
}

/// The action that IAM asks for where it bears another name than the call.
fn action(call: &str) -> &str {
    match call {
        "access-analyzer:ListFindingsV2" => "access-analyzer:ListFindings",
        "s3:ListBuckets" => "s3:ListAllMyBuckets",
        "s3:GetBucketLifecycleConfiguration" => "s3:GetLifecycleConfiguration",
        "s3:GetBucketEncryption" => "s3:GetEncryptionConfiguration",
        other => other,
    }
}

#[test]
fn the_policy_of_who_looks_is_exactly_what_is_called() {
    let page = read("docs/permissions.md");
    let fenced = page.split("```json").nth(1).unwrap();
    let policy: Value = serde_json::from_str(fenced.split("```").next().unwrap()).unwrap();
    let allowed = policy["Statement"][0]["Action"].as_array().unwrap();
    let allowed: BTreeSet<&str> = allowed.iter().map(|one| one.as_str().unwrap()).collect();
    let sources = files("src/account/aws/observe", &[".rs"]);
    let kinds = files("src/resource", &[".rs"]);
    let lines = kinds.iter().flat_map(|file| file.text.lines());
    let listings = lines.filter(|line| line.contains("const LISTING"));
    let called = sources.iter().flat_map(|file| calls(&file.text));
    let called = called.chain(listings.flat_map(calls));
    let called: BTreeSet<&str> = called.map(action).collect();
    let differing: Vec<_> = allowed.symmetric_difference(&called).collect();
    assert!(differing.is_empty(), "docs/permissions.md: {differing:?}");
    let catalogue = Catalogue::vendored().unwrap();
    let unknown = allowed.iter().filter(|one| catalogue.action(one).is_err());
    assert_none(
        unknown.map(|call| (*call).to_owned()).collect(),
        "IAM knows no such action.",
    );
}

/// The codes of the table in `docs/exit-codes.md`, in its order.
fn codes(text: &str) -> Vec<u8> {
    let cells = text
        .lines()
        .filter_map(|line| line.strip_prefix("| ")?.split(" |").next());
    cells.filter_map(|cell| cell.parse().ok()).collect()
}

#[test]
fn exit_codes_are_documented_in_their_order() {
    let real: Vec<u8> = Exit::ALL.iter().map(|exit| exit.code()).collect();
    assert_eq!(codes(&read("docs/exit-codes.md")), real);
}

#[test]
fn the_rules_can_fail() {
    let text = "# A b: `c`\n[x](../b.md#gone) [y](https://example.org)\n```\n[z](no.md)\n```\n";
    let file = File::example("docs/a.md", text);
    let read = |_: &str| "# There\n".to_owned();
    assert_eq!(broken(&file, |_| true, read), ["docs/a.md: ../b.md#gone"]);
    assert_eq!(
        broken(&file, |path| path != "b.md", |_| "# Gone".into()).len(),
        1
    );
    assert!(broken(&file, |path| path == "b.md", |_| "# Gone".into()).is_empty());
    assert_eq!(anchors(text), BTreeSet::from(["a-b-c".to_owned()]));
    let decision = File::example("docs/adr/0002-b.md", "# 2. B\n\n## Because\n\n## So\n");
    assert_eq!(misnumbered(&[decision], "[b](0002-b.md)").len(), 2);
    assert_eq!(
        calls("(\"kms:DescribeKey\", \"x\")"),
        BTreeSet::from(["kms:DescribeKey"])
    );
    assert_eq!(codes("| code | means |\n|---|---|\n| 2 | usage |\n"), [2]);
    let readme = "```sh\ncargo run # first\ncargo test\n```\n```sh\ncargo bench\n```\n";
    assert!(untested(readme, "first_run='cargo run'\ntests='cargo test'\n").is_empty());
    assert_eq!(untested(readme, "first_run='cargo bench'\n").len(), 2);
}
