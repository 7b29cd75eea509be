//! Until when something is held, wherever it is listed, and under Access what ends in a team (END-1 to END-3).

use enterprise_teams::chrono::{DateTime, NaiveDate, NaiveTime, SecondsFormat, TimeDelta, Utc};
use enterprise_teams::entity::{Ending, Held};
use enterprise_teams::{AppId, Operation, PageRequest, Team, TeamId, UserId};
use enterprise_teams_platform_api::{Fault, find};
use maud::{Markup, html};
use serde_json::Value;

use super::control::{Field, Look};
use super::form::UNTIL;
use super::visit::{View, address};
use super::{groups, layout, place};

/// How far ahead the page looks, in days.
const AHEAD: [u32; 3] = [7, 30, 90];
/// How far where nothing else is asked for.
const MONTH: u32 = 30;
/// Within how many days something ends soon.
const SOON: i64 = 14;
/// What stands beside a field for a day.
const HINT: &str = "The last day: it ends with the midnight after it, in UTC. Empty for no end.";

/// Why somebody who is no user yet is not invited until a day.
const INVITED: &str =
    "Somebody without an account is invited, and an invitation gives no end: set it once they are in the team.";

/// A day as what ends with it: at the midnight that follows, in UTC; nothing for no day.
pub(super) fn read(text: &str) -> Result<Value, String> {
    if text.is_empty() {
        return Ok(Value::Null);
    }
    let wrong = || "Give a day, such as 2027-01-31.".to_owned();
    Ok(Value::from(end_of(text).ok_or_else(wrong)?.to_rfc3339_opts(SecondsFormat::AutoSi, true)))
}

fn end_of(day: &str) -> Option<DateTime<Utc>> {
    Some(day.parse::<NaiveDate>().ok()?.succ_opt()?.and_time(NaiveTime::MIN).and_utc())
}

/// What gives an end to that which the operation gives; or why there is no such thing.
pub(super) fn after(operation: &Operation, day: &str) -> Result<Operation, String> {
    let held = match operation {
        Operation::AddMember { team, user, .. } => Held::Membership { team: *team, user: *user },
        Operation::GrantPermissions { app, user, .. } | Operation::AddCollaborator { app, user } => {
            Held::Grant { app: *app, user: *user }
        }
        Operation::GrantGroupPermissions { app, group, .. } => Held::GroupGrant { app: *app, group: *group },
        Operation::AllowAppCreation { space, user } => Held::AppCreation { space: *space, user: *user },
        Operation::InviteMember { .. } => return Err(INVITED.to_owned()),
        _ => return Err("This has no end.".to_owned()),
    };
    let ends_at = end_of(day).ok_or("Give a day, such as 2027-01-31.")?;
    Ok(set(held, Some(ends_at)))
}

fn set(held: Held, ends_at: Option<DateTime<Utc>>) -> Operation {
    match held {
        Held::Membership { team, user } => Operation::SetMemberEnd { team, user, ends_at },
        Held::Grant { app, user } => Operation::SetGrantEnd { app, user, ends_at },
        Held::GroupGrant { app, group } => Operation::SetGroupGrantEnd { app, group, ends_at },
        Held::AppCreation { space, user } => Operation::SetAppCreationEnd { space, user, ends_at },
    }
}

/// Until when what is given here counts: for a form that gives something.
pub(super) fn until_field() -> Field {
    Field::day(UNTIL, "Until, if it ends").hint(HINT)
}

/// Until when it is held, with a mark where that is soon; nothing of what has no end.
pub(super) fn until(view: &View<'_>, ends_at: Option<DateTime<Utc>>) -> Markup {
    html! { @if let Some(end) = ends_at { small.below { "until " (time(view, end)) } } }
}

/// An end: the day with which it comes, or the time of another one, with a mark where that is soon.
pub(super) fn time(view: &View<'_>, end: DateTime<Utc>) -> Markup {
    let exact = end.to_rfc3339_opts(SecondsFormat::AutoSi, true);
    let is_soon = end.signed_duration_since(view.actor.at) <= TimeDelta::days(SOON);
    html! {
        @match whole_day(end) {
            Some(day) => time datetime=(day) title=(exact) { (day.format("%-d %b %Y")) },
            None => time datetime=(exact) title=(exact) { (end.format("%-d %b %Y, %H:%M UTC")) },
        }
        @if is_soon { " " span.badge.warn { "ends soon" } }
    }
}

/// The day with which it ends, if it does with one.
fn whole_day(end: DateTime<Utc>) -> Option<NaiveDate> {
    if end.time() == NaiveTime::MIN { end.date_naive().pred_opt() } else { None }
}

/// The last day on some of which it counts.
fn last_day(end: DateTime<Utc>) -> String {
    let last = end.checked_sub_signed(TimeDelta::microseconds(1));
    last.map(|last| last.date_naive().to_string()).unwrap_or_default()
}

/// What sets the end of something, moves it, and takes it off. Whether somebody may is asked with the end that there is; who may do no
/// more than put it off may that.
pub(super) fn change(view: &View<'_>, held: Held, ends_at: Option<DateTime<Utc>>) -> Markup {
    let as_it_is = set(held, ends_at);
    let without = ends_at.map(|_| set(held, None));
    let refusal = view
        .refused_whatever_is_given(&as_it_is)
        .filter(|_| without.as_ref().is_none_or(|without| view.store.what_if(view.actor, without).is_err()));
    let field = Field::day("ends_at", "Until").value(ends_at.map(last_day).unwrap_or_default()).hint(HINT);
    html! {
        (view.form_unless("Set end", Look::Plain, &as_it_is, &[field], refusal.as_ref()))
        @if let Some(without) = &without { (view.button("Take the end off", Look::Plain, without)) }
    }
}

