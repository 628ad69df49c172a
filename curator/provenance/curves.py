"""Which public keys and signatures are fit for use: one spelling each, on the curve, of the large prime order.

Ed25519 (RFC 8032) and ECDSA on P-256 with SHA-256 (FIPS 186-5, SEC 1). A raw public key is 32 bytes for Ed25519 and the
65 bytes of the uncompressed point for P-256 (SEC 1, section 2.3.3): its length tells the algorithm. This module handles
public values only; nothing in it needs, or has, constant time.
"""

from __future__ import annotations

ED25519 = "ed25519"
P256 = "ecdsa-p256"
KEY_BYTES = 32
POINT_BYTES = 65
SIGNATURE_BYTES = 64
#: SubjectPublicKeyInfo up to the raw key: RFC 8410, section 4, and RFC 5480, section 2 (id-ecPublicKey, secp256r1).
SPKI_PREFIX = bytes.fromhex("302a300506032b6570032100")
P256_PREFIX = bytes.fromhex("3059301306072a8648ce3d020106082a8648ce3d030107034200")
#: Order of P-256's base point (SP 800-186, section 3.2.1.3).
P256_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551

# edwards25519 (RFC 8032, section 5.1): field, order of the base point, curve constant, square root of -1.
_FIELD = 2**255 - 19
_ORDER = 2**252 + 27742317777372353535851937790883648493
_D = -121665 * pow(121666, -1, _FIELD) % _FIELD
_ROOT = pow(2, (_FIELD - 1) // 4, _FIELD)

_Point = tuple[int, int, int, int]


def algorithm_of(public: bytes) -> str:
    """Return the algorithm of a raw public key, :data:`ED25519` or :data:`P256`.

    Raises
    ------
    ValueError
        For another length or another kind of point.
    """
    if len(public) == KEY_BYTES:
        return ED25519
    if len(public) == POINT_BYTES and public[0] == 4:
        return P256
    raise ValueError("not a raw public key")


def spki(public: bytes) -> bytes:
    """Return the DER SubjectPublicKeyInfo of a raw public key (ValueError as :func:`algorithm_of`)."""
    return (SPKI_PREFIX if algorithm_of(public) == ED25519 else P256_PREFIX) + public


def from_spki(document: bytes) -> bytes:
    """Return the raw public key of a DER SubjectPublicKeyInfo.

    Raises
    ------
    ValueError
        For any but the two forms that :func:`spki` writes.
    """
    for prefix, size in ((SPKI_PREFIX, KEY_BYTES), (P256_PREFIX, POINT_BYTES)):
        if document.startswith(prefix) and len(document) == len(prefix) + size:
            return document[len(prefix) :]
    raise ValueError("neither Ed25519 nor P-256")


def check_public(public: bytes) -> None:
    """Refuse a raw public key that is not on its curve, not canonically encoded, or outside of the prime-order group.

    A key of small order would let one signature fit many messages; a second spelling of a key would be a second key ID.

    Raises
    ------
    ValueError
        When it is unfit.
    """
    if algorithm_of(public) == P256:
        from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePublicKey

        # Cofactor 1: every point of the curve but infinity, which has no 65-byte encoding, has the prime order.
        EllipticCurvePublicKey.from_encoded_point(SECP256R1(), public)
        return
    point = _decompressed(public)
    if _is_neutral(point) or not _is_neutral(_times(_ORDER, point)):
        raise ValueError("not of the prime order")


def _decompressed(public: bytes) -> _Point:
    """Decode a point (RFC 8032, section 5.1.3), refusing what is not canonical."""
    number = int.from_bytes(public, "little")
    sign, y = number >> 255, number & (1 << 255) - 1
    if y >= _FIELD:
        raise ValueError("not canonical")
    u, v = (y * y - 1) % _FIELD, (_D * y * y + 1) % _FIELD
    x = u * pow(v, 3, _FIELD) * pow(u * pow(v, 7, _FIELD), (_FIELD - 5) // 8, _FIELD) % _FIELD
    if (v * x * x + u) % _FIELD == 0:
        x = x * _ROOT % _FIELD
    if (v * x * x - u) % _FIELD != 0 or (x == 0 and sign):
        raise ValueError("not on the curve")
    if x & 1 != sign:
        x = _FIELD - x
    return x, y, 1, x * y % _FIELD


def _sum(one: _Point, two: _Point) -> _Point:
    """Add two points in extended coordinates (RFC 8032, section 5.1.4)."""
    a = (one[1] - one[0]) * (two[1] - two[0])
    b = (one[1] + one[0]) * (two[1] + two[0])
    c = 2 * one[3] * two[3] * _D % _FIELD
    d = 2 * one[2] * two[2]
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % _FIELD, g * h % _FIELD, f * g % _FIELD, e * h % _FIELD


def _times(count: int, point: _Point) -> _Point:
    total: _Point = (0, 1, 1, 0)
    while count:
        if count & 1:
            total = _sum(total, point)
        point = _sum(point, point)
        count >>= 1
    return total


def _is_neutral(point: _Point) -> bool:
    return point[0] % _FIELD == 0 and (point[1] - point[2]) % _FIELD == 0


def from_pair(pair: bytes) -> bytes:
    """Return an ECDSA signature that a token gave as r and s, 32 bytes each (PKCS #11 3.1, section 6.3), as we use it.

    Raises
    ------
    ValueError
        For another length, or when r or s is out of range.
    """
    if len(pair) != SIGNATURE_BYTES:
        raise ValueError("not two numbers of 32 bytes")
    return _written(int.from_bytes(pair[:32], "big"), int.from_bytes(pair[32:], "big"))


def settled(signature: bytes) -> bytes:
    """Return a DER ECDSA signature on P-256 in the one spelling used here: strict DER, s in the lower half.

    Raises
    ------
    ValueError
        When it is no DER signature, or r or s is out of range.
    """
    from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

    return _written(*decode_dss_signature(signature))


def is_settled(signature: bytes) -> bool:
    """Say whether an ECDSA signature is DER in its one spelling with s in the lower half, so that none has a twin."""
    try:
        return settled(signature) == signature
    except ValueError:
        return False


def _written(r: int, s: int) -> bytes:
    from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

    if not (0 < r < P256_ORDER and 0 < s < P256_ORDER):
        raise ValueError("out of range")
    return encode_dss_signature(r, min(s, P256_ORDER - s))
