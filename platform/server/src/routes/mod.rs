//! The endpoints: a table of the routes, and a file of handlers for each resource.

mod access;
mod account;
mod add_on;
mod app;
mod authzen;
mod end;
mod enterprise;
mod errors;
mod group;
mod health;
mod label;
mod pipeline;
mod release;
mod role;
mod space;
mod team;
mod token;
mod transfer;
mod v1;
mod v2;

use std::sync::Arc;

use axum::routing::{delete, get, patch, post, put};
use axum::{Router, middleware};
use enterprise_teams::{Actor, Error, ErrorKind, Operation, TeamStore};

use crate::call::with_call;
use crate::pages;
use crate::request::{Queries, nothing_here, without_query};
use crate::server::Server;
use crate::version;

/// Carries out what a PUT or a PATCH asks for, if it asks for anything. What is so already is a success, for whoever may make
/// it so: the store says last that nothing would change.
fn make_so(store: &mut TeamStore, actor: Actor, operation: impl Into<Option<Operation>>) -> Result<(), Error> {
    operation.into().map_or(Ok(()), |operation| is_so(store.perform(actor, &operation)))
}

/// What was done, or is so already.
fn is_so<T>(done: Result<T, Error>) -> Result<(), Error> {
    match done {
        Err(refusal) if refusal.kind() != ErrorKind::Unchanged => Err(refusal),
        _ => Ok(()),
    }
}

