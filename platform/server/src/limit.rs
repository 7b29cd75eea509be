//! How many requests each user may make.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use enterprise_teams::UserId;

/// How many buckets are kept before those that are full are looked for.
const SWEEP_MIN: usize = 1024;

/// A bucket for each user: full at first, filled up at an even pace, emptied by one with each request.
#[derive(Debug)]
pub(crate) struct Limiter {
    per_hour: u32,
    buckets: Mutex<Buckets>,
}

#[derive(Debug)]
struct Buckets {
    of: HashMap<UserId, Bucket>,
    /// At how many those that are full are given up.
    sweep_at: usize,
}

#[derive(Clone, Copy, Debug)]
struct Bucket {
    left: f64,
    at: Instant,
}

impl Bucket {
    fn filled(&self, full: f64, now: Instant) -> f64 {
        let passed = now.saturating_duration_since(self.at).as_secs_f64();
        full.min(self.left + passed * full / 3600.0)
    }
}

impl Limiter {
    pub(crate) fn new(per_hour: u32) -> Self {
        let buckets = Buckets { of: HashMap::new(), sweep_at: SWEEP_MIN };
        Self { per_hour, buckets: Mutex::new(buckets) }
    }

    /// Takes one request at `now`: how many are left, or `None` if none was.
    pub(crate) fn take(&self, user: UserId, now: Instant) -> Option<u32> {
        self.with(user, now, |bucket| {
            let left = bucket.left - 1.0;
            (left >= 0.0).then(|| {
                bucket.left = left;
                whole(left)
            })
        })
    }

    /// How many requests are left at `now`.
    pub(crate) fn left(&self, user: UserId, now: Instant) -> u32 {
        self.with(user, now, |bucket| whole(bucket.left))
    }

    fn with<T>(&self, user: UserId, now: Instant, act: impl FnOnce(&mut Bucket) -> T) -> T {
        let full = f64::from(self.per_hour);
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        let Buckets { of, sweep_at } = &mut *buckets;
        if of.len() >= *sweep_at {
            // One that is full again is as one that never was.
            of.retain(|_, bucket| bucket.filled(full, now) < full);
            *sweep_at = SWEEP_MIN.max(2 * of.len());
        }
        let bucket = of.entry(user).or_insert(Bucket { left: full, at: now });
        *bucket = Bucket { left: bucket.filled(full, now), at: now };
        act(bucket)
    }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "from 0 to the limit, which is a `u32`")]
fn whole(left: f64) -> u32 {
    left as u32
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use enterprise_teams::uuid::Uuid;

    use super::*;

    #[test]
    fn a_bucket_empties_and_fills() {
        let (limiter, start) = (Limiter::new(3), Instant::now());
        let [one, other] = [1, 2].map(|number| UserId::from_uuid(Uuid::from_u128(number)));
        let taken: Vec<_> = (0..4).map(|_| limiter.take(one, start)).collect();
        assert_eq!(taken, [Some(2), Some(1), Some(0), None]);
        assert_eq!((limiter.left(one, start), limiter.left(other, start)), (0, 3));
        let soon = start + Duration::from_secs(1199);
        assert_eq!(limiter.take(one, soon), None);
        let later = start + Duration::from_secs(1201);
        assert_eq!((limiter.take(one, later), limiter.take(one, later)), (Some(0), None));
        assert_eq!(limiter.left(one, start + Duration::from_secs(99_999)), 3);
        assert_eq!(limiter.left(one, start), 3, "time does not run backwards");
    }

    #[test]
    fn buckets_that_are_full_are_given_up() {
        let (limiter, start) = (Limiter::new(3600), Instant::now());
        let user = |number: u64| UserId::from_uuid(Uuid::from_u128(number.into()));
        let len = || limiter.buckets.lock().unwrap().of.len();
        for number in 0..10_000 {
            limiter.take(user(number), start + Duration::from_secs(number));
        }
        assert!(len() <= SWEEP_MIN, "{}", len());
        for number in 0..10_000 {
            limiter.take(user(number), start + Duration::from_secs(10_000));
        }
        assert!(len() > 9_000, "nobody's use is forgotten: {}", len());
    }
}
