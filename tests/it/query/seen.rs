//! X-2: every question by everybody, and questions about what is not there.

use enterprise_teams::demo::Demo;
use enterprise_teams::uuid::Uuid;
use enterprise_teams::{
    Actor, AppAction, AppId, Capability, Error, NewSpace, PageRequest, Stage, TeamId, UserId,
    entity::OAuthAccess,
    ids::{InvitationId, TransferId},
    query::{AccountMemberFilter, AppFilter, AppSort, AuditFilter, AuditScope, PeopleFilter, SpaceFilter, TeamFilter},
};

use crate::support::{app_name, days, email, id, read, refused, team_name, through_client as via};

/// What each sees, by column: admin, member, viewer, collaborator and outsider of `acme`, which denies third-party clients;
/// outsider and admin through such a client; the operator. Admin and member are also in the account, the collaborator is on an
/// app of the pipeline. `.` is seen, `"` is the refusal on the left.
const SEEN: &str = r#"
team                . . . collaborator-lacks-capability outsider-lacks-capability oauth-denied " .
team-by-name        . . . collaborator-lacks-capability outsider-lacks-capability oauth-denied " .
apps                . . . only-team-lists-apps " oauth-denied " .
access-list         . . . only-team-sees-access-list " oauth-denied " .
role-of-joe         . . . only-team-sees-access-list " oauth-denied " .
own-role            . . . . . oauth-denied " -
invitations         . . only-members-see-invitations " " oauth-denied " .
app                 . . . . action-needs-permission " oauth-denied .
app-by-name         . . . . action-needs-permission " oauth-denied .
formation           . . . . action-needs-permission " oauth-denied .
permissions         . . . . action-needs-permission " oauth-denied .
app-access          . . . collaborator-lacks-capability app-hidden " oauth-denied .
who-can             . . . collaborator-lacks-capability app-hidden " oauth-denied .
ownership_history   . only-managers-read-app-audit " " app-hidden " oauth-denied .
audit-of-app        . only-managers-read-app-audit " " app-hidden " oauth-denied .
audit-of-team       . only-admins-read-team-audit " " " oauth-denied " .
audit-by-joe        only-self-reads-audit . only-self-reads-audit " " " " .
audit-of-joe        only-self-reads-audit . only-self-reads-audit " " " " .
audit-of-all        only-self-reads-audit " " " " " " .
joes-apps           only-owner-lists-personal-apps . only-owner-lists-personal-apps " " " " .
joe                 . . . user-hidden " " " .
visible-apps        . . . . . . . operator-owns-no-apps
memberships         . . . . . . . .
my-invitations      . . . . . . . .
pending-transfers   . . . . . . . .
pipeline            . . . . pipeline-hidden " oauth-denied .
pipeline-apps       . . . . pipeline-hidden " oauth-denied .
empty-pipeline      . . . pipeline-hidden " " oauth-denied .
joes-pipeline       pipeline-hidden . pipeline-hidden " " " " .
coupling            . . . . action-needs-permission " oauth-denied .
release             . . . . action-needs-permission " oauth-denied .
apps-and-pipelines  . . . only-team-lists-apps " oauth-denied " .
joes-apps-and-more  only-owner-lists-personal-apps . only-owner-lists-personal-apps " " " " .
space               . . . space-hidden " " oauth-denied .
space-by-name       . . . space-hidden " " oauth-denied .
app-creators        . . . space-hidden " " oauth-denied .
spaces              . . . only-team-lists-spaces " oauth-denied " .
account             . . account-hidden " " " . .
account-by-name     . . account-hidden " " " . .
account-members     . . account-hidden " " " . .
account-teams       . . account-hidden " " " . .
account-apps        . . account-hidden " " " . .
account-people      . . account-hidden " " " . .
"#;

