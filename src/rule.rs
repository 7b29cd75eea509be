//! The catalogue of rules: what the two documents and the articles around them state, one row each.
//!
//! Every row has an id that errors, tests and documents quote, a code in words, its sources and its nature. A rule of
//! nature [`Refusal`](Nature::Refusal) has at least one variant of [`Error`](crate::Error) of its own.

use core::fmt;

use serde::{Deserialize, Serialize};

use crate::code::words;

words! {
    /// Where a rule comes from.
    pub enum Source {
        /// "Managing an Enterprise Team", 14 November 2024.
        S24 "2024",
        /// "Creating and Managing an Organization", 16 April 2014.
        S14 "2014",
        /// The articles that the document of 2024 links to, and the public schema of the Platform API.
        DC "articles",
        /// Our decision, where the documents are silent or disagree.
        D "ours",
    }
}

words! {
    /// How a rule shows.
    pub enum Nature {
        /// Whoever breaks it is refused with an error of its own.
        Refusal "refusal",
        /// It shows in what an accepted operation changes, or in what a question answers.
        Effect "effect",
        /// It holds in every state and for every call.
        Guarantee "guarantee",
    }
}

macro_rules! rules {
    ($($chapter:ident $title:literal {$(
        $rule:ident $id:literal $code:literal $nature:ident [$($source:ident),+]
            $statement:literal;
    )+})+) => {
        /// The chapter of the rulebook that a rule stands in.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Chapter {$(
            #[doc = $title]
            $chapter,
        )+}

        impl Chapter {
            /// Every chapter, in the order of the rulebook.
            pub const ALL: &'static [Self] = &[$(Self::$chapter),+];

            /// The heading of the chapter.
            #[must_use]
            pub const fn title(self) -> &'static str {
                match self {$(Self::$chapter => $title),+}
            }
        }

        /// A rule of the catalogue. Each variant's text is the rule.
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[non_exhaustive]
        pub enum Rule {$($(
            #[doc = concat!("**", $id, "** ", $statement)]
            #[serde(rename = $id)]
            $rule,
        )+)+}

        impl Rule {
            /// Every rule, in the order of the rulebook.
            pub const ALL: &'static [Self] = &[$($(Self::$rule),+),+];

            const fn row(self) -> &'static Row {
                match self {$($(Self::$rule => &Row {
                    id: $id,
                    code: $code,
                    chapter: Chapter::$chapter,
                    statement: $statement,
                    sources: &[$(Source::$source),+],
                    nature: Nature::$nature,
                },)+)+}
            }
        }
    };
}

struct Row {
    id: &'static str,
    code: &'static str,
    chapter: Chapter,
    statement: &'static str,
    sources: &'static [Source],
    nature: Nature,
}

impl Rule {
    /// The id that documents, errors and tests quote, for example `MEM-5`.
    #[must_use]
    pub const fn id(self) -> &'static str {
        self.row().id
    }

    /// The rule in a few words, kebab-case and stable, for example `leaving-a-team`.
    #[must_use]
    pub const fn code(self) -> &'static str {
        self.row().code
    }

    /// The chapter it stands in.
    #[must_use]
    pub const fn chapter(self) -> Chapter {
        self.row().chapter
    }

    /// The rule in full.
    #[must_use]
    pub const fn statement(self) -> &'static str {
        self.row().statement
    }

    /// Where it comes from; never empty.
    #[must_use]
    pub const fn sources(self) -> &'static [Source] {
        self.row().sources
    }

    /// How it shows.
    #[must_use]
    pub const fn nature(self) -> Nature {
        self.row().nature
    }
}

/// The id.
impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.id())
    }
}

impl fmt::Debug for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.id())
    }
}

