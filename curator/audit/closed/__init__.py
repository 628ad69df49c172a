"""The closed loop: what the vault knows of everybody, searched in what leaves, by code that shares none with the scrub.

It may import neither the scrubber nor its detectors: a blind spot of theirs must not be one of the search too. It must
never say which value was found.
"""
