//! Who gets a role from outside of IAM: tokens of another service's pods, associations and
//! instance profiles that hold somebody else's role.
//! <https://docs.aws.amazon.com/eks/latest/userguide/iam-roles-for-service-accounts.html>

use std::collections::BTreeMap;

use super::{ask::World, assume::edge, found::Found};
use crate::{
    authorization::ResourceSide,
    iam::eval::{Context, Glob, Request},
    model::{Naming, Runtime, Service, VersionName},
    resource::Ref,
};

/// Asks about tokens, associations and profiles.
pub(super) fn of(world: &World<'_>, found: &mut Found) {
    tokens(world, found);
    associations(world, found);
    profiles(world, found);
}

/// The subject of a pod's token, and the role that is meant for it.
struct Pod {
    actor: usize,
    issuer: String,
    subject: String,
}

fn tokens(world: &World<'_>, found: &mut Found) {
    let pods = pods(world);
    if pods.is_empty() {
        return;
    }
    let mut by_subject: BTreeMap<&str, Vec<&Pod>> = BTreeMap::new();
    for pod in &pods {
        by_subject
            .entry(pod.subject.as_str())
            .or_default()
            .push(pod);
    }
    for (number, role) in world.actors.iter().enumerate() {
        for pod in named(&role.trust, &pods, &by_subject) {
            let finding = token(world, pod, &role.arn, &role.trust)
                .and_then(|answer| world.finding(answer, |_| false));
            edge(world, found, (pod.actor, number), finding);
        }
    }
}

fn versions<'w>(world: &'w World<'_>) -> impl Iterator<Item = (&'w Service, &'w VersionName)> {
    let services = world.environment.services.values();
    let alive = services.filter(|service| service.is_alive());
    alive.flat_map(|service| {
        service
            .versions
            .iter()
            .map(move |version| (service, version))
    })
}

fn pods(world: &World<'_>) -> Vec<Pod> {
    let pods = versions(world).filter_map(|(service, version)| {
        let Runtime::EksIrsa { issuer, workload } = &service.runtime else {
            return None;
        };
        let account = service.service_account(workload, version);
        Some(Pod {
            actor: world.by_name(&Naming::version(&service.name, version))?,
            issuer: issuer.clone(),
            subject: format!("system:serviceaccount:{}:{account}", workload.namespace),
        })
    });
    pods.collect()
}

/// The pods that a trust could mean: by exact subject, or all where it has wildcards or none.
fn named<'p>(
    trust: &ResourceSide,
    pods: &'p [Pod],
    by_subject: &BTreeMap<&str, Vec<&'p Pod>>,
) -> Vec<&'p Pod> {
    let policy = trust.policy.iter();
    let statements = policy.flat_map(|source| source.policy.statements());
    let mut meant = Vec::new();
    for statement in statements.filter(|one| one.may_select("sts:AssumeRoleWithWebIdentity")) {
        let lines = statement.atoms().conditions.iter();
        let subjects = lines.filter(|line| line.key.ends_with(":sub"));
        let subjects: Vec<&String> = subjects.flat_map(|line| &line.values).collect();
        if subjects.is_empty() {
            return pods.iter().collect();
        }
        for subject in subjects {
            match subject.contains(['*', '?', '$']) {
                true => {
                    let glob = Glob::new(subject);
                    let fits = |pod: &&Pod| subject.contains('$') || glob.is_match(&pod.subject);
                    meant.extend(pods.iter().filter(fits));
                }
                false => meant.extend(by_subject.get(subject.as_str()).into_iter().flatten()),
            }
        }
    }
    meant
}

/// The request that a pod makes with its token.
fn token(
    world: &World<'_>,
    pod: &Pod,
    role: &str,
    trust: &ResourceSide,
) -> Option<super::ask::Answer> {
    let region = &world.environment.region;
    let provider = format!(
        "arn:{}:iam::{}:oidc-provider/{}",
        region.partition(),
        world.account(),
        pod.issuer
    );
    let mut context = Context::default();
    context.set(&format!("{}:sub", pod.issuer), pod.subject.as_str());
    let audience = format!("sts.{}", region.dns_suffix());
    context.set(&format!("{}:aud", pod.issuer), audience);
    let request = Request::new(&provider, "sts:AssumeRoleWithWebIdentity", role).ok()?;
    let request = request.with_context(context).ok()?;
    Some(world.ask_for(&request, trust))
}

/// An association gives the pods of a service account the role that it names.
fn associations(world: &World<'_>, found: &mut Found) {
    let mut owners: BTreeMap<(&str, &str, String), usize> = BTreeMap::new();
    for (service, version) in versions(world) {
        let Runtime::EksPodIdentity { cluster, workload } = &service.runtime else {
            continue;
        };
        if let Some(actor) = world.by_name(&Naming::version(&service.name, version)) {
            let account = service.service_account(workload, version);
            owners.insert((cluster, &workload.namespace, account), actor);
        }
    }
    let associations = &world.estate.snapshot().resources.pod_identity_association;
    for one in associations.values() {
        let account = one.service_account.clone();
        let owner = owners.get(&(one.cluster.as_str(), one.namespace.as_str(), account));
        let role = one.role.known().and_then(|role| world.role(role));
        if let (Some(owner), Some(role)) = (owner, role) {
            let mut context = Context::default();
            let cluster = world
                .targets()
                .arn("eks", &format!("cluster/{}", one.cluster));
            context.set("aws:SourceArn", cluster.as_str());
            context.set("aws:RequestTag/eks-cluster-arn", cluster);
            context.set(
                "aws:RequestTag/kubernetes-namespace",
                one.namespace.as_str(),
            );
            context.set(
                "aws:RequestTag/kubernetes-service-account",
                one.service_account.as_str(),
            );
            by_service(
                world,
                found,
                (*owner, role),
                "pods.eks.amazonaws.com",
                context,
            );
        }
    }
}

/// An instance profile gives the instances of its service the role that is in it.
fn profiles(world: &World<'_>, found: &mut Found) {
    for (name, profile) in &world.estate.snapshot().resources.instance_profile {
        let role = profile.role.known().and_then(Option::as_ref);
        let role = role.and_then(|role| world.role(role));
        if let (Some(owner), Some(role)) = (world.by_name(name), role) {
            let service = "ec2.amazonaws.com";
            by_service(world, found, (owner, role), service, Context::default());
        }
    }
}

fn by_service(
    world: &World<'_>,
    found: &mut Found,
    (owner, role): (usize, usize),
    service: &str,
    context: Context,
) {
    if owner == role {
        return;
    }
    let Some(target) = world.actors.get(role) else {
        return;
    };
    let request = Request::new(service, "sts:AssumeRole", &target.arn);
    let request = request.and_then(|request| request.with_context(context));
    let Ok(request) = request else { return };
    let answer = world.ask_for(&request.signed(), &target.trust);
    let finding = world.finding(answer, |_| false);
    edge(world, found, (owner, role), finding);
}

impl World<'_> {
    /// The role that a reference names.
    fn role(&self, reference: &Ref) -> Option<usize> {
        match reference {
            Ref::To(address) => self.by_name(&address.name),
            Ref::Literal(arn) => self.actor(arn),
        }
    }
}
