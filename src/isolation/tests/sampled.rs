//! The prover against the evaluator: what any sampled request is allowed, the matrix must not call
//! isolated; and what the matrix calls reachable, its witness shows.

use proptest::{prelude::*, sample::select};

use super::bank::{bank, catalogue, changed, snapshot};
use crate::{
    authorization::{Estate, session_of},
    iam::{
        Statement,
        eval::{Context, Layers, Request, decide},
    },
    isolation::{Party, Question, Verdict, prove},
    model::{Address, KindName},
    resource::{Read, Ref, Resources},
};

const ROLES: &[&str] = &["login-v1", "fraud-v1", "payments-v1", "statements-v1"];
const OWNERS: &[&str] = &["accounts", "cards", "customers"];
const TABLES: &[&str] = &["accounts", "card-vault", "customers"];
const ACTIONS: &[&str] = &[
    "dynamodb:*",
    "dynamodb:Get*",
    "dynamodb:PutItem",
    "kms:Decrypt",
    "kms:*",
    "*",
];
const KEYS: &[(&str, &str, &[&str])] = &[
    ("StringEquals", "dynamodb:LeadingKeys", &["a", "b"]),
    ("StringLike", "kms:EncryptionContext:table", &["a*", "b"]),
    ("StringNotEquals", "aws:SourceVpce", &["vpce-1"]),
    (
        "StringEquals",
        "kms:ViaService",
        &["dynamodb.eu-west-1.amazonaws.com"],
    ),
    ("Bool", "aws:MultiFactorAuthPresent", &["true"]),
    ("NumericLessThan", "aws:MultiFactorAuthAge", &["10"]),
    ("Null", "aws:RequestedRegion", &["true"]),
    (
        "StringEqualsIfExists",
        "aws:RequestedRegion",
        &["eu-west-1"],
    ),
];

fn resources() -> Vec<String> {
    let tables = TABLES
        .iter()
        .map(|name| format!("arn:aws:dynamodb:eu-west-1:111122223333:table/{name}"));
    let patterns = ["*", "arn:aws:dynamodb:*:*:table/c*", "arn:aws:kms:*"];
    tables.chain(patterns.map(str::to_owned)).collect()
}

/// A statement: whether it denies, its action, its resource, its condition.
fn statement() -> impl Strategy<Value = Statement> {
    let condition = proptest::option::of(select(KEYS));
    (
        any::<bool>(),
        select(ACTIONS),
        select(resources()),
        condition,
    )
        .prop_map(|(denies, action, resource, condition)| {
            let one = match denies {
                true => Statement::deny([action]),
                false => Statement::allow([action]),
            };
            let one = one.on([Ref::Literal(resource)]);
            match condition {
                Some((operator, key, values)) => one.when(
                    operator,
                    key,
                    values.iter().map(|value| Ref::literal(*value)),
                ),
                None => one,
            }
        })
}

/// Statements for a role, and one for the policy of a key and of a table.
fn change() -> impl Strategy<Value = (&'static str, Vec<Statement>, &'static str, bool, bool)> {
    (
        select(ROLES),
        proptest::collection::vec(statement(), 1..3),
        select(OWNERS),
        any::<bool>(),
        any::<bool>(),
    )
}

fn apply(
    resources: &mut Resources,
    (role, statements, owner, delegates, opens): &(&str, Vec<Statement>, &str, bool, bool),
) {
    let live = resources.iam_role.get_mut(*role).unwrap();
    let Read::Known(inline) = &mut live.inline else {
        panic!()
    };
    let named = statements.iter().cloned().enumerate();
    let document = inline.entry("sampled".to_owned()).or_default();
    for (number, statement) in named {
        document.statements.insert(format!("S{number}"), statement);
    }
    if *delegates {
        let key = resources.kms_key.get_mut(*owner).unwrap();
        let Read::Known(policy) = &mut key.policy else {
            panic!()
        };
        let root = [Ref::literal("arn:aws:iam::111122223333:root")];
        let all = Statement::allow(["kms:*"]).by(root).on_any();
        policy.statements.insert("Sampled".to_owned(), all);
    }
    if *opens {
        for table in resources.dynamodb_table.values_mut() {
            table.policy = crate::iam::PolicyDocument::default().into();
        }
    }
}

/// A request as a caller could make it.
fn asked() -> impl Strategy<Value = (usize, bool, Vec<(&'static str, &'static str)>)> {
    let keys = proptest::sample::subsequence(
        vec![
            ("dynamodb:LeadingKeys", "a"),
            ("kms:EncryptionContext:table", "abc"),
            ("kms:ViaService", "dynamodb.eu-west-1.amazonaws.com"),
            ("aws:SourceVpce", "vpce-1"),
            ("aws:RequestedRegion", "eu-west-1"),
            ("aws:MultiFactorAuthPresent", "true"),
        ],
        0..4,
    );
    (0..OWNERS.len(), any::<bool>(), keys)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_allowed_is_never_called_isolated(
        change in change(),
        requests in proptest::collection::vec(asked(), 40),
    ) {
        let mut snapshot = snapshot();
        apply(&mut snapshot.resources, &change);
        let matrix = prove(&bank().0, &snapshot, catalogue());
        let estate = Estate::of(&snapshot);
        let side = estate.caller(change.0).unwrap();
        let role = estate.arn(&Address::new(KindName::IamRole, change.0)).unwrap();
        let from = Party::Service(change.0.trim_end_matches("-v1").parse().unwrap());
        for (owner, decrypts, keys) in requests {
            let (action, address, question) = match decrypts {
                true => ("kms:Decrypt", Address::new(KindName::KmsKey, OWNERS[owner]), Question::Decrypt),
                false => (
                    "dynamodb:GetItem",
                    Address::new(KindName::DynamodbTable, TABLES[owner]),
                    Question::Read,
                ),
            };
            let resource = estate.resource(&address);
            let layers = Layers {
                identity: side.identity.iter().map(|one| one.policy.clone()).collect(),
                boundary: side.boundary.iter().map(|one| one.policy.clone()).collect(),
                resource: resource.policy.map(|one| one.policy),
                ..Layers::default()
            };
            let mut context: Context = side.context.clone();
            for (key, value) in keys {
                context.set(key, value);
            }
            let on = estate.arn(&address).unwrap();
            let request = Request::new(&session_of(&role).unwrap(), action, &on).unwrap();
            let request = request.with_context(context).unwrap().signed();
            if decide(&layers, &request).decision.is_allowed() {
                let to = OWNERS[owner].parse().unwrap();
                let verdict = matrix.verdict(&from, &to, question);
                prop_assert!(verdict != Verdict::Isolated, "{} {on} {request:?}", change.0);
            }
        }
    }

    #[test]
    fn what_is_reachable_has_a_witness_that_replays(change in change()) {
        let matrix = changed(|resources| apply(resources, &change));
        for ((_, _, question), finding) in &matrix.findings {
            if finding.verdict == Verdict::Reachable && *question != Question::Reach {
                let witness = finding.witness.as_ref().unwrap();
                prop_assert!(witness.replays(), "{witness:?}");
            }
        }
    }
}
