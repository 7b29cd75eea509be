//! The ends that memberships, grants and permissions carry (END-1).

use std::collections::{BTreeMap, BTreeSet};

use uuid::Uuid;

use super::Moment;
use crate::entity::{Held, Owner};
use crate::ids::{AppId, GroupId, SpaceId, TeamId, UserId};

/// What comes before all that ends at the same time.
const FIRST: Held = Held::Membership { team: TeamId::from_uuid(Uuid::nil()), user: UserId::from_uuid(Uuid::nil()) };

/// What ends when, and what ended with which event.
#[derive(Clone, Default)]
pub(crate) struct Ends {
    /// When each ends, and whose the team, the app or the space is.
    of: BTreeMap<Held, (Moment, Owner)>,
    /// What ends, the first end first.
    due: BTreeSet<(Moment, Held)>,
    /// As `due`, for each owner.
    owned: BTreeSet<(Owner, Moment, Held)>,
    /// The ends of what events of the log took away, with the numbers of the events, the last one last, with which they are taken back.
    pub(super) gone: Vec<(u64, Held, Moment)>,
}

impl Ends {
    /// Whether nothing ends.
    #[inline]
    pub(crate) fn is_empty(&self) -> bool {
        self.of.is_empty()
    }

    #[inline]
    pub(crate) fn get(&self, held: Held) -> Option<Moment> {
        // A look-up whose key need not even be made where nothing ends.
        if self.is_empty() { None } else { self.of.get(&held).map(|(at, _)| *at) }
    }

    /// The first end.
    pub(crate) fn first(&self) -> Option<Moment> {
        self.due.first().map(|(at, _)| *at)
    }

    /// What ends, the first end first.
    pub(crate) fn all(&self) -> impl ExactSizeIterator<Item = (Moment, Held)> {
        self.due.iter().copied()
    }

    /// The last of the ends that are over by then.
    pub(crate) fn last_due(&self, now: Moment) -> Option<Moment> {
        self.due.range(..(now.next(), FIRST)).next_back().map(|(at, _)| *at)
    }

    /// What has ended by then, the first end first.
    pub(crate) fn due(&self, now: Moment) -> impl Iterator<Item = (Moment, Held)> {
        self.due.iter().copied().take_while(move |(at, _)| *at <= now)
    }

    /// What of this owner ends, after `after` if that is given, the first end first.
    pub(crate) fn of_owner(&self, owner: Owner, after: Option<(Moment, Held)>) -> impl Iterator<Item = (Moment, Held)> {
        let (at, held) = after.unwrap_or((Moment::MIN, FIRST));
        let listed = self.owned.range((owner, at, held)..).take_while(move |(of, ..)| *of == owner);
        listed.map(|(_, at, held)| (*at, *held)).skip_while(move |one| Some(*one) == after)
    }

    pub(crate) fn set(&mut self, held: Held, owner: Owner, to: Option<Moment>) {
        if let Some((at, owner)) = self.of.remove(&held) {
            self.due.remove(&(at, held));
            self.owned.remove(&(owner, at, held));
        }
        if let Some(at) = to {
            self.of.insert(held, (at, owner));
            self.due.insert((at, held));
            self.owned.insert((owner, at, held));
        }
    }

    /// What goes with this event carries no end any more; what it carried is kept.
    pub(super) fn take(&mut self, seq: u64, held: Held) {
        if let Some((at, owner)) = self.of.get(&held).copied() {
            self.set(held, owner, None);
            self.gone.push((seq, held, at));
        }
    }

    /// What comes back with the event that took it away carries the end that it carried.
    pub(super) fn give_back(&mut self, seq: u64, held: Held, owner: Owner) {
        if let Some((_, _, at)) = self.gone.pop_if(|(number, taken, _)| (*number, *taken) == (seq, held)) {
            self.set(held, owner, Some(at));
        }
    }

    /// The app belongs to somebody else.
    pub(super) fn move_app(&mut self, app: AppId, to: Owner) {
        let [user, last_user] = [Uuid::nil(), Uuid::max()].map(UserId::from_uuid);
        let [group, last_group] = [Uuid::nil(), Uuid::max()].map(GroupId::from_uuid);
        self.reown(Held::Grant { app, user }, Held::Grant { app, user: last_user }, to);
        self.reown(Held::GroupGrant { app, group }, Held::GroupGrant { app, group: last_group }, to);
    }

