"""Click's usage errors in this program's own words. Never repeats what was typed: it may name a patient."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from typing import Any

import click

from curator.core.errors import UsageError


def _called(root: click.Group, args: Iterable[str]) -> click.Context:
    """Find the command that a command line calls, for errors that click raises before it knows."""
    context = click.Context(root, info_name="curator")
    for arg in args:
        group = context.command
        command = group.get_command(context, arg) if isinstance(group, click.Group) else None
        if command is None:
            break
        context = click.Context(command, info_name=arg, parent=context)
    return context


def _parameter(error: click.BadParameter, ctx: click.Context) -> str:
    if error.param is None:
        return "a parameter"
    if isinstance(error.param, click.Option):
        return max(error.param.opts, key=len)
    return error.param.make_metavar(ctx).strip("[]").rstrip(".")


def _options(ctx: click.Context) -> list[str]:
    return [name for param in ctx.command.get_params(ctx) for name in [*param.opts, *param.secondary_opts]]


def _commands(ctx: click.Context) -> list[str]:
    return ctx.command.list_commands(ctx) if isinstance(ctx.command, click.Group) else []


def _near(typed: str, known: Iterable[str]) -> str:
    """Name the known word nearest to what was typed, as the beginning of a hint; nothing when none is near."""
    near = difflib.get_close_matches(typed, list(known), n=1)
    return f"Did you mean '{near[0]}'? " if near else ""


def _wanted(kind: click.ParamType[Any] | None) -> str:
    """Say what a parameter takes, from its declaration alone."""
    if isinstance(kind, click.Choice):
        return "one of " + ", ".join(str(choice) for choice in kind.choices)
    if isinstance(kind, click.IntRange | click.FloatRange):
        low = "" if kind.min is None else f" from {kind.min}"
        high = "" if kind.max is None else f" up to {kind.max}"
        return f"a number{low}{high}"
    if isinstance(kind, click.Path):
        what = "a folder" if not kind.file_okay else "a file" if not kind.dir_okay else "a path"
        return f"{what} that exists and can be used" if kind.exists else what
    if isinstance(kind, click.File):
        return "a file that can be opened"
    return f"a value of type {kind.name}" if kind is not None else "another value"


def translated(error: click.ClickException, root: click.Group, args: Iterable[str]) -> UsageError:
    """Turn an error of click into one of the project's, with its code, and without what the user typed.

    Parameters
    ----------
    error
        What click raised.
    root
        The program's group.
    args
        The command line.

    Returns
    -------
    UsageError
        CLI-001 to CLI-008.
    """
    ctx = (error.ctx if isinstance(error, click.UsageError) else None) or _called(root, args)
    command = ctx.command_path
    if isinstance(error, click.exceptions.NoSuchCommand):
        near = _near(error.command_name, _commands(ctx))
        return UsageError("CLI-001", command=command, near=near)
    if isinstance(error, click.NoSuchOption):
        near = _near(error.option_name, _options(ctx))
        return UsageError("CLI-002", command=command, near=near)
    if isinstance(error, click.MissingParameter):
        return UsageError("CLI-003", command=command, parameter=_parameter(error, ctx))
    if isinstance(error, click.BadParameter):
        wanted = _wanted(error.param.type if error.param is not None else None)
        return UsageError("CLI-004", command=command, parameter=_parameter(error, ctx), wanted=wanted)
    if isinstance(error, click.BadOptionUsage):
        return UsageError("CLI-005", command=command, option=error.option_name)  # a declared name: click matched it
    if isinstance(error, click.UsageError) and _leftover(error):
        return UsageError("CLI-006", command=command)
    if isinstance(error, click.FileError):
        return UsageError("CLI-008")
    return UsageError("CLI-007", command=command)


def _leftover(error: click.UsageError) -> bool:
    """Say whether click complains of arguments that nothing takes; it has no class of its own for that."""
    return type(error) is click.UsageError and error.message.startswith("Got unexpected extra argument")
