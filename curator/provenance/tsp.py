"""Time-stamp requests and responses of RFC 3161 (with RFC 5816): write the one, take the other apart.

Nothing here says that a token is genuine; :mod:`curator.provenance.tsp_verify` does. The fields are those of RFC 3161,
section 2.4, and of RFC 5652 (CMS), section 5.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from curator.core.errors import CheckError, IntegrityError
from curator.provenance import der

SIGNED_DATA = "1.2.840.113549.1.7.2"
TST_INFO = "1.2.840.113549.1.9.16.1.4"
#: Digests that an imprint or a signature may use (RFC 5754); SHA-1 is not among them.
HASHES = {
    "2.16.840.1.101.3.4.2.1": "sha256",
    "2.16.840.1.101.3.4.2.2": "sha384",
    "2.16.840.1.101.3.4.2.3": "sha512",
}
SHA256 = "2.16.840.1.101.3.4.2.1"
#: Largest response that is read; one with a long chain of certificates has some 10,000 bytes.
MAX_RESPONSE = 1 << 16
GRANTED = {0, 1}
#: An accuracy of so many seconds or more says nothing.
_WORST = 86_400
#: Versions of SignedData and SignerInfo (RFC 5652, sections 5.1 and 5.3).
_VERSIONS = {1, 3, 4, 5}
_GENERALIZED = re.compile(rb"(\d{14})(?:\.(\d{1,9}))?Z")


@dataclass(frozen=True)
class Request:
    """What a time-stamp was asked for: imprint (digest's name and bytes), nonce and policy if any."""

    algorithm: str
    imprint: bytes
    nonce: int | None
    policy: str | None


@dataclass(frozen=True)
class Token:
    """A time-stamp token, taken apart and not verified.

    Parameters
    ----------
    algorithm, imprint
        Name and bytes of the digest that was stamped.
    at
        genTime: when, in UTC.
    accuracy
        How far off the time may be, as the time-stamper says; zero where it says nothing.
    policy, nonce, serial
        As RFC 3161 names them.
    content
        The TSTInfo's bytes, which the signed digest covers.
    certificates
        The certificates inside, DER.
    issuer, cert_serial
        Whose certificate signed: issuer's name (DER) and serial number.
    digest
        Name of the digest over the content.
    attributes
        The signed attributes: OID to DER of its one value.
    signed
        The bytes under the signature.
    signature_oid, signature
        The algorithm's OID and the signature.
    """

    algorithm: str
    imprint: bytes
    at: datetime
    accuracy: timedelta
    policy: str
    nonce: int | None
    serial: int
    content: bytes
    certificates: tuple[bytes, ...]
    issuer: bytes
    cert_serial: int
    digest: str
    attributes: dict[str, bytes]
    signed: bytes
    signature_oid: str
    signature: bytes


def make_request(data: bytes, policy: str | None = None) -> bytes:
    """Write a request for a time-stamp over some bytes: SHA-256, a fresh nonce of 64 bits, certificates wanted.

    Parameters
    ----------
    data
        What is to be stamped.
    policy
        OID of the policy that the time-stamper is to follow, if any.

    Raises
    ------
    ValueError
        For a policy that is no OID.
    """
    imprint = der.encode(
        der.SEQUENCE,
        der.encode(der.SEQUENCE, der.encode_oid(SHA256), der.encode(der.NULL)),
        der.encode(der.OCTETS, hashlib.sha256(data).digest()),
    )
    fields = [der.encode_integer(1), imprint]
    if policy is not None:
        fields.append(der.encode_oid(policy))
    nonce = secrets.randbits(63) | 1 << 63
    return der.encode(der.SEQUENCE, *fields, der.encode_integer(nonce), der.encode(der.BOOLEAN, b"\xff"))


def parse_request(data: bytes) -> Request:
    """Take a request apart.

    Raises
    ------
    IntegrityError
        LED-040 for other bytes.
    """
    try:
        fields = der.Reader(der.read(data[: MAX_RESPONSE + 1], der.SEQUENCE))
        if der.integer(fields.take(der.INTEGER)) != 1:
            raise ValueError("another version")
        algorithm, imprint = _imprint(fields.take(der.SEQUENCE))
        policy, nonce = fields.maybe(der.OID), fields.maybe(der.INTEGER)
        fields.maybe(der.BOOLEAN)
        fields.maybe(0xA0)
        fields.end()
        return Request(
            algorithm,
            imprint,
            None if nonce is None else der.integer(nonce),
            None if policy is None else der.oid(policy),
        )
    except ValueError:
        raise IntegrityError("LED-040", reason="the request is not DER as RFC 3161 asks") from None


def _algorithm(node: der.Node) -> str:
    fields = der.Reader(node)
    name, nothing = der.oid(fields.take(der.OID)), fields.maybe(der.NULL)
    fields.end()
    if nothing is not None and nothing.body:
        raise ValueError("parameters that are not null")
    return name


def _hash(node: der.Node) -> str:
    name = _algorithm(node)
    if name not in HASHES:
        raise CheckError("LED-042", reason="it uses a digest that is too weak or not known here")
    return HASHES[name]


def _imprint(node: der.Node) -> tuple[str, bytes]:
    fields = der.Reader(node)
    algorithm, imprint = _hash(fields.take(der.SEQUENCE)), fields.take(der.OCTETS).body
    fields.end()
    if len(imprint) != hashlib.new(algorithm).digest_size:
        raise ValueError("a digest of another length")
    return algorithm, imprint


def parse_response(data: bytes) -> Token:
    """Take a response apart.

    Parameters
    ----------
    data
        The bytes of a TimeStampResp, at most :data:`MAX_RESPONSE`.

    Raises
    ------
    IntegrityError
        LED-040 for bytes that are none.
    CheckError
        LED-043 when the time-stamper refused, LED-042 for algorithms that are not known here.
    """
    if len(data) > MAX_RESPONSE:
        raise IntegrityError("LED-040", reason="the response is too long")
    try:
        fields = der.Reader(der.read(data, der.SEQUENCE))
        status = der.integer(der.Reader(fields.take(der.SEQUENCE)).take(der.INTEGER))
        if status not in GRANTED:
            raise CheckError("LED-043", reason=f"it refused with status {status}")
        body = der.Reader(fields.take(der.SEQUENCE))
        fields.end()
        if der.oid(body.take(der.OID)) != SIGNED_DATA:
            raise ValueError("another content")
        inner = der.children(body.take(0xA0))
        body.end()
        if len(inner) != 1 or inner[0].tag != der.SEQUENCE:
            raise ValueError("not one signed content")
        return _signed_data(inner[0])
    except (ValueError, OverflowError):
        raise IntegrityError("LED-040", reason="the response is not DER as RFC 3161 asks") from None


def _signed_data(node: der.Node) -> Token:
    fields = der.Reader(node)
    if der.integer(fields.take(der.INTEGER)) not in _VERSIONS:
        raise ValueError("another version")
    digests = {HASHES.get(_algorithm(one)) for one in der.children(fields.take(der.SET))}
    content = der.Reader(fields.take(der.SEQUENCE))
    if der.oid(content.take(der.OID)) != TST_INFO:
        raise ValueError("another content")
    info = der.Reader(content.take(0xA0)).take(der.OCTETS).body
    content.end()
    certificates = fields.maybe(0xA0)
    fields.maybe(0xA1)
    signers = der.children(fields.take(der.SET))
    fields.end()
    if len(signers) != 1 or signers[0].tag != der.SEQUENCE:
        raise ValueError("not one signer")
    held = [] if certificates is None else der.children(certificates)
    made = _token(info, tuple(one.whole for one in held if one.tag == der.SEQUENCE), signers[0])
    if made.digest not in digests:
        raise ValueError("a digest that was not announced")
    return made


def _token(info: bytes, certificates: tuple[bytes, ...], signer: der.Node) -> Token:
    fields = der.Reader(signer)
    if der.integer(fields.take(der.INTEGER)) not in _VERSIONS:
        raise ValueError("another version")
    who = fields.maybe(der.SEQUENCE)
    if who is None:
        raise CheckError("LED-042", reason="it names its certificate in a way that is not known here")
    name = der.Reader(who)
    issuer, cert_serial = name.take(der.SEQUENCE).whole, der.integer(name.take(der.INTEGER))
    name.end()
    digest = _hash(fields.take(der.SEQUENCE))
    attributes = fields.take(0xA0)
    signature_oid = _algorithm(fields.take(der.SEQUENCE))
    signature = fields.take(der.OCTETS).body
    fields.maybe(0xA1)
    fields.end()
    said = der.Reader(der.read(info, der.SEQUENCE))
    if der.integer(said.take(der.INTEGER)) != 1:
        raise ValueError("another version")
    policy = der.oid(said.take(der.OID))
    algorithm, imprint = _imprint(said.take(der.SEQUENCE))
    serial = der.integer(said.take(der.INTEGER))
    at = _moment(said.take(der.TIME).body)
    accuracy = said.maybe(der.SEQUENCE)
    if (ordering := said.maybe(der.BOOLEAN)) is not None:
        der.boolean(ordering)
    nonce = said.maybe(der.INTEGER)
    said.maybe(0xA0)
    if (extensions := said.maybe(0xA1)) is not None:
        _no_critical(extensions)
    said.end()
    return Token(
        algorithm,
        imprint,
        at,
        timedelta() if accuracy is None else _accuracy(accuracy),
        policy,
        None if nonce is None else der.integer(nonce),
        serial,
        info,
        certificates,
        issuer,
        cert_serial,
        digest,
        _attributes(attributes),
        # RFC 5652, section 5.4: the signature is over the attributes as an explicit SET OF.
        bytes([der.SET]) + attributes.whole[1:],
        signature_oid,
        signature,
    )


def _moment(body: bytes) -> datetime:
    match = _GENERALIZED.fullmatch(body)
    if match is None:
        raise ValueError("not a time in UTC")
    whole = datetime.strptime(match[1].decode(), "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    return whole + timedelta(microseconds=int((match[2] or b"").ljust(6, b"0")[:6] or b"0"))


def _accuracy(node: der.Node) -> timedelta:
    fields = der.Reader(node)
    seconds, millis, micros = (fields.maybe(tag) for tag in (der.INTEGER, 0x80, 0x81))
    fields.end()
    parts = [0 if one is None else int.from_bytes(one.body, "big", signed=True) for one in (seconds, millis, micros)]
    if not all(0 <= part < most for part, most in zip(parts, (_WORST, 1000, 1000), strict=True)):
        raise CheckError("LED-042", reason="it says that its time may be off by a day or more")
    return timedelta(seconds=parts[0], milliseconds=parts[1], microseconds=parts[2])


def _no_critical(node: der.Node) -> None:
    for extension in der.children(node):
        fields = der.Reader(extension)
        fields.take(der.OID)
        critical = fields.maybe(der.BOOLEAN)
        if critical is not None and der.boolean(critical):
            raise CheckError("LED-042", reason="it holds a critical extension that is not known here")


def _attributes(node: der.Node) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    for attribute in der.children(node):
        fields = der.Reader(attribute)
        name, values = der.oid(fields.take(der.OID)), der.children(fields.take(der.SET))
        fields.end()
        if name in found or len(values) != 1:
            raise ValueError("an attribute with more than one value")
        found[name] = values[0].whole
    return found
