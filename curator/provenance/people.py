"""People: the enrollment request, the roster that the ledger gives, and people.toml.

The printed name stands in the enrollment record (21 CFR 11.50(a)(1)); label records name people by id only.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from curator.core.canonical import canonical_bytes, strict_loads
from curator.core.clock import Clock, utc_text
from curator.core.errors import UsageError
from curator.core.files import make_folder, write_whole
from curator.core.schema import violation
from curator.provenance.dsse import pae
from curator.provenance.expiry import check_expiry
from curator.provenance.keys import (
    KEY_BYTES,
    SIGNATURE_BYTES,
    Signer,
    check_id,
    decode64,
    encode64,
    key_id,
    require_fit,
    verify,
)
from curator.provenance.keystore import default_key_store, unlock
from curator.provenance.records import plain_text

__all__ = [
    "Person",
    "as_documents",
    "check_request",
    "default_key_store",
    "draft_request",
    "load_request",
    "make_request",
    "people_toml",
    "read_request",
    "sign_request",
    "unlock",
    "write_request",
]

REQUEST_TYPE = "application/vnd.curator.enrollment-request+json"
REQUEST_FORMAT = 1
MAX_REQUEST_BYTES = 1 << 16


@dataclass(frozen=True)
class Person:
    """A person of the roster.

    Parameters
    ----------
    id
        Stands in every record of that person.
    printed_name
        As 21 CFR 11.50(a)(1) asks for.
    roles
        Of ``roles.toml``.
    specialty, years
        Medical specialty and years of experience, if given.
    public
        Raw public key, 32 bytes (Ed25519) or 65 (P-256).
    since
        Index of the record from which on the key is valid.
    by
        Id of the person who enrolled this one.
    revoked
        Index of the record that revoked the key, or None.
    reason
        Why it was revoked.
    expires
        Last day on which the key may sign, ``YYYY-MM-DD`` in UTC, or None.
    qualification
        In the person's own words, such as a board certification; or None.
    rotated
        Index of the record that named this person's next key, or None.
    """

    id: str
    printed_name: str
    roles: tuple[str, ...]
    specialty: str | None
    years: int | None
    public: bytes
    since: int
    by: str
    revoked: int | None = None
    reason: str | None = None
    expires: str | None = None
    qualification: str | None = None
    rotated: int | None = None

    @classmethod
    def of(cls, request: dict[str, Any], public: bytes, since: int, by: str) -> Person:
        """Make a person from a checked request."""
        return cls(
            request["id"],
            request["printedName"],
            tuple(request["roles"]),
            request.get("specialty"),
            request.get("years"),
            public,
            since,
            by,
            expires=request.get("expires"),
            qualification=request.get("qualification"),
        )


def draft_request(
    name: str,
    *,
    printed_name: str,
    roles: Iterable[str],
    specialty: str | None,
    years: int | None,
    clock: Clock,
    expires: str | None = None,
    qualification: str | None = None,
) -> dict[str, Any]:
    """Draft an enrollment request, before there is a key.

    Parameters
    ----------
    name
        The person's id.
    printed_name, specialty, years
        As :class:`Person`.
    roles
        Of ``roles.toml``.
    clock
        For its date.
    expires, qualification
        As :class:`Person`.

    Raises
    ------
    UsageError
        KEY-015 for an unusable id, KEY-032 for a day that is none or is past, KEY-019 for other details that the schema
        refuses.
    """
    check_id(name)
    request: dict[str, Any] = {
        "format": REQUEST_FORMAT,
        "id": name,
        "printedName": printed_name,
        "roles": sorted(set(roles)),
        "createdAt": utc_text(clock.now()),
    }
    if specialty is not None:
        request["specialty"] = specialty
    if years is not None:
        request["years"] = years
    if qualification is not None:
        request["qualification"] = qualification
    if expires is not None:
        check_expiry(expires, request["createdAt"])
        request["expires"] = expires
    shape = {"request": {**request, "publicKey": encode64(bytes(KEY_BYTES))}, "proof": encode64(bytes(SIGNATURE_BYTES))}
    place = violation("enrollment-request", shape)
    if place is None and not all(
        plain_text(one, 200) for one in (printed_name, specialty or "-", qualification or "-")
    ):
        place = "/request (text)"
    if place is not None:
        raise UsageError("KEY-019", place=place)
    return request


def sign_request(draft: dict[str, Any], signer: Signer) -> dict[str, Any]:
    """Add the public key to a drafted request, and proof that the person holds the private one.

    Returns
    -------
    dict
        ``{"request": ..., "proof": ...}``, as schemas/enrollment-request.schema.json says.
    """
    request = {**draft, "publicKey": encode64(signer.public)}
    return {"request": request, "proof": encode64(signer.sign(pae(REQUEST_TYPE, canonical_bytes(request))))}


def make_request(
    signer: Signer,
    *,
    name: str,
    printed_name: str,
    roles: Iterable[str],
    specialty: str | None,
    years: int | None,
    clock: Clock,
) -> dict[str, Any]:
    """Draft an enrollment request and sign it with the person's key (:func:`draft_request`, :func:`sign_request`)."""
    draft = draft_request(name, printed_name=printed_name, roles=roles, specialty=specialty, years=years, clock=clock)
    return sign_request(draft, signer)


