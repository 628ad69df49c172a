"""The two passes over a source folder: harvest, freeze, rewrite. Decides order and identity, not content."""
