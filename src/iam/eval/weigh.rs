//! What the statements of one layer say to a request. Layers are not compared here.

use super::{
    Doubt, Layers, Truth,
    layers::{Layer, Place},
    policy::Asked,
    principal::Grade,
    verdict::Reason,
};
use crate::iam::Effect;

/// What one layer says.
#[derive(Debug, Default)]
pub(super) struct Weight {
    /// The Deny statements that apply, or cannot be told not to.
    pub denies: Vec<Reason>,
    /// The Allow that means the caller most directly.
    pub allows: Option<(Place, Grade)>,
    /// Allow statements that cannot be told to apply.
    pub doubts: Vec<(Place, Doubt)>,
    /// Whether there is any Allow, of whatever.
    pub has_allow: bool,
}

/// Asks every statement of a layer.
pub(super) fn weigh(layers: &Layers, layer: Layer, asked: &Asked<'_>) -> Weight {
    let role = layers.role(layer, asked.action);
    let mut weight = Weight::default();
    for (policy, document) in layers.policies(layer).iter().enumerate() {
        for (statement, content) in document.statements().iter().enumerate() {
            let (answer, grade) = content.applies(role, asked);
            let place = Place {
                layer,
                policy,
                statement,
            };
            weight.add(content.effect(), answer, place, grade);
        }
    }
    weight
}

impl Weight {
    fn add(&mut self, effect: Effect, answer: Truth, place: Place, grade: Grade) {
        self.has_allow |= effect == Effect::Allow;
        match (effect, answer) {
            (_, Truth::No) => {}
            (Effect::Deny, Truth::Yes) => self.denies.push(Reason::Denies(place, None)),
            (Effect::Deny, Truth::Unclear(doubt)) => {
                self.denies.push(Reason::Denies(place, Some(doubt)));
            }
            (Effect::Allow, Truth::Unclear(doubt)) => self.doubts.push((place, doubt)),
            (Effect::Allow, Truth::Yes) => {
                if self.allows.is_none_or(|(_, known)| known < grade) {
                    self.allows = Some((place, grade));
                }
            }
        }
    }

    /// The Allow, as a reason.
    pub fn reason(&self) -> Option<Reason> {
        self.allows.map(|(place, _)| Reason::Allows(place))
    }
}
