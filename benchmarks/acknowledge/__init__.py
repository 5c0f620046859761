"""How soon the webhook acknowledges: `python -m benchmarks.acknowledge`."""