#[test]
fn x_02_every_list_for_everybody() {
    let Demo { mut store, operator, ada, joe, vera, jill, sam, acme, website, .. } = Demo::new().unwrap();
    store.set_oauth_access(ada, acme, OAuthAccess::Denied).unwrap();
    let [flow, empty] = ["flow", "empty"].map(|name| store.create_pipeline(ada, acme, read(name)).unwrap());
    let joes = store.create_pipeline(joe, id(joe), read("joes-flow")).unwrap();
    store.couple_app(ada, flow, website, Stage::Production).unwrap();
    let space = store.create_space(ada, NewSpace::new(acme, read("acme-space"))).unwrap();
    let account = store.open_account(operator, read("corp"), id(ada)).unwrap();
    store.add_account_member(ada, account, id(joe), read("billing")).unwrap();
    let (all, people, page) = (AppFilter::default(), PeopleFilter::default(), PageRequest::default());
    let log = |scope| AuditFilter::new(scope);
    let ask = |list: &str, actor: Actor| -> Result<(), Error> {
        match list {
            "team" => store.team(actor, acme).map(drop),
            "team-by-name" => store.team_by_name(actor, team_name("acme-widgets")).map(drop),
            "apps" => store.apps(actor, acme, &all, AppSort::Newest, &page).map(drop),
            "access-list" => store.access_list(actor, acme, &people, &page).map(drop),
            "role-of-joe" => store.role(actor, acme, id(joe)).map(drop),
            "own-role" => store.role(actor, acme, actor.who.user().unwrap_or(id(ada))).map(drop),
            "invitations" => store.pending_invitations(actor, acme, &page).map(drop),
            "app" => store.app(actor, website).map(drop),
            "app-by-name" => store.app_by_name(actor, app_name("acme-website")).map(drop),
            "formation" => store.formation(actor, website).map(drop),
            "permissions" => store.permissions(actor, website).map(drop),
            "app-access" => store.app_access(actor, website, &page).map(drop),
            "who-can" => store.who_can(actor, AppAction::PushCode, website, &page).map(drop),
            "ownership_history" => store.ownership_history(actor, website).map(drop),
            "audit-of-app" => store.audit_log(actor, &log(AuditScope::App(website)), &page).map(drop),
            "audit-of-team" => store.audit_log(actor, &log(AuditScope::Team(acme)), &page).map(drop),
            "audit-by-joe" => store.audit_log(actor, &log(AuditScope::By(id(joe))), &page).map(drop),
            "audit-of-joe" => store.audit_log(actor, &log(AuditScope::User(id(joe))), &page).map(drop),
            "audit-of-all" => store.audit_log(actor, &log(AuditScope::Everything), &page).map(drop),
            "joes-apps" => store.apps(actor, id(joe), &all, AppSort::Name, &page).map(drop),
            "joe" => store.user(actor, id(joe)).map(drop),
            "visible-apps" => store.visible_apps(actor, &all, &page).map(drop),
            "memberships" => store.memberships(actor, &TeamFilter::default(), &page).map(drop),
            "my-invitations" => store.my_invitations(actor, &page).map(drop),
            "pending-transfers" => store.pending_transfers(actor, &page).map(drop),
            "pipeline" => store.pipeline(actor, flow).map(drop),
            "pipeline-apps" => store.pipeline_apps(actor, flow, &AppFilter::default(), &page).map(drop),
            "empty-pipeline" => store.pipeline_apps(actor, empty, &AppFilter::default(), &page).map(drop),
            "joes-pipeline" => store.pipeline(actor, joes).map(drop),
            "coupling" => store.coupling(actor, website).map(drop),
            "release" => store.release(actor, website).map(drop),
            "apps-and-pipelines" => store.apps_and_pipelines(actor, acme, &all, &page).map(drop),
            "joes-apps-and-more" => store.apps_and_pipelines(actor, id(joe), &all, &page).map(drop),
            "space" => store.space(actor, space).map(drop),
            "space-by-name" => store.space_by_name(actor, read("acme-space")).map(drop),
            "app-creators" => store.app_creators(actor, space, &page).map(drop),
            "spaces" => store.spaces(actor, acme, &SpaceFilter::default(), &page).map(drop),
            "account" => store.account(actor, account).map(drop),
            "account-by-name" => store.account_by_name(actor, read("corp")).map(drop),
            "account-members" => {
                store.account_members(actor, account, &AccountMemberFilter::default(), &page).map(drop)
            }
            "account-teams" => store.account_teams(actor, account, &TeamFilter::default(), &page).map(drop),
            "account-apps" => store.account_apps(actor, account, &all, &page).map(drop),
            "account-people" => store.account_people(actor, account, &people, &page).map(drop),
            _ => panic!("{list}"),
        }
    };
    let ghost = Actor::user(UserId::from_uuid(Uuid::nil()), days(0));
    for row in SEEN.lines().filter(|row| !row.is_empty()) {
        let (list, cells) = row.split_once(' ').unwrap();
        let mut expected = ".";
        let actors = [ada, joe, vera, jill, sam, via(sam), via(ada), operator];
        for (actor, cell) in actors.into_iter().zip(cells.split_whitespace()) {
            expected = if cell == "\"" { expected } else { cell };
            let found = ask(list, actor).map_or_else(|error| error.code(), |()| ".");
            assert!(found == expected || cell == "-", "{list} for {}: {found}, not {expected}", actor.who);
        }
        assert_eq!(cells.split_whitespace().count(), actors.len());
        if list != "own-role" {
            assert_eq!(ask(list, ghost).unwrap_err().code(), "actor-not-found", "{list}");
        }
    }
}

#[test]
fn x_02_the_way_to_see_a_place() {
    let Demo { mut store, operator, ada, joe, sam, acme, .. } = Demo::new().unwrap();
    let account = store.open_account(operator, read("corp"), id(ada)).unwrap();
    let [space, pipeline] = [
        store.create_space(ada, NewSpace::new(acme, read("sea"))).map(|space| store.space(sam, space).err()),
        store.create_pipeline(ada, acme, read("flow")).map(|flow| store.pipeline(sam, flow).err()),
    ]
    .map(|refusal| refusal.unwrap().unwrap());
    let refusals = [
        space,
        store.spaces(sam, acme, &SpaceFilter::default(), &PageRequest::default()).unwrap_err(),
        pipeline,
        store.account(joe, account).unwrap_err(),
    ];
    assert_eq!(
        refusals.map(|refusal| refusal.remedy().unwrap().to_string()),
        [
            "ask for a role in the team of the space".to_owned(),
            format!("ask an admin of team `{acme}` for a role in the team that has `view-spaces`"),
            "ask for access to one of the apps in the pipeline".to_owned(),
            format!("ask a manager of account `{account}` for permissions in the account"),
        ]
    );
    store.add_account_member(ada, account, id(joe), read("view")).unwrap();
    assert!(store.account(joe, account).is_ok());
}

