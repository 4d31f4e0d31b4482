//! "Did you mean": the known name that is most like a misspelled one.
//! It suggests only; nothing is ever corrected in silence.

/// The candidate with the fewest edits from the text, in any case; none when all are far away.
pub(in crate::iam) fn nearest<'a>(
    text: &str,
    candidates: impl Iterator<Item = &'a str>,
) -> Option<&'a str> {
    let wanted = text.to_ascii_lowercase();
    let most = 2.max(wanted.len() / 4);
    candidates
        .map(|name| {
            let edits = strsim::damerau_levenshtein(&wanted, &name.to_ascii_lowercase());
            (edits, name)
        })
        .filter(|(edits, name)| *edits <= most && *edits < name.len())
        .min()
        .map(|(_, name)| name)
}
