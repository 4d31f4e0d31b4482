//! "Did you mean": the known word nearest to what was written.

/// The nearest of the known words, where one is near enough to be meant.
pub(super) fn nearest<'k>(written: &str, known: impl Iterator<Item = &'k str>) -> Option<&'k str> {
    let lower = written.to_ascii_lowercase();
    known
        .map(|word| {
            (
                strsim::jaro_winkler(&lower, &word.to_ascii_lowercase()),
                word,
            )
        })
        .filter(|(likeness, _)| *likeness >= 0.8)
        .max_by(|left, right| left.0.total_cmp(&right.0).then(right.1.cmp(left.1)))
        .map(|(_, word)| word)
}

/// Help for a word that is none of the known: the nearest, or the list where it is short.
pub(super) fn among<'k>(written: &str, known: impl Iterator<Item = &'k str> + Clone) -> String {
    if let Some(word) = nearest(written, known.clone()) {
        return format!("did you mean `{word}`?");
    }
    let words: Vec<String> = known.take(20).map(|word| format!("`{word}`")).collect();
    match words.as_slice() {
        [] => "remove it".to_owned(),
        [one] => format!("only {one} is known here"),
        _ => format!("one of {}", words.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_near_words_are_suggested() {
        let known = ["purpose", "listens", "egress"];
        assert_eq!(nearest("listen", known.into_iter()), Some("listens"));
        assert_eq!(nearest("Purpos", known.into_iter()), Some("purpose"));
        assert_eq!(nearest("zebra", known.into_iter()), None);
    }
}
