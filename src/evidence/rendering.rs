//! The renderings of a report and the files that each consists of. How they are made is not known
//! here: a bundle only says which ones it holds.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::model::Invalid;

/// One form of a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Rendering {
    /// The page that people open.
    Html,
    /// The short report, for a comment on a change.
    #[serde(rename = "md")]
    Markdown,
    /// Everything that the page shows, for machines.
    Json,
    /// One row for each verdict, and one for each requirement.
    Csv,
    /// A workbook, one sheet for each view.
    Xlsx,
    /// The report on paper.
    Pdf,
    /// A dossier for each service and a summary for each framework.
    Dossiers,
    /// OSCAL 1.2: assessment plan and results, a component definition for each service, open items.
    Oscal,
    /// OCSF compliance findings, one JSON document a line.
    Ocsf,
    /// SARIF 2.1.0, for code hosts: failures at the lines of the specification.
    Sarif,
    /// JUnit XML, for build servers.
    Junit,
}

impl Rendering {
    /// All of them.
    pub const ALL: [Self; 11] = [
        Self::Html,
        Self::Markdown,
        Self::Json,
        Self::Csv,
        Self::Xlsx,
        Self::Pdf,
        Self::Dossiers,
        Self::Oscal,
        Self::Ocsf,
        Self::Sarif,
        Self::Junit,
    ];

    /// Its name on the command line and in manifests.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Html => "html",
            Self::Markdown => "md",
            Self::Json => "json",
            Self::Csv => "csv",
            Self::Xlsx => "xlsx",
            Self::Pdf => "pdf",
            Self::Dossiers => "dossiers",
            Self::Oscal => "oscal",
            Self::Ocsf => "ocsf",
            Self::Sarif => "sarif",
            Self::Junit => "junit",
        }
    }

    /// Its files in a bundle; a name that ends in `/` is a folder of them.
    pub const fn files(self) -> &'static [&'static str] {
        match self {
            Self::Html => &["report.html"],
            Self::Markdown => &["report.md"],
            Self::Json => &["report.json"],
            Self::Csv => &["verdicts.csv", "requirements.csv"],
            Self::Xlsx => &["report.xlsx"],
            Self::Pdf => &["report.pdf"],
            Self::Dossiers => &["dossiers/"],
            Self::Oscal => &["oscal/"],
            Self::Ocsf => &["report.ocsf.jsonl"],
            Self::Sarif => &["report.sarif"],
            Self::Junit => &["report.junit.xml"],
        }
    }

    /// Whether a file of a bundle is one of its files.
    pub fn has(self, file: &str) -> bool {
        let mut files = self.files().iter();
        files.any(|name| *name == file || name.ends_with('/') && file.starts_with(name))
    }
}

impl FromStr for Rendering {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        const RULE: &str =
            "one of html, md, json, csv, xlsx, pdf, dossiers, oscal, ocsf, sarif, junit";
        let mut all = Self::ALL.into_iter();
        all.find(|one| one.as_str() == text)
            .ok_or_else(|| Invalid::new("a rendering", text, RULE))
    }
}

impl fmt::Display for Rendering {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_the_same_everywhere() {
        for one in Rendering::ALL {
            assert_eq!(one.as_str().parse(), Ok(one));
            assert_eq!(
                serde_json::to_value(one).ok(),
                Some(one.as_str().to_owned().into())
            );
        }
    }

    #[test]
    fn no_file_belongs_to_two() {
        let owners = |file: &str| Rendering::ALL.iter().filter(|one| one.has(file)).count();
        for file in Rendering::ALL.iter().flat_map(|one| one.files()) {
            assert_eq!(owners(file), 1, "{file}");
        }
        assert_eq!(owners("oscal/component-definition-login.json"), 1);
        assert_eq!(owners("snapshot.json"), 0);
    }
}
