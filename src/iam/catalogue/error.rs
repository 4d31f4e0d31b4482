//! What can be wrong with the catalogue, or with a question to it.

/// The catalogue cannot be used, or does not know what was asked for.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CatalogueError {
    /// The compiled-in bytes are not those that were vendored.
    #[error(
        "the action catalogue has SHA-256 {found} instead of {expected}; rebuild from a clean checkout"
    )]
    Tampered {
        /// The SHA-256 of `policies/actions/provenance.json`.
        expected: String,
        /// The SHA-256 of the bytes.
        found: String,
    },
    /// A part of the catalogue cannot be read.
    #[error("the action catalogue is damaged at {part}: {reason}; run policies/actions/refresh.py")]
    Damaged {
        /// Which part: the header, the provenance or a service.
        part: String,
        /// What the reader said.
        reason: String,
    },
    /// No AWS service has this prefix.
    #[error("`{service}` is not an AWS service prefix{}", did_you_mean(.nearest))]
    UnknownService {
        /// The prefix as given.
        service: String,
        /// The nearest prefix.
        nearest: Option<String>,
    },
    /// The service has no such action.
    #[error("`{action}` is not an AWS action{}", did_you_mean(.nearest))]
    UnknownAction {
        /// The action as given.
        action: String,
        /// The nearest action.
        nearest: Option<String>,
    },
    /// The text has no colon.
    #[error("`{0}` is not an action; write it as service:Action, such as s3:GetObject")]
    NotAnAction(String),
}

/// The end of a message that offers the nearest known name, empty when there is none.
pub(in crate::iam) fn did_you_mean(nearest: &Option<String>) -> String {
    nearest
        .as_ref()
        .map(|near| format!("; did you mean `{near}`?"))
        .unwrap_or_default()
}
