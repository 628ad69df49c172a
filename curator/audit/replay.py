"""The records of a ledger: verified whole once, then given again and again at the cost of reading.

Later readings check rules and leaf hashes, not the labels' signatures, and must come to the root that was verified.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

from curator.core.errors import IntegrityError
from curator.provenance.ledger import Ledger
from curator.provenance.state import Record, State, Usual
from curator.provenance.verify import verify_ledger

#: So many records are held in memory rather than read again.
HELD = 100_000


class Replayed:
    """A verified ledger.

    Parameters
    ----------
    folder
        The ledger's folder.
    operator
        The operator's raw public key, held elsewhere; or None.

    Raises
    ------
    CuratorError
        Whatever :func:`curator.provenance.verify.verify_ledger` found.
    """

    def __init__(self, folder: Path, operator: bytes | None = None) -> None:
        self._ledger = Ledger(folder)
        self._held: list[Record] | None = []
        self.report = verify_ledger(folder, operator_key=operator, visit=self._visit).require()
        self.state = self.report.state

    def _visit(self, record: Record) -> None:
        if self._held is not None:
            self._held.append(record)
            if len(self._held) > HELD:
                self._held = None

    def records(self) -> Iterator[Record]:
        """Yield the records in order."""
        if self._held is not None:
            yield from self._held
            return
        state = State()
        for chunk in self._ledger.chunks():
            for at, leaf in enumerate(chunk.leaves):
                if state.size == self.state.size:
                    break
                if at in chunk.purged:
                    state.pass_over(leaf)
                    continue
                parts = chunk.parts(at)
                if parts is None and not chunk.envelope(at):  # purged: only the leaf hash is here
                    state.partial = True
                    state.skip(leaf)
                    continue
                usual = None if parts is None else Usual(*parts, check=False)
                yield state.take(partial(chunk.envelope, at), leaf, usual=usual)
        if (state.size, state.tree.root()) != (self.state.size, self.state.tree.root()):
            raise IntegrityError("LED-013", size=self.state.size)
