//! Every operation, drawn from bytes; and any operation at all.

use proptest::prelude::*;
use proptest::strategy::Union;

use super::draw::Draw;
use super::scene::Scene;
use super::value::{arbitrary, of};
use crate::actor::Actor;
use crate::ids::AppId;
use crate::store::{Operation, TeamStore};

/// What somebody does next, whatever the store: bytes that [`decode`](Self::decode) turns into an actor and an
/// operation.
///
/// As a value of a test it shrinks: to fewer steps in a list, and to zeros in a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Step(pub [u8; Self::SIZE]);

/// How often each operation comes, and its fields.
macro_rules! operations {
    ($($weight:literal $operation:ident($($field:ident)*))*) => {
        /// An operation that is not listed does not compile.
        const _: fn(&Operation) = |operation| match operation { $(Operation::$operation { .. } => {})* };

        type NameDraw = fn(&mut Scene<'_>) -> Option<Operation>;

        const OPERATIONS: &[(u8, NameDraw)] = &[$(
            ($weight, |scene| Some(Operation::$operation { $($field: Draw::draw(scene)?),* })),
        )*];

        // With any values, and ids that no store knows.
        arbitrary! {
            Operation: Union::new([$({
                $(let $field = of();)*
                ($($field,)*).prop_map(|($($field,)*)| Self::$operation { $($field),* }).boxed()
            },)*]);
        }
    };
}

operations! {
    1 ChangeSettings(options)
    6 RegisterUser(user)
    1 SetEmail(user email)
    1 SetMfa(user mfa)
    1 SetSignIn(user sign_in)
    1 DeleteUser(user)
    2 ProvisionTeam(team)
    1 RenameTeam(team name)
    1 SetTeamLimits(team limits)
    1 RequestTeamDeletion(team)
    1 WithdrawTeamDeletion(team)
    1 DeleteTeam(team)
    2 SetDefaultRole(team role)
    2 SetOAuthAccess(team access)
    14 AddMember(team user role)
    3 AddDefaultMember(team user)
    4 SetMemberRole(team user role)
    3 RemoveMember(team user)
    5 InviteMember(team email role)
    6 AcceptInvitation(invitation)
    1 DeclineInvitation(invitation)
    1 RevokeInvitation(invitation)
    16 CreateApp(app)
    2 RenameApp(app name)
    2 DeleteApp(app confirmation)
    3 LockApp(app)
    1 UnlockApp(app)
    8 ScaleApp(app process size quantity)
    4 JoinApp(app)
    12 GrantPermissions(app user permissions)
    8 AddCollaborator(app user)
    3 SetPermissions(app user permissions)
    3 RemoveCollaborator(app user)
    5 TransferApp(app to)
    2 TransferApps(apps to)
    2 TransferMovableApps(apps to)
    6 RequestAppTransfer(app recipient)
    2 AcceptAppTransfer(transfer)
    1 DeclineAppTransfer(transfer)
    1 CancelAppTransfer(transfer)
    3 SetIdentityProvider(team provider)
    1 RemoveIdentityProvider(team)
    3 EnableSso(team)
    1 DisableSso(team)
    3 AddSsoMember(team user)
    8 InstallAddOn(app service plan)
    2 ChangeAddOnPlan(add_on plan)
    1 RemoveAddOn(add_on)
    2 SetAddOnControls(team controls)
    2 AllowAddOn(team service)
    1 DisallowAddOn(team service)
    2 SetPaymentMethod(team method)
    3 CreatePipeline(owner name)
    1 RenamePipeline(pipeline name)
    1 DeletePipeline(pipeline)
    12 CoupleApp(pipeline app stage)
    3 SetStage(app stage)
    1 UncoupleApp(app)
    2 TransferPipeline(pipeline to)
    6 ReleaseApp(app description)
    5 PromoteApp(app)
    2 PromoteAppTo(app targets)
    6 CreateSpace(space)
    1 RenameSpace(space name)
    1 DestroySpace(space confirmation)
    5 AllowAppCreation(space user)
    2 RevokeAppCreation(space user)
    2 TransferSpace(space team)
    1 OpenAccount(name manager)
    4 AddAccountMember(account user permissions)
    2 SetAccountPermissions(account user permissions)
    1 RemoveAccountMember(account user)
    3 CreateTeamIn(account name)
    3 MoveTeamIn(team account)
    1 RequestTeamMoveOut(team)
    1 WithdrawTeamMoveOut(team)
    1 MoveTeamOut(team)
}

arbitrary! {
    Step: of().prop_map(Self);
}

impl Step {
    /// How many bytes a step is made of.
    pub const SIZE: usize = 16;

    /// Who does what when, in this store. The ids are mostly those of things that exist and belong together, the actor
    /// is mostly somebody whom the rules may let do it; neither always. Equal stores and equal steps give equal
    /// answers.
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
        let [kind, around, who, which, when, bytes @ ..] = &self.0;
        let mut scene = Scene::new(&store.state, *around, bytes);
        let turns = OPERATIONS.iter().flat_map(|(weight, drawn)| core::iter::repeat_n(drawn, (*weight).into()));
        let drawn = turns.cycle().nth((*kind).into());
        // Every scene gives every operation: the texts that are drawn parse.
        let nothing = Operation::LockApp { app: AppId::from_uuid(uuid::Uuid::nil()) };
        let operation = drawn.and_then(|drawn| drawn(&mut scene)).unwrap_or(nothing);
        let actor = scene.actor(is_operators(&operation, *which), [*who, *which, *when]);
        (actor, operation)
    }

    /// Another step instead, the same for the same `attempt`: with the same operation at first.
    pub(super) fn instead(self, attempt: u8) -> Self {
        let mut step = self.0.map(|byte| byte.wrapping_add(attempt.wrapping_mul(37)));
        let ([kind, ..], [own, ..]) = (&mut step, self.0);
        *kind = own.wrapping_add((attempt / 4).wrapping_mul(37));
        Self(step)
    }
}

/// Whether the operation is the operator's; that of deleting a team depends on its kind.
const fn is_operators(operation: &Operation, which: u8) -> bool {
    match operation {
        Operation::ChangeSettings { .. }
        | Operation::RegisterUser { .. }
        | Operation::SetEmail { .. }
        | Operation::ProvisionTeam { .. }
        | Operation::SetTeamLimits { .. }
        | Operation::OpenAccount { .. }
        | Operation::MoveTeamOut { .. }
        | Operation::AddSsoMember { .. } => true,
        Operation::DeleteTeam { .. } => which.is_multiple_of(2),
        _ => false,
    }
}
