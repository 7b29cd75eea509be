//! The page for an access review.

use core::fmt;

use chrono::{DateTime, Utc};

use crate::entity::{App, Group, Lock, SignInStatus, User};
use crate::query::{AccessEntry, AppAccess, GroupAccess};
use crate::role::Role;

/// Who can do what in a team, and through what; [`html`](Self::html) makes a page of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccessReview<'s> {
    pub(super) team: String,
    pub(super) at: DateTime<Utc>,
    pub(super) people: Vec<AccessEntry<'s>>,
    pub(super) apps: Vec<(&'s App, Vec<AppAccess<'s>>)>,
}

const STYLE: &str = "\
body { font: 15px/1.5 system-ui, sans-serif; max-width: 62rem; margin: 2rem auto; padding: 0 1rem; color: #1c1c1f }
h1 { font-size: 1.6rem; margin-bottom: 0 } h2 { font-size: 1.2rem; margin-top: 2.2rem } h3 { font-size: 1rem }
p, dd { margin: .3rem 0 } .muted { color: #5c5c66 }
dl { display: grid; grid-template-columns: repeat(auto-fit, minmax(6.5rem, 1fr)); gap: 1rem; margin: 1.5rem 0 }
dl div { border: 1px solid #d8d8de; border-radius: 6px; padding: .6rem .9rem }
dt { color: #5c5c66; font-size: .85rem } dd { margin: 0; font-size: 1.4rem; font-weight: 600 }
table { border-collapse: collapse; width: 100% } caption { text-align: left; color: #5c5c66; padding-bottom: .3rem }
th, td { text-align: left; padding: .35rem .7rem .35rem 0; border-bottom: 1px solid #e4e4ea; vertical-align: top }
thead th { font-size: .85rem; color: #5c5c66 } tbody th { font-weight: 400 }
td, th { overflow-wrap: anywhere }
.mark { background: #fdeccb; border-radius: 4px; padding: 0 .35rem; font-size: .85rem; white-space: nowrap }
@media print { body { margin: 0 } h3, tr { break-inside: avoid } }";

impl AccessReview<'_> {
    /// One page that needs nothing else: no script, no reference to anything outside, every text escaped.
    #[must_use]
    pub fn html(&self) -> String {
        format!(
            "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta name=\"viewport\" content=\"width=device-width\">\n\
             <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n\
             <title>Access review of {team}</title>\n<style>\n{STYLE}\n</style>\n</head>\n<body>\n\
             <h1>Access review of {team}</h1>\n<p class=\"muted\">As of {at}</p>\n{body}</body>\n</html>\n",
            team = Text(&self.team),
            at = self.at.format("%Y-%m-%d %H:%M:%S UTC"),
            body = Body(self),
        )
    }

    fn unsecured(&self) -> impl Iterator<Item = &AccessEntry<'_>> {
        self.people.iter().filter(|person| person.status == SignInStatus::MfaOff)
    }

    fn suspended(&self) -> impl Iterator<Item = &AccessEntry<'_>> {
        self.people.iter().filter(|person| person.user.suspended_at().is_some())
    }

    fn outsiders(&self) -> impl Iterator<Item = &AccessEntry<'_>> {
        self.people.iter().filter(|person| person.role == Role::Collaborator)
    }

    fn locked(&self) -> impl Iterator<Item = &App> {
        self.apps.iter().map(|(app, _)| *app).filter(|app| app.lock() == Lock::Locked)
    }
}

struct Body<'r>(&'r AccessReview<'r>);

impl fmt::Display for Body<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let review = self.0;
        let with = |role: &Role| (plural(*role), review.people.iter().filter(|person| person.role == *role).count());
        f.write_str("<dl>\n")?;
        for (what, count) in Role::ALL
            .iter()
            .map(with)
            .filter(|(what, count)| *count > 0 || *what != plural(Role::Custom))
            .chain([
                ("Without MFA", review.unsecured().count()),
                ("Apps", review.apps.len()),
                ("Locked apps", review.locked().count()),
            ])
            .chain(Some(("Suspended", review.suspended().count())).filter(|(_, count)| *count > 0))
        {
            writeln!(f, "<div><dt>{what}</dt><dd>{count}</dd></div>")?;
        }
        f.write_str("</dl>\n<h2>To look at</h2>\n")?;
        let unsecured = review.unsecured().map(|person| (person.user.email().to_string(), person.role_name()));
        list(f, "Without a second factor", unsecured)?;
        let since = |at: DateTime<Utc>| format!("since {}", at.format("%Y-%m-%d"));
        let suspended = review
            .suspended()
            .filter_map(|person| Some((person.user.email().to_string(), since(person.user.suspended_at()?))));
        if review.suspended().next().is_some() {
            list(f, "Suspended", suspended)?;
        }
        let outsiders = review.outsiders().map(|person| {
            let apps: Vec<&str> = person.apps.iter().map(|app| app.name.as_str()).collect();
            (person.user.email().to_string(), apps.join(", "))
        });
        list(f, "Outsiders, and the apps that they are on", outsiders)?;
        list(f, "Locked apps", review.locked().map(|app| (app.name().to_string(), String::new())))?;
        f.write_str("<h2>People</h2>\n")?;
        let grouped = review.people.iter().any(|person| !person.groups.is_empty());
        let head: &[&str] =
            if grouped { &["E-mail", "Role", "Sign-in", "Groups"] } else { &["E-mail", "Role", "Sign-in"] };
        table(f, "Everybody in the team or on one of its apps", head)?;
        for person in &review.people {
            let (role, status, groups) =
                (Until(person.role_name(), person.ends_at), Status(person.user), Groups(&person.groups));
            let cells: &[&dyn fmt::Display] = if grouped { &[&role, &status, &groups] } else { &[&role, &status] };
            row(f, person.user.email().as_str(), cells)?;
        }
        f.write_str("</tbody></table>\n<h2>Apps</h2>\n")?;
        if review.apps.is_empty() {
            f.write_str("<p class=\"muted\">None.</p>\n")?;
        }
        for (app, everybody) in &review.apps {
            let locked = if app.lock() == Lock::Locked { " <span class=\"mark\">locked</span>" } else { "" };
            writeln!(f, "<h3>{}{locked}</h3>", Text(app.name.as_str()))?;
            table(f, "Who holds what, and through what", &["E-mail", "Permissions", "Through", "Sign-in"])?;
            for access in everybody {
                let status = Status(access.user);
                row(f, access.user.email().as_str(), &[&access.held.permissions, &Through(access), &status])?;
            }
            f.write_str("</tbody></table>\n")?;
        }
        Ok(())
    }
}

/// Groups by their names.
struct Groups<'r>(&'r [&'r Group]);

impl fmt::Display for Groups<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, group) in self.0.iter().enumerate() {
            write!(f, "{}<bdi>{}</bdi>", if index == 0 { "" } else { ", " }, Text(group.name.as_str()))?;
        }
        Ok(())
    }
}

