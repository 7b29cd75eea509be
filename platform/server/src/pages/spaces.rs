//! The Spaces tab and the pages of a space: what it costs, what is inside, who creates apps in it, and where it goes.

use std::collections::{BTreeMap, BTreeSet};

use enterprise_teams::entity::{Days, Held, Month, NewSpace, Shield};
use enterprise_teams::event::{Event, SpaceMove};
use enterprise_teams::names::SpaceName;
use enterprise_teams::query::{AppFilter, AppSort, SpaceAccess, TeamFilter, UsagePart, UsageReport};
use enterprise_teams::{
    AppId, Error, Operation, PageRequest, PipelineId, Space, SpaceId, TeamId, TeamKind, TeamName, TeamRole, UserId,
    query::SpaceFilter,
};
use enterprise_teams_platform_api::{Fault, find};
use maud::{Markup, html};

use super::amount::{cents, credits};
use super::apps::opened;
use super::control::{Choice, Field, Look};
use super::layout::Tab;
use super::resources::kind;
use super::visit::{PAGE, View};
use super::{ends, label, layout, place, roles};

const TABS: [Tab; 2] = [("Overview", ""), ("Settings", "/settings")];
/// How many teams are listed to choose from: where there are more, one is named.
const TEAMS: usize = 100;

pub(super) fn of_team(view: &View<'_>) -> Result<Markup, Fault> {
    let team = find::team(view.store, view.actor, view.param("team"))?;
    let content = html! {
        div.bar { span.space {} (create(view, team)?) }
        div id="list" { (list(view, team)?) }
    };
    layout::team(view, team, "Spaces", &content)
}

fn list(view: &View<'_>, team: TeamId) -> Result<Markup, Fault> {
    let page = match view.store.spaces(view.actor, team, &SpaceFilter::default(), &view.page()?) {
        Ok(page) => page,
        Err(refusal) => return Ok(view.denied(&refusal)),
    };
    if page.items.is_empty() {
        let empty = match view.team(team)?.kind() {
            TeamKind::Enterprise => view.empty(
                "There are no spaces yet.",
                "Create one: apps that are created in it run apart from all others.",
            ),
            TeamKind::Standard => view.empty("A Standard team has no spaces.", "Enterprise Teams have."),
        };
        return Ok(html! { (empty) (view.pager(page.next.as_ref())) });
    }
    let costs = this_month(view, team);
    Ok(html! {
        div.wide tabindex="0" role="region" aria-label="Spaces" {
            table {
                thead { tr {
                    th scope="col" { "Name" } th scope="col" { "Kind" } th scope="col" { "Since" }
                    th.number scope="col" { "Credits a month" }
                    @if costs.is_ok() { th.number scope="col" { "This month to date" } }
                } }
                tbody {
                    @for space in &page.items {
                        tr {
                            th scope="row" { a href=(view.link(&place::space(space.name()))) { (space.name()) } }
                            td { (kind(space.shield())) }
                            td { (layout::when(space.team_since())) }
                            td.number { (cents(space.shield().price().into())) }
                            @if let Ok(costs) = &costs { td.number { (credits(cost(costs, space.id()))) } }
                        }
                    }
                }
            }
        }
        (view.pager(page.next.as_ref()))
        p.note {
            "Drawn from add-on credits, of which each is 100 cents; a month is spread over 720 hours, to the second."
        }
        @if let Err(refusal) = costs { p.note { "What they have cost to date is not shown. " } (view.why(&refusal)) }
    })
}

/// What the team used in this month so far.
fn this_month(view: &View<'_>, team: TeamId) -> Result<UsageReport, Error> {
    let month = Month::of(view.store.now(view.actor));
    view.store.usage(view.actor, team, Days::of(month))
}

/// Millionths of a cent.
fn cost(report: &UsageReport, space: SpaceId) -> u64 {
    report.parts().get(&UsagePart::Space(space)).copied().unwrap_or_default().spaces
}

fn create(view: &View<'_>, team: TeamId) -> Result<Markup, Fault> {
    let kinds = Shield::ALL.iter().map(|shield| {
        let label = format!("{}: {} credits a month", kind(*shield), cents(shield.price().into()));
        Choice::new(shield, label)
    });
    let fields = [
        Field::text("space.name", "Name").hint("Lower-case letters, digits and hyphens, 3 to 30."),
        Field::select("space.shield", "Kind", kinds.collect()),
    ];
    let space = NewSpace::new(team, "new-space".parse()?);
    let (label, look, operation) = ("Create space", Look::Main, Operation::CreateSpace { space });
    let form = match view.store.what_if(view.actor, &operation) {
        Err(Error::SpaceInStandardTeam { .. }) => view.button(label, look, &operation),
        _ => view.form(label, look, &operation, &fields),
    };
    Ok(opened("Create a Space", &form))
}

