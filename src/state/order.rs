//! Places in an order.

use super::Ix;

/// Places in the order of what stands there, in runs, so that one more moves few others: four bytes each, and what the last run has
/// to spare. What comes before what, whoever holds the rows says.
pub(super) struct Order<R> {
    runs: Vec<Vec<Ix<R>>>,
}

/// How long a run grows before it is halved.
const RUN_MAX: usize = 256;

impl<R> Default for Order<R> {
    fn default() -> Self {
        Self { runs: Vec::new() }
    }
}

impl<R> Clone for Order<R> {
    fn clone(&self) -> Self {
        Self { runs: self.runs.clone() }
    }
}

impl<R> Order<R> {
    /// The run and the place in it of the first that does not come `before`.
    pub(super) fn find(&self, before: impl Fn(Ix<R>) -> bool) -> (usize, usize) {
        let run = self.runs.partition_point(|run| run.last().is_some_and(|last| before(*last)));
        (run, self.runs.get(run).map_or(0, |run| run.partition_point(|one| before(*one))))
    }

    /// Puts `new` after all that come `before` it.
    pub(super) fn insert(&mut self, new: Ix<R>, before: impl Fn(Ix<R>) -> bool) {
        let (run, at) = self.find(before);
        let Some(found) = self.runs.get_mut(run) else {
            return self.push(new);
        };
        found.insert(at, new);
        if found.len() > RUN_MAX {
            let half = found.split_off(RUN_MAX / 2);
            found.shrink_to_fit();
            self.runs.insert(run + 1, half);
        }
    }

    /// What comes last fills runs one after the other.
    fn push(&mut self, new: Ix<R>) {
        match self.runs.last_mut() {
            Some(last) if last.len() < RUN_MAX => last.push(new),
            _ => self.runs.push(vec![new]),
        }
    }

    /// Takes out `old`, which is the first that does not come `before` it.
    pub(super) fn remove(&mut self, old: Ix<R>, before: impl Fn(Ix<R>) -> bool) {
        let (run, at) = self.find(before);
        let Some(found) = self.runs.get_mut(run).filter(|found| found.get(at) == Some(&old)) else { return };
        found.remove(at);
        if found.is_empty() {
            self.runs.remove(run);
        }
    }

    /// What stands from there on.
    pub(super) fn from(&self, (run, at): (usize, usize)) -> impl Iterator<Item = Ix<R>> {
        self.runs.iter().skip(run).flatten().skip(at).copied()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Ix, Order, RUN_MAX};

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(32))]

        /// Numbers in their own order, as a set holds them.
        #[test]
        fn it_holds_what_was_put_in_in_order(steps in prop::collection::vec((0..2_000_u32, 0..4_u8), 0..3_000), sorted: bool) {
            let (mut order, mut set) = (Order::<()>::default(), std::collections::BTreeSet::new());
            for (index, (number, kind)) in (0..).zip(steps) {
                let number = if sorted { index } else { number };
                let before = |one: Ix<()>| one.number() < number;
                if kind == 0 {
                    order.remove(Ix::new(number), before);
                    set.remove(&number);
                } else if set.insert(number) {
                    order.insert(Ix::new(number), before);
                }
            }
            prop_assert!(order.runs.iter().all(|run| (1..=RUN_MAX).contains(&run.len())));
            for start in [0, 1, 700, 1_999, 5_000] {
                let found: Vec<u32> = order.from(order.find(|one| one.number() < start)).map(Ix::number).collect();
                prop_assert_eq!(found, set.range(start..).copied().collect::<Vec<_>>());
            }
        }
    }
}
