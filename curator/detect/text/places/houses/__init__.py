"""Hospitals, schools, firms and homes by name."""
