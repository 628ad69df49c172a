"""Take a cosigned checkpoint into the ledger: check it, store it, and sign a record that names it."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence

from curator.core.errors import IntegrityError, UsageError
from curator.core.files import make_folder, put_if_absent
from curator.provenance import cosign
from curator.provenance.append import Appender
from curator.provenance.keys import KEY_BYTES, PersonKey
from curator.provenance.kinds_witness import witnessed
from curator.provenance.ledger import origin_of, person_name
from curator.provenance.merkle import Frontier
from curator.provenance.note import parse_checkpoint, parse_note, verified
from curator.provenance.state import Record
from curator.provenance.timestamps import note_stem


def add_witnessed(
    appender: Appender,
    data: bytes,
    keys: Sequence[tuple[str, bytes]],
    key: PersonKey,
    guard: Callable[[str], bool],
) -> tuple[Record, list[cosign.Cosignature]]:
    """Store a cosigned checkpoint and append the record of it.

    Parameters
    ----------
    appender
        Over the ledger, verified.
    data
        The cosigned checkpoint.
    keys
        Names and raw keys of witnesses who are not enrolled; enrolled people are known under their own names.
    key
        Whose signature the record bears.
    guard
        Refuses names that may hold an identifier.

    Returns
    -------
    tuple
        The record, and the cosignatures that it names.

    Raises
    ------
    IntegrityError
        LED-011, LED-015, LED-013, LED-014, LED-006, LED-012 for a checkpoint that is not this ledger's; LED-047 for a
        cosignature that does not match.
    UsageError
        LED-049 when no known witness cosigned it, or a name may not stand in a record.
    """
    state = appender.state
    origin = origin_of(state.dataset, state.first)
    note = parse_note(data)
    said = parse_checkpoint(note)
    if said.origin != origin:
        raise IntegrityError("LED-015")
    if said.size > state.size:
        raise IntegrityError("LED-014", signed=said.size, size=state.size)
    if not said.size or note.text != said.text:
        raise IntegrityError("LED-048", reason="the checkpoint has more lines than origin, size and root, or no record")
    verified(note, [(origin, state.operator)])
    tree = Frontier()
    for entry in itertools.islice(appender.ledger.entries(), said.size):
        tree.add(entry.own_leaf())
    if tree.root() != said.root:
        raise IntegrityError("LED-013", size=said.size)
    people = [(person_name(origin, one.id), one.public) for one in state.active() if len(one.public) == KEY_BYTES]
    found = cosign.cosignatures(note, [*keys, *people])
    distinct = list({one.name: one for one in found}.values())
    if not distinct:
        raise UsageError("LED-049", reason="no witness that is known here has cosigned it: give --witness-key")
    draft = witnessed(data, distinct, guard=lambda name: name.startswith(f"{origin}/") or guard(name))
    folder = appender.ledger.folder / "checkpoints"
    make_folder(folder)
    put_if_absent(folder / f"{note_stem(said.size, data)}.note", data)
    (record,) = appender.append([draft], key)
    appender.seal(key)
    return record, distinct
