//! The `strongroom` command.

use std::process::ExitCode;

use clap::Parser;
use strongroom::{
    cli::Cli,
    command::{self, Output},
};

#[tokio::main]
async fn main() -> ExitCode {
    let cli = Cli::parse();
    let now = jiff::Timestamp::now();
    command::run(cli, now, &mut Output::standard()).await.into()
}
