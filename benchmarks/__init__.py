"""Measurements against a stock `rasa init` bot, in the same run on the same machine. `make bench` prints the table."""
