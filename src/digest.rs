//! A digest of a value that serde can write, the same whatever format it is then written in.
//!
//! It finds what was changed by accident or by hand. It is no signature: whoever can write the value can write its digest.

use core::fmt;
use core::hash::Hasher;

use serde::ser;
use serde::{Deserialize, Serialize, Serializer};
use siphasher::sip128::{Hasher128, SipHasher24};
use uuid::Uuid;

/// SipHash-2-4 with 128 bits of output, under no key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct Digest(#[serde(with = "uuid::serde::simple")] Uuid);

impl Digest {
    /// `None` for a value that no format could write: none of this library's.
    pub(crate) fn of(value: &impl Serialize) -> Option<Self> {
        let mut bytes = Bytes { hasher: SipHasher24::new(), waiting: Vec::with_capacity(2 * WAITING) };
        value.serialize(&mut bytes).ok()?;
        bytes.hash();
        Some(Self(Uuid::from_u128(bytes.hasher.finish128().as_u128())))
    }
}

/// Takes the value apart into bytes: each part with a tag for its kind, and every list and text with its end or its length, so that
/// no two values give the same bytes.
struct Bytes {
    hasher: SipHasher24,
    /// What is hashed together: most parts are shorter than a hasher's block.
    waiting: Vec<u8>,
}

/// How many bytes are hashed together.
const WAITING: usize = 4096;

#[derive(Clone, Copy)]
enum Tag {
    Number,
    Text,
    LongText,
    None,
    Some,
    Unit,
    Variant,
    List,
    Fields,
    End,
}

impl Bytes {
    fn hash(&mut self) {
        self.hasher.write(&self.waiting);
        self.waiting.clear();
    }

    fn write(&mut self, bytes: &[u8]) {
        self.waiting.extend_from_slice(bytes);
        if self.waiting.len() >= WAITING {
            self.hash();
        }
    }

    fn tag(&mut self, tag: Tag) {
        self.write(&[tag as u8]);
    }

    fn number(&mut self, bytes: &[u8]) {
        self.tag(Tag::Number);
        self.write(bytes);
    }

    fn text(&mut self, bytes: &[u8]) {
        if let Ok(len) = u8::try_from(bytes.len()) {
            self.write(&[Tag::Text as u8, len]);
        } else {
            self.tag(Tag::LongText);
            self.write(&(bytes.len() as u64).to_le_bytes());
        }
        self.write(bytes);
    }

    fn open(&mut self, tag: Tag) -> &mut Self {
        self.tag(tag);
        self
    }

    fn variant(&mut self, tag: Tag, name: &str) -> &mut Self {
        self.tag(tag);
        self.text(name.as_bytes());
        self
    }
}

#[derive(Debug)]
struct Unwritable;

impl fmt::Display for Unwritable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value that no format writes")
    }
}

impl core::error::Error for Unwritable {}

impl ser::Error for Unwritable {
    fn custom<T: fmt::Display>(_: T) -> Self {
        Self
    }
}

macro_rules! numbers {
    ($($method:ident $type:ty),*) => {$(
        fn $method(self, number: $type) -> Result<(), Unwritable> {
            self.number(&number.to_le_bytes());
            Ok(())
        }
    )*};
}

impl Serializer for &mut Bytes {
    type Ok = ();
    type Error = Unwritable;
    type SerializeSeq = Self;
    type SerializeTuple = Self;
    type SerializeTupleStruct = Self;
    type SerializeTupleVariant = Self;
    type SerializeMap = Self;
    type SerializeStruct = Self;
    type SerializeStructVariant = Self;

    numbers! {
        serialize_i8 i8, serialize_i16 i16, serialize_i32 i32, serialize_i64 i64,
        serialize_u8 u8, serialize_u16 u16, serialize_u32 u32, serialize_u64 u64,
        serialize_f32 f32, serialize_f64 f64
    }

