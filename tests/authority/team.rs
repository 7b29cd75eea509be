//! What roles may do on a team.

use std::collections::BTreeSet;

use enterprise_teams::chrono::{DateTime, TimeDelta, Utc};
use enterprise_teams::demo::id;
use enterprise_teams::{
    Actor, Capability, Error, GroupId, NewApp, NewSpace, Owner, PageRequest, Permission, PermissionSet, PipelineId,
    Role, RoleId, SpaceId, TeamKind, TeamRole,
    entity::{AddOnControls, Days, IdentityProvider, Mfa, Month, OAuthAccess, SignInRequirement},
    query::{AppFilter, AppSort, AuditFilter, AuditScope, PeopleFilter, PipelineFilter, SpaceFilter, TeamFilter},
};

use enterprise_teams::policy::RoleRights;

use crate::world::{World, labels, plan, published, service, text};
use crate::{Outcome, bound, fits, none, rows, said};

const ENTERPRISE: &str = include_str!("../tables/team-capabilities-enterprise.tsv");
const CUSTOM: &str = include_str!("../tables/custom-role-capabilities.tsv");
const STANDARD: &str = include_str!("../tables/team-capabilities-standard.tsv");

/// In which kinds of team it can be tried, and what is said after a yes there, if not yes.
#[derive(Clone, Copy)]
enum In {
    Both,
    Enterprise,
    Standard,
    /// In both; what is said in an Enterprise Team, and in a Standard team.
    Then(Option<&'static str>, Option<&'static str>),
}
use In::{Both, Enterprise, Standard, Then};

type Attempt = fn(&mut World, Actor) -> Outcome;

fn page() -> PageRequest {
    PageRequest::default()
}

fn done<T>(answer: Result<T, Error>) -> Outcome {
    answer.map(|_| true)
}

/// Of a list of what could not be done, why the one thing could not.
fn first(answer: Result<(), Error>) -> Outcome {
    match answer {
        Err(Error::BulkRefused { apps }) => Err(apps.shown[0].1.clone()),
        Err(Error::PipelineNotMovable { apps, .. }) => Err(apps.shown[0].1.clone()),
        other => done(other),
    }
}

fn pipeline(w: &mut World) -> PipelineId {
    w.store.create_pipeline(w.boss, w.team, text("some-flow")).unwrap()
}

fn space(w: &mut World) -> SpaceId {
    w.store.create_space(w.boss, NewSpace::new(w.team, text("some-space"))).unwrap()
}

fn later(w: &World) -> DateTime<Utc> {
    w.boss.at + TimeDelta::days(7)
}

fn group(w: &mut World) -> GroupId {
    w.store.create_group(w.boss, w.team, text("some-group")).unwrap()
}

fn role(w: &mut World) -> RoleId {
    w.store.create_role(w.boss, w.team, text("another-role"), RoleRights::default()).unwrap()
}

fn invoices() -> RoleRights {
    RoleRights { capabilities: Capability::ViewInvoices.into(), permissions: PermissionSet::EMPTY }
}

fn provider(name: &str) -> IdentityProvider {
    let certificate = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----";
    IdentityProvider::new(name, "https://id.example.com/saml", certificate).unwrap()
}

fn newcomer(w: &mut World) -> enterprise_teams::UserId {
    w.store.register_user(w.operator, enterprise_teams::NewUser::new(text("new@authority.io"))).unwrap()
}

/// Closes the month that is tried.
fn close(w: &mut World) {
    w.store.close_months(w.operator.at(w.operator.at + TimeDelta::days(70))).unwrap();
}

