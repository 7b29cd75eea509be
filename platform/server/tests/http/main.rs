//! The server, asked as clients ask it.

#![cfg(test)]

mod again;
mod app_pages;
mod authzen;
mod connections;
mod costs;
mod demo;
mod end_pages;
mod endpoints;
mod ends;
mod group_pages;
mod groups;
mod host;
mod hostile;
mod label;
mod lists;
mod pages;
mod past;
mod program;
mod role_pages;
mod roles;
mod schema;
mod sight;
mod support;
mod team_pages;
mod terraform;
mod tokens;
mod v1;
mod v2;
