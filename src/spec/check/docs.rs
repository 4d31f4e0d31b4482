//! Documentation: links that a reader can follow safely.

use super::Declared;
use crate::{
    model::Service,
    spec::{code::Code, diagnostic::Draft, path::YamlPath},
};

/// Every link must be https.
pub(super) fn links(declared: &Declared<'_>) -> Vec<Draft> {
    declared.services.values().flat_map(insecure).collect()
}

fn insecure(service: &Service) -> Vec<Draft> {
    let docs = YamlPath::service(&service.name).key("docs");
    let api = service
        .docs
        .api
        .iter()
        .map(|url| (docs.clone().key("api"), url));
    let links = service.docs.links.iter().map(|(title, url)| {
        let path = docs.clone().key("links").key(title);
        (path, url)
    });
    api.chain(links)
        .filter(|(_, url)| !is_https(url))
        .map(|(path, url)| {
            Draft::new(Code::InsecureUrl, format!("`{url}` is not an https URL"))
                .help("give the full address, starting with https://")
                .path(path)
        })
        .collect()
}

fn is_https(url: &str) -> bool {
    url.strip_prefix("https://")
        .is_some_and(|rest| rest.contains('.') && !rest.contains(char::is_whitespace))
}
