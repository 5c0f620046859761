"""What Rasa loads: components, stores, the way to the actions. The only part of `bot` that imports Rasa."""

import os

# Rasa would send usage and stack traces to third parties unless somebody says no.
os.environ.setdefault("RASA_TELEMETRY_ENABLED", "false")
