//! What can be asked: who may do what, under which conditions, and which answer is expected.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

/// One question.
#[derive(Debug, Clone, Args)]
pub struct CanArgs {
    /// Who: login, login@v1, role/login-v1, an ARN.
    pub who: String,
    /// The action, as kms:Decrypt.
    pub action: String,
    /// On what: key/accounts, role/login-v1, dynamodb:table/customers, an ARN, or *.
    pub resource: String,
    /// The specification: a file or a folder.
    #[arg(long, value_name = "SPEC")]
    pub spec: PathBuf,
    /// A condition key that the request has; several for several values.
    #[arg(long, value_name = "KEY=VALUE")]
    pub context: Vec<ContextEntry>,
    /// Ask about the account after the plan.
    #[arg(long)]
    pub predicted: bool,
    /// Exit with 13 if the answer is another.
    #[arg(long, value_enum)]
    pub expect: Option<Expected>,
}

/// What an answer is expected to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Expected {
    /// Yes.
    Allow,
    /// No.
    Deny,
}

/// A condition key on the command line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContextEntry {
    /// The key.
    pub key: String,
    /// One of its values.
    pub value: String,
}

impl std::str::FromStr for ContextEntry {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (key, value) = text.split_once('=').unwrap_or_default();
        match key.contains(':') {
            true => Ok(Self {
                key: key.to_owned(),
                value: value.to_owned(),
            }),
            false => Err("a condition key is written as aws:SourceVpce=vpce-0a1b"),
        }
    }
}

/// A proof of isolation.
#[derive(Debug, Clone, Args)]
pub struct ProveArgs {
    /// The specification: a file or a folder.
    pub spec: PathBuf,
    /// Prove it of the account after the plan.
    #[arg(long)]
    pub predicted: bool,
}