#[rustfmt::skip]
const ATTEMPTS: &[(Capability, &str, In, Attempt)] = &[
    (Capability::ViewTeam, "team_by_name", Both, |w, by| done(w.store.team_by_name(by, text("first-team")))),
    // Who is on apps alone has no membership to see.
    (Capability::ViewTeam, "memberships", Both, |w, by| match w.store.role(by, w.team, id(by))? {
        Some(Role::Collaborator) | None => done(w.store.team_by_name(by, text("first-team"))),
        Some(_) => w.store.memberships(by, &TeamFilter::default(), &page()).map(|page| page.items.iter().any(|one| one.team.id() == w.team)),
    }),
    (Capability::ViewPreferences, "team", Both, |w, by| done(w.store.team(by, w.team))),
    (Capability::ViewApps, "apps", Both, |w, by| done(w.store.apps(by, w.team, &AppFilter::default(), AppSort::Name, &page()))),
    (Capability::ViewApps, "apps_and_pipelines", Both, |w, by| done(w.store.apps_and_pipelines(by, w.team, &AppFilter::default(), &page()))),
    (Capability::ViewApps, "pipeline", Both, |w, by| { let flow = pipeline(w); done(w.store.pipeline(by, flow)) }),
    (Capability::ViewApps, "pipeline_apps", Both, |w, by| { let flow = pipeline(w); done(w.store.pipeline_apps(by, flow, &AppFilter::default(), &page())) }),
    (Capability::ViewApps, "visible_pipelines", Both, |w, by| { pipeline(w); w.store.visible_pipelines(by, &PipelineFilter::default(), &page()).map(|page| !page.items.is_empty()) }),
    (Capability::CreateApps, "create_app", Both, |w, by| done(w.store.create_app(by, NewApp::in_team(w.team)))),
    (Capability::CreateApps, "transfer_app", Both, |w, by| { let own = w.store.create_app(by, NewApp::personal())?; done(w.store.transfer_app(by, own, w.team)) }),
    (Capability::CreateApps, "transfer_apps", Both, |w, by| { let own = w.store.create_app(by, NewApp::personal())?; first(w.store.transfer_apps(by, &[own], w.team)) }),
    (Capability::CreateApps, "transfer_movable_apps", Both, |w, by| { let own = w.store.create_app(by, NewApp::personal())?; first(w.store.transfer_movable_apps(by, &[own], w.team).map(drop)) }),
    (Capability::ManageSpaces, "create_space", Then(None, Some("space-in-standard-team")), |w, by| done(w.store.create_space(by, NewSpace::new(w.team, text("some-space"))))),
    (Capability::ManageSpaces, "rename_space", Enterprise, |w, by| { let space = space(w); done(w.store.rename_space(by, space, text("new-space"))) }),
    (Capability::ManageSpaces, "set_space_labels", Enterprise, |w, by| { let space = space(w); done(w.store.set_space_labels(by, space, labels())) }),
    (Capability::ManageSpaces, "destroy_space", Enterprise, |w, by| { let space = space(w); done(w.store.destroy_space(by, space, "some-space")) }),
    (Capability::ManageSpaces, "allow_app_creation", Enterprise, |w, by| { let space = space(w); done(w.store.allow_app_creation(by, space, id(w.bystander))) }),
    (Capability::ManageSpaces, "revoke_app_creation", Enterprise, |w, by| {
        let space = space(w);
        w.store.allow_app_creation(w.boss, space, id(w.bystander)).unwrap();
        done(w.store.revoke_app_creation(by, space, id(w.bystander)))
    }),
    (Capability::ManageSpaces, "set_app_creation_end", Enterprise, |w, by| {
        let (space, later) = (space(w), later(w));
        w.store.allow_app_creation(w.boss, space, id(w.bystander)).unwrap();
        done(w.store.set_app_creation_end(by, space, id(w.bystander), Some(later)))
    }),
    (Capability::ManageSpaces, "transfer_space", Enterprise, |w, by| { let space = space(w); done(w.store.transfer_space(by, space, w.other)) }),
    (Capability::ManageGroups, "create_group", Then(None, Some("groups-in-standard-team")), |w, by| done(w.store.create_group(by, w.team, text("new-group")))),
    (Capability::ManageGroups, "rename_group", Enterprise, |w, by| { let group = group(w); done(w.store.rename_group(by, group, text("new-group"))) }),
    (Capability::ManageGroups, "delete_group", Enterprise, |w, by| { let group = group(w); done(w.store.delete_group(by, group)) }),
    (Capability::ManageGroups, "add_group_member", Enterprise, |w, by| { let group = group(w); done(w.store.add_group_member(by, group, id(w.bystander))) }),
    (Capability::ManageGroups, "remove_group_member", Enterprise, |w, by| {
        let group = group(w);
        w.store.add_group_member(w.boss, group, id(w.bystander)).unwrap();
        done(w.store.remove_group_member(by, group, id(w.bystander)))
    }),
    (Capability::ManageRoles, "create_role", Then(None, Some("roles-in-standard-team")), |w, by| done(w.store.create_role(by, w.team, text("new-role"), RoleRights::default()))),
    (Capability::ManageRoles, "rename_role", Enterprise, |w, by| { let role = role(w); done(w.store.rename_role(by, role, text("new-role"))) }),
    (Capability::ManageRoles, "set_role_rights", Enterprise, |w, by| { let role = role(w); done(w.store.set_role_rights(by, role, invoices())) }),
    (Capability::ManageRoles, "delete_role", Enterprise, |w, by| { let role = role(w); done(w.store.delete_role(by, role)) }),
    (Capability::ViewRoles, "roles", Both, |w, by| done(w.store.roles(by, w.team, &page()))),
    (Capability::ViewRoles, "custom_role", Enterprise, |w, by| { let role = role(w); done(w.store.custom_role(by, role)) }),
    (Capability::ViewRoles, "role_by_name", Enterprise, |w, by| { role(w); done(w.store.role_by_name(by, w.team, text("another-role"))) }),
    (Capability::ViewGroups, "groups", Both, |w, by| done(w.store.groups(by, w.team, &page()))),
    (Capability::ViewGroups, "group", Enterprise, |w, by| { let group = group(w); done(w.store.group(by, group)) }),
    (Capability::ViewGroups, "group_by_name", Enterprise, |w, by| { group(w); done(w.store.group_by_name(by, w.team, text("some-group"))) }),
    (Capability::ViewGroups, "group_members", Enterprise, |w, by| { let group = group(w); done(w.store.group_members(by, group, &page())) }),
    (Capability::ViewGroups, "group_apps", Enterprise, |w, by| { let group = group(w); done(w.store.group_apps(by, group, &page())) }),
    (Capability::ViewGroups, "app_groups", Both, |w, by| done(w.store.app_groups(by, w.app))),
    (Capability::ManagePipelines, "create_pipeline", Both, |w, by| done(w.store.create_pipeline(by, w.team, text("new-flow")))),
    (Capability::ManagePipelines, "rename_pipeline", Both, |w, by| { let flow = pipeline(w); done(w.store.rename_pipeline(by, flow, text("new-flow"))) }),
    (Capability::ManagePipelines, "set_pipeline_labels", Both, |w, by| { let flow = pipeline(w); done(w.store.set_pipeline_labels(by, flow, labels())) }),
    (Capability::ManagePipelines, "delete_pipeline", Both, |w, by| { let flow = pipeline(w); done(w.store.delete_pipeline(by, flow)) }),
    (Capability::ManagePipelines, "couple_app", Both, |w, by| { let flow = pipeline(w); w.grant(by, PermissionSet::ALL); done(w.store.couple_app(by, flow, w.app, text("staging"))) }),
    (Capability::ManagePipelines, "set_stage", Both, |w, by| {
        let flow = pipeline(w);
        w.grant(by, PermissionSet::ALL);
        w.store.couple_app(w.boss, flow, w.app, text("staging")).unwrap();
        done(w.store.set_stage(by, w.app, text("production")))
    }),
    (Capability::ManagePipelines, "uncouple_app", Both, |w, by| {
        let flow = pipeline(w);
        w.grant(by, PermissionSet::ALL);
        w.store.couple_app(w.boss, flow, w.app, text("staging")).unwrap();
        done(w.store.uncouple_app(by, w.app))
    }),
    (Capability::ManagePipelines, "transfer_pipeline", Both, |w, by| { let flow = pipeline(w); first(w.store.transfer_pipeline(by, flow, Owner::Team(w.other))) }),
    (Capability::ViewSpaces, "spaces", Both, |w, by| done(w.store.spaces(by, w.team, &SpaceFilter::default(), &page()))),
    (Capability::ViewSpaces, "space", Enterprise, |w, by| { let space = space(w); done(w.store.space(by, space)) }),
    (Capability::ViewSpaces, "space_by_name", Enterprise, |w, by| { space(w); done(w.store.space_by_name(by, text("some-space"))) }),
    (Capability::ViewSpaces, "visible_spaces", Enterprise, |w, by| { space(w); w.store.visible_spaces(by, &SpaceFilter::default(), &page()).map(|page| !page.items.is_empty()) }),
    (Capability::ViewSpaces, "app_creators", Enterprise, |w, by| { let space = space(w); done(w.store.app_creators(by, space, &page())) }),
    (Capability::ViewUsers, "access_list", Both, |w, by| done(w.store.access_list(by, w.team, &PeopleFilter::default(), &page()))),
    (Capability::ViewUsers, "role", Both, |w, by| done(w.store.role(by, w.team, id(w.bystander)))),
    (Capability::ViewUsers, "member_apps", Both, |w, by| done(w.store.member_apps(by, w.team, id(w.bystander), &AppFilter::default(), &page()))),
    (Capability::ViewUsers, "user", Both, |w, by| done(w.store.user(by, id(w.bystander)))),
    (Capability::ViewUsers, "app_access", Both, |w, by| if manages(w, by) { done(w.store.role(by, w.team, id(w.bystander))) } else { done(w.store.app_access(by, w.app, &page())) }),
    (Capability::ViewUsers, "who_can", Both, |w, by| if manages(w, by) { done(w.store.role(by, w.team, id(w.bystander))) } else { done(w.store.who_can(by, enterprise_teams::AppAction::ViewApp, w.app, &page())) }),
    (Capability::ManageUsers, "add_member", Both, |w, by| { let new = newcomer(w); done(w.store.add_member(by, w.team, new, TeamRole::Member)) }),
    (Capability::ManageUsers, "add_default_member", Both, |w, by| { let new = newcomer(w); done(w.store.add_default_member(by, w.team, new)) }),
    (Capability::ManageUsers, "set_member_role", Both, |w, by| done(w.store.set_member_role(by, w.team, id(w.bystander), TeamRole::Admin))),
    (Capability::ManageUsers, "set_member_end", Both, |w, by| { let later = later(w); done(w.store.set_member_end(by, w.team, id(w.bystander), Some(later))) }),
    (Capability::ManageUsers, "remove_member", Both, |w, by| done(w.store.remove_member(by, w.team, id(w.bystander)))),
    (Capability::ViewCollaborators, "access_list", Both, |w, by| {
        let outsider = id(w.outsider);
        w.store.access_list(by, w.team, &PeopleFilter::default(), &page()).map(|page| page.items.iter().any(|one| one.user.id() == outsider))
    }),
    (Capability::ViewCollaborators, "role", Both, |w, by| done(w.store.role(by, w.team, id(w.outsider)))),
    (Capability::ViewInvitations, "pending_invitations", Both, |w, by| done(w.store.pending_invitations(by, w.team, &page()))),
    (Capability::ManageInvitations, "invite_member", Both, |w, by| done(w.store.invite_member(by, w.team, text("new@authority.io"), TeamRole::Member))),
    (Capability::ManageInvitations, "invite_default_member", Both, |w, by| done(w.store.invite_default_member(by, w.team, text("new@authority.io")))),
    (Capability::ManageInvitations, "revoke_invitation", Both, |w, by| {
        let invitation = w.store.invite_member(w.boss, w.team, text("new@authority.io"), TeamRole::Member).unwrap();
        done(w.store.revoke_invitation(by, invitation))
    }),
    (Capability::ViewIdentityProviders, "identity_provider", Both, |w, by| done(w.store.identity_provider(by, w.team))),
    (Capability::ManageIdentityProviders, "set_identity_provider", Both, |w, by| done(w.store.set_identity_provider(by, w.team, provider("one")))),
    (Capability::ManageIdentityProviders, "remove_identity_provider", Both, |w, by| {
        w.store.set_identity_provider(w.boss, w.team, provider("one")).unwrap();
        done(w.store.remove_identity_provider(by, w.team))
    }),
    (Capability::ManageIdentityProviders, "enable_sso", Both, |w, by| {
        w.store.set_identity_provider(w.boss, w.team, provider("one")).unwrap();
        done(w.store.enable_sso(by, w.team))
    }),
    (Capability::ManageIdentityProviders, "disable_sso", Both, |w, by| {
        w.store.set_identity_provider(w.boss, w.team, provider("one")).unwrap();
        w.store.enable_sso(w.boss, w.team).unwrap();
        done(w.store.disable_sso(by, w.team))
    }),
    (Capability::ManageTeam, "rename_team", Both, |w, by| done(w.store.rename_team(by, w.team, text("new-name")))),
    (Capability::ManageTeam, "set_team_labels", Both, |w, by| done(w.store.set_team_labels(by, w.team, labels()))),
    (Capability::ManagePreferences, "set_default_role", Both, |w, by| done(w.store.set_default_role(by, w.team, TeamRole::Admin))),
    (Capability::ManagePreferences, "set_sign_in_requirement", Both, |w, by| {
        if let Some(user) = by.who.user() {
            w.store.set_mfa(Actor::operator(by.at), user, Mfa::Enrolled).unwrap();
        }
        done(w.store.set_sign_in_requirement(by, w.team, SignInRequirement::MfaOrSso))
    }),
    (Capability::ManagePreferences, "set_oauth_access", Both, |w, by| done(w.store.set_oauth_access(by, w.team, OAuthAccess::Denied))),
    (Capability::ViewAddOnAllowlist, "allowed_add_ons", Both, |w, by| w.store.allowed_add_ons(by, w.team).map(|_| true)),
    (Capability::ViewAddOnAllowlist, "add_on_exceptions", Both, |w, by| done(w.store.add_on_exceptions(by, w.team))),
    (Capability::ManageAddOnAllowlist, "set_add_on_controls", Both, |w, by| done(w.store.set_add_on_controls(by, w.team, AddOnControls::On))),
    (Capability::ManageAddOnAllowlist, "allow_add_on", Both, |w, by| done(w.store.allow_add_on(by, w.team, service()))),
    (Capability::ManageAddOnAllowlist, "disallow_add_on", Both, |w, by| {
        w.store.allow_add_on(w.boss, w.team, service()).unwrap();
        done(w.store.disallow_add_on(by, w.team, service()))
    }),
    (Capability::ViewInvoices, "statement", Then(Some("no-statement"), None), |w, by| { close(w); done(w.store.statement(by, w.team, Month::of(by.at))) }),
    (Capability::ViewInvoices, "statements", Both, |w, by| done(w.store.statements(by, w.team, &page()))),
    (Capability::ViewInvoices, "statement_part", Then(None, Some("no-statement")), |w, by| { close(w); done(w.store.statement_part(by, w.account, w.team, Month::of(by.at))) }),
    (Capability::ViewPayments, "billing", Both, |w, by| done(w.store.billing(by, w.team))),
    (Capability::ManagePayments, "set_payment_method", Then(Some("payment-of-enterprise-team"), None), |w, by| done(w.store.set_payment_method(by, w.team, Some(text("Visa 4242"))))),
    (Capability::ViewResources, "resources", Both, |w, by| done(w.store.resources(by, w.team, &page()))),
    (Capability::DeleteTeam, "request_team_deletion", Then(None, Some("deletion-needs-no-request")), |w, by| done(w.store.request_team_deletion(by, w.team))),
    (Capability::DeleteTeam, "withdraw_team_deletion", Enterprise, |w, by| {
        w.store.request_team_deletion(w.boss, w.team).unwrap();
        done(w.store.withdraw_team_deletion(by, w.team))
    }),
    (Capability::DeleteTeam, "delete_team", Then(Some("only-operator-deletes-enterprise-teams"), Some("team-not-empty")), |w, by| done(w.store.delete_team(by, w.team))),
    (Capability::MoveTeam, "move_team_in", Standard, |w, by| {
        w.store.add_account_member(w.boss, w.account, id(by), text("create")).unwrap();
        done(w.store.move_team_in(by, w.team, w.account))
    }),
    (Capability::MoveTeam, "request_team_move_out", Then(None, Some("team-in-no-account")), |w, by| done(w.store.request_team_move_out(by, w.team))),
    (Capability::MoveTeam, "withdraw_team_move_out", Enterprise, |w, by| {
        w.store.request_team_move_out(w.boss, w.team).unwrap();
        done(w.store.withdraw_team_move_out(by, w.team))
    }),
    // An admin holds everything as it is: whoever may join is told so.
    (Capability::JoinApps, "join_app", Both, |w, by| match w.store.join_app(by, w.app) {
        Err(Error::AdminHoldsAll { .. }) => Ok(true),
        other => done(other),
    }),
    (Capability::AddCollaborators, "add_collaborator", Standard, |w, by| { let new = newcomer(w); done(w.store.add_collaborator(by, w.app, new)) }),
    // Whoever adds people puts off their ends.
    (Capability::AddCollaborators, "set_grant_end", Standard, |w, by| {
        let later = later(w);
        w.store.set_grant_end(w.boss, w.app, id(w.outsider), Some(later)).unwrap();
        done(w.store.set_grant_end(by, w.app, id(w.outsider), None))
    }),
    (Capability::CreateLockedApps, "create_app", Both, |w, by| done(w.store.create_app(by, NewApp::in_team(w.team).locked()))),
    (Capability::CreateAppsInSpaces, "create_app", Enterprise, |w, by| { let space = space(w); done(w.store.create_app(by, NewApp::in_space(space))) }),
    (Capability::InstallAnyAddOn, "install_add_on", Both, |w, by| {
        w.grant(by, PermissionSet::ALL);
        w.store.set_add_on_controls(w.boss, w.team, AddOnControls::On).unwrap();
        done(w.store.install_add_on(by, w.app, service(), plan(0)))
    }),
    (Capability::ViewUsage, "current_use", Both, |w, by| done(w.store.current_use(by, w.team))),
    (Capability::ViewUsage, "usage", Both, |w, by| done(w.store.usage(by, w.team, Days::of(Month::of(by.at))))),
    (Capability::ViewCompliance, "without_mfa", Both, |w, by| done(w.store.without_mfa(by, w.team, &page()))),
    (Capability::ViewAuditLog, "ends", Both, |w, by| {
        let later = later(w);
        w.store.set_member_end(w.boss, w.team, id(w.bystander), Some(later)).unwrap();
        w.store.ends(by, w.team, w.boss.at + TimeDelta::days(9), &page()).map(|page| page.items.len() == 1)
    }),
    (Capability::ViewAuditLog, "audit_log", Both, |w, by| done(w.store.audit_log(by, &AuditFilter::new(AuditScope::Team(w.team)), &page()))),
];

