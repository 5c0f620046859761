"""Who of the staff is there: teams, hours, clocks; whom to wake for what waits, and what a waiting patient is told."""
