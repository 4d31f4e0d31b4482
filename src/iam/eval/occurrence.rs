//! The first place of a piece with question marks in a text, many places at a time.
//! Plain search would take length times length, which hostile patterns would make long.

/// The text behind the first occurrence of `masks`, in which `None` is any character.
pub(super) fn after_first<'t>(masks: &[Option<char>], text: &'t str) -> Option<&'t str> {
    let chars: Vec<char> = text.chars().collect();
    let starts = (chars.len() + 1).checked_sub(masks.len())?;
    let mut open = Places::all(starts);
    let mut known: Vec<(char, Places)> = Vec::new();
    for (offset, mask) in masks.iter().enumerate() {
        let Some(wanted) = mask else { continue };
        if known.iter().all(|(c, _)| c != wanted) {
            known.push((*wanted, Places::of(*wanted, &chars)));
        }
        if let Some((_, places)) = known.iter().find(|(c, _)| c == wanted) {
            open.keep(places, offset);
        }
    }
    let begin = open.first()?;
    let (at, last) = text
        .char_indices()
        .nth((begin + masks.len()).checked_sub(1)?)?;
    text.get(at + last.len_utf8()..)
}

/// A set of positions, one bit each.
struct Places(Vec<u64>);

impl Places {
    fn all(count: usize) -> Self {
        let bits = |word: usize| match count.saturating_sub(word * 64) {
            64.. => u64::MAX,
            rest => (1 << rest) - 1,
        };
        Self((0..count.div_ceil(64)).map(bits).collect())
    }

    fn of(wanted: char, chars: &[char]) -> Self {
        let word = |chunk: &[char]| {
            let found = chunk.iter().enumerate().filter(|(_, c)| **c == wanted);
            found.fold(0, |bits, (index, _)| bits | 1 << index)
        };
        Self(chars.chunks(64).map(word).collect())
    }

    /// Keeps the positions that `places` holds `offset` further on.
    fn keep(&mut self, places: &Self, offset: usize) {
        let (words, bits) = (offset / 64, offset % 64);
        let at = |index: usize| places.0.get(index).copied().unwrap_or(0);
        for (index, word) in self.0.iter_mut().enumerate() {
            let low = at(index + words) >> bits;
            let high = at(index + words + 1)
                .checked_shl(64 - bits as u32)
                .unwrap_or(0);
            *word &= low | high;
        }
    }

    fn first(&self) -> Option<usize> {
        let mut words = self.0.iter().enumerate();
        let (index, word) = words.find(|(_, word)| **word != 0)?;
        Some(index * 64 + word.trailing_zeros() as usize)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn plainly<'t>(masks: &[Option<char>], text: &'t str) -> Option<&'t str> {
        let chars: Vec<(usize, char)> = text.char_indices().collect();
        let fits = |window: &&[(usize, char)]| {
            let mut pairs = window.iter().zip(masks);
            pairs.all(|((_, c), mask)| mask.is_none_or(|m| m == *c))
        };
        let window = chars.windows(masks.len()).find(fits)?;
        let (at, last) = window.last()?;
        text.get(at + last.len_utf8()..)
    }

    proptest! {
        #[test]
        fn it_agrees_with_plain_search(pattern in "[abé?]{1,70}", text in "[abé]{0,200}", run in 0_usize..140) {
            let text = "a".repeat(run) + &text;
            let masks: Vec<Option<char>> = pattern.chars().map(|c| (c != '?').then_some(c)).collect();
            prop_assert_eq!(after_first(&masks, &text), plainly(&masks, &text));
            prop_assert_eq!(after_first(&masks[..masks.len().min(3)], &text), plainly(&masks[..masks.len().min(3)], &text));
        }
    }
}
