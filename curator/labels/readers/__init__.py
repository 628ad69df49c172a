"""Readers of annotation tools' exports, one file a tool, all to the one label model of :mod:`curator.labels.item`.

A reader never touches a project, a vault or a detector: it turns bytes into items and refusals. What it was not given
it does not make up. :mod:`curator.labels.readers.table` finds the reader of a file.
"""
