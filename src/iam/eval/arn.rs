//! Patterns over ARNs: of the condition operators, and of the Resource element.
//! They differ in one point: whether a star at the end of a segment reaches beyond its colon.

use super::{
    Doubt, Truth,
    glob::Glob,
    template::{Matcher, Pattern, Reading, Token},
};

/// `arn`, partition, service, Region, account, resource.
const SEGMENTS: usize = 6;

/// The pattern of ArnLike and ArnEquals: six segments, each matched for itself.
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_ARN>
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ArnPattern {
    segments: Vec<Glob>,
    /// The same without segments, for what is no ARN.
    whole: Glob,
}

impl Matcher for ArnPattern {
    fn of(tokens: &[Token]) -> Self {
        let segments = split(tokens);
        Self {
            segments: segments.iter().map(|segment| Glob::of(segment)).collect(),
            whole: Glob::of(tokens),
        }
    }

    fn matches(&self, text: &str) -> Truth {
        let parts: Vec<&str> = text.splitn(SEGMENTS, ':').collect();
        if self.segments.len() == SEGMENTS && parts.len() == SEGMENTS {
            let mut pairs = self.segments.iter().zip(parts);
            return pairs.all(|(segment, part)| segment.is_match(part)).into();
        }
        // One side is no ARN. That the two are alike as texts may count, or may not.
        match self.whole.is_match(text) {
            true => Truth::Unclear(Doubt::Pattern),
            false => Truth::No,
        }
    }
}

/// The pattern of Resource: a wildcard stays inside its segment, but a star at the end of a
/// segment may reach beyond.
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html>
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ResourcePattern {
    /// `*`
    Everything,
    /// No wildcard before the fifth colon.
    Tail {
        /// Up to and with the fifth colon.
        head: String,
        /// What follows.
        tail: Glob,
    },
    /// Any other.
    Segments(Vec<Glob>),
}

impl ResourcePattern {
    /// Reads an element of Resource. A variable is one only behind the fifth colon.
    pub fn read(text: &str, variables: bool) -> Pattern<Self> {
        let before = variables.then(|| text.split_once("${")).flatten();
        if before.is_some_and(|(before, _)| before.matches(':').count() < SEGMENTS - 1) {
            return Pattern::Doubtful(Doubt::Variable);
        }
        let reading = Reading {
            variables,
            wildcards: true,
            caseless: false,
        };
        Pattern::read(text, reading)
    }

    /// Whether the whole ARN, or `*`, matches.
    pub fn is_match(&self, text: &str) -> bool {
        match self {
            Self::Everything => true,
            Self::Tail { head, tail } => text
                .strip_prefix(head.as_str())
                .is_some_and(|rest| tail.is_match(rest)),
            Self::Segments(segments) => segments_match(segments, text),
        }
    }
}

impl Matcher for ResourcePattern {
    fn of(tokens: &[Token]) -> Self {
        let segments = split(tokens);
        if let [head @ .., tail] = segments.as_slice()
            && head.len() == SEGMENTS - 1
            && let Some(head) = plain(head)
        {
            let tail = Glob::of(tail);
            return Self::Tail { head, tail };
        }
        let globs: Vec<Glob> = segments.iter().map(|segment| Glob::of(segment)).collect();
        match globs.as_slice() {
            [one] if one.is_everything() => Self::Everything,
            _ => Self::Segments(globs),
        }
    }

    fn matches(&self, text: &str) -> Truth {
        self.is_match(text).into()
    }
}

/// The segments of a pattern; the sixth keeps its colons.
fn split(tokens: &[Token]) -> Vec<Vec<Token>> {
    let mut segments = vec![Vec::new()];
    for token in tokens {
        let Token::Text(text) = token else {
            push(&mut segments, token.clone());
            continue;
        };
        let room = SEGMENTS + 1 - segments.len();
        for (index, piece) in text.splitn(room, ':').enumerate() {
            if index > 0 {
                segments.push(Vec::new());
            }
            if !piece.is_empty() {
                push(&mut segments, Token::Text(piece.to_owned()));
            }
        }
    }
    segments
}

fn push(segments: &mut [Vec<Token>], token: Token) {
    if let Some(last) = segments.last_mut() {
        last.push(token);
    }
}

