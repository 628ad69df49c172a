"""The word lists of the wheel, read once a process."""
