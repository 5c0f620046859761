"""Hostile requests against a connector's door, over a real socket: `python -m tests.connectors.hostile --channel telegram`."""
