"""The documents of a package: each is one file here, made from the facts of the package and nothing else.

A document is a :class:`curator.report.model.Document`; it is written as a PDF into the submission's tree and as an HTML
page beside it. No date is asked of a clock, and no identifier stands in any.
"""
