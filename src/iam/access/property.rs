//! Whatever a target is named, the ARNs that it compiles to lie inside its own resource.
#![allow(clippy::unwrap_used)]

use proptest::prelude::*;
use proptest::sample::select;

use super::*;
use crate::iam::catalogue::wildcard;
use crate::model::{AccountId, Region};

const LEVELED: [&str; 12] = [
    "dynamodb:table",
    "dynamodb:stream",
    "events:event-bus",
    "kinesis:stream",
    "lambda:function",
    "s3:bucket",
    "secretsmanager:secret",
    "ses:identity",
    "sns:topic",
    "sqs:queue",
    "ssm:parameter",
    "states:statemachine",
];

fn with_place<T>(then: impl FnOnce(&Place<'_>, &'static Catalogue) -> T) -> T {
    let region: Region = "eu-west-1".parse().unwrap();
    let account: AccountId = "111122223333".parse().unwrap();
    let place = Place {
        region: &region,
        account: &account,
    };
    then(&place, Catalogue::vendored().unwrap())
}

/// The ARNs of every level of a target; empty when the target is refused.
fn resources(kind: &str, name: &str) -> BTreeSet<String> {
    let Ok(target) = format!("{kind}/{name}").parse::<AccessTarget>() else {
        return BTreeSet::new();
    };
    with_place(|place, catalogue| {
        LEVELS
            .into_iter()
            .filter_map(|level| compile(&AccessGrant::Level(level), &target, place, catalogue).ok())
            .flatten()
            .flat_map(|statement| statement.resources)
            .collect()
    })
}

/// Names that mean something to IAM, mixed with those that AWS allows.
fn hostile_name() -> impl Strategy<Value = String> {
    let bits = vec![
        "a",
        "b",
        "Z",
        "9",
        "abc",
        "receipts",
        "-",
        "_",
        ".",
        "/",
        ":",
        "@",
        "+",
        "=",
        "*",
        "?",
        "$",
        "${",
        "}",
        "${aws:username}",
        ",",
        "\"",
        "\\",
        " ",
        "\n",
        "%2A",
        "..",
        "arn:aws:iam::",
        "é",
        "\0",
    ];
    prop::collection::vec(select(bits), 1..8).prop_map(|bits| bits.concat())
}

fn good_name() -> impl Strategy<Value = String> {
    let bits = vec![
        "a", "b", "7", "ab", "login", "-", ".", "_", "-abcdef", ":", "/",
    ];
    prop::collection::vec(select(bits), 1..6).prop_map(|bits| format!("abc{}", bits.concat()))
}

/// A concrete ARN that a resource pattern matches.
fn example(pattern: &str) -> String {
    pattern.replace('*', "x9").replace('?', "q")
}

proptest! {
    #[test]
    fn no_name_leaves_its_own_resource(kind in select(LEVELED.to_vec()), name in hostile_name()) {
        for arn in resources(kind, &name) {
            let fields: Vec<&str> = arn.splitn(6, ':').collect();
            let prefix = kind.split(':').next().unwrap_or_default();
            prop_assert_eq!(&fields[..3], &["arn", "aws", prefix]);
            prop_assert!(["", "eu-west-1"].contains(&fields[3]), "{}", arn);
            prop_assert!(["", "111122223333"].contains(&fields[4]), "{}", arn);
            let fixed = fields[5].split(['*', '?']).next().unwrap_or_default();
            prop_assert!(fixed.contains(&name), "{} does not hold {:?}", arn, name);
            prop_assert!(!arn.contains(['$', '{', '}', '"', '\\', ' ', '\n', ',']), "{}", arn);
        }
    }

    #[test]
    fn no_name_reaches_a_resource_of_another_name(
        kind in select(LEVELED.to_vec()),
        name in good_name(),
        other in good_name(),
        tail in select(vec!["", "-x", "x", ".fifo", "/x", ":x", "-abcdef"]),
    ) {
        for other in [format!("{name}{tail}"), other] {
            if name.eq_ignore_ascii_case(&other) {
                continue;
            }
            for theirs in resources(kind, &other).iter().map(|arn| example(arn)) {
                for own in resources(kind, &name) {
                    prop_assert!(!wildcard::matches(&own, &theirs), "{} reaches {}", own, theirs);
                }
            }
        }
    }

    #[test]
    fn any_resource_type_is_filled_inside_its_fields(at in any::<prop::sample::Index>(), name in hostile_name()) {
        let catalogue = Catalogue::vendored().unwrap();
        let service = at.get(&catalogue.service_names().collect::<Vec<_>>()).to_string();
        for (kind, _) in catalogue.service(&service).unwrap().resource_types() {
            let Ok(target) = format!("{service}:{}/{name}", kind.replace([' ', '_'], "-")).parse() else {
                continue;
            };
            let Ok(resolved) = with_place(|place, catalogue| resolve(&target, place, catalogue)) else {
                continue;
            };
            let entry = resolved.entry.is_some();
            for arn in resolved.arns.values() {
                prop_assert!(entry || !arn.contains(['*', '?', '$']), "{}", arn);
                let account = arn.split(':').nth(4).unwrap_or_default();
                prop_assert!(["", "111122223333", "aws"].contains(&account), "{}", arn);
            }
        }
    }
}

/// Each single permission of some statements.
fn permissions(statements: &[AccessStatement]) -> BTreeSet<(String, String)> {
    statements
        .iter()
        .flat_map(|s| s.actions.iter().map(move |action| (action, s)))
        .flat_map(|(action, s)| s.resources.iter().map(|r| (action.clone(), r.clone())))
        .collect()
}

fn statement() -> impl Strategy<Value = AccessStatement> {
    let some = |texts: Vec<&'static str>| {
        prop::collection::btree_set(select(texts).prop_map(str::to_owned), 1..3)
    };
    (some(vec!["a", "b", "c"]), some(vec!["x", "y", "z"]))
        .prop_map(|(actions, resources)| AccessStatement { actions, resources })
}

proptest! {
    #[test]
    fn folding_neither_adds_nor_loses_a_permission(
        statements in prop::collection::vec(statement(), 0..6),
    ) {
        let folded = fold(statements.clone());
        prop_assert_eq!(permissions(&folded), permissions(&statements));
        prop_assert!(folded.len() <= statements.len());
    }
}

#[test]
fn the_names_of_the_properties_are_not_all_refused() {
    for kind in LEVELED {
        assert!(!resources(kind, "abc-login").is_empty(), "{kind}");
    }
}
