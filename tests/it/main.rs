//! Tests through the public interface only: one file per chapter of the rulebook.
