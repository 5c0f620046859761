"""The desk with 5,000 open cases and up to a million stored messages: queue page and search, on SQLite and PostgreSQL."""
