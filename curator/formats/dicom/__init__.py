"""DICOM bytes: the structure walk that comes before any other parser, the reader behind it, and the tables of UIDs."""
