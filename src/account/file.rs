//! Files that are whole or not there: temporary file, sync, rename.

use std::{fs, io, io::Write, path::Path};

/// Replaces a file by `bytes`, or leaves what was there. Creates the folders on the way.
///
/// # Errors
/// Whatever the file system refuses.
pub fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    fs::create_dir_all(folder)?;
    let mut temporary = tempfile::NamedTempFile::new_in(folder)?;
    temporary.write_all(bytes)?;
    temporary.as_file().sync_all()?;
    temporary.persist(path).map_err(|error| error.error)?;
    Ok(())
}
