//! Who it is, and what the store is told of how they signed in.

use axum::http::StatusCode;
use axum::response::Response;
use enterprise_teams::entity::{Mfa, SignIn, Sso};
use enterprise_teams::replica::ReplicaError;
use enterprise_teams::{Actor, Email, Error, NewUser, Operation, TeamId, TeamStore, UserId, system};
use openidconnect::core::CoreIdTokenClaims as Claims;
use platform_server::Server;

use crate::oidc::{Oidc, Strangers};
use crate::pages::{NOT_KEPT, failed, page};

impl Oidc {
    /// The user of this e-mail.
    pub(crate) async fn user(&self, server: &Server, email: Email) -> Result<UserId, Response> {
        if self.options.strangers == Strangers::Registered {
            let registered = Operation::RegisterUser { user: NewUser::new(email.clone()) };
            match server.perform(Actor::operator(system::now()), registered).await {
                Ok(_) | Err(ReplicaError::Refused(Error::EmailTaken { .. })) => {}
                Err(error) => return Err(failed(StatusCode::SERVICE_UNAVAILABLE, NOT_KEPT)(error)),
            }
        }
        let unknown = format!("{email} is no user here: ask whoever runs this server.");
        server.store().user_id(&email).map_err(|_| page(StatusCode::FORBIDDEN, unknown))
    }

    /// Reports how the user has signed in, as the operator, who has seen it. Of what it knows already the store records nothing.
    pub(crate) async fn report(&self, server: &Server, user: UserId, claims: &Claims) -> Result<(), Response> {
        let news = self.news(&server.store(), user, claims);
        for operation in news {
            match server.perform(Actor::operator(system::now()), operation).await {
                Ok(_) => {}
                Err(ReplicaError::Refused(
                    Error::MfaUnchanged { .. } | Error::SignInUnchanged { .. } | Error::AlreadyInTeam { .. },
                )) => {}
                Err(ReplicaError::Refused(error)) => {
                    let problem = server.store().problem(Actor::user(user, system::now()), &error);
                    return Err(page(StatusCode::FORBIDDEN, problem.detail));
                }
                Err(error) => return Err(failed(StatusCode::SERVICE_UNAVAILABLE, NOT_KEPT)(error)),
            }
        }
        Ok(())
    }

    /// What is to be said of how the user has signed in: whether by MFA (ACC-3), if the provider tells, and whether by the single
    /// sign-on of a team, which they join if they are not in it (SEC-3).
    fn news(&self, store: &TeamStore, user: UserId, claims: &Claims) -> Vec<Operation> {
        let operator = Actor::operator(system::now());
        let mfa = claims.auth_method_refs().map(|methods| {
            let by_mfa = methods.iter().any(|method| method.as_str() == "mfa");
            Operation::SetMfa { user, mfa: if by_mfa { Mfa::Enrolled } else { Mfa::NotEnrolled } }
        });
        let is_ours = |team: &TeamId| {
            let provider = store.identity_provider(operator, *team).ok().flatten();
            provider.is_some_and(|provider| *provider.entity_id() == **claims.issuer())
                && store.team(operator, *team).is_ok_and(|team| team.sso() == Sso::Enabled)
        };
        let joined = self.options.team.filter(is_ours).map(|team| Operation::AddSsoMember { team, user });
        let sign_in = if joined.is_some() { SignIn::Sso } else { SignIn::Password };
        mfa.into_iter().chain(joined).chain([Operation::SetSignIn { user, sign_in }]).collect()
    }
}
