"""Texts: plain notes, Markdown, HTML, transcripts, token files, JSON records and labeled texts.

``medium`` is the door. Everything here is told by content and fails closed.
"""
