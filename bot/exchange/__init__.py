"""Import, export and bulk edits of examples and texts: spreadsheets, Rasa YAML, XLIFF, PO. Whatever comes in becomes a change to review."""
