//! The values of an operation, drawn from a scene.

use core::str::FromStr;

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::scene::{Scene, Thing};
use crate::entity::{
    AccountPermission, AccountPermissionSet, AddOnControls, DynoSize, IdentityProvider, Labels, Limits, Mfa, NewApp,
    NewSpace, NewTeam, NewUser, OAuthAccess, OnExcess, Owner, Plan, SignIn, SignInRequirement, Stage,
};
use crate::ids::{AppId, RoleId, TeamId, UserId};
use crate::names::{
    AccountName, AppName, Description, Email, GroupName, PaymentMethod, PipelineName, PlanName, ProcessType, RoleName,
    ServiceName, SpaceName, Stack, TeamName,
};
use crate::permission::{Permission, PermissionSet};
use crate::policy::{Capability, HostActions, RoleRights};
use crate::role::{TeamKind, TeamRole};
use crate::settings::StoreOptions;

const NOTHING: SignInRequirement = SignInRequirement::Nothing;

/// A value that a scene gives.
pub(super) trait Draw: Sized {
    fn draw(scene: &mut Scene<'_>) -> Option<Self>;
}

impl<T: Thing> Draw for T {
    fn draw(scene: &mut Scene<'_>) -> Option<Self> {
        Some(scene.thing())
    }
}

/// How each type is drawn.
macro_rules! draw {
    ($($name:ty: |$scene:ident| $draw:expr;)*) => {$(
        impl Draw for $name {
            fn draw($scene: &mut Scene<'_>) -> Option<Self> {
                $draw
            }
        }
    )*};
}

draw! {
    TeamName: |scene| scene.numbered("team-", 64, "");
    AppName: |scene| scene.numbered("app-", 256, "");
    RoleName: |scene| scene.numbered("role-", 8, "");
    GroupName: |scene| scene.numbered("group-", 8, "");
    SpaceName: |scene| scene.numbered("space-", 32, "");
    PipelineName: |scene| scene.numbered("pipeline-", 8, "");
    AccountName: |scene| scene.numbered("account-", 8, "");
    ServiceName: |scene| read(scene.choose(&["postgresql", "redis", "kafka", "papertrail"]));
    PlanName: |scene| read(scene.choose(&["mini", "standard-0", "premium-7"]));
    Stack: |scene| read(scene.choose(&["heroku-24", "heroku-22", "cedar"]));
    ProcessType: |scene| read(scene.choose(&["web", "worker", "clock"]));
    Description: |scene| scene.numbered("Deploy ", 256, "");
    PaymentMethod: |scene| read(scene.choose(&["Visa, ending in 4242", "invoice"]));
    Email: |scene| {
        let known = if scene.byte() % 4 > 1 { scene.known_email() } else { None };
        known.or_else(|| scene.numbered("user-", 256, "@example.com"))
    };
    String: |scene| Some(scene.confirmation());

    // Now and then one of the team's own.
    TeamRole: |scene| match (scene.byte() % 8, scene.choose(TeamRole::BUILT_IN)) {
        (0, Some(TeamRole::Member | TeamRole::Viewer)) => RoleId::draw(scene).map(Self::Custom),
        (_, role) => role,
    };
    RoleRights: |scene| {
        let [few, more, permissions] = [scene.byte(), scene.byte(), scene.byte()];
        let all = Capability::ALL.iter().copied().filter(|one| more == 0 || one.is_for_custom_roles());
        let (few, more) = (usize::from(few), usize::from(more));
        let held = all.enumerate().filter(|(place, _)| place % 5 == few % 5 || place % 7 == more % 7);
        let capabilities = held.map(|(_, one)| one).filter(|_| few % 8 > 0).collect();
        let permissions = some_of(Permission::ALL, permissions).filter(|_| more % 4 > 0).collect();
        Some(Self { capabilities, permissions })
    };
    DynoSize: |scene| scene.choose(DynoSize::ALL);
    Stage: |scene| scene.choose(Stage::ALL);
    Mfa: |scene| scene.choose(&[Mfa::Enrolled, Mfa::NotEnrolled]);
    SignIn: |scene| scene.choose(&[SignIn::Sso, SignIn::Password]);
    OAuthAccess: |scene| scene.choose(&[OAuthAccess::Denied, OAuthAccess::Allowed]);
    SignInRequirement: |scene| scene.choose(&[SignInRequirement::MfaOrSso, NOTHING, NOTHING]);
    AddOnControls: |scene| scene.choose(&[AddOnControls::On, AddOnControls::Off]);
    PermissionSet: |scene| Some(some_of(Permission::ALL, scene.byte()).collect());
    AccountPermissionSet: |scene| Some(some_of(AccountPermission::ALL, !scene.byte()).collect());

    u16: |scene| Some((scene.byte() % 8).into());
    // Within two months, in quarters of a day; now and then in the past.
    Option<DateTime<Utc>>: |scene| match scene.byte() {
        0..=31 => Some(None),
        quarters => Some(Some(scene.later(6 * (i64::from(quarters) - 36)))),
    };
    Option<PaymentMethod>: |scene| Some(if scene.byte() % 4 < 3 { PaymentMethod::draw(scene) } else { None });
    Vec<AppId>: |scene| Some(scene.apps());
    // Mostly whom the step is about.
    Owner: |scene| match (scene.byte() % 4, scene.around()) {
        (0 | 1, Some(around)) => Some(around),
        (0..=2, _) => TeamId::draw(scene).map(Self::Team),
        _ => UserId::draw(scene).map(Self::User),
    };
    Plan: |scene| {
        let price = scene.choose(&[0, 500, 5_000, 150_000])?;
        Some(Self { name: Draw::draw(scene)?, price })
    };
    Limits: |scene| {
        let [members, rest] = [scene.byte(), scene.byte()];
        let limit = |none: u8, limit: u8| (rest & none == 0).then_some(u32::from(limit % 8));
        Some(Self {
            members: if members % 4 < 2 { 100 } else { u32::from(members / 32) },
            apps: limit(0b0011, members),
            spaces: limit(0b0011_0000, members / 8),
            dyno_units: limit(0b1100_0000, members),
            add_on_credits: limit(0b1000_1000, members / 8).map(|limit| u64::from(limit) * 1_000),
            on_excess: scene.choose(OnExcess::ALL)?,
        })
    };
    StoreOptions: |scene| if scene.choose(&[true, false, false])? { Some(scene.options()) } else { Some(Self {
        invitation_days: scene.choose(&[30, 30, 14, 1])?,
        sign_in_requirement: scene.choose(&[NOTHING, NOTHING, NOTHING, NOTHING, NOTHING, SignInRequirement::MfaOrSso])?,
        personal_apps_max: scene.choose(&[100, 100, 3])?,
        team_groups_max: scene.choose(&[200, 200, 2])?,
        member_groups_max: scene.choose(&[32, 32, 1])?,
        team_roles_max: scene.choose(&[20, 20, 1])?,
        space_apps_max: scene.choose(&[25, 25, 2])?.try_into().ok()?,
        default_stack: Draw::draw(scene)?,
        reserved_names: {
            let (start, count) = scene.choose(&[("app-", 32), ("team-", 4), ("word-", 1)])?;
            (0..count).filter_map(|number| format!("{start}{number}").parse().ok()).collect()
        },
        host_actions: {
            let any_of = scene.choose(&[PermissionSet::VIEW, Permission::Operate.into(), PermissionSet::WORK])?;
            HostActions::new([("rotate-key".parse().ok()?, any_of)]).ok()?
        },
        ..Self::default()
    })};
    // Of three keys, so that what is set is often there already.
    Labels: |scene| {
        let (held, values) = (scene.byte(), scene.byte());
        let labels = some_of(&["env", "tier", "owner"], held).enumerate().filter_map(|(place, key)| {
            let value = some_of(&["", "production"], values >> (2 * place)).last().unwrap_or("a team");
            Some((key.parse().ok()?, value.parse().ok()?))
        });
        Self::new(labels).ok()
    };
    IdentityProvider: |scene| {
        let pem = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----";
        let entity_id = scene.choose(&["acme-idp", "other-idp"])?;
        Self::new(entity_id, "https://id.example.com/saml", pem).ok()
    };

    // Mostly under a fresh id, and with an e-mail that may be nobody's.
    NewUser: |scene| {
        let id = scene.byte();
        let fresh = Self::new(scene.numbered("user-", 256, "@example.com")?);
        Some(match id % 16 {
            15 => fresh.with_id(scene.thing()),
            14 => fresh.with_id(Uuid::from_u128(id.into()).into()),
            13 => Self::new(Email::draw(scene)?),
            _ => fresh,
        })
    };
    NewTeam: |scene| {
        let (kind, limits) = (scene.choose(TeamKind::ALL)?, scene.byte());
        let new = Self { name: Draw::draw(scene)?, kind, admin: scene.thing(), limits: Limits::of(kind), account: None };
        let new = if limits % 4 < 3 { new } else { new.limits(Draw::draw(scene)?) };
        Some(if limits / 4 % 4 < 3 { new } else { new.in_account(scene.thing()) })
    };
    NewApp: |scene| {
        let (place, rest) = (scene.byte(), scene.byte());
        let new = match place % 4 {
            0 | 1 => Self::in_team(scene.thing()),
            2 => Self::in_space(scene.thing()),
            _ => {
                // It is the actor's.
                scene.thing::<UserId>();
                Self::personal()
            }
        };
        let new = if rest & 1 == 0 { new } else { new.named(Draw::draw(scene)?) };
        let new = if rest & 0b0110 == 0 { new.stack(Draw::draw(scene)?) } else { new };
        Some(if rest & 0b0011_1000 == 0 { new.locked() } else { new })
    };
    NewSpace: |scene| {
        let new = Self::new(scene.thing(), Draw::draw(scene)?);
        Some(if scene.byte() % 4 < 3 { new } else { new.shielded() })
    };
}

fn read<T: FromStr>(text: Option<&str>) -> Option<T> {
    text?.parse().ok()
}

/// Those whose bit is set.
fn some_of<T: Copy>(all: &[T], bits: u8) -> impl Iterator<Item = T> {
    all.iter().enumerate().filter(move |(place, _)| bits >> place & 1 == 1).map(|(_, one)| *one)
}
