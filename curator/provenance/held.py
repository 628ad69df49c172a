"""Keys that something else holds: a token (PKCS #11), a key service, or what a user's own plug-in reaches.

``<id>.key.json`` of format 2 then says the kind of holder, the public key and where the private one is; it holds none.
A signer of such a key is never believed: each signature is verified with the public key before it is used.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from importlib import import_module
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any, Protocol

from curator.core.canonical import canonical_bytes, strict_loads
from curator.core.clock import Clock
from curator.core.errors import CheckError, CuratorError, IntegrityError, UsageError
from curator.core.files import make_folder, put_if_absent
from curator.provenance.curves import P256, algorithm_of, settled
from curator.provenance.keys import PersonKey, Signer, decode64, encode64, require_fit, verify
from curator.provenance.sealing import opening_key, seal
from curator.provenance.security import record_failure

HELD_FORMAT = 2
#: Each entry point of this group is an :class:`Opener`; its name is the kind.
GROUP = "curator.signers"
BUILT_IN = {
    "pkcs11": "curator.provenance.token:open_token",
    "securesystemslib": "curator.provenance.service:open_service",
}
_KIND = re.compile(r"[a-z0-9][a-z0-9-]{0,31}")


class Opener(Protocol):
    """Opens keys of one kind of holder."""

    def __call__(self, details: Mapping[str, Any], public: bytes, secret: bytes) -> Signer:
        """Return the signer of one key.

        Parameters
        ----------
        details
            Where the private key is: what the key file says.
        public
            The raw public key that it must have.
        secret
            What the person gave: the token's PIN, or the passphrase.

        Raises
        ------
        WrongSecretError
            When the holder refuses the secret: the try is put on record.
        CuratorError
            For anything else that its user can help.
        """
        ...


class WrongSecretError(Exception):
    """The holder of a key refuses the PIN or passphrase."""


class CheckedSigner:
    """A signer that hands out no signature which does not verify.

    Parameters
    ----------
    signer
        The holder's signer; its ECDSA signatures are DER, s in either half.
    public
        The raw public key under which each signature must verify.
    """

    def __init__(self, signer: Signer, public: bytes) -> None:
        self._signer = signer
        self._public = public
        self._p256 = algorithm_of(public) == P256

    @property
    def public(self) -> bytes:
        """The raw public key."""
        return self._public

    def sign(self, data: bytes) -> bytes:
        """Return the signature over data.

        Raises
        ------
        CheckError
            KEY-056 when the holder gives none.
        IntegrityError
            KEY-057 when it gives one that does not verify.
        """
        try:
            made = self._signer.sign(data)
        except CuratorError:
            raise
        except Exception:  # noqa: BLE001 - whatever another's code raises may quote anything
            raise CheckError("KEY-056") from None
        try:
            made = settled(made) if self._p256 else bytes(made)
            fine = verify(self._public, made, data)
        except (ValueError, TypeError):
            fine = False
        if not fine:
            raise IntegrityError("KEY-057")
        return made


def opener_of(kind: str) -> Opener:
    """Return the opener of a kind of holder: our own, else an installed plug-in.

    Raises
    ------
    UsageError
        KEY-059 when there is none, or it does not load.
    """
    try:
        if kind in BUILT_IN:
            module, name = BUILT_IN[kind].split(":")
            built: Opener = getattr(import_module(module), name)
            return built
        (found,) = entry_points(group=GROUP, name=kind)
        made: Opener = found.load()
    except Exception:  # noqa: BLE001 - whatever another's code raises may quote anything
        raise UsageError("KEY-059") from None
    return made


def held_file(data: bytes) -> dict[str, Any] | None:
    """Return the document of a key file of format 2, and None for any other bytes."""
    try:
        document = strict_loads(data)
    except UsageError:
        return None
    if isinstance(document, dict) and document.get("format") == HELD_FORMAT and "kind" in document:
        return document
    return None


def write_held(
    store: Path, person: str, kind: str, public: bytes, details: dict[str, Any], passphrase: bytes | None = None
) -> None:
    """Write the key file of a key that something else holds.

    Parameters
    ----------
    store
        The key store's folder; made with mode 0700.
    person
        The person's id.
    kind
        One of :data:`BUILT_IN`, or a plug-in's name.
    public
        The raw public key.
    details
        Where the private key is; no secret.
    passphrase
        Given, the details are encrypted under it, for a holder that asks for no secret of its own.

    Raises
    ------
    UsageError
        KEY-004 when there is a key of this person.
    """
    head: dict[str, Any] = {"format": HELD_FORMAT, "id": person, "kind": kind, "publicKey": encode64(public)}
    if passphrase is None:
        document = {**head, "details": details}
    else:
        document = seal(head, canonical_bytes(details), passphrase)
    make_folder(store, 0o700)
    if not put_if_absent(store / f"{person}.key.json", canonical_bytes(document), 0o600):
        raise UsageError("KEY-004")


def open_held(store: Path, person: str, document: dict[str, Any], secret: bytes, clock: Clock) -> PersonKey:
    """Open a key by its file of format 2.

    Parameters
    ----------
    store
        The key store, for the record of a failed try (21 CFR 11.300(d)).
    person
        The person's id.
    document
        From :func:`held_file`.
    secret
        The token's PIN, or the passphrase.
    clock
        For the record of a failed try.

    Raises
    ------
    UsageError
        KEY-002 or KEY-051 for a wrong passphrase or PIN, KEY-059 for a kind that is not installed, and what its opener
        raises.
    IntegrityError
        KEY-003 for a damaged file.
    CheckError
        KEY-056 when the holder fails in another way.
    """
    try:
        kind, public = document["kind"], decode64(document["publicKey"])
        algorithm_of(public)
        if document["id"] != person or not _KIND.fullmatch(kind) or ("details" in document) == ("sealed" in document):
            raise ValueError
        details = document["details"] if "details" in document else _unsealed(document, secret)
        if not isinstance(details, dict):
            raise ValueError
    except _WrongPassphraseError:
        record_failure(store, person, clock)
        raise UsageError("KEY-002") from None
    except (UsageError, ValueError, KeyError, TypeError, AttributeError):
        raise IntegrityError("KEY-003") from None
    require_fit(public)
    opener = opener_of(kind)
    try:
        signer = opener(details, public, secret)
        fits = signer.public == public
    except WrongSecretError:
        record_failure(store, person, clock)
        raise UsageError("KEY-051") from None
    except CuratorError:
        raise
    except Exception:  # noqa: BLE001 - whatever another's code raises may quote anything
        raise CheckError("KEY-056") from None
    if not fits:
        raise IntegrityError("KEY-003")
    return PersonKey(person, CheckedSigner(signer, public))


class _WrongPassphraseError(Exception):
    pass


def _unsealed(document: dict[str, Any], passphrase: bytes) -> Any:
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    head = {name: value for name, value in document.items() if name != "sealed"}
    sealed = decode64(document["sealed"])
    key, nonce = opening_key(head, passphrase)
    try:
        return strict_loads(AESGCM(key).decrypt(nonce, sealed, canonical_bytes(head)))
    except InvalidTag:
        raise _WrongPassphraseError from None


def safe_module(path: str) -> Path:
    """Return the path of a library that may be loaded: absolute, a file, of root or this user, writable by nobody else.

    Raises
    ------
    UsageError
        KEY-053.
    """
    place = Path(path)
    try:
        facts = place.stat()
    except (OSError, ValueError):
        raise UsageError("KEY-053") from None
    if not place.is_absolute() or not place.is_file() or facts.st_mode & 0o022 or facts.st_uid not in {0, os.getuid()}:
        raise UsageError("KEY-053")
    return place
