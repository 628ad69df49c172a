"""``ledger log``, ``history``, ``check-copy``, ``retention`` and ``seal-events`` as installed."""

from __future__ import annotations

import csv
import hashlib
import io
import shutil
from pathlib import Path

import pytest
from people_site import NAME, Result, Site, make_site


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Site:
    site = make_site(tmp_path_factory.mktemp("site"))
    site.sign(0, 1, 2)
    site.sign(3, supersedes="ada-0", reason="=second look", labelId="ada-0b")
    site.sign(1, author="rita", labelId="rita-1")
    return site


@pytest.fixture
def site(made: Site, tmp_path: Path) -> Site:
    shutil.copytree(made.folder, tmp_path / "site")
    return Site(tmp_path / "site")


def refused(done: Result, code: str, exit_code: int = 2) -> None:
    assert (done.code, code in done.err, "hint: " in done.err) == (exit_code, True, True), done.err


def test_the_log_says_who_when_what_and_why(made: Site) -> None:
    """21 CFR 11.50(b): printed name, date and time, and meaning stand in every line."""
    done = made.installed("ledger", "log")
    lines = done.out.splitlines()
    assert (done.code, len(lines), "9 of 9 records" in done.err) == (0, 9, True)
    assert all("(" in line and "Z (" in line for line in lines)
    assert [line for line in lines if f"{NAME} (ada)" in line and "authorship" in line]
    assert [line for line in lines if "ada-0b · =second look" in line]
    assert [line for line in lines if line.endswith("SUPERSEDED BY RECORD 7")]
    root = made("ledger", "verify", "--json").json["root"]
    assert root in done.err


@pytest.mark.parametrize(
    ("words", "count"),
    [
        (("--by", "rita"), 3),
        (("--kind", "label"), 5),
        (("--kind", "label", "--kind", "guideline"), 6),
        (("--since", "2099-01-01"), 0),
        (("--until", "2099-01-01T00:00:00+01:00"), 9),
        (("--label", "ada-0"), 2),
        (("--sample", "2.25.2"), 2),
        (("--sample", "clean/p/s/r/1.dcm", "--by", "rita"), 1),
    ],
)
def test_filters(made: Site, words: tuple[str, ...], count: int) -> None:
    done = made("ledger", "log", *words, "--json")
    assert (done.code, done.json["shown"], len(done.json["records"])) == (0, count, count)
    assert done.json["ledgerRecords"] == 9


def test_a_question_that_cannot_be_answered_is_refused_and_not_repeated(made: Site) -> None:
    for words, code in (
        (("log", "--kind", "QUILLFEATHER"), "LED-088"),
        (("log", "--since", "QUILLFEATHER"), "LED-086"),
        (("log", "--label", "QUILLFEATHER"), "LED-019"),
        (("history", "QUILLFEATHER"), "LED-019"),
        (("check-copy", "QUILLFEATHER"), "LED-085"),
    ):
        done = made("ledger", *words)
        refused(done, code)
        assert "quillfeather" not in (done.out + done.err).lower()


def test_copies_are_complete_and_true_and_a_changed_one_is_found(site: Site) -> None:
    """21 CFR 11.10(b): complete copies, human readable and electronic, whose count and root are the ledger's."""
    done = site.installed("ledger", "log", "--csv", "out/log.csv", "--html", "out/log.html")
    report = site("ledger", "verify", "--json").json
    assert (done.code, f"9 records written · root {report['root']}" in done.out) == (0, True), done.err
    rows = list(csv.DictReader(io.StringIO((site.folder / "out/log.csv").read_text(), newline="")))
    assert len(rows) == report["records"]
    assert {"'" + NAME, "operator", "Dr Rita"} == {row["printed_name"] for row in rows}
    page = (site.folder / "out/log.html").read_text()
    assert (report["root"] in page, "<script" in page, f"<dd>{report['records']}</dd>" in page) == (True, False, True)
    assert sorted(path.name for path in (site.folder / "out").iterdir()) == ["log.csv", "log.html"]
    for name in ("log.csv", "log.html"):
        checked = site.installed("ledger", "check-copy", f"out/{name}", "--json")
        assert checked.json == {"complete": True, "ledgerRecords": 9, "records": 9, "root": report["root"]}
        path = site.folder / "out" / name
        path.write_bytes(path.read_bytes().replace(b"nodule", b"module", 1))
        refused(site("ledger", "check-copy", f"out/{name}"), "LED-089", 4)


