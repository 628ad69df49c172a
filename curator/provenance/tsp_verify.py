"""Say whether a time-stamp token is genuine: digest, signature, the time-stamper's certificate and its chain.

The rules are those of RFC 3161, sections 2.2 and 2.3, RFC 5816 and RFC 5652, section 5; chains are judged by the
``cryptography`` library at the token's own time. Revocation lists are not consulted. docs/adr/0036 says why this is not
left to another library. Nothing here may pass what it cannot judge.
"""

from __future__ import annotations

import hashlib
import warnings
from collections.abc import Sequence
from typing import TYPE_CHECKING

from curator.core.errors import CheckError, IntegrityError, UsageError
from curator.provenance import der
from curator.provenance.tsp import HASHES, TST_INFO, Request, Token

if TYPE_CHECKING:
    from cryptography.x509 import BasicConstraints, Certificate, ExtendedKeyUsage, KeyUsage

CONTENT_TYPE = "1.2.840.113549.1.9.3"
MESSAGE_DIGEST = "1.2.840.113549.1.9.4"
#: ESS signing-certificate attributes: the first edition, by SHA-1 (RFC 2634), and the second (RFC 5035).
ESS, ESS_V2 = "1.2.840.113549.1.9.16.2.12", "1.2.840.113549.1.9.16.2.47"
#: Signature algorithms: kind of key, and the digest's name where the OID fixes it (RFC 5754, RFC 5758, RFC 8419).
SIGNATURES = {
    "1.2.840.113549.1.1.1": ("rsa", None),
    "1.2.840.113549.1.1.11": ("rsa", "sha256"),
    "1.2.840.113549.1.1.12": ("rsa", "sha384"),
    "1.2.840.113549.1.1.13": ("rsa", "sha512"),
    "1.2.840.10045.4.3.2": ("ec", "sha256"),
    "1.2.840.10045.4.3.3": ("ec", "sha384"),
    "1.2.840.10045.4.3.4": ("ec", "sha512"),
    "1.3.101.112": ("ed25519", None),
}
LEAST_RSA = 2048
MAX_CERTIFICATES = 64


def load_roots(data: bytes) -> list[Certificate]:
    """Read trusted certificates from PEM.

    Raises
    ------
    UsageError
        LED-122 for a file that holds none.
    """
    from cryptography import x509

    try:
        return x509.load_pem_x509_certificates(data)
    except (ValueError, x509.InvalidVersion):
        raise UsageError("LED-122") from None


def check_answer(token: Token, asked: Request) -> None:
    """Check that a token is the answer to a request (RFC 3161, section 2.4.2).

    Raises
    ------
    IntegrityError
        LED-041 for another imprint, nonce or policy.
    """
    if (token.algorithm, token.imprint) != (asked.algorithm, asked.imprint):
        raise IntegrityError("LED-041", reason="it stamps other bytes than were asked for")
    if token.nonce != asked.nonce:
        raise IntegrityError("LED-041", reason="it does not carry the request's nonce")
    if asked.policy is not None and token.policy != asked.policy:
        raise IntegrityError("LED-041", reason="it was made under another policy than was asked for")


def check_token(token: Token, data: bytes, given: Sequence[Certificate] = ()) -> Certificate:
    """Check what a token says by itself: imprint, signature, and that its certificate may stamp and was valid then.

    Parameters
    ----------
    token
        The token.
    data
        The bytes that it should stamp.
    given
        Certificates in which the signer's may be found when the token does not hold it.

    Returns
    -------
    Certificate
        The signer's, which nobody has vouched for yet: see :func:`check_chain`.

    Raises
    ------
    IntegrityError
        LED-041, with what is wrong.
    CheckError
        LED-042 for an algorithm that is too weak or not known here.
    """
    if hashlib.new(token.algorithm, data).digest() != token.imprint:
        raise IntegrityError("LED-041", reason="it stamps other bytes than this checkpoint")
    signer = _signer(token, given)
    _check_signature(token, signer)
    _check_purpose(signer)
    if not signer.not_valid_before_utc <= token.at <= signer.not_valid_after_utc:
        raise IntegrityError("LED-041", reason="the time-stamper's certificate was not valid at that time")
    return signer


