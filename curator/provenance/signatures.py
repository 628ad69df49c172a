"""Check the signatures of labels in other processes, while this one goes on with the rules.

A worker reads parts itself and is handed nothing but names, hashes and public keys. A part's task is handed out after
its records passed the rules, which say whose key must have signed. One bad signature, or a worker that dies, makes the
whole check fail: the caller then looks again in one process.
"""

from __future__ import annotations

import contextlib
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context
from pathlib import Path

from curator.core.errors import CheckError, IntegrityError
from curator.provenance.dsse import IN_TOTO, pae
from curator.provenance.keys import key_id, verify
from curator.provenance.ledger import Ledger
from curator.provenance.rows import Chunk
from curator.provenance.state import State


def first_bad(folder: Path, number: int, keys: dict[str, bytes], leaves: Sequence[bytes]) -> int | None:
    """Check every signature of one commit's records that have the usual form.

    Parameters
    ----------
    folder
        The ledger's folder.
    number
        Of the commit.
    keys
        Key ID to raw public key.
    leaves
        The leaf hashes of its records, each of which stands in the payload of the next one.

    Returns
    -------
    int or None
        Index of the first record whose signature does not verify.
    """
    good = {key: public for key, public in keys.items() if key_id(public) == key}
    for chunk in Ledger(folder).chunks_of(number, leaves):
        for at in range(len(chunk.leaves)):
            parts = chunk.parts(at)
            if parts is None:
                continue
            payload, key, signature = parts
            public = good.get(key)
            if public is None or not verify(public, signature, pae(IN_TOTO, payload)):
                return chunk.first + at
    return None


class Checks:
    """Hands out commits as they are passed, with a bounded number in flight.

    Parameters
    ----------
    ledger
        The ledger.
    pool
        Where the work is done.
    window
        Tasks in flight.
    """

    def __init__(self, ledger: Ledger, pool: ProcessPoolExecutor, window: int) -> None:
        self._folder = ledger.folder
        self._pool = pool
        self._window = window
        self._due = deque((number, first + count) for number, (_, first, count) in enumerate(ledger.commits()))
        self._running: deque[Future[int | None]] = deque()
        self._leaves: list[bytes] = []

    def seen(self, chunk: Chunk, state: State) -> None:
        """Hand out the commits that end at or before a chunk's end, with the keys known by then."""
        self._leaves += chunk.leaves
        reached = chunk.first + len(chunk.leaves)
        while self._due and self._due[0][1] <= reached:
            number, end = self._due.popleft()
            cut = len(self._leaves) - (reached - end)
            leaves, self._leaves = self._leaves[:cut], self._leaves[cut:]
            keys = {key_id(person.public): person.public for person in state.keys.values()}
            keys |= {key_id(own): own for own, _ in state.pending.values()}
            keys |= {key_id(one): one for one in state.operator_keys()}
            while len(self._running) >= self._window:
                self._wait()
            self._running.append(self._pool.submit(first_bad, self._folder, number, keys, leaves))

    def _wait(self) -> None:
        try:
            bad = self._running.popleft().result()
        except BrokenProcessPool:
            raise CheckError("LED-031") from None
        if bad is not None:
            raise IntegrityError("LED-006")

    def finish(self) -> None:
        """Wait for all that is in flight.

        Raises
        ------
        IntegrityError
            LED-006 when a signature does not verify.
        CheckError
            LED-031 when a worker died.
        """
        while self._running:
            self._wait()


@contextlib.contextmanager
def signature_checks(ledger: Ledger, workers: int) -> Iterator[Checks | None]:
    """Give a place to check signatures in ``workers`` processes; None for one, which is this one."""
    if workers < 2:
        yield None
        return
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        try:
            yield Checks(ledger, pool, 2 * workers)
        finally:
            pool.shutdown(wait=True, cancel_futures=True)
