//! Tests through the public interface only: one file per chapter of the rulebook.

#![cfg(test)]

mod access;
mod account;
mod app;
mod billing;
mod capability;
mod closed;
mod concurrency;
mod custom_role;
mod docs;
mod documented;
mod end;
mod examples;
mod exhaustive;
#[cfg(feature = "export")]
mod export;
mod formats;
mod fuzzed;
mod gains;
mod group;
mod invitation;
mod label;
mod many;
mod matrix;
mod member;
mod metering;
mod model;
mod name_gen;
mod pipeline;
mod query;
mod random;
mod report;
mod resource;
mod rooms;
mod setting;
#[cfg(feature = "shared")]
mod shared;
mod sign_on;
mod snapshot;
mod space;
mod staircase;
mod standard;
mod support;
mod suspension;
mod team;
#[cfg(feature = "proptest")]
mod testing;
mod times;
mod transfer;
mod usage;
mod user;
mod whole;
mod words;
