//! Each way to tamper with a resource fails the checks that are there for it.

use super::{bank::Bank, failing};
use crate::{
    compliance::{assess::ExitClass, verdict::Outcome},
    iam::{PolicyDocument, PrincipalType, Statement},
    model::KindName,
    resource::{
        Flow, Grant, IamRole, KeyState, KmsKey, LogGroup, PortRange, Read, Ref, Rotation,
        SecurityGroupRule,
    },
};

pub(super) const STRANGER: &str = "arn:aws:iam::999999999999:root";

pub(super) fn after(tamper: impl FnOnce(&mut Bank)) -> Vec<String> {
    let mut bank = Bank::as_declared();
    tamper(&mut bank);
    let assessment = bank.assess();
    assert_eq!(assessment.exit_class, ExitClass::ControlFailed);
    failing(&assessment)
        .into_iter()
        .map(str::to_owned)
        .collect()
}

fn role(bank: &mut Bank) -> &mut IamRole {
    bank.snapshot
        .resources
        .iam_role
        .get_mut("login-v1")
        .unwrap()
}

fn key(bank: &mut Bank) -> &mut KmsKey {
    bank.snapshot.resources.kms_key.get_mut("login").unwrap()
}

fn log_group(bank: &mut Bank) -> &mut LogGroup {
    bank.snapshot.resources.log_group.get_mut("login").unwrap()
}

pub(super) fn known<T>(reading: &mut Read<T>) -> &mut T {
    match reading {
        Read::Known(value) => value,
        Read::Unread(why) => panic!("{why}"),
    }
}

pub(super) fn allow(document: &mut PolicyDocument, statement: Statement) {
    document.statements.insert("Tampered".to_owned(), statement);
}

fn inline(bank: &mut Bank, statement: Statement) {
    let policies = known(&mut role(bank).inline);
    allow(policies.values_mut().next().unwrap(), statement);
}

fn key_policy(bank: &mut Bank, statement: Statement) {
    allow(known(&mut key(bank).policy), statement);
}

fn rule(bank: &mut Bank, protocol: &str, ports: Option<PortRange>, peer: &str) {
    let rule = SecurityGroupRule {
        group: Ref::to(KindName::SecurityGroup, "login-v1"),
        flow: Flow::Ingress,
        protocol: protocol.to_owned(),
        ports,
        peer: Ref::literal(peer),
        description: String::new().into(),
    };
    let rules = &mut bank.snapshot.resources.security_group_rule;
    rules.insert(rule.logical_name(), rule);
}

#[test]
fn trust() {
    let trusting = |who: &str| {
        let statement = Statement::allow(["sts:AssumeRole"]).by([Ref::literal(who)]);
        after(|bank| allow(known(&mut role(bank).trust), statement))
    };
    let all = [
        "iam.trust-confused-deputy",
        "iam.trust-exact",
        "iam.trust-no-public-principal",
    ];
    assert_eq!(trusting(STRANGER), all);
    // Roles of the environment without its boundary can act with it, and with what is its own.
    let expected = [
        "iam.trust-exact",
        "iam.trust-no-public-principal",
        "iso.no-undeclared-assume",
        "iso.no-undeclared-data-access",
        "iso.no-undeclared-decrypt",
        "iso.no-undeclared-network-path",
    ];
    assert_eq!(trusting("*"), expected);
    let service = Statement::allow(["sts:AssumeRole"]).by_service("ecs-tasks.amazonaws.com");
    assert_eq!(
        after(|bank| allow(known(&mut role(bank).trust), service)),
        ["iam.trust-confused-deputy", "iam.trust-exact"]
    );
}

#[test]
fn web_identities() {
    let provider = Ref::literal("arn:aws:iam::111122223333:oidc-provider/oidc.example");
    let open = Statement::allow(["sts:AssumeRoleWithWebIdentity"])
        .by_type(PrincipalType::Federated, [provider])
        .when(
            "StringLike",
            "oidc.example:sub",
            [Ref::literal("system:serviceaccount:*")],
        );
    let found = after(|bank| allow(known(&mut role(bank).trust), open));
    assert_eq!(found, ["iam.trust-exact", "iam.trust-web-identity-pinned"]);
}

#[test]
fn boundary() {
    assert_eq!(
        after(|bank| role(bank).boundary = None.into()),
        ["iam.boundary-attached"]
    );
    let emptied = after(|bank| {
        let policy = bank
            .snapshot
            .resources
            .iam_policy
            .get_mut("boundary")
            .unwrap();
        known(&mut policy.document).statements.remove("KeyAdmin");
    });
    assert_eq!(
        emptied,
        ["iam.boundary-guardrails", "iam.boundary-unmodified"]
    );
}

