"""The log: who signed what, when and why; true copies as CSV and HTML, whatever was typed."""

from __future__ import annotations

import csv
import html
import io
import json
import re
import shutil
from collections.abc import Callable
from datetime import datetime
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from ledger_world import DIGESTS, PSEUDONYMS, World

from curator.core.clock import FixedClock
from curator.core.errors import IntegrityError, UsageError
from curator.provenance import kinds_data, records
from curator.provenance.copies import COLUMNS, cell, check_copy, csv_lines, html_parts
from curator.provenance.ledger import Ledger
from curator.provenance.log import Log, Wanted, line, moment, slugs
from curator.provenance.merkle import Frontier
from curator.provenance.pixels import accept_pixels
from curator.provenance.replacements import sign_replacements
from curator.provenance.retention import retention
from curator.provenance.verify import verify_ledger
from curator.provenance.view import local_time

NAMES = [
    "<script>alert('x')</script>",
    '=HYPERLINK("http://x.invalid","y")',
    '"><img src=x onerror=y>',
    "+1-2",
    "@SUM(A1)",
    "\uff1d1+1",
    " \u200b=1+1",
    "'quoted', \"and\" & </section>",
]
REASON = '</pre></section><section id="record-0" data-leaf="x"> =1+1 & "q"'
PATH = f"clean/{PSEUDONYMS[1]}/s/r/9.dcm"


def refused(code: str, call: Callable[[], Any]) -> None:
    with pytest.raises((UsageError, IntegrityError)) as caught:
        call()
    assert caught.value.code == code
    assert caught.value.sentence


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Every kind of record, people of hostile names, a label that was superseded."""
    world = World(tmp_path_factory.mktemp("built") / "ledger").people().guide()
    for number, name in enumerate(NAMES):
        world.enroll(f"eve-{number}", "rita", "reader", printed=name)
    (first,) = world.sign(world.label(1))
    again = {"labelId": "label-1", "leaf": first.leaf.hex(), "reason": "second look"}
    world.sign(world.label(1, labelId="label-1b", supersedes=again))
    world.sign(world.label(2, author="eve-0"), by="eve-0")
    for number in range(1, len(NAMES)):
        world.sign(world.label(10 + number, author=f"eve-{number}"), by=f"eve-{number}")
    accept_pixels(world.folder, ["0" * 64], World.key("rita"), reason=REASON, clock=world.clock)
    world.people_records()
    return world.folder


@pytest.fixture
def full(built: Path, tmp_path: Path) -> World:
    """A copy of the full ledger, to read or to change."""
    shutil.copytree(built, tmp_path / "ledger")
    return World(tmp_path / "ledger")


def log_of(world: World) -> Log:
    return Log.of(Ledger(world.folder))


def copy(world: World, path: Path, **how: Any) -> Path:
    parts = html_parts if path.suffix == ".html" else csv_lines
    path.write_bytes(b"".join(parts(log_of(world), how.pop("wanted", None), **how)))
    return path


class Page(HTMLParser):
    """Collects the tags of a page and its text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.text = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)

    def handle_data(self, data: str) -> None:
        self.text += data


# -- lines ------------------------------------------------------------------------------------------------------------


def test_every_line_says_who_when_and_what_for(full: World) -> None:
    """21 CFR 11.50(b): printed name, date and time, and meaning are part of the human readable form."""
    found = log_of(full)
    for row in found.rows():
        text = line(row, found.state)
        assert "2026-05-04T12:00:00Z (12:00 +00:00)" in text
        assert row.record.predicate["meaning"] in text
        signer = row.record.predicate["signer"]
        assert signer == "operator" or f"{found.state.people[signer].printed_name} ({signer})" in text
        assert signer in line(row, found.state, names=False)
        assert signer == "operator" or found.state.people[signer].printed_name not in line(
            row, found.state, names=False
        )


def test_a_reason_and_the_end_of_a_label_are_shown(full: World) -> None:
    """21 CFR 11.10(e): a change does not obscure what was recorded before."""
    found = log_of(full)
    old, new = [line(row, found.state) for row in found.rows(Wanted(label="label-1"))]
    assert "SUPERSEDED BY RECORD 14" in old
    assert ("second look" in new, "SUPERSEDED" in new) == (True, False)


