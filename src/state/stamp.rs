//! Since when something is so, and when it last changed: sixteen bytes, for there are as many as memberships and grants.

use chrono::{DateTime, Utc};

use super::change::{Change, Direction, Pair, Thing, changes};
use super::{AppRow, State};
use crate::entity::{Ending, Times};
use crate::event::{AuditEvent, Event};
use crate::ids::{AppId, GroupId, SpaceId, TeamId, UserId};

/// A time in whole microseconds, as all are that a store records.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) struct Moment(i64);

impl Moment {
    pub(crate) const MIN: Self = Self(i64::MIN);

    /// A microsecond later.
    pub(crate) const fn next(self) -> Self {
        Self(self.0.saturating_add(1))
    }
}

impl From<DateTime<Utc>> for Moment {
    fn from(time: DateTime<Utc>) -> Self {
        Self(time.timestamp_micros())
    }
}

impl From<Moment> for DateTime<Utc> {
    fn from(moment: Moment) -> Self {
        Self::from_timestamp_micros(moment.0).unwrap_or_default()
    }
}

#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub(crate) struct Stamp {
    pub(crate) since: Moment,
    pub(crate) changed: Moment,
}

impl From<Times> for Stamp {
    fn from(Times { since, changed_at }: Times) -> Self {
        Self::of(since, changed_at)
    }
}

impl From<Stamp> for Times {
    fn from(Stamp { since, changed }: Stamp) -> Self {
        Self { since: since.into(), changed_at: changed.into() }
    }
}

impl Stamp {
    fn of(since: DateTime<Utc>, changed: DateTime<Utc>) -> Self {
        Self { since: since.into(), changed: changed.into() }
    }

    /// Of what never changes while it is so.
    pub(crate) const fn once(since: Moment) -> Self {
        Self { since, changed: since }
    }

    /// Of what is made of two things.
    pub(crate) fn both(self, other: Self) -> Self {
        Self { since: self.since.min(other.since), changed: self.changed.max(other.changed) }
    }

    /// Of what was not so before.
    pub(crate) fn not_before(self, moment: Moment) -> Self {
        Self { since: self.since.max(moment), changed: self.changed.max(moment) }
    }
}

/// What of a change has times.
enum Timed {
    Member(TeamId, UserId),
    Grant(AppId, UserId),
    GroupMember(GroupId, UserId),
    GroupGrant(AppId, GroupId),
    Coupling(AppId),
    AppCreator(SpaceId, UserId),
    SpaceTeam(SpaceId),
    Thing(Thing),
}

/// What of the change has times, and how many of them it replaces or ends. These are kept as long as the event is, so that it can be
/// taken back.
fn timed(change: Change<'_>) -> Option<(Timed, usize)> {
    fn replaced<T: Copy>(pair: Pair<Option<T>>) -> usize {
        match pair {
            (None, _) => 0,
            (Some(_), Some(_)) => 1,
            (Some(_), None) => 2,
        }
    }
    Some(match change {
        Change::Member(team, user, pair) => (Timed::Member(team, user), replaced(pair)),
        Change::Grant(app, user, pair) => (Timed::Grant(app, user), replaced(pair)),
        Change::GroupMember(group, user, (before, _)) => (Timed::GroupMember(group, user), before.into_iter().count()),
        Change::GroupGrant(app, group, pair) => (Timed::GroupGrant(app, group), replaced(pair)),
        Change::Coupling(app, pair) => (Timed::Coupling(app), replaced(pair)),
        Change::AppCreator(space, user, (before, _)) => (Timed::AppCreator(space, user), before.into_iter().count()),
        Change::SpaceTeam(space, _) => (Timed::SpaceTeam(space), 1),
        Change::Changed(thing) => (Timed::Thing(thing), 1),
        Change::Options(_)
        | Change::Field(_)
        | Change::User(_)
        | Change::Team(_)
        | Change::Invitation(_)
        | Change::NameDraw(_)
        | Change::App(_)
        | Change::Owner(..)
        | Change::History(..)
        | Change::Group(_)
        | Change::Role(_)
        | Change::Dyno(..)
        | Change::Transfer(_)
        | Change::Space(_)
        | Change::Pipeline(_)
        | Change::PipelineOwner(..)
        | Change::Account(_)
        | Change::AccountMember(..)
        | Change::TeamAccount(..)
        | Change::AddOn(_)
        | Change::Plan(..)
        | Change::AllowedAddOn(..)
        | Change::End(..) => return None,
    })
}

/// How many times an event replaces or ends.
fn replaced_by(event: &Event) -> usize {
    let mut all = 0;
    changes(event, &mut |change| all += timed(change).map_or(0, |(_, replaced)| replaced));
    all
}

