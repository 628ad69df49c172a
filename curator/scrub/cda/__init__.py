"""C-CDA documents: structure and narrative."""
