//! Paths, sizes and encodings: what is refused before it is parsed.

use std::{fs, os::unix::fs::symlink};

use insta::assert_snapshot;

use super::bank::{Bank, ENVIRONMENT, LOGIN};
use crate::spec::source::{MAX_FILE, MAX_FILES};

#[test]
fn a_path_that_names_nothing() {
    assert_snapshot!(Bank::empty().refused(), @r#"
    not-found

      × bank: there is no such file or folder
      help: check the path; a folder needs an environment.yaml
    "#);
}

#[test]
fn a_folder_without_environment() {
    assert_snapshot!({
        let bank = Bank::new();
        fs::remove_file(bank.path(ENVIRONMENT)).unwrap();
        bank.refused()
    }, @r#"
    not-found

      × bank/environment.yaml: there is no such file or folder
      help: check the path; a folder needs an environment.yaml
    "#);
}

#[test]
fn a_folder_where_a_file_should_be() {
    assert_snapshot!({
        let bank = Bank::new();
        fs::remove_file(bank.path(LOGIN)).unwrap();
        fs::create_dir(bank.path(LOGIN)).unwrap();
        bank.refused()
    }, @r#"
    not-a-file

      × bank/services/login.yaml: this is a folder; a file is expected
      help: put a YAML file here
    "#);
}

#[test]
fn a_device_is_not_read() {
    assert_snapshot!(Bank::empty().refused_at("../../dev/zero"), @r#"
    not-a-file

      × ../../dev/zero: this is not a regular file; a file is expected
      help: put a YAML file here
    "#);
}

#[test]
fn a_symbolic_link_to_itself() {
    assert_snapshot!({
        let bank = Bank::new();
        fs::remove_file(bank.path(LOGIN)).unwrap();
        symlink("login.yaml", bank.path(LOGIN)).unwrap();
        bank.refused()
    }, @r#"
    unreadable

      × bank/services/login.yaml: the file cannot be read: Too many levels of symbolic links (os error 40)
      help: check its permissions and that a symbolic link does not point at itself
    "#);
}

#[test]
fn a_symbolic_link_that_leaves() {
    assert_snapshot!({
        let bank = Bank::new();
        fs::remove_file(bank.path(LOGIN)).unwrap();
        symlink("/etc/hostname", bank.path(LOGIN)).unwrap();
        bank.refused()
    }, @r#"
    outside-root

      × bank/services/login.yaml: this symbolic link leads out of the folder that holds the environments
      help: put the file itself here
    "#);
}

#[test]
fn a_hundred_megabytes_are_refused_by_size() {
    assert_snapshot!({
        let bank = Bank::new();
        let file = fs::File::create(bank.path(LOGIN)).unwrap();
        file.set_len(100_000_000).unwrap();
        bank.refused()
    }, @r#"
    file-too-large

      × bank/services/login.yaml: the file has 100000000 bytes; at most 1048576 are read
      help: split the environment into a folder with one file a service
    "#);
}

#[test]
fn the_total_is_bounded() {
    assert_snapshot!({
        let filler = format!("# {}\n", "x".repeat(usize::try_from(MAX_FILE).unwrap() - 3));
        let bank = (0..32).fold(Bank::new(), |bank, n| {
            bank.write(&format!("bank/services/z{n:02}.yaml"), &filler)
        });
        let text = bank.refused();
        text.get(text.find("total-too-large").unwrap()..).unwrap().to_owned()
    }, @r#"
    total-too-large

      × bank/services/z31.yaml: with this file the environment has more than 33554432 bytes
      help: split the environment into several
    "#);
}

#[test]
fn the_number_of_files_is_bounded() {
    assert_snapshot!({
        let bank = (0..MAX_FILES).fold(Bank::new(), |bank, n| {
            bank.write(&format!("bank/services/z{n:04}.yaml"), "{}")
        });
        let text = bank.refused();
        let start = text.find("too-many-files").unwrap();
        text.get(start..).unwrap().lines().take(5).collect::<Vec<_>>().join("\n")
    }, @r#"
    too-many-files

      × bank/services/z1996.yaml: with this file the environment has more than 2000 files
      help: split the environment into several
    "#);
}

#[test]
fn bytes_that_are_no_text() {
    assert_snapshot!(Bank::new().write(LOGIN, b"service: login\npurpose: \xff\n").refused(), @r#"
    not-utf8

      × bank/services/login.yaml: the file is not UTF-8: byte 24, on line 2, belongs to no character
      help: save the file as UTF-8
    "#);
}

#[test]
fn a_file_that_would_be_ignored() {
    assert_snapshot!(Bank::new().write("bank/services/fraud.yml", "service: fraud").refused(), @r#"
    unexpected-file

      × bank/services/fraud.yml: `fraud.yml` is not read: a service is described by <name>.yaml
      help: rename it, or move it out of services/
    "#);
}

#[test]
fn a_file_named_after_another_service() {
    assert_snapshot!(Bank::new().edit(LOGIN, "service: login", "service: signin").refused(), @r#"
    file-name

      × the file login.yaml declares the service `signin`
       ╭─[bank/services/login.yaml:1:10]
     1 │ service: signin
       ·          ───┬──
       ·             ╰── service
     2 │ purpose: Signs customers in.
       ╰────
      help: rename the file to signin.yaml, or the service to `login`
    "#);
}

#[test]
fn a_base_outside() {
    assert_snapshot!(Bank::new().append(ENVIRONMENT, "extends: ../..\n").refused(), @r#"
    outside-root

      × `../..` leads out of the folder that holds the environments
        ╭─[bank/environment.yaml:16:10]
     15 │ audit: {log_days: 400, max_log_days: 731}
     16 │ extends: ../..
        ·          ──┬──
        ·            ╰── extends
        ╰────
      help: keep the base beside the environment, as in `extends: ../digital-bank`
    "#);
}

#[test]
fn a_base_that_is_absolute() {
    assert_snapshot!(Bank::new().append(ENVIRONMENT, "extends: /etc/passwd\n").refused(), @r#"
    outside-root

      × `/etc/passwd` leads out of the folder that holds the environments
        ╭─[bank/environment.yaml:16:10]
     15 │ audit: {log_days: 400, max_log_days: 731}
     16 │ extends: /etc/passwd
        ·          ─────┬─────
        ·               ╰── extends
        ╰────
      help: keep the base beside the environment, as in `extends: ../digital-bank`
    "#);
}

#[test]
fn a_base_that_is_missing() {
    assert_snapshot!(Bank::new().append(ENVIRONMENT, "extends: ../base\n").refused(), @r#"
    not-found

      × there is no environment at `../base`
        ╭─[bank/environment.yaml:16:10]
     15 │ audit: {log_days: 400, max_log_days: 731}
     16 │ extends: ../base
        ·          ───┬───
        ·             ╰── extends
        ╰────
      help: give the path of a folder or file, seen from the folder of this file
    "#);
}

#[test]
fn a_circle_of_bases() {
    assert_snapshot!(Bank::new()
        .append(ENVIRONMENT, "extends: ../other\n")
        .write("other/environment.yaml", "extends: ../bank\n")
        .refused(), @r#"
    extends-cycle

      × `../bank` extends this environment in turn
       ╭─[other/environment.yaml:1:10]
     1 │ extends: ../bank
       ·          ───┬───
       ·             ╰── extends
       ╰────
      help: let one of the environments stand on its own
    "#);
}
