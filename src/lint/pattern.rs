//! Patterns with `*` and `?` compared with each other: whether one covers another, and whether any
//! text matches both. Where a comparison would take too long, it errs towards silence.

/// Products of lengths beyond this are not compared.
const LARGEST: usize = 4_000_000;
/// Colons of an ARN before its resource.
const COLONS: usize = 5;

/// A part of a pattern.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    /// This character.
    Is(char),
    /// Any one character.
    One,
    /// Any text.
    Any,
    /// Any text without this character: a slash in the name of a bucket, a colon in an account.
    Without(char),
}

/// The parts of a pattern in a policy; a policy variable stands for any text.
pub(super) fn parts(text: &str) -> Vec<Part> {
    cut(text, |_, _| Part::Any)
}

/// The parts of an ARN of the catalogue, whose placeholders stand for any text; those before the
/// resource keep to their segment.
pub(super) fn arn_parts(text: &str) -> Vec<Part> {
    cut(text, |name, before| match name {
        _ if before.iter().filter(|part| **part == Part::Is(':')).count() < COLONS => {
            Part::Without(':')
        }
        "BucketName" => Part::Without('/'),
        _ => Part::Any,
    })
}

fn cut(text: &str, placeholder: impl Fn(&str, &[Part]) -> Part) -> Vec<Part> {
    let (mut parts, mut rest) = (Vec::new(), text);
    while let Some(first) = rest.chars().next() {
        let inside = rest
            .strip_prefix("${")
            .and_then(|rest| rest.split_once('}'));
        if let Some((name, after)) = inside {
            parts.push(placeholder(name, &parts));
            rest = after;
            continue;
        }
        parts.push(match first {
            '*' => Part::Any,
            '?' => Part::One,
            other => Part::Is(other),
        });
        rest = rest.get(first.len_utf8()..).unwrap_or_default();
    }
    parts
}

/// Whether every text that `inner` matches is matched by `outer`. A yes is sure, a no is not.
pub(super) fn covers(outer: &str, inner: &str) -> bool {
    let (outer, inner) = (parts(outer), parts(inner));
    if outer.len().saturating_mul(inner.len()) > LARGEST {
        return false;
    }
    let (mut at, mut seen) = (0, 0);
    let mut retry: Option<(usize, usize)> = None;
    while let Some(part) = inner.get(seen) {
        match outer.get(at) {
            Some(Part::Any) => {
                retry = Some((at + 1, seen));
                at += 1;
            }
            Some(want) if takes(*want, *part) => (at, seen) = (at + 1, seen + 1),
            _ => match retry.as_mut() {
                Some((after, taken)) => {
                    *taken += 1;
                    (at, seen) = (*after, *taken);
                }
                None => return false,
            },
        }
    }
    let rest = outer.get(at..).unwrap_or_default();
    rest.iter().all(|part| *part == Part::Any)
}

fn takes(outer: Part, inner: Part) -> bool {
    match (outer, inner) {
        (Part::Is(one), Part::Is(other)) => one == other,
        (Part::One, Part::Is(_) | Part::One) => true,
        _ => false,
    }
}

/// Whether some text matches both.
pub(super) fn meet(one: &[Part], other: &[Part]) -> bool {
    if one.len().saturating_mul(other.len()) > LARGEST {
        return true;
    }
    // The places in `other` that the parts of `one` so far can lead to.
    let mut places = vec![false; other.len() + 1];
    set(&mut places, 0);
    skip(&mut places, other);
    for part in one {
        places = step(&places, *part, other);
    }
    places.last() == Some(&true)
}

/// Where a part leads: a star stays, and moves over whatever the other side has.
fn step(places: &[bool], part: Part, other: &[Part]) -> Vec<bool> {
    let mut next = vec![false; other.len() + 1];
    let mut within = false;
    for (at, reached) in places.iter().enumerate() {
        let here = other.get(at).copied();
        match part {
            Part::Any | Part::Without(_) => {
                within |= *reached;
                if within {
                    set(&mut next, at);
                }
                within &= here.is_none_or(|here| passes(part, here));
            }
            _ if !reached => {}
            _ => match here {
                Some(Part::Any) => set(&mut next, at),
                Some(Part::Without(c)) if part == Part::Is(c) => {}
                Some(Part::Without(_)) => set(&mut next, at),
                Some(here) if same(part, here) => set(&mut next, at + 1),
                _ => {}
            },
        }
    }
    skip(&mut next, other);
    next
}

/// A star of the other side may be nothing.
fn skip(places: &mut [bool], other: &[Part]) {
    for (at, here) in other.iter().enumerate() {
        let reached = places.get(at) == Some(&true);
        if reached && matches!(here, Part::Any | Part::Without(_)) {
            set(places, at + 1);
        }
    }
}

fn passes(star: Part, here: Part) -> bool {
    match (star, here) {
        (Part::Without(c), Part::Is(other)) => c != other,
        _ => true,
    }
}

fn same(one: Part, other: Part) -> bool {
    match (one, other) {
        (Part::Is(one), Part::Is(other)) => one == other,
        _ => true,
    }
}

fn set(places: &mut [bool], at: usize) {
    if let Some(place) = places.get_mut(at) {
        *place = true;
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::iam::eval::Glob;

    #[test]
    fn a_bucket_is_no_object() {
        let bucket = arn_parts("arn:${Partition}:s3:::${BucketName}");
        let object = arn_parts("arn:${Partition}:s3:::${BucketName}/${ObjectName}");
        let meets = |text: &str| (meet(&parts(text), &bucket), meet(&parts(text), &object));
        assert_eq!(meets("arn:aws:s3:::receipts"), (true, false));
        assert_eq!(meets("arn:aws:s3:::receipts/*"), (false, true));
        assert_eq!(meets("arn:aws:s3:::receipts*"), (true, true));
        assert_eq!(meets("arn:aws:s3:::receipts/${aws:userid}"), (false, true));
        assert_eq!(meets("arn:aws:sqs:*"), (false, false));
        assert_eq!(meets("*"), (true, true));
    }

    #[test]
    fn a_question_mark_covers_one_character_only() {
        assert!(covers("s3:Get*", "s3:GetObject*"));
        assert!(covers("s3:?et*", "s3:GetObject"));
        assert!(!covers("s3:Get?", "s3:Get*"));
        assert!(!covers("s3:GetObject", "s3:Get*"));
    }

    proptest! {
        #[test]
        fn what_is_covered_is_matched(outer in "[ab*?]{0,6}", inner in "[ab*?]{0,6}", text in "[ab]{0,6}") {
            if covers(&outer, &inner) && Glob::new(&inner).is_match(&text) {
                prop_assert!(Glob::new(&outer).is_match(&text));
            }
        }

        #[test]
        fn what_both_match_they_meet_at(one in "[ab*?]{0,6}", other in "[ab*?]{0,6}", text in "[ab]{0,6}") {
            if Glob::new(&one).is_match(&text) && Glob::new(&other).is_match(&text) {
                prop_assert!(meet(&parts(&one), &parts(&other)));
            }
        }

        #[test]
        fn plain_texts_meet_what_matches_them(one in "[ab*?]{0,6}", text in "[ab]{0,6}") {
            prop_assert_eq!(meet(&parts(&one), &parts(&text)), Glob::new(&one).is_match(&text));
        }
    }
}
