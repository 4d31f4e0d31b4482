//! Evidence of an account that answered: the tape goes into the bundle and gives its snapshot
//! again, offline; KMS signs.

use std::fs;

use aws_sdk_kms::types::{KeySpec, KeyUsageType};
use aws_smithy_runtime_api::client::result::ConnectorError;
use strongroom::{
    account::aws::{Asked, Aws, Reply, Tape},
    evidence::{Source, VerifyingKey},
};

use super::{
    bank,
    estate::SHIPPED_ACCOUNT,
    observe, send,
    transport::{Answer, before, network, over},
};
use crate::{
    cli::desk::{Desk, desk},
    evidence::bundle::Bundle,
    moto::{ENVIRONMENT, Moto, REGION},
};

/// A desk whose specification is for an account of the emulator.
async fn desk_of(moto: &Moto) -> Desk {
    bank::vpc(moto, "sandbox").await;
    let own = moto.account.as_str();
    desk().respecified("sandbox.yaml", SHIPPED_ACCOUNT, own)
}

/// Runs a line against the account; the exit code and everything that was said.
async fn live(desk: &Desk, moto: &Moto, line: &str) -> (i32, String) {
    let mut command = desk.command(&format!("{line} --cloud aws"));
    command.envs(moto.environment().await);
    let output = command.output().expect("it runs");
    let said = [output.stdout, output.stderr].concat();
    let code = output.status.code().expect("an exit code");
    (code, String::from_utf8(said).expect("UTF-8"))
}

/// A signed report about an account to which the specification was applied.
async fn reported(moto: &Moto) -> Bundle {
    let desk = desk_of(moto).await;
    desk.run("keygen -o key").exits(0);
    let (code, said) = live(&desk, moto, "apply sandbox.yaml --yes").await;
    assert_eq!(code, 0, "{said}");
    // moto does not show everything, so that some controls cannot be evaluated.
    let (code, said) = live(&desk, moto, "report sandbox.yaml -o out --sign-key key").await;
    assert!([0, 11, 12].contains(&code), "{said}");
    Bundle::on(desk)
}

fn tape(bundle: &Bundle) -> Tape {
    Tape::unpack(&bundle.bytes("tape.json.gz")).expect("a tape")
}

/// The bundle with another tape, made true of it by whoever holds the right key.
fn retaped(bundle: Bundle, tape: &Tape) -> Bundle {
    fs::write(bundle.path("tape.json.gz"), tape.pack().expect("bytes")).expect("written");
    let key = bundle.key();
    let bundle = bundle.resealed(&key);
    let mut manifest = bundle.manifest();
    manifest.source = Source::Tape {
        answers: tape.answers(),
        redactions: tape.redactions(),
    };
    bundle.signed(&manifest, &key)
}

#[tokio::test]
#[ignore = "written for fewer kinds: to be held against all of them"]
async fn a_live_bundle_is_replayed_offline_to_the_byte() {
    let Some(moto) = Moto::start().await else {
        return;
    };
    let bundle = reported(&moto).await;
    let run = bundle.verify("--require-live").exits(0);
    run.says("live account at http://127.0.0.1")
        .says("answers replayed: the same snapshot")
        .says("the same bytes");
    let tape = tape(&bundle);
    assert!(tape.answers() > 10);
    let replies = tape.exchanges.values().flatten();
    let with_id = replies.filter(|reply| match reply {
        Reply::Answer(answer) => {
            answer.headers.contains_key("x-amzn-requestid") || answer.body.contains("equestI")
        }
        Reply::Broken(_) => false,
    });
    assert!(with_id.count() > 0, "answers carry their request ids");
}

#[tokio::test]
#[ignore = "written for fewer kinds: to be held against all of them"]
async fn a_swapped_answer_is_found_though_the_right_key_signed() {
    let Some(moto) = Moto::start().await else {
        return;
    };
    let bundle = reported(&moto).await;
    let mut tape = tape(&bundle);
    let mut groups = tape
        .exchanges
        .iter_mut()
        .filter(|(asked, _)| asked.api() == "logs:DescribeLogGroups");
    let (_, replies) = groups.next().expect("log groups were listed");
    let Some(Reply::Answer(answer)) = replies.first_mut() else {
        panic!("an answer");
    };
    let days = "\"retentionInDays\": ";
    assert!(answer.body.contains(days), "{}", answer.body);
    answer.body = answer.body.replacen(days, "\"retentionInDays\": 1", 1);
    let bundle = retaped(bundle, &tape);
    bundle.fails("snapshot.json is not what the evidence gives at resources.log_group");
}

