"""Faults of integrity."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from typing import Any

from audit_world import PATIENTS, SR, World, dicom, put_delivery
from faults import Fault

from curator.audit.choose import subject_at
from curator.audit.subject import Means

NOTE = f"clean/{PATIENTS[0]}/note.txt"


class Spoiled:
    """A subject of which some answers are others: for what the ledger's own rules would never take in."""

    def __init__(self, subject: Any, **answers: Any) -> None:
        self._subject, self._answers = subject, answers

    def __getattr__(self, name: str) -> Any:
        if name in self._answers:
            return lambda *_: self._answers[name]
        return getattr(self._subject, name)


def ledger_cut(world: World) -> None:
    part = next((world.root / "ledger" / "parts").glob("*.parquet"))
    data = bytearray(part.read_bytes())
    data[len(data) // 2] ^= 1
    part.write_bytes(bytes(data))


def record_dropped(world: World) -> None:
    last = max((world.root / "ledger" / "commits").glob("*.json"))
    last.unlink()


def delivered(world: World, change: str) -> Any:
    folder = world.root.parent / "delivered"
    (folder / "data").mkdir(parents=True)
    lines = []
    for number in range(3):
        data = f"made-up text {number}".encode()
        (folder / "data" / f"{number}.txt").write_bytes(data)
        lines.append(f"{hashlib.sha256(data).hexdigest()}  data/{number}.txt\n")
    (folder / "manifest-sha256.txt").write_text("".join(lines))
    if change == "altered":
        (folder / "data" / "1.txt").write_bytes(b"other")
    elif change == "added":
        (folder / "data" / "9.txt").write_bytes(b"more")
    elif change == "removed":
        (folder / "data" / "2.txt").unlink()
    return subject_at(folder, Means({}))


def changed(world: World) -> None:
    (world.root / NOTE).write_bytes(b"Somebody wrote here.\n")


def removed(world: World) -> None:
    (world.root / NOTE).unlink()


def stranger(world: World) -> None:
    (world.root / "clean" / "Jane_Doe.dcm").write_bytes(b"not from here")


def no_source(world: World) -> None:
    put_delivery(world.project, 2, {f"clean/{PATIENTS[1]}/late.txt": b"late"}, content_key=None)


def other_policy(world: World) -> None:
    put_delivery(
        world.project, 2, {f"clean/{PATIENTS[1]}/late.txt": b"late"}, policy={"decisions": "", "digest": "0" * 64}
    )


def other_rules(world: World) -> None:
    put_delivery(world.project, 2, {f"clean/{PATIENTS[1]}/late.txt": b"late"}, policy={"digest": "0" * 64})


def other_rules_on_record(world: World) -> Any:
    other_rules(world)
    subject = world.subject()
    state = subject.state()
    state.facts.policy = ("safe-harbor", "0" * 64)
    return Spoiled(subject, state=state)


def half_way(world: World) -> None:
    about = next((world.root / "journal" / "scrub" / "0001").glob("delivery.json"))
    about.write_text(json.dumps({**json.loads(about.read_text()), "shards": 2}, sort_keys=True, separators=(",", ":")))


def dangling(world: World) -> None:
    data = dicom(PATIENTS[1], "dangling", sop_class=SR, refers=[f"{PATIENTS[1]} 0", "never delivered"])
    put_delivery(world.project, 2, {f"clean/{PATIENTS[1]}/S1/R2/SR2.dcm": data})


def another_policy_on_record(world: World) -> Any:
    subject = world.subject()
    state = subject.state()
    state.facts.policy = ("other", "1" * 64)
    return Spoiled(subject, state=state)


def label_of_none(world: World) -> None:
    world.label("lost", "ann", world.samples()[0], "none", subject={"path": "clean/PZZ/I0.dcm"})


def label_of_other_bytes(world: World) -> None:
    world.label("other", "ann", world.samples()[0], "none", subject={"sha256": "0" * 64})


def value_lost(world: World) -> None:
    world.label("big", "ann", world.samples()[0], {"whole": {"sha256": "2" * 64, "bytes": 10}, "class": "none"})


def value_changed(world: World) -> None:
    folder = world.root / "labels" / "values"
    folder.mkdir(parents=True)
    (folder / f"{'2' * 64}.json").write_bytes(b"{}")
    value_lost(world)


def signed_before_enrolled(world: World) -> Any:
    subject = world.subject()
    state = subject.state()
    state.keys = {name: replace(one, since=10_000) if one.id == "bob" else one for name, one in state.keys.items()}
    return Spoiled(subject, state=state)


def signed_after_revoked(world: World) -> Any:
    subject = world.subject()
    state = subject.state()
    state.keys = {name: replace(one, revoked=5) if one.id == "bob" else one for name, one in state.keys.items()}
    return Spoiled(subject, state=state)


def untrained(world: World) -> None:
    world.label("mine", "jud", world.samples()[0], "none", role="adjudicator")


def lapsed(world: World) -> Any:
    subject = world.subject()
    made = [
        one._replace(predicate={**one.predicate, "until": "2024-05-05"}) if "until" in one.predicate else one
        for one in subject.records()
    ]
    return Spoiled(subject, records=made)


def unsourced(world: World) -> None:
    world.label("taken", "ann", world.samples()[0], "none", signer="rev", meaning="import-attestation", role="operator")


def false_author(world: World) -> Any:
    subject = world.subject()
    made = [
        one._replace(predicate={**one.predicate, "author": "bob"}) if one.predicate.get("author") == "ann" else one
        for one in subject.records()
    ]
    return Spoiled(subject, records=made)


def guideline_altered(world: World) -> None:
    (world.project.guidelines / "nodules-1.0.txt").write_bytes(b"Mark none.\n")


def guideline_unknown(world: World) -> Any:
    subject = world.subject()
    state = subject.state()
    state.guidelines = {}
    return Spoiled(subject, state=state)


FAULTS = [
    Fault("integrity/ledger", "one bit of a part of the ledger", ledger_cut, "LED-"),
    Fault("integrity/ledger", "the last commit dropped, under a checkpoint", record_dropped, "LED-014"),
    Fault("integrity/manifest", "a listed file altered", lambda w: delivered(w, "altered"), "not as the manifest"),
    Fault("integrity/manifest", "a file added", lambda w: delivered(w, "added"), "not in the manifest"),
    Fault("integrity/manifest", "a listed file removed", lambda w: delivered(w, "removed"), "not there"),
    Fault("integrity/clean-files", "a clean file changed", changed, "not as it was scrubbed"),
    Fault("integrity/clean-files", "a clean file removed", removed, "missing"),
    Fault("integrity/orphan-files", "a file put among the clean ones", stranger, "no row"),
    Fault("integrity/scrub-records", "a sample without digest of its source's content", no_source, "source's content"),
    Fault("integrity/scrub-records", "a delivery under another policy", other_policy, "another policy"),
    Fault("integrity/scrub-finished", "a delivery half scrubbed", half_way, "not scrubbed"),
    Fault("integrity/scrub-records", "a delivery by other rules of the program", other_rules, "the policy is the same"),
    Fault("integrity/policy", "the ledger names another policy", another_policy_on_record, "another policy"),
    Fault(
        "integrity/policy",
        "it is there by other rules",
        other_rules_on_record,
        "carried out by rules of another",
    ),
    Fault("integrity/references", "a report on an image that is not here", dangling, "not here"),
    Fault("integrity/orphan-labels", "a label of no sample", label_of_none, "not here"),
    Fault("integrity/orphan-labels", "a label of other bytes", label_of_other_bytes, "other bytes"),
    Fault("integrity/label-values", "a value's file lost", value_lost, "missing"),
    Fault("integrity/label-values", "a value's file changed", value_changed, "changed"),
    Fault("integrity/signers", "a label signed before its signer was enrolled", signed_before_enrolled, "not enrolled"),
    Fault("integrity/signers", "a label signed after its signer was revoked", signed_after_revoked, "revoked"),
    Fault("integrity/training", "a label by somebody never trained", untrained, "no training"),
    Fault("integrity/training", "labels after a training lapsed", lapsed, "lapsed"),
    Fault("integrity/author-signer", "an attested label that names no source", unsourced, "names no source"),
    Fault("integrity/author-signer", "a label said to be its author's, signed by another", false_author, "contradicts"),
    Fault("integrity/guidelines", "a registered guideline's text altered", guideline_altered, "not the text"),
    Fault("integrity/guidelines", "labels on a guideline that was never registered", guideline_unknown, "never"),
]
