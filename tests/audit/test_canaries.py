"""Canaries: planted in memory, scrubbed by the scrub's own path, counted exactly, signed; nothing of them stays."""

from __future__ import annotations

import io
import json

import pytest
from audit_support import Desk
from canary_records import ENDINGS, RECORDS, RULES
from objects_support import dicom
from scrubbed_site import made_site

from curator.audit.canaries import measure as room
from curator.audit.canaries.interval import exact_interval
from curator.audit.canaries.kept import keep
from curator.audit.canaries.made import WRITTEN, make
from curator.audit.canaries.measure import measure
from curator.audit.canaries.plant import planted
from curator.audit.catalog import own
from curator.audit.closed.views import views
from curator.audit.model import Outcome
from curator.core.errors import CuratorError, ItemError, UsageError
from curator.core.schema import violation

CHECK = next(one.check for one in own() if one.check.id == "privacy/canaries")
KEY = bytes(range(32))


def small_report():
    from reportlab.pdfgen.canvas import Canvas

    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(90, 90), invariant=1)
    canvas.drawString(10, 50, "No effusion.")
    canvas.save()
    return out.getvalue()


@pytest.fixture(scope="module")
def measured(scrubbed):
    return measure(scrubbed.job(), 64)


def test_recall_is_measured_by_category_with_an_exact_interval(measured):
    assert measured["planted"] > 40
    assert measured["removed"] >= 0.95 * measured["planted"]
    assert {row["category"] for row in measured["categories"]} == {one.value for one in WRITTEN}
    assert {row["kind"] for row in measured["kinds"]} == {"dicom", "text"}
    assert sum(row["planted"] for row in measured["categories"]) == measured["planted"]


def test_the_same_vault_measures_the_same_and_nothing_is_written(scrubbed, measured):
    before = sorted(path.as_posix() for path in scrubbed.folder.rglob("*"))
    assert measure(scrubbed.job(), 64) == measured
    assert sorted(path.as_posix() for path in scrubbed.folder.rglob("*")) == before
    everything = b"".join(path.read_bytes() for path in scrubbed.folder.rglob("*") if path.is_file())
    key = scrubbed.vault.subkey("canaries")
    assert not any(make(key, at).written.encode() in everything for at in range(64))
    assert not any(make(key, at).written in json.dumps(measured) for at in range(64))


def test_a_scrub_that_takes_nothing_out_has_a_recall_of_nothing(scrubbed, monkeypatch):
    monkeypatch.setattr(room._Path, "clean", lambda _path, _item, data: data)
    said = measure(scrubbed.job(), 32)
    assert said["planted"] > 20
    assert said["removed"] == 0
    assert said["interval"][0] == "0.000000"


def test_a_scrub_that_takes_all_out_is_the_only_one_with_a_full_recall(scrubbed, monkeypatch):
    monkeypatch.setattr(room._Path, "clean", lambda _path, _item, _data: b"nothing\n")
    said = measure(scrubbed.job(), 32)
    assert said["removed"] == said["planted"]
    held = measure_held_back(scrubbed, monkeypatch)
    assert held["planted"] == 0
    assert held["held_back"] == held["copies"] > 0


def measure_held_back(site, monkeypatch):
    from curator.core.errors import ItemError

    def refuse(_path, _item, _data):
        raise ItemError("DCM-020")

    monkeypatch.setattr(room._Path, "clean", refuse)
    return measure(site.job(), 32)


def test_every_canary_is_seen_in_the_copy_that_holds_it():
    from curator.audit.canaries.measure import _seen

    some = [make(KEY, at) for at in range(96)]
    text = planted("text", b"One line.\nTwo lines.\n", some, RULES)
    assert b"Two lines." in text
    assert set(_seen(text, some)) == set(range(96))
    few = some[:16]
    assert set(_seen(planted("dicom", dicom(), few, RULES), few)) == set(range(16))
    assert not set(_seen(dicom(), few))
    assert not any(one.written in repr(one) for one in some)


