"""Keys in a cloud key service or HashiCorp Vault, through the signers of securesystemslib.

Needs the extra ``kms`` and the service's own library. What is signed goes to the service as a digest or whole, as its
signer does it; who may use the key there is the service's affair, and its sign-in comes from the environment that the
service's library looks into. The address of the key is encrypted in the key file under the person's passphrase, so that
both components are asked for here too (21 CFR 11.200(a)(1)).
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Any

from curator.core.errors import CheckError, UsageError
from curator.provenance.curves import P256, algorithm_of
from curator.provenance.keys import key_id, public_pem

KIND = "securesystemslib"
#: Schemes of addresses: AWS KMS, Google Cloud KMS, Azure Key Vault, HashiCorp Vault. A key in a clear file is none.
SCHEMES = frozenset({"awskms", "gcpkms", "azurekms", "hv"})
#: Extras of securesystemslib that are not named as their scheme.
_EXTRAS = {"hv": "vault"}


class ServiceSigner:
    """Signs through a signer of securesystemslib.

    Parameters
    ----------
    signer
        A ``securesystemslib.signer.Signer``.
    public
        The raw public key.
    """

    def __init__(self, signer: Any, public: bytes) -> None:
        self._signer, self._public = signer, public

    @property
    def public(self) -> bytes:
        """The raw public key."""
        return self._public

    def sign(self, data: bytes) -> bytes:
        """Return the signature over data."""
        return bytes.fromhex(self._signer.sign(data).signature)


def check_address(address: str) -> None:
    """Refuse an address that is not one of a key service.

    Raises
    ------
    UsageError
        KEY-060.
    """
    scheme, colon, rest = address.partition(":")
    if scheme not in SCHEMES or not colon or not rest or len(address) > 500 or not address.isprintable():
        raise UsageError("KEY-060", schemes=", ".join(sorted(SCHEMES)))


def open_service(details: Mapping[str, Any], public: bytes, secret: bytes) -> ServiceSigner:  # noqa: ARG001 - Opener
    """Open a key in a key service (:class:`curator.provenance.held.Opener`).

    Parameters
    ----------
    details
        ``address``: the private key URI as securesystemslib spells it, such as ``awskms:alias/ada``.
    public
        The raw public key.
    secret
        Not used: the service has its own sign-in.

    Raises
    ------
    UsageError
        KEY-058 without the extra, KEY-060 for an address of another kind, KEY-071 without the service's own library.
    CheckError
        KEY-056 when the service cannot be reached or knows no such key.
    """
    address = details["address"]
    check_address(address)
    try:
        library, errors = import_module("securesystemslib.signer"), import_module("securesystemslib.exceptions")
    except ImportError:
        raise UsageError("KEY-058", extra="kms") from None
    try:
        from cryptography.hazmat.primitives.serialization import load_pem_public_key

        scheme = "ecdsa-sha2-nistp256" if algorithm_of(public) == P256 else "ed25519"
        key = library.SSlibKey.from_crypto(load_pem_public_key(public_pem(public)), key_id(public), scheme)
        signer = library.Signer.from_priv_key_uri(address, key)
    except errors.UnsupportedLibraryError:
        scheme = address.partition(":")[0]
        raise UsageError("KEY-071", scheme=scheme, extra=_EXTRAS.get(scheme, scheme)) from None
    except Exception:  # noqa: BLE001 - whatever another's code raises may quote anything
        raise CheckError("KEY-056") from None
    return ServiceSigner(signer, public)
