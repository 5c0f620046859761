"""Follow-up: when to remind, in patients' own words. Plans and check-ins are their own issue."""