pub(super) fn overview(view: &View<'_>) -> Result<Markup, Fault> {
    let id = find::space(view.store, view.actor, view.param("space"))?;
    let space = match view.store.space(view.actor, id) {
        Ok(space) => space,
        Err(refusal) => {
            let name = view.store.space_name(view.actor, id)?;
            return Ok(page(view, name, None, "Overview", &view.denied(&refusal)));
        }
    };
    let cost_to_date = this_month(view, space.team()).map(|report| credits(cost(&report, id)));
    let content = html! {
        section.card {
            dl.facts {
                dt { "Team" } dd { (team_link(view, space.team())) }
                dt { "In the team since" } dd { (layout::when(space.team_since())) }
                dt { "Created" } dd { (layout::when(space.created_at())) }
                dt { "Price" } dd { (cents(space.shield().price().into())) " credits a month" }
                dt { "This month to date" }
                dd { @match cost_to_date { Ok(cost) => { (cost) " credits" } Err(refusal) => (view.why(&refusal)) } }
            }
        }
        section { h2 { "Apps in this space" } (apps(view, space)?) }
        section { h2 { "Who may create apps here" } (creators(view, space)?) }
    };
    Ok(page(view, space.name(), Some(space), "Overview", &content))
}

fn page(view: &View<'_>, name: SpaceName, space: Option<&Space>, tab: &str, content: &Markup) -> Markup {
    let head = html! {
        h1 { (name) }
        p.about {
            @if let Some(space) = space { (kind(space.shield())) " of " (team_link(view, space.team())) }
            @else { "Space" }
        }
        @if let Some(space) = space { (label::shown(space.labels())) }
    };
    layout::page(view, &format!("{name}: {tab}"), &head, &layout::tabs(view, &place::space(name), &TABS, tab), content)
}

fn team_link(view: &View<'_>, team: TeamId) -> Markup {
    let page = view.team(team).ok().map(|team| format!("{}/spaces", place::team(team.name())));
    html! {
        @match page {
            Some(page) => a href=(view.link(&page)) { (view.words(&team)) },
            None => (view.words(&team)),
        }
    }
}

fn apps(view: &View<'_>, space: &Space) -> Result<Markup, Fault> {
    let filter = AppFilter::default().space(space.id());
    let part = view.part("apps", PAGE)?;
    let page = view.store.apps(view.actor, space.team(), &filter, AppSort::Name, &part)?;
    if page.items.is_empty() {
        let next = "Create one on the Apps tab of the team, and choose this space there.";
        let empty = view.empty_of("apps", "There are no apps in it.", next);
        return Ok(html! { (empty) (view.pager_of("apps", page.next.as_ref())) });
    }
    Ok(html! {
        div.wide tabindex="0" role="region" aria-label="Apps" {
            table {
                thead { tr { th scope="col" { "Name" } th.end scope="col" { "Stack" } } }
                tbody {
                    @for app in &page.items {
                        tr {
                            th scope="row" { a href=(view.link(&place::app(app.name()))) { (app.name()) } }
                            td.end { (app.stack()) }
                        }
                    }
                }
            }
        }
        (view.pager_of("apps", page.next.as_ref()))
    })
}

fn creators(view: &View<'_>, space: &Space) -> Result<Markup, Fault> {
    let page = view.store.space_access(view.actor, space.id(), &view.page()?)?;
    let edited: Option<UserId> = view.asked_for("edit");
    Ok(html! {
        div.wide tabindex="0" role="region" aria-label="Who may create apps" {
            table {
                thead { tr {
                    th scope="col" { "E-mail" } th scope="col" { "Role" } th scope="col" { "May create apps" }
                    th.end scope="col" { span.away { "Change" } }
                } }
                tbody { @for access in &page.items { (creator(view, space.id(), access, edited)) } }
            }
        }
        (view.pager(page.next.as_ref()))
    })
}

fn creator(view: &View<'_>, space: SpaceId, access: &SpaceAccess<'_>, edited: Option<UserId>) -> Markup {
    let (user, email, is_permitted) = (access.user.id(), access.user.email(), access.permitted_since.is_some());
    let (allow, revoke) = (Operation::AllowAppCreation { space, user }, Operation::RevokeAppCreation { space, user });
    let can_change = (is_permitted || access.role != TeamRole::Admin) && view.past.is_none();
    let is_edited = edited == Some(user) && can_change;
    let pen = if is_edited { String::new() } else { user.to_string() };
    html! {
        tr {
            th scope="row" { (email) }
            td { (roles::called(view, access.role)) }
            td {
                @if access.role == TeamRole::Admin { "Always, as an admin" }
                @else if access.creates_apps { "Yes" }
                @else { "No" }
                @if let Some(since) = access.permitted_since {
                    br;
                    small { @if access.sleeping { "The permission sleeps; granted " } @else { "Since " } (layout::when(since)) }
                }
                (ends::until(view, access.ends_at))
            }
            td.end { @if can_change {
                @if is_permitted { (view.button("Revoke", Look::Plain, &revoke)) }
                @else { (view.button("Allow", Look::Plain, &allow)) }
                " "
                a.pen href=(view.here(&[("edit", &pen)])) aria-expanded=(is_edited) title={ "Until when " (email) " may" } {
                    (layout::pen_icon()) span.away { "Until when " (email) " may" }
                }
            } }
        }
        @if is_edited { tr.edit { td colspan="4" { div.actions {
            @if is_permitted { (ends::change(view, Held::AppCreation { space, user }, access.ends_at)) }
            @else { (view.form("Allow until then", Look::Plain, &allow, &[ends::until_field()])) }
        } } } }
    }
}

