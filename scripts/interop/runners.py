"""How each foreign verifier is asked: whether it is there, its version, and a verdict a case."""

from __future__ import annotations

import argparse
import functools
import json
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import evidence
from evidence import Case, Note, raw

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
TIMEOUT = 300
Judge = Callable[[list[Case]], list[bool]]


class NotRunError(Exception):
    """The verifier is not installed."""


def call(line: list[Any], given: bytes | None = None, **how: Any) -> subprocess.CompletedProcess[bytes]:
    """Run a command and hold what it says."""
    return subprocess.run(list(map(str, line)), input=given, capture_output=True, timeout=TIMEOUT, check=False, **how)


def need(program: str) -> str:
    """Return a program's path, or say that it is not there."""
    found = shutil.which(program)
    if found is None:
        raise NotRunError(program)
    return found


def _signed(case: Case) -> tuple[bytes, bytes, bytes] | None:
    """Return the signed bytes, signature and raw key of an envelope or a checkpoint; None where no signature is."""
    key = raw(case.data["key"])
    if case.job != "checkpoint":
        envelope = case.data["envelope"]
        if not envelope["signatures"]:
            return None
        signed = evidence.pae(envelope["payloadType"], raw(envelope["payload"]))
        return signed, raw(envelope["signatures"][0]["sig"]), key
    note = Note.read(raw(case.data["note"]))
    signature = next((line[2] for line in note.lines if line[0] == case.data["name"]), None)
    return None if signature is None else (note.text.encode(), signature, key)


