//! CPU time of this thread, so that the work of others on the machine counts little; contenders take turns, so that what does
//! count falls on all of them.

use std::time::Duration;

use cpu_time::ThreadTime;

/// How long each contender takes for one operation, in nanoseconds: the median over the rounds.
pub(crate) struct Figures(Vec<Vec<f64>>);

impl Figures {
    pub(crate) fn ns(&self, contender: usize) -> f64 {
        median(self.0[contender].clone())
    }

    /// The median of what the contender takes for each nanosecond of the other, round by round.
    pub(crate) fn ratio(&self, contender: usize, to: usize) -> f64 {
        median(self.0[contender].iter().zip(&self.0[to]).map(|(one, other)| one / other).collect())
    }
}

pub(crate) fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

/// A pass does some operations, and says how many.
pub(crate) type Pass<'a> = &'a mut dyn FnMut() -> usize;

/// Lets the contenders take turns for so many rounds, after one round that does not count.
pub(crate) fn take_turns(rounds: usize, contenders: &mut [Pass<'_>]) -> Figures {
    let mut figures = vec![Vec::new(); contenders.len()];
    for round in 0..=rounds {
        for (contender, pass) in contenders.iter_mut().enumerate() {
            let start = ThreadTime::now();
            let operations = pass();
            let ns = per_operation(start.elapsed(), operations);
            if round > 0 {
                figures[contender].push(ns);
            }
        }
    }
    Figures(figures)
}

pub(crate) fn per_operation(time: Duration, operations: usize) -> f64 {
    time.as_secs_f64() * 1e9 / operations as f64
}

/// What it gives, and the CPU time that it took.
pub(crate) fn timed<T>(act: impl FnOnce() -> T) -> (T, Duration) {
    let start = ThreadTime::now();
    let made = act();
    (made, start.elapsed())
}
