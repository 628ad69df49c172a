"""Canaries: made-up identifiers in copies of the user's own files, scrubbed apart, to measure recall on *these* data.

Copies live in memory only; neither they nor what is made of them is ever written. What stays is a signed count.
"""
