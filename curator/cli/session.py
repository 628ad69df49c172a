"""``curator session``: sign for a while with one component instead of all."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import click

from curator.cli.common import emit_json, json_option, key_passphrase_option, read_passphrase, say
from curator.cli.signers import key_store_option

_UNITS = {"s": 1, "m": 60, "h": 3600}
_SPAN = re.compile(r"([0-9]{1,5})([smh])")


class Span(click.ParamType[int]):
    """A span of time such as 90s, 15m or 8h; gives seconds."""

    name = "span"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """Return the seconds, or fail with a hint at the form."""
        if isinstance(value, int):
            return value
        found = _SPAN.fullmatch(str(value))
        if found is None:
            self.fail("a span of time is a number and s, m or h, such as 15m", param, ctx)
        return int(found[1]) * _UNITS[found[2]]


@click.group("session")
def session() -> None:
    """Open your key once, sign with one component while the session lasts, and close it.

    A session is for one person at one workplace (21 CFR 11.200(a)(1)(i)). It starts with all components, and each
    signing in it asks for one that only you know. It ends when it is not used, when its time is over, at log-out, after
    three wrong codes, or when you stop it.
    """


@session.command("start")
@click.option("--as", "person", required=True, metavar="PERSON", help="Id of the person who will sign.")
@click.option("--idle", type=Span(), default="15m", show_default=True, help="End after so long without a signing.")
@click.option("--limit", type=Span(), default="8h", show_default=True, help="End after so long in any case.")
@click.option(
    "--code-file",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Read the session code from this file instead of asking for it.",
)
@click.option("--no-code", is_flag=True, help="Make no session code: each signing takes the passphrase.")
@key_store_option
@key_passphrase_option
@json_option
def start(
    person: str,
    idle: int,
    limit: int,
    code_file: Path | None,
    no_code: bool,
    key_store: Path | None,
    key_passphrase_file: Path | None,
    as_json: bool,
) -> None:
    """Start a session of PERSON.

    Asks for the key's passphrase (a token's PIN), then for a code of at least six characters that you choose for this
    session. Every command that signs then takes the code, at its prompt or from --key-passphrase-file; the passphrase
    is taken too.

    \b
    Examples:
      curator session start --as reader-a
      curator session start --as reader-a --idle 5m --limit 4h --no-code
    """
    from curator.core.errors import UsageError
    from curator.provenance import session as sessions
    from curator.provenance.keystore import default_key_store, key_path

    store = key_store or default_key_store()
    if not key_path(store, person).is_file():
        raise UsageError("KEY-001")
    if no_code and code_file is not None:
        raise UsageError("KEY-066", what="--no-code and --code-file exclude each other")
    secret = read_passphrase(key_passphrase_file, f"Passphrase of {person}'s key")
    code = None
    if not no_code:
        code = read_passphrase(code_file, "Code for this session", confirm=code_file is None)
    made = sessions.start(store, person, secret, code, idle=idle, limit=limit)
    if as_json:
        emit_json(made)
        return
    say(f"session of {person} started · ends after {_span(idle)} without a signing, at the latest in {_span(limit)}")
    say(f"each signing takes {'the code or the passphrase' if made['code'] else 'the passphrase'}")
    if not made["memoryLocked"]:
        say("the system may write the session's memory to swap space: use encrypted swap, or none")
    say(f"next: curator session stop --as {person}")


@session.command("status")
@key_store_option
@json_option
def status(key_store: Path | None, as_json: bool) -> None:
    """List the living sessions of this key store.

    \b
    Examples:
      curator session status
    """
    from curator.provenance import session as sessions
    from curator.provenance.channel import people_with_sockets
    from curator.provenance.keystore import default_key_store

    store = key_store or default_key_store()
    found = [one for name in people_with_sockets(store) if (one := sessions.status(store, name)) is not None]
    if as_json:
        emit_json({"sessions": found})
        return
    for one in found:
        left = f"{_span(one['idleSecondsLeft'])} without a signing, {_span(one['secondsLeft'])} in all"
        say(f"{one['person']:<16} {one['signed']:,} signatures · left: {left} · key {one['keyId'][:16]}")
    if not found:
        say("no session")


@session.command("stop")
@click.option("--as", "person", metavar="PERSON", help="Whose session. [default: all of this key store]")
@key_store_option
@json_option
def stop(person: str | None, key_store: Path | None, as_json: bool) -> None:
    """End sessions at once. Needs no passphrase.

    \b
    Examples:
      curator session stop --as reader-a
    """
    from curator.core.errors import UsageError
    from curator.provenance import session as sessions
    from curator.provenance.channel import people_with_sockets
    from curator.provenance.keystore import default_key_store

    store = key_store or default_key_store()
    names = people_with_sockets(store) if person is None else [person]
    stopped = [name for name in names if sessions.stop(store, name)]
    if person is not None and not stopped:
        raise UsageError("KEY-063")
    if as_json:
        emit_json({"stopped": stopped})
        return
    say(f"{len(stopped)} sessions stopped")


def _span(seconds: int) -> str:
    if seconds >= 3600 and seconds % 3600 == 0:
        return f"{seconds // 3600} h"
    return f"{seconds // 60} min" if seconds >= 60 else f"{seconds} s"
