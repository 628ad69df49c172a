"""Begin to use a key that a token or a key service holds: make or find it there, and write its key file."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from curator.core.clock import Clock
from curator.core.errors import UsageError
from curator.provenance import service, token
from curator.provenance.held import WrongSecretError, write_held
from curator.provenance.keys import PersonKey
from curator.provenance.keystore import LEAST_PASSPHRASE, key_path, unlock
from curator.provenance.security import record_failure


@dataclass(frozen=True)
class OnToken:
    """A key on a token.

    Parameters
    ----------
    module
        Path of the PKCS #11 module.
    label
        The token's label.
    algorithm
        Of :mod:`curator.provenance.curves`.
    existing
        CKA_ID of a key pair that is there already; None makes one.
    """

    module: str
    label: str
    algorithm: str
    existing: bytes | None = None


@dataclass(frozen=True)
class InService:
    """A key in a key service: its address there and its raw public key."""

    address: str
    public: bytes


def hold(store: Path, person: str, where: OnToken | InService, secret: bytes, clock: Clock) -> PersonKey:
    """Make or find a key at its holder, write the person's key file, and open the key.

    Parameters
    ----------
    store
        The key store's folder.
    person
        The person's id.
    where
        The holder.
    secret
        The token's PIN, or a new passphrase for the key file of a key service.
    clock
        For the record of a failed try.

    Raises
    ------
    UsageError
        KEY-004 when there is a key of this person, KEY-014 for a short passphrase, KEY-051 for a wrong PIN, and what
        the holder says.
    CheckError
        KEY-056.
    """
    if key_path(store, person).exists():
        raise UsageError("KEY-004")
    if isinstance(where, InService):
        service.check_address(where.address)
        length = len(secret.decode("utf-8", "replace"))
        if length < LEAST_PASSPHRASE:
            raise UsageError("KEY-014", length=length, least=LEAST_PASSPHRASE)
        # Open it before its file is written, so that a wrong address leaves no file.
        service.open_service({"address": where.address}, where.public, b"")
        write_held(store, person, service.KIND, where.public, {"address": where.address}, secret)
    else:
        try:
            public, details = token.make_token_key(
                where.module, where.label, where.algorithm, person, secret, where.existing
            )
        except WrongSecretError:
            record_failure(store, person, clock)
            raise UsageError("KEY-051") from None
        write_held(store, person, token.KIND, public, details)
    return unlock(store, person, secret, clock)
