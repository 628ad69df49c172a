"""OQ: 21 CFR 11.10(d), (g), (h): who may do what, and where data come from."""

from __future__ import annotations

import json
import os
from typing import Any

from curator.validation.bench import FIRST_LABEL, LABELS, READER, REVIEWER, Bench, Site, samples
from curator.validation.model import Register, expect, refused

check = Register()
PHRASE = b"a passphrase of this check"


@check(
    "OQ-11.10d-1",
    "11.10(d)",
    "Keys and vaults are their owner's alone.",
    "no file or folder of a key store or a vault can be read by others, under any umask",
)
def private(bench: Bench) -> str:
    """Make a key and a vault under a umask of 0, and look at every mode."""
    from curator.project.vault import Vault
    from curator.provenance.keystore import create_key

    before = os.umask(0)
    try:
        create_key(bench.folder / "keys", READER, PHRASE)
        Vault.create(bench.folder / "vault", PHRASE, clock=bench.clock)
    finally:
        os.umask(before)
    homes = [bench.folder / "keys", bench.folder / "vault"]
    paths = [*homes, *(path for home in homes for path in home.rglob("*"))]
    open_ones = [path for path in paths if path.stat().st_mode & 0o077]
    expect(not open_ones, f"{len(open_ones)} of {len(paths)} files and folders are open to others")
    return f"{len(paths)} files and folders, all their owner's alone"


@check("OQ-11.10d-2", "11.10(d)", "Who is not enrolled can sign nothing.", "refused with KEY-009, nothing added")
def stranger(bench: Bench) -> str:
    """Sign as somebody who was never enrolled."""
    site = bench.filled()
    with refused("KEY-009"):
        site.sign(site.label(10, author="stranger"), by="stranger")
    expect(site.state().size == FIRST_LABEL + LABELS, "a record was added")
    return "refused with KEY-009, nothing added"


@check(
    "OQ-11.10g-1",
    "11.10(g)",
    "What a person may sign depends on the roles of the enrollment.",
    "a reader cannot accept pixels, sign in a role not held, or with a meaning that the role does not allow",
)
def roles(bench: Bench) -> str:
    """Act beyond a reader's roles, and then within a reviewer's."""
    from curator.provenance.records import pixel_acceptance

    site = bench.filled()
    draft = pixel_acceptance(["ab" * 32], "every frame viewed")
    with refused("KEY-011"):
        site.sign(draft, by=READER)
    with refused("KEY-011"):
        site.sign(site.label(10, role="reviewer"), by=READER)
    with refused("KEY-011"):
        site.sign(site.label(11, meaning="approval"), by=READER)
    site.sign(draft, by=REVIEWER)
    return "three refused with KEY-011; the reviewer's signature is taken"


@check(
    "OQ-11.10g-2",
    "11.10(g)",
    "A verifier checks authority again: a record that breaks a rule is found though it is signed well.",
    "exit 4, the record named, with the rule that it breaks",
)
def again(bench: Bench) -> str:
    """Put a record into a ledger past the writer's checks."""
    from curator.provenance.append import sign_drafts
    from curator.provenance.records import pixel_acceptance
    from curator.provenance.verify import verify_ledger

    site = bench.filled()
    draft = pixel_acceptance(["ab" * 32], "every frame viewed")
    forged = sign_drafts([draft], site.key(READER), site.state(), bench.clock.now())[0].envelope
    report = verify_ledger(site.restored([*site.envelopes(), forged]))
    expect(report.error is not None and report.error.exit_code == 4, "the record passed")
    rule = report.error.facts.get("rule") if report.error else None
    expect((report.record, rule) == (FIRST_LABEL + LABELS, "KEY-011"), "another record or rule was named")
    return f"record {report.record} named, rule {rule}"


