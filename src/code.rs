//! Enumerations whose variants have a word each.

/// An enumeration: a row has the documentation, the variant and its word. The word is what serde writes and reads and what
/// `Display` writes; `ALL` holds every variant. Whether `FromStr` reads the words says `names::reads!`.
macro_rules! words {
    ($(#[$attribute:meta])* $visibility:vis enum $name:ident {$(
        $(#[$meta:meta])* $variant:ident $word:literal,
    )+}) => {
        $(#[$attribute])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        $visibility enum $name {$(
            $(#[$meta])*
            #[serde(rename = $word)]
            $variant,
        )+}

        impl $name {
            /// Every variant, in order.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The words, as they are listed where one of them is expected.
            #[allow(dead_code, reason = "not all are read from texts")]
            pub(crate) const WORDS: &'static str = {
                let listed = concat!($("`", $word, "`, "),+);
                listed.split_at(listed.len() - ", ".len()).0
            };

            /// The word, lower case and stable.
            #[must_use]
            pub const fn code(self) -> &'static str {
                match self {$(Self::$variant => $word),+}
            }
        }

        /// The word.
        impl core::fmt::Display for $name {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                f.pad(self.code())
            }
        }
    };
}

pub(crate) use words;
