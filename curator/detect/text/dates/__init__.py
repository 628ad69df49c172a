"""Dates and ages, and what only looks like one."""
