"""The records of a ledger: verified whole once, then given again and again from what was laid aside.

What is given later are the very records that were verified, in a place that nobody else can reach: a ledger that is
changed while an audit runs changes none of its answers.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from curator.core.spill import Rows
from curator.provenance.state import Record
from curator.provenance.verify import verify_ledger


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
        self._records: Rows[Record] = Rows()
        self.report = verify_ledger(folder, operator_key=operator, visit=self._records.append).require()
        self.state = self.report.state

    def records(self) -> Iterator[Record]:
        """Yield the records in order."""
        yield from self._records
