//! An attestation put at the end of the list in its file: as text, so that comments and order stay.
//! Whether the result is what was meant is asked of the parser, by the caller.

use serde_json::Value as Json;

use crate::compliance::attestation::{Attestation, SCHEMA};

/// The head of a file that did not exist.
const HEAD: &str = "# What people say about requirements that no check can show.\n";
/// The key of the list.
const LIST: &str = "attestations:";

/// The text of the file with one attestation more; `before` is none where there is no file yet.
pub fn appended(before: Option<&str>, attestation: &Attestation) -> String {
    let Some(before) = before else {
        let entry = entry(attestation, "  ");
        return format!("{HEAD}schema: {SCHEMA}\n{LIST}\n{entry}");
    };
    let lines: Vec<&str> = before.lines().collect();
    let head = lines.iter().position(|line| line.starts_with(LIST));
    let head = head.unwrap_or(lines.len());
    let (above, rest) = lines.split_at(head);
    let (list, below) = rest.split_at(end(rest));
    let indent = list.iter().find_map(|line| indent(line)).unwrap_or("  ");
    let mut text = String::new();
    for line in above.iter().chain(list) {
        // An empty list in brackets opens here.
        let empty = line.starts_with(LIST) && line.contains("[]");
        text.push_str(if empty { LIST } else { line });
        text.push('\n');
    }
    text.push_str(&entry(attestation, indent));
    for line in below {
        text.push_str(line);
        text.push('\n');
    }
    text
}

/// How many lines belong to the list: up to the next key at the margin.
fn end(lines: &[&str]) -> usize {
    let margin = |line: &&str| line.starts_with(|c: char| c.is_ascii_alphabetic());
    let after = lines.iter().skip(1).position(margin);
    after.map_or(lines.len(), |position| position + 1)
}

/// The white space before an item.
fn indent(line: &str) -> Option<&str> {
    let item = line.trim_start_matches(' ');
    item.starts_with("- ")
        .then(|| line.get(..line.len() - item.len()))
        .flatten()
}

/// An entry of the list. JSON strings are YAML strings, so that no text can become anything else.
fn entry(attestation: &Attestation, indent: &str) -> String {
    let text = |text: &str| Json::from(text).to_string();
    let mut lines = vec![format!("id: {}", attestation.id), "satisfies:".to_owned()];
    for (framework, requirements) in &attestation.satisfies {
        let requirements: Vec<String> = requirements.iter().map(|id| text(id)).collect();
        lines.push(format!("  {framework}: [{}]", requirements.join(", ")));
    }
    lines.push(format!("statement: {}", text(&attestation.statement)));
    lines.push(format!("by: {}", text(&attestation.by)));
    let approver = attestation.approver.iter();
    lines.extend(approver.map(|name| format!("approver: {}", text(name))));
    lines.push(format!("attested_on: {}", attestation.attested_on));
    lines.push(format!("valid_until: {}", attestation.valid_until));
    lines.push("evidence:".to_owned());
    for file in &attestation.evidence {
        lines.push(format!("  - file: {}", text(&file.file)));
        lines.push(format!("    sha256: {}", text(&file.sha256)));
    }
    let mut entry = String::new();
    for (index, line) in lines.iter().enumerate() {
        let lead = if index == 0 { "- " } else { "  " };
        entry.push_str(&format!("{indent}{lead}{line}\n"));
    }
    entry
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::compliance::attestation::AttestationFile;

    fn attestation(id: &str) -> Attestation {
        let text = format!(
            "{{id: {id}, satisfies: {{house@1: [\"1.10\"]}}, statement: \"Say: \\\"so\\\" # it\", \
             by: Ann, attested_on: 2026-01-31, valid_until: 2026-12-31, \
             evidence: [{{file: a.pdf, sha256: \"{}\"}}]}}",
            "0".repeat(64)
        );
        serde_yaml::from_str(&text).unwrap()
    }

    fn ids(text: &str) -> Vec<String> {
        let file: AttestationFile = serde_yaml::from_str(text).unwrap();
        file.attestations.into_iter().map(|one| one.id).collect()
    }

    #[test]
    fn whatever_the_file_looked_like_the_entry_is_the_last() {
        let first = appended(None, &attestation("a"));
        let cases = [
            (first.clone(), vec!["a", "b"]),
            (format!("schema: {SCHEMA}\nattestations: []\n"), vec!["b"]),
            (format!("# why\n{first}# last word\n"), vec!["a", "b"]),
            (
                first.replace(&format!("schema: {SCHEMA}\n"), "") + &format!("schema: {SCHEMA}\n"),
                vec!["a", "b"],
            ),
        ];
        for (before, wanted) in &cases {
            let after = appended(Some(before), &attestation("b"));
            assert_eq!(ids(&after), *wanted, "{after}");
            let comments = |text: &str| text.lines().filter(|l| l.starts_with('#')).count();
            assert_eq!(comments(&after), comments(before));
        }
    }

    #[test]
    fn what_is_written_is_what_was_meant() {
        let one = attestation("a");
        let file: AttestationFile = serde_yaml::from_str(&appended(None, &one)).unwrap();
        assert_eq!(file.attestations, [one]);
    }
}