/// Whoever manages the Enterprise Account transfers a space without seeing it: there is nothing else for them.
pub(super) fn settings(view: &View<'_>) -> Result<Markup, Fault> {
    let id = find::space(view.store, view.actor, view.param("space"))?;
    let name = view.store.space_name(view.actor, id)?;
    let space = view.store.space(view.actor, id).ok();
    let rename = Operation::RenameSpace { space: id, name };
    let content = html! {
        @if view.past.is_some() {
            p.note { "What can be set is not shown of the past." }
        } @else {
            section {
                h2 { "Name" }
                div.card { (view.form("Rename space", Look::Plain, &rename, &[Field::text("name", "Name").value(name)])) }
            }
            @if let Some(space) = space {
                @let set = Operation::SetSpaceLabels { space: id, labels: space.labels().clone() };
                section { h2 { "Labels" } div.card { (label::form(view, space.labels(), &set)) } }
            }
            section { h2 { "Space Ownership" } (ownership(view, id, space)?) }
            section { h2 { "Destroy space" } div.card { (destroy(view, id, name)) } }
        }
    };
    Ok(page(view, name, space, "Settings", &content))
}

fn destroy(view: &View<'_>, space: SpaceId, name: SpaceName) -> Markup {
    let operation = Operation::DestroySpace { space, confirmation: name.to_string() };
    let look = Look::Danger("Destroy this space? Its cost ends now.");
    html! {
        p { "Its cost ends at once. Only a space without apps can be destroyed." }
        @match view.store.what_if(view.actor, &operation) {
            Err(Error::SpaceNotEmpty { .. }) => (view.button("Destroy space", look, &operation)),
            _ => {
                @let name_again = Field::text("confirmation", "Type the name of the space again");
                (view.form("Destroy space", look, &operation, &[name_again]))
            }
        }
    }
}

fn ownership(view: &View<'_>, space: SpaceId, seen: Option<&Space>) -> Result<Markup, Fault> {
    let own = seen.map(Space::team);
    let (teams, is_whole) = destinations(view, own)?;
    let refusal = |team: TeamId| view.store.what_if(view.actor, &Operation::TransferSpace { space, team }).err();
    let refusals: Vec<Option<Error>> = teams.values().map(|team| refusal(*team)).collect();
    let by_own = own.and_then(refusal).filter(|refusal| !matches!(refusal, Error::SpaceAlreadyOwned { .. }));
    let denied = if is_whole && !teams.is_empty() {
        refusals.iter().all(Option::is_some).then(|| refusals.iter().flatten().next()).flatten()
    } else {
        // Where there may be others, and where there are none, the own team says whether they may transfer at all.
        by_own.as_ref()
    };
    let asked = view.asked("to");
    let chosen = |name: &TeamName| asked.is_some_and(|asked| *name == asked);
    Ok(html! {
        div.card {
            p {
                "To another Enterprise Team of the same Enterprise Account, with exactly the apps inside. "
                "It takes an admin of both teams, or somebody with manage in the account."
            }
            @if is_whole && teams.is_empty() && denied.is_none() {
                p.note { "You know no other team to transfer it to." }
            } @else {
                form.control method="get" action=(view.visit.path()) {
                    fieldset disabled[denied.is_some()] {
                        legend.away { "Space Ownership" }
                        label.field {
                            span { "Enterprise Team" }
                            @if !is_whole {
                                input type="text" name="to" value=(asked.unwrap_or_default()) autocomplete="off"
                                    spellcheck="false";
                            } @else {
                                select name="to" {
                                    @for (name, refusal) in teams.keys().zip(&refusals) {
                                        option value=(name) selected[chosen(name)] disabled[refusal.is_some()] {
                                            (name) @if let Some(refusal) = refusal { ": " (view.reason_of(refusal).message) }
                                        }
                                    }
                                }
                            }
                        }
                        button type="submit" { "Preview the transfer" }
                    }
                }
                @if let Some(refusal) = denied { (view.why(refusal)) }
            }
        }
        @if let Some(asked) = asked { (preview(view, space, asked)) }
    })
}

