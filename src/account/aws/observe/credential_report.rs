//! Observes who can sign in: IAM's credential report, which IAM makes when it is asked to.
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_getting-report.html>

use std::{collections::BTreeMap, time::Duration};

use aws_sdk_iam::{Client, types::ReportStateType};

use crate::{
    account::aws::error::{Refusal, malformed},
    resource::{Read, Unread, UnreadReason},
    snapshot::{AccessKey, Credentials},
};

/// The call that asks for a report.
const GENERATE: &str = "iam:GenerateCredentialReport";
/// The call that shows it.
const CALL: &str = "iam:GetCredentialReport";
/// How often IAM is asked whether it is ready.
const ATTEMPTS: usize = 5;
/// How long it is left in peace in between.
const PAUSE: Duration = Duration::from_secs(2);

/// How root and every IAM user can sign in.
pub async fn observe(client: &Client) -> Read<BTreeMap<String, Credentials>> {
    if let Err(why) = ready(client).await {
        return Read::Unread(why);
    }
    let shown = client.get_credential_report().send().await;
    let shown = match shown.map_err(Refusal::from) {
        Ok(shown) => shown,
        Err(refusal) => return Read::Unread(refusal.unread(CALL)),
    };
    let content = shown.content().map(|content| content.as_ref());
    match content.and_then(|bytes| std::str::from_utf8(bytes).ok()) {
        Some(text) => parse(text),
        None => Read::Unread(malformed(CALL, "a report that is no text")),
    }
}

async fn ready(client: &Client) -> Result<(), Unread> {
    for attempt in 0..ATTEMPTS {
        if attempt > 0 {
            tokio::time::sleep(PAUSE).await;
        }
        let asked = client.generate_credential_report().send().await;
        let asked = asked.map_err(|error| Refusal::from(error).unread(GENERATE))?;
        if asked.state() == Some(&ReportStateType::Complete) {
            return Ok(());
        }
    }
    Err(Unread {
        call: GENERATE.to_owned(),
        reason: UnreadReason::Failed,
        message: "the report was not ready in time; look again in a minute".to_owned(),
    })
}

/// The report: a line for each user, below one with the names of the columns.
fn parse(text: &str) -> Read<BTreeMap<String, Credentials>> {
    let mut lines = text.lines();
    let columns: Vec<&str> = lines.next().unwrap_or_default().split(',').collect();
    if !columns.contains(&"user") || !columns.contains(&"mfa_active") {
        return Read::Unread(malformed(
            CALL,
            "a report without the columns user and mfa_active",
        ));
    }
    let users = lines.filter(|line| !line.is_empty()).map(|line| {
        let row: BTreeMap<&str, &str> = columns.iter().copied().zip(line.split(',')).collect();
        let user = row.get("user").copied().unwrap_or_default();
        (user.to_owned(), credentials(&row))
    });
    Read::Known(users.collect())
}

fn credentials(row: &BTreeMap<&str, &str>) -> Credentials {
    let truth = |column: &str| match row.get(column).copied() {
        Some("true") => Some(true),
        Some("false") => Some(false),
        _ => None,
    };
    // Where nothing happened, IAM writes `N/A`, `no_information` or `not_supported`.
    let time = |column: &str| row.get(column)?.parse::<jiff::Timestamp>().ok();
    let key = |number: u8| AccessKey {
        made: time(&format!("access_key_{number}_last_rotated")),
        used: time(&format!("access_key_{number}_last_used_date")),
    };
    let active = |number: &u8| truth(&format!("access_key_{number}_active")) == Some(true);
    Credentials {
        password: truth("password_enabled"),
        mfa: truth("mfa_active").unwrap_or_default(),
        password_set: time("password_last_changed"),
        password_used: time("password_last_used"),
        keys: [1, 2]
            .into_iter()
            .filter(active)
            .map(|number| (number, key(number)))
            .collect(),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    /// As IAM's guide shows it.
    const REPORT: &str = "\
user,arn,user_creation_time,password_enabled,password_last_used,password_last_changed,password_next_rotation,mfa_active,access_key_1_active,access_key_1_last_rotated,access_key_1_last_used_date,access_key_1_last_used_region,access_key_1_last_used_service,access_key_2_active,access_key_2_last_rotated,access_key_2_last_used_date
<root_account>,arn:aws:iam::111122223333:root,2024-05-02T09:00:00+00:00,not_supported,no_information,not_supported,not_supported,true,false,N/A,N/A,N/A,N/A,false,N/A,N/A
robot,arn:aws:iam::111122223333:user/robot,2025-01-02T09:00:00+00:00,false,N/A,N/A,N/A,false,true,2025-01-02T09:00:00+00:00,2026-02-01T10:00:00+00:00,eu-west-1,s3,false,N/A,N/A
";

    #[test]
    fn a_report_tells_who_can_sign_in_and_how() {
        let Read::Known(users) = parse(REPORT) else {
            panic!("it is a report");
        };
        let root = &users[crate::snapshot::ROOT];
        assert_eq!(
            (root.password, root.mfa, root.password_used),
            (None, true, None)
        );
        assert!(root.keys.is_empty());
        let robot = &users["robot"];
        assert_eq!((robot.password, robot.mfa), (Some(false), false));
        let used = "2026-02-01T10:00:00Z".parse().unwrap();
        assert_eq!(robot.keys[&1].used, Some(used));
        assert_eq!(robot.keys.len(), 1);
    }

    #[test]
    fn what_is_no_report_is_not_taken_for_an_account_without_users() {
        assert!(parse("").unread().is_some());
        assert!(parse("<html>").unread().is_some());
    }
}
