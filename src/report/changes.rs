//! What changed since an earlier bundle, in Markdown: every line that somebody has to look at, and the
//! rest in numbers. Nothing is compared here.

use super::{
    assessment::{Report, Turned},
    markdown::{code, prose, section},
};

/// What changed: what turned or is new and fails, line by line; the rest is counted.
pub fn lines(report: &Report) -> Vec<String> {
    let Some(since) = &report.since else {
        return Vec::new();
    };
    let mut lines = section(&format!("What changed since {}", since.taken_at));
    lines.push(prose(&since.sentence));
    if since.specification_changed {
        lines.push("The specification is another one.".to_owned());
    }
    lines.push(String::new());
    let bad = since.appeared.iter().filter(|one| one.after.slug == "fail");
    lines.extend(since.turned.iter().chain(bad).map(turned));
    let requirements = since.requirements.iter();
    lines.extend(requirements.map(|one| {
        let (before, after) = (one.before.words, one.after.words);
        format!("- {}: {before} → **{after}**", prose(&one.requirement))
    }));
    let gone = since.gone.iter();
    lines.extend(gone.map(|one| format!("- gone: {}", code(&one.resource))));
    lines
}

fn turned(one: &Turned) -> String {
    let before = one.before.map_or("new", |kind| kind.words);
    format!(
        "- {before} → **{}** {} {} ({})",
        one.after.words,
        code(&one.resource),
        prose(&one.title),
        code(&one.check)
    )
}
