"""Makes a package of many small files, all of them made up, to see that nothing in it grows with their number."""

from __future__ import annotations

import hashlib
import resource
import struct
from datetime import UTC, datetime, timedelta
from pathlib import Path

SERIES, IMAGES = 5, 10
MOMENT = datetime(2026, 11, 20, 9, 14, tzinfo=UTC)
PASSPHRASE = b"a passphrase for made-up data"
MAKERS = ("SIEMENS", "GE MEDICAL SYSTEMS", "Philips")


def element(group: int, number: int, vr: bytes, value: bytes) -> bytes:
    value += b"\0" if len(value) % 2 and vr == b"UI" else b" " * (len(value) % 2)
    if vr in {b"OB", b"OW"}:
        return struct.pack("<HH2sHL", group, number, vr, 0, len(value)) + value
    return struct.pack("<HH2sH", group, number, vr, len(value)) + value


def image(patient: int, study: str, series: str, uid: str) -> bytes:
    """Return a CT image of 8 by 8 pixels."""
    meta = b"".join(
        element(2, number, b"UI", value)
        for number, value in ((2, b"1.2.840.10008.5.1.4.1.1.2"), (3, uid.encode()), (0x10, b"1.2.840.10008.1.2.1"))
    )
    sex, age = (b"M", b"F")[patient % 2], f"{20 + patient % 69:03d}Y".encode()
    body = b"".join(
        element(*one)
        for one in (
            (8, 0x16, b"UI", b"1.2.840.10008.5.1.4.1.1.2"), (8, 0x18, b"UI", uid.encode()),
            (8, 0x20, b"DA", b"20240101"), (8, 0x60, b"CS", b"CT"), (8, 0x70, b"LO", MAKERS[patient % 3].encode()),
            (0x10, 0x40, b"CS", sex), (0x10, 0x1010, b"AS", age), (0x18, 0x15, b"CS", b"CHEST"),
            (0x20, 0xD, b"UI", study.encode()), (0x20, 0xE, b"UI", series.encode()),
            (0x28, 0x10, b"US", struct.pack("<H", 8)), (0x28, 0x11, b"US", struct.pack("<H", 8)),
            (0x7FE0, 0x10, b"OW", hashlib.sha256(uid.encode()).digest() * 4),
        )
    )  # fmt: skip
    length = element(2, 0, b"UL", struct.pack("<L", len(meta)))
    return b"\0" * 128 + b"DICM" + length + meta + body


def uid_of(*parts: object) -> str:
    return f"2.25.{int(hashlib.sha256(repr(parts).encode()).hexdigest()[:30], 16)}"


def generated(work: Path, count: int) -> Path:
    """Make a project of so many files and build its package; return the package."""
    import pyarrow as pa

    from curator.core.clock import FixedClock
    from curator.project import journal
    from curator.project.create import Wishes, create_project
    from curator.project.paths import open_project
    from curator.project.vault import Vault
    from curator.provenance.ledger import create
    from curator.release import extras
    from curator.release.build import build
    from curator.release.inputs import Inputs
    from curator.release.made import Further
    from curator.scrub.policy import load_policy

    work.mkdir(parents=True, exist_ok=True)
    clock = FixedClock(MOMENT)

    def begin(folder: Path, dataset: str, seed: bytes, when: FixedClock) -> None:
        create(folder, dataset=dataset, operator_seed=seed, clock=when)

    create_project(
        Wishes(work / "made", "made", "site-1", "Made-up", "safe-harbor", None), PASSPHRASE, clock, begin=begin
    )
    project = open_project(work / "made")
    rows = []
    for number in range(count):
        place, at = divmod(number, IMAGES)
        patient = place // SERIES
        study, series, uid = uid_of("study", patient), uid_of("series", place), uid_of("image", place, at)
        path = f"clean/P{patient:016d}/{study}/{series}/{uid}.dcm"
        data = image(patient, study, series, uid)
        target = project.root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
        digest = hashlib.sha256(data).hexdigest()
        rows.append(
            {
                "source": hashlib.sha256(uid.encode()).hexdigest(), "content_key": digest, "kind": "dicom",
                "outcome": "scrubbed", "path": path, "sha256": digest, "bytes": len(data), "uid": uid,
                "content": digest,
                "risk": "none", "method_codes": ["113100"],
                "actions": [{"path": "PatientName", "action": "replaced", "count": 1}],
            }
        )  # fmt: skip
    log = journal.round_log(project, 1, 0)
    log.commit(0, [log.write_part(pa.Table.from_pylist(rows, schema=journal.row_schema()))], rows=len(rows))
    policy = load_policy("safe-harbor")
    sites = [{"site": "site-1", "from": 2021, "to": 2024, "files": count, "undated": 0}]
    journal.put_document(project, 1, "acquired", {"format": 1, "sites": sites})
    about = {
        "format": 1,
        "delivery": 1,
        "items": count,
        "shards": 1,
        "policy": {"name": policy.name, "digest": policy.digest},
    }
    journal.put_document(project, 1, "delivery", about)
    vault = Vault.open(project.vault, PASSPHRASE, purpose="made", clock=clock)
    for name, further in (
        ("bare", Further()),
        ("whole", Further(extras.EXTRAS, extras.TAGS, extras.renderer(), _shown)),
    ):
        before = resource.getrusage(resource.RUSAGE_SELF)
        when = FixedClock(MOMENT + timedelta(minutes=1))
        made = build(
            Inputs(project, f"0.{'1' if name == 'bare' else '2'}.0", policy, when, lambda _: None, further=further),
            vault,
        )
        after = resource.getrusage(resource.RUSAGE_SELF)
        spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        print(f"{name} package of {count:,} files: {spent:.1f} s of CPU")
    assert made.folder is not None
    return made.folder


def _shown(_: str) -> bool:
    return True
