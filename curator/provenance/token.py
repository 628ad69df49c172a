"""Keys on a token, through its PKCS #11 module (OASIS PKCS #11 3.1): made there, used there, never read out.

Needs the extra ``pkcs11``. The PIN goes to the module and nowhere else. Names here are those of the standard.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
from collections.abc import Mapping
from importlib import import_module
from typing import Any

from curator.core.errors import CheckError, UsageError
from curator.provenance.curves import ED25519, KEY_BYTES, P256, POINT_BYTES, algorithm_of, from_pair
from curator.provenance.held import WrongSecretError, safe_module
from curator.provenance.keys import require_fit

KIND = "pkcs11"
#: CKA_EC_PARAMS: id-ecPublicKey curve secp256r1 and id-Ed25519 as object identifiers (RFC 5480, RFC 8410).
_CURVES = {P256: bytes.fromhex("06082a8648ce3d030107"), ED25519: bytes.fromhex("06032b6570")}
_LABEL_BYTES = 32


class TokenSigner:
    """Signs with one private key of a token.

    Parameters
    ----------
    key
        The private key object, of a session that is logged in.
    public
        The raw public key.
    pin
        Kept for a key that the token asks to unlock at each use (CKA_ALWAYS_AUTHENTICATE), else None.
    """

    def __init__(self, key: Any, public: bytes, pin: str | None) -> None:
        self._key, self._public, self._pin = key, public, pin

    @property
    def public(self) -> bytes:
        """The raw public key."""
        return self._public

    def sign(self, data: bytes) -> bytes:
        """Return the signature over data; for P-256 the token gets the SHA-256 of data (CKM_ECDSA), else the data."""
        mechanism = import_module("pkcs11").Mechanism
        pin = {} if self._pin is None else {"pin": self._pin}
        if algorithm_of(self._public) == P256:
            pair = self._key.sign(hashlib.sha256(data).digest(), mechanism=mechanism.ECDSA, **pin)
            return from_pair(bytes(pair))
        return bytes(self._key.sign(data, mechanism=mechanism.EDDSA, **pin))


#: The session by which this process is logged in to a token, by module and serial; one at a time.
_open: dict[tuple[str, str], Any] = {}


def _library(module: str) -> Any:
    place = safe_module(module)
    try:
        pkcs11 = import_module("pkcs11")
    except ImportError:
        raise UsageError("KEY-058", extra=KIND) from None
    try:
        return pkcs11.lib(str(place))
    except (RuntimeError, OSError):
        raise UsageError("KEY-053") from None


def _token(library: Any, label: str, serial: str | None) -> Any:
    try:
        found = [one for one in library.get_tokens(token_label=label) if serial in {None, _serial(one)}]
    except RuntimeError:
        raise CheckError("KEY-056") from None
    if len(found) != 1:
        raise UsageError("KEY-054", count=len(found))
    return found[0]


def _serial(token: Any) -> str:
    return bytes(token.serial).decode("ascii", "replace").strip()


def _logged_in(token: Any, name: tuple[str, str], secret: bytes, *, write: bool = False) -> Any:
    errors = import_module("pkcs11.exceptions")
    # A second log-in of one process would not look at the PIN: end the first.
    before = _open.pop(name, None)
    if before is not None:
        with contextlib.suppress(RuntimeError):
            before.close()
    try:
        pin = secret.decode()
        return token.open(user_pin=pin, rw=write)
    except (UnicodeDecodeError, errors.PinIncorrect, errors.PinInvalid, errors.PinLenRange):
        raise WrongSecretError from None
    except (errors.PinLocked, errors.PinExpired):
        raise UsageError("KEY-052") from None
    except RuntimeError:
        raise CheckError("KEY-056") from None


def open_token(details: Mapping[str, Any], public: bytes, secret: bytes) -> TokenSigner:
    """Open a key on a token (:class:`curator.provenance.held.Opener`).

    Parameters
    ----------
    details
        ``module`` (path), ``token`` (label), ``serial`` and ``object`` (CKA_ID, hex).
    public
        The raw public key.
    secret
        The user PIN.

    Raises
    ------
    WrongSecretError
        For a wrong PIN.
    UsageError
        KEY-052 for a locked one, KEY-053 for the module, KEY-054 for the token, KEY-055 for the key, KEY-058 without
        the extra.
    CheckError
        KEY-056 when the token fails.
    """
    library = _library(details["module"])
    pkcs11 = import_module("pkcs11")
    token = _token(library, details["token"], details["serial"])
    name = (str(details["module"]), _serial(token))
    session = _logged_in(token, name, secret)
    try:
        key = _one(session, pkcs11.ObjectClass.PRIVATE_KEY, bytes.fromhex(details["object"]))
        always = _flag(key, "ALWAYS_AUTHENTICATE")
    except BaseException:
        session.close()
        raise
    _open[name] = session
    return TokenSigner(key, public, secret.decode() if always else None)


def _one(session: Any, kind: Any, identifier: bytes) -> Any:
    pkcs11 = import_module("pkcs11")
    wanted = {pkcs11.Attribute.CLASS: kind, pkcs11.Attribute.ID: identifier}
    try:
        found = list(session.get_objects(wanted))
    except RuntimeError:
        raise CheckError("KEY-056") from None
    if len(found) != 1:
        raise UsageError("KEY-055")
    return found[0]


def _flag(key: Any, name: str) -> bool:
    """Read a boolean attribute that a token need not have."""
    try:
        return bool(key[getattr(import_module("pkcs11").Attribute, name)])
    except RuntimeError:
        return False


def make_token_key(
    module: str, label: str, algorithm: str, person: str, secret: bytes, existing: bytes | None = None
) -> tuple[bytes, dict[str, str]]:
    """Make a key pair on a token, or take one that is there.

    Parameters
    ----------
    module
        Path of the PKCS #11 module.
    label
        The token's label.
    algorithm
        Of :mod:`curator.provenance.curves`.
    person
        The person's id; it stands in the label of the key.
    secret
        The user PIN.
    existing
        CKA_ID of a key pair that is on the token already.

    Returns
    -------
    tuple
        The raw public key, and the details for the key file.

    Raises
    ------
    UsageError
        As :func:`open_token`; KEY-055 too when the token cannot make the key, or would let it out.
    CheckError
        KEY-056.
    WrongSecretError
        For a wrong PIN.
    """
    library = _library(module)
    pkcs11 = import_module("pkcs11")
    token = _token(library, label, None)
    session = _logged_in(token, (module, _serial(token)), secret, write=existing is None)
    try:
        if existing is None:
            identifier = os.urandom(16)
            _generate(pkcs11, session, algorithm, identifier, person)
        else:
            identifier = existing
        public = _public(_one(session, pkcs11.ObjectClass.PUBLIC_KEY, identifier))
        key = _one(session, pkcs11.ObjectClass.PRIVATE_KEY, identifier)
        kept = _flag(key, "SENSITIVE") and not _flag(key, "EXTRACTABLE") and _flag(key, "NEVER_EXTRACTABLE")
    except RuntimeError:
        raise UsageError("KEY-055") from None
    finally:
        session.close()
    if algorithm_of(public) != algorithm or not kept:
        raise UsageError("KEY-055")
    require_fit(public)
    return public, {"module": module, "token": label, "serial": _serial(token), "object": identifier.hex()}


def _generate(pkcs11: Any, session: Any, algorithm: str, identifier: bytes, person: str) -> None:
    attribute = pkcs11.Attribute
    kind = pkcs11.KeyType.EC if algorithm == P256 else pkcs11.KeyType.EC_EDWARDS
    curve = session.create_domain_parameters(kind, {attribute.EC_PARAMS: _CURVES[algorithm]}, local=True)
    curve.generate_keypair(
        store=True,
        id=identifier,
        label=f"curator {person}"[:_LABEL_BYTES],
        capabilities=pkcs11.MechanismFlag.SIGN | pkcs11.MechanismFlag.VERIFY,
        private_template={attribute.SENSITIVE: True, attribute.EXTRACTABLE: False},
    )


def _public(key: Any) -> bytes:
    """Read CKA_EC_POINT: a DER octet string around the raw key, or (as some modules do) the raw key itself."""
    point = bytes(key[import_module("pkcs11").Attribute.EC_POINT])
    if len(point) in {KEY_BYTES + 2, POINT_BYTES + 2} and point[:2] == bytes([4, len(point) - 2]):
        point = point[2:]
    try:
        algorithm_of(point)
    except ValueError:
        raise UsageError("KEY-055") from None
    return point
