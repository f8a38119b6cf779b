//! Addon of `@audiodecode/backend-rust`: glue only.
