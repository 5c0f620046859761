"""The staff: who they are, what they may do, and how they prove it. Knows no web page."""
