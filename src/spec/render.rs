//! Diagnostics as people read them, with a frame of the YAML, and as machines read them.
//! It writes to strings; nothing hostile in a file reaches the terminal raw.

use std::fmt;

use miette::{GraphicalReportHandler, GraphicalTheme, LabeledSpan, NamedSource, SourceCode};

use super::{
    code::Severity,
    diagnostic::{Diagnostic, Machine},
    source::Sources,
    tree::Span,
};

/// The longest line that is shown, in bytes; a longer one would flood the terminal.
const LONGEST_LINE: usize = 400;

impl Sources {
    /// Renders diagnostics one after another, with ANSI colour or without.
    pub fn render(&self, diagnostics: &[Diagnostic], colour: bool) -> String {
        let theme = if colour {
            GraphicalTheme::unicode()
        } else {
            GraphicalTheme::unicode_nocolor()
        };
        let handler = GraphicalReportHandler::new_themed(theme)
            .with_links(false)
            .with_wrap_lines(false);
        let mut out = String::new();
        for diagnostic in diagnostics {
            let report = self.report(diagnostic);
            // Writing to a string cannot fail.
            let _ = handler.render_report(&mut out, &report);
        }
        out
    }

    /// The diagnostics as machines read them.
    pub fn machine(&self, diagnostics: &[Diagnostic]) -> Vec<Machine> {
        diagnostics
            .iter()
            .map(|one| self.machine_form(one))
            .collect()
    }

    fn machine_form(&self, diagnostic: &Diagnostic) -> Machine {
        let place = diagnostic
            .source
            .zip(diagnostic.span)
            .map(|(file, span)| self.line_column(file, span.start));
        Machine {
            code: diagnostic.code,
            severity: diagnostic.severity,
            message: diagnostic.message.clone(),
            help: diagnostic.help.clone(),
            file: diagnostic.file.clone(),
            line: place.map(|(line, _)| line),
            column: place.map(|(_, column)| column),
            path: diagnostic.path.clone(),
        }
    }

    fn report(&self, diagnostic: &Diagnostic) -> Report {
        let place = diagnostic.source.zip(diagnostic.span);
        let frame = place.filter(|(file, span)| is_showable(self.text_of(*file), *span));
        let message = match (frame, place) {
            (Some(_), _) => plain(&diagnostic.message),
            (None, None) => plain(&format!("{}: {}", diagnostic.file, diagnostic.message)),
            (None, Some((file, span))) => {
                let (line, column) = self.line_column(file, span.start);
                let Diagnostic { file, message, .. } = diagnostic;
                plain(&format!("{file}:{line}:{column}: {message}"))
            }
        };
        Report {
            message,
            help: plain(&diagnostic.help),
            code: diagnostic.code.id(),
            severity: diagnostic.severity,
            source: frame.map(|(file, _)| {
                NamedSource::new(plain(&diagnostic.file), plain(self.text_of(file)))
            }),
            labels: frame.map_or_else(Vec::new, |(_, span)| labels(diagnostic, span)),
        }
    }
}

/// Whether the lines around a span are short enough for a terminal.
fn is_showable(text: &str, span: Span) -> bool {
    let (before, after) = text.split_at_checked(span.start).unwrap_or((text, ""));
    let above = before.rsplit('\n').take(2).map(str::len);
    let below = after.split('\n').take(2).map(str::len);
    above.chain(below).all(|length| length <= LONGEST_LINE)
}

fn labels(diagnostic: &Diagnostic, span: Span) -> Vec<LabeledSpan> {
    let path = diagnostic.path.to_string();
    let note = (!path.is_empty()).then(|| plain(&path));
    let mut labels = vec![LabeledSpan::new_primary_with_span(note, span)];
    labels.extend(
        diagnostic
            .labels
            .iter()
            .map(|(span, note)| LabeledSpan::new_with_span(Some(plain(note)), *span)),
    );
    labels
}

impl From<Span> for miette::SourceSpan {
    fn from(span: Span) -> Self {
        (span.start, span.end.saturating_sub(span.start)).into()
    }
}

/// Replaces what a terminal would obey (escape sequences, direction overrides) byte for byte,
/// so that spans stay true.
pub(crate) fn plain(text: &str) -> String {
    if !text.chars().any(is_hostile) {
        return text.to_owned();
    }
    text.chars().fold(String::new(), |mut out, c| {
        if c == '\r' {
            out.push(' ');
        } else if is_hostile(c) {
            out.extend(std::iter::repeat_n('?', c.len_utf8()));
        } else {
            out.push(c);
        }
        out
    })
}

fn is_hostile(c: char) -> bool {
    (c.is_control() && c != '\n' && c != '\t')
        || matches!(c, '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

/// A diagnostic in the shape that the frame renderer takes.
#[derive(Debug)]
struct Report {
    message: String,
    help: String,
    code: &'static str,
    severity: Severity,
    source: Option<NamedSource<String>>,
    labels: Vec<LabeledSpan>,
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Report {}

impl miette::Diagnostic for Report {
    fn code<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        Some(Box::new(self.code))
    }

    fn severity(&self) -> Option<miette::Severity> {
        Some(match self.severity {
            Severity::Error => miette::Severity::Error,
            Severity::Warning => miette::Severity::Warning,
        })
    }

    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        Some(Box::new(&self.help))
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        self.source.as_ref().map(|source| source as &dyn SourceCode)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        Some(Box::new(self.labels.iter().cloned()))
    }
}

#[cfg(test)]
mod tests {
    use super::plain;

    #[test]
    fn a_terminal_is_never_given_orders() {
        assert_eq!(plain("a\u{1b}[2Jb"), "a?[2Jb");
        assert_eq!(plain("x\u{202e}y").len(), "x\u{202e}y".len());
        assert_eq!(plain("größe\tfein\n"), "größe\tfein\n");
    }
}
