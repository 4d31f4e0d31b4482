//! Predicates that are refused at load, each with its place and what to write instead.

use std::collections::{BTreeMap, BTreeSet};

use crate::compliance::predicate::{Predicate, Type, Variable, Vocabulary};

fn refusal(text: &str) -> String {
    let vocabulary = Vocabulary {
        variables: BTreeSet::from([Variable::Service, Variable::Key, Variable::SecurityGroup]),
        parameters: BTreeMap::from([("days".to_owned(), Type::Int)]),
    };
    match Predicate::parse(text, &vocabulary) {
        Ok(_) => "understood".to_owned(),
        Err(refusal) => refusal.to_string(),
    }
}

#[test]
fn what_could_hide_ignorance_or_a_mistake_is_refused() {
    let predicates = [
        "has(key.state)",
        "!has(key.state) || key.state == \"Enabled\"",
        "key.?state == \"Enabled\"",
        "key[?\"state\"] == \"Enabled\"",
        "key[\"state\"] == \"Enabled\"",
        "key.rotation_enabeld",
        "key.zzz",
        "role.trust_exact",
        "keys.state == \"Enabled\"",
        "key.state == true",
        "key.rotation_period_days == \"365\"",
        "key.rotation_period_days <= 365.0",
        "key.rotation_period_days <= 365u",
        "key.rotation_period_days <= params.dayz",
        "key.state == \"enabled\"",
        "\"personnel\" in service.data",
        "key.origin in \"AWS_KMS\"",
        "key.state == null",
        "key.rotation_period_days",
        "key.rotation_period_days / 2 > 1",
        "key.origin.matches(\".*\")",
        "key == key",
        "dyn(key.origin) == 1",
        "params.days > 3",
        "true",
        "key.admin_and_use.all(who, who.name == \"x\")",
        "security_group.world_open_ports.all(span, span.last_port < 1024)",
        "key.state ==",
    ];
    let lines: Vec<String> = predicates
        .iter()
        .map(|text| format!("{text}\n    {}", refusal(text)))
        .collect();
    insta::assert_snapshot!(lines.join("\n"));
}

#[test]
fn what_checks_need_is_understood() {
    for text in [
        "key.state == \"Enabled\" && key.rotation_period_days <= params.days",
        "key.admin_and_use == []",
        "size(key.admin_and_use) == 0",
        "key.admin_and_use.all(who, who.startsWith(\"arn:\"))",
        "key.admin_and_use.filter(who, who == \"x\") == []",
        "security_group.world_open_ports.exists(span, span.first <= 22 && 22 <= span.last)",
        "service.runtime in [\"lambda\", \"ec2\"] ? key.alias_is_own : key.spec_exact",
        "\"card\" in service.data",
    ] {
        assert_eq!(refusal(text), "understood", "{text}");
    }
}