    fn is_human_readable(&self) -> bool {
        false
    }
    fn serialize_bool(self, value: bool) -> Result<(), Unwritable> {
        self.number(&[value.into()]);
        Ok(())
    }
    fn serialize_char(self, value: char) -> Result<(), Unwritable> {
        self.number(&u32::from(value).to_le_bytes());
        Ok(())
    }
    fn serialize_str(self, text: &str) -> Result<(), Unwritable> {
        self.text(text.as_bytes());
        Ok(())
    }
    fn serialize_bytes(self, bytes: &[u8]) -> Result<(), Unwritable> {
        self.text(bytes);
        Ok(())
    }
    fn serialize_none(self) -> Result<(), Unwritable> {
        self.tag(Tag::None);
        Ok(())
    }
    fn serialize_some<T: ?Sized + Serialize>(self, value: &T) -> Result<(), Unwritable> {
        value.serialize(self.open(Tag::Some))
    }
    fn serialize_unit(self) -> Result<(), Unwritable> {
        self.tag(Tag::Unit);
        Ok(())
    }
    fn serialize_unit_struct(self, _: &'static str) -> Result<(), Unwritable> {
        self.serialize_unit()
    }
    fn serialize_unit_variant(self, _: &'static str, _: u32, variant: &'static str) -> Result<(), Unwritable> {
        self.variant(Tag::Variant, variant);
        Ok(())
    }
    fn serialize_newtype_struct<T: ?Sized + Serialize>(self, _: &'static str, value: &T) -> Result<(), Unwritable> {
        value.serialize(self)
    }
    fn serialize_newtype_variant<T: ?Sized + Serialize>(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        value: &T,
    ) -> Result<(), Unwritable> {
        value.serialize(self.variant(Tag::Variant, variant))
    }
    fn serialize_seq(self, _: Option<usize>) -> Result<Self, Unwritable> {
        Ok(self.open(Tag::List))
    }
    fn serialize_tuple(self, _: usize) -> Result<Self, Unwritable> {
        Ok(self.open(Tag::List))
    }
    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<Self, Unwritable> {
        Ok(self.open(Tag::List))
    }
    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Self, Unwritable> {
        Ok(self.variant(Tag::List, variant))
    }
    fn serialize_map(self, _: Option<usize>) -> Result<Self, Unwritable> {
        Ok(self.open(Tag::Fields))
    }
    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Self, Unwritable> {
        Ok(self.open(Tag::Fields))
    }
    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Self, Unwritable> {
        Ok(self.variant(Tag::Fields, variant))
    }
}

macro_rules! lists {
    ($($list:ident $method:ident),*) => {$(
        impl ser::$list for &mut Bytes {
            type Ok = ();
            type Error = Unwritable;

            fn $method<T: ?Sized + Serialize>(&mut self, item: &T) -> Result<(), Unwritable> {
                item.serialize(&mut **self)
            }
            fn end(self) -> Result<(), Unwritable> {
                self.tag(Tag::End);
                Ok(())
            }
        }
    )*};
}

lists! {
    SerializeSeq serialize_element, SerializeTuple serialize_element, SerializeTupleStruct serialize_field,
    SerializeTupleVariant serialize_field
}

macro_rules! fields {
    ($($fields:ident),*) => {$(
        impl ser::$fields for &mut Bytes {
            type Ok = ();
            type Error = Unwritable;

            fn serialize_field<T: ?Sized + Serialize>(&mut self, name: &'static str, value: &T) -> Result<(), Unwritable> {
                self.text(name.as_bytes());
                value.serialize(&mut **self)
            }
            fn end(self) -> Result<(), Unwritable> {
                self.tag(Tag::End);
                Ok(())
            }
        }
    )*};
}

fields!(SerializeStruct, SerializeStructVariant);

impl ser::SerializeMap for &mut Bytes {
    type Ok = ();
    type Error = Unwritable;

    fn serialize_key<T: ?Sized + Serialize>(&mut self, key: &T) -> Result<(), Unwritable> {
        key.serialize(&mut **self)
    }
    fn serialize_value<T: ?Sized + Serialize>(&mut self, value: &T) -> Result<(), Unwritable> {
        value.serialize(&mut **self)
    }
    fn end(self) -> Result<(), Unwritable> {
        self.tag(Tag::End);
        Ok(())
    }
}
