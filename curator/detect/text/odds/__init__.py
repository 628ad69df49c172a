"""What many small signs together say of words and numbers that no rule has decided: log odds from a trained table."""
