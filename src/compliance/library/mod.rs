//! The library of checks and frameworks: read from text, understood, and every problem at once.

mod error;
mod own;
mod rules;
mod shipped;
mod vendored;

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use error::{LibraryErrors, Problem};
pub use own::declared;
pub use shipped::{FrameworkHead, shipped};

use super::{
    check::{Check, CheckFile},
    framework::{Framework, FrameworkText},
};
use crate::model::FrameworkId;

/// Name and version of the format of the list of planned checks.
pub const PLANNED_SCHEMA: &str = "strongroom/planned/v1";

/// A file of the library.
#[derive(Debug, Clone, Copy)]
pub struct PolicyFile<'a> {
    /// Its path, for messages.
    pub path: &'a str,
    /// What is in it.
    pub role: PolicyRole,
    /// Its content.
    pub text: &'a str,
}

/// What is in a file of the library.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PolicyRole {
    /// Checks.
    Checks,
    /// One framework.
    Framework,
    /// Checks that frameworks name and that do not exist yet.
    Planned,
}

/// Checks and frameworks that are consistent with each other.
#[derive(Debug, Default)]
pub struct Library {
    /// The checks by id.
    pub checks: BTreeMap<String, Check>,
    /// The frameworks by id and version.
    pub frameworks: BTreeMap<FrameworkId, Framework>,
    /// Checks that do not exist yet.
    pub planned: BTreeMap<String, PlannedCheck>,
}

/// The file of planned checks.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PlannedFile {
    /// `strongroom/planned/v1`.
    pub schema: String,
    /// Check id → what it will say, and what it waits for.
    pub planned: BTreeMap<String, PlannedCheck>,
}

/// A check that does not exist yet. A requirement that names it is not evaluated in that part.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PlannedCheck {
    /// What it will say.
    pub title: String,
    /// What has to be read or built first.
    pub needs: String,
}

impl Library {
    /// The checks and frameworks of this build.
    ///
    /// # Errors
    /// Every problem in them; a test sees to it that there is none.
    pub fn vendored() -> Result<Self, LibraryErrors> {
        Self::load(vendored::FILES.iter().copied())
    }

    /// Reads files, in any order; later checks and frameworks may not take the ids of earlier ones.
    ///
    /// # Errors
    /// Every problem of every file.
    pub fn load<'a>(
        files: impl IntoIterator<Item = PolicyFile<'a>>,
    ) -> Result<Self, LibraryErrors> {
        let mut loader = Loader::default();
        for file in files {
            match file.role {
                PolicyRole::Checks => loader.checks(file),
                PolicyRole::Framework => loader.framework(file),
                PolicyRole::Planned => loader.planned(file),
            }
        }
        loader
            .problems
            .extend(rules::frameworks(&loader.library, &loader.paths));
        match loader.problems.is_empty() {
            true => Ok(loader.library),
            false => Err(LibraryErrors::new(loader.problems)),
        }
    }

    /// The files of this build, for a caller that adds a bank's own.
    pub fn vendored_files() -> &'static [PolicyFile<'static>] {
        vendored::FILES
    }
}

#[derive(Default)]
struct Loader {
    library: Library,
    /// The file of each framework.
    paths: BTreeMap<FrameworkId, String>,
    problems: Vec<Problem>,
}

impl Loader {
    fn parse<T: serde::de::DeserializeOwned>(&mut self, file: PolicyFile<'_>) -> Option<T> {
        let parsed = serde_yaml::from_str(file.text);
        parsed
            .map_err(|error| self.say(file.path, "the file", error.to_string()))
            .ok()
    }

    fn say(&mut self, file: &str, place: impl Into<String>, message: impl Into<String>) {
        self.problems.push(Problem {
            file: file.to_owned(),
            place: place.into(),
            message: message.into(),
        });
    }

    fn schema(&mut self, file: PolicyFile<'_>, found: &str, wanted: &str) {
        if found != wanted {
            self.say(
                file.path,
                "schema",
                format!("is `{found}`, and must be `{wanted}`"),
            );
        }
    }

    fn checks(&mut self, file: PolicyFile<'_>) {
        let Some(parsed) = self.parse::<CheckFile>(file) else {
            return;
        };
        self.schema(file, &parsed.schema, super::check::SCHEMA);
        for text in parsed.checks {
            let id = text.id.clone();
            for objection in rules::check(&text) {
                self.say(file.path, &id, objection);
            }
            match Check::understand(text) {
                Ok(check) => self.add(file, check),
                Err(refusals) => {
                    for (place, refusal) in refusals {
                        self.say(file.path, format!("{id}, {place}"), refusal.to_string());
                    }
                }
            }
        }
    }

    fn add(&mut self, file: PolicyFile<'_>, check: Check) {
        let id = check.text.id.clone();
        for case in check.failing_cases() {
            self.say(file.path, &id, case);
        }
        if self.library.checks.insert(id.clone(), check).is_some() {
            self.say(file.path, id, "another check has this id");
        }
    }

    fn framework(&mut self, file: PolicyFile<'_>) {
        let Some(text) = self.parse::<FrameworkText>(file) else {
            return;
        };
        self.schema(file, &text.schema, super::framework::SCHEMA);
        let id = text.id.clone();
        match Framework::understand(text) {
            Err(refusal) => self.say(
                file.path,
                format!("{id}, applicability"),
                refusal.to_string(),
            ),
            Ok(framework) => {
                self.paths.insert(id.clone(), file.path.to_owned());
                if self
                    .library
                    .frameworks
                    .insert(id.clone(), framework)
                    .is_some()
                {
                    self.say(file.path, id.to_string(), "another framework has this id");
                }
            }
        }
    }

    fn planned(&mut self, file: PolicyFile<'_>) {
        if let Some(parsed) = self.parse::<PlannedFile>(file) {
            self.schema(file, &parsed.schema, PLANNED_SCHEMA);
            self.library.planned.extend(parsed.planned);
        }
    }
}
