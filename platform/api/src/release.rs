//! The releases of an app.

use chrono::{DateTime, Utc};
use enterprise_teams::{
    self as domain, Actor, AppId, AppName, Error, Event, Page, PageRequest, TeamStore, collect_pages,
    query::{AuditEntry, AuditFilter, AuditScope, Cursor},
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{Fault, Identified, Named, Owner, Thing, app, made_id};

/// A release of an app. There is no code behind it, nor a build. `user` is whoever made it, for whoever sees them, otherwise the
/// owner of the app.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the schema's properties")]
pub struct Release {
    pub addon_plan_names: Vec<String>,
    pub artifacts: [(); 0],
    pub app: Named<AppId, AppName>,
    pub created_at: DateTime<Utc>,
    pub description: String,
    pub id: Uuid,
    pub updated_at: DateTime<Utc>,
    pub slug: Option<Identified<Uuid>>,
    pub status: ReleaseStatus,
    pub user: Owner,
    pub version: u32,
    pub current: bool,
    pub output_stream_url: Option<String>,
    pub eligible_for_rollback: bool,
}

/// How far a release is. In the store it is done at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ReleaseStatus {
    /// It did not come to be.
    Failed,
    /// Not done yet.
    Pending,
    /// Done.
    Succeeded,
    /// It cannot be had any more.
    Expired,
}

/// The releases of an app as far as the log holds them, the newest first or the oldest. What the app runs is always among them.
/// Visible as [`TeamStore::release`]. Costs what it passes over: the log of the app; the oldest first, all of it.
///
/// # Errors
/// As [`TeamStore::release`]; [`Error::CursorOfAnotherList`].
pub fn releases(
    store: &TeamStore,
    actor: Actor,
    app: AppId,
    newest_first: bool,
    page: &PageRequest,
) -> Result<Page<Release>, Error> {
    let past = Past::of(store, actor, app)?;
    if newest_first {
        return Ok(past.page(page)?.map(|(_, release)| release));
    }
    let from = page.cursor().map(|cursor| cursor.event().ok_or(Error::CursorOfAnotherList {})).transpose()?;
    let all = collect_pages(|page| past.page(page))?;
    let mut rest = all.into_iter().rev().filter(|(number, _)| from.is_none_or(|from| *number > from));
    let (numbers, items): (Vec<u64>, _) = rest.by_ref().take(page.size()).unzip();
    let next = rest.next().and(numbers.last()).map(|number| Cursor::after_event(*number));
    Ok(Page { items, next })
}

/// A release of an app, by id or version. Visible as [`releases`].
///
/// # Errors
/// As [`TeamStore::release`]; [`Fault::Missing`].
pub fn release(store: &TeamStore, actor: Actor, app: AppId, identity: &str) -> Result<Release, Fault> {
    let past = Past::of(store, actor, app)?;
    let version = identity.strip_prefix('v').unwrap_or(identity).parse();
    let id = identity.parse();
    let is_it = |release: &Release| Ok(release.version) == version || Ok(release.id) == id;
    let found = PageRequest::first(1)?
        .pick(|page| past.page(page), |(_, release)| Ok::<_, Error>(is_it(&release).then_some(release)))?;
    found.items.into_iter().next().ok_or(Fault::Missing(Thing::Release))
}

/// The release that an app runs. Visible as [`TeamStore::release`].
///
/// # Errors
/// As [`TeamStore::release`]; [`Fault::Missing`].
pub fn current_release(store: &TeamStore, actor: Actor, app: AppId) -> Result<Release, Fault> {
    let newest = Past::of(store, actor, app)?.page(&PageRequest::first(1)?)?;
    newest.items.into_iter().next().map(|(_, release)| release).ok_or(Fault::Missing(Thing::Release))
}

pub(crate) fn release_id(app: AppId, number: u32) -> Uuid {
    made_id("release", format_args!("{app}:{number}"))
}

/// What an app runs and ran, for an actor who sees its releases. The store answers what it runs; that it ran others, and whose
/// they were, its log says, which the host reads.
struct Past<'s> {
    store: &'s TeamStore,
    actor: Actor,
    app: &'s domain::App,
    owner: Owner,
    current: Option<&'s domain::entity::Release>,
}

impl<'s> Past<'s> {
    fn of(store: &'s TeamStore, actor: Actor, app: AppId) -> Result<Self, Error> {
        let current = store.release(actor, app)?;
        let app = store.app(actor, app)?;
        Ok(Self { store, actor, app, owner: app::owner(store, actor, app)?, current })
    }

    /// The newest first, with the numbers of their events.
    fn page(&self, page: &PageRequest) -> Result<Page<(u64, Release)>, Error> {
        let log = AuditFilter::new(AuditScope::App(self.app.id()));
        let host = Actor::operator(self.actor.at);
        let mut found =
            page.pick(|page| self.store.audit_log(host, &log, page), |entry| Ok::<_, Error>(self.release_of(&entry)))?;
        if let Some(current) = self.current.filter(|_| page.cursor().is_none() && found.items.is_empty()) {
            found.items.push((0, self.render(current, self.app.changed_at(), self.owner.clone())));
        }
        Ok(found)
    }

    fn release_of(&self, entry: &AuditEntry<'_>) -> Option<(u64, Release)> {
        let id = self.app.id();
        let release = match &entry.event {
            Event::AppReleased { app, release, .. } => Some(&**release).filter(|_| *app == id),
            Event::AppPromoted { promotion } => {
                promotion.targets.iter().find(|target| target.app == id).map(|target| &target.to)
            }
            _ => None,
        }?;
        let by = entry.actor.user().and_then(|user| self.store.user(self.actor, user).ok());
        let user = by.map_or_else(|| self.owner.clone(), Owner::user);
        Some((entry.seq, self.render(release, entry.at, user)))
    }

    fn render(&self, release: &domain::entity::Release, at: DateTime<Utc>, user: Owner) -> Release {
        let current = self.current.is_some_and(|current| current.number == release.number);
        Release {
            addon_plan_names: Vec::new(),
            artifacts: [],
            app: Named { id: self.app.id(), name: self.app.name() },
            created_at: at,
            description: release.description.to_string(),
            id: release_id(self.app.id(), release.number),
            updated_at: at,
            slug: None,
            status: ReleaseStatus::Succeeded,
            user,
            version: release.number,
            current,
            output_stream_url: None,
            eligible_for_rollback: !current,
        }
    }
}
