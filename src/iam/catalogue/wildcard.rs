//! The wildcards of action names: `*` for any run of characters, `?` for one, in any case.

/// Whether the text has a wildcard.
pub(super) fn is_pattern(text: &str) -> bool {
    text.contains(['*', '?'])
}

/// Whether the pattern matches the whole name, ignoring ASCII case.
pub(crate) fn matches(pattern: &str, name: &str) -> bool {
    let (pattern, name) = (pattern.as_bytes(), name.as_bytes());
    let (mut at, mut seen) = (0, 0);
    let mut retry: Option<(usize, usize)> = None;
    while let Some(byte) = name.get(seen) {
        match pattern.get(at) {
            Some(b'*') => {
                retry = Some((at + 1, seen));
                at += 1;
            }
            Some(want) if *want == b'?' || want.eq_ignore_ascii_case(byte) => {
                at += 1;
                seen += 1;
            }
            // The last star takes one character more.
            _ => match retry.as_mut() {
                Some((after, taken)) => {
                    *taken += 1;
                    (at, seen) = (*after, *taken);
                }
                None => return false,
            },
        }
    }
    pattern.iter().skip(at).all(|byte| *byte == b'*')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stars_and_question_marks_match_as_iam_says() {
        assert!(matches("Get*", "getobject"));
        assert!(matches("*", ""));
        assert!(matches("*Object*", "PutObjectAcl"));
        assert!(matches("?et*t", "GetObject"));
        assert!(!matches("Get?", "Get"));
        assert!(!matches("Get", "GetObject"));
        assert!(matches("*a*b", "aab"));
        assert!(!matches("*a*b", "aac"));
    }
}
