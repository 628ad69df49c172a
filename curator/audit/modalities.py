"""Modalities that SOP classes allow, and the parts of the body that a report names."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources
from typing import Any


@cache
def _tables() -> dict[str, Any]:
    return tomllib.loads(resources.files("curator.audit").joinpath("modalities.toml").read_text(encoding="utf-8"))


@cache
def allowed() -> dict[str, frozenset[str]]:
    """Return SOP class UID to the modalities that its IOD allows; classes that take any are not in it."""
    return {uid: frozenset(words.split()) for uid, words in _tables()["classes"].items()}


@cache
def parts() -> frozenset[str]:
    """Return the values of Body Part Examined that a report shows by name."""
    return frozenset(_tables()["parts"]["shown"].split())
