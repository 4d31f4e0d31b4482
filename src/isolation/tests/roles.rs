//! Roles: who can act with whose, by trust, chain, compute, token and association; and who can
//! raise its own rights.

use std::collections::BTreeSet;

use super::{
    bank::{cells, changed, opened},
    pairs::{allow, set},
};
use crate::{
    iam::{PolicyDocument, PrincipalType, Statement},
    isolation::{Matrix, Verdict},
    model::KindName,
    resource::{Read, Ref, Resources},
};

fn role(name: &str) -> Ref {
    Ref::literal(format!(
        "arn:aws:iam::111122223333:role/strongroom/bank-prod/bank-prod-{name}"
    ))
}

/// Lets a role trust another.
fn trust(resources: &mut Resources, of: &str, statement: Statement) {
    let Read::Known(trust) = &mut resources.iam_role.get_mut(of).unwrap().trust else {
        panic!()
    };
    trust.statements.insert("Extra".to_owned(), statement);
}

/// Takes the boundary away, which denies all of this.
fn unbound(resources: &mut Resources, role: &str) {
    resources.iam_role.get_mut(role).unwrap().boundary = None.into();
}

fn assumable(resources: &mut Resources, by: &str, of: &str) {
    let caller = [Ref::to(KindName::IamRole, by)];
    trust(
        resources,
        of,
        Statement::allow(["sts:AssumeRole"]).by(caller),
    );
}

fn escalations(matrix: &Matrix, verdict: Verdict) -> BTreeSet<String> {
    let found = matrix.escalations.iter();
    let found = found.filter(|(_, finding)| finding.verdict == verdict);
    found
        .map(|((_, role, path), _)| format!("{role} {path}"))
        .collect()
}

#[test]
fn the_boundary_holds_what_a_trust_gives_away() {
    assert_eq!(
        opened(|resources| assumable(resources, "login-v1", "ledger-v1")),
        set(&[])
    );
}

#[test]
fn a_trust_gives_the_role_and_all_that_it_can_do() {
    let found = opened(|resources| {
        unbound(resources, "login-v1");
        assumable(resources, "login-v1", "accounts-v1");
    });
    let expected = [
        "login assume accounts",
        "login decrypt accounts",
        "login read accounts",
        "login write accounts",
    ];
    assert_eq!(found, set(&expected));
}

#[test]
fn chains_lead_on() {
    let found = opened(|resources| {
        unbound(resources, "login-v1");
        unbound(resources, "cards-v1");
        assumable(resources, "login-v1", "cards-v1");
        assumable(resources, "cards-v1", "ledger-v1");
    });
    assert!(found.contains("login assume ledger"), "{found:?}");
    assert!(found.contains("login read ledger"), "{found:?}");
    assert!(found.contains("cards assume ledger"), "{found:?}");
    assert!(!found.contains("ledger assume login"), "{found:?}");
}

#[test]
fn passing_a_role_needs_compute_that_may_take_it() {
    let pass = |resources: &mut Resources, create: &'static str| {
        unbound(resources, "login-v1");
        let name = "Pass".to_owned();
        let Read::Known(inline) = &mut resources.iam_role.get_mut("login-v1").unwrap().inline
        else {
            panic!()
        };
        let statement = Statement::allow(["iam:PassRole"]).on([role("statements-v1")]);
        inline.insert(name, PolicyDocument::new([("Pass", statement)]));
        allow(resources, "login-v1", Statement::allow([create]).on_any());
    };
    let found = opened(|resources| pass(resources, "lambda:CreateFunction"));
    assert!(found.contains("login assume statements"), "{found:?}");
    // Functions of statements are made by Lambda; EC2 is not trusted with their role.
    let found = opened(|resources| pass(resources, "ec2:RunInstances"));
    assert_eq!(found, set(&[]));
    let matrix = changed(|resources| pass(resources, "ec2:RunInstances"));
    let raised = escalations(&matrix, Verdict::Reachable);
    assert_eq!(
        raised,
        set(&["login-v1 iam:PassRole to ec2.amazonaws.com + ec2:RunInstances"])
    );
}

