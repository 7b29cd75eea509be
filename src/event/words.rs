//! Events in words.

use core::fmt;

use super::{
    AuditEvent, CollaboratorRemoval, EmailChange, EndChange, Ended, Event, MemberEntry, MemberRemoval, Move,
    PipelineMove, PlanChange, Promotion, RoleChange, SpaceMove, SsoEntry, TeamMove,
};
use crate::entity::{
    AddOn, AddOnControls, App, AppTransfer, Dyno, Group, Invitation, Labels, Mfa, OAuthAccess, Pipeline, SignIn,
    SignInRequirement, Space, Sso,
};
use crate::policy::CustomRole;
use crate::readable::{InWords, Names, readable};

readable! { AuditEvent Event }

/// The number, the time, who, and what happened, in one line.
impl InWords for AuditEvent {
    fn in_words(&self, f: &mut fmt::Formatter<'_>, names: &dyn Names) -> fmt::Result {
        let (actor, event) = (names.of(&self.actor), names.of(&self.event));
        write!(f, "#{} {} {actor}: {event}", self.seq, self.at.format("%Y-%m-%dT%H:%M:%SZ"))
    }
}

/// `1 app`, `2 apps`.
struct Apps(usize);

impl fmt::Display for Apps {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} app{}", self.0, if self.0 == 1 { "" } else { "s" })
    }
}

/// What was set and what was taken away: `env=production`, no `tier`.
struct Relabelled<'l>(&'l Labels, &'l Labels);

impl fmt::Display for Relabelled<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(from, to) = self;
        let set = to.iter().filter(|(key, value)| from.get(key.as_str()) != Some(value));
        let taken = from.iter().filter(|(key, _)| to.get(key.as_str()).is_none());
        let mut comma = "";
        for (key, value) in set {
            let equals = if value.as_str().is_empty() { "" } else { "=" };
            write!(f, "{comma}`{key}{equals}{value}`")?;
            comma = ", ";
        }
        for (key, _) in taken {
            write!(f, "{comma}no `{key}`")?;
            comma = ", ";
        }
        Ok(())
    }
}

