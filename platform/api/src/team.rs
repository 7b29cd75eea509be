//! Teams, their people, invitations, preferences, features and allowed add-ons.

use chrono::{DateTime, Utc};
use enterprise_teams::{
    self as domain, AccountId, Actor, Capability, Email, Error, Page, PageRequest, TeamId, TeamKind, TeamName,
    TeamRole, TeamStore, UserId,
    entity::{AddOnControls, Invitation, Mfa, SignIn, Sso},
    ids::InvitationId,
    names::{AccountName, ServiceName},
    query::{AccessEntry, PeopleFilter, TeamFilter},
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{Named, OWNER_DOMAIN, Owner, Role, find, made_id, rendered, team_name};

/// A team. `role` is the actor's; `enterprise_account` is named for the account's members.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the schema's properties")]
pub struct Team {
    pub id: TeamId,
    pub created_at: DateTime<Utc>,
    pub credit_card_collections: bool,
    pub default: bool,
    pub enterprise_account: Option<Named<AccountId, AccountName>>,
    pub identity_provider: Option<IdentityProvider>,
    pub membership_limit: Option<u32>,
    pub name: TeamName,
    pub provisioned_licenses: bool,
    pub role: Option<Role>,
    #[serde(rename = "type")]
    pub kind: TeamKindName,
    pub updated_at: DateTime<Utc>,
}

/// The kind of a team.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum TeamKindName {
    /// An Enterprise Team.
    Enterprise,
    /// A Standard team.
    Team,
}

impl From<TeamKind> for TeamKindName {
    fn from(kind: TeamKind) -> Self {
        match kind {
            TeamKind::Enterprise => Self::Enterprise,
            TeamKind::Standard => Self::Team,
        }
    }
}

/// The identity provider of a team, which has the team's id and name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the schema's properties")]
pub struct IdentityProvider {
    pub id: TeamId,
    pub name: TeamName,
    pub owner: IdentityProviderOwner,
}

/// Who owns an identity provider: a team.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the schema's properties")]
pub struct IdentityProviderOwner {
    pub id: TeamId,
    pub name: TeamName,
    #[serde(rename = "type")]
    pub kind: IdentityProviderOwnerKind,
}

/// What owns an identity provider.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum IdentityProviderOwnerKind {
    /// A team.
    Team,
}

/// Somebody in a team, or on one of its apps.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the schema's properties")]
pub struct TeamMember {
    pub created_at: DateTime<Utc>,
    pub email: Email,
    pub federated: bool,
    pub id: UserId,
    /// The team's, for who signs in through one while the team has single sign-on enabled.
    pub identity_provider: Option<IdentityProvider>,
    pub role: Option<Role>,
    pub two_factor_authentication: bool,
    pub updated_at: DateTime<Utc>,
    pub user: UserInfo,
}

/// A user. The name is nowhere known.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the schema's properties")]
pub struct UserInfo {
    pub email: String,
    pub id: Uuid,
    pub name: Option<String>,
}

/// An invitation into a team. `invited_by` is the team itself when the sender is gone; the id of `user` is nil when the
/// actor sees no user with that e-mail.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the schema's properties")]
pub struct TeamInvitation {
    pub created_at: DateTime<Utc>,
    pub id: InvitationId,
    pub invited_by: UserInfo,
    pub team: Named<TeamId, TeamName>,
    pub role: Option<Role>,
    pub updated_at: DateTime<Utc>,
    pub user: UserInfo,
}

/// The preferences of a team.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the schema's properties")]
#[serde(rename_all = "kebab-case")]
pub struct TeamPreferences {
    pub default_permission: Option<TeamRole>,
    pub addons_controls: Option<bool>,
}

/// A feature of a team, which the command-line client asks for before it chooses an endpoint.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the schema's properties")]
pub struct TeamFeature {
    pub created_at: DateTime<Utc>,
    pub description: String,
    pub doc_url: String,
    pub enabled: bool,
    pub id: Uuid,
    pub name: String,
    pub state: String,
    pub updated_at: DateTime<Utc>,
    pub display_name: String,
    pub feedback_email: String,
}

/// A service that everybody who may install add-ons installs on a team's apps. Who allowed it is the team.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the schema's properties")]
pub struct AllowedAddOnService {
    pub added_at: DateTime<Utc>,
    pub added_by: Owner,
    pub addon_service: AllowedService,
    pub id: Uuid,
}

/// What may be installed: the service, which need not be one that this platform has.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the schema's properties")]
pub struct AllowedService {
    pub id: Uuid,
    pub name: ServiceName,
    pub human_name: String,
}