@pytest.mark.parametrize("name", sorted(RECORDS))
def test_records_and_tables_take_every_canary_and_lose_nothing_else(name):
    from curator.audit.canaries.measure import _seen

    kind, data, words = RECORDS[name]
    some = [make(KEY, at) for at in range(16)]
    made = planted(kind, data, some, RULES)
    assert set(_seen(made, some)) == set(range(16))
    assert not set(_seen(data, some))
    read = b"".join(view.plain for view in views(io.BytesIO(made), len(made)))
    for word in words:
        assert word in read.lower()


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        ("csv", b"mrn,sex\nM1,F\n"),
        ("csv", b"mrn,notes\n"),
        ("json", b'{"mrn": "M1", "modality": "CT"}'),
        ("json", b"{"),
        ("fhir", b'{"resourceType": "Binary", "data": "AAAA"}'),
        ("hl7", b"PID|1\r"),
        ("cda", b"<ClinicalDocument><title>x</title></ClinicalDocument>"),
        ("cda", b"<!DOCTYPE a [<!ENTITY b 'c'>]><section><text>&b;</text></section>"),
        ("cda", b"<section><text>"),
        ("pdf", b"%PDF-1.4\nno page"),
        ("pdf", small_report()),
    ],
)
def test_a_file_without_a_place_for_words_takes_none(kind, data):
    with pytest.raises(ItemError) as caught:
        planted(kind, data, [make(KEY, 0)], RULES)
    assert caught.value.code in {"AUP-007", "JSN-001", "PDF-001"}


def test_canaries_in_records_are_scrubbed_by_their_own_media_and_counted(tmp_path):
    site = made_site(tmp_path, {f"{name}{end}": RECORDS[name][1] for name, end in ENDINGS.items()})
    said = measure(site.job(), 16 * (len(ENDINGS) + 2))
    kinds = {row["kind"]: row for row in said["kinds"]}
    assert set(kinds) == {"dicom", "text", *(RECORDS[name][0] for name in ENDINGS)}
    assert all(row["planted"] > 0 for row in kinds.values())
    assert said["removed"] >= 0.95 * said["planted"]
    assert said["not_planted"] == []
    site.vault.close()


@pytest.mark.parametrize(
    ("hits", "trials", "low", "high"),
    [
        (0, 10, 0.0, 0.3084971),
        (10, 10, 0.6915029, 1.0),
        (9, 10, 0.5549839, 0.9974714),
        (133, 133, 0.9726450, 1.0),
        (950, 1000, 0.9346185, 0.9626649),
        (0, 0, 0.0, 1.0),
    ],
)
def test_intervals_are_those_of_clopper_and_pearson(hits, trials, low, high):
    assert exact_interval(hits, trials) == pytest.approx((low, high), abs=2e-5)


def desk(site, document, **settings):
    from curator.provenance.keys import SeedSigner

    public = SeedSigner(site.vault.operator_key()).public
    name = f"journal/scrub/0001/canaries-{document['wanted']:06d}-{document['policy'][:12]}.json"
    made = Desk({name: json.dumps(document).encode()}, settings={CHECK.id: settings})
    made.state_ = type("State", (), {"operator": public, "operators": ()})()
    made.policy_ = type("Policy", (), {"digest": document["policy"]})()
    return made


def test_the_check_reads_the_signed_numbers_and_holds_them_against_the_thresholds(scrubbed, measured, tmp_path):
    site = scrubbed.copy(tmp_path)
    kept = keep(site.project, site.vault, 1, measured)
    assert violation("canaries", kept) is None
    assert keep(site.project, site.vault, 1, measured) == kept
    strict = {"least": 0.0, "least_low": 0.0, "least_category": 0.0}
    assert CHECK.run(desk(site, kept, **strict)).outcome is Outcome.PASS
    assert CHECK.run(desk(site, kept, **{**strict, "least_low": 0.9999})).outcome is Outcome.FAIL
    other = desk(site, kept, required=True)
    other.policy_ = type("Policy", (), {"digest": "0" * 64})()
    assert CHECK.run(other).outcome is Outcome.COULD_NOT_CHECK
    none = desk(site, kept)
    none.data.clear()
    assert CHECK.run(none).outcome is Outcome.NOT_APPLICABLE
    for change in ({"removed": kept["removed"] - 1}, {"signature": "00" * 64}, {"delivery": 2}):
        with pytest.raises(CuratorError) as caught:
            CHECK.run(desk(site, {**kept, **change}, **strict))
        assert caught.value.code == "AUP-005"
    site.vault.close()


def test_data_without_a_file_that_takes_canaries_are_refused(scrubbed, monkeypatch):
    monkeypatch.setattr(room, "KINDS", frozenset())
    with pytest.raises(UsageError) as caught:
        measure(scrubbed.job(), 32)
    assert caught.value.code == "AUP-004"
