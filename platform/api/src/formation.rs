//! What an app runs: its formation, and the dynos of it.

use chrono::{DateTime, Utc};
use enterprise_teams::{
    self as domain, Actor, AppId, AppName, Error, Page, PageRequest, TeamStore, entity, names::ProcessType,
    query::Cursor,
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{Fault, Named, Thing, made_id, release_id};

/// The dynos of one process type of an app. What they run is not known. The times are those of the app.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the schema's properties")]
pub struct Formation {
    pub app: Named<AppId, AppName>,
    pub command: String,
    pub created_at: DateTime<Utc>,
    pub dyno_size: Named,
    pub id: Uuid,
    pub quantity: u16,
    pub size: String,
    #[serde(rename = "type")]
    pub kind: ProcessType,
    pub updated_at: DateTime<Utc>,
}

/// A dyno of the formation. It is up as long as it is there. The times are those of the app.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the schema's properties")]
pub struct Dyno {
    pub attach_url: Option<String>,
    pub command: String,
    pub created_at: DateTime<Utc>,
    pub id: Uuid,
    pub name: String,
    pub release: ReleaseOfDyno,
    pub app: Named<AppId, AppName>,
    pub size: String,
    pub state: String,
    #[serde(rename = "type")]
    pub kind: ProcessType,
    pub updated_at: DateTime<Utc>,
}

/// The release that a dyno runs; version 0 of an app without one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the schema's properties")]
pub struct ReleaseOfDyno {
    pub id: Uuid,
    pub version: u32,
}

/// The formation of an app, by process type. Visible as [`TeamStore::formation`].
///
/// # Errors
/// As [`TeamStore::formation`].
pub fn formations(store: &TeamStore, actor: Actor, app: AppId) -> Result<Vec<Formation>, Error> {
    let formation = store.formation(actor, app)?;
    let app = store.app(actor, app)?;
    Ok(formation.iter().map(|dyno| render(app, *dyno)).collect())
}

/// The dynos of one process type, by its name or the id. Visible as [`TeamStore::formation`].
///
/// # Errors
/// As [`TeamStore::formation`]; [`Fault::Missing`].
pub fn formation(store: &TeamStore, actor: Actor, app: AppId, identity: &str) -> Result<Formation, Fault> {
    let found =
        formations(store, actor, app)?.into_iter().find(|one| one.kind == identity || Ok(one.id) == identity.parse());
    found.ok_or(Fault::Missing(Thing::ProcessType))
}

/// The dynos of one process type as they are after this was done; with none left it is in the formation no more.
///
/// # Errors
/// As [`TeamStore::app`].
pub fn scaled(store: &TeamStore, actor: Actor, app: AppId, dynos: entity::Dyno) -> Result<Formation, Error> {
    Ok(render(store.app(actor, app)?, dynos))
}

/// The dynos of an app, by process type and number. Visible as [`TeamStore::formation`].
///
/// # Errors
/// As [`TeamStore::formation`]; [`Error::CursorOfAnotherList`].
pub fn dynos(store: &TeamStore, actor: Actor, app: AppId, page: &PageRequest) -> Result<Page<Dyno>, Error> {
    let passed = page.cursor().map(|cursor| cursor.event().ok_or(Error::CursorOfAnotherList {})).transpose()?;
    let passed = passed.unwrap_or_default();
    let running = Running::of(store, actor, app)?;
    let numbered =
        running.formation.iter().flat_map(|process| (1..=process.quantity).map(move |number| (process, number)));
    let mut rest = numbered.skip(usize::try_from(passed).unwrap_or(usize::MAX));
    let items: Vec<_> =
        rest.by_ref().take(page.size()).map(|(process, number)| running.dyno(*process, number)).collect();
    let next = rest.next().map(|_| Cursor::after_event(passed.saturating_add(items.len() as u64)));
    Ok(Page { items, next })
}

/// A dyno of an app, by its name or the id. Visible as [`TeamStore::formation`].
///
/// # Errors
/// As [`TeamStore::formation`]; [`Fault::Missing`].
pub fn dyno(store: &TeamStore, actor: Actor, app: AppId, identity: &str) -> Result<Dyno, Fault> {
    let running = Running::of(store, actor, app)?;
    let named = identity.split_once('.').and_then(|(kind, number)| Some((kind, number.parse::<u16>().ok()?)));
    let id = identity.parse::<Uuid>().ok();
    let found = running.formation.iter().find_map(|process| {
        let by_name = named.filter(|(kind, _)| process.process == *kind).map(|(_, number)| number);
        let by_id = || u16::try_from(id?.as_u128() ^ formation_id(app, process.process).as_u128()).ok();
        let number = by_name.or_else(by_id).filter(|number| (1..=process.quantity).contains(number))?;
        Some(running.dyno(*process, number)).filter(|dyno| dyno.name == identity || Some(dyno.id) == id)
    });
    found.ok_or(Fault::Missing(Thing::Dyno))
}

/// What an app runs.
struct Running<'s> {
    app: &'s domain::App,
    formation: &'s [entity::Dyno],
    release: u32,
}

impl<'s> Running<'s> {
    fn of(store: &'s TeamStore, actor: Actor, app: AppId) -> Result<Self, Error> {
        let formation = store.formation(actor, app)?;
        let release = store.release(actor, app)?.map_or(0, |release| release.number);
        Ok(Self { app: store.app(actor, app)?, formation, release })
    }

    fn dyno(&self, process: entity::Dyno, number: u16) -> Dyno {
        let app = self.app;
        Dyno {
            attach_url: None,
            command: String::new(),
            created_at: app.created_at(),
            // As many ids from that of the formation on as there can be dynos.
            id: Uuid::from_u128(formation_id(app.id(), process.process).as_u128() ^ u128::from(number)),
            name: format!("{}.{number}", process.process),
            release: ReleaseOfDyno { id: release_id(app.id(), self.release), version: self.release },
            app: Named { id: app.id(), name: app.name() },
            size: size_name(process.size),
            state: "up".to_owned(),
            kind: process.process,
            updated_at: app.changed_at(),
        }
    }
}

fn formation_id(app: AppId, process: ProcessType) -> Uuid {
    made_id("formation", format_args!("{app}:{process}"))
}

/// A size as the platform writes it: `Standard-1X`.
fn size_name(size: entity::DynoSize) -> String {
    let mut start = true;
    let letters = size.code().chars().map(|letter| {
        let upper = start || letter == 'x' && size.code().ends_with('x');
        start = letter == '-';
        if upper { letter.to_ascii_uppercase() } else { letter }
    });
    letters.collect()
}

fn render(app: &domain::App, dynos: entity::Dyno) -> Formation {
    let size = size_name(dynos.size);
    Formation {
        app: Named { id: app.id(), name: app.name() },
        command: String::new(),
        created_at: app.created_at(),
        dyno_size: Named::known("dyno size", &size),
        id: formation_id(app.id(), dynos.process),
        quantity: dynos.quantity,
        size,
        kind: dynos.process,
        updated_at: app.changed_at(),
    }
}
