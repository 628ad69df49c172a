"""Labels: reading what people and tools say about samples, and having it signed. Decides nothing about the samples."""
