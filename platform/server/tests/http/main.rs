//! The server, asked as clients ask it.

#![cfg(test)]

mod again;
mod authzen;
mod connections;
mod endpoints;
mod host;
mod hostile;
mod lists;
mod program;
mod schema;
mod sight;
mod support;
mod terraform;
mod tokens;
mod v1;
mod v2;
