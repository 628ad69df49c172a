"""A project on disk: its paths and settings, locks, the journal, and the vault beside it. Decides nothing about data."""
