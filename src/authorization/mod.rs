//! Whether somebody of an environment may do something: a snapshot joined to the evaluator.
//! It names policies as people know them, and says what the snapshot does not hold. No I/O.

mod answer;
mod estate;
mod object;
mod subject;

pub use answer::{Answer, Cited, Outcome, Question, Through, Way, ask};
pub use estate::{CallerSide, EndpointSide, Estate, ResourceSide, Source};
pub use object::Object;
pub use subject::{Subject, session_of};

/// A question about something that is not there.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum QuestionError {
    /// Nobody of that name.
    #[error(
        "nobody here is called {asked}; a service, service@version, role/<name> or an ARN is asked about. There are {known}"
    )]
    NoSubject {
        /// What was asked for.
        asked: String,
        /// Who there is.
        known: String,
    },
    /// A service with several versions.
    #[error("{service} runs in several versions, each with its own role: ask about {known}")]
    SeveralVersions {
        /// The service.
        service: String,
        /// Its versions, as they can be asked about.
        known: String,
    },
    /// A resource that the snapshot does not show.
    #[error(
        "there is no {0} in this account: apply first, or ask about the account after the plan with --predicted"
    )]
    NotThere(crate::model::Address),
    /// A resource in none of the forms.
    #[error(
        "{asked} is no resource: key/<service>, role/<name>, log_group/<service>, dynamodb:table/<name>, an ARN or * is asked about ({why})"
    )]
    NoObject {
        /// What was asked for.
        asked: String,
        /// What is wrong with it.
        why: String,
    },
    /// An action that AWS does not have.
    #[error(transparent)]
    Action(#[from] crate::iam::catalogue::CatalogueError),
    /// A request that nobody can make.
    #[error(transparent)]
    Request(#[from] crate::iam::eval::RequestError),
}
