//! Wildcard patterns without variables: `*` for any run of characters, `?` for one.
//! Matching never backtracks over a star: the leftmost place of each piece is as good as any.

use super::{Truth, occurrence, template::Token};

/// A pattern, cut at its stars. It matches whole texts, with regard to case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Glob {
    /// What stands before the first star; the whole where there is none.
    first: Chunk,
    /// What stands between and after the stars, in order; the last ends the text.
    rest: Vec<Chunk>,
}

/// Text between two stars.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Chunk {
    Plain(String),
    /// With a `None` for each question mark.
    Masked(Vec<Option<char>>),
}

impl Glob {
    /// Reads `*` and `?` as wildcards.
    pub fn new(text: &str) -> Self {
        Self::of(&Token::wild(text))
    }

    /// The pattern that a run of tokens stands for.
    pub fn of(tokens: &[Token]) -> Self {
        let mut chunks = tokens.split(|token| *token == Token::Star).map(Chunk::of);
        let first = chunks.next().unwrap_or_default();
        let mut rest: Vec<Chunk> = chunks.collect();
        let last = rest.pop();
        // Stars side by side are one star.
        rest.retain(|chunk| *chunk != Chunk::default());
        rest.extend(last);
        Self { first, rest }
    }

    /// Whether the whole text matches.
    pub fn is_match(&self, text: &str) -> bool {
        let Some((last, middle)) = self.rest.split_last() else {
            return self.first.after_start(text) == Some("");
        };
        let Some(text) = self.first.after_start(text) else {
            return false;
        };
        let Some(mut text) = last.before_end(text) else {
            return false;
        };
        for chunk in middle {
            match chunk.after_first(text) {
                Some(rest) => text = rest,
                None => return false,
            }
        }
        true
    }

    /// Whether it matches every text.
    pub fn is_everything(&self) -> bool {
        self.first == Chunk::default() && self.rest == [Chunk::default()]
    }

    /// Whether its last character is a star.
    pub fn ends_in_star(&self) -> bool {
        self.rest.last() == Some(&Chunk::default())
    }
}

impl super::template::Matcher for Glob {
    fn of(tokens: &[Token]) -> Self {
        Self::of(tokens)
    }

    fn matches(&self, text: &str) -> Truth {
        self.is_match(text).into()
    }
}

impl Default for Chunk {
    fn default() -> Self {
        Self::Plain(String::new())
    }
}

impl Chunk {
    fn of(tokens: &[Token]) -> Self {
        if tokens.contains(&Token::One) {
            let masks = tokens.iter().flat_map(|token| match token {
                Token::Text(text) => text.chars().map(Some).collect(),
                Token::One | Token::Star => vec![None],
            });
            return Self::Masked(masks.collect());
        }
        let texts = tokens.iter().map(|token| match token {
            Token::Text(text) => text.as_str(),
            Token::One | Token::Star => "",
        });
        Self::Plain(texts.collect())
    }

    /// What follows the chunk at the beginning of a text.
    fn after_start<'t>(&self, text: &'t str) -> Option<&'t str> {
        match self {
            Self::Plain(plain) => text.strip_prefix(plain.as_str()),
            Self::Masked(masks) => {
                let mut chars = text.chars();
                let fits = masks.iter().all(|mask| {
                    let found = chars.next();
                    found.is_some() && (mask.is_none() || *mask == found)
                });
                fits.then_some(chars.as_str())
            }
        }
    }

    /// What precedes the chunk at the end of a text.
    fn before_end<'t>(&self, text: &'t str) -> Option<&'t str> {
        match self {
            Self::Plain(plain) => text.strip_suffix(plain.as_str()),
            Self::Masked(masks) => {
                let mut chars = text.chars();
                let fits = masks.iter().rev().all(|mask| {
                    let found = chars.next_back();
                    found.is_some() && (mask.is_none() || *mask == found)
                });
                fits.then_some(chars.as_str())
            }
        }
    }

    /// What follows the leftmost occurrence of the chunk in a text.
    fn after_first<'t>(&self, text: &'t str) -> Option<&'t str> {
        match self {
            Self::Plain(plain) => text.split_once(plain.as_str()).map(|(_, after)| after),
            Self::Masked(masks) => occurrence::after_first(masks, text),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The definition, in the words of the documentation.
    fn naive(pattern: &[char], text: &[char]) -> bool {
        match (pattern, text) {
            ([], []) => true,
            (['*', more @ ..], _) => {
                naive(more, text)
                    || !text.is_empty() && naive(pattern, text.get(1..).unwrap_or(&[]))
            }
            (['?', p @ ..], [_, t @ ..]) => naive(p, t),
            ([a, p @ ..], [b, t @ ..]) => a == b && naive(p, t),
            _ => false,
        }
    }

    proptest! {
        #[test]
        fn it_agrees_with_the_definition(pattern in "[abé*?]{0,9}", text in "[abé*?]{0,9}") {
            let (p, t): (Vec<char>, Vec<char>) = (pattern.chars().collect(), text.chars().collect());
            prop_assert_eq!(Glob::new(&pattern).is_match(&text), naive(&p, &t));
        }
    }

    #[test]
    fn a_piece_does_not_serve_twice() {
        assert!(!Glob::new("ab*ba").is_match("aba"));
        assert!(Glob::new("ab*ba").is_match("abba"));
        assert!(Glob::new("*").is_everything() && Glob::new("**").is_everything());
        assert!(!Glob::new("?*").is_everything());
    }

    #[test]
    fn patterns_of_ten_thousand_stars_end_at_once() {
        let stars = "*a".repeat(10_000) + "b";
        assert!(!Glob::new(&stars).is_match(&"a".repeat(100_000)));
        let masked = "*".to_owned() + &"?a".repeat(30_000) + "b*";
        assert!(!Glob::new(&masked).is_match(&"a".repeat(100_000)));
    }
}
