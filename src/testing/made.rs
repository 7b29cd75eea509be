//! What only a store makes: taken out of an arbitrary one.

use proptest::collection::SizeRange;
use proptest::prelude::*;
use proptest::sample::Index;

use super::scene::Thing;
use super::step::Step;
use super::stores;
use super::value::{arbitrary, of};
use crate::entity::{
    AddOn, App, AppTransfer, EnterpriseAccount, Group, Invitation, OwnershipPeriod, Pipeline, Space, Team, User,
};
use crate::error::Error;
use crate::event::{AuditEvent, Event};
use crate::ids::{
    AccountId, AddOnId, AppId, GroupId, InvitationId, PipelineId, RoleId, SpaceId, TeamId, TransferId, UserId,
};
use crate::policy::CustomRole;
use crate::snapshot::Snapshot;
use crate::state::State;
use crate::store::TeamStore;

/// Of up to a hundred events; `any_with::<TeamStore>(size)` is [`stores`].
impl Arbitrary for TeamStore {
    type Parameters = SizeRange;
    type Strategy = BoxedStrategy<Self>;

    fn arbitrary_with(size: SizeRange) -> Self::Strategy {
        stores(size).boxed()
    }
}

/// A thing of a store, found by its id.
fn taken<I: Thing, T: core::fmt::Debug>(find: fn(&State, I) -> Option<T>) -> impl Strategy<Value = T> {
    (of::<TeamStore>(), of::<Index>()).prop_filter_map("a store with such a thing", move |(store, index)| {
        let all = I::all(store.state());
        let id = all.get(index.index(all.len().max(1)))?;
        find(store.state(), *id)
    })
}

arbitrary! {
    User: taken(|state, id: UserId| Some(state.users.find(id)?.user.clone()));
    Team: taken(|state, id: TeamId| Some(state.teams.find(id)?.team.clone()));
    App: taken(|state, id: AppId| Some(state.apps.find(id)?.app.clone()));
    Group: taken(|state, id: GroupId| Some(state.groups.find(id)?.group.clone()));
    CustomRole: taken(|state, id: RoleId| Some(state.roles.find(id)?.row.role.clone()));
    Space: taken(|state, id: SpaceId| Some(state.spaces.find(id)?.space.clone()));
    Pipeline: taken(|state, id: PipelineId| Some(state.pipelines.find(id)?.pipeline.clone()));
    EnterpriseAccount: taken(|state, id: AccountId| Some(state.accounts.find(id)?.account.clone()));
    AddOn: taken(|state, id: AddOnId| state.add_ons.get(&id).copied());
    Invitation: taken(|state, id: InvitationId| state.invitations.get(&id).cloned());
    AppTransfer: taken(|state, id: TransferId| state.transfers.get(&id).copied());
    OwnershipPeriod: taken(|state, id: AppId| {
        let app = &state.apps.find(id)?.row.app;
        let now = OwnershipPeriod { owner: app.owner, from: app.owned_since, until: None };
        Some(state.history.get(&id).and_then(|past| past.first()).copied().unwrap_or(now))
    });

    Snapshot: of().prop_map(|store: TeamStore| store.snapshot());
    AuditEvent: (stores(1..100), of::<Index>()).prop_map(|(store, index)| index.get(store.events()).clone());
    Event: of().prop_map(|entry: AuditEvent| entry.event);
    // Of an operation, such as a store refuses.
    Error: (of::<TeamStore>(), of::<Step>()).prop_filter_map("a refusal", |(store, step)| {
        let (actor, operation) = step.decode(&store);
        store.what_if(actor, &operation).err()
    });
}