#[test]
fn policies() {
    let wildcard = Statement::allow(["s3:Get*"]).on([Ref::literal("arn:aws:s3:::a/*")]);
    assert_eq!(
        after(|bank| inline(bank, wildcard)),
        [
            "iam.effective-within-spec",
            "iam.no-wildcard-action",
            "iam.policies-declared-only"
        ]
    );
    let everywhere = Statement::allow(["s3:GetObject"]).on_any();
    assert_eq!(
        after(|bank| inline(bank, everywhere)),
        [
            "iam.effective-within-spec",
            "iam.no-wildcard-resource",
            "iam.policies-declared-only"
        ]
    );
    let attached = after(|bank| {
        let policy = "arn:aws:iam::aws:policy/AdministratorAccess";
        known(&mut role(bank).managed).insert(Ref::literal(policy));
    });
    let expected = [
        "iam.no-wildcard-action",
        "iam.policies-declared-only",
        "kms.no-wildcard-decrypt",
    ];
    assert_eq!(attached, expected);
}

#[test]
fn roles() {
    let extra = after(|bank| {
        let twin = role(bank).clone();
        bank.snapshot
            .resources
            .iam_role
            .insert("login-v9".to_owned(), twin);
    });
    // It may do what its twin may, and nobody declared it.
    let expected = [
        "iam.role-per-service",
        "iso.no-undeclared-data-access",
        "iso.no-undeclared-decrypt",
        "iso.no-undeclared-network-path",
    ];
    assert_eq!(extra, expected);
    let gone = after(|bank| {
        bank.snapshot.resources.iam_role.remove("login-v1");
    });
    assert!(
        gone.contains(&"iam.role-per-service".to_owned()),
        "{gone:?}"
    );
    assert!(gone.contains(&"iam.trust-exact".to_owned()), "{gone:?}");
}

#[test]
fn log_access() {
    let elsewhere = Statement::allow(["logs:PutLogEvents"]).on([Ref::literal(
        "arn:aws:logs:eu-west-1:111122223333:log-group:other:*",
    )]);
    assert_eq!(
        after(|bank| inline(bank, elsewhere)),
        [
            "iam.effective-within-spec",
            "iam.policies-declared-only",
            "logs.write-scoped"
        ]
    );
    let tampering =
        Statement::allow(["logs:DeleteLogGroup"]).on([Ref::to(KindName::LogGroup, "login")]);
    assert_eq!(
        after(|bank| inline(bank, tampering)),
        ["iam.policies-declared-only", "logs.write-scoped"]
    );
}

#[test]
fn key_states() {
    let disabled = after(|bank| key(bank).state = KeyState::Disabled.into());
    assert_eq!(disabled, ["kms.key-per-service"]);
    let dying = after(|bank| key(bank).state = KeyState::PendingDeletion.into());
    assert_eq!(dying, ["kms.deletion-guarded", "kms.key-per-service"]);
    assert_eq!(
        after(|bank| key(bank).alias = None.into()),
        ["kms.key-per-service"]
    );
    let slow = Rotation {
        enabled: true,
        period_days: Some(1000),
    };
    assert_eq!(
        after(|bank| key(bank).rotation = slow.into()),
        ["kms.rotation-enabled"]
    );
    assert_eq!(
        after(|bank| key(bank).rotation = Rotation::OFF.into()),
        ["kms.rotation-enabled"]
    );
}

#[test]
fn key_policies() {
    let by = |who: &str, action: &str| {
        let statement = Statement::allow([action]).by([Ref::literal(who)]).on_any();
        after(|bank| key_policy(bank, statement))
    };
    let stranger = by(STRANGER, "kms:DescribeKey");
    assert_eq!(stranger, ["kms.no-external-principal", "kms.policy-exact"]);
    let pipeline = Bank::as_declared()
        .environment
        .principals
        .pipeline
        .to_string();
    assert_eq!(
        by(&pipeline, "kms:Decrypt"),
        [
            "kms.admin-use-separated",
            "kms.policy-exact",
            "kms.use-scoped-to-service"
        ]
    );
    let account = Bank::as_declared().environment.account;
    assert_eq!(
        by(&format!("arn:aws:iam::{account}:root"), "kms:Dec*"),
        [
            "kms.admin-use-separated",
            "kms.no-blanket-iam-delegation",
            "kms.policy-exact",
            "kms.use-scoped-to-service"
        ]
    );
    let creates = by(&format!("arn:aws:iam::{account}:role/x"), "kms:CreateGrant");
    assert_eq!(
        creates,
        [
            "kms.grants-declared",
            "kms.policy-exact",
            "kms.use-scoped-to-service"
        ]
    );
    let retires = by(
        &format!("arn:aws:iam::{account}:role/x"),
        "kms:ScheduleKeyDeletion",
    );
    assert_eq!(retires, ["kms.deletion-guarded", "kms.policy-exact"]);
}

