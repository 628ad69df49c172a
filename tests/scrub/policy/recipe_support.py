"""Policies with recipes, and a made-up CT that they are laid over."""

from __future__ import annotations

from pathlib import Path

import pytest

from curator.core.errors import UsageError
from curator.scrub.policy import Policy, load_policy

HEAD = "FORMAT dicom\n\n%header\n"


def layered(folder: Path, text: str, name: str = "safe-harbor") -> Policy:
    """Lay a recipe over a policy."""
    path = folder / "trial.recipe"
    path.write_text(text, encoding="utf-8")
    return load_policy(name, recipe=path)


def refused(folder: Path, text: str, name: str = "safe-harbor") -> UsageError:
    """Return the error that a recipe is refused with; it must repeat none of the recipe's words."""
    with pytest.raises(UsageError) as caught:
        layered(folder, text, name)
    error = caught.value
    said = f"{error} {error.hint} {error.facts}"
    assert "Quillfeather" not in said
    assert str(folder) not in said
    assert error.__cause__ is None
    assert error.__suppress_context__ or error.__context__ is None
    return error


def acts(policy: Policy) -> dict[str, str]:
    """Return the recipe's actions by keyword."""
    from curator.scrub.dicom.decide import keyword_of

    assert policy.recipe is not None
    return {keyword_of(tag): action for tag, action in policy.recipe.attributes}
