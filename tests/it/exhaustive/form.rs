//! The canonical form of a store: what it holds, up to what people and things are called.
//!
//! It is made from the snapshot, so that nothing is missing but what [`Reader`] leaves out by name: what only tells of the
//! past, and what numbers it. Ids give way to names, times to their being there, and lists have no order.

use std::collections::HashMap;

use serde::Serialize;
use serde::de::value::Error as Fault;
use serde::ser::{
    Impossible, SerializeMap, SerializeSeq, SerializeStruct, SerializeStructVariant, SerializeTuple, Serializer,
};

use enterprise_teams::chrono::{DateTime, Utc};
use enterprise_teams::uuid::Uuid;
use enterprise_teams::{Role, TeamStore};

/// A name or an e-mail, by its number.
type Word = u16;

/// The form in one row: equal for stores that differ in names alone.
pub(super) type Key = Box<[u16]>;

/// A value of the snapshot.
enum Tree {
    /// A number, a choice of several, nothing, or a time.
    Mark(u16),
    Word(Word),
    Id(Uuid),
    Row(Vec<Tree>),
    Set(Vec<Tree>),
    /// A thing with an id, by its place.
    Thing(usize),
}

/// A user, a team, an app: whatever has an id.
struct Thing {
    kind: &'static str,
    id: Uuid,
    name: Word,
    parts: Vec<Tree>,
}

/// What is told apart in a row; higher than any mark.
const NOTHING: u16 = 0x7fff;
const ADMIN: u16 = Role::Admin as u16;
const WORDS: u16 = 0x8000;
const ROW: u16 = 0xc000;
const SET: u16 = 0xe000;

/// What a store holds.
pub(super) struct Form {
    whole: Tree,
    things: Vec<Thing>,
}

impl Form {
    fn write(&self, tree: &Tree, renaming: &[Word], row: &mut Vec<u16>) {
        match tree {
            Tree::Mark(mark) => row.push(*mark),
            Tree::Word(word) => row.push(WORDS + renamed(*word, renaming)),
            Tree::Row(parts) => self.write_row(parts, renaming, row),
            Tree::Thing(thing) => self.write_row(&self.things[*thing].parts, renaming, row),
            Tree::Set(parts) => {
                let mut rows: Vec<Vec<u16>> = parts.iter().map(|part| self.row(part, renaming)).collect();
                rows.sort_unstable();
                row.push(SET + u16::try_from(rows.len()).unwrap());
                row.extend(rows.into_iter().flatten());
            }
            // Of what is read later: the default role of a team stands before its roles.
            Tree::Id(id) => {
                let thing = self.things.iter().find(|thing| thing.id == *id);
                let name = thing.unwrap_or_else(|| panic!("{id} is the id of nothing")).name;
                row.push(WORDS + renamed(name, renaming));
            }
        }
    }

    fn write_row(&self, parts: &[Tree], renaming: &[Word], row: &mut Vec<u16>) {
        row.push(ROW + u16::try_from(parts.len()).unwrap());
        for part in parts {
            self.write(part, renaming, row);
        }
    }

    fn row(&self, tree: &Tree, renaming: &[Word]) -> Vec<u16> {
        let mut row = Vec::with_capacity(16);
        self.write(tree, renaming, &mut row);
        row
    }
}

fn renamed(word: Word, renaming: &[Word]) -> Word {
    renaming.get(usize::from(word)).copied().unwrap_or(word)
}

/// The names of a scope, and the ways to exchange them that change nothing.
pub(super) struct Names {
    texts: Vec<String>,
    words: HashMap<String, Word>,
    /// For each word what it becomes; those that have no place stay.
    renamings: Vec<Vec<Word>>,
}

