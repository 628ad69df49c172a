"""Versioned packages: a bag with clean data, signed labels, journal and policy, and its verifier.

The verifier needs the package and a public key, and nothing else: no vault, no project, no DICOM reader.
"""
