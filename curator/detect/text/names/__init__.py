"""Names of people, by cue, by place and by the lists."""
