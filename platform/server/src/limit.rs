//! How many requests each user may make.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use enterprise_teams::UserId;

/// A bucket for each user: full at first, filled up at an even pace, emptied by one with each request.
#[derive(Debug)]
pub(crate) struct Limiter {
    per_hour: u32,
    buckets: Mutex<HashMap<UserId, Bucket>>,
}

#[derive(Clone, Copy, Debug)]
struct Bucket {
    left: f64,
    at: Instant,
}

impl Limiter {
    pub(crate) fn new(per_hour: u32) -> Self {
        Self { per_hour, buckets: Mutex::default() }
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
        let bucket = buckets.entry(user).or_insert(Bucket { left: full, at: now });
        let passed = now.saturating_duration_since(bucket.at).as_secs_f64();
        *bucket = Bucket { left: full.min(bucket.left + passed * full / 3600.0), at: now };
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
}
