//! Tests through the public interface only: one file per chapter of the rulebook.

#![cfg(test)]

mod access;
mod app;
mod capability;
mod examples;
mod invitation;
mod matrix;
mod member;
mod name_gen;
mod query;
mod random;
mod readme;
mod setting;
mod staircase;
mod standard;
mod support;
mod team;
mod transfer;
mod user;
mod whole;
