"""The %filter sections of a recipe as decisions about files. Coordinates, which would paint pixels, are refused."""

from __future__ import annotations

import re
from typing import Any

from curator.core.errors import UsageError
from curator.scrub.policy.fields import exact_tag
from curator.scrub.policy.layer import WITH_TEXT, Check, Label

#: The list whose filters let a file pass those that come later.
WHITELIST = "whitelist"
_LONGEST = 2000


class _NotDoneError(ValueError):
    """A filter that is not carried out; its text is a reason in the program's own words."""


def labels_of(filters: dict[str, list[dict[str, Any]]]) -> tuple[Label, ...]:
    """Return the filters of a parsed recipe, in the order in which they stand.

    Parameters
    ----------
    filters
        List name to labelled filters, as deid's parser gives them.

    Raises
    ------
    UsageError
        POL-023 for coordinates, an attribute that PS3.6 does not have, or an expression that cannot be read.
    """
    found = []
    for name, labels in filters.items():
        for label in labels:
            try:
                found.append(_label(label, passes=name.strip().lower() == WHITELIST))
            except _NotDoneError as error:
                raise UsageError("POL-023", position=len(found) + 1, reason=str(error)) from None
    return tuple(found)


def _label(raw: dict[str, Any], *, passes: bool) -> Label:
    if raw["coordinates"]:
        raise _NotDoneError("it names coordinates, and pixels are not cleaned")
    if not raw["filters"]:
        raise _NotDoneError("it tests nothing")
    lines = tuple((line["operator"] or "and", tuple(_tests(line))) for line in raw["filters"])
    return Label(passes, lines)


def _tests(line: dict[str, Any]) -> list[Check]:
    """Give each test its own text: deid's parser lists texts without a place for tests that take none."""
    texts = iter(line["value"])
    operators = ["and", *line["InnerOperators"]]
    if len(operators) != len(line["action"]):
        raise _NotDoneError("its operators cannot be read")
    found = []
    for operator, action, field in zip(operators, line["action"], line["field"], strict=True):
        tag = exact_tag(field)
        if tag is None or (tag >> 16) in {0, 2, 4}:
            raise _NotDoneError("it tests an attribute that PS3.6 does not have in a data set")
        text = next(texts, None) if action in WITH_TEXT else ""
        if text is None or (action in WITH_TEXT and not text.strip()):
            raise _NotDoneError("a test lacks its text")
        if action in WITH_TEXT:
            _readable(tag, action, text)
        found.append(Check(operator, action, tag, text.strip()))
    return found


def _readable(tag: int, action: str, text: str) -> None:
    from curator.scrub.dicom.decide import STRING_VRS, effective_vr

    if effective_vr(tag, None)[0] not in STRING_VRS:
        raise _NotDoneError("it compares an attribute that holds no text")
    if action in {"contains", "notcontains"}:
        try:
            re.compile(text.strip(), re.IGNORECASE)
        except (re.error, OverflowError, RecursionError):
            raise _NotDoneError("its expression cannot be read") from None
    if len(text) > _LONGEST:
        raise _NotDoneError("its text is too long")
