//! EKS Pod Identity, which moto does not know: the law of predict on an endpoint made from the
//! API's model, with moto for all else. No AWS was asked.
//! <https://docs.aws.amazon.com/eks/latest/APIReference/API_Operations_Amazon_Elastic_Kubernetes_Service.html>

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};
use strongroom::{
    account::Account,
    model::{Address, Environment, KindName, Runtime, Workload},
    plan::Action,
    resource::{
        Direction, Kind, PodIdentityAssociation, PodIdentityAssociationCall, Ref, UnreadReason,
    },
    snapshot::Snapshot,
};

use super::{
    bank::{self, Step, step},
    denier::denying_over,
    estate::{Estate, running},
    law::{hold, less, more},
    model::{Api, Model, not_found, tag_keys},
    transport::network,
};
use crate::moto::{ENVIRONMENT, Moto};

const CLUSTER: &str = "core";
const PODS: &str = "pod-identity-associations";
const AT: f64 = 1_772_344_800.0;

/// Clusters with their associations by id: what the API would show.
#[derive(Debug, Default)]
pub struct Eks {
    associations: BTreeMap<String, Map<String, Value>>,
    made: usize,
    /// Whether the clusters are still to be made.
    missing: bool,
}

impl Api for Eks {
    const SERVICE: &'static str = "eks";

    fn answer(&mut self, method: &str, path: &[&str], query: &str, body: &Value) -> (u16, Value) {
        match (method, path) {
            _ if self.missing => not_found("No cluster found for name."),
            ("GET", ["clusters", cluster, PODS]) => (200, self.list(cluster)),
            ("POST", ["clusters", cluster, PODS]) => self.create(cluster, body),
            ("POST" | "DELETE", ["tags", arn @ ..]) => {
                let id = arn.last().and_then(|arn| arn.rsplit("%2F").next());
                self.tag(id.unwrap_or_default(), query, body)
            }
            (_, ["clusters", _, PODS, id]) => self.one(method, id, body),
            _ => panic!("{method} {path:?} is not of the model"),
        }
    }
}

impl Eks {
    /// The listing shows neither role nor tags.
    fn list(&self, cluster: &str) -> Value {
        let shown = [
            "clusterName",
            "namespace",
            "serviceAccount",
            "associationArn",
            "associationId",
        ];
        let summary = |one: &Map<String, Value>| -> Map<String, Value> {
            let fields = shown.iter().map(|field| (*field).to_owned());
            fields
                .map(|field| (field.clone(), one[&field].clone()))
                .collect()
        };
        let all = self.associations.values();
        let all = all.filter(|one| one["clusterName"] == *cluster);
        let all: Vec<_> = all.map(summary).collect();
        json!({ "associations": all })
    }

    /// A service account has one association at most.
    fn create(&mut self, cluster: &str, body: &Value) -> (u16, Value) {
        let same = |one: &&Map<String, Value>| {
            let mut keys = ["namespace", "serviceAccount"].iter();
            one["clusterName"] == *cluster && keys.all(|key| one[*key] == body[*key])
        };
        if self.associations.values().find(same).is_some() {
            let code = "ResourceInUseException";
            return (
                409,
                json!({ "__type": code, "message": "Association already exists" }),
            );
        }
        self.made += 1;
        let id = format!("a-{:017}", self.made);
        let arn = "arn:aws:eks:eu-west-1:111122223333:podidentityassociation";
        let made = json!({
            "clusterName": cluster, "namespace": body["namespace"],
            "serviceAccount": body["serviceAccount"], "roleArn": body["roleArn"],
            "tags": body["tags"], "associationId": id,
            "associationArn": format!("{arn}/{cluster}/{id}"), "createdAt": AT, "modifiedAt": AT,
        });
        let made = made.as_object().expect("an object").clone();
        self.associations.insert(id.clone(), made.clone());
        (200, json!({ "association": made }))
    }

    fn one(&mut self, method: &str, id: &str, body: &Value) -> (u16, Value) {
        let Some(one) = self.associations.get_mut(id) else {
            return not_found("No association found");
        };
        if method == "POST" {
            one.insert("roleArn".to_owned(), body["roleArn"].clone());
        }
        let shown = one.clone();
        if method == "DELETE" {
            self.associations.remove(id);
        }
        (200, json!({ "association": shown }))
    }

    fn tag(&mut self, id: &str, query: &str, body: &Value) -> (u16, Value) {
        let Some(one) = self.associations.get_mut(id) else {
            return not_found("No association found");
        };
        let tags = one["tags"].as_object_mut().expect("tags");
        tags.extend(body["tags"].as_object().cloned().unwrap_or_default());
        tag_keys(query).for_each(|key| drop(tags.remove(key)));
        (200, json!({}))
    }
}

fn address() -> Address {
    Address::new(PodIdentityAssociation::NAME, "login-v1")
}

/// The environment of the wire tests, whose `login` runs in pods.
fn environment(moto: &Moto) -> Environment {
    let runtime = Runtime::EksPodIdentity {
        cluster: CLUSTER.to_owned(),
        workload: Workload {
            namespace: "identity".to_owned(),
            service_account: "login".to_owned(),
        },
    };
    running(moto.scope().environment, "login", runtime)
}

