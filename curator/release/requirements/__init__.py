"""What FDA guidance asks of the data: 94 items, what shows each, and what a person still has to say.

The table (requirements.tsv) is data. Evidence is computed from a package alone; an answer is a signed record.
"""
