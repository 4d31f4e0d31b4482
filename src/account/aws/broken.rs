//! Requests that nobody answered: recorded like answers, for a replay must break where the
//! observation did.

use std::error::Error;

use aws_smithy_runtime_api::client::result::ConnectorError;
use serde::{Deserialize, Serialize};

use super::redact::redact;

/// A request without an answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Broken {
    /// When it broke, UTC.
    pub at: jiff::Timestamp,
    /// How; it decides whether the SDK tries again.
    pub kind: BrokenKind,
    /// What the transport said, redacted.
    pub message: String,
}

/// How a request broke.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum BrokenKind {
    /// Nothing came in time.
    Timeout,
    /// The connection failed.
    Io,
    /// The request cannot be sent, however often.
    User,
    /// Anything else.
    Other,
}

impl Broken {
    /// The record of an error.
    pub fn of(error: &ConnectorError) -> Self {
        let kind = match error {
            error if error.is_timeout() => BrokenKind::Timeout,
            error if error.is_io() => BrokenKind::Io,
            error if error.is_user() => BrokenKind::User,
            _ => BrokenKind::Other,
        };
        Self {
            at: jiff::Timestamp::now(),
            kind,
            message: redact(&causes(error)),
        }
    }

    /// The error again, with the recorded words.
    pub fn to_error(&self) -> ConnectorError {
        let source = self.message.clone().into();
        match self.kind {
            BrokenKind::Timeout => ConnectorError::timeout(source),
            BrokenKind::Io => ConnectorError::io(source),
            BrokenKind::User => ConnectorError::user(source),
            BrokenKind::Other => ConnectorError::other(source, None),
        }
    }
}

/// What is below the error, outermost first.
fn causes(error: &ConnectorError) -> String {
    let mut said = vec![];
    let mut next = error.source();
    while let Some(cause) = next {
        said.push(cause.to_string());
        next = cause.source();
    }
    said.join(": ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_broken_request_breaks_again_in_the_same_words() {
        for error in [
            ConnectorError::timeout("slow".into()),
            ConnectorError::io("gone: AKIAIOSFODNN7EXAMPLE".into()),
            ConnectorError::user("no".into()),
            ConnectorError::other("odd".into(), None),
        ] {
            let broken = Broken::of(&error);
            assert!(!broken.message.contains("AKIA"));
            let again = Broken::of(&broken.to_error());
            assert_eq!((again.kind, again.message), (broken.kind, broken.message));
        }
    }
}
