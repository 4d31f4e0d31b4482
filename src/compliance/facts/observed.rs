//! One declared resource as the account shows it: there, absent, or not known.
//! The only way from a snapshot to a fact, so that no ignorance gets lost on it.

use crate::{
    model::Address,
    resource::{Kind, Read, Unread, UnreadReason},
    snapshot::Snapshot,
};

/// A reading of both values.
pub(super) fn both<A, B>(a: Read<A>, b: Read<B>) -> Read<(A, B)> {
    match (a, b) {
        (Read::Known(a), Read::Known(b)) => Read::Known((a, b)),
        (Read::Unread(why), _) | (_, Read::Unread(why)) => Read::Unread(why),
    }
}

/// A reading of a reading.
pub(super) fn flatten<T>(reading: Read<Read<T>>) -> Read<T> {
    match reading {
        Read::Known(inner) => inner,
        Read::Unread(why) => Read::Unread(why),
    }
}

/// How many resources of the kind were listed, or why it is not known.
pub(super) fn listing<K: Kind>(snapshot: &Snapshot) -> Read<u64> {
    let unlisted = || Read::Unread(unread::<K>(UnreadReason::Failed, "was not listed"));
    snapshot
        .coverage
        .listings
        .get(&K::NAME)
        .cloned()
        .unwrap_or_else(unlisted)
}

/// A declared resource in a snapshot.
pub(super) struct Observed<'a, K>(Read<Option<&'a K>>);

impl<'a, K: Kind> Observed<'a, K> {
    /// Looks for the resource; where it is absent, the listing says whether that is known.
    pub(super) fn of(snapshot: &'a Snapshot, name: &str) -> Self {
        if let Some(found) = K::table(&snapshot.resources).get(name) {
            return Self(Read::Known(Some(found)));
        }
        let address = Address::new(K::NAME, name);
        let disputed = snapshot.conflicts.iter().find(|c| c.address == address);
        Self(match disputed {
            Some(conflict) => Read::Unread(unread::<K>(UnreadReason::Malformed, &conflict.reason)),
            None => listing::<K>(snapshot).map(|_| None),
        })
    }

    /// A resource as it is declared.
    pub(super) fn declared(resource: Option<&'a K>) -> Self {
        Self(Read::Known(resource))
    }

    /// A resource that is there.
    pub(super) fn there(resource: &'a K) -> Self {
        Self(Read::Known(Some(resource)))
    }

    /// Whether it is there.
    pub(super) fn exists(&self) -> Read<bool> {
        self.0.as_ref().map(|found| found.is_some())
    }

    /// One facet of it.
    pub(super) fn facet<T>(&self, facet: impl FnOnce(&'a K) -> &'a Read<T>) -> Read<&'a T> {
        flatten(self.plain(|resource| facet(resource).as_ref()))
    }

    /// Something that is known of every resource that is there.
    pub(super) fn plain<T>(&self, value: impl FnOnce(&'a K) -> T) -> Read<T> {
        match &self.0 {
            Read::Known(Some(resource)) => Read::Known(value(resource)),
            Read::Known(None) => {
                Read::Unread(unread::<K>(UnreadReason::Failed, "it does not exist"))
            }
            Read::Unread(why) => Read::Unread(why.clone()),
        }
    }
}

fn unread<K: Kind>(reason: UnreadReason, message: &str) -> Unread {
    Unread {
        call: K::LISTING.to_owned(),
        reason,
        message: message.to_owned(),
    }
}
