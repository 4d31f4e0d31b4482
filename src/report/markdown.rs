//! The report in short, for a comment on a change: bounded in size, escaped for Markdown.
//! What does not fit is said, and is in the page.

use tera::{Kwargs, State};

use super::{
    assessment::{Clause, Counts, FailedCheck, Gap, Report, plain},
    changes,
};

/// The most characters that a comment may have, with room for what others put around it.
const LIMIT: usize = 60_000;
/// The most characters of one value.
const LONGEST_VALUE: usize = 300;

/// The short report.
pub fn summary(report: &Report) -> String {
    let parts = [
        head(report),
        changes::lines(report),
        frameworks(report),
        failures(report),
        unread(report),
        lapsed(report),
        needs_live(report),
        foot(report),
    ];
    bounded(parts.into_iter().flatten())
}

/// Whole lines, as many as fit.
fn bounded(lines: impl Iterator<Item = String>) -> String {
    const REST: &str = "\n_There is more than fits here; `report.html` has all of it._\n";
    let mut text = String::new();
    let mut length = 0;
    for line in lines {
        let more = line.chars().count() + 1;
        if length + more + REST.len() > LIMIT {
            return text + REST;
        }
        length += more;
        text.push_str(&line);
        text.push('\n');
    }
    text
}

fn head(report: &Report) -> Vec<String> {
    let header = &report.header;
    let mut lines = vec![
        format!("## Compliance of {}", prose(&header.environment)),
        String::new(),
        format!(
            "**{}** · account {} · {} · {} · specification `{}`",
            prose(&header.origin),
            prose(&header.account),
            prose(&header.region),
            prose(&header.taken_at),
            header.digest.chars().take(12).collect::<String>(),
        ),
        String::new(),
        format!("**{}**", prose(&report.summary.verdict)),
        String::new(),
    ];
    if let Some(only) = &header.only {
        lines.push(format!(
            "Only the service {}, and the environment.",
            prose(only)
        ));
        lines.push(String::new());
    }
    if !header.frameworks.is_empty() {
        let frameworks = header.frameworks.join(", ");
        lines.push(format!("Only the checks that {} name.", prose(&frameworks)));
        lines.push(String::new());
    }
    lines.extend(heads("Verdicts", &report.summary.counts));
    lines.push(row("of all checks", &report.summary.counts));
    lines
}

fn frameworks(report: &Report) -> Vec<String> {
    let mut lines = section("Requirements by framework");
    lines.extend(heads("Framework", &report.summary.requirements));
    let rows = report.frameworks.iter();
    lines.extend(rows.map(|framework| row(&prose(&framework.name), &framework.counts)));
    let unknown = report.summary.unknown_frameworks.iter();
    lines.extend(unknown.map(|id| format!("\n{} is not known to this version.", code(id))));
    lines.push(String::new());
    lines.push(prose(&report.summary.planned));
    lines
}

fn heads(first: &str, counts: &Counts) -> Vec<String> {
    let words: Vec<&str> = counts.each.iter().map(|each| each.kind.words).collect();
    vec![
        format!("| {first} | {} | all |", words.join(" | ")),
        format!("|---|{}", "---:|".repeat(words.len() + 1)),
    ]
}

fn row(first: &str, counts: &Counts) -> String {
    let numbers: Vec<String> = counts
        .each
        .iter()
        .map(|each| each.count.to_string())
        .collect();
    format!("| {first} | {} | {} |", numbers.join(" | "), counts.total)
}

fn failures(report: &Report) -> Vec<String> {
    if report.summary.failures.is_empty() {
        return Vec::new();
    }
    let mut lines = section("What failed");
    lines.extend(report.summary.failures.iter().flat_map(failure));
    lines
}

fn failure(failed: &FailedCheck) -> Vec<String> {
    let (severity, title, id) = (&failed.severity, prose(&failed.title), &failed.check);
    let mut lines = vec![format!("- **{severity}** {title} ({})", code(id))];
    if !failed.settings.is_empty() {
        lines.push(format!("  - with {}", code(&failed.settings)));
    }
    for place in &failed.places {
        let note = place
            .note
            .as_deref()
            .map(|note| format!(": {}", code(note)));
        lines.push(format!(
            "  - {}{}",
            code(&place.resource),
            note.unwrap_or_default()
        ));
        lines.extend(place.broken.iter().flat_map(broken));
    }
    lines.push(format!("  - To do: {}", prose(&failed.remediation)));
    lines
}

fn broken(clause: &Clause) -> Vec<String> {
    let expected = format!("    - expected {}", code(&clause.expected));
    let found = clause.found.iter();
    let found =
        found.map(|fact| format!("    - found {} = {}", code(&fact.name), code(&fact.value)));
    std::iter::once(expected).chain(found).collect()
}

