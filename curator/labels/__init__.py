"""Label documents as people and tools hand them in: one model, checked against its schema. Signs nothing."""
