"""The two passes over a source folder: inventory and harvest, freeze, rewrite. Decides order and identity, not content."""
