//! The `Range` header, and `Next-Range` with which a list goes on.

use enterprise_teams::{
    PageRequest,
    query::{Cursor, PAGE_SIZE_MAX},
};

/// How many entries a page has when nothing is said.
pub(crate) const PAGE_SIZE: usize = 200;

/// A part of a list: `id ]app:apple..; max=50`.
///
/// Lists have one order each, whatever property is named; where to go on is what `Next-Range` said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Range {
    property: String,
    max: usize,
    after: Option<Cursor>,
}

impl Default for Range {
    fn default() -> Self {
        Self { property: "id".to_owned(), max: PAGE_SIZE, after: None }
    }
}

impl Range {
    /// Reads a `Range` header; `None` when it is of no list here.
    pub(crate) fn read(text: &str) -> Option<Self> {
        let (bounds, options) = text.split_once(';').unwrap_or((text, ""));
        let (property, bounds) = bounds.trim().split_once(' ').unwrap_or((bounds.trim(), ".."));
        let (start, end) = bounds.trim().rsplit_once("..")?;
        let known = !property.is_empty() && property.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
        if !known || !end.is_empty() {
            return None;
        }
        let after = match start {
            "" => None,
            start => Some(start.strip_prefix(']')?.parse().ok()?),
        };
        let mut given = None;
        for option in options.split([';', ',']).map(str::trim).filter(|option| !option.is_empty()) {
            match option.split_once('=')? {
                ("max", max) if given.is_none() => given = Some(max.parse().ok()?),
                ("order", "asc") => {}
                _ => return None,
            }
        }
        let max = given.unwrap_or(PAGE_SIZE);
        (1..=PAGE_SIZE_MAX).contains(&max).then(|| Self { property: property.to_owned(), max, after })
    }

    /// The page of a list.
    pub(crate) fn page(&self) -> Option<PageRequest> {
        let page = PageRequest::first(self.max).ok()?;
        Some(match &self.after {
            Some(cursor) => page.after(cursor.clone()),
            None => page,
        })
    }

    /// Where the list goes on.
    pub(crate) fn next(&self, next: &Cursor) -> String {
        format!("{} ]{next}..; max={}", self.property, self.max)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_that_clients_send() {
        let range = |property: &str, max, after: Option<&str>| {
            let after = after.map(|text| text.parse().unwrap());
            Some(Range { property: property.to_owned(), max, after })
        };
        assert_eq!(Range::read("id ..; max=1000"), range("id", 1000, None));
        assert_eq!(Range::read("id ..; max=1000;"), range("id", 1000, None));
        assert_eq!(Range::read("name"), range("name", PAGE_SIZE, None));
        assert_eq!(Range::read("name ..;order=asc,max=2"), range("name", 2, None));
        assert_eq!(Range::read("name ]app:t2-x..; max=2"), range("name", 2, Some("app:t2-x")));
    }

    #[test]
    fn next_reads_back() {
        for cursor in ["app:apple", "email:a.b+c@d.ef", "entry:7:flow-", "person:acme:a@b.c", "event:12"] {
            let range = Range::read("updated_at ..; max=7").unwrap();
            let next = Range::read(&range.next(&cursor.parse().unwrap())).unwrap();
            assert_eq!(next, Range { after: Some(cursor.parse().unwrap()), ..range });
        }
    }

    #[test]
    fn ranges_of_no_list() {
        for text in [
            "",
            "bytes=0-1",
            "id ..; max=0",
            "id ..; max=1001",
            "id ..; max=-1",
            "id ..; max",
            "id ..; max=1; max=2",
            "id ..; order=desc",
            "id ..; own=1",
            "id a..b",
            "id ..b",
            "id a..",
            "id ]a..",
            "id ]nothing:x..",
            "ID ..",
            "id .",
            "é ..",
        ] {
            assert_eq!(Range::read(text), None, "{text}");
        }
    }
}