def test_a_line_says_how_many_since_when_and_what_was_only_asserted(world: World) -> None:
    world.people()
    world.sign(kinds_data.access("lab", "model 3", bool, samples=DIGESTS, count=3), by="rita")
    world.sign(kinds_data.access("lab", "model 2", bool, samples=DIGESTS, count=1200, asserted=True), by="rita")
    world.sign(kinds_data.consent_withdrawal(PSEUDONYMS[0], "2026-05-01", "withdrawn-by-patient"), by="rita")
    found = log_of(world)
    seen, told, gone = [line(row, found.state) for row in found.rows()][-3:]
    assert "by lab · 3 samples · model 3" in seen
    assert "by lab · 1,200 samples · asserted: the program did not see it · model 2" in told
    assert "from 2026-05-01 · withdrawn-by-patient" in gone


@pytest.mark.parametrize(
    ("wanted", "count"),
    [
        (Wanted(by="ada"), 3),
        (Wanted(by="eve-0"), 1),
        (Wanted(by="nobody"), 0),
        (Wanted(kinds=frozenset({"label"})), 10),
        (Wanted(kinds=frozenset({"split-sealed", "recall"})), 2),
        (Wanted(since="2026-05-04T12:00:01Z"), 0),
        (Wanted(until="2026-05-04T12:00:00Z"), 33),
        (Wanted(label="label-1b"), 1),
        (Wanted(), 33),
    ],
)
def test_filters_leave_what_was_asked_for(full: World, wanted: Wanted, count: int) -> None:
    assert len(list(log_of(full).rows(wanted))) == count


def test_what_is_not_there_or_not_known_is_said(full: World) -> None:
    found = log_of(full)
    refused("LED-019", lambda: list(found.rows(Wanted(label="nothing"))))
    refused("LED-019", lambda: list(found.rows(Wanted(sample="2.25.999"))))
    refused("LED-088", lambda: list(found.rows(Wanted(kinds=frozenset({"labels"})))))
    assert "label" in slugs()


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("2026-05-04", "2026-05-04T00:00:00Z", "2026-05-04T23:59:59Z"),
        ("2026-05-04T01:00:00+02:00", "2026-05-03T23:00:00Z", "2026-05-03T23:00:00Z"),
        ("2026-05-04T01:00:00Z", "2026-05-04T01:00:00Z", "2026-05-04T01:00:00Z"),
    ],
)
def test_times_are_days_or_moments(text: str, start: str, end: str) -> None:
    assert (moment(text), moment(text, end=True)) == (start, end)


@pytest.mark.parametrize("text", ["", "yesterday", "2026-05-04T01:00:00", "2026-02-30", "0001-01-01T00:00:00+14:00"])
def test_other_times_are_refused(text: str) -> None:
    refused("LED-086", lambda: moment(text))


@pytest.mark.parametrize(("offset", "local"), [("+05:30", "17:30"), ("-09:30", "02:30"), ("+00:00", "12:00")])
def test_local_time_is_that_of_the_signer(offset: str, local: str) -> None:
    said = {"signedAt": "2026-05-04T12:00:00Z", "utcOffset": offset}
    assert local_time(said) == f"2026-05-04 {local}:00"


# -- one sample -------------------------------------------------------------------------------------------------------


def test_the_history_of_a_sample_follows_it_through_all_its_names(world: World) -> None:
    world.people().guide()
    sample = {**World.sample(9), "path": PATH}
    body = world.label(9).predicate
    world.sign(world.label(3), records.label(sample, {**body, "labelId": "mine"}))
    sign_replacements(
        world.folder, [(PATH, "e" * 64, sample["uid"], "f" * 64)], World.key("rita"), reason="side", clock=world.clock
    )
    accept_pixels(world.folder, ["f" * 64], World.key("rita"), reason="looked", clock=world.clock)
    accept_pixels(world.folder, ["0" * 64], World.key("rita"), reason="looked", clock=world.clock)
    made = world.recorder()
    made.record_access("vendor", "performance test", samples=["e" * 64])
    made.record_recall("1.0", [sample["sha256"]], "side was wrong")
    made.record_recall("1.1", DIGESTS, "another one")
    made.record_consent_withdrawal(PSEUDONYMS[1], "2026-05-04", "other")
    made.record_consent_withdrawal(PSEUDONYMS[0], "2026-05-04", "other")
    for name in (PATH, sample["uid"], sample["sha256"], f"sha256:{sample['content']}", "e" * 64, "f" * 64):
        rows = list(log_of(world).rows(Wanted(sample=name)))
        assert [row.kind for row in rows] == [
            "label",
            "sample-replaced",
            "pixels-checked",
            "sample-accessed",
            "recall",
            "consent-withdrawn",
        ], name
        assert rows[0].record.predicate["labelId"] == "mine"


