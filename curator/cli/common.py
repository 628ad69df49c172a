"""What commands share: options, passphrases, and the four ways to speak.

Results go to standard output (`say`, `emit_json`), everything else to standard error (`note`, `progress`). Nothing here
may print a value that came from data, and no secret is ever taken from a flag's value or an environment variable.
"""

from __future__ import annotations

import contextlib
import json
import os
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Protocol, TypeVar

import click

from curator.core.errors import UsageError

_Function = TypeVar("_Function", bound=Callable[..., Any])

#: A passphrase file larger than this is surely another file, given by mistake.
MAX_PASSPHRASE_FILE = 4096

_emitted = False


def project_option(function: _Function) -> _Function:
    """Add ``--project DIR`` (the working directory by default); passes ``project: Path``."""
    return click.option(
        "--project",
        type=click.Path(path_type=Path),
        default=Path(),
        show_default="the working directory",
        metavar="DIR",
        help="The project's folder.",
    )(function)


def passphrase_option(function: _Function) -> _Function:
    """Add ``--passphrase-file FILE``, for the vault; passes ``passphrase_file: Path | None``."""
    return click.option(
        "--passphrase-file",
        type=click.Path(path_type=Path),
        metavar="FILE",
        help="Read the vault's passphrase from this file instead of asking for it.",
    )(function)


def recipe_option(function: _Function) -> _Function:
    """Add ``--recipe FILE``, a deid recipe laid over a policy; passes ``recipe: Path | None``."""
    return click.option(
        "--recipe",
        type=click.Path(path_type=Path),
        metavar="FILE",
        help="A deid recipe to be laid over the policy; with it, it is another policy.",
    )(function)


def key_passphrase_option(function: _Function) -> _Function:
    """Add ``--key-passphrase-file FILE``, for a person's key; passes ``key_passphrase_file: Path | None``."""
    return click.option(
        "--key-passphrase-file",
        type=click.Path(path_type=Path),
        metavar="FILE",
        help="Read the passphrase of the person's key from this file instead of asking for it.",
    )(function)


def json_option(function: _Function) -> _Function:
    """Add ``--json``; passes ``as_json: bool``."""
    return click.option("--json", "as_json", is_flag=True, help="Print one JSON document instead of text.")(function)


def read_passphrase(file: Path | None, prompt: str, *, confirm: bool = False) -> bytes:
    """Get a passphrase from a file, or from a hidden prompt when there is a terminal.

    Parameters
    ----------
    file
        The file that holds it; one trailing line break is not part of it. None asks at the terminal.
    prompt
        What to ask for, such as "Passphrase of the vault".
    confirm
        Ask twice, for a passphrase that is being made.

    Returns
    -------
    bytes
        The passphrase, not empty.

    Raises
    ------
    UsageError
        CLI-010 without a file and a terminal, CLI-011 for a file that cannot be read, CLI-012 for an empty
        passphrase, CLI-013 when the two entries differ.
    """
    if file is not None:
        try:
            with file.open("rb") as handle:
                data = handle.read(MAX_PASSPHRASE_FILE + 1)
        except OSError:
            raise UsageError("CLI-011") from None
        if len(data) > MAX_PASSPHRASE_FILE:
            raise UsageError("CLI-011")
        passphrase = data.removesuffix(b"\n").removesuffix(b"\r")
    else:
        if not (sys.stdin.isatty() and sys.stderr.isatty()):
            raise UsageError("CLI-010")
        passphrase = click.prompt(prompt, hide_input=True, err=True, default="", show_default=False).encode()
        if confirm and passphrase:
            again = click.prompt(f"{prompt}, again", hide_input=True, err=True, default="", show_default=False)
            if again.encode() != passphrase:
                raise UsageError("CLI-013")
    if not passphrase:
        raise UsageError("CLI-012")
    return passphrase


def say(text: str = "") -> None:
    """Print a line of the result to standard output."""
    click.echo(text)


def note(text: str) -> None:
    """Print a summary or a remark to standard error."""
    click.echo(text, err=True)


def emit_json(document: Any) -> None:
    """Print the one JSON document of a command to standard output, keys sorted, indented by two."""
    global _emitted
    click.echo(json.dumps(document, indent=2, sort_keys=True, ensure_ascii=False, allow_nan=False))
    _emitted = True


def json_emitted(*, reset: bool = False) -> bool:
    """Say whether this run has printed its JSON document already."""
    global _emitted
    before = _emitted
    if reset:
        _emitted = False
    return before


class Progress(Protocol):
    """What a long piece of work reports to."""

    def advance(self, count: int = 1) -> None:
        """Count so many more items as done."""
        ...

    def within(self, done: int, size: int) -> None:
        """Show so many bytes as done of those of the large files that are being worked on; 0 of 0 for none."""
        ...


#: Seconds between two lines about a large file where no bar is drawn.
_LINE = 30.0


class _Lines:
    """Where no bar is drawn: a line now and then while a large file is worked on, else nothing."""

    def __init__(self, label: str) -> None:
        self._label = label
        self._last: float | None = None

    def advance(self, count: int = 1) -> None:
        """Count nothing."""

    def within(self, done: int, size: int) -> None:
        """Write a line when some time has gone by since the last one, or since the work began."""
        now = time.monotonic()
        if not size or self._last is None:
            self._last = now if size else None
        elif now - self._last >= _LINE:
            self._last = now
            note(f"{self._label}: {bytes_done(done, size)}")


def bytes_done(done: int, size: int) -> str:
    """Write how far the large files are that are being worked on."""
    return f"{done / 1e6:,.0f} of {size / 1e6:,.0f} MB within large files"


@contextlib.contextmanager
def progress(total: int, label: str) -> Iterator[Progress]:
    """Draw a progress bar on standard error while the block runs, if that is a terminal; else tell of large files.

    Parameters
    ----------
    total
        How many items there are.
    label
        The unit behind the rate, such as "files".

    Yields
    ------
    Progress
        Call its ``advance``.
    """
    if not sys.stderr.isatty() or os.environ.get("TERM") == "dumb":
        yield _Lines(label)
        return
    from curator.cli.bar import drawn

    with drawn(total, label) as bar:
        yield bar


def anchor_options(function: _Function) -> _Function:
    """Add what judges outside anchors: whose time-stamps and cosignatures count."""
    for option in (
        click.option(
            "--witness-key",
            "witness_keys",
            multiple=True,
            type=click.Path(path_type=Path),
            metavar="FILE",
            help="A witness's key, held elsewhere (C2SP verifier keys); repeatable.",
        ),
        click.option(
            "--tsa-ca",
            type=click.Path(path_type=Path),
            metavar="FILE",
            help="Certificates (PEM) that are trusted to vouch for time-stampers.",
        ),
    ):
        function = option(function)
    return function
