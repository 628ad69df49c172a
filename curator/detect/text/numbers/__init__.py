"""Identifiers that are numbers, codes, addresses of the net and names of users."""