impl State {
    /// The times of what comes, changes or goes, once it has.
    pub(super) fn restamped(&mut self, held: Option<Stamp>, stays: bool, direction: Direction) -> Option<Stamp> {
        let now = self.last_at.into();
        match (direction, held, stays) {
            (Direction::Forwards, None, true) => Some(Stamp { since: now, changed: now }),
            (Direction::Forwards, Some(held), true) => {
                self.replaced.push(held.changed);
                Some(Stamp { changed: now, ..held })
            }
            (Direction::Forwards, Some(held), false) => {
                self.replaced.extend([held.since, held.changed]);
                None
            }
            (Direction::Backwards, None, true) => {
                let changed = self.last_replaced();
                Some(Stamp { since: self.last_replaced(), changed })
            }
            (Direction::Backwards, Some(held), true) => Some(Stamp { changed: self.last_replaced(), ..held }),
            (Direction::Backwards, Some(_), false) | (_, None, false) => None,
        }
    }

    /// The one time of what comes or goes and never changes, once it has.
    pub(super) fn once(&mut self, held: Option<Moment>, direction: Direction) -> Option<Moment> {
        match (direction, held) {
            (Direction::Forwards, None) => Some(self.last_at.into()),
            (Direction::Backwards, None) => Some(self.last_replaced()),
            (Direction::Forwards, Some(held)) => {
                self.replaced.push(held);
                None
            }
            (Direction::Backwards, Some(_)) => None,
        }
    }

    /// The one time of what changes, once it has.
    pub(super) fn retimed(&mut self, held: DateTime<Utc>, direction: Direction) -> DateTime<Utc> {
        match direction {
            Direction::Forwards => {
                self.replaced.push(held.into());
                self.last_at
            }
            Direction::Backwards => self.last_replaced().into(),
        }
    }

    /// Takes back the time that was replaced last.
    pub(super) fn last_replaced(&mut self) -> Moment {
        super::there(self.replaced.pop()).unwrap_or_default()
    }

    /// Whether what the change left behind has its time, and what it replaced is kept.
    pub(super) fn is_stamped(&self, change: Change<'_>) -> bool {
        let Some((timed, replaced)) = timed(change) else { return true };
        let kept = self.replaced.len().checked_sub(replaced).and_then(|from| self.replaced.get(from..));
        let Some(kept) = kept.filter(|kept| kept.is_sorted()) else { return false };
        let left = match timed {
            Timed::Member(team, user) => self.membership(team, user),
            Timed::Grant(app, user) => self.granted(app, user),
            Timed::Coupling(app) => self.coupled(app),
            Timed::GroupMember(group, user) => self.in_group_since(group, user).map(Stamp::once),
            Timed::GroupGrant(app, group) => self.granted_to_group(app, group),
            Timed::AppCreator(space, user) => self.may_create_since(space, user).map(Stamp::once),
            Timed::SpaceTeam(space) => self.spaces.find(space).map(|row| Stamp::of(row.created_at, row.team_since)),
            Timed::Thing(thing) => self.dated(thing),
        };
        let now = Moment::from(self.last_at);
        let fits = |Stamp { since, changed }| changed == now && since <= kept.first().copied().unwrap_or(now);
        kept.last().is_none_or(|last| *last <= now)
            && left.is_none_or(fits)
            && (!kept.is_empty() || left.is_none_or(|left| left.since == now))
    }

    /// Since when the thing is there, and when it last changed.
    pub(super) fn dated(&self, thing: Thing) -> Option<Stamp> {
        Some(match thing {
            Thing::Team(team) => {
                let row = self.teams.find(team)?;
                Stamp::of(row.provisioned_at, row.changed_at)
            }
            Thing::App(app) => {
                let row = self.apps.find(app)?;
                Stamp::of(row.created_at, row.changed_at)
            }
            Thing::Space(space) => {
                let row = self.spaces.find(space)?;
                Stamp::of(row.created_at, row.changed_at)
            }
            Thing::Pipeline(pipeline) => {
                let row = self.pipelines.find(pipeline)?;
                Stamp::of(row.created_at, row.changed_at)
            }
        })
    }

    /// Since when somebody has a role in a team.
    pub(super) fn membership(&self, team: TeamId, user: UserId) -> Option<Stamp> {
        self.users.find(user)?.membership(self.teams.find(team)?.ix)
    }

    pub(super) fn granted(&self, app: AppId, user: UserId) -> Option<Stamp> {
        self.apps.find(app)?.granted(self.users.find(user)?.ix)
    }

    pub(super) fn coupled(&self, app: AppId) -> Option<Stamp> {
        self.apps.find(app).map(|at| at.row).and_then(AppRow::coupled)
    }

    pub(super) fn in_group_since(&self, group: GroupId, user: UserId) -> Option<Moment> {
        self.groups.find(group)?.members.get(&user).copied()
    }

    pub(super) fn granted_to_group(&self, app: AppId, group: GroupId) -> Option<Stamp> {
        Some(self.apps.find(app)?.group_grant(self.groups.find(group)?.ix)?.stamp)
    }

