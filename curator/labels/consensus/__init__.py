"""From the signed opinions of several readers to one label a sample: consensus, stages, worklists, qualification.

Opinions are read from a verified ledger and never changed. What comes out is a label file for signing, or a report.
Nothing here signs, and nothing here decides a tie.
"""
