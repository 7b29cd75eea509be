//! Old entries, packed: blocks of them, compressed with zstd. With the feature `archive`.
//!
//! A block has no digests but that before its first entry and that of its last: those between follow from the entries themselves, and
//! the last one tells whether they are what was kept.

use enterprise_teams::journal::{ChainDigest, Entry, JournalError, KeyUse, Position};

/// How many entries a block has at most.
pub(crate) const BLOCK: i64 = 4000;
const LEVEL: i32 = 12;
/// What a block unpacks to at most: one that says more is not what was kept.
const LARGEST: usize = 1 << 30;

/// The entries of a block.
pub(crate) fn pack(entries: &[Entry]) -> Result<Vec<u8>, JournalError> {
    let mut bytes = Vec::new();
    let text = |bytes: &mut Vec<u8>, text: &str| {
        bytes.extend((text.len() as u64).to_le_bytes());
        bytes.extend(text.as_bytes());
    };
    for Entry { event, key, .. } in entries {
        text(&mut bytes, event);
        bytes.push(key.is_some().into());
        if let Some(KeyUse { key, operation, until }) = key {
            text(&mut bytes, key);
            bytes.extend(operation.to_bytes());
            bytes.extend(until.to_le_bytes());
        }
    }
    zstd::bulk::compress(&bytes, LEVEL).map_err(JournalError::unavailable)
}

/// The entries of a block after `before`, which ends with `end`.
///
/// # Errors
/// [`JournalError::Corrupt`] where they are not what was kept.
pub(crate) fn unpack(bytes: &[u8], before: Position, end: Position) -> Result<Vec<Entry>, JournalError> {
    let corrupt = || JournalError::Corrupt { seq: before.seq + 1 };
    let size = zstd::zstd_safe::get_frame_content_size(bytes).ok().flatten();
    let size = size.and_then(|size| usize::try_from(size).ok()).filter(|size| *size <= LARGEST);
    let bytes = zstd::bulk::decompress(bytes, size.ok_or_else(corrupt)?).map_err(|_| corrupt())?;
    let (mut rest, mut position, mut entries) = (&*bytes, before, Vec::new());
    while !rest.is_empty() {
        let (event, key) = one(&mut rest).ok_or_else(corrupt)?;
        let entry = Entry::of_text(position, event, key);
        position = entry.position();
        entries.push(entry);
    }
    if position == end { Ok(entries) } else { Err(corrupt()) }
}

fn one(rest: &mut &[u8]) -> Option<(String, Option<KeyUse>)> {
    let event = text(rest)?;
    let key = match take(rest, 1)? {
        [0] => None,
        [1] => Some(KeyUse {
            key: text(rest)?,
            operation: ChainDigest::from_bytes(take(rest, 32)?.try_into().ok()?),
            until: i64::from_le_bytes(take(rest, 8)?.try_into().ok()?),
        }),
        _ => return None,
    };
    Some((event, key))
}

fn take<'b>(rest: &mut &'b [u8], count: usize) -> Option<&'b [u8]> {
    rest.split_off(..count)
}

fn text(rest: &mut &[u8]) -> Option<String> {
    let length = u64::from_le_bytes(take(rest, 8)?.try_into().ok()?);
    String::from_utf8(take(rest, usize::try_from(length).ok()?)?.to_vec()).ok()
}
