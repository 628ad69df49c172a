"""The rules, one for each kind of record: what it needs, and what it changes in the state.

A rule runs after the record's form, place and signature were checked. It raises before it changes anything.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from curator.core.canonical import canonical_bytes
from curator.core.errors import IntegrityError, UsageError
from curator.provenance import records, roles, rules_audit, rules_life, rules_operator, status
from curator.provenance.facts import check_label_signer
from curator.provenance.keys import key_id
from curator.provenance.kinds_gate import GATE_RULES
from curator.provenance.kinds_pixels import PIXEL_RULES
from curator.provenance.kinds_release import RELEASE_RULES
from curator.provenance.kinds_sites import SITE_RULES
from curator.provenance.kinds_splits import SPLIT_RULES
from curator.provenance.kinds_witness import check_witnessed
from curator.provenance.known import Guideline, Operator, Replaced, short_hash
from curator.provenance.label_facts import check_consensus, check_facts
from curator.provenance.people import Person, check_request
from curator.provenance.rules_people import PEOPLE_RULES
from curator.provenance.state import Record, State, raw_key


def _genesis(state: State, record: Record) -> None:
    state.dataset = record.predicate["dataset"]
    state.operator = raw_key(record.predicate["operatorKey"])
    state.operators = (Operator(state.operator, record.index, ()),)
    named = [(one["name"], one["digest"]["sha256"]) for one in record.subject]
    if named != [(state.dataset, key_id(state.operator))]:
        raise IntegrityError("LED-009")


def _enrollment(state: State, record: Record) -> None:
    predicate = record.predicate
    public = check_request(predicate["request"], predicate["proof"])
    request, signer = predicate["request"], predicate["signer"]
    name = request["id"]
    digest = hashlib.sha256(canonical_bytes(request)).hexdigest()
    if [(one["name"], one["digest"]["sha256"]) for one in record.subject] != [(f"people/{name}", digest)]:
        raise UsageError("KEY-005")
    if name == signer:
        raise UsageError("KEY-006")
    before = state.people.get(name)
    if before is not None and before.revoked is None:
        raise UsageError("KEY-007")
    if key_id(public) in state.keys or public in state.operator_keys():
        raise UsageError("KEY-008")
    if before is not None and before.printed_name != request["printedName"]:
        raise UsageError("KEY-013")
    made = Person.of(request, public, record.index, signer)
    if state.active():
        roles.acting_role(state.enrolled(signer).roles, "enroll")
        _enroll(state, made)
        state.qualifies[name] = (record.leaf.hex(),)
        return
    own = raw_key(predicate["bootstrapKey"])
    if own == public or own in state.operator_keys():
        raise UsageError("KEY-006")
    state.qualifies[name] = (record.leaf.hex(),)
    answer = state.pending.get((name, signer))
    if answer is not None and answer[0] == public and answer[1].public == own:
        _enroll(state, replace(answer[1], since=record.index))
        _enroll(state, made)
        state.pending = {}
    else:
        state.pending[signer, name] = (own, made)


def _enroll(state: State, person: Person) -> None:
    state.people[person.id] = person
    state.keys[key_id(person.public)] = person


def _revocation(state: State, record: Record) -> None:
    person = state.enrolled(record.predicate["person"])
    roles.acting_role(state.enrolled(record.predicate["signer"]).roles, "revoke")
    named = [(one["name"], one["digest"]["sha256"]) for one in record.subject]
    if named != [(f"people/{person.id}", key_id(person.public))]:
        raise UsageError("KEY-009")
    if len(state.active()) == 1:
        raise UsageError("KEY-012")
    _enroll(state, replace(person, revoked=record.index, reason=record.predicate["reason"]))


def _guideline(state: State, record: Record) -> None:
    roles.acting_role(state.enrolled(record.predicate["signer"]).roles, "guideline")
    stated, subject = record.predicate["guideline"], record.subject[0]
    name = subject["name"].removeprefix("guidelines/")
    key = (stated["id"], stated["version"])
    if key in state.guidelines:
        raise UsageError("GDL-001")
    state.guidelines[key] = Guideline(*key, name, subject["digest"]["sha256"], record.index)


def _pixels(state: State, record: Record) -> None:
    roles.acting_role(state.enrolled(record.predicate["signer"]).roles, "pixels-checked")
    for one in record.subject:
        state.accepted.setdefault(one["digest"]["hmacSha256"], record.leaf.hex())


def _replacement(state: State, record: Record) -> None:
    roles.acting_role(state.enrolled(record.predicate["signer"]).roles, "sample-replaced")
    for one in record.subject:
        digest = one["digest"]
        uid = one["annotations"]["sopInstanceUid"]
        state.replaced[digest["hmacSha256"]] = Replaced(uid, digest["sha256"], record.leaf.hex())


def check_label(state: State, predicate: dict[str, Any], uid: str, digest: str | None = None) -> None:
    """Check a label's predicate against a state, as it would be checked if its record came next.

    Parameters
    ----------
    state
        What the records so far add up to.
    predicate
        The label's predicate with ``signer`` and ``signedAt``.
    uid
        New SOP Instance UID of its sample.
    digest
        SHA-256 (hex) of its value, if it is known.

    Raises
    ------
    UsageError
        KEY- and LBL- codes, for the first rule that it breaks.
    """
    stated = predicate["guideline"]
    people = (
        predicate["signer"],
        predicate["author"],
        predicate["role"],
        predicate["meaning"],
        stated["id"],
        stated["version"],
        stated["sha256"],
        state.facts.require_training,
    )
    if people not in state.agreed and _check_people(state, predicate):
        state.agreed.add(people)
    if predicate["labeledAt"] > predicate["signedAt"]:
        raise UsageError("LBL-009")
    if state.labels.get(predicate["labelId"]) is not None:
        raise UsageError("LBL-011")
    check_facts(state, predicate, digest)
    check_consensus(state, predicate, uid)
    if "supersedes" in predicate:
        _check_superseded(state, predicate, uid)


def _check_people(state: State, predicate: dict[str, Any]) -> bool:
    """Check who a label's author and signer are, what they may do, and by which guideline.

    Returns
    -------
    bool
        True where the same people in the same parts may sign by this guideline at any time, until another record than a
        label's comes.
    """
    signer, author = state.enrolled(predicate["signer"]), state.person(predicate["author"])
    check_label_signer(state, predicate)
    meaning = predicate["meaning"]
    if (meaning == roles.ATTESTATION) == (author.id == signer.id):
        raise UsageError("LBL-016")
    if predicate["role"] not in signer.roles or not roles.allowed([predicate["role"]], meaning):
        raise UsageError("KEY-011", what=meaning)
    stated = predicate["guideline"]
    registered = state.guidelines.get((stated["id"], stated["version"]))
    if registered is None or registered.sha256 != stated["sha256"]:
        raise UsageError("LBL-006")
    return signer.expires is None and not state.facts.trained.get(signer.id)


def _check_superseded(state: State, predicate: dict[str, Any], uid: str) -> None:
    stated = predicate["supersedes"]
    earlier = state.labels.get(stated["labelId"])
    if earlier is None and state.partial:
        return
    if earlier is None or earlier.leaf.hex() != stated["leaf"][:32]:
        raise UsageError("LBL-012")
    if earlier.superseded:
        raise UsageError("LBL-013")
    if earlier.status & status.ENDED:
        raise UsageError("LBL-034")
    if earlier.sample != short_hash(uid, 8):
        raise UsageError("LBL-014")
    signer = state.enrolled(predicate["signer"])
    if earlier.author != state.number(predicate["author"]) and not roles.allowed(signer.roles, "supersede-other"):
        raise UsageError("KEY-011", what="supersede another person's label")


def _label(state: State, record: Record) -> None:
    predicate = record.predicate
    uid = record.subject[0]["annotations"]["sopInstanceUid"]
    check_label(state, predicate, uid, record.value_digest)
    stated = predicate.get("supersedes")
    earlier = state.labels.get(stated["labelId"]) if stated else None
    if stated and earlier is not None:
        state.labels.put(stated["labelId"], earlier._replace(status=earlier.status | status.SUPERSEDED))
    author = state.number(predicate["author"])
    state.labels.put_new(predicate["labelId"], record.leaf, uid, record.index, author)
    state.attested += predicate["meaning"] == roles.ATTESTATION


RULES: dict[str, Callable[[State, Record], None]] = {
    records.GENESIS: _genesis,
    records.ENROLLMENT: _enrollment,
    records.REVOCATION: _revocation,
    records.GUIDELINE: _guideline,
    records.PIXELS: _pixels,
    records.REPLACEMENT: _replacement,
    records.LABEL: _label,
    records.WITNESSED: check_witnessed,
    records.OPERATOR_CHANGED: rules_operator.operator_changed,
    records.REVIEWED: rules_life.reviewed,
    records.APPROVED: rules_life.approved,
    records.ADJUDICATED: rules_life.adjudicated,
    records.WITHDRAWN: rules_life.withdrawn,
    **PEOPLE_RULES,
    **RELEASE_RULES,
    **GATE_RULES,
    **PIXEL_RULES,
    **SITE_RULES,
    **SPLIT_RULES,
    **rules_audit.AUDIT_RULES,
}

#: Kinds that say whose key is good for what: a verifier that looks only at content still takes these by every rule.
ROSTER = frozenset(
    {records.GENESIS, records.ENROLLMENT, records.REVOCATION, records.WITNESSED, records.OPERATOR_CHANGED}
    | PEOPLE_RULES.keys()
)
