"""Reading a recipe by deid's own parser, which is an extra and imported only here.

The parser warns about a line that it does not know and goes on; here that is a refusal, and each line has to come back
as an action. Nothing that it says reaches an output: its words quote the file.
"""

from __future__ import annotations

import contextlib
import io
import warnings
from collections import defaultdict
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from curator.core.errors import UsageError
from curator.scrub.policy.recipe_faults import fault

LARGEST = 1 << 20
#: Sections whose lines become one action each.
_COUNTED = ("header", "fields", "values")


class _RefusedError(Exception):
    """The parser complained."""


def parsed_recipe(data: bytes) -> dict[str, Any]:
    """Parse a recipe.

    Parameters
    ----------
    data
        The whole file: UTF-8, at most 1 MiB.

    Returns
    -------
    dict
        As deid's parser gives it: ``header`` (actions, each with the number of its ``line``), ``filter``, ``fields``
        and ``values`` (by name), ``labels``.

    Raises
    ------
    UsageError
        POL-020 when deid is not installed; POL-021 when the recipe is none, or a line of it would be left out.
    """
    if len(data) > LARGEST:
        raise UsageError("POL-021", reason="it is larger than 1 MiB")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        raise UsageError("POL-021", reason="it is not UTF-8") from None
    found = _parsed(data)
    if found is None:
        raise UsageError("POL-021", reason=fault(text) or "deid's parser does not take it")
    if found.get("format") != "dicom":
        raise UsageError("POL-021", reason=fault(text) or "it does not say FORMAT dicom")
    if found.get("labels"):
        raise UsageError("POL-021", reason="a %labels section is not carried out")
    dropping = _drops_words(text)
    if dropping:
        reason = f"line {dropping} goes on after its field, and KEEP, BLANK and FIELD take a field alone"
        raise UsageError("POL-021", reason=reason)
    lines = _lines(text)
    for section in _COUNTED:
        parts = found.get(section) or []
        count = sum(map(len, parts.values())) if isinstance(parts, dict) else len(parts)
        if count != len(lines[section]):
            said = f"the parser leaves out a line of a %{section} section"
            raise UsageError("POL-021", reason=fault(text) or said)
    for line, number in zip(found.get("header") or [], lines["header"], strict=True):
        line["line"] = number
    return found


def _parsed(data: bytes) -> dict[str, Any] | None:
    with warnings.catch_warnings(), TemporaryDirectory() as folder:
        warnings.simplefilter("ignore")
        try:
            config, logger = import_module("deid.config"), import_module("deid.logger")
        except ImportError:
            raise UsageError("POL-020") from None
        path = Path(folder) / "recipe"
        path.write_bytes(data)
        try:
            with _silent(logger.bot):
                made = config.DeidRecipe(str(path)).deid
        except (Exception, SystemExit):  # noqa: BLE001 - whatever it is, its text quotes the recipe
            return None
    return dict(made) if isinstance(made, dict) else None


@contextlib.contextmanager
def _silent(bot: Any) -> Iterator[None]:
    """Let the parser's logger write nothing, and stop at its first complaint."""

    def refuse(*_: object, **__: object) -> None:
        raise _RefusedError

    before = (bot.errorStream, bot.outputStream, bot.history)
    bot.errorStream, bot.outputStream, bot.history = io.StringIO(), io.StringIO(), []
    for name in ("abort", "error", "exit", "warning"):
        setattr(bot, name, refuse)
    try:
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
            yield
    finally:
        for name in ("abort", "error", "exit", "warning"):
            delattr(bot, name)
        bot.errorStream, bot.outputStream, bot.history = before


def _drops_words(text: str) -> int:
    """Return the number of the first line that takes a field alone and of which the parser drops words; 0 for none."""
    for number, raw in enumerate(text.split("\n"), 1):
        for line in raw.split("\r"):
            words = line.split("#", 1)[0].split()
            if len(words) > 2 and words[0].upper() in {"KEEP", "BLANK", "FIELD"} and '"' not in line:
                return number
    return 0


def _lines(text: str) -> dict[str, list[int]]:
    """Return the numbers of the lines of each section that are neither blank nor a comment."""
    found: dict[str, list[int]] = defaultdict(list)
    section = ""
    for number, raw in enumerate(text.split("\n"), 1):
        line = raw.strip()
        if line.startswith("%"):
            section = line.split("#", 1)[0].split(" ", 1)[0].strip("% \t\r").lower()
        elif line and not line.startswith("#") and not line.lower().startswith("format"):
            found[section].append(number)
    return found
