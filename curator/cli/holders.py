"""The options that say where a new key is kept, when that is not the key store itself."""

from __future__ import annotations

import functools
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from curator.core.errors import UsageError

if TYPE_CHECKING:
    from curator.provenance.hold import InService, OnToken

_Function = TypeVar("_Function", bound=Callable[..., Any])
ALGORITHMS = {"ed25519": "ed25519", "p256": "ecdsa-p256"}
_HEX = frozenset("0123456789abcdefABCDEF")
#: A public key larger than this is surely another file, given by mistake.
MAX_KEY_FILE = 1 << 14


def holder_options(function: _Function) -> Callable[..., Any]:
    """Add the options of tokens and key services; passes ``holder: OnToken | InService | None``."""

    @click.option("--token-module", metavar="PATH", help="Make the key on a token, through this PKCS #11 module.")
    @click.option("--token-label", metavar="TEXT", help="Label of the token.")
    @click.option("--token-key", metavar="HEX", help="Use a key pair that is on the token: its id (CKA_ID).")
    @click.option(
        "--algorithm",
        type=click.Choice(sorted(ALGORITHMS)),
        default="ed25519",
        show_default=True,
        help="Kind of the key on the token.",
    )
    @click.option("--service-key", metavar="ADDRESS", help="Use a key of a key service, such as awskms:alias/ada.")
    @click.option(
        "--service-public-key",
        type=click.Path(path_type=Path),
        metavar="FILE",
        help="The public half of that key, Ed25519 or P-256, as PEM.",
    )
    @functools.wraps(function)
    def wrapped(
        *,
        token_module: str | None,
        token_label: str | None,
        token_key: str | None,
        algorithm: str,
        service_key: str | None,
        service_public_key: Path | None,
        **rest: Any,
    ) -> Any:
        holder = _holder(token_module, token_label, token_key, algorithm, service_key, service_public_key)
        return function(holder=holder, **rest)

    return wrapped


def _holder(
    module: str | None,
    label: str | None,
    token_key: str | None,
    algorithm: str,
    address: str | None,
    public: Path | None,
) -> OnToken | InService | None:
    from curator.provenance.hold import InService, OnToken

    on_token, in_service = (module, label), (address, public)
    if on_token == (None, None) and in_service == (None, None) and token_key is None:
        return None
    if module is not None and label is not None and in_service == (None, None):
        if token_key is not None and not (token_key and len(token_key) % 2 == 0 and set(token_key) <= _HEX):
            raise UsageError("KEY-061")
        existing = None if token_key is None else bytes.fromhex(token_key)
        return OnToken(module, label, ALGORITHMS[algorithm], existing)
    if address is not None and public is not None and on_token == (None, None) and token_key is None:
        return InService(address, _public(public))
    raise UsageError("KEY-061")


def _public(path: Path) -> bytes:
    from curator.provenance.keys import parse_public

    try:
        with path.open("rb") as stream:
            return parse_public(stream.read(MAX_KEY_FILE))
    except OSError:
        raise UsageError("KEY-017") from None