class Runners:
    """One method a verifier: give its version, then answer cases."""

    def __init__(self, options: argparse.Namespace, work: Path) -> None:
        self.options = options
        self.work = work

    def _files(self, signed: bytes, signature: bytes) -> tuple[Path, Path]:
        paths = self.work / "signed", self.work / "signature"
        for path, data in zip(paths, (signed, signature), strict=True):
            path.write_bytes(data)
        return paths

    def openssl_pkeyutl(self) -> tuple[str, Judge]:
        """Raw signatures with openssl."""
        openssl = need("openssl")

        def one(case: Case) -> bool:
            found = _signed(case)
            if found is None:
                return False
            signed, signature = self._files(*found[:2])
            (self.work / "key.der").write_bytes(evidence.SPKI[len(found[2])] + found[2])
            line = [openssl, "pkeyutl", "-verify", "-pubin", "-keyform", "DER", "-inkey", self.work / "key.der"]
            hashed = ["-digest", "sha256"] if case.job.startswith("p256") else []
            return call([*line, "-rawin", *hashed, "-in", signed, "-sigfile", signature]).returncode == 0

        return _openssl_version(openssl), lambda cases: [one(case) for case in cases]

    def signify(self) -> tuple[str, Judge]:
        """Raw signatures with OpenBSD's signify: b"Ed", 8 bytes of key number, then the key or the signature."""
        signify = shutil.which("signify-openbsd") or need("signify")
        head = b"Ed" + bytes(8)

        def text(data: bytes) -> bytes:
            return f"untrusted comment: none\n{evidence.b64(head + data)}\n".encode()

        def one(case: Case) -> bool:
            found = _signed(case)
            if found is None:
                return False
            signed, signature = self._files(found[0], text(found[1]))
            (self.work / "key.pub").write_bytes(text(found[2]))
            line = [signify, "-V", "-q", "-p", self.work / "key.pub", "-x", signature, "-m", signed]
            return call(line).returncode == 0

        return _debian("signify-openbsd"), lambda cases: [one(case) for case in cases]

    def openssl_ts(self) -> tuple[str, Judge]:
        """Tokens with openssl."""
        openssl = need("openssl")

        def one(case: Case) -> bool:
            data, token = self._files(raw(case.data["data"]), raw(case.data["token"]))
            (self.work / "root.pem").write_text(case.data["root"])
            line = [openssl, "ts", "-verify", "-data", data, "-in", token, "-CAfile", self.work / "root.pem"]
            done = call(line)
            return done.returncode == 0 and b"Verification: OK" in done.stdout

        return _openssl_version(openssl), lambda cases: [one(case) for case in cases]

    def python(self, package: str) -> tuple[str, Judge]:
        """A Python package, in the Python that has it."""
        python = self.options.python
        code = "import sys; from importlib import metadata; print(metadata.version(sys.argv[1]))"
        found = call([python, "-c", code, package])
        if found.returncode:
            raise NotRunError(package)

        def judge(cases: list[Case]) -> list[bool]:
            given = {"verifier": package, "cases": [{"job": case.job, "data": case.data} for case in cases]}
            return answers(call([python, HERE / "foreign.py"], json.dumps(given).encode()), len(cases))

        return found.stdout.decode().strip(), judge

    def sigstore(self) -> tuple[str, Judge]:
        """The npm package, out of a folder that holds node_modules."""
        node, folder = need("node"), self.options.node
        about = None if folder is None else folder / "node_modules" / "@sigstore" / "verify" / "package.json"
        if about is None or not about.is_file():
            raise NotRunError("@sigstore/verify")

        def judge(cases: list[Case]) -> list[bool]:
            given = json.dumps([{"job": case.job, "data": case.data} for case in cases]).encode()
            return answers(call([node, HERE / "verify.mjs", folder], given), len(cases))

        return str(json.loads(about.read_text())["version"]), judge

    @functools.cached_property
    def _go(self) -> tuple[str, Path]:
        go = need("go")
        build = self.work / "go"
        module = build / "src" / "verify"
        module.mkdir(parents=True)
        shutil.copy(HERE / "verify.go", module)
        # Debian's package is a tree of sources without module files: GOPATH mode takes it, and needs no network.
        environment = {
            **os.environ,
            "GO111MODULE": "off",
            "GOPATH": f"{build}:{self.options.gopath}",
            "GOCACHE": str(build / "cache"),
            "GOFLAGS": "",
        }
        done = call([go, "build", "-o", build / "verify", "verify"], env=environment, cwd=module)
        if done.returncode:
            raise NotRunError("golang.org/x/mod")
        version = call([go, "version"]).stdout.decode().split()[2].removeprefix("go")
        return f"{_debian('golang-golang-x-mod-dev')} (Go {version})", build / "verify"

    def go(self) -> tuple[str, Judge]:
        """golang.org/x/mod/sumdb."""
        version, program = self._go

        def judge(cases: list[Case]) -> list[bool]:
            given = []
            for case in cases:
                data = dict(case.data)
                if case.job == "checkpoint":
                    data["vkey"] = evidence.vkey(data["name"], raw(data["key"]))
                given.append({"job": case.job, "data": data})
            return answers(call([program], json.dumps(given).encode()), len(cases))

        return version, judge

    def script(self) -> tuple[str, Judge]:
        """The package script, with sha256sum and openssl."""
        need("openssl")
        version = call([need("sha256sum"), "--version"]).stdout.decode().split("\n")[0].split()[-1]

        def one(case: Case) -> bool:
            return call([ROOT / "scripts/verify_package.sh", case.data["folder"], case.data["pem"]]).returncode == 0

        return f"{version}, {_openssl_version(need('openssl'))}", lambda cases: [one(case) for case in cases]

    def of(self, name: str) -> tuple[str, Judge]:
        """Return version and judge of a verifier."""
        table = {
            "openssl pkeyutl": self.openssl_pkeyutl,
            "openssl ts": self.openssl_ts,
            "signify": self.signify,
            "@sigstore/verify": self.sigstore,
            "x/mod/sumdb/note": self.go,
            "x/mod/sumdb/tlog": self.go,
            "sha256sum and openssl": self.script,
        }
        return table[name]() if name in table else self.python(name)


def answers(done: subprocess.CompletedProcess[bytes], count: int) -> list[bool]:
    """Read a JSON array of answers; a verifier that broke down has accepted nothing."""
    try:
        made = json.loads(done.stdout) if done.returncode == 0 else []
    except ValueError:
        made = []
    fine = isinstance(made, list) and len(made) == count and all(type(one) is bool for one in made)
    return made if fine else [False] * count


def _openssl_version(openssl: str) -> str:
    return call([openssl, "version"]).stdout.decode().split()[1]


def _debian(package: str) -> str:
    done = call(["dpkg-query", "-W", "-f", "${Version}", package]) if shutil.which("dpkg-query") else None
    return done.stdout.decode() if done is not None and done.returncode == 0 else "version unknown"