def test_a_copy_for_release_shows_reader_ids_and_says_so(site: Site) -> None:
    """21 CFR 11.50(b): where printed names are left out, the copy says that ids stand for them."""
    done = site("ledger", "log", "--html", "log.html", "--csv", "log.csv", "--without-names")
    assert (done.code, "people are shown by their reader ids" in done.err) == (0, True)
    text = site("ledger", "log", "--without-names").out + site("ledger", "log", "--without-names", "--json").out
    text += site("ledger", "history", "2.25.1", "--without-names").out
    text += (site.folder / "log.html").read_text() + (site.folder / "log.csv").read_text()
    assert not [word for word in ("HYPERLINK", "x.invalid", "Dr Rita") if word in text]
    assert ("reader ids" in text, "rita" in text, "nodule" in text) == (True, True, True)


def test_a_copy_is_written_whole_or_not_at_all(site: Site) -> None:
    (site.folder / "log.html").write_text("kept")
    refused(site("ledger", "log", "--label", "nothing", "--html", "log.html"), "LED-019")
    assert (site.folder / "log.html").read_text() == "kept"
    assert not [path for path in site.folder.iterdir() if path.name.startswith(".curator")]
    part = next((site.project / "ledger" / "parts").iterdir())
    part.write_bytes(part.read_bytes()[:-1])
    assert site("ledger", "log", "--html", "log.html").code == 4
    assert (site.folder / "log.html").read_text() == "kept"


def test_the_history_of_a_sample_shows_each_record_whole(made: Site) -> None:
    """21 CFR 11.10(e): earlier content stays readable behind every change."""
    digest = hashlib.sha256(b"pixels 0").hexdigest()
    for name in ("2.25.1", digest, f"sha256:{digest}", "clean/p/s/r/0.dcm"):
        done = made("ledger", "history", name)
        assert (done.code, done.out.count("signed by"), done.out.count("meaning")) == (0, 2, 2)
        assert done.out.index("SUPERSEDED BY RECORD 7") < done.out.index("=second look")
        assert "local offset" in done.out
    record = made("ledger", "show", "--label", "ada-0b").out
    for field in ("signed by", "signed at", "meaning", "key", "leaf", "previous", "supersedes", "labeledAt"):
        assert f"\n{field} " in record, field


def test_retention_names_oldest_newest_and_the_day(made: Site) -> None:
    """21 CFR 11.10(c): the records' span and the day until which they are kept."""
    done = made.installed("ledger", "retention", "--json").json
    assert (done["records"], int(done["keepUntil"][:4]) - int(done["newest"][:4])) == (9, 6)
    assert "six-year rule" in made("ledger", "retention").out


def test_sealing_events_by_hand_goes_on_where_it_ended(site: Site) -> None:
    assert "no event" in site("ledger", "seal-events", "--by", "rita", key=True).out
    done = site.installed("ledger", "seal-events", "--by", "rita", "--vault", "--json", key=True)
    assert [one["log"] for one in done.json["sealed"]] == ["vault"]
    assert site("ledger", "seal-events", "--by", "rita", "--vault", "--json", key=True).json == {"sealed": []}
    assert site("vault", "openings", vault=True).code == 0
    again = site("ledger", "seal-events", "--by", "rita", "--vault", "--json", key=True).json["sealed"]
    assert [(one["log"], one["count"]) for one in again] == [("vault", 1)]
