"""Settings that all tests share."""

from __future__ import annotations

from hypothesis import settings

# The same examples on every machine and run, and no clock in the verdict: a busy machine is not a failure.
settings.register_profile("steady", derandomize=True, deadline=None, database=None)
settings.load_profile("steady")