def _signer(token: Token, given: Sequence[Certificate]) -> Certificate:
    from cryptography import x509
    from cryptography.hazmat.primitives.serialization import Encoding

    malformed = (ValueError, TypeError, x509.InvalidVersion, x509.DuplicateExtension, Warning)
    if len(token.certificates) > MAX_CERTIFICATES:
        raise IntegrityError("LED-040", reason="the response holds too many certificates")
    try:
        with warnings.catch_warnings():
            # The library only warns of serial numbers and the like that no certificate may have.
            warnings.simplefilter("error")
            known = {one: x509.load_der_x509_certificate(one) for one in token.certificates}
            known.update({one.public_bytes(Encoding.DER): one for one in given})
            named = [
                (raw, one)
                for raw, one in known.items()
                if one.issuer.public_bytes() == token.issuer and one.serial_number == token.cert_serial
            ]
            stated = _stated_certificates(token)
    except malformed:
        raise IntegrityError("LED-040", reason="a certificate or its name in the response is not well formed") from None
    if not named:
        raise IntegrityError("LED-041", reason="the certificate that it names is not in it")
    # The signed attribute binds the very certificate, so that no twin of the same name can be put in its place.
    fitting = [one for raw, one in named if all(_digest(name, raw) == digest for name, digest in stated)]
    if not stated or len(fitting) != 1:
        raise IntegrityError("LED-041", reason="its signature does not name the certificate beside it")
    return fitting[0]


def _digest(name: str, data: bytes) -> bytes:
    return hashlib.new(name, data, usedforsecurity=False).digest()


def _stated_certificates(token: Token) -> list[tuple[str, bytes]]:
    """Return the digests by which the signed attributes name the signer's certificate; ValueError where malformed."""
    found = []
    for attribute, default in ((ESS, "sha1"), (ESS_V2, "sha256")):
        if attribute not in token.attributes:
            continue
        outer = der.children(der.read(token.attributes[attribute], der.SEQUENCE))
        first = der.children(outer[0])[0] if outer and outer[0].tag == der.SEQUENCE and outer[0].body else None
        if first is None:
            raise ValueError("no certificate is named")
        fields = der.Reader(first)
        name = default
        if attribute == ESS_V2 and (algorithm := fields.maybe(der.SEQUENCE)) is not None:
            name = HASHES.get(der.oid(der.Reader(algorithm).take(der.OID)), "")
            if not name:
                raise CheckError("LED-042", reason="it names its certificate by a digest that is not known here")
        found.append((name, fields.take(der.OCTETS).body))
    return found


def _check_signature(token: Token, signer: Certificate) -> None:
    try:
        content = der.oid(der.read(token.attributes[CONTENT_TYPE], der.OID))
        digest = der.read(token.attributes[MESSAGE_DIGEST], der.OCTETS).body
    except (KeyError, ValueError):
        raise IntegrityError("LED-041", reason="its signed attributes are not complete") from None
    if content != TST_INFO or digest != hashlib.new(token.digest, token.content).digest():
        raise IntegrityError("LED-041", reason="its content is not what was signed")
    if not _signature_fits(token, signer):
        raise IntegrityError("LED-041", reason="its signature does not match")