/// A team. Visible as [`TeamStore::team`], and to the members of its Enterprise Account (ENT-3).
///
/// # Errors
/// As [`TeamStore::team`].
pub fn team(store: &TeamStore, actor: Actor, team: TeamId) -> Result<Team, Error> {
    render(store, actor, seen(store, actor, team)?)
}

/// The teams that the actor is in, by name.
///
/// # Errors
/// As [`TeamStore::memberships`].
pub fn teams(store: &TeamStore, actor: Actor, page: &PageRequest) -> Result<Page<Team>, Error> {
    rendered(store.memberships(actor, &TeamFilter::default(), page)?, |membership| {
        render(store, actor, membership.team)
    })
}

/// The teams of an Enterprise Account, by name.
///
/// # Errors
/// As [`TeamStore::account_teams`].
pub fn teams_of_account(
    store: &TeamStore,
    actor: Actor,
    account: AccountId,
    page: &PageRequest,
) -> Result<Page<Team>, Error> {
    rendered(store.account_teams(actor, account, &TeamFilter::default(), page)?, |team| render(store, actor, team))
}

/// The people of a team, collaborators included, by e-mail.
///
/// # Errors
/// As [`TeamStore::access_list`].
pub fn team_members(
    store: &TeamStore,
    actor: Actor,
    team: TeamId,
    page: &PageRequest,
) -> Result<Page<TeamMember>, Error> {
    let list = store.access_list(actor, team, &PeopleFilter::default(), page)?;
    let team = seen(store, actor, team)?;
    rendered(list, |entry| Ok(render_member(Some(team), &entry)))
}

/// Somebody in a team, or on one of its apps. Visible as [`TeamStore::role`].
///
/// # Errors
/// As [`TeamStore::access_entry`].
pub fn team_member(store: &TeamStore, actor: Actor, team: TeamId, user: UserId) -> Result<TeamMember, Error> {
    let entry = store.access_entry(actor, team, user)?;
    Ok(render_member(seen(store, actor, team).ok(), &entry))
}

/// The pending invitations into a team, by e-mail.
///
/// # Errors
/// As [`TeamStore::pending_invitations`].
pub fn team_invitations(
    store: &TeamStore,
    actor: Actor,
    team: TeamId,
    page: &PageRequest,
) -> Result<Page<TeamInvitation>, Error> {
    rendered(store.pending_invitations(actor, team, page)?, |one| render_invitation(store, actor, one))
}

/// A pending invitation, for the invited user and for who lists the team's invitations. Its id is its token.
///
/// # Errors
/// As [`TeamStore::invitation`].
pub fn team_invitation(store: &TeamStore, actor: Actor, invitation: InvitationId) -> Result<TeamInvitation, Error> {
    let found = store.invitation(actor, invitation)?;
    if found.is_pending_at(store.now(actor)) {
        render_invitation(store, actor, found)
    } else {
        Err(Error::InvitationNotFound { invitation })
    }
}

/// Somebody who is invited since there is no user with that e-mail, as a member to be: with the nil id of nobody.
///
/// # Errors
/// As [`team_invitation`].
pub fn invited_member(store: &TeamStore, actor: Actor, invitation: InvitationId) -> Result<TeamMember, Error> {
    let TeamInvitation { created_at, updated_at, role, user, .. } = team_invitation(store, actor, invitation)?;
    Ok(TeamMember {
        created_at,
        email: user.email.parse()?,
        federated: false,
        id: UserId::from_uuid(user.id),
        identity_provider: None,
        role,
        two_factor_authentication: false,
        updated_at,
        user,
    })
}

/// The preferences of a team. Visible as [`TeamStore::team`].
///
/// # Errors
/// As [`TeamStore::team`].
pub fn team_preferences(store: &TeamStore, actor: Actor, team: TeamId) -> Result<TeamPreferences, Error> {
    let team = store.team(actor, team)?;
    Ok(TeamPreferences {
        default_permission: Some(match team.default_role() {
            // As such a person is shown (ROLE-2).
            TeamRole::Custom(_) => TeamRole::Member,
            role => role,
        }),
        addons_controls: Some(team.add_on_controls() == AddOnControls::On),
    })
}