impl Names {
    /// Names of which those in each group can be exchanged.
    pub(super) fn new(groups: &[&[&str]]) -> Self {
        let mut names = Self { texts: Vec::new(), words: HashMap::new(), renamings: Vec::new() };
        // What has no name of its own.
        names.word("");
        let groups: Vec<Vec<Word>> =
            groups.iter().map(|group| group.iter().map(|text| names.word(text)).collect()).collect();
        let same: Vec<Word> = (0..).take(names.texts.len()).collect();
        names.renamings = groups.iter().fold(vec![same], |renamings, group| {
            let orders = orders(group);
            let exchanged = |renaming: &Vec<Word>| {
                let mut all = Vec::new();
                for order in &orders {
                    let mut next = renaming.clone();
                    group.iter().zip(order).for_each(|(word, to)| next[usize::from(*word)] = *to);
                    all.push(next);
                }
                all
            };
            renamings.iter().flat_map(exchanged).collect()
        });
        names
    }

    fn word(&mut self, text: &str) -> Word {
        if let Some(word) = self.words.get(text) {
            return *word;
        }
        let word = Word::try_from(self.texts.len()).unwrap();
        self.texts.push(text.to_owned());
        self.words.insert(text.to_owned(), word);
        word
    }

    /// The canonical form of the store: the least that its names can be exchanged into.
    pub(super) fn canonical(&mut self, store: &TeamStore) -> Canonical<'_> {
        let mut reader = Reader { names: self, things: Vec::new() };
        let whole = store.snapshot().serialize(&mut reader).expect("a snapshot");
        let form = Form { whole, things: reader.things };
        let keys = self.renamings.iter().map(|renaming| (form.row(&form.whole, renaming), renaming));
        let (key, renaming) = keys.min().expect("a way to name everything");
        Canonical { key: key.into(), form, renaming, texts: &self.texts }
    }
}

/// Every order of the words.
fn orders(words: &[Word]) -> Vec<Vec<Word>> {
    let Some((first, rest)) = words.split_first() else { return vec![Vec::new()] };
    let with_first = |order: Vec<Word>| {
        (0..=order.len()).map(move |at| {
            let mut order = order.clone();
            order.insert(at, *first);
            order
        })
    };
    orders(rest).into_iter().flat_map(with_first).collect()
}

/// A store with the names that it has in its canonical form.
pub(super) struct Canonical<'n> {
    pub(super) key: Key,
    form: Form,
    renaming: &'n [Word],
    texts: &'n [String],
}

impl Canonical<'_> {
    /// The things of this kind, in an order that equal forms share, with their names.
    pub(super) fn things<Id: From<Uuid>>(&self, kind: &str) -> Vec<(Id, &str)> {
        let things = self.form.things.iter().enumerate().filter(|(_, thing)| thing.kind == kind);
        let mut rows: Vec<_> =
            things.map(|(at, thing)| (self.form.row(&Tree::Thing(at), self.renaming), thing)).collect();
        rows.sort_unstable_by(|(one, _), (other, _)| one.cmp(other));
        rows.iter().map(|(_, thing)| (thing.id.into(), self.texts[usize::from(thing.name)].as_str())).collect()
    }

    /// The kinds of all things, and their names.
    pub(super) fn kinds(&self) -> impl Iterator<Item = (&'static str, &str)> {
        self.form.things.iter().map(|thing| (thing.kind, self.texts[usize::from(thing.name)].as_str()))
    }

    /// The text with names in the place of ids.
    pub(super) fn named(&self, text: &str) -> String {
        let name = |text: String, thing: &Thing| {
            let name = match self.texts[usize::from(thing.name)].as_str() {
                "" => thing.kind,
                name => name,
            };
            text.replace(&thing.id.to_string(), name)
        };
        self.form.things.iter().fold(text.to_owned(), name)
    }

    /// These names, in an order that equal forms share.
    pub(super) fn order<'t>(&self, texts: &[&'t str]) -> Vec<&'t str> {
        let known = |text: &str| self.texts.iter().zip(0..).find(|(known, _)| *known == text).map(|(_, word)| word);
        let mut order = texts.to_vec();
        order.sort_by_key(|text| known(text).map_or(Word::MAX, |word| renamed(word, self.renaming)));
        order
    }
}

/// Reads a snapshot.
struct Reader<'n> {
    names: &'n mut Names,
    things: Vec<Thing>,
}

