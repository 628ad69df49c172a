"""Taking identifiers out: policies, the plan of a run, and one place for each medium."""
