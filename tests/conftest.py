"""Settings that all tests share."""

from __future__ import annotations

from hypothesis import settings

# The same examples on every machine and run, and no clock in the verdict: a busy machine is not a failure.
settings.register_profile("steady", derandomize=True, deadline=None, database=None)
settings.load_profile("steady")


def pytest_make_parametrize_id(config: object, val: object, argname: str) -> str | None:
    """Name a case by its argument where its repr holds an address, which would differ between test workers."""
    return argname if " at 0x" in repr(val) else None
