"""Reading a recipe by deid's own parser, which is an extra and imported only here.

The parser warns about a line that it does not know and goes on; here that is a refusal, and each line has to come back
as an action. Nothing that it says reaches an output: its words quote the file.
"""

from __future__ import annotations

import contextlib
import io
import re
import warnings
from collections import Counter
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from curator.core.errors import UsageError

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
        As deid's parser gives it: ``header`` (actions), ``filter``, ``fields`` and ``values`` (by name), ``labels``.

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
        raise UsageError("POL-021", reason="deid's parser does not take it")
    if found.get("format") != "dicom":
        raise UsageError("POL-021", reason="it does not say FORMAT dicom")
    if found.get("labels"):
        raise UsageError("POL-021", reason="a %labels section is not carried out")
    if _drops_words(text):
        raise UsageError("POL-021", reason="a KEEP, BLANK or FIELD line goes on after its field")
    lines = _lines(text)
    for section in _COUNTED:
        parts = found.get(section) or []
        count = sum(map(len, parts.values())) if isinstance(parts, dict) else len(parts)
        if count != lines[section]:
            raise UsageError("POL-021", reason=f"the parser leaves out a line of a %{section} section")
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


def _drops_words(text: str) -> bool:
    """Say whether the parser drops words of a line that takes a field alone."""
    for line in re.split(r"[\r\n]+", text):
        words = line.split("#", 1)[0].split()
        if len(words) > 2 and words[0].upper() in {"KEEP", "BLANK", "FIELD"} and '"' not in line:
            return True
    return False


def _lines(text: str) -> Counter[str]:
    """Count the lines of each section that are neither blank nor a comment."""
    counts: Counter[str] = Counter()
    section = ""
    for raw in text.split("\n"):
        line = raw.strip()
        if line.startswith("%"):
            section = line.split("#", 1)[0].split(" ", 1)[0].strip("% \t\r").lower()
        elif line and not line.startswith("#") and not line.lower().startswith("format"):
            counts[section] += 1
    return counts
