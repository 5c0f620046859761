"""Numbers of how well patients are served, by language and week. Small counts are never shown."""
