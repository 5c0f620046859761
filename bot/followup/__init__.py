"""Follow-up: plans, reminders, check-ins, readings; and times in patients' words."""
