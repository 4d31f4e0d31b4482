//! Access compiled as a specification would ask for it.
#![allow(clippy::unwrap_used)]

use super::*;
use crate::model::{AccountId, Region};

fn compiled(grant: &AccessGrant, target: &str) -> Result<Vec<AccessStatement>, AccessError> {
    let region: Region = "eu-west-1".parse().unwrap();
    let account: AccountId = "111122223333".parse().unwrap();
    let place = Place {
        region: &region,
        account: &account,
    };
    let catalogue = Catalogue::vendored().unwrap();
    compile(grant, &target.parse()?, &place, catalogue)
}

fn level(level: AccessLevel, target: &str) -> String {
    show(&compiled(&AccessGrant::Level(level), target).unwrap())
}

fn actions(names: &[&str], target: &str) -> Result<Vec<AccessStatement>, AccessError> {
    let names = names.iter().map(|name| (*name).to_owned()).collect();
    compiled(&AccessGrant::Actions(names), target)
}

fn refusal(result: Result<Vec<AccessStatement>, AccessError>) -> String {
    result.unwrap_err().to_string()
}

/// One line a statement: actions, then the ARNs after the account.
fn show(statements: &[AccessStatement]) -> String {
    let words = |set: &BTreeSet<String>| set.iter().cloned().collect::<Vec<_>>().join(" ");
    let line = |s: &AccessStatement| format!("{} on {}", words(&s.actions), words(&s.resources));
    statements.iter().map(line).collect::<Vec<_>>().join("\n")
}

