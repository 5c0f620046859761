"""Releases: built on a copy in the background, held against what is live by the gate, published by a hot swap, taken back."""