async fn estate(model: &Model<Eks>) -> Option<Estate> {
    let moto = Moto::start().await?;
    let environment = environment(&moto);
    Some(Estate::over(moto, environment).await.with_pods(model))
}

fn association() -> PodIdentityAssociation {
    PodIdentityAssociation {
        cluster: CLUSTER.to_owned(),
        namespace: "identity".to_owned(),
        service_account: "login".to_owned(),
        role: Ref::to(KindName::IamRole, "login-v1").into(),
        tags: bank::tags("login").into(),
    }
}

fn at(call: PodIdentityAssociationCall) -> Step {
    step(PodIdentityAssociation::NAME, "login-v1", call)
}

#[tokio::test]
async fn the_law_holds_for_associations() {
    let model = Model::<Eks>::default();
    let Some(estate) = estate(&model).await else {
        return;
    };
    bank::vpc(&estate.moto, ENVIRONMENT).await;
    let mut seen = estate.observe().await;
    for step in [
        bank::role("login"),
        bank::role("accounts"),
        at(PodIdentityAssociationCall::Create(Box::new(association()))),
        at(PodIdentityAssociationCall::PutRole(Ref::to(
            KindName::IamRole,
            "accounts-v1",
        ))),
        at(PodIdentityAssociationCall::Tag(more())),
        at(PodIdentityAssociationCall::Untag(less())),
        at(PodIdentityAssociationCall::Delete),
    ] {
        seen = hold(&estate.aws, &estate.scope(), seen, &[step]).await;
    }
    assert!(!seen.resources.contains(&address()));
    let again = PodIdentityAssociationCall::Delete.into();
    let gone = estate
        .aws
        .send(&address(), &again, &made_ids(&estate))
        .await;
    assert_eq!(gone, Ok(None), "deleting what is gone is a success");
}

/// The id of an association that there was.
fn made_ids(estate: &Estate) -> strongroom::snapshot::Ids {
    let home = estate.environment.home(&address());
    [(address(), association().physical_id(&home, "1"))].into()
}

async fn account_seen(estate: &Estate) -> Snapshot {
    let seen = estate.observe().await;
    assert!(seen.conflicts.is_empty(), "{:#?}", seen.conflicts);
    seen
}

#[tokio::test]
async fn another_role_for_a_service_account_is_found_and_taken_back() {
    let model = Model::<Eks>::default();
    let Some(estate) = estate(&model).await else {
        return;
    };
    let estate = estate.applied().await;
    estate.assert_agreed(&estate.plan().await);
    let stranger = format!("arn:aws:iam::{}:role/administrator", estate.moto.account);
    for association in model.api().associations.values_mut() {
        association.insert("roleArn".to_owned(), json!(stranger));
    }
    let plan = estate.plan().await;
    let found = &plan.drift()[&address()];
    assert_eq!(
        (found.action, found.direction),
        (Action::Update, Direction::AccessWidened)
    );
    estate.repair(&plan).await;

    model.api().associations.clear();
    let plan = estate.plan().await;
    assert_eq!(plan.steps[&address()].action, Action::Create);
    estate.repair(&plan).await;
}

/// What one call does not show leaves its facets unread, and a cluster that is still to be made
/// holds nothing.
#[tokio::test]
async fn what_a_cluster_does_not_tell_is_not_guessed() {
    let model = Model::<Eks>::default();
    let Some(estate) = estate(&model).await else {
        return;
    };
    let estate = estate.applied().await;
    let denied = "eks:DescribePodIdentityAssociation";
    let aws = denying_over(&estate.moto, model.transport(network()), [denied]);
    let seen = aws.observe(&estate.scope()).await.expect("it answers");
    let role = &seen.resources.pod_identity_association["login-v1"].role;
    let why = role.unread().expect("unread");
    assert_eq!(
        (why.call.as_str(), why.reason),
        (denied, UnreadReason::Denied)
    );

    let denied = "eks:ListPodIdentityAssociations";
    let aws = denying_over(&estate.moto, model.transport(network()), [denied]);
    let seen = aws.observe(&estate.scope()).await.expect("it answers");
    let listing = &seen.coverage.listings[&KindName::PodIdentityAssociation];
    assert_eq!(
        listing.unread().expect("unread").reason,
        UnreadReason::Denied
    );

    model.api().missing = true;
    let seen = account_seen(&estate).await;
    let listing = &seen.coverage.listings[&KindName::PodIdentityAssociation];
    assert_eq!(listing.known(), Some(&0));
}

/// Others use the cluster too.
#[tokio::test]
async fn associations_of_others_are_left_alone() {
    let model = Model::<Eks>::default();
    let Some(estate) = estate(&model).await else {
        return;
    };
    for (namespace, account) in [("kube-system", "login"), ("identity", "operator")] {
        let body = json!({
            "namespace": namespace, "serviceAccount": account,
            "roleArn": "arn:aws:iam::111122223333:role/operator", "tags": {},
        });
        let (status, _) = model.api().create(CLUSTER, &body);
        assert_eq!(status, 200);
    }
    let seen = account_seen(&estate).await;
    assert!(seen.resources.pod_identity_association.is_empty());
}
