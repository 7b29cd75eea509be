//! The fields that change for themselves: a row says where a field stands, and both reading and writing come from it.

use chrono::{DateTime, Utc};

use super::State;
use super::change::{Direction, Pair};
use crate::entity::{
    AddOnControls, IdentityProvider, Labels, Limits, Lock, Mfa, OAuthAccess, Release, SignIn, SignInRequirement, Sso,
};
use crate::ids::{AppId, GroupId, PipelineId, RoleId, SpaceId, TeamId, UserId};
use crate::names::{AppName, Email, GroupName, PaymentMethod, PipelineName, RoleName, SpaceName, TeamName};
use crate::policy::RoleRights;
use crate::role::{TeamKind, TeamRole};

/// A row is `Name: type = place in the row;`, or, where indexes change with the field, `Name: type = place, writer;`, and with
/// `is_free` at the end if no two rows of the table may hold the same.
macro_rules! fields {
    ($($table:ident: $id:ty {$(
        $name:ident: $value:ty = $($place:ident $(($($call:tt)*))?).+ $(, $writer:ident $(, $is_free:ident)?)?;
    )+})+) => {
        /// A field of the row with this id, before and after.
        #[derive(Clone, Copy, Debug)]
        pub(super) enum Field<'e> {$($(
            $name($id, Pair<$value>),
        )+)+}

        impl State {
            /// Whether the field is there, holds what it is said to hold, and may hold what it is given.
            pub(super) fn accepts_field(&self, field: Field<'_>, direction: Direction) -> bool {
                match field {$($(
                    Field::$name(id, pair) => {
                        let (from, to) = direction.oriented(pair);
                        fields!(@may self.$table, id, to $($(, $is_free)?)?)
                            && self.$table.find(id).is_some_and(|at| at.row.$($place $(($($call)*))?).+ == from)
                    }
                )+)+}
            }

            pub(super) fn write_field(&mut self, field: Field<'_>, direction: Direction) {
                match field {$($(
                    Field::$name(id, pair) => {
                        fields!(@write self, $table, id, direction.oriented(pair), $($place $(($($call)*))?).+ $(, $writer)?)
                    }
                )+)+}
            }
        }
    };
    (@may $table:expr, $id:ident, $to:ident) => {{
        let _ = $to;
        true
    }};
    (@may $table:expr, $id:ident, $to:ident, $is_free:ident) => {
        $table.$is_free($id, $to)
    };
    (@write $state:ident, $table:ident, $id:ident, $pair:expr, $($place:ident).+) => {
        $state.$table.change($id, |row| row.$($place).+ = $pair.1)
    };
    (@write $state:ident, $table:ident, $id:ident, $pair:expr, $($place:ident $(($($call:tt)*))?).+, $writer:ident) => {
        $state.$writer($id, $pair)
    };
}

fields! {
    users: UserId {
        Email: &'e Email = email(), set_email, is_free;
        Mfa: Mfa = mfa;
        SignIn: SignIn = sign_in;
        Suspension: Option<DateTime<Utc>> = suspended_at, set_suspension;
    }
    teams: TeamId {
        TeamName: TeamName = name, set_team_name, is_free;
        TeamKind: TeamKind = kind, set_team_kind;
        Limits: Limits = limits;
        DefaultRole: TeamRole = default_role;
        OAuthAccess: OAuthAccess = oauth_access, set_oauth_access;
        SignInRequirement: SignInRequirement = sign_in_requirement, set_sign_in_requirement;
        AddOnControls: AddOnControls = add_on_controls;
        Sso: Sso = sso;
        IdentityProvider: Option<&'e IdentityProvider> = identity_provider.as_deref(), set_identity_provider;
        PaymentMethod: Option<&'e PaymentMethod> = payment_method.as_ref(), set_payment_method;
        DeletionRequest: Option<DateTime<Utc>> = deletion_requested_at;
        MoveOutRequest: Option<DateTime<Utc>> = move_out_requested_at;
        TeamLabels: &'e Labels = labels(), set_team_labels;
    }
    apps: AppId {
        AppName: AppName = name, set_app_name, is_free;
        Lock: Lock = lock;
        Release: Option<&'e Release> = release(), set_release;
        AppLabels: &'e Labels = labels(), set_app_labels;
    }
    groups: GroupId {
        GroupName: GroupName = name, set_group_name;
    }
    roles: RoleId {
        RoleName: RoleName = name, set_role_name;
        RoleRights: RoleRights = rights, set_role_rights;
    }
    spaces: SpaceId {
        SpaceName: SpaceName = name, set_space_name, is_free;
        SpaceLabels: &'e Labels = labels(), set_space_labels;
    }
    pipelines: PipelineId {
        PipelineName: PipelineName = name, set_pipeline_name;
        PipelineLabels: &'e Labels = labels(), set_pipeline_labels;
    }
}
