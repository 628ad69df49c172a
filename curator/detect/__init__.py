"""Finding identifiers in values, texts and pixels. Finds and reports; never changes data and never prints a value."""
