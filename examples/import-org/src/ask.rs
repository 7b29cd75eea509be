use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use enterprise_teams::{
    Actor, AppAction, AppId, Error, Page, PageRequest, PermissionSet, TeamRole, UserId,
    policy::Holder,
    query::{AppFilter, PAGE_SIZE_MAX},
};

use crate::load::{App, Loaded};

/// What everybody was told.
#[derive(Debug, Default)]
pub struct Answers {
    /// How many questions there were: everybody, every app, every action.
    pub questions: usize,
    /// To how many of them the answer was yes.
    pub yes: usize,
    /// How long the store took over them.
    pub took: Duration,
    /// Answers and lists that are not what was loaded: nothing, unless there is a fault.
    pub disagreements: Vec<String>,
}

/// The actions that somebody may carry out on an app: one bit each, in the order of [`AppAction::ALL`].
type Allowed = u64;

const _: () = assert!(AppAction::ALL.len() <= Allowed::BITS as usize, "one bit for each action");

/// Asks for everybody, every app and every action whether they may; and whether the answers agree with what was loaded, and the
/// lists with the answers: each person's visible apps, and who has access to each app.
///
/// # Errors
/// None in fact: whoever asks exists and may ask.
pub fn ask(loaded: &Loaded) -> Result<Answers, Error> {
    let mut answers = Answers::default();
    for (login, user) in &loaded.people {
        let actor = Actor::user(*user, loaded.operator.at);
        let start = Instant::now();
        let told: Vec<Allowed> =
            loaded.apps.iter().map(|app| allowed(|action| loaded.store.can(actor, action, app.id))).collect();
        answers.took += start.elapsed();
        answers.questions += told.len() * AppAction::ALL.len();
        answers.yes += told.iter().map(|allowed| allowed.count_ones() as usize).sum::<usize>();

        let mut visible = BTreeMap::new();
        for (app, told) in loaded.apps.iter().zip(told) {
            let held = held(loaded, app, *user);
            let holder = holder(loaded, app, *user);
            if told != allowed(|action| held.intersects(action.any_of()) && action.holders().contains(holder)) {
                answers.disagreements.push(format!("what {login} may do on app {}", app.id));
            }
            if told & allowed(|action| action == AppAction::ViewApp) != 0 {
                visible.insert(app.id, held);
            }
        }
        let list = |page: &PageRequest| loaded.store.visible_apps(actor, &AppFilter::default(), page);
        let listed: BTreeMap<AppId, PermissionSet> = all(list, |seen| (seen.app.id(), seen.held.permissions))?;
        if listed != visible {
            answers.disagreements.push(format!("which apps {login} sees"));
        }
    }
    for app in &loaded.apps {
        let holders = loaded.people.values().map(|user| (*user, held(loaded, app, *user)));
        let holders: BTreeMap<UserId, PermissionSet> = holders.filter(|(_, held)| !held.is_empty()).collect();
        let list = |page: &PageRequest| loaded.store.app_access(loaded.operator, app.id, page);
        if all(list, |access| (access.user.id(), access.held.permissions))? != holders {
            answers.disagreements.push(format!("who has access to app {}", app.id));
        }
    }
    Ok(answers)
}

fn allowed(may: impl Fn(AppAction) -> bool) -> Allowed {
    AppAction::ALL.iter().rev().fold(0, |allowed, action| allowed << 1 | Allowed::from(may(*action)))
}

/// What somebody must hold on an app, by the role and the grants, to them and to their groups, that were accepted.
fn held(loaded: &Loaded, app: &App, user: UserId) -> PermissionSet {
    let granted = app.grants.get(&user).copied().unwrap_or_default();
    let granted = granted.union(app.through_groups(&loaded.groups, user));
    match loaded.roles.get(&(app.team, user)) {
        Some(TeamRole::Admin) => PermissionSet::ALL,
        Some(TeamRole::Member | TeamRole::Viewer) => granted.union(PermissionSet::VIEW),
        // No file speaks of a role of the team's own.
        Some(TeamRole::Custom(_)) | None => granted,
    }
}

/// As whom somebody holds what they hold on an app of an Enterprise Team (PERM-9).
fn holder(loaded: &Loaded, app: &App, user: UserId) -> Holder {
    match loaded.roles.get(&(app.team, user)) {
        Some(TeamRole::Admin) => Holder::Admin,
        Some(TeamRole::Member | TeamRole::Custom(_)) => Holder::Member,
        Some(TeamRole::Viewer) => Holder::Viewer,
        None => Holder::Collaborator,
    }
}

/// Every entry of a list, page by page.
fn all<T, K: Ord, V>(
    list: impl Fn(&PageRequest) -> Result<Page<T>, Error>,
    entry: impl Fn(T) -> (K, V),
) -> Result<BTreeMap<K, V>, Error> {
    let first = PageRequest::first(PAGE_SIZE_MAX)?;
    let (mut request, mut entries) = (first.clone(), BTreeMap::new());
    loop {
        let page = list(&request)?;
        entries.extend(page.items.into_iter().map(&entry));
        match page.next {
            Some(cursor) => request = first.clone().after(cursor),
            None => return Ok(entries),
        }
    }
}
