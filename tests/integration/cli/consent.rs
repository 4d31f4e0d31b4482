//! Consent: what harms is named one by one, and is done only when it was agreed to by name.

use super::desk::{Desk, applied};

/// A bank that is about to keep its logs for a shorter time.
fn shorter() -> Desk {
    applied().respecified("shorter.yaml", "log_days: 400", "log_days: 365")
}

#[test]
fn a_plan_says_what_it_needs_consent_for() {
    shorter()
        .run("plan shorter.yaml")
        .exits(0)
        .reads("consent-needed");
}

#[test]
fn what_loses_data_is_refused_and_each_loss_is_named() {
    let desk = shorter();
    desk.run("apply shorter.yaml --yes")
        .exits(1)
        .reads("consent-refused");
    desk.run("drift sandbox.yaml").exits(0);
}

#[test]
fn consent_to_one_is_no_consent_to_another() {
    let desk = shorter();
    desk.run("apply shorter.yaml --yes --allow-destroy=log_group/login")
        .exits(1)
        .complains("--allow-destroy=log_group/customers  retention_days");
    desk.run("apply shorter.yaml --yes --allow-widen").exits(1);
    desk.run("drift sandbox.yaml").exits(0);
}

#[test]
fn consent_to_all_is_enough() {
    let desk = shorter();
    desk.run("apply shorter.yaml --yes --allow-destroy")
        .exits(0);
    desk.run("drift shorter.yaml").exits(0);
}

#[test]
fn what_widens_is_agreed_to_by_address() {
    let access = "actions: [\"ses:SendEmail\"]";
    let desk = applied().respecified(
        "wider.yaml",
        access,
        "actions: [\"ses:SendEmail\", \"ses:SendRawEmail\"]",
    );
    desk.run("apply wider.yaml --yes")
        .exits(1)
        .complains("--allow-widen=iam_role/notifications-v1");
    desk.run("apply wider.yaml --yes --allow-widen=iam_role/login-v1")
        .exits(1);
    desk.run("apply wider.yaml --yes --allow-widen=iam_role/notifications-v1")
        .exits(0);
    desk.run("drift wider.yaml").exits(0);
}
