"""The calls of the desk, by topic."""
