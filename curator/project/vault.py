"""The vault beside a project: secrets, person keys, known identifiers, crosswalk, encrypted at rest.

``vault.json`` holds the parameters of scrypt (RFC 7914) and the master key wrapped by the passphrase's key. Every
other file is sealed by a key derived from the master key for its first folder, so that a worker can be handed the
key of one folder only. Names of files hold no identifier. Each opening, and each failed try, leaves a record.
"""

from __future__ import annotations

import base64
import hashlib
import os
import re
from pathlib import Path
from typing import Any

from curator.core.canonical import canonical_bytes, strict_loads
from curator.core.clock import Clock, utc_text
from curator.core.errors import IntegrityError, UsageError
from curator.core.files import make_folder, put_if_absent, translated, write_whole
from curator.core.hashing import keyed
from curator.project.box import Box

VAULT_FORMAT = 1
#: scrypt work factor: 128 MiB of memory, some 0.3 s. OWASP's floor for scrypt is n = 2**17, r = 8, p = 1 (2024).
SCRYPT = {"n": 1 << 17, "r": 8, "p": 1}
SCRYPT_CEILING = {"n": 1 << 22, "r": 32, "p": 16}
LEAST_PASSPHRASE = 8
_NAME = re.compile(r"[a-z0-9-]+(/[a-z0-9-]+)*")


def passphrase_key(passphrase: bytes, salt: bytes, work: dict[str, int]) -> bytes:
    """Derive 32 bytes from a passphrase with scrypt (RFC 7914)."""
    return hashlib.scrypt(
        passphrase, salt=salt, n=work["n"], r=work["r"], p=work["p"], maxmem=256 * work["n"] * work["r"], dklen=32
    )


def check_passphrase(passphrase: bytes) -> None:
    """Refuse a passphrase that is too short for a new vault.

    Raises
    ------
    UsageError
        VLT-006.
    """
    length = len(passphrase.decode("utf-8", "replace"))
    if length < LEAST_PASSPHRASE:
        raise UsageError("VLT-006", length=length, least=LEAST_PASSPHRASE)


def _last_opening(folder: Path) -> int:
    names = os.listdir(folder / "openings")
    return max((int(name[:8]) for name in names if name.endswith(".json")), default=0)


def _head(folder: Path) -> dict[str, Any]:
    """Return number and digest of the newest entry of the record of openings."""
    last = _last_opening(folder)
    data = (folder / "openings" / f"{last:08d}.json").read_bytes()
    return {"count": last, "sha256": hashlib.sha256(data).hexdigest()}


def note_opening(folder: Path, purpose: str, clock: Clock) -> None:
    """Add an entry to the chained record of openings of the vault in a folder."""
    openings = folder / "openings"
    make_folder(openings, 0o700)
    while True:
        last = _last_opening(folder)
        before = (openings / f"{last:08d}.json").read_bytes() if last else b""
        entry = {
            "format": VAULT_FORMAT,
            "at": utc_text(clock.now()),
            "purpose": purpose,
            "previous": hashlib.sha256(before).hexdigest(),
        }
        if put_if_absent(openings / f"{last + 1:08d}.json", canonical_bytes(entry), 0o600):
            return


