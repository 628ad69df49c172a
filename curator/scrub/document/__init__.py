"""PDF reports: the text layer, and a new document made of what may stay."""
