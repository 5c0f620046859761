"""What the commands of `daozhen` do, one topic a file. Heavy imports stand inside: `--help` answers at once."""
