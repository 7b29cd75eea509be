//! Whether the write-ahead log of a process that was killed is whole.
//!
//! `SQLite` takes a frame whose checksum is wrong for the torn end of a write, and leaves out all that follows. That is right for the
//! last transaction, which nobody was told of; where later ones follow, a bit has changed, and acknowledged ones would be lost.
//! The format: <https://www.sqlite.org/fileformat2.html#walformat>.

use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use enterprise_teams::journal::JournalError;

const HEADER: usize = 32;
const FRAME_HEADER: usize = 24;

/// Reads the log beside the file.
pub(crate) fn check(path: &Path) -> Result<(), JournalError> {
    let mut name = path.as_os_str().to_owned();
    name.push("-wal");
    match fs::read(Path::new(&name)) {
        Ok(log) if lost(&log).unwrap_or(0) > 1 => Err(JournalError::Corrupt { seq: 0 }),
        Ok(_) => Ok(()),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        Err(error) => Err(JournalError::unavailable(error)),
    }
}

fn word(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..at + 4)?.try_into().ok().map(u32::from_be_bytes)
}

/// The checksum goes on over these bytes, which it reads as the magic number says.
fn checksum(bytes: &[u8], big: bool, mut sum: (u32, u32)) -> (u32, u32) {
    let read = if big { u32::from_be_bytes } else { u32::from_le_bytes };
    for [one, two] in bytes.as_chunks::<4>().0.as_chunks::<2>().0 {
        sum.0 = sum.0.wrapping_add(read(*one)).wrapping_add(sum.1);
        sum.1 = sum.1.wrapping_add(read(*two)).wrapping_add(sum.0);
    }
    sum
}

/// How many transactions end after the first frame that is not what was written; `None` for what is no log.
fn lost(log: &[u8]) -> Option<usize> {
    let magic = word(log, 0)?;
    let page = usize::try_from(word(log, 8)?).ok()?;
    let big = magic & 1 == 1;
    let mut sum = checksum(log.get(..24)?, big, (0, 0));
    let mut whole = sum == (word(log, 24)?, word(log, 28)?);
    let salt = log.get(16..24)?;
    let mut ends = 0;
    for frame in log.get(HEADER..)?.chunks_exact(FRAME_HEADER.checked_add(page)?) {
        // Frames of an earlier round of the log have another salt, and are over.
        let of_this_round = frame.get(8..16)? == salt;
        sum = checksum(frame.get(FRAME_HEADER..)?, big, checksum(frame.get(..8)?, big, sum));
        whole &= of_this_round && sum == (word(frame, 16)?, word(frame, 20)?);
        if !whole && of_this_round && word(frame, 4)? > 0 {
            ends += 1;
        }
    }
    Some(ends)
}