def _signature_fits(token: Token, signer: Certificate) -> bool:
    from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa

    kind, fixed = SIGNATURES.get(token.signature_oid, ("", None))
    if not kind or fixed not in {None, token.digest}:
        raise CheckError("LED-042", reason="it is signed with an algorithm that is not known here")
    digest = {"sha256": hashes.SHA256(), "sha384": hashes.SHA384(), "sha512": hashes.SHA512()}[token.digest]
    try:
        key = signer.public_key()
        if kind == "rsa" and isinstance(key, rsa.RSAPublicKey):
            if key.key_size < LEAST_RSA:
                raise CheckError("LED-042", reason="it is signed with a key that is too short")
            key.verify(token.signature, token.signed, padding.PKCS1v15(), digest)
        elif kind == "ec" and isinstance(key, ec.EllipticCurvePublicKey):
            key.verify(token.signature, token.signed, ec.ECDSA(digest))
        elif kind == "ed25519" and isinstance(key, ed25519.Ed25519PublicKey):
            key.verify(token.signature, token.signed)
        else:
            return False
    except InvalidSignature:
        return False
    except (ValueError, UnsupportedAlgorithm):
        raise CheckError("LED-042", reason="it is signed with a key that is not known here") from None
    return True


def _check_purpose(signer: Certificate) -> None:
    """RFC 3161, section 2.3: the extended key usage is critical and holds id-kp-timeStamping alone."""
    from cryptography import x509
    from cryptography.x509.oid import ExtendedKeyUsageOID

    try:
        purpose = signer.extensions.get_extension_for_class(x509.ExtendedKeyUsage)
        fine = purpose.critical and list(purpose.value) == [ExtendedKeyUsageOID.TIME_STAMPING]
    except x509.ExtensionNotFound:
        fine = False
    except (ValueError, x509.DuplicateExtension):
        raise IntegrityError("LED-040", reason="a certificate in the response is not well formed") from None
    if not fine:
        raise IntegrityError("LED-041", reason="its certificate is not one for time-stamping alone")
    try:
        usage = signer.extensions.get_extension_for_class(x509.KeyUsage).value
    except x509.ExtensionNotFound:
        return
    if not usage.digital_signature and not usage.content_commitment:
        raise IntegrityError("LED-041", reason="its certificate does not allow signatures")


def check_chain(token: Token, signer: Certificate, roots: Sequence[Certificate]) -> None:
    """Check that the signer's certificate leads to a trusted one, all of them valid at the token's time.

    A trusted certificate that is the signer's itself needs no chain.

    Raises
    ------
    CheckError
        LED-042 when it does not: another time-stamper's root, a chain that is not complete, or one not valid then.
    """
    from cryptography import x509
    from cryptography.x509 import verification

    if any(root == signer for root in roots):
        return
    agnostic = verification.Criticality.AGNOSTIC
    authority = (
        verification.ExtensionPolicy.permit_all()
        .require_present(x509.BasicConstraints, agnostic, _is_authority)
        .may_be_present(x509.KeyUsage, agnostic, _may_certify)
        .may_be_present(x509.ExtendedKeyUsage, agnostic, _may_stamp)
    )
    between = [one for raw in token.certificates if (one := x509.load_der_x509_certificate(raw)) != signer]
    try:
        judge = (
            verification.PolicyBuilder()
            .store(verification.Store(list(roots)))
            .time(token.at)
            .extension_policies(ca_policy=authority, ee_policy=verification.ExtensionPolicy.permit_all())
            .build_client_verifier()
        )
        judge.verify(signer, between)
    except (verification.VerificationError, ValueError, x509.DuplicateExtension):
        reason = "its certificate leads to none of the trusted ones by a chain that was valid at that time"
        raise CheckError("LED-042", reason=reason) from None


def _is_authority(_: object, __: object, extension: BasicConstraints) -> None:
    if not extension.ca:
        raise ValueError("not an authority")


def _may_certify(_: object, __: object, extension: KeyUsage | None) -> None:
    if extension is not None and not extension.key_cert_sign:
        raise ValueError("may not sign certificates")


def _may_stamp(_: object, __: object, extension: ExtendedKeyUsage | None) -> None:
    from cryptography.x509.oid import ExtendedKeyUsageOID

    allowed = {ExtendedKeyUsageOID.TIME_STAMPING, ExtendedKeyUsageOID.ANY_EXTENDED_KEY_USAGE}
    if extension is not None and allowed.isdisjoint(extension):
        raise ValueError("may not vouch for time-stampers")
