"""Verifying a package, and refusing an altered one."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from curator.core.canonical import canonical_bytes
from curator.core.errors import CuratorError, IntegrityError, UsageError
from curator.provenance.keys import SeedSigner, key_id, parse_public, public_pem
from curator.release import layout
from curator.release.statement import signed_statement
from curator.release.verify import key_told, report_lines, verify_package

OTHER = SeedSigner(b"\x07" * 32)


@pytest.fixture
def package(site: Any) -> Path:
    folder: Path = site.build()
    return folder


def held(site: Any) -> bytes:
    return parse_public(site.key.read_bytes())


def refused(folder: Path, key: bytes) -> CuratorError:
    """Verify with a key and without one; both are refused as broken. Returns the error with the key."""
    errors = []
    for given in (key, None):
        with pytest.raises(CuratorError) as caught:
            verify_package(folder, key=given)
        assert caught.value.exit_code == 4, caught.value
        assert caught.value.sentence
        errors.append(caught.value)
    return errors[0]


def reseal(folder: Path, signer: SeedSigner | None = None) -> None:
    """Write manifest and tag files anew over what stands there, as an attacker would; sign with a key if given."""
    paths = sorted(p.relative_to(folder).as_posix() for p in (folder / "data").rglob("*") if p.is_file())
    digests = {path: hashlib.sha256((folder / path).read_bytes()).hexdigest() for path in paths}
    (folder / "manifest-sha256.txt").write_text("".join(f"{digests[path]}  {path}\n" for path in paths))
    total = sum((folder / path).stat().st_size for path in paths)
    oxum = f"Payload-Oxum: {total}.{len(paths)}"
    info = [line for line in (folder / "bag-info.txt").read_text().splitlines() if not line.startswith("Payload-Oxum")]
    (folder / "bag-info.txt").write_text("".join(f"{line}\n" for line in [*info, oxum]))
    tags = "".join(
        f"{hashlib.sha256((folder / name).read_bytes()).hexdigest()}  {name}\n"
        for name in ("bag-info.txt", "bagit.txt", "manifest-sha256.txt")
    )
    (folder / "tagmanifest-sha256.txt").write_text(tags)
    if signer is not None:
        payload = json.loads(base64.b64decode(json.loads((folder / layout.SIGNATURE).read_bytes())["payload"]))
        envelope = signed_statement(hashlib.sha256(tags.encode()).hexdigest(), payload["predicate"], signer)
        (folder / layout.SIGNATURE).write_bytes(envelope)


def operator(site: Any) -> SeedSigner:
    return SeedSigner(site.vault.operator_key())


def test_a_package_is_verified_by_folder_and_key_alone(site: Any, package: Path, tmp_path: Path) -> None:
    """21 CFR 11.30: a package that left the system is verified by folder and public key alone."""
    elsewhere = tmp_path / "far away"
    shutil.copytree(package, elsewhere)
    shutil.rmtree(site.project.root)
    report = verify_package(elsewhere, key=held(site))
    assert report.tied
    assert (report.samples, report.labels, report.records) == (4, 6, 12)
    text = "\n".join(report_lines(report))
    assert "FAIL" not in text
    assert "DRAFT" in text


@pytest.mark.parametrize(
    "name",
    [
        "data/clean",
        layout.SAMPLES,
        layout.LABELS,
        layout.MANIFEST,
        layout.LEAVES,
        layout.RECORDS,
        layout.CHECKPOINT,
        layout.OPERATOR_PEM,
        layout.OPERATOR_VKEY,
        "data/ledger/keys",
        "data/guidelines",
        "data/policy",
        "data/journal/scrub/0001/delivery.json",
        "data/journal/scrub/0001/r00/parts",
        "data/journal/scrub/0001/r00/commits",
        "bagit.txt",
        "bag-info.txt",
        "manifest-sha256.txt",
        "tagmanifest-sha256.txt",
        layout.SIGNATURE,
    ],
)
def test_a_flipped_byte_or_a_missing_file_of_every_kind_is_refused(site: Any, package: Path, name: str) -> None:
    """21 CFR 11.10(a): an altered package is discerned."""
    path = package / name
    if path.is_dir():
        path = next(p for p in sorted(path.rglob("*")) if p.is_file())
    data = path.read_bytes()
    for at in {0, len(data) // 2, len(data) - 1}:
        changed = bytearray(data)
        changed[at] ^= 1
        path.write_bytes(bytes(changed))
        error = refused(package, held(site))
        assert error.code.startswith(("REL-", "LED-", "KEY-"))
    path.write_bytes(data + b" ")
    refused(package, held(site))
    path.unlink()
    error = refused(package, held(site))
    assert path.relative_to(package).as_posix() in error.sentence
    path.write_bytes(data)
    assert verify_package(package, key=held(site)).tied


@pytest.mark.parametrize("name", ["data/extra.txt", "data/clean/P1AA/extra.dcm", "extra.txt", "signatures/extra.json"])
def test_an_added_file_is_refused_and_its_name_is_not_told(site: Any, package: Path, name: str) -> None:
    (package / name).write_bytes(b"x")
    error = refused(package, held(site))
    assert error.code == "REL-023"
    assert name.rpartition("/")[2] not in error.sentence


def test_a_link_is_refused_even_to_the_right_bytes(site: Any, package: Path, tmp_path: Path) -> None:
    path = package / layout.SAMPLES
    shutil.move(path, tmp_path / "list")
    path.symlink_to(tmp_path / "list")
    assert refused(package, held(site)).code == "REL-026"


def test_a_linked_folder_is_refused(site: Any, package: Path, tmp_path: Path) -> None:
    shutil.move(package / "data" / "clean", tmp_path / "clean")
    (package / "data" / "clean").symlink_to(tmp_path / "clean")
    assert refused(package, held(site)).code == "REL-026"


def test_a_pipe_does_not_hang_the_verifier(site: Any, package: Path) -> None:
    (package / layout.SAMPLES).unlink()
    os.mkfifo(package / layout.SAMPLES)
    assert refused(package, held(site)).code == "REL-026"


def test_a_name_that_would_move_a_cursor_is_shown_escaped(site: Any, package: Path) -> None:
    (package / "data" / "\x1b[2Jé\n").write_bytes(b"x")
    sentence = refused(package, held(site)).sentence
    assert "\x1b" not in sentence
    assert sentence.isascii()


@pytest.mark.parametrize(
    "path", ["/etc/passwd", "data/../../x", "data//x", "data/./x", "data/..", "data\\x", "data/x%0A", "other"]
)
def test_a_manifest_that_points_out_of_the_package_is_refused(site: Any, package: Path, path: str) -> None:
    manifest = package / "manifest-sha256.txt"
    manifest.write_text(manifest.read_text() + f"{'0' * 64}  {path}\n")
    tags = package / "tagmanifest-sha256.txt"
    digests = "".join(
        f"{hashlib.sha256((package / name).read_bytes()).hexdigest()}  {name}\n"
        for name in ("bag-info.txt", "bagit.txt", "manifest-sha256.txt")
    )
    tags.write_text(digests)
    payload = json.loads(base64.b64decode(json.loads((package / layout.SIGNATURE).read_bytes())["payload"]))
    digest = hashlib.sha256(digests.encode()).hexdigest()
    (package / layout.SIGNATURE).write_bytes(signed_statement(digest, payload["predicate"], operator(site)))
    assert refused(package, held(site)).code == "REL-029"


def test_consistently_rewritten_manifests_are_caught_by_the_signature(site: Any, package: Path) -> None:
    sample = package / "data" / site.samples()[0].path
    sample.write_bytes(b"something else")
    reseal(package)
    assert refused(package, held(site)).code == "REL-024"


def test_a_package_signed_anew_by_another_key_is_refused(site: Any, package: Path) -> None:
    reseal(package, OTHER)
    assert refused(package, held(site)).code == "REL-025"


def test_a_package_wholly_of_another_operator_is_refused_only_with_a_held_key(site: Any, package: Path) -> None:
    with pytest.raises(IntegrityError, match="REL-031"):
        verify_package(package, key=OTHER.public)
    assert verify_package(package).tied is False


def test_another_operators_key_put_inside_does_not_help(site: Any, package: Path) -> None:
    (package / layout.OPERATOR_PEM).write_bytes(public_pem(OTHER.public))
    reseal(package, OTHER)
    with pytest.raises(IntegrityError, match="REL-031"):
        verify_package(package, key=held(site))
    with pytest.raises(IntegrityError, match="REL-031"):
        verify_package(package)


def test_the_key_id_alone_ties_a_package_to_its_operator(site: Any, package: Path) -> None:
    named = key_id(held(site)).encode()
    for told in (named, b" " + named.upper() + b"\n", site.key.read_bytes()):
        assert key_told(told, package) == held(site)
    assert verify_package(package, key=key_told(named, package)).tied
    with pytest.raises(UsageError, match="REL-033"):
        key_told(named, package.parent)


@pytest.mark.parametrize("told", [key_id(OTHER.public), "00" * 31 + "02", OTHER.public.hex()])
def test_digits_that_are_not_the_id_of_the_package_s_key_never_tie_it(site: Any, package: Path, told: str) -> None:
    with pytest.raises(IntegrityError, match="REL-031"):
        verify_package(package, key=key_told(told.encode(), package))


def test_another_key_put_inside_has_another_id(site: Any, package: Path) -> None:
    (package / layout.OPERATOR_PEM).write_bytes(public_pem(OTHER.public))
    reseal(package, OTHER)
    with pytest.raises(IntegrityError, match="REL-031"):
        verify_package(package, key=key_told(key_id(held(site)).encode(), package))
    (package / layout.OPERATOR_PEM).write_bytes(b"no key")
    with pytest.raises(IntegrityError, match="REL-029"):
        key_told(key_id(held(site)).encode(), package)


def rewrite_lines(name: str, change: Callable[[list[bytes]], list[bytes]]) -> Callable[[Path], None]:
    def act(package: Path) -> None:
        lines = (package / name).read_bytes().splitlines(keepends=True)
        (package / name).write_bytes(b"".join(change(lines)))

    return act


def change_manifest(*keys: str, to: Any) -> Callable[[Path], None]:
    def act(package: Path) -> None:
        document = json.loads((package / layout.MANIFEST).read_text())
        at = document
        for key in keys[:-1]:
            at = at[key]
        at[keys[-1]] = to
        (package / layout.MANIFEST).write_text(json.dumps(document))

    return act


def forge_label(package: Path) -> None:
    """Change what a reader said, inside the envelope, and the leaf hash to match."""
    lines = (package / layout.RECORDS).read_bytes().splitlines()
    envelope = json.loads(lines[-1])
    payload = base64.b64decode(envelope["payload"]).replace(b'"text":"none"', b'"text":"tumor"')
    payload = payload.replace(b'"text":"nodule"', b'"text":"tumor"')
    envelope["payload"] = base64.b64encode(payload).decode()
    lines[-1] = canonical_bytes(envelope)
    (package / layout.RECORDS).write_bytes(b"\n".join(lines) + b"\n")
    leaves = (package / layout.LEAVES).read_text().splitlines()
    leaves[-1] = hashlib.sha256(b"\0" + lines[-1]).hexdigest()
    (package / layout.LEAVES).write_text("\n".join(leaves) + "\n")


def swap(lines: list[bytes]) -> list[bytes]:
    return [*lines[:-2], lines[-1], lines[-2]]


def copy_sample(package: Path) -> None:
    source = next(p for p in sorted((package / "data" / "clean").rglob("*.dcm")))
    shutil.copy(source, source.with_name("ZZ.dcm"))


def other_policy(package: Path) -> None:
    path = next((package / "data" / "policy").iterdir())
    data = path.read_bytes().replace(b'"dates":"year"', b'"dates":"keep"')
    path.unlink()
    (path.parent / f"{hashlib.sha256(data).hexdigest()}.json").write_bytes(data)


def drop(name: str) -> Callable[[Path], None]:
    def act(package: Path) -> None:
        path = package / name
        if path.is_dir():
            path = next(p for p in sorted(path.rglob("*")) if p.is_file())
        path.unlink()

    return act


@pytest.mark.parametrize(
    ("alter", "word"),
    [
        (rewrite_lines(layout.RECORDS, swap), "Record 1"),
        (rewrite_lines(layout.RECORDS, lambda lines: [*lines, lines[-1]]), "Record 12"),
        (rewrite_lines(layout.RECORDS, lambda lines: lines[1:]), "first record"),
        (rewrite_lines(layout.RECORDS, lambda lines: lines[:-1]), "labels"),
        (rewrite_lines(layout.RECORDS, lambda lines: [*lines[:1], *lines[2:]]), "Record"),
        (rewrite_lines(layout.RECORDS, lambda lines: [*lines[:-1], lines[-1][:-1]]), "line"),
        (rewrite_lines(layout.LEAVES, lambda lines: lines[:-1]), "Record 11"),
        (rewrite_lines(layout.LEAVES, lambda lines: [*lines, lines[-1]]), "root"),
        (rewrite_lines(layout.LEAVES, swap), "Record 10"),
        (rewrite_lines(layout.LEAVES, lambda lines: [*lines[:-1], b"zz\n"]), "malformed"),
        (rewrite_lines(layout.LABELS, swap), "labels"),
        (rewrite_lines(layout.SAMPLES, swap), "samples"),
        (rewrite_lines(layout.SAMPLES, lambda lines: lines[:-1]), "list of samples"),
        (rewrite_lines(layout.SAMPLES, lambda lines: [*lines, b"{}\n"]), "schema"),
        (rewrite_lines(layout.CHECKPOINT, lambda lines: [lines[0], b"11\n", *lines[2:]]), "checkpoint"),
        (forge_label, "Record 11"),
        (copy_sample, "samples listed"),
        (change_manifest("counts", "labels", to=7), "counts"),
        (change_manifest("policy", "claim", to="expert-determination"), "policy"),
        (change_manifest("version", to="9.9.9"), "version"),
        (change_manifest("guidelines", to=[]), "guidelines"),
        (change_manifest("ledger", "size", to=11), "ledger"),
        (change_manifest("audit", to="passed"), "schema"),
        (change_manifest("samples", "sha256", to="0" * 64), "samples"),
        (other_policy, "policy"),
        (drop("data/policy"), "lacks"),
        (drop("data/guidelines"), "guideline"),
        (drop("data/ledger/keys"), "key"),
        (drop("data/journal/scrub/0001/r00/parts"), "part"),
        (drop("data/journal/scrub/0001/r00/commits"), "journal"),
        (drop("data/journal/scrub/0001/delivery.json"), "journal"),
    ],
)
def test_what_an_insider_signs_anew_with_the_operators_key_must_still_be_true(
    site: Any, package: Path, alter: Callable[[Path], None], word: str
) -> None:
    alter(package)
    reseal(package, operator(site))
    error = refused(package, held(site))
    assert word in error.sentence, error.sentence


def test_a_label_of_a_sample_that_left_the_package_is_refused(site: Any, package: Path) -> None:
    gone = site.samples()[0]
    (package / "data" / gone.path).unlink()
    rewrite_lines(layout.SAMPLES, lambda lines: lines[1:])(package)
    digest = hashlib.sha256((package / layout.SAMPLES).read_bytes()).hexdigest()
    change_manifest("samples", to={"path": layout.SAMPLES, "sha256": digest, "count": 3})(package)
    reseal(package, operator(site))
    assert "its sample is not in the package" in refused(package, held(site)).sentence


def test_a_newer_format_is_refused_as_such(site: Any, package: Path) -> None:
    change_manifest("format", to=2)(package)
    reseal(package, operator(site))
    with pytest.raises(UsageError, match="SYS-007"):
        verify_package(package, key=held(site))


def test_unknown_fields_of_the_manifest_are_no_reason_to_refuse(site: Any, package: Path) -> None:
    change_manifest("laterField", to={"a": 1})(package)
    reseal(package, operator(site))
    assert verify_package(package, key=held(site)).tied


def test_no_folder_and_an_empty_folder_are_told_apart(site: Any, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="REL-033"):
        verify_package(tmp_path / "nowhere")
    (tmp_path / "empty").mkdir()
    with pytest.raises(IntegrityError, match="REL-020"):
        verify_package(tmp_path / "empty")


PROBE = """
import sys
from pathlib import Path
from curator.release.verify import verify_package
verify_package(Path(sys.argv[1]))
heavy = {"pydicom", "click", "rich", "deid"} & {name.split(".")[0] for name in sys.modules}
far = ("curator.scrub.dicom", "curator.scrub.delivery", "curator.detect")
rooms = {name for name in sys.modules if name.startswith(far)}
print(sorted(heavy | rooms))
"""


def test_the_verifier_loads_no_dicom_reader_and_no_scrubber(package: Path) -> None:
    done = subprocess.run([sys.executable, "-c", PROBE, str(package)], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


STRANGER = "Zorvaquel^Ann_1951-02-03"


@pytest.mark.parametrize("place", [STRANGER, f"data/{STRANGER}.dcm", f"data/clean/{STRANGER}/{STRANGER.lower()}.txt"])
@pytest.mark.parametrize("link", [False, True])
def test_a_strangers_name_is_not_told_but_where_it_stands(package, site, place, link):
    path = package / place
    path.parent.mkdir(parents=True, exist_ok=True)
    path.symlink_to("nowhere") if link else path.write_bytes(b"x")
    error = refused(package, held(site))
    assert error.code == ("REL-026" if link else "REL-023")
    assert "zorvaquel" not in f"{error} {error.hint}".lower()
    assert place.rpartition("/")[0].replace(STRANGER, "...") in str(error)


def test_a_folder_with_nothing_of_a_package_in_it_is_a_mistake_and_none_of_its_names_is_told(tmp_path):
    (tmp_path / STRANGER).write_bytes(b"x")
    with pytest.raises(UsageError, match="REL-033") as caught:
        verify_package(tmp_path)
    assert "zorvaquel" not in str(caught.value).lower()
    (tmp_path / "data").mkdir()
    assert refused(tmp_path, None).exit_code == 4
