//! TEAM: the life of a team.

use super::TeamStore;
use crate::actor::Actor;
use crate::decide;
use crate::entity::{Labels, Limits, NewTeam};
use crate::error::Error;
#[cfg(doc)]
use crate::event::Event;
use crate::ids::TeamId;
use crate::names::TeamName;

/// **Teams** (TEAM): provisioned, renamed, labelled, limited, deleted.
impl TeamStore {
    /// Provisions a team with its name, its limits and one user: the admin who requested it (TEAM-1, TEAM-3, TEAM-5, TEAM-6); an
    /// Enterprise Team also in an Enterprise Account (ENT-6).
    ///
    /// By the platform operator. New users get the role `member` unless an admin decides otherwise (TEAM-7); third-party OAuth
    /// clients are let in (SEC-1). Records [`TeamProvisioned`](Event::TeamProvisioned).
    ///
    /// # Errors
    /// [`ActorNotFound`](Error::ActorNotFound) (X-2), [`UserNotFound`](Error::UserNotFound) (X-2),
    /// [`AccountNotFound`](Error::AccountNotFound) (X-2),
    /// [`OnlyOperatorProvisionsTeams`](Error::OnlyOperatorProvisionsTeams) (TEAM-1),
    /// [`TeamNameReserved`](Error::TeamNameReserved) (TEAM-3), [`MemberLimitZero`](Error::MemberLimitZero) (TEAM-5),
    /// [`StandardTeamInAccount`](Error::StandardTeamInAccount) (ENT-6), [`UserIsSuspended`](Error::UserIsSuspended) (SUS-1),
    /// [`TeamNameTaken`](Error::TeamNameTaken) (TEAM-3), [`StoreFull`](Error::StoreFull) (X-6).
    ///
    /// ```
    /// use enterprise_teams::{
    ///     NewTeam,
    ///     demo::{Demo, id},
    /// };
    ///
    /// let Demo { mut store, operator, joe, .. } = Demo::new()?;
    /// let gears = NewTeam::standard("acme-gears".parse()?, id(joe));
    /// let team = store.provision_team(operator, gears)?;
    /// assert_eq!(store.team(joe, team)?.limits().members, 25);
    /// assert_eq!(
    ///     store.provision_team(operator, gears).unwrap_err().code(),
    ///     "team-name-taken"
    /// );
    /// # Ok::<(), enterprise_teams::Error>(())
    /// ```
    pub fn provision_team(&mut self, actor: Actor, team: NewTeam) -> Result<TeamId, Error> {
        self.record(actor, |state| decide::team::provision(state, actor, team))
    }

    /// Renames a team (TEAM-4); the old name is free from then on (TEAM-3).
    ///
    /// By admins, or by holders of `create` in the Enterprise Account that it is in (ENT-2). Records
    /// [`TeamRenamed`](Event::TeamRenamed). Costs a look at everybody in the team.
    ///
    /// # Errors
    /// [`ActorNotFound`](Error::ActorNotFound) (X-2), [`TeamNotFound`](Error::TeamNotFound) (X-2),
    /// [`OAuthDenied`](Error::OAuthDenied) (SEC-1), [`OAuthDeniedInAccount`](Error::OAuthDeniedInAccount) (SEC-1),
    /// [`OnlyAdminsRenameTeams`](Error::OnlyAdminsRenameTeams) (TEAM-4), [`TeamNameReserved`](Error::TeamNameReserved)
    /// (TEAM-3), [`TeamNameUnchanged`](Error::TeamNameUnchanged) (TEAM-4), [`TeamNameTaken`](Error::TeamNameTaken)
    /// (TEAM-3).
    ///
    /// ```
    /// use enterprise_teams::demo::Demo;
    ///
    /// let Demo { mut store, ada, joe, acme, .. } = Demo::new()?;
    /// store.rename_team(ada, acme, "acme-gadgets".parse()?)?;
    /// assert_eq!(
    ///     store.rename_team(joe, acme, "joes".parse()?).unwrap_err().code(),
    ///     "only-admins-rename-teams"
    /// );
    /// # Ok::<(), enterprise_teams::Error>(())
    /// ```
    pub fn rename_team(&mut self, actor: Actor, team: TeamId, name: TeamName) -> Result<(), Error> {
        self.record(actor, |state| decide::team::rename(state, actor, team, name))
    }

