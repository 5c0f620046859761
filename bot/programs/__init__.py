"""What other programs of the hospital may do here: their keys, and their calls under /api. No person signs in here."""