/// Through what somebody holds something, and what of theirs sleeps meanwhile.
struct Through<'r>(&'r AppAccess<'r>);

impl fmt::Display for Through<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", Text(&self.0.through_name()))?;
        for (index, access) in self.0.groups.iter().enumerate() {
            let GroupAccess { group, permissions, .. } = access;
            let before = if index == 0 { " <span class=\"muted\">by group " } else { ", " };
            write!(f, "{before}<bdi>{}</bdi> ({permissions}){}", Text(group.name.as_str()), Until("", access.ends_at))?;
        }
        if !self.0.groups.is_empty() {
            f.write_str(if self.0.role == Some(Role::Admin) { ", which sleeps</span>" } else { "</span>" })?;
        }
        if let Some(sleeping) = self.0.sleeping {
            write!(f, " <span class=\"muted\">a grant of {sleeping} sleeps</span>")?;
        }
        write!(f, "{}", Until("", self.0.ends_at))
    }
}

/// Something, and until when it is so.
struct Until<T>(T, Option<DateTime<Utc>>);

impl<T: fmt::Display> fmt::Display for Until<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(what, until) = self;
        write!(f, "{what}")?;
        until.map_or(Ok(()), |until| {
            write!(f, " <span class=\"mark\">until {}</span>", until.format("%Y-%m-%d %H:%M UTC"))
        })
    }
}

/// What those with a role are called.
const fn plural(role: Role) -> &'static str {
    match role {
        Role::Admin => "Admins",
        Role::Member => "Members",
        Role::Viewer => "Viewers",
        Role::Custom => "In roles of the team's own",
        Role::Collaborator => "Outsiders",
    }
}

/// A short list under a heading: names, and what is said of each.
fn list(f: &mut fmt::Formatter<'_>, heading: &str, entries: impl Iterator<Item = (String, String)>) -> fmt::Result {
    writeln!(f, "<h3>{heading}</h3>")?;
    let mut entries = entries.peekable();
    if entries.peek().is_none() {
        return f.write_str("<p class=\"muted\">None.</p>\n");
    }
    f.write_str("<ul>\n")?;
    for (name, note) in entries {
        write!(f, "<li><bdi>{}</bdi>", Text(&name))?;
        if !note.is_empty() {
            write!(f, " <span class=\"muted\">{}</span>", Text(&note))?;
        }
        f.write_str("</li>\n")?;
    }
    f.write_str("</ul>\n")
}

fn table(f: &mut fmt::Formatter<'_>, caption: &str, head: &[&str]) -> fmt::Result {
    write!(f, "<table><caption>{caption}</caption><thead><tr>")?;
    for column in head {
        write!(f, "<th scope=\"col\">{column}</th>")?;
    }
    f.write_str("</tr></thead>\n<tbody>\n")
}

fn row(f: &mut fmt::Formatter<'_>, head: &str, cells: &[&dyn fmt::Display]) -> fmt::Result {
    write!(f, "<tr><th scope=\"row\"><bdi>{}</bdi></th>", Text(head))?;
    for cell in cells {
        write!(f, "<td>{cell}</td>")?;
    }
    f.write_str("</tr>\n")
}

/// How somebody's sign-in is secured, marked if it is not; and that they are suspended.
struct Status<'u>(&'u User);

impl fmt::Display for Status<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let status = self.0.sign_in_status();
        match status {
            SignInStatus::MfaOff => write!(f, "<span class=\"mark\">{}</span>", status.title())?,
            SignInStatus::MfaOn | SignInStatus::Sso => f.write_str(status.title())?,
        }
        if self.0.suspended_at().is_some() {
            f.write_str(" <span class=\"mark\">suspended</span>")?;
        }
        status.note().map_or(Ok(()), |note| write!(f, " <span class=\"muted\">{note}</span>"))
    }
}

/// A text from outside, in which nothing is markup.
struct Text<'t>(&'t str);

impl fmt::Display for Text<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.chars().try_for_each(|character| match character {
            '&' => f.write_str("&amp;"),
            '<' => f.write_str("&lt;"),
            '>' => f.write_str("&gt;"),
            '"' => f.write_str("&quot;"),
            '\'' => f.write_str("&#39;"),
            _ => write!(f, "{character}"),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Text;

    #[test]
    fn a_text_is_no_markup() {
        assert_eq!(Text("<script>\"'&amp;").to_string(), "&lt;script&gt;&quot;&#39;&amp;amp;");
    }
}
