"""``curator text``: what is found in one text file, as counts, or marked up on the user's own terminal.

The text goes to the terminal alone, and only when asked for; what the file holds never steers the terminal.
"""

from __future__ import annotations

import contextlib
import io
import os
import sys
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from curator.cli.common import emit_json, json_option, say

if TYPE_CHECKING:
    from curator.detect.text.replace import Edit
    from curator.identifiers.findings import Finding

#: Characters that are read at most.
MOST = 64 << 20
#: Colors of marks by the letter of the category, in turn.
_COLORS = ("red", "green", "yellow", "blue", "magenta", "cyan")
_KEEP = frozenset("\n\t")
#: Classes of characters that are shown by their number: controls, formats (bidirectional marks too), halves of pairs,
#: private and unassigned ones, and separators of lines and paragraphs.
_NOT_SHOWN = frozenset(("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"))


@click.command("text")
@click.argument("file", type=click.Path(path_type=Path, allow_dash=True))
@click.option("--show", is_flag=True, help="Print the text itself, marked up, on this terminal.")
@click.option(
    "--mode",
    type=click.Choice(("tag", "surrogate", "remove")),
    help="With --show: print the text as scrubbing would leave it, instead of marks.",
)
@click.option(
    "--marks",
    type=click.Choice(("auto", "brackets", "color")),
    default="auto",
    show_default=True,
    help="With --show: how to mark; auto takes colors where NO_COLOR is not set.",
)
@click.option("--to-pipe", is_flag=True, help="With --show: print even when the output is no terminal.")
@click.option("--with", "added", multiple=True, metavar="NAME", help="Also ask an installed detector; repeatable.")
@json_option
def text(
    file: Path, show: bool, mode: str | None, marks: str, to_pipe: bool, added: tuple[str, ...], as_json: bool
) -> None:
    """Count the identifiers in one text FILE (or - for standard input) by category; with --show, see them.

    Reads any common encoding and refuses binary files. Without --show no word of the text is printed. With --show the
    text goes to this terminal and nowhere else; control characters in it are shown by their number. --mode surrogate
    draws stand-ins with a random key for this one view: a project's own will differ. Needs no project.

    \b
    Examples:
      curator text note.txt
      curator text note.txt --json
      curator text note.txt --show
      curator text note.txt --show --mode surrogate
    """
    from curator.core.errors import UsageError
    from curator.detect.text import detectors, find_all

    if as_json and show:
        raise UsageError("TXT-010")
    if not show and (mode or to_pipe or marks != "auto"):
        raise UsageError("TXT-011")
    if show and not (to_pipe or sys.stdout.isatty()):
        raise UsageError("TXT-009")
    content = _read(file)
    found = find_all(content, detectors(added))
    if as_json:
        emit_json(_document(content, found))
    elif show:
        _show(content, found, mode, color=_in_color(marks))
    else:
        _counts(content, found)


def _read(file: Path) -> str:
    """Read the whole file.

    Raises
    ------
    UsageError
        TXT-001 when it cannot be opened.
    ItemError
        TXT-020 to TXT-023 when it is no text, or too long.
    """
    from curator.core.errors import UsageError
    from curator.formats.textcode import whole

    try:
        if str(file) == "-":
            return whole(io.BytesIO(sys.stdin.buffer.read(4 * MOST + 1)), MOST)
        with contextlib.closing(file.open("rb")) as stream:
            return whole(stream, MOST)
    except OSError:
        raise UsageError("TXT-001") from None


def _document(content: str, found: tuple[Finding, ...]) -> dict[str, object]:
    from curator.detect.text.lines import Summary, counted

    summary = Summary(texts=1, characters=len(content))
    summary.findings.update(counted(found))
    return summary.document()


def _counts(content: str, found: tuple[Finding, ...]) -> None:
    kinds = Counter((finding.category, finding.kind) for finding in found)
    totals = Counter(finding.category for finding in found)
    say(f"{len(found):,} identifiers in {len(content):,} characters")
    for category, count in sorted(totals.items()):
        detail = " · ".join(f"{number:,} {kind}" for (of, kind), number in kinds.most_common() if of is category)
        say(f"  {count:>6,}  {category}  {category.name:<14} {detail}")
    say("next: --show marks them on this terminal")


def _in_color(marks: str) -> bool:
    if marks == "auto":
        return sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
    return marks == "color"


def _show(content: str, found: tuple[Finding, ...], mode: str | None, *, color: bool) -> None:
    if mode is None:
        pieces: Iterable[str] = _marked(content, found, color=color)
    else:
        new, edits = _scrubbed(content, found, mode)
        pieces = _edited(new, edits, color=color)
    printable = "".join(pieces)
    if not printable.endswith("\n"):
        printable += "\n"
    coding = sys.stdout.encoding or "utf-8"
    click.echo(printable.encode(coding, "backslashreplace").decode(coding), nl=False, color=color)


def _scrubbed(content: str, found: tuple[Finding, ...], mode: str) -> tuple[str, tuple[Edit, ...]]:
    import secrets

    from curator.detect.text.replace import Mode, Rules, replace

    key = secrets.token_bytes(32) if mode == "surrogate" else b""
    replaced = replace(content, found, Rules(mode=Mode(mode), key=key))
    return replaced.text, replaced.edits


def _marked(content: str, found: tuple[Finding, ...], *, color: bool) -> Iterator[str]:
    at = 0
    for finding in found:
        yield harmless(content[at : finding.start])
        value = harmless(content[finding.start : finding.end])
        name = finding.category.name
        yield _colored(value, finding.category.value) if color else f"[[{name}:{value}]]"
        at = finding.end
    yield harmless(content[at:])


def _edited(new: str, edits: tuple[Edit, ...], *, color: bool) -> Iterator[str]:
    at = 0
    for edit in edits:
        yield harmless(new[at : edit.new_start])
        value = harmless(new[edit.new_start : edit.new_end])
        yield _colored(value, edit.category.value) if color and value else value
        at = edit.new_end
    yield harmless(new[at:])


def _colored(value: str, letter: str) -> str:
    style = _COLORS[(ord(letter) - ord("A")) % len(_COLORS)]
    return "\n".join(click.style(line, fg=style, underline=True) if line else "" for line in value.split("\n"))


def harmless(piece: str) -> str:
    """Return a piece of a file as a terminal may print it.

    Parameters
    ----------
    piece
        Any characters.

    Returns
    -------
    str
        The same with controls, escapes, marks of direction and the like written as ``<U+001B>``; line breaks of
        Windows become plain ones, tabs stay.
    """
    piece = piece.replace("\r\n", "\n")
    if piece.isascii() and piece.replace("\n", "").replace("\t", "").isprintable():
        return piece
    return "".join(
        mark if mark in _KEEP or unicodedata.category(mark) not in _NOT_SHOWN else f"<U+{ord(mark):04X}>"
        for mark in piece
    )
