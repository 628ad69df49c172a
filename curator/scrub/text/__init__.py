"""Plain text, Markdown, JSON Lines, transcripts, and exports of annotation tools with spans on a text."""