/// The text of segments without wildcards, each with the colon that ends it.
fn plain(segments: &[Vec<Token>]) -> Option<String> {
    let mut text = String::new();
    for segment in segments {
        for token in segment {
            match token {
                Token::Text(piece) => text.push_str(piece),
                Token::One | Token::Star => return None,
            }
        }
        text.push(':');
    }
    Some(text)
}

/// Walks the segments of the pattern, knowing at which pieces of the text each may begin.
fn segments_match(segments: &[Glob], text: &str) -> bool {
    let Some((last, leading)) = segments.split_last() else {
        return false;
    };
    let pieces: Vec<&str> = text.split(':').collect();
    let mut begins = vec![false; pieces.len() + 1];
    if let Some(first) = begins.first_mut() {
        *first = true;
    }
    for segment in leading {
        begins = next_begins(segment, &pieces, &begins);
    }
    let is_resource = segments.len() == SEGMENTS;
    let mut starts = starts(text).zip(begins).filter(|(_, begin)| *begin);
    starts.any(|(rest, _)| ends(last, rest, is_resource))
}

/// Where the next segment may begin. A star at the end also takes any of the pieces that follow.
fn next_begins(segment: &Glob, pieces: &[&str], begins: &[bool]) -> Vec<bool> {
    let mut next = vec![false; begins.len()];
    let mut reaching = false;
    for (index, piece) in pieces.iter().enumerate() {
        let fits = begins.get(index) == Some(&true) && segment.is_match(piece);
        reaching |= fits && segment.ends_in_star();
        if let Some(place) = next.get_mut(index + 1) {
            *place = fits || reaching;
        }
    }
    next
}

/// The text from the beginning of each of its pieces.
fn starts(text: &str) -> impl Iterator<Item = &str> {
    let colons = text.match_indices(':').map(|(at, _)| at + 1);
    std::iter::once(0)
        .chain(colons)
        .filter_map(|at| text.get(at..))
}

/// Whether the last segment of a pattern takes all that is left.
fn ends(last: &Glob, rest: &str, is_resource: bool) -> bool {
    let (piece, more) = match rest.split_once(':') {
        Some((piece, _)) => (piece, true),
        None => (rest, false),
    };
    match more && !is_resource {
        true => last.ends_in_star() && last.is_match(piece),
        false => last.is_match(rest),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn resource(pattern: &str, text: &str) -> bool {
        ResourcePattern::of(&Token::wild(pattern)).is_match(text)
    }

    #[test]
    fn a_star_at_the_end_of_a_segment_reaches_beyond_its_colon() {
        let topic = "arn:aws:sns:eu-west-1:111122223333:topic";
        assert!(resource("arn:aws:sns:*:topic", topic));
        assert!(resource("arn:aws:sns:*", topic));
        assert!(resource("arn:*", topic));
        assert!(resource("arn:aws:sns:eu-*:topic", topic));
        assert!(resource("arn:aws:sns:*:111122223333:topic", topic));
        assert!(!resource("arn:aws:sns:*:111122223334:topic", topic));
    }

    #[test]
    fn any_other_wildcard_stays_inside() {
        let topic = "arn:aws:sns:eu-west-1:111122223333:topic";
        assert!(!resource("arn:aws:s*3:topic", topic));
        assert!(!resource("arn:aws:s*s:topic", topic));
        assert!(!resource("arn:aws:sns?eu-west-1:111122223333:topic", topic));
        assert!(resource("arn:aws:s?s:eu*1:111122223333:t*c", topic));
    }

    #[test]
    fn the_resource_part_may_hold_colons() {
        let stream = "arn:aws:logs:eu-west-1:111122223333:log-group:/a:log-stream:b";
        assert!(resource(
            "arn:aws:logs:eu-west-1:111122223333:log-group:/a:*",
            stream
        ));
        assert!(resource("arn:aws:logs:*:*:log-group:/*:b", stream));
        assert!(resource("arn:aws:logs:*:*:*", stream));
    }

    #[test]
    fn texts_of_colons_do_not_run_away() {
        let colons = ":".repeat(50_000);
        assert!(!resource("a*:*:*:*:*:*x", &colons));
        assert!(resource("*:*:*:*:*:*", &colons));
    }
}
