"""Private keys at rest: one file a person, in that person's own key store, never in a project.

A key that a token or a key service holds has a file of another form there (:mod:`curator.provenance.held`).

``<id>.key.json``: the 32-byte seed under AES-256-GCM (NIST SP 800-38D), its key derived from the passphrase by scrypt
(RFC 7914) with at least n = 2**17, r = 8, p = 1 (128 MiB). Everything else in the file is authenticated with it.
docs/adr/0032-keys-at-rest.md says why not PKCS#8.
"""

from __future__ import annotations

import os
from pathlib import Path

from curator.core.canonical import canonical_bytes, strict_loads
from curator.core.clock import Clock, SystemClock
from curator.core.errors import IntegrityError, UsageError
from curator.core.files import make_folder, put_if_absent, translated
from curator.provenance.held import held_file, open_held
from curator.provenance.keys import KEY_BYTES, PersonKey, SeedSigner, check_id, decode64, encode64
from curator.provenance.sealing import opening_key, seal
from curator.provenance.security import check_lockout, record_failure

KEY_FORMAT = 1
LEAST_PASSPHRASE = 8
MAX_KEY_BYTES = 1 << 14
ENVIRONMENT = "CURATOR_KEY_STORE"


def default_key_store() -> Path:
    """Return where a person's keys stand by default: ``CURATOR_KEY_STORE``, else the user's configuration folder.

    The variable names a folder only; no secret is ever read from the environment.
    """
    named = os.environ.get(ENVIRONMENT)
    if named:
        return Path(named)
    base = os.environ.get("XDG_CONFIG_HOME")
    return (Path(base) if base else Path.home() / ".config") / "curator" / "keys"


def key_path(store: Path, person: str) -> Path:
    """Return where a person's key file stands (KEY-015 for an unusable id, KEY-073 for a store that is no folder)."""
    check_id(person)
    need_folder(store)
    return store / f"{person}.key.json"


def need_folder(store: Path) -> None:
    """Refuse a key store whose path, or a folder above it, is a file (KEY-073)."""
    try:
        there = next((one for one in (store, *store.parents) if os.path.lexists(one)), None)
        fine = there is None or there.is_dir()
    except OSError:
        return  # what cannot be looked at is told where it is read or written
    if not fine:
        raise UsageError("KEY-073")


def create_key(store: Path, person: str, passphrase: bytes) -> PersonKey:
    """Make a fresh key and store it encrypted.

    Parameters
    ----------
    store
        The key store's folder; made with mode 0700.
    person
        The person's id.
    passphrase
        At least eight characters.

    Raises
    ------
    UsageError
        KEY-004 when there is a key of this person, KEY-014 for a short passphrase, KEY-015 for an unusable id.
    """
    path = key_path(store, person)
    length = len(passphrase.decode("utf-8", "replace"))
    if length < LEAST_PASSPHRASE:
        raise UsageError("KEY-014", length=length, least=LEAST_PASSPHRASE)
    if path.exists():
        raise UsageError("KEY-004")
    make_folder(store, 0o700)
    seed = os.urandom(KEY_BYTES)
    signer = SeedSigner(seed)
    head = {"format": KEY_FORMAT, "id": person, "publicKey": encode64(signer.public)}
    if not put_if_absent(path, canonical_bytes(seal(head, seed, passphrase)), 0o600):
        raise UsageError("KEY-004")
    return PersonKey(person, signer)


def unlock(store: Path, person: str, passphrase: bytes, clock: Clock | None = None) -> PersonKey:
    """Open a person's key.

    Parameters
    ----------
    store
        The key store's folder.
    person
        The person's id.
    passphrase
        The key's passphrase.
    clock
        For the record of a failed try (21 CFR 11.300(d)); the machine's by default.

    Raises
    ------
    UsageError
        KEY-001 when there is no key, KEY-002 when the passphrase is wrong, KEY-039 after many wrong ones, KEY-070 for
        the file of another person.
    IntegrityError
        KEY-003 for a damaged key file, or one with weaker encryption than this module writes.
    """
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    path = key_path(store, person)
    if not path.is_file():
        raise UsageError("KEY-001")
    check_lockout(store, person, clock or SystemClock())
    with translated(), path.open("rb") as stream:
        data = stream.read(MAX_KEY_BYTES)
    held = held_file(data)
    if held is not None:
        return open_held(store, person, held, passphrase, clock or SystemClock())
    try:
        document = strict_loads(data)
        sealed = decode64(document.pop("sealed"))
        if document["format"] > KEY_FORMAT:
            raise UsageError("SYS-007", found=document["format"], known=KEY_FORMAT)
        public = decode64(document["publicKey"])
        if not isinstance(document["id"], str):
            raise ValueError
        if document["id"] != person:
            raise UsageError("KEY-070")
        derived, nonce = opening_key(document, passphrase)
        head = canonical_bytes(document)
    except UsageError as error:
        if error.code in {"SYS-007", "KEY-070"}:
            raise
        raise IntegrityError("KEY-003") from None
    except (ValueError, KeyError, TypeError, AttributeError):
        raise IntegrityError("KEY-003") from None
    try:
        seed = AESGCM(derived).decrypt(nonce, sealed, head)
    except InvalidTag:
        record_failure(store, person, clock or SystemClock())
        raise UsageError("KEY-002") from None
    signer = SeedSigner(seed)
    if signer.public != public:
        raise IntegrityError("KEY-003")
    return PersonKey(person, signer)