# -- copies -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", [*NAMES[1:2], *NAMES[3:7], "=1", "\t=1", "\r\n-1", "\ufeff@x", "\u00a0+x", "'=1"])
def test_no_cell_begins_a_formula(text: str) -> None:
    made = cell(text)
    assert made.startswith("'")
    assert "\n" not in made
    assert "\t" not in made


@pytest.mark.parametrize("text", ["Dr Ada", "", "3", "a=b", "{}"])
def test_a_plain_cell_stays(text: str) -> None:
    assert cell(text) == text


def test_a_csv_copy_holds_every_field_and_no_formula(full: World, tmp_path: Path) -> None:
    """21 CFR 11.10(b): accurate and complete copies in electronic form; counts and root are those of the ledger."""
    report = verify_ledger(full.folder).require()
    data = copy(full, tmp_path / "log.csv").read_bytes()
    rows = list(csv.DictReader(io.StringIO(data.decode(), newline=""), strict=True))
    assert len(rows) == report.size
    tree = Frontier()
    for row in rows:
        tree.add(bytes.fromhex(row["leaf"]))
        assert all(not (value[:1] and value[:1] in "=+-@\t\r\uff1d") for value in row.values()), row
    assert tree.root() == report.root
    assert tuple(rows[0]) == COLUMNS
    found = log_of(full)
    assert [row["payload"] for row in rows] == [row.payload for row in found.rows()]
    names = {row["signer"]: row["printed_name"] for row in rows}
    assert (names["ada"], names["eve-0"]) == ("Dr Ada", NAMES[0])
    assert {row["reason"] for row in rows} >= {"second look", "side was wrong", REASON}
    assert check_copy(tmp_path / "log.csv", found).complete


def test_an_html_copy_is_one_safe_page_with_every_field(full: World, tmp_path: Path) -> None:
    """21 CFR 11.10(b) and 11.50(b): a human readable copy with printed name, time and meaning of every signature."""
    report = verify_ledger(full.folder).require()
    text = copy(full, tmp_path / "log.html").read_text()
    page = Page(text)
    assert not {"script", "img", "link", "iframe", "a"} & set(page.tags)
    assert page.tags.count("section") == report.size
    assert (page.tags.count("h1"), page.tags.count("main"), 'lang="en"' in text) == (1, 1, True)
    assert "default-src 'none'" in text
    assert not re.search(r"(?:src|href|url)\s*[=(]", text.replace(html.escape(NAMES[2]), "").split("</style>")[0])
    assert report.root.hex() in page.text
    for name in (*NAMES[:6], NAMES[7]):
        assert f"Signed by {name} (eve-" in page.text
    for row in log_of(full).rows():
        assert row.payload in page.text
        assert row.record.leaf.hex() in page.text
    assert page.text.count("Meaning of the signature: ") == report.size
    assert "Signed by Dr Ada (ada) at 2026-05-04 12:00:00 UTC (local time 2026-05-04 12:00:00, UTC+00:00)" in page.text
    assert "This label was superseded by record 14." in page.text
    assert "none, this record begins the ledger" in page.text
    assert "<bdi>None</bdi>" not in text
    assert check_copy(tmp_path / "log.html", log_of(full)).complete


@pytest.mark.parametrize("ending", ["csv", "html"])
def test_a_copy_without_printed_names_shows_ids_and_says_so(full: World, tmp_path: Path, ending: str) -> None:
    """21 CFR 11.50(b): a released copy may show reader ids in place of printed names, and says so."""
    path = copy(full, tmp_path / f"log.{ending}", names=False)
    text = html.unescape(path.read_text())
    for name in (*NAMES, "Dr Ada", "Dr Rita", "Dr Ben"):
        for spelling in (name, name.replace('"', '""'), json.dumps(name)[1:-1], name.upper(), name.lower()):
            assert spelling not in text, spelling
    assert "eve-3" in text
    assert ("held back with the printed names" in text, "label-1b" in text) == (True, True)
    assert check_copy(path, log_of(full)).complete


