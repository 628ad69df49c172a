"""The console script: finds the command, runs it, and turns every ending into words and an exit code.

Nothing that a user typed is repeated in a message, since a path or a stray argument can name a patient. Command
modules are imported only when they are called, so that help is quick and needs nothing but click.
"""

from __future__ import annotations

import contextlib
import errno
import os
import select
import signal
import sys
from collections.abc import Sequence
from types import FrameType
from typing import Any, NoReturn

import click

from curator import __version__
from curator.cli.lazy import LazyGroup
from curator.cli.usage import translated
from curator.core.errors import CheckError, CuratorError

_FULL = frozenset({errno.ENOSPC, errno.EDQUOT})
BROKEN_PIPE = 128 + signal.SIGPIPE


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="curator", message="%(prog)s %(version)s")
def cli() -> None:
    """Take a hospital's folder to a de-identified, signed and verifiable dataset."""


def run(args: Sequence[str]) -> int:
    """Run one command line.

    Parameters
    ----------
    args
        The arguments behind the program's name.

    Returns
    -------
    int
        The exit code (table in docs/reference/exit-codes.md).
    """
    from curator.cli.common import json_emitted

    json_emitted(reset=True)
    as_json = "--json" in _options(args)
    try:
        result: Any
        with cli.make_context("curator", list(args)) as context:
            result = cli.invoke(context)
        _flush()
        return result if type(result) is int else 0
    except click.exceptions.Exit as ending:
        return ending.exit_code
    except click.exceptions.NoArgsIsHelpError as ending:
        click.echo(ending.ctx.get_help(), err=True)
        return 2
    except CuratorError as error:
        return _report(error, as_json=as_json)
    except (KeyboardInterrupt, click.Abort):
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        return _report(InterruptedRunError("SYS-004"), as_json=as_json)
    except click.ClickException as error:
        return _report(translated(error, cli, args), as_json=as_json)
    except BrokenPipeError as error:
        if _output_is_gone():
            return _hang_up()
        return _report(_unexpected(error), as_json=as_json)
    except OSError as error:
        return _report(CheckError("SYS-001") if error.errno in _FULL else _unexpected(error), as_json=as_json)
    except Exception as error:  # noqa: BLE001 - whatever it is, its text may quote a value and must not be shown
        return _report(_unexpected(error), as_json=as_json)


class InterruptedRunError(CuratorError):
    """The user or the system asked the program to stop. Exit 130."""

    kind = "interrupt"


def _options(args: Sequence[str]) -> Sequence[str]:
    return args[: list(args).index("--")] if "--" in args else args


def _unexpected(error: BaseException) -> CuratorError:
    from curator.core.quiet import place

    return CheckError("SYS-005", where=place(error))


def _report(error: CuratorError, *, as_json: bool) -> int:
    from curator.cli.common import emit_json, json_emitted, note

    try:
        note(str(error))
        if error.hint:
            note(f"hint: {error.hint}")
        if as_json and not json_emitted():
            emit_json({"error": {"code": error.code, "sentence": error.sentence, "hint": error.hint}})
        _flush()
    except BrokenPipeError:
        _hang_up()
    except (OSError, CuratorError):
        pass  # what the error says can be written nowhere; its exit code still tells
    return error.exit_code


def _flush() -> None:
    """Hand everything printed to the system, so that a full disk shows in the exit code."""
    for stream in (sys.stdout, sys.stderr):
        if stream is None:  # closed by whoever started the program
            continue
        try:
            stream.flush()
        except BrokenPipeError:
            raise
        except OSError as error:
            if error.errno in _FULL:
                raise CheckError("SYS-001") from None
            raise


def _output_is_gone() -> bool:
    """Say whether a reader of standard output or error went away (another pipe may break inside the program)."""
    poll = select.poll()
    for number in (1, 2):
        poll.register(number, select.POLLOUT)
    return any(event & (select.POLLERR | select.POLLHUP | select.POLLNVAL) for _, event in poll.poll(0))


def _hang_up() -> int:
    """End as a filter does whose reader left, without a complaint when Python flushes on its way out."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for number in (1, 2):
        os.dup2(nowhere, number)
    os.close(nowhere)
    return BROKEN_PIPE


def _terminate(_number: int, _frame: FrameType | None) -> NoReturn:
    raise KeyboardInterrupt


def _hold_streams() -> None:
    """Put the null device where a standard stream was closed, so that no file of ours gets its number."""
    for number, name in ((0, "stdin"), (1, "stdout"), (2, "stderr")):
        try:
            os.fstat(number)
        except OSError:
            nowhere = os.open(os.devnull, os.O_RDWR)
            if nowhere != number:
                os.dup2(nowhere, number)
                os.close(nowhere)
        if getattr(sys, name) is None:
            mode = "w" if number else "r"
            setattr(sys, name, open(number, mode, encoding="utf-8", closefd=False))  # noqa: SIM115 - as long as we run


def main() -> NoReturn:
    """Run the command line of this process and exit."""
    _hold_streams()
    from curator.core import quiet

    quiet.install()
    signal.signal(signal.SIGTERM, _terminate)
    try:
        code = run(sys.argv[1:])
    except KeyboardInterrupt:
        code = _report(InterruptedRunError("SYS-004"), as_json=False)
    # No interpreter shutdown: the threads of a native library that outlive it abort the process now and then, and the
    # exit code would say so instead of what was found. Everything is flushed and every worker has ended by now.
    with contextlib.suppress(OSError, CuratorError):
        _flush()
    os._exit(code)


if __name__ == "__main__":
    main()
