"""Who said what, when, provable afterwards: keys, records, envelopes, Merkle tree, ledger, verification.

Loads no detector, no scrubber, no DICOM reader; the verifier never opens the vault.
"""
