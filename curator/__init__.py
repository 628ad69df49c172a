"""A hospital's folder in, a de-identified, signed and verifiable dataset out."""

__version__ = "0.1.0"