def write_request(path: Path, draft: dict[str, Any], signer: Signer) -> None:
    """Sign a drafted request and write it whole, as JSON that people can read too."""
    made = sign_request(draft, signer)
    make_folder(path.parent)
    write_whole(path, (json.dumps(made, indent=2, sort_keys=True, ensure_ascii=False) + "\n").encode())


def load_request(path: Path) -> dict[str, Any]:
    """Read an enrollment request's file (KEY-072 when there is none to read, else as :func:`read_request`)."""
    try:
        with path.open("rb") as stream:
            data = stream.read(MAX_REQUEST_BYTES + 1)
    except (OSError, ValueError):
        raise UsageError("KEY-072") from None
    return read_request(data)


def read_request(data: bytes) -> dict[str, Any]:
    """Read and check an enrollment request.

    Raises
    ------
    UsageError
        KEY-005 when it is malformed or not signed by its own key.
    """
    if len(data) > MAX_REQUEST_BYTES:
        raise UsageError("KEY-005")
    try:
        document = strict_loads(data)
    except UsageError:
        raise UsageError("KEY-005") from None
    if isinstance(document, dict) and isinstance(document.get("request"), dict):
        stated = document["request"].get("format")
        if type(stated) is int and stated > REQUEST_FORMAT:
            raise UsageError("SYS-007", found=stated, known=REQUEST_FORMAT)
    if violation("enrollment-request", document) is not None:
        raise UsageError("KEY-005")
    check_request(document["request"], document["proof"])
    made: dict[str, Any] = document
    return made


def check_request(request: dict[str, Any], proof: str) -> bytes:
    """Verify the proof of possession in a request that follows the schema, and return the raw public key.

    Raises
    ------
    UsageError
        KEY-005 when the proof does not verify, KEY-015 for an id that no person may have, KEY-050 for an unfit key.
    """
    check_id(request["id"])
    try:
        public, signature = decode64(request["publicKey"]), decode64(proof)
    except ValueError:
        raise UsageError("KEY-005") from None
    require_fit(public)
    try:
        fine = verify(public, signature, pae(REQUEST_TYPE, canonical_bytes(request)))
    except UsageError:
        fine = False
    if not fine:
        raise UsageError("KEY-005")
    return public


def as_documents(people: Iterable[Person]) -> list[dict[str, Any]]:
    """Return roster entries as plain fields, without those that are not given."""
    made = []
    for person in people:
        fields: dict[str, Any] = {
            "id": person.id,
            "printed_name": person.printed_name,
            "roles": list(person.roles),
            "specialty": person.specialty,
            "years": person.years,
            "key_id": key_id(person.public),
            "public_key": encode64(person.public),
            "enrolled_by": person.by,
            "enrolled_record": person.since,
            "revoked_record": person.revoked,
            "revoked_reason": person.reason,
            "qualification": person.qualification,
            "expires": person.expires,
            "rotated_record": person.rotated,
        }
        made.append({name: value for name, value in fields.items() if value is not None})
    return made


def people_toml(people: Iterable[Person]) -> bytes:
    """Write the roster as TOML, for people to read; the program reads the ledger instead."""
    lines = ["# Generated from the ledger by curator. Changes here have no effect.", "format = 1", ""]
    for fields in as_documents(people):
        lines += ["[[person]]", *(f"{name} = {_toml(value)}" for name, value in fields.items()), ""]
    return "\n".join(lines).encode()


def _toml(value: Any) -> str:
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    if isinstance(value, list):
        return "[" + ", ".join(_toml(one) for one in value) + "]"
    return str(value)