/// What happened. What an event says is shown as it is, and a name stands where the event has an id.
impl InWords for Event {
    fn in_words(&self, f: &mut fmt::Formatter<'_>, names: &dyn Names) -> fmt::Result {
        match self {
            Self::StoreOpened { .. } => f.write_str("opened the store"),
            Self::SettingsChanged { .. } => f.write_str("changed the settings of the store"),
            Self::UserRegistered { user } => write!(f, "registered user `{}`", user.email),
            Self::EmailChanged { changed } => {
                let EmailChange { user, from, to, .. } = &**changed;
                write!(f, "changed the e-mail of user `{user}` from `{from}` to `{to}`", user = names.of(user))
            }
            Self::MfaChanged { user, to, .. } => match to {
                Mfa::Enrolled => write!(f, "enrolled user `{user}` in MFA", user = names.of(user)),
                Mfa::NotEnrolled => write!(f, "removed user `{user}` from MFA", user = names.of(user)),
            },
            Self::SignInChanged { users, to, .. } => {
                f.write_str("switched user")?;
                for (index, change) in users.iter().enumerate() {
                    write!(f, "{} `{}`", if index == 0 { "" } else { "," }, names.of(&change.user))?;
                }
                f.write_str(match to {
                    SignIn::Sso => " to single sign-on",
                    SignIn::Password => " to sign-in by password",
                })
            }
            Self::UserSuspended { user, .. } => write!(f, "suspended user `{user}`", user = names.of(user)),
            Self::UserReinstated { user, .. } => write!(f, "reinstated user `{user}`", user = names.of(user)),
            Self::UserDeleted { deleted } => write!(f, "deleted user `{}`", deleted.user.email),
            Self::TeamProvisioned { team, admin } => {
                write!(f, "provisioned the {} `{}` with admin `{admin}`", team.kind, team.name, admin = names.of(admin))
            }
            Self::TeamRenamed { from, to, .. } => write!(f, "renamed team `{from}` to `{to}`"),
            Self::TeamLabelsChanged { team, from, to } => {
                write!(f, "labelled team `{team}`: {}", Relabelled(from, to), team = names.of(team))
            }
            Self::LimitsChanged { team, .. } => write!(f, "changed the limits of team `{team}`", team = names.of(team)),
            Self::DefaultRoleChanged { team, to, .. } => {
                write!(f, "changed the default role of team `{team}` to {to}", team = names.of(team), to = names.of(to))
            }
            Self::OAuthAccessChanged { team, to, .. } => match to {
                OAuthAccess::Allowed => {
                    write!(f, "allowed third-party clients to access team `{team}`", team = names.of(team))
                }
                OAuthAccess::Denied => {
                    write!(f, "denied third-party clients access to team `{team}`", team = names.of(team))
                }
            },
            Self::SignInRequirementChanged { team, to, .. } => match to {
                SignInRequirement::Nothing => {
                    write!(f, "required no particular sign-in of team `{team}` any more", team = names.of(team))
                }
                SignInRequirement::MfaOrSso => {
                    write!(f, "required MFA or single sign-on in team `{team}`", team = names.of(team))
                }
            },
            Self::TeamDeletionRequested { team, .. } => {
                write!(f, "requested the deletion of team `{team}`", team = names.of(team))
            }
            Self::TeamDeletionWithdrawn { team, .. } => {
                write!(f, "withdrew the request to delete team `{team}`", team = names.of(team))
            }
            Self::TeamDeleted { deleted } => write!(f, "deleted team `{}`", deleted.team.name),
            Self::MemberAdded { added } => {
                let MemberEntry { team, user, role, .. } = &**added;
                write!(
                    f,
                    "added user `{user}` to team `{team}` as {role}",
                    user = names.of(user),
                    team = names.of(team),
                    role = names.of(role)
                )
            }
            Self::MemberRoleChanged { changed } => {
                let RoleChange { team, user, from, to, .. } = &**changed;
                write!(
                    f,
                    "changed the role of user `{user}` in team `{team}` from {from} to {to}",
                    user = names.of(user),
                    team = names.of(team),
                    from = names.of(from),
                    to = names.of(to)
                )
            }
            Self::MemberRemoved { removed } => {
                let MemberRemoval { team, user, .. } = &**removed;
                write!(f, "removed user `{user}` from team `{team}`", user = names.of(user), team = names.of(team))
            }
            Self::EndChanged { changed } => {
                let EndChange { held, to, .. } = &**changed;
                match to {
                    Some(to) => write!(f, "set the end of {} to {}", names.of(held), names.of(to)),
                    None => write!(f, "took the end off {}", names.of(held)),
                }
            }
            Self::EndsSwept { swept } => {
                f.write_str("swept what had ended: ")?;
                for (index, Ended { ended_at, ended }) in swept.ended.iter().enumerate() {
                    let comma = if index == 0 { "" } else { ", " };
                    write!(f, "{comma}{} at {}", names.of(&ended.held()), names.of(ended_at))?;
                }
                Ok(())
            }
            Self::MemberInvited { invitation, .. } => {
                let Invitation { team, email, role, .. } = &**invitation;
                write!(f, "invited `{email}` to team `{team}`", team = names.of(team))?;
                role.map_or(Ok(()), |role| write!(f, " as {}", names.of(&role)))
            }
            Self::InvitationAccepted { role, invitation, .. } => {
                let team = &invitation.team;
                let (team, role) = (names.of(team), names.of(role));
                write!(f, "accepted the invitation to team `{team}` as {role}")
            }
            Self::InvitationDeclined { invitation, .. } => {
                let team = &invitation.team;
                write!(f, "declined the invitation to team `{team}`", team = names.of(team))
            }
            Self::InvitationRevoked { invitation } => {
                let Invitation { team, email, .. } = &**invitation;
                write!(f, "revoked the invitation of `{email}` to team `{team}`", team = names.of(team))
            }
            Self::GroupCreated { group } => {
                let Group { name, team, .. } = &**group;
                write!(f, "created group `{name}` in team `{team}`", team = names.of(team))
            }
            Self::GroupRenamed { from, to, .. } => write!(f, "renamed group `{from}` to `{to}`"),
            Self::GroupDeleted { deleted } => write!(f, "deleted group `{}`", deleted.group.name),
            Self::GroupMemberAdded { group, user, .. } => {
                write!(f, "added user `{user}` to group `{group}`", user = names.of(user), group = names.of(group))
            }
            Self::GroupMemberRemoved { group, user, .. } => {
                write!(f, "removed user `{user}` from group `{group}`", user = names.of(user), group = names.of(group))
            }
            Self::GroupPermissionsGranted { app, group, permissions, .. } => {
                write!(
                    f,
                    "granted {permissions} on app `{app}` to group `{group}`",
                    app = names.of(app),
                    group = names.of(group)
                )
            }
            Self::GroupPermissionsChanged { app, group, from, to, .. } => {
                write!(
                    f,
                    "changed the permissions of group `{group}` on app `{app}` from {from} to {to}",
                    app = names.of(app),
                    group = names.of(group)
                )
            }
            Self::GroupPermissionsRevoked { app, group, .. } => {
                write!(
                    f,
                    "revoked the permissions of group `{group}` on app `{app}`",
                    app = names.of(app),
                    group = names.of(group)
                )
            }
            Self::RoleCreated { role } => {
                let CustomRole { name, team, .. } = &**role;
                write!(f, "created role `{name}` in team `{team}`", team = names.of(team))
            }
            Self::RoleRenamed { from, to, .. } => write!(f, "renamed role `{from}` to `{to}`"),
            Self::RoleRightsChanged { role, from, to, .. } => {
                write!(f, "changed what role `{}` holds:", names.of(role))?;
                if from.capabilities != to.capabilities {
                    write!(f, " on the team from {} to {}", from.capabilities, to.capabilities)?;
                }
                if from.permissions != to.permissions {
                    write!(f, " on every app from {} to {}", from.permissions, to.permissions)?;
                }
                Ok(())
            }
            Self::RoleDeleted { role } => write!(f, "deleted role `{}`", role.name),
            Self::AppCreated { created } => {
                let App { name, owner, .. } = &created.app;
                write!(f, "created app `{name}` for {owner}", owner = names.of(owner))
            }
            Self::AppRenamed { from, to, .. } => write!(f, "renamed app `{from}` to `{to}`"),
            Self::AppLabelsChanged { app, from, to, .. } => {
                write!(f, "labelled app `{app}`: {}", Relabelled(from, to), app = names.of(app))
            }
            Self::AppLocked { app, .. } => write!(f, "locked app `{app}`", app = names.of(app)),
            Self::AppUnlocked { app, .. } => write!(f, "unlocked app `{app}`", app = names.of(app)),
            Self::AppScaled { app, dynos, .. } => match dynos.to {
                Some(Dyno { process, size, quantity }) => {
                    write!(f, "scaled `{process}` of app `{app}` to {quantity} × {size}", app = names.of(app))
                }
                None => write!(f, "scaled `{}` of app `{app}` to zero", dynos.process, app = names.of(app)),
            },
            Self::AppDeleted { deleted } => write!(f, "deleted app `{}`", deleted.app.name),
            Self::AppJoined { app, user, .. } => {
                write!(f, "user `{user}` joined app `{app}`", user = names.of(user), app = names.of(app))
            }
            Self::PermissionsGranted { app, user, permissions, .. } => {
                write!(
                    f,
                    "granted user `{user}` on app `{app}`: {permissions}",
                    user = names.of(user),
                    app = names.of(app)
                )
            }
            Self::CollaboratorAdded { app, user, .. } => {
                write!(f, "added user `{user}` to app `{app}`", user = names.of(user), app = names.of(app))
            }
            Self::PermissionsChanged { app, user, from, to, .. } => {
                write!(
                    f,
                    "changed the permissions of user `{user}` on app `{app}` from {from} to {to}",
                    user = names.of(user),
                    app = names.of(app)
                )
            }
            Self::CollaboratorRemoved { removed } => {
                let CollaboratorRemoval { app, user, .. } = &**removed;
                write!(f, "removed user `{user}` from app `{app}`", user = names.of(user), app = names.of(app))
            }
            Self::AppTransferred { moved } => {
                let Move { app, from: owner, to, .. } = &**moved;
                write!(
                    f,
                    "transferred app `{app}` from {owner} to {to}",
                    app = names.of(app),
                    owner = names.of(owner),
                    to = names.of(to)
                )
            }
            Self::AppsTransferred { moved } => {
                write!(f, "transferred {}", Apps(moved.len()))?;
                moved.first().map_or(Ok(()), |Move { to, .. }| write!(f, " to {to}", to = names.of(to)))
            }
            Self::AppTransferRequested { transfer } => {
                let AppTransfer { app, recipient: user, .. } = &**transfer;
                write!(
                    f,
                    "requested the transfer of app `{app}` to user `{user}`",
                    app = names.of(app),
                    user = names.of(user)
                )
            }
            Self::AppTransferAccepted { moved } => {
                let app = &moved.app;
                write!(f, "accepted the transfer of app `{app}`", app = names.of(app))
            }
            Self::AppTransferDeclined { transfer } => {
                let app = &transfer.app;
                write!(f, "declined the transfer of app `{app}`", app = names.of(app))
            }
            Self::AppTransferCancelled { transfer } => {
                let app = &transfer.app;
                write!(f, "cancelled the transfer of app `{app}`", app = names.of(app))
            }
            Self::AppReleased { app, release, .. } => {
                write!(f, "released v{} of app `{app}`: {}", release.number, release.description, app = names.of(app))
            }
            Self::PipelineCreated { pipeline } => {
                let Pipeline { name, owner, .. } = &**pipeline;
                write!(f, "created pipeline `{name}` for {owner}", owner = names.of(owner))
            }
            Self::PipelineRenamed { from, to, .. } => write!(f, "renamed pipeline `{from}` to `{to}`"),
            Self::PipelineLabelsChanged { pipeline, from, to, .. } => {
                write!(f, "labelled pipeline `{pipeline}`: {}", Relabelled(from, to), pipeline = names.of(pipeline))
            }
            Self::PipelineDeleted { deleted } => write!(f, "deleted pipeline `{}`", deleted.pipeline.name),
            Self::AppCoupled { app, pipeline, stage, .. } => {
                write!(
                    f,
                    "added app `{app}` to pipeline `{pipeline}` in stage {stage}",
                    app = names.of(app),
                    pipeline = names.of(pipeline)
                )
            }
            Self::AppStageChanged { app, from, to, .. } => {
                write!(f, "moved app `{app}` from stage {from} to {to}", app = names.of(app))
            }
            Self::AppUncoupled { app, pipeline, .. } => write!(
                f,
                "removed app `{app}` from pipeline `{pipeline}`",
                app = names.of(app),
                pipeline = names.of(pipeline)
            ),
            Self::PipelineTransferred { moved } => {
                let PipelineMove { pipeline, from: owner, to, .. } = &**moved;
                write!(
                    f,
                    "transferred pipeline `{pipeline}` from {owner} to {to}",
                    pipeline = names.of(pipeline),
                    owner = names.of(owner),
                    to = names.of(to)
                )
            }
            Self::AppPromoted { promotion } => {
                let Promotion { source: app, targets, .. } = &**promotion;
                write!(f, "promoted app `{app}` to {}", Apps(targets.len()), app = names.of(app))
            }
            Self::IdentityProviderChanged { team, to, .. } => match to {
                Some(_) => write!(f, "set the identity provider of team `{team}`", team = names.of(team)),
                None => write!(f, "removed the identity provider of team `{team}`", team = names.of(team)),
            },
            Self::SsoChanged { team, to, .. } => match to {
                Sso::Enabled => write!(f, "enabled single sign-on for team `{team}`", team = names.of(team)),
                Sso::Disabled | Sso::NotConfigured => {
                    write!(f, "disabled single sign-on for team `{team}`", team = names.of(team))
                }
            },
            Self::SsoMemberAdded { added } => {
                let SsoEntry { team, user, role, .. } = &**added;
                write!(
                    f,
                    "added user `{user}` to team `{team}` as {role} on their first single sign-on",
                    user = names.of(user),
                    team = names.of(team)
                )
            }
            Self::AddOnInstalled { add_on, .. } => {
                let AddOn { app, service, plan, .. } = &**add_on;
                write!(f, "installed add-on `{service}:{}` on app `{app}`", plan.name, app = names.of(app))
            }
            Self::AddOnPlanChanged { app, changed, .. } => {
                let PlanChange { service, from, to, .. } = &**changed;
                write!(
                    f,
                    "changed the plan of add-on `{service}` of app `{app}` from `{}` to `{}`",
                    from.name,
                    to.name,
                    app = names.of(app)
                )
            }
            Self::AddOnRemoved { add_on, .. } => {
                let AddOn { app, service, .. } = &**add_on;
                write!(f, "removed add-on `{service}` from app `{app}`", app = names.of(app))
            }
            Self::AddOnControlsChanged { team, to, .. } => match to {
                AddOnControls::On => write!(f, "switched on add-on controls for team `{team}`", team = names.of(team)),
                AddOnControls::Off => {
                    write!(f, "switched off add-on controls for team `{team}`", team = names.of(team))
                }
            },
            Self::AddOnAllowed { team, service } => {
                write!(f, "allowed the add-on service `{service}` in team `{team}`", team = names.of(team))
            }
            Self::AddOnDisallowed { team, service } => {
                write!(f, "disallowed the add-on service `{service}` in team `{team}`", team = names.of(team))
            }
            Self::PaymentMethodChanged { team, .. } => {
                write!(f, "changed the payment method of team `{team}`", team = names.of(team))
            }
            Self::MonthsClosed {} => f.write_str("closed the months that were over"),
            Self::SpaceCreated { space } => {
                let Space { name, team, .. } = &**space;
                write!(f, "created space `{name}` in team `{team}`", team = names.of(team))
            }
            Self::SpaceRenamed { from, to, .. } => write!(f, "renamed space `{from}` to `{to}`"),
            Self::SpaceLabelsChanged { space, from, to, .. } => {
                write!(f, "labelled space `{space}`: {}", Relabelled(from, to), space = names.of(space))
            }
            Self::SpaceDestroyed { space, .. } => write!(f, "destroyed space `{}`", space.name),
            Self::AppCreationAllowed { space, user, .. } => {
                write!(
                    f,
                    "allowed user `{user}` to create apps in space `{space}`",
                    user = names.of(user),
                    space = names.of(space)
                )
            }
            Self::AppCreationRevoked { space, user, .. } => {
                write!(
                    f,
                    "revoked the permission of user `{user}` to create apps in space `{space}`",
                    user = names.of(user),
                    space = names.of(space)
                )
            }
            Self::SpaceTransferred { moved } => {
                let SpaceMove { space, from: owner, to: team, .. } = &**moved;
                write!(
                    f,
                    "transferred space `{space}` from team `{owner}` to team `{team}`",
                    space = names.of(space),
                    owner = names.of(owner),
                    team = names.of(team)
                )
            }
            Self::AccountOpened { account, manager } => {
                write!(f, "opened account `{}` with manager `{manager}`", account.name, manager = names.of(manager))
            }
            Self::AccountMemberAdded { account, user, permissions } => {
                write!(
                    f,
                    "added user `{user}` to account `{account}` with permissions {permissions}",
                    user = names.of(user),
                    account = names.of(account)
                )
            }
            Self::AccountPermissionsChanged { account, user, from, to } => {
                write!(
                    f,
                    "changed the permissions of user `{user}` in account `{account}` from {from} to {to}",
                    user = names.of(user),
                    account = names.of(account)
                )
            }
            Self::AccountMemberRemoved { account, user, .. } => {
                write!(
                    f,
                    "removed user `{user}` from account `{account}`",
                    user = names.of(user),
                    account = names.of(account)
                )
            }
            Self::TeamMovedIn { moved } => {
                let TeamMove { team, account: (_, account), kind: (_, kind), .. } = &**moved;
                match account {
                    Some(account) => write!(
                        f,
                        "moved team `{team}` into account `{account}`",
                        team = names.of(team),
                        account = names.of(account)
                    ),
                    None => write!(f, "made team `{team}` an {kind}", team = names.of(team)),
                }
            }
            Self::TeamMoveOutRequested { team, .. } => {
                write!(f, "requested to move team `{team}` out of its account", team = names.of(team))
            }
            Self::TeamMoveOutWithdrawn { team, .. } => {
                write!(f, "withdrew the request to move team `{team}` out of its account", team = names.of(team))
            }
            Self::TeamMovedOut { moved } => {
                let team = &moved.team;
                write!(f, "moved team `{team}` out of its account", team = names.of(team))
            }
        }
    }
}