/// Whoever manages the app sees who is on it, in the team or not (MEM-8 asks nothing of them).
fn manages(w: &World, by: Actor) -> bool {
    w.store.permissions(by, w.app).is_ok_and(|held| held.permissions.contains(Permission::Manage))
}

#[test]
fn cap_01_operations_and_questions_follow_the_table() {
    let tried = ATTEMPTS.iter().map(|(row, name, ..)| (row.code(), *name)).collect::<BTreeSet<_>>();
    bound(Capability::ALL.iter().map(|one| (one.code(), one.asked_by())), &tried);

    let mut faults = Vec::new();
    for (kind, table) in [(TeamKind::Enterprise, ENTERPRISE), (TeamKind::Standard, STANDARD)] {
        let table = rows(table);
        let roles = published(kind);
        for (column, role) in roles.enumerate() {
            let (world, by) = World::new(kind, role);
            for capability in Capability::ALL.iter().copied() {
                let row = table.iter().find(|row| row[0] == capability.code());
                let expected = row.is_some_and(|row| row[column + 1] == "yes");
                let cell = format!("{capability} for the {role} of an {kind}");
                if world.store.can(by, capability, world.team) != expected {
                    faults.push(format!("{cell}: the copy of the table says {expected}, `can` does not"));
                }
                for (_, name, within, attempt) in ATTEMPTS.iter().filter(|(of, ..)| *of == capability) {
                    let below = match (within, kind) {
                        (Both, _) | (Enterprise, TeamKind::Enterprise) | (Standard, TeamKind::Standard) => None,
                        (Then(below, _), TeamKind::Enterprise) | (Then(_, below), TeamKind::Standard) => *below,
                        (Enterprise, TeamKind::Standard) | (Standard, TeamKind::Enterprise) => continue,
                    };
                    let outcome = attempt(&mut world.clone(), by);
                    if !fits(expected, &outcome, below) {
                        faults.push(format!("{cell}: expected {expected}, {name} {}", said(&outcome)));
                    }
                }
            }
        }
    }
    none(&faults);
}

