"""The public keys of a package: the operator's, and that of everyone who was ever enrolled, old keys included."""

from __future__ import annotations

from collections.abc import Iterator

from curator.provenance.keys import decode64, key_id
from curator.provenance.records import ENROLLMENT, ROTATION
from curator.provenance.state import Record, State


class Roster:
    """Collects keys while records go by."""

    def __init__(self) -> None:
        self._asked: dict[str, bytes] = {}

    def see(self, record: Record) -> None:
        """Take note of a record."""
        if record.kind in {ENROLLMENT, ROTATION}:
            public = decode64(record.predicate["request"]["publicKey"])
            self._asked[key_id(public)] = public

    def files(self, state: State) -> Iterator[tuple[str, bytes]]:
        """Yield file name and raw key, sorted, of those that the state says were really enrolled."""
        keys = {name: public for name, public in self._asked.items() if name in state.keys}
        keys.update((key_id(public), public) for public in state.operator_keys())
        for name in sorted(keys):
            yield f"{name}.pem", keys[name]


def counts_of(state: State, samples: int, sample_bytes: int, labels: int) -> dict[str, int]:
    """Return the counts of a manifest."""
    return {
        "samples": samples,
        "sampleBytes": sample_bytes,
        "labels": labels,
        "records": state.size,
        "people": len(state.people),
        "guidelines": len(state.guidelines),
    }