/// The other Enterprise Teams that this person may know of: their own, and those of their accounts; and whether these are all, and few
/// enough to choose from.
fn destinations(view: &View<'_>, own: Option<TeamId>) -> Result<(BTreeMap<TeamName, TeamId>, bool), Fault> {
    let (store, actor) = (view.store, view.actor);
    let first = PageRequest::first(TEAMS)?;
    let (members, accounts) =
        (store.memberships(actor, &TeamFilter::default(), &first)?, store.account_memberships(actor, &first)?);
    let mut is_whole = members.next.is_none() && accounts.next.is_none();
    let mut teams: BTreeMap<_, _> = members.items.iter().map(|entry| (entry.team.name(), entry.team)).collect();
    for entry in accounts.items {
        let of_account = store.account_teams(actor, entry.account.id(), &TeamFilter::default(), &first)?;
        is_whole &= of_account.next.is_none();
        teams.extend(of_account.items.into_iter().map(|team| (team.name(), team)));
    }
    let others = teams.into_iter().filter(|(_, team)| team.kind() == TeamKind::Enterprise && Some(team.id()) != own);
    let others: BTreeMap<_, _> = others.map(|(name, team)| (name, team.id())).collect();
    is_whole &= others.len() <= TEAMS;
    Ok((others, is_whole))
}

/// What a transfer to the team would do, and the button that does it.
fn preview(view: &View<'_>, space: SpaceId, to: &str) -> Markup {
    let team = match find::team(view.store, view.actor, to) {
        Ok(team) => team,
        Err(fault) => return html! { div.card.denied role="alert" { p { (view.reason(&fault).message) } } },
    };
    let operation = Operation::TransferSpace { space, team };
    let event = view.store.what_if(view.actor, &operation).map(|preview| preview.event);
    match event {
        Err(refusal) => view.denied(&refusal),
        Ok(Event::SpaceTransferred { moved }) => html! {
            div.card.preview role="region" aria-label="Preview of the transfer" {
                h3 { (view.words(&space)) " moves from " (view.words(&moved.from)) " to " (view.words(&team)) }
                (consequences(view, &moved))
                (view.button("Transfer space", Look::Danger("Transfer this space, as the preview lists it?"), &operation))
            }
        },
        Ok(_) => html! {},
    }
}

fn consequences(view: &View<'_>, moved: &SpaceMove) -> Markup {
    let from = view.words(&moved.from);
    let named = |app: &AppId| view.words(app);
    let left: BTreeSet<String> = uncoupled(moved).map(|(_, pipeline)| view.words(pipeline)).collect();
    let ended = moved.apps.iter().flat_map(|one| one.grants.iter().map(move |grant| (one.app, grant)));
    let ended: Vec<_> = ended.filter(|(_, grant)| grant.to.is_none()).collect();
    html! {
        dl.facts {
            dt { "Apps that move" }
            dd {
                @if moved.apps.is_empty() { "None: there are none inside." }
                @else { (listed(moved.apps.iter().map(|one| named(&one.app)))) }
            }
            @if !moved.pipelines.is_empty() {
                dt { "Pipelines that move" }
                dd { (listed(moved.pipelines.iter().map(|one| view.words(one)))) ", all of whose apps are inside" }
            }
            @if !left.is_empty() {
                dt { "Pipelines that stay" }
                dd {
                    (listed(left)) ", in " (from) ", with the apps that are outside of the space"
                    ul { @for (app, pipeline) in uncoupled(moved) { li { (named(app)) " leaves " (view.words(pipeline)) } } }
                }
            }
            dt { "May create apps no more" }
            dd {
                @if moved.creators_ended.is_empty() { "Nobody" }
                @else {
                    (listed(moved.creators_ended.iter().map(|user| view.words(user)))) ", not being a member of the new team"
                }
            }
            dt { "People on single apps" }
            dd {
                "Stay on them; what a role in " (from) " gives on these apps ends."
                @if !ended.is_empty() {
                    " These permissions end:"
                    ul { @for (app, grant) in ended { li { (view.words(&grant.user)) " on " (named(&app)) } } }
                }
            }
            dt { "Cost" }
            dd { "That of the space and of its apps is the new team's from then on." }
        }
    }
}

/// The apps that leave a pipeline, and which.
fn uncoupled(moved: &SpaceMove) -> impl Iterator<Item = (&AppId, &PipelineId)> {
    moved.apps.iter().filter_map(|one| Some((&one.app, &one.uncoupled.as_ref()?.0)))
}

fn listed(texts: impl IntoIterator<Item = String>) -> String {
    let texts: BTreeSet<String> = texts.into_iter().collect();
    texts.into_iter().collect::<Vec<_>>().join(", ")
}
