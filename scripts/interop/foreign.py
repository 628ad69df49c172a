"""Verify evidence with Python packages that are not ours, and no code of curator.

``accepts(verifier, job, data)`` is what tests call. Run as a script, it reads ``{"verifier": ..., "cases": [...]}`` on
standard input and writes a JSON array, true where a case was accepted, so that another Python that has the packages
can be used. A refusal is whatever exception the package raises; a package that lacks is an ImportError.
"""

from __future__ import annotations

import base64
import json
import sys
import warnings
from typing import Any

#: SubjectPublicKeyInfo of a P-256 key up to the 65 bytes of its point (RFC 5480).
_P256 = bytes.fromhex("3059301306072a8648ce3d020106082a8648ce3d030107034200")


def _raw(text: str) -> bytes:
    return base64.b64decode(text, validate=True)


def _securesystemslib(data: dict[str, Any]) -> None:
    from securesystemslib.dsse import Envelope
    from securesystemslib.signer import SSlibKey

    public = _raw(data["key"])
    if len(public) == 65:
        der = base64.b64encode(_P256 + public).decode()
        pem = f"-----BEGIN PUBLIC KEY-----\n{der}\n-----END PUBLIC KEY-----\n"
        key = SSlibKey(data["keyid"], "ecdsa", "ecdsa-sha2-nistp256", {"public": pem})
    else:
        key = SSlibKey(data["keyid"], "ed25519", "ed25519", {"public": public.hex()})
    Envelope.from_dict(data["envelope"]).verify([key], 1)


def _in_toto(data: dict[str, Any]) -> None:
    import in_toto_attestation.v1.statement_pb2 as protocol
    from google.protobuf.json_format import Parse
    from in_toto_attestation.v1.statement import Statement

    Statement.copy_from_pb(Parse(_raw(data["payload"]), protocol.Statement())).validate()


def _rfc3161_client(data: dict[str, Any]) -> None:
    from cryptography.x509 import load_pem_x509_certificate
    from rfc3161_client import VerifierBuilder, decode_timestamp_response

    root = load_pem_x509_certificate(data["root"].encode())
    response = decode_timestamp_response(_raw(data["token"]))
    if not VerifierBuilder().add_root_certificate(root).build().verify_message(response, _raw(data["data"])):
        raise ValueError("refused")


def _bagit(data: dict[str, Any]) -> None:
    import bagit

    bagit.Bag(data["folder"]).validate()


_VERIFIERS = {
    ("securesystemslib", "envelope"): _securesystemslib,
    ("securesystemslib", "p256-envelope"): _securesystemslib,
    ("in-toto-attestation", "statement"): _in_toto,
    ("rfc3161-client", "token"): _rfc3161_client,
    ("bagit", "package"): _bagit,
}


def accepts(verifier: str, job: str, data: dict[str, Any]) -> bool:
    """Say whether a package accepts one piece of evidence.

    Raises
    ------
    ImportError
        When the package is not installed.
    """
    call = _VERIFIERS[verifier, job]
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what a package says of its own future is no verdict
            call(data)
    except ImportError:
        raise
    except Exception:
        return False
    return True


def main() -> None:
    """Answer the cases on standard input."""
    asked = json.load(sys.stdin)
    answers = [accepts(asked["verifier"], case["job"], case["data"]) for case in asked["cases"]]
    json.dump(answers, sys.stdout)


if __name__ == "__main__":
    main()
