//! Where text goes: results to standard output, words for people to standard error.

use std::io::{IsTerminal, Write};

use serde::Serialize;

use super::Failure;

/// The two streams of a run. A closed pipe is no error: whoever reads has had enough.
pub struct Output {
    out: Box<dyn Write + Send>,
    err: Box<dyn Write + Send>,
    terminal: bool,
}

impl Output {
    /// The process's own streams; colour only on a terminal, `NO_COLOR` honoured.
    pub fn standard() -> Self {
        Self {
            out: Box::new(anstream::stdout()),
            err: Box::new(anstream::stderr()),
            terminal: std::io::stderr().is_terminal(),
        }
    }

    /// Streams of a test.
    pub fn captured(out: Box<dyn Write + Send>, err: Box<dyn Write + Send>) -> Self {
        Self {
            out,
            err,
            terminal: false,
        }
    }

    /// Whether somebody watches standard error.
    pub fn is_terminal(&self) -> bool {
        self.terminal
    }

    /// Prints a result.
    pub fn result(&mut self, text: &str) {
        let _ = self.out.write_all(text.as_bytes());
        let _ = self.out.flush();
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