/// Whether this person is told what ends in the team.
pub(super) fn are_listed(view: &View<'_>, team: TeamId) -> bool {
    PageRequest::first(1).is_ok_and(|page| view.store.ends(view.actor, team, view.actor.at, &page).is_ok())
}

/// What ends in a team, the first end first.
pub(super) fn list(view: &View<'_>) -> Result<Markup, Fault> {
    let team = view.team(find::team(view.store, view.actor, view.param("team"))?)?;
    let days = view.asked_for("days").filter(|days| AHEAD.contains(days)).unwrap_or(MONTH);
    let before = view.actor.at.checked_add_signed(TimeDelta::days(days.into())).unwrap_or(DateTime::<Utc>::MAX_UTC);
    let page = view.store.ends(view.actor, team.id(), before, &view.page()?)?;
    let edited: Option<Held> = view.asked("edit").and_then(|text| serde_json::from_str(text).ok());
    let here = view.link(view.visit.path());
    let content = html! {
        (groups::parts(view, team, "Ends"))
        p.about { "From its end on something does not count any more, and is taken away: a membership, permissions, and what is held through them." }
        nav.parts aria-label="How far ahead" {
            @for ahead in AHEAD {
                a href=(address(&here, [("days", &*ahead.to_string())])) aria-current=[(ahead == days).then_some("page")] {
                    (ahead) " days"
                }
            }
        }
        div id="list" {
            @if page.items.is_empty() {
                @let next = "Until when something is held is said where it is given, and where it is changed.";
                (view.empty(&format!("Nothing ends within {days} days."), next))
            } @else {
                div.wide tabindex="0" role="region" aria-label="What ends" { table.holders {
                    thead { tr {
                        th scope="col" { "What" } th scope="col" { "Until" } th.end scope="col" { span.away { "Change" } }
                    } }
                    tbody { @for ending in &page.items { (row(view, team, ending, edited)) } }
                } }
            }
            (view.pager(page.next.as_ref()))
        }
    };
    layout::team(view, team.id(), "Access", &content)
}

fn row(view: &View<'_>, team: &Team, ending: &Ending, edited: Option<Held>) -> Markup {
    let Ending { ends_at, held } = *ending;
    let is_edited = edited == Some(held);
    let pen = if is_edited { String::new() } else { serde_json::to_string(&held).unwrap_or_default() };
    let change_what = format!("Change the end of {}", view.words(&held));
    html! {
        tr {
            th scope="row" { (what(view, team, held)) }
            td { (time(view, ends_at)) }
            td.end { @if view.past.is_none() {
                a.pen href=(view.here(&[("edit", &pen)])) aria-expanded=(is_edited) title=(change_what) {
                    (layout::pen_icon()) span.away { (change_what) }
                }
            } }
        }
        @if is_edited && view.past.is_none() {
            tr.edit { td colspan="3" { div.actions { (change(view, held, Some(ends_at))) } } }
        }
    }
}

fn what(view: &View<'_>, team: &Team, held: Held) -> Markup {
    let person = |user: UserId| {
        html! {
            a href=(view.link(&format!("{}/access/{user}", place::team(team.name())))) { (view.words(&user)) }
        }
    };
    html! {
        @match held {
            Held::Membership { user, .. } => { (person(user)) " in the team" },
            Held::Grant { app, user } => { (person(user)) " on app " (app_link(view, app)) },
            Held::GroupGrant { app, group } => {
                "group "
                @match view.store.group(view.actor, group) {
                    Ok(group) => (groups::link(view, group)),
                    Err(_) => (view.words(&group)),
                }
                " on app " (app_link(view, app))
            }
            Held::AppCreation { space, user } => {
                (person(user)) " creating apps in space "
                @match view.store.space_name(view.actor, space) {
                    Ok(name) => a href=(view.link(&place::space(name))) { (name) },
                    Err(_) => (view.words(&space)),
                }
            }
        }
    }
}

fn app_link(view: &View<'_>, app: AppId) -> Markup {
    html! {
        @match view.store.app(view.actor, app) {
            Ok(app) => a href=(view.link(&format!("{}/access", place::app(app.name())))) { (app.name()) },
            Err(_) => (view.words(&app)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_ends_with_the_midnight_that_follows() {
        let midnight = end_of("2027-01-31").unwrap();
        assert_eq!(midnight.to_rfc3339(), "2027-02-01T00:00:00+00:00");
        assert_eq!((last_day(midnight), whole_day(midnight)), ("2027-01-31".to_owned(), "2027-01-31".parse().ok()));
        let noon = midnight + TimeDelta::hours(12);
        assert_eq!((last_day(noon), whole_day(noon)), ("2027-02-01".to_owned(), None));
        assert_eq!(read("2024-02-29"), Ok("2024-03-01T00:00:00Z".into()));
        assert_eq!(read(""), Ok(Value::Null));
        for text in ["31.1.2027", "2027-02-30", "2027-01-31T12:00:00Z", "tomorrow", "262142-12-31", "-"] {
            assert!(read(text).is_err(), "{text}");
        }
    }
}
