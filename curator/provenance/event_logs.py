"""Seal logs of security events in the ledger: failed tries at keys, and openings of the vault (21 CFR 11.300(d)).

A log is a folder of numbered files, each holding the digest of the one before; nobody signs them, for a failed try has
no key. What was sealed can no more be cut or rewritten unseen. Kinds of events and ids of people go in, nothing else.
"""

from __future__ import annotations

import hashlib
import os
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from curator.core.canonical import strict_loads
from curator.core.errors import IntegrityError, UsageError
from curator.provenance import security
from curator.provenance.append import Appender
from curator.provenance.keys import PersonKey, Signer
from curator.provenance.kinds_people import EVENTS, MAX_TRIED, sealed_events
from curator.provenance.records import OPERATOR, Draft
from curator.provenance.state import Record, State


@dataclass(frozen=True)
class Log:
    """A chained log as it was read whole.

    Parameters
    ----------
    kind
        ``keys`` or ``vault``.
    digests
        SHA-256, in hex, of each event, in order.
    events
        The kind of each, of ``kinds_people.EVENTS``.
    people
        The person of each, or an empty text.
    """

    kind: str
    digests: tuple[str, ...]
    events: tuple[str, ...]
    people: tuple[str, ...]

    @property
    def chain(self) -> str:
        """What names the log: the digest of its first event."""
        return self.digests[0]


def key_log(store: Path) -> Log:
    """Read the events of a key store (KEY-020 when the chain is broken)."""
    return _read("keys", store / security.FOLDER)


def vault_log(vault: Path) -> Log:
    """Read the record of openings of a vault, without opening it (KEY-020 when the chain is broken)."""
    return _read("vault", vault / "openings")


def _read(kind: str, folder: Path) -> Log:
    names = sorted(os.listdir(folder)) if folder.is_dir() else []
    numbers = [int(name[:-5]) for name in names if name.endswith(".json") and name[:-5].isdigit()]
    digests: list[str] = []
    events: list[str] = []
    people: list[str] = []
    before = b""
    for number in range(1, max(numbers, default=0) + 1):
        try:
            data = (folder / f"{number:08d}.json").read_bytes()
            event = strict_loads(data)
            if event["previous"] != hashlib.sha256(before).hexdigest():
                raise ValueError
            events.append(_kind(kind, event))
        except (OSError, UsageError, ValueError, KeyError, TypeError):
            raise IntegrityError("KEY-020", number=number) from None
        digests.append(hashlib.sha256(data).hexdigest())
        people.append(str(event.get("person", "")))
        before = data
    return Log(kind, tuple(digests), tuple(events), tuple(people))


def _kind(log: str, event: dict[str, object]) -> str:
    if log == "vault":
        return "vault-failed" if event["purpose"] == "failed" else "vault-opened"
    made = event["event"]
    if made not in EVENTS:
        raise ValueError("a kind of event that this version does not know")
    return str(made)


def unsealed(state: State, log: Log) -> int:
    """Return how many events of a log are not sealed yet, after proving that the sealed ones are still there.

    A project has one vault, so that a record of openings which begins with another event was exchanged. Key stores are
    many: one whose log was removed whole looks like a new one.

    Raises
    ------
    IntegrityError
        KEY-040 when sealed events were cut off or rewritten.
    """
    sealed = state.facts.sealed
    if not log.digests:
        return 0
    last, head = sealed.get((log.kind, log.chain), (0, ""))
    if last and (last > len(log.digests) or log.digests[last - 1] != head):
        raise IntegrityError("KEY-040", number=last)
    others = [number for (kind, _), (number, _) in sealed.items() if kind == log.kind == "vault"]
    if others and not last:
        raise IntegrityError("KEY-040", number=max(others))
    return len(log.digests) - last


def seal_draft(state: State, log: Log, restart: str | None = None) -> Draft | None:
    """Draft the sealing of what is new in a log, or None when nothing is.

    Parameters
    ----------
    state
        Of a verified ledger.
    log
        As it was read.
    restart
        Why events that were sealed are missing, such as a backup that was restored; then everything is sealed anew. Has
        passed a guard.

    Raises
    ------
    IntegrityError
        KEY-040, without ``restart``.
    """
    count = len(log.digests) if restart is not None else unsealed(state, log)
    if not count:
        return None
    first = len(log.digests) - count + 1
    kinds = Counter(log.events[first - 1 :])
    tried = Counter(name for name in log.people[first - 1 :] if name in state.people)
    return sealed_events(
        log.kind,
        log.chain,
        (first, len(log.digests)),
        log.digests[-1],
        kinds,
        dict(tried.most_common(MAX_TRIED)),
        log.digests[first - 2] if first > 1 else None,
        restart,
    )


def seal_failures(
    appender: Appender, operator: Signer | None, store: Path, vault: Path
) -> tuple[list[Record], IntegrityError | None]:
    """Seal, as the operator, the logs of a key store and a vault if a failed try in them is not sealed yet.

    Parameters
    ----------
    appender
        The ledger, verified.
    operator
        The operator's signer; without it nothing is sealed.
    store, vault
        Folders of both.

    Returns
    -------
    tuple
        The records that were added, and what is wrong with a log that could not be sealed, or None: the caller says so
        after its own work is done.
    """
    drafts: list[Draft] = []
    broken: IntegrityError | None = None
    for read, folder in ((key_log, store), (vault_log, vault)):
        try:
            log = read(folder)
            count = unsealed(appender.state, log)
            if operator is not None and set(log.events[len(log.events) - count :]) - {"vault-opened"}:
                drafts += [draft for draft in [seal_draft(appender.state, log)] if draft is not None]
        except IntegrityError as error:
            broken = broken or error
    if operator is None or not drafts:
        return [], broken
    return appender.append(drafts, PersonKey(OPERATOR, operator)), broken
