//! Values that the host names by a number.

/// A handle is a position plus one, so that 0 is never one. A freed handle is given out again: the
/// host frees each once.
pub(crate) struct Slab<T> {
    // Boxed, so that growing the list moves no key material and leaves none behind.
    entries: Vec<Option<Box<T>>>,
    free: Vec<usize>,
}

impl<T> Slab<T> {
    pub(crate) const fn new() -> Self {
        Slab { entries: vec![], free: vec![] }
    }

    pub(crate) fn add(&mut self, value: T) -> usize {
        let at = self.free.pop().unwrap_or_else(|| {
            self.entries.push(None);
            self.entries.len() - 1
        });
        self.entries[at] = Some(Box::new(value));
        at + 1
    }

    /// `None` for a handle that was not given out.
    pub(crate) fn get(&self, handle: usize) -> Option<&T> {
        self.entries.get(handle.wrapping_sub(1))?.as_deref()
    }

    /// Drops the value. A handle that was not given out is passed over.
    pub(crate) fn free(&mut self, handle: usize) {
        let at = handle.wrapping_sub(1);
        if self.entries.get_mut(at).and_then(Option::take).is_some() {
            self.free.push(at);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_handle_is_good_until_it_is_freed() {
        let mut slab = Slab::new();
        let (a, b) = (slab.add('a'), slab.add('b'));
        assert_eq!((a, b), (1, 2));
        assert_eq!((slab.get(a), slab.get(b)), (Some(&'a'), Some(&'b')));
        assert_eq!((slab.get(0), slab.get(3), slab.get(usize::MAX)), (None, None, None));
        slab.free(a);
        slab.free(a);
        slab.free(0);
        slab.free(9);
        assert_eq!((slab.get(a), slab.get(b)), (None, Some(&'b')));
        assert_eq!((slab.add('c'), slab.add('d')), (1, 3));
    }
}
