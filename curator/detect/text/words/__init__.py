"""What the words of a text are and what stands around them: one walk that all rules of names and places share."""