#[tokio::test]
#[ignore = "written for fewer kinds: to be held against all of them"]
async fn an_answer_that_was_taken_out_or_slipped_in_is_named() {
    let Some(moto) = Moto::start().await else {
        return;
    };
    let bundle = reported(&moto).await;
    let whole = tape(&bundle);
    let mut shorter = whole.clone();
    shorter
        .exchanges
        .retain(|asked, _| asked.api() != "kms:ListGrants");
    let bundle = retaped(bundle, &shorter);
    bundle.fails("asked, not recorded: kms:ListGrants");
    let mut longer = whole.clone();
    let (asked, replies) = whole.exchanges.first_key_value().expect("an exchange");
    let other = Asked {
        body: "Action=Other".to_owned(),
        ..asked.clone()
    };
    longer.exchanges.insert(other, replies.clone());
    let bundle = retaped(bundle, &longer);
    bundle.fails("recorded, not asked");
    fs::write(bundle.path("tape.json.gz"), b"no tape").expect("written");
    let key = bundle.key();
    bundle.resealed(&key).fails("tape.json.gz cannot be used");
}

#[tokio::test]
async fn a_key_in_kms_signs_and_its_public_half_verifies() {
    let Some(moto) = Moto::start().await else {
        return;
    };
    let desk = desk_of(&moto).await;
    let kms = aws_sdk_kms::Client::new(&moto.config());
    let made = kms.create_key().key_usage(KeyUsageType::SignVerify);
    let made = made
        .key_spec(KeySpec::EccNistP256)
        .send()
        .await
        .expect("a key");
    let arn = made.key_metadata.and_then(|key| key.arn).expect("an ARN");
    let public = kms
        .get_public_key()
        .key_id(&arn)
        .send()
        .await
        .expect("a key");
    let der = public.public_key.expect("a public key").into_inner();
    let pem = VerifyingKey::from_der(&der)
        .expect("P-256")
        .to_pem()
        .expect("PEM");
    let desk = desk.with("kms.pub", pem);
    let line = format!("report sandbox.yaml -o out --sign-kms {arn}");
    let (code, said) = live(&desk, &moto, &line).await;
    assert_eq!(code, 11, "nothing was applied: {said}");
    let run = desk.run("verify out --key kms.pub --require-live");
    run.exits(0).says("by the pinned key");
    let symmetric = kms.create_key().send().await.expect("a key");
    let arn = symmetric
        .key_metadata
        .and_then(|key| key.arn)
        .expect("an ARN");
    let line = format!("report sandbox.yaml -o other --sign-kms {arn}");
    let (code, said) = live(&desk, &moto, &line).await;
    assert_ne!(code, 0, "{said}");
    assert!(!desk.path("other").exists(), "{said}");
}

/// A line that is dead for one API.
fn dead(asked: &Asked) -> Option<Answer> {
    let dead = || Err(ConnectorError::other("the line is dead".into(), None));
    (asked.api() == "kms:ListGrants").then(dead)
}

#[tokio::test]
async fn a_request_that_nobody_answered_breaks_in_the_replay_too() {
    let Some(moto) = Moto::start().await else {
        return;
    };
    bank::vpc(&moto, ENVIRONMENT).await;
    let whole = moto.aws();
    let mut ids = observe(&moto, &whole).await.ids;
    for (address, call) in bank::service(&moto, "login") {
        send(&whole, &address, &call, &mut ids).await;
    }
    let aws = over(&moto, before(network(), dead));
    let seen = observe(&moto, &aws).await;
    let why = seen.resources.kms_key["login"]
        .grants
        .unread()
        .expect("unread");
    assert!(why.message.contains("the line is dead"), "{}", why.message);
    let tape = Tape::unpack(&aws.tape().pack().expect("bytes")).expect("a tape");
    let player = Aws::replay(tape.clone(), &REGION.parse().expect("a Region"));
    assert_eq!(observe(&moto, &player).await, seen);
    assert_eq!(tape.changes(&player.tape()), []);
}
