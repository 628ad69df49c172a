"""A project on disk: paths, settings, locks, the journal, and the vault beside it. Decides nothing about data."""
