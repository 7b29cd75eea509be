//! Every operation, drawn from bytes; and any operation at all.

use core::marker::PhantomData;

use chrono::{DateTime, Utc};
use proptest::prelude::*;
use proptest::strategy::Union;

use super::draw::Draw;
use super::scene::Scene;
use super::value::{arbitrary, instant, of};
use crate::actor::Actor;
use crate::entity::{
    AccountPermissionSet, AddOnControls, DynoSize, IdentityProvider, Labels, Limits, Mfa, Month, NewApp, NewSpace,
    NewTeam, NewUser, OAuthAccess, Owner, Plan, SignIn, SignInRequirement, Stage,
};
use crate::ids::{
    AccountId, AddOnId, AppId, GroupId, InvitationId, PipelineId, RoleId, SpaceId, TeamId, TransferId, UserId,
};
use crate::names::{
    AccountName, AppName, Description, Email, GroupName, PaymentMethod, PipelineName, ProcessType, RoleName,
    ServiceName, SpaceName, TeamName,
};
use crate::operation::{Operation, OperationKind, operations};
use crate::permission::PermissionSet;
use crate::policy::RoleRights;
use crate::role::TeamRole;
use crate::settings::StoreOptions;
use crate::store::TeamStore;

/// What somebody does next, whatever the store: bytes that [`decode`](Self::decode) turns into an actor and an
/// operation.
///
/// As a value of a test it shrinks: to fewer steps in a list, and to zeros in a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Step(pub [u8; Self::SIZE]);

/// Among how many of its kind every other step looks for one that is accepted.
const CANDIDATES: u8 = 16;

/// Who is mostly in charge of an operation.
#[derive(Clone, Copy)]
enum InCharge {
    Operator,
    /// Whoever the rules of a team, an account or an app put in charge.
    People,
    Either,
}

macro_rules! in_charge {
    () => {
        InCharge::People
    };
    (operator) => {
        InCharge::Operator
    };
    (either) => {
        InCharge::Either
    };
}

/// Any value of a type.
struct Any<T>(PhantomData<T>);

impl Any<Option<DateTime<Utc>>> {
    #[expect(clippy::unused_self, reason = "it is called as that of the trait is")]
    fn strategy(&self) -> BoxedStrategy<Option<DateTime<Utc>>> {
        proptest::option::of(instant()).boxed()
    }
}

/// As most types say themselves.
trait ByType<T> {
    fn strategy(&self) -> BoxedStrategy<T>;
}

impl<T: Arbitrary<Strategy: 'static>> ByType<T> for Any<T> {
    fn strategy(&self) -> BoxedStrategy<T> {
        of()
    }
}

/// An operation as it is drawn.
struct Drawn {
    kind: OperationKind,
    /// How often, beside the others.
    weight: u8,
    in_charge: InCharge,
    draw: fn(&mut Scene<'_>) -> Option<Operation>,
}

macro_rules! drawn {
    ($($chapter:ident $rules:ident {$(
        $operation:ident $code:literal $method:ident { $($field:ident: $type:ty),* }
        => $module:ident::$decision:ident($($argument:expr),*), records $event:literal, drawn $weight:literal $(by $who:ident)?;
    )+})+) => {
        const OPERATIONS: &[Drawn] = &[$($(
            Drawn {
                kind: OperationKind::$operation,
                weight: $weight,
                in_charge: in_charge!($($who)?),
                draw: |scene| {
                    _ = &scene;
                    Some(Operation::$operation { $($field: Draw::draw(scene)?),* })
                },
            },
        )+)+];

        // With any values, and ids that no store knows.
        arbitrary! {
            Operation: Union::new([$($({
                $(let $field = Any::<$type>(PhantomData).strategy();)*
                ($($field,)* Just(()),).prop_map(|($($field,)* (),)| Self::$operation { $($field),* }).boxed()
            },)+)+]);
        }
    };
}

operations!(drawn);

arbitrary! {
    Step: of().prop_map(Self);
}

impl Step {
    /// How many bytes a step is made of.
    pub const SIZE: usize = 16;

