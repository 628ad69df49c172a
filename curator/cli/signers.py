"""What the commands that sign share: where a person's key is, opening it, and the operator's key out of the vault."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from curator.cli.common import note, read_passphrase

if TYPE_CHECKING:
    from curator.project.paths import Project
    from curator.provenance.keys import PersonKey, Signer

#: A person may not sign what was tried: own key, not enrolled, revoked, role, other key, own training, age, training,
#: own label.
FORBIDDEN = frozenset(
    {"KEY-006", "KEY-009", "KEY-010", "KEY-011", "KEY-016", "KEY-030", "KEY-031", "KEY-034", "KEY-035", "LED-062"}
)
_WATCHED = "curator.refusals-on-record"

_Function = TypeVar("_Function", bound=Callable[..., Any])


def key_store_option(function: _Function) -> _Function:
    """Add ``--key-store DIR``; passes ``key_store: Path | None``."""
    return click.option(
        "--key-store",
        type=click.Path(path_type=Path),
        metavar="DIR",
        help="Where the person's key is kept. [default: CURATOR_KEY_STORE, else ~/.config/curator/keys]",
    )(function)


def by_option(function: _Function) -> _Function:
    """Add ``--by PERSON``; passes ``person: str``."""
    return click.option("--by", "person", required=True, metavar="PERSON", help="Id of the person who signs.")(function)


def open_key(person: str, key_store: Path | None, passphrase_file: Path | None) -> PersonKey:
    """Open a person's key: through a living session by one component, else with the passphrase.

    Either comes from the file or a prompt.
    """
    from curator.core.clock import SystemClock
    from curator.core.errors import UsageError
    from curator.provenance import session
    from curator.provenance.keystore import default_key_store, key_path, unlock
    from curator.provenance.security import MOST_FAILURES, WINDOW, recent_failures

    store = key_store or default_key_store()
    if not key_path(store, person).is_file():
        raise UsageError("KEY-001")
    clock = SystemClock()
    _watch(store, person)
    live = session.find(store, person)
    if live is not None:
        component = read_passphrase(passphrase_file, f"Session code of {person}, or passphrase")
        return session.authorize(live, person, component)
    why = session.why_ended(store, person)
    after = "" if why is None else f" (the session has ended: {why})"
    passphrase = read_passphrase(passphrase_file, f"Passphrase of {person}'s key{after}")
    try:
        key = unlock(store, person, passphrase, clock)
    except UsageError as error:
        if error.code in {"KEY-002", "KEY-051"}:
            minutes = int(WINDOW.total_seconds() // 60)
            failed = recent_failures(store, person, clock.now())
            note(f"failed try {failed} of {MOST_FAILURES} within {minutes} minutes, on record: curator people events")
            if why is not None:
                raise UsageError("KEY-062", why=why) from None
        raise
    session.forget_ending(store, person)
    return key


def _watch(store: Path, person: str) -> None:
    """Have refusals of this command put on record, once for each person who signs."""
    context = click.get_current_context()
    watched: set[str] = context.meta.setdefault(_WATCHED, set())
    if person not in watched:
        watched.add(person)
        context.with_resource(_refusals_on_record(store, person))


@contextlib.contextmanager
def _refusals_on_record(store: Path, person: str) -> Iterator[None]:
    """Record that a rule forbade what a person tried to sign (21 CFR 11.10(d), 11.300(d)), with its key open or not."""
    from curator.core.clock import SystemClock
    from curator.core.errors import CuratorError
    from curator.provenance.security import REFUSED, record_failure

    try:
        yield
    except CuratorError as error:
        if error.code in FORBIDDEN or error.facts.get("forbidden") is True:
            record_failure(store, person, SystemClock(), REFUSED)
            note("this try to sign is on record: curator people events")
        raise


def need_key(person: str, key_store: Path | None) -> None:
    """Refuse early, before anything is read or asked, when this store has no key of the person (KEY-001, KEY-015).

    From here on what a rule forbids this person is put on record, though it be refused before the key is asked for.
    """
    from curator.core.errors import UsageError
    from curator.provenance.keystore import default_key_store, key_path

    store = key_store or default_key_store()
    if not key_path(store, person).is_file():
        raise UsageError("KEY-001")
    _watch(store, person)


def confirm_option(function: _Function) -> _Function:
    """Add ``--confirm COUNT``; passes ``confirm: int | None``."""
    return click.option(
        "--confirm",
        type=click.IntRange(0),
        metavar="COUNT",
        help="Say that so many labels are signed in one act; asked for at a terminal when it is more than one.",
    )(function)


def confirmed(count: int, given: int | None, *more: int) -> None:
    """Have the number of labels of one act of signing confirmed, after they were shown.

    Parameters
    ----------
    count
        How many would be signed; nothing is asked for none, nor for one.
    given
        What ``--confirm`` said; it must be the number, even for one.
    more
        Other numbers that say the same, such as all labels of the file when some are signed already.

    Raises
    ------
    UsageError
        LBL-033.
    """
    from curator.core.errors import UsageError

    if not count or (given is None and count == 1):
        return
    if given is None and sys.stdin.isatty() and sys.stderr.isatty():
        asked = f"Type {count} to sign {count:,} labels"
        given = click.prompt(asked, err=True, type=int, default=0, show_default=False)
    if given not in {count, *more}:
        raise UsageError("LBL-033", count=count)


def operator_signer(
    project: Project, passphrase_file: Path | None, purpose: str, *, ask: bool = False
) -> Signer | None:
    """Take the operator's key out of the vault, if its passphrase is given or may be asked for."""
    if passphrase_file is None and not ask:
        return None
    from curator.core.clock import SystemClock
    from curator.project.vault import Vault
    from curator.provenance.keys import SeedSigner

    passphrase = read_passphrase(passphrase_file, "Passphrase of the vault")
    vault = Vault.open(project.vault, passphrase, purpose=purpose, clock=SystemClock())
    return SeedSigner(vault.operator_key())
