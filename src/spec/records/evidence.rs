//! Files of evidence: whether a path stays where it belongs, and the hash of what lies there.

use std::{
    collections::BTreeMap,
    fs::File,
    io::{self, Read},
    path::{Component, Path},
};

use sha2::{Digest, Sha256};

use crate::compliance::records::EvidenceFile;

/// The hash of each file that is named, as it lies below the folder; none where it cannot be read.
pub(super) fn found<'e>(
    folder: &Path,
    named: impl Iterator<Item = &'e EvidenceFile>,
) -> BTreeMap<String, Option<String>> {
    named
        .map(|one| (one.file.clone(), sha256(&folder.join(&one.file)).ok()))
        .collect()
}

/// SHA-256 of a file in lower-case hex.
///
/// # Errors
/// Whatever the file system refuses.
pub fn sha256(path: &Path) -> io::Result<String> {
    let mut file = File::open(path)?;
    let mut hasher = Sha256::new();
    let mut buffer = vec![0; 1 << 16];
    loop {
        let count = file.read(&mut buffer)?;
        if count == 0 {
            break;
        }
        hasher.update(buffer.get(..count).unwrap_or_default());
    }
    let bytes = hasher.finalize();
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

/// Whether a path leads down from where it starts, and nowhere else.
pub(in crate::spec) fn leads_down(text: &str) -> bool {
    let path = Path::new(text);
    path.components().next().is_some()
        && path
            .components()
            .all(|part| matches!(part, Component::Normal(_)))
}