fn unread(report: &Report) -> Vec<String> {
    let summary = &report.summary;
    if summary.unread.is_empty() && summary.doubts.is_empty() {
        return Vec::new();
    }
    let mut lines = section("What could not be read");
    lines.extend(
        summary
            .doubts
            .iter()
            .map(|doubt| format!("- {}", code(doubt))),
    );
    lines.extend(summary.unread.iter().map(gap));
    lines
}

fn lapsed(report: &Report) -> Vec<String> {
    let summary = &report.summary;
    let mut lines = Vec::new();
    if !summary.lapsed.is_empty() {
        lines.extend(section("What is no longer attested"));
        let lapsed = summary.lapsed.iter();
        lines.extend(
            lapsed.map(|one| format!("- {}: {}", prose(&one.requirement), prose(&one.why))),
        );
    }
    if !summary.records.is_empty() {
        lines.extend(section("Waivers and attestations to look at"));
        lines.extend(
            summary
                .records
                .iter()
                .map(|line| format!("- {}", prose(line))),
        );
    }
    lines
}

fn needs_live(report: &Report) -> Vec<String> {
    if report.summary.needs_live.is_empty() {
        return Vec::new();
    }
    let mut lines = section("What only a live account can show");
    lines.extend(report.summary.needs_live.iter().map(gap));
    lines
}

fn gap(gap: &Gap) -> String {
    let requirements: Vec<String> = gap.requirements.iter().map(|name| prose(name)).collect();
    let open = match requirements.is_empty() {
        true => "no requirement".to_owned(),
        false => requirements.join(", "),
    };
    let missing = gap
        .permission
        .as_ref()
        .map(|permission| format!("; missing permission {}", code(permission)));
    format!(
        "- {} {} ({}): {} verdicts; leaves open {open}{}",
        code(&gap.call),
        gap.why,
        code(&gap.message),
        gap.verdicts,
        missing.unwrap_or_default()
    )
}

fn foot(report: &Report) -> Vec<String> {
    vec![
        String::new(),
        format!(
            "{}; the whole is in `report.html`.",
            prose(&report.header.tool)
        ),
    ]
}

pub(super) fn section(title: &str) -> Vec<String> {
    vec![String::new(), format!("### {title}"), String::new()]
}

/// [`prose`] for templates.
pub(super) fn prose_filter(text: &str, _: Kwargs, _: &State<'_>) -> String {
    prose(text)
}

/// [`code`] for templates.
pub(super) fn code_filter(text: &str, _: Kwargs, _: &State<'_>) -> String {
    code(text)
}

/// Text that means itself: everything that Markdown or HTML could take for markup is escaped.
/// <https://github.github.com/gfm/#backslash-escapes>
pub(super) fn prose(text: &str) -> String {
    let mut escaped = String::new();
    for c in plain(text).chars() {
        match c {
            '<' => escaped.push_str("&lt;"),
            '&' => escaped.push_str("&amp;"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '#' | '|' | '~' | '!' | '>' => {
                escaped.push('\\');
                escaped.push(c);
            }
            other => escaped.push(other),
        }
    }
    escaped
}

/// Foreign text as a code span, which no backtick in it can end; long text is cut.
/// <https://github.github.com/gfm/#code-spans>
pub(super) fn code(text: &str) -> String {
    let text = plain(text);
    let mut shown: String = text.chars().take(LONGEST_VALUE).collect();
    if shown.len() < text.len() {
        shown.push('…');
    }
    let longest = shown
        .split(|c| c != '`')
        .map(str::len)
        .max()
        .unwrap_or_default();
    let fence = "`".repeat(longest + 1);
    let space = if shown.starts_with('`') || shown.ends_with('`') {
        " "
    } else {
        ""
    };
    format!("{fence}{space}{shown}{space}{fence}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_text_ends_its_code_span_or_its_line() {
        assert_eq!(code("a`b``c"), "```a`b``c```");
        assert_eq!(code("`"), "`` ` ``");
        assert_eq!(code("a\n# b"), "`a\\u{a}# b`");
    }

    #[test]
    fn prose_is_no_markup() {
        assert_eq!(prose("<b> | *x* [y](z)"), "&lt;b\\> \\| \\*x\\* \\[y\\](z)");
    }

    #[test]
    fn what_does_not_fit_is_said() {
        let lines = std::iter::repeat_n("é".repeat(99), 2_000);
        let text = bounded(lines);
        assert!(text.chars().count() <= LIMIT);
        assert!(text.ends_with("`report.html` has all of it._\n"));
    }
}
