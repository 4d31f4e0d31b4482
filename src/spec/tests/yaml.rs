//! The text itself: what YAML allows and a specification does not.

use insta::assert_snapshot;

use super::bank::{Bank, LOGIN, MAIL};

#[test]
fn broken_yaml() {
    assert_snapshot!(Bank::new().edit(LOGIN, "data: [personal]", "data: [personal").refused(), @r#"
    yaml-syntax

      × this is not YAML: illegal placement of ':' indicator
       ╭─[bank/services/login.yaml:6:8]
     5 │ data: [personal
     6 │ runtime: ecs-fargate
       ·        ▲
     7 │ listens: [{port: 8443}]
       ╰────
      help: check the indentation, the quotes and the brackets around this place
    "#);
}

#[test]
fn an_empty_file() {
    assert_snapshot!(Bank::new().write(LOGIN, "# nothing\n").refused(), @r#"
    empty-document

      × bank/services/login.yaml: the file holds nothing
      help: write the specification, or remove the file
    "#);
}

#[test]
fn two_documents() {
    assert_snapshot!(Bank::new().append(LOGIN, "---\nservice: login\n").refused(), @r#"
    several-documents

      × a second YAML document starts here
        ╭─[bank/services/login.yaml:14:1]
     13 │   - {level: read, to: "dynamodb:table/sessions", why: Finds sessions.}
     14 │ ---
        · ───
     15 │ service: login
        ╰────
      help: remove the `---`, or give each document a file of its own
    "#);
}

#[test]
fn a_key_twice() {
    assert_snapshot!(Bank::new().append(LOGIN, "owner: team-other\n").refused(), @r#"
    duplicate-key

      × `owner` stands twice in one mapping
       ╭─[bank/services/login.yaml:3:1]
     2 │ purpose: Signs customers in.
     3 │ owner: team-identity
       · ──┬──
       ·   ╰── first here
     4 │ criticality: critical
       ╰────
        ╭─[bank/services/login.yaml:14:1]
     13 │   - {level: read, to: "dynamodb:table/sessions", why: Finds sessions.}
     14 │ owner: team-other
        · ─────
        ╰────
      help: keep one of the two
    "#);
}

#[test]
fn a_list_as_key() {
    assert_snapshot!(Bank::new().append(LOGIN, "[a, b]: c\n").refused(), @r#"
    key-not-text

      × a list or a mapping stands where a key should be
        ╭─[bank/services/login.yaml:14:1]
     13 │   - {level: read, to: "dynamodb:table/sessions", why: Finds sessions.}
     14 │ [a, b]: c
        · ─
        ╰────
      help: write a name before the colon; quote text that begins with `{`, `[` or `?`
    "#);
}

#[test]
fn a_merge_key() {
    assert_snapshot!(Bank::new().edit(LOGIN, "listens: [{port: 8443}]", "listens: [{<<: {port: 8443}}]").refused(), @r#"
    missing-field

      × the field `port` is missing
       ╭─[bank/services/login.yaml:7:11]
     6 │ runtime: ecs-fargate
     7 │ listens: [{<<: {port: 8443}}]
       ·           ─────────┬────────
       ·                    ╰── listens[0]
     8 │ calls:
       ╰────
      help: add `port:` (The port)
    merge-key

      × the merge key `<<` is YAML 1.1 and not read here
       ╭─[bank/services/login.yaml:7:12]
     6 │ runtime: ecs-fargate
     7 │ listens: [{<<: {port: 8443}}]
       ·            ──
     8 │ calls:
       ╰────
      help: write the fields out; environments share a base with `extends`
    "#);
}

#[test]
fn a_tag() {
    assert_snapshot!(Bank::new().edit(LOGIN, "purpose: Signs", "purpose: !secret Signs").refused(), @r#"
    unsupported-tag

      × the tag `!secret` means nothing here
       ╭─[bank/services/login.yaml:2:18]
     1 │ service: login
     2 │ purpose: !secret Signs customers in.
       ·                  ───────────────────
     3 │ owner: team-identity
       ╰────
      help: remove the tag; quote a value that must be text
    "#);
}

#[test]
fn a_deep_document() {
    assert_snapshot!(Bank::new().append(LOGIN, &format!("x: {}", "[".repeat(200))).refused(), @r#"
    nesting-too-deep

      × the document is nested deeper than 64 levels
        ╭─[bank/services/login.yaml:14:68]
     13 │   - {level: read, to: "dynamodb:table/sessions", why: Finds sessions.}
     14 │ x: [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[
        ·                                                                    ▲
        ╰────
      help: a specification needs six levels; flatten the document
    "#);
}

#[test]
fn a_deep_chain_of_aliases() {
    assert_snapshot!({
        let chain: String = (1..80).map(|n| format!("x{n}: &a{n} [*a{}]\n", n - 1)).collect();
        let bomb = format!("x0: &a0 [1]\n{chain}");
        let text = Bank::new().write(MAIL, bomb).refused();
        text.lines().take(9).collect::<Vec<_>>().join("\n")
    }, @r#"
    nesting-too-deep

      × the document is nested deeper than 64 levels
        ╭─[bank/services/mail.yaml:62:12]
     61 │ x60: &a60 [*a59]
     62 │ x61: &a61 [*a60]
        ·            ────
     63 │ x62: &a62 [*a61]
        ╰────
    "#);
}

#[test]
fn an_alias_bomb() {
    assert_snapshot!({
        let lines: String = (1..20)
            .map(|n| format!("x{n}: &a{n} [*a{0}, *a{0}, *a{0}, *a{0}]\n", n - 1))
            .collect();
        Bank::new().write(MAIL, format!("x0: &a0 [1]\n{lines}")).refused()
    }, @r#"
    too-many-nodes

      × the document grows beyond 100000 values here, aliases followed
        ╭─[bank/services/mail.yaml:9:15]
      8 │ x7: &a7 [*a6, *a6, *a6, *a6]
      9 │ x8: &a8 [*a7, *a7, *a7, *a7]
        ·               ───
     10 │ x9: &a9 [*a8, *a8, *a8, *a8]
        ╰────
      help: write the values out instead of multiplying them with aliases, or split the file
    "#);
}

#[test]
fn an_alias_of_its_parent() {
    assert_snapshot!(Bank::new().append(LOGIN, "x: &a [*a]\n").refused(), @r#"
    too-many-nodes

      × this alias refers to what contains it
        ╭─[bank/services/login.yaml:14:8]
     13 │   - {level: read, to: "dynamodb:table/sessions", why: Finds sessions.}
     14 │ x: &a [*a]
        ·        ──
        ╰────
      help: write the value out
    "#);
}

#[test]
fn a_word_that_older_tools_read_as_boolean() {
    assert_snapshot!(Bank::new().edit(MAIL, "owner: team-mail", "owner: no").warned(), @r#"
    ambiguous-text

      ⚠ plain `no` is text here and a boolean to YAML 1.1 tools
       ╭─[bank/services/mail.yaml:3:8]
     2 │ purpose: Sends mail.
     3 │ owner: no
       ·        ──
     4 │ criticality: medium
       ╰────
      help: write "no" for the text, or true or false
    "#);
}
