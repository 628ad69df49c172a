"""Reading the signed word of a vault's holder (``curator audit attest``): whether it counts for these very bytes.

A DSSE envelope of a payload type of its own. It counts where the files give the same payload digest, the ledger at hand
goes on from the one that was searched by nothing that brings contents of its own, and it enrolls the key, unrevoked,
for a person who may attest. Nothing in it names a patient.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from curator.core.errors import CuratorError, IntegrityError, UsageError
from curator.core.schema import violation
from curator.provenance import records
from curator.provenance.dsse import open_envelope, parse_envelope
from curator.provenance.expiry import past
from curator.provenance.ledger import origin_of
from curator.provenance.people import Person
from curator.provenance.roles import allowed
from curator.provenance.state import State

TYPE = "application/vnd.curator.audit-attestation+json"
SCHEMA = "audit-attestation"
ACTION = "audit-attested"
MOST = 16 << 20
#: Kinds of record that may follow what was searched: they say nothing of samples, and their texts are guarded.
HARMLESS = frozenset(
    {
        records.AUDIT_REPORT,
        records.AUDIT_WAIVER,
        records.WITNESSED,
        records.EVENTS,
        records.SPLIT,
        records.ACCESS,
        records.TRAINING,
    }
)


def read_attestation(
    data: bytes,
    state: State,
    payload: str,
    root_at: Callable[[int], bytes | None],
    placed: Callable[[], Iterable[tuple[int, str]]],
) -> tuple[Mapping[str, Any], Person]:
    """Read an attestation that counts here.

    Parameters
    ----------
    data
        The envelope.
    state
        The sum of the ledger at hand.
    payload
        Digest of the clean files at hand.
    root_at
        Gives the root over the first so many records, None where there are fewer.
    placed
        Gives index and kind of each record at hand.

    Returns
    -------
    tuple
        What it says, by schemas/audit-attestation.schema.json, and who signed it.

    Raises
    ------
    UsageError
        AUD-015 for a file that is none.
    IntegrityError
        AUD-016 for one that does not count here: other bytes, another ledger, or a key that may not attest.
    """
    try:
        names = [name for name, _ in parse_envelope(data).signatures]
    except CuratorError:
        raise UsageError("AUD-015") from None
    people = {name: state.keys[name] for name in names if name in state.keys}
    if len(names) != 1 or not people or any(one.revoked is not None for one in people.values()):
        raise IntegrityError("AUD-016", reason="its key is not enrolled here, or was revoked")
    person = people[names[0]]
    try:
        opened = open_envelope(data, {names[0]: person.public}, TYPE)
        said: Mapping[str, Any] = opened.document
        fine = violation(SCHEMA, said) is None
    except CuratorError:
        raise IntegrityError("AUD-016", reason="its signature does not hold") from None
    if not fine:
        raise UsageError("AUD-015")
    if said["signer"] != person.id or not allowed(person.roles, ACTION):
        raise IntegrityError("AUD-016", reason="who signed it may not attest")
    if person.expires is not None and past(person.expires, said["signedAt"]):
        raise IntegrityError("AUD-016", reason="its key was past its last day")
    if said["origin"] != origin_of(state.dataset, state.first):
        raise IntegrityError("AUD-016", reason="it is of another ledger")
    if said["payload"] != payload:
        raise IntegrityError("AUD-016", reason="it is of other files")
    searched = said["ledger"]
    root = root_at(searched["size"])
    if root is None or root.hex() != searched["root"]:
        raise IntegrityError("AUD-016", reason="it is of another state of the ledger")
    if any(index >= searched["size"] and kind not in HARMLESS for index, kind in placed()):
        raise IntegrityError("AUD-016", reason="labels or other contents were signed after it")
    return said, person