#[test]
fn changing_a_function_is_acting_with_its_role() {
    let found = opened(|resources| {
        unbound(resources, "login-v1");
        let on = [Ref::literal(
            "arn:aws:lambda:*:*:function:bank-prod-statements-*",
        )];
        let statement = Statement::allow(["lambda:UpdateFunctionCode"]).on(on);
        allow(resources, "login-v1", statement);
    });
    assert!(found.contains("login assume statements"), "{found:?}");
    assert!(!found.contains("login assume notifications"), "{found:?}");
}

#[test]
fn a_subject_with_a_star_lets_other_pods_in() {
    let found = opened(|resources| {
        let issuer = "oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLED539D4633E53DE1B71EXAMPLE";
        let provider = format!("arn:aws:iam::111122223333:oidc-provider/{issuer}");
        let statement = Statement::allow(["sts:AssumeRoleWithWebIdentity"])
            .by_type(PrincipalType::Federated, [Ref::Literal(provider)])
            .when(
                "StringLike",
                &format!("{issuer}:sub"),
                [Ref::literal("system:serviceaccount:*")],
            );
        trust(resources, "ledger-v1", statement);
    });
    assert!(found.contains("onboarding assume ledger"), "{found:?}");
    assert!(!found.contains("login assume ledger"), "{found:?}");
}

#[test]
fn an_association_with_anothers_role_gives_it_away() {
    let found = opened(|resources| {
        let association = resources
            .pod_identity_association
            .get_mut("accounts-v1")
            .unwrap();
        association.role = Ref::to(KindName::IamRole, "fraud-v1").into();
    });
    // The trust of the other role asks for its own namespace and account.
    assert_eq!(found, set(&[]));
    let found = opened(|resources| {
        let association = resources
            .pod_identity_association
            .get_mut("accounts-v1")
            .unwrap();
        association.role = Ref::to(KindName::IamRole, "fraud-v1").into();
        let pods = Statement::allow(["sts:AssumeRole"]).by_service("pods.eks.amazonaws.com");
        trust(resources, "fraud-v1", pods);
    });
    assert!(found.contains("accounts assume fraud"), "{found:?}");
}

#[test]
fn an_undeclared_role_is_a_caller_too() {
    let matrix = changed(|resources| {
        let mut stranger = resources.iam_role["login-v1"].clone();
        stranger.name = "bank-prod-login-v9".to_owned();
        stranger.inline = Read::Known(Default::default());
        resources.iam_role.insert("login-v9".to_owned(), stranger);
        let on = Ref::literal("arn:aws:secretsmanager:eu-west-1:111122223333:secret:*");
        let statement = Statement::allow(["secretsmanager:Describe*"]).on([on]);
        allow(resources, "login-v9", statement);
    });
    let strangers = matrix
        .findings
        .iter()
        .filter(|(_, one)| one.verdict == Verdict::Reachable);
    let strangers: BTreeSet<String> = strangers
        .map(|((from, to, question), _)| format!("{from} {question} {to}"))
        .collect();
    let expected = ["cards", "ledger", "login"].map(|to| format!("role/login-v9 read {to}"));
    assert_eq!(strangers, expected.into_iter().collect());
}

#[test]
fn no_role_of_the_bank_raises_its_rights() {
    let matrix = changed(|_| {});
    assert_eq!(escalations(&matrix, Verdict::Reachable), set(&[]));
    assert_eq!(escalations(&matrix, Verdict::Unknown), set(&[]));
}

#[test]
fn the_boundary_stands_against_escalation_and_its_loss_is_seen() {
    let every = |resources: &mut Resources| {
        let every = Statement::allow(["iam:*", "kms:*", "ssm:SendCommand"]).on_any();
        allow(resources, "login-v1", every);
    };
    let matrix = changed(every);
    assert_eq!(escalations(&matrix, Verdict::Reachable), set(&[]));
    let matrix = changed(|resources| {
        every(resources);
        unbound(resources, "login-v1");
    });
    let raised = escalations(&matrix, Verdict::Reachable);
    for path in [
        "iam:CreatePolicyVersion",
        "iam:PutRolePolicy",
        "iam:UpdateAssumeRolePolicy",
        "iam:CreateAccessKey",
        "iam:DeleteRolePermissionsBoundary",
        "ssm:SendCommand",
    ] {
        assert!(
            raised.contains(&format!("login-v1 {path}")),
            "{path}: {raised:?}"
        );
    }
    let assumed = cells(&matrix, Verdict::Reachable);
    assert!(assumed.contains("login assume ledger"), "{assumed:?}");
}
