//! `strongroom completions`: completions for a shell.

use clap::CommandFactory;

use super::{Failure, Output};
use crate::{cli::Cli, exit::Exit};

/// Prints completions.
pub fn run(shell: clap_complete::Shell, output: &mut Output) -> Result<Exit, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "strongroom", &mut script);
    output.result(&String::from_utf8_lossy(&script));
    Ok(Exit::Agreed)
}
