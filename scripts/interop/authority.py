"""A time-stamp authority for the occasion, made with ``openssl``: a root, a certificate for time-stamping, tokens."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

CONFIG = """\
[ req ]
distinguished_name = name
prompt = no
[ name ]
CN = time-stamps for a test
[ root ]
basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign, cRLSign
subjectKeyIdentifier = hash
[ stamping ]
basicConstraints = critical, CA:FALSE
keyUsage = critical, digitalSignature
extendedKeyUsage = critical, timeStamping
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
[ tsa ]
default_tsa = made
[ made ]
serial = serial
crypto_device = builtin
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
accuracy = secs:1
ordering = no
tsa_name = no
ess_cert_id_chain = no
ess_cert_id_alg = sha256
"""


def _openssl(folder: Path, *words: Any) -> None:
    line = ["openssl", *map(str, words)]
    subprocess.run(line, cwd=folder, check=True, capture_output=True, timeout=120)


def _root(folder: Path, name: str) -> None:
    kind = ("-newkey", "rsa:2048", "-nodes", "-keyout", f"{name}.key", "-subj", f"/CN={name} of a test")
    _openssl(
        folder, "req", "-x509", "-config", "ts.cnf", "-extensions", "root", *kind, "-days", 2, "-out", f"{name}.pem"
    )


def tokens(checkpoints: list[bytes], folder: Path) -> tuple[list[tuple[bytes, bytes]], bytes, bytes]:
    """Stamp checkpoints.

    Parameters
    ----------
    checkpoints
        Their bytes.
    folder
        An empty folder to work in.

    Returns
    -------
    tuple
        Pairs of a checkpoint and its time-stamp response in DER; the authority's root in PEM; another root in PEM.
    """
    (folder / "ts.cnf").write_text(CONFIG)
    (folder / "serial").write_text("01\n")
    _root(folder, "root")
    _root(folder, "stranger")
    kind = ("-newkey", "rsa:2048", "-nodes", "-keyout", "tsa.key", "-subj", "/CN=stamps of a test", "-out", "tsa.csr")
    _openssl(folder, "req", "-new", "-config", "ts.cnf", *kind)
    by = ("-CA", "root.pem", "-CAkey", "root.key", "-set_serial", 7, "-days", 2)
    how = ("-extfile", "ts.cnf", "-extensions", "stamping", "-out", "tsa.pem")
    _openssl(folder, "x509", "-req", "-in", "tsa.csr", *by, *how)
    made = []
    for data in checkpoints:
        (folder / "data").write_bytes(data)
        _openssl(folder, "ts", "-query", "-data", "data", "-sha256", "-cert", "-out", "query")
        by = ("-signer", "tsa.pem", "-inkey", "tsa.key", "-config", "ts.cnf", "-section", "made")
        _openssl(folder, "ts", "-reply", "-queryfile", "query", *by, "-out", "reply")
        made.append((data, (folder / "reply").read_bytes()))
    return made, (folder / "root.pem").read_bytes(), (folder / "stranger.pem").read_bytes()
