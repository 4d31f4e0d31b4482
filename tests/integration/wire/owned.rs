//! What services own and the tagging of resources does not tell: buckets by their names, whoever
//! made them, and databases, which nobody here makes.

use strongroom::{
    account::{Account, Scope, aws::Aws},
    desired,
    iam::catalogue::Catalogue,
    model::{Address, Environment, KindName, Service, Store, StoreKind},
    plan::{Plan, compare},
    resource::{Kind, KmsKey, Read, Ref, Resources, S3Bucket},
    snapshot::{Ids, Snapshot},
};

use super::{generated, send};
use crate::moto::Moto;

const MANAGED: &str = "bank-managed-images";
const VERIFIED: &str = "bank-verified-files";
const DATABASE: &str = "books";

fn store(kind: StoreKind, name: &str, manage: bool) -> Store {
    Store {
        kind,
        name: name.to_owned(),
        manage,
        key: None,
    }
}

/// One service, with a bucket of its own, one of somebody else's, and a database.
fn environment(moto: &Moto) -> Environment {
    let mut environment = generated::bank(1);
    environment.account = moto.account.clone();
    let service: &mut Service = environment.services.values_mut().next().expect("a service");
    service.stores = vec![
        store(StoreKind::S3, MANAGED, true),
        store(StoreKind::S3, VERIFIED, false),
        store(StoreKind::Rds, DATABASE, false),
    ];
    service.access.clear();
    environment
}

async fn observed(aws: &Aws, environment: &Environment) -> Snapshot {
    let scope = Scope::of(environment, jiff::Timestamp::UNIX_EPOCH);
    aws.observe(&scope).await.expect("moto answers")
}

fn planned(environment: &Environment, live: &Snapshot) -> Plan {
    let catalogue = Catalogue::vendored().expect("the catalogue");
    let desired = desired::compile(environment, catalogue).expect("it compiles");
    compare(&desired, live)
}

fn service(environment: &Environment) -> String {
    let name = environment.services.keys().next().expect("a service");
    name.to_string()
}

/// Applies what is wanted of key and bucket, and somebody else makes another bucket.
#[tokio::test]
async fn buckets_are_known_by_their_names() {
    let Some(moto) = Moto::start().await else {
        return;
    };
    let environment = environment(&moto);
    let aws = moto.aws();
    let catalogue = Catalogue::vendored().expect("the catalogue");
    let wanted = desired::compile(&environment, catalogue)
        .expect("it compiles")
        .resources;
    let s3 = aws_sdk_s3::Client::from_conf(
        aws_sdk_s3::config::Builder::from(&moto.config())
            .force_path_style(true)
            .build(),
    );
    let place = aws_sdk_s3::types::BucketLocationConstraint::EuWest1;
    let place = aws_sdk_s3::types::CreateBucketConfiguration::builder().location_constraint(place);
    let create = s3.create_bucket().bucket(VERIFIED);
    create
        .create_bucket_configuration(place.build())
        .send()
        .await
        .expect("a bucket");

    let before = observed(&aws, &environment).await;
    assert!(
        before.resources.s3_bucket.contains_key(VERIFIED),
        "untagged, and found by name"
    );
    assert!(!before.resources.s3_bucket.contains_key(MANAGED));
    let verified = Address::new(KindName::S3Bucket, VERIFIED);
    let plan = planned(&environment, &before);
    assert!(!plan.steps.contains_key(&verified), "it is left alone");
    let finding = &plan.verified.findings[&verified];
    let fields: Vec<&str> = finding
        .changes
        .iter()
        .map(|change| change.path.field())
        .collect();
    assert!(
        fields.contains(&"encryption") && fields.contains(&"public_block"),
        "{fields:?}"
    );

    let mut ids = before.ids.clone();
    let bucket = &wanted.s3_bucket[MANAGED];
    let created = S3Bucket::apply(None, &bucket.create()).expect("created");
    let managed = Address::new(KindName::S3Bucket, MANAGED);
    made(&aws, &wanted, &service(&environment), &mut ids).await;
    for call in std::iter::once(bucket.create()).chain(S3Bucket::settle(&created, bucket)) {
        send(&aws, &managed, &call.into(), &mut ids).await;
    }
    let live = observed(&aws, &environment).await;
    let seen = &live.resources.s3_bucket[MANAGED];
    assert_eq!(seen.encryption, bucket.encryption, "its key is linked");
    assert_eq!(seen.policy, bucket.policy);
    assert_eq!(seen.public_block, bucket.public_block);
    assert_eq!(seen.ownership, bucket.ownership);
    assert_eq!(seen.lifecycle, bucket.lifecycle);
    assert_eq!(seen.tags, bucket.tags);
    assert!(!planned(&environment, &live).steps.contains_key(&managed));

    // Nobody declares it any more, and its tag tells whose it was.
    let mut without = environment.clone();
    for service in without.services.values_mut() {
        service.stores.retain(|store| store.name != MANAGED);
    }
    let left = observed(&aws, &without).await;
    assert!(left.resources.s3_bucket.contains_key(MANAGED));
}

