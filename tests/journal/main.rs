//! A store that is kept: entries, opening, and replicas, on a journal in memory with faults.

#![cfg(feature = "replica")]
#![cfg(test)]

/// The methods of a journal that ask another one, which is the field.
macro_rules! ask {
    ($field:tt: $($method:ident)+) => {$(ask! { @$method $field })+};
    (@now $field:tt) => {
        fn now(&mut self) -> Result<DateTime<Utc>, JournalError> {
            self.$field.now()
        }
    };
    (@append $field:tt) => {
        fn append(&mut self, after: u64, entries: &[Entry]) -> Result<(), JournalError> {
            self.$field.append(after, entries)
        }
    };
    (@read $field:tt) => {
        fn read(&mut self, after: u64, most: usize) -> Result<Vec<Entry>, JournalError> {
            self.$field.read(after, most)
        }
    };
    (@end $field:tt) => {
        fn end(&mut self) -> Result<Position, JournalError> {
            self.$field.end()
        }
    };
    (@keyed $field:tt) => {
        fn keyed(&mut self, key: &str) -> Result<Option<Entry>, JournalError> {
            self.$field.keyed(key)
        }
    };
    (@keep_snapshot $field:tt) => {
        fn keep_snapshot(&mut self, snapshot: &KeptSnapshot) -> Result<(), JournalError> {
            self.$field.keep_snapshot(snapshot)
        }
    };
    (@snapshot_below $field:tt) => {
        fn snapshot_below(&mut self, seq: u64) -> Result<Option<KeptSnapshot>, JournalError> {
            self.$field.snapshot_below(seq)
        }
    };
    (@truncate $field:tt) => {
        fn truncate(&mut self) -> Result<(), JournalError> {
            self.$field.truncate()
        }
    };
    (@wait $field:tt) => {
        fn wait(&mut self, after: u64, at_most: Duration) -> Result<(), JournalError> {
            self.$field.wait(after, at_most)
        }
    };
}

mod feed;
mod history;
mod later;
mod open;
mod replica;