/// The features of a team that are enabled: `org-access-controls` where permissions are chosen, in Enterprise Teams;
/// `team-invite-acceptance` where people are invited, in Standard teams.
///
/// # Errors
/// As [`TeamStore::check`] for [`Capability::ViewFeatures`].
pub fn team_features(store: &TeamStore, actor: Actor, team: TeamId) -> Result<Vec<TeamFeature>, Error> {
    store.check(actor, Capability::ViewFeatures, team)?;
    let team = seen(store, actor, team)?;
    let (name, description, display_name) = match team.kind() {
        TeamKind::Enterprise => {
            ("org-access-controls", "Permissions are chosen for each user and app.", "App permissions")
        }
        TeamKind::Standard => {
            ("team-invite-acceptance", "New members are invited, and accept or decline.", "Team invitations")
        }
    };
    Ok(vec![TeamFeature {
        created_at: team.provisioned_at(),
        description: description.to_owned(),
        doc_url: "https://devcenter.heroku.com/articles/platform-api-reference".to_owned(),
        enabled: true,
        id: made_id("team feature", name),
        name: name.to_owned(),
        state: "general".to_owned(),
        updated_at: team.provisioned_at(),
        display_name: display_name.to_owned(),
        feedback_email: format!("nobody@{OWNER_DOMAIN}"),
    }])
}

/// The services that a team allows, by name.
///
/// # Errors
/// As [`TeamStore::allowed_add_ons`].
pub fn allowed_add_on_services(
    store: &TeamStore,
    actor: Actor,
    team: TeamId,
) -> Result<Vec<AllowedAddOnService>, Error> {
    let services = store.allowed_add_ons(actor, team)?;
    let row = seen(store, actor, team)?;
    let listed = |name| AllowedAddOnService {
        added_at: row.provisioned_at(),
        added_by: Owner::team(team, row.name()),
        addon_service: AllowedService { id: made_id("add-on service", name), name, human_name: name.to_string() },
        id: made_id("allowed add-on service", format_args!("{team}:{name}")),
    };
    Ok(services.map(listed).collect())
}

/// The team, for who is in it or in its account.
fn seen(store: &TeamStore, actor: Actor, team: TeamId) -> Result<&domain::Team, Error> {
    find::own_team(store, actor, team).or_else(|refusal| store.account_team(actor, team).map_err(|_| refusal))
}

fn render(store: &TeamStore, actor: Actor, team: &domain::Team) -> Result<Team, Error> {
    let role = actor.who.user().map(|user| store.role(actor, team.id(), user)).transpose()?.flatten();
    let account = team.account().and_then(|account| store.account(actor, account).ok());
    Ok(Team {
        id: team.id(),
        created_at: team.provisioned_at(),
        credit_card_collections: team.kind() == TeamKind::Standard,
        default: false,
        enterprise_account: account.map(|account| Named { id: account.id(), name: account.name() }),
        identity_provider: (team.sso() != Sso::NotConfigured).then(|| identity_provider(team)),
        membership_limit: Some(team.limits().members),
        name: team.name(),
        provisioned_licenses: false,
        role: role.map(Role::from),
        kind: team.kind().into(),
        updated_at: team.changed_at(),
    })
}

fn identity_provider(team: &domain::Team) -> IdentityProvider {
    let (id, name) = (team.id(), team.name());
    IdentityProvider { id, name, owner: IdentityProviderOwner { id, name, kind: IdentityProviderOwnerKind::Team } }
}

/// A collaborator does not see the team's settings (CAP-2): nor, then, its identity provider.
fn render_member(team: Option<&domain::Team>, entry: &AccessEntry<'_>) -> TeamMember {
    let AccessEntry { user, role, times, .. } = entry;
    let federated = user.sign_in() == SignIn::Sso;
    TeamMember {
        created_at: times.since,
        email: user.email().clone(),
        federated,
        id: user.id(),
        identity_provider: team.filter(|team| federated && team.sso() == Sso::Enabled).map(identity_provider),
        role: Some((*role).into()),
        two_factor_authentication: user.mfa() == Mfa::Enrolled,
        updated_at: times.changed_at,
        user: UserInfo { email: user.email().to_string(), id: user.id().uuid(), name: None },
    }
}

fn render_invitation(store: &TeamStore, actor: Actor, invitation: &Invitation) -> Result<TeamInvitation, Error> {
    let team = team_name(store, actor, invitation.team())?;
    let sender = store.invitation_sender(actor, invitation.id())?;
    let of_team = Owner::team(team.id, team.name);
    let of_team = UserInfo { email: of_team.email, id: of_team.id, name: None };
    let sender = sender.map_or(of_team, |(id, email)| UserInfo { email: email.to_string(), id: id.uuid(), name: None });
    let invited = store.user_id(invitation.email()).and_then(|user| store.user(actor, user));
    Ok(TeamInvitation {
        created_at: invitation.invited_at(),
        id: invitation.id(),
        invited_by: sender,
        team,
        role: invitation.role().map(|role| domain::Role::from(role).into()),
        updated_at: invitation.invited_at(),
        user: UserInfo {
            email: invitation.email().to_string(),
            id: invited.map_or(Uuid::nil(), |user| user.id().uuid()),
            name: None,
        },
    })
}
