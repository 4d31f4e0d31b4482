//! Keys: readable by their owner alone, never replaced, and refused where they are none.

use std::fs;

use crate::cli::desk::desk;

#[cfg(unix)]
#[test]
fn a_private_key_is_its_owners_alone() {
    use std::os::unix::fs::PermissionsExt;
    let desk = desk();
    for algorithm in ["p256", "ed25519"] {
        let line = format!("keygen -o {algorithm} --algorithm {algorithm}");
        desk.run(&line).exits(0).says("fingerprint");
        let mode = |name: &str| fs::metadata(desk.path(name)).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(algorithm), 0o600);
        assert_eq!(mode(&format!("{algorithm}.pub")) & 0o600, 0o600);
        assert!(!desk.read(&format!("{algorithm}.pub")).contains("PRIVATE"));
    }
}

#[test]
fn a_key_is_never_replaced_and_half_a_pair_is_not_left() {
    let desk = desk();
    desk.run("keygen -o key").exits(0);
    let first = desk.read("key");
    desk.run("keygen -o key")
        .exits(1)
        .complains("never replaced");
    assert_eq!(desk.read("key"), first);
    let desk = desk.with("other.pub", "mine");
    desk.run("keygen -o other")
        .exits(1)
        .complains("never replaced");
    assert!(!desk.path("other").exists());
    assert_eq!(desk.read("other.pub"), "mine");
}

#[test]
fn what_is_no_key_is_refused_before_anything_is_done() {
    let desk = desk().with("bad", "no key");
    for line in [
        "report sandbox.yaml -o out --sign-key bad",
        "rehearse sandbox.yaml -o out --sign-key bad",
    ] {
        desk.run(line).exits(2).complains("strongroom keygen");
        assert!(!desk.path("out").exists(), "{line}");
    }
    desk.run("keygen -o key").exits(0);
    desk.run("rehearse sandbox.yaml -o out --sign-key key")
        .exits(0);
    let swapped = desk.run("verify out --key key");
    swapped.exits(2).complains("BEGIN PUBLIC KEY");
    let both = "report sandbox.yaml -o out --sign-key key --sign-kms \
                arn:aws:kms:eu-west-1:111122223333:key/a";
    desk.run(both).exits(2);
}
