//! The ARN of a resource type with its placeholders: filled from a name, or matched against an ARN.
//! Placeholders are bound to whole values; a filled ARN is text, never parsed again.

use std::collections::BTreeMap;

use crate::model::{AccountId, Region};

/// Where a resource without a full ARN lies; the partition is the Region's.
#[derive(Debug, Clone, Copy)]
pub struct Place<'a> {
    /// The Region of the environment.
    pub region: &'a Region,
    /// The account of the environment.
    pub account: &'a AccountId,
}

/// Placeholder → value, such as `TableName` → `customers`.
pub(super) type Bindings = BTreeMap<String, String>;

const PLACE: [&str; 3] = ["Partition", "Region", "Account"];

impl Place<'_> {
    pub(super) fn bindings(&self) -> Bindings {
        let values = [
            self.region.partition(),
            self.region.as_str(),
            self.account.as_str(),
        ];
        PLACE
            .into_iter()
            .zip(values)
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect()
    }
}

/// An ARN with placeholders, as the catalogue writes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ArnPattern<'p>(Vec<Piece<'p>>);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Piece<'p> {
    Literal(&'p str),
    Placeholder(&'p str),
}

impl<'p> ArnPattern<'p> {
    /// None for a pattern that is a wildcard itself, or names more than the resource part: what
    /// it would be filled to lies outside any one resource.
    pub(super) fn parse(text: &'p str) -> Option<Self> {
        let mut fields = text.splitn(6, ':');
        let own = fields.by_ref().take(5).all(|field| {
            let inner = field.strip_prefix("${").and_then(|f| f.strip_suffix('}'));
            inner.map_or(!field.contains('$'), |name| PLACE.contains(&name))
        });
        let closed = !text.contains(['*', '?']);
        (own && closed && fields.next().is_some()).then(|| Self(pieces(text)))
    }

    /// The placeholders of the resource part, in order.
    pub(super) fn names(&self) -> impl Iterator<Item = &'p str> {
        self.0.iter().filter_map(|piece| match piece {
            Piece::Placeholder(name) if !PLACE.contains(name) => Some(*name),
            _ => None,
        })
    }

    /// The ARN; a placeholder without a value becomes `*`.
    pub(super) fn fill(&self, bindings: &Bindings) -> String {
        self.0
            .iter()
            .map(|piece| match piece {
                Piece::Literal(text) => text,
                Piece::Placeholder(name) => bindings.get(*name).map_or("*", String::as_str),
            })
            .collect()
    }

    /// How many characters of an ARN the pattern fixes: the more, the closer a match.
    pub(super) fn closeness(&self) -> usize {
        self.0
            .iter()
            .map(|piece| match piece {
                Piece::Literal(text) => text.len(),
                Piece::Placeholder(_) => 0,
            })
            .sum()
    }

    /// The values of the placeholders in an ARN, each admitted by the rule for names.
    pub(super) fn bind(&self, arn: &str, admits: &dyn Fn(&str, &str) -> bool) -> Option<Bindings> {
        bind(&self.0, arn, admits)
    }
}

fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some((literal, tail)) = rest.split_once("${") {
        let Some((name, after)) = tail.split_once('}') else {
            break;
        };
        pieces.push(Piece::Literal(literal));
        pieces.push(Piece::Placeholder(name));
        rest = after;
    }
    pieces.push(Piece::Literal(rest));
    pieces
}

fn bind(pieces: &[Piece<'_>], text: &str, admits: &dyn Fn(&str, &str) -> bool) -> Option<Bindings> {
    let Some((piece, rest)) = pieces.split_first() else {
        return text.is_empty().then(Bindings::new);
    };
    match piece {
        Piece::Literal(literal) => bind(rest, text.strip_prefix(literal)?, admits),
        Piece::Placeholder(name) => (1..=text.len()).find_map(|end| {
            let (value, tail) = text.split_at_checked(end)?;
            if !well_formed(name, value, admits) {
                return None;
            }
            let mut bindings = bind(rest, tail, admits)?;
            let known = bindings.insert((*name).to_owned(), value.to_owned());
            known
                .is_none_or(|before| before == value)
                .then_some(bindings)
        }),
    }
}

fn well_formed(name: &str, value: &str, admits: &dyn Fn(&str, &str) -> bool) -> bool {
    match name {
        "Partition" | "Region" => value
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-'),
        "Account" => value.len() == 12 && value.bytes().all(|b| b.is_ascii_digit()),
        _ => admits(name, value),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    const TABLE: &str = "arn:${Partition}:dynamodb:${Region}:${Account}:table/${TableName}";

    #[test]
    fn a_pattern_fills_and_binds_back() {
        let pattern = ArnPattern::parse(TABLE).unwrap();
        let arn = "arn:aws:dynamodb:eu-west-1:111122223333:table/customers";
        let bindings = pattern.bind(arn, &|_, name| !name.contains('/')).unwrap();
        assert_eq!(bindings.get("TableName").unwrap(), "customers");
        assert_eq!(pattern.fill(&bindings), arn);
    }

    #[test]
    fn a_placeholder_without_value_is_any() {
        let pattern =
            ArnPattern::parse("arn:${Partition}:s3:::${BucketName}/${ObjectName}").unwrap();
        let bindings = [("Partition", "aws"), ("BucketName", "receipts")]
            .map(|(name, value)| (name.to_owned(), value.to_owned()));
        assert_eq!(pattern.fill(&bindings.into()), "arn:aws:s3:::receipts/*");
    }

    #[test]
    fn patterns_that_reach_beyond_one_resource_are_refused() {
        for open in [
            "arn:${Partition}:dms:${Region}:${Account}:cert:*",
            "arn:${Partition}:${Vendor}:${Region}:${Account}:${ResourceType}:${Id}",
            "arn:${Partition}:braket:*:*:device/${Device}",
        ] {
            assert_eq!(ArnPattern::parse(open), None, "{open}");
        }
    }

    #[test]
    fn an_arn_of_another_shape_does_not_bind() {
        let pattern = ArnPattern::parse(TABLE).unwrap();
        let admits = |_: &str, name: &str| !name.contains('/');
        for arn in [
            "arn:aws:dynamodb:eu-west-1:111122223333:table/customers/index/by-email",
            "arn:aws:dynamodb:eu-west-1:1:table/customers",
            "arn:aws:sqs:eu-west-1:111122223333:customers",
        ] {
            assert_eq!(pattern.bind(arn, &admits), None, "{arn}");
        }
    }
}
