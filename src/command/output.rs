//! Where text goes: results to standard output, words for people to standard error.

use std::io::{self, IsTerminal, Write};

use serde::Serialize;

use super::Failure;
use crate::exit::Exit;

/// The two streams of a run. A closed pipe is no error: whoever reads has had enough.
pub struct Output {
    out: Box<dyn Write + Send>,
    err: Box<dyn Write + Send>,
    terminal: bool,
    lost: Option<io::Error>,
}

impl Output {
    /// The process's own streams; colour only on a terminal, `NO_COLOR` honoured.
    pub fn standard() -> Self {
        Self {
            out: Box::new(anstream::stdout()),
            err: Box::new(anstream::stderr()),
            terminal: std::io::stderr().is_terminal(),
            lost: None,
        }
    }

    /// Streams of a test.
    pub fn captured(out: Box<dyn Write + Send>, err: Box<dyn Write + Send>) -> Self {
        Self {
            out,
            err,
            terminal: false,
            lost: None,
        }
    }

    /// Whether somebody watches standard error.
    pub fn is_terminal(&self) -> bool {
        self.terminal
    }

    /// Prints a result.
    pub fn result(&mut self, text: &str) {
        let written = self.out.write_all(text.as_bytes());
        if let Err(error) = written.and_then(|()| self.out.flush())
            && error.kind() != io::ErrorKind::BrokenPipe
        {
            self.lost = Some(error);
        }
    }

    /// The end of a run: a result that did not arrive is a failure, whatever else was done.
    pub fn end(&mut self, exit: Exit) -> Exit {
        match self.lost.take() {
            None => exit,
            Some(error) => {
                let why = format_args!("cannot write to standard output: {error}");
                self.failure(&Failure::new(why));
                exit.and(Exit::Failed)
            }
        }
    }

    /// Prints a result as JSON, sorted and with a final newline.
    pub fn json(&mut self, value: &impl Serialize) -> Result<(), Failure> {
        // Through a value, so that keys are sorted whatever the struct's order.
        let value = serde_json::to_value(value)?;
        let text = serde_json::to_string_pretty(&value)?;
        self.result(&(text + "\n"));
        Ok(())
    }

    /// Tells people something.
    pub fn tell(&mut self, text: &str) {
        let _ = writeln!(self.err, "{text}");
    }

    /// Tells why a command ended early.
    pub fn failure(&mut self, failure: &Failure) {
        let style = anstyle::AnsiColor::Red.on_default().bold();
        let message = failure.message.trim_end();
        let _ = writeln!(self.err, "{style}error{style:#}: {message}");
    }
}
