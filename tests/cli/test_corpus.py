"""Every file that ships with pydicom through the command: all accounted for, no known identifier left."""

from __future__ import annotations

import io
import json
import os
import re
import warnings
import zlib
from pathlib import Path
from typing import Any

import pydicom
import pytest
import started

DATA = Path(pydicom.__file__).parent / "data"


def curator(place: Path, *words: object, ok: tuple[int, ...] = (0,)) -> str:
    done = started.run(words, cwd=place, timeout=110, text=True)
    assert done.returncode in ok, done.stderr
    assert "Traceback" not in done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project in which a reviewer and an operator are enrolled, and a source with every file once."""
    place = tmp_path_factory.mktemp("corpus")
    (place / "pass").write_text("correct horse battery\n")
    source = place / "source"
    source.mkdir()
    for number, path in enumerate(sorted(p for p in DATA.rglob("*") if p.is_file() and p.suffix != ".pyc")):
        (source / f"{number:04d}").write_bytes(distinct(path.read_bytes(), number))
    curator(place, "init", "trial", "--passphrase-file", "pass")
    common = ("--key-store", place / "keys", "--key-passphrase-file", "pass")
    for one in ("op", "rev"):
        curator(place, "people", "add", one, "--name", "X Y", "--role", "operator", "--role", "reviewer", *common)
    for one, by in (("op", "rev"), ("rev", "op")):
        curator(place, "people", "enroll", f"{one}.request.json", "--by", by, "--project", "trial", *common)
    return place


def distinct(data: bytes, number: int) -> bytes:
    """Give a file a SOP Instance UID of its own of the same length, since the shipped files share many."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            uid = str(pydicom.dcmread(io.BytesIO(data)).SOPInstanceUID)
    except Exception:
        return data
    new = (uid[: len(uid) - 5].rstrip(".") + "." if len(uid) > 12 else "1.2.3.4.") + f"7{number:03d}"
    new = new[: len(uid)] if len(new) > len(uid) else new.ljust(len(uid), "1")
    return data.replace(uid.encode(), new.encode())


def identifiers(source: Path) -> set[bytes]:
    """Collect names, IDs, numbers and birth dates with pydicom alone, from files that it can read."""
    found: set[bytes] = set()
    wanted = {
        "PatientID", "PatientName", "PatientBirthDate", "AccessionNumber", "ReferringPhysicianName", "OperatorsName",
        "InstitutionName", "StudyInstanceUID", "SeriesInstanceUID", "SOPInstanceUID", "FrameOfReferenceUID",
        "StationName", "DeviceSerialNumber", "PerformingPhysicianName", "OtherPatientIDs", "PatientAddress",
        "StudyDate", "StudyID",
    }  # fmt: skip

    def collect(_: Any, element: pydicom.DataElement) -> None:
        if element.keyword in wanted and element.value:
            values = element.value if isinstance(element.value, list | tuple) else [element.value]
            for value in values:
                for part in re.split(r"[\^=]", str(value)):
                    # Runs of one figure stand in pixel data; a maker's name is no institution; a role is no person.
                    if (
                        len(part) >= 7
                        and len(set(part)) > 3
                        and not re.fullmatch(r"(?i)anonymi[sz]ed|operator|[0-9]{4}0101", part)
                    ):
                        found.add(part.strip().encode("utf-8"))

    makers: set[bytes] = set()
    for path in sorted(source.iterdir()):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                read = pydicom.dcmread(path)
                makers.add(str(read.get("Manufacturer", "")).encode())
                read.walk(collect)
            except Exception:  # files that pydicom refuses are held back
                continue
    return {token for token in found if not any(token in maker for maker in makers)}


def test_every_file_is_accounted_for_and_no_identifier_is_left(place: Path) -> None:
    source = place / "source"
    first = json.loads(
        curator(place, "scrub", "source", "--project", "trial", "--passphrase-file", "pass", "--json", ok=(5,))
    )
    total = sum(1 for _ in source.iterdir())
    assert total >= 200
    assert first["found"] == total == first["scrubbed"] + first["duplicate"] + first["quarantined"]
    common = ("--project", "trial", "--passphrase-file", "pass")
    curator(
        place, "pixels", "accept", "source", "--by", "rev", "--reason", "test files", *common,
        "--key-store", "keys", "--key-passphrase-file", "pass",
    )  # fmt: skip
    report = json.loads(curator(place, "scrub", "source", *common, "--json", ok=(5,)))
    assert report["found"] == total == report["scrubbed"] + report["duplicate"] + report["quarantined"]
    assert report["scrubbed"] > first["scrubbed"]
    assert not {"DCM-041", "DCM-042", "DCM-043"} & report["by_code"].keys()
    assert report["scrubbed"] >= 150, report["by_code"]
    tokens = identifiers(source)
    assert len(tokens) > 150
    left: dict[bytes, str] = {}
    for path in (p for p in (place / "trial").rglob("*") if p.is_file() and p.parent.name != "guidelines"):
        data = path.read_bytes()
        if path.suffix == ".dcm":
            data += inflated(data)
            with warnings.catch_warnings():
                warnings.simplefilter("error")
                made = pydicom.dcmread(path)
            assert made.PatientIdentityRemoved == "YES"
            assert made.LongitudinalTemporalInformationModified == "MODIFIED"
        for token in tokens:
            if token in data or token.decode() in os.fspath(path):
                left[token] = path.name
    assert left == {}


def inflated(data: bytes) -> bytes:
    """Return the inflated data set of a deflated file, or nothing."""
    if b"1.2.840.10008.1.2.1.99" not in data[:1000]:
        return b""
    length = int.from_bytes(data[140:144], "little")
    return zlib.decompress(data[144 + length :], -15)
