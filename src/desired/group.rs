//! One security group for each version of a service, with exactly the declared edges.

use super::{Compiler, text};
use crate::{
    model::{Call, Egress, Ingress, KindName, Listener, Naming, Peer, Protocol, Service, TagKey},
    resource::{Flow, PortRange, Ref, SecurityGroup, SecurityGroupRule},
};

impl Compiler<'_> {
    pub(super) fn groups(&mut self, service: &Service) {
        for version in &service.versions {
            let name = Naming::version(&service.name, version);
            let mut tags = self.tags(Some(service));
            tags.insert(TagKey::VERSION.to_owned(), version.to_string());
            let group = SecurityGroup {
                name: self.naming.prefixed(&name),
                description: text::group_description(&format!(
                    "Service {} {version}",
                    service.name
                )),
                vpc: self.vpc_ref(),
                default_egress: false.into(),
                tags: tags.into(),
            };
            self.add(name, group, Some(&service.name));
        }
    }

    /// The rules of the edges that the service declares, at both of their ends.
    pub(super) fn rules(&mut self, service: &Service) {
        if !service.is_running() {
            return;
        }
        for group in group_refs(service) {
            for call in &service.calls {
                self.call(service, &group, call);
            }
            for ingress in &service.ingress {
                self.ingress(service, &group, ingress);
            }
            for egress in &service.egress {
                self.egress(service, &group, egress);
            }
            self.endpoint_rules(service, &group);
        }
    }

    fn call(&mut self, caller: &Service, group: &Ref, call: &Call) {
        let callee = self.environment.services.get(&call.service);
        let (Some(callee), Some(listener)) = (callee, &call.listener) else {
            return;
        };
        if !callee.is_running() {
            return;
        }
        let why = format!("{} calls {}: {}", caller.name, callee.name, call.why);
        for other in group_refs(callee) {
            self.rule(
                caller,
                group.clone(),
                Flow::Egress,
                listener,
                other.clone(),
                &why,
            );
            self.rule(caller, other, Flow::Ingress, listener, group.clone(), &why);
        }
    }

    fn ingress(&mut self, service: &Service, group: &Ref, ingress: &Ingress) {
        let peer = peer(&ingress.from);
        self.rule(
            service,
            group.clone(),
            Flow::Ingress,
            &ingress.listener,
            peer,
            &ingress.why,
        );
    }

    fn egress(&mut self, service: &Service, group: &Ref, egress: &Egress) {
        let peer = peer(&egress.to);
        self.rule(
            service,
            group.clone(),
            Flow::Egress,
            &egress.listener,
            peer,
            &egress.why,
        );
    }

    fn rule(
        &mut self,
        owner: &Service,
        group: Ref,
        flow: Flow,
        listener: &Listener,
        peer: Ref,
        why: &str,
    ) {
        let rule = SecurityGroupRule {
            group,
            flow,
            protocol: protocol(listener.protocol).to_owned(),
            ports: Some(PortRange::single(listener.port.get())),
            peer,
            description: text::group_description(why).into(),
        };
        self.add(rule.logical_name(), rule, Some(&owner.name));
    }
}

fn group_refs(service: &Service) -> Vec<Ref> {
    service
        .versions
        .iter()
        .map(|version| {
            Ref::to(
                KindName::SecurityGroup,
                Naming::version(&service.name, version),
            )
        })
        .collect()
}

fn peer(peer: &Peer) -> Ref {
    Ref::Literal(match peer {
        Peer::Cidr(range) => range.to_string(),
        Peer::SecurityGroup(id) | Peer::PrefixList(id) => id.clone(),
    })
}

fn protocol(protocol: Protocol) -> &'static str {
    match protocol {
        Protocol::Tcp => "tcp",
        Protocol::Udp => "udp",
    }
}
