"""A time-stamper for tests, made anew at each run: keys, certificates, and answers that are wrong in one way each."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from curator.provenance import der
from curator.provenance.tsp import parse_request

BEGIN, END = datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)
AT = datetime(2026, 5, 4, 12, 30, 17, tzinfo=UTC)
SHA256, SHA1 = "2.16.840.1.101.3.4.2.1", "1.3.14.3.2.26"
STAMPING = (ExtendedKeyUsageOID.TIME_STAMPING,)


def name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def certificate(
    subject: str,
    key: Any,
    issuer: str,
    by: Any,
    *,
    ca: bool = False,
    purposes: Any = None,
    critical: bool = True,
    serial: int | None = None,
    begin: datetime = BEGIN,
    end: datetime = END,
    digest: Any = None,
) -> x509.Certificate:
    made = (
        x509.CertificateBuilder()
        .subject_name(name(subject))
        .issuer_name(name(issuer))
        .public_key(key.public_key())
        .serial_number(serial or x509.random_serial_number())
        .not_valid_before(begin)
        .not_valid_after(end)
        .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
    )
    if purposes is not None:
        made = made.add_extension(x509.ExtendedKeyUsage(purposes), critical=critical)
    return made.sign(by, digest or (None if isinstance(by, ed25519.Ed25519PrivateKey) else hashes.SHA256()))


def algorithm(oid: str) -> bytes:
    return der.encode(der.SEQUENCE, der.encode_oid(oid))


def attribute(oid: str, value: bytes) -> bytes:
    return der.encode(der.SEQUENCE, der.encode_oid(oid), der.encode(der.SET, value))


class Tsa:
    """A root, a time-stamper under it, and answers."""

    def __init__(self, kind: str = "ec", *, between: bool = False, **leaf: Any) -> None:
        make = {
            "ec": lambda: ec.generate_private_key(ec.SECP256R1()),
            "rsa": lambda: rsa.generate_private_key(65537, 2048),
            "short": lambda: rsa.generate_private_key(65537, 1024),
            "ed25519": ed25519.Ed25519PrivateKey.generate,
        }
        self.root_key = ec.generate_private_key(ec.SECP256R1())
        self.root = certificate(
            "Root",
            self.root_key,
            "Root",
            self.root_key,
            ca=True,
            begin=BEGIN - timedelta(900),
            end=END + timedelta(900),
        )
        self.key = make[kind]()
        issuer, by, self.between = "Root", self.root_key, []
        if between:
            middle = ec.generate_private_key(ec.SECP256R1())
            ca = leaf.pop("middle_ca", True)
            self.between = [certificate("Middle", middle, "Root", self.root_key, ca=ca, purposes=None)]
            issuer, by = "Middle", middle
        leaf.setdefault("purposes", STAMPING)
        self.leaf = certificate("Stamper", self.key, issuer, by, **leaf)

    @property
    def pem(self) -> bytes:
        return self.root.public_bytes(Encoding.PEM)

    def sign(self, data: bytes) -> tuple[str, bytes]:
        if isinstance(self.key, rsa.RSAPrivateKey):
            return "1.2.840.113549.1.1.11", self.key.sign(data, padding.PKCS1v15(), hashes.SHA256())
        if isinstance(self.key, ed25519.Ed25519PrivateKey):
            return "1.3.101.112", self.key.sign(data)
        return "1.2.840.10045.4.3.2", self.key.sign(data, ec.ECDSA(hashes.SHA256()))

    def answer(self, query: bytes, at: datetime = AT, **wrong: Any) -> bytes:
        """Answer a request; each keyword makes one thing another than it ought to be."""
        asked = parse_request(query)
        if "status" in wrong:
            text = der.encode(der.SEQUENCE, der.encode(0x0C, b"QUILLFEATHER no"))
            return der.encode(der.SEQUENCE, der.encode(der.SEQUENCE, der.encode_integer(wrong["status"]), text))
        nonce = wrong.get("nonce", asked.nonce)
        fields = [
            der.encode_integer(1),
            der.encode_oid(wrong.get("policy", asked.policy or "1.3.6.1.4.1.99999.1")),
            der.encode(
                der.SEQUENCE,
                algorithm(wrong.get("imprint_digest", SHA256)),
                der.encode(der.OCTETS, wrong.get("imprint", asked.imprint)),
            ),
            der.encode_integer(77),
            der.encode(der.TIME, wrong.get("time", at.strftime("%Y%m%d%H%M%SZ").encode())),
            der.encode(der.SEQUENCE, der.encode_integer(wrong.get("accuracy", 1))),
        ]
        fields += [der.encode_integer(nonce)] if nonce is not None else []
        fields += [wrong["extension"]] if "extension" in wrong else []
        info = der.encode(der.SEQUENCE, *fields)
        leaf = self.leaf.public_bytes(Encoding.DER)
        stated = hashlib.sha256(wrong.get("stated", leaf)).digest()
        ess = der.encode(
            der.SEQUENCE, der.encode(der.SEQUENCE, der.encode(der.SEQUENCE, der.encode(der.OCTETS, stated)))
        )
        attributes = [
            attribute("1.2.840.113549.1.9.3", der.encode_oid("1.2.840.113549.1.9.16.1.4")),
            attribute("1.2.840.113549.1.9.4", der.encode(der.OCTETS, hashlib.sha256(info).digest())),
        ]
        if wrong.get("ess", True):
            attributes.append(attribute("1.2.840.113549.1.9.16.2.47", ess))
        body = b"".join(sorted(attributes))
        oid, signature = self.sign(der.encode(der.SET, body))
        if "content" in wrong:
            info = wrong["content"](info)
        signer = der.encode(
            der.SEQUENCE,
            der.encode_integer(1),
            der.encode(der.SEQUENCE, self.leaf.issuer.public_bytes(), der.encode_integer(self.leaf.serial_number)),
            algorithm(wrong.get("digest", SHA256)),
            der.encode(0xA0, body),
            algorithm(oid),
            der.encode(der.OCTETS, wrong.get("signature", signature)),
        )
        inside = wrong.get("certificates", [leaf, *(one.public_bytes(Encoding.DER) for one in self.between)])
        data = der.encode(
            der.SEQUENCE,
            der.encode_integer(3),
            der.encode(der.SET, algorithm(SHA256)),
            der.encode(
                der.SEQUENCE,
                der.encode_oid("1.2.840.113549.1.9.16.1.4"),
                der.encode(0xA0, der.encode(der.OCTETS, info)),
            ),
            der.encode(0xA0, *inside),
            der.encode(der.SET, *([signer] * wrong.get("signers", 1))),
        )
        token = der.encode(der.SEQUENCE, der.encode_oid("1.2.840.113549.1.7.2"), der.encode(0xA0, data))
        return der.encode(der.SEQUENCE, der.encode(der.SEQUENCE, der.encode_integer(0)), token)