    /// Gives a team these labels, in place of those that it has (LAB-1).
    ///
    /// By whoever may [rename](Self::rename_team) it. Records [`TeamLabelsChanged`](Event::TeamLabelsChanged).
    ///
    /// # Errors
    /// [`ActorNotFound`](Error::ActorNotFound) (X-2), [`TeamNotFound`](Error::TeamNotFound) (X-2),
    /// [`OAuthDenied`](Error::OAuthDenied) (SEC-1), [`OAuthDeniedInAccount`](Error::OAuthDeniedInAccount) (SEC-1),
    /// [`OnlyAdminsLabelTeams`](Error::OnlyAdminsLabelTeams) (LAB-1), [`TeamLabelsUnchanged`](Error::TeamLabelsUnchanged) (LAB-1).
    ///
    /// ```
    /// use enterprise_teams::{demo::Demo, entity::Labels};
    ///
    /// let Demo { mut store, ada, joe, acme, .. } = Demo::new()?;
    /// let labels = Labels::new([("cost-centre".parse()?, "4711".parse()?)])?;
    /// store.set_team_labels(ada, acme, labels.clone())?;
    /// assert_eq!(store.team(joe, acme)?.labels(), &labels);
    /// assert_eq!(
    ///     store.set_team_labels(ada, acme, labels).unwrap_err().code(),
    ///     "team-labels-unchanged"
    /// );
    /// # Ok::<(), enterprise_teams::Error>(())
    /// ```
    pub fn set_team_labels(&mut self, actor: Actor, team: TeamId, labels: Labels) -> Result<(), Error> {
        self.record(actor, |state| decide::team::set_labels(state, actor, team, labels))
    }

    /// Gives a team other limits (TEAM-5, TEAM-6). What the team has beyond them stays, and nothing more comes in: an
    /// invitation that is accepted counted before.
    ///
    /// By the platform operator. Records [`LimitsChanged`](Event::LimitsChanged).
    ///
    /// # Errors
    /// [`ActorNotFound`](Error::ActorNotFound) (X-2), [`TeamNotFound`](Error::TeamNotFound) (X-2),
    /// [`OAuthDenied`](Error::OAuthDenied) (SEC-1), [`OnlyOperatorSetsLimits`](Error::OnlyOperatorSetsLimits) (TEAM-6),
    /// [`MemberLimitZero`](Error::MemberLimitZero) (TEAM-5), [`LimitsUnchanged`](Error::LimitsUnchanged) (TEAM-6).
    ///
    /// ```
    /// use enterprise_teams::{NewApp, demo::Demo, entity::Limits};
    ///
    /// let Demo { mut store, operator, ada, acme, .. } = Demo::new()?;
    /// store.set_team_limits(
    ///     operator,
    ///     acme,
    ///     Limits { apps: Some(1), ..Limits::ENTERPRISE },
    /// )?;
    /// assert_eq!(
    ///     store.create_app(ada, NewApp::in_team(acme)).unwrap_err().code(),
    ///     "app-limit-reached"
    /// );
    /// # Ok::<(), enterprise_teams::Error>(())
    /// ```
    pub fn set_team_limits(&mut self, actor: Actor, team: TeamId, limits: Limits) -> Result<(), Error> {
        self.record(actor, |state| decide::team::set_limits(state, actor, team, limits))
    }