/// Every endpoint, for known users but for the first ones; anything else is not found.
pub fn router(server: Arc<Server>) -> Router {
    let acm = patch(app::acm).post(app::acm).delete(app::acm);
    // For whoever asks.
    let open = Router::new()
        .route("/.well-known/authzen-configuration", get(authzen::configuration))
        .route("/errors/{code}", get(errors::explain))
        .route("/health", get(health::alive))
        .route("/health/ready", get(health::ready))
        .route_layer(middleware::from_fn(without_query));
    let known = |queries| middleware::from_fn_with_state((Arc::clone(&server), queries), with_call);
    let asked = Router::new()
        .route("/teams/{team}/usage/daily", get(team::daily_usage))
        .route("/teams/{team}/usage/monthly", get(team::monthly_usage))
        .route("/enterprise-accounts/{account}/events", get(enterprise::events))
        .route("/enterprise-accounts/{account}/usage/daily", get(enterprise::daily_usage))
        .route("/enterprise-accounts/{account}/usage/monthly", get(enterprise::monthly_usage))
        .route("/pipelines", get(pipeline::list))
        .route("/x/teams/{team}/ends", get(end::list))
        .route("/x/apps", get(label::apps))
        .route("/x/pipelines", get(label::pipelines))
        .route("/x/spaces", get(label::spaces))
        .route("/x/teams", get(label::teams))
        .route_layer(known(Queries::Taken));
    let third = Router::new()
        .route("/account", get(account::own).patch(account::update_own).delete(account::delete_own))
        .route("/account/app-transfers", get(transfer::list).post(transfer::create))
        .route("/account/app-transfers/{id}", get(transfer::info).patch(transfer::update).delete(transfer::cancel))
        .route("/account/rate-limits", get(account::rate_limit))
        .route("/users/{user}", get(account::info).patch(account::update).delete(account::delete))
        .route("/users/{user}/addons", get(add_on::list_of_user))
        .route("/users/{user}/apps", get(app::list_personal))
        .route("/users/~/pipeline-couplings", get(pipeline::couplings_seen))
        .route("/apps", get(app::list).post(app::create))
        .route("/apps/{app}", get(app::info).patch(app::rename).delete(app::delete))
        .route("/apps/{app}/acm", acm)
        .route("/apps/{app}/addon-attachments", get(add_on::attachments_of_app))
        .route("/apps/{app}/addons", get(add_on::list_of_app).post(add_on::create))
        .route("/apps/{app}/addons/{addon}", get(add_on::info_of_app).patch(add_on::update).delete(add_on::remove))
        .route("/apps/{app}/buildpack-installations", get(release::buildpack_installations))
        .route("/apps/{app}/collaborators", get(access::list).post(access::add))
        .route("/apps/{app}/collaborators/{user}", get(access::info).delete(access::remove))
        .route("/apps/{app}/config-vars", get(release::config_vars).patch(release::configure))
        .route("/apps/{app}/dynos", get(release::dynos))
        .route("/apps/{app}/dynos/{dyno}", get(release::dyno))
        .route("/apps/{app}/formation", get(release::formations).patch(release::scale_all))
        .route("/apps/{app}/formation/{type}", get(release::formation).patch(release::scale))
        .route("/apps/{app}/pipeline-couplings", get(pipeline::coupling))
        .route("/apps/{app}/releases", get(release::list).post(release::create))
        .route("/apps/{app}/releases/{release}", get(release::info))
        .route("/apps/{app}/releases/{release}/config-vars", get(release::config_vars_of_release))
        .route("/actions/addons/resolve", post(add_on::resolve))
        .route("/addons", get(add_on::list))
        .route("/addons/{addon}", get(add_on::info))
        .route("/addons/{addon}/addon-attachments", get(add_on::attachments_of))
        .route("/addon-attachments", get(add_on::attachments))
        .route("/addon-services", get(add_on::services))
        .route("/addon-services/{service}", get(add_on::service))
        .route("/addon-services/{service}/plans", get(add_on::plans))
        .route("/addon-services/{service}/plans/{plan}", get(add_on::plan_of_service))
        .route("/plans/{plan}", get(add_on::plan))
        .route("/filters/apps", post(app::filter))
        .route("/teams", get(team::list).post(team::create))
        .route("/teams/apps", post(app::create_in_team))
        .route("/teams/apps/{app}", get(app::team_info).patch(app::update_in_team))
        .route("/teams/apps/{app}/collaborators", get(access::list).post(access::grant))
        .route("/teams/apps/{app}/collaborators/{user}", get(access::info).patch(access::update).delete(access::remove))
        .route("/teams/permissions", get(access::permissions))
        .route("/teams/invitations/{token}", get(team::invitation))
        .route("/teams/invitations/{token}/accept", post(team::accept))
        .route("/teams/{team}", get(team::info).patch(team::rename).delete(team::delete))
        .route("/teams/{team}/addons", get(add_on::list_of_team))
        .route("/teams/{team}/apps", get(app::list_of_team))
        .route("/teams/{team}/allowed-addon-services", get(team::allowed).post(team::allow))
        .route("/teams/{team}/allowed-addon-services/{service}", delete(team::disallow))
        .route("/teams/{team}/features", get(team::features))
        .route("/teams/{team}/features/{feature}", get(team::feature))
        .route("/teams/{team}/invitations", get(team::invitations).put(team::invite))
        .route("/teams/{team}/invitations/{invitation}", delete(team::revoke))
        .route(
            "/teams/{team}/members",
            get(team::members).post(team::add_member).patch(team::set_member).put(team::put_member),
        )
        .route("/teams/{team}/members/{user}", delete(team::remove_member))
        .route("/teams/{team}/members/{user}/apps", get(app::list_of_member))
        .route("/teams/{team}/permissions", get(access::entities))
        .route("/teams/{team}/pipeline-couplings", get(pipeline::couplings_of_team))
        .route("/teams/{team}/preferences", get(team::preferences).patch(team::prefer))
        .route("/teams/{team}/spaces", get(space::list_of_team))
        .route("/spaces", get(space::list).post(space::create))
        .route("/spaces/{space}", get(space::info).patch(space::rename).delete(space::destroy))
        .route("/spaces/{space}/members", get(space::members))
        .route("/spaces/{space}/members/{user}", get(space::member).patch(space::permit))
        .route("/spaces/{space}/nat", get(space::nat))
        .route("/spaces/{space}/transfer", post(space::transfer))
        .route("/pipelines", post(pipeline::create))
        .route("/pipelines/{pipeline}", get(pipeline::info).patch(pipeline::rename).delete(pipeline::delete))
        .route("/pipelines/{pipeline}/pipeline-couplings", get(pipeline::couplings))
        .route("/pipeline-couplings", get(pipeline::couplings_seen).post(pipeline::couple))
        .route(
            "/pipeline-couplings/{app}",
            get(pipeline::coupling).patch(pipeline::set_stage).delete(pipeline::uncouple),
        )
        .route("/pipeline-promotions", post(pipeline::promote))
        .route("/pipeline-promotions/{id}", get(pipeline::promotion))
        .route("/pipeline-promotions/{id}/promotion-targets", get(pipeline::targets))
        .route("/pipeline-transfers", post(pipeline::transfer))
        .route("/enterprise-accounts", get(enterprise::list))
        .route("/enterprise-accounts/{account}", get(enterprise::info).patch(enterprise::update))
        .route("/enterprise-accounts/{account}/members", get(enterprise::members).post(enterprise::add_member))
        .route(
            "/enterprise-accounts/{account}/members/{user}",
            patch(enterprise::set_member).delete(enterprise::remove_member),
        )
        .route("/enterprise-accounts/{account}/teams", get(enterprise::teams).post(enterprise::create_team))
        .route("/access/v1/evaluation", post(authzen::evaluation))
        .route("/access/v1/evaluations", post(authzen::evaluations))
        .route("/access/v1/search/subject", post(authzen::subjects))
        .route("/access/v1/search/resource", post(authzen::resources))
        .route("/access/v1/search/action", post(authzen::actions))
        .route("/oauth/authorizations", get(token::list).post(token::create))
        .route("/oauth/authorizations/{id}", get(token::info).patch(token::update).delete(token::revoke))
        .route("/oauth/authorizations/{id}/actions/regenerate-tokens", post(token::regenerate))
        .route("/x/teams/{team}/groups", get(group::list).post(group::create))
        .route("/x/teams/{team}/groups/{group}", get(group::info).patch(group::rename).delete(group::delete))
        .route("/x/teams/{team}/groups/{group}/members", get(group::members))
        .route("/x/teams/{team}/groups/{group}/members/{user}", put(group::put_member).delete(group::remove_member))
        .route("/x/teams/{team}/groups/{group}/apps", get(group::apps))
        .route("/x/teams/{team}/roles", get(role::list).post(role::create))
        .route("/x/teams/{team}/roles/{role}", get(role::info).patch(role::update).delete(role::delete))
        .route("/x/teams/{team}/members", get(role::members).put(role::put_member))
        .route("/x/teams/{team}/members/{user}/end", put(end::set_member))
        .route("/x/teams/{team}/invitations", get(role::invitations).put(role::invite))
        .route("/x/teams/{team}/default-role", get(role::default_role).put(role::set_default_role))
        .route("/x/apps/{app}/collaborators", get(end::list_of_app))
        .route("/x/apps/{app}/collaborators/{user}/end", put(end::set_grant))
        .route("/x/apps/{app}/groups", get(group::list_of_app))
        .route("/x/apps/{app}/groups/{group}", put(group::put_on_app).delete(group::remove_from_app))
        .route("/x/apps/{app}/groups/{group}/end", put(end::set_group_grant))
        .route("/x/apps/{app}/labels", get(label::app).put(label::set_app))
        .route("/x/pipelines/{pipeline}/labels", get(label::pipeline).put(label::set_pipeline))
        .route("/x/spaces/{space}/members", get(end::list_of_space))
        .route("/x/spaces/{space}/members/{user}/end", put(end::set_app_creation))
        .route("/x/spaces/{space}/labels", get(label::space).put(label::set_space))
        .route("/x/teams/{team}/labels", get(label::team).put(label::set_team))
        .merge(v1::routes())
        .route_layer(known(Queries::Refused))
        .merge(asked)
        .merge(open)
        .fallback(nothing_here)
        .method_not_allowed_fallback(nothing_here)
        .with_state(Arc::clone(&server));
    let (second, pages) = (v2::routes(&server), pages::router(&server));
    version::router(server, second, third).merge(pages)
}