    pub(super) fn may_create_since(&self, space: SpaceId, user: UserId) -> Option<Moment> {
        self.spaces.find(space)?.creators.get(&user).copied()
    }

    /// The times that the kept events replaced, the last one last.
    pub(crate) fn replaced(&self) -> Vec<DateTime<Utc>> {
        self.replaced.iter().map(|moment| DateTime::from(*moment)).collect()
    }

    /// The ends of what the kept events took away, each with the number of its event.
    pub(crate) fn ends_gone(&self) -> Vec<(u64, Ending)> {
        let ending = |(seq, held, at): &_| (*seq, Ending { ends_at: DateTime::from(*at), held: *held });
        self.ends.gone.iter().map(ending).collect()
    }

    /// The number of the first event that can be taken back: what it and those after it replaced is kept.
    pub(crate) const fn replaced_since(&self) -> u64 {
        self.replaced_since
    }

    /// Takes what [`replaced`](Self::replaced) gives, of the events from this number on; `false` if a time is not in whole microseconds.
    #[must_use]
    pub(crate) fn restore_replaced(&mut self, replaced: &[DateTime<Utc>], since: u64) -> bool {
        self.replaced = replaced.iter().map(|time| Moment::from(*time)).collect();
        self.replaced_since = since;
        self.replaced() == replaced
    }

    /// Takes what [`ends_gone`](Self::ends_gone) gives; `false` if a time is not in whole microseconds.
    #[must_use]
    pub(crate) fn restore_ends_gone(&mut self, gone: &[(u64, Ending)]) -> bool {
        self.ends.gone = gone.iter().map(|(seq, one)| (*seq, one.held, one.ends_at.into())).collect();
        self.ends_gone() == gone
    }

    /// Forgets what these events replaced: the oldest, which are kept no more.
    pub(crate) fn forget(&mut self, events: &[AuditEvent]) {
        let known = events.iter().filter(|event| event.seq >= self.replaced_since);
        let gone: usize = known.map(|event| replaced_by(&event.event)).sum();
        if gone > 0 {
            self.replaced = self.replaced.split_off(gone.min(self.replaced.len()));
        }
        self.replaced_since = events.last().map_or(0, |last| last.seq + 1).max(self.replaced_since);
        self.ends.forget(events.last().map_or(0, |last| last.seq));
    }
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, TimeDelta};

    use super::Moment;
    use crate::actor::Actor;
    use crate::entity::DynoSize;
    use crate::permission::Permission;
    use crate::role::TeamRole;
    use crate::state::State;
    use crate::store::TeamStore;
    use crate::tests::{Sound, text};

    /// The state with what the kept events replaced, spoilt, takes back the last event.
    fn takes_back(store: &TeamStore, spoil: impl FnOnce(&mut State)) -> bool {
        let mut state = store.state().clone();
        spoil(&mut state);
        let [before, last] = store.log.events().last_chunk().expect("two events");
        state.try_revert(last, before.seq, Some(before.at))
    }

    /// The last event replaced so many times. It is taken back where these are known, and no later than the event; and where what it left
    /// behind, unless it only took away, has its time.
    #[track_caller]
    fn left(store: &TeamStore, replaced: usize, behind: bool) {
        let last = store.state().replaced.len() - 1;
        let from = store.state().replaced.len() - replaced;
        assert!(store.state().replaced[from..].iter().all(|time| *time == Moment(0)));
        assert!(takes_back(store, |_| {}));
        assert!(!takes_back(store, |state| state.replaced.truncate(replaced - 1)));
        assert!(!takes_back(store, |state| state.replaced[last] = Moment(i64::MAX)));
        assert_eq!(takes_back(store, |state| state.last_at += TimeDelta::seconds(1)), !behind);
    }

    #[test]
    fn an_event_that_replaced_what_is_not_known_is_not_taken_back() {
        let Sound { mut store, ada, joe, acme, website, space, .. } = Sound::new().expect("accepted");
        store.drain_events(0);
        let ada = Actor::user(ada, DateTime::UNIX_EPOCH);
        store.set_permissions(ada, website, joe, Permission::Operate.into()).expect("changed");
        store.revoke_app_creation(ada, space, joe).expect("revoked");
        left(&store, 1, false);
        store.scale_app(ada, website, text("clock"), DynoSize::Standard1X, 1).expect("scaled");
        left(&store, 1, true);
        store.set_member_role(ada, acme, joe, TeamRole::Viewer).expect("changed");
        left(&store, 1, true);
        store.uncouple_app(ada, website).expect("uncoupled");
        left(&store, 3, true);
        store.remove_collaborator(ada, website, joe).expect("removed");
        left(&store, 2, false);
        assert_eq!(store.state().replaced.len(), 9);
        store.drain_events(2);
        assert_eq!((store.state().replaced.len(), store.state().replaced_since()), (5, store.seq() - 1));
    }
}
