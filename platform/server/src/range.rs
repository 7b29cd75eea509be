//! The `Range` header, and `Next-Range` with which a list goes on.

use enterprise_teams::{
    PageRequest,
    query::{Cursor, PAGE_SIZE_MAX},
};

/// How many entries a page has when nothing is said.
pub(crate) const PAGE_SIZE: usize = 200;

/// A part of a list: `id ]app:apple..; max=50`. What is said of the property and of the bounds may be left out.
///
/// Lists have one order each, whatever property is named; where to go on is what `Next-Range` said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Range {
    property: String,
    max: usize,
    pub(crate) descending: bool,
    after: Option<Cursor>,
}

impl Default for Range {
    fn default() -> Self {
        Self { property: "id".to_owned(), max: PAGE_SIZE, descending: false, after: None }
    }
}

impl Range {
    /// Reads a `Range` header, or says what is wrong with it.
    pub(crate) fn read(text: &str) -> Result<Self, &'static str> {
        let (bounds, options) = text.split_once(';').unwrap_or((text, ""));
        let bounds = bounds.trim();
        let (property, bounds) = match bounds.split_once(' ') {
            Some((property, bounds)) => (property, bounds.trim()),
            None if bounds == ".." => ("id", bounds),
            None => (bounds, ".."),
        };
        let bounded = "A range goes on where `Next-Range` said, and has no other bounds.";
        let (start, end) = bounds.rsplit_once("..").ok_or(bounded)?;
        let known = !property.is_empty() && property.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
        if !known {
            return Err("A range names a property, as in `id ..; max=200`.");
        }
        if !end.is_empty() {
            return Err(bounded);
        }
        let after = match start {
            "" => None,
            start => Some(start.strip_prefix(']').and_then(|start| start.parse().ok()).ok_or(bounded)?),
        };
        let (mut max, mut descending) = (None, None);
        for option in options.split([';', ',']).map(str::trim).filter(|option| !option.is_empty()) {
            let wrong = "The options of a range are `max`, from 1 to 1000, and `order`, `asc` or `desc`: each once.";
            let (name, value) = option.split_once('=').ok_or(wrong)?;
            match (name.trim(), value.trim()) {
                ("max", value) if max.is_none() => {
                    let value = value.parse().ok().filter(|max| (1..=PAGE_SIZE_MAX).contains(max));
                    max = Some(value.ok_or(wrong)?);
                }
                ("order", order @ ("asc" | "desc")) if descending.is_none() => descending = Some(order == "desc"),
                _ => return Err(wrong),
            }
        }
        let (max, descending) = (max.unwrap_or(PAGE_SIZE), descending.unwrap_or_default());
        Ok(Self { property: property.to_owned(), max, descending, after })
    }

    /// The page of a list.
    pub(crate) fn page(&self) -> Result<PageRequest, &'static str> {
        let page = PageRequest::first(self.max).map_err(|_| "The part of a list has from 1 to 1000 entries.")?;
        Ok(match &self.after {
            Some(cursor) => page.after(cursor.clone()),
            None => page,
        })
    }

    /// Where the list goes on.
    pub(crate) fn next(&self, next: &Cursor) -> String {
        let order = if self.descending { ", order=desc" } else { "" };
        format!("{} ]{next}..; max={}{order}", self.property, self.max)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_that_clients_send() {
        let range = |property: &str, max, after: Option<&str>| {
            let after = after.map(|text| text.parse().unwrap());
            Ok(Range { property: property.to_owned(), max, descending: false, after })
        };
        let descending = |range: Result<Range, &'static str>| range.map(|range| Range { descending: true, ..range });
        assert_eq!(Range::read("id ..; max=1000"), range("id", 1000, None));
        assert_eq!(Range::read("id ..; max=1000;"), range("id", 1000, None));
        assert_eq!(Range::read("name"), range("name", PAGE_SIZE, None));
        assert_eq!(Range::read("name ..;order=asc,max=2"), range("name", 2, None));
        assert_eq!(Range::read("name ]app:t2-x..; max=2"), range("name", 2, Some("app:t2-x")));
        assert_eq!(Range::read("version ..; max=15, order=desc"), descending(range("version", 15, None)));
        assert_eq!(Range::read("version; order=desc"), descending(range("version", PAGE_SIZE, None)));
        assert_eq!(Range::read(".."), range("id", PAGE_SIZE, None));
        assert_eq!(Range::read("..; max=5"), range("id", 5, None));
        assert_eq!(Range::read(" .. ; order = desc"), descending(range("id", PAGE_SIZE, None)));
    }

    #[test]
    fn next_reads_back() {
        for cursor in ["app:apple", "email:a.b+c@d.ef", "entry:7:flow-", "person:acme:a@b.c", "event:12"] {
            for text in ["updated_at ..; max=7", "updated_at ..; max=7, order=desc"] {
                let range = Range::read(text).unwrap();
                let next = Range::read(&range.next(&cursor.parse().unwrap())).unwrap();
                assert_eq!(next, Range { after: Some(cursor.parse().unwrap()), ..range });
            }
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
            "id ..; order=down",
            "id ..; order=asc; order=desc",
            "id ..; own=1",
            "]app:x..",
            "id a..b",
            "id ..b",
            "id a..",
            "id ]a..",
            "id ]nothing:x..",
            "ID ..",
            "id .",
            "é ..",
        ] {
            assert!(Range::read(text).is_err(), "{text}");
        }
    }
}