#[test]
fn grants() {
    let grant = |grantee: &str| Grant {
        grantee: Ref::literal(grantee),
        retiring: None,
        operations: ["Decrypt".to_owned()].into(),
        constraints: None,
    };
    let foreign = after(|bank| {
        known(&mut key(bank).grants).insert("g-1".to_owned(), grant(STRANGER));
    });
    let expected = [
        "kms.grants-declared",
        "kms.no-external-principal",
        "kms.use-scoped-to-service",
    ];
    assert_eq!(foreign, expected);
    let mut bank = Bank::as_declared();
    known(&mut key(&mut bank).grants).insert("g-1".to_owned(), grant("rds.amazonaws.com"));
    assert_eq!(failing(&bank.assess()), Vec::<&str>::new());
}

#[test]
fn log_groups() {
    assert_eq!(
        after(|bank| log_group(bank).kms_key = None.into()),
        ["logs.kms-encrypted"]
    );
    let unprotected = after(|bank| log_group(bank).deletion_protected = false.into());
    assert_eq!(unprotected, ["logs.deletion-protected"]);
    let short = after(|bank| log_group(bank).retention_days = Some(30).into());
    assert_eq!(short, ["logs.retention-min"]);
    let class = after(|bank| log_group(bank).class = "INFREQUENT_ACCESS".to_owned().into());
    assert_eq!(class, ["logs.group-per-service"]);
}

#[test]
fn security_groups() {
    let admin = after(|bank| rule(bank, "tcp", Some(PortRange::single(22)), "0.0.0.0/0"));
    let all = [
        "net.no-admin-port-ingress",
        "net.no-public-ingress",
        "net.sg-rules-exact",
    ];
    assert_eq!(admin, all);
    assert_eq!(after(|bank| rule(bank, "-1", None, "::/0")), all);
    assert_eq!(after(|bank| rule(bank, "-1", None, "0.0.0.0/1")), all);
    let private = after(|bank| rule(bank, "tcp", Some(PortRange::single(22)), "10.0.0.0/8"));
    assert_eq!(private, ["net.sg-rules-exact"]);
    let opened = after(|bank| {
        let groups = &mut bank.snapshot.resources.security_group;
        groups.get_mut("login-v1").unwrap().default_egress = true.into();
    });
    assert_eq!(opened, ["net.sg-rules-exact"]);
}

#[test]
fn an_unknown_deny_is_no_deviation() {
    let mut bank = Bank::as_declared();
    let policies = known(&mut role(&mut bank).inline);
    let revoked = PolicyDocument::new([("Revoke", Statement::deny(["*"]).on_any())]);
    policies.insert("AWSRevokeOlderSessions".to_owned(), revoked);
    assert_eq!(failing(&bank.assess()), Vec::<&str>::new());
}

#[test]
fn a_requirement_is_judged_by_its_own_threshold() {
    let mut bank = Bank::as_declared();
    for group in bank.snapshot.resources.log_group.values_mut() {
        group.retention_days = Some(380).into();
    }
    let assessment = bank.assess();
    let runs = assessment
        .checks
        .iter()
        .filter(|run| run.id == "logs.retention-min");
    let failed: Vec<(bool, bool)> = runs
        .map(|r| (r.own_thresholds, r.totals.fail > 0))
        .collect();
    assert_eq!(failed, [(true, true), (false, false)]);
    let pci = assessment
        .frameworks
        .iter()
        .find(|f| f.id.as_str() == "pci-dss@4.0.1")
        .unwrap();
    let kept = pci.requirements.iter().find(|r| r.id == "10.5.1").unwrap();
    let check = kept
        .checks
        .iter()
        .find(|c| c.id == "logs.retention-min")
        .unwrap();
    assert_eq!(check.outcome, Outcome::Pass);
}
