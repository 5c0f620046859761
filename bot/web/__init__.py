"""The staff's pages: frame, session cookie, sign-in, accounts, audit. The desk is built on it."""