/// What no answer depends on: settings, which stay; numbers, events and times of the past; who was billed; what a release says of
/// itself; through which client somebody acted.
fn left_out(field: &str) -> bool {
    matches!(
        field,
        "version"
            | "settings"
            | "seq"
            | "last_at"
            | "drawn"
            | "number"
            | "events"
            | "replaced"
            | "ends_gone"
            | "digest"
            | "meters"
            | "account_times"
            | "gone"
            | "history"
            | "client"
            | "description"
    )
}

/// A value that has parts, one after the other.
struct Composite<'r, 'n> {
    reader: &'r mut Reader<'n>,
    kind: &'static str,
    id: Option<Uuid>,
    name: Word,
    parts: Vec<Tree>,
}

impl<'r, 'n> Composite<'r, 'n> {
    fn new(reader: &'r mut Reader<'n>, kind: &'static str, len: usize) -> Self {
        Self { reader, kind, id: None, name: 0, parts: Vec::with_capacity(len) }
    }

    fn part<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Fault> {
        self.parts.push(value.serialize(&mut *self.reader)?);
        Ok(())
    }
}

impl SerializeSeq for Composite<'_, '_> {
    type Ok = Tree;
    type Error = Fault;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Fault> {
        self.part(value)
    }

    fn end(self) -> Result<Tree, Fault> {
        Ok(Tree::Set(self.parts))
    }
}

impl SerializeTuple for Composite<'_, '_> {
    type Ok = Tree;
    type Error = Fault;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Fault> {
        self.part(value)
    }

    fn end(self) -> Result<Tree, Fault> {
        Ok(Tree::Row(self.parts))
    }
}

impl SerializeMap for Composite<'_, '_> {
    type Ok = Tree;
    type Error = Fault;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), Fault> {
        self.part(key)
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Fault> {
        self.part(value)
    }

    fn end(self) -> Result<Tree, Fault> {
        Ok(Tree::Row(self.parts))
    }
}

impl SerializeStruct for Composite<'_, '_> {
    type Ok = Tree;
    type Error = Fault;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, field: &'static str, value: &T) -> Result<(), Fault> {
        if left_out(field) {
            return Ok(());
        }
        match value.serialize(&mut *self.reader)? {
            Tree::Id(id) if field == "id" => self.id = Some(id),
            // The role that is offered stands before: who offers it counts where it is admin, or whatever is the default (INV-3).
            _ if field == "invited_by" && !matches!(self.parts.last(), Some(Tree::Mark(ADMIN | NOTHING))) => {}
            Tree::Row(parts) if field == "invited_by" && matches!(parts[..], [_, Tree::Id(_)]) => {
                self.parts.push(Tree::Mark(NOTHING));
            }
            part => {
                if let (Tree::Word(word), "name" | "email") = (&part, field) {
                    self.name = *word;
                }
                self.parts.push(part);
            }
        }
        Ok(())
    }

    fn end(self) -> Result<Tree, Fault> {
        let Self { reader, kind, id, name, parts } = self;
        let Some(id) = id else { return Ok(Tree::Row(parts)) };
        reader.things.push(Thing { kind, id, name, parts });
        Ok(Tree::Thing(reader.things.len() - 1))
    }
}

impl SerializeStructVariant for Composite<'_, '_> {
    type Ok = Tree;
    type Error = Fault;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, field: &'static str, value: &T) -> Result<(), Fault> {
        SerializeStruct::serialize_field(self, field, value)
    }

    fn end(self) -> Result<Tree, Fault> {
        SerializeStruct::end(self)
    }
}

/// Values of these types do not occur.
macro_rules! never {
    ($($method:ident: $type:ty),+) => {$(
        fn $method(self, value: $type) -> Result<Tree, Fault> {
            panic!("{value:?} in a snapshot");
        }
    )+};
}

impl<'r, 'n> Serializer for &'r mut Reader<'n> {
    type Ok = Tree;
    type Error = Fault;
    type SerializeSeq = Composite<'r, 'n>;
    type SerializeTuple = Composite<'r, 'n>;
    type SerializeStruct = Composite<'r, 'n>;
    type SerializeTupleStruct = Impossible<Tree, Fault>;
    type SerializeTupleVariant = Impossible<Tree, Fault>;
    type SerializeMap = Composite<'r, 'n>;
    type SerializeStructVariant = Composite<'r, 'n>;

