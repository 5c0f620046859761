"""Starts, watches and ends the three processes on one machine. It contains none of them."""
