//! The commit that a specification was checked out from, read from git's own files. Runs nothing,
//! and knows nothing of changes that were not committed.

use std::{
    fs,
    path::{Path, PathBuf},
};

/// The commit of the work tree that holds `path`; none outside of one, or where nothing is
/// committed yet.
pub fn commit(path: &Path) -> Option<String> {
    let path = fs::canonicalize(path).ok()?;
    let git = path.ancestors().find_map(repository)?;
    let head = fs::read_to_string(git.join("HEAD")).ok()?;
    match head.trim().strip_prefix("ref: ") {
        None => hash(&head),
        Some(name) => resolve(&git, name),
    }
}

/// `.git`, or where the file of that name leads.
fn repository(folder: &Path) -> Option<PathBuf> {
    let git = folder.join(".git");
    if git.is_dir() {
        return Some(git);
    }
    let text = fs::read_to_string(git).ok()?;
    let target = text.trim().strip_prefix("gitdir: ")?;
    Some(folder.join(target))
}

/// A reference, as a file of its own or in `packed-refs`; those of a linked work tree are shared.
fn resolve(git: &Path, name: &str) -> Option<String> {
    let common = fs::read_to_string(git.join("commondir"));
    let common = common.map_or_else(|_| git.to_owned(), |path| git.join(path.trim()));
    [git, &common]
        .iter()
        .find_map(|folder| hash(&fs::read_to_string(folder.join(name)).ok()?))
        .or_else(|| packed(&common, name))
}

fn packed(git: &Path, name: &str) -> Option<String> {
    let text = fs::read_to_string(git.join("packed-refs")).ok()?;
    let mut lines = text.lines().filter_map(|line| line.split_once(' '));
    let (commit, _) = lines.find(|(_, reference)| *reference == name)?;
    hash(commit)
}

/// SHA-1 or SHA-256 in hexadecimal digits.
fn hash(text: &str) -> Option<String> {
    let text = text.trim();
    let digits = text.bytes().all(|byte| byte.is_ascii_hexdigit());
    (digits && matches!(text.len(), 40 | 64)).then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    const ONE: &str = "1111111111111111111111111111111111111111";
    const TWO: &str = "2222222222222222222222222222222222222222";

    fn put(folder: &Path, name: &str, text: &str) {
        let path = folder.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    #[test]
    fn a_commit_is_found_loose_packed_detached_and_in_a_linked_work_tree() {
        let folder = tempfile::tempdir().unwrap();
        let tree = folder.path();
        put(tree, "specs/a.yaml", "");
        let spec = tree.join("specs/a.yaml");
        put(tree, ".git/HEAD", "ref: refs/heads/main\n");
        assert_eq!(commit(&spec), None);
        put(
            tree,
            ".git/packed-refs",
            &format!("# pack\n{ONE} refs/heads/main\n"),
        );
        assert_eq!(commit(&spec).as_deref(), Some(ONE));
        put(tree, ".git/refs/heads/main", &format!("{TWO}\n"));
        assert_eq!(commit(&spec).as_deref(), Some(TWO));
        put(tree, ".git/worktrees/b/HEAD", "ref: refs/heads/main\n");
        put(tree, ".git/worktrees/b/commondir", "../..\n");
        put(tree, "linked/.git", "gitdir: ../.git/worktrees/b\n");
        assert_eq!(commit(&tree.join("linked")).as_deref(), Some(TWO));
        put(tree, ".git/HEAD", ONE);
        assert_eq!(commit(&spec).as_deref(), Some(ONE));
    }
}