    /// Asks the platform operator to delete an Enterprise Team (TEAM-8): the support ticket.
    ///
    /// By admins. Records [`TeamDeletionRequested`](Event::TeamDeletionRequested).
    ///
    /// # Errors
    /// [`ActorNotFound`](Error::ActorNotFound) (X-2), [`TeamNotFound`](Error::TeamNotFound) (X-2),
    /// [`OAuthDenied`](Error::OAuthDenied) (SEC-1), [`OnlyAdminsRequestDeletion`](Error::OnlyAdminsRequestDeletion)
    /// (TEAM-8), [`DeletionNeedsNoRequest`](Error::DeletionNeedsNoRequest) (TEAM-8),
    /// [`DeletionAlreadyRequested`](Error::DeletionAlreadyRequested) (TEAM-8).
    ///
    /// ```
    /// use enterprise_teams::demo::Demo;
    ///
    /// let Demo { mut store, ada, acme, .. } = Demo::new()?;
    /// store.request_team_deletion(ada, acme)?;
    /// assert!(store.team(ada, acme)?.deletion_requested_at().is_some());
    /// # Ok::<(), enterprise_teams::Error>(())
    /// ```
    pub fn request_team_deletion(&mut self, actor: Actor, team: TeamId) -> Result<(), Error> {
        self.record(actor, |state| decide::team::request_deletion(state, actor, team))
    }

    /// Withdraws the request to delete a team (TEAM-8).
    ///
    /// By admins. Records [`TeamDeletionWithdrawn`](Event::TeamDeletionWithdrawn).
    ///
    /// # Errors
    /// [`ActorNotFound`](Error::ActorNotFound) (X-2), [`TeamNotFound`](Error::TeamNotFound) (X-2),
    /// [`OAuthDenied`](Error::OAuthDenied) (SEC-1), [`OnlyAdminsRequestDeletion`](Error::OnlyAdminsRequestDeletion)
    /// (TEAM-8), [`DeletionNotRequested`](Error::DeletionNotRequested) (TEAM-8).
    ///
    /// ```
    /// use enterprise_teams::demo::Demo;
    ///
    /// let Demo { mut store, ada, acme, .. } = Demo::new()?;
    /// store.request_team_deletion(ada, acme)?;
    /// store.withdraw_team_deletion(ada, acme)?;
    /// assert_eq!(
    ///     store.withdraw_team_deletion(ada, acme).unwrap_err().code(),
    ///     "deletion-not-requested"
    /// );
    /// # Ok::<(), enterprise_teams::Error>(())
    /// ```
    pub fn withdraw_team_deletion(&mut self, actor: Actor, team: TeamId) -> Result<(), Error> {
        self.record(actor, |state| decide::team::withdraw_deletion(state, actor, team))
    }

    /// Deletes a team that has no apps, spaces or pipelines left (TEAM-8), with its memberships and invitations; the name is free
    /// from then on.
    ///
    /// An Enterprise Team by the platform operator, after an admin [asked](Self::request_team_deletion), or directly by a holder of
    /// `create` in the Enterprise Account that it is in (ENT-2); a Standard team by an admin, directly. Records
    /// [`TeamDeleted`](Event::TeamDeleted).
    ///
    /// # Errors
    /// [`ActorNotFound`](Error::ActorNotFound) (X-2), [`TeamNotFound`](Error::TeamNotFound) (X-2),
    /// [`OAuthDenied`](Error::OAuthDenied) (SEC-1),
    /// [`OAuthDeniedInAccount`](Error::OAuthDeniedInAccount) (SEC-1), [`OnlyAdminsDeleteTeams`](Error::OnlyAdminsDeleteTeams) (TEAM-8),
    /// [`OnlyOperatorDeletesEnterpriseTeams`](Error::OnlyOperatorDeletesEnterpriseTeams) (TEAM-8),
    /// [`DeletionNotRequested`](Error::DeletionNotRequested) (TEAM-8), [`TeamNotEmpty`](Error::TeamNotEmpty) (TEAM-8).
    ///
    /// ```
    /// use enterprise_teams::demo::Demo;
    ///
    /// let Demo { mut store, operator, ada, acme, website, .. } = Demo::new()?;
    /// store.request_team_deletion(ada, acme)?;
    /// assert_eq!(store.delete_team(operator, acme).unwrap_err().code(), "team-not-empty");
    /// store.delete_app(ada, website, "acme-website")?;
    /// store.delete_team(operator, acme)?;
    /// # Ok::<(), enterprise_teams::Error>(())
    /// ```
    pub fn delete_team(&mut self, actor: Actor, team: TeamId) -> Result<(), Error> {
        self.record(actor, |state| decide::team::delete(state, actor, team))
    }
}
