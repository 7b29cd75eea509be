use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::code::words;
use crate::ids::{AddOnId, AppId};
use crate::names::{PlanName, ServiceName};

/// An add-on, as installed on an app (RES-2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AddOn {
    pub(crate) id: AddOnId,
    pub(crate) app: AppId,
    pub(crate) service: ServiceName,
    pub(crate) plan: Plan,
    pub(crate) installed_at: DateTime<Utc>,
}

impl AddOn {
    /// The id.
    #[must_use]
    pub const fn id(&self) -> AddOnId {
        self.id
    }

    /// The app that it is installed on.
    #[must_use]
    pub const fn app(&self) -> AppId {
        self.app
    }

    /// The service.
    #[must_use]
    pub const fn service(&self) -> ServiceName {
        self.service
    }

    /// The plan, with its price.
    #[must_use]
    pub const fn plan(&self) -> Plan {
        self.plan
    }

    /// When it was installed.
    #[must_use]
    pub const fn installed_at(&self) -> DateTime<Utc> {
        self.installed_at
    }
}

/// The plan of an add-on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Plan {
    /// The name.
    pub name: PlanName,
    /// The price of a month, in cents; 0 for a free plan.
    pub price: u32,
}

impl Plan {
    /// Whether it costs something, so that only holders of `operate` touch it.
    #[must_use]
    pub const fn is_paid(self) -> bool {
        self.price > 0
    }
}

words! {
    /// Whether only allow-listed services can be installed on a team's apps, save by its admins (RES-3).
    pub enum AddOnControls {
        /// Every service can be installed.
        Off "off",
        /// Only allow-listed ones; what was installed before stays, as an exception.
        On "on",
    }
}
