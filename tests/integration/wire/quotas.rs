//! Quotas as an account shows them, and a plan that would exceed one: refused with its code.

use strongroom::{
    plan::{Consent, Refusal, compare, guard},
    resource::{Read, UnreadReason},
    snapshot::QuotaName,
};

use super::{estate::Estate, generated};
use crate::moto::Moto;

#[tokio::test]
async fn an_account_that_is_full_refuses_before_anything_is_made() {
    let Some(moto) = Moto::start().await else {
        return;
    };
    let ec2 = aws_sdk_ec2::Client::new(&moto.config());
    let estate = Estate::over(moto, generated::bank(2)).await;
    let before = estate.observe().await;
    let quotas = &before.account_state.quotas;
    assert_eq!(
        quotas.limit(QuotaName::Vpcs),
        (5, true),
        "Service Quotas answers"
    );
    let (roles, read) = quotas.limit(QuotaName::Roles);
    assert!(read && roles >= 1000, "IAM answers for itself: {roles}");
    let keys = quotas.limits[&QuotaName::Keys]
        .unread()
        .expect("moto knows the VPC's alone");
    assert_ne!(keys.reason, UnreadReason::Denied);
    assert_eq!(compare(&estate.desired, &before).exceeded, []);

    let there = quotas.used(QuotaName::Vpcs).expect("counted");
    for number in there..5 {
        let range = format!("10.{number}.0.0/16");
        ec2.create_vpc()
            .cidr_block(range)
            .send()
            .await
            .expect("a VPC");
    }
    let full = estate.observe().await;
    let used = &full.account_state.quotas.used[&QuotaName::Vpcs];
    assert_eq!(used, &Read::Known(5));
    let plan = compare(&estate.desired, &full);
    let refused = guard(&plan, &Consent::everything());
    let Err(Refusal::Quotas(exceeded)) = refused else {
        panic!("{refused:?}");
    };
    let [excess] = exceeded.as_slice() else {
        panic!("{exceeded:?}");
    };
    assert_eq!(
        (excess.code, excess.there, excess.needed),
        ("L-F678F1CE", 5, 6)
    );
}