def test_a_selection_is_a_true_copy_and_not_a_complete_one(full: World, tmp_path: Path) -> None:
    for ending in ("csv", "html"):
        path = copy(full, tmp_path / f"log.{ending}", wanted=Wanted(by="ada"))
        made = check_copy(path, log_of(full))
        assert (made.records, made.complete) == (3, False)
    assert "selection" in path.read_text()


def test_a_copy_stays_true_when_the_ledger_grows(full: World, tmp_path: Path) -> None:
    paths = [copy(full, tmp_path / f"log.{ending}") for ending in ("csv", "html")]
    leaf = next(row.record.leaf.hex() for row in log_of(full).rows(Wanted(label="label-2")))
    stated = {"labelId": "label-2", "leaf": leaf, "reason": "third look"}
    full.sign(full.label(2, author="eve-0", labelId="label-2b", supersedes=stated), by="eve-0")
    made = [check_copy(path, log_of(full)) for path in paths]
    # A CSV copy has no heading that says how many records there were.
    assert [one.complete for one in made] == [False, True]


def tampered(text: str) -> list[tuple[str, str]]:
    """Every kind of change: (what, the changed copy)."""
    parts = re.split(r"(?=<section )" if text.startswith("<!") else r"(?<=\r\n)", text)
    last = parts[-1] if text.startswith("<!") else ""
    return [
        ("a name", text.replace("Dr Ada", "Dr Eda", 1)),
        ("a meaning", text.replace("authorship", "approval", 1)),
        ("a time", text.replace("12:00:00", "11:00:00", 1)),
        ("a reason", text.replace("second look", "second book", 1)),
        ("a signed text", text.replace("label-2", "label-3", 1)),
        ("a fate that is none", text.replace("superseded by record 14", "superseded by record 15", 1)),
        ("a record that is there twice", "".join([*parts[:4], parts[3], *parts[4:]])),
        ("something behind the end", f"{text}<p>x</p>" if last else f'{text}"x"\r\n'),
        ("something in between", "".join([*parts[:4], "<p>x</p>\r\n", *parts[4:]])),
        ("another leaf", re.sub(r"[0-9a-f]{64}", "0" * 64, text, count=40)),
    ]


@pytest.mark.parametrize("ending", ["csv", "html"])
def test_every_change_of_a_copy_is_found(full: World, tmp_path: Path, ending: str) -> None:
    """21 CFR 11.10(a): altered copies are discerned."""
    path = copy(full, tmp_path / f"log.{ending}")
    text = path.read_bytes().decode()
    found = log_of(full)
    for what, changed in tampered(text):
        assert changed != text, what
        path.write_bytes(changed.encode())
        with pytest.raises((IntegrityError, UsageError)) as caught:
            check_copy(path, found)
        assert caught.value.code in {"LED-085", "LED-089", "LED-090"}, what
    path.write_bytes(text.encode())
    assert check_copy(path, found).records == 33


def test_a_copy_of_another_ledger_is_none_of_this(full: World, tmp_path: Path) -> None:
    other = World(tmp_path / "other", dataset="other").people()
    for ending in ("csv", "html"):
        path = copy(other, tmp_path / f"log.{ending}")
        refused("LED-089" if ending == "csv" else "LED-090", lambda path=path: check_copy(path, log_of(full)))


@pytest.mark.parametrize("data", [b"", b"\xff\xfe", b"<!DOCTYPE html><p>x", b'"record"\r\n', b"x" * 100])
def test_what_is_no_copy_is_refused(full: World, tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "x"
    path.write_bytes(data)
    refused("LED-085", lambda: check_copy(path, log_of(full)))
    refused("LED-085", lambda: check_copy(tmp_path / "nothing", log_of(full)))


def test_a_ledger_that_changes_while_it_is_read_is_noticed(full: World) -> None:
    found = log_of(full)
    full.rewrite(full.envelopes()[:-1])
    refused("LED-087", lambda: list(found.rows()))


# -- how long to keep it ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("day", "until"), [("2026-05-04", "2032-05-04"), ("2028-02-29", "2034-03-01")])
def test_records_are_kept_six_years_from_the_newest(world: World, day: str, until: str) -> None:
    """21 CFR 11.10(c): records are retrievable throughout retention; the statement names the day."""

    world.people()
    world.clock = FixedClock(datetime.fromisoformat(f"{day}T12:00:00Z"))
    world.guide()
    made = retention(log_of(world))
    assert (made.records, made.newest[:10], made.keep_until) == (5, day, until)
    assert made.oldest == "2026-05-04T12:00:00Z"
