//! Names with a position each: found in the same time, however many there are.
//!
//! Why not `HashMap`: its hash is made to withstand names that an attacker adds, and takes several
//! times as long as this one. The names here come from options and keys alone, and a name from a
//! token is only looked up: in fewer steps than there are names.

/// Names in order of adding.
#[derive(Clone, Debug, Default)]
pub(crate) struct Names {
    names: Vec<Box<[u8]>>,
    /// At the hash of a name, or behind it where that was taken: its position and one, or 0. At
    /// least half of them are 0, so that a search ends; a power of two in number.
    slots: Vec<u32>,
}

impl Names {
    /// Adds a name that is not yet there.
    pub(crate) fn push(&mut self, name: &[u8]) {
        self.names.push(name.into());
        if self.names.len() * 2 > self.slots.len() {
            self.slots = vec![0; self.names.len().next_power_of_two() * 4];
            (0..self.names.len()).for_each(|position| self.place(position));
        } else {
            self.place(self.names.len() - 1);
        }
    }

    fn place(&mut self, position: usize) {
        let free = probe(&self.names[position], self.slots.len()).find(|slot| self.slots[*slot] == 0);
        let number = u32::try_from(position + 1).expect("fewer names than fit into memory");
        self.slots[free.expect("half of the slots are free")] = number;
    }

    pub(crate) fn len(&self) -> usize {
        self.names.len()
    }

    /// The position of a name.
    #[inline(never)] // small where nothing is looked for
    pub(crate) fn position(&self, name: &[u8]) -> Option<usize> {
        if self.slots.is_empty() {
            return None;
        }
        let numbers = probe(name, self.slots.len()).map(|slot| self.slots[slot] as usize);
        let mut positions = numbers.map_while(|number| number.checked_sub(1));
        positions.find(|position| *self.names[*position] == *name)
    }

    /// As [`position`](Self::position), of a name that is told by comparison alone.
    pub(crate) fn position_by(&self, mut matches: impl FnMut(&[u8]) -> bool) -> Option<usize> {
        self.names.iter().position(|name| matches(name))
    }
}

/// The slots where a name may be, in order.
#[inline]
fn probe(name: &[u8], slots: usize) -> impl Iterator<Item = usize> {
    let first = hash(name) as usize & (slots - 1);
    (first..).map(move |slot| slot & (slots - 1))
}

/// Each word is mixed in by a multiplication, which carries a difference to the left, and a shift,
/// which brings it back.
#[inline]
fn hash(name: &[u8]) -> u32 {
    const FACTOR: u64 = 0x9e37_79b9_7f4a_7c15; // odd, and with no pattern: 2^64 divided by the golden ratio
    let mix = |hash: u64, word: u64| {
        let product = (hash ^ word).wrapping_mul(FACTOR);
        product ^ product >> 32
    };
    let (words, rest) = name.as_chunks::<8>();
    let hash = words.iter().fold(name.len() as u64, |hash, word| mix(hash, u64::from_le_bytes(*word)));
    let hash = mix(hash, rest.iter().fold(0, |word, byte| word << 8 | u64::from(*byte)));
    #[allow(clippy::cast_possible_truncation)] // the upper half
    let upper = (hash.wrapping_mul(FACTOR) >> 32) as u32;
    upper
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_is_found_and_no_other() {
        let mut names = Names::default();
        assert_eq!(names.position(b""), None);
        let all: Vec<String> = (0..1000).map(|number| format!("{:1$}", number, number % 20)).collect();
        for (position, name) in all.iter().enumerate() {
            assert_eq!(names.position(name.as_bytes()), None, "{name}");
            names.push(name.as_bytes());
            assert_eq!(names.position(name.as_bytes()), Some(position), "{name}");
            assert!(names.slots.len().is_power_of_two() && names.slots.len() >= 2 * names.len(), "a search ends soon");
        }
        assert_eq!(names.len(), 1000);
        for (position, name) in all.iter().enumerate() {
            assert_eq!(names.position(name.as_bytes()), Some(position), "{name}");
            assert_eq!(names.position_by(|other| other == name.as_bytes()), Some(position));
            assert_eq!(names.position(format!("{name}x").as_bytes()), None);
        }
        assert_eq!(names.position_by(|_| false), None);
        let slots = &names.slots;
        let steps = |(position, name): (usize, &String)| {
            probe(name.as_bytes(), slots.len()).position(|slot| slots[slot] as usize == position + 1)
        };
        let beyond_the_first: usize = all.iter().enumerate().map(|each| steps(each).unwrap()).sum();
        assert!(beyond_the_first < all.len(), "{beyond_the_first} steps for {} names", all.len());
    }

    /// Else a search would take as many steps as there are names.
    #[test]
    fn names_that_differ_in_one_place_are_spread() {
        for len in [1, 7, 8, 9, 60] {
            for at in 0..len {
                let hashes: std::collections::HashSet<_> = (b'0'..=b'z')
                    .map(|byte| {
                        let mut name = vec![b'.'; len];
                        name[at] = byte;
                        hash(&name) & 0xff
                    })
                    .collect();
                assert!(hashes.len() > 40, "{} of 75 differ with byte {at} of {len}", hashes.len());
            }
        }
    }
}
