"""The commands, by what they are for: each is its options, examples, and one call into a room below."""