    /// The space belongs to another team.
    pub(super) fn move_space(&mut self, space: SpaceId, to: Owner) {
        let [user, last] = [Uuid::nil(), Uuid::max()].map(UserId::from_uuid);
        self.reown(Held::AppCreation { space, user }, Held::AppCreation { space, user: last }, to);
    }

    fn reown(&mut self, from: Held, until: Held, to: Owner) {
        let moved: Vec<_> = self.of.range(from..=until).map(|(held, (at, _))| (*held, *at)).collect();
        for (held, at) in moved {
            self.set(held, to, Some(at));
        }
    }

    /// Forgets what events up to this number took away.
    pub(super) fn forget(&mut self, seq: u64) {
        let kept = self.gone.partition_point(|(number, ..)| *number <= seq);
        self.gone.drain(..kept);
    }

    /// Whether the lists agree.
    pub(crate) fn agree(&self) -> bool {
        let lists = self.of.len() == self.due.len() && self.of.len() == self.owned.len();
        lists
            && self.of.iter().all(|(held, (at, owner))| {
                self.due.contains(&(*at, *held)) && self.owned.contains(&(*owner, *at, *held))
            })
    }

    /// Whose that is, as it was recorded.
    pub(crate) fn owner(&self, held: Held) -> Option<Owner> {
        self.of.get(&held).map(|(_, owner)| *owner)
    }
}

#[cfg(test)]
mod tests {
    use super::{AppId, Ends, Held, Moment, Owner, Uuid};

    const ENDS_AT: Moment = Moment::MIN;
    const OTHER: Moment = Moment::MIN.next();

    fn one() -> (Ends, Held, Owner) {
        let (mut ends, held) = (Ends::default(), Held::Grant { app: Uuid::nil().into(), user: Uuid::nil().into() });
        let owner = Owner::Team(Uuid::nil().into());
        ends.set(held, owner, Some(ENDS_AT));
        (ends, held, owner)
    }

    #[test]
    fn lists_that_differ_do_not_agree() {
        assert!(Ends::default().agree() && one().0.agree());
        let spoil: [fn(&mut Ends, Held, Owner); 9] = [
            |ends, held, _| _ = ends.due.insert((OTHER, held)),
            |ends, held, owner| _ = ends.owned.insert((owner, OTHER, held)),
            |ends, held, _| ends.due = [(OTHER, held)].into(),
            |ends, held, owner| ends.owned = [(owner, OTHER, held)].into(),
            |ends, held, _| _ = ends.of.remove(&held),
            |ends, held, _| _ = ends.due.remove(&(ENDS_AT, held)),
            |ends, held, owner| _ = ends.owned.remove(&(owner, ENDS_AT, held)),
            |ends, held, owner| _ = ends.of.insert(held, (Moment::from(chrono::DateTime::UNIX_EPOCH), owner)),
            |ends, held, _| _ = ends.of.insert(held, (ENDS_AT, Owner::User(Uuid::nil().into()))),
        ];
        for (case, spoil) in spoil.into_iter().enumerate() {
            let (mut ends, held, owner) = one();
            spoil(&mut ends, held, owner);
            assert!(!ends.agree(), "case {case}");
        }
    }

    #[test]
    fn what_was_taken_is_given_back_once_with_its_event() {
        let (mut ends, held, owner) = one();
        ends.take(7, held);
        assert!(ends.is_empty() && ends.agree());
        ends.take(7, held);
        for (seq, other) in
            [(6, held), (7, Held::Grant { app: AppId::from_uuid(Uuid::max()), user: Uuid::nil().into() })]
        {
            ends.give_back(seq, other, owner);
            assert!(ends.is_empty());
        }
        ends.give_back(7, held, owner);
        assert_eq!((ends.get(held), ends.gone.len()), (Some(ENDS_AT), 0));
        ends.take(8, held);
        ends.forget(7);
        assert_eq!(ends.gone.len(), 1);
        ends.forget(8);
        assert_eq!(ends.gone.len(), 0);
    }
}
