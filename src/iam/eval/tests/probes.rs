//! Cases derived from AWS's documentation, each with the decision that the documents state.

use serde_json::Value;

use crate::iam::eval::line::{Cache, answer};

const PROBES: &str = include_str!("../../../../tests/data/policy-probes.json");

#[test]
fn every_probe_is_decided_as_documented() {
    let probes: Vec<Value> = serde_json::from_str(PROBES).unwrap();
    assert_eq!(probes.len(), 53);
    let mut cache = Cache::default();
    for probe in probes {
        let mut out = String::new();
        answer(&probe.to_string(), &mut cache, &mut out);
        let answer: Value = serde_json::from_str(&out).unwrap();
        assert_eq!(answer["id"], probe["id"]);
        assert_eq!(answer["decision"], probe["doc"], "{probe}");
    }
}
