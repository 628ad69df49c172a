"""Hostile bytes in a package: refused with a code, never with a traceback, whoever signed them."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from curator.core.errors import CuratorError, IntegrityError, UsageError
from curator.provenance.keys import SeedSigner
from curator.release import layout
from curator.release.rules import policy_bytes, read_policy
from curator.release.statement import read_statement, signed_statement
from curator.release.tree import safe_path, shown
from curator.release.verify import Listing, verify_package
from curator.scrub.policy import load_policy

SIGNER = SeedSigner(b"\x01" * 32)
GARBAGE = (
    b"",
    b"\n",
    b"null\n",
    b"[]\n",
    b"{}\n",
    b'"x"\n',
    b'{"a":1,"a":2}\n',
    b"NaN\n",
    b"[" * 5000 + b"\n",
    b"\xff\xfe\x00\n",
    b"x" * 70_000 + b"\n",
    b'{"format":1,"parts":[1]}\n',
    b'{"payload":"e30=","payloadType":"application/vnd.in-toto+json","signatures":[{"keyid":"a","sig":"YQ=="}]}\n',
)


def reseal(folder: Path, signer: SeedSigner) -> None:
    """Write manifests and signature anew over what stands there."""
    paths = sorted(p.relative_to(folder).as_posix() for p in (folder / "data").rglob("*") if p.is_file())
    lines = [f"{hashlib.sha256((folder / path).read_bytes()).hexdigest()}  {path}\n" for path in paths]
    (folder / "manifest-sha256.txt").write_text("".join(lines))
    total = sum((folder / path).stat().st_size for path in paths)
    info = [line for line in (folder / "bag-info.txt").read_text().splitlines() if not line.startswith("Payload-Oxum")]
    oxum = f"Payload-Oxum: {total}.{len(paths)}"
    (folder / "bag-info.txt").write_text("".join(f"{line}\n" for line in [*info, oxum]))
    names = ("bag-info.txt", "bagit.txt", "manifest-sha256.txt")
    tags = "".join(f"{hashlib.sha256((folder / name).read_bytes()).hexdigest()}  {name}\n" for name in names)
    (folder / "tagmanifest-sha256.txt").write_text(tags)
    said = read_statement((folder / layout.SIGNATURE).read_bytes(), signer.public)
    envelope = signed_statement(hashlib.sha256(tags.encode()).hexdigest(), said.predicate, signer)
    (folder / layout.SIGNATURE).write_bytes(envelope)


@pytest.mark.parametrize(
    "name",
    [
        layout.MANIFEST,
        layout.SAMPLES,
        layout.LABELS,
        layout.LEAVES,
        layout.RECORDS,
        layout.CHECKPOINT,
        layout.OPERATOR_VKEY,
        "data/policy",
        "data/journal/scrub/0001/delivery.json",
        "data/journal/scrub/0001/r00/commits/00000000.json",
        "data/journal/scrub/0001/r00/parts",
    ],
)
def test_garbage_signed_by_the_operator_is_refused_with_a_code(site: Any, name: str) -> None:
    package = site.build()
    path = package / name
    if path.is_dir():
        path = next(path.iterdir())
    operator = SeedSigner(site.vault.operator_key())
    for data in GARBAGE:
        path.write_bytes(data)
        reseal(package, operator)
        with pytest.raises(CuratorError) as caught:
            verify_package(package, key=operator.public)
        assert caught.value.exit_code in {3, 4}, (data[:20], caught.value)


@given(st.binary(max_size=400))
def test_a_statement_of_any_bytes_is_refused(data: bytes) -> None:
    with pytest.raises(IntegrityError, match="REL-025"):
        read_statement(data, SIGNER.public)


@given(st.dictionaries(st.text(max_size=8), st.none() | st.text(max_size=8) | st.integers(0, 9), max_size=4))
def test_a_signed_statement_without_the_right_fields_is_refused(predicate: dict[str, Any]) -> None:
    try:
        envelope = signed_statement("0" * 64, predicate, SIGNER)
    except UsageError:
        return  # not even canonical JSON
    with pytest.raises(IntegrityError, match="REL-025"):
        read_statement(envelope, SIGNER.public)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.binary(max_size=90), max_size=4))
def test_a_manifest_of_any_lines_gives_safe_rising_paths_or_is_refused(tmp_path: Path, lines: list[bytes]) -> None:
    good = f"{'0' * 64}  data/a\n".encode()
    (tmp_path / "manifest-sha256.txt").write_bytes(good + b"\n".join(lines))
    with Listing(tmp_path) as listing:
        try:
            found = [path for path, _ in listing.lines()]
        except IntegrityError:
            return
    assert found == sorted(set(found))
    assert all(safe_path(path) and path.startswith("data/") for path in found)


@given(st.binary(max_size=300))
def test_a_policy_of_any_bytes_is_refused(data: bytes) -> None:
    with pytest.raises(IntegrityError, match="REL-010"):
        read_policy(data)


@pytest.mark.parametrize("name", ["safe-harbor", "expert", "limited-dataset"])
def test_every_policy_comes_back_from_its_document_with_digest_and_claim(name: str) -> None:
    policy = load_policy(name)
    data = policy_bytes(policy)
    assert hashlib.sha256(data).hexdigest() == policy.digest
    assert read_policy(data) == policy
    assert json.loads(data)["tables"]


@given(st.text(max_size=300))
def test_a_shown_path_is_short_printable_ascii(text: str) -> None:
    made = shown(text)
    assert made.isascii()
    assert made.isprintable()
    assert len(made) <= 160


@given(st.text(max_size=60))
def test_a_safe_path_never_leaves_its_folder(text: str) -> None:
    if safe_path(text):
        resolved = Path("/base") / text
        assert ".." not in resolved.parts
        assert resolved.is_relative_to("/base")
        assert "\n" not in text
        assert "%" not in text