/// A role of a team's own does what its row says, and nothing else: each of the capabilities that it may have, alone and with what comes
/// along, against everything that asks for any.
#[test]
fn role_01_operations_and_questions_follow_the_row_of_a_role() {
    let table = rows(CUSTOM);
    let mut faults = Vec::new();
    for row in &table {
        let given: Capability = row[0].parse().unwrap();
        let (mut fresh, _) = World::new(TeamKind::Enterprise, Role::Member);
        let rights = RoleRights { capabilities: given.into(), permissions: PermissionSet::EMPTY };
        let refused = fresh.store.create_role(fresh.boss, fresh.team, text("some-role"), rights).err();
        if row[1] == "no" {
            assert_eq!(refused.unwrap().code(), "capability-for-admins-alone", "{given}");
            continue;
        }
        let (world, by) = World::with_rights(rights);
        let brought = row[2].split(',').filter(|one| *one != "-");
        let has: BTreeSet<&str> = [row[0], "view-team", "view-preferences"].into_iter().chain(brought).collect();
        for capability in Capability::ALL.iter().copied() {
            let expected = has.contains(capability.code());
            let cell = format!("{capability} for a role with {given}");
            if world.store.can(by, capability, world.team) != expected {
                faults.push(format!("{cell}: the copy of the table says {expected}, `can` does not"));
            }
            for (_, name, within, attempt) in ATTEMPTS.iter().filter(|(of, ..)| *of == capability) {
                let below = match (within, *name) {
                    // Whoever tries is on the app already.
                    (_, "join_app") => Some("permissions-unchanged"),
                    (Both | Enterprise, _) => None,
                    (Then(below, _), _) => *below,
                    (Standard, _) => continue,
                };
                let outcome = attempt(&mut world.clone(), by);
                if !fits(expected, &outcome, below) {
                    faults.push(format!("{cell}: expected {expected}, {name} {}", said(&outcome)));
                }
            }
        }
    }
    none(&faults);
}
