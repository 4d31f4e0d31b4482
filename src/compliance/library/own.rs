//! A file of a bank's own: what is in it is said by its `schema` line, so that folders are free.

use serde::Deserialize;

use super::{LibraryErrors, PLANNED_SCHEMA, PolicyRole, Problem};
use crate::compliance::{check, framework};

#[derive(Deserialize)]
struct Head {
    schema: String,
}

impl PolicyRole {
    /// What is in a file, by its `schema`.
    ///
    /// # Errors
    /// A file that is no YAML or says another schema.
    pub fn of(path: &str, text: &str) -> Result<Self, LibraryErrors> {
        let head: Result<Head, _> = serde_yaml::from_str(text);
        let problem = |place: &str, message: String| {
            LibraryErrors::new(vec![Problem {
                file: path.to_owned(),
                place: place.to_owned(),
                message,
            }])
        };
        let schema = head
            .map_err(|error| problem("the file", error.to_string()))?
            .schema;
        match schema.as_str() {
            check::SCHEMA => Ok(Self::Checks),
            framework::SCHEMA => Ok(Self::Framework),
            PLANNED_SCHEMA => Ok(Self::Planned),
            other => {
                let message = format!(
                    "is `{other}`, and must be `{}` or `{}`",
                    check::SCHEMA,
                    framework::SCHEMA
                );
                Err(problem("schema", message))
            }
        }
    }
}

/// The framework that a file declares, as far as its head can be read.
pub fn declared(text: &str) -> Option<super::FrameworkHead> {
    super::shipped::head(text)
}
