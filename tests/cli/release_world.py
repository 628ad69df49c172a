"""A project with twelve patients, people who sign, and labels, for the tests of ``curator release``."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pyarrow as pa
from people_site import Site

PATIENTS = [f"P{letter * 16}" for letter in "ABCDEFGHIJKL"]
FILES = 2


def add_patients(project: Path, number: int, patients: list[str], *, shared: bytes | None = None) -> None:
    """Write clean files and the journal of a delivery as a scrub does."""
    from curator.project import journal
    from curator.project.paths import open_project
    from curator.scrub.policy import load_policy

    place, rows = open_project(project), []
    contents = {
        f"clean/{name}/S{number}/R/{count}.dcm": f"{name} {number} {count} ".encode() * 64
        for name in patients
        for count in range(FILES)
    }
    if shared is not None:
        contents[f"clean/shared/tabular/t{number}.csv"] = shared
    for path, data in sorted(contents.items()):
        (project / path).parent.mkdir(parents=True, exist_ok=True)
        (project / path).write_bytes(data)
        digest = hashlib.sha256(data).hexdigest()
        rows.append(
            {
                "source": digest[::-1], "kind": "csv" if path.endswith("csv") else "dicom", "outcome": "scrubbed",
                "path": path, "sha256": digest, "bytes": len(data), "uid": f"2.25.{int(digest[:24], 16)}",
                "content": digest,
            }
        )  # fmt: skip
    log = journal.round_log(place, number, 0)
    assert log.commit(0, [log.write_part(pa.Table.from_pylist(rows, schema=journal.row_schema()))], rows=len(rows))
    policy = load_policy("safe-harbor")
    about = {"format": 1, "delivery": number, "shards": 1, "policy": {"name": policy.name, "digest": policy.digest}}
    journal.put_document(place, number, "delivery", about)


def sign_labels(site: Site, person: str, samples: list[Any], word: str, tag: str) -> None:
    """Sign one label a sample by the library."""
    from curator.core.clock import SystemClock
    from curator.labels.signing import LabelFile, Wishes
    from curator.project.journal import samples as listed
    from curator.project.paths import open_project
    from curator.provenance.append import Appender
    from curator.provenance.keystore import unlock
    from curator.provenance.ledger import Ledger

    path = site.folder / "labels.jsonl"
    lines = [
        {
            "labelId": f"{tag}-{person}-{number}", "sample": sample.uid, "kind": "class", "value": {"class": word},
            "author": person, "labeledAt": "2020-05-04T10:15:00+02:00",
        }
        for number, sample in enumerate(samples)
    ]  # fmt: skip
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    place, clock = open_project(site.project), SystemClock()
    source = LabelFile(
        path, Wishes(person, guideline=("chest", "1.0"), tool=("viewer", "2.1")),
        Appender(Ledger(place.ledger), clock), clock,
    )  # fmt: skip
    source.plan(place.root, listed(place)).require()
    source.sign(unlock(site.folder / "keys", person, (site.folder / "key").read_bytes().strip(), clock))


def make_world(folder: Path) -> Site:
    """Make the project."""
    site = Site(folder)
    (folder / "pass").write_text("the vault's passphrase\n")
    (folder / "key").write_text("a key's passphrase\n")
    (folder / "chest.txt").write_text("how to read a chest\n")
    for words, how in (
        (("init",), {"vault": True}),
        (("people", "add", "ada", "--name", "Dr Ada", "--role", "reader"), {"key": True, "project": False}),
        (("people", "add", "rita", "--name", "Dr Rita", "--role", "reviewer"), {"key": True, "project": False}),
        (("people", "enroll", "rita.request.json", "--by", "ada"), {"key": True}),
        (("people", "enroll", "ada.request.json", "--by", "rita"), {"key": True}),
        (("guideline", "add", "chest.txt", "--version", "1.0", "--by", "rita"), {"key": True}),
    ):
        done = site(*words, **how)
        assert done.code == 0, done.err
    add_patients(site.project, 1, PATIENTS)
    return site
