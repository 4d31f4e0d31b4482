//! Where a specification says something: paths into it, and the file and line of each. It holds
//! places; what is written there is not its matter.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// A place in a file, counted from one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Place {
    /// The file, as it was named on the command line, with `/` between folders.
    pub file: String,
    /// The line.
    pub line: u64,
    /// The column, in characters.
    pub column: u64,
}

/// The places of a specification by path, as `audit.lock` and `services.login.stores`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Places(BTreeMap<String, Place>);

impl Places {
    /// The place of a path, or of the nearest path above it that is written; the empty path is the
    /// environment itself.
    pub fn nearest(&self, path: &str) -> Option<&Place> {
        let mut path = path;
        loop {
            if let Some(place) = self.0.get(path) {
                return Some(place);
            }
            if path.is_empty() {
                return None;
            }
            path = path.rsplit_once('.').map_or("", |(above, _)| above);
        }
    }
}

impl FromIterator<(String, Place)> for Places {
    fn from_iter<I: IntoIterator<Item = (String, Place)>>(places: I) -> Self {
        Self(places.into_iter().collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_written_stands_at_what_is_above_it() {
        let place = |line| Place {
            file: "a.yaml".to_owned(),
            line,
            column: 1,
        };
        let written = [("", 1), ("audit", 5), ("services.login", 9)];
        let places: Places = written
            .map(|(path, line)| (path.to_owned(), place(line)))
            .into_iter()
            .collect();
        let line = |path| places.nearest(path).map(|place| place.line);
        assert_eq!(line("services.login.log_days"), Some(9));
        assert_eq!(line("audit"), Some(5));
        assert_eq!(line("network.cidr"), Some(1));
        assert_eq!(Places::default().nearest("a.b"), None);
    }
}
