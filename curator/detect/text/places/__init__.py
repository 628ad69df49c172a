"""Places smaller than a state: streets, towns, counties and codes of the post."""
