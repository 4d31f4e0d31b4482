//! Any line is answered with one line of JSON, and a Deny of everything never adds access.
#![no_main]

use std::sync::Arc;

use libfuzzer_sys::fuzz_target;
use strongroom::iam::eval::{
    Context, Layers, Policy, Request, decide,
    line::{Cache, answer},
};

const DENY: &str = r#"{"Statement":{"Effect":"Deny","Action":"*","Resource":"*"}}"#;

fuzz_target!(|text: &str| {
    let mut out = String::new();
    answer(text, &mut Cache::default(), &mut out);
    assert!(serde_json::from_str::<serde_json::Value>(&out).is_ok(), "{out}");
    if let Ok(policy) = text.parse::<Policy>() {
        alone(Arc::new(policy));
    }
});

fn alone(policy: Arc<Policy>) {
    let object = "arn:aws:s3:::b/x";
    let role = "arn:aws:iam::111122223333:role/a";
    let context = Context::from_iter([("aws:username", "a"), ("aws:TagKeys", "b")]);
    let request = Request::new(role, "s3:GetObject", object)
        .and_then(|request| request.with_context(context))
        .expect("a request that can be made");
    let deny: Policy = DENY.parse().expect("a policy");
    let layers = Layers {
        identity: vec![policy.clone(), Arc::new(deny)],
        resource: Some(policy),
        ..Layers::default()
    };
    assert!(!decide(&layers, &request).decision.is_allowed());
}