rules! {
    Everywhere "Holds for every operation" {
        X1 "X-1" "refusal-changes-nothing" Guarantee [D]
            "A refused operation changes nothing: the store, its indexes, its event log and its usage ledger are as \
             before, bit for bit.";
        X2 "X-2" "order-of-checks" Refusal [D]
            "Checks run in one documented order, so that each call has one answer: actor exists → target exists → \
             OAuth restriction and the team's sign-in requirement → authority → arguments → state → limits. Nobody \
             without authority learns from the answer (an error, a list of results, a what-if, an explanation) \
             anything about what they may not see but that a name, an e-mail or an id is taken.";
        X3 "X-3" "every-change-an-event" Refusal [D]
            "Every accepted operation is recorded as exactly one event, and what had ended before it as another (END-3): \
             sequence number, time, actor, context, what changed. Event 1 says that the store was opened, with its settings; a change of settings is an event. \
             Replaying the log gives an equal store. A field that says how things were, or whose they are, is held \
             against the state and refused if wrong; a changed new value gives an unequal state. Who it was (beyond: \
             somebody who existed then), when (beyond: in order) and the context are guarded by the digest chain of a \
             journal.";
        X4 "X-4" "no-clock-no-chance" Guarantee [D]
            "The core reads no clock, no randomness, no environment, no file. Time and randomness come in from \
             outside, with a system default.";
        X5 "X-5" "every-refusal-typed" Guarantee [D]
            "Every rule violation is its own error variant with a stable kebab-case `code()`, the rule's id, a class \
             (unauthenticated, not-found, forbidden, invalid, conflict, unchanged, limit) and the facts needed to explain it (who, what, limit, \
             actual).";
        X6 "X-6" "no-panic" Refusal [D]
            "Nothing panics on any input through the public interface.";
        X7 "X-7" "ids-foretell-nothing" Guarantee [D]
            "Ids and generated names come from a keyed pseudo-random function of a secret of the store and a number: \
             equal inputs give equal ids, and whoever knows ids or names foresees no other. The secret never changes, \
             and stands in the settings, the snapshot and the journal alone: logs, feeds and exports show the \
             settings without it.";
        X8 "X-8" "names-of-then" Guarantee [D]
            "Entries of an audit log name what their reader may see in them, as it was named then, also after a rename, \
             a removal or a deletion.";
        X9 "X-9" "done-once" Refusal [D]
            "An operation that carries a key is done once. Keys are kept by the journal, not by the state, for a time \
             that is a setting, and belong to the actor (user and client): the same actor, key and operation is \
             answered from the event that it made; another operation under the key is a conflict; a refusal is not \
             kept. An operation may say that nothing newer than event n may concern a thing it names; if something \
             does, or the kept log does not reach back so far, it is refused.";
        X10 "X-10" "no-change-is-told" Guarantee [D]
            "A request whose acceptance would leave the store exactly as it is (same role, same set, same name, present \
             owner) is refused by an error of the class *unchanged*, which a host may take for success. On the app or in \
             the team with something else is a *conflict*; taking away what is not there stays *not-found*.";
    }
    Users "Users" {
        Acc1 "ACC-1" "one-email-one-user" Refusal [DC]
            "An e-mail belongs to one user; compared case-insensitively; malformed e-mail is refused when parsed.";
        Acc2 "ACC-2" "user-deletion" Refusal [DC, D]
            "A user who is the last admin of a team cannot be deleted; nor one who still owns personal apps or \
             pipelines. Deletion removes memberships, grants, invitations and pending transfers to and from them.";
        Acc3 "ACC-3" "mfa-and-sso-status" Refusal [S24, D]
            "A user's MFA status (enrolled or not) can change at any time; team listings show the change at once. A \
             user signs in by SSO only through a team that they are in and whose SSO is on (SEC-3 makes them a member \
             in the same event); when the last such ends (SSO off, provider removed, membership ended), they sign in \
             by password again, at once.";
        Acc4 "ACC-4" "sign-in-changes-in-the-log" Effect [S24, D]
            "A change of a member's MFA, sign-in or e-mail stands in the audit log of every team that they are in; in \
             the log of another team than the one it came from the entry says only what became of that person, not \
             where or why.";
        Sus1 "SUS-1" "suspension" Refusal [D]
            "The operator suspends and reinstates users. A suspended user is refused every operation and every question, \
             keeps what they hold, and is shown as suspended. They receive nothing new: no role but a lower one, no \
             permission that they do not hold, no invitation, no app, no pipeline, no team and no account; whoever would \
             give them something is told why. What a role or a group of theirs comes to hold counts once they are reinstated. \
             They do not count as an admin (TEAM-2) or as a manager of an account \
             (ENT-1), so the last one is not suspended; and no invitation of theirs makes an admin (INV-3).";
    }
    Teams "Life of a team" {
        Team1 "TEAM-1" "provisioning" Refusal [S24, S14]
            "Provisioned with a name, resource limits and exactly one user: the admin who requested it; by the \
             operator also into an Enterprise Account. The notice that goes out (name, limits, link to the dashboard) \
             is a value to be sent.";
        Team2 "TEAM-2" "last-admin" Refusal [S24, S14]
            "Always at least one admin. The last admin can be neither removed, nor demoted, nor leave, nor be \
             deleted. Whoever is suspended (SUS-1), and whose membership ends (END-2), is none to count on.";
        Team3 "TEAM-3" "team-names" Refusal [DC, D]
            "Team names are valid (lower-case letters, digits, hyphens; starts with a letter; ends with letter or \
             digit; 2 to 30) and unique over all teams; freed by rename and deletion. Reserved names (a setting, with a \
             short default: words that are paths or hosts of the platform) are refused, for teams and apps alike.";
        Team4 "TEAM-4" "team-rename" Refusal [S24, DC]
            "Only admins rename (and account members with `create`, ENT-2).";
        Team5 "TEAM-5" "member-limit" Refusal [S24, DC]
            "Up to 500 members (Enterprise) or 25 (Standard), pending invitations counted, collaborators not; the \
             limit is a setting given at provisioning, at least 1. Error names limit and actual.";
        Team6 "TEAM-6" "resource-limits" Refusal [S24, S14, DC, D]
            "Other resource limits (apps, spaces, dyno units, add-on credits) are given at provisioning and may be absent (= \
             unlimited). Apps and spaces over the limit are refused, by creation and by transfer in. Limits on dyno units \
             and credits are shown as exceeded, or refuse, as the provisioner chose (D: shown by default); they are asked \
             of the monthly rate: what runs and is installed, priced for a full month, plus what the call adds (scaling, \
             plan, add-on, space, transfer in, eco upgrade). A limit is asked only for what a call adds.";
        Team7 "TEAM-7" "default-role" Refusal [S24]
            "A new user gets the team's default role; it is `member` until an admin changes it; may be admin, member, \
             viewer or one of the team's own (ROLE-2).";
        Team8 "TEAM-8" "team-deletion" Refusal [S24, DC, D]
            "Deletion of an Enterprise Team: an admin opens a support ticket; the platform operator carries it out; \
             refused while apps, spaces or pipelines remain (the error lists them). An admin deletes a Standard team \
             directly, under the same condition. An Enterprise Account member with `create` may delete its teams \
             directly.";
    }
    Members "Members and roles" {
        Mem1 "MEM-1" "members-managed-by-admins" Refusal [S24, S14]
            "Only admins add, remove or change members; only admins make admins.";
        Mem2 "MEM-2" "one-membership" Refusal [D]
            "Adding someone who is in the team already is refused; a change of role is a call of its own.";
        Mem3 "MEM-3" "collaborator-is-no-team-role" Refusal [S24, DC]
            "`collaborator` is not a team role: it cannot be given as one. To become a member, a collaborator is \
             added.";
        Mem4 "MEM-4" "viewers-in-enterprise-teams" Refusal [S24, S14]
            "`viewer` exists in Enterprise Teams only.";
        Mem5 "MEM-5" "leaving-a-team" Effect [S24]
            "Admins, members and viewers can remove themselves, save the last admin.";
        Mem6 "MEM-6" "end-of-membership" Effect [S24, DC]
            "Removing a user ends their team role, their permissions on all the team's apps, their app-creation \
             permission in the team's spaces, at once. Apps they created stay with the team.";
        Mem7 "MEM-7" "collaborator-becomes-member" Effect [D]
            "Adding a collaborator as a member keeps the permissions they hold on single apps. Removing themselves as \
             member does not leave them as collaborators (MEM-6).";
        Mem8 "MEM-8" "access-list" Refusal [S24]
            "The Access list shows every admin, member, viewer and, marked as such, every collaborator (with the apps \
             they are on), each with MFA/SSO status. Visible to admins, members and viewers; not to collaborators.";
        Mem9 "MEM-9" "member-listings" Effect [S24]
            "Listings filter by role and by part of an e-mail, and page.";
    }
    Invitations "Invitations" {
        Inv1 "INV-1" "inviting" Refusal [DC]
            "Admins invite an e-mail with a team role; one pending invitation per (team, e-mail); inviting again \
             replaces the role. An e-mail of someone already in the team is refused.";
        Inv2 "INV-2" "accepting" Effect [DC]
            "The invited user accepts or declines; accepting makes them a member with the invited role, at the moment \
             of acceptance; the invitation is gone.";
        Inv3 "INV-3" "revoking-and-expiry" Refusal [DC, S24, D]
            "Admins revoke; revoked, accepted and expired invitations cannot be accepted. Expiry is a setting of the \
             store (default 30 days). An invitation makes an admin only while its sender is one: those to the role \
             admin, and those without a role while the default is admin, end when the sender stops being an admin, \
             and acceptance asks again. Inviting again replaces the sender too.";
        Inv4 "INV-4" "invited-email" Refusal [DC, D]
            "An unknown e-mail can be invited; it becomes acceptable when a user with that e-mail exists. Only the \
             user with that e-mail can accept.";
        Inv5 "INV-5" "pending-invitations" Refusal [DC]
            "Pending invitations are visible to admins and members.";
        Inv6 "INV-6" "default-role-invitation" Effect [S24, D]
            "An invitation without a role is to the team's default role, as it is at acceptance.";
    }
    Capabilities "Team capabilities" {
        Cap1 "CAP-1" "capabilities-by-role" Refusal [DC]
            "What each role may do on an Enterprise Team is exactly the Enterprise table; on a Standard team exactly \
             the Standard table.";
        Cap2 "CAP-2" "collaborators-without-capability" Refusal [S24]
            "A collaborator has no capability on an Enterprise Team: cannot list its apps or users, create apps in it \
             or transfer apps to it.";
        Cap3 "CAP-3" "outsiders-without-capability" Refusal [S24]
            "An outsider has none at all.";
    }
    Permissions "App permissions" {
        Perm1 "PERM-1" "admins-hold-all" Refusal [S24]
            "Team admins hold all four permissions on every app of the team; it cannot be reduced per app.";
        Perm2 "PERM-2" "team-sees-its-apps" Effect [S24]
            "Members and viewers hold `view` on every app of their Enterprise Team.";
        Perm3 "PERM-3" "permission-sets" Refusal [S24, DC]
            "More is granted per app: any combination of deploy, operate, manage; `view` is in every grant.";
        Perm4 "PERM-4" "granting-needs-manage" Refusal [S24]
            "Only holders of `manage` on the app (so also admins) grant, change or take away permissions on it.";
        Perm5 "PERM-5" "grants-to-others" Refusal [S24, D]
            "Holders of `manage` grant other people; nobody adds anything to their own grant (less is allowed). An \
             account's holder of `manage` adds nothing to their own set either. A grant to an admin is refused: it \
             would say nothing.";
        Perm6 "PERM-6" "creators-and-sleeping-grants" Effect [S24, DC, D]
            "Whoever creates an app in an Enterprise Team, or transfers a personal app into one, gets all four on it. \
             Grants of a person who is or becomes an admin sleep: they are shown as such, may be taken away by holders \
             of `manage`, count again when the admin is made member or viewer, end with removal (MEM-6), and end on an \
             app or space that moves to a team where the person is not. App-creation permissions in spaces sleep for \
             admins and end for viewers.";
        Perm7 "PERM-7" "collaborators" Refusal [S24, DC]
            "A collaborator is added to an app by e-mail with permissions; being on the app already is refused; \
             changing and removing need them to be on it.";
        Perm8 "PERM-8" "leaving-an-app" Effect [S24]
            "A collaborator can remove themselves, app by app; not through the team. A member can give up the \
             permissions granted on an app (leave it).";
        Perm9 "PERM-9" "actions-by-permission" Refusal [DC, S24]
            "`manage` does not contain deploy or operate: each app action asks for any one of the permissions in the \
             table and for nothing else. `delete-app` and `transfer-app` also ask that the holder owns the app, or is \
             admin or member of the owning team; that is part of the row, so that `can`, `explain`, the lists and the \
             exports know it.";
        Perm10 "PERM-10" "personal-apps" Refusal [DC]
            "The personal owner of an app holds everything on it. Collaborators on a personal app hold view, deploy \
             and operate but never manage; they cannot add or remove paid add-ons, delete, transfer or rename.";
        Perm11 "PERM-11" "explained-decisions" Effect [D]
            "The library explains a decision: allowed or refused, through which role, grant or ownership, and if \
             refused, what would be needed and who could grant it.";
    }
    Groups "Groups" {
        Grp1 "GRP-1" "groups" Refusal [D]
            "Admins of an Enterprise Team make, rename and delete groups, and put people with a role in the team into \
             them and out; names like team names, unique in the team. Limits (settings of the store): 200 groups a \
             team, 32 of them a person. Whoever leaves the team leaves its groups; a team with groups does not become \
             a Standard team.";
        Grp2 "GRP-2" "grants-to-groups" Refusal [D]
            "Permissions on an app of the team are granted to a group as to a person (PERM-3, PERM-4, PERM-7). Nobody \
             adds to the grant of a group that they are in (PERM-5). A deleted group's grants end.";
        Grp3 "GRP-3" "held-through-groups" Effect [D]
            "What somebody holds on an app is the union of role, own grant and groups' grants. The explanation, the \
             access lists, the matrix, the review and the exports name the group. Being put in or out counts at once.";
        Grp4 "GRP-4" "group-grants-stay" Effect [D]
            "Groups' grants do not travel: a move to another owner ends them, and the event lists them (TRF-11). \
             Grants to groups sleep for admins like their own (PERM-6).";
    }
    CustomRoles "Roles of a team's own" {
        Role1 "ROLE-1" "custom-roles" Refusal [D]
            "Admins of an Enterprise Team define roles of its own: a name (like a team name, unique in the team), \
             capabilities, and permissions on every app of the team. Capabilities that make or unmake power (users, \
             invitations, the team, its settings, identity provider, payment, spaces, groups, roles, deletion, moves) are \
             the admins' alone. Whoever is in the team sees it; what changes something comes with what shows it, and \
             what shows something with all that its answers tell: people with their apps and roles, the audit log \
             with every view; apps are listed by whoever views every one. Where a rule says who of a team sees or does \
             something, a role that holds the capability does too. At most 20 a team (a setting of the store).";
        Role2 "ROLE-2" "giving-custom-roles" Refusal [D]
            "Such a role is given, changed, invited to, set as default and taken away like the others, by admins; who \
             has it counts as a member (TEAM-5), never as an admin (TEAM-2). A role in use is not deleted, and a team \
             with roles of its own does not become a Standard team. A change of a role counts at once for everybody \
             who has it, and is one event.";
    }
    Apps "Apps" {
        App1 "APP-1" "one-owner" Refusal [DC]
            "An app has exactly one owner, a user or a team; is in at most one space (of its own team) and in at most \
             one pipeline (of its own owner).";
        App2 "APP-2" "creating-apps" Refusal [S24]
            "Admins and members create apps in the team; viewers, collaborators and outsiders cannot.";
        App3 "APP-3" "app-names" Refusal [DC]
            "App names match `^[a-z][a-z0-9-]{1,28}[a-z0-9]$`, are unique over everything, and are freed by rename \
             and deletion.";
        App4 "APP-4" "random-name" Effect [S24]
            "Without a name, a random one is generated that is free (GEN).";
        App5 "APP-5" "app-rename" Refusal [DC]
            "Rename needs `manage`.";
        App6 "APP-6" "app-deletion" Refusal [S24, D]
            "Deletion is for the owner of a personal app, for admins, and for members with `manage` (not for viewers \
             or collaborators, whatever they hold); the app's name is typed again as confirmation; a wrong \
             confirmation is refused.";
        App7 "APP-7" "end-of-an-app" Effect [D]
            "Deletion ends its grants, couplings, pending transfers, dynos, add-ons and their billing at that \
             instant.";
        App8 "APP-8" "locking" Refusal [DC]
            "Lock and unlock need `manage`; locking a locked app and unlocking an unlocked one are refused.";
        App9 "APP-9" "joining" Refusal [DC, S14]
            "A member may join an unlocked app of the team by themselves (Enterprise: with view; Standard: see STD). \
             Lock keeps new members from joining; whoever is on it stays; `manage` can still add people.";
        App10 "APP-10" "apps-list" Refusal [S24]
            "The apps list of a team holds its apps, with stack, and its pipelines, without one; filter by part of a \
             name, by kind (app, pipeline), by space, by stack, by locked; sort; page. Visible to admins, members and \
             viewers. A collaborator sees only the apps they are on.";
        App11 "APP-11" "app-urls" Refusal [S24]
            "`web_url` is `https://NAME.herokuapp.com/`, `git_url` is `https://git.heroku.com/NAME.git`; the two \
             domains are settings of the store.";
        App12 "APP-12" "personal-app-limit" Refusal [DC]
            "A personal account holds up to 100 apps (setting).";
    }
    Names "Generated names" {
        Gen1 "GEN-1" "name-form" Effect [S24, D]
            "`<adjective>-<noun>-<4-digit number>`, for example gentle-garden-8862; the number runs from 1000 to 9999 \
             (D); every name that can come out is a valid app name.";
        Gen2 "GEN-2" "word-lists" Refusal [S24, D]
            "Adjectives and nouns come from curated lists of brand-friendly words: nothing offensive alone or as any \
             pair, no trademarks, no pair on the list of product names that the tests keep, no duplicates. Numbers \
             with an unfriendly meaning (a list) are left out.";
        Gen3 "GEN-3" "names-without-repeat" Refusal [D]
            "Same seed, same names. No name is given twice before all have been given; names that a user took by hand \
             are stepped over. When the space is used up: a typed error, no endless loop.";
    }
    Transfers "App transfers" {
        Trf1 "TRF-1" "personal-app-to-team" Refusal [S24, S14, DC]
            "Personal app → team: only its owner, who must be admin or member of the team; immediate; the app is the \
             team's from then on, and the former owner, if admin or member, gets all four on it (PERM-6).";
        Trf2 "TRF-2" "team-app-to-team" Refusal [S24, DC]
            "Team app → another team: admin of the team that owns it, or a member with `manage` on the app; who must \
             also be able to create apps in the receiving team; immediate.";
        Trf3 "TRF-3" "team-app-to-user" Refusal [S24, DC, D]
            "Team app → user: the same right on the app; immediate; the new owner must be in the team or on the app \
             (nobody is billed for a stranger's app); all other collaborators are removed; their personal app limit \
             is honoured.";
        Trf4 "TRF-4" "user-to-user" Refusal [DC]
            "User → user: a request; the recipient must be a collaborator on the app already; pending until the \
             recipient accepts or declines or the owner cancels; at most one pending per app; on acceptance the \
             former owner becomes a collaborator.";
        Trf5 "TRF-5" "billing-moves-with-the-app" Effect [S24, S14, DC]
            "Billing moves with the app at the instant of transfer: what it used before is the old owner's, what it \
             uses after is the new owner's.";
        Trf6 "TRF-6" "eco-becomes-standard" Effect [S24]
            "Moving from a personal account to an Enterprise Team turns eco dynos into standard-1x.";
        Trf7 "TRF-7" "transfer-leaves-pipeline" Effect [DC]
            "A transferred app leaves its pipeline, unless the whole pipeline is transferred.";
        Trf8 "TRF-8" "no-transfer-out-of-a-space" Refusal [D]
            "An app inside a space cannot be transferred alone.";
        Trf9 "TRF-9" "bulk-transfer" Refusal [S24, D]
            "Bulk transfer takes many apps at once: all move or none, and the error lists every app that cannot move \
             and why. A second form moves what can move and reports the rest.";
        Trf10 "TRF-10" "transfer-honours-controls" Refusal [D]
            "Transfer to the present owner is refused. The receiving team's app limit and add-on controls are \
             honoured (disallowed add-ons already on the app stay, as exceptions).";
        Trf11 "TRF-11" "grants-travel" Effect [D]
            "Grants given to single people travel with the app between teams; what came from a team role does not. \
             Collaborators of a personal app keep view, deploy and operate when it enters a team. By a grant nobody \
             gets a permission by a move of the app, or of its team, that they did not hold (the mover and the new \
             owner apart: PERM-6, TRF-4); what `operate` covers follows the table of the new owner. Entering a \
             Standard team, whoever's grant does not hold all of view, deploy and operate is taken off the app; \
             whoever holds all of them keeps just those; the event lists both.";
    }
    Pipelines "Pipelines" {
        Pipe1 "PIPE-1" "pipeline-names" Refusal [DC]
            "Owned by a user or a team; names match `^[a-z][a-z0-9-]{2,29}$`; names need not be unique.";
        Pipe2 "PIPE-2" "managing-pipelines" Refusal [DC, D]
            "Created and renamed by admins and members of the owning team, or by the owning user. Coupling an app, \
             moving its stage and uncoupling it also need `deploy` on the app (admins have it); deleting a pipeline \
             needs it on every app in it.";
        Pipe3 "PIPE-3" "one-pipeline-per-app" Refusal [DC]
            "An app is in at most one pipeline, in one stage; any number of apps per stage.";
        Pipe4 "PIPE-4" "same-owner" Refusal [DC]
            "An app and its pipeline have the same owner.";
        Pipe5 "PIPE-5" "end-of-a-pipeline" Effect [DC]
            "Deleting a pipeline ends its couplings; the apps stay.";
        Pipe6 "PIPE-6" "pipeline-transfer" Refusal [DC, D]
            "A pipeline is transferred with all its apps, to a user or a team, all or nothing, by whoever may \
             transfer every one of them. None of its apps may be in a space.";
        Pipe7 "PIPE-7" "promotion" Refusal [DC, D]
            "Promotion copies the release of one app to the next stage (development → staging → production) or to \
             chosen apps of the pipeline (a bounded list); needs deploy on source and on each target; only targets \
             that the actor sees; not to itself; not from production; reports target by target.";
        Pipe8 "PIPE-8" "pipeline-visibility" Refusal [DC]
            "A pipeline is visible to whoever can see its owner's apps, or any app in it.";
    }
    Spaces "Private Spaces" {
        Spc1 "SPC-1" "spaces-managed-by-admins" Refusal [S24, DC]
            "Belongs to one Enterprise Team; created, renamed, destroyed by its admins; name valid (`^[a-z0-9]`, \
             letters, digits, single hyphens, 3 to 30) and unique.";
        Spc2 "SPC-2" "space-visibility" Refusal [S24]
            "Visible to admins, members and viewers of the team.";
        Spc3 "SPC-3" "creating-in-a-space" Refusal [DC]
            "Creating an app in a space needs APP-2 and the space's app-creation permission, which admins always have \
             and grant to members; only team members can hold it.";
        Spc4 "SPC-4" "space-price" Effect [S24, DC]
            "Costs 1000 dollars of add-on credits a month (shield 3000), pro-rated to the second.";
        Spc5 "SPC-5" "space-limits-and-end" Refusal [DC, D]
            "Up to 25 apps per space (setting). Destroying needs the name typed again and no apps left inside.";
        Spc6 "SPC-6" "space-transfer-within-account" Refusal [S24]
            "Transfer: only to another Enterprise Team in the same Enterprise Account.";
        Spc7 "SPC-7" "space-transfer-authority" Refusal [S24]
            "Transfer: by someone who is admin in both teams, or holds `manage` in the Enterprise Account.";
        Spc8 "SPC-8" "what-moves-with-a-space" Effect [S24, D]
            "Transfer: exactly the apps inside the space move. A pipeline with apps inside and outside stays in the \
             old team with the outside apps; the moved apps leave it. A pipeline wholly inside moves with its apps.";
        Spc9 "SPC-9" "access-after-space-transfer" Effect [D]
            "Transfer: app-creation permissions of people who are not in the new team end; grants to single people \
             travel with the apps.";
    }
    Accounts "Enterprise Accounts" {
        Ent1 "ENT-1" "account-permissions" Refusal [DC, D]
            "Members hold any of view, create, manage, billing; view is in every set. At least one member holds \
             manage.";
        Ent2 "ENT-2" "account-authority" Refusal [DC, S24]
            "`create` creates, renames and deletes Enterprise Teams in the account, and makes the creator admin. \
             `manage` manages the account's members and may transfer spaces. `billing` sees usage of all teams.";
        Ent3 "ENT-3" "listing-across-teams" Refusal [S24]
            "Listings of the account (its teams, its members, all apps, all users of its teams) page and filter like \
             a team's own.";
        Ent4 "ENT-4" "team-moves-in" Refusal [S24, D]
            "A card-paid Standard team moves into the account: by an admin of the team who holds `create` or `manage` \
             in the account; it becomes Enterprise and its billing moves to the account.";
        Ent5 "ENT-5" "team-moves-out" Refusal [S24, D]
            "A team is moved out by request: an admin asks, the platform operator carries it out; it becomes \
             Standard; refused, with everything that stands in the way listed, while it has spaces, viewers, or more \
             members than a Standard team may have.";
        Ent6 "ENT-6" "into-an-account" Refusal [S24, D]
            "The operator puts an Enterprise Team that is in no account into one.";
        Ent7 "ENT-7" "account-audit-log" Refusal [D]
            "The account has an audit log, for holders of `manage`: its members, its teams coming and going.";
    }
    Security "OAuth, SSO, MFA" {
        Sec1 "SEC-1" "oauth-access" Refusal [S24, D]
            "Admins can deny access through third-party OAuth clients to everything the team owns: team, apps, \
             spaces, pipelines, members. First-party clients go on working. While a team of an account denies them, \
             such clients manage neither the account's members nor its teams.";
        Sec2 "SEC-2" "identity-provider" Refusal [S24, D]
            "Admins configure an identity provider (entity id, sign-in url that is a valid https URL, certificate) and \
             then can enable SSO; enabling without one is refused; removing it while enabled is refused; replacing it \
             is allowed (certificates are renewed). Status is visible in settings.";
        Sec3 "SEC-3" "first-sign-in" Refusal [DC]
            "With SSO on, a first sign-in through the provider adds the user with the default role (TEAM-7), within \
             the member limit.";
        Sec4 "SEC-4" "sign-in-status" Refusal [S24]
            "Each person on the Access list shows one of: SSO, MFA on, MFA off; for SSO the platform says it cannot \
             see the provider's MFA. A query lists those without MFA. Whoever sees the Access list sees it.";
        Sec5 "SEC-5" "sign-in-requirement" Refusal [S24, D]
            "Admins can require MFA or SSO for everything the team owns; a setting of the store requires it of \
             everybody for everything save their own enrolment and sign-in. Decided by the recorded status of the \
             user, not by the session. Asked of whoever is in the team or on one of its apps, right after the OAuth \
             restriction; an outsider gets the outsider's answer. Who has neither stays listed, reaches nothing of \
             the team, and can still leave it and answer invitations. An admin can neither require it nor switch SSO \
             off if they would then have neither.";
    }
    Resources "Resources and add-on controls" {
        Res1 "RES-1" "formations" Refusal [S24, DC, D]
            "Apps have a formation: process types with dyno size and quantity. Scaling and resizing need deploy or \
             operate (table). Sizes: eco, basic, standard-1x, standard-2x, performance-m, performance-l, \
             private-s/m/l, shield-s/m/l; eco is for personal apps only; plain spaces take private sizes only, shield \
             spaces shield sizes only, elsewhere neither.";
        Res2 "RES-2" "add-ons" Refusal [DC]
            "Add-ons have service, plan and monthly price. Free ones need deploy or operate, paid ones operate.";
        Res3 "RES-3" "add-on-controls" Refusal [S24, DC]
            "Add-on controls, when on, let non-admins install only allow-listed services; admins override; what was \
             installed before stays and is listed as an exception. Allow-list changes are the admins'.";
        Res4 "RES-4" "resources-list" Refusal [S24]
            "The Resources list holds every dyno, add-on and space of the team; visible to admins, members and viewers.";
    }
    Usage "Usage and billing" {
        Use1 "USE-1" "use-against-limits" Refusal [S14, S24]
            "Admins see current use against the team's limits: apps, members, spaces, dyno units, add-on credits.";
        Use2 "USE-2" "past-use" Refusal [S14, DC]
            "Admins see past use by day and by month: dyno units, add-ons, spaces, in total and per app, exact to the \
             second, over any range within what was recorded. Users see that of their personal apps.";
        Use3 "USE-3" "billing" Refusal [S24, S14]
            "Admins see and manage billing: a Standard team has a payment method; an Enterprise Team draws on its \
             account's credits. Members, viewers, collaborators do not see billing.";
        Use4 "USE-4" "dyno-units" Effect [DC, D]
            "Dyno units per month: basic 0.28, standard-1x 1, standard-2x 2, performance-m 8, performance-l 16, \
             private-s 5, private-m 10, private-l 20 (D), shield-* as private-* (D), eco 0.2 (D).";
        Use5 "USE-5" "calendar-month" Effect [DC]
            "A month is the calendar month in UTC for sums; the space price is spread over 720 hours and capped at \
             the monthly price.";
        Use6 "USE-6" "statements" Refusal [S24, DC, D]
            "One statement per payer and closed month, numbered, whose total is the exact sum of what that payer owes in \
             the ledger: a Standard team (its payment method), an Enterprise Account (consolidated, a part for each team), \
             an Enterprise Team in no account (itself), a user. Every second of every resource is on exactly one. Admins \
             see their team's, in an account the team's part; account members with `billing` and the user see their own; \
             the operator sees all, also of what was deleted; the last month of a deleted team closes with it. A month is \
             closed once an event of the store, or the operator's closing of it, is later than its end; a closed statement \
             never changes.";
    }
    Standard "Standard teams" {
        Std1 "STD-1" "standard-roles" Effect [S14]
            "Roles: admin, member, collaborator.";
        Std2 "STD-2" "members-work-on-apps" Effect [S14, DC]
            "Members hold view, deploy and operate on every unlocked app of the team, and on a locked app only if \
             they joined it before it was locked or were added; on other locked apps view.";
        Std3 "STD-3" "only-admins-manage" Refusal [S14, DC]
            "Only admins hold manage: lock, rename, delete, transfer out, change access; a creator gets no more than \
             any member. Members add collaborators to apps that they can work on.";
        Std4 "STD-4" "standard-collaborators" Refusal [S14, DC]
            "Collaborators hold view, deploy and operate on the apps they were added to; no paid add-ons; no \
             permissions are chosen: giving a permission set is refused.";
        Std5 "STD-5" "removing-an-app" Refusal [S14]
            "Removing an app from the team: transferred to a new owner by an admin.";
        Std6 "STD-6" "usage-for-admins" Refusal [S14]
            "Usage is for admins only.";
    }
    Ends "Ends" {
        End1 "END-1" "ends" Effect [D]
            "A membership, a collaborator's place, a grant (a person's or a group's) and a permission to create apps in \
             a space may carry an end. From that instant on they do not count: in checks, lists, limits and explanations, \
             all of them at the actor's time; and the lists show the end before.";
        End2 "END-2" "giving-ends" Refusal [D]
            "At least one admin is without an end (TEAM-2 asks for it on every path, the giving of an end too). An end in \
             the past is refused. Whoever may give the thing moves its end later or takes it off, nobody that of their own \
             (PERM-5); whoever may take the thing away gives it an end, or an earlier one: in a Standard team admins alone \
             (STD-3).";
        End3 "END-3" "sweeping" Refusal [D]
            "What has ended leaves the store by the next operation, or by the operator's sweep, as one event of the \
             platform that lists it; the audit log says when it ended, and when it was swept. It is nobody's doing, and \
             nothing newer for an operation that says that there is none (X-9). Admins list what ends in their team.";
    }
    Labels "Labels" {
        Lab1 "LAB-1" "labels" Refusal [D]
            "Teams, apps, spaces and pipelines carry up to 16 labels (key like a name of 1 to 40, value one line of up to \
             120), set by whoever may rename the thing, shown with it, filtered by in every list, in one event a change.";
    }
}