/// The role, the boundary and the key that a bucket of the service names.
async fn made(aws: &Aws, wanted: &Resources, service: &str, ids: &mut Ids) {
    let boundary = &wanted.iam_policy["boundary"];
    let at = |kind, name: &str| Address::new(kind, name);
    send(
        aws,
        &at(KindName::IamPolicy, "boundary"),
        &boundary.create().into(),
        ids,
    )
    .await;
    for (name, role) in &wanted.iam_role {
        send(
            aws,
            &at(KindName::IamRole, name),
            &role.create().into(),
            ids,
        )
        .await;
    }
    let key = &wanted.kms_key[service];
    send(
        aws,
        &at(KindName::KmsKey, service),
        &key.create().into(),
        ids,
    )
    .await;
    let created = KmsKey::apply(None, &key.create()).expect("created");
    for call in KmsKey::settle(&created, key) {
        send(aws, &at(KindName::KmsKey, service), &call.into(), ids).await;
    }
}

#[tokio::test]
async fn a_database_is_read_by_its_name() {
    let Some(moto) = Moto::start().await else {
        return;
    };
    let environment = environment(&moto);
    let aws = moto.aws();
    let databases = |live: &Snapshot| live.account_state.databases.known().cloned().expect("read");
    assert_eq!(databases(&observed(&aws, &environment).await), [].into());

    let rds = aws_sdk_rds::Client::new(&moto.config());
    let create = rds.create_db_instance().db_instance_identifier(DATABASE);
    let create = create.db_instance_class("db.m5.large").engine("postgres");
    let create = create
        .master_username("admin1")
        .master_user_password("not-a-secret-1");
    let create = create.allocated_storage(20).publicly_accessible(true);
    create.send().await.expect("an instance");
    let other = rds.create_db_instance().db_instance_identifier("strangers");
    let other = other.db_instance_class("db.m5.large").engine("postgres");
    let other = other
        .master_username("admin1")
        .master_user_password("not-a-secret-1");
    other
        .allocated_storage(20)
        .send()
        .await
        .expect("an instance");

    let seen = databases(&observed(&aws, &environment).await);
    assert_eq!(
        seen.keys().collect::<Vec<_>>(),
        [DATABASE],
        "and nobody else's"
    );
    let books = &seen[DATABASE];
    assert_eq!((&books.kms_key, books.public), (&None, true));
}

/// Its key is linked like any other reference.
#[tokio::test]
async fn the_key_of_a_database_is_the_services_own() {
    let Some(moto) = Moto::start().await else {
        return;
    };
    let environment = environment(&moto);
    let aws = moto.aws();
    let catalogue = Catalogue::vendored().expect("the catalogue");
    let wanted = desired::compile(&environment, catalogue)
        .expect("it compiles")
        .resources;
    let mut ids = observed(&aws, &environment).await.ids;
    let service = service(&environment);
    made(&aws, &wanted, &service, &mut ids).await;
    let key = &ids[&Address::new(KindName::KmsKey, service.as_str())];
    let rds = aws_sdk_rds::Client::new(&moto.config());
    let create = rds.create_db_instance().db_instance_identifier(DATABASE);
    let create = create.db_instance_class("db.m5.large").engine("postgres");
    let create = create
        .master_username("admin1")
        .master_user_password("not-a-secret-1");
    let create = create.allocated_storage(20).storage_encrypted(true);
    let create = create.kms_key_id(key.arn.as_deref().expect("an ARN"));
    create.send().await.expect("an instance");
    let live = observed(&aws, &environment).await;
    let Read::Known(all) = &live.account_state.databases else {
        panic!("{:?}", live.account_state.databases);
    };
    assert_eq!(
        all[DATABASE].kms_key,
        Some(Ref::to(KindName::KmsKey, service))
    );
}
