//! Progress of an apply: a bar on a terminal, lines elsewhere.

use indicatif::{ProgressBar, ProgressStyle};

use super::Output;
use crate::{
    apply::Event,
    cli::Global,
    plan::{Node, Phase},
    report::text::safe,
};

/// Shows what an execution tells.
pub enum Progress<'a> {
    /// A bar.
    Bar(ProgressBar),
    /// A line for each node that ends.
    Lines(&'a mut Output),
    /// Nothing.
    Silent,
}

impl<'a> Progress<'a> {
    /// What the command line and the terminal ask for.
    pub fn of(global: &Global, nodes: usize, output: &'a mut Output) -> Self {
        if global.no_progress {
            return Self::Silent;
        }
        if !output.is_terminal() {
            return Self::Lines(output);
        }
        let bar = ProgressBar::new(nodes as u64);
        if let Ok(style) = ProgressStyle::with_template("{bar:30} {pos}/{len} {elapsed} {msg}") {
            bar.set_style(style);
        }
        Self::Bar(bar)
    }

    /// Shows one event.
    pub fn tell(&mut self, event: Event<'_>) {
        match (self, event) {
            (Self::Bar(bar), Event::Started(node)) => bar.set_message(words(node)),
            (Self::Bar(bar), Event::Done(_)) => bar.inc(1),
            (Self::Bar(bar), Event::Failed(node, error)) => {
                bar.inc(1);
                bar.println(format!("failed  {}: {}", words(node), safe(error)));
            }
            (Self::Bar(bar), Event::Pending(node, error)) => {
                bar.inc(1);
                bar.println(format!("pending {}: {}", words(node), safe(error)));
            }
            (Self::Lines(output), Event::Pending(node, error)) => {
                output.tell(&format!("pending {}: {}", words(node), safe(error)));
            }
            (Self::Lines(output), Event::Done(node)) => {
                output.tell(&format!("done    {}", words(node)))
            }
            (Self::Lines(output), Event::Failed(node, error)) => {
                output.tell(&format!("failed  {}: {}", words(node), safe(error)));
            }
            (Self::Lines(_), Event::Started(_)) | (Self::Silent, _) => {}
        }
    }

    /// Takes the bar away.
    pub fn finish(self) {
        if let Self::Bar(bar) = self {
            bar.finish_and_clear();
        }
    }
}

fn words(node: &Node) -> String {
    let verb = match node.phase {
        Phase::Create => "create",
        Phase::Settle => "set up",
        Phase::Delete => "delete",
    };
    format!("{verb} {}", safe(&node.address))
}
