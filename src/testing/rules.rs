//! The rules as traits, a method for each operation: what a second implementation of them, written to be compared with the
//! store, implements. One that lacks an operation does not compile.

use chrono::{DateTime, Utc};

use crate::actor::Actor;
use crate::entity::{
    AccountPermissionSet, AddOnControls, DynoSize, IdentityProvider, Labels, Limits, Mfa, NewApp, NewSpace, NewTeam,
    NewUser, OAuthAccess, Owner, Plan, SignIn, SignInRequirement, Stage,
};
use crate::error::Error;
use crate::ids::{
    AccountId, AddOnId, AppId, GroupId, InvitationId, PipelineId, RoleId, SpaceId, TeamId, TransferId, UserId,
};
use crate::names::{
    AccountName, AppName, Description, Email, GroupName, PaymentMethod, PipelineName, ProcessType, RoleName,
    ServiceName, SpaceName, TeamName,
};
use crate::operation::{Operation, operations};
use crate::permission::PermissionSet;
use crate::policy::RoleRights;
use crate::role::TeamRole;
use crate::settings::StoreOptions;
use crate::store::TeamStore;

macro_rules! rules {
    ($($chapter:ident $rules:ident {$(
        $operation:ident $code:literal $method:ident { $($field:ident: $type:ty),* }
        => $module:ident::$decision:ident($($argument:expr),*), records $event:literal, drawn $weight:literal $(by $who:ident)?;
    )+})+) => {
        $(
            #[doc = concat!("The operations of the chapter [`", stringify!($chapter), "`](crate::rule::Chapter::", stringify!($chapter), ").")]
            pub trait $rules<By> {$(
                #[doc = concat!("[`TeamStore::", stringify!($method), "`]")]
                ///
                /// # Errors
                /// Those of the method.
                fn $method(&mut self, by: By, $($field: $type),*) -> Result<(), Error>;
            )+}

            /// By its methods of the same names.
            #[deny(unconditional_recursion, reason = "a method that the store lacks would call itself")]
            impl $rules<Actor> for TeamStore {$(
                fn $method(&mut self, by: Actor, $($field: $type),*) -> Result<(), Error> {
                    let ($($field,)*) = ($(&$field,)*);
                    self.$method(by, $($argument),*).map(drop)
                }
            )+}
        )+

        /// The rules of all chapters.
        pub trait Rules<By>: $($rules<By> +)+ {
            /// The method of the operation.
            ///
            /// # Errors
            /// Those of the method.
            fn call(&mut self, by: By, operation: Operation) -> Result<(), Error> {
                match operation {$($(
                    Operation::$operation { $($field),* } => $rules::$method(self, by, $($field),*),
                )+)+}
            }
        }

        impl<By, R: $($rules<By> +)+> Rules<By> for R {}
    };
}

operations!(rules);