#[test]
fn x_02_not_found() {
    let Demo { mut store, operator, ada, joe, acme, website, .. } = Demo::new().unwrap();
    let (user, team, app) =
        (UserId::from_uuid(Uuid::nil()), TeamId::from_uuid(Uuid::nil()), AppId::from_uuid(Uuid::nil()));
    let (transfer, invitation) = (TransferId::from_uuid(Uuid::nil()), InvitationId::from_uuid(Uuid::nil()));
    let (space, pipeline, account) = (Uuid::nil().into(), Uuid::nil().into(), Uuid::nil().into());
    let (no_space, no_account) = (read("no-space"), read("no-account"));
    let (zero, actor) = (Uuid::nil(), Actor::user(user, days(0)));
    let (nobody, no_team, no_app) = (email("no@body.org"), team_name("no-team"), app_name("no-app"));
    let said = |what: &str| format!("{what} `{zero}` does not exist");
    let s = &mut store;
    refused(
        s,
        |s| s.rename_team(actor, acme, no_team),
        &Error::ActorNotFound { actor: user },
        &format!("the actor, user `{zero}`, does not exist"),
    );
    refused(s, |s| s.user(ada, user).cloned(), &Error::UserNotFound { user }, &said("user"));
    refused(
        s,
        |s| s.user_id(&nobody),
        &Error::EmailNotFound { email: nobody.clone() },
        "no user has the e-mail `no@body.org`",
    );
    refused(s, |s| s.team(ada, team).cloned(), &Error::TeamNotFound { team }, &said("team"));
    refused(
        s,
        |s| s.team_by_name(ada, no_team).cloned(),
        &Error::TeamNameNotFound { name: no_team },
        "no team is named `no-team`",
    );
    refused(s, |s| s.app(ada, app).cloned(), &Error::AppNotFound { app }, &said("app"));
    refused(
        s,
        |s| s.app_by_name(ada, no_app).cloned(),
        &Error::AppNameNotFound { name: no_app },
        "no app is named `no-app`",
    );
    refused(
        s,
        |s| s.accept_invitation(ada, invitation),
        &Error::InvitationNotFound { invitation },
        &format!("there is no pending invitation `{zero}`"),
    );
    refused(
        s,
        |s| s.accept_app_transfer(ada, transfer),
        &Error::TransferNotFound { transfer },
        &format!("there is no pending transfer `{zero}`"),
    );
    refused(s, |s| s.space(ada, space).cloned(), &Error::SpaceNotFound { space }, &said("space"));
    refused(
        s,
        |s| s.space_by_name(ada, no_space).cloned(),
        &Error::SpaceNameNotFound { name: no_space },
        "no space is named `no-space`",
    );
    refused(s, |s| s.pipeline(ada, pipeline).cloned(), &Error::PipelineNotFound { pipeline }, &said("pipeline"));
    refused(s, |s| s.account(ada, account).cloned(), &Error::AccountNotFound { account }, &said("account"));
    refused(
        s,
        |s| s.account_by_name(ada, no_account).cloned(),
        &Error::AccountNameNotFound { name: no_account },
        "no account is named `no-account`",
    );
    let page = &PageRequest::default();
    assert_eq!(
        s.pipeline_apps(ada, pipeline, &AppFilter::default(), page).err(),
        Some(Error::PipelineNotFound { pipeline })
    );
    assert_eq!(s.app_creators(ada, space, page).err(), Some(Error::SpaceNotFound { space }));
    assert_eq!(s.spaces(ada, team, &SpaceFilter::default(), page).err(), Some(Error::TeamNotFound { team }));
    assert_eq!(
        [s.coupling(ada, app).err(), s.release(ada, app).err()],
        [(); 2].map(|()| Some(Error::AppNotFound { app }))
    );

    // In argument order where two are named; and what was, is not found either.
    assert_eq!(s.role(ada, team, user), Err(Error::TeamNotFound { team }));
    assert_eq!(s.role(ada, acme, user), Err(Error::UserNotFound { user }));
    assert_eq!(s.check(actor, Capability::ViewApps, team), Err(Error::ActorNotFound { actor: user }));
    assert!(!s.can(actor, AppAction::ViewApp, website) && !s.can(ada, AppAction::ViewApp, app));
    s.delete_user(operator, id(joe)).unwrap();
    assert_eq!(s.check(joe, AppAction::ViewApp, website), Err(Error::ActorNotFound { actor: id(joe) }));
    s.delete_app(ada, website, "acme-website").unwrap();
    assert_eq!(s.ownership_history(operator, website), Err(Error::AppNotFound { app: website }));
    assert_eq!(s.check(ada, AppAction::ViewApp, website), Err(Error::AppNotFound { app: website }));
}