class Vault:
    """An opened vault. Make one with :meth:`create` or :meth:`open`."""

    def __init__(self, folder: Path, master: bytes) -> None:
        self.folder = folder
        self._master = master
        self._secrets: dict[str, bytes] | None = None

    def __repr__(self) -> str:
        return "Vault(opened)"

    @classmethod
    def create(cls, folder: Path, passphrase: bytes, *, clock: Clock) -> Vault:
        """Make a vault with fresh random secrets.

        Parameters
        ----------
        folder
            The vault's folder, which must not hold a vault.
        passphrase
            At least eight characters.
        clock
            For the record of the first opening.

        Raises
        ------
        UsageError
            VLT-004 when a vault is there, VLT-006 for a short passphrase.
        """
        check_passphrase(passphrase)
        if (folder / "vault.json").exists():
            raise UsageError("VLT-004")
        make_folder(folder, 0o700)
        with translated():
            os.chmod(folder, 0o700)
        vault = cls(folder, os.urandom(32))
        secrets = {name: base64.b64encode(os.urandom(32)).decode() for name in ("project", "people", "operator")}
        vault.put("secrets", canonical_bytes({"format": VAULT_FORMAT, **secrets}))
        if not put_if_absent(folder / "vault.json", vault._header(passphrase), 0o600):
            raise UsageError("VLT-004")
        note_opening(folder, "created", clock)
        return vault

    def _header(self, passphrase: bytes) -> bytes:
        salt = os.urandom(16)
        wrapped = Box(passphrase_key(passphrase, salt, SCRYPT)).seal("vault.json", self._master)
        kdf = {"name": "scrypt", "salt": base64.b64encode(salt).decode(), **SCRYPT}
        return canonical_bytes({"format": VAULT_FORMAT, "kdf": kdf, "wrapped": base64.b64encode(wrapped).decode()})

    @classmethod
    def open(cls, folder: Path, passphrase: bytes, *, purpose: str, clock: Clock) -> Vault:
        """Open a vault and record it.

        Parameters
        ----------
        folder
            The vault's folder.
        passphrase
            Its passphrase.
        purpose
            What for, a plain word that stands in the record.
        clock
            For the record.

        Raises
        ------
        UsageError
            VLT-001 when there is none, VLT-002 when the passphrase is wrong.
        IntegrityError
            VLT-003 when it is damaged.
        """
        try:
            raw = (folder / "vault.json").read_bytes()
        except OSError:
            raise UsageError("VLT-001") from None
        try:
            doc: dict[str, Any] = strict_loads(raw)
            if doc["format"] > VAULT_FORMAT:
                raise UsageError("SYS-007", found=doc["format"], known=VAULT_FORMAT)
            kdf = doc["kdf"]
            work = {name: int(kdf[name]) for name in SCRYPT}
            if kdf["name"] != "scrypt" or any(not 1 <= work[name] <= SCRYPT_CEILING[name] for name in work):
                raise ValueError
            salt, wrapped = base64.b64decode(kdf["salt"]), base64.b64decode(doc["wrapped"])
            key = passphrase_key(passphrase, salt, work)
        except UsageError as error:
            if error.code == "SYS-007":
                raise
            raise IntegrityError("VLT-003", name="vault.json") from None
        except (ValueError, KeyError, TypeError, MemoryError):
            raise IntegrityError("VLT-003", name="vault.json") from None
        try:
            vault = cls(folder, Box(key).unseal("vault.json", wrapped))
        except IntegrityError:
            note_opening(folder, "failed", clock)
            raise UsageError("VLT-002") from None
        note_opening(folder, purpose, clock)
        vault.put("opened", canonical_bytes({"format": VAULT_FORMAT, **_head(folder)}))
        return vault

    def change_passphrase(self, passphrase: bytes, *, clock: Clock) -> None:
        """Wrap the master key under another passphrase; nothing else changes."""
        check_passphrase(passphrase)
        write_whole(self.folder / "vault.json", self._header(passphrase), 0o600)
        note_opening(self.folder, "passphrase", clock)

    def openings(self) -> list[dict[str, Any]]:
        """Return the record of openings, oldest first, after proving its chain and that its end was not cut off.

        Raises
        ------
        IntegrityError
            VLT-003 when an entry was changed or removed.
        """
        sealed = strict_loads(self.get("opened") or b'{"count":0}')
        found: list[dict[str, Any]] = []
        before = b""
        for number in range(1, max(_last_opening(self.folder), sealed["count"]) + 1):
            try:
                raw = (self.folder / "openings" / f"{number:08d}.json").read_bytes()
                entry = strict_loads(raw)
                kept = entry["previous"] == hashlib.sha256(before).hexdigest()
            except (OSError, UsageError, KeyError, TypeError):
                kept = False
            if not kept or (number == sealed["count"] and hashlib.sha256(raw).hexdigest() != sealed["sha256"]):
                raise IntegrityError("VLT-003", name=f"opening {number}")
            found.append({"number": number, **entry})
            before = raw
        return found

    def box(self, prefix: str) -> Box:
        """Return the box that seals the files of one first-level folder, such as ``deliveries``, or a single file."""
        return Box(keyed(self._master, "vault-box", prefix.encode()))

    def _box_of(self, name: str) -> Box:
        if not _NAME.fullmatch(name):
            raise ValueError("a vault name is lower-case words joined by slashes")
        return self.box(name.split("/", maxsplit=1)[0])

    def path(self, name: str) -> Path:
        """Return where a named document stands on disk."""
        return self.folder / f"{name}.enc"

    def put(self, name: str, data: bytes) -> None:
        """Seal a document and write it whole, replacing what stood under the name."""
        path = self.path(name)
        make_folder(path.parent, 0o700)
        write_whole(path, self._box_of(name).seal(name, data), 0o600)

    def get(self, name: str) -> bytes | None:
        """Return a document's bytes, or None when there is none of this name.

        Raises
        ------
        IntegrityError
            VLT-003 when it was changed.
        """
        try:
            sealed = self.path(name).read_bytes()
        except FileNotFoundError:
            return None
        except OSError:
            raise IntegrityError("VLT-003", name=name) from None
        return self._box_of(name).unseal(name, sealed)

    def need(self, name: str) -> bytes:
        """Return a document that must be there.

        Raises
        ------
        IntegrityError
            VLT-003 when it is missing or was changed.
        """
        data = self.get(name)
        if data is None:
            raise IntegrityError("VLT-003", name=name)
        return data

    def names(self, prefix: str) -> list[str]:
        """Return the names of all documents below a prefix, sorted."""
        base = self.folder / prefix
        found = (path.relative_to(self.folder).as_posix() for path in base.rglob("*.enc"))
        return sorted(name[:-4] for name in found)

    def _secret(self, name: str) -> bytes:
        if self._secrets is None:
            doc = strict_loads(self.need("secrets"))
            self._secrets = {key: base64.b64decode(text) for key, text in doc.items() if key != "format"}
        return self._secrets[name]

    def subkey(self, name: str) -> bytes:
        """Return 32 bytes derived from the project secret: same vault, same name, same subkey."""
        return keyed(self._secret("project"), "subkey", name.encode())

    def person_key(self, number: int) -> bytes:
        """Return the random key of the person with this running number.

        The keys are a stream drawn from a random seed; they are not derived from anything about the individual, as
        45 CFR 164.514(c)(1) asks, and the same vault gives the same stream on any machine.
        """
        return keyed(self._secret("people"), "person-key", number.to_bytes(8, "big"))

    def operator_key(self) -> bytes:
        """Return the raw 32-byte Ed25519 seed of the operator's key."""
        return self._secret("operator")