    never! {
        serialize_bool: bool, serialize_i8: i8, serialize_i16: i16, serialize_i32: i32, serialize_i64: i64,
        serialize_f32: f32, serialize_f64: f64, serialize_char: char, serialize_unit_struct: &'static str
    }

    fn serialize_u8(self, number: u8) -> Result<Tree, Fault> {
        Ok(Tree::Mark(number.into()))
    }

    fn serialize_u16(self, number: u16) -> Result<Tree, Fault> {
        self.serialize_u64(number.into())
    }

    fn serialize_u32(self, number: u32) -> Result<Tree, Fault> {
        self.serialize_u64(number.into())
    }

    fn serialize_u64(self, number: u64) -> Result<Tree, Fault> {
        let mark = u16::try_from(number).ok().filter(|mark| *mark < NOTHING);
        Ok(Tree::Mark(mark.expect("small numbers in a small world")))
    }

    /// A time is written in capitals, a name never is.
    fn serialize_str(self, text: &str) -> Result<Tree, Fault> {
        if text.ends_with('Z') {
            return self.collect_str(&text.parse::<DateTime<Utc>>().expect("a time"));
        }
        Ok(Tree::Word(self.names.word(text)))
    }

    /// The id of what was read before is its name; of what is being read, its id.
    fn serialize_bytes(self, bytes: &[u8]) -> Result<Tree, Fault> {
        let id = Uuid::from_slice(bytes).expect("an id");
        Ok(self.things.iter().find(|thing| thing.id == id).map_or(Tree::Id(id), |thing| Tree::Word(thing.name)))
    }

    fn serialize_none(self) -> Result<Tree, Fault> {
        Ok(Tree::Mark(NOTHING))
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<Tree, Fault> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<Tree, Fault> {
        panic!("a unit in a snapshot");
    }

    fn serialize_unit_variant(self, _: &'static str, index: u32, _: &'static str) -> Result<Tree, Fault> {
        self.serialize_u32(index)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, _: &'static str, value: &T) -> Result<Tree, Fault> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        index: u32,
        _: &'static str,
        value: &T,
    ) -> Result<Tree, Fault> {
        let variant = self.serialize_u32(index)?;
        Ok(Tree::Row(vec![variant, value.serialize(self)?]))
    }

    fn serialize_seq(self, len: Option<usize>) -> Result<Composite<'r, 'n>, Fault> {
        Ok(Composite::new(self, "", len.unwrap_or_default()))
    }

    fn serialize_tuple(self, len: usize) -> Result<Composite<'r, 'n>, Fault> {
        Ok(Composite::new(self, "", len))
    }

    fn serialize_struct(self, name: &'static str, len: usize) -> Result<Composite<'r, 'n>, Fault> {
        Ok(Composite::new(self, name, len))
    }

    fn serialize_tuple_struct(self, name: &'static str, _: usize) -> Result<Self::SerializeTupleStruct, Fault> {
        panic!("`{name}` in a snapshot");
    }

    fn serialize_tuple_variant(
        self,
        name: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeTupleVariant, Fault> {
        panic!("`{name}` in a snapshot");
    }

    fn serialize_map(self, len: Option<usize>) -> Result<Composite<'r, 'n>, Fault> {
        Ok(Composite::new(self, "", len.unwrap_or_default()))
    }

    /// Whoever acts through a client is named as if they acted themselves.
    fn serialize_struct_variant(
        self,
        name: &'static str,
        _: u32,
        _: &'static str,
        len: usize,
    ) -> Result<Composite<'r, 'n>, Fault> {
        assert_eq!(name, "ActorKind");
        let mut who = Composite::new(self, name, len);
        who.parts.push(Tree::Mark(0));
        Ok(who)
    }

    /// A time: all are the same, only that there is one counts.
    fn collect_str<T: core::fmt::Display + ?Sized>(self, _: &T) -> Result<Tree, Fault> {
        Ok(Tree::Mark(0))
    }

    fn is_human_readable(&self) -> bool {
        false
    }
}
