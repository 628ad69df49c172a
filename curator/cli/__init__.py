"""Commands: parse, call the library, print. No logic stands here; nothing heavy loads before a command runs."""