def plan(bench: Bench, site: Site, known: list[Any], **more: Any) -> Any:
    """Check a one-line label file as ``curator sign`` does; nothing is signed."""
    from curator.labels.signing import LabelFile, Wishes
    from curator.provenance.append import Appender

    line = {
        "labelId": "l-1",
        "sample": "clean/p/s/r/0.dcm",
        "kind": "finding",
        "value": {"nodules": 1},
        "author": READER,
        "labeledAt": "2026-10-01T10:00:00+02:00",
        "guideline": "nodules@1.0",
        **more,
    }
    path = bench.folder / "labels.jsonl"
    path.write_text(json.dumps(line) + "\n", encoding="utf-8")
    file = LabelFile(path, Wishes(READER), Appender(site.ledger, bench.clock), bench.clock)
    return file.plan(bench.folder, known)


@check(
    "OQ-11.10h-1",
    "11.10(h)",
    "A label is taken only about a sample that the project itself made.",
    "an unknown sample is refused with LBL-005, a file that is no longer the one scrubbed with LBL-018",
)
def source(bench: Bench) -> str:
    """Label a sample that nobody knows, and one whose file was changed."""
    site, known = bench.filled(), samples(bench.folder)
    expect(plan(bench, site, known).require().new == 1, "a good label was refused")
    with refused("LBL-005"):
        _first_issue(plan(bench, site, known, sample="clean/p/s/r/9.dcm"))
    (bench.folder / "clean/p/s/r/0.dcm").write_bytes(b"other pixels")
    with refused("LBL-018"):
        _first_issue(plan(bench, site, known))
    return "refused with LBL-005 and LBL-018; a good one is taken"


def _first_issue(made: Any) -> None:
    for issue in made.issues:
        raise issue.error


@check(
    "OQ-11.10h-2",
    "11.10(h)",
    "What somebody else labeled is not passed off as one's own.",
    "signing another author's label without saying so is refused with LBL-016, in the file and in the record",
)
def authorship(bench: Bench) -> str:
    """Sign another reader's label as authorship."""
    site, known = bench.filled(), samples(bench.folder)
    with refused("LBL-016"):
        _first_issue(plan(bench, site, known, author="reader-2"))
    with refused("LBL-016"):
        site.sign(site.label(10, author="reader-2"), by=READER)
    site.sign(site.label(11, author="reader-2", meaning="import-attestation"), by=READER)
    expect(site.verify().require().state.attested == 1, "the attestation is not counted apart")
    return "refused with LBL-016; an attestation is taken and counted apart"


@check(
    "OQ-11.10i-1",
    "11.10(i)",
    "What qualifies a person stands in the records, vouched for by somebody else.",
    "role, specialty and years of experience come out of the roster as they were signed, with who enrolled the person",
)
def qualified(bench: Bench) -> str:
    """Enroll a person with specialty and years, and read the roster."""
    from curator.provenance.people import as_documents

    site = bench.filled()
    site.enroll(site.request("reader-3", specialty="radiology", years=7), REVIEWER)
    shown = {one["id"]: one for one in as_documents(site.state().roster())}["reader-3"]
    stated = (shown["roles"], shown.get("specialty"), shown.get("years"), shown["enrolled_by"])
    expect(stated == (["reader"], "radiology", 7, REVIEWER), "the roster does not say what was signed")
    return "role, specialty, years and the second person stand in the roster"


@check(
    "OQ-11.10j-1",
    "11.10(j)",
    "Each record has one person who answers for it.",
    "every record is signed by exactly one key, that of the enrolled person whom it names",
)
def accountable(bench: Bench) -> str:
    """Compare each record's signature with the roster."""
    from curator.provenance.dsse import parse_envelope
    from curator.provenance.keys import key_id

    site = bench.filled()
    people = site.state().people
    records = site.records()[1:]
    for record, envelope in zip(records, site.envelopes()[1:], strict=True):
        signer = people.get(record.predicate["signer"])
        expect(signer is not None, "a record names nobody who is enrolled")
        names = [name for name, _ in parse_envelope(envelope).signatures]
        expect(signer is not None and names == [key_id(signer.public)], "a record is signed by another key")
    return f"{len(records)} records, each by one person"
