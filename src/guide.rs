//! The documents that come with the crate: how it is built and run, what it promises, and what must hold.

/// A page for each document. Where they lead to one another is said once here, for all of them: what is said first counts, and what a
/// document says at its end is for whoever reads the file.
macro_rules! pages {
    ($($(#[$first:meta])* $page:ident $file:literal;)+) => {$(
        $(#[$first])*
        #[doc = concat!(
            "\n[architecture]: architecture\n[architecture-rooms]: architecture#rooms\n[architecture-words]: architecture#words\n",
            "[assurance]: assurance\n[contributing-golden-files]: contributing#golden-files\n",
            "[contributing-longer-than-that]: contributing#longer-than-that\n[durability]: durability\n",
            "[durability-running-it]: durability#running-it\n[durability-what-is-promised]: durability#what-is-promised\n",
            "[durability-what-you-decide]: durability#what-you-decide\n[performance]: performance\n[permissions]: permissions\n[platform]: platform\n",
            "[releasing]: releasing\n[releasing-what-binds]: releasing#what-binds\n[rules]: rules\n[security]: security\n",
            "[security-reporting]: security#reporting\n[sentences]: sentences\n[sharing]: sharing\n\n",
        )]
        #[doc = include_str!($file)]
        pub mod $page {}
    )+};
}

pages! {
    #[doc = include_str!("../docs/methods.link")]
    methods "../docs/METHODS.md";
    architecture "../docs/ARCHITECTURE.md";
    rules "../docs/RULES.md";
    permissions "../docs/PERMISSIONS.md";
    sharing "../docs/SHARING.md";
    embedding "../docs/EMBEDDING.md";
    durability "../docs/DURABILITY.md";
    platform "../docs/PLATFORM.md";
    #[doc = include_str!("../docs/growth.link")]
    performance "../docs/PERFORMANCE.md";
    assurance "../docs/ASSURANCE.md";
    sentences "../docs/SENTENCES.md";
    contributing "../CONTRIBUTING.md";
    security "../SECURITY.md";
    releasing "../RELEASING.md";
    changelog "../CHANGELOG.md";
}
