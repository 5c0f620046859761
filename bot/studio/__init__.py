"""The studio: pages on which the assistant is improved from real conversations, with review, a gate, and a way back."""