#[test]
fn reading_a_table_covers_its_indexes_where_the_action_does() {
    insta::assert_snapshot!(level(AccessLevel::Read, "dynamodb:table/customers"), @r"
    dynamodb:BatchGetItem dynamodb:ConditionCheckItem dynamodb:DescribeTable dynamodb:GetItem on arn:aws:dynamodb:eu-west-1:111122223333:table/customers
    dynamodb:PartiQLSelect dynamodb:Query dynamodb:Scan on arn:aws:dynamodb:eu-west-1:111122223333:table/customers arn:aws:dynamodb:eu-west-1:111122223333:table/customers/index/*
    ");
}

#[test]
fn writing_a_table_changes_items_and_never_the_table() {
    insta::assert_snapshot!(level(AccessLevel::Write, "dynamodb:table/customers"), @"dynamodb:BatchWriteItem dynamodb:DeleteItem dynamodb:PartiQLDelete dynamodb:PartiQLInsert dynamodb:PartiQLUpdate dynamodb:PutItem dynamodb:UpdateItem on arn:aws:dynamodb:eu-west-1:111122223333:table/customers");
}

#[test]
fn a_bucket_covers_its_objects() {
    insta::assert_snapshot!(level(AccessLevel::Read, "s3:bucket/receipts"), @r"
    s3:GetBucketLocation on arn:aws:s3:::receipts
    s3:GetObject s3:GetObjectAttributes s3:GetObjectTagging s3:GetObjectVersion s3:GetObjectVersionAttributes s3:GetObjectVersionTagging on arn:aws:s3:::receipts/*
    ");
    insta::assert_snapshot!(level(AccessLevel::List, "s3:bucket/receipts"), @r"
    s3:ListBucket s3:ListBucketMultipartUploads s3:ListBucketVersions on arn:aws:s3:::receipts
    s3:ListMultipartUploadParts on arn:aws:s3:::receipts/*
    ");
    insta::assert_snapshot!(level(AccessLevel::Write, "s3:bucket/receipts"), @"s3:AbortMultipartUpload s3:DeleteObject s3:PutObject on arn:aws:s3:::receipts/*");
    insta::assert_snapshot!(level(AccessLevel::Tagging, "s3:bucket/receipts"), @"s3:DeleteObjectTagging s3:PutObjectTagging on arn:aws:s3:::receipts/*");
}

#[test]
fn a_secret_has_the_suffix_that_aws_appends() {
    insta::assert_snapshot!(level(AccessLevel::Read, "secretsmanager:secret/login/db"), @"secretsmanager:DescribeSecret secretsmanager:GetSecretValue on arn:aws:secretsmanager:eu-west-1:111122223333:secret:login/db-??????");
}

#[test]
fn a_reader_of_a_queue_deletes_what_it_has_read_and_a_writer_sends() {
    insta::assert_snapshot!(level(AccessLevel::Read, "sqs:queue/invoices.fifo"), @"sqs:ChangeMessageVisibility sqs:DeleteMessage sqs:GetQueueAttributes sqs:GetQueueUrl sqs:ReceiveMessage on arn:aws:sqs:eu-west-1:111122223333:invoices.fifo");
    insta::assert_snapshot!(level(AccessLevel::Write, "sqs:queue/invoices.fifo"), @"sqs:GetQueueUrl sqs:SendMessage on arn:aws:sqs:eu-west-1:111122223333:invoices.fifo");
}

#[test]
fn parts_that_aws_makes_up_are_any() {
    insta::assert_snapshot!(level(AccessLevel::Read, "dynamodb:stream/ledger"), @"dynamodb:DescribeStream dynamodb:GetRecords dynamodb:GetShardIterator on arn:aws:dynamodb:eu-west-1:111122223333:table/ledger/stream/*");
    insta::assert_snapshot!(level(AccessLevel::Read, "states:stateMachine/onboarding"), @r"
    states:DescribeExecution on arn:aws:states:eu-west-1:111122223333:execution:onboarding:* arn:aws:states:eu-west-1:111122223333:express:onboarding:*:*
    states:GetExecutionHistory on arn:aws:states:eu-west-1:111122223333:execution:onboarding:*
    ");
}

#[test]
fn the_other_stores_of_microservices_compile() {
    for (target, level, arn) in [
        (
            "sns:topic/payments",
            AccessLevel::Write,
            "sns:eu-west-1:111122223333:payments",
        ),
        (
            "ssm:parameter/bank/login/key",
            AccessLevel::Read,
            "ssm:eu-west-1:111122223333:parameter/bank/login/key",
        ),
        (
            "kinesis:stream/ledger",
            AccessLevel::Read,
            "kinesis:eu-west-1:111122223333:stream/ledger",
        ),
        (
            "events:event-bus/bank",
            AccessLevel::Write,
            "events:eu-west-1:111122223333:event-bus/bank",
        ),
        (
            "lambda:function/fraud:live",
            AccessLevel::Write,
            "lambda:eu-west-1:111122223333:function:fraud:live",
        ),
        (
            "ses:identity/bank.example",
            AccessLevel::Write,
            "ses:eu-west-1:111122223333:identity/bank.example",
        ),
        (
            "dynamodb:index/customers/by-email",
            AccessLevel::Read,
            "dynamodb:eu-west-1:111122223333:table/customers/index/by-email",
        ),
        (
            "rds-db:db-user/db-ABC/ledger",
            AccessLevel::Write,
            "rds-db:eu-west-1:111122223333:dbuser:db-ABC/ledger",
        ),
    ] {
        let found = compiled(&AccessGrant::Level(level), target).unwrap();
        let resources: Vec<&String> = found.iter().flat_map(|s| &s.resources).collect();
        assert_eq!(resources, [&format!("arn:aws:{arn}")], "{target}");
    }
}

#[test]
fn an_arn_compiles_as_its_name_does_and_may_lie_in_another_account() {
    let arn = "arn:aws:dynamodb:eu-west-1:111122223333:table/customers";
    let read = |target| level(AccessLevel::Read, target);
    assert_eq!(read(arn), read("dynamodb:table/customers"));
    assert_eq!(read("arn:aws:s3:::receipts"), read("s3:bucket/receipts"));
    assert!(read("arn:aws:dynamodb:eu-west-1:444455556666:table/rates").contains(":444455556666:"));
    let secret = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:login/db-a1B2c3";
    assert!(
        read(secret).ends_with("login/db-a1B2c3"),
        "no second suffix"
    );
}

#[test]
fn an_arn_of_another_partition_or_shape_is_refused() {
    let read = |target| refusal(compiled(&AccessGrant::Level(AccessLevel::Read), target));
    assert!(read("arn:aws-cn:s3:::receipts").contains("partition aws"));
    assert!(read("arn:aws:dynamodb:eu-west-1:111122223333:tabel/x").contains("not the ARN"));
}

#[test]
fn named_actions_are_granted_exactly_where_they_act() {
    let found = actions(&["s3:getobject", "s3:ListBucket"], "s3:bucket/receipts").unwrap();
    insta::assert_snapshot!(show(&found), @r"
    s3:GetObject on arn:aws:s3:::receipts/*
    s3:ListBucket on arn:aws:s3:::receipts
    ");
}

#[test]
fn a_type_without_levels_takes_named_actions_only() {
    let target = "kafka-cluster:cluster/bank/uuid-1";
    insta::assert_snapshot!(refusal(compiled(&AccessGrant::Level(AccessLevel::Write), target)), @"`kafka-cluster:cluster/bank/uuid-1` has no access levels; name the actions, for example kafka-cluster:AlterCluster, kafka-cluster:AlterClusterDynamicConfiguration, kafka-cluster:Connect, kafka-cluster:WriteDataIdempotently");
    insta::assert_snapshot!(show(&actions(&["kafka-cluster:Connect"], target).unwrap()), @"kafka-cluster:Connect on arn:aws:kafka:eu-west-1:111122223333:cluster/bank/uuid-1");
}

#[test]
fn what_cannot_be_granted_exactly_is_refused() {
    let bucket = "s3:bucket/receipts";
    insta::assert_snapshot!(refusal(actions(&["s3:Get*"], bucket)), @"`s3:Get*` has a wildcard; name each action");
    insta::assert_snapshot!(refusal(actions(&["s3:GetObjct"], bucket)), @"`s3:GetObjct` is not an AWS action; did you mean `s3:GetObject`?");
    insta::assert_snapshot!(refusal(actions(&["s3:ListAllMyBuckets"], bucket)), @"`s3:ListAllMyBuckets` cannot be limited to one resource, and access is never granted on `*`");
    insta::assert_snapshot!(refusal(actions(&["s3:PutBucketPolicy"], bucket)), @"`s3:PutBucketPolicy` manages permissions, which no workload is given");
    insta::assert_snapshot!(refusal(actions(&["sqs:SendMessage"], bucket)), @"`sqs:SendMessage` does not act on `s3:bucket/receipts`; it acts on sqs:queue");
    insta::assert_snapshot!(refusal(actions(&["s3:GetAccessPoint"], bucket)), @"`s3:GetAccessPoint` cannot be limited to one resource, and access is never granted on `*`");
    insta::assert_snapshot!(refusal(actions(&[], bucket)), @"`s3:bucket/receipts` has no actions; name at least one");
}

#[test]
fn unknown_services_types_and_names_say_what_to_do() {
    let read = |target| refusal(compiled(&AccessGrant::Level(AccessLevel::Read), target));
    insta::assert_snapshot!(read("dynamdb:table/x"), @"`dynamdb` is not an AWS service prefix; did you mean `dynamodb`?");
    insta::assert_snapshot!(read("dynamodb:tabel/x"), @"dynamodb has no resource type `tabel`; did you mean `table`?");
    insta::assert_snapshot!(read("s3:bucket/Receipts"), @"`Receipts` in `s3:bucket/Receipts` is not a name for it: 3 to 63 lower-case letters, digits and any of `-.`");
    insta::assert_snapshot!(read("dynamodb:index/customers"), @"`dynamodb:index/customers` needs a name of the form TableName/IndexName");
    insta::assert_snapshot!(read("sns:topic/payments"), @"level read grants nothing on `sns:topic/payments`; it has write");
    insta::assert_snapshot!(read("dms:Certificate/x"), @"the ARN of dms:Certificate is `arn:${Partition}:dms:${Region}:${Account}:cert:*`, which cannot be limited to one resource; grant access to a resource of another type");
    insta::assert_snapshot!(read("receipts"), @"`receipts` is not a resource: write service:resource-type/name such as dynamodb:table/customers, or an ARN, without wildcards");
}

#[test]
fn data_actions_that_the_catalogue_counts_as_management_can_be_named() {
    let found = actions(&["rds-db:connect"], "rds-db:db-user/db-ABC/ledger").unwrap();
    assert_eq!(found.len(), 1);
}

#[test]
fn statements_with_equal_resources_or_actions_fold_into_one() {
    let set = |text: &str| BTreeSet::from([text.to_owned()]);
    let one = |action, resource| AccessStatement {
        actions: set(action),
        resources: set(resource),
    };
    let folded = fold([one("s3:B", "y"), one("s3:A", "x"), one("s3:C", "y")]);
    assert_eq!(show(&folded), "s3:A on x\ns3:B s3:C on y");
    let folded = fold([one("s3:A", "y"), one("s3:A", "x")]);
    assert_eq!(show(&folded), "s3:A on x y");
}

#[test]
fn ten_compilations_are_the_same() {
    let once = level(AccessLevel::Read, "s3:bucket/receipts");
    for _ in 0..10 {
        assert_eq!(level(AccessLevel::Read, "s3:bucket/receipts"), once);
    }
}
