//! What every chapter needs: who acts and when, the first rungs of the ladder, lists in errors.

use serde::de::DeserializeOwned;
use serde_json::Value;

use enterprise_teams::uuid::Uuid;
use enterprise_teams::{
    AccountId, ActorKind, AppId, Error, GroupId, Owner, PipelineId, RoleId, SpaceId, TeamId, TeamRole, UserId,
    error::{TRUNCATED_MAX, Truncated},
    ids::{AddOnId, InvitationId, TransferId},
};

use super::state::{Model, Time};

/// Accepted, or the one error.
pub(crate) type Verdict = Result<(), Error>;

/// Who acts, when it counts, and the id that the store gave to what is new.
#[derive(Clone, Copy)]
pub(super) struct By {
    pub(super) who: ActorKind,
    pub(super) now: Time,
    pub(super) given: Uuid,
}

pub(super) fn refuse_if(broken: bool, error: Error) -> Verdict {
    if broken { Err(error) } else { Ok(()) }
}

pub(super) fn refuse_unless(kept: bool, error: Error) -> Verdict {
    refuse_if(!kept, error)
}

/// A part of a request whose parts are not public.
pub(super) fn part<T: DeserializeOwned>(request: &Value, name: &str) -> T {
    serde_json::from_value(request[name].clone()).expect(name)
}

/// The first of them, in the order of their keys.
pub(super) fn listed<K: Ord, T>(items: impl Iterator<Item = (K, T)>) -> Truncated<T> {
    let mut items: Vec<(K, T)> = items.collect();
    items.sort_by(|one, other| one.0.cmp(&other.0));
    first(items.into_iter().map(|(_, item)| item).collect())
}

/// As many of them as an error names.
pub(super) fn first<T>(mut items: Vec<T>) -> Truncated<T> {
    let total = items.len();
    items.truncate(TRUNCATED_MAX);
    Truncated { shown: items, total }
}

impl Model {
    /// An id that was never given out before.
    pub(super) fn fresh(&mut self, by: By) -> Uuid {
        assert!(self.given.insert(by.given), "`{}` was given out before", by.given);
        by.given
    }

    pub(super) fn user_exists(&self, user: UserId) -> Verdict {
        refuse_unless(self.users.contains_key(&user), Error::UserNotFound { user })
    }

    /// SUS-1: whoever is suspended receives nothing new.
    pub(super) fn receives(&self, user: UserId) -> Verdict {
        refuse_if(self.is_suspended(user), Error::UserIsSuspended { user })
    }

    pub(super) fn team_exists(&self, team: TeamId) -> Verdict {
        refuse_unless(self.teams.contains_key(&team), Error::TeamNotFound { team })
    }

    pub(super) fn owner_exists(&self, owner: Owner) -> Verdict {
        match owner {
            Owner::User(user) => self.user_exists(user),
            Owner::Team(team) => self.team_exists(team),
        }
    }

    pub(super) fn app_exists(&self, app: AppId) -> Verdict {
        refuse_unless(self.apps.contains_key(&app), Error::AppNotFound { app })
    }

    pub(super) fn group_exists(&self, group: GroupId) -> Verdict {
        refuse_unless(self.groups.contains_key(&group), Error::GroupNotFound { group })
    }

    pub(super) fn custom_role_exists(&self, role: RoleId) -> Verdict {
        refuse_unless(self.roles.contains_key(&role), Error::RoleNotFound { role })
    }

    /// The role that is to be given is there, whosever it is (ROLE-2).
    pub(super) fn given_role_exists(&self, role: TeamRole) -> Verdict {
        match role {
            TeamRole::Custom(role) => self.custom_role_exists(role),
            _ => Ok(()),
        }
    }

    pub(super) fn space_exists(&self, space: SpaceId) -> Verdict {
        refuse_unless(self.spaces.contains_key(&space), Error::SpaceNotFound { space })
    }

    pub(super) fn pipeline_exists(&self, pipeline: PipelineId) -> Verdict {
        refuse_unless(self.pipelines.contains_key(&pipeline), Error::PipelineNotFound { pipeline })
    }

    pub(super) fn account_exists(&self, account: AccountId) -> Verdict {
        refuse_unless(self.accounts.contains_key(&account), Error::AccountNotFound { account })
    }

    pub(super) fn add_on_exists(&self, add_on: AddOnId) -> Verdict {
        refuse_unless(self.add_ons.contains_key(&add_on), Error::AddOnNotFound { add_on })
    }

    pub(super) fn invitation_exists(&self, invitation: InvitationId) -> Verdict {
        refuse_unless(self.invitations.contains_key(&invitation), Error::InvitationNotFound { invitation })
    }

    pub(super) fn transfer_exists(&self, transfer: TransferId) -> Verdict {
        refuse_unless(self.transfers.contains_key(&transfer), Error::TransferNotFound { transfer })
    }

    /// SEC-1
    pub(super) fn client_let_in(&self, by: By, team: TeamId) -> Verdict {
        refuse_if(self.shut_out(by.who, team), Error::OAuthDenied { team })
    }

    /// SEC-1, SEC-5
    pub(super) fn admitted(&self, by: By, team: TeamId) -> Verdict {
        self.client_let_in(by, team)?;
        refuse_if(self.lacks_sign_in(by.who, team), Error::TeamRequiresMfaOrSso { team })
    }

    /// SEC-1: told to whoever is in the account.
    pub(super) fn account_lets_client_in(&self, by: By, account: AccountId) -> Verdict {
        let inside = by.who.user().is_some_and(|user| self.account_members.contains_key(&(account, user)));
        let mut teams = self.teams.iter().filter(|(_, team)| team.account == Some(account));
        let denied = teams.any(|(team, _)| self.shut_out(by.who, *team));
        refuse_if(inside && denied, Error::OAuthDeniedInAccount { account })
    }

    pub(super) fn admitted_to(&self, by: By, owner: Owner) -> Verdict {
        owner.team().map_or(Ok(()), |team| self.admitted(by, team))
    }

    /// X-2, then SEC-1 and SEC-5: whoever cannot see the app is told just that.
    pub(super) fn app_open(&self, by: By, app: AppId) -> Verdict {
        refuse_unless(self.sees_app(by.who, app), Error::AppHidden { actor: by.who, app })?;
        self.admitted_to(by, self.apps[&app].owner)
    }

    /// The team exists, and lets in who acts.
    pub(super) fn team_open(&self, by: By, team: TeamId) -> Verdict {
        self.team_exists(team)?;
        self.admitted(by, team)
    }
}
