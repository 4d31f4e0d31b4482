//! A value that its clones share until one of them is changed.
//! Wanted state, plan and calls hold the same policies: at a thousand services that is most of
//! what there is to hold.

use std::{
    ops::{Deref, DerefMut},
    sync::Arc,
};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::resource::{Linked, Ref};

/// Reads like a `T`, clones like a pointer, and copies when it is changed while shared.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Shared<T>(Arc<T>);

impl<T> From<T> for Shared<T> {
    fn from(value: T) -> Self {
        Self(Arc::new(value))
    }
}

impl<T> Deref for Shared<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T: Clone> DerefMut for Shared<T> {
    fn deref_mut(&mut self) -> &mut T {
        Arc::make_mut(&mut self.0)
    }
}

impl<A, T: FromIterator<A>> FromIterator<A> for Shared<T> {
    fn from_iter<I: IntoIterator<Item = A>>(items: I) -> Self {
        T::from_iter(items).into()
    }
}

impl<'a, T> IntoIterator for &'a Shared<T>
where
    &'a T: IntoIterator,
{
    type Item = <&'a T as IntoIterator>::Item;
    type IntoIter = <&'a T as IntoIterator>::IntoIter;

    fn into_iter(self) -> Self::IntoIter {
        (&**self).into_iter()
    }
}

impl<T: Serialize> Serialize for Shared<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        (**self).serialize(serializer)
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Shared<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        T::deserialize(deserializer).map(Into::into)
    }
}

impl<T: Linked + Clone> Linked for Shared<T> {
    fn each_ref(&mut self, visit: &mut dyn FnMut(&mut Ref)) {
        (**self).each_ref(visit);
    }

    fn each_text_ref(&mut self, visit: &mut dyn FnMut(&mut Ref)) {
        (**self).each_text_ref(visit);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_is_seen_by_one_clone_only() {
        let one: Shared<Vec<u8>> = vec![1].into();
        let mut two = one.clone();
        assert!(std::ptr::eq(&*one, &*two));
        two.push(2);
        assert_eq!((&*one, &*two), (&vec![1], &vec![1, 2]));
    }
}
