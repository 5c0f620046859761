"""Scores on labelled sets: what is measured, how often it was right, and between which bounds that lies."""