    /// Who does what when, in this store. The ids are mostly those of things that exist and belong together, the actor
    /// is mostly somebody whom the rules may let do it; neither always. Every other step looks for one that is
    /// accepted. Equal stores and equal steps give equal answers.
    ///
    /// ```
    /// use enterprise_teams::{demo::Demo, testing::Step};
    ///
    /// let Demo { mut store, .. } = Demo::new()?;
    /// let (actor, operation) = Step([7; Step::SIZE]).decode(&store);
    /// match store.perform(actor, &operation) {
    ///     Ok(entry) => println!("{entry}"),
    ///     Err(refusal) => println!("{refusal}"),
    /// }
    /// # Ok::<(), enterprise_teams::Error>(())
    /// ```
    #[must_use]
    pub fn decode(self, store: &TeamStore) -> (Actor, Operation) {
        let [_, _, _, which, .., choosy] = self.0;
        let instead = if which % 8 < 7 { 3 } else { 0 };
        let plain = self.plain(store, instead);
        if choosy.is_multiple_of(2) {
            return plain;
        }
        let accepted = |(actor, operation): &(Actor, Operation)| store.what_if(*actor, operation).is_ok();
        (0..CANDIDATES).map(|attempt| self.alike(attempt).plain(store, instead)).find(accepted).unwrap_or(plain)
    }

    /// Without regard to whether it is accepted; what is missing comes `instead` so many times.
    pub(super) fn plain(self, store: &TeamStore, instead: u8) -> (Actor, Operation) {
        let [kind, .., rest] = self.0;
        let mut turns = OPERATIONS.iter().flat_map(|drawn| core::iter::repeat_n(drawn, drawn.weight.into()));
        let all: usize = OPERATIONS.iter().map(|drawn| usize::from(drawn.weight)).sum();
        let turn = (usize::from(u16::from_be_bytes([kind, rest])) * all) >> u16::BITS;
        let drawn = turns.nth(turn).and_then(|drawn| self.draw(store, drawn, instead));
        // Every scene gives every operation: the texts that are drawn parse.
        drawn.unwrap_or_else(|| {
            let app = AppId::from_uuid(uuid::Uuid::nil());
            (Actor::operator(DateTime::UNIX_EPOCH), Operation::LockApp { app })
        })
    }

    /// The operation; or, where there is nothing yet to work on, what makes it `instead`, so many times at most.
    fn draw(&self, store: &TeamStore, drawn: &Drawn, instead: u8) -> Option<(Actor, Operation)> {
        let [_, around, who, which, when, bytes @ ..] = &self.0;
        let mut scene = Scene::new(store.state(), *around, bytes);
        let operation = (drawn.draw)(&mut scene)?;
        if let Some((missing, more)) = scene.missing().zip(instead.checked_sub(1)) {
            let makes = OPERATIONS.iter().find(|drawn| drawn.kind == missing)?;
            return self.draw(store, makes, more);
        }
        let by_operator = match drawn.in_charge {
            InCharge::Operator => true,
            InCharge::People => false,
            InCharge::Either => which.is_multiple_of(2),
        };
        let actor = scene.actor(by_operator, [*who, *which, *when]);
        // Else a month would seldom be over, and little would have ended.
        let due = match drawn.kind {
            OperationKind::CloseMonths => Some(Month::of(store.state().last_at).end()),
            OperationKind::SweepEnds => store.next_end(),
            _ => None,
        };
        Some((due.filter(|_| which.is_multiple_of(2)).map_or(actor, |due| actor.at(due)), operation))
    }

    /// Another step with the same operation at the same time, the same for the same `attempt`.
    fn alike(self, attempt: u8) -> Self {
        let mut step = self.0.map(|byte| byte.wrapping_add(attempt.wrapping_mul(37)));
        let [kind, _, _, _, when, .., rest] = &mut step;
        [*kind, _, _, _, *when, .., *rest] = self.0;
        Self(step)
    }

    /// Another step instead, the same for the same `attempt`: with the same operation at first.
    pub(super) fn instead(self, attempt: u8) -> Self {
        let mut step = self.alike(attempt);
        let [kind, ..] = &mut step.0;
        *kind = kind.wrapping_add((attempt / 4).wrapping_mul(37));
        step
    }
}
